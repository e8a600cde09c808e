"""Reads counts, rates, areas, money and decimals.

    answer   = { courtesy | village | lead | quantity }
    quantity = [ hedge ] number [ unit ]

Every token must be one of these. What is counted beside ("25 hộ 120 khẩu") may stand there when each number has
its unit; whatever else is said makes the answer doubtful.
"""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.ceilings import (
    LARGEST,
    LARGEST_COUNT,
    LARGEST_MEASURES,
    MOST_IN_WORDS,
    look_at_measure,
)
from questionnaires.answers.cursor import Cursor
from questionnaires.answers.denied import without_denied
from questionnaires.answers.likely import out_of
from questionnaires.answers.meant import OF_ANY_UNIT, may_mean, names_no_unit, values_in, whole_or_scaled
from questionnaires.answers.numerals import WORDS, Numeral, NumeralPart, numeral_at, value_at
from questionnaires.answers.quantities import VALUES, Quantity, UnitWord, asked_of, chosen
from questionnaires.answers.reading import AnswerDoubt, AnswerKind, Candidate, ExpectedAnswer, Reading
from questionnaires.answers.rewritten import as_read, is_thousandfold, may_be_other_word
from questionnaires.answers.show import amount, number
from questionnaires.answers.spans import told_side_by_side
from questionnaires.answers.tokens import Table, Token
from questionnaires.answers.units import scale_of, things_for, things_of, units_for

SEPARATORS: Final = frozenset(",;:.()=!\"'\n")
"""Marks that may stand between the parts of an answer."""
VILLAGE_NUMBER: Final = re.compile("[0-9]{1,3}")
"""The number in a village's name, as in "thôn 5"."""
LARGE_WORDS: Final = (NumeralPart.HUNDRED, NumeralPart.SCALE, NumeralPart.DOZEN)
LABEL_ENDS: Final = (":", "=", "là")
HAVE: Final = Table({"có": True})
AT: Final = Table(dict.fromkeys(("ở", "tại", "của"), True))
AND: Final = Table({"và": True})
NUMBER_OF: Final = Table({"số": True})
HALVED: Final = (AnswerKind.AREA, AnswerKind.DECIMAL)
"""The kinds of which half a unit may be said behind it: "1 ha rưỡi"."""


def none_at_all(tokens: Sequence[Token], question: ExpectedAnswer) -> bool:
    """Whether the whole answer says that there is none: "không", "chưa có", "không có hộ nào"."""
    said = Cursor(list(filter(is_content, tokens)))
    meaning = said.read(words.NOT)
    have = said.take(HAVE)
    thing = said.take(things_for(question.kind, question.unit))
    more = said.take(words.NOTHING_MORE)
    if meaning is None or not said.ended():
        return False
    if more and not thing:
        # "không nào" is no sentence; "chưa có cả" is.
        return have
    # "chưa" alone may be "not counted yet"; "chưa có" is none.
    return meaning == "no" or have or more


GUESS: Final = 3
"""The most words that make a number a guess."""


def is_content(token: Token) -> bool:
    """Whether a token is neither courtesy nor a mark that ends a sentence."""
    return token.text not in (".", "!", ",") and not courtesy(token)


def courtesy(token: Token) -> bool:
    """Whether a word is mere courtesy or a pronoun."""
    return words.POLITE.at((token,), 0) is not None or words.PRONOUN.at((token,), 0) is not None


def guesses(tokens: Sequence[Token]) -> bool:
    """Whether a number is guessed by somebody who does not know for certain: "không nhớ rõ, chắc 12"."""
    return any(tokens[at].kind == "number" and leads_guess(tokens[:at]) for at in range(1, len(tokens)))


def leads_guess(tokens: Sequence[Token]) -> bool:
    """Whether a word for a guess stands right before what follows: "chắc", "tầm khoảng"."""
    starts = range(max(0, len(tokens) - GUESS), len(tokens))
    hedged = any((said := words.HEDGE.at(tokens, at)) and said[1] == len(tokens) for at in starts)
    return hedged or words.DOUBTFUL.at(tokens[-1:], 0) == ("vague", 1)


