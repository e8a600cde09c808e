"""The names of places in a question, with or without their type words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from queries import vocabulary as words
from queries.dictionary import Dictionary
from queries.spans import Span, Tag, one_ends_at
from questionnaires.answers.places import Gazetteer, Name, Reader, Unit
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token

LONGEST: Final = 7
"""How many words back to look for the name of something measured."""


@dataclass(frozen=True)
class PlaceNames:
    """Finds the places that the asker may name."""

    dictionary: Dictionary
    gazetteer: Gazetteer
    nameable: frozenset[int]

    def typed(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a place's name with its type word begins here: "bao nhiêu, xã Vĩnh Thông"."""
        level = words.LEVELS.at(tokens, place)
        return level is not None and any(span.end > level[1] for span in self.places(tokens, place))

    def is_bare_level(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a type word without a name begins here: what precedes it counts such units."""
        return words.LEVELS.at(tokens, place) is not None and not self.typed(tokens, place)

    def places(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The name of a place, with or without its type word; a mere number needs one ("phường 5")."""
        if tokens[place].kind == "mark":
            return
        for name in Reader(tokens, self.gazetteer).names(place):
            units = tuple(unit for unit in name.meant if unit.id in self.nameable)
            if units and not name.era and self.is_name(tokens, name):
                yield Span(place, name.end, Tag.PLACE, units)
                yield from kind_behind(tokens, place, name.end, units)

    def is_name(self, tokens: Sequence[Token], name: Name) -> bool:
        """Whether these words are a name here."""
        if name.kinds or len(name.words) > 1:
            return True
        return tokens[name.start].kind != "number" and self.stands_alone(tokens, name.start)

    def stands_alone(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether a name of one syllable can be meant without its type word.

        "cho" is Chờ only after an "ở". With all its diacritics a name is itself, unless grammar has the same word.
        """
        if place and words.LOCATIVE.at(tokens, place - 1) is not None and not self.ends_name(tokens, place):
            return True
        word = tokens[place].text
        if word.isascii():
            return bare(word) not in words.grammar() and all(token.text.isascii() for token in tokens)
        return word not in words.grammar()

    def ends_name(self, tokens: Sequence[Token], place: int) -> bool:
        """Whether the name of something measured ends before `place`: the "ở" of "nhà ở" introduces no place."""
        before = (self.dictionary.indicators, self.dictionary.domains)
        starts = range(max(0, place - LONGEST), place - 1)
        named = (names.at(tokens[:place], start) for names in before for start in starts)
        return one_ends_at(named, place)


def kind_behind(tokens: Sequence[Token], place: int, end: int, units: tuple[Unit, ...]) -> Iterator[Span]:
    """ "Bạch Thông (xã)": the type word in brackets after a name."""
    kind = words.LEVELS.at(tokens, end + 1) if end + 2 < len(tokens) and tokens[end].text == "(" else None
    if kind is None or kind[1] >= len(tokens) or tokens[kind[1]].text != ")":
        return
    said = [token.text for token in tokens[end + 1 : kind[1]]]
    some = tuple(unit for unit in units if unit.kind.split() == said)
    if some:
        yield Span(place, kind[1] + 1, Tag.PLACE, some)
