"""The one gate to the database's writing side: one transaction at a time, shared by what arrived meanwhile.

SQLite takes one writer, and a durable commit costs the same for one answer as for fifty. So work that arrives
while a transaction runs waits together and goes into the next one (group commit); on PostgreSQL the same
grouping saves round trips, and row locks hold each contact's turn across processes.

What must hold, and how it does:

- An answer is acknowledged only after its commit: `turn` and `write` return after it.
- A message delivered twice has one effect: its key is inserted first, and a key that stands is not handled.
- One contact's messages are handled one at a time in their order: within a group they are sorted, across
  groups this process has one transaction at a time, across processes the rows of the contact and of its open
  interview (which another phone of the same person may hold too) are locked.
- One failing piece of work harms no other: the group is rolled back and each piece repeated alone. Work must
  therefore touch nothing but its session.
- A village head who answers does not wait behind officers who ask for figures: in each transaction officers'
  messages come last, and those that would make it long wait for the next one.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeVar, cast

import structlog
from sqlalchemy import bindparam, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel, and_, col, select

from storage import database
from storage.envelopes import Envelope, is_late, is_repeated, mark_order
from storage.outage import Outage
from storage.own_file import OwnFile
from storage.places import PlaceMemory
from storage.restoring import Turns, count_up
from storage.session import Session
from storage.somebodys_words import LAST_WORDS
from storage.tables import Contact, InterviewRow, Person, Role, RoleName, Seen, now

T = TypeVar("T")
GROUP = 100
"""How many pieces of work one transaction holds at most, so that the first reply does not wait for the last."""
APART: Final = 0.05
"""Seconds between the beginnings of two transactions where many people write. What a transaction costs by itself is twice
what an answer in it does: while answers come one by one, a wait that nobody notices lets four of them share it."""
OFFICERS_SECONDS = 0.005
"""A transaction stops taking officers' messages after this long; the rest go into the next one."""
BREATH = 0.005
"""After this long a transaction lets the rest of the process go on for a moment: without that no message would be sent or
received before its end, a fifth of a second later when a hundred people write."""
TRIES = 4
"""How often a piece of work alone is tried when the database asks for it (deadlock, busy)."""
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Identity:
    """The sender as the database knows them. `late`: a message that they sent later was handled before this one.

    `interview` is held here because a session forgets a row that nobody refers to: it saves a query later.
    """

    contact: Contact
    person: Person | None
    roles: list[Role]
    interview: InterviewRow | None = None
    late: bool = False
    words_at: datetime | None = None
    """When the chat last got somebody's words, about a figure or to many."""

    @property
    def is_officer(self) -> bool:
        """Whether the message may be a question about the figures of many places, which takes longer than an answer."""
        return any(role.role != RoleName.VILLAGE_HEAD for role in self.roles)


Work = Callable[[Session], Awaitable[T]]
Writers = Mapping[tuple[str, str], tuple[Contact, datetime | None]]
"""Contacts by channel and address, each with when it last got somebody's words."""
TurnWork = Callable[[Session, Identity], Awaitable[T]]
Watch = Callable[[bool, Exception | None], None]
"""Called when a message (True) or other work (False) was committed (None), or with the error if it was not."""


