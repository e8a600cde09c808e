"""All there are of a place: "bao nhiêu hộ", "mấy khẩu", alone or in a list with other figures."""

from collections.abc import Iterator, Sequence
from typing import Final

from plans.plans import Plans
from queries.spans import Sentence, Span, Tag
from queries.vocabulary import ALL_OF, AND, COUNTING
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token, walk

COUNTED: Final = frozenset(("ho", "nguoi", "nha", "em", "tre"))
"""Between "bao nhiêu" and the name of what is counted."""
SOME_ONLY: Final = (Tag.DOMAIN, Tag.FOLLOW, Tag.NEGATION, Tag.DONE, Tag.GAP, Tag.UNKNOWN)
"""Beside one of these, "mấy hộ" asks for some only."""


def wholes_asked(sentence: Sentence, plans: Plans) -> Sequence[tuple[str, int, int]]:
    """The indicators that count all that is asked for, each with where: if nothing else is named, or in a list with
    figures ("mấy hộ, mấy hộ nghèo")."""
    if sentence.of(*SOME_ONLY):
        return ()
    wholes = [whole for whole in phrases_in(sentence.tokens) if whole[0]]
    figures = [
        span
        for span in sentence.of(Tag.INDICATOR)
        if any(not plans.indicators[id].whole for id in span.value)
    ]
    return [whole for whole in wholes if is_listed(sentence, figures, *whole[1:])] if figures else wholes


def is_listed(sentence: Sentence, figures: Sequence[Span], start: int, end: int) -> bool:
    """Whether "mấy hộ" from `start` to `end` stands in a list, before the first of some figures or behind the last one,
    which is itself counted."""
    first, last = figures[0], figures[-1]
    if end <= first.start:
        return goes_on_counting(sentence.tokens, end)
    lists = any(span.end == start and span.lists(sentence.tokens) for span in sentence.spans)
    return lists and last.end < start and asks_number(sentence, last)


def goes_on_counting(tokens: Sequence[Token], place: int) -> bool:
    """Whether the next in a list is counted too, as in "số hộ, số hộ nghèo": then both are asked for.

    "Số hộ và tỷ lệ hộ nghèo" is about the poor alone.
    """
    behind = place
    while (
        behind < len(tokens) and (step := max(AND.past(tokens, behind), past_mark(tokens, behind))) > behind
    ):
        behind = step
    counting = (bare(token.text) in COUNTING for token in tokens[behind : behind + 2])  # "số", "bao nhiêu"
    return behind > place and any(counting)


def past_mark(tokens: Sequence[Token], place: int) -> int:
    """The place after a mark at `place`; `place` itself if there is none."""
    return place + (tokens[place].kind == "mark")


def asks_number(sentence: Sentence, span: Span) -> bool:
    """Whether it asks how many there are of what a span names: "bao nhiêu hộ nghèo", "số hộ cận nghèo"."""
    leads = [one.end for one in sentence.of(Tag.LEAD)]  # the "sổ" of "đội sổ" is no "số"
    before = sentence.bare_words[max(leads, default=0) : span.start]
    while before and before[-1] in COUNTED:
        before = before[:-1]
    return bool(before) and before[-1] in COUNTING


def phrases_in(tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """The phrases that ask for all there are: their indicator, start and end, from left to right."""
    return ((phrase[0], place, phrase[1]) for place, phrase in walk(tokens, ALL_OF) if phrase)
