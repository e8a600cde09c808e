"""What an administrator sets for one channel, and what follows from that before the channel is opened.

A channel is known by its settings: `bot.channels.registry` lists these classes, and everything else walks that list.
Every command reads the settings, so only `open` imports a platform's library.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import ClassVar, Final, NamedTuple, Self
from urllib.parse import urlsplit

from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.channels.base import Look, Service
from bot.checks import Check, Say
from bot.language import ENV_FILE

PREFIX = "THONBAO_"
SPACE: Final = re.compile(r"\s")


def is_web_address(value: str) -> bool:
    """Whether `value` is the address of a web server."""
    try:
        parts = urlsplit(value)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not SPACE.search(value)
        )
    except ValueError:  # brackets without an address in them, a port that is no number
        return False


class Limit(NamedTuple):
    """How much of a channel may be used: at most `most` of `unit` ("messages", "parts", "price" in đồng) in a `span`
    ("minute", "day", "month"); 0: no limit. `storage.carried.Allowance` reckons with it."""

    span: str
    unit: str
    most: int


class ChannelSettings(BaseSettings, ABC):
    """The settings of one channel: a field `token` of the channel `radio` is `THONBAO_RADIO_TOKEN`.

    A validator raises ValueError with the last part of a key under `admin.settings`.
    """

    model_config = SettingsConfigDict(extra="ignore", frozen=True, env_file=ENV_FILE)

    name: ClassVar[str]
    """The name in `Contact.channel`, in metrics and in the webhook's path."""
    title: ClassVar[str]
    """The platform's own name, for people."""
    paid: ClassVar[bool] = False
    """Whether a message may cost something: a person who also has a chat elsewhere gets letters there."""
    free_for: ClassVar[timedelta] = timedelta()
    """How long messages to somebody are free after their own last message, on a channel where messages may cost."""

    polls: ClassVar[bool] = True
    """Whether messages can be fetched when there is no public address."""

    knows_number: ClassVar[bool] = False
    """Whether the address of a chat is a telephone number."""

    @classmethod
    def prefix(cls) -> str:
        """How the names of its variables begin."""
        return f"{PREFIX}{cls.name.upper().replace('-', '_')}_"

    @classmethod
    def load(cls, **overrides: object) -> Self:
        """The settings in force. Raises pydantic's ValidationError."""
        return cls(_env_prefix=cls.prefix(), **overrides)  # type: ignore[arg-type]

    @abstractmethod
    def is_set(self) -> bool:
        """Whether this channel is to be served."""

    def fault(self, say: Say) -> str:
        """Return why it cannot be served with these settings, as a sentence; "" if it can. This asks nobody."""
        return ""

    def fault_of_way(self, say: Say, *, webhook: bool) -> str:
        """Return why messages cannot arrive by `webhook` or, without one, be fetched; "" if they can."""
        return ""

    def how_to_set(self, say: Say) -> str:
        """Return what to do to have this channel, as a sentence; "" if there is nothing to say."""
        return ""

    def checks(self, say: Say) -> Iterator[Check]:
        """What `thonbao doctor` says of it."""
        return iter(())

    def secrets(self) -> tuple[str, ...]:
        """What must never be logged."""
        return ()

    @property
    def writes_by_phone(self) -> bool:
        """Whether it may write to people's phone numbers, if they agreed and nothing else reaches them."""
        return False

    @property
    def limits(self) -> tuple[Limit, ...]:
        """Return the limits that messages are counted against before they are sent; none if the platform sets no bounds."""
        return ()

    def foretold(self, answers: int, letters: int, prices: Mapping[str, int]) -> tuple[int, int | None]:
        """Return how many messages or parts this many answers and letters take, and their highest cost in đồng; None if
        a price that it takes is not known.

        `prices` take precedence over those in the settings.
        """
        return answers + letters, 0

    def look(self) -> Look:
        """How it looks to people."""
        return Look()

    @abstractmethod
    def open(self, locale: str) -> Service:
        """The channel itself, whose sentences for administrators are in the language `locale`."""
