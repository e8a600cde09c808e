"""Tells people that their message could not be saved, once in a trouble, and that it was, once it is.

Somebody who cries out a danger is told each time, at once, whom to call: a disk may be full for a whole night, and
nobody else hears the cry.

Nothing can be written during a trouble, so this bypasses the outbox and goes straight to the platform, one message
after the other. The platform delivers again what was not acknowledged. When that is saved, whoever was told reads so
before the answer. Of several messages that waited, each has its effect, but an answer does not show again what the one
before already shows: somebody who asked three times whether anybody is there reads once where the conversation stands.
"""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any, Final

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from bot.channels.base import Channel, Outgoing, SendProblem
from handlers.cries import CriedAt, IsAnother, IsEmergency
from handlers.danger import cried_by_anybody
from handlers.emergency import AskKind, Raise, RaiseAnother
from handlers.messages import Incoming, MessageKind, Reply
from handlers.navigation import Command
from handlers.tables import OF_ALARMS, PRESSES
from handlers.turn import Turn
from handlers.wording import locale_for, wording
from storage.priorities import ASKED_FOR, IN_DANGER
from storage.tables import Contact
from storage.unit_of_work import Storage

PATIENCE: Final = 3.0
"""Seconds for reading somebody's language, and for saying that a message was saved before its answer goes; also the
longest pause after somebody could not be told."""
AT_REST: Final = 600.0
"""For this many seconds after a trouble nobody is told of a new one: a database that comes and goes is one trouble."""
CRIES: Final = 5
"""How many of one chat's messages about a danger are answered in a minute; the platform brings the others again."""
MINUTE: Final = 60.0
OF_DANGER: Final = (AskKind, Raise, RaiseAnother, IsEmergency, IsAnother, CriedAt)
"""The buttons that tell of a danger."""
WAITING: Final = 1000
"""How many people may wait to be told; the others are told at their next message."""

log = structlog.get_logger(__name__)

ChatKey = tuple[str, str]


@dataclass
class Unsaved:
    """The messages of one chat that could not be saved, by key, and the answers to those that now are."""

    keys: set[str] = field(default_factory=set)
    shown: dict[str, list[Reply]] = field(default_factory=dict)
    cried: dict[str, float] = field(default_factory=dict)
    """Messages about a danger that were answered with whom to call, and when that was, by the loop's time."""

    def before(self, key: str) -> list[Reply]:
        """Return the answers to the messages before `key`: the same if its transaction is repeated."""
        earlier = takewhile(lambda one: one != key, self.shown)
        return [reply for one in earlier for reply in self.shown[one]]


