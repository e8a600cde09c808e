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

from bot.timetable import write_round
from figures.ground import ground_of
from handlers.asking import replies
from handlers.library import Library
from handlers.viewer import Viewer
from plans.period import PeriodKind
from plans.plans import Plans
from plans.reading import load_plans
from plans.schedule import Entry
from queries.understand import understand
from storage import interviews, people
from storage.database import open_engine, writing
from storage.places import PlaceMemory
from storage.session import Session
from storage.tables import InterviewRow, Level, Place, Role, RoleName
from storage.unit_of_work import Envelope, Storage
from tests.bench import data, sums, world
from tests.bench.interviews import prepared

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
NOW: Final = datetime(2026, 11, 20, 9, 0, tzinfo=ZONE)
MONDAY: Final = datetime(2026, 11, 23, 7, 30, tzinfo=ZONE)
TIMES: Final = 12
OFFICIALS: Final = 50
RATE: Final = 50
"""Answers a second."""
PAUSE: Final = 5.0
"""Seconds between an answer that was read and the next question."""
SECONDS: Final = 20.0
FEWER: Final = 12_000
"""Villages of the country in which questions and answers meet."""
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
        Entry(f"do-{number}", Level.VILLAGE, PeriodKind.WEEK, data.QUESTIONS)
        for number in range(1, data.FORMS + 1)
    )
    return replace(load_plans(), schedule=asked)


async def ask(engine: AsyncEngine, memory: PlaceMemory, library: Library, place: int, text: str) -> float:
    """Milliseconds of one question by somebody who looks after `place`; places are remembered as the service does."""
    started = time.perf_counter()
    async with Session(engine, memory) as session:
        await put(session, library, place, text)
    return (time.perf_counter() - started) * 1000


async def put(session: Session, library: Library, place: int, text: str) -> None:
    """One question, answered within `session`."""
    roles = (Role(id=1, person_id=1, place_id=place, role=RoleName.CENTRAL_OFFICER),)
    viewer = Viewer(session, library, roles, NOW)
    ground = await ground_of(viewer)
    assert ground is not None
    words = (ground.dictionary, ground.gazetteer, ground.asker)
    assert await replies.reply_to(viewer, ground, understand(text, *words, viewer.today, None))


async def questions(file: Path) -> list[str]:
    """One row for each kind of place: the first question, then the median and the slowest of a hundred."""
    engine = open_engine(data.url_of(file))
    library, memory = Library(plans_of_the_country(), ZONE), PlaceMemory()
    rows = []
    try:
        for level, words in UNITS.items():
            async with Session(engine) as session:
                place = (await session.exec(select(Place.id).where(Place.level == level).limit(1))).one()
            first = await ask(engine, memory, library, place, QUESTIONS[0])
            spent = [
                await ask(engine, memory, library, place, text) for _ in range(TIMES) for text in QUESTIONS
            ]
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


async def crowd(storage: Storage, library: Library, place: int, seconds: float) -> list[float]:
    """Milliseconds of each question while OFFICIALS ask all at once, then one after the other, for `seconds`."""
    end = time.perf_counter() + seconds
    spent: list[float] = []

    async def official(number: int) -> None:
        text = QUESTIONS[number % len(QUESTIONS)]
        while time.perf_counter() < end:
            started = time.perf_counter()
            envelope = Envelope("bench", str(number), f"{number}-{started}", int(started * 1000))
            await storage.turn(envelope, lambda session, _: put(session, library, place, text))
            spent.append((time.perf_counter() - started) * 1000)
            await asyncio.sleep(PAUSE)

    await asyncio.gather(*(official(number) for number in range(OFFICIALS)))
    return spent


async def incoming(storage: Storage, ids: Sequence[int], seconds: float) -> list[float]:
    """Milliseconds until each of RATE answers a second is on disk, as they come and not as they are done."""
    spent: list[float] = []

    async def one(number: int, due: float) -> None:
        async def work(session: Session) -> None:
            row = (
                await session.exec(select(InterviewRow).where(InterviewRow.id == ids[number % len(ids)]))
            ).one()
            await interviews.save(session, row, {**row.state, "turn": number}, NOW)

        await storage.write(work)
        spent.append((time.perf_counter() - due) * 1000)

    begun = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(seconds * RATE)):
            due = begun + number / RATE
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(one(number, due))
    return spent


async def together(seconds: float = SECONDS, villages: int = FEWER) -> list[str]:
    """How much OFFICIALS who ask and RATE answers a second slow each other, in one process."""
    with tempfile.TemporaryDirectory(prefix="bench-together-") as name:
        file = Path(name) / "thonbao.db"
        await asyncio.to_thread(data.make, file, villages, 2)
        engine = open_engine(data.url_of(file))
        async with writing(engine) as session:
            province = (
                await session.exec(select(Place.id).where(Place.level == Level.PROVINCE).limit(1))
            ).one()
            for number in range(OFFICIALS):
                contact = await people.create_contact(session, "bench", str(number))
                await people.enrol(session, contact, province or 0, RoleName.PROVINCE_OFFICER, "", NOW)
        ids = await prepared(engine)
        library = Library(plans_of_the_country(), ZONE)
        try:
            async with Storage(engine) as storage:
                for text in QUESTIONS:
                    await ask(engine, PlaceMemory(), library, province, text)
                asked = await crowd(storage, library, province or 0, seconds)
                came = await incoming(storage, ids, seconds)
                asked_too, came_too = await asyncio.gather(
                    crowd(storage, library, province or 0, seconds), incoming(storage, ids, seconds)
                )
        finally:
            await engine.dispose()
    rows = (
        (f"a question of {OFFICIALS} officials", asked, asked_too),
        (f"an answer, {RATE} a second", came, came_too),
    )
    return [
        "| median (99 of 100 within), ms | alone | with the other | slower by |",
        "|---|---|---|---|",
        *(
            f"| {what} | {told(alone)} | {told(both)} "
            f"| {statistics.median(both) / statistics.median(alone) - 1:+.0%} |"
            for what, alone, both in rows
        ),
    ]


def told(spent: Sequence[float]) -> str:
    """The median, and what 99 of 100 stay within."""
    return f"{statistics.median(spent):.0f} ({percentile(spent, 99):.0f})"


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
        "",
        *asyncio.run(together()),
    ]