class Scan(Cursor):
    """One walk over the tokens of an answer."""

    def __init__(self, tokens: Sequence[Token], question: ExpectedAnswer) -> None:
        super().__init__(tokens)
        self.kind = question.kind
        self.units = units_for(question.kind, question.unit)
        self.scale = scale_of(question.unit) if question.kind in OF_ANY_UNIT else None
        self.things = things_of(question.unit) if self.scale else None
        self.quantities: list[Quantity] = []
        self.hedged = False
        self.leading = False
        """Whether a word that leads to a number was said, and the number is still to come."""
        self.after_village = False
        self.villages = 0
        self.slashed = False
        self.dashed = False
        self.bare_number_before = False

    def run(self) -> list[Quantity]:
        """Read all quantities. Raises AnswerDoubt for any token that does not belong."""
        if words.DONT_KNOW.first_in(self.tokens):
            raise AnswerDoubt("vague" if guesses(self.tokens) else "dont_know")
        while not self.ended():
            if not any(step(self) for step in STEPS):
                raise AnswerDoubt("unknown_words")
        if self.leading or self.hedged:
            raise AnswerDoubt("not_a_number")
        self.look_at_marks()
        return self.quantities

    def look_at_marks(self) -> None:
        """Raise AnswerDoubt for numbers that a stroke or dash between them may join: a fraction or a range."""
        bare = any(quantity.unit is None for quantity in self.quantities)
        if self.slashed and bare:
            raise AnswerDoubt("fraction")
        if self.dashed and (bare or len(asked_of(self.quantities)) != 1):
            raise AnswerDoubt("range")

    def separator(self) -> bool:
        """Separators; a sign before a number; a dash between numbers."""
        token = self.tokens[self.place]
        if token.kind != "mark":
            return False
        if token.text == "-" and self.figures_follow():
            return self.dash()
        if token.text in ".,":
            look_behind_point(self.tokens[self.place + 1 : self.place + 2])
        if not self.parts(token):
            return False
        self.after_village &= token.text != ":"
        self.bare_number_before = False
        self.place += 1
        return True

    def figures_follow(self) -> bool:
        """Whether the next token is a number in figures."""
        return [token.kind for token in self.tokens[self.place + 1 : self.place + 2]] == ["number"]

    def parts(self, token: Token) -> bool:
        """Whether a mark may stand between what is said; a stroke between numbers is remembered."""
        if token.text == "/" and self.quantities and self.figures_follow():
            self.slashed = True
            return True
        return token.text in SEPARATORS

    def dash(self) -> bool:
        """ "25 hộ - 120 khẩu": a dash between two things; elsewhere it makes a range or a negative number."""
        if not self.quantities:
            raise AnswerDoubt("negative")
        if self.quantities[-1].unit is None:
            raise AnswerDoubt("range")
        self.dashed = True
        self.place += 1
        return True

    def hedge(self) -> bool:
        """khoảng, tầm, ~. "tam" without marks is also eight: it must not matter."""
        start = self.place
        if not self.take(words.HEDGE):
            return False
        after, self.place = self.place, start
        if WORDS.at(self.tokens, start):
            return self.eight_or_about(after)
        self.place = after
        self.hedged = True
        self.bare_number_before = False
        return True

    def eight_or_about(self, after: int) -> bool:
        """Take "tam" as tầm only where it cannot be tám; ask where both would do."""
        eight, about = value_at(self.tokens, self.place), value_at(self.tokens, after)
        if eight is not None and (about is not None or self.large_at(after)):
            raise AnswerDoubt("eight_or_about", values=(eight,) if about is None else (eight, about))
        if about is None:
            return False
        self.place = after
        self.hedged = True
        return True

    def large_at(self, place: int) -> bool:
        """Whether a word for a large number stands here: "tám trăm" is said, "tầm trăm" too."""
        word = WORDS.at(self.tokens, place)
        return word is not None and word[0][0] in LARGE_WORDS

    def quantity(self) -> bool:
        """A number and its unit."""
        if not self.number_here():
            return False
        if self.bare_number_before:
            raise AnswerDoubt("two_numbers")
        numeral, unit = self.number_and_unit()
        if unit is not None:
            numeral = self.and_a_half(numeral, unit)
        elif self.after_village:
            raise AnswerDoubt("two_numbers")
        self.quantities.append(Quantity(numeral, unit, self.hedged))
        self.hedged = self.leading = self.after_village = False
        self.bare_number_before = unit is None
        return True

    def number_and_unit(self) -> tuple[Numeral, UnitWord | None]:
        """A number, in the unit that is asked where its own says how many of these it is, and the unit."""
        numeral, after = numeral_at(self.tokens, self.place)
        scale = self.scale if numeral.scaled else None
        if scale:
            numeral = self.in_scale(numeral, scale, after)
        self.place = after
        return numeral, self.unit(scaled=bool(scale))

    def number_here(self) -> bool:
        """Whether a number begins here: in figures, or with a word that may begin one."""
        token = self.tokens[self.place]
        if token.kind != "word":
            return token.kind == "number"
        word, following = WORDS.at(self.tokens, self.place), WORDS.at(self.tokens, self.place + 1)
        if word is None or word[0][0] in (NumeralPart.THOUSAND_SIGN, NumeralPart.HALF):
            return False
        # "không" is a zero only in "không phẩy năm".
        return word[0][0] is not NumeralPart.ZERO or (
            following is not None and following[0][0] is NumeralPart.POINT
        )

    def unit(self, *, scaled: bool) -> UnitWord | None:
        """The unit right after a number, None where there is none; `scaled`: the amount was put in what is asked."""
        start = self.place
        unit = self.read(self.units)
        if unit is not None:
            own = scaled and self.things and self.things.at(self.tokens[start : self.place], 0)
            return UnitWord(asked=True) if own else unit
        if words.LOCAL.at(self.tokens, self.place):
            raise AnswerDoubt("local_unit")
        if self.kind_here == "word":
            self.word_after_number()
        return None

    def in_scale(self, numeral: Numeral, scale: int, after: int) -> Numeral:
        """An amount of money in the unit that is asked: "12,5 tỷ" of triệu đồng is 12.500.

        Figures with a point stay doubtful unless the unit's own word follows them. Less than one of the unit is meant only
        where the question takes decimals.
        """
        value = numeral.value / scale
        if value < 1 and self.kind is AnswerKind.COUNT:
            # "một nghìn hai trăm" of triệu đồng is rather 1.200 of these than 1.200 đồng.
            bare = numeral.value <= MOST_IN_WORDS and not (self.things and self.things.at(self.tokens, after))
            raise AnswerDoubt("no_unit", values=(numeral.value,) if bare else ())
        following = WORDS.at(self.tokens, self.place + 1)
        own = following is not None and following[0] == (NumeralPart.SCALE, scale)
        sure = own and numeral.shape in ("grouped", "groups")
        return Numeral(value, numeral.shape, scaled=not sure, sign=numeral.sign, worded=numeral.worded)

    def word_after_number(self) -> None:
        """Right after a bare number: letters that were meant as digits, or a word that might be its unit."""
        token = self.tokens[self.place]
        if token.glued:
            look_at_glued(token)
        if words.PRONOUN.at(self.tokens, self.place) and not words.AFTER_NUMBER.at(self.tokens, self.place):
            raise AnswerDoubt("other_unit")

    def and_a_half(self, numeral: Numeral, unit: UnitWord) -> Numeral:
        """ "1 ha rưỡi", "9 ký rưỡi"."""
        word = WORDS.at(self.tokens, self.place)
        if word is None or word[0][0] is not NumeralPart.HALF:
            return numeral
        if self.kind not in HALVED or unit != UnitWord(asked=True) or numeral.value % 1:
            raise AnswerDoubt("fraction")
        self.place = word[1]
        return Numeral(numeral.value + Decimal("0.5"), "comma", numeral.scaled, numeral.sign, numeral.worded)

    def unit_after_bracket(self) -> bool:
        """ "hai mươi lăm (25) hộ"."""
        if not self.quantities or self.quantities[-1].unit or self.tokens[self.place - 1].text != ")":
            return False
        unit = self.read(self.units)
        if unit is None:
            return False
        self.quantities[-1] = self.quantities[-1]._replace(unit=unit)
        return True

    def beside(self) -> bool:
        """ "25 hộ và 120 khẩu": between two quantities that have their units."""
        if not self.quantities or self.quantities[-1].unit is None:
            return False
        return self.take(AND)

    def doubtful(self) -> bool:
        """Bounds, ranges, vague words: the reason to ask again."""
        doubt = words.DOUBTFUL.at(self.tokens, self.place)
        beside = (table.at(self.tokens, self.place) for table in (words.BEFORE_NUMBER, words.POLITE))
        if doubt is not None and all(one is None or doubt[1] > one[1] for one in beside):
            raise AnswerDoubt(doubt[0])
        return False

    def polite(self) -> bool:
        """Courtesy anywhere; pronouns and "rồi" where they cannot be units."""
        if self.take(words.POLITE) or (self.quantities and self.take(words.AFTER_NUMBER)):
            return True
        return not self.bare_number_before and self.take(words.PRONOUN)

    def lead(self) -> bool:
        """có, là, được: the number comes next."""
        if self.quantities and words.AFTER_NUMBER.at(self.tokens, self.place):
            return False
        if self.take(words.BEFORE_NUMBER):
            self.leading = True
            self.after_village = self.bare_number_before = False
            return True
        return False

    def village(self) -> bool:
        """ "xóm 5", "ở xóm năm": a number that belongs to a name."""
        start = self.place
        self.take(AT)
        if not self.take(words.VILLAGE):
            self.place = start
            return False
        if self.villages or self.bare_number_before:
            raise AnswerDoubt("two_numbers")
        self.name_of_village()
        self.villages += 1
        self.after_village = True
        return True

    def name_of_village(self) -> None:
        """One number in figures, or in words when "có" or the end follows."""
        if self.kind_here == "number":
            if not self.match(VILLAGE_NUMBER):
                raise AnswerDoubt("two_numbers")
            return
        if not WORDS.at(self.tokens, self.place):
            raise AnswerDoubt("unknown_words")
        _, self.place = numeral_at(self.tokens, self.place)
        if not self.ended() and not words.BEFORE_NUMBER.at(self.tokens, self.place):
            raise AnswerDoubt("two_numbers")

    def label(self) -> bool:
        """ "số hộ: 25", "số hộ là 25"."""
        start = self.place
        self.take(NUMBER_OF)
        unit = self.read(self.units)
        labels = unit is not None and unit.asked and not self.quantities and self.text() in LABEL_ENDS
        if not labels:
            self.place = start
            return False
        self.place += 1
        self.leading = True
        return True


