"""Settings from the environment (`THONBAO_*`) and `.env`; each has a default that works on one machine.

Settings that contradict each other are refused at the start with what to change (exit code 2).
"""

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

from bot.problems import WrongCall
from handlers.quiet import QuietHours

PREFIX: Final = "THONBAO_"
TELEGRAM_TOKEN: Final = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{30,64}")
"""How Telegram writes a bot's token."""
ENV_FILE: Final = ".env"
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
            raise ValueError("không có múi giờ này; ví dụ đúng: Asia/Ho_Chi_Minh") from None
        return value

    @field_validator("port", mode="before")
    @classmethod
    def known_port(cls, value: object) -> int:
        try:
            port = int(str(value))
        except ValueError:
            port = 0
        if not 1 <= port <= 65535:
            raise ValueError("là một số từ 1 đến 65535")
        return port

    @field_validator("quiet_hours")
    @classmethod
    def known_hours(cls, value: str) -> str:
        try:
            QuietHours.read(value)
        except ValueError:
            raise ValueError("viết như 21:00-6:00; để trống là không có giờ nghỉ") from None
        return value

    @field_validator("locale")
    @classmethod
    def known_locale(cls, value: str) -> str:
        if value not in ("vi", "en"):
            raise ValueError("chỉ có vi và en")
        return value

    @field_validator("database_url")
    @classmethod
    def known_database(cls, value: str) -> str:
        if not value.startswith(("sqlite+aiosqlite:///", "postgresql+asyncpg://")):
            raise ValueError("phải bắt đầu bằng sqlite+aiosqlite:/// hoặc postgresql+asyncpg://")
        try:
            make_url(value)
            urlsplit(value)
        except (ArgumentError, ValueError):
            raise ValueError("không đọc được địa chỉ này; ký tự lạ trong mật khẩu viết dạng %40") from None
        return value

    @field_validator("telegram_proxy", "telegram_base_url")
    @classmethod
    def known_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("phải bắt đầu bằng http:// hoặc https:// (proxy SOCKS thì không dùng được)")
        return value

    @model_validator(mode="after")
    def agree(self) -> "Settings":
        if self.public_url and not self.public_url.startswith(("https://", "http://")):
            raise ValueError("THONBAO_PUBLIC_URL phải bắt đầu bằng https://")
        if self.public_url and self.telegram_token.get_secret_value():
            secret = self.webhook_secret.get_secret_value()
            allowed = secret.isascii() and all(letter.isalnum() or letter in "_-" for letter in secret)
            if not 16 <= len(secret) <= 256 or not allowed:
                raise ValueError(
                    "đã đặt THONBAO_PUBLIC_URL nên cần THONBAO_WEBHOOK_SECRET: 16-256 ký tự A-Z a-z 0-9 _ -"
                )
        if self.webhook_secret.get_secret_value() and not self.public_url:
            raise ValueError("có THONBAO_WEBHOOK_SECRET mà không có THONBAO_PUBLIC_URL: thêm hoặc bỏ cả hai")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def quiet(self) -> QuietHours:
        return QuietHours.read(self.quiet_hours)


def load_settings(**overrides: object) -> Settings:
    """The settings in force. Raises WrongCall naming each wrong setting."""
    try:
        slips = [f"Không có cài đặt {name}; có phải {meant} không?" for name, meant in misspelt()]
        if slips:
            raise WrongCall("Cài đặt chưa đúng:\n" + "\n".join(slips))
        return Settings(**overrides)  # type: ignore[arg-type]
    except UnicodeDecodeError:
        raise WrongCall(f"Tệp {ENV_FILE} phải lưu ở dạng UTF-8.") from None
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = "_".join(str(part) for part in fault["loc"]).upper()
            what = str(fault["msg"]).removeprefix("Value error, ")
            lines.append(f"THONBAO_{name}: {what}" if name else what)
        raise WrongCall("Cài đặt chưa đúng:\n" + "\n".join(lines)) from error


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
