"""Khẩn cấp: two taps from the menu, at any time. It leaves at once, and details follow if there is time for them.

`handlers.alarms` tells the officers, and lets them say that they have it.

Until anybody is told, it can be taken back. After that it may be true, whoever holds the phone now, so it can only be
closed with a sentence, which the officers read together with what had been said.

Several may be open at once. Every button, question and reply names the one that it belongs to; once that is over, what
is written next goes to the one that was being told besides. The same kind pressed again while it is open, by a shaking
hand or on an old screen, is the same emergency; a button that names it says that this one is another.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from markupsafe import Markup

from figures import access
from handlers import alarms, codes, danger, held_words, menu, unheard
from handlers.buttons import Button, Presses, RowId, button, choice, one_of
from handlers.closing import closes
from handlers.emergency_details import (
    LONGEST,
    SENTENCE,
    SOON,
    closing_asked,
    is_button_of_place,
    last_words,
    tell_with,
    told_in,
    want_photo,
)
from handlers.emergency_more import (
    CountsPeople,
    RaiseApart,
    SaidAll,
    TakeBack,
    another_danger,
    apart_from,
    done_button,
    on_photo,
    on_unheard,
    pass_on,
    pass_told,
    send_on,
    spoken_of,
    tell_raiser,
    words_kept,
)
from handlers.emergency_named import named_in
from handlers.emergency_raised import (
    besides,
    closed_words,
    expected,
    is_asked,
    is_told,
    listen,
    named,
    raised_here,
    told_here,
    told_last,
    told_of,
)
from handlers.messages import FileRef, MessageKind, column
from handlers.navigation import CloseIt, Command, StillOpen
from handlers.turn import Turn
from storage import emergencies, places
from storage.kept import ClosingWanted, CryWanted, MoreWanted
from storage.tables import Emergency, Place, RoleName

pressed: Final = Presses()


@button("z:p:{place}", opens=True, lasting=True)
class AskKind(Button):
    """What is happening at this place?"""

    place: RowId


@button("z:k:{place}:{kind}", lasting=True)
class Raise(Button):
    """Send it now."""

    place: RowId
    kind: Annotated[str, one_of(danger.KINDS)]


@button("z:n:{emergency}")
class RaiseAnother(Button):
    """Another of the same kind, at the same place as this one."""

    emergency: RowId


SENDERS: Final = (RoleName.VILLAGE_HEAD, RoleName.COMMUNE_OFFICER)
"""Who may raise one: those who know a village by its people. Higher officers are told; they do not raise."""


async def ask(turn: Turn, *before: Markup) -> None:
    """Ask what is happening, after the paragraphs `before`; if the person has several places, ask where first."""
    turn.urgent = True
    own = await own_places(turn)
    if not own:
        listed = column(menu.button(turn.view, "khancapmo")) if await menu.is_urgent(turn) else ()
        turn.reply(turn.say("emergency.nobodys_place"), choices=(*listed, *menu.buttons(turn.view)))
    elif len(own) == 1:
        await ask_kind(turn, own[0], *before)
    else:
        choices = [choice(places.own_name(place), AskKind(place.id)) for place in own]
        text = Markup("\n\n").join([*before, turn.say("emergency.where")])
        turn.reply(text, choices=column(*choices))


async def own_places(turn: Turn) -> list[Place]:
    """The places for which this person may raise an emergency."""
    return await access.places_of(turn.view, access.holds(turn.view, *SENDERS))


async def ask_kind(turn: Turn, place: Place, *before: Markup) -> None:
    """Show the kinds as buttons; the next tap sends."""
    turn.urgent = True
    choices = [
        menu.named(turn.view, f"emergency.kind.{kind}", Raise(place.id, kind)) for kind in danger.KINDS
    ]
    rows = tuple(tuple(choices[at : at + 2]) for at in range(0, len(choices), 2))
    text = Markup("\n\n").join(
        [*before, turn.say("emergency.what", place=places.own_name(place)), *unheard.told(turn)]
    )
    turn.reply(text, choices=(*rows, (menu.named(turn.view, "emergency.button.none", Command("menu")),)))


def asked_now(turn: Turn) -> list[AskKind | Raise]:
    """Return the buttons of the last message that ask where or what an emergency is; none if it asked something else."""
    shown = [pressed.read(data) for _, data in turn.screen.buttons]
    return [button for button in shown if isinstance(button, AskKind | Raise)]


async def ask_again(turn: Turn, *before: Markup) -> None:
    """Ask again what the last message asked: where it is, or what is happening at the place chosen."""
    chosen = next((button.place for button in asked_now(turn) if isinstance(button, Raise)), None)
    place = await own_place(turn, chosen) if chosen is not None else None
    await (ask_kind(turn, place, *before) if place else ask(turn, *before))


async def own_place(turn: Turn, number: int) -> Place | None:
    """Return the place with this id, if this person may raise an emergency there."""
    return next((place for place in await own_places(turn) if place.id == number), None)


@pressed.on(AskKind)
async def on_place(turn: Turn, button: AskKind) -> None:
    place = await own_place(turn, button.place)
    await (ask_kind(turn, place) if place else menu.old_button(turn))


@pressed.on(Raise)
async def on_kind(turn: Turn, button: Raise) -> None:
    place, said = await own_place(turn, button.place), unheard.with_kind(turn, button.kind)
    if place and said:
        unheard.forget(turn)
        await raise_with(turn, place, said)
    else:
        await raise_once(turn, button.place, button.kind)


@pressed.on(RaiseAnother)
async def on_another(turn: Turn, button: RaiseAnother) -> None:
    row = await raised_here(turn, button.emergency)
    if row is None:
        await menu.old_button(turn)
    else:
        await raise_once(turn, row.place_id, row.kind, after=row.id)


@pressed.on(RaiseApart)
async def on_apart(turn: Turn, button: RaiseApart) -> None:
    """Send what was told as more of one emergency as one of its own, with these words, once."""
    row = await raised_here(turn, button.emergency)
    place = await own_place(turn, row.place_id) if row else None
    words = words_kept(row, button.detail, turn.now) if row else ""
    kind = another_danger(row, words) if row else ""
    if row is None or place is None or not kind:
        await menu.old_button(turn)
        return
    told = await told_of(turn, place, kind, after=row.id)
    await (lead_to(turn, told) if told else raise_it(turn, place, kind, CryWanted(kind, words)))


async def raise_once(turn: Turn, place_id: int, kind: str, after: int = 0) -> None:
    """Send it now, unless one of this kind, which came `after` another, is already being told of this place: then lead
    to that."""
    place = await own_place(turn, place_id)
    if place is None:
        await menu.old_button(turn)
        return
    told = await told_of(turn, place, kind, after)
    await (lead_to(turn, told) if told else raise_it(turn, place, kind))


async def raise_with(turn: Turn, place: Place, said: CryWanted) -> None:
    """Send it now with what was `said`. If one of this kind is being told of this place, that is more of it."""
    told = await told_of(turn, place, said.kind)
    await (tell_more(turn, told, said) if told else raise_it(turn, place, said.kind, said))


async def tell_more(turn: Turn, row: Emergency, said: CryWanted) -> None:
    """Pass on what was `said` as more of an emergency that is being told."""
    await tell_beside(turn, row, said)
    await pass_on(turn, row, "words", said.words, apart=apart_from(row, await told_here(turn), said.words))


async def tell_end(turn: Turn, row: Emergency, said: CryWanted) -> None:
    """Pass on what was `said` as more of an emergency, then what this message says about its end, or that of the one it
    names."""
    await tell_beside(turn, row, said)
    told = await told_here(turn)
    await send_on(turn, row, "words", said.words[:LONGEST], apart=apart_from(row, told, said.words))
    over = named_in(turn.incoming.text, told) or row
    listen(turn, MoreWanted(over.id))
    await pass_on(turn, over, *told_in(turn.incoming))


async def tell_beside(turn: Turn, row: Emergency, said: CryWanted) -> None:
    """Pass on the photos and the place that came with what was `said`; what is written next is about this emergency."""
    listen(turn, MoreWanted(row.id))
    for photo in said.photos:
        want_photo(turn, row, FileRef(photo.ref, photo.size))
    if said.where:
        emergencies.add_detail(row, "location", said.where, turn.now)
        await alarms.tell_told(turn, row, "emergency.more.location", text=said.where)


async def lead_to(turn: Turn, row: Emergency, *who: Markup) -> None:
    """Say that this emergency is known already (`who`: and who has it), and go on with it; if nobody had been reached, try
    again."""
    listen(turn, MoreWanted(row.id))
    if not row.told:
        await alarms.reach(turn.session, turn.library, row, turn.now)
    another = menu.named(turn.view, "emergency.button.another", RaiseAnother(row.id))
    key = "emergency.raised_already" if row.told else "emergency.reaches_nobody"
    text = turn.say(key, **named(turn, row))
    if not row.told:
        text = await alarms.with_numbers(turn.session, row, turn.today, turn.say, text)
    text = Markup("\n").join([text, *who])
    turn.reply(text, actions=column(done_button(turn, row), another), about=f"{alarms.ABOUT}{row.id}")


async def of_raiser(turn: Turn, button: TakeBack | SaidAll | StillOpen | CloseIt | CountsPeople) -> None:
    """Handle a button of whoever raised an emergency: take it back, say no more or how many, keep it open, or close it."""
    row = await turn.session.get(Emergency, button.emergency, with_for_update=True)
    if row is None or not alarms.is_raiser(turn, row):
        turn.expect(None)
        await menu.old_button(turn)
        return
    if row.closed_at is not None:
        await over(turn, row, closed_words(turn, row))
        return
    match button:
        case TakeBack():
            await take_back(turn, row)
        case StillOpen():
            listen(turn, MoreWanted(row.id))
            tell_raiser(turn, row, turn.say("emergency.still_open", **named(turn, row)))
        case SaidAll():
            key = "emergency.said_all_to" if row.acknowledged_at else "emergency.said_all"
            await over(turn, row, turn.say(key, **named(turn, row)))
        case CloseIt():
            await close_as_said(turn, row)
        case CountsPeople():
            listen(turn, MoreWanted(row.id))
            await pass_on(turn, row, "people", str(button.count))


for answered in (TakeBack, SaidAll, StillOpen, CloseIt, CountsPeople):
    pressed.add(answered, of_raiser)


def keeps_telling(button: Button | None) -> bool:
    """Whether a button itself decides which emergency is told next."""
    return isinstance(button, TakeBack | SaidAll | StillOpen | CloseIt | CountsPeople | RaiseApart)


def asks_people(turn: Turn) -> bool:
    """Whether the last message asked how many are in danger: only the one that lets an emergency be taken back does."""
    return any(isinstance(pressed.read(data), TakeBack) for _, data in turn.screen.buttons)


async def wants_number(turn: Turn) -> bool:
    """Whether a bare number is told here: the last message asks for one, or an officer's words may."""
    row = await expected(turn)
    return asks_people(turn) or (row is not None and is_asked(row))


