"""What the value of a row of targets asks for, by its words: "trên 98 %", "giảm 2-3 %/năm", "gấp 2 lần so với năm 2020".

Only what says all that a comparison needs is read as a number: a change has to say since when, or that it is yearly.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from plans.target import Comparator
from questionnaires.answers.text import fold

NUMBER: Final = re.compile(r"(?<![A-Za-zĐđ])(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?)")
OF_ANOTHER_COUNTRY: Final = re.compile(r"(?<![0-9.,])[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9,])")
"""1,250 may be many, as in English, or one and a quarter: nobody but the author knows."""
OUT_OF: Final = re.compile(r"\d\s*/\s*\d")
"""20/25 villages are no range."""
SPACES: Final = re.compile(r"(?<=\d) (?=\d{3}\b)")
YEAR: Final = re.compile(r"20\d\d")
SAID_YEAR: Final = re.compile(
    r"(?P<base>so với |từ )?(?:(?:đến|tới|vào|trước|trong|hết|cuối) )*(?:năm|giai đoạn) "
    r"(?P<year>20\d\d(?: ?[-–] ?20\d\d)?)\b",
    re.IGNORECASE,
)
"""A year among the words of a value: by when it is to be reached, or what it is held against, which is no term."""
BASE: Final = re.compile(
    r"(?:\bso (?:với |sánh với )?(?:cùng kỳ |mức |cuối |đầu |kết quả |thực hiện )*(?:năm )?|(?<=lần )(?:năm )?)"
    r"(?P<year>20\d\d)\b",
    re.IGNORECASE,
)
"""The year that a change is counted from: "so với năm 2020", "2 lần năm 2020"."""
TODAY: Final = re.compile(
    r"\((?:hiện nay|hiện|đến nay|năm 20\d\d|thực hiện|TH|ước|ước TH|số đầu kỳ|đầu kỳ)\b[^()]*\)",
    re.IGNORECASE,
)
"""What stands beside a goal in brackets is where it begins: "100 % (hiện nay 96,4 %)"."""
SAME: Final[Mapping[str, str]] = {
    "gấp đôi": "gấp 2 lần",
    "gấp rưỡi": "gấp 1,5 lần",
    "gấp ba": "gấp 3 lần",
    "điểm phần trăm": "%",
    "điểm %": "%",
}
"""What is written with a number instead."""

COMPARED: Final[Mapping[str, Comparator]] = {
    **dict.fromkeys(("khong duoi", "khong thap hon", "khong it hon"), Comparator.AT_LEAST),
    **dict.fromkeys(("khong qua", "khong vuot qua", "khong tren", "khong hon"), Comparator.AT_MOST),
    **dict.fromkeys(("toi da", "nhieu nhat", "tro xuong"), Comparator.AT_MOST),
    **dict.fromkeys(("it nhat", "toi thieu", "tro len"), Comparator.AT_LEAST),
    **dict.fromkeys(("it hon", "thap hon", "nho hon", "duoi"), Comparator.BELOW),
    **dict.fromkeys(("tren", "hon", "vuot"), Comparator.ABOVE),
    "con": Comparator.AT_MOST,
}
"""How a comparison is written, folded; longer words before those that stand in them."""
SIGNS: Final[Mapping[str, Comparator]] = {
    **dict.fromkeys((">=", "≥"), Comparator.AT_LEAST),
    **dict.fromkeys(("<=", "≤"), Comparator.AT_MOST),
    ">": Comparator.ABOVE,
    "<": Comparator.BELOW,
}
FALLS: Final = "giam"
RISES: Final = "tang"
BY_FACTOR: Final = " gap "
GROWTH: Final = re.compile(r" (?:toc do tang truong|toc do tang|tang truong) ")
"""A name, folded, of what is itself a change."""
TO_VALUE: Final = re.compile(
    r" (?:giam (?:xuong|con|ve)|xuong (?:con|duoi)|(?:tang|nang) len) |^ (?:con|len|xuong) |(?<! tro) (?:len|con|xuong) $"
)
"""What is changed to a value, not by one, folded: "giảm còn 5 %", "nâng lên 98 %"; not "98 % trở lên"."""
EACH_YEAR: Final = re.compile(r"(?<!/người)(?<!/khẩu)/ *n[aă]m|\b(?:hang|moi|binh quan) nam\b", re.IGNORECASE)
"""Words for a change that repeats every year, as they are written or folded; "60 triệu đồng/người/năm" is none."""
ON_AVERAGE: Final = re.compile(
    r" (?:giam|tang) binh quan | binh quan (?:(?:moi|hang|trong) )?(?:nam )?(?:giam|tang) "
)
"""The mean of several years, folded; elsewhere "bình quân" may be part of a name: "thu nhập bình quân"."""
MEAN: Final = " binh quan "
WHOLE: Final = Decimal(100)
"""All of something, in percent: "Xóa nhà tạm: 100%" leaves none."""
ENDING: Final = ("xoa", "khong con", "cham dut", "het")
UNIT_ENDS: Final = re.compile(
    r"(?:[^\S\n]*(?:/ *(?:năm|tháng|quý)\b|\b(?:trở lên|trở xuống|mỗi năm|hằng năm|hàng năm|một năm|bình quân|so với|vào|đến"
    r"|trong|mỗi|cả|tổng|của|trên|để|theo|số|các|là|được|và|hoặc)\b|[,;.:()–-])).*",
    re.IGNORECASE | re.DOTALL,
)
"""What ends the unit that is written behind a number: "1.250 hộ/năm trở lên"."""


@dataclass(frozen=True, slots=True)
class ValueRead:
    """What a row's value asks for; no comparator where it does not say."""

    comparator: Comparator | None
    value: Decimal | None = None
    high: Decimal | None = None
    percent: bool = False
    """Whether the number is one of percent."""
    base: int | None = None
    """The year at whose end a change begins, where it says so."""
    unit: str = ""
    """The unit that is written behind the number itself."""


