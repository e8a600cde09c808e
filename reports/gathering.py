"""Puts together a place's progress from what the questionnaires say: figures, changes, targets and standings.

There is one `Heard` for each questionnaire. A village only compares itself with a target set for its province, and a
quota is not compared at all. What was not answered has no figure.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum, auto
from itertools import starmap
from types import MappingProxyType
from typing import Final

from plans.covered import Change, Covered
from plans.indicator import Indicator
from plans.period import Period
from plans.plans import Plans
from plans.programme import Programme
from plans.rollup import Figure, Standing, Status, combined, figure, own_baseline, share_done, standing
from plans.target import Target
from plans.words import in_language
from reports.basis import NOBODY, NOTHING, WHOLE_PLACE, Basis, Heard, JudgedFigure, heard_for
from reports.lines import Domain, Goal, PlaceProgress, ProgressLine

NO_BASES: Final[Mapping[str, Basis]] = MappingProxyType({})

VILLAGE: Final = "thon"
"""The level of what villages are asked."""
Answers = Mapping[str, Decimal]
"""Numbers by question name, of one place and one period."""


def figures_of(plans: Plans, questions: Collection[str], answers: Iterable[Answers]) -> Mapping[str, Figure]:
    """Return the figures that `questions` allow, for one place (one set of answers) or for several together."""
    sets = list(answers)
    if not sets:
        return unanswered(plans, frozenset(questions))
    return {
        indicator.id: combined(indicator, (figure(indicator, of_place) for of_place in sets))
        for indicator in plans.fed_by(frozenset(questions))
    }


def unanswered(plans: Plans, questions: frozenset[str]) -> Mapping[str, Figure]:
    """The figures that `questions` allow while nobody has answered them: of most questionnaires, in each letter."""

    def select() -> Mapping[str, Figure]:
        return {indicator.id: Figure(indicator.id, None) for indicator in plans.fed_by(questions)}

    return plans.looked_up((Figure, questions), select)


def hear(
    plans: Plans,
    questions: Collection[str],
    period: Period | None,
    answers: Iterable[Answers],
    previous_period: Period | None = None,
    previous: Iterable[Answers] = (),
    covered: Covered = NOBODY,
    by: str = "thon",
) -> Heard:
    """Return what one questionnaire says: `questions` are all its names, `answers` those of one place, if there are any."""
    now, before = figures_of(plans, questions, answers), figures_of(plans, questions, previous)
    changes = {
        id: Change(now[id], before[id], 1, previous_period)
        for id in now
        if now[id].value is not None and before[id].value is not None
    }
    return Heard(frozenset(questions), period, now, changes, covered, by)


def build(
    plans: Plans,
    programmes: Sequence[Programme],
    place: str,
    level: str,
    heard: Sequence[Heard],
    as_of: date,
    lang: str = "vi",
    bases: Mapping[str, Basis] = NO_BASES,
    *,
    all_of_villages: bool = True,
    only: Iterable[Indicator] | None = None,
) -> PlaceProgress:
    """Return the progress of `place` (its name as shown) at `level` against the targets of `programmes`.

    `bases` say by plan what its targets are compared with. What only officers count is shown here if one of the
    questionnaires asks for it; so is, without `all_of_villages`, what villages count. With `only`, nothing but these is
    shown.
    """

    def is_shown(indicator: Indicator) -> bool:
        # What others are shares of stands in their wholes already.
        if indicator.whole:
            return False
        always = all_of_villages and indicator.level == VILLAGE
        return always or heard_for(indicator, heard) is not NOTHING

    possible = candidates(plans, heard, every=all_of_villages) if only is None else only
    shown = list(filter(is_shown, possible))
    among = {indicator.domain for indicator in shown}
    lines = tuple(line_of(plans, programmes, indicator, heard, as_of, lang, bases) for indicator in shown)
    domains = tuple(
        domain_of(plans, name, names.get(lang) or names["vi"], heard, lang)
        for name, names in plans.domains.items()
        if name in among
    )
    return PlaceProgress(place, level, as_of, domains, lines, lang)


def candidates(plans: Plans, heard: Sequence[Heard], *, every: bool) -> Iterable[Indicator]:
    """Return the indicators that may be shown, in their order.

    Each report that is sent comes here: what cannot be shown is not looked at one by one.
    """
    if every:
        return plans.ordered
    return plans.asked_by(frozenset[str]().union(*(one.questions for one in heard)))


def domain_of(plans: Plans, domain: str, name: str, heard: Sequence[Heard], lang: str) -> Domain:
    """Return the domain as heard in the first answered questionnaire of its indicators; each line knows its own."""
    asking = [
        heard_for(indicator, heard)
        for indicator in plans.ordered
        if indicator.domain == domain and not indicator.whole
    ]
    asked = (one for one in asking if one is not NOTHING)
    source = max(asked, key=lambda one: one.period is not None, default=NOTHING)
    return Domain(domain, name, source.period_label(lang), source.covered, source.by)


def line_of(
    plans: Plans,
    programmes: Sequence[Programme],
    indicator: Indicator,
    heard: Sequence[Heard],
    as_of: date,
    lang: str,
    bases: Mapping[str, Basis] = NO_BASES,
) -> ProgressLine:
    """One indicator's line."""
    source = heard_for(indicator, heard)
    # What is kept back from this reader has no goals either: "not reached yet" would tell that there is a value.
    now, kept_back = source.now(indicator.id), indicator.id in source.kept_back
    judged = list(Beside(indicator, source, as_of, lang).judged(plans, programmes, bases))
    hidden = [(target, basis) for target, basis, goal in judged if goal is NotForReader.NUMBERS]
    return ProgressLine(
        indicator=indicator.id,
        domain=indicator.domain,
        main=indicator.main,
        name=indicator.name(lang),
        unit=indicator.unit_name(lang),
        unit_of_one=indicator.unit_of_one(lang),
        decimals=indicator.decimals,
        value=now.value,
        numerator=now.numerator,
        denominator=now.denominator,
        period=source.period_label(lang),
        period_key=source.period.key if source.period else "",
        bar=share_done(None, indicator, now),
        goals=tuple(goal for _, _, goal in judged if isinstance(goal, Goal)),
        kept_back=kept_back,
        goals_kept_back=frozenset((target.plan, target.id) for target, _ in hidden),
        hidden_of_table=sum(starmap(is_in_table, hidden)),
        silent=indicator.id in source.silent,
        over_merger=indicator.id in source.over_merger,
        change=source.change(indicator.id),
        known=(source.known or {}).get(indicator.id, 1),
        by=source.by,
        covered=source.covered.of(stock=indicator.stock),
    )


