"""Steps for questions that pick units by several figures at once.

"Thôn nào hộ nghèo trên 30% chưa có điện lưới": each figure has its own bounds and its own "chưa có". If they may
belong to one figure or to all, the bot asks which.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
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
    Lookup,
    Measure,
    Order,
    Question,
    Ranking,
    Relation,
)
from queries.parts import Parts
from queries.spans import Span, Tag
from queries.steps.what import fits, fits_as_told, measured_by, with_own_unit
from queries.understanding import ANY, NONE, Doubt, Understanding, ask, question_offers, which_indicator
from queries.vocabulary import BOTH

OTHERWISE_PICKED: Final = (
    *(Tag.TARGET, Tag.THAN, Tag.MOVED, Tag.DONE, Tag.GAP, Tag.PREVIOUS, Tag.NUMBER, Tag.DOMAIN),
)
"""Beside one of these, units are picked by one figure."""
BESIDE: Final = frozenset(("ma", "lan"))
"""Joins figures as "và" does: "thiếu nước mà hộ nghèo trên 20%", "cả … lẫn …"."""
EITHER: Final = frozenset(("hay", "hoac"))
"""Between two figures: units that meet one of them are wanted."""
HIGH: Final = (Relation.ABOVE, Relation.AT_LEAST)


@dataclass(frozen=True, slots=True)
class NamedFigure:
    """A figure that a question names, with what is said about it alone."""

    span: Span
    bounds: tuple[Bound, ...]
    denied: bool

    @property
    def id(self) -> str:
        return str(self.span.value[0])

    @property
    def is_held(self) -> bool:
        """Whether what is said about it picks units."""
        return bool(self.bounds) or self.denied


def joined(parts: Parts, question: ListingQuestion) -> Question | Understanding:
    """Give each figure its own conditions; ask about those that may belong to one figure or to all."""
    figures = figures_of(parts)
    if not is_of_several(parts, question, figures):
        return question
    if isinstance(question, Ranking) and (ready := conditions(parts, question, figures)):
        return with_conditions(question, ordered_first(parts, figures, ready))
    if isinstance(question, Ranking) and (rest := ordered_among(parts, question, figures)):
        return rest
    held = [one for one in figures if one.bounds]
    listed = question.measure.aspect is Aspect.LEVEL and parts.sentence.of(Tag.AND)
    if not held or (len(held) == 1 and not listed):
        return question
    return which_condition(parts, question, figures)


def figures_of(parts: Parts) -> list[NamedFigure]:
    """The figures named, each with what is said about it alone; a "chưa có" carries over a mere "và"."""
    figures = list[NamedFigure]()
    bounds = bounds_by_figure(parts)
    for span in parts.what.certain:
        figure = NamedFigure(span, tuple(bounds[span.start]), denies(parts, span))
        if figures and carries_denial(parts, figures[-1], figure):
            figure = replace(figure, denied=True)
        figures.append(figure)
    return figures


def ordered_first(
    parts: Parts, figures: Sequence[NamedFigure], every: tuple[Condition, ...]
) -> tuple[Condition, ...]:
    """The conditions with that of the second figure first, if it is the one that is ordered: "vừa thiếu nước vừa nhiều
    nhà tạm" is in the order of the houses."""
    starts = [span.end for span in parts.sentence.of(Tag.ORDER)]
    return every[::-1] if len(figures) == 2 and starts == [figures[1].span.start] else every


def carries_denial(parts: Parts, one: NamedFigure, other: NamedFigure) -> bool:
    """Whether what denies one figure denies the next, too: nothing but a mere "và" stands between them."""
    if not one.denied or other.is_held:
        return False
    return not has_verb(parts, one, other) and is_apart(parts, one, other)


