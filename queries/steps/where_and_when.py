"""Steps about places and times: ask back which are meant if that is not certain."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from plans.indicator import Indicator
from queries.frames import (
    Aspect,
    Compare,
    Intent,
    Lookup,
    Missing,
    Plan,
    Progress,
    Question,
    Ranking,
    Than,
    Trend,
    When,
    as_kind,
)
from queries.going_on import beside, follows, go_on
from queries.parts import Parts
from queries.plan_names import plans_named
from queries.repair import near_places
from queries.side_by_side import at_odds
from queries.spans import Tag
from queries.understanding import (
    Doubt,
    Offer,
    Understanding,
    ask,
    place_offers,
    question_offer,
    question_offers,
)
from queries.vocabulary import LEVELS, MINE
from queries.where import level_of, size
from questionnaires.answers.places import Reader
from questionnaires.answers.tokens import Token

NAMESAKES: Final = 48
"""How many places with the same name are offered on a page."""
WIDE: Final = ("huyen", "tinh")
"""The levels whose names mean a place wherever they stand; a commune's may be ordinary words ("an ninh")."""
LONGEST_KIND: Final = 2
"""How many words a kind of place has at most: "thành phố"."""


def placed(parts: Parts, question: Question) -> Question | Understanding:
    """Settle the places named; each must be one that the asker may ask about."""
    where = parts.where
    if words := where.unseen or place_elsewhere(parts):
        others = seen_places(parts) or near_places(parts, words) or place_offers((parts.context.asker.place,))
        return ask(question, Doubt.NO_PLACE, words, (*by_plan(parts, question), *others))
    if words := where.misplaced:
        return ask(question, Doubt.NO_PLACE, words, seen_places(parts))
    if parts.without_reference and isinstance(question, Ranking):
        return than_own(parts, question)
    if where.doubtful and not parts.unread:
        return which_place(parts, question)
    return beside(parts, replace(question, places=where.places(where.groups)))


def place_elsewhere(parts: Parts) -> tuple[str, ...]:
    """The words of a district or province far from the asker; () for none.

    No table of theirs knows the name, and the figures of a plan may have it in theirs ("Nhiệm vụ … của Bạch Thông").
    """
    tokens, unknown = parts.sentence.tokens, {span.start for span in parts.sentence.of(Tag.UNKNOWN)}
    reader = Reader(tokens, parts.context.gazetteer)
    for name in chain.from_iterable(map(reader.names, sorted(unknown))):
        wide = any(level_of(unit) in WIDE for unit in name.meant)
        # With its kind it is told as an invented name is: nobody learns from the answer which of them exist.
        if with_kind(tokens, name.start) < name.start:
            return ()
        if wide and len(name.words) > 1 and unknown.issuperset(range(name.start, name.end)):
            return tuple(token.text for token in tokens[name.start : name.end])
    return ()


def with_kind(tokens: Sequence[Token], start: int) -> int:
    """Return where a name begins with the kind that stands before it, "tỉnh Nghệ An"; `start` without one."""
    kinds = ((at, LEVELS.at(tokens, at)) for at in range(max(0, start - LONGEST_KIND), start))
    return next((at for at, kind in kinds if kind and kind[1] == start), start)


def by_plan(parts: Parts, question: Question) -> tuple[Offer, ...]:
    """Offer what the plan sets whose name was said: "nước hợp vệ sinh Bắc Kạn" of someone who sees no such place."""
    named, known = plans_named(parts), parts.context.dictionary.plans.indicators
    if len(named) != 1 or not question.indicators:
        return ()
    topic = tuple(known[question.indicators[0]].name().lower().split())
    plan = Plan(about="target", topic=topic, plans=(named[0].id,), measure=question.measure, stands=True)
    return (question_offer(plan),)


def than_own(parts: Parts, question: Ranking) -> Understanding:
    """ "Cao hơn mức chung của huyện" of someone without a district: offer to hold units against their own unit."""
    said, than = parts.sentence.words(Tag.OWN, Tag.NATION), parts.sentence.of(Tag.THAN)[0]
    held = replace(question, than=Than(than.value, parts.context.asker.place))
    return ask(question, Doubt.NO_PLACE, said, question_offers([held]))


