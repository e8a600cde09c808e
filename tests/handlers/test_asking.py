"""Officials ask for figures: the answer with where it comes from, going on, and what is nobody's to know."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlmodel import select

from handlers.asking import one_place, ranking
from questionnaires.answers import AnswerKind
from questionnaires.xlsform import compile_form
from reports.pictures import draw
from reports.spreadsheet import workbook
from storage import forms, restoring
from storage.session import Session
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession, RoleName, Submission
from tests.handlers.beginnings import Beginnings, commune_officer
from tests.handlers.chatting import (
    Phone,
    Town,
    add,
    bundled,
    labels,
    send_report,
    text_of,
)

COUNTS = {"nuoc_ho": 50, "nuoc_ho_dtts": 40, "nuoc_ho_hvs": 25, "nuoc_ho_dtts_hvs": 20, "nuoc_ho_thieu": 3}


BEGINNINGS = Beginnings("asking", officer=commune_officer)


def water(**changes: int) -> dict[str, str]:
    """A village's report on water, by path."""
    counts = {**COUNTS, **changes}
    paths = {question.name: question.path for question in bundled("nuoc-sach").questions}
    return {path: str(counts[name]) for name, path in paths.items() if name in counts}


async def two_villages(town: Town) -> None:
    """Nà Hin has hygienic water in 25 of 50 households, Nà Lốc in 45 of 50; Bản Pàu is silent."""
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await send_report(town, "nuoc-sach", "Nà Lốc", water(nuoc_ho_hvs=45))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_figure_says_where_it_comes_from(town: Town, officer: Phone) -> None:
    await two_villages(town)
    said = text_of(await officer.says("nước hợp vệ sinh xã mình"))
    assert "xã Vĩnh Thông, tỉnh Thái Nguyên" in said
    assert "Hộ dùng nước hợp vệ sinh: 70 % (70/100)" in said
    assert "Kỳ còn nhận báo cáo: 2/3 thôn báo kỳ này; 1 thôn chưa có số." in said
    assert "20/11/2026" in said
    assert "Theo địa giới hiện nay" in said


async def test_after_a_restore_a_whole_question_is_answered_at_once_and_nothing_less(
    town: Town, officer: Phone
) -> None:
    await two_villages(town)
    await town.storage.write(restoring.mark)
    said = text_of(await officer.says("nước hợp vệ sinh xã mình"))
    assert said.startswith("Máy vừa được khôi phục")
    assert "70 % (70/100)" in said
    for words in ("còn thôn Nà Hin", "ừ"):
        await town.storage.write(restoring.mark)
        said = text_of(await officer.says(words))
        assert "Tin vừa rồi chưa được ghi" in said
        assert "%" not in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_villages_figure_says_who_sent_it(town: Town, officer: Phone) -> None:
    await town.head("thon")
    await town.heard()
    await two_villages(town)
    said = text_of(await officer.says("nước hợp vệ sinh thôn Nà Hin"))
    [row] = [each for each in await town.rows(Submission) if each.place_id == town.places["Nà Hin"]]
    assert f"biên nhận {row.receipt}" in said
    assert "Người gửi: Nông Văn Tài" in said
    assert "Người gửi" not in text_of(await officer.says("nước hợp vệ sinh toàn xã"))


async def test_the_history_under_a_figure_is_that_of_its_own_report(town: Town, officer: Phone) -> None:
    await town.head("thon")
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho_hvs=41), back=1)
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho_hvs=25))
    for words, month, households in (
        ("nước hợp vệ sinh thôn Nà Hin", "tháng 11/2026", 25),
        ("nước hợp vệ sinh thôn Nà Hin tháng 10/2026", "tháng 10/2026", 41),
    ):
        assert f"({households}/50)" in text_of(await officer.says(words))
        said = text_of(await officer.presses("Lịch sử"))
        assert f"Nước sinh hoạt, {month}" in said
        report = text_of(await officer.presses("báo cáo này"))
        assert month in report


