"""An officer has an emergency: whoever raised it and the other officers are told, once, and what the officer wrote goes on.

However they say it (under the alert, in the list, in words), and if another officer was first, what is held of their
words is sent then.
"""

from typing import Final

from markupsafe import Markup

from handlers import alarms, codes, held_words, menu
from handlers.alarms import Acknowledge
from handlers.buttons import Presses, choice
from handlers.messages import Choice, Reply, Rows, column
from handlers.navigation import DropWords, PassOn
from handlers.turn import Turn
from handlers.wording import Wording
from storage.kept import AnswerWanted, Screen
from storage.tables import Contact, Emergency, Person

pressed: Final = Presses()


@pressed.on(Acknowledge)
async def acknowledge(turn: Turn, button: Acknowledge) -> None:
    """Note that an officer has it; tell whoever raised it and the other officers, once."""
    row = await alarms.looked_after(turn, button.emergency)
    if row is None:
        await menu.old_button(turn)
        return
    name = await alarms.which(turn.session, row, turn.zone, turn.now, turn.say)
    if row.withdrawn_at is not None:
        turn.reply(alarms.telling(row, turn.say, "emergency.was_mistake", place=name))
    elif row.closed_at is not None:
        await tell_closed(turn, row)
    elif row.acknowledged_at is not None:
        at = row.acknowledged_at.astimezone(turn.zone)
        await go_on(
            turn, row, alarms.telling(row, turn.say, "emergency.acknowledged_already", place=name, at=at)
        )
    elif alarms.is_raiser(turn, row):
        turn.reply(alarms.telling(row, turn.say, "emergency.own_goes_on", place=name))
    else:
        await take_up(turn, row, name)


async def tell_closed(turn: Turn, row: Emergency) -> None:
    """Tell with which words an emergency was closed, and what of the officer's own went to nobody."""
    closed = await alarms.closing_words(turn.session, row, turn.say, turn.zone, turn.now)
    lost = await held_words.lost_by(turn.session, turn.contact, row, turn.say)
    await held_words.sweep(turn)
    turn.reply(Markup("\n\n").join(filter(None, (closed, lost))))


async def take_up(turn: Turn, row: Emergency, place: Markup) -> None:
    """Note that this officer has it; what they write next goes to whoever raised it."""
    row.acknowledged_at, row.acknowledged_by = turn.now, turn.contact.person_id
    await codes.note(turn, "emergency.acknowledged", f"place:{row.place_id}")
    turn.expect(AnswerWanted(row.id, turn.now))
    unit = await alarms.own_unit(turn)
    await tell_others(turn, row, unit)
    raiser = await alarms.reachable_raiser(turn.session, row)
    if raiser is not None:
        raised = row.raised_at.astimezone(turn.zone)
        say = await alarms.to_raiser(turn.session, row, raiser)
        text = alarms.telling(row, say, "emergency.they_have_it", unit=unit, raised=raised, at=turn.now)
        reply = Reply(text, about=f"{alarms.ABOUT}{row.id}")
        alarms.post(turn.session, raiser, reply, f"{row.id}:ack:{turn.now.isoformat()}", turn.now)
    heard = alarms.heard_as(turn, raiser)
    key = "emergency.acknowledged" if heard == "sent" else f"emergency.acknowledged_{heard}"
    said = alarms.telling(row, turn.say, key, place=place)
    await go_on(turn, row, said if heard == "sent" else await with_number(turn, row, said))


async def with_number(turn: Turn, row: Emergency, said: Markup) -> Markup:
    """Return a sentence that asks an officer to call whoever raised it, with their name and number, if known."""
    person = await turn.session.get(Person, row.person_id) if row.person_id else None
    known = person is not None and person.left_at is None and (person.name or person.phone)
    return Markup("\n").join([said, *(alarms.called(person, turn.say) if person and known else [])])


