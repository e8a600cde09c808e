"""Reports themselves as what is asked about: when a unit sent one, and which came in time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from queries.spans import Sentence, Span, Tag
from queries.vocabulary import ASKED_WHEN, GOALS, OF_DUTY, REPORTING, SENT, TIMELY
from queries.where import level_of
from questionnaires.answers.tokens import Token

SENDERS: Final = frozenset(("thon", "xa"))
"""Levels whose units send what is asked about, where one is named. Of a larger unit plans say when it has to report."""


def settled_by_sender(sentence: Sentence) -> Sentence:
    """The question with its words for sending and for "when" as ones about what a unit sent, if it names the unit and no
    duty: "Nà Hin gửi phiếu nước hôm nào"; "… phải nộp … khi nào" asks for a deadline."""
    asked = [span for span in sentence.of(Tag.PLAN) if span.value == "deadline"]
    if not asked or sentence.says(OF_DUTY) or not names_sender(sentence):
        return sentence
    sent = {span: replace(span, tag=Tag.REPORTED, value=True) for span in asked}
    return replace(sentence, spans=[sent.get(span, span) for span in sentence.spans])


def names_sender(sentence: Sentence) -> bool:
    """Whether a village or commune is named; of a larger unit it must be said that it has sent."""
    levels = {level_of(unit) for span in sentence.of(Tag.PLACE) for unit in span.value}
    return bool(levels) and (levels <= SENDERS or "da" in sentence.bare_words)


def in_time(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "nộp" and the "đúng hạn", "muộn" of "thôn nào nộp phiếu nước đúng hạn", with the subject in between; a target
    has a deadline too, and "muộn nhất ngày nào" asks for one."""
    for table in (TIMELY, REPORTING, SENT):
        said = table.at(tokens, place)
        if said is not None and tells_if_in_time(tokens):
            yield Span(place, said[1], Tag.REPORTED, False)


def tells_if_in_time(tokens: Sequence[Token]) -> bool:
    """Whether something is sent, and said behind it how late that was."""
    how = max((place for place, _, _ in TIMELY.starts(tokens)), default=0)
    sent = any(table.first_in(tokens, range(how)) for table in (REPORTING, SENT))
    return sent and not (GOALS.stands_in(tokens) or ASKED_WHEN.stands_in(tokens))