def ranked(parts: Parts, question: Ranking) -> Ranking:
    """ "Nà Hin đứng thứ mấy", "Quế Phong, Con Cuông nơi nào nghèo nhất": list the units of their own level.

    Of a larger unit around it that the asker may not ask about, those are listed that they may.
    """
    ranks = parts.which.asks_rank
    of_named = len(question.places) > 1 and parts.which.asks_where
    seen = tuple(filter(parts.context.asker.sees, question.places)) if ranks else ()
    places = seen or question.places
    if question.level or not (ranks or of_named):
        return replace(question, places=places)
    return replace(question, places=places, level=next(iter(parts.where.levels(places[:1])), ""))


def within_larger_unit(parts: Parts, question: Lookup) -> Lookup | Understanding:
    """ "Phủ Thông chiếm bao nhiêu phần trăm của huyện": add the unit that the place is a part of."""
    if parts.sentence.of(Tag.PART) and len(parts.what.named) > 1:
        return of_share(parts, question)
    if parts.larger_unit is None:
        return question
    if parts.what.aspect is not Aspect.LEVEL:
        spans = parts.sentence.of(Tag.PART)
        return ask(question, Doubt.TOGETHER, parts.sentence.words(Tag.PART), parts.without(*spans))
    return replace(question, places=part_and_whole(parts, parts.larger_unit))


def of_share(parts: Parts, question: Lookup) -> Lookup | Understanding:
    """Ask for the share that one figure named has of the other; offer each if no figure tells it."""
    if share := part_of_figure(parts):
        return question.measuring(share)
    said = chain.from_iterable(parts.sentence.values(Tag.INDICATOR))
    offers = tuple(Offer("indicator", id) for id in dict.fromkeys(said))
    return ask(question, Doubt.TOGETHER, parts.sentence.words(Tag.PART), offers)


def part_and_whole(parts: Parts, larger: int) -> tuple[int, ...]:
    """The places named, the smallest first, or the asker's own; then the `larger` unit, if one was named."""
    named = [units[0].id for units in sorted(parts.where.groups, key=lambda units: size(units[0]))]
    named = named or [parts.context.asker.place]
    return tuple(dict.fromkeys((*named, *((larger,) if larger else ()))))


def part_of_figure(parts: Parts) -> str:
    """The share that one figure named has of the other, by id: "hộ nghèo DTTS chiếm bao nhiêu % trong hộ nghèo"; "" if
    nothing tells it."""
    if len(parts.what.certain) != 2:
        return ""
    part, whole = (parts.plans[span.value[0]].numerator for span in parts.what.certain)
    return share_of(parts.plans, part, whole)


def share_of(plans: Mapping[str, Indicator], part: tuple[str, ...], whole: tuple[str, ...]) -> str:
    """The id of the share that some questions have of others, not of what is left of them; "" if there is none."""
    shares = (one for one in plans.values() if one.numerator == part and one.denominator == whole)
    return next((one.id for one in shares if not one.minus), "")


def seen_places(parts: Parts) -> tuple[Offer, ...]:
    """Those of the places named that the asker may ask about."""
    first = (units[0].id for units in parts.where.groups)
    return place_offers(filter(parts.context.asker.sees, first))


def which_place(parts: Parts, question: Question) -> Understanding:
    """A name fits several places: offer these, beside the places that are certain."""
    where = parts.where
    nearest = where.nearest(chain.from_iterable(where.doubtful))[:NAMESAKES]
    offers = place_offers(unit.id for unit in nearest)
    several = len(where.doubtful) > 1
    with_one = replace(question, places=(where.doubtful[0][0].id,))
    if parts.before is not None and follows(parts, with_one):
        question = go_on(parts.before, with_one)
    elif several and isinstance(question, Compare):
        question = as_kind(question, Intent.FIGURE)
    if several:
        return Understanding("clarify", replace(question, places=()), Doubt.ONE_PLACE, offers)
    return Understanding(
        "clarify", replace(question, places=where.places(where.sure)), Doubt.WHICH_PLACE, offers
    )