async def raise_it(turn: Turn, place: Place, kind: str, said: CryWanted | None = None) -> None:
    """Send it now, with what was already `said`; then offer to say more."""
    row = await emergencies.raise_one(
        turn.session,
        place_id=place.id,
        person_id=turn.contact.person_id,
        contact_id=turn.contact.id,
        kind=kind,
        now=turn.now,
    )
    if said:
        tell_with(turn, row, said)
    count = await alarms.reach(turn.session, turn.library, row, turn.now)
    await codes.note(turn, "emergency.raised", f"place:{place.id}", {"kind": kind, "told": count})
    turn.expect(MoreWanted(row.id))
    reached = "sent_past" if row.tier else "sent"
    facts = {"kind": alarms.kind_of(row, turn.say), "level": alarms.level_of(row, turn.say), "n": count}
    text = turn.say(f"emergency.{reached if count else 'nobody_reached'}", at=turn.now, **facts)
    if row.tier or not count:
        text = await alarms.with_numbers(turn.session, row, turn.today, turn.say, text)
    buttons = (done_button(turn, row), menu.named(turn.view, "emergency.button.mistake", TakeBack(row.id)))
    ask_for: Literal["", "location"] = "location" if turn.can.shares_location else ""
    # Ways to move, not numbered: how many people are in danger is told here as a number.
    turn.reply(text, actions=(buttons,), ask_for=ask_for, about=f"{alarms.ABOUT}{row.id}")


