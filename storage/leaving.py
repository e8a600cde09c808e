"""How somebody leaves: what identifies them is erased, and what they did no longer leads to them.

The law (91/2025/QH15) requires the erasure; the village needs its reports. So reports, emergencies, photos and the
audit stay, cut off from the person and from the chat in which they were made. A row that must name a chat names the
one that stands for all chats of people who have left (`nowhere`), so that what several of them did cannot be told
apart either.

Rows have numbers, and people join one after another: a chat that kept its number would, by that alone, lead to the one
person who is missing. So its address is erased as soon as the goodbye has gone out (`forget_left`). Somebody who
writes again is a stranger, in a new row.

What is erased must not be readable in the file: `storage.database.scrub` follows the commit and, in the next night,
`write_anew`.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from markupsafe import escape
from sqlalchemy import ColumnElement, and_, delete, update
from sqlmodel import SQLModel, col, func, or_, select

from questionnaires.answers.text import fold
from storage import facts, journal, people, request_journal, totals
from storage.database import rewrite
from storage.interview_notes import InterviewNotes
from storage.kept import Screen
from storage.roster import shown_phone
from storage.session import Session
from storage.tables import (
    Announcement,
    AnnouncementRead,
    Attachment,
    AttachmentState,
    AuditEntry,
    Contact,
    ContactPerson,
    Emergency,
    FigureReturn,
    InterviewRow,
    InterviewStatus,
    Invitation,
    Outbox,
    OutboxState,
    PeriodLock,
    Person,
    PersonRequest,
    Remark,
    Role,
    RoleRequest,
    RosterEntry,
    SavedQuestion,
    Submission,
    WeeklyChoice,
    WeeklyLine,
    now,
)
from storage.unit_of_work import Storage

UNKNOWN: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when we know that nobody uses a chat any more: its address is erased once nothing waits for it."""
OF_PERSON: Final[tuple[tuple[type[SQLModel], str], ...]] = (
    (Submission, "person_id"),
    (Submission, "approved_by"),
    (FigureReturn, "person_id"),
    (PeriodLock, "locked_by"),
    (RoleRequest, "asked_by"),
    (RoleRequest, "decided_by"),
    (PeriodLock, "reopened_by"),
    (WeeklyLine, "person_id"),
    (Emergency, "person_id"),
    (Emergency, "acknowledged_by"),
    (Announcement, "created_by"),
    (Announcement, "confirmed_by"),
    (Announcement, "wanted_by"),
)
"""The columns, in what stays, that say who did it."""
FORGOTTEN: Final = "-"
"""The beginning of an address that was erased."""
OF_CHAT: Final = (WeeklyChoice, AnnouncementRead, SavedQuestion)
"""What is erased with a chat that nobody uses any more."""


async def leave(
    session: Session, person_id: int, now: datetime, heirs: Mapping[int, int] = MappingProxyType({})
) -> None:
    """Erase what identifies a person, and cut what they did off from them.

    `heirs`: who is given which of their unfinished interviews, by its id; the others are erased. Only the day of
    leaving is kept: the exact moment could be matched with a chat's last message. A chat that others also use stays
    theirs. Nothing happens if the person has already left.
    """
    await session.insert_waiting()  # letters written a moment ago are forgotten too
    await session.flush()
    person = await people.get(session, person_id)
    if person is None or person.left_at is not None:
        return
    roles = await people.roles_of(session, person_id)
    for role in roles:
        await forget_number(session, role, person.name)
    chats = await unlink(session, person_id)
    alone = await left_alone(session, chats)
    await forget_letters(session, person_id, {role.place_id for role in roles}, chats, alone)
    await close_requests(session, person_id, now)
    await unname_waiting(session, person, alone)
    await cut_off(session, person_id, alone)
    await journal.erase_author(session, person_id)
    await forget_interviews(session, person_id, heirs)
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    for role in roles:
        role.until = day
    person.name, person.phone, person.left_at = "", "", day
    person.consent_message, person.letters_on, person.letters_by_phone = "", "", False
    await facts.put(session, facts.ERASED, now.isoformat())
    await session.flush()
    session.erases = True


async def cut(session: Session, person_id: int, chats: Sequence[Contact]) -> None:
    """Separate a person who stays from some of their chats, such as a lost phone's, and forget the letters there."""
    await separate(session, person_id, chats)
    places = {role.place_id for role in await people.roles_of(session, person_id)}
    await forget_letters(session, person_id, places, chats, await left_alone(session, chats))
    await forget_left(session)
    session.erases = True


