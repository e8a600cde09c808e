"""Whether what a report needs has come before it is due, level by level, with days to check and gather.

A deadline of a plan is owed by a level. Its report is made of figures that this level and those below it are asked for, so
each of these questionnaires must be due before the deadline: by some days for each level that its figures pass through.
A questionnaire that is asked more often than twice a year may lack its running period, which goes on; a longer one
must have come for the very period that the report is about.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
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
"""How many days each level has to check and gather what came to it, the one that hands the report in too."""


@dataclass(frozen=True, slots=True)
class Late:
    """A questionnaire that comes too late for a deadline: what is due on `due` had to be by `latest`."""

    deadline: Deadline
    report: date
    entry: Entry
    due: date
    latest: date


def check_gathering(
    plans: Plans, programme: Programme, questions: Mapping[str, Collection[str]]
) -> Iterable[PlanFault]:
    """Each questionnaire that comes too late for a deadline of a plan, told once, by the first year in which it does."""
    told: set[tuple[str, str]] = set()
    for late in all_late(plans, programme, questions):
        key = (late.deadline.clause, late.entry.form)
        if key not in told:
            told.add(key)
            where = f"{programme.id}/deadlines.toml: {late.deadline.clause}, {late.report:%d/%m/%Y}"
            about = f"{late.entry.form} ({late.entry.level}) {late.due:%d/%m/%Y}"
            yield PlanFault(where, "too_late", about, f"{late.latest:%d/%m/%Y}")


def all_late(plans: Plans, programme: Programme, questions: Mapping[str, Collection[str]]) -> Iterator[Late]:
    """What comes too late for some deadline in some year of the plan."""
    needed = needed_by(plans, programme, questions)
    for deadline in programme.deadlines:
        entries = [entry for entry in needed if reaches(entry, deadline)]
        for period, report in reports(deadline, programme):
            for entry in entries:
                due, latest = due_before(entry, period, report), latest_day(entry, deadline, report)
                if due > latest:
                    yield Late(deadline, report, entry, due, latest)


def needed_by(
    plans: Plans, programme: Programme, questions: Mapping[str, Collection[str]]
) -> tuple[Entry, ...]:
    """The questionnaires that say how the plan's commitments stand. Mere directions need no figure."""
    asked = plans.with_those_of((programme,))
    wanted = list(filter(needs_figure, programme.targets))
    names = set[str]().union(*map(plans.questions_of, wanted))
    listing = {form for target in wanted for form, _ in target.items}
    return tuple(
        entry
        for entry in asked
        if entry.form in listing or not names.isdisjoint(questions.get(entry.form, ()))
    )


def needs_figure(target: Target) -> bool:
    """Whether a report on a commitment needs its figure."""
    return target.kind is not CommitmentKind.TREND


def reaches(entry: Entry, deadline: Deadline) -> bool:
    """Whether the level that owes a report sees what a questionnaire brings: its own, or of a level below."""
    return LEVELS.index(entry.level) <= LEVELS.index(deadline.owes)


def reports(deadline: Deadline, programme: Programme) -> Iterator[tuple[Period, date]]:
    """The periods of a deadline within its plan, each with the day by which the report is due."""
    if deadline.period is None:
        return
    period = period_of(deadline.period, programme.first_day, deadline.calendar)
    while period.start <= programme.last_day:
        day = deadline.due(period)
        if day is not None and programme.first_day <= day <= programme.last_day:
            yield period, day
        period = period.next()


def due_before(entry: Entry, period: Period, report: date) -> date:
    """When the newest period of a questionnaire that a report must hold is due."""
    newest = entry.period(min(report, period.end))
    if MONTHS.get(entry.kind, 0) < MONTHS[PeriodKind.HALF]:
        return entry.due(newest.previous())
    # A half-year's report may hold a yearly figure of the year before.
    longer = MONTHS[entry.kind] > MONTHS.get(period.kind, 0)
    return entry.due(newest.previous() if longer else newest)


def latest_day(entry: Entry, deadline: Deadline, report: date) -> date:
    """By which day a questionnaire has to be due, so that each level on its way has its days."""
    levels = LEVELS.index(deadline.owes) - LEVELS.index(entry.level) + 1
    return report - timedelta(days=CHECKING * levels)
