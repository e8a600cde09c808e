"""What is set for Telegram: the bot's token, and the way to its server where that is not the usual one."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator

from bot.channels.base import Service
from bot.channels.channel_settings import ChannelSettings, is_web_address
from bot.checks import Check, CheckState, Say

TOKEN: Final = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{30,64}")
"""How Telegram writes a bot's token."""


class TelegramSettings(ChannelSettings):
    name: ClassVar[str] = "telegram"
    title: ClassVar[str] = "Telegram"

    token: SecretStr = SecretStr("")
    base_url: str = ""
    proxy: str = ""

    @field_validator("proxy", "base_url")
    @classmethod
    def known_address(cls, value: str) -> str:
        if value and not is_web_address(value):
            raise ValueError("address")
        return value

    def is_set(self) -> bool:
        return bool(self.token.get_secret_value())

    def fault(self, say: Say) -> str:
        well_formed = TOKEN.fullmatch(self.token.get_secret_value())
        return "" if well_formed else say("admin.telegram.odd_token")

    def how_to_set(self, say: Say) -> str:
        return say("admin.telegram.no_token")

    def checks(self, say: Say) -> Iterator[Check]:
        if not self.is_set():
            yield Check(self.name, CheckState.NOTE, say("admin.doctor.no_token"))
        elif fault := self.fault(say):
            yield Check(self.name, CheckState.BAD, fault)
        else:
            yield Check(self.name, CheckState.GOOD, say("admin.doctor.token"))

    def secrets(self) -> tuple[str, ...]:
        passwords = (urlsplit(address).password or "" for address in (self.proxy, self.base_url))
        return self.token.get_secret_value(), *passwords

    def open(self, locale: str) -> Service:
        # The library takes 0.2 s and 40 MB, which no other command should spend.
        from bot.channels.telegram import TelegramChannel

        return TelegramChannel(self.token.get_secret_value(), self.base_url, self.proxy, locale=locale)
