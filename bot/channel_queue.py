"""One channel's way out: whose message is next, and when.

Each contact has a `ChatQueue` of messages, sent one at a time and in order; different contacts are served at the same
time. An emergency goes before everything else. An answer that somebody waits for goes at once. Messages that nobody
waits for (reminders, broadcasts) keep the platform's pace, which counts the answers sent meanwhile, and let answers
pass first.
"""

import asyncio
import heapq
import itertools
from bisect import insort
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, auto

from bot.channels.base import Channel
from bot.refusals import CHATS, Refusals
from handlers.messages import Reply
from storage.outbox import DueMessage

LATE = 0.25
"""How many seconds are caught up on after messages were held up. `WINDOW` ensures that the limit still holds."""
WINDOW = 1.002
"""Platforms count within a second; uvloop's clock ticks in milliseconds."""
ALLOWED = 1.017
"""What a platform really allows in a second, as a multiple of the pace: 30 for Telegram's 29.5."""
TRIPS = 200
"""How many of the last calls are looked at: the shortest shows the least time that a call takes."""
OWN = 0.005
"""Seconds of that time that may have been spent in this process."""
UNHEARD = 96
"""So many messages that nobody waits for may be under way or not yet written down: a killed process repeats them."""
AT_LEAST = 1.0
"""A paced message goes at least this often, in seconds, however many answers are sent."""


@dataclass(slots=True, eq=False)
class HeldMessage:
    """One message of the outbox that this process holds. `since` is the loop's time when it was taken."""

    due: DueMessage
    since: float
    parts: list[tuple[Reply, bytes | None]] | None = None
    """What is still to be sent of it, with its file; None until this is prepared."""
    parts_sent: int = 0
    others: "list[HeldMessage]" = field(default_factory=list)
    """The messages that go with it in one call, chosen when its parts were prepared."""
    edit_ref: str = ""
    ref: str = ""
    failures: int = 0
    problem: str = ""
    """What the last try failed with."""

    @property
    def rank(self) -> tuple[int, int]:
        """Conversations first, then in the order of writing."""
        return self.due.priority, self.due.id


class ChatState(Enum):
    """Where a chat stands. PACED: it waits only for the pace, so a more urgent message may pass. WAITING: it waits as
    the platform asked, or after a failure; only an emergency may pass."""

    IDLE = auto()
    URGENT = auto()
    PACED = auto()
    SENDING = auto()
    WAITING = auto()


@dataclass(slots=True, eq=False)
class ChatQueue:
    """The messages of one contact. `ticket` changes with each new place in a queue, which makes older places void."""

    contact_id: int
    queue: "ChannelQueue"
    messages: list[HeldMessage] = field(default_factory=list)
    state: ChatState = ChatState.IDLE
    ticket: int = 0
    sent_at: float = float("-inf")
    rests_until: float = float("-inf")

    def add(self, message: HeldMessage) -> bool:
        """Take a message in. True if the chat needs a new place: it was idle, or the message goes before what the chat
        waits for."""
        insort(self.messages, message, key=lambda held: held.rank)
        priority = message.due.priority
        return (
            self.state is ChatState.IDLE
            or (self.state is ChatState.PACED and priority <= 0)
            or (self.state in (ChatState.URGENT, ChatState.WAITING) and priority < 0)
        )


