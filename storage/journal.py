"""What happened to each report and figure, in a journal that reveals when somebody changes it.

Every place has a chain of its own, so that two processes that write about two villages do not wait for each other.
Each entry's hash covers all its columns and the hash before it; the head of the chain records how it ends. The author
of an entry is kept beside the chain, which holds only a salted hash of it: when a person leaves, their name and the
salt go, and the chain still holds. `checked` finds whatever was changed, left out or put in.
"""

import hashlib
import json
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from types import ModuleType
from typing import Any, Final, cast

from sqlalchemy import ColumnElement, Executable, and_, bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel, col, delete, select

from storage import facts
from storage.portions import portions
from storage.session import ChainEnd, Session, into
from storage.tables import (
    ChallengeRow,
    Exchange,
    JournalAuthor,
    JournalEntry,
    JournalHead,
    PeriodLock,
    Submission,
)

ERASED: Final = "journal_authors_erased"
"""How many authors were erased because they left; if more are missing, there is another reason."""
HEADS: Final = SQLModel.metadata.tables["journal_head"]
ENTRIES: Final = SQLModel.metadata.tables["journal"]
AUTHORS: Final = SQLModel.metadata.tables["journal_author"]
HASHED: Final = (
    "place_id", "entry", "at", "kind", "form_name", "period", "path", "revision", "role", "channel", "in_place",
    "detail", "author", "before",
)  # fmt: skip
"""The columns that `hash` covers, in this order."""


class JournalKind(StrEnum):
    """What happened."""

    SENT = "sent"
    REVISED = "revised"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    """A return, taken back."""
    KEPT = "kept"
    """A figure that was sent back is right as it is."""
    APPROVED = "approved"
    REOPENED = "reopened"
    """An approval, taken back."""
    PAPER = "paper"
    """The photo of the paper form was added."""
    LOCKED = "locked"
    """With its period: nothing of it changes until that is reopened."""
    UNLOCKED = "unlocked"
    AGREED = "agreed"
    """To what somebody else sent in one's place."""
    DISAGREED = "disagreed"
    PERIOD_LOCKED = "period_locked"
    """Of a unit as a whole, whether or not anything was reported."""
    PERIOD_REOPENED = "period_reopened"
    REOPENING_ASKED = "reopening_asked"
    """Of a unit's locked period, by those who answer for the unit."""
    REOPENING_REFUSED = "reopening_refused"
    REQUEST = "request"
    """Of the register of what people ask for about their own data (`storage.request_journal`)."""
    SAID = "said"
    """Words between the place and its officers: a salted digest of them."""


SENDINGS: Final = (JournalKind.SENT, JournalKind.REVISED)
"""A report was sent, for the first time or again."""


def of_report(report: Submission) -> tuple[ColumnElement[bool], ...]:
    """The conditions for the entries about all versions of a report."""
    return (
        col(JournalEntry.place_id) == report.place_id,
        col(JournalEntry.form_name) == report.form_name,
        col(JournalEntry.period) == report.period,
    )


async def kept_in_stead(session: Session, report: Submission) -> frozenset[str]:
    """Return the returned figures of a report, by path, of which somebody said last in the place's stead that they are
    right."""
    chosen = select(JournalEntry.path, JournalEntry.in_place).where(
        *of_report(report), JournalEntry.kind == JournalKind.KEPT
    )
    last = dict((await session.exec(chosen.order_by(col(JournalEntry.entry)))).all())
    return frozenset(path for path, in_place in last.items() if in_place)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, in which role, and where they wrote."""

    person_id: int | None = None
    role: str = ""
    channel: str = ""
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Matter:
    """Something other than a report: the request with this number, in a place's chain."""

    place_id: int
    period: str
    form_name: str = ""


async def append(
    session: Session,
    kind: JournalKind,
    matter: Submission | PeriodLock | Exchange | Matter,
    actor: Actor,
    now: datetime,
    path: str = "",
    detail: Mapping[str, Any] | None = None,
    words: str = "",
) -> None:
    """Write the next entry: about a report, or the figure at `path` in it; about a unit's period; or about `words`.

    Words are not kept. A digest of them is, made with their writer's salt, without which nobody can guess them.
    """
    await session.flush()  # what the entry is about is written before it
    end = await locked_end(session, matter.place_id)
    salt = secrets.token_hex(16) if actor.person_id is not None else ""
    said = {"words": words_hash(salt, words)} if words else {}
    entry: dict[str, Any] = {
        "place_id": matter.place_id,
        "entry": end.entry + 1,
        "at": now,
        "kind": kind,
        "form_name": matter.form_name,
        "period": matter.period,
        "path": path,
        "revision": matter.revision if isinstance(matter, Submission) else 0,
        "role": actor.role,
        "channel": actor.channel,
        "in_place": actor.in_place,
        "detail": written({**(detail or {}), **said}),
        "author": author_hash(salt, actor.person_id) if actor.person_id is not None else "",
        "before": end.hash,
    }
    entry["hash"] = chained(entry)
    await write(session, entry, actor, salt)


