"""Several answers in one message: shown as they were understood, and stored only once the person says that it is right.

At the review, and on last period's answers, "5: 12" is an edit like the others: nothing leaves before it is sent.
"""

import re
from typing import Final

from markupsafe import Markup

from handlers.interviewing import flow, review
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import GoOn, TakeSeveral
from handlers.messages import clip, column
from questionnaires.interview import Answer, GoTo, Resume, questions, unchanged
from questionnaires.several import NUMBER, Several, apply, read_several

ANOTHER: Final = re.compile(r"\d\D+\d")
"""Without two numbers, or the number of a question and an answer, it is no list of answers."""
SHOWN: Final = 80
"""Letters of a question or of doubtful words in the list."""


def read(sitting: Sitting, text: str) -> Several:
    """What `text` answers of several questions of this questionnaire."""
    if not ANOTHER.search(text):
        return Several()
    return read_several(sitting.form, sitting.interview, sitting.context, text, sitting.notes.place)


def offer(sitting: Sitting, text: str, *before: Markup) -> bool:
    """Show what `text` answers of several questions, to be said right or wrong; False where it is no such list."""
    heard = read(sitting, text)
    numbers = sum(len(NUMBER.findall(piece)) for piece in heard.doubtful)
    if len(heard.found) + numbers < 2:
        return False
    values = {**dict(sitting.notes.several), **{found.path: found.value for found in heard.found}}
    if not values:
        flow.again(sitting, *before, sitting.turn.say("several.which"))
        return True
    sitting.settle()
    sitting.note(at="m", several=tuple(values.items()), asked=str(sitting.turn.say("several.short")))
    show(sitting, heard.doubtful, *before)
    return True


async def look(sitting: Sitting, *before: Markup) -> None:
    """The same list again."""
    show(sitting, (), *before)


def show(sitting: Sitting, doubtful: tuple[str, ...], *before: Markup) -> None:
    """What was understood, what is doubtful and what is missing."""
    say, values = sitting.turn.say, dict(sitting.notes.several)
    after, recorded = apply(sitting.form, sitting.interview, sitting.context, values)
    shown = {event.path: event.shown for event in recorded}
    asked = list(enumerate(questions(sitting.form, after, sitting.context), 1))
    parts = [*before, say("several.head", title=sitting.title)]
    lines = [
        say("interview.line", number=number, label=clip(review.asked(line), SHOWN), answer=shown[line.path])
        for number, line in asked
        if line.path in shown
    ]
    parts.append(Markup("\n").join(lines))
    if doubtful:
        words = "; ".join(f"«{clip(piece, SHOWN)}»" for piece in doubtful)
        parts.append(say("several.doubtful", words=words))
    left = [str(number) for number, line in asked if not after.values.get(line.path)]
    if left:
        parts.append(say("several.missing", numbers=", ".join(left)))
    yes, no = sitting.named("several.button.yes", TakeSeveral), sitting.named("several.button.no", GoOn)
    sitting.speak(*parts, actions=column(*([yes] if lines else []), no))
    sitting.save()


async def take(sitting: Sitting, *_: Markup) -> None:
    """It is right: store it, and go on with what is missing."""
    say, values = sitting.turn.say, dict(sitting.notes.several)
    sitting.interview, recorded = apply(sitting.form, sitting.interview, sitting.context, values)
    flow.left(sitting)
    for event in recorded:
        sitting.answered_by(event.path)
    flow.show(sitting, sitting.step(Resume()), say("several.taken", n=len(recorded)))


def edit(sitting: Sitting, text: str) -> bool:
    """Take what `text` changes at the review ("5: 12"), and show it again; False where it changes nothing.

    Of last period's answers the rest is kept as it was.
    """
    before = sitting.interview
    filled = unchanged(sitting.form, before, sitting.context) if before.position is not None else None
    if before.position is not None and filled is None:
        return False
    sitting.interview = filled[0] if filled else before
    heard = read(sitting, text)
    if not heard.found and not heard.refused:
        sitting.interview = before
        return False
    if not heard.found:
        refuse(sitting, *heard.refused[0])
        return True
    values = {found.path: found.value for found in heard.found}
    sitting.interview, recorded = apply(sitting.form, sitting.interview, sitting.context, values)
    said = [flow.understood(sitting, event) for event in recorded]
    said += [
        sitting.turn.say("several.doubtful", words=f"«{clip(piece, SHOWN)}»") for piece in heard.doubtful
    ]
    flow.left(sitting)
    flow.show(sitting, sitting.step(Resume()), *said)
    return True


def refuse(sitting: Sitting, path: str, answer: str) -> None:
    """Say why `answer` is none to the question at `path`, which is asked again."""
    flow.left(sitting)
    sitting.step(GoTo(path))
    flow.tell(sitting, sitting.step(Answer(answer)))
