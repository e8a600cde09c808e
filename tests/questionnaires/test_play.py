"""Forms are played: nobody stands before a question that takes no answer, and an author is told where somebody would."""

from pathlib import Path

import pytest

from questionnaires.faults import Fault
from questionnaires.play import dead_ends
from questionnaires.xlsform import compile_form, compile_with_advice
from tests.questionnaires.forming import advice, form, table

FORMS = Path(__file__).parents[2] / "questionnaires" / "forms"
FEW = 6
"""So many interviews find what stops one at the limits and at 0."""


def ends(survey: str, choices: str = "") -> list[str]:
    return [end.path for end in dead_ends(form(survey, choices))]


@pytest.mark.parametrize("path", sorted(FORMS.glob("*.md")), ids=lambda path: path.stem)
def test_every_bundled_form_can_be_finished_and_tests_no_blank_against_zero(path: Path) -> None:
    compiled, faults = compile_with_advice(path.read_bytes(), path.name)
    assert [fault for fault in faults if fault.code == "blank_is_not_zero"] == []
    assert dead_ends(compiled, FEW) == []


def test_a_limit_taken_from_a_question_that_was_passed_over_is_a_dead_end() -> None:
    text = (FORMS / "thong-tin.md").read_text(encoding="utf-8")
    broken = text.replace("${tt_ho_dtts} > 0", "${tt_ho_dtts} != 0")
    assert broken != text
    [end] = dead_ends(compile_form(broken.encode(), "thong-tin.md"), FEW)
    assert end.path == "/data/tt_ho_dtts_xem"
    assert ("/data/tt_ho", "0") in end.before


@pytest.mark.parametrize(
    ("survey", "choices", "expected"),
    [
        ("""type | name | label | required | constraint
            integer | a | A | yes | . >= 0 and . <= 10
            integer | b | B | yes | . > ${a} and . < ${a} + 1""", "", ["/data/b"]),
        ("""type | name | label | required | constraint
            integer | a | A | yes | . >= 0 and . <= 10
            integer | b | B | | . > ${a} and . < ${a} + 1""", "", []),
        ("""type | name | label | required | choice_filter
            select_one l | a | A | yes |
            select_one m | b | B | yes | of=${a}""",
         """list_name | name | label | of
            l | x | X |
            l | y | Y |
            m | p | P | x""", []),
        ("""type | name | label | required | constraint
            select_one l | a | A | yes |
            select_one l | b | B | yes | . != ${a}""",
         """list_name | name | label
            l | x | X""", ["/data/b"]),
        ("""type | name | label | required | constraint
            text | a | A | yes | regex(., '^[0-9]{3}-[a-z]{7}$')""", "", []),
        ("""type | name | label | required | constraint
            integer | a | Năm xây dựng | yes | regex(., '^[12][09][0-9]{2}$')
            integer | b | B | yes | regex(., '^[0-9]{3}77$')""", "", []),
        ("""type | name | label | required | constraint
            integer | a | A | yes | . > 5 and . != 6
            begin repeat | r | R | |
            integer | b | B | yes | . = ${a}
            end repeat | | | |""", "", []),
    ],
)  # fmt: skip
def test_what_takes_no_answer_after_some_answers_is_found(
    survey: str, choices: str, expected: list[str]
) -> None:
    assert ends(survey, choices) == expected


def test_the_same_form_is_always_played_the_same_way_and_not_for_ever() -> None:
    made = form("""type | name | label | required | constraint
        integer | a | A | yes | . >= 0 and . <= 10
        integer | b | B | yes | . > ${a} and . < ${a} + 1""")
    assert dead_ends(made) == dead_ends(made)
    ticks = iter([0.0, 100.0])
    assert dead_ends(made, clock=lambda: next(ticks)) == []


def test_the_author_is_told_where_and_after_what() -> None:
    survey = """type | name | label | relevant | required | constraint
        integer | a | A | | yes | . >= 0 and . <= 10
        integer | b | B | ${a} > 0 | yes | . >= 0 and . <= ${a}
        integer | c | C | ${b} != 0 | yes | . >= 0 and . <= ${b}"""
    _, found = compile_with_advice(table(survey), "test.md", played=True)
    told = [fault for fault in found if fault.code in ("blank_is_not_zero", "dead_end")]
    assert [(fault.sheet, fault.row, fault.grave) for fault in told] == [("survey", 4, False)] * 2
    assert [dict(fault.data) for fault in told] == [
        {"name": "b", "instead": "${b} > 0"},
        {"name": "c", "before": "a = 0"},
    ]


@pytest.mark.parametrize(
    ("relevant", "instead"),
    [
        ("${b} != 0", "${b} > 0"),
        ("${b}!='0'", "${b} > 0"),
        ("0 != ${b}", "${b} > 0"),
        ("${t} != 0", "${t} != '' and ${t} != 0"),
        ("${b} != '' and ${b} != 0", ""),
        ("${b} != 0.5", ""),
        ("${b} > 0", ""),
        ("${a} != 0", ""),
        ("${b} != 10", ""),
    ],
)
def test_a_blank_that_is_not_zero_is_warned_of(relevant: str, instead: str) -> None:
    found: list[Fault] = advice(f"""type | name | label | relevant | required | constraint
        integer | a | A | | yes | . >= 0
        integer | b | B | ${{a}} > 3 | yes | . >= 0
        integer | t | T | ${{a}} > 3 | |
        text | c | C | {relevant} | |""")
    told = [fault for fault in found if fault.code == "blank_is_not_zero"]
    assert [fault.data["instead"] for fault in told] == ([instead] if instead else [])
    assert all((fault.row, fault.column) == (5, "relevant") for fault in told)
