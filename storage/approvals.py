"""How far reports are approved: what an officer has looked at, and what was handed up for good."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import col, func

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
        """These and others together."""
        return Approvals(
            self.reports + others.reports, self.approved + others.approved, self.locked + others.locked
        )

    @property
    def state(self) -> str:
        """`locked` or `approved` where all of them are, else `partly` or `provisional`; "" of no report."""
        if not self.reports:
            return ""
        if self.locked == self.reports:
            return "locked"
        if self.approved == self.reports:
            return "approved"
        return "partly" if self.approved else "provisional"


NOTHING: Final = Approvals()
"""Of no report."""


def approvals_of(
    rows: Iterable[tuple[datetime | None, int, int, int]],
) -> tuple[datetime | None, Approvals]:
    """When the latest of the reports counted in `rows` came in, None of none, and how far all are approved."""
    latest: datetime | None = None
    total = NOTHING
    for at, reports, approved, locked in rows:
        latest = max(filter(None, (latest, at)), default=None)
        total = total.plus(Approvals(reports, approved, locked))
    return latest, total
