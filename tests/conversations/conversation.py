"""Plays a transcript against the running bot and writes down what it answered.

A transcript is a text file. A line that begins with "›" is what somebody does; all else is what the bot said,
written here and compared in whole. The same actions are played on a channel with buttons (`name.md`) and on
one without (`name.plain.md`). Set WRITE_TRANSCRIPTS=1 to write them anew, then read the difference.

    › 08:00 21/11/2026              the time moves on
    › A: 25 hộ                      A types
    › A [Gửi]                       A presses the newest button whose label holds these words
    › A [Sửa câu 3 | 3]             and types "3" where there are no buttons
    › A (sticker)                   also (voice), (video), (photo), (location 22.1 105.8), (contact),
                                    (edits: text), (late: text), (old Gửi): the oldest button of that label
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from bot.channels.base import LastWrote, Look
from bot.channels.text import plain, split
from bot.channels.written import rendered
from handlers.messages import (
    WITHOUT_BUTTONS,
    Capabilities,
    Choice,
    FileRef,
    Location,
    MessageKind,
    Reply,
    SharedContact,
)
from handlers.wording import wording
from storage import people
from storage.session import Session
from storage.tables import (
    Contact,
    ContactPerson,
    Level,
    Outbox,
    OutboxState,
    Place,
    PlaceSuccession,
    RoleName,
)
from tests.handlers.chatting import START, ZONE, Phone, Town, add, load_forms, town_on

FULL: Final = Capabilities()
PLAIN: Final = replace(WITHOUT_BUTTONS, max_text=2000)
MARK: Final = "› "
ACTION: Final = re.compile(
    r"(?P<who>\w+)(?:: (?P<text>.*)| \[(?P<button>.*)\]| \((?P<other>.*)\))", re.DOTALL
)
TIME: Final = "%H:%M %d/%m/%Y"
TIMES: Final = re.compile(r"^› (\d\d:\d\d \d\d/\d\d/\d{4})$", re.MULTILINE)
RECEIPT: Final = re.compile(r"BC-[0-9A-Z]{4}-[0-9A-Z]{2}")

CAST: Final = {
    "A": ("Nà Hin", RoleName.VILLAGE_HEAD, "Lý A Sử"),
    "B": ("Nà Hin", RoleName.VILLAGE_HEAD, "Hoàng Văn Páo"),
    "X": ("Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài"),
    "Y": ("Kỳ Sơn", RoleName.DISTRICT_OFFICER, "Vi Thị Hoa"),
    "Z": ("Nghệ An", RoleName.PROVINCE_OFFICER, "Lô Văn Minh"),
}
"""Who speaks. A2 is A's second phone; Y's district was closed in the reform."""
EARLIER: Final = {"W": ("Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Thị Bình")}
"""Who speaks besides in a conversation of an earlier year, when Y's district still stood."""
ABOVE: Final = {"P": ("Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hoa")}
"""Who speaks only where a conversation has them speak: an officer above A's commune."""
ENROLLED: Final = datetime(2026, 11, 9, 8, 0, tzinfo=ZONE)


