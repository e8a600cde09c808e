"""Khó khăn, vướng mắc: what is stuck on somebody's ground, a few on each screen."""

from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from typing import Final

from markupsafe import Markup

from figures.difficulties import SINCE, Difficulty, answered, on_ground, over_time
from handlers.buttons import Button, Position, button, choice
from handlers.menu import named
from handlers.messages import Choice, Reply
from handlers.navigation import OfPlace, ShowUnit
from handlers.screens.paging import Paged, paged
from handlers.viewer import Viewer
from plans.period import from_key
from storage import places
from storage.tables import Place

PAGE: Final = 4
"""How many fit on one screen."""
NAMED: Final = 6
"""How many units without an answer are named."""
LONGEST: Final = 300
"""How many letters are shown of what somebody wrote."""


@button("f:d:{place}:0:{first}", opens=True)
class ShowDifficulties(OfPlace):
    """What is stuck on the ground of a place."""

    first: Position = 0


def difficulties_button(
    viewer: Viewer, place: Place, stuck: Collection[Difficulty]
) -> list[tuple[Choice, ...]]:
    """Return the button that lists them, if there are any."""
    if not stuck:
        return []
    return [(choice(viewer.say("difficulty.button", n=len(stuck)), ShowDifficulties(place.id)),)]


async def page(viewer: Viewer, place: Place, first: int) -> Reply:
    """What is stuck on the ground of a place, a few on each screen."""
    stuck = await on_ground(viewer, place)
    head = viewer.say("difficulty.head", place=places.own_name(place), n=len(stuck))
    head += await who_answered(viewer, place, viewer.today - SINCE, viewer.today)
    return listed(viewer, place, head, paged(stuck, first, PAGE), partial(ShowDifficulties, place.id))


async def page_over(
    viewer: Viewer,
    place: Place,
    days: tuple[date, date],
    said: str,
    first: int,
    turn_to: Callable[[int], Button],
) -> Reply:
    """Return what was stuck there over some days, which are called `said`; `turn_to` makes the button to another screen."""
    stuck = await over_time(viewer, place, *days)
    head = viewer.say("difficulty.head_over", place=places.own_name(place), period=said, n=len(stuck))
    head += await who_answered(viewer, place, *days)
    return listed(viewer, place, head, paged(stuck, first, PAGE), turn_to)


async def who_answered(viewer: Viewer, place: Place, first: date, last: date) -> Markup:
    """How many of the units there have answered what is stuck, for periods that touch some days: none is no news."""
    lines = Markup()
    for one in await answered(viewer, place, first, last):
        facts = {"n": one.expected - len(one.silent), "expected": one.expected}
        level = viewer.say(f"progress.level.{one.level}")
        lines += Markup("\n") + viewer.say("difficulty.answered", level=level, day=first, until=last, **facts)
        if 0 < len(one.silent) <= NAMED:
            names = ", ".join(map(places.own_name, one.silent))
            lines += Markup(" ") + viewer.say("difficulty.silent", names=names)
    return lines


def listed(
    viewer: Viewer, place: Place, head: Markup, part: Paged[Difficulty], turn_to: Callable[[int], Button]
) -> Reply:
    """One screen of difficulties with the ways on."""
    parts = [
        head,
        *(told(viewer, difficulty) for difficulty in part.here),
        *part.told(viewer, "officer.page"),
    ]
    if not part.here:
        parts.append(viewer.say("difficulty.none"))
    turning = part.turning(viewer, "officer.before", "officer.after", turn_to)
    up = (named(viewer, "officer.button.up", ShowUnit(place.id)),)
    return Reply(Markup("\n\n").join(parts), (*turning, up))


def told(viewer: Viewer, difficulty: Difficulty) -> Markup:
    """One difficulty in words."""
    head = viewer.say(
        "difficulty.one",
        place=places.own_name(difficulty.place),
        period=from_key(difficulty.report.period).name(viewer.locale),
        about=cut(difficulty.about),
        words=cut(difficulty.words),
    )
    if not difficulty.proposal:
        return head
    return head + Markup("\n") + viewer.say("difficulty.proposal", words=cut(difficulty.proposal))


def cut(words: str) -> str:
    """Return `words` on one line, cut to what fits."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
