"""The table of a place's targets: how many are met, on their way, behind or without a figure, and which.

Each target of each plan counts by itself, as it compares with the place's own figure. What cannot be compared with one
place (a quota of the whole province, a direction without a number) is not in the table. Targets whose time is over
stand apart, with their last state.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain
from typing import Annotated, Final

from markupsafe import Markup

from figures import access
from figures.progress import progress_of
from figures.tasks import task_rows
from handlers import sentences
from handlers.buttons import Button, Position, ShortId, button, choice, number
from handlers.messages import Choice, Reply, Rows, column
from handlers.navigation import ShowAmounts, ShowProgress, ShowTargets, ShowTasks
from handlers.screens import progress
from handlers.screens.paging import paged
from handlers.viewer import Viewer
from plans.rollup import Status
from reports.covering import in_brief
from reports.lines import Goal, ProgressLine
from reports.progress import PlaceProgress, goal_text, held_value, value_text
from storage.tables import Level, Place

ORDER: Final = (
    Status.BEHIND,
    Status.NOT_YET,
    Status.UNSURE,
    Status.ON_TRACK,
    Status.ACHIEVED,
    Status.NO_DATA,
    Status.OVER,
)
"""What needs action comes first."""
PAGE: Final = 6
"""How many targets fit on one screen."""
LineGoal = tuple[ProgressLine, Goal]


@button("v:{place}:{standing}[:{first}]", opens=True)
class ShowTargetsOf(Button):
    """The targets of one standing, from this one on."""

    place: ShortId
    standing: Status
    first: Position = 0


@button("vy:{place}:{due}:{standing}[:{first}]", opens=True)
class ShowTargetsDue(Button):
    """The targets of one standing that are due in one year, from this one on."""

    place: ShortId
    due: Annotated[int, number(4)]
    standing: Status
    first: Position = 0


@dataclass(frozen=True, slots=True)
class WhichTargets:
    """Which targets of a place are wanted."""

    standing: Status | None = None
    """The standing of those that are listed; None for what is behind, or the next sort that has any."""
    due: int | None = None
    """The year in which they are due; None for every year."""
    first: int = 0
    """From which of them on."""

    def button(self, place: Place, standing: Status, first: int = 0) -> Button:
        """Return what leads to those of another standing, or to more of them."""
        if self.due is None:
            return ShowTargetsOf(place.id, standing, first)
        return ShowTargetsDue(place.id, self.due, standing, first)


EVERY: Final = WhichTargets()


async def page(viewer: Viewer, place: Place, wanted: WhichTargets = EVERY) -> Reply:
    """Return the numbers of every standing, and the targets of one.

    If no target applies, how the place stands without one.
    """
    known = await progress_of(viewer, place)
    by_standing = standings(known, wanted.due)
    if not by_standing and wanted.due is None:
        return await progress.page(viewer, place)
    if not by_standing:
        return none_due(viewer, place, known, wanted.due)
    shown = standing_of(by_standing, wanted)
    part = paged(by_standing.get(shown, ()), wanted.first, PAGE)
    blocks = [
        Markup("\n").join(
            filter(
                None, [heading(viewer, known, by_standing, wanted), await sentences.of_listed(viewer, place)]
            )
        ),
        viewer.say(f"targets.head.{shown}", n=part.count) if part.count else viewer.say("targets.none"),
        *(told(viewer, known, target) for target in part.here),
        *part.told(viewer, "targets.page"),
    ]
    turning = part.turning(
        viewer, "targets.button.before", "targets.button.after", partial(wanted.button, place, shown)
    )
    ways = ways_on(viewer, place, by_standing, shown, wanted)
    lists = await to_lists(viewer, place, by_standing)
    return Reply(Markup("\n\n").join(blocks), (*turning, *column(*lists), *ways))


async def to_lists(
    viewer: Viewer, place: Place, by_standing: Mapping[Status, Sequence[LineGoal]]
) -> list[Choice]:
    """Return the buttons to the amounts that plans allot and to the tasks, if there are any."""
    lists: list[Choice] = []
    if any(goal.amount for _, goal in chain.from_iterable(by_standing.values())):
        lists.append(choice(viewer.say("targets.button.amounts"), ShowAmounts(place.id)))
    own = await access.visible(viewer, place.id) is not None  # of units beside one's own only totals are told
    if own and await task_rows(viewer, place):
        lists.append(choice(viewer.say("targets.button.tasks"), ShowTasks(place.id)))
    return lists


def none_due(viewer: Viewer, place: Place, known: PlaceProgress, year: int | None) -> Reply:
    """Say that no target is due in a year, with the way to all of them."""
    title = viewer.say("targets.title_due", place=known.place, day=known.as_of, year=str(year))
    ways = column(choice(viewer.say("targets.button.table"), ShowTargets(place.id)))
    return Reply(Markup("\n\n").join([title, viewer.say("targets.none")]), ways)


def standing_of(by_standing: Mapping[Status, Sequence[LineGoal]], wanted: WhichTargets) -> Status:
    """Return the standing to show: the wanted one, or the first that has any targets.

    "chưa đạt" asks for what is behind and for what is not met yet; if nothing is behind, the others are meant, and of a
    year that is over how they ended.
    """
    sorts = [wanted.standing] if wanted.standing else list(by_standing)
    if wanted.standing is Status.BEHIND:
        sorts.append(Status.NOT_YET)
    if wanted.due:
        sorts.append(Status.OVER)
    return next((sort for sort in sorts if sort in by_standing), sorts[0])


def standings(known: PlaceProgress, due: int | None) -> dict[Status, Sequence[LineGoal]]:
    """Return the targets that are due in a year, or all, by their standing, in the order in which these are shown;
    standings without targets are left out."""
    return {standing: targets for standing in ORDER if (targets := targets_of(known, standing, due))}


def heading(
    viewer: Viewer,
    known: PlaceProgress,
    by_standing: Mapping[Status, Sequence[LineGoal]],
    wanted: WhichTargets,
) -> Markup:
    """Return whose targets these are, on which day, and how many have each standing."""
    title = viewer.say("targets.title", place=known.place, day=known.as_of)
    if wanted.due:
        title = viewer.say("targets.title_due", place=known.place, day=known.as_of, year=str(wanted.due))
    counts = (viewer.say(f"targets.count.{sort}", n=len(targets)) for sort, targets in by_standing.items())
    hidden = sum(line.hidden_of_table for line in known.lines)
    kept_back = [viewer.say("targets.count_kept_back", n=hidden)] if hidden else []
    return title + Markup("\n") + Markup(" · ").join([*counts, *kept_back])


def ways_on(
    viewer: Viewer,
    place: Place,
    by_standing: Mapping[Status, Sequence[LineGoal]],
    shown: Status,
    wanted: WhichTargets,
) -> Rows:
    """The buttons to the targets of the other standings, and to the place's domains."""
    others = [
        choice(viewer.say(f"targets.button.{standing}", n=len(targets)), wanted.button(place, standing))
        for standing, targets in by_standing.items()
        if standing is not shown
    ]
    return column(*others, choice(viewer.say("targets.button.domains"), ShowProgress(place.id)))


