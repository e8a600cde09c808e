"""What several commands take as options: row numbers, and days. The limits are those of databases and the calendar."""

from datetime import date, datetime
from typing import Annotated, Any, Final

import typer

LARGEST_ID: Final = 2**63 - 1
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)
FORMATS: Final = ["%Y-%m-%d"]


def within_calendar(day: datetime | None) -> datetime | None:
    """A day that is given, if periods and places can be reckoned with it. Raises typer.BadParameter."""
    if day is not None and not FIRST <= day.date() <= LAST:
        raise typer.BadParameter(f"Input should be a day from {FIRST} to {LAST}")
    return day


def day_option(*names: str, **facts: Any) -> Any:
    """An option that takes a day."""
    return typer.Option(*names, formats=FORMATS, callback=within_calendar, **facts)


PersonId = Annotated[int, typer.Argument(min=1, max=LARGEST_ID, help="the person's id")]
AsOf = Annotated[datetime | None, day_option("--on", help="as of this day (default: today)")]