# --- what follows ---------------------------------------------------------------------------------------


async def take_back(turn: Turn, row: Emergency) -> None:
    """Drop it as a mistake while nobody knows of it; otherwise ask for the sentence that closes it."""
    if row.told or row.acknowledged_at is not None or await alarms.is_out(turn, row):
        ask_sentence(turn, row, "emergency.close_how")
        return
    if row.withdrawn_at is None:
        row.withdrawn_at = turn.now
        await alarms.unsay(turn.session, row)
        await codes.note(turn, "emergency.withdrawn", f"place:{row.place_id}")
    await over(turn, row, turn.say("emergency.withdrawn", **named(turn, row)))


def ask_sentence(turn: Turn, row: Emergency, key: str) -> None:
    """Ask for the sentence that closes the emergency; a button says that it goes on."""
    listen(turn, ClosingWanted(row.id, turn.now))
    still = menu.named(turn.view, "emergency.button.still", StillOpen(row.id))
    about = f"{alarms.ABOUT}{row.id}:{turn.now.isoformat()}"
    turn.reply(turn.say(key, **named(turn, row)), actions=column(still), about=about)


async def on_closing(turn: Turn) -> None:
    """Take the sentence that closes an emergency: everybody who was told reads it, with what had been said."""
    row, asked = await expected(turn), closing_asked(turn)
    if row is not None and row.closed_at is not None:
        await over(turn, row, closed_words(turn, row))
    elif row is None or asked is None:
        turn.expect(None)
        await menu.show(turn)
    elif row.id != asked.id:
        await on_more(turn)  # the answer to an officer closes nothing else
    else:
        await on_sentence(turn, row)


