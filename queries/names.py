"""The names of places in a question, each with its type word or without."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from queries import vocabulary as words
from queries.spans import Role, Span
from questionnaires.answers.places import Gazetteer, Name, Reader
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token


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
        if tokens[place].kind == "mark":
            return
        for name in Reader(tokens, self.gazetteer).names(place):
            units = tuple(unit for unit in name.meant if unit.id in self.nameable)
            if units and not name.era and self.is_name(tokens, name):
                yield Span(place, name.end, Role.PLACE, units)

    def is_name(self, tokens: Sequence[Token], name: Name) -> bool:
        """Whether these words are a name among the others of a question."""
        if name.kinds or len(name.words) > 1:
            return True
        return tokens[name.start].kind != "number" and self.stands_alone(tokens, name.start)

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