def named_apart(parts: Parts, question: Question) -> Question | Understanding:
    """Offer each of several indicators alone if a "chưa có" may deny any of them, or if their names run together."""
    if len(question.indicators) < 2 or not (question.complement or parts.what.run_together):
        return question
    if isinstance(question, Lookup) and all(span.denied for span in parts.what.certain):
        return question
    figures = figures_of(parts)
    level = replace(question, measure=replace(question.measure, aspect=Aspect.LEVEL))
    if len(figures) != len(question.indicators) or not any(one.is_held for one in figures):
        return which_indicator(level, question.indicators)
    ways = question_offers(by_itself(parts, level, one) for one in figures)
    return Understanding("clarify", level, Doubt.WHICH_INDICATOR, ways)


def by_itself(parts: Parts, question: Question, figure: NamedFigure) -> Question:
    """Return the question about one of its figures, with only what is said about that one."""
    if isinstance(question, Ranking) and (one := condition(parts, question, figure)):
        return replace(question, measure=one.measure, bounds=one.bounds)
    rest = figure.denied and bool(parts.plans[figure.id].rate)
    aspect = Aspect.REST if rest else Aspect.LEVEL
    of_one = replace(
        question, measure=replace(question.measure, indicators=(figure.id,), domain="", aspect=aspect)
    )
    return replace(of_one, bounds=figure.bounds) if isinstance(of_one, Listing) else of_one


def is_of_several(parts: Parts, question: ListingQuestion, figures: Sequence[NamedFigure]) -> bool:
    """Whether units are picked by conditions on several figures."""
    named = {one.id for one in figures}
    verbs = any(has_verb(parts, one, other) for one, other in pairwise(figures))
    listed = verbs and parts.sentence.of(Tag.LISTED, Tag.HOW_MANY)
    picked = any(one.is_held for one in figures) or parts.which.asks_which or bool(listed)
    return 1 < len(named) == len(figures) and picked and not parts.sentence.of(*OTHERWISE_PICKED)


def conditions(parts: Parts, question: Ranking, figures: Sequence[NamedFigure]) -> tuple[Condition, ...]:
    """What units must meet, figure by figure; () if that is uncertain."""
    apart = all(is_apart(parts, one, other) for one, other in pairwise(figures))
    return of_each(parts, question, figures) if apart and not shares_bound(parts, figures) else ()


def of_each(parts: Parts, question: Ranking, figures: Sequence[NamedFigure]) -> tuple[Condition, ...]:
    """The condition on each of some figures; () if one has none, or none that fits."""
    every = [condition(parts, question, one) for one in figures]
    sure = tuple(one for one in every if one is not None)
    return sure if len(sure) == len(every) else ()


def ordered_among(parts: Parts, question: Ranking, figures: Sequence[NamedFigure]) -> Ranking | None:
    """Return the units that meet what is said of the other figures, in the order of the first.

    "Thôn nào vừa nhiều hộ nghèo vừa thiếu nước". None if "vừa … vừa" does not join them, or one says nothing.
    """
    first, *others = figures
    begun = begins_ordered(parts, others[0])
    if joins_said(parts) < len(figures) or first.is_held or not begun or not one_end(parts):
        return None
    every = of_each(parts, question, others)
    # a "chưa có" is of the others: it denies nothing of the first
    measure = replace(question.measure, indicators=(first.id,), domain="", aspect=Aspect.LEVEL)
    return replace(question, measure=measure, also=every) if every else None


def joins_said(parts: Parts) -> int:
    """How many words of "vừa … vừa" are said."""
    return len([span for span in parts.sentence.of(Tag.AND) if span.is_in(BOTH, parts.sentence.tokens)])


def begins_ordered(parts: Parts, second: NamedFigure) -> bool:
    """Whether an order is said before the second figure, so of the first: "nhiều hộ nghèo"."""
    orders = parts.sentence.of(Tag.ORDER)
    return len(orders) in (1, 2) and orders[0].start < second.span.start


def one_end(parts: Parts) -> bool:
    """Whether one figure alone is ordered: a "nhất" behind "nhiều hộ nghèo" only closes it."""
    said = parts.sentence.bare_words
    orders = [span for span in parts.sentence.of(Tag.ORDER) if said[span.start : span.end] != ["nhat"]]
    return len(orders) <= 1


