"""What is held against a plan's targets at a place: what the questionnaires brought, for its own ground and days.

A plan may speak of a part of the place only (a province that was dissolved), its time may be over, and an amount is
counted up since it began. Whoever judges a target asks its `Basis`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from plans.covered import Change, Covered
from plans.indicator import Indicator
from plans.period import Period
from plans.programme import Programme
from plans.rollup import NO_YEARS, Figure, YearEnds
from plans.target import Target

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
    silent: frozenset[str] = frozenset()
    """Indicators whose change is known, but not for this reader."""

    def now(self, indicator: str) -> Figure:
        """The figure of the latest period; one without a value where there is none, or none for this reader."""
        nothing = Figure(indicator, None)
        return nothing if indicator in self.kept_back else (self.figures or {}).get(indicator, nothing)

    def change(self, indicator: str) -> Change | None:
        """What changed since the period before; None where nothing can be said of it to this reader."""
        return None if indicator in self.kept_back else (self.changes or {}).get(indicator)

    def is_before_last(self, day: date) -> bool:
        """Whether nobody has reported for the last period that had ended by a day."""
        return self.period is not None and self.period.next().end <= day

    def period_label(self, lang: str) -> str:
        """What a person calls the latest period; "" while nothing was reported."""
        return self.period.label(lang) if self.period else ""


NOTHING: Final = Heard(frozenset())
"""What no questionnaire asks for."""


def heard_for(indicator: Indicator, heard: Iterable[Heard]) -> Heard:
    """The questionnaire that asks for `indicator`; `NOTHING` where none does."""
    # A loop: each report that is sent asks this of every indicator there is.
    for one in heard:
        if one.questions.issuperset(indicator.questions):
            return one
    return NOTHING


@dataclass(frozen=True, slots=True)
class AddedUp:
    """What was reported over some days together, and for how many of their periods nobody reported."""

    figure: Figure | None
    missing: int = 0
    kept_back: bool = False
    """Whether it is not for this reader."""


@dataclass(frozen=True, slots=True)
class Limited:
    """What is known of the units with an attribute, where a target speaks of those alone and not of the whole ground."""

    names: Mapping[str, str]
    """The attribute's name, by language."""
    level: str
    """Of which level the units are."""
    having: int
    """How many are known to have it; the figure is of these."""
    unknown: int
    """Of how many nobody knows."""
    nowhere: bool = False
    """Whether it is known that none has it, so that the target says nothing of this ground."""
    figure: Figure | None = None
    ends: YearEnds = field(default_factory=dict)
    missing: int = 0
    kept_back: bool = False


@dataclass(frozen=True, slots=True)
class JudgedFigure:
    """The figure that a target is held against."""

    figure: Figure
    period: str = ""
    missing: int = 0
    kept_back: bool = False
    old: bool = False
    """Whether it is of an earlier period than the last that had ended when the target's time was over."""
    newest: bool = True
    """Whether it is simply the place's newest figure, which stands beside it anyway."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the targets of one plan are held against at a place."""

    part: str = ""
    """The former unit, as people name it, on whose ground alone the plan holds; "" where it holds on the whole place."""
    heard: Sequence[Heard] | None = None
    """The newest of that part; None where that of the place is meant."""
    year_ends: Mapping[str, YearEnds] = field(default_factory=dict)
    """Its own figures by indicator, for what is held against an earlier year."""
    ended: Mapping[date, Sequence[Heard]] = field(default_factory=dict)
    """What had been heard by each day on which the time for some target ended."""
    sums: Mapping[str, AddedUp] = field(default_factory=dict)
    """What no single report says, by the target's id."""
    owned: bool = False
    """Whether the plan was made for this very unit, so that its amounts are this unit's."""
    limits: Mapping[str, Limited] = field(default_factory=dict)
    """By the target's id, for those that speak of some units alone and not of the whole ground."""
    kept_back: frozenset[str] = frozenset()
    """The ids of the targets that are held against an earlier value which is not for this reader."""

    def ends_of(self, target: Target) -> YearEnds:
        """The figures at the ends of years that a target is held against."""
        limit = self.limits.get(target.id)
        return self.year_ends.get(target.indicator, NO_YEARS) if limit is None else limit.ends

    def judges(self, target: Target) -> bool:
        """Whether a target can be held against this unit's figure: a rate can, an amount only where it belongs."""
        return target.comparable or (self.owned and target.comparator.counted_up)

    def judged(
        self,
        programme: Programme,
        target: Target,
        indicator: Indicator,
        newest: Heard,
        as_of: date,
        lang: str = "vi",
    ) -> JudgedFigure:
        """The figure that a target is held against on a day, where the place's `newest` was heard so."""
        if target.id in self.kept_back:
            return JudgedFigure(Figure(indicator.id, None), kept_back=True, newest=False)
        if (limit := self.limits.get(target.id)) is not None:
            figure = limit.figure or Figure(indicator.id, None)
            return JudgedFigure(figure, "", limit.missing, limit.kept_back, newest=False)
        if (added := self.sums.get(target.id)) is not None:
            figure = added.figure or Figure(indicator.id, None)
            return JudgedFigure(figure, "", added.missing, added.kept_back, newest=False)
        last_day = programme.last_day_of(target)
        heard = self.ended.get(last_day, ()) if last_day < as_of else self.heard
        source = newest if heard is None else heard_for(indicator, heard)
        hidden = indicator.id in source.kept_back
        old = last_day < as_of and source.is_before_last(last_day)
        return JudgedFigure(
            source.now(indicator.id), source.period_label(lang), 0, hidden, old, newest=heard is None
        )


WHOLE_PLACE: Final = Basis()
"""What a plan's targets are held against if it holds on the whole place and is not over."""