def year_of(words: str) -> int | None:
    """The year that is named, the last of several: "2025-2030"."""
    years = YEAR.findall(words)
    return int(years[-1]) if years else None


def year_said(words: str) -> int | None:
    """The year by which something is to be reached, where words say so: "98 % vào năm 2030", not "so với năm 2025"."""
    said = [one["year"] for one in SAID_YEAR.finditer(words) if one["base"] is None]
    return year_of(said[-1]) if said else None


def goal_of(words: str, about: str = "", unit: str = "") -> ValueRead | None:
    """What a value asks for; `about`: the row's other words, which may say that it grows, or each year. None without number.

    >>> goal_of("trên 90").comparator, goal_of("2.900-3.000").high, goal_of("giảm 2-3 %/năm").value
    (<Comparator.ABOVE: 'above'>, Decimal('3000'), Decimal('2'))
    """
    written = written_out(words)
    held_against = BASE.search(written)
    joined = SPACES.sub("", without_term(BASE.sub("", written)))
    if any(pattern.search(joined) for pattern in (OF_ANOTHER_COUNTRY, SAID_YEAR, OUT_OF)):
        return None
    numbers, percent = list(map(number_of, NUMBER.findall(joined))), is_in_percent(words, unit)
    if asks_for_end(numbers, words, about, percent=percent):
        return ValueRead(Comparator.ELIMINATE)
    plain = plain_goal(numbers, joined, percent=percent)
    if plain is None:
        return None
    since = held_against or BASE.search(about)
    plain = replace(
        plain, base=int(since["year"]) if since else None, unit=unit_behind(joined) or UNIT_ENDS.sub("", unit)
    )
    yearly = is_yearly(f"{joined} {about} {unit if percent else ''}")
    goal = goal_with(plain, f" {fold(joined)} ", f" {fold(about)} ", yearly=yearly)
    return None if goal is plain and held_against else goal


def written_out(words: str) -> str:
    """A value with its factor as a number, and without where it begins today: "gấp đôi" is "gấp 2 lần"."""
    for said, instead in SAME.items():
        words = re.sub(said, instead, words, flags=re.IGNORECASE)
    return TODAY.sub("", words)


def without_term(words: str) -> str:
    """A value without the year by which it is to be reached."""
    return SAID_YEAR.sub(lambda said: "" if said["base"] is None else said[0], words)


def is_yearly(words: str) -> bool:
    """Whether words say that something repeats every year."""
    return EACH_YEAR.search(f"{words} {fold(words)}") is not None


def unit_behind(words: str) -> str:
    """The unit that is written behind the last number of a value; "" for none.

    >>> unit_behind("1.250,5 tỷ đồng"), unit_behind("98 % số hộ trở lên"), unit_behind("150")
    ('tỷ đồng', '%', '')
    """
    behind = UNIT_ENDS.sub("", NUMBER.split(words)[-1]).strip()
    return "%" if behind.startswith("%") else behind


def is_in_percent(words: str, unit: str) -> bool:
    """Whether a value or its unit says percent."""
    return "%" in f"{words}{unit}" or "phần trăm" in f"{words} {unit}"


def asks_for_end(numbers: Sequence[Decimal], words: str, about: str, *, percent: bool) -> bool:
    """Whether something is to be gone: a value without a number says so, or the row's other words do of 100 %."""
    if not numbers:
        return first_said(ENDING, f" {fold(words)} ") is not None
    return percent and numbers == [WHOLE] and first_said(ENDING, f" {fold(about)} ") is not None


