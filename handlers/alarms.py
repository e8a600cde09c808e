"""What officers get about an emergency. It goes before anything else, and each message names its emergency.

The officers of the commune and district are told first and say that they have it; the village head and the other
officers see that. If nobody answers within a quarter of an hour, it goes one level up; at the top it is told again, in
the end each morning. A photo follows as soon as it is fetched. For a village that was closed, the officers above its
successor are told.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, tzinfo
from typing import Final, Literal
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape
from sqlmodel import col, delete, select

from figures import access
from handlers import menu, whom_to_call
from handlers.buttons import Button, RowId, button, choice
from handlers.library import Library
from handlers.messages import Choice, Document, Reply, Rows, column
from handlers.navigation import CloseIt, CloseWithThese, Command, StillOpen
from handlers.turn import Turn
from handlers.wording import Wording, wording
from storage import delivered, emergencies, outbox, people, places
from storage.roster import shown_phone
from storage.session import Session
from storage.somebodys_words import WORDS
from storage.tables import Attachment, Contact, Emergency, Outbox, OutboxState, Person, Place, RoleName

AT_ONCE: Final = -1
"""The outbox's priority: before replies and everything else."""
PHOTOS: Final = "photos"
"""The folder of photos below the data folder."""
KEY: Final = "emergency:"
"""What stands before the names of these messages in the outbox."""
ARRIVED: Final = ("emergency.arrived", "emergency.went_up", "emergency.holder_left")
"""The sentences to whoever raised it by which an officer has read of it; under any other stands whom to call."""
MORE: Final = "emergency.more."
"""How the sentences begin that tell officers more of an emergency."""
ABOUT: Final = "z:"
"""What stands before an emergency's number in `Reply.about`."""


@button("z:a:{emergency}")
class Acknowledge(Button):
    """An officer has it."""

    emergency: RowId


def kind_of(row: Emergency, say: Wording) -> Markup:
    return say(f"emergency.kind.{row.kind}")


async def reach(session: Session, library: Library, row: Emergency, now: datetime) -> int:
    """Write to the lowest tier in which anybody can be reached, and to those below it; return how many chats it reaches.

    If nobody can be reached anywhere, only the lowest tier gets it, once its channels are back: the others would read
    then that nobody below had been reached.
    """
    found, count = await first_reached(session, library, row, now, 0), 0
    for tier in range((found or 0) + 1):
        row.tier = tier
        key = "emergency.alert" if tier == 0 else "emergency.alert_past"
        count = await alert(session, library, row, now, key)
    return count


async def first_reached(
    session: Session, library: Library, row: Emergency, now: datetime, lowest: int
) -> int | None:
    """Return the first tier, from `lowest` up, in which anybody can be told now; None if there is none."""
    today, reaches = now.astimezone(library.zone).date(), reaching(library, now)
    for tier in range(lowest, len(emergencies.TIERS)):
        contacts = await emergencies.on_duty(session, row.place_id, tier, today)
        if any(contact.id != row.contact_id and reaches(contact) for contact in contacts):
            return tier
    return None


async def alert(session: Session, library: Library, row: Emergency, now: datetime, key: str) -> int:
    """Write to everybody on duty in the emergency's tier, under the sentence `key`; return how many chats it reaches now.

    Where nothing goes out now, as on a channel that is not served, it waits and tells nobody.
    """
    today = now.astimezone(library.zone).date()
    contacts = await emergencies.on_duty(session, row.place_id, row.tier, today)
    own = [contact for contact in contacts if contact.id != row.contact_id]
    for contact in own:
        reply = await whole(session, library, row, contact, key, today)
        name = f"{row.id}:{row.tier}:{len(row.details)}:{contact.id}"
        await drop_waiting(session, f"{row.id}:{row.tier}:", contact, but=name)
        await post_new(session, contact, reply, name, now)
    for photo in await emergencies.photos_of(session, row.id):
        await show_photo(session, row, photo, own, library.zone, now, library.in_words)
    count = sum(map(reaching(library, now), own))
    row.told += count
    return count


def reaching(library: Library, now: datetime) -> Callable[[Contact], bool]:
    """Return what tells whether a chat can be told something now."""
    return lambda chat: library.reaches(chat, now)


async def reached(session: Session, library: Library, row: Emergency, now: datetime) -> bool:
    """Whether anybody on duty in the tiers that the emergency has reached can be told something now."""
    contacts = await told(session, row, now.astimezone(library.zone).date())
    return any(map(reaching(library, now), contacts))


