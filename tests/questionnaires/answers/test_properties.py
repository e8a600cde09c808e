"""What must hold for every answer, not only for those of the corpus."""

import unicodedata
from datetime import date

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numbers_in_words import in_words, typed, unmarked
from test_corpus import ROWS, reading_of

from questionnaires.answers import AnswerKind, ExpectedAnswer, Option, Reading, read

TODAY = date(2026, 11, 20)
HOUSEHOLDS = ExpectedAnswer(AnswerKind.COUNT, TODAY, "hộ")
NUMBERS = st.integers(0, 999) | st.integers(0, 999_999)
LARGE = st.integers(100_000_001, 999_999_999)
MONEY = ExpectedAnswer(AnswerKind.MONEY, TODAY, "đồng")
MANY = settings(max_examples=600)
OPTIONS = (Option("gieng", "Giếng đào"), Option("may", "Nước máy"), Option("khong", "Không có nguồn nào"))
QUESTIONS = [ExpectedAnswer(kind, TODAY, "hộ", OPTIONS, other=True) for kind in AnswerKind]
SAID = (
    "không có chưa hai mươi lăm năm mười trăm nghìn triệu rưỡi linh hộ nhà khẩu người % ha m2 đồng k tr khoảng hơn "
    "tầm tam 25 1.234 1,5 30 - / , . ? ( ) ạ dạ xóm 5 thôn và từ đến tháng quý tuần trước này đầu cuối ngày 2026 "
    "âm phẩy mấy vài rồi đúng sai thứ vừa tất cả khác : giếng máy"
)
WORDS = SAID.split()
ANSWERS = st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)


def ways(data: st.DataObject) -> object:
    return lambda _, choices: data.draw(st.sampled_from(choices))


@MANY
@given(NUMBERS, st.data())
def test_a_number_in_words_reads_back(number: int, data: st.DataObject) -> None:
    words = in_words(number, ways(data))  # type: ignore[arg-type]
    assert (words, read(words, HOUSEHOLDS).value) == (words, number)


@settings(max_examples=200)
@given(LARGE, st.data())
def test_millions_are_money_and_more_than_any_place_has_of_anything(number: int, data: st.DataObject) -> None:
    words = in_words(number, ways(data))  # type: ignore[arg-type]
    assert (words, read(f"{words} đồng", MONEY).value) == (words, number)
    for text in (words, str(number), f"{words} hộ"):
        assert read(text, HOUSEHOLDS).status == "ask"


@pytest.mark.parametrize("text", ["nam", "sau", "muoi", "dạ nam ạ"])
def test_a_numeral_that_is_another_word_without_its_marks_is_offered(text: str) -> None:
    reading = read(text, HOUSEHOLDS)
    assert (reading.status, len(reading.candidates)) == ("ask", 1)
    assert read(f"{text.split()[-2] if ' ' in text else text} hộ", HOUSEHOLDS).status == "ok"


@pytest.mark.parametrize(
    "text",
    [
        "bam nham", "toi bam nham", "ba nham", "da bam nham", "em nham", "nham so", "nham roi", "tam thoi", "nam roi",
        "sau thoi", "ba van", "tu tu", "bafm nhafm", "nhaamf", "hai nham",
    ],
)  # fmt: skip
def test_common_words_without_their_marks_are_no_numbers(text: str) -> None:
    assert read(text, HOUSEHOLDS).status == "ask"


@pytest.mark.parametrize(
    ("text", "value"), [("hai muoi nham", 25), ("băm nhăm", 35), ("ba nhăm", 35), ("hai lam", 25)]
)
def test_what_only_a_number_says_stays_one(text: str, value: int) -> None:
    assert read(text, HOUSEHOLDS).value == value


def test_every_number_below_a_thousand_reads_back() -> None:
    said = [in_words(number, lambda _, choices: choices[0]) for number in range(1000)]
    read_back = [read(f"{words} hộ" if number else words, HOUSEHOLDS) for number, words in enumerate(said)]
    assert [(words, reading.value) for words, reading in zip(said, read_back, strict=True)] == [
        (words, number) for number, words in enumerate(said)
    ]


@MANY
@given(NUMBERS, st.data())
def test_a_number_without_diacritics_reads_back(number: int, data: st.DataObject) -> None:
    words = unmarked(in_words(number, ways(data)))  # type: ignore[arg-type]
    assume(not words.startswith("tam ") or " " not in words)
    # "ba ngan" is rather "ba ngăn", as latrines have.
    assume(words not in ("nam", "sau", "muoi", "ba ngan", "ba van"))
    # "ba nham" may be "ba nhầm", and "bam" is rather "bấm".
    assume("bam" not in words.split() and "nham" not in words.replace("muoi nham", "").split())
    assert (words, read(words, HOUSEHOLDS).value) == (words, number)


