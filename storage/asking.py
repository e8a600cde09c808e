"""What an official's question needs beside `figures`: flows over several periods, and when reports came in."""

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import BindParameter, bindparam
from sqlmodel import col, func, select

from storage.figures import ReportedValue
from storage.named_sql import named
from storage.portions import portions
from storage.session import Session
from storage.tables import Submission

SOME = 5000
"""More ids than this are not put into one query."""


async def of_periods(
    session: Session, place_ids: Iterable[int], questions: Collection[str], periods: Collection[str]
) -> dict[int, dict[str, ReportedValue]]:
    """For each place and question the sum of what was reported for these periods, where anything was.

    The period and the report of a value are those of the latest one in it.
    """
    values: dict[int, dict[str, ReportedValue]] = {}
    if not questions or not periods:
        return values
    lists: list[BindParameter[object]] = [
        bindparam(name, expanding=True) for name in ("places", "questions", "periods")
    ]
    query = named("observations_of_periods").bindparams(*lists)
    connection = await session.connection()
    for some in portions(list(dict.fromkeys(place_ids))):
        wanted = {"places": list(some), "questions": list(questions), "periods": list(periods)}
        for place, question, number, period, submission in await connection.execute(query, wanted):
            row = values.setdefault(place, {})
            known = row.get(question) or ReportedValue(Decimal(0), "", 0, estimate=False)
            newest = max((known.period, known.submission_id), (period, submission))
            row[question] = ReportedValue(known.number + Decimal(number), *newest, estimate=False)
    return values


async def updated_at(session: Session, submission_ids: Collection[int]) -> datetime | None:
    """When the latest of these reports came in; None where there is none."""
    moments: list[datetime] = []
    for some in portions(sorted(submission_ids)):
        chosen = select(func.max(Submission.sent_at)).where(col(Submission.id).in_(some))
        latest = (await session.exec(chosen)).one()
        moments += [latest] if latest is not None else []
    return max(moments, default=None)


async def updated_for(
    session: Session, form: str, period: str, place_ids: Collection[int]
) -> datetime | None:
    """When the latest current report of a questionnaire for a period came in from some places.

    More places than fit into one query are as good as all.
    """
    chosen = select(func.max(Submission.sent_at)).where(
        Submission.form_name == form, Submission.period == period, col(Submission.current)
    )
    if len(place_ids) <= SOME:
        chosen = chosen.where(col(Submission.place_id).in_(list(place_ids)))
    return (await session.exec(chosen)).one()


async def reported(session: Session, form: str, period: str, place_ids: Collection[int]) -> int:
    """How many of some places have a current report of a questionnaire for a period."""
    count = 0
    for some in portions(sorted(place_ids)):
        chosen = select(func.count(func.distinct(Submission.place_id))).where(
            Submission.form_name == form,
            Submission.period == period,
            col(Submission.current),
            col(Submission.place_id).in_(some),
        )
        count += (await session.exec(chosen)).one()
    return count
