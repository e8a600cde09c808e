"""Turns the engine's events into what the person reads: what was understood or refused, and the next question."""

from collections.abc import Sequence
from itertools import chain

from markupsafe import Markup

from handlers.interviewing import challenging, leeway, question, refusing, review
from handlers.interviewing.sitting import Sitting
from handlers.messages import clip
from questionnaires.interview import (
    Event,
    Finished,
    QuestionAsked,
    Recorded,
    Refused,
    Resume,
    first_of,
    of_kind,
    open_question,
)


def tell(sitting: Sitting, events: Sequence[Event], *before: Markup) -> None:
    """Answer with `events`, after the paragraphs `before`, and save the interview."""
    said, path = list(before), ""
    for event in of_kind(events, Recorded):
        # Where each letter costs money, the review that follows reads the last answer back.
        if sitting.interview.position is not None or not sitting.turn.can.brief:
            said.append(understood(sitting, event))
        left(sitting, event.shown)
        sitting.answered_by(event.path)
        path = event.path
    refused = first_of(events, Refused)
    # Asked back only when the answer is in: refusing comes first, so nobody explains a number that cannot be right.
    doubt = challenging.wanted(sitting, path) if path else None
    # What this answer made wrong waits until it is right itself: else a slip in it spoils the right answers after it.
    if refused and doubt is None:
        tell_refused(sitting, refused, events, *said)
        return
    beside = challenging.made_impossible(sitting, path) if path and doubt is None else None
    if beside is not None:
        challenging.ask(sitting, *beside, *said)
    elif doubt is None:
        show(sitting, events, *said)
    else:
        challenging.ask(sitting, path, doubt, *(before if doubt.impossible else said))


def tell_refused(sitting: Sitting, refused: Refused, events: Sequence[Event], *said: Markup) -> None:
    """Say why an answer was not taken, and ask again. If `events` ask a question, another answer made that one
    wrong."""
    asked = open_question(events) or open_question(sitting.step(Resume()))
    if asked is not None:
        turned_wrong = first_of(events, QuestionAsked) is not None
        refusing.refuse(sitting, refused, asked, *said, turned_wrong=turned_wrong)
    sitting.save()


def show(sitting: Sitting, events: Sequence[Event], *before: Markup) -> None:
    """Show the question that `events` end with, or the review, after the paragraphs `before`, and save."""
    asked = open_question(events)
    edited = challenging.next_edited(sitting) if asked is None else None
    if edited is not None:
        challenging.ask(sitting, *edited, *before)
        return
    notes = chain.from_iterable(event.notes for event in of_kind(events, Finished))
    doubt = challenging.wanted_of_whole(sitting) if asked is None else None
    if asked is not None:
        # An answer that is asked again stands among others.
        question.ask(sitting, leeway.limited(sitting, asked) if asked.current else asked, *before)
    elif doubt is not None:
        challenging.ask_whole(sitting, doubt, *before)
    else:
        review.show(sitting, *before, *map(Markup.escape, notes))
    sitting.save()


def show_edited(sitting: Sitting, paths: Sequence[str], *before: Markup) -> None:
    """Go on after answers at `paths` were changed, after the paragraphs `before`.

    The first that is unlikely is queried at once: a slip in it would else be told as a fault of right answers. The others
    are queried before the review. There, what cannot be is listed.
    """
    events = sitting.step(Resume())
    at_review = open_question(events) is None
    edited = (path for path in paths if not (at_review and challenging.is_impossible(sitting, path)))
    sitting.note(edited=tuple(edited))
    first = challenging.next_edited(sitting)
    if first is None:
        show(sitting, events, *before)
    else:
        challenging.ask(sitting, *first, *before)


def understood(sitting: Sitting, event: Recorded) -> Markup:
    """Read back what was stored."""
    key = "interview.recorded_estimate" if event.estimate else "interview.recorded"
    return sitting.say(key, answer=clip(event.shown, question.VALUE))


def left(sitting: Sitting, answer: str = "") -> None:
    """Leave the open question, with `answer` or without one: its message loses its buttons."""
    sitting.settle(answer)
    sitting.leave()


def again(sitting: Sitting, *before: Markup) -> None:
    """Repeat the open question, or the review, after the paragraphs `before`.

    What was offered as its answer is not shown with it, so that only its button takes it now, and no mere yes.
    """
    sitting.note(at="", asked_since=bool(sitting.notes.candidates))
    show(sitting, sitting.step(Resume()), *before)
