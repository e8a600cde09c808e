"""Interviews message by message: what is asked, taken, refused, and kept."""

from dataclasses import replace

import pytest

from questionnaires.interview import (
    Answer,
    Back,
    DropRow,
    Finished,
    GoTo,
    Interview,
    Message,
    NewRow,
    QuestionAsked,
    Recorded,
    Refused,
    Repeat,
    Resume,
    Skip,
    Value,
    begin,
    review,
    rows,
    show_value,
    unchanged,
)
from tests.questionnaires.forming import CONTEXT, Walk, form


def simple() -> Walk:
    return Walk(
        form(
            """type | name | label | hint | required | relevant | constraint | constraint_message | calculation | bind::unit
            note | hello | Xin chào | | | | | | |
            integer | ho | Bao nhiêu hộ? | Mọi hộ | yes | | . >= 1 and . <= 2000 | Từ 1 đến 2000 | | hộ
            integer | sach | Trong ${ho} hộ? | | yes | | . >= 0 and . <= ${ho} | Không quá ${ho} | | hộ
            calculate | thieu | | | | | | | ${ho} - ${sach} |
            text | vi_sao | Vì sao còn ${thieu} hộ? | | | ${thieu} > 0 | | | |
            note | bye | Cảm ơn bác | | | | | | |"""
        )
    )


def test_the_first_question_comes_with_the_notes_before_it() -> None:
    ask = simple().ask
    assert (ask.path, ask.number, ask.notes) == ("/data/ho", 1, ("Xin chào",))
    # The last question may come or not: until that is known, nobody is told how many there are.
    assert ask.total == 0
    assert (ask.label, ask.hint, ask.unit, ask.required) == ("Bao nhiêu hộ?", "Mọi hộ", "hộ", True)
    assert (ask.minimum, ask.maximum, ask.current) == (1, 2000, None)


@pytest.mark.parametrize(("good", "total"), [("20", 3), ("25", 2)])
def test_how_many_questions_there_are_is_said_once_no_answer_can_add_any(good: str, total: int) -> None:
    walk = simple().do("25")
    assert walk.ask.total == 0
    walk.do(good)
    if total == 3:
        assert (walk.ask.number, walk.ask.total) == (3, 3)


def test_of_rows_that_are_still_to_be_counted_no_total_is_said() -> None:
    walk = Walk(
        form(
            """type | name | label | repeat_count
            integer | so | Mấy công trình? |
            begin_repeat | ct | Công trình | ${so}
            text | ten | Tên? |
            end_repeat | | |
            text | them | Còn gì nữa? |"""
        )
    )
    assert (walk.ask.number, walk.ask.total) == (1, 0)
    assert (walk.do("2").ask.number, walk.ask.total) == (2, 0)
    assert (walk.do("Ngầm").ask.number, walk.ask.total) == (3, 4)


def test_an_answer_is_read_recorded_and_used_in_the_next_question() -> None:
    walk = simple().do("dạ 25 hộ ạ")
    recorded = walk.of(Recorded)
    assert isinstance(recorded, Recorded)
    assert (recorded.path, recorded.value, recorded.shown, recorded.exact) == (
        "/data/ho",
        "25",
        "25 hộ",
        False,
    )
    assert walk.ask.label == "Trong 25 hộ?"
    assert walk.ask.maximum == 25


def test_an_estimate_is_remembered_until_it_is_corrected() -> None:
    walk = simple().do("khoảng 25")
    assert walk.interview.estimates == {"/data/ho"}
    assert review(walk.form, walk.interview, CONTEXT)[0].estimate
    assert not walk.do(Back(), "25").interview.estimates


def test_a_broken_constraint_gives_the_forms_words_and_a_right_example() -> None:
    walk = simple().do("25", "26")
    refused = walk.refused
    assert (refused.path, refused.code, refused.message) == ("/data/sach", "constraint", "Không quá 25")
    assert refused.limits == (0, 25)
    assert refused.example == "25 hộ"
    assert walk.at == "/data/sach"
    assert walk.value("sach") == ""


def test_what_the_reader_doubts_is_refused_with_its_reason() -> None:
    refused = simple().do("12-15").refused
    assert refused.code == "range"
    assert simple().do("chín chín mươi").refused.path == "/data/ho"
    assert simple().do("   ").refused.code == "empty"


