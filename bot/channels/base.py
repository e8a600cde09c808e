"""What every channel is, seen from the bot: a way to send, to fetch a file, and to acknowledge a press.

`Channel` is what the sender needs of it; a `Service` also receives, and is what `thonbao serve` runs. A channel
file is the only one that knows its platform's library. It turns the platform's errors into a `SendProblem`, whose
fields are all that the sender needs to decide what to do next.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol, Self

from handlers.messages import Capabilities, Incoming, Reply

Take = Callable[[Incoming], Awaitable[None]]
"""What is done with each message; when it returns, the message may be forgotten by the platform."""
Headers = Iterable[tuple[bytes, bytes]]
"""The headers of a web request, their names in lower case."""
Menus = Mapping[str, Sequence[tuple[str, str]]]
"""For each language the commands that a menu lists: (name, description)."""


class Sent(NamedTuple):
    """The platform took a message. `ref` is its id there, "" where there is none."""

    ref: str


class SendingPace(NamedTuple):
    """How fast a platform wants what nobody is waiting for: messages a second in all, seconds between two
    messages to one chat. Answers to a person are not held back; they count towards the whole."""

    per_second: float
    per_chat: float


UNPACED = SendingPace(0.0, 0.0)


class SendProblem(Exception):
    """The platform did not take a message. Its text holds neither an address nor a word of the message.

    `retry_after` is in seconds, as the platform asks (None: it does not say). `unreachable`: this chat takes
    nothing any more. `permanent`: this message will never be taken. Neither: try again later.
    """

    def __init__(
        self,
        problem: str,
        *,
        retry_after: float | None = None,
        unreachable: bool = False,
        permanent: bool = False,
    ) -> None:
        super().__init__(problem)
        self.retry_after = retry_after
        self.unreachable = unreachable
        self.permanent = permanent or unreachable


class FileTooLarge(Exception):
    """A file on the platform is larger than it may be."""


class Channel(Protocol):
    """One platform. `name` stands in `Contact.channel`."""

    @property
    def name(self) -> str: ...

    @property
    def can(self) -> Capabilities: ...

    @property
    def pace(self) -> SendingPace: ...

    async def send(self, address: str, reply: Reply, edit_ref: str, file: bytes | None = None) -> Sent:
        """Send `reply`, whose text is short enough; `edit_ref` names a message to replace, "" for a new one.

        `file` is the drawn picture or the document of the reply. Raises SendProblem.
        """
        ...

    async def download(self, ref: str, limit: int) -> bytes:
        """The bytes of the file `ref`. Raises FileTooLarge above `limit` bytes, else SendProblem."""
        ...

    async def answer_press(self, answers: str, notice: str) -> None:
        """Acknowledge a pressed button, showing `notice` ("" for nothing). Raises SendProblem."""
        ...


class CallRefused(Exception):
    """A call of the webhook that is not the platform's, or not in its form. `status` is the HTTP answer."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


class Callback(NamedTuple):
    """Where a platform posts its updates, and the secret that it sends with each."""

    url: str
    secret: str


class Service:
    """A channel that a server runs. What is not overridden is what a platform without that ability does.

    Use as `async with`. `begin` comes first; then updates arrive either by `poll` or, at the webhook, by `admits` and
    `posted`.
    """

    name: str
    can: Capabilities = Capabilities()
    pace: SendingPace = UNPACED
    failed_polls: int = 0
    """How often in a row updates could not be fetched."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close what was opened."""

    async def begin(self, menus: Menus, webhook: Callback | None, stop: asyncio.Event) -> str:
        """Tell the platform that the bot is there, and to post to `webhook` or (None) to keep updates for polling.

        Tries until it works or `stop` is set. Gives the bot's name on the platform, "" where it has none. Raises
        Problem for what will never work.
        """
        return ""

    async def poll(self, take: Take, stop: asyncio.Event) -> None:
        """Fetch updates until `stop`; messages under way are finished. Raises Problem for what will never work."""
        await stop.wait()

    def admits(self, headers: Headers, secret: str) -> bool:
        """Whether a call of the webhook may be the platform's. Its body is not read otherwise."""
        return False

    async def posted(self, body: bytes, take: Take) -> None:
        """Take the updates in the body of a call. Raises CallRefused, or anything when it could not be saved."""
        raise CallRefused("channel", 404)

    async def send(self, address: str, reply: Reply, edit_ref: str, file: bytes | None = None) -> Sent:
        """See `Channel.send`."""
        raise SendProblem("nothing can be sent here", permanent=True)

    async def download(self, ref: str, limit: int) -> bytes:
        """See `Channel.download`."""
        raise SendProblem("no files here", permanent=True)

    async def answer_press(self, answers: str, notice: str) -> None:
        """See `Channel.answer_press`."""
