"""What officials read is what the reports give: each kind of answer beside a plain recount, line by line.

Trends, comparisons, sums, rankings, rests of a rate and gaps to a target are composed as in a chat. The numbers that
ought to stand in them are counted again from the observations alone (`tests/figures/test_recount.py`).
"""

import asyncio
import shutil
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_CEILING, Decimal
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, given, settings
from sqlmodel import select

from figures import small
from figures.counted import Counted, rest_of
from figures.ground import Ground
from figures.sources import FigureDays, Source, source_of, span_of
from handlers.asking import answer
from handlers.asking.asked import Asked
from handlers.library import Library
from handlers.viewer import Viewer
from plans.collation import name_key
from plans.covered import Change, Covered
from plans.period import Period, PeriodKind
from plans.plans import Plans
from plans.programme import Cover
from plans.reading import load_plans
from plans.rollup import Figure
from plans.schedule import Entry
from queries import frames
from queries.frames import Aspect, Measure, Question, When
from queries.where import Asker
from reports.covering import in_brief
from reports.progress import change_text, value_text
from storage.database import open_engine
from storage.gazetteer import gazetteer_of
from storage.session import Session
from storage.tables import Level, Place, Role, RoleName
from tests.figures.test_recount import ASKED, HISTORIES, NOW, PERIODS, TODAY, ZONE, Recount, rows_of
from tests.handlers.chatting import plain
from tests.quick import dictionary_of
from tests.storage.test_ledger import Country, happen

WEEKLY: Final = Entry("so-cai", Level.VILLAGE, PeriodKind.WEEK, questions=5)
GOAL: Final = Decimal(60)
BACK: Final = 4


def with_a_goal(plans: Plans) -> Plans:
    """The plans with one that sets the nation a share of households with hygienic water."""
    some = plans.programmes["lang-son-23-ctr"]
    [target] = [target for target in some.targets if target.indicator == "nuoc-hvs"]
    held = replace(
        some,
        last_day=date(TODAY.year + 2, 12, 31),
        covers=(Cover(Level.NATION, "nuoc 1"),),
        targets=(replace(target, value=GOAL, year_due=TODAY.year + 1),),
        schedule=(),
    )
    return replace(plans, schedule=(WEEKLY,), programmes={held.id: held})


PLANS = with_a_goal(load_plans())
DICTIONARY = dictionary_of(PLANS)


