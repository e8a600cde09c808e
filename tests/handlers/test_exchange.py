"""Words between a village and its commune: bound to what they are about, limited, stopped by either, read by no other."""

from typing import Final

import pytest
from sqlalchemy import update
from sqlmodel import col

from handlers.messages import MessageKind
from handlers.screens.checking import CheckReport
from storage.tables import Exchange, InterviewRow, Person, Remark, Role, RoleName, Submission
from tests.handlers.beginnings import Beginnings
from tests.handlers.chatting import Phone, Town, arrives, labels, text_of

WATER = ("120", "120", "109", "109", "20", "0", "0")


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def enrolled(town: Town) -> Phone:
    return await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


async def read_by_officer(town: Town) -> Phone:
    """A head whose report the officer has open."""
    officer, phone = town.begun["officer"], await town.head("a")
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for answer in WATER:
        await phone.says(answer)
    await phone.presses("Gửi")
    await officer.says("kiểm tra số liệu")
    await officer.presses("Nà Hin, Nước")
    return phone


BEGINNINGS = Beginnings("exchange", officer=enrolled, head=read_by_officer)


async def test_words_about_a_report_go_both_ways_and_stay_with_it(
    town: Town, head: Phone, officer: Phone
) -> None:
    await officer.presses("Nhắn thôn")
    said, told = await officer.act(head, text="Số này tính cả xóm mới chưa bác?")
    assert "Đã chuyển cho thôn" in said
    assert "Về báo cáo Nước sinh hoạt" in told
    assert "Xã nhắn bác: Số này tính cả xóm mới chưa bác?" in told
    await head.presses("Xem, sửa báo cáo này")
    assert "Báo cáo đã gửi" in text_of(head.shown[-1:])
    await head.presses("Trả lời")
    said, told = await head.act(officer, text="tính rồi ạ")
    await officer.presses("Xem phiếu")
    assert "Nà Hin, Nước sinh hoạt" in text_of(officer.shown[-1:])
    assert "Đã chuyển cho xã" in said
    assert "Thôn nhắn: tính rồi ạ" in told
    await officer.says("kiểm tra số liệu")
    await officer.presses("Nà Hin, Nước")
    history = text_of(await officer.presses("Lịch sử"))
    assert "thôn: tính rồi ạ" in history


async def test_three_in_a_row_then_the_other_side_answers(town: Town, head: Phone, officer: Phone) -> None:
    for number in range(3):
        await officer.presses("Nhắn thôn" if not number else "Xem lời qua lại")
        if number:
            await officer.presses("Nhắn thêm")
        await officer.act(head, text=f"lần {['mot', 'hai', 'ba'][number]}")
    await officer.presses("Xem lời qua lại")
    assert "Nhắn thêm" not in labels(officer.shown[-1:])
    [exchange] = await town.rows(Exchange)
    assert "3 lần liền" in text_of(await officer.presses_data(f"x:a:{exchange.id}"))
    await head.presses("Trả lời")
    await head.act(officer, text="vâng tôi xem lại")
    assert "Bác nhắn thôn" in text_of(await officer.presses("Trả lời")).replace("Anh/chị", "Bác")


async def test_words_of_4000_letters_are_asked_for_again(town: Town, head: Phone, officer: Phone) -> None:
    await officer.presses("Nhắn thôn")
    said, told = await officer.act(head, text="số này " * 570)
    assert "trong 300 chữ" in said
    assert told == ""
    assert await town.rows(Remark) == []


async def test_either_side_stops_it_and_only_that_side_goes_on(
    town: Town, head: Phone, officer: Phone
) -> None:
    await officer.presses("Nhắn thôn")
    await officer.act(head, text="xem lại giúp")
    await town.heard()
    await head.presses("Thôi, không nhắn nữa")
    [exchange] = await town.rows(Exchange)
    assert exchange.stopped_by == "place"
    refused = text_of(await officer.presses_data(f"x:a:{exchange.id}"))
    assert "đã dừng" in refused
    assert "đã dừng" in text_of(await officer.presses_data(f"x:o:{exchange.id}"))
    await head.presses("Nhắn tiếp")
    [exchange] = await town.rows(Exchange)
    assert exchange.stopped_by == ""


