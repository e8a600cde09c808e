"""The ledger is what the reports give: after any history, under any boundaries, on both databases."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from plans.period import PeriodKind, from_key
from plans.reading import load_plans
from plans.rollup import Figure, combined, figure
from questionnaires.answers import AnswerKind
from questionnaires.questionnaire import Question, Questionnaire, QuestionType
from storage import interviews, ledger, submissions
from storage.database import open_engine, reading, writing
from storage.ledger.measures import measure_id
from storage.session import Session
from storage.tables import Form, Level, Person, Place, PlaceEdge, PlaceEvent, PlaceSuccession
from storage.zone import ZONE

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
DAWN = datetime.min.replace(tzinfo=UTC)
WEEKS = tuple(f"2026-W{week}" for week in range(40, 47))
QUESTIONS = ("nuoc_ho", "nuoc_ho_hvs", "nuoc_ho_dtts", "nuoc_ho_dtts_hvs", "nha_xong")
INDICATORS = ("nuoc-hvs", "nuoc-hvs-dtts", "nha-xong")
START = from_key(WEEKS[0]).start
DAYS = st.integers(0, 7 * len(WEEKS) + 10).map(lambda days: START + timedelta(days))
VILLAGES, COMMUNES, PROVINCES = 4, 3, 2


def form_of_test() -> Questionnaire:
    ask: Callable[..., Question] = Question
    nodes = tuple(ask(f"/data/{name}", name, QuestionType.DECIMAL, AnswerKind.COUNT) for name in QUESTIONS)
    return Questionnaire("so-cai", "v1", {"vi": "Sổ cái"}, ("vi",), "vi", nodes, {}, "")


@dataclass
class Country:
    """A nation, provinces, communes and villages, and beside the database a plain model of what happened."""

    session: Session
    form: Questionnaire = field(default_factory=form_of_test)
    form_id: int = 0
    head: int = 0
    nation: int = 0
    provinces: list[int] = field(default_factory=list)
    communes: list[int] = field(default_factory=list)
    villages: list[int] = field(default_factory=list)
    parents: dict[int, list[tuple[date, int]]] = field(default_factory=dict)
    closed: dict[int, tuple[date, int | None]] = field(default_factory=dict)
    """The last day, and where the place went whole (None: it was split)."""
    into: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """What a closed place went into."""
    said: dict[tuple[int, str], dict[str, Decimal]] = field(default_factory=dict)
    sent: dict[tuple[int, str], datetime] = field(default_factory=dict)
    recorded: dict[int, datetime] = field(default_factory=dict)
    """When it was recorded that a place was closed, if that was not done in time."""

    async def settle(self) -> None:
        stored = Form(name="so-cai", version="v1", compiled=self.form.to_json())
        person = Person(name="")
        self.session.add_all((stored, person))
        await self.session.flush()
        self.form_id, self.head = stored.id, person.id
        self.nation = await self.place(Level.NATION, None)
        self.provinces = [await self.place(Level.PROVINCE, self.nation) for _ in range(PROVINCES)]
        self.communes = [
            await self.place(Level.COMMUNE, self.provinces[n % PROVINCES]) for n in range(COMMUNES)
        ]
        self.villages = [
            await self.place(Level.VILLAGE, self.communes[n % COMMUNES]) for n in range(VILLAGES)
        ]

    async def place(self, level: Level, parent: int | None) -> int:
        made = await self.session.places.add(level, "", f"{level}", parent)
        if parent is not None:
            self.parents[made.id] = [(date.min, parent)]
        return made.id

    async def report(
        self, place: int, week: str, values: Mapping[str, Decimal], sent: datetime = NOW
    ) -> None:
        row = await interviews.start(
            self.session,
            person_id=self.head,
            place_id=place,
            form_id=self.form_id,
            form_name="so-cai",
            period=week,
            state={},
            now=sent,
        )
        answers = {f"/data/{name}": str(value) for name, value in values.items()}
        await submissions.send(self.session, row, self.form, answers, sent)
        self.said[place, week], self.sent[place, week] = dict(values), sent

    async def give_back(self, place: int, week: str) -> None:
        """A report that is returned counts no more."""
        await submissions.retire(self.session, place, "so-cai", week)
        self.said.pop((place, week), None)
        self.sent.pop((place, week), None)

    async def move(self, place: int, parent: int, day: date) -> None:
        since, before = self.parents[place][-1]
        if place in self.closed or day <= since or before == parent:
            return
        async with ledger.while_moving(self.session, [place]):
            edge = (
                await self.session.exec(
                    select(PlaceEdge).where(PlaceEdge.child_id == place, col(PlaceEdge.last_day).is_(None))
                )
            ).one()
            edge.last_day = day - timedelta(1)
            self.session.add(PlaceEdge(child_id=place, parent_id=parent, first_day=day))
        self.parents[place].append((day, parent))

    async def close(
        self, place: int, into: tuple[int, ...], last: date, recorded: datetime | None = None
    ) -> None:
        if place in self.closed or any(other in self.closed for other in into):
            return
        if len(self.closed) == VILLAGES - 2 or place in into:
            return
        # What went into it went into something that stood then.
        if any(place in heirs and self.closed[other][0] >= last for other, heirs in self.into.items()):
            return
        async with ledger.while_moving(self.session, [place]):
            found = await self.session.get_one(Place, place)
            found.last_day = last
            for other in into:
                whole = len(into) == 1
                self.session.add(PlaceSuccession(from_id=place, to_id=other, day=last, whole=whole))
            if recorded is not None:
                detail = {"from": [place], "into": list(into)}
                self.session.add(
                    PlaceEvent(kind="merge", day=last, legal_basis="", detail=detail, created_at=recorded)
                )
                self.recorded[place] = recorded
        self.closed[place], self.into[place] = (last, into[0] if len(into) == 1 else None), into

    # --- the plain model ---

    def units(self, village: int, day: date) -> set[int]:
        """What the village counts in by the boundaries of `day`."""
        found: set[int] = set()
        here = village
        while here in self.parents:
            last, went = self.closed.get(here, (None, None))
            if last is not None and last < day and went is not None:
                here = went
            else:
                look = min(day, last) if last is not None else day
                here = [parent for since, parent in self.parents[here] if since <= look][-1]
            found.add(here)
        return found - {village}

    def replaced(self, village: int, since: datetime = DAWN) -> date | None:
        """When what a closed village had said was replaced: by the reports of a place that it went into, sent since
        then and since it was recorded, for what ends since then, or by those of one that this place went into.

        They begin behind the last that was sent before; `since`: when the step before was recorded.
        """
        last, _ = self.closed.get(village, (None, None))
        if last is None:
            return None
        begun = datetime.combine(last + timedelta(1), time(), ZONE)
        since = max(begun, since, self.recorded.get(village, DAWN))
        ends = []
        for heir in self.into[village]:
            if day := self.replaced(heir, since):
                ends.append(day)
            ahead = [
                (from_key(week).end, sent)
                for (place, week), sent in self.sent.items()
                if place == heir and from_key(week).end > last
            ]
            own = max((end for end, sent in ahead if sent < since), default=last)
            ends += [end for end, sent in ahead if sent >= since and end > own]
        return min(ends, default=None)

    def newest(self, village: int, day: date) -> str | None:
        if (self.replaced(village) or date.max) <= day:
            return None
        weeks = [week for week in WEEKS if (village, week) in self.said and from_key(week).end <= day]
        return weeks[-1] if weeks else None

    def standing(self, unit: int, name: str, day: date, on: date | None) -> tuple[int, Decimal, Decimal]:
        weeks = {village: week for village in self.villages if (week := self.newest(village, day))}
        return self.counted(unit, name, list(weeks.items()), on)

    def of_week(self, unit: int, name: str, week: str, on: date | None) -> tuple[int, Decimal, Decimal]:
        return self.counted(unit, name, self.said_in(week, name), on)

    def said_in(self, week: str, name: str) -> list[tuple[int, str]]:
        """Whose reports of a week count: of a flow not those of before a merger, once an heir has said the whole."""
        heard = [key for key in self.said if key[1] == week]
        if load_plans().indicators[name].stock:
            return heard
        return [(village, _) for village, _ in heard if not self.is_said_again(village, week)]

    def is_said_again(self, village: int, week: str) -> bool:
        """Whether an heir's report for a week or one before holds what a closed village said for it."""
        return (self.replaced(village) or date.max) <= from_key(week).end

    def turned(self, unit: int, name: str, week: str, on: date) -> tuple[tuple[int, Decimal, Decimal], ...]:
        """What a week's reports say beside what the same villages said before; and what is new."""
        now, before, new = [], [], []
        for village, _ in self.said_in(week, name):
            earlier = [other for other in WEEKS if other < week and (village, other) in self.said][-1:]
            old = self.counted(self.nation, name, [(village, other) for other in earlier], None)[0]
            flow = not load_plans().indicators[name].stock
            if not self.counted(self.nation, name, [(village, week)], None)[0]:
                continue
            if old and not (flow and earlier != [from_key(week).previous().key]):
                now.append((village, week))
                before.append((village, earlier[0]))
            else:
                new.append((village, week))
        return tuple(self.counted(unit, name, which, on) for which in (now, before, new))

    def counted(
        self, unit: int, name: str, which: list[tuple[int, str]], on: date | None
    ) -> tuple[int, Decimal, Decimal]:
        here = [
            self.said[village, week]
            for village, week in which
            if unit in self.units(village, on or from_key(week).end)
        ]
        indicator = load_plans().indicators[name]
        figures = [each for values in here if (each := figure(indicator, values)).numerator is not None]
        total = combined(indicator, figures)
        return len(figures), total.numerator or Decimal(0), total.denominator or Decimal(0)


