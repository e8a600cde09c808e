"""Figures for a question: an indicator for many units at once, over a span of days, with where they come from.

A stock is the latest report of each place up to the last day; a flow is what was reported for the periods that lie
within the span. What a place did not report is missing, never 0.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from figures.view import View
from plans.indicator import Indicator
from plans.period import Period, PeriodKind, from_key, period_of
from plans.rollup import Figure, combined, figure
from plans.schedule import Entry
from storage import asking, figures, ledger
from storage.figures import Value
from storage.tables import Level

FEW: Final = 300
"""So many places' reports are read one by one."""
MOST_PERIODS: Final = 60
"""A span has at most so many periods of a questionnaire: more than a year of weeks."""


@dataclass(frozen=True)
class Source:
    """Which questionnaire brings an indicator, at which level, how often."""

    indicator: Indicator
    entry: Entry
    alone: bool = True
    """Whether this questionnaire by itself asks everything that the indicator needs."""

    def now(self, today: date) -> "Span":
        """The period that today lies in, whole."""
        period = self.entry.period(today)
        return Span(period.start, period.end, period)

    def span(self, start: date, end: date) -> "Span":
        """These days; of a flow the whole periods of its questionnaire among them, for it has no figure of others."""
        if not self.indicator.stock:
            keys = within(self.entry, Span(start, end))
            start, end = from_key(keys[0]).start, from_key(keys[-1]).end
        return self.named(start, end)

    def named(self, start: date, end: date) -> "Span":
        """These days; named as a period where they are one."""
        for kind in PeriodKind:
            period = period_of(kind, start, self.entry.calendar)
            if (period.start, period.end) == (start, end):
                return Span(start, end, period)
        return Span(start, end)


@dataclass(frozen=True)
class Span:
    """The days that a figure is for; `period` where they are a whole one."""

    start: date
    end: date
    period: Period | None = None

    def before(self) -> "Span":
        """The span of the same length just before."""
        if self.period is not None:
            earlier = self.period.previous()
            return Span(earlier.start, earlier.end, earlier)
        length = self.end - self.start
        return Span(self.start - timedelta(days=1) - length, self.start - timedelta(days=1))


@dataclass(frozen=True)
class Counted:
    """A unit's figure: from `known` of `expected` places that report it, and from which reports."""

    figure: Figure
    known: int
    expected: int
    reports: frozenset[int] = frozenset()
    newest: str = ""
    """The key of the latest period that any of the reports is for."""
    places: frozenset[int] = frozenset()
    """Who may have reported, where the single reports are not known."""


async def source_of(view: View, indicator: Indicator) -> Source | None:
    """The questionnaire that asks what this indicator needs; None when none in use does.

    Where several of one rhythm ask it together (capital by project), the first of them stands for all.
    """
    active = await view.library.active_forms(view.session)
    entries = [
        entry
        for entry in view.library.plans.schedule
        if entry.form in active and entry.level == indicator.level
    ]
    names = {entry.form: {question.name for question in active[entry.form][1].questions} for entry in entries}
    wanted = set(indicator.questions)
    for entry in entries:
        alike = (
            names[each.form] for each in entries if (each.kind, each.calendar) == (entry.kind, entry.calendar)
        )
        if wanted & names[entry.form] and wanted <= set().union(*alike):
            return Source(indicator, entry, alone=wanted <= names[entry.form])
    return None


async def count(
    view: View, source: Source, groups: Mapping[int, Collection[int]], span: Span
) -> dict[int, Counted]:
    """The figure of each group of reporting places (by the id of its unit) over `span`.

    Many places are read from the ledger's sums, few from their reports: both give the same figures (single villages
    have no sums of their own). A unit above
    the places that report has none of an indicator that does not add up, be it of one place only.
    """
    own = source.indicator.level == Level.VILLAGE and any(unit in group for unit, group in groups.items())
    if source.alone and not own and sum(map(len, groups.values())) > FEW:
        found = await from_ledger(view, source, groups, span)
    else:
        everybody = sorted({place for group in groups.values() for place in group})
        values = await values_of(view, source, everybody, span)
        found = {unit: together(source.indicator, group, values) for unit, group in groups.items()}
    if source.indicator.additive:
        return found
    nothing = Figure(source.indicator.id, None)
    return {
        unit: each if set(groups[unit]) == {unit} else replace(each, figure=nothing)
        for unit, each in found.items()
    }


async def from_ledger(
    view: View, source: Source, groups: Mapping[int, Collection[int]], span: Span
) -> dict[int, Counted]:
    """The figures of units as the ledger has them, by the boundaries of today."""
    session, indicator, entry = view.session, source.indicator, source.entry
    names = [indicator.id]
    if indicator.stock:
        totals = [await ledger.standing(session, list(groups), entry.form, names, span.end, view.today)]
    else:
        periods = [from_key(key) for key in within(entry, span)]
        totals = [
            await ledger.said(session, list(groups), entry.form, names, each, view.today) for each in periods
        ]
    last = await ledger.latest_day(
        session, list(groups), entry.form, entry.period(span.end), span.end, view.today
    )
    newest = entry.period(last).key if last else ""
    found = {}
    for unit, group in groups.items():
        parts = [each[unit][indicator.id] for each in totals if indicator.id in each.get(unit, {})]
        figures_of_unit = [part.figure(indicator) for part in parts]
        known = max((part.reports for part in parts), default=0)
        found[unit] = Counted(
            combined(indicator, figures_of_unit),
            min(known, len(group)),
            len(group),
            newest=newest if known else "",
            places=frozenset(group),
        )
    return found


async def values_of(
    view: View, source: Source, ids: Collection[int], span: Span
) -> dict[int, dict[str, Value]]:
    """What each place reported, by question."""
    questions = source.indicator.questions
    if source.indicator.stock:
        return await figures.latest(view.session, ids, questions, span.end)
    return await asking.of_periods(view.session, ids, questions, within(source.entry, span))


def within(entry: Entry, span: Span) -> list[str]:
    """The keys of the questionnaire's periods that lie within `span`; the one around it where none does."""
    period = entry.period(span.start)
    if period.start < span.start:
        period = period.next()
    keys: list[str] = []
    while period.end <= span.end and len(keys) < MOST_PERIODS:
        keys.append(period.key)
        period = period.next()
    return keys or [entry.period(span.end).key]


def together(
    indicator: Indicator, group: Collection[int], values: Mapping[int, Mapping[str, Value]]
) -> Counted:
    """One unit's figure from the values of the places that report for it."""
    found = []
    reports: set[int] = set()
    newest = ""
    for place in group:
        row = values.get(place, {})
        each = figure(indicator, {name: value.number for name, value in row.items()})
        if each.numerator is None:
            continue
        found.append(each)
        reports |= {value.submission_id for value in row.values()}
        newest = max([newest, *(value.period for value in row.values())])
    return Counted(combined(indicator, found), len(found), len(group), frozenset(reports), newest)


def turned_round(counted: Counted, indicator: Indicator) -> Counted:
    """The rest of a rate: those that are not ("chưa có")."""
    whole, part = counted.figure.denominator, counted.figure.numerator
    if whole is None or part is None or counted.figure.value is None:
        return counted
    rest = whole - part
    turned = Figure(indicator.id, rest * indicator.factor / whole if whole else None, rest, whole)
    return replace(counted, figure=turned)