@dataclass
class Conversation:
    """One transcript being played."""

    town: Town
    phones: dict[str, Phone]
    lines: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)
    look: Look | None = None
    """How the channel looks, where what its people see is written down."""

    @property
    def buttons(self) -> bool:
        return self.town.channel.can.buttons

    async def play(self, script: str) -> str:
        """The whole transcript of the actions in `script`."""
        for line in script.splitlines():
            if line.startswith("#"):
                self.lines += [line, ""]
            elif line.startswith(MARK):
                self.lines += [line, ""]
                await self.do(line.removeprefix(MARK))
        return "\n".join(self.lines).rstrip() + "\n"

    async def do(self, action: str) -> None:
        found = ACTION.fullmatch(action)
        if found is None:
            self.town.now = datetime.strptime(action, TIME).replace(tzinfo=ZONE)
            return
        who, text, button, other = found.group("who", "text", "button", "other")
        phone = self.phones[who]
        if text is not None:
            await self.sends(phone, MessageKind.TEXT, text=text)
        elif button is not None:
            await self.press(phone, *button.split(" | "))
        else:
            await self.other(phone, *other.split(maxsplit=1))

    async def press(self, phone: Phone, label: str, typed: str = "") -> None:
        if not self.buttons:
            await self.delivered()
            await self.sends(phone, MessageKind.TEXT, text=typed or self.choice(phone, label).label)
        else:
            await self.sends(phone, MessageKind.PRESS, press=self.choice(phone, label).data)

    async def delivered(self) -> None:
        """What came unasked stands in the chats: the labels of its buttons can be typed."""
        letters = update(Outbox).where(col(Outbox.priority) > 0).values(state=OutboxState.SENT)
        await self.town.storage.write(lambda session: session.exec(letters))

    def choice(self, phone: Phone, label: str, oldest: bool = False) -> Choice:
        shown = phone.shown if oldest else phone.shown[::-1]
        for reply in shown:
            for row in (*reply.choices, *reply.actions):
                for choice in row:
                    if label in choice.label:
                        return choice
        raise AssertionError(f"no button {label!r} in:\n" + "\n".join(self.lines[-40:]))

    async def other(self, phone: Phone, what: str, rest: str = "") -> None:
        match what:
            case "photo":
                await self.sends(phone, MessageKind.PHOTO, photo=FileRef("photo-1", 1000))
            case "location":
                north, east = map(float, rest.split())
                await self.sends(phone, MessageKind.LOCATION, location=Location(north, east))
            case "contact":
                await self.sends(phone, MessageKind.CONTACT, contact=SharedContact("84912345678", own=True))
            case "edits:":
                await self.sends(phone, MessageKind.EDITED, text=rest, message_ref="m-last")
            case "late:":
                await self.late(phone, rest)
            case "old" if self.buttons:
                await self.sends(phone, MessageKind.PRESS, press=self.choice(phone, rest, oldest=True).data)
            case "old":
                self.lines += ["  (không có nút)", ""]
            case _:
                await self.sends(phone, MessageKind.OTHER, what=what)

    async def late(self, phone: Phone, text: str) -> None:
        """A text sent just before the latest message, which arrives only now."""
        incoming = phone.incoming(MessageKind.TEXT, text=text)
        order = (await phone.contact()).last_order - 1
        await self.town.dispatch.handle(replace(incoming, order=order, number=0), self.town.channel)
        await self.write(phone)

    async def sends(self, phone: Phone, kind: MessageKind, **facts: object) -> None:
        await self.town.dispatch.handle(phone.incoming(kind, **facts), self.town.channel)
        await self.write(phone)

    async def write(self, phone: Phone) -> None:
        """Write down everything that was said, to whomever."""
        names = {other.address: name for name, other in self.phones.items()}
        for address, reply in await self.town.heard():
            self.phones[names[address]].shown.append(reply)
            to = "" if address == phone.address else f"(cho {names[address]}) "
            self.lines += [*(f"  {line}".rstrip() for line in (to + self.said(reply)).split("\n")), ""]

    def said(self, reply: Reply) -> str:
        """A reply as text: what it says, then its buttons, or without buttons what may be typed."""
        if self.look is not None:
            return RECEIPT.sub(self.numbered, as_seen(reply, self.look))
        parts = ["(sửa tin trước) " + plain(reply.text) if reply.edits_slot else plain(reply.text)]
        if reply.picture:
            parts.append(f"(hình: {reply.picture.drawing})")
        rows = (*reply.choices, *reply.actions)
        if self.buttons:
            parts += [" ".join(f"[{choice.label}]" for choice in row) for row in rows]
        else:
            flat = [choice.label for row in reply.choices for choice in row]
            parts += [f"{number}. {label}" for number, label in enumerate(flat, 1)]
            actions = [choice.label for row in reply.actions for choice in row]
            parts += [f"Gõ: {' · '.join(actions)}"] if actions else []
        if reply.ask_for and self.buttons:
            parts.append(f"(nút gửi {reply.ask_for})")
        return RECEIPT.sub(self.numbered, "\n".join(parts))

    def numbered(self, receipt: re.Match[str]) -> str:
        """A receipt by the order in which it was first seen, since its letters are drawn at random."""
        if receipt.group() not in self.receipts:
            self.receipts.append(receipt.group())
        return f"BC-{self.receipts.index(receipt.group()) + 1:04}-XX"


