"""A look back at a month's reports: what officers may want to ask their villages about, without blame.

There are four signs, and each often has an honest reason: answers that were unlikely when sent, numbers ending in 0 or
5 far more often than counts do, reports that repeat several before, and missing reports. A commune reads of its
villages; a unit above it of communes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select
from sqlmodel.sql.expression import Select

from figures.completeness import ReportingRate, rate_of, together
from figures.coverage import Coverage, cover, owed_in
from figures.view import View
from plans.period import Period, PeriodKind, period_of
from storage.portions import portions
from storage.tables import ChallengeRow, Level, Observation, Place, Submission

NUMBERS: Final = 15
"""With fewer numbers than this nothing is said: chance alone rounds some."""
USUAL: Final = 0.2
"""The share of counts that end in 0 or 5."""
SIGMAS: Final = 3
"""How far above the usual share it must be, in standard deviations for that many numbers."""
LEAST: Final = 0.4
"""And at least this share."""


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing to ask a unit about: `count` of `total` reports or numbers."""

    unit: Place
    count: int
    total: int


@dataclass(frozen=True)
class Quality:
    """What to ask the units below about a month; each kind of sign sorted by frequency."""

    unit: Place
    month: Period
    reports: int
    doubtful: int
    rate: ReportingRate
    doubts: tuple[Sign, ...]
    rounded: tuple[Sign, ...]
    copies: tuple[Sign, ...]
    missing: tuple[Sign, ...]

    @property
    def silent(self) -> bool:
        """Whether there is nothing to ask."""
        return not (self.doubts or self.rounded or self.copies or self.missing)


def last_month(view: View) -> Period:
    """The month to look back at."""
    return period_of(PeriodKind.MONTH, view.today).previous()


async def of_unit(view: View, unit: Place) -> Quality:
    """The look back at last month: by village in a commune, by commune above."""
    month = last_month(view)
    groups = await groups_of(view, unit, view.today)
    villages = sorted(set().union(*(ids for _, ids in groups.values())))
    groups = await with_closed(view, unit, groups, month)
    everybody = sorted(set().union(*(ids for _, ids in groups.values())))
    counts = await counted(view, everybody)
    coverages = await cover(view, villages, await owed_in(view, 1))
    return Quality(
        unit,
        month,
        sum(counts.reports.values()),
        sum(counts.doubtful.values()),
        together(map(rate_of, coverages)),
        signs(groups, counts.doubtful, counts.reports),
        tuple(one for one in signs(groups, counts.rounded, counts.numbers) if is_rounded(one)),
        signs(groups, counts.copied, counts.reports),
        signs(groups, *missing_in(coverages, everybody, villages)),
    )


Numbers = Mapping[int, int]
"""A count by village."""
Groups = Mapping[int, tuple[Place, frozenset[int]]]


async def groups_of(view: View, unit: Place, on: date) -> Groups:
    """The units of which signs are told, each with its villages, as they stood on a day."""
    level = Level.VILLAGE if unit.level == Level.COMMUNE else Level.COMMUNE
    return {
        below.id: (below, await view.session.places.ids_below(below.id, Level.VILLAGE, on))
        for below in await view.session.places.below(unit.id, level, on)
    }


async def with_closed(view: View, unit: Place, groups: Groups, month: Period) -> Groups:
    """The same with the villages that stood when the month began and are no more: what they sent in it was sent."""
    days = (col(Place.last_day) >= month.start, col(Place.last_day) < view.today)
    closed = set(await view.session.exec(select(Place.id).where(Place.level == Level.VILLAGE, *days)))
    if not closed:
        return groups
    then = await groups_of(view, unit, month.start)
    gone = {id: (below, ids & closed) for id, (below, ids) in then.items() if ids & closed}
    return {
        **gone,
        **{id: (below, ids | gone[id][1] if id in gone else ids) for id, (below, ids) in groups.items()},
    }


@dataclass(frozen=True, slots=True)
class Counts:
    """What a month's reports contain, by village."""

    reports: Numbers
    doubtful: Numbers
    copied: Numbers
    numbers: Numbers
    rounded: Numbers


