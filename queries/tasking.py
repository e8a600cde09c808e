"""Questions about tasks of plans: a word for a task, how it stands, and whose it is, in any order.

"Nhiệm vụ nào của Ban Dân tộc còn vướng", "sở nông nghiệp còn việc gì chưa làm", "đơn vị nào còn nhiều việc chưa xong": the
table of tasks answers, or the tasks of the agency that is named.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from queries.spans import Span, Tag
from queries.vocabulary import CLAUSES, WANTED
from questionnaires.answers.tokens import Token

TASK_NAMED: Final = WANTED.flags("task_named")
TASK_STATES: Final = WANTED.flags("task_states")
OFFICE_NAMED: Final = WANTED.flags("office_named")
"""Begins an agency's name, unless it is asked which."""
OFFICE_ASKED: Final = WANTED.flags("office_asked")
"""Asks whose tasks: the table says it of each."""
TABLE: Final = "tasks"


def of_tasks(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """A task and how it stands, wherever both are said; or an agency's tasks, without a word for how they stand."""
    task, state = TASK_NAMED.at(tokens, place), TASK_STATES.at(tokens, place)
    asked = OFFICE_ASKED.at(tokens, place)
    office = OFFICE_NAMED.at(tokens, place)
    if office and (TASK_NAMED.stands_in(tokens) or CLAUSES.first_in(tokens) in ("task", "agency")):
        yield Span(place, office[1], Tag.OFFICE)
    if not (task or state or asked):
        return
    of_office = OFFICE_NAMED.stands_in(tokens)
    named, stands = TASK_NAMED.stands_in(tokens), TASK_STATES.stands_in(tokens)
    if task and of_office:
        yield Span(place, task[1], Tag.PLAN, "task")
    elif task and stands:
        yield Span(place, task[1], Tag.TARGETS, TABLE)
    if state and named:
        yield Span(place, state[1], Tag.FILLER)
    if asked and named and stands:
        yield Span(place, asked[1], Tag.FILLER)
