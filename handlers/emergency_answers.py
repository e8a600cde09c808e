"""What an officer answers to an emergency in words: it reaches whoever raised it, and the others who were told.

That is what they write after "Đã nhận tin", or as a reply to any message about the emergency. If it may be a question
about figures and is no such reply, the bot asks first.
"""

from dataclasses import replace

from figures import access
from handlers import alarms, menu
from handlers.closing import is_its_end
from handlers.emergency_details import LONGEST, SOON
from handlers.messages import MessageKind, column
from handlers.navigation import Command
from handlers.turn import Turn
from storage.kept import AnswerWanted
from storage.tables import Emergency


async def turn_to(turn: Turn, about: str) -> bool:
    """Turn to an emergency if an officer's reply to a message `about` it is an answer: it is passed on."""
    row = await seen(turn, int(about.removeprefix(alarms.ABOUT).partition(":")[0]))
    if row is None or turn.incoming.kind is not MessageKind.TEXT:
        return False
    turn.expect(AnswerWanted(row.id, turn.now))
    return True


async def seen(turn: Turn, number: int) -> Emergency | None:
    """Return the emergency with this id, if this person is an officer above its place."""
    row = await turn.session.get(Emergency, number)
    return row if row is not None and await access.looks_after(turn.view, row.place_id) else None


def is_answering(turn: Turn) -> bool:
    """Whether what an officer writes now goes to whoever raised the emergency that they have just taken up."""
    expects = turn.screen.expects
    return isinstance(expects, AnswerWanted) and turn.now - expects.since <= SOON


async def on_words(turn: Turn) -> None:
    """Words for whoever raised the emergency."""
    expects = turn.screen.expects
    row = await seen(turn, expects.id) if isinstance(expects, AnswerWanted) else None
    # Later than that, words are about something else; sent on, they would alarm people anew.
    if row is None or not isinstance(expects, AnswerWanted) or turn.now - expects.since > SOON:
        turn.expect(None)
        await menu.show(turn)
        return
    turn.expect(replace(expects, since=turn.now))
    if key := why_unsure(turn):
        done = menu.named(turn.view, "emergency.button.done", Command("menu"))
        turn.reply(turn.say(key, n=turn.incoming.text.strip()), actions=column(done))
    else:
        await answer(turn, row, turn.incoming.text)


def why_unsure(turn: Turn) -> str:
    """Return the key of the sentence that says why a bare number is not passed on: it came twice, or buttons are typed here
    as numbers; "" if the words are passed on."""
    if turn.chose_before is not None:
        return "emergency.answer.number"
    typed = turn.incoming.text.strip().isdecimal() and not turn.can.buttons
    return "emergency.answer.bare" if typed else ""


async def answer(turn: Turn, row: Emergency, words: str) -> None:
    """Send words to whoever raised the emergency, and say so. If they say that it is over, offer to close it with them."""
    words, over = " ".join(words.split())[:LONGEST], is_its_end(row, words)
    key = await alarms.answer_raiser(turn, row, words, to_close=over)
    place = await alarms.which(turn.session, row, turn.zone, turn.now, turn.say)
    alarms.go_on(turn, row, alarms.telling(row, turn.say, key, place=place), over=over)
