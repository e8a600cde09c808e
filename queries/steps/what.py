"""Steps about what is measured: one indicator or domain, and bounds that fit it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from plans.indicator import Indicator
from plans.minority import MINORITY, general_of
from queries.counted_instead import counted_instead
from queries.frames import (
    Aspect,
    Bound,
    By,
    Compare,
    Intent,
    ListingQuestion,
    Lookup,
    Measure,
    Missing,
    Open,
    Progress,
    Question,
    Ranking,
    Relation,
    Trend,
    as_kind,
)
from queries.measured import counted_in, is_share
from queries.parts import Parts
from queries.planned import upcoming
from queries.repair import all_known, meant_beside, meant_by_all, of_two_times, unexplained, unknown
from queries.spans import Tag
from queries.steps.units import of_level_asked
from queries.timed import is_whole_year
from queries.understanding import (
    ANY,
    FELL,
    NONE,
    UNMOVED,
    WHOLE,
    Doubt,
    Offer,
    Understanding,
    ask,
    question_offers,
    which_indicator,
    without_rest,
)
from queries.vocabulary import ADDED, HOW_MUCH, IN_GENERAL, INNER, STATES, grammar
from questionnaires.answers.text import bare

SPELLED: Final = 4
"""A name of fewer words may be said by chance."""
OWN_WORDS: Final = frozenset(("minh", "toi", "ta", "em"))
NUMBERS: Final = {2: ("2", "hai"), 3: ("3", "ba"), 4: ("4", "bon"), 5: ("5", "nam")}
"""How many is said, in figures or as a word."""
OFFERED_DONE: Final = 6
"""How many figures that count what was done are offered."""


def explained(parts: Parts, question: Question) -> Question | Understanding:
    """Ask about words left over, unless one indicator has all of them in a name."""
    if not isinstance(question, Missing) and (two := of_two_times(parts, question)):
        return two
    if not parts.unread:
        return question
    if isinstance(question, Missing):
        return of_reports_meant(parts, question)
    return of_figure_meant(parts, question)


def of_figure_meant(parts: Parts, question: Question) -> Question | Understanding:
    """The question about the figure that has all words left over in a name; else ask about them."""
    id = meant_by_all(parts) or meant_beside(parts)
    # "Bao nhiêu hộ dùng nước công trình tập trung" has all the words of a figure that counts works.
    fits = id and not any(counted_instead(parts.sentence, [parts.plans[id]]))
    return of_indicator_meant(parts, question, id) if fits else unexplained(parts, question)


def of_reports_meant(parts: Parts, question: Missing) -> Missing | Understanding:
    """The same for a question about reports: those of a domain that all words left over name, or of each of several."""
    back = unexplained(parts, question)
    if back.doubt is not Doubt.WHICH_INDICATOR:
        return back
    if not all_known(parts) or grammar().issuperset(back.words):
        return unknown(parts, question)
    ids = [offer.value for offer in back.offers]
    return of_only_domain(parts, question, ids) or of_each_domain(parts, question, ids, back.words)


def of_indicator_meant(parts: Parts, question: Question, id: str) -> Question:
    """The question about the indicator that all words name together; about its value, if no kind was said."""
    named = question.measuring(id)
    narrowed = replace(named.measure, narrowed=parts.what.is_narrower(id))
    said = not isinstance(question, Progress) or parts.asks_progress
    kind = question.intent if said and not isinstance(question, Open) else Intent.FIGURE
    return as_kind(replace(named, measure=narrowed), kind)


def of_each_domain(
    parts: Parts, question: Missing, ids: Iterable[str], words: tuple[str, ...]
) -> Understanding:
    """Reporting is tracked by domain: offer those of the indicators named, each as a question."""
    domains = dict.fromkeys(parts.plans[id].domain for id in ids)
    ways = (replace(question, measure=Measure(domain=domain)) for domain in domains)
    return Understanding("clarify", question, Doubt.WHICH_INDICATOR, question_offers(ways), words)


def of_only_domain(parts: Parts, question: Missing, ids: Iterable[str]) -> Missing | None:
    """Who has reported in the one domain of the indicators named; None if there are several."""
    domains = {parts.plans[id].domain for id in ids}
    return replace(question, measure=Measure(domain=min(domains))) if len(domains) == 1 else None


def named_surely(parts: Parts, question: Question) -> Question | Understanding:
    """Ask which indicator an ambiguous name means; for reporting, use the domain that they share."""
    doubtful = parts.what.doubtful
    if not doubtful:
        return question
    if isinstance(question, Open | Lookup | Progress) and are_all_counted(parts, doubtful):
        return of_those_meant(question, doubtful)
    domain = of_only_domain(parts, question, doubtful) if isinstance(question, Missing) else None
    figures = isinstance(question, Lookup | Ranking | Trend | Compare)
    # "xã mình giải ngân vốn đầu tư …": of a mere name it is asked whose figure is meant
    if domain is None and (figures or asks_of_own_unit(parts, question)):
        own = of_level_asked(parts, question, sharing_words(parts, doubtful)) or doubtful
        return of_those_meant(question, own) if len(own) == 1 else which_indicator(question, own)
    return domain or which_indicator(question, doubtful)


def are_all_counted(parts: Parts, ids: Sequence[str]) -> bool:
    """Whether an ambiguous name begins with how many it means: "4 dự án tái định cư", of which a plan names four."""
    names = (span for span in parts.sentence.of(Tag.INDICATOR) if len(span.value) > 1)
    first = {bare(parts.sentence.said(span)[0]) for span in names}
    return not first.isdisjoint(NUMBERS.get(len(ids), ()))


def asks_of_own_unit(parts: Parts, question: Question) -> bool:
    """Whether an open question asks how much the asker's own unit has: "xã mình giải ngân vốn đầu tư được bao nhiêu"."""
    own = OWN_WORDS.intersection(map(bare, parts.sentence.words(Tag.OWN)))
    return isinstance(question, Open) and bool(own) and parts.sentence.says(HOW_MUCH)


