"""One commitment of a plan: which value a figure is to reach, by when, and in which clause that stands."""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator

from plans.levels import LevelName
from plans.table import table


class Comparator(StrEnum):
    """How a figure is compared with a target's value."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"
    COMPLETE = "complete"
    """Reach the value in full ("100 %")."""
    ELIMINATE = "eliminate"
    """Nothing may be left ("xóa nhà tạm"): the goal is 0."""
    RANGE = "range"
    """Come between `value` and `value_high`; met once the nearer end is reached ("từ 2.900 đến 3.000 USD")."""
    REDUCE_YEARLY = "reduce_yearly"
    """Fall by `value` (to `value_high`) points a year, against the value at the end of the year before."""
    REDUCE_YEARLY_ABOVE = "reduce_yearly_above"
    """The same, by more than `value` points ("giảm trên 3 %/năm")."""
    INCREASE_YEARLY = "increase_yearly"
    """Rise by `value` (to `value_high`) points a year, against the value at the end of the year before."""
    SHRINK_YEARLY = "shrink_yearly"
    """Fall by `value` (to `value_high`) percent of itself a year ("số cặp tảo hôn giảm 2-3 %/năm")."""
    REDUCE_AVERAGE = "reduce_average"
    """Fall by `value` points a year on the average of the plan's years ("bình quân giảm 2,5 %/năm"), not in each."""
    SHRINK_AVERAGE = "shrink_average"
    """The same, by `value` (to `value_high`) percent of itself ("giảm bình quân 2-3 %/năm số cặp tảo hôn")."""
    AVERAGE = "average"
    """The mean of the plan's years comes to `value` (to `value_high`): "tăng bình quân 5,8 %/năm"."""
    AVERAGE_ABOVE = "average_above"
    """The mean of the plan's years is more than `value` ("tăng bình quân đạt trên 10 %/năm")."""
    REDUCE_SHARE = "reduce_share"
    """Fall by `value` percent of the baseline ("giảm ít nhất 30 % số xã đặc biệt khó khăn")."""
    MULTIPLY = "multiply"
    """Reach `value` times the baseline."""
    MULTIPLY_ABOVE = "multiply_above"
    """Reach more than `value` times the baseline ("trên 2 lần so với năm 2020")."""
    MAINTAIN = "maintain"
    """Not fall below the value, or below the baseline if the plan gives no value."""
    QUOTA = "quota"
    """Reach a number of households or works, counted from the plan's first day."""
    QUOTA_ABOVE = "quota_above"
    """Pass such a number ("cho trên 200 hộ")."""
    TREND = "trend"
    """Words without a number: figures are shown for it, but never judged."""

    @property
    def yearly(self) -> bool:
        """Whether it sets a yearly change, from the value at the end of the year before."""
        return self in YEARLY

    @property
    def averaged(self) -> bool:
        """Whether the mean of the plan's years is judged, so that a poor year can be made good by another."""
        return self in AVERAGED

    @property
    def counted_up(self) -> bool:
        """Whether it is an amount for the plan's own ground, counted since the plan began."""
        return self in (Comparator.QUOTA, Comparator.QUOTA_ABOVE)

    @property
    def relative(self) -> bool:
        """Whether `value` is a change against an earlier value rather than a number to reach."""
        return self in YEARLY or self in SINCE_THE_PLAN or self in AGAINST_BASELINE


YEARLY: Final = frozenset(
    {
        Comparator.REDUCE_YEARLY,
        Comparator.REDUCE_YEARLY_ABOVE,
        Comparator.INCREASE_YEARLY,
        Comparator.SHRINK_YEARLY,
    }
)
AVERAGED: Final = frozenset({Comparator.AVERAGE, Comparator.AVERAGE_ABOVE})
SINCE_THE_PLAN: Final = frozenset({Comparator.REDUCE_AVERAGE, Comparator.SHRINK_AVERAGE})
"""Comparators of an average change per year, counted from the end of the year before the plan began."""
AGAINST_BASELINE: Final = frozenset({Comparator.REDUCE_SHARE, Comparator.MULTIPLY, Comparator.MULTIPLY_ABOVE})


