"""From what the questionnaires brought to a place's progress: figures, changes, targets and standings together.

The handlers make one `Heard` for each questionnaire. To a village, a target set for its province is something to compare
with; a quota is not compared at all. What was not answered has no figure.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from plans.covered import Change, Covered
from plans.indicator import Indicator
from plans.period import Period
from plans.plans import Plans
from plans.programme import Programme
from plans.rollup import (
    NO_YEARS,
    Figure,
    Standing,
    Status,
    YearEnds,
    combined,
    figure,
    own_baseline,
    share_done,
    standing,
)
from plans.target import Target
from reports.lines import Domain, Goal, PlaceProgress, ProgressLine

NOBODY: Final = Covered()
"""Nobody is expected but the place itself."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one questionnaire brought for a place: figures of the latest period, and what changed since the one before.

    `covered` says how the units of the level `by` have answered for `period`: of a village's commune, for a
    village; none are expected where the place answers for itself.
    """

    questions: frozenset[str]
    period: Period | None = None
    figures: Mapping[str, Figure] | None = None
    changes: Mapping[str, Change] | None = None
    covered: Covered = NOBODY
    by: str = "thon"
    known: Mapping[str, int] | None = None
    """Of how many units each figure is; where that is not said, of the one place."""
    kept_back: frozenset[str] = frozenset()
    """The figures that are not for this reader."""

    def now(self, indicator: str) -> Figure:
        """The figure of the latest period; one without a value where there is none, or none for this reader."""
        nothing = Figure(indicator, None)
        return nothing if indicator in self.kept_back else (self.figures or {}).get(indicator, nothing)

    def change(self, indicator: str) -> Change | None:
        """What changed since the period before; None where nothing can be said of it to this reader."""
        return None if indicator in self.kept_back else (self.changes or {}).get(indicator)

    def period_label(self, lang: str) -> str:
        """What a person calls the latest period; "" while nothing was reported."""
        return self.period.label(lang) if self.period else ""


NOTHING: Final = Heard(frozenset())
"""What no questionnaire asks for."""
NO_ENDS: Final[Mapping[str, YearEnds]] = MappingProxyType({})

Answers = Mapping[str, Decimal]
"""Numbers by question name, of one place and one period."""


def figures_of(plans: Plans, questions: Collection[str], answers: Iterable[Answers]) -> dict[str, Figure]:
    """The figures that `questions` allow, of one place (one set of answers) or of several together."""
    sets = list(answers)
    return {
        indicator.id: combined(indicator, (figure(indicator, of_place) for of_place in sets))
        for indicator in plans.fed_by(frozenset(questions))
    }


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
    """What one questionnaire brought: `questions` are all its names, `answers` those of one place, if there are any."""
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
    year_ends: Mapping[str, YearEnds] = NO_ENDS,
    *,
    all_of_villages: bool = True,
) -> PlaceProgress:
    """The progress of `place` (its name as shown) at `level` against the targets of `programmes`.

    `year_ends` are the place's own figures by indicator, for what is held against an earlier year. What only
    officers count stands here where one of the questionnaires asks for it; so does, without `all_of_villages`,
    what villages count.
    """

    def is_shown(indicator: Indicator) -> bool:
        # What others are shares of stands in their wholes already.
        if indicator.whole:
            return False
        always = all_of_villages and indicator.level == "thon"
        return always or heard_for(indicator, heard) is not NOTHING

    shown = list(filter(is_shown, plans.ordered))
    among = {indicator.domain for indicator in shown}
    lines = tuple(
        line_of(plans, programmes, indicator, heard, as_of, lang, year_ends.get(indicator.id, NO_YEARS))
        for indicator in shown
    )
    domains = tuple(
        domain_of(plans, name, names.get(lang) or names["vi"], heard, lang)
        for name, names in plans.domains.items()
        if name in among
    )
    return PlaceProgress(place, level, as_of, domains, lines, lang)


def heard_for(indicator: Indicator, heard: Iterable[Heard]) -> Heard:
    """The questionnaire that asks for `indicator`; `NOTHING` where none does."""
    return next((one for one in heard if one.questions.issuperset(indicator.questions)), NOTHING)


def domain_of(plans: Plans, domain: str, name: str, heard: Sequence[Heard], lang: str) -> Domain:
    """The domain as heard in the first questionnaire of its indicators that was answered."""
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
    year_ends: YearEnds = NO_YEARS,
) -> ProgressLine:
    """One indicator's line."""
    source = heard_for(indicator, heard)
    # What is kept back from this reader has no goals either: "not reached yet" would tell that there is a value.
    now, kept_back = source.now(indicator.id), indicator.id in source.kept_back
    goals = (
        goal_of(programme, target, now, as_of, lang, year_ends)
        for programme in programmes
        for target in plans.targets_of(indicator.id, [programme])
    )
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
        bar=share_done(None, indicator, now),
        goals=() if kept_back else tuple(goals),
        kept_back=kept_back,
        change=source.change(indicator.id),
        known=(source.known or {}).get(indicator.id, 1),
        by=source.by,
    )


def goal_of(
    programme: Programme, target: Target, now: Figure, as_of: date, lang: str, year_ends: YearEnds = NO_YEARS
) -> Goal:
    """A target beside the figure; a quota of a larger place is shown, not compared."""
    began = own_baseline(target, programme.first_day, year_ends)
    stands = standing(target, now, as_of, began, year_ends, programme.first_day)
    if not target.comparable:
        stands = Standing(Status.NO_TARGET, due_passed=stands.due_passed)
    owner = programme.covers[0]
    return Goal(
        plan=programme.id,
        plan_title=programme.title(lang),
        clause=target.clause,
        year=target.year_due,
        comparator=target.comparator,
        value=target.goal,
        set_at=target.set_at,
        owner=owner.name,
        former=owner.former,
        compared=target.comparable,
        status=stands.status,
        distance=stands.distance,
        expected_today=stands.expected_today,
        due_passed=stands.due_passed,
        note=target.note,
        value_high=target.value_high,
        reach=stands.goal,
        pace=stands.pace or "",
    )
