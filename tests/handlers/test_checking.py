"""What came in is checked, approved or sent back, one figure at a time, and the answer goes back to the officer."""

import pytest
from sqlalchemy import update
from sqlmodel import col, select

from bot.reporting_rates import ReportingRates
from bot.timetable import write_round
from handlers.buttons import to_base36
from handlers.interviewing.other_figure import counts_else, counts_other_unit, numbers_of
from handlers.messages import MessageKind, Reply
from handlers.navigation import KeepReturned, SayWrong, ShowReport
from storage import challenges, journal, people, standing
from storage.tables import Emergency, FigureReturn, JournalEntry, Outbox, Role, RoleName, Submission
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Town, arrives, labels, stored, text_of

BEFORE = ("120", "120", "109", "109", "20", "0", "0")
CLEAR = ("120", "120", "111", "111", "20", "0", "0")


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def reported_twice(town: Town) -> Phone:
    """The head of a village that reported its water last month, and now a quarter of it."""
    phone = await town.head("a")
    town.later(days=-30)
    await report(phone, BEFORE)
    town.later(days=30)
    await report(phone, ("120", "120", "25", "25", "20", "0", "0"), reason="Nguồn nước cạn")
    return phone


async def enrolled(town: Town) -> Phone:
    return await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


BEGINNINGS = Beginnings("checking", head=reported_twice, officer=enrolled)


async def report(phone: Phone, answers: tuple[str, ...], reason: str = "") -> None:
    """Report water; of the first answer that is asked back the `reason`, the others are right."""
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for answer in answers:
        if "Bác xem giúp" not in text_of(await phone.says(answer)):
            continue
        if reason:
            await phone.presses("Có lý do")
            await phone.presses(reason)
            reason = ""
        else:
            await phone.presses("Đúng")
    await phone.presses("Gửi")


async def heard_by(town: Town, phone: Phone) -> str:
    """What a chat was told that it did not ask for; its buttons can be pressed."""
    mine = [reply for address, reply in await town.heard() if address == phone.address]
    phone.shown += mine
    return text_of(mine)


async def act(town: Town, actor: Phone, other: Phone, label: str = "", words: str = "") -> tuple[str, str]:
    """What the actor is answered, and what the other chat is told meanwhile."""
    await town.heard()
    if label:
        sent = actor.incoming(MessageKind.PRESS, press=actor.button(label))
    else:
        sent = actor.incoming(MessageKind.TEXT, text=words)
    await town.dispatch.handle(sent, town.channel)
    said: dict[str, list[Reply]] = {actor.address: [], other.address: []}
    for address, reply in await town.heard():
        said.setdefault(address, []).append(reply)
    actor.shown += said[actor.address]
    other.shown += said[other.address]
    return text_of(said[actor.address]), text_of(said[other.address])


async def entries(town: Town) -> list[str]:
    async with town.storage.reading() as session:
        rows = await session.exec(select(JournalEntry.kind).order_by(col(JournalEntry.entry)))
        return list(rows)


async def test_the_doubtful_come_first_with_last_time_and_the_reason(
    town: Town, head: Phone, officer: Phone
) -> None:
    other = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await report(other, CLEAR)
    said = text_of(await officer.says("kiểm tra số liệu"))
    assert "Phiếu chờ duyệt: 3, trong đó 1 phiếu có số cần xem" in said
    assert "Tháng 10/2026 là 109 hộ, nay 25 hộ. Lý do: Nguồn nước cạn." in said
    assert said.index("109 hộ") < said.index("Nà Lốc")
    await officer.presses("Nà Hin, Nước")
    assert "25 hộ ◂ đổi, kỳ trước 109 hộ" in text_of(officer.shown[-1:])


async def test_what_is_clear_is_approved_together_and_taken_back(
    town: Town, head: Phone, officer: Phone
) -> None:
    async def approved() -> list[bool]:
        return [row.approved_at is not None for row in await town.rows(Submission)]

    # The first report was held against nothing: it is not among the clear, and its figures stand in the list.
    assert "109 hộ\n" in text_of(await officer.says("/kiemtra"))
    first = officer.button("Duyệt 1 phiếu lần đầu ở trên")
    await officer.presses_data("c:f:*")
    assert await approved() == [False, False]
    assert "Đã duyệt 1 phiếu" in text_of(await officer.presses_data(first))
    assert await approved() == [True, False]
    await officer.presses("Hoàn tác")
    assert await approved() == [False, False]
    town.later(days=18)
    await report(head, ("120", "120", "27", "27", "20", "0", "0"))
    await officer.says("/kiemtra")
    await officer.presses("Duyệt 1 phiếu không có số cần xem")
    assert await approved() == [False, False, True]


