"""What there is to tell somebody who has not asked, whichever letter tells it.

A piece of news has a day from which it is to be told, an end of its use, and the marks by which it is known to have been
told. Reminders, deadlines, lists of whom to phone and forms that lock are such pieces: what is near each other goes
into one letter, the weekly summary where one goes out that day.
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
CATCH_UP: Final = timedelta(days=4)
"""After an outage, or days on which nothing is told, so late at most; less than `storage.told.KEPT`."""
NEAR: Final = DAY
"""What is due to be told within this time goes along with what is told today."""
APART: Final = timedelta(days=2)
"""The fewest days between two morning letters, unless something presses."""
IN_A_WEEK: Final = 2
"""The most morning letters within seven days; with the weekly summary that makes three."""


@dataclass(frozen=True, slots=True)
class News:
    """One piece: `kind` says in a word what about, `rings` from which day on it is to be told."""

    kind: str
    text: Markup
    marks: tuple[str, ...]
    rings: date
    until: datetime
    pressing: bool = False
    """It cannot wait for the next letter."""
    buttons: tuple[Choice, ...] = ()


Source = Callable[[Viewer, Recipient, Collection[str]], Awaitable[Sequence[News]]]
"""Gives what somebody is to be told now or tomorrow, without what is marked as told."""


def midnight_after(viewer: Viewer, day: date) -> datetime:
    """The end of a day."""
    return datetime.combine(day + DAY, time(), viewer.now.tzinfo)


def is_near(rings: date, today: date) -> bool:
    """Whether what rings on a day is told today, or may be told along with something else."""
    return rings - NEAR <= today <= rings + CATCH_UP


async def history(viewer: Viewer, recipient: Recipient) -> Told:
    """What this person was told lately."""
    return await told_to(viewer.session, recipient.person.id, viewer.now - KEPT)


def is_time(viewer: Viewer, told: Told, some: Sequence[News]) -> bool:
    """Whether a letter about these may go today, so that nobody gets too many."""
    due = [one for one in some if one.rings <= viewer.today]
    if not due or not has_room(viewer, told):
        return False
    days = [at.astimezone(viewer.zone).date() for at in told.letters]
    # Two letters in two days read like nagging; only what would be too late tomorrow may break the pause.
    close = any(viewer.today - APART < day <= viewer.today for day in days)
    return not close or any(one.pressing for one in due)


def has_room(viewer: Viewer, told: Told) -> bool:
    """Whether one more letter this week is not too many."""
    days = [at.astimezone(viewer.zone).date() for at in told.letters]
    return sum(day > viewer.today - timedelta(days=7) for day in days) <= IN_A_WEEK


def marks_of(some: Iterable[News]) -> tuple[str, ...]:
    """The marks of all."""
    return tuple(mark for one in some for mark in one.marks)


def text_of(some: Iterable[News]) -> Markup:
    """All of it, what presses first."""
    return Markup("\n\n").join(one.text for one in sorted(some, key=lambda one: not one.pressing))


def buttons_of(some: Iterable[News], *others: Choice) -> Rows:
    """The buttons of all, each once."""
    return column(*dict.fromkeys((*(button for one in some for button in one.buttons), *others)))
