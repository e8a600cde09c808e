"""One plan document as data: the units it covers, its commitments, and which reports are due when."""

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from plans.levels import LevelName
from plans.norm import Norm
from plans.period import Calendar, Period, PeriodKind, day_in
from plans.schedule import Entry
from plans.statutory import statutory_day
from plans.table import table
from plans.target import Target
from plans.words import Words, in_language


@table()
class Cover:
    """A unit that a programme covers. If it is `former`, the unit was dissolved and its successors stand for it."""

    level: LevelName
    name: str
    within: str = ""
    """The province that it lay in, if its name alone is ambiguous; else ""."""
    former: bool = False

    def may_hold(self, other: "Cover") -> bool:
        """Whether `other` is this unit or lies in it."""
        same = (self.level, self.name) == (other.level, other.name)
        return self.level == "nuoc" or same or (self.level == "tinh" and self.name == other.within)


@table(kw_only=True)
class Deadline:
    """When a report or another paper is due, who owes it and to whom, with its clause.

    `month` and `day` give the last day in time, counted from 1 within the period: month 13 of a year is the January after
    it. Without a day, the statutory day applies. Without a period, the report is due on request ("đột xuất").
    """

    clause: str
    owes: LevelName
    """The level that owes it."""
    agency: str = ""
    """The agency of that level that owes it; "" if the plan names none."""
    to: str
    period: PeriodKind | None = None
    calendar: Calendar = Calendar.GREGORIAN
    month: int | None = None
    day: int | None = None
    statements: Annotated[Words, Field(alias="statement")]
    number: int | None = None
    """The number of the only period of a year it is for, such as 1 for the first half-year; None for every period."""
    inferred: str = ""
    """The names of fields that the clause itself does not say."""

    def due(self, period: Period) -> date | None:
        """Return the last day in time for `period`; None if neither the plan nor the decree gives one."""
        if self.period is None or self.number not in (None, period.number):
            return None
        if self.day is None:
            return statutory_day(self.owes, period)
        return day_in(period, self.month or 1, self.day)

    def infers(self, field: str) -> bool:
        """Whether `field` is inferred because the clause does not say it; people are told so."""
        return field in self.inferred.split()

    @property
    def derived(self) -> bool:
        """Whether its day comes from the decree and not from the plan; people are told so."""
        return self.period is not None and self.day is None

    def statement(self, lang: str = "vi") -> str:
        """The document's own words, or their translation into `lang`."""
        return in_language(self.statements, lang)


@table()
class DocumentPart:
    """A part of the document that people name otherwise than by its clause: "Dự án 6" is clause IV.6 and all below it."""

    clause: str
    called: str

    def holds(self, clause: str) -> bool:
        """Whether a clause is this part or stands in it: "IV.6.1, gạch đầu dòng 2" stands in "IV.6"."""
        return clause == self.clause or clause.startswith((f"{self.clause}.", f"{self.clause},"))


@table()
class Sum:
    """Commitments of a plan, by id, whose values add up to the value of another."""

    total: str
    parts: tuple[str, ...]


@table()
class Programme:
    """One plan: a folder in `programmes/`."""

    id: str
    titles: Annotated[Words, Field(alias="title")]
    short: Words
    document: str
    dated: str
    issuer: str
    first_day: date
    last_day: date
    level: LevelName
    """The level of the unit that issued it."""
    covers: tuple[Cover, ...]
    targets: tuple[Target, ...]
    calendar: Calendar = Calendar.GREGORIAN
    note: str = ""
    schedule: tuple[Entry, ...] = ()
    """Questionnaires that only the places it covers are asked."""
    deadlines: tuple[Deadline, ...] = ()
    sums: tuple[Sum, ...] = ()
    norms: tuple[Norm, ...] = ()
    sections: Annotated[tuple[DocumentPart, ...], Field(alias="section")] = ()
    """What parts of the document are called, as questions name them."""
    of_indicator: Mapping[str, tuple[Target, ...]] = field(init=False, repr=False, compare=False)
    """Its targets by indicator, in their order."""

    def __post_init__(self) -> None:
        grouped: dict[str, list[Target]] = {}
        for target in self.targets:
            grouped.setdefault(target.indicator, []).append(target)
        object.__setattr__(self, "of_indicator", {name: tuple(some) for name, some in grouped.items()})

    @property
    def amounts(self) -> Mapping[str, Decimal]:
        """The values of its targets, by id."""
        return {target.id: target.value for target in self.targets if target.value is not None}

    def title(self, lang: str = "vi") -> str:
        """Its short title in `lang`, for people's screens."""
        return in_language(self.short, lang)

    def called(self, clause: str) -> str:
        """What the parts of the document are called in which a clause stands, outermost first; "" if nothing."""
        return " ".join(section.called for section in self.sections if section.holds(clause))

    def last_day_of(self, target: Target) -> date:
        """The last day that counts for a target of this plan."""
        return min(target.due or self.last_day, self.last_day)

    def is_for(self, level: str, name: str) -> bool:
        """Whether it was made for the unit of this level and name itself, not only for a larger one around it."""
        return any((cover.level, cover.name) == (level, name) for cover in self.covers)

    def covers_any(self, units: Collection[tuple[str, str]]) -> bool:
        """Whether it covers one of `units`, the (level, name) of a place, of the units above it and their predecessors.

        If a cover names its province, that must be among the units too: names repeat.
        """
        return any(
            (cover.level, cover.name) in units and (not cover.within or ("tinh", cover.within) in units)
            for cover in self.covers
        )

    def shares_ground(self, other: "Programme") -> bool:
        """Whether both plans may cover the same place, judging by the names of the units they cover."""
        return any(one.may_hold(two) or two.may_hold(one) for one in self.covers for two in other.covers)