@dataclass(slots=True, eq=False)
class Job:
    work: Callable[..., Awaitable[Any]]
    envelope: Envelope | None = None
    marks: Sequence[tuple[str, str]] = ()
    """The keys by which a message is recognised when it is delivered again."""
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Storage:
    """The database for the running bot. Use as `async with Storage(engine) as storage`.

    `turns` counts every transaction, so that a loss of some is noticed. A message waits until `apart` seconds after the
    last transaction began, unless so many wait that they fill one.
    """

    def __init__(self, engine: AsyncEngine, turns: Turns | None = None, apart: float = 0.0) -> None:
        self.engine = engine
        self.apart = apart
        self.began = float("-inf")
        """The loop's time when the last transaction began."""
        self.waiting: asyncio.Queue[Job] = asyncio.Queue()
        self.full = asyncio.Event()
        """As much waits as one transaction holds."""
        self.left: list[Job] = []
        """What goes first into the next transaction: what waits for others to come, officers' messages that the last one
        had no time for."""
        self.along: list[Job] = []
        """What goes with the next transaction."""
        self.runner: asyncio.Task[None] | None = None
        self.watch: Watch = lambda of_message, error: None
        """Told of each piece of work what became of it."""
        self.turns = turns
        self.memory = PlaceMemory()
        self.file = OwnFile(engine)
        self.together = Outage("group repeated one by one")
        self.upsert = sqlite.insert if engine.dialect.name == "sqlite" else postgresql.insert

    async def __aenter__(self) -> "Storage":
        self.runner = asyncio.create_task(self.run(), name="storage")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self.runner:
            self.runner.cancel()
            await asyncio.gather(self.runner, return_exceptions=True)
        while not self.waiting.empty():
            self.left.append(self.waiting.get_nowait())
        for job in self.left:
            job.done.cancel()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Session]:
        """Give a session that only reads."""
        async with Session(self.engine, self.memory) as session:
            yield session

    async def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction and return its result once it is committed. An error that it raised is raised here."""
        job = Job(work)
        self.waiting.put_nowait(job)
        return cast(T, await job.done)

    def write_along(self, work: Work[None]) -> None:
        """Run `work` in the next transaction, which does not begin for it. Until then it is lost if the process dies.

        For what follows every message and matters little: a transaction of its own costs several times as much.
        """
        job = Job(work)
        job.done.add_done_callback(unheard)
        self.along.append(job)

    async def turn(self, envelope: Envelope, work: TurnWork[T]) -> T | None:
        """Do as `write` does, for a message. Return None if it was handled before, else the result of `work`."""
        job = Job(work, envelope, marks_of(envelope))
        self.waiting.put_nowait(job)
        if self.waiting.qsize() + len(self.left) >= GROUP:
            self.full.set()
        return cast("T | None", await job.done)

    async def run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            if not self.left:
                self.left = [await self.waiting.get()]
                if self.apart:
                    await self.let_others_come(self.began + self.apart - loop.time())
            self.began = loop.time()
            jobs, self.left = self.left, []
            while len(jobs) < GROUP and not self.waiting.empty():
                jobs.append(self.waiting.get_nowait())
            along, self.along = self.along, []
            self.left = await self.settle([*along, *jobs])

    async def let_others_come(self, seconds: float) -> None:
        """Wait for more to go with a message; other work that came first begins at once."""
        if seconds <= 0 or self.left[0].envelope is None:
            return
        self.full.clear()
        if self.waiting.qsize() + 1 < GROUP:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self.full.wait()

    async def settle(self, jobs: list[Job]) -> list[Job]:
        """Run `jobs` together, or each alone if that fails, and tell each its outcome. Return those that have to wait."""
        try:
            results = await self.transaction(jobs)
        except Exception as error:
            if len(jobs) > 1:
                self.together.met(error=type(error).__name__, size=len(jobs))
            for job in jobs:
                await self.settle_alone(job)
            return []
        if len(jobs) > 1:
            self.together.over()
        self.tell(results)
        return [job for job in jobs if job not in results]

    async def settle_alone(self, job: Job) -> None:
        for attempt in range(TRIES):
            try:
                self.tell(await self.transaction([job]))
                return
            except DBAPIError as error:
                if attempt == TRIES - 1:
                    self.fail(job, error)
                    return
            except Exception as error:
                self.fail(job, error)
                return

    def tell(self, results: Mapping[Job, Any]) -> None:
        for job, result in results.items():
            self.watch(job.envelope is not None, None)
            if not job.done.done():
                job.done.set_result(result)

    def fail(self, job: Job, error: Exception) -> None:
        self.watch(job.envelope is not None, error)
        if not job.done.done():
            job.done.set_exception(error)

    async def transaction(self, jobs: list[Job]) -> dict[Job, Any]:
        """Return the results of `jobs`, committed together, leaving out those of officers that have to wait."""
        await self.file.check()
        async with Session(self.engine, self.memory) as session, session.begin():
            # An engine that is given this has its events looked up in two places, for each step of each statement.
            await session.connection(execution_options=database.WRITING)
            identities = await self.admit(session, [job for job in jobs if job.envelope])
            results = await self.results(session, in_order(jobs), identities)
            await session.insert_waiting()
            count = await count_up(session) if self.turns else 0
        if self.turns:
            self.turns.write(count)
        if session.erases:
            await database.scrub(self.engine)
        return results | dict.fromkeys(repeated(jobs, identities, results))

    async def results(
        self, session: Session, jobs: Sequence[Job], identities: Mapping[Job, Identity]
    ) -> dict[Job, Any]:
        """Run the jobs in order, officers' messages after everything else, and return their results.

        Stop before the first officer's message that there is no time for.
        """
        officers = {job for job, identity in identities.items() if identity.is_officer}
        results: dict[Job, Any] = {}
        group, time_left, breath = Group(), OfficersTime(), Breath()
        for job in sorted(jobs, key=officers.__contains__):
            if job.envelope is None:
                results[job] = await job.work(session)
            elif identity := identities.get(job):
                if job in officers and time_left.is_over():
                    break
                results[job] = await self.serve(session, job, identity, group)
            await breath.drawn()
        group.mark_all()
        return results

    async def serve(self, session: Session, job: Job, identity: Identity, group: "Group") -> Any:
        """Do the work of a message and mark it as seen. `group` knows the earlier messages of this transaction."""
        envelope = cast(Envelope, job.envelope)
        again = group.mark(identity.contact)
        if is_repeated(identity.contact, envelope):
            return None
        identity.late = is_late(identity.contact, envelope)
        if again:
            await renew(session, identity)
        result = await job.work(session, identity)
        for channel, key in job.marks:
            session.insert_later(SEEN, {"channel": channel, "key": key, "at": now()})
        group.heard(identity, envelope)
        return result

    async def admit(self, session: Session, jobs: list[Job]) -> dict[Job, Identity]:
        """Return the sender of each message that was not seen before. Their contacts are locked for this transaction."""
        if not jobs:
            return {}
        # Contacts are locked first and in a fixed order: two processes that lock the same ones must not wait for
        # each other. Only then may we look which messages are new.
        contacts = await self.contacts(
            session, {(job.envelope.channel, job.envelope.address) for job in jobs if job.envelope}
        )
        session.speaking.update(contact.id for contact, _ in contacts.values())
        fresh = await self.unseen(session, jobs)
        people = await people_with_roles(session, {contact.person_id for contact, _ in contacts.values()})
        interviews = await open_interviews(
            session, {contact.interview_id for contact, _ in contacts.values()}
        )
        identities = {}
        for job in fresh:
            envelope = cast(Envelope, job.envelope)
            contact, words_at = contacts[envelope.channel, envelope.address]
            person, roles = people.get(contact.person_id, NOBODY)
            interview = interviews.get(contact.interview_id)
            identities[job] = Identity(contact, person, list(roles), interview, words_at=words_at)
        return identities

    async def unseen(self, session: Session, jobs: list[Job]) -> list[Job]:
        """Return those of `jobs` whose message was not handled before, each message once.

        No other process can come between this look and the mark that follows, because the contact's row (on SQLite,
        the whole database) is locked before.
        """
        marks = {mark: None for job in jobs for mark in job.marks}
        known = {tuple(row) for row in await session.fetch(MARKS, marks=list(marks))}
        fresh = []
        for job in jobs:
            if known.isdisjoint(job.marks):
                fresh.append(job)
                known.update(job.marks)
        return fresh

    async def contacts(self, session: Session, addresses: set[tuple[str, str]]) -> Writers:
        """Return the contacts at `addresses`, locked in a fixed order; make those that do not exist."""
        wanted = sorted(addresses)
        known = await self.known_contacts(session, wanted)
        missing = [pair for pair in wanted if pair not in known]
        if missing:
            at = now()
            rows = [
                {"channel": channel, "address": address, "locale": "", "screen": {}, "last_order": 0,
                 "last_messages": [], "reachable": True, "wrong_codes": 0, "created_at": at}
                for channel, address in missing
            ]  # fmt: skip
            await session.exec(self.upsert(Contact).values(rows).on_conflict_do_nothing())
            known = await self.known_contacts(session, wanted)
        return known

    @staticmethod
    async def known_contacts(session: Session, addresses: list[tuple[str, str]]) -> Writers:
        """Return the contacts that exist at `addresses`, locked in a fixed order."""
        found = await session.exec(CONTACTS, params={"addresses": addresses})
        return {(contact.channel, contact.address): (contact, words_at) for contact, words_at in found}


def unheard(done: asyncio.Future[Any]) -> None:
    """Take note of an outcome that nobody waits for, so that asyncio does not complain of it: `Storage.watch` heard."""
    if not done.cancelled():
        done.exception()


SEEN = SQLModel.metadata.tables["seen"]

# Every message asks these. They are written once: to put a statement together and to find what it was compiled to takes
# longer than the database takes to answer it.
CONTACTS: Final = (
    select(Contact, LAST_WORDS)
    .where(tuple_(col(Contact.channel), col(Contact.address)).in_(bindparam("addresses", expanding=True)))
    .order_by(col(Contact.id))
    .with_for_update()
)
MARKS: Final = select(Seen.channel, Seen.key).where(
    tuple_(col(Seen.channel), col(Seen.key)).in_(bindparam("marks", expanding=True))
)
PEOPLE: Final = (
    select(Person, Role)
    .outerjoin(Role, and_(col(Role.person_id) == col(Person.id), col(Role.until).is_(None)))
    .where(col(Person.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Role.id))
)
"""Each person once for each of their roles in force, or once without any."""
INTERVIEWS: Final = (
    select(InterviewRow)
    .where(col(InterviewRow.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(InterviewRow.id))
    .with_for_update()
)
"""Locked in a fixed order too."""
NOBODY: Final[tuple[None, tuple[()]]] = (None, ())


@dataclass(slots=True)
class OfficersTime:
    """How long officers' questions may take in one transaction. The first is always answered, however long it takes."""

    began: float | None = None

    def is_over(self) -> bool:
        """Whether the next officer's message has to wait. The clock starts when this is first asked."""
        if self.began is None:
            self.began = time.perf_counter()
            return False
        return time.perf_counter() - self.began > OFFICERS_SECONDS


