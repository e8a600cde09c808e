"""Writes holidays.csv anew from the library `holidays`: `python -m tests.plans.draw_holidays`.

Run it when the library has been renewed, because the swapped days of a year are announced only the year before.
A test compares the two.
"""

import csv
import io
from datetime import date, timedelta
from typing import Final

from holidays import country_holidays

from plans.holidays import TABLE

FIRST: Final = date(2000, 1, 1)
LAST: Final = date(2100, 12, 31)


def drawn() -> str:
    """The table: day, name in Vietnamese, name in English; without names a day worked on though it is a weekend's."""
    vietnamese = country_holidays("VN", language="vi")
    english = country_holidays("VN", language="en_US")
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";", lineterminator="\n")
    for day in (FIRST + timedelta(days=at) for at in range((LAST - FIRST).days + 1)):
        if day in vietnamese:
            rows.writerow((day.isoformat(), vietnamese[day], english[day]))
        elif vietnamese.is_weekend(day) and vietnamese.is_working_day(day):
            rows.writerow((day.isoformat(), "", ""))
    return text.getvalue()


if __name__ == "__main__":
    TABLE.write_text(drawn(), encoding="utf-8")
