"""Which of an agency's tasks are asked for, and how they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import NamedTuple

from markupsafe import Markup

from figures import access
from figures.tasks import Task, TaskState, is_among, tasks_on
from handlers.asking.asked import Asked
from handlers.asking.clauses import Clause
from handlers.messages import Reply
from handlers.screens import tasks
from handlers.viewer import Viewer
from plans.target import Target
from queries.frames import Plan, WhichTasks
from queries.timed import is_whole_year
from storage.tables import Place


async def of_place(asked: Asked, which: WhichTasks, place: Place) -> Reply:
    """The tasks of a place that stand as asked for.

    What blocks them is no total, and is not told to neighbours.
    """
    if await access.visible(asked.viewer, place.id) is None:
        return asked.totals_only([place])
    page = await tasks.page(asked.viewer, place, which=which)
    if all(map(is_whole_year, asked.query.periods)):  # for which plans set tasks
        return page
    return replace(page, text=Markup("\n").join((asked.viewer.say("planned.no_months"), page.text)))


class TasksStand(NamedTuple):
    """The tasks that were asked for, what is stuck first; and what is said before them."""

    clauses: Sequence[Clause]
    said: Sequence[Markup] = ()


async def with_standing(viewer: Viewer, query: Plan, clauses: Sequence[Clause], place: Place) -> TasksStand:
    """The tasks that stand as asked for, each with how it stands; all of them if that is not known.

    A neighbour, whom only totals are told, does not hear how tasks stand.
    """
    known = await known_tasks(viewer, place)
    of_tasks = [stands(viewer, place, clause, known) for clause in clauses]
    reported = [clause.task for clause in of_tasks if clause.task]
    if not reported:
        return TasksStand(of_tasks)
    chosen = those_among(viewer, query.tasks, of_tasks)
    said = [*tasks.counted(viewer, reported), *tasks.only(viewer, query.tasks, len(chosen))]
    return TasksStand(sorted(chosen, key=is_not_stuck), said)


async def known_tasks(viewer: Viewer, place: Place) -> dict[tuple[str, ...], Task]:
    """The tasks on a place that this reader may see there, by what tells their rows apart."""
    if await access.visible(viewer, place.id) is None:
        return {}
    return {key_of(task.target): task for task in await tasks_on(viewer, place)}


def those_among(viewer: Viewer, which: WhichTasks, clauses: Sequence[Clause]) -> Sequence[Clause]:
    """The tasks that stand as asked for; if all are asked for, also those of which it is not known."""
    if which is WhichTasks.ALL:
        return clauses
    return [one for one in clauses if one.task and is_among(one.task, which, viewer.today)]


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