# --- histories ------------------------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.integers(0, 999).map(Decimal),
    st.just(Decimal(0)),
    st.decimals(0, 99, places=3, allow_nan=False),
)
ANSWERS = st.fixed_dictionaries({}, optional=dict.fromkeys(QUESTIONS, NUMBERS))
VILLAGE, COMMUNE = st.integers(0, VILLAGES - 1), st.integers(0, COMMUNES - 1)
STEPS = st.one_of(
    st.tuples(st.sampled_from(("report", "early")), VILLAGE, st.sampled_from(WEEKS), ANSWERS),
    st.tuples(st.just("report"), VILLAGE, st.sampled_from(WEEKS), ANSWERS),
    st.tuples(st.just("give back"), VILLAGE, st.sampled_from(WEEKS)),
    st.tuples(st.just("move village"), VILLAGE, COMMUNE, DAYS),
    st.tuples(st.just("move commune"), COMMUNE, st.integers(0, PROVINCES - 1), DAYS),
    st.tuples(st.just("merge"), VILLAGE, VILLAGE, DAYS),
    st.tuples(st.just("split"), VILLAGE, VILLAGE, VILLAGE, DAYS),
    st.tuples(st.just("merge late"), VILLAGE, VILLAGE, DAYS, DAYS),
)


async def happen(country: Country, step: tuple[object, ...]) -> None:
    match step:
        case ("report", int(which), str(week), dict(values)):
            await country.report(country.villages[which], week, values)
        case ("early", int(which), str(week), dict(values)):
            begun = datetime.combine(from_key(week).start, time(8), UTC)
            await country.report(country.villages[which], week, values, begun)
        case ("give back", int(which), str(week)):
            await country.give_back(country.villages[which], week)
        case ("move village", int(which), int(to), date() as day):
            await country.move(country.villages[which], country.communes[to], day)
        case ("move commune", int(which), int(to), date() as day):
            await country.move(country.communes[which], country.provinces[to], day)
        case ("merge", int(which), int(to), date() as day):
            await country.close(country.villages[which], (country.villages[to],), day)
        case ("merge late", int(which), int(to), date() as day, date() as told):
            at = datetime.combine(max(day, told), time(9), UTC)
            await country.close(country.villages[which], (country.villages[to],), day, at)
        case ("split", int(which), int(one), int(two), date() as day) if one != two:
            await country.close(country.villages[which], (country.villages[one], country.villages[two]), day)


