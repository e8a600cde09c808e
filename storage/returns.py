"""Figures that an officer returned to those who reported them, and what became of that."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.portions import portions
from storage.session import Session
from storage.submissions import versions_of
from storage.tables import FigureReturn, Submission

MENDED: Final = "mended"
KEPT: Final = "kept"
WITHDRAWN: Final = "withdrawn"


async def open_for(session: Session, submission_ids: Collection[int]) -> dict[int, list[FigureReturn]]:
    """Return the unanswered returns, by submission."""
    waiting: dict[int, list[FigureReturn]] = {}
    for some in portions(sorted(submission_ids)):
        for row in await session.fetch(OPEN, submissions=list(some)):
            waiting.setdefault(row.submission_id, []).append(row)
    return waiting


OPEN: Final = (
    select(FigureReturn)
    .where(
        col(FigureReturn.submission_id).in_(bindparam("submissions", expanding=True)),
        FigureReturn.answer == "",
    )
    .order_by(col(FigureReturn.id))
)
"""Built once: it runs for every report that is sent."""


async def open_of(session: Session, submission_id: int) -> Sequence[FigureReturn]:
    """The same of one submission."""
    return (await open_for(session, [submission_id])).get(submission_id, [])


async def waiting_at(
    session: Session, place_ids: Collection[int]
) -> Sequence[tuple[Submission, FigureReturn]]:
    """Return the unanswered returns of some places' reports, the longest waiting first."""
    if not place_ids:
        return []
    return await session.fetch(WAITING, places=list(place_ids))


WAITING: Final = (
    select(Submission, FigureReturn)
    .join(FigureReturn, col(FigureReturn.submission_id) == col(Submission.id))
    .where(
        col(Submission.place_id).in_(bindparam("places", expanding=True)),
        FigureReturn.answer == "",
        col(Submission.current),
    )
    .order_by(col(FigureReturn.id))
)
"""Built once: it runs for every menu and every look at what is due."""


async def kept_of(session: Session, report: Submission) -> Sequence[FigureReturn]:
    """Return the returns of a report, or of revisions before it, that its place answered by confirming the figure.

    Only figures that are still the same; the last return of each figure.
    """
    chosen = (
        select(FigureReturn, Submission)
        .join(Submission, col(Submission.id) == col(FigureReturn.submission_id))
        .where(*versions_of(report), FigureReturn.answer == KEPT)
        .order_by(col(FigureReturn.id))
    )
    kept = {}
    for row, of in await session.exec(chosen):
        if of.answers.get(row.path) == report.answers.get(row.path):
            kept[row.path] = row
    return list(kept.values())


async def locked(session: Session, number: int) -> FigureReturn | None:
    """Return the return with this id, locked so that nobody answers it until this transaction ends; or None."""
    return await session.get(FigureReturn, number, with_for_update=True)


async def answered_by(
    session: Session, before: int, after: Submission, now: datetime
) -> Sequence[FigureReturn]:
    """Pass the unanswered returns of the revision `before` on to `after`; mark those whose figures it changed as
    mended.

    Return the mended ones.
    """
    old = await session.get(Submission, before)
    waiting = await open_of(session, before)
    mended = []
    for row in waiting:
        row.submission_id = after.id
        if old is not None and after.answers.get(row.path) != old.answers.get(row.path):
            row.answer, row.answered_at = MENDED, now
            mended.append(row)
        session.add(row)
    await session.flush()
    return mended
