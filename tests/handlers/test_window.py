"""A tap is asked for before the free time ends, where the summary comes after it: once, in time, and not too often."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.timetable import is_due, write_round
from handlers.messages import Reply
from storage import choices, outbox, people
from storage.outbox import QueuedLetter
from storage.session import Session
from storage.tables import Outbox
from tests.handlers.chatting import ZONE, Town, town_on

COSTS = {"test": timedelta(hours=48)}
SATURDAY = datetime(2026, 11, 21, 15, 0, tzinfo=ZONE)
"""The summary comes on Monday the 23rd at 7:30, forty and a half hours later."""


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        made.dispatch.library.costs = COSTS
        made.dispatch.library.channels = {"test": "Zalo OA"}
        await made.head("A")
        yield made


async def asked(
    town: Town, now: datetime, silence: timedelta, *, stopped: bool = False, letters: int = 0
) -> int:
    """How many letters ask for a tap, of somebody who wrote so long ago and got so many letters this week."""

    async def before(session: Session) -> None:
        contact = await people.find_contact(session, "test", "A")
        assert contact is not None
        contact.last_sent_at = now - silence
        if stopped:
            await choices.choose(session, contact.id, choices.WeeklyWish(stopped=True))
        some = [
            QueuedLetter(
                f"remind:{day}:{contact.person_id}:1", contact.id, {"text": "x"}, 1, now - timedelta(days=day)
            )
            for day in range(1, letters + 1)
        ]
        await outbox.insert_many(session, some)

    await town.storage.write(before)
    library = town.dispatch.library
    if not await is_due(town.storage, library, "window", now, None):
        return 0
    return await write_round(town.storage, library, now, "window")


@pytest.mark.parametrize(
    ("now", "silence", "facts", "count"),
    [
        (SATURDAY, timedelta(hours=40), {}, 1),
        (SATURDAY, timedelta(hours=30), {}, 0),
        (SATURDAY, timedelta(hours=49), {}, 0),
        (SATURDAY - timedelta(days=2), timedelta(hours=40), {}, 0),
        (SATURDAY + timedelta(days=1, hours=6), timedelta(hours=37), {}, 0),
        (SATURDAY, timedelta(hours=40), {"stopped": True}, 0),
        (SATURDAY, timedelta(hours=40), {"letters": 2}, 1),
        (SATURDAY, timedelta(hours=40), {"letters": 3}, 0),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_tap_is_asked_for_where_it_lets_the_summary_come(
    town: Town, kind: str, now: datetime, silence: timedelta, facts: dict[str, int], count: int
) -> None:
    assert await asked(town, now, silence, **facts) == count
    if count:
        assert await write_round(town.storage, town.dispatch.library, now, "window") == 0, "once"
        [row] = [row for row in await town.rows(Outbox) if (row.natural_key or "").startswith("window:")]
        reply = Reply.from_json(row.body)
        assert "đến 23:00 21/11/2026" in reply.text
        assert "07:30 23/11/2026" in reply.text
        assert [choice.label for line in reply.choices for choice in line] == ["Xem tình hình"]
        assert row.not_after == now + timedelta(hours=48) - silence