def test_what_becomes_relevant_is_asked_and_what_ceases_to_be_is_kept_but_blank() -> None:
    walk = simple().do("25", "20")
    assert (walk.ask.path, walk.ask.label, walk.ask.total) == ("/data/vi_sao", "Vì sao còn 5 hộ?", 3)
    walk.do("khô hạn")
    assert walk.done.values == {
        "/data/ho": "25",
        "/data/sach": "20",
        "/data/thieu": "5",
        "/data/vi_sao": "khô hạn",
    }
    assert walk.done.notes == ("Cảm ơn bác",)
    walk.do(GoTo("/data/sach"), "25")
    assert walk.done.values == {"/data/ho": "25", "/data/sach": "25", "/data/thieu": "0"}
    assert "vi_sao" not in walk.done.instance
    assert walk.value("vi_sao") == "khô hạn"
    walk.do(GoTo("/data/sach"), "24")
    assert walk.done.values["/data/vi_sao"] == "khô hạn"


def test_a_required_question_cannot_be_skipped_and_another_can() -> None:
    walk = simple().do(Skip())
    assert walk.refused.code == "required"
    walk.do("25", "20", Skip())
    assert "/data/vi_sao" not in walk.done.values


def test_skipping_takes_out_an_answer_given_before() -> None:
    walk = simple().do("25", "20", "khô hạn", GoTo("/data/vi_sao"))
    assert walk.ask.current == "khô hạn"
    assert "/data/vi_sao" not in walk.do(Skip()).done.values


def test_back_shows_the_answer_and_goes_on_from_there() -> None:
    walk = simple().do("25", "20", Back())
    assert (walk.ask.path, walk.ask.current, walk.ask.current_shown) == ("/data/sach", "20", "20 hộ")
    walk.do(Back())
    assert walk.ask.path == "/data/ho"
    assert walk.do(Back()).ask.path == "/data/ho"
    assert walk.do("30").ask.path == "/data/sach"


def test_an_answer_that_an_earlier_correction_makes_wrong_is_asked_again_with_the_reason() -> None:
    walk = simple().do("25", "20", Skip(), GoTo("/data/ho"), "10")
    assert (walk.refused.path, walk.refused.message) == ("/data/sach", "Không quá 10")
    assert walk.ask.path == "/data/sach"
    assert walk.do("10").done.values["/data/sach"] == "10"


def test_what_a_jump_made_wrong_is_asked_before_what_depends_on_it() -> None:
    """Going back to an earlier answer, in the middle: the next question must not be asked against a wrong one."""
    counts = form(
        """type | name | label | required | constraint
        integer | ho | Bao nhiêu hộ? | yes | . >= 1
        integer | sach | Trong đó sạch? | yes | . <= ${ho}
        integer | thieu | Còn thiếu? | yes | . >= ${sach} and . <= ${ho}"""
    )
    walk = Walk(counts).do("25", "20", GoTo("/data/ho"), "10")
    assert walk.ask.path == walk.refused.path == "/data/sach"
    assert walk.do("8").ask.path == "/data/thieu"


def test_going_to_what_is_not_asked_changes_nothing() -> None:
    walk = simple().do("25")
    before = walk.interview
    assert walk.do(GoTo("/data/vi_sao"), GoTo("/data/nowhere"), GoTo("/data/hello")).interview == before
    assert walk.ask.path == "/data/sach"


def test_after_the_end_answers_change_nothing_and_back_returns() -> None:
    walk = simple().do("25", "25")
    assert walk.interview.position is None
    assert walk.do("7", Value("7"), Skip(), Resume()).done.values["/data/sach"] == "25"
    assert walk.do(Back()).ask.path == "/data/sach"


def test_the_instance_is_an_openrosa_document() -> None:
    walk = Walk(form("type | name | label\ntext | a | A", settings="form_id | version\nphieu | 7")).do(
        "<b> & 'x'"
    )
    document = walk.done.instance
    assert document.startswith('<data id="phieu" version="7"><a>&lt;b&gt; &amp; \'x\'</a>')
    assert "<meta><instanceID>uuid:" in document


def test_control_characters_are_left_out_of_the_document() -> None:
    walk = Walk(form("type | name | label\ntext | a | A")).do(Value("a\x00b\x0bc\ud800"))
    assert walk.done.values == {"/data/a": "abc"}


# --- types --------------------------------------------------------------------------------------------

TYPES = form(
    """type | name | label | parameters | required
    integer | so | Số | |
    decimal | le | Lẻ | |
    range | muc | Mức | start=0 end=10 step=2 |
    date | ngay | Ngày | |
    time | gio | Giờ | |
    datetime | luc | Lúc | |
    select_one mua | mot | Một | |
    select_multiple mua | nhieu | Nhiều | |
    acknowledge | dong_y | Đồng ý | | yes
    image | anh | Ảnh | |
    geopoint | noi | Nơi | |
    hidden | an | | |
    text | chu | Chữ | |""",
    """list_name | name | label
    mua | xuan | Mùa xuân
    mua | ha | Mùa hạ
    mua | dong | Mùa đông""",
)


