"""Officers ask for units by several figures at once, without some units, and for figures while an emergency is open."""

import pytest

from storage.tables import RoleName
from tests.handlers.chatting import Phone, Town, bundled, labels, send_report, text_of

COUNTS = {"nuoc_ho": 50, "nuoc_ho_dtts": 40, "nuoc_ho_hvs": 25, "nuoc_ho_dtts_hvs": 20, "nuoc_ho_thieu": 3}


@pytest.fixture
async def officer(town: Town) -> Phone:
    """An officer of a commune: Bản Pàu is silent, Nà Hin has little good water, Nà Lốc has much and none short of it."""
    phone = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    paths = {question.name: question.path for question in bundled("nuoc-sach").questions}
    for village, more in (("Nà Hin", {}), ("Nà Lốc", {"nuoc_ho_hvs": 45, "nuoc_ho_thieu": 0})):
        counts = {**COUNTS, **more}
        await send_report(town, "nuoc-sach", village, {paths[name]: str(n) for name, n in counts.items()})
    return phone


ASKED = (
    ("thôn nào nước hvs dưới 80% và thiếu nước", ["Nà Hin"]),
    ("thôn nào thiếu nước mà nước hvs trên 80%", []),
    ("thôn nào không thiếu nước nhưng nước hvs trên 80%", ["Nà Lốc"]),
)


async def test_units_keep_to_every_condition(officer: Phone) -> None:
    """Only those are told that keep to all; who is silent on one is named, and each condition is a button by itself."""
    for words, expected in ASKED:
        replies = await officer.says(words)
        said = text_of(replies)
        told = [name for name in ("Nà Hin", "Nà Lốc") if f"thôn {name}:" in said]
        assert told == expected, words
        assert "Chưa biết được 1 thôn" in said, words
        alone = [label for label in labels(replies) if label.startswith("Hộ ")]
        assert len(alone) == 2, words


async def test_one_condition_is_asked_for_by_itself(officer: Phone) -> None:
    replies = await officer.says("thôn nào nước hvs dưới 80% và thiếu nước")
    short = next(label for label in labels(replies) if label.startswith("Hộ thiếu nước"))
    said = text_of(await officer.presses(short))
    assert "Hộ thiếu nước sinh hoạt" in said
    assert "1 thôn có (trên 0 hộ)" in said


async def test_units_are_left_out(officer: Phone) -> None:
    """What is left out is named and not told; the others are summed up."""
    said = text_of(await officer.says("tổng số hộ các thôn trừ thôn Nà Hin là bao nhiêu"))
    assert "Không tính: thôn Nà Hin" in said
    assert "thôn Nà Lốc" in said
    assert "Nà Hin: " not in said


async def test_a_question_is_answered_while_an_emergency_is_asked_about(officer: Phone) -> None:
    """It is no more of the cry; whether that is an emergency is asked again, and its words stay."""
    await officer.says("cứu với sạt lở đè nhà dân ở thôn Nà Hin rồi")
    said = text_of(await officer.says("nước hợp vệ sinh xã mình"))
    assert "70 % (70/100)" in said
    assert "sạt lở đè nhà dân" in said
    said = text_of(await officer.says("thôn Nà Hin"))
    assert "thôn Nà Hin rồi thôn Nà Hin" in said
