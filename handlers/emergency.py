"""Khẩn cấp: two taps from the menu, at any time; it leaves at once, and details follow if there is time for them.

The officers of the commune and district get it before anything else and say that they have; the village head sees
that. What nobody answers within a quarter of an hour goes one level up. A photo follows as soon as it was fetched.

Before anybody was told it can be taken back. Afterwards it may be true, whoever holds the phone now: it can only be closed
with a sentence, which the officers read together with what had been said.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from markupsafe import Markup

from figures import access
from handlers import codes, menu, photo_limits
from handlers.buttons import Button, Presses, RowId, button, choice, one_of
from handlers.library import Library
from handlers.messages import Choice, Document, FileRef, Kind, Reply, column
from handlers.navigation import Command
from handlers.turn import Turn
from handlers.wording import Wording, wording
from storage import audit, emergencies, outbox, places
from storage.kept import ClosingWanted, MoreWanted
from storage.session import Session
from storage.tables import Attachment, Contact, Emergency, Level, Outbox, Place, RoleName

KINDS: Final = ("lu-quet", "sat-lo", "chia-cat", "chay", "dich-benh", "khac")
AT_ONCE: Final = -1
"""Before replies and everything else."""
LONGEST: Final = 500
TALK: Final = timedelta(hours=6)
"""For so long what is said afterwards is about the emergency; later it is about something else."""
SENTENCE: Final = 2
"""Words of a sentence that closes an emergency, at least."""
SOON: Final = timedelta(hours=1)
"""What is written later than this after the sentence was asked for is about something else."""
LARGEST: Final = 2**31 - 1
PHOTOS: Final = "photos"
"""The folder of photos below the data folder."""
pressed: Final = Presses()


@button("z:p:{place}", opens=True, lasting=True)
class AskKind(Button):
    """What is happening at this place?"""

    place: RowId


@button("z:k:{place}:{kind}", lasting=True)
class Raise(Button):
    """Send it now."""

    place: RowId
    kind: Annotated[str, one_of(KINDS)]


@button("z:a:{emergency}")
class Acknowledge(Button):
    """An officer has it."""

    emergency: RowId


@button("z:w:{emergency}")
class TakeBack(Button):
    """It was a mistake."""

    emergency: RowId


@button("z:x:{emergency}")
class SaidAll(Button):
    """No more will be said."""

    emergency: RowId


@button("z:s:{emergency}")
class StillOpen(Button):
    """It goes on."""

    emergency: RowId


SENDERS: Final = (RoleName.VILLAGE_HEAD, RoleName.COMMUNE_OFFICER)


async def ask(turn: Turn) -> None:
    """What is happening? Of several places first: where?"""
    own = await own_places(turn)
    if not own:
        turn.reply(turn.say("emergency.nobodys_place"), choices=menu.buttons(turn.view))
    elif len(own) == 1:
        await ask_kind(turn, own[0])
    else:
        choices = [choice(places.own_name(place), AskKind(place.id)) for place in own]
        turn.reply(turn.say("emergency.where"), choices=column(*choices))


async def own_places(turn: Turn) -> list[Place]:
    """The places for which this person may raise an emergency."""
    ids = dict.fromkeys(role.place_id for role in access.holds(turn.view, *SENDERS))
    found = [await turn.session.places.get(number) for number in ids]
    return [place for place in found if place is not None]


async def ask_kind(turn: Turn, place: Place) -> None:
    """The kinds as buttons; the next tap sends."""
    choices = [menu.named(turn.view, f"emergency.kind.{kind}", Raise(place.id, kind)) for kind in KINDS]
    rows = tuple(tuple(choices[at : at + 2]) for at in range(0, len(choices), 2))
    text = turn.say("emergency.what", place=places.own_name(place))
    turn.reply(text, choices=(*rows, (menu.named(turn.view, "emergency.button.none", Command("menu")),)))


async def own_place(turn: Turn, number: int) -> Place | None:
    """The place with this id, if this person may raise an emergency there."""
    return next((place for place in await own_places(turn) if place.id == number), None)


@pressed.on(AskKind)
async def on_place(turn: Turn, button: AskKind) -> None:
    place = await own_place(turn, button.place)
    await (ask_kind(turn, place) if place else menu.old_button(turn))


@pressed.on(Raise)
async def on_kind(turn: Turn, button: Raise) -> None:
    place = await own_place(turn, button.place)
    await (raise_it(turn, place, button.kind) if place else menu.old_button(turn))


@pressed.on(TakeBack, SaidAll, StillOpen)
async def on_raised(turn: Turn, button: TakeBack | SaidAll | StillOpen) -> None:
    """A button of who raised an emergency: take it back, say no more, or keep it open."""
    row = await turn.session.get(Emergency, button.emergency, with_for_update=True)
    if row is None or row.contact_id != turn.contact.id:
        await menu.old_button(turn)
        return
    if row.closed_at is not None:
        turn.expect(None)
        turn.reply(turn.say("emergency.closed_before", at=row.closed_at.astimezone(turn.zone)))
        return
    match button:
        case TakeBack():
            await take_back(turn, row)
        case StillOpen():
            turn.expect(MoreWanted(row.id))
            turn.reply(turn.say("emergency.still_open"), choices=column(done_button(turn, row)))
        case SaidAll():
            turn.expect(None)
            turn.reply(turn.say("emergency.said_all"), choices=menu.buttons(turn.view))


async def raise_it(turn: Turn, place: Place, kind: str) -> None:
    """Send it now; then offer to say more."""
    row = await emergencies.raise_one(
        turn.session,
        place_id=place.id,
        person_id=turn.contact.person_id,
        contact_id=turn.contact.id,
        kind=kind,
        now=turn.now,
    )
    count = await reach(turn.session, turn.library, row, turn.now)
    await codes.note(turn, "emergency.raised", f"place:{place.id}", {"kind": kind, "told": count})
    turn.expect(MoreWanted(row.id))
    key = "emergency.sent" if count else "emergency.nobody_reached"
    text = turn.say(key, n=count, at=turn.now, kind=turn.say(f"emergency.kind.{kind}"))
    buttons = (done_button(turn, row), menu.named(turn.view, "emergency.button.mistake", TakeBack(row.id)))
    turn.reply(text, choices=(buttons,), ask_for="location" if turn.can.shares_location else "")


# --- telling those on duty ------------------------------------------------------------------------------


async def reach(session: Session, library: Library, row: Emergency, now: datetime) -> int:
    """Write to the lowest tier in which anybody can be reached; how many chats that are."""
    for tier in range(len(emergencies.TIERS)):
        row.tier = tier
        if count := await alert(session, library, row, now):
            return count
    return 0


async def alert(session: Session, library: Library, row: Emergency, now: datetime) -> int:
    """Write to everybody on duty in the emergency's tier; how many chats that are."""
    place = await session.places.get(row.place_id)
    contacts = await emergencies.on_duty(session, row.place_id, row.tier, now.astimezone(library.zone).date())
    own = [contact for contact in contacts if contact.id != row.contact_id]
    for contact in own:
        say = wording(contact.locale)
        name = await session.places.full_name(place, now.date()) if place else ""
        head = say(
            "emergency.alert" if row.tier == 0 else "emergency.alert_up",
            kind=say(f"emergency.kind.{row.kind}"),
            place=name,
            at=row.raised_at.astimezone(library.zone),
        )
        lines = [head, *details_of(row, say)]
        have_it = choice(say("emergency.button.acknowledge"), Acknowledge(row.id))
        post(
            session,
            contact,
            Reply(Markup("\n").join(lines), column(have_it)),
            f"{row.id}:{row.tier}:{contact.id}",
            now,
        )
    for photo in await emergencies.photos_of(session, row.id):
        await show_photo(session, row, photo, own, now)
    row.told += len(own)
    return len(own)


