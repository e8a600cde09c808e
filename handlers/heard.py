"""What a person says, without what only addresses the bot: its name, and the link that opens it.

A mention comes with a text copied from a group, or by habit. An invitation's link is often pasted or forwarded instead
of pressed; it then means what pressing it would.
"""

import re
from dataclasses import replace
from typing import Final
from urllib.parse import unquote

from handlers.messages import Incoming, MessageKind

ANY_BOT: Final = "[a-z][a-z0-9_]{1,28}bot"
"""How every bot's name is built, if we do not know this one's."""
LINK: Final = re.compile(
    r"(?:\bt\.me|\btelegram\.(?:me|dog)|\btg:(?://)?resolve)[^\s<>\"']{0,200}?[?&]start=\s*([^&#<>\"']+)",
    re.I,
)
"""A link that starts a bot, whoever wrote it: with or without https, as the app or a browser shows it."""
LONGEST_TEXT: Final = 5000
"""The most letters that are read of one message. No platform lets a person send more, but something in between may: a
single text must not keep everybody waiting. It is still longer than any question takes, and then that is said."""
RUN: Final = re.compile(r"(\s{40})\s+|(\d{40})\d+|((\S)\4{39})\4+")
"""A run of blanks, of digits or of one and the same sign that is longer than anything people mean. From each place in it
some patterns would look to its end, thousands of times over, and everybody else would wait."""
LONGEST: Final = 60
"""The most letters after "start=" that can be a code, with dashes and blanks."""


def heard(incoming: Incoming, bot_name: str) -> Incoming:
    """Return `incoming` as if it had been said without the bot's name, and the link pressed."""
    if incoming.kind is MessageKind.PRESS or not incoming.text:
        return incoming
    whole = RUN.sub(r"\1\2\3", incoming.text[:LONGEST_TEXT])
    command = started(whole)
    if command:
        return replace(incoming, kind=MessageKind.TEXT, text=command, photo=None, what="")
    text = unaddressed(whole, bot_name)
    if incoming.kind is MessageKind.TEXT and not text:
        text = "/menu"  # The bot's name and nothing else.
    return incoming if text == incoming.text else replace(incoming, text=text)


def started(text: str) -> str:
    """Return the command that the link in `text` stands for, "" if there is none."""
    # Copied from a browser, the code in a link has signs such as %2D.
    link = LINK.search(text)
    return f"/start {unquote(link[1])[:LONGEST].strip()}" if link else ""


def unaddressed(text: str, bot_name: str) -> str:
    """Return `text` without the bot's name, wherever it stands."""
    if "@" not in text:
        return text
    name = re.escape(bot_name.removeprefix("@")) or ANY_BOT
    return re.sub(rf"\s*@{name}(?!\w|\.\w)\s*?[,:;]?", "", text, flags=re.I | re.A).strip()
