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
from storage.figures import ReportedValue
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
    asked = await asked_at(view, indicator.level)
    wanted = set(indicator.questions)
    for entry, names in asked:
        rhythm = (entry.kind, entry.calendar)
        alike = (others for other, others in asked if (other.kind, other.calendar) == rhythm)
        if wanted & names and wanted <= set().union(*alike):
            return Source(indicator, entry, alone=wanted <= names)
    return None


async def asked_at(view: View, level: str) -> list[tuple[Entry, frozenset[str]]]:
    """The questionnaires in use that places of a level answer, each with the names of its questions."""
    active = await view.library.active_forms(view.session)
    return [
        (entry, frozenset(question.name for question in active[entry.form][1].questions))
        for entry in view.plans.schedule
        if entry.form in active and entry.level == level
    ]


Groups = Mapping[int, Collection[int]]
"""Units by their ids, each with the places that report for it."""


async def count(view: View, source: Source, groups: Groups, span: Span) -> dict[int, Counted]:
    """The figure of each unit over `span`.

    A unit above the places that report has none of an indicator that does not add up, be it of one place only.
    """
    if from_sums(source, groups):
        counted = await from_ledger(view, source, groups, span)
    else:
        counted = await from_reports(view, source, groups, span)
    if source.indicator.additive:
        return counted
    nothing = Figure(source.indicator.id, None)
    return {
        unit: one if set(groups[unit]) == {unit} else replace(one, figure=nothing)
        for unit, one in counted.items()
    }


def from_sums(source: Source, groups: Groups) -> bool:
    """Whether the units are read from the ledger's sums: many are, few from their reports.

    Both give the same figures. But single villages have no sums of their own, and a sum of several questionnaires is
    not kept.
    """
    villages = source.indicator.level == Level.VILLAGE and any(unit in of for unit, of in groups.items())
    return source.alone and not villages and sum(map(len, groups.values())) > FEW


async def from_reports(view: View, source: Source, groups: Groups, span: Span) -> dict[int, Counted]:
    """The figures of units from the single reports of their places."""
    places = sorted(set().union(*groups.values()))
    values = await values_of(view, source, places, span)
    return {unit: together(source.indicator, group, values) for unit, group in groups.items()}


async def from_ledger(view: View, source: Source, groups: Groups, span: Span) -> dict[int, Counted]:
    """The figures of units as the ledger has them, by the boundaries of today."""
    indicator, entry, units = source.indicator, source.entry, list(groups)
    totals = await totals_of(view, source, units, span)
    period = entry.period(span.end)
    last = await ledger.latest_day(view.session, units, entry.form, period, span.end, view.today)
    newest = entry.period(last).key if last else ""
    counted = {}
    for unit, group in groups.items():
        parts = [total[unit][indicator.id] for total in totals if indicator.id in total.get(unit, {})]
        known = max((part.reports for part in parts), default=0)
        counted[unit] = Counted(
            combined(indicator, [part.figure(indicator) for part in parts]),
            min(known, len(group)),
            len(group),
            newest=newest if known else "",
            places=frozenset(group),
        )
    return counted


async def totals_of(
    view: View, source: Source, units: list[int], span: Span
) -> list[dict[int, dict[str, ledger.Total]]]:
    """The ledger's totals of units: of a stock as they stand at the end of `span`, of a flow for each period."""
    session, form, names, today = view.session, source.entry.form, [source.indicator.id], view.today
    if source.indicator.stock:
        return [await ledger.standing(session, units, form, names, span.end, today)]
    periods = map(from_key, within(source.entry, span))
    return [await ledger.said(session, units, form, names, period, today) for period in periods]


async def values_of(
    view: View, source: Source, ids: Collection[int], span: Span
) -> dict[int, dict[str, ReportedValue]]:
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
    indicator: Indicator, group: Collection[int], values: Mapping[int, Mapping[str, ReportedValue]]
) -> Counted:
    """One unit's figure from the values of the places that report for it."""
    figures_of_group = []
    counted: list[ReportedValue] = []
    for place in group:
        row = values.get(place, {})
        one = figure(indicator, {name: value.number for name, value in row.items()})
        if one.numerator is not None:
            figures_of_group.append(one)
            counted += row.values()
    return Counted(
        combined(indicator, figures_of_group),
        len(figures_of_group),
        len(group),
        frozenset(value.submission_id for value in counted),
        max((value.period for value in counted), default=""),
    )


def turned_round(counted: Counted, indicator: Indicator) -> Counted:
    """The rest of a rate: those that are not ("chưa có")."""
    whole, part = counted.figure.denominator, counted.figure.numerator
    if whole is None or part is None or counted.figure.value is None:
        return counted
    rest = whole - part
    turned = Figure(indicator.id, rest * indicator.factor / whole if whole else None, rest, whole)
    return replace(counted, figure=turned)
