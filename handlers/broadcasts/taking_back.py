"""Mends or withdraws an announcement that has gone: unsent messages are replaced or taken back; sent ones are changed
in the chat.

A channel that cannot change a message gets the new words as another message.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from typing import Final, NamedTuple

from markupsafe import Markup

from handlers import codes, menu
from handlers.broadcasts import announcing, mended_until, on_request
from handlers.broadcasts.announced import DropMended, SendMended, letter_text, ways_of_unsent
from handlers.broadcasts.audiences import own_unit
from handlers.broadcasts.second_officer import (
    AgreeToWords,
    DropNewWords,
    mark_of,
    office_letter,
    other_officers,
    tell_writer,
    ways_of_waiting,
    ways_of_words,
)
from handlers.buttons import Presses
from handlers.letters import BROADCAST
from handlers.messages import Reply, Rows, clip, column
from handlers.navigation import MendAnnouncement, ShowAnnouncement, WithdrawAnnouncement
from handlers.turn import Turn
from handlers.wording import wording
from storage import announcements, outbox, places
from storage.kept import MendedText, OtherWordsWanted
from storage.tables import Announcement, AnnouncementState, Contact, Place

pressed: Final = Presses()
NAMED: Final = 60
"""How many letters of a withdrawn announcement are quoted, so that its readers know which one it was."""


@pressed.on(DropMended)
async def on_drop(turn: Turn, button: DropMended) -> None:
    """The new words shall not go."""
    announced = await gone_out(turn, button.announcement)
    if announced is None:
        await menu.old_button(turn)
        return
    turn.remember(announce_edit=None)
    await announcing.show(turn, *announced, turn.say("announce.words_dropped"))


@pressed.on(MendAnnouncement, WithdrawAnnouncement, SendMended)
async def on_gone(turn: Turn, button: MendAnnouncement | WithdrawAnnouncement | SendMended) -> None:
    """Handle a button of an announcement that has gone."""
    announced = await gone_out(turn, button.announcement)
    if announced is None:
        await menu.old_button(turn)
        return
    row, place = announced
    match button:
        case MendAnnouncement():
            turn.expect(OtherWordsWanted(row.id))
            turn.reply(turn.say("announce.write", n=announcing.LONGEST))
        case WithdrawAnnouncement():
            await withdraw(turn, row, place)
        case SendMended():
            await mend(turn, row, place)


async def gone_out(turn: Turn, number: int | None) -> tuple[Announcement, Place] | None:
    """Return an announcement that was sent, with its unit, if this officer may send there."""
    row = await turn.session.get(Announcement, number) if number is not None else None
    if row is None or row.state not in announcing.GONE:
        return None
    place = await own_unit(turn, row.place_id)
    return (row, place) if place is not None else None


async def on_words(turn: Turn) -> None:
    """Show the new words as the readers will see them; they go once the officer agrees."""
    expects = turn.screen.expects
    announced = await gone_out(turn, expects.id if isinstance(expects, OtherWordsWanted) else None)
    text = turn.incoming.text.strip()
    if announced is None:
        turn.expect(None)
        await menu.show(turn)
    elif not text or len(text) > announcing.LONGEST:
        turn.reply(turn.say("announce.too_long", n=announcing.LONGEST))
    else:
        row, place = announced
        turn.expect(None)
        by = mended_until.of_new_words(turn, row, text)
        turn.remember(announce_edit=MendedText(row.id, text, by))
        letter = await letter_text(turn, turn.locale, place, row, text, by)
        shown = [turn.say("announce.preview", n=row.total, text=letter), *mended_until.told(turn, row, text)]
        turn.reply(Markup("\n\n").join(shown), choices=ways_of_mended(turn, row))


def ways_of_mended(turn: Turn, row: Announcement) -> Rows:
    """Return what may be done with new words that are shown."""
    again = menu.named(turn.view, "announce.button.again", MendAnnouncement(row.id))
    look = menu.named(turn.view, "announce.button.look", ShowAnnouncement(row.id))
    return column(*ways_of_unsent(turn, row), again, look)


async def mend(turn: Turn, row: Announcement, place: Place) -> None:
    """Let everybody read the new words; if a second officer agreed to the old ones, only once one agrees again."""
    draft = turn.screen.announce_edit
    # The words that were written last may be for another announcement, further up in the chat.
    if draft is None or draft.id != row.id:
        await menu.old_button(turn)
        return
    turn.remember(announce_edit=None)
    if not mended_until.needs_two(row):
        row.until = draft.until or row.until
        await change_words(turn, row, place, draft.text)
        return
    row.wanted, row.wanted_by = draft.text, turn.contact.person_id
    asked = await ask_to_agree(turn, row, place)
    key = "announce.waiting" if asked else "announce.nobody_to_agree"
    look = menu.named(turn.view, "announce.button.look", ShowAnnouncement(row.id))
    turn.reply(turn.say(key, n=row.total), choices=column(look, *ways_of_waiting(turn, row)))


async def ask_to_agree(turn: Turn, row: Announcement, place: Place) -> bool:
    """Ask the unit's other officers whether to change its words. False if there are none."""
    others = await other_officers(turn, place)
    letters = []
    for contact in others:
        say = wording(contact.locale, officer=True)
        text = await letter_text(turn, contact.locale, place, row, row.wanted)
        asked = Reply(say("announce.confirm_words", n=row.total, text=text), column(*ways_of_words(say, row)))
        letters.append(office_letter(turn, contact, row, f"words:{outbox.next_id()}", asked))
    await outbox.insert_many(turn.session, letters)
    return bool(others)


