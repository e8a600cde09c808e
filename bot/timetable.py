"""Runs once a minute. The database decides what is due, so running twice, late, or in two processes does no harm.

A round goes through everybody only when something of it has become due since it last did. Letters are composed by
reading alone, then written in short transactions, a few people at a time, so that answers that come in meanwhile do
not wait.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from typing import Final

import structlog

from handlers import escalating, unasked
from handlers.asking import saved
from handlers.broadcasts import missed, morning, until, weekly, window
from handlers.letters import Letter, Recipient, recipients, still_of_use
from handlers.library import Library
from handlers.membership import deputising
from handlers.officers import staffing
from storage import beats, invitations, outbox, retention, told
from storage.outage import Outage
from storage.session import Session
from storage.unit_of_work import Storage

EVERY: Final = 60.0
REST: Final = 0.004
"""Seconds left to answers after each recipient: about as long as composing a letter takes."""
RESTS: Final = 3
"""The most rests to take while answers keep the loop busy."""
Compose = Callable[
    [Session, Library, datetime, Sequence[Recipient], Collection[int] | None], Awaitable[list[Letter]]
]
Latest = Callable[[Session, Library, datetime], Awaitable[datetime | None]]


@dataclass(frozen=True)
class Round:
    """One sort of letters: how they are composed, and the latest moment until now at which any of them became due."""

    compose: Compose
    latest: Latest


ROUNDS: Final = {
    "weekly": Round(weekly.compose, weekly.latest),
    "questions": Round(saved.compose, weekly.latest),
    "reminders": Round(morning.compose, morning.latest),
    "requests": Round(until.compose, until.latest),
    "window": Round(window.compose, window.latest),
}
"""What the timetable writes, by name."""

log = structlog.get_logger(__name__)


@asynccontextmanager
async def timetable(
    storage: Storage, library: Library, clock: Callable[[], datetime], alarmed: asyncio.Event
) -> AsyncIterator[None]:
    """Run the timetable while the block runs; `alarmed` is set when it has to look after emergencies at once."""
    task = asyncio.create_task(ring(storage, library, clock, alarmed), name="timetable")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def ring(
    storage: Storage, library: Library, clock: Callable[[], datetime], alarmed: asyncio.Event
) -> None:
    """Write what has become due, every minute, until cancelled; what concerns emergencies also when `alarmed`."""
    gone: dict[str, datetime | None] = {}
    outages = {name: Outage("round put off") for name in ROUNDS}
    noting, going_up = Outage("pause not noted"), Outage("emergencies put off")
    ending, sweeping = Outage("what has an end not ended"), Outage("old rows not erased")
    while True:
        with noting.survived():
            await note(storage, library, clock())
        for name in ROUNDS:
            with outages[name].survived(round=name):  # a round that fails must not silence the others
                gone[name] = await go_round(
                    storage, library, clock().astimezone(library.zone), name, gone.get(name)
                )
        with ending.survived():
            await storage.write(lambda session: end_over(session, library, clock()))
        with sweeping.survived():
            await storage.write(lambda session: sweep(session, library, clock()))
        until = asyncio.get_running_loop().time() + EVERY
        while True:
            alarmed.clear()
            with going_up.survived():
                await storage.write(lambda session: escalating.escalate(session, library, clock()))
                await storage.write(lambda session: unasked.raise_unasked(session, library, clock()))
            if not await is_set_before(alarmed, until):
                break


async def is_set_before(event: asyncio.Event, until: float) -> bool:
    """Wait for `event` until that moment of the loop's time; return whether it came."""
    try:
        async with asyncio.timeout_at(until):
            await event.wait()
    except TimeoutError:
        return False
    return True


async def end_over(session: Session, library: Library, now: datetime) -> None:
    """End what has run out: deputies, requests about officers that nobody decided, and the names on codes."""
    until = library.quiet.over(now.astimezone(library.zone))
    await deputising.end_over(session, now, until)
    await staffing.end_over(session, now, until)
    await invitations.forget_names(session, now)