def is_in_table(target: Target, basis: Basis) -> bool:
    """Whether a target would stand in the table of targets: it has a number, and the place is judged by it."""
    return target.goal is not None and basis.judges(target)


class NotForReader(Enum):
    """Why a target is not shown beside a figure."""

    NUMBERS = auto()
    """The figure that it is compared with would reveal too much."""
    GROUND = auto()
    """It is about units that the place does not have."""


@dataclass(frozen=True, slots=True)
class Beside:
    """An indicator's newest figure at a place, with which targets are shown on a day."""

    indicator: Indicator
    newest: Heard
    as_of: date
    lang: str

    def judged(
        self, plans: Plans, programmes: Iterable[Programme], bases: Mapping[str, Basis]
    ) -> Iterator[tuple[Target, Basis, Goal | NotForReader]]:
        """Yield each target of the indicator, with what its plan is compared with and how it is shown."""
        for programme in programmes:
            basis = bases.get(programme.id, WHOLE_PLACE)
            for target in plans.targets_of(self.indicator.id, [programme]):
                yield target, basis, self.goal(programme, target, basis)

    def goal(self, programme: Programme, target: Target, basis: Basis) -> Goal | NotForReader:
        """Return a target with the figure that it is compared with; an amount of a larger place is shown, not compared."""
        limit = basis.limits.get(target.id)
        if limit is not None and limit.nowhere:
            return NotForReader.GROUND
        judged = basis.judged(programme, target, self.indicator, self.newest, self.as_of, self.lang)
        if judged.kept_back or self.indicator.id in self.newest.kept_back:
            return NotForReader.NUMBERS
        goal = self.judged_goal(programme, target, basis, judged)
        if limit is None:
            return goal
        return replace(
            goal,
            among=in_language(limit.names, self.lang),
            among_level=limit.level,
            having=limit.having,
            unsure=limit.unknown,
        )

    def judged_goal(self, programme: Programme, target: Target, basis: Basis, judged: JudgedFigure) -> Goal:
        """Return the same, once it is known which figure that is."""
        stands = self.stands(programme, target, basis, judged)
        owner = programme.covers[0]
        return Goal(
            plan=programme.id,
            plan_title=programme.title(self.lang),
            clause=target.clause,
            year=target.year_due,
            comparator=target.comparator,
            value=target.goal,
            set_at=target.set_at,
            owner=owner.name,
            former=owner.former,
            compared=basis.judges(target),
            status=stands.status,
            distance=stands.distance,
            expected_today=stands.expected_today,
            judged_on=self.day_of(target, judged),
            due_passed=stands.due_passed,
            note=target.note,
            words=target.statement if target.goal is None else "",
            value_high=target.value_high,
            reach=stands.goal,
            pace=stands.pace or "",
            part=basis.part,
            over=self.day_over(programme, target),
            held=None if judged.newest else judged.figure.value,
            period=judged.period,
            missing=judged.missing,
            amount=target.comparator.counted_up,
            beyond=target.scope if target.wider else "",
            listed_only=stands.status is Status.UNSURE and self.is_of_a_part(target, basis),
            counted=target.counted,
        )

    def stands(self, programme: Programme, target: Target, basis: Basis, judged: JudgedFigure) -> Standing:
        """Return how far a target is reached by a figure, as far as that can be judged at the place."""
        ends, day = basis.ends_of(target), self.day_of(target, judged) or self.as_of
        began = own_baseline(target, programme.first_day, ends)
        stands = standing(target, judged.figure, day, began, ends, programme.first_day)
        if not basis.judges(target):
            return Standing(Status.NO_TARGET, due_passed=stands.due_passed)
        if judged.old and not target.comparator.averaged:
            # What an earlier period said is no verdict on the end.
            return Standing(Status.NO_DATA, due_passed=stands.due_passed)
        if judged.missing and self.day_over(programme, target) is not None:
            return of_a_sum(stands, self.indicator)
        return of_a_part(stands) if self.is_of_a_part(target, basis) else stands

    def day_over(self, programme: Programme, target: Target) -> date | None:
        """Return the last day of a target that is over; None while it runs."""
        last = programme.last_day_of(target)
        return last if last < self.as_of else None

    def is_of_a_part(self, target: Target, basis: Basis) -> bool:
        """Whether an amount is of a part of the place alone, since other parts have no village that could report."""
        return basis.partial and self.indicator.level == VILLAGE and target.comparator.counted_up

    def day_of(self, target: Target, judged: JudgedFigure) -> date | None:
        """Return the day as of which a figure is judged; None if it is judged as of today."""
        day = judged.judged_on
        # So much a year is held against the end of the year before, which is looked up for the year under way only.
        last_year = day is not None and target.comparator.relative and day.year < self.as_of.year
        return None if last_year else day


def of_a_sum(stands: Standing, indicator: Indicator) -> Standing:
    """Return how a target that is over ended if its sum lacks periods, for which nobody reported.

    What is missing only adds: so much reached is certain, and too much of what should be little.
    """
    certain = Status.ACHIEVED if indicator.better == "up" else Status.BEHIND
    if stands.status in (certain, Status.NO_DATA):
        return stands
    return replace(stands, status=Status.UNSURE, distance=None)


def of_a_part(stands: Standing) -> Standing:
    """Return how an amount stands if only a part of the place can report it: what is reached is, the rest is not known."""
    if stands.status in (Status.ACHIEVED, Status.NO_DATA):
        return stands
    return replace(stands, status=Status.UNSURE, distance=None)
