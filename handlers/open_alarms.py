"""«Khẩn cấp đang mở»: what is open on an officer's ground, who has it, and closing it with a sentence.

As a rule whoever raised it closes it (`handlers.emergency`). If they lost their phone, or forget, an officer above the
place does, with a sentence that whoever raised it and the other officers read.
"""

from typing import Final

from markupsafe import Markup

from figures import access
from handlers import alarms, codes, held_words, menu
from handlers.buttons import Button, Presses, RowId, button, choice
from handlers.closing import closes, end_of_other, ends_if_ordered
from handlers.danger import only_closes
from handlers.emergency_details import LONGEST, SENTENCE, SOON
from handlers.emergency_more import spoken_of
from handlers.held_words import BETWEEN
from handlers.messages import column
from handlers.navigation import CloseIt, CloseWithThese, Command, PassOn
from handlers.turn import Turn
from storage import emergencies, people, places
from storage.kept import OfficersClosingWanted
from storage.roster import shown_phone
from storage.tables import Emergency, Person, Role

MOST: Final = 20
"""How many to list, the newest first."""
pressed: Final = Presses()


@button("z:v:{emergency}", opens=True)
class ShowEmergency(Button):
    """Show all that is known of one."""

    emergency: RowId


@button("z:f:{emergency}")
class CloseForRaiser(Button):
    """An officer closes it."""

    emergency: RowId


@button("z:j:{emergency}")
class CloseWithHeld(Button):
    """An officer closes it with the words that are held for it."""

    emergency: RowId


async def own(turn: Turn) -> list[Emergency]:
    """Return what is open on this person's ground or was raised by them, newest first."""
    rows = await emergencies.still_open(turn.session, turn.now)
    return [row for row in reversed(rows) if await concerns(turn, row)]


async def concerns(turn: Turn, row: Emergency) -> bool:
    """Whether this person looks after the place of an emergency, or raised it."""
    mine = row.person_id is not None and row.person_id == turn.contact.person_id
    return mine or await access.looks_after(turn.view, row.place_id)


async def show(turn: Turn) -> None:
    """The list, each with a button that leads to it."""
    rows = await own(turn)
    if not rows:
        where = ", ".join(map(places.own_name, await access.places_of(turn.view, turn.roles)))
        turn.reply(turn.say("emergency.none_open", place=where), choices=menu.buttons(turn.view))
        return
    told = [await line(turn, row) for row in rows[:MOST]]
    head = turn.say("emergency.open", n=len(rows))
    buttons = [choice(await label(turn, row), ShowEmergency(row.id)) for row in rows[:MOST]]
    turn.reply(Markup("\n\n").join([head, *told]), choices=column(*buttons))


def is_listed(turn: Turn) -> bool:
    """Whether the chat shows the list: a typed number then chooses from it, also beside buttons."""
    start = ShowEmergency.wire.text.partition("{")[0]
    return any(button.data.startswith(start) for button in turn.screen.choices)


async def label(turn: Turn, row: Emergency) -> Markup:
    """Return an emergency as a button's label: its kind, its place, and when it was raised."""
    place = await turn.session.places.get(row.place_id)
    name = places.name_of(place)
    return turn.say(
        "emergency.button.one",
        kind=alarms.kind_of(row, turn.say),
        place=name,
        at=row.raised_at.astimezone(turn.zone),
    )


async def line(turn: Turn, row: Emergency) -> Markup:
    """Return one emergency in the list: what and where, who has it since when, what was said last."""
    place = await alarms.where(turn.session, row, turn.today, turn.say)
    at = row.raised_at.astimezone(turn.zone)
    head = turn.say("emergency.open_one", kind=alarms.kind_of(row, turn.say), place=place, at=at)
    said = alarms.details_of(row, turn.say)[-1:]
    return Markup("\n").join([head, await holder(turn, row), *await raiser_gone(turn, row), *said])


async def raiser_gone(turn: Turn, row: Emergency) -> list[Markup]:
    """Return the sentence that whoever raised an emergency reads nothing any more; nothing if they do."""
    chat = await alarms.reachable_raiser(turn.session, row)
    return [] if chat is not None and row.person_id is not None else [turn.say("emergency.raiser_gone")]


