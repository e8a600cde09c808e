"""Plays weeks of the demonstration's district with a clock of its own, and keeps every letter to everybody.

The timetable's rounds are rung as `bot.timetable.ring` rings them, the outbox is emptied as a sender would, and the
villages report as the demonstration invents it: some in time, some late, some never. Nothing sleeps.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import time_machine
from sqlmodel import col, select

from bot.demo.build import MARK, asked
from bot.demo.figures import QUESTIONNAIRES
from bot.demo.invented import DemoVillage, villages
from bot.timetable import ROUNDS, announcement, is_due
from handlers import alarms
from handlers.letters import recipients
from handlers.library import Library
from handlers.messages import Reply
from plans.period import Period
from plans.reading import load_plans
from plans.schedule import Entry
from storage import interviews, outbox, submissions
from storage.database import open_engine
from storage.delivered import kept_of
from storage.session import Session
from storage.tables import Level, Outbox, Place, Role
from storage.unit_of_work import Storage

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
HOURS: Final = (time(6), time(6, 30), time(7, 30), time(8), time(12), time(17, 30), time(20), time(21, 30))
"""When the timetable is rung on each day: whenever a letter may become due, and in the quiet hours."""


@dataclass(frozen=True, slots=True)
class Post:
    """One letter as it came to a chat."""

    at: datetime
    to: str
    key: str
    reply: Reply

    @property
    def kind(self) -> str:
        return self.key.partition(":")[0]

    @property
    def text(self) -> str:
        bare = str(self.reply.text)
        for tag in ("<b>", "</b>", "<i>", "</i>"):
            bare = bare.replace(tag, "")
        return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

    @property
    def labels(self) -> list[str]:
        return [choice.label for row in (*self.reply.choices, *self.reply.actions) for choice in row]


@dataclass
class District:
    """The district as it stands at `now`."""

    storage: Storage
    library: Library
    clock: time_machine.Traveller
    now: datetime
    places: dict[str, int] = field(default_factory=dict)
    gone: dict[str, datetime] = field(default_factory=dict)
    letters: list[Post] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    """The chats that take nothing any more."""
    silent: set[str] = field(default_factory=set)
    """The villages whose head is on a journey."""

    def moved_to(self, moment: datetime) -> None:
        self.now = moment
        self.clock.move_to(moment)

    async def play(self, until: date, *, off: Sequence[tuple[datetime, datetime]] = ()) -> None:
        """Play up to the morning of a day; the bot is off between the moments of `off`."""
        day = self.now.date()
        while day < until:
            await self.report_on(day)
            for hour in HOURS:
                moment = datetime.combine(day, hour, ZONE)
                if moment > self.now and not any(begin <= moment < end for begin, end in off):
                    self.moved_to(moment)
                    await self.ring()
            day += timedelta(days=1)
        await outbox.purge(self.storage)

    async def ring(self) -> None:
        """Ring once, and deliver what is due."""
        for name in ROUNDS:
            if await is_due(self.storage, self.library, name, self.now, self.gone.get(name)):
                await self.round(name)
                self.gone[name] = self.now
        await self.storage.write(lambda session: alarms.escalate(session, self.library, self.now))
        await self.deliver()

    async def round(self, name: str) -> None:
        """Write a round's letters, without the rests that leave time to answers."""
        last: int | None = 0
        while last is not None:
            async with self.storage.reading() as session:
                some, last = await recipients(session, last)
                letters = await ROUNDS[name].compose(session, self.library, self.now, some, None)
            in_time = [announcement(letter, self.now) for letter in letters if letter.in_time(self.now)]
            await outbox.announce(self.storage, in_time)

    async def deliver(self) -> None:
        """Send what is due."""
        while dues := await outbox.claim(self.storage, "sender", ["demo"]):
            outcomes: list[outbox.Outcome] = []
            keys = await self.keys_of([due.id for due in dues])
            for due in dues:
                if due.address in self.closed:
                    outcomes.append(outbox.Dead(due.id, due.contact_id, "Forbidden", unreachable=True))
                    continue
                reply = Reply.from_json(due.body)
                self.letters.append(Post(self.now, due.address, keys[due.id], reply))
                outcomes.append(outbox.Delivered(due.id, str(due.id), kept_of(due)))
            await outbox.record(self.storage, outcomes)

    async def keys_of(self, ids: Sequence[int]) -> dict[int, str]:
        async with self.storage.reading() as session:
            chosen = select(Outbox.id, Outbox.natural_key).where(col(Outbox.id).in_(ids))
            return {number: key or "" for number, key in await session.exec(chosen)}

    # --- what the villages do ---

    async def report_on(self, day: date) -> None:
        """Send what the villages report on a day, in the evening."""
        for village in villages():
            if village.name not in self.silent:
                for entry, period in self.reported_by(village, day):
                    await self.send(village, entry, period, datetime.combine(day, time(5), ZONE))

    def reported_by(self, village: DemoVillage, day: date) -> Iterator[tuple[Entry, Period]]:
        """What a village reports on a day."""
        for entry in self.library.plans.asked_of(Level.VILLAGE):
            for period in entry.asked_on(day):
                if entry.form in QUESTIONNAIRES and sends_on(village, entry, period) == day:
                    yield entry, period

    async def send(self, village: DemoVillage, entry: Entry, period: Period, at: datetime) -> None:
        """One report of a village's head."""
        wholes = {
            part: whole for one in self.library.plans.indicators.values() for part, whole in one.parts.items()
        }

        async def work(session: Session) -> None:
            place_id = self.places[village.name]
            chosen = select(Role.person_id).where(Role.place_id == place_id, col(Role.until).is_(None))
            person_id = (await session.exec(chosen)).first()
            if await submissions.submission_of(session, place_id, entry.form, period.key) is not None:
                return
            form_id, form = (await self.library.active_forms(session))[entry.form]
            back = -((at.date() - date(2026, 11, 23)).days // 30)
            answers = dict(asked(form, QUESTIONNAIRES[entry.form](village, back), wholes))
            row = await interviews.start(
                session,
                person_id=person_id or 0,
                place_id=place_id,
                form_id=form_id,
                form_name=entry.form,
                period=period.key,
                state={},
                now=at,
            )
            await submissions.send(session, row, form, answers, at)

        await self.storage.write(work)


def sends_on(village: DemoVillage, entry: Entry, period: Period) -> date | None:
    """On which day a village reports for a period: in time, late, or never."""
    luck = Random(f"letters {village.name} {entry.form} {period.key}")
    opens, due, closes = entry.opens(period), entry.due(period), entry.closes(period)
    drawn = luck.random()
    if drawn > village.diligence:
        return None
    last = due if luck.random() < 0.8 else closes
    return opens + timedelta(days=luck.randrange((last - opens).days + 1))


@asynccontextmanager
async def district_in(file: Path, start: datetime) -> AsyncIterator[District]:
    """The district of the demonstration in `file`, from `start` on."""
    engine = open_engine(f"sqlite+aiosqlite:///{file}")
    with time_machine.travel(start, tick=False) as clock:
        async with Storage(engine) as storage:
            async with storage.reading() as session:
                chosen = select(Place.name, Place.id).where(Place.level == Level.VILLAGE)
                places = {name.removesuffix(f" {MARK}"): id for name, id in await session.exec(chosen)}
            yield District(storage, Library(load_plans(), ZONE), clock, start, places)
    await engine.dispose()
