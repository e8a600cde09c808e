"""Whose a refusal for the rate is: the chat's, which was written to too often, or the account's.

A platform says how long to wait and not who is meant, but what it does to the others tells. A chat's refusal leaves other
chats' messages alone, so below our own pace it is the chat's unless nothing gets through at all. At the pace a limit of the
account lets some through and refuses the rest: then a quarter of what was answered lately is refused. However many people
provoke their own refusals, as long as others' messages are taken the others do not wait.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

LATELY: Final = 1.0
"""Seconds: platforms count within one."""
CHATS: Final = 5
"""Refusals of fewer chats than this say nothing of the account."""
SHARE: Final = 0.25
AT_PACE: Final = 0.9
"""The share of the pace from which on the account's limit may have been met."""


class PlatformAnswer(NamedTuple):
    """One message that the platform took, or refused to a `chat` for so many `seconds`."""

    at: float
    chat: int = 0
    seconds: float = 0.0


class Refusals:
    """What one channel's platform answered lately. `pace` is in messages a second, 0: none. Times are the loop's."""

    def __init__(self, pace: float) -> None:
        self.pace = pace
        self.lately: deque[PlatformAnswer] = deque()

    def note(self, answered: PlatformAnswer) -> None:
        """Remember an answer, and forget the old ones."""
        while self.lately and self.lately[0].at <= answered.at - LATELY:
            self.lately.popleft()
        self.lately.append(answered)

    def taken(self, at: float) -> None:
        """The platform took a message."""
        self.note(PlatformAnswer(at))

    def refused(self, at: float, chat: int, seconds: float) -> float:
        """A chat's message was refused. For how many seconds the whole account must wait: 0 if only the chat must.

        It is the shortest wait of those told: one chat's long punishment is not everybody's.
        """
        self.note(PlatformAnswer(at, chat, seconds))
        refused = [answer for answer in self.lately if answer.seconds]
        return min(answer.seconds for answer in refused) if self.is_account(refused) else 0.0

    def is_account(self, refused: Sequence[PlatformAnswer]) -> bool:
        """Whether these refusals, among all that was answered lately, are of the whole account."""
        if len({answer.chat for answer in refused}) < CHATS:
            return False
        at_pace = self.pace > 0 and len(self.lately) >= AT_PACE * self.pace * LATELY
        share = len(refused) / len(self.lately)
        return share >= SHARE if at_pace else share == 1.0