async def on_sentence(turn: Turn, row: Emergency) -> None:
    """Close it with what is written if that says clearly that it is over; else pass that on, or ask for more."""
    text = " ".join(turn.incoming.text.split())[:LONGEST]
    if len(text.split()) < SENTENCE or danger.calls_off(text):
        ask_sentence(turn, row, "emergency.close_longer")
    else:
        await close_or_pass_on(turn, row, text)


async def close_or_pass_on(turn: Turn, row: Emergency, text: str, *, chosen: bool = False) -> None:
    """Close it with `text` if that says clearly that it is over; else pass it on.

    `chosen`: its writer was asked which one it is for, and chose this one.
    """
    if len(text.split()) >= SENTENCE and closes(row, text, chosen=chosen):
        await close(turn, row, text[:LONGEST])
        return
    # A possible other cry goes on to the officers; «Khép tin» beside the answer closes it with these words.
    told = await told_here(turn)
    row = row if chosen else spoken_of(row, told, text)
    listen(turn, MoreWanted(row.id))
    await pass_on(turn, row, "words", text, to_close=True, apart=apart_from(row, told, text))


async def close_as_said(turn: Turn, row: Emergency) -> None:
    """Close it with the last words that said it is over; without any, ask for the sentence."""
    if said := last_words(row):
        await close(turn, row, said)
    else:
        ask_sentence(turn, row, "emergency.close_how")


