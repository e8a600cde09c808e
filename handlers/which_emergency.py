"""Which is meant: which of several open emergencies; and whether words are an officer's answer or ask for figures.

On a channel with buttons the list has no numbers, yet people type "1" or "2"; what names none of them is sent to nobody, and
the list is shown again.
"""

from dataclasses import replace
from typing import Final

from handlers import emergency, emergency_answers, menu, open_alarms
from handlers.asking import conversation
from handlers.buttons import Button, Presses, button, choice
from handlers.emergency_details import LONGEST
from handlers.messages import MessageKind, clip, column
from handlers.navigation import CloseIt
from handlers.turn import Turn
from storage.kept import AnswerWanted, WhichEmergencyWanted

SHOWN: Final = 100
"""Letters of the words that are shown again."""


pressed: Final = Presses()


@button("z:r")
class PassOn(Button):
    """The words are for whoever raised the emergency."""


@button("z:i")
class AskFigures(Button):
    """The words ask for figures."""


async def close_own(turn: Turn) -> bool:
    """ "Khép tin" of whoever raised it: the one that is told, of several which; False where none is."""
    rows = await emergency.told_here(turn)
    if len(rows) == 1:
        await emergency.on_close(turn, CloseIt(rows[0].id))
    elif rows:
        buttons = [choice(await open_alarms.label(turn, row), CloseIt(row.id)) for row in rows]
        if turn.contact.interview_id is None:  # there a bare number is an answer
            turn.expect(WhichEmergencyWanted("close_own"))
        turn.reply(turn.say("emergency.which_close"), choices=column(*buttons))
    return bool(rows)


async def ask_again(turn: Turn) -> None:
    """Say that what was written names none of them and went to nobody, and show the list again."""
    wanted = turn.screen.expects
    turn.reply(turn.say("emergency.which_first", words=clip(turn.incoming.text, SHOWN)))
    if isinstance(wanted, WhichEmergencyWanted):
        turn.expect(None)
        await {"have": open_alarms.acknowledge, "close": open_alarms.close_one, "close_own": close_own}[
            wanted.to
        ](turn)


# --- an answer, or a question about figures ---------------------------------------------------------------


async def ask_figures_or_answer(turn: Turn) -> None:
    """Ask whether what could be a question about figures is for whoever raised the emergency."""
    expects = turn.screen.expects
    assert isinstance(expects, AnswerWanted)
    words = " ".join(turn.incoming.text.split())[:LONGEST]
    turn.expect(replace(expects, since=turn.now, asked=words))
    on = menu.named(turn.view, "emergency.button.pass_on", PassOn())
    figures = menu.named(turn.view, "emergency.button.figures", AskFigures())
    turn.reply(turn.say("emergency.answer.which", words=words), choices=column(on, figures))


@pressed.on(PassOn, AskFigures)
async def on_which(turn: Turn, button: PassOn | AskFigures) -> None:
    """Send the words on, or answer them as a question; what is written next goes to whoever raised it all the same."""
    expects = turn.screen.expects
    row = await emergency_answers.seen(turn, expects.id) if isinstance(expects, AnswerWanted) else None
    if row is None or not isinstance(expects, AnswerWanted) or not expects.asked:
        turn.expect(None)
        await menu.old_button(turn)
        return
    turn.expect(replace(expects, since=turn.now, asked=""))
    if isinstance(button, PassOn):
        await emergency_answers.answer(turn, row, expects.asked)
        return
    turn.incoming = replace(turn.incoming, kind=MessageKind.TEXT, text=expects.asked, press="")
    if not await conversation.asks(turn):
        await menu.show(turn)


def keeps_asking(button: Button | None) -> bool:
    """Whether a button needs what was said."""
    return isinstance(button, PassOn | AskFigures)