async def arrived(session: Session, row: Emergency, contacts: Sequence[Contact]) -> list[Contact]:
    """Return those of some chats to which a message about the emergency has gone out."""
    chats = await delivered.chats_of(session, f"{KEY}{row.id}:")
    return [contact for contact in contacts if contact.id in chats]


async def is_out(turn: Turn, row: Emergency) -> bool:
    """Whether an alert has gone out to anybody on duty, perhaps just now."""
    return bool(await arrived(turn.session, row, await told(turn.session, row, turn.today)))


async def heard_of(session: Session, library: Library, row: Emergency, now: datetime) -> bool:
    """Whether anybody on duty has been told of an emergency, or can be told now."""
    contacts = await told(session, row, now.astimezone(library.zone).date())
    return any(map(reaching(library, now), contacts)) or bool(await arrived(session, row, contacts))


async def whole(
    session: Session, library: Library, row: Emergency, contact: Contact, key: str, today: date
) -> Reply:
    """Return all that is known of an emergency under the sentence `key`, for one chat, with the button that takes it up."""
    say = to_officer(contact)
    head = say(
        key,
        kind=kind_of(row, say),
        place=await where(session, row, today, say, full=True),
        at=row.raised_at.astimezone(library.zone),
    )
    lines = [head, *await raised_by(session, row, say), *details_of(row, say)]
    have_it = choice(say("emergency.button.acknowledge"), Acknowledge(row.id))
    return Reply(Markup("\n").join(lines), column(have_it), about=f"{ABOUT}{row.id}")


def level_of(row: Emergency, say: Wording) -> Markup:
    """Return what the highest level is called that an emergency has gone to."""
    return say(f"progress.level.{emergencies.TIERS[row.tier][0]}")


async def where(session: Session, row: Emergency, today: date, say: Wording, *, full: bool = False) -> Markup:
    """Return the place of an emergency; for a closed one also its successors, in `full` with all units above."""
    place = await session.places.get(row.place_id)
    if place is None:
        return Markup()
    units = await session.places.successors(place.id, today)
    named = [await name_of(session, unit, today, full=full) for unit in units or [place]]
    if not units:
        return escape(named[0])
    return say("common.now_in", place=places.own_name(place), units="; ".join(named))


async def name_of(session: Session, unit: Place, today: date, *, full: bool) -> str:
    """A unit's name, in `full` with all above it."""
    return await session.places.full_name(unit, today) if full else places.own_name(unit)


async def raised_by(session: Session, row: Emergency, say: Wording) -> list[Markup]:
    """Return who raised it and how to call them, for the commune and district; further up, only that it was the village."""
    person = await session.get(Person, row.person_id) if row.person_id and row.tier == 0 else None
    return called(person, say) if person and (person.name or person.phone) else []


def called(person: Person, say: Wording) -> list[Markup]:
    """Return how to call somebody: their name and number, if known."""
    name = person.name or say("emergency.nameless")
    if not person.phone:
        return [say("emergency.by", name=name)]
    return [say("emergency.by_number", name=name, number=shown_phone(person.phone))]


def details_of(row: Emergency, say: Wording, but: str = "") -> list[Markup]:
    """Return what was said after the emergency was raised, one line for each detail, without the words `but`."""
    told = (one for one in row.details if (one["what"], one["text"]) != ("words", but))
    return [say(f"emergency.detail.{one['what']}", text=one["text"]) for one in told]


async def which(session: Session, row: Emergency, zone: tzinfo, now: datetime, say: Wording) -> Markup:
    """Return the place of an emergency, with its hour if another of its kind is open there."""
    place = await where(session, row, now.astimezone(zone).date(), say)
    if not await emergencies.has_twin(session, row):
        return place
    return say("emergency.which", place=place, at=row.raised_at.astimezone(zone))


async def photo_kept(
    session: Session, attachment: Attachment, zone: tzinfo, now: datetime, in_words: Collection[str] = ()
) -> None:
    """Send a photo of an emergency that has been fetched to everybody who was alerted; the channels `in_words` only say
    that there is one."""
    row = await session.get(Emergency, attachment.emergency_id or 0)
    if row is None or row.withdrawn_at is not None or not row.told:
        return  # nobody knows of it: whoever is told later gets its photos with it
    contacts = await told(session, row, now.astimezone(zone).date())
    await show_photo(session, row, attachment, contacts, zone, now, in_words)


