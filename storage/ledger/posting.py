"""Keeping the ledger as reports become current, are replaced, and as places change."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager

from storage.ledger.measures import Values, counted
from storage.ledger.rows import lines_of, lock, neighbours, reporters_below, values_of, way_of, ways_of, write
from storage.ledger.sums import Sums
from storage.ledger.ways import LedgerWay
from storage.session import Session
from storage.tables import Submission


async def post(session: Session, submission: Submission, values: Values) -> None:
    """Add a submission that has just become the current one; `values` are its numbers by question.

    Call it when the submission is written and the one that it replaces was taken off.
    """
    await enter(session, submission, values, 1)


async def take_off(session: Session, submission: Submission) -> None:
    """Take off a submission that was the current one until now."""
    values = await values_of(session, [submission.id])
    await enter(session, submission, values.get(submission.id, {}), -1)


async def enter(session: Session, submission: Submission, values: Values, times: int) -> None:
    """Add (1) or take off (-1) a submission, let the one before it stand shorter or longer,
    and hold the one after it against another."""
    place, form = submission.place_id, submission.form_name
    await lock(session, [place])
    way = await way_of(session, place)
    report = counted(form, submission.period, submission.period_end, values)
    before, later = await neighbours(session, submission)
    next_day = later.day if later else None
    sums = Sums()
    sums.say(way, report, times)
    sums.turn(way, before, report, times)
    sums.stand(way, report, way.until(report.day, next_day), times)
    if before is not None:
        sums.stand(way, before, way.until(before.day, report.day), times)
        sums.stand(way, before, way.until(before.day, next_day), -times)
    if later is not None:
        sums.turn(way, report, later, times)
        sums.turn(way, before, later, -times)
    await write(session, sums)


@asynccontextmanager
async def while_moving(session: Session, place_ids: Collection[int]) -> AsyncIterator[None]:
    """Change edges, last days and successions of `place_ids` within this: their past follows.

    Name every place whose own edges, days or successions change; what lies below is found.
    """
    await session.flush()
    reporters = await reporters_below(session, place_ids)
    await lock(session, reporters)
    before = await ways_of(session, reporters)
    yield
    await session.flush()
    session.places.changed()
    now = await ways_of(session, reporters)
    moved = [place for place in reporters if now[place] != before[place]]
    async for sums in changes(session, moved, before, now):
        await write(session, sums)


async def changes(
    session: Session, places: Sequence[int], before: Mapping[int, LedgerWay], now: Mapping[int, LedgerWay]
) -> AsyncIterator[Sums]:
    """What to add where the reports of `places` counted one way and count another now."""
    async for some in lines_of(session, places):
        sums = Sums()
        for place, reports in some:
            sums.line(before[place], reports, -1)
            sums.line(now[place], reports, 1)
        yield sums
