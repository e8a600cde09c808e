"""Words that were written before the chat showed the question that they would answer.

Nothing comes back for a while, so a head writes "100" once more; by then the next question is open. Such words answer
nothing: the question must be known to have gone out before they were written. If a message was sent but its
confirmation was lost, that is not known, and the bot asks about the words once more than needed.

Usually this process sent the question itself, and nothing is read. After a restart, or if another process sent it, the
outbox knows. A question that a platform took is not always out (`Channel.out_at`), and reading it takes some time
(`bot.reading_pace`).
"""

from datetime import UTC, datetime, timedelta
from typing import Final

from bot.channels.base import IN_A_BLINK, Channel
from bot.message_sending import MessageSender
from bot.reading_pace import ReadingPaces
from handlers.interviewing.fill_in import QUESTION
from handlers.messages import Incoming, MessageKind
from handlers.turn import Turn
from storage import outbox
from storage.envelopes import LONGEST_DELAY
from storage.kept import AskedNow

ROUNDING: Final = timedelta(seconds=2)
"""Platforms give whole seconds."""
OUT_AT_ONCE: Final = timedelta(seconds=1.5)
"""A question written this recently counts as out even if its platform has not confirmed it, as long as nothing failed."""
OUT_ELSEWHERE: Final = timedelta(seconds=10)
"""The same for a question that another process sends: we learn only from the database that it did."""
AFTER_START: Final = IN_A_BLINK
"""What waited from before this process, or its end, is not read sooner on any channel, by whoever writes as fast as a
program."""
NO_TIME: Final = timedelta()
EVENLY: Final = timedelta(minutes=10)
"""For this long we trust two clocks to run evenly; one may be reset."""


class EarlyWords:
    """Finds such words in one process, which `worker` names in the outbox."""

    def __init__(self, sender: MessageSender, worker: str) -> None:
        self.sender, self.worker = sender, worker
        self.paces = ReadingPaces()
        self.began = datetime.now(UTC)

    async def mark(self, turn: Turn, channel: Channel, words_at: datetime | None) -> None:
        """Mark a message that may have been written before its chat showed the open question, or what is to be confirmed;
        or after somebody's words that the chat got at `words_at`."""
        asked, incoming = turn.screen.asked, turn.incoming
        if words_at is not None:
            turn.after_words = self.is_newest(turn, words_at)
        if (
            asked is None
            or turn.interview is None
            or not (incoming.may_answer or incoming.kind is MessageKind.PRESS)
        ):
            return
        newest = self.sender.newest(turn.contact.id, QUESTION)
        out = channel.out_at(newest.ref, newest.at) if newest.id >= asked.screen else None
        too_soon = self.is_too_soon(turn, asked, channel, out)
        if incoming.kind is MessageKind.PRESS or (
            out is not None and not too_soon and is_after(incoming, out, asked)
        ):
            return
        if outbox.written_at(asked.screen) < datetime.now(UTC) - outbox.SURELY_KEPT:
            return
        seen = await self.seen(turn, asked, channel, too_soon=too_soon)
        turn.early, turn.unread = seen < asked.question, seen < asked.screen

    def is_too_soon(self, turn: Turn, asked: AskedNow, channel: Channel, out: datetime | None) -> bool:
        """Whether a message came sooner after its question was `out` than anybody reads it."""
        incoming = turn.incoming
        took = NO_TIME if out is None else incoming.received_at - out
        # Asked in any case: the pace of this person is learnt from it.
        in_a_blink = self.paces.is_too_soon(turn.contact.id, incoming.key, took, channel.soonest)
        return in_a_blink or (took < AFTER_START and outbox.written_at(asked.screen) < self.began)

    def is_newest(self, turn: Turn, words_at: datetime) -> bool:
        """Whether somebody's words came to the chat between the open question and the message."""
        asked, shown = turn.screen.asked, self.sender.newest(turn.contact.id, QUESTION)
        if asked is None or turn.interview is None:
            return False
        return max(shown.at, outbox.written_at(asked.screen)) < words_at <= turn.incoming.received_at

    async def seen(self, turn: Turn, asked: AskedNow, channel: Channel, *, too_soon: bool) -> int:
        """Return the newest showing of the open question that a message can have been written after; 0 if there is
        none.

        The question may have been shown more than once. Then the newest showing that we know of came after these
        words, and an older one before.
        """
        incoming, least = turn.incoming, max(channel.soonest, AFTER_START) if too_soon else NO_TIME

        def under_way(number: int, by: str) -> bool:
            lately = OUT_ELSEWHERE if by != self.worker else NO_TIME if too_soon else OUT_AT_ONCE
            return incoming.received_at - outbox.written_at(number) < lately

        shown = await outbox.shown_in(turn.session, turn.contact.id, QUESTION, asked.question, under_way)
        seen = 0
        for one in (self.sender.newest(turn.contact.id, QUESTION), *shown):
            out = channel.out_at(one.ref, one.at)
            if out is not None and is_after(incoming, out + least, asked):
                seen = max(seen, one.id)
        return seen


def is_after(incoming: Incoming, out: datetime, asked: AskedNow) -> bool:
    """Whether a message was written after a question was `out`, by our clock.

    A message that was held up on its way came later than it was written. The two clocks differ, but each runs evenly:
    such a message was written sooner after the one typed before it than the question went out.
    """
    if incoming.received_at < out:
        return False
    if asked.typed is None or abs(incoming.received_at - incoming.at) > LONGEST_DELAY:
        return True
    theirs, ours = asked.typed
    return incoming.at - theirs + ROUNDING >= out - ours


def asked_now(turn: Turn, before: AskedNow | None, about: str, number: int) -> dict[str, AskedNow]:
    """Return the screen's field for what a chat is asked once the message `number` is shown; empty if nothing changes."""
    anew = before is None or before.about != about
    if not (anew or turn.shows_anew):
        return {}
    question = number if before is None or anew else before.question
    return {"asked": AskedNow(about, question, number, typed_before(turn, before, number))}


def typed_before(turn: Turn, before: AskedNow | None, number: int) -> tuple[datetime, datetime] | None:
    """Return the moment of this message by the platform's clock and by ours, if `number` replies to it in the outbox.

    No platform says when a button was pressed; then what was typed shortly before serves as well.
    """
    at = outbox.written_at(number)
    if turn.incoming.kind is not MessageKind.PRESS:
        return turn.incoming.at, at
    typed = before.typed if before else None
    return typed if typed and at - typed[1] < EVENLY else None
