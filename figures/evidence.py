"""What the answers of a report are checked against: gathered once, when its interview begins, and kept with it.

Messages within an interview read nothing more from the database. So earlier reports and what other questionnaires say
go with the interview, with the titles and questions that its sentences name.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from pydantic import TypeAdapter

from figures.allotted import (
    MONEY,
    PERCENT,
    Reports,
    allotted,
    built,
    grown,
    labels_of,
    shares_of_works,
    since_january,
)
from figures.nearby import is_near, shares_nearby
from figures.view import View
from plans.challenge_rules import PAIR
from plans.challenges import Challenge, Evidence, Known
from plans.period import Period, PeriodKind, from_key, period_of
from questionnaires.answers import NUMERIC
from questionnaires.questionnaire import Question, Questionnaire, QuestionType, template
from storage import figures
from storage.submissions import number_of
from storage.tables import Place

EVIDENCE: Final = TypeAdapter(Evidence)
CHALLENGE: Final = TypeAdapter(Challenge)


async def gather(view: View, place: Place, form: Questionnaire, period: Period, reports: Reports) -> Evidence:
    """What is known about `place` before its report for `period`: its earlier `reports` to `form`, and the rest."""
    rules = view.plans.challenges
    counted = [question for question in form.questions if is_counted(question)]
    own = {question.name for question in counted}
    asking = await asked_in(view, set(rules.households).union(*map(rules.named, own)))
    households = [name for name in rules.households if name in asking]
    others = {name: asked for name, asked in asking.items() if name not in own}
    # A sum since January is compared with the same year alone: it starts again each year, and only grows.
    growing = since_january(view.plans, form)
    told = {
        question.name: history(question, reports[: rules.history.back])
        for question in counted
        if question.name not in growing
    }
    plans = await allotted(view, place, form, period, reports)
    return Evidence(
        history=told,
        last=reports[0][0] if reports else "",
        elsewhere=await known_elsewhere(view, place, others, period),
        flows=view.plans.flows & own,
        this_year=sum(from_key(key).end.year == period.end.year for key, _ in reports[: rules.history.back]),
        allotted=plans.money,
        counted=plans.counted,
        grown=grown(form, growing, period, reports),
        built=built(form, {*shares_of_works(view.plans, form), *rules.summed}, reports),
        registered=registered(place),
        nearby=await shares_nearby(view, place, never_told(counted, told), households, period),
    )


def never_told(counted: Iterable[Question], told: Mapping[str, Sequence[Decimal]]) -> list[str]:
    """The names of counting questions that no earlier report answered."""
    return [question.name for question in counted if is_count(question) and not told.get(question.name)]


def registered(place: Place) -> Known | None:
    """How many households the office's list gives a village, with the month in which the list was loaded."""
    if place.households is None or place.households_on is None:
        return None
    return Known(Decimal(place.households), period_of(PeriodKind.MONTH, place.households_on).key)


def carried_over(view: View, form: Questionnaire, evidence: Evidence) -> dict[str, str]:
    """Return, by path, what other questionnaires said later than this one about the very numbers that it asks for."""
    rules, values = view.plans.challenges, {}
    since = from_key(evidence.last).end if evidence.last else date.min
    for question in form.questions:
        known = evidence.elsewhere.get(rules.carried_from(question.name))
        if known is not None and is_counted(question) and from_key(known.period).end > since:
            values[question.path] = format(known.number, "f")
    return values


def is_counted(question: Question) -> bool:
    """Whether answers to a question are checked: it has one number in each report."""
    return question.kind in NUMERIC and not question.repeat and question.asks


def is_count(question: Question) -> bool:
    """Whether a question asks for a count rather than an amount or a share."""
    return question.type == QuestionType.INTEGER and question.unit.get("", "") not in (MONEY, PERCENT)


def history(question: Question, reports: Reports) -> list[Decimal]:
    """The numbers of earlier reports."""
    given = (
        number_of(question, str(values[question.path])) for _, values in reports if values.get(question.path)
    )
    return [number for number in given if number is not None]