async def show_photo(
    session: Session,
    row: Emergency,
    photo: Attachment,
    contacts: Sequence[Contact],
    zone: tzinfo,
    now: datetime,
    in_words: Collection[str],
) -> None:
    """Send a kept photo to some chats, to each once; where only words are shown, say that it has to be asked about."""
    document = Document(f"{PHOTOS}/{photo.name}", photo.name.rpartition("/")[2], photo.media_type)
    for contact in contacts:
        say, seen = to_officer(contact), contact.channel not in in_words
        name = await which(session, row, zone, now, say)
        text = telling(
            row, say, "emergency.more.photo" if seen else "emergency.more.photo_unseen", place=name
        )
        shown = Reply(text, document=document if seen else None, about=f"{ABOUT}{row.id}")
        await post_new(session, contact, shown, f"{row.id}:photo:{photo.id}:{contact.id}", now)


async def alert_anew(
    session: Session, library: Library, row: Emergency, contact: Contact, now: datetime
) -> None:
    """Tell all that is known of an emergency to a chat that took no messages when the others were told."""
    today = now.astimezone(library.zone).date()
    reply = await whole(session, library, row, contact, "emergency.alert_again", today)
    post(session, contact, reply, f"{row.id}:back:{now.isoformat()}:{contact.id}", now)


def waits_for_newcomer(turn: Turn, row: Emergency, since: datetime) -> bool:
    """Whether nobody has an emergency raised since then, and this chat did not raise it."""
    return row.acknowledged_at is None and row.raised_at >= since and not is_raiser(turn, row)


async def alert_newcomer(turn: Turn) -> None:
    """Tell an officer who has just come, or whose phone takes messages again, what nobody has yet on their ground."""
    since = await emergencies.told_since(turn.session, turn.now)
    for row in await emergencies.still_open(turn.session, turn.now):
        if waits_for_newcomer(turn, row, since) and await access.looks_after(turn.view, row.place_id):
            await alert_anew(turn.session, turn.library, row, turn.contact, turn.now)
            if turn.contact in await told(turn.session, row, turn.today):
                row.told += turn.library.reaches(turn.contact, turn.now)


def post(
    session: Session, contact: Contact, reply: Reply, key: str, now: datetime, *, slot: str = ""
) -> None:
    """Put a message into the outbox before everything else; in the slot `WORDS` if it may be answered."""
    letter = outbox.QueuedLetter(f"{KEY}{key}", contact.id, reply.to_json(), AT_ONCE, now, slot=slot)
    outbox.put(session, letter)


async def post_new(session: Session, contact: Contact, reply: Reply, key: str, now: datetime) -> None:
    """Do the same unless it was written before: what waits for a channel is not written twice."""
    known = select(Outbox.id).where(Outbox.natural_key == f"{KEY}{key}")
    if (await session.exec(known)).first() is None:
        post(session, contact, reply, key, now)


async def unsay(session: Session, row: Emergency) -> None:
    """Drop what waits for channels about an emergency that reached nobody and was a mistake."""
    await drop_waiting(session, f"{row.id}:")


async def drop_waiting(session: Session, key: str, contact: Contact | None = None, but: str = "") -> None:
    """Drop what waits for channels under names that begin with `key`, if given only for one chat, and not under the name
    `but`: a newer message tells all of it, or nobody has to know it any more."""
    waits = [col(Outbox.natural_key).startswith(f"{KEY}{key}"), col(Outbox.state) == OutboxState.DUE]
    if contact is not None:
        waits += [col(Outbox.contact_id) == contact.id, col(Outbox.natural_key) != f"{KEY}{but}"]
    await session.exec(delete(Outbox).where(*waits))


async def sees_photos(turn: Turn, row: Emergency) -> bool:
    """Whether any of those who were alerted can be shown a photo."""
    contacts = await told(turn.session, row, turn.today)
    return any(contact.channel not in turn.library.in_words for contact in contacts)


async def can_tell(turn: Turn, row: Emergency) -> bool:
    """Whether somebody was alerted who gets what is said more. If not, alert with all of it whoever can be reached now.

    A phone that takes no messages any more has not heard of it: "passed on" would be untrue.
    """
    if row.told and await heard_of(turn.session, turn.library, row, turn.now):
        return True
    row.told = 0
    await reach(turn.session, turn.library, row, turn.now)
    return False


