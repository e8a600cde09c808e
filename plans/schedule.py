"""When a place is asked a questionnaire, and until when its report is in time, late, or no longer taken.

Every list, receipt, reminder, letter and count of reports takes these days from here, so that all of them agree. A report
can be sent from the day it opens, and is in time until it is due. Then it is late until its period closes, some days
after the period's end: a year's reports must not be lost at midnight of 1 January. A report begun before its period
closed may be finished for as many days again.
"""

from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, Final

from pydantic import Field

from plans.holidays import put_off
from plans.levels import LevelName
from plans.period import Calendar, Period, PeriodKind, day_in, period_of
from plans.table import table

GRACE: Final = 7
"""How many days after a period's end its reports are still taken, unless a schedule says otherwise."""


class Window(StrEnum):
    """Whether a report for a period can be sent on a day."""

    AHEAD = "ahead"
    """It does not open until later."""
    OPEN = "open"
    LATE = "late"
    """The due day has passed; the report is still taken, as a late one."""
    LOCKED = "locked"


@table()
class Entry:
    """A questionnaire that every place of `level` is asked once in each period of `kind`.

    A report for a period can be begun from the day it `opens`; it is in time until it is `due`, late until it
    `closes`, and locked from then on. What was begun before is taken until `finish`.
    """

    form: str
    level: LevelName
    kind: Annotated[PeriodKind, Field(alias="period")]
    questions: int
    """The most questions that it shows."""
    calendar: Calendar = Calendar.GREGORIAN
    due_days: int = 0
    """How many days after the period's last day a report is still in time (negative: before it ends)."""
    month: int = 1
    """In which month of the period it is first asked, 1 for the first."""
    day: int = 1
    """On which day of that month, 1 for the first."""
    within: int = 0
    """How many days a report is in time from that day on; 0: until `due_days` after the period's end."""
    locked_after: int | None = None
    """How many days after the due day a late report is still taken; None: until `grace` after the period's end."""
    grace: int = GRACE
    """How many days after the period's end a report is still taken; one begun by then has as many days more."""

    def period(self, day: date) -> Period:
        """The period of this questionnaire that `day` lies in."""
        return period_of(self.kind, day, self.calendar)

    def opens(self, period: Period) -> date:
        """The first day on which this questionnaire is asked for `period`."""
        return day_in(period, self.month, self.day)

    def due(self, period: Period) -> date:
        """The last day on which a report for `period` is in time; a holiday is put off to the next working day."""
        return put_off(self.planned(period))

    def since(self, day: date) -> "Entry":
        """The days for a place that began on a day: it is late with nothing that was due before."""
        known = {one.name: getattr(self, one.name) for one in fields(Entry)}
        return OfNewPlace(**known, began=day)

    def planned(self, period: Period) -> date:
        """The due day by the schedule alone, even if it is a holiday."""
        if self.within:
            return self.opens(period) + timedelta(days=self.within - 1)
        return period.end + timedelta(days=self.due_days)

    def deadline(self, period: Period) -> date | datetime:
        """Until when a report for `period` is in time, as people are told: a day, or a moment if one was set."""
        return self.due(period)

    def late(self, period: Period, day: date) -> bool:
        """Whether a report for `period` that is sent on `day` is a late one."""
        return day > self.due(period)

    def late_at(self, period: Period, now: datetime) -> bool:
        """Whether a report for `period` that is sent at `now`, in the place's time zone, is late."""
        return self.late(period, now.date())

    def late_from(self, period: Period, zone: tzinfo) -> datetime:
        """The moment from which a report for `period` counts as late when first sent."""
        return datetime.combine(self.due(period) + timedelta(days=1), time(), zone)

    def closes(self, period: Period) -> date:
        """The last day on which a report for `period` can be begun, or a sent one corrected."""
        return self.closes_after(self.due(period), period)

    def closes_after(self, due: date, period: Period) -> date:
        """The same for a report that was due on a day."""
        if self.locked_after is None:
            return max(period.end + timedelta(days=self.grace), due)
        return due + timedelta(days=self.locked_after)

    def finish(self, period: Period) -> date:
        """The last day on which a report for `period` is taken if it was begun before the period closed."""
        return self.closes(period) + timedelta(days=self.grace)

    def settled(self, period: Period, day: date) -> bool:
        """Whether no report or correction for `period` can come in any more on `day`."""
        return day > self.finish(period)

    def window(self, period: Period, day: date) -> Window:
        """Whether a report for `period` can be sent on `day`."""
        if day < self.opens(period):
            return Window.AHEAD
        if day <= self.due(period):
            return Window.OPEN
        return Window.LATE if day <= self.closes(period) else Window.LOCKED

    def asked_on(self, day: date) -> tuple[Period, ...]:
        """The periods for which a report can be sent on `day`, in time or late, the oldest first; () for none."""
        return self.asked_between(day, day)

    def asked_between(self, first: date, last: date) -> tuple[Period, ...]:
        """The periods for which a report could be begun on some day from `first` to `last`, the oldest first."""
        return asked_between(self, first, last)


@dataclass(frozen=True, slots=True)
class Requested(Entry):
    """A questionnaire that an officer asks for outside the schedule. It is due at a moment, even on a holiday."""

    by: datetime = field(kw_only=True)
    """The moment when it is due, in the place's time zone."""

    def due(self, period: Period) -> date:
        return self.by.date()

    def deadline(self, period: Period) -> date | datetime:
        return self.by

    def late_at(self, period: Period, now: datetime) -> bool:
        return now >= self.by

    def late_from(self, period: Period, zone: tzinfo) -> datetime:
        return self.by


@dataclass(frozen=True, slots=True)
class OfNewPlace(Entry):
    """A questionnaire as a place is asked it that began later than others.

    What was due before its first day is in time as long as it is taken: nobody could send it by then.
    """

    began: date = field(kw_only=True)

    def due(self, period: Period) -> date:
        return self.closes(period) if self.is_of_before(period) else Entry.due(self, period)

    def is_of_before(self, period: Period) -> bool:
        """Whether a report was due before the place began."""
        return Entry.due(self, period) < self.began

    def late(self, period: Period, day: date) -> bool:
        return not self.is_of_before(period) and Entry.late(self, period, day)

    def closes(self, period: Period) -> date:
        return self.closes_after(Entry.due(self, period), period)


def once(form: str, level: str, period: Period) -> Entry:
    """Return the days of a questionnaire that is in no schedule and was asked for `period`: in time until its end."""
    return Entry(form, level, period.kind, questions=0, calendar=period.calendar)


@lru_cache(maxsize=1000)
def asked_between(entry: Entry, first: date, last: date) -> tuple[Period, ...]:
    """Return the periods for which a report could be begun on some day from `first` to `last`, the oldest first.

    Remembered: on one day it is asked for each place, and again for each list.
    """
    newest_first: list[Period] = []
    period = entry.period(last)
    if last < entry.opens(period):
        period = period.previous()
    while first <= entry.closes(period):
        newest_first.append(period)
        period = period.previous()
    return tuple(reversed(newest_first))