async def reached(turn: Turn, row: Emergency) -> Markup:
    """Return how far up an emergency is that nobody has, or that nobody was told."""
    reaches = alarms.reaching(turn.library, turn.now)
    levels = await emergencies.levels_told(turn.session, row, turn.today, reaches) if row.told else []
    names = ", ".join(turn.say(f"progress.level.{level}") for level in levels)
    return turn.say("emergency.nobody_has_it" if names else "emergency.nobody_was_told", levels=names)


async def holder(turn: Turn, row: Emergency) -> Markup:
    """Return who has it and since when; or that nobody has, and how far up it is."""
    if row.acknowledged_at is None:
        return await reached(turn, row)
    person = await turn.session.get(Person, row.acknowledged_by) if row.acknowledged_by else None
    who = await officer_named(turn, person) if person else ""
    at = row.acknowledged_at.astimezone(turn.zone)
    return turn.say("emergency.has_it", who=who or turn.say("emergency.somebody"), at=at)


async def officer_named(turn: Turn, person: Person) -> str:
    """Return an officer by unit, name and number, as far as known; "" without an officer."""
    unit = await unit_of(turn, await people.roles_of(turn.session, person.id))
    named = ", ".join(filter(None, (person.name, shown_phone(person.phone or ""))))
    return f"{unit} ({named})" if unit and named else unit or named


async def unit_of(turn: Turn, roles: list[Role]) -> str:
    """Return the unit of the first officer's role among some."""
    offices = [role for role in roles if role.role in access.OFFICERS]
    place = await turn.session.places.get(offices[0].place_id) if offices else None
    return places.name_of(place)


@pressed.on(ShowEmergency)
async def on_one(turn: Turn, button: ShowEmergency) -> None:
    """Show all that was said about one, and what this person can do about it."""
    row = await turn.session.get(Emergency, button.emergency)
    if row is None or row.withdrawn_at is not None or not await concerns(turn, row):
        await menu.old_button(turn)
    elif row.closed_at is not None:
        turn.reply(await alarms.closing_words(turn.session, row, turn.say, turn.zone, turn.now))
    else:
        await tell_one(turn, row)


async def tell_one(turn: Turn, row: Emergency) -> None:
    """An open emergency whole."""
    place = await alarms.where(turn.session, row, turn.today, turn.say, full=True)
    at = row.raised_at.astimezone(turn.zone)
    head = turn.say("emergency.open_one", kind=alarms.kind_of(row, turn.say), place=place, at=at)
    by = await alarms.raised_by(turn.session, row, turn.say)
    gone = await raiser_gone(turn, row)
    lines = [head, *by, *alarms.details_of(row, turn.say), await holder(turn, row), *gone]
    buttons = []
    if await access.looks_after(turn.view, row.place_id):
        if row.acknowledged_at is None and not alarms.is_raiser(turn, row):
            have_it = menu.named(turn.view, "emergency.button.acknowledge", alarms.Acknowledge(row.id))
            buttons.append(have_it)
        buttons.append(menu.named(turn.view, "emergency.button.close", CloseForRaiser(row.id)))
    elif alarms.is_raiser(turn, row):
        buttons.append(menu.named(turn.view, "emergency.button.close", CloseIt(row.id)))
    others = menu.named(turn.view, "menu.button.khancapmo", Command("khancapmo"))
    turn.reply(Markup("\n").join(lines), choices=column(*buttons, others), about=f"{alarms.ABOUT}{row.id}")


async def looked_after(turn: Turn) -> list[Emergency]:
    """The open emergencies of this person in places that they look after."""
    return [row for row in await own(turn) if await access.looks_after(turn.view, row.place_id)]


async def told_of(turn: Turn) -> list[Emergency]:
    """The open emergencies that this chat was told of as an officer's, newest first: what is written there may be about
    any of them."""
    rows = [row for row in await looked_after(turn) if row.told and not alarms.is_raiser(turn, row)]
    return [row for row in rows if turn.contact in await alarms.told(turn.session, row, turn.today)]


# --- an officer closes it -------------------------------------------------------------------------------


