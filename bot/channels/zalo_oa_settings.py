"""What is set for a Zalo Official Account: its application, its secrets, and what may be spent."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import ClassVar, Final

from pydantic import Field, SecretStr, field_validator

from bot.channels.base import LastWrote, Look, Service
from bot.channels.channel_settings import ChannelSettings, Limit, is_web_address
from bot.checks import Check, CheckState, Say
from handlers.wording import Wording

BILLED: Final = timedelta(days=7) - timedelta(minutes=15)
"""For so long after somebody's last message the next one may be sent at a price, less what the clocks may differ by; then
only a template."""


class ZaloOaSettings(ChannelSettings):
    name: ClassVar[str] = "zalo-oa"
    title: ClassVar[str] = "Zalo OA"
    paid: ClassVar[bool] = True
    polls: ClassVar[bool] = False
    free_for: ClassVar[timedelta] = timedelta(hours=48) - timedelta(minutes=15)
    """Less what our clock and Zalo's may differ by."""

    app_id: str = ""
    secret_key: SecretStr = SecretStr("")
    """The application's, with which tokens are renewed."""
    oa_secret: SecretStr = SecretStr("")
    """The account's, with which its webhook signs."""
    refresh_token: SecretStr = SecretStr("")
    """From the console; used once, then the bot keeps its own."""
    base_url: str = "https://openapi.zalo.me"
    oauth_url: str = "https://oauth.zaloapp.com"
    file_hosts: str = "zdn.vn, zadn.vn, zalo.me, zaloapp.com, zaloplatforms.com"
    trust_phones: bool = False
    """Whether the number that somebody gives in Zalo's form is taken for their own."""
    budget: int = Field(0, ge=0)
    """What may be spent in a month, in đồng; 0: only what is free."""
    message_price: int = Field(55, ge=0)
    """A message after 48 hours; what an account really pays stands in its contract."""
    template_id: str = ""
    """A template that may be sent after a week of silence; "" for none."""
    template_field: str = "noi_dung"
    """The field of the template that takes the text."""
    template_price: int = Field(200, ge=0)
    phone_template_id: str = ""
    """A template that may be sent to the number of somebody who agreed to that, where the other reaches nobody; "": none."""
    phone_template_price: int = Field(300, ge=0)
    business_url: str = "https://business.openapi.zalo.me"
    """Where templates to numbers are posted."""

    @field_validator("base_url", "oauth_url", "business_url")
    @classmethod
    def known_address(cls, value: str) -> str:
        if not is_web_address(value):
            raise ValueError("address")
        return value

    def is_set(self) -> bool:
        return bool(self.app_id)

    def fault(self, say: Say) -> str:
        wanted = ("secret_key", "oa_secret", "refresh_token")
        missing = [self.prefix() + name.upper() for name in wanted if not self.secret(name)]
        return say("admin.zalo_oa.missing", names=", ".join(missing)) if missing else ""

    def fault_of_way(self, say: Say, *, webhook: bool) -> str:
        return "" if webhook else say("admin.zalo_oa.needs_webhook")

    def secret(self, name: str) -> str:
        """The value of one of the secrets."""
        value: SecretStr = getattr(self, name)
        return value.get_secret_value()

    def checks(self, say: Say) -> Iterator[Check]:
        """Nothing where nobody wants an Official Account."""
        if not self.is_set():
            return
        if fault := self.fault(say):
            yield Check(self.name, CheckState.BAD, fault)
            return
        yield Check(self.name, CheckState.GOOD, say("admin.zalo_oa.set"))
        key = "budget" if self.budget else "free_only"
        yield Check(self.name, CheckState.NOTE, say(f"admin.zalo_oa.{key}", budget=self.budget))

    def secrets(self) -> tuple[str, ...]:
        return tuple(map(self.secret, ("secret_key", "oa_secret", "refresh_token")))

    @property
    def open_for(self) -> timedelta | None:
        """For how long after somebody's last message an urgent one still reaches them by their id; None: always."""
        return None if self.template_id else BILLED

    @property
    def writes_by_phone(self) -> bool:
        return bool(self.phone_template_id and self.budget)

    @property
    def limits(self) -> tuple[Limit, ...]:
        return (Limit("month", "price", self.budget),)

    def foretold(self, answers: int, letters: int, prices: Mapping[str, int]) -> tuple[int, int]:
        message = prices.get("message", self.message_price)
        template = prices.get("template", self.template_price) if self.template_id else 0
        phone = prices.get("phone_template", self.phone_template_price) if self.writes_by_phone else 0
        return answers + letters, letters * max(message, template, phone)

    def look(self) -> Look:
        from bot.channels.zalo_oa import ZaloOa  # as in `open`

        return Look(replace(ZaloOa.can, open_for=self.open_for), cost=self.cost, by_silence=True)

    def cost(self, _: str, say: Wording, reading: LastWrote) -> str:
        """What Zalo takes for a message then, or why the bot would not send it yet."""
        silence = reading.silence
        if silence is not None and silence <= self.free_for:
            return str(say("console.cost.window"))
        if silence is None or silence > BILLED:
            templates = bool(self.template_id) and bool(self.budget or reading.priority < 0)
            return str(
                say(
                    "console.cost.template" if templates else "console.cost.closed", price=self.template_price
                )
            )
        paid = self.budget or reading.priority < 0
        return str(say("console.cost.billed" if paid else "console.cost.waits", price=self.message_price))

    def open(self, locale: str) -> Service:
        # httpx takes a tenth of a second, which no other command should spend.
        from bot.channels.zalo_oa import ZaloOa

        return ZaloOa(self, locale)