async def tell_told(turn: Turn, row: Emergency, key: str, other: str = "", **values: object) -> None:
    """Tell something more to everybody who was alerted, except the sender of this turn.

    `other`: the kind of another danger that it may be about.
    """
    named = f"emergency.kind.{other}"
    for contact in await told(turn.session, row, turn.today):
        if contact.id == turn.contact.id:
            continue
        say = to_officer(contact)
        name = await which(turn.session, row, turn.zone, turn.now, say)
        values |= {"other": say(named)} if other else {}
        text = telling(row, say, key, place=name, **values)
        post(
            turn.session,
            contact,
            Reply(text, about=f"{ABOUT}{row.id}"),
            f"{row.id}:{len(row.details)}:{key}:{contact.id}",
            turn.now,
        )


async def answer_raiser(turn: Turn, row: Emergency, text: str, *, to_close: bool = False) -> str:
    """Send an officer's words to whoever raised the emergency, and to the others. Return the key of the sentence that
    says so.

    `to_close`: the sentence that closes it was asked for.
    """
    raiser = await reachable_raiser(turn.session, row)
    by = await own_unit(turn) if to_close else ""
    emergencies.add_detail(row, "answer", text, turn.now, by=by, to_close=to_close)
    if raiser is not None and raiser.id != turn.contact.id:
        await pass_answer(turn, row, raiser, text)
    await tell_told(turn, row, "emergency.more.answer", text=text)
    return f"emergency.answer.{heard_as(turn, raiser)}"


def heard_as(turn: Turn, raiser: Contact | None) -> Literal["sent", "waits", "unreachable"]:
    """Return what becomes of a message to whoever raised an emergency: it is sent, waits, or can never be sent."""
    if raiser is None:
        return "unreachable"
    return "sent" if turn.library.reaches(raiser, turn.now) else "waits"


async def reachable_raiser(session: Session, row: Emergency) -> Contact | None:
    """Return the chat in which an emergency was raised, unless it takes no messages any more."""
    raiser = await session.get(Contact, row.contact_id)
    return raiser if raiser is not None and raiser.reachable else None


async def pass_answer(turn: Turn, row: Emergency, raiser: Contact, text: str) -> None:
    """Send the answer to whoever raised it; what they reply goes back to everybody who was told."""
    say = await to_raiser(turn.session, row, raiser)
    raised = row.raised_at.astimezone(turn.zone)
    unit = await own_unit(turn)
    said = telling(row, say, "emergency.answer.told", unit=unit, raised=raised, text=text)
    key = f"{row.id}:{len(row.details)}:answer"
    # No choice: where choices are numbered, a number may be the answer itself.
    ways = column(choice(say("emergency.button.reply"), StillOpen(row.id)))
    reply = Reply(said, actions=ways, about=f"{ABOUT}{row.id}")
    post(turn.session, raiser, reply, key, turn.now, slot=WORDS)


async def to_raiser(session: Session, row: Emergency, raiser: Contact) -> Wording:
    """Return the words for whoever raised it: a village head is addressed as one, a commune's officer as an officer."""
    roles = await people.roles_of(session, row.person_id) if row.person_id else []
    heads = any(role.role == RoleName.VILLAGE_HEAD for role in roles)
    return wording(raiser.locale, officer=bool(roles) and not heads)


def to_officer(contact: Contact) -> Wording:
    """Return the words for a chat on duty, always an officer's."""
    return wording(contact.locale, officer=True)


def telling(row: Emergency, say: Wording, key: str, **values: object) -> Markup:
    """A sentence for officers that names the emergency's kind."""
    return say(key, kind=kind_of(row, say), **values)


async def told(session: Session, row: Emergency, today: date) -> list[Contact]:
    """Return the chats on duty in every tier that the emergency has reached, except that of whoever raised it."""
    contacts: dict[int, Contact] = {}
    for tier in range(row.tier + 1):
        on_duty = await emergencies.on_duty(session, row.place_id, tier, today)
        contacts |= {contact.id: contact for contact in on_duty if contact.id != row.contact_id}
    return list(contacts.values())


def is_days_old(row: Emergency, now: datetime) -> bool:
    """Whether an emergency's first day is over: from then on nobody is woken for it."""
    return bool(now - row.raised_at >= emergencies.FIRST_DAY)


