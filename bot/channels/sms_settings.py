"""What is set for SMS through an Android phone with SMSGate: where it is, its password, and how much it may send."""

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

from pydantic import Field, SecretStr, field_validator

from bot.channels.base import LastWrote, Look, Service
from bot.channels.channel_settings import ChannelSettings, Limit, is_web_address
from bot.channels.gsm import parts_in, unmarked
from bot.checks import Check, CheckState, Say
from handlers.wording import Wording

KEY: Final = re.compile(r"\S{8,256}")
"""What SMSGate takes as the key with which it signs."""


class SmsSettings(ChannelSettings):
    name: ClassVar[str] = "sms"
    title: ClassVar[str] = "SMS"
    paid: ClassVar[bool] = True
    knows_number: ClassVar[bool] = True

    url: str = ""
    """The phone's own address, `http://192.168.1.20:8080`, or a server's with `/3rdparty/v1`."""
    username: str = "sms"
    password: SecretStr = SecretStr("")
    signing_key: SecretStr = SecretStr("")
    device_id: str = ""
    """Which phone sends, where a server has several."""
    sim: int = Field(0, ge=0, le=4)
    """Which SIM card sends; 0: as the phone is set."""
    per_minute: int = Field(20, ge=0)
    per_day: int = Field(500, ge=0)
    """How many parts it may send; 0: no limit of ours. Carriers block a card that sends much."""
    price: int = Field(0, ge=0)
    """What a part costs, in đồng; 0: not known."""
    preview: int = Field(60, ge=0)
    """Up to how many letters the phone's list shows a message whole."""

    @field_validator("url")
    @classmethod
    def known_address(cls, value: str) -> str:
        if value and not is_web_address(value):
            raise ValueError("address")
        return value

    def is_set(self) -> bool:
        return bool(self.url)

    def fault(self, say: Say) -> str:
        if not self.password.get_secret_value():
            return say("admin.sms.no_password")
        key = self.signing_key.get_secret_value()
        return "" if not key or KEY.fullmatch(key) else say("admin.sms.odd_key")

    def fault_of_way(self, say: Say, *, webhook: bool) -> str:
        signed = self.signing_key.get_secret_value()
        return say("admin.sms.no_key") if webhook and not signed else ""

    def how_to_set(self, say: Say) -> str:
        return say("admin.sms.not_set")

    def checks(self, say: Say) -> Iterator[Check]:
        """Nothing where nobody wants SMS."""
        if not self.is_set():
            return
        if fault := self.fault(say):
            yield Check(self.name, CheckState.BAD, fault)
            return
        yield Check(self.name, CheckState.GOOD, say("admin.sms.set"))
        if not self.url.startswith("https://"):
            yield Check(self.name, CheckState.NOTE, say("admin.sms.not_https"))
        if not self.signing_key.get_secret_value():
            yield Check(self.name, CheckState.NOTE, say("admin.sms.no_key_yet"))

    def secrets(self) -> tuple[str, ...]:
        return (self.password.get_secret_value(), self.signing_key.get_secret_value())

    @property
    def limits(self) -> tuple[Limit, ...]:
        return (Limit("minute", "parts", self.per_minute), Limit("day", "parts", self.per_day))

    def foretold(self, answers: int, letters: int, prices: Mapping[str, int]) -> tuple[int, int | None]:
        # A question takes one or two, a list two or three, a read-back four, a receipt two or three.
        parts, price = 2 * (answers + letters), prices.get("part", self.price or None)
        return parts, None if price is None else parts * price

    def look(self) -> Look:
        from bot.channels.sms import Sms  # as in `open`

        return Look(Sms.can, unmarked, self.cost)

    def cost(self, text: str, say: Wording, _: LastWrote) -> str:
        """How many parts a text takes, and what they cost where that is known."""
        parts = parts_in(text)
        if not self.price:
            return str(say("console.cost.parts", n=parts))
        return str(say("console.cost.paid", n=parts, price=parts * self.price))

    def open(self, locale: str) -> Service:
        # httpx takes a tenth of a second, which no other command should spend.
        from bot.channels.sms import Sms

        return Sms(self, locale)
