"""With what each of several figures has to keep to, where units are picked by more than one at once.

"Thôn nào hộ nghèo trên 30% chưa có điện lưới": the bounds and the "chưa có" of each figure are its own. Where they may be
said of one figure or of all, it is asked which.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from queries.frames import (
    Aspect,
    Bound,
    By,
    Condition,
    Listing,
    ListingQuestion,
    Measure,
    Order,
    Question,
    Ranking,
    Relation,
    to_json,
)
from queries.parts import Parts
from queries.spans import Span, Tag
from queries.steps.what import fits, fits_as_told, measured_by, with_own_unit
from queries.understanding import ANY, NONE, Doubt, Offer, Understanding, ask, which_indicator

OTHERWISE_PICKED: Final = (
    *(Tag.TARGET, Tag.THAN, Tag.MOVED, Tag.DONE, Tag.GAP, Tag.PREVIOUS, Tag.NUMBER, Tag.DOMAIN),
)
"""Beside one of these, units are picked by one figure."""
BESIDE: Final = frozenset(("ma", "lan"))
"""Sets figures beside each other as "và" does: "thiếu nước mà hộ nghèo trên 20%", "cả … lẫn …"."""
EITHER: Final = frozenset(("hay", "hoac"))
"""Between two figures: units that keep to one of them are asked for."""
HIGH: Final = (Relation.ABOVE, Relation.AT_LEAST)


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """A figure that a question names, with what is said of it alone."""

    span: Span
    bounds: tuple[Bound, ...]
    denied: bool

    @property
    def id(self) -> str:
        return str(self.span.value[0])

    @property
    def is_held(self) -> bool:
        """Whether something is said of it that picks units."""
        return bool(self.bounds) or self.denied


def joined(parts: Parts, question: ListingQuestion) -> Question | Understanding:
    """With the units that keep to what is said of each figure; what may be said of one of them or of all is asked."""
    figures = figures_of(parts)
    if not is_of_several(parts, question, figures):
        return question
    if isinstance(question, Ranking) and (ready := conditions(parts, question, figures)):
        return with_conditions(question, ready)
    held = [one for one in figures if one.bounds]
    listed = question.measure.aspect is Aspect.LEVEL and parts.sentence.of(Tag.AND)
    if not held or (len(held) == 1 and not listed):
        return question
    return which_condition(parts, question, figures)


def figures_of(parts: Parts) -> list[NamedFigure]:
    """The figures that are named, each with what is said of it alone; a "chưa có" goes on over a mere "và"."""
    figures = list[NamedFigure]()
    for span in parts.what.certain:
        figure = NamedFigure(span, bounds_of(parts, span), denies(parts, span))
        goes_on = figures and figures[-1].denied and not figure.is_held
        if goes_on and not has_verb(parts, figures[-1], figure) and is_apart(parts, figures[-1], figure):
            figure = replace(figure, denied=True)
        figures.append(figure)
    return figures


def named_apart(parts: Parts, question: Question) -> Question | Understanding:
    """With one indicator to deny, and none run together with another: each by itself is offered, as it was said."""
    if len(question.indicators) < 2 or not (question.complement or parts.what.run_together):
        return question
    figures = figures_of(parts)
    level = replace(question, measure=replace(question.measure, aspect=Aspect.LEVEL))
    if len(figures) != len(question.indicators) or not any(one.is_held for one in figures):
        return which_indicator(level, question.indicators)
    each = (by_itself(parts, level, one) for one in figures)
    ways = tuple(Offer("reading", json.dumps(to_json(one))) for one in each)
    return Understanding("clarify", level, Doubt.WHICH_INDICATOR, ways)


def by_itself(parts: Parts, question: Question, figure: NamedFigure) -> Question:
    """The question of one of its figures, with what is said of that one alone."""
    if isinstance(question, Ranking) and (one := condition(parts, question, figure)):
        return replace(question, measure=one.measure, bounds=one.bounds)
    rest = figure.denied and bool(parts.plans[figure.id].rate)
    aspect = Aspect.REST if rest else Aspect.LEVEL
    of_one = replace(
        question, measure=replace(question.measure, indicators=(figure.id,), domain="", aspect=aspect)
    )
    return replace(of_one, bounds=figure.bounds) if isinstance(of_one, Listing) else of_one


def is_of_several(parts: Parts, question: ListingQuestion, figures: Sequence[NamedFigure]) -> bool:
    """Whether units are picked, and by what is said of several figures."""
    named = {one.id for one in figures}
    verbs = any(has_verb(parts, one, other) for one, other in pairwise(figures))
    listed = verbs and parts.sentence.of(Tag.LISTED, Tag.HOW_MANY)
    picked = any(one.is_held for one in figures) or parts.which.asks_which or bool(listed)
    return 1 < len(named) == len(figures) and picked and not parts.sentence.of(*OTHERWISE_PICKED)


def conditions(parts: Parts, question: Ranking, figures: Sequence[NamedFigure]) -> tuple[Condition, ...]:
    """What units have to keep to, figure by figure; () where that is not said for sure."""
    apart = all(is_apart(parts, one, other) for one, other in pairwise(figures))
    if not apart or shares_bound(parts, figures):
        return ()
    every = [condition(parts, question, one) for one in figures]
    sure = tuple(one for one in every if one is not None)
    return sure if len(sure) == len(every) else ()


def condition(parts: Parts, question: Ranking, figure: NamedFigure) -> Condition | None:
    """What one figure has to keep to; None where that is not said, or cannot be held against it."""
    indicator = parts.plans[figure.id]
    rest = figure.denied and turns_round(parts, question, figure.id)
    bounds = figure.bounds
    if not bounds and figure.denied:
        bounds = (ANY,) if rest else (NONE,)
    elif not bounds and not indicator.rate:
        bounds = (ANY,)
    by: By = "count" if any(bound.counts for bound in bounds) else ""
    measure = Measure((figure.id,), aspect=Aspect.REST if rest else Aspect.LEVEL, by=by)
    one = with_own_unit(parts, replace(question, measure=measure, bounds=bounds))
    held = bool(bounds) and all(fits(parts, bound, indicator) for bound in one.bounds)
    measure = replace(measure, by=measured_by(parts, measure, one.bounds))
    return Condition(measure, one.bounds) if held else None


def turns_round(parts: Parts, question: Ranking, id: str) -> bool:
    """Whether a "chưa có" asks for the rest of a figure; of what should be little it asks for units with none."""
    indicator = parts.plans[id]
    level = question.level
    return bool(indicator.rate) and (indicator.better == "up" or parts.what.counts_units(id, level))


def with_conditions(question: Ranking, every: Sequence[Condition]) -> Ranking:
    """The question of units that keep to all conditions, in the order of the first."""
    first, *others = every
    order = question.order or (Order.HIGHEST if first.bounds[0].relation in HIGH else Order.LOWEST)
    return replace(question, measure=first.measure, bounds=first.bounds, also=tuple(others), order=order)


def which_condition(parts: Parts, question: ListingQuestion, figures: Sequence[NamedFigure]) -> Understanding:
    """Which of several conditions is meant: a bound that may be that of all figures first, then one at a time."""
    offers = list[Question]()
    last = figures[-1].bounds
    of_all = [replace(one, bounds=last) for one in figures]
    either = any(is_either(parts, one, other) for one, other in pairwise(figures))
    if isinstance(question, Ranking) and shares_bound(parts, figures) and not either:
        together = [condition(parts, question, one) for one in of_all]
        sure = [one for one in together if one is not None]
        offers += [with_conditions(question, sure)] if len(sure) == len(of_all) else []
    bare = replace(question, bounds=())
    for one in of_all if either and shares_bound(parts, figures) else figures:
        alone = condition(parts, as_ranking(question), one) if one.bounds else None
        if alone is not None:
            offers.append(replace(bare, measure=alone.measure, bounds=alone.bounds))
    ways = tuple(Offer("reading", json.dumps(to_json(one))) for one in offers)
    return ask(bare, Doubt.ONE_BOUND, parts.sentence.words(Tag.BOUND), ways)


def as_ranking(question: ListingQuestion) -> Ranking:
    """The units that a question lists, in whatever form."""
    return question if isinstance(question, Ranking) else Ranking(level=question.level)


def shares_bound(parts: Parts, figures: Sequence[NamedFigure]) -> bool:
    """Whether a bound may be that of figures listed before it: "hộ nghèo và nhà tạm trên 10"."""
    at = next((at for at, one in enumerate(figures) if one.bounds), 0)
    before = [parts.plans[one.id] for one in figures[:at] if not one.is_held]
    return any(all(fits_as_told(limit, indicator) for limit in figures[at].bounds) for indicator in before)


def between(parts: Parts, one: NamedFigure, other: NamedFigure) -> list[Span]:
    """The spans between two figures."""
    return [span for span in parts.sentence.spans if one.span.end <= span.start < other.span.start]


def is_apart(parts: Parts, one: NamedFigure, other: NamedFigure) -> bool:
    """Whether something sets two figures side by side; "hộ nghèo chưa có điện lưới" are some of the poor."""
    said, spans = parts.sentence.bare_words, between(parts, one, other)
    words = {word for span in spans for word in said[span.start : span.end]}
    if is_either(parts, one, other):
        return False
    listed = any(span.lists(parts.sentence.tokens) or span.tag is Tag.BOUND for span in spans)
    return listed or bool(words & BESIDE) or (one.denied and bool(other.bounds))


def is_either(parts: Parts, one: NamedFigure, other: NamedFigure) -> bool:
    """Whether units with one of two figures are asked for: "hộ nghèo hoặc hộ cận nghèo trên 20%"."""
    return not EITHER.isdisjoint(parts.sentence.bare_words[one.span.end : other.span.start])


def has_verb(parts: Parts, one: NamedFigure, other: NamedFigure) -> bool:
    """Whether a word such as "có" or "còn" stands before the second of two figures: it is said of the unit."""
    tokens = parts.sentence.tokens
    return any(span.tag is Tag.FILLER and not span.lists(tokens) for span in between(parts, one, other))


def denies(parts: Parts, figure: Span) -> bool:
    """Whether a "chưa có" stands right before a figure, or within its name."""
    spans = [
        span
        for span in parts.sentence.spans
        if span.tag is not Tag.FILLER or span.lists(parts.sentence.tokens)
    ]
    before = next((one for one, other in pairwise(spans) if other is figure), None)
    return figure.denied or bool(before and before.tag is Tag.NEGATION and before.value)


def bounds_of(parts: Parts, figure: Span) -> tuple[Bound, ...]:
    """The bounds that are said of one of the figures named."""
    owners = owners_of_bounds(parts)
    return tuple(bound for span, owner in owners if owner is figure for bound in span.value)


def owners_of_bounds(parts: Parts) -> list[tuple[Span, Span | None]]:
    """Of which figure each bound is said: of the one that it stands right beside, and of two as the first bound stands.

    "Hộ nghèo trên 15%, dưới 10 nhà tạm", "trên 15% hộ nghèo, dưới 10 nhà tạm", "trên 100 hộ nghèo nhưng nhà tạm dưới 31".
    """
    names, tokens = parts.what.certain, parts.sentence.tokens
    spans = [span for span in parts.sentence.spans if span.tag is not Tag.FILLER or span.lists(tokens)]
    owners = list[tuple[Span, Span | None]]()
    for place, span in enumerate(spans):
        if span.tag is not Tag.BOUND:
            continue
        behind = next((one for one in spans[place + 1 : place + 2] if one in names), None)
        before = owner_before(spans[:place], names, owners)
        first = owners[0] if owners else None
        leads = first is not None and first[1] is not None and first[1].start > first[0].start
        either = behind if leads else before
        one = either if before and behind else before or behind
        owners.append((span, one or nearest_name(names, span)))
    return owners


def owner_before(
    spans: Sequence[Span], names: Sequence[Span], owners: Sequence[tuple[Span, Span | None]]
) -> Span | None:
    """The figure that stands right before, or of which the bound right before is said."""
    last = spans[-1] if spans else None
    if last in names:
        return last
    return next(
        (owner for span, owner in owners if span is last and owner and owner.start < span.start), None
    )


def nearest_name(names: Sequence[Span], bound: Span) -> Span | None:
    """The last figure before a bound, else the first behind it."""
    before = [name for name in names if name.end <= bound.start]
    return before[-1] if before else next(iter(names), None)


def alone(question: Ranking) -> Iterator[Ranking]:
    """The question of each condition by itself."""
    plain = replace(question, also=())
    if question.also:
        yield plain
    for one in question.also:
        order = Order.HIGHEST if one.bounds[0].relation in HIGH else Order.LOWEST
        yield replace(plain, measure=one.measure, bounds=one.bounds, order=order)


def other_ends(parts: Parts, question: Ranking) -> list[Ranking]:
    """The questions of further figures, each with its own end: "nhiều hộ nghèo nhất nhưng ít nhà tạm nhất"."""
    figures = parts.what.certain
    said = parts.sentence.bare_words
    # the "nhất" behind "nhiều hộ nghèo" closes what is begun
    orders = [span for span in parts.sentence.of(Tag.ORDER) if said[span.start : span.end] != ["nhat"]]
    if len(figures) < 2 or len(orders) != len(figures):
        return []
    others = list(zip(figures, orders, strict=True))[1:]
    return [replace(question.measuring(*one.value), order=Order(order.value)) for one, order in others]
