"""The weekly summary: to everybody, about their own places, once a week at the hour they chose.

A village head reads what is due, what changed and what went well (`of_village`); an officer, what awaits them, how far
their villages are, and which figures changed (`of_unit`). Each fits on one phone screen; those of several places come
as one letter. The day's other news goes into it. If another letter came within a day before, the summary waits for the
next morning.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from figures import access
from figures.progress import progress_of
from handlers.broadcasts import of_unit, of_village
from handlers.broadcasts.news import APART, DAY, history
from handlers.broadcasts.summary import Summary, together
from handlers.letters import (
    BROADCAST,
    FADES,
    LATE,
    MORNING,
    Letter,
    Recipient,
    WeeklyMoment,
    fades,
    rings,
    since_morning,
    unwritten,
)
from handlers.library import Library
from handlers.messages import Picture, Reply
from handlers.viewer import Viewer
from plans.holidays import put_off
from reports.progress_picture import picture_data
from storage import choices
from storage.session import Session
from storage.tables import Place, RoleName
from storage.told import Told

NOBODY_CHOSE: Final[set[choices.WeeklyWish]] = {choices.DEFAULT}


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """Return the latest moment up to `now` (in the local zone) at which anybody's summary was due; None: too long ago."""
    wishes = NOBODY_CHOSE | await choices.all_of_them(session)
    if (last := await choices.newest(session)) is not None:
        wishes |= {last}
    newest = max(rings(wish, now).at for wish in wishes)
    if now - newest > FADES:
        return None
    # Those that waited a night.
    morning = since_morning(now) if newest.date() < now.date() else None
    return max(newest, morning or newest)


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """Return the summaries that are due and not written yet; with `only`, those for these places, due or not."""
    now = now.astimezone(library.zone)
    wanted = await choices.of_contacts(session, [recipient.contact.id for recipient in some])
    due_now = {summary_due.key: summary_due for summary_due in due_at(now, some, wanted, only)}
    letters = []
    for key in sorted(await unwritten(session, due_now, now)):
        viewer = due_now[key].recipient.viewer(session, library, now)
        told = await history(viewer, due_now[key].recipient)
        due = due_now[key].behind(told)
        if only is not None or due.moment.at <= now:
            letters += await letter_of(viewer, due, told, wanted, only)
    return letters


async def letter_of(
    viewer: Viewer,
    due: "SummaryDue",
    told: Told,
    wanted: Mapping[int, choices.WeeklyWish],
    only: Collection[int] | None,
) -> list[Letter]:
    """Return the letter with a summary of each place: with a picture if wanted, and a word if it is late."""
    of_places = [
        await of_place(viewer, due.recipient, place_id, told) for place_id in due.recipient.place_ids
    ]
    summaries = [*filter(None, of_places)]
    if not summaries:
        return []
    summary = together(viewer, summaries)
    at, contact = due.moment.at, due.recipient.contact.id
    if only is None and viewer.now - at > LATE and due.recipient.was_there(at):
        summary = summary.below(viewer.say("weekly.late", at=at))
    reply = await drawn(viewer, summary) if wanted.get(contact, choices.DEFAULT).picture else summary.reply
    times = (viewer.quiet_until, fades(at, viewer.now, only))
    place_id = summary.place.id
    return [Letter(due.key, contact, place_id, reply, BROADCAST, "weekly", *times, summary.marks)]


@dataclass(frozen=True, slots=True)
class SummaryDue:
    """The summary for one recipient, due at a moment in the local zone."""

    recipient: Recipient
    moment: WeeklyMoment

    @property
    def key(self) -> str:
        """The key that allows one a week for each person, at whatever hour they want it; named after the first of
        their places."""
        return f"weekly:{self.moment.week}:{self.recipient.person.id}:{self.recipient.place_ids[0]}"

    def behind(self, told: Told) -> "SummaryDue":
        """Return the same, put off to the next morning if another letter came within a day before."""
        at = self.moment.at
        later = datetime.combine(put_off(at.date() + DAY), MORNING, at.tzinfo)
        # Behind holidays it would be of no use any more.
        if later - at > FADES or not any(at - APART < one <= at for one in told.apart):
            return self
        return replace(self, moment=replace(self.moment, at=later))


def due_at(
    now: datetime,
    some: Sequence[Recipient],
    wanted: Mapping[int, choices.WeeklyWish],
    only: Collection[int] | None,
) -> Iterator[SummaryDue]:
    """Yield the summaries that these recipients' wishes make due; with `only`, whenever they are due."""
    for recipient in some:
        wish = wanted.get(recipient.contact.id, choices.DEFAULT)
        moment = rings(wish, now)
        # What is older would be read as news of this week.
        if not (wish.stopped or (only is None and now - moment.at > FADES)):
            yield SummaryDue(recipient, moment)


async def of_place(viewer: Viewer, recipient: Recipient, place_id: int, told: Told) -> Summary | None:
    """Return the summary of a place for a recipient; None if the place is gone, or became part of another.

    Of several summaries the first one tells the person's other news.
    """
    place = await viewer.session.places.get(place_id)
    if place is None or access.is_gone(viewer, place):
        return None
    first = place_id == recipient.place_ids[0]
    if is_head(viewer, place):
        return await of_village.summary(viewer, recipient, place, told.marks, first=first)
    return await of_unit.summary(viewer, recipient, place, told.marks, first=first)


def is_head(viewer: Viewer, place: Place) -> bool:
    """Whether this person is the head of a village."""
    return any(role.place_id == place.id and role.role == RoleName.VILLAGE_HEAD for role in viewer.roles)


async def drawn(viewer: Viewer, summary: Summary) -> Reply:
    """The summary with the picture of its place."""
    data = picture_data(await progress_of(viewer, summary.place), viewer.say)
    return replace(summary.reply, picture=Picture("progress", data))
