"""Times that are too short for a figure: a week or a day of what is reported by the month, the quarter or longer; a month
of a quarter's stock.

Such a time has no figure of its own. It is answered by the periods around it, under their own names, and the answer
says so. A week or a day of the period under way is answered by the newest period reported.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from markupsafe import Markup

from figures.sources import Source, length_of
from handlers.asking.asked import Asked
from plans.period import Period, PeriodKind
from queries.frames import Compare, Days, Intent, Question, When, as_kind

WEEK: Final = timedelta(days=6)
"""How long a week is, from its first day to its last."""
BEFORE: Final = "before"
SAID: Final = "said"
"""In what a time is compared with: the period before it; the time that was named."""


def is_too_short(asked: Asked, sources: Sequence[Source]) -> bool:
    """Whether the times asked about are shorter than the periods for which every one of the figures is reported."""
    return are_weeks_or_days(asked, sources) or end_within(asked, sources)


def end_within(asked: Asked, sources: Sequence[Source]) -> bool:
    """Whether each time lies within one period of these stocks and ends before it: what was reported for that period would
    seem not to have come."""
    periods = asked.query.periods
    if not periods or is_of_days(asked):
        return False
    return all(
        source.indicator.stock and last < source.entry.period(first).end
        for source in sources
        for first, last in periods
    )


def are_weeks_or_days(asked: Asked, sources: Sequence[Source]) -> bool:
    """Whether weeks or days are asked about, and every one of the figures is reported for longer periods."""
    when, today = asked.query.when, asked.viewer.today
    short = when.unit == PeriodKind.WEEK or any(last - first <= WEEK for first, last in when.periods)
    if not short or tells_whole_periods(asked, sources):
        return False
    return all(length_of(source.entry.period(today)) > WEEK for source in sources)


def tells_whole_periods(asked: Asked, sources: Sequence[Source]) -> bool:
    """Whether a single day is told by the period around it anyway: of a flow, or a day that is over and held against
    now."""
    when, today = asked.query.when, asked.viewer.today
    if not is_of_days(asked):
        return False
    over = all(when.periods[0][1] < source.entry.period(today).start for source in sources)
    return (when.against == SAID and over) or not any(source.indicator.stock for source in sources)


def is_of_days(asked: Asked) -> bool:
    """Whether single days are asked about."""
    return any(first == last for first, last in asked.query.periods)


def said(asked: Asked, source: Source) -> Markup:
    """Say that a week, a day, or another time within a period has no figure of its own, but that period has."""
    times = asked.query.when.periods
    day = own_days(asked, source, times[0])[0] if times else asked.viewer.today
    period = source.entry.period(day).name(asked.viewer.locale)
    if is_of_days(asked):
        key = "asking.day_without_figure"
    else:
        weeks = are_weeks_or_days(asked, [source])
        key = "asking.week_without_figure" if weeks else "asking.time_without_figure"
    return asked.viewer.say(key, period=period)


def in_own_periods(asked: Asked, sources: Sequence[Source]) -> Asked:
    """The same question about the periods for which its figures are reported, if it is about shorter times."""
    if not sources or not is_too_short(asked, sources):
        return asked
    return replace(asked, query=asked_anew(asked, sources[0]))


def asked_anew(asked: Asked, source: Source) -> Question:
    """The question about the questionnaire's own periods.

    Times within one of them cannot be compared: it is compared with the one before.
    """
    query, when = asked.query, asked.query.when
    if not when.periods:
        return without_unit(query)
    around = [own_days(asked, source, days) for days in when.periods]
    periods = tuple(dict.fromkeys(around))
    in_one = len(around) > 1 and len(periods) < 2
    present = source.entry.period(asked.viewer.today)
    if periods == ((present.start, present.end),) and are_weeks_or_days(asked, [source]):
        # What is under way may have no report yet: of a month or a quarter that was named this is said.
        periods = ()
    against = BEFORE if in_one or (not periods and when.against == SAID) else when.against
    anew = When(periods, against=against, run=when.run)
    return replace(over_time(query) if in_one else query, when=anew)


def without_unit(query: Question) -> Question:
    """The question without the unit of its time, unless that says how far back it goes.

    "5 tuần gần đây" is the periods in these weeks; "3 tuần liên tiếp" needs three periods to go by.
    """
    when = query.when
    return query if when.back and not when.run else replace(query, when=replace(when, unit=""))


def over_time(query: Question) -> Question:
    """The question about one place's figure over time, if it compares no places."""
    compares_times = isinstance(query, Compare) and len(query.places) < 2
    return as_kind(query, Intent.TREND) if compares_times else query


def own_days(asked: Asked, source: Source, days: Days) -> Days:
    """The days of the questionnaire's periods around some days: a week belongs to the period with most of its days."""
    first, last = days
    half = timedelta(days=min((last - first).days, WEEK.days) // 2)
    return period_at(asked, source, first + half).start, period_at(asked, source, last - half).end


def period_at(asked: Asked, source: Source, day: date) -> Period:
    """The questionnaire's period around a day, or around today if that is earlier."""
    return source.entry.period(min(day, asked.viewer.today))
