"""What every channel is to the bot: a way to send, to fetch a file, and to acknowledge a press.

The sender needs only a `Channel`. A `Service` also receives, and is what `thonbao serve` runs. Only a channel's own
file knows its platform's library. It turns the platform's errors into a `SendProblem`, whose fields are all that the
sender needs to decide what to do next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol, Self

from handlers.messages import Capabilities, Incoming, Reply
from handlers.wording import Wording

if TYPE_CHECKING:  # every command reads the settings of channels, and few need a database
    from storage.tables import Contact
    from storage.unit_of_work import Storage

Take = Callable[[Incoming], Awaitable[None]]
"""Handles each message; once it returns, the platform may forget the message."""
Headers = Iterable[tuple[bytes, bytes]]
"""The headers of a web request, with names in lower case."""
Menus = Mapping[str, Sequence[tuple[str, str]]]
"""The commands that a menu lists, by language: (name, description)."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way to a platform; its text is short enough for it.

    `key` names the message for ever, also after a crash and in another process, so that a platform that accepts our
    names takes it only once; "" for what is said without being kept. `edit_ref` names a message to replace, "" for a
    new one. `file` is the drawn picture or the document of the reply. `priority` is the outbox's: below 0 an
    emergency, 0 an answer.
    """

    address: str
    reply: Reply
    edit_ref: str = ""
    file: bytes | None = None
    key: str = ""
    priority: int = 0


class Sent(NamedTuple):
    """The platform took a message. `ref` is its id there, "" if it has none."""

    ref: str


class SendingPace(NamedTuple):
    """How fast a platform wants messages that nobody waits for: how many a second in all, and how many seconds apart
    in one chat.

    Answers to a person are not held back, but count towards the whole.
    """

    per_second: float
    per_chat: float


UNPACED = SendingPace(0.0, 0.0)


IN_A_BLINK: Final = timedelta(seconds=0.3)
"""Nobody reads a question on a telephone and types its answer faster than this."""


LOST: Final = 3
"""After this many failed polls in a row a platform counts as lost: within a second or two if it refuses calls."""


class SendProblem(Exception):
    """The platform did not take a message. The error's text holds neither an address nor a word of the message.

    `retry_after`: seconds that the platform asks to wait (None: it does not say). `postponed`: seconds that we
    ourselves hold this message back, whatever else may go. `unreachable`: this chat takes no messages any more.
    `permanent`: this message will never be taken. If none of them is set: try again later.
    """

    def __init__(
        self,
        problem: str,
        *,
        retry_after: float | None = None,
        postponed: float | None = None,
        unreachable: bool = False,
        permanent: bool = False,
    ) -> None:
        super().__init__(problem)
        self.retry_after = retry_after
        self.postponed = postponed
        self.unreachable = unreachable
        self.permanent = permanent or unreachable


class FileTooLarge(Exception):
    """A file on the platform is larger than allowed."""


class Channel(Protocol):
    """One platform. `name` stands in `Contact.channel`."""

    @property
    def name(self) -> str: ...

    @property
    def can(self) -> Capabilities: ...

    @property
    def pace(self) -> SendingPace: ...

    @property
    def soonest(self) -> timedelta:
        """The least time after which a question can be answered: what comes sooner was not written in answer to it."""
        ...

    @property
    def is_away(self) -> bool:
        """Whether the platform has not been reached for a while, so that nothing goes out now."""
        ...

    def out_at(self, ref: str, taken_at: datetime) -> datetime | None:
        """Return when the message `ref`, which the platform took at `taken_at`, went out to its reader; None: not yet.

        The moment is by our clock. If the platform tells no more, the message went out when it was taken.
        """
        ...

    def attach(self, storage: "Storage") -> None:
        """Hand over the storage in which the channel may keep what outlives the process. Called once, before anything
        is sent."""
        ...

    async def send(self, message: Outgoing) -> Sent:
        """Have the platform take `message`. Raises SendProblem."""
        ...

    async def download(self, ref: str, limit: int) -> bytes:
        """Return the bytes of the file `ref`. Raises FileTooLarge above `limit` bytes, else SendProblem."""
        ...

    async def answer_press(self, answers: str, notice: str) -> None:
        """Acknowledge a pressed button, showing `notice` ("" for nothing). Raises SendProblem."""
        ...


class CallRefused(Exception):
    """A call of the webhook that is not the platform's, or is malformed. `status` is the HTTP answer."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class LastWrote(NamedTuple):
    """When a message comes: how long after its reader wrote last (None: they never did), and its priority in the outbox."""

    silence: timedelta | None = timedelta()
    priority: int = 0


