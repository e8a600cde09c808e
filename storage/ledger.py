"""The ledger of figures: what every place's reports add up to, kept up to date as they arrive.

A report adds to the figures of its place and of each unit above in the transaction that makes it current, and is
taken off again when it is no longer. So a figure of the nation is read from as few rows as one of a commune, and
posting a report costs the same however many villages there are. `verify` recomputes it all.

- **What is counted**: the report itself, each number it holds, and each indicator that its numbers give (with
  numerator and denominator, so that a rate is over the places that counted both).
- **As said**: each of these on the last day of the report's period. A flow over some time, or what was reported
  for just one period, is the sum of the days within.
- **As it stands**: an indicator counts from the last day of its period until the next report of that questionnaire by
  the same place, or until the place is closed: added on the one day, taken off on the other. So a stock on a
  day is the sum of everything up to it, and a late report changes two days, not all that follow.
- **Where**: "as then" is where the place lay on the last day of the period. What is other under the boundaries
  of some day is kept beside it, from the day on which it became so; nearly always there is nothing. A closed place
  counts where it went, if it went there whole; one that was split stays where it was, for nobody can say how its
  figures divide.

A village's own reports are not repeated here under the village: `storage.figures` reads them.
"""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache
from hashlib import blake2b
from secrets import randbelow
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Date, Integer, String, bindparam, delete
from sqlmodel import SQLModel, col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from plans.period import Calendar, Period, PeriodKind, from_key, period_of
from plans.plan import Indicator, load_plans
from plans.rollup import Figure, figure, valued
from questionnaires.questionnaire import Questionnaire
from storage import facts, places
from storage.named_sql import named
from storage.remembered import look_again, remembered
from storage.tables import Form, Level, Place, PlaceEdge, Submission

LEDGER: Final = SQLModel.metadata.tables["ledger"]
SUMS: Final = ("reports", "numerator", "numerator_rest", "denominator", "denominator_rest")
UNIT: Final = 10**12
LIMIT: Final = 10**14
"""A larger number is no figure of a place, and its sums would not fit into the database's whole numbers."""
SHARDS: Final = 16
SHARD: Final = randbelow(SHARDS)
"""The part of this process on PostgreSQL."""
AS_THEN: Final = 0
"""The boundaries of each period's own last day."""
FIRST: Final = date.min.toordinal()
BASIS: Final = "ledger_basis"
"""The fact that says by which definitions of indicators the ledger was made."""

Amount = tuple[int, int, int, int, int]
"""Reports, numerator and its rest, denominator and its rest."""
Amounts = Sequence[tuple[int, Amount]]
"""By measure."""
Values = Mapping[str, Decimal]
Signs = tuple[tuple[int, int, int], ...]
"""Where something counts: unit, boundary, and 1 or -1."""


REPORTS: Final[dict[str, Any]] = {
    "id": Integer, "place_id": Integer, "form_name": String, "period": String, "period_end": Date,
}  # fmt: skip
TREE: Final[dict[str, Any]] = {
    "id": Integer, "level": String, "first_day": Date, "last_day": Date,
    "succeeds": Integer, "other": Integer, "since": Date, "until": Date,
}  # fmt: skip
QUERIES: Final[dict[str, tuple[tuple[str, ...], dict[str, Any]]]] = {
    "ledger_tree": (("places",), TREE),
    "ledger_reporters": (("places",), {}),
    "ledger_neighbours": ((), REPORTS),
    "ledger_reports": (("places",), REPORTS),
    "ledger_numbers": (("places",), {}),
    "ledger_values": (("submissions",), {}),
    "ledger_totals": (("places", "measures"), {}),
    "ledger_latest": (("places", "measures"), {}),
}
"""Of each query the parameters that are lists, and the columns whose type is not told by the database."""


@cache
def prepared(name: str) -> Any:
    """The named query with the types of what goes in and comes out."""
    lists, columns = QUERIES[name]
    parameters: list[Any] = [bindparam(each, expanding=True) for each in lists]
    if name == "ledger_neighbours":
        parameters.append(bindparam("day", type_=Date()))
    query = named(name).bindparams(*parameters)
    return query.columns(**columns) if columns else query


# --- what is counted ------------------------------------------------------------------------------------


