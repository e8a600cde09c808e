"""What words were wanted for when they sounded like a danger. It waits while the danger is settled, and is then asked
again.

Asked for a reason, somebody writes that the wells ran dry. Whether that is an emergency comes first, but the reason is
neither lost nor forgotten.
"""

from dataclasses import replace
from typing import Any, Final

from handlers import menu
from handlers.buttons import Button, Presses, button
from handlers.messages import Choice, column
from handlers.turn import Turn
from storage.kept import (
    ClosingWanted,
    CryWanted,
    ExchangeWanted,
    KeepWanted,
    LaidAside,
    MoreWanted,
    NameWanted,
    OfficersClosingWanted,
    RefusalWanted,
    ReopeningWanted,
    ReturnWanted,
    RightWanted,
    WhichEmergencyWanted,
)

OF_DANGER: Final = (MoreWanted, ClosingWanted, OfficersClosingWanted, WhichEmergencyWanted, CryWanted)
"""Wishes for words about an emergency: none of these is laid aside for another."""
IN_WORDS: Final = (
    NameWanted,
    ReturnWanted,
    KeepWanted,
    ReopeningWanted,
    RefusalWanted,
    ExchangeWanted,
    RightWanted,
)
"""The dialogues that take any words: a reason for a figure about water may well name a dry well."""
pressed: Final = Presses()


@button("z:t")
class TakeUp(Button):
    """Go on with what was laid aside."""


def lay_aside(turn: Turn) -> None:
    """Keep what words are wanted for, and these words, until it is settled whether they are an emergency."""
    screen = turn.screen
    if screen.expects is None:
        turn.remember(laid_aside=None)
    elif not isinstance(screen.expects, OF_DANGER):
        laid = LaidAside(screen.expects, turn.incoming.text, screen.choices, screen.actions)
        turn.remember(laid_aside=laid)


def lead_back(turn: Turn) -> None:
    """Ask again for what was laid aside, once nobody speaks of an emergency any more; until then offer the way to it."""
    screen = turn.screen
    if screen.laid_aside is None or isinstance(screen.expects, CryWanted):
        return
    if screen.expects is None:
        ask_again(turn, screen.laid_aside)
    elif isinstance(screen.expects, OF_DANGER):
        offer(turn)
    else:
        turn.remember(laid_aside=None)


def offer(turn: Turn) -> None:
    """Add the way to what was laid aside to the last reply."""
    turn.add_below(actions=column(menu.named(turn.view, "laid_aside.button", TakeUp())))


def wait_again(turn: Turn, laid: LaidAside) -> None:
    """Wait for the words once more, for as long as if they were asked for now."""
    since: dict[str, Any] = {"since": turn.now} if hasattr(laid.wanted, "since") else {}
    turn.remember(expects=replace(laid.wanted, **since), laid_aside=None)


def ask_again(turn: Turn, laid: LaidAside) -> None:
    """Wait for the words once more, with the buttons that stood beside the question."""
    wait_again(turn, laid)
    choices, actions = ([Choice(*shown) for shown in some] for some in (laid.choices, laid.actions))
    turn.reply(turn.say("laid_aside.again"), choices=column(*choices), actions=column(*actions))


@pressed.on(TakeUp)
async def on_take_up(turn: Turn, _: TakeUp) -> None:
    laid = turn.screen.laid_aside
    if laid is None:
        await menu.old_button(turn)
    else:
        ask_again(turn, laid)


def keeps(button: Button | None) -> bool:
    """Whether a button needs what was laid aside."""
    return isinstance(button, TakeUp)