class WaitingWords(NamedTuple):
    """New words of an announcement that has gone, which a second officer has to agree to."""

    row: Announcement
    place: Place
    words: str
    writer: int | None


async def waiting_words(turn: Turn, button: AgreeToWords | DropNewWords) -> WaitingWords | None:
    """Return the new words that wait, if they are those that the button is about; else say that it is an old button."""
    gone = await gone_out(turn, button.announcement)
    if gone is None or not gone[0].wanted or button.mark != mark_of(gone[0]):
        await menu.old_button(turn)
        return None
    row, place = gone
    return WaitingWords(row, place, row.wanted, row.wanted_by)


@pressed.on(AgreeToWords)
async def agree(turn: Turn, button: AgreeToWords) -> None:
    """Change the words, since a second officer, who did not write them, agrees."""
    waiting = await waiting_words(turn, button)
    if waiting is None:
        return
    row, place, words, writer = waiting
    if writer == turn.contact.person_id:
        await menu.old_button(turn)
        return
    row.confirmed_by = turn.contact.person_id
    await change_words(turn, row, place, words)
    await tell_writer(turn, row, "announce.words_agreed", words, writer)


@pressed.on(DropNewWords)
async def drop_words(turn: Turn, button: DropNewWords) -> None:
    """Let the announcement stand as it went, since either officer drops the new words."""
    waiting = await waiting_words(turn, button)
    if waiting is None:
        return
    row, place, words, writer = waiting
    row.wanted, row.wanted_by = "", None
    await announcing.show(turn, row, place, turn.say("announce.words_dropped"))
    await tell_writer(turn, row, "announce.words_refused", words, writer)


async def change_words(turn: Turn, row: Announcement, place: Place, words: str) -> None:
    """Let everybody read other words: those who had read the old ones get a new message, and are counted again."""
    row.text, row.edited_at, row.wanted, row.wanted_by = words, turn.now, "", None
    begin = await on_request.buttons(turn, row, place)

    async def fresh(contact: Contact) -> outbox.QueuedLetter:
        text = await letter_text(turn, contact.locale, place, row)
        return announcing.letter_row(turn, row, text, contact, begin.get(contact.id, ()))

    async def older(contact: Contact) -> outbox.QueuedLetter:
        text = wording(contact.locale)("announce.changed_since", place=places.own_name(place))
        return plain(turn, text, contact)

    have = {contact.id for contact, _ in await announcements.delivered(turn.session, row)}
    waiting = await announcements.taken_back(turn.session, row)
    readers = await announcements.readers(turn.session, row)
    beside = {one.id: one for one in (*readers, *(one for one in waiting if one.id in have))}
    letters = await changes(turn, row, fresh, older, beside)
    letters += [again(row, await fresh(contact)) for contact in beside.values()]
    count = len(chats_of(letters))
    letters += [await fresh(contact) for contact in waiting if contact.id not in beside]
    await announcements.count_anew(turn.session, row)
    await outbox.insert_many(turn.session, letters)
    await codes.note(turn, "announce.mended", f"place:{place.id}", {"sent": count})
    turn.reply(turn.say("announce.mended", n=len(chats_of(letters))))


