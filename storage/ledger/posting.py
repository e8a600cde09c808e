"""Keeping the ledger as reports become current, are replaced, and as places change."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from storage.ledger.heirs import came_into, replaced
from storage.ledger.measures import Values, counted
from storage.ledger.rows import lines_of, lock, neighbours, reporters_below, values_of, way_of, ways_of, write
from storage.ledger.sums import Sums
from storage.ledger.ways import NOT_YET
from storage.session import Session
from storage.tables import Submission


async def post(session: Session, submission: Submission, values: Values) -> None:
    """Add a submission that has just become the current one; `values` are its numbers by question.

    Call it once the submission is written and the one that it replaces was taken off.
    """
    await enter(session, submission, values, 1)


async def take_off(session: Session, submission: Submission) -> None:
    """Subtract a submission that was the current one until now."""
    values = await values_of(session, [submission.id])
    await enter(session, submission, values.get(submission.id, {}), -1)


async def enter(session: Session, submission: Submission, values: Values, times: int) -> None:
    """Add (1) or subtract (-1) a submission.

    This changes how long the one before stands, and what the one after is compared with.
    """
    place, form = submission.place_id, submission.form_name
    await lock(session, [place, *await came_into(session, place)])
    came = await came_into(session, place)
    way = await way_of(session, place)
    ending = (await replaced(session, {place: way})).get(place, NOT_YET).get(form) if way.went else None
    report = counted(form, submission.period, submission.period_end, values).until(ending)
    before, later = (one and one.until(ending) for one in await neighbours(session, submission))
    next_day = later.day if later else None
    sums = Sums()
    sums.say(way, report, times)
    sums.turn(way, before, report, times)
    sums.stand(way, report, way.until(report.day, next_day, ending), times)
    if before is not None:
        sums.stand(way, before, way.until(before.day, report.day, ending), times)
        sums.stand(way, before, way.until(before.day, next_day, ending), -times)
    if later is not None:
        sums.turn(way, report, later, times)
        sums.turn(way, before, later, -times)
    if came:
        await pass_on(session, submission, came, sums, times)
    await write(session, sums)
    session.of_reports.clear()


async def pass_on(
    session: Session, submission: Submission, came: Collection[int], sums: Sums, times: int
) -> None:
    """Let the figures of a submission's place's predecessors end with it (1), or count without it (-1)."""
    ways = {place: await way_of(session, place) for place in came}
    without = await replaced(session, ways, but=submission.id)
    together = await replaced(session, ways, also=submission.id)
    moved = [place for place in came if without.get(place) != together.get(place)]
    async for some in lines_of(session, moved):
        for place, form, reports in some:
            # Its other questionnaires count as they did: what is added is taken off again.
            for ends, sign in ((without, -times), (together, times)):
                sums.line(ways[place], reports, sign, ends.get(place, NOT_YET).get(form))


@asynccontextmanager
async def while_moving(session: Session, place_ids: Collection[int]) -> AsyncIterator[None]:
    """Change edges, last days and successions of `place_ids` within this block: their past follows.

    Name every place whose own edges, days or successions change; what lies below is found.
    """
    await session.flush()
    reporters = await reporters_below(session, place_ids)
    await lock(session, reporters)
    before = await ways_of(session, reporters)
    ended = await replaced(session, before)
    yield
    await session.flush()
    session.places.changed()
    now = await ways_of(session, reporters)
    ends = await replaced(session, now)
    moved = [place for place in reporters if now[place] != before[place]]
    async for some in lines_of(session, moved):
        sums = Sums()
        sums.lines(some, before, ended, -1)
        sums.lines(some, now, ends, 1)
        await write(session, sums)
    session.of_reports.clear()
