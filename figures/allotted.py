"""What plans allot to a place, for a questionnaire that asks about money spent since January.

An answer is compared with the allotment on its own line, and not with the quarter before: the sum grows through the
year.
"""

from collections.abc import Iterator
from typing import Final

from figures.programmes import Holding, holdings_on
from figures.view import View
from plans.challenges import Known
from plans.indicator import Indicator
from plans.period import Period
from plans.plans import Plans
from plans.target import CommitmentKind, Target
from questionnaires.questionnaire import Question, Questionnaire
from storage.tables import Level, Place

MONEY: Final = "triệu đồng"
"""The unit of amounts of capital."""


async def allotted(view: View, place: Place, form: Questionnaire, period: Period) -> dict[str, Known]:
    """By question, the amount that plans allot for the period's year, with plan and clause."""
    asked = since_january(view.plans, form)
    if place.level == Level.VILLAGE or not asked:
        return {}
    way = [place, *await view.session.places.ancestors(place.id, view.today)]
    lines = {}
    for holding in await holdings_on(view, way):
        for target in targets_of(holding, place, period):
            indicator = view.plans.indicators[target.indicator]
            question = asking(form, indicator)
            if question is not None and target.value is not None:
                titles = {lang: holding.programme.title(lang) for lang in ("vi", "en")}
                clause = {"vi": target.clause, "en": target.clause}
                lines[question.name] = Known(target.value, period.key, titles, clause)
    return lines


def targets_of(holding: Holding, place: Place, period: Period) -> Iterator[Target]:
    """The capital lines of a plan made for the place, for the year of `period`."""
    if holding.is_owned(place):
        for target in holding.programme.targets:
            if target.kind is CommitmentKind.CAPITAL and target.year_due == period.year:
                yield target


def since_january(plans: Plans, form: Questionnaire) -> frozenset[str]:
    """The names of the questions that ask for money as a sum since January."""

    def select() -> Iterator[Indicator]:
        return (one for one in plans.indicators.values() if one.stock and one.unit.get("vi") == MONEY)

    counted = {name for one in plans.looked_up(MONEY, select) for name in one.numerator}
    mine = [question.name for question in form.questions if question.name in counted]
    return frozenset(question.name for name in mine for question in behind(form, name))


def asking(form: Questionnaire, indicator: Indicator) -> Question | None:
    """The one question whose answer is the indicator; None if several add up to it."""
    if len(indicator.numerator) != 1 or indicator.minus or indicator.denominator:
        return None
    questions = list(behind(form, indicator.numerator[0]))
    return questions[0] if len(questions) == 1 else None


def behind(form: Questionnaire, name: str) -> Iterator[Question]:
    """The question with this name; if it is calculated, those that it is calculated from."""
    question = next((one for one in form.questions if one.name == name), None)
    if question is None:
        return
    if question.calculation is None:
        yield question
        return
    for path in question.calculation.reads:
        node = form.by_path.get(path)
        if isinstance(node, Question) and node.asks:
            yield node
