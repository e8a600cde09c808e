"""Read a deadline as people say it: "hạn 5/12", "đến 18 giờ thứ sáu", "trước 17h mai", "báo đến hết ngày 30".

Among the other words of an announcement only some beginnings are one: "đến 3/12" may be the end of the rain. What begins
like a deadline and cannot be read is found as well, so that somebody can be asked.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from questionnaires.answers.coming import AGAIN, CLOSES, MIDNIGHT, moment
from questionnaires.answers.dates import CALENDAR, FROM, UNTIL_NOW, WEEKDAYS
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Table, Token, tokens_of
from questionnaires.answers.words import POLITE, PRONOUN

DUE: Final = CALENDAR.codes("due")
"""Words that a deadline may begin with. `sure` ones begin nothing else; `before` ones begin other things too. Those that
mean until the `end` of a day, or `within` a length of time, begin a deadline among other words only after a word for
reporting; the `maybe` ones only if the text has nothing else."""
SURE: Final = Table(dict.fromkeys((*CALENDAR.named("due")["sure"], *CALENDAR.phrases("surely")), True))
"""Those that begin nothing else, also where another beginning follows: "hạn trong hôm nay"."""
PAST: Final = CALENDAR.flags("past")
"""Words that make a length of time one that is over: "trong 3 ngày qua"."""
SINCE_NOW: Final = CALENDAR.flags("since_now")
"""Words before a length of time that begins now."""
WITHIN: Final = CALENDAR.flags("within")
"""Words before a length of time, or before a moment that is its end."""
URGED: Final = CALENDAR.flags("urged")
"""Words of a clause in which something is wanted by then."""
REPORTING: Final = CALENDAR.flags("reporting")
"""Words for what somebody has to do by a deadline."""
WANTING: Final = CALENDAR.flags("wanting")
"""Words for figures that are wanted, before the moment at which they are."""
DAY_BEGINS: Final = CALENDAR.flags("day_begins")
"""Words that a number of a day follows."""
MUST_BE: Final = CALENDAR.flags("must_be")
"""Words behind the day on which something has to be there."""
LUNAR: Final = CALENDAR.flags("of_lunar_calendar")
"""Words behind a day that make it one of the lunar calendar."""
LEFT: Final = CALENDAR.codes("left")
"""Words before a moment at which nothing is taken any more; "end": not before its day is over."""
CLOSED: Final = CALENDAR.flags("closed")
"""Words behind a moment that say that nothing is taken any more then."""
CLOSED_AT_END: Final = CALENDAR.flags("closed_at_end")
"""The same, at the end of a clause."""
READERS: Final = CALENDAR.flags("readers")
"""How those are addressed who read an announcement."""
COURTESY: Final = (POLITE, PRONOUN, READERS)
WHO_CLOSES: Final = CALENDAR.flags("who_closes")
UNSURE_BEFORE: Final = CALENDAR.flags("unsure_before")
"""Words before a moment that make it begin something, so that no deadline is sure."""
WHEN: Final = CALENDAR.flags("when")
"""Words that say when, besides numbers and weekdays."""
ASKING: Final = CALENDAR.flags("asking")
"""Words of a question."""
LONGEST: Final = 12
"""The most words of a deadline."""
NEAR: Final = 4
"""How many words before "trong" the word for reporting stands at most."""
SHORT: Final = 7
"""The most words of a message that only says when."""
FAR: Final = timedelta(days=183)
"""Nobody sets a deadline so far ahead in an announcement: "trước 5/11" then speaks of the past."""
UNMARKED: Final = "bao"
"""Right before a deadline "báo" without its mark, which begins other words too ("bao nhiêu")."""
OF_DATES: Final = ("/", "-")
"""Marks between the numbers of a date."""
NUMBER_OF_DAY: Final = (*OF_DATES, ".", ",", ";", "!", "\n", ")")
"""Marks behind a number that has no word of its own."""
COLON: Final = ":"
ENDS: Final = (".", ";", "!", "?", "\n", ")")
GOES_ON: Final = ("ngày", "thứ", "hôm", "ngay", "thu", "hom")
"""Words after a comma with which the same deadline may go on: "17 giờ, ngày 25/11"."""


def deadline_said(text: str, now: datetime) -> datetime | None:
    """Return the moment that the whole of `text` means, in the zone of `now`; None if it means none."""
    tokens = tokens_of(clean(text))
    meaning, start = led(tokens, SINCE_NOW.past(tokens, 0))
    return meant(without_end(tokens[start:]), meaning, now) or closed_at(tokens, 0, now)


def names_deadline(text: str, now: datetime) -> bool:
    """Whether `text` begins like a deadline and the rest of it can be read."""
    return begins_as_one(text) and deadline_said(text, now) is not None


def begins_deadline(text: str) -> bool:
    """Whether `text` begins like a deadline, even if its day cannot be read; or is short and only says when."""
    tokens = tokens_of(clean(text))
    meaning, start = led(tokens, 0)
    if meaning == "sure":
        return True
    return len(tokens) <= SHORT and says_when(tokens[start:]) and not ASKING.stands_in(tokens)


def begins_as_one(text: str) -> bool:
    """Whether `text` begins with words that a deadline may begin with, whatever follows."""
    return bool(led(tokens_of(clean(text)), 0)[0])


def deadline_in(text: str, now: datetime) -> datetime | None:
    """Return the first deadline within `text`, in the zone of `now`; None if there is none."""
    tokens = tokens_of(clean(text))
    for place in range(len(tokens)):
        said = read_at(tokens, place, now)
        if said is not None:
            return said
    return None


def unread_in(text: str, now: datetime) -> str:
    """Return the first words of `text` that begin like a deadline and say when, but cannot be read; "" if there are none,
    or a deadline is read."""
    tokens = tokens_of(clean(text))
    if deadline_in(text, now) is not None:
        return ""
    found = (unread_at(tokens, place, now) for place in range(len(tokens)))
    return as_typed(next(filter(None, found), ()))


def unread_at(tokens: Sequence[Token], place: int, now: datetime) -> Sequence[Token]:
    """Return the words at a place that are perhaps a deadline; none if they say nothing of one."""
    meaning, start = led(tokens, place)
    sure = SURE.at(tokens, place) is not None
    if meaning == "maybe" and not sure:
        return perhaps_at(tokens, place, start, now)
    behind = next(runs(tokens, start), ())
    if says_when(behind) and (sure or leads_to_deadline(tokens, place, behind, now)):
        return [*tokens[place:start], *behind]
    others = (
        since_now_at(tokens, place, now),
        urged_at(tokens, place, now),
        must_be_at(tokens, place, now),
        unsurely_at(tokens, place),
        loosely_at(tokens, place, now),
    )
    return next(filter(None, others), ())


def leads_to_deadline(tokens: Sequence[Token], place: int, behind: Sequence[Token], now: datetime) -> bool:
    """Whether a "trước" or a "hết" at a place, before the moment `behind` it, perhaps says until when to report.

    After "trước" a moment that is only part of a longer one may, and one that stands near.
    """
    meaning, start = led(tokens, place)
    if meaning == "end":
        return is_reported(tokens, place)
    if meaning != "before":
        return False
    near = says_when(behind[:NEAR]) and not is_past(tokens, place)
    return near or is_reported(tokens, place) or is_part(tokens, longest(tokens, start, meaning, now)[1])


def since_now_at(tokens: Sequence[Token], place: int, now: datetime) -> Sequence[Token]:
    """Return the words at a place that say from now until when: "từ nay đến thứ năm", wherever they stand."""
    begun = SINCE_NOW.at(tokens, place)
    return near_behind(tokens, place, led(tokens, begun[1])[1], now) if begun else ()


def urged_at(tokens: Sequence[Token], place: int, now: datetime) -> Sequence[Token]:
    """Return the words at a place that say within which time something is wanted: "xong trong sáng mai", "trong vòng 48
    tiếng phải có"."""
    begun = WITHIN.at(tokens, place)
    urged = begun is not None and (URGED.stands_in(clause_at(tokens, place)) or is_reported(tokens, place))
    return near_behind(tokens, place, begun[1], now) if begun and urged and not is_past(tokens, place) else ()


