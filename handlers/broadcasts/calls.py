"""Whom to phone: what reminders could not do is told to the commune's officers, as one list a day.

A village that was reminded before and after a deadline and is still silent, and a village head whose chat takes no
messages any more (blocked, or the account is gone), can only be reached by somebody who knows them.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from markupsafe import Markup

from figures.coverage import Owed, cover, villages
from handlers.broadcasts.reminders import ringing
from handlers.buttons import choice
from handlers.letters import REMINDER, Letter, Recipient, of_the_morning, offices, since_morning
from handlers.library import Library
from handlers.messages import Reply, column
from handlers.navigation import ShowUnit
from handlers.viewer import Viewer
from plans.holidays import put_off
from plans.period import Period
from plans.schedule import Entry
from storage import people, places
from storage.session import Session
from storage.tables import Level, Place, RoleName

NEWS: Final = timedelta(days=1)
"""Of chats that closed longer ago the list of an earlier day has told."""
NAMED: Final = 12
"""So many villages by name: whoever phones goes down the list, and a longer one is on the screen behind the button."""


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """This morning's hour, once it has come on a day on which somebody may have to be phoned."""
    silent = any(rings(entry, now.date()) for entry in library.plans.asked_of(Level.VILLAGE))
    closed = await people.unreachable_since(session, now - NEWS)
    return since_morning(now) if silent or closed else None


def rings(entry: Entry, day: date) -> bool:
    """Whether `day` is the first working day after the last reminder about some period of a questionnaire."""
    return any(is_over(entry, period, day) for period in entry.asked_on(day))


def is_over(entry: Entry, period: Period, day: date) -> bool:
    """Whether `day` is the first working day after the last reminder of a period."""
    _, last = ringing(entry.due(period))
    return day == put_off(last + NEWS)


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """The lists that are due today and not yet written."""

    async def about(viewer: Viewer, recipient: Recipient) -> list[Place]:
        return await offices(viewer, RoleName.COMMUNE_OFFICER)

    return await of_the_morning(session, library, now, some, only, about, of_place)


async def of_place(viewer: Viewer, recipient: Recipient, place: Place) -> list[Letter]:
    """The list of one commune, if anybody is on it."""
    under = {village.id: village for village in await villages(viewer, place)}
    lines = [*await silent(viewer, under), *await closed(viewer, under)]
    if not lines:
        return []
    head = viewer.say("calls.head", place=places.own_name(place))
    look = choice(viewer.say("weekly.button.look"), ShowUnit(place.id))
    reply = Reply(Markup("\n").join((head, *lines)), column(look))
    key = f"calls:{viewer.today}:{recipient.person.id}:{place.id}"
    until = viewer.now + timedelta(days=3)
    contact = recipient.contact.id
    return [Letter(key, contact, place.id, reply, REMINDER, "calls", viewer.quiet_until, until)]


async def silent(viewer: Viewer, under: dict[int, Place]) -> list[Markup]:
    """The villages that were reminded twice and have not reported, by questionnaire."""
    coverages = await cover(viewer, list(under), await reminded(viewer))
    return [
        line(viewer, "calls.silent", coverage.missing, under, form=coverage.owed.label(viewer.locale))
        for coverage in coverages
        if coverage.missing
    ]


async def reminded(viewer: Viewer) -> list[Owed]:
    """What villages have been reminded of for the last time."""
    active = await viewer.library.active_forms(viewer.session)
    entries = [entry for entry in viewer.library.plans.asked_of(Level.VILLAGE) if entry.form in active]
    return [
        Owed(active[entry.form][1], period, entry)
        for entry in entries
        for period in entry.asked_on(viewer.today)
        if is_over(entry, period, viewer.today)
    ]


async def closed(viewer: Viewer, under: dict[int, Place]) -> list[Markup]:
    """The villages whose head's chat has stopped taking messages since yesterday."""
    ids = await people.unreachable_since(viewer.session, viewer.now - NEWS, list(under))
    return [line(viewer, "calls.closed", ids, under)] if ids else []


def line(viewer: Viewer, key: str, ids: Collection[int], under: dict[int, Place], **values: object) -> Markup:
    """How many villages and which; of many the first."""
    names = [places.own_name(village) for number, village in under.items() if number in ids]
    more = ", …" if len(names) > NAMED else ""
    return viewer.say(key, n=len(names), names=", ".join(names[:NAMED]) + more, **values)
