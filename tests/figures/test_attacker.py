"""Nobody outside a commune finds a small number of its villages, whatever is put together.

The attacker writes down all that somebody is told, on every level and of three periods, as equations: figures, changes
from any period to a later one and who is new, sums over a span, from single answers, series, rankings, the page of progress,
the sums of a questionnaire and letters. Of a rate's change the differences of its part and its rest are taken as told,
of small wholes both ends, which is more than is. A linear
program then says how far each number that is kept back stays open: by 3 at least.
"""

import asyncio
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from figures import access
from figures.apart import tells_ends
from figures.changes import for_reader, moved
from figures.discretion import Discretion
from figures.ground import Ground, asker_of
from figures.hearing import Hearing
from figures.limited import DatedTarget, limited
from figures.sources import FigureDays, Source, source_of, span_of
from figures.years import values_at_ends
from handlers.asking import ranking
from handlers.asking.asked import Asked
from handlers.library import Library
from handlers.viewer import Viewer
from plans.covered import Change
from plans.period import Period, PeriodKind, period_of
from plans.rollup import NO_YEARS
from queries import frames
from queries.frames import Bound, Measure, Relation, When
from storage.database import open_engine
from storage.gazetteer import gazetteer_of
from storage.session import Session
from storage.tables import Level, Place, Role, RoleName
from tests.figures.land import (
    ALL,
    DICTIONARY,
    FIRST_DAY,
    LATER,
    LONGER,
    PLANS,
    TARGET,
    TREE,
    Land,
    Said,
)
from tests.figures.linear import Row, Var, bounds, solved
from tests.figures.test_recount import NOW, ZONE

OPEN: Final = 3
"""So wide has to be what is left open of a small number."""
ASKED: Final = ("nuoc-thieu", "nha-xong", "nuoc-hvs", "ho-tong")
"""What stands, what was done within the period, a share, and what others are told as shares of."""
PART_OF_ALL: Final = "nuoc-thieu"
YEAR: Final = span_of(period_of(PeriodKind.YEAR, LATER.start))
MONTHS: Final = tuple(span_of(period_of(PeriodKind.MONTH, one.start)) for one in (ALL[0], LATER))
"""Two months next to each other that the weeks lie in."""


# --- what the attacker is told --------------------------------------------------------------------------


