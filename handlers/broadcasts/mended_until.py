"""The deadline of a questionnaire that has gone, when its words are changed: that of the new words, else it stays.

Which it is, is said before the new words go.
"""

from datetime import datetime

from markupsafe import Markup

from handlers.broadcasts import until
from handlers.broadcasts.announced import until_of
from handlers.turn import Turn
from plans.period import from_key
from questionnaires.answers.deadline import deadline_in, unread_in
from storage import announcements
from storage.tables import Announcement


def needs_two(row: Announcement) -> bool:
    """Whether a second officer has to agree to new words."""
    return row.confirmed_by is not None or row.total > announcements.ALONE


def of_new_words(turn: Turn, row: Announcement, words: str) -> datetime | None:
    """Return the deadline that new words set, within the period that was asked for; None if the old one stays.

    What a second officer has to agree to keeps its deadline: "hôm nay" may be another day by then.
    """
    if not row.form_name or needs_two(row):
        return None
    return until.of_words(words, from_key(row.period), turn.now.astimezone(turn.zone))


def told(turn: Turn, row: Announcement, words: str) -> list[Markup]:
    """Return what is said under new words: until when it will be, and why if that is not what the words say."""
    if not row.form_name:
        return []
    if by := of_new_words(turn, row, words):
        return (
            [] if by == row.until else [turn.say("announce.until_changed", until=by, old=until_of(turn, row))]
        )
    why = not_set(turn, row, words)
    return [*why, turn.say("announce.until_kept", until=until_of(turn, row))]


def not_set(turn: Turn, row: Announcement, words: str) -> list[Markup]:
    """Return the sentence that the deadline which new words name is not set; empty if they name none."""
    now, period = turn.now.astimezone(turn.zone), from_key(row.period)
    said = deadline_in(words, now)
    if said is None:
        unread = unread_in(words, now)
        return [turn.say("announce.until_new_not_read", words=unread)] if unread else []
    if said == row.until:
        return []
    if needs_two(row):
        return [turn.say("announce.until_new_needs_two", until=said)]
    return [turn.say("announce.until_new_not_taken", until=said, first=now + until.LEAST, last=period.end)]