def details_of(row: Emergency, say: Wording) -> list[Markup]:
    """What was said after the emergency was raised, a line each."""
    return [say(f"emergency.detail.{each['what']}", text=each["text"]) for each in row.details]


async def photo_kept(session: Session, attachment: Attachment, today: date, now: datetime) -> None:
    """A photo of an emergency has been fetched: everybody who was alerted gets it."""
    row = await session.get(Emergency, attachment.emergency_id or 0)
    if row is None or row.withdrawn_at is not None or not row.told:
        return  # nobody knows of it: whoever is told later gets its photos with it
    await show_photo(session, row, attachment, await told(session, row, today), now)


async def show_photo(
    session: Session, row: Emergency, photo: Attachment, contacts: Sequence[Contact], now: datetime
) -> None:
    """Send a kept photo to some chats, to each once."""
    place = await session.places.get(row.place_id)
    name = places.own_name(place) if place else ""
    document = Document(f"{PHOTOS}/{photo.name}", photo.name.rpartition("/")[2], photo.media_type)
    for contact in contacts:
        text = wording(contact.locale)("emergency.more.photo", place=name)
        post(session, contact, Reply(text, document=document), f"{row.id}:photo:{photo.id}:{contact.id}", now)


def post(session: Session, contact: Contact, reply: Reply, key: str, now: datetime) -> None:
    """Put a message into the outbox before everything else."""
    session.add(
        Outbox(
            id=outbox.next_id(),
            contact_id=contact.id,
            priority=AT_ONCE,
            natural_key=f"emergency:{key}",
            body=reply.to_json(),
            created_at=now,
        )
    )


