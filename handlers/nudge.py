"""A commune officer's reminder to village heads: polite, in their language, once a day, not at night."""

from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from sqlalchemy import and_, delete
from sqlmodel import col, or_, select

from figures.coverage import Owed
from handlers.buttons import choice
from handlers.messages import Reply, column
from handlers.navigation import Command
from handlers.turn import Turn
from handlers.wording import wording
from storage import outbox, people, places
from storage.tables import Contact, Outbox, OutboxState, Place, RoleName

REMINDER: Final = 1
"""The outbox's priority of reminders: after replies, before broadcasts."""


@dataclass
class Count:
    """What became of the reminders to villages: `nobody` has no reachable head."""

    sent: int = 0
    already: int = 0
    nobody: int = 0


def told(turn: Turn, count: Count) -> Markup:
    """What the officer is told: only what happened."""
    parts = []
    if count.sent:
        key = "officer.reminded_later" if turn.quiet_until else "officer.reminded"
        parts.append(turn.say(key, n=count.sent, at=turn.quiet_until))
    if count.already:
        parts.append(turn.say("officer.reminded_already", n=count.already))
    if count.nobody:
        parts.append(turn.say("officer.reminded_nobody", n=count.nobody))
    return Markup("\n").join(parts) if parts else turn.say("officer.reminded_all_in")


async def remind(turn: Turn, village: Place, forms: list[Owed], count: Count) -> None:
    """Queue one reminder for each chat of the village's heads, unless one went today."""
    contacts = await heads(turn, village)
    if not contacts:
        count.nobody += 1
        return
    new = [contact for contact in contacts if not await reminded(turn, village, contact)]
    for contact in new:
        post(turn, village, forms, contact)
    count.sent += bool(new)
    count.already += not new


async def heads(turn: Turn, village: Place) -> list[Contact]:
    """The reachable chats of the village's heads."""
    officers = await people.officers_of(turn.session, village.id, RoleName.VILLAGE_HEAD)
    return [
        contact
        for officer in officers
        if officer.role.place_id == village.id
        for contact in officer.contacts
        if contact.reachable
    ]


def key_of(turn: Turn, village: Place, contact: Contact) -> str:
    """One reminder a day for a village and a chat, whoever asks for it."""
    return f"nudge:{village.id}:{contact.id}:{turn.today.isoformat()}"


async def reminded(turn: Turn, village: Place, contact: Contact) -> bool:
    chosen = select(Outbox.id).where(Outbox.natural_key == key_of(turn, village, contact))
    return (await turn.session.exec(chosen)).first() is not None


def post(turn: Turn, village: Place, forms: list[Owed], contact: Contact) -> None:
    """Write the reminder into the outbox, in the language of the chat it goes to."""
    say = wording(contact.locale)
    names = ", ".join(f"{owed.form.title(say.locale)} ({owed.period.label(say.locale)})" for owed in forms)
    text = say("officer.reminder", place=places.own_name(village), forms=names)
    choices = column(choice(say("menu.button.baocao"), Command("baocao")))
    key, body = key_of(turn, village, contact), Reply(text, choices).to_json()
    letter = outbox.QueuedLetter(key, contact.id, body, REMINDER, turn.now, turn.quiet_until)
    outbox.put(turn.session, letter)


async def take_back(turn: Turn, place_id: int, form: str, period: str) -> None:
    """This chat has just reported: what still waits to remind it of that, over the night or in a queue, is not sent."""
    key = col(Outbox.natural_key)
    reminder = and_(
        key.startswith("remind:"), key.contains(f":{form}@{period}:"), key.endswith(f":{place_id}")
    )
    await turn.session.exec(
        delete(Outbox)
        .where(col(Outbox.contact_id) == turn.contact.id, col(Outbox.priority) == REMINDER)
        # What a process has claimed is on its way.
        .where(col(Outbox.state) == OutboxState.DUE, col(Outbox.claimed_by).is_(None))
        .where(or_(key.startswith(f"nudge:{place_id}:"), reminder))
    )
