"""Forms that were made for ODK Collect, or by somebody who writes forms as they came to mind."""

from io import BytesIO

import openpyxl
import pytest

from questionnaires.faults import FormRefused
from questionnaires.interview import Context, Finished, Refused
from questionnaires.questionnaire import QuestionType
from questionnaires.xlsform import compile_form
from tests.questionnaires.forming import NOW, Walk, advice, faults, form, table

FILTERED = "type | name | label | choice_filter\n"


def codes(survey: str, choices: str = "", settings: str = "") -> list[tuple[int, str]]:
    """The advice about a form: rows and codes."""
    return [(fault.row, fault.code) for fault in advice(survey, choices, settings)]


@pytest.mark.parametrize("type_", ["audit", "start-geopoint", "background-audio", "Start-Geopoint"])
def test_what_collect_notes_by_itself_stays_blank(type_: str) -> None:
    survey = f"type | name | label\n{type_} | noted |\ninteger | a | Bao nhiêu hộ?"
    assert (2, "stays_blank") in codes(survey)
    noted = form(survey).question("/data/noted")
    assert (noted.type, noted.asks) == (QuestionType.HIDDEN, False)


@pytest.mark.parametrize(
    "type_", ["phone number", "imei", "get sim id", "subscriber id", "start time", "end time"]
)
def test_old_spellings_of_what_nobody_is_asked(type_: str) -> None:
    survey = f"type | name | label\n{type_} | noted |\ninteger | a | Bao nhiêu hộ?"
    assert faults(survey) == []
    assert not form(survey).question("/data/noted").asks


def test_a_bar_code_is_typed() -> None:
    survey = "type | name | label\nbarcode | ma | Mã trên thẻ?"
    assert codes(survey) == [(2, "typed_instead")]
    assert form(survey).question("/data/ma").type is QuestionType.TEXT


def test_a_default_of_last_time_is_not_needed() -> None:
    for default in ("${last-saved#a}", "${last-saved#a} + 1"):
        survey = f"type | name | label | default\ninteger | a | A? | {default}"
        assert (2, "last_saved_default") in codes(survey)
        assert form(survey).question("/data/a").default == ""


def test_a_calculation_waits_for_its_trigger() -> None:
    survey = (
        "type | name | label | calculation | trigger\n"
        "integer | a | A? | |\ncalculate | b | | 7 + 1 | ${a}\ninteger | c | Được ${b}? | |"
    )
    walk = Walk(form(survey))
    walk.do("5")
    assert walk.ask.label == "Được 8?"
    shown = survey.replace("calculate | b | |", "integer | b | B? |")
    assert (3, "calculated_question") in codes(shown)
    assert Walk(form(shown)).do("5").ask.label == "Được 8?"
    emptied = survey.replace("calculate | b | | 7 + 1 |", "integer | b | B? | |")
    assert codes(emptied) == [(3, "ignored_column")]
    assert Walk(form(emptied)).do("5").ask.label == "B?"


def test_the_head_of_a_table_of_questions_asks_nothing() -> None:
    survey = """type | name | label | appearance
select_one yn | head | | label
select_one yn | a | Đài? | list-nolabel"""
    choices = "list_name | name | label\nyn | y | Có\nyn | n | Không"
    assert (2, "stays_blank") in codes(survey, choices)
    assert Walk(form(survey, choices)).ask.label == "Đài?"
    old = survey.replace("select_one yn | a", "select1 yn | a").replace(
        "select_one yn | head | |", "note | n | N |"
    )
    assert [choice.label for choice in Walk(form(old, choices)).ask.choices] == ["Có", "Không"]


def test_a_group_shown_as_a_table_asks_only_its_own_questions() -> None:
    survey = """type | name | label | appearance
begin group | g | Đánh giá | table-list
select_one yn | a | Đài? |
select_one yn | b | Tivi? |
end group | | |"""
    choices = "list_name | name | label\nyn | y | Có\nyn | n | Không"
    compiled = form(survey, choices)
    assert [question.name for question in compiled.asked] == ["a", "b"]
    assert Walk(compiled).ask.label == "Đài?"
    assert "no_label" not in [code for _, code in codes(survey, choices)]


def test_recordings_films_and_files_are_asked_for() -> None:
    survey = "type | name | label\naudio | a | Kể lại? |\nvideo | v | Quay lại? |\nfile | f | Biên bản? |"
    compiled = form(survey)
    assert [question.type for question in compiled.asked] == ["audio", "video", "file"]
    walk = Walk(compiled)
    assert walk.do("không có gì").refused.code == "audio_wanted"


