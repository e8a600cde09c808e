"""Names a question in the few bytes of a button: its position in the form, and its row if it is repeated.

"3" is the fourth question of the form; "3.2" is the same in the second row of its repeat. A form's version never
changes during an interview, so a mark means the same question for as long as the button can be seen.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from handlers.buttons import to_base36
from questionnaires.questionnaire import ROW, Questionnaire, Section, in_row, template

NONE: Final = "-"
"""The mark of no question, as at a review."""
MARKS: dict[tuple[str, str], dict[str, str]] = {}
"""For each version of a form, the marks of its questions and repeats by path. A version never changes."""


def marks_of(form: Questionnaire) -> dict[str, str]:
    """The mark of each question and repeat of the form, by its path without rows."""
    key = (form.name, form.version)
    if key not in MARKS:
        MARKS[key] = {node.path: to_base36(number) for number, node in enumerate(form.nodes)}
    return MARKS[key]


def mark_of(form: Questionnaire, path: str | None) -> str:
    """The mark of `path` in this form; "-" for no question, as at a review."""
    if path is None:
        return NONE
    marks = marks_of(form)
    if path in marks:
        return marks[path]
    return ".".join([marks[template(path)], *(to_base36(int(row)) for row in ROW.findall(path))])


def about(interview_id: int, form: Questionnaire, path: str | None) -> str:
    """The question of an interview, as a message keeps it so that replies can be matched: "1f:3.2"."""
    return f"{to_base36(interview_id)}:{mark_of(form, path)}"


def path_of(form: Questionnaire, mark: str, known: Iterable[str]) -> str | None:
    """The path that `mark` names, if it is among the `known` paths of an interview; otherwise None."""
    return next((path for path in known if mark_of(form, path) == mark), None)


def placed(form: Questionnaire, mark: str) -> str:
    """The instance path that the mark of a repeat or row names; "" where the form has none."""
    number, *rows = mark.split(".")
    place = int(number, 36) if number != NONE else len(form.nodes)
    node = form.nodes[place] if place < len(form.nodes) else None
    if not isinstance(node, Section) or not node.repeats:
        return ""
    return path_in(form, node, rows)


def path_in(form: Questionnaire, node: Section, rows: Sequence[str]) -> str:
    """The instance path of a repeat or one of its rows, by the numbers of the rows around it."""
    around = [repeat for repeat in form.repeats if f"{node.path}/".startswith(f"{repeat.path}/")]
    path, outer = "", ""
    for depth, repeat in enumerate(around):
        path = in_row(repeat.path, outer, path)
        if depth < len(rows):
            path += f"[{int(rows[depth], 36)}]"
        outer = repeat.path
    return path
