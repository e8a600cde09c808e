"""Read a time of day as people say it: 7:30, 7h30, 19h5, 7 giờ rưỡi tối, 8 giờ kém 5, nửa đêm, 7:30 pm.

If the part of the day does not fit the hour (3 giờ trưa, 9 giờ chiều), it is no time: asking again costs one message.
"""

import re
from collections.abc import Mapping
from datetime import time
from typing import Final

from questionnaires.answers.text import bare

SPOKEN: Final = re.compile(
    r"(?:luc|vao|vao luc|khoang|tam|at)?\s*"
    r"(?P<hour>\d{1,2})\s*(?P<mark>:|h|g|gio)?\s*"
    r"(?:(?P<half>ruoi)|kem\s*(?P<less>\d{1,2})|(?P<minute>\d{1,2})(?::(?P<second>\d{2})(?:\.\d{1,6})?)?)?"
    r"\s*(?:phut|p|')?\s*(?P<part>sang|trua|chieu|toi|dem|khuya|am|pm|a\.m\.|p\.m\.)?"
)
WHOLE: Final[Mapping[str, time]] = {
    "nua dem": time(0),
    "giua dem": time(0),
    "giua trua": time(12),
    "dung ngo": time(12),
    "midnight": time(0),
    "noon": time(12),
}
"""Times that are said without a number."""


def span(first: int, last: int, later: int = 0) -> dict[int, int]:
    """Return the hours from `first` to `last` as said, each with its hour of 24, which is `later` by so many hours."""
    return {hour: hour + later for hour in range(first, last + 1)}


EVENING: Final = span(5, 11, 12) | span(17, 23)
NIGHT: Final = span(9, 11, 12) | span(1, 4) | span(21, 23) | {0: 0, 12: 0}
MORNING: Final = span(0, 11)
AFTERNOON: Final = span(1, 6, 12) | span(12, 18)
HOURS: Final[Mapping[str, Mapping[int, int]]] = {
    "": span(0, 23),
    "sang": MORNING,
    "trua": span(10, 14) | span(1, 2, 12),
    "chieu": AFTERNOON,
    "toi": EVENING,
    "dem": NIGHT,
    "khuya": NIGHT,
    "am": span(1, 11) | {12: 0},
    "pm": span(1, 11, 12) | {12: 12},
}
"""By part of the day, the hours that may be said with it, each with its hour of 24."""


def time_said(text: str) -> time | None:
    """Return the time of day that `text` means; None if it means none, or an impossible one."""
    folded = " ".join(bare(text).casefold().split())
    if folded in WHOLE:
        return WHOLE[folded]
    said = SPOKEN.fullmatch(folded)
    if said is None or not (said["mark"] or said["part"]):
        return None
    hour = HOURS[(said["part"] or "").replace(".", "")].get(int(said["hour"]))
    return None if hour is None else at(hour, said)


def at(hour: int, said: re.Match[str]) -> time | None:
    """Return the time in `hour` with the minutes that were said."""
    if said["half"]:
        return time(hour, 30)
    if said["less"]:
        less = int(said["less"])
        return time((hour - 1) % 24, 60 - less) if 0 < less < 60 else None
    minute, second = int(said["minute"] or 0), int(said["second"] or 0)
    return time(hour, minute, second) if minute < 60 and second < 60 else None
