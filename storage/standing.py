"""How far each report is approved and locked, what was returned and said: checked against the journal.

The journal says what happened; the tables say how things stand. `breaks` retells the story of a place from its entries
and finds whatever differs: an approval or a lock that nobody gave, a return or words that were changed, added or
removed. What an entry says about its author is compared with the tables only while that author is known.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlmodel import col, select

from storage import facts
from storage.journal import Break, JournalKind, of_place, words_hash
from storage.retention import FORGOTTEN_WORDS, PARTED
from storage.returns import KEPT, MENDED, WITHDRAWN
from storage.session import Session
from storage.tables import (
    Exchange,
    FigureReturn,
    JournalAuthor,
    JournalEntry,
    PeriodLock,
    Remark,
    Submission,
)

Fault = tuple[int, str]
"""The number of an entry (0 if none belongs to it), and a code that says how things differ."""


@dataclass
class Story:
    """What the entries of one place say, one after another."""

    reports: Mapping[tuple[str, str, int], Submission]
    authors: Mapping[int, JournalAuthor]
    parted: int = 0
    """Up to this id reports no longer lead to people."""
    sent: dict[int, JournalEntry] = field(default_factory=dict)
    """Who sent each report, by its id."""
    approved: dict[int, JournalEntry] = field(default_factory=dict)
    locked: dict[int, JournalEntry] = field(default_factory=dict)
    returned: list["Returned"] = field(default_factory=list)
    periods: list[tuple[JournalEntry, JournalEntry | None]] = field(default_factory=list)
    """Each lock of a period, with its reopening."""

    def tell(self, entry: JournalEntry) -> None:
        """Go on by one entry."""
        report = self.reports.get((entry.form_name, entry.period, entry.revision))
        if entry.kind in OF_PERIODS:
            OF_PERIODS[entry.kind](self, entry)
        elif report is not None and entry.kind in OF_REPORTS:
            OF_REPORTS[entry.kind](self, entry, report)

    def person(self, entry: JournalEntry | None, report: Submission, here: int | None) -> int | None:
        """Return who should be named in a report for an entry: its author while known, else whoever is named there."""
        author = author_of(self, entry)
        if author is UNKNOWN:
            return here
        return None if report.id <= self.parted else author


@dataclass
class Returned:
    """One figure that was sent back, and what became of it."""

    entry: JournalEntry
    report: int
    """The id of the revision that holds the figure."""
    answer: str = ""
    answered: JournalEntry | None = None


def tell_sent(story: Story, entry: JournalEntry, report: Submission) -> None:
    """A report came: what waits passes to it, or is mended by it."""
    story.sent[report.id] = entry
    before = story.reports.get((entry.form_name, entry.period, entry.revision - 1))
    for one in waiting(story, entry):
        one.report = report.id
        path = one.entry.path
        if before is not None and report.answers.get(path) != before.answers.get(path):
            one.answer, one.answered = MENDED, entry


def waiting(story: Story, entry: JournalEntry) -> list[Returned]:
    """Return what was returned of the report that an entry is about, and is unanswered."""
    same = (entry.form_name, entry.period)
    return [
        one for one in story.returned if not one.answer and (one.entry.form_name, one.entry.period) == same
    ]


def tell_approved(story: Story, entry: JournalEntry, report: Submission) -> None:
    story.approved[report.id] = entry


def tell_reopened(story: Story, entry: JournalEntry, report: Submission) -> None:
    story.approved.pop(report.id, None)


def tell_locked(story: Story, entry: JournalEntry, report: Submission) -> None:
    story.locked[report.id] = entry


def tell_unlocked(story: Story, entry: JournalEntry, report: Submission) -> None:
    story.locked.pop(report.id, None)


def tell_returned(story: Story, entry: JournalEntry, report: Submission) -> None:
    story.returned.append(Returned(entry, report.id))


def tell_answered(story: Story, entry: JournalEntry, report: Submission) -> None:
    """A return was taken back, or its figure kept."""
    answer = WITHDRAWN if entry.kind == JournalKind.WITHDRAWN else KEPT
    for one in waiting(story, entry):
        if one.entry.path == entry.path:
            one.answer, one.answered = answer, entry


def tell_closed(story: Story, entry: JournalEntry) -> None:
    story.periods.append((entry, None))


def tell_opened(story: Story, entry: JournalEntry) -> None:
    for at, (lock, opened) in enumerate(story.periods):
        if opened is None and (lock.form_name, lock.period) == (entry.form_name, entry.period):
            story.periods[at] = (lock, entry)


OF_REPORTS: Final[dict[str, Callable[[Story, JournalEntry, Submission], None]]] = {
    JournalKind.SENT: tell_sent,
    JournalKind.REVISED: tell_sent,
    JournalKind.APPROVED: tell_approved,
    JournalKind.REOPENED: tell_reopened,
    JournalKind.LOCKED: tell_locked,
    JournalKind.UNLOCKED: tell_unlocked,
    JournalKind.RETURNED: tell_returned,
    JournalKind.WITHDRAWN: tell_answered,
    JournalKind.KEPT: tell_answered,
}
OF_PERIODS: Final[dict[str, Callable[[Story, JournalEntry], None]]] = {
    JournalKind.PERIOD_LOCKED: tell_closed,
    JournalKind.PERIOD_REOPENED: tell_opened,
}


async def places_with(
    session: Session, *tables: type[JournalEntry | Submission | PeriodLock | Exchange]
) -> set[int]:
    """Return the places that have rows in some tables."""
    places: set[int] = set()
    for table in tables:
        places |= set(await session.exec(select(table.place_id).distinct()))
    return places


async def breaks(session: Session) -> list[Break]:
    """Return where any place differs from what its journal says."""
    places = await places_with(session, JournalEntry, Submission, PeriodLock, Exchange)
    parted = int(await facts.get(session, PARTED) or 0)
    gone = await facts.get(session, FORGOTTEN_WORDS)
    until = datetime.fromisoformat(gone) if gone else None
    faults = []
    for place in sorted(places):
        entries = await of_place(session, place)
        chosen = select(JournalAuthor).where(JournalAuthor.place_id == place)
        authors = {author.entry: author for author in await session.exec(chosen)}
        wrong = await wrong_standing(session, place, entries, authors, parted)
        wrong += await wrong_words(session, place, entries, authors, until)
        faults += [Break(place, *fault) for fault in wrong]
    return faults


async def wrong_standing(
    session: Session,
    place: int,
    entries: Sequence[JournalEntry],
    authors: Mapping[int, JournalAuthor],
    parted: int,
) -> list[Fault]:
    """Which reports, returns and locks of a place stand otherwise than its entries say."""
    rows = list(await session.exec(select(Submission).where(Submission.place_id == place)))
    story = Story({(row.form_name, row.period, row.revision): row for row in rows}, authors, parted)
    for entry in entries:
        story.tell(entry)
    mine = select(Submission.id).where(Submission.place_id == place)
    returns = await session.exec(select(FigureReturn).where(col(FigureReturn.submission_id).in_(mine)))
    locks = await session.exec(select(PeriodLock).where(PeriodLock.place_id == place))
    return [
        *wrong_reports(story, rows),
        *unlike([returned_told(story, one) for one in story.returned], map(returned_here, returns), "return"),
        *unlike([lock_told(story, *one) for one in story.periods], map(lock_here, locks), "lock"),
    ]


def wrong_reports(story: Story, rows: Sequence[Submission]) -> Iterator[Fault]:
    """Which reports bear another approval, lock or sender."""
    for row in rows:
        approved, locked = story.approved.get(row.id), story.locked.get(row.id)
        by = story.person(approved, row, row.approved_by)
        if (second_of(row.approved_at), row.approved_by) != (second(approved), by):
            yield number(approved), "approval"
        if second_of(row.locked_at) != second(locked):
            yield number(locked), "locked"
        sent = story.sent.get(row.id)
        if sent is not None and row.person_id != story.person(sent, row, row.person_id):
            yield number(sent), "sender"


async def wrong_words(
    session: Session,
    place: int,
    entries: Sequence[JournalEntry],
    authors: Mapping[int, JournalAuthor],
    until: datetime | None,
) -> list[Fault]:
    """Return the words that differ from what was said; those before `until` may be deleted, as their time was over."""
    chosen = select(Remark).join(Exchange, col(Exchange.id) == col(Remark.exchange_id))
    rows = await session.exec(chosen.where(Exchange.place_id == place))
    here = {remark.id: remark for remark in rows}
    faults = []
    for entry in (one for one in entries if one.kind == JournalKind.SAID):
        detail = json.loads(entry.detail)
        remark = here.pop(detail["remark"], None)
        over = until is not None and entry.at < until
        if over if remark is None else is_said(remark, entry, detail, authors.get(entry.entry)):
            continue
        faults.append((entry.entry, "words"))
    return faults + [(0, "words") for _ in here]


def is_said(
    remark: Remark, entry: JournalEntry, detail: Mapping[str, Any], author: JournalAuthor | None
) -> bool:
    """Whether words are as they were said; those of a writer who left are gone."""
    if (remark.at, remark.side) != (entry.at, detail["side"]):
        return False
    if author is None:
        return (remark.person_id, remark.text) == (None, "")
    said = words_hash(author.salt, remark.text)
    return (remark.person_id, said) == (author.person_id, detail["words"])


def number(entry: JournalEntry | None) -> int:
    return entry.entry if entry else 0


def second(entry: JournalEntry | None) -> datetime | None:
    return second_of(entry.at) if entry else None


def second_of(at: datetime | None) -> datetime | None:
    """Return it to the second: approvals and locks are kept so."""
    return at.replace(microsecond=0) if at else None


Row = tuple[Any, ...]
"""What is compared of one row; the entry's number, or 0, comes first and is only reported."""


