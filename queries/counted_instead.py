"""What a question counts that the figure it names does not: people where households are counted, households where works
are. Then the figure may not be what is meant, and it is asked back.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Final

from plans.indicator import Indicator
from queries.dictionary import words_of
from queries.spans import Sentence, Span, Tag
from queries.vocabulary import COUNTING
from questionnaires.answers.text import bare

HOMES: Final = frozenset(("hộ", "nhà"))
"""A figure that names one of these, or whose definition begins with one ("Số hộ …"), may be meant by "bao nhiêu hộ"."""

USING: Final = frozenset(("dung", "su", "huong", "tham", "song"))
"""What households do, behind "hộ"."""


def counted_instead(sentence: Sentence, named: Sequence[Indicator]) -> Iterator[Span]:
    """The words for what is counted that do not fit what is `named`."""
    wrong = list(not_counted(named))
    for span in sentence.of(Tag.FILLER):
        if any(is_wrong(sentence, span) for is_wrong in wrong):
            yield span


def not_counted(named: Sequence[Indicator]) -> Iterator[Callable[[Sentence, Span], bool]]:
    """How to recognise each thing that none of some figures counts."""
    yield is_house_for_somebody
    if any(words_of(indicator.name())[:1] == ["hộ"] for indicator in named):
        yield is_counted_people
    if named and not any(map(may_count_homes, named)):
        yield is_counted_households


def may_count_homes(indicator: Indicator) -> bool:
    """Whether households or houses are among what an indicator counts, or out of what."""
    told = map(words_of, (indicator.name(), indicator.unit_name()))
    defined = (words_of(one.text())[:2] for one in indicator.definitions)
    return not HOMES.isdisjoint(chain.from_iterable((*told, *defined)))


def is_house_for_somebody(sentence: Sentence, span: Span) -> bool:
    """Whether a span is a "nhà" built for those named: "bao nhiêu nhà cho hộ nghèo"."""
    said = sentence.bare_words
    return said[span.start : span.end + 1] == ["nha", "cho"] and follows_number(sentence, span)


def is_counted_people(sentence: Sentence, span: Span) -> bool:
    """Whether a span is a "người" right after "số", "bao nhiêu": "số người thiếu nước"."""
    return [*map(bare, sentence.said(span))] == ["nguoi"] and follows_number(sentence, span)


def is_counted_households(sentence: Sentence, span: Span) -> bool:
    """Whether a span is a "hộ" right after "số", "bao nhiêu", first of all, or before what they do: "hộ dùng nước từ công
    trình"; not that of "xem hộ"."""
    if [*map(bare, sentence.said(span))][:1] != ["ho"]:
        return False
    behind = sentence.bare_words[span.end : span.end + 1]
    return not span.start or follows_number(sentence, span) or not USING.isdisjoint(behind)


def follows_number(sentence: Sentence, span: Span) -> bool:
    """Whether "số", "bao nhiêu" stands right before a span."""
    return bool(span.start) and bare(sentence.tokens[span.start - 1].text) in COUNTING
