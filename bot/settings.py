"""Settings from the environment (`THONBAO_*`) and `.env`; each has a default that works on one machine.

Settings that contradict each other are refused at the start with what to change (exit code 2).
"""

import html
import os
import re
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import suppress
from difflib import get_close_matches
from functools import cached_property, partial
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.channels.channel_settings import PREFIX, ChannelSettings, is_web_address
from bot.channels.registry import known_channels
from bot.language import ENV_FILE, language
from bot.problems import WrongCall
from handlers.quiet import QuietHours
from handlers.wording import UnknownMessage, wording
from plans.own import use_own
from storage.retention import Terms

SECRET: Final = re.compile(r"[A-Za-z0-9_-]{16,256}")
"""The form that platforms accept for the secret that they send with each call."""
OPTIONS: Final[Mapping[str, Set[str]]] = {
    "sqlite": frozenset(),
    "postgresql": {
        "host",
        "port",
        "user",
        "password",
        "database",
        "passfile",
        "ssl",
        "direct_tls",
        "timeout",
        "command_timeout",
        "target_session_attrs",
        "prepared_statement_cache_size",
        "statement_cache_size",
    },
}
"""What may follow the question mark in a database's address: the driver fails at anything else."""
ALIKE: Final = 0.75
"""How similar a name must be to a setting's to be taken for a misspelling of it."""

SORTS: Final = {
    "bool_": "yes_or_no",
    "int_": "whole_number",
    "greater_than_equal": "at_least",
    "less_than_equal": "at_most",
}
"""The sentence for a value that pydantic itself refuses, by how its name of the error begins."""

T = TypeVar("T")


class Settings(BaseSettings):
    """Every setting. Secrets print as stars."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore")

    database_url: str = "sqlite+aiosqlite:///data/thonbao.db"
    data_dir: Path = Path("data")
    plans_dir: Path = Path("plans")
    timezone: str = "Asia/Ho_Chi_Minh"
    locale: str = "vi"
    quiet_hours: str = "21:00-6:00"
    office: str = ""
    data_officer: str = ""
    keep_reports: int = Terms.reports
    keep_words: int = Terms.words

    public_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8080
    webhook_secret: SecretStr = SecretStr("")

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("zone") from None
        return value

    @field_validator("port", mode="before")
    @classmethod
    def known_port(cls, value: object) -> int:
        try:
            port = int(str(value))
        except ValueError:
            port = 0
        if not 1 <= port <= 65535:
            raise ValueError("port")
        return port

    @field_validator("keep_reports", "keep_words", mode="before")
    @classmethod
    def known_years(cls, value: object) -> int:
        written = str(value).strip()
        years = int(written) if written.isascii() and written.isdigit() and len(written) <= 3 else -1
        if not 0 <= years <= 100:
            raise ValueError("years")
        return years

    @field_validator("quiet_hours")
    @classmethod
    def known_hours(cls, value: str) -> str:
        try:
            QuietHours.read(value)
        except ValueError:
            raise ValueError("quiet_hours") from None
        return value

    @field_validator("plans_dir")
    @classmethod
    def known_folder(cls, value: Path) -> Path:
        if value.exists() and not value.is_dir():
            raise ValueError("folder")
        return value

    @field_validator("locale")
    @classmethod
    def known_locale(cls, value: str) -> str:
        if value not in ("vi", "en"):
            raise ValueError("locale")
        return value

    @field_validator("database_url")
    @classmethod
    def known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("database")
        try:
            url = make_url(value)
            urlsplit(value)
        except (ArgumentError, ValueError):
            raise ValueError("database_address") from None
        if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
            raise ValueError("database_file")
        if set(url.query) - OPTIONS[url.get_backend_name()]:
            raise ValueError("database_option")
        return value

    _channels: tuple[ChannelSettings, ...] = PrivateAttr(())

    @property
    def channels(self) -> tuple[ChannelSettings, ...]:
        """The settings of every channel, whether it is to be served or not."""
        return self._channels

    @property
    def by_name(self) -> dict[str, ChannelSettings]:
        """Return the same by the channel's name."""
        return {channel.name: channel for channel in self._channels}

    @property
    def served(self) -> tuple[ChannelSettings, ...]:
        """Return the settings of the channels that are to be served."""
        return tuple(channel for channel in self._channels if channel.is_set())

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def lacks_plans(self) -> bool:
        """Whether a folder of plans is named that does not exist: the office's own plans would be missing unnoticed."""
        return "plans_dir" in self.model_fields_set and not self.plans_dir.exists()

    @property
    def terms(self) -> Terms:
        """Return how long data about people are kept, as far as that is set."""
        return Terms(self.keep_reports, self.keep_words)

    @cached_property
    def quiet(self) -> QuietHours:
        return QuietHours.read(self.quiet_hours)


