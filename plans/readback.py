"""Read a plan's rows back from its document: what a row says and the document does not.

Whoever copies a plan into data may write "at least" for "more than", 98 for 99, another agency, or leave out "không". Each
row is looked up by its words; then its words, number, unit, comparator, year, agency and scope are looked for at that place.
What a row marks as inferred is not expected there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import Final, Self

from plans.document import HALVES, Pair, Passage, folded, names_of, plain_number, telling_words, words_of
from plans.finding import Found, NumberInWords, Searched, Wanted, number_of, says, spelt, unnamed
from plans.period import PeriodKind
from plans.programme import Deadline, Programme
from plans.target import AVERAGED, SINCE_THE_PLAN, Comparator, Target

JOINED: Final = 0.3
"""The share of a scope's pairs of words that must stand in the sentence: it may join words from its beginning and end."""
NEAR: Final = 2
"""How many words before a number are searched for a comparison: "trên 90", "đạt trên 10", "trên số 10"."""


class Lack(StrEnum):
    """What the document does not confirm of a row."""

    PASSAGE = "passage"
    """No passage resembles the row's statement."""
    WORDS = "words"
    """Words of the statement do not stand there, or not beside each other where it matters: a name, "không"."""
    NUMBER = "number"
    UNIT = "unit"
    """Something else is counted: the words behind the number are not the row's unit."""
    COMPARISON = "comparison"
    """The words before the number ask for another comparator: "trên 90 %" is more than 90."""
    YEAR = "year"
    """Neither the sentence nor the heading above it names the year."""
    AGENCY = "agency"
    """Neither the sentence nor the heading above it names the agency."""
    SCOPE = "scope"
    """The sentence does not say whom the row is about."""
    DAY = "day"
    """The day until which a report is due is another one."""


@dataclass(frozen=True, slots=True)
class Unbacked:
    """A row that its document does not confirm."""

    row: str
    """The row's id, or the file that a deadline or norm stands in."""
    clause: str
    lack: Lack
    line: int = 0
    """The line of the document that comes nearest, counted from 1; 0 for none."""
    words: str = ""
    """The words of the row that are not confirmed; "" if the lack is told by its number or by itself."""
    goal: Decimal | None = None


def unbacked(programme: Programme, document: Sequence[Passage]) -> list[Unbacked]:
    """Return what the document does not confirm of a plan's rows, in the order of the data."""
    searched = Searched(document)
    rows = [lack for row in programme.targets for lack in lacking(row, searched)]
    return rows + [
        lack for statement in statements(programme) for lack in statement_lacking(statement, searched)
    ]


# --- what a row says ----------------------------------------------------------------------------------


def lacking(target: Target, document: Searched) -> list[Unbacked]:
    """Return what the document does not confirm of a commitment; [] if it confirms all."""
    wanted = Wanted(
        target.statement, target.value, said_agency(target), said_year(target), said_scope(target)
    )
    found = document.find(wanted)
    if found is None:
        return [Unbacked(target.id, target.clause, Lack.PASSAGE, goal=target.goal)]
    return [
        Unbacked(target.id, target.clause, lack, found.line, words, target.goal)
        for lack, lacks in CHECKS.items()
        if (words := lacks(target, found)) is not None
    ]


def words_lack(target: Target, found: Found) -> str | None:
    """Return the words of the statement that the document does not say there; None if it says all.

    What a note explains is no fault: which letters a scan misread.
    """
    explained = frozenset(words_of(target.note)) - telling_words().turning
    numbers = {number for number in (target.value, target.value_high) if number is not None}
    missing = unsaid(target.statement, found, numbers)
    return " ".join(word for word in missing if word not in explained) or None


def unsaid(statement: str, found: Found, numbers: Set[Decimal] = frozenset()) -> list[str]:
    """Return the words of a statement that do not stand at its place; [] if all do. `numbers` may stand further below.

    A row may shorten and join, so a plain word needs no neighbour in common with the document; a name or a number needs
    one, and "không" and the like the word behind, which they turn to the contrary.
    """
    words, names = words_of(statement), names_of(statement)
    beside, below = (
        NeighbouringWords.of(found.texts),
        NeighbouringWords.of(one.words for one in found.stretch),
    )
    own, lent = NeighbouringWords.of(found.strict_texts), {None, *numbers}
    near = frozenset(spelt(word) for words_there in found.own_texts for word in words_there)

    def is_said(place: int) -> bool:
        word, around = words[place], words[max(place - 1, 0) : place + 2]
        if word in telling_words().turning:
            return place + 1 == len(words) or own.has(words[place : place + 2])
        number = number_of(word)
        if number is not None or word in names:
            return own.has(around) or (number in lent and below.has(around))
        return spelt(word) in near or beside.has(around) or below.has(around)

    return [word for place, word in enumerate(words) if not is_said(place)]


