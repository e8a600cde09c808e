"""What expressions give: hand-worked cases for every function and for each place where the engines differ."""

import pytest

from questionnaires.interview import Recorded, Refused, Skip, Value
from tests.questionnaires.forming import Walk, faults, form

CHOICES = """list_name | name | label
ab | a | Chè
ab | b | Ngô
ab | c | Lúa"""


def calculated(expression: str, *answers: str) -> str:
    """What `expression` gives after answering n (integer), d (decimal), t (text), w (date), s (several)."""
    survey = f"""type | name | label | calculation
        integer | n | N |
        decimal | d | D |
        text | t | T |
        date | w | W |
        select_multiple ab | s | S |
        calculate | c | | {expression}"""
    walk = Walk(form(survey, CHOICES))
    given = [*answers, *[""] * (5 - len(answers))]
    walk.do(*(Value(answer) if answer else Skip() for answer in given))
    return walk.value("c")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("7 div 2", "3.5"),
        ("7 mod 4", "3"),
        ("-3 + 1", "-2"),
        ("10 * 10 * 1000000 * 10000", "1000000000000"),
        ("concat('x', 1000000 * 1000000)", "x1000000000000"),
        ("0.1 + 0.2", "0.3"),
        ("1 div 0 > 5", "1"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-2"),
        ("round(3.14159, 2)", "3.14"),
        ("round(1.005, 2)", "1.01"),
        ("round(1250, -2)", "1300"),
        ("int(3.9)", "3"),
        ("int(-3.9)", "-3"),
        ("pow(2, 10)", "1024"),
        ("abs(-4)", "4"),
        ("sqrt(-1)", ""),
        ("floor(2.7) + ceiling(2.1)", "5"),
        ("min(3, 1, 2)", "1"),
        ("max(3, 1, 2)", "3"),
        ("number('12') + 1", "13"),
        ("number('abc')", ""),
        ("string-length('thôn')", "4"),
        ("substr('thôn bản', 5)", "bản"),
        ("substr('thôn bản', 0, 4)", "thôn"),
        ("substr('thôn bản', -3)", "bản"),
        ("substring('12345', 2, 3)", "234"),
        ("substring('12345', 0, 3)", "12"),
        ("substring-before('a-b', '-')", "a"),
        ("substring-after('a-b', '-')", "b"),
        ("translate('bar', 'abc', 'AB')", "BAr"),
        ("normalize-space('  a   b ')", "a b"),
        ("contains('nước sạch', 'sạch')", "1"),
        ("starts-with('nước', 'x')", "0"),
        ("ends-with('nước', 'ớc')", "1"),
        ("join(', ', 'a', 'b')", "a, b"),
        ("if(1 > 2, 'a', 'b')", "b"),
        ("coalesce('', 'x')", "x"),
        ("true()", "1"),
        ("false()", "0"),
        ("not(1 = 1)", "0"),
        ("1 = 1 and 2 = 3", "0"),
        ("1 = 1 or 2 = 3", "1"),
        ("boolean-from-string('true')", "1"),
        ("regex('ab1', '[a-z]+')", "0"),
        ("regex('ab', '[a-z]+')", "1"),
        ("regex('a-b.c', '[\\w-\\.]+')", "1"),
        ("regex('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!', '(a+)+')", "0"),
        ("checklist(1, 2, 1 = 1, 1 = 2)", "1"),
        ("today()", "2026-11-20"),
        ("date('2026-11-20') - date('2026-11-01')", "19"),
        ("today() > date('2026-11-19')", "1"),
        ("today() + 1", "20778"),
        ("date(today() + 1)", "2026-11-21"),
        ("decimal-date-time('1970-01-02')", "1"),
        ("decimal-date-time('1970-01-02T12:00:00.000+07:00')", "1.5"),
        ("decimal-time('06:00:00.000')", "0.25"),
        ("format-date(today(), '%d/%m/%Y')", "20/11/2026"),
        ("format-date('2026-03-05', '%e-%n-%y %%')", "5-3-26 %"),
        ("format-date-time('2026-03-05T07:08:09.000+07:00', '%H:%M')", "07:08"),
        ("int(now()) = int(today())", "1"),
        ("date('2024-02-30')", ""),
    ],
)
def test_a_calculation_gives(expression: str, expected: str) -> None:
    assert calculated(expression) == expected


