"""The unit that a question's own words give: "Kinh phí (triệu đồng)", "bao nhiêu tấn", "Có mấy hộ bị hại?".

Forms from elsewhere have no column for units. Unless the unit is found in the words, "5 triệu" would be stored as 5,000,000
of triệu đồng, and "2 hộ" refused where households are counted.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Table, Token, as_text, tokens_of
from questionnaires.answers.units import scale_of

BRACKET: Final = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]")
MEASURED: Final = words.UNITS.codes("measured")
"""Units that must be shown with a number, by the name that the reader of answers knows them by."""
MEASURED_ALONE: Final = words.UNITS.codes("measured_alone")
UNIT_FOLLOWS: Final = words.UNITS.flags("unit_follows")
COUNTED_FOLLOWS: Final = words.UNITS.codes("counted_follows")
COUNTED: Final = Table(
    dict.fromkeys((*chain.from_iterable(words.SAME.values()), *words.OTHERS, *words.ONLY_FOR), True)
)
LONGEST_UNIT: Final = 4
"""The most words of a unit."""


@lru_cache(maxsize=1024)
def measure_in(text: str) -> str:
    """Return the unit in which `text` asks for a number, to be shown with it; "" if it names none.

    >>> measure_in("Thiệt hại nhà (trđ)"), measure_in("Được mấy tấn?"), measure_in("Có mấy hộ?")
    ('triệu đồng', 'tấn', '')
    """
    cleaned = clean(text)
    bracketed = (unit_of(part) for part in reversed(BRACKET.findall(cleaned)))
    tokens = tokens_of(cleaned)
    led = (measured(behind_colon(tokens[end:])) for _, _, end in UNIT_FOLLOWS.starts(tokens))
    asked = (measured(tokens[end:]) for end in after_asking(tokens))
    return next(filter(None, (*bracketed, *led, *asked, alone(tokens))), "")


@lru_cache(maxsize=1024)
def counted_in(text: str) -> str:
    """Return what `text` asks to count; "" if it does not say.

    >>> counted_in("Hộ có bao nhiêu nhân khẩu?"), counted_in("Số giường bệnh"), counted_in("Ghi chú")
    ('nhân khẩu', 'giường', '')
    """
    tokens = tokens_of(clean(text))
    behind = (counted_at(tokens, end) for end in after_asking(tokens))
    first = as_text(tokens[: COUNTED.past(tokens, 0)])
    return next(filter(None, (*behind, first)), "")


def after_asking(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield where what is asked for begins: the last "bao nhiêu" first, then "số"."""
    leads = list(COUNTED_FOLLOWS.starts(tokens))
    yield from (end for _, kind, end in reversed(leads) if kind == "asked")
    yield from (end for _, kind, end in leads if kind == "named")


def counted_at(tokens: Sequence[Token], place: int) -> str:
    """Return the unit at `place`, or else the one word there."""
    end = COUNTED.past(tokens, place)
    if end == place and tokens[place : place + 1] and tokens[place].kind == "word":
        end += 1
    return as_text(tokens[place:end])


def measured(tokens: Sequence[Token]) -> str:
    """Return the measured unit that `tokens` begin with; a word such as "triệu" alone is one only at their end."""
    known = MEASURED.at(tokens, 0)
    if known:
        return known[0]
    clause = tokens[: end_of_clause(tokens)]
    return alone(clause) or thousands_of(clause[: COUNTED.past(tokens, 1)])


def end_of_clause(tokens: Sequence[Token]) -> int:
    """Return the place of the first mark."""
    return next((place for place, token in enumerate(tokens) if token.kind == "mark"), len(tokens))


def behind_colon(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return `tokens` without a colon at their beginning."""
    return tokens[1:] if tokens and tokens[0].text == ":" else tokens


def thousands_of(tokens: Sequence[Token]) -> str:
    """Return a unit such as "nghìn con", if the tokens are one; else ""."""
    said = as_text(tokens)
    return said if scale_of(said) else ""


def alone(tokens: Sequence[Token]) -> str:
    """Return the measured unit that all `tokens` are; "" if they say more."""
    return MEASURED.whole(tokens) or MEASURED_ALONE.whole(tokens) or ""


def unit_of(bracket: str) -> str:
    """Return the unit that a bracket's words are, such as "triệu đồng/ha" or "nghìn con"; "" if they are none."""
    head, stroke, rest = bracket.strip(" .:?").partition("/")
    tokens: Sequence[Token] = tokens_of(head)
    tokens = behind_colon(tokens[UNIT_FOLLOWS.past(tokens, 0) :])
    counted = as_text(tokens) if COUNTED.whole(tokens) else ""
    known = alone(tokens) or counted or (thousands_of(tokens) if len(tokens) <= LONGEST_UNIT else "")
    return f"{known}{stroke}{rest}" if known else ""
