"""What each button of an interview does; typed words for a button come here too."""

from collections.abc import Awaitable, Callable
from typing import Any, Final

from markupsafe import Markup

from handlers.interviewing import (
    flow,
    in_place,
    leaving,
    question,
    reasons,
    rows,
    sending,
    several,
    telling,
    unchanging,
)
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import (
    AddRow,
    AsBefore,
    AskOfficer,
    Changed,
    Choose,
    Explain,
    FigureOf,
    GiveUp,
    GiveUpNow,
    InPlaceBecause,
    Keep,
    Later,
    LookSeveral,
    Meant,
    NoMore,
    NotSeveral,
    OfDoubt,
    OfInterview,
    OfRows,
    RestAsBefore,
    Send,
    SendOver,
    SendSettled,
    SendUnchanged,
    SkipIt,
    StepBack,
    TakeMarked,
    TakeSeveral,
    Unchanged,
)
from questionnaires.interview import Back, GoTo, Refused, Repeat, Resume, Skip, Value, first_of, open_question
from questionnaires.one_change import question_named


async def move(sitting: Sitting, way: OfInterview, *before: Markup) -> None:
    """Do what a button means, after the paragraphs `before`."""
    anywhere, here = ANYWHERE.get(type(way)), STEPS.get(type(way))
    if isinstance(way, OfDoubt):
        await reasons.press(sitting, way, *before)
    elif isinstance(way, OfRows):
        rows.press(sitting, way, *before)
    elif isinstance(way, FigureOf):
        several.take_figure(sitting, way, *before)
    elif isinstance(way, InPlaceBecause):
        await send_because(sitting, in_place.choose(sitting, way.number))
    elif anywhere is not None:
        await anywhere(sitting, *before)
    elif here is not None and sitting.position is not None:
        here(sitting, way)
    else:
        flow.again(sitting, *before)


async def send(sitting: Sitting, *before: Markup) -> None:
    """Send. At a question that already has an answer, keep that first and say that nothing has been sent yet.

    What has to be asked first comes after the paragraphs `before`.
    """
    value = sitting.interview.values.get(sitting.position or "")
    if sitting.notes.at == "w":
        # Asked before the review: nothing is sent that nobody has looked at.
        flow.again(sitting, sitting.turn.say("review.not_sent"))
    elif value:
        events = sitting.step(Value(value))
        not_sent = [sitting.turn.say("review.not_sent")] if sitting.position is None else []
        flow.tell(sitting, events, *not_sent)
    elif sitting.notes.at == "u":
        await unchanging.send(sitting)
    else:
        await sending.send(sitting, *before)


async def send_because(sitting: Sitting, said: bool) -> None:
    """Send a correction on somebody's behalf, if a reason was given."""
    if said:
        await sending.send(sitting)
    elif sitting.notes.at != "p":
        flow.again(sitting)


async def send_for_words(sitting: Sitting, text: str) -> None:
    """Send it for the reason in `text`. What names a question and its answer is a correction, and nothing is sent."""
    if question_named(text) is None or not several.edit(sitting, text):
        await send_because(sitting, in_place.in_words(sitting, text))


async def send_over(sitting: Sitting, *_: Markup) -> None:
    await sending.send(sitting, as_correction=True)


async def send_settled(sitting: Sitting, *_: Markup) -> None:
    await sending.send(sitting, settled=True)


def back(sitting: Sitting, _: object) -> None:
    """Go back one question; from a list of what was understood, to the open one."""
    if sitting.notes.at == "m":
        flow.left(sitting)
        flow.again(sitting)
        return
    position = sitting.position
    events = sitting.step(Back())
    if sitting.position == position:
        flow.again(sitting, sitting.turn.say("interview.nothing_before"))
        return
    flow.left(sitting)
    flow.show(sitting, events, sitting.turn.say("interview.went_back"))


def skip(sitting: Sitting, _: object) -> None:
    """Go on without an answer, where the form allows it."""
    say, position = sitting.turn.say, sitting.position
    events = sitting.step(Skip())
    refused = first_of(events, Refused)
    if refused is not None and refused.path == position:
        why = Markup.escape(refused.message) if refused.message else say("interview.required")
        flow.again(sitting, why)
        return
    flow.left(sitting, str(say("interview.no_answer")))
    flow.tell(sitting, events, say("interview.skipped"))


def as_before(sitting: Sitting, _: object) -> None:
    """Answer as in the period before."""
    value = sitting.row.previous.get(sitting.position or "")
    if value in (None, ""):
        flow.again(sitting, sitting.turn.say("interview.no_previous"))
    else:
        flow.tell(sitting, sitting.step(Value(value)))