@pytest.mark.parametrize(
    ("name", "typed", "value", "shown"),
    [
        ("so", "25", "25", "25"),
        ("so", "-5", "-5", "-5"),
        ("so", "hai mươi lăm", "25", "25"),
        ("so", "1.234", "1234", "1.234"),
        ("le", "12,5", "12.5", "12,5"),
        ("muc", "4", "4", "4"),
        ("ngay", "20/11/2026", "2026-11-20", "20/11/2026"),
        ("ngay", "2026-11-20", "2026-11-20", "20/11/2026"),
        ("gio", "7h30", "07:30:00.000", "07:30"),
        ("gio", "7 giờ tối", "19:00:00.000", "19:00"),
        ("gio", "19:05", "19:05:00.000", "19:05"),
        ("luc", "20/11/2026 7:30", "2026-11-20T07:30:00.000", "07:30 20/11/2026"),
        ("mot", "mua ha", "ha", "Mùa hạ"),
        ("mot", "2", "ha", "Mùa hạ"),
        ("nhieu", "1, 3", "xuan dong", "Mùa xuân, Mùa đông"),
        ("dong_y", "đồng ý", "OK", "✓"),
        ("noi", "22.14, 105.83", "22.14 105.83 0 0", "22.14000, 105.83000"),
        ("chu", "  nước đục ", "nước đục", "nước đục"),
    ],
)
def test_a_typed_answer_of_each_type(name: str, typed: str, value: str, shown: str) -> None:
    walk = Walk(TYPES).do(GoTo(f"/data/{name}"), Answer(typed))
    recorded = walk.events[0]
    assert isinstance(recorded, Recorded), walk.events[0]
    assert (recorded.path, recorded.value, recorded.shown) == (f"/data/{name}", value, shown)


@pytest.mark.parametrize(
    ("name", "typed", "code"),
    [
        ("so", "1e2", None),
        ("so", "0x10", None),
        ("so", "2,5", None),
        ("muc", "5", "off_step"),
        ("muc", "12", "out_of_range"),
        ("gio", "25:00", "not_a_time"),
        ("luc", "hôm nọ", "not_a_moment"),
        ("mot", "mùa thu", "no_match"),
        ("mot", "mùa", "many_matches"),
        ("dong_y", "không", "acknowledge"),
        ("anh", "đây ạ", "photo_wanted"),
        ("noi", "200 105", "not_a_place"),
        ("chu", "x" * 4001, "too_long"),
    ],
)
def test_a_wrong_answer_of_each_type(name: str, typed: str, code: str | None) -> None:
    walk = Walk(TYPES).do(GoTo(f"/data/{name}"), Answer(typed))
    assert walk.refused.path == f"/data/{name}"
    assert code in (None, walk.refused.code)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("so", "1e2"),
        ("so", "2.5"),
        ("so", "9" * 16),
        ("le", "abc"),
        ("ngay", "20/11/2026"),
        ("ngay", "2026-13-01"),
        ("mot", "thu"),
        ("mot", "xuan ha"),
        ("nhieu", "xuan thu"),
        ("noi", "1"),
        ("dong_y", "yes"),
    ],
)
def test_a_value_that_the_type_cannot_hold_is_refused(name: str, value: str) -> None:
    walk = Walk(TYPES).do(GoTo(f"/data/{name}"), Value(value))
    assert walk.refused.path == f"/data/{name}"


def test_values_are_shown_in_the_persons_language() -> None:
    numbers = form("type | name | label | bind::ask\ndecimal | r | R | rate\ninteger | m | M | money_vnd")
    assert show_value(numbers, "/data/r", "12.5", "vi") == "12,5 %"
    assert show_value(numbers, "/data/r", "12.5", "en") == "12.5 %"
    counts = form("type | name | label | bind::unit | bind::unit_en\ninteger | h | H | hộ | households")
    assert show_value(counts, "/data/h", "1", "en") == "1 household"
    assert show_value(counts, "/data/h", "2", "en") == "2 households"
    assert show_value(counts, "/data/h", "1", "vi") == "1 hộ"
    assert show_value(numbers, "/data/m", "1234000", "vi") == "1.234.000 đồng"
    assert show_value(TYPES, "/data/ngay", "2026-11-20", "en") == "20 Nov 2026"


# --- choices ------------------------------------------------------------------------------------------

CASCADE = """list_name | name | label | tinh
tinh | bk | Bắc Kạn |
tinh | tn | Thái Nguyên |
huyen | bt | Bạch Thông | bk
huyen | pn | Pác Nặm | bk
huyen | dh | Đại Từ | tn"""


