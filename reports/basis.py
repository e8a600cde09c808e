"""What a plan's targets are compared with at a place: what the questionnaires say, for its own ground and days.

A plan may be about a part of the place only (a province that was dissolved). Its time may be over. An amount is added
up since the plan began. Whoever judges a target asks its `Basis`.
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
"""Nobody but the place itself is expected to report."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one questionnaire says about a place: figures of the latest period, and what changed since the one before.

    `covered` says how the units of the level `by` reported for `period`. For a village these are its commune's
    villages; if the place reports for itself, no unit is expected.
    """

    questions: frozenset[str]
    period: Period | None = None
    figures: Mapping[str, Figure] | None = None
    changes: Mapping[str, Change] | None = None
    covered: Covered = NOBODY
    by: str = "thon"
    known: Mapping[str, int] | None = None
    """From how many units each figure is; from the one place if this is not said."""
    kept_back: frozenset[str] = frozenset()
    """The figures that are withheld from this reader."""
    silent: frozenset[str] = frozenset()
    """Indicators whose change is known but withheld from this reader."""
    over_merger: frozenset[str] = frozenset()
    """Indicators that cannot be compared with the period before, because places were merged or divided in between."""
    judged_on: date | None = None
    """The last day of an earlier time that was asked about, for which nobody may have reported: it is judged as of then."""

    def now(self, indicator: str) -> Figure:
        """Return the figure of the latest period; without a value if there is none, or none for this reader."""
        nothing = Figure(indicator, None)
        return nothing if indicator in self.kept_back else (self.figures or {}).get(indicator, nothing)

    def change(self, indicator: str) -> Change | None:
        """Return what changed since the period before; None if nothing can be said of it to this reader."""
        return None if indicator in self.kept_back else (self.changes or {}).get(indicator)

    def is_before_last(self, day: date) -> bool:
        """Whether nobody has reported for the last period that had ended by a day."""
        return self.period is not None and self.period.next().end <= day

    def period_label(self, lang: str) -> str:
        """Return the latest period's name for people; "" if nothing was reported."""
        return self.period.label(lang) if self.period else ""


NOTHING: Final = Heard(frozenset())
"""Stands for a questionnaire that asks nothing."""


def day_told(period: Period | None, today: date) -> date | None:
    """Return the last day of the newest period reported, while the next one is under way; else None, for today.

    What June's report says is held against what was to be reached by June, until the next report is to be had.
    """
    under_way = period is not None and period.end < today <= period.next().end
    return period.end if period and under_way else None


def heard_for(indicator: Indicator, heard: Iterable[Heard]) -> Heard:
    """Return what the questionnaire that asks for `indicator` says; `NOTHING` if none does."""
    # A loop: each report that is sent asks this of every indicator there is.
    for one in heard:
        if one.questions.issuperset(indicator.questions):
            return one
    return NOTHING


@dataclass(frozen=True, slots=True)
class AddedUp:
    """What was reported over some days in all, and for how many of their periods nobody reported."""

    figure: Figure | None
    missing: int = 0
    kept_back: bool = False
    """Whether it is withheld from this reader."""
    last: Period | None = None
    """The newest period that was reported; None if none was."""


@dataclass(frozen=True, slots=True)
class Limited:
    """What is known of the units with an attribute, for a target that is about those and not about the whole ground."""

    names: Mapping[str, str]
    """The attribute's name, by language."""
    level: str
    """Of which level the units are."""
    having: int
    """How many are known to have it; the figure is theirs."""
    unknown: int
    """How many units nobody knows about."""
    nowhere: bool = False
    """Whether it is known that no unit has it, so that the target does not apply to this ground."""
    figure: Figure | None = None
    ends: YearEnds = field(default_factory=dict)
    missing: int = 0
    kept_back: bool = False


@dataclass(frozen=True, slots=True)
class JudgedFigure:
    """The figure that a target is compared with."""

    figure: Figure
    period: str = ""
    missing: int = 0
    kept_back: bool = False
    old: bool = False
    """Whether it is from an earlier period than the last one that had ended when the target's time was over."""
    judged_on: date | None = None
    """The day as of which it is judged, if that is not today."""
    newest: bool = True
    """Whether it is simply the place's newest figure, which is shown beside it anyway."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What the targets of one plan are compared with at a place."""

    part: str = ""
    """The former unit, as people name it, to which the plan is limited; "" if it applies to the whole place."""
    heard: Sequence[Heard] | None = None
    """The newest reports of that part; None if those of the place are meant."""
    year_ends: Mapping[str, YearEnds] = field(default_factory=dict)
    """Its own figures at year ends by indicator, for comparison with an earlier year."""
    ended: Mapping[date, Sequence[Heard]] = field(default_factory=dict)
    """What had been heard by each day on which the time for some target ended."""
    sums: Mapping[str, AddedUp] = field(default_factory=dict)
    """Sums that no single report holds, by target id."""
    owned: bool = False
    """Whether the plan was made for this very unit, so that its amounts are this unit's."""
    limits: Mapping[str, Limited] = field(default_factory=dict)
    """By target id, for targets about some units and not about the whole ground."""
    partial: bool = False
    """Whether some of its communes have no villages in the list, so that what villages count is of a part of it."""
    kept_back: frozenset[str] = frozenset()
    """The ids of targets compared with an earlier value that is withheld from this reader."""

    def ends_of(self, target: Target) -> YearEnds:
        """Return the figures at year ends that a target is compared with."""
        limit = self.limits.get(target.id)
        return self.year_ends.get(target.indicator, NO_YEARS) if limit is None else limit.ends

    def judges(self, target: Target) -> bool:
        """Whether a target applies to this unit's figure: a rate does, an amount only at the unit it was set for."""
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
        """Return the figure that a target is compared with on a day, given what was `newest` heard about the place."""
        if target.id in self.kept_back:
            return JudgedFigure(Figure(indicator.id, None), kept_back=True, newest=False)
        if (limit := self.limits.get(target.id)) is not None:
            figure = limit.figure or Figure(indicator.id, None)
            return JudgedFigure(figure, "", limit.missing, limit.kept_back, newest=False)
        last_day = programme.last_day_of(target)
        over = last_day < as_of
        if (added := self.sums.get(target.id)) is not None:
            figure = added.figure or Figure(indicator.id, None)
            day = None if over else day_told(added.last, as_of)
            return JudgedFigure(figure, "", added.missing, added.kept_back, judged_on=day, newest=False)
        heard = self.ended.get(last_day, ()) if over else self.heard
        source = newest if heard is None else heard_for(indicator, heard)
        hidden = indicator.id in source.kept_back
        old = over and source.is_before_last(last_day)
        day = None if over else source.judged_on or day_told(source.period, as_of)
        return JudgedFigure(
            source.now(indicator.id), source.period_label(lang), 0, hidden, old, day, newest=heard is None
        )


WHOLE_PLACE: Final = Basis()
"""What a plan's targets are compared with if it applies to the whole place and is not over."""
