"""OpenRosa's functions as extension functions of lxml.

A node-set arrives as a list of elements, any other argument as text, number or truth. Irrelevant answers are blank in the
document, and their elements have the attribute `irrelevant`, so that rows that do not count can be left out. The functions
have no state: whatever changes (today, the language, an interview's seed) is an argument that the rewriter adds.
"""

import base64
import hashlib
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final, Literal

import re2
from babel.dates import get_day_names, get_month_names
from lxml import etree

from questionnaires.conversions import (
    EPOCH,
    Argument,
    counts,
    fraction,
    moment_of,
    number_of,
    text_of,
    texts_of,
    truth_of,
)

NAMESPACE: Final = "urn:thonbao:functions"
DIGESTS: Final = {
    "MD5": "md5",
    "SHA-1": "sha1",
    "SHA-256": "sha256",
    "SHA-384": "sha384",
    "SHA-512": "sha512",
}
SPACE: Final = re.compile(r"\s+")

Implementation = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Function:
    """How a function may be called, and the type of its result.

    With `like`, the result has the type of these arguments. `conditions` are the arguments taken as true or false,
    `needs` the variables that the rewriter adds as arguments. `native` functions are libxml2's own.
    """

    run: Implementation | None
    result: Literal["number", "text", "truth", "date", "nodes"]
    fewest: int = 0
    most: int = 99
    like: tuple[int, ...] = ()
    conditions: tuple[int, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def native(self) -> bool:
        return self.run is None


# --- numbers ------------------------------------------------------------------------------------------


def numbers(values: Sequence[Argument]) -> list[float]:
    """Return every number in the arguments; blanks are skipped."""
    return [number_of(text) for value in values for text in texts_of(value) if text.strip()]


def total(context: object, nodes: Argument) -> float:
    return math.fsum(numbers([nodes])) if not any(map(math.isnan, numbers([nodes]))) else math.nan


def smallest(context: object, *values: Argument) -> float:
    return min(numbers(values), default=math.nan)


def largest(context: object, *values: Argument) -> float:
    return max(numbers(values), default=math.nan)


def rounded(context: object, value: Argument, places: Argument = 0.0) -> float:
    """Round half up as JavaRosa and libxml2 do: -2.5 becomes -2."""
    number, digits = number_of(value), number_of(places)
    if not math.isfinite(number) or not math.isfinite(digits):
        return number
    try:
        step = Decimal(1).scaleb(-int(digits))
        exact = Decimal(repr(number))
        result = exact.quantize(step, ROUND_HALF_UP)
        if exact < 0 and exact - result == step / 2:
            result += step
        return float(result)
    except InvalidOperation:
        return number


def whole(context: object, value: Argument) -> float:
    number = number_of(value)
    return float(int(number)) if math.isfinite(number) else math.nan


def safe(function: Callable[..., float]) -> Implementation:
    """Wrap a mathematical function so that impossible results are NaN."""

    def run(context: object, *values: Argument) -> float:
        try:
            result = function(*map(number_of, values))
        except (ValueError, OverflowError, ZeroDivisionError):
            return math.nan
        return result if isinstance(result, float) else math.nan

    return run


def power(base: float, exponent: float) -> float:
    return math.pow(base, exponent)


def random(context: object, key: Argument) -> float:
    """Return a number that is always the same for an interview and node, so that recomputing it ends."""
    digest = hashlib.sha256(f"random {text_of(key)}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


# --- text ---------------------------------------------------------------------------------------------


def joined(context: object, separator: Argument, *values: Argument) -> str:
    parts: list[str] = []
    for value in values:
        parts += texts_of(value)
    return text_of(separator).join(parts)


def concat(context: object, *values: Argument) -> str:
    return joined(context, "", *values)


def substr(context: object, value: Argument, start: Argument, end: Argument | None = None) -> str:
    """Return the text from `start` (counted from 0) up to but without `end`; negative numbers count from the end."""
    text = text_of(value)
    first = number_of(start)
    last = number_of(end) if end is not None else float(len(text))
    if not math.isfinite(first) or not math.isfinite(last):
        return ""
    return text[slice(int(first), int(last))]


def substring(context: object, value: Argument, start: Argument, length: Argument | None = None) -> str:
    """Return XPath's own substring, which counts from 1 and rounds its arguments."""
    text, first = text_of(value), rounded(context, start)
    last = first + rounded(context, length) if length is not None else math.inf
    return "".join(letter for place, letter in enumerate(text, 1) if place >= first and place < last)


def substring_before(context: object, value: Argument, mark: Argument) -> str:
    before, parted, _ = text_of(value).partition(text_of(mark) or "\0")
    return before if parted else ""


def substring_after(context: object, value: Argument, mark: Argument) -> str:
    return text_of(value).partition(text_of(mark))[2] if text_of(mark) else text_of(value)


def translate(context: object, value: Argument, old: Argument, new: Argument) -> str:
    targets = text_of(new)
    table: dict[int, str | None] = {}
    for place, letter in enumerate(text_of(old)):
        table.setdefault(ord(letter), targets[place] if place < len(targets) else None)
    return text_of(value).translate(table)


@lru_cache(maxsize=256)
def pattern(source: str) -> "re2._Regexp[str] | None":
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(source, options)
    except re2.error:
        return None


def regex(context: object, value: Argument, source: Argument) -> bool:
    """Whether the pattern matches the whole value. RE2 takes linear time for any pattern."""
    compiled = pattern(text_of(source))
    return bool(compiled and compiled.fullmatch(text_of(value)))


def uuid(context: object, *arguments: Argument) -> str:
    """Return a UUID that is always the same for an interview and node, so that recomputing it ends."""
    digest = hashlib.sha256(f"uuid {text_of(arguments[-1])}".encode()).hexdigest()
    return f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"


# --- choices ------------------------------------------------------------------------------------------


def selected(context: object, value: Argument, choice: Argument) -> bool:
    return text_of(choice).strip() in text_of(value).split()


def selected_at(context: object, value: Argument, place: Argument) -> str:
    chosen, number = text_of(value).split(), number_of(place)
    return chosen[int(number)] if 0 <= number < len(chosen) else ""


def checklist(context: object, fewest: Argument, most: Argument, *values: Argument) -> bool:
    """Whether between `fewest` and `most` (-1: any number) of the values are true."""
    true = float(sum(map(truth_of, values)))
    low, high = number_of(fewest), number_of(most)
    return (low < 0 or true >= low) and (high < 0 or true <= high)


def weighted_checklist(context: object, least: Argument, most: Argument, *pairs: Argument) -> bool:
    """Whether the weights of the values that are true add up to between `least` and `most` (-1: anything)."""
    weighed = zip(pairs[::2], pairs[1::2], strict=False)
    total_weight = math.fsum(number_of(weight) for value, weight in weighed if truth_of(value))
    low, high = number_of(least), number_of(most)
    return (low < 0 or total_weight >= low) and (high < 0 or total_weight <= high)


# --- places and codes ---------------------------------------------------------------------------------


def distance(context: object, *points: Argument) -> float:
    """Return the length in metres of the way from point to point; NaN if one of them is no point."""
    texts = [text for point in points for some in texts_of(point) for text in some.split(";") if text.strip()]
    try:
        placed = [tuple(math.radians(float(part)) for part in text.split()[:2]) for text in texts]
        return math.fsum(between(*start, *end) for start, end in pairwise(placed))
    except (TypeError, ValueError):
        return math.nan


def between(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Return the metres between two points, given in radians, on a globe of JavaRosa's size."""
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * 6_378_100 * math.asin(math.sqrt(half))


def digest(context: object, value: Argument, algorithm: Argument, form: Argument = "base64") -> str:
    """Return the hash of a text in base64 or hex; "" for an algorithm that OpenRosa does not have."""
    name = DIGESTS.get(text_of(algorithm).upper())
    if name is None:
        return ""
    made = hashlib.new(name, text_of(value).encode(), usedforsecurity=False).digest()
    return made.hex() if text_of(form) == "hex" else base64.b64encode(made).decode()


def decoded(value: str) -> str:
    """Return the text that base64 encodes; "" if it is invalid."""
    try:
        return base64.b64decode(value, validate=True).decode()
    except ValueError:
        return ""


# --- dates --------------------------------------------------------------------------------------------


def as_date(context: object, value: Argument) -> str:
    """Return a day as answers store it, from a date, a moment or a number of days since 1970."""
    text = text_of(value).strip()
    moment = moment_of(text)
    if isinstance(moment, datetime):
        return moment.date().isoformat()
    if isinstance(moment, date):
        return moment.isoformat()
    number = number_of(value)
    try:
        return (EPOCH + timedelta(days=math.floor(number))).isoformat() if math.isfinite(number) else ""
    except OverflowError:
        return ""


def as_moment(context: object, value: Argument) -> str:
    """Return a moment as answers store it, from a date, a moment or a number of days since 1970."""
    text = text_of(value).strip()
    moment = moment_of(text)
    if isinstance(moment, datetime):
        return text
    if isinstance(moment, date):
        return f"{text}T00:00:00.000"
    number = number_of(value)
    try:
        at = datetime(1970, 1, 1) + timedelta(days=number)  # noqa: DTZ001 - the form's own clock
    except (OverflowError, ValueError):
        return ""
    return at.isoformat(timespec="milliseconds")


def decimal_time(context: object, value: Argument) -> float:
    moment = moment_of(text_of(value).strip())
    if isinstance(moment, datetime):
        return fraction(moment.time())
    return fraction(moment) if isinstance(moment, time) else math.nan


@cache
def names(locale: str, what: str) -> list[str]:
    language = locale if locale in ("vi", "en") else "en"
    if what == "month":
        months = get_month_names("abbreviated", locale=language)
        return [months[number] for number in range(1, 13)]
    days = get_day_names("abbreviated", locale=language)
    return [days[number] for number in range(7)]


def format_date(context: object, value: Argument, form: Argument, lang: Argument) -> str:
    """Write a date or moment by a pattern such as %d/%m/%Y."""
    moment = moment_of(text_of(value).strip())
    if moment is None:
        moment = moment_of(as_date(context, value))
    if moment is None:
        return ""
    day = moment if isinstance(moment, date) else EPOCH
    clock = moment.time() if isinstance(moment, datetime) else moment if isinstance(moment, time) else time()
    parts = {
        "Y": f"{day.year:04}",
        "y": f"{day.year % 100:02}",
        "m": f"{day.month:02}",
        "n": str(day.month),
        "b": names(text_of(lang), "month")[day.month - 1],
        "d": f"{day.day:02}",
        "e": str(day.day),
        "a": names(text_of(lang), "day")[day.weekday()],
        "H": f"{clock.hour:02}",
        "h": str(clock.hour),
        "M": f"{clock.minute:02}",
        "S": f"{clock.second:02}",
        "3": f"{clock.microsecond // 1000:03}",
        "%": "%",
    }
    return re.sub(r"%(.)", lambda match: parts.get(match[1], match[0]), text_of(form))


# --- nodes --------------------------------------------------------------------------------------------


def count(context: object, nodes: Argument) -> float:
    return float(sum(map(counts, nodes))) if isinstance(nodes, list) else 0.0


def count_filled(context: object, nodes: Argument) -> float:
    return float(sum(bool(text) for text in texts_of(nodes)))


def position(context: object, nodes: Argument) -> float:
    """Return the number of a row among the rows of its repeat."""
    if not isinstance(nodes, list) or not nodes:
        return math.nan
    return 1.0 + sum(1 for _ in nodes[0].itersiblings(nodes[0].tag, preceding=True))


def indexed_repeat(context: object, nodes: Argument, rows: Argument, place: Argument) -> list[etree._Element]:
    """Return those of `nodes` that are in row number `place` of `rows`."""
    number = number_of(place)
    if not isinstance(nodes, list) or not isinstance(rows, list) or not 1 <= number <= len(rows):
        return []
    row = rows[int(number) - 1]
    return [node for node in nodes if row in node.iterancestors()]


def looked_up(context: object, rows: Argument, wanted: Argument, key: Argument, value: Argument) -> str:
    """Return the fact `wanted` of a list's first row whose fact `key` is `value`; "" if there is none."""
    name, sought = text_of(key), text_of(value)
    if not isinstance(rows, list) or not sought:
        return ""
    values = (row.findtext(text_of(wanted)) for row in rows if row.findtext(name) == sought)
    return next(values, None) or ""


def coalesce(context: object, *values: Argument) -> Argument:
    return next((value for value in values if text_of(value)), "")


def chosen(context: object, condition: Argument, then: Argument, other: Argument) -> Argument:
    return then if condition else other


def once(context: object, present: Argument, value: Argument) -> Argument:
    return text_of(present) or value


def text(run: Callable[[str], object]) -> Implementation:
    """Wrap a function of one text."""
    return lambda context, value="": run(text_of(value))


def texts(run: Callable[[str, str], bool]) -> Implementation:
    """Wrap a comparison of two texts."""
    return lambda context, one, other: run(text_of(one), text_of(other))


FUNCTIONS: Final[dict[str, Function]] = {
    # what the rewriter writes itself
    "instance": Function(None, "nodes", 1, 1),
    "current": Function(None, "nodes", 0, 0),
    "once": Function(once, "text", 1, 1),
    "jr:choice-name": Function(None, "text", 2, 2),
    "choice-name": Function(None, "text", 2, 2),
    "jr:itext": Function(None, "text", 1, 1),
    "indexed-repeat": Function(indexed_repeat, "nodes", 3, 7),
    "pull-data": Function(looked_up, "text", 4, 4),
    "position": Function(position, "number", 0, 1),
    # libxml2's own
    "not": Function(None, "truth", 1, 1, conditions=(0,)),
    "true": Function(None, "truth", 0, 0),
    "false": Function(None, "truth", 0, 0),
    "last": Function(None, "number", 0, 0),
    # numbers
    "number": Function(lambda context, value: number_of(value), "number", 1, 1),
    "int": Function(whole, "number", 1, 1),
    "round": Function(rounded, "number", 1, 2),
    "floor": Function(safe(lambda x: float(math.floor(x))), "number", 1, 1),
    "ceiling": Function(safe(lambda x: float(math.ceil(x))), "number", 1, 1),
    "abs": Function(safe(abs), "number", 1, 1),
    "pow": Function(safe(power), "number", 2, 2),
    "sqrt": Function(safe(math.sqrt), "number", 1, 1),
    "exp": Function(safe(math.exp), "number", 1, 1),
    "exp10": Function(safe(lambda x: math.pow(10.0, x)), "number", 1, 1),
    "sin": Function(safe(math.sin), "number", 1, 1),
    "cos": Function(safe(math.cos), "number", 1, 1),
    "tan": Function(safe(math.tan), "number", 1, 1),
    "asin": Function(safe(math.asin), "number", 1, 1),
    "acos": Function(safe(math.acos), "number", 1, 1),
    "atan": Function(safe(math.atan), "number", 1, 1),
    "atan2": Function(safe(math.atan2), "number", 2, 2),
    "log": Function(safe(math.log), "number", 1, 1),
    "log10": Function(safe(math.log10), "number", 1, 1),
    "pi": Function(lambda context: math.pi, "number", 0, 0),
    "random": Function(random, "number", 0, 0, needs=("key",)),
    "sum": Function(total, "number", 1, 1),
    "min": Function(smallest, "number", 1),
    "max": Function(largest, "number", 1),
    "count": Function(count, "number", 1, 1),
    "count-non-empty": Function(count_filled, "number", 1, 1),
    # text
    "string": Function(text(str), "text", 1, 1),
    "concat": Function(concat, "text", 1),
    "join": Function(joined, "text", 2),
    "substr": Function(substr, "text", 2, 3),
    "substring": Function(substring, "text", 2, 3),
    "substring-before": Function(substring_before, "text", 2, 2),
    "substring-after": Function(substring_after, "text", 2, 2),
    "translate": Function(translate, "text", 3, 3),
    "normalize-space": Function(text(lambda value: SPACE.sub(" ", value).strip()), "text", 1, 1),
    "string-length": Function(text(lambda value: float(len(value))), "number", 1, 1),
    "contains": Function(texts(lambda one, other: other in one), "truth", 2, 2),
    "starts-with": Function(texts(str.startswith), "truth", 2, 2),
    "ends-with": Function(texts(str.endswith), "truth", 2, 2),
    "regex": Function(regex, "truth", 2, 2),
    "uuid": Function(uuid, "text", 0, 1, needs=("key",)),
    # choices
    "selected": Function(selected, "truth", 2, 2),
    "selected-at": Function(selected_at, "text", 2, 2),
    "count-selected": Function(text(lambda value: float(len(value.split()))), "number", 1, 1),
    "checklist": Function(checklist, "truth", 3),
    "weighted-checklist": Function(weighted_checklist, "truth", 4),
    "distance": Function(distance, "number", 1),
    "digest": Function(digest, "text", 2, 3),
    "base64-decode": Function(text(decoded), "text", 1, 1),
    # truth
    "boolean": Function(None, "truth", 1, 1, conditions=(0,)),
    "boolean-from-string": Function(lambda context, value: truth_of(value), "truth", 1, 1),
    "if": Function(chosen, "text", 3, 3, like=(1, 2), conditions=(0,)),
    "coalesce": Function(coalesce, "text", 1, like=(0, 1)),
    # dates
    "today": Function(None, "date", 0, 0),
    "now": Function(None, "date", 0, 0),
    "date": Function(as_date, "date", 1, 1),
    "date-time": Function(as_moment, "date", 1, 1),
    "decimal-date-time": Function(lambda context, value: number_of(value), "number", 1, 1),
    "decimal-time": Function(decimal_time, "number", 1, 1),
    "format-date": Function(format_date, "text", 2, 2, needs=("lang",)),
    "format-date-time": Function(format_date, "text", 2, 2, needs=("lang",)),
}
"""Every function a form may call, by its name in the form."""
