"""What SMSGate tells: events posted to the webhook, and the list of what the phone has received.

    {"id": "…", "event": "sms:received", "deviceId": "…", "webhookId": "…",
     "payload": {"messageId": "…", "message": "BC 12 5 300", "sender": "+84912345678", "receivedAt": "…+07:00"}}

The same message comes by two ways, the webhook and the list, with different names. What both know, the sender, the
moment and the text, makes the names by which the two are paired (`bot.channels.sms_once`). Of a long text the list may show
the beginning only, which makes names of its own.
"""

from datetime import UTC, datetime
from hashlib import blake2s
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AliasChoices, Field

from bot.channels.lenient import EventPart, Lenient, Name
from handlers.messages import CUT_SHORT, Incoming, MessageKind
from storage.carried import CarriedState
from storage.roster import normalise_phone
from storage.zone import ZONE

NAME: Final = "sms"
BEGINS: Final = 20
"""How many letters the list shows at least of a text that it cuts short."""
STATES: Final = {
    "sms:sent": CarriedState.SENT,
    "sms:delivered": CarriedState.DELIVERED,
    "sms:failed": CarriedState.FAILED,
    "sms:cancelled": CarriedState.FAILED,
}
"""What an event says of one part of a message."""
WHOLE: Final = {
    "Sent": CarriedState.SENT,
    "Delivered": CarriedState.DELIVERED,
    "Failed": CarriedState.FAILED,
    "Cancelled": CarriedState.FAILED,
}
"""SMSGate's names for the final states of a whole message."""
WAITING: Final = dict.fromkeys(("Pending", "Processed", "Cancelling"), CarriedState.GIVEN)
"""SMSGate's names for the states of a message that is still with the phone."""


def aware(at: datetime) -> datetime:
    """Take a moment without a zone by the phone's clock, which is this country's. Raises ValueError beyond the calendar."""
    try:
        return (at if at.tzinfo else at.replace(tzinfo=ZONE)).astimezone(UTC)
    except OverflowError:
        raise ValueError("no moment") from None


class SmsEvent(EventPart):
    """One call of the webhook. `id` is the call's own; a message's id repeats with each of its parts."""

    id: Name
    event: str
    payload: dict[str, Any] = Field(default_factory=dict)

    @property
    def message_id(self) -> str:
        """The message that it is about, "" for none."""
        return str(self.payload.get("messageId") or "")


class ReceivedSms(EventPart):
    """A message that somebody sent to the phone, as the webhook or the list tells it (`is_whole`: surely all of it)."""

    sender: Name = Field(validation_alias=AliasChoices("sender", "phoneNumber"))
    text: str = Field(validation_alias=AliasChoices("message", "contentPreview"))
    at: Annotated[datetime, AfterValidator(aware)] = Field(
        validation_alias=AliasChoices("receivedAt", "createdAt")
    )
    kind: Lenient[str] = Field(None, validation_alias="type")
    name: Lenient[str] = Field(None, validation_alias="messageId")
    """The phone's own name for it in a call of the webhook, which may repeat."""

    @property
    def address(self) -> str:
        """The sender's number as 84912345678; "" for a carrier's name, a short number, or a foreign one."""
        return normalise_phone(self.sender) or ""

    @property
    def moment(self) -> int:
        return int(self.at.timestamp())

    def content(self, *, whole: bool = True) -> str:
        """Return a digest of the sender and the words that does not show the number; not `whole`: for all that begin so."""
        words = " ".join(self.text.split())
        told = f"{self.address}\n{words}" if whole else f"{self.address}\n{words[:BEGINS]}\n…"
        return blake2s(told.encode(), digest_size=12).hexdigest()

    def posted_as(self) -> str:
        """Return a name for all that a call of the webhook says of it, "" if the phone has no name for it.

        What is posted once more under another id of the call says the same, to the last digit of the moment.
        """
        told = f"{self.name}\n{self.at.isoformat()}\n{self.content()}"
        return f"same:{blake2s(told.encode(), digest_size=12).hexdigest()}" if self.name else ""

    def incoming(self, key: str, *, also: tuple[str, ...] = (), whole: bool = True) -> Incoming:
        """Return it as a message of any channel. What may be cut short is no answer, but may tell of a danger."""
        at = min(self.at, datetime.now(UTC))
        kind = MessageKind.TEXT if whole and self.text.strip() else MessageKind.OTHER
        what = "" if whole else CUT_SHORT
        order = int(self.at.timestamp() * 1000)
        return Incoming(
            NAME, self.address, key, order, kind, at, text=self.text, message_ref=key, what=what, also=also
        )
