"""Where a figure stands against the plans' targets, below it: also while nothing was reported for its period.

What a plan allots (works, households to support, capital) is told with what was reached since the plan began. A plan
whose time is over tells its last state; the money that it allotted does not stand beside what was paid out of later money.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial

from markupsafe import Markup

from figures.sources import Source
from handlers.asking.asked import Asked
from handlers.asking.aspects import line_with_goals
from handlers.asking.whose import allotted, made_for, source_of
from handlers.viewer import Viewer
from plans.target import Target
from reports.lines import Goal, ProgressLine
from reports.progress import goal_text
from storage.tables import Place


async def standing(
    asked: Asked, place: Place, source: Source, day: date, *, known: bool, hidden: bool
) -> list[Markup]:
    """The figure of a period that ends on `day` beside each plan's target, whether it is `known`, `hidden` from this
    reader, or was not reported.

    Of what is hidden only what the plans allot is told.
    """
    say, line = asked.viewer.say, await line_with_goals(asked, place, source, known=known)
    under_way = day >= asked.viewer.today
    told = [
        goal_text(line, goal, place.level, say, source_of(say, goal.plan_title, goal.clause))
        for goal in line.goals
        if not hidden and is_told(line, goal, day, known=known, under_way=under_way)
    ]
    kept_back = [*withheld(asked, line, day, hidden=hidden)]
    own = await made_for(asked.viewer, place) if kept_back else frozenset()
    return [*told, *(allotted(asked, target, own=target.plan in own) for target in kept_back)]


def is_told(line: ProgressLine, goal: Goal, day: date, *, known: bool, under_way: bool) -> bool:
    """Whether a target is told below a figure; without a figure, only while the period is `under_way` or is of the year
    in which the target is due, or with what was reached by another figure."""
    if goal.value is None or line.is_past(goal, day):
        return False
    asked_for = goal.compared and (under_way or goal.year == day.year)
    return known or goal.amount or asked_for or bool(goal.part and goal.held is not None)


def withheld(asked: Asked, line: ProgressLine, day: date, *, hidden: bool) -> Iterator[Target]:
    """What plans in force on `day` allot, where what was reached is not for this reader."""
    plans = asked.viewer.plans
    hiding = {(goal.plan, goal.clause, goal.value) for goal in line.goals if hidden}
    targets = plans.targets_of(line.indicator, list(plans.programmes.values()))
    for target in filter(partial(is_allotted, asked.viewer, day), targets):
        here = (target.plan, target.clause, target.goal) in hiding
        if here or (target.plan, target.id) in line.goals_kept_back:
            yield target


def is_allotted(viewer: Viewer, day: date, target: Target) -> bool:
    """Whether a target, in force on `day`, is something that the plan allots."""
    in_force = day <= viewer.plans.programmes[target.plan].last_day_of(target)
    return in_force and target.comparator.counted_up