@dataclass(frozen=True)
class NeighbouringWords:
    """The pairs of neighbouring words of some passages, without their marks, which a scan may misread."""

    pairs: frozenset[Pair]

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> Self:
        return cls(frozenset(pair for words in texts for pair in pairwise(map(folded, words))))

    def has(self, words: Sequence[str]) -> bool:
        """Whether some neighbours among `words` stand beside each other."""
        return any(pair in self.pairs for pair in pairwise(map(folded, words)))


def number_lacks(target: Target, found: Found) -> str | None:
    """Return "" if a number of the row is not there among the words of its statement."""
    numbers = (target.value, target.value_high)
    return None if all(number is None or stands(number, target, found) for number in numbers) else ""


def stands(number: Decimal, target: Target, found: Found) -> bool:
    """Whether a number stands in the row's statement, and in the document where the statement has it."""
    said = any(number_of(word) == number for word in words_of(target.statement))
    return said and bool(spots_of(number, target, found))


def spots_of(number: Decimal, target: Target, found: Found) -> list[NumberInWords]:
    """Where the document has a number as the statement has it."""
    return [spot for spot in found.spots(words_of(target.statement), number) if spot.number == number]


def unit_lacks(target: Target, found: Found) -> str | None:
    """Return the unit if the words behind the number are others."""
    last = target.value if target.value_high is None else target.value_high
    unit = said_unit(target)
    if last is None or not unit:
        return None
    behind = {word for spot in spots_of(last, target, found) for word in spot.behind[:1]}
    return target.unit if behind and unit not in behind else None


def said_unit(target: Target) -> str:
    """The first word of the unit that the document writes behind the number; "" behind "1/2", an index or no number."""
    silent = target.unit in UNSAID_UNITS or HALVES.search(target.statement)
    return "" if silent else " ".join(words_of(target.unit)[:1])


UNSAID_UNITS: Final = ("điểm",)
"""Units of indices, which a document does not write."""


FITTING: Final[Mapping[str, Set[Comparator]]] = {
    "more_than": frozenset(
        {
            Comparator.ABOVE,
            Comparator.QUOTA_ABOVE,
            Comparator.MULTIPLY_ABOVE,
            Comparator.AVERAGE_ABOVE,
            Comparator.REDUCE_YEARLY_ABOVE,
        }
    ),
    "less_than": frozenset({Comparator.BELOW}),
}
"""Kinds of words just before a number, each with the comparators that need them; no other comparator may have them."""
AVERAGES: Final = AVERAGED | SINCE_THE_PLAN
"""Comparators that need "bình quân" in the passage. It proves nothing alone: "thu nhập bình quân" has it too."""
FALLING: Final = SINCE_THE_PLAN | {
    Comparator.AT_MOST,
    Comparator.BELOW,
    Comparator.ELIMINATE,
    Comparator.REDUCE_YEARLY,
    Comparator.REDUCE_YEARLY_ABOVE,
    Comparator.SHRINK_YEARLY,
    Comparator.REDUCE_SHARE,
}
"""Comparators that want a smaller figure."""
NEEDING: Final[Mapping[str, Set[Comparator]]] = {
    "on_average": AVERAGES,
    "falling": FALLING,
    "kept": frozenset({Comparator.MAINTAIN}),
}
"""The kinds of words that comparators need in their passage."""
SHARE: Final = frozenset(("%", "‰"))
"""Units of shares, of which no amount is counted up."""


def comparison_lacks(target: Target, found: Found) -> str | None:
    """Return "" if the words beside the number ask for another comparator than the row's."""
    if target.goal is None:
        return None
    if target.value is None:
        fits = words_fit(target.comparator, found.document[found.place].words)
    else:
        spots = spots_of(target.value, target, found)
        fits = not spots or any(fits_at(target, spot) for spot in spots)
    return None if fits else ""


def words_fit(comparator: Comparator, words: Sequence[str]) -> bool:
    """Whether a passage has the words that a comparator needs."""
    return all(says(kind, words) for kind, comparators in NEEDING.items() if comparator in comparators)


def fits_at(target: Target, spot: NumberInWords) -> bool:
    """Whether the words around a number ask for the row's comparator: a range names two numbers."""
    ranged = target.value_high is None and is_range(spot.before, spot.behind)
    shared = target.comparator.counted_up and not SHARE.isdisjoint(spot.behind[:1])
    fits = words_fit(target.comparator, spot.words) and before_fits(target.comparator, spot.before)
    return fits and not (ranged or shared)