async def tell_others(turn: Turn, row: Emergency, unit: str) -> None:
    """Tell the other officers which unit has it; those whose words are held, that they may still send them."""
    for contact in await alarms.told(turn.session, row, turn.today):
        if contact.id == turn.contact.id:
            continue
        say = alarms.to_officer(contact)
        name = await alarms.which(turn.session, row, turn.zone, turn.now, say)
        has_it = alarms.telling(row, say, "emergency.more.has_it", place=name, unit=unit, at=turn.now)
        held, way = still_held(contact, row, say)
        reply = Reply(has_it + held, way, about=f"{alarms.ABOUT}{row.id}")
        # It may be taken up once more, by another officer, after the first has left.
        key = f"{row.id}:has:{turn.now.isoformat()}:{contact.id}"
        alarms.post(turn.session, contact, reply, key, turn.now)


def still_held(contact: Contact, row: Emergency, say: Wording) -> tuple[Markup, Rows]:
    """Return what is held of a chat's words about this emergency, with the way to send it; nothing if nothing is."""
    mine = held_words.of(Screen.read(contact.screen), row.id)
    if not mine:
        return Markup(), ()
    told = [held_words.still_waiting(some, say) for some in held_words.apart(mine)]
    return Markup("\n\n").join(["", *told]), column(choice(say("emergency.button.pass_on"), PassOn(row.id)))


async def go_on(turn: Turn, row: Emergency, said: Markup, *, chosen: bool = False) -> None:
    """Send what is held for this emergency, and say so below what was `said`; what is written next then goes there, too.

    What may be other business goes only if that is `chosen`, one sentence at a time. If words are held for another one, say
    that they still wait.
    """
    old = await held_words.sweep(turn)
    over = held_words.end_it(turn, row)
    doubtful = held_words.doubtful(held_words.of(turn.screen, row.id))
    if chosen:
        doubtful = doubtful[:-1]
    sent = await held_words.send(turn, row, but=doubtful)
    if sent:
        turn.expect(AnswerWanted(row.id, turn.now))
    held_words.bind(turn, row)
    waits = of_others(turn, row)
    asked = held_words.still_waiting(doubtful[-1:], turn.say)
    later = held_words.asked_later(doubtful, turn.say)
    open_still, take_it = nobody_yet(turn, row)
    text = Markup("\n\n").join(filter(None, (said, sent, *old, open_still, waits, asked, later)))
    ways = ways_of_doubtful(turn, row) if doubtful else ()
    alarms.go_on(turn, row, text, *take_it, *ways, over=over)


def nobody_yet(turn: Turn, row: Emergency) -> tuple[Markup, tuple[Choice, ...]]:
    """Return that nobody has an emergency yet, with the button that takes it up; nothing if somebody has it."""
    if row.acknowledged_at is not None:
        return Markup(), ()
    have_it = menu.named(turn.view, "emergency.button.acknowledge", Acknowledge(row.id))
    return alarms.telling(row, turn.say, "emergency.held.nobody_yet"), (have_it,)


def ways_of_doubtful(turn: Turn, row: Emergency) -> tuple[Choice, ...]:
    """Return the buttons that send, or drop, words that may be other business."""
    pass_on = menu.named(turn.view, "emergency.button.pass_on", PassOn(row.id))
    return pass_on, menu.named(turn.view, "emergency.button.drop", DropWords())


@pressed.on(PassOn)
async def on_pass_on(turn: Turn, button: PassOn) -> None:
    """Send on what is held for an emergency, if it is still open."""
    row = await alarms.looked_after(turn, button.emergency)
    if (
        row is None
        or row.withdrawn_at is not None
        or not (row.closed_at or held_words.of(turn.screen, row.id))
    ):
        await menu.old_button(turn)
    elif row.closed_at is not None:
        await tell_closed(turn, row)
    else:
        await go_on(turn, row, Markup(), chosen=True)


def of_others(turn: Turn, row: Emergency) -> Markup:
    """Return that words for another emergency than this one still wait; nothing if none do."""
    mine = held_words.of(turn.screen, row.id)
    left = [held for held in turn.screen.held if held not in mine]
    return turn.say("emergency.held.left", words=held_words.shown(left)) if left else Markup()
