"""The names of places in a question, each with its type word or without."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from queries import vocabulary as words
from queries.spans import Role, Span
from questionnaires.answers.places import TYPES, Gazetteer, Unit, marked
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token

NAME: Final = 7
"""The longest name of a place has so many words, brackets counted."""
BRACKETS: Final = frozenset("()")
"""What may stand around a remark in a name: "Nà Hin (giả lập)"."""


@dataclass(frozen=True)
class PlaceNames:
    """Finds the places that the asker may name."""

    gazetteer: Gazetteer
    nameable: frozenset[int]

    def typed(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a place's name with its type word begins here: "bao nhiêu, xã Vĩnh Thông"."""
        level = words.LEVELS.at(tokens, place)
        return level is not None and any(span.end > level[1] for span in self.places(tokens, place))

    def places(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """A name of a place, with its type word or without; a mere number is none without it ("phường 5")."""
        for kind, start in kinds_at(tokens, place):
            if start >= len(tokens) or tokens[start].kind == "mark":
                continue
            least = 2 if not kind and tokens[start].kind == "number" else 1
            for length in range(min(NAME, len(tokens) - start), least - 1, -1):
                units = self.named(tokens[start : start + length], kind)
                if units and (kind or length > 1 or self.stands_alone(tokens, start)):
                    yield Span(place, start + length, Role.PLACE, units)

    def stands_alone(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a name of one syllable may be meant without its type word.

        "cho" is Chờ only behind an "ở"; with all its marks a name is itself, unless grammar has the same word.
        """
        if place and words.LOCATIVE.at(tokens, place - 1) is not None:
            return True
        word = tokens[place].text
        if word.isascii():
            return bare(word) not in words.GRAMMAR and all(token.text.isascii() for token in tokens)
        return word not in words.GRAMMAR

    def named(self, tokens: Sequence[Token], kind: str) -> tuple[Unit, ...]:
        """The units of this name that the asker may name."""
        if any(token.kind == "mark" and token.text not in BRACKETS for token in tokens):
            return ()
        typed = [marked(token.text) for token in tokens if token.kind != "mark"]
        meant, _ = self.gazetteer.named(typed, (kind,) if kind else ())
        return tuple(unit for unit in meant if unit.id in self.nameable)


def kinds_at(tokens: Sequence[Token], place: int) -> Iterator[tuple[str, int]]:
    """The type words that a name may have here, each with the place of the name itself; none first."""
    yield "", place
    for length in (3, 2, 1):
        kind = TYPES.get(" ".join(bare(token.text) for token in tokens[place : place + length]))
        if kind:
            short = tokens[place + length : place + length + 1]
            dotted = bool(short) and short[0].text == "." and short[0].glued
            yield kind, place + length + dotted
            return
