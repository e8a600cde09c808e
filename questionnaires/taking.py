"""Turn what a person sent into the value that XForms stores, or into the reason why it is no answer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Final

from questionnaires.answers import AnswerKind, Candidate, ExpectedAnswer, Option, read
from questionnaires.answers.clock import time_said
from questionnaires.answers.text import fold
from questionnaires.codes import digits_in
from questionnaires.conversions import moment_of
from questionnaires.numbers_said import says_minus
from questionnaires.questionnaire import NUMBER_TYPES, Question, QuestionType

NOT_XML: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
NEGATIVE: Final = re.compile(r"[-−](\d{1,15})")
"""A negative number, with a hyphen or the minus sign that phones write."""
POINT: Final = re.compile(
    r"\s*(-?\d{1,3}(?:\.\d+)?)[\s,;]+(-?\d{1,3}(?:\.\d+)?)((?:[\s,;]+-?\d+(?:\.\d+)?){0,2})\s*"
)
YES: Final = frozenset({"1", "yes", "y", "true", "co", "dung", "roi", "da"})
NO: Final = frozenset({"0", "no", "n", "false", "khong", "sai", "chua"})
OTHER: Final = "other"
Meant = bool | int | Decimal | str | tuple[str, ...] | None
"""What the reader of typed Vietnamese understood."""
MOST_DIGITS: Final = 15
"""The most digits of a number: XPath calculates with floats, which keep no more."""
MOST_LETTERS: Final = 4000
"""The most letters of an answer; a Telegram message may have 4,096."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A value ready to be stored. `other` is the text said with the choice "other"."""

    value: str
    estimate: bool = False
    exact: bool = True
    other: str = ""


@dataclass(frozen=True, slots=True)
class Doubted:
    """Why a text is no answer: the code of the doubt, its data, and what may have been meant."""

    code: str
    data: Mapping[str, object] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()


def clean(text: str) -> str:
    """Return `text` without characters that XML does not allow."""
    return NOT_XML.sub("", text)


# --- typed --------------------------------------------------------------------------------------------


def typed(question: Question, text: str, asking: ExpectedAnswer) -> Taken | Doubted:
    """Read a typed text as an answer to `question`. `asking` tells the reader what to expect."""
    text = clean(text)
    unfit = unfit_text(text)
    if unfit:
        return unfit
    if is_as_stored(question, text.strip()):
        return canonical(question, text.replace("−", "-"), asking.options)
    if question.is_code:
        return typed_code(text)
    read_so = TYPED.get(question.type)
    return read_so(text, asking.today) if read_so else by_reader(question, text, asking)


def unfit_text(text: str) -> Doubted | None:
    """Return why a text cannot answer any question (empty, too long); else None."""
    if not text.strip():
        return Doubted("empty")
    return Doubted("too_long") if len(text) > MOST_LETTERS else None


def is_as_stored(question: Question, text: str) -> bool:
    """Whether a text already has the stored form, which the reader of Vietnamese would doubt or refuse."""
    if question.type in (QuestionType.DATE, QuestionType.DATETIME):
        return moment_of(text) is not None
    return question.is_number and plain_negative(question, text)


def plain_negative(question: Question, text: str) -> bool:
    """Whether `text` is a negative number and the question may have one.

    The reader refuses "-5", because it counts things. A form's number without `bind::ask` may be below zero.
    """
    return "ask" not in question.facts and NEGATIVE.fullmatch(text) is not None


def by_reader(question: Question, text: str, asking: ExpectedAnswer) -> Taken | Doubted:
    """Read a text with the reader of typed Vietnamese."""
    options = asking.options
    reading = read(text, asking)
    if reading.status == "ask":
        if question.type in NUMBER_TYPES and says_minus(text):
            return Doubted("negative")  # 96 is no guess at "-96": it may mean that many fewer
        return Doubted(reading.doubt, {}, candidates(question, reading.candidates, options))
    other = clean(reading.other)
    taken = written(question, with_other(reading.value, other), options)
    if isinstance(taken, Doubted):
        return taken
    return Taken(taken.value, reading.estimate, reading.exact, other)


def with_other(value: Meant, other: str) -> Meant:
    """Return the chosen values, with the choice "other" added if a text was said for it."""
    if not other:
        return value
    return (*value, OTHER) if isinstance(value, tuple) else OTHER


def candidates(
    question: Question, offered: tuple[Candidate, ...], options: tuple[Option, ...]
) -> tuple[Candidate, ...]:
    """Return the candidates whose values can be stored, ready to be stored."""
    ready = ((written(question, candidate.value, options), candidate.label) for candidate in offered)
    return tuple(Candidate(taken.value, label) for taken, label in ready if isinstance(taken, Taken))


def written(question: Question, value: Meant, options: tuple[Option, ...]) -> Taken | Doubted:
    """Return the reader's value in the form of XForms, or a doubt if `question` cannot hold it."""
    stored = said(question, value, options) if isinstance(value, bool) else as_text(value)
    return stored if isinstance(stored, Doubted) else canonical(question, stored, options)


def as_text(value: int | Decimal | str | tuple[str, ...] | None) -> str:
    """Return a value other than yes or no in the form of XForms."""
    match value:
        case tuple():
            return " ".join(dict.fromkeys(value))
        case int() | Decimal():
            return decimal_text(value)
    return value or ""


