"""Four eyes: what officers of one unit tell each other about an announcement that one alone may not send.

A second officer agrees to an announcement for many before it goes, and again to any new words for it. Until then it is
said wherever it is shown that it has not gone, and either of the two can drop it.
"""

from collections.abc import Callable
from hashlib import blake2s

from markupsafe import Markup

from figures import access
from handlers import menu
from handlers.broadcasts.announced import SHOWN
from handlers.buttons import Button, RowId, Word, button, choice
from handlers.letters import REMINDER
from handlers.messages import Choice, Reply, clip, column
from handlers.navigation import ShowAnnouncement
from handlers.turn import Turn
from handlers.wording import wording
from storage import announcements, outbox, people
from storage.tables import Announcement, AnnouncementState, Contact, Place


@button("n:d:{announcement}:")
class Drop(Button):
    """It shall not go."""

    announcement: RowId


@button("n:c:{announcement}:")
class Confirm(Button):
    """A second officer agrees."""

    announcement: RowId


@button("u:a:{announcement}:{mark}")
class AgreeToWords(Button):
    """Agree, as a second officer, to the new words that `mark` stands for."""

    announcement: RowId
    mark: Word


@button("u:d:{announcement}:{mark}")
class DropNewWords(Button):
    """The new words that `mark` stands for shall not go."""

    announcement: RowId
    mark: Word


def mark_of(row: Announcement) -> str:
    """Return which new words a second officer was shown: others may have been written since."""
    return blake2s(row.wanted.encode(), digest_size=4).hexdigest()


async def other_officers(turn: Turn, place: Place) -> list[Contact]:
    """The chats of the unit's other officers."""
    costs = turn.library.costs
    officers = await announcements.audience(turn.session, [place.id], access.OFFICERS, costs)
    return [contact for contact in officers if contact.id != turn.contact.id]


def office_letter(
    turn: Turn, contact: Contact, row: Announcement, what: str, reply: Reply
) -> outbox.QueuedLetter:
    """Return a message about an announcement to one of its officers; like any unasked message, not for the night."""
    number = contact.id
    key = f"announce-office:{row.id}:{what}:{number}"
    return outbox.QueuedLetter(key, number, reply.to_json(), REMINDER, turn.now, turn.quiet_until)


async def tell_writer(
    turn: Turn, row: Announcement, key: str, words: str = "", writer: int | None = None
) -> None:
    """Tell whoever wrote an announcement, or these new `words` for it, what somebody else decided about it."""
    who = writer if words else row.created_by
    if who is None or who == turn.contact.person_id:
        return
    text, letters = clip(words or row.text, SHOWN), []
    for contact in await people.contacts_of(turn.session, who):
        if contact.reachable:
            say = wording(contact.locale, officer=True)
            look = choice(say("announce.button.look"), ShowAnnouncement(row.id))
            reply = Reply(say(key, text=text, n=row.total), column(look))
            what = f"{key}:{outbox.next_id()}" if words else key
            letters.append(office_letter(turn, contact, row, what, reply))
    await outbox.insert_many(turn.session, letters)


def waits(row: Announcement) -> bool:
    """Whether new words for an announcement that has gone wait for a second officer."""
    return bool(row.wanted) and row.state in (AnnouncementState.SENT, AnnouncementState.STOPPED)


def told_waiting(turn: Turn, row: Announcement) -> list[Markup]:
    """Return what is said about new words that wait; nothing where there are none."""
    return [turn.say("announce.words_waiting", text=row.wanted)] if waits(row) else []


def ways_of_waiting(turn: Turn, row: Announcement) -> list[Choice]:
    """What may be done with new words that wait: drop them and, for whoever did not write them, agree."""
    if not waits(row):
        return []
    mark = mark_of(row)
    drop = menu.named(turn.view, "announce.button.drop_words", DropNewWords(row.id, mark))
    if row.wanted_by == turn.contact.person_id:
        return [drop]
    return [menu.named(turn.view, "announce.button.agree", AgreeToWords(row.id, mark)), drop]


def ways_of_words(say: Callable[[str], Markup], row: Announcement) -> list[Choice]:
    """The buttons under the message that asks a second officer to agree to new words."""
    mark = mark_of(row)
    agree = choice(say("announce.button.agree"), AgreeToWords(row.id, mark))
    return [agree, choice(say("announce.button.drop_words"), DropNewWords(row.id, mark))]
