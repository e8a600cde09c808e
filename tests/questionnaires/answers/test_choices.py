"""Choices by number, label, part of a label or value name."""

from datetime import date

import pytest

from questionnaires.answers import AnswerKind, ExpectedAnswer, Option, Reading, read

TODAY = date(2026, 11, 20)
WATER = (
    Option("gieng_khoan", "Giếng khoan"),
    Option("gieng_dao", "Giếng đào"),
    Option("may", "Nước máy"),
    Option("mua", "Nước mưa, suối"),
    Option("khong", "Không có nguồn nào"),
)
CLEAN = (Option("hvs", "Hợp vệ sinh"), Option("khvs", "Không hợp vệ sinh"))
POOR = (Option("ngheo", "Hộ nghèo"), Option("can", "Hộ cận nghèo"))
AGES = (Option("lon", "Trẻ 5 tuổi"), Option("be", "Trẻ 1 tuổi"))
SOME_NUMBERED = (
    Option("von", "Vốn đối ứng"),
    Option("mot", "Dự án 1: Đất ở, nhà ở"),
    Option("ba", "Dự án 3: Bảo vệ rừng"),
)
PROJECTS = (
    Option("6", "Dự án 6: Văn hóa, du lịch"),
    Option("7", "Dự án 7: Y tế"),
    Option("9a", "Dự án 9.1: Dân tộc còn khó khăn"),
    Option("9b", "Dự án 9.2: Tảo hôn"),
    Option("10a", "Dự án 10.1: Biểu dương"),
    Option("10b", "Dự án 10.2: Công nghệ"),
)
TWO = (Option("a", "Lợp ngói"), Option("b", "Lợp tôn"))


def one(text: str, options: tuple[Option, ...] = WATER, *, other: bool = False) -> Reading:
    return read(text, ExpectedAnswer(AnswerKind.ONE, TODAY, options=options, other=other))


def many(text: str, options: tuple[Option, ...] = WATER, *, other: bool = False) -> Reading:
    return read(text, ExpectedAnswer(AnswerKind.MANY, TODAY, options=options, other=other))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("1", "gieng_khoan"),
            ("2.", "gieng_dao"),
            ("2)", "gieng_dao"),
            ("số 3", "may"),
            ("chọn 3 ạ", "may"),
        ),
        *(("hai", "gieng_dao"), ("Giếng khoan", "gieng_khoan"), ("gieng khoan", "gieng_khoan")),
        *(("GIẾNG ĐÀO", "gieng_dao"), ("khoan", "gieng_khoan"), ("dạ nước máy ạ", "may"), ("mưa", "mua")),
        *(("2. Giếng đào", "gieng_dao"), ("gieng_dao", "gieng_dao"), ("nước mưa, suối", "mua")),
        *(("không", "khong"), ("giếng đaof", None), ("giếng", None), ("2. Giếng khoan", None), ("6", None)),
        *(("0", None), ("1, 3", None), ("1 và 3", None), ("không phải giếng khoan", None), ("1?", None)),
        *(("giếng khoan hoặc nước máy", None), ("", None), ("khác: bể", None), ("-1", None), ("1.5", None)),
    ],
)
def test_one_choice(text: str, value: str | None) -> None:
    reading = one(text)
    assert (reading.value, reading.status) == (value, "ok" if value else "ask")


def test_a_label_one_edit_away_is_offered_and_not_assumed() -> None:
    reading = one("gieng khoang")
    assert reading.status == "ask"
    assert [candidate.value for candidate in reading.candidates] == ["gieng_khoan"]


def test_several_matches_are_offered() -> None:
    assert [candidate.label for candidate in one("giếng").candidates] == ["Giếng khoan", "Giếng đào"]


@pytest.mark.parametrize(
    ("text", "options", "value"),
    [
        ("hợp vệ sinh", CLEAN, "hvs"),
        ("hop ve sinh", CLEAN, "hvs"),
        ("khong hop ve sinh", CLEAN, "khvs"),
        ("vệ sinh", CLEAN, None),
        ("hộ nghèo", POOR, "ngheo"),
        ("nghèo", POOR, None),
        ("cận nghèo", POOR, "can"),
        ("1", AGES, None),
        ("5 tuổi", AGES, "lon"),
    ],
)
def test_a_negation_or_a_number_in_a_label_is_not_passed_over(
    text: str, options: tuple[Option, ...], value: str | None
) -> None:
    assert one(text, options).value == value


