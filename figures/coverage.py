"""Which questionnaires the villages owe, and which of the villages on some ground have sent them.

A village is asked one questionnaire a week, so a look goes by the month: what was first asked in it, up to
today. What is not asked yet is owed by nobody.
"""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import col, select

from figures import access
from figures.expected import NOBODY_ELSE, Expected, InPlaceOf
from figures.view import View
from plans.period import Period, PeriodKind, period_of
from plans.schedule import Entry, Window
from questionnaires.questionnaire import Questionnaire
from storage import submissions
from storage.approvals import NOTHING, Approvals
from storage.tables import Level, Place, RoleName

FURTHEST: Final = 60
"""How many months back one may look."""


@dataclass(frozen=True)
class Owed:
    """A questionnaire that every village is asked in `period`, by the days of `entry`."""

    form: Questionnaire
    period: Period
    entry: Entry

    def open(self, day: date) -> bool:
        """Whether a village that has not sent it can still begin it on `day`."""
        return self.entry.window(self.period, day) in (Window.OPEN, Window.LATE)

    @property
    def mark(self) -> tuple[str, str]:
        """What tells it from others: the questionnaire's name and the period's key."""
        return self.form.name, self.period.key

    def label(self, locale: str) -> str:
        return f"{self.form.title(locale)}, {self.period.label(locale)}"


@dataclass(frozen=True)
class Coverage:
    """How many of the villages on a ground have sent one questionnaire. `missing`: the ids of the others;
    `late_places`: of those that sent it late."""

    owed: Owed
    expected: int
    missing: frozenset[int]
    late_places: frozenset[int] = frozenset()
    approvals: Approvals = NOTHING
    """How far the reports that came are approved."""
    not_yet: frozenset[int] = frozenset()
    """Villages on the ground that were opened after the period: they are not among those expected."""
    newer: frozenset[int] = frozenset()
    """Villages that were opened after it was due: they are asked it, and are not late (`figures.due.for_place`)."""
    beside: InPlaceOf = NOBODY_ELSE
    """Villages that went into others, and are expected by themselves as in the figures (`figures.expected`)."""
    unheard: frozenset[int] = frozenset()
    """Those of them that have not reported."""

    @property
    def late(self) -> int:
        """How many have sent it late."""
        return len(self.late_places)

    @property
    def reported(self) -> int:
        """How many of those expected have sent it."""
        return self.expected - len(self.missing - self.beside.by_heir.keys()) - len(self.unheard)

    def has_sent(self, id: int) -> bool:
        """Whether one of the villages looked at has sent it itself."""
        return id not in self.missing and id not in self.beside.by_heir

    @property
    def unsent(self) -> int:
        """How many of the villages that stood at the period's end have not sent it."""
        return len(self.missing) + len(self.unheard & self.beside.stood)


async def owed_in(view: View, back: int = 0) -> list[Owed]:
    """What villages were first asked in this month up to today, or in the month `back` months before it.

    Early in a month, when nothing was asked yet, this is the month before.
    """
    month = month_asked(view)
    for _ in range(back):
        month = month.previous()
    active = await view.library.active_forms(view.session)
    return [
        Owed(active[entry.form][1], period, entry)
        for entry, period in opened(view, month)
        if entry.form in active
    ]


def month_asked(view: View) -> Period:
    """This month, or the one before while nothing was asked in it yet."""
    month = period_of(PeriodKind.MONTH, view.today)
    return month if opened(view, month) else month.previous()


def opened(view: View, month: Period) -> list[tuple[Entry, Period]]:
    """What villages were first asked in `month`, up to today, in that order."""
    last = min(month.end, view.today)
    asked: list[tuple[Entry, Period]] = []
    for entry in view.library.plans.asked_of(Level.VILLAGE):
        period = entry.period(last)
        while entry.opens(period) >= month.start:
            if entry.opens(period) <= last:
                asked.append((entry, period))
            period = period.previous()
    return sorted(asked, key=lambda one: one[0].opens(one[1]))


async def owed_over(view: View, first: date, last: date) -> list[Owed]:
    """Return what villages were asked, up to today, for periods that lie within some days.

    For a quarter, that is what is asked monthly and quarterly.
    """
    active = await view.library.active_forms(view.session)
    return [
        Owed(active[entry.form][1], period, entry)
        for entry in view.library.plans.asked_of(Level.VILLAGE)
        if entry.form in active
        for period in periods_within(entry, first, last)
        if entry.opens(period) <= view.today
    ]


def periods_within(entry: Entry, first: date, last: date) -> Iterator[Period]:
    """The periods of a questionnaire that lie within some days, the newest first."""
    period = entry.period(last)
    while period.start >= first:
        if period.end <= last:
            yield period
        period = period.previous()


def months_back(view: View, owed: Owed) -> int:
    """Return in which monthly look a questionnaire appears: how many months before the latest in which any was asked."""
    month = month_asked(view)
    opens = owed.entry.opens(owed.period)
    return max(0, 12 * (month.start.year - opens.year) + month.start.month - opens.month)


async def asked_lately(view: View) -> list[Owed]:
    """Every questionnaire of villages, each with the period for which it was last asked."""
    active = await view.library.active_forms(view.session)
    owed = []
    for entry in view.library.plans.asked_of(Level.VILLAGE):
        period = entry.period(view.today)
        if entry.form in active:
            last = period if entry.opens(period) <= view.today else period.previous()
            owed.append(Owed(active[entry.form][1], last, entry))
    return owed