@given(st.lists(STEPS, max_size=18), st.lists(DAYS, min_size=2, max_size=2))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_history_the_ledger_is_what_the_reports_give(
    database_url: str, history: list[tuple[object, ...]], days: list[date]
) -> None:
    asyncio.run(play(database_url, history, days))


async def play(url: str, history: list[tuple[object, ...]], days: list[date]) -> None:
    engine = open_engine(url)
    async with Session(engine) as session:
        country = Country(session)
        await country.settle()
        for step in history:
            await happen(country, step)
        await compare(country, days)
        await session.rollback()
    await engine.dispose()


async def compare(country: Country, days: list[date]) -> None:
    """The ledger beside the plain model and beside itself recomputed; each parent beside its children."""
    session = country.session
    assert await ledger.verify(session) == []
    units = [country.nation, *country.provinces, *country.communes]
    for on in (None, *days):
        for day in (days[0], from_key(WEEKS[3]).end):
            found = await ledger.standing(session, units, "so-cai", INDICATORS, day, on)
            for unit in units:
                for name in INDICATORS[:2]:
                    total = found.get(unit, {}).get(name, ledger.NOTHING)
                    assert tuple(total) == country.standing(unit, name, day, on)
        if on is not None:
            await compare_turned(country, units, on)
        for week in WEEKS[2:4]:
            found = await ledger.said(session, units, "so-cai", INDICATORS, from_key(week), on)
            for unit in units:
                for name in INDICATORS:
                    total = found.get(unit, {}).get(name, ledger.NOTHING)
                    assert tuple(total) == country.of_week(unit, name, week, on)
                    if on is not None and unit in (country.nation, *country.provinces):
                        below = [
                            child
                            for child, parents in country.parents.items()
                            if [parent for since, parent in parents if since <= on][-1] == unit
                        ]
                        parts = [found.get(child, {}).get(name, ledger.NOTHING) for child in below]
                        assert total.reports == sum(part.reports for part in parts)
                        assert total.numerator == sum((part.numerator for part in parts), Decimal(0))