@dataclass(frozen=True)
class Reader:
    """Asks about one indicator, and says what should stand in the answers."""

    viewer: Viewer
    ground: Ground
    source: Source
    models: Mapping[int, Recount]
    ended: Mapping[int, Collection[date]]
    """By unit the days on which what closed villages had said was replaced by what took them in."""
    names: Mapping[int, str]
    far: frozenset[int]
    """Units of which the asker is told no small number: those above communes."""

    async def lines(self, question: Question) -> list[str]:
        return plain(await answer.answer(Asked(self.viewer, self.ground, question, 0))).splitlines()

    def measure(self, aspect: Aspect = Aspect.LEVEL) -> Measure:
        return Measure((self.source.indicator.id,), aspect=aspect)

    def counted(self, unit: int, span: FigureDays) -> Counted:
        """A unit's figure of a span as the reports give it."""
        model = self.models[unit]
        if self.source.indicator.stock:
            period, figure, fresh, carried = model.stock(span)
            day = (model.newest(span.end, stood=True) or span).end
            return Counted(figure, Covered(len(model.expected(day)), fresh, carried), period)
        expected = len(model.expected(span.end))
        figure, said = model.flow([span.period] if span.period else [])
        fresh = sum(
            span.period in row
            and row[span.period].numerator is not None
            and model.counts(village, span.period)
            for village, row in model.rows.items()
        )
        return Counted(figure, Covered(expected, min(fresh, expected)), max(said, default=None, key=end_of))

    def stands(self, unit: int, span: FigureDays) -> Figure:
        """What of a unit that has not reported for a span stands in a larger sum."""
        model = self.models[unit]
        values = (
            [figure for _, figure in model.standing(span.end).values()] if self.source.indicator.stock else []
        )
        return model.figure(values)

    def told(self, unit: int, counted: Counted, *, rest: bool = False) -> str:
        """A figure as it should be read: the value, or why there is none."""
        asked = Asked(self.viewer, self.ground, frames.Lookup(), 0)
        if counted.period is None:
            return self.read("asking.not_reported")
        if unit in self.far and small.is_small(counted.figure):
            return self.read("asking.small", n=small.SMALL, unit=asked.counted_in(self.source))
        figure = rest_of(counted.figure, self.source.indicator) if rest else counted.figure
        return value_text(
            asked.line(self.source, replace(counted, figure=figure)), self.viewer.say
        ).striptags()

    def read(self, key: str, **values: object) -> str:
        return self.viewer.say(key, **values).striptags()

    def covered(self, counted: Counted) -> str:
        """How a figure is covered, as it stands behind it."""
        if counted.period is None or counted.covered == Covered(1, 1):
            return ""
        return " " + in_brief(counted.covered, Level.VILLAGE, self.viewer.say).striptags()

    def change(self, unit: int, last: Counted, first: Counted) -> str:
        """What changed as it should be read, without who is new; "" where nothing can be compared."""
        now, since = last.period, first.period
        if now is None or since is None or now == since:
            return ""
        model = self.models[unit]
        if now.previous() != since:
            # From further back only the villages that count at the later end are held against themselves.
            there = model.expected(now.end)
            model = replace(model, rows={id: row for id, row in model.rows.items() if id in there})
        places, after, before, new = model.change(now, since) or (0, last.figure, last.figure, 0)
        hidden = self.ended_between(unit, since, now) or (
            unit in self.far and any(map(small.is_small, (after, before, last.figure)))
        )
        if not places or hidden:
            return ""
        asked = Asked(self.viewer, self.ground, frames.Lookup(), 0)
        carried = self.carried(model, now, since, places)
        line = asked.line(self.source, last, Change(after, before, places, since, new, carried=carried))
        text = change_text(line, self.viewer.say).striptags()
        # Where one of the ends has nobody to count, only who is new is told.
        return next(iter(changed_in([text[:1].upper() + text[1:]])), "")

    def ended_between(self, unit: int, since: Period, now: Period) -> bool:
        """Whether what a closed village had said was replaced in between: nothing is compared over that."""
        return any(since.end < day <= now.end for day in self.ended[unit])

    def carried(self, model: Recount, now: Period, since: Period, places: int) -> int:
        """How many of the places that are compared have an older number at the earlier end."""
        if not self.source.indicator.stock:
            return 0
        return places - sum(given_for(said, now) and given_for(said, since) for said in model.rows.values())


def given_for(said: Mapping[Period, Figure], period: Period) -> bool:
    """Whether a village's number for a period is known."""
    return period in said and said[period].numerator is not None


def end_of(period: Period) -> date:
    return period.end


async def read_all(reader: Reader, country: Country) -> None:
    units = [country.nation, *country.provinces, *country.communes]
    villages = [village for village in country.villages if village in reader.models]
    for unit in (*units, *villages[:1]):
        await read_one(reader, unit)
        await read_trend(reader, unit)
    await read_beside(reader, country.communes)
    await read_order(reader, country.nation, country.communes, Level.COMMUNE)
    await read_gap(reader, country.nation)
    await read_order(reader, country.nation, villages, Level.VILLAGE)
    if reader.source.indicator.rate:
        await read_order(reader, country.nation, villages, Level.VILLAGE, rest=True)


async def read_one(reader: Reader, unit: int) -> None:
    """One figure with its period and, beside the period before, its change."""
    span = span_of(PERIODS[3])
    counted, before = reader.counted(unit, span), reader.counted(unit, span_of(PERIODS[2]))
    days = ((span.start, span.end),)
    said = await reader.lines(frames.Lookup(measure=reader.measure(), places=(unit,), when=When(days)))
    assert said[2].endswith(f": {reader.told(unit, counted)}")
    assert said[3] == f"Kỳ: {PERIODS[3].label('vi')}"
    if counted.period and before.period:
        changed = reader.change(unit, counted, before)
        assert changed_in(said) == ([changed] if changed else [])