YEAR_SAID: Final = re.compile(r"\b(?:19|20)\d\d\b")
NUMBERED: Final = re.compile(
    r"\b(?:dự án|nội dung|điều|khoản|mục|phụ lục|số|giai đoạn)\s+(?:số\s+)?\d[\w./-]*", re.IGNORECASE
)
"""What a number only names: "Dự án 8"."""
NUMBER_SAID: Final = re.compile(r"\d")


class CommitmentKind(StrEnum):
    """What sort of commitment a row is."""

    TARGET = "target"
    QUOTA = "quota"
    CAPITAL = "capital"
    WORKS = "works"
    DEADLINE = "deadline"
    TASK = "task"
    TREND = "trend"


def filled(cell: object) -> object:
    """Return the content of a spreadsheet's cell; None for an empty one."""
    return None if cell == "" else cell


Number = Annotated[Decimal | None, BeforeValidator(filled)]
"""A number written with a decimal point, such as 98.7; None for an empty cell."""
Year = Annotated[int | None, BeforeValidator(filled)]


@table()
class Target:
    """One row of a plan's `targets.csv`."""

    plan: str
    id: str
    kind: CommitmentKind
    clause: str
    domain: str
    indicator: str
    statement: str
    """The commitment in the document's words. Letters misread by the scan are corrected, numbers never."""
    comparator: Comparator
    value: Number
    value_high: Number
    unit: str
    year_due: Year
    baseline_year: Year
    baseline: Number
    scope: str
    """Whom the commitment is about: "hộ dân tộc thiểu số", "dân cư nông thôn" …"""
    level: LevelName
    """The level that reports it."""
    set_at: str
    """The level of the unit that set it. A province's target is only an orientation for a village."""
    agency: str
    note: str
    inferred: str = ""
    """The names of fields that the clause itself does not say; they follow from other clauses or from the whole plan."""

    wider: Literal["", "yes"] = ""
    """Whether the figure counts more than the scope, because no question counts the scope alone; people are told so."""
    among: str = ""
    """The attribute that units must have to count for it: "vung-dtts"; "" if every unit counts."""
    counted: Literal["", "households", "classrooms", "dispersed-water"] = ""
    """What its figure counts if the document speaks of something else: "dân số" counted by households."""
    partners: str = ""
    """The agencies that take part besides the one responsible, in the document's words."""
    item: str = ""
    """The choices by which officers report how it stands, separated by blanks: "nhiem-vu:mt_1"."""

    always: Literal["", "yes"] = ""
    """Whether it is to be done all the time: the document says "thường xuyên", and no year."""

    def infers(self, field: str) -> bool:
        """Whether `field` of this row is inferred; people are told so."""
        return field in self.inferred.split()

    @property
    def said_in_words(self) -> bool:
        """Whether it says a number that nothing is held against, as rows of an office's table may: no figure has it."""
        in_words = self.comparator is Comparator.TREND and not self.indicator
        return (
            in_words and NUMBER_SAID.search(NUMBERED.sub("", YEAR_SAID.sub("", self.statement))) is not None
        )

    @property
    def items(self) -> tuple[tuple[str, str], ...]:
        """The choices by which officers report how it stands, as (questionnaire, choice)."""
        return tuple((form, choice) for form, _, choice in (one.partition(":") for one in self.item.split()))

    @property
    def due(self) -> date | None:
        """The last day of its due year; None if the plan names no year."""
        return date(self.year_due, 12, 31) if self.year_due else None

    @property
    def goal(self) -> Decimal | None:
        """The plan's number: the value to reach, or the change of a relative target; None without one.

        `rollup.standing` works out which value a relative target makes a place reach.
        """
        match self.comparator:
            case Comparator.ELIMINATE:
                return Decimal(0)
            case Comparator.TREND:
                return None
            case Comparator.MAINTAIN if self.value is None:
                return self.baseline
        return self.value

    @property
    def numbered(self) -> bool:
        """Whether a figure can be compared with it: the plan gives a number, or a baseline year to maintain."""
        kept = self.comparator is Comparator.MAINTAIN and self.baseline_year is not None
        return kept or self.goal is not None

    @property
    def judged_at_its_end(self) -> bool:
        """Whether it is judged by the value at the end of its last year, once that is over, as yearly changes are."""
        return self.comparator.yearly or self.comparator in SINCE_THE_PLAN

    @property
    def comparable(self) -> bool:
        """Whether a smaller place's figure can be compared with it: a rate or a zero can, a quota cannot."""
        return self.goal is not None and not self.comparator.counted_up
