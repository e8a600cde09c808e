"""What plans allot to a place, for questionnaires about its money and its works.

Money is a sum since January, compared with the allotment on its own line and with the sum of the quarter before, which
it cannot fall below. Works are counted period by period, so what earlier reports of the plan's time counted is added.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from figures.programmes import Holding, holdings_on
from figures.view import View
from plans.challenges import CountedUp, Known
from plans.indicator import CAPITAL, Indicator
from plans.period import Period, from_key
from plans.plans import Plans
from plans.target import CommitmentKind, Target
from questionnaires.expressions import Expression
from questionnaires.questionnaire import Question, Questionnaire, plain_words
from storage.submissions import number_of
from storage.tables import Level, Place

MONEY: Final = "triệu đồng"
"""The unit of amounts of capital."""
PERCENT: Final = "%"

Reports = Sequence[tuple[str, Mapping[str, str]]]
"""Earlier reports, the newest first: the period and the values by path."""


@dataclass(frozen=True)
class Allotted:
    """What plans allot to a place, by question: amounts of money, and numbers of works or households."""

    money: dict[str, Known]
    counted: dict[str, CountedUp]


async def allotted(
    view: View, place: Place, form: Questionnaire, period: Period, reports: Reports
) -> Allotted:
    """What plans made for the place allot to it, as far as the answers of this questionnaire show what was reached."""
    told = Allotted({}, {})
    if place.level == Level.VILLAGE:
        return told
    money = since_january(view.plans, form)
    for holding, target, indicator in await shown_by(view, place, form):
        known = allotment(holding, target, period)
        if money and is_for_the_year(target, period):
            told.money.update(dict.fromkeys(asking(form, indicator), known))
        elif is_counted_up(holding, target, indicator, period):
            told.counted.update(counted_up(form, indicator, known, earlier(holding, reports)))
    return told


async def shown_by(view: View, place: Place, form: Questionnaire) -> list[tuple[Holding, Target, Indicator]]:
    """Return the numbers that plans made for a place set, where the form's answers show what was reached of them."""
    names = {question.name for question in form.questions}
    known = view.plans.indicators
    shown = {id for id, indicator in known.items() if not names.isdisjoint(indicator.numerator)}
    way = [place, *await view.session.places.ancestors(place.id, view.today)]
    owned = [holding for holding in await holdings_on(view, way) if holding.is_owned(place)]
    return [
        (holding, target, known[target.indicator])
        for holding in owned
        for target in holding.programme.targets
        if target.indicator in shown and target.value is not None
    ]


def allotment(holding: Holding, target: Target, period: Period) -> Known:
    """What a target allots, with the plan and the clause."""
    titles = {lang: holding.programme.title(lang) for lang in ("vi", "en")}
    return Known(target.value or Decimal(0), period.key, titles, {"vi": target.clause, "en": target.clause})


def is_for_the_year(target: Target, period: Period) -> bool:
    """Whether a target allots capital for the year of `period`."""
    return target.kind is CommitmentKind.CAPITAL and target.year_due == period.year


def is_counted_up(holding: Holding, target: Target, indicator: Indicator, period: Period) -> bool:
    """Whether what is reported for `period` adds to what a target counts since its plan began."""
    flow = not indicator.stock and not indicator.denominator and not indicator.minus
    last = target.due or holding.programme.last_day
    return flow and target.comparator.counted_up and holding.programme.first_day <= period.end <= last


def earlier(holding: Holding, reports: Reports) -> Reports:
    """Those of the earlier reports that are for periods of a plan's time."""
    first = holding.programme.first_day
    return [(key, values) for key, values in reports if from_key(key).end >= first]


def counted_up(
    form: Questionnaire, indicator: Indicator, known: Known, reports: Reports
) -> dict[str, CountedUp]:
    """By question, what an indicator adds up: this question and the others, and what earlier reports said to them."""
    asked = [question for name in indicator.numerator for question in added(form, name)]
    before = sum((number for _, values in reports for number in numbers(asked, values)), Decimal(0))
    names = tuple(question.name for question in asked)
    return dict.fromkeys(names, CountedUp(names, before, known))


def numbers(asked: Iterable[Question], values: Mapping[str, str]) -> Iterator[Decimal]:
    """What a report says to some questions."""
    given = (number_of(one, str(values[one.path])) for one in asked if values.get(one.path))
    return (number for number in given if number is not None)