async def compare_turned(country: Country, units: list[int], on: date) -> None:
    """What changed since the report before, beside the plain model."""
    week = WEEKS[3]
    turned = await ledger.turned(country.session, units, "so-cai", INDICATORS, from_key(week), on)
    nothing = ledger.Turned(ledger.NOTHING, ledger.NOTHING, ledger.NOTHING)
    for unit in units:
        for name in INDICATORS:
            one = turned.get(unit, {}).get(name, nothing)
            assert tuple(map(tuple, (one.now, one.before, one.new))) == country.turned(unit, name, week, on)


# --- one thing at a time --------------------------------------------------------------------------------


@pytest.fixture
async def country(session: Session) -> Country:
    made = Country(session)
    await made.settle()
    return made


def water(households: int, good: int) -> dict[str, Decimal]:
    return {"nuoc_ho": Decimal(households), "nuoc_ho_hvs": Decimal(good)}


async def standing(country: Country, unit: int, day: date, on: date | None = None) -> tuple[int, int, int]:
    """Reports, numerator and denominator of hygienic water."""
    found = await ledger.standing(country.session, [unit], "so-cai", ["nuoc-hvs"], day, on)
    reports, numerator, denominator = found.get(unit, {}).get("nuoc-hvs", ledger.NOTHING)
    return reports, int(numerator), int(denominator)


END = [from_key(week).end for week in WEEKS]


async def test_moving_a_village_moves_its_past_or_not_as_asked(country: Country) -> None:
    village, (old, new, _) = country.villages[0], country.communes
    day = END[1] + timedelta(1)
    await country.report(village, WEEKS[0], water(50, 40))
    await country.move(village, new, day)
    assert await standing(country, old, END[1]) == (1, 40, 50)
    assert await standing(country, old, END[1], on=day) == (0, 0, 0)
    assert await standing(country, new, END[1], on=day) == (1, 40, 50)
    assert await standing(country, old, END[1], on=END[1]) == (1, 40, 50)
    await country.report(village, WEEKS[3], water(52, 52))
    assert await standing(country, old, END[3]) == (0, 0, 0)
    assert await standing(country, new, END[3]) == (1, 52, 52)
    assert await standing(country, old, END[3], on=END[1]) == (1, 52, 52)
    assert await standing(country, country.nation, END[3]) == (1, 52, 52)


