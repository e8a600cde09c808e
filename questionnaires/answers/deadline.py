"""Until when, as people say it: "hạn 5/12", "đến 18 giờ thứ sáu", "trước 17h mai", "chậm nhất ngày 30".

Days and times are read by the words of answers (`dates`, `clock`). But an answer tells of what was, and a deadline is
still to come: a weekday is the next one, a day without its month or year the next of that name.
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
"""How many days ahead."""
DUE: Final = CALENDAR.codes("due")
"""What a deadline begins with: `sure` with nothing else, `before` with much else too. What goes until the `end` of a day,
or `maybe` only to it, is one where nothing else is said."""
IN_WORDS: Final = ("sure", "before")
"""What begins a deadline among other words: "đến 3/12" may be the end of the rain."""
CLOSES: Final = time(17)
"""The hour at which offices close and answers are wanted, where only a day is said."""
MIDNIGHT: Final = time(23, 59)
"""The same, where the end of the day is said."""
LONGEST: Final = 9
"""The most words of a deadline."""
ENDS: Final = (".", ",", ";", "!", "?", "\n", ")")


def deadline_said(text: str, now: datetime) -> datetime | None:
    """The moment that all of `text` says, in the zone of `now`; None where it says none."""
    tokens = tokens_of(clean(text))
    begun = DUE.at(tokens, 0)
    meaning, start = begun or ("", 0)
    return moment(without_end(tokens[start:]), meaning, now)


def begins_deadline(text: str) -> bool:
    """Whether `text` begins as a deadline does, whether or not its day can be read."""
    begun = DUE.at(tokens_of(clean(text)), 0)
    return begun is not None and begun[0] == "sure"


def deadline_in(text: str, now: datetime) -> datetime | None:
    """The first moment that words within `text` set as a deadline; None where none do."""
    tokens = tokens_of(clean(text))
    for start in range(len(tokens)):
        begun = DUE.at(tokens, start)
        if begun is not None and begun[0] in IN_WORDS:
            known = (moment(run, begun[0], now) for run in runs(tokens, begun[1]))
            if (said := next(filter(None, known), None)) is not None:
                return said
    return None


def runs(tokens: Sequence[Token], start: int) -> Iterator[Sequence[Token]]:
    """The words from `start` on that may be one deadline, the longest run first; none goes on behind a full stop."""
    stops = (place for place in range(start, len(tokens)) if is_stop(tokens, place))
    end = min(next(stops, len(tokens)), start + LONGEST)
    return (tokens[start:last] for last in range(end, start, -1))


def is_stop(tokens: Sequence[Token], place: int) -> bool:
    """Whether a sentence, or a part of one, ends here."""
    return tokens[place].text in ENDS


def without_end(tokens: Sequence[Token]) -> Sequence[Token]:
    """The words without the marks that end a sentence."""
    end = len(tokens)
    while end and is_stop(tokens, end - 1):
        end -= 1
    return tokens[:end]


def moment(tokens: Sequence[Token], meaning: str, now: datetime) -> datetime | None:
    """The moment that words say: a day, a time of today, or both in either order."""
    closes, count = MIDNIGHT if meaning == "end" else CLOSES, len(tokens)
    # The longest time first: in "5 giờ chiều nay" the afternoon is of the hour.
    for length in range(count, -1, -1) if tokens else ():
        behind = count - length
        for hour, day in ((tokens[:length], tokens[length:]), (tokens[behind:], tokens[:behind])):
            at, on = time_of(hour, closes), day_of(day, now.date())
            if at is not None and on is not None:
                return datetime.combine(on, at, now.tzinfo)
    return None


def time_of(tokens: Sequence[Token], closes: time) -> time | None:
    """The time that words say; `closes` where there are none."""
    return time_said(as_text(tokens)) if tokens else closes


def day_of(tokens: Sequence[Token], today: date) -> date | None:
    """The day that words say; today where there are none."""
    if not tokens:
        return today
    try:
        return ComingReader(tokens, today).coming()
    except (AnswerDoubt, ValueError, OverflowError):
        return None


class ComingReader(CalendarReader):
    """Reads a day that is still to come."""

    def coming(self) -> date:
        """The day that is said; the last one of a week, month or quarter. Raises AnswerDoubt."""
        self.skip_lead()
        said = self.days_ahead() or self.next_weekday() or self.part()
        self.finish()
        return self.resolve(said)[1]

    def days_ahead(self) -> DateSaid | None:
        """ "mai", "ngày kia"."""
        ahead = self.read(COMING)
        return None if ahead is None else just(self.today + timedelta(days=ahead))

    def next_weekday(self) -> DateSaid | None:
        """ "thứ sáu" by itself: the next one, which may be today."""
        start = self.place
        weekday = self.read(WEEKDAYS)
        if weekday is not None and self.ended():
            return just(self.today + timedelta(days=(weekday - self.today.weekday()) % 7))
        self.place = start
        return None

    def resolve(self, said: DateSaid) -> Days:
        """The days meant, which may lie ahead."""
        if said.day:
            return self.within_month(said.day)
        if said.fixed is not None:
            return said.fixed
        assert said.build is not None
        return self.without_year(said.build) if said.year is None else said.build(said.year)

    def within_month(self, day: int) -> Days:
        """The day with this number in this month or, where that is over, in the next."""
        month, year = (self.today.month, self.today.year) if day >= self.today.day else self.next_month()
        return one_day(day, month)(year)

    def next_month(self) -> tuple[int, int]:
        """The month after this one, and its year."""
        later = self.today.replace(day=1) + timedelta(days=31)
        return later.month, later.year

    def without_year(self, build: Callable[[int], Days]) -> Days:
        """The days of this year or, where those are over, of the next."""
        days = build(self.today.year)
        return days if days[1] >= self.today else build(self.today.year + 1)
