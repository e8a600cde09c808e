"""A button that was sent while a questionnaire still bore a number leads to that questionnaire."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.tables import RoleName
from tests.handlers.chatting import ZONE, Town, load_forms, text_of, town_on


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        made.now = datetime(2026, 9, 26, 9, tzinfo=ZONE)
        await load_forms(made)
        yield made


async def test_an_old_button_shows_the_questionnaire_of_today(town: Town) -> None:
    officer = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    place = town.places["Vĩnh Thông"]
    today = text_of(await officer.presses_data(f"f:m:{place}:0:trung-hoc-xoa-mu-chu"))
    assert "Học sinh THCS, THPT và xóa mù chữ" in today
    assert text_of(await officer.presses_data(f"f:m:{place}:0:giao-duc-2")) == today
