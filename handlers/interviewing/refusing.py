"""An answer that was not taken: why, between which limits, what a right one is like, and the question again.

A doubtful answer that can only have meant one of a few things offers those as buttons. After three refusals
in a row at one question there are other ways out, among them telling the commune officer.
"""

from typing import Final

from markupsafe import Markup

from handlers.interviewing import asking
from handlers.interviewing.sitting import Sitting
from handlers.messages import Rows
from questionnaires.interview import Ask, Refused

TRIES: Final = 3
"""So many refused answers in a row show the other ways."""


def refuse(
    sitting: Sitting, refused: Refused, asked: Ask, *before: Markup, turned_wrong: bool = False
) -> None:
    """Say what was wrong, and ask again. `turned_wrong`: an earlier answer no longer fits a newer one."""
    say = sitting.turn.say
    tries = sitting.extra["tries"] = 0 if turned_wrong else sitting.extra.get("tries", 0) + 1
    key = "interview.turned_wrong" if turned_wrong else "interview.refused"
    wrong = [say(key, reason=reason(sitting, refused))]
    if refused.example:
        wrong.append(say("interview.example", example=refused.example))
    parts = [*before, Markup("\n").join(wrong)]
    first = candidates(sitting, refused)
    if first:
        key = "interview.meant" if len(first) == 1 else "interview.meant_which"
        parts.append(say(key, answer=first[0][0].label))
    last: Rows = ()
    if tries >= TRIES:
        parts.append(say("interview.three_tries"))
        last = ((sitting.named("interview.button.ask_officer", "h"),),)
    asking.ask(sitting, asked, *parts, first=first, last=last)


def reason(sitting: Sitting, refused: Refused) -> Markup:
    """The form's own sentence; else the sentence for what made the reader doubt."""
    say = sitting.turn.say
    if refused.message:
        return Markup.escape(refused.message)
    for key in (f"forms.refused.{refused.code}", f"answers.doubt.{refused.code}"):
        if key in say.sentences:
            return say(key, **refused.data)
    return say("interview.not_understood")


def candidates(sitting: Sitting, refused: Refused) -> Rows:
    """What the person may have meant, one button each."""
    sitting.extra["candidates"] = [option.value for option in refused.candidates]
    return tuple((sitting.button(option.label, f"v{n}"),) for n, option in enumerate(refused.candidates))
