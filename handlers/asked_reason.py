"""Words typed under «Vì sao?» that may be no reason: nothing is done for them before their writer says that they are one.

What may be a question, a place or a topic is asked about, "Lý do là «…» phải không?". A whole question is answered, and a
wish to stop ends the matter; a button then leads back to what was to be done.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

from handlers import asked_back, menu
from handlers.asking import conversation
from handlers.buttons import Button, Presses, button
from handlers.interviewing import fill_in
from handlers.menu import named
from handlers.messages import Choice, column, row
from handlers.named_topic import names_topic
from handlers.navigation import AskReopening, KeepReturned
from handlers.officers import check_named, checking, locking, refusing
from handlers.screens.checking import CheckReport
from handlers.screens.locking import RefuseReopening
from handlers.turn import Turn
from handlers.vocabulary import may_be_request, may_hold_off, says_slip, says_stop
from questionnaires.answers import yes_or_no
from storage.kept import KeepWanted, RefusalWanted, ReopeningWanted, ReturnWanted, Wanted

pressed: Final = Presses()
ReasonWanted = ReturnWanted | KeepWanted | ReopeningWanted | RefusalWanted
TAKEN_BY: Final[dict[type[Wanted], Callable[[Turn], Awaitable[None]]]] = {
    ReturnWanted: checking.on_words,
    KeepWanted: fill_in.keep_returned,
    ReopeningWanted: locking.on_words,
    RefusalWanted: refusing.on_words,
}
"""Who takes a reason in words."""


@button("y:y")
class IsReason(Button):
    """What was asked about is the reason."""


@button("y:n")
class IsNoReason(Button):
    """What was asked about is no reason, but a question or something else."""


async def takes(turn: Turn, text: str, wanted: Wanted | None) -> bool:
    """Answer words that are no reason, or ask whether they are one; False for a reason, and where none is wanted."""
    if not isinstance(wanted, ReasonWanted):
        return False
    if says_stop(text):
        stop(turn, wanted)
    elif wanted.words and (agreed := yes_or_no(text, turn.today)) is not None:
        await (on_reason if agreed else on_no_reason)(turn)
    elif not await is_done_beside(turn, text, wanted):
        return await is_doubtful(turn, text, wanted) and asks_whether(turn, text, wanted)
    return True


async def is_done_beside(turn: Turn, text: str, wanted: ReasonWanted) -> bool:
    """Answer a whole question, or show the reports of a village that is to be checked; False for other words."""
    if await conversation.asks_at_all(turn):
        await answer_beside(turn, wanted)
    elif await check_named.wanted(turn, text):
        turn.expect(None)
    else:
        return False
    return True


async def is_doubtful(turn: Turn, text: str, wanted: ReasonWanted) -> bool:
    """Whether words may be no reason. A question to the office where a figure is right has its own answer."""
    if isinstance(wanted, KeepWanted) and await fill_in.corrects_or_asks(turn, text):
        return False
    if not isinstance(wanted, KeepWanted) and may_hold_off(text):
        return True
    return not says_slip(text) and (may_be_request(text) or await names_topic(turn, text))


def asks_whether(turn: Turn, text: str, wanted: ReasonWanted) -> bool:
    """Ask whether `text` is the reason; return False if it can be none."""
    words = asked_back.in_own_words(text)
    if asked_back.unfit_reason(words):
        return False
    turn.expect(replace(wanted, words=words))
    ways = row(
        named(turn.view, "challenge.button.is_reason", IsReason()),
        named(turn.view, "reason.button.none", IsNoReason()),
    )
    turn.reply(
        turn.say("challenge.is_reason", words=words), choices=ways, actions=column(way_back(turn, wanted))
    )
    return True


def stop(turn: Turn, wanted: ReasonWanted) -> None:
    """Leave undone what a reason was asked for."""
    turn.expect(None)
    turn.reply(
        turn.say("reason.stopped"), choices=menu.buttons(turn.view), actions=column(way_back(turn, wanted))
    )


async def answer_beside(turn: Turn, wanted: ReasonWanted) -> None:
    """Answer words that are no reason, as far as they are a question; what a reason was asked for waits behind a button."""
    turn.expect(None)
    if await conversation.asks(turn):
        turn.add_below(actions=column(way_back(turn, wanted)))
    else:
        stop(turn, wanted)


def way_back(turn: Turn, wanted: ReasonWanted) -> Choice:
    """Return the button to what a reason was asked for."""
    match wanted:
        case ReturnWanted():
            return named(turn.view, "check.button.back", CheckReport(wanted.report))
        case KeepWanted():
            return named(turn.view, "returned.button.keep", KeepReturned(wanted.id))
        case ReopeningWanted():
            return named(turn.view, "locking.button.reopen", AskReopening(wanted.lock))
        case RefusalWanted():
            return named(turn.view, "locking.button.refuse", RefuseReopening(wanted.lock))


@pressed.on(IsReason)
async def on_is_reason(turn: Turn, _: IsReason) -> None:
    await on_reason(turn)


@pressed.on(IsNoReason)
async def on_is_none(turn: Turn, _: IsNoReason) -> None:
    await on_no_reason(turn)


async def on_reason(turn: Turn) -> None:
    """Take the words that were asked about as the reason."""
    wanted = asked_about(turn)
    if wanted is None:
        await menu.old_button(turn)
    else:
        turn.hear(wanted.words)
        await TAKEN_BY[type(wanted)](turn)


async def on_no_reason(turn: Turn) -> None:
    """Answer the words that were asked about as anything else."""
    wanted = asked_about(turn)
    if wanted is None:
        await menu.old_button(turn)
    else:
        turn.hear(wanted.words)
        await answer_beside(turn, wanted)


def asked_about(turn: Turn) -> ReasonWanted | None:
    """Return what a reason is wanted for, if words were asked about there."""
    wanted = turn.screen.expects
    return wanted if isinstance(wanted, ReasonWanted) and wanted.words else None


def keeps(button: Button | None) -> bool:
    """Whether a button needs the words that were asked about."""
    return isinstance(button, IsReason | IsNoReason)
