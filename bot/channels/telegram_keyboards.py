"""A reply as Telegram shows it: its buttons within what Telegram takes, and the ways to send its file."""

from typing import Any, Final

import structlog
from markupsafe import Markup

from handlers.messages import Choice, Reply, Rows
from handlers.wording import LOCALES, wording

Params = dict[str, Any]
"""The parameters of a call."""

MAX_BUTTONS: Final = 100
MAX_KEYBOARD: Final = 9_000
"""Bytes. A little more is refused (REPLY_MARKUP_TOO_LONG), together with the whole message."""
KEYS: Final = 32
"""Bytes that each button takes beside its words."""
NO_KEYBOARD: Final[Params] = {"remove_keyboard": True}
SEND_PHOTO: Final = "send_Photo"
SEND_DOCUMENT: Final = "send_Document"

log = structlog.get_logger(__name__)


def ways_of(reply: Reply) -> tuple[tuple[str, str], ...]:
    """Return the methods by which the reply's file may be sent, best first, each with the name of its field."""
    document = (SEND_DOCUMENT, "document")
    if reply.document and not reply.document.media_type.startswith("image/"):
        return (document,)
    return (SEND_PHOTO, "photo"), document


def in_every_language(key: str) -> Markup:
    """Return a sentence in each language, for a person whose language is not known."""
    return Markup(" / ").join(wording(locale)(key) for locale in LOCALES)


def keyboard_of(reply: Reply) -> Params:
    """Return the buttons of a new message. A message without any removes what an earlier `ask_for` left."""
    if not reply.ask_for:
        return inline_keyboard(reply) or NO_KEYBOARD
    asking = {
        "text": str(in_every_language(f"channel.share_{reply.ask_for}")),
        f"request_{reply.ask_for}": True,
    }
    typed = [[{"text": choice.label} for choice in row] for row in (*reply.choices, *reply.actions)]
    return {"keyboard": [[asking], *typed], "resize_keyboard": True, "one_time_keyboard": True}


def fitting(reply: Reply) -> Rows:
    """Return the choices that Telegram takes beside the actions."""
    number = sum(len(row) for row in reply.actions)
    size = sum(size_of(row) for row in reply.actions)
    for place, row in enumerate(reply.choices):
        number, size = number + len(row), size + size_of(row)
        if number > MAX_BUTTONS or size > MAX_KEYBOARD:
            log.info("buttons left out", count=len(reply.choices) - place)
            return reply.choices[:place]
    return reply.choices


def size_of(row: tuple[Choice, ...]) -> int:
    """About how many bytes a row of buttons takes."""
    return sum(len(choice.label.encode()) + len(choice.data) + KEYS for choice in row)


def inline_keyboard(reply: Reply) -> Params | None:
    """Return the choices, then the actions, or None. Of very many choices only the first ones: others can be typed."""
    rows: Rows = (*fitting(reply), *reply.actions)
    if not rows:
        return None
    buttons = [[{"text": choice.label, "callback_data": choice.data} for choice in row] for row in rows]
    return {"inline_keyboard": buttons}
