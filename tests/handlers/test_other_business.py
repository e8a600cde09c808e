"""What an officer writes under an open emergency goes on by itself only if it surely speaks to people in danger."""

from pathlib import Path

import pytest

from handlers.other_business import may_be_other

LINES = (Path(__file__).parent / "under_alarms.txt").read_text("utf-8").splitlines()
WRITTEN = [line.split("|") for line in LINES if not line.startswith("#")]


@pytest.mark.parametrize("whom", ["village", "other"])
def test_what_surely_speaks_to_the_village_is_told_from_all_else(whom: str) -> None:
    meant = [words for kind, words in WRITTEN if kind == whom]
    assert len(meant) > 100
    assert [words for words in meant if may_be_other(words) != (whom == "other")] == []


def test_what_nobody_thought_of_is_asked_about() -> None:
    for words in ("ông lão câu cá bên hồ sen", "quần áo phơi ngoài dây", "chín nhân bảy bằng sáu mươi ba"):
        assert may_be_other(words), words
