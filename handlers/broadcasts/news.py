"""What there is to tell somebody who has not asked, whichever letter tells it.

A piece of news has a day from which it is to be told, an end of its use, and the marks that show that it was told.
Reminders, deadlines, lists of whom to phone, and forms that lock are such pieces. Pieces close to each other go into
one letter, or into the weekly summary if one goes out that day.

Nobody gets more than three letters in seven days, of whatever sort, nor two within a day. What can wait for the
summary waits; the third letter is kept for what is urgent; a summary that follows another letter too closely waits for
the next morning. A letter that asks for a tap in time (`window`) is one of the three, but others keep no distance from
it. What somebody asked for, what an officer writes, and emergencies do not count.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from markupsafe import Markup

from handlers.letters import Recipient
from handlers.messages import Choice, Rows, column
from handlers.viewer import Viewer
from storage.told import KEPT, Told, told_to

DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
CATCH_UP: Final = timedelta(days=4)
"""After an outage, or days on which nothing is told, news is told at most this late; less than `storage.told.KEPT`."""
TO_SUMMARY: Final = WEEK
"""News that no summary tells anyway waits this long at most if there was no room for a letter: the next summary tells it."""
TO_LOCKED: Final = 2 * WEEK
"""What locked without having been sent is told this late at most: nobody can make up for it, so nobody may miss it."""
NEAR: Final = DAY
"""News due within this time goes along with what is told today."""
PAUSE: Final = timedelta(days=2)
"""The fewest days between two letters, unless something is urgent."""
APART: Final = DAY - timedelta(minutes=5)
"""The least time between two letters, however urgent: a day, less the minutes that a round takes."""
IN_A_WEEK: Final = 3
"""The most letters within seven days. The last of them is kept for what is urgent."""
LINES: Final = 8
"""The most lines of one piece."""


@dataclass(frozen=True, slots=True)
class News:
    """One piece: `kind` says in a word what it is about, `rings` from which day on it is to be told."""

    kind: str
    text: Markup
    marks: tuple[str, ...]
    rings: date
    until: datetime
    pressing: bool = False
    """It cannot wait for the next letter."""
    buttons: tuple[Choice, ...] = ()


Source = Callable[[Viewer, Recipient, Collection[str]], Awaitable[Sequence[News]]]
"""Returns what somebody is to be told now or tomorrow, leaving out what is marked as told."""


def midnight_after(viewer: Viewer, day: date) -> datetime:
    """Return the end of a day."""
    return datetime.combine(day + DAY, time(), viewer.now.tzinfo)


def is_near(rings: date, today: date) -> bool:
    """Whether news due on that day is told today, or may be told along with something else."""
    return rings - NEAR <= today <= rings + CATCH_UP


async def history(viewer: Viewer, recipient: Recipient) -> Told:
    """Return what this person was told lately."""
    return await told_to(viewer.session, recipient.person.id, viewer.now - KEPT)


def is_time(viewer: Viewer, told: Told, some: Sequence[News], summary: datetime | None) -> bool:
    """Whether a letter about these may go now, so that nobody gets too many; `summary`: when the next summary is due."""
    due = [one for one in some if one.rings <= viewer.today]
    pressing = any(one.pressing for one in due)
    if not due or is_close(viewer, told, pressing=pressing):
        return False
    room = (IN_A_WEEK if pressing else IN_A_WEEK - 1) - 1
    if lately(viewer, told, viewer.today) > room:
        return False
    # Room is left for the summary, which tells all of it where it comes soon enough.
    left = summary is None or lately(viewer, told, summary.date()) < room
    return left and not (summary and waits_for(viewer, due, summary))


def is_close(viewer: Viewer, told: Told, *, pressing: bool) -> bool:
    """Whether the letter before is so recent that another would seem like nagging."""
    if any(timedelta() <= viewer.now - at < APART for at in told.apart):
        return True
    days = (at.astimezone(viewer.zone).date() for at in told.apart)
    return not pressing and any(viewer.today - PAUSE < day <= viewer.today for day in days)


def lately(viewer: Viewer, told: Told, day: date) -> int:
    """Return how many letters were written in the seven days up to a day."""
    return sum(day - WEEK < at.astimezone(viewer.zone).date() <= day for at in told.letters)


def waits_for(viewer: Viewer, due: Sequence[News], summary: datetime) -> bool:
    """Whether the summary comes within a day, and in time for all of these."""
    return summary - viewer.now < DAY and all(summary < one.until for one in due)


def has_room(viewer: Viewer, told: Told) -> bool:
    """Whether one more letter this week is not too many."""
    return lately(viewer, told, viewer.today) < IN_A_WEEK


def marks_of(some: Iterable[News]) -> tuple[str, ...]:
    """Return the marks of all pieces."""
    return tuple(mark for one in some for mark in one.marks)


def text_of(viewer: Viewer, some: Iterable[News]) -> Markup:
    """Return all pieces, urgent ones first; of a long piece, only the first lines."""
    return Markup("\n\n").join(
        short(viewer, one.text) for one in sorted(some, key=lambda one: not one.pressing)
    )


def short(viewer: Viewer, text: Markup) -> Markup:
    """Return the first lines of a piece, and how many more there are behind its button."""
    rows = text.split("\n")
    if len(rows) <= LINES:
        return text
    return Markup("\n").join([*rows[: LINES - 1], viewer.say("weekly.more_lines", n=len(rows) - LINES + 1)])


def buttons_of(some: Iterable[News], *others: Choice) -> Rows:
    """Return the buttons of all pieces, each once."""
    return column(*dict.fromkeys((*(button for one in some for button in one.buttons), *others)))