def test_another_answer_where_it_is_allowed() -> None:
    reading = one("khác: bể tự xây", other=True)
    assert (reading.status, reading.value, reading.other) == ("ok", "other", "bể tự xây")
    assert one("khác", other=True).value == "other"
    assert one("khác: bể tự xây").status == "ask"
    beside = many("nước máy, giếng khoan, khác: bể tự xây", other=True)
    assert (beside.value, beside.other) == (("gieng_khoan", "may", "other"), "bể tự xây")
    assert many("nước máy, bể tự xây", other=True).doubt == "no_match_other"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        *(("1, 3", ("gieng_khoan", "may")), ("1,3", ("gieng_khoan", "may")), ("1 3", ("gieng_khoan", "may"))),
        *(("1 và 3", ("gieng_khoan", "may")), ("3;1", ("gieng_khoan", "may")), ("2", ("gieng_dao",))),
        *(("giếng khoan, nước máy", ("gieng_khoan", "may")), ("nuoc mua, suoi", ("mua",))),
        *(("tất cả", ("gieng_khoan", "gieng_dao", "may", "mua")), ("không có cái nào", ("khong",))),
        *(
            ("cả hai", None),
            ("1, 9", None),
            ("1-3", None),
            ("1, 5", None),
            ("giếng, 3", None),
            ("1, 3?", None),
        ),
        *(("tất cả trừ 2", None), ("12", None)),
    ],
)
def test_several_choices(text: str, values: tuple[str, ...] | None) -> None:
    assert many(text).value == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        *(("1, 2", None), ("2", None), ("1", None), ("3", ("ba",)), ("dự án 1", ("mot",))),
        *(("Dự án 1, dự án 3", ("mot", "ba")), ("dự án 1, 2", None), ("vốn đối ứng", ("von",))),
    ],
)
def test_a_number_is_asked_about_where_only_some_labels_have_one(
    text: str, values: tuple[str, ...] | None
) -> None:
    """Two is the second choice, or project 2, which is not offered."""
    reading = many(text, SOME_NUMBERED)
    assert (reading.value, reading.status) == (values, "ok" if values else "ask")


@pytest.mark.parametrize(
    ("text", "values"), [("1, 2", None), ("1", ("mot",)), ("dự án 1, dự án 3", ("mot", "ba")), ("3", ("ba",))]
)
def test_a_project_s_number_that_is_another_s_place_in_a_shown_list_is_asked_about(
    text: str, values: tuple[str, ...] | None
) -> None:
    """Without buttons people see "2. Dự án 3": two is project 2 or the second in the list."""
    options = (SOME_NUMBERED[1], SOME_NUMBERED[2], Option("hai", "Dự án 2: Dân cư"))
    options = options if text != "3" else (options[0], options[2], options[1])
    asking = ExpectedAnswer(AnswerKind.MANY, TODAY, options=options, numbered=True)
    assert read(text, asking).value == values


def test_both_of_two() -> None:
    assert many("cả hai", TWO).value == ("a", "b")
    assert many("không", TWO).value == ()


def test_free_text_keeps_what_was_typed() -> None:
    question = ExpectedAnswer(AnswerKind.TEXT, TODAY)
    assert read("  Cầu treo ho\u0309ng\x07\u200b \n  ", question).value == "Cầu treo hỏng"
    assert read("\u200b\x00 ", question).doubt == "empty"
    assert read("a" * 4000, question).doubt == "too_long"
    assert read("👨\u200d🌾", question).value == "👨\u200d🌾"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("ko", "khong"), ("k ạ", "khong"), ("có rồi", "co"), ("dạ có", "co"), ("đúng", "co")),
        *(("chưa", "khong"), ("có nhưng hỏng", None), ("không biết", None), ("có không", None)),
    ],
)
def test_a_plain_yes_or_no_among_two_choices(text: str, value: str | None) -> None:
    plain = (Option("co", "Có"), Option("khong", "Không"))
    assert read(text, ExpectedAnswer(AnswerKind.ONE, TODAY, options=plain)).value == value