async def test_nobody_else_reads_or_writes(town: Town, head: Phone, officer: Phone) -> None:
    await officer.presses("Nhắn thôn")
    await officer.act(head, text="xem lại giúp")
    [exchange] = await town.rows(Exchange)
    neighbour = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    province = await town.enrolled("p", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hoa")
    for phone in (neighbour, province):
        missing = text_of(await phone.presses_data("x:v:9999"))
        for data in (f"x:v:{exchange.id}", f"x:a:{exchange.id}", f"x:s:{exchange.id}", "x:w:1:0", "x:n:1"):
            assert text_of(await phone.presses_data(data)) == missing


async def test_an_announcement_is_asked_about_and_its_author_answers(
    town: Town, head: Phone, officer: Phone
) -> None:
    await officer.says("/thongbao")
    await officer.presses("trưởng thôn")
    await town.heard()
    await officer.says("Họp thôn chiều thứ bảy.")
    await town.heard()
    await town.dispatch.handle(officer.incoming(MessageKind.PRESS, press=officer.button("Gửi")), town.channel)
    head.shown += [reply for address, reply in await town.heard() if address == head.address]
    await head.presses("Hỏi lại")
    said, told = await head.act(officer, text="họp ở đâu ạ")
    assert "Đã chuyển cho xã" in said
    assert "Về thông báo «Họp thôn chiều thứ bảy.»" in told


async def test_what_somebody_said_goes_with_them(town: Town, head: Phone, officer: Phone) -> None:
    await officer.presses("Nhắn thôn")
    await officer.act(head, text="xem lại giúp")
    await head.presses("Trả lời")
    await head.act(officer, text="nhà tôi ốm nên muộn")
    await head.says("/roi")
    await head.presses("Rời và xoá")
    rows = await town.rows(Remark, col(Remark.side) == "place")
    assert [(row.person_id, row.text) for row in rows] == [(None, "")]


async def test_an_officer_with_another_post_gets_no_more_words(
    town: Town, head: Phone, officer: Phone
) -> None:
    await officer.presses("Nhắn thôn")
    await officer.act(head, text="xem lại giúp")
    colleague = await town.enrolled("y", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Bàn Thị Pham")
    [person] = await town.rows(Person, Person.name == "Nông Văn Tài")
    moved = update(Role).where(col(Role.person_id) == person.id).values(place_id=town.places["Mỹ Lý"])
    await town.storage.write(lambda session: session.exec(moved))
    await head.presses("Trả lời")
    _, before, now = await head.act(officer, colleague, text="nhà tôi ốm nên muộn")
    assert "ốm" not in before
    assert "ốm" in now


async def test_an_administrator_of_the_village_is_no_side(town: Town, head: Phone, officer: Phone) -> None:
    await officer.presses("Nhắn thôn")
    await officer.act(head, text="xem lại giúp")
    [exchange] = await town.rows(Exchange)
    keeper = await town.enrolled("k", "Nà Hin", RoleName.ADMINISTRATOR, "Trần Văn Bình")
    assert "xem lại" not in text_of(await keeper.presses_data(f"x:v:{exchange.id}"))


@pytest.mark.parametrize("words", ["thôi", "để sau", "kiểm tra số liệu"])
async def test_what_is_meant_for_the_bot_is_passed_on_to_nobody(
    town: Town, head: Phone, officer: Phone, words: str
) -> None:
    await officer.presses("Nhắn thôn")
    assert "Thôi, không nhắn nữa" not in labels(officer.shown[-1:])
    _, told = await officer.act(head, text=words)
    assert told == ""
    assert await town.rows(Remark) == []


async def test_words_that_were_not_said_are_awaited_no_more(town: Town, head: Phone, officer: Phone) -> None:
    for leaves in ("Chưa nhắn", ""):
        await officer.presses_data("x:w:1:0")
        await (officer.presses(leaves) if leaves else officer.says("kiểm tra số liệu"))
        _, told = await officer.act(head, text="xin chào cả nhà")
        assert told == ""


async def test_the_two_sides_are_called_by_their_own_levels(town: Town, head: Phone, officer: Phone) -> None:
    """Of a commune's own report the commune is the one that reports, and the province the one that asks."""
    province = await town.enrolled("p", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hoa")
    [report] = await town.rows(Submission)
    moved = update(Submission).values(place_id=town.places["Vĩnh Thông"])
    await town.storage.write(lambda session: session.exec(moved))
    assert "Nhắn xã" in labels(await province.presses_data(str(CheckReport(report.id))))
    assert "nhắn xã điều gì" in text_of(await province.presses("Nhắn xã"))
    said, told = await province.act(officer, text="xem lại giúp")
    assert "Đã chuyển cho xã" in said
    assert "Tỉnh nhắn" in told
    assert "nhắn tỉnh điều gì" in text_of(await officer.presses("Trả lời"))
    said, told = await officer.act(province, text="đã xem ạ")
    assert "Đã chuyển cho tỉnh" in said
    assert "Xã nhắn: đã xem ạ" in told


async def words_within_another(town: Town, head: Phone, officer: Phone) -> None:
    """The officer asks about a figure while the head answers another questionnaire."""
    await officer.presses("Nhắn thôn")
    await head.says("làm phiếu nhà ở")
    assert "Câu 1/" in text_of(head.shown[-1:])
    await officer.act(head, text="6 hộ hay 63 hộ ạ?")
    await arrives(town)


async def stored(town: Town) -> list[str]:
    """What the open interview holds."""
    values: dict[str, str] = (await town.rows(InterviewRow))[-1].state["values"]
    return [value for path, value in values.items() if path.startswith("/data/nha")]


@pytest.mark.parametrize("typed", ["63", "63 hộ", "63 chứ ạ"])
async def test_a_number_under_words_is_of_the_question_only_if_the_head_says_so(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await words_within_another(town, head, officer)
    said = await head.says(typed)
    assert f"Chưa ghi «{typed}»: bác trả lời tin vừa nhận ở trên, hay câu 1" in text_of(said)
    assert await stored(town) == []
    assert [label for label in labels(said) if "Tin vừa nhận" in label][1] == "Tin vừa nhận: Trả lời"
    assert "Ghi nhận" not in text_of(await head.says("vâng")), "which of the two?"
    assert "Ghi nhận: 63" in text_of(await head.presses("Câu 1 là 63 hộ"))


async def test_what_is_typed_under_words_may_be_their_answer(town: Town, head: Phone, officer: Phone) -> None:
    await words_within_another(town, head, officer)
    await head.says("63")
    await head.presses("Tin vừa nhận: Trả lời")
    _, told = await head.act(officer, text="63")
    assert "Thôn nhắn: 63" in told
    assert await stored(town) == []


async def test_once_asked_which_a_number_is_of_the_question(town: Town, head: Phone, officer: Phone) -> None:
    await words_within_another(town, head, officer)
    await head.says("63")
    assert "Ghi nhận: 63" in text_of(await head.says("63"))
    assert "Ghi nhận" in text_of(await head.says("3"))


async def test_a_number_under_a_figure_that_was_returned_answers_no_other_question(
    town: Town, head: Phone, officer: Phone
) -> None:
    await head.says("làm phiếu nhà ở")
    await officer.presses("Trả lại một số")
    await officer.presses("3.")
    await officer.presses("Không khớp")
    await arrives(town)
    said = await head.says("30")
    assert "Chưa ghi «30»" in text_of(said)
    assert {"Tin vừa nhận: Sửa số này", "Câu 1 là 30 hộ"} < set(labels(said))
    assert await stored(town) == []


WORDS: Final = (
    "như cũ",
    "không đúng",
    "khong dung",
    "đúng rồi",
    "dung roi",
    "ừ",
    "bỏ qua",
    "quay lại",
    "xong rồi",
)


@pytest.mark.parametrize("typed", WORDS)
async def test_words_under_words_do_nothing_in_the_open_questionnaire(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await officer.presses("Nhắn thôn")
    await head.says("làm phiếu nhà ở")
    await head.says("63")
    await head.says("lùi")
    await officer.act(head, text="6 hộ hay 63 hộ ạ?")
    await arrives(town)
    before = (await town.rows(InterviewRow))[-1].state
    said = await head.says(typed)
    assert f"Chưa ghi «{typed}»: bác trả lời tin vừa nhận ở trên, hay câu 1" in text_of(said)
    assert {"Tin vừa nhận: Trả lời", "Giữ nguyên: 63 hộ"} < set(labels(said))
    assert (await town.rows(InterviewRow))[-1].state == before


@pytest.mark.parametrize(
    ("typed", "said"), [("để sau", "để"), ("báo cáo", "Báo cáo"), ("nghĩa là gì", "Câu 1/")]
)
async def test_what_is_for_the_bot_is_done_under_words_too(
    town: Town, head: Phone, officer: Phone, typed: str, said: str
) -> None:
    await words_within_another(town, head, officer)
    answer = text_of(await head.says(typed))
    assert said in answer
    assert "Chưa ghi" not in answer


@pytest.mark.parametrize("typed", ["đúng", "dung", "ừ đúng rồi", "sửa", "Có lý do", "dân chuyển đi nhiều"])
async def test_words_under_words_settle_no_figure_that_is_asked_about(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    town.later(days=30)
    await officer.presses("Nhắn thôn")
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in ("120", "120", "25"):
        await head.says(answer)
    assert {"Đúng", "Sửa", "Có lý do"} <= set(labels(head.shown[-1:]))
    await officer.act(head, text="6 hộ hay 63 hộ ạ?")
    await arrives(town)
    said = await head.says(typed)
    assert f"Chưa ghi «{typed}»" in text_of(said)
    assert {"Tin vừa nhận: Trả lời", "Đúng", "Sửa"} < set(labels(said))
    if typed == "đúng":
        assert "Câu 4/" in text_of(await head.says(typed)), "once asked about, it is for the figure"


async def test_a_yes_to_a_returned_figure_says_which_and_is_no_reason(
    town: Town, head: Phone, officer: Phone
) -> None:
    await head.says("làm phiếu nhà ở")
    await officer.presses("Trả lại một số")
    await officer.presses("3.")
    await officer.presses("Không khớp")
    await arrives(town)
    await head.says("2")
    said = await head.says("đúng")
    assert "Chưa ghi «đúng»" in text_of(said), "the 2, or what was returned?"
    assert {"Câu 1 là 2 hộ", "Tin vừa nhận: Số này đúng"} < set(labels(said))
    asked = text_of(await head.presses("Tin vừa nhận: Số này đúng"))
    assert "109 hộ là đúng vì sao ạ?" in asked
    again = text_of(await head.says("ừ đúng rồi"))
    assert "Bác ghi lý do bằng chữ" in again
    assert "109 hộ là đúng vì sao ạ?" in again
    assert "Đã ghi lời bác" in text_of(await head.says("mó nước cạn"))


@pytest.mark.parametrize("yes", ["", "vâng"])
async def test_what_is_typed_under_words_while_nothing_is_open_can_be_passed_on(
    town: Town, head: Phone, officer: Phone, yes: str
) -> None:
    await officer.presses("Nhắn thôn")
    await officer.act(head, text="Nhà ông Páo xong chưa bác?")
    await arrives(town)
    said = await head.says("dạ xong rồi ạ, còn mỗi nhà bà Mỷ")
    assert "Lời này chưa gửi cho ai: «dạ xong rồi ạ, còn mỗi nhà bà Mỷ»" in text_of(said)
    assert labels(said)[:2] == ["Gửi lời này cho xã", "Chưa nhắn"]
    assert "Khẩn cấp" in labels(said)[2]
    if yes:
        await head.says(yes)
    else:
        await head.presses("Gửi lời này cho xã")
    assert [row.text for row in await town.rows(Remark, col(Remark.side) == "place")] == [
        "dạ xong rồi ạ, còn mỗi nhà bà Mỷ"
    ]


@pytest.mark.parametrize("typed", ["cảm ơn anh", "báo cáo", "không"])
async def test_what_is_no_answer_to_words_is_passed_on_to_nobody(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await officer.presses("Nhắn thôn")
    await officer.act(head, text="Nhà ông Páo xong chưa bác?")
    await arrives(town)
    await head.says("dạ xong rồi ạ, còn mỗi nhà bà Mỷ")
    await head.says(typed)
    await head.says("vâng")
    assert await town.rows(Remark, col(Remark.side) == "place") == []


async def announced(town: Town, officer: Phone, head: Phone, text: str) -> None:
    """The commune's announcement reaches the head."""
    await officer.says("/thongbao")
    await officer.presses("trưởng thôn")
    await officer.says(text)
    await officer.act(head, press="Gửi")
    await arrives(town)


async def head_asks(town: Town, officer: Phone, head: Phone, text: str) -> None:
    """A head's question about an announcement reaches the commune."""
    await announced(town, officer, head, "Họp xã 8h sáng thứ tư, bác nào không đi được nhắn lại.")
    await head.presses("Hỏi lại")
    await head.act(officer, text=text)
    await arrives(town)


async def said_by(town: Town, side: str) -> list[str]:
    return [row.text for row in await town.rows(Remark, col(Remark.side) == side)]


@pytest.mark.parametrize(
    "typed", ["duoc bac a", "tre duoi 5 tuoi bac a", "duoi 5 tuoi nhe", "8 gio sang", "tram y te"]
)
async def test_what_an_officer_types_under_a_heads_question_can_be_passed_on(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await head_asks(town, officer, head, "cử phó thôn đi thay được không")
    said = await officer.says(typed)
    assert f"Lời này chưa gửi cho ai: «{typed}»" in text_of(said)
    assert labels(said)[:3] == ["Gửi lời này cho thôn", "Chưa nhắn", "Hỏi số liệu"]
    _, told = await officer.act(head, press="Gửi lời này cho thôn")
    assert f"Xã nhắn bác: {typed}" in told


@pytest.mark.parametrize(
    "typed", ["thôn nào chưa báo cáo nước", "xã mình có bao nhiêu hộ nghèo", "cảm ơn bác", "/menu"]
)
async def test_what_is_clearly_for_the_bot_is_answered_under_a_heads_question_too(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await head_asks(town, officer, head, "họp ở đâu ạ?")
    assert "chưa gửi cho ai" not in text_of(await officer.says(typed))


async def test_words_under_a_heads_question_may_ask_for_figures(
    town: Town, head: Phone, officer: Phone
) -> None:
    await head_asks(town, officer, head, "họp ở đâu ạ?")
    await officer.says("hộ nghèo")
    assert "chưa gửi cho ai" not in text_of(await officer.presses("Hỏi số liệu"))
    assert await said_by(town, "office") == []


async def test_a_yes_under_what_asks_nothing_is_a_courtesy(town: Town, head: Phone, officer: Phone) -> None:
    await head_asks(town, officer, head, "bác bận đám cưới")
    assert "chưa gửi cho ai" not in text_of(await officer.says("vâng bác"))


@pytest.mark.parametrize("writes", ["head", "officer"])
async def test_what_is_typed_while_words_wait_for_a_yes_is_said_too(
    town: Town, head: Phone, officer: Phone, writes: str
) -> None:
    await head_asks(town, officer, head, "tiêm cho trẻ nào ạ?")
    writer, side = (officer, "office") if writes == "officer" else (head, "place")
    if writes == "head":
        await officer.presses("Trả lời")
        await officer.act(head, text="trẻ dưới 5 tuổi bác ạ")
        await arrives(town)
    await writer.says("ca tre o nha ong ba ngoai nua a")
    said = text_of(await writer.says("the con tre 6 tuoi"))
    both = "ca tre o nha ong ba ngoai nua a the con tre 6 tuoi"
    assert f"Lời này chưa gửi cho ai: «{both}»" in said
    await writer.presses("Gửi lời này cho")
    assert (await said_by(town, side))[-1] == both


async def test_words_that_wait_for_a_yes_are_named_under_the_next_screen(
    town: Town, head: Phone, officer: Phone
) -> None:
    await head_asks(town, officer, head, "tiêm cho trẻ nào ạ?")
    await officer.says("tre duoi 5 tuoi bac a")
    said = await officer.says("các thôn")
    assert "Lời «tre duoi 5 tuoi bac a» của anh/chị máy chưa gửi" in text_of(said)
    assert "Gửi lời ấy" in labels(said)
    assert "chưa gửi" not in text_of(await officer.says("menu")), "once is enough"
    await officer.presses("Gửi lời ấy")
    assert (await said_by(town, "office"))[-1] == "tre duoi 5 tuoi bac a"


@pytest.mark.parametrize(
    "typed",
    [
        "toi khong di hop duoc chau a",
        "chau bao voi xa la bac ban dam cuoi",
        "mai toi ban dam cuoi khong len duoc",
        "bua mai ban lam nuong, cu vo toi di thay nhe",
        "may gio hop",
    ],
)
async def test_what_a_head_types_under_an_announcement_can_be_passed_on(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await announced(town, officer, head, "Họp xã sáng thứ tư, bác nào không đi được nhắn lại.")
    said = await head.says(typed)
    assert f"Lời này chưa gửi cho ai: «{typed}»" in text_of(said)
    assert labels(said)[0] == "Gửi lời này cho xã"
    _, told = await head.act(officer, press="Gửi lời này cho xã")
    assert f"Thôn nhắn: {typed}" in told


@pytest.mark.parametrize("typed", ["báo cáo", "vâng ạ", "120", "làm phiếu nước"])
async def test_what_is_for_the_bot_under_an_announcement_is_offered_to_nobody(
    town: Town, head: Phone, officer: Phone, typed: str
) -> None:
    await announced(town, officer, head, "Họp xã sáng thứ tư.")
    assert "chưa gửi cho ai" not in text_of(await head.says(typed))


@pytest.mark.parametrize(("days", "offered"), [(1, True), (3, False)])
async def test_what_nobody_understands_after_an_officers_words_can_be_passed_on_for_two_days(
    town: Town, head: Phone, officer: Phone, days: int, offered: bool
) -> None:
    await officer.presses("Nhắn thôn")
    await officer.act(head, text="sáng thứ tư bác lên xã họp nhé")
    await arrives(town)
    await head.says("vâng ạ")
    await arrives(town)
    town.later(days=days)
    said = text_of(await head.says("chau oi nha toi co dam cuoi"))
    assert ("Lời này chưa gửi cho ai" in said, "chưa hiểu" in said) == (offered, not offered)
