"""What an official's question needs beside `figures`: the reports of several periods, and when they came in."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import Date, bindparam
from sqlmodel import col, func, select

from storage.approvals import APPROVALS, Approvals, approvals_of
from storage.named_sql import named
from storage.portions import portions
from storage.session import Session
from storage.submissions import Newest
from storage.tables import Submission

SOME = 5000
"""The most ids that are put into one query."""


async def in_periods(
    session: Session, place_ids: Iterable[int], forms: Collection[str], periods: Collection[str]
) -> list[Newest]:
    """The current reports of these places, questionnaires and periods."""
    reports: list[Newest] = []
    for some in portions(list(dict.fromkeys(place_ids))):
        rows = await session.fetch(IN_PERIODS, places=list(some), forms=list(forms), periods=list(periods))
        reports += [Newest(*row) for row in rows]
    return reports


IN_PERIODS: Final = select(
    col(Submission.form_name), col(Submission.place_id), col(Submission.id), col(Submission.period)
).where(
    col(Submission.place_id).in_(bindparam("places", expanding=True)),
    col(Submission.form_name).in_(bindparam("forms", expanding=True)),
    col(Submission.period).in_(bindparam("periods", expanding=True)),
    col(Submission.current),
)


async def oldest(session: Session, form: str, place_ids: Sequence[int], until: date) -> date | None:
    """Return the earliest period end among the places' newest reports, of periods that ended by `until`."""
    query = named("oldest_newest").bindparams(
        bindparam("places", expanding=True), bindparam("until", type_=Date())
    )
    days: list[date] = []
    connection = await session.connection()
    for some in portions(place_ids):
        asked = {"places": list(some), "form": form, "until": until}
        day = (await connection.execute(query.columns(day=Date()), asked)).scalar()
        days += [day] if day else []
    return min(days, default=None)


async def newest_end(session: Session, form: str, until: date) -> date | None:
    """Return the last day of the newest period, ended by `until`, for which anybody has answered the questionnaire."""
    chosen = select(func.max(Submission.period_end)).where(
        Submission.form_name == form, col(Submission.current), col(Submission.period_end) <= until
    )
    return (await session.exec(chosen)).one()


async def looked_at(session: Session, submission_ids: Collection[int]) -> tuple[datetime | None, Approvals]:
    """Return when the latest of these reports came in (None without reports), and how many of them are approved."""
    rows = [
        (await session.exec(select(*APPROVALS).where(col(Submission.id).in_(some)))).one()
        for some in portions(sorted(submission_ids))
    ]
    return approvals_of(rows)


async def looked_at_in(
    session: Session, form: str, period: str, place_ids: Collection[int]
) -> tuple[datetime | None, Approvals]:
    """Return the same for the current reports of a questionnaire and period from some places.

    If there are more places than one query takes, all places are asked about: the difference is small.
    """
    chosen = select(*APPROVALS).where(
        Submission.form_name == form, Submission.period == period, col(Submission.current)
    )
    if len(place_ids) <= SOME:
        chosen = chosen.where(col(Submission.place_id).in_(list(place_ids)))
    return approvals_of([(await session.exec(chosen)).one()])
