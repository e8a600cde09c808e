"""What people asked for about their own data, and by when it has to be answered and done.

The days are those that two law firms give for Law 91/2025/QH15 and Decree 356/2025/NĐ-CP; an office that reads the
text otherwise changes them here. Working days are those of `plans.holidays`. If nobody works on the last day, it is
moved forward: being late is the only mistake that cannot be mended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlmodel import col, select

from plans.holidays import is_working_day
from storage import request_journal
from storage.session import Session
from storage.tables import PersonRequest


class RequestKind(StrEnum):
    """What somebody may ask for."""

    SEE = "see"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    OBJECT = "object"
    ERASE = "erase"


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Within how many working days a request is answered, and within how many days it is done."""

    answer: int
    finish: int


CLOCKS: Final = {
    RequestKind.SEE: TimeLimits(2, 10),
    RequestKind.CORRECT: TimeLimits(2, 10),
    RequestKind.WITHDRAW: TimeLimits(2, 15),
    RequestKind.OBJECT: TimeLimits(2, 15),
    RequestKind.ERASE: TimeLimits(2, 20),
}
EXTENSION: Final = 15
"""Days by which the time to finish may be extended, once."""
SOON: Final = timedelta(days=1)
"""How long before a due day the administrator is told."""


def working_days_after(day: date, count: int) -> date:
    """The day that lies `count` working days after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def last_working_day(day: date) -> date:
    """`day`; where nobody works on it, the last working day before."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


async def ask(
    session: Session, kind: RequestKind, person_id: int | None, asked_at: datetime, day: date, words: str = ""
) -> PersonRequest:
    """Enter a request that came on `day`; return it with its id and its due days."""
    row = entered(session, kind, person_id, asked_at, day, words)
    await request_journal.note(session, row, asked_at)
    return row


def entered(
    session: Session, kind: RequestKind, person_id: int | None, asked_at: datetime, day: date, words: str = ""
) -> PersonRequest:
    """The row of a request, which is not in the journal yet."""
    clock = CLOCKS[kind]
    row = PersonRequest(
        kind=kind,
        person_id=person_id,
        asked_at=asked_at,
        words=words,
        answer_due=working_days_after(day, clock.answer),
        finish_due=last_working_day(day + timedelta(days=clock.finish)),
    )
    session.add(row)
    return row


async def done_at_once(
    session: Session, kind: RequestKind, person_id: int | None, now: datetime, day: date
) -> PersonRequest:
    """Enter a request that the bot itself fulfilled at the same moment."""
    row = entered(session, kind, person_id, now, day)
    row.answered_at = row.done_at = now
    row.outcome = "done"
    await request_journal.note(session, row, now)
    return row


async def listed(session: Session) -> Sequence[PersonRequest]:
    """Every request, the first first."""
    return (await session.exec(select(PersonRequest).order_by(col(PersonRequest.id)))).all()


async def waiting(session: Session) -> Sequence[PersonRequest]:
    """Those that are not done, the first first."""
    chosen = select(PersonRequest).where(col(PersonRequest.done_at).is_(None))
    return (await session.exec(chosen.order_by(col(PersonRequest.id)))).all()


async def of_person(session: Session, person_id: int) -> Sequence[PersonRequest]:
    """A person's requests, the newest first."""
    chosen = select(PersonRequest).where(PersonRequest.person_id == person_id)
    return (await session.exec(chosen.order_by(col(PersonRequest.id).desc()))).all()


def extend(row: PersonRequest, now: datetime) -> bool:
    """Extend the time to finish, once; return whether that was possible."""
    if row.extended_at is not None or row.done_at is not None:
        return False
    row.extended_at = now
    row.finish_due = last_working_day(row.finish_due + timedelta(days=EXTENSION))
    return True


def due_of(row: PersonRequest) -> tuple[str, date] | None:
    """Return what is due next, `answer` or `finish`, and on which day; None if all is done."""
    if row.done_at is not None:
        return None
    return ("answer", row.answer_due) if row.answered_at is None else ("finish", row.finish_due)