def targets_of(known: PlaceProgress, standing: Status, due: int | None) -> Sequence[LineGoal]:
    """Return the targets of one standing, if `due` only those of that year: those of the main figures first, then by due
    date; of those that are behind, the farthest first."""
    targets = [
        (line, goal)
        for line in known.lines
        for goal in line.goals
        if is_held_against(goal) and goal.standing is standing and due in (None, goal.year)
    ]
    targets.sort(key=lambda target: (not target[0].main, target[1].year or 0))
    return sorted(targets, key=lag, reverse=True) if standing is Status.BEHIND else targets


def lag(target: LineGoal) -> Decimal:
    """How far a figure is from where it should be today, as a share of the largest number concerned: figures of all units
    are held side by side by it."""
    line, goal = target
    reached = line.value if goal.held is None else goal.held
    wanted = goal.reach if goal.expected_today is None else goal.expected_today
    if reached is None or wanted is None:
        return Decimal(0)
    most = max(map(abs, filter(None, (reached, wanted, goal.reach, goal.value))), default=Decimal(1))
    return abs(wanted - reached) / most


def is_held_against(goal: Goal) -> bool:
    """Whether one place's figure can be compared with a target: it has a number, and is not for many places together."""
    return goal.compared and goal.value is not None


def told(viewer: Viewer, known: PlaceProgress, target: LineGoal) -> Markup:
    """One target: the figure, and where it stands against it."""
    line, goal = target
    source = viewer.say("progress.source", plan=goal.plan_title, clause=goal.clause)
    # Beside what was allotted to a time that is over stands what was reached then.
    then = line.value is not None and goal not in line.beside
    number = held_value(line, goal, viewer.say) if then else value_text(line, viewer.say)
    value = viewer.say("progress.line", name=line.name, value=number)
    if not then and line.period:
        value += covered_of(viewer, known, line)
    return value + Markup("\n") + goal_text(line, goal, known.level, viewer.say, source)


def covered_of(viewer: Viewer, known: PlaceProgress, line: ProgressLine) -> Markup:
    """Of which period a figure is, and how the units below reported for it."""
    period = viewer.say("targets.period", period=line.period)
    if known.level == Level.VILLAGE or not line.covered.expected:
        return period
    return period + Markup(" ") + in_brief(line.covered, line.by, viewer.say)