async def close(turn: Turn, row: Emergency, text: str) -> None:
    """Close it: everybody who was told reads `text`."""
    row.closed_at = turn.now
    emergencies.add_detail(row, "closing", text, turn.now)
    await codes.note(turn, "emergency.closed", f"place:{row.place_id}")
    for contact in await alarms.told(turn.session, row, turn.today):
        say = alarms.to_officer(contact)
        await held_words.tell_closed(turn, row, contact, say)
    lost = await held_words.lost_by(turn.session, turn.contact, row, turn.say)
    closed = turn.say("emergency.closed", **named(turn, row))
    await over(turn, row, Markup("\n\n").join(filter(None, (closed, lost))))


async def over(turn: Turn, row: Emergency, said: Markup) -> None:
    """Say that nothing more is written about this emergency, and go on with the one told besides."""
    other = await raised_here(turn, besides(turn, row.id))
    if other is None or not is_told(other, turn.now):
        turn.expect(None)
        turn.reply(said, choices=menu.buttons(turn.view))
        return
    turn.expect(MoreWanted(other.id))
    still = turn.say("emergency.still_open", **named(turn, other))
    tell_raiser(turn, other, Markup("\n\n").join([said, still]))


async def turn_to(turn: Turn, about: str) -> bool:
    """Turn to an emergency of this chat if this replies to a message `about` it; a sentence may close it. Return
    whether it does."""
    number, _, asked = about.removeprefix(alarms.ABOUT).partition(":")
    row = await raised_here(turn, int(number))
    if row is None or not (row.closed_at is not None or is_told(row, turn.now)):
        return False
    if asked and turn.now - datetime.fromisoformat(asked) <= SOON:
        listen(turn, ClosingWanted(row.id, datetime.fromisoformat(asked)))
    else:
        listen(turn, MoreWanted(row.id))
    return True


# --- more of it -----------------------------------------------------------------------------------------


async def on_more(turn: Turn) -> None:
    """Take more about the emergency just raised: words, how many people, where, a photo. It is sent on at once."""
    row, incoming = await expected(turn), turn.incoming
    if row is not None and row.closed_at is not None:
        await over(turn, row, closed_words(turn, row))
        return
    if row is None or not is_told(row, turn.now):
        turn.expect(None)
        await menu.show(turn)
        return
    told = await told_here(turn)
    row = spoken_of(row, told, incoming.text)
    listen(turn, MoreWanted(row.id))
    if is_button_of_place(incoming.text):
        tell_raiser(turn, row, turn.say("emergency.place_by_hand"))
        return
    is_shown = incoming.photo is not None or incoming.kind is MessageKind.OTHER
    if incoming.photo is not None:
        await on_photo(turn, row, incoming.photo)
    elif incoming.kind is MessageKind.OTHER:
        await on_unheard(turn, row)
    if incoming.text or not is_shown:
        apart = apart_from(row, told, incoming.text)
        await pass_told(turn, row, apart=apart, counting=asks_people(turn) and turn.chose_before is None)


async def stay(turn: Turn) -> None:
    """Keep what was raised last open, and pass nothing of this message on: it only thanks, or says yes."""
    row = await told_last(turn)
    if row is None:
        await menu.show(turn)
    else:
        tell_raiser(turn, row, turn.say("emergency.still_open", **named(turn, row)))


async def tell_last(turn: Turn) -> bool:
    """Pass on what is said to the emergency that it names, else to the last one raised, with a way to close it if it
    is over.

    False if nothing is open.
    """
    row = named_in(turn.incoming.text, await told_here(turn)) or await told_last(turn)
    if row is None:
        return False
    listen(turn, MoreWanted(row.id))
    await pass_on(turn, row, *told_in(turn.incoming))
    return True
