"""Settings from the environment (`THONBAO_*`) and `.env`; each has a default that works on one machine.

Settings that contradict each other are refused at the start with what to change (exit code 2).
"""

import html
import os
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.language import ENV_FILE, language
from bot.problems import WrongCall
from handlers.quiet import QuietHours
from handlers.wording import wording

PREFIX: Final = "THONBAO_"
TELEGRAM_TOKEN: Final = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{30,64}")
"""How Telegram writes a bot's token."""
ALIKE: Final = 0.75
"""From so much likeness to a setting's name on, another name is taken for a slip of the pen."""


class Settings(BaseSettings):
    """Every setting. Secrets print as stars."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=ENV_FILE, extra="ignore")

    database_url: str = "sqlite+aiosqlite:///data/thonbao.db"
    data_dir: Path = Path("data")
    timezone: str = "Asia/Ho_Chi_Minh"
    locale: str = "vi"
    quiet_hours: str = "21:00-6:00"

    telegram_token: SecretStr = SecretStr("")
    telegram_base_url: str = ""
    telegram_proxy: str = ""

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

    @field_validator("quiet_hours")
    @classmethod
    def known_hours(cls, value: str) -> str:
        try:
            QuietHours.read(value)
        except ValueError:
            raise ValueError("quiet_hours") from None
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
            make_url(value)
            urlsplit(value)
        except (ArgumentError, ValueError):
            raise ValueError("database_address") from None
        return value

    @field_validator("telegram_proxy", "telegram_base_url")
    @classmethod
    def known_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("address")
        return value

    @model_validator(mode="after")
    def agree(self) -> "Settings":
        if self.public_url and not self.public_url.startswith(("https://", "http://")):
            raise ValueError("public_url")
        if self.public_url and self.telegram_token.get_secret_value():
            secret = self.webhook_secret.get_secret_value()
            allowed = secret.isascii() and all(letter.isalnum() or letter in "_-" for letter in secret)
            if not 16 <= len(secret) <= 256 or not allowed:
                raise ValueError("secret")
        if self.webhook_secret.get_secret_value() and not self.public_url:
            raise ValueError("secret_alone")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def quiet(self) -> QuietHours:
        return QuietHours.read(self.quiet_hours)


def load_settings(**overrides: object) -> Settings:
    """The settings in force. Raises WrongCall naming each wrong setting, in the language of the commands."""
    try:
        slips = [said("misspelt", name=name, meant=meant) for name, meant in misspelt()]
        if slips:
            raise WrongCall("\n".join([said("wrong"), *slips]))
        return Settings(**overrides)  # type: ignore[arg-type]
    except UnicodeDecodeError:
        raise WrongCall(said("encoding", file=ENV_FILE)) from None
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = "_".join(str(part) for part in fault["loc"]).upper()
            what = said(str(fault["msg"]).removeprefix("Value error, "))
            lines.append(f"THONBAO_{name}: {what}" if name else what)
        raise WrongCall("\n".join([said("wrong"), *lines])) from error


def said(key: str, **values: object) -> str:
    """A sentence about settings: a wrong one's error is the last part of its key."""
    return html.unescape(str(wording(language())(f"admin.settings.{key}", **values)))


def misspelt() -> Iterator[tuple[str, str]]:
    """Names in the environment and in `.env` that are no setting but look like one, with the one meant."""
    known = {name.upper() for name in Settings.model_fields}
    for name in sorted({*os.environ, *dotenv_values(ENV_FILE)}):
        bare = name.upper().removeprefix(PREFIX)
        if bare in known or not name.upper().startswith(PREFIX):
            continue
        meant = get_close_matches(bare, known, 1, ALIKE)
        if meant:
            yield name, PREFIX + meant[0]