async def test_a_stock_stands_until_the_place_that_took_it_in_has_reported_the_whole(
    country: Country,
) -> None:
    village, into = country.villages[:2]
    both, last, merged = country.communes[1], END[2], END[2] + timedelta(1)
    before = datetime.combine(END[2], time(8), UTC)
    await country.report(village, WEEKS[0], water(50, 40))
    await country.report(into, WEEKS[3], water(9, 9), sent=before)
    await country.close(village, (into,), last)
    at = [merged, END[3], END[4]]
    assert [await standing(country, both, day, on=merged) for day in at] == [
        (1, 40, 50),
        (2, 49, 59),
        (2, 49, 59),
    ]
    assert await standing(country, into, END[0], on=merged) == (1, 40, 50)
    # Neither a report from before the merger holds what was merged, nor a later one of an earlier period.
    await country.report(into, WEEKS[2], water(8, 8))
    assert await standing(country, both, END[4], on=merged) == (2, 49, 59)
    await country.report(into, WEEKS[4], water(60, 49))
    assert [await standing(country, both, day, on=merged) for day in at[1:]] == [(2, 49, 59), (1, 49, 60)]
    # Once corrected since, the earlier one holds it as well; returned, both wait again.
    await country.report(into, WEEKS[3], water(61, 50))
    assert [await standing(country, both, day, on=merged) for day in at] == [
        (2, 48, 58),
        (1, 50, 61),
        (1, 49, 60),
    ]
    for week in WEEKS[3:5]:
        await country.give_back(into, week)
    assert await standing(country, both, END[4], on=merged) == (2, 48, 58)
    assert await ledger.verify(country.session) == []


async def test_a_merger_recorded_late_changes_no_figure_by_itself(country: Country) -> None:
    """Both go on reporting until it is recorded, each about its own ground; that is no report of the whole."""
    village, into = country.villages[:2]
    both, last = country.communes[1], END[2]
    sent = [datetime.combine(end, time(8), UTC) for end in END]
    for week in (3, 4):
        await country.report(village, WEEKS[week], water(50, 40), sent[week])
        await country.report(into, WEEKS[week], water(9, 9), sent[week])
    await country.close(village, (into,), last, sent[5])
    assert [await standing(country, both, day, on=END[6]) for day in END[3:5]] == [(2, 49, 59)] * 2
    await country.report(into, WEEKS[3], water(61, 50), sent[6])
    # Corrected since, the earlier one holds the whole; the later one does not yet, so both values stand on.
    assert [await standing(country, both, day, on=END[6]) for day in END[3:5]] == [(2, 90, 111), (2, 49, 59)]
    await country.report(into, WEEKS[5], water(60, 49), sent[6])
    assert [await standing(country, both, day, on=END[6]) for day in END[4:6]] == [(2, 49, 59), (1, 49, 60)]
    await country.report(into, WEEKS[4], water(62, 50), sent[6])
    assert [await standing(country, both, day, on=END[6]) for day in END[3:6]] == [
        (1, 50, 61),
        (1, 50, 62),
        (1, 49, 60),
    ]
    assert await ledger.verify(country.session) == []


async def built(country: Country, unit: int, week: str) -> tuple[int, int]:
    """How many reports of a week tell of houses that were finished, and how many houses."""
    found = await ledger.said(country.session, [unit], "so-cai", ["nha-xong"], from_key(week), END[6])
    total = found.get(unit, {}).get("nha-xong", ledger.NOTHING)
    return total.reports, int(total.numerator)


async def test_a_flow_of_the_period_of_a_merger_counts_once(country: Country) -> None:
    """The new village's report is of the whole period: it stands for those of the old ones, whichever comes first."""
    one, other, new, _ = country.villages
    units = [country.communes[2], country.nation]
    before = datetime.combine(END[2], time(8), UTC)
    for village, houses in ((one, 3), (other, 4)):
        for week in WEEKS[2:4]:
            await country.report(village, week, {"nha_xong": Decimal(houses)}, sent=before)
        await country.close(village, (new,), END[3] - timedelta(2))
    assert [await built(country, unit, WEEKS[3]) for unit in units] == [(2, 7)] * 2
    await country.report(new, WEEKS[3], {"nha_xong": Decimal(9)})
    assert [await built(country, unit, WEEKS[3]) for unit in units] == [(1, 9)] * 2
    # What was done before, each of them did; and what arrives of it late is in the whole.
    assert [await built(country, unit, WEEKS[2]) for unit in units] == [(2, 7)] * 2
    await country.report(one, WEEKS[3], {"nha_xong": Decimal(5)})
    assert await built(country, country.nation, WEEKS[3]) == (1, 9)
    await country.give_back(new, WEEKS[3])
    assert [await built(country, unit, WEEKS[3]) for unit in units] == [(2, 9)] * 2
    assert await ledger.verify(country.session) == []