def condition(parts: Parts, question: Ranking, figure: NamedFigure) -> Condition | None:
    """The condition on one figure; None if there is none, or none that fits."""
    indicator = parts.plans[figure.id]
    rest = figure.denied and turns_round(parts, question, figure.id)
    bounds = figure.bounds or bounds_implied(figure, rest=rest, share=bool(indicator.rate))
    by: By = "count" if any(bound.counts for bound in bounds) else ""
    measure = Measure((figure.id,), aspect=Aspect.REST if rest else Aspect.LEVEL, by=by)
    one = with_own_unit(parts, replace(question, measure=measure, bounds=bounds))
    held = bool(bounds) and all(fits(parts, bound, indicator) for bound in one.bounds)
    measure = replace(measure, by=measured_by(parts, measure, one.bounds))
    return Condition(measure, one.bounds) if held else None


def bounds_implied(figure: NamedFigure, *, rest: bool, share: bool) -> tuple[Bound, ...]:
    """The condition on a figure without a number.

    A "chưa có" means none of it, or some of its `rest`. The mere name means some of it; that of a `share` means
    nothing.
    """
    if figure.denied:
        return (ANY,) if rest else (NONE,)
    return () if share else (ANY,)


def turns_round(parts: Parts, question: Ranking, id: str) -> bool:
    """Whether a "chưa có" asks for the complement; for something that should be low it asks for units with none."""
    indicator = parts.plans[id]
    level = question.level
    return bool(indicator.rate) and (indicator.better == "up" or parts.what.counts_units(id, level))


def with_conditions(question: Ranking, every: Sequence[Condition]) -> Ranking:
    """The question about units that meet all conditions, in the order of the first."""
    first, *others = every
    order = question.order or (Order.HIGHEST if first.bounds[0].relation in HIGH else Order.LOWEST)
    return replace(question, measure=first.measure, bounds=first.bounds, also=tuple(others), order=order)


def which_condition(parts: Parts, question: ListingQuestion, figures: Sequence[NamedFigure]) -> Understanding:
    """Ask which condition is meant: first a bound that may apply to all figures, then one at a time."""
    bare, offers = replace(question, bounds=()), list[Question]()
    if shares_bound(parts, figures):
        of_all = [replace(one, bounds=figures[-1].bounds) for one in figures]
        if any(is_either(parts, one, other) for one, other in pairwise(figures)):
            figures = of_all
        elif isinstance(question, Ranking) and (every := of_each(parts, question, of_all)):
            offers.append(with_conditions(question, every))
    offers += by_themselves(parts, bare, figures)
    return ask(bare, Doubt.ONE_BOUND, parts.sentence.words(Tag.BOUND), question_offers(offers))


def by_themselves(
    parts: Parts, question: ListingQuestion, figures: Sequence[NamedFigure]
) -> Iterator[Question]:
    """The question about each figure with a bound, with that bound alone."""
    ranking = as_ranking(question)
    every = (condition(parts, ranking, one) for one in figures if one.bounds)
    return (replace(question, measure=one.measure, bounds=one.bounds) for one in every if one is not None)


def as_ranking(question: ListingQuestion) -> Ranking:
    """The units that a question lists, in any format."""
    return question if isinstance(question, Ranking) else Ranking(level=question.level)


def shares_bound(parts: Parts, figures: Sequence[NamedFigure]) -> bool:
    """Whether a bound may apply to figures listed before it: "hộ nghèo và nhà tạm trên 10"."""
    at = next((at for at, one in enumerate(figures) if one.bounds), 0)
    before = [parts.plans[one.id] for one in figures[:at] if not one.is_held]
    return any(all(fits_as_told(limit, indicator) for limit in figures[at].bounds) for indicator in before)


def between(parts: Parts, one: NamedFigure, other: NamedFigure) -> list[Span]:
    """The spans between two figures."""
    return [span for span in parts.sentence.spans if one.span.end <= span.start < other.span.start]


