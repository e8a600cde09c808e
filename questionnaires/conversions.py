"""Convert between XPath's results and stored answers: numbers, texts, truths, days and moments."""

import math
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Final

from lxml import etree

UNENDING: Final = {math.inf: "Infinity", -math.inf: "-Infinity"}
"""Infinities as XPath 1.0 writes them."""
IRRELEVANT: Final = "irrelevant"
"""The attribute that marks irrelevant elements."""
EPOCH: Final = date(1970, 1, 1)
"""The day that OpenRosa counts days from."""

Scalar = str | float | bool
Argument = Scalar | list[etree._Element]
"""An argument of an extension function; a node-set is a list of elements."""


def number_text(number: float) -> str:
    """Return a number as answers store it: 25, 12.5, never 1e+12; "" for NaN."""
    if not math.isfinite(number):
        return UNENDING.get(number, "")
    if number == int(number) and abs(number) < 1e18:
        return str(int(number))
    text = format(Decimal(format(number, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_of(value: Argument) -> str:
    """Return any argument as text; for a node-set, the text of its first node."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return number_text(value)
    return (value[0].text or "") if value else ""


def texts_of(value: Argument) -> list[str]:
    """Return the texts of all relevant nodes, or of the single value."""
    if isinstance(value, list):
        return [element.text or "" for element in value if counts(element)]
    return [text_of(value)]


def counts(element: etree._Element | None) -> bool:
    """Whether an element and all elements around it are relevant."""
    while element is not None:
        if element.get(IRRELEVANT):
            return False
        element = element.getparent()
    return True


def moment_of(text: str) -> datetime | date | time | None:
    """Return the date, the time or both that a text stores; None if it stores neither."""
    try:
        if "T" in text:
            return datetime.fromisoformat(text)
        if len(text) == 10 and text[4] == "-":
            return date.fromisoformat(text)
        if text[2:3] == ":":
            return time.fromisoformat(text)
    except ValueError:
        return None
    return None


def local_moment(text: str, zone: tzinfo | None) -> str:
    """Return a moment in `zone` without its offset. All moments of a form are stored so, to be comparable."""
    moment = moment_of(text)
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return text
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="milliseconds")


def number_of(value: Argument) -> float:
    """Return any argument as a number: for a date, the days since 1970 in the form's zone; NaN for other texts."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, float):
        return value
    text = text_of(value).strip()
    try:
        return float(text) if not set(text) - set("0123456789.-") else day_number(text)
    except ValueError:
        return day_number(text)


def day_number(text: str) -> float:
    """Return the days since 1970-01-01, by the date and clock time that the text shows."""
    moment = moment_of(text)
    if isinstance(moment, datetime):
        return (moment.date() - EPOCH).days + fraction(moment.time())
    if isinstance(moment, date):
        return float((moment - EPOCH).days)
    return fraction(moment) if moment is not None else math.nan


def fraction(clock: time) -> float:
    """Return the fraction of the day that has passed."""
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6
    return seconds / 86400


def truth_of(value: Argument) -> bool:
    """Return whether an argument means true: 1, true and true() do."""
    if isinstance(value, bool):
        return value
    return text_of(value).strip().lower() in ("1", "1.0", "true")


def stored(value: object, whole: bool = False) -> str:
    """Return the result of a calculation as answers store it. `whole` cuts off a number's fraction."""
    if isinstance(value, float) and whole and math.isfinite(value):
        return str(int(value))
    if isinstance(value, str | float | bool | list):
        return text_of(value)
    return ""
