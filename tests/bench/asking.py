"""What a question of an official costs on a whole country's reports, and what a weekly summary costs.

The country is what `make bench-data` made, or a short one made for this. Nothing in it is changed. Milliseconds from
the text to the replies, understanding included; the first question of each place (which loads the names) is told apart.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.timetable import write_round
from handlers.asking import conversation
from handlers.asking.ground import ground_of
from handlers.library import Library
from handlers.messages import Capabilities, Incoming, Kind
from handlers.turn import Turn
from plans.period import Calendar, PeriodKind
from plans.plan import Entry, Plans, load_plans
from storage.database import open_engine
from storage.tables import Contact, Level, Person, Place, Role, RoleName
from storage.unit_of_work import Storage
from tests.bench import data, sums, world

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
NOW: Final = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
MONDAY: Final = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
TIMES: Final = 12
LETTERS: Final = 1000
QUESTIONS: Final = (
    "nước hợp vệ sinh",
    "hộ chưa dùng nước hợp vệ sinh tuần trước",
    "nhà tạm",
    "xã nào nước hợp vệ sinh thấp nhất",
    "nước hợp vệ sinh các xã",
    "nước hợp vệ sinh 4 tuần gần đây",
)
UNITS: Final = {Level.NATION: "nation", Level.PROVINCE: "a province", Level.COMMUNE: "a commune"}


def plans_of_the_country() -> Plans:
    """The plans with the timetable of the country's questionnaires."""
    asked = tuple(
        Entry(f"do-{number}", Level.VILLAGE, PeriodKind.WEEK, Calendar.GREGORIAN, 0, data.QUESTIONS)
        for number in range(1, data.FORMS + 1)
    )
    return replace(load_plans(), schedule=asked)


async def ask(engine: AsyncEngine, library: Library, place: int, text: str) -> float:
    """Milliseconds of one question by somebody who looks after `place`."""
    started = time.perf_counter()
    async with AsyncSession(engine) as session:
        turn = Turn(
            incoming=Incoming("bench", "1", "1", 0, Kind.TEXT, NOW, text=text),
            session=session,
            contact=Contact(id=1, channel="bench", address="1", person_id=1, screen={}),
            person=Person(id=1),
            roles=[Role(id=1, person_id=1, place_id=place, role=RoleName.CENTRAL_OFFICER)],
            now=NOW,
            can=Capabilities(),
            library=library,
        )
        ground = await ground_of(turn)
        assert ground is not None
        await conversation.tell(turn, ground, conversation.understood(turn, ground))
        assert turn.replies
    return (time.perf_counter() - started) * 1000


async def questions(file: Path) -> list[str]:
    """One row for each kind of place: the first question, then the median and the slowest of a hundred."""
    engine = open_engine(data.url_of(file))
    library = Library(plans_of_the_country(), ZONE)
    rows = []
    try:
        for level, words in UNITS.items():
            async with AsyncSession(engine) as session:
                place = (await session.exec(select(Place.id).where(Place.level == level).limit(1))).one()
            first = await ask(engine, library, place or 0, QUESTIONS[0])
            spent = [await ask(engine, library, place or 0, text) for _ in range(TIMES) for text in QUESTIONS]
            rows.append(
                f"| {words} | {first:.0f} | {statistics.median(spent):.0f} | {percentile(spent, 99):.0f} |"
            )
    finally:
        await engine.dispose()
    return rows


def percentile(spent: Sequence[float], share: int) -> float:
    """The value that `share` percent stay under or at."""
    return sorted(spent)[min(len(spent) * share // 100, len(spent) - 1)]


async def letters() -> float:
    """Milliseconds of one weekly summary, composed and written."""
    with tempfile.TemporaryDirectory(prefix="bench-letters-") as name:
        url = world.sqlite_url(Path(name))
        await world.build(url, LETTERS)
        engine = open_engine(url)
        async with Storage(engine) as storage:
            started = time.perf_counter()
            written = await write_round(storage, Library(world.bench_plans(), ZONE), MONDAY, "weekly")
            spent = time.perf_counter() - started
        await engine.dispose()
    return spent * 1000 / written


def table(file: Path = data.PLACE) -> list[str]:
    """The tables, as lines of Markdown. Where there is no country yet, a short one is made first."""
    if not file.exists():
        data.make(file, data.VILLAGES, sums.SHORT)
    each = asyncio.run(letters())
    whole = each * data.VILLAGES / 60_000
    return [
        "| a question about | first, ms | median, ms | 99 of 100 within, ms |",
        "|---|---|---|---|",
        *asyncio.run(questions(file)),
        "",
        f"A weekly summary is composed and written in {each:.1f} ms: {data.VILLAGES:,} in {whole:.1f} minutes.",
    ]
