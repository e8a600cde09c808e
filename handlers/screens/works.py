"""Công trình: how far each of the works is, and what holds it up.

Communes list what is built on their ground; the works that a plan names are reported by the plan's own unit as well.
"""

from collections.abc import Iterator
from typing import Any, Final

from markupsafe import Markup

from figures.named_works import every_work_on
from figures.works import STUCK, Work
from handlers.buttons import choice
from handlers.messages import Choice, Reply, column
from handlers.navigation import ShowReport
from handlers.screens.difficulties import cut
from handlers.viewer import Viewer
from plans.period import from_key
from reports.progress import run_on
from storage.places import own_name
from storage.tables import Place

LISTED: Final = 20
"""How many works one message tells."""


async def page(viewer: Viewer, place: Place) -> Reply:
    """Return the works on a place's ground, what is stuck first; or that none was reported."""
    works = await every_work_on(viewer, place)
    if not works:
        return Reply(viewer.say("works.none", place=own_name(place)))
    lines = [
        viewer.say("works.title", place=own_name(place), n=len(works)),
        *(told(viewer, place, work) for work in works[:LISTED]),
    ]
    if len(works) > LISTED:
        lines.append(viewer.say("works.more", n=len(works) - LISTED))
    lines.append(viewer.say("works.no_days"))
    return Reply(Markup("\n").join(lines), column(*reports(viewer, place, works)))


def told(viewer: Viewer, place: Place, work: Work) -> Markup:
    """One of the works in a line, with its unit if that is not the place shown, and what another unit says of it."""
    key = "works.row" if work.share is None else "works.row_share"
    line = viewer.say(key, name=work.name, **facts(viewer, work))
    parts = [line, *where(viewer, place, work), *(beside(viewer, work, other) for other in work.also)]
    return run_on(parts)


def facts(viewer: Viewer, work: Work) -> dict[str, Any]:
    """How far one of the works is, by which report."""
    stands = work.stands or viewer.say(f"works.state.{work.state}")
    period = from_key(work.report.period).name(viewer.locale)
    return {"stands": stands, "share": work.share or 0, "period": period}


def where(viewer: Viewer, place: Place, work: Work) -> Iterator[Markup]:
    """Yield the unit that reported it, if that is not the place shown, and what holds it up."""
    if work.place.id != place.id:
        yield viewer.say("works.where", place=own_name(work.place))
    if work.why:
        yield viewer.say("works.why", why=cut(work.why))


def beside(viewer: Viewer, work: Work, other: Work) -> Markup:
    """What another unit says of the same work, and whether the two differ."""
    key = "works.also" if other.share is None else "works.also_share"
    said = viewer.say(key, place=own_name(other.place), **facts(viewer, other))
    if other.why:
        said += Markup(" ") + viewer.say("works.why", why=cut(other.why))
    differ = other.share != work.share or (other.state == STUCK) != (work.state == STUCK)
    return said + Markup(" ") + viewer.say("works.differ") if differ else said


async def stuck(viewer: Viewer, place: Place) -> list[Markup]:
    """The works on a place's ground that somebody calls stuck, in lines under a heading; none if there are none."""
    works = [one for one in await every_work_on(viewer, place) if is_stuck(one)]
    if not works:
        return []
    lines = [told(viewer, place, work) for work in works[:LISTED]]
    more = [viewer.say("works.more", n=len(works) - LISTED)] if len(works) > LISTED else []
    return [viewer.say("works.stuck", n=len(works)), *lines, *more]


def is_stuck(work: Work) -> bool:
    """Whether anybody calls it stuck."""
    return any(one.state == STUCK for one in (work, *work.also))


def reports(viewer: Viewer, place: Place, works: list[Work]) -> list[Choice]:
    """The button to the report in which a commune's works stand; none above it, where they stand in many."""
    ids = dict.fromkeys(work.report.id for work in works if work.place.id == place.id)
    return [choice(viewer.say("works.button.report"), ShowReport(id)) for id in ids]