class Breath:
    """Lets other tasks run now and then: on SQLite statements run in the loop's own thread, so that nothing else does."""

    def __init__(self) -> None:
        self.last = time.perf_counter()

    async def drawn(self) -> None:
        """Let others run if that is due."""
        if time.perf_counter() - self.last >= BREATH:
            await asyncio.sleep(0)
            self.last = time.perf_counter()


def repeated(
    jobs: Sequence[Job], identities: Mapping[Job, Identity], results: Mapping[Job, Any]
) -> list[Job]:
    """Return the messages that were handled before, or come twice in this group; not those whose first copy has to wait."""
    left = {mark for job in identities if job not in results for mark in job.marks}
    return [job for job in jobs if job.envelope and job not in identities and left.isdisjoint(job.marks)]


def in_order(jobs: list[Job]) -> list[Job]:
    """Return `jobs` with each contact's messages in the order of sending, and otherwise as they came."""
    queues: dict[tuple[str, str], list[Job]] = {}
    for job in jobs:
        if job.envelope:
            queues.setdefault((job.envelope.channel, job.envelope.address), []).append(job)
    for queue in queues.values():
        queue.sort(key=lambda job: cast(Envelope, job.envelope).order)
        by_their_own_numbers(queue)
        queue.reverse()
    return [queues[job.envelope.channel, job.envelope.address].pop() if job.envelope else job for job in jobs]


