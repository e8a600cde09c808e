"""What administrators hear about letters that nobody got: a pause of the bot and what it swallowed, and what ran out
of time.

What a pause swallows is counted once, when it ends (`handlers.broadcasts.missed`).
"""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from figures import access
from handlers.broadcasts.news import DAY, TO_SUMMARY, News, midnight_after
from handlers.letters import Recipient
from handlers.viewer import Viewer
from storage import beats
from storage.tables import RoleName

TOLD: Final = timedelta(days=14)
"""For how long a pause is told: longer than any run of holidays."""


async def news(viewer: Viewer, recipient: Recipient, told: Collection[str]) -> list[News]:
    """Return what an administrator has to be told and was not yet."""
    if not access.holds(viewer, RoleName.ADMINISTRATOR):
        return []
    until = midnight_after(viewer, viewer.today + TO_SUMMARY)
    return [
        News("missed", text, (mark,), viewer.today, until, pressing=True)
        for name, text in (await told_of(viewer, told)).items()
        if (mark := f"missed:{name}") not in told
    ]


async def told_of(viewer: Viewer, told: Collection[str]) -> dict[str, Markup]:
    """What there is to tell, each under the name of its occasion."""
    texts: dict[str, Markup] = {}
    pause = await beats.latest(viewer.session)
    if pause is not None and viewer.now - pause.end < TOLD:
        texts[f"{pause.end.timestamp():.0f}"] = text_of(viewer, pause)
    for begin in days_before(viewer):
        if f"missed:{begin.date()}" not in told:
            expired = await beats.expired(viewer.session, begin, begin + DAY)
            texts |= (
                {f"{begin.date()}": viewer.say("missed.expired", n=expired, day=begin.date())}
                if expired
                else {}
            )
    return texts


def days_before(viewer: Viewer) -> Iterator[datetime]:
    """Yield the beginning of each day that may not have been told of yet, the last one first."""
    today = viewer.now.replace(hour=0, minute=0, second=0, microsecond=0)
    return (today - number * DAY for number in range(1, TO_SUMMARY.days + 1))


def text_of(viewer: Viewer, pause: beats.Pause) -> Markup:
    """A pause in words."""
    begin, end = (at.astimezone(viewer.zone) for at in (pause.begin, pause.end))
    if not pause.lost:
        return viewer.say("missed.nothing", begin=begin, end=end)
    kinds = "; ".join(
        viewer.say("missed.kind", kind=viewer.say(f"missed.of.{kind}"), n=count).unescape()
        for kind, count in sorted(pause.lost.items())
    )
    return viewer.say("missed.lost", begin=begin, end=end, kinds=kinds)