async def sweep(session: Session, library: Library, now: datetime) -> int:
    """Erase, once a day, what is older than its term."""
    return await retention.once_a_day(session, library.terms, now, library.zone)


async def note(storage: Storage, library: Library, now: datetime) -> None:
    """Note that the timetable runs. Forget letters dated ahead by a wrong clock, and count those that a long pause
    swallowed."""
    await storage.write(lambda session: told.forget_ahead(session, now))
    pause = await storage.write(lambda session: beats.beat(session, now))
    if pause is not None:
        lost = await lost_in(storage, library, pause)
        log.warning("pause", begin=pause.begin.isoformat(), lost=dict(lost))
        await storage.write(lambda session: beats.keep(session, replace(pause, lost=lost)))


async def lost_in(storage: Storage, library: Library, pause: beats.Pause) -> Counter[str]:
    """Return how many letters of each sort had become useless when a pause ended."""
    lost: Counter[str] = Counter()
    last: int | None = 0
    while last is not None:
        async with storage.reading() as session:
            some, last = await recipients(session, last, costs=library.costs)
            for recipient in some:
                lost += await missed.lost_of(session, library, [recipient], pause)
                await rest()
    return lost


async def go_round(
    storage: Storage, library: Library, now: datetime, name: str, gone: datetime | None
) -> datetime | None:
    """Write the letters of a round if some became due since this process last did so (`gone`); return when it last did."""
    if not await is_due(storage, library, name, now, gone):
        return gone
    count = await write_round(storage, library, now, name)
    if count:
        log.info("letters written", round=name, count=count)
    return now


async def is_due(storage: Storage, library: Library, name: str, now: datetime, gone: datetime | None) -> bool:
    """Whether something of a round became due since this process last went through everybody (`gone`).

    A `gone` in the future comes from a wrong clock: nobody can say what was due then.
    """
    async with storage.reading() as session:
        latest = await ROUNDS[name].latest(session, library, now)
    return latest is not None and (gone is None or gone < latest or gone > now)


async def write_round(
    storage: Storage, library: Library, now: datetime, name: str, only: Collection[int] | None = None
) -> int:
    """Put every due letter of a round into the outbox; return how many there were."""
    count = 0
    async for letters in compose_round(storage, library, now, name, only):
        count += await write_letters(storage, letters, now)
    return count


async def write_letters(storage: Storage, letters: Sequence[Letter], now: datetime) -> int:
    """Put those letters into the outbox that can still be sent in time; return how many were new."""
    return await outbox.announce(
        storage, [announcement(letter, now) for letter in still_of_use(letters, now)]
    )


async def compose_round(
    storage: Storage, library: Library, now: datetime, name: str, only: Collection[int] | None = None
) -> AsyncIterator[list[Letter]]:
    """Yield the due letters of a round, some at a time. A recipient whose letter fails is left out, and that is
    logged.

    Composing reads and hardly ever waits: without a rest after each recipient it would hold up every answer.
    """
    last: int | None = 0
    while last is not None:
        letters: list[Letter] = []
        async with storage.reading() as session:
            some, last = await recipients(session, last, only, library.costs, now)
            await session.places.learn(chain.from_iterable(recipient.place_ids for recipient in some))
            for recipient in some:
                try:
                    letters += await ROUNDS[name].compose(session, library, now, [recipient], only)
                except Exception as error:
                    log.exception("letter left out", round=name, error=type(error).__name__)
                await rest()
        if letters:
            yield letters


async def rest() -> None:
    """Let answers pass. Rest until a rest takes hardly longer than meant, which shows that the loop has nothing else
    to do."""
    loop = asyncio.get_running_loop()
    for _ in range(RESTS):
        began = loop.time()
        await asyncio.sleep(REST)
        if loop.time() - began < 2 * REST:
            return


def announcement(letter: Letter, now: datetime) -> outbox.QueuedLetter:
    """Return the letter as the outbox takes it."""
    return outbox.QueuedLetter(
        letter.key,
        letter.contact_id,
        letter.body,
        letter.priority,
        now,
        letter.not_before,
        letter.not_after,
    )
