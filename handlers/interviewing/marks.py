"""Naming a question in a button's few bytes: its place in the form, and the row where it is repeated.

"3" is the fourth question of the form, "3.2" the same in the second row of its repeat, "3.2.1" in the first row of a
repeat within that. A row itself is named as its repeat, with its number behind. A form's version never changes under
an interview, so a mark means the same question for as long as the button can be seen.
"""

from collections.abc import Iterable
from typing import Final

from handlers.buttons import to_base36
from questionnaires.questionnaire import ROW, Questionnaire, template

NONE: Final = "-"
"""The mark of no question, as under a review."""
MARKS: dict[tuple[str, str], dict[str, str]] = {}
"""For each version of a form the marks of its questions and repeats, by path. A version never changes."""


def marks_of(form: Questionnaire) -> dict[str, str]:
    """The mark of each question and repeat of the form, by its path without a row."""
    key = (form.name, form.version)
    if key not in MARKS:
        MARKS[key] = {node.path: to_base36(number) for number, node in enumerate(form.nodes)}
    return MARKS[key]


def mark_of(form: Questionnaire, path: str | None) -> str:
    """The mark of `path` in this form; "-" for no question, as under a review."""
    if path is None:
        return NONE
    marks = marks_of(form)
    if path in marks:
        return marks[path]
    return ".".join([marks[template(path)], *(to_base36(int(row)) for row in ROW.findall(path))])


def about(interview_id: int, form: Questionnaire, path: str | None) -> str:
    """A question of an interview, as a message keeps it for replies: "1f:3.2"."""
    return f"{to_base36(interview_id)}:{mark_of(form, path)}"


def path_of(form: Questionnaire, mark: str, known: Iterable[str]) -> str | None:
    """The path that `mark` names, if it is among the `known` paths of an interview; else None."""
    return next((path for path in known if mark_of(form, path) == mark), None)
