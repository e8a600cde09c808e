"""Wherever words are asked for, too many are answered with how many may be sent; what was sent is never cut in silence."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.names import NAME_LENGTH
from questionnaires.answers.freetext import MOST
from storage.tables import RoleName
from tests.handlers.chatting import Town, load_form, text_of, town_on

FORM = """
| survey |
| | type | name | label | required |
| | text | loi | Khó khăn gì? | yes |
| | integer | so | Bao nhiêu hộ? | yes |
| settings |
| | form_title | form_id | default_language |
| | Nước | nuoc-sach | default |
"""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        await load_form(made, FORM)
        yield made


async def test_at_a_question_for_words_and_at_one_for_a_number(town: Town) -> None:
    head = await town.head("a")
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for letters in (MOST + 1, 4001, 9000):
        said = text_of(await head.says(("xa" * letters)[:letters]))
        assert "nhiều nhất 2.000 chữ cái" in said
        assert "Ví dụ" not in said
        assert "…" not in said.partition("Câu 1/2")[0]
    assert "Câu 2/2" in text_of(await head.says(("xa" * MOST)[:MOST]))
    assert "Ví dụ: 25" in text_of(await head.says("xa" * 2001))


async def test_at_the_name(town: Town) -> None:
    head = town.phone("a")
    await head.says(await town.invite("Nà Hin", RoleName.VILLAGE_HEAD))
    await head.presses("Đồng ý")
    assert f"nhiều nhất {NAME_LENGTH} chữ" in text_of(await head.says("Lý A " * 20))
    assert "Lý A Sử" in text_of(await head.says("Lý A Sử"))
