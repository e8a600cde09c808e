"""Reports as rows, streamed in the order in which they were sent, for files that other systems read.

Memory does not grow with their number. Nothing about people is exported: who sent a report stays here.
"""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from functools import cache
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Text, and_, func, type_coerce
from sqlalchemy import select as columns_of
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel, col, select

from plans.period import from_key
from plans.plans import Plans
from storage.announcements import Deadlines
from storage.approvals import of_one
from storage.session import Session
from storage.tables import Form, Submission

TABLES: Final = SQLModel.metadata.tables
PLACE: Final = TABLES["place"].c
SUBMISSION: Final = TABLES["submission"].c
OBSERVATION: Final = TABLES["observation"].c
FIRST: Final = TABLES["submission"].alias("first")
"""The first revision of a report."""
AT_ONCE: Final = 2000
REPORTS: Final = 500
"""How many reports' answers are read at a time."""
SOME: Final = 5000
"""The most ids that are put into one query."""


LateTest = Callable[[str, str, str, int, datetime], bool]
"""Whether a report of this questionnaire, level, period and place, first sent at that moment, came late."""


def lateness(
    plans: Plans,
    zone: tzinfo,
    requested: Mapping[tuple[str, str], Deadlines],
    began: Mapping[int, date] | None = None,
) -> LateTest:
    """Return the test for late reports, by the schedule and by the deadlines of what was `requested` beyond it.

    `began`: the first days of places, which are late with nothing that was due before.
    """
    first_days = began or {}

    @cache
    def late_from(form: str, level: str, key: str) -> datetime:
        period = from_key(key)
        return plans.days_of(form, level, period).late_from(period, zone)

    def is_late(form: str, level: str, key: str, place_id: int, first_sent: datetime) -> bool:
        until = requested.get((form, key), {}).get(place_id) or late_from(form, level, key)
        first_day = first_days.get(place_id)
        return first_sent >= until and not (first_day and until <= datetime.combine(first_day, time(), zone))

    return is_late


@dataclass(frozen=True, slots=True)
class ReportFilter:
    """Which reports: from some places (None: all), of some questionnaires (none named: all), between two days."""

    places: Collection[int] | None
    forms: Collection[str]
    first: date
    last: date
    late: LateTest
    zone: tzinfo
    """The time zone in which sending times are given."""


REPORT_NAMES: Final = (
    "place_id", "level", "kind", "place", "code", "form", "period", "period_end", "receipt", "revision", "sent_at",
    "late", "state",
)  # fmt: skip
"""What is known of the report that an answer is in."""
ANSWER_NAMES: Final = ("path", "question", "value", "number", "estimate")


class ReportAnswers(NamedTuple):
    """One report's answers. Moments are in ISO form, numbers exact text."""

    report: tuple[Any, ...]
    """In the order of `REPORT_NAMES`."""
    answers: Sequence[Any]
    """Each in the order of `ANSWER_NAMES`."""


@dataclass(frozen=True, slots=True)
class ExportedReport:
    """One current report as a whole: the values by path."""

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
    late: bool
    state: str
    """`provisional`, `approved` or `locked`."""
    answers: dict[str, Any]


def conditions(wanted: ReportFilter, some: Sequence[int] | None) -> list[Any]:
    """Return the conditions on a submission."""
    conditions: list[Any] = [
        col(Submission.current),
        col(Submission.period_end) >= wanted.first,
        col(Submission.period_end) <= wanted.last,
    ]
    if wanted.forms:
        conditions.append(col(Submission.form_name).in_(list(wanted.forms)))
    if some is not None:
        conditions.append(col(Submission.place_id).in_(some))
    return conditions


async def answered(session: Session, wanted: ReportFilter) -> AsyncIterator[ReportAnswers]:
    """Every answer of the wanted reports, report by report."""
    connection = await session.connection()
    for some in shares(wanted.places):
        chosen = (
            columns_of(
                SUBMISSION.id, PLACE.id, PLACE.level, PLACE.kind, PLACE.name, func.coalesce(PLACE.code, ""),
                SUBMISSION.form_name, SUBMISSION.period, SUBMISSION.period_end, SUBMISSION.receipt,
                SUBMISSION.revision, SUBMISSION.sent_at, FIRST.c.sent_at, SUBMISSION.approved_at, SUBMISSION.locked_at,
            )
            .join_from(TABLES["submission"], TABLES["place"], PLACE.id == SUBMISSION.place_id)
            .outerjoin(FIRST, same_report())
            .where(*conditions(wanted, some))
            .order_by(SUBMISSION.id)
        )  # fmt: skip
        async with connection.stream(chosen.execution_options(yield_per=REPORTS)) as rows:
            async for portion in rows.partitions(REPORTS):
                reports = dict(reported(row, wanted) for row in portion)
                for number, answers in await answers_of(connection, reports):
                    yield ReportAnswers(reports[number], answers)