def test_choices_are_filtered_and_one_no_longer_offered_is_blanked_and_asked_again() -> None:
    survey = """type | name | label | choice_filter
    select_one tinh | t | Tỉnh |
    select_one huyen | h | Huyện | tinh=${t}
    text | x | X |"""
    walk = Walk(form(survey, CASCADE)).do("bac kan")
    assert [option.value for option in walk.ask.choices] == ["bt", "pn"]
    walk.do(Value("pn"), "abc")
    assert walk.done.values["/data/h"] == "pn"
    walk.do(GoTo("/data/t"), Value("tn"))
    assert (walk.ask.path, walk.ask.current) == ("/data/h", None)
    assert [option.value for option in walk.ask.choices] == ["dh"]
    assert walk.do(Value("dh")).done.values == {"/data/t": "tn", "/data/h": "dh", "/data/x": "abc"}
    assert walk.do(GoTo("/data/h"), Value("bt")).refused.code == "no_match"


def test_other_asks_for_words_and_typing_them_at_once_answers_both() -> None:
    survey = "type | name | label\nselect_one tinh or_other | t | Tỉnh\ntext | x | X"
    walk = Walk(form(survey, CASCADE)).do(Value("other"))
    assert walk.ask.path == "/data/t_other"
    assert walk.ask.label == "Xin ghi rõ:"
    assert walk.do("Cao Bằng").ask.path == "/data/x"
    quick = Walk(form(survey, CASCADE))
    assert quick.ask.other
    quick.do("khác: Cao Bằng")
    assert quick.value("t") == "other"
    assert quick.value("t_other") == "Cao Bằng"
    assert quick.ask.path == "/data/x"


def test_a_yes_no_choice_may_be_asked_as_having() -> None:
    survey = "type | name | label | bind::ask\nselect_one cokhong | d | Có điện không? | has\ntext | x | X |"
    choices = "list_name | name | label\ncokhong | co | Có\ncokhong | khong | Không"
    assert Walk(form(survey, choices)).do("có rồi ạ").value("d") == "co"
    assert Walk(form(survey, choices)).do("k").value("d") == "khong"


def test_shuffled_choices_stay_in_one_order_within_an_interview() -> None:
    choices = "list_name | name | label\n" + "\n".join(f"l | c{n} | C{n}" for n in range(12))
    shuffled = form("type | name | label | parameters\nselect_one l | a | A | randomize=true", choices)
    orders = {tuple(Walk(shuffled, replace(CONTEXT, seed=str(n))).ask.choices) for n in range(5)}
    assert len(orders) == 5
    assert Walk(shuffled).do(Resume()).ask.choices == Walk(shuffled).ask.choices


# --- defaults and languages ---------------------------------------------------------------------------


def test_defaults_stand_as_answers_until_they_are_changed() -> None:
    survey = """type | name | label | default | constraint
    integer | a | A | 5 |
    date | d | D | today() |
    integer | b | B | 50 | . < 10
    text | t | T | |"""
    walk = Walk(form(survey))
    assert walk.ask.current == "5"
    walk.do(Skip())
    assert (walk.ask.current, walk.ask.current_shown) == ("2026-11-20", "20/11/2026")
    walk.do(Value("2026-11-01"))
    assert walk.do(Skip()).refused.code == "constraint"
    walk.do("7", Skip())
    assert walk.done.values == {"/data/a": "5", "/data/d": "2026-11-01", "/data/b": "7"}


def test_preloads_tell_when_the_form_was_begun_and_finished() -> None:
    walk = Walk(
        form("type | name | label\nstart | s |\nend | e |\ntoday | d |\ndeviceid | i |\ntext | t | T")
    ).do("x")
    assert walk.done.values["/data/s"] == "2026-11-20T08:00:00.000+07:00"
    assert walk.done.values["/data/e"] == "2026-11-20T08:00:00.000+07:00"
    assert walk.done.values["/data/d"] == "2026-11-20"
    assert "/data/i" not in walk.done.values


def test_each_language_has_its_words_and_a_missing_one_falls_back() -> None:
    survey = """type | name | label::Tiếng Việt (vi) | label::English (en) | hint::Tiếng Việt (vi)
    text | a | Tên | Name | Gợi ý
    text | b | Tuổi | |"""
    both = form(survey, settings="default_language\nTiếng Việt (vi)")
    english = Walk(both, replace(CONTEXT, lang="en"))
    assert (english.ask.label, english.ask.hint) == ("Name", "Gợi ý")
    assert english.do("x").ask.label == "Tuổi"
    assert Walk(both, replace(CONTEXT, lang="fr")).ask.label == "Tên"


# --- repeats ------------------------------------------------------------------------------------------

PEOPLE = """type | name | label | calculation | relevant
begin repeat | nguoi | Người | |
text | ten | Tên | |
integer | tuoi | Tuổi của ${ten} | |
integer | lop | Lớp mấy? | | ${tuoi} < 18
calculate | thu | | position(..) |
end repeat | | | |
calculate | tong | | sum(${tuoi}) |
calculate | so | | count(${nguoi}) |
calculate | cac | | join(', ', ${ten}) |
calculate | dau | | indexed-repeat(${ten}, ${nguoi}, 2) |
text | het | Còn gì không? | |"""


