"""What became of messages is known also when their rows are gone, and nobody can be told from it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from handlers.wording import LOCALES, wording
from storage import outbox, people, totals
from storage.database import reading, writing
from storage.tables import DeliveryTotal, Outbox, OutboxState, now
from storage.totals import Outcome
from storage.unit_of_work import Storage

OLD = timedelta(days=8)
VERY_OLD = timedelta(days=31)
ENDED = [
    ("announce:7:1", OutboxState.SENT, ""),
    ("announce:7:2", OutboxState.SENT, ""),
    ("announce:7:3", OutboxState.DEAD, "Forbidden"),
    ("announce:7:4", OutboxState.DEAD, "BadRequest"),
    ("announce:70:1", OutboxState.SENT, ""),
    ("weekly:2026-W40:1:1", OutboxState.DEAD, "expired"),
    ("weekly:2026-W40:2:1", OutboxState.SENT, ""),
    (None, OutboxState.SENT, ""),
]
SEVENTH = {Outcome.SENT: 2, Outcome.UNREACHABLE: 1, Outcome.FAILED: 1}


async def write(database: AsyncEngine, at: datetime) -> None:
    """Messages that were written and done with at a moment, and one that still waits."""
    async with writing(database) as session:
        contact = await people.create_contact(session, "telegram", "1")
        for key, state, problem in [*ENDED, ("announce:7:5", OutboxState.DUE, "")]:
            row = Outbox(
                id=outbox.next_id(),
                contact_id=contact.id,
                natural_key=key,
                state=state,
                problem=problem,
                body={} if state == OutboxState.SENT or problem == totals.EXPIRED else {"text": "a"},
                created_at=at,
                sent_at=at if state == OutboxState.SENT else None,
            )
            session.add(row)


async def rows(database: AsyncEngine) -> list[Outbox]:
    async with reading(database) as session:
        return list(await session.exec(select(Outbox)))


@pytest.mark.parametrize("age", [timedelta(days=1), OLD, VERY_OLD])
async def test_figures_are_the_same_before_and_after_the_sweep(database: AsyncEngine, age: timedelta) -> None:
    at = now() - age
    await write(database, at)
    async with reading(database) as session:
        before = await totals.by_kind(session, now() - timedelta(days=60))
        assert await totals.of_announcement(session, 7) == {**SEVENTH, Outcome.WAITING: 1}
    async with Storage(database) as storage:
        await outbox.purge(storage)
        await outbox.purge(storage)
    async with reading(database) as session:
        for since in (now() - timedelta(days=60), at):
            assert await totals.by_kind(session, since) == before
        assert await totals.of_announcement(session, 7) == {**SEVENTH, Outcome.WAITING: 1}
        assert await totals.by_kind(session, now() + timedelta(days=2)) == {}
    left = {timedelta(days=1): 9, OLD: 5, VERY_OLD: 2}
    assert len(await rows(database)) == left[age]


async def test_many_rows_are_swept_some_at_a_time(
    database: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SWEPT", 3)
    await write(database, now() - VERY_OLD)
    async with Storage(database) as storage:
        await outbox.purge(storage)
    # Of a letter that was sent it is known for longer that it was.
    assert {row.natural_key for row in await rows(database)} == {"announce:7:5", "weekly:2026-W40:2:1"}
    async with reading(database) as session:
        kept = list(await session.exec(select(DeliveryTotal)))
    assert sum(row.count for row in kept) == len(ENDED) - 1
    assert {row.occasion for row in kept} == {"announce:7", "announce:70", "weekly", "reply"}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", [*totals.KINDS, totals.REPLY])
def test_each_sort_of_message_has_a_name(kind: str, locale: str) -> None:
    assert str(wording(locale)(f"outbox.kind.{kind}"))
