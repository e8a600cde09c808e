"""What a pause of the bot swallowed: how many letters of each sort had become useless when it ended.

What is still of use goes out late, and says so. The rest is counted here by its sort, never dropped silently:
administrators are told (`handlers.broadcasts.pauses`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from handlers.broadcasts import morning, weekly
from handlers.broadcasts.news import history
from handlers.letters import FADES, MORNING, Letter, Recipient
from handlers.library import Library
from storage import beats
from storage.session import Session

DAY: Final = timedelta(days=1)
LONGEST: Final = timedelta(days=31)
"""Of a longer pause only the last days are looked at: hardly anything waited before them."""


async def lost_of(
    session: Session, library: Library, some: Sequence[Recipient], pause: beats.Pause
) -> Counter[str]:
    """Return how many letters, or parts of them, of each sort were due in a pause and useless at its end."""
    lost: Counter[str] = Counter()
    begin, end = (at.astimezone(library.zone) for at in (pause.begin, pause.end))
    for recipient in some:
        names: dict[str, str] = {}
        day = max(begin, end - LONGEST).date()
        while day <= end.date():
            names |= await lost_on(
                session, library, recipient, datetime.combine(day, MORNING, begin.tzinfo), (begin, end)
            )
            day += DAY
        lost.update(names.values())
    return lost


def ran_out(letter: Letter, after: datetime, until: datetime) -> bool:
    """Whether a letter ran out of time between two moments."""
    return letter.not_after is not None and after < letter.not_after <= until


async def lost_on(
    session: Session, library: Library, recipient: Recipient, at: datetime, pause: tuple[datetime, datetime]
) -> Mapping[str, str]:
    """Return the marks of what one person should have been told on a day of a pause and that ran out in it, each with
    its sort."""
    begin, end = pause
    evening = datetime.combine(at.date(), time(23, 59), at.tzinfo)
    summaries = await weekly.compose(session, library, min(evening, end), [recipient])
    names = {letter.key: "weekly" for letter in summaries if ran_out(letter, begin + FADES, end)}
    viewer = recipient.viewer(session, library, at)
    if begin < at < end and morning.may_be_told(viewer):
        pieces = await morning.gathered(viewer, recipient, await history(viewer, recipient))
        names |= {mark: one.kind for one in pieces if one.until <= end for mark in one.marks}
    return names
