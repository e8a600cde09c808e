"""Versions of questionnaires in the database."""

from questionnaires.questionnaire import Questionnaire
from questionnaires.xlsform import compile_form
from storage.forms import list_forms, save_form, versions
from storage.session import Session

SURVEY = "| survey |\n| | type | name | label |\n| | integer | ho | {label} |\n| settings |\n| | form_id |\n| | {name} |"


def form(label: str, name: str = "nuoc") -> Questionnaire:
    return compile_form(SURVEY.format(label=label, name=name).encode(), "a.md")


async def test_a_new_version_becomes_the_active_one_and_the_old_one_stays(session: Session) -> None:
    first = await save_form(session, form("Bao nhiêu hộ?"))
    second = await save_form(session, form("Có mấy hộ?"))
    assert first.id != second.id
    assert [row.id for row in await list_forms(session)] == [second.id]
    assert [row.id for row in await versions(session, "nuoc")] == [second.id, first.id]
    assert Questionnaire.from_json(first.compiled).question("/data/ho").labels["default"] == (
        "Bao nhiêu hộ?",
    )


async def test_the_same_version_is_kept_once_and_can_be_taken_up_again(session: Session) -> None:
    first = await save_form(session, form("Bao nhiêu hộ?"))
    await save_form(session, form("Có mấy hộ?"))
    again = await save_form(session, form("Bao nhiêu hộ?"))
    assert again.id == first.id
    assert [row.id for row in await list_forms(session)] == [first.id]


async def test_forms_of_different_names_are_active_side_by_side(session: Session) -> None:
    await save_form(session, form("Hộ?", "nuoc"))
    await save_form(session, form("Nhà?", "nha"))
    assert [row.name for row in await list_forms(session)] == ["nha", "nuoc"]