async def tell_told(turn: Turn, row: Emergency, key: str, **values: object) -> None:
    """Tell everybody who was alerted something further."""
    place = await turn.session.places.get(row.place_id)
    name = places.own_name(place) if place else ""
    for contact in await told(turn.session, row, turn.today):
        text = wording(contact.locale)(key, place=name, **values)
        post(turn.session, contact, Reply(text), f"{row.id}:{len(row.details)}:{key}:{contact.id}", turn.now)


async def told(session: Session, row: Emergency, today: date) -> list[Contact]:
    """The chats on duty in every tier that the emergency has reached, without that of who raised it."""
    contacts: dict[int, Contact] = {}
    for tier in range(row.tier + 1):
        found = await emergencies.on_duty(session, row.place_id, tier, today)
        contacts |= {contact.id: contact for contact in found if contact.id != row.contact_id}
    return list(contacts.values())


async def escalate(session: Session, library: Library, now: datetime) -> int:
    """Take what nobody has answered one level up, further where nobody can be reached; how many went up."""
    rows = await emergencies.unanswered(session, now)
    for row in rows:
        told = 0
        while not told and row.tier < len(emergencies.TIERS) - 1:
            row.tier, row.tier_at = row.tier + 1, now
            told = await alert(session, library, row, now)
        await audit.record(session, "emergency.up", None, None, f"place:{row.place_id}", {"tier": row.tier})
    return len(rows)


# --- what follows ---------------------------------------------------------------------------------------


@pressed.on(Acknowledge)
async def acknowledge(turn: Turn, button: Acknowledge) -> None:
    """An officer has it: whoever raised it is told, once."""
    row = await turn.session.get(Emergency, button.emergency, with_for_update=True)
    if (
        row is None
        or not access.is_officer(turn.view)
        or await access.visible(turn.view, row.place_id) is None
    ):
        await menu.old_button(turn)
        return
    if row.withdrawn_at is not None:
        place = await turn.session.places.get(row.place_id)
        turn.reply(turn.say("emergency.was_mistake", place=places.own_name(place) if place else ""))
        return
    if row.closed_at is not None:
        turn.reply(await closing_words(turn.session, row, turn.say, turn.zone, turn.now))
        return
    if row.acknowledged_at is not None:
        turn.reply(turn.say("emergency.acknowledged_before", at=row.acknowledged_at.astimezone(turn.zone)))
        return
    row.acknowledged_at, row.acknowledged_by = turn.now, turn.contact.person_id
    await codes.note(turn, "emergency.acknowledged", f"place:{row.place_id}")
    turn.reply(turn.say("emergency.acknowledged"))
    raiser = await turn.session.get(Contact, row.contact_id)
    if raiser is not None and raiser.reachable:
        say = wording(raiser.locale)
        level = await level_of(turn)
        text = say("emergency.they_have_it", level=say(f"progress.level.{level}"), at=turn.now)
        post(turn.session, raiser, Reply(text), f"{row.id}:ack", turn.now)


async def level_of(turn: Turn) -> str:
    """The level at which the officer of this turn works."""
    roles = access.holds(turn.view, *access.OFFICERS)
    place = await turn.session.places.get(roles[0].place_id) if roles else None
    return place.level if place else Level.COMMUNE


async def take_back(turn: Turn, row: Emergency) -> None:
    """It was a mistake: gone while nobody knows of it; else ask for the sentence that closes it."""
    if row.told or row.acknowledged_at is not None:
        ask_sentence(turn, row, "emergency.close_how")
        return
    turn.expect(None)
    if row.withdrawn_at is None:
        row.withdrawn_at = turn.now
        await codes.note(turn, "emergency.withdrawn", f"place:{row.place_id}")
    turn.reply(turn.say("emergency.withdrawn"), choices=menu.buttons(turn.view))


def ask_sentence(turn: Turn, row: Emergency, key: str) -> None:
    """What is written next closes the emergency; a button says that it goes on."""
    turn.expect(ClosingWanted(row.id, turn.now))
    turn.reply(
        turn.say(key), choices=column(menu.named(turn.view, "emergency.button.still", StillOpen(row.id)))
    )


async def on_closing(turn: Turn) -> None:
    """The sentence that closes an emergency: everybody who was told reads it, with what had been said."""
    row = await expected(turn)
    expects = turn.screen.expects
    asked = expects.asked if isinstance(expects, ClosingWanted) else None
    if row is None or row.closed_at is not None or asked is None or turn.now - asked > SOON:
        turn.expect(None)
        await menu.show(turn)
        return
    text = " ".join(turn.incoming.text.split())[:LONGEST]
    if len(text.split()) < SENTENCE:
        ask_sentence(turn, row, "emergency.close_longer")
        return
    turn.expect(None)
    row.closed_at = turn.now
    emergencies.add_detail(row, "closing", text, turn.now)
    await codes.note(turn, "emergency.closed", f"place:{row.place_id}")
    for contact in await told(turn.session, row, turn.today):
        words = await closing_words(turn.session, row, wording(contact.locale), turn.zone, turn.now)
        post(turn.session, contact, Reply(words), f"{row.id}:closed:{contact.id}", turn.now)
    turn.reply(turn.say("emergency.closed"), choices=menu.buttons(turn.view))


