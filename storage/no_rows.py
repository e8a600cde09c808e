"""Rows of a sheet that do not belong to its list: totals, notes, and signatures below it."""

import re
from collections.abc import Iterable
from typing import Final

from questionnaires.answers.text import fold

SUM: Final = "(?:tong|cong|tong cong|tong so|cong chung|total)"
TOTAL: Final = re.compile(
    rf"{SUM}(?: [0-9].*)?"
    rf"|{SUM} (?:toan|cac|cua|theo|so|don vi|xa|phuong|thi tran|huyen|tinh|thon|vung|khu vuc|muc|phan|[ivx]+)\b.*"
)
"""How a row of totals begins, folded: "Cộng", "Tổng cộng 3 thôn", "Cộng xã Vĩnh Thông"; not "Cộng Hòa"."""
NOTE: Final = re.compile(r"(ghi chu|luu y|chu thich|noi nhan|nguoi lap|ngay [0-9])\b")
"""How notes below a list begin, folded."""
SIGNED: Final = re.compile(
    r"(?:nguoi (?:lap|tong hop|kiem tra|ky)|(?:tm|kt|tl|tuq) |ky (?:va )?(?:ghi )?(?:ro )?(?:ho )?ten)"
    r"|(?:pho )?(?:chu tich|truong phong|giam doc|ke toan)$|thu truong |xac nhan cua |.*\bngay [0-9. ]*thang [0-9. ]*nam\b"
)
"""What is written above or below the signatures under a list, folded."""


def is_total(begins: str) -> bool:
    """Whether a row that begins like this holds totals."""
    return TOTAL.fullmatch(fold(begins)) is not None


def begins_note(text: str) -> bool:
    """Whether a text begins a note."""
    return NOTE.match(fold(text)) is not None


def is_signed(texts: Iterable[str]) -> bool:
    """Whether a row with these texts belongs to the signatures."""
    return any(SIGNED.match(fold(text)) for text in texts)