@cache
def measure_id(form: str, name: str, kind: str) -> int:
    """The number of a measure: always the same, so that nobody has to look it up.

    `name` is an indicator, a question as "?nuoc_ho", or "" for the report itself. `kind` is "" for what stands,
    else of periods of which kind (`kind_of`).
    """
    return int.from_bytes(blake2b(f"{form}\n{name}\n{kind}".encode(), digest_size=6).digest())


@cache
def kind_of(period: str) -> str:
    """The kind of a period: "week", "month", "month-statutory" …"""
    found = from_key(period)
    return found.kind if found.calendar is Calendar.GREGORIAN else f"{found.kind}-{found.calendar}"


def whole_and_rest(number: Decimal) -> tuple[int, int] | None:
    """A number as a whole one and what is left in units of 10^-12; None beyond all figures."""
    if not number.is_finite() or abs(number) >= LIMIT:
        return None
    whole = int(number)
    if whole == number:
        return whole, 0
    return divmod(int((number * UNIT).to_integral_value(ROUND_HALF_EVEN)), UNIT)


def number(whole: int, rest: int) -> Decimal:
    """The number again."""
    return Decimal(whole) + Decimal(rest) / UNIT if rest else Decimal(whole)


class Report(NamedTuple):
    """A report as the ledger sees it: what it says by measure, and what of that stands until the next."""

    day: int
    said: "Amounts"
    stands: "Amounts"


def counted(form: str, period: str, day: date, values: Values) -> Report:
    """What a report with these numbers by question counts."""
    kind = kind_of(period)
    said: list[tuple[int, Amount]] = [(measure_id(form, "", kind), (1, 0, 0, 0, 0))]
    stands: list[tuple[int, Amount]] = [(measure_id(form, "", ""), (1, 0, 0, 0, 0))]
    for question, value in values.items():
        if (parts := whole_and_rest(value)) is not None:
            said.append((measure_id(form, f"?{question}", kind), (1, *parts, 0, 0)))
    for indicator in indicators_of(frozenset(values)):
        amount = amount_of(figure(indicator, values))
        if amount is not None:
            said.append((measure_id(form, indicator.id, kind), amount))
            stands.append((measure_id(form, indicator.id, ""), amount))
    return Report(day.toordinal(), said, stands)


@lru_cache(maxsize=4096)
def indicators_of(questions: frozenset[str]) -> tuple[Indicator, ...]:
    """The indicators that some of these questions may give."""
    known = load_plans().indicators.values()
    return tuple(each for each in known if each.numerator and not questions.isdisjoint(each.questions))


def amount_of(found: Figure) -> Amount | None:
    """A figure as it is added up; None where there is none."""
    if found.numerator is None:
        return None
    numerator = whole_and_rest(found.numerator)
    denominator = whole_and_rest(found.denominator or Decimal(0))
    return None if numerator is None or denominator is None else (1, *numerator, *denominator)


def basis() -> str:
    """A digest of the definitions that the ledger depends on."""
    definitions = [
        (each.id, each.numerator, each.minus, each.denominator, sorted(each.parts.items()))
        for each in sorted(load_plans().indicators.values(), key=lambda indicator: indicator.id)
    ]
    return blake2b(orjson.dumps(definitions), digest_size=16).hexdigest()