def near_behind(tokens: Sequence[Token], place: int, start: int, now: datetime) -> Sequence[Token]:
    """Return the words from a place to the end of the moment to come that begins at `start`; none if none does."""
    ends = (start + len(run) for run in runs(tokens, start) if is_near(run, now))
    end = next(ends, place)
    return tokens[place:end]


def clause_at(tokens: Sequence[Token], place: int) -> Sequence[Token]:
    """Return the words of the clause around a place."""
    start = next((at + 1 for at in range(place - 1, -1, -1) if is_stop(tokens, at)), 0)
    end = next((at for at in range(place, len(tokens)) if is_stop(tokens, at)), len(tokens))
    return tokens[start:end]


def perhaps_at(tokens: Sequence[Token], place: int, start: int, now: datetime) -> Sequence[Token]:
    """Return the words at a place where "đến" begins a deadline; where it begins other things, those of a loose one.

    It does only with a day or an hour that is still to come, some words after "báo".
    """
    if is_reported(tokens, place):
        for run in runs(tokens, start):
            if run and is_to_come(tokens, start, run, now):
                return [*tokens[place:start], *run]
    return loosely_at(tokens, place, now)


def is_to_come(tokens: Sequence[Token], start: int, run: Sequence[Token], now: datetime) -> bool:
    """Whether a run of words is the whole of a moment that is still to come."""
    said = meant(run, "maybe", now)
    near = said is not None and now < said <= now + FAR
    return near and says_when(run) and not is_part(tokens, start + len(run))


