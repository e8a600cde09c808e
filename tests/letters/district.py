"""Plays a district with a clock of its own, and keeps every letter to everybody.

The timetable's rounds are rung as `bot.timetable.ring` rings them, the outbox is emptied as a sender would, and the
villages report as the demonstration invents it: some in time, some late, some never. Nothing sleeps.
"""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
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
from figures.ground import ground_of
from figures.sources import source_of
from handlers import escalating
from handlers.asking.answer import answer
from handlers.asking.asked import Asked
from handlers.letters import recipients
from handlers.messages import Reply
from handlers.viewer import Viewer
from plans.holidays import holiday
from plans.period import Period
from plans.plans import Plans
from plans.reading import load_plans
from plans.schedule import Entry
from queries.frames import Lookup, Measure, When
from storage import beats, facts, interviews, outbox, submissions
from storage.database import open_engine
from storage.delivered import kept_of
from storage.session import Session
from storage.tables import Contact, Emergency, Level, Outbox, Role, RoleName
from storage.unit_of_work import people_with_roles
from tests.handlers.chatting import ZONE, Phone, Town, dictionary, load_forms, plain, town_on

CHANGED: Final = re.compile(r"• (?P<name>[^:]+): (?P<value>.+), (?P<period>[^,;]+); (?P<change>.+)")
MOVED: Final = re.compile(
    r"• (?P<place>[^:]+): (?P<name>.+) (?P<way>tăng|giảm) (?P<by>[\d.,]+) (?P<unit>[^(]+) "
    r"\((?P<period>.+) so với (?P<since>[^)]+)\).*"
)
"""Lines of summaries that tell a figure of a village, or how much one of a unit's changed."""
ASKED_EVERY: Final = 3
"""In one week of so many the questions behind the lines are asked."""
EMERGENCY: Final = timedelta(minutes=16)
HOURS: Final = (time(7, 30), time(8))
"""When the timetable is rung on a day: whenever a letter becomes due. What a chat does rings it, too."""
SUMMARIES: Final = (0, 4)
"""The weekdays on which somebody here gets a summary."""
DAY: Final = timedelta(days=1)
RUNG: Final = ("weekly", "reminders")
"""The rounds that have something for these people."""
SELDOM_FROM: Final = date(2027, 6, 14)
"""From when on a bot that rings only on a few days has to do."""
VILLAGES: Final = (
    DemoVillage("Nà Hin", "Vĩnh Thông", "", "Lý A Sử", 60, 1.0),
    DemoVillage("Nà Lốc", "Vĩnh Thông", "", "Hoàng Thị Mỷ", 80, 0.6),
    DemoVillage("Bản Pàu", "Vĩnh Thông", "", "Sùng A Páo", 50, 0.9),
)
FORMS: Final = ("nuoc-sach", "nha-o", "giao-duc", "y-te", "trung-hoc-xoa-mu-chu", "ho-tro", "giam-ngheo")
"""What the villages are asked."""
COMMUNE_FORMS: Final = ("giam-ngheo-xa", "y-te-xa", "giao-duc-xa")
"""What the commune is asked, and never sends."""


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