async def left_alone(session: Session, chats: Iterable[Contact]) -> list[int]:
    """Return the ids of those chats that nobody uses any more. Each chat keeps only what belongs to the people who
    still use it."""
    alone: list[int] = []
    for chat in chats:
        chat.last_messages = []  # their moments are those of what the person did
        joined = select(func.min(ContactPerson.since)).where(ContactPerson.contact_id == chat.id)
        since = (await session.exec(joined)).one()
        if since is None:
            alone.append(chat.id)
            chat.locale, chat.created_at = "", UNKNOWN
        else:
            chat.created_at = since
    await session.flush()
    return alone


async def forget_left(session: Session) -> int:
    """Erase the addresses of chats that nobody uses any more and for which nothing waits; return how many.

    Wrong codes still count, so that nobody guesses without end by coming and going. A chat stays, too, if somebody who
    takes part raised an emergency from it.
    """
    left = and_(col(Contact.created_at) == UNKNOWN, col(Contact.channel) != "")
    raised = select(Emergency.contact_id)
    innocent = and_(left, col(Contact.wrong_codes) == 0, col(Contact.id).not_in(raised))
    forgotten = await forget_addresses(session, innocent)
    session.erases = session.erases or forgotten > 0
    return forgotten


async def forget_callers(session: Session, channels: Collection[str], before: datetime) -> int:
    """Erase addresses that are telephone numbers, of chats that nobody uses and that were silent since a moment;
    return how many.

    Somebody who writes again begins a new chat; somebody who is just writing is not silent.
    """
    silent = func.coalesce(Contact.last_sent_at, Contact.created_at) < before
    return await forget_addresses(session, and_(col(Contact.channel).in_(list(channels)), silent))


async def forget_cries(session: Session, before: datetime) -> int:
    """Erase what was cried out before a consent, in chats that have been silent since a moment; return of how many.

    Nobody has agreed there that their words are kept. The offer stays.
    """
    silent = func.coalesce(Contact.last_sent_at, Contact.created_at) < before
    cried = func.coalesce(col(Contact.screen)["offer"]["cried"].as_string(), "") != ""
    strangers = select(Contact).where(col(Contact.person_id).is_(None), silent, cried)
    chosen = strangers.where(col(Contact.id).not_in(session.speaking))
    chats = list(await session.exec(chosen.with_for_update(skip_locked=True)))
    for chat in chats:
        chat.screen = {**chat.screen, "offer": {**chat.screen["offer"], "cried": ""}}
    session.erases = session.erases or bool(chats)
    return len(chats)


async def forget_addresses(session: Session, which: ColumnElement[bool]) -> int:
    """Erase the addresses of those of these chats that nobody uses, that nothing waits for and that do not write just
    now.

    Return how many.
    """
    used = select(ContactPerson.contact_id)
    waiting = select(Outbox.contact_id).where(Outbox.state == OutboxState.DUE)
    chosen = select(Contact).where(which, *(col(Contact.id).not_in(some) for some in (used, waiting)))
    chosen = chosen.where(
        col(Contact.id).not_in(session.speaking), ~col(Contact.address).startswith(FORGOTTEN)
    )
    chats = list(await session.exec(chosen.with_for_update(skip_locked=True)))
    for chat in chats:
        chat.address, chat.reachable = f"{FORGOTTEN}{chat.id}", False
        chat.last_order, chat.last_sent_at, chat.last_messages = 0, None, []
    if chats:
        await facts.put(session, facts.ERASED, now().isoformat())
    return len(chats)


async def forget_number(session: Session, role: Role, name: str) -> None:
    """Erase the phone numbers under which a role's holder was expected.

    They are recognised by name or, if they alone hold the role, by having been expected before they came.
    """
    same = (RosterEntry.place_id == role.place_id, RosterEntry.role == role.role)
    held = select(Role.id).where(Role.place_id == role.place_id, Role.role == role.role)
    alone = len((await session.exec(held.where(col(Role.until).is_(None)))).all()) == 1
    for entry in await session.exec(select(RosterEntry).where(*same)):
        if fold(entry.name) == fold(name) or (alone and entry.imported_at <= role.since):
            await session.delete(entry)


async def unlink(session: Session, person_id: int) -> Sequence[Contact]:
    """Separate the person from all their chats, and return these."""
    linked = select(ContactPerson.contact_id).where(ContactPerson.person_id == person_id)
    chosen = select(Contact).where(or_(col(Contact.id).in_(linked), Contact.person_id == person_id))
    chats = (await session.exec(chosen.order_by(col(Contact.id)).with_for_update())).all()
    await separate(session, person_id, chats)
    return chats