def changed_in(said: Sequence[str]) -> list[str]:
    """The lines about a change, without who is new."""
    return [line.split(";")[0] for line in said if line.startswith(("Tăng ", "Giảm ", "Không đổi "))]


async def read_trend(reader: Reader, unit: int) -> None:
    """Each of the last weeks with its value and coverage, and the change from the first to the last of them."""
    spans = [span_of(period) for period in PERIODS[-BACK:]]
    points = [reader.counted(unit, span) for span in spans]
    said = await reader.lines(frames.Trend(measure=reader.measure(), places=(unit,), when=When(back=BACK)))
    if not any(point.period for point in points):
        names = ", ".join(period.name("vi") for period in PERIODS[-BACK:])
        assert said[1] == reader.read("asking.no_report_of", names=names)
        return
    # A trend begins with the first period that anybody reported for, as far as two are left.
    first = min(next((at for at, point in enumerate(points) if point.period), 0), BACK - 2)
    for period, counted in list(zip(PERIODS[-BACK:], points, strict=True))[first:]:
        line = f"{period.name('vi')}: {reader.told(unit, counted)}{reader.covered(counted)}"
        assert line in said, (line, said)
    known = [point for point in points if point.figure.value is not None]
    if len(known) > 1:
        hidden = unit in reader.far and small.is_small(known[0].figure)
        changed = "" if hidden else reader.change(unit, known[-1], known[0])
        assert changed_in(said) == ([changed] if changed else [])


async def read_beside(reader: Reader, communes: Sequence[int]) -> None:
    """Units beside each other, and their sum where each has a figure."""
    span = span_of(PERIODS[3])
    counted = {unit: reader.counted(unit, span) for unit in communes}
    days = ((span.start, span.end),)
    said = await reader.lines(
        frames.Compare(measure=reader.measure(), places=tuple(communes), when=When(days), summed=True)
    )
    for unit, one in counted.items():
        end = f": {reader.told(unit, one)}{reader.covered(one)}"
        assert any(line.startswith(reader.names[unit]) and line.endswith(end) for line in said), (end, said)
    figures = [
        reader.stands(unit, span) if one.period is None else one.figure for unit, one in counted.items()
    ]
    nobody = all(one.period is None for one in counted.values())
    if nobody or any(figure.value is None for figure in figures):
        assert said[-1] == reader.read("asking.sum_hidden")
    else:
        whole = reader.models[communes[0]].figure(figures)
        assert said[-1] == f"Cộng: {reader.told(communes[0], Counted(whole, Covered(), PERIODS[3]))}"


async def read_order(
    reader: Reader, around: int, units: Sequence[int], level: Level, *, rest: bool = False
) -> None:
    """Who is in a ranking, in which order, with which number, and who is not."""
    span = span_of(PERIODS[3])
    counted = {unit: reader.counted(unit, span) for unit in units}
    values = {
        unit: (rest_of(one.figure, reader.source.indicator) if rest else one.figure).value
        for unit, one in counted.items()
    }
    known = {unit: value for unit, value in values.items() if value is not None}
    first_is_high = not rest
    order = sorted(
        known, key=lambda unit: (-known[unit] if first_is_high else known[unit], name_key(reader.names[unit]))
    )
    said = await reader.lines(
        frames.Ranking(
            measure=reader.measure(Aspect.REST if rest else Aspect.LEVEL),
            places=(around,),
            level=level,
            when=When(((span.start, span.end),)),
        )
    )
    rows = [line for line in said if line.split(".")[0].isdigit()]
    ahead = {
        unit: sum((other > value) if first_is_high else (other < value) for other in known.values())
        for unit, value in known.items()
    }
    expected = [
        f"{1 + ahead[unit]}. {reader.names[unit]}: {reader.told(unit, counted[unit], rest=rest)}"
        for unit in order
    ]
    assert len(rows) == len(expected)
    assert all(row.startswith(line) for row, line in zip(rows, expected, strict=True)), (rows, expected)
    waiting = [unit for unit in units if counted[unit].period is None and stands(reader, units, unit, span)]
    assert any("Chưa báo kỳ này" in line for line in said) == bool(waiting)