async def test_a_rebuild_tells_how_far_it_is_and_gives_the_same(country: Country) -> None:
    for village in country.villages:
        await country.report(village, WEEKS[0], water(50, 40))
    told: list[tuple[int, int]] = []
    await ledger.rebuild(country.session, lambda done, places: told.append((done, places)))
    assert told == [(0, VILLAGES), (VILLAGES, VILLAGES)]
    assert await ledger.verify(country.session) == []
    assert await standing(country, country.nation, END[0]) == (VILLAGES, 40 * VILLAGES, 50 * VILLAGES)


async def test_the_past_of_a_village_that_was_split_stays_where_it_was(country: Country) -> None:
    village = country.villages[0]
    await country.report(village, WEEKS[0], water(50, 40))
    await country.close(village, (country.villages[1], country.villages[2]), END[2])
    later = END[2] + timedelta(1)
    found = [await standing(country, commune, END[0], on=later) for commune in country.communes]
    assert found == [(1, 40, 50), (0, 0, 0), (0, 0, 0)]


async def test_a_closed_province_is_what_is_left_of_its_own_ground(country: Country) -> None:
    closed, into = country.provinces
    await country.report(country.villages[0], WEEKS[0], water(50, 40))
    await country.report(country.villages[1], WEEKS[0], water(30, 10))
    later = END[2] + timedelta(1)
    async with ledger.while_moving(country.session, [closed, country.communes[0], country.communes[2]]):
        found = await country.session.get_one(Place, closed)
        found.last_day = END[2]
        country.session.add(PlaceSuccession(from_id=closed, to_id=into, day=later, whole=False))
        edges = select(PlaceEdge).where(PlaceEdge.parent_id == closed)
        for edge in (await country.session.exec(edges)).all():
            edge.last_day = END[2]
            country.session.add(PlaceEdge(child_id=edge.child_id, parent_id=into, first_day=later))
    assert await standing(country, closed, END[2]) == (1, 40, 50)
    assert await standing(country, into, END[2], on=later) == (2, 50, 80)
    assert await standing(country, closed, END[2], on=later) == (1, 40, 50)
    assert await ledger.verify(country.session) == []


async def test_a_late_report_and_a_revision_change_only_their_own_time(country: Country) -> None:
    village, commune = country.villages[0], country.communes[0]
    await country.report(village, WEEKS[0], water(50, 40))
    await country.report(village, WEEKS[4], water(54, 44))
    await country.report(village, WEEKS[2], water(52, 42))
    seen = [await standing(country, commune, day) for day in END[:6]]
    assert [numerator for _, numerator, _ in seen] == [40, 40, 42, 42, 44, 44]
    await country.report(village, WEEKS[2], water(52, 32))
    seen = [await standing(country, commune, day) for day in END[:6]]
    assert [numerator for _, numerator, _ in seen] == [40, 40, 32, 32, 44, 44]
    assert {reports for reports, _, _ in seen} == {1}


async def test_a_rate_is_over_the_villages_that_counted_both(country: Country) -> None:
    await country.report(country.villages[0], WEEKS[0], water(50, 40))
    await country.report(country.villages[3], WEEKS[0], {"nuoc_ho": Decimal(30)})
    found = await ledger.standing(country.session, country.communes, "so-cai", ["", "nuoc-hvs"], END[0])
    total = found[country.communes[0]]
    assert (total[""].reports, total["nuoc-hvs"]) == (2, ledger.Total(1, Decimal(40), Decimal(50)))
    shown = total["nuoc-hvs"].figure(load_plans().indicators["nuoc-hvs"])
    assert shown == Figure("nuoc-hvs", Decimal(80), Decimal(40), Decimal(50))
    assert ledger.NOTHING.figure(load_plans().indicators["nuoc-hvs"]).value is None


def test_what_does_not_add_up_has_no_total() -> None:
    income = load_plans().indicators["tn-usd"]
    assert ledger.Total(1, Decimal(2900), Decimal(0)).figure(income).value == 2900
    assert ledger.Total(2, Decimal(5900), Decimal(0)).figure(income) == Figure("tn-usd", None)