# --- where it counts ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """The units that a place's reports count in, by the boundaries of each day.

    `chains` begin with the one from the first of all days on; `closing` is the day after the place's last.
    """

    chains: tuple[tuple[int, frozenset[int]], ...]
    closing: int | None

    def on(self, day: int) -> frozenset[int]:
        """The units by the boundaries of a day."""
        return next(units for first, units in reversed(self.chains) if first <= day)

    def signs(self, day: int) -> Signs:
        """Where a report counts whose period ended on `day`."""
        then = self.on(day)
        found = [(unit, AS_THEN, 1) for unit in sorted(then)]
        before = then
        for first, units in self.chains:
            found += [(unit, first, 1) for unit in sorted(units - before)]
            found += [(unit, first, -1) for unit in sorted(before - units)]
            before = units
        return tuple(found)

    def until(self, first: int, after: int | None) -> int | None:
        """When a stock of `first` ends whose next report is of `after`; None: not yet."""
        closing = self.closing
        return closing if closing is not None and (after is None or closing < after) else after


@dataclass(slots=True)
class Unit:
    """A place with its edges (first day, last day, parent) and what it went into (unit, whole)."""

    level: str
    first: date
    last: date | None
    edges: list[tuple[date, date, int]] = field(default_factory=list)
    into: list[tuple[int, bool]] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    """On which days something about it changed."""

    def parent(self, day: date) -> int | None:
        """What it lay in on `day`; where no edge covers that day, by the last edge before, else the first."""
        if not self.edges:
            return None
        begun = [edge for edge in self.edges if edge[0] <= day] or self.edges[:1]
        return next((edge for edge in begun if edge[1] >= day), begun[-1])[2]


class Tree:
    """Places with everything that they ever lay in or went into."""

    def __init__(self) -> None:
        self.units: dict[int, Unit] = {}

    def chain(self, place: int, day: date) -> list[int]:
        """What `place` lies in by the boundaries of `day`, nearest first."""
        found: list[int] = []
        here = place
        while True:
            unit = self.units[here]
            look = max(day, unit.first)
            onward: int | None = None
            if unit.last is not None and unit.last < day:
                look = unit.last
                if len(unit.into) == 1 and unit.into[0][1]:
                    onward = unit.into[0][0]
            onward = unit.parent(look) if onward is None else onward
            if onward is None or onward == place or onward in found:
                return found
            found.append(onward)
            here = onward

    def way(self, place: int) -> Way:
        """Where the place's reports count."""
        own = self.units[place]
        days, seen, ahead = {date.min}, {place}, [place]
        while ahead:
            unit = self.units[ahead.pop()]
            days |= unit.days
            further = {edge[2] for edge in unit.edges} | {to for to, _ in unit.into}
            ahead += further - seen
            seen |= further
        chains: list[tuple[int, frozenset[int]]] = []
        itself = () if own.level == Level.VILLAGE else (place,)
        for day in sorted(days):
            units = frozenset((*itself, *self.chain(place, day)))
            if not chains or chains[-1][1] != units:
                chains.append((day.toordinal(), units))
        return Way(tuple(chains), after(own.last))


def after(last: date | None) -> int | None:
    """The day after a last day."""
    return None if last is None else last.toordinal() + 1


async def tree_of(session: AsyncSession, place_ids: Collection[int]) -> Tree:
    """The tree above (and after) the places."""
    tree = Tree()
    for row in await (await session.connection()).execute(
        prepared("ledger_tree"), {"places": list(place_ids)}
    ):
        number, level, first, last, succeeds, other, since, until = row
        unit = tree.units.get(number)
        if unit is None:
            unit = tree.units[number] = Unit(level, first, last)
            unit.days |= {first, *following(last)}
        if other is None:
            continue
        unit.days |= {since, *following(until)}
        if succeeds:
            unit.into.append((other, succeeds == 1))
        else:
            unit.edges.append((since, until or date.max, other))
            unit.edges.sort()
    return tree


def following(last: date | None) -> tuple[date, ...]:
    """The day after a last day, if there is one."""
    return () if last is None or last == date.max else (date.fromordinal(last.toordinal() + 1),)


# --- adding up ------------------------------------------------------------------------------------------


class Sums:
    """Changes that are still to be written, by where they count, measure and day."""

    def __init__(self) -> None:
        self.cells: dict[Signs, dict[tuple[int, int], list[int]]] = {}
        self.size = 0

    def add(self, signs: Signs, day: int, amounts: Amounts, times: int) -> None:
        """Add amounts on a day, `times` 1 or -1."""
        cells = self.cells.setdefault(signs, {})
        for measure, (reports, whole, rest, of, of_rest) in amounts:
            cell = cells.get((measure, day))
            if cell is None:
                cells[measure, day] = [
                    times * reports,
                    times * whole,
                    times * rest,
                    times * of,
                    times * of_rest,
                ]
                self.size += 1
            else:
                cell[0] += times * reports
                cell[1] += times * whole
                cell[2] += times * rest
                cell[3] += times * of
                cell[4] += times * of_rest

    def rows(self) -> list[dict[str, int]]:
        """What changes, as rows in a fixed order: those who write the same rows must not block each other."""
        found: dict[tuple[int, int, int, int], list[int]] = {}
        for signs, cells in self.cells.items():
            for (measure, day), amounts in cells.items():
                if any(amounts):
                    for unit, boundary, sign in signs:
                        row = found.setdefault((unit, measure, day, boundary), [0] * len(SUMS))
                        for place, amount in enumerate(amounts):
                            row[place] += sign * amount
        return [
            {"place_id": unit, "measure_id": measure, "day": day, "boundary": boundary, "shard": 0}
            | dict(zip(SUMS, row, strict=True))
            for (unit, measure, day, boundary), row in sorted(found.items())
            if any(row)
        ]