@dataclass
class Attacker:
    """Collects equations about one indicator: sums of unknowns that are told."""

    land: Land
    source: Source
    rows: list["Row"] = field(default_factory=list)

    def value(self, var: Var) -> int:
        said = self.land.said[var.village, var.period]
        if self.source.indicator.rate:
            part = int(said["nuoc_ho_hvs"])
            return part if var.column == "part" else int(said["nuoc_ho"]) - part
        return int(said[self.source.indicator.numerator[0]])

    @property
    def columns(self) -> tuple[str, ...]:
        return ("part", "rest") if self.source.indicator.rate else ("part",)

    def hears(self, terms: dict[Var, int]) -> None:
        """Told is the sum of some unknowns; it is recounted here, so that only who counts in it matters."""
        row: Row = (terms, sum(times * self.value(var) for var, times in terms.items()))
        if row not in self.rows:
            self.rows.append(row)

    def hears_figure(self, unit: int, period: Period) -> None:
        for column in self.columns:
            self.hears(dict.fromkeys(self.standing(unit, period, column), 1))

    def newest(self, village: int, period: Period, unit: int) -> str | None:
        """The period of a village's number that counts in a unit's figure of `period`: of a stock its newest by then."""
        upto = ALL[: ALL.index(period) + 1]
        known = [one.key for one in upto if (village, one.key) in self.land.said]
        if not self.stands(village, period.end, unit):
            return None
        if self.source.indicator.stock:
            return known[-1] if known else None
        return period.key if period.key in known else None

    def stands(self, village: int, day: date, unit: int) -> bool:
        """Whether what a village said counts in a unit on a day: it does until what took it in has reported its ground,
        and in its own figure always.

        A flow of a period counts if it does so at its end.
        """
        return village == unit or (self.land.replaced(village) or date.max) > day

    def standing(self, unit: int, period: Period, column: str) -> Iterator[Var]:
        """Who counts in a unit's figure: of a stock also who said something before, and nothing since."""
        for village in self.land.within(unit):
            if (key := self.newest(village, period, unit)) is not None:
                yield Var(village, key, column)

    def hears_span(self, unit: int, span: FigureDays) -> None:
        """A flow's sum over a span."""
        for column in self.columns:
            self.hears(
                self.terms((one, self.said_in(one, span, unit)) for one in self.land.within(unit))(column)
            )

    def said_in(self, village: int, span: FigureDays, unit: int) -> list[str]:
        """The periods of a village's numbers that count in a unit over a span: of a stock the newest, of a flow all."""
        upto = [one for one in ALL if one.end <= span.end and (village, one.key) in self.land.said]
        if self.source.indicator.stock and not self.stands(village, span.end, unit):
            return []
        if self.source.indicator.stock:
            return [one.key for one in upto[-1:] if one.end >= span.start]
        return [one.key for one in upto if one.start >= span.start and self.stands(village, one.end, unit)]

    def known_at(self, village: int, span: FigureDays, unit: int) -> list[str]:
        """The same of the earlier end of a change: a stock may be older than the span."""
        stock = self.source.indicator.stock
        return self.said_in(village, replace(span, start=date.min) if stock else span, unit)

    def terms(self, said: Iterable[tuple[int, Sequence[str]]]) -> Callable[[str], dict[Var, int]]:
        """The sum of some villages' numbers, by column."""
        pairs = [(village, key) for village, keys in said for key in keys]
        return lambda column: {Var(village, key, column): 1 for village, key in pairs}

    def hears_last_change(self, unit: int, now: Period, change: Change | None) -> None:
        """How much it changed up to a period, since the one that the change names."""
        if change is not None and change.since is not None:
            self.hears_change(unit, span_of(now), span_of(change.since), change)

    def hears_change(self, unit: int, now: FigureDays, since: FigureDays, change: Change | None) -> None:
        """How much it changed over who said something now and has a number of then; and what is new, if that is told."""
        if change is None:
            return
        fresh = {one: keys for one in self.land.within(unit) if (keys := self.said_in(one, now, unit))}
        then = {one: keys for one in fresh if (keys := self.known_at(one, since, unit))}
        later = self.terms((one, fresh[one]) for one in then)
        earlier = self.terms(then.items())
        new = self.terms((one, keys) for one, keys in fresh.items() if one not in then)
        for column in self.columns:
            if self.source.indicator.rate and tells_ends(change):
                self.hears(later(column))
                self.hears(earlier(column))
            elif change.by is not None:
                self.hears(later(column) | dict.fromkeys(earlier(column), -1))
            if change.new and change.of_new is not None:
                self.hears(new(column))

    # --- and what follows from it ---

    def found(self, near: frozenset[int]) -> Iterator[tuple[Var, Fraction, Fraction]]:
        """The small numbers of villages far away that are left open by less than 3, with their bounds."""
        known, rows = solved(self.rows)
        for village, period in self.land.said:
            if self.land.home[village][0] in near:
                continue
            part = Var(village, period, "part")
            wanted = [{part: 1}]
            if self.source.indicator.rate:
                rest = Var(village, period, "rest")
                wanted += [{rest: 1}, {part: 1, rest: 1}]
            for terms in wanted:
                if 0 < sum(map(self.value, terms)) < OPEN:
                    low, high = bounds(rows, known, terms)
                    if high is not None and high - low < OPEN:
                        yield part, low, high


async def listen(land: Land, viewer: Viewer, ground: Ground, source: Source) -> Attacker:
    """Everything that somebody is told about one indicator."""
    attacker = Attacker(land, source)
    for unit in sorted(ground.asker.visible | ground.asker.former):
        place = await land.session.get_one(Place, unit)
        await listen_to_answers(attacker, viewer, ground, place)
        if place.level != Level.VILLAGE and land.within(unit):
            await listen_to_lists(attacker, viewer, ground, place)
            await listen_to_sums(attacker, viewer, place)
            await listen_to_targets(attacker, viewer, place)
        await listen_to_progress(attacker, viewer, place)
    return attacker


def asking(
    viewer: Viewer, ground: Ground, source: Source, place: int, period: Period, level: str = ""
) -> Asked:
    measure, when = Measure((source.indicator.id,)), When(((period.start, period.end),))
    kind = frames.Ranking(measure=measure, places=(place,), when=when, level=level)
    return Asked(viewer, ground, kind, 0)


async def listen_to_answers(attacker: Attacker, viewer: Viewer, ground: Ground, place: Place) -> None:
    """A unit's figure of each period; and the change, which stands under a figure or between two."""
    source, told = attacker.source, set()
    for period in ALL:
        asked, span = asking(viewer, ground, source, place.id, period), span_of(period)
        counted = await asked.counted(source, place, span)
        if counted.period is not None and not await asked.is_kept_back(source, place, span, counted):
            attacker.hears_figure(place.id, period)
            told.add(period)
    for at, now in enumerate(ALL):
        asked = asking(viewer, ground, source, place.id, now)
        for since in (None, *ALL[:at]) if now in told else ():
            span = span_of(since) if since else None
            change, *_ = await asked.change(source, place, span_of(now), span)
            attacker.hears_last_change(place.id, now, change)
    await listen_to_spans(attacker, viewer, ground, place)


