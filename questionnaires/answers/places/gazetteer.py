"""All places that may be named, indexed by the ways to write their names.

`mentions.py` finds names in a text, and `meaning.py` decides which of several places a name means.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Final

from questionnaires.answers.places.names import folded_kind, may_mean, spellings
from questionnaires.answers.places.vocabulary import LEVEL_OF_KIND, LEVELS, OTHER_NAMES
from questionnaires.answers.text import bare

NATION: Final = "nước"
DISTRICT: Final = LEVELS[2]
TRIFLE: Final = 4
"""The fewest letters of a name for offering similar ones: shorter names resemble too many others."""
LONG: Final = 9
"""The fewest letters of a name that may have two slips."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A place that can be found by name.

    `parents` are the units it lies in, present ones before former ones; `kin` are units that it came from or went into.
    `closed`: it no longer exists. `aliases` are its other names, each with a type word; `since` and `until` its first
    and last day; `level` is nuoc, tinh, huyen, xa or thon, "" if unknown.
    """

    id: int
    name: str
    kind: str
    parents: tuple[int, ...] = ()
    kin: tuple[int, ...] = ()
    closed: bool = False
    aliases: tuple[tuple[str, str], ...] = ()
    code: str = ""
    since: date = date.min
    until: date | None = None
    level: str = ""

    def stands(self, on: date | None) -> bool:
        """Whether it exists on that day; for None, whether it exists now, as far as the list knows."""
        if on is None or (self.closed and self.until is None):
            return not self.closed
        return self.since <= on and (self.until is None or self.until >= on)


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write the name of a unit. `whole`: the full official name, not a part of it or a popular name."""

    unit: Unit
    words: tuple[str, ...]
    kind: str
    whole: bool