def stands(reader: Reader, units: Sequence[int], unit: int, span: FigureDays) -> bool:
    """Whether a unit has an older value of a stock at the end of the newest period that any of `units` reported for."""
    newest = [last for one in units if (last := reader.models[one].newest(span.end, stood=True))]
    if not newest or not reader.source.indicator.stock:
        return False
    standing = reader.models[unit].standing(max(newest, key=end_of).end)
    return any(figure.numerator is not None for _, figure in standing.values())


async def read_gap(reader: Reader, unit: int) -> None:
    """How many more households a share needs to reach the plan's target."""
    if not reader.source.indicator.rate:
        return
    counted = reader.counted(unit, span_of(PERIODS[3]))
    figure, days = counted.figure, (PERIODS[3].start, PERIODS[3].end)
    said = await reader.lines(
        frames.Lookup(measure=reader.measure(Aspect.GAP), places=(unit,), when=When((days,)))
    )
    assert any(line.endswith(f": {reader.told(unit, counted)}") for line in said)
    told = [line for line in said if line.startswith("Cần thêm ")]
    hidden = small.is_small(figure)
    if figure.value is None or hidden or figure.numerator is None or not figure.denominator:
        assert not told
        return
    need = (GOAL * figure.denominator / 100).to_integral_value(ROUND_CEILING) - figure.numerator
    number = reader.viewer.say.number
    assert told == ([] if need <= 0 else told[:1])
    assert all(line.startswith(f"Cần thêm {number(need)} nữa: ") for line in told)


async def play(url: str, history: list[tuple[object, ...]]) -> None:
    engine = open_engine(url)
    try:
        async with Session(engine) as session:
            country = Country(session)
            await country.settle()
            for place in await session.exec(select(Place)):
                place.name = f"{place.level} {place.id}"
            for step in history:
                await happen(country, step)
            await session.flush()
            await read_country(session, country)
            await session.rollback()
    finally:
        await engine.dispose()


async def read_country(session: Session, country: Country) -> None:
    """Everything, as somebody asks who has a role everywhere: only totals of provinces keep small numbers back."""
    near = [country.nation, *country.communes, *country.villages]
    roles = tuple(
        Role(id=number, person_id=1, place_id=place, role=RoleName.COMMUNE_OFFICER)
        for number, place in enumerate(near, 1)
    )
    viewer = Viewer(session, Library(PLANS, ZONE), roles, NOW)
    units = [country.nation, *country.provinces, *country.communes]
    closed = {village: last for village, (last, _) in country.closed.items()}
    replaced = {village: day for village in closed if (day := country.replaced(village))}
    gone = {village for village, last in closed.items() if last < viewer.today}
    open_ones = [village for village in country.villages if village not in gone]
    every = frozenset((*units, *open_ones))
    ground = Ground(DICTIONARY, await gazetteer_of(session), Asker(country.nation, {}, every, every))
    names = {id: f"{level} {id}" for id, level in await session.exec(select(Place.id, Place.level))}
    for id in ASKED:
        source = await source_of(viewer, viewer.plans.indicators[id])
        assert source is not None
        rows = await rows_of(country, source)
        models = {
            unit: Recount(
                source,
                {one: row for one, row in rows.items() if unit in country.units(one, viewer.today)},
                closed,
                replaced,
            )
            for unit in units
        } | {village: Recount(source, {village: rows[village]}, {}) for village in open_ones}
        ended = {
            unit: [day for one, day in replaced.items() if unit in country.units(one, viewer.today)]
            for unit in models
        }
        far = frozenset((country.nation, *country.provinces))
        await read_all(Reader(viewer, ground, source, models, ended, names, far), country)


@given(HISTORIES)
@settings(
    max_examples=10,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_every_kind_of_answer_shows_what_a_recount_gives(
    sqlite_template: Path, tmp_path: Path, history: list[tuple[object, ...]]
) -> None:
    file = tmp_path / "shown.db"
    if not file.exists():
        shutil.copyfile(sqlite_template, file)
    asyncio.run(play(f"sqlite+aiosqlite:///{file}", history))