def say(sums: Sums, way: Way, report: Report, times: int) -> None:
    """Add what a report says."""
    sums.add(way.signs(report.day), report.day, report.said, times)


def stand(sums: Sums, way: Way, report: Report, until: int | None, times: int) -> None:
    """Add what stands from the end of a report's period until `until`."""
    if until is not None and until <= report.day:
        return
    signs = way.signs(report.day)
    sums.add(signs, report.day, report.stands, times)
    if until is not None:
        sums.add(signs, until, report.stands, -times)


def line(sums: Sums, way: Way, reports: Sequence[Report], times: int) -> None:
    """Add all reports of one questionnaire by one place, in their order.

    What says the same as the one before, and counts in the same units, lets that one stand on.
    """
    first = reports[0]
    for report in reports:
        say(sums, way, report, times)
        if report.stands is not first.stands or way.signs(report.day) != way.signs(first.day):
            stand(sums, way, first, way.until(first.day, report.day), times)
            first = report
    stand(sums, way, first, way.until(first.day, None), times)


async def write(session: AsyncSession, sums: Sums, table: str = LEDGER.name) -> None:
    """Add the changes to the ledger, or to a table that looks like it."""
    rows = sums.rows()
    if not rows:
        return
    dialect = (await session.connection()).dialect.name
    if dialect != "sqlite":
        for row in rows:
            row["shard"] = SHARD
    await (await session.connection()).execute(named(f"{table}_add"), rows)


# --- posting --------------------------------------------------------------------------------------------


async def post(session: AsyncSession, submission: Submission, values: Values) -> None:
    """Add a submission that has just become the current one; `values` are its numbers by question.

    Call it when the submission is written and the one that it replaces was taken off.
    """
    await enter(session, submission, values, 1)


async def take_off(session: AsyncSession, submission: Submission) -> None:
    """Take off a submission that was the current one until now."""
    found = await values_of(session, [submission.id])
    await enter(session, submission, found.get(submission.id, {}), -1)


async def enter(session: AsyncSession, submission: Submission, values: Values, times: int) -> None:
    """Add (1) or take off (-1) a submission, and let the one before it stand shorter or longer."""
    place, form = submission.place_id, submission.form_name
    await lock(session, [place])
    way = await way_of(session, place)
    report = counted(form, submission.period, submission.period_end, values)
    before, later = await neighbours(session, submission)
    sums = Sums()
    say(sums, way, report, times)
    stand(sums, way, report, way.until(report.day, later), times)
    if before is not None:
        stand(sums, way, before, way.until(before.day, report.day), times)
        stand(sums, way, before, way.until(before.day, later), -times)
    await write(session, sums)


async def way_of(session: AsyncSession, place: int) -> Way:
    """Where the place's reports count; asked once as long as no place changes."""

    async def ask() -> Way:
        return (await tree_of(session, [place])).way(place)

    return await remembered(session, ("way", place), ask)


async def neighbours(session: AsyncSession, submission: Submission) -> tuple[Report | None, int | None]:
    """The current report of the same place and form before this one, and the day of the one after it."""
    asked = {
        "place": submission.place_id,
        "form": submission.form_name,
        "period": submission.period,
        "day": submission.period_end,
    }
    before, later = None, None
    rows = (await (await session.connection()).execute(prepared("ledger_neighbours"), asked)).all()
    for number, _, form, period, day in rows:
        if (day, period) > (submission.period_end, submission.period):
            later = day.toordinal()
        else:
            values = await values_of(session, [number])
            before = counted(form, period, day, values.get(number, {}))
    return before, later


async def values_of(session: AsyncSession, submissions: Collection[int]) -> dict[int, dict[str, Decimal]]:
    """The numbers of submissions by question; a repeated question's numbers are added up."""
    found: dict[int, dict[str, Decimal]] = {}
    rows = await (await session.connection()).execute(
        prepared("ledger_values"), {"submissions": list(submissions)}
    )
    for submission, question, value in rows:
        add_value(found.setdefault(submission, {}), question, Decimal(value))
    return found


