"""What a reporting table calls itself: "KẾT QUẢ RÀ SOÁT HỘ NGHÈO NĂM 2026" above its head is "Kết quả rà soát hộ nghèo"."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from bot.form_table.columns import is_head
from bot.form_table.wishes import tables
from questionnaires.answers.text import fold
from storage.cells import Across, Cells, plain

NUMBERED: Final = re.compile(
    r"(?:biểu(?: mẫu)?|mẫu|phụ lục)(?: số)?\s*[\w/.-]{0,12}\s*[:.–-]\s*", re.IGNORECASE
)
"""What may stand before the name: "BIỂU SỐ 03/DT: "."""
SHEET: Final = re.compile(
    r"biểu(?: mẫu)? (?=(?:báo cáo|tổng hợp|thống kê|điều tra|rà soát|theo dõi|số liệu)\b)", re.I
)
"""The word for a table before its name: "BIỂU BÁO CÁO TÌNH HÌNH CHĂN NUÔI"."""
PERIOD: Final = re.compile(
    r"[\s,(]+(?:trong |của )?(?:(?:6|9|sáu|chín) tháng|tháng|quý|năm|tuần|kỳ|giai đoạn|đến ngày|tính đến)\b.*",
    re.IGNORECASE,
)
"""What stands behind the name: each report has its own period."""
WORDS: Final = 3
"""A name has at least so many words."""
LONGEST: Final = 60
"""The most letters of a form's name: it stands above each question."""
VOWELS: Final = frozenset("aeiouy")


def title_in(rows: Sequence[tuple[int, Cells]]) -> str:
    """Return what the rows above the head of a table call it; "" if they do not say, or not in few words."""
    return next(filter(None, map(name_in, texts_above(rows))), "")


def texts_above(rows: Sequence[tuple[int, Cells]]) -> Iterator[str]:
    """Yield the texts above the head of a table."""
    for _, cells in rows:
        if is_head(cells):
            return
        yield from (plain(value) for value, _ in cells if value is not None and not isinstance(value, Across))


def name_in(text: str) -> str:
    """Return the name in a title that is written in capitals; "" for other texts, as of who reports."""
    name = SHEET.sub("", NUMBERED.sub("", text, count=1) if NUMBERED.match(text) else text, count=1)
    if not name.isupper() or len(name.split()) < WORDS or is_of_an_office(name):
        return ""
    name = PERIOD.sub("", name).strip(" .:-–")
    name = name if len(name) <= LONGEST else re.split(r"[:;(]", name)[0].strip()
    return in_small_letters(name) if len(name.split()) >= WORDS and len(name) <= LONGEST else ""


def is_of_an_office(text: str) -> bool:
    """Whether a title names the office, or is the nation's motto."""
    return any(f"{fold(text)} ".startswith(f"{fold(start)} ") for start in tables().phrases("letterheads"))


def in_small_letters(name: str) -> str:
    """Return a name in capitals as a sentence; what cannot be spoken as a word stays: "DTTS", "BHYT".

    >>> in_small_letters("RÀ SOÁT HỘ NGHÈO DTTS")
    'Rà soát hộ nghèo DTTS'
    """
    kept = {fold(word) for word in tables().phrases("short")}
    words = (
        word if fold(word) in kept or VOWELS.isdisjoint(fold(word)) else word.lower() for word in name.split()
    )
    joined = " ".join(words)
    return joined[:1].upper() + joined[1:]
