"""From one way to cut a question into spans to what it asks, or to what has to be asked back.

Measure, place, time and units are read independently. The kind of question is the first in a table whose words occur.
Then each step either refines the question or asks back; nothing is guessed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from types import UnionType
from typing import Any, Final

from plans.levels import LEVELS
from queries.capital import of_capital
from queries.context import QuestionContext
from queries.frames import (
    Asking,
    Aspect,
    Compare,
    Difficulties,
    Help,
    Intent,
    Listing,
    Lookup,
    Missing,
    Open,
    Plan,
    Progress,
    Question,
    Ranking,
    Trend,
    WhichTasks,
    as_kind,
)
from queries.going_on import more_than_before, none_of_before
from queries.parts import Parts
from queries.picked import settled_by_bounds, settled_by_number, settled_unchanged
from queries.planned import asked_again, plan_question
from queries.sending import settled_by_sender
from queries.side_by_side import settled_by_shorter
from queries.spans import Sentence, Span, Tag
from queries.steps import account, allotted, joint, units, what, where_and_when
from queries.tasking import WHY, settled_by_reason
from queries.understanding import OFFERED, Doubt, Offer, Understanding, question_offer, question_offers
from queries.vocabulary import DOCUMENTS, HOW_MUCH, THANKS
from questionnaires.answers.text import bare

NEAREST: Final = 4
"""How many figures are offered for something that nobody reports."""
REFUSED: Final[Sequence[tuple[Doubt, Callable[[Parts], Any]]]] = (
    (Doubt.PERSONAL, lambda parts: parts.sentence.of(Tag.PERSONAL)),
    (Doubt.CHANGE, lambda parts: set(parts.sentence.of(Tag.CHANGE)).difference(parts.what.needed)),
    (Doubt.OUTSIDE, lambda parts: parts.sentence.of(Tag.OUTSIDE)),
    (
        Doubt.THANKS,
        lambda parts: parts.sentence.says(THANKS) and not parts.sentence.meaningful,
    ),
    (Doubt.PERSONAL, lambda parts: parts.names_person),
    (
        Doubt.PERSONAL,
        lambda parts: (
            parts.what.asks_who and not (isinstance(parts.question, Missing) or asks_which_place(parts))
        ),
    ),
)
"""What is refused whatever else is asked, and how to recognise it; in order of precedence."""


def interpret(sentence: Sentence, context: QuestionContext, before: Question | None) -> Understanding:
    """What to do with a question cut like this; `before` is the one before it."""
    said = settled_unchanged(settled_by_bounds(sentence, context.dictionary))
    said = settled_by_reason(settled_by_sender(said))
    settled = settled_by_number(settled_by_shorter(said))
    parts = of_capital(Parts(settled, context, before))
    readings = (read(parts) for read in BEFORE_FIGURES)
    return next(filter(None, readings), None) or stepped(parts)


def refused(parts: Parts) -> Understanding | None:
    """What is refused, why, and what is offered in its place; None if it is not."""
    doubt = next((doubt for doubt, is_said in REFUSED if is_said(parts)), None)
    if doubt is None:
        return None
    return Understanding("refuse", Open(), doubt, in_sum(parts) if doubt is Doubt.PERSONAL else ())


def asks_which_place(parts: Parts) -> bool:
    """Whether an "ai" means one of the places compared: "Cẩm Giàng với Phủ Thông ai cao hơn"."""
    return parts.where.beside > 1 and bool(parts.sentence.of(Tag.THAN) or Intent.COMPARE in parts.kinds)


def of_plans(parts: Parts) -> Understanding | None:
    """The question about plans; None if it asks for something else."""
    plan = plan_question(parts)
    return taken_up(parts, plan) if plan else None


def of_before(parts: Parts) -> Understanding | None:
    """The question before, about another thing or with less or more of it; None if this one stands by itself."""
    again = asked_again(parts) or none_of_before(parts) or more_than_before(parts)
    return Understanding("answer", again, went_on=True) if again else None


def of_help(parts: Parts) -> Understanding | None:
    """The question how to ask; None for any other."""
    return Understanding("help", parts.question) if isinstance(parts.question, Help) else None


def in_sum(parts: Parts) -> tuple[Offer, ...]:
    """How many there are of those whose names are not told: "hộ nào còn ở nhà tạm"."""
    where, named = parts.where, [id for span in parts.what.certain for id in span.value]
    if not named or parts.names_person or where.doubtful or where.unseen:
        return ()
    measure = replace(parts.what.measure, aspect=Aspect.LEVEL, indicators=tuple(named[:1]), domain="")
    return (question_offer(Lookup(measure=measure, places=where.places(where.groups)[:1])),)


def of_no_figure(parts: Parts) -> Understanding | None:
    """Return what to say if a document is asked for, or something that nobody reports; None otherwise."""
    if parts.sentence.says(DOCUMENTS) and not parts.what:
        return Understanding("clarify", Open(), Doubt.NO_DOCUMENT, question_offers([Progress(standing="")]))
    nowhere = parts.sentence.of(Tag.UNCOLLECTED)
    if (
        nowhere
        and parts.sentence.is_in(WHY, Tag.UNCOLLECTED)
        and parts.what
        and not isinstance(parts.question, Missing)
    ):
        return of_no_reason(parts, nowhere[0])
    if nowhere and not isinstance(parts.question, Missing):
        return not_collected(parts, nowhere[0])
    return None


BEFORE_FIGURES: Final = (refused, of_plans, of_before, of_no_figure, of_help)
"""What a question may be before it is read as one about figures; the first that it is, counts."""


def taken_up(parts: Parts, plan: Plan) -> Understanding:
    """The question about plans; a target without a subject is that of what was asked about before."""
    before = parts.before
    named = plan.topic or plan.measure or plan.plans
    if plan.about != "target" or named or before is None or not before.measure:
        return Understanding("answer", plan)
    places = plan.places or before.places
    return Understanding("answer", replace(plan, measure=before.measure, places=places), went_on=True)


def not_collected(parts: Parts, span: Span) -> Understanding:
    """Nobody reports what is asked: say so, and offer the nearest figures for the same place."""
    where = parts.where
    places = where.places(where.sure)
    own = (span.value,) if span.value in parts.plans else parts.context.dictionary.of_domain(span.value)
    named = [id for indicator in parts.what.certain for id in indicator.value]
    nearest = tuple(dict.fromkeys(named or own))[:NEAREST]
    offers = tuple(Offer("indicator", id) for id in nearest)
    question = Open(places=places, when=parts.time.when)
    return Understanding("clarify", question, Doubt.NOT_COLLECTED, offers, parts.sentence.said(span))


def of_no_reason(parts: Parts, span: Span) -> Understanding:
    """A figure has no reason here: offer the figure over time, and what officers say is stuck."""
    places = parts.where.places(parts.where.sure)
    figure = Trend(measure=parts.what.measure, places=places)
    ways = question_offers((figure, Difficulties(places=places)))
    of_then = replace(figure, when=parts.time.when)
    return Understanding("clarify", of_then, Doubt.NO_REASON, ways, parts.sentence.said(span))


def stepped(parts: Parts) -> Understanding:
    """The question after all steps, or what the first of them asks back."""
    question, went_on = parts.question, False
    for step in STEPS:
        if not isinstance(question, step.kinds):
            continue
        reached = step.take(parts, question)
        if isinstance(reached, Understanding):
            return replace(reached, went_on=went_on)
        went_on = went_on or (step.take is where_and_when.gone_on and reached is not question)
        question = reached
    return Understanding("answer", question, went_on=went_on, beside=further(parts, question))


def further(parts: Parts, question: Question) -> tuple[Offer, ...]:
    """What else the question asks, to be shown by a button: the first in `BESIDE` that there is."""
    offers = (tuple(offered(parts, question)) for offered in BESIDE)
    return next(filter(None, offers), ())


def conditions_alone(_: Parts, question: Question) -> Iterable[Offer]:
    """Each condition by itself, if units must meet several."""
    return question_offers(joint.alone(question)) if isinstance(question, Ranking) else ()


def other_ends(parts: Parts, question: Question) -> Iterable[Offer]:
    """The further figures of a ranking, each with its own end."""
    return question_offers(joint.other_ends(parts, question)) if isinstance(question, Ranking) else ()


def amounts_too(parts: Parts, question: Question) -> Iterable[Offer]:
    """The value of the place itself, or how much is left, if that was asked for too."""
    amount = amount_too(parts, question) or left_too(parts, question)
    return (question_offer(amount),) if amount else ()


def of_smaller_units(parts: Parts, question: Question) -> Iterable[Offer]:
    """The figures of the same kind that smaller units report."""
    return question_offers(question.measuring(id) for id in reported_below(parts, question))


def others_in_list(parts: Parts, question: Question) -> Iterable[Offer]:
    """The other indicators in the list, where one at a time is told."""
    if not isinstance(question, Ranking | Trend) or len(question.indicators) > 1:
        return ()
    return (Offer("indicator", id) for id in parts.what.named[1 : OFFERED + 1])


def reports_too(parts: Parts, question: Question) -> Iterable[Offer]:
    """Who has not reported, where "việc" or "gì" that is overdue may be a questionnaire as well as a task."""
    overdue = isinstance(question, Progress) and question.tasks is WhichTasks.OVERDUE
    if not overdue or "vu" in parts.sentence.bare_words:  # "nhiệm vụ"
        return ()
    return (question_offer(Missing(places=question.places)),)


BESIDE: Final[Sequence[Callable[[Parts, Question], Iterable[Offer]]]] = (
    conditions_alone,
    other_ends,
    amounts_too,
    of_smaller_units,
    others_in_list,
    reports_too,
)
"""What a question may ask besides, of which one thing is offered; in order of precedence."""


def reported_below(parts: Parts, question: Question) -> list[str]:
    """What smaller units report of the same kind, where all there is was asked and only a larger unit reports that:
    the people of the minorities, for «dân số» of a commune."""
    if not isinstance(question, Lookup) or len(question.indicators) != 1:
        return []
    plans, asked = parts.plans, parts.plans[question.indicators[0]]
    level = next(iter(parts.where.levels(question.places)), "")
    if not asked.whole or level not in LEVELS or LEVELS.index(level) >= LEVELS.index(asked.level):
        return []
    alike = (one for one in plans.values() if one.whole and one.unit_name() == asked.unit_name())
    return [one.id for one in alike if LEVELS.index(one.level) <= LEVELS.index(level)]


def amount_too(parts: Parts, question: Question) -> Question | None:
    """The value of the place itself, where it was asked for before its units: "nhà tạm Cẩm Giàng bao nhiêu, thôn nào
    nhiều nhất", "thiếu nước mấy hộ, tập trung ở thôn nào"; None if it was not."""
    units = parts.sentence.of(Tag.EACH)
    if not isinstance(question, Ranking) or question.counted or not units:
        return None
    tokens, first = parts.sentence.tokens, units[0].start
    asked = max((at for at in range(first) if HOW_MUCH.at(tokens, at)), default=None)
    if asked is None:
        return None
    apart = any(token.text == "," for token in tokens[asked:first])
    ordered = question.order and not question.picked
    return as_kind(question, Intent.FIGURE, level="") if ordered or apart else None


