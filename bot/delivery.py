"""Sends what the outbox holds, and writes down what became of it.

Messages come in two ways: right after the commit that wrote them (`offer`), or claimed from the outbox (what a dead
process left, what is to be tried again, what another process or the timetable wrote). Both kinds are held in memory,
in each contact's order, until their outcome is committed.

A short wait happens here. For a long one the contact's messages go back to the outbox, to be claimed by any process
that is there then. A message is held for less time than its claim lasts, so that no other worker sends it too. Only a
crash between the platform's answer and the commit of `record` makes a message arrive twice.

If several processes may send (PostgreSQL), `bot.peers` divides the pace among them.
"""

import asyncio
import random
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection

from bot import gathering
from bot.channel_queue import ChannelQueue, ChatQueue, HeldMessage
from bot.channels.base import Channel, SendProblem
from bot.file_links import FileLinks
from bot.message_sending import MessageSender
from bot.metrics import HELD, SENT, labelled
from bot.outcomes import GATHERED, Outcomes
from bot.patience import LONGEST_PAUSE
from bot.peers import EVERY, Peers
from bot.presses import PressAnswers
from bot.reaching import MOMENT, Reaching
from storage import dead_letters, delivered, outbox
from storage.outage import Outage
from storage.outbox import WAITS, Dead, Delivered, DueMessage, Retry, SendOutcome
from storage.priorities import ASKED_FOR
from storage.tables import now
from storage.unit_of_work import Storage

IN_FLIGHT: Final = 256
"""How many calls to a platform may be under way at once. A country's villages write 250 times a second in an evening, each
message takes two calls, and a call to a platform on another continent a fifth of a second: that is a hundred on average."""
STALE: Final = 22.0
"""The most seconds for which a message may be held: less than `storage.outbox.CLAIM`."""
LONGEST_WAIT: Final = 600.0
BACKLOG: Final = 300
CLAIMED: Final = 200
EMERGENCIES: Final = ASKED_FOR - 1
"""Messages up to this priority are claimed even if there is no room."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timing:
    """How many messages are under way at once, and the times that govern sending, in seconds."""

    in_flight: int = IN_FLIGHT
    poll: float = 2.0
    """Between two looks into the outbox."""
    patience: float = 15.0
    """The longest wait for a message here; for a longer one it goes back to the outbox."""
    first_wait: float = 0.5
    """After a first failure; it doubles with each further one."""
    beat: float = EVERY
    """Between two signs of life to the other sending processes."""
    moment: float = MOMENT
    """For so long a platform fails before it counts as away."""


class Aside(NamedTuple):
    """Messages of one chat went back to the outbox, `until` the loop's time at which they are due."""

    until: float
    channel: str