async def closing_words(
    session: Session, row: Emergency, say: Wording, zone: ZoneInfo, now: datetime
) -> Markup:
    """What officers read of an emergency that was closed: its sentence, and what had been said before."""
    place = await session.places.get(row.place_id)
    *before, closing = details_of(row, say)
    photos = len(await emergencies.photos_of(session, row.id))
    if photos:
        before.append(say("emergency.detail.photos", n=photos))
    head = say(
        "emergency.was_closed",
        kind=say(f"emergency.kind.{row.kind}"),
        place=await session.places.full_name(place, now.date()) if place else "",
        raised=row.raised_at.astimezone(zone),
        at=(row.closed_at or now).astimezone(zone),
    )
    said = [say("emergency.said_before"), *before] if before else [say("emergency.nothing_before")]
    acknowledged = row.acknowledged_at.astimezone(zone) if row.acknowledged_at else None
    seen = (
        say("emergency.acknowledged_before", at=acknowledged)
        if acknowledged
        else say("emergency.nobody_had_it")
    )
    return Markup("\n").join([head, closing, "", *said, seen])


async def expected(turn: Turn) -> Emergency | None:
    """The emergency of this chat about which the open dialogue goes, while it is one."""
    expects = turn.screen.expects
    number = expects.id if isinstance(expects, MoreWanted | ClosingWanted) else None
    row = await turn.session.get(Emergency, number, with_for_update=True) if number else None
    return row if row and row.withdrawn_at is None and row.contact_id == turn.contact.id else None


async def on_more(turn: Turn) -> None:
    """More about the emergency just raised: words, how many people, where, a photo. It is sent on at once."""
    row, incoming = await expected(turn), turn.incoming
    if row is None or row.closed_at is not None or turn.now - row.raised_at > TALK:
        turn.expect(None)
        await menu.show(turn)
        return
    turn.expect(MoreWanted(row.id))
    if incoming.kind is Kind.PHOTO and incoming.photo is not None:
        await on_photo(turn, row, incoming.photo)
        if not incoming.text:
            return
    if incoming.kind is Kind.LOCATION and incoming.location is not None:
        what, text = "location", f"{incoming.location.latitude:.5f}, {incoming.location.longitude:.5f}"
    elif incoming.text.strip().isdigit():
        what, text = "people", incoming.text.strip()[:9]
    else:
        what, text = "words", " ".join(incoming.text.split())
    await pass_on(turn, row, what, text)


async def pass_on(turn: Turn, row: Emergency, what: str, text: str) -> None:
    """Tell those who were alerted what was said; of very many words the first, and the sender is told so."""
    emergencies.add_detail(row, what, text[:LONGEST], turn.now)
    if row.told:
        await tell_told(turn, row, f"emergency.more.{what}", text=text[:LONGEST])
    else:
        await reach(turn.session, turn.library, row, turn.now)
    cut = len(text) > LONGEST
    if cut:
        said = turn.say("emergency.cut", n=LONGEST, end=text[LONGEST - 40 : LONGEST].strip())
        turn.reply(said, choices=column(done_button(turn, row)))
    if turn.incoming.kind is not Kind.PHOTO and not (cut and row.told):
        said_more(turn, row, "emergency.passed_on")


async def on_photo(turn: Turn, row: Emergency, photo: FileRef) -> None:
    """A photo of what happens: fetched after this turn is saved, then sent on."""
    too_many = await photo_limits.of_emergency(turn, row.id)
    if too_many is not None:
        turn.reply(too_many, choices=column(done_button(turn, row)))
        return
    wanted = Attachment(
        emergency_id=row.id,
        contact_id=turn.contact.id,
        path="",
        file_ref=photo.ref,
        size=min(photo.size, LARGEST),
        created_at=turn.now,
    )
    turn.session.add(wanted)
    said_more(turn, row, "emergency.photo_taken")


def said_more(turn: Turn, row: Emergency, key: str) -> None:
    """What becomes of it, and that more may follow; the truth where nobody has been reached yet."""
    turn.reply(
        turn.say(key if row.told else "emergency.reaches_nobody"), choices=column(done_button(turn, row))
    )


def done_button(turn: Turn, row: Emergency) -> Choice:
    return menu.named(turn.view, "emergency.button.done", SaidAll(row.id))