def look_behind_point(following: Sequence[Token]) -> None:
    """Refuse a point or comma that may belong to a number or leaves a sentence open. Raises AnswerDoubt."""
    for token in following:
        if token.kind == "number" and token.glued:
            raise AnswerDoubt("grouping")
        if token.text == ".":
            raise AnswerDoubt("vague")


def look_at_glued(token: Token) -> None:
    """Refuse letters right behind figures that are no unit: an O for a 0, or a slip. Raises AnswerDoubt."""
    if re.fullmatch("[ol]+", token.text):
        raise AnswerDoubt("letters")
    if words.AFTER_NUMBER.at((token,), 0):
        raise AnswerDoubt("unknown_words")


PLAIN_COUNT: Final = re.compile("0|[1-9][0-9]{0,3}")
"""What nearly every answer is. It needs no grammar, which takes ten times as long to say the same."""
ScanStep = Callable[[Scan], bool]
STEPS: Final[tuple[ScanStep, ...]] = (
    Scan.hedge,
    Scan.quantity,
    Scan.separator,
    Scan.label,
    Scan.unit_after_bracket,
    Scan.beside,
    Scan.doubtful,
    Scan.lead,
    Scan.polite,
    Scan.village,
)
"""What may stand at a place, in the order in which it is tried."""