class Delivery:
    """Use as `async with Delivery(…) as delivery`; leaving it sends what can be sent within a few seconds."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        worker: str,
        data_dir: Path,
        timing: Timing = Timing(),
        is_quiet: Callable[[], bool] = lambda: False,
        links: FileLinks | None = None,
    ) -> None:
        self.storage = storage
        self.channels = dict(channels)
        self.worker = worker
        self.timing = timing
        self.is_quiet = is_quiet
        self.queues: dict[str, ChannelQueue] = {}
        self.chats: dict[int, ChatQueue] = {}
        self.delays = {name: Outage("message delayed") for name in channels}
        self.reaching = {name: Reaching(timing.moment) for name in channels}
        self.alarmed = asyncio.Event()
        """Set when an emergency could not be sent for a while, and when one that could not went out after all."""
        self.late: set[int] = set()
        """Emergencies that could not be sent for a while, or never can."""
        self.held: set[int] = set()
        self.aside: dict[int, Aside] = {}
        """The contacts whose messages went back to the outbox."""
        self.away: set[str] = set()
        """The channels whose platforms were not reached when that was last looked at."""
        self.more = False
        """The last look into the outbox did not take all that was due."""
        self.rung, self.quiet = asyncio.Event(), asyncio.Event()
        self.alone = storage.engine.dialect.name == "sqlite"
        self.sender = MessageSender(storage, data_dir, self.held, links)
        # Other processes look up what was sent last in a chat, so they are told at once.
        self.outcomes = Outcomes(storage, self.let_go, GATHERED if self.alone else 0.0)
        self.presses = PressAnswers(self.quiet.set)
        self.tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Delivery":
        self.loop = asyncio.get_running_loop()
        self.peers = Peers(self.storage.engine, self.worker, list(self.channels), self.timing.beat)
        for name, channel in self.channels.items():
            self.queues[name] = ChannelQueue(
                channel, self.send_first, self.timing.in_flight, self.outcomes.pending
            )
        if not self.alone:
            await self.beat()
        # Whoever raised a limit has restarted the service. This is written before the first claim can be overtaken by an
        # answer, which would then come before older messages of its chat.
        await dead_letters.try_held_back(self.storage, self.channels)
        self.tasks = [
            asyncio.create_task(self.outcomes.record_forever(), name="delivery-record"),
            asyncio.create_task(self.claim_forever(), name="delivery-claim"),
            asyncio.create_task(self.beat_forever(), name="delivery-beat"),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        recording, claiming, beating = self.tasks
        claiming.cancel()
        await self.drain()
        async with self.outcomes.recording:  # a commit under way is not given up
            recording.cancel()
        beating.cancel()
        under_way = [task for queue in self.queues.values() for task in queue.close()]
        for task in (*under_way, *self.presses.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, *under_way, *self.presses.tasks, return_exceptions=True)
        for chat in list(self.chats.values()):
            self.give_back(chat, 0.0)
        await self.outcomes.record()
        if not self.alone:
            await self.leave()

    def serves(self, channel: str) -> bool:
        """Whether this process sends on `channel`."""
        return channel in self.channels

    def fails(self, channel: str) -> bool:
        """Whether the platform of `channel` takes no messages now, as far as this process knows."""
        known = self.reaching.get(channel)
        return known is not None and known.fails(self.loop.time())

    async def drain(self, seconds: float = 5.0) -> None:
        """Wait until everything offered has its outcome on disk, for at most `seconds`."""
        self.outcomes.hurried.set()
        try:
            async with asyncio.timeout(seconds):
                while self.held or self.presses.tasks:
                    self.quiet.clear()
                    await self.quiet.wait()
        except TimeoutError:
            log.warning("messages left for later", held=len(self.held))
        finally:
            self.outcomes.hurried.clear()

    # --- taking

    def offer(self, dues: Iterable[DueMessage]) -> None:
        """Send `dues`, which are committed and owned by this worker. Messages that are already held are left alone."""
        queues: set[ChannelQueue] = set()
        for due in dues:
            if due.id in self.held:
                continue
            self.held.add(due.id)
            if due.contact_id in self.aside and due.priority >= ASKED_FOR:
                self.settle(due, Retry(due.id, self.moment(self.aside[due.contact_id].until), WAITS))
                continue
            chat = self.chat_of(due)
            if chat.add(HeldMessage(due, self.loop.time())):
                chat.queue.place(chat)
                queues.add(chat.queue)
        for queue in queues:
            queue.pump()

    def chat_of(self, due: DueMessage) -> ChatQueue:
        """The queue of the contact that a message is for."""
        if due.contact_id not in self.chats:
            self.chats[due.contact_id] = ChatQueue(due.contact_id, self.queues[due.channel])
        return self.chats[due.contact_id]

    async def claim_forever(self) -> None:
        """Look for messages that nobody sends: at the start, at intervals, and when something given back is due."""
        reading = Outage("outbox not read")
        while True:
            try:
                await self.try_anew()
                if self.has_room():
                    self.more = await self.claim(ASKED_FOR if self.is_quiet() else None)
                else:
                    await self.claim(EMERGENCIES)
            except Exception as error:
                self.more = False
                reading.met(error=type(error).__name__)
            else:
                reading.over()
            if self.more and self.has_room():
                continue
            soonest = min((one.until for one in self.aside.values()), default=float("inf")) - self.loop.time()
            await self.rest(min(self.timing.poll, max(0.05, soonest)))

    async def try_anew(self) -> None:
        """Let what failed be due when a platform is back."""
        away = {name for name, channel in self.channels.items() if channel.is_away}
        if back := self.away - away:
            await dead_letters.try_failed(self.storage, back)
            self.aside = {id: one for id, one in self.aside.items() if one.channel not in back}
        self.away = away

    async def rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        except TimeoutError:
            return
        finally:
            self.rung.clear()

    def parts(self) -> int:
        """Return how many processes share the pace; each holds as many messages fewer. Before it begins this process
        is alone."""
        return max(self.peers.shares.values(), default=1) if self.tasks else 1

    def has_room(self) -> bool:
        return len(self.held) < BACKLOG // self.parts()

    async def claim(self, up_to: int | None = None) -> bool:
        """Claim what is due, if given only up to the priority `up_to`. True if there may be more."""
        began = self.loop.time()
        most = max(1, CLAIMED // self.parts())
        dues = await outbox.claim(self.storage, self.worker, self.channels, most, up_to=up_to)
        self.aside = {id: one for id, one in self.aside.items() if one.until > began}
        fresh = [due for due in dues if due.id not in self.held]
        self.offer(fresh)
        return len(fresh) == most

    # --- sharing with other processes

    async def beat_forever(self) -> None:
        """Keep our place among the processes that send."""
        reading = Outage("senders not read")
        while not self.alone:
            await asyncio.sleep(self.timing.beat)
            try:
                await self.beat()
            except Exception as error:
                reading.met(error=type(error).__name__)
            else:
                reading.over()

    async def beat(self) -> None:
        """Show that we live, and divide the pace again. Look at once for what a dead process left."""
        if await self.peers.beat():
            self.rung.set()
        for name, queue in self.queues.items():
            queue.divide(self.peers.shares[name], self.peers.fresh_until, self.peers.settled_at)
            queue.pump()

    async def leave(self) -> None:
        try:
            await self.peers.leave()
        except Exception as error:
            log.warning("sender not signed off", error=type(error).__name__)

    # --- sending

    async def send_first(self, chat: ChatQueue) -> float:
        """Send the first message of `chat` and settle it. Return the seconds until the next one may follow."""
        message = chat.messages[0]
        try:
            if not self.peers.sure():
                return self.timing.beat
            if not self.is_ours(chat, message) or await self.is_taken_back(chat, message):
                return 0.0
            if message.parts is None:
                message.others = gathering.others(chat.messages, chat.queue.channel.can)
            await self.sender.send(message, chat.queue.channel)
            chat.queue.taken()
            for sent in (message, *message.others):
                chat.messages.remove(sent)
                kept = delivered.kept_of(sent.due, again=message.failures > 0)
                self.settle(sent.due, outbox.Delivered(sent.due.id, message.ref, kept))
        except SendProblem as problem:
            return self.failed(chat, message, problem)
        except Exception as error:
            if is_of_database(error):
                return self.failed(chat, message, SendProblem(type(error).__name__))
            log.exception("message not sendable", error=type(error).__name__)
            chat.messages.remove(message)
            self.settle(message.due, Dead(message.due.id, chat.contact_id, "fault"))
        finally:
            if not chat.messages:
                self.chats.pop(chat.contact_id, None)
        return 0.0

    def is_ours(self, chat: ChatQueue, message: HeldMessage) -> bool:
        """Whether nobody else can have claimed a message. If somebody may have, it is let go.

        That is so for everything taken before this process was thought dead, and for what has been held nearly as long
        as its claim lasts.
        """
        if message.since < self.peers.joined_at:
            chat.messages.remove(message)
            self.held.discard(message.due.id)
            self.quiet.set()
            return False
        if self.loop.time() - message.since > STALE:
            self.give_back(chat, 0.0, message.problem or WAITS)
            return False
        return True

    async def is_taken_back(self, chat: ChatQueue, message: HeldMessage) -> bool:
        """Whether an emergency that could not be sent was a mistake, and is no more in the outbox. Then it is let go."""
        if message.due.id not in self.late or await outbox.is_due(self.storage, message.due.id):
            return False
        chat.messages.remove(message)
        self.held.discard(message.due.id)
        self.late.discard(message.due.id)
        self.quiet.set()
        return True

    def failed(self, chat: ChatQueue, message: HeldMessage, problem: SendProblem) -> float:
        """Decide what follows a failure. Return the seconds to wait before the next try."""
        if problem.permanent:
            self.give_up(chat, message, problem)
            return 0.0
        if problem.postponed is not None:
            if problem.postponed <= self.timing.patience:
                return problem.postponed  # waited for here, so that what follows keeps its place
            self.postpone(chat, message, problem.postponed, str(problem))
            return 0.0
        message.failures, message.problem = message.failures + 1, str(problem)
        wait = problem.retry_after
        if wait is None:
            wait = self.wait_after(message)
            self.note_failure(message)
        else:
            chat.queue.refused(chat, wait)
        SENT.labels(message.due.channel, "delayed").inc()
        self.delays[message.due.channel].met(problem=str(problem), channel=message.due.channel)
        if wait > self.timing.patience:
            self.give_back(chat, wait, str(problem))
            return 0.0
        return wait

    def note_failure(self, message: HeldMessage) -> None:
        """Note that a platform took nothing; once it counts as away, let it be known that an emergency waits."""
        name, at = message.due.channel, self.loop.time()
        self.reaching[name].failed(at)
        if message.due.priority <= EMERGENCIES and message.due.id not in self.late and self.fails(name):
            self.late.add(message.due.id)
            self.alarmed.set()

    def give_up(self, chat: ChatQueue, message: HeldMessage, problem: SendProblem) -> None:
        """Settle a message that will never be taken, and the rest of its chat if that takes no messages any more."""
        chat.queue.taken()
        gone = list(chat.messages) if problem.unreachable else [message]
        chat.messages = [held for held in chat.messages if held not in gone]
        self.late.update(one.due.id for one in gone if one.due.priority <= EMERGENCIES)
        for one in gone:
            self.settle(one.due, Dead(one.due.id, chat.contact_id, str(problem), problem.unreachable))
        log.info("message given up", problem=str(problem), channel=message.due.channel)

    def postpone(self, chat: ChatQueue, message: HeldMessage, seconds: float, problem: str) -> None:
        """Return one message to the outbox for `seconds`; other messages for its chat may go before it."""
        chat.messages.remove(message)
        self.settle(message.due, Retry(message.due.id, self.moment(self.loop.time() + seconds), problem))

    def wait_after(self, message: HeldMessage) -> float:
        """Return the seconds to wait after a failure that does not say when to try again: longer each time, with some
        chance.

        A message that comes back from the outbox has failed before, so it starts where those that waited here end.
        """
        before = message.due.attempts + 4 if message.due.attempts else 0
        doubled = 2.0 ** min(message.failures + before - 1, 20)
        # Whoever is in danger should be heard soon after the platform is back.
        most = LONGEST_PAUSE if message.due.priority <= EMERGENCIES else LONGEST_WAIT
        return min(most, self.timing.first_wait * doubled) * random.uniform(0.8, 1.2)

    def give_back(self, chat: ChatQueue, seconds: float, problem: str = WAITS) -> None:
        """Return a contact's messages to the outbox for `seconds`; messages offered meanwhile follow them."""
        until = self.loop.time() + seconds
        self.aside[chat.contact_id] = Aside(until, chat.queue.channel.name)
        for message in chat.messages:
            self.settle(message.due, Retry(message.due.id, self.moment(until), problem))
        chat.messages.clear()
        self.chats.pop(chat.contact_id, None)

    def moment(self, loop_time: float) -> datetime:
        return now() + timedelta(seconds=loop_time - self.loop.time())

    # --- outcomes

    def settle(self, due: DueMessage, outcome: SendOutcome) -> None:
        """Note what became of a message; it stays held until that is on disk."""
        if not isinstance(outcome, Retry):
            labelled(SENT, due.channel, type(outcome).__name__.lower()).inc()
        if isinstance(outcome, Delivered):
            self.delays[due.channel].over()
            self.reaching[due.channel].took()
            if due.priority <= EMERGENCIES and due.attempts:
                self.late.add(due.id)
        self.outcomes.add(outcome, farewell=bool(due.body.get("farewell")))

    def let_go(self, ids: Collection[int]) -> None:
        """Stop holding messages whose outcomes are on disk."""
        self.held.difference_update(ids)
        self.tell_of_late(ids)
        if self.more and self.has_room():
            self.rung.set()
        HELD.set(len(self.held))
        self.quiet.set()
        for queue in self.queues.values():
            queue.pump()

    def tell_of_late(self, ids: Collection[int]) -> None:
        """Let it be known if the outcome of an emergency that could not be sent for a while is on disk."""
        if not self.late.isdisjoint(ids):
            self.late.difference_update(ids)
            self.alarmed.set()


def is_of_database(error: Exception) -> bool:
    """Whether the error comes from a database that cannot be used now, as in channels that count messages: the message
    can wait."""
    passing = isinstance(error, DBAPIError | NoConnection | ConnectionError)
    return passing and not isinstance(error, DataError | IntegrityError)
