"""One message, one unit of work: who sent it and what to answer are saved together; only then is anything sent.

`Dispatch.handle` returns when the message's effect is on disk, so that a webhook may answer 200 and a poller may move
on. It raises when the database refused, so that the platform delivers the message again. A fault in a handler is
different: nothing of the turn is kept, the person gets an apology that says what to do, and the fault is logged
without a word of what was said.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import InitVar, dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Final

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from bot.channels.base import Channel
from bot.delivery import Delivery
from bot.early import EarlyWords, asked_now
from bot.logs import frames
from bot.metrics import DROPPED
from bot.strangers import Strangers
from bot.trouble import Trouble
from handlers.buttons import Leads
from handlers.interviewing.fill_in import QUESTION
from handlers.library import Library
from handlers.marking import marked
from handlers.membership import deputising
from handlers.messages import Incoming, MessageKind, Reply, Rows
from handlers.routing import route
from handlers.turn import Stray, Turn
from handlers.unseen import without
from storage import outbox
from storage.envelopes import Envelope
from storage.kept import ShownButton
from storage.priorities import ASKED_FOR, IN_DANGER
from storage.session import Session
from storage.tables import Contact
from storage.unit_of_work import Identity, Storage, TurnWork

Posted = list[outbox.DueMessage]
"""The messages of a turn, whichever process sends them."""
REFUSALS: Final = {"DataError", "IntegrityConstraintViolationError"}
"""asyncpg's names for values that cannot be written. asyncpg itself is not imported unless it is used."""
OF_VALUES: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""Errors that the same message would meet again, however often it came."""

log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Dispatch:
    """Handles messages of every channel. `worker` names this process in the outbox.

    `told` remembers who was told of a trouble before there was a dispatch.
    """

    storage: Storage
    library: Library
    delivery: Delivery
    worker: str
    clock: Callable[[], datetime] = utc_now
    told: InitVar[Trouble | None] = None
    strangers: Strangers = field(init=False)
    trouble: Trouble = field(init=False)
    early: EarlyWords = field(init=False)

    def __post_init__(self, told: Trouble | None) -> None:
        self.strangers = Strangers(self.delivery.parts)
        self.trouble = told or Trouble(self.storage)
        self.early = EarlyWords(self.delivery.sender, self.worker)

    async def handle(self, incoming: Incoming, channel: Channel) -> None:
        """Give `incoming` its one effect. Raises DBAPIError if the database is in no state to save it.

        The sender is then told. A message that can never be saved is dropped: it would come again for ever.
        """
        try:
            posted = await self.settled(incoming, channel)
        except Exception:
            self.trouble.not_saved(incoming, channel)
            raise
        await self.trouble.saved(incoming, channel)
        if posted:
            self.delivery.offer([due for due in posted if self.delivery.serves(due.channel)])
        silent = not posted and self.strangers.is_silent((incoming.channel, incoming.address), self.clock())
        if incoming.kind is MessageKind.PRESS and incoming.answers and not silent:
            self.delivery.presses.answer(channel, incoming.answers, notice_of(posted))

    async def settled(self, incoming: Incoming, channel: Channel) -> Posted | None:
        """Return the messages of the turn, or of the apology for a fault in it, once they are on disk."""
        envelope = self.envelope_of(incoming)
        try:
            return await self.storage.turn(envelope, self.turn_of(incoming, channel, route))
        except Exception as error:
            # If the database is in no state to save, that is no fault of the handler: let the message come again.
            if isinstance(error, DBAPIError) and not is_about_values(error):
                raise
            log.error("handler failed", where=frames(error), error=type(error).__name__)
            return await self.apologised(envelope, incoming, channel)

    async def apologised(self, envelope: Envelope, incoming: Incoming, channel: Channel) -> Posted | None:
        """Return the messages of a turn that apologises; None if not even that can be saved."""
        try:
            return await self.storage.turn(envelope, self.turn_of(incoming, channel, apologise))
        except Exception as error:
            if not would_fail_again(error):
                raise
            DROPPED.labels(incoming.channel, incoming.kind).inc()
            log.error("message dropped", kind=incoming.kind, where=frames(error), error=type(error).__name__)
            return None

    def envelope_of(self, incoming: Incoming) -> Envelope:
        """Return the envelope of a message. No platform says when a button was pressed."""
        sent_at = None if incoming.kind is MessageKind.PRESS else incoming.at
        return Envelope(
            incoming.channel,
            incoming.address,
            incoming.key,
            incoming.order,
            sent_at,
            came_at=self.clock(),
            also=incoming.also,
            number=incoming.number,
        )

    def turn_of(
        self, incoming: Incoming, channel: Channel, handler: Callable[[Turn], Awaitable[None]]
    ) -> TurnWork[Posted]:
        """Return the work of one turn, for the storage's gate."""

        async def work(session: Session, identity: Identity) -> Posted:
            came_at = self.clock()
            # A deputy whose time is over holds the role no more, even if nothing has ended it yet.
            roles = [role for role in identity.roles if role.in_force(came_at)]
            if len(roles) < len(identity.roles):
                await self.end_over(session, identity, came_at)
            turn = Turn(
                incoming=incoming,
                session=session,
                contact=identity.contact,
                person=identity.person,
                roles=roles,
                # A platform's clock that runs ahead must not open a period before its day.
                now=min(incoming.at, came_at).astimezone(self.library.zone),
                came_at=came_at.astimezone(self.library.zone),
                can=channel.can,
                library=self.library,
                interview=identity.interview,
                stray=Stray.LATE if identity.late else None,
            )
            await self.early.mark(turn, channel, identity.words_at)
            offered = turn.screen.offer
            await handler(turn)
            self.trouble.spare(turn)
            return await self.post(turn, channel, self.not_before(turn, channel, offered))

        return work

    async def end_over(self, session: Session, identity: Identity, now: datetime) -> None:
        """End a role whose time is over before its holder is answered, so that they go on with no draft of the place.

        Whoever holds no other role is told by the answer itself.
        """
        others = any(role.in_force(now) for role in identity.roles)
        until = self.library.quiet.over(now.astimezone(self.library.zone))
        await deputising.end_over(session, now, until, answered=None if others else identity.contact.id)

    def not_before(self, turn: Turn, channel: Channel, offered: object) -> datetime | None:
        """Return when the turn's replies may be sent, if not at once.

        Only strangers are held to a few replies. They are answered at once if a right code or a number on the roster
        opens them an offer now, or did before (`offered`). Channels without a pace hold nobody back.
        """
        expected = turn.roles or turn.screen.offer or offered
        if expected or not channel.pace.per_second:
            return None
        return self.strangers.hold_back(turn, self.clock())

    async def post(self, turn: Turn, channel: Channel, not_before: datetime | None = None) -> Posted:
        """Put the turn's replies into the outbox; return the rows to send once they are committed.

        The turn's own replies wait until `not_before`; then any process may claim them.
        """
        posted: Posted = []
        unseen = self.unseen(turn)
        for contact_id, said in self.in_sending_order(turn, channel):
            reply = await as_seen(turn, said, unseen) if contact_id == turn.contact.id else said
            # A reply that only tidies an earlier message says nothing new if that message cannot be changed.
            if reply.edits_slot and not turn.can.edits:
                continue
            if contact_id == turn.contact.id:
                posted += self.put_here(turn, reply, not_before)
            elif contact := await turn.session.get(Contact, contact_id):
                posted.append(self.put(turn, contact, reply))
        return posted

    def put_here(self, turn: Turn, reply: Reply, not_before: datetime | None) -> Posted:
        """Put a reply to the turn's own chat into the outbox; return its row, or none if it waits."""
        due = self.put(turn, turn.contact, reply, not_before)
        remember_shown(turn, reply, due.id)
        return [due] if not_before is None else []

    def in_sending_order(self, turn: Turn, channel: Channel) -> list[tuple[int, Reply]]:
        """Return the turn's replies, the next question before the edit that takes the buttons off the one before it.

        A chat's messages go one after the other, so whoever answers would wait for two calls, and the platform may be far
        away. The edit then names its message, since the question's slot holds the next one by then.
        """
        ref = self.message_asked(turn) if channel.pace.per_second and turn.can.edits else ""
        if not ref:
            return turn.replies
        return edits_last(turn.replies, ref)

    def message_asked(self, turn: Turn) -> str:
        """Return the platform's id of the message with the open question, "" if that is not certain: something is still on
        its way to the chat, or another process may have sent it."""
        asked, newest = turn.screen.asked, self.delivery.sender.newest(turn.contact.id, QUESTION)
        known = asked is not None and newest.id >= asked.screen
        certain = self.delivery.alone and turn.contact.id not in self.delivery.chats
        return newest.ref if known and certain else ""

    def unseen(self, turn: Turn) -> tuple[Leads, ...]:
        """Return what this chat cannot be shown: where there is only text, pictures, and files unless links lead to them."""
        if not turn.can.text_alone:
            return ()
        return (Leads.PICTURE,) if self.delivery.sender.links else (Leads.PICTURE, Leads.FILE)

    def put(
        self, turn: Turn, contact: Contact, reply: Reply, not_before: datetime | None = None
    ) -> outbox.DueMessage:
        """Put one reply into the outbox; it is ours to send if we send on its channel and it may go at once."""
        ours = not_before is None and self.delivery.serves(contact.channel)
        return outbox.post(
            turn.session,
            contact,
            reply.to_json(),
            at=utc_now(),
            worker=self.worker if ours else None,
            slot=reply.slot,
            priority=IN_DANGER if turn.urgent and contact is turn.contact else ASKED_FOR,
            not_before=not_before,
        )


