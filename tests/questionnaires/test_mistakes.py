"""The usual slips of authors: each is told with its sheet, row and column, all at once, in both languages."""

# ruff: noqa: E501

import pytest

from bot.trying import fault_text
from questionnaires.faults import FormRefused
from questionnaires.pyxform_words import fault_of
from questionnaires.xlsform import compile_form
from tests.questionnaires.forming import advice, faults, table

LISTS = "list_name | name | label\nl | x | X\nl | y | Y"


@pytest.mark.parametrize(
    ("survey", "expected"),
    [
        ("typ | name | label\ntext | a | A", [(1, "typ", "heading_slip")]),
        ("type | name | label | relevent\ntext | a | A | 1 = 1", [(1, "relevent", "heading_slip")]),
        ("type | label\ntext | A", [(1, "", "missing_heading")]),
        ("type | name | label\ntext | | A", [(2, "name", "no_name")]),
        ("type | name | label\ntext | a | A\n | b | B", [(3, "type", "no_type")]),
        ("type | name | label\ntext | a b | A", [(2, "name", "bad_name")]),
        ("type | name | label\ntext | 1a | A", [(2, "name", "bad_name")]),
        ("type | name | label\ntext | a | A\ninteger | a | B", [(3, "name", "name_twice")]),
        ("type | name | label\nselect_one l or_other | a | A\ntext | a_other | B", [(3, "name", "name_twice")]),
        ("type | name | label\ntext | a |", [(2, "label", "no_label")]),
        ("type | name | label\nselect_one zz | a | A", [(2, "type", "unknown_list")]),
        ("type | name | label\ntext | so_ho | A\nnote | n | ${so_hoo}", [(3, "label", "unknown_name_like")]),
        ("type | name | label\ntext | a | A\nnote | n | ${ a }", [(3, "label", "unknown_name_like")]),
        ("type | name | label\nnote | n | ${khac}", [(2, "label", "unknown_name")]),
        ("type | name | label\ntext | a | A\nnote | n | ${a", [(3, "label", "reference_open")]),
        ("type | name | label\ntext | a | A\nnote | n | ${last-saved#a}", [(3, "label", "last_saved")]),
        (
            "type | name | label\nbegin group | g | G\ntext | a | A\nend group | |\ntext | a | A\nnote | n | ${a}",
            [(6, "label", "name_of_several")],
        ),
        ("type | name | label | calculation\ntext | a | A |\ncalculate | c | |", [(3, "calculation", "no_calculation")]),
        ("type | name | label\ntext | a | A\nend group | |", [(3, "type", "end_alone")]),
        ("type | name | label\nbegin group | g | G\ntext | a | A\nend repeat | |", [(4, "type", "end_other")]),
        ("type | name | label | choice_filter\nselect_one l | a | A | tinh = 'x'", [(2, "choice_filter", "unknown_filter")]),
        ("type | name | label | default\ninteger | a | A | abc", [(2, "default", "bad_default")]),
        ("type | name | label | default\ndate | a | A | 31/02/2026", [(2, "default", "bad_default")]),
        ("type | name | label | default\nselect_one l | a | A | z", [(2, "default", "bad_default")]),
        ("type | name | label | default\nselect_multiple l | a | A | x z", [(2, "default", "bad_default")]),
        ("type | name | label | repeat_count\nbegin repeat | r | R | abc\ntext | a | A |\nend repeat | | |", [(2, "repeat_count", "unknown_path")]),
        ("type | name | label | relevant\ntext | a | A | ${a} = 'x'", [(2, "relevant", "circle")]),
        ("type | name | label | constraint\ntext | a | A | regex(., '[a-')", [(2, "constraint", "pattern")]),
        ("type | name | label\ntext | meta | A", [(2, "name", "reserved_name")]),
        (
            "type | name | label\ntext | a | A\ntext | a | ${b}\ninteger | | C",
            [(3, "name", "name_twice"), (4, "name", "no_name"), (3, "label", "unknown_name")],
        ),
    ],
)  # fmt: skip
def test_a_slip_is_told_where_it_stands(survey: str, expected: list[tuple[int, str, str]]) -> None:
    assert faults(survey, LISTS) == [("survey", *fault) for fault in expected]


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ("list_nam | name | label\nl | x | X", (1, "list_nam", "heading_slip")),
        ("list_name | name | label\nl | x | X\nl | x | Y", (3, "name", "duplicate_choice")),
        ("list_name | name | label\nl | x | X\n | y | Y", (3, "list_name", "choice_without_list")),
        ("list_name | name | label\nl | x | X\nl | | Y", (3, "name", "choice_without_name")),
        ("list_name | name | label\nl | x y | X", (2, "name", "choice_with_blank")),
    ],
)
def test_a_slip_among_the_choices_is_told_where_it_stands(
    choices: str, expected: tuple[int, str, str]
) -> None:
    assert ("choices", *expected) in faults("type | name | label\nselect_multiple l | a | A", choices)


