"""Adds up: what reports add to the sums of each unit, and what a sum gives."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from plans.indicator import Indicator
from plans.rollup import Figure, valued
from storage.ledger.measures import Amounts, LedgerReport, Line
from storage.ledger.ways import NOT_YET, ByForm, LedgerWay, Signs

COLUMNS: Final = (
    "place_id", "measure_id", "day", "boundary", "shard",
    "reports", "numerator", "numerator_rest", "denominator", "denominator_rest",
)  # fmt: skip
SumRow = tuple[int, ...]
"""What is added to one row of the ledger, in the order of `COLUMNS`; plain, since a country's rebuild makes millions."""
SUMS: Final = 5
"""How many numbers a sum has: reports, numerator and its rest, denominator and its rest."""


class Sums:
    """Changes still to be written, by where they count, measure and day."""

    def __init__(self) -> None:
        self.cells: dict[Signs, dict[tuple[int, int], list[int]]] = {}
        self.size = 0

    def add(self, signs: Signs, day: int, amounts: Amounts, times: int) -> None:
        """Add amounts on a day, `times` 1 or -1."""
        cells = self.cells.setdefault(signs, {})
        for measure, (reports, whole, rest, of, of_rest) in amounts:
            cell = cells.get((measure, day))
            if cell is None:
                cell = cells[measure, day] = [0] * SUMS
                self.size += 1
            # Written out: rebuilding a country adds a hundred million times.
            cell[0] += times * reports
            cell[1] += times * whole
            cell[2] += times * rest
            cell[3] += times * of
            cell[4] += times * of_rest

    def say(self, way: LedgerWay, report: LedgerReport, times: int) -> None:
        """Add what a report says."""
        self.add(way.signs(report.day), report.day, report.said, times)

    def turn(self, way: LedgerWay, before: LedgerReport | None, report: LedgerReport, times: int) -> None:
        """Add what a report says compared with the one before it."""
        self.add(way.signs(report.day), report.day, report.turned(before), times)

    def stand(self, way: LedgerWay, report: LedgerReport, until: int | None, times: int) -> None:
        """Add what stands from the end of a report's period until `until`."""
        if until is not None and until <= report.day:
            return
        signs = way.signs(report.day)
        self.add(signs, report.day, report.stands, times)
        if until is not None:
            self.add(signs, until, report.stands, -times)

    def lines(
        self, some: Iterable[Line], ways: Mapping[int, LedgerWay], ends: Mapping[int, ByForm], times: int
    ) -> None:
        """Add (1) or subtract (-1) all reports of some places; `ends`: when an heir's report replaced each."""
        for place, form, reports in some:
            self.line(ways[place], reports, times, ends.get(place, NOT_YET).get(form))

    def line(
        self, way: LedgerWay, reports: Sequence[LedgerReport], times: int, replaced: int | None = None
    ) -> None:
        """Add all reports of one questionnaire by one place, in order; `replaced`: the day on which an heir's report
        replaces them."""
        if replaced is not None:
            reports = [report.until(replaced) for report in reports]
        before: LedgerReport | None = None
        for report in reports:
            self.say(way, report, times)
            self.turn(way, before, report, times)
            before = report
        self.stand_in_turn(way, reports, times, replaced)

    def stand_in_turn(
        self, way: LedgerWay, reports: Sequence[LedgerReport], times: int, replaced: int | None
    ) -> None:
        """Let each of a place's reports of a questionnaire stand until the next, and the last until an heir's."""
        first = reports[0]
        for report in reports[1:]:
            # What says the same as the one before, and counts in the same units, lets that one stand on.
            if report.stands is not first.stands or way.signs(report.day) != way.signs(first.day):
                self.stand(way, first, way.until(first.day, report.day, replaced), times)
                first = report
        self.stand(way, first, way.until(first.day, None, replaced), times)

    def rows(self, shard: int = 0) -> list[SumRow]:
        """Return the changes as rows of a process's share, in a fixed order, so that processes that write the same rows do
        not block each other."""
        return [
            (unit, measure, day, boundary, shard, *amounts)
            for (unit, boundary), cells in sorted(self.by_unit().items())
            for (measure, day), amounts in sorted(cells.items())
            if any(amounts)
        ]

    def by_unit(self) -> dict[tuple[int, int], dict[tuple[int, int], list[int]]]:
        """The changes by unit and boundary, and by measure and day."""
        changes: dict[tuple[int, int], dict[tuple[int, int], list[int]]] = {}
        for signs, cells in self.cells.items():
            for unit, boundary, sign in signs:
                rows = changes.setdefault((unit, boundary), {})
                for key, amounts in cells.items():
                    row = rows.get(key)
                    if row is None:
                        rows[key] = amounts.copy() if sign > 0 else [-amount for amount in amounts]
                        continue
                    # Written out, as in `add`.
                    row[0] += sign * amounts[0]
                    row[1] += sign * amounts[1]
                    row[2] += sign * amounts[2]
                    row[3] += sign * amounts[3]
                    row[4] += sign * amounts[4]
        return changes


class Total(NamedTuple):
    """How many reports gave a figure, and what they add up to."""

    reports: int
    numerator: Decimal
    denominator: Decimal

    def figure(self, indicator: Indicator) -> Figure:
        """Return the figure of an indicator; without a value if no report gave one, or several that do not add up."""
        if not self.reports or (self.reports > 1 and not indicator.additive):
            return Figure(indicator.id, None)
        return valued(indicator, self.numerator, self.denominator if indicator.rate else None)

    def less(self, other: "Total") -> "Total":
        """Return this without the reports of `other`, which are among its own."""
        return Total(
            self.reports - other.reports,
            self.numerator - other.numerator,
            self.denominator - other.denominator,
        )


NOTHING: Final = Total(0, Decimal(0), Decimal(0))
Totals = dict[int, dict[str, Total]]
"""By place and name of what is counted; names that no report gave are left out."""


def together(parts: Sequence[Mapping[str, Total]]) -> dict[str, Total]:
    """The totals of several places as one."""
    sums: dict[str, Total] = {}
    for part in parts:
        for name, more in part.items():
            total = sums.get(name, NOTHING)
            sums[name] = Total(
                total.reports + more.reports,
                total.numerator + more.numerator,
                total.denominator + more.denominator,
            )
    return sums
