"""Count the questions per week that a schedule asks of one person, so that a village head's week stays small.

A questionnaire counts in the ISO week in which it opens, with all the questions that it may show.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from plans.period import Period, PeriodKind, named, period_of
from plans.schedule import Entry

VILLAGE_LIMIT: Final = 8
"""A village head's week must have fewer questions than this."""
TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Workload:
    """The questions of each ISO week of a year, for one person of a level."""

    weeks: Mapping[Period, int]

    @property
    def most(self) -> int:
        """The questions of the fullest week."""
        return max(self.weeks.values())

    @property
    def fullest(self) -> Period:
        """The first week with the most questions."""
        return max(self.weeks, key=lambda week: self.weeks[week])

    @property
    def mean(self) -> Decimal:
        """The average number of questions a week, to a tenth."""
        return (Decimal(sum(self.weeks.values())) / len(self.weeks)).quantize(TENTH, ROUND_HALF_UP)


def workload(entries: Iterable[Entry], year: int) -> Workload:
    """Return how many questions `entries` ask one person in each ISO week of `year`."""
    first = named(PeriodKind.WEEK, year, 1)
    weeks = {first: 0}
    while (week := next(reversed(weeks)).next()).year == year:
        weeks[week] = 0
    last_day = next(reversed(weeks)).end
    for entry in entries:
        period = entry.period(last_day)
        while period.end >= first.start - timedelta(days=366):
            opens = period_of(PeriodKind.WEEK, entry.opens(period))
            if opens in weeks:
                weeks[opens] += entry.questions
            period = period.previous()
    return Workload(weeks)


def opening_in(entries: Iterable[Entry], week: Period) -> list[Entry]:
    """Return those of `entries` that first ask somebody in a week, those with most questions first."""
    found = [entry for entry in entries if opens_in(entry, week)]
    return sorted(found, key=lambda entry: -entry.questions)


def opens_in(entry: Entry, week: Period) -> bool:
    """Whether a period of a questionnaire opens in a week: its own, or one that began or ends elsewhere."""
    period = entry.period(week.end).next()
    while period.end >= week.start - timedelta(days=366):
        if week.start <= entry.opens(period) <= week.end:
            return True
        period = period.previous()
    return False