def by_their_own_numbers(queue: list[Job]) -> None:
    """Sort the numbered messages of one chat by their own numbers, within the places that these messages had."""
    places = [place for place, job in enumerate(queue) if cast(Envelope, job.envelope).number]
    messages = sorted(
        (queue[place] for place in places), key=lambda job: cast(Envelope, job.envelope).message
    )
    for place, job in zip(places, messages, strict=True):
        queue[place] = job


def marks_of(envelope: Envelope) -> list[tuple[str, str]]:
    """Return the keys by which a message is recognised when it is delivered again."""
    return [(envelope.channel, key) for key in (envelope.key, *envelope.also)]


class Group:
    """Whose messages one transaction has handled. How far each is in their order is marked when that is next looked at,
    at the latest at its end: a row that is changed is written before the next query, whoever asks it.
    """

    def __init__(self) -> None:
        self.unmarked: dict[int, tuple[Contact, Envelope, bool] | None] = {}
        """The newest message of each contact, None once it is marked."""

    def heard(self, identity: Identity, envelope: Envelope) -> None:
        """Note that a message was handled."""
        self.unmarked[identity.contact.id] = (identity.contact, envelope, identity.late)

    def mark(self, contact: Contact) -> bool:
        """Mark the newest message of a contact. True if there was any."""
        message = self.unmarked.get(contact.id)
        if message is not None:
            mark_order(message[0], message[1], late=message[2])
            self.unmarked[contact.id] = None
        return contact.id in self.unmarked

    def mark_all(self) -> None:
        """Mark everybody's."""
        for message in filter(None, self.unmarked.values()):
            mark_order(message[0], message[1], late=message[2])


async def renew(session: Session, identity: Identity) -> None:
    """Load again who the contact is: an earlier message of the same group may have enrolled them."""
    person_id = identity.contact.person_id
    person, roles = (await people_with_roles(session, {person_id})).get(person_id, NOBODY)
    identity.person, identity.roles = person, list(roles)


async def people_with_roles(
    session: Session, ids: Collection[int | None]
) -> dict[int | None, tuple[Person, list[Role]]]:
    """Return the people with these ids, each with their roles in force."""
    people: dict[int | None, tuple[Person, list[Role]]] = {}
    wanted = [number for number in ids if number is not None]
    for person, role in await session.exec(PEOPLE, params={"ids": wanted}) if wanted else ():
        _, roles = people.setdefault(person.id, (person, []))
        roles += [role] if role is not None else []
    return people


async def open_interviews(session: Session, ids: Collection[int | None]) -> dict[int | None, InterviewRow]:
    """Return the interviews with these ids, locked in a fixed order."""
    wanted = [number for number in ids if number is not None]
    rows = await session.exec(INTERVIEWS, params={"ids": wanted}) if wanted else ()
    return {row.id: row for row in rows}
