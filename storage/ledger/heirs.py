"""When the stock of a closed place ends: with the first report by its heir that covers its ground too.

That is a report sent after the merger for a period that ends after it. Until then nobody has counted the ground anew,
and the last value stands; from that day on the heir's value stands instead, so that nothing is counted twice. For a
place that was split, the first heir's report ends it: nobody can say how its value divides. What the other parts count
is then missing until they report, which is better than counting it twice.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time

from sqlmodel import and_, col, func, or_, select

from storage.ledger.ways import NOT_YET, ByForm, LedgerWay
from storage.named_sql import named
from storage.portions import portions
from storage.session import Session
from storage.tables import Submission
from storage.zone import ZONE


async def replaced(
    session: Session, ways: Mapping[int, LedgerWay], *, but: int = 0, also: int = 0
) -> dict[int, ByForm]:
    """Return when the stocks of some places ended with an heir's report; places without one are left out.

    `but`: leave out the submission with this id; `also`: count this one, even if it is no longer current.
    """
    by_day: dict[int, set[int]] = {}
    for way in ways.values():
        for closing, heirs in way.heirs:
            by_day.setdefault(closing, set()).update(heirs)
    said = {
        (closing, heir): days
        for closing, heirs in sorted(by_day.items())
        for heir, days in (await first_since(session, closing, heirs, but, also)).items()
    }
    ends = {
        place: earliest(said.get((closing, heir), NOT_YET) for closing, heirs in way.heirs for heir in heirs)
        for place, way in ways.items()
        if way.heirs
    }
    return {place: days for place, days in ends.items() if days}


async def first_since(
    session: Session, closing: int, heirs: Collection[int], but: int, also: int
) -> dict[int, dict[str, int]]:
    """Return, by heir and questionnaire, the end of the first period that both ended and was reported on the day
    `closing` or later."""
    day = date.fromordinal(closing)
    chosen = select(Submission.place_id, Submission.form_name, func.min(Submission.period_end)).where(
        col(Submission.period_end) >= day,
        col(Submission.sent_at) >= datetime.combine(day, time(), ZONE),
        or_(and_(col(Submission.current), Submission.id != but), Submission.id == also),
    )
    first: dict[int, dict[str, int]] = {}
    for some in portions(sorted(heirs)):
        mine = chosen.where(col(Submission.place_id).in_(some))
        for place, form, end in await session.exec(
            mine.group_by(col(Submission.place_id), col(Submission.form_name))
        ):
            first.setdefault(place, {})[form] = end.toordinal()
    return first


def earliest(several: Iterable[ByForm]) -> ByForm:
    """Return, by questionnaire, the earliest of several days."""
    first: dict[str, int] = {}
    for days in several:
        for form, day in days.items():
            first[form] = min(day, first.get(form, day))
    return first


async def came_into(session: Session, place: int) -> tuple[int, ...]:
    """Return the predecessors of a place, and theirs; asked once as long as no place changes."""
    if place not in await session.places.with_a_past():
        return ()

    async def ask() -> tuple[int, ...]:
        rows = await (await session.connection()).execute(named("ledger_predecessors"), {"place": place})
        return tuple(row[0] for row in rows)

    return await session.places.remember(("came into", place), ask)
