"""The numbers that figures are made of, by place and question, as the reports give them.

The queries are in `figures.sql`. Adding up and dividing is the work of `plans.rollup`, adding up many places that of
the ledger (`storage.ledger`).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import Date, bindparam

from storage import ledger
from storage.named_sql import named
from storage.portions import portions
from storage.session import Session


@dataclass(frozen=True, slots=True)
class ReportedValue:
    """A number as a place reported it. A repeated question's numbers are added up."""

    number: Decimal
    period: str
    submission_id: int
    estimate: bool


async def latest(
    session: Session, place_ids: Iterable[int], questions: Iterable[str], until: date
) -> dict[int, dict[str, ReportedValue]]:
    """Return, for each place and question, the value of its latest period that ended by `until`, if there is one."""
    names = list(dict.fromkeys(questions))
    result: dict[int, dict[str, ReportedValue]] = {}
    if not names:
        return result
    connection = await session.connection()
    for some in portions(list(dict.fromkeys(place_ids))):
        values = {"places": list(some), "questions": names, "until": until}
        for row in await connection.execute(LATEST, values):
            place, question, number, estimate, period, submission = row
            known = result.setdefault(place, {}).get(question)
            value = ReportedValue(Decimal(number), period, submission, bool(estimate))
            if known:
                both = known.number + value.number
                value = ReportedValue(both, period, submission, known.estimate or value.estimate)
            result[place][question] = value
    return result


LATEST: Final = named("latest_observations").bindparams(
    bindparam("places", expanding=True),
    bindparam("questions", expanding=True),
    bindparam("until", type_=Date()),
)
"""Built once: it runs at the beginning of every report."""


async def of_submissions(session: Session, ids: Collection[int]) -> dict[int, dict[str, Decimal]]:
    """Return the numbers of each submission by question; numbers of a repeated question are added up."""
    values: dict[int, dict[str, Decimal]] = {}
    for some in portions(sorted(ids)):
        values |= await ledger.values_of(session, some)
    return values