class ChannelQueue:
    """The chats of one channel. `send` sends a chat's first message and returns the seconds to wait after it.

    At most `limit` messages are under way. Paced ones are limited further, to `UNHEARD` with those whose outcome is not on
    disk yet (`unwritten`): a killed process repeats no more than that, however slow its database is.

    The platform counts a message at some time between its start and its answer. To keep every second within the limit,
    however calls are held up, a message counts here until a second after the latest moment at which the platform can
    have counted it: its answer, less the time that the shortest call took.
    """

    def __init__(
        self,
        channel: Channel,
        send: Callable[[ChatQueue], Awaitable[float]],
        limit: int,
        unwritten: Callable[[], int] = lambda: 0,
    ) -> None:
        self.channel = channel
        self.send = send
        self.limit = limit
        self.unwritten = unwritten
        self.loop = asyncio.get_running_loop()
        self.alarms: deque[tuple[int, ChatQueue]] = deque()
        self.urgent: deque[tuple[int, ChatQueue]] = deque()
        self.paced: list[tuple[tuple[int, int], int, int, ChatQueue]] = []
        self.counter = itertools.count()
        self.tasks: set[asyncio.Task[None]] = set()
        self.counted: deque[float] = deque(maxlen=max(1, int(channel.pace.per_second * ALLOWED)))
        self.trips: deque[float] = deque(maxlen=TRIPS)
        self.next_slot = self.paced_at = 0.0
        self.refusals = Refusals(channel.pace.per_second)
        self.paused_until = 0.0
        self.doubted = False
        """Nothing was taken since the account was refused."""
        self.tried = 0
        """How many were refused since then, after the pause: each of them tries no other in its place."""
        self.alarm: asyncio.TimerHandle | None = None
        self.alarm_at = 0.0
        self.divide(1, float("inf"))

    def divide(self, among: int, until: float, since: float = 0.0) -> None:
        """Keep to one of `among` parts of the pace, and send paced messages only between two moments of the loop's time."""
        rate = self.channel.pace.per_second
        self.interval = among / rate if rate else 0.0
        self.most = max(1, int(rate * ALLOWED / among))
        self.until, self.next_slot = until, max(self.next_slot, since)
        self.refusals.pace = rate / among

    def place(self, chat: ChatQueue) -> None:
        """Queue `chat` by its first message. A message that had to wait still waits after an emergency has passed it."""
        first = chat.messages[0]
        if first.due.priority >= 0 and (rest := chat.rests_until - self.loop.time()) > 0:
            self.wait(chat, rest)
            return
        chat.ticket += 1
        if first.due.priority <= 0:
            chat.state = ChatState.URGENT
            queue = self.urgent if first.due.priority == 0 else self.alarms
            queue.append((chat.ticket, chat))
            return
        chat.state = ChatState.PACED
        ready = chat.sent_at + self.channel.pace.per_chat
        if ready > self.loop.time():
            self.loop.call_at(ready, self.place_again, chat, chat.ticket)
            return
        if not self.paced:
            self.next_slot = max(self.next_slot, self.loop.time())
        heapq.heappush(self.paced, (first.rank, next(self.counter), chat.ticket, chat))

    def place_again(self, chat: ChatQueue, ticket: int) -> None:
        """Queue `chat`, which has waited, unless its place has changed meanwhile."""
        if ticket == chat.ticket and chat.messages:
            self.place(chat)
            self.pump()

    def wait(self, chat: ChatQueue, seconds: float) -> None:
        """Let `chat` rest for that long."""
        chat.ticket += 1
        chat.state = ChatState.WAITING
        chat.rests_until = self.loop.time() + seconds
        self.loop.call_at(chat.rests_until, self.place_again, chat, chat.ticket)

    def taken(self) -> None:
        """Note that the platform took a message, or refused it for its content: the account is not being limited."""
        self.doubted, self.tried = False, 0
        self.refusals.taken(self.loop.time())

    def refused(self, chat: ChatQueue, seconds: float) -> None:
        """Note that the platform refused a message for its rate. Its chat waits; everybody waits if the account is meant."""
        now = self.loop.time()
        pause = self.refusals.refused(now, chat.contact_id, seconds)
        self.tried += 1
        if pause:
            self.doubted, self.tried = True, 0
            self.paused_until = max(self.paused_until, now + pause)

    def pump(self) -> None:
        """Send what may be sent now. Emergencies go first; after a pause of the account a few messages test whether it
        is over."""
        now = self.loop.time()
        self.send_queued(self.alarms, self.limit)
        if self.paused_until > now:
            self.wake_at(self.paused_until)
            return
        limit = min(self.limit, max(1, CHATS - self.tried)) if self.doubted else self.limit
        self.send_queued(self.urgent, limit)
        if now < self.until:
            self.send_paced(min(limit, UNHEARD))

    def send_paced(self, limit: int) -> None:
        """Send paced messages while fewer than `limit` are under way or not yet written down."""
        while len(self.tasks) + self.unwritten() < limit and (chat := self.next_paced()) is not None:
            if (opens := self.opens()) > self.loop.time():
                self.wake_at(opens)
                return
            heapq.heappop(self.paced)
            self.start(chat)

    def next_paced(self) -> ChatQueue | None:
        """Return the chat whose paced message is next.

        A heap only gives up its first element, so void places are dropped when they come to the top.
        """
        while self.paced:
            _, _, ticket, chat = self.paced[0]
            if ticket == chat.ticket:
                return chat
            heapq.heappop(self.paced)
        return None

    def send_queued(self, queue: deque[tuple[int, ChatQueue]], limit: int) -> None:
        """Send what is in a queue while fewer than `limit` are under way."""
        while queue and len(self.tasks) < limit:
            ticket, chat = queue.popleft()
            if ticket == chat.ticket:
                self.start(chat)

    def opens(self) -> float:
        """Return when the next paced message may go; it may turn out to be later."""
        now = self.loop.time()
        while self.counted and self.counted[0] <= now - WINDOW:
            self.counted.popleft()
        if not self.interval or len(self.tasks) + len(self.counted) < self.most:
            return self.next_slot
        first = self.counted[0] if self.counted else now
        return max(self.next_slot, min(first + WINDOW, self.paced_at + AT_LEAST))

    def wake_at(self, moment: float) -> None:
        """Pump at `moment`, or before. uvloop's handles do not tell their time, so a near one gets no timer."""
        if self.alarm is not None:
            if self.alarm_at <= moment:
                return
            self.alarm.cancel()
        self.alarm, self.alarm_at = self.loop.call_at(moment, self.ring), moment

    def ring(self) -> None:
        self.alarm = None
        self.pump()

    def close(self) -> list[asyncio.Task[None]]:
        """Start nothing more. Return what is under way."""
        self.limit = 0
        return list(self.tasks)

    def start(self, chat: ChatQueue) -> None:
        chat.ticket += 1
        if self.interval:
            self.count(chat)
        chat.state = ChatState.SENDING
        task = self.loop.create_task(self.fly(chat))
        self.tasks.add(task)
        task.add_done_callback(self.landed)

    def count(self, chat: ChatQueue) -> None:
        """Move the time at which the next paced message may go."""
        now = self.loop.time()
        after = max(self.next_slot, now - LATE) + self.interval
        if chat.state is ChatState.PACED:
            self.next_slot, self.paced_at = after, now
        else:
            self.next_slot = min(after, max(self.next_slot, self.paced_at + AT_LEAST))

    def landed(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self.pump()

    async def fly(self, chat: ChatQueue) -> None:
        started = self.loop.time()
        seconds = await self.send(chat)
        chat.sent_at = self.loop.time()
        if self.interval:
            self.trips.append(chat.sent_at - started)
            shortest = min(self.trips) - OWN if len(self.trips) == TRIPS else 0.0
            self.counted.append(chat.sent_at - max(0.0, shortest))
        if not chat.messages:
            chat.state = ChatState.IDLE
        elif seconds > 0:
            self.wait(chat, seconds)
        else:
            self.place(chat)
