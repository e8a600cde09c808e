"""Who did what and when, kept for those who must account for it; without names, phones, answers or codes."""

from collections.abc import Mapping

from storage.session import Session
from storage.tables import AuditEntry


async def record(
    session: Session,
    action: str,
    person_id: int | None,
    contact_id: int | None,
    subject: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Add one entry. `action` is like "code.wrong", `subject` like "place:12"."""
    session.add(
        AuditEntry(
            action=action,
            person_id=person_id,
            contact_id=contact_id,
            subject=subject,
            detail=dict(detail or {}),
        )
    )
