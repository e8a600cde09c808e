"""A message of which only the beginning came: a danger is heard in it, an answer is not, and the rest is asked for."""

from collections.abc import Sequence

import pytest

from handlers.messages import CUT_SHORT, MessageKind, Reply
from storage.tables import Emergency
from tests.handlers.beginnings import Beginnings, commune_officer, village_head
from tests.handlers.chatting import Phone, Town, text_of

BEGINNINGS = Beginnings("cut_short", head=village_head, commune=commune_officer)


async def begins(phone: Phone, text: str) -> Sequence[Reply]:
    return await phone.sends(MessageKind.OTHER, text=text, what=CUT_SHORT)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_beginning_of_a_report_is_no_answer(town: Town, head: Phone) -> None:
    assert "chỉ nhận được phần đầu" in text_of(await begins(head, "120 80 75 70 20 0…"))
    await head.says("/baocao")
    await head.presses("Nước")
    said = text_of(await begins(head, "120…"))
    assert "chỉ nhận được phần đầu" in said
    assert "Câu 1/" in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_danger_is_heard_in_the_beginning(town: Town, head: Phone, commune: Phone) -> None:
    said = text_of(await begins(head, "nuoc lu dang len rat nhanh o ban minh co hai nha bi cuon"))
    assert "khẩn cấp phải không" in said
    assert "chỉ nhận được phần đầu" in said
    await head.presses("Đúng, báo ngay")
    assert "chỉ nhận được phần đầu" in text_of(
        await begins(head, "co ba nguoi dang mac ket tren mai nha ong")
    )
    [row] = await town.rows(Emergency)
    assert [str(one["text"]).endswith("…") for one in row.details] == [True, True]
