"""What stands on the screen of reports on a day: what is asked, late or coming, of every level and plan."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.buttons import to_base36
from handlers.messages import Reply
from handlers.screens.due import LATE
from plans.period import PeriodKind
from plans.plans import Plans
from plans.reading import load_plans
from plans.schedule import Entry
from storage.tables import Form, InterviewRow, RoleName, Submission
from tests.handlers.chatting import (
    ZONE,
    Phone,
    Town,
    bundled,
    labels,
    load_forms,
    send_report,
    text_of,
    three_asked,
    town_on,
)
from tests.handlers.test_officer import water


def on(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 8, 0, tzinfo=ZONE)


def entry(form: str, level: str, month: int, day: int, within: int = 7) -> Entry:
    return Entry(form, level, PeriodKind.QUARTER, 5, month=month, day=day, within=within)


def asking(*entries: Entry, of_nghe_an: tuple[Entry, ...] = ()) -> Plans:
    """The plans with this schedule; `of_nghe_an` are asked only of the places of that plan."""
    plans = load_plans()
    # A plan that is over asks nothing any more.
    own = replace(plans.programmes["nghe-an-352"], schedule=of_nghe_an, last_day=date(2026, 12, 31))
    return replace(plans, schedule=entries, programmes=MappingProxyType({own.id: own}))


async def finish_houses(head: Phone) -> list[Reply]:
    """Answer the rest of the questionnaire on houses with none, and send it."""
    while "Gửi" not in labels(head.shown[-1:]):
        await head.says("0")
    return await head.presses("Gửi")


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path, plans=three_asked()) as made:
        await load_forms(made)
        yield made


async def lines(phone: Phone) -> list[str]:
    return text_of(await phone.says("báo cáo")).split("\n")


async def test_only_what_is_open_is_asked_and_the_next_is_told(town: Town) -> None:
    head = await town.head("a")
    town.now = on(11, 3)
    said = await lines(head)
    assert "• Nước sinh hoạt, tháng 11/2026: chưa làm, hạn 07/11/2026" in said
    assert "Sắp tới, từ 08/11/2026: Nhà ở." in said
    assert not [line for line in said if line.startswith("• Nhà ở") or "Trẻ em" in line]
    town.now = on(11, 8)
    said = await lines(head)
    assert "• Nhà ở, quý IV/2026: chưa làm, hạn 14/11/2026" in said
    assert "• Nước sinh hoạt, tháng 11/2026: quá hạn 07/11/2026, vẫn gửi được" in said
    assert said.index("• Nhà ở, quý IV/2026: chưa làm, hạn 14/11/2026") < len(said) - 2
    town.now = on(11, 23)
    assert not [line for line in await lines(head) if line.startswith("Sắp tới")]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_is_late_can_be_sent_until_some_days_after_the_period(town: Town) -> None:
    head = await town.head("a")
    for now in (on(12, 31), datetime(2027, 1, 7, 8, 0, tzinfo=ZONE)):
        town.now = now
        assert "• Nhà ở, quý IV/2026: quá hạn 14/11/2026, vẫn gửi được" in await lines(head)
    town.now = datetime(2027, 1, 8, 8, 0, tzinfo=ZONE)
    assert not [line for line in await lines(head) if line.startswith("• Nhà ở")]
    assert "đã hết hạn gửi" in text_of(await head.presses("Làm: Nhà ở, quý IV"))
    assert await town.rows(InterviewRow) == []


async def test_what_was_begun_is_finished_after_its_period_closed_and_counts_as_late(town: Town) -> None:
    head = await town.head("a")
    town.now = datetime(2027, 1, 7, 23, 50, tzinfo=ZONE)
    await head.says("báo cáo")
    await head.presses("Làm: Nhà ở, quý IV")
    town.now = datetime(2027, 1, 8, 0, 3, tzinfo=ZONE)
    assert "Ghi nhận: 0 hộ" in text_of(await head.says("0"))
    await head.presses("Để sau")
    finish = "• Nhà ở, quý IV/2026: kỳ đã ngừng nhận, phiếu làm dở vẫn gửi được đến hết ngày 14/01/2027"
    assert finish in await lines(head)
    town.now = datetime(2027, 1, 14, 23, 0, tzinfo=ZONE)
    await head.presses("Làm tiếp: Nhà ở")
    said = text_of(await finish_houses(head))
    assert "Nộp muộn (hạn 14/11/2026)" in said
    [submission] = await town.rows(Submission)
    assert submission.period == "2026-Q4"


async def test_after_its_last_day_what_was_begun_is_kept_to_be_looked_at(town: Town) -> None:
    head = await town.head("a")
    town.now = datetime(2027, 1, 7, 23, 50, tzinfo=ZONE)
    await head.says("báo cáo")
    await head.presses("Làm: Nhà ở, quý IV")
    town.now = datetime(2027, 1, 15, 0, 3, tzinfo=ZONE)
    said = text_of(await head.says("0"))
    assert "Tin vừa rồi không được ghi" in said
    assert "hết hạn ngày 14/01/2027" in said
    assert await town.rows(Submission) == []


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_is_half_done_keeps_its_deadline(town: Town) -> None:
    head = await town.head("a")
    town.now = on(11, 3)
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    assert "• Nước sinh hoạt, tháng 11/2026: đang làm dở, hạn 07/11/2026" in await lines(head)
    town.now = on(11, 20)
    late = "• Nước sinh hoạt, tháng 11/2026: đang làm dở, quá hạn 07/11/2026, vẫn gửi được"
    assert late in await lines(head)


async def test_a_correction_half_done_says_how_long_it_can_be_sent(town: Town) -> None:
    head = await town.head("a")
    town.now = on(11, 20)
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await head.says("báo cáo")
    await head.presses("Xem, sửa: Nước")
    await head.presses("Sửa báo cáo này")
    correcting = "• Nước sinh hoạt, tháng 11/2026: đang sửa dở, sửa được đến hết ngày 07/12/2026"
    assert correcting in await lines(head)


async def test_a_button_of_what_is_not_asked_begins_nothing(town: Town) -> None:
    head = await town.head("a")
    [form] = await town.rows(Form, Form.name == "nha-o")
    data = f"d:b:{to_base36(town.places['Nà Hin'])}:{to_base36(form.id)}:"
    for month, key in ((11, "2026-Q4"), (12, "2026-Q3"), (12, "2027-Q1")):
        town.now = on(month, 3)
        assert "chưa đến ngày làm" in text_of(await head.presses_data(data + key))
    assert await town.rows(InterviewRow) == []


async def test_a_long_list_stays_short_and_can_be_seen_in_full(database: AsyncEngine, tmp_path: Path) -> None:
    forms = ("ho-tro", "giam-ngheo", "dan-cu", "giao-duc", "trung-hoc-xoa-mu-chu")
    late = tuple(entry(form, "thon", 1, number + 1) for number, form in enumerate(forms))
    plans = asking(*late, entry("nha-o", "thon", 2, 15), entry("nuoc-sach", "thon", 1, 20))
    async with town_on(database, tmp_path, plans=plans) as town:
        await load_forms(town)
        head = await town.head("a")
        await send_report(town, "nuoc-sach", "Nà Hin", water())
        said = await head.says("báo cáo")
        text = text_of(said)
        assert text.count("vẫn gửi được\n") == LATE
        assert "• 3 phiếu khác đã quá hạn, vẫn gửi được." in text
        assert "• ✅ 1 phiếu khác đã gửi." in text
        assert labels(said)[0] == "Làm: Nhà ở"
        every = await head.presses("Xem cả 7 phiếu")
        assert len(labels(every)) == 7
        assert "Xem, sửa: Nước sinh hoạt" in labels(every)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_officers_answer_for_their_level_and_for_their_plan(
    database: AsyncEngine, tmp_path: Path
) -> None:
    plans = asking(
        entry("vuong-mac", "tinh", 1, 1, 60),
        of_nghe_an=(entry("von-xa", "xa", 2, 8), entry("nha-o", "thon", 2, 15)),
    )
    async with town_on(database, tmp_path, plans=plans) as town:
        await load_forms(town)
        mine = await town.enrolled("m", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Văn Pán")
        other = await town.enrolled("v", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
        province = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
        head = await town.head("x", "Xiềng Tắm", "Moong Văn May")
        town.now = on(11, 10)
        assert [label for label in labels(await mine.says("báo cáo")) if "Làm" in label] == [
            "Làm: Vốn xã làm chủ đầu tư"
        ]
        assert "Không có phiếu nào phải làm" in text_of(await other.says("báo cáo"))
        assert "Làm: Khó khăn, vướng mắc, kiến nghị" in labels(await province.says("báo cáo"))
        assert "Sắp tới, từ 15/11/2026: Nhà ở." in text_of(await head.says("báo cáo"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_officers_are_not_spoken_to_as_village_heads(town: Town) -> None:
    officer = await town.enrolled("v", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    head = await town.head("a")
    for words in ("cảm ơn", "báo cáo", "/toi", "/trogiup", "/roi", "xyz"):
        said = text_of(await officer.says(words))
        assert said
        assert "bác" not in said.casefold().replace("bác bỏ", ""), words
    assert "bác" in text_of(await head.says("cảm ơn"))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(("typed", "sent"), [("đúng", 2), ("có", 2), ("không", 1), ("sai rồi", 1)])
async def test_a_typed_yes_or_no_is_read_when_nothing_has_changed(town: Town, typed: str, sent: int) -> None:
    head = await town.head("a")
    await send_report(town, "nuoc-sach", "Nà Hin", water(), back=1)
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    await head.presses("Không có gì thay đổi")
    said = text_of(await head.says(typed))
    assert len(await town.rows(Submission)) == sent
    assert ("Đã nhận báo cáo" in said) == (sent == 2)
    if sent == 1:
        assert "Câu 1/7" in said


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("text", ["câu 1: 52", "câu 1 là năm mươi hai"])
async def test_an_answer_to_the_first_question_fills_in_no_other(town: Town, text: str) -> None:
    head = await town.head("a")
    await send_report(town, "nuoc-sach", "Nà Hin", water(), back=1)
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    assert head.button("Không có gì thay đổi")
    assert "Câu 2/7" in text_of(await head.says(text))
    row = (await town.rows(InterviewRow))[-1]
    assert [path for path in row.state["values"] if "/meta/" not in path] == ["/data/nuoc_ho"]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_figures_told_since_are_decided_before_last_months_are_sent_unchanged(town: Town) -> None:
    head = await town.head("a")
    await send_report(town, "nuoc-sach", "Nà Hin", water(), back=1)
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    await head.presses("Không có gì thay đổi")
    send = head.button("Đúng như vậy, gửi")
    await head.presses("Hỏi từng câu")
    await head.says("tổng 52 hộ, HVS 26 hộ")
    said = text_of(await head.presses_data(send))
    assert ("chưa gửi" in said, "52 hộ" in said) == (True, True), "what waits for a yes is not lost"
    assert len(await town.rows(Submission)) == 1


async def test_officers_see_which_reports_were_late_and_a_correction_makes_none_late(town: Town) -> None:
    officer = await town.enrolled("v", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    town.now = on(11, 7)
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    town.now = on(11, 8)
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await send_report(town, "nuoc-sach", "Nà Lốc", water())
    said = text_of(await officer.says("/cacthon"))
    assert "Nước sinh hoạt, tháng 11/2026: 2/3 thôn đã báo cáo (1 nộp muộn)" in said
    for village, late in (("Nà Hin", False), ("Nà Lốc", True)):
        data = f"f:v:{town.places[village]}:0:0"
        assert ("Nộp muộn (hạn 07/11/2026)" in text_of(await officer.presses_data(data))) == late
        whole = text_of(await officer.presses("Nước sinh hoạt"))
        assert ("Nộp muộn (hạn 07/11/2026)" in whole) == late


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_nobody_is_reminded_of_what_can_no_longer_be_begun(town: Town) -> None:
    officer = await town.enrolled("v", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    head = await town.head("a")
    remind = f"f:n:{town.places['Vĩnh Thông']}:1:nuoc-sach"
    town.now = on(12, 8)
    await head.says("xin chào")
    assert "Kỳ này đã ngừng nhận" in text_of(await officer.presses_data(remind))
    town.now = on(12, 7)
    assert "Đã gửi lời nhắc tới 1 thôn" in text_of(await officer.presses_data(remind))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_begins_today_is_not_asked_for_what_was_overdue_before(town: Town) -> None:
    phone = town.phone("moi")
    await phone.says(await town.invite("Nà Hin", RoleName.VILLAGE_HEAD, "Lý A Sử"))
    await phone.presses("Đồng ý")
    said = await phone.says("báo cáo")
    assert "quá hạn 07/11/2026" not in text_of(said)
    assert "2 phiếu đã quá hạn từ trước khi bác nhận việc" in text_of(said)
    assert "quá hạn 07/11/2026" in text_of(await phone.presses("Xem cả 3 phiếu"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_last_periods_report_is_found_to_be_corrected_while_the_next_one_is_due(town: Town) -> None:
    phone = await town.head("a")
    town.now = datetime(2026, 11, 30, 9, tzinfo=ZONE)
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for answer in ("120", "109", "100", "90", "20", "0", "0"):
        await phone.says(answer)
    await phone.presses("Gửi")
    town.now = datetime(2026, 12, 4, 9, tzinfo=ZONE)
    for typed in (
        "sửa nước",
        "sua nuoc thang 11",
        "nước tháng 11",
        "sửa phiếu nước sinh hoạt",
    ):
        said = await phone.says(typed)
        assert ("tháng 11/2026" in text_of(said), "Sửa báo cáo này" in labels(said)) == (True, True), typed
    await phone.says("menu")
    assert "Sửa báo cáo này" in labels(await phone.says("báo nhầm nước"))
    await phone.says("menu")
    assert "Nước sinh hoạt, tháng 11/2026" in labels(await phone.says("báo nhầm"))
    await phone.says("báo cáo")
    assert "Xem, sửa: Nước sinh hoạt, tháng 11/2026" in labels(await phone.presses("Xem cả"))
    for typed in ("sửa nước tháng 1", "sua nuoc t9", "sửa nước tháng 11/2025"):
        await phone.says("menu")
        assert "Sửa báo cáo này" not in labels(await phone.says(typed)), typed
    await phone.says("menu")
    assert "Sửa báo cáo này" in labels(await phone.says("sửa nước t11"))
    assert "Câu 1/7" in text_of(await phone.says("nước tháng 12"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_report_named_between_two_periods_is_the_one_sent_last(town: Town) -> None:
    monthly = Entry("nuoc-sach", "thon", PeriodKind.MONTH, 7, month=1, day=20, within=5)
    town.dispatch.library.plans = asking(monthly)
    head = await town.head("a")
    town.now = on(11, 18)
    none = {question.path: "0" for question in bundled("nuoc-sach").questions if question.type == "integer"}
    await send_report(town, "nuoc-sach", "Nà Hin", none)
    town.now = on(12, 1)
    said = text_of(await head.says("bao cao nuoc"))
    assert ("đã gửi rồi" in said, "tháng 11/2026" in said) == (True, True)
    for words in ("nuoc thang nay: 120 109 108 98 27 0 0", "nước tháng 12 120 109 108 98 27 0 0"):
        said = text_of(await head.says(words))
        assert (f"«{words}» máy chưa ghi" in said, "không gửi được" in said) == (True, True), words
    await head.says("menu")
    said = await head.says("nuoc 120 109 108 98 27 0")
    assert "«nuoc 120 109 108 98 27 0» máy chưa ghi" in text_of(said)
    assert "Sửa báo cáo này" in labels(said)
    await head.says("menu")
    said = text_of(await head.says("nuoc 120 109 108 98 27 0 0"))
    assert ("sửa báo cáo đã gửi" in said, "108 hộ" in said) == (True, True)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_numbers_alone_that_fit_several_sent_reports_are_for_none_unasked(town: Town) -> None:
    town.dispatch.library.plans = asking(
        *(entry(form, "thon", 2, 8) for form in ("nuoc-sach", "dan-cu", "duong-dien"))
    )
    head = await town.head("a")
    town.now = on(11, 9)
    for form in ("nuoc-sach", "dan-cu"):
        none = {question.path: "0" for question in bundled(form).questions if question.type == "integer"}
        await send_report(town, form, "Nà Hin", none)
    for text in ("9 8 7 6 5 0 0", "120 109 109 97 27 0 0"):
        said = await head.says(text)
        assert "chưa biết của phiếu nào" in text_of(said), text
        assert {"Xem, sửa: Nước sinh hoạt", "Xem, sửa: Sắp xếp, ổn định dân cư"} <= set(labels(said))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_numbers_alone_correct_nothing_sent_while_as_many_questions_are_due(town: Town) -> None:
    town.dispatch.library.plans = asking(
        *(entry(form, "thon", 2, 8) for form in ("nuoc-sach", "dan-cu", "ho-tro"))
    )
    head = await town.head("a")
    town.now = on(11, 9)
    for form in ("dan-cu", "ho-tro"):
        none = {question.path: "0" for question in bundled(form).questions if question.type == "integer"}
        await send_report(town, form, "Nà Hin", none)
    said = await head.says("120 109 109 98 27 6")
    assert "chưa biết của phiếu nào" in text_of(said)
    assert [label.partition(":")[0] for label in labels(said)] == ["Làm", "Xem, sửa"]
    await head.says("/tinhhinh")
    assert "chưa biết của phiếu nào" in text_of(await head.says("120 109 9 98 27 6 0")), "under figures"
    await head.says("/menu")
    said = text_of(await head.says("120 109 9 98 27 6 0"))
    assert ("sửa báo cáo đã gửi" in said, "Nước sinh hoạt" in said) == (False, True)
    assert "Chưa ghi «27»" in said
    assert "sửa báo cáo đã gửi" not in text_of(await head.says("ok"))
    assert len(await town.rows(Submission)) == 2


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_numbers_alone_under_a_sent_report_are_for_no_other_one_unasked(town: Town) -> None:
    town.dispatch.library.plans = asking(*(entry(form, "thon", 2, 8) for form in ("nuoc-sach", "duong-dien")))
    head = await town.head("a")
    town.now = on(11, 9)
    asked = (question for question in bundled("nuoc-sach").questions if question.type == "integer")
    figures = ("120", "109", "100", "98", "27", "6", "0")
    sent = {question.path: figure for question, figure in zip(asked, figures, strict=True)}
    await send_report(town, "nuoc-sach", "Nà Hin", sent)
    assert "Sửa báo cáo này" in labels(await head.says("bao cao nuoc"))
    said = await head.says("90 80 70 65 12 3")
    assert "chưa biết của phiếu nào" in text_of(said)
    assert [label for label in labels(said) if "Xem, sửa: Nước" in label]
    await head.says("bao cao nuoc")
    said = text_of(await head.says("120 109 99 98 27 6 0"))
    assert all(words in said for words in ("sửa báo cáo đã gửi", "đúng chưa", "99 hộ (thay cho 100 hộ)"))
    await head.presses("Đúng")
    said = text_of(await head.says("121 109 99 98 27 6 0"))
    assert ("Ghi nhận câu 1: 121 hộ" in said, "Ghi nhận câu 2" in said) == (True, False)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_numbers_alone_are_for_no_report_that_has_no_question_for_some(town: Town) -> None:
    town.dispatch.library.plans = asking(entry("duong-dien", "thon", 2, 8))
    head = await town.head("a")
    town.now = on(11, 9)
    said = await head.says("90 80 70 65 12 3")
    assert "chưa biết của phiếu nào" in text_of(said)
    assert any(label.startswith("Làm: Đường") for label in labels(said))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    "text", ["nuoc 120 109 98 27 6 0", "nước sinh hoạt: 120 109 98 27 6 0", "nuoc 120 109 98 27 6 0 1 1"]
)
async def test_numbers_after_a_questionnaires_name_that_are_not_as_many_as_its_questions_begin_it(
    town: Town, text: str
) -> None:
    town.dispatch.library.plans = asking(*(entry(form, "thon", 2, 8) for form in ("nuoc-sach", "dan-cu")))
    head = await town.head("a")
    town.now = on(11, 9)
    said = text_of(await head.says(text))
    assert "chưa biết số nào của câu nào" in said
    assert "Nước sinh hoạt" in said
    assert "Câu 1/7" in said