def test_a_sheet_whose_name_is_nearly_right_is_no_sheet() -> None:
    data = (
        table("type | name | label\nselect_one l | a | A")
        + b"\n| choice |\n| | list_name | name |\n| | l | x |"
    )
    with pytest.raises(FormRefused) as refused:
        compile_form(data, "a.md")
    assert ("choice", "sheet_slip") in {(fault.sheet, fault.code) for fault in refused.value.faults}
    for lang in ("vi", "en"):
        assert all(fault_text(fault, lang) for fault in refused.value.faults)


@pytest.mark.parametrize(
    ("survey", "code"),
    [
        ("type | name | label | constraint\ninteger | a | A | false()", "never_right"),
        ("type | name | label | constraint\nselect_one l | a | A | . = 'z'", "never_right"),
        ("type | name | label | constraint\ndate | a | A | . > date('2026-02-30')", "bad_date"),
        ("type | name | label | my_own\ntext | a | A | x", "ignored_column"),
    ],
)
def test_what_is_odd_is_advised(survey: str, code: str) -> None:
    assert code in [fault.code for fault in advice(survey, LISTS)]


@pytest.mark.parametrize(
    "survey",
    [
        "Type | Name | Label::Tiếng Việt (vi) | label::English (en)\nText | a | A | B",
        "type | name | label\nselect one from l | a | A",
        "type | name | label\nSelect_One L | a | A\nDate | b | B\nDateTime | c | C\nBegin Group | g | G\nText | d | D\nEnd Group | |",
        "type | name | label | choice_filter\nselect_one l | a | A | name != 'x' and not(selected('a b', name))",
        "type | name | label | choice_filter\ntext | b | B |\nselect_one l | a | A | name = ${b}",
        "type | name | label | default\ndate | a | A | today()\ninteger | b | B | -3\nselect_one l | c | C | y",
        "type | name | label\nbegin group | g |\ntext | a | A\nend group | |\nbegin group | h |\ntext | a | A\nend group | |",
        "type | name | label | hint\ntext | a | | only a hint",
        "type | name | label | calculation\ncalculate | c | | if(1 = 1, 'a', 'b')\nnote | n | ${c} |",
    ],
)
def test_what_is_right_is_not_called_a_slip(survey: str) -> None:
    assert faults(survey, LISTS + "\nL | x | X") == []


RANGE = "type | name | label | parameters\nrange | a | A | "
IMAGE = "type | name | label | parameters\nimage | a | A | "
CHOSEN = "type | name | label | parameters\nselect_one l | a | A | "


