"""The corpus of typed answers: first that no wrong value is accepted, then that nothing clear is asked again."""

from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from handlers.wording import LOCALES, catalogue
from questionnaires.answers import AnswerKind, ExpectedAnswer, Reading, read
from questionnaires.answers.reading import DOUBTS

TODAY = date(2026, 11, 20)


class Row(NamedTuple):
    """One answer and how it must be understood."""

    kind: str
    unit: str
    typed: str
    understood: str


def row_of(line: str) -> Row:
    kind, unit, typed, understood = line.split("|")
    for escape, letter in (
        ("\\n", "\n"),
        ("\\u200b", "\u200b"),
        ("\\ufeff", "\ufeff"),
        ("\\u202e", "\u202e"),
    ):
        typed = typed.replace(escape, letter)
    return Row(kind, unit, typed, understood)


LINES = (Path(__file__).parent / "corpus.txt").read_text(encoding="utf-8").splitlines()
ROWS = [row_of(line) for line in LINES if line and not line.startswith("#")]


def reading_of(row: Row) -> Reading:
    return read(row.typed, ExpectedAnswer(AnswerKind(row.kind), TODAY, row.unit))


def shown(reading: Reading) -> str:
    """A reading as the corpus writes it."""
    if reading.status == "ask":
        return f"? {reading.doubt}"
    if reading.start and reading.end:
        return f"{reading.start}" if reading.start == reading.end else f"{reading.start}..{reading.end}"
    if isinstance(reading.value, bool):
        return "yes" if reading.value else "no"
    return f"{'~' if reading.estimate else ''}{reading.value}"


def test_corpus_is_large() -> None:
    assert len(ROWS) > 1400


def test_no_wrong_value_is_accepted() -> None:
    wrong = [
        (row, shown(reading))
        for row in ROWS
        if (reading := reading_of(row)).status == "ok" and shown(reading) != row.understood
    ]
    assert wrong == []


def test_nothing_clear_is_asked_again() -> None:
    asked = [row for row in ROWS if not row.understood.startswith("?") and reading_of(row).status == "ask"]
    assert asked == []


def test_the_reason_for_asking_is_right() -> None:
    other = [
        (row, shown(reading))
        for row in ROWS
        if (reading := reading_of(row)).status == "ask" and shown(reading) != row.understood
    ]
    assert other == []


def test_read_back_reads_as_the_same_value() -> None:
    changed = [
        (row, reading.read_back)
        for row in ROWS
        if (reading := reading_of(row)).status == "ok"
        and (again := reading_of(row._replace(typed=reading.read_back)))
        and (again.status, again.value, again.start, again.end)
        != ("ok", reading.value, reading.start, reading.end)
    ]
    assert changed == []


def test_a_candidate_reads_as_its_value() -> None:
    changed = [
        (row, candidate)
        for row in ROWS
        for candidate in reading_of(row).candidates
        if (again := reading_of(row._replace(typed=candidate.label))).value != candidate.value
        and again.doubt not in ("no_unit", "too_large", "not_a_day")
    ]
    assert changed == []


@pytest.mark.parametrize("locale", LOCALES)
def test_each_doubt_has_its_sentence(locale: str) -> None:
    keys = {
        key.removeprefix("answers.doubt.") for key in catalogue(locale) if key.startswith("answers.doubt.")
    }
    assert keys == DOUBTS


def test_each_doubt_of_the_corpus_is_known() -> None:
    assert {row.understood[2:] for row in ROWS if row.understood.startswith("?")} <= DOUBTS
