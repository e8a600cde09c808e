"""What a report counts: itself, each number in it, and each indicator that its numbers give.

Beside each indicator is kept what the same place said of it in its report before, so that a change is about the same
places at both ends. A measure is one of these, of one questionnaire; its number is a digest of its name, so that
nobody has to look it up. Amounts are whole numbers plus a rest in units of 10^-12: both databases add these exactly,
and neither adds decimals so.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Final, NamedTuple

import orjson

from plans.indicator import Indicator
from plans.period import Calendar, from_key
from plans.reading import load_plans
from plans.rollup import Figure, figure

UNIT: Final = 10**12
LIMIT: Final = 10**14
"""A larger number is no figure of a place, and its sums would not fit into the database's integers."""
BEFORE: Final = " before"
"""Added to the kind of a report's period: what the same place said in its report before."""
NEW: Final = " new"
"""Added to the kind: what a place says if its report before did not say it."""
LAYOUT: Final = 6
"""Raise this when reports give other measures than before, or count elsewhere: the ledger is then rebuilt."""
Amount = tuple[int, int, int, int, int]
"""Number of reports, numerator and its rest, denominator and its rest."""
Amounts = Sequence[tuple[int, Amount]]
"""By measure."""
Values = Mapping[str, Decimal]


@cache
def measure_id(form: str, name: str, kind: str) -> int:
    """Return the number of a measure: always the same, so that nobody has to look it up.

    `name` is an indicator, a question as "?nuoc_ho", or "" for the report itself. `kind` is "" for what stands, else
    the kind of the periods (`kind_of`).
    """
    return int.from_bytes(blake2b(f"{form}\n{name}\n{kind}".encode(), digest_size=6).digest())


@cache
def kind_of(period: str) -> str:
    """The kind of a period: "week", "month", "month-statutory" …"""
    read = from_key(period)
    return read.kind if read.calendar is Calendar.GREGORIAN else f"{read.kind}-{read.calendar}"


def whole_and_rest(number: Decimal) -> tuple[int, int] | None:
    """Return a number as a whole number and a rest in units of 10^-12; None if it is beyond all figures."""
    if not number.is_finite() or abs(number) >= LIMIT:
        return None
    whole = int(number)
    if whole == number:
        return whole, 0
    return divmod(int((number * UNIT).to_integral_value(ROUND_HALF_EVEN)), UNIT)


def number(whole: int, rest: int) -> Decimal:
    """The number again."""
    return Decimal(whole) + Decimal(rest) / UNIT if rest else Decimal(whole)


class Against(NamedTuple):
    """The measures under which an indicator of a report is compared with the report before.

    Its amount in the report before counts as `before`; if that gave none, its own counts as `new`.
    """

    stands: int
    before: int
    new: int
    flow: bool
    """Whether only a report of the period just before counts as one before: a flow stands at no later time."""


class LedgerReport(NamedTuple):
    """A report as the ledger sees it: what it says by measure, and what of that stands until the next one."""

    day: int
    said: Amounts
    stands: Amounts
    eve: int = 0
    """The day before its period began."""
    turns: Sequence[Against] = ()
    flows: frozenset[int] = frozenset()
    """The measures of what it counts anew in its period."""

    def until(self, replaced: int | None) -> "LedgerReport":
        """Return the report as it counts if an heir's reports hold the ground of its place from the day `replaced` on.

        From then on what is counted anew in each period is in the heir's.
        """
        if replaced is None or self.day < replaced:
            return self
        said, stands = (
            [one for one in some if one[0] not in self.flows] for some in (self.said, self.stands)
        )
        return self._replace(said=said, stands=stands, turns=[turn for turn in self.turns if not turn.flow])

    def turned(self, before: "LedgerReport | None") -> Amounts:
        """Return what the same place said before, and what it says if it had not said it."""
        now, old = dict(self.stands), dict(before.stands) if before else {}
        just_before = before is not None and before.day == self.eve
        return [
            (turn.before, old[turn.stands])
            if turn.stands in old and (just_before or not turn.flow)
            else (turn.new, now[turn.stands])
            for turn in self.turns
        ]


