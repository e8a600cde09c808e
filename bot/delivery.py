"""Sends what the outbox holds, and writes down what became of it.

Messages come in two ways: right after the commit that wrote them (`offer`), or claimed from the outbox (what
a process that died left behind, what is to be tried again, what another process or the timetable wrote). Both
are then held in memory, in each contact's order, until their outcome is committed.

A short wait is waited for here. After a long one the contact's messages go back to the outbox, to be claimed
by whoever is there then. A message is held for less time than its claim lasts, so that no other worker sends
it too; between the platform's answer and the commit of `record` lies the one moment in which a crash makes a
message come twice.

Where several processes may send (PostgreSQL), `bot.company` divides the pace among them.
"""

import asyncio
import random
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from markupsafe import Markup

from bot.channels.base import Channel, SendProblem
from bot.channels.text import fits, split
from bot.company import EVERY, Company
from bot.lane import Box, Lane, Letter
from bot.letter_files import LetterFiles
from bot.metrics import HELD, SENT
from handlers.messages import Capabilities, Reply
from storage import outbox
from storage.outbox import ASKED_FOR, Dead, Due, Outcome, Retry
from storage.tables import now
from storage.unit_of_work import Storage

IN_FLIGHT: Final = 96
POLL: Final = 2.0
PATIENCE: Final = 15.0
"""Seconds that a message waits here; for longer waits it goes back to the outbox."""
STALE: Final = 22.0
"""Seconds that a message may be held: less than `storage.outbox.CLAIM`."""
FIRST_WAIT: Final = 0.5
LONGEST_WAIT: Final = 600.0
BACKLOG: Final = 300
CLAIMED: Final = 200
CAPTION: Final = 1024
SLOTS_KEPT: Final = 50_000
EMERGENCIES: Final = ASKED_FOR - 1
"""The priority up to which messages are claimed though there is no room."""

log = structlog.get_logger(__name__)


