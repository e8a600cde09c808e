"""The result of reading a question: what was understood, or what to ask back; and what a button then does to it."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal

from plans.plans import Plans
from queries.frames import (
    Aspect,
    Bound,
    Intent,
    Measure,
    Open,
    Order,
    Progress,
    Question,
    Ranking,
    Relation,
    as_kind,
)
from queries.stored import from_json, to_json

ANY: Final = Bound(Relation.ABOVE, Decimal(0))
NONE: Final = Bound(Relation.AT_MOST, Decimal(0))
ROSE: Final = Bound(Relation.ABOVE, Decimal(0))
FELL: Final = Bound(Relation.BELOW, Decimal(0))
"""For a question about changes: the units that rose, or fell."""
UNMOVED: Final = (Bound(Relation.AT_LEAST, Decimal(0)), Bound(Relation.AT_MOST, Decimal(0)))
"""The units that did not change."""
WHOLE: Final = Decimal(100)
OFFERED: Final = 8
"""How many offers are shown."""


class Doubt(StrEnum):
    """Why a question cannot be answered as it is."""

    WHICH_INDICATOR = "which_indicator"
    NO_REST = "no_rest"
    """A "chưa" or "không" before something without a complement: "chưa được hỗ trợ đất sản xuất"."""
    WHICH_READING = "which_reading"
    """The words can be read as two questions."""
    WHICH_PLACE = "which_place"
    ONE_PLACE = "one_place"
    """Several places, for something that is told for one at a time."""
    WHICH_END = "which_end"
    """Which end comes first, for something that should be low: "đứng đầu về hộ nghèo"."""
    ONE_BOUND = "one_bound"
    """Several indicators with a bound each: only one at a time picks units."""
    WHICH_UNITS = "which_units"
    """The number of units is wanted, but which count is unclear: those with any, those with all, or those on target."""
    NO_PLACE = "no_place"
    WHICH_PERIOD = "which_period"
    WHICH_DAYS = "which_days"
    """A day that may name the period reported on it: "kỳ báo cáo 15/6"."""
    FUTURE = "future"
    UNKNOWN_WORDS = "unknown_words"
    TOGETHER = "together"
    """Known words that the answer would ignore or override."""
    NOT_COLLECTED = "not_collected"
    """Something that nobody reports here: "trẻ em tiêm chủng"."""
    NO_REASON = "no_reason"
    """Why a figure is as it is, which nobody reports: "vì sao hộ nghèo tăng"."""
    NO_DOCUMENT = "no_document"
    """A written report is wanted: there are tables and spreadsheets."""
    TOO_LONG = "too_long"
    EMPTY = "empty"
    PERSONAL = "personal"
    CHANGE = "change"
    OUTSIDE = "outside"
    THANKS = "thanks"
    """Nothing is asked: the person says thanks."""


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to go on: a slot and its value.

    The value is an id. For "text" it is the corrected question; for "units" those that count: "some", "all", "met" or
    "unmet"; for "order" the end that comes first; for "drop" the question without unknown words; for "reading" a whole
    question as JSON.
    """

    slot: Literal["indicator", "place", "text", "units", "order", "drop", "reading"]
    value: str


def place_offers(ids: Iterable[int]) -> tuple[Offer, ...]:
    """Offers of places."""
    return tuple(Offer("place", str(id)) for id in ids)


def question_offer(question: Question) -> Offer:
    """The offer of a whole question."""
    return Offer("reading", json.dumps(to_json(question)))


def question_offers(questions: Iterable[Question]) -> tuple[Offer, ...]:
    """Offers of whole questions."""
    return tuple(map(question_offer, questions))


@dataclass(frozen=True, slots=True)
class Before:
    """The question before another, with its offers if it was asked back."""

    question: Question
    offers: tuple[Offer, ...] = ()

    @property
    def slot(self) -> str:
        """The slot that was asked about."""
        return self.offers[0].slot if self.offers else ""


@dataclass(frozen=True, slots=True)
class Understanding:
    """`status` says what to do: answer the query, ask back (`doubt`, `offers`), refuse, or show the help.

    `words` are unknown words. When the status is "clarify", `query` holds what was understood.
    """

    status: Literal["answer", "clarify", "refuse", "help"]
    query: Question
    doubt: Doubt | None = None
    offers: tuple[Offer, ...] = ()
    words: tuple[str, ...] = ()
    went_on: bool = False
    """Whether it inherits something from the question before."""
    beside: tuple[Offer, ...] = ()
    """Other questions in the same text, each a button below the answer."""
    passed_over: tuple[str, ...] = ()
    """The words of a story around the question, which the answer names as passed over."""

    @property
    def as_before(self) -> Before:
        """The same, for a follow-up to refer to."""
        return Before(self.query, self.offers)


