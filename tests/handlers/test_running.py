"""Officers ask for what held in each of several periods, one after another, and for what stayed as it was."""

import pytest

from storage.tables import RoleName
from tests.handlers.chatting import Phone, Town, bundled, labels, send_report, text_of

COUNTS = {"nuoc_ho": 50, "nuoc_ho_dtts": 40, "nuoc_ho_hvs": 25, "nuoc_ho_dtts_hvs": 20, "nuoc_ho_thieu": 9}
SHORT = {"Nà Hin": (9, 6, 4), "Nà Lốc": (9, 9, 9), "Bản Pàu": (None, 5, 7)}
"""Households short of water two months ago, a month ago, and now; None: no report."""


@pytest.fixture
async def officer(town: Town) -> Phone:
    """An officer of the commune whose villages have reported so."""
    phone = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    paths = {question.name: question.path for question in bundled("nuoc-sach").questions}
    for village, numbers in SHORT.items():
        for back, number in zip((2, 1, 0), numbers, strict=True):
            if number is not None:
                counts = {**COUNTS, "nuoc_ho_thieu": number}
                values = {paths[name]: str(n) for name, n in counts.items()}
                await send_report(town, "nuoc-sach", village, values, back)
    return phone


ASKED = (
    # the way at each step, over the periods that were reported for
    (
        "thôn nào thiếu nước giảm 2 tháng liền",
        ["tháng 9/2026 → tháng 10/2026 → tháng 11/2026", "1. thôn Nà Hin: giảm 3"],
    ),
    (
        "thôn nào thiếu nước giảm 2 tháng liền",
        ["1 thôn giảm ở cả 2 lần", "trong 2 thôn", "1 thôn vì chưa có số"],
    ),
    ("thon nao thieu nuoc lien tuc giam", ["1. thôn Nà Hin: giảm 3 hộ"]),
    ("thôn nào thiếu nước tăng 2 tháng liên tiếp", ["Không có thôn nào tăng ở cả 2 lần"]),
    (
        "thôn nào thiếu nước giữ nguyên 2 tháng liền",
        ["1 thôn giữ nguyên ở cả 2 lần", "1. thôn Nà Lốc: không đổi"],
    ),
    # more than there are is said, and only those are looked at
    ("thôn nào thiếu nước giảm 5 tháng liền", ["Cần 6 kỳ có báo cáo để xét, mới có 3 kỳ", "1. thôn Nà Hin"]),
    # a condition that holds in each
    ("thôn nào 3 tháng liền thiếu nước trên 5 hộ", ["3 kỳ", "1. thôn Nà Lốc: 9 hộ; 9 hộ; 9 hộ"]),
    ("thôn nào thiếu nước trên 5 hộ cả tháng 9 và tháng 11", ["như vậy, 2 kỳ", "1. thôn Nà Lốc: 9 hộ; 9 hộ"]),
    ("thôn nào 2 tháng liền thiếu nước trên 6 hộ", ["1. thôn Nà Lốc: 9 hộ; 9 hộ"]),
    # several conditions in the same periods; one of a figure that nobody has reported
    (
        "thôn nào 3 tháng liền thiếu nước trên 5 hộ và nước hợp vệ sinh dưới 80%",
        ["như vậy, 3 kỳ", "1. thôn Nà Lốc"],
    ),
    (
        "thôn nào 3 tháng liền thiếu nước trên 5 hộ và nhà tạm trên 1 nhà",
        ["Mới có 0 kỳ có báo cáo trong 3 kỳ", "Chưa biết được 1 thôn"],
    ),
    # a story around the question is named; what is compared with a part of a period is compared with the whole of it
    (
        "mai đoàn kiểm tra về, cho anh hộ thiếu nước",
        ["Bỏ qua lời “mai đoàn kiểm tra về”", "Hộ thiếu nước sinh hoạt"],
    ),
    ("hộ thiếu nước so với ngày 15/9", ["chỉ báo theo kỳ trọn", "tháng 9/2026: 18 hộ"]),
    # another place's value and a target are not judged period by period: so that is asked back
    ("thôn nào 3 tháng liền thiếu nước cao hơn toàn xã", ["Chưa trả lời được phần “3 tháng liền”"]),
    ("thôn nào chưa đạt chỉ tiêu nước hợp vệ sinh 3 tháng liền", ["Chưa trả lời được phần “3 tháng liền”"]),
    # between two times
    ("thôn nào thiếu nước không đổi so với tháng trước", ["1 thôn không đổi", "1. thôn Nà Lốc"]),
    # one place
    ("thôn Nà Hin thiếu nước có giảm liên tục không", ["Giảm ở cả 2 lần liền nhau"]),
    ("thôn Nà Lốc thiếu nước có giảm liên tục không", ["Giữ nguyên ở cả 2 lần liền nhau"]),
    # who has sent nothing
    (
        "thôn nào 2 tháng liền chưa nộp phiếu nước",
        ["không có thôn nào bỏ cả các kỳ tháng 10/2026, tháng 11/2026"],
    ),
    (
        "thôn nào đã nộp phiếu nước 3 tháng liên tiếp",
        ["tháng 9/2026, tháng 10/2026, tháng 11/2026 (2/3 thôn): thôn Nà Hin"],
    ),
    ("thôn nào chưa nộp phiếu nước từ tháng 7 đến tháng 9 liên tục", ["(1/3 thôn): thôn Bản Pàu"]),
    (
        "ai chưa nộp báo cáo 2 kỳ liên tiếp",
        ["Chưa gửi Nhà ở ở mọi kỳ quý III/2026, quý IV/2026: cả 3 thôn", "1 phiếu khác"],
    ),
    (
        "xã nào 2 quý liền chưa gửi báo cáo vốn",
        ["Chưa gửi Vốn xã làm chủ đầu tư", "quý III/2026, quý IV/2026"],
    ),
)


