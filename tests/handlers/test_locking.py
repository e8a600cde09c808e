"""Approval climbs: what the commune has approved the province locks; nothing comes or changes until it is opened again."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from handlers.buttons import to_base36
from storage import journal, people, place_events, standing
from storage.place_rules import Ruling
from storage.session import Session
from storage.tables import (
    FigureReturn,
    InterviewRow,
    JournalEntry,
    PeriodLock,
    Person,
    Place,
    RoleName,
    Submission,
)
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import START, Phone, Town, labels, text_of

EARLY = START - timedelta(days=8)
CLEAR = ("120", "120", "109", "109", "20", "0", "0")


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture(autouse=True)
def early(town: Town) -> None:
    """Two days before the report of water is due."""
    town.now = EARLY


async def answers(phone: Phone) -> None:
    """Answer the water questionnaire up to its review."""
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for answer in CLEAR:
        await phone.says(answer)


async def reported(town: Town) -> Phone:
    town.now = EARLY
    phone = await town.head("a")
    await answers(phone)
    await phone.presses("Gửi")
    return phone


async def commune_officer(town: Town) -> Phone:
    return await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


async def province_officer(town: Town) -> Phone:
    return await town.enrolled("p", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hoa")


BEGINNINGS = Beginnings("locking", head=reported, officer=commune_officer, province=province_officer)


async def approved(officer: Phone) -> None:
    await officer.says("kiểm tra số liệu")
    await officer.presses("phiếu lần đầu ở trên")


async def opened(province: Phone) -> str:
    """The page of the water questionnaire."""
    await province.says("khoá số liệu")
    return text_of(await province.presses("Nước"))


async def locked(town: Town, officer: Phone, province: Phone) -> None:
    """The water questionnaire of November, locked after it was due."""
    await approved(officer)
    town.later(days=5)
    await opened(province)
    await province.presses("Khoá: ")


async def kinds(town: Town) -> list[str]:
    async with town.storage.reading() as session:
        return list(await session.exec(select(JournalEntry.kind).order_by(col(JournalEntry.entry))))


async def test_only_what_is_approved_and_over_can_be_locked(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    assert "Chưa có phiếu nào đã duyệt" in text_of(await province.says("khoá số liệu"))
    await approved(officer)
    said = await opened(province)
    assert "Chưa khoá được 1: xã Vĩnh Thông (1/1/3)" in said.replace("(giả lập) ", "")
    assert not [label for label in labels(province.shown[-1:]) if label.startswith("Khoá: ")]
    town.later(days=5)
    assert "Khoá được 1: " in await opened(province)


async def test_what_is_locked_does_not_change_and_each_step_is_in_the_journal(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await approved(officer)
    town.later(days=5)
    await opened(province)
    said, heard = await province.act(officer, press="Khoá: ")
    assert "Đã khoá Nước" in said
    assert "Kỳ này không nhận thêm" in heard
    [report] = await town.rows(Submission)
    assert report.locked_at is not None
    refused = text_of(await head.presses("Xem, sửa báo cáo này"))
    assert "cán bộ tỉnh đã chốt" in refused
    assert "Nhắn xã" in labels(head.shown[-1:])
    assert "Sửa báo cáo này" not in labels(head.shown[-1:])
    assert "duyệt" not in refused
    assert (await kinds(town))[-2:] == ["approved", "locked"]
    async with town.storage.reading() as session:
        assert [*(await journal.checked(session)).breaks, *await standing.breaks(session)] == []


async def test_the_commune_cannot_take_back_what_is_locked(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await officer.says("kiểm tra số liệu")
    await officer.presses("Nà Hin, Nước")
    [report] = await town.rows(Submission)
    returning = officer.button("Trả lại một số")
    await officer.presses("Duyệt phiếu này")
    undo = officer.button("Hoàn tác")
    town.later(days=5)
    await opened(province)
    await province.presses("Khoá: ")
    assert "Không bỏ duyệt phiếu nào" in text_of(await officer.presses_data(undo))
    assert "Kỳ này đã khoá" in text_of(await officer.presses_data(returning))
    assert "Nhờ mở lại" in labels(officer.shown[-1:])
    assert "cán bộ tỉnh đã khoá" in text_of(await officer.presses("Xem, sửa báo cáo này"))
    assert "vì sao" in text_of(await officer.presses("Nhờ mở lại"))
    [report] = await town.rows(Submission)
    assert report.approved_at is not None


async def test_a_late_report_stays_where_it_is_and_goes_once_the_period_is_open_again(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    late = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await answers(late)
    await approved(officer)
    town.later(days=5)
    assert "chưa gửi (1): thôn Nà Lốc" in await opened(province)
    assert "không gửi được nữa (1): thôn Nà Lốc" in text_of(await province.presses("Khoá: "))
    said, heard = await late.act(officer, press="Gửi")
    assert "Những gì bác đã trả lời vẫn còn" in said
    assert "Nà Lốc" in heard
    assert len(await town.rows(Submission)) == 1
    again, nothing = await late.act(officer, text="gửi")
    assert "vẫn còn" in again
    assert nothing == ""
    await officer.presses("Nhờ mở lại")
    assert "vì sao" in text_of(await officer.says("x")), "one letter is no reason"
    assert "vì sao" in text_of(await officer.says("ok")), "nor are thanks"
    said, heard = await officer.act(province, press="Có báo cáo đến sau")
    assert "Đã ghi lời nhờ mở lại" in said
    assert "Lý do: Có báo cáo đến sau" in heard
    await province.presses("Mở lại")
    said, waiting, heard = await province.act(late, officer, text="thôn Nà Lốc mất mạng")
    assert "Đã mở lại" in said
    assert "Bây giờ gửi được rồi" in waiting
    assert "Lý do: thôn Nà Lốc mất mạng" in heard
    await late.presses("Làm tiếp")
    assert "Đã nhận báo cáo" in text_of(await late.presses("Gửi"))
    [lock] = await town.rows(PeriodLock)
    assert lock.reason == "thôn Nà Lốc mất mạng"
    assert (await kinds(town))[-1] in ("sent", "unlocked")


async def test_a_period_reopened_after_its_last_day_takes_reports_and_corrections_for_some_days(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    late = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await answers(late)
    await locked(town, officer, province)
    await late.presses("Gửi")
    town.now = EARLY.replace(month=12, day=16)
    await officer.says("nhờ mở lại nước tháng 11")
    await officer.presses("🔒 Nước sinh hoạt, tháng 11/2026")
    await officer.act(province, press="Có số phải sửa")
    await province.presses("Mở lại")
    said, waiting, heard = await province.act(late, officer, press="Theo lời nhờ ấy")
    for text in (said, heard):
        assert "Đến hết ngày 23/12/2026, thôn và xã sửa được số đã gửi" in text
    assert "Bây giờ gửi được rồi, đến hết ngày 23/12/2026: Nước sinh hoạt, tháng 11/2026" in waiting
    await late.presses("Làm tiếp")
    assert "Đã nhận báo cáo" in text_of(await late.presses("Gửi"))
    town.now += timedelta(days=7)
    assert "Sửa được đến hết ngày 23/12/2026" in text_of(await head.says("sửa nước tháng 11"))
    await head.presses("Sửa báo cáo này")
    await head.says("6: 1")
    town.now += timedelta(hours=1)
    assert "Đã nhận bản sửa" in text_of(await head.presses("Gửi"))
    town.now += timedelta(days=1)
    assert "hết hạn sửa từ 24/12/2026" in text_of(await head.says("sửa nước tháng 11"))


async def test_what_was_reopened_by_mistake_is_locked_again_unless_it_changed(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await locked(town, officer, province)
    for still in (True, False):
        await opened(province)
        await province.presses("Mở lại: xã Vĩnh Thông")
        await province.presses("Có số phải sửa")
        if not still:
            await officer.says("bỏ duyệt nước Nà Hin")
            await officer.presses("Nà Hin, Nước")
            await officer.presses("Bỏ duyệt")
        said, heard = await province.act(officer, press="Hoàn tác")
        assert ("🔒 Đã khoá Nước" in said) is still
        assert ("Kỳ này không nhận thêm" in heard) is still
        assert ("Chưa khoá nơi nào: vừa có thay đổi" in said) is not still


async def test_the_commune_finds_what_is_locked_in_words_and_may_ask_for_it(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    assert "Không có kỳ nào đang khoá" in text_of(await officer.says("xin mở khoá"))
    await locked(town, officer, province)
    for words in ("khoá số liệu", "xin mo lai nuoc", "nhờ mở lại kỳ tháng 10"):
        assert "🔒 Nước sinh hoạt, tháng 11/2026, xã Vĩnh Thông: mở lại" in labels(await officer.says(words))
    assert "Kỳ ấy không khoá" in text_of(await officer.says("nhờ mở lại kỳ tháng 10"))
    assert "🔒" not in str(labels(await head.says("nhờ mở lại nước")))


async def test_a_locked_period_is_asked_of_nobody(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    silent = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await silent.says("báo cáo")
    begin = silent.button("Làm: Nước")
    await locked(town, officer, province)
    assert "Nước" not in "".join(labels(await silent.says("báo cáo")))
    said = text_of(await silent.presses_data(begin))
    assert "cán bộ tỉnh đã chốt lúc" in said
    assert "nhắn cán bộ xã" in said
    assert "cán bộ tỉnh đã khoá lúc" in text_of(await officer.presses_data(begin))
    assert "vì sao?" in text_of(await officer.presses("Nhờ mở lại"))
    assert "khẩn cấp phải không" in text_of(await officer.says("lũ quét cuốn trôi giếng, nguy hiểm quá!"))
    assert "Đã ghi lời nhờ mở lại" in text_of(await officer.presses("Không phải tin khẩn cấp"))
    assert await town.rows(InterviewRow, InterviewRow.status != "sent") == []


async def test_only_who_heard_of_the_lock_hears_of_its_end_and_who_goes_on_hears_of_it_at_once(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    heard, unaware = (
        await town.head("b", "Nà Lốc", "Hoàng Thị Mai"),
        await town.head("c", "Nà Lốc", "Ma A Sáu"),
    )
    for phone in (heard, unaware):
        await phone.says("báo cáo")
        await phone.presses("Làm: Nước")
        if "Tôi vẫn làm" in labels(phone.shown[-1:]):
            await phone.presses("Tôi vẫn làm")
        await phone.says("để sau")
    await locked(town, officer, province)
    again = text_of(await heard.says("tiếp tục"))
    assert "cán bộ tỉnh đã chốt lúc" in again
    assert "Câu 1/7" in again
    _, to_one, to_other = await province.act(heard, unaware, press="Hoàn tác")
    assert "Bây giờ gửi được rồi" in to_one
    assert to_other == ""
    await opened(province)
    _, to_one, to_other = await province.act(heard, unaware, press="Khoá: ")
    assert ("vừa chốt" in to_one, to_other) == (True, ""), "who has it open hears of the second lock"
    _, to_one, to_other = await province.act(heard, unaware, press="Hoàn tác")
    assert ("Bây giờ gửi được rồi" in to_one, to_other) == (True, "")


async def test_who_is_answering_hears_of_the_lock_and_the_list_promises_nothing(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    late = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await late.says("báo cáo")
    await late.presses("Làm: Nước")
    await approved(officer)
    town.later(days=5)
    await opened(province)
    _, told = await province.act(late, press="Khoá: ")
    assert "cán bộ tỉnh vừa chốt, nên bây giờ chưa gửi được: Nước sinh hoạt, tháng 11/2026" in told
    assert "Ghi nhận: 120 hộ" in text_of(await late.says("120"))
    listed = text_of(await late.says("báo cáo"))
    assert "đang làm dở; số của kỳ này đã chốt nên chưa gửi được" in listed
    assert "vẫn gửi được" not in next(line for line in listed.splitlines() if "Nước" in line)
    town.later(days=23)  # its period has closed by then
    closed = text_of(await late.says("báo cáo"))
    assert "Nước sinh hoạt, tháng 11/2026: đang làm dở; số của kỳ này đã chốt nên chưa gửi được" in closed
    assert "kỳ đã ngừng nhận" not in closed
    _, told = await province.act(late, press="Hoàn tác")
    assert "Bây giờ gửi được rồi" in told


async def test_locking_is_taken_back_with_one_press(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await locked(town, officer, province)
    assert "Đã mở lại 1 nơi" in text_of(await province.presses("Hoàn tác"))
    [report] = await town.rows(Submission)
    assert report.locked_at is None
    assert "Đã mở lại 0 nơi" in text_of(await province.presses("Hoàn tác"))


async def test_what_is_locked_is_always_found_again_to_be_reopened(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await locked(town, officer, province)
    town.later(days=200)
    said = await province.says("khoá số liệu")
    assert "Chưa có phiếu nào đã duyệt mà chưa khoá" in text_of(said)
    assert "🔒 Nước sinh hoạt, tháng 11/2026: đã khoá 1 nơi" in labels(said)
    assert "Đã khoá 1: xã Vĩnh Thông" in text_of(await province.presses("🔒 Nước"))
    await province.presses("Mở lại: xã Vĩnh Thông")
    assert "Đã mở lại" in text_of(await province.presses("Có báo cáo đến sau"))
    assert "🔒" not in "".join(labels(await province.says("khoá số liệu")))


async def test_what_was_approved_and_not_locked_is_locked_however_old_it_is(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await approved(officer)
    town.later(days=120)
    for words in (
        "khoá nước tháng 11",
        "khoa nuoc thang 11/2026",
        "xin khoá số nước tháng 11 năm 2026",
    ):
        assert "Khoá được 1: xã Vĩnh Thông" in text_of(await province.says(words))
    assert "chưa có số đã duyệt để khoá" in text_of(await province.says("khoá nước tháng 10"))
    assert "Nước" not in str(labels(await province.says("khoá số liệu")))
    assert "1 kỳ đã hết hơn 100 ngày" in text_of(await province.presses("Kỳ cũ chưa khoá (1)"))
    await province.presses("Nước sinh hoạt, tháng 11/2026: duyệt 1/1")
    assert "Đã khoá Nước" in text_of(await province.presses("Khoá: "))
    assert "Kỳ cũ" not in str(labels(await province.says("khoá số liệu")))


async def test_what_is_locked_of_a_questionnaire_no_longer_in_use_is_found_too(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await locked(town, officer, province)

    async def disuse(session: Session) -> None:
        [lock] = await session.exec(select(PeriodLock))
        lock.form_name = "phieu-cu"
        session.add(lock)

    await town.storage.write(disuse)
    await province.says("khoá số liệu")
    await province.presses("🔒 phieu-cu, tháng 11/2026, xã Vĩnh Thông: mở lại")
    assert "Đã mở lại phieu-cu" in text_of(await province.presses("Có báo cáo đến sau"))


async def test_who_has_another_ground_or_a_lower_rank_reopens_nothing(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await locked(town, officer, province)
    [lock] = await town.rows(PeriodLock)
    stranger = await town.enrolled("z", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Tám")
    for phone in (stranger, head):
        for data in (f"o:o:{lock.id}", f"o:b:{lock.id}:0", "o:l:0"):
            said = text_of(await phone.presses_data(data))
            assert "Vĩnh Thông" not in said
            assert "Nước" not in said
    missing = text_of(await stranger.presses_data("o:o:999"))
    assert missing == text_of(await stranger.presses_data(f"o:o:{lock.id}"))
    await officer.presses_data(f"o:b:{lock.id}:0")
    [lock] = await town.rows(PeriodLock)
    assert lock.reopened_at is None


async def test_figures_say_how_far_they_are_approved_to_officers_only(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    question = "hộ dùng nước hợp vệ sinh Vĩnh Thông"
    assert "Số tạm tính." in text_of(await province.says(question))
    await approved(officer)
    assert "Đã duyệt." in text_of(await province.says(question))
    town.later(days=5)
    await opened(province)
    await province.presses("Khoá: ")
    locked_now = text_of(await province.says(question))
    assert "Kỳ này không nhận báo cáo nữa" in locked_now
    assert "Đã khoá." in locked_now
    assert ", đã khoá" in text_of(await officer.says("các thôn"))
    standing = text_of(await officer.presses_data(f"t:{to_base36(town.places['Vĩnh Thông'])}"))
    assert "Phiếu của thôn 100 ngày qua: 1; đã duyệt 1, trong đó đã khoá 1." in standing
    for words in ("tình hình", "lịch sử nước hợp vệ sinh", "báo cáo"):
        said = text_of(await head.says(words))
        assert not [word for word in ("duyệt", "tạm tính", "khoá") if word in said], said


async def moves(town: Town, village: str, commune: str) -> None:
    """A village belongs to another commune from today on."""

    async def work(session: Session) -> None:
        places = [await session.get_one(Place, town.places[name]) for name in (village, commune)]
        await place_events.move(session, places[:1], places[1], Ruling(town.now.date(), "NQ 12", town.now))

    await town.storage.write(work)


async def test_a_village_that_moves_takes_nothing_out_of_what_is_locked(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    late = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await answers(late)
    await locked(town, officer, province)
    town.later(days=2)
    for village in ("Nà Hin", "Nà Lốc"):
        await moves(town, village, "Mỹ Lý")
    assert "đã chốt" in text_of(await head.presses("Xem, sửa báo cáo này"))
    assert "Những gì bác đã trả lời vẫn còn" in text_of(await late.presses("Gửi"))
    [report] = await town.rows(Submission)
    assert report.locked_at is not None


async def test_an_approval_while_the_village_moves_is_the_other_communes(
    town: Town, head: Phone, officer: Phone
) -> None:
    other = await town.enrolled("z", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Tám")
    await officer.says("kiểm tra số liệu")
    await officer.presses("Nà Hin, Nước")
    approve = officer.button("Duyệt phiếu này")
    await moves(town, "Nà Hin", "Mỹ Lý")
    assert "Nà Hin" not in text_of(await officer.presses_data(approve))
    [report] = await town.rows(Submission)
    assert report.approved_at is None
    assert "Đã duyệt 1 phiếu" in text_of(await other.presses_data(approve))


async def test_two_lock_at_once_and_the_second_learns_of_it(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    second = await town.enrolled("p2", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Lê Văn Nam")
    await approved(officer)
    town.later(days=5)
    for phone in (province, second):
        await opened(phone)
    await province.presses("Khoá: ")
    assert "người khác vừa khoá" in text_of(await second.presses("Khoá: "))
    assert len(await town.rows(PeriodLock)) == 1


async def test_what_was_handed_up_further_is_opened_from_the_top(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    centre = await town.enrolled("c", "Việt Nam", RoleName.CENTRAL_OFFICER, "Trịnh Thị Lan")
    await locked(town, officer, province)
    undo = province.button("Hoàn tác")
    await opened(centre)
    await centre.presses("Khoá: ")
    inner, outer = await town.rows(PeriodLock)
    assert "Đã mở lại 0 nơi" in text_of(await province.presses_data(undo))
    await province.presses_data(f"o:o:{inner.id}")
    said, heard = await province.act(centre, press="Có báo cáo đến sau")
    assert "Đã ghi lời nhờ mở lại" in said
    assert "Thái Nguyên" in heard
    await centre.presses_data(f"o:b:{outer.id}:0")
    [report] = await town.rows(Submission)
    assert report.locked_at is not None
    assert "đã chốt" in text_of(await head.presses("Xem, sửa báo cáo này"))
    assert "Đã mở lại" in text_of(await province.presses_data(f"o:b:{inner.id}:0"))
    [report] = await town.rows(Submission)
    assert report.locked_at is None


async def test_reopening_frees_the_village_that_moved_out_and_none_that_moved_in(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await locked(town, officer, province)
    town.later(days=2)
    await moves(town, "Nà Hin", "Mỹ Lý")
    [lock] = await town.rows(PeriodLock)
    await town.lock("Mỹ Lý", lock)
    south = await town.enrolled("n", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Văn Nam")
    [_, second] = await town.rows(PeriodLock)
    await south.presses_data(f"o:b:{second.id}:0")
    [report] = await town.rows(Submission)
    assert report.locked_at is not None
    await province.presses_data(f"o:b:{lock.id}:0")
    [report] = await town.rows(Submission)
    assert report.locked_at is None


async def test_nothing_is_sent_back_after_it_was_locked(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await approved(officer)
    [report] = await town.rows(Submission)
    town.later(days=5)
    await officer.presses_data(f"c:b:{report.id}:0")
    because = officer.button("Không khớp với số khác")
    await opened(province)
    await province.presses("Khoá: ")
    assert "Kỳ này đã khoá" in text_of(await officer.presses_data(because))
    assert await town.rows(FigureReturn) == []


async def test_what_somebody_is_elsewhere_opens_nothing(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    both = await town.enrolled("d", "Thái Nguyên", RoleName.DISTRICT_OFFICER, "Ma Văn Cường")
    [person] = await town.rows(Person, Person.name == "Ma Văn Cường")

    async def post(session: Session) -> None:
        await people.add_role(session, person.id, town.places["Nghệ An"], RoleName.PROVINCE_OFFICER, town.now)

    await town.storage.write(post)
    await locked(town, officer, province)
    [lock] = await town.rows(PeriodLock)
    await both.presses_data(f"o:b:{lock.id}:0")
    [lock] = await town.rows(PeriodLock)
    assert lock.reopened_at is None


async def asked_to_reopen(officer: Phone, province: Phone) -> None:
    """The commune asks the province to reopen what it locked; the province begins, and does something else."""
    await officer.presses("Nhờ mở lại")
    await officer.act(province, text="thôn Nà Hin còn một số chưa đúng")
    await province.presses("Mở lại")
    await province.says("khoá số liệu")


async def test_a_wish_is_no_reason_to_reopen(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await locked(town, officer, province)
    await officer.says("nhờ mở lại nước tháng 11")
    await officer.presses("🔒 Nước sinh hoạt, tháng 11/2026")
    said = text_of(await officer.says("số điện thoại cán bộ tỉnh"))
    assert "Lý do là: «số điện thoại cán bộ tỉnh» phải không" in said
    assert "Vâng, máy thôi" in text_of(await officer.says("quay lại"))
    assert "nhờ mở lại" not in text_of(province.shown[-1:])
    await officer.presses("Mở lại")
    assert "Đã ghi lời nhờ mở lại" in text_of(await officer.says("thôn Nà Hin còn một số chưa đúng"))


async def test_a_request_to_reopen_stays_on_both_screens_until_it_is_answered(
    town: Town, head: Phone, officer: Phone, province: Phone
) -> None:
    await locked(town, officer, province)
    await officer.says("kiểm tra số liệu")
    [report] = await town.rows(Submission)
    await officer.presses_data(f"c:r:{to_base36(report.id)}")
    await asked_to_reopen(officer, province)
    assert "Có 1 nơi nhờ mở lại" in text_of(await province.says("kiểm tra số liệu"))
    assert "Có 1 nơi nhờ mở lại" in text_of(await province.says("khoá số liệu"))
    page = text_of(await province.presses("✋ "))
    assert ("nhờ mở lại lúc" in page, "còn một số chưa đúng" in page) == (True, True)
    assert "Đang nhờ cấp trên mở lại: Nước" in text_of(await officer.says("việc tuần này"))
    await officer.presses_data(f"c:r:{to_base36(report.id)}")
    assert "đang chờ cấp trên" in text_of(await officer.presses("Nhờ mở lại"))
    assert "còn một số chưa đúng" in text_of(await province.presses("Mở lại: "))
    assert "Nơi nhờ sẽ đọc lý do ấy" in text_of(await province.presses("Chưa mở lại"))
    assert "ghi lý do bằng chữ" in text_of(await province.says("12"))
    said, heard = await province.act(officer, text="số này tỉnh đã gửi bộ")
    assert "Đã ghi: chưa mở lại" in said
    assert ("Cấp trên chưa mở lại" in heard, "Lý do: số này tỉnh đã gửi bộ." in heard) == (True, True)
    assert "nhờ mở lại" not in text_of(await province.says("khoá số liệu"))
    assert "Đang nhờ" not in text_of(await officer.says("việc tuần này"))
    await officer.presses("Nhờ lại")
    town.later(minutes=1)
    await officer.act(province, press="Có số phải sửa")
    assert labels(province.shown[-1:]) == ["Mở lại", "Chưa mở lại"]
    await officer.says("khoá số liệu")
    await officer.presses("Nước sinh hoạt, tháng 11/2026")
    await officer.act(province, press="Có báo cáo đến sau")
    await province.presses("Mở lại")
    await province.presses("Chưa mở lại")
    await province.presses("Mở lại")
    said, heard = await province.act(officer, press="Theo lời nhờ ấy")
    assert ("Đã mở lại" in said, "Lý do: Có số phải sửa; Có báo cáo đến sau." in heard) == (True, True)
    assert "nhờ mở lại" not in text_of(await province.says("kiểm tra số liệu"))
    async with town.storage.reading() as session:
        assert [*(await journal.checked(session)).breaks, *await standing.breaks(session)] == []
