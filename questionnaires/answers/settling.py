"""From what was said of a time to its days: the year, month or first part that was left unsaid is settled."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from questionnaires.answers.cursor import Cursor
from questionnaires.answers.days import DateSaid, Days, candidate, candidates, one_day, ordered, part_of
from questionnaires.answers.reading import AnswerDoubt
from questionnaires.answers.tokens import Token
from questionnaires.answers.weeks import week_within


class DatedCursor(Cursor):
    """Settles what its readers said, as of `today`.

    A part of a year without its year is this year's. If that is still to come, it is doubtful; with `newest` it is that
    of the newest year in which it has begun: in January, "quý 4" means the quarter that is over.
    """

    def __init__(self, tokens: Sequence[Token], today: date, *, newest: bool = False) -> None:
        said = [token for token in tokens if token.text not in (",", "!", "\n", "(", ")")]
        while said and said[-1].text == ".":
            said.pop()
        super().__init__(said)
        self.today = today
        self.newest = newest

    def span(self, first: DateSaid, second: DateSaid) -> Days:
        """Return the days from one part to another. The first takes a missing year or month from the second."""
        last = self.resolve(second)
        first = completed(first, second, last)
        start = self.resolve(first)[0]
        if start > last[0] and self.newest and first.build is not None and first.year is None:
            start = first.build(last[0].year - 1)[0]
        # The start is also compared with the start of the second: "từ tháng 5 đến ngày 3/5" is reversed.
        ordered(start, last[0])
        return ordered(start, last[1])

    def resolve(self, said: DateSaid) -> Days:
        """Return the days meant. Raises AnswerDoubt if they are in the future without a year that says so."""
        if said.day:
            return self.within_month(said.day)
        if said.fixed is not None:
            if said.fixed[0] > self.today:
                raise AnswerDoubt("future")
            return said.fixed
        assert said.build is not None
        return self.without_year(said.build) if said.year is None else said.build(said.year)

    def within_month(self, day: int) -> Days:
        """Return the day with this number in this month. Raises AnswerDoubt if it is still to come, or with `newest`."""
        days = one_day(day, self.today.month)(self.today.year)
        if self.newest:
            raise AnswerDoubt("no_month")
        if days[0] > self.today:
            last = self.today.replace(day=1) - timedelta(days=1)
            raise AnswerDoubt("no_month", candidates(one_day(day, last.month), last.year))
        return days

    def without_year(self, build: Callable[[int], Days]) -> Days:
        """Return the days in this year, or with `newest` in the newest year in which they have begun.

        Raises AnswerDoubt if the days in this year are still to come.
        """
        if self.newest:
            return self.newest_of(build)
        days = build(self.today.year)
        if days[0] > self.today:
            raise AnswerDoubt("future", (*candidates(build, self.today.year - 1), candidate(days)))
        return days

    def newest_of(self, build: Callable[[int], Days]) -> Days:
        """Return the days in the newest year in which they have begun. Raises AnswerDoubt if no recent year has them."""
        doubt = AnswerDoubt("future")
        # From the coming year on: an ISO year begins before 1 January.
        for year in range(self.today.year + 1, self.today.year - 5, -1):
            try:
                days = build(year)
            except AnswerDoubt as why:  # a week 53, a 29 February
                doubt = why
                continue
            if days[0] <= self.today:
                return days
        raise doubt


def completed(first: DateSaid, second: DateSaid, last: Days) -> DateSaid:
    """The first part of a span, with the year or month that was said for the second only.

    Raises AnswerDoubt if a day stands before what is no day.
    """
    if first.day:
        if last[0] != last[1]:
            raise AnswerDoubt("no_month")
        return DateSaid(build=one_day(first.day, last[0].month), year=last[0].year)
    if first.week and second.month is not None:
        return part_of(lambda month: week_within(month, first.week), second.month)
    if first.build is not None and first.year is None:
        return first._replace(year=second.year)
    return first
