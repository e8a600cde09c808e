"""An answer that was not taken: why, between which limits, what a right one is like, and the question again.

A doubtful answer that can only have meant one of a few things offers those as buttons. After three refusals
in a row at one question there are other ways out: a village head may tell the commune officer.
"""

from typing import Final

from markupsafe import Markup

from handlers.interviewing import asking
from handlers.interviewing.sitting import Sitting
from handlers.messages import Rows
from questionnaires.answers import EXAMPLES, Candidate
from questionnaires.interview import Ask, Recorded, Refused, Value, step

TRIES: Final = 3
"""So many refused answers in a row show the other ways."""
DOUBT: Final = "answers.doubt."


def refuse(
    sitting: Sitting, refused: Refused, asked: Ask, *before: Markup, turned_wrong: bool = False
) -> None:
    """Say what was wrong, and ask again. `turned_wrong`: an earlier answer no longer fits a newer one."""
    say = sitting.turn.say
    tries = sitting.extra["tries"] = 0 if turned_wrong else sitting.extra.get("tries", 0) + 1
    key = "interview.turned_wrong" if turned_wrong else "interview.refused"
    why = reason(sitting, refused, asked)
    wrong = [say(key, reason=why)]
    if refused.example and not own_example(sitting, refused):
        wrong.append(say("interview.example", example=refused.example))
    if not asked.required and asked.type in ("image", "geopoint"):
        wrong.append(say("interview.may_skip"))
    parts = [*before, Markup("\n").join(wrong)]
    first = candidates(sitting, refused)
    if first:
        key = "interview.meant" if len(first) == 1 else "interview.meant_which"
        parts.append(say(key, answer=first[0][0].label))
    last: Rows = ()
    if tries >= TRIES:
        parts.append(say("interview.three_tries"))
        if not sitting.turn.officer:
            last = ((sitting.named("interview.button.ask_officer", "h"),),)
    asking.ask(sitting, asked, *parts, first=first, last=last)


def reason(sitting: Sitting, refused: Refused, asked: Ask) -> Markup:
    """The form's own sentence; else the sentence for what made the reader doubt."""
    say = sitting.turn.say
    if refused.message:
        return Markup.escape(refused.message)
    key = sentence(sitting, refused)
    if key:
        example = refused.example or EXAMPLES[asked.kind]
        return say(key, **{"example": example, **refused.data})
    return say("interview.not_understood")


def sentence(sitting: Sitting, refused: Refused) -> str:
    """The key of our sentence for this refusal, "" if there is none."""
    keys = (f"forms.refused.{refused.code}", f"{DOUBT}{refused.code}")
    return next((key for key in keys if key in sitting.turn.say.sentences), "")


def own_example(sitting: Sitting, refused: Refused) -> bool:
    """Whether the sentence that says why gives an example itself, as those for the reader's doubts do."""
    return not refused.message and sentence(sitting, refused).startswith(DOUBT)


def candidates(sitting: Sitting, refused: Refused) -> Rows:
    """What the person may have meant, one button each."""
    fitting = [candidate for candidate in refused.candidates if fits(sitting, candidate)]
    sitting.extra["candidates"] = [candidate.value for candidate in fitting]
    return tuple((sitting.button(candidate.label, f"v{n}"),) for n, candidate in enumerate(fitting))


def fits(sitting: Sitting, candidate: Candidate) -> bool:
    """Whether the form would take it."""
    _, events = step(sitting.form, sitting.interview, Value(str(candidate.value)), sitting.context)
    return any(isinstance(event, Recorded) for event in events)