async def overdue(view: View) -> list[Owed]:
    """Return every village report that is late today and can still be sent, from any month, longest overdue first."""
    active = await view.library.active_forms(view.session)
    late = [
        Owed(active[entry.form][1], period, entry)
        for entry in view.library.plans.asked_of(Level.VILLAGE)
        if entry.form in active
        for period in entry.asked_on(view.today)
        if entry.late(period, view.today)
    ]
    return sorted(late, key=lambda owed: owed.entry.due(owed.period))


@dataclass(frozen=True)
class Need:
    """How far one unit is: with the reports asked in a month, and how many are overdue, from any month."""

    unit: Place
    villages: int
    expected: int
    reported: int
    overdue: int

    @property
    def urgency(self) -> tuple[bool, int, bool, int]:
        """The order of units: first overdue reports, then nothing begun, then the most missing; units without villages
        last."""
        return not self.villages, -self.overdue, self.reported > 0, self.reported - self.expected


async def needs(
    view: View, units: Sequence[Place], asked: Sequence[Coverage], late: Sequence[Coverage]
) -> list[Need]:
    """Return how far each of some units is, those that need a hand first."""
    listed = [await need_of(view, unit, asked, late) for unit in units]
    return sorted(listed, key=lambda need: (need.urgency, need.unit.search, need.unit.id))


async def need_of(view: View, unit: Place, asked: Sequence[Coverage], late: Sequence[Coverage]) -> Need:
    """How far one unit is."""
    ids = await view.session.places.ids_below(unit.id, Level.VILLAGE, view.today)
    expected = sum(len(ids - one.not_yet) for one in asked)
    missing, overdue = (sum(len(one.missing & ids) for one in some) for some in (asked, late))
    return Need(unit, len(ids), expected, expected - missing, overdue)


async def villages(view: View, place: Place, on: date | None = None) -> list[Place]:
    """The villages on the ground of `place` today, by name; `place` itself if it is one.

    `on`: those of that day, if it is over and the place stood by then.
    """
    if place.level == Level.VILLAGE:
        return [place]
    day = min(max(on or view.today, place.first_day), view.today)
    under = await view.session.places.villages_of(place.id, day)
    return sorted(under, key=lambda village: (village.search, village.id))


async def officers_villages(view: View) -> list[Place]:
    """The villages of the communes whose officer this person is."""
    under: list[Place] = []
    for role in access.holds(view, RoleName.COMMUNE_OFFICER):
        commune = await access.visible(view, role.place_id)
        under += await villages(view, commune) if commune else []
    return under


async def of_level(view: View, ids: set[int], level: Level) -> list[Place]:
    """The places among `ids` that are of `level` and exist today."""
    standing: list[Place] = []
    numbers = sorted(ids)
    for start in range(0, len(numbers), 5000):
        chosen = select(Place).where(col(Place.id).in_(numbers[start : start + 5000]), Place.level == level)
        standing += list(await view.session.exec(chosen.where(col(Place.last_day).is_(None))))
    return standing


async def below(view: View, place: Place) -> list[Place]:
    """The units that a look at `place` lists: its children; for a closed unit the communes it lives on in."""
    children = await view.session.places.children(place.id, view.today)
    if not children and place.level not in (Level.VILLAGE, Level.COMMUNE):
        ground = await view.session.places.ground(place.id, view.today)
        children = await of_level(view, ground, Level.COMMUNE)
    return sorted(children, key=lambda child: (child.search, child.id))


async def cover(view: View, ids: list[int], what: list[Owed]) -> list[Coverage]:
    """The coverage of each questionnaire over the villages `ids`, without those opened after its period."""
    opened = await view.session.places.opened_later(Level.VILLAGE)
    first = {number: day for number in ids if (day := opened.get(number))}
    return [await coverage_of(view, ids, owed, first) for owed in what]


async def coverage_of(view: View, ids: list[int], owed: Owed, opened: Mapping[int, date]) -> Coverage:
    """The coverage of one questionnaire over the villages `ids`, of which some were `opened` on a day that is known."""
    late_from = owed.entry.late_from(owed.period, view.zone)
    not_yet = opened_after(opened, owed.period.end)
    newer = opened_after(opened, owed.entry.due(owed.period))
    beside = await Expected(view, owed.entry.level, (owed.form.name,)).in_place_of(ids, owed.period.end)
    asked = asked_in(ids, not_yet, beside)
    sent = await submissions.coverage(view.session, asked, owed.form.name, owed.period.key, late_from, newer)
    silent = frozenset(sent.missing)
    heirs = heirs_to_send(beside, silent) - not_yet
    missing, unheard = silent - beside.closed | heirs, silent & beside.closed
    return Coverage(
        owed, len(asked), missing, sent.late_places, sent.approvals, not_yet, newer, beside, unheard
    )


def opened_after(opened: Mapping[int, date], day: date) -> frozenset[int]:
    """Those of some villages that were opened after a day."""
    return frozenset(number for number, began in opened.items() if began > day)


def asked_in(ids: list[int], not_yet: Set[int], beside: InPlaceOf) -> list[int]:
    """Who is asked for the report of a period: of the villages `ids` those that were open, with whom others went into."""
    left_out = not_yet | beside.by_heir.keys()
    if not left_out and not beside.closed:
        return ids
    return [*(id for id in ids if id not in left_out), *beside.closed]


def heirs_to_send(beside: InPlaceOf, silent: Set[int]) -> frozenset[int]:
    """The new villages that are to send what the `silent` ones have not that became one."""
    return frozenset(heir for heir, parts in beside.by_heir.items() if parts & silent)
