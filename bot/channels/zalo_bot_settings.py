"""What is set for a bot of the Zalo Bot Platform: its token, and the way to its server where that is not the usual one."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from pydantic import Field, SecretStr, field_validator

from bot.channels.base import Look, Service
from bot.channels.channel_settings import ChannelSettings, Limit, is_web_address
from bot.checks import Check, CheckState, Say

TOKEN: Final = re.compile(r"[A-Za-z0-9:_.~-]{16,256}")
"""What may stand in the address of a call. Zalo does not publish how it writes tokens."""


class ZaloBotSettings(ChannelSettings):
    name: ClassVar[str] = "zalo-bot"
    title: ClassVar[str] = "Zalo Bot"

    token: SecretStr = SecretStr("")
    base_url: str = "https://bot-api.zaloplatforms.com"
    file_hosts: str = "zdn.vn, zadn.vn, zalo.me, zaloapp.com, zaloplatforms.com"
    """Where pictures may be fetched from, with the hosts below: their addresses come with a message."""
    take_over: bool = False
    """Whether another program's webhook is taken away when messages are fetched."""

    per_month: int = Field(3000, ge=0)
    """How many messages the package lets it send; 0: no limit."""

    @field_validator("base_url")
    @classmethod
    def known_address(cls, value: str) -> str:
        if not is_web_address(value):
            raise ValueError("address")
        return value

    def is_set(self) -> bool:
        return bool(self.token.get_secret_value())

    def fault(self, say: Say) -> str:
        well_formed = TOKEN.fullmatch(self.token.get_secret_value())
        return "" if well_formed else say("admin.zalo_bot.odd_token")

    def how_to_set(self, say: Say) -> str:
        return say("admin.zalo_bot.no_token")

    def checks(self, say: Say) -> Iterator[Check]:
        """Nothing where nobody wants Zalo."""
        if not self.is_set():
            return
        if fault := self.fault(say):
            yield Check(self.name, CheckState.BAD, fault)
        else:
            yield Check(self.name, CheckState.GOOD, say("admin.zalo_bot.token"))
            yield Check(self.name, CheckState.NOTE, say("admin.zalo_bot.limits", n=self.per_month))

    def secrets(self) -> tuple[str, ...]:
        return (self.token.get_secret_value(),)

    @property
    def limits(self) -> tuple[Limit, ...]:
        return (Limit("month", "messages", self.per_month),)

    def look(self) -> Look:
        from bot.channels.zalo_bot import ZaloBot  # as in `open`

        return Look(ZaloBot.can)

    def open(self, locale: str) -> Service:
        # httpx takes a tenth of a second, which no other command should spend.
        from bot.channels.zalo_bot import ZaloBot
        from bot.channels.zalo_files import hosts_in

        return ZaloBot(
            self.token.get_secret_value(),
            self.base_url,
            hosts=hosts_in(self.file_hosts),
            takes_over=self.take_over,
            locale=locale,
            limits=self.limits,
        )
