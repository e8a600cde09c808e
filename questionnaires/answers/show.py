"""Write values as they are read back: 1.234 hộ, 12,5 %, 20/11/2026. Typed as an answer, they give the same value."""

from datetime import date
from decimal import Decimal

from questionnaires.answers.reading import AnswerKind

UNITS = {AnswerKind.RATE: "%", AnswerKind.AREA: "ha", AnswerKind.MONEY: "đồng"}


def number(value: Decimal | int, *, whole: bool) -> str:
    """Write a number with dots between thousands and a decimal comma.

    A measure of four to six digits without decimals is not grouped: "1.234 ha" would be doubtful.
    """
    digits = f"{Decimal(value):f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    integer, _, decimals = digits.partition(".")
    if whole or decimals or len(integer.lstrip("-")) > 6:
        integer = f"{int(integer):,}".replace(",", ".") if integer != "-0" else "-0"
    return f"{integer},{decimals}" if decimals else integer


def amount(kind: AnswerKind, value: Decimal | int, unit: str) -> str:
    """Write a number with its unit: "1.234.000 đồng"; without one, the bare number."""
    text = number(value, whole=kind in (AnswerKind.COUNT, AnswerKind.MONEY))
    return f"{text} {UNITS.get(kind, unit)}".strip()


def day(value: date) -> str:
    """Write a day as 20/11/2026."""
    return f"{value.day}/{value.month}/{value.year}"
