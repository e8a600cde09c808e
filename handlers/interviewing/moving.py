"""What each button of an interview does, by the letter in its data; typed words come here too."""

import re
from collections.abc import Callable
from typing import Final

from markupsafe import Markup

from handlers.interviewing import flow, leaving, sending, telling, unchanging
from handlers.interviewing.sitting import Sitting
from questionnaires.interview import Back, GoTo, Refused, Repeat, Skip, Value

AT_QUESTION: Final = frozenset("bspykadhcvu")
"""Operations that concern the question their button stands under."""
NUMBER: Final = re.compile("[0-9]{1,6}")


async def move(sitting: Sitting, op: str, *before: Markup) -> None:
    """Do what the operation `op` means now, after the paragraphs `before`."""
    match op[:1]:
        case "S" if sitting.position is not None and sitting.interview.values.get(sitting.position):
            keep(sitting, "")
        case "S" | "T":
            await sending.send(sitting, as_correction=op == "T")
        case "l":
            leaving.later(sitting)
        case "x":
            leaving.ask_cancel(sitting, *before)
        case "X":
            await leaving.cancel(sitting)
        case "u":
            unchanging.show(sitting, *before)
        case "U":
            await unchanging.send(sitting)
        case "h":
            await telling.tell_officers(sitting)
        case _ if sitting.position is not None and op[:1] in STEPS:
            STEPS[op[:1]](sitting, op[1:])
        case _:
            flow.again(sitting, *before)


def back(sitting: Sitting, _: str) -> None:
    """One question back."""
    position = sitting.position
    events = sitting.step(Back())
    stayed = sitting.position == position
    if not stayed:
        flow.left(sitting)
    flow.show(
        sitting, events, sitting.turn.say("interview.nothing_before" if stayed else "interview.went_back")
    )


def skip(sitting: Sitting, _: str) -> None:
    """On without an answer, where the form allows it."""
    say, position = sitting.turn.say, sitting.position
    events = sitting.step(Skip())
    refused = next((event for event in events if isinstance(event, Refused)), None)
    if refused is not None and refused.path == position:
        why = Markup.escape(refused.message) if refused.message else say("interview.required")
        flow.again(sitting, why)
        return
    flow.left(sitting, str(say("interview.no_answer")))
    flow.tell(sitting, events, say("interview.skipped"))


def as_before(sitting: Sitting, _: str) -> None:
    """The answer of the period before."""
    value = sitting.row.previous.get(sitting.position or "")
    if value in (None, ""):
        flow.again(sitting, sitting.turn.say("interview.no_previous"))
    else:
        flow.tell(sitting, sitting.step(Value(value)))


def keep(sitting: Sitting, _: str) -> None:
    """The answer that stands already."""
    value = sitting.interview.values.get(sitting.position or "")
    if value in (None, ""):
        flow.again(sitting)
    else:
        flow.tell(sitting, sitting.step(Value(value)))


def choose(sitting: Sitting, number: str) -> None:
    """The choice of this number; where several may hold, it is marked or unmarked first."""
    values = sitting.extra.get("choices", [])
    if not NUMBER.fullmatch(number) or int(number) >= len(values):
        flow.again(sitting)
        return
    value = values[int(number)]
    if not sitting.extra.get("multiple"):
        flow.tell(sitting, sitting.step(Value(value)))
        return
    picked = sitting.extra.get("picked", [])
    without = [other for other in picked if other != value]
    sitting.extra["picked"] = without if value in picked else [*picked, value]
    flow.again(sitting)


def picked(sitting: Sitting, _: str) -> None:
    """All that was marked is the answer."""
    chosen = set(sitting.extra.get("picked", []))
    if not chosen:
        flow.again(sitting, sitting.turn.say("interview.picked_none"))
        return
    value = " ".join(value for value in sitting.extra.get("choices", []) if value in chosen)
    flow.tell(sitting, sitting.step(Value(value)))


def meant(sitting: Sitting, number: str) -> None:
    """What a doubtful answer may have meant, now confirmed."""
    values = sitting.extra.get("candidates", [])
    if not NUMBER.fullmatch(number) or int(number) >= len(values):
        flow.again(sitting)
    else:
        flow.tell(sitting, sitting.step(Value(values[int(number)])))


def add(sitting: Sitting, _: str) -> None:
    flow.left(sitting)
    flow.tell(sitting, sitting.step(Repeat(more=True)))


def no_more(sitting: Sitting, _: str) -> None:
    flow.left(sitting)
    flow.tell(sitting, sitting.step(Repeat(more=False)))


STEPS: Final[dict[str, Callable[[Sitting, str], None]]] = {
    "b": back,
    "s": skip,
    "p": as_before,
    "y": keep,
    "c": choose,
    "k": picked,
    "v": meant,
    "a": add,
    "d": no_more,
}
"""What the buttons of a question do; each gets what stands after its letter."""


def go_to(sitting: Sitting, path: str, *before: Markup) -> None:
    """Ask `path` again, which was asked before; where it is not asked any more, the open question."""
    events = sitting.step(GoTo(path))
    if sitting.position == path:
        flow.left(sitting)
        flow.show(sitting, events, *before)
    else:
        flow.again(sitting, *before, sitting.turn.say("interview.old_button_gone"))


def back_to(sitting: Sitting, path: str, *before: Markup) -> None:
    """Back as far as `path`; from there every question is asked again, with the answer that stands there."""
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
