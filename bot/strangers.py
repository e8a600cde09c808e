"""How much the bot says to people who are not enrolled. Anybody may write to it, but its pace is for those who are.

A chat gets a few answers a minute, then one that asks it to wait for a minute, then none until that is over, except to
its first code: enough for somebody who mistypes a code several times. All such chats together get two answers a
second. Further ones are put off, or left out if that would take long. Somebody with a right code or a number on the
roster is answered at once, whatever strangers do meanwhile, and is not counted once enrolled.

Each process counts for itself, in memory: nothing about a stranger is kept for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Final

from bot.metrics import UNANSWERED
from bot.recent import Recent
from handlers.codes import invitation_in
from handlers.messages import Reply
from handlers.turn import Turn

EACH: Final = 8
"""Answers a minute to one chat."""
MINUTE: Final = timedelta(minutes=1)
BURST: Final = 60
"""How many answers to all strangers may leave at once; after that, one each `INTERVAL`."""
INTERVAL: Final = timedelta(seconds=0.5)
LONGEST: Final = timedelta(minutes=10)
"""The longest time by which an answer is put off."""
LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
KEPT: Final = 20_000
"""How many chats are counted; if there are more, those that wrote last."""


class StrangerVerdict(Enum):
    """What a stranger's message gets: its answer, the request to wait, or nothing."""

    ANSWER = auto()
    WAIT = auto()
    NOTHING = auto()


@dataclass(slots=True)
class ChatCount:
    """The messages of one chat that were answered lately, by key, and the one that was answered with the request to wait."""

    answered: dict[str, datetime] = field(default_factory=dict)
    told: str = ""
    code: str = ""
    """The message with a code in that minute: its sender must learn whether the code was looked up."""
    silent_until: datetime = LONG_AGO


class Strangers:
    """Counts answers to strangers. `processes`: how many processes share the rate for all."""

    def __init__(self, processes: Callable[[], int] = lambda: 1) -> None:
        self.processes = processes
        self.chats: Recent[tuple[str, str], ChatCount] = Recent(KEPT)
        self.booked_until = LONG_AGO
        """Up to when the rate of all is used up: more than `BURST` intervals ahead, answers are put off."""

    def hold_back(self, turn: Turn, at: datetime) -> datetime | None:
        """Leave in `turn` only the replies that its stranger may have; return when they may be sent, if not at once."""
        own = turn.contact.id
        to_others = [(contact, reply) for contact, reply in turn.replies if contact != own]
        if len(to_others) == len(turn.replies):
            return None
        chat, tried = (turn.incoming.channel, turn.incoming.address), invitation_in(turn.incoming.text)
        verdict, when = self.decide(chat, turn.incoming.key, at, with_code=tried is not None)
        if verdict is not StrangerVerdict.ANSWER:
            turn.replies = to_others
        if verdict is StrangerVerdict.WAIT:
            turn.replies.append((own, Reply(turn.say("enrol.too_many"))))
        return when

    def decide(
        self, chat: tuple[str, str], key: str, at: datetime, *, with_code: bool
    ) -> tuple[StrangerVerdict, datetime | None]:
        """Return what the message `key` of a chat gets, and when, if not at once. What would come too late takes no
        place."""
        verdict = self.judge(chat, key, at, with_code=with_code)
        when = None if verdict is StrangerVerdict.NOTHING else self.book(at)
        if when is None:
            UNANSWERED.inc()
            return StrangerVerdict.NOTHING, None
        return verdict, when if when > at else None

    def judge(
        self, chat: tuple[str, str], key: str, at: datetime, *, with_code: bool = False
    ) -> StrangerVerdict:
        """Return what the message `key` of a chat gets; the same again if its transaction is repeated."""
        count = self.count_of(chat, at)
        if key in count.answered:
            return StrangerVerdict.ANSWER
        if count.told and with_code and count.code in ("", key):
            count.code = key
            return StrangerVerdict.ANSWER
        if count.told:
            return StrangerVerdict.WAIT if key == count.told else StrangerVerdict.NOTHING
        if len(count.answered) < EACH:
            count.answered[key] = at
            return StrangerVerdict.ANSWER
        count.told, count.silent_until = key, at + MINUTE
        return StrangerVerdict.WAIT

    def count_of(self, chat: tuple[str, str], at: datetime) -> ChatCount:
        """Return what a chat was answered in the last minute; a new count if it waited as asked."""
        count = self.chats.get(chat)
        if count is None or (count.told and at >= count.silent_until):
            count = ChatCount()
        self.chats[chat] = count
        count.answered = {key: when for key, when in count.answered.items() if at - when < MINUTE}
        return count

    def book(self, at: datetime) -> datetime | None:
        """Return when the next answer to any stranger may be sent; None: so late that it takes no place."""
        interval = INTERVAL * self.processes()
        booked = max(self.booked_until, at) + interval
        when = max(at, booked - BURST * INTERVAL)
        if when - at > LONGEST:
            return None
        self.booked_until = booked
        return when

    def is_silent(self, chat: tuple[str, str], at: datetime) -> bool:
        """Whether a chat was asked to wait and still has to."""
        count = self.chats.get(chat)
        return count is not None and bool(count.told) and at < count.silent_until