async def listen_to_spans(attacker: Attacker, viewer: Viewer, ground: Ground, place: Place) -> None:
    """A stock at the ends of months, a flow's sums over them and over several periods up to the last; and their change."""
    source, told = attacker.source, list[FigureDays]()
    asked = asking(viewer, ground, source, place.id, LATER)
    longer = [] if source.indicator.stock else [FigureDays(one.start, LATER.end) for one in ALL[:-1]]
    for span in (*MONTHS, *longer):
        counted = await asked.counted(source, place, span)
        if counted.period is None or await asked.is_kept_back(source, place, span, counted):
            continue
        told.append(span)
        if source.indicator.stock:
            attacker.hears_figure(place.id, counted.period)
        else:
            attacker.hears_span(place.id, span)
    if MONTHS[-1] in told:
        change, *_ = await asked.change(source, place, MONTHS[-1], MONTHS[0])
        attacker.hears_change(place.id, MONTHS[-1], MONTHS[0], change)
    values, _ = await values_at_ends(asked.discretion, place, source.indicator, [YEAR.start.year])
    if values and not source.indicator.stock:
        attacker.hears_span(place.id, YEAR)
    elif values:
        attacker.hears_figure(place.id, LATER)


async def listen_to_lists(attacker: Attacker, viewer: Viewer, ground: Ground, place: Place) -> None:
    """Rankings, pictures and spreadsheets of the units below; the movements that a letter tells."""
    for level in (Level.PROVINCE, Level.COMMUNE, Level.VILLAGE):
        for period in ALL:
            asked = asking(viewer, ground, attacker.source, place.id, period, level)
            listed = await ranking.in_order(asked, [place], attacker.source, span_of(period))
            for unit, _ in (*listed.known, *listed.carried):
                attacker.hears_figure(unit.id, period)
        await listen_to_picked(attacker, viewer, ground, place, level)
    if any(role.place_id == place.id for role in viewer.roles):
        for move in await for_reader(viewer, await moved(viewer, place)):
            if move.source.indicator == attacker.source.indicator and move.period in ALL:
                attacker.hears_last_change(move.place.id, move.period, move.change)


async def listen_to_picked(
    attacker: Attacker, viewer: Viewer, ground: Ground, place: Place, level: Level
) -> None:
    """Which units have more than a number, and the whole of those whose number is told as a share of all."""
    source = attacker.source
    of_whole = source.indicator.whole
    measured = await source_of(viewer, viewer.plans.indicators[PART_OF_ALL]) if of_whole else source
    assert measured is not None
    plain = asking(viewer, ground, measured, place.id, LATER, level)
    bounds = (
        (Bound(Relation.AT_LEAST, Decimal(0), "%"),) if of_whole else (Bound(Relation.ABOVE, Decimal(2)),)
    )
    measure = Measure((measured.indicator.id,), by="share") if of_whole else plain.query.measure
    asked = replace(plain, query=replace(plain.listing, measure=measure, bounds=bounds))
    listed = await ranking.in_order(asked, [place], measured, span_of(LATER))
    for unit, _ in listed.known:
        # Where no share may be told, the units stand with their numbers, and nothing is said of a whole.
        if not of_whole or unit.id in listed.of_all:
            attacker.hears_figure(unit.id, LATER)


async def listen_to_sums(attacker: Attacker, viewer: Viewer, place: Place) -> None:
    """The page of a questionnaire's sums: of what was reported for just the period."""
    if await access.visible(viewer, place.id) is None:
        return
    for period in ALL:
        if not await Discretion(viewer).is_sum_kept_back(attacker.source, place, period):
            villages = [
                one
                for one in attacker.land.within(place.id)
                if (one, period.key) in attacker.land.said
                # The page leaves out what an heir has reported.
                and attacker.stands(one, period.end, place.id)
            ]
            for column in attacker.columns if len(villages) > 1 else ():
                attacker.hears({Var(one, period.key, column): 1 for one in villages})


async def listen_to_progress(attacker: Attacker, viewer: Viewer, place: Place) -> None:
    """The page of progress of a unit, its picture, and what a letter says of targets."""
    id = attacker.source.indicator.id
    way = [place, *await viewer.session.places.ancestors(place.id, viewer.today)]
    for heard in await Hearing(viewer, ()).of(way):
        if heard.period in ALL and id in (heard.figures or {}) and id not in heard.kept_back:
            if heard.figures[id].numerator is not None:
                attacker.hears_figure(place.id, heard.period)
            attacker.hears_last_change(place.id, heard.period, (heard.changes or {}).get(id))


