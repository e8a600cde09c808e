"""«Không có gì thay đổi»: all of last period's answers are shown, and then sent with one tap."""

from dataclasses import replace
from typing import Final

from markupsafe import Markup

from handlers.interviewing import challenging, flow, review, sending
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import Changed, GoOn, SendUnchanged
from handlers.messages import column
from handlers.turn import Turn
from handlers.vocabulary import intent_of
from questionnaires.answers import yes_or_no
from questionnaires.interview import unchanged

SAME: Final = "same"
"""What people say for "as in the period before". Words that nothing has changed call the screen; typed twice they are
no yes."""


async def show(sitting: Sitting, *before: Markup) -> None:
    """Show last period's answers, to be confirmed; nothing is taken over yet."""
    say = sitting.turn.say
    filled = unchanged(sitting.form, sitting.interview, sitting.context)
    if filled is None or sitting.interview.visited:
        flow.again(sitting, say("review.unchanged.no"))
        return
    sitting.settle()
    would_be = replace(sitting, interview=filled[0])
    send = sitting.named("review.button.unchanged_send", SendUnchanged)
    some = sitting.named("review.button.unchanged_some", Changed)
    ask = sitting.named("review.button.unchanged_ask", GoOn)
    sitting.note(at="u", asked=str(say("review.unchanged.short")))
    doubt = challenging.of_whole(would_be)
    sitting.speak(
        *before,
        say("review.unchanged.head", title=sitting.title),
        review.listed(sitting.turn, review.lines(would_be)),
        challenging.told(would_be, challenging.WHOLE, doubt) if doubt else Markup(),
        actions=column(send, some, ask),
    )
    sitting.save()


async def rest(sitting: Sitting, *before: Markup) -> None:
    """Take last period's answers for everything still open, and show the review: nothing is sent before that."""
    if not sitting.interview.visited and sitting.position is not None:
        await show(sitting, *before)
    else:
        await fill(sitting, *before, sitting.turn.say("interview.rest_as_before"))


async def changed(sitting: Sitting, *before: Markup) -> None:
    """Something changed: show last period's answers, each to be corrected by its number."""
    await fill(sitting, *before, sitting.turn.say("review.unchanged.which"))


async def fill(sitting: Sitting, *before: Markup) -> None:
    """Take last period's answers for everything still open, and show the review."""
    filled = unchanged(sitting.form, sitting.interview, sitting.context)
    if filled is None or not sitting.row.previous:
        flow.again(sitting, sitting.turn.say("review.unchanged.no"))
        return
    flow.left(sitting)
    sitting.interview, events = filled
    flow.show(sitting, events, *before)


def agreed(turn: Turn, text: str, at: str = "") -> bool | None:
    """Whether `text` says yes or no at a screen, None for neither. At this screen "như cũ" is a yes too."""
    if at == "u" and intent_of(text) == SAME:
        return True
    return yes_or_no(text, turn.today)


async def send(sitting: Sitting, *_: Markup) -> None:
    """Take everything over and send it."""
    filled = unchanged(sitting.form, sitting.interview, sitting.context)
    if filled is None or sitting.interview.visited:
        flow.again(sitting, sitting.turn.say("review.unchanged.no"))
        return
    sitting.interview = filled[0]
    await sending.send(sitting)