async def with_numbers(session: Session, row: Emergency, today: date, say: Wording, text: Markup) -> Markup:
    """Return a text that asks whoever raised it to call, with the numbers of their commune's officers."""
    lines = await whom_to_call.numbers(session, [row.place_id], today, say, but=row.person_id)
    return Markup("\n").join([text, *lines])


async def tell_raiser(session: Session, library: Library, row: Emergency, key: str, now: datetime) -> None:
    """Tell whoever raised it where it went, since nobody has it; days later also how to close it."""
    raiser = await session.get(Contact, row.contact_id)
    if raiser is None or not raiser.reachable:
        return
    say = await to_raiser(session, row, raiser)
    at = row.raised_at.astimezone(library.zone)
    text = telling(row, say, key, at=at, level=level_of(row, say), n=row.told)
    if key not in ARRIVED:
        text = await with_numbers(session, row, now.astimezone(library.zone).date(), say, text)
    ways: Rows = ()
    if is_days_old(row, now):
        text += Markup("\n\n") + say("emergency.if_over")
        ways = column(choice(say("emergency.button.close"), CloseIt(row.id)))
    reply = Reply(text, ways, about=f"{ABOUT}{row.id}")
    # What waits for the platform to come back says what was so before.
    await drop_waiting(session, f"{row.id}:raiser:", raiser)
    post(session, raiser, reply, f"{row.id}:raiser:{key}:{now.isoformat()}", now)


async def closing_words(
    session: Session, row: Emergency, say: Wording, zone: ZoneInfo, now: datetime
) -> Markup:
    """Return what officers read when an emergency is closed: its closing sentence, and what had been said before."""
    *before, closing = details_of(row, say, but=row.details[-1]["text"])
    photos = len(await emergencies.photos_of(session, row.id))
    if photos:
        before.append(say("emergency.detail.photos", n=photos))
    by = row.details[-1].get("by", "")
    head = say(
        "emergency.was_closed_by" if by else "emergency.was_closed",
        kind=kind_of(row, say),
        place=await where(session, row, now.astimezone(zone).date(), say, full=True),
        raised=row.raised_at.astimezone(zone),
        at=(row.closed_at or now).astimezone(zone),
        by=by,
    )
    said = [say("emergency.said_before"), *before] if before else [say("emergency.nothing_before")]
    seen = [] if by and row.acknowledged_at is None else [whether_seen(row, say, zone)]
    return Markup("\n").join([head, closing, "", *said, *seen])


def whether_seen(row: Emergency, say: Wording, zone: tzinfo) -> Markup:
    """Return when an officer said that they had an emergency, or that none did. An officer who closed it had it, too."""
    at = row.acknowledged_at
    if at is None:
        return say("emergency.nobody_had_it")
    return say("emergency.acknowledged_before", at=at.astimezone(zone))


# --- officers ---------------------------------------------------------------------------------------------


async def looked_after(turn: Turn, number: int) -> Emergency | None:
    """Return an emergency in a place that this person looks after, locked until the turn is saved; None for any other."""
    row = await turn.session.get(Emergency, number, with_for_update=True)
    return row if row is not None and await access.looks_after(turn.view, row.place_id) else None


def is_raiser(turn: Turn, row: Emergency) -> bool:
    """Whether the writer raised the emergency: if they said themselves that somebody has it, that would be untrue."""
    return row.contact_id == turn.contact.id or (
        row.person_id is not None and row.person_id == turn.contact.person_id
    )


def go_on(turn: Turn, row: Emergency, said: Markup, *ways: Choice, over: bool) -> None:
    """Say what was done about an emergency that this officer answers to: what is written next goes there, too.

    `ways`: further buttons. `over`: what they wrote says that it is over; a button closes it with these words.
    """
    close = [menu.named(turn.view, "emergency.button.close_so", CloseWithThese(row.id))] if over else []
    told = [said, turn.say("emergency.answer.if_over")] if over else [said]
    done = menu.named(turn.view, "emergency.button.done", Command("menu"))
    turn.reply(Markup("\n\n").join(told), actions=column(*ways, *close, done), about=f"{ABOUT}{row.id}")


async def own_unit(turn: Turn) -> str:
    """Return the sender's unit as an officer, as others name it: "xã Vĩnh Thông"."""
    roles = access.holds(turn.view, *access.OFFICERS)
    place = await turn.session.places.get(roles[0].place_id) if roles else None
    return places.name_of(place)