async def listen_to_targets(attacker: Attacker, viewer: Viewer, place: Place) -> None:
    """What a target is held against that is about some units only."""
    source, land = attacker.source, attacker.land
    days = () if source.indicator.stock else (YEAR,)
    wanted = DatedTarget(source.indicator, TARGET, NOW.date(), days, NO_YEARS)
    told = await limited(viewer, place, wanted)
    if told is None or told.kept_back or told.figure is None or told.figure.numerator is None:
        return
    under = [one for one in land.within(place.id) if one not in land.closed]
    having = {one for one in under if land.marked & {one, land.home[one][0]}}
    # Of a commune that is in it as a whole the total counts, with the villages that went into others.
    whole = {land.home[one][0] for one in having} - {land.home[one][0] for one in under if one not in having}
    counted = having.union(*map(land.within, whole))
    for column in attacker.columns:
        if source.indicator.stock:
            terms = {var: 1 for one in counted for var in attacker.standing(one, LATER, column)}
        else:
            terms = attacker.terms((one, attacker.said_in(one, YEAR, place.id)) for one in counted)(column)
        attacker.hears(terms)


# --- random countries -----------------------------------------------------------------------------------

COUNT = st.one_of(st.integers(0, 3), st.integers(0, 3), st.integers(0, 25))
LARGE = st.integers(380, 420)
REPORT = st.one_of(
    st.none(),
    *[st.tuples(COUNT, COUNT, COUNT, st.one_of(COUNT, COUNT, LARGE)).map(lambda one: Said(*one))] * 4,
)
VILLAGES: Final = sum(chain.from_iterable(TREE))
LANDS = st.lists(st.tuples(*[REPORT] * len(ALL)), min_size=VILLAGES, max_size=VILLAGES)
Reports = list[tuple[Said | None, ...]]
NUMBERS = st.integers(0, VILLAGES - 1)
COMMUNES: Final = sum(map(len, TREE))
MARKED = st.one_of(st.integers(0, COMMUNES - 1), st.integers(0, COMMUNES + VILLAGES - 1))
DAYS = st.integers(0, (NOW.date() - FIRST_DAY).days - 1).map(lambda days: FIRST_DAY + timedelta(days))
Mergers = list[tuple[int, int, date]]
"""Which village went into which other one, and its last day."""
MERGERS = st.lists(st.tuples(NUMBERS, NUMBERS, DAYS), max_size=2)


async def attack(
    url: str, level: Level, id: str, reports: Reports, mergers: Mergers, early: set[int], area: set[int]
) -> list[tuple[Var, Fraction, Fraction]]:
    """What somebody with a role at a level finds who puts everything together; `early`: the villages that report each week
    as it begins, so that a merger may follow."""
    engine = open_engine(url)
    async with Session(engine) as session:
        land = Land(session)
        await land.settle()
        for number, into, last in mergers:
            await land.merge(land.villages[number], land.villages[into], last)
        for village, said_by in zip(land.villages, reports, strict=True):
            last = land.closed[village][0] if village in land.closed else date.max
            for period, said in zip(ALL, said_by, strict=True):
                if said is not None and period.start <= last:
                    is_early = land.villages.index(village) in early
                    sent = datetime.combine(period.start, time(8), ZONE) if is_early else NOW
                    await land.report(village, period.key, said.answers, sent)
        await land.mark(area)
        gazetteer = await gazetteer_of(session)
        units = {
            Level.NATION: land.nation,
            Level.PROVINCE: land.provinces[0],
            Level.DISTRICT: land.district,
            Level.COMMUNE: land.communes[0],
        }
        root = units[level]
        roles = (Role(id=1, person_id=1, place_id=root, role=RoleName.PROVINCE_OFFICER),)
        viewer = Viewer(session, Library(PLANS, ZONE), roles, NOW)
        ground = Ground(DICTIONARY, gazetteer, await asker_of(viewer, (root,), gazetteer))
        source = await source_of(viewer, viewer.plans.indicators[id])
        assert source is not None
        attacker = await listen(land, viewer, ground, source)
        found = list(attacker.found(frozenset({root} & set(land.communes))))
        await session.rollback()
    await engine.dispose()
    return found


@given(
    st.sampled_from((Level.NATION, Level.NATION, Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)),
    st.sampled_from(ASKED),
    LANDS,
    MERGERS,
    st.sets(NUMBERS),
    st.sets(MARKED, max_size=5),
)
@settings(
    max_examples=LONGER or 4,
    derandomize=not LONGER,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_small_number_is_found_by_putting_together_what_is_told(
    sqlite_template: Path,
    tmp_path: Path,
    level: Level,
    id: str,
    reports: Reports,
    mergers: Mergers,
    early: set[int],
    area: set[int],
) -> None:
    file = tmp_path / "attacked.db"
    if not file.exists():
        shutil.copyfile(sqlite_template, file)
    assert not asyncio.run(attack(f"sqlite+aiosqlite:///{file}", level, id, reports, mergers, early, area))
