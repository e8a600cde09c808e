"""An announcement as its readers see it: whose it is, the words, whether they were changed, until when to answer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from markupsafe import Markup

from handlers import menu
from handlers.broadcasts import on_request
from handlers.buttons import Button, RowId, button
from handlers.messages import Choice
from handlers.turn import Turn
from handlers.wording import wording
from plans.period import from_key
from storage import announcements, places
from storage.tables import Announcement, AnnouncementState, Place

SHOWN: Final = 30
"""How many letters of an earlier announcement are shown, so that it can be recognised."""


@button("u:y:{announcement}")
class SendMended(Button):
    """Let everybody read the new words."""

    announcement: RowId


@button("u:n:{announcement}")
class DropMended(Button):
    """Let the words stand as they went."""

    announcement: RowId


async def labels_of(turn: Turn, rows: Sequence[Announcement]) -> list[Markup]:
    """Return earlier announcements as buttons' labels.

    One that waited for the end of the quiet hours is told with the time at which its first letter left.
    """
    waited = {row.id: until for row in rows if (until := quiet_over(turn, row)) is not None}
    left = await announcements.first_sent(turn.session, [row for row in rows if row.id in waited])
    return [label_of(turn, row, left.get(announcements.slot_of(row), waited.get(row.id))) for row in rows]


def label_of(turn: Turn, row: Announcement, went: datetime | None = None) -> Markup:
    """Return an earlier announcement as a button's label: whether it has gone, since when that is so, and how it begins.

    `went`: when it really left, if that was later than it was sent.
    """
    until = waits_until(turn, row)
    if until is not None:
        return turn.say("announce.earlier.quiet", at=until, text=row.text[:SHOWN])
    since = row.edited_at or went or row.sent_at or row.created_at
    return turn.say(f"announce.earlier.{row.state}", at=since.astimezone(turn.zone), text=row.text[:SHOWN])


def state_told(turn: Turn, row: Announcement, sent: int, *, going: bool) -> Markup:
    """Say how far an announcement is that went to `sent` people; `going`: not everybody has it yet."""
    until = waits_until(turn, row)
    if until is not None and not sent:
        return turn.say("announce.state.quiet", at=until)
    under_way = going and row.state == AnnouncementState.SENT
    return turn.say("announce.state.going" if under_way else f"announce.state.{row.state}")


def waits_until(turn: Turn, row: Announcement) -> datetime | None:
    """Return when an announcement goes out that was sent in the quiet hours which are not over; None for any other."""
    until = quiet_over(turn, row)
    return until if until is not None and turn.now < until else None


def quiet_over(turn: Turn, row: Announcement) -> datetime | None:
    """Return when the quiet hours end in which an announcement was sent; None for one sent outside them, or not gone."""
    if row.state != AnnouncementState.SENT or row.sent_at is None:
        return None
    return turn.library.quiet.over(row.sent_at.astimezone(turn.zone))


def ways_of_unsent(turn: Turn, row: Announcement) -> list[Choice]:
    """What to do with new words that were written and have not gone; nothing where there are none."""
    if unsent_words(turn, row) is None:
        return []
    send = menu.named(turn.view, "announce.button.mend", SendMended(row.id))
    return [send, menu.named(turn.view, "announce.button.drop_words", DropMended(row.id))]


def unsent_words(turn: Turn, row: Announcement) -> str | None:
    """The new words of an announcement that were written last and have not gone."""
    written = turn.screen.announce_edit
    return written.text if written is not None and written.id == row.id else None


async def letter_text(
    turn: Turn,
    locale: str,
    place: Place,
    row: Announcement,
    words: str | None = None,
    by: datetime | None = None,
) -> Markup:
    """Return the announcement as its readers see it; with `words`, as they will see it once it is changed to these.

    `by`: the deadline that these words set.
    """
    say = wording(locale)
    edited = row.edited_at if words is None else turn.now
    key = "announce.letter_edited" if edited else "announce.letter"
    at = edited.astimezone(turn.zone) if edited else None
    text = say(key, place=places.own_name(place), text=row.text if words is None else words, at=at)
    forms = await on_request.forms(turn)
    # A questionnaire may have been withdrawn since: then the words stand alone.
    if row.form_name not in forms:
        return text
    title, until = forms[row.form_name].title(locale), by.astimezone(turn.zone) if by else until_of(turn, row)
    return Markup("\n\n").join((text, say("announce.asks", form=title, until=until)))


def until_of(turn: Turn, row: Announcement) -> object:
    """Return the moment, or the day, until which a questionnaire is to be answered."""
    until: datetime | None = row.until
    return until.astimezone(turn.zone) if until else from_key(row.period).end