def test_columns_of_choices_that_can_name_nothing_are_left_out() -> None:
    survey = "type | name | label | choice_filter\nselect_one l | a | A? | vung = '1'"
    choices = (
        "list_name | name | label::Tiếng Việt (vi) | $kuid | a/b | x:y | vung\nl | x | Ích | k1 | 1 | 2 | 1"
    )
    assert [code for _, code in codes(survey, choices)].count("ignored_column") == 3
    assert [choice.label for choice in Walk(form(survey, choices)).ask.choices] == ["Ích"]


def test_null_is_blank() -> None:
    survey = (
        "type | name | label | relevant\ninteger | a | A? |\ntext | b | B? | ${a} != null\ntext | c | C? |"
    )
    walk = Walk(form(survey))
    assert walk.do("5").ask.label == "B?"
    own = "type | name | label | relevant\ninteger | null | A? |\ntext | b | B? | ${null} = 5"
    assert Walk(form(own)).do("5").ask.label == "B?"


def test_external_choices_are_choices() -> None:
    book = openpyxl.Workbook()
    sheets = {
        "survey": ["type|name|label|choice_filter", "select_one_external xa|xa|Xã?|tinh='bk'"],
        "choices": ["list_name|name|label", "co|y|Có"],
        "external_choices": ["list_name|name|label|tinh", "xa|vt|Vĩnh Thông|bk", "xa|dd|Đồng Đăng|ls"],
        "settings": ["form_id|form_title", "f|Phiếu"],
    }
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row.split("|"))
    file = BytesIO()
    del book["Sheet"]
    book.save(file)
    assert [choice.label for choice in Walk(compile_form(file.getvalue(), "f.xlsx")).ask.choices] == [
        "Vĩnh Thông"
    ]


def test_a_choice_may_stand_twice_where_the_form_says_so() -> None:
    survey = FILTERED + "select_one t | t | Tỉnh? |\nselect_one x | x | Xã? | t = ${t}"
    choices = "list_name | name | label | t\nt | 1 | A |\nt | 2 | B |\nx | pt | Phủ Thông | 1\nx | pt | Phong Thạnh | 2"
    assert {fault[3] for fault in faults(survey, choices)} == {"duplicate_choice"}
    walk = Walk(form(survey, choices, "form_id | allow_choice_duplicates\nf | yes"))
    assert [choice.label for choice in walk.do("B").ask.choices] == ["Phong Thạnh"]


def test_functions_of_angles_and_powers() -> None:
    survey = (
        "type | name | label | calculation\n"
        "calculate | n | | round(cos(0) + sin(0) + tan(0) + acos(1) + asin(0) + atan(0) + atan2(0, 1) + exp10(2), 3)\n"
        "integer | a | Được ${n}? |"
    )
    assert Walk(form(survey)).ask.label == "Được 101?"


@pytest.mark.parametrize(
    ("calculation", "shown"),
    [
        ("weighted-checklist(2, 5, true(), 3, false(), 9)", "1"),
        ("weighted-checklist(4, -1, true(), 3)", "0"),
        ("digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"),
        ("base64-decode('aOG7mQ==')", "hộ"),
        ("round(distance('21.0 105.0 0 0', '22.0 105.0 0 0') div 1000)", "111"),
        ("distance('21 105', 'x')", ""),
    ],
)
def test_functions_of_places_and_codes(calculation: str, shown: str) -> None:
    survey = (
        f"type | name | label | calculation\ncalculate | n | | {calculation}\ntext | a | Được «${{n}}»? |"
    )
    assert Walk(form(survey)).ask.label == f"Được «{shown}»?"


@pytest.mark.parametrize(
    ("survey", "fault"),
    [
        ("type | name | label | constraint\ninteger | a | A | 1 < . < 5", (2, "constraint", "chained")),
        ("type | name | label | constraint\ninteger | a | A | 5 >= . >= 1", (2, "constraint", "chained")),
        ("PHIẾU | | \ntype | name | label\ninteger | a | A", (1, "", "heading_below")),
        ("loại | name | label\ninteger | a | A", (1, "loại", "heading_slip")),
        ("type | tên | nhãn\ninteger | a | A", (1, "tên", "heading_slip")),
    ],
)
def test_what_is_not_meant_so_is_refused(survey: str, fault: tuple[int, str, str]) -> None:
    assert ("survey", *fault) in faults(survey)


@pytest.mark.parametrize("calculation", ["${h} + ' ' + ${a}", "${a} + ' hộ'", "'Ông ' + ${a}"])
def test_words_are_not_added(calculation: str) -> None:
    survey = f"type | name | label | calculation\ntext | a | A? |\ntext | h | H? |\ncalculate | c | | {calculation}"
    assert (4, "joined_words") in codes(survey)