def same_report() -> ColumnElement[bool]:
    """Condition: `FIRST` is the first revision of a submission's report."""
    same = (FIRST.c[name] == SUBMISSION[name] for name in ("place_id", "form_name", "period"))
    return and_(FIRST.c.revision == 1, *same)


def reported(row: Sequence[Any], wanted: ReportFilter) -> tuple[int, tuple[Any, ...]]:
    """Return a submission's id, and the values that `REPORT_NAMES` names."""
    number, place, level, kind, name, code, form, period, ends, receipt, revision, sent, first, *looked_at = (
        row
    )
    facts = (
        place,
        level,
        kind,
        name,
        code,
        form,
        period,
        ends.isoformat(),
        receipt,
        revision,
        sent.astimezone(wanted.zone).isoformat(),
    )
    return number, (*facts, wanted.late(form, level, period, place, first or sent), of_one(*looked_at).state)


async def answers_of(
    connection: AsyncConnection, submissions: Collection[int]
) -> list[tuple[int, Sequence[Any]]]:
    """Return the answers of each of some submissions, both in the order in which they came."""
    chosen = (
        columns_of(
            OBSERVATION.path, OBSERVATION.question, OBSERVATION.value, type_coerce(OBSERVATION.number, Text),
            OBSERVATION.estimate, OBSERVATION.submission_id,
        )
        .where(OBSERVATION.submission_id.in_(list(submissions)))
        .order_by(OBSERVATION.submission_id, OBSERVATION.id)
    )  # fmt: skip
    rows = (await connection.execute(chosen)).all()
    return [(number, [row[:-1] for row in of]) for number, of in groupby(rows, key=lambda row: int(row[-1]))]


async def reports(session: Session, wanted: ReportFilter) -> AsyncIterator[ExportedReport]:
    """The wanted reports, each whole."""
    for some in shares(wanted.places):
        chosen = (
            columns_of(
                SUBMISSION.receipt, SUBMISSION.form_id, SUBMISSION.form_name, PLACE.id, PLACE.level, PLACE.name,
                func.coalesce(PLACE.code, ""), SUBMISSION.period, SUBMISSION.revision, SUBMISSION.sent_at,
                FIRST.c.sent_at, SUBMISSION.approved_at, SUBMISSION.locked_at, SUBMISSION.answers,
            )
            .join_from(TABLES["submission"], TABLES["place"], PLACE.id == SUBMISSION.place_id)
            .outerjoin(FIRST, same_report())
            .where(*conditions(wanted, some))
            .order_by(SUBMISSION.id)
        )  # fmt: skip
        connection = await session.connection()
        async with connection.stream(chosen.execution_options(yield_per=AT_ONCE)) as rows:
            async for portion in rows.partitions(AT_ONCE):
                for *known, period, revision, sent, first, approved, locked, answers in portion:
                    receipt, form_id, form, place_id, level, place, code = known
                    late = wanted.late(form, level, period, place_id, first or sent)
                    sent = sent.astimezone(wanted.zone)
                    yield ExportedReport(
                        receipt, form_id, form, place_id, level, place, code, period, revision, sent, late,
                        of_one(approved, locked).state, answers,
                    )  # fmt: skip


def shares(places: Collection[int] | None) -> list[Sequence[int] | None]:
    """Return the ids in portions that fit into one query; [None] for all places."""
    if places is None:
        return [None]
    numbers = sorted(places)
    return [numbers[start : start + SOME] for start in range(0, len(numbers), SOME)]


async def compiled_forms(session: Session) -> dict[int, dict[str, Any]]:
    """Every version of every questionnaire as it was compiled, by its id."""
    return {form.id: form.compiled for form in await session.exec(select(Form))}