@pytest.mark.parametrize(
    ("expression", "answers", "expected"),
    [
        ("${n} + 1", ("",), ""),
        ("${n} + 1", ("4",), "5"),
        ("${n} = 4", ("4",), "1"),
        ("${d} * 2", ("", "1.25"), "2.5"),
        ("concat(${t}, '!')", ("", "", "chè"), "chè!"),
        ("${w} + 1", ("", "", "", "1970-01-05"), "5"),
        ("${w} <= today()", ("", "", "", "2026-11-20"), "1"),
        ("${w} < today()", ("", "", "", "2026-11-20"), "0"),
        ("${w} = ''", ("",), "1"),
        ("${w} = ''", ("", "", "", "2026-11-20"), "0"),
        ("${w} = date('2026-11-20')", ("", "", "", "2026-11-20"), "1"),
        ("int((today() - ${w}) div 365.25)", ("", "", "", "2000-11-20"), "25"),
        ("selected(${s}, 'b')", ("", "", "", "", "a b"), "1"),
        ("count-selected(${s})", ("", "", "", "", "a b"), "2"),
        ("selected-at(${s}, 1)", ("", "", "", "", "a b"), "b"),
        ("selected-at(${s}, 5)", ("", "", "", "", "a b"), ""),
        ("jr:choice-name(selected-at(${s}, 0), '${s}')", ("", "", "", "", "b c"), "Ngô"),
        ("sum(${n})", ("",), "0"),
        ("max(${n}, ${d})", ("3", "4.5"), "4.5"),
        ("max(${n}, ${d})", ("3", ""), "3"),
        ("min(${n}, ${d})", ("", ""), ""),
        ("if(${n} > 3 and ${t} != '', 'x', 'y')", ("4", "", "z"), "x"),
        ("if(${n} > 3, ${w}, today()) > date('2026-11-01')", ("1",), "1"),
        ("coalesce(${t}, ${n})", ("4",), "4"),
        ("instance('ab')/root/item[name = selected-at(${s}, 0)]/label", ("", "", "", "", "c"), "Lúa"),
        ("count(instance('ab')/root/item)", (), "3"),
        ("string(${n}) = '07'", ("7",), "0"),
    ],
)
def test_a_calculation_over_answers_gives(expression: str, answers: tuple[str, ...], expected: str) -> None:
    assert calculated(expression, *answers) == expected


def test_a_calculation_that_is_a_date_is_compared_as_one() -> None:
    survey = """type | name | label | calculation | constraint
        calculate | c | | date(today() - 10) |
        date | w | W | | . >= ${c} and . <= today()"""
    walk = Walk(form(survey))
    assert isinstance(walk.do(Value("2026-11-09")).events[0], Refused)
    assert isinstance(walk.do(Value("2026-11-10")).events[0], Recorded)


def test_uuid_random_and_once_settle() -> None:
    survey = """type | name | label | calculation
        integer | n | N |
        integer | m | M |
        calculate | u | | uuid()
        calculate | r | | random()
        calculate | o | | once(${n})"""
    walk = Walk(form(survey)).do("5")
    first = walk.computed(("u", "r", "o"))
    assert all(first)
    assert len(first[0]) == 36
    walk.do("6")
    assert walk.computed(("u", "r", "o")) == first
    other = Walk(form(survey), walk.context.__class__(walk.context.now, "vi", seed="another"))
    assert other.value("u") != first[0]


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("foo(1)", "function"),
        ("thing:that(1)", "function"),
        ("1 +", "syntax_end"),
        ("(1 + 2", "syntax"),
        ("1 2", "syntax"),
        ("if(1 = 1, 2)", "arguments"),
        ("//data/n", "axis"),
        ("ancestor::x", "axis"),
        ("/data/nothing", "unknown_path"),
        ("instance('zz')/root/item", "unknown_list"),
        ("if(${n}, 1, 2)", "bare_reference"),
        ("not(${n})", "bare_reference"),
        ("1 = 1 and ${n}", "bare_reference"),
        ("${w} > '2026-01-01'", "quoted_date"),
        ("today() = '2026-01-01'", "quoted_date"),
        ("regex(${t}, '(')", "pattern"),
        ("regex(${t}, '(?=x)y')", "pattern"),
        ("(" * 80 + "1" + ")" * 80, "too_deep"),
        ("#", "syntax"),
        ("c + 1", "unknown_path"),
    ],
)
def test_a_mistake_is_refused_where_it_stands(expression: str, code: str) -> None:
    survey = f"""type | name | label | calculation
        integer | n | N |
        text | t | T |
        date | w | W |
        calculate | c | | {expression}"""
    assert faults(survey) == [("survey", 5, "calculation", code)]


@pytest.mark.parametrize("column", ["relevant", "required", "constraint"])
def test_a_bare_reference_is_no_condition(column: str) -> None:
    survey = f"""type | name | label | {column}
        integer | n | N |
        text | t | T | ${{n}}"""
    assert faults(survey) == [("survey", 3, column, "bare_reference")]
