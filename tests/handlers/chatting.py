"""A commune with villages, beside another province, and chats with the bot: the ground of these tests.

A message takes the real way: gate, dispatch, routing, outbox. Nothing is sent; what the bot said is read from
the outbox, as a sender would find it.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, insert, select

from bot.channels.base import Outgoing, Sent, Service
from bot.delivery import Delivery
from bot.dispatch import Dispatch
from handlers.library import Library
from handlers.messages import Capabilities, Incoming, MessageKind, Reply, SharedContact
from plans.period import PeriodKind, from_key
from plans.plans import Plans
from plans.reading import load_plans
from plans.schedule import Entry
from queries.dictionary import Dictionary
from questionnaires.interview import Context, begin
from questionnaires.questionnaire import Questionnaire
from questionnaires.xlsform import compile_form
from storage import forms, interviews, invitations, outbox, people, submissions
from storage.database import migrate, open_engine, writing
from storage.session import Session
from storage.tables import (
    AuditEntry,
    Contact,
    Form,
    InterviewRow,
    Level,
    Outbox,
    OutboxState,
    PeriodLock,
    Person,
    Place,
    RoleName,
)
from storage.unit_of_work import Storage
from tests.postgresql import Ground
from tests.quick import dictionary_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
START = datetime(2026, 11, 20, 8, 0, tzinfo=ZONE)
LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""What was said is on the phone at once, however long a test takes by the clock on the wall."""
SAID_SINCE = (
    select(col(Outbox.id), col(Outbox.slot), col(Outbox.body), col(Contact.id), col(Contact.address))
    .join(Contact, col(Contact.id) == col(Outbox.contact_id))
    .where(col(Outbox.id) > bindparam("read"))
    .order_by(col(Outbox.id))
)
UNNUMBERED = (MessageKind.PRESS, MessageKind.EDITED, MessageKind.BLOCKED, MessageKind.UNBLOCKED)


class Silent(Service):
    """A channel that sends nothing: the tests read the outbox. `can` says which kind of phone it is."""

    def __init__(self, name: str, can: Capabilities) -> None:
        self.name, self.can = name, can

    async def send(self, message: Outgoing) -> Sent:
        raise AssertionError("nothing is sent in these tests")

    async def download(self, ref: str, limit: int) -> bytes:
        return b""


@dataclass
class Town:
    """The places and the running bot of one test."""

    storage: Storage
    dispatch: Dispatch
    channel: Silent
    places: dict[str, int] = field(default_factory=dict)
    now: datetime = START
    sent: int = 0
    read: int = 0
    begun: dict[str, "Phone"] = field(default_factory=dict)
    """The phones of those who have spoken before the test began, by the name of their fixture."""

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)

    def phone(self, address: str) -> "Phone":
        return Phone(self, address)

    async def invite(self, place: str, role: RoleName, name: str = "", days: int = 14) -> str:
        """A new invitation's code."""

        async def work(session: Session) -> str:
            code, _ = await invitations.create(session, self.places[place], role, name, days, self.now)
            return code

        return await self.storage.write(work)

    async def head(self, address: str, place: str = "Nà Hin", name: str = "Lý A Sử") -> "Phone":
        """The phone of somebody who enrolled as a village's head."""
        return await self.enrolled(address, place, RoleName.VILLAGE_HEAD, name)

    async def enrolled(self, address: str, place: str, role: RoleName, name: str) -> "Phone":
        """The phone of somebody who joined long ago, so that what is overdue is theirs; it shows the menu.

        How people join is tested by itself: here they do not spend a conversation on it.
        """

        async def join(session: Session) -> None:
            contact = await people.find_contact(session, self.channel.name, address)
            contact = contact or await people.create_contact(session, self.channel.name, address)
            since = self.now - timedelta(days=400)
            await people.enrol(session, contact, self.places[place], role, name, since)

        await self.storage.write(join)
        phone = self.phone(address)
        await phone.says("menu")
        return phone

    async def joins(self, address: str, place: str = "Nà Hin", name: str = "Lý A Sử") -> "Phone":
        """The phone of somebody who joins just now as a village's head, as people do: by a code."""
        phone = self.phone(address)
        await phone.says(await self.invite(place, RoleName.VILLAGE_HEAD, name))
        await phone.presses("Đồng ý")
        return phone

    async def lock(self, place: str, like: InterviewRow | PeriodLock) -> None:
        """Lock the period of a draft, or of another lock, at a place, without telling anybody."""
        row = PeriodLock(
            place_id=self.places[place],
            form_name=like.form_name,
            period=like.period,
            role=RoleName.PROVINCE_OFFICER,
            locked_at=self.now,
        )

        async def work(session: Session) -> None:
            session.add(row)

        await self.storage.write(work)

    async def rows(self, table: type[Any], *where: Any) -> list[Any]:
        async with self.storage.reading() as session:
            return list(await session.exec(select(table).where(*where).order_by(col(table.id))))

    async def audit(self) -> list[str]:
        return [entry.action for entry in await self.rows(AuditEntry)]

    async def heard(self) -> list[tuple[str, Reply]]:
        """(address, what it was told) since this was last asked: from then on its chats show it."""
        sender = self.dispatch.delivery.sender
        async with self.storage.reading() as session:
            new = await session.fetch(SAID_SINCE, read=self.read)
        for number, slot, _, contact, _ in new:
            if slot:
                sender.slots[contact, slot] = outbox.SentInSlot(number, "", LONG_AGO)
            self.read = number
        return [(address, Reply.from_json(body)) for _, _, body, _, address in new]


