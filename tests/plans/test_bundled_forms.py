"""The bundled questionnaires for villages: short, in two languages, and made for the indicators that use them."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plans.reading import load_plans
from questionnaires.interview import Answer, Context, Finished, QuestionAsked, Refused, begin, step
from questionnaires.questionnaire import Question, Questionnaire, QuestionType
from questionnaires.xlsform import compile_form

FOLDER = Path(__file__).parents[2] / "questionnaires" / "forms"
FORMS = {
    name: compile_form((FOLDER / f"{name}.md").read_bytes(), f"{name}.md")
    for name in sorted({entry.form for entry in load_plans().schedule if entry.level == "thon"})
}
NOW = datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def asked_of(form: Questionnaire) -> list[Question]:
    """What a person is asked; what is only worked out is left out."""
    return [question for question in form.questions if question.asks]


def play(form: Questionnaire, answers: list[str], lang: str = "vi") -> tuple[list[str], list[str], list[int]]:
    """The names asked, the refusals, and the totals shown, when `answers` are typed one after the other."""
    context = Context(now=NOW, lang=lang)
    interview, events = begin(form, context)
    asked, refused, totals = [], [], []
    for answer in [*answers, None]:
        for event in events:
            if isinstance(event, QuestionAsked):
                asked.append(event.ask.path.rpartition("/")[2])
                totals.append(event.ask.total)
            elif isinstance(event, Refused):
                refused.append(event.message)
            elif isinstance(event, Finished):
                return asked, refused, totals
        if answer is not None:
            interview, events = step(form, interview, Answer(answer), context)
    return asked, refused, totals


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_short_and_whole_in_both_languages(form: Questionnaire) -> None:
    assert 0 < len(asked_of(form)) <= 7
    assert set(form.titles) >= {"vi", "en"}
    assert set(form.languages) == {"vi", "en"}
    for question in asked_of(form):
        for words in (question.labels, question.hints):
            assert set(words) == {"vi", "en"}, question.name
        if question.constraint is not None:
            assert set(question.constraint_message) == {"vi", "en"}, question.name


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_number_has_a_limit_and_a_unit(form: Questionnaire) -> None:
    for question in asked_of(form):
        assert question.required is not None, question.name
        if question.type is QuestionType.INTEGER:
            assert question.constraint is not None, question.name
            assert {"", "en"} <= set(question.unit), question.name


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_labels_fit_a_phone(form: Questionnaire) -> None:
    for question in asked_of(form):
        for label in question.labels.values():
            assert sum(len(part) for part in label if isinstance(part, str)) <= 95, question.name


def test_water_refuses_a_part_larger_than_its_whole() -> None:
    answers = ["52", "60", "45", "53", "43", "44", "37", "44", "20", "53", "4", "0"]
    _, refused, totals = play(FORMS["nuoc-sach"], answers)
    assert len(refused) == 5
    assert refused[0] == "Số hộ dân tộc thiểu số không thể nhiều hơn tổng số 52 hộ của thôn."
    assert "43" in refused[2]
    assert set(totals) == {7}


def test_what_is_a_part_of_nothing_is_not_asked() -> None:
    asked = play(FORMS["nuoc-sach"], ["20", "0", "0", "0", "0"])[0]
    assert asked == ["nuoc_ho", "nuoc_ho_dtts", "nuoc_ho_hvs", "nuoc_ho_thieu", "nuoc_ct_hong"]
    asked, _, totals = play(FORMS["giao-duc"], ["0", "0"])
    assert asked == ["gd_5_tuoi", "gd_tieu_hoc"]
    assert totals[0] == 4


@pytest.mark.parametrize(
    ("name", "answers", "refusals"),
    [
        ("giam-ngheo", ["40", "41", "30", "41", "12", "13", "10", "29", "28", "1", "0"], 4),
        ("dan-cu", ["6", "7", "4", "7", "6", "0", "3", "4", "2", "0"], 3),
        ("giam-ngheo-xa", ["900", "901", "200", "901", "300", "301", "90", "8", "2"], 3),
        ("vung-kho-khan", ["3", "4", "2", "2", "1", "10", "11", "6", "5", "4"], 4),
        ("thu-nhap", ["28,5 triệu", "40 triệu", "57 triệu", "2950", "90", "91", "65"], 1),
    ],
)
def test_parts_of_poverty_and_settlement_stay_within_their_wholes(
    name: str, answers: list[str], refusals: int
) -> None:
    form = compile_form((FOLDER / f"{name}.md").read_bytes(), f"{name}.md")
    asked, refused, _ = play(form, answers)
    assert len(refused) == refusals
    assert list(dict.fromkeys(asked)) == [question.name for question in form.questions]


def test_a_village_without_poor_or_endangered_households_is_asked_less() -> None:
    assert "gn_ngheo_dtts" not in play(FORMS["giam-ngheo"], ["40", "30", "0", "3", "0", "0"])[0]
    assert play(FORMS["dan-cu"], ["0", "2", "0", "1"])[0] == [
        "dc_can",
        "dc_xong_dtts",
        "dc_bo_tri_ky",
        "dc_tu_do_ky",
    ]


def test_each_such_question_is_known_to_the_indicators_as_a_part() -> None:
    parts = {
        part: whole
        for indicator in load_plans().indicators.values()
        for part, whole in indicator.parts.items()
    }
    for form in FORMS.values():
        for question in form.questions:
            if question.relevant is not None and question.type is QuestionType.INTEGER:
                assert question.name in parts
                assert parts[question.name] in {each.name for each in form.questions}


def test_no_name_stands_in_two_questionnaires() -> None:
    names = [question.name for form in FORMS.values() for question in form.questions]
    assert len(names) == len(set(names))


def test_in_english_it_refuses_in_english() -> None:
    refused = play(FORMS["giao-duc"], ["5", "6", "5"], "en")[1]
    assert refused == ["This cannot be more than the 5 children of that age."]


@pytest.mark.parametrize("name", ["nuoc-sach", "giao-duc", "viec-lam-xa"])
def test_households_that_moved_may_be_why_people_are_more_or_fewer(name: str) -> None:
    assert "moved" in {reason.id for reason in load_plans().challenges.reasons(name)}


@pytest.mark.parametrize("name", ["von-xa", "can-bo-xa", "thuy-loi-cho", "rung-tinh", "nhiem-vu"])
def test_households_that_moved_explain_no_money_offices_canals_or_forests(name: str) -> None:
    reasons = {reason.id for reason in load_plans().challenges.reasons(name)}
    assert "moved" not in reasons
    assert "recounted" in reasons
