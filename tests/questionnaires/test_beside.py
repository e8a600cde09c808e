"""Choices and facts in .csv files beside a form."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from questionnaires.faults import FormRefused
from questionnaires.questionnaire import Questionnaire
from questionnaires.xlsform import compile_form
from questionnaires.xlsform.beside import in_folder
from tests.questionnaires.forming import Walk, table

SURVEY = """type | name | label | calculation | choice_filter | parameters
select_one_from_file huyen.csv | huyen | Huyện nào? | | | value=ma label=ten
Select one from file xa.csv | xa | Xã nào? | | huyen = ${huyen} |
calculate | dan | | pulldata('xa', 'dan_so', 'name', ${xa}) | |
integer | ho | Có ${dan} người, vậy bao nhiêu hộ? | | |"""
FILES: Mapping[str, bytes] = {
    "huyen.csv": "\ufeffma;ten\r\n01;Bạch Thông\r\n02;Chợ Đồn\r\n".encode(),
    "xa.csv": "name,label,huyen,dan_so\na,Vĩnh Thông,01,1200\nb,Cẩm Giàng,01,1300\n\nc,Bản Thi,02,900\n".encode(),
}


def form_with(files: Mapping[str, bytes], survey: str = SURVEY, choices: str = "") -> Questionnaire:
    return compile_form(table(survey, choices), "phieu.md", files.get)


def faults(
    files: Mapping[str, bytes], survey: str = SURVEY, choices: str = ""
) -> list[tuple[str, int, str, str]]:
    with pytest.raises(FormRefused) as refused:
        form_with(files, survey, choices)
    return [(fault.sheet, fault.row, fault.column, fault.code) for fault in refused.value.faults]


def test_the_rows_of_a_file_are_offered_and_looked_up() -> None:
    walk = Walk(form_with(FILES))
    assert [choice.label for choice in walk.ask.choices] == ["Bạch Thông", "Chợ Đồn"]
    walk.do("Bạch Thông")
    assert [choice.label for choice in walk.ask.choices] == ["Vĩnh Thông", "Cẩm Giàng"]
    walk.do("Cẩm Giàng")
    assert walk.ask.label == "Có 1300 người, vậy bao nhiêu hộ?"


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("xa.csv", None, ("survey", 3, "type", "external_file")),
        ("xa.csv", b"ten,huyen\na,01\n", ("xa.csv", 1, "", "file_column")),
        ("xa.csv", b"name,label,huyen\na,A,01\na,B,01\n", ("xa.csv", 3, "name", "duplicate_choice")),
        ("xa.csv", b"name,label,huyen\n,A,01\n", ("xa.csv", 2, "name", "duplicate_choice")),
        ("xa.csv", b"\xff\xfe\x00name", ("xa.csv", 0, "", "not_utf8")),
        ("xa.csv", b"name\n" + b"x" * 5_000_001, ("xa.csv", 0, "", "too_big")),
        ("xa.csv", b'name,label\na,"' + b"x" * 140_000, ("xa.csv", 0, "", "unreadable")),
        ("xa.csv", b'name;label\na;"' + b"x" * 140_000, ("xa.csv", 0, "", "unreadable")),
    ],
)
def test_what_is_wrong_with_a_file_is_told(
    name: str, content: bytes | None, fault: tuple[str, int, str, str]
) -> None:
    files = {other: text for other, text in FILES.items() if other != name}
    if content is not None:
        files[name] = content
    assert fault in faults(files)


def test_a_file_of_another_kind_or_with_the_name_of_a_list_is_refused() -> None:
    assert faults(FILES, SURVEY.replace("xa.csv", "xa.geojson")) == [("survey", 3, "type", "file_kind")]
    own_list = "list_name | name | label\nxa | x | X"
    assert faults(FILES, choices=own_list) == [("choices", 0, "list_name", "file_and_list")]


def test_a_file_without_a_question_is_looked_into() -> None:
    survey = """type | name | label | calculation
csv-external | xa | |
text | ma | Mã xã? |
calculate | ten | | pulldata("xa.csv", "label", "name", ${ma})
note | n | Xã ${ten}. |
text | z | Ghi thêm? |"""
    walk = Walk(form_with(FILES, survey))
    walk.do("b")
    assert walk.ask.notes == ("Xã Cẩm Giàng.",)


def test_a_file_that_only_calculations_look_into_needs_no_names() -> None:
    survey = """type | name | label | calculation
text | hang | Bán gì? |
calculate | gia | | pulldata('gia', 'dong', 'hang', ${hang})
text | z | Giá ${gia}? |"""
    files = {"gia.csv": b"hang,dong\ngao,15000\nmuoi,5000\n"}
    assert Walk(form_with(files, survey)).do("muoi").ask.label == "Giá 5000?"
    chosen = survey.replace("text | z | Giá ${gia}?", "select_one_from_file gia.csv | z | Hàng nào?")
    assert faults(files, chosen) == [("gia.csv", 1, "", "file_column")]


@pytest.mark.parametrize(
    ("search", "offered"),
    [
        ("search('xa')", ["Vĩnh Thông", "Cẩm Giàng", "Bản Thi"]),
        ("minimal search('xa', 'matches', 'huyen', ${h})", ["Vĩnh Thông", "Cẩm Giàng"]),
        ("search('xa', 'contains', 'label', 'Giàng')", ["Cẩm Giàng"]),
        ("search('xa', 'startswith', 'label', 'B', 'huyen', '02')", ["Bản Thi"]),
    ],
)
def test_a_search_offers_rows_of_a_file(search: str, offered: list[str]) -> None:
    survey = f"""type | name | label | appearance
text | h | Mã huyện? |
select_one tim | xa | Xã nào? | {search}"""
    form = form_with(FILES, survey, "list_name | name | label\ntim | name | label")
    assert [choice.label for choice in Walk(form).do("01").ask.choices] == offered


def test_lines_may_end_as_on_older_macs() -> None:
    walk = Walk(form_with({**FILES, "huyen.csv": "ma;ten\r01;Bạch Thông\r02;Chợ Đồn\r".encode()}))
    assert [choice.label for choice in walk.ask.choices] == ["Bạch Thông", "Chợ Đồn"]


def test_files_lie_in_the_form_s_folder_or_in_its_media(tmp_path: Path) -> None:
    (tmp_path / "phieu-media").mkdir()
    (tmp_path / "a.csv").write_bytes(b"a")
    (tmp_path / "phieu-media" / "b.csv").write_bytes(b"b")
    beside = in_folder(tmp_path / "phieu.xlsx")
    assert (beside("a.csv"), beside("b.csv"), beside("c.csv")) == (b"a", b"b", None)
    assert beside("../a.csv") is None
    assert in_folder(tmp_path / "phieu-media" / "x.md")("../a.csv") is None