def numbers(answers: Iterable[tuple[str, Decimal | None]]) -> dict[str, Decimal]:
    """The numbers among answers by question; a repeated question's numbers are added up."""
    found: dict[str, Decimal] = {}
    for question, value in answers:
        if value is not None:
            add_value(found, question, value)
    return found


def add_value(values: dict[str, Decimal], question: str, value: Decimal) -> None:
    """Add a number to those of its question."""
    values[question] = values[question] + value if question in values else value


async def lock(session: AsyncSession, place_ids: Collection[int]) -> None:
    """Let nobody else post for these places until the transaction ends (on SQLite nobody can anyway)."""
    if (await session.connection()).dialect.name == "sqlite":
        return
    chosen = select(Place.id).where(col(Place.id).in_(place_ids)).order_by(col(Place.id))
    for some in portions(sorted(place_ids)):
        await session.exec(chosen.where(col(Place.id).in_(some)).with_for_update(key_share=True))
    await look_again(session)


def portions(ids: Sequence[int], at_once: int = 5000) -> Iterable[Sequence[int]]:
    """`ids` in runs that a query can hold."""
    return (ids[start : start + at_once] for start in range(0, len(ids), at_once))


# --- places that change ---------------------------------------------------------------------------------


@asynccontextmanager
async def while_moving(session: AsyncSession, place_ids: Collection[int]) -> AsyncIterator[None]:
    """Change edges, last days and successions of `place_ids` within this: their past follows.

    Name every place whose own edges, days or successions change; what lies below is found.
    """
    await session.flush()
    reporters = await reporters_below(session, place_ids)
    await lock(session, reporters)
    before = await ways_of(session, reporters)
    yield
    await session.flush()
    now = await ways_of(session, reporters)
    moved = [place for place in reporters if now[place] != before[place]]
    async for sums in changes(session, moved, before, now):
        await write(session, sums)


async def reporters_below(session: AsyncSession, place_ids: Collection[int]) -> list[int]:
    """The places with reports that ever lay in these, or are these."""
    query = prepared("ledger_reporters")
    connection = await session.connection()
    found: set[int] = set()
    for some in portions(sorted(place_ids)):
        found.update(row[0] for row in await connection.execute(query, {"places": list(some)}))
    return sorted(found)


async def ways_of(session: AsyncSession, place_ids: Sequence[int]) -> dict[int, Way]:
    """Where each place's reports count."""
    found: dict[int, Way] = {}
    for some in portions(place_ids):
        tree = await tree_of(session, some)
        found |= {place: tree.way(place) for place in some}
    return found


async def changes(
    session: AsyncSession, places: Sequence[int], before: Mapping[int, Way], now: Mapping[int, Way]
) -> AsyncIterator[Sums]:
    """What to add where the reports of `places` counted one way and count another now."""
    async for some in lines_of(session, places):
        sums = Sums()
        for place, reports in some:
            line(sums, before[place], reports, -1)
            line(sums, now[place], reports, 1)
        yield sums


# --- recomputing ----------------------------------------------------------------------------------------

TOGETHER: Final = 20
"""The reports of so many places are in memory at once."""
HELD: Final = 100_000
"""So many sums are held before they are written."""
RECOMPUTED: Final = "ledger_recomputed"


async def lines_of(
    session: AsyncSession, places: Sequence[int]
) -> AsyncIterator[list[tuple[int, list[Report]]]]:
    """All current reports of some places at a time, by place and questionnaire, each in its order."""
    connection = await session.connection()
    reports, answers = prepared("ledger_reports"), prepared("ledger_numbers")
    for some in portions(places, TOGETHER):
        values: dict[int, list[tuple[str, str]]] = {}
        for submission, question, value in await connection.execute(answers, {"places": list(some)}):
            values.setdefault(submission, []).append((question, value))
        found: list[tuple[int, list[Report]]] = []
        last: tuple[int, str, str, list[tuple[str, str]]] | None = None
        for submission, place, form, period, day in await connection.execute(reports, {"places": list(some)}):
            this = (place, form, kind_of(period), values.get(submission, []))
            if last is None or this[:2] != last[:2]:
                found.append((place, []))
            mine = found[-1][1]
            if this == last:
                mine.append(mine[-1]._replace(day=day.toordinal()))
            else:
                said = numbers((question, Decimal(value)) for question, value in this[3])
                mine.append(counted(form, period, day, said))
            last = this
        yield found


