"""What a question of an official costs on a whole country's reports, and what a weekly summary costs.

The country is what `make bench-data` made, or a short one made for this. Nothing in it is changed. Milliseconds from
the text to the replies, understanding included; the first question of each place (which loads the names) is told apart.
Half of them are to be answered within `BOUNDS`.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple
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
from storage.database import migrate, open_engine, writing
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
KINDS: Final = {
    "a figure with its change": (
        "nước hợp vệ sinh",
        "hộ chưa dùng nước hợp vệ sinh tuần trước",
        "hộ thiếu nước",
    ),
    "a ranking": ("xã nào nước hợp vệ sinh thấp nhất", "nước hợp vệ sinh các xã"),
    "two periods": (
        "nước hợp vệ sinh tuần này so với tuần trước",
        "hộ thiếu nước tuần này so với tuần trước",
    ),
    "over time": ("nước hợp vệ sinh 3 tuần gần đây", "hộ thiếu nước tăng hay giảm"),
}
QUESTIONS: Final = tuple(chain.from_iterable(KINDS.values()))
UNITS: Final = {Level.NATION: "the nation", Level.PROVINCE: "a province", Level.COMMUNE: "a commune"}
BOUNDS: Final = {Level.NATION: 100, Level.PROVINCE: 20, Level.COMMUNE: 10}
"""Milliseconds within which half of the questions about a unit are to be answered."""


def plans_of_the_country() -> Plans:
    """The plans with the timetable of the country's questionnaires."""
    asked = tuple(
        Entry(f"do-{number}", Level.VILLAGE, PeriodKind.WEEK, data.QUESTIONS)
        for number in range(1, data.FORMS + 1)
    )
    return replace(load_plans(), schedule=asked)


class Spent(NamedTuple):
    """Milliseconds of one question: as the asker waits, and of the processor, which other programs do not lengthen."""

    waited: float
    processor: float


async def ask(engine: AsyncEngine, memory: PlaceMemory, library: Library, place: int, text: str) -> Spent:
    """One question by somebody who looks after `place`; places are remembered as the service does."""
    started, busy = time.perf_counter(), time.process_time()
    async with Session(engine, memory) as session:
        await put(session, library, place, text)
    return Spent((time.perf_counter() - started) * 1000, (time.process_time() - busy) * 1000)


async def put(session: Session, library: Library, place: int, text: str) -> None:
    """One question, answered within `session`."""
    roles = (Role(id=1, person_id=1, place_id=place, role=RoleName.CENTRAL_OFFICER),)
    viewer = Viewer(session, library, roles, NOW)
    ground = await ground_of(viewer)
    assert ground is not None
    words = (ground.dictionary, ground.gazetteer, ground.asker)
    assert await replies.reply_to(viewer, ground, understand(text, *words, viewer.today, None))


async def questions(file: Path) -> list[str]:
    """For each kind of place the first question, then a row for each kind of question, and one for all of them."""
    engine = open_engine(data.url_of(file))
    library, memory = Library(plans_of_the_country(), ZONE), PlaceMemory()
    rows = []
    try:
        for level, words in UNITS.items():
            async with Session(engine) as session:
                place = (await session.exec(select(Place.id).where(Place.level == level).limit(1))).one()
            first = await ask(engine, memory, library, place, QUESTIONS[0])
            spent = {
                kind: [
                    await ask(engine, memory, library, place, text) for _ in range(TIMES) for text in texts
                ]
                for kind, texts in KINDS.items()
            }
            rows += [row(words, kind, times) for kind, times in spent.items()]
            whole = [time for times in spent.values() for time in times]
            first_of_all = f"{BOUNDS[level]} allowed; the first took {first.waited:.0f}"
            rows.append(row(f"**{words}**", f"all ({first_of_all})", whole))
    finally:
        await engine.dispose()
    return rows


def row(unit: str, kind: str, spent: Sequence[Spent]) -> str:
    """A row of the table: the medians, and what 99 of 100 stay within."""
    waited, processor = zip(*spent, strict=True)
    medians = f"{statistics.median(waited):.0f} | {statistics.median(processor):.0f}"
    return f"| {unit} | {kind} | {medians} | {percentile(waited, 99):.0f} |"


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
    """The tables, as lines of Markdown. Where there is no country yet, a short one is made first; one of an earlier
    version of the program is brought up to this one."""
    if not file.exists():
        data.make(file, data.VILLAGES, sums.SHORT)
    asyncio.run(migrate(data.url_of(file)))
    each = asyncio.run(letters())
    whole = each * data.VILLAGES / 60_000
    return [
        "| questions about | of which kind | median, ms | of the processor, ms | 99 of 100 within, ms |",
        "|---|---|---|---|---|",
        *asyncio.run(questions(file)),
        "",
        f"A weekly summary is composed and written in {each:.1f} ms: {data.VILLAGES:,} in {whole:.1f} minutes.",
        "",
        *asyncio.run(together()),
    ]