@pressed.on(CloseForRaiser, CloseWithThese, CloseWithHeld)
async def on_close(turn: Turn, button: CloseForRaiser | CloseWithThese | CloseWithHeld) -> None:
    """Close it with the words that the button stands for, or with what was written for it if that clearly ends it; else ask
    for the sentence."""
    row = await to_close(turn, button.emergency)
    if row is None:
        return
    match button:
        case CloseWithThese():
            words = await last_words(turn, row)
        case CloseWithHeld():
            sure = bool(held_words.sure_of(turn, row))
            words = BETWEEN.join(held_words.take(turn, row, surely=sure))
        case CloseForRaiser():
            words = await written_to_end(turn, row)
    if words:
        await close(turn, row, words[-LONGEST:])
    else:
        await ask_sentence(turn, row, "emergency.officer_close_how")


async def written_to_end(turn: Turn, row: Emergency) -> str:
    """Return what this officer wrote that clearly ends an emergency: their last words, if nothing was said since, or what is
    held; "" if neither does."""
    held = BETWEEN.join(one.words for one in held_words.sure_of(turn, row))
    if ends_clearly(row, held):
        return BETWEEN.join(held_words.take(turn, row, surely=True))
    last = await last_words(turn, row)
    return last if not held and is_newest(row, last) and ends_clearly(row, last) else ""


def is_newest(row: Emergency, words: str) -> bool:
    """Whether nothing was said about an emergency since these words."""
    return bool(row.details) and row.details[-1]["text"] == words


def is_closing_sentence(row: Emergency, words: str) -> bool:
    """Whether words are a sentence that closes an emergency, once its writer has chosen to close it."""
    return is_sentence(words) and (closes(row, words, chosen=True) or ends_if_ordered(row, words))


def ends_clearly(row: Emergency, words: str) -> bool:
    """Whether words are a sentence that closes an emergency by itself, with nothing asked before."""
    return is_sentence(words) and closes(row, words)


async def close_held(turn: Turn, button: CloseForRaiser) -> None:
    """Take what is held for the emergency that was chosen as the sentence that closes it: it is passed on at least.
    Without any, ask for the sentence."""
    row = await to_close(turn, button.emergency)
    if row is None:
        return
    held = held_words.take(turn, row, surely=True)
    for words in held[:-1]:
        await alarms.answer_raiser(turn, row, words)
    if not held:
        await ask_sentence(turn, row, "emergency.officer_close_how")
    elif len(held) == 1 and is_closing_sentence(row, held[0]):
        await close(turn, row, held[0])
    else:
        await pass_on(turn, row, held[-1])


async def to_close(turn: Turn, number: int) -> Emergency | None:
    """Return the emergency with this id if this officer may close it; else say why there is nothing to close."""
    row = await alarms.looked_after(turn, number)
    if row is None or row.withdrawn_at is not None:
        await menu.old_button(turn)
        return None
    if row.closed_at is not None:
        turn.reply(await alarms.closing_words(turn.session, row, turn.say, turn.zone, turn.now))
        return None
    return row


def is_sentence(text: str) -> bool:
    """Whether others learn something from a text with which an emergency is closed."""
    return len(text.split()) >= SENTENCE and not only_closes(text)


async def last_words(turn: Turn, row: Emergency) -> str:
    """Return the last words that this officer's unit wrote when asked for the sentence that closes it; "" for none."""
    unit = await alarms.own_unit(turn)
    own_ones = [one for one in row.details if one.get("to_close") and one.get("by") == unit]
    return str(own_ones[-1]["text"]) if own_ones else ""


async def ask_sentence(turn: Turn, row: Emergency, key: str) -> None:
    """Ask for the sentence that closes this emergency."""
    turn.expect(OfficersClosingWanted(row.id, turn.now))
    place = await alarms.where(turn.session, row, turn.today, turn.say)
    at = row.raised_at.astimezone(turn.zone)
    still = menu.named(turn.view, "emergency.button.still", ShowEmergency(row.id))
    asked = alarms.telling(row, turn.say, key, place=place, at=at)
    held_words.bind(turn, row)
    waits = held_words.still_waiting(held_words.of(turn.screen, row.id), turn.say)
    # "Họp giao ban thứ 2" that is held for it closes no fire.
    ends = bool(held_words.sure_of(turn, row))
    so = [menu.named(turn.view, "emergency.button.close_so", CloseWithHeld(row.id))] if ends else []
    text = Markup("\n\n").join(filter(None, (waits, asked)))
    turn.reply(text, choices=column(*so, still), about=f"{alarms.ABOUT}{row.id}")


