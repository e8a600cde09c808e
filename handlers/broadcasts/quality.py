"""The look back at last month's reports for officers, once a month, from its first working day on.

It is not urgent: it goes along with the summary or another letter, and its button leads to what may be asked.
"""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from figures import access, quality
from figures.handing_up import RANKS
from handlers.broadcasts.news import News, midnight_after
from handlers.buttons import choice
from handlers.letters import Recipient, offices
from handlers.navigation import ShowQuality
from handlers.screens import quality as screen
from handlers.viewer import Viewer
from plans.holidays import working_after
from storage.tables import RoleName

READERS: Final = (RoleName.COMMUNE_OFFICER, *RANKS[:2])
"""Who reads it; a nation has too many communes for such a note."""
FADES: Final = timedelta(days=10)
"""How long it is of use."""


def first_day(today: date) -> date:
    """Return the day from which this month's is told."""
    return working_after(today.replace(day=1))


async def news(viewer: Viewer, recipient: Recipient, told: Collection[str]) -> list[News]:
    """Return the look back for each unit of this person, unless it was told; nothing if there is nothing to ask."""
    rings = first_day(viewer.today)
    if not rings <= viewer.today <= rings + FADES:
        return []
    pieces: list[News] = []
    for unit in await offices(viewer, *READERS):
        mark = f"quality:{viewer.today:%Y-%m}:{unit.id}"
        if mark in told or access.is_gone(viewer, unit):
            continue
        note = await quality.of_unit(viewer, unit)
        if not note.silent:
            look = choice(screen.label(viewer, note), ShowQuality(unit.id))
            text, until = screen.brief(viewer, note), midnight_after(viewer, rings + FADES)
            pieces.append(News("quality", text, (mark,), rings, until, buttons=(look,)))
    return pieces
