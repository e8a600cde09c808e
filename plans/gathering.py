"""Check that questionnaires are due early enough for the reports that need their figures.

A level owes a report by a deadline of a plan. The report is made of figures from questionnaires of this level and of those
below, so each questionnaire must be due before the deadline, with days for every level to check and gather the figures.
The newest period must have come. The one that is still running may lack of what is asked every month, because that has
hardly begun, and of what no number is set for. A yearly figure may be that of the year before in a half-year's report.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from plans.faults import PlanFault
from plans.levels import LEVELS
from plans.period import MONTHS, Period, PeriodKind, period_of
from plans.plans import Plans
from plans.programme import Deadline, Programme
from plans.schedule import Entry
from plans.target import CommitmentKind, Target

CHECKING: Final = 4
"""How many days each level has to check and gather figures, including the one that hands in the report."""


@dataclass(frozen=True, slots=True)
class Late:
    """A questionnaire that is too late for a deadline: it is due on `due`, but should be by `latest`.

    `report` is the day on which the report is due.
    """

    deadline: Deadline
    report: date
    entry: Entry
    due: date
    latest: date


def check_gathering(
    plans: Plans, programme: Programme, questions: Mapping[str, Collection[str]]
) -> Iterable[PlanFault]:
    """Yield a fault for each questionnaire that is too late for a deadline of a plan.

    Each is told once, for the first report that it is too late for.
    """
    told: set[tuple[str, str]] = set()
    for late in all_late(plans, programme, questions):
        key = (late.deadline.clause, late.entry.form)
        if key not in told:
            told.add(key)
            where = f"{programme.id}/deadlines.toml: {late.deadline.clause}, {late.report:%d/%m/%Y}"
            about = f"{late.entry.form} ({late.entry.level}) {late.due:%d/%m/%Y}"
            yield PlanFault(where, "too_late", about, f"{late.latest:%d/%m/%Y}")


def all_late(plans: Plans, programme: Programme, questions: Mapping[str, Collection[str]]) -> Iterator[Late]:
    """Yield every questionnaire that is too late for a deadline, for each report of the plan."""
    needed = needed_by(plans, programme, questions)
    running = running_of(plans, programme, questions)
    for deadline in programme.deadlines:
        entries = [entry for entry in needed if reaches(entry, deadline)]
        for period, report in reports(deadline, programme):
            for entry in entries:
                due = due_before(entry, period, report, running=entry.form in running)
                latest = latest_day(entry, deadline, report)
                if due > latest:
                    yield Late(deadline, report, entry, due, latest)


def needed_by(
    plans: Plans, programme: Programme, questions: Mapping[str, Collection[str]]
) -> tuple[Entry, ...]:
    """Return the questionnaires that the plan's commitments are measured by. Trends need no figure."""
    asked = plans.with_those_of((programme,))
    wanted = list(filter(needs_figure, programme.targets))
    names = set[str]().union(*map(plans.questions_of, wanted))
    forms = listing(programme) | forms_with(names, questions)
    return tuple(entry for entry in asked if entry.form in forms)


def running_of(plans: Plans, programme: Programme, questions: Mapping[str, Collection[str]]) -> Set[str]:
    """Return the questionnaires that a report needs for the very period that is running.

    They ask how tasks stand, or what a number is set for, be it how much there is or what adds up; a task's figure only
    goes with its state.
    """
    numbered = [target for target in programme.targets if target.goal is not None]
    names = set[str]().union(*map(plans.questions_of, numbered))
    return listing(programme) | forms_with(names, questions)


def listing(programme: Programme) -> Set[str]:
    """The questionnaires that list a plan's tasks."""
    return {form for target in programme.targets if needs_figure(target) for form, _ in target.items}


def forms_with(names: Set[str], questions: Mapping[str, Collection[str]]) -> Set[str]:
    """The questionnaires that ask some of the questions `names`."""
    return {form for form, asked in questions.items() if not names.isdisjoint(asked)}


def needs_figure(target: Target) -> bool:
    """Whether a report on a commitment needs its figure."""
    return target.kind is not CommitmentKind.TREND


def reaches(entry: Entry, deadline: Deadline) -> bool:
    """Whether a questionnaire's figures reach the level that owes a report: it is asked at that level or below."""
    return LEVELS.index(entry.level) <= LEVELS.index(deadline.owes)


def reports(deadline: Deadline, programme: Programme) -> Iterator[tuple[Period, date]]:
    """Yield a deadline's periods during the plan, each with the day on which its report is due."""
    if deadline.period is None:
        return
    period = period_of(deadline.period, programme.first_day, deadline.calendar)
    while period.start <= programme.last_day:
        day = deadline.due(period)
        if day is not None and programme.first_day <= day <= programme.last_day:
            yield period, day
        period = period.next()


def due_before(entry: Entry, period: Period, report: date, *, running: bool) -> date:
    """Return when a questionnaire is due for the newest period that the report must contain.

    `period` is that of the report, `report` the day on which it is due; `running` says whether the period that is running on
    that day must have come.
    """
    newest, months = entry.period(min(report, period.end)), MONTHS.get(entry.kind, 0)
    if months < MONTHS[PeriodKind.HALF] and not (running and months > MONTHS[PeriodKind.MONTH]):
        return entry.due(newest.previous())
    # A half-year's report may hold a yearly figure of the year before.
    longer = months > MONTHS.get(period.kind, 0)
    return entry.due(newest.previous() if longer else newest)


def latest_day(entry: Entry, deadline: Deadline, report: date) -> date:
    """Return the last day on which a questionnaire may be due, so that every level on the way has `CHECKING` days."""
    levels = LEVELS.index(deadline.owes) - LEVELS.index(entry.level) + 1
    return report - timedelta(days=CHECKING * levels)
