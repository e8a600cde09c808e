"""Tells people that their message could not be saved, once in a trouble, and that it was, once it is.

Nothing can be written then, so this goes past the outbox, straight to the platform, one message after the other. The
platform delivers what was not acknowledged again; when it is saved, whoever was told reads so before the answer.
"""

import asyncio
from typing import Final

import structlog
from sqlmodel import select

from bot.channels.base import Channel, Outgoing, SendProblem
from handlers.messages import Incoming, MessageKind, Reply
from handlers.wording import locale_for, wording
from storage.tables import Contact
from storage.unit_of_work import Storage

PATIENCE: Final = 3.0
"""Seconds for reading somebody's language, and for telling that a message was saved before its answer goes."""
AT_REST: Final = 600.0
"""Seconds after a trouble in which nobody is told of a new one: a database that comes and goes is one trouble."""
WAITING: Final = 1000
"""How many people may wait to be told; the others are told at their next message."""

log = structlog.get_logger(__name__)

Chat = tuple[str, str]


class Trouble:
    """Who was told. A process that ends forgets it."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.told: set[Chat] = set()
        """Chats that wait for a message of theirs to be saved."""
        self.ended: dict[Chat, float] = {}
        """When the last trouble of a chat ended, by the loop's time."""
        self.sending = asyncio.Lock()
        self.tasks: set[asyncio.Task[None]] = set()

    def not_saved(self, incoming: Incoming, channel: Channel) -> None:
        """Tell the sender, unless they know."""
        chat = incoming.channel, incoming.address
        if incoming.kind is MessageKind.BLOCKED or chat in self.told or len(self.tasks) >= WAITING:
            return
        now = asyncio.get_running_loop().time()
        self.ended = {one: at for one, at in self.ended.items() if now - at < AT_REST}
        if chat in self.ended:
            return
        self.told.add(chat)
        task = asyncio.create_task(self.tell_of_trouble(incoming, channel), name="not saved")
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def saved(self, incoming: Incoming, channel: Channel) -> None:
        """Tell the sender that the trouble is over, if they know of one."""
        chat = incoming.channel, incoming.address
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
        """In its turn, unless the trouble is over by then. Whom it does not reach does not count as told."""
        chat = incoming.channel, incoming.address
        async with self.sending:
            if chat in self.told and not await self.tell(incoming, channel, "common.not_saved"):
                self.told.discard(chat)

    async def tell(self, incoming: Incoming, channel: Channel, key: str) -> bool:
        """Send a sentence in the sender's language. False if the platform did not take it."""
        say = wording(locale_for(await self.kept_locale(incoming), incoming.locale))
        try:
            await channel.send(Outgoing(incoming.address, Reply(say(key))))
        except SendProblem as problem:
            log.warning("trouble not told", problem=str(problem))
            await asyncio.sleep(problem.retry_after or 0.0)
            return False
        return True

    async def kept_locale(self, incoming: Incoming) -> str:
        """The language that somebody chose, as far as the database can still be read."""
        chat = incoming.channel, incoming.address
        chosen = select(Contact.locale).where(Contact.channel == chat[0], Contact.address == chat[1])
        try:
            async with asyncio.timeout(PATIENCE), self.storage.reading() as session:
                return (await session.exec(chosen)).first() or ""
        except Exception as error:
            log.info("language not read", error=type(error).__name__)
            return ""