async def test_a_flow_is_the_sum_of_the_periods_within(country: Country) -> None:
    for week, count in zip((WEEKS[0], WEEKS[2], WEEKS[5]), (1, 2, 4), strict=True):
        await country.report(country.villages[0], week, {"nha_xong": Decimal(count)})
    october, names = from_key("2026-10"), ["nha-xong", "?nha_xong"]
    found = await ledger.said(
        country.session, [country.nation], "so-cai", names, october, within=PeriodKind.WEEK
    )
    assert [found[country.nation][name].numerator for name in names] == [3, 3]
    assert await ledger.said(country.session, [country.nation], "so-cai", ["nha-xong"], october) == {}


async def test_an_officers_own_report_counts_for_the_unit_and_those_above(country: Country) -> None:
    await country.report(country.communes[0], WEEKS[0], water(900, 700))
    seen = [await standing(country, unit, END[0]) for unit in (country.communes[0], country.provinces[0])]
    assert seen == [(1, 700, 900)] * 2
    assert await standing(country, country.communes[1], END[0]) == (0, 0, 0)


@pytest.mark.parametrize("huge", ["1e14", "123456789012345678901234567890", "-1e20"])
async def test_a_number_beyond_all_figures_is_left_out(country: Country, huge: str) -> None:
    await country.report(country.villages[0], WEEKS[0], {"nuoc_ho": Decimal(huge), "nuoc_ho_hvs": Decimal(1)})
    await country.report(country.villages[3], WEEKS[0], water(50, 40))
    assert await standing(country, country.nation, END[0]) == (1, 40, 50)


async def test_verify_names_what_is_wrong_and_rebuilding_mends_it(country: Country) -> None:
    await country.report(country.villages[0], WEEKS[0], water(50, 40))
    connection = await country.session.connection()
    measure = measure_id("so-cai", "nuoc-hvs", "")
    wrong = text("UPDATE ledger SET numerator = 41 WHERE place_id = :unit AND measure_id = :measure")
    await connection.execute(wrong, {"unit": country.nation, "measure": measure})
    lost = text("DELETE FROM ledger WHERE place_id = :unit AND measure_id = :measure")
    await connection.execute(lost, {"unit": country.communes[0], "measure": measure})
    found = await ledger.verify(country.session)
    assert [(each.place_id, each.measure, each.day, each.reports, each.numerator) for each in found] == [
        (country.nation, "so-cai nuoc-hvs", END[0], 0, 1),
        (country.communes[0], "so-cai nuoc-hvs", END[0], -1, -40),
    ]
    await ledger.rebuild(country.session)
    assert await ledger.verify(country.session) == []
    assert not await ledger.keep_fit(country.session)


async def test_a_ledger_made_by_other_definitions_is_made_anew(country: Country) -> None:
    await country.report(country.villages[0], WEEKS[0], water(50, 40))
    await (await country.session.connection()).execute(text("DELETE FROM ledger"))
    assert await ledger.keep_fit(country.session)
    assert await standing(country, country.nation, END[0]) == (1, 40, 50)


# --- several at once ------------------------------------------------------------------------------------


@pytest.fixture
async def settled(database: AsyncEngine) -> Country:
    """A country that stands in the database, for transactions of one's own."""
    async with writing(database) as session:
        made = Country(session)
        await made.settle()
    return made


async def test_reports_of_one_village_at_once_see_each_other(database: AsyncEngine, settled: Country) -> None:
    village = settled.villages[0]

    async def report(week: str) -> None:
        async with writing(database) as session:
            await replace(settled, session=session).report(village, week, water(50, int(week[-2:])))

    await asyncio.gather(*(report(week) for week in WEEKS))
    async with reading(database) as session:
        country = replace(settled, session=session)
        assert [await standing(country, country.nation, day) for day in END] == [
            (1, int(week[-2:]), 50) for week in WEEKS
        ]
        assert await ledger.verify(session) == []


async def test_making_the_ledger_anew_twice_at_once_makes_it_once(
    database: AsyncEngine, settled: Country
) -> None:
    async with writing(database) as session:
        await replace(settled, session=session).report(settled.villages[0], WEEKS[0], water(50, 40))

    async def start() -> bool:
        async with writing(database) as session:
            return await ledger.keep_fit(session)

    assert sorted(await asyncio.gather(start(), start(), start())) == [False, False, True]
    async with reading(database) as session:
        assert await ledger.verify(session) == []
