"""What villages answered to a questionnaire that an officer sent out, question by question: sums, means, tallies, words.

A number is counted as any figure is, and withheld from whoever is not near as any figure is (`figures.discretion`). What
villages chose is about villages, so how many chose what is always told; their own words stay in the commune.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from itertools import chain
from typing import Final

from figures import small
from figures.counting import count
from figures.coverage import villages
from figures.discretion import Discretion
from figures.expected import Ended, Expected, ids_of, inside
from figures.ground import below
from figures.sources import Source, span_of
from figures.view import View
from plans.indicator import Indicator
from plans.period import Period, from_key
from questionnaires.adding import adds_up
from questionnaires.answers import NUMERIC, AnswerKind
from questionnaires.questionnaire import Question, Questionnaire
from questionnaires.showing import unit_of
from storage import announcements, submissions
from storage.submissions import number_of
from storage.tables import Level, Place, Submission

LOOKED_BACK: Final = timedelta(days=400)
"""How long ago a questionnaire may have been sent out whose answers are still asked about."""
CHOSEN: Final = frozenset(
    {AnswerKind.HAS, AnswerKind.DONE, AnswerKind.CONFIRM, AnswerKind.ONE, AnswerKind.MANY}
)
"""The kinds of questions whose answers are tallied."""
NEXT: Final = {
    Level.NATION: Level.PROVINCE,
    Level.PROVINCE: Level.COMMUNE,
    Level.DISTRICT: Level.COMMUNE,
    Level.COMMUNE: Level.VILLAGE,
    Level.VILLAGE: Level.VILLAGE,
}
"""The level of the units by which a place's answers are told."""
Values = Mapping[str, Sequence[str]]
"""A report's answers by the name of the question: several where it was asked in a repeat."""


@dataclass(frozen=True)
class Request:
    """A questionnaire that was sent out, for which period, and the villages that were asked."""

    form: Questionnaire
    period: Period
    asked: frozenset[int]


@dataclass(frozen=True)
class Audience:
    """Whose answers to a request count in a place."""

    villages: Mapping[int, Place]
    """By their ids, those that stand; then those that answered and were closed since."""
    closed: Sequence[Ended] = ()
    """The latter."""

    @property
    def ids(self) -> list[int]:
        return list(self.villages)


@dataclass(frozen=True)
class Answers:
    """What the villages of a place answered to a request."""

    request: Request
    place: Place
    asked: Mapping[int, Place]
    """The villages that were asked."""
    values: Mapping[int, Values]
    """What each answered, by the village's id."""
    units: Mapping[int, Place]
    """The units right below the place, or the villages of a commune."""
    groups: Mapping[int, frozenset[int]]
    """The villages asked in each unit."""
    near: bool
    """Whether the reader may see each village's own answers."""
    now_in: Mapping[int, Sequence[Place]] = field(default_factory=dict)
    """By the id of a village that was closed after it had answered, where its ground lies now."""

    @property
    def missing(self) -> list[Place]:
        """The villages that were asked and have not answered."""
        return [village for number, village in self.asked.items() if number not in self.values]

    def given(self, question: Question) -> dict[int, Sequence[str]]:
        """By village, the answers to one question."""
        return {number: said[question.name] for number, said in self.values.items() if question.name in said}


@dataclass(frozen=True)
class QuestionTold:
    """What is told of one question."""

    question: Question
    given: int
    """How many villages answered it."""
    total: Decimal | None = None
    """Of a number that adds up, the sum."""
    numbers: tuple[Decimal, ...] = ()
    """Of what does not add up, such as a rate or a height, each number given."""
    tally: Mapping[str, int] = field(default_factory=dict)
    """Of a choice, how many villages chose each value."""
    of_rows: bool = False
    """Whether the tally is of a repeat's rows, which are about single people or things: only for readers who are near."""
    words: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """What villages wrote, by their ids; only for readers who are near."""
    by_unit: Mapping[int, Decimal] = field(default_factory=dict)
    """The sum in each unit that has one and may be told."""
    withheld: bool = False
    """Whether the number is withheld, because it could tell of one or two households."""
    withheld_in: frozenset[int] = frozenset()
    """The units whose sum is withheld."""


async def requests(view: View, place: Place) -> list[Request]:
    """The questionnaires that villages of a place were asked beyond the schedule, the one sent out last first."""
    rows = await announcements.asked(view.session, view.now - LOOKED_BACK)
    if not rows:
        return []
    active = await view.library.active_forms(view.session)
    wanted = await announcements.deadlines(view.session, view.now - LOOKED_BACK, view.today)
    here = {village.id for village in await villages(view, place)}
    found = []
    for form, period in dict.fromkeys((row.form_name, row.period) for row in rows):
        asked = frozenset(here & wanted[form, period].keys())
        if asked and form in active:
            found.append(Request(active[form][1], from_key(period), asked))
    return found


async def asked_in(
    view: View, place: Place, form: str, period: Period, among: Collection[int] | None = None
) -> Audience:
    """Return whose answers to a request count in a place: of the villages that stand (`among` these), and those that
    answered and were closed since, unless an heir has answered for them. An heir all of whose villages answered is not
    asked again.
    """
    expected = Expected(view, Level.VILLAGE, (form,))
    closed = (await expected.inside([place.id], await expected.flowing_from(period)))[place.id]
    standing = [one for one in await villages(view, place) if among is None or one.id in among]
    made = frozenset[int]().union(*(one.heirs for one in closed))
    heard = {one.id for one in standing if one.id in made and await expected.is_answered_for(one, period)}
    own = [*(one for one in standing if one.id not in heard), *(one.place for one in closed)]
    return Audience({one.id: one for one in own}, closed)


