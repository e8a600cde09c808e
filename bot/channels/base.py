"""What every channel is, seen from the bot: a way to send, to fetch a file, and to acknowledge a press.

A channel file is the only one that knows its platform's library. It turns the platform's errors into a
`SendProblem`, whose fields are all that the sender needs to decide what to do next.
"""

from typing import NamedTuple, Protocol

from handlers.messages import Capabilities, Reply


class Sent(NamedTuple):
    """The platform took a message. `ref` is its id there, "" where there is none."""

    ref: str


class Pace(NamedTuple):
    """How fast a platform wants what nobody is waiting for: messages a second in all, seconds between two
    messages to one chat. Answers to a person are not held back; they count towards the whole."""

    per_second: float
    per_chat: float


UNPACED = Pace(0.0, 0.0)


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
    def pace(self) -> Pace: ...

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