def of_those_meant(question: Question, ids: Sequence[str]) -> Question:
    """The question of the indicators that are meant; of their values where no kind was said."""
    named = question.measuring(*ids)
    return as_kind(named, Intent.FIGURE) if isinstance(question, Open) else named


def sharing_words(parts: Parts, ids: Sequence[str]) -> Sequence[str]:
    """Those of some indicators whose names have everything named: "giải ngân dự án 1 vốn đầu tư"; all if none has."""
    named = parts.sentence.words(Tag.INDICATOR, Tag.DOMAIN)
    words = frozenset(map(bare, filter(str.isalnum, named))) - INNER
    called = parts.context.dictionary.called
    return [id for id in ids if words <= called[id]] or ids


def of_something(parts: Parts, question: Open) -> Understanding:
    """Ask what is wanted if there is only a place, a time or "còn": that is no question for figures."""
    on = parts.sentence.of(Tag.FOLLOW) or question.places or question.periods
    return which_indicator(question) if on else Understanding("refuse", question, Doubt.OUTSIDE)


def of_something_measured(
    parts: Parts, question: Lookup | Ranking | Trend | Compare
) -> Question | Understanding:
    """Ask what is measured, unless the units themselves are counted."""
    units = isinstance(question, Ranking) and question.counts_units and not question.when
    return question if question.measure or units else which_indicator(question)


def of_one_domain(parts: Parts, question: Progress) -> Question | Understanding:
    """Progress is told for one domain, or for all of them as of now; the tables of tasks and works are of all domains."""
    if (parts.lists_tasks or parts.lists_works) and question.measure:
        spans = parts.sentence.of(Tag.INDICATOR, Tag.DOMAIN)
        words = parts.sentence.words(Tag.INDICATOR, Tag.DOMAIN)
        return ask(question, Doubt.TOGETHER, words, parts.without(*spans))
    if parts.lists_tasks:
        return replace(
            question, when=upcoming(parts)
        )  # a day without a year is one by which they have to be done
    if len({parts.plans[id].domain for id in question.indicators}) > 1:
        return which_indicator(question, question.indicators)
    past = question.when.ago or (question.periods and question.periods[-1][1] < parts.context.today)
    return (
        which_indicator(question)
        if past and not (question.measure or is_of_targets_due(question))
        else question
    )