def closed_at(tokens: Sequence[Token], place: int, now: datetime) -> datetime | None:
    """Return the moment at a place at which nothing is taken any more, as the words behind it say: "ngày mai hết hạn",
    "17h xã chốt", "còn 3 ngày nữa là khoá". None if there is none, or if it is not sure that it is still open until then.
    """
    if is_unsure(tokens, place):
        return None
    left = LEFT.at(tokens, place)
    meaning, start = left or ("", place)
    said = (
        soon_at(run, meaning, now)
        for run in runs(tokens, start)
        if is_closed(tokens, start + len(run)) and says_when(run)
    )
    return next(filter(None, said), None)


def soon_at(run: Sequence[Token], meaning: str, now: datetime) -> datetime | None:
    """Return the moment that a run of words means, also as how long it is until then; None if it is past or far off."""
    said = meant(run, meaning, now) or meant(run, "within", now)
    return said if said is not None and now < said <= now + FAR else None


def is_unsure(tokens: Sequence[Token], place: int) -> bool:
    """Whether a moment at a place only begins something then, or is the rest of a longer one: "thứ năm | ngày 4/12"."""
    if UNSURE_BEFORE.at(tokens, place) is not None:
        return True
    before = tokens[max(0, place - 2) : place]
    return any(ends_with(table, before) for table in (UNSURE_BEFORE, WEEKDAYS, DAY_BEGINS))


def ends_with(table: Table[Any], tokens: Sequence[Token]) -> bool:
    """Whether words end with a phrase of `table`."""
    return any(end == len(tokens) for _, _, end in table.starts(tokens))


def is_closed(tokens: Sequence[Token], place: int) -> bool:
    """Whether words at a place say that nothing is taken any more."""
    behind = WHO_CLOSES.past(tokens, place)
    if CLOSED.at(tokens, behind) is not None:
        return True
    at_end = CLOSED_AT_END.at(tokens, behind)
    return at_end is not None and ends_clause(tokens, at_end[1])


def ends_clause(tokens: Sequence[Token], place: int) -> bool:
    """Whether nothing but courtesy follows in the clause."""
    while place < len(tokens) and (end := max(table.past(tokens, place) for table in COURTESY)) > place:
        place = end
    return place >= len(tokens) or is_stop(tokens, place)