async def on_sentence(turn: Turn) -> None:
    """Take the sentence with which an officer closes an emergency.

    If it does not say that it is over, pass it on; then only a button closes it.
    """
    expects = turn.screen.expects
    assert isinstance(expects, OfficersClosingWanted)
    row = await asked_about(turn, expects)
    if row is None:
        await menu.show(turn)
        return
    text = " ".join(turn.incoming.text.split())[:LONGEST]
    if row.closed_at is not None:
        turn.expect(None)
        turn.reply(await alarms.closing_words(turn.session, row, turn.say, turn.zone, turn.now))
    elif not is_sentence(text):
        await ask_sentence(turn, row, "emergency.officer_close_longer")
    elif ends_if_ordered(row, text):
        await close(turn, row, text)
    else:
        await pass_on(turn, row, text)


async def asked_about(turn: Turn, wanted: OfficersClosingWanted) -> Emergency | None:
    """Return what the sentence was asked for, if it comes soon and the officer still looks after that place."""
    row = await turn.session.get(Emergency, wanted.id, with_for_update=True)
    late = turn.now - wanted.asked > SOON
    if row is None or late or not await access.looks_after(turn.view, row.place_id):
        return None
    return row


async def pass_on(turn: Turn, row: Emergency, text: str) -> None:
    """Send on words that do not say it is over, to the open one that they are about; another sentence may still close
    it."""
    here = [one for one in await looked_after(turn) if one.place_id == row.place_id]
    asked, row = row, spoken_of(row, here, text)
    turn.expect(OfficersClosingWanted(row.id, turn.now))
    sent = await alarms.answer_raiser(turn, row, text, to_close=True)
    with_these = menu.named(turn.view, "emergency.button.close_so", CloseWithThese(row.id))
    still = menu.named(turn.view, "emergency.button.still", ShowEmergency(row.id))
    place = await alarms.which(turn.session, row, turn.zone, turn.now, turn.say)
    said = [alarms.telling(row, turn.say, sent, place=place), why_open(turn, row, asked, text, place)]
    waits = held_words.still_waiting(held_words.of(turn.screen, row.id), turn.say)
    send = [menu.named(turn.view, "emergency.button.pass_on", PassOn(row.id))] if waits else []
    told = Markup("\n\n").join(filter(None, (*said, waits)))
    turn.reply(told, choices=column(with_these, *send, still), about=f"{alarms.ABOUT}{row.id}")


def why_open(turn: Turn, row: Emergency, asked: Emergency, text: str, place: Markup) -> Markup:
    """Return why a sentence closed nothing: it is for another one than was `asked` about, speaks of another danger, or
    does not say that all is well."""
    if row is not asked:
        about = alarms.kind_of(asked, turn.say)
        return alarms.telling(row, turn.say, "emergency.officer_for_other", place=place, asked=about)
    if other := end_of_other(row, text):
        named = turn.say(f"emergency.kind.{other}")
        return alarms.telling(row, turn.say, "emergency.officer_of_other", place=place, other=named)
    return alarms.telling(row, turn.say, "emergency.officer_not_over", place=place)


async def close(turn: Turn, row: Emergency, text: str) -> None:
    """Close it: whoever raised it and everybody else who was told read `text`."""
    turn.expect(None)
    row.closed_at = turn.now
    emergencies.add_detail(row, "closing", text, turn.now, by=await alarms.own_unit(turn))
    await codes.note(turn, "emergency.closed", f"place:{row.place_id}")
    raiser = await alarms.reachable_raiser(turn.session, row)
    others = await alarms.told(turn.session, row, turn.today)
    readers = [(contact, alarms.to_officer(contact)) for contact in others]
    if raiser is not None:
        readers.insert(0, (raiser, await alarms.to_raiser(turn.session, row, raiser)))
    for contact, say in readers:
        if contact.id != turn.contact.id:
            await held_words.tell_closed(turn, row, contact, say)
    place = await alarms.where(turn.session, row, turn.today, turn.say)
    at = row.raised_at.astimezone(turn.zone)
    closed = alarms.telling(row, turn.say, "emergency.officer_closed", place=place, at=at)
    lost = await held_words.lost_by(turn.session, turn.contact, row, turn.say)
    said = Markup("\n\n").join(filter(None, (closed, lost)))
    left = menu.named(turn.view, "menu.button.khancapmo", Command("khancapmo"))
    turn.reply(said, choices=column(left))
