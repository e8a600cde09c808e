"""What is told is what the reports give: each kind of figure beside a plain recount from the observations alone.

Histories are those of the ledger's own test: late, revised and returned reports, villages that move, merge and split.
"""

import asyncio
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import col, select

from figures.checking import wrong_figures
from figures.counting import changes, count
from figures.ground import below
from figures.sources import FigureDays, Source, source_of, span_of
from figures.view import View
from handlers.library import Library
from plans.covered import Change
from plans.period import Period, PeriodKind, from_key
from plans.reading import load_plans
from plans.rollup import Figure, combined, figure
from plans.schedule import Entry
from storage.database import open_engine
from storage.session import Session
from storage.tables import Level, Observation, Submission
from tests.storage.test_ledger import STEPS, VILLAGE, WEEKS, Country, happen

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = from_key(WEEKS[-1]).start
NOW = datetime(TODAY.year, TODAY.month, TODAY.day, 9, tzinfo=ZONE)
ASKED = ("nuoc-hvs", "nha-xong")
"""A rate that stands, and a flow."""
PERIODS = [from_key(week) for week in WEEKS]
Rows = Mapping[int, Mapping[Period, Figure]]
"""By village and period what its current report says of an indicator."""


@dataclass
class Recount:
    """A plain recount of one unit: its villages of today, those of before that went into it, and what they said."""

    source: Source
    rows: Rows
    closed: Mapping[int, date]
    """The last days of those that were closed."""
    replaced: Mapping[int, date] = field(default_factory=dict)
    """When what a closed one said was replaced by what took it in."""

    def standing(self, day: date) -> dict[int, tuple[Period, Figure]]:
        """By village its newest report by a day; nothing of one whose ground was reported by what took it in."""
        found = {}
        for village, said in self.rows.items():
            periods = [period for period in said if period.end <= day]
            if periods and self.stood(village, day):
                newest = max(periods, key=lambda period: period.end)
                found[village] = (newest, said[newest])
        return found

    def stood(self, village: int, day: date) -> bool:
        """Whether a village's last value counts on a day."""
        return self.replaced.get(village, date.max) > day

    def expected(self, day: date) -> set[int]:
        """The villages that figures on a day are of: those that stood, and those closed whose last value still counts; of
        the closed only those that have ever reported."""
        return {
            village
            for village, said in self.rows.items()
            if village not in self.closed
            or (said and self.closed[village] >= day)
            or (self.stood(village, day) and any(period.end <= day for period in said))
        }

    def counts(self, village: int, period: Period) -> bool:
        """Whether what a village said for a period counts among what was said: of a flow not if an heir said the whole."""
        return self.source.indicator.stock or self.stood(village, period.end)

    def figure(self, figures: Sequence[Figure]) -> Figure:
        return combined(self.source.indicator, figures)

    def newest(self, day: date, *, stood: bool = False) -> Period | None:
        """The newest period that anybody reported for by a day; `stood`: of those who stood at its end."""
        periods = {
            period
            for village, said in self.rows.items()
            for period in said
            if period.end <= day and (self.stood(village, period.end) or not stood)
        }
        return max(periods, key=lambda period: period.end, default=None)

    def stock(self, span: FigureDays) -> tuple[Period | None, Figure, int, int]:
        """The period that it is of, the figure, how many reported for it, and how many values are older."""
        nothing = Figure(self.source.indicator.id, None)
        last = self.newest(span.end, stood=True)
        period = last if last is not None and (span.newest or last.end >= span.start) else None
        stands = self.standing(last.end) if last else {}
        known = [pair for pair in stands.values() if pair[1].numerator is not None]
        fresh = sum(newest == period for newest, _ in known)
        if not fresh:
            return None, nothing, 0, len(known)
        return period, self.figure([one for _, one in known]), fresh, len(known) - fresh

    def flow(self, periods: Sequence[Period]) -> tuple[Figure, set[Period]]:
        """The sum of what was said for some periods, and for which anything was."""
        said = {
            (village, period): one
            for village, by_period in self.rows.items()
            for period, one in by_period.items()
            if period in periods and one.numerator is not None and self.counts(village, period)
        }
        return self.figure(list(said.values())), {period for _, period in said}

    def change(self, now: Period, since: Period | None) -> tuple[int, Figure, Figure, int] | None:
        """Over how many villages, both ends, and how many are new; None where there is nothing to compare."""
        then = since or (self.newest_before(now) if self.source.indicator.stock else now.previous())
        if then is None or (since is not None and not self.given_for(since)):
            return None
        likes, new = [], 0
        for village, said in self.rows.items():
            if now not in said or said[now].numerator is None or not self.counts(village, now):
                continue
            before = self.before(village, then)
            if before is None or before.numerator is None:
                new += 1
            else:
                likes.append((said[now], before))
        return len(likes), self.figure([one for one, _ in likes]), self.figure([one for _, one in likes]), new

    def given_for(self, period: Period) -> bool:
        """Whether anybody said it for a period."""
        return any(
            period in said and said[period].numerator is not None and self.counts(village, period)
            for village, said in self.rows.items()
        )

    def before(self, village: int, then: Period) -> Figure | None:
        """What a village said at the earlier end: of a stock its newest by then, of a flow what it said for it."""
        said = self.rows[village]
        if not self.source.indicator.stock:
            return said.get(then)
        periods = [period for period in said if period.end <= then.end]
        return said[max(periods, key=lambda period: period.end)] if periods else None

    def newest_before(self, now: Period) -> Period | None:
        return self.newest(PERIODS[0].start if now == PERIODS[0] else now.previous().end)


