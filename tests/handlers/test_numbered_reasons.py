"""Reasons that are numbered, on a channel without buttons: a number takes its reason."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.messages import WITHOUT_BUTTONS
from storage.tables import FigureReturn, RoleName
from tests.handlers.chatting import Phone, Town, arrives, labels, load_forms, text_of, town_on


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path, WITHOUT_BUTTONS) as made:
        await load_forms(made)
        yield made


async def chooses(phone: Phone, label: str) -> str:
    """Type the number of what is listed, a moment later: at once it would be one that was sent twice."""
    phone.town.later(minutes=1)
    await arrives(phone.town)
    listed = [button.label for row in phone.shown[-1].choices for button in row]
    place = next(place for place, one in enumerate(listed, 1) if label in one)
    return text_of(await phone.says(str(place)))


async def test_a_number_takes_the_reason_of_a_return_and_of_its_answer(town: Town) -> None:
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    head = await town.head("a")
    await head.says("báo cáo nước")
    for answer in ("120", "120", "109", "109", "20", "0", "0"):
        await head.says(answer)
    await head.says("gửi")
    await officer.says("kiểm tra số liệu")
    await chooses(officer, "Nà Hin, Nước")
    await officer.says("Trả lại một số")
    assert "Vì sao?" in await chooses(officer, "3. ")
    assert "ghi lý do bằng chữ" in text_of(await officer.says("99")), "no reason has this number"
    assert "Lý do: Không khớp" in await chooses(officer, "Không khớp")
    await arrives(town)
    await town.heard()
    assert "là đúng vì sao ạ?" in text_of(await head.says("Số này đúng"))
    [reason, *_] = labels(head.shown[-1:])
    assert "Đã ghi lời bác" in await chooses(head, reason)
    [row] = await town.rows(FigureReturn)
    assert (row.answer, bool(row.reason), row.words) == ("kept", True, "")
