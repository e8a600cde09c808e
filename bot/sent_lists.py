"""Lists that administrators send by chat: fetched, read, shown before anything changes, and loaded once they agree.

Nothing of a file is kept: it is fetched from its platform to be shown, and once more to be loaded. A list may change
only places on its sender's ground, and may name people only as village heads: officers, who see a whole ground, need
two to invite them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import structlog
from markupsafe import Markup, escape
from sqlalchemy import update
from sqlmodel import col, select

from bot.administration import told_together
from bot.channels.base import Channel, FileTooLarge, SendProblem
from bot.teller import Teller
from handlers import place_news
from handlers.buttons import choice
from handlers.library import Library
from handlers.lists import LARGEST, DropList, LoadList, pressed
from handlers.messages import Choice, Reply
from handlers.wording import wording
from storage import audit, outbox, risks, roster, villages
from storage.outage import Outage
from storage.place_rules import Ruling
from storage.session import Session
from storage.sheets import SheetContent
from storage.tables import Attachment, Contact, ListState, Role, RoleName
from storage.unit_of_work import Storage

POLL: Final = 30.0
TRIES: Final = 20
"""Enough for ten minutes without a network; then the sender is told."""
SHOWN: Final = 8
"""The most lines of each sort in a preview."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SentList:
    """A list to show or to load, and whose chat it came from."""

    id: int
    name: str
    file_ref: str
    state: str
    attempts: int
    contact_id: int
    channel: str


@dataclass(slots=True)
class ListResult:
    """What a list changes or would change, as lines; and why it cannot be loaded."""

    kind: str
    """`villages` or `people`."""
    changes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    faults: Sequence[str] = ()
    warnings: Sequence[str] = ()
    unused: Sequence[str] = ()
    """Headings of columns that were ignored."""
    next_list: int = 0
    """The id of the same file as a list to be shown next: of the heads, once their villages are loaded."""

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return not any(self.changes.values())


@dataclass(frozen=True, slots=True)
class Loading:
    """A list to load in a transaction, or only to compare (`dry`), sent by somebody who administers `ground`."""

    session: Session
    name: str
    table: SheetContent
    ground: set[int]
    say: Teller
    dry: bool


Tables = Mapping[str, SheetContent]
"""A file read as each kind of list: `villages` and `people`."""


class Undone(Exception):
    """Undoes everything that was tried. `outcome` is what came of it."""

    def __init__(self, outcome: ListResult) -> None:
        super().__init__()
        self.outcome = outcome