def is_of_targets_due(question: Progress) -> bool:
    """Whether it asks for the table of targets, of those of one year: "chỉ tiêu nào hết hạn 2025 mà không đạt"."""
    return question.standing is not None and len(question.periods) == 1 and is_whole_year(question.periods[0])


def of_what_was_done(parts: Parts, question: Question) -> Question | Understanding:
    """Use an indicator that counts what was done, if that is asked: it is not what remains."""
    measure = question.measure
    if measure.aspect is not Aspect.DONE or not measure.indicators:
        return question
    id = measure.indicators[0]
    if isinstance(question, Lookup) and parts.plans[id].done:
        return question
    level = replace(question, measure=replace(measure, aspect=Aspect.LEVEL))
    ids = parts.context.dictionary.by_domain[parts.plans[id].domain]
    growing = [other for other in ids if parts.plans[other].better == "up"]
    return which_indicator(level, [*growing[: OFFERED_DONE - 1], id])


def with_everybodys(parts: Parts, question: Compare) -> Question:
    """The figure of the minorities beside everybody's: "tỷ lệ hộ nghèo DTTS so với tỷ lệ chung"."""
    ids = question.indicators
    if len(ids) != 1 or not compares_with_everybody(parts):
        return question
    general = general_of(parts.plans).get(ids[0])
    return question.measuring(*ids, general) if general else question


def compares_with_everybody(parts: Parts) -> bool:
    """Whether what is said to compare with is the figure in general: "so với tỷ lệ chung"."""
    behind = [span.end for span in parts.sentence.of(Tag.INTENT) if span.value is Intent.COMPARE]
    return any(IN_GENERAL.at(parts.sentence.tokens, end) for end in behind)


def with_a_goal(parts: Parts, question: Question) -> Question | Understanding:
    """Of what is missing to a plan's number, use the figure of the same words that has one, if the one named has none.

    Of «nước phân tán» a share is counted, and plans say how many households are to be helped. What is counted of the
    minorities is left to the answer, which tells it as such.
    """
    of_plans = question.measure.aspect is Aspect.GAP and question.measure.aim is None
    if not of_plans or len(question.indicators) != 1:
        return question
    id, called = question.indicators[0], parts.context.dictionary.called
    if has_goal(parts, id):
        return question
    said = frozenset(map(bare, parts.sentence.words(Tag.INDICATOR))) - INNER
    alike = parts.context.dictionary.by_domain[parts.plans[id].domain]
    others = [
        other
        for other in alike
        if said <= called[other] and has_goal(parts, other) and MINORITY not in parts.plans[other].name()
    ]
    if len(others) == 1:
        return question.measuring(others[0])
    return which_indicator(question, others) if others else question


def has_goal(parts: Parts, id: str) -> bool:
    """Whether a plan sets a number for an indicator."""
    plans = parts.context.dictionary.plans
    return any(target.numbered for target in plans.targets_of(id, plans.programmes.values()))


def of_its_state(parts: Parts, question: Question) -> Question:
    """Use what was finished where what is under way was named, and the reverse, if the words say so.

    "Công trình nước tập trung đã làm" and "… đang làm" are told apart by one small word, which a name may lack.
    """
    if len(question.indicators) != 1:
        return question
    state, id = state_said(parts), question.indicators[0]
    if state == "finished" and parts.plans[id].better == "up":
        # a province has several kinds of what was finished, each with a figure
        several = isinstance(question, Lookup) and "tinh" in parts.where.levels(question.places)
        others = parts.plans[id].done[: None if several else 1]
    else:
        others = going_on(parts, id)[:1] if state == "under_way" else ()
    return question.measuring(*others) if others else question


def going_on(parts: Parts, id: str) -> tuple[str, ...]:
    """The indicators of works under way, of which `id` counts those that were finished."""
    plans = parts.plans.items()
    return tuple(other for other, one in plans if one.better == "up" and one.stock and id in one.done)


def state_said(parts: Parts) -> str:
    """Whether works are said to be finished or under way; "" if neither, or both, is said."""
    tokens = parts.sentence.tokens
    said = {state[0] for place in range(len(tokens)) if (state := STATES.at(tokens, place))}
    return said.pop() if len(said) == 1 else ""


