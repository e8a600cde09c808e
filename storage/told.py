"""What letters that nobody asked for have told a person: by marks, which stay with a message after its text is erased.

A mark names what was told, such as "late:nuoc-sach@2026-11:14032". So nothing is told twice, whichever letter told it,
and whatever the clock did. What a person read on one phone is not told again on another.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, func, literal, update
from sqlalchemy.sql.expression import cast
from sqlalchemy.types import String
from sqlmodel import col, or_, select

from storage import totals
from storage.session import Session
from storage.tables import ContactPerson, Outbox, OutboxState, Role, RoleName

KEPT: Final = timedelta(days=40)
"""How long it is known what a letter told: longer than anything is due, late and locked."""
MARKS: Final = "told"
"""Under which name a message's body holds the marks."""
SKEW: Final = timedelta(hours=12)
"""A letter that was written so much later than now was written by a clock that ran ahead; one that was an hour or two
ahead only sent it early."""
AHEAD: Final = "ahead"
NEWEST: Final = 20
"""Among how many letters those of a clock that ran ahead are looked for each time."""


@dataclass(frozen=True, slots=True)
class Told:
    """The marks of what somebody was told, and when letters were written to them."""

    marks: frozenset[str] = frozenset()
    letters: tuple[datetime, ...] = ()
    apart: tuple[datetime, ...] = ()
    """Those of them that others keep apart from: all but a tap that was asked for, so that the summary comes in time."""


def of_kinds(kinds: Iterable[str]) -> ColumnElement[bool]:
    """Whether a message is a letter of one of these sorts."""
    return or_(*(col(Outbox.natural_key).startswith(f"{kind}:") for kind in kinds))


def unasked() -> ColumnElement[bool]:
    """Whether a message is a letter that nobody asked for."""
    return of_kinds(kind for kind in totals.KINDS if kind != "announce-change")


def is_to(key: str, person_id: int) -> bool:
    """Whether a letter was written to this person: keys end in the person and the place; a nudge is a chat's."""
    kind, *parts = key.split(":")
    # What a clock wrote that ran ahead is to be told at its time.
    return AHEAD not in parts and (kind not in totals.TO_PERSONS or str(person_id) in parts)


async def told_to(session: Session, person_id: int, since: datetime) -> Told:
    """What letters written since then have told a person, in whichever of their chats; what expired told nothing."""
    chosen = (
        select(Outbox.natural_key, Outbox.body, Outbox.created_at)
        .join(ContactPerson, col(ContactPerson.contact_id) == col(Outbox.contact_id))
        .where(ContactPerson.person_id == person_id, of_kinds(totals.UNASKED))
        .where(col(Outbox.state) != OutboxState.DEAD, col(Outbox.created_at) >= since)
    )
    rows = [row for row in await session.exec(chosen) if is_to(row[0] or "", person_id)]
    return Told(
        frozenset(chain.from_iterable(marks_of(body) for _, body, _ in rows)),
        tuple(at for *_, at in rows),
        tuple(at for key, _, at in rows if totals.kind_of(key) != totals.TAP),
    )


async def letters_to(
    session: Session, contact_ids: Collection[int], since: datetime, limit: int = 100
) -> list[Outbox]:
    """The letters that nobody asked for, written to some chats since then, the newest first."""
    chosen = select(Outbox).where(col(Outbox.contact_id).in_(list(contact_ids)), unasked())
    lately = chosen.where(col(Outbox.created_at) >= since).order_by(col(Outbox.id).desc()).limit(limit)
    return list(await session.exec(lately))


async def letter_called(session: Session, contact_id: int, ref: str) -> Outbox | None:
    """The letter that nobody asked for and that the platform calls `ref`; None for another message."""
    chosen = select(Outbox).where(Outbox.contact_id == contact_id, Outbox.ref == ref, unasked())
    return (await session.exec(chosen)).first()


def marks_of(body: Mapping[str, Any]) -> Iterable[str]:
    """The marks that a message's body holds."""
    marks: list[str] = body.get(MARKS, [])
    return marks


async def arrived(session: Session, places: Collection[int], since: datetime) -> dict[int, list[str]]:
    """The marks of the letters since then that reached the heads of some villages, by village."""
    chosen = (
        select(Role.place_id, Outbox.body)
        .join(ContactPerson, col(ContactPerson.person_id) == col(Role.person_id))
        .join(Outbox, col(Outbox.contact_id) == col(ContactPerson.contact_id))
        .where(col(Role.place_id).in_(list(places)), Role.role == RoleName.VILLAGE_HEAD)
        .where(col(Role.until).is_(None), of_kinds(totals.UNASKED))
        .where(col(Outbox.state) == OutboxState.SENT, col(Outbox.created_at) >= since)
    )
    by_place: dict[int, list[str]] = {}
    for place_id, body in await session.exec(chosen):
        by_place.setdefault(place_id, []).extend(marks_of(body))
    return by_place


async def forget_ahead(session: Session, now: datetime) -> int:
    """Let what a clock wrote that ran ahead be written again at its time; how many letters those were.

    What was sent keeps its row under another key; what was not is dropped.
    """
    newest = (
        select(Outbox.created_at).where(of_kinds(totals.TIMED)).order_by(col(Outbox.id).desc()).limit(NEWEST)
    )
    if not any(at > now + SKEW for at in await session.exec(newest)):
        return 0
    ahead = and_(of_kinds(totals.TIMED), col(Outbox.created_at) > now + SKEW)
    count = (await session.exec(select(func.count()).select_from(Outbox).where(ahead))).one()
    waiting = (col(Outbox.state) == OutboxState.DUE, col(Outbox.claimed_by).is_(None))
    await session.exec(delete(Outbox).where(ahead, *waiting))
    renamed = col(Outbox.natural_key).concat(literal(f":{AHEAD}:")).concat(cast(col(Outbox.id), String))
    await session.exec(update(Outbox).where(ahead).values(natural_key=renamed, created_at=now))
    return count
