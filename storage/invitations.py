"""One-time codes that let somebody take a role at a place.

A code is thirteen letters of an alphabet of thirty: 63 random bits. Only its SHA-256 is kept, so that nobody who reads
the database can use it; its maker sees it once.
"""

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Literal

from sqlmodel import col, select, update

from storage.codes import ALPHABET
from storage.session import Session
from storage.tables import Invitation, RoleRequest

LENGTH: Final = 13
GROUP: Final = 4
SEPARATORS: Final = str.maketrans("", "", " -‐‑‒–—―−_.")

Reason = Literal["used", "revoked", "expired"]


def new_code() -> str:
    """A code such as 7K3M-2QXH-VW9D-R, from the system's source of randomness."""
    return grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def grouped(letters: str) -> str:
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def normalise(text: str) -> str | None:
    """Return the code that `text` is, in its printed form, whatever its case, spaces and dashes; None if it is none."""
    letters = unicodedata.normalize("NFKC", text).translate(SEPARATORS).strip().upper()
    if len(letters) != LENGTH or any(letter not in ALPHABET for letter in letters):
        return None
    return grouped(letters)


def hash_of(code: str) -> str:
    return sha256(code.replace("-", "").encode()).hexdigest()


async def create(
    session: Session,
    place_id: int,
    role: str,
    name: str,
    days: int,
    now: datetime,
    ends_at: datetime | None = None,
) -> tuple[str, Invitation]:
    """Return a new code and its invitation (with its id), good for `days` days. `name`: whom it is meant for.

    With `ends_at` it is for a deputy, whose role ends then.
    """
    code = new_code()
    expires_at = now + timedelta(days=days)
    invitation = Invitation(
        code_hash=hash_of(code),
        place_id=place_id,
        role=role,
        name=name,
        created_at=now,
        expires_at=min(expires_at, ends_at) if ends_at else expires_at,
        ends_at=ends_at,
    )
    session.add(invitation)
    await session.flush()
    return code, invitation


async def find(session: Session, code: str, now: datetime) -> Invitation | Reason | None:
    """Return the usable invitation of a code in its printed form; or why it cannot be used; or None if there is none."""
    chosen = select(Invitation).where(Invitation.code_hash == hash_of(code))
    invitation = (await session.exec(chosen)).first()
    return None if invitation is None else state_of(invitation, now) or invitation


async def agreed_request(session: Session, invitation: Invitation) -> RoleRequest | None:
    """Return the request that led to an invitation once a second person agreed; None for any other invitation."""
    chosen = select(RoleRequest).where(
        RoleRequest.place_id == invitation.place_id,
        RoleRequest.role == invitation.role,
        RoleRequest.answer == "agreed",
        col(RoleRequest.ends_role).is_(None),
        RoleRequest.decided_at == invitation.created_at,
    )
    return (await session.exec(chosen)).first()


def state_of(invitation: Invitation, now: datetime) -> Reason | None:
    """Why an invitation cannot be used, or None if it can."""
    if invitation.used_at is not None:
        return "used"
    if invitation.revoked_at is not None:
        return "revoked"
    return "expired" if invitation.expires_at <= now else None


async def use(session: Session, invitation: Invitation, person_id: int, now: datetime) -> None:
    """Mark an invitation as used; forget the name that it was made for."""
    invitation.used_at, invitation.used_by, invitation.name = now, person_id, ""
    session.add(invitation)
    await session.flush()


async def revoke(session: Session, invitation: Invitation, now: datetime) -> None:
    """Make an invitation unusable; a used one stays as it is."""
    if invitation.used_at is None and invitation.revoked_at is None:
        invitation.revoked_at, invitation.name = now, ""
        session.add(invitation)
        await session.flush()


async def forget_names(session: Session, now: datetime) -> None:
    """Forget whom expired invitations were meant for."""
    over = (col(Invitation.expires_at) <= now, col(Invitation.used_at).is_(None), col(Invitation.name) != "")
    if (await session.exec(update(Invitation).where(*over).values(name=""))).rowcount:
        session.erases = True


async def listed(session: Session) -> Sequence[Invitation]:
    """Every invitation, the newest first."""
    return (await session.exec(select(Invitation).order_by(col(Invitation.id).desc()))).all()
