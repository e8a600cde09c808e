"""The grammar of numbers, in digits and in words, as they are written and as they are spoken.

    number   = group { scale group } [ tail ]
    group    = hundreds | below a hundred | digits                  "một trăm linh ba", "hăm lăm", "1.234"
    hundreds = digit "trăm" [ "linh" digit | below a hundred | "rưỡi" | digit, at the end ]
    tail     = "rưỡi" | digit | "linh" digit                        "triệu rưỡi", "nghìn hai", "một nghìn lẻ năm"

All words that may belong to a number and stand side by side must together be one number. Where spoken and
written Vietnamese differ ("một triệu hai trăm": 1.200.000 or 1.000.200; "hai mươi năm": 25 or twenty years) the
number is doubtful.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto
from typing import Final, NamedTuple

from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.reading import AnswerDoubt
from questionnaires.answers.tokens import THIN_SPACE, Token


class NumeralPart(Enum):
    """What a word does in a number."""

    ZERO = auto()
    DIGIT = auto()
    ONE = auto()
    """"mot" without marks: một or mốt."""
    UNIT = auto()
    """lăm, nhăm, mốt, tư: a unit digit after a ten."""
    TEN = auto()
    TENS = auto()
    TEN_OR_TENS = auto()
    """"muoi" without marks: mười or mươi."""
    TWENTIES = auto()
    """hăm, băm."""
    DOZEN = auto()
    """chục."""
    HUNDRED = auto()
    SCALE = auto()
    THOUSAND_SIGN = auto()
    """k: a thousand beside money only."""
    ODD = auto()
    """linh, lẻ."""
    HALF = auto()
    POINT = auto()
    FIGURES = auto()
    """A number in digits."""


class Piece(NamedTuple):
    """A word or figures of a number."""

    part: NumeralPart
    value: Decimal
    text: str
    glued: bool


def meaning(key: str) -> tuple[NumeralPart, int]:
    """Return the part and value that a key such as "digit-5" means. Raises KeyError or ValueError for other keys."""
    part, _, value = key.partition("-")
    return NumeralPart[part.upper()], int(value)


WORDS: Final = Words.read(FOLDER / "con-so.toml").table("numerals", meaning)

FIGURES: Final = (
    ("whole", re.compile(r"0|0[1-9]|[1-9][0-9]{0,14}")),
    ("grouped", re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")),
    ("groups", re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,4}")),
    ("dotted", re.compile(r"(?:0|[1-9][0-9]{0,14})\.[0-9]{1,2}")),
    ("dotted3", re.compile(r"0\.[0-9]{3}")),
    ("comma", re.compile(r"(?:0|[1-9][0-9]{0,14}),(?:[0-9]{1,2}|[0-9]{4,9})|0,[0-9]{3}")),
    ("comma30", re.compile(r"[1-9][0-9]{0,2},[0-9]{2}0")),
    ("comma3", re.compile(r"[1-9][0-9]{0,14},[0-9]{3}")),
    ("groups,comma", re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4},[0-9]{1,9}")),
)
"""The shapes that a number in digits may have, by name. Nobody ends a fraction with a zero in the third place ("1,200"), but
Excel in English groups thousands so."""
MOST_PIECES: Final = 40
"""No number is said in more words; twenty-odd reach 999 tỷ. Looking further from each word of a long message would take
seconds, in which nobody else is answered."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it was said.

    `shape` is that of its figures, "" for words only. `scaled`: nghìn, triệu or tỷ was said. `sign`: "k" was written.
    `worded`: it has words.
    """

    value: Decimal
    shape: str
    scaled: bool
    sign: bool
    worded: bool


def figures(text: str) -> tuple[str, Decimal]:
    """Return the shape and value of a number in digits. Raises AnswerDoubt if it has no known shape."""
    if THIN_SPACE in text:
        return "groups,comma" if "," in text else "groups", Decimal(
            text.replace(THIN_SPACE, "").replace(",", ".")
        )
    for shape, pattern in FIGURES:
        if pattern.fullmatch(text):
            if shape in ("dotted", "dotted3"):
                return shape, Decimal(text)
            return shape, Decimal(text.replace(".", "").replace(",", "."))
    english = re.fullmatch(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,4}", text)
    raise AnswerDoubt("grouping", values=(Decimal(text.replace(",", "")),) if english else ())


def pieces_at(tokens: Sequence[Token], place: int) -> list[Piece]:
    """Return the words and figures from `place` on that may belong to a number, at most `MOST_PIECES`."""
    pieces: list[Piece] = []
    while place < len(tokens) and len(pieces) < MOST_PIECES:
        token = tokens[place]
        if token.kind == "number":
            pieces.append(Piece(NumeralPart.FIGURES, Decimal(0), token.text, token.glued))
        else:
            numeral = WORDS.at(tokens, place) if token.kind == "word" else None
            if numeral is None:
                break
            (part, value), _ = numeral
            pieces.append(Piece(part, Decimal(value), token.text, token.glued))
        place += 1
    return pieces


def numeral_at(tokens: Sequence[Token], place: int) -> tuple[Numeral, int]:
    """Return the number at `place`, and the place after it. Raises AnswerDoubt if the words are not one number."""
    pieces = pieces_at(tokens, place)
    if len(pieces) == MOST_PIECES:
        raise AnswerDoubt("two_numbers")
    number = Number(pieces)
    value = number.whole()
    worded = any(piece.part is not NumeralPart.FIGURES for piece in pieces)
    sign = any(piece.part is NumeralPart.THOUSAND_SIGN for piece in pieces)
    return Numeral(value, number.shape, number.scaled, sign, worded), place + len(pieces)


def whole_at(tokens: Sequence[Token], place: int) -> tuple[Decimal | None, int]:
    """Return the whole number at `place`, and the place after what was read.

    None if it is not whole or in doubt. After plain figures no mark or word may follow: "1.200" and "3 trăm" give None.
    """
    try:
        numeral, end = numeral_at(tokens, place)
    except AnswerDoubt:
        return None, place
    plain = tokens[place].kind != "number" or numeral.shape == "whole"
    return (numeral.value if plain and numeral.value % 1 == 0 else None), end


AFTER_DIGIT: Final = (NumeralPart.HUNDRED, NumeralPart.TENS, NumeralPart.TEN_OR_TENS, NumeralPart.DOZEN)
"""Parts that multiply the digit before them: "2 trăm", "3 mươi"."""


class Number:
    """Recursive descent over the pieces of one number."""

    def __init__(self, pieces: list[Piece]) -> None:
        self.pieces = pieces
        self.place = 0
        self.shape = ""
        self.scaled = False

    def part(self, ahead: int = 0) -> NumeralPart | None:
        """Return the part of the piece here, or of one `ahead`; None after the last."""
        place = self.place + ahead
        return self.pieces[place].part if place < len(self.pieces) else None

    def take(self) -> Piece:
        self.place += 1
        return self.pieces[self.place - 1]

    def ended(self) -> bool:
        return self.place == len(self.pieces)

    def finished(self, value: Decimal) -> Decimal:
        """Return `value` if no piece is left over. Raises AnswerDoubt otherwise."""
        if not self.ended():
            raise AnswerDoubt("two_numbers")
        return value

    def whole(self) -> Decimal:
        """number = group { scale group } [ tail ]."""
        if self.part() in (NumeralPart.SCALE, NumeralPart.HUNDRED):
            return self.spoken_short()
        value = self.group()
        if self.part() is NumeralPart.POINT:
            value = self.decimals(value)
        if self.ended():
            return value
        if value == 0 or self.part() not in (NumeralPart.SCALE, NumeralPart.THOUSAND_SIGN):
            raise AnswerDoubt("fraction" if self.part() is NumeralPart.HALF else "two_numbers")
        return self.scales(value)

    def spoken_short(self) -> Decimal:
        """ "trăm ba", "trăm linh tư", "nghìn hai", "triệu rưỡi": the leading một is left out."""
        scale = self.take()
        self.scaled = scale.part is NumeralPart.SCALE
        if self.ended():
            raise AnswerDoubt("vague")
        if scale.part is NumeralPart.HUNDRED and self.part() is not NumeralPart.SCALE:
            return self.finished(self.after_hundred(scale.value))
        return self.finished(scale.value + self.short_tail(scale.value))

    def short_tail(self, scale: Decimal) -> Decimal:
        """ "rưỡi" or a single digit at the end: so many halves or tenths of `scale`."""
        piece = self.take()
        if piece.part is NumeralPart.HALF:
            return scale / 2
        if piece.part is NumeralPart.FIGURES and re.fullmatch("[1-9]", piece.text):
            return int(piece.text) * scale / 10
        if piece.part is NumeralPart.DIGIT and piece.value == 5:
            raise AnswerDoubt("five_or_year")
        if piece.part in (NumeralPart.DIGIT, NumeralPart.ONE) or (
            piece.part is NumeralPart.UNIT and piece.value != 5
        ):
            return piece.value * scale / 10
        raise AnswerDoubt("short_form")

    def scales(self, value: Decimal) -> Decimal:
        """The rest of a number after its first group, from its first scale on."""
        total, ceiling = Decimal(0), Decimal(10) ** 10
        fraction = value % 1 != 0
        while True:
            scale = self.take()
            self.scaled = True
            if scale.value >= ceiling:
                raise AnswerDoubt("two_numbers")
            total += value * scale.value
            ceiling = scale.value
            # "2 nghìn tỷ" multiplies two scales; any other two must fall ("2 triệu 3 nghìn"), or they are two
            # numbers.
            if (
                ceiling == 1000
                and self.part() is NumeralPart.SCALE
                and self.pieces[self.place].value == 10**9
            ):
                self.take()
                total, ceiling = total * 10**9, Decimal(10) ** 9
            if self.ended():
                return total
            # "1,5 triệu 200" is no number that anybody says: the half million already tells what follows.
            if fraction:
                raise AnswerDoubt("two_numbers")
            rest = self.tail(ceiling, scale)
            if rest is not None:
                return self.finished(total + rest)
            value = self.group(first=False)
            if self.ended():
                return total + self.last_group(value, ceiling)
            if self.part() is not NumeralPart.SCALE:
                raise AnswerDoubt("two_numbers")

    def tail(self, ceiling: Decimal, scale: Piece) -> Decimal | None:
        """What may stand last after a scale; None when a further group follows."""
        last = self.part(1) is None
        if self.part() is NumeralPart.ODD:
            return self.odd_after(ceiling)
        if self.part() is NumeralPart.FIGURES and last:
            return self.figures_after(ceiling, scale)
        if last and self.part() in (NumeralPart.DIGIT, NumeralPart.ONE, NumeralPart.UNIT, NumeralPart.HALF):
            return self.short_tail(ceiling)
        return None

    def odd_after(self, ceiling: Decimal) -> Decimal:
        """ "một nghìn lẻ năm". After triệu and tỷ it may as well be thousands or millions."""
        if ceiling != 1000:
            raise AnswerDoubt("short_form")
        self.take()
        return self.digit() if self.part(1) is None else self.below_hundred()

    def figures_after(self, ceiling: Decimal, scale: Piece) -> Decimal:
        """ "1tr2" and "1tr250"; "1 nghìn 250". Other figures after a scale are doubtful."""
        piece = self.pieces[self.place]
        if re.fullmatch("[1-9]", piece.text) and not (
            scale.part is NumeralPart.THOUSAND_SIGN and not piece.glued
        ):
            return self.short_tail(ceiling)
        three = re.fullmatch("[0-9]{3}", piece.text) is not None
        # "1tr250" is written in one go for 1 250 000; with a space, or behind another scale, the three figures may be
        # a number of their own.
        if three and (scale.text == "tr" and piece.glued):
            self.take()
            return int(piece.text) * ceiling / 1000
        if three and ceiling == 1000 and scale.part is NumeralPart.SCALE:
            self.take()
            return Decimal(piece.text)
        raise AnswerDoubt("short_form")

    def last_group(self, value: Decimal, ceiling: Decimal) -> Decimal:
        """A group without a scale at the end: after nghìn it is units, after triệu it may be thousands."""
        if ceiling != 1000 or value >= 1000:
            raise AnswerDoubt("short_form")
        return value

    def group(self, *, first: bool = True) -> Decimal:
        """A number below a thousand in words, or any figures."""
        part, following = self.part(), self.part(1)
        if part is NumeralPart.FIGURES and following not in AFTER_DIGIT:
            return self.figures(first)
        if following is NumeralPart.HUNDRED and (part is not NumeralPart.ZERO or not first):
            hundreds = self.digit() if part is not NumeralPart.ZERO else self.take().value
            self.take()
            return self.after_hundred(hundreds * 100)
        if part is NumeralPart.ZERO:
            # "không" alone says no rather than 0, so it is never taken for a number by itself.
            if first and following is not NumeralPart.POINT:
                raise AnswerDoubt("negation")
            return self.take().value
        return self.below_hundred()

    def figures(self, first: bool) -> Decimal:
        """A number in digits; behind another group it must be whole and below a thousand."""
        shape, value = figures(self.take().text)
        if not first and (shape != "whole" or value >= 1000):
            raise AnswerDoubt("grouping")
        self.shape = self.shape or shape
        return value

    def after_hundred(self, hundreds: Decimal) -> Decimal:
        """What follows "trăm"."""
        part = self.part()
        if part in (None, NumeralPart.SCALE, NumeralPart.THOUSAND_SIGN):
            if not hundreds:
                raise AnswerDoubt("two_numbers")
            return hundreds
        if part is NumeralPart.ODD:
            self.take()
            return hundreds + self.digit()
        if part is NumeralPart.HALF and hundreds:
            return hundreds + self.half_of(100)
        # "trăm hai" at the end is 120, since whoever means 102 says "linh hai": the ten is left out, not the zero.
        single = part in (NumeralPart.DIGIT, NumeralPart.ONE, NumeralPart.UNIT) or self.single_figure()
        if single and self.part(1) in (None, NumeralPart.SCALE):
            return hundreds + self.tens_left_out(hundreds)
        below = self.below_hundred()
        if below < 10:
            raise AnswerDoubt("two_numbers")
        return hundreds + below

    def tens_left_out(self, hundreds: Decimal) -> Decimal:
        """ "trăm hai" is 120, at the end of a number only; "trăm lăm" says nothing certain."""
        piece = self.pieces[self.place]
        sure = hundreds and self.part(1) is None and (piece.part is not NumeralPart.UNIT or piece.value == 4)
        if not sure:
            raise AnswerDoubt("short_form")
        return self.short_tail(Decimal(100))

    def single_figure(self) -> bool:
        """Whether the next piece is one digit in figures."""
        return (
            self.part() is NumeralPart.FIGURES
            and re.fullmatch("[1-9]", self.pieces[self.place].text) is not None
        )

    def digit(self) -> Decimal:
        """A digit from 1 to 9, in a word or in figures; tư also counts."""
        if self.part() is None:
            raise AnswerDoubt("not_a_number")
        single = self.single_figure()
        piece = self.take()
        if single:
            return Decimal(piece.text)
        if piece.part in (NumeralPart.DIGIT, NumeralPart.ONE) or (
            piece.part is NumeralPart.UNIT and piece.value == 4
        ):
            return piece.value
        raise AnswerDoubt("two_numbers")

    def below_hundred(self) -> Decimal:
        """mười hai, hai mươi, hai mươi lăm, hai lăm, hăm lăm, hai chục, a digit; or two figures."""
        part = self.part()
        if part is NumeralPart.FIGURES and not self.single_figure():
            text = self.take().text
            if not re.fullmatch("[1-9][0-9]", text):
                raise AnswerDoubt("two_numbers")
            return Decimal(text)
        if part in (NumeralPart.TEN, NumeralPart.TEN_OR_TENS):
            self.take()
            return 10 + self.unit(after=10)
        if part is NumeralPart.TWENTIES:
            tens = self.take().value
            unit = self.unit(after=20)
            if not unit:
                raise AnswerDoubt("vague")
            return tens + unit
        # "mươi hộ", "chục hộ" by themselves mean about ten: which number it is has to be asked.
        if part in (NumeralPart.TENS, NumeralPart.DOZEN):
            raise AnswerDoubt("vague")
        if part is NumeralPart.UNIT and self.part(1) is None:
            raise AnswerDoubt("not_a_number")
        return self.tens_from_digit()

    def tens_from_digit(self) -> Decimal:
        """A digit, and what makes tens of it."""
        digit, part = self.digit(), self.part()
        if part in (NumeralPart.TENS, NumeralPart.TEN_OR_TENS):
            self.take()
            if digit == 1:
                raise AnswerDoubt("two_numbers")
            return digit * 10 + self.unit(after=20)
        if part is NumeralPart.DOZEN:
            self.take()
            return digit * 10 + self.half_of(10)
        if part in (NumeralPart.UNIT, NumeralPart.ONE):
            if digit == 1:
                raise AnswerDoubt("two_numbers")
            return digit * 10 + self.take().value
        return digit

    def half_of(self, whole: int) -> Decimal:
        """ "rưỡi" behind what says `whole`: half of it; 0 where it does not stand there."""
        if self.part() is not NumeralPart.HALF:
            return Decimal(0)
        self.take()
        return Decimal(whole) / 2

    def unit(self, after: int) -> Decimal:
        """The unit digit after a ten (0 when there is none). "năm" there may mean years."""
        part = self.part()
        if part in (NumeralPart.DIGIT, NumeralPart.UNIT, NumeralPart.ONE) or self.single_figure():
            piece = self.pieces[self.place]
            # Behind a ten 5 is "lăm": "hai mươi năm" is twenty years, or 25 from somebody who writes carelessly.
            if part is NumeralPart.DIGIT and piece.value == 5:
                raise AnswerDoubt("five_or_year")
            if part is NumeralPart.UNIT and piece.value == 1 and after == 10:
                raise AnswerDoubt("two_numbers")
            if part is NumeralPart.FIGURES:
                raise AnswerDoubt("two_numbers")
            return self.take().value
        return Decimal(0)

    def decimals(self, whole: Decimal) -> Decimal:
        """ "một phẩy hai lăm": the digits after the comma, one by one or as a number from 10 to 99."""
        self.take()
        if self.shape not in ("", "whole"):
            raise AnswerDoubt("grouping")
        digits = ""
        while self.part() in (NumeralPart.ZERO, NumeralPart.DIGIT, NumeralPart.ONE) and self.part(1) in (
            *(NumeralPart.ZERO, NumeralPart.DIGIT, NumeralPart.ONE, NumeralPart.SCALE),
            None,
        ):
            digits += str(self.take().value)
        if self.part() is NumeralPart.FIGURES and not digits:
            digits = self.take().text
        # "phẩy không hai lăm" is 0,025: leading zeros are said one by one, the rest as one number.
        elif self.part() not in (None, NumeralPart.SCALE) and not digits.strip("0"):
            digits += str(self.below_hundred())
        if not re.fullmatch("[0-9]{1,6}", digits):
            raise AnswerDoubt("not_a_number")
        self.shape = "comma"
        return whole + Decimal(f"0.{digits}")


def worded(pieces: list[Piece]) -> int | None:
    """The value of number words, None when they are not one number; "tư" is four here."""
    if any(piece.part is NumeralPart.FIGURES for piece in pieces):
        return None
    if len(pieces) == 1 and pieces[0].part is NumeralPart.UNIT:
        return int(pieces[0].value) if pieces[0].value == 4 else None
    try:
        value = Number(pieces).whole()
    except AnswerDoubt:
        return None
    return int(value) if value == int(value) else None


def value_at(tokens: Sequence[Token], place: int) -> Decimal | None:
    """The value of the number at `place`, None when there is none."""
    try:
        return numeral_at(tokens, place)[0].value
    except AnswerDoubt:
        return None
