"""Due days for regular reports whose plan names no day, derived from Nghị định 09/2019/NĐ-CP.

A period's figures end on the 14th (Art. 12), and a province hands in its report by the 25th (Art. 13). The levels below
need earlier days, which the decree leaves to whoever asks for the reports. So people are told that these days are derived.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from plans.period import Period, PeriodKind

SOURCE: Final = "Nghị định 09/2019/NĐ-CP"
LAST_DAYS: Final[Mapping[str, int]] = {"xa": 17, "huyen": 20, "tinh": 25}
"""The last day for a level's report, in the month in which the period ends."""


def statutory_day(level: str, period: Period) -> date | None:
    """Return the last day in time for a report of `level` for `period`.

    None for a village, the nation or a week: the decree gives no day for them.
    """
    if level not in LAST_DAYS or period.kind is PeriodKind.WEEK:
        return None
    return period.end.replace(day=LAST_DAYS[level])