@dataclass(frozen=True, slots=True)
class Answered:
    """A line of a letter, what of it tells numbers, and the answer to its question at that moment."""

    post: Post
    line: str
    numbers: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """An emergency as it stood at a moment."""

    at: datetime
    raised: datetime
    closed: bool
    taken_up: bool
    told_at: datetime
    """When it last went up, or was told again."""


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
    answered: list[Answered] = field(default_factory=list)
    alarms: list[Alarm] = field(default_factory=list)
    ringing: frozenset[date] = frozenset()
    """When the schedule may give something to tell."""
    each_day_until: date = date(2026, 12, 28)
    """So long each day is played, whatever the schedule says."""
    alarmed: bool = False
    """Whether an emergency is open, or was of late."""

    @property
    def now(self) -> datetime:
        return self.town.now

    def moved_to(self, moment: datetime) -> None:
        self.town.now = moment
        self.clock.move_to(moment)

    async def play(self, until: datetime) -> None:
        """Play up to a moment."""
        while self.now < until:
            moment, day = min(self.next_hour(), until), self.now.date()
            while day < moment.date():
                day += DAY
                await self.report_on(day)
            self.moved_to(moment)
            if self.off is None or not self.off[0] <= moment < self.off[1]:
                await self.ring()
                self.off = None if self.off is None or moment >= self.off[1] else self.off

    def next_hour(self) -> datetime:
        """The next moment at which the timetable is rung."""
        day = self.now.date()
        while True:
            moments = (datetime.combine(day, hour, ZONE) for hour in self.hours_of(day))
            if (moment := next((one for one in moments if one > self.now), None)) is not None:
                return moment
            day += DAY

    def hours_of(self, day: date) -> Sequence[time]:
        """When it is rung on a day: for a summary only where one may be due; for reminders, after the first weeks, only
        where the schedule may have some, and in the end as seldom as summaries."""
        if day.weekday() in SUMMARIES or holiday(day - DAY):
            return HOURS
        near = day in self.ringing and day < SELDOM_FROM
        return HOURS[1:] if near or day < self.each_day_until else ()

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
        if self.alarmed:
            await storage.write(lambda session: escalating.escalate(session, library, self.now))
        told = len(self.posts)
        await self.deliver()
        if self.now.isocalendar().week % ASKED_EVERY == 0:
            await self.ask_about(self.posts[told:])
        if self.alarmed:
            await self.look_at_alarms()

    async def watch(self, hours: int) -> None:
        """Ring as often as an emergency may go up, for some hours."""
        until = self.now + timedelta(hours=hours)
        while self.now < until:
            self.moved_to(self.now + EMERGENCY)
            await self.ring()

    async def look_at_alarms(self) -> None:
        """Keep how each emergency stands that is open, or was this week."""
        for row in await self.town.rows(Emergency):
            closed, raised = row.closed_at is not None, row.raised_at.astimezone(ZONE)
            if not closed or self.now - raised < 7 * DAY:
                told_at = row.tier_at.astimezone(ZONE)
                self.alarms.append(Alarm(self.now, raised, closed, row.acknowledged_at is not None, told_at))

    async def ask_about(self, posts: Sequence[Post]) -> None:
        """Ask the question behind each line of summaries that tells a figure."""
        lines = [(post, line) for post in posts if post.kind == "weekly" for line in post.text.splitlines()]
        for post, line in lines:
            if said := CHANGED.fullmatch(line):
                number = int(post.key.rpartition(":")[2])
                numbers = (said["value"], said["change"])
            elif said := MOVED.fullmatch(line):
                number = self.town.places[said["place"].partition(" ")[2]]
                numbers = (f"{said['way']} {said['by']} {said['unit']}",)
            else:
                continue
            answer = await self.answer_about(said["name"], number, said["period"])
            self.answered.append(Answered(post, line, numbers, answer))

    async def answer_about(self, name: str, place: int, label: str) -> str:
        """What the commune's officer is answered about a figure of a place and period, named as a letter names them."""
        library, plans = self.town.dispatch.library, self.town.dispatch.library.plans
        async with self.town.storage.reading() as session:
            [contact] = (await session.exec(select(Contact).where(Contact.address == "xa"))).all()
            _, roles = (await people_with_roles(session, {contact.person_id}))[contact.person_id]
            viewer = Viewer(session, library, tuple(roles), self.now)
            [indicator] = [one for one in plans.indicators.values() if one.name("vi") == name]
            source, ground = await source_of(viewer, indicator), await ground_of(viewer)
            assert source is not None
            assert ground is not None
            period = source.entry.period(self.now.date())
            while label not in (period.label("vi"), period.name("vi")):
                period = period.previous()
            days = When(((period.start, period.end),))
            lookup = Lookup(measure=Measure((indicator.id,)), places=(place,), when=days)
            return plain(await answer(Asked(viewer, ground, lookup, 0)))

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
            outcomes: list[outbox.SendOutcome] = []
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
                for period in entry.asked_on(day):
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


def days_that_ring(plans: Plans) -> frozenset[date]:
    """The days on which the schedule gives something to tell, and the one behind each: then it may have to wait."""
    days: set[date] = set()
    for level in (Level.VILLAGE, Level.COMMUNE):
        for entry in plans.asked_of(level):
            period = entry.period(START.date() + 380 * DAY)
            while period.end > START.date() - 60 * DAY:
                due, closes = entry.due(period), entry.closes(period)
                days |= {due - DAY, due + DAY, closes - 2 * DAY, closes + DAY}
                period = period.previous()
    return frozenset(day + number * DAY for day in days for number in range(2))


def sends_on(village: DemoVillage, entry: Entry, period: Period) -> date | None:
    """On which day a village reports for a period: in time, late, or never."""
    luck = Random(f"letters {village.name} {entry.form} {period.key}")
    opens, due, closes = entry.opens(period), entry.due(period), entry.closes(period)
    drawn = luck.random()
    if drawn > village.diligence:
        return None
    last = due if luck.random() < 0.8 else closes
    return opens + timedelta(days=luck.randrange((last - opens).days + 1))


def plans_of_district() -> Plans:
    """The plans with a few questionnaires: each one costs every letter a look."""
    plans, asked = load_plans(), {Level.VILLAGE: FORMS, Level.COMMUNE: COMMUNE_FORMS}
    schedule = (entry for entry in plans.schedule if entry.form in asked.get(Level(entry.level), ()))
    return replace(plans, schedule=tuple(schedule))


@asynccontextmanager
async def district_in(file: Path, folder: Path) -> AsyncIterator[District]:
    """The district on a database that holds the places and questionnaires, from `START` on."""
    engine = open_engine(f"sqlite+aiosqlite:///{file}")
    tick = outbox.last_tick
    with time_machine.travel(START, tick=False) as clock:
        async with town_on(engine, folder, plans=plans_of_district()) as town:
            # Its words are those of all plans, which are read already.
            town.dispatch.library.dictionary = dictionary()
            await load_forms(town)
            town.now = START
            yield District(town, clock, ringing=days_that_ring(town.dispatch.library.plans))
    await engine.dispose()
    # The next test's messages get numbers of its own time.
    outbox.last_tick = tick
