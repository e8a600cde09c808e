"""Finished interviews: sent once, corrected by a further revision, never overwritten.

Exactly one revision of a place, form and period is the current one, and so are its observations. The database
itself holds that (a unique index), so that two people who send at once cannot both be current.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Date, bindparam, update
from sqlmodel import SQLModel, col, func, select

from plans.period import from_key
from questionnaires.answers import NUMERIC, AnswerKind
from questionnaires.questionnaire import Question, Questionnaire, QuestionType
from storage import ledger
from storage.approvals import NOTHING, Approvals
from storage.codes import ALPHABET
from storage.named_sql import named
from storage.portions import portions
from storage.session import Session, into
from storage.tables import InterviewRow, InterviewStatus, Observation, Submission

LAST: Final = 24
"""How many of the latest reports are searched for the one that is meant."""
YES_OR_NO: Final = frozenset({AnswerKind.HAS, AnswerKind.DONE, AnswerKind.CONFIRM})
YES_NO_VALUES: Final = {
    **dict.fromkeys(("yes", "co", "1", "true", "ok"), Decimal(1)),
    **dict.fromkeys(("no", "khong", "0", "false"), Decimal(0)),
}
"""The values that authors of forms use for yes and no."""
OBSERVATION: Final = SQLModel.metadata.tables["observation"]
CALCULATED: Final = frozenset({QuestionType.CALCULATE, QuestionType.HIDDEN})


class NotCounted(ValueError):
    """The interview is practice, which is never sent."""


async def send(
    session: Session,
    row: InterviewRow,
    form: Questionnaire,
    values: Mapping[str, str],
    now: datetime,
    estimates: Collection[str] = (),
    *,
    first: bool = False,
) -> Submission:
    """Turn an interview into a submission, the current one of its place, form and period.

    `values` are the final values by path; `estimates`, the paths of those said to be approximate; `first`, whether the
    caller has just seen that there is no report yet. If the interview was sent before, return the submission it became.
    Raises NotCounted for practice.
    """
    if row.practice:
        raise NotCounted(row.id)
    before = [] if first else await earlier(session, row.place_id, row.form_name, row.period)
    # Sent twice (a press that came again, a worker that died after the commit): the first one counts.
    same = next((report.id for report in before if report.interview_id == row.id), None)
    if same is not None and (sent := await session.get(Submission, same)) is not None:
        return sent
    if any(report.current for report in before):
        await retire(session, row.place_id, row.form_name, row.period)
    revision = max((report.revision for report in before), default=0) + 1
    row.status, row.updated_at = InterviewStatus.SENT, now
    session.add(row)
    submission = Submission(
        receipt=await new_receipt(session),
        interview_id=row.id,
        place_id=row.place_id,
        form_id=row.form_id,
        form_name=row.form_name,
        period=row.period,
        period_end=from_key(row.period).end,
        revision=revision,
        person_id=row.person_id,
        answers=dict(values),
        sent_at=now,
    )
    session.add(submission)
    await session.flush()
    rows = observations(submission, form, estimates)
    await session.run(into(OBSERVATION), rows)
    await ledger.post(session, submission, ledger.numbers((row["question"], row["number"]) for row in rows))
    return submission


class Earlier(NamedTuple):
    """A report of the same place, form and period: what the next one needs to know of it."""

    id: int
    interview_id: int | None
    revision: int
    current: bool


async def earlier(session: Session, place_id: int, form_name: str, period: str) -> list[Earlier]:
    """Every report of a place, form and period."""
    rows = await session.fetch(EARLIER, place=place_id, form=form_name, period=period)
    return [Earlier(id, interview, revision, current) for id, interview, revision, current in rows]


def same_as(place_id: int, form_name: str, period: str) -> tuple[ColumnElement[bool], ...]:
    """The conditions for reports of a place, form and period."""
    return (
        col(Submission.place_id) == place_id,
        col(Submission.form_name) == form_name,
        col(Submission.period) == period,
    )


async def retire(session: Session, place_id: int, form_name: str, period: str) -> None:
    """Make the current submission of a place, form and period, and its observations, no longer current."""
    same = same_as(place_id, form_name, period)
    older = select(Submission).where(*same, col(Submission.current)).with_for_update()
    for submission in (await session.exec(older)).all():
        submission.current = False
        past = update(Observation).where(col(Observation.submission_id) == submission.id)
        await session.exec(past.values(current=False))
        await session.flush()
        await ledger.take_off(session, submission)


def observations(
    submission: Submission, form: Questionnaire, estimates: Collection[str] = ()
) -> list[dict[str, Any]]:
    """Return one row of `Observation` for each answer of a submission that says something."""
    rows = []
    for path, value in submission.answers.items():
        if value == "":
            continue
        question = form.question(path)
        rows.append(
            {
                "submission_id": submission.id,
                "place_id": submission.place_id,
                "period": submission.period,
                "period_end": submission.period_end,
                "question": question.name,
                "path": path,
                "value": value,
                "number": number_of(question, value),
                "estimate": path in estimates,
                "current": submission.current,
            }
        )
    return rows


def number_of(question: Question, value: str) -> Decimal | None:
    """Return a count, measure or calculation as a number, yes and no as 1 and 0, anything else as None."""
    if question.kind in YES_OR_NO:
        return YES_NO_VALUES.get(value.casefold())
    if question.kind not in NUMERIC and question.type not in CALCULATED:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


async def new_receipt(session: Session) -> str:
    """Return a receipt number that no submission has yet, such as BC-7K3M-2Q, without letters that look alike."""
    while True:
        letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
        receipt = f"BC-{letters[:4]}-{letters[4:]}"
        if not await session.fetch(BEARING, receipt=receipt):
            return receipt


BEARING: Final = select(Submission.id).where(Submission.receipt == bindparam("receipt"))
EARLIER: Final = select(
    col(Submission.id), col(Submission.interview_id), col(Submission.revision), col(Submission.current)
).where(
    Submission.place_id == bindparam("place"),
    Submission.form_name == bindparam("form"),
    Submission.period == bindparam("period"),
)
CURRENT: Final = select(Submission).where(
    Submission.place_id == bindparam("place"),
    Submission.form_name == bindparam("form"),
    Submission.period == bindparam("period"),
    col(Submission.current),
)
IS_SINCE: Final = (
    Submission.place_id == bindparam("place"),
    col(Submission.form_name).in_(bindparam("forms", expanding=True)),
    col(Submission.current),
    col(Submission.period_end) >= bindparam("since"),
)
SINCE: Final = select(Submission).where(*IS_SINCE)
KNOWN_SINCE: Final = select(Submission.form_name, Submission.period).where(*IS_SINCE)
BEFORE: Final = (
    select(Submission.period, Submission.answers)
    .where(
        Submission.place_id == bindparam("place"),
        Submission.form_name == bindparam("form"),
        col(Submission.current),
        col(Submission.period_end) < bindparam("until"),
    )
    .order_by(col(Submission.period_end).desc(), col(Submission.id).desc())
    .limit(10)
)
"""Built once: to build a statement costs as much as to run it. A questionnaire changes its rhythm rarely, so ten
reports are enough to find one of the same rhythm."""


async def submission_of(session: Session, place_id: int, form_name: str, period: str) -> Submission | None:
    """The current submission of a place, form and period, or None."""
    rows = await session.fetch(CURRENT, place=place_id, form=form_name, period=period)
    return rows[0] if rows else None


async def version_before(session: Session, report: Submission) -> Submission | None:
    """Return the version of a report that this one replaced, or None."""
    chosen = select(Submission).where(*versions_of(report), Submission.revision == report.revision - 1)
    return (await session.exec(chosen)).first()


def versions_of(report: Submission) -> tuple[ColumnElement[bool], ...]:
    """The conditions for all versions of a report."""
    return (
        col(Submission.place_id) == report.place_id,
        col(Submission.form_name) == report.form_name,
        col(Submission.period) == report.period,
    )


async def current_of(
    session: Session, place_id: int, forms: Collection[str], since: date
) -> dict[tuple[str, str], Submission]:
    """Return a place's current submissions by form and period, for periods that ended on `since` or later."""
    rows = await session.fetch(SINCE, place=place_id, forms=list(forms), since=since)
    return {(row.form_name, row.period): row for row in rows}