def plain_goal(numbers: Sequence[Decimal], words: str, *, percent: bool) -> ValueRead | None:
    """What a number, or two ends, ask for if nothing speaks of a change; None for others."""
    match numbers:
        case [low, high] if low < high:
            return ValueRead(Comparator.RANGE, low, high, percent)
        case [value]:
            return ValueRead(compared(f" {fold(words)} ", words), value, percent=percent)
    return None


def goal_with(plain: ValueRead, words: str, about: str, *, yearly: bool) -> ValueRead | None:
    """What a number, or two ends, ask for by the words around them, both folded; `plain` where they speak of no change.

    None where a change does not say since when it is counted, or is compared as nothing here is.
    """
    every = f"{words}{about}"
    said = GROWTH.sub(" ", every)
    change = first_said((FALLS, RISES), said)
    if tells_factor(plain, said, changes=change is not None):
        return with_comparator(plain, OF_FACTOR) if plain.base else None
    if change is None:
        return with_comparator(plain, OF_GROWTH) if yearly and is_mean_growth(every) else plain
    if TO_VALUE.search(words) or TO_VALUE.search(about):
        return plain
    if not yearly:
        return with_comparator(plain, SINCE_A_YEAR[change]) if plain.base and plain.percent else None
    mean = MEAN in words or ON_AVERAGE.search(said) is not None
    return with_comparator(plain, YEARLY[change, mean])


def is_mean_growth(words: str) -> bool:
    """Whether folded words speak of growth as the mean of some years, without rising or falling: "tăng trưởng bình quân"."""
    return MEAN in words and GROWTH.search(words) is not None


def tells_factor(plain: ValueRead, said: str, *, changes: bool) -> bool:
    """Whether a number says how many times as much: "tăng trên 2 lần so với 2020"."""
    return BY_FACTOR in said or (fold(plain.unit).startswith("lan") and (changes or plain.base is not None))


Changes = Mapping[Comparator | None, Comparator]
"""What a change is compared as, by how its number is: "giảm trên 3 %/năm" is more than 3 less each year."""


def as_said(comparator: Comparator, above: Comparator | None = None) -> Changes:
    """A change by a number or at least by it, and the one by more."""
    same = dict.fromkeys((None, Comparator.AT_LEAST, Comparator.RANGE), comparator)
    return {**same, Comparator.ABOVE: above} if above else same


OF_FACTOR: Final = as_said(Comparator.MULTIPLY, Comparator.MULTIPLY_ABOVE)
OF_GROWTH: Final = as_said(Comparator.AVERAGE, Comparator.AVERAGE_ABOVE)
SINCE_A_YEAR: Final[Mapping[str, Changes]] = {FALLS: as_said(Comparator.REDUCE_SHARE), RISES: {}}
YEARLY: Final[Mapping[tuple[str, bool], Changes]] = {
    (FALLS, False): as_said(Comparator.REDUCE_YEARLY, Comparator.REDUCE_YEARLY_ABOVE),
    (FALLS, True): as_said(Comparator.REDUCE_AVERAGE),
    (RISES, False): as_said(Comparator.INCREASE_YEARLY, Comparator.AVERAGE_ABOVE),
    (RISES, True): OF_GROWTH,
}
"""By whether something falls or rises, and whether the mean of several years counts."""


def with_comparator(plain: ValueRead, changes: Changes) -> ValueRead | None:
    """What is asked for as a change; None where its number is compared as no change is."""
    known = changes.get(plain.comparator)
    return replace(plain, comparator=known) if known else None


def says_change(words: str, about: str) -> bool:
    """Whether a value's number is by how much something is to change."""
    said = f" {fold(f'{words} {about}')} "
    known = goal_of(re.sub(r"[^0-9.,]", " ", BASE.sub("", written_out(words))))
    return known is not None and (first_said((FALLS, RISES), said) is not None or BY_FACTOR in said)


def first_said(phrases: Iterable[str], said: str) -> str | None:
    """The first of some phrases that stands in folded words, which begin and end with a space."""
    return next((phrase for phrase in phrases if f" {phrase} " in said), None)


def number_of(written: str) -> Decimal:
    """A number as it is written in Viet Nam: 2.900 is many, 98,5 and 98.5 are not."""
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", written):
        written = written.replace(".", "")
    return Decimal(written.replace(",", "."))


def compared(said: str, words: str) -> Comparator | None:
    """How a value is to be compared, by its words (also folded, as `said`) or signs; None where it is a bare number."""
    by_sign = (comparator for sign, comparator in SIGNS.items() if sign in words)
    return next(by_sign, COMPARED.get(first_said(COMPARED, said) or ""))