def of_what_was_added(parts: Parts, question: Lookup | Ranking) -> Question:
    """Tell by how much a stock rose where what was added is asked: "có thêm bao nhiêu hộ nghèo". A flow is that itself."""
    if not asks_what_was_added(parts, question.measure):
        return question
    added = replace(question, measure=replace(question.measure, added=True))
    if isinstance(added, Lookup):
        return added if added.summed else as_kind(added, Intent.TREND)
    if added.order is None or added.picked:
        return added
    return replace(added, measure=replace(added.measure, aspect=Aspect.CHANGE, by=""))


def of_share(parts: Parts, question: Question) -> Question:
    """Use the share that belongs to an amount, if a share is asked for."""
    measure = question.measure
    if measure.by != "share" or not measure.indicators or measure.aspect is Aspect.DONE:
        return question
    return question.measuring(*(parts.what.share_of(id) or id for id in measure.indicators))


def bounded(parts: Parts, question: ListingQuestion) -> Question | Understanding:
    """Fit bounds to what is asked about; one without a unit takes the indicator's."""
    question = with_own_unit(parts, question)
    if mixes_units(question.bounds):
        rests = (parts.sentence.without([bound]) for bound in parts.sentence.of(Tag.BOUND))
        one_each = tuple(Offer("text", rest) for rest in rests)
        return ask(question, Doubt.TOGETHER, parts.sentence.words(Tag.BOUND), one_each)
    asked = [parts.plans[id] for id in question.indicators]
    if all(fits(parts, bound, indicator) for bound in question.bounds for indicator in asked):
        return replace(
            question,
            measure=replace(question.measure, by=measured_by(parts, question.measure, question.bounds)),
        )
    if len(question.indicators) > 1:
        return which_indicator(replace(question, bounds=()), question.indicators)
    spans = parts.sentence.of(Tag.BOUND)
    return ask(question, Doubt.TOGETHER, parts.sentence.words(Tag.BOUND), parts.without(*spans))


def mixes_units(bounds: Sequence[Bound]) -> bool:
    """Whether a number and a share are bounded at once: a figure is compared with both in one way only."""
    return len({bound.unit == "%" for bound in bounds if bound.unit}) > 1


def asks_what_was_added(parts: Parts, measure: Measure) -> bool:
    """Whether what was added to one stock is asked for, by a word for it beside the figure itself."""
    if measure.aspect is not Aspect.LEVEL or len(measure.indicators) != 1:
        return False
    remains = "nua" in parts.sentence.bare_words  # "phải xóa thêm bao nhiêu nhà tạm nữa"
    return not remains and parts.sentence.says(ADDED) and bool(parts.plans[measure.indicators[0]].stock)


def aimed(parts: Parts, question: Lookup) -> Question | Understanding:
    """Fit the value that is to be reached to the figure: one without a unit takes the figure's."""
    aim = question.measure.aim
    if aim is None or not question.indicators:
        return question
    indicator = parts.plans[question.indicators[0]]
    aim = as_aim_of(indicator, aim)
    if fits_as_told(aim, indicator):
        return replace(question, measure=replace(question.measure, aim=aim))
    spans = parts.sentence.of(Tag.BOUND)
    return ask(question, Doubt.TOGETHER, parts.sentence.words(Tag.BOUND), parts.without(*spans))


def as_aim_of(indicator: Indicator, aim: Bound) -> Bound:
    """Return a value to be reached in the figure's unit if it has none; at most that value where less is better."""
    if not aim.unit:
        share = is_share(indicator) and aim.value <= WHOLE
        aim = replace(aim, unit="%" if share else counted_in(indicator.name()))
    if indicator.better == "down" and aim.relation is Relation.AT_LEAST:
        aim = replace(aim, relation=Relation.AT_MOST)
    return aim


def with_own_unit(parts: Parts, question: ListingQuestion) -> ListingQuestion:
    """Give bounds without a unit that of what is asked about."""
    units = own_units(parts, question)
    if len(units) != 1 or question.bounds in ((ANY,), (NONE,), (FELL,), UNMOVED):
        return question
    bounds = (replace(bound, unit=bound.unit or min(units)) for bound in question.bounds)
    return replace(question, bounds=tuple(bounds))