def ask(
    question: Question, doubt: Doubt, words: Sequence[str], offers: tuple[Offer, ...] = ()
) -> Understanding:
    """Ask back about some words."""
    return Understanding("clarify", question, doubt, offers, tuple(words))


def which_indicator(query: Question, ids: Sequence[str] = (), words: tuple[str, ...] = ()) -> Understanding:
    """Ask which of `ids` is meant; without any, what is asked about at all."""
    offers = tuple(Offer("indicator", id) for id in ids[:OFFERED])
    return Understanding("clarify", query, Doubt.WHICH_INDICATOR, offers, words)


def still_open(meaning: Understanding, before: Before | None) -> Understanding:
    """A follow-up that does not say what was asked back: ask it again."""
    if before is None or not meaning.went_on or meaning.doubt not in (None, Doubt.WHICH_INDICATOR):
        return meaning
    earlier, later = before.question, meaning.query
    if before.slot == "place" and later.places == earlier.places:
        return replace(meaning, status="clarify", doubt=Doubt.WHICH_PLACE, offers=before.offers)
    same = (later.indicators, later.domain) == (earlier.indicators, earlier.domain)
    if before.slot == "indicator" and same and len(before.offers) > 1:
        return replace(meaning, status="clarify", doubt=Doubt.WHICH_INDICATOR, offers=before.offers)
    return meaning


def without_rest(query: Question, ids: Sequence[str], words: Sequence[str], plans: Plans) -> Understanding:
    """Nothing counts the complement: say so, and offer complements of shares, or the figures as named."""
    level = replace(query, measure=replace(query.measure, aspect=Aspect.LEVEL))
    rates = [id for id in ids if plans.indicators[id].rate]
    rests = [replace(query, measure=Measure((id,), aspect=Aspect.REST)) for id in rates]
    offers = (
        *question_offers(rests),
        *(Offer("indicator", id) for id in ids[:OFFERED]),
    )
    return Understanding("clarify", level, Doubt.NO_REST, offers, tuple(words))


def settled(query: Question, plans: Plans) -> Understanding:
    """The question with what its figure settles: units without any of a number that is denied; for "mấy thôn …", which
    units count, which is clear for a number. Of a rate it is asked, and so it is where nothing counts what is denied."""
    if denies_number(query, plans):
        if not isinstance(query, Ranking) or query.picked:
            return without_rest(query, query.indicators, (), plans)
        query = of_none(query)
    if not isinstance(query, Ranking) or not query.counted or not query.indicators:
        return Understanding("answer", query)
    if query.bounds or query.met is not None:
        return Understanding("answer", query)
    if not plans.indicators[query.indicators[0]].rate:
        return Understanding("answer", replace(query, bounds=(ANY,)))
    some = ("some", "all", "unmet") if query.complement else ("all", "met", "some")
    offers = tuple(Offer("units", which) for which in some)
    return Understanding("clarify", query, Doubt.WHICH_UNITS, offers)


def denies_number(query: Question, plans: Plans) -> bool:
    """Whether the rest is asked of what is no share, and so has none: "thôn nào chưa cần sắp xếp dân cư"."""
    return query.complement and any(not plans.indicators[id].rate for id in query.indicators)


def of_none(query: Ranking) -> Ranking:
    """The units that have none of something."""
    return replace(query, measure=replace(query.measure, aspect=Aspect.LEVEL), bounds=(NONE,))


def taken(query: Question, offer: Offer) -> Question:
    """The question with an offered indicator, type of unit or place filled in."""
    match offer.slot:
        case "indicator":
            named = query.measuring(offer.value)
            return as_kind(named, Intent.FIGURE) if isinstance(query, Open | Progress) else named
        case "units":
            return of_units(query, offer.value)
        case "reading":
            return from_json(json.loads(offer.value))
        case "order":
            return as_kind(query, Intent.RANKING, order=Order(offer.value))
        case _:
            placed = replace(query, places=(*query.places, int(offer.value)))
            return as_kind(placed, Intent.PROGRESS) if isinstance(query, Open) else placed


def of_units(query: Question, which: str) -> Question:
    """The question with the units that count: those with "some", with "all" (of a rate), "met" or "unmet"."""
    if not isinstance(query, Ranking):
        return query
    if which in ("met", "unmet"):
        return replace(query, met=which == "met")
    return replace(query, bounds=(ANY if which == "some" else Bound(Relation.AT_LEAST, WHOLE),))