class Gazetteer:
    """All places that may be named."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units = {unit.id: unit for unit in units}
        self.spelt: dict[str, list[Spelling]] = defaultdict(list)
        """Spellings by their words without diacritics."""
        self.begins: set[str] = set()
        """The beginnings of longer names, in the same form."""
        self.by_code: dict[str, list[Unit]] = defaultdict(list)
        """Units by their code without leading zeros."""
        self.lines: dict[int, frozenset[int]] = {}
        self.around: dict[int, frozenset[int]] = {}
        for unit in self.units.values():
            self.add(unit)
        self.names = list(self.spelt)

    def add(self, unit: Unit) -> None:
        """Index a unit by its code and by every way to write its names."""
        if unit.code:
            self.by_code[unit.code.lstrip("0")].append(unit)
        seen: set[tuple[tuple[str, ...], str]] = set()
        for kind, name, own in called(unit):
            folded = folded_kind(kind)
            for words, part in spellings(kind, name):
                if words and (words, folded) not in seen:
                    seen.add((words, folded))
                    self.spell(Spelling(unit, words, folded, own and not part))

    def spell(self, spelling: Spelling) -> None:
        """Index one way to write a name."""
        plain = [bare(word) for word in spelling.words]
        self.spelt[" ".join(plain)].append(spelling)
        for length in range(1, len(plain)):
            self.begins.add(" ".join(plain[:length]))

    # --- where units lie ---

    def line(self, unit: Unit) -> frozenset[int]:
        """Return every unit that it lies or lay in itself."""
        if unit.id not in self.lines:
            self.lines[unit.id] = frozenset(self.climb(unit.parents))
        return self.lines[unit.id]

    def above(self, unit: Unit) -> set[int]:
        """Return every unit that it, or a unit it came from or went into, lies or lay in."""
        return set(self.line(unit)).union(*(self.line(relative) for relative in self.kin(unit)))

    def region(self, unit: Unit) -> frozenset[int]:
        """Return the units that may be named as containing it: those `above` it, and the kin of its commune.

        So a village lies in the former communes and in the former district of its commune. The kin of a province do not
        count: what went into the province is elsewhere.
        """
        if unit.id not in self.around:
            near = [parent for parent in self.known(unit.parents) if self.level(parent) == "xa"]
            kin = [relative for parent in near for relative in self.kin(parent)]
            region = self.above(unit).union(*(self.line(relative) for relative in kin))
            self.around[unit.id] = frozenset(region | {relative.id for relative in kin})
        return self.around[unit.id]

    def lying_in(self, units: Iterable[Unit], parents: Iterable[Unit]) -> list[Unit]:
        """Return those of `units` that lie or lay in one of `parents`.

        Units that did so themselves win over those whose kin did: "Cẩm Giàng, huyện Bạch Thông" is the commune that lay
        there, not its successor.
        """
        numbers, some = {parent.id for parent in parents}, list(units)
        return touching(some, numbers, self.line) or touching(some, numbers, self.region)

    def climb(self, numbers: Iterable[int]) -> set[int]:
        """Return these units and all units that they lie or lay in."""
        climbed: set[int] = set()
        waiting = [*numbers]
        while waiting:
            number = waiting.pop()
            if number not in climbed and number in self.units:
                climbed.add(number)
                waiting += self.units[number].parents
        return climbed

    def kin(self, unit: Unit) -> list[Unit]:
        """The units it came from or went into."""
        return self.known(unit.kin)

    def known(self, numbers: Iterable[int]) -> list[Unit]:
        """Return those of these units that the list has."""
        return [self.units[number] for number in numbers if number in self.units]

    def heirs(self, unit: Unit) -> set[int]:
        """Return the ids of a unit's successors, and of theirs if they are closed too."""
        heirs: set[int] = set()
        waiting = [unit]
        while waiting:
            for relative in self.kin(waiting.pop()):
                if relative.since > unit.since or (unit.closed and not relative.closed):
                    if relative.id not in heirs and relative.closed:
                        waiting.append(relative)
                    heirs.add(relative.id)
        return heirs

    def label(self, unit: Unit) -> str:
        """Return its name with its parents: "xã Vĩnh Thông, tỉnh Thái Nguyên", "huyện Bạch Thông, tỉnh Bắc Kạn (cũ)"."""
        return ", ".join(own_name(part) for part in self.way(unit)) + (" (cũ)" if unit.closed else "")

    def way(self, unit: Unit) -> Iterator[Unit]:
        """Yield a unit and the units that it lies in, or lay in if it is closed, without the nation."""
        yield unit
        while unit.parents and unit.parents[0] in self.units:
            unit = self.units[unit.parents[0]]
            if unit.kind != NATION:
                yield unit

    def level(self, unit: Unit) -> str:
        """Return its level (nuoc, tinh, huyen, xa or thon), by its kind if it states none; "" for an unknown kind."""
        level = unit.level or LEVEL_OF_KIND.get(folded_kind(unit.kind), "")
        below_nation = level == DISTRICT and any(parent.kind == NATION for parent in self.known(unit.parents))
        return "tinh" if below_nation else level

    # --- names ---

    def named(self, words: Sequence[str], kinds: Sequence[str] = ()) -> tuple[list[Unit], list[Unit]]:
        """Return the units that the words mean, and those with other diacritics or another type word of villages.

        `words` are as `names.marked` gives them. `kinds` are folded; () for a name without a type word.
        """
        spelt = self.spelt.get(" ".join(map(bare, words)), ())
        fitting = of_kind(spelt, kinds) or self.districts(spelt, kinds)
        meant = preferred_spelling(tuple(words), fitting)
        others = [*fitting, *alike_in_kind(spelt, kinds)]
        return meant, without([spelling.unit for spelling in others], meant)

    def districts(self, spelt: Iterable[Spelling], kinds: Sequence[str]) -> list[Spelling]:
        """Return the districts of whatever type if a district's type word was written: over the years a "huyện" became a
        "thị xã" and this a "thành phố", and people go on saying what it was."""
        if not kinds or LEVEL_OF_KIND.get(kinds[0]) != DISTRICT:
            return []
        # "quận 3" is no other city's, and "h 3" no place.
        named = (spelling for spelling in spelt if not spelling.words[0].isdigit())
        return [spelling for spelling in named if self.level(spelling.unit) == DISTRICT]

    def wholly(self, units: Collection[Unit], words: Sequence[str]) -> list[Unit]:
        """Return the units whose whole official name the words are; all `units` if there are none."""
        whole = {
            spelling.unit.id for spelling in self.spelt.get(" ".join(map(bare, words)), ()) if spelling.whole
        }
        return [unit for unit in units if unit.id in whole] or list(units)

    def coded(self, code: str) -> list[Unit]:
        """Return the units with this code; if there are none, those whose code differs in leading zeros only."""
        some = self.by_code.get(code.lstrip("0"), []) if code.isdecimal() else []
        return [unit for unit in some if unit.code == code] or list(some)

    def near(self, words: Sequence[str], kinds: Sequence[str] = ()) -> dict[int, float]:
        """Return the units whose name is a slip away from the words, two for long names, with their distances by id.

        A slip is an extra, missing or wrong letter, or two letters swapped. The distance counts slips without diacritics;
        among equal ones, names with nearer diacritics have a smaller distance.
        """
        from rapidfuzz import process  # 10 ms and 3 MB, only for names with a slip
        from rapidfuzz.distance import OSA

        typed, plain = " ".join(words), " ".join(map(bare, words))
        if len(plain) < TRIFLE:
            return {}
        most = 1 + (len(plain) >= LONG)
        distances: dict[int, float] = {}
        for name, slips, _ in process.extract(
            plain, self.names, scorer=OSA.distance, score_cutoff=most, limit=None
        ):
            spelt = self.spelt[name]
            if numbers_differ(plain, name):
                continue
            for spelling in of_kind(spelt, kinds) or alike_in_kind(spelt, kinds):
                far = slips + OSA.normalized_distance(typed, " ".join(spelling.words)) / 2
                distances[spelling.unit.id] = min(far, distances.get(spelling.unit.id, far))
        return distances


