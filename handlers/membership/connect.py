"""/themmay: the same person on another phone or channel, by a one-time code typed there.

The code is MAY-<chat>-XXXX-XXXX. The number finds the chat that asked for it; the eight letters (39 bits, valid for a
quarter of an hour, guessing slowed) prove that the person reads that chat. Only their hash is kept, with that chat.
Somebody who lost a phone disconnects every other chat with one button.
"""

import hmac
import secrets
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Final

from markupsafe import Markup
from sqlmodel import select

from handlers import codes, menu
from handlers.buttons import Button, For, Presses, button
from handlers.membership import account
from handlers.membership.account import NeverMind
from handlers.menu import named
from handlers.messages import column
from handlers.navigation import ConnectPhone
from handlers.turn import Turn
from storage import leaving, people
from storage.kept import Link, Screen
from storage.tables import Contact, ContactPerson, Person

LETTERS: Final = "23456789BCDFGHJKMNPQRTVXYZ"
"""No look-alikes, no vowels, and none of the keys that a Vietnamese keyboard turns into marks (S, W)."""
LIFETIME: Final = timedelta(minutes=15)
"""Long enough to pick up the other phone, too short to guess one of 26⁸ codes at the pace that `codes` allows."""
pressed: Final = Presses()


@button("a:cut", by=For.PERSONS)
class Disconnect(Button):
    """Disconnect the other phones; asked once more."""


@button("a:cutyes", by=For.PERSONS)
class DisconnectNow(Button):
    """Disconnect them."""


@pressed.on(ConnectPhone)
async def on_connect(turn: Turn, _: ConnectPhone) -> None:
    await offer(turn)


async def ask(turn: Turn) -> None:
    """Ask somebody who said so in words whether they mean another phone: a code opens all that is theirs."""
    connect = named(turn.view, "account.button.connect", ConnectPhone())
    turn.reply(turn.say("account.connect_ask"), choices=(*column(connect), *menu.buttons(turn.view)))


async def offer(turn: Turn) -> None:
    """Make a code for another phone; it replaces an earlier one."""
    if turn.person is None:
        await menu.old_button(turn)
        return
    secret = "".join(secrets.choice(LETTERS) for _ in range(8))
    until = turn.now + LIFETIME
    # Only the hash: whoever reads the database cannot connect a phone.
    turn.remember(link=Link(hashed(secret), until, turn.person.id))
    await codes.note(turn, "connect.offered")
    code = f"MAY-{turn.contact.id}-{secret[:4]}-{secret[4:]}"
    cut = named(turn.view, "account.button.cut", Disconnect())
    turn.reply(turn.say("account.connect", code=code, until=f"{until:%H:%M}"), choices=column(cut))


def hashed(secret: str) -> str:
    return sha256(f"connect:{secret}".encode()).hexdigest()


async def redeem(turn: Turn, contact_id: int, secret: str) -> None:
    """Take a code typed on the other phone: from now on that chat also speaks for the person."""
    offered = await offered_by(turn, contact_id, secret)
    if offered is None:
        # One answer to a wrong chat and a wrong secret: it tells nobody which chats exist.
        await codes.answer_wrong(turn)
        return
    source, link = offered
    if link.until <= turn.now:
        turn.reply(turn.say("account.connect_late"))
        return
    person = await turn.session.get(Person, link.person)
    if source.id == turn.contact.id or person is None or person.left_at:
        turn.reply(turn.say("account.connect_here"))
        return
    source.screen = replace(Screen.read(source.screen), link=None).to_json()
    await add_chat(turn, person)
    await account.speak_as(turn, person)
    await codes.note(turn, "contact.connected", f"contact:{source.id}")
    turn.reply(turn.say("account.connected_there"), to=source.id)
    said = turn.say("account.connected", name=await account.label(turn, person))
    await go_on_here(turn, source, said)


async def go_on_here(turn: Turn, source: Contact, said: Markup) -> None:
    """Let what a person is in the middle of in another chat go on in this one; routing shows at which question."""
    if source.interview_id is None or turn.contact.interview_id is not None:
        await menu.show(turn, said)
        return
    turn.contact.interview_id = source.interview_id
    turn.reply(said)


async def offered_by(turn: Turn, contact_id: int, secret: str) -> tuple[Contact, Link] | None:
    """Return the chat with this id and its code, if `secret` is that code's."""
    source = await locked(turn, contact_id)
    link = Screen.read(source.screen).link if source else None
    if source is None or link is None or not hmac.compare_digest(link.hash, hashed(secret)):
        return None
    return source, link


async def locked(turn: Turn, contact_id: int) -> Contact | None:
    """Return the chat as it is in the database, locked so that its code is used only once."""
    # The database would raise an error for such a number, instead of finding no chat.
    if contact_id >= 2**63:
        return None
    await turn.session.flush()
    chosen = select(Contact).where(Contact.id == contact_id).with_for_update()
    return (await turn.session.exec(chosen.execution_options(populate_existing=True))).first()


async def add_chat(turn: Turn, person: Person) -> None:
    """Note that this chat is used by `person`."""
    pair = (turn.contact.id, person.id)
    if await turn.session.get(ContactPerson, pair) is None:
        turn.session.add(ContactPerson(contact_id=turn.contact.id, person_id=person.id, since=turn.now))
        await turn.session.flush()


@pressed.on(Disconnect)
async def ask_to_cut(turn: Turn, _: Disconnect) -> None:
    """Ask once before other phones are disconnected."""
    yes = named(turn.view, "account.button.cut_yes", DisconnectNow())
    no = named(turn.view, "account.keep", NeverMind())
    turn.reply(turn.say("account.cut_ask"), choices=column(yes, no))


async def other_chats(turn: Turn, person: Person) -> list[Contact]:
    """The chats of this person besides the one that is talking."""
    chats = await people.contacts_of(turn.session, person.id)
    return [chat for chat in chats if chat.id != turn.contact.id]


@pressed.on(DisconnectNow)
async def cut(turn: Turn, _: DisconnectNow) -> None:
    """Disconnect every other chat of this person, for a lost or sold phone."""
    person = turn.person
    if person is None:
        return
    others = await other_chats(turn, person)
    # Whoever holds the lost phone sees nothing more, and goes on with nothing that was begun.
    await leaving.cut(turn.session, person.id, others)
    turn.remember(link=None)
    await codes.note(turn, "contact.disconnected", detail={"chats": len(others)})
    turn.reply(turn.say("account.cut", n=len(others)))
