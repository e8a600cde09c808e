"""Whether everything that was said is in the question that was made of it.

A question holds one level, one order, one time and so on, and each kind of answer can tell some of them only. What
would have to be dropped or overridden is asked about, so that no answer passes for that to a larger question.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from queries.frames import Intent
from queries.query import Query
from queries.scan import Span, What

UNITS: Final = frozenset((What.EACH, What.LISTED, What.HOW_MANY))
PICKED: Final = frozenset((What.ORDER, What.BOUND, What.TARGET, What.TARGETS))
ONCE: Final = (What.ORDER, What.TARGET, What.TARGETS, What.FORMAT, What.NUMBER, What.PREVIOUS, What.BACK)
"""What a question can hold one of."""
NOT_TOLD: Final[Mapping[Intent, frozenset[What]]] = {
    Intent.FIGURE: frozenset((What.REPORTED, What.PREVIOUS, What.NUMBER, *PICKED)),
    Intent.RANKING: frozenset((What.REPORTED, What.PREVIOUS, What.TARGETS)),
    Intent.TREND: frozenset((What.REPORTED, What.NUMBER, *UNITS, *PICKED)),
    Intent.COMPARE: frozenset((What.REPORTED, What.PREVIOUS, What.NUMBER, What.FORMAT, *UNITS, *PICKED)),
    Intent.MISSING: frozenset((What.PREVIOUS, What.INDICATOR, What.FORMAT, What.NUMBER, *PICKED)),
    Intent.PROGRESS: frozenset(
        (What.REPORTED, What.PREVIOUS, What.NUMBER, What.ORDER, What.BOUND, *UNITS, What.FORMAT)
    ),
    Intent.EXPORT: frozenset((What.REPORTED, What.PREVIOUS, What.NUMBER, What.TARGETS)),
}
"""What an answer of a kind says nothing of."""
ALSO: Final[Mapping[Intent, frozenset[Intent]]] = {
    Intent.RANKING: frozenset((Intent.COMPARE,)),
    Intent.TREND: frozenset((Intent.COMPARE,)),
    Intent.EXPORT: frozenset((Intent.COMPARE, Intent.RANKING)),
}
"""What an answer of a kind tells beside."""
SEVERAL_TIMES: Final = frozenset((Intent.TREND, Intent.COMPARE))
"""Only these are told of several times at once."""


def left_out(query: Query, spans: Sequence[Span]) -> Span | None:
    """The first span that the answer to `query` would pass over or override; None where there is none."""
    found = [
        *two_levels(spans),
        *said_twice(spans),
        *not_told(query, spans),
        *other_times(query, spans),
        *of_no_such_age(spans),
    ]
    return min(found, key=lambda span: span.start, default=None)


def two_levels(spans: Sequence[Span]) -> Iterator[Span]:
    """Levels beside the first one: "mỗi xã 3 thôn", "thôn nào của xã nào"."""
    first = ""
    for span in spans:
        level = span.value if span.what in UNITS else span.value[1] if span.what is What.NUMBER else ""
        if level and first and level != first:
            yield span
        first = first or level


def said_twice(spans: Sequence[Span]) -> Iterator[Span]:
    """What contradicts the one before of its kind: "nhiều nhất và ít nhất"; not the "nhất" of "ít … nhất"."""
    first: dict[What, Any] = {}
    for span in spans:
        if span.what is What.ORDER and span.end == span.start + 1 and What.ORDER in first:
            continue
        if span.what in ONCE and first.setdefault(span.what, span.value) != span.value:
            yield span


def not_told(query: Query, spans: Sequence[Span]) -> Iterator[Span]:
    """What this kind of answer says nothing of: "xu hướng … các xã"."""
    never = NOT_TOLD.get(query.intent, frozenset())
    if query.intent is Intent.FIGURE and query.level:
        never -= {What.ORDER, What.BOUND, What.TARGET, What.NUMBER}
    told = {query.intent} | ALSO.get(query.intent, frozenset())
    for span in spans:
        other = span.what is What.INTENT and span.value not in told and query.intent in NOT_TOLD
        unheld = span.what is What.TARGET and query.met is None and query.intent is not Intent.PROGRESS
        if span.what in never or other or unheld:
            yield span


def other_times(query: Query, spans: Sequence[Span]) -> Iterator[Span]:
    """Times that are not asked for: a second one of a ranking, "3 tháng gần đây năm 2025"."""
    times = [span for span in spans if span.what in (What.PERIOD, What.POINT)]
    if times and len(query.periods) > 1 and query.intent not in SEVERAL_TIMES:
        yield times[-1]
    for span in spans:
        back = span.what is What.BACK and bool(span.value[0])
        if back and (times or query.against):
            yield span
        if back and span.value[1] != "this" and query.intent is not Intent.TREND:
            yield span
        if span.what is What.PREVIOUS and span.value and len(query.periods) > 1:
            yield span


def of_no_such_age(spans: Sequence[Span]) -> Iterator[Span]:
    """A "cũ" or "mới" behind a place of which there is none such."""
    place: Span | None = None
    for span in spans:
        if span.what is What.PLACE:
            place = span
        elif span.what is What.AGE and place is not None:
            if all(unit.closed is not span.value for unit in place.value):
                yield span
        elif span.what is not What.FILLER:
            place = None