def left_too(parts: Parts, question: Question) -> Question | None:
    """How much is left, where it was asked for behind what was done: "xóa được mấy nhà tạm rồi, còn mấy"; else None."""
    if not isinstance(question, Lookup) or question.measure.aspect is not Aspect.DONE:
        return None
    tokens = parts.sentence.tokens
    left = any(HOW_MUCH.at(tokens, at + 1) for at, token in enumerate(tokens) if bare(token.text) == "con")
    level = replace(question.measure, aspect=Aspect.LEVEL)
    return replace(question, measure=level) if left else None


@dataclass(frozen=True, slots=True)
class ReadingStep:
    """One step of the reading, and the kinds of question that it applies to."""

    take: Callable[[Parts, Any], Question | Understanding]
    kinds: UnionType | type = Asking


STEPS: Final[Sequence[ReadingStep]] = (
    ReadingStep(where_and_when.placed),
    ReadingStep(where_and_when.ranked, Ranking),
    ReadingStep(where_and_when.within_larger_unit, Lookup),
    ReadingStep(what.explained),
    ReadingStep(units.bound_to_units),
    ReadingStep(where_and_when.in_time),
    ReadingStep(where_and_when.gone_on),
    ReadingStep(what.named_surely),
    ReadingStep(what.of_something, Open),
    ReadingStep(what.of_something_measured, Lookup | Ranking | Trend | Compare),
    ReadingStep(what.of_one_domain, Progress),
    ReadingStep(what.of_what_was_done),
    ReadingStep(what.of_its_state),
    ReadingStep(what.with_everybodys, Compare),
    ReadingStep(allotted.of_number_allotted, Lookup | Progress),
    ReadingStep(allotted.of_part_of_capital, Lookup),
    ReadingStep(what.with_a_goal),
    ReadingStep(what.aimed, Lookup),
    ReadingStep(what.of_what_was_added, Lookup | Ranking),
    ReadingStep(what.of_share),
    ReadingStep(joint.joined, Listing),
    ReadingStep(what.bounded, Listing),
    ReadingStep(units.of_bare_level, Lookup),
    ReadingStep(where_and_when.of_one_place, Trend | Missing | Progress),
    ReadingStep(where_and_when.summed_up),
    ReadingStep(units.without_any, Ranking),
    ReadingStep(what.with_a_rest),
    ReadingStep(joint.named_apart),
    ReadingStep(what.of_more_than_domain),
    ReadingStep(units.of_one_indicator, Ranking | Trend),
    ReadingStep(units.of_own_level, Lookup | Ranking | Trend | Compare),
    ReadingStep(units.of_level, Ranking),
    ReadingStep(units.moved_for_better, Ranking),
    ReadingStep(units.listed, Listing),
    ReadingStep(units.of_one_end, Ranking),
    ReadingStep(where_and_when.in_each_said, Ranking),
    ReadingStep(account.counting_one_thing),
    ReadingStep(account.of_all_kinds),
    ReadingStep(account.accounted_for),
    ReadingStep(account.of_its_level, Listing),
)
"""Each refines the question or asks back; later steps rely on what earlier ones have settled."""
