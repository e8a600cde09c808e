"""What a refusal gives as a right example is one: typed as it stands it is taken, in both languages."""

from dataclasses import replace
from pathlib import Path

import pytest

import questionnaires
from questionnaires.interview import Answer, Finished, QuestionAsked, Recorded, Refused, Skip, begin, step
from questionnaires.xlsform import compile_form
from tests.questionnaires.forming import CONTEXT

FORMS = sorted((Path(questionnaires.__file__).parent / "forms").glob("*.md"))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("file", FORMS, ids=lambda file: file.stem)
def test_an_example_is_an_answer(file: Path, lang: str) -> None:
    form, context = compile_form(file.read_bytes(), file.name), replace(CONTEXT, lang=lang)
    interview, events = begin(form, context)
    taken = 0
    while not any(isinstance(event, Finished) for event in events):
        following, events = step(form, interview, Answer("xyz"), context)
        refused = next((event for event in events if isinstance(event, Refused)), None)
        if refused is None:  # words are asked for, and these are some
            interview = following
            continue
        message = Answer(refused.example) if refused.example else Skip()
        interview, events = step(form, interview, message, context)
        assert any(isinstance(event, Recorded | QuestionAsked | Finished) for event in events), (
            refused.example
        )
        assert not any(isinstance(event, Refused) for event in events), refused.example
        taken += isinstance(message, Answer)
    assert taken >= 1