def load_settings(**overrides: object) -> Settings:
    """The settings in force. Raises WrongCall naming each wrong setting, in the language of the commands.

    An override is named as the variable is, in lower case: `port`, `telegram_token`.
    """
    try:
        see_env_file()
        faults = [said("misspelt", name=name, meant=meant) for name, meant in misspelt()]
        settings = None if faults else load(overrides, faults)
    except UnicodeDecodeError:
        raise WrongCall(said("encoding", file=ENV_FILE)) from None
    except OSError:
        raise WrongCall(said("unreadable", file=ENV_FILE)) from None
    if settings is None or faults:
        raise WrongCall("\n".join([said("wrong"), *faults]))
    return settings


def see_env_file() -> None:
    """Pass silently if `.env` can be read or does not exist. Raises OSError: the library would ignore a folder."""
    with suppress(FileNotFoundError):
        Path(ENV_FILE).read_bytes()


def load(overrides: Mapping[str, object], faults: list[str]) -> Settings | None:
    """Return the settings in force. What is wrong is added to `faults`, one sentence each."""
    settings = attempt(lambda: Settings(**overrides), PREFIX, faults)  # type: ignore[arg-type]
    parts = []
    for kind in known_channels():
        own = overrides_of(kind, overrides)
        parts.append(attempt(partial(kind.load, **own), kind.prefix(), faults))
    if settings is not None:
        settings._channels = tuple(part for part in parts if part is not None)
        use_own(settings.plans_dir)
        faults += [said(key) for key in contradictions(settings)]
    return settings


def overrides_of(kind: type[ChannelSettings], overrides: Mapping[str, object]) -> dict[str, object]:
    """Return what is overridden of a channel's settings, by their names there: `telegram_token` as `token`."""
    prefix = kind.prefix().removeprefix(PREFIX).lower()
    return {name.removeprefix(prefix): value for name, value in overrides.items() if name.startswith(prefix)}


def attempt(load_part: Callable[[], T], prefix: str, faults: list[str]) -> T | None:
    """Return what is loaded; or None, if `faults` now say why it cannot be."""
    try:
        return load_part()
    except ValidationError as error:
        for fault in error.errors():
            name = prefix + "_".join(str(part) for part in fault["loc"]).upper()
            faults.append(f"{name}: {sentence_of(fault)}")
        return None


def has_room_below(address: str) -> bool:
    """Whether whatever is served can lie below an address: a query or a fragment would swallow its path."""
    return is_web_address(address) and set(address).isdisjoint({"?", "#"})


def lacks_secret(settings: Settings) -> bool:
    """Whether a channel is served at the public address without a secret; without one that only makes links."""
    secret = settings.webhook_secret.get_secret_value()
    return bool(settings.public_url and settings.served and not SECRET.fullmatch(secret))


def contradictions(settings: Settings) -> Iterator[str]:
    """Yield what contradicts each other, by the last part of its key."""
    secret, public = settings.webhook_secret.get_secret_value(), settings.public_url
    if public and not has_room_below(public):
        yield "public_url"
    if lacks_secret(settings):
        yield "secret"
    if secret and not public:
        yield "secret_alone"


def said(key: str, **values: object) -> str:
    """A sentence about settings: a wrong one's error is the last part of its key."""
    return html.unescape(str(wording(language())(f"admin.settings.{key}", **values)))


def sentence_of(fault: ErrorDetails) -> str:
    """Return for people what pydantic says of a refused value: a validator's own key, or the sort of value wanted.

    Channels of other packages may bring their own words.
    """
    kind = fault["type"]
    if kind == "value_error":
        key = fault["msg"].removeprefix("Value error, ")
        try:
            return said(key)
        except UnknownMessage:
            return key
    sort = next((sort for begin, sort in SORTS.items() if kind.startswith(begin)), "other")
    return said(sort, **fault.get("ctx", {}))


def misspelt() -> Iterator[tuple[str, str]]:
    """Yield names in the environment and `.env` that are no setting but look like one, with the one meant."""
    known = names_of_settings()
    set_here = {*os.environ, *dotenv_values(ENV_FILE)}
    # The common prefix is left out of the comparison: it would make any two names alike.
    ours = {name: name.upper().removeprefix(PREFIX) for name in set_here if name.upper().startswith(PREFIX)}
    for name, own in sorted(ours.items()):
        if own not in known:
            yield from ((name, PREFIX + meant) for meant in get_close_matches(own, known, 1, ALIKE))


def names_of_settings() -> set[str]:
    """Return the variable of every setting, including the channels', without `PREFIX`."""
    names = {field.upper() for field in Settings.model_fields}
    for kind in known_channels():
        names |= {kind.prefix().removeprefix(PREFIX) + field.upper() for field in kind.model_fields}
    return names
