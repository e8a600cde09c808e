"""An announcement as its readers see it: whose it is, the words, whether they were changed, until when to answer."""

from datetime import datetime

from markupsafe import Markup

from handlers.broadcasts import on_request
from handlers.turn import Turn
from handlers.wording import wording
from plans.period import from_key
from storage import places
from storage.tables import Announcement, Place


async def letter_text(
    turn: Turn, locale: str, place: Place, row: Announcement, words: str | None = None
) -> Markup:
    """The announcement as its readers see it; with `words`, as they will see it once it is changed to these."""
    say = wording(locale)
    edited = row.edited_at if words is None else turn.now
    key = "announce.letter_edited" if edited else "announce.letter"
    at = edited.astimezone(turn.zone) if edited else None
    text = say(key, place=places.own_name(place), text=row.text if words is None else words, at=at)
    forms = await on_request.forms(turn)
    # A questionnaire may have been withdrawn since: then the words stand alone.
    if row.form_name not in forms:
        return text
    title, until = forms[row.form_name].title(locale), until_of(turn, row)
    return Markup("\n\n").join((text, say("announce.asks", form=title, until=until)))


def until_of(turn: Turn, row: Announcement) -> object:
    """The moment, or the day, until which a questionnaire is to be answered."""
    until: datetime | None = row.until
    return until.astimezone(turn.zone) if until else from_key(row.period).end
