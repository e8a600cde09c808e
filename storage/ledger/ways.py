"""Where a place's reports count: the units above it, by the boundaries of each day.

Nothing here asks a database: a tree is passed in (`storage.ledger.rows.tree_of`) and gives each place's way.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from storage.levels import LASTING, Level

AS_THEN: Final = 0
"""Stands for the boundaries of each period's own last day."""
Signs = tuple[tuple[int, int, int], ...]
"""Where something counts: unit, boundary, and 1 or -1."""
ByForm = Mapping[str, int]
"""By questionnaire, the day on which an heir's report replaces what a closed place has said."""
NOT_YET: Final[ByForm] = {}


class WentInto(NamedTuple):
    """Where the ground of a place went that was closed: `closing` is the day after its last, `heirs` its successors."""

    closing: int
    place: int
    heirs: frozenset[int]


@dataclass(frozen=True, slots=True)
class LedgerWay:
    """The units that a place's reports count in, by the boundaries of each day.

    `chains` begin with the one for the earliest days. `closing` is the day after the place's last. `lasts`: it still
    reports on its ground after that. `former`: a province whose reports count in itself alone from then on, since the
    province that absorbed it reports the whole. `went`: the units that its ground went into, and that these
    went into, by the day; a stock stands until one of them has reported the ground as its own (`storage.ledger.heirs`).
    `ending`: the day on which a stock ends at the latest, because nobody goes on with its ground.
    """

    chains: tuple[tuple[int, frozenset[int]], ...]
    closing: int | None
    lasts: bool = False
    former: int | None = None
    went: tuple[WentInto, ...] = ()
    ending: int | None = None

    def on(self, day: int) -> frozenset[int]:
        """The units by the boundaries of a day."""
        return next(units for first, units in reversed(self.chains) if first <= day)

    def outlives(self, day: int) -> bool:
        """Whether a report whose period ended on `day` is from a former province or district."""
        return self.lasts and self.closing is not None and self.closing <= day

    def signs(self, day: int) -> Signs:
        """Return where a report counts whose period ended on `day`."""
        if self.former is not None and self.outlives(day):
            return ((self.former, AS_THEN, 1),)
        then = self.on(day)
        signs = [(unit, AS_THEN, 1) for unit in sorted(then)]
        before = then
        for first, units in self.chains:
            signs += [(unit, first, 1) for unit in sorted(units - before)]
            signs += [(unit, first, -1) for unit in sorted(before - units)]
            before = units
        return tuple(signs)

    def until(self, first: int, after: int | None, replaced: int | None = None) -> int | None:
        """Return when a stock of `first` ends; None: not yet.

        Its next report is for `after`; an heir's report replaces it on the day `replaced`.
        """
        ending = None if self.outlives(first) else self.ending
        return min((day for day in (after, replaced, ending) if day is not None), default=None)


EDGE, WHOLE, IN_PART = 0, 1, 2


class WayStep(NamedTuple):
    """From a place to another one that it lay in (`EDGE`) or went into (`WHOLE`, `IN_PART`); `other` None: nowhere."""

    place: int
    level: str
    first: date
    last: date | None
    """The place's own days."""
    succeeds: int = EDGE
    other: int | None = None
    since: date | None = None
    until: date | None = None


@dataclass(slots=True)
class LedgerUnit:
    """A place with its edges (first day, last day, parent) and its successors (unit, whole)."""

    level: str
    first: date
    last: date | None
    edges: list[tuple[date, date, int]] = field(default_factory=list)
    into: list[tuple[int, bool]] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    """On which days something about it changed."""

    def parent(self, day: date) -> int | None:
        """Return what it lay in on `day`; if no edge covers that day, by the last edge before, else the first."""
        if not self.edges:
            return None
        begun = [edge for edge in self.edges if edge[0] <= day] or self.edges[:1]
        return next((edge for edge in begun if edge[1] >= day), begun[-1])[2]

    def successor(self) -> int | None:
        """Return what it went into whole; None if it was split, since nobody can say how its figures divide."""
        return self.into[0][0] if len(self.into) == 1 and self.into[0][1] else None

    def above(self, day: date) -> int | None:
        """Return what it counts in by the boundaries of `day`: what it lies in or, once closed, what it went into."""
        if self.last is None or self.last >= day:
            return self.parent(max(day, self.first))
        return self.successor() or self.parent(self.last)


class WayTree:
    """Places with everything that they ever lay in or went into."""

    def __init__(self, steps: Iterable[WayStep] = ()) -> None:
        self.units: dict[int, LedgerUnit] = {}
        for step in steps:
            self.learn(step)

    def learn(self, step: WayStep) -> None:
        """Take in one edge or succession, and the place that it starts from."""
        unit = self.units.get(step.place)
        if unit is None:
            unit = self.units[step.place] = LedgerUnit(step.level, step.first, step.last)
            unit.days |= {step.first, *following(step.last)}
        if step.other is None or step.since is None:
            return
        unit.days |= {step.since, *following(step.until)}
        if step.succeeds:
            unit.into.append((step.other, step.succeeds == WHOLE))
        else:
            unit.edges.append((step.since, step.until or date.max, step.other))
            unit.edges.sort()

    def chain(self, place: int, day: date) -> list[int]:
        """Return what `place` lies in by the boundaries of `day`, nearest first."""
        units: list[int] = []
        unit = self.units[place].above(day)
        # Two units may each have gone into the other, on different days: the way ends where it would turn back.
        while unit is not None and unit != place and unit not in units:
            units.append(unit)
            unit = self.units[unit].above(day)
        return units

    def way(self, place: int) -> LedgerWay:
        """Return where the place's reports count. A village's own are not repeated under the village."""
        own = self.units[place]
        itself = () if own.level == Level.VILLAGE else (place,)
        chains: list[tuple[int, frozenset[int]]] = []
        for day in self.days_of_change(place):
            units = frozenset((*itself, *self.chain(place, day)))
            if not chains or chains[-1][1] != units:
                chains.append((day.toordinal(), units))
        former = place if own.level == Level.PROVINCE else None
        went, ending = self.inherited(place)
        return LedgerWay(tuple(chains), after(own.last), own.level in LASTING, former, went, ending)

    def inherited(self, place: int) -> tuple[tuple[WentInto, ...], int | None]:
        """Return what the place's ground went into, and when its stocks end at the latest (`LedgerWay`)."""
        went: list[WentInto] = []
        endings: list[int] = []
        seen, ahead = {place}, [place]
        while ahead:
            id = ahead.pop()
            unit = self.units[id]
            into = frozenset(to for to, _ in unit.into)
            closing = after(unit.last)
            if closing is None:
                continue
            if into and unit.level not in LASTING:
                went.append(WentInto(closing, id, into - {place}))
                ahead += into - seen
                seen |= into
            else:
                endings.append(closing)
        return tuple(sorted(went, key=lambda one: one[:2])), min(endings, default=None)

    def days_of_change(self, place: int) -> list[date]:
        """Return the first of all days, and those on which anything changed in what the place ever lay in or went into."""
        days, seen, ahead = {date.min}, {place}, [place]
        while ahead:
            unit = self.units[ahead.pop()]
            days |= unit.days
            further = {edge[2] for edge in unit.edges} | {to for to, _ in unit.into}
            ahead += further - seen
            seen |= further
        return sorted(days)


def after(last: date | None) -> int | None:
    """The day after a last day."""
    return None if last is None else last.toordinal() + 1


def following(last: date | None) -> tuple[date, ...]:
    """The day after a last day, if there is one."""
    return () if last is None or last == date.max else (date.fromordinal(last.toordinal() + 1),)
