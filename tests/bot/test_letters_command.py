"""`thonbao letters` and "sao tôi nhận tin này": what somebody gets unasked, when and why."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from bot.commands.letters import of_week
from bot.problems import WrongCall
from bot.settings import Settings
from bot.teller import Teller
from bot.timetable import write_round
from handlers.broadcasts.why import named
from storage.tables import Outbox
from tests.handlers.chatting import ZONE, Phone, Town, labels, load_forms, text_of, town_on

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])
MONDAY = date(2026, 11, 30)


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        await load_forms(made)
        yield made


@pytest.fixture
async def head(town: Town) -> Phone:
    return await town.head("thon")


async def test_a_week_is_shown_as_it_was_and_as_it_will_be(
    town: Town, head: Phone, database_url: str, tmp_path: Path
) -> None:
    settings = Settings(database_url=database_url, data_dir=tmp_path, _env_file=None)  # type: ignore[call-arg]
    person = (await head.contact()).person_id or 0
    monday = datetime(2026, 11, 30, 7, 30, tzinfo=ZONE)
    await write_round(town.storage, town.dispatch.library, monday, "weekly")
    with time_machine.travel(monday.replace(hour=9)):
        shown = await of_week(settings, Teller("vi"), person, MONDAY)
        again = await of_week(settings, Teller("vi"), person, MONDAY)
    assert shown == again
    assert [(letter.at, letter.state) for letter in shown] == [
        ("30/11/2026 07:30", "due"),
        ("05/12/2026 08:00", "to_come"),
    ]
    assert shown[1].why == "last,soon"
    told = named(Teller("vi").wording, "remind", shown[1].why.split(","))
    assert len(told) == 2
    assert not {"last", "soon"} & set(told)
    assert "Trẻ em đi học, quý IV/2026 (hạn 07/12)" in shown[1].text
    rows = await town.rows(Outbox, col(Outbox.natural_key).is_not(None))
    assert [row.natural_key for row in rows] == [f"weekly:2026-W49:{person}:{town.places['Nà Hin']}"]
    with pytest.raises(WrongCall):
        await of_week(settings, Teller("vi"), 999, MONDAY)


async def test_who_wonders_why_is_told(town: Town, head: Phone) -> None:
    await write_round(town.storage, town.dispatch.library, town.now.replace(day=23), "weekly")
    town.later(days=4)
    said = (await head.says("sao tôi nhận tin này"))[-1:]
    assert "Tin tuần về thôn Nà Hin: Thứ hai, 7:30" in text_of(said)
    assert "• 08:00 23/11/2026: Tin tuần" in text_of(said)
    assert labels(said)[0] == "Đổi giờ nhận tin"