class Delivery:
    """Use as `async with Delivery(…) as delivery`; leaving it sends what can be sent within a few seconds."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        worker: str,
        data_dir: Path,
        *,
        in_flight: int = IN_FLIGHT,
        poll: float = POLL,
        patience: float = PATIENCE,
        first_wait: float = FIRST_WAIT,
        beat: float = EVERY,
        is_quiet: Callable[[], bool] = lambda: False,
    ) -> None:
        self.storage = storage
        self.channels = dict(channels)
        self.worker = worker
        self.files = LetterFiles(storage, data_dir)
        self.in_flight, self.poll = in_flight, poll
        self.patience, self.first_wait, self.every = patience, first_wait, beat
        self.is_quiet = is_quiet
        self.lanes: dict[str, Lane] = {}
        self.boxes: dict[int, Box] = {}
        self.held: set[int] = set()
        self.aside: dict[int, float] = {}
        """Contacts whose messages went back to the outbox, until the loop's time at which they are due."""
        self.outcomes: list[Outcome] = []
        self.being_written = 0
        self.more = False
        """The last look into the outbox did not take all that was due."""
        self.news, self.rung, self.quiet = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self.slots: OrderedDict[tuple[int, str], tuple[int, str]] = OrderedDict()
        self.alone = storage.engine.dialect.name == "sqlite"
        self.recording = asyncio.Lock()
        self.presses: set[asyncio.Task[None]] = set()
        self.tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Delivery":
        self.loop = asyncio.get_running_loop()
        for name, channel in self.channels.items():
            self.lanes[name] = Lane(channel, self.send_first, self.in_flight, self.unwritten)
        self.company = Company(self.storage.engine, self.worker, list(self.channels), self.every)
        if not self.alone:
            await self.beat()
        self.tasks = [
            asyncio.create_task(self.record_forever(), name="delivery-record"),
            asyncio.create_task(self.claim_forever(), name="delivery-claim"),
            asyncio.create_task(self.beat_forever(), name="delivery-beat"),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.tasks[1].cancel()
        await self.drain()
        async with self.recording:
            self.tasks[0].cancel()
        self.tasks[2].cancel()
        flying = [task for lane in self.lanes.values() for task in lane.close()]
        for task in (*flying, *self.presses):
            task.cancel()
        await asyncio.gather(*self.tasks, *flying, *self.presses, return_exceptions=True)
        for box in list(self.boxes.values()):
            self.give_back(box, 0.0)
        await self.record()
        if not self.alone:
            await self.leave()

    def serves(self, channel: str) -> bool:
        """Whether this process sends on `channel`."""
        return channel in self.channels

    async def drain(self, seconds: float = 5.0) -> None:
        """Wait until everything offered has its outcome on disk, for at most `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while self.held or self.presses:
                    self.quiet.clear()
                    await self.quiet.wait()
        except TimeoutError:
            log.warning("messages left for later", held=len(self.held))

    # --- taking

    def offer(self, dues: Iterable[Due]) -> None:
        """Send `dues`, which are committed and owned by this worker. Those held already are left alone."""
        lanes: set[Lane] = set()
        for due in dues:
            if due.id in self.held:
                continue
            self.held.add(due.id)
            if due.contact_id in self.aside and due.priority >= ASKED_FOR:
                self.settle(due, Retry(due.id, self.moment(self.aside[due.contact_id]), "waits"))
                continue
            box = self.boxes.get(due.contact_id)
            if box is None:
                box = self.boxes[due.contact_id] = Box(due.contact_id, self.lanes[due.channel])
            if box.add(Letter(due, self.loop.time())):
                box.lane.place(box)
                lanes.add(box.lane)
        for lane in lanes:
            lane.pump()

    async def claim_forever(self) -> None:
        """Look for messages that nobody sends: at the start, at times, when something given back is due."""
        while True:
            try:
                if self.has_room():
                    self.more = await self.claim(ASKED_FOR if self.is_quiet() else None)
                else:
                    await self.claim(EMERGENCIES)
            except Exception as error:
                self.more = False
                log.warning("outbox not read", error=type(error).__name__)
            if self.more and self.has_room():
                continue
            soonest = min(self.aside.values(), default=float("inf")) - self.loop.time()
            await self.rest(min(self.poll, max(0.05, soonest)))

    async def rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.rung.wait()
        except TimeoutError:
            return
        finally:
            self.rung.clear()

    def parts(self) -> int:
        """Among how many processes the pace is divided: each holds as many messages less. Not begun it is alone."""
        return max(self.company.shares.values(), default=1) if self.tasks else 1

    def has_room(self) -> bool:
        return len(self.held) < BACKLOG // self.parts()

    async def claim(self, up_to: int | None = None) -> bool:
        """Take what is due, with priorities `up_to` this one. True if there may be more."""
        began = self.loop.time()
        most = max(1, CLAIMED // self.parts())
        dues = await outbox.claim(self.storage, self.worker, self.channels, most, up_to=up_to)
        self.aside = {contact: until for contact, until in self.aside.items() if until > began}
        fresh = [due for due in dues if due.id not in self.held]
        self.offer(fresh)
        return len(fresh) == most

    # --- sharing with other processes

    async def beat_forever(self) -> None:
        """Keep our place among the processes that send."""
        while not self.alone:
            await asyncio.sleep(self.every)
            try:
                await self.beat()
            except Exception as error:
                log.warning("senders not read", error=type(error).__name__)

    async def beat(self) -> None:
        """Show that we live, and divide the pace anew. What a dead process left is looked for at once."""
        if await self.company.beat():
            self.rung.set()
        for name, lane in self.lanes.items():
            lane.divide(self.company.shares[name], self.company.fresh_until, self.company.settled_at)
            lane.pump()

    async def leave(self) -> None:
        try:
            await self.company.leave()
        except Exception as error:
            log.warning("sender not signed off", error=type(error).__name__)

    # --- sending

    async def send_first(self, box: Box) -> float:
        """Send the first letter of `box` and settle it. Gives the seconds until the next one may follow."""
        letter = box.letters[0]
        try:
            if letter.since < self.company.joined_at:
                box.letters.remove(letter)
                self.held.discard(letter.due.id)
                self.quiet.set()
                return 0.0
            if not self.company.sure():
                return self.every
            if self.loop.time() - letter.since > STALE:
                self.give_back(box, 0.0)
                return 0.0
            await self.send_letter(box, letter)
            box.lane.taken()
            box.letters.remove(letter)
            self.settle(
                letter.due,
                outbox.Sent(letter.due.id, letter.ref, outbox.kept_of(letter.due, again=letter.failures > 0)),
            )
        except SendProblem as problem:
            return self.failed(box, letter, problem)
        except Exception as error:
            log.exception("message not sendable", error=type(error).__name__)
            box.letters.remove(letter)
            self.settle(letter.due, Dead(letter.due.id, box.contact_id, "fault"))
        finally:
            if not box.letters:
                self.boxes.pop(box.contact_id, None)
        return 0.0

    async def send_letter(self, box: Box, letter: Letter) -> None:
        """Send what is left of a letter, which a failure may have cut short before."""
        channel = box.lane.channel
        if letter.parts is None:
            reply = Reply.from_json(letter.due.body)
            if letter.due.priority != ASKED_FOR and not channel.can.buttons:
                reply = reply.in_words()
            if reply.edits or reply.edits_slot:
                letter.edit_ref = await self.edited(letter.due, reply)
                if letter.edit_ref and channel.can.edits:
                    letter.parts = parts_of(reply, channel.can, None)[:1]
                else:
                    letter.parts = parts_of(reply, channel.can, None) if reply.anew else []
                    letter.edit_ref = ""
            else:
                letter.parts = parts_of(reply, channel.can, await self.files.of(letter.due, reply))
        while letter.parts:
            part, file = letter.parts[0]
            sent = await channel.send(letter.due.address, part, letter.edit_ref, file)
            letter.ref = sent.ref
            letter.parts.pop(0)
            if part.slot:
                self.keep_slot(letter.due, part.slot, sent.ref)

    def failed(self, box: Box, letter: Letter, problem: SendProblem) -> float:
        """What follows a failure. Gives the seconds to wait before the next try."""
        due = letter.due
        if problem.permanent:
            box.lane.taken()
            gone = list(box.letters) if problem.unreachable else [letter]
            box.letters = [held for held in box.letters if held not in gone]
            for one in gone:
                self.settle(one.due, Dead(one.due.id, box.contact_id, str(problem), problem.unreachable))
            log.info("message given up", problem=str(problem), channel=due.channel)
            return 0.0
        letter.failures += 1
        if problem.retry_after is not None:
            wait = problem.retry_after
            box.lane.refused(box, wait)
        else:
            tries = letter.failures + (due.attempts + 4 if due.attempts else 0)
            wait = min(LONGEST_WAIT, self.first_wait * 2.0 ** min(tries - 1, 20)) * random.uniform(0.8, 1.2)
        SENT.labels(due.channel, "delayed").inc()
        log.info("message delayed", problem=str(problem), channel=due.channel, seconds=round(wait, 1))
        if wait > self.patience:
            self.give_back(box, wait, str(problem))
            return 0.0
        return wait

    def give_back(self, box: Box, seconds: float, problem: str = "waits") -> None:
        """Return a contact's messages to the outbox for `seconds`; what is offered meanwhile follows them."""
        until = self.loop.time() + seconds
        self.aside[box.contact_id] = until
        for letter in box.letters:
            self.settle(letter.due, Retry(letter.due.id, self.moment(until), problem))
        box.letters.clear()
        self.boxes.pop(box.contact_id, None)

    def moment(self, loop_time: float) -> datetime:
        return now() + timedelta(seconds=loop_time - self.loop.time())

    # --- what a message needs

    async def edited(self, due: Due, reply: Reply) -> str:
        """The platform's id of the message that `reply` replaces, or "".

        Of a slot it is the newest message sent before. Where other processes send too, what this one remembers
        is the newest only until it is written down.
        """
        known = due.edit_ref or reply.edits
        number, ref = self.slots.get((due.contact_id, reply.edits_slot), (0, ""))
        if not known and (self.alone or number in self.held):
            known = ref
        return known or await outbox.slot_ref(self.storage, due.contact_id, reply.edits_slot, due.id)

    def keep_slot(self, due: Due, slot: str, ref: str) -> None:
        self.slots[due.contact_id, slot] = due.id, ref
        self.slots.move_to_end((due.contact_id, slot))
        if len(self.slots) > SLOTS_KEPT:
            self.slots.popitem(last=False)

    def answer_press(self, channel: Channel, answers: str, notice: str) -> None:
        """Stop the spinner of a pressed button, holding nothing up. If it fails, it stops by itself."""

        async def answer() -> None:
            try:
                await channel.answer_press(answers, notice)
            except SendProblem as problem:
                log.info("press not answered", problem=str(problem))

        task = self.loop.create_task(answer())
        self.presses.add(task)
        task.add_done_callback(self.press_answered)

    def press_answered(self, task: asyncio.Task[None]) -> None:
        self.presses.discard(task)
        self.quiet.set()

    # --- outcomes

    def settle(self, due: Due, outcome: Outcome) -> None:
        """Note what became of a message; it stays held until that is on disk."""
        if not isinstance(outcome, Retry):
            SENT.labels(due.channel, type(outcome).__name__.lower()).inc()
        self.outcomes.append(outcome)
        self.news.set()

    def unwritten(self) -> int:
        """How many outcomes are not on disk yet."""
        return len(self.outcomes) + self.being_written

    async def record_forever(self) -> None:
        """Write outcomes down, everything that came together at once."""
        while True:
            await self.news.wait()
            self.news.clear()
            async with self.recording:
                written = await self.record()
            if not written:
                await asyncio.sleep(1.0)
                self.news.set()

    async def record(self) -> bool:
        """Commit the outcomes so far. False if the database refused: they are kept for the next time."""
        outcomes, self.outcomes = self.outcomes, []
        if not outcomes:
            return True
        self.being_written = len(outcomes)
        try:
            await outbox.record(self.storage, outcomes)
        except Exception as error:
            log.warning("outcomes not written", error=type(error).__name__, count=len(outcomes))
            self.outcomes[:0] = outcomes
            return False
        finally:
            self.being_written = 0
        self.held.difference_update(outcome.id for outcome in outcomes)
        if self.more and self.has_room():
            self.rung.set()
        HELD.set(len(self.held))
        self.quiet.set()
        for lane in self.lanes.values():
            lane.pump()
        return True


def parts_of(reply: Reply, can: Capabilities, file: bytes | None) -> list[tuple[Reply, bytes | None]]:
    """The messages that `reply` takes on a channel: a file with its caption, long texts in parts.

    The buttons and the slot belong to the last one.
    """
    empty = Reply(Markup(), picture=reply.picture, document=reply.document)
    if file is not None and fits(reply.text, min(CAPTION, can.max_text)):
        return [(reply, file)]
    bare = replace(reply, picture=None, document=None) if file is not None else reply
    *early, last = split(reply.text, can.max_text)
    parts: list[tuple[Reply, bytes | None]] = [(empty, file)] if file is not None else []
    parts += [(Reply(text), None) for text in early]
    return [*parts, (replace(bare, text=last), None)]