class SentLists:
    """Use as `async with SentLists(…)`; `wake` when a file came, or a button under a list was pressed."""

    def __init__(
        self,
        storage: Storage,
        channels: Mapping[str, Channel],
        library: Library,
        clock: Callable[[], datetime],
    ) -> None:
        self.storage, self.channels = storage, dict(channels)
        self.library, self.clock = library, clock
        self.rung = asyncio.Event()
        self.working = asyncio.Lock()

    async def __aenter__(self) -> "SentLists":
        self.task = asyncio.create_task(self.run(), name="sent lists")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    @staticmethod
    def is_button(press: str) -> bool:
        """Whether a pressed button decides over a list."""
        return isinstance(pressed.read(press), LoadList | DropList)

    def wake(self) -> None:
        """Look at once for lists to show or to load."""
        self.rung.set()

    async def run(self) -> None:
        reading = Outage("lists not read")
        while True:
            try:
                await self.work_off()
            except Exception as error:
                reading.met(error=type(error).__name__, exc_info=error)
            else:
                reading.over()
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self.rung.wait()
            self.rung.clear()

    async def work_off(self) -> None:
        """Show or load every list that waits; one that cannot be fetched is tried again later."""
        async with self.working:
            for sent in await self.waiting():
                await self.handle(sent)

    async def waiting(self) -> list[SentList]:
        """Return the lists to show or to load, first sent first."""
        async with self.storage.reading() as session:
            chosen = (
                select(Attachment, Contact.channel)
                .join(Contact, col(Contact.id) == col(Attachment.contact_id))
                .where(col(Attachment.state).in_((ListState.READING, ListState.LOADING)))
                .where(col(Contact.channel).in_(self.channels))
                .order_by(col(Attachment.id))
            )
            return [
                SentList(row.id, row.name, row.file_ref, row.state, row.attempts, row.contact_id, channel)
                for row, channel in await session.exec(chosen)
            ]

    async def handle(self, sent: SentList) -> None:
        """Fetch one list, and show or load it."""
        try:
            data = await self.channels[sent.channel].download(sent.file_ref, LARGEST)
        except FileTooLarge:
            await self.give_up(sent, "lists.too_large", limit=LARGEST // 1024 // 1024)
        except SendProblem as problem:
            await self.failed(sent, permanent=problem.permanent)
        except Exception as error:  # of any kind, or one list would keep all others from being read
            log.warning("list not fetched", error=type(error).__name__)
            await self.failed(sent, permanent=False)
        else:
            await self.read(sent, data)

    async def failed(self, sent: SentList, *, permanent: bool) -> None:
        """Try again later, or say that the file can no longer be had."""
        if permanent or sent.attempts + 1 >= TRIES:
            await self.give_up(sent, "lists.gone", name=sent.name)
        else:
            await self.change(sent, attempts=sent.attempts + 1)

    async def read(self, sent: SentList, data: bytes) -> None:
        """Show what a list changes, or load it. A file that ended the process before is given up."""
        if await risks.begin(self.storage, f"list:{sent.id}") is risks.Verdict.NEVER:
            await self.give_up(sent, "lists.gone", name=sent.name)
            return
        tables = await asyncio.to_thread(tables_of, data, sent.name)
        dry = sent.state == ListState.READING
        try:
            outcome = await self.storage.write(lambda session: self.loaded(session, sent, tables, dry=dry))
        except Undone as undone:
            outcome = undone.outcome
        if dry or outcome.faults:
            await self.tell(sent, outcome, dry=dry)
        if outcome.next_list:
            await self.read(replace(sent, id=outcome.next_list, state=ListState.READING), data)

    async def loaded(self, session: Session, sent: SentList, tables: Tables, *, dry: bool) -> ListResult:
        """Load a list in this transaction and report that in it. Raises Undone if nothing of it is to be kept."""
        contact = await session.get_one(Contact, sent.contact_id)
        say = Teller(contact.locale or "vi")
        ground = await ground_of(session, contact, self.today())
        kind = await kind_of(session, tables, Ruling(self.today().date(), sent.name, self.today()))
        loading = Loading(session, sent.name, tables[kind], ground, say, dry)
        outcome = await LOADERS[kind](self, loading)
        if dry or outcome.faults:
            raise Undone(outcome)
        if await self.set_state(session, sent, ListState.LOADED):
            await audit.record(session, "list.loaded", contact.person_id, contact.id, kind)
            outbox.post(
                session, contact, self.done(contact, sent, outcome).to_json(), at=self.clock(), worker=None
            )
        else:
            raise Undone(outcome)
        if kind == "villages" and tells_of_people(tables):
            outcome.next_list = await again(session, sent)
        return outcome

    def today(self) -> datetime:
        """Now, in the zone of the office."""
        return self.clock().astimezone(self.library.zone)

    async def villages(self, loading: Loading) -> ListResult:
        """A list of villages."""
        session, say, now = loading.session, loading.say, self.today()
        ruling = Ruling(now.date(), loading.name, now)
        result = await villages.load_table(session, loading.table, ruling, "import", dry=loading.dry)
        faults = [*told_together(result.faults, say)]
        faults += [say("lists.outside")] if result.difference.touched() - loading.ground else []
        if not loading.dry and not faults:
            for event in result.events:
                await place_news.announce(session, event, now, self.library.quiet, self.library.costs)
        lines = result.difference.lines()
        changes = {name: lines.get(name, []) for name in ("new", "renamed", "moved", "counted")}
        warnings = [*told_together(result.warnings, say)]
        return ListResult("villages", changes, faults, warnings, result.unused)

    async def people(self, loading: Loading) -> ListResult:
        """A list of people, each expected as the head of a village."""
        session, say = loading.session, loading.say
        result = await roster.load_table(
            session, loading.table, self.today().date(), self.clock(), dry=loading.dry
        )
        faults = [*told_together(result.faults, say)]
        outside = {entry.place_id for entry in result.entries} - loading.ground
        faults += [say("lists.outside")] if outside else []
        others = [entry for entry in result.entries if entry.role != RoleName.VILLAGE_HEAD]
        faults += [say("lists.only_heads", n=len(others))] if others else []
        gazetteer = await session.places.gazetteer()
        named = [gazetteer.label(gazetteer.units[entry.place_id]) for entry in result.entries]
        warnings = [*told_together(result.warnings, say)]
        return ListResult("people", {"people": named}, faults, warnings, result.unused)

    async def tell(self, sent: SentList, outcome: ListResult, *, dry: bool) -> None:
        """Say what a list would change, with buttons that load or drop it; or why it cannot be loaded."""

        async def work(session: Session) -> None:
            to_load = dry and not outcome.faults and not outcome.is_empty
            state = ListState.SHOWN if to_load else ListState.DROPPED
            contact = await session.get(Contact, sent.contact_id)
            if await self.set_state(session, sent, state) and contact is not None:
                say = Teller(contact.locale or "vi")
                reply = Reply(as_markup(preview(sent, outcome, say)), ways(sent, say) if to_load else ())
                outbox.post(session, contact, reply.to_json(), at=self.clock(), worker=None)

        await self.storage.write(work)

    def done(self, contact: Contact, sent: SentList, outcome: ListResult) -> Reply:
        """The reply that a list was loaded, and how much it changed."""
        say = Teller(contact.locale or "vi")
        counts = [say(f"lists.{name}", n=len(lines)) for name, lines in outcome.changes.items() if lines]
        return Reply(as_markup([say("lists.loaded", name=sent.name), *counts]))

    async def give_up(self, sent: SentList, key: str, **values: object) -> None:
        """Say that a list cannot be read, once."""

        async def work(session: Session) -> None:
            contact = await session.get(Contact, sent.contact_id)
            if await self.set_state(session, sent, ListState.DROPPED) and contact is not None:
                reply = Reply(wording(contact.locale or "vi")(key, **values))
                outbox.post(session, contact, reply.to_json(), at=self.clock(), worker=None)

        await self.storage.write(work)

    async def change(self, sent: SentList, **values: object) -> None:
        """Write values to a list that is still waiting."""
        await self.storage.write(lambda session: self.set_values(session, sent, **values))

    async def set_state(self, session: Session, sent: SentList, state: ListState) -> bool:
        """Put a list into another state. False if it is no longer in the state that `sent` was read in."""
        await risks.end(session, f"list:{sent.id}")
        return await self.set_values(session, sent, state=state)

    @staticmethod
    async def set_values(session: Session, sent: SentList, **values: object) -> bool:
        still = (col(Attachment.id) == sent.id) & (col(Attachment.state) == sent.state)
        return (await session.exec(update(Attachment).where(still).values(**values))).rowcount == 1


Loader = Callable[[SentLists, Loading], Awaitable[ListResult]]
LOADERS: Final[Mapping[str, Loader]] = {"villages": SentLists.villages, "people": SentLists.people}
"""How each kind of list is loaded."""


def tables_of(data: bytes, name: str) -> Tables:
    """The rows of a file, read as each kind of list."""
    return {"people": roster.table_of(data, name), "villages": villages.table_of(data, name)}


def tells_of_people(tables: Tables) -> bool:
    """Whether the headings of a file are those of a list of people, even without one of its columns."""
    return tables["people"].has_headings or roster.tells_of_people(tables["villages"].unused)


async def kind_of(session: Session, tables: Tables, ruling: Ruling) -> str:
    """Which kind of list a file is. A list of people names their villages, too: it is first a list of villages where
    none is known in their communes, so that no slip of a name becomes a village."""
    if not tells_of_people(tables):
        return "villages"
    read = await villages.load_table(session, tables["villages"], ruling, "import", dry=True)
    return "villages" if read.added and not read.faults and not read.difference.is_of_known() else "people"


async def again(session: Session, sent: SentList) -> int:
    """Note the file of a list as one more to be shown; its id."""
    row = await session.get_one(Attachment, sent.id)
    more = Attachment(
        contact_id=row.contact_id,
        path="",
        file_ref=row.file_ref,
        name=row.name,
        size=row.size,
        state=ListState.READING,
    )
    session.add(more)
    await session.flush()
    return more.id


async def ground_of(session: Session, contact: Contact, now: datetime) -> set[int]:
    """The places that the owner of a chat administers today."""
    chosen = select(Role.place_id).where(
        Role.person_id == contact.person_id, Role.role == RoleName.ADMINISTRATOR, col(Role.until).is_(None)
    )
    grounds = [await session.places.ground(root, now.date()) for root in await session.exec(chosen)]
    return set().union(*grounds)


def preview(sent: SentList, outcome: ListResult, say: Teller) -> Iterator[str]:
    """What a list would change, some lines of each sort; or what is wrong with it."""
    if outcome.faults:
        yield say("lists.refused", name=sent.name, n=len(outcome.faults))
        yield from some(outcome.faults, say)
        return
    yield say("lists.nothing" if outcome.is_empty else "lists.preview", name=sent.name)
    for name, lines in outcome.changes.items():
        if lines:
            yield say(f"lists.{name}", n=len(lines))
            yield from some(lines, say)
    if outcome.warnings:
        yield say("lists.warnings", n=len(outcome.warnings))
        yield from some(outcome.warnings, say)
    if outcome.unused:
        yield say("admin.import.unused", headings=", ".join(outcome.unused))


def some(lines: Sequence[str], say: Teller) -> Iterator[str]:
    """The first lines, and how many more there are."""
    yield from (f"• {line}" for line in lines[:SHOWN])
    if len(lines) > SHOWN:
        yield say("lists.more", n=len(lines) - SHOWN)


def as_markup(lines: Iterable[str]) -> Markup:
    """Lines of plain text as a message."""
    return Markup("\n").join(escape(line) for line in lines)


def ways(sent: SentList, say: Teller) -> tuple[tuple[Choice, ...], ...]:
    """The buttons under a preview."""
    return (
        (choice(say("lists.button.load"), LoadList(sent.id)),),
        (choice(say("lists.button.drop"), DropList(sent.id)),),
    )