def test_a_repeat_is_asked_row_by_row_until_there_is_no_more() -> None:
    walk = Walk(form(PEOPLE))
    assert walk.at == "/data/nguoi[1]/ten"
    walk.do("An", "40")
    assert walk.ask.repeat is not None
    assert (walk.at, walk.ask.type, walk.ask.repeat.rows) == ("/data/nguoi", "repeat", 1)
    walk.do(Repeat(True))
    assert walk.at == "/data/nguoi[2]/ten"
    assert walk.do("Bình").ask.label == "Tuổi của Bình"
    assert walk.do("10").at == "/data/nguoi[2]/lop"
    assert walk.do("5", Repeat(False)).at == "/data/het"
    done = walk.do(Skip()).done
    assert done.values == {
        "/data/nguoi[1]/ten": "An",
        "/data/nguoi[2]/ten": "Bình",
        "/data/nguoi[1]/tuoi": "40",
        "/data/nguoi[2]/tuoi": "10",
        "/data/nguoi[2]/lop": "5",
        "/data/nguoi[1]/thu": "1",
        "/data/nguoi[2]/thu": "2",
        "/data/tong": "50",
        "/data/so": "2",
        "/data/cac": "An, Bình",
        "/data/dau": "Bình",
    }
    assert "<nguoi><ten>An</ten><tuoi>40</tuoi><thu>1</thu></nguoi>" in done.instance


def test_another_row_may_be_offered_in_words() -> None:
    walk = Walk(form(PEOPLE)).do("An", "40", "có")
    assert walk.at == "/data/nguoi[2]/ten"
    assert walk.do("Bình", "50", "không biết").refused.path == "/data/nguoi"
    assert walk.do("không").at == "/data/het"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("hết", "het"),
        ("dạ hết rồi ạ", "het"),
        ("thế thôi", "het"),
        ("thêm", "nguoi[2]/ten"),
        ("con nua", "nguoi[2]/ten"),
    ],
)
def test_whether_there_is_another_row_is_said_in_many_words(text: str, at: str) -> None:
    assert Walk(form(PEOPLE)).do("An", "40", text).at == f"/data/{at}"


def test_no_row_at_all_is_said_at_the_first_question_of_the_first_row() -> None:
    walk = Walk(form(PEOPLE)).do(Repeat(False))
    assert walk.at == "/data/het"
    assert walk.value("so") == "0"
    assert walk.do(Back()).at == "/data/nguoi"
    assert walk.do(Repeat(True)).at == "/data/nguoi[1]/ten"


NESTED = """type | name | label | repeat_count | calculation | constraint
begin repeat | ho | Hộ | | |
text | chu | Chủ hộ | | |
integer | so | Số người | | | . >= 1 and . <= 9
begin repeat | nguoi | Người | ${so} | |
text | ten | Tên người ${vt} của ${chu} | | |
calculate | vt | | | position(..) |
integer | tuoi | Tuổi của ${ten} | | | . <= 120
end repeat | | | | |
calculate | tong | | | sum(${tuoi}) |
end repeat | | | | |
calculate | tat_ca | | | concat(sum(${tuoi}), '/', count(${nguoi}), '/', max(${tong})) |
calculate | dau | | | indexed-repeat(${ten}, ${ho}, 2, ${nguoi}, 1) |
text | het | ${tat_ca} ${dau} | | |"""


def two_houses() -> Walk:
    """Páo's house with An (40) and Bé (5), Mẩy's with Lan (20); nothing is left to ask."""
    walk = Walk(form(NESTED)).do("Páo", "2", "An", "40", "Bé", "5", Repeat(True))
    return walk.do("Mẩy", "1", "Lan", "20", Repeat(False), "x")


def test_a_repeat_within_another_has_rows_of_its_own_in_each_row() -> None:
    walk = Walk(form(NESTED)).do("Páo", "2")
    assert (walk.at, walk.ask.label) == ("/data/ho[1]/nguoi[1]/ten", "Tên người 1 của Páo")
    assert walk.ask.section == "Hộ 1 › Người 1"
    assert walk.do("An", "40", "Bé").ask.label == "Tuổi của Bé"
    walk = two_houses()
    assert walk.computed(["tat_ca", "dau", "ho[1]/tong", "ho[2]/nguoi[1]/vt"]) == [
        "65/3/45",
        "Lan",
        "45",
        "1",
    ]
    rows = "<nguoi><ten>An</ten><vt>1</vt><tuoi>40</tuoi></nguoi><nguoi><ten>Bé</ten><vt>2</vt><tuoi>5</tuoi></nguoi>"
    house = f"<ho><chu>Páo</chu><so>2</so>{rows}<tong>45</tong></ho>"
    assert house in walk.done.instance


