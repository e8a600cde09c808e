"""Recompute the ledger from the reports, and compare the two."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import delete
from sqlmodel import select

from questionnaires.questionnaire import Questionnaire
from storage import facts
from storage.ledger.heirs import replaced
from storage.ledger.measures import BEFORE, NEW, basis, indicators_of, kind_of, measure_id
from storage.ledger.rows import LEDGER, lines_of, lock_all, reporters, ways_of, write
from storage.ledger.sums import Sums
from storage.named_sql import named
from storage.portions import portions
from storage.session import Session
from storage.tables import Form, Submission

BASIS: Final = "ledger_basis"
"""The fact that names the definitions of indicators by which the ledger was built."""
HELD: Final = 100_000
"""How many sums are held before they are written."""
RECOMPUTED: Final = "ledger_recomputed"


Progress = Callable[[int, int], None]
"""Is told of how many places, of how many in all, the reports are added up."""


def tell_nobody(done: int, places: int) -> None:
    """Tell nobody how far it is."""


async def recompute(session: Session, table: str, tell: Progress = tell_nobody) -> None:
    """Add everything that the reports give to an empty table that looks like the ledger."""
    sums, done, places = Sums(), 0, await reporters(session)
    tell(done, len(places))
    for region in portions(places):
        ways = await ways_of(session, region)
        ends = await replaced(session, ways)
        async for some in lines_of(session, region):
            sums.lines(some, ways, ends, 1)
            done += len({place for place, _, _ in some})
            tell(done, len(places))
            if sums.size > HELD:
                await write(session, sums, table)
                sums = Sums()
    await write(session, sums, table)


async def rebuild(session: Session, tell: Progress = tell_nobody) -> None:
    """Recompute the ledger from the reports."""
    await lock_all(session)
    await (await session.connection()).execute(delete(LEDGER))
    await recompute(session, LEDGER.name, tell)
    await facts.put(session, BASIS, basis())


async def keep_fit(session: Session, tell: Progress = tell_nobody) -> bool:
    """Rebuild the ledger if it was built by other definitions, or never; return whether it was rebuilt."""
    if await facts.get(session, BASIS) == basis():
        return False
    await lock_all(session)
    session.expire_all()
    if await facts.get(session, BASIS) == basis():
        return False
    await rebuild(session, tell)
    return True


@dataclass(frozen=True, slots=True)
class Wrong:
    """A sum of the ledger that the reports do not give: what it holds, less what it should."""

    place_id: int
    measure: str
    """Questionnaire, what is counted, and the kind of period; a number if none of today's measures has it."""
    day: date
    boundary: date | None
    reports: int
    numerator: int
    denominator: int

    def __str__(self) -> str:
        since = f" ({self.boundary})" if self.boundary else ""
        sums = f"{self.reports:+} {self.numerator:+} {self.denominator:+}"
        return f"{self.measure} {self.day}{since}: {sums}"


async def verify(session: Session) -> list[Wrong]:
    """Recompute everything, and return what differs: at most the first thousand sums.

    The recomputed sums are in the database, so memory does not grow with them.
    """
    connection = await session.connection()
    await connection.execute(named("ledger_room"))
    await recompute(session, RECOMPUTED)
    rows = (await connection.execute(named("ledger_differences"))).all()
    await connection.execute(named("ledger_room_gone"))
    names = await measure_names(session) if rows else {}
    return [
        Wrong(
            place,
            names.get(measure, str(measure)),
            date.fromordinal(day),
            date.fromordinal(boundary) if boundary else None,
            int(reports),
            int(numerator),
            int(denominator),
        )
        for place, measure, day, boundary, reports, numerator, denominator in rows
    ]


async def kinds_told(session: Session) -> Sequence[str]:
    """Return what a measure may be about: a stock, or what the reports of a kind of period say now, said before, or
    say first."""
    periods = (await session.exec(select(Submission.period).distinct())).all()
    told = set(map(kind_of, periods))
    return ("", *(kind + of for kind in told for of in ("", BEFORE, NEW)))


async def measure_names(session: Session) -> dict[int, str]:
    """Return in words each measure that one of today's questionnaires can give."""
    kinds = await kinds_told(session)
    forms = await session.exec(select(Form))
    return {
        measure_id(form.name, name, kind): f"{form.name} {name or '*'} {kind}".rstrip()
        for form in forms
        for name in names_counted(Questionnaire.from_json(form.compiled))
        for kind in kinds
    }


def names_counted(form: Questionnaire) -> tuple[str, ...]:
    """What reports of a questionnaire count, as `measure_id` names it: the reports, indicators and questions."""
    indicators = (indicator.id for indicator in indicators_of(form.question_names))
    return "", *indicators, *(f"?{question}" for question in form.question_names)
