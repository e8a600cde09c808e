"""How each task of a plan stands: what officers reported last about it, and what blocks it.

A plan's row names the options by which officers report on it (`Target.items`). A questionnaire about tasks asks which
are done, under way or stuck, and why; its questions are recognised by the endings of their names.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import chain
from typing import Final

from sqlmodel import col, select

from figures.programmes import Holding, holdings_on
from figures.view import View
from plans.plans import Plans
from plans.target import CommitmentKind, Target
from queries.frames import WhichTasks
from questionnaires.questionnaire import Question, Questionnaire
from questionnaires.showing import shown
from storage.tables import Level, Place, Submission

DONE, UNDER_WAY, STUCK = "_xong_viec", "_dang_viec", "_vuong_viec"
"""The questions that choose among the tasks, by the end of their names."""
WHICH, WHY = "_viec", "_vuong"
"""In a row of the repeat on what is stuck: which task, and what holds it up."""
OFFICES: Final = (Level.PROVINCE, Level.DISTRICT)
"""The levels whose officers are asked about tasks."""


class TaskState(StrEnum):
    """How a task stands; stuck comes first, because somebody has to act."""

    STUCK = "stuck"
    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    DONE = "done"
    UNKNOWN = "unknown"
    """Nobody has said."""


@dataclass(frozen=True)
class TaskReport:
    """What one report says about the tasks in its list; those it names nowhere have not begun."""

    place: Place
    report: Submission
    listed: frozenset[str]
    done: frozenset[str]
    under_way: frozenset[str]
    stuck: Mapping[str, str]
    """Why each stuck task is stuck."""

    def state(self, choices: Iterable[str]) -> TaskState:
        """How a task with these options stands."""
        parts = self.listed.intersection(choices)
        if not parts:
            return TaskState.UNKNOWN
        if parts.intersection(self.stuck):
            return TaskState.STUCK
        if parts <= self.done:
            return TaskState.DONE
        return TaskState.UNDER_WAY if parts & (self.done | self.under_way) else TaskState.NOT_BEGUN

    def why(self, choices: Iterable[str]) -> str:
        """What blocks a task with these options; "" for nothing."""
        return "; ".join(self.stuck[choice] for choice in choices if self.stuck.get(choice))


@dataclass(frozen=True)
class Word:
    """One unit's report on a task: how it stands and what blocks it."""

    place: Place
    report: Submission
    state: TaskState
    why: str


@dataclass(frozen=True)
class Task:
    """A task of a plan with what units reported, the latest first."""

    target: Target
    words: Sequence[Word]

    @property
    def state(self) -> TaskState:
        """How it stands over all units: stuck if it is stuck anywhere, done if it is done everywhere."""
        states = {word.state for word in self.words}
        if not states:
            return TaskState.UNKNOWN
        if TaskState.STUCK in states:
            return TaskState.STUCK
        return states.pop() if len(states) == 1 else TaskState.UNDER_WAY


def is_overdue(task: Task, today: date) -> bool:
    """Whether a task's last day is over and nobody has said that it is done."""
    due = task.target.due
    return due is not None and due < today and task.state is not TaskState.DONE


def is_among(task: Task, which: WhichTasks, today: date) -> bool:
    """Whether a task stands as those that are asked for."""
    overdue, state = is_overdue(task, today), task.state
    stands = {
        WhichTasks.ALL: True,
        WhichTasks.OVERDUE: overdue,
        WhichTasks.LATE: overdue or state is TaskState.STUCK,
        WhichTasks.OPEN: state is not TaskState.DONE,
        WhichTasks.NOT_DUE: task.target.due is not None and not overdue and state is not TaskState.DONE,
    }
    return stands.get(which, state == which.value)


async def tasks_on(view: View, place: Place) -> list[Task]:
    """The tasks of the plans in force at a province or district, stuck ones first; [] for smaller units."""
    targets = await task_rows(view, place)
    if not targets:
        return []
    reports = await reports_of(view, place, {form for target in targets for form, _ in target.items})
    tasks = [Task(target, list(words_on(target, reports))) for target in targets]
    return sorted(tasks, key=lambda task: list(TaskState).index(task.state))


async def task_rows(view: View, place: Place) -> list[Target]:
    """Return the tasks that officers report one by one, from the plans in force at a province or district."""
    if place.level not in OFFICES:
        return []
    way = [place, *await view.session.places.ancestors(place.id, view.today)]
    holdings = await holdings_on(view, way)
    return list(chain.from_iterable(rows_for(holding, place) for holding in holdings))


