"""Periods that were locked once their reports were approved, and reopened."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage import journal
from storage.journal import Actor, JournalKind
from storage.portions import portions
from storage.session import Session
from storage.tables import PeriodLock, Submission


async def held(session: Session, place_ids: Collection[int]) -> list[PeriodLock]:
    """Return the locks in force at any of these units."""
    return list(await session.fetch(HELD, places=list(place_ids)))


HELD: Final = select(PeriodLock).where(
    col(PeriodLock.place_id).in_(bindparam("places", expanding=True)), col(PeriodLock.reopened_at).is_(None)
)
"""Built once: it runs for every report, when it is begun and when it is sent."""


async def last_reopened(
    session: Session, place_ids: Collection[int], form: str, period: str
) -> datetime | None:
    """Return when a period was last opened again at any of these units; None if it never was."""
    found = await session.fetch(REOPENED, places=list(place_ids), form=form, period=period)
    return max((lock.reopened_at for lock in found if lock.reopened_at is not None), default=None)


REOPENED: Final = select(PeriodLock).where(
    col(PeriodLock.place_id).in_(bindparam("places", expanding=True)),
    PeriodLock.form_name == bindparam("form"),
    PeriodLock.period == bindparam("period"),
    col(PeriodLock.reopened_at).is_not(None),
)


async def reopened_since(session: Session, since: datetime) -> set[tuple[str, str]]:
    """Return the questionnaires, with their periods, that were opened again somewhere since a moment."""
    return set(await session.fetch(OPENED_AGAIN, since=since))


OPENED_AGAIN: Final = select(PeriodLock.form_name, PeriodLock.period).where(
    col(PeriodLock.reopened_at) >= bindparam("since")
)


async def of_reports(
    session: Session, reports: Collection[tuple[str, str]], place_ids: Collection[int] | None = None
) -> list[PeriodLock]:
    """The locks that hold of some questionnaires, each with its period: anywhere, or at some units."""
    if not reports:
        return []
    forms, periods = (list(set(names)) for names in zip(*reports, strict=True))
    asked = {"forms": forms, "periods": periods}
    held = list(await session.fetch(ANYWHERE, **asked)) if place_ids is None else []
    for some in portions(sorted(place_ids or ())):
        held += await session.fetch(AT_UNITS, **asked, places=list(some))
    return [lock for lock in held if (lock.form_name, lock.period) in reports]


ANYWHERE: Final = select(PeriodLock).where(
    col(PeriodLock.form_name).in_(bindparam("forms", expanding=True)),
    col(PeriodLock.period).in_(bindparam("periods", expanding=True)),
    col(PeriodLock.reopened_at).is_(None),
)
AT_UNITS: Final = ANYWHERE.where(col(PeriodLock.place_id).in_(bindparam("places", expanding=True)))


async def of_period(
    session: Session, place_ids: Collection[int], form: str, period: str
) -> dict[int, PeriodLock]:
    """The locks of one questionnaire and period that hold at these units, by unit."""
    locks: dict[int, PeriodLock] = {}
    chosen = select(PeriodLock).where(
        PeriodLock.form_name == form, PeriodLock.period == period, col(PeriodLock.reopened_at).is_(None)
    )
    for some in portions(sorted(place_ids)):
        for lock in await session.exec(chosen.where(col(PeriodLock.place_id).in_(some))):
            locks[lock.place_id] = lock
    return locks


async def locked(session: Session, number: int) -> PeriodLock | None:
    """Return the lock with this id, itself locked so that nobody reopens it until this transaction ends; or None."""
    return await session.get(PeriodLock, number, with_for_update=True, populate_existing=True)


async def reports_under(
    session: Session, place_ids: Collection[int], form: str, period: str
) -> list[Submission]:
    """Return the current reports of these places, locked until this transaction ends."""
    reports: list[Submission] = []
    for some in portions(sorted(place_ids)):
        chosen = select(Submission).where(
            col(Submission.place_id).in_(some),
            Submission.form_name == form,
            Submission.period == period,
            col(Submission.current),
        )
        ordered = chosen.order_by(col(Submission.id)).with_for_update()
        reports += list(await session.exec(ordered.execution_options(populate_existing=True)))
    return reports


async def lock(
    session: Session,
    lock: PeriodLock,
    reports: Collection[Submission],
    silent: Collection[int],
    actor: Actor,
) -> None:
    """Lock a period with its `reports`; the places in `silent`, which have sent none, can no longer send any.

    Whoever sends takes the head of the place's journal first, and so do we: either the report is there before, or its
    sender finds the lock.
    """
    for place_id in sorted({*silent, *(report.place_id for report in reports), lock.place_id}):
        await journal.locked_end(session, place_id)
    for report in sorted(reports, key=lambda one: one.place_id):
        report.locked_at = lock.locked_at
        session.add(report)
        await journal.append(session, JournalKind.LOCKED, report, actor, lock.locked_at)
    session.add(lock)
    await journal.append(session, JournalKind.PERIOD_LOCKED, lock, actor, lock.locked_at)


async def reopen(
    session: Session, lock: PeriodLock, reason: str, actor: Actor, now: datetime
) -> list[PeriodLock]:
    """End a lock for `reason`: the id of one, or words. Return the other locks in force for the same period."""
    lock.reopened_at, lock.reopened_by, lock.reason = now, actor.person_id, reason
    session.add(lock)
    await journal.append(session, JournalKind.PERIOD_REOPENED, lock, actor, now, detail={"reason": reason})
    same = (PeriodLock.form_name == lock.form_name, PeriodLock.period == lock.period)
    return list(await session.exec(select(PeriodLock).where(*same, col(PeriodLock.reopened_at).is_(None))))


async def free(
    session: Session, reports: Collection[Submission], reason: str, actor: Actor, now: datetime
) -> None:
    """Let reports that no lock binds any more change again."""
    for report in sorted(reports, key=lambda one: one.place_id):
        report.locked_at = None
        session.add(report)
        await journal.append(session, JournalKind.UNLOCKED, report, actor, now, detail={"reason": reason})
    await session.flush()
