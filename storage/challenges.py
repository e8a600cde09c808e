"""What is doubtful in reports that were sent, and what their senders said about it."""

from collections.abc import Collection, Iterable

from sqlmodel import col, select

from storage.journal import JournalKind
from storage.portions import portions
from storage.session import Session
from storage.tables import ChallengeRow, JournalEntry, Submission


async def put(session: Session, submission_id: int, rows: Iterable[ChallengeRow]) -> None:
    """Keep `rows` with a submission."""
    for row in rows:
        row.submission_id = submission_id
        session.add(row)
    await session.flush()


async def contested(session: Session, submission_ids: Collection[int]) -> set[int]:
    """Return those of the submissions that were sent in somebody's place who says they are not right."""
    same = (
        col(JournalEntry.place_id) == col(Submission.place_id),
        col(JournalEntry.form_name) == col(Submission.form_name),
        col(JournalEntry.period) == col(Submission.period),
        col(JournalEntry.revision) == col(Submission.revision),
        col(JournalEntry.kind) == JournalKind.DISAGREED,
    )
    chosen = select(Submission.id).where(select(JournalEntry.entry).where(*same).exists())
    told: set[int] = set()
    for some in portions(sorted(submission_ids)):
        told |= set(await session.exec(chosen.where(col(Submission.id).in_(some))))
    return told


async def of(session: Session, submission_ids: Collection[int]) -> dict[int, dict[str, ChallengeRow]]:
    """Return what is doubtful in each submission, by path; submissions without doubts are left out."""
    doubtful: dict[int, dict[str, ChallengeRow]] = {}
    for some in portions(sorted(submission_ids)):
        chosen = select(ChallengeRow).where(col(ChallengeRow.submission_id).in_(some))
        for row in await session.exec(chosen):
            doubtful.setdefault(row.submission_id, {})[row.path] = row
    return doubtful