def chats_of(letters: Collection[outbox.QueuedLetter]) -> set[int]:
    """Return the chats that letters are for."""
    return {letter.contact_id for letter in letters}


def again(row: Announcement, letter: outbox.QueuedLetter) -> outbox.QueuedLetter:
    """Return the letter as a message of its own, beside the one that was read."""
    return replace(letter, key=f"announce-change:{row.id}:{letter.contact_id}:{outbox.next_id()}")


async def withdraw(turn: Turn, row: Announcement, place: Place) -> None:
    """Let nobody else get it; those who have it read that it no longer holds."""
    # A chat that cannot be edited goes on showing every copy: the line names the words that were read last.
    since = row.edited_at or row.sent_at or row.created_at

    async def fresh(contact: Contact) -> outbox.QueuedLetter:
        say, key = wording(contact.locale), "announce.withdrawn_letter"
        text = say(
            key, place=places.own_name(place), text=clip(row.text, NAMED), at=since.astimezone(turn.zone)
        )
        return plain(turn, text, contact)

    await announcements.stop(turn.session, row, turn.now)
    # Changed words on their way to those who had read the old ones are of no use either.
    await announcements.taken_back(turn.session, row)
    row.state = AnnouncementState.WITHDRAWN
    letters = await changes(turn, row, fresh, fresh)
    await outbox.insert_many(turn.session, letters)
    count = len(chats_of(letters))
    await codes.note(turn, "announce.withdrawn", f"place:{place.id}", {"sent": count})
    turn.reply(turn.say("announce.withdrawn", n=count), choices=menu.buttons(turn.view))


def plain(turn: Turn, text: Markup, contact: Contact) -> outbox.QueuedLetter:
    """Words for one chat, without buttons."""
    body = Reply(text).to_json()
    return outbox.QueuedLetter("", contact.id, body, BROADCAST, turn.now, turn.quiet_until)


Writing = Callable[[Contact], Awaitable[outbox.QueuedLetter]]
"""What writes a letter to one chat."""


async def changes(
    turn: Turn, row: Announcement, fresh: Writing, older: Writing, beside: Collection[int] = ()
) -> list[outbox.QueuedLetter]:
    """Return what replaces the announcement where it is, and where it will be in a moment.

    The newest copy in a chat becomes `fresh`, every earlier one `older`, so that none goes on saying what does not hold.
    `beside`: the chats that get a message of their own, newer than any copy.
    """
    coming = await announcements.under_way(turn.session, row)
    newer = {*beside, *(contact.id for contact, _ in coming)}
    letters = []
    for contact, refs in await announcements.delivered(turn.session, row):
        newest = len(refs) if contact.id in newer else len(refs) - 1
        letters += [changed(row, await older(contact), {"edits": ref}) for ref in refs[:newest] if ref]
        letters += [changed(row, await fresh(contact), {"edits": ref, "anew": True}) for ref in refs[newest:]]
    # What is being sent now cannot be taken back: the change follows as soon as it is there.
    for contact, there in coming:
        if contact.id not in beside:
            slot = announcements.slot_of(row)
            letter = changed(row, await fresh(contact), {"edits_slot": slot, "anew": True})
            letters.append(replace(letter, not_before=max(there, turn.quiet_until or there)))
    return letters


def changed(
    row: Announcement, letter: outbox.QueuedLetter, instead_of: dict[str, str | bool]
) -> outbox.QueuedLetter:
    """Return the letter as one that replaces an earlier message."""
    # Each change has a key of its own, since the same words may be right again later.
    key = f"announce-change:{row.id}:{letter.contact_id}:{outbox.next_id()}"
    return replace(letter, key=key, slot="", body={**letter.body, **instead_of})