@dataclass
class Phone:
    """One chat. Each method sends one message and gives the bot's replies to this chat."""

    town: Town
    address: str
    shown: list[Reply] = field(default_factory=list)

    async def says(self, text: str) -> list[Reply]:
        return await self.sends(MessageKind.TEXT, text=text)

    async def presses(self, label: str) -> list[Reply]:
        """Press the newest button whose label holds `label`."""
        return await self.presses_data(self.button(label))

    async def presses_data(self, data: str) -> list[Reply]:
        return await self.sends(MessageKind.PRESS, press=data)

    async def act(self, *others: "Phone", press: str = "", text: str = "") -> list[str]:
        """What this chat and others are told when it presses the button with this label, or writes: one text each.

        The buttons of all that can then be pressed.
        """
        await self.town.heard()
        sent = (
            self.incoming(MessageKind.PRESS, press=self.button(press))
            if press
            else self.incoming(MessageKind.TEXT, text=text)
        )
        await self.town.dispatch.handle(sent, self.town.channel)
        replies, said = await self.town.heard(), []
        for phone in (self, *others):
            mine = [reply for address, reply in replies if address == phone.address]
            phone.shown += mine
            said.append(text_of(mine))
        return said

    def button(self, label: str) -> str:
        for reply in reversed(self.shown):
            for row in (*reply.choices, *reply.actions):
                for choice in row:
                    if label in choice.label:
                        return choice.data
        raise AssertionError(f"no button {label!r}")

    async def shares(self, phone: str, own: bool = True) -> list[Reply]:
        return await self.sends(MessageKind.CONTACT, contact=SharedContact(phone, own))

    async def sends(self, kind: MessageKind, **facts: Any) -> list[Reply]:
        await self.town.dispatch.handle(self.incoming(kind, **facts), self.town.channel)
        mine = [reply for address, reply in await self.town.heard() if address == self.address]
        self.shown += mine
        return mine

    def incoming(self, kind: MessageKind, **facts: Any) -> Incoming:
        """The next message of this chat."""
        self.town.sent += 1
        number = self.town.sent
        return Incoming(
            self.town.channel.name,
            self.address,
            f"u{number}",
            number,
            kind,
            self.town.now.astimezone(UTC),
            number=0 if kind in UNNUMBERED else number,
            **facts,
        )

    async def contact(self) -> Contact:
        [contact] = await self.town.rows(Contact, Contact.address == self.address)
        return contact


