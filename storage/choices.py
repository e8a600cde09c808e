"""When somebody wants the weekly summary, and how. Without a row it is Monday 7:30 in words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam
from sqlmodel import col, select

from storage.session import Session
from storage.tables import WeeklyChoice


@dataclass(frozen=True, slots=True)
class WeeklyWish:
    """`weekday` counts from Monday as 0, `minute` from midnight."""

    weekday: int = 0
    minute: int = 7 * 60 + 30
    picture: bool = False
    stopped: bool = False
    chosen_at: datetime | None = None
    """When the day or hour was chosen."""


DEFAULT = WeeklyWish()


async def of_contacts(session: Session, ids: Collection[int]) -> dict[int, WeeklyWish]:
    """Return what was chosen in these chats; chats without a choice are left out."""
    rows = await session.fetch(OF_CONTACTS, contacts=list(ids))
    return {row.contact_id: wish_of(row) for row in rows}


OF_CONTACTS: Final = select(WeeklyChoice).where(
    col(WeeklyChoice.contact_id).in_(bindparam("contacts", expanding=True))
)


def wish_of(row: WeeklyChoice) -> WeeklyWish:
    """What a row says."""
    return WeeklyWish(row.weekday, row.minute, row.picture, row.stopped, row.chosen_at)


async def all_of_them(session: Session) -> set[WeeklyWish]:
    """Every day and hour that somebody chose."""
    chosen = select(WeeklyChoice.weekday, WeeklyChoice.minute).where(~col(WeeklyChoice.stopped)).distinct()
    return {WeeklyWish(weekday, minute) for weekday, minute in await session.exec(chosen)}


async def newest(session: Session) -> WeeklyWish | None:
    """Return the latest choice of any chat; None if nobody has chosen."""
    chosen = select(WeeklyChoice).where(col(WeeklyChoice.chosen_at).is_not(None), ~col(WeeklyChoice.stopped))
    row = (await session.exec(chosen.order_by(col(WeeklyChoice.chosen_at).desc()).limit(1))).first()
    return wish_of(row) if row else None


async def choose(session: Session, contact_id: int, choice: WeeklyWish) -> None:
    """Keep what was chosen in a chat."""
    row = await session.get(WeeklyChoice, contact_id) or WeeklyChoice(contact_id=contact_id)
    row.weekday, row.minute = choice.weekday, choice.minute
    row.picture, row.stopped, row.chosen_at = choice.picture, choice.stopped, choice.chosen_at
    session.add(row)