def added(form: Questionnaire, name: str) -> list[Question]:
    """The question with this name, or those that it is the plain sum of."""
    question = form.by_name.get(name)
    if question is None or not is_plain_sum(question.calculation):
        return []
    return [one for one in behind(form, name) if one.asks and not one.repeat]


def is_plain_sum(calculation: Expression | None) -> bool:
    """Whether a calculation only adds answers up; True for a question that is asked itself."""
    if calculation is None:
        return True
    return len(calculation.xpath.split(" + ")) == len(calculation.reads) and not calculation.functions


def grown(
    form: Questionnaire, growing: Collection[str], period: Period, reports: Reports
) -> dict[str, Known]:
    """By question, what the newest report of the same year said of a sum since January, where that is not 0."""
    if not reports or from_key(reports[0][0]).year != period.year:
        return {}
    key, values = reports[0]
    told = {}
    for question in form.questions:
        number = next(numbers([question], values), None) if question.name in growing else None
        if number:
            told[question.name] = Known(number, key, dict(form.titles), labels_of(form, question))
    return told


def built(form: Questionnaire, names: Collection[str], reports: Reports) -> dict[str, Known]:
    """By question, what the newest report, of whatever year, said to those of `names` that a questionnaire asks, where
    that is not 0."""
    if not reports:
        return {}
    key, values = reports[0]
    asked = [question for question in form.questions if question.name in names]
    done = {question.name: next(numbers([question], values), None) for question in asked}
    return {name: Known(number, key) for name, number in done.items() if number}


def shares_of_works(plans: Plans, form: Questionnaire) -> list[str]:
    """The names of the questions that ask how much is done, in percent, of the works that some plan names."""

    def select() -> tuple[Indicator, ...]:
        works = indicators_of_works(plans)
        every = (one for one in plans.indicators.values() if one.id in works)
        return tuple(one for one in every if one.stock and one.unit["vi"] == PERCENT)

    known = plans.looked_up(CommitmentKind.WORKS, select)
    return [name for one in known for name in asking(form, one)]


def indicators_of_works(plans: Plans) -> set[str]:
    """The ids of the figures by which some plan's works are counted."""
    targets = (target for plan in plans.programmes.values() for target in plan.targets)
    return {target.indicator for target in targets if target.kind is CommitmentKind.WORKS}


def labels_of(form: Questionnaire, question: Question) -> dict[str, str]:
    """A question's words, by language."""
    return {lang: plain_words(form.words(question.labels, lang)) for lang in form.languages}


def begun_anew(plans: Plans, form: Questionnaire, period: Period, reports: Reports) -> frozenset[str]:
    """The paths of the sums since January that the newest report gave for an earlier year: they hold no longer."""
    if not reports or from_key(reports[0][0]).year == period.year:
        return frozenset()
    growing = since_january(plans, form)
    return frozenset(question.path for question in form.questions if question.name in growing)


def since_january(plans: Plans, form: Questionnaire) -> frozenset[str]:
    """The names of the questions that ask for money as a sum since January."""

    def select() -> tuple[Indicator, ...]:
        return tuple(one for one in plans.indicators.values() if one.stock and one.domain == CAPITAL)

    counted = {name for one in plans.looked_up(CAPITAL, select) for name in one.numerator}
    mine = [question.name for question in form.questions if question.name in counted]
    every = (question for name in mine for question in behind(form, name))
    return frozenset(question.name for question in every if question.unit.get("") == MONEY)


def asking(form: Questionnaire, indicator: Indicator) -> list[str]:
    """The name of the one question whose answer is the indicator; [] if several add up to it."""
    if len(indicator.numerator) != 1 or indicator.minus or indicator.denominator:
        return []
    names = [question.name for question in behind(form, indicator.numerator[0])]
    return names if len(names) == 1 else []


def behind(form: Questionnaire, name: str) -> Iterator[Question]:
    """The question with this name; if it is calculated, those that it is calculated from."""
    question = form.by_name.get(name)
    if question is None:
        return
    if question.calculation is None:
        yield question
        return
    for path in question.calculation.reads:
        node = form.by_path.get(path)
        if isinstance(node, Question) and node.asks:
            yield node
