"""A channel as another package would bring it: people call, the bot writes its answers into a file."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bot.channels.base import Headers, Outgoing, Sent, Service, Take
from bot.channels.channel_settings import ChannelSettings
from bot.checks import Check, CheckState, Say
from handlers.messages import WITHOUT_BUTTONS, Incoming, MessageKind


class RadioSettings(ChannelSettings):
    name, title = "radio", "Radio"
    log: str = ""

    def is_set(self) -> bool:
        return bool(self.log)

    def checks(self, say: Say) -> Iterator[Check]:
        yield Check(self.name, CheckState.GOOD, f"Radio: {self.log}")

    def open(self, locale: str) -> Service:
        return Radio(Path(self.log))


class Radio(Service):
    name = "radio"
    can = WITHOUT_BUTTONS

    def __init__(self, log: Path) -> None:
        self.log = log

    async def send(self, message: Outgoing) -> Sent:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"{message.address}: {message.reply.text}\n")
        return Sent("")

    def admits(self, headers: Headers, secret: str) -> bool:
        return (b"x-radio-secret", secret.encode()) in headers

    async def posted(self, body: bytes, take: Take) -> None:
        address, text = body.decode().split(": ")
        await take(Incoming(self.name, address, text, 1, MessageKind.TEXT, datetime.now(UTC), text))
