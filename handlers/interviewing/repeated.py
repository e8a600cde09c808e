"""The ways to what a questionnaire repeats: under a question in a further row, at the offer of one, and in the review."""

from collections.abc import Sequence
from typing import Final

from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import LookRows, NewRowOf
from handlers.messages import Choice, clip
from questionnaires.interview import RowsTold, rows
from questionnaires.questionnaire import Section, plain_words, repeat_of, row_around

NAMED: Final = 30
"""How many letters of a row's name are shown on a button."""


def all_rows(sitting: Sitting) -> Sequence[RowsTold]:
    """Every repeat that is relevant now, with its rows."""
    return rows(sitting.form, sitting.interview, sitting.context) if sitting.form.repeats else ()


def looks(sitting: Sitting) -> list[Choice]:
    """Return a button for each outermost repeat: to its rows, or to the first one if a person may add it."""
    outermost = [repeat for repeat in all_rows(sitting) if not row_around(repeat.path)]
    return [
        look(sitting, repeat.path) if repeat.rows else add(sitting, repeat)
        for repeat in outermost
        if repeat.rows or not repeat.fixed
    ]


def add(sitting: Sitting, repeat: RowsTold) -> Choice:
    """The button for another row."""
    label = sitting.say("rows.button.add", label=clip(repeat.label, NAMED))
    return sitting.button(label, NewRowOf, repeat.path)


def look(sitting: Sitting, path: str) -> Choice:
    """The button to all rows of the repeat at `path`, or of the one around the question there."""
    repeat = home_of(sitting, path)
    section = sitting.form.section_at(repeat)
    count = sitting.interview.rows.get(repeat, (0, 0))[0]
    label = clip(named(sitting, section), NAMED) if section else ""
    return sitting.button(sitting.say("rows.button.look", label=label, n=count), LookRows, repeat)


def has_others(sitting: Sitting, path: str) -> bool:
    """Whether there are rows that are not being asked about now, at a question in a row or at the offer of another row."""
    repeat = home_of(sitting, path)
    own = 0 if repeat == path else 1
    return sitting.interview.rows.get(repeat, (0, 0))[0] > own


def home_of(sitting: Sitting, path: str) -> str:
    """Return the instance path of the repeat that `path` names, else of the innermost one around it; "" without one."""
    return path if path in sitting.interview.rows else repeat_of(row_around(path))


def named(sitting: Sitting, section: Section) -> str:
    """Return what the rows of a repeat are called, without the values that fill the label."""
    return plain_words(sitting.form.words(section.labels, sitting.turn.locale)).strip() or section.name