def keep(sitting: Sitting, _: object) -> None:
    """Keep the present answer."""
    value = sitting.interview.values.get(sitting.position or "")
    if value in (None, ""):
        flow.again(sitting)
    else:
        flow.tell(sitting, sitting.step(Value(value)))


def choose(sitting: Sitting, way: Choose) -> None:
    """Choose the option with this number; where several may hold, mark or unmark it."""
    values = sitting.notes.choices
    if way.number >= len(values):
        flow.again(sitting)
        return
    value = values[way.number]
    if not sitting.notes.multiple:
        flow.tell(sitting, sitting.step(Value(value)))
        return
    picked = sitting.notes.picked
    without = tuple(other for other in picked if other != value)
    sitting.note(picked=without if value in picked else (*picked, value))
    flow.again(sitting)


def picked(sitting: Sitting, _: object) -> None:
    """Take all marked options as the answer."""
    chosen = set(sitting.notes.picked)
    if not chosen:
        none_picked(sitting)
        return
    value = " ".join(value for value in sitting.notes.choices if value in chosen)
    flow.tell(sitting, sitting.step(Value(value)))


def none_picked(sitting: Sitting) -> None:
    """Go on without an answer where none of the options may hold; an answer that was given before is not dropped so."""
    given = sitting.interview.values.get(sitting.position or "")
    events = [] if given else sitting.step(Skip())
    if given or first_of(events, Refused) is not None:
        flow.again(sitting, sitting.turn.say("interview.picked_none"))
        return
    flow.left(sitting, str(sitting.turn.say("interview.no_answer")))
    flow.tell(sitting, events, sitting.turn.say("interview.none_hold"))


def meant(sitting: Sitting, way: Meant) -> None:
    """Take what a doubtful answer may have meant, now that it is confirmed."""
    values = sitting.notes.candidates
    if way.number >= len(values):
        flow.again(sitting)
    else:
        flow.tell(sitting, sitting.step(Value(str(values[way.number]))))


def explain(sitting: Sitting, _: object) -> None:
    """Explain the question: ask it again with its definition, and offer the way to somebody who knows."""
    asked = open_question(sitting.step(Resume()))
    if asked is None:
        flow.again(sitting)
        return
    helped = (
        () if sitting.turn.view.officer else ((sitting.named("interview.button.ask_officer", AskOfficer),),)
    )
    sitting.note(asked_since=bool(sitting.notes.candidates))
    question.ask(sitting, asked, sitting.turn.say("interview.explained"), last=helped)
    sitting.save()


def add(sitting: Sitting, _: object) -> None:
    flow.left(sitting)
    flow.tell(sitting, sitting.step(Repeat(more=True)))


def no_more(sitting: Sitting, _: object) -> None:
    flow.left(sitting)
    flow.tell(sitting, sitting.step(Repeat(more=False)))


STEPS: Final[dict[type[OfInterview], Callable[[Sitting, Any], None]]] = {
    StepBack: back,
    SkipIt: skip,
    AsBefore: as_before,
    Keep: keep,
    Choose: choose,
    TakeMarked: picked,
    Meant: meant,
    AddRow: add,
    NoMore: no_more,
    Explain: explain,
}
"""What the buttons of a question do."""
ANYWHERE: Final[dict[type[OfInterview], Callable[..., Awaitable[None]]]] = {
    Send: send,
    SendOver: send_over,
    SendSettled: send_settled,
    Later: leaving.later,
    GiveUp: leaving.ask_cancel,
    GiveUpNow: leaving.cancel,
    Unchanged: unchanging.show,
    SendUnchanged: unchanging.send,
    RestAsBefore: unchanging.rest,
    Changed: unchanging.changed,
    TakeSeveral: several.take,
    NotSeveral: several.drop,
    LookSeveral: several.look,
    AskOfficer: telling.tell_officers,
}
"""What the other buttons do; each gets the paragraphs said before."""


def go_to(sitting: Sitting, path: str, *before: Markup) -> None:
    """Ask `path` again; if it is no longer asked, the open question."""
    events = sitting.step(GoTo(path))
    if sitting.position == path:
        flow.left(sitting)
        flow.show(sitting, events, *before)
    else:
        flow.again(sitting, *before, sitting.turn.say("interview.old_button_gone"))


def back_to(sitting: Sitting, path: str, *before: Markup) -> None:
    """Go back to `path`; every question from there is asked again, with its present answer."""
    started = sitting.interview
    for _ in range(len(sitting.interview.visited)):
        stood, events = sitting.position, sitting.step(Back())
        if sitting.position == path:
            flow.left(sitting)
            flow.show(sitting, events, *before)
            return
        if sitting.position == stood:
            break
    sitting.interview = started
    go_to(sitting, path, *before)