async def recompute(session: AsyncSession, table: str) -> None:
    """Add everything that the reports give to a table that looks like the ledger and is empty."""
    sums = Sums()
    for region in portions(await reporters(session)):
        ways = await ways_of(session, region)
        async for some in lines_of(session, region):
            for place, reports in some:
                line(sums, ways[place], reports, 1)
            if sums.size > HELD:
                await write(session, sums, table)
                sums = Sums()
    await write(session, sums, table)


async def reporters(session: AsyncSession) -> list[int]:
    """Every place with a report."""
    return [row[0] for row in await (await session.connection()).execute(named("ledger_places"))]


async def rebuild(session: AsyncSession) -> None:
    """Make the ledger anew from the reports."""
    await lock_all(session)
    await (await session.connection()).execute(delete(LEDGER))
    await recompute(session, LEDGER.name)
    await facts.put(session, BASIS, basis())


async def keep_fit(session: AsyncSession) -> bool:
    """Rebuild the ledger if it was made by other definitions, or never; whether it was."""
    if await facts.get(session, BASIS) == basis():
        return False
    await lock_all(session)
    session.expire_all()
    if await facts.get(session, BASIS) == basis():
        return False
    await rebuild(session)
    return True


async def lock_all(session: AsyncSession) -> None:
    """Let nobody else post until the transaction ends (on SQLite nobody can anyway)."""
    connection = await session.connection()
    if connection.dialect.name != "sqlite":
        await connection.execute(named("ledger_lock"))


@dataclass(frozen=True, slots=True)
class Wrong:
    """A sum of the ledger that the reports do not give: what it holds less what it should."""

    place_id: int
    measure: str
    """Questionnaire, what is counted, and the kind of period; a number where nothing of today has that one."""
    day: date
    boundary: date | None
    reports: int
    numerator: int
    denominator: int

    def __str__(self) -> str:
        since = f" ({self.boundary})" if self.boundary else ""
        sums = f"{self.reports:+} {self.numerator:+} {self.denominator:+}"
        return f"{self.measure} {self.day}{since}: {sums}"


async def verify(session: AsyncSession) -> list[Wrong]:
    """Recompute everything and name what differs, at most the first thousand sums.

    The recomputed sums are in the database, so that memory does not grow with them.
    """
    connection = await session.connection()
    await connection.execute(named("ledger_room"))
    await recompute(session, RECOMPUTED)
    rows = (await connection.execute(named("ledger_differences"))).all()
    await connection.execute(named("ledger_room_gone"))
    names = await measure_names(session) if rows else {}
    return [
        Wrong(
            place,
            names.get(measure, str(measure)),
            date.fromordinal(day),
            date.fromordinal(boundary) if boundary else None,
            int(reports),
            int(numerator),
            int(denominator),
        )
        for place, measure, day, boundary, reports, numerator, denominator in rows
    ]


async def measure_names(session: AsyncSession) -> dict[int, str]:
    """In words what each measure is that a questionnaire of today can give."""
    kinds = {kind_of(period) for period in (await session.exec(select(Submission.period).distinct())).all()}
    found = {}
    for form in await session.exec(select(Form)):
        questions = {question.name for question in Questionnaire.from_json(form.compiled).questions}
        indicators = [each.id for each in indicators_of(frozenset(questions))]
        for name in ("", *indicators, *(f"?{question}" for question in questions)):
            for kind in ("", *kinds):
                found[measure_id(form.name, name, kind)] = f"{form.name} {name or '*'} {kind}".rstrip()
    return found


# --- reading --------------------------------------------------------------------------------------------


class Total(NamedTuple):
    """How many reports gave a figure, and what they add up to."""

    reports: int
    numerator: Decimal
    denominator: Decimal

    def figure(self, indicator: Indicator) -> Figure:
        """The figure of an indicator; without a value where no report gave one, or several that do not add up."""
        if not self.reports or (self.reports > 1 and not indicator.additive):
            return Figure(indicator.id, None)
        return valued(indicator, self.numerator, self.denominator if indicator.rate else None)


NOTHING: Final = Total(0, Decimal(0), Decimal(0))
Totals = dict[int, dict[str, Total]]
"""By place and name of what is counted; what no report gave is left out."""


