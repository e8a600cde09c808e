"""Whether a refusal for the rate is about the chat, which was written to too often, or about the whole account.

A platform says how long to wait but not who is meant; how it treats the others tells. A refusal that means a chat
leaves other chats' messages alone. So below our own pace a refusal is the chat's, unless nothing gets through at all.
At the pace, a limit of the account lets some messages through and refuses the rest: it is assumed if a quarter of what
was answered lately was refused. However many people provoke refusals of their own, the others do not wait as long as
their messages are taken.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

LATELY: Final = 1.0
"""Seconds; platforms count within one."""
CHATS: Final = 5
"""Refusals of fewer chats than this prove nothing about the account."""
SHARE: Final = 0.25
AT_PACE: Final = 0.9
"""From this share of the pace on, we may have met the account's limit."""


class PlatformAnswer(NamedTuple):
    """One message that the platform took, or refused to `chat` for `seconds`."""

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
        """Note that the platform took a message."""
        self.note(PlatformAnswer(at))

    def refused(self, at: float, chat: int, seconds: float) -> float:
        """Note that a chat's message was refused. Return the seconds that the whole account must wait: 0 if only the
        chat must.

        It is the shortest wait among those named: one chat's long punishment is not everybody's.
        """
        self.note(PlatformAnswer(at, chat, seconds))
        refused = [answer for answer in self.lately if answer.seconds]
        return min(answer.seconds for answer in refused) if self.is_account(refused) else 0.0

    def is_account(self, refused: Sequence[PlatformAnswer]) -> bool:
        """Whether these refusals, among all recent answers, are about the whole account."""
        if len({answer.chat for answer in refused}) < CHATS:
            return False
        at_pace = self.pace > 0 and len(self.lately) >= AT_PACE * self.pace * LATELY
        share = len(refused) / len(self.lately)
        return share >= SHARE if at_pace else share == 1.0
