"""Times that stand side by side with nothing to join them: one says within what the other lies ("tháng 8 quý 3")."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Final

from queries.frames import Days, Intent
from queries.spans import Sentence, Span, Tag
from queries.times import OF, is_year
from questionnaires.answers.days import are_whole_months, months
from questionnaires.answers.text import bare

SAME: Final = 3
"""Two months differ by up to so many days, and are equally long."""


def settled_by_shorter(sentence: Sentence) -> Sentence:
    """The question with only the shorter of two such times, in the year that the longer one may name."""
    settled = {}
    for short, long in side_by_side(sentence):
        within = of_year(sentence, short, long)
        if lie_together(within, long.value):
            settled[short] = replace(short, value=within)
            settled[long] = replace(long, tag=Tag.FILLER, value=True)
    return replace(sentence, spans=[settled.get(span, span) for span in sentence.spans])


def at_odds(sentence: Sentence) -> tuple[Span, ...]:
    """Two such times of which neither lies in the other ("tháng 10 quý 3"), as they stand; () for none."""
    pairs = (pair for pair in side_by_side(sentence) if not lie_together(pair[0].value, pair[1].value))
    return tuple(sorted(next(pairs, ()), key=lambda span: span.start))


def side_by_side(sentence: Sentence) -> Iterator[tuple[Span, Span]]:
    """Two times of unequal length with no more than an "of" between them, the shorter first."""
    if sentence.of(Tag.PREVIOUS) or Intent.COMPARE in sentence.values(Tag.INTENT):
        return
    for pair in pairwise(span for span in sentence.spans if not is_of(sentence, span)):
        if all(span.tag is Tag.PERIOD and isinstance(span.value[0], date) for span in pair):
            short, long = sorted(pair, key=length)
            if length(short) + SAME < length(long):
                yield short, long


def is_of(sentence: Sentence, span: Span) -> bool:
    """Whether a span is only an "of", as between a time and the longer one around it."""
    return span.tag is Tag.FILLER and OF.issuperset(map(bare, sentence.said(span)))


def length(span: Span) -> int:
    """How many days a time has, less one."""
    first, last = span.value
    return int((last - first).days)


def of_year(sentence: Sentence, short: Span, long: Span) -> Days:
    """The days of the shorter time; in the year that stands beside it, if it names none ("năm ngoái tháng 8")."""
    first, last = short.value
    year = long.value[0].year
    dated = any(map(is_year, sentence.said(short)))
    if dated or long.value != months(1, 12)(year) or not are_whole_months(short.value):
        return first, last
    return months(first.month, last.month)(year)


def lie_together(short: Days, long: Days) -> bool:
    """Whether a time lies in a longer one, at least in part, as a week in a month."""
    return short[0] <= long[1] and long[0] <= short[1]