async def sent_last(session: Session, place_ids: Collection[int]) -> list[Submission]:
    """Return the `LAST` reports of some places that were sent last, as they stand now, newest first."""
    chosen = select(Submission).where(
        col(Submission.place_id).in_(place_ids), col(Submission.current).is_(True)
    )
    latest = chosen.order_by(col(Submission.sent_at).desc(), col(Submission.id).desc()).limit(LAST)
    return list(await session.exec(latest)) if place_ids else []


async def known_of(
    session: Session, place_id: int, forms: Collection[str], since: date
) -> set[tuple[str, str]]:
    """Return the forms and periods of a place's current submissions, for periods that ended on `since` or later."""
    rows = await session.fetch(KNOWN_SINCE, place=place_id, forms=list(forms), since=since)
    return {(form, period) for form, period in rows}


async def forms_since(session: Session, place_id: int, since: datetime) -> list[int]:
    """Return the ids of the forms of a place's current submissions that came since then, first come first."""
    return list(await session.fetch(SENT_SINCE, place=place_id, since=since))


SENT_SINCE: Final = (
    select(Submission.form_id)
    .where(Submission.place_id == bindparam("place"), col(Submission.current))
    .where(col(Submission.sent_at) >= bindparam("since"))
    .order_by(col(Submission.sent_at))
)
"""Built once: it runs for each letter."""


