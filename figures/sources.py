"""Where an indicator comes from: its questionnaires, and the days and periods that its figures are for."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from figures.view import View
from plans.indicator import Indicator
from plans.period import Calendar, Period, PeriodKind, from_key, period_of
from plans.schedule import Entry

MOST_PERIODS: Final = 60
"""The most periods of a questionnaire in a span: more than a year of weeks."""

Groups = Mapping[int, Collection[int]]
"""Units by their ids, each with the places that report for it."""


@dataclass(frozen=True)
class FigureDays:
    """The days that a figure is for; `period` if they are exactly one."""

    start: date
    end: date
    period: Period | None = None
    newest: bool = False
    """Whether no time was asked about: then the figure is of the newest period reported by `end`."""

    def before(self) -> "FigureDays":
        """The span of the same length just before."""
        if self.period is not None:
            earlier = self.period.previous()
            return FigureDays(earlier.start, earlier.end, earlier)
        length = self.end - self.start
        return FigureDays(self.start - timedelta(days=1) - length, self.start - timedelta(days=1))


def span_of(period: Period) -> FigureDays:
    """The days of a period."""
    return FigureDays(period.start, period.end, period)


@dataclass(frozen=True)
class Source:
    """Which questionnaire provides an indicator, at which level, how often."""

    indicator: Indicator
    entry: Entry
    forms: tuple[str, ...] = ()
    """Every questionnaire of that rhythm that asks part of it, including the entry's own."""
    alone: bool = True
    """Whether this questionnaire alone asks everything that the indicator needs."""

    def now(self, today: date) -> FigureDays:
        """The whole period that contains today."""
        return span_of(self.entry.period(today))

    def newest(self, today: date) -> FigureDays:
        """The newest period reported: meant if no time is named."""
        return replace(self.now(today), newest=True)

    def span(self, start: date, end: date) -> FigureDays:
        """These days; for a flow, the whole periods of its questionnaire within them, since it has no other figures."""
        if not self.indicator.stock:
            keys = within(self.entry, FigureDays(start, end))
            start, end = from_key(keys[0]).start, from_key(keys[-1]).end
        return self.named(start, end)

    def named(self, start: date, end: date) -> FigureDays:
        """These days; as a named period if they are exactly one."""
        for kind in PeriodKind:
            period = period_of(kind, start, self.entry.calendar)
            if (period.start, period.end) == (start, end):
                return FigureDays(start, end, period)
        return FigureDays(start, end)


async def source_of(view: View, indicator: Indicator) -> Source | None:
    """The questionnaire that asks what this indicator needs; None if none in use does.

    If several of one rhythm ask it together (capital by project), the first of them stands for all.
    """
    asked = await asked_at(view, indicator.level)
    wanted = set(indicator.questions)
    for entry, names in asked:
        # Questionnaires of another rhythm would mix parts from different periods in one figure.
        rhythm = (entry.kind, entry.calendar)
        alike = [(other, others) for other, others in asked if (other.kind, other.calendar) == rhythm]
        together = asking_together(wanted, alike)
        if wanted & names and together:
            alone = wanted <= names
            forms = [entry.form] if alone else [other.form for other in together]
            return Source(indicator, entry, tuple(forms), alone)
    return of_several_rhythms(indicator, asked, view.today)


def asking_together(wanted: set[str], asked: Sequence[tuple[Entry, frozenset[str]]]) -> list[Entry]:
    """Those of the questionnaires that ask for some of `wanted`; [] if they leave any of it out."""
    some = [(entry, names) for entry, names in asked if wanted & names]
    left_out = wanted.difference(*(names for _, names in some))
    return [] if left_out else [entry for entry, _ in some]


def of_several_rhythms(
    indicator: Indicator, asked: Sequence[tuple[Entry, frozenset[str]]], today: date
) -> Source | None:
    """Return the questionnaires that ask for a stock together, some more often than others: it is of the longest of
    their periods. None for anything else."""
    gregorian = [(entry, names) for entry, names in asked if entry.calendar is Calendar.GREGORIAN]
    together = asking_together(set(indicator.questions), gregorian)
    if not indicator.stock or not together:
        return None
    longest = max(together, key=lambda entry: length_of(entry.period(today)))
    return Source(indicator, longest, tuple(entry.form for entry in together), alone=False)


def length_of(period: Period) -> timedelta:
    """How long a period is."""
    return period.end - period.start


async def asked_at(view: View, level: str) -> list[tuple[Entry, frozenset[str]]]:
    """The questionnaires in use for places of a level, including those of single plans, each with its questions' names."""
    active = await view.library.active_forms(view.session)
    return [
        (entry, active[entry.form][1].question_names)
        for entry in view.plans.entries
        if entry.form in active and entry.level == level
    ]


def within(entry: Entry, span: FigureDays) -> list[str]:
    """The keys of the questionnaire's periods within `span`; if none is, the one around it."""
    period = entry.period(span.start)
    if period.start < span.start:
        period = period.next()
    keys: list[str] = []
    while period.end <= span.end and len(keys) < MOST_PERIODS:
        keys.append(period.key)
        period = period.next()
    return keys or [entry.period(span.end).key]


def is_shorter(period: Period, entry: Entry) -> bool:
    """Whether a period lies within one that is asked about today: it was reported when that was asked more often."""
    whole = entry.period(period.end)
    return period != whole and whole.start <= period.start


def periods_in(source: Source, span: FigureDays, today: date) -> list[Period]:
    """The questionnaire's periods in a span, including the one in which it ends, while that is under way."""
    last = source.entry.period(span.end)
    whole = [period for key in within(source.entry, span) if (period := from_key(key)).end <= span.end]
    return whole if last in whole or last.end < today else [*whole, last]
