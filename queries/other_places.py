"""Places in what a village head types that are none of theirs: a neighbour village, or another commune.

Names are often ordinary words. With its type word ("thôn Nà Hin") a name counts anywhere in the head's province; without
it, only in their commune or their former district, and only where a place is likely to stand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from queries.dictionary import Dictionary
from queries.names import PlaceNames
from queries.vocabulary import LOCATIVE
from queries.where import Asker
from questionnaires.answers.places import Gazetteer, Name, Reader, Unit
from questionnaires.answers.places import own_name as named
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Token, tokens_of

LONGEST: Final = 200
"""So many letters of a message are looked through."""


@dataclass(frozen=True)
class OtherPlaces:
    """Finds the places that are none of the asker's."""

    dictionary: Dictionary
    gazetteer: Gazetteer
    asker: Asker

    def first_in(self, text: str) -> str:
        """Return the first place in `text` that is none of the asker's, with its type word; "" for none."""
        tokens = tokens_of(clean(text[:LONGEST]))
        found = next(self.found(tokens), None)
        return named(found) if found else ""

    def found(self, tokens: Sequence[Token]) -> Iterator[Unit]:
        """Yield each of them. A name that may be the asker's own, or that of a unit around it, is taken for that."""
        reader, start = Reader(tokens, self.gazetteer), 0
        while start < len(tokens):
            names = [name for name in reader.names(start) if self.is_name(tokens, name)]
            known = [name for name in names if self.is_own(name)]
            units = () if known else next(filter(None, map(self.near, names)), ())
            yield from units[:1]
            start = known[0].end if known else start + 1

    def is_own(self, name: Name) -> bool:
        """Whether a name may be that of the asker's own unit, or of one around it now or formerly."""
        own = self.gazetteer.units.get(self.asker.place)
        around = self.asker.nameable | (self.gazetteer.region(own) if own else frozenset())
        return any(unit.id in around for unit in (*name.meant, *name.others))

    def near(self, name: Name) -> tuple[Unit, ...]:
        """Return the units near the asker that bear a name."""
        own = self.gazetteer.units.get(self.asker.place)
        if own is None:
            return ()
        too_wide = ("nuoc",) if name.kinds else ("nuoc", "tinh")
        above = self.gazetteer.known(self.gazetteer.region(own))
        around = {unit.id for unit in above if self.gazetteer.level(unit) not in too_wide}
        meant = name.meant or (name.others if name.kinds else ())  # people often say "bản" for "thôn"
        return tuple(unit for unit in meant if not around.isdisjoint(self.gazetteer.region(unit)))

    def is_name(self, tokens: Sequence[Token], name: Name) -> bool:
        """Whether words are surely the name of a place: with its type word, or where a place stands.

        A mere number names nothing here: "trong thôn 5 hộ" counts households.
        """
        if tokens[name.end - 1].kind == "number" and len(name.words) == 1:
            return False
        names = PlaceNames(self.dictionary, self.gazetteer, frozenset(unit.id for unit in name.meant))
        return names.is_name(tokens, name) and (bool(name.kinds) or self.stands_as_place(tokens, name))

    def stands_as_place(self, tokens: Sequence[Token], name: Name) -> bool:
        """Whether a place stands here: at the beginning or the end, beside a mark, or behind an "ở"; and no figure is called
        so."""
        figure = (self.dictionary.indicators, self.dictionary.domains)
        if any(names.at(tokens, name.start) is not None for names in figure):
            return False
        before = name.start == 0 or tokens[name.start - 1].kind == "mark"
        behind = name.end == len(tokens) or tokens[name.end].kind == "mark"
        return before or behind or LOCATIVE.at(tokens, name.start - 1) is not None