async def test_whoever_approved_a_report_hears_that_it_is_undone_by_somebody_else(
    town: Town, head: Phone, officer: Phone
) -> None:
    colleague = await town.enrolled("y", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Hà Thị Vinh")
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    await officer.presses("Duyệt phiếu này")
    undo = officer.button("Hoàn tác")
    [_, sent] = await town.rows(Submission)
    await head.presses("Xem, sửa báo cáo này")
    await head.presses("Sửa báo cáo này")
    await head.says("câu 7 là 1")
    if "Đúng" in labels(head.shown[-1:]):
        await head.presses("Đúng")
    _, to_officer, to_colleague = await head.act(officer, colleague, text="gửi")
    assert "Thôn Nà Hin vừa sửa phiếu anh/chị đã duyệt" in to_officer
    assert "0 công trình → 1 công trình" in to_officer
    assert to_colleague == ""
    assert "Không bỏ duyệt phiếu nào" in text_of(await officer.presses_data(undo))
    await officer.presses("Xem phiếu")
    await officer.presses("Duyệt phiếu này")
    await colleague.presses_data(f"c:r:{to_base36(sent.id + 1)}")
    _, told = await colleague.act(officer, press="Bỏ duyệt")
    assert "Cán bộ khác vừa bỏ duyệt phiếu anh/chị đã duyệt: Nước sinh hoạt" in told


async def test_a_figure_goes_back_and_its_new_answer_comes_to_the_officer(
    town: Town, head: Phone, officer: Phone
) -> None:
    await choose_figure(officer)
    said, told = await act(town, officer, head, "Khác nhiều so với kỳ trước")
    assert "Thôn đã được báo" in said
    assert "Bao nhiêu hộ đang dùng nước hợp vệ sinh: 25 hộ" in told
    assert "Lý do: Khác nhiều so với kỳ trước" in told
    opened = text_of(await head.presses("Sửa số này"))
    assert "đã báo 25 hộ. Lý do: Khác nhiều" in opened
    assert "Câu 3/7" in opened
    await head.says("105")
    assert "không thể cùng đúng" in text_of(await head.says("gửi")), "all are of minorities"
    await head.says("105")
    said, told = await act(town, head, officer, words="gửi")
    assert "25 hộ → 105 hộ" in told
    [row] = await town.rows(FigureReturn)
    assert row.answer == "mended"
    assert (await entries(town))[-2:] == ["returned", "revised"]
    await officer.presses("Xem phiếu")
    said = text_of(await officer.presses("Lịch sử"))
    told = (
        "trả lại (cán bộ xã, Nông Văn Tài, test)\n   Bao nhiêu hộ đang dùng nước hợp vệ sinh\n   Lý do: Khác"
    )
    assert told in said


async def test_the_other_figure_that_was_returned_is_named_where_one_is_mended(
    town: Town, head: Phone, officer: Phone
) -> None:
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    for figure in ("3. Bao nhiêu", "4. Trong các"):
        await officer.presses("Trả lại một số")
        await officer.presses(figure)
        await act(town, officer, head, "Khác nhiều so với kỳ trước")
    opened = text_of(await head.presses("Sửa số này"))
    assert ("Câu 4/7" in opened, "Câu 3 cũng được trả lại (25 hộ)" in opened) == (True, True)
    assert "Câu 3/7" in text_of(await head.says("sửa câu 3"))


async def test_a_figure_that_is_right_stays_with_its_reason(town: Town, head: Phone, officer: Phone) -> None:
    await send_back_and_keep(town, head, officer)
    said, told = await act(town, head, officer, words="mó nước cạn từ tháng trước")
    assert "Xã đã được báo" in said
    assert "giữ nguyên số được trả lại" in told
    assert "mó nước cạn từ tháng trước" in told


DANGER = "lũ quét cuốn trôi giếng rồi, nguy hiểm quá!"


async def test_the_figure_once_more_is_no_reason(town: Town, head: Phone, officer: Phone) -> None:
    await send_back_and_keep(town, head, officer)
    assert "vì sao" in text_of(await head.says("25 hộ"))
    assert [row.answer for row in await town.rows(FigureReturn)] == [""]
    _, told = await act(town, head, officer, words="mới đếm lại")
    assert "Lý do: mới đếm lại" in told


async def test_a_return_that_nobody_can_answer_any_more_is_told_as_such(
    town: Town, head: Phone, officer: Phone
) -> None:
    await send_back(officer)
    town.later(days=25)
    await officer.says("/kiemtra")
    assert "nay hết hạn sửa" in text_of(await officer.presses("Nà Hin, Nước"))
    assert "Rút lại" in " ".join(labels(officer.shown[-1:]))
    assert "thôn chưa trả lời, hết hạn sửa từ 15/12/2026" in text_of(await officer.says("/viectuan"))


async def letters_of(town: Town, day: int, hour: int = 8, month: int = 12) -> dict[str, Reply]:
    """What the morning's round writes on a day, by chat."""
    await town.heard()
    town.now = town.now.replace(month=month, day=day, hour=hour)
    await write_round(town.storage, town.dispatch.library, town.now, "reminders")
    return dict(await town.heard())


async def test_when_a_return_lapses_both_sides_are_told_what_stands_and_how_to_go_on(
    town: Town, head: Phone, officer: Phone
) -> None:
    await second_officer(town)
    await send_back(officer)
    assert "Đến hết hôm nay là hết hạn sửa 1 số" in text_of([(await letters_of(town, 14))[head.address]])
    said = await letters_of(town, 16)
    for phone, way in ((head, "Xem lại: Nước"), (officer, "thôn Nà Hin: Nước")):
        letter = said[phone.address]
        phone.shown.append(letter)
        assert "Hết hạn sửa từ 15/12/2026" in text_of([letter])
        assert "25 hộ. Lý do trả lại: sai quá." in text_of([letter])
        await phone.presses(way)
    assert labels(head.shown[-1:]) == ["Số này đúng", "Nhắn xã"]
    assert "Rút lại" in " ".join(labels(officer.shown[-1:]))
    others = (said[phone] for phone in said if phone not in (head.address, officer.address))
    assert "Hết hạn sửa" not in text_of([*others])
    assert all("Hết hạn sửa" not in text_of([one]) for one in (await letters_of(town, 21)).values())


async def test_a_lapsed_return_is_named_until_it_is_said_to_be_right_and_offers_no_mending(
    town: Town, head: Phone, officer: Phone
) -> None:
    await send_back(officer)
    town.later(days=26)
    assert "↩️ Số nhờ xem lại (1)" in labels(await head.says("menu"))
    assert "Xem lại: Nước sinh hoạt, tháng 11/2026" in labels(await head.says("báo cáo"))
    await head.presses("Xem lại: Nước")
    asked = await head.says("số này đúng")
    assert "25 hộ là đúng vì sao ạ?" in text_of(asked)
    assert "Sửa số này" not in labels(asked)
    await head.presses("Nguồn nước cạn")
    assert "nhờ xem lại" not in text_of(await head.says("báo cáo"))


async def test_who_takes_over_hears_of_a_return_that_lapsed(town: Town, head: Phone, officer: Phone) -> None:
    await send_back(officer)
    other = await second_officer(town)
    first = (await officer.contact()).person_id
    await town.storage.write(
        lambda session: session.exec(update(Role).where(col(Role.person_id) == first).values(until=town.now))
    )
    said = await letters_of(town, 15)
    assert "1 số đã trả lại mà chưa có lời đáp" in text_of([said[other.address]])


async def test_what_waits_longer_than_the_list_goes_back_is_counted_and_found(
    town: Town, head: Phone, officer: Phone
) -> None:
    town.later(days=130)
    await officer.says("/kiemtra")
    assert "còn 2 phiếu của kỳ đã hết hơn 100 ngày" in text_of(await officer.says("/viectuan"))
    await officer.says("/kiemtra")
    said = text_of(await officer.presses("Phiếu cũ chưa duyệt (2)"))
    assert "chưa duyệt" in said
    await officer.presses("Nà Hin, Nước")
    await officer.presses("Duyệt phiếu này")
    await officer.says("/kiemtra")
    assert "Phiếu cũ chưa duyệt (1)" in labels(officer.shown[-1:])


@pytest.mark.parametrize(
    "typed",
    ["thôn nào chưa báo cáo nước tháng 11", "nước hợp vệ sinh toàn xã", "lịch sử hộ thiếu nước Nà Hin"],
)
async def test_a_question_is_no_reason_to_send_a_figure_back(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await choose_figure(officer)
    assert "Đã trả lại" not in text_of(await officer.says(typed))
    assert await town.rows(FigureReturn) == []


async def second_officer(town: Town) -> Phone:
    return await town.enrolled("x2", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Lý Văn Sáu")


async def looks_at_report(town: Town, officer: Phone) -> list[str]:
    """The buttons under the village's last report."""
    await arrives(town)
    report = (await town.rows(Submission))[-1]
    return labels(await officer.presses_data(str(ShowReport(report.id))))


async def test_no_officer_says_in_a_villages_name_that_its_figure_is_right(
    town: Town, head: Phone, officer: Phone
) -> None:
    other = await second_officer(town)
    await send_back(officer)
    for phone in (officer, other):
        ways = await looks_at_report(town, phone)
        assert ("Số này đúng" in ways, "Sửa số này" in ways) == (False, True)
        [row] = await town.rows(FigureReturn)
        assert "do thôn nói" in text_of(await phone.presses_data(str(KeepReturned(row.id))))
    assert [row.answer for row in await town.rows(FigureReturn)] == [""]
    assert "↩️" in text_of(await head.says("báo cáo"))


async def test_where_nobody_is_enrolled_another_officer_answers_and_it_is_told_so(
    town: Town, head: Phone, officer: Phone
) -> None:
    other = await second_officer(town)
    await town.storage.write(
        lambda session: session.exec(
            update(Role).where(col(Role.role) == "truong-thon").values(until=town.now)
        )
    )
    await send_back(officer)
    assert "Số này đúng" not in await looks_at_report(town, officer)
    assert "Số này đúng" in await looks_at_report(town, other)
    await other.presses("Số này đúng")
    _, told = await act(town, other, officer, "Đếm lại cho đúng")
    assert "Thôn Nà Hin: cán bộ xã trả lời thay, số được trả lại là đúng" in told
    await officer.presses("Xem")
    assert "cán bộ trả lời thay thôn là đúng" in text_of(officer.shown[-1:])


async def test_an_officer_hears_of_a_figure_that_was_right_and_is_changed_after_all(
    town: Town, head: Phone, officer: Phone
) -> None:
    await send_back_and_keep(town, head, officer)
    await head.says("đếm lại rồi")
    await head.says("sửa báo cáo nước")
    await head.presses("Sửa báo cáo này")
    await head.says("3: 105; 4: 105")
    _, told = await act(town, head, officer, "Gửi bản sửa")
    assert ("nay sửa số lúc trước nói là đúng" in told, "25 hộ → 105 hộ" in told) == (True, True)


async def test_why_a_figure_is_right_stands_beside_it_on_the_sheet(
    town: Town, head: Phone, officer: Phone
) -> None:
    await send_back_and_keep(town, head, officer)
    await head.says("mó nước cạn từ tháng trước")
    await officer.says("/kiemtra")
    said = text_of(await officer.presses("Nà Hin, Nước"))
    assert "Đã hỏi lại, thôn nói đúng: Bao nhiêu hộ đang dùng nước hợp vệ sinh. Lý do: mó nước cạn" in said


async def test_a_reason_may_name_a_dry_well(town: Town, head: Phone, officer: Phone) -> None:
    await send_back_and_keep(town, head, officer, "giếng cạn hay đếm nhầm, bác xem lại giúp")
    said, told = await act(town, head, officer, words="giếng cạn từ giữa tháng")
    assert "Xã đã được báo" in said
    assert "giếng cạn từ giữa tháng" in told


@pytest.mark.parametrize("no", ["Không phải tin khẩn cấp", "không"])
async def test_a_reason_that_is_no_emergency_is_the_reason(
    town: Town, head: Phone, officer: Phone, no: str
) -> None:
    await send_back_and_keep(town, head, officer)
    assert "khẩn cấp phải không" in text_of(await head.says(DANGER))
    said, told = await act(town, head, officer, words=no)
    assert "Xã đã được báo" in said
    assert DANGER in told
    assert await town.rows(Emergency) == []


async def test_a_reason_is_still_waited_for_after_an_emergency(
    town: Town, head: Phone, officer: Phone
) -> None:
    await send_back_and_keep(town, head, officer)
    await head.says(DANGER)
    await head.presses("Đúng, báo ngay")
    assert "Làm tiếp việc đang dở" in labels(head.shown[-1:])
    await head.says("3 người bị thương")
    said = text_of(await head.presses("Xong"))
    assert "vẫn chờ" in said
    assert "Nguồn nước cạn" in labels(head.shown[-1:])
    said, told = await act(town, head, officer, words="nước lũ vào mó")
    assert "Xã đã được báo" in said
    assert "nước lũ vào mó" in told
    assert [row.kind for row in await town.rows(Emergency)] == ["lu-quet"]


async def test_one_goes_on_with_a_reason_while_an_emergency_is_told(
    town: Town, head: Phone, officer: Phone
) -> None:
    await send_back_and_keep(town, head, officer)
    await head.says(DANGER)
    await head.presses("Đúng, báo ngay")
    town.later(days=0.5)
    assert "vẫn chờ" in text_of(await head.presses("Làm tiếp việc đang dở"))
    said, _ = await act(town, head, officer, words="mó nước vỡ ống")
    assert "Xã đã được báo" in said


@pytest.mark.parametrize("typed", ["đúng", "dạ 25 là đúng ạ", "vẫn 25", "25 dung roi", "25", "vẫn thế thôi"])
async def test_that_a_returned_figure_is_right_may_be_typed(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await reads_what_came_back(town, head, officer)
    assert "25 hộ là đúng vì sao ạ?" in text_of(await head.says(typed))
    said, told = await act(town, head, officer, words="mó nước cạn từ tháng trước")
    assert "Xã đã được báo" in said
    assert "giữ nguyên số được trả lại" in told


@pytest.mark.parametrize("typed", ["105", "105 hộ ạ", "nhầm, 105 mới đúng", "không phải 25 mà 105 hộ"])
async def test_another_number_for_a_returned_figure_is_asked_about_in_its_report(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await reads_what_came_back(town, head, officer)
    said = text_of(await head.says(typed))
    assert "đã báo 25 hộ. Lý do: sai quá" in said
    assert "3. Bao nhiêu hộ đang dùng nước hợp vệ sinh: 105 hộ" in said
    assert (await town.rows(FigureReturn))[0].answer == "", "before it is sent"
    assert "3. Bao nhiêu hộ đang dùng nước hợp vệ sinh: 105 hộ" in text_of(await head.says("đúng"))


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("105 hộ", {"105"}),
        ("1.250", {"1250"}),
        ("3.5 km", {"3.5"}),
        ("3,5", {"3.5"}),
        ("1.250,5", {"1250.5"}),
        ("tháng 9, ngày 20/11 là 105", {"105"}),
        ("từ 20/11/2026 mó cạn", set()),
        ("-3", set()),
    ],
)
def test_a_number_under_a_returned_figure_is_compared_as_it_is_stored(typed: str, stored: set[str]) -> None:
    assert numbers_of(typed) == stored


@pytest.mark.parametrize(
    "typed", ["thực ra 105", "khong, 105 moi dung", "nham, phai la 105", "so nay la 105 ho"]
)
async def test_another_number_said_as_the_reason_is_asked_about_and_keeps_nothing(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await reads_what_came_back(town, head, officer)
    await head.says("đúng")
    said = text_of(await head.says(typed))
    assert "3. Bao nhiêu hộ đang dùng nước hợp vệ sinh: 105 hộ" in said
    assert (await town.rows(FigureReturn))[0].answer == ""


async def test_another_number_does_not_come_back_once_the_figure_was_said_to_be_right(
    town: Town, head: Phone, officer: Phone
) -> None:
    await reads_what_came_back(town, head, officer)
    assert "105 hộ (thay cho 25 hộ)" in text_of(await head.says("105"))
    assert "Để sau" in labels(head.shown[-1:])
    await head.says("báo cáo")
    for label in ("Xem lại: Nước", "Số này đúng", "Nguồn nước cạn"):
        await head.presses(label)
    assert "đang sửa dở" not in text_of(await head.says("báo cáo"))


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("chờ 2 hôm nữa nhé", "Đã cất phiếu này"),
        ("2 ngày nữa tôi báo", "Đã cất phiếu này"),
        ("9 giờ tối nay tôi báo lại nhé", "câu 3: 2 hộ"),
        ("mai nhé", "Đã cất phiếu này"),
        ("2 hôm", "2 hộ (thay cho 25 hộ)"),
        ("ừ để tôi đếm lại 2 xóm đã", "2 hộ (thay cho 25 hộ)"),
        ("không phải 2 đâu", "máy chưa ghi"),
        ("2 hộ đang làm dở", "2 hộ (thay cho 25 hộ)"),
        ("2 hộ à?", "2 hộ (thay cho 25 hộ)"),
        ("dạ 2 hộ ạ", "Đã ghi 1 câu"),
    ],
)
async def test_a_proposed_number_is_stored_for_a_yes_or_the_number_alone(
    town: Town, head: Phone, officer: Phone, typed: str, answered: str
) -> None:
    await reads_what_came_back(town, head, officer)
    await head.says("2")
    said = text_of(await head.says(typed))
    assert answered in said
    assert ("Đã ghi" in said) == (answered == "Đã ghi 1 câu")


async def test_what_was_reported_earlier_is_told_under_a_returned_figure(
    town: Town, head: Phone, officer: Phone
) -> None:
    await reads_what_came_back(town, head, officer)
    said = text_of(await head.says("tháng 10 tôi báo bao nhiêu"))
    assert ("tháng 10/2026" in said, "gửi 109 hộ" in said) == (True, True)
    assert "Không thấy báo cáo nào" in text_of(await head.says("năm ngoái tôi báo bao nhiêu"))


async def test_a_number_at_the_figure_opened_now_is_for_it_and_not_for_one_proposed_before(
    town: Town, head: Phone, officer: Phone
) -> None:
    await reads_what_came_back(town, head, officer)
    await head.says("105")
    await officer.says("kiểm tra Nà Hin")
    for label in ("Nước sinh hoạt, tháng 11", "Trả lại một số", "5. Bao nhiêu"):
        await officer.presses(label)
    await act(town, officer, head, "Khác nhiều so với kỳ trước")
    opened = text_of(await head.presses("Sửa số này"))
    assert ("Câu 5/7" in opened, "Chưa ghi câu 3: 105 hộ" in opened) == (True, True)
    assert "5. Bao nhiêu hộ dùng nước hợp vệ sinh từ công trình tập trung: 21 hộ" in text_of(
        await head.says("21")
    )
    await head.says("để sau")
    assert "sửa được đến hết ngày 14/12/2026" in text_of(await head.says("báo cáo"))


async def test_a_sentence_under_a_returned_figure_may_go_to_who_asked(
    town: Town, head: Phone, officer: Phone
) -> None:
    await reads_what_came_back(town, head, officer)
    said = await head.says("nhà trong khe đi đếm đủ rồi mà")
    assert {"Gửi lời này cho xã", "Sửa số này", "Số này đúng"} < set(labels(said))
    said, told = await act(town, head, officer, "Gửi lời này cho xã")
    assert "Thôn nhắn: nhà trong khe đi đếm đủ rồi mà" in told


@pytest.mark.parametrize("typed", ["vì sao xã trả lại", "lịch sử nước", "sửa nước sinh hoạt", "sao lại hỏi?"])
async def test_a_question_or_another_task_is_no_reason_why_a_figure_is_right(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await send_back_and_keep(town, head, officer)
    await head.says(typed)
    assert [row.answer for row in await town.rows(FigureReturn)] == [""]


@pytest.mark.parametrize(
    ("text", "else_"),
    [
        ("5 giờ chiều tôi gửi lại", True),
        ("có 2 số sai à", True),
        ("xin lùi 3 ngày", True),
        ("nhầm 1 câu", True),
        ("nhầm, 105 mới đúng", False),
        ("tầm 26 hộ gì đó", False),
        ("25 buổi", False),
    ],
)
def test_a_number_of_hours_or_questions_is_no_figure(text: str, *, else_: bool) -> None:
    assert counts_else(text, {"ho", "buoi"}) is else_


@pytest.mark.parametrize(
    ("typed", "answered"), [("ừ để tôi đếm lại 3 xóm đã", "khi nào tiện"), ("không phải 7 đâu", "Câu 3/7")]
)
async def test_a_number_beside_what_puts_off_or_denies_is_not_proposed(
    town: Town, head: Phone, officer: Phone, typed: str, answered: str
) -> None:
    await reads_what_came_back(town, head, officer)
    said = text_of(await head.says(typed))
    assert (answered in said, "thay cho" in said) == (True, False)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("có 3 nhà đang làm dở", True),
        ("3 nhà đang sửa", True),
        ("có 3 nhà thôi ạ", False),
        ("3 hộ đang làm dở", False),
    ],
)
def test_a_number_of_what_another_question_counts_is_no_figure(text: str, *, other: bool) -> None:
    _, form = stored("nha-o")
    path = next(one.path for one in form.questions if one.name == "nha_da_ho_tro")
    assert counts_other_unit(text, form, path) is other


@pytest.mark.parametrize(
    "typed",
    [
        "cảm ơn",
        "vâng ạ",
        "-3",
        "sao lại 3 hộ?",
        "xã thấy sai chỗ nào ạ",
        "năm 2021 có 2 hộ",
        "năm ngoái 30 hộ",
        "20 hộ thế nào ạ",
    ],
)
async def test_what_says_nothing_of_a_returned_figure_leaves_it(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await reads_what_came_back(town, head, officer)
    shown = labels(await head.says(typed))
    assert {"↩️ Số nhờ xem lại (1)", "Số này đúng"} & set(shown)
    assert (await town.rows(FigureReturn))[0].answer == ""


@pytest.mark.parametrize(
    "typed",
    [
        "trả lại số nước Nà Hin tháng 11",
        "kiem tra na hin",
        "sửa số nước Nà Hin",
        "duyệt phiếu nước của thôn Nà Hin ạ",
        "duyệt phiếu nước sinh hoạt Nà Hin",
        "tra lai phieu nuoc thang 11 Na Hin cau 2 sai",
        "trả lại báo cáo nước Nà Hin, vì số hộ chưa đúng",
    ],
)
async def test_a_villages_reports_are_checked_by_its_name(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    said = await officer.says(typed)
    assert "Nà Hin, Nước sinh hoạt" in (text_of(said) + str(labels(said)))


async def choose_figure(officer: Phone) -> None:
    """Choose the third figure of the village's report to be sent back; its reason is asked for."""
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    await officer.presses("Trả lại một số")
    await officer.presses("3. ")


async def send_back(officer: Phone, words: str = "sai quá") -> None:
    await choose_figure(officer)
    town = officer.town
    await town.dispatch.handle(officer.incoming(MessageKind.TEXT, text=words), town.channel)


async def reads_what_came_back(town: Town, head: Phone, officer: Phone) -> None:
    """Send a figure back; its message is the newest on the head's phone."""
    await send_back(officer)
    await arrives(town)
    await heard_by(town, head)


async def send_back_and_keep(town: Town, head: Phone, officer: Phone, words: str = "sai quá") -> None:
    """Send a figure back; the head says that it is right, and is asked why."""
    await send_back(officer, words)
    await heard_by(town, head)
    await head.presses("Số này đúng")


async def test_while_a_figure_waits_its_return_can_be_taken_back_and_nothing_approved(
    town: Town, head: Phone, officer: Phone
) -> None:
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    approve = officer.button("Duyệt phiếu này")
    await send_back(officer)
    assert "còn số đang chờ" in text_of(await officer.presses_data(approve))
    assert "Duyệt phiếu này" not in labels(officer.shown[-1:])
    for asked in ("số nào đang trả lại", "thôn nào chưa trả lời số trả lại"):
        assert "Nà Hin, Nước sinh hoạt" in labels(await officer.says(asked))[0]
    meant = "rút lại số vừa trả Nà Hin"
    assert [label[:9] for label in labels(await officer.says(meant))] == ["Rút lại: ", "Danh sách"]
    await officer.presses("Rút lại: Bao nhiêu hộ đang dùng nước")
    assert "Duyệt phiếu này" in labels(officer.shown[-1:])
    assert [label[:9] for label in labels(await officer.says(meant))] == ["Danh sách"]


async def test_a_return_is_taken_back(town: Town, head: Phone, officer: Phone) -> None:
    await choose_figure(officer)
    await officer.presses("Không khớp với số khác")
    said, told = await act(town, officer, head, "Rút lại")
    assert "Đã rút lại" in said
    assert "Bác không phải làm gì nữa" in told


async def test_by_night_it_is_said_when_somebody_is_told_and_the_head_sees_it_before(
    town: Town, head: Phone, officer: Phone
) -> None:
    town.later(hours=13, minutes=9)
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    await officer.presses("Trả lại một số")
    assert "Trả lại «Bao nhiêu hộ đang dùng nước" in text_of(await officer.says("3"))
    said, _ = await act(town, officer, head, words="đếm nhầm hay sao bác")
    assert "Đang giờ nghỉ: thôn được báo lúc 06:00 21/11" in said
    listed = text_of(await head.says("báo cáo"))
    assert "nhờ bác xem lại 1 số" in listed
    assert "25 hộ. Lý do: đếm nhầm hay sao bác" in listed
    assert "có số nhờ xem lại" in text_of(await head.presses("Xem cả"))
    assert "nhờ bác xem lại 1 số" in text_of(await head.says("/menu"))
    assert "Lý do: đếm nhầm hay sao bác" in text_of(await head.presses("↩️ Số nhờ xem lại (1)"))
    assert {"Sửa số này", "Số này đúng"} <= set(labels(head.shown[-1:]))
    await head.says("/ngonngu")
    await head.presses("English")
    assert "Sent back to be looked at: How many households" in text_of(await head.says("/baocao"))
    await head.presses("Look again")
    await head.presses("Correct it")
    await head.says("105")
    await head.says("4: 105")
    said, told = await act(town, head, officer, words="send")
    assert "25 hộ → 105 hộ" in told
    assert "looked at" not in said
    waiting = [row for row in await town.rows(Outbox) if "returned-" in (row.natural_key or "")]
    assert waiting == []


async def test_a_reason_of_4000_letters_is_asked_for_again(town: Town, head: Phone, officer: Phone) -> None:
    await choose_figure(officer)
    assert "trong 300 chữ" in text_of(await officer.says("số này " * 570))
    assert await town.rows(FigureReturn) == []
    assert "Đã trả lại" in text_of(await officer.says("số này khác thực tế"))


async def test_a_report_that_was_revised_meanwhile(town: Town, head: Phone, officer: Phone) -> None:
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    old = officer.button("Duyệt phiếu này")
    await head.presses("Xem, sửa báo cáo này")
    await head.presses("Sửa báo cáo này")
    await head.says("5: 21")
    await head.presses("Gửi")
    said = text_of(await officer.presses_data(old))
    assert "Phiếu vừa được gửi bản sửa" in said
    assert [row.approved_at for row in await town.rows(Submission)] == [None, None, None]


async def test_two_approve_at_once(town: Town, head: Phone, officer: Phone) -> None:
    second = await town.enrolled("y", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Hà Thị Vinh")
    for phone in (officer, second):
        await phone.says("/kiemtra")
        await phone.presses("Nà Hin, Nước")
    await officer.presses("Duyệt phiếu này")
    assert "người khác vừa duyệt rồi" in text_of(await second.presses("Duyệt phiếu này"))
    assert (await entries(town)).count("approved") == 1


async def test_who_looks_after_another_ground_or_no_more_learns_nothing(
    town: Town, head: Phone, officer: Phone
) -> None:
    stranger = await town.enrolled("z", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Tám")
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    for data in (officer.button("Duyệt phiếu này"), officer.button("Trả lại một số")):
        assert "Nà Hin" not in text_of(await stranger.presses_data(data))
    assert "Không còn phiếu nào" in text_of(await stranger.says("/kiemtra"))
    old = officer.button("Duyệt phiếu này")
    await town.storage.write(
        lambda session: session.exec(update(Role).where(col(Role.role) == "can-bo-xa").values(until=town.now))
    )
    await officer.presses_data(old)
    assert [row.approved_at for row in await town.rows(Submission)] == [None, None]


async def corrected(
    town: Town, head: Phone, officer: Phone, figures: str = "3: 105; 4: 105"
) -> tuple[str, str]:
    """The officer corrects a figure in the head's place; what both are told."""
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    await officer.presses("Xem, sửa báo cáo này")
    await officer.presses("Sửa báo cáo này")
    if "xem giúp số này" in text_of(await officer.says(figures)):
        await officer.presses("Đúng")
    said = text_of(await officer.presses("Gửi bản sửa"))
    assert "Vì sao?" in said
    return await act(town, officer, head, "Trưởng thôn báo qua điện thoại")


async def test_an_approval_says_that_ones_own_correction_is_unfinished(
    town: Town, head: Phone, officer: Phone
) -> None:
    [*_, second] = await town.rows(Submission)
    await officer.presses_data(f"d:c:{to_base36(second.id)}")
    await officer.says("7: 1")
    await officer.says("để sau")
    await officer.presses_data(f"c:r:{to_base36(second.id)}")
    assert "anh/chị đang làm dở chưa gửi" in text_of(await officer.presses("Duyệt phiếu này"))


async def test_nothing_is_offered_to_be_sent_back_once_it_cannot_be_corrected(
    town: Town, head: Phone, officer: Phone
) -> None:
    [*_, second] = await town.rows(Submission)
    await officer.presses_data(f"c:r:{to_base36(second.id)}")
    assert "Trả lại một số" in labels(officer.shown[-1:])
    town.later(days=30)
    await officer.presses_data(f"c:r:{to_base36(second.id)}")
    assert "Trả lại một số" not in labels(officer.shown[-1:])


async def test_a_correction_laid_aside_is_given_up_once_the_report_was_sent_anew(
    town: Town, head: Phone, officer: Phone
) -> None:
    [_, first] = await town.rows(Submission)
    await officer.presses_data(f"d:c:{to_base36(first.id)}")
    await officer.says("7: 1")
    await officer.says("để sau")
    await head.presses_data(f"d:c:{to_base36(first.id)}")
    await head.says("3: 105; 4: 105")
    _, told = await act(town, head, officer, words="gửi")
    assert "25 hộ → 105 hộ" in told
    assert told.rpartition("máy bỏ")[2].endswith("0 công trình → 1 công trình")
    [*_, second] = await town.rows(Submission)
    said = text_of(await officer.presses_data(f"d:c:{to_base36(second.id)}"))
    assert ("1 công trình" in said, "105 hộ" in said, "25 hộ" in said) == (False, True, False)


async def test_what_the_head_says_is_not_right_is_approved_by_nobody_unseen(
    town: Town, head: Phone, officer: Phone
) -> None:
    await corrected(town, head, officer)
    await head.presses("Không đúng")
    assert "Trưởng thôn nói: số sửa thay là không đúng" in text_of(await officer.says("/kiemtra"))
    reports = {report.period: report.id for report in await town.rows(Submission) if report.current}
    contested = reports["2026-11"]
    await officer.presses_data("c:f:*")
    await officer.presses_data(f"c:v:{to_base36(town.places['Nà Hin'])}")
    await officer.presses_data(f"c:r:{to_base36(contested)}")
    said = text_of(await officer.presses("Duyệt phiếu này"))
    assert ("thôn nói là không đúng" in said, "Thôn đang mở phiếu này để sửa" in said) == (True, True)
    state = {report.id: report.approved_at for report in await town.rows(Submission) if report.current}
    assert state[contested] is None
    _, told = await act(town, officer, head, "Đã hỏi lại, vẫn duyệt")
    assert "Xã đã duyệt Nước sinh hoạt, tháng 11/2026 với số sửa thay" in told
    assert "Hỏi lại" in labels(head.shown[-1:])
    state = {report.id: report.approved_at for report in await town.rows(Submission) if report.current}
    assert None not in state.values()


async def test_what_an_officer_says_of_a_figure_is_not_told_as_the_villages_word(
    town: Town, head: Phone, officer: Phone
) -> None:
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    await officer.presses("Xem, sửa báo cáo này")
    await officer.presses("Sửa báo cáo này")
    await officer.says("5: 1")
    await officer.presses("Đúng")
    await officer.presses("Gửi bản sửa")
    await act(town, officer, head, "Trưởng thôn báo qua điện thoại")
    told = text_of(await officer.says("/kiemtra"))
    by_officer = "nay 1 hộ. (cán bộ báo thay đã xem lại, nói đúng)"
    assert (by_officer in told, "nay 25 hộ. (thôn đã xem lại, nói đúng)" in told) == (True, True)
    assert "nay 25 hộ. Lý do: Nguồn nước cạn." in told
    # The village sends it anew: what the officer said stays the officer's word.
    [second] = [one for one in await town.rows(Submission) if one.revision > 1]
    await head.presses_data(f"d:c:{to_base36(second.id)}")
    await head.says("7: 1")
    await head.presses("Gửi bản sửa")
    told = text_of(await officer.says("/kiemtra"))
    assert (by_officer in told, "nay 25 hộ. (thôn đã xem lại, nói đúng)" in told) == (True, True)
    told = text_of(await officer.says("lịch sử hộ dùng nước từ công trình tập trung Nà Hin"))
    assert told.count("(cán bộ báo thay đã xem lại, nói đúng)") == 2


async def test_how_much_is_approved_is_told_by_unit(town: Town, head: Phone, officer: Phone) -> None:
    said = text_of(await officer.says("còn gì chờ duyệt không"))
    assert "đã nhận 2 phiếu; 0 đã duyệt, 2 chờ duyệt, 0 đã khoá.\n• thôn Nà Hin: 2 phiếu" in said
    await officer.presses("Kiểm tra số liệu")
    await officer.presses("Duyệt 1 phiếu")
    said = text_of(await officer.says("số liệu nước thôn Nà Hin đã duyệt chưa"))
    assert "đã nhận 2 phiếu; 1 đã duyệt, 1 chờ duyệt, 0 đã khoá" in said
    said = text_of(await officer.says("số liệu nước tháng 10 đã duyệt chưa"))
    assert "tháng 10/2026: đã nhận 1 phiếu; 1 đã duyệt" in said
    assert "đã nhận 0 phiếu" in text_of(await officer.says("số liệu nhà ở đã duyệt chưa"))


async def is_contested(town: Town) -> bool:
    current = {report.id for report in await town.rows(Submission) if report.current}
    async with town.storage.reading() as session:
        return bool(await challenges.contested(session, current))


async def test_an_objection_is_not_lost_by_sending_the_disputed_figure_again(
    town: Town, head: Phone, officer: Phone
) -> None:
    await corrected(town, head, officer)
    opened = text_of(await head.presses("Không đúng"))
    assert "25 hộ → 105 hộ" in opened
    asked = text_of(await head.presses("Gửi bản sửa"))
    assert ("Nay số ấy đúng chưa" in asked, "25 hộ → 105 hộ" in asked) == (True, True)
    assert "Câu 3/7" in text_of(await head.presses("Sửa: Bao nhiêu hộ đang dùng"))
    await head.says("105")
    await head.says("7: 1")
    assert "Nay số ấy đúng chưa" in text_of(await head.says("gửi"))
    assert await is_contested(town)
    said, told = await act(town, head, officer, "Nay đúng rồi, gửi")
    assert ("Đã nhận" in said, "đã tự sửa lại" in told) == (True, True)
    assert not await is_contested(town)


async def test_an_objection_stays_while_the_officer_sends_the_same_figure_again(
    town: Town, head: Phone, officer: Phone
) -> None:
    await corrected(town, head, officer)
    await head.presses("Không đúng")
    await head.says("để sau")
    [second] = [one for one in await town.rows(Submission) if one.revision > 1]
    await officer.presses_data(f"d:c:{to_base36(second.id)}")
    await officer.says("7: 1")
    await officer.presses("Gửi bản sửa")
    await act(town, officer, head, "Trưởng thôn báo qua điện thoại")
    assert await is_contested(town)
    await head.presses("Đồng ý")
    assert not await is_contested(town)


async def test_an_objection_ends_with_the_villages_own_figure_which_its_officer_hears(
    town: Town, head: Phone, officer: Phone
) -> None:
    await corrected(town, head, officer)
    await head.presses("Không đúng")
    await head.says("3: 104; 4: 104")
    said, told = await act(town, head, officer, "Gửi bản sửa")
    assert ("Đã nhận" in said, "105 hộ → 104 hộ" in told) == (True, True)
    assert not await is_contested(town)


async def test_who_contests_a_correction_in_words_is_not_told_that_it_is_too_late(
    town: Town, head: Phone, officer: Phone
) -> None:
    """The newest receipt in the chat is of the version that the officer replaced."""
    await corrected(town, head, officer)
    said = text_of(await head.says("nhầm rồi cháu, 83 mới đúng"))
    assert "đã hết hạn sửa" not in said
    assert "Xem lại" in said


async def test_each_disputed_figure_waits_for_the_villages_word(
    town: Town, head: Phone, officer: Phone
) -> None:
    await corrected(town, head, officer, "5: 24; 7: 1")
    await head.presses("Không đúng")
    await head.says("7: 0")
    asked = text_of(await head.presses("Gửi bản sửa"))
    assert ("20 hộ → 24 hộ" in asked, "1 công trình" in asked) == (True, False)
    assert "Để sau" in labels(head.shown[-1:])
    # Another questionnaire, called by its name in the list, is not held up by the question.
    town.later(days=20)
    await head.says("báo cáo")
    assert "Làm: Nước sinh hoạt" in labels(await head.says("nuoc"))
    town.later(days=-20)
    await head.says("gửi")
    assert await is_contested(town)
    await head.presses("Nay đúng rồi, gửi")
    assert not await is_contested(town)


async def test_of_several_disputed_figures_the_one_that_was_as_said_is_offered(
    town: Town, head: Phone, officer: Phone
) -> None:
    await corrected(town, head, officer, "5: 24; 7: 1")
    await head.presses("Không đúng")
    said = text_of(await head.says("tôi không nói thế, vẫn là 20 hộ"))
    assert "20 hộ (thay cho 24 hộ)" in said


async def test_the_head_hears_at_once_what_was_corrected_in_their_place(
    town: Town, head: Phone, officer: Phone
) -> None:
    said, told = await corrected(town, head, officer)
    assert "Đã nhận" in said
    assert "sửa báo cáo thay bác" in told
    assert "25 hộ → 105 hộ" in told
    [second] = [one for one in await town.rows(Submission) if one.revision > 1]
    look = str(ShowReport(second.id))
    assert {"Đồng ý", "Không đúng"} < set(labels(await head.presses_data(look))), (
        "the letter may be far above"
    )
    said, told = await act(town, head, officer, "Đồng ý")
    assert ("đồng ý với số" in told, "25 hộ → 105 hộ" in told) == (True, True)
    assert "Không đúng" not in labels(await head.presses_data(look))
    await officer.presses_data(look)
    assert "Trả lại một số" in labels(await officer.presses("Duyệt, trả lại số"))
    await head.says("báo cáo")
    assert "Bác đã trả lời rồi" in text_of(await head.presses_data(str(SayWrong(second.id))))
    async with town.storage.reading() as session:
        assert [*(await journal.checked(session)).breaks, *await standing.breaks(session)] == []


async def test_the_history_of_a_figure(town: Town, head: Phone, officer: Phone) -> None:
    assert "Lịch sử" in text_of(await officer.says("ai sửa số nước hợp vệ sinh Nà Hin"))
    await officer.says("/kiemtra")
    await officer.presses("Nà Hin, Nước")
    await officer.presses("Duyệt phiếu này")
    await officer.says("huỷ duyệt nước Nà Hin")
    assert "Bỏ duyệt" in labels(await officer.presses("thôn Nà Hin, Nước"))
    await officer.says("duyệt nhầm rồi")
    assert any("(1 phiếu)" in label for label in labels(officer.shown[-1:]))
    said = text_of(await officer.says("lịch sử hộ đang dùng nước hợp vệ sinh Nà Hin"))
    assert "gửi 25 hộ (trưởng thôn (bản, tổ dân phố), Lý A Sử, test)" in said
    assert "duyệt (cán bộ xã, Nông Văn Tài, test)" in said
    assert "Lý do: Nguồn nước cạn" in said
    assert "Các kỳ trước: tháng 10/2026: 109 hộ" in said
    for called in ("lịch sử nước sạch Nà Hin", "lich su ho dung nuoc sach na hin"):
        assert text_of(await officer.says(called)) == said
    for words in ("lịch sử Nà Hin", "lịch sử gà vịt Nà Hin"):
        await officer.says(words)
        assert "Bao nhiêu hộ đang dùng nước" in "".join(
            labels(await officer.presses("Nước sinh hoạt, tháng 11"))
        )
    short = text_of(await officer.says("lịch sử thiếu nước Nà Hin"))
    assert "bao nhiêu hộ thiếu nước" in short
    for called in ("lịch sử số hộ thiếu nước thôn Nà Hin", "lich su so luong ho thieu nuoc na hin"):
        assert text_of(await officer.says(called)) == short


async def test_the_history_of_a_figure_is_of_the_period_that_is_named(
    town: Town, head: Phone, officer: Phone
) -> None:
    earlier = text_of(await officer.says("lịch sử hộ đang dùng nước hợp vệ sinh Nà Hin tháng 10"))
    assert ("tháng 10/2026" in earlier, "gửi 109 hộ" in earlier, "25 hộ" in earlier) == (True, True, False)
    assert "Không thấy báo cáo nào" in text_of(await officer.says("lịch sử nước Nà Hin tháng 2/2020"))
    assert "tháng 10/2026" in text_of(await officer.says("lịch sử báo cáo nước Nà Hin tháng 10"))
    assert "tháng 11/2026" in text_of(await officer.says("lịch sử nước Nà Hin quý IV"))
    assert "Không thấy" in text_of(await officer.says("lịch sử hộ thiếu nước Nà Hin tháng 2/2020"))
    for words in ("năm ngoái", "năm 2025", "tháng 13", "tháng 10 năm ngoái"):
        assert "Không thấy báo cáo nào" in text_of(await officer.says(f"lịch sử nước Nà Hin {words}")), words
    assert "tháng 10/2026" in text_of(await officer.says("lịch sử báo cáo nước Nà Hin kỳ trước"))


async def test_a_report_s_history_and_its_reasons_are_found_by_what_people_ask(
    town: Town, head: Phone, officer: Phone
) -> None:
    for words in (
        "số nước Nà Hin sửa mấy lần rồi?",
        "ai duyệt báo cáo nước Nà Hin",
        "nước sinh hoạt Nà Hin ai gửi",
    ):
        whole = text_of(await officer.says(words))
        assert ("Lịch sử báo cáo" in whole, "tháng 11/2026" in whole) == (True, True), words
    assert "3. Bao nhiêu hộ đang dùng nước hợp vệ sinh" in labels(officer.shown[-1:])
    for words in (
        "vì sao nước Nà Hin giảm",
        "lý do số nước Nà Hin",
        "hộ dùng nước hợp vệ sinh Nà Hin sao giảm",
    ):
        why = text_of(await officer.says(words))
        assert "Tháng 10/2026 là 109 hộ, nay 25 hộ. Lý do: Nguồn nước cạn" in why, words
    assert "Chưa ai ghi lý do" in text_of(await officer.says("vì sao nước Nà Hin tháng 10 tăng"))
    await officer.says("vì sao nước Nà Hin giảm")
    assert "gửi 25 hộ" in text_of(await officer.presses("Lịch sử: Hộ dùng nước hợp vệ sinh"))


async def test_whose_figure_is_asked_after_is_the_one_shown_last(
    town: Town, head: Phone, officer: Phone
) -> None:
    await officer.says("hộ nghèo Nà Hin")
    shown = text_of(await officer.says("lịch sử thiếu nước Nà Hin"))
    for words in ("ai báo số này", "từ đâu ra số này?"):
        assert text_of(await officer.says(words)) == shown
    assert "Chưa thấy số ấy" in text_of(await officer.says("ai sửa đường ở Nà Hin"))
    assert "Lịch sử số của thôn nào" in text_of(await officer.says("ai sửa số của tôi"))


async def test_the_history_of_a_figure_is_for_the_village_and_its_commune(
    town: Town, head: Phone, officer: Phone
) -> None:
    await head.says("ai sửa số của tôi")
    assert labels(head.shown[-1:])[0] == "Nước sinh hoạt, tháng 11/2026"
    own = text_of(await head.says("lịch sử hộ đang dùng nước hợp vệ sinh"))
    assert "duyệt" not in own
    assert "Nông Văn Tài" not in own
    assert labels(head.shown[-1:])
    for other in ("Bản Sáo", "Không Có Đâu"):
        said = text_of(await head.says(f"lịch sử nước sạch thôn {other}"))
        assert said == f"Đây là lịch sử của thôn Nà Hin: bác xem được của thôn mình ạ.\n\n{own}"
    province = await town.enrolled("p", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hoa")
    said = text_of(await province.says("lịch sử nước sạch Nà Hin"))
    assert "chỉ thôn và xã xem được" in said
    assert "tháng 10/2026" in said
    await province.says("hộ dùng nước hợp vệ sinh xã Vĩnh Thông")
    assert "cộng từ các nơi dưới đây" in text_of(await province.says("từ đâu ra số này?"))


async def test_the_monday_view(town: Town, head: Phone, officer: Phone) -> None:
    said = text_of(await officer.says("việc tuần này"))
    assert "Đã nhận 1/" in said
    assert "Quá hạn, chưa gửi" in said
    assert "Phiếu có số cần xem: 1" in said
    assert "109 hộ, nay 25 hộ. Lý do: Nguồn nước cạn." in said
    assert "Chờ anh/chị duyệt: 2 phiếu." in said
    assert "Mục này dành cho cán bộ xã" in text_of(await head.says("/viectuan"))


async def test_the_metrics_tell_completeness_and_timeliness(town: Town, head: Phone) -> None:
    rates = ReportingRates(town.storage, town.dispatch.library, lambda: town.now)

    async def told() -> dict[str, float]:
        [family] = await rates.read()
        return {one.labels["count"]: one.value for one in family.samples if one.labels["form"] == "nuoc-sach"}

    first = await told()
    assert (first["received"], first["on_time"]) == (1, 0), "sent on 20 November, due on the 7th"
    assert first["expected"] > 1
    await report(await town.head("b", "Nà Lốc", "Hoàng Thị Mai"), CLEAR)
    assert await told() == first, "not counted anew at once"
    town.later(minutes=15)
    assert await told() == first | {"received": 2}


async def test_a_report_of_noughts_is_received(town: Town, officer: Phone) -> None:
    before = text_of(await officer.says("/viectuan"))
    other = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await report(other, ("1", "0", "0", "0", "0"))
    assert "Nước sinh hoạt, tháng 11/2026: nhận 0/3" in before
    assert "Nước sinh hoạt, tháng 11/2026: nhận 1/3" in text_of(await officer.says("/viectuan"))


async def test_the_weekly_letters_begin_with_what_is_to_be_checked_and_what_came_back(
    town: Town, head: Phone, officer: Phone
) -> None:
    await choose_figure(officer)
    await act(town, officer, head, "Khác nhiều so với kỳ trước")
    await town.heard()
    monday = town.now.replace(day=23, hour=7, minute=30)
    await write_round(town.storage, town.dispatch.library, monday, "weekly")
    said = dict(await town.heard())
    awaiting = text_of([said[officer.address]]).split("\n\n")[1]
    assert awaiting.startswith("Đang chờ anh/chị\n1 báo cáo có số nghi ngờ, cần xem.")
    assert "1 số đã gửi lại mà chưa được trả lời." in awaiting
    assert "Kiểm tra" in "\n".join(labels([said[officer.address]]))
    assert "Cán bộ gửi lại 1 số" in text_of([said[head.address]])


async def test_the_journal_names_the_role_that_was_used(town: Town, head: Phone) -> None:
    both = await town.enrolled("p", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hoa")
    [province] = await town.rows(Role, Role.role == RoleName.PROVINCE_OFFICER)
    commune = (town.places["Vĩnh Thông"], RoleName.COMMUNE_OFFICER, town.now)
    await town.storage.write(lambda session: people.add_role(session, province.person_id, *commune))
    await both.says("/kiemtra")
    await both.presses("Nà Hin, Nước")
    await both.presses("Duyệt phiếu này")
    async with town.storage.reading() as session:
        chosen = select(JournalEntry.role).where(JournalEntry.kind == "approved")
        assert list(await session.exec(chosen)) == [RoleName.COMMUNE_OFFICER]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("không đúng, chỉ 21 hộ thôi", "21 hộ (thay cho 24 hộ)"),
        ("khong dung, chi 21 ho thoi", "21 hộ (thay cho 24 hộ)"),
        ("21", "21 hộ (thay cho 24 hộ)"),
        ("không đúng, chỉ 300 hộ thôi", "Câu 5/7"),
        ("không đúng, 22 hay 21 hộ thôi", "«không đúng, 22 hay 21 hộ thôi» máy chưa ghi"),
        ("không đúng, chỉ 2 công trình thôi", "«không đúng, chỉ 2 công trình thôi» máy chưa ghi"),
    ],
)
async def test_a_figure_said_beside_no_is_offered_for_what_was_corrected(
    town: Town, head: Phone, officer: Phone, typed: str, said: str
) -> None:
    await corrected(town, head, officer, "5: 24")
    await head.presses("Không đúng")
    assert said in text_of(await head.says(typed))


async def test_a_figure_said_beside_no_at_any_review_is_not_lost(head: Phone) -> None:
    await head.says("sửa báo cáo nước")
    await head.presses("Sửa báo cáo này")
    said = text_of(await head.says("không đúng, chỉ 21 hộ thôi"))
    assert "«không đúng, chỉ 21 hộ thôi» máy chưa ghi" in said


async def test_a_figure_is_sent_back_as_long_as_late_reports_are_taken_and_then_mended(
    town: Town, head: Phone, officer: Phone
) -> None:
    town.later(days=24)  # the last day; reports of the month could be corrected until a week ago
    await send_back(officer)
    await heard_by(town, head)
    assert "↩️ Cán bộ nhờ bác xem lại 1 số" in text_of(await head.says("báo cáo"))
    await head.says("menu")
    await head.presses("↩️ Số nhờ xem lại (1)")
    await head.presses("Xem lại: Nước")
    assert "25 hộ" in text_of(await head.presses("Sửa số này"))
    await head.says("105")
    await head.says("4: 105")
    _, told = await act(town, head, officer, words="gửi")
    assert "25 hộ → 105 hộ" in told


async def test_when_nothing_can_be_sent_back_any_more_the_report_says_since_when(
    town: Town, head: Phone, officer: Phone
) -> None:
    await choose_figure(officer)
    town.later(days=25)
    for label in ("Không khớp với số khác", "Nà Hin, Nước"):
        said = text_of(await officer.presses(label))
        assert "hết hạn sửa từ 15/12/2026, không trả lại được nữa" in said
        assert "Trả lại một số" not in labels(officer.shown[-1:])
    assert await town.rows(FigureReturn) == []


async def test_the_last_who_leaves_reads_what_waits_and_those_above_are_told(
    town: Town, head: Phone, officer: Phone
) -> None:
    await reads_what_came_back(town, head, officer)
    province = await town.enrolled("p", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hoa")
    await head.says("quyền của tôi")
    asked = text_of(await head.presses("Rút đồng ý"))
    assert "chỉ có bác báo cáo qua máy" in asked
    assert "Đang chờ ở đó: 1 số đã trả lại chưa trả lời" in asked
    _, told = await head.act(officer, press="Rút đồng ý ngay")
    assert "không còn ai của thôn trên máy" in told
    assert "Đang chờ ở đó: 1 số đã trả lại chưa trả lời" in told
    await officer.says("kiểm tra Nà Hin")
    assert "Nay không còn ai của thôn báo cáo trên máy" in text_of(await officer.presses("Nước"))
    assert "chỉ có anh/chị là cán bộ trên máy" in text_of(await officer.says("/roi"))
    _, told = await officer.act(province, press="Rời và xoá")
    assert "Xã Vĩnh Thông: cán bộ đã thôi, nay không còn cán bộ nào trên máy" in told
    assert "2 phiếu chưa duyệt, 1 số đã trả lại chưa trả lời" in told