async def said(
    session: AsyncSession,
    place_ids: Collection[int],
    form: str,
    names: Collection[str],
    period: Period,
    on: date | None = None,
    *,
    within: PeriodKind | None = None,
) -> Totals:
    """What the reports of exactly `period` say; with `within`, those of periods of that kind that end in it.

    `names` are indicators, questions as "?nuoc_ho", and "" for the reports themselves. `on`: under the
    boundaries of that day; None: each report where the place lay at its period's end.
    """
    if within is None:
        first, kind = period.end, kind_of(period.key)
    else:
        first, kind = period.start, kind_of(period_of(within, period.end, period.calendar).key)
    measures = {measure_id(form, name, kind): name for name in names}
    return await totals(session, place_ids, measures, first.toordinal(), period.end.toordinal(), on)


async def standing(
    session: AsyncSession,
    place_ids: Collection[int],
    form: str,
    names: Collection[str],
    day: date,
    on: date | None = None,
) -> Totals:
    """What stands on `day`: the newest report of each place by then; `names` and `on` as in `said`."""
    measures = {measure_id(form, name, ""): name for name in names}
    return await totals(session, place_ids, measures, 0, day.toordinal(), on)


async def latest_day(
    session: AsyncSession, place_ids: Collection[int], form: str, like: Period, until: date, on: date
) -> date | None:
    """The last day of the latest period like `like` that was reported for by `until`; None if none was."""
    parts = await parts_of(session, place_ids, on)
    asked = {
        "places": [part for some in parts.values() for part in some],
        "measures": [measure_id(form, "", kind_of(like.key))],
        "last": until.toordinal(),
        "boundary": on.toordinal(),
    }
    day = (await (await session.connection()).execute(prepared("ledger_latest"), asked)).scalar()
    return None if day is None else date.fromordinal(day)


async def totals(
    session: AsyncSession,
    place_ids: Collection[int],
    measures: Mapping[int, str],
    first: int,
    last: int,
    on: date | None,
) -> Totals:
    """The sums of the changes from one day to another. A unit that was closed by `on` is what it went into."""
    query = prepared("ledger_totals")
    parts = {place: [place] for place in place_ids} if on is None else await parts_of(session, place_ids, on)
    asked = {
        "places": [part for some in parts.values() for part in some],
        "measures": list(measures),
        "first": first,
        "last": last,
        "boundary": AS_THEN if on is None else on.toordinal(),
    }
    sums: dict[int, dict[str, Total]] = {}
    for part, measure, reports, *rest in await (await session.connection()).execute(query, asked):
        if reports:
            numerator, left, denominator, left_of = map(int, rest)
            total = Total(int(reports), number(numerator, left), number(denominator, left_of))
            sums.setdefault(part, {})[measures[measure]] = total
    return {
        place: together([sums[part] for part in some if part in sums])
        for place, some in parts.items()
        if any(part in sums for part in some)
    }


def together(parts: Sequence[Mapping[str, Total]]) -> dict[str, Total]:
    """The totals of several places as one."""
    found: dict[str, Total] = {}
    for part in parts:
        for name, (reports, numerator, denominator) in part.items():
            before = found.get(name, NOTHING)
            found[name] = Total(
                before.reports + reports, before.numerator + numerator, before.denominator + denominator
            )
    return found


async def parts_of(session: AsyncSession, place_ids: Collection[int], on: date) -> dict[int, list[int]]:
    """Each place as units that stand on a day: itself, or where it was closed before, what its ground is now."""
    parts = {place: [place] for place in place_ids}
    for some in portions(sorted(place_ids)):
        closed = select(Place.id).where(col(Place.id).in_(some), col(Place.last_day) < on)
        for place in (await session.exec(closed)).all():
            if place is not None:
                parts[place] = await tops(session, await places.ground(session, place, on), on)
    return parts


async def tops(session: AsyncSession, ground: Collection[int], on: date) -> list[int]:
    """Those of the units that stand on a day and lie in none of the others."""
    found: list[int] = []
    edges = select(PlaceEdge.child_id, PlaceEdge.parent_id).where(
        col(PlaceEdge.first_day) <= on, or_(col(PlaceEdge.last_day).is_(None), col(PlaceEdge.last_day) >= on)
    )
    for some in portions(sorted(ground)):
        standing_ones = await session.exec(places.open_on(on).where(col(Place.id).in_(some)))
        inner = {
            child
            for child, parent in await session.exec(edges.where(col(PlaceEdge.child_id).in_(some)))
            if parent in ground
        }
        found += [place.id for place in standing_ones if place.id not in inner]
    return sorted(found)