def is_about_values(error: DBAPIError) -> bool:
    """Whether the database refused the values to be written: it would do so each time, so repeating is no use."""
    cause = error.orig.__cause__ if error.orig else None
    names = {base.__name__ for base in type(cause).__mro__}
    return isinstance(error, DataError | IntegrityError) or not REFUSALS.isdisjoint(names)


def would_fail_again(error: Exception) -> bool:
    """Whether the message itself cannot be saved, rather than the database being in no state to save it."""
    return is_about_values(error) if isinstance(error, DBAPIError) else isinstance(error, OF_VALUES)


async def as_seen(turn: Turn, reply: Reply, unseen: Collection[Leads]) -> Reply:
    """Return a reply as its chat can use it: without ways to what is not seen there, marked if it has no buttons."""
    reply = without(reply, unseen) if unseen else reply
    if reply.choices and not turn.can.buttons:
        return await marked(turn, reply)
    return reply


def edits_last(replies: Sequence[tuple[int, Reply]], ref: str) -> list[tuple[int, Reply]]:
    """Return some replies, those that only tidy up last; these change the message `ref`."""
    said, edits = [], []
    for to, reply in replies:
        if only_tidies(reply):
            edits.append((to, replace(reply, edits=ref)))
        else:
            said.append((to, reply))
    return said + edits