def test_any_row_is_taken_away_and_all_is_computed_anew() -> None:
    walk = two_houses().do(DropRow("/data/ho[1]"))
    assert walk.done.values["/data/ho[1]/chu"] == "Mẩy"
    assert walk.computed(["tat_ca", "dau", "ho[1]/nguoi[1]/ten", "ho[2]/chu"]) == ["20/1/20", "", "Lan", ""]
    assert walk.do(NewRow("/data/ho"), "Sáng", "1", "Cu", "3", Repeat(False)).done
    assert walk.computed(["tat_ca", "dau"]) == ["23/2/20", "Cu"]


def test_a_row_that_an_answer_counts_is_taken_away_with_that_answer() -> None:
    walk = two_houses().do(DropRow("/data/ho[1]/nguoi[1]"))
    assert walk.computed(["ho[1]/so", "ho[1]/nguoi[1]/ten", "ho[1]/tong", "tat_ca"]) == [
        "1",
        "Bé",
        "5",
        "25/2/20",
    ]
    # A house has one person at least, so the last one stays.
    refused = walk.do(DropRow("/data/ho[1]/nguoi[1]")).refused
    assert (refused.path, refused.code) == ("/data/ho[1]/so", "constraint")
    assert walk.value("ho[1]/nguoi[1]/ten") == "Bé"
    fixed = Walk(
        form("type | name | label | repeat_count\nbegin repeat | r | R | 2\ntext | a | A |\nend repeat | | |")
    )
    assert fixed.do("x", "y", DropRow("/data/r[1]")).refused.code == "rows_counted"


@pytest.mark.parametrize(
    ("survey", "answers"),
    [
        ("text | so | S | |", ["abc"]),
        ("select_one n | so | S | |", [Value("2")]),
        ("begin repeat | o | O | |\ninteger | so | S | |\nend repeat | | | |", ["2", Repeat(False)]),
        ("text | t | T | |\ninteger | so | S | | ${t} = 'x'", ["y"]),
    ],
    ids=["words", "choice", "other_repeat", "not_asked"],
)
def test_no_row_is_counted_on_by_what_is_no_single_number(survey: str, answers: list[Message | str]) -> None:
    rest = "begin repeat | r | R | ${so} |\ntext | a | A | |\nend repeat | | | |\ntext | z | Z | |"
    counted = form(
        f"type | name | label | repeat_count | relevant\n{survey}\n{rest}",
        "list_name | name | label\nn | 1 | Một\nn | 2 | Hai",
    )
    walk = Walk(counted).do(*answers)
    before = walk.interview.values
    assert walk.do(NewRow("/data/r")).refused.code == "rows_counted"
    assert walk.interview.values == before


def test_a_new_row_is_none_that_was_put_aside_when_fewer_were_counted() -> None:
    counted = form(
        "type | name | label | repeat_count\ninteger | so | S |\nbegin repeat | r | R | ${so}\n"
        "text | a | A |\nend repeat | | |"
    )
    walk = Walk(counted).do("3", "An", "Bé", "Cu", GoTo("/data/so"), "1").do(NewRow("/data/r"))
    assert (walk.at, walk.value("r[2]/a")) == ("/data/r[2]/a", "")
    assert walk.do("Lan").done
    assert walk.computed(["so", "r[1]/a", "r[2]/a", "r[3]/a"]) == ["2", "An", "Lan", ""]


def test_who_is_in_the_row_that_is_taken_away_goes_on_behind_it() -> None:
    walk = Walk(form(NESTED)).do("Páo", "2", "An")
    assert walk.do(DropRow("/data/ho[1]/nguoi[1]")).at == "/data/ho[1]/nguoi[1]/ten"
    assert walk.do("Bé", "5").at == "/data/ho"
    assert walk.do(Repeat(True), "Mẩy", DropRow("/data/ho[2]")).at == "/data/ho"
    assert walk.do(DropRow("/data/ho[7]"), DropRow("/data/het")).at == "/data/ho"


def test_rows_are_told_with_their_answers() -> None:
    walk = two_houses()
    told = rows(walk.form, walk.interview, CONTEXT)
    assert [(one.path, one.fixed, [row.label for row in one.rows]) for one in told] == [
        ("/data/ho", False, ["Hộ 1", "Hộ 2"]),
        ("/data/ho[1]/nguoi", False, ["Người 1", "Người 2"]),
        ("/data/ho[2]/nguoi", False, ["Người 1"]),
    ]
    assert [line.shown for line in told[0].rows[1].lines] == ["Mẩy", "1", "Lan", "20"]
    assert told[0].rows[1].lines[-1].section == "Hộ 2 › Người 1"


