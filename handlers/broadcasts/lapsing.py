"""Returned figures that nobody has answered, near the last day on which they can be mended and after it.

Those who reported them are told of the last day. Once it is over they are told that the figure stands as it is, and
whoever returned it is told the same with a way on: nobody else ends what waits in vain.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from figures import access, offices, sent_back
from figures.awaiting import checked_places
from figures.sent_back import SentBack
from handlers.broadcasts.news import DAY, NEAR, TO_LOCKED, News, midnight_after
from handlers.broadcasts.reminders import told_after, told_before
from handlers.buttons import choice
from handlers.letters import Recipient
from handlers.messages import Choice
from handlers.navigation import ShowReport
from handlers.screens import sent_back as screen
from handlers.screens.checking import CheckReport
from handlers.viewer import Viewer
from storage import places
from storage.tables import FigureReturn

BUTTONS: Final = 3
"""How many reports get a button."""
OF_USE: Final = timedelta(days=7)
"""How long a letter that tells what stands may still be sent."""


async def news(viewer: Viewer, recipient: Recipient, told: Collection[str]) -> list[News]:
    """Return what there is to tell of returned figures to those who reported them, and to those who returned them."""
    return [*await of_reporters(viewer, told), *await of_checkers(viewer, recipient, told)]


async def of_reporters(viewer: Viewer, told: Collection[str]) -> list[News]:
    """Return what those who answer for a place are told: that the last day is near, or over."""
    waiting = await sent_back.waiting(viewer)
    last = [one for one in waiting if is_last(viewer, one)]
    over = [one for one in waiting if is_over(viewer, one)]
    return [*pieces(viewer, "last", last, told), *pieces(viewer, "over", over, told)]


def pieces(viewer: Viewer, what: str, some: Sequence[SentBack], told: Collection[str]) -> list[News]:
    """Return what is told of some reports by the day until which they may be mended, but what was told already."""
    return [piece(viewer, what, of_day, until) for until, of_day in by_day(untold(what, some, told)).items()]


async def of_checkers(viewer: Viewer, recipient: Recipient, told: Collection[str]) -> list[News]:
    """Return what officers are told: that what they returned was not answered, and can no longer be mended."""
    waiting = await sent_back.unanswered(viewer, await checked_places(viewer))
    theirs = [
        one
        for one in waiting
        if is_over(viewer, one) and await is_for(viewer, recipient.person.id, one.returned[0], one)
    ]
    return pieces(viewer, "unanswered", theirs, told)


async def is_for(viewer: Viewer, person: int, row: FigureReturn, one: SentBack) -> bool:
    """Whether an officer hears of a return: their own, or that of somebody who no longer checks the place's reports."""
    if row.person_id == person:
        return True
    return not await access.may_check(await offices.view_of(viewer, row.person_id), one.place)


def is_last(viewer: Viewer, one: SentBack) -> bool:
    """Whether the last day to mend it is told now, or along with another letter."""
    return told_before(viewer, one.until) - NEAR <= viewer.today <= one.until


def is_over(viewer: Viewer, one: SentBack) -> bool:
    """Whether it is told now that it can no longer be mended."""
    first = told_after(viewer, one.until + DAY)
    return first <= viewer.today <= first + TO_LOCKED


def untold(what: str, some: Iterable[SentBack], told: Collection[str]) -> list[SentBack]:
    """Return the reports of which that was not told yet."""
    return [one for one in some if not set(marks_of(what, [one])) <= set(told)]


def marks_of(what: str, some: Iterable[SentBack]) -> tuple[str, ...]:
    """Return the marks that show that this was told of some returned figures."""
    return tuple(f"returned-{what}:{row.id}" for one in some for row in one.returned)


def by_day(some: Iterable[SentBack]) -> dict[date, list[SentBack]]:
    """Return the reports by the last day on which they can be mended."""
    days: dict[date, list[SentBack]] = {}
    for one in some:
        days.setdefault(one.until, []).append(one)
    return days


def piece(viewer: Viewer, what: str, some: Sequence[SentBack], until: date) -> News:
    """Return what is told of some reports with the same last day."""
    is_last = what == "last"
    lines = [line(viewer, what, one, row) for one in some for row in one.returned]
    head = viewer.say(
        f"lapsing.{what}", n=len(lines), until=viewer.say.near(until, viewer.today), since=until + DAY
    )
    return News(
        "returned",
        Markup("\n").join([head, *lines]),
        marks_of(what, some),
        told_before(viewer, until) if is_last else told_after(viewer, until + DAY),
        midnight_after(viewer, until if is_last else viewer.today + OF_USE),
        pressing=is_last,
        buttons=tuple(button(viewer, what, one) for one in some[:BUTTONS]),
    )


def line(viewer: Viewer, what: str, one: SentBack, row: FigureReturn) -> Markup:
    """Return one returned figure with its report; an officer also reads which place it is of."""
    figure = screen.figure(viewer, one.form, one.report, row)
    title = screen.title(viewer, one)
    if what == "unanswered":
        title = f"{places.own_name(one.place)}, {title}"
    return viewer.say("lapsing.line", title=title, **figure)


def button(viewer: Viewer, what: str, one: SentBack) -> Choice:
    """Return the way to the report: to answer, or to decide."""
    title = screen.title(viewer, one)
    if what == "unanswered":
        label = viewer.say("lapsing.button.check", place=places.own_name(one.place), title=title)
        return choice(label, CheckReport(one.report.id))
    return choice(viewer.say("returned.button.look", title=title), ShowReport(one.report.id))
