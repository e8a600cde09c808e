"""What a head says of a village that is not theirs is neither offered as their own answers nor answered in silence."""

import pytest

from tests.handlers.beginnings import Beginnings, village_head
from tests.handlers.chatting import Phone, Town, labels, text_of

TOLD = "Bác nhắn thôn {}; máy chỉ nhận số của thôn Nà Hin"
ASKED = "Bác hỏi thôn {}; máy chỉ cho bác xem số của thôn Nà Hin"
OWN = "đúng chưa ạ?"

BEGINNINGS = Beginnings("other_place", head=village_head)


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.mark.parametrize(
    ("text", "said", "leads_to"),
    [
        ("Nà Lốc nước: tổng 120; HVS 109; thiếu nước 6", TOLD.format("Nà Lốc"), "Báo cáo"),
        ("na loc nuoc: tong 120, hvs 109, thieu nuoc 6", TOLD.format("Nà Lốc"), "Báo cáo"),
        ("nước thôn Nà Lốc: tổng 120; HVS 109", TOLD.format("Nà Lốc"), "Báo cáo"),
        ("báo cáo nước thôn Bản Pàu", TOLD.format("Bản Pàu"), "Báo cáo"),
        ("Nà Lốc còn mấy hộ nghèo", ASKED.format("Nà Lốc"), "Tình hình thôn"),
        ("na loc ho ngheo bao nhieu", ASKED.format("Nà Lốc"), "Tình hình thôn"),
        ("tinh hinh thon na loc", ASKED.format("Nà Lốc"), "Tình hình thôn"),
        ("lịch sử nước sạch Nà Lốc", ASKED.format("Nà Lốc"), ""),
        ("Nà Hin nước: tổng 120; HVS 109; thiếu nước 6", OWN, "Đúng"),
        ("thôn na hin nuoc: tong 120; hvs 109; thieu nuoc 6", OWN, "Đúng"),
        ("xã Vĩnh Thông, thôn Nà Hin, nước: tổng 120; HVS 109; thiếu nước 6", OWN, "Đúng"),
    ],
)
async def test_another_village_that_is_named_while_nothing_is_open(
    head: Phone, text: str, said: str, leads_to: str
) -> None:
    reply = await head.says(text)
    assert said in text_of(reply)
    assert not leads_to or leads_to in labels(reply)
    assert ("Đúng" in labels(reply)) is (said == OWN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Nà Lốc 98", TOLD),
        ("thon na loc: tong 120, hvs 109", TOLD),
        ("Nà Lốc còn mấy hộ nghèo", ASKED),
    ],
)
async def test_another_village_that_is_named_at_a_question(
    town: Town, head: Phone, text: str, said: str
) -> None:
    await head.says("báo cáo nước")
    reply = await head.says(text)
    assert said.format("Nà Lốc") in text_of(reply)
    assert "Câu 1/7" in text_of(reply)
    assert "Đúng" not in labels(reply)
    assert "Ghi nhận: 120 hộ" in text_of(await head.says("120"))


async def test_a_reason_may_name_a_neighbour(town: Town, head: Phone) -> None:
    """Words that an open question takes as they are stay an answer."""
    for answer in ("báo cáo nước", "120", "109", "109", "98", "27", "6", "0"):
        await head.says(answer)
    await head.presses("Gửi")
    town.later(days=30)
    for answer in ("báo cáo nước", "120", "109", "20"):
        await head.says(answer)
    await head.presses("Có lý do")
    assert "Đã ghi" in text_of(await head.says("thôn Nà Lốc lấy mất 89 hộ"))