def look_at_count(tokens: Sequence[Token], question: ExpectedAnswer) -> None:
    """Refuse, where things are counted, what is money, and a numeral that may be another word. Raises AnswerDoubt."""
    if question.kind is not AnswerKind.COUNT:
        return
    if not scale_of(question.unit):
        look_at_things(tokens, question)
    if told := told_side_by_side(without_denied(tokens)):
        raise AnswerDoubt("range" if told[-1] > told[0] else "two_numbers", values=told)
    if may_be_other_word(tokens):
        raise AnswerDoubt("other_word", values=tuple(values_in(tokens)))


def look_at_things(tokens: Sequence[Token], question: ExpectedAnswer) -> None:
    """Refuse a count of anything but money that is said as money or too large. Raises AnswerDoubt."""
    # Of money the unit's own word may be said ("30 triệu" of triệu đồng); of anything else it means that somebody
    # thought of money.
    if is_thousandfold(tokens):
        raise AnswerDoubt("other_unit")
    if max(values_in(tokens), default=0) > LARGEST_COUNT:
        # Of what a form counts without saying what, and of square metres, there may be so many.
        may_be = not question.unit or question.unit in LARGEST_MEASURES
        raise AnswerDoubt("too_large", values=whole_or_scaled(tokens) if may_be else ())


