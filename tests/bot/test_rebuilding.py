"""How far the rebuild of the ledger is, as whoever starts the service reads it."""

import pytest

from bot.rebuilding import WORTH_TELLING, Rebuilding


@pytest.mark.parametrize(("locale", "words"), [("vi", "Đang tính lại"), ("en", "Adding up anew")])
def test_each_tenth_is_told_once(locale: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell = Rebuilding(locale)
    for done in range(0, 2 * WORTH_TELLING + 1, 20):
        tell(done, 2 * WORTH_TELLING)
    said = capsys.readouterr().err.splitlines()
    assert [line.split(": ")[1] for line in said] == [f"{tenth * 10} %" for tenth in range(11)]
    assert all(line.startswith(words) for line in said)


def test_of_few_places_nothing_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    tell = Rebuilding("vi")
    for done in (0, WORTH_TELLING - 1):
        tell(done, WORTH_TELLING - 1)
    assert capsys.readouterr().err == ""