async def test_no_report_is_not_nothing(officer: Phone) -> None:
    said = text_of(await officer.says("nước hợp vệ sinh toàn xã"))
    assert "chưa có báo cáo kỳ này" in said
    assert "0/3" in said
    assert ": 0 " not in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_ranking_shares_places_and_names_who_is_silent(town: Town, officer: Phone) -> None:
    await two_villages(town)
    said = await officer.says("thôn nào nước hợp vệ sinh thấp nhất")
    lines = text_of(said).splitlines()
    assert lines[1] == "1. thôn Nà Hin: 50 % (25/50)"
    assert lines[2] == "2. thôn Nà Lốc: 90 % (45/50)"
    assert "chưa có số liệu: thôn Bản Pàu" in text_of(said)
    await send_report(town, "nuoc-sach", "Bản Pàu", water(nuoc_ho_hvs=45))
    ranks = [
        line.split(".")[0]
        for line in text_of(await officer.says("xếp hạng nước hợp vệ sinh các thôn")).splitlines()[1:4]
    ]
    assert ranks == ["1", "1", "3"]
    # A unit of the ranking leads to its own figure, and to no ranking again.
    assert text_of(await officer.presses("thôn Nà Hin")).startswith("thôn Nà Hin")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_units_are_picked_by_a_bound(town: Town, officer: Phone) -> None:
    await two_villages(town)
    said = text_of(await officer.says("thôn nào nước hợp vệ sinh dưới 80%"))
    assert "1 thôn dưới 80 %:" in said
    assert "Nà Hin" in said
    assert "Nà Lốc" not in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_question_goes_on_from_the_one_before(town: Town, officer: Phone) -> None:
    await two_villages(town)
    await officer.says("nước hợp vệ sinh toàn xã")
    assert "thôn Nà Lốc" in text_of(await officer.says("còn thôn Nà Lốc?"))
    assert "90 % (45/50)" in text_of(await officer.says("tháng này thì sao"))
    town.later(hours=1)
    later = await officer.says("còn thôn Nà Hin?")
    assert "chỉ số nào" in text_of(later)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_buttons_lead_down_and_back(town: Town, officer: Phone) -> None:
    await two_villages(town)
    said = await officer.says("nước hợp vệ sinh toàn xã")
    assert "Xem các thôn" in labels(said)
    listed = await officer.presses("Xem các thôn")
    assert "1. thôn Nà Lốc: 90 %" in text_of(listed)
    assert "thôn Nà Hin" in text_of(await officer.presses("thôn Nà Hin"))
    earlier = await officer.presses("Kỳ trước")
    assert "tháng 10/2026" in text_of(earlier)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_old_buttons_explain_themselves(town: Town, officer: Phone) -> None:
    first = await officer.says("nước hợp vệ sinh toàn xã")
    button = next(choice.data for row in first[0].choices for choice in row)
    for _ in range(6):
        await officer.says("nhà tạm toàn xã")
    assert "đã cũ" in text_of(await officer.presses_data(button))
    for data in ("k:", "k:1", "k:x:y:z", "k:1:p:99999999999999999999", "k:1:o:7", "k:999:d:thon"):
        assert await officer.presses_data(data)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_picture_and_a_spreadsheet(town: Town, officer: Phone) -> None:
    await two_villages(town)
    [drawn] = await officer.says("vẽ biểu đồ nước hợp vệ sinh toàn xã")
    assert drawn.picture is not None
    assert draw(drawn.picture.drawing, drawn.picture.data).startswith(b"\x89PNG")
    # A time that is named is drawn from its first period on, not the last six.
    [drawn] = await officer.says("biểu đồ nước hợp vệ sinh toàn xã từ tháng 8 tới giờ")
    assert drawn.picture is not None
    assert "Chưa có báo cáo của: tháng 8/2026, tháng 9/2026." in str(drawn.text)
    [sent] = await officer.says("xuất excel nước hợp vệ sinh các thôn")
    assert "của các thôn, xã Vĩnh Thông" in sent.text
    assert "tháng 11/2026" in sent.text
    assert sent.document is not None
    assert sent.document.made is not None
    book = load_workbook(BytesIO(workbook(sent.document.made)))
    sheet = book.worksheets[1]
    rows = {row[0]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert rows["thôn Nà Hin"][1] == 50
    assert rows["thôn Nà Hin"][3:5] == (25, 50)
    assert rows["thôn Bản Pàu"][1] is None
    assert [rows[f"thôn {name}"][-1] for name in ("Nà Hin", "Bản Pàu")] == ["tạm tính", None]
    assert sheet.freeze_panes == "B2"


def test_a_cell_is_never_a_formula() -> None:
    table = {
        "title": "=A1",
        "heads": ["=1+1"],
        "numbers": [],
        "rows": [["=cmd|'/c calc'!A1"], ["+1"], ["@x"]],
    }
    body = {"front_title": "Trang đầu", "front": [["=1", "-2"]], "tables": [table]}
    book = load_workbook(BytesIO(workbook(body)))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} == {"s"}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_another_province_answers_like_nothing(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Xiềng Tắm", water())
    forbidden = text_of(await officer.says("nước hợp vệ sinh xã Mỹ Lý"))
    missing = text_of(await officer.says("nước hợp vệ sinh xã Mỹ Lạ"))
    assert forbidden.replace("mỹ lý", "X") == missing.replace("mỹ lạ", "X")
    ids = town.places
    assert "Không tìm thấy" in text_of(await officer.presses_data(f"k:1:p:{ids['Mỹ Lý']}"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_people_are_no_figures(officer: Phone) -> None:
    for question in (
        "số điện thoại trưởng thôn Nà Hin",
        "danh sách hộ nghèo thôn Nà Hin",
        "sửa nhà tạm thành 0",
    ):
        said = text_of(await officer.says(question))
        assert "%" not in said
        assert "không" in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_odd_questions_get_an_answer(officer: Phone) -> None:
    for question in (
        "nhà " * 80,
        "🤖🤖🤖",
        "'; drop table place; --",
        "<b>nhà tạm</b>",
        "=1+1",
        "giá vàng hôm nay",
        "năm 1800",
    ):
        replies = await officer.says(question)
        assert replies, question
        assert all("<b>nhà tạm</b>" not in str(reply.text) for reply in replies)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_village_head_is_not_answered_as_an_officer(town: Town) -> None:
    head = await town.head("thon")
    said = text_of(await head.says("nước hợp vệ sinh xã Vĩnh Thông"))
    assert said.startswith("Số liệu của xã và của thôn khác thì cán bộ xem ạ.")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_small_numbers_of_a_village_stay_in_the_commune(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho_thieu=1))
    assert "1 hộ" in text_of(await officer.says("thiếu nước thôn Nà Hin"))
    province = await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")
    assert "dưới 3" in text_of(await province.says("thiếu nước thôn Nà Hin"))


async def test_a_question_is_kept_and_asked_again(town: Town, officer: Phone) -> None:
    await two_villages(town)
    await officer.says("nước hợp vệ sinh toàn xã")
    assert "Đã lưu" in text_of(await officer.presses("Lưu câu hỏi"))
    again = await officer.says("hỏi gì được")
    assert "nước hợp vệ sinh toàn xã" in labels(again)
    assert "70 % (70/100)" in text_of(await officer.presses("nước hợp vệ sinh toàn xã"))
    assert "Mỗi tuần" in text_of(await officer.presses("hằng tuần"))
    kept = await officer.says("câu hỏi đã lưu")
    assert "Câu hỏi đã lưu: 1" in text_of(kept)
    assert labels(kept) == ["Thôi gửi: nước hợp vệ sinh toàn xã", "nước hợp vệ sinh toàn xã"]
    await officer.presses("Thôi gửi: ")
    assert labels(await officer.says("thôi gửi câu hỏi")) == ["nước hợp vệ sinh toàn xã"]
    await officer.presses("nước hợp vệ sinh toàn xã")
    assert "Đã bỏ" in text_of(await officer.presses("Bỏ câu này"))
    assert "nước hợp vệ sinh toàn xã" not in labels(await officer.says("hỏi gì được"))
    assert "chưa lưu câu hỏi nào" in text_of(await officer.says("câu hỏi đã lưu"))


async def test_a_question_chosen_by_number_is_kept_by_its_words(town: Town, officer: Phone) -> None:
    town.channel.can = replace(town.channel.can, buttons=False)
    await two_villages(town)
    typed = "nước hợp vệ sinh toàn xã"
    for choice in ("Kỳ trước", "Lưu câu hỏi"):
        said = labels(await officer.says(typed))
        typed = str(next(place for place, label in enumerate(said, 1) if choice in label))
    assert "nước hợp vệ sinh toàn xã" in text_of(await officer.says(typed))


async def test_kept_questions_are_their_owners(town: Town, officer: Phone) -> None:
    await two_villages(town)
    await officer.says("nước hợp vệ sinh toàn xã")
    await officer.presses("Lưu câu hỏi")
    other = await town.enrolled("na", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Vi Văn Lợi")
    for op in ("a", "w", "f", "z"):
        assert "không còn dùng được" in text_of(await other.presses_data(f"j:{op}:1"))
    for data in ("j:", "j:a:", "j:a:99999999999999999999", "j:f:77"):
        assert "không còn dùng được" in text_of(await officer.presses_data(data))


async def test_a_mean_is_a_province_s_own(town: Town) -> None:
    officer = await town.enrolled("nuoc", "Việt Nam", RoleName.CENTRAL_OFFICER, "Lò Văn Hùng")
    path = next(each.path for each in bundled("thu-nhap").questions if each.name == "tn_usd")
    question = "thu nhập bình quân đầu người "
    for place, income in (("Thái Nguyên", "2900"), ("Nghệ An", "3000")):
        await send_report(town, "thu-nhap", place, {path: income})
        said = text_of(await officer.says(question + "toàn quốc"))
        assert "chưa có số liệu" in said
        assert "không cộng các tỉnh với nhau được" in said
    assert "2.900 USD" in text_of(await officer.says(question + "tỉnh Thái Nguyên"))
    listed = text_of(await officer.says(question + "các tỉnh"))
    assert "1. tỉnh Nghệ An: 3.000 USD" in listed
    assert "2. tỉnh Thái Nguyên: 2.900 USD" in listed


async def test_a_fall_of_so_much_a_year_is_held_against_the_year_before(town: Town) -> None:
    officer = await town.enrolled("na", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Văn Lợi")
    paths = {question.name: question.path for question in bundled("giam-ngheo").questions}
    for poor, back in ((20, 8), (16, 6)):
        counts = {"gn_ho": 50, "gn_ho_dtts": 40, "gn_ngheo": poor, "gn_ngheo_dtts": poor, "gn_can_ngheo": 2}
        values = {paths[name]: str(count) for name, count in counts.items() if name in paths}
        await send_report(town, "giam-ngheo", "Xiềng Tắm", values, back=back)
    said = text_of(await officer.says("tỷ lệ hộ nghèo trong hộ dtts"))
    assert "Đã hết hạn 31/12/2023, khi đó 40 %, đạt chỉ tiêu" in said
    assert "Kế hoạch 352" in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_villages_are_counted(town: Town, officer: Phone) -> None:
    await two_villages(town)
    await send_report(town, "nuoc-sach", "Bản Pàu", water(nuoc_ho_thieu=0))
    said = text_of(await officer.says("mấy thôn thiếu nước"))
    assert "2 thôn có (trên 0 hộ):" in said
    assert "Bản Pàu" not in said
    assert "1 thôn từ 80 % trở lên:" in text_of(await officer.says("mấy thôn nước hợp vệ sinh đạt 80%"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_which_villages_count_is_asked_of_a_rate(town: Town, officer: Phone) -> None:
    await two_villages(town)
    await send_report(town, "nuoc-sach", "Bản Pàu", water(nuoc_ho_hvs=50, nuoc_ho_dtts_hvs=40))
    said = await officer.says("mấy thôn có nước hợp vệ sinh")
    assert "Muốn đếm" in text_of(said)
    assert "1 thôn từ 100 % trở lên:" in text_of(await officer.presses("đủ 100 %"))
    said = await officer.says("bao nhiêu thôn có nước")
    assert "Hộ dùng nước hợp vệ sinh" in labels(said)
    assert "Muốn đếm" in text_of(await officer.presses("Hộ dùng nước hợp vệ sinh"))
    assert "3 thôn có (trên 0 %):" in text_of(await officer.presses("ít nhất một phần"))
    await officer.says("mấy thôn thiếu nước hợp vệ sinh")
    assert "2 thôn có (trên 0 %):" in text_of(await officer.presses("ít nhất một phần"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_units_between_two_values(town: Town, officer: Phone) -> None:
    await two_villages(town)
    said = text_of(await officer.says("thôn nào nước hợp vệ sinh từ 80 đến 90 %"))
    assert "1 thôn từ 80 đến 90 %:" in said
    assert "thôn Nà Lốc: 90 %" in said
    assert "thôn Nà Hin" not in said
    said = text_of(await officer.says("thôn nào nước hợp vệ sinh trên 40% và dưới 90%"))
    assert "thôn Nà Hin: 50 %" in said
    assert "thôn Nà Lốc" not in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_how_many_are_known_is_said_where_some_are_kept_back(town: Town, officer: Phone) -> None:
    for village, short in (("Nà Hin", 1), ("Nà Lốc", 7), ("Bản Pàu", 9)):
        await send_report(town, "nuoc-sach", village, water(nuoc_ho_thieu=short))
    said = text_of(await (await province(town)).says("mấy thôn thiếu nước xã Vĩnh Thông"))
    assert "Ít nhất 1 thôn có (trên 0 hộ); 2 thôn khác không hiện số:" in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_is_counted_for_some_only_says_so(town: Town, officer: Phone) -> None:
    assert "chỉ có số của đồng bào DTTS" in text_of(await officer.says("bao nhiêu người có bhyt"))
    assert "chỉ có số" not in text_of(await officer.says("bao nhiêu người dtts có bhyt"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_many_places_of_one_name_are_paged_the_nearest_first(town: Town) -> None:
    async def work(session: Session) -> None:
        for parent in ("Mỹ Lý", "Vĩnh Thông"):
            for _ in range(5):
                await add(session, "Tân Thành", Level.VILLAGE, "thôn", town.places[parent])

    await town.storage.write(work)
    central = await town.enrolled("nuoc", "Việt Nam", RoleName.CENTRAL_OFFICER, "Lò Văn Hùng")
    said = await central.says("nước hợp vệ sinh Tân Thành")
    assert "Có 10 nơi" in text_of(said)
    assert sum("Tân Thành" in label for label in labels(said)) == 8
    rest = await central.presses("Xem tiếp")
    assert sum("Tân Thành" in label for label in labels(rest)) == 2
    assert "thôn Tân Thành" in text_of(await central.presses("thôn Tân Thành"))
    beside = await province(town)
    assert "Có 5 nơi" in text_of(await beside.says("nước hợp vệ sinh Tân Thành"))


async def province(town: Town) -> Phone:
    return await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_small_rest_is_as_small_as_a_small_part(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho_hvs=49, nuoc_ho_dtts_hvs=40))
    beside = await province(town)
    for question in ("nước hợp vệ sinh thôn Nà Hin", "hộ chưa dùng nước hợp vệ sinh thôn Nà Hin"):
        said = text_of(await beside.says(question))
        assert "không hiện" in said, question
        assert "49/" not in said, question
        assert "98 %" not in said, question


async def test_a_small_number_is_not_left_over_when_the_rest_is_taken_away(
    town: Town, officer: Phone
) -> None:
    for village, short in (("Nà Hin", 1), ("Nà Lốc", 7), ("Bản Pàu", 9)):
        await send_report(town, "nuoc-sach", village, water(nuoc_ho_thieu=short))
    beside = await province(town)
    listed = text_of(await beside.says("thiếu nước các thôn xã Vĩnh Thông"))
    assert "Bản Pàu: 9 hộ" in listed
    assert "7 hộ" not in listed
    assert "Không hiện số của 2 thôn" in listed
    assert "không hiện" in text_of(await beside.says("thiếu nước thôn Nà Lốc"))
    assert "9 hộ" in text_of(await beside.says("thiếu nước thôn Bản Pàu"))
    picked = text_of(await beside.says("thôn nào thiếu nước dưới 2 hộ"))
    assert "Chưa thấy thôn nào dưới 2 hộ" in picked
    [sent] = await beside.says("xuất excel thiếu nước các thôn xã Vĩnh Thông")
    assert sent.document is not None
    assert sent.document.made is not None
    sheet = load_workbook(BytesIO(workbook(sent.document.made))).worksheets[1]
    values = {row[0]: row[1:5] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert values["xã Vĩnh Thông"][0] == 17
    assert values["thôn Bản Pàu"][0] == 9
    assert {values[name][0] for name in ("thôn Nà Hin", "thôn Nà Lốc")} == {None}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_small_number_is_not_drawn_either(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho_thieu=1))
    [drawn] = await (await province(town)).says("vẽ biểu đồ thiếu nước thôn Nà Hin")
    assert drawn.picture is not None
    assert {point["value"] for point in drawn.picture.data["points"]} == {None}
    assert {point["shown"] for point in drawn.picture.data["points"]} == {""}
    assert drawn.picture.data["points"][-1]["gap"] == "○"
    assert "○ không hiện" in drawn.picture.data["gaps"]


async def test_a_picture_and_a_sheet_of_the_rest_are_named_so(town: Town, officer: Phone) -> None:
    await two_villages(town)
    [drawn] = await officer.says("vẽ biểu đồ hộ chưa dùng nước hợp vệ sinh toàn xã")
    assert drawn.picture is not None
    assert drawn.picture.data["title"].startswith("Chưa thuộc nhóm")
    [sent] = await officer.says("xuất excel hộ chưa dùng nước hợp vệ sinh các thôn")
    assert sent.document is not None
    assert sent.document.made is not None
    book = load_workbook(BytesIO(workbook(sent.document.made)))
    assert book.worksheets[1].title.startswith("Chưa thuộc nhóm")
    assert any("Chưa thuộc nhóm" in str(row[1].value) for row in book.worksheets[0].iter_rows())


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_period_before_goes_back_each_time(town: Town, officer: Phone) -> None:
    await officer.says("nước hợp vệ sinh toàn xã kỳ trước")
    assert "tháng 9/2026" in text_of(await officer.presses("Kỳ trước"))
    assert "tháng 9/2026" in text_of(await officer.says("còn thôn Nà Lốc?"))


async def test_figures_say_whether_their_period_still_takes_reports(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water(), back=3)
    await two_villages(town)
    assert "Kỳ còn nhận báo cáo" in text_of(await officer.says("nước hợp vệ sinh toàn xã"))
    said = text_of(await officer.says("nước hợp vệ sinh toàn xã tháng 8"))
    assert "hết hạn nhận báo cáo: 1/3" in said
    assert "còn nhận báo cáo" not in said
    assert "Kỳ còn nhận báo cáo" in text_of(await officer.says("nước hợp vệ sinh thôn Nà Hin"))


async def test_a_stock_says_who_has_not_reported_anew(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Bản Pàu", water(), back=1)
    await two_villages(town)
    said = text_of(await officer.says("nước hợp vệ sinh toàn xã"))
    assert "2/3 thôn báo kỳ này; 1 thôn lấy số kỳ gần nhất (cũ nhất tháng 10/2026)" in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_many_indicators_are_paged(town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    await two_villages(town)
    monkeypatch.setattr(one_place, "INDICATORS", 1)
    first = await officer.says("nước hợp vệ sinh và thiếu nước toàn xã")
    assert "Hộ thiếu nước" not in text_of(first)
    assert "Xem tiếp (1 chỉ số)" in labels(first)
    assert "Hộ thiếu nước" in text_of(await officer.presses("Xem tiếp"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_too_many_units_are_asked_to_be_fewer(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await two_villages(town)
    beside = await province(town)
    monkeypatch.setattr(ranking, "MOST_UNITS", 2)
    said = await beside.says("xếp hạng nước hợp vệ sinh các thôn")
    assert "Xin chọn" in text_of(said)
    assert "Xem các xã" in labels(said)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("press", ["p:{}", "d:thon", "d:tinh", "n:0", "n:99999", "x", "g", "b", "o:0"])
async def test_no_button_opens_the_villages_beside(town: Town, officer: Phone, press: str) -> None:
    """The commune beside: its total is for everybody, its villages are not."""
    await send_report(town, "nuoc-sach", "Xiềng Tắm", water())
    await officer.says("nước hợp vệ sinh toàn xã")
    for name in ("Xiềng Tắm", "Mỹ Lý", "Nghệ An"):
        number = town.places[name]
        said = text_of(await officer.presses_data(f"k:1:{press.format(number)}"))
        assert name not in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_was_reported_when_it_was_asked_more_often_still_counts(
    town: Town, officer: Phone
) -> None:
    """Older pupils were asked each quarter before they were asked each half-year."""
    pupils = {
        "/data/gd_thcs": "40",
        "/data/gd_thcs_hoc": "36",
        "/data/gd_thpt": "20",
        "/data/gd_thpt_hoc": "15",
    }
    for key, at_school in (("2026-Q2", "30"), ("2026-Q3", "36")):
        await send_report(
            town, "trung-hoc-xoa-mu-chu", "Nà Hin", {**pupils, "/data/gd_thcs_hoc": at_school}, key=key
        )
    told = text_of(await officer.says("tỷ lệ học sinh thcs"))
    assert "90 % (36/40)\nKỳ: quý III/2026" in told
    assert "Tăng" not in told, "the half-year before was not reported"
    one = text_of(await officer.says("tỷ lệ học sinh thcs thôn Nà Hin"))
    assert "90 % (36/40)\nKỳ: quý III/2026" in one
    assert "Tăng" not in one
    earlier = text_of(await officer.says("tỷ lệ học sinh thcs 6 tháng đầu năm 2026"))
    assert "75 % (30/40)\nKỳ: 6 tháng đầu năm 2026 (số của quý II/2026)" in earlier
    await send_report(town, "trung-hoc-xoa-mu-chu", "Nà Lốc", pupils)
    both = text_of(await officer.says("tỷ lệ học sinh thcs"))
    assert "90 % (72/80)\nKỳ: 6 tháng cuối năm 2026" in both
    assert "1/3 thôn báo kỳ này; 1 thôn lấy số kỳ gần nhất" in both


async def supported(town: Town) -> None:
    """Nà Hin reported 4 households helped with their houses for the last quarter, Nà Lốc 3."""
    paths = {question.name: question.path for question in bundled("ho-tro").questions}
    for place, value in (("Nà Hin", "4"), ("Nà Lốc", "3")):
        await send_report(town, "ho-tro", place, {paths["nha_ho_tro_ky"]: value}, back=1)


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("said", ["tháng 8", "tháng 9", "ngày 30/9", "từ tháng 6 đến tháng 9"])
async def test_of_a_flow_only_whole_periods_are_told(town: Town, officer: Phone, said: str) -> None:
    await supported(town)
    told = text_of(await officer.says(f"hỗ trợ nhà ở {said}"))
    assert "Hộ được hỗ trợ nhà ở: 7 hộ" in told
    assert "Kỳ: quý III/2026" in told
    assert "chỉ báo theo kỳ trọn" in told


async def test_a_flow_of_a_whole_period_needs_no_remark(town: Town, officer: Phone) -> None:
    await supported(town)
    for said in ("quý 3", "9 tháng đầu năm"):
        told = text_of(await officer.says(f"hỗ trợ nhà ở {said}"))
        assert "7 hộ" in told
        assert "kỳ trọn" not in told


async def test_of_a_sum_over_periods_is_told_who_reported_some_of_them_only(
    town: Town, officer: Phone
) -> None:
    """Nà Hin reported both quarters, Nà Lốc the later one: "đủ 2/2 thôn" would hide that a part of it is missing."""
    await supported(town)
    paths = {question.name: question.path for question in bundled("ho-tro").questions}
    await send_report(town, "ho-tro", "Nà Hin", {paths["nha_ho_tro_ky"]: "5"}, back=2)
    told = text_of(await officer.says("hỗ trợ nhà ở 9 tháng đầu năm"))
    assert "12 hộ" in told
    assert "thôn báo đủ các kỳ được tính; 1 thôn chỉ báo một phần" in told
    assert "nhận báo cáo: 1/" in told
    assert "báo kỳ này" not in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_communes_officer_ranks_the_communes_around(town: Town, officer: Phone) -> None:
    """ "Xã nào" of a commune's officer is one of the communes whose totals they see, not their own alone."""

    async def work(session: Session) -> None:
        town.places["Phong Quang"] = await add(
            session, "Phong Quang", Level.COMMUNE, "xã", town.places["Thái Nguyên"]
        )
        town.places["Nà Sẻn"] = await add(
            session, "Nà Sẻn", Level.VILLAGE, "thôn", town.places["Phong Quang"]
        )
        for name in ("Nà Tèo", "Nà Cà"):
            town.places[name] = await add(session, name, Level.VILLAGE, "thôn", town.places["Phong Quang"])

    await town.storage.write(work)
    await two_villages(town)
    for name, short in (("Nà Sẻn", 1), ("Nà Tèo", 1), ("Nà Cà", 0)):
        await send_report(town, "nuoc-sach", name, water(nuoc_ho_hvs=40, nuoc_ho_thieu=short))
    for question in ("xã nào nước hợp vệ sinh cao nhất", "nước hợp vệ sinh các xã"):
        told = text_of(await officer.says(question))
        assert "các xã của tỉnh Thái Nguyên" in told
        assert "1. xã Phong Quang: 80 % (120/150)" in told
        assert "2. xã Vĩnh Thông: 70 % (70/100)" in told
    assert "Nà Sẻn" not in text_of(await officer.says("thôn nào nước hợp vệ sinh cao nhất"))
    beside = text_of(await officer.says("còn xã bên phong quang thì sao"))
    assert "chỉ xem được số tổng" in beside
    assert "80 % (120/150)" in beside, "the total that can be seen is told"
    # Phong Quang has two households short of water: the note under the picture names a commune as one.
    await send_report(town, "nuoc-sach", "Nà Lốc", water(nuoc_ho_thieu=9))
    [drawn] = await officer.says("biểu đồ thiếu nước các xã")
    assert drawn.picture is not None
    assert "Không hiện số của 1 xã sau" in str(drawn.picture.data["notes"])


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_level_that_is_no_more_has_no_units(officer: Phone) -> None:
    told = text_of(await officer.says("huyện nào nước hợp vệ sinh cao nhất"))
    assert told.startswith("tỉnh Thái Nguyên không có huyện nào")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_units_with_none_are_those_with_nothing(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await send_report(town, "nuoc-sach", "Nà Lốc", water(nuoc_ho_thieu=0))
    told = text_of(await officer.says("thôn nào không thiếu nước"))
    assert "1 thôn còn 0 hộ" in told
    assert "1. thôn Nà Lốc: 0 hộ" in told
    assert "thôn Nà Hin" not in told
    assert "Không có thôn nào dưới 0 hộ" in text_of(await officer.says("thôn nào thiếu nước dưới 0 hộ"))


def last_periods(said: str) -> list[str]:
    """The periods of a trend for which nobody reported."""
    return said.partition("Chưa có báo cáo của: ")[2].partition(".\n")[0].split(", ")


@pytest.mark.parametrize(
    ("question", "periods"),
    [
        ("nước hợp vệ sinh so với cùng kỳ năm ngoái", ["tháng 11/2025", "tháng 11/2026"]),
        ("nước hợp vệ sinh so với đầu năm", ["tháng 1/2026", "tháng 11/2026"]),
        ("hỗ trợ nhà ở 6 tháng đầu năm so với cùng kỳ", ["6 tháng đầu năm 2025", "6 tháng đầu năm 2026"]),
        ("hỗ trợ nhà ở 2 năm gần đây", ["năm 2025", "năm 2026"]),
        ("nhà tạm 3 tháng qua", ["quý III/2026", "quý IV/2026"]),
        ("thiếu nước 6 tuần gần đây", ["tháng 10/2026", "tháng 11/2026"]),
    ],
)
async def test_a_trend_is_over_the_time_that_was_said(
    officer: Phone, question: str, periods: list[str]
) -> None:
    assert last_periods(text_of(await officer.says(question))) == periods


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_trend_without_reports_ends_with_the_newest_figure(town: Town, officer: Phone) -> None:
    """Asked years later, it names the periods without a report once, and what is known from before; no empty picture."""
    await two_villages(town)
    town.now += timedelta(days=2 * 365)
    [sent] = await officer.says("vẽ biểu đồ nước hợp vệ sinh xã mình")
    assert "Chưa có báo cáo của: tháng 6/2028, tháng 7/2028," in text_of([sent])
    assert "Số gần nhất là của tháng 11/2026: 70 % (70/100) (2/3 thôn có số)." in text_of([sent])
    assert sent.picture is None


async def test_units_are_picked_by_another_places_value(town: Town, officer: Phone) -> None:
    await two_villages(town)
    told = text_of(await officer.says("thôn nào nước hợp vệ sinh thấp hơn toàn xã"))
    assert told.startswith("xã Vĩnh Thông: 70 %")
    assert "thôn Nà Hin: 50 %" in told
    assert "thôn Nà Lốc: 90 %" not in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_several_places_are_asked_about_where_one_is_told_at_a_time(town: Town, officer: Phone) -> None:
    await two_villages(town)
    asked = await officer.says("xu hướng nước hợp vệ sinh thôn Nà Hin và thôn Nà Lốc")
    assert "Mỗi lần xem được một nơi" in text_of(asked)
    told = text_of(await officer.presses("thôn Nà Lốc"))
    assert "theo thời gian, thôn Nà Lốc" in told
    assert "tháng 11/2026: 90 % (45/50)" in told


async def test_a_unit_that_is_no_more_is_asked_about_by_those_who_see_what_it_went_into(town: Town) -> None:
    """Old communes, and districts by their communes; "cũ" tells the old one from its namesake."""

    async def work(session: Session) -> None:
        district = await add(session, "Bạch Thông", Level.DISTRICT, "huyện", town.places["Thái Nguyên"])
        for name in ("Sỹ Bình", "Vĩnh Thông"):
            old = await add(session, name, Level.COMMUNE, "xã", district)
            await close(town, session, old, town.places["Vĩnh Thông"])
        await close(town, session, district)

    await town.storage.write(work)
    officer = await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Phạm Thu Hà")
    other = await town.enrolled("na", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Văn Lợi")
    await two_villages(town)
    for name in (
        "huyện Bạch Thông",
        "xã Sỹ Bình",
        "xã Sỹ Bình cũ",
        "Vĩnh Thông cũ",
        "xã Vĩnh Thông trước sáp nhập",
    ):
        told = text_of(await officer.says(f"nước hợp vệ sinh {name}"))
        assert "70 % (70/100)" in told, name
        assert "số tính trên các đơn vị kế tiếp: xã Vĩnh Thông." in told, name
        assert ("rộng hơn" in told) is ("huyện" not in name), name
        assert "không phải chỉ số" in (said := text_of(await other.says(f"nước hợp vệ sinh {name}"))) or (
            "Không tìm thấy" in said
        ), name
    for name in ("xã Vĩnh Thông", "Vĩnh Thông", "xã Vĩnh Thông mới"):
        assert "Theo địa giới hiện nay" in text_of(await officer.says(f"nước hợp vệ sinh {name}")), name
    assert "Chưa hiểu chữ" in text_of(await officer.says("nước hợp vệ sinh cũ toàn tỉnh"))
    for words in ("tổng hộ thiếu nước của", "so sánh hộ thiếu nước"):
        told = text_of(await officer.says(f"{words} xã Sỹ Bình cũ và xã Vĩnh Thông cũ"))
        assert "xã Sỹ Bình cũ và xã Vĩnh Thông cũ nay tính trên cùng một địa bàn" in told
        assert "bằng nhau" not in told
    told = text_of(await officer.says("tổng hộ thiếu nước xã Vĩnh Thông và huyện Bạch Thông cũ"))
    assert "cùng một địa bàn" in told


async def close(town: Town, session: Session, number: int, into: int | None = None) -> None:
    """A place that ended 500 days ago, and went into another."""
    last = town.now.date() - timedelta(days=500)
    place = await session.get(Place, number)
    assert place is not None
    place.last_day = last
    for edge in await session.exec(select(PlaceEdge).where(PlaceEdge.child_id == number)):
        edge.last_day = last
    if into is not None:
        session.add(PlaceSuccession(from_id=number, to_id=into, day=last + timedelta(days=1)))


async def test_a_figure_of_a_part_of_a_former_district_bears_the_name_of_the_commune_it_is_of(
    town: Town,
) -> None:
    async def work(session: Session) -> None:
        province = town.places["Thái Nguyên"]
        rest = await add(session, "Yên Phong", Level.COMMUNE, "xã", province)
        for district, olds in {
            "Chợ Đồn": {"Đồng Thắng": town.places["Vĩnh Thông"], "Yên Mỹ": rest},
            "Bạch Thông": {"Sỹ Bình": town.places["Vĩnh Thông"]},
        }.items():
            above = await add(session, district, Level.DISTRICT, "huyện", province)
            for name, into in olds.items():
                await close(town, session, await add(session, name, Level.COMMUNE, "xã", above), into)
            await close(town, session, above)

    await town.storage.write(work)
    officer = await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Phạm Thu Hà")
    await two_villages(town)
    told = text_of(await officer.says("hộ thiếu nước huyện Chợ Đồn"))
    assert told.startswith("xã Vĩnh Thông (1/2 xã kế tiếp huyện Chợ Đồn cũ)")
    told = text_of(await officer.says("hộ thiếu nước huyện Bạch Thông"))
    assert told.startswith("huyện Bạch Thông, tỉnh Thái Nguyên")
    told = text_of(await officer.says("tổng hộ thiếu nước xã Vĩnh Thông và thôn Nà Hin"))
    assert "Không cộng xã Vĩnh Thông với thôn Nà Hin" in told


async def test_in_english_no_number_stands_before_a_level_in_the_singular(town: Town, officer: Phone) -> None:
    await two_villages(town)
    await send_report(town, "nuoc-sach", "Bản Pàu", water(), back=1)
    await officer.says("/ngonngu")
    await officer.presses("English")
    said = text_of(await officer.says("nước hợp vệ sinh toàn xã"))
    assert (
        "2/3 villages reported for this period; 1 of the villages with an older value (of October 2026 or later)"
        in said
    )


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_of_households_is_no_percentage(town: Town, officer: Phone) -> None:
    """ "trên 40 hộ" holds against how many there are; "nhiều nhất" orders by it and says so."""
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho=90, nuoc_ho_hvs=42))
    await send_report(town, "nuoc-sach", "Nà Lốc", water(nuoc_ho_hvs=30))
    said = text_of(await officer.says("thôn nào nước hợp vệ sinh trên 40 hộ"))
    assert "1 thôn trên 40 hộ" in said
    assert "1. thôn Nà Hin: 46,7 % (42/90)" in said
    said = text_of(await officer.says("thôn nào nước hợp vệ sinh nhiều nhất"))
    assert "Xếp theo số đếm được, không theo tỷ lệ." in said
    assert "1. thôn Nà Hin: 46,7 % (42/90)" in said
    said = text_of(await officer.says("tỷ lệ hộ thiếu nước"))
    assert "Trên Tổng số hộ theo phiếu «Nước sinh hoạt» (tháng 11/2026, 2 thôn): 6/" in said


async def test_a_number_from_two_questionnaires_is_of_a_period_once_both_were_given(
    town: Town, officer: Phone
) -> None:
    """What only one of them says newer changes neither the number nor who has reported; and nothing has changed since."""
    older = {"gd_5_tuoi": 9, "gd_5_tuoi_hoc": 9, "gd_tieu_hoc": 38, "gd_tieu_hoc_hoc": 37}
    await send_report(town, "giao-duc", "Nà Hin", children("giao-duc", older), back=2)
    upper = children("trung-hoc-xoa-mu-chu", {"gd_thcs": 40, "gd_thcs_hoc": 35})
    await send_report(town, "trung-hoc-xoa-mu-chu", "Nà Hin", upper, back=1)
    newer = children("giao-duc", {**older, "gd_tieu_hoc_hoc": 34})
    await send_report(town, "giao-duc", "Nà Hin", newer)
    said = text_of(await officer.says("trẻ 5-14 tuổi không đi học thôn Nà Hin"))
    assert "Trẻ 5-14 tuổi không đi học: 6 em" in said
    assert "Kỳ: 6 tháng đầu năm 2026" in said
    said = text_of(await officer.says("trẻ 5-14 tuổi không đi học 6 tháng cuối năm"))
    assert "Chưa thôn nào báo kỳ này (0/3)" in said
    assert "Số gần nhất là của 6 tháng đầu năm 2026: 6 em (1/3 thôn có số)" in said
    await send_report(town, "trung-hoc-xoa-mu-chu", "Nà Hin", upper)
    said = text_of(await officer.says("trẻ 5-14 tuổi không đi học thôn Nà Hin"))
    assert "Trẻ 5-14 tuổi không đi học: 9 em" in said
    assert "Kỳ: 6 tháng cuối năm 2026" in said
    assert "Tăng 3 em (6 tháng đầu năm 2026: 6 em)" in said


def children(form: str, counts: dict[str, int]) -> dict[str, str]:
    """A village's report on schooling, by path."""
    paths = {question.name: question.path for question in bundled(form).questions}
    return {paths[name]: str(number) for name, number in counts.items()}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_is_held_against_the_average_of_the_units(town: Town, officer: Phone) -> None:
    """All units together would be above each of them."""
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await send_report(town, "nuoc-sach", "Nà Lốc", water(nuoc_ho=120))
    said = text_of(await officer.says("thôn nào tổng số hộ cao hơn bình quân chung"))
    assert "Trung bình mỗi thôn: 85 hộ (170 trên 2 thôn" in said
    assert "1 thôn trên 85 hộ:\n1. thôn Nà Lốc: 120 hộ" in said
    said = text_of(await officer.says("thôn nào nước hợp vệ sinh thấp hơn bình quân chung"))
    assert "1 thôn dưới 29,4 %:" in said, "a share of all is their average"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_has_not_sent_one_questionnaire(town: Town, officer: Phone) -> None:
    """Where a domain is named, its own questionnaire is told of, not all of the month's."""
    await two_villages(town)
    told = text_of(await officer.says("còn ai chưa gửi phiếu nước sinh hoạt"))
    assert "Chưa báo cáo" in told
    assert "Bản Pàu" in told
    assert "Nà Hin" not in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_its_place_in_the_order_is_said(town: Town, officer: Phone) -> None:
    """ "đứng thứ mấy" is told in a line of its own."""
    await two_villages(town)
    said = text_of(await officer.says("thôn Nà Hin đứng thứ mấy về nước hợp vệ sinh"))
    assert "Nà Hin đứng thứ 2 trong 2 thôn" in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_has_reported_is_not_who_has_not(town: Town, officer: Phone) -> None:
    """Those who have sent the questionnaire that was named are listed, and a week is said to be shown as its month."""
    await two_villages(town)
    said = text_of(await officer.says("thôn nào đã nộp phiếu nước"))
    assert "Đã báo cáo" in said
    assert "Nà Hin" in said
    assert "Bản Pàu" not in said
    assert "theo tháng" in text_of(await officer.says("thôn nào chưa báo cáo tuần trước"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_share_of_all_households_is_of_the_same_villages(town: Town, officer: Phone) -> None:
    """A number whose own questionnaire asks for no households; the share waits for the village that lacks the whole."""
    questions = bundled("nha-o").questions
    houses = {one.path: "4" for one in questions if one.kind is AnswerKind.COUNT}
    await send_report(town, "nha-o", "Nà Hin", houses)
    said = text_of(await officer.says("tỷ lệ nhà tạm"))
    assert "Ở đây chỉ có số (hộ), không có tỷ lệ." in said
    waiting = text_of(await officer.says("thôn nào tỷ lệ nhà tạm trên 3 %"))
    assert "Chưa xếp được vì chưa có đủ tổng số để tính tỷ lệ: thôn Nà Hin (4 hộ)." in waiting
    waiting = text_of(await officer.says("thôn nào tỷ lệ nhà tạm trên mức trung bình"))
    assert "Ở đây chỉ có số (hộ), không có tỷ lệ.\n1. thôn Nà Hin: 4 hộ" in waiting
    await send_report(town, "nuoc-sach", "Nà Lốc", water(nuoc_ho=60))
    assert (
        "Chưa tính được tỷ lệ trên Tổng số hộ theo phiếu «Nước sinh hoạt»: còn 1 thôn chưa có số ấy."
        in text_of(await officer.says("tỷ lệ nhà tạm"))
    )
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho=80))
    assert "Trên Tổng số hộ theo phiếu «Nước sinh hoạt» (tháng 11/2026, 1 thôn): 4/80 = 5 %." in text_of(
        await officer.says("tỷ lệ nhà tạm")
    )
    await send_report(town, "nha-o", "Nà Lốc", dict.fromkeys(houses, "6"))
    await send_report(town, "nha-o", "Bản Pàu", dict.fromkeys(houses, "5"))
    ranked = text_of(await officer.says("thôn nào có tỷ lệ nhà tạm cao nhất"))
    assert (
        "Tỷ lệ trên Tổng số hộ theo phiếu «Nước sinh hoạt» (tháng 11/2026) của đúng các thôn có số." in ranked
    )
    assert ranked.index("1. thôn Nà Lốc: 10 % (6/60)") < ranked.index("2. thôn Nà Hin: 5 % (4/80)")
    lacking = "Chưa xếp được vì chưa có đủ tổng số để tính tỷ lệ: thôn Bản Pàu (5 hộ)."
    assert lacking in ranked
    for bound in ("trên 5 %", "trên 5", "lớn hơn 5 phần trăm"):
        above = text_of(await officer.says(f"thôn nào tỷ lệ nhà tạm {bound}"))
        assert "1 thôn trên 5 %:" in above
        assert "1. thôn Nà Lốc: 10 % (6/60)" in above
        assert "Nà Hin:" not in above
        assert lacking in above
    for bound, held in (
        ("trên mức trung bình", "Tính chung 2 thôn có số được xem: 7,1 % (10/140)."),
        (
            "cao hơn thôn Nà Hin",
            "thôn Nà Hin: 4 hộ\nTrên Tổng số hộ theo phiếu «Nước sinh hoạt» (tháng 11/2026, 1",
        ),
    ):
        above = text_of(await officer.says(f"thôn nào tỷ lệ nhà tạm {bound}"))
        assert held in above
        assert "1 thôn trên " in above
        assert "1. thôn Nà Lốc: 10 % (6/60)" in above
        assert "1. thôn Nà Hin:" not in above
        assert lacking in above
    unknown = text_of(await officer.says("thôn nào tỷ lệ nhà tạm thấp hơn thôn Bản Pàu"))
    assert "thôn Bản Pàu: 5 hộ\nỞ đây chỉ có số (hộ), không có tỷ lệ." in unknown
    assert "1. thôn Nà Hin: 5 % (4/80)" in unknown
    assert "1. thôn Nà Hin: 5 % (4/80)" in text_of(await officer.says("thôn nào nhà tạm từ 5% trở xuống"))
    assert "Nà Lốc: 6 hộ" in text_of(await officer.says("thôn nào nhà tạm trên 5"))
    both = text_of(await officer.says("thôn nào tỷ lệ nhà tạm trên 5% và thiếu nước dưới 90%"))
    assert "1 thôn trên 5 %" in both


async def test_the_spreadsheet_of_a_share_of_all_households_holds_shares(town: Town, officer: Phone) -> None:
    questions = bundled("nha-o").questions
    houses = [one.path for one in questions if one.kind is AnswerKind.COUNT]
    for village, number, of in (("Nà Hin", "4", 80), ("Nà Lốc", "6", 60)):
        await send_report(town, "nha-o", village, dict.fromkeys(houses, number))
        await send_report(town, "nuoc-sach", village, water(nuoc_ho=of))
    answers = await officer.says("thôn nào có tỷ lệ nhà tạm cao nhất")
    assert "Nà Lốc: 10 %" in text_of(answers)
    [sent] = await officer.presses("Excel")
    assert sent.document is not None
    assert sent.document.made is not None
    front, sheet = load_workbook(BytesIO(workbook(sent.document.made))).worksheets
    said = [cell.value for row in front.iter_rows() for cell in row]
    assert (
        "Tỷ lệ trên Tổng số hộ theo phiếu «Nước sinh hoạt» (tháng 11/2026) của đúng các thôn có số." in said
    )
    values = {row[0].value: [cell.value for cell in row[1:5]] for row in sheet.iter_rows(min_row=2)}
    assert values["thôn Nà Lốc"] == [10, "%", 6, 60]
    assert values["thôn Nà Hin"] == [5, "%", 4, 80]
    assert values["xã Vĩnh Thông"][1:] == ["%", 10, 140]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_mean_of_units_is_told_above_them(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho_thieu=4))
    await send_report(town, "nuoc-sach", "Nà Lốc", water(nuoc_ho_hvs=45))
    number = text_of(await officer.says("trung bình mỗi thôn có bao nhiêu hộ thiếu nước"))
    assert "Trung bình mỗi thôn: 3,5 hộ (7 trên 2 thôn có số được xem)." in number
    share = text_of(await officer.says("trung bình các thôn nước hợp vệ sinh"))
    assert "Tính chung 2 thôn có số được xem: 70 % (70/100)." in share


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_list_of_sums_over_periods_names_those_that_are_missing(town: Town, officer: Phone) -> None:
    paths = [one.path for one in bundled("ho-tro").questions]
    for village, number, back in (("Nà Hin", "4", 1), ("Nà Hin", "5", 0), ("Nà Lốc", "6", 0)):
        await send_report(town, "ho-tro", village, dict.fromkeys(paths, number), back=back)
    said = text_of(await officer.says("tổng số nhà xây xong các thôn từ đầu năm"))
    assert "Chưa có báo cáo của: quý I/2026, quý II/2026; chưa tính vào số này." in said
    assert "1. thôn Nà Hin: 9 nhà\n2. thôn Nà Lốc: 6 nhà (chưa có báo cáo quý III/2026)" in said


COLD = """| survey |
| | type | name | label |
| | integer | rd_chet | Bao nhiêu con trâu bò bị chết? |
| settings |
| | form_title | form_id |
| | Thiệt hại rét đậm | ret-dam |
"""


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_only_a_form_without_an_indicator_asks_is_said_so(town: Town, officer: Phone) -> None:
    async def work(session: Session) -> None:
        await forms.save_form(session, compile_form(COLD.encode(), "ret.md"))

    before = text_of(await officer.says("thôn nào chưa trả lời phiếu rét đậm"))
    assert "chưa gửi cho thôn nào" not in before
    await town.storage.write(work)
    for question in ("thôn nào chưa trả lời phiếu rét đậm", "hộ nuôi trâu bò"):
        said = text_of(await officer.says(question))
        assert "Phiếu «Thiệt hại rét đậm» có hỏi việc này, nhưng chưa gửi cho thôn nào" in said
    assert "chưa gửi cho thôn nào" not in text_of(await officer.says("giá vàng hôm nay"))
    assert "chưa gửi cho thôn nào" not in text_of(await officer.says("nước hợp vệ sinh xã mình"))