def cast_of(script: str, earlier: bool) -> dict[str, tuple[str, RoleName, str]]:
    """Who takes part in a conversation."""
    above = {name: who for name, who in ABOVE.items() if f"{MARK}{name}" in script}
    return CAST | (EARLIER if earlier else {}) | above


@asynccontextmanager
async def conversation(
    engine: AsyncEngine, folder: Path, can: Capabilities, script: str = "", look: Look | None = None
) -> AsyncIterator[Conversation]:
    """The bot with its forms, and the cast enrolled: before whatever `script` plays in an earlier year."""
    began = TIMES.search(script)
    first = datetime.strptime(began[1], TIME).replace(tzinfo=ZONE) if began else ENROLLED
    earlier = first < ENROLLED - timedelta(days=365)
    async with town_on(engine, folder, can) as town:
        await load_forms(town)
        await town.storage.write(lambda session: close_district(session, town))
        town.now = first - timedelta(days=60) if earlier else ENROLLED
        phones = {
            name: await town.enrolled(name, place, role, person)
            for name, (place, role, person) in cast_of(script, earlier).items()
        }
        phones["A2"] = await second_phone(town, "A", "A2")
        for phone in phones.values():
            phone.shown.clear()
        await town.heard()
        yield Conversation(town, phones, look=look)


def as_seen(reply: Reply, look: Look) -> str:
    """A reply as people on a channel see it: each of its messages, its buttons, and what it costs."""
    say = wording("vi")
    shown = rendered(reply, look.can, say, answers=True)
    parts = [look.text(plain(part)) for part in split(shown.text, look.can.max_text)]
    rows = [" ".join(f"[{choice.label}]" for choice in row) for row in (*shown.choices, *shown.actions)]
    picture = [f"(hình: {shown.picture.drawing})"] if shown.picture else []
    price = look.cost(parts[-1], say, LastWrote())
    cost = [price] if price else []
    if reply.edits_slot:
        parts[0] = f"(sửa tin trước) {parts[0]}"
    return "\n".join(["\n---\n".join(parts), *picture, *rows, *cost])


async def close_district(session: Session, town: Town) -> None:
    """Huyện Kỳ Sơn of Nghệ An, closed on 1 July 2025: xã Mỹ Lý is what it lives on in."""
    number = await add(session, "Kỳ Sơn", Level.DISTRICT, "huyện", town.places["Nghệ An"])
    district = await session.get(Place, number)
    if district is not None:
        district.last_day = date(2025, 6, 30)
    session.add(PlaceSuccession(from_id=number, to_id=town.places["Mỹ Lý"], day=date(2025, 7, 1)))
    town.places["Kỳ Sơn"] = number


async def second_phone(town: Town, of: str, address: str) -> Phone:
    """Another chat of the person behind the chat `of`."""

    async def work(session: Session) -> None:
        [first] = (await session.exec(select(Contact).where(col(Contact.address) == of))).all()
        contact = await people.create_contact(session, town.channel.name, address)
        contact.person_id = first.person_id
        link = ContactPerson(contact_id=contact.id, person_id=first.person_id or 0, since=START)
        session.add(link)

    await town.storage.write(work)
    return town.phone(address)