def counted(form: str, period: str, day: date, values: Values) -> LedgerReport:
    """What a report with these numbers by question counts."""
    kind = kind_of(period)
    eve = from_key(period).start.toordinal() - 1
    turns: list[Against] = []
    said: list[tuple[int, Amount]] = [(measure_id(form, "", kind), (1, 0, 0, 0, 0))]
    stands: list[tuple[int, Amount]] = [(measure_id(form, "", ""), (1, 0, 0, 0, 0))]
    for question, value in values.items():
        if (parts := whole_and_rest(value)) is not None:
            said.append((measure_id(form, f"?{question}", kind), (1, *parts, 0, 0)))
    for indicator in indicators_of(frozenset(values)):
        amount = amount_of(figure(indicator, values))
        if amount is not None:
            said.append((measure_id(form, indicator.id, kind), amount))
            stands.append((measure_id(form, indicator.id, ""), amount))
            turns.append(turn_of(form, indicator, kind))
    return LedgerReport(day.toordinal(), said, stands, eve, turns, flows_of(form, frozenset(values), kind))


@lru_cache(maxsize=4096)
def flows_of(form: str, questions: frozenset[str], kind: str) -> frozenset[int]:
    """The measures of those indicators and questions of a report that are counted anew in each period."""
    flows = [one for one in indicators_of(questions) if not one.stock]
    names = {one.id for one in flows} | {f"?{question}" for one in flows for question in one.questions}
    return frozenset(measure_id(form, name, of) for name in names for of in ("", kind))


def turn_of(form: str, indicator: Indicator, kind: str) -> Against:
    """Return the measures under which a report of a period of `kind` is compared with the one before."""
    stands, before, new = (
        measure_id(form, indicator.id, of) for of in ("", f"{kind}{BEFORE}", f"{kind}{NEW}")
    )
    return Against(stands, before, new, not indicator.stock)


Line = tuple[int, str, list[LedgerReport]]
"""A place, a questionnaire, and the place's reports of it in order."""


def lines(reports: Iterable[tuple[int, str, str, date, list[tuple[str, str]]]]) -> list[Line]:
    """Return reports (place, form, period, last day, numbers), which come ordered by place and form, as lines.

    A village that reports the same as before, as most do most weeks, shares the amounts of the report before.
    """
    result: list[Line] = []
    last: tuple[int, str, str, list[tuple[str, str]]] | None = None
    for place, form, period, day, answers in reports:
        this = (place, form, kind_of(period), answers)
        if last is None or this[:2] != last[:2]:
            result.append((place, form, []))
        line = result[-1][2]
        if this == last:
            eve = from_key(period).start.toordinal() - 1
            line.append(line[-1]._replace(day=day.toordinal(), eve=eve))
        else:
            said = numbers((question, Decimal(value)) for question, value in answers)
            line.append(counted(form, period, day, said))
        last = this
    return result


@lru_cache(maxsize=4096)
def indicators_of(questions: frozenset[str]) -> tuple[Indicator, ...]:
    """The indicators that some of these questions may give; what other questionnaires ask most often is one of them here,
    too."""
    known = [one for one in load_plans().indicators.values() if one.numerator]
    given = {one.id: one for one in known if not questions.isdisjoint(one.questions)}
    add_asked_elsewhere(given, known, questions)
    return tuple(given.values())


def add_asked_elsewhere(
    given: dict[str, Indicator], known: list[Indicator], questions: frozenset[str]
) -> None:
    """Add to the indicators `given` those known ones that these questions give as other questionnaires do."""
    elsewhere = (other for one in known if one.id not in given for other in one.asked_elsewhere)
    for other in elsewhere:
        if not questions.isdisjoint(other.questions):
            given.setdefault(other.id, other)


def amount_of(given: Figure) -> Amount | None:
    """Return a figure as it is added up; None without one."""
    if given.numerator is None:
        return None
    numerator = whole_and_rest(given.numerator)
    denominator = whole_and_rest(given.denominator or Decimal(0))
    return None if numerator is None or denominator is None else (1, *numerator, *denominator)


def numbers(answers: Iterable[tuple[str, Decimal | None]]) -> dict[str, Decimal]:
    """The numbers among answers by question; a repeated question's numbers are added up."""
    values: dict[str, Decimal] = {}
    for question, value in answers:
        if value is not None:
            add_value(values, question, value)
    return values


def add_value(values: dict[str, Decimal], question: str, value: Decimal) -> None:
    """Add a number to those of its question."""
    values[question] = values[question] + value if question in values else value


def basis() -> str:
    """Return a digest of the definitions that the ledger depends on."""
    definitions = [
        (one.id, one.numerator, one.minus, one.denominator, one.same, sorted(one.parts.items()), one.stock)
        for one in sorted(load_plans().indicators.values(), key=lambda indicator: indicator.id)
    ]
    return blake2b(orjson.dumps([LAYOUT, definitions]), digest_size=16).hexdigest()
