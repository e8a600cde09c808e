"""What unasked letters have told a person. The marks of this stay with a message after its text is erased.

A mark names what was told, such as "late:nuoc-sach@2026-11:14032". So nothing is told twice, whichever letter told it,
and whatever the clock did. What a person read on one phone is not told again on another.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, literal, update
from sqlalchemy.sql.expression import cast
from sqlalchemy.types import String
from sqlmodel import col, or_, select

from storage import totals
from storage.session import Session
from storage.tables import ContactPerson, Outbox, OutboxState, Role, RoleName

KEPT: Final = timedelta(days=40)
"""How long we know what a letter told: longer than anything is due, late and locked."""
MARKS: Final = "told"
"""The name under which a message's body holds the marks."""
SKEW: Final = timedelta(hours=12)
"""A letter dated this much later than now was written while the clock ran ahead. If the clock was ahead by an hour or
two only, the letter merely went out early."""
AHEAD: Final = "ahead"
NEWEST: Final = 20
"""How many of the newest letters are searched, each time, for those of a clock that ran ahead."""

# What is asked of the messages to some people says which states they are not in: by `state ==` SQLite finds all messages
# in that state, among a country's letters, before it looks to whom they are.
WAITS: Final = col(Outbox.state).not_in((OutboxState.SENT, OutboxState.DEAD))
WENT: Final = col(Outbox.state).not_in((OutboxState.DUE, OutboxState.DEAD))


@dataclass(frozen=True, slots=True)
class Told:
    """The marks of what somebody was told, and when letters were written to them."""

    marks: frozenset[str] = frozenset()
    letters: tuple[datetime, ...] = ()
    apart: tuple[datetime, ...] = ()
    """Those letters that others keep a distance from: all but the one that asks for a tap, so that the summary is on
    time."""


def of_kinds(kinds: Iterable[str]) -> ColumnElement[bool]:
    """Whether a message is a letter of one of these sorts."""
    return or_(*(col(Outbox.natural_key).startswith(f"{kind}:") for kind in kinds))


def unasked() -> ColumnElement[bool]:
    """Whether a message is a letter that nobody asked for."""
    return of_kinds(kind for kind in totals.KINDS if kind != "announce-change")


def is_to(key: str, person_id: int) -> bool:
    """Whether a letter was written to this person: such keys end in the person and the place, while a nudge is to a chat."""
    kind, *parts = key.split(":")
    # What a clock wrote that ran ahead is to be told at its time.
    return AHEAD not in parts and (kind not in totals.TO_PERSONS or str(person_id) in parts)


async def told_to(session: Session, person_id: int, since: datetime) -> Told:
    """Return what letters since then have told a person, in whichever of their chats; an expired letter told nothing."""
    found = await session.fetch(TOLD_TO, person=person_id, since=since)
    rows = [row for row in found if is_to(row[0] or "", person_id)]
    return Told(
        frozenset(chain.from_iterable(marks_of(body) for _, body, _ in rows)),
        tuple(at for *_, at in rows),
        tuple(at for key, _, at in rows if totals.kind_of(key) != totals.TAP),
    )


TOLD_TO: Final = (
    select(Outbox.natural_key, Outbox.body, Outbox.created_at)
    .join(ContactPerson, col(ContactPerson.contact_id) == col(Outbox.contact_id))
    .where(ContactPerson.person_id == bindparam("person"), of_kinds(totals.UNASKED))
    .where(col(Outbox.state) != OutboxState.DEAD, col(Outbox.created_at) >= bindparam("since"))
)
"""Built once: it runs for each letter."""


async def letters_to(
    session: Session, contact_ids: Collection[int], since: datetime, limit: int = 100
) -> list[Outbox]:
    """Return the unasked letters written to some chats since then, newest first."""
    chosen = select(Outbox).where(col(Outbox.contact_id).in_(list(contact_ids)), unasked())
    lately = chosen.where(col(Outbox.created_at) >= since).order_by(col(Outbox.id).desc()).limit(limit)
    return list(await session.exec(lately))


async def letter_called(session: Session, contact_id: int, ref: str) -> Outbox | None:
    """Return the unasked letter that the platform calls `ref`; None for any other message."""
    chosen = select(Outbox).where(Outbox.contact_id == contact_id, Outbox.ref == ref, unasked())
    return (await session.exec(chosen)).first()


def marks_of(body: Mapping[str, Any]) -> Iterable[str]:
    """The marks that a message's body holds."""
    marks: list[str] = body.get(MARKS, [])
    return marks


async def arrived(session: Session, places: Collection[int], since: datetime) -> dict[int, list[str]]:
    """Return the marks of the letters since then that reached the heads of some villages, by village."""
    by_place: dict[int, list[str]] = {}
    for place_id, body in await session.fetch(ARRIVED, places=list(places), since=since):
        by_place.setdefault(place_id, []).extend(marks_of(body))
    return by_place


ARRIVED: Final = (
    select(Role.place_id, Outbox.body)
    .join(ContactPerson, col(ContactPerson.person_id) == col(Role.person_id))
    .join(Outbox, col(Outbox.contact_id) == col(ContactPerson.contact_id))
    .where(col(Role.place_id).in_(bindparam("places", expanding=True)))
    .where(Role.role == RoleName.VILLAGE_HEAD, col(Role.until).is_(None), of_kinds(totals.UNASKED))
    .where(WENT, col(Outbox.created_at) >= bindparam("since"))
)


async def forget_ahead(session: Session, now: datetime) -> int:
    """Let letters dated ahead by a wrong clock be written again at their time; return how many those were.

    Sent ones keep their row under another key; the others are dropped.
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