def in_time(parts: Parts, question: Question) -> Question | Understanding:
    """Settle the time, if there can be an answer for it."""
    time, sentence = parts.time, parts.sentence
    if words := time.against_no_year:
        return ask(question, Doubt.WHICH_PERIOD, words, parts.without(*time.of_previous))
    if odd := at_odds(sentence):
        words = tuple(chain.from_iterable(map(sentence.said, odd)))
        either = tuple(Offer("text", sentence.without([other])) for other in reversed(odd))
        return ask(question, Doubt.TOGETHER, words, either)
    if words := parts.where.not_own:
        if parts.sentence.of(Tag.PART):
            return ask(question, Doubt.NO_PLACE, words, of_larger_units(parts, question))
        return ask(question, Doubt.NO_PLACE, words, parts.without(*sentence.of(Tag.OWN, Tag.NATION)))
    if time.to_come and isinstance(question, Progress):
        return replace(question, when=When())
    if time.to_come:
        spans = sentence.of(Tag.FUTURE, Tag.PERIOD)
        return ask(question, Doubt.FUTURE, sentence.words(Tag.FUTURE, Tag.PERIOD), parts.without(*spans))
    if words := time.statutory:
        return ask(question, Doubt.WHICH_DAYS, words, parts.without(*sentence.of(Tag.PERIOD)))
    if not all(map(parts.context.asker.sees, question.places)):
        spans = sentence.of(Tag.OWN, Tag.NATION)
        return ask(question, Doubt.NO_PLACE, sentence.words(Tag.OWN, Tag.NATION), parts.without(*spans))
    return question


def of_larger_units(parts: Parts, question: Question) -> tuple[Offer, ...]:
    """Offer the asker's own larger units of which a place may be a part, if the one named is none."""
    asker, units = parts.context.asker, parts.context.gazetteer.units
    place = next(iter(question.places), asker.place)
    own = {id for id in asker.own_levels.values() if asker.sees(id) and size(units[id]) > size(units[place])}
    part = replace(question.measure, aspect=Aspect.PART, by="")
    return question_offers(Lookup(measure=part, places=(place, id), when=question.when) for id in sorted(own))


def in_each_said(parts: Parts, question: Ranking) -> Ranking:
    """ "Thôn nào thiếu nước cả tháng 9 và tháng 10": pick the units by each of the periods that are named."""
    is_said = bool(question.bounds) and question.measure.aspect is not Aspect.CHANGE and parts.time.names_each
    return replace(question, when=When(periods=tuple(parts.time.days), run=True)) if is_said else question


def gone_on(parts: Parts, question: Question) -> Question:
    """Continue the question before, if this one is incomplete."""
    if parts.before is None or not follows(parts, question):
        return question
    if isinstance(question, Progress) and not parts.asks_progress:
        question = as_kind(question, Intent.UNKNOWN)  # a mere place: "của thôn Nà Hin"
    if not question.places and parts.sentence.says(MINE):
        question = replace(question, places=(parts.context.asker.place,))
    return go_on(parts.before, question)


def of_one_place(parts: Parts, question: Trend | Missing | Progress) -> Question | Understanding:
    """Ask for one place where only one can be told."""
    if len(question.places) <= 1:
        return question
    offers = place_offers(question.places)
    return Understanding("clarify", replace(question, places=()), Doubt.ONE_PLACE, offers)


def summed_up(parts: Parts, question: Question) -> Question | Understanding:
    """For a flow, "up to" a time counts from the year's beginning; it has no figure of a moment."""
    if all(parts.plans[id].stock for id in parts.indicators_of(question)):
        return question
    if parts.time.up_to:
        return replace(question, when=from_new_year(parts, question))
    points = parts.sentence.of(Tag.POINT)
    words = parts.sentence.words(Tag.POINT)
    return ask(question, Doubt.WHICH_PERIOD, words, parts.without(*points)) if points else question


def from_new_year(parts: Parts, question: Question) -> When:
    """The time from a year's beginning to the end of the one asked for; several times stay as they are."""
    when, today = question.when, parts.context.today
    if len(when.periods) > 1 or when.back or isinstance(question, Trend):
        return when
    first, last = when.periods[0] if when.periods else (today, today)
    return replace(when, periods=((min(first, last.replace(month=1, day=1)), last),))