@pytest.mark.parametrize("calculation", ["${a} + 1", "${a} + ${h}", "${a} + '1'"])
def test_numbers_are(calculation: str) -> None:
    survey = f"type | name | label | calculation\ntext | a | A? |\ntext | h | H? |\ncalculate | c | | {calculation}"
    assert codes(survey) == []


def test_a_form_without_an_id_has_its_files_name() -> None:
    survey = table("type | name | label\ninteger | a | A?")
    named = compile_form(survey, "Phiếu hộ nghèo (2).md")
    assert (named.name, named.title("vi"), named.stated_version) == (
        "phieu-ho-ngheo-2",
        "phieu-ho-ngheo-2",
        "",
    )
    assert compile_form(survey, "khác.md").name != named.name


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"A2": "integer", "B2": "a", "C2": "A?", "A80": "integer"}, (80, "", "rows_below")),
        ({"A2": "integer", "B2": "a", "C2": "A?", "A9000": "integer"}, (9000, "", "rows_below")),
        ({"A2": "integer", "B2": "a", "C2": "A?", "AA1": "hint"}, (1, "AA", "columns_beyond")),
    ],
)
def test_what_lies_behind_a_gap_is_not_passed_over(
    cells: dict[str, str], where: tuple[int, str, str]
) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    for cell, text in {"A1": "type", "B1": "name", "C1": "label", **cells}.items():
        sheet[cell] = text
    file = BytesIO()
    book.save(file)
    with pytest.raises(FormRefused) as refused:
        compile_form(file.getvalue(), "f.xlsx")
    assert [(fault.row, fault.column, fault.code) for fault in refused.value.faults] == [where]


@pytest.mark.parametrize(
    ("typed", "lang", "shown"),
    [
        ("0,75", "vi", "1,125"),
        ("1000,5", "vi", "1.500,75"),
        ("1000.5", "en", "1,500.75"),
        ("1800", "vi", "2.700"),
        ("1800", "en", "2,700"),
        ("1350", "vi", "2.025"),
        ("8000", "vi", "12.000"),
    ],
)
def test_a_computed_number_is_written_as_people_write_it(typed: str, lang: str, shown: str) -> None:
    survey = (
        "type | name | label | calculation | constraint | constraint_message\n"
        "decimal | a | A? | | |\ncalculate | b | | ${a} * 1.5 | |\ninteger | c | Được ${b}? | | . < ${b} | Dưới ${b}"
    )
    walk = Walk(form(survey), Context(NOW, lang, seed="test")).do(typed)
    assert walk.ask.label == f"Được {shown}?"
    refused = walk.do("99000").of(Refused)
    assert isinstance(refused, Refused)
    assert refused.message == f"Dưới {shown}"


@pytest.mark.parametrize(
    ("row", "words", "shown"),
    [
        ("integer | a | Diện tích (m2)? | ", "rộng ${a} m2", "rộng 2.026 m2"),
        ("integer | a | Năm sinh? | ", "Tuổi của người sinh ${a}", "Tuổi của người sinh 2026"),
        ("integer | a | Năm cấp? | ", "Giấy cấp hồi ${a}", "Giấy cấp hồi 2026"),
        ("integer | a | Mã số hộ? | ", "Hộ ${a}", "Hộ 2026"),
        ("integer | a | Năm nào? | ", "Đến năm ${b}", "Đến năm 2027"),
        ("integer | a | Năm nào? | ", "Tháng 12/${b}", "Tháng 12/2027"),
        ("integer | a | Năm nào? | ", "${b} nghìn đồng", "2.027 nghìn đồng"),
        ("text | a | Số nhà? | ", "Nhà ${a}", "Nhà 2026"),
    ],
)
def test_a_year_and_a_code_in_a_text_have_no_marks(row: str, words: str, shown: str) -> None:
    survey = f"type | name | label | calculation\n{row}\ncalculate | b | | ${{a}} + 1\ntext | c | {words} |"
    assert Walk(form(survey)).do("2026").ask.label == shown


def test_a_moment_with_an_offset_is_stored_as_the_others_are() -> None:
    survey = "type | name | label | constraint\ndateTime | h | Lúc nào? |\ndateTime | k | Xong lúc nào? | . >= ${h}"
    walk = Walk(form(survey)).do("2026-11-05T07:30Z")
    assert isinstance(walk.do("5/11/2026 8h").of(Refused), Refused)
    finished = walk.do("5/11/2026 3 giờ chiều").of(Finished)
    assert isinstance(finished, Finished)
    assert finished.values["/data/h"] == "2026-11-05T14:30:00.000"