@pytest.mark.parametrize(
    ("survey", "where", "row", "column", "code"),
    [
        ("type | name | label\nbegin repeat | data | A\ntext | a | A\nend repeat | |", "survey", 2, "name", "reserved_name"),
        (
            "type | name | label\nbegin group | g | G\nbegin repeat | r | R\ntext | a | A\nend repeat | |\nend group | |\n"
            "begin repeat | r | R\ntext | b | B\nend repeat | |",
            "survey", 7, "name", "repeat_twice",
        ),
        ("type | name | label\nbegin group | | A\ntext | a | A\nend group | |", "survey", 2, "name", "no_name"),
        (RANGE + "start=x end=5 step=1", "survey", 2, "parameters", "range"),
        (RANGE + "start=1 end=5 step=0", "survey", 2, "parameters", "range_zero"),
        (RANGE + "start=1 end=5 step=9", "survey", 2, "parameters", "range_step"),
        (RANGE + "start=1 end=5 step=2 tick_interval=3", "survey", 2, "parameters", "parameter_drop"),
        (RANGE + "start=1 end=5 step=1 tick_labelset=zz", "survey", 2, "parameters", "parameter_drop"),
        (RANGE + "start 1 end 5", "survey", 2, "parameters", "parameters_form"),
        (RANGE + "from=1 to=5", "survey", 2, "parameters", "parameter_unknown"),
        (IMAGE + "max-pixels=abc", "survey", 2, "parameters", "parameter_number"),
        (IMAGE + "app=1abc", "survey", 2, "parameters", "parameter_drop"),
        ("type | name | label | parameters\ngeopoint | a | A | capture-accuracy=abc", "survey", 2, "parameters", "parameter_number"),
        ("type | name | label | parameters\ngeopoint | a | A | allow-mock-accuracy=x", "survey", 2, "parameters", "parameter_drop"),
        (CHOSEN + "randomize=maybe", "survey", 2, "parameters", "randomize"),
        (CHOSEN + "randomize=true seed=abc", "survey", 2, "parameters", "seed"),
        (CHOSEN + "seed=1", "survey", 2, "parameters", "seed_alone"),
        ("type | name | label | relevant | relevance\ntext | a | A | 1 | 1", "survey", 1, "relevance", "heading_same"),
        ("type | name | label | \ntext | a | A | zz", "survey", 1, "", "heading_empty"),
        ("type | name | label | big-image\ntext | a | A | x.png", "survey", 1, "big-image", "column"),
        ("type | name | label | media::film\ntext | a | A | x.png", "survey", 1, "media::film", "column"),
        ("type | name | label | bind::a b\ntext | a | A | 1", "survey", 1, "bind::a b", "bad_attribute"),
        ("type | name | label | bind::\ntext | a | A | 1", "survey", 1, "bind::", "bad_attribute"),
        ("type | name | label | choice_filter\nselect_one l or_other | a | A | name = 'x'", "survey", 2, "choice_filter", "other_filtered"),
        (
            "type | name | label | appearance\nbegin group | g | G | table-list\nselect_one l | a | A |\n"
            "select_one k | b | B |\nend group | | |",
            "survey", 4, "appearance", "table_list",
        ),
    ],
)  # fmt: skip
def test_what_only_pyxform_knows_is_told_in_our_words(
    survey: str, where: str, row: int, column: str, code: str
) -> None:
    with pytest.raises(FormRefused) as refused:
        compile_form(table(survey, LISTS + "\nk | z | Z"), "test.md")
    [fault] = refused.value.faults
    assert (fault.sheet, fault.row, fault.column, fault.code) == (where, row, column, code)
    vietnamese, english = (fault_text(fault, lang) for lang in ("vi", "en"))
    assert vietnamese != english
    assert "{" not in vietnamese.replace("${", "")


@pytest.mark.parametrize(
    ("settings", "column", "code"),
    [
        ("name\n1abc", "name", "bad_identifier"),
        ("instance_name\n${zz}", "instance_name", "unknown_name"),
    ],
)
def test_a_setting_that_cannot_be_is_told_where_it_stands(settings: str, column: str, code: str) -> None:
    assert faults("type | name | label\ntext | a | A", "", settings) == [("settings", 2, column, code)]


def test_choices_stand_twice_only_where_that_is_allowed() -> None:
    survey, choices = "type | name | label\nselect_one l | a | A", LISTS + "\nl | x | Z"
    found = faults(survey, choices, "allow_choice_duplicates\nmaybe")
    assert found == [("choices", 4, "name", "duplicate_choice")]


def test_what_nobody_knew_of_is_told_in_a_sentence_of_ours() -> None:
    fault = fault_of("[row : 3] Something quite new.", "pyxform", {})
    assert (fault.sheet, fault.row, fault.code) == ("survey", 3, "pyxform")
    assert "bằng tiếng Anh: “Something quite new.”" in fault_text(fault, "vi")
