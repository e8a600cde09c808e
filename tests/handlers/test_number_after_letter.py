"""A number that is typed after a letter came, on a channel without buttons: both the screen and the letter count from 1."""

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.channels.console import PLAIN
from bot.timetable import write_round
from storage.tables import WeeklyChoice
from tests.handlers.chatting import ZONE, arrives, labels, load_forms, text_of, town_on


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_under_a_letter_undoes_no_stop(database: AsyncEngine, tmp_path: Path) -> None:
    async with town_on(database, tmp_path, PLAIN) as town:
        await load_forms(town)
        phone = await town.head("thon")
        await phone.says("tin tuần")
        assert labels(await phone.says("Thôi nhận tin tuần")) == ["Nhận lại tin tuần"]
        await arrives(town)
        await write_round(
            town.storage, town.dispatch.library, datetime(2026, 12, 5, 8, tzinfo=ZONE), "reminders"
        )
        await arrives(town)
        await town.heard()
        which = await phone.says("1")
        assert "Bác muốn chọn nút nào" in text_of(which)
        assert labels(which) == ["Báo cáo", "Nhận lại tin tuần"]
        async with town.storage.reading() as session:
            assert [row.stopped for row in await session.exec(select(WeeklyChoice))] == [True]
        await arrives(town)
        assert "Nước sinh hoạt" in text_of(await phone.says("1"))
