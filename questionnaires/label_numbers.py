"""Hide numbers that are no answer: part of a question's words ("em 5 tuổi", "trong 30 ngày qua"), or a time ("tháng 9").

Before figures are looked for in a message, the digits of such numbers are replaced by letters that no language here uses.
So they compare like other words. `shown` restores the digits.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from questionnaires.answers.text import fold

DIGITS: Final = "0123456789"
LETTERS: Final = "ⴰⴱⴲⴳⴴⴵⴶⴷⴸⴹ"
AS_LETTERS: Final = str.maketrans(DIGITS, LETTERS)
AS_DIGITS: Final = str.maketrans(LETTERS, DIGITS)
SPAN: Final = r"(\d+)(?:\s*(?:[-–]|đến|den|tới|toi|\s)\s*(\d+))?"
COUNTED: Final = re.compile(rf"(?<![\d.,]){SPAN}\s*([^\W\d_]+|%)")
"""A number, or a range of numbers, and the word behind it."""
YEAR: Final = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d.,])")
TIME: Final = re.compile(
    r"(?<!\d)(?<!\d )(?<!mỗi )(?<!moi )(?<!một )(?<!mot )(?<!hàng )(?<!hang )\b"
    r"(?:(?:tháng|thang|kỳ|kì|ky|đợt|dot|tuần|tuan|ngày|ngay|mùng|mung|mồng)\s*\d{1,2}|(?:quý|quí|quy|qui)\s*[1-4]|t\d{1,2}"
    r"|(?:năm|nam)\s*20\d\d)"
    r"(?:\s*[/-]\s*\d{1,4})*(?![\d.,]*\d)(?!\s*(?:hộ|ho|người|nguoi|triệu|trieu|tr|nghìn|nghin|đồng|dong|%)\b)",
    re.I,
)
"""A month, quarter, year, week or day by its number; "nam 25" counts men, "5 tháng 120" and "mỗi ngày 30" tell a figure."""
QUESTION: Final = re.compile(r"\b(?:câu|cau|c)\s*\d{1,2}\b", re.I)


def in_letters(label: str) -> str:
    """Return the words of a question with all digits as letters."""
    return label.translate(AS_LETTERS)


def hidden(text: str, labels: Iterable[str]) -> str:
    """Return `text` with the digits of times, and of those numbers that one of the `labels` has too, as letters.

    >>> hidden("em 5 tuổi là 8", ["Thôn có bao nhiêu em 5 tuổi?"])
    'em ⴵ tuổi là 8'
    """
    known = frozenset().union(*map(said_in, labels))
    text = without_times(text)
    if not known:
        return text
    counted = COUNTED.sub(lambda match: written(match, known), text)
    return YEAR.sub(lambda match: in_letters(match[0]) if (match[0],) in known else match[0], counted)


def without_times(text: str) -> str:
    """Return `text` with the digits of times as letters, if no other figure is told: a time is never a count.

    Beside a figure the time is left as it is, because it only says when.

    >>> without_times("nước tháng 5"), without_times("câu 6 quý 3"), without_times("nuoc T10")
    ('nước tháng ⴵ', 'câu 6 quý ⴳ', 'nuoc Tⴱⴰ')
    >>> without_times("tháng 10: 27 hộ"), without_times("5 tháng 120"), without_times("nam 25"), without_times("tháng 5 hộ")
    ('tháng 10: 27 hộ', '5 tháng 120', 'nam 25', 'tháng 5 hộ')
    """
    # The number of a question is no figure either. Letters keep its length, so that the times stand where they stood.
    said = QUESTION.sub(lambda match: in_letters(match[0]), text)
    if re.search(r"\d", TIME.sub(" ", said)):
        return text
    for time in TIME.finditer(said):
        text = text[: time.start()] + in_letters(time[0]) + text[time.end() :]
    return text


def written(match: re.Match[str], known: frozenset[tuple[str, ...]]) -> str:
    """Return the text of `match`, with its digits as letters if it is `known`."""
    return in_letters(match[0]) if with_word(match) in known else match[0]


@lru_cache(maxsize=1000)
def said_in(label: str) -> frozenset[tuple[str, ...]]:
    """Return the numbers in a question's words, each with the word behind it; years also by themselves."""
    return frozenset({*map(with_word, COUNTED.finditer(label)), *((year,) for year in YEAR.findall(label))})


def with_word(match: re.Match[str]) -> tuple[str, ...]:
    """Return the numbers of `match`, one or two, and the word behind them."""
    return *filter(None, match.groups()[:2]), fold(match[3]) or match[3]


def shown(text: str) -> str:
    """Return `text` as it was said, with its digits."""
    return text.translate(AS_DIGITS)