def text_of(replies: list[Reply]) -> str:
    """All that was said, without markup."""
    return "\n".join(plain(reply) for reply in replies)


def plain(reply: Reply) -> str:
    bare = str(reply.text)
    for tag in ("<b>", "</b>", "<i>", "</i>"):
        bare = bare.replace(tag, "")
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def labels(replies: list[Reply]) -> list[str]:
    """The labels of all buttons, in order."""
    return [choice.label for reply in replies for row in (*reply.choices, *reply.actions) for choice in row]


def three_asked() -> Plans:
    """The plans, with three questionnaires that villages are asked in November: one a month, two a quarter."""
    month, quarter = PeriodKind.MONTH, PeriodKind.QUARTER
    asked = (("nuoc-sach", month, 1, 1), ("nha-o", quarter, 2, 8), ("giao-duc", quarter, 2, 15))
    schedule = tuple(
        Entry(form, Level.VILLAGE, kind, 7, month=nth, day=day, within=7) for form, kind, nth, day in asked
    )
    return replace(load_plans(), schedule=schedule, programmes={})


@asynccontextmanager
async def town_on(
    engine: AsyncEngine, folder: Path, can: Capabilities | None = None, plans: Plans | None = None
) -> AsyncIterator[Town]:
    """The running bot with two provinces.

    Thái Nguyên > Vĩnh Thông > Nà Hin, Nà Lốc, Bản Pàu; Nghệ An > Mỹ Lý > Xiềng Tắm.
    """
    channel = Silent("test", can or Capabilities())
    async with Storage(engine) as storage:
        library = Library(plans or load_plans(), ZONE, dictionary=None if plans else dictionary())
        delivery = Delivery(storage, {}, "tests", folder)
        town = Town(storage, Dispatch(storage, library, delivery, "tests"), channel)
        town.dispatch.clock = lambda: town.now.astimezone(UTC)
        town.places = await places_of(storage) or await storage.write(make_places)
        yield town


@cache
def dictionary() -> Dictionary:
    """The words of the bundled plans, which take as long to read as several tests to run."""
    return dictionary_of(load_plans())


async def places_of(storage: Storage) -> dict[str, int]:
    """The places of a database that was laid before, by name."""
    async with storage.reading() as session:
        return dict((await session.exec(select(Place.name, Place.id))).all())


async def make_places(session: Session) -> dict[str, int]:
    tree: list[tuple[str, Level, str, str | None]] = [
        ("Việt Nam", Level.NATION, "nước", None),
        ("Thái Nguyên", Level.PROVINCE, "tỉnh", "Việt Nam"),
        ("Vĩnh Thông", Level.COMMUNE, "xã", "Thái Nguyên"),
        ("Nà Hin", Level.VILLAGE, "thôn", "Vĩnh Thông"),
        ("Nà Lốc", Level.VILLAGE, "thôn", "Vĩnh Thông"),
        ("Bản Pàu", Level.VILLAGE, "thôn", "Vĩnh Thông"),
        ("Nghệ An", Level.PROVINCE, "tỉnh", "Việt Nam"),
        ("Mỹ Lý", Level.COMMUNE, "xã", "Nghệ An"),
        ("Xiềng Tắm", Level.VILLAGE, "bản", "Mỹ Lý"),
    ]
    places: dict[str, int] = {}
    for name, level, kind, parent in tree:
        places[name] = await add(session, name, level, kind, places.get(parent or ""))
    return places


async def add(session: Session, name: str, level: Level, kind: str, parent: int | None) -> int:
    place: Place = await session.places.add(level=level, kind=kind, name=name, parent_id=parent)
    return place.id


# --- questionnaires and reports -------------------------------------------------------------------------

FORMS = Path(__file__).resolve().parents[2] / "questionnaires" / "forms"
FORMS_KEPT = select(Form.id, Form.version)


@cache
def bundled(name: str) -> Questionnaire:
    """A questionnaire that comes with the program."""
    return compile_form((FORMS / f"{name}.md").read_bytes(), f"{name}.md")