async def known_elsewhere(
    view: View, place: Place, asking: Mapping[str, tuple[Questionnaire, Question]], period: Period
) -> dict[str, Known]:
    """What the place lately reported in other questionnaires; `asking` has each question with its questionnaire."""
    latest = await figures.latest(view.session, [place.id], asking, max(view.today, period.end))
    known = {}
    for name, value in latest.get(place.id, {}).items():
        form, question = asking[name]
        if is_near(value, period):
            known[name] = Known(value.number, value.period, dict(form.titles), labels_of(form, question))
    return known


async def asked_in(view: View, questions: set[str]) -> dict[str, tuple[Questionnaire, Question]]:
    """The questions with these names, each with the questionnaire in use that asks it."""
    active = await view.library.active_forms(view.session)
    return {
        question.name: (form, question)
        for _, form in active.values()
        for question in form.questions
        if question.name in questions and is_counted(question)
    }


def numbers_of(
    form: Questionnaire, values: Mapping[str, str], hidden: Iterable[str] = ()
) -> dict[str, Decimal]:
    """The numbers of an interview or a report by question, without those in `hidden` parts."""
    above = tuple(hidden)
    numbers = {}
    for path, value in values.items():
        question = question_at(form, path)
        if question is None or not is_counted(question) or is_below(path, above):
            continue
        number = number_of(question, str(value))
        if number is not None:
            numbers[question.name] = number
    return numbers


def question_at(form: Questionnaire, path: str) -> Question | None:
    """The question at `path`, if the form still has it."""
    node = form.by_path.get(template(path))
    return node if isinstance(node, Question) else None


def is_below(path: str, hidden: tuple[str, ...]) -> bool:
    """Whether `path` is hidden or within a hidden part."""
    return any(path == gate or path.startswith(f"{gate}/") for gate in hidden)


def written(evidence: Evidence) -> dict[str, Any]:
    """Evidence as JSON values."""
    body: dict[str, Any] = EVIDENCE.dump_python(evidence, mode="json")
    return body


def read(body: Mapping[str, Any]) -> Evidence:
    """What `written` wrote; empty for an interview begun before there was evidence."""
    return EVIDENCE.validate_python(body)


def read_about(body: Mapping[str, Any], questions: Collection[str]) -> Evidence:
    """The same for these questions only: a long questionnaire has hundreds of numbers, and each answer needs its own."""
    fields = ("history", "elsewhere", "allotted", "counted", "grown", "built", "nearby")
    told = {field: about(body[field], questions) for field in fields if body.get(field)}
    flows = [name for name in body.get("flows", ()) if name in questions]
    return read({**body, **told, "flows": flows})


def about(said: Mapping[str, Any], questions: Collection[str]) -> dict[str, Any]:
    """What is said of some questions."""
    return {name: said[name] for name in questions if name in said}


def with_labels(form: Questionnaire, challenge: Challenge | None, asked: Iterable[str]) -> Challenge | None:
    """Return a doubt about a report as a whole with the labels of its question and, for two numbers, of the next one."""
    if challenge is None:
        return None
    names = list(asked)
    at = names.index(challenge.question)
    some = [
        labels_of(form, form.by_name[name])
        for name in names[at : at + (PAIR if challenge.rule == "swapped" else 1)]
    ]
    labels = {lang: "», «".join(one[lang].rstrip(" ?:") for one in some if lang in one) for lang in some[0]}
    return replace(challenge, known=Known(Decimal(0), challenge.period, labels=labels))


def told(challenge: Challenge) -> dict[str, Any]:
    """A challenge as JSON values, to be kept with its report."""
    body: dict[str, Any] = CHALLENGE.dump_python(challenge, mode="json")
    return body


def mark(challenge: Challenge) -> str:
    """A challenge as text, the same for two of the same rule with the same figures: "jumped 2026-10 before=109"."""
    figures = (f"{name}={number.normalize():f}" for name, number in sorted(challenge.numbers.items()))
    others = (f"{name}={known.number.normalize():f}" for name, known in challenge.others)
    return " ".join((challenge.rule, challenge.period, *figures, *others))


def challenge_in(body: Mapping[str, Any]) -> Challenge:
    """What `told` wrote."""
    return CHALLENGE.validate_python(body)
