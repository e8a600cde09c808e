"""A commune officer's reminder to village heads: polite, in their language, once a day, not at night."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from sqlalchemy import bindparam
from sqlmodel import col, select

from figures import locking
from figures.coverage import Owed
from handlers.buttons import choice
from handlers.messages import Reply, column
from handlers.navigation import Command
from handlers.turn import Turn
from handlers.wording import wording
from plans.period import Period, from_key
from questionnaires.questionnaire import Questionnaire
from storage import outbox, people, places, told, totals
from storage.letter_chats import best
from storage.tables import Contact, ContactPerson, Outbox, Place, Role, RoleName

REMINDER: Final = 1
"""The outbox's priority of reminders: after replies, before broadcasts."""


@dataclass
class Count:
    """What became of the reminders to villages: `nobody` counts those without a reachable head."""

    sent: int = 0
    already: int = 0
    nobody: int = 0


def told_of(turn: Turn, count: Count) -> Markup:
    """Return what the officer is told: only what happened."""
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
    """Queue one reminder for each chat of the village's heads, unless one went today. Locked reports are left out."""
    locked = await locking.locked_at(turn.view, village, *(owed.period for owed in forms))
    forms = [owed for owed in forms if owed.mark not in locked]
    if not forms:
        return
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
    """Return the best chat of each of the village's heads who has one."""
    officers = await people.officers_of(turn.session, village.id, RoleName.VILLAGE_HEAD)
    own = (officer for officer in officers if officer.role.place_id == village.id)
    chats = (best(one.contacts, one.person.letters_on, turn.library.costs, turn.now) for one in own)
    return [chat for chat in chats if chat]


def key_of(turn: Turn, village: Place, contact: Contact) -> str:
    """Return the key that allows one reminder a day for a village and a chat, whoever asks for it."""
    return f"nudge:{village.id}:{contact.id}:{turn.today.isoformat()}"


async def reminded(turn: Turn, village: Place, contact: Contact) -> bool:
    chosen = select(Outbox.id).where(Outbox.natural_key == key_of(turn, village, contact))
    return (await turn.session.exec(chosen)).first() is not None


def post(turn: Turn, village: Place, forms: list[Owed], contact: Contact) -> None:
    """Write the reminder into the outbox, in the language of the chat it goes to."""
    marks = tuple(mark(owed.form.name, owed.period.key, village.id) for owed in forms)
    named = [(owed.form, owed.period) for owed in forms]
    body = reminder(village, named, contact.locale, marks).to_json()
    key = key_of(turn, village, contact)
    outbox.put(turn.session, outbox.QueuedLetter(key, contact.id, body, REMINDER, turn.now, turn.quiet_until))


def mark(form: str, period: str, place_id: int) -> str:
    """Return what tells which report a reminder is about."""
    return f"nudge:{form}@{period}:{place_id}"


def reminder(
    village: Place, forms: Sequence[tuple[Questionnaire, Period]], locale: str, marks: tuple[str, ...]
) -> Reply:
    """The reminder of some reports of a village."""
    say = wording(locale)
    names = ", ".join(f"{form.title(say.locale)} ({period.label(say.locale)})" for form, period in forms)
    text = say("officer.reminder", place=places.own_name(village), forms=names)
    choices = column(choice(say("menu.button.baocao"), Command("baocao")))
    return Reply(text, choices, told=marks)


async def take_back(turn: Turn, place_id: int, form: str, period: str) -> None:
    """Stop reminders of a report that was just sent, whether they wait for the morning or in a queue.

    A reminder of several reports keeps the others; a letter that tells more is written again in the morning.
    """
    ending = f":{form}@{period}:{place_id}"
    for row in await waiting_for(turn, place_id):
        marks = [mark for mark in told.marks_of(row.body) if not mark.endswith(ending)]
        if len(marks) == len(row.body.get(told.MARKS, ())):
            continue
        nudged = totals.kind_of(row.natural_key) == "nudge"
        if nudged and marks and (again := await without(turn, place_id, row.contact_id, marks)):
            row.body = again.to_json()
        else:
            await turn.session.delete(row)


async def waiting_for(turn: Turn, place_id: int) -> Sequence[Outbox]:
    """Return the reminders that wait for those who answer for a place; what a process has claimed is already on its way."""
    rows = await turn.session.fetch(WAITING, place=place_id)
    return list({row.id: row for row in rows}.values())


WAITING: Final = (
    select(Outbox)
    .join(ContactPerson, col(ContactPerson.contact_id) == col(Outbox.contact_id))
    .join(Role, col(Role.person_id) == col(ContactPerson.person_id))
    .where(Role.place_id == bindparam("place"), col(Role.until).is_(None), told.of_kinds(("nudge", "remind")))
    .where(told.WAITS, col(Outbox.claimed_by).is_(None))
)
"""Built once: it runs for every report that is sent."""


async def without(turn: Turn, place_id: int, contact_id: int, marks: Sequence[str]) -> Reply | None:
    """Return a reminder of the reports with these marks; None if that cannot be said any more."""
    village, contact = await turn.session.places.get(place_id), await turn.session.get(Contact, contact_id)
    active = await turn.library.active_forms(turn.session)
    reports = [mark.split(":")[1].rpartition("@") for mark in marks]
    forms = [(active[name][1], from_key(period)) for name, _, period in reports if name in active]
    if village is None or contact is None or not forms:
        return None
    return reminder(village, forms, contact.locale, tuple(marks))
