"""Reads the two kinds of update that make up nearly all of them straight from their JSON: a text, and a press.

python-telegram-bot builds a dozen objects of an update, of which a few values are used; at a thousand updates a
second that is a sixth of the work. Whatever is not exactly one of the two plain shapes is left to the library.
"""

from datetime import UTC, datetime
from typing import Any, Final

from handlers.messages import Incoming, Kind

PLAIN_TEXT: Final = frozenset({"message_id", "date", "chat", "from", "text", "entities"})


def quick_incoming(channel: str, data: dict[str, Any]) -> Incoming | None:
    """What a person did in a private chat, or None where the library has to look."""
    try:
        if len(data) != 2:
            return None
        if "message" in data:
            return of_text(channel, data["update_id"], data["message"])
        if "callback_query" in data:
            return of_press(channel, data["update_id"], data["callback_query"])
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError):
        return None
    return None


def of_text(channel: str, update_id: int, message: dict[str, Any]) -> Incoming | None:
    chat, person, text = message["chat"], message["from"], message["text"]
    if chat["type"] != "private" or not message.keys() <= PLAIN_TEXT or not isinstance(text, str) or not text:
        return None
    return Incoming(
        channel,
        str(int(chat["id"])),
        str(int(update_id)),
        int(update_id),
        Kind.TEXT,
        datetime.fromtimestamp(int(message["date"]), UTC),
        text=text,
        message_ref=str(int(message["message_id"])),
        locale=str(person.get("language_code") or "")[:2],
    )


def of_press(channel: str, update_id: int, query: dict[str, Any]) -> Incoming | None:
    message, person, data = query["message"], query["from"], query["data"]
    chat = message["chat"]
    if chat["type"] != "private" or not isinstance(data, str) or not data:
        return None
    return Incoming(
        channel,
        str(int(chat["id"])),
        str(int(update_id)),
        int(update_id),
        Kind.PRESS,
        datetime.now(UTC),
        press=data,
        message_ref=str(int(message["message_id"])),
        locale=str(person.get("language_code") or "")[:2],
        answers=str(query["id"]),
    )
