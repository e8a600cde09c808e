"""Reports as rows, streamed in the order in which they were sent: for files that other systems read.

Memory does not grow with their number. Nothing of a person goes out: who sent a report stays here.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func
from sqlalchemy import select as columns_of
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Form, Submission

TABLES: Final = SQLModel.metadata.tables
PLACE: Final = TABLES["place"].c
SUBMISSION: Final = TABLES["submission"].c
OBSERVATION: Final = TABLES["observation"].c
AT_ONCE: Final = 2000
SOME: Final = 5000
"""More ids than this are not put into one query."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports: of some places (None: of all), of some questionnaires (none named: of all), between two days."""

    places: Collection[int] | None
    forms: Collection[str]
    first: date
    last: date


NAMES: Final = (
    "place_id", "level", "kind", "place", "code", "form", "period", "period_end", "receipt", "revision",
    "sent_at", "path", "question", "value", "number", "estimate",
)  # fmt: skip
"""What is known of one answer."""


@dataclass(frozen=True, slots=True)
class Report:
    """One current report whole: the values by path."""

    receipt: str
    form_id: int
    form: str
    place_id: int
    level: str
    place: str
    code: str
    period: str
    revision: int
    sent_at: datetime
    answers: dict[str, Any]


def conditions(wanted: Wanted, some: Sequence[int] | None) -> list[Any]:
    """What is asked of a submission."""
    found: list[Any] = [
        col(Submission.current),
        col(Submission.period_end) >= wanted.first,
        col(Submission.period_end) <= wanted.last,
    ]
    if wanted.forms:
        found.append(col(Submission.form_name).in_(list(wanted.forms)))
    if some is not None:
        found.append(col(Submission.place_id).in_(some))
    return found


async def values(session: AsyncSession, wanted: Wanted) -> AsyncIterator[Sequence[tuple[Any, ...]]]:
    """Every answer of the wanted reports, some at a time; in the order of `NAMES`."""
    for some in shares(wanted.places):
        chosen = (
            columns_of(
                PLACE.id, PLACE.level, PLACE.kind, PLACE.name, func.coalesce(PLACE.code, ""),
                SUBMISSION.form_name, SUBMISSION.period, SUBMISSION.period_end, SUBMISSION.receipt,
                SUBMISSION.revision, SUBMISSION.sent_at, OBSERVATION.path, OBSERVATION.question,
                OBSERVATION.value, OBSERVATION.number, OBSERVATION.estimate,
            )
            .join_from(TABLES["submission"], TABLES["place"], PLACE.id == SUBMISSION.place_id)
            .join(TABLES["observation"], OBSERVATION.submission_id == SUBMISSION.id)
            .where(*conditions(wanted, some))
            .order_by(SUBMISSION.id, OBSERVATION.id)
        )  # fmt: skip
        connection = await session.connection()
        async with connection.stream(chosen.execution_options(yield_per=AT_ONCE)) as rows:
            async for some_rows in rows.partitions(AT_ONCE):
                yield [tuple(row) for row in some_rows]


async def reports(session: AsyncSession, wanted: Wanted) -> AsyncIterator[Report]:
    """The wanted reports, each whole."""
    for some in shares(wanted.places):
        chosen = (
            columns_of(
                SUBMISSION.receipt, SUBMISSION.form_id, SUBMISSION.form_name, PLACE.id, PLACE.level, PLACE.name,
                func.coalesce(PLACE.code, ""), SUBMISSION.period, SUBMISSION.revision, SUBMISSION.sent_at,
                SUBMISSION.answers,
            )
            .join_from(TABLES["submission"], TABLES["place"], PLACE.id == SUBMISSION.place_id)
            .where(*conditions(wanted, some))
            .order_by(SUBMISSION.id)
        )  # fmt: skip
        connection = await session.connection()
        async with connection.stream(chosen.execution_options(yield_per=AT_ONCE)) as rows:
            async for row in rows:
                yield Report(*row)


def shares(places: Collection[int] | None) -> list[Sequence[int] | None]:
    """The ids in portions that fit into one query; [None] for all places."""
    if places is None:
        return [None]
    numbers = sorted(places)
    return [numbers[start : start + SOME] for start in range(0, len(numbers), SOME)]


async def compiled_forms(session: AsyncSession) -> dict[int, dict[str, Any]]:
    """Every version of every questionnaire as it was compiled, by its id."""
    return {form.id or 0: form.compiled for form in await session.exec(select(Form))}