async def rows_of(country: Country, source: Source) -> dict[int, dict[Period, Figure]]:
    """What the current reports hold, from the observations alone."""
    answers: dict[tuple[int, str], dict[str, Decimal]] = {}
    submissions = await country.session.exec(select(Submission).where(col(Submission.current)))
    keys = {one.id: (one.place_id, one.period) for one in submissions}
    for row in await country.session.exec(select(Observation)):
        if row.submission_id in keys and row.number is not None:
            answers.setdefault(keys[row.submission_id], {})[row.question] = Decimal(row.number)
    rows: dict[int, dict[Period, Figure]] = {village: {} for village in country.villages}
    for key in keys.values():
        rows[key[0]][from_key(key[1])] = figure(source.indicator, answers.get(key, {}))
    return rows


async def play(url: str, history: list[tuple[object, ...]]) -> None:
    engine = open_engine(url)
    try:
        async with Session(engine) as session:
            await hold_against_reports(session, history)
            await session.rollback()
    finally:
        await engine.dispose()


async def hold_against_reports(session: Session, history: list[tuple[object, ...]]) -> None:
    """Let a history happen; then every figure is what a recount gives, and `verify` finds nothing to name."""
    country = Country(session)
    await country.settle()
    for step in history:
        await happen(country, step)
    entry = Entry("so-cai", Level.VILLAGE, PeriodKind.WEEK, questions=5)
    library = Library(replace(load_plans(), schedule=(entry,), programmes={}), ZONE)
    view = View(session, library, (), NOW)
    for id in ASKED:
        source = await source_of(view, view.plans.indicators[id])
        assert source is not None
        await compare(view, country, source)
    assert await wrong_figures(view) == []


async def compare(view: View, country: Country, source: Source) -> None:
    """Every unit by itself, for every sort of span."""
    rows = await rows_of(country, source)
    closed = {village: last for village, (last, _) in country.closed.items()}
    replaced = {village: day for village in closed if (day := country.replaced(village))}
    units = [country.nation, *country.provinces, *country.communes]
    for unit in units:
        mine = {village: row for village, row in rows.items() if unit in country.units(village, view.today)}
        await compare_unit(view, unit, Recount(source, mine, closed, replaced))
    for village in [one for one in country.villages if one not in country.closed]:
        await compare_unit(view, village, Recount(source, {village: rows[village]}, {}))


async def compare_unit(view: View, unit: int, model: Recount) -> None:
    source = model.source
    groups = await below(view.session, (unit,), Level.VILLAGE, view.today)
    for span in (
        source.newest(view.today),
        *map(span_of, PERIODS[2:4]),
        FigureDays(PERIODS[1].start, PERIODS[4].end),
    ):
        counted = (await count(view, source, groups, span))[unit]
        if source.indicator.stock:
            period, total, fresh, carried = model.stock(span)
            assert (counted.period, counted.figure) == (period, total)
            assert (counted.covered.fresh, counted.covered.carried) == (fresh, carried)
            if unit not in groups[unit]:
                day = (model.newest(span.end, stood=True) or span).end
                assert counted.expected == len(model.expected(day))
            assert (counted.older is not None) == (period is None and bool(carried))
        elif not span.newest:
            asked = [one for one in PERIODS if span.start <= one.start and one.end <= span.end]
            total, said = model.flow(asked)
            assert counted.figure == total
            assert set(counted.missing) == set(asked) - said
    for now, since in ((PERIODS[3], None), (PERIODS[4], PERIODS[3]), (PERIODS[5], PERIODS[1])):
        told = (await changes(view, source, groups, span_of(now), span_of(since) if since else None)).get(
            unit
        )
        if since is None or now.previous() == since:
            assert_change(told, model.change(now, since))
        elif source.indicator.stock:
            # From further back only the villages that count at the later end are held against themselves.
            there = groups[unit] if unit in groups[unit] else model.expected(now.end)
            own = replace(model, rows={place: row for place, row in model.rows.items() if place in there})
            assert_change(told, own.change(now, since))