async def answers_to(view: View, request: Request, place: Place) -> Answers:
    """What the villages of a place answered."""
    asked = await asked_in(view, place, request.form.name, request.period, request.asked)
    reports = await submissions.current_for(view.session, asked.ids, request.form.name, request.period.key)
    units, groups = await grouped(view, place, asked)
    return Answers(
        request,
        place,
        asked.villages,
        {report.place_id: by_name(request.form, report) for report in reports},
        units,
        groups,
        await small.is_near(view, place),
        {id: await view.session.places.successors(id, view.today) for id in ids_of(asked.closed)},
    )


async def grouped(
    view: View, place: Place, asked: Audience
) -> tuple[dict[int, Place], dict[int, frozenset[int]]]:
    """Return the units by which a place's answers are told, and the villages asked in each. A closed village that answered
    itself stands for itself among a commune's villages, and elsewhere in the unit that its ground lies in."""
    level = NEXT[Level(place.level)]
    under = [place] if level == place.level else await view.session.places.below(place.id, level, view.today)
    grounds = await below(view.session, tuple(unit.id for unit in under), Level.VILLAGE, view.today)
    groups = {unit: frozenset(inside & asked.villages.keys()) for unit, inside in grounds.items()}
    if level == Level.VILLAGE:
        under = [*under, *(one.place for one in asked.closed)]
        groups |= {one.place.id: frozenset({one.place.id}) for one in asked.closed}
    else:
        there = await inside(view, groups, asked.closed)
        groups = {unit: group | ids_of(there[unit]) for unit, group in groups.items()}
    groups = {unit: group for unit, group in groups.items() if group}
    return {unit.id: unit for unit in under if unit.id in groups}, groups


def by_name(form: Questionnaire, report: Submission) -> dict[str, list[str]]:
    """A report's answers by the names of their questions."""
    said: dict[str, list[str]] = {}
    for path, value in report.answers.items():
        if value != "":
            said.setdefault(form.question(path).name, []).append(str(value))
    return said


async def told_of(view: View, answers: Answers) -> list[QuestionTold]:
    """What is told of each question that somebody was asked, in their order."""
    discretion = Discretion(view)
    return [
        await one_of(view, discretion, answers, question)
        for question in answers.request.form.questions
        if question.asks
    ]


async def one_of(view: View, discretion: Discretion, answers: Answers, question: Question) -> QuestionTold:
    """What is told of one question."""
    given = answers.given(question)
    if not given:
        return QuestionTold(question, 0)
    if question.kind in NUMERIC:
        if adds_up(answers.request.form, question):
            return await sum_of(view, discretion, answers, question)
        return apart_of(answers, question, given)
    if question.kind in CHOSEN:
        of_rows = bool(question.repeat) and answers.near
        chosen = Counter(chain.from_iterable(chosen_in(said, each=of_rows) for said in given.values()))
        return QuestionTold(question, len(given), tally=dict(chosen.most_common()), of_rows=of_rows)
    words = given if answers.near else {}
    return QuestionTold(question, len(given), words=words)


def chosen_in(said: Sequence[str], *, each: bool) -> list[str]:
    """What a village chose in all of its rows, each time if `each`, else once."""
    chosen = [value for text in said for value in dict.fromkeys(text.split())]
    return chosen if each else list(dict.fromkeys(chosen))


def apart_of(answers: Answers, question: Question, given: Mapping[int, Sequence[str]]) -> QuestionTold:
    """What is told of numbers that do not add up: nobody who is not near is told those of one or two villages."""
    numbers = tuple(number for said in given.values() for number in numbers_in(question, said))
    few = not answers.near and len(given) < small.FEWEST
    return QuestionTold(question, len(given), numbers=() if few else numbers, withheld=few)


def numbers_in(question: Question, said: Collection[str]) -> Iterator[Decimal]:
    """The answers to a question that are numbers."""
    yield from filter(lambda one: one is not None, (number_of(question, text) for text in said))


async def sum_of(view: View, discretion: Discretion, answers: Answers, question: Question) -> QuestionTold:
    """What is told of a number that adds up, in the place and in its units."""
    source, place = await source_of(view, answers.request, question), answers.place
    span, reports = span_of(answers.request.period), discretion.reports
    whole = {place.id: frozenset(answers.asked)}
    counted = (await count(view, source, whole, span, reports))[place.id]
    given = len(answers.given(question))
    if await discretion.is_kept_back(source, place, span, counted):
        return QuestionTold(question, given, withheld=True, withheld_in=frozenset(answers.units))
    parts = await count(view, source, answers.groups, span, reports)
    hidden = await discretion.among(source, answers.units, parts, span)
    by_unit = {
        unit: part.figure.value
        for unit, part in parts.items()
        if unit not in hidden and part.figure.value is not None
    }
    return QuestionTold(
        question,
        given,
        total=counted.figure.value,
        by_unit=by_unit,
        withheld_in=frozenset(hidden & parts.keys()),
    )


async def source_of(view: View, request: Request, question: Question) -> Source:
    """A question of a questionnaire that was sent out, as something that is counted: a flow of its period."""
    form = request.form
    indicator = Indicator(
        id=f"?{form.name}/{question.name}",
        names={"vi": question.name},
        domain="",
        unit={"vi": unit_of(form, question, "vi")},
        better="up",
        level=Level.VILLAGE,
        definitions=(),
        numerator=(question.name,),
        stock=False,
    )
    entry = view.plans.days_of(form.name, Level.VILLAGE, request.period)
    # Never by the sums of the ledger: these hold the answers of every questionnaire that has a question of this name.
    return Source(indicator, entry, (form.name,), alone=False)
