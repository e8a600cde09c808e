"""What an administrator sets for one channel, and what follows from it before the channel is opened.

A channel is known by its settings: `bot.channels.registry` lists these classes, and everything else walks that list.
Every command reads settings, so the library of a platform is imported only by `open`.
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
    """Stands in `Contact.channel`, in metrics and in the webhook's path."""
    title: ClassVar[str]
    """The platform's own name, for people."""
    paid: ClassVar[bool] = False
    """Whether a message may cost: who has a chat elsewhere gets letters there."""
    free_for: ClassVar[timedelta] = timedelta()
    """How long after somebody's own message one to them costs nothing, on a channel where it may cost."""

    polls: ClassVar[bool] = True
    """Whether messages can be fetched where there is no public address."""

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
        """Why it cannot be served as it is set, as a sentence; "" if it can. Nobody is asked for this."""
        return ""

    def fault_of_way(self, say: Say, *, webhook: bool) -> str:
        """Why messages cannot arrive by a `webhook`, or be fetched where there is none; "" if they can."""
        return ""

    def how_to_set(self, say: Say) -> str:
        """What to do to have this channel, as a sentence; "" if there is nothing to say."""
        return ""

    def checks(self, say: Say) -> Iterator[Check]:
        """What `thonbao doctor` says of it."""
        return iter(())

    def secrets(self) -> tuple[str, ...]:
        """What must never be logged."""
        return ()

    @property
    def writes_by_phone(self) -> bool:
        """Whether it may write to the number of somebody who has agreed to that, where nothing else reaches them."""
        return False

    @property
    def limits(self) -> tuple[Limit, ...]:
        """What is counted beforehand of what is sent on it; nothing where a platform sets no bounds."""
        return ()

    def foretold(self, answers: int, letters: int, prices: Mapping[str, int]) -> tuple[int, int]:
        """How many messages or parts that many answers and letters take, and what they cost at most, in đồng.

        `prices` stand before those that are set.
        """
        return answers + letters, 0

    def look(self) -> Look:
        """How it looks to people."""
        return Look()

    @abstractmethod
    def open(self, locale: str) -> Service:
        """The channel itself, whose sentences for administrators are in the language `locale`."""