def signs(groups: Groups, some: Numbers, of: Numbers) -> tuple[Sign, ...]:
    """The units with any, most first."""
    listed = [
        Sign(unit, sum(some.get(village, 0) for village in ids), sum(of.get(village, 0) for village in ids))
        for unit, ids in groups.values()
    ]
    known = [one for one in listed if one.count]
    return tuple(sorted(known, key=lambda one: (-one.count, one.unit.search, one.unit.id)))


def is_rounded(sign: Sign) -> bool:
    """Whether more numbers end in 0 or 5 than chance explains."""
    if sign.total < NUMBERS or sign.count < LEAST * sign.total:
        return False
    spread = (USUAL * (1 - USUAL) * sign.total) ** 0.5
    return bool(sign.count - USUAL * sign.total > SIGMAS * spread)


def missing_in(
    coverages: list[Coverage], villages: Collection[int], standing: Collection[int]
) -> tuple[Numbers, Numbers]:
    """By village, how many of the month's reports are missing and how many were asked; `standing`: those of today."""
    gone = frozenset(villages) - frozenset(standing)
    asked = {village: [one for one in coverages if is_asked(one, village, gone)] for village in villages}
    missing = {
        village: sum(village in one.missing or village in one.unheard for one in some)
        for village, some in asked.items()
    }
    return missing, {village: len(some) for village, some in asked.items()}


def is_asked(coverage: Coverage, village: int, gone: Collection[int]) -> bool:
    """Whether a report was asked of a village itself: of those that are no more as long as they count, and of the one they
    became only from then on; of nobody before it was opened."""
    if village in gone:
        return village in coverage.beside.closed
    made_of = coverage.beside.by_heir.get(village, frozenset())
    return village not in coverage.not_yet and made_of.isdisjoint(gone)


# --- counting -------------------------------------------------------------------------------------------


async def counted(view: View, villages: list[int]) -> Counts:
    """What the reports sent last month contain, as they were when it ended: what was corrected since is in another look
    back."""
    after = view.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    first = (after - timedelta(days=1)).replace(day=1)
    sent = newest_sent(first, after)
    doubt = select(ChallengeRow.submission_id).where(ChallengeRow.submission_id == Submission.id)
    # Copies and round numbers are signs of their own: a report with nothing else to it has no unlikely figure.
    rule = col(ChallengeRow.detail)["rule"].as_string()
    number = and_(col(Observation.submission_id) == col(Submission.id), col(Observation.number).is_not(None))
    # A single-digit number is counted on one's fingers; a calculated or measured one has a decimal point.
    whole = (func.length(Observation.value) >= 2, ~col(Observation.value).contains("."))
    ends_round = or_(col(Observation.value).endswith("0"), col(Observation.value).endswith("5"))
    of_reports = (
        sent,
        (*sent, doubt.where(or_(col(ChallengeRow.path) != "", rule == "dropped")).exists()),
        (*sent, doubt.where(rule == "copied").exists()),
    )
    reports, doubtful, copied = [
        await by_village(view, villages, select(Submission.place_id, func.count()).where(*which))
        for which in of_reports
    ]
    numbers, rounded = [
        await by_village(
            view,
            villages,
            select(Submission.place_id, func.count()).join(Observation, number).where(*which),
        )
        for which in ((*sent, *whole), (*sent, *whole, ends_round))
    ]
    return Counts(reports, doubtful, copied, numbers, rounded)


def newest_sent(first: datetime, after: datetime) -> tuple[ColumnElement[bool], ...]:
    """The conditions for the newest version of each report among those sent in some time."""
    later = aliased(Submission)
    corrected = exists().where(
        col(later.place_id) == col(Submission.place_id),
        col(later.form_name) == col(Submission.form_name),
        col(later.period) == col(Submission.period),
        col(later.revision) > col(Submission.revision),
        col(later.sent_at) < after,
    )
    return col(Submission.sent_at) >= first, col(Submission.sent_at) < after, ~corrected


async def by_village(view: View, villages: list[int], counting: Select[int, int]) -> Numbers:
    """The result of a count by village."""
    counts: dict[int, int] = {}
    for some in portions(villages):
        chosen = counting.where(col(Submission.place_id).in_(some)).group_by(col(Submission.place_id))
        counts |= dict((await view.session.exec(chosen)).all())
    return counts
