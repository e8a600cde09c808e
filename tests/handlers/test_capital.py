"""Officers report capital and works of their own unit, and ask for the figures that come of it."""

import re

import pytest

from handlers.messages import Reply
from storage.tables import RoleName
from tests.handlers.chatting import Phone, Town, bundled, labels, send_report, text_of


async def begins(phone: Phone, form: str) -> None:
    """Begin a questionnaire that is asked now."""
    if any("Xem cả" in label for label in labels(await phone.says("/baocao"))):
        await phone.presses("Xem cả")
    await phone.presses(form)


async def report(phone: Phone, form: str, *answers: str) -> str:
    """Fill in and send a questionnaire that is asked now; what the bot says at the end."""
    await begins(phone, form)
    for answer in answers:
        await phone.says(answer)
    return text_of(await phone.presses("Gửi"))


async def test_capital_of_several_questionnaires_adds_up(town: Town) -> None:
    """The whole is of the newest quarter with every part, in each table as in the answer."""
    town.now = town.now.replace(year=2023, month=5)
    officer = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    sent = await report(officer, "Giải ngân vốn đầu tư", "632.118 triệu đồng", "1, 2", "20.000", "12,5 tỷ")
    assert "Đã nhận báo cáo" in sent
    assert "chưa có báo cáo kỳ này" in text_of(await officer.says("giải ngân toàn chương trình"))
    await report(officer, "Giải ngân vốn sự nghiệp, Dự án 1-5", "841.021", "3.1", "400.000")
    await report(officer, "Giải ngân vốn sự nghiệp, Dự án 6-10", "bỏ qua")
    said = text_of(await officer.says("giải ngân toàn chương trình"))
    assert "Giải ngân toàn Chương trình: 432.500 triệu đồng" in said
    assert "1.473.139 triệu đồng" in said
    lines = told_of(await officer.says("bảng vốn"))
    late = text_of(pages := await officer.says("chỉ tiêu nào chậm nhất"))
    while "Trang sau ›" in labels(pages):
        late += text_of(pages := await officer.presses("Trang sau ›"))
    shares = [float(share.replace(",", ".")) for share in re.findall(r"Bằng ([\d,]+) % mức giao", late)]
    assert shares == sorted(shares), "all are due alike, so the least spent is the latest"
    assert shares[0] < shares[-1]
    assert "• Giải ngân toàn Chương trình: 432.500 triệu đồng" in late, "what is judged there is counted here"
    assert "Chậm: 23 · Đúng tiến độ: 3 · Chưa có số liệu: 6" in late, "all 31 lines and the poverty target"
    assert "Giải ngân toàn Chương trình: 432.500/1.473.139 triệu đồng (29,4 %), chậm" in lines
    town.now = town.now.replace(month=8)
    await report(officer, "Giải ngân vốn đầu tư", "632.118", "1, 2", "25.000", "12.500")
    lines = told_of(await officer.says("bảng vốn"))
    assert "Giải ngân vốn đầu tư: 37.500/632.118 triệu đồng (5,9 %), chậm" in lines
    whole = next(line for line in lines if line.startswith("Giải ngân toàn Chương trình"))
    assert whole.startswith("Giải ngân toàn Chương trình: 432.500/"), "two quarters are not added up"
    assert "(số đến " in whole
    file = (await officer.presses("Excel"))[-1].document
    assert file is not None
    assert file.made is not None
    [sheet] = file.made["tables"]
    days = {row[0]: row[6] for row in sheet["rows"]}
    assert days["Giải ngân toàn Chương trình"] == "30/06/2023"
    assert days["Giải ngân vốn đầu tư"] == "20/08/2023"
    assert "432.500 triệu đồng" in text_of(await officer.says("giải ngân toàn chương trình"))


def told_of(replies: list[Reply]) -> list[str]:
    """The lines of a list, without their marks."""
    return [line.removeprefix("• ") for line in text_of(replies).splitlines()]


