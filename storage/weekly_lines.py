"""The lines that officers add to the weekly summary of their villages, by commune and ISO week."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import select

from storage.session import Session
from storage.tables import WeeklyLine


async def of_place(session: Session, place_id: int, week: str) -> str | None:
    """The line for a week, if there is one."""
    texts = await session.fetch(TEXT, place=place_id, week=week)
    return texts[0] if texts else None


TEXT: Final = select(WeeklyLine.text).where(
    WeeklyLine.place_id == bindparam("place"), WeeklyLine.week == bindparam("week")
)
"""Built once: it runs for every village's letter."""


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
