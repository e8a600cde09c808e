"""What the database adds to a step: an interview loaded by its id, and saved with its new state, on SQLite (WAL, FULL).

Measured as the gate does it: 100 interviews in one transaction, and one alone with a commit of its own.
"""

import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from questionnaires.interview import Context, begin
from questionnaires.xlsform import compile_form
from storage import interviews
from storage.database import open_engine
from storage.forms import save_form
from storage.session import Session
from storage.tables import InterviewRow, Person, Place, now
from tests.bench import world

TOGETHER: Final = 100
TIMES: Final = 20
QUESTIONS: Final = 15


async def prepared(engine: AsyncEngine) -> list[int]:
    """The ids of interviews at their first question."""
    form = compile_form(world.form_text(9, QUESTIONS), "do-9.md")
    state, _ = begin(form, Context(now=now(), lang="vi"))
    async with Session(engine.execution_options(writing=True)) as session, session.begin():
        stored = await save_form(session, form)
        places = (await session.exec(select(Place).where(Place.level == "thon").limit(TOGETHER))).all()
        person = (await session.exec(select(Person).limit(1))).one()
        rows = [
            await interviews.start(
                session,
                person_id=person.id,
                place_id=place.id,
                form_id=stored.id,
                form_name=form.name,
                period="2026-W47",
                state=state.to_json(),
                now=now(),
            )
            for place in places
        ]
        return [row.id for row in rows]


async def round_trip(engine: AsyncEngine, ids: list[int], number: int) -> float:
    """Milliseconds for each of `ids`, loaded, changed and saved in one transaction with its commit."""
    started = time.perf_counter()
    writer = engine.execution_options(writing=True)
    async with Session(writer) as session, session.begin():
        for row in (await session.exec(select(InterviewRow).where(col(InterviewRow.id).in_(ids)))).all():
            await interviews.save(session, row, {**row.state, "turn": number}, now())
    return (time.perf_counter() - started) * 1000 / len(ids)


async def measured() -> tuple[float, float]:
    """In a group, and alone."""
    with tempfile.TemporaryDirectory(prefix="bench-interview-") as name:
        url = world.sqlite_url(Path(name))
        await world.build(url, TOGETHER)
        engine = open_engine(url)
        ids = await prepared(engine)
        group = [await round_trip(engine, ids, number) for number in range(TIMES)]
        alone = [await round_trip(engine, [ids[number % TOGETHER]], number) for number in range(TIMES * 5)]
        await engine.dispose()
    return statistics.median(group), statistics.median(alone)


def table() -> list[str]:
    """Milliseconds, as lines of Markdown."""
    group, alone = asyncio.run(measured())
    return [
        "| median, ms for each interview | loaded, saved, committed |",
        "|---|---|",
        f"| {TOGETHER} in one transaction | {group:.3f} |",
        f"| alone | {alone:.3f} |",
    ]
