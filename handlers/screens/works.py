"""Công trình: how far each of the works is that communes report, and what holds it up."""

from typing import Final

from markupsafe import Markup

from figures.works import Work, works_on
from handlers.buttons import choice
from handlers.messages import Choice, Reply, column
from handlers.navigation import ShowReport
from handlers.screens.difficulties import cut
from handlers.viewer import Viewer
from plans.period import from_key
from storage.places import own_name
from storage.tables import Place

LISTED: Final = 20
"""How many works one message tells."""


async def page(viewer: Viewer, place: Place) -> Reply:
    """Return the works on a place's ground, what is stuck first; or that none was reported."""
    works = await works_on(viewer, place)
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
    """One of the works in a line, with its commune if that is not the place shown."""
    facts = {
        "name": work.name,
        "stands": work.stands,
        "period": from_key(work.report.period).name(viewer.locale),
    }
    key = "works.row" if work.share is None else "works.row_share"
    line = viewer.say(key, **facts, share=work.share or 0)
    if work.place.id != place.id:
        line += Markup(" ") + viewer.say("works.where", place=own_name(work.place))
    return line + Markup(" ") + viewer.say("works.why", why=cut(work.why)) if work.why else line


def reports(viewer: Viewer, place: Place, works: list[Work]) -> list[Choice]:
    """The button to the report in which a commune's works stand; none above it, where they stand in many."""
    ids = dict.fromkeys(work.report.id for work in works if work.place.id == place.id)
    return [choice(viewer.say("works.button.report"), ShowReport(id)) for id in ids]
