"""Sends one message of the outbox on its channel: in parts that fit, with its file, or in place of an older one."""

import asyncio
from collections.abc import Container
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from markupsafe import Markup

from bot.channel_queue import HeldMessage
from bot.channels.base import Channel, Outgoing
from bot.channels.text import fits, split
from bot.channels.written import rendered, shortened
from bot.file_links import FileLinks
from bot.gathering import gathered, with_way_in
from bot.message_files import MessageFiles
from bot.recent import Recent
from handlers.buttons import Leads
from handlers.messages import Capabilities, Reply
from handlers.unseen import without
from handlers.wording import LOCALES, Wording, wording
from storage import outbox
from storage.outbox import DueMessage, SentInSlot
from storage.priorities import ANSWERS, ASKED_FOR
from storage.tables import now
from storage.unit_of_work import Storage

CAPTION: Final = 1024
SLOTS_KEPT: Final = 50_000

Part = tuple[Reply, bytes | None]
"""What goes out in one call: a reply whose text is short enough, and its file."""
NOTHING: Final = SentInSlot(0, "", datetime.min.replace(tzinfo=UTC))
"""Stands for no message sent."""


class MessageSender:
    """Sends for one process. `held` are the ids of the messages whose outcome is not on disk yet."""

    def __init__(
        self, storage: Storage, data_dir: Path, held: Container[int], links: FileLinks | None = None
    ) -> None:
        self.storage = storage
        self.held = held
        self.files, self.links = MessageFiles(storage, data_dir), links
        self.alone = storage.engine.dialect.name == "sqlite"
        self.slots: Recent[tuple[int, str], SentInSlot] = Recent(SLOTS_KEPT)
        """The newest message that this process sent in a contact's slot."""

    async def send(self, message: HeldMessage, channel: Channel) -> None:
        """Send what is left of a message (a failure may have cut it short before), together with those that go with
        it.

        Raises SendProblem.
        """
        if message.parts is None:
            message.parts = await self.parts(message, channel.can)
        while message.parts:
            part, file = message.parts[0]
            due, key = message.due, f"{message.due.id}-{message.parts_sent}"
            sent = await channel.send(Outgoing(due.address, part, message.edit_ref, file, key, due.priority))
            message.ref = sent.ref
            message.parts.pop(0)
            message.parts_sent += 1
            if part.slot:
                self.slots[due.contact_id, part.slot] = SentInSlot(due.id, sent.ref, now())

    def letter_for(self, reply: Reply, can: Capabilities, say: Wording) -> Reply:
        """Return what nobody asked for as the channel has it: without buttons to files, short, with a way in."""
        if can.text_alone:
            reply = without(reply, (Leads.PICTURE,) if self.links else (Leads.PICTURE, Leads.FILE))
        if can.brief:
            reply = shortened(reply, say)
        return with_way_in(reply, say, can.taps) if can.gathers else reply

    async def parts(self, message: HeldMessage, can: Capabilities) -> list[Part]:
        """Return what is to be sent of a message, as the channel can; nothing if it edits a message that does not
        exist.

        Sets the id of the message that it replaces.
        """
        reply = gathered(message)
        say = wording(message.due.locale or LOCALES[0])
        if message.due.priority > ASKED_FOR:  # answers were composed for their chat
            reply = self.letter_for(reply, can, say)
        reply = await self.linked(message.due, reply, can, say)
        reply = rendered(reply, can, say, answers=message.due.priority in ANSWERS)
        if not (reply.edits or reply.edits_slot):
            file = await self.files.of(message.due, reply)
            return parts_of(reply if file is not None else without_file(reply, say), can, file)
        replaced = await self.replaced(message.due, reply)
        if replaced and can.edits:
            message.edit_ref = replaced
            return parts_of(reply, can, None)[:1]
        return parts_of(reply, can, None) if reply.anew else []

    async def linked(self, due: DueMessage, reply: Reply, can: Capabilities, say: Wording) -> Reply:
        """Return the reply with a link instead of a spreadsheet that its channel does not take, if links can be made."""
        document = reply.document
        if self.links is None or document is None or document.made is None or takes(can, document.name):
            return reply
        content = await self.files.of(due, reply)
        if content is None:
            return replace(reply, document=None)
        link = await asyncio.to_thread(self.links.make, f"letter {due.id}", document.name, content)
        told = say("channel.file_link", url=link.url, until=link.until)
        return replace(reply, document=None, text=Markup("\n\n").join(filter(None, (reply.text, told))))

    async def replaced(self, due: DueMessage, reply: Reply) -> str:
        """Return the platform's id of the message that `reply` replaces, or "".

        In a slot, that is the newest message sent before. If other processes send too, what this one remembers is the
        newest only until it is written down.
        """
        known = due.edit_ref or reply.edits
        newest = self.newest(due.contact_id, reply.edits_slot)
        if not known and (self.alone or newest.id in self.held):
            known = newest.ref
        return known or await outbox.slot_ref(self.storage, due.contact_id, reply.edits_slot, due.id)

    def newest(self, contact_id: int, slot: str) -> SentInSlot:
        """Return what this process sent last in a contact's slot, `NOTHING` if that is not known."""
        return self.slots.get((contact_id, slot), NOTHING)


def without_file(reply: Reply, say: Wording) -> Reply:
    """Return a reply whose picture or file cannot be made or read any more, with a sentence that it is missing."""
    if not (reply.picture or reply.document):
        return reply
    text = Markup("\n\n").join(filter(None, (reply.text, say("channel.file_missing"))))
    return replace(reply, text=text, picture=None, document=None)


def takes(can: Capabilities, name: str) -> bool:
    """Whether a channel takes a file of this name."""
    return can.documents is None or name.lower().endswith(can.documents)


def parts_of(reply: Reply, can: Capabilities, file: bytes | None) -> list[Part]:
    """Return the messages that `reply` needs on a channel: a file with its caption, long texts in parts.

    The buttons and the slot belong to the last one.
    """
    if fits(reply.text, can.max_text if file is None else min(CAPTION, can.max_text)):
        return [(reply, file)]
    *early, last = split(reply.text, can.max_text)
    parts: list[Part] = [(Reply(text), None) for text in early]
    if file is None:
        return [*parts, (replace(reply, text=last), None)]
    first = Reply(Markup(), picture=reply.picture, document=reply.document)
    return [(first, file), *parts, (replace(reply, text=last, picture=None, document=None), None)]