def is_apart(parts: Parts, one: NamedFigure, other: NamedFigure) -> bool:
    """Whether something joins two figures; "hộ nghèo chưa có điện lưới" are some of the poor."""
    said, spans = parts.sentence.bare_words, between(parts, one, other)
    words = {word for span in spans for word in said[span.start : span.end]}
    if is_either(parts, one, other):
        return False
    listed = any(span.lists(parts.sentence.tokens) or span.tag is Tag.BOUND for span in spans)
    return listed or bool(words & BESIDE) or (one.denied and bool(other.bounds))


def is_either(parts: Parts, one: NamedFigure, other: NamedFigure) -> bool:
    """Whether units that meet one of two figures are wanted: "hộ nghèo hoặc hộ cận nghèo trên 20%"."""
    return not EITHER.isdisjoint(parts.sentence.bare_words[one.span.end : other.span.start])


def has_verb(parts: Parts, one: NamedFigure, other: NamedFigure) -> bool:
    """Whether a word such as "có" or "còn" precedes the second of two figures: then it is about the unit."""
    tokens = parts.sentence.tokens
    return any(span.tag is Tag.FILLER and not span.lists(tokens) for span in between(parts, one, other))


def denies(parts: Parts, figure: Span) -> bool:
    """Whether a "chưa có" stands right before a figure or within its name."""
    before = next((one for one, other in pairwise(without_grammar(parts)) if other is figure), None)
    return figure.denied or bool(before and before.tag is Tag.NEGATION and before.value)


def without_grammar(parts: Parts) -> list[Span]:
    """The spans of the question without grammar, except for words that list."""
    sentence = parts.sentence
    return [span for span in sentence.spans if span.tag is not Tag.FILLER or span.lists(sentence.tokens)]


def bounds_by_figure(parts: Parts) -> Mapping[int, list[Bound]]:
    """The bounds on each figure, by the place of its first word.

    A bound belongs to the figure right beside it, or to that of the bound right before it. With a figure on both
    sides, all follow the first bound: "hộ nghèo trên 15%, dưới 10 nhà tạm", "trên 15% hộ nghèo, dưới 10 nhà tạm",
    "trên 100 hộ nghèo nhưng nhà tạm dưới 31".
    """
    figures, spans = parts.what.certain, without_grammar(parts)
    owners = dict[int, Span]()
    by_figure = defaultdict[int, list[Bound]](list)
    ahead = False
    """Whether the first bound stands before its figure."""
    for place, bound in enumerate(spans):
        if bound.tag is not Tag.BOUND or not figures:
            continue
        sides = [*spans[:place][-1:], *spans[place + 1 : place + 2]]
        stand_for = (owners.get(span.start, span) for span in (reversed(sides) if ahead else sides))
        owner = next(filter(figures.__contains__, stand_for), nearest(figures, bound))
        ahead = ahead if owners else owner.start > bound.start
        owners[bound.start] = owner
        by_figure[owner.start] += bound.value
    return by_figure


def nearest(figures: Sequence[Span], bound: Span) -> Span:
    """The last of some figures before a bound, otherwise the first after it."""
    before = [figure for figure in figures if figure.end <= bound.start]
    return before[-1] if before else figures[0]


def alone(question: Ranking) -> Iterator[Ranking]:
    """Each condition as a question of its own."""
    plain = replace(question, also=())
    if question.also:
        yield plain
    for one in question.also:
        order = Order.HIGHEST if one.bounds[0].relation in HIGH else Order.LOWEST
        yield replace(plain, measure=one.measure, bounds=one.bounds, order=order)


def other_ends(parts: Parts, question: Ranking) -> list[Ranking]:
    """The questions about further figures, each with its own end: "nhiều hộ nghèo nhất nhưng ít nhà tạm nhất"."""
    figures = parts.what.certain
    said = parts.sentence.bare_words
    # the "nhất" behind "nhiều hộ nghèo" closes what is begun
    orders = [span for span in parts.sentence.of(Tag.ORDER) if said[span.start : span.end] != ["nhat"]]
    if len(figures) < 2 or len(orders) != len(figures):
        return []
    others = list(zip(figures, orders, strict=True))[1:]
    return [replace(question.measuring(*one.value), order=Order(order.value)) for one, order in others]