@cache
def stored(name: str) -> tuple[dict[str, Any], Questionnaire]:
    """A bundled questionnaire as the database keeps it, and as it is read from there."""
    compiled = bundled(name).to_json()
    return compiled, Questionnaire.from_json(compiled)


async def load_form(town: Town, sheets: str) -> None:
    """Put the questionnaire of these sheets into the town."""
    form = compile_form(sheets.encode(), "nuoc.md")
    await town.storage.write(lambda session: forms.save_form(session, form))


async def load_forms(town: Town) -> None:
    """Keep the bundled questionnaires where the bot keeps those it has read, and in the database if it has none."""
    forms_read = {form.version: form for _, form in map(stored, form_names())}
    async with town.storage.reading() as session:
        kept = (await session.exec(FORMS_KEPT)).all()
    kept = kept or await town.storage.write(store_forms)
    town.dispatch.library.forms.update(
        {id: forms_read[version] for id, version in kept if version in forms_read}
    )


async def store_forms(session: Session) -> Sequence[tuple[int, str]]:
    """Put the bundled questionnaires into the database, all at once; the id and version of each."""
    rows = [
        Form(name=form.name, version=form.version, compiled=compiled).model_dump(exclude={"id"})
        for compiled, form in map(stored, form_names())
    ]
    await session.exec(insert(Form), params=rows)
    return (await session.exec(FORMS_KEPT)).all()


def form_names() -> list[str]:
    return sorted(path.stem for path in FORMS.glob("*.md"))


async def lay_town(url: str) -> None:
    """Make a database that holds the places and the questionnaires."""
    await migrate(url)
    engine = open_engine(url)
    async with writing(engine) as session:
        await make_places(session)
        await store_forms(session)
    await engine.dispose()


TOWN = Ground("town", lay_town)


async def begin_interview(town: Town, phone: Phone, name: str, place: str) -> int:
    """Bring a chat into the middle of a questionnaire, at its first question; the interview's id."""
    form = bundled(name)
    entry = town.dispatch.library.plans.entry(name)
    assert entry is not None
    interview, _ = begin(form, Context(now=town.now, lang="vi"))

    async def work(session: Session) -> int:
        [contact] = (await session.exec(select(Contact).where(Contact.address == phone.address))).all()
        [form_id] = (await session.exec(select(Form.id).where(Form.name == name))).all()
        row = await interviews.start(
            session,
            person_id=contact.person_id or 0,
            place_id=town.places[place],
            form_id=form_id,
            form_name=name,
            period=entry.period(town.now.date()).key,
            state=interview.to_json(),
            now=town.now,
        )
        contact.interview_id, contact.screen = row.id, {}  # the question stands where the greeting stood
        return row.id

    return await town.storage.write(work)


async def send_report(
    town: Town, name: str, place: str, values: dict[str, str], back: int = 0, key: str = ""
) -> str:
    """A report of a village for today's period (or `back` periods before, or the one of a key), by nobody; its receipt."""
    form = bundled(name)
    entry = town.dispatch.library.plans.entry(name)
    assert entry is not None
    period = from_key(key) if key else entry.period(town.now.date())
    for _ in range(back):
        period = period.previous()

    async def work(session: Session) -> str:
        [person_id] = (await session.exec(select(Person.id).limit(1))).all()
        [form_id] = (await session.exec(select(Form.id).where(Form.name == name))).all()
        row = await interviews.start(
            session,
            person_id=person_id,
            place_id=town.places[place],
            form_id=form_id,
            form_name=name,
            period=period.key,
            state={},
            now=town.now,
        )
        return (await submissions.send(session, row, form, values, town.now)).receipt

    return await town.storage.write(work)


async def arrives(town: Town) -> None:
    """Let everything that waits be sent."""
    waiting = await town.rows(Outbox, col(Outbox.state) == OutboxState.DUE)
    await outbox.record(town.storage, [outbox.Delivered(row.id, str(row.id), row.body) for row in waiting])
