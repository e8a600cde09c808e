"""Officers ask about reports themselves: when a unit sent one, and what came in time."""

from functools import partial

import pytest

from storage.tables import Level, RoleName
from tests.handlers.beginnings import Beginnings, commune_officer
from tests.handlers.chatting import Phone, Town, add, bundled, labels, send_report, text_of

BEGINNINGS = Beginnings("asked of reports", officer=commune_officer)


@pytest.fixture
def kind() -> str:
    """It makes no difference on which database an answer is worded."""
    return "sqlite"


async def reported(town: Town, form: str, place: str) -> None:
    """A village's report of a few households."""
    await send_report(town, form, place, {bundled(form).questions[0].path: "4"})


@pytest.mark.parametrize(
    "asked",
    [
        "Nà Hin gửi phiếu nước hôm nào",
        "thôn Nà Hin nộp báo cáo nước khi nào",
        "Nà Hin đã nộp nước chưa, ngày nào",
    ],
)
async def test_when_a_village_sent_is_not_when_it_has_to(town: Town, officer: Phone, asked: str) -> None:
    """The village that is named is told with its day and its receipt, and the due day beside them."""
    await reported(town, "nuoc-sach", "Nà Hin")
    said = text_of(await officer.says(asked))
    assert said.startswith("thôn Nà Hin")
    assert "Đã gửi" in said
    assert "Biên nhận BC-" in said
    assert "Nộp muộn" in said
    assert "Hạn gửi: 14/11/2026." in said
    assert "Đã gửi" not in text_of(await officer.says(asked.replace("Nà Hin", "Nà Lốc")))


async def test_a_duty_asks_for_the_deadline(town: Town, officer: Phone) -> None:
    await reported(town, "nuoc-sach", "Nà Hin")
    said = text_of(await officer.says("Nà Hin phải nộp phiếu nước khi nào"))
    assert said.startswith("Hạn gửi phiếu trên máy:")


async def test_what_came_in_time_is_told_apart_from_what_came_late(town: Town, officer: Phone) -> None:
    """By questionnaire, with the villages that were late by name; what is not due yet is in no share."""
    await reported(town, "nuoc-sach", "Nà Hin")
    await reported(town, "dan-cu", "Nà Lốc")
    said = text_of(await officer.says("tỷ lệ nộp đúng hạn"))
    assert (
        "Nước sinh hoạt, tháng 11/2026 (hạn 14/11/2026): đúng hạn 0/3 thôn (0 %), muộn 1, chưa gửi 2." in said
    )
    assert "Gửi muộn Nước sinh hoạt, tháng 11/2026: thôn Nà Hin." in said
    assert "Chưa đến hạn nên chưa tính: Sắp xếp, ổn định dân cư" in said
    town.later(days=5)
    said = text_of(await officer.says("thôn nào gửi phiếu dân cư đúng hạn"))
    assert "(hạn 21/11/2026): đúng hạn 1/3 thôn (33,3 %), muộn 0, chưa gửi 2." in said
    assert "Gửi đúng hạn Sắp xếp, ổn định dân cư, 6 tháng cuối năm 2026: thôn Nà Lốc." in said
    assert "Không thôn nào gửi muộn." in said


async def test_nothing_is_in_time_or_late_where_the_list_has_no_village(town: Town) -> None:
    nation = town.places["Việt Nam"]
    laid = partial(add, name="Lạng Sơn", level=Level.PROVINCE, kind="tỉnh", parent=nation)
    town.places["Lạng Sơn"] = await town.storage.write(laid)
    elsewhere = await town.enrolled("ls", "Lạng Sơn", RoleName.PROVINCE_OFFICER, "Hoàng Văn Lợi")
    said = text_of(await elsewhere.says("tỷ lệ nộp đúng hạn"))
    assert "Danh sách chưa có thôn nào ở đây" in said
    assert "0/0" not in said


async def test_those_who_have_not_sent_are_a_button_away(town: Town, officer: Phone) -> None:
    await reported(town, "nuoc-sach", "Nà Hin")
    assert "Thiếu 2 thôn: Nước sinh hoạt" in labels(await officer.says("thôn nào nộp phiếu nước muộn"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_question_amid_ones_own_questionnaire_is_answered(town: Town, officer: Phone) -> None:
    """What asks outright is no answer; the questionnaire waits."""
    await officer.says("báo cáo")
    await officer.presses("Làm: Vốn xã")
    said = text_of(await officer.says("thôn nào nhiều hộ nghèo nhất"))
    assert "Chưa ghi nhận" not in said
    assert "đang trả lời phiếu Vốn xã" in said
    assert "Câu 1" in text_of(await officer.presses("Tiếp tục"))
    assert "Chưa ghi nhận" in text_of(await officer.says("vướng mặt bằng dự án"))


async def test_a_commune_is_told_when_it_sent_its_own(town: Town, officer: Phone) -> None:
    await reported(town, "von-xa", "Vĩnh Thông")
    said = text_of(await officer.says("xã Vĩnh Thông gửi báo cáo vốn hôm nào"))
    assert "Vốn xã làm chủ đầu tư" in said
    assert "Đã gửi" in said
    assert "Hạn gửi: " in said


async def test_a_village_that_is_not_to_be_seen_is_not_dropped_unsaid(town: Town, officer: Phone) -> None:
    said = text_of(await officer.says("Lủng Tặc gửi phiếu nước bao giờ"))
    assert said.startswith("Chưa hiểu chữ “lủng tặc”")
    assert "Chưa hiểu" not in text_of(await officer.says("hạn nộp phiếu đường điện rác thải"))
