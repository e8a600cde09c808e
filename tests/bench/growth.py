"""Whether an answer costs more in a country than in a district: the same rounds among 1,000, 30,591 and 90,000 villages.

Behind every village lie two years of reports. One commune is made as life makes it: its ten heads answer the real bot
month after month, with the clock turned forward. Then its rows are copied for every other commune, by SQLite itself, with
keys of their own; what the ledger holds of provinces and of the nation is added up. The ledger fits the reports; the hashes
of the copied journals do not fit their places.

What is compared are counts, which are the same on every machine: calls of Python functions, libraries too, statements, and
the steps that SQLite's own machine takes. A query that looks through a table shows in the steps, a list that grows in the
calls. The milliseconds of processor time beside them are medians.
"""

import asyncio
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Table, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import func, select

from handlers.messages import Incoming, MessageKind, Reply
from plans.period import PeriodKind
from plans.plans import Plans
from plans.reading import load_plans
from plans.schedule import Entry
from questionnaires.xlsform import compile_form
from storage.database import migrate, open_engine, writing
from storage.forms import save_form
from storage.tables import Level, Outbox, RoleName, metadata
from tests.bench import data, world
from tests.counting import Cost, counted
from tests.handlers.chatting import START, Phone, Town, town_on

COMMUNES: Final = (100, 3_060, 9_000)
"""Of ten villages each: a district's, those of the programme, the country's."""
MONTHS: Final = 24
FORMS: Final = 2
"""Questionnaires, each asked once a month: 48 reports and 480 answers of a village in two years. The bundled timetable asks
for 88 and 540."""
VILLAGES: Final = 10
"""Of a commune."""
NOT_YET: Final = 6
"""Villages of each commune that have not reported this month when it is counted."""
COUNTED: Final = 8
TIMED: Final = 40
"""Heads whose messages are counted, and those whose messages are timed, each of another commune."""
STEPS: Final = 10
"""So many steps of SQLite's machine are counted as one."""
CHANCE: Final = random.Random(1)
NOW: Final = START.replace(day=20)
KINDS: Final = ("the list of what is due", "a report begun", "an answer", "a report sent")
DAYS: Final = 5
"""So often is the first list of a day measured."""
NAMED: Final = {
    ("place", "name"),
    ("place", "search"),
    ("contact", "address"),
    ("submission", "receipt"),
    ("seen", "key"),
    ("outbox", "natural_key"),
}
"""Texts that have to differ from commune to commune."""
SHARED: Final = {"form", "setting"}
"""What all communes have in common."""
PLACES: Final = {"place": "id", "place_edge": "child_id", "ledger": "place_id"}
"""The tables that hold rows of other places too, and which column tells."""


def plans() -> Plans:
    """The plans with a timetable of the measuring forms."""
    asked = tuple(
        Entry(f"do-{number}", Level.VILLAGE, PeriodKind.MONTH, world.QUESTIONS)
        for number in range(1, FORMS + 1)
    )
    return replace(load_plans(), schedule=asked, programmes={})


# --- one commune, as life makes it ----------------------------------------------------------------------


async def lay(url: str) -> None:
    """The provinces, the questionnaires, and one commune with its heads, in an empty database."""
    await migrate(url)
    engine = open_engine(url)
    async with writing(engine) as session:
        for number in range(1, FORMS + 1):
            await save_form(session, compile_form(world.form_text(number), f"do-{number}.md"))
        nation = await session.places.add(Level.NATION, "", "Việt Nam", None)
        provinces = [
            await session.places.add(Level.PROVINCE, "tỉnh", f"Đo {number}", nation.id)
            for number in range(data.PROVINCES)
        ]
        commune = await session.places.add(Level.COMMUNE, "xã", "Đo", provinces[0].id)
        for number in range(VILLAGES):
            await session.places.add(Level.VILLAGE, "thôn", f"Bản {number}", commune.id)
    await engine.dispose()


