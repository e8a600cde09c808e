"""Read a deadline as people say it: "hạn 5/12", "đến 18 giờ thứ sáu", "trước 17h mai", "chậm nhất ngày 30".

Days and times are read as in answers (`dates`, `clock`). But answers are about the past and deadlines about the future:
a weekday is the next one, and a day without month or year is the next such day.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Final

from questionnaires.answers.clock import time_said
from questionnaires.answers.dates import CALENDAR, WEEKDAYS, CalendarReader, DateSaid, just
from questionnaires.answers.days import Days, one_day
from questionnaires.answers.reading import AnswerDoubt
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Token, as_text, tokens_of

COMING: Final = CALENDAR.numbers("coming")
"""Words for coming days, each with how many days ahead it is."""
DUE: Final = CALENDAR.codes("due")
"""Words that a deadline may begin with. `sure` ones begin nothing else; `before` ones begin other things too. Those that
mean until the `end` of a day, and the `maybe` ones, begin a deadline only if the text has nothing else."""
IN_WORDS: Final = ("sure", "before")
"""Words that begin a deadline even among other words. "đến" is not one: "đến 3/12" may be the end of the rain."""
CLOSES: Final = time(17)
"""The time of a deadline that only names a day: offices close then."""
MIDNIGHT: Final = time(23, 59)
"""The time of a deadline at the end of a day."""
LONGEST: Final = 9
"""The most words of a deadline."""
ENDS: Final = (".", ",", ";", "!", "?", "\n", ")")


def deadline_said(text: str, now: datetime) -> datetime | None:
    """Return the moment that the whole of `text` means, in the zone of `now`; None if it means none."""
    tokens = tokens_of(clean(text))
    begun = DUE.at(tokens, 0)
    meaning, start = begun or ("", 0)
    return moment(without_end(tokens[start:]), meaning, now)


def begins_deadline(text: str) -> bool:
    """Whether `text` begins like a deadline, even if its day cannot be read."""
    begun = DUE.at(tokens_of(clean(text)), 0)
    return begun is not None and begun[0] == "sure"


def deadline_in(text: str, now: datetime) -> datetime | None:
    """Return the first deadline within `text`, in the zone of `now`; None if there is none."""
    tokens = tokens_of(clean(text))
    for start in range(len(tokens)):
        begun = DUE.at(tokens, start)
        if begun is not None and begun[0] in IN_WORDS:
            known = (moment(run, begun[0], now) for run in runs(tokens, begun[1]))
            if (said := next(filter(None, known), None)) is not None:
                return said
    return None


def runs(tokens: Sequence[Token], start: int) -> Iterator[Sequence[Token]]:
    """Yield the runs of words from `start` on that may be one deadline, the longest first. None crosses a mark."""
    stops = (place for place in range(start, len(tokens)) if is_stop(tokens, place))
    end = min(next(stops, len(tokens)), start + LONGEST)
    return (tokens[start:last] for last in range(end, start, -1))


def is_stop(tokens: Sequence[Token], place: int) -> bool:
    """Whether a sentence or a clause ends here."""
    return tokens[place].text in ENDS


def without_end(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the words without marks at their end."""
    end = len(tokens)
    while end and is_stop(tokens, end - 1):
        end -= 1
    return tokens[:end]


def moment(tokens: Sequence[Token], meaning: str, now: datetime) -> datetime | None:
    """Return the moment that words mean: a day, a time of today, or both in either order; None for other words."""
    closes, count = MIDNIGHT if meaning == "end" else CLOSES, len(tokens)
    # The longest time is tried first: in "5 giờ chiều nay", "chiều" belongs to the hour.
    for length in range(count, -1, -1) if tokens else ():
        behind = count - length
        for hour, day in ((tokens[:length], tokens[length:]), (tokens[behind:], tokens[:behind])):
            at, on = time_of(hour, closes), day_of(day, now.date())
            if at is not None and on is not None:
                return datetime.combine(on, at, now.tzinfo)
    return None


def time_of(tokens: Sequence[Token], closes: time) -> time | None:
    """Return the time that words mean; `closes` if there are none."""
    return time_said(as_text(tokens)) if tokens else closes


def day_of(tokens: Sequence[Token], today: date) -> date | None:
    """Return the day that words mean; today if there are none."""
    if not tokens:
        return today
    try:
        return ComingReader(tokens, today).coming()
    except (AnswerDoubt, ValueError, OverflowError):
        return None


class ComingReader(CalendarReader):
    """Reads a day that is still to come."""

    def coming(self) -> date:
        """Return the day that is said, or the last day of a week, month or quarter. Raises AnswerDoubt."""
        self.skip_lead()
        said = self.days_ahead() or self.next_weekday() or self.part()
        self.finish()
        return self.resolve(said)[1]

    def days_ahead(self) -> DateSaid | None:
        """Read "mai", "ngày kia"."""
        ahead = self.read(COMING)
        return None if ahead is None else just(self.today + timedelta(days=ahead))

    def next_weekday(self) -> DateSaid | None:
        """Read a weekday by itself, "thứ sáu": the next one, which may be today."""
        start = self.place
        weekday = self.read(WEEKDAYS)
        if weekday is not None and self.ended():
            return just(self.today + timedelta(days=(weekday - self.today.weekday()) % 7))
        self.place = start
        return None

    def resolve(self, said: DateSaid) -> Days:
        """Return the days meant, which may lie ahead."""
        if said.day:
            return self.within_month(said.day)
        if said.fixed is not None:
            return said.fixed
        assert said.build is not None
        return self.without_year(said.build) if said.year is None else said.build(said.year)

    def within_month(self, day: int) -> Days:
        """Return the day with this number in this month, or in the next if it is over."""
        month, year = (self.today.month, self.today.year) if day >= self.today.day else self.next_month()
        return one_day(day, month)(year)

    def next_month(self) -> tuple[int, int]:
        """Return the month after this one, and its year."""
        later = self.today.replace(day=1) + timedelta(days=31)
        return later.month, later.year

    def without_year(self, build: Callable[[int], Days]) -> Days:
        """Return the days in this year, or in the next if they are over."""
        days = build(self.today.year)
        return days if days[1] >= self.today else build(self.today.year + 1)
