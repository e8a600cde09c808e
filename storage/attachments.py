"""Photos that people sent: how many there are already, and which belong together."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select

from storage.session import Session
from storage.tables import Attachment, AttachmentState

AT_ONCE: Final = timedelta(seconds=5)
"""Photos further apart than this were not sent together: the sender may have read the answer to the first one."""
NEAR: Final = timedelta(minutes=1)


async def of_answer(session: Session, interview_id: int, path: str) -> int:
    """Return how many photos an answer has, without those that were refused."""
    mine = (col(Attachment.interview_id) == interview_id) & (col(Attachment.path) == path)
    return await count(session, mine & (col(Attachment.state) != AttachmentState.REFUSED))


async def of_emergency(session: Session, number: int) -> int:
    """Return how many photos an emergency has, without those that were refused."""
    mine = col(Attachment.emergency_id) == number
    return await count(session, mine & (col(Attachment.state) != AttachmentState.REFUSED))


async def of_chats(
    session: Session, contact_ids: Collection[int], since: datetime, *, emergencies: bool
) -> int:
    """Return how many photos came from these chats since then, for emergencies or for answers; refused ones count too."""
    kind = (
        col(Attachment.emergency_id).is_not(None) if emergencies else col(Attachment.emergency_id).is_(None)
    )
    mine = col(Attachment.contact_id).in_(contact_ids) & (col(Attachment.created_at) >= since)
    return await count(session, mine & kind)


async def sent_together(session: Session, photo: Attachment) -> list[Attachment]:
    """Return the photos that a chat sent together with this one for the same answer or emergency, this one included,
    in order."""
    alike = ("contact_id", "interview_id", "emergency_id", "path")
    same = [col(getattr(Attachment, name)).is_not_distinct_from(getattr(photo, name)) for name in alike]
    near = col(Attachment.created_at).between(photo.created_at - NEAR, photo.created_at + NEAR)
    together: list[Attachment] = []
    for row in await session.exec(select(Attachment).where(near, *same).order_by(col(Attachment.id))):
        if together and row.created_at - together[-1].created_at > AT_ONCE:
            if photo in together:
                break
            together = []
        together.append(row)
    return together


async def count(session: Session, where: ColumnElement[bool]) -> int:
    return (await session.exec(select(func.count()).select_from(Attachment).where(where))).one()
