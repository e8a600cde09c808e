"""Refuses an answer: why, the limits, an example of a right one, and the question again.

A doubtful answer that can only have meant one of a few things offers those as buttons. After three refusals in a row
at one question there are other ways out: a village head may ask the commune's officer for help.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from markupsafe import Markup

from handlers import danger, doubts, menu, unheard
from handlers.interviewing import leeway, question
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import AskOfficer, Meant
from handlers.messages import Rows
from questionnaires.answers import EXAMPLES, Candidate
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of
from questionnaires.interview import Ask, Event, Recorded, Refused, Value, first_of, questions, step
from questionnaires.naming import speaks_of_other
from questionnaires.numbers_said import says_number
from questionnaires.questionnaire import SENT_TYPES

SENTENCE: Final = 4
"""The fewest words of a sentence that reports something."""
PAIR: Final = 2
"""Up to this many options are seen at a glance."""
TRIES: Final = 3
"""After this many refusals in a row the other ways out are shown."""


def way_to_officer(sitting: Sitting) -> Rows:
    """The button that asks the officer; an officer has none."""
    if sitting.turn.view.officer:
        return ()
    return ((sitting.named("interview.button.ask_officer", AskOfficer),),)


def refuse(
    sitting: Sitting, refused: Refused, asked: Ask, *before: Markup, turned_wrong: bool = False
) -> None:
    """Say what was wrong, and ask again. `turned_wrong`: an earlier answer no longer fits a newer one."""
    say = sitting.say
    asked = leeway.limited(sitting, asked)
    refused = leeway.with_example(sitting, refused, asked)
    tries = 0 if turned_wrong else sitting.notes.tries + 1
    sitting.note(tries=tries)
    key = "interview.turned_wrong" if turned_wrong else "interview.refused"
    wrong = [say(key, reason=reason(sitting, refused, asked)), *hints(sitting, refused, asked)]
    parts = [*before, Markup("\n").join(wrong)]
    last: Rows = ()
    if tries >= TRIES:
        parts.append(say("interview.three_tries"))
        last = way_to_officer(sitting)
    if may_tell_of_danger(sitting, answers=bool(refused.candidates or refused.message)):
        unheard.note(sitting.turn)
        last = (*last, (menu.button(sitting.turn.view, "khancap"),))
    offer(sitting, asked, refused.candidates, *parts, last=last)


def may_tell_of_danger(sitting: Sitting, *, answers: bool) -> bool:
    """Whether a sentence may report a danger in words we do not know; `answers`: it may be meant as an answer, too.

    Then the way to report one stands below the question.
    """
    text = sitting.turn.incoming.text
    answers = answers or says_number(tokens_of(clean(text)))
    may_tell = len(text.split()) >= SENTENCE and (not answers or danger.speaks_on(text))
    return may_tell and not sitting.turn.view.officer


def hints(sitting: Sitting, refused: Refused, asked: Ask) -> list[Markup]:
    """What would be right: an example, unless the reason has one, and that the question may be skipped if so."""
    say, told = sitting.say, list[Markup]()
    key = doubts.sentence(say.sentences, refused.code, of_text=asked.type == "text")
    if refused.example and (refused.message or not doubts.has_example(key)):
        told.append(say("interview.example", example=refused.example))
    if not asked.required and asked.type in SENT_TYPES:
        # An old phone may have no camera, or no satellite in sight.
        told.append(say("interview.may_skip"))
    return told


def offer(sitting: Sitting, asked: Ask, meant: Sequence[Candidate], *before: Markup, last: Rows = ()) -> None:
    """Ask again, with a button for each answer that may have been meant."""
    parts, first = list(before), candidates(sitting, meant if is_some(asked, meant) else ())
    if first:
        key = "interview.meant" if len(first) == 1 else "interview.meant_which"
        parts.append(sitting.say(key, answer=first[0][0].label))
    if len(asked.choices) == PAIR and not asked.multiple:
        first = ()  # the choice itself stands below
    question.ask(sitting, asked, *parts, first=first, last=last)


def is_some(asked: Ask, meant: Sequence[Candidate]) -> bool:
    """Whether `meant` are fewer than all options, which are shown anyway."""
    return not asked.choices or len(meant) < len(asked.choices)


def reason(sitting: Sitting, refused: Refused, asked: Ask) -> Markup:
    """The form's own sentence; otherwise the one for what made the reader doubt."""
    say = sitting.say
    if refused.message:
        return Markup.escape(refused.message)
    key = doubts.sentence(say.sentences, refused.code, of_text=asked.type == "text")
    if key:
        example = refused.example or EXAMPLES[asked.kind]
        return say(key, **{"example": example, **doubts.LIMITS, **refused.data})
    return say("interview.not_understood")


def candidates(sitting: Sitting, meant: Sequence[Candidate]) -> Rows:
    """A button for each answer that the person may have meant."""
    fitting = [candidate for candidate in meant if fits(sitting, candidate)]
    sitting.note(
        candidates=tuple(str(candidate.value) for candidate in fitting), either=False, asked_since=False
    )
    return tuple((sitting.button(candidate.label, Meant, number=n),) for n, candidate in enumerate(fitting))


def fits(sitting: Sitting, candidate: Candidate) -> bool:
    """Whether the form would take it."""
    _, events = step(sitting.form, sitting.interview, Value(str(candidate.value)), sitting.context)
    return first_of(events, Recorded) is not None


def without_others(sitting: Sitting, text: str, event: Event) -> Event:
    """`event` without what was offered as an answer, if `text` rather speaks of another question."""
    if not isinstance(event, Refused) or not event.candidates:
        return event
    asked = questions(sitting.form, sitting.interview, sitting.context)
    return replace(event, candidates=()) if speaks_of_other(text, asked, event.path) else event
