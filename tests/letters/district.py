"""Plays a district with a clock of its own, and keeps every letter to everybody.

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

import time_machine
from sqlmodel import col, select

from bot.demo.build import asked
from bot.demo.figures import QUESTIONNAIRES
from bot.demo.invented import DemoVillage
from bot.timetable import ROUNDS, announcement, is_due, note
from handlers.letters import recipients
from handlers.messages import Reply
from plans.holidays import holiday
from plans.period import Period
from plans.schedule import Entry
from storage import beats, facts, interviews, outbox, submissions
from storage.database import open_engine
from storage.delivered import kept_of
from storage.session import Session
from storage.tables import Level, Outbox, Role, RoleName
from tests.handlers.chatting import ZONE, Phone, Town, load_forms, plain, town_on

HOURS: Final = (time(7, 30), time(8))
"""When the timetable is rung on each day: whenever a letter becomes due. What a chat does rings it, too."""
DAY: Final = timedelta(days=1)
RUNG: Final = ("weekly", "reminders", "missed")
"""The rounds that have something for these people."""
VILLAGES: Final = (
    DemoVillage("Nà Hin", "Vĩnh Thông", "", "Lý A Sử", 60, 1.0),
    DemoVillage("Nà Lốc", "Vĩnh Thông", "", "Hoàng Thị Mỷ", 80, 0.6),
    DemoVillage("Bản Pàu", "Vĩnh Thông", "", "Sùng A Páo", 50, 0.9),
)
FORMS: Final = ("nuoc-sach", "nha-o", "giao-duc", "y-te", "trung-hoc-xoa-mu-chu", "ho-tro", "giam-ngheo")
"""What the villages report; of the others they never send anything."""


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
        return plain(self.reply)

    @property
    def labels(self) -> list[str]:
        return [choice.label for row in (*self.reply.choices, *self.reply.actions) for choice in row]


@dataclass
class District:
    """The district as it stands at its town's `now`."""

    town: Town
    clock: time_machine.Traveller
    gone: dict[str, datetime] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)
    """The chats that take nothing any more."""
    off: tuple[datetime, datetime] | None = None
    """From when to when the bot is off."""
    sent: dict[tuple[str, str, int], datetime] = field(default_factory=dict)
    """When what was reported: questionnaire, period, village."""

    @property
    def now(self) -> datetime:
        return self.town.now

    def moved_to(self, moment: datetime) -> None:
        self.town.now = moment
        self.clock.move_to(moment)

    async def play(self, until: datetime) -> None:
        """Play up to a moment."""
        while self.now < until:
            moment = min(next_hour(self.now), until)
            if moment.date() > self.now.date():
                await self.report_on(moment.date())
            self.moved_to(moment)
            if self.off is None or not self.off[0] <= moment < self.off[1]:
                await self.ring()
                self.off = None if self.off is None or moment >= self.off[1] else self.off

    async def ring(self) -> None:
        """Ring once, and deliver what is due."""
        storage, library = self.town.storage, self.town.dispatch.library
        if self.off is not None or self.now.weekday() == 0:
            if self.off is None or self.now < self.off[0]:
                # Between two of `HOURS` it rang every minute, and nothing was due.
                minute_ago = (self.now - timedelta(minutes=1)).isoformat()
                await storage.write(lambda session: facts.put(session, beats.RANG, minute_ago))
            await note(storage, library, self.now)
        for name in RUNG:
            if await is_due(storage, library, name, self.now, self.gone.get(name)):
                await self.round(name)
                self.gone[name] = self.now
        await self.deliver()

    async def round(self, name: str) -> None:
        """Write a round's letters, without the rests that leave time to answers."""
        last: int | None = 0
        while last is not None:
            async with self.town.storage.reading() as session:
                some, last = await recipients(session, last)
                letters = await ROUNDS[name].compose(
                    session, self.town.dispatch.library, self.now, some, None
                )
            in_time = [announcement(letter, self.now) for letter in letters if letter.in_time(self.now)]
            await outbox.announce(self.town.storage, in_time)

    async def deliver(self) -> None:
        """Send what is due, replies too; only letters are kept."""
        while dues := await outbox.claim(self.town.storage, "sender", [self.town.channel.name]):
            outcomes: list[outbox.Outcome] = []
            keys = await self.keys_of([due.id for due in dues])
            for due in dues:
                if due.address in self.closed:
                    outcomes.append(outbox.Dead(due.id, due.contact_id, "Forbidden", unreachable=True))
                    continue
                if keys[due.id]:
                    self.posts.append(Post(self.now, due.address, keys[due.id], Reply.from_json(due.body)))
                outcomes.append(outbox.Delivered(due.id, str(due.id), kept_of(due)))
            await outbox.record(self.town.storage, outcomes)
            # Of what was sent only its buttons remain: the town listens for what comes after it.
            self.town.read = max(self.town.read, *(due.id for due in dues))

    async def keys_of(self, ids: Sequence[int]) -> dict[int, str]:
        async with self.town.storage.reading() as session:
            chosen = select(Outbox.id, Outbox.natural_key).where(col(Outbox.id).in_(ids))
            return {number: key or "" for number, key in await session.exec(chosen)}

    async def joins(self, address: str, place: str, role: RoleName, name: str) -> Phone:
        """Somebody takes part from now on."""
        phone = self.town.phone(address)
        await phone.says(await self.town.invite(place, role, name))
        await phone.presses("Đồng ý")
        return phone

    # --- what the villages do ---

    async def report_on(self, day: date) -> None:
        """Send what the villages report on a day, before its first hour."""
        for village in VILLAGES:
            for entry in self.town.dispatch.library.plans.asked_of(Level.VILLAGE):
                for period in entry.asked_on(day) if entry.form in FORMS else ():
                    if sends_on(village, entry, period) == day:
                        await self.send(village, entry, period, datetime.combine(day, time(5), ZONE))

    async def send(self, village: DemoVillage, entry: Entry, period: Period, at: datetime) -> None:
        """One report of a village's head, if it has one."""
        library = self.town.dispatch.library
        wholes = {
            part: whole for one in library.plans.indicators.values() for part, whole in one.parts.items()
        }

        async def work(session: Session) -> bool:
            place_id = self.town.places[village.name]
            chosen = select(Role.person_id).where(Role.place_id == place_id, col(Role.until).is_(None))
            person_id = (await session.exec(chosen)).first()
            place = await session.places.get(place_id)
            if person_id is None or place is None or place.last_day is not None:
                return False
            form_id, form = (await library.active_forms(session))[entry.form]
            back = (START.date() - at.date()).days // 30
            answers = dict(asked(form, QUESTIONNAIRES[entry.form](village, back), wholes))
            row = await interviews.start(
                session,
                person_id=person_id,
                place_id=place_id,
                form_id=form_id,
                form_name=entry.form,
                period=period.key,
                state={},
                now=at,
            )
            await submissions.send(session, row, form, answers, at)
            return True

        if await self.town.storage.write(work):
            self.sent[entry.form, period.key, self.town.places[village.name]] = at


START: Final = datetime(2026, 11, 22, 21, tzinfo=ZONE)
"""A Sunday evening."""


def next_hour(now: datetime) -> datetime:
    """The next moment at which the timetable is rung."""
    days = (now.date(), now.date() + DAY)
    moments: Iterator[datetime] = (
        datetime.combine(day, hour, ZONE) for day in days for hour in hours_of(day)
    )
    return next(moment for moment in moments if moment > now)


def hours_of(day: date) -> Sequence[time]:
    """When it is rung on a day: for a summary only where one may be due."""
    return HOURS if day.weekday() in (0, 4) or holiday(day - DAY) else HOURS[1:]


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
async def district_in(file: Path, folder: Path) -> AsyncIterator[District]:
    """The district on a database that holds the places and questionnaires, from `START` on."""
    engine = open_engine(f"sqlite+aiosqlite:///{file}")
    tick = outbox.last_tick
    with time_machine.travel(START, tick=False) as clock:
        async with town_on(engine, folder) as town:
            await load_forms(town)
            town.now = START
            yield District(town, clock)
    await engine.dispose()
    # The next test's messages get numbers of its own time.
    outbox.last_tick = tick
