"""Reads counts, rates, areas, money and decimals.

    answer   = { courtesy | village | lead | quantity }
    quantity = [ hedge ] number [ unit ]

Every token must be one of these. What is counted beside ("25 hộ 120 khẩu") may stand there when each number has
its unit; whatever else is said makes the answer doubtful.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from questionnaires.answers import words
from questionnaires.answers.numerals import WORDS, Numeral, Part, numeral_at
from questionnaires.answers.reading import Candidate, Doubt, Kind, Question, Reading
from questionnaires.answers.show import amount, number
from questionnaires.answers.tokens import Table, Token

SEPARATORS: Final = frozenset(",;:.()=!\"'\n")
LARGEST: Final = Decimal(10) ** 15
SMALL_MONEY: Final = 100_000
"""Below this a bare amount may be meant in nghìn or triệu."""

BARE_HECTARES: Final = 1000
"""From here on a bare area may be meant in square metres."""

LARGEST_RATE: Final = 1000
SCALES: Final = {"nghìn đồng": 10**3, "triệu đồng": 10**6, "million dong": 10**6, "tỷ đồng": 10**9}
"""Units of money whose own word may be said with the number: "30.891 triệu" of triệu đồng is 30.891."""


class Unit(NamedTuple):
    """What stands after a number: the unit that is asked, times `factor`, or another."""

    asked: bool
    factor: Decimal = Decimal(1)


class Quantity(NamedTuple):
    """A number with its unit, if one was said."""

    numeral: Numeral
    unit: Unit | None
    estimate: bool


@lru_cache(maxsize=256)
def units_for(kind: Kind, unit: str) -> Table[Unit]:
    """All known units, those that `kind` asks for marked as such."""
    asked: dict[str, Unit] = {}
    if kind is Kind.AREA:
        asked |= dict.fromkeys(words.names_of("ha"), Unit(asked=True))
        asked |= dict.fromkeys(words.names_of("m2"), Unit(asked=True, factor=Decimal("0.0001")))
    elif kind is Kind.RATE:
        asked |= dict.fromkeys(words.names_of("%"), Unit(asked=True))
    elif kind is Kind.MONEY:
        asked |= dict.fromkeys(words.names_of("đồng"), Unit(asked=True))
    elif unit.strip():
        asked |= dict.fromkeys(words.names_of(unit.strip().lower()), Unit(asked=True))
    known = [name for group in words.SAME.values() for name in group] + list(words.OTHERS)
    return Table(asked | {name: Unit(asked=False) for name in known if name not in asked})


@lru_cache(maxsize=256)
def things_for(kind: Kind, unit: str) -> Table[bool]:
    """What may be missing in "không có … nào"."""
    names = words.names_of(unit.strip().lower())
    people = ("ai",) if {"người", "khẩu", *words.CHILDREN} & set(names) else ()
    return Table(dict.fromkeys((*names, *people, *words.NEUTRAL_THINGS), True))


HAVE: Final = Table({"có": True})
AT: Final = Table(dict.fromkeys(("ở", "tại", "của"), True))
AND: Final = Table({"và": True})
NUMBER_OF: Final = Table({"số": True})
DONG: Final = Table(dict.fromkeys((*words.names_of("đồng"), "dong"), True))


def none_at_all(tokens: Sequence[Token], question: Question) -> bool:
    """Whether the whole answer is "không", "chưa có", "không có hộ nào": none of what is counted."""
    said = [token for token in tokens if not courtesy(token) and token.text not in (".", "!", ",")]
    found = words.NOT.at(said, 0)
    if found is None:
        return False
    meaning, place = found
    have = HAVE.at(said, place)
    place = have[1] if have else place
    thing = things_for(question.kind, question.unit).at(said, place)
    place = thing[1] if thing else place
    more = words.NOTHING_MORE.at(said, place)
    place = more[1] if more else place
    if place != len(said) or (more and not (thing or have)):
        return False
    return meaning == "no" or bool(have or (thing and more))


def courtesy(token: Token) -> bool:
    """Whether a word is mere politeness or names who speaks."""
    return words.POLITE.at((token,), 0) is not None or words.PRONOUN.at((token,), 0) is not None


class Scan:
    """One walk over the tokens of an answer."""

    def __init__(self, tokens: Sequence[Token], question: Question) -> None:
        self.tokens = tokens
        self.kind = question.kind
        self.units = units_for(question.kind, question.unit)
        self.scale = SCALES.get(question.unit.strip().lower()) if question.kind is Kind.COUNT else None
        self.place = 0
        self.quantities: list[Quantity] = []
        self.hedged = False
        self.leading = False
        """A word that leads to a number was said and the number has not come yet."""
        self.after_village = False
        self.villages = 0
        self.slashed = False
        self.dashed = False
        self.bare_number_before = False

    def run(self) -> list[Quantity]:
        """All quantities. Raises Doubt for any token without a place."""
        if any(words.DONT_KNOW.at(self.tokens, place) for place in range(len(self.tokens))):
            raise Doubt("dont_know")
        while self.place < len(self.tokens):
            if not any(step(self) for step in STEPS):
                raise Doubt("unknown_words")
        if self.leading or self.hedged:
            raise Doubt("not_a_number")
        if self.slashed and any(quantity.unit is None for quantity in self.quantities):
            raise Doubt("fraction")
        asked = [quantity for quantity in self.quantities if quantity.unit and quantity.unit.asked]
        if self.dashed and (len(asked) != 1 or any(quantity.unit is None for quantity in self.quantities)):
            raise Doubt("range")
        return self.quantities

    def at(self, table: Table[bool]) -> bool:
        """Step over a phrase of `table`, if one stands here."""
        found = table.at(self.tokens, self.place)
        if found is None:
            return False
        self.place = found[1]
        return True

    def mark(self) -> bool:
        """Separators; a sign before a number; a dash between numbers."""
        token = self.tokens[self.place]
        if token.kind != "mark":
            return False
        following = self.tokens[self.place + 1] if self.place + 1 < len(self.tokens) else None
        number_next = following is not None and following.kind == "number"
        if token.text == "-" and number_next:
            return self.dash()
        if token.text in ".," and following is not None:
            if number_next and following.glued:
                raise Doubt("grouping")
            if following.text == ".":
                raise Doubt("vague")
        if token.text in SEPARATORS or (token.text == "/" and self.quantities and number_next):
            self.slashed |= token.text == "/"
            self.after_village &= token.text != ":"
            self.bare_number_before = False
            self.place += 1
            return True
        return False

    def dash(self) -> bool:
        """ "25 hộ - 120 khẩu": a dash between two things; elsewhere it makes a range or a negative number."""
        if not self.quantities:
            raise Doubt("negative")
        if self.quantities[-1].unit is None:
            raise Doubt("range")
        self.dashed = True
        self.place += 1
        return True

    def hedge(self) -> bool:
        """khoảng, tầm, ~. "tam" without marks is also eight: it must not matter."""
        found = words.HEDGE.at(self.tokens, self.place)
        if found is None:
            return False
        if WORDS.at(self.tokens, self.place):
            return self.eight_or_about(found[1])
        self.place = found[1]
        self.hedged = True
        self.bare_number_before = False
        return True

    def eight_or_about(self, after: int) -> bool:
        """Take "tam" as tầm only where it cannot be tám; ask where both would do."""
        eight, about = value_at(self.tokens, self.place), value_at(self.tokens, after)
        following = WORDS.at(self.tokens, after)
        large = following is not None and following[0][0] in (Part.HUNDRED, Part.SCALE, Part.DOZEN)
        if eight is not None and (about is not None or large):
            raise Doubt("eight_or_about", values=(eight, *(() if about is None else (about,))))
        if about is None:
            return False
        self.place = after
        self.hedged = True
        return True

    def quantity(self) -> bool:
        """A number and its unit."""
        token = self.tokens[self.place]
        if token.kind != "number":
            word = WORDS.at(self.tokens, self.place) if token.kind == "word" else None
            if word is None or word[0][0] in (Part.THOUSAND_SIGN, Part.HALF):
                return False
            following = WORDS.at(self.tokens, self.place + 1)
            if word[0][0] is Part.ZERO and not (following and following[0][0] is Part.POINT):
                return False
        if self.bare_number_before:
            raise Doubt("two_numbers")
        numeral, after = numeral_at(self.tokens, self.place)
        scale = self.scale if numeral.scaled else None
        if scale:
            numeral = self.in_scale(numeral, scale)
        self.place = after
        found = self.units.at(self.tokens, self.place)
        unit = None
        if found is not None:
            said = self.tokens[self.place : found[1]]
            unit, self.place = found
            if scale and DONG.at(said, 0):
                unit = Unit(asked=True)
            numeral = self.and_a_half(numeral, unit)
        elif words.LOCAL.at(self.tokens, self.place):
            raise Doubt("local_unit")
        elif self.place < len(self.tokens) and self.tokens[self.place].kind == "word":
            self.word_after_number()
        if self.after_village and unit is None:
            raise Doubt("two_numbers")
        self.quantities.append(Quantity(numeral, unit, self.hedged))
        self.hedged = self.leading = self.after_village = False
        self.bare_number_before = unit is None
        return True

    def in_scale(self, numeral: Numeral, scale: int) -> Numeral:
        """An amount of money in the unit that is asked: "12,5 tỷ" of triệu đồng is 12.500.

        Figures with a point stay doubtful unless the unit's own word follows them.
        """
        value = numeral.value / scale
        if value < 1:
            raise Doubt("no_unit")
        following = WORDS.at(self.tokens, self.place + 1)
        own = following is not None and following[0] == (Part.SCALE, scale)
        if numeral.shape in ("grouped", "groups") and own:
            return Numeral(value, numeral.shape, scaled=False, sign=numeral.sign, worded=numeral.worded)
        return Numeral(value, numeral.shape, scaled=True, sign=numeral.sign, worded=numeral.worded)

    def word_after_number(self) -> None:
        """Right after a bare number: letters that were meant as digits, or a word that might be its unit."""
        token = self.tokens[self.place]
        if token.glued and re.fullmatch("[ol]+", token.text):
            raise Doubt("letters")
        if token.glued and words.AFTER_NUMBER.at((token,), 0):
            raise Doubt("unknown_words")
        if words.PRONOUN.at(self.tokens, self.place) and not words.AFTER_NUMBER.at(self.tokens, self.place):
            raise Doubt("other_unit")

    def and_a_half(self, numeral: Numeral, unit: Unit) -> Numeral:
        """ "1 ha rưỡi"."""
        word = WORDS.at(self.tokens, self.place)
        if word is None or word[0][0] is not Part.HALF:
            return numeral
        if self.kind is not Kind.AREA or unit != Unit(asked=True) or numeral.value % 1:
            raise Doubt("fraction")
        self.place = word[1]
        return Numeral(numeral.value + Decimal("0.5"), "comma", numeral.scaled, numeral.sign, numeral.worded)

    def unit_after_bracket(self) -> bool:
        """ "hai mươi lăm (25) hộ"."""
        if not self.quantities or self.quantities[-1].unit or self.tokens[self.place - 1].text != ")":
            return False
        found = self.units.at(self.tokens, self.place)
        if found is None:
            return False
        self.quantities[-1] = self.quantities[-1]._replace(unit=found[0])
        self.place = found[1]
        return True

    def beside(self) -> bool:
        """ "25 hộ và 120 khẩu": between two quantities that have their units."""
        if not self.quantities or self.quantities[-1].unit is None:
            return False
        return self.at(AND)

    def doubtful(self) -> bool:
        """Bounds, ranges, vague words: the reason to ask again."""
        found = words.DOUBTFUL.at(self.tokens, self.place)
        lead = words.BEFORE_NUMBER.at(self.tokens, self.place)
        if found is not None and (lead is None or found[1] > lead[1]) and not self.polite_here():
            raise Doubt(found[0])
        return False

    def polite_here(self) -> bool:
        return words.POLITE.at(self.tokens, self.place) is not None

    def polite(self) -> bool:
        """Courtesy anywhere; pronouns and "rồi" where they cannot be units."""
        if self.at(words.POLITE) or (self.quantities and self.at(words.AFTER_NUMBER)):
            return True
        return not self.bare_number_before and self.at(words.PRONOUN)

    def lead(self) -> bool:
        """có, là, được: the number comes next."""
        if self.at(words.BEFORE_NUMBER):
            self.leading = True
            self.after_village = self.bare_number_before = False
            return True
        return False

    def village(self) -> bool:
        """ "xóm 5", "ở xóm năm": a number that belongs to a name."""
        start = self.place
        self.at(AT)
        if not self.at(words.VILLAGE):
            self.place = start
            return False
        if self.villages or self.bare_number_before:
            raise Doubt("two_numbers")
        self.name_of_village()
        self.villages += 1
        self.after_village = True
        return True

    def name_of_village(self) -> None:
        """One number in figures, or in words when "có" or the end follows."""
        token = self.tokens[self.place] if self.place < len(self.tokens) else None
        if token is None or not (token.kind == "number" or WORDS.at(self.tokens, self.place)):
            raise Doubt("unknown_words")
        if token.kind == "number":
            if not re.fullmatch("[0-9]{1,3}", token.text):
                raise Doubt("two_numbers")
            self.place += 1
            return
        _, self.place = numeral_at(self.tokens, self.place)
        if self.place < len(self.tokens) and not words.BEFORE_NUMBER.at(self.tokens, self.place):
            raise Doubt("two_numbers")

    def label(self) -> bool:
        """ "số hộ: 25", "số hộ là 25"."""
        start = self.place
        self.at(NUMBER_OF)
        found = self.units.at(self.tokens, self.place)
        if found is not None and found[0].asked and not self.quantities and found[1] < len(self.tokens):
            after = self.tokens[found[1]]
            if after.text in (":", "=", "là"):
                self.place = found[1] + 1
                self.leading = True
                return True
        self.place = start
        return False


Step = Callable[[Scan], bool]
STEPS: Final[tuple[Step, ...]] = (
    Scan.hedge,
    Scan.quantity,
    Scan.mark,
    Scan.label,
    Scan.unit_after_bracket,
    Scan.beside,
    Scan.doubtful,
    Scan.lead,
    Scan.polite,
    Scan.village,
)
"""What may stand at a place, in the order in which it is tried."""


def value_at(tokens: Sequence[Token], place: int) -> Decimal | None:
    """The value of the number at `place`, None when there is none."""
    try:
        return numeral_at(tokens, place)[0].value
    except Doubt:
        return None


def read_amount(text: str, tokens: Sequence[Token], question: Question) -> Reading:
    """Read the answer to a question for a number. Raises Doubt."""
    if question.kind is Kind.COUNT and none_at_all(tokens, question):
        return accepted(text, question, Decimal(0), estimate=False)
    negative = question.kind is Kind.DECIMAL and len(tokens) > 1 and tokens[0].text == "-" and tokens[1].glued
    try:
        quantity = chosen(Scan(tokens[1:] if negative else tokens, question).run())
        value = VALUES[question.kind](quantity)
    except Doubt as doubt:
        shown = tuple(offered(question, value) for value in doubt.values if sensible(question.kind, value))
        raise Doubt(doubt.code, doubt.candidates + shown) from None
    if value >= LARGEST:
        raise Doubt("too_large")
    return accepted(text, question, -value if negative and value else value, estimate=quantity.estimate)


def sensible(kind: Kind, value: Decimal) -> bool:
    """Whether a value is worth offering."""
    return value < LARGEST and (kind is not Kind.RATE or value <= 100)


def offered(question: Question, value: Decimal) -> Candidate:
    """A number the person may have meant."""
    own = typed(question.kind, value)
    return Candidate(own, amount(question.kind, own, question.unit))


def typed(kind: Kind, value: Decimal) -> Decimal | int:
    """The value as its kind has it: counts are int; no trailing zeros behind the mark."""
    if kind is Kind.COUNT:
        return int(value)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def accepted(text: str, question: Question, value: Decimal, *, estimate: bool) -> Reading:
    own = typed(question.kind, value)
    shown = amount(question.kind, own, question.unit)
    plain = f"{own:f}".replace(".", ",") if isinstance(own, Decimal) else str(own)
    bare_shown = number(own, whole=question.kind in (Kind.COUNT, Kind.MONEY))
    exact = not estimate and text.strip() in (shown, plain, bare_shown, shown.replace(" %", "%"))
    return Reading("ok", own, estimate=estimate, exact=exact, read_back=shown)


def chosen(quantities: list[Quantity]) -> Quantity:
    """The one quantity that answers. Raises Doubt when there is none, or there are several that differ."""
    asked = [quantity for quantity in quantities if quantity.unit and quantity.unit.asked]
    bare = [quantity for quantity in quantities if quantity.unit is None]
    if not asked and not bare:
        raise Doubt("other_unit" if quantities else "not_a_number")
    if not asked and len(quantities) > len(bare):
        raise Doubt("two_numbers")
    first, *others = asked + bare
    for other in others:
        same_unit = other.unit is None or other.unit == first.unit
        if not same_unit or other.numeral.value != first.numeral.value:
            raise Doubt("two_numbers")
    if len(bare) > 1 and len({quantity.numeral.worded for quantity in bare}) == 1:
        raise Doubt("two_numbers")
    return first._replace(estimate=any(quantity.estimate for quantity in asked + bare))


def count_of(quantity: Quantity) -> Decimal:
    """A whole number. 1,234 is doubtful, 25,0 and 25.5 are refused."""
    numeral = quantity.numeral
    value = numeral.value
    if numeral.sign:
        raise Doubt("no_unit", values=(value,))
    if numeral.shape == "comma3":
        values = (value * 1000,) if not numeral.scaled else ()
        raise Doubt("grouping", values=values)
    if numeral.scaled:
        if numeral.shape in ("grouped", "dotted", "dotted3") or value % 1:
            raise Doubt("grouping")
        return value
    if numeral.shape not in ("", "whole", "grouped", "groups"):
        raise Doubt("not_whole")
    return value


def measure_of(quantity: Quantity) -> Decimal:
    """A number that may have decimals; a dot with three digits is doubtful."""
    numeral = quantity.numeral
    if numeral.sign:
        raise Doubt("no_unit")
    if numeral.shape in ("grouped", "dotted3"):
        plain = (
            numeral.shape == "grouped" and not numeral.scaled and (quantity.unit or Unit(True)).factor == 1
        )
        raise Doubt("grouping", values=(numeral.value, numeral.value / 1000) if plain else ())
    return numeral.value


def rate_of(quantity: Quantity) -> Decimal:
    """Percent points. Below 1 the sign must be there: 0,9 may be 0,9 % or 90 %."""
    value = measure_of(quantity)
    if value > LARGEST_RATE:
        raise Doubt("too_large")
    if quantity.unit is None and 0 < value < 1:
        raise Doubt("rate_below_one", values=(value, value * 100))
    if quantity.unit is None and value > 100:
        raise Doubt("too_large")
    return value


def area_of(quantity: Quantity) -> Decimal:
    """Hectares; a bare large number may be square metres."""
    value = measure_of(quantity)
    if quantity.unit is None and value >= BARE_HECTARES:
        raise Doubt("no_unit", values=(value / 10000, value))
    return value * quantity.unit.factor if quantity.unit else value


def money_of(quantity: Quantity) -> Decimal:
    """Đồng. A small bare amount may be nghìn or triệu."""
    numeral = quantity.numeral
    value = numeral.value
    if numeral.scaled and numeral.shape in ("grouped", "dotted3"):
        raise Doubt("grouping")
    if not numeral.scaled and numeral.shape == "comma3":
        raise Doubt("grouping", values=(value * 1000,))
    if value % 1 or (not numeral.scaled and numeral.shape not in ("", "whole", "grouped", "groups")):
        raise Doubt("not_whole")
    if quantity.unit is None and not numeral.scaled and 0 < value < SMALL_MONEY:
        bare = (value,) if value >= 1000 else ()
        raise Doubt("no_unit", values=(value * 1000, value * 1_000_000, *bare))
    return value


VALUES: Final[dict[Kind, Callable[[Quantity], Decimal]]] = {
    Kind.COUNT: count_of,
    Kind.RATE: rate_of,
    Kind.AREA: area_of,
    Kind.MONEY: money_of,
    Kind.DECIMAL: measure_of,
}
