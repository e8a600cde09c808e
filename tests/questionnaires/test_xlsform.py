"""What is taken in, what is refused and where, and that no file, however odd, gets a traceback."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

import questionnaires
from plans.reading import load_plans
from questionnaires import workbooks
from questionnaires.faults import FormRefused
from questionnaires.interview import Back, GoTo
from questionnaires.questionnaire import Questionnaire, QuestionType, UnreadableFormError
from questionnaires.workbooks import first_rows, trimmed
from questionnaires.xlsform import compile_form, compile_with_advice
from tests.questionnaires.forming import Walk, advice, faults, form, table

BUNDLED = sorted((Path(questionnaires.__file__).parent / "forms").glob("*.md"))
SIMPLE = [["type", "name", "label"], ["integer", "ho", "Bao nhiêu hộ?"]]


def workbook(rows: list[list[object]], name: str = "survey") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = name
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def filled(count: int) -> bytes:
    """A workbook with so many rows of questions below its headings."""
    return workbook([SIMPLE[0], *(["text", f"q{row}", f"Câu {row}?"] for row in range(count))])


def code_of(data: bytes, filename: str) -> str:
    with pytest.raises(FormRefused) as caught:
        compile_form(data, filename)
    return caught.value.faults[0].code


def outcome(data: bytes, filename: str) -> object:
    """What comes of a file: its faults, or what an interview on it begins with."""
    try:
        compiled = compile_form(data, filename)
    except FormRefused as refused:
        return refused.faults
    return Walk(compiled).events


# --- files --------------------------------------------------------------------------------------------


def test_every_kind_of_file_gives_the_same_form() -> None:
    csv = '"survey"\n,"type","name","label"\n,"integer","ho","Bao nhiêu hộ?"\n'.encode()
    versions = {
        compile_form(workbook(SIMPLE), "a.xlsx").version,
        compile_form(csv, "a.csv").version,
        compile_form(table("type | name | label\ninteger | ho | Bao nhiêu hộ?"), "a.md").version,
    }
    assert len(versions) == 1


def test_a_form_survives_json_and_the_version_is_of_its_content() -> None:
    one = compile_form(workbook(SIMPLE), "a.xlsx")
    again = Questionnaire.from_json(json.loads(json.dumps(one.to_json())))
    assert again.to_json() == one.to_json()
    other = compile_form(workbook([*SIMPLE, ["text", "x", "X"]]), "a.xlsx")
    assert len({one.version, again.version, other.version}) == 2


def test_a_compiled_form_of_another_program_is_not_misread() -> None:
    with pytest.raises(UnreadableFormError):
        Questionnaire.from_json({"schema": 99})


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_the_bundled_forms_compile_without_advice(path: Path) -> None:
    compiled, found = compile_with_advice(path.read_bytes(), path.name)
    assert found == []
    assert set(compiled.languages) == {"vi", "en"}
    asked_of = {entry.level for entry in load_plans().schedule if entry.form == compiled.name}
    most = 8 if "thon" in asked_of else 12
    assert sum(question.asks for question in compiled.questions) <= most


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.xlsx", "empty_file"),
        (b"  \n", "a.md", "empty_file"),
        (b"hello", "a.docx", "file_type"),
        (b"hello", "a", "file_type"),
        (b"this is no zip file at all", "a.xlsx", "not_a_workbook"),
        (b"PK\x03\x04broken", "a.xlsx", "not_a_workbook"),
        (b"not an old workbook", "a.xls", "not_a_workbook"),
        (b"\xff\xfe\x00", "a.md", "not_utf8"),
        ("| survey |\n| | type | tên |".encode("cp1258", "replace"), "a.md", "not_utf8"),
        (b"survey\0,type", "a.csv", "not_utf8"),
        (b"just words", "a.md", "unreadable"),
        (b"just words", "a.csv", "unreadable"),
        (b"x" * 5_000_001, "a.md", "too_big"),
        (table("nothing | here\nx | y"), "a.md", "no_xlsform"),
    ],
)
def test_a_file_that_is_no_form_is_refused(data: bytes, filename: str, code: str) -> None:
    found = code_of(data, filename)
    assert found == code or (code == "unreadable" and found in ("pyxform", "unreadable"))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def rewritten(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with something else in one of its files."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(written, "w") as copy:
        for member in archive.infolist():
            text = archive.read(member)
            copy.writestr(member, text.replace(old, new) if member.filename == name else text)
    return written.getvalue()


def test_a_workbook_of_another_kind_says_what_to_do() -> None:
    main, strict = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/main",
    )
    data = rewritten(workbook(SIMPLE), "xl/workbook.xml", main, strict)
    assert code_of(data, "a.xlsx") == "strict_workbook"
    assert code_of(OLE, "a.xlsx") == "old_workbook"
    assert code_of(OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx") == "locked_workbook"


def test_a_workbook_is_read_to_its_end_whatever_it_says_of_its_extent() -> None:
    data = rewritten(
        workbook(SIMPLE), "xl/worksheets/sheet1.xml", b'<dimension ref="A1:C2"', b'<dimension ref="A1"'
    )
    assert b'ref="A1"' in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert [question.path for question in compile_form(data, "a.xlsx").questions if question.asks] == [
        "/data/ho"
    ]


TEXT = "survey,,,\r\n,type,name,label\r\n,text,a,Tên\r\n"
MARKDOWN = table("type | name | label\ntext | a | Tên").decode()


@pytest.mark.parametrize(
    ("data", "filename"),
    [
        (TEXT.encode(), "a.csv"),
        (TEXT.encode("utf-8-sig"), "a.csv"),
        (TEXT.encode("utf-16"), "a.csv"),
        (TEXT.replace(",", ";").encode("utf-8-sig"), "a.csv"),
        (TEXT.replace(",", "\t").encode("utf-16"), "a.csv"),
        (MARKDOWN.encode("utf-8-sig"), "a.md"),
        (MARKDOWN.replace("\n", "\r\n").encode(), "A.MD"),
        (("Phiếu\n\n" + MARKDOWN.replace("| ", "|   ") + "\n\nhết").encode(), "a.md"),
    ],
)
def test_a_text_may_come_as_programs_save_it(data: bytes, filename: str) -> None:
    compiled = compile_form(data, filename)
    assert [compiled.words(question.labels, "vi") for question in compiled.questions] == [("Tên",)]


def test_a_formula_on_a_sheet_of_the_author_s_own_does_not_matter() -> None:
    book = load_workbook(io.BytesIO(workbook([["type", "name", "label"], ["integer", "a", "A?"]])))
    book.create_sheet("Ghi chú")["A1"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    assert [one.name for one in compile_form(out.getvalue(), "phieu.xlsx").asked] == ["a"]


def test_a_prefix_may_have_two_colons_behind_it() -> None:
    rows: list[list[object]] = [["type", "name", "label", "bind::odk::length"], ["text", "a", "A?", "10"]]
    once: list[list[object]] = [["type", "name", "label", "bind::odk:length"], *rows[1:]]
    forms = [compile_form(workbook(some), "phieu.xlsx") for some in (rows, once)]
    assert forms[0].version == forms[1].version


def test_a_formula_without_its_result_is_refused_where_it_stands() -> None:
    with pytest.raises(FormRefused) as refused:
        compile_form(workbook([*SIMPLE, ["text", "c", '="C" & 1']]), "a.xlsx")
    faults = [(fault.sheet, fault.row, fault.column, fault.code) for fault in refused.value.faults]
    assert faults == [("survey", len(SIMPLE) + 1, "C", "formula")]


def test_a_day_that_excel_has_made_of_a_default_is_a_day() -> None:
    rows: list[list[object]] = [["type", "name", "label", "default"], ["date", "a", "A", date(2026, 11, 20)]]
    assert compile_form(workbook(rows), "a.xlsx").question("/data/a").default == "2026-11-20"


def zipped(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "/"), content)
    return file.getvalue()


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    assert code_of(zipped(a=b"x"), "a.xlsx") == "not_a_workbook"


def test_a_workbook_that_defines_entities_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    file = io.BytesIO(workbook(SIMPLE))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("xl/extra.xml", bomb)
    assert code_of(file.getvalue(), "a.xlsx") == "entities"


def test_a_zip_that_unpacks_to_far_too_much_is_refused() -> None:
    assert code_of(zipped(**{"xl_sheet.xml": b"0" * 61_000_000}), "a.xlsx") == "too_big"


def test_a_damaged_old_workbook_writes_nothing_of_its_own(capfd: pytest.CaptureFixture[str]) -> None:
    assert code_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048), "a.xls") == "not_a_workbook"
    assert capfd.readouterr() == ("", "")


def test_a_workbook_cut_short_is_refused() -> None:
    whole = workbook(SIMPLE)
    for length in range(0, len(whole), 97):
        with pytest.raises(FormRefused):
            compile_form(whole[:length], "a.xlsx")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_workbook_compiles_or_is_refused(changes: list[tuple[int, int]]) -> None:
    damaged = bytearray(workbook(SIMPLE))
    for place, value in changes:
        damaged[place % len(damaged)] = value
    assert outcome(bytes(damaged), "a.xlsx")


CELLS = st.sampled_from(
    [
        "",
        "text",
        "integer",
        "note",
        "calculate",
        "select_one l",
        "begin group",
        "end group",
        "begin repeat",
        "end repeat",
        "a",
        "b",
        "a b",
        "${a}",
        "${b} > 1",
        "${a} + ",
        "yes",
        "1",
        "=1+1",
        "<b>&",
        "today()",
        "\x1f",
    ]
)


@settings(max_examples=150)
@given(st.lists(st.lists(CELLS, min_size=7, max_size=7), min_size=1, max_size=6))
def test_any_table_compiles_or_is_refused_and_what_compiles_runs(rows: list[list[str]]) -> None:
    heading = "type | name | label | relevant | constraint | calculation | default"
    survey = "\n".join([heading, *(" | ".join(row) for row in rows)])
    data = table(survey, "list_name | name | label\nl | x | X")
    assert outcome(data, "a.md")


@settings(max_examples=150)
@given(st.text(alphabet="abr01.${}()[]/'\"=<>+-*!,| :@and", max_size=24))
def test_any_expression_compiles_or_is_refused(expression: str) -> None:
    survey = f"type | name | label | calculation\ninteger | a | A |\ncalculate | c | | {expression.replace('|', ' ')}"
    assert outcome(table(survey), "a.md")


def test_no_sheet_is_read_to_its_end_to_find_that_it_is_too_long() -> None:
    with pytest.raises(FormRefused) as refused:
        compile_form(filled(2600), "a.xlsx")
    assert [(fault.row, fault.code) for fault in refused.value.faults] == [(2002, "too_many_rows")]
    cut = trimmed(filled(2600), lambda sheet: 2001 if sheet == "survey" else 0)
    assert cut.filled_beyond == (("survey", 2002),)
    [sheet] = load_workbook(io.BytesIO(cut.data), read_only=True).worksheets
    assert sum(1 for _ in sheet.iter_rows()) == 2001


@pytest.mark.parametrize("number", [b"99999999999999", b"1e15", b"1048577"])
def test_a_row_with_a_number_that_no_sheet_has_ends_it(number: bytes) -> None:
    """openpyxl would fill up the rows before it, for hours."""
    sheet = (
        b'<sheetData><row r="1"><c><v>1</v></c></row><row spans="1:2" r="%s"><c><v>2</v></c></row>' % number
    )
    kept, filled = first_rows(io.BytesIO(sheet), 100)
    assert kept.count(b"<row") == 1
    assert filled is not None
    assert first_rows(io.BytesIO(sheet.replace(number, b"1048576")), 100)[1] is None


@pytest.mark.parametrize("size", [7, 31, 100_000])
def test_a_sheet_is_cut_the_same_however_it_arrives(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(workbooks, "CHUNK", size)
    row = b'<x:row r="%d"><x:c><x:v>%d</x:v></x:c></x:row>'
    filled = b"".join(row % (number, number) for number in range(1, 6))
    blank = b"".join(b'<x:row r="%d"/>' % number for number in range(6, 9))
    sheet = b"<x:sheetData>" + filled + blank + row % (9, 9) + b"</x:sheetData><x:rowBreaks/></x:worksheet>"
    kept, beyond = first_rows(io.BytesIO(sheet), 6)
    assert (kept.count(b"<x:row "), kept.endswith(b"</x:sheetData></x:worksheet>"), beyond) == (6, True, 9)
    assert first_rows(io.BytesIO(sheet), 4)[1] == 5
    assert first_rows(io.BytesIO(sheet), 9) == (sheet, None)


def test_rows_that_are_only_formatted_do_not_count() -> None:
    blank = workbook([*SIMPLE, *([[None, None, ""]] * 2600)])
    assert trimmed(blank, lambda sheet: 100).filled_beyond == ()
    assert compile_form(blank, "a.xlsx").question("/data/ho").asks


# --- what is not supported ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    ["geotrace", "geoshape", "xml-external"],
)
def test_types_that_a_chat_cannot_ask_are_refused_with_what_to_use(kind: str) -> None:
    survey = f"type | name | label\ntext | a | A\n{kind} | b | B"
    code = "type" if kind == "xml-external" else f"type_{kind}"
    assert faults(survey, "list_name | name | label\nl | x | X") == [("survey", 3, "type", code)]


@pytest.mark.parametrize(
    ("survey", "expected"),
    [
        ("type | name | label\nsomething | a | A", ("survey", 2, "type", "unknown_type")),
        (
            "type | name | label\nbegin loop over m | r | R\ntext | a | A\nend loop",
            ("survey", 2, "type", "loop"),
        ),
        ("type | name | label\nbegin group | g | G\ntext | a | A", ("survey", 2, "type", "never_ends")),
        (
            "type | name | label | appearance\nselect_one l | a | A | search('x', 'like', 'y')",
            ("survey", 2, "appearance", "search"),
        ),
        ("type | name | label | bind::ask\ntext | a | A | guess", ("survey", 2, "bind::ask", "unknown_ask")),
        ("type | name | label | Relevant\ntext | a | A | foo() = 1", ("survey", 2, "Relevant", "function")),
        ("type | name | label\ntext | a | A ${a", ("survey", 2, "label", "reference_open")),
        ("type | name | label\ntext | a | A ${zz}", ("survey", 2, "label", "unknown_name")),
    ],
)
def test_what_is_not_supported_is_refused_where_it_stands(
    survey: str, expected: tuple[str, int, str, str]
) -> None:
    assert expected in faults(survey, "list_name | name | label\nl | x | X")


@pytest.mark.parametrize(
    "survey",
    [
        "calculate | a | | ${b} + 1 |\ncalculate | b | | ${a} + 1 |",
        "integer | a | A | | ${a} > 1",
        "begin repeat | r | R | |\ncalculate | y | | ${s} |\nend repeat | | | |\ncalculate | s | | sum(${y}) |",
    ],
)
def test_circles_are_refused(survey: str) -> None:
    found = faults(f"type | name | label | calculation | relevant\n{survey}")
    assert {code for _, _, _, code in found} == {"circle"}


def test_a_group_may_be_shown_for_an_answer_within_it() -> None:
    survey = """type | name | label | relevant | default
    text | z | Z | |
    begin group | g | G | ${a} != '2' |
    integer | a | A | | 1
    text | b | B | |
    end group | | | |
    text | c | C | |"""
    assert [one.code for one in advice(survey)] == ["own_child"]
    walk = Walk(form(survey)).do("x", "3")
    assert walk.at == "/data/g/b"
    walk.do(Back(), "2")
    assert walk.at == "/data/c"
    assert "/data/g/a" not in walk.do("y").done.values


def test_a_loop_asks_its_questions_for_each_choice() -> None:
    looped = form(
        """type | name | label | relevant
    begin loop over Cay | theo_cay | Cây |
    integer | dt | Diện tích %(label)s? |
    integer | hong | Hỏng mấy ha? | ../dt > 0
    end loop | | |""",
        "list_name | name | label\nCay | ngo | Ngô\nCay | lua | Lúa",
    )
    asked = [
        (node.name, node.path, "".join(map(str, next(iter(node.labels.values())))))
        for node in looped.questions
        if node.asks
    ]
    assert asked == [
        ("dt_ngo", "/data/theo_cay/ngo/dt", "Diện tích Ngô?"),
        ("hong_ngo", "/data/theo_cay/ngo/hong", "Hỏng mấy ha?"),
        ("dt_lua", "/data/theo_cay/lua/dt", "Diện tích Lúa?"),
        ("hong_lua", "/data/theo_cay/lua/hong", "Hỏng mấy ha?"),
    ]
    named = "type | name | label\nbegin loop over l | r | R\ninteger | a | A\nnote | b | ${a}\nend loop"
    told = faults(named, "list_name | name | label\nl | x | X\nl | y | Y")
    assert told == [("survey", 4, "label", "name_of_several")]


def test_a_rank_is_asked_place_by_place() -> None:
    survey = (
        "type | name | label | required\nrank Viec | uu_tien | Việc nào trước? | yes\nnote | n | ${uu_tien} |"
    )
    choices = "list_name | name | label\nViec | nuoc | Nước\nViec | duong | Đường\nViec | dien | Điện"
    walk = Walk(form(survey, choices))
    assert (walk.ask.label, [one.label for one in walk.ask.choices]) == (
        "Việc nào trước? (1/3)",
        ["Nước", "Đường", "Điện"],
    )
    walk.do("Đường")
    assert (walk.ask.label, [one.label for one in walk.ask.choices]) == (
        "Việc nào trước? (2/3)",
        ["Nước", "Điện"],
    )
    walk.do("Điện")
    assert walk.value("uu_tien") == walk.done.values["/data/uu_tien"] == "duong dien nuoc"
    assert walk.do(GoTo("/data/uu_tien_1"), "Nước").value("uu_tien") == "nuoc dien duong"
    assert walk.do(GoTo("/data/uu_tien_1"), "Điện").ask.path == "/data/uu_tien_2", "it cannot have two places"
    assert walk.do("Nước").value("uu_tien") == "dien nuoc duong"
    some = "type | name | label | choice_filter\nrank Viec | a | A | name != 'dien'"
    filtered = Walk(form(some, choices)).do("Đường", "Nước")
    assert filtered.value("a") == "duong nuoc"


@pytest.mark.parametrize("count", [0, 1, 11])
def test_what_cannot_be_ranked_in_a_chat_is_refused(count: int) -> None:
    choices = "list_name | name | label" + "".join(f"\nl | c{n} | C{n}" for n in range(count)) + "\nm | x | X"
    told = faults("type | name | label\nrank l | a | A", choices)
    assert told == [("survey", 2, "type", "rank")]


def test_every_fault_is_listed_at_once() -> None:
    survey = """type | name | label | relevant | constraint
    rank k | a | A | |
    geotrace | b | B | |
    begin loop over m | c | C | |
    end loop | | | |"""
    assert len(faults(survey, "list_name | name | label\nl | x | X")) == 3
    survey = """type | name | label | relevant | constraint
    text | a | A | foo() | bar()
    text | b | B | ${a} | ."""
    assert [code for _, _, _, code in faults(survey)] == [
        "function",
        "function",
        "bare_reference",
        "bare_reference",
    ]


def test_settings_and_sheets_that_cannot_be_honoured_are_refused() -> None:
    survey = "type | name | label\ntext | a | A"
    assert ("settings", 2, "public_key", "setting") in faults(survey, settings="public_key\nabc")
    data = table(survey) + b"\n| entities |\n| | dataset |\n| | trees |"
    assert code_of(data, "a.md") == "sheet"


def test_a_list_with_the_same_choice_twice_is_refused_unless_the_form_allows_it() -> None:
    survey = "type | name | label\nselect_one l | a | A"
    choices = "list_name | name | label\nl | x | X\nl | x | Y"
    assert [code for _, _, _, code in faults(survey, choices)] == ["duplicate_choice"]
    assert faults(survey, choices, "allow_choice_duplicates\nyes") == []


# --- what is carried over -----------------------------------------------------------------------------


def test_what_the_author_says_beside_the_question_is_carried_over() -> None:
    compiled = form(
        "type | name | label | bind::ask | bind::unit | bind::period\ninteger | a | A | money_vnd | đồng | year",
        settings="form_title | title_en | form_id | version | default_language\nPhiếu | Form | phieu | 3 | vi",
    )
    question = compiled.question("/data/a")
    assert (question.type, question.kind, dict(question.facts)) == (
        QuestionType.INTEGER,
        "money_vnd",
        {"ask": "money_vnd", "period": "year"},
    )
    assert (compiled.name, compiled.stated_version, compiled.title("en")) == ("phieu", "3", "Form")
    assert (compiled.title("xx"), compiled.settings["form_title"]) == ("Phiếu", "Phiếu")


# --- advice -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("label", ["label", "label::Tiếng Mường (mtq)"])
def test_the_words_of_or_other_need_no_translation(label: str) -> None:
    survey = f"type | name | {label}\nselect_one l or_other | a | A\nselect_multiple l or_other | b | B"
    assert advice(survey, f"list_name | name | {label}\nl | x | X\nl | y | Y") == []


@pytest.mark.parametrize(
    ("survey", "code"),
    [
        ("type | name | label | relevant\ntext | a | A | false()\ntext | b | B |", "unreachable"),
        ("type | name | label | relevant\ntext | a | A | 1 = 2\ntext | b | B |", "unreachable"),
        ("type | name | label | relevant\nselect_one l | a | A |\ntext | b | B | ${a} = 'zz'", "unreachable"),
        (
            "type | name | label | relevant\nselect_one l | a | A |\ntext | b | B | selected(${a}, 'zz')",
            "unreachable",
        ),
        ("type | name | label | constraint\ninteger | a | A | . > 5 and . < 5", "impossible"),
        ("type | name | label | constraint\ninteger | a | A | . >= 10 and 3 >= .", "impossible"),
        ("type | name | label | constraint\ntext | a | A | regex(., '[a-z]+')", "unanchored"),
        ("type | name | label | appearance\ntext | a | A | multiline", "ignored_column"),
        ("type | name | label | calculation\ntext | a | A |\ninteger | b | B | 1 + 1", "calculated_question"),
        (f"type | name | label\ntext | a | {'rất dài ' * 60}", "long_label"),
        ("type | name | label\n" + "\n".join(f"text | a{n} | A" for n in range(13)), "many_questions"),
        ("type | name | label | calculation\ncalculate | a | | 1", "no_questions"),
        (
            "type | name | label::Tiếng Việt (vi) | label::English (en)\ntext | a | Tên |",
            "missing_translation",
        ),
        (
            "type | name | label | calculation | repeat_count\nbegin repeat | r | R | | 5\ninteger | x | X | |\n"
            "calculate | s | | sum(${x}) |\nend repeat | | | |",
            "own_row",
        ),
        *(
            (
                f"type | name | label | repeat_count | constraint\ninteger | n | N | | {constraint}\n"
                f"begin repeat | r | R | {count} |\ninteger | x | X | |\nend repeat | | | |",
                "rows_cut",
            )
            for count, constraint in (
                ("", ""),
                ("${n}", ""),
                ("${n}", ". <= 101"),
                ("101", ""),
                ("${n} * 9", ". < 9"),
            )
        ),
    ],
)
def test_what_could_be_better_is_said(survey: str, code: str) -> None:
    found = advice(survey, "list_name | name | label\nl | x | X")
    assert [fault.code for fault in found] == [code]
    assert not found[0].grave


@pytest.mark.parametrize(
    "survey",
    [
        "type | name | label | relevant\nselect_one l | a | A |\ntext | b | B | ${a} = 'x'",
        "type | name | label | relevant\nselect_one l | a | A |\ntext | b | B | ${a} = 'zz' or ${a} = 'x'",
        "type | name | label | relevant\nselect_one l | a | A |\ntext | b | B | not(${a} = 'zz')",
        "type | name | label | constraint\ninteger | a | A | . >= 5 and . <= 5",
        "type | name | label | constraint\ninteger | a | A | . > 9 or . < 3",
        "type | name | label | constraint\ntext | a | A | regex(., '^[a-z]+$')",
    ],
)
def test_what_is_well_gets_no_advice(survey: str) -> None:
    assert advice(survey, "list_name | name | label\nl | x | X") == []


@pytest.mark.parametrize(
    ("count", "constraint"), [("100", ""), ("${n}", ". <= 100"), ("${n}", ". >= 0 and . < 9")]
)
def test_a_repeat_that_never_asks_too_much_needs_no_advice(count: str, constraint: str) -> None:
    survey = f"""type | name | label | repeat_count | constraint
    integer | n | N | | {constraint}
    begin repeat | r | R | {count} |
    integer | x | X | |
    end repeat | | | |"""
    assert advice(survey) == []