def test_back_from_behind_a_repeat_offers_another_row_again() -> None:
    walk = Walk(form(PEOPLE)).do("An", "40", Repeat(False), Back())
    assert walk.at == "/data/nguoi"
    assert walk.do(Back()).at == "/data/nguoi[1]/tuoi"


COUNTED = """type | name | label | repeat_count | calculation
integer | n | Bao nhiêu? | |
begin repeat | r | Hộ | ${n} |
integer | x | Mấy người? | |
end repeat | | | |
calculate | s | | | sum(${x})
text | t | T | |"""


def test_a_counted_repeat_has_as_many_rows_and_keeps_those_put_aside() -> None:
    walk = Walk(form(COUNTED)).do("3", "1", "2", "3")
    assert walk.at == "/data/t"
    assert walk.value("s") == "6"
    walk.do("x", GoTo("/data/n"), "2")
    assert walk.value("s") == "3"
    assert "/data/r[3]/x" not in walk.done.values
    walk.do(GoTo("/data/n"), "3")
    assert walk.done.values["/data/r[3]/x"] == "3"
    assert walk.do(GoTo("/data/n"), "4").at == "/data/r[4]/x"


def test_a_repeat_takes_a_hundred_rows_and_says_so() -> None:
    walk = Walk(
        form("type | name | label\nbegin repeat | r | Bể\ninteger | x | X\nend repeat | |\ntext | t | T")
    )
    for row in range(1, 101):
        walk.do("1")
        assert walk.ask.repeat is not None
        assert (walk.ask.repeat.rows, walk.ask.repeat.full) == (row, row == 100)
        if row < 100:
            walk.do(Repeat(True))
    for more in (Repeat(True), "có"):
        assert (walk.do(more).refused.code, walk.refused.data) == ("rows_full", {"most": 100})
    assert walk.do("không").at == "/data/t"
    assert walk.do(Back()).at == "/data/r"
    assert "/data/r[100]/x" in walk.do(Repeat(False), "x").done.values


def test_a_count_above_a_hundred_says_at_the_first_row_how_many_are_asked() -> None:
    assert Walk(form(COUNTED)).do("100").ask.cut == 0
    walk = Walk(form(COUNTED)).do("101")
    assert walk.ask.cut == 100
    assert walk.do("1").ask.cut == 0
    assert walk.do(Back()).ask.cut == 100


@pytest.mark.parametrize(("count", "rows"), [("0", 0), ("-5", 0), ("2", 2), ("1000000000", 100)])
def test_a_count_may_be_anything(count: str, rows: int) -> None:
    walk = Walk(form(COUNTED)).do(Value(count))
    for _ in range(rows):
        assert walk.at.startswith("/data/r[")
        walk.do("1")
    assert walk.at == "/data/t"


def test_a_repeat_that_feeds_its_own_count_grows_row_by_row_up_to_the_most() -> None:
    survey = """type | name | label | repeat_count
    begin repeat | r | R | count(${r}) + 1
    integer | x | X |
    end repeat | | |
    text | t | T |"""
    walk = Walk(form(survey))
    for row in range(1, 101):
        assert walk.at == f"/data/r[{row}]/x"
        walk.do("1")
    assert walk.at == "/data/t"


def test_irrelevant_rows_do_not_count() -> None:
    survey = """type | name | label | calculation | relevant | repeat_count
    integer | n | N | | |
    begin repeat | r | R | | | 2
    begin group | g | G | | ${n} > 1 |
    integer | x | X | | |
    end group | | | | |
    end repeat | | | | |
    calculate | c | | count(${x}) | |
    calculate | j | | join('-', ${x}) | |"""
    walk = Walk(form(survey)).do("2", "7", "8")
    assert walk.computed(("c", "j")) == ["2", "7-8"]
    walk.do(GoTo("/data/n"), "1")
    assert walk.computed(("c", "j")) == ["0", ""]
    assert walk.do(GoTo("/data/n"), "2").done.values["/data/r[1]/g/x"] == "7"


def test_a_default_in_a_repeat_is_given_to_each_row() -> None:
    survey = """type | name | label | default
    begin repeat | r | R |
    integer | a | A | 5
    integer | b | B | 1 + 1
    end repeat | | |"""
    walk = Walk(form(survey)).do(Skip(), Skip(), Repeat(True))
    assert walk.ask.current == "5"
    assert walk.do(Skip()).ask.current == "2"


def test_groups_name_where_a_question_stands() -> None:
    survey = """type | name | label
    begin group | g | Nhà ở
    begin repeat | r | Phòng
    text | t | T
    end repeat | |
    end group | |"""
    assert Walk(form(survey)).ask.section == "Nhà ở › Phòng 1"
    assert Walk(form(survey)).at == "/data/g/r[1]/t"


