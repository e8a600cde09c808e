"""Danh sách gửi vào cuộc trò chuyện: an administrator sends a list of villages or people, sees what it would change,
and loads it with a button.

The file is fetched and read after the message was answered (`bot.sent_lists`); here it is only noted.
"""

from typing import Final

from figures import access
from handlers.buttons import Button, Presses, RowId, button
from handlers.turn import Turn
from storage.tables import Attachment, ListState, RoleName

pressed: Final = Presses()
ENDINGS: Final = (".xlsx", ".docx", ".csv")
"""The endings of a list's file name."""
RECORDED: Final = ("audio/", "video/")
"""The beginnings of media types that are no list."""
LARGEST: Final = 1024 * 1024
"""The most bytes of a list sent by chat: some thousand rows. The command loads larger ones."""


@button("ds:y:{list}")
class LoadList(Button):
    """Load a list that was shown."""

    list: RowId


@button("ds:n:{list}")
class DropList(Button):
    """Leave a list that was shown unloaded."""

    list: RowId


def is_sent(turn: Turn) -> bool:
    """Whether somebody who may load lists sent a file."""
    file = turn.incoming.file
    is_document = file is not None and not file.media.startswith(RECORDED)
    return is_document and bool(access.holds(turn.view, RoleName.ADMINISTRATOR))


async def take(turn: Turn) -> None:
    """Note a list that was sent, or say why it cannot be one."""
    file = turn.incoming.file
    if file is None:
        return
    if not file.name.lower().endswith(ENDINGS):
        turn.reply(turn.say("lists.ending", name=file.name))
    elif file.size > LARGEST:
        turn.reply(turn.say("lists.too_large", limit=LARGEST // 1024 // 1024))
    else:
        turn.session.add(
            Attachment(
                contact_id=turn.contact.id,
                path="",
                file_ref=file.ref,
                name=file.name,
                size=file.size,
                state=ListState.READING,
            )
        )
        turn.reply(turn.say("lists.reading", name=file.name))


@pressed.on(LoadList, DropList)
async def decide(turn: Turn, button: LoadList | DropList) -> None:
    """Load a list that was shown, or drop it; only once, and only for its sender."""
    sent = await turn.session.get(Attachment, button.list)
    if sent is None or sent.contact_id != turn.contact.id or sent.state != ListState.SHOWN:
        turn.reply(turn.say("lists.done_with"))
    elif not access.holds(turn.view, RoleName.ADMINISTRATOR):
        turn.reply(turn.say("lists.not_yours"))
    elif isinstance(button, DropList):
        sent.state = ListState.DROPPED
        turn.reply(turn.say("lists.dropped", name=sent.name))
    else:
        sent.state = ListState.LOADING
        turn.reply(turn.say("lists.loading", name=sent.name))