async def live(url: str, folder: Path) -> None:
    """Let the heads of the commune join, and report all that is asked in two years, month after month; this month, some."""
    engine = open_engine(url)
    async with town_on(engine, folder, plans=plans()) as town:
        town.now = NOW.replace(year=NOW.year - MONTHS // 12)
        names = [name for name in town.places if name.startswith("Bản ")]
        phones = [await town.enrolled(name[-1], name, RoleName.VILLAGE_HEAD, f"Đo {name}") for name in names]
        for _ in range(MONTHS):
            for phone in phones:
                await reports_all(phone)
            town.now = next_month(town.now)
        for phone in phones[NOT_YET:]:
            await reports_all(phone)
    await engine.dispose()


def next_month(now: datetime) -> datetime:
    """The same day and hour of the month after."""
    return now.replace(year=now.year + now.month // 12, month=now.month % 12 + 1)


async def reports_all(phone: Phone) -> None:
    """Report everything that is due."""
    async for _, incoming in messages(phone):
        await phone.town.dispatch.handle(incoming, phone.town.channel)


async def messages(phone: Phone) -> AsyncIterator[tuple[str, Incoming]]:
    """The messages with which a head reports all that is due, each with its kind; whoever asks for them handles each."""
    yield KINDS[0], phone.incoming(MessageKind.TEXT, text="/baocao")
    left = iter(range(FORMS * (world.QUESTIONS + 2)))
    while step := next_step(pressable(await phone.town.heard())):
        assert next(left, None) is not None, "something is asked back"
        kind, facts = step
        what = MessageKind.PRESS if "press" in facts else MessageKind.TEXT
        yield kind, phone.incoming(what, **facts)


def pressable(heard: Sequence[tuple[str, Reply]]) -> list[str]:
    """The buttons under what one chat was told."""
    return [choice.data for _, reply in heard for row in (*reply.choices, *reply.actions) for choice in row]


def next_step(buttons: Sequence[str]) -> tuple[str, dict[str, str]] | None:
    """What a head does next, and which kind of message it is: begins what is due, sends at the review, types a number at
    each question; nothing once all is sent."""
    for button in buttons:
        if button.startswith("d:b:"):
            return KINDS[1], {"press": button}
        if button.endswith(":S"):
            return KINDS[3], {"press": button}
    if any(button.startswith("q:") for button in buttons):
        return KINDS[2], {"text": str(CHANCE.randint(48, 52))}
    return None


# --- a country of such communes --------------------------------------------------------------------------


def settle(database: sqlite3.Connection) -> None:
    """Leave of what passes the platform only what a week leaves: that of the last reports, handled and sent."""
    for table, of_one in (
        ("seen", FORMS * (world.QUESTIONS + 2)),
        ("outbox", 2 * FORMS * (world.QUESTIONS + 2)),
    ):
        kept = f"SELECT rowid FROM {table} ORDER BY rowid DESC LIMIT {of_one * VILLAGES}"
        database.execute(f"DELETE FROM {table} WHERE rowid NOT IN ({kept})")
    database.execute("UPDATE outbox SET state = 'sent', sent_at = created_at, body = '{}'")


def multiply(file: Path, communes: int) -> None:
    """Copy all that belongs to the one commune of a database until there are `communes` of it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "temp_store=MEMORY"):
            database.execute(f"PRAGMA {pragma}")
        settle(database)
        [(commune, province)] = database.execute(
            f"SELECT max(id), (SELECT min(id) FROM place WHERE level = '{Level.PROVINCE}') "
            f"FROM place WHERE level = '{Level.COMMUNE}'"
        )
        indexes = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        )
        indexes = indexes.fetchall()
        for name, _ in indexes:
            database.execute(f"DROP INDEX {name}")
        tables = [table for table in metadata.sorted_tables if table.name not in SHARED]
        spans = {table.name: part(database, table, commune) for table in tables}
        for table in tables:
            database.execute(copy_of(table, spans, commune, province, communes))
        for statement in sums_above(province, communes):
            database.execute(statement)
        for _, statement in indexes:
            database.execute(statement)
        database.execute("PRAGMA journal_mode=WAL")


def part(database: sqlite3.Connection, table: Table, commune: int) -> int:
    """Note what a table holds of the commune; how far apart the keys of two copies must be."""
    where = f"WHERE {PLACES[table.name]} >= {commune}" if table.name in PLACES else ""
    database.execute(f"CREATE TEMP TABLE of_{table.name} AS SELECT * FROM {table.name} {where}")
    if "id" not in table.columns:
        return 0
    return int(
        database.execute(f"SELECT coalesce(max(id) - min(id), 0) + 1 FROM temp.of_{table.name}").fetchone()[0]
    )


def copy_of(table: Table, spans: Mapping[str, int], commune: int, province: int, communes: int) -> str:
    """The statement that copies a table's part for each other commune, number `i`."""

    def value(column: Column[Any]) -> str:
        if table.name == "place_edge" and column.name == "parent_id":
            below = f"parent_id + i * {spans['place']}"
            return f"CASE WHEN parent_id >= {commune} THEN {below} ELSE {province} + i % {data.PROVINCES} END"
        if (table.name, column.name) in NAMED:
            return f"printf('%06d~', i) || {column.name}"
        apart = spans.get(owner(table, column), 0)
        # The numbers of messages go by the clock: those of today's must be the highest.
        return f"{column.name} {'-' if table.name == 'outbox' and column.primary_key else '+'} i * {apart}"

    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {communes - 1})"
    columns = ", ".join(column.name for column in table.columns)
    values = ", ".join(
        value(column) if owner(table, column) or (table.name, column.name) in NAMED else column.name
        for column in table.columns
    )
    return f"INSERT INTO {table.name} ({columns}) {numbers} SELECT {values} FROM n CROSS JOIN temp.of_{table.name}"


def owner(table: Table, column: Column[Any]) -> str:
    """The table whose keys a column holds; "" if it holds none."""
    if column.name == "id":
        return table.name
    if table.name == "ledger" and column.name == "place_id":
        return "place"
    return next((key.column.table.name for key in column.foreign_keys), "")


def sums_above(province: int, communes: int) -> Iterator[str]:
    """The statements that make the ledger hold of each province, and of the nation, what their communes add up to."""
    kept = "place_id, measure_id, day, boundary, shard"
    added = ("reports", "numerator", "numerator_rest", "denominator", "denominator_rest")
    for number in range(data.PROVINCES - 1, 0, -1):
        count = len(range(number, communes, data.PROVINCES))
        values = ", ".join(f"{name} * {count}" for name in added)
        yield (
            f"INSERT INTO ledger ({kept}, {', '.join(added)}) SELECT {kept.replace('place_id', str(province + number))}, "
            f"{values} FROM ledger WHERE place_id = {province} AND {count}"
        )
    for place, count in ((province, len(range(0, communes, data.PROVINCES))), (province - 1, communes)):
        values = ", ".join(f"{name} = {name} * {count}" for name in added)
        yield f"UPDATE ledger SET {values} WHERE place_id = {place}"


# --- what is counted ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spent:
    """What messages of one kind took at one size; medians."""

    calls: float
    statements: float
    steps: float
    ms: float


async def spent_among(file: Path, folder: Path, communes: int) -> dict[str, Spent]:
    """What a message of each kind takes, from what arrived to its commit."""
    counts = await counted_among(file, folder, [number * communes // COUNTED for number in range(COUNTED)])
    times = await timed_among(file, folder, [number * communes // TIMED for number in range(TIMED)])
    return {
        kind: Spent(
            statistics.median(cost.calls for cost, _ in counts[kind]),
            statistics.median(len(cost.statements) for cost, _ in counts[kind]),
            statistics.median(steps for _, steps in counts[kind]),
            statistics.median(times[kind]),
        )
        for kind in KINDS
    }


@asynccontextmanager
async def country(engine: AsyncEngine, folder: Path) -> AsyncIterator[Town]:
    """The running bot on such a country, on the day of the next reports."""
    async with town_on(engine, folder, plans=plans()) as town, town.storage.reading() as session:
        town.now = NOW
        town.sent = time.time_ns()  # no message has the key of an earlier one
        town.read = (await session.exec(select(func.max(Outbox.id)))).one() or 0
        yield town
    await engine.dispose()


async def counted_among(
    file: Path, folder: Path, communes: Sequence[int]
) -> dict[str, list[tuple[Cost, int]]]:
    """Calls, statements and steps of each message of a head in each of these communes; the first only warms up."""
    engine = open_engine(data.url_of(file))
    taken: list[None] = []
    # Not a function of ours: it would be counted with the calls.
    step = partial(taken.append, None)

    def watch(connection: Any, _: object) -> None:
        connection.driver_connection._conn.set_progress_handler(step, STEPS)

    event.listen(engine.sync_engine, "connect", watch)
    found: dict[str, list[tuple[Cost, int]]] = {kind: [] for kind in KINDS}
    async with country(engine, folder) as town:
        for commune in communes:
            async for kind, incoming in messages(town.phone(address(commune, 1))):
                before = len(taken)
                with counted(engine.sync_engine) as cost:
                    await town.dispatch.handle(incoming, town.channel)
                found[kind] += [(cost, len(taken) - before)] if commune != communes[0] else []
    return found


async def timed_among(file: Path, folder: Path, communes: Sequence[int]) -> dict[str, list[float]]:
    """Milliseconds of processor time of each message of a head in each of these communes; the first only warms up."""
    found: dict[str, list[float]] = {kind: [] for kind in KINDS}
    async with country(open_engine(data.url_of(file)), folder) as town:
        for commune in communes:
            async for kind, incoming in messages(town.phone(address(commune, 2))):
                started = time.process_time()
                await town.dispatch.handle(incoming, town.channel)
                found[kind] += [(time.process_time() - started) * 1000] if commune != communes[0] else []
    return found


async def first_of_day(file: Path, folder: Path) -> float:
    """Milliseconds of processor time of the first message of a day; the median."""
    times = []
    async with country(open_engine(data.url_of(file)), folder) as town:
        phone = town.phone(address(0, 3))
        for _ in range(DAYS):
            town.later(days=1)
            started = time.process_time()
            await phone.says("/baocao")
            times.append((time.process_time() - started) * 1000)
    return statistics.median(times)


def address(commune: int, village: int) -> str:
    """The address of the head of a village of commune number `commune`."""
    return f"{commune:06}~{village}" if commune else str(village)


# --- all of it ------------------------------------------------------------------------------------------


def table() -> list[str]:
    """What each kind of message takes at each size, and how many times its cost among the fewest, as lines of Markdown."""
    found, first_lists = {}, []
    with tempfile.TemporaryDirectory(prefix="bench-growth-") as name:
        folder = Path(name)
        first = folder / "commune.db"
        asyncio.run(lay(data.url_of(first)))
        asyncio.run(live(data.url_of(first), folder))
        for communes in COMMUNES:
            file = folder / "country.db"
            shutil.copyfile(first, file)
            multiply(file, communes)
            found[communes] = asyncio.run(spent_among(file, folder, communes))
            first_lists.append(f"{asyncio.run(first_of_day(file, folder)):.0f}")
            file.unlink()
    rows = [
        "| | villages | calls | statements | steps of SQLite | processor ms | calls, steps, ms: times the fewest |",
        "|---|---|---|---|---|---|---|",
    ]
    rows += [row(kind, communes, found) for kind in KINDS for communes in COMMUNES]
    return [
        *rows,
        "",
        f"The first list of a day, for which its places are read: {', '.join(first_lists)} ms.",
    ]


def row(kind: str, communes: int, found: Mapping[int, Mapping[str, Spent]]) -> str:
    """One row of the table."""
    spent, least = found[communes][kind], found[COMMUNES[0]][kind]
    times = (spent.calls / least.calls, spent.steps / least.steps, spent.ms / least.ms)
    return (
        f"| {kind} | {communes * VILLAGES:,} | {spent.calls:,.0f} | {spent.statements:.0f} | {spent.steps * STEPS:,.0f} "
        f"| {spent.ms:.2f} | {', '.join(f'{one:.2f}' for one in times)} |"
    )
