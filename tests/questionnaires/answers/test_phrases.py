"""Files of words: what a pattern stands for, and that a fault in a file is named."""

from pathlib import Path

import pytest

from questionnaires.answers.phrases import Words, expanded, other_languages
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Table, tokens_of
from questionnaires.answers.whole_phrases import WholePhrases
from questionnaires.faults import WordsFault


def words(folder: Path, text: str) -> Words:
    file = folder / "thu.toml"
    file.write_text(text, encoding="utf-8")
    return Words.read(file)


@pytest.mark.parametrize(
    ("pattern", "phrases"),
    [
        ("nhà tạm", ["nhà tạm"]),
        ("(chưa|không) nộp", ["chưa nộp", "không nộp"]),
        ("[đã] nộp", ["nộp", "đã nộp"]),
        ("nộp [phiếu|báo cáo]", ["nộp", "nộp phiếu", "nộp báo cáo"]),
        ("(a|b) [c] d", ["a d", "a c d", "b d", "b c d"]),
        ("=vẽ", ["=vẽ"]),
    ],
)
def test_a_pattern_stands_for_its_phrases(pattern: str, phrases: list[str]) -> None:
    assert list(expanded([pattern])) == phrases


def test_phrases_are_known_by_the_meaning_that_they_stand_under(tmp_path: Path) -> None:
    table = words(tmp_path, '[gui]\nyes = ["đã (gửi|nộp)"]\nno = ["chưa gửi"]').answers("gui")
    assert table.whole(tokens_of(clean("đã nộp"))) is True
    assert table.whole(tokens_of(clean("chua gui"))) is False
    assert table.whole(tokens_of(clean("gửi"))) is None


@pytest.mark.parametrize(
    ("folded", "key"),
    [
        *(("da nop", "yes"), ("nop", "yes"), ("da gui roi", "yes"), ("chua gui", "no"), ("chua", "no")),
        *(("", ""), ("da", ""), ("nop da", ""), ("da nop chua", ""), ("chuagui", ""), ("xin da nop", "")),
    ],
)
def test_a_whole_message_is_matched_against_patterns(tmp_path: Path, folded: str, key: str) -> None:
    text = '[gui]\nyes = ["[đã|Đã] (nộp|gửi rồi)"]\nno = ["chưa [gửi]"]'
    assert WholePhrases(words(tmp_path, text), "gui").get(folded) == key


def test_a_group_in_a_whole_message_is_made_of_whole_words(tmp_path: Path) -> None:
    with pytest.raises(WordsFault, match=r"thu.toml: \[gui\] 'n\(ộp\|op\)'"):
        WholePhrases(words(tmp_path, '[gui]\nyes = ["n(ộp|op)"]'), "gui")


def test_phrases_are_made_when_a_text_is_first_looked_up() -> None:
    made: list[str] = []

    def phrases() -> dict[str, bool]:
        made.append("phrases")
        return {"đã nộp": True}

    table = Table(phrases)
    assert made == [], "a command that reads no message makes none"
    for _ in range(2):
        assert table.stands_in(tokens_of(clean("tôi da nop")))
    assert made == ["phrases"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[a]\nphrases = ["x"', "thu.toml"),
        ("[a]\nphrases = 3", "[a] phrases"),
        ("[a]\nphrases = [3]", "[a] phrases"),
        ('a = "x"', "[a]"),
        ('[a]\nphrases = [""]', "no words"),
        ('[a]\nphrases = ["nha\u0300"]', "NFC"),
        ('[a]\nphrases = ["(x|y"]', "bracket"),
        ('[a]\nphrases = ["(x|[y] z)"]', "bracket"),
        (f'[a]\nphrases = ["{" ".join(["[x|y|z]"] * 7)}"]', "16,384 phrases"),
        ('[a]\nphrases = ["x", "[y] x"]', "twice"),
        ('[a]\nphrase = ["x"]', "phrase"),
        ('[b]\nphrases = ["x"]', "[a] is missing"),
    ],
)
def test_a_fault_in_a_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(WordsFault) as fault:
        assert words(tmp_path, text).flags("a").entries
    assert said in str(fault.value)
    assert "thu.toml" in str(fault.value)


def test_a_speaker_adds_words_of_another_language_to_a_table() -> None:
    words = Words("a.toml", {"says": {"yes": ["có"], "no": ["không"]}}).with_more("says", {"yes": ["muaj"]})
    assert words.lists("says") == {"yes": ["có", "muaj"], "no": ["không"]}


def test_the_file_of_other_languages_has_a_list_for_each_of_them() -> None:
    tables = other_languages().tables
    assert list(tables) == ["yes", "no", "none", "same", "help"]
    assert {tuple(lists) for lists in tables.values()} == {("mong", "tay", "nung", "thai", "dao")}
