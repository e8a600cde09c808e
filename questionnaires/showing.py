"""Show stored values as a person reads them, in Vietnamese or English."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from questionnaires.answers import NUMERIC, AnswerKind
from questionnaires.answers.text import bare
from questionnaires.answers.words import english_one
from questionnaires.conversions import moment_of
from questionnaires.label_units import counted_in, measure_in
from questionnaires.questionnaire import Question, Questionnaire, QuestionType, plain_words

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS: Final = {
    AnswerKind.RATE: {"": "%"},
    AnswerKind.AREA: {"": "ha"},
    AnswerKind.MONEY: {"vi": "đồng", "en": "VND"},
}
"""Units by kind of answer and language ("": any), for questions that name no unit of their own."""
MONEY: Final = ("đồng", "tiền")
"""What a question asks for, in its own words, if its answer is an amount in đồng."""
YEARS: Final = range(1900, 2101)
SAYS_YEAR: Final = re.compile(r"(?:\b(?:nam|year|sinh|in|since|born)|/)\s*$")
"""How words end behind which a year stands: "đến năm", "sinh", "tháng 12/"."""
NAMES_YEAR: Final = re.compile(r"\b(?:nam|year)\b")
TICK: Final = "✓"
PHOTO: Final = "📷"
RECORDING: Final = "🎤"
FILM: Final = "🎬"
PAPERCLIP: Final = "📎"


def unit_of(form: Questionnaire, question: Question, lang: str) -> str:
    """Return the unit to show with a question's answers in `lang`; "" if it has none."""
    fixed = UNITS.get(question.kind, {})
    units = question.unit
    declared = (
        units.get(lang)
        or units.get(form.default_language)
        or units.get("")
        or fixed.get(lang)
        or fixed.get("", "")
    )
    return declared or (measure_of(form, question, lang) if question.is_number else "")


def unit_to_read(form: Questionnaire, question: Question, lang: str) -> str:
    """Return the unit or thing that a person may write behind the number; "" if the question names none."""
    unit = unit_of(form, question, lang)
    if question.unit or not question.is_number:
        return unit
    return unit.partition("/")[0] or counted_in(plain_words(form.words(question.labels, lang)))


def kind_to_read(form: Questionnaire, question: Question) -> AnswerKind:
    """Return how typed answers are read: as money or land where the question's own words ask for đồng or hectares."""
    if not question.is_number or "ask" in question.facts:
        return question.kind
    unit = unit_to_read(form, question, "vi")
    if unit == "ha" and not question.whole:
        return AnswerKind.AREA
    return AnswerKind.MONEY if unit in MONEY else question.kind


def measure_of(form: Questionnaire, question: Question, lang: str) -> str:
    """Return the unit that the words of a question, its hint, or the groups around it say; "" for none."""
    around = [one.labels for path, one in form.sections.items() if question.path.startswith(f"{path}/")]
    said = (question.labels, question.hints, *reversed(around))
    texts = (
        plain_words(form.words(words, tongue)) for tongue in (lang, form.default_language) for words in said
    )
    return next(filter(None, map(measure_in, texts)), "")


def number(value: Decimal, lang: str) -> str:
    """Write a number: 1.234,5 in Vietnamese, 1,234.5 in English."""
    text = f"{value:,f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if lang != "en" else text


def in_words(value: Decimal, before: str, named: str, lang: str) -> str:
    """Write a number in a text, behind the words `before`, of a node that is `named` so in the form.

    A year is written without marks, all else as `number` does.

    >>> in_words(Decimal(2026), "diện tích", "", "vi"), in_words(Decimal(2026), "đến năm", "", "vi")
    ('2.026', '2026')
    """
    is_year = value in YEARS and (SAYS_YEAR.search(bare(before.lower())) or asks_year(named))
    return f"{value:f}" if is_year else number(value, lang)


def asks_year(label: str) -> bool:
    """Whether a question's words ask for a year: "Năm sinh", not "Năm nay có mấy hộ"."""
    return bool(NAMES_YEAR.search(bare(label.lower()))) and not counted_in(label)


def day(value: date, lang: str) -> str:
    """Write a day: 20/11/2026 in Vietnamese, 20 Nov 2026 in English."""
    if lang == "en":
        return f"{value.day} {MONTHS[value.month - 1]} {value.year}"
    return f"{value.day:02}/{value.month:02}/{value.year}"


def moment(value: str, lang: str) -> str:
    """Write a date, a time or both."""
    at = moment_of(value)
    if isinstance(at, datetime):
        return f"{at:%H:%M} {day(at.date(), lang)}"
    if isinstance(at, date):
        return day(at, lang)
    return value[:5] if at is not None else value


def place(value: str) -> str:
    """Write a point as degrees north and east."""
    parts = value.split()
    try:
        return f"{float(parts[0]):.5f}, {float(parts[1]):.5f}"
    except (IndexError, ValueError):
        return value


def choices(form: Questionnaire, question: Question, value: str, lang: str) -> str:
    """Write the labels of the chosen values."""
    known = form.layout.choices.get(question.list, {})
    labels = []
    for one in value.split():
        parts = form.words(known[one].labels, lang) if one in known else ()
        labels.append(plain_words(parts).strip() or one)
    return ", ".join(labels)


def quantity(form: Questionnaire, question: Question, value: str, lang: str) -> str:
    """Write a number with its unit; in English 1 has the singular, "1 household"."""
    try:
        amount = Decimal(value)
    except InvalidOperation:
        return value
    unit = unit_of(form, question, lang)
    if not unit and amount in YEARS and asks_year(plain_words(form.words(question.labels, lang))):
        return value
    if lang == "en" and amount == 1:
        unit = english_one(unit)
    return f"{number(amount, lang)} {unit}".strip()


SHOWN: Final[Mapping[QuestionType, Callable[[Questionnaire, Question, str, str], str]]] = {
    QuestionType.SELECT_ONE: choices,
    QuestionType.SELECT_MULTIPLE: choices,
    QuestionType.DATE: lambda form, question, value, lang: moment(value, lang),
    QuestionType.TIME: lambda form, question, value, lang: moment(value, lang),
    QuestionType.DATETIME: lambda form, question, value, lang: moment(value, lang),
    QuestionType.GEOPOINT: lambda form, question, value, lang: place(value),
    QuestionType.IMAGE: lambda form, question, value, lang: PHOTO,
    QuestionType.AUDIO: lambda form, question, value, lang: RECORDING,
    QuestionType.VIDEO: lambda form, question, value, lang: FILM,
    QuestionType.FILE: lambda form, question, value, lang: PAPERCLIP,
    QuestionType.ACKNOWLEDGE: lambda form, question, value, lang: TICK,
}
"""How answers of each type are shown. Other types are texts or codes, or quantities if their kind is numeric."""


def shown(form: Questionnaire, question: Question, value: str, lang: str) -> str:
    """Return `value` of `question` as a person reads it; a blank one is ""."""
    if not value:
        return ""
    show = SHOWN.get(question.type)
    if show:
        return show(form, question, value, lang)
    is_quantity = question.is_number or question.kind in NUMERIC
    return quantity(form, question, value, lang) if is_quantity else value
