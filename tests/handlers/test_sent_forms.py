"""What villages answered to a questionnaire that was sent out: summed, tallied, by place, as a file, and asked about."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from sqlmodel import select

from figures.requested import QuestionTold
from handlers.screens.answers import with_most
from questionnaires.questionnaire import Questionnaire
from questionnaires.xlsform import compile_form
from storage import forms, interviews, submissions
from storage.session import Session
from storage.tables import Announcement, AnnouncementState, Form, Person, RoleName
from tests.handlers.beginnings import Beginnings, commune_officer, province_officer, village_head
from tests.handlers.chatting import Phone, Town, labels, load_forms, text_of

SHEETS = """\
| survey | | | | | |
| | type | name | label | bind::unit | required |
| | integer | tr_chet | Bao nhiêu trâu bò chết rét? | con | yes |
| | integer | ho_mat | Bao nhiêu hộ có trâu bò chết? | hộ | yes |
| | decimal | rom_kho | Rơm khô đủ cho bao nhiêu phần trăm đàn? | % | |
| | select_one can | can_gi | Thôn cần gì nhất? | | |
| | text | ghi_chu | Ghi thêm, như nhà tạm tốc mái | | |
| choices | | | | | |
| | list_name | name | label | | |
| | can | rom | Rơm | | |
| | can | bat | Bạt che | | |
| settings | | | | | |
| | form_title | form_id | | | |
| | Trâu bò trong đợt rét | trau-bo-ret | | | |
"""
FORM = compile_form(SHEETS.encode(), "ret.md")
CHILDREN = """\
| survey | | | | |
| | type | name | label | |
| | begin repeat | tre | Trẻ | |
| | select_one gioi | gioi | Trai hay gái? | |
| | decimal | can | Cân nặng (kg) | |
| | integer | sinh | Sinh năm nào? | |
| | integer | ngay_om | Ốm bao nhiêu ngày? | |
| | end repeat | | | |
| | date | ngay_can | Cân ngày nào? | |
| choices | | | | |
| | list_name | name | label | |
| | gioi | 1 | Trai | |
| | gioi | 2 | Gái | |
| settings | | | | |
| | form_title | form_id | | |
| | Cân trẻ | can-tre | | |
"""
WEIGHED = {
    "tre[1]/gioi": "2", "tre[1]/can": "10.5", "tre[1]/sinh": "2022", "tre[1]/ngay_om": "3",
    "tre[2]/gioi": "2", "tre[2]/can": "9.5", "tre[2]/sinh": "2023", "tre[2]/ngay_om": "4",
    "ngay_can": "2026-11-19",
}  # fmt: skip
PERIOD = "2026-11"
NA_HIN = {
    "tr_chet": "5",
    "ho_mat": "4",
    "rom_kho": "80",
    "can_gi": "rom",
    "ghi_chu": "Ba bản phía trên rét hơn",
}
NA_LOC = {"tr_chet": "1", "ho_mat": "1", "rom_kho": "41", "can_gi": "rom"}
PAU = {"tr_chet": "0", "ho_mat": "0", "can_gi": "bat"}


async def sent_out(town: Town) -> None:
    """The questionnaire, sent to every village of the province."""
    await load_forms(town)
    await sends(town, FORM)


async def sends(town: Town, form: Questionnaire) -> None:
    """A questionnaire goes to every village of the province."""
    await town.storage.write(lambda session: forms.save_form(session, form))
    row = Announcement(
        place_id=town.places["Thái Nguyên"],
        audience="heads",
        text="Báo gấp",
        form_name=form.name,
        period=PERIOD,
        state=AnnouncementState.SENT,
        sent_at=town.now,
        created_at=town.now,
    )

    async def work(session: Session) -> None:
        session.add(row)

    await town.storage.write(work)


BEGINNINGS = Beginnings(
    "sent_forms", sent_out, head=village_head, commune=commune_officer, province=province_officer
)


async def answer(town: Town, place: str, values: Mapping[str, str], form: Questionnaire = FORM) -> None:
    """The answers of one village."""

    async def work(session: Session) -> None:
        [person_id] = (await session.exec(select(Person.id).limit(1))).all()
        [form_id] = (await session.exec(select(Form.id).where(Form.name == form.name))).all()
        row = await interviews.start(
            session,
            person_id=person_id,
            place_id=town.places[place],
            form_id=form_id,
            form_name=form.name,
            period=PERIOD,
            state={},
            now=town.now,
        )
        paths = {f"/data/{name}": value for name, value in values.items()}
        await submissions.send(session, row, form, paths, town.now)

    await town.storage.write(work)


@pytest.mark.parametrize(
    "question",
    [
        "phiếu trâu bò rét trả lời thế nào rồi",
        "tổng hợp phiếu trâu bò trong đợt rét",
        "ket qua phieu dot xuat",
        "thôn nào chưa nộp phiếu trâu bò",
        "trâu bò trong đợt rét ra sao",
    ],
)
async def test_a_commune_reads_sums_means_tallies_and_words(
    town: Town, head: Phone, commune: Phone, question: str
) -> None:
    await answer(town, "Nà Hin", NA_HIN)
    await answer(town, "Nà Lốc", NA_LOC)
    said = text_of(await commune.says(question))
    assert "Trả lời phiếu Trâu bò trong đợt rét, tháng 11/2026 · xã Vĩnh Thông" in said
    assert "Đã trả lời: 2/3 thôn. Chưa trả lời: thôn Bản Pàu." in said
    assert "trâu bò chết rét: 6 con; nhiều nhất thôn Nà Hin: 5 con (2 thôn trả lời)" in said
    assert "trung bình các thôn 60,5 %, từ 41 % đến 80 % (2 thôn trả lời)" in said
    assert "Thôn cần gì nhất: Rơm: 2 thôn" in said
    assert "– thôn Nà Hin: Ba bản phía trên rét hơn" in said


async def test_measures_of_single_children_are_not_added_up(town: Town, head: Phone, commune: Phone) -> None:
    children = compile_form(CHILDREN.encode(), "tre.md")
    await sends(town, children)
    await answer(town, "Nà Hin", WEIGHED, children)
    said = text_of(await commune.says("phiếu cân trẻ trả lời thế nào rồi"))
    assert "Cân nặng (kg): trung bình 10 kg, từ 9,5 kg đến 10,5 kg, 2 số (1 thôn trả lời)" in said
    assert "Sinh năm nào: từ 2022 đến 2023 (1" in said
    assert "Ốm bao nhiêu ngày: cộng các dòng: 7 (1" in said
    assert "Trai hay gái: Gái: 2 dòng (1" in said
    assert "– thôn Nà Hin: 19/11/2026" in said


async def test_no_village_has_most_of_what_two_have_as_much_of(
    town: Town, head: Phone, commune: Phone
) -> None:
    await answer(town, "Nà Hin", NA_HIN)
    await answer(town, "Nà Lốc", NA_LOC | {"tr_chet": NA_HIN["tr_chet"]})
    said = text_of(await commune.says("phiếu trâu bò rét"))
    assert "trâu bò chết rét: 10 con (2 thôn trả lời)" in said
    assert "4 hộ" in said.partition("nhiều nhất")[2], "of the households, one has"


@pytest.mark.parametrize(
    ("by_unit", "withheld", "most"),
    [
        ({1: 5, 2: 3}, (), 1),
        ({1: 5, 2: 3}, (3,), None),
        ({1: 5}, (), None),
        ({1: 0, 2: 0}, (), None),
        ({}, (), None),
    ],
)
def test_a_withheld_unit_may_have_most(
    by_unit: dict[int, int], withheld: tuple[int, ...], most: int | None
) -> None:
    values = {unit: Decimal(value) for unit, value in by_unit.items()}
    question = next(question for question in FORM.questions if question.asks)
    assert with_most(QuestionTold(question, 2, by_unit=values, withheld_in=frozenset(withheld))) == most


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_it_says_that_nothing_was_sent_out(town: Town, head: Phone) -> None:
    other = await town.enrolled("na", "Nghệ An", RoleName.PROVINCE_OFFICER, "Lô Thị Hà")
    assert "Chưa có phiếu đột xuất nào" in text_of(await other.says("kết quả phiếu đột xuất"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_each_place_and_a_file_are_a_button_away(town: Town, head: Phone, commune: Phone) -> None:
    await answer(town, "Nà Hin", NA_HIN)
    await answer(town, "Bản Pàu", PAU)
    await commune.says("phiếu trâu bò rét")
    said = text_of(await commune.presses("Xem từng nơi"))
    assert "thôn Nà Hin: 5 con; 4 hộ; 80 %; Rơm; Ba bản" in said
    assert "thôn Nà Lốc: chưa trả lời" in said
    [reply] = await commune.presses("Xem số đã trả lời")
    [reply] = await commune.presses("Tải bảng trả lời")
    assert reply.document is not None
    assert reply.document.made is not None
    units, totals = reply.document.made["tables"]
    assert units["heads"][3] == "Bao nhiêu trâu bò chết rét (con)"
    assert units["rows"] == [
        ["thôn Bản Pàu", 1, 1, "0", "0", None, "Bạt che", None],
        ["thôn Nà Hin", 1, 1, "5", "4", "80 %", "Rơm", "Ba bản phía trên rét hơn"],
        ["thôn Nà Lốc", 0, 1, None, None, None, None, None],
    ]
    assert totals["rows"][0] == ["Bao nhiêu trâu bò chết rét", "5 con; nhiều nhất thôn Nà Hin: 5 con", 2]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_province_reads_no_small_number_and_nobodys_words(
    town: Town, head: Phone, province: Phone
) -> None:
    await answer(town, "Nà Lốc", NA_LOC)
    await answer(town, "Bản Pàu", PAU)
    said = text_of(await province.says("phiếu trâu bò rét"))
    assert "Đã trả lời: 2/3 thôn" in said
    assert "trâu bò chết rét: 1 con (2 thôn" in said, "cattle are no people"
    assert "hộ có trâu bò chết: không hiện (để không lộ số dưới 3" in said
    assert "Rơm khô đủ cho bao nhiêu phần trăm đàn: không hiện" in said
    assert "Rơm: 1 thôn, Bạt che: 1 thôn" in said
    assert "không hiện" in text_of(await province.presses("Xem từng nơi"))
    await answer(town, "Nà Hin", NA_HIN)
    said = text_of(await province.says("phiếu trâu bò rét"))
    assert "hộ có trâu bò chết: 5 hộ (3 thôn trả lời)" in said
    assert "Ghi thêm, như nhà tạm tốc mái: 1 thôn trả lời" in said
    assert "Ba bản" not in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_it_is_shown_with_the_announcement_to_its_own_officers_alone(
    town: Town, head: Phone, commune: Phone, province: Phone
) -> None:
    other = await town.enrolled("na", "Nghệ An", RoleName.PROVINCE_OFFICER, "Lô Thị Hà")
    [row] = await town.rows(Announcement)
    assert "Xem số đã trả lời" in labels(await province.presses_data(f"n:v:{row.id}:"))
    assert "Chưa thôn nào trả lời; đã hỏi 3 thôn." in text_of(await province.presses("Xem số đã trả lời"))
    data = province.button("Xem số đã trả lời") if province.shown else ""
    for stranger in (other, head):
        assert "không còn dùng được" in text_of(await stranger.presses_data(data))
    assert "Trả lời phiếu" not in text_of(await other.says("phiếu trâu bò rét"))


async def test_until_when_it_is_due_is_another_question(town: Town, head: Phone, commune: Phone) -> None:
    assert "Trả lời phiếu" not in text_of(await commune.says("hạn gửi phiếu trâu bò rét là ngày nào"))


@pytest.mark.parametrize(
    "question",
    [
        "trâu bò chết rét xã Vĩnh Thông",
        "số trâu bò chết rét Vĩnh Thông",
        "xã Vĩnh Thông trâu bò chết rét mấy con",
        "số hộ có trâu bò chết các xã",
        "rơm khô đủ cho mấy phần trăm đàn",
        "thôn cần gì nhất",
        "đủ rơm cho đàn xã Vĩnh Thông",
    ],
)
async def test_what_it_asks_for_is_a_question_of_an_officer_and_no_danger(
    town: Town, head: Phone, commune: Phone, question: str
) -> None:
    await answer(town, "Nà Hin", NA_HIN)
    said = text_of(await commune.says(question))
    assert "khẩn cấp phải không" not in said
    assert "trâu bò chết rét: 5 con" in said
    assert "khẩn cấp phải không" in text_of(await head.says("trâu bò chết rét"))
    assert "khẩn cấp phải không" in text_of(await commune.says("trâu bò chết rét nhiều quá!"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_words_of_its_questions_go_on_from_no_other_question(
    town: Town, head: Phone, commune: Phone
) -> None:
    """A place named before is not meant by a question that names all it asks for; words of two subjects are no
    question of it."""
    await answer(town, "Nà Hin", NA_HIN)
    await commune.says("nhà tạm thôn Nà Lốc")
    said = text_of(await commune.says("số hộ có trâu bò chết các xã"))
    assert "Trả lời phiếu Trâu bò trong đợt rét, tháng 11/2026 · xã Vĩnh Thông" in said
    for other in ("nhà tạm xã Vĩnh Thông", "thôn thiếu gì nhất", "bò chết vì dịch tả xã Vĩnh Thông"):
        assert "Trả lời phiếu" not in text_of(await commune.says(other)), other


async def test_a_figure_that_goes_on_is_told_also_where_a_questionnaire_has_its_words(
    town: Town, head: Phone, commune: Phone
) -> None:
    await answer(town, "Nà Hin", NA_HIN)
    await commune.says("nước hợp vệ sinh xã Vĩnh Thông")
    assert "Hộ ở nhà tạm, nhà dột nát: " in text_of(await commune.says("thế còn nhà tạm"))