async def test_what_holds_in_each_period(officer: Phone) -> None:
    """Each step is over the same places; what is not known, and how many periods there are, is said."""
    for words, told in ASKED:
        said = text_of(await officer.says(words))
        assert all(part in said for part in told), (words, said)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_commune_that_sent_nothing_is_opened(officer: Phone) -> None:
    replies = await officer.says("xã nào 2 quý liền chưa gửi báo cáo vốn")
    assert "xã Vĩnh Thông" in labels(replies)
    assert text_of(await officer.presses("xã Vĩnh Thông")).startswith("xã Vĩnh Thông")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_unit_that_was_picked_is_shown_over_time(officer: Phone) -> None:
    replies = await officer.says("thôn nào thiếu nước giảm 2 tháng liền")
    assert "thôn Nà Hin" in labels(replies)
    said = text_of(await officer.presses("thôn Nà Hin"))
    assert "theo thời gian" in said
    assert "Giảm ở cả 2 lần" in said


async def test_what_is_of_one_time_takes_no_run_over(officer: Phone) -> None:
    """The figure of a place, a target and a list of all units are told of the newest period, and said to be so."""
    for words in ("còn nước hợp vệ sinh?", "thế còn chưa đạt chỉ tiêu?"):
        assert "1. thôn Nà Lốc" in text_of(await officer.says("thôn nào 3 tháng liền thiếu nước trên 5 hộ"))
        said = text_of(await officer.says(words))
        assert "Vẫn hỏi" in said
        assert "kỳ nào cũng thế" not in said
    await officer.says("hộ thiếu nước toàn xã có giảm liên tục không")
    assert "kỳ nào cũng" not in text_of(await officer.presses("Xem các thôn"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_looks_equal_has_not_moved(town: Town) -> None:
    """A change too small to be written is told as none, of one village as of many."""
    officer = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    paths = {question.name: question.path for question in bundled("nuoc-sach").questions}
    for back, households, clean in ((2, 3000, 1000), (1, 2998, 999), (0, 2996, 998)):
        counts = {**COUNTS, "nuoc_ho": households, "nuoc_ho_hvs": clean}
        await send_report(
            town, "nuoc-sach", "Nà Hin", {paths[name]: str(n) for name, n in counts.items()}, back
        )
    said = text_of(await officer.says("thôn Nà Hin nước hợp vệ sinh có giảm liên tục không"))
    assert "Gần như không đổi so với tháng 9/2026" in said
    assert "Giữ nguyên ở cả 2 lần" in said
    said = text_of(await officer.says("thôn nào nước hợp vệ sinh giữ nguyên 2 tháng liền"))
    assert "1. thôn Nà Hin" in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_places_are_compared_over_one_time(town: Town) -> None:
    """Where one has not reported for the newest period, the newest that both have is compared, and the newer one said."""
    officer = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    paths = {question.name: question.path for question in bundled("nuoc-sach").questions}
    for village, back, number in (("Nà Hin", 1, 7), ("Nà Hin", 0, 4), ("Bản Pàu", 1, 5)):
        counts = {**COUNTS, "nuoc_ho_thieu": number}
        await send_report(
            town, "nuoc-sach", village, {paths[name]: str(n) for name, n in counts.items()}, back
        )
    said = text_of(await officer.says("so sánh Nà Hin với Bản Pàu về hộ thiếu nước"))
    assert "thôn Nà Hin hơn thôn Bản Pàu 2 hộ" in said
    assert "thôn Nà Hin đã có tháng 11/2026: 4 hộ" in said
    assert "so ở tháng 10/2026" in said
    said = text_of(await officer.says("Nà Hin hộ thiếu nước so với tháng trước tăng hay giảm"))
    assert "Giảm 3 hộ" in said
    said = text_of(await officer.says("Bản Pàu hộ thiếu nước so với tháng trước tăng hay giảm"))
    assert "tháng 11/2026" not in said


async def test_one_village_is_told_whether_it_has_sent(officer: Phone) -> None:
    said = text_of(await officer.says("thôn Nà Hin đã gửi phiếu nước tháng 11 chưa"))
    assert "Nước sinh hoạt, tháng 11/2026\nĐã gửi 08:00 20/11/2026" in said
    assert "Nộp muộn (hạn 14/11/2026)." in said
    said = text_of(await officer.says("thôn Bản Pàu đã gửi phiếu nước tháng 9 chưa"))
    assert "Nước sinh hoạt, tháng 9/2026: chưa có báo cáo nào." in said