# --- the period before --------------------------------------------------------------------------------

BEFORE = {"/data/ho": "25", "/data/sach": "20", "/data/vi_sao": "khô hạn"}


def test_the_value_of_the_period_before_is_offered_where_it_still_fits() -> None:
    walk = Walk(simple().form, replace(CONTEXT, previous=BEFORE))
    assert (walk.ask.previous, walk.ask.previous_shown) == ("25", "25 hộ")
    odd = Walk(simple().form, replace(CONTEXT, previous={"/data/ho": "nhiều"}))
    assert (odd.ask.previous, odd.ask.previous_shown) == (None, "")


def test_nothing_changed_answers_everything_at_once() -> None:
    context = replace(CONTEXT, previous=BEFORE)
    walk = Walk(simple().form, context)
    result = unchanged(walk.form, walk.interview, context)
    assert result is not None
    finished = result[1][-1]
    assert isinstance(finished, Finished)
    assert finished.values == {**BEFORE, "/data/thieu": "5"}


@pytest.mark.parametrize("wrong", [{}, {"/data/ho": "25"}, {"/data/ho": "25", "/data/sach": "26"}])
def test_nothing_changed_is_not_offered_where_something_is_missing_or_wrong(wrong: dict[str, str]) -> None:
    context = replace(CONTEXT, previous=wrong)
    interview, _ = begin(simple().form, context)
    assert unchanged(simple().form, interview, context) is None


def test_nothing_changed_takes_over_the_rows_of_a_repeat() -> None:
    previous = {"/data/nguoi[1]/ten": "An", "/data/nguoi[1]/tuoi": "40", "/data/nguoi[2]/ten": "Bình"}
    context = replace(CONTEXT, previous=previous)
    people = form(PEOPLE)
    result = unchanged(people, begin(people, context)[0], context)
    assert result is not None
    finished = result[1][-1]
    assert isinstance(finished, Finished)
    assert finished.values["/data/cac"] == "An, Bình"


def test_each_step_gives_one_question_or_a_refusal_or_the_end() -> None:
    walk = simple()
    for message in ("25", "99", "20", Back(), Skip(), "20", Skip(), Resume()):
        walk.do(message)
        kinds = [type(event) for event in walk.events]
        assert kinds in (
            [Recorded, QuestionAsked],
            [Refused],
            [QuestionAsked],
            [Finished],
            [Recorded, Finished],
        )


def test_what_a_new_row_takes_from_outside_is_computed_for_it() -> None:
    survey = """type | name | label | calculation | relevant
    integer | n | N | |
    begin repeat | r | R | |
    calculate | c | | ${n} * 2 |
    text | t | T | | ${n} > 5
    text | u | U | |
    end repeat | | | |"""
    walk = Walk(form(survey)).do("3", "x", Repeat(True))
    assert (walk.at, walk.value("r[2]/c")) == ("/data/r[2]/u", "6")


def test_a_choice_that_ceased_to_be_offered_while_irrelevant_does_not_come_back() -> None:
    survey = """type | name | label | choice_filter | relevant
    select_one tinh | t | T | |
    integer | n | N | |
    select_one huyen | h | H | tinh=${t} | ${n} > 0"""
    walk = Walk(form(survey, CASCADE)).do(
        Value("bk"), "1", Value("bt"), GoTo("/data/n"), "0", GoTo("/data/t")
    )
    walk.do(Value("tn"), GoTo("/data/n"), "1")
    assert (walk.at, walk.value("h")) == ("/data/h", "")


def test_where_a_filter_leaves_nothing_to_choose_no_answer_is_required() -> None:
    survey = """type | name | label | choice_filter | required
    select_one tinh | t | T | | yes
    select_one huyen | h | H | tinh=${t} | yes"""
    choices = f"{CASCADE}\ntinh | cb | Cao Bằng |"
    walk = Walk(form(survey, choices))
    assert walk.do(Skip()).refused.code == "required"
    assert (walk.do(Value("cb")).ask.choices, walk.ask.required) == ((), False)
    assert walk.do(Skip()).done.values == {"/data/t": "cb"}
    walk.do(GoTo("/data/t"), Value("bk"))
    assert (walk.refused.code, walk.ask.path, walk.ask.required) == ("required", "/data/h", True)


def test_an_interview_kept_by_an_older_version_is_read_and_one_of_a_newer_version_is_refused() -> None:
    kept = Walk(form("type | name | label\ninteger | n | Mấy?")).interview
    written = kept.to_json()
    older = {name: value for name, value in written.items() if name != "version"}
    assert Interview.from_json(older) == kept
    with pytest.raises(ValueError, match="version"):
        Interview.from_json({**written, "version": 2})