async def separate(session: Session, person_id: int, chats: Sequence[Contact]) -> None:
    """Separate the person from these of their chats, which forget what they show of them."""
    ids = [chat.id for chat in chats]
    ended = delete(ContactPerson).where(col(ContactPerson.contact_id).in_(ids))
    await session.exec(ended.where(col(ContactPerson.person_id) == person_id))
    for chat in chats:
        if chat.person_id == person_id:
            chat.person_id, chat.interview_id, chat.screen = None, None, {}
        else:
            forget_code(chat, person_id)
    await session.flush()


def forget_code(chat: Contact, person_id: int) -> None:
    """Make void the code by which another phone could join as this person, in a chat that somebody else now speaks in."""
    shown = Screen.read(chat.screen)
    if shown.link is not None and shown.link.person == person_id:
        chat.screen = replace(shown, link=None).to_json()


async def messages_to(session: Session, chats: Sequence[Contact]) -> Sequence[Outbox]:
    """The messages to some chats, sent or not."""
    ids = [chat.id for chat in chats]
    return (await session.exec(select(Outbox).where(col(Outbox.contact_id).in_(ids)))).all()


async def forget_letters(
    session: Session, person_id: int, places: set[int], chats: Sequence[Contact], alone: Sequence[int]
) -> None:
    """Drop the messages to this person, sent or not; their counts remain. In a shared chat, drop those about them."""
    rows = await messages_to(session, chats)
    theirs = [row for row in rows if row.contact_id in alone or is_about(row, person_id, places)]
    done = [row for row in theirs if row.state != OutboxState.DUE]
    await totals.add(session, totals.counted(done))
    await session.exec(delete(Outbox).where(col(Outbox.id).in_([row.id for row in theirs])))


def is_about(letter: Outbox, person_id: int, places: Iterable[int]) -> bool:
    """Whether a letter was written to this person, or to the head of one of these places."""
    kind, *parts = (letter.natural_key or "").split(":")
    if kind in totals.TO_PERSONS:
        return str(person_id) in parts
    return kind == "nudge" and parts[:1] in [[str(place)] for place in places]


async def unname_waiting(session: Session, person: Person, alone: Sequence[int]) -> None:
    """Put "…" for who this is and how to call them in what still waits to be sent to others.

    The rest of a letter is still needed, most of all a danger that an officer has not read yet, also where they told it with
    their own name. A name alone may be somebody else's; only a line with the number, or a letter about an emergency that
    this person raised, is sure to mean them.
    """
    numbers = await session.exec(select(Emergency.id).where(raised_by(person.id, alone)))
    own = tuple(f"emergency:{number}:" for number in numbers)
    called, name = shown_phone(person.phone), str(escape(person.name))
    for letter in await session.exec(select(Outbox).where(Outbox.state == OutboxState.DUE)):
        text, of_theirs = str(letter.body.get("text", "")), (letter.natural_key or "").startswith(own)
        unnamed = without_person(text, called, name, surely=of_theirs)
        if unnamed != text:
            letter.body = letter.body | {"text": unnamed}


def without_person(text: str, called: str, name: str, *, surely: bool) -> str:
    """A text with "…" for a number and a name, in the lines with the number; in all lines if it is `surely` about them."""

    def is_theirs(line: str) -> bool:
        return surely or bool(called and called in line)

    return "\n".join(without(line, called, name) if is_theirs(line) else line for line in text.split("\n"))


def without(line: str, *marks: str) -> str:
    """A line with "…" in place of each of some marks."""
    for mark in filter(None, marks):
        line = re.sub(rf"(?<!\w){re.escape(mark)}(?!\w)", "…", line)
    return line


def raised_by(person_id: int, alone: Sequence[int]) -> ColumnElement[bool]:
    """Choose the emergencies that this person raised, or that were raised in a chat which only they used."""
    return or_(col(Emergency.person_id) == person_id, col(Emergency.contact_id).in_(alone))


