"""How far reports are approved: which an officer has looked at, and which were locked when handed up."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Final

from sqlmodel import col, func, select

from storage.portions import portions
from storage.session import Session
from storage.tables import Submission

APPROVALS: Final = (
    func.max(Submission.sent_at),
    func.count(),
    func.count(col(Submission.approved_at)),
    func.count(col(Submission.locked_at)),
)
"""What `approvals_of` reads."""


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many of some reports are approved, and how many of these locked."""

    reports: int = 0
    approved: int = 0
    locked: int = 0

    def plus(self, others: "Approvals") -> "Approvals":
        """Return the sum of these and others."""
        return Approvals(
            self.reports + others.reports, self.approved + others.approved, self.locked + others.locked
        )

    @property
    def state(self) -> str:
        """`locked` or `approved` if all reports are, else `partly` or `provisional`; "" if there are no reports."""
        if not self.reports:
            return ""
        if self.locked == self.reports:
            return "locked"
        if self.approved == self.reports:
            return "approved"
        return "partly" if self.approved else "provisional"


NOTHING: Final = Approvals()
"""The approvals of no report at all."""


def approvals_of(
    rows: Iterable[tuple[datetime | None, int, int, int]],
) -> tuple[datetime | None, Approvals]:
    """Return when the latest of the reports in `rows` came in (None without reports), and how far all are approved."""
    latest: datetime | None = None
    total = NOTHING
    for at, reports, approved, locked in rows:
        latest = max(filter(None, (latest, at)), default=None)
        total = total.plus(Approvals(reports, approved, locked))
    return latest, total


async def of_reports(session: Session, ids: Collection[int]) -> dict[int, Approvals]:
    """How far each of these reports is approved."""
    told: dict[int, Approvals] = {}
    chosen = select(Submission.id, Submission.approved_at, Submission.locked_at)
    for some in portions(sorted(ids)):
        for number, approved, locked in await session.exec(chosen.where(col(Submission.id).in_(some))):
            told[number] = of_one(approved, locked)
    return told


async def of_places(
    session: Session, form: str, period: str, place_ids: Collection[int]
) -> dict[int, Approvals]:
    """Return how far each place's current report is approved; places without a report are left out."""
    told: dict[int, Approvals] = {}
    same = (Submission.form_name == form, Submission.period == period, col(Submission.current))
    chosen = select(Submission.place_id, Submission.approved_at, Submission.locked_at).where(*same)
    for some in portions(sorted(place_ids)):
        for place, approved, locked in await session.exec(chosen.where(col(Submission.place_id).in_(some))):
            told[place] = of_one(approved, locked)
    return told


async def lately(session: Session, place_ids: Collection[int], since: date) -> Approvals:
    """Return how far the places' current reports are approved, for periods that ended on `since` or later."""
    rows = [
        (
            await session.exec(
                select(*APPROVALS)
                .where(col(Submission.place_id).in_(some), col(Submission.current))
                .where(col(Submission.period_end) >= since)
            )
        ).one()
        for some in portions(sorted(place_ids))
    ]
    return approvals_of(rows)[1]


async def of_all_forms(
    session: Session, place_ids: Collection[int], since: date, until: date, forms: Collection[str] = ()
) -> dict[int, Approvals]:
    """Return how far the places' current reports are approved, for periods that ended between two days.

    Of some questionnaires by name, or of all; places without a report are left out.
    """
    told: dict[int, Approvals] = {}
    chosen = (
        select(Submission.place_id, *APPROVALS[1:])
        .where(
            col(Submission.current), col(Submission.period_end) >= since, col(Submission.period_end) <= until
        )
        .group_by(col(Submission.place_id))
    )
    if forms:
        chosen = chosen.where(col(Submission.form_name).in_(sorted(forms)))
    for some in portions(sorted(place_ids)):
        for place, *counts in await session.exec(chosen.where(col(Submission.place_id).in_(some))):
            told[place] = Approvals(*counts)
    return told


def of_one(approved_at: datetime | None, locked_at: datetime | None) -> Approvals:
    """How far one report is approved."""
    return Approvals(1, approved_at is not None, locked_at is not None)


def together(some: Iterable[Approvals]) -> Approvals:
    """Return the sum of several."""
    return reduce(Approvals.plus, some, NOTHING)
