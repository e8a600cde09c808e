"""Find places that a text may mean if it names none exactly: a slip, other diacritics, another kind of village."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from questionnaires.answers.places.gazetteer import Gazetteer
from questionnaires.answers.places.mentions import Reader, form_of
from questionnaires.answers.places.names import marked
from questionnaires.answers.places.vocabulary import LEVEL_OF_KIND, LEVELS, WRITTEN_KINDS
from questionnaires.answers.tokens import Token

OTHER_MARKS = 0.5
"""The distance of a name that only differs in diacritics; one slip is 1."""

VILLAGE_KINDS = tuple(
    tuple(map(marked, written.split()))
    for kind, written in WRITTEN_KINDS.items()
    if LEVEL_OF_KIND[kind] == LEVELS[-1]
)
"""The type words of villages, as they stand in names."""

Parts = list[list[Token]]


@dataclass(frozen=True, slots=True)
class Nearness:
    """Looks for names near the words of one text."""

    reader: Reader

    @property
    def gazetteer(self) -> Gazetteer:
        """The places that may be named."""
        return self.reader.gazetteer

    def far(self, start: int) -> dict[int, float]:
        """Return the distances, by id, of units that the words from `start` on may mean.

        The words are split into names, and the unit named first must lie in the units named after it. They are split at
        marks, then at type words too, then in two, until a split finds any units.
        """
        for parts in self.partings(start):
            far = self.lying(parts)
            if far:
                return far
        return {}

    def partings(self, start: int) -> Iterator[Parts]:
        """Yield the ways to split the words into names, the likeliest first."""
        at_marks = list(filter(None, self.parts(start, at_kinds=False)))
        at_kinds = list(filter(None, self.parts(start, at_kinds=True)))
        yield at_marks
        if at_kinds != at_marks:
            yield at_kinds
        for length in range(len(at_marks[0]) - 1, 0, -1) if at_marks else ():
            yield [at_marks[0][:length], at_marks[0][length:], *at_marks[1:]]

    def parts(self, place: int, *, at_kinds: bool) -> Parts:
        """Split the words at commas and "thuộc"; with `at_kinds`, also before each type word."""
        reader, tokens = self.reader, self.reader.tokens
        parts: Parts = [[]]
        while place < len(tokens):
            behind, end = reader.past(place), place + 1
            if behind > place:
                parts.append([])
                place = behind
                continue
            if at_kinds:
                end = max(end, [past for _, past in reader.kinds(place)][-1])
                if end > place + 1 or self.is_kind(place):
                    parts.append([])
            parts[-1] += tokens[place:end]
            place = end
        return parts

    def is_kind(self, place: int) -> bool:
        """Whether a type word of one syllable stands here."""
        return len([*self.reader.kinds(place)]) > 1

    def lying(self, parts: Parts) -> dict[int, float]:
        """Return the distances of units near the first part that lie in units near each of the other parts."""
        if not parts:
            return {}
        first, *others = (self.near(part) for part in parts)
        for parents in others:
            units = [self.gazetteer.units[number] for number in first]
            inside = self.reader.lying_in(units, [self.gazetteer.units[number] for number in parents])
            first = {unit.id: first[unit.id] + min(parents.values()) for unit in inside}
        return first

    def near(self, part: Sequence[Token]) -> dict[int, float]:
        """Return the distances of units whose name is near some words; 0 for those that the words mean."""
        reader = Reader(part, self.gazetteer)
        whole = [name for name in reader.names(0) if reader.past(name.end) == len(part)]
        exact = {unit.id: 0.0 for name in whole for unit in name.meant}
        far = exact or {unit.id: OTHER_MARKS for name in whole for unit in name.others}
        ways = [*reader.kinds(0)]
        if far or ways[-1][1] == len(part):
            return far  # known, or a type word and nothing else
        slips = (self.slips_from(part[place:], kinds) for kinds, place in reversed(ways))
        return self.with_its_own_kind(part[ways[-1][1] :]) or next(filter(None, slips), {})

    def with_its_own_kind(self, name: Sequence[Token]) -> dict[int, float]:
        """Return the distances of villages whose names are these words behind a type word: "Cháo 3" of thôn Bản Cháo 3."""
        words = tuple(marked(form_of(token)) for token in name if token.kind in ("word", "number"))
        named = (self.gazetteer.named((*kind, *words)) for kind in VILLAGE_KINDS)
        return {unit.id: OTHER_MARKS for meant, others in named for unit in (*meant, *others)}

    def slips_from(self, name: Sequence[Token], kinds: Sequence[str]) -> dict[int, float]:
        """Return the distances of units of some kinds whose name is a slip away from these words."""
        words = [marked(form_of(token)) for token in name if token.kind in ("word", "number")]
        return self.gazetteer.near(words, kinds) if words else {}