def called(unit: Unit) -> Iterator[tuple[str, str, bool]]:
    """Yield every type word and name that a unit has or had, and whether it is official rather than popular."""
    for kind, name in ((unit.kind, unit.name), *unit.aliases):
        yield kind, name, True
        yield from ((kind, other, False) for other in OTHER_NAMES.get(f"{kind} {name}", ()))


def own_name(unit: Unit) -> str:
    """Return the type word and name of a unit: "xã Vĩnh Thông"."""
    return f"{unit.kind} {unit.name}".strip()


def of_kind(spelt: Iterable[Spelling], kinds: Sequence[str]) -> list[Spelling]:
    """Return the spellings of the first of `kinds` that any has; all if no type word was written."""
    some = list(spelt)
    if not kinds:
        return some
    by_kind = ([spelling for spelling in some if spelling.kind == kind] for kind in kinds)
    return next(filter(None, by_kind), [])


def alike_in_kind(spelt: Iterable[Spelling], kinds: Sequence[str]) -> list[Spelling]:
    """Return the villages of any kind if a village's type word was written: people often say "bản" for "thôn"."""
    if not kinds or LEVEL_OF_KIND.get(kinds[0]) != LEVELS[-1]:
        return []
    return [spelling for spelling in spelt if LEVEL_OF_KIND.get(spelling.kind) == LEVELS[-1]]


def numbers_differ(name: str, other: str) -> bool:
    """Whether two names have different numbers: "Cháo 3" and "Cháo 4" are two villages, not one with a slip."""
    numbers, others = (sorted(filter(str.isdecimal, text.split())) for text in (name, other))
    return bool(numbers and others) and numbers != others


def touching(units: Iterable[Unit], numbers: Set[int], around: Callable[[Unit], Set[int]]) -> list[Unit]:
    """Return the units that have one of the ids `numbers` among those `around` them."""
    return [unit for unit in units if not numbers.isdisjoint(around(unit))]


def preferred_spelling(words: tuple[str, ...], spelt: Collection[Spelling]) -> list[Unit]:
    """Return the units that the words mean: those written exactly so, otherwise all that the words may stand for."""
    meant = [spelling for spelling in spelt if all(map(may_mean, words, spelling.words))]
    if not all(word.isascii() for word in words):
        meant = [spelling for spelling in meant if spelling.words == words] or meant
    return without([spelling.unit for spelling in meant], ())


def without(units: Iterable[Unit], others: Collection[Unit]) -> list[Unit]:
    """Return the units, each once, without the `others`."""
    left = {unit.id: unit for unit in units}
    for unit in others:
        left.pop(unit.id, None)
    return list(left.values())
