"""Interviews between two messages: begun, taken up again, kept unfinished when their period ends.

`state` belongs to the engine and is stored as it comes; this file knows who, where, which form and period.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.session import Session
from storage.tables import InterviewRow, InterviewStatus

UNFINISHED: Final = (InterviewStatus.OPEN, InterviewStatus.REVIEW)
"""The states in which an interview can be continued."""


async def start(
    session: Session,
    *,
    person_id: int,
    place_id: int,
    form_id: int,
    form_name: str,
    period: str,
    state: Mapping[str, Any],
    now: datetime,
    previous: Mapping[str, Any] | None = None,
    practice: bool = False,
    corrects_id: int | None = None,
    extra: Mapping[str, Any] | None = None,
    evidence: Mapping[str, Any] | None = None,
) -> InterviewRow:
    """Return a new interview, with its id.

    The database refuses a second unfinished one of the same person, place, form and period (except practice): look
    with `open_for` first.
    """
    row = InterviewRow(
        person_id=person_id,
        place_id=place_id,
        form_id=form_id,
        form_name=form_name,
        period=period,
        state=dict(state),
        previous=dict(previous or {}),
        practice=practice,
        corrects_id=corrects_id,
        extra=dict(extra or {}),
        evidence=dict(evidence or {}),
        started_at=now,
        updated_at=now,
    )
    session.add(row)
    await session.flush()
    return row


GOING: Final = (
    select(InterviewRow)
    .where(
        InterviewRow.place_id == bindparam("place"),
        InterviewRow.form_name == bindparam("form"),
        InterviewRow.period == bindparam("period"),
        col(InterviewRow.status).in_(UNFINISHED),
        col(InterviewRow.practice).is_(False),
    )
    .order_by(col(InterviewRow.updated_at).desc(), col(InterviewRow.id))
)
MINE: Final = (
    select(InterviewRow)
    .where(
        InterviewRow.person_id == bindparam("person"),
        col(InterviewRow.status).in_(UNFINISHED),
        InterviewRow.practice == bindparam("practice"),
    )
    .order_by(col(InterviewRow.updated_at).desc(), col(InterviewRow.id))
)
ABOUT: Final = select(InterviewRow).where(
    InterviewRow.place_id == bindparam("place"),
    col(InterviewRow.status).in_(UNFINISHED),
    col(InterviewRow.practice).is_(False),
)
"""Built once: to build a statement costs as much as to run it."""


async def going(session: Session, place_id: int, form_name: str, period: str) -> list[InterviewRow]:
    """Return everybody's unfinished interviews about one report, the one touched last first, without practice."""
    return list(await session.fetch(GOING, place=place_id, form=form_name, period=period))


async def waiting_in(
    session: Session, place_ids: Collection[int], form_name: str, period: str
) -> list[InterviewRow]:
    """The unfinished interviews of some places about a questionnaire and period; practice does not count."""
    chosen = select(InterviewRow).where(
        col(InterviewRow.place_id).in_(sorted(place_ids)),
        InterviewRow.form_name == form_name,
        InterviewRow.period == period,
        ~col(InterviewRow.practice),
    )
    return list(await session.exec(chosen.where(col(InterviewRow.status).in_(UNFINISHED))))


async def going_everywhere(session: Session, form_name: str, period: str) -> list[InterviewRow]:
    """The unfinished interviews of all places about a questionnaire and period; practice does not count."""
    of_period = (InterviewRow.form_name == form_name, InterviewRow.period == period)
    chosen = select(InterviewRow).where(*of_period, ~col(InterviewRow.practice))
    return list(await session.exec(chosen.where(col(InterviewRow.status).in_(UNFINISHED))))


async def open_for(
    session: Session, person_id: int, place_id: int, form_name: str, period: str
) -> InterviewRow | None:
    """The unfinished interview of this person, place, form and period; practice does not count."""
    under_way = await going(session, place_id, form_name, period)
    return next((row for row in under_way if row.person_id == person_id), None)


async def open_about(session: Session, place_id: int) -> list[InterviewRow]:
    """Everybody's unfinished interviews about a place; practice does not count."""
    return list(await session.fetch(ABOUT, place=place_id))


async def list_open(session: Session, person_id: int, *, practice: bool = False) -> list[InterviewRow]:
    """The unfinished interviews of a person, the one touched last first."""
    return list(await session.fetch(MINE, person=person_id, practice=practice))


async def save(
    session: Session,
    row: InterviewRow,
    state: Mapping[str, Any],
    now: datetime,
    status: str | None = None,
) -> None:
    """Keep the engine's new state, and the status if it changed."""
    row.state = dict(state)
    row.updated_at = now
    if status is not None:
        row.status = status
    session.add(row)


async def cancel(session: Session, row: InterviewRow, now: datetime) -> None:
    """End an unfinished interview without a report; its answers are forgotten."""
    row.status, row.state, row.extra, row.updated_at = InterviewStatus.CANCELLED, {}, {}, now
    session.add(row)
