"""What officers are asked: short, whole in both languages, and every number with its limit and unit."""

from pathlib import Path

import pytest

from plans.reading import load_plans
from questionnaires.questionnaire import Questionnaire, QuestionType
from questionnaires.xlsform import compile_form

FOLDER = Path(__file__).parents[2] / "questionnaires" / "forms"
ENTRIES = [entry for entry in load_plans().schedule if entry.level != "thon"]
FORMS = {
    name: compile_form((FOLDER / f"{name}.md").read_bytes(), f"{name}.md")
    for name in sorted({entry.form for entry in ENTRIES})
}
MOST_QUESTIONS = 12
LONGEST_LABEL = 95
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


@each_form
def test_short_and_whole_in_both_languages(form: Questionnaire) -> None:
    asked = [question for question in form.questions if question.asks]
    assert 0 < len(asked) <= MOST_QUESTIONS
    assert {"vi", "en"} <= set(form.titles)
    for question in asked:
        for words in (question.labels, question.hints):
            assert set(words) == {"vi", "en"}, question.name
        for words in (question.constraint_message, question.required_message):
            assert set(words) in (set(), {"vi", "en"}), question.name
        for label in question.labels.values():
            assert sum(len(part) for part in label if isinstance(part, str)) <= LONGEST_LABEL, question.name


@each_form
def test_every_number_has_a_limit_and_a_unit(form: Questionnaire) -> None:
    for question in form.questions:
        if question.asks and question.type in (QuestionType.INTEGER, QuestionType.DECIMAL):
            assert question.constraint is not None, question.name
            assert question.constraint_message, question.name
            assert {"", "en"} <= set(question.unit), question.name


@each_form
def test_what_must_be_answered_says_so(form: Questionnaire) -> None:
    for question in form.questions:
        assert (question.required is None) == (not question.required_message), question.name


def test_difficulties_are_asked_of_every_level_above_the_village() -> None:
    levels = {entry.level for entry in ENTRIES if entry.form == "vuong-mac"}
    assert levels == {"xa", "huyen", "tinh"}
    names = [question.name for question in FORMS["vuong-mac"].questions]
    assert names[:3] == ["vm_linh_vuc", "vm_noi_dung", "vm_kien_nghi"]
    assert names[3:] == ["vm_so_khac", "vm_khac_linh_vuc", "vm_khac_noi_dung", "vm_khac_kien_nghi"]
    fields = {choice.value.replace("_", "-") for choice in FORMS["vuong-mac"].lists["vm_linh_vuc"]}
    assert fields == {*load_plans().domains, "khong"}