def test_yes_is_no_word_for_other_choices() -> None:
    other = (Option("a", "Có nước"), Option("b", "Không có nước"))
    assert read("rồi", ExpectedAnswer(AnswerKind.ONE, TODAY, options=other)).status == "ask"


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("rồi, xây năm 2019", ["Có rồi"]),
        ("chưa có, toàn họp ở nhà tôi", ["Chưa"]),
        ("duong be tong roi", ["Có rồi"]),
        ("không biết nữa", []),
        ("thông", []),
        ("có nhưng chưa xong hết", []),
    ],
)
def test_a_longer_answer_leans_to_one_of_two_choices_and_is_not_taken(text: str, offered: list[str]) -> None:
    pair = (Option("co", "Có rồi"), Option("chua", "Chưa"))
    reading = read(text, ExpectedAnswer(AnswerKind.ONE, date(2026, 11, 29), options=pair))
    assert reading.status == "ask"
    assert [candidate.label for candidate in reading.candidates] == offered


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("thông suốt", "co"),
        ("vẫn thông suốt cả ạ", "co"),
        ("đường không thông suốt đâu", "khong"),
        ("có thông suốt không ạ", None),
        ("không phải không thông suốt", None),
        ("đường vào thôn", None),
    ],
)
def test_words_of_the_question_itself_answer_it(typed: str, value: str | None) -> None:
    pair = (Option("co", "Có"), Option("khong", "Không"))
    asked = "Mùa mưa lũ vừa qua, đường ra vào thôn có thông suốt không?"
    reading = read(typed, ExpectedAnswer(AnswerKind.ONE, date(2026, 11, 29), options=pair, asked=asked))
    assert reading.value == value


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("6, 7, 9.1, 10.1", ("6", "7", "9a", "10a")),
        ("du an 6 va du an 7", ("6", "7")),
        ("tiểu dự án 2 dự án 9", ("9b",)),
        ("tieu du an 1 cua du an 10, 6", ("6", "10a")),
    ],
)
def test_projects_are_listed_by_the_numbers_in_their_labels(text: str, chosen: tuple[str, ...]) -> None:
    assert many(text, PROJECTS).value == chosen


@pytest.mark.parametrize(
    ("text", "doubt", "offered"),
    [
        ("dự án 9", "part_of_list", [("9a",), ("9b",), ("9a", "9b")]),
        ("6, 10", "part_of_list", [("6", "10a"), ("6", "10b"), ("6", "10a", "10b")]),
        ("Dự án 6, Dự án 9 và Dự án 10", "part_of_list", [("6", "9a", "9b", "10a", "10b")]),
        ("tiểu dự án 1", "part_of_list", [("9a",), ("10a",), ("9a", "10a")]),
        ("6, 11", "not_in_list", None),
        ("dự án 8", "not_in_list", None),
    ],
)
def test_a_project_named_by_the_number_of_its_parts_is_asked_with_the_rest_of_the_list(
    text: str, doubt: str, offered: list[tuple[str, ...]] | None
) -> None:
    reading = many(text, PROJECTS)
    assert (reading.value, reading.doubt) == (None, doubt)
    if offered is not None:
        assert [one.value for one in reading.candidates] == offered
        assert reading.candidates[-1].label == ", ".join(
            option.label.partition(":")[0] for option in PROJECTS if option.value in offered[-1]
        )


PIPES = (Option("dan", "Đường ống"), Option("chua", "Bể chứa"), Option("khong", "Không hỏng"))
HARMED = (Option("nha", "Nhà"), Option("gs", "Gia súc"))


@pytest.mark.parametrize(
    ("text", "options", "values"),
    [
        *(("nha, gia suc", HARMED, ("nha", "gs")), ("da nha, gia suc a", HARMED, ("nha", "gs"))),
        *(("gia suc, nha", HARMED, ("nha", "gs")), ("nha", HARMED, ("nha",)), ("gia suc a", HARMED, ("gs",))),
        *(
            ("dạ bể ạ", PIPES, ("chua",)),
            ("ống, bể", PIPES, ("dan", "chua")),
            ("thưa bác bể", PIPES, ("chua",)),
        ),
    ],
)
def test_a_word_that_is_a_label_is_no_courtesy(
    text: str, options: tuple[Option, ...], values: tuple[str, ...]
) -> None:
    assert many(text, options).value == values


@pytest.mark.parametrize(
    ("text", "options", "both", "one_only"),
    [
        *(("ong, be", PIPES, "dan chua", "chua"), ("ong be", PIPES, "dan chua", "chua")),
        *(("gia suc nha", HARMED, "nha gs", "gs"), ("nha gia suc", HARMED, "nha gs", "gs")),
    ],
)
def test_a_courtesy_that_may_be_a_choice_is_asked_about(
    text: str, options: tuple[Option, ...], both: str, one_only: str
) -> None:
    reading = many(text, options)
    assert (reading.status, [" ".join(one.value) for one in reading.candidates]) == ("ask", [both, one_only])  # type: ignore[arg-type]
