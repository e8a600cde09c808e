"""When the stock of a closed place ends: with the first report by its heir that covers its ground too.

That is a report sent after the merger was recorded here, for a period that ends after it. Nobody could have meant the
ground of both by "your village" before that: a merger may take effect months before its document arrives, and the two
places go on reporting each for itself. Until then nobody has counted the ground anew, and the last value stands; from
that day on the heir's value stands instead, so that nothing is counted twice. As long as a later period still has a
report of the heir's own ground alone, the value stands on, too. For a place that was split, the first heir's report
ends it: nobody can say how its value divides. What the other parts count is then missing until they report, which is
better than counting it twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, Integer, column, values
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, exists, func, or_, select
from sqlmodel.sql.expression import Select

from storage.ledger.ways import NOT_YET, ByForm, LedgerWay
from storage.named_sql import named
from storage.portions import portions
from storage.session import Session
from storage.tables import PlaceEvent, Submission
from storage.tables.columns import BigKey, Instant
from storage.zone import ZONE

DAWN: Final = datetime.min.replace(tzinfo=UTC)
TOGETHER: Final = 1_000
"""How many successions one query holds."""


class Heir(NamedTuple):
    """A place that ground went into on the day `closing`; its reports sent from `since` on hold that ground."""

    place: int
    closing: int
    since: datetime


async def replaced(
    session: Session, ways: Mapping[int, LedgerWay], *, but: int = 0, also: int = 0
) -> dict[int, ByForm]:
    """Return when the stocks of some places ended with an heir's report; places without one are left out.

    `but`: leave out the submission with this id; `also`: count this one, even if it is no longer current.
    """
    merged = {place: way for place, way in ways.items() if way.went}
    if not merged:
        return {}
    known = await recorded(session)
    heirs = {place: list(heirs_of(way, known)) for place, way in merged.items()}
    said = await first_of_the_whole(
        session, sorted({heir for some in heirs.values() for heir in some}), but, also
    )
    ends = {place: earliest(said.get(heir, NOT_YET) for heir in some) for place, some in heirs.items()}
    return {place: days for place, days in ends.items() if days}


def heirs_of(way: LedgerWay, known: Mapping[tuple[int, int], datetime]) -> Iterator[Heir]:
    """Yield each place that the ground of a way went into; `known`: when each of these steps was recorded."""
    reached: dict[int, datetime] = {}
    for step in way.went:
        day = datetime.combine(date.fromordinal(step.closing), time(), ZONE)
        for heir in step.heirs:
            since = max(day, reached.get(step.place, DAWN), known.get((step.place, heir), DAWN))
            reached[heir] = since
            yield Heir(heir, step.closing, since)


async def recorded(session: Session) -> Mapping[tuple[int, int], datetime]:
    """Return when it was recorded that one place went into another; nothing of what came with the official list."""

    async def ask() -> dict[tuple[int, int], datetime]:
        standing = select(PlaceEvent.detail, PlaceEvent.created_at).where(
            col(PlaceEvent.kind).in_(("merge", "split")), col(PlaceEvent.undone_at).is_(None)
        )
        return {
            (old, new): at
            for detail, at in await session.exec(standing)
            for old in detail["from"]
            for new in detail["into"]
        }

    return await session.places.remember("recorded", ask)


async def first_of_the_whole(
    session: Session, heirs: list[Heir], but: int, also: int
) -> dict[Heir, dict[str, int]]:
    """Return, by heir and questionnaire, the end of the first period from which on its reports hold the whole."""
    first: dict[Heir, dict[str, int]] = {}
    for some in portions(heirs, TOGETHER):
        for number, form, end in (await session.exec(of_the_whole(some, but, also))).all():
            first.setdefault(some[number], {})[form] = end.toordinal()
    return first


def of_the_whole(heirs: Sequence[Heir], but: int, also: int) -> Select[Any, str, date]:
    """The query behind `first_of_the_whole`: the heir's position, the questionnaire, the day."""
    columns = (
        column("number", Integer),
        column("place", BigKey),
        column("closing", Date),
        column("since", Instant),
    )
    rows = [(number, one.place, date.fromordinal(one.closing), one.since) for number, one in enumerate(heirs)]
    step = values(*columns).data(rows).cte("heir")
    report, later = aliased(Submission), aliased(Submission)
    counts, stands = (
        or_(and_(col(one.current), col(one.id) != but), col(one.id) == also) for one in (report, later)
    )
    of_own_ground = exists().where(
        col(later.place_id) == col(report.place_id),
        col(later.form_name) == col(report.form_name),
        col(later.period_end) > col(report.period_end),
        col(later.sent_at) < step.c.since,
        stands,
    )
    return (
        select(step.c.number, col(report.form_name), func.min(col(report.period_end)))
        .select_from(step)
        .join(report, col(report.place_id) == step.c.place)
        .where(
            col(report.period_end) >= step.c.closing,
            col(report.sent_at) >= step.c.since,
            counts,
            ~of_own_ground,
        )
        .group_by(step.c.number, col(report.form_name))
    )


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