async def test_an_allocation_is_judged_where_it_is_owned_by_the_days_of_its_plan(town: Town) -> None:
    """On 20 May, day 140 of 365, 10.000 of 30.891 million are behind; a year later no figure of its end is known."""
    town.now = town.now.replace(year=2023, month=5)
    officer = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    await report(officer, "Giải ngân vốn đầu tư", "632.118 triệu đồng", "1", "10.000")
    assert "Chậm: 8" in text_of(await officer.says("bảng chỉ tiêu"))
    said = text_of(await officer.says("giải ngân vốn đầu tư dự án 1"))
    assert "Chậm so với chỉ tiêu đến 2023: 30.891 triệu đồng" in said
    assert "Bằng 32,4 % mức giao. Chia đều theo ngày thì hôm nay cần 38,4 %." in said
    town.now = town.now.replace(year=2024)
    await report(officer, "Giải ngân vốn đầu tư", "632.118 triệu đồng", "1", "30.891")
    later = text_of(await officer.says("giải ngân vốn đầu tư dự án 1"))
    assert "Giải ngân vốn đầu tư, Dự án 1: 30.891 triệu đồng" in later
    assert "Kế hoạch 352" not in later, "nothing was allotted for 2024"
    ended = text_of(await officer.says("giải ngân vốn đầu tư dự án 1 năm 2023"))
    assert (
        "Đã hết hạn 31/12/2023; số cuối khi đó là của quý II/2023: 10.000 triệu đồng, "
        "chưa đủ để nói đạt hay không đạt chỉ tiêu của tỉnh: 30.891 triệu đồng" in ended
    )