@MANY
@given(st.integers(80, 899), st.data())
def test_tam_without_its_mark_is_never_taken_for_another_number(number: int, data: st.DataObject) -> None:
    words = unmarked(in_words(number, ways(data)))  # type: ignore[arg-type]
    reading = read(words, HOUSEHOLDS)
    assert reading.status == "ask" or reading.value == number


@MANY
@given(NUMBERS, st.data(), st.sampled_from(["telex", "vni"]))
def test_unfinished_typing_reads_back(number: int, data: st.DataObject, method: str) -> None:
    words = in_words(number, ways(data))  # type: ignore[arg-type]
    keys = typed(words, method)
    reading = read(keys, HOUSEHOLDS)
    assert (keys, reading.value) == (keys, number)


@MANY
@given(NUMBERS, st.sampled_from(["", " hộ", " ho", "hộ", " nóc nhà", " gia đình"]))
def test_a_number_in_digits_reads_back(number: int, unit: str) -> None:
    for text in (str(number), f"{number:,}".replace(",", "."), f"{number:,}".replace(",", " ")):
        assert read(text + unit, HOUSEHOLDS).value == number


@MANY
@given(ANSWERS, st.sampled_from(QUESTIONS))
@example("٢٥", QUESTIONS[0])
@example("a²b ½ ①", QUESTIONS[0])
@example("\ud800", QUESTIONS[0])
@example("1" * 4000, QUESTIONS[0])
@example("9999-99-99", ExpectedAnswer(AnswerKind.PERIOD, date.max))
@example("tuần trước", ExpectedAnswer(AnswerKind.PERIOD, date.min))
def test_no_text_raises_and_what_is_read_back_reads_the_same(text: str, question: ExpectedAnswer) -> None:
    reading = read(text, question)
    assert (reading.status == "ask") == bool(reading.doubt)
    if reading.status == "ok" and question.kind not in (AnswerKind.MANY, AnswerKind.TEXT):
        again = read(reading.read_back, question)
        assert (again.status, again.value, again.start, again.end) == (
            "ok",
            reading.value,
            reading.start,
            reading.end,
        )


def what(reading: Reading) -> tuple[object, ...]:
    return reading.status, reading.value, reading.start, reading.end, reading.estimate


@MANY
@given(
    st.sampled_from(ROWS),
    st.sampled_from(["", "dạ ", "Dạ thưa bác ", "thưa ", "xin thưa ", "da thua "]),
    st.sampled_from(["", " ạ", " ạ.", " nhé", " a", " ạ!", " 🙏", " cảm ơn"]),
)
def test_politeness_never_changes_a_value(row: object, before: str, after: str) -> None:
    plain = reading_of(row)  # type: ignore[arg-type]
    assume(plain.status == "ok")
    polite = reading_of(row._replace(typed=f"{before}{row.typed}{after}"))  # type: ignore[attr-defined]
    assert polite.status == "ask" or what(polite) == what(plain)


@MANY
@given(
    st.sampled_from([row for row in ROWS if not row.understood.startswith("?")]),
    st.text("bcdghklmnpqrtvx", min_size=4, max_size=7),
    st.data(),
)
def test_an_unknown_word_never_makes_another_value(row: object, word: str, data: st.DataObject) -> None:
    parts = row.typed.split(" ")  # type: ignore[attr-defined]
    place = data.draw(st.integers(0, len(parts)))
    mixed = " ".join([*parts[:place], word, *parts[place:]])
    reading = reading_of(row._replace(typed=mixed))  # type: ignore[attr-defined]
    assert reading.status == "ask" or what(reading) == what(reading_of(row))  # type: ignore[arg-type]


@MANY
@given(st.sampled_from(ROWS), st.sampled_from(["nfd", "upper", "fullwidth", "zero width", "spaces"]))
def test_how_it_is_encoded_does_not_matter(row: object, form: str) -> None:
    text = row.typed  # type: ignore[attr-defined]
    assume("\\" not in text and text.strip() == text and not any(letter in text for letter in "²₂①⑤½¼⅓⒉"))
    changed = {
        "nfd": unicodedata.normalize("NFD", text),
        "upper": text.upper(),
        "fullwidth": "".join(chr(ord(c) + 0xFEE0) if c in "0123456789" else c for c in text),
        "zero width": "\u200b".join(text) if text.isascii() else text,
        "spaces": f"  {text}\u00a0",
    }[form]
    assert what(reading_of(row._replace(typed=changed))) == what(reading_of(row))  # type: ignore[attr-defined, arg-type]


@MANY
@given(
    st.integers(0, 10**9),
    st.integers(0, 10**9),
    st.sampled_from([" ", ", ", " - ", "/", " và ", " hoặc ", "\n"]),
)
def test_two_different_bare_numbers_are_asked_again(one: int, other: int, between: str) -> None:
    assume(one != other)
    text = f"{one}{between}{other}"
    assume(not (between == " " and one < 1000 and other in range(100, 1000)) and not (one and other < 1000))
    assert read(text, HOUSEHOLDS).status == "ask"
