"""Messages too late or too early to answer the open question: they answer nothing, and the person is told."""

from markupsafe import Markup

from handlers.interviewing import flow, moving
from handlers.interviewing.sitting import Sitting
from handlers.messages import clip


def late(sitting: Sitting) -> None:
    """A message sent before one that was already handled is no answer: nobody knows to which question.

    The later messages then answered one question too early, so the first of those questions is asked again.
    """
    incoming, say = sitting.turn.incoming, sitting.turn.say
    newer = [answered.path for answered in sitting.notes.answers if answered.order > incoming.order]
    why = (
        say("interview.late", text=clip(incoming.text, 40))
        if incoming.text
        else say("interview.late_nothing")
    )
    if newer:
        moving.back_to(sitting, newer[0], why)
    else:
        flow.again(sitting, why)


def early(sitting: Sitting) -> Markup:
    """What is said to a message from before the open question was shown: it may be the last answer once more."""
    text, say = sitting.turn.incoming.text, sitting.turn.say
    return say("interview.early", text=clip(text, 40)) if text else say("interview.early_nothing")