async def cut_off(session: Session, person_id: int, alone: Sequence[int]) -> None:
    """Keep what was done, but not who did it and in which chat."""
    gone = await nowhere(session)
    mine = select(InterviewRow.id).where(InterviewRow.person_id == person_id)
    raised = raised_by(person_id, alone)
    sent = or_(
        col(Attachment.interview_id).in_(mine),
        col(Attachment.emergency_id).in_(select(Emergency.id).where(raised)),
        col(Attachment.contact_id).in_(alone),
    )
    unfetched = and_(sent, col(Attachment.state) == AttachmentState.WANTED)
    await change(session, Attachment, unfetched, state=AttachmentState.REFUSED)
    await change(session, Attachment, sent, contact_id=gone, file_ref="")
    await empty_given_up(session, raised)
    await change(session, Emergency, raised, contact_id=gone)
    invited = col(Invitation.used_by) == person_id
    await change(session, Invitation, invited, used_by=None, name="")
    for table, column in OF_PERSON:
        await change(session, table, col(getattr(table, column)) == person_id, **{column: None})
    done = or_(col(AuditEntry.person_id) == person_id, col(AuditEntry.contact_id).in_(alone))
    await change(session, AuditEntry, done, person_id=None, contact_id=None)
    named = [f"contact:{number}" for number in alone]
    await change(session, AuditEntry, col(AuditEntry.subject).in_(named), subject="")
    # They may name whom they are about; nobody is sent them any more.
    given_up = and_(col(Outbox.natural_key).startswith("figure:"), col(Outbox.state) == OutboxState.DEAD)
    await change(session, Outbox, given_up, body={})
    await change(
        session, PersonRequest, col(PersonRequest.person_id) == person_id, person_id=None, words="", note=""
    )
    await change(session, Remark, col(Remark.person_id) == person_id, person_id=None, text="")
    for choice in OF_CHAT:
        await session.exec(delete(choice).where(col(choice.contact_id).in_(alone)))


async def close_requests(session: Session, person_id: int, now: datetime) -> None:
    """Close what they asked for about their data: nobody needs to be told of it as late.

    Officers whom they proposed are no longer proposed by anybody.
    """
    waiting = and_(col(PersonRequest.person_id) == person_id, col(PersonRequest.done_at).is_(None))
    for row in await session.exec(select(PersonRequest).where(waiting)):
        row.answered_at, row.done_at, row.outcome = row.answered_at or now, now, "done"
        session.add(row)
        await request_journal.note(session, row, now)
    proposed = and_(col(RoleRequest.asked_by) == person_id, col(RoleRequest.answer) == "")
    await change(session, RoleRequest, proposed, answer="withdrawn", decided_at=now, name="")


async def empty_given_up(session: Session, raised: ColumnElement[bool]) -> None:
    """Empty the letters about these emergencies that were given up: their texts name who raised them."""
    for number in (await session.exec(select(Emergency.id).where(raised))).all():
        about = col(Outbox.natural_key).startswith(f"emergency:{number}:")
        await change(session, Outbox, and_(about, col(Outbox.state) == OutboxState.DEAD), body={})


async def change(session: Session, table: type[SQLModel], which: ColumnElement[bool], **values: Any) -> None:
    """Give these values to the chosen rows of `table`."""
    await session.exec(update(table).where(which).values(**values))


async def nowhere(session: Session) -> int:
    """Return the id of the chat that stands for those of people who have left; no message reaches it."""
    channel = address = ""
    nobody = await people.find_contact(session, channel, address)
    if nobody is None:
        nobody = await people.create_contact(session, channel, address)
        nobody.reachable, nobody.created_at = False, UNKNOWN
        await session.flush()
    return nobody.id


async def forget_interviews(session: Session, person_id: int, heirs: Mapping[int, int]) -> None:
    """Give interviews that were never sent to their heir, or erase them with their answers.

    Sent ones lose the person and their own copy of the answers.
    """
    mine = select(InterviewRow).where(InterviewRow.person_id == person_id)
    unsent = []
    for row in (await session.exec(mine)).all():
        if row.status == InterviewStatus.SENT and not row.practice:
            row.person_id, row.state, row.previous, row.extra, row.evidence = None, {}, {}, {}, {}
        elif row.id in heirs:
            await inherit(session, row, heirs[row.id])
        else:
            unsent.append(row.id)
    if not unsent:
        return
    await change(session, Contact, col(Contact.interview_id).in_(unsent), interview_id=None)
    await session.exec(delete(Attachment).where(col(Attachment.interview_id).in_(unsent)))
    await session.flush()
    await session.exec(delete(InterviewRow).where(col(InterviewRow.id).in_(unsent)))


async def inherit(session: Session, row: InterviewRow, heir: int) -> None:
    """Give an unfinished interview to somebody else, with nothing of the chat in which it was answered."""
    await change(session, Contact, col(Contact.interview_id) == row.id, interview_id=None)
    notes = InterviewNotes.read(row.extra)
    row.extra = replace(notes, contact=None, answers=(), in_place="").to_json()
    row.person_id = heir


async def write_anew(storage: Storage) -> bool:
    """Rewrite a SQLite file if somebody has left since it was last done; return whether it was.

    Raises what `storage.database.rewrite` raises; it then remains to be done.
    """
    async with storage.reading() as session:
        since = await facts.get(session, facts.ERASED)
    if not since:
        return False
    await rewrite(storage.engine)

    async def done(session: Session) -> None:
        if await facts.get(session, facts.ERASED) == since:
            await facts.put(session, facts.ERASED, "")

    await storage.write(done)
    return True
