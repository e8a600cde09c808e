"""The table of a place's targets: how many are met, on their way, behind or without a figure, and which.

Each target of each plan counts for itself, as it is held against the place's own figure. What cannot be held
against one place (a quota of the whole province, a direction without a number) is not in the table.
"""

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from figures import access
from figures.progress import progress_of
from handlers import progress
from handlers.buttons import from_base36, to_base36
from handlers.messages import Choice
from handlers.turn import Turn
from plans.rollup import Status
from reports.lines import Goal, ProgressLine
from reports.progress import Progress, goal_text, value_text
from storage.tables import Place

ORDER: Final = (Status.BEHIND, Status.NOT_YET, Status.ON_TRACK, Status.ACHIEVED, Status.NO_DATA)
"""What has to be done something about comes first."""
PAGE: Final = 6
"""So many targets stand on one screen."""
Target = tuple[ProgressLine, Goal]


async def on_press(turn: Turn) -> None:
    """A press with the prefix "v": a place, a standing, and from which target on."""
    _, number, standing, first = (*turn.incoming.press.split(":", 3), "", "", "")[:4]
    place_id = from_base36(number)
    place = await access.visible(turn.view, place_id) if place_id and place_id < progress.LARGEST else None
    if place is None:
        turn.reply(turn.say("situation.gone"))
        return
    start = int(first) if first.isascii() and first.isdigit() and len(first) < 5 else 0
    await show(turn, place, Status(standing) if standing in set(ORDER) else None, start)


async def show(turn: Turn, place: Place, standing: Status | None = None, first: int = 0) -> None:
    """The numbers of every standing, and the targets of one from the one numbered `first` on.

    Without `standing` those that are behind, or the next sort that there are any of. Where no target holds, how
    the place stands without one.
    """
    known = await progress_of(turn.view, place)
    found = {each: targets_of(known, each) for each in ORDER}
    present = [each for each in ORDER if found[each]]
    if not present:
        await progress.show_place(turn, place)
        return
    chosen = standing or present[0]
    targets = found[chosen]
    first = first if first < len(targets) else 0
    here = targets[first : first + PAGE]
    blocks = [
        turn.say("targets.title", place=known.place, day=known.as_of)
        + Markup("\n")
        + Markup(" · ").join(turn.say(f"targets.count.{each}", n=len(found[each])) for each in present),
        turn.say(f"targets.head.{chosen}", n=len(targets)) if targets else turn.say("targets.none"),
        *(told(turn, known, target) for target in here),
    ]
    if len(targets) > PAGE:
        blocks.append(turn.say("targets.page", first=first + 1, last=first + len(here), count=len(targets)))
    turning = [
        button(turn, place, f"targets.button.{key}", chosen, start)
        for key, start, there in (
            ("before", max(first - PAGE, 0), first > 0),
            ("after", first + PAGE, first + PAGE < len(targets)),
        )
        if there
    ]
    others = [
        (button(turn, place, f"targets.button.{each}", each, n=len(found[each])),)
        for each in present
        if each is not chosen
    ]
    whole = Choice(turn.say("targets.button.domains").unescape(), progress.data_of(place))
    turn.reply(
        Markup("\n\n").join(blocks), choices=(*([tuple(turning)] if turning else []), *others, (whole,))
    )


def targets_of(known: Progress, standing: Status) -> Sequence[Target]:
    """The targets of one standing, those of the main figures first, and those that are due first."""
    found = [
        (line, goal)
        for line in known.lines
        for goal in line.goals
        if goal.compared and goal.value is not None and goal.status == standing
    ]
    return sorted(found, key=lambda target: (not target[0].main, target[1].year or 0))


def told(turn: Turn, known: Progress, target: Target) -> Markup:
    """One target: the figure, and where it stands against it."""
    line, goal = target
    source = turn.say("progress.source", plan=goal.plan_title, clause=goal.clause)
    value = turn.say("progress.line", name=line.name, value=value_text(line, turn.say))
    return value + Markup("\n") + goal_text(line, goal, known.level, turn.say, source)


def button(turn: Turn, place: Place, key: str, standing: Status, first: int = 0, n: int = 0) -> Choice:
    """The button to the targets of a standing."""
    data = f"v:{to_base36(place.id)}:{standing}" + (f":{first}" if first else "")
    return Choice(turn.say(key, n=n).unescape(), data)
