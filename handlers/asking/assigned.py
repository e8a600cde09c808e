"""Which of an agency's tasks are asked for, and how they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from markupsafe import Markup

from figures import access
from figures.tasks import Task, TaskState, is_among, tasks_on
from handlers.asking.clauses import Clause
from handlers.screens import tasks
from handlers.viewer import Viewer
from plans.target import Target
from queries.frames import Plan, WhichTasks
from storage.tables import Place


class TasksStand(NamedTuple):
    """The tasks that were asked for, what is stuck first; and what is said before them."""

    clauses: Sequence[Clause]
    said: Sequence[Markup] = ()


async def with_standing(viewer: Viewer, query: Plan, clauses: Sequence[Clause], place: Place) -> TasksStand:
    """The tasks that stand as asked for, each with how it stands; all of them if that is not known.

    A neighbour, whom only totals are told, does not hear how tasks stand.
    """
    seen = await access.visible(viewer, place.id) is not None
    known = {key_of(task.target): task for task in await tasks_on(viewer, place)} if seen else {}
    of_tasks = [stands(viewer, place, clause, known) for clause in clauses]
    reported = [clause.task for clause in of_tasks if clause.task]
    if not reported:
        return TasksStand(of_tasks)
    if query.tasks is not WhichTasks.ALL:
        of_tasks = [
            clause for clause in of_tasks if clause.task and is_among(clause.task, query.tasks, viewer.today)
        ]
    said = [*tasks.counted(viewer, reported), *tasks.only(viewer, query.tasks, len(of_tasks))]
    return TasksStand(sorted(of_tasks, key=is_not_stuck), said)


def key_of(row: Target) -> tuple[str, ...]:
    """What tells a plan's row from its others."""
    return row.plan, row.clause, row.statement


def stands(viewer: Viewer, place: Place, clause: Clause, known: Mapping[tuple[str, ...], Task]) -> Clause:
    """A task with how it stands, if that is known."""
    task = known.get(key_of(clause.row)) if clause.row else None
    if task is None:
        return clause
    text = Markup(" ").join([clause.tell(), *tasks.standing(viewer, place, task)])
    return replace(clause, tell=partial(Markup, text), task=task)


def is_not_stuck(clause: Clause) -> bool:
    """Sort key: what is stuck comes first."""
    return clause.task is None or clause.task.state is not TaskState.STUCK