class Trouble:
    """Remembers who was told. A process that ends forgets it."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.told: set[ChatKey] = set()
        """Chats that wait for a message of theirs to be saved."""
        self.unsaved: dict[ChatKey, Unsaved] = {}
        """Of those chats, and of others for as long as messages of theirs are still to come."""
        self.ended: dict[ChatKey, float] = {}
        """When the last trouble of a chat ended, by the loop's time."""
        self.sending = asyncio.Lock()
        self.tasks: set[asyncio.Task[None]] = set()

    def not_saved(self, incoming: Incoming, channel: Channel) -> None:
        """Tell the sender, unless they know or were told lately."""
        chat = incoming.channel, incoming.address
        if incoming.kind is MessageKind.BLOCKED:
            return
        if chat not in self.told:
            self.forget_old()
        if self.is_about_danger(incoming):
            self.held(incoming)
            if self.may_be_told_again(incoming):
                self.told.add(chat)
                self.begin(self.tell_whom_to_call(incoming, channel))
        elif chat in self.told or chat in self.ended:
            self.held(incoming)
        elif len(self.tasks) < WAITING:
            self.told.add(chat)
            self.held(incoming)
            self.begin(self.tell_of_trouble(incoming, channel))

    def is_about_danger(self, incoming: Incoming) -> bool:
        """Whether a message cries out a danger, or was written after one that did."""
        unsaved = self.unsaved.get((incoming.channel, incoming.address), Unsaved())
        return cries_out(incoming) or (bool(unsaved.cried) and incoming.key not in unsaved.keys)

    def begin(self, telling: Coroutine[Any, Any, None]) -> None:
        """Start telling, while the message is given back to its platform."""
        task = asyncio.create_task(telling, name="not saved")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def may_be_told_again(self, incoming: Incoming) -> bool:
        """Whether to answer this message with whom to call: no message twice, and only a few a minute."""
        cried = self.unsaved[incoming.channel, incoming.address].cried
        at = asyncio.get_running_loop().time()
        lately = sum(at - told < MINUTE for told in cried.values())
        if incoming.key in cried or lately >= CRIES:
            return False
        cried[incoming.key] = at
        return True

    def forget_old(self) -> None:
        """Forget troubles that are long over, with messages that never came again."""
        now = asyncio.get_running_loop().time()
        self.ended = {chat: at for chat, at in self.ended.items() if now - at < AT_REST}
        known = self.told | self.ended.keys()
        self.unsaved = {chat: kept for chat, kept in self.unsaved.items() if chat in known}

    def held(self, incoming: Incoming) -> None:
        """Remember that a message waits to be saved."""
        self.unsaved.setdefault((incoming.channel, incoming.address), Unsaved()).keys.add(incoming.key)

    def spare(self, turn: Turn) -> None:
        """Remove from `turn` what the answers to earlier waiting messages already show.

        Words written before their question was shown are quoted back with it: nothing shows that yet.
        """
        key = turn.incoming.key
        unsaved = self.unsaved.get((turn.incoming.channel, turn.incoming.address))
        if unsaved is None or key not in unsaved.keys or isinstance(turn.screen.expects, OF_ALARMS):
            return
        before = unsaved.before(key)
        unsaved.shown[key] = [reply for to, reply in turn.replies if is_answer(turn, to, reply)]
        if not turn.early:
            turn.replies = [
                (to, reply)
                for to, reply in turn.replies
                if not (is_answer(turn, to, reply) and shows(before, reply))
            ]

    async def saved(self, incoming: Incoming, channel: Channel) -> None:
        """Tell the sender that the trouble is over, if they know of one."""
        chat = incoming.channel, incoming.address
        if chat in self.unsaved:
            self.unsaved[chat].keys.discard(incoming.key)
            if not self.unsaved[chat].keys:
                del self.unsaved[chat]
        if chat not in self.told:
            return
        self.told.discard(chat)
        self.ended[chat] = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(PATIENCE):
                await self.tell(incoming, channel, "common.saved_again")
        except TimeoutError:
            log.warning("end of trouble not told")

    async def tell_of_trouble(self, incoming: Incoming, channel: Channel) -> None:
        """Tell in turn, unless the trouble is over by then. Somebody who is not reached does not count as told."""
        chat = incoming.channel, incoming.address
        async with self.sending:
            if chat in self.told and not await self.tell(incoming, channel, "common.not_saved"):
                self.told.discard(chat)

    async def tell_whom_to_call(self, incoming: Incoming, channel: Channel) -> None:
        """Say it at once, before everybody else. If the platform does not take it, say it when the message comes again."""
        told = await self.tell(incoming, channel, "common.not_saved_danger", IN_DANGER)
        unsaved = self.unsaved.get((incoming.channel, incoming.address))
        if not told and unsaved is not None:
            unsaved.cried.pop(incoming.key, None)

    async def tell(self, incoming: Incoming, channel: Channel, key: str, priority: int = ASKED_FOR) -> bool:
        """Send a sentence in the sender's language. False if the platform did not take it."""
        say = wording(locale_for(await self.kept_locale(incoming), incoming.locale))
        try:
            await channel.send(Outgoing(incoming.address, Reply(say(key)), priority=priority))
        except SendProblem as problem:
            log.warning("trouble not told", problem=str(problem))
            await asyncio.sleep(min(problem.retry_after or 0.0, PATIENCE))  # the others wait for their turn
            return False
        except DBAPIError as error:  # of a channel whose access stands in the database
            log.warning("trouble not told", problem=type(error).__name__)
            return False
        return True

    async def kept_locale(self, incoming: Incoming) -> str:
        """Return the language that somebody chose, if the database can still be read."""
        chat = incoming.channel, incoming.address
        chosen = select(Contact.locale).where(Contact.channel == chat[0], Contact.address == chat[1])
        try:
            async with asyncio.timeout(PATIENCE), self.storage.reading() as session:
                return (await session.exec(chosen)).first() or ""
        except Exception as error:
            log.info("language not read", error=type(error).__name__)
            return ""


def cries_out(incoming: Incoming) -> bool:
    """Whether a message may be about a danger, judged by itself alone: nothing else can be looked up now."""
    if incoming.kind is not MessageKind.PRESS:
        return cried_by_anybody(incoming.text)
    pressed = PRESSES.read(incoming.press)
    return isinstance(pressed, OF_DANGER) or pressed == Command("khancap")


def edits(reply: Reply) -> bool:
    """Whether a reply only changes an earlier message."""
    return bool(reply.edits or reply.edits_slot)


def is_answer(turn: Turn, to: int, reply: Reply) -> bool:
    """Whether a reply is a new message to whoever wrote."""
    return to == turn.contact.id and not edits(reply)


def shows(before: Sequence[Reply], reply: Reply) -> bool:
    """Whether some replies already tell what another does: the last one that asks asks the same, or one has the same
    words."""
    if reply.about:
        return reply.about == next((one.about for one in reversed(before) if one.about), "")
    return any((one.text, one.choices) == (reply.text, reply.choices) for one in before)
