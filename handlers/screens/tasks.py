"""Nhiệm vụ: how each task of a plan stands, who has it, with whom, until when, and what blocks it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from markupsafe import Markup

from figures.tasks import Task, TaskState, Word, is_among, is_overdue, tasks_on
from handlers.buttons import Button, Position, ShortId, button, choice
from handlers.messages import Choice, Reply, column
from handlers.navigation import ShowTargets, ShowTasks
from handlers.screens import progress
from handlers.screens.difficulties import cut
from handlers.screens.paging import paged
from handlers.viewer import Viewer
from plans.period import from_key
from plans.programme import Deadline
from plans.target import Target
from queries.frames import WhichTasks
from storage import places
from storage.tables import Place

PAGE: Final = 6
"""How many tasks fit on one screen."""
FEW: Final = 3
"""Up to this many units are told one by one with what blocks them."""


@button("t:{place}:w:{which}[:{first}]", opens=True)
class ShowTasksThat(Button):
    """The tasks of plans that stand like this, from this one on."""

    place: ShortId
    which: WhichTasks
    first: Position = 0


async def page(viewer: Viewer, place: Place, first: int = 0, which: WhichTasks = WhichTasks.ALL) -> Reply:
    """Return the tasks from the one numbered `first` on, stuck ones first: all of them, or only those that stand so.

    If there are none at all, how the place stands.
    """
    tasks = await tasks_on(viewer, place)
    if not tasks:
        how = await progress.page(viewer, place)
        none = viewer.say("tasks.none_here", place=places.own_name(place))
        return replace(how, text=Markup("\n\n").join((none, how.text)))
    shown = [task for task in tasks if is_among(task, which, viewer.today)]
    part = paged(shown, first, PAGE)
    parts = [
        heading(viewer, place, tasks),
        *only(viewer, which, len(shown)),
        *(told(viewer, place, task) for task in part.here),
        *part.told(viewer, "tasks.page"),
    ]
    way = partial(button_from, place, which)
    turning = part.turning(viewer, "targets.button.before", "targets.button.after", way)
    others = [] if len(shown) == len(tasks) else [all_tasks(viewer, place)]
    table_of_targets = choice(viewer.say("targets.button.table"), ShowTargets(place.id))
    return Reply(Markup("\n\n").join(parts), (*turning, *column(*others, table_of_targets)))


def button_from(place: Place, which: WhichTasks, first: int) -> Button:
    """The button to the tasks from the one numbered `first` on."""
    return ShowTasks(place.id, first) if which is WhichTasks.ALL else ShowTasksThat(place.id, which, first)


def all_tasks(viewer: Viewer, place: Place) -> Choice:
    """The button to all tasks of a place."""
    return choice(viewer.say("targets.button.tasks"), ShowTasks(place.id))


def only(viewer: Viewer, which: WhichTasks, count: int) -> list[Markup]:
    """Say which tasks are told, and how many there are; nothing if it is all of them."""
    return [] if which is WhichTasks.ALL else [viewer.say(f"tasks.only.{which}", n=count)]


def heading(viewer: Viewer, place: Place, tasks: Sequence[Task]) -> Markup:
    """Whose tasks these are, by which plans, how many stand how, and how many are overdue."""
    plans = dict.fromkeys(viewer.plans.programmes[task.target.plan].title(viewer.locale) for task in tasks)
    title = viewer.say("tasks.title", place=places.own_name(place), plans="; ".join(plans), day=viewer.today)
    return Markup("\n").join([title, *counted(viewer, tasks)])


def counted(viewer: Viewer, tasks: Sequence[Task]) -> list[Markup]:
    """Say how many tasks stand how, and how many are overdue, if any."""
    counts = Counter(task.state for task in tasks)
    stand = (viewer.say(f"tasks.count.{state}", n=counts[state]) for state in TaskState if counts[state])
    overdue = sum(is_overdue(task, viewer.today) for task in tasks)
    late = [viewer.say("tasks.overdue", n=overdue)] if overdue else []
    return [Markup(" · ").join(stand), *late]


def told(viewer: Viewer, place: Place, task: Task) -> Markup:
    """One task: its words, who has it, and how it stands."""
    about = viewer.say("tasks.row", text=task.target.statement, clause=task.target.clause)
    named = Markup(" ").join(who(viewer, task.target))
    return Markup("\n").join([about, named, *standing(viewer, place, task)])


def who(viewer: Viewer, target: Target) -> Iterator[Markup]:
    """Yield who has a task, with whom, and until when; or that nobody is named, if its clause names nobody."""
    if not target.agency:
        yield viewer.say("tasks.nobody")
    yield from named_in(viewer, target)


def named_in(viewer: Viewer, target: Target) -> Iterator[Markup]:
    """Yield the agency, the partners and the time that a clause names; what it does not say itself is marked as inferred."""
    if target.agency:
        yield viewer.say(key_of("tasks.agency", target, "agency"), agency=target.agency)
    if target.partners:
        yield viewer.say("tasks.partners", partners=target.partners)
    if target.year_due:
        yield viewer.say(key_of("tasks.year", target, "year_due"), year=str(target.year_due))
    if target.always:
        yield viewer.say(key_of("tasks.always", target, "always"))


def who_owes(viewer: Viewer, deadline: Deadline) -> str:
    """Return who hands in what a deadline is for; "" if nobody is named."""
    return told_as(viewer, deadline.agency, inferred=deadline.infers("agency"))


def to_whom(viewer: Viewer, deadline: Deadline) -> str:
    """Who gets it."""
    return told_as(viewer, deadline.to, inferred=deadline.infers("to"))


def told_as(viewer: Viewer, who: str, *, inferred: bool) -> str:
    """Return an agency; if its clause does not say it, that it is inferred."""
    return viewer.say("plan.inferred", what=who).unescape() if inferred else who


def key_of(key: str, target: Target, field: str) -> str:
    """The sentence for a field of a clause, which may be inferred."""
    return f"{key}_inferred" if target.infers(field) else key


def standing(viewer: Viewer, place: Place, task: Task) -> list[Markup]:
    """Return how a task stands: as the place itself says, or how many of its units say what."""
    due = task.target.due
    if not task.words and due is not None and due < viewer.today:
        return [viewer.say("tasks.over", day=due)]
    if not task.words:
        return [
            viewer.say("tasks.unknown", level=viewer.say(f"progress.level.{answering(viewer, task.target)}"))
        ]
    if len(task.words) == 1:
        return [one_word(viewer, place, task.words[0])]
    counts = Counter(word.state for word in task.words)
    stand = ", ".join(
        viewer.say(f"tasks.count.{state}", n=counts[state]).unescape() for state in TaskState if counts[state]
    )
    stuck = [word for word in task.words if word.why]
    return [
        viewer.say("tasks.of_units", n=len(task.words), stand=stand),
        *(one_word(viewer, place, word) for word in stuck[:FEW]),
    ]


def answering(viewer: Viewer, target: Target) -> str:
    """Return the level whose officers say how a task stands: its questionnaire's, not that of the figure beside it."""
    entries = (viewer.plans.entry(form) for form, _ in target.items)
    return next((entry.level for entry in entries if entry), target.level)


def one_word(viewer: Viewer, place: Place, word: Word) -> Markup:
    """Return what one unit said about a task, for which period; with its name if it is not the place shown."""
    said = viewer.say(
        f"tasks.state.{word.state}",
        period=from_key(word.report.period).name(viewer.locale),
        why=cut(word.why),
    )
    if word.place.id == place.id:
        return said
    return viewer.say("tasks.by_unit", place=places.own_name(word.place), said=said)
