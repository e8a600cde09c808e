"""Answers that are offered at the open question, «Ý bác là …?», and wait for a yes."""

from collections.abc import Sequence

from markupsafe import Markup

from handlers.interviewing import flow, refusing, unchanging
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.spoken import WITHIN, button_called
from handlers.interviewing.ways import Send
from handlers.vocabulary import intent_of
from questionnaires.answers import Candidate
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of
from questionnaires.answers.yesno import agrees, says_to_send
from questionnaires.interview import Answer, Recorded, Refused, Resume, Value, of_kind, open_question, step


def meant(sitting: Sitting, text: str) -> Sequence[Candidate]:
    """What `text` would answer at the open question."""
    if sitting.position is None:
        return ()
    after, events = step(sitting.form, sitting.interview, Answer(text), sitting.context)
    for event in events:
        if isinstance(event, Refused):
            return event.candidates
        if isinstance(event, Recorded) and event.path == sitting.position and not event.estimate:
            return (Candidate(after.values[event.path], event.shown),)
    return ()


def offered(sitting: Sitting) -> list[Candidate]:
    """What was offered at the open question and is not taken yet."""
    candidates = []
    for value in sitting.notes.candidates:
        _, events = step(sitting.form, sitting.interview, Value(str(value)), sitting.context)
        recorded = of_kind(events, Recorded)
        candidates += [Candidate(str(value), one.shown) for one in recorded if one.path == sitting.position]
    return candidates


def waits(sitting: Sitting) -> bool:
    """Whether one offered answer waits for a yes."""
    return sitting.position is not None and bool(sitting.offered)


def is_agreed(sitting: Sitting, text: str) -> bool:
    """Whether `text` says yes to the one answer offered at the open question."""
    return waits(sitting) and agrees(tokens_of(clean(text)))


def is_passed_by(sitting: Sitting, text: str) -> bool:
    """Whether `text` says to send while one offered answer waits for a yes."""
    return waits(sitting) and Send in (button_called(text), WITHIN.get(intent_of(text)))


def on_send(sitting: Sitting, text: str) -> None:
    """Handle words to send while an answer is offered: "ok gửi" says yes to it, mere "gửi" does not.

    Otherwise the offer is repeated: the older answer, which would be sent, is not meant.
    """
    if unchanging.agreed(sitting.turn, text) and not says_to_send(tokens_of(clean(text))):
        take(sitting)
    else:
        repeat(sitting, sitting.turn.say("review.decide_first"))


def take(sitting: Sitting) -> None:
    """Take the one answer that was offered. If all is answered then, say that it is not sent yet."""
    events = sitting.step(Value(str(sitting.notes.candidates[0])))
    not_sent = [sitting.turn.say("review.not_sent")] if sitting.position is None else []
    flow.tell(sitting, events, *not_sent)


def repeat(sitting: Sitting, *why: Markup) -> None:
    """Offer the answer again, after the paragraphs `why`."""
    asked = open_question(sitting.step(Resume()))
    if asked is not None:
        refusing.offer(sitting, asked, offered(sitting), *why)
    sitting.save()
