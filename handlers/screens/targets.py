"""The table of a place's targets: how many are met, on their way, behind or without a figure, and which.

Each target of each plan counts for itself, as it is held against the place's own figure. What cannot be held
against one place (a quota of the whole province, a direction without a number) is not in the table.
"""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from figures.progress import progress_of
from handlers.buttons import Button, Position, ShortId, button, choice
from handlers.messages import Choice, Reply, Rows, column
from handlers.navigation import ShowProgress
from handlers.screens import progress
from handlers.viewer import Viewer
from plans.rollup import Status
from reports.lines import Goal, ProgressLine
from reports.progress import Progress, goal_text, value_text
from storage.tables import Place

ORDER: Final = (Status.BEHIND, Status.NOT_YET, Status.ON_TRACK, Status.ACHIEVED, Status.NO_DATA)
"""What has to be done something about comes first."""
PAGE: Final = 6
"""So many targets stand on one screen."""
Target = tuple[ProgressLine, Goal]


@button("v:{place}:{standing}[:{first}]", opens=True)
class ShowTargetsOf(Button):
    """The targets of one standing, from this one on."""

    place: ShortId
    standing: Status
    first: Position = 0


async def page(viewer: Viewer, place: Place, standing: Status | None = None, first: int = 0) -> Reply:
    """The numbers of every standing, and the targets of one from the one numbered `first` on.

    Without `standing` those that are behind, or the next sort that there are any of. Where no target holds, how
    the place stands without one.
    """
    known = await progress_of(viewer, place)
    by_standing = {sort: targets for sort in ORDER if (targets := targets_of(known, sort))}
    if not by_standing:
        return await progress.page(viewer, place)
    shown = standing or next(iter(by_standing))
    targets = by_standing.get(shown, [])
    first = first if first < len(targets) else 0
    here = targets[first : first + PAGE]
    counts = (viewer.say(f"targets.count.{sort}", n=len(some)) for sort, some in by_standing.items())
    blocks = [
        viewer.say("targets.title", place=known.place, day=known.as_of)
        + Markup("\n")
        + Markup(" · ").join(counts),
        viewer.say(f"targets.head.{shown}", n=len(targets)) if targets else viewer.say("targets.none"),
        *(told(viewer, known, target) for target in here),
    ]
    if len(targets) > PAGE:
        page_of = {"first": first + 1, "last": first + len(here), "count": len(targets)}
        blocks.append(viewer.say("targets.page", **page_of))
    others = [
        targets_button(viewer, place, f"targets.button.{sort}", sort, n=len(some))
        for sort, some in by_standing.items()
        if sort is not shown
    ]
    whole = choice(viewer.say("targets.button.domains"), ShowProgress(place.id))
    rows = (*turning(viewer, place, shown, first, len(targets)), *column(*others, whole))
    return Reply(Markup("\n\n").join(blocks), rows)


def turning(viewer: Viewer, place: Place, standing: Status, first: int, count: int) -> Rows:
    """The buttons to the targets before and after those that are shown, where there are such."""
    buttons = []
    if first:
        buttons.append(targets_button(viewer, place, "targets.button.before", standing, max(first - PAGE, 0)))
    if first + PAGE < count:
        buttons.append(targets_button(viewer, place, "targets.button.after", standing, first + PAGE))
    return (tuple(buttons),) if buttons else ()


def targets_of(known: Progress, standing: Status) -> Sequence[Target]:
    """The targets of one standing, those of the main figures first, and those that are due first."""
    targets = [
        (line, goal)
        for line in known.lines
        for goal in line.goals
        if goal.compared and goal.value is not None and goal.status == standing
    ]
    return sorted(targets, key=lambda target: (not target[0].main, target[1].year or 0))


def told(viewer: Viewer, known: Progress, target: Target) -> Markup:
    """One target: the figure, and where it stands against it."""
    line, goal = target
    source = viewer.say("progress.source", plan=goal.plan_title, clause=goal.clause)
    value = viewer.say("progress.line", name=line.name, value=value_text(line, viewer.say))
    return value + Markup("\n") + goal_text(line, goal, known.level, viewer.say, source)


def targets_button(
    viewer: Viewer, place: Place, key: str, standing: Status, first: int = 0, n: int = 0
) -> Choice:
    """The button to the targets of a standing."""
    return choice(viewer.say(key, n=n), ShowTargetsOf(place.id, standing, first))