def unlike(told: Sequence[tuple[int, Row]], here: Iterator[Row], code: str) -> Iterator[Fault]:
    """Yield what was told and is missing, and what is there and was not told."""
    left = list(here)
    for entry, row in told:
        same = next((one for one in left if alike(row, one)), None)
        if same is None:
            yield entry, code
        else:
            left.remove(same)
    yield from ((0, code) for _ in left)


def alike(told: Row, here: Row) -> bool:
    """Whether what is there is what was told; an unknown person may be anybody or nobody."""
    return all(one is UNKNOWN or one == other for one, other in zip(told, here, strict=True))


UNKNOWN: Final[Any] = object()
"""It is no longer known who did it."""


def author_of(story: Story, entry: JournalEntry | None) -> Any:
    """Return who the tables name for an entry; None for nobody, `UNKNOWN` if it no longer leads to anybody."""
    if entry is None or not entry.author:
        return None
    known = story.authors.get(entry.entry)
    return known.person_id if known else UNKNOWN


def returned_told(story: Story, one: Returned) -> tuple[int, Row]:
    why, answer = json.loads(one.entry.detail), json.loads(one.answered.detail) if one.answered else {}
    told = (
        one.report, one.entry.path, why.get("reason", ""), why.get("words", ""), author_of(story, one.entry),
        one.entry.at, one.answered.at if one.answered else None, one.answer,
        answer.get("reason", "") if one.answer == KEPT else "",
    )  # fmt: skip
    return one.entry.entry, told


def returned_here(row: FigureReturn) -> Row:
    return (
        row.submission_id, row.path, row.reason, row.words, row.person_id, row.asked_at, row.answered_at,
        row.answer, row.answer_reason,
    )  # fmt: skip


def lock_told(story: Story, lock: JournalEntry, opened: JournalEntry | None) -> tuple[int, Row]:
    reason = json.loads(opened.detail).get("reason", "") if opened else ""
    told = (
        lock.form_name, lock.period, lock.role, author_of(story, lock), second(lock), author_of(story, opened),
        opened.at if opened else None, reason,
    )  # fmt: skip
    return lock.entry, told


def lock_here(row: PeriodLock) -> Row:
    return (
        row.form_name, row.period, row.role, row.locked_by, second_of(row.locked_at), row.reopened_by,
        row.reopened_at, row.reason,
    )  # fmt: skip