async def first_sent(session: Session, submission: Submission) -> datetime:
    """Return when the report that `submission` is a revision of was first sent."""
    if submission.revision == 1:
        return submission.sent_at
    same = same_as(submission.place_id, submission.form_name, submission.period)
    chosen = select(Submission.sent_at).where(*same).order_by(col(Submission.revision)).limit(1)
    return (await session.exec(chosen)).one()


class Newest(NamedTuple):
    """The newest submission of a form by a place."""

    form_name: str
    place_id: int
    submission_id: int
    period: str


async def newest(session: Session, place_ids: Collection[int], until: Mapping[str, date]) -> list[Newest]:
    """Return, for each place and form, the current submission of the latest period that ended by the form's day."""
    newest: list[Newest] = []
    for day in sorted(set(until.values())):
        forms = [form for form, its_day in until.items() if its_day == day]
        for some in portions(sorted(place_ids)):
            rows = await session.fetch(NEWEST, places=list(some), forms=forms, until=day)
            newest += [Newest(*row) for row in rows]
    return newest


NEWEST: Final = named("newest_submissions").bindparams(
    bindparam("places", expanding=True),
    bindparam("forms", expanding=True),
    bindparam("until", type_=Date()),
)
"""Built once: each letter asks this for several days."""


async def reporters(session: Session, place_ids: Collection[int]) -> set[int]:
    """Return those of the places that have ever reported anything."""
    reporting: set[int] = set()
    for some in portions(sorted(place_ids)):
        mine = select(Submission.place_id).where(col(Submission.place_id).in_(some)).distinct()
        reporting.update(await session.exec(mine))
    return reporting


async def reported(
    session: Session, place_ids: Collection[int], periods: Mapping[str, str]
) -> dict[str, set[int]]:
    """Return, for each form, which of the places reported for the form's period."""
    reporters: dict[str, set[int]] = {form: set() for form in periods}
    keys = sorted(set(periods.values()))
    for some in portions(sorted(place_ids)) if periods else ():
        rows = await session.fetch(REPORTED, places=list(some), forms=sorted(periods), periods=keys)
        for form, period, place in rows:
            if periods[form] == period:
                reporters[form].add(place)
    return reporters


