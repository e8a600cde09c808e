"""Photos that people sent: how many already."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.tables import Attachment, AttachmentState


async def of_answer(session: AsyncSession, interview_id: int, path: str) -> int:
    """How many photos an answer has had, without those that were refused."""
    mine = (col(Attachment.interview_id) == interview_id) & (col(Attachment.path) == path)
    return await count(session, mine & (col(Attachment.state) != AttachmentState.REFUSED))


async def of_emergency(session: AsyncSession, number: int) -> int:
    """How many photos were sent of an emergency, without those that were refused."""
    mine = col(Attachment.emergency_id) == number
    return await count(session, mine & (col(Attachment.state) != AttachmentState.REFUSED))


async def of_chats(
    session: AsyncSession, contact_ids: Collection[int], since: datetime, *, emergencies: bool
) -> int:
    """How many photos came from these chats since then, refused ones too: of emergencies, or of answers."""
    kind = (
        col(Attachment.emergency_id).is_not(None) if emergencies else col(Attachment.emergency_id).is_(None)
    )
    mine = col(Attachment.contact_id).in_(contact_ids) & (col(Attachment.created_at) >= since)
    return await count(session, mine & kind)


async def count(session: AsyncSession, where: ColumnElement[bool]) -> int:
    return (await session.exec(select(func.count()).select_from(Attachment).where(where))).one()
