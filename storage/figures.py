"""The numbers that figures are made of, per place and question, as they stood in a period.

A stock (số hộ, số nhà tạm) is the latest value up to a day; a flow is what was reported for the period
itself. The queries are in `figures.sql`; adding up and dividing is for `plans.rollup`.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, bindparam
from sqlalchemy.sql import TextClause
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from plans.period import from_key
from storage.named_sql import named
from storage.submissions import portions
from storage.tables import Observation

Values = dict[int, dict[str, Decimal]]


@dataclass(frozen=True, slots=True)
class Value:
    """A number as a place reported it. A repeated question's numbers are added up."""

    number: Decimal
    period: str
    submission_id: int
    estimate: bool


async def latest(
    session: AsyncSession, place_ids: Iterable[int], questions: Iterable[str], until: date
) -> dict[int, dict[str, Value]]:
    """For each place and question the value of its latest period that ended by `until`, where there is one."""
    dated = named("latest_observations").bindparams(bindparam("until", type_=Date()))
    return await read(session, dated, place_ids, questions, {"until": until})


async def of_period(
    session: AsyncSession, place_ids: Iterable[int], questions: Iterable[str], period: str
) -> dict[int, dict[str, Value]]:
    """For each place and question the value reported for exactly this period, where there is one."""
    return await read(session, named("observations_of_period"), place_ids, questions, {"period": period})


async def values_of(
    session: AsyncSession,
    place_ids: Iterable[int],
    questions: Iterable[str],
    period: str,
    *,
    exact: bool = False,
) -> Values:
    """The numbers by place and question at the end of `period` (`exact`: only those of the period itself).

    A place or question without a value is left out: no figure is not 0.
    """
    if exact:
        found = await of_period(session, place_ids, questions, period)
    else:
        found = await latest(session, place_ids, questions, from_key(period).end)
    return {place: {name: value.number for name, value in row.items()} for place, row in found.items()}


async def of_submissions(session: AsyncSession, ids: Collection[int]) -> dict[int, dict[str, Decimal]]:
    """The numbers of each submission by question; a repeated question's numbers are added up."""
    found: dict[int, dict[str, Decimal]] = {}
    for some in portions(sorted(ids)):
        chosen = select(
            col(Observation.submission_id), col(Observation.question), col(Observation.number)
        ).where(col(Observation.submission_id).in_(some), col(Observation.number).is_not(None))
        for number, question, value in (await session.exec(chosen)).all():
            row = found.setdefault(number, {})
            row[question] = row.get(question, Decimal(0)) + (value or Decimal(0))
    return found


async def read(
    session: AsyncSession,
    query: TextClause,
    place_ids: Iterable[int],
    questions: Iterable[str],
    more: Mapping[str, Any],
) -> dict[int, dict[str, Value]]:
    names = list(dict.fromkeys(questions))
    result: dict[int, dict[str, Value]] = {}
    if not names:
        return result
    some_of = query.bindparams(bindparam("places", expanding=True), bindparam("questions", expanding=True))
    connection = await session.connection()
    for some in portions(list(dict.fromkeys(place_ids))):
        for row in await connection.execute(some_of, {"places": list(some), "questions": names, **more}):
            place, question, number, estimate, period, submission = row
            known = result.setdefault(place, {}).get(question)
            value = Value(Decimal(number), period, submission, bool(estimate))
            if known:
                both = known.number + value.number
                value = Value(both, period, submission, known.estimate or value.estimate)
            result[place][question] = value
    return result