class Look(NamedTuple):
    """How a channel looks to people, to try it in a terminal: what it can do, its text as it arrives, and the price of
    such a text, as a sentence."""

    can: Capabilities = Capabilities()
    text: Callable[[str], str] = str
    cost: Callable[[str, Wording, LastWrote], str] = lambda text, say, reading: ""
    by_silence: bool = False
    """Whether the price depends on when the reader wrote last."""


class Callback(NamedTuple):
    """Where a platform posts its updates, and the secret that it sends with each."""

    url: str
    secret: str


class Service:
    """A channel that a server runs. The methods here do what suits a platform without that ability; override the
    others.

    Use as `async with`. `begin` comes first. Then updates arrive either through `poll` or, at the webhook, through
    `admits` and `posted`.
    """

    name: str
    can: Capabilities = Capabilities()
    pace: SendingPace = UNPACED
    soonest: timedelta = IN_A_BLINK
    failed_polls: int = 0
    """How many times in a row updates could not be fetched."""
    begun: bool = True
    """Whether the platform knows of this process; `thonbao serve` says so once `begin` has returned."""

    @property
    def is_away(self) -> bool:
        """See `Channel.is_away`. With a webhook, only the platform knows."""
        return not self.begun or self.failed_polls >= LOST

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close what was opened."""

    def attach(self, storage: "Storage") -> None:
        """See `Channel.attach`."""

    async def begin(self, menus: Menus, webhook: Callback | None, stop: asyncio.Event) -> str:
        """Tell the platform that the bot is there, and to post to `webhook` or (None) to keep updates for polling.

        Tries until it works or `stop` is set. Returns the bot's name on the platform, "" if it has none. Raises
        Problem for what will never work.
        """
        return ""

    async def introduced(self) -> str:
        """Ask once for the bot's name on the platform; "" if it has none or cannot be reached.

        Raises Problem for what will never work, such as a wrong token.
        """
        return ""

    async def poll(self, take: Take, stop: asyncio.Event) -> None:
        """Fetch updates until `stop`; messages under way are finished. Failures are retried, since it worked at the
        start."""
        await stop.wait()

    async def beside_webhook(self, take: Take, stop: asyncio.Event) -> None:
        """While a webhook is served, fetch updates in other ways or watch over what was sent, until `stop`."""
        await stop.wait()

    def admits(self, headers: Headers, secret: str) -> bool:
        """Whether a call of the webhook may be the platform's. If not, its body is not read."""
        return False

    def signed(self, headers: Headers, body: bytes) -> bool:
        """Whether an admitted call has the platform's signature, on platforms that sign: `body` is as it came."""
        return True

    async def posted(self, body: bytes, take: Take) -> None:
        """Take the updates in the body of a call. Raises CallRefused, or any error if an update could not be saved."""
        raise CallRefused("channel", 404)

    async def send(self, message: Outgoing) -> Sent:
        """See `Channel.send`."""
        raise SendProblem("nothing can be sent here", permanent=True)

    def out_at(self, ref: str, taken_at: datetime) -> datetime | None:
        """See `Channel.out_at`."""
        return taken_at

    async def download(self, ref: str, limit: int) -> bytes:
        """See `Channel.download`."""
        raise SendProblem("no files here", permanent=True)

    async def answer_press(self, answers: str, notice: str) -> None:
        """See `Channel.answer_press`."""


def reaches(channels: Mapping[str, Channel], chat: "Contact", at: datetime) -> bool:
    """Whether an urgent message to `chat` goes out `at` that moment: its channel is served, not away, and open to it."""
    channel = channels.get(chat.channel)
    if channel is None or channel.is_away:
        return False
    open_for, wrote = channel.can.open_for, chat.last_sent_at
    return open_for is None or (wrote is not None and at - wrote < open_for)


def in_words(channels: Mapping[str, Channel]) -> frozenset[str]:
    """Return the names of the channels that show only words, and so no photo."""
    return frozenset(name for name, channel in channels.items() if channel.can.text_alone)
