"""Several answers in one message: what is laid to which question, and what is left doubtful."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from questionnaires.interview import Context, Interview, begin
from questionnaires.numbers_said import in_figures
from questionnaires.put_right_at_once import as_meant
from questionnaires.questionnaire import Questionnaire
from questionnaires.several import Several, apply, read_several
from questionnaires.xlsform import compile_form

FORMS = Path(__file__).resolve().parents[2] / "questionnaires" / "forms"
FORM = compile_form((FORMS / "nuoc-sach.md").read_bytes(), "nuoc-sach.md")
SCHOOL = compile_form((FORMS / "giao-duc.md").read_bytes(), "giao-duc.md")
WORK = compile_form((FORMS / "viec-lam.md").read_bytes(), "viec-lam.md")
ROADS = compile_form((FORMS / "duong-dien.md").read_bytes(), "duong-dien.md")
POOR = compile_form((FORMS / "giam-ngheo.md").read_bytes(), "giam-ngheo.md")
CONTEXT = Context(now=datetime(2026, 11, 20, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")), lang="vi", seed="1")
BEGUN: Interview = begin(FORM, CONTEXT)[0]
ALL = {
    "ho": "120",
    "ho_dtts": "100",
    "ho_hvs": "109",
    "ho_dtts_hvs": "98",
    "ho_tap_trung": "27",
    "ho_thieu": "6",
}


def read(text: str) -> Several:
    return read_several(FORM, BEGUN, CONTEXT, text, "thôn Nà Hin")


def values(several: Several) -> dict[str, str]:
    return {answer.path.removeprefix("/data/nuoc_"): answer.value for answer in several.answers}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Thôn Nà Hin: tổng 120 hộ; HVS 109; thiếu nước 6; công trình hỏng 0",
            "ho=120 ho_hvs=109 ho_thieu=6 ct_hong=0",
        ),
        ("120 hộ, 109 hộ dùng nước sạch", "ho=120 ho_hvs=109"),
        ("tong 120; dtts 100; hvs 109", "ho=120 ho_dtts=100 ho_hvs=109"),
        ("1: 120\n2: 100\n3: 109", "ho=120 ho_dtts=100 ho_hvs=109"),
        ("120 hộ, trong đó 100 hộ dân tộc, 109 hộ nước sạch", "ho=120 ho_dtts=100 ho_hvs=109"),
        ("Nước: tổng số hộ 120, nước hợp vệ sinh 109, thiếu nước 6", "ho=120 ho_hvs=109 ho_thieu=6"),
        ("tổng: 120; hvs: 109", "ho=120 ho_hvs=109"),
        ("120 ho 109 dtts 100 hvs", "ho=120 ho_dtts=109 ho_hvs=100"),
        ("tong 120 ho dtts 109 ho hvs 100 ho", "ho=120 ho_dtts=109 ho_hvs=100"),
        ("120 hộ dtts 109 hvs 100", "ho=120 ho_dtts=109 ho_hvs=100"),
        ("Thôn nà hin báo cáo nước tháng 11 có 120 hộ trong đó dân tộc 109 hộ", "ho=120 ho_dtts=109"),
        ("BC nước T11: tổng 120, dtts 109", "ho=120 ho_dtts=109"),
        ("1. Tổng hộ: 120\n2. DTTS: 109\n3. Thiếu nước: 6", "ho=120 ho_dtts=109 ho_thieu=6"),
        ("1. Tổng hộ: 120. 2. Thiếu nước: 6. 3. CT hỏng: 0", "ho=120 ho_thieu=6 ct_hong=0"),
        ("120 hộ, thiếu nước 3 hộ, thiểu số 100", "ho=120 ho_dtts=100 ho_thieu=3"),
        ("câu 1 thành 120 với câu 2 thành 100", "ho=120 ho_dtts=100"),
        ("sửa câu 1 là 120 câu 6 là 4", "ho=120 ho_thieu=4"),
        ("tổng 120, câu 6 và câu 7 bằng 0", "ho=120 ho_thieu=0 ct_hong=0"),
        ("tong 120; hai cau cuoi la 0", "ho=120 ho_thieu=0 ct_hong=0"),
        # Without marks "thieu" alone is what is lacking, never "thiểu số".
        ("120 ho, dtts 109, hvs 100, thieu 6, hong 0", "ho=120 ho_dtts=109 ho_hvs=100 ho_thieu=6 ct_hong=0"),
        ("tổng 120, công trình hỏng 1 cái", "ho=120 ct_hong=1"),
        ("tong 120, thieu so 100, thieu 3 ho", "ho=120 ho_dtts=100 ho_thieu=3"),
        ("4. Giếng khoan: 5\n1. Tổng: 120\n2. dtts 100", "ho=120 ho_dtts=100"),
    ],
)
def test_each_piece_is_laid_to_the_question_that_it_names(text: str, expected: str) -> None:
    assert " ".join(f"{name}={value}" for name, value in values(read(text)).items()) == expected


def test_a_list_has_dashes_before_its_lines_but_no_figure_below_zero() -> None:
    assert values(read("- 120\n- 100\n- 109\n- 98\n- 27\n- 6\n- 0")) == {**ALL, "ct_hong": "0"}
    assert values(read("-120\n-100\n-109\n-98\n-27\n-6\n-0")) == {**ALL, "ct_hong": "0"}
    for text in ("1: -120; 2: 100", "tổng 120, dtts -100", "-120 -100 -109 -98 -27 -6 -0"):
        assert read(text) == Several(), text


ALL_OF_ROADS = "dd_ho=120 dd_ho_dien=110 dd_ho_rac=60 dd_oto=co dd_dbkk=khong dd_mua_lu=co"


@pytest.mark.parametrize(
    ("form", "text", "expected", "doubtful"),
    [
        # "5" and "6-10" are words of the questions.
        (SCHOOL, "nhầm, em 5 tuổi là 8 chứ, 31 là tiểu học", "gd_5_tuoi=8 gd_tieu_hoc=31", ()),
        (SCHOOL, "5 tuoi 8 em, tieu hoc 31", "gd_5_tuoi=8 gd_tieu_hoc=31", ()),
        (FORM, "1 sửa 120\n2 sửa thành 109", "nuoc_ho=120 nuoc_ho_dtts=109", ()),
        # Of which of the two nobody said that they go to school.
        (SCHOOL, "5 tuổi 8 em, đi học 8, tiểu học 31", "gd_5_tuoi=8 gd_tieu_hoc=31", ("đi học 8",)),
        # What is denied is no answer to what is asked.
        (FORM, "120 hộ, 27 hộ chưa dùng nước sạch", "nuoc_ho=120", ("27 hộ chưa dùng nước sạch",)),
        (FORM, "120 hộ, không có hộ nào thiếu nước", "nuoc_ho=120 nuoc_ho_thieu=0", ()),
        (FORM, "tổng 120, 30 hộ nước tập trung hỏng", "nuoc_ho=120", ("30 hộ nước tập trung hỏng",)),
        (FORM, "120 hộ, 5 hộ thiếu nước ăn", "nuoc_ho=120 nuoc_ho_thieu=5", ()),
        (FORM, "120 hộ, 3 hộ mất nước", "nuoc_ho=120", ("3 hộ mất nước",)),
        # The last two questions are asked because of the answer before them.
        (
            WORK,
            "lao động 210, biết thông tin 105, đào tạo 60, học xong 5, việc mới 3",
            "vl_lao_dong=210 vl_thong_tin=105 vl_dao_tao=60 vl_hoc_xong=5 vl_co_viec=3",
            (),
        ),
        # Two questions are about land, and neither more plainly.
        (POOR, "120 hộ, nghèo 22, đất 5", "gn_ho=120 gn_ngheo=22", ("đất 5",)),
        (WORK, "210 lao động, 3 người có việc mới", "vl_lao_dong=210", ("3 người có việc mới",)),
        # Numbers, yeses and noes in the order of the questions, if there are as many.
        (ROADS, "bc duong 120 110 60 co ko co", ALL_OF_ROADS, ()),
        (ROADS, "120, 110, 60, có, không, có", ALL_OF_ROADS, ()),
        (ROADS, "120 110 60 co khong", "", ("120 110 60 co khong",)),
        (ROADS, "120 110 khong co khong co", "", ()),
    ],
)
def test_a_piece_is_laid_to_no_question_that_it_does_not_mean(
    form: Questionnaire, text: str, expected: str, doubtful: tuple[str, ...]
) -> None:
    several = read_several(form, begin(form, CONTEXT)[0], CONTEXT, text, "thôn Nà Hin")
    assert " ".join(f"{said.path.rpartition('/')[2]}={said.value}" for said in several.answers) == expected
    assert several.doubtful == doubtful


@pytest.mark.parametrize(
    "text",
    [
        "120 100 109 98 27 6 0",
        "120, 100, 109, 98, 27, 6, 0",
        "120\n100\n109\n98\n27\n6\n0",
        "nuoc: 120, 100, 109, 98, 27, 6, 0",
        "nước tháng 11 120 100 109 98 27 6 0",
        "1. 120\n2. 100\n3) 109\n4. 98\n5. 27\n6. 6\n7. 0",
    ],
)
def test_numbers_alone_are_in_order_where_there_are_as_many_as_questions(text: str) -> None:
    assert values(read(text)) == {**ALL, "ct_hong": "0"}


@pytest.mark.parametrize("answered", [4, 7])
def test_as_many_numbers_as_questions_are_the_whole_report_whatever_was_answered_before(
    answered: int,
) -> None:
    known = dict(list({**ALL, "ct_hong": "1"}.items())[:answered])
    said = {f"/data/nuoc_{name}": value for name, value in known.items()}
    begun, _ = apply(FORM, BEGUN, CONTEXT, said)
    heard = read_several(FORM, begun, CONTEXT, "121 100 109 98 27 6 0")
    assert values(heard) == {**ALL, "ho": "121", "ct_hong": "0"}


@pytest.mark.parametrize("text", ["nuoc 120 109 98 27 6 0", "120 109 98 27 6 0", "120 109"])
def test_of_too_few_numbers_nobody_knows_which_is_which(text: str) -> None:
    assert read(text).answers == ()


@pytest.mark.parametrize(
    "text",
    [
        "120",
        "25 hộ 120 khẩu",
        "12-15",
        "1,5",
        "109/120",
        "hộ nghèo 12, cận nghèo 4",
        "20/11/2026",
        "không biết",
        "",
    ],
)
def test_other_messages_are_no_list_of_answers(text: str) -> None:
    assert read(text) == Several()


def test_what_the_form_refuses_is_doubtful_and_the_rest_is_found() -> None:
    several = read("tong 120; dtts 100; hvs 170")
    assert values(several) == {"ho": "120", "ho_dtts": "100"}
    assert several.refused == (("/data/nuoc_ho_hvs", "170"),)
    assert len(several.missing) == 5


def test_a_question_named_twice_is_answered_once_and_the_second_is_doubtful() -> None:
    several = read("tổng 120; hvs 109; hvs 108")
    assert values(several) == {"ho": "120", "ho_hvs": "109"}
    assert several.doubtful == ("hvs 108",)


def test_a_time_is_no_answer() -> None:
    assert values(read("tháng 11; tổng 120; hvs 109; thiếu nước tháng 9")) == {"ho": "120", "ho_hvs": "109"}
    assert values(read("tổng 120; câu 5 tháng 9")) == {"ho": "120"}


def test_what_was_found_is_stored_as_it_was_shown() -> None:
    several = read("tổng 120; hvs 109")
    after, recorded = apply(FORM, BEGUN, CONTEXT, {answer.path: answer.value for answer in several.answers})
    assert [event.shown for event in recorded] == ["120 hộ", "109 hộ"]
    assert after.values["/data/nuoc_ho_hvs"] == "109"
    assert after.position == "/data/nuoc_ho_dtts"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("cả thôn sáu mươi hai hộ, thiếu nước ba hộ", "cả thôn 62 hộ , thiếu nước 3 hộ"),
        ("năm nay nghèo mười tám hộ", "năm nay nghèo mười tám hộ"),
        ("nước sạch bốn chục", "nước sạch bốn chục"),
        ("cả thôn 62 hộ, thiếu nước 3", "cả thôn 62 hộ, thiếu nước 3"),
    ],
)
def test_several_numbers_in_words_are_written_in_figures(text: str, written: str) -> None:
    assert in_figures(text) == written


def test_the_figure_behind_the_right_one_is_the_wrong_one() -> None:
    assert (
        as_meant("dân tộc là 108 hộ chứ không phải 109 hộ đâu, thiếu nước 3")
        == "dân tộc là 108 hộ đâu, thiếu nước 3"
    )