REPORTED: Final = select(Submission.form_name, Submission.period, Submission.place_id).where(
    col(Submission.place_id).in_(bindparam("places", expanding=True)),
    col(Submission.form_name).in_(bindparam("forms", expanding=True)),
    col(Submission.period).in_(bindparam("periods", expanding=True)),
    col(Submission.current),
)


async def latest_values(
    session: Session, place_id: int, form_name: str, before_period: str
) -> dict[str, str]:
    """Return the values by path of the place's latest earlier period of the same kind; empty if there is none."""
    reports = await earlier_values(session, place_id, form_name, before_period)
    return reports[0][1] if reports else {}


async def earlier_values(
    session: Session, place_id: int, form_name: str, before_period: str
) -> list[tuple[str, dict[str, str]]]:
    """Return the place's reports of earlier periods of the same kind, at most ten, newest first: period, and values by
    path."""
    before = from_key(before_period)
    reports = []
    for key, answers in await session.fetch(BEFORE, place=place_id, form=form_name, until=before.end):
        period = from_key(key)
        if (period.kind, period.calendar) == (before.kind, before.calendar):
            reports.append((key, dict(answers)))
    return reports


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many of the expected places reported, the ids of the others in the order asked, and of those that were late."""

    reported: int
    expected: int
    missing: tuple[int, ...]
    late_places: frozenset[int] = frozenset()
    approvals: Approvals = NOTHING

    @property
    def late(self) -> int:
        """How many of those that reported were late."""
        return len(self.late_places)


async def coverage(
    session: Session,
    place_ids: Iterable[int],
    form_name: str,
    period: str,
    late_from: datetime | None = None,
    never_late: Collection[int] = (),
) -> Completeness:
    """Return how far the places have reported a form for a period.

    A report first sent at `late_from` or after is late, except for the places that are `never_late`.
    """
    wanted = list(dict.fromkeys(place_ids))
    here: dict[int, tuple[bool, bool]] = {}
    late: set[int] = set()
    for some in portions(wanted):
        asked = {"places": list(some), "form": form_name, "period": period}
        for place, approved, locked in await session.fetch(SAID, **asked):
            here[place] = (approved is not None, locked is not None)
        if late_from is not None:
            late.update(await session.fetch(FIRST_SENT, **asked, since=late_from))
    missing = tuple(place for place in wanted if place not in here)
    approvals = Approvals(len(here), *(sum(column) for column in zip(*here.values(), strict=True)))
    late.difference_update(never_late)
    return Completeness(len(here), len(wanted), missing, frozenset(late & here.keys()), approvals)


OF_SOME: Final = (
    Submission.form_name == bindparam("form"),
    Submission.period == bindparam("period"),
    col(Submission.place_id).in_(bindparam("places", expanding=True)),
)
SAID: Final = select(Submission.place_id, Submission.approved_at, Submission.locked_at).where(
    *OF_SOME, col(Submission.current)
)
FIRST_SENT: Final = select(Submission.place_id).where(
    *OF_SOME, Submission.revision == 1, col(Submission.sent_at) >= bindparam("since")
)


async def current_for(
    session: Session, place_ids: Collection[int], form_name: str, period: str
) -> list[Submission]:
    """Return the current reports of some places for a form and period."""
    same = (Submission.form_name == form_name, Submission.period == period, col(Submission.current))
    reports: list[Submission] = []
    for some in portions(sorted(place_ids)):
        reports += await session.exec(select(Submission).where(*same, col(Submission.place_id).in_(some)))
    return reports


async def firsts(session: Session, reports: Sequence[Submission]) -> set[int]:
    """Return those reports that are of the first period for which their place sent that questionnaire."""
    begun: dict[tuple[int, str], date] = {}
    of_place = (col(Submission.place_id), col(Submission.form_name))
    for some in portions(sorted({report.place_id for report in reports})):
        earliest = select(*of_place, func.min(Submission.period_end)).where(of_place[0].in_(some))
        begun |= {(place, form): end for place, form, end in await session.exec(earliest.group_by(*of_place))}
    return {one.id for one in reports if begun.get((one.place_id, one.form_name)) == one.period_end}
