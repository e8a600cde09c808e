"""Sentences for a terminal, free of the database, so that commands without one start at once."""

import html

from bot.channels.text import TAG
from handlers.wording import wording


class Teller:
    """The sentences of a language as plain text, for a terminal: `say("admin.init.done", ...)`."""

    def __init__(self, locale: str) -> None:
        self.wording = wording(locale)

    def __call__(self, key: str, **values: object) -> str:
        """The sentence under `key`, filled in. Raises `handlers.wording.UnknownMessage`."""
        return html.unescape(TAG.sub("", str(self.wording(key, **values))))