def assert_change(told: Change | None, expected: tuple[int, Figure, Figure, int] | None) -> None:
    if expected is None or not expected[0]:
        assert told is None
        return
    assert told is not None
    assert (told.places, told.now, told.before, told.new) == expected


FULL = st.fixed_dictionaries(
    dict.fromkeys(("nuoc_ho", "nuoc_ho_hvs", "nha_xong"), st.integers(0, 99).map(Decimal))
)
REPORTS = st.tuples(st.sampled_from(("report", "report", "early")), VILLAGE, st.sampled_from(WEEKS), FULL)
"""Whole reports, so that most weeks have something to compare with."""
HISTORIES = st.tuples(st.lists(REPORTS, min_size=8, max_size=22), st.lists(STEPS, max_size=8)).map(
    lambda parts: [*parts[0], *parts[1]]
)


SAID = {"nuoc_ho": Decimal(9), "nuoc_ho_hvs": Decimal(7), "nha_xong": Decimal(3)}
WENT_INTO_ANOTHER = [
    ("report", 0, "2026-W44", SAID),
    ("report", 2, "2026-W45", SAID),
    ("merge", 0, 2, date(2026, 11, 2)),
]
"""The other is a unit to what went into it, and a village that has reported itself."""
ENDED_WITHIN_A_WEEK = [
    ("report", 0, "2026-W44", SAID),
    ("report", 3, "2026-W43", SAID),
    ("report", 2, "2026-W44", SAID),
    ("merge", 0, 3, date(2026, 10, 29)),
]
"""It has reported for the week, but is in no stock at its end; the other two are, one with an older value."""
GOES_ON_AFTER_ITS_END = [
    ("report", 3, "2026-W42", SAID),
    ("report", 1, "2026-W44", SAID),
    ("early", 2, "2026-W43", SAID),
    ("merge", 1, 2, date(2026, 9, 30)),
    ("report", 0, "2026-W44", {"nha_xong": Decimal(3)}),
]
"""It reports for a week after what took it in has; another one does, too, without saying everything."""
RECORDED_LATE = [
    *(("early", village, week, SAID) for village in (0, 1) for week in WEEKS[:6]),
    ("merge late", 0, 1, date(2026, 10, 10), date(2026, 11, 9)),
    ("report", 1, "2026-W42", SAID),
]
"""Both go on reporting until the merger is recorded; then an earlier report is corrected."""


@given(HISTORIES)
@example(WENT_INTO_ANOTHER)
@example(GOES_ON_AFTER_ITS_END)
@example(RECORDED_LATE)
@example(ENDED_WITHIN_A_WEEK)
@settings(
    max_examples=20,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_what_is_told_is_what_a_recount_gives(
    sqlite_template: Path, tmp_path: Path, history: list[tuple[object, ...]]
) -> None:
    file = tmp_path / "recount.db"
    if not file.exists():
        shutil.copyfile(sqlite_template, file)
    asyncio.run(play(f"sqlite+aiosqlite:///{file}", history))


async def test_a_figure_that_the_reports_do_not_give_is_named(session: Session) -> None:
    country = Country(session)
    await country.settle()
    for week in WEEKS[:2]:
        for village in country.villages[:2]:
            await country.report(village, week, {"nha_xong": Decimal(7)})
    entry = Entry("so-cai", Level.VILLAGE, PeriodKind.WEEK, questions=5)
    library = Library(replace(load_plans(), schedule=(entry,), programmes={}), ZONE)
    view = View(session, library, (), NOW)
    assert await wrong_figures(view) == []
    connection = await session.connection()
    commune = country.communes[0]
    await connection.execute(
        text(f"UPDATE ledger SET numerator = numerator + 2 WHERE place_id = {commune} AND numerator > 0")
    )
    wrong = await wrong_figures(view)
    assert {(one.place_id, one.period) for one in wrong} == {(commune, WEEKS[1])}
    assert [(one.what, one.shown, one.counted) for one in wrong if one.indicator == "nha-xong"] == [
        ("figure", "9 (1)", "7 (1)"),
        ("change", "9 (1), 9 (1), 0 (0)", "7 (1), 7 (1), 0 (0)"),
    ]