def loosely_at(tokens: Sequence[Token], place: int, now: datetime) -> Sequence[Token]:
    """Return the words at a place that may be a deadline although nothing says so: a moment to come that is a clause of its
    own, or that follows a word for reporting: "gửi thứ năm", "3 ngày tới"."""
    if not may_stand_alone(tokens, place):
        return ()
    start = at_moment(tokens, place)
    for run in runs(tokens, start):
        if ends_clause(tokens, start + len(run)) and not FROM.at(run, 0) and is_near(run, now):
            return [*tokens[place:start], *run]
    return ()


def may_stand_alone(tokens: Sequence[Token], place: int) -> bool:
    """Whether a moment at a place begins a clause or follows a word for reporting, and is not of the past."""
    begins = place == 0 or is_stop(tokens, place - 1) or tokens[place - 1].text == COLON
    return (begins or is_wanted(tokens[:place])) and not is_past_or_now(tokens, place)


def is_wanted(before: Sequence[Token]) -> bool:
    """Whether the words before a moment end with one for reporting, or say that figures are wanted then."""
    return REPORTING.stands_in(before[-2:]) or ends_with(WANTING, before)


def unsurely_at(tokens: Sequence[Token], place: int) -> Sequence[Token]:
    """Return the words at a place with which something is closed, but not surely then: "đầu tuần sau | là khoá"."""
    if not says_when(tokens[place : place + 2]) and UNSURE_BEFORE.at(tokens, place) is None:
        return ()
    closed = (run for run in reversed(list(runs(tokens, place))) if is_closed(tokens, place + len(run)))
    return next(filter(says_when, closed), ())


def at_moment(tokens: Sequence[Token], place: int) -> int:
    """Return the place behind words that lead to a moment: "từ nay đến", "còn", "lúc"."""
    for table in (SINCE_NOW, LEFT, AGAIN):
        found = table.at(tokens, place)
        place = found[1] if found else place
    return led(tokens, place)[1]


def is_near(run: Sequence[Token], now: datetime) -> bool:
    """Whether a run of words is a moment or a length of time that ends in the months to come."""
    said = meant(run, "maybe", now) or meant(run, "within", now)
    return said is not None and now < said <= now + FAR and says_when(run)


def must_be_at(tokens: Sequence[Token], place: int, now: datetime) -> Sequence[Token]:
    """Return the words at a place that say when something has to be there: "ngày kia phải có", "16h xã cần số"."""
    for run in runs(tokens, place):
        must = MUST_BE.at(tokens, WHO_CLOSES.past(tokens, place + len(run)))
        if must is not None and says_when(run) and meant(run, "", now) is not None:
            return tokens[place : must[1]]
    return ()


def read_at(tokens: Sequence[Token], place: int, now: datetime) -> datetime | None:
    """Return the deadline that begins at a place among other words; None if none does."""
    return closed_at(tokens, place, now) or led_at(tokens, place, now)


def led_at(tokens: Sequence[Token], place: int, now: datetime) -> datetime | None:
    """Return the deadline that the words at a place lead to: "trước thứ sáu"; None if they lead to none."""
    meaning, start = led(tokens, place)
    if not may_begin(tokens, place, meaning):
        return None
    said, end = longest(tokens, start, meaning, now)
    if is_part(tokens, end):
        return None
    sure = SURE.at(tokens, place) is not None
    return said if said is not None and (sure or now.date() <= said.date() <= (now + FAR).date()) else None


def longest(tokens: Sequence[Token], start: int, meaning: str, now: datetime) -> tuple[datetime | None, int]:
    """Return the moment of the longest run of words from `start` on that can be read, and the place after it."""
    known = ((meant(run, meaning, now), start + len(run)) for run in runs(tokens, start))
    return next((one for one in known if one[0] is not None), (None, start))