def rows_for(holding: Holding, place: Place) -> Iterator[Target]:
    """All tasks of a plan at the unit it was made for; elsewhere those of the unit's level."""
    for target in holding.programme.targets:
        mine = holding.is_owned(place) or target.level == place.level
        if target.kind is CommitmentKind.TASK and target.items and mine:
            yield target


async def reports_of(view: View, place: Place, forms: Iterable[str]) -> dict[str, list[TaskReport]]:
    """The reports of each province and district on the ground of `place`, by questionnaire, the latest first.

    Old ones too: the last report tells what a finished plan came to.
    """
    chosen = (
        select(Submission, Place)
        .join(Place, col(Place.id) == col(Submission.place_id))
        .where(
            col(Submission.form_name).in_(sorted(forms)),
            col(Submission.current),
            col(Place.level).in_(OFFICES),
        )
        .order_by(
            col(Submission.period_end).desc(), col(Submission.sent_at).desc(), col(Submission.id).desc()
        )
    )
    ground = await view.session.places.ground(place.id, view.today)
    closed = await view.session.places.closed_within(ground, view.today)
    by_form: dict[str, list[TaskReport]] = {}
    for report, unit in await view.session.exec(chosen):
        if unit.id in ground or unit.id in closed:
            form = await view.library.form(view.session, report.form_id)
            by_form.setdefault(report.form_name, []).append(read(form, report, unit))
    return by_form


def words_on(target: Target, reports: Mapping[str, Sequence[TaskReport]]) -> Iterator[Word]:
    """What units reported about one task, each last before the task's time was over."""
    choices = [choice for _, choice in target.items]
    heard: set[int] = set()
    for form in dict.fromkeys(form for form, _ in target.items):
        for one in reports.get(form, ()):
            state = one.state(choices) if is_in_time(target, one) else TaskState.UNKNOWN
            if state is not TaskState.UNKNOWN and one.place.id not in heard:
                heard.add(one.place.id)
                yield Word(one.place, one.report, state, one.why(choices))


def is_in_time(target: Target, said: TaskReport) -> bool:
    """Whether a report is about a period within the task's time; later ones do not say how it ended."""
    return target.due is None or said.report.period_end <= target.due


def read(form: Questionnaire, report: Submission, unit: Place) -> TaskReport:
    """What a report says about the tasks that its questionnaire lists."""
    chosen = {end: set(chosen_of(form, report, end)) for end in (DONE, UNDER_WAY, STUCK)}
    why = dict(reasons_of(report))
    return TaskReport(
        unit,
        report,
        frozenset(choice.value for question in asked(form, STUCK) for choice in form.lists[question.list]),
        frozenset(chosen[DONE]),
        frozenset(chosen[UNDER_WAY]),
        {choice: why.get(choice, "") for choice in chosen[STUCK]},
    )


def asked(form: Questionnaire, end: str) -> Iterator[Question]:
    """The questions of a form whose names end like this."""
    return (question for question in form.questions if question.name.endswith(end) and question.asks)


def chosen_of(form: Questionnaire, report: Submission, end: str) -> Iterator[str]:
    """The options chosen in the question whose name ends like this."""
    for question in asked(form, end):
        yield from str(report.answers.get(question.path) or "").split()


def reasons_of(report: Submission) -> Iterator[tuple[str, str]]:
    """Each task that a report calls stuck, with what blocks it: one row of a repeat for each."""
    for path, value in report.answers.items():
        row, _, name = path.rpartition("/")
        if name.endswith(WHY) and value:
            which = report.answers.get(f"{row}/{name.removesuffix(WHY)}{WHICH}")
            yield str(which or ""), str(value)


def stuck_in(form: Questionnaire, report: Submission, lang: str) -> Iterator[tuple[str, str]]:
    """The same by the task's name in `lang`."""
    why = dict(reasons_of(report))
    for question in asked(form, STUCK):
        for choice in str(report.answers.get(question.path) or "").split():
            yield shown(form, question, choice, lang), why.get(choice, "")


def task_forms(plans: Plans) -> frozenset[str]:
    """The questionnaires by which officers report tasks and works of plans."""
    targets = chain.from_iterable(programme.targets for programme in plans.programmes.values())
    return frozenset(form for target in targets for form, _ in target.items)