def only_tidies(reply: Reply) -> bool:
    """Whether a reply says nothing new: it changes the message of the open question, and is left out without that."""
    return reply.edits_slot == QUESTION and not reply.slot and not reply.anew


def shown(rows: Rows) -> tuple[ShownButton, ...]:
    """Return some rows of buttons as the screen remembers them."""
    return tuple(ShownButton(choice.label, choice.data) for choice in chain.from_iterable(rows))


def remember_shown(turn: Turn, reply: Reply, number: int) -> None:
    """Keep what the last message offers, so that its words or numbers can be typed, and what it asks."""
    screen = turn.screen
    facts: dict[str, Any] = {}
    if reply.choices or reply.actions:
        choices, actions = shown(reply.choices), shown(reply.actions)
        if (screen.choices, screen.actions, screen.lettered) != (choices, actions, reply.lettered):
            facts |= {"choices": choices, "actions": actions, "lettered": reply.lettered}
    if reply.slot == QUESTION:
        facts |= asked_now(turn, screen.asked, reply.about, number)
    if facts:
        turn.remember(**facts)


def notice_of(posted: Posted | None) -> str:
    return next((str(due.body["notice"]) for due in posted or () if due.body.get("notice")), "")


async def apologise(turn: Turn) -> None:
    """Tell a person that a handler failed: silence is never an answer."""
    turn.reply(turn.say("common.fault"))
