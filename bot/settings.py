"""Settings from the environment (`THONBAO_*`) and `.env`; each has a default that works on one machine.

Settings that contradict each other are refused at the start with what to change (exit code 2).
"""

from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.problems import WrongCall


class Settings(BaseSettings):
    """Every setting. Secrets print as stars."""

    model_config = SettingsConfigDict(env_prefix="THONBAO_", env_file=".env", extra="ignore")

    database_url: str = "sqlite+aiosqlite:///data/thonbao.db"
    data_dir: Path = Path("data")
    timezone: str = "Asia/Ho_Chi_Minh"
    locale: str = "vi"

    telegram_token: SecretStr = SecretStr("")
    telegram_base_url: str = ""
    telegram_proxy: str = ""

    public_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=1, le=65535)
    webhook_secret: SecretStr = SecretStr("")

    @field_validator("timezone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("không có múi giờ này; ví dụ đúng: Asia/Ho_Chi_Minh") from None
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


def load_settings(**overrides: object) -> Settings:
    """The settings in force. Raises WrongCall naming each wrong setting."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = []
        for fault in error.errors():
            name = "_".join(str(part) for part in fault["loc"]).upper()
            what = str(fault["msg"]).removeprefix("Value error, ")
            lines.append(f"THONBAO_{name}: {what}" if name else what)
        raise WrongCall("Cài đặt chưa đúng:\n" + "\n".join(lines)) from error