def said(question: Question, yes: bool, options: tuple[Option, ...]) -> str | Doubted:
    """Return yes or no as `question` stores it, or a doubt if it has no choice for it."""
    if question.type is QuestionType.ACKNOWLEDGE:
        return "OK" if yes else Doubted("acknowledge")
    if options:
        return the_one(options, YES if yes else NO)
    return "1" if yes else "0"


def the_one(options: tuple[Option, ...], meant: frozenset[str]) -> str | Doubted:
    """Return the only choice whose value is one of the words `meant`, or a doubt."""
    values = [option.value for option in options if fold(option.value) in meant]
    return values[0] if len(values) == 1 else Doubted("unknown_answer")


def typed_code(text: str) -> Taken | Doubted:
    """Read the digits of a code, such as a phone's number, however they are grouped."""
    digits = digits_in(text)
    return Taken(digits, exact=digits == text.strip()) if digits else Doubted("not_a_code")


def typed_time(text: str) -> Taken | Doubted:
    """Read a time of day, as people say it or as answers store it."""
    meant = time_said(text)
    if meant is None:
        return Doubted("not_a_time")
    value = meant.isoformat(timespec="milliseconds")
    return Taken(value, exact=value.startswith(text.strip()))


def typed_moment(text: str, today: date) -> Taken | Doubted:
    """Read a day and a time in either order: 20/11/2026 7:30, 7h30 20/11/2026."""
    words = text.split()
    for cut in range(1, len(words)):
        for clock, day in ((words[cut:], words[:cut]), (words[:cut], words[cut:])):
            at = typed_time(" ".join(clock))
            if not isinstance(at, Taken):
                continue
            on = read(" ".join(day), ExpectedAnswer(AnswerKind.DATE, today))
            if on.status == "ok" and isinstance(on.value, str):
                return Taken(f"{on.value}T{at.value}", exact=False)
    return Doubted("not_a_moment")


def point(text: str) -> Taken | Doubted:
    """Read a point: degrees north and east, then altitude and accuracy in metres if given."""
    match = POINT.fullmatch(text)
    if not match or abs(float(match[1])) > 90 or abs(float(match[2])) > 180:
        return Doubted("not_a_place")
    altitude_and_accuracy = re.split(r"[\s,;]+", match[3].strip()) if match[3].strip() else []
    return Taken(" ".join([match[1], match[2], *altitude_and_accuracy, "0", "0"][:4]))


TYPED: Final[Mapping[QuestionType, Callable[[str, date], Taken | Doubted]]] = {
    QuestionType.TIME: lambda text, today: typed_time(text),
    QuestionType.DATETIME: typed_moment,
    QuestionType.GEOPOINT: lambda text, today: point(text),
    QuestionType.IMAGE: lambda text, today: Doubted("photo_wanted"),
    QuestionType.AUDIO: lambda text, today: Doubted("audio_wanted"),
    QuestionType.VIDEO: lambda text, today: Doubted("video_wanted"),
    QuestionType.FILE: lambda text, today: Doubted("file_wanted"),
}
"""Readers for the types that the reader of Vietnamese does not know."""


# --- values -------------------------------------------------------------------------------------------


def canonical(question: Question, value: str, options: tuple[Option, ...]) -> Taken | Doubted:
    """Check a value in the form of XForms: return it as it is stored, or a doubt if `question` cannot hold it."""
    value = clean(value).strip()
    unfit = unfit_text(value)
    if unfit:
        return unfit
    match question.type:
        case type_ if type_ in NUMBER_TYPES:
            return typed_code(value) if question.is_code else quantity(question, value)
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
"""By type, the doubt for a wrong value and the test for a right one. Other types take any text."""


def quantity(question: Question, value: str) -> Taken | Doubted:
    """Check a number in the form of XForms against the question's type and range."""
    if not NUMBER.fullmatch(value):
        return Doubted("not_a_number")
    if sum(map(str.isdigit, value)) > MOST_DIGITS:
        return Doubted("too_long")
    number = Decimal(value)
    if question.whole and number != number.to_integral_value():
        return Doubted("not_whole")
    return outside(question, number) or Taken(decimal_text(number))


def outside(question: Question, number: Decimal) -> Doubted | None:
    """Return the doubt for a number outside the question's range, or off its step; else None."""
    low, high, interval = question.minimum, question.maximum, question.interval
    if not is_between(low, number, high):
        return Doubted("out_of_range", {"low": low, "high": high})
    if interval and low is not None and (number - low) % interval:
        return Doubted("off_step", {"step": interval, "low": low})
    return None


def is_between(low: Decimal | None, number: Decimal, high: Decimal | None) -> bool:
    """Whether a number lies between two ends, both included; None means no end."""
    return (low is None or low <= number) and (high is None or number <= high)


def decimal_text(number: int | Decimal) -> str:
    """Write a number without an exponent or trailing zeros: 25, 12.5."""
    text = format(Decimal(number), "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def choice(question: Question, value: str, options: tuple[Option, ...]) -> Taken | Doubted:
    """Check one or several choices: return them in the order of the list, or a doubt if one is not offered now."""
    known = [option.value for option in options]
    chosen = value.split()
    if not set(chosen) <= set(known) or (question.type is QuestionType.SELECT_ONE and len(chosen) != 1):
        return Doubted("no_match")
    return Taken(" ".join(sorted(set(chosen), key=known.index)))