def is_part(tokens: Sequence[Token], end: int) -> bool:
    """Whether what follows a deadline belongs to it and could not be read: "trước 17h | ngày 30/2". Its part is none."""
    if end >= len(tokens) or is_stop(tokens, end):
        return False
    if LUNAR.at(tokens, end) is not None:
        return True
    begun = DAY_BEGINS.at(tokens, end)
    # "ngày 30 | /2": the month of a day that there is not.
    at = begun[1] if begun else end + (tokens[end].text in OF_DATES)
    if at >= len(tokens) or tokens[at].kind != "number":
        return False
    # A number alone may begin other words: "trước 17h 3 thôn vùng cao".
    return at > end or at + 1 == len(tokens) or tokens[at + 1].text in NUMBER_OF_DAY


def may_begin(tokens: Sequence[Token], place: int, meaning: str) -> bool:
    """Whether words with this `meaning` begin a deadline at a place among other words."""
    if SURE.at(tokens, place) is not None:
        return True
    match meaning:
        case "before":
            return True
        case "end":
            return is_reported(tokens, place)
        case "within":
            return is_reported(tokens, place, NEAR) and not is_past(tokens, place)
    return False


def is_past(tokens: Sequence[Token], place: int) -> bool:
    """Whether the clause goes on from a place with a length of time that is over."""
    return PAST.stands_in(next(runs(tokens, place), ()))


def is_past_or_now(tokens: Sequence[Token], place: int) -> bool:
    """Whether words at a place lead to now, or the clause goes on from there with a length of time that is over."""
    return UNTIL_NOW.at(tokens, place) is not None or is_past(tokens, place)


def is_reported(tokens: Sequence[Token], place: int, near: int = 0) -> bool:
    """Whether a word for reporting stands before a place in its clause, and no "từ"; `near`: at most so far before."""
    start = next((at + 1 for at in range(place - 1, -1, -1) if is_stop(tokens, at)), 0)
    clause = tokens[max(start, place - near) if near else start : place]
    reports = REPORTING.stands_in(clause) or (bool(clause) and clause[-1].text == UNMARKED)
    return reports and not FROM.stands_in(tokens[start:place])


def led(tokens: Sequence[Token], place: int) -> tuple[str, int]:
    """Return what the words at a place mean that a deadline begins with, and the place after them; "" for none."""
    meaning = ""
    while (begun := DUE.at(tokens, place)) is not None:
        meaning = begun[0] if not meaning or begun[0] in ("end", "within") else meaning
        place = begun[1] + (begun[1] < len(tokens) and tokens[begun[1]].text == COLON)
    return meaning, place


def meant(tokens: Sequence[Token], meaning: str, now: datetime) -> datetime | None:
    """Return the moment of words behind such a beginning."""
    return moment(tokens, now, MIDNIGHT if meaning == "end" else CLOSES, within=meaning == "within")


def says_when(tokens: Sequence[Token]) -> bool:
    """Whether a number, a weekday or another word that says when is among some words."""
    return (
        any(token.kind == "number" for token in tokens)
        or WHEN.stands_in(tokens)
        or WEEKDAYS.stands_in(tokens)
    )


def runs(tokens: Sequence[Token], start: int) -> Iterator[Sequence[Token]]:
    """Yield the runs of words from `start` on that may be one deadline, the longest first. None crosses a mark."""
    stops = (place for place in range(start, len(tokens)) if is_stop(tokens, place))
    end = min(next(stops, len(tokens)), start + LONGEST)
    return (tokens[start:last] for last in range(end, start, -1))


def is_stop(tokens: Sequence[Token], place: int) -> bool:
    """Whether a sentence or a clause ends here."""
    text, behind = tokens[place].text, tokens[place + 1].text if place + 1 < len(tokens) else ""
    return text in ENDS or (text == "," and behind not in GOES_ON)


def as_typed(tokens: Sequence[Token]) -> str:
    """Return words as they were typed, in small letters."""
    return "".join(token.text if token.glued else f" {token.text}" for token in tokens).strip(" ,")


def without_end(tokens: Sequence[Token]) -> Sequence[Token]:
    """Return the words without marks at their end."""
    end = len(tokens)
    while end and is_stop(tokens, end - 1):
        end -= 1
    return tokens[:end]
