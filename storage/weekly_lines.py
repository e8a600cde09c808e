"""The lines that officers add to the weekly summary of their villages, by commune and ISO week."""

from datetime import datetime

from storage.session import Session
from storage.tables import WeeklyLine


async def of_place(session: Session, place_id: int, week: str) -> str | None:
    """The line for a week, if there is one."""
    row = await session.get(WeeklyLine, (place_id, week))
    return row.text if row else None


async def keep(
    session: Session, place_id: int, week: str, text: str, person_id: int | None, now: datetime
) -> None:
    """Keep a line, in the place of an earlier one."""
    row = await session.get(WeeklyLine, (place_id, week)) or WeeklyLine(place_id=place_id, week=week, text="")
    row.text, row.person_id, row.at = text, person_id, now
    session.add(row)


async def drop(session: Session, place_id: int, week: str) -> None:
    """Take a line back."""
    row = await session.get(WeeklyLine, (place_id, week))
    if row is not None:
        await session.delete(row)
