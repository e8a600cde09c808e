"""From what a person sent to the value that XForms stores, or the reason why not."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Final

from questionnaires.answers import Candidate, Kind, Option, read
from questionnaires.answers import Question as Asking
from questionnaires.answers.text import fold
from questionnaires.conversions import moment_of
from questionnaires.questionnaire import Question, QuestionType

NOT_XML: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
NEGATIVE: Final = re.compile(r"[-−](\d{1,15})")
CLOCK: Final = re.compile(r"(\d{1,2})\s*(?::|h|g|giờ|gio)\s*(\d{2})?\s*(?:phút|phut|p|')?", re.IGNORECASE)
POINT: Final = re.compile(
    r"\s*(-?\d{1,3}(?:\.\d+)?)[\s,;]+(-?\d{1,3}(?:\.\d+)?)((?:[\s,;]+-?\d+(?:\.\d+)?){0,2})\s*"
)
YES: Final = frozenset({"1", "yes", "y", "true", "co", "dung", "roi", "da"})
NO: Final = frozenset({"0", "no", "n", "false", "khong", "sai", "chua"})
OTHER: Final = "other"
MOST_DIGITS: Final = 15
MOST_LETTERS: Final = 4000


@dataclass(frozen=True, slots=True)
class Taken:
    """A value ready to be stored. `other` is what was said beside the choice "other"."""

    value: str
    estimate: bool = False
    exact: bool = True
    other: str = ""


@dataclass(frozen=True, slots=True)
class Doubted:
    """Why there is no value."""

    code: str
    data: Mapping[str, object] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()


def clean(text: str) -> str:
    """`text` without what an XML document cannot hold."""
    return NOT_XML.sub("", text)


# --- typed --------------------------------------------------------------------------------------------


def typed(
    question: Question, text: str, options: tuple[Option, ...], unit: str, today: date
) -> Taken | Doubted:
    """What was typed as an answer to `question`."""
    text = clean(text)
    if not text.strip():
        return Doubted("empty")
    if len(text) > MOST_LETTERS:
        return Doubted("too_long")
    match question.type:
        case QuestionType.DATE | QuestionType.DATETIME if moment_of(text.strip()):
            return canonical(question, text, options)
        case QuestionType.TIME:
            return typed_time(text)
        case QuestionType.DATETIME:
            return typed_moment(text, today)
        case QuestionType.GEOPOINT:
            return point(text)
        case QuestionType.IMAGE:
            return Doubted("photo_wanted")
        case QuestionType.INTEGER | QuestionType.DECIMAL | QuestionType.RANGE if plain_negative(
            question, text
        ):
            return canonical(question, text.strip().replace("−", "-"), options)
    return by_reader(question, text, options, unit, today)


def plain_negative(question: Question, text: str) -> bool:
    """-5 is refused by the reader, which counts things; a form's own number may be below zero."""
    return "ask" not in question.facts and NEGATIVE.fullmatch(text.strip()) is not None


def by_reader(
    question: Question, text: str, options: tuple[Option, ...], unit: str, today: date
) -> Taken | Doubted:
    """What the reader of typed Vietnamese makes of it."""
    asking = Asking(question.kind, today, unit, options, bool(question.other))
    reading = read(text, asking)
    if reading.status == "ask":
        return Doubted(reading.doubt, {}, candidates(question, reading.candidates, options))
    value = reading.value
    other = clean(reading.other)
    if isinstance(value, bool):
        stored = said(question, value, options)
        return stored if isinstance(stored, Doubted) else Taken(stored, reading.estimate, reading.exact)
    if isinstance(value, tuple):
        stored = " ".join(dict.fromkeys([*value, *([OTHER] if other else [])]))
    elif other:
        stored = OTHER
    else:
        stored = decimal_text(value) if isinstance(value, int | Decimal) else str(value or "")
    checked = canonical(question, stored, options)
    if isinstance(checked, Doubted):
        return checked
    return Taken(checked.value, reading.estimate, reading.exact, other)


def candidates(
    question: Question, found: tuple[Candidate, ...], options: tuple[Option, ...]
) -> tuple[Candidate, ...]:
    """What may have been meant, with values ready to be stored; those that cannot be are left out."""
    ready: list[Candidate] = []
    for candidate in found:
        value = candidate.value
        if isinstance(value, bool):
            stored = said(question, value, options)
        elif isinstance(value, tuple):
            stored = " ".join(value)
        else:
            stored = decimal_text(value) if isinstance(value, int | Decimal) else value
        if isinstance(stored, str) and isinstance(canonical(question, stored, options), Taken):
            ready.append(Candidate(stored, candidate.label))
    return tuple(ready)


