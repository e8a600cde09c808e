"""Which words are heard as a cry of danger, and that no answer and no question of the other corpora is."""

from pathlib import Path

import pytest

from handlers.danger import heard

HERE = Path(__file__).parent
CRIES = [line.split("|") for line in (HERE / "cries.txt").read_text("utf-8").splitlines() if line[:1] != "#"]
ANSWERS = (HERE.parent / "questionnaires" / "answers" / "corpus.txt").read_text("utf-8").splitlines()
QUESTIONS = (HERE.parent / "queries" / "corpus.txt").read_text("utf-8").splitlines()
OF_DANGER = {"thôn bị cô lập", "lũ quét"}
"""Questions of the corpus that may be a cry as well; an officer's that is understood stays a question."""


@pytest.mark.parametrize(("kind", "text"), CRIES, ids=lambda value: value[:40])
def test_a_cry_is_told_from_other_words(kind: str, text: str) -> None:
    assert (heard(text) or "-") == kind


def test_no_answer_of_the_corpus_is_a_cry() -> None:
    typed = [line.split("|")[2].replace("\\n", "\n") for line in ANSWERS if line[:1] != "#" and line]
    assert [text for text in typed if heard(text)] == []


def test_no_question_of_the_corpus_is_a_cry() -> None:
    asked = [part for line in QUESTIONS if line[:1] != "#" for part in line.partition(" => ")[0].split("|")]
    assert {text for text in asked if heard(text)} <= OF_DANGER


@pytest.mark.parametrize(
    "text", ["Sạt lở đất làm hỏng đường vào thôn", "Nhà ông Tư bị cháy tháng 9, cần hỗ trợ"]
)
def test_words_about_a_danger_are_an_answer_where_words_are_asked(text: str) -> None:
    assert heard(text, in_words=True) == ""


@pytest.mark.parametrize("text", ["sạt lở rồi cán bộ ơi", "cháy nhà, cứu với", "lũ đang về"])
def test_a_cry_is_heard_where_words_are_asked(text: str) -> None:
    assert heard(text, in_words=True)
