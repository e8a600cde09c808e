"""From a message's key to the sentence a person reads.

Every sentence lives in `locales/<language>/*.po` under a key such as `interview.position`; the files of one
language form one catalogue. Values are escaped when they are filled in, so a person's words stay data.
Numbers and dates are written as the language writes them (1.234,5 and 20/11/2026 in Vietnamese).
The Vietnamese sentences speak to a village head, as "bác"; to an officer the same ones say "anh/chị".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from typing import Final, TypeVar

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_group_symbol
from markupsafe import Markup, escape

LANGUAGES: Final = {"vi": "Tiếng Việt", "en": "English"}
"""Each language that a chat may choose, by its code, named in itself: somebody who cannot read the present one finds
theirs."""
LOCALES: Final = tuple(LANGUAGES)
DEFAULT: Final = "vi"
"""Village heads who never chose a language read Vietnamese."""
FOLDER = Path(__file__).resolve().parent.parent / "locales"

Sentence = str | tuple[str, ...]
ELDER: Final = re.compile(r"\b([Bb])ác\b")
"""The word by which sentences speak to a village head, as a word of its own."""


def locale_for(chosen: str, given: str) -> str:
    """Return the language of a chat: the one chosen there, else the platform's, else Vietnamese."""
    return chosen or ("en" if given == "en" else DEFAULT)


class UnknownMessage(KeyError):
    """A key that no catalogue holds."""


@cache
def catalogue(locale: str) -> Mapping[str, Sentence]:
    """Every sentence of `locale` by its key. Raises ValueError when a key stands in two files or is untranslated."""
    sentences: dict[str, Sentence] = {}
    for path in sorted((FOLDER / locale).glob("*.po")):
        for name, text in sentences_in(path, locale):
            if name in sentences:
                raise ValueError(f"{path.name}: the key {name} stands twice")
            sentences[name] = text
    return sentences


def sentences_in(path: Path, locale: str) -> Iterator[tuple[str, Sentence]]:
    """The sentences of one file by their key. Raises ValueError when one is untranslated."""
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale=locale) if message.id]
    for message in messages:
        name, *_ = forms_of(message.id or "")
        texts = forms_of(message.string or "")
        if not all(texts):
            raise ValueError(f"{path.name}: the key {name} has no text")
        yield name, texts if message.pluralizable else texts[0]


def forms_of(text: str | Sequence[str]) -> tuple[str, ...]:
    """Return the forms of a sentence, which a catalogue holds as one text or as one for each number."""
    return (text,) if isinstance(text, str) else tuple(text)


def form_for(forms: tuple[str, ...], n: object) -> str:
    """Return the form of a sentence for the number `n`: Vietnamese has one form, English has another for 1."""
    return forms[0] if n == 1 else forms[-1]


def to_officer(text: str) -> str:
    """`text` as it is said to an officer."""
    return ELDER.sub(lambda elder: "Anh/chị" if elder[1] == "B" else "anh/chị", text)


@cache
def said_to_officers(locale: str) -> Mapping[str, Sentence]:
    """Every sentence of `locale` as it is said to an officer."""
    return {
        key: tuple(map(to_officer, text)) if isinstance(text, tuple) else to_officer(text)
        for key, text in catalogue(locale).items()
    }


@cache
def pieces(sentence: str) -> tuple[tuple[str, str | None], ...]:
    """Return `sentence` cut at its {places}: each piece of text with the name that follows it, if any."""
    return tuple((text, name) for text, name, _, _ in Formatter().parse(sentence))


@cache
def whole(sentence: str) -> Markup:
    """Return a sentence without {places}, as most buttons and headings are."""
    return Markup("".join(text for text, _ in pieces(sentence)))  # noqa: S704 - a sentence of the catalogue


Text = TypeVar("Text", str, Markup)


def first_upper(text: Text) -> Text:
    """Return a text as it begins a sentence."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=8192)
def number_in(locale: str, value: int | Decimal) -> str:
    """`value` as `locale` writes it, with all its digits."""
    return format_decimal(Decimal(value), locale=locale, decimal_quantization=False)


@lru_cache(maxsize=1024)
def date_in(locale: str, day: date) -> str:
    """A day as `locale` writes it."""
    return format_date(day, "dd/MM/yyyy" if locale == "vi" else "d MMM yyyy", locale=locale)


@lru_cache(maxsize=1024)
def near_date_in(locale: str, day: date) -> str:
    """A day of this year as `locale` writes it."""
    return format_date(day, "dd/MM" if locale == "vi" else "d MMM", locale=locale)


class Wording:
    """The sentences of one language, as said to a village head or to an officer: `say("enrol.hello", name="Lý")`."""

    def __init__(self, locale: str, officer: bool = False) -> None:
        self.locale = locale if locale in LOCALES else DEFAULT
        self.sentences = said_to_officers(self.locale) if officer else catalogue(self.locale)
        self.between_thousands = get_group_symbol(self.locale)

    def __call__(self, key: str, **values: object) -> Markup:
        """The sentence under `key`, filled in.

        Values are escaped unless they are `Markup`; Decimal, int and date values are written in the language's
        way. Where the sentence has a plural, the value `n` chooses the form. Raises UnknownMessage.
        """
        sentence = self.sentences.get(key)
        if sentence is None:
            raise UnknownMessage(key)
        if not isinstance(sentence, str):
            sentence = form_for(sentence, values.get("n"))
        if not values:
            return whole(sentence)
        filled: list[str] = []
        for text, name in pieces(sentence):
            filled.append(text)
            if name is not None:
                value = values[name]
                # Most values are sentences or text. To escape a sentence changes nothing and takes longer than to look.
                if not isinstance(value, Markup):
                    value = escape(value if isinstance(value, str) else self.show(value))
                filled.append(value)
        return Markup("".join(filled))  # noqa: S704 - the catalogue's own text and escaped values

    def show(self, value: object) -> object:
        """`value` as this language writes it; text and markup pass through."""
        # Most values are text. A bool is an int to Python, and no number to a reader.
        if isinstance(value, str | bool):
            return value
        if isinstance(value, int | Decimal):
            return self.number(value)
        if isinstance(value, datetime):
            return self.moment(value)
        if isinstance(value, date):
            return self.date(value)
        return value

    def number(self, value: int | Decimal) -> str:
        """1234.5 as 1.234,5 (vi) or 1,234.5 (en), with all its digits."""
        digits = str(value)
        # Nearly all are whole; to find one among what babel has written takes longer, since a Decimal is slow to hash.
        if digits.isdecimal():
            return f"{int(digits):,}".replace(",", self.between_thousands)
        return number_in(self.locale, value)

    def near(self, day: date, today: date) -> str:
        """Return a day without its year if that is this year's: 30/11 in Vietnamese, 30 Nov in English; today in
        words.

        A moment comes with its hour: 17:00 hôm nay.
        """
        if isinstance(day, datetime):
            return f"{day:%H:%M} {self.near(day.date(), today)}"
        if day == today:
            return str(self("weekly.today"))
        return near_date_in(self.locale, day) if day.year == today.year else date_in(self.locale, day)

    def date(self, day: date) -> str:
        """20/11/2026 in Vietnamese, 20 Nov 2026 in English."""
        return date_in(self.locale, day)

    def moment(self, at: datetime) -> str:
        """Return the hour and day of an aware moment, in the zone that it carries: 07:30 20/11/2026."""
        return f"{at:%H:%M} {self.date(at.date())}"


@cache
def wording(locale: str, officer: bool = False) -> Wording:
    """The one `Wording` of a language; an unknown one reads as Vietnamese."""
    return Wording(locale, officer)