async def test_spending_above_a_line_s_own_allotment_is_asked_back(town: Town) -> None:
    """40.000 of 30.891: the total of 632.118 would let it pass."""
    town.now = town.now.replace(year=2023, month=5)
    officer = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    await begins(officer, "Giải ngân vốn đầu tư")
    for answer in ("632.118", "1, 2"):
        await officer.says(answer)
    asked = text_of(await officer.says("40.000"))
    assert "Kế hoạch 352 tỉnh Nghệ An 2023, mục III.1.a, gạch đầu dòng 1 giao 30.891 triệu đồng" in asked
    assert "nay 40.000 triệu đồng" in asked
    assert "Ghi nhận: 30.000 triệu đồng" in text_of(await officer.says("30.000"))
    assert "mục III.2.a giao 42.341 triệu đồng" in text_of(await officer.says("42.342"))
    assert "Giữ nguyên số này" in text_of(await officer.presses("Đúng"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_more_works_than_planned_are_asked_back_with_those_of_earlier_periods(town: Town) -> None:
    """21 carried over and 1 new in the first half; 5 more would be 27 of 26."""
    town.now = town.now.replace(year=2023, month=11, day=6)
    officer = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    paths = [question.path for question in bundled("cong-trinh-nuoc").questions]
    first = dict(zip(paths, ("21", "1", "9", "22"), strict=True))
    await send_report(town, "cong-trinh-nuoc", "Nghệ An", first, back=1)
    so_far = text_of(await officer.says("công trình nước tập trung được đầu tư bao nhiêu"))
    assert "Từ đầu kế hoạch đến nay: 22 công trình" in so_far, "though this half has no report yet"
    assert "chỉ tiêu đến 2023: 26 công trình" in so_far
    await begins(officer, "Công trình nước")
    asked = text_of(await officer.says("5"))
    assert "mục III.1.b, gạch đầu dòng 2 giao 26 công trình; tính cả số này thì từ đầu kế hoạch đã là 27" in (
        asked
    )
    assert "Ghi nhận: 4 công trình" in text_of(await officer.says("4"))
    assert "mục III.1.b, gạch đầu dòng 2 giao" in text_of(await officer.says("1")), "4 and 1 are 27 again"
    assert "Ghi nhận: 2 công trình" in text_of(await officer.says("2"))
    for button in ("Đúng", "Như kỳ trước", "Gửi"):
        sent = text_of(await officer.presses(button))
    assert "Bằng 107,7 % mức giao: vượt kế hoạch, nên xem lại số" in sent
    table = text_of(await officer.says("bảng vốn"))
    while "Công trình nước tập trung được đầu tư:" not in table:
        table = text_of(await officer.presses("Trang sau"))
    assert "28/26 công trình (107,7 %), vượt mức giao, nên xem lại số" in table


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_sum_since_january_does_not_fall_unasked(town: Town) -> None:
    """Nor does a line vanish that money was paid out on; in January it begins anew."""
    town.now = town.now.replace(year=2023, month=5)
    officer = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    await report(officer, "Giải ngân vốn đầu tư", "632.118 triệu đồng", "1, 2", "20.000", "12.500")
    town.now = town.now.replace(month=8)
    await begins(officer, "Giải ngân vốn đầu tư")
    for answer in ("632.118", "1"):
        await officer.says(answer)
    asked = text_of(await officer.says("0"))
    assert "không giảm: quý II/2023 đã là 20.000 triệu đồng, nay 0 triệu đồng" in asked
    whole = text_of(await officer.says("20.001"))
    assert "quý II/2023 đã có, nay không chọn nên ghi là 0: «Dự án 2" in whole
    assert "đã giải ngân bao nhiêu vốn đầu tư» 12.500 triệu đồng." in whole
    await officer.presses("Vốn đã thu hồi")
    told = text_of(await officer.presses("Gửi"))
    assert "Giải ngân vốn đầu tư, Dự án 2: 0 triệu đồng; giảm 12.500 triệu đồng (quý II/2023" in told, (
        "a receipt tells every figure that changed"
    )
    assert "Còn 5 số khác, xem ở «Xem, sửa báo cáo này»" in told
    town.now = town.now.replace(year=2024, month=2)
    await begins(officer, "Giải ngân vốn đầu tư")
    first = await officer.says("632.118")
    assert any("Như kỳ trước" in label for label in labels(first)), "which projects they were may hold again"
    sums = await officer.says("1")
    assert not any("Như kỳ trước" in label for label in labels(sums)), "last year's sum does not"
    assert "Xem lại trước khi gửi" in text_of(await officer.says("100"))
    sent = text_of(await officer.presses("Gửi"))
    assert "• Giải ngân vốn đầu tư, Dự án 1: 100 triệu đồng\ntính lại từ đầu năm 2024\n" in sent
    assert "632.118 triệu đồng" not in sent, "what 2023's plan allots is not held against 2024"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_every_line_left_out_is_named_and_none_goes_without_a_word(town: Town) -> None:
    """Three lines that had money are not chosen: one query names all; sending on after «Sửa» asks again."""
    town.now = town.now.replace(year=2023, month=5)
    officer = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    spent = ("1, 2, 4, 7", "20.000", "12.500", "44.019", "13.325")
    await report(officer, "Giải ngân vốn đầu tư", "632.118 triệu đồng", *spent)
    town.now = town.now.replace(month=8)
    await begins(officer, "Giải ngân vốn đầu tư")
    for answer in ("632.118", "1", "20.001"):
        await officer.says(answer)
    lines = re.findall(r"«Dự án (\d).*?» ([\d.]+) triệu", text_of(officer.shown))
    assert lines == [("4", "44.019"), ("7", "13.325"), ("2", "12.500")]
    assert "Xem lại trước khi gửi" in text_of(await officer.presses("Sửa"))
    again = text_of(await officer.says("gửi"))
    assert "nay không chọn nên ghi là 0" in again
    assert "Đã nhận báo cáo" not in again
    await officer.presses("Kỳ trước báo nhầm")
    assert "Đã nhận báo cáo" in text_of(await officer.presses("Gửi"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_commune_s_sum_since_january_does_not_fall_either(town: Town) -> None:
    """It is only asked for as a share of what was given."""
    town.now = town.now.replace(month=4, day=25)
    commune = await town.enrolled("xa", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Văn Pán")
    await report(commune, "Vốn xã làm chủ", "1.000", "500", "0", "0")
    town.now = town.now.replace(month=7)
    await begins(commune, "Vốn xã làm chủ")
    await commune.says("1.000")
    assert "quý II/2026 đã là 500 triệu đồng, nay 480" in text_of(await commune.says("480"))


async def test_a_commune_s_works_reach_its_province(town: Town) -> None:
    commune = await town.enrolled("xa", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Văn Pán")
    works = ["Khu tái định cư Xốp Tụ", "3", "2", "45", "bỏ qua", "bỏ qua"]
    sent = await report(commune, "Công trình trên địa bàn xã", "1", *works, "0")
    assert "Đã nhận báo cáo" in sent
    assert "• Khu tái định cư Xốp Tụ: Khu tái định cư, bố trí dân cư, Đang làm, 45 %" in sent
    assert "riêng cho xã Mỹ Lý" in text_of(await commune.says("bảng vốn")), (
        "it says that no plan allots anything"
    )
    province = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    assert "45 %" in text_of(await province.says("tiến độ dự án tái định cư"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_list_of_projects_is_no_list_of_amounts(town: Town) -> None:
    """Project 10 has parts: which is meant is asked with the rest of the list; the numbers are nobody's amounts."""
    town.now = town.now.replace(year=2023, month=11, day=6)
    officer = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    await begins(officer, "Giải ngân vốn sự nghiệp, Dự án 6-10")
    asked = await officer.says("Dự án 6, Dự án 7, Dự án 10")
    assert "triệu đồng" not in text_of(asked)
    assert "Dự án 6, Dự án 7, Dự án 10.1, Dự án 10.2, Dự án 10.3" in labels(asked)
    assert "«Dự án 10.2" not in text_of(await officer.says("6, 12"))
    assert "Câu 2/4. Dự án 6" in text_of(await officer.says("6, 7, 9.1"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_work_that_is_done_does_not_get_less_unasked(town: Town) -> None:
    """40 % and then 35 % is a small fall, but what is built stays built; over the end of the year, too."""
    town.now = town.now.replace(year=2023, month=5)
    officer = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    names = ("xop_tu", "nam_tien_2", "khe_hoc", "long_thang")
    said = dict(zip((f"/data/tdc_{name}" for name in names), ("0", "35", "40", "60"), strict=True))
    await send_report(town, "bo-tri-dan-cu-nghe-an", "Nghệ An", said | {"/data/tdc_vuong_viec": "khe_hoc"})
    town.now = town.now.replace(month=11)
    await begins(officer, "Bốn dự án bố trí dân cư")
    for answer in ("0", "35"):
        assert "Anh/chị xem giúp số này" not in text_of(await officer.says(answer))
    asked = text_of(await officer.says("35"))
    assert "Phần đã làm xong thì không giảm: 6 tháng đầu năm 2023 đã là 40 %, nay 35 %" in asked
    for answer in ("41", "65", "1"):
        await officer.says(answer)
    await officer.says("chưa có mặt bằng")
    sent = text_of(await officer.presses("Gửi"))
    assert "Những dự án nào đang vướng: nay thêm Xốp Tụ, xã Mỹ Lý – nay không còn Khe Hộc" in sent
    for name, value in (("tái định cư Khe Hộc", 41), ("định canh, định cư Long Thắng", 65)):
        assert f"{name}: {value} %" in sent


async def test_a_plans_own_reports_come_before_the_questionnaires_of_their_rhythm(town: Town) -> None:
    town.now = town.now.replace(year=2023, month=5)
    officer = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    said = text_of(await officer.says("hạn báo cáo cả năm"))
    assert said.startswith("Hạn nộp theo kế hoạch:")
    assert "Hạn gửi phiếu trên máy:" in said