def said(question: Question, yes: bool, options: tuple[Option, ...]) -> str | Doubted:
    """Yes or no as `question` stores it."""
    if question.type is QuestionType.ACKNOWLEDGE:
        return "OK" if yes else Doubted("acknowledge")
    if options:
        meant = YES if yes else NO
        found = [option.value for option in options if fold(option.value) in meant]
        return found[0] if len(found) == 1 else Doubted("unknown_answer")
    return "1" if yes else "0"


def typed_time(text: str) -> Taken | Doubted:
    """7:30, 07h30, 7 giờ 30, 7h."""
    found = CLOCK.fullmatch(text.strip())
    if not found or int(found[1]) > 23 or int(found[2] or 0) > 59:
        return Doubted("not_a_time")
    value = f"{int(found[1]):02}:{int(found[2] or 0):02}:00.000"
    return Taken(value, exact=value.startswith(text.strip()))


def typed_moment(text: str, today: date) -> Taken | Doubted:
    """A day and a time in either order: 20/11/2026 7:30, 7h30 20/11/2026."""
    words = text.split()
    for cut in range(1, len(words)):
        for clock, day in ((words[cut:], words[:cut]), (words[:cut], words[cut:])):
            at = typed_time(" ".join(clock))
            if not isinstance(at, Taken):
                continue
            on = read(" ".join(day), Asking(Kind.DATE, today))
            if on.status == "ok" and isinstance(on.value, str):
                return Taken(f"{on.value}T{at.value}", exact=False)
    return Doubted("not_a_moment")


def point(text: str) -> Taken | Doubted:
    """Degrees north and east, then altitude and accuracy in metres where known."""
    found = POINT.fullmatch(text)
    if not found or abs(float(found[1])) > 90 or abs(float(found[2])) > 180:
        return Doubted("not_a_place")
    rest = re.split(r"[\s,;]+", found[3].strip()) if found[3].strip() else []
    parts = [found[1], found[2], *rest, "0", "0"][:4]
    return Taken(" ".join(parts))


# --- values -------------------------------------------------------------------------------------------


def canonical(question: Question, value: str, options: tuple[Option, ...]) -> Taken | Doubted:
    """A value as XForms writes it, if `question` can hold it."""
    value = clean(value).strip()
    if not value:
        return Doubted("empty")
    if len(value) > MOST_LETTERS:
        return Doubted("too_long")
    match question.type:
        case QuestionType.INTEGER | QuestionType.DECIMAL | QuestionType.RANGE:
            return quantity(question, value)
        case QuestionType.SELECT_ONE | QuestionType.SELECT_MULTIPLE:
            return choice(question, value, options)
        case QuestionType.GEOPOINT:
            return point(value)
    doubt, holds = HOLDS.get(question.type, ("", bool))
    return Taken(value) if holds(value) else Doubted(doubt)


HOLDS: Final[Mapping[QuestionType, tuple[str, Callable[[str], object]]]] = {
    QuestionType.DATE: ("not_a_date", lambda value: "T" not in value and isinstance(moment_of(value), date)),
    QuestionType.TIME: ("not_a_time", lambda value: isinstance(moment_of(value), time)),
    QuestionType.DATETIME: ("not_a_moment", lambda value: "T" in value and moment_of(value)),
    QuestionType.ACKNOWLEDGE: ("acknowledge", "OK".__eq__),
}
"""What a value of a type must be, and the doubt where it is not; any other text is an answer."""


def quantity(question: Question, value: str) -> Taken | Doubted:
    """A number written as XForms does, within what the type allows."""
    if not NUMBER.fullmatch(value):
        return Doubted("not_a_number")
    if sum(letter.isdigit() for letter in value) > MOST_DIGITS:
        return Doubted("too_long")
    number = Decimal(value)
    if question.whole and number != number.to_integral_value():
        return Doubted("not_whole")
    return outside(question, number) or Taken(decimal_text(number))


def outside(question: Question, number: Decimal) -> Doubted | None:
    """Why a number is none of a range."""
    low, high, interval = question.minimum, question.maximum, question.interval
    if (low is not None and number < low) or (high is not None and number > high):
        return Doubted("out_of_range", {"low": low, "high": high})
    if interval and low is not None and (number - low) % interval:
        return Doubted("off_step", {"step": interval, "low": low})
    return None


def decimal_text(number: int | Decimal) -> str:
    """25, 12.5: without an exponent or idle zeros."""
    text = format(Decimal(number), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def choice(question: Question, value: str, options: tuple[Option, ...]) -> Taken | Doubted:
    """One or several choices that are offered now, in the order of the list."""
    known = [option.value for option in options]
    chosen = value.split()
    if question.type is QuestionType.SELECT_ONE and len(chosen) != 1:
        return Doubted("no_match")
    if any(one not in known for one in chosen):
        return Doubted("no_match")
    return Taken(" ".join(one for one in known if one in chosen))
