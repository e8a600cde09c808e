"""When: the times in a question, what they are compared with, and those that have no answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from queries.frames import Days, Intent, When
from queries.spans import Sentence, Span, Tag
from queries.times import UNITS_OF_TIME
from questionnaires.answers.text import bare

LENGTHS: Final = ("week", "month", "quarter", "year")
TO: Final = frozenset(("den", "toi", "-"))
"""Between the first and the last period of a time."""
BOTH: Final = (("cả",), ("ca",))
"""Before several periods: each of them."""
STATUTORY: Final = frozenset((day, month) for day in (14, 15) for month in (6, 12))
"""Statutory reports cover the time up to such a day."""
BEFORE_DAY: Final = 4
"""How many words before a day may show that it names a period: "kỳ báo cáo ngày"."""
PERIODS: Final = frozenset(("ky", "ki", "dot"))
"""Before a day: the period reported on it."""
DATING: Final = frozenset(("ngay", "tuan", "thang", "quy", "nam"))
NAMES_TIME: Final = DATING | {"/"}
DATED: Final = NAMES_TIME | {"-", "."}
"""What stands beside numbers in a date."""


@dataclass(frozen=True)
class Timed:
    """The times in one question asked `today`."""

    sentence: Sentence
    today: date

    @cached_property
    def when(self) -> When:
        """The time as it was said."""
        return When(
            periods=tuple(self.days),
            back=next((count for count, unit in self.backs if unit != "this"), 0),
            unit=next(self.units(), ""),
            against=next(iter(self.sentence.values(Tag.PREVIOUS)), "said" if self.holds_against else ""),
            ago=next((count for count, unit in self.backs if unit == "this"), 0),
            run=self.is_run,
        )

    @property
    def is_run(self) -> bool:
        """Whether each of several periods is meant, one after another: "liên tục", "3 quý liên tiếp", "2 tháng liền"."""
        ends = (set(map(bare, self.sentence.said(span))) for span in self.sentence.of(Tag.BACK))
        return bool(self.sentence.of(Tag.RUN)) or any(
            "lien" in words and "day" not in words for words in ends
        )

    @property
    def names_each(self) -> bool:
        """Whether each of several periods that are named is meant: "cả tháng 9 và tháng 10", "tháng 9 và tháng 10 đều"."""
        starts = {span.start for span in self.sentence.of(Tag.PERIOD)}
        both = (span.end in starts for span in self.sentence.spans if self.sentence.said(span) in BOTH)
        several = len(self.days) > 1 and not self.of_previous and not self.sentence.of(Tag.PREVIOUS)
        return several and (self.is_run or any(both))

    @property
    def backs(self) -> list[tuple[int, str]]:
        """How many periods back, and of which length; "this": counted from the questionnaire's present one."""
        return self.sentence.values(Tag.BACK)

    def units(self) -> Iterator[str]:
        """The length of the periods: as said for them, otherwise for those before."""
        yield from (unit for _, unit in self.backs if unit in LENGTHS)
        yield from map(self.unit_of, self.sentence.of(Tag.PREVIOUS))
        yield from filter(None, map(self.steps_of, self.sentence.of(Tag.PERIOD)))

    @cached_property
    def days(self) -> list[Days]:
        """The periods named, earliest first, without the year of "cùng kỳ năm 2025"."""
        ago = list(filter(self.is_last_year, self.of_previous))
        spans = (span for span in self.sentence.of(Tag.PERIOD, Tag.POINT) if span not in ago)
        return sorted({days for span in spans for days in days_of(span.value)})

    @cached_property
    def from_end_to_end(self) -> When | None:
        """Times of one length, two or several in a row, as the time from the first to the last, in their steps; None for
        anything else."""
        spans = self.sentence.of(Tag.PERIOD)
        units = {UNITS_OF_TIME.at(self.sentence.tokens, span.start) for span in spans}
        names = {unit[0] for unit in units if unit} & set(LENGTHS)
        in_a_row = all(one[1] + timedelta(1) == other[0] for one, other in pairwise(self.days))
        two = len(self.days) == len(spans) == 2
        if len(self.days) < 2 or not (two or in_a_row) or None in units or len(names) != 1:
            return None
        return When(periods=((self.days[0][0], self.days[-1][1]),), unit=names.pop())

    @cached_property
    def of_previous(self) -> list[Span]:
        """The periods after a "cùng kỳ" or "so với đầu năm" without a year: they name the year."""
        return [
            behind
            for span, behind in pairwise(self.sentence.meaningful)
            if span.tag is Tag.PREVIOUS and span.value and behind.tag is Tag.PERIOD
            if bare(self.sentence.said(span)[-1]) in ("ky", "ki", "nam") and span.end == behind.start
        ]

    def is_last_year(self, span: Span) -> bool:
        """Whether a period after "cùng kỳ" is the whole of last year."""
        year = self.today.year - 1
        if "year_start" in self.sentence.values(Tag.PREVIOUS):
            return False
        return bool(span.value == (date(year, 1, 1), date(year, 12, 31)))

    @cached_property
    def holds_against(self) -> bool:
        """ "So với quý III", "so sánh … với quý III": the one time named, long over, is what the present one is compared
        with."""
        against = Intent.COMPARE in self.sentence.values(Tag.INTENT) and any(
            map(self.follows_with, self.sentence.of(Tag.PERIOD))
        )
        return against and len(self.days) == 1 and self.days[0][1] < self.today

    def follows_with(self, span: Span) -> bool:
        """Whether a "với" or "sánh" stands right before a span."""
        return span.start > 0 and self.sentence.bare_words[span.start - 1] in ("voi", "sanh")

    def steps_of(self, span: Span) -> str:
        """The length of the periods from the first to the last of which a time is said to run: "từ quý 1 đến quý 4"."""
        tokens = self.sentence.tokens
        units = [unit[0] for at in range(span.start, span.end) if (unit := UNITS_OF_TIME.at(tokens, at))]
        runs = not TO.isdisjoint(self.sentence.bare_words[span.start : span.end])
        return units[0] if runs and len(units) > 1 and {units[0]} == set(units) & set(LENGTHS) else ""

    def unit_of(self, span: Span) -> str:
        """The length of the earlier period: "so với quý trước"; "" for the questionnaire's own."""
        if span.value != "before":
            return ""
        units = (UNITS_OF_TIME.at(self.sentence.tokens, at) for at in range(span.start, span.end))
        return next((unit[0] for unit in units if unit and unit[0] in LENGTHS), "")

    @property
    def is_held(self) -> bool:
        """Whether a time is compared with an earlier one."""
        return bool(self.sentence.of(Tag.PREVIOUS)) or self.holds_against

    @property
    def runs(self) -> bool:
        """Whether a series is asked for: in steps, or from an earlier time on."""
        held = bool(self.sentence.of(Tag.PREVIOUS)) or self.holds_against
        return held or any(unit != "this" for _, unit in self.backs)

    @property
    def up_to(self) -> bool:
        """Whether everything up to a time is asked for: "lũy kế", "đến hết tháng 9", "đến nay"."""
        times = {span.start for span in self.sentence.of(Tag.PERIOD, Tag.POINT)}
        return any(span.end in times or span.value for span in self.sentence.of(Tag.UNTIL))

    # --- what cannot be told --------------------------------------------------------------------------

    @property
    def against_no_year(self) -> tuple[str, ...]:
        """The words of a "cùng kỳ" of a year other than the last; () for none."""
        if all(self.is_last_year(span) for span in self.of_previous):
            return ()
        return self.sentence.words(Tag.PREVIOUS, Tag.PERIOD)

    @property
    def to_come(self) -> bool:
        """Whether the time asked about has not begun."""
        return bool(self.sentence.of(Tag.FUTURE)) or any(start > self.today for start, _ in self.days)

    @property
    def statutory(self) -> tuple[str, ...]:
        """The words of a day that may name the period reported on it: "kỳ báo cáo 15/6", "báo cáo 14/12"; () for none."""
        for span in self.sentence.of(Tag.PERIOD):
            first, last = days_of(span.value)[0]
            lead = self.words_up_to(span)
            report = {"bao", "cao"} <= lead and (first.day, first.month) in STATUTORY
            if first == last and (report or PERIODS & lead):
                return self.sentence.said(span)
        return ()

    def words_up_to(self, day: Span) -> set[str]:
        """The words of a day, and those just before it."""
        said = self.sentence.tokens[max(0, day.start - BEFORE_DAY) : day.end]
        return {bare(token.text) for token in said}

    @property
    def impossible(self) -> tuple[str, ...]:
        """The words of a time that does not exist ("năm 1800", "31/2/2026"); () for none."""
        spans = enumerate(self.sentence.spans)
        numbers = (at for at, span in spans if span.tag is Tag.UNKNOWN and str(span.value).isdigit())
        return next(filter(None, map(self.dated, numbers)), ())

    def dated(self, place: int) -> tuple[str, ...]:
        """The words around a number that make a time of it: "năm", a slash, a period; () for none."""
        around = self.around(place)
        words = tuple(word for span in around for word in self.sentence.said(span))
        sure = any(span.tag is Tag.PERIOD for span in around)
        return words if sure or not NAMES_TIME.isdisjoint(map(bare, words)) else ()

    def around(self, place: int) -> Sequence[Span]:
        """The spans around one that may form a time with it."""
        spans, first, last = self.sentence.spans, place, place
        while first and self.may_be_of_time(spans[first - 1]):
            first -= 1
        while last + 1 < len(spans) and self.may_be_of_time(spans[last + 1]):
            last += 1
        return spans[first : last + 1]

    def may_be_of_time(self, span: Span) -> bool:
        """Whether a span may be part of a time: a period, a number, a slash, a word such as "tháng"."""
        word = bare(self.sentence.said(span)[0])
        single = span.end == span.start + 1 and (word in DATED or word.isdigit())
        return span.tag is Tag.PERIOD or single


def days_of(value: tuple[Any, ...]) -> tuple[Days, ...]:
    """The periods of a span: one, or several in a list ("tháng 8, 9, 10")."""
    return value if isinstance(value[0], tuple) else (value,)


def is_whole_year(days: Days) -> bool:
    """Whether some days are one year or several, from January to December."""
    first, last = days
    return (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