def own_units(parts: Parts, question: ListingQuestion) -> set[str]:
    """The units of what is asked about; for shares also those counted, if a bound exceeds 100 %."""
    asked = [parts.plans[id] for id in question.indicators]
    units = {unit_of(parts, indicator, question.measure.by) for indicator in asked}
    more = any(bound.value >= WHOLE and not bound.unit for bound in question.bounds)
    return {counted_in(indicator.name()) for indicator in asked} if units == {"%"} and more else units


def unit_of(parts: Parts, indicator: Indicator, by: By) -> str:
    """An indicator's unit as a bound has it; "" if it is neither percent nor households nor people."""
    if is_share(indicator) or (by == "share" and is_part_of_all(parts, indicator)):
        return "%"
    return counted_in(indicator.unit_name())


def is_part_of_all(parts: Parts, indicator: Indicator) -> bool:
    """Whether another questionnaire counts the total of which this indicator counts a part, so that it can be told as
    a share."""
    return parts.context.dictionary.plans.whole_of(indicator) is not None


def measured_by(parts: Parts, measure: Measure, bounds: Iterable[Bound]) -> By:
    """How to measure what is compared with bounds: a number by its share of all if they are in percent."""
    percent = any(bound.unit == "%" for bound in bounds)
    numbers = percent and not any(is_share(parts.plans[id]) for id in measure.indicators)
    return "share" if numbers else measure.by


def fits(parts: Parts, bound: Bound, indicator: Indicator) -> bool:
    """Whether a bound fits an indicator, or in percent its share of all."""
    of_all = bound.unit == "%" and bound.value <= WHOLE and is_part_of_all(parts, indicator)
    return of_all or fits_as_told(bound, indicator)


def fits_as_told(bound: Bound, indicator: Indicator) -> bool:
    """Whether a bound fits an indicator: no percent for a count, no people where households are counted."""
    if bound.unit == "%":
        return is_share(indicator) and bound.value <= WHOLE
    if not bound.counts:
        return True
    return counted_in(indicator.name() if indicator.rate else indicator.unit_name()) == bound.unit


def with_a_rest(parts: Parts, question: Question) -> Question | Understanding:
    """Ask back if the complement of something is wanted that is no share."""
    if not question.complement or all(parts.plans[id].rate for id in question.indicators):
        return question
    words = parts.sentence.words(Tag.NEGATION)
    return without_rest(question, question.indicators, words, parts.context.dictionary.plans)


def spelled_out(parts: Parts, domain: str) -> str:
    """The one indicator of a domain whose name was said in full, in any order ("vốn đầu tư năm nay giải ngân …").

    Of a share and its number, the one asked for. "" if there is none, or several.
    """
    lengths = {id: length for length, id in sorted(names_spelled(parts, domain))}
    longest = [id for id, length in lengths.items() if length == max(lengths.values())]
    alike = [id for id in longest if is_share(parts.plans[id]) is (parts.what.by == "share")]
    return alike[0] if len(alike) == 1 else ""


def names_spelled(parts: Parts, domain: str) -> Iterator[tuple[int, str]]:
    """The names of a domain's indicators that were said in full: how many words each has, with its id."""
    said = frozenset(parts.sentence.bare_words)
    for phrase, id in parts.context.dictionary.phrases:
        words = frozenset(phrase.split())
        if parts.plans[id].domain == domain and len(words) >= SPELLED and words <= said:
            yield len(words), id


def of_more_than_domain(parts: Parts, question: Question) -> Question | Understanding:
    """Ask for an indicator where a domain alone has no figure: "bao nhiêu", "chưa có"."""
    if not question.domain or question.indicators or isinstance(question, Missing):
        return question
    if parts.what.counts_domain and (id := spelled_out(parts, question.domain)):
        return question.measuring(id)
    if parts.what.denies_domain or parts.what.counts_domain:
        return which_indicator(question, parts.context.dictionary.of_domain(question.domain))
    return question