def is_range(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether a number is the lower end of a range: "35 - 40 %", "từ 2.900 đến 3.000"."""
    if number_of("".join(before[-1:])) is not None:
        return False
    apart = after[:1] == ["đến"] and before[-1:] == ["từ"]
    upper = after[1:2] if apart else after[:1]
    return bool(number_of("".join(upper)))


def before_fits(comparator: Comparator, before: Sequence[str]) -> bool:
    """Whether the words `before` a number ask for this comparator and no other."""
    just, further = before[-NEAR:], before[-NEAR - 1 :]
    fitting = all((comparator in comparators) == says(kind, just) for kind, comparators in FITTING.items())
    averaged = comparator in AVERAGES or not says("on_average", just)
    return fitting and averaged and (comparator in FALLING or not says("falling", further))


def year_lacks(target: Target, found: Found) -> str | None:
    """Return the year if neither the row's sentence nor what stands above it names it."""
    year = said_year(target)
    return None if found.names_year(year) or year in words_of(target.statement) else year


def said_year(target: Target) -> str:
    """The year that the document has to name; "" if the row infers it or has none."""
    return "" if target.infers("year_due") else str(target.year_due or "")


def agency_lacks(target: Target, found: Found) -> str | None:
    """Return the agency if neither the heading above nor the line of the row names it."""
    return unnamed(said_agency(target), found.naming)


def said_agency(target: Target) -> str:
    """The agency that the document has to name; "" if the row infers it or has none."""
    return "" if target.infers("agency") else target.agency


def scope_lacks(target: Target, found: Found) -> str | None:
    """Return the words of the scope that the row's sentence does not say; None if it says all of weight."""
    said = found.said.union(map(folded, words_of(target.statement)))
    words = words_of(said_scope(target))
    missing = [word for word in words if folded(word) not in said and not says("small", [word])]
    pairs = frozenset(pairwise(map(folded, words)))
    texts = (*found.own_texts, words_of(target.statement))
    joined = NeighbouringWords.of(texts).pairs & pairs
    return " ".join(missing) or (target.scope if len(joined) < JOINED * len(pairs) else None)


def said_scope(target: Target) -> str:
    """Whom the document has to name; "" if the row infers it."""
    return "" if target.infers("scope") else target.scope


CHECKS: Final[Mapping[Lack, Callable[[Target, Found], str | None]]] = {
    Lack.WORDS: words_lack,
    Lack.NUMBER: number_lacks,
    Lack.UNIT: unit_lacks,
    Lack.COMPARISON: comparison_lacks,
    Lack.YEAR: year_lacks,
    Lack.AGENCY: agency_lacks,
    Lack.SCOPE: scope_lacks,
}
"""What is looked for at a row's place, each with what is not there: "" if that needs no words, None if all is."""


# --- deadlines and norms ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Statement:
    """A deadline or a norm: its words, and which agencies it names."""

    file: str
    clause: str
    words: str
    agencies: str = ""
    deadline: Deadline | None = None


def statements(programme: Programme) -> Iterator[Statement]:
    """Yield the deadlines and norms of a plan."""
    for one in programme.deadlines:
        agencies = [
            getattr(one, field) for field in ("agency", "to") if getattr(one, field) and not one.infers(field)
        ]
        yield Statement("deadlines.toml", one.clause, one.statement(), "; ".join(agencies), one)
    for norm in programme.norms:
        yield Statement("norms.toml", norm.clause, norm.statement())


def statement_lacking(statement: Statement, document: Searched) -> list[Unbacked]:
    """Return what the document does not confirm of a deadline or norm."""
    found = document.find(Wanted(statement.words))
    if found is None:
        return [Unbacked(statement.file, statement.clause, Lack.PASSAGE)]
    lacks = {
        Lack.WORDS: " ".join(unsaid(statement.words, found)) or None,
        Lack.AGENCY: agencies_lacking(statement, found),
        Lack.DAY: other_day(statement, found),
    }
    return [
        Unbacked(statement.file, statement.clause, lack, found.line, words)
        for lack, words in lacks.items()
        if words is not None
    ]


def agencies_lacking(statement: Statement, found: Found) -> str | None:
    """Return what the document does not say of the agencies a statement names; None if it says all."""
    return unnamed(statement.agencies, [*found.naming, found.own_line]) if statement.agencies else None


PERIODS: Final = {PeriodKind.HALF: "6 tháng", PeriodKind.YEAR: "năm"}
"""How a document names a report's period."""


def other_day(statement: Statement, found: Found) -> str | None:
    """Return the deadline's period or day if its words or the document say another one: "trước ngày 15/6" is 14/6."""
    deadline = statement.deadline
    if deadline is None or deadline.period is None:
        return None
    words = " ".join(map(plain_number, words_of(statement.words)))
    period = "" if deadline.infers("period") else PERIODS.get(deadline.period, "")
    if period not in words:
        return period
    return other_date(deadline, (words, " ".join(map(plain_number, found.own_line))))


def other_date(deadline: Deadline, texts: Iterable[str]) -> str | None:
    """Return the day before which a report is due if one of the `texts` names another one; None if it needs no day."""
    if deadline.day is None or deadline.infers("day"):
        return None
    day, month = str(deadline.day + 1), str(deadline.month)
    dates = [f"ngày {day} {month}", f"ngày {day} tháng {month}"]
    return None if all(any(date in text for date in dates) for text in texts) else f"{day}/{month}"