def read_amount(text: str, tokens: Sequence[Token], question: ExpectedAnswer) -> Reading:
    """Read the answer to a question for a number. Raises AnswerDoubt."""
    plain = plain_count(text, tokens, question)
    if plain is not None:
        return accepted(text, question, plain, estimate=False)
    tokens = as_read(tokens, question.kind)
    negative = is_negative(tokens, question)
    try:
        look_at_count(tokens, question)
        quantity = chosen(Scan(tokens[1:] if negative else tokens, question).run())
        value = VALUES[question.kind](quantity)
        look_at_measure(tokens, question, quantity, value)
    except AnswerDoubt as doubt:
        raise with_values(doubt, text, tokens, question) from None
    if value >= LARGEST:
        raise AnswerDoubt("too_large")
    return accepted(text, question, -value if negative else value, estimate=quantity.estimate)


def plain_count(text: str, tokens: Sequence[Token], question: ExpectedAnswer) -> Decimal | None:
    """Return a count that is only digits, none at all, or so many out of all; None for anything else."""
    if question.kind is not AnswerKind.COUNT:
        return None
    if len(tokens) == 1 and PLAIN_COUNT.fullmatch(tokens[0].text):
        return Decimal(tokens[0].text)
    # "ba không" is 30 to whoever says digit by digit, none to whoever is called "ba".
    if none_at_all(tokens, question) and not told_side_by_side(tokens):
        return Decimal(0)
    return out_of(text, question.whole)


def with_values(
    doubt: AnswerDoubt, text: str, tokens: Sequence[Token], question: ExpectedAnswer
) -> AnswerDoubt:
    """Return why an answer is refused, with the values that it may have meant."""
    if doubt.code == "other_unit" and names_no_unit(tokens, question):
        doubt = AnswerDoubt("no_unit_asked", values=whole_or_scaled(tokens))
    values = doubt.values or may_mean(doubt, text, tokens, question)
    return AnswerDoubt(doubt.code, (*doubt.candidates, *sensible(question, values)))


def is_negative(tokens: Sequence[Token], question: ExpectedAnswer) -> bool:
    """Whether an answer begins with a minus right before its number, and the question may have negative answers."""
    if question.kind is not AnswerKind.DECIMAL or len(tokens) < 2:
        return False
    return tokens[0].text == "-" and tokens[1].glued


def sensible(question: ExpectedAnswer, values: Sequence[Decimal]) -> tuple[Candidate, ...]:
    """Return candidates for those of the values that a person may have meant."""
    may_be = (
        value
        for value in values
        if value < LARGEST and (question.kind is not AnswerKind.RATE or value <= 100)
    )
    return tuple(offered(question, value) for value in may_be)


def offered(question: ExpectedAnswer, value: Decimal) -> Candidate:
    """Return the candidate for a number that the person may have meant."""
    own = typed(question.kind, value)
    return Candidate(own, amount(question.kind, own, question.unit))


def typed(kind: AnswerKind, value: Decimal) -> Decimal | int:
    """Return the value in the type of its kind: int for counts, otherwise Decimal without trailing zeros."""
    if kind is AnswerKind.COUNT:
        return int(value)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def accepted(text: str, question: ExpectedAnswer, value: Decimal, *, estimate: bool) -> Reading:
    own = typed(question.kind, value)
    shown = amount(question.kind, own, question.unit)
    plain = f"{own:f}".replace(".", ",") if isinstance(own, Decimal) else str(own)
    bare_shown = number(own, whole=question.kind in (AnswerKind.COUNT, AnswerKind.MONEY))
    exact = not estimate and text.strip() in (shown, plain, bare_shown, shown.replace(" %", "%"))
    return Reading("ok", own, estimate=estimate, exact=exact, read_back=shown)
