"""Separate from a question what it does not ask: a slip that it corrects itself, and the occasion that it is for.

"Nhà tạm Vĩnh Thông, à nhầm, Phong Quang" is a question and a replacement for part of it. "Mai đoàn kiểm tra về, cho anh số
hộ nghèo" begins with a story. Certain words mark both. A story may only be passed over if the lattice finds nothing in it
that could be asked: no figure, place or number, and no word that picks or orders.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import product
from typing import Final, NamedTuple

from queries.spans import ASIDE, Sentence, Span, Tag
from queries.timed import days_of
from queries.vocabulary import COURTESY, PEOPLE
from questionnaires.answers.tokens import Token

PUT_RIGHT: Final = COURTESY.flags("put_right")
"""What follows replaces part of what was said before. They count only after a mark or a word of `OH`, or at the start."""
UNSAID: Final = COURTESY.flags("unsaid")
"""The same, with its own "à"."""
DENIED: Final = COURTESY.flags("denied")
"""The same at the beginning of a text."""
OH: Final = COURTESY.flags("oh")
OCCASION: Final = COURTESY.flags("occasion")
"""Words that tell what a question is for, and make the words around them a story."""
ASKING: Final = COURTESY.flags("asking")
"""A story before a question ends here."""
PURPOSE: Final = COURTESY.flags("purpose")
"""A story behind a question may begin here."""
SAYS_NOTHING: Final = frozenset((*ASIDE, Tag.LEVEL, Tag.FUTURE, Tag.UNKNOWN, Tag.PERIOD)) - {Tag.ANY}
"""The tags of spans that a story may consist of."""
FEWEST: Final = 2
"""The fewest words of a story."""
LONG: Final = 20
"""So many words are long for a question."""
STRANGE: Final = 6
"""So many unknown words make a long text none that asks for anything here, if it names nothing."""
MOST_STRANGE: Final = 12
"""The same, whatever it names."""
NAMING: Final = (Tag.INDICATOR, Tag.DOMAIN, Tag.PLACE, Tag.PLAN)
"""The tags of what may be asked for."""


class PutRight(NamedTuple):
    """A question as it was first said, and the words that replace a part of it."""

    said: str
    meant: str


class StoryAside(NamedTuple):
    """A question without its story, and the story's words."""

    rest: str
    words: tuple[str, ...]


def is_no_question(sentence: Sentence) -> bool:
    """Whether a long text is mostly about something else: an invitation, thanks, a letter. To look for a question in it
    would take a fifth of a second, and find none."""
    if len(sentence.tokens) < LONG:
        return False
    strange = sum(span.end - span.start for span in sentence.of(Tag.UNKNOWN))
    return strange >= (MOST_STRANGE if sentence.of(*NAMING) else STRANGE)


def put_right(tokens: Sequence[Token]) -> PutRight | None:
    """Split a text at a correction; None if it has none. The first part is "" if the text begins with the correction."""
    for place in range(len(tokens)):
        end = past_correction(tokens, place)
        if end > place and end < len(tokens):
            return PutRight(words(tokens[:place]), words(tokens[end:]))
    return None


def past_correction(tokens: Sequence[Token], place: int) -> int:
    """Return where a correction at `place` ends, with the marks after it; `place` if there is none."""
    first = past_marks(tokens, place)
    start = OH.past(tokens, first)
    if place and start == place:
        return place  # neither a mark nor an "à" before it
    said = (PUT_RIGHT.past(tokens, start), PUT_RIGHT.past(tokens, first), UNSAID.past(tokens, first))
    end = max(*said, past_denial(tokens, place))
    if end == start:
        return place
    further = past_correction(tokens, end)  # "à nhầm, ý anh là …"
    return further if further > end else past_marks(tokens, end)


def past_denial(tokens: Sequence[Token], place: int) -> int:
    """Return where a "không phải" ends that begins the text before a mark or a correction; elsewhere it denies a part.

    `place` if there is none.
    """
    end = DENIED.past(tokens, place) if place == 0 else place
    alone = end < len(tokens) and (tokens[end].kind == "mark" or PUT_RIGHT.at(tokens, end))
    return end if alone else place


def past_marks(tokens: Sequence[Token], place: int) -> int:
    """Return the place of the first token from `place` on that is no mark."""
    while place < len(tokens) and tokens[place].kind == "mark":
        place += 1
    return place


def stories(
    tokens: Sequence[Token], spans: Callable[[Sequence[Token]], Sequence[Span]], today: date
) -> Iterator[StoryAside]:
    """Yield the ways to leave out a story before a question, behind it, or both; those with one story first.

    The shortest before it and the longest behind it come first. `spans` cuts words into spans.
    """
    if OCCASION.first_in(tokens) is None:
        return
    ends = [end for end in ends_of_stories(tokens) if is_story(tokens[:end], spans, today)]
    starts = [start for start in starts_of_stories(tokens) if is_story(tokens[start:], spans, today)]
    none = len(tokens)
    edges = (*((end, none) for end in ends), *((0, start) for start in starts), *product(ends, starts))
    for end, start in edges:
        if end < start:
            left_out = (*tokens[:end], *tokens[start:])
            yield StoryAside(
                words(tokens[end:start]), tuple(token.text for token in left_out if token.kind != "mark")
            )


def ends_of_stories(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield where a story before a question may end."""
    return (end for end in range(FEWEST, len(tokens)) if ends_story(tokens, end))


def starts_of_stories(tokens: Sequence[Token]) -> Iterator[int]:
    """Yield where a story behind a question may begin."""
    return (start for start in range(1, len(tokens) - FEWEST + 1) if PURPOSE.at(tokens, start))


def ends_story(tokens: Sequence[Token], at: int) -> bool:
    """Whether a story before `at` would end there: at a mark, or before words that begin to ask."""
    return tokens[at - 1].kind == "mark" or ASKING.at(tokens, at) is not None


def is_story(
    tokens: Sequence[Token], spans: Callable[[Sequence[Token]], Sequence[Span]], today: date
) -> bool:
    """Whether words tell an occasion, and nothing else that a question could be about."""
    told = {at for start, _, end in OCCASION.starts(tokens) for at in range(start, end)}
    if not told or PEOPLE.first_in(tokens, set(range(len(tokens))) - told) is not None:
        return False
    others = (span for span in spans(tokens) if not told.issuperset(range(span.start, span.end)))
    return all(span.tag in SAYS_NOTHING and is_no_past(span, today) for span in others)


def is_no_past(span: Span, today: date) -> bool:
    """Whether a span is not a time in the past: "chiều nay" is when they meet, "tháng 9" may be asked about."""
    return span.tag is not Tag.PERIOD or days_of(span.value)[0][1] >= today


def words(tokens: Sequence[Token]) -> str:
    """The words of some tokens as a text."""
    return " ".join(token.text for token in tokens)
