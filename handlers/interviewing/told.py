"""Figures in spoken sentences: one for the open question is its answer; one for another question is offered, to be
confirmed."""

from typing import Final

from handlers.interviewing import several
from handlers.interviewing.sitting import Sitting
from questionnaires.answers.text import one_spelling
from questionnaires.interview import Answer, Refused, Value, questions
from questionnaires.numbers_said import says_minus
from questionnaires.one_change import AnswerChange
from questionnaires.showing import unit_to_read
from questionnaires.told_figure import figure_told, says_all, speaks_only_of, tells_several

NEAR: Final = 2
SHARE: Final = 8
"""A figure is close to last period's if it differs by no more than one part in this many of it."""


def answer_in(sitting: Sitting, text: str, refused: Refused) -> Answer | Value | None:
    """The answer to the open question in a sentence that was refused as it is; None if there is none."""
    path = sitting.position
    if path is None or refused.message or says_minus(text) or not is_number(sitting, path):
        return None
    told = figure_of(sitting, text, path)
    if told:
        return Answer(told)
    asked = questions(sitting.form, sitting.interview, sitting.context)
    # Of several numbers the candidate is only the last: "5 6 0" may answer several questions.
    if tells_several(text, asked):
        return None
    # If all parts are said, the whole is the likeliest answer.
    if refused.candidates and says_all(text, asked, path):
        return Value(str(refused.candidates[0].value))
    return Value(str(refused.candidates[0].value)) if is_as_before(sitting, text, refused, path) else None


def is_as_before(sitting: Sitting, text: str, refused: Refused, path: str) -> bool:
    """Whether the one figure in `text` is close to that of the period before, and no other words change it.

    The words must not be rather about another question: "trong đó 108 hộ là người Tày, Dao".
    """
    before, figures = sitting.row.previous.get(path, ""), [str(one.value) for one in refused.candidates]
    if len(figures) != 1 or not (before.isdecimal() and figures[0].isdecimal()):
        return False
    was, now = int(before), int(figures[0])
    close = abs(now - was) <= max(NEAR, was // SHARE) and (now > 0 or was == 0)
    asked = questions(sitting.form, sitting.interview, sitting.context)
    unit = unit_to_read(sitting.form, sitting.form.question(path), "vi")
    return close and speaks_only_of(text, asked, path, unit)


def is_number(sitting: Sitting, path: str) -> bool:
    """Whether the question at `path` asks for a single number."""
    return sitting.form.section_at(path) is None and sitting.form.question(path).is_number


def figure_of(sitting: Sitting, text: str, path: str, *, by_name: bool = False) -> str:
    """Return the figure that `text` tells for the question at `path`, "" for none; `by_name`: the words must be that
    question's."""
    asked = questions(sitting.form, sitting.interview, sitting.context)
    units = {
        line.path: unit_to_read(sitting.form, sitting.form.question(line.path), "vi")
        for line in asked
        if is_number(sitting, line.path)
    }
    return figure_told(one_spelling(text), asked, path, units, by_name=by_name)


def offer_other(sitting: Sitting, text: str) -> bool:
    """Offer the figure that `text` tells for another question than the open one, by its words; False if there is none."""
    said = of_other(sitting, text)
    if said is None:
        return False
    heard = several.of_change(sitting, said)
    if heard.answers:
        several.wait_for_yes(sitting, heard)
    elif not sitting.notes.at:
        several.tell_not_yet(sitting, said.path, text)
    return bool(heard.answers) or not sitting.notes.at


def offer_beside(sitting: Sitting, text: str) -> bool:
    """Add the figure that `text` tells, by its words, to the answers that wait to be confirmed; False if there is none."""
    before, sitting.interview = sitting.interview, several.with_waiting(sitting)
    said = of_other(sitting, text)
    heard = several.of_change(sitting, said) if said else None
    sitting.interview = before
    if heard is None or not heard.answers:
        return False
    several.wait_for_yes(sitting, heard)
    return True


def of_other(sitting: Sitting, text: str) -> AnswerChange | None:
    """The one figure that `text` tells of another question than the open one, by the words of that; None for none."""
    asked = questions(sitting.form, sitting.interview, sitting.context)
    others = [line.path for line in asked if line.path != sitting.position and is_number(sitting, line.path)]
    told = [(path, figure) for path in others if (figure := figure_of(sitting, text, path, by_name=True))]
    return AnswerChange(*told[0]) if len(told) == 1 else None
