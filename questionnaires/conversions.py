"""From what XPath gives to what an answer holds, and back: numbers, texts, truths, days and moments."""

import math
from datetime import date, datetime, time, tzinfo
from decimal import Decimal
from typing import Final

from lxml import etree

UNENDING: Final = {math.inf: "Infinity", -math.inf: "-Infinity"}
"""As XPath 1.0 writes them."""
IRRELEVANT: Final = "irrelevant"
"""The attribute of elements that do not count."""
EPOCH: Final = date(1970, 1, 1)
"""The day from which OpenRosa counts."""

Scalar = str | float | bool
Argument = Scalar | list[etree._Element]
"""What a function is given: a node-set is a list of elements."""


def number_text(number: float) -> str:
    """A number as an answer holds it: 25, 12.5, never 1e+12; NaN is blank."""
    if not math.isfinite(number):
        return UNENDING.get(number, "")
    if number == int(number) and abs(number) < 1e18:
        return str(int(number))
    text = format(Decimal(format(number, ".15g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_of(value: Argument) -> str:
    """Any argument as text; of a node-set the first node."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return number_text(value)
    return (value[0].text or "") if value else ""


def texts_of(value: Argument) -> list[str]:
    """The text of every node that counts, or of the one value."""
    if isinstance(value, list):
        return [element.text or "" for element in value if counts(element)]
    return [text_of(value)]


def counts(element: etree._Element | None) -> bool:
    """Whether an element and all around it are relevant."""
    while element is not None:
        if element.get(IRRELEVANT):
            return False
        element = element.getparent()
    return True


def moment_of(text: str) -> datetime | date | time | None:
    """The date, time or both that an answer holds, or None."""
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
    """A moment without an offset, in `zone`: all of one form are stored alike, so that they can be compared."""
    moment = moment_of(text)
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return text
    return moment.astimezone(zone).replace(tzinfo=None).isoformat(timespec="milliseconds")


def number_of(value: Argument) -> float:
    """Any argument as a number: of a date the days since 1970 in the form's zone; NaN where it is none."""
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
    """Days since 1970-01-01 by the calendar and clock that the text itself shows."""
    moment = moment_of(text)
    if isinstance(moment, datetime):
        return (moment.date() - EPOCH).days + fraction(moment.time())
    if isinstance(moment, date):
        return float((moment - EPOCH).days)
    return fraction(moment) if moment is not None else math.nan


def fraction(clock: time) -> float:
    """How much of the day has passed."""
    seconds = clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6
    return seconds / 86400


def truth_of(value: Argument) -> bool:
    """True of 1, true and true()."""
    if isinstance(value, bool):
        return value
    return text_of(value).strip().lower() in ("1", "1.0", "true")


def stored(value: object, whole: bool = False) -> str:
    """The result of a calculation as an answer holds it; `whole` cuts a number's fraction off."""
    if isinstance(value, float) and whole and math.isfinite(value):
        return str(int(value))
    if isinstance(value, str | float | bool | list):
        return text_of(value)
    return ""