async def write(session: Session, entry: Mapping[str, Any], actor: Actor, salt: str) -> None:
    """Write an entry as the new end of its chain, and who made it.

    Every report has one: as objects of the session they took three times as long as these statements.
    """
    place = {"place_id": entry["place_id"], "entry": entry["entry"]}
    await session.run(into(ENTRIES), [entry])
    end = {"place": entry["place_id"], "to": entry["entry"], "ends": entry["hash"]}
    await session.run(MOVE_END, [end])
    session.journal_ends[entry["place_id"]] = ChainEnd(entry["entry"], entry["hash"])
    if actor.person_id is not None:
        author = {**place, "person_id": actor.person_id, "salt": salt}
        await session.run(into(AUTHORS), [author])


async def locked_end(session: Session, place_id: int) -> ChainEnd:
    """Return the end of a place's chain, locked until this transaction ends."""
    if place_id not in session.journal_ends:
        session.journal_ends[place_id] = await end_of(session, place_id)
    return session.journal_ends[place_id]


async def end_of(session: Session, place_id: int) -> ChainEnd:
    """Return the end of a place's chain, locked; begin the chain if there is none."""
    [end] = await session.fetch(END[session.dialect.name], place_id=place_id, entry=0, hash="")
    return ChainEnd(*end)


def begun_or_kept(dialect: ModuleType) -> Executable:
    """Return the statement that begins a chain, or locks the end of one that is there, and returns it."""
    beginning = dialect.insert(HEADS)
    kept = beginning.on_conflict_do_update(index_elements=[HEADS.c.place_id], set_={"entry": HEADS.c.entry})
    return cast(Executable, kept.returning(HEADS.c.entry, HEADS.c.hash))


END: Final = {dialect.__name__.rpartition(".")[2]: begun_or_kept(dialect) for dialect in (postgresql, sqlite)}
MOVE_END: Final = (
    update(HEADS)
    .where(HEADS.c.place_id == bindparam("place"))
    .values(entry=bindparam("to"), hash=bindparam("ends"))
)
"""Built once: they run for every report."""


def written(value: Mapping[str, Any]) -> str:
    """Return JSON that is the same text for the same values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def author_hash(salt: str, person_id: int) -> str:
    """Return what the chain holds for a person."""
    return digest(f"{salt}:{person_id}")


def words_hash(salt: str, words: str) -> str:
    """Return what the chain holds for words."""
    return digest(f"{salt}:{words}")


def hash_of(entry: JournalEntry) -> str:
    """The hash of an entry, made of all its other columns."""
    return chained({name: getattr(entry, name) for name in HASHED})


def chained(values: Mapping[str, Any]) -> str:
    """Return the same for what is to become an entry."""
    return digest(written({**values, "at": values["at"].astimezone(UTC).isoformat()}))


# --- what a report was when it was sent -----------------------------------------------------------------


def sent_detail(submission: Submission, doubts: Mapping[str, ChallengeRow]) -> dict[str, str]:
    """Return what the entry of a sent report says of it: digests of all that must not change, but no answer."""
    return {"report": report_digest(submission), "doubts": doubts_digest(doubts)}


def report_digest(submission: Submission) -> str:
    """Return a digest of what was sent, which does not cover who sent it."""
    sent_at = submission.sent_at.astimezone(UTC).isoformat()
    facts_sent = [submission.receipt, submission.form_id, sent_at, submission.in_place]
    return digest(written({"sent": facts_sent, "answers": dict(submission.answers)}))


def doubts_digest(doubts: Mapping[str, ChallengeRow]) -> str:
    """Return a digest of what was doubtful, and of what was said about it."""
    return digest(written({path: [row.detail, row.reason, row.words] for path, row in doubts.items()}))


# --- looking whether it still holds ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Break:
    """Where the journal does not hold: `code` says how; `entry` is 0 for the place's chain as a whole."""

    place_id: int
    entry: int
    code: str


@dataclass
class Checked:
    """How many entries were looked at, and where they do not hold."""

    entries: int = 0
    breaks: list[Break] = field(default_factory=list)


async def checked(session: Session) -> Checked:
    """Check every chain."""
    result, nameless = Checked(), 0
    heads = {head.place_id: head for head in await session.exec(select(JournalHead))}
    places = set(heads) | set(await session.exec(select(JournalEntry.place_id).distinct()))
    for place_id in sorted(places):
        entries = await of_place(session, place_id)
        chosen = select(JournalAuthor).where(JournalAuthor.place_id == place_id)
        authors = {author.entry: author for author in await session.exec(chosen)}
        result.entries += len(entries)
        faults = [*breaks_in(entries, heads.get(place_id)), *wrong_authors(entries, authors)]
        faults += await wrong_reports(session, place_id, entries)
        result.breaks += [Break(place_id, *fault) for fault in faults]
        nameless += sum(1 for one in entries if one.author and one.entry not in authors)
    if nameless != int(await facts.get(session, ERASED) or 0):
        result.breaks.append(Break(0, 0, "authors"))
    return result


