"""The days of Nghị định 09/2019/NĐ-CP for reports that a plan wants regularly without naming a day.

The figures of a period end on the 14th (Art. 12). A province hands in by the 25th (Art. 13); each level below it needs an
earlier day, which the decree leaves to whoever asks. So all of these days are derived, and shown as such.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from plans.period import Period, PeriodKind

SOURCE: Final = "Nghị định 09/2019/NĐ-CP"
LAST_DAYS: Final[Mapping[str, int]] = {"xa": 17, "huyen": 20, "tinh": 25}
"""By level: until which day of the month in which a period ends its report is handed in."""


def statutory_day(level: str, period: Period) -> date | None:
    """The last day in time for what a level owes for `period`; None for a level or a week, of which the decree says
    nothing."""
    if level not in LAST_DAYS or period.kind is PeriodKind.WEEK:
        return None
    return period.end.replace(day=LAST_DAYS[level])