async def ends(session: Session) -> list[JournalHead]:
    """Return how every chain ends now, to be kept elsewhere, out of reach of those who can write to the database."""
    return list(await session.exec(select(JournalHead).order_by(col(JournalHead.place_id))))


async def unlike(session: Session, kept: Iterable[tuple[int, int, str]]) -> list[Break]:
    """Return the chains that no longer contain the end that was kept: place, entry and hash of each."""
    faults = []
    for place_id, entry, hash in kept:
        row = await session.get(JournalEntry, (place_id, entry)) if entry else None
        if entry and (row is None or row.hash != hash):
            faults.append(Break(place_id, entry, "kept"))
    return faults


async def of_place(session: Session, place_id: int) -> list[JournalEntry]:
    """A place's chain from its beginning."""
    chosen = select(JournalEntry).where(JournalEntry.place_id == place_id).order_by(col(JournalEntry.entry))
    return list(await session.exec(chosen))


def breaks_in(entries: list[JournalEntry], head: JournalHead | None) -> Iterator[tuple[int, str]]:
    """Yield where the entries of one place do not follow from each other."""
    before = JournalHead(place_id=0, entry=0, hash="")
    for entry in entries:
        if entry.entry != before.entry + 1:
            yield entry.entry, "gap"
        elif entry.before != before.hash:
            yield entry.entry, "before"
        if entry.hash != hash_of(entry):
            yield entry.entry, "changed"
        before = JournalHead(place_id=0, entry=entry.entry, hash=entry.hash)
    if head is None or (head.entry, head.hash) != (before.entry, before.hash):
        yield 0, "end"


def wrong_authors(
    entries: list[JournalEntry], authors: Mapping[int, JournalAuthor]
) -> Iterator[tuple[int, str]]:
    """Yield the entries whose author's name does not belong to them."""
    by_number = {entry.entry: entry for entry in entries}
    for number, author in authors.items():
        entry = by_number.get(number)
        if entry is None or entry.author != author_hash(author.salt, author.person_id):
            yield number, "author"


async def wrong_reports(
    session: Session, place_id: int, entries: list[JournalEntry]
) -> list[tuple[int, str]]:
    """Return the reports that are no longer as they were sent."""
    sent = [one for one in entries if one.kind in SENDINGS]
    if not sent:
        return []
    rows = await session.exec(select(Submission).where(Submission.place_id == place_id))
    reports = {(row.form_name, row.period, row.revision): row for row in rows}
    doubts = await doubts_of(session, [row.id for row in reports.values()])
    faults = (
        (one.entry, fault_of(one, reports.get((one.form_name, one.period, one.revision)), doubts))
        for one in sent
    )
    return [(number, fault) for number, fault in faults if fault]


def fault_of(
    entry: JournalEntry, report: Submission | None, doubts: Mapping[int, Mapping[str, ChallengeRow]]
) -> str:
    """Return the code of what is wrong with a report: it is gone, or differs from what its entry says; "" for nothing."""
    if report is None:
        return "no_report"
    return "" if entry.detail == written(sent_detail(report, doubts.get(report.id, {}))) else "report"


async def doubts_of(session: Session, reports: Collection[int]) -> Mapping[int, Mapping[str, ChallengeRow]]:
    """What was doubtful in each report, by the path of the answer."""
    doubts: dict[int, dict[str, ChallengeRow]] = {}
    chosen = select(ChallengeRow).where(col(ChallengeRow.submission_id).in_(reports))
    for row in await session.exec(chosen):
        doubts.setdefault(row.submission_id, {})[row.path] = row
    return doubts


async def erase_author(session: Session, person_id: int) -> None:
    """Remove a person who leaves from the journal; the entries stay."""
    await erase_authors(session, col(JournalAuthor.person_id) == person_id)


async def erase_old_authors(session: Session, places: Collection[int], since: datetime) -> None:
    """Remove those who did something before a moment from the chains of some places. Authors of words go with the words."""
    for some in portions(sorted(places)):
        old = wrote(col(JournalEntry.at) < since, col(JournalEntry.kind) != JournalKind.SAID)
        await erase_authors(session, and_(col(JournalAuthor.place_id).in_(some), old))


async def erase_old_speakers(session: Session, since: datetime) -> None:
    """Remove those who said words before a moment from the chains: the words are gone, and their salt is of no use."""
    await erase_authors(session, wrote(col(JournalEntry.at) < since, JournalEntry.kind == JournalKind.SAID))


def wrote(*which: ColumnElement[bool] | bool) -> ColumnElement[bool]:
    """Authors of such entries."""
    own = (
        col(JournalEntry.place_id) == col(JournalAuthor.place_id),
        col(JournalEntry.entry) == col(JournalAuthor.entry),
    )
    return select(JournalEntry.entry).where(*own, *which).exists()


async def erase_authors(session: Session, which: ColumnElement[bool]) -> None:
    """Erase some authors, and count them: if more are missing, there is another reason."""
    erased = (await session.exec(delete(JournalAuthor).where(which))).rowcount
    if erased:
        known = int(await facts.get(session, ERASED) or 0)
        await facts.put(session, ERASED, str(known + erased))
