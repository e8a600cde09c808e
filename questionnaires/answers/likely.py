"""Guess which count a refused answer may have meant. The numbers are offered on buttons, never assumed.

"12o"                  120: letters that look like figures
"chưa thấy ai"         0: none is said in a sentence of one's own
"cả thôn", "100%"      all of a whole that is known
"còn 3 hộ chưa có"     all but these, or these
"một nửa", "1/4"       a part of the whole, where that is a whole number
"dtts 109/120"         109, where the whole is 120
"tăng lên 110"         110: what it has become
"thêm 2 hộ"            122, where it was 120 in the period before
"2 hộ đang hỏng ống"   2: the only number of a sentence
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from questionnaires.answers.numerals import WORDS, NumeralPart, whole_at
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.tokens import Table, Token, without_marks

AROUND: Final = Words.read(FOLDER / "loi-le.toml")
ALL: Final = AROUND.flags("all_of_it")
SOME: Final = AROUND.flags("only_some")
NONE: Final = AROUND.flags("none_of_it")
NOT: Final = AROUND.flags("not_all")
NEARLY: Final = AROUND.flags("nearly_all")
NUMBERED: Final = AROUND.flags("numbered")
REST: Final = AROUND.flags("rest")
BY_HOW_MANY: Final = AROUND.codes("change_by")
"""Words for a change against the period before: `more` or `less`."""
HALF: Final = AROUND.flags("half_of")
COUNTED: Final = Words.read(FOLDER / "nhieu-cau.toml").flags("counted")
"""Words for what is counted, which stand right after a number."""
LIKE_FIGURES: Final = re.compile(r"(?<!\w)(?=[0-9ol]*[0-9])(?=[0-9]*[ol])[0-9ol]{2,6}(?!\w)", re.I)
FIGURE: Final = str.maketrans("oOlL", "0011")
PART: Final = re.compile(r"(?<!\d)([1-9]\d?)\s*/\s*([1-9]\d?)(?!\d)")
OF: Final = re.compile(
    r"(?<!\d)(\d+)\s*(?:/|trên|tren|trong (?:số|so|tổng|tong)(?: (?:số|so))?)\s*(\d+)(?!\d)", re.I
)
UP_TO: Final = re.compile(
    r"(?:\b(?:lên|len|xuống|xuong|thành|thanh)|->|=>|→)\s*(?:còn |con |là |la )?(\d+)\s*(?:hộ|ho)?\s*$", re.I
)
BY: Final = re.compile(
    r"^\s*(\d+)[^\d(]*\(\s*(?:tăng|tang|giảm|giam|thêm|them|bớt|bot|\+|-)\s*\d+[^\d)]*\)\s*$", re.I
)
PERCENT: Final = re.compile(r"(?<![\d.,])(\d{1,3})\s*%")
COUNTING: Final = frozenset(
    (NumeralPart.DIGIT, NumeralPart.ONE, NumeralPart.TEN, NumeralPart.HUNDRED, NumeralPart.DOZEN)
)
"""The parts that a number in words may begin with."""
LONGEST: Final = 12
"""The most tokens of an answer that is searched for "none", "all" or a share in a sentence of its own."""


def likely(text: str, tokens: Sequence[Token], whole: Decimal | None) -> tuple[Decimal, ...]:
    """Return the counts that `text` may have meant, the likeliest first. `whole` is the most possible, if known."""
    figures = LIKE_FIGURES.findall(text)
    if figures:
        return of_letters(text, figures)
    if len(tokens) > LONGEST or "?" in text or NEARLY.stands_in(tokens):
        return ()
    up_to = UP_TO.search(text) or BY.search(text)
    if up_to:
        return (Decimal(up_to[1]),)
    parts = tuple(of_whole(text, tokens, whole)) if whole else ()
    return parts or ((Decimal(0),) if says_none(tokens) else ())


def changed(tokens: Sequence[Token], before: Decimal | None) -> tuple[Decimal, ...]:
    """Return the count that is so many more or fewer than `before`, the one of the period before; () if it is not plain."""
    sign = sign_of_change(tokens)
    numbers = [value for value, _, _ in whole_numbers(tokens)]
    if before is None or not sign or len(numbers) != 1:
        return ()
    count = before + sign * numbers[0]
    return (count,) if count >= 0 else ()


def sign_of_change(tokens: Sequence[Token]) -> int:
    """Return 1 if more are told than before, -1 if fewer; 0 if neither, or both."""
    ways = {way for _, way, _ in BY_HOW_MANY.starts(tokens)}
    if len(ways) != 1:
        return 0
    return 1 if ways == {"more"} else -1


def out_of(text: str, whole: Decimal | None) -> Decimal | None:
    """Return the count that is said with its whole, "109/120" where the whole is 120; None for anything else."""
    of = OF.fullmatch(text.strip())
    return Decimal(of[1]) if of and Decimal(of[1]) <= Decimal(of[2]) == whole else None


def of_letters(text: str, figures: Sequence[str]) -> tuple[Decimal, ...]:
    """Return the number that was typed with letters like figures, if it is the only number."""
    alone = len(figures) == 1 and not re.search(r"\d", LIKE_FIGURES.sub("", text))
    return (Decimal(figures[0].translate(FIGURE)),) if alone else ()


def of_whole(text: str, tokens: Sequence[Token], whole: Decimal) -> Iterator[Decimal]:
    """Yield the numbers that are said as all of `whole`, as a part of it, or as what is missing from it."""
    of, share = OF.search(text), share_in(text, tokens)
    if of and Decimal(of[1]) <= Decimal(of[2]) == whole:
        yield Decimal(of[1])
    elif says_whole(tokens, whole):
        yield whole
    elif share is not None:
        part = whole * share
        yield from (part,) if part == part.to_integral_value() and share <= 1 else ()
    else:
        yield from of_all_or_rest(tokens, whole)


def says_whole(tokens: Sequence[Token], whole: Decimal) -> bool:
    """Whether an answer says "all of them" by their number: "cả năm" for all five."""
    words = without_marks(tokens)
    if len(words) < 2 or words[0].text not in ("cả", "ca"):
        return False
    value, end = numbered_at(words, 1)
    return value == whole and not NOT.stands_in(words[end:])


def in_figures(tokens: Sequence[Token]) -> list[Decimal]:
    """Return the whole numbers that are written in figures."""
    return [Decimal(token.text) for token in tokens if token.kind == "number" and token.text.isdecimal()]


def of_all_or_rest(tokens: Sequence[Token], whole: Decimal) -> Iterator[Decimal]:
    """Yield the numbers that "còn", "thiếu" beside one number may mean, or "hết", "tất cả" without a number."""
    numbers = in_figures(tokens)
    if not numbers and speaks_of_all(tokens):
        yield from all_or_none(tokens, whole)
    if len(numbers) == 1 and speaks_of_rest(tokens) and numbers[0] <= whole:
        yield from both_ways(tokens, numbers[0], whole)


def speaks_of_all(tokens: Sequence[Token]) -> bool:
    """Whether words are about all of something, and not about some of it."""
    return ALL.stands_in(tokens) and not SOME.stands_in(tokens)


def speaks_of_rest(tokens: Sequence[Token]) -> bool:
    """Whether words with one number are about what is left or missing, and the number counts it."""
    return REST.stands_in(tokens) and not is_numbered(tokens)


def is_numbered(tokens: Sequence[Token]) -> bool:
    """Whether the first figure only numbers something: "tháng 9", "thôn 3"."""
    place = next(place for place, token in enumerate(tokens) if token.kind == "number")
    return names_other(tokens, place, place + 1)


def both_ways(tokens: Sequence[Token], number: Decimal, whole: Decimal) -> Iterator[Decimal]:
    """Yield a number and the rest of the whole, the likelier one first.

    That is the rest, unless the number is said first and what is missing only after a comma.
    """
    place = next(place for place, token in enumerate(tokens) if token.kind == "number")
    said_first = REST.first_in(tokens, range(place)) is None and any(
        token.text == "," for token in tokens[place:]
    )
    yield from (number, whole - number) if said_first else (whole - number, number)


def all_or_none(tokens: Sequence[Token], whole: Decimal) -> Iterator[Decimal]:
    """Yield the whole, or 0 if it is denied; both for "hết", which may mean either."""
    if denied(ALL, tokens):
        return  # "chưa hết" is neither all nor none
    if not NOT.stands_in(tokens):
        yield whole
    if NOT.stands_in(tokens) or NONE.stands_in(tokens):
        yield Decimal(0)


def share_in(text: str, tokens: Sequence[Token]) -> Decimal | None:
    """Return the share that is said in signs or words: "2/3", "50%", "một nửa"; None if there is none, or several."""
    parts, percents = PART.findall(text), PERCENT.findall(text)
    shares = [Decimal(upper) / Decimal(lower) for upper, lower in parts]
    shares += [Decimal(percent) / 100 for percent in percents]
    if not shares and HALF.stands_in(tokens):
        return Decimal("0.5")
    return shares[0] if len(shares) == 1 else None


def only_number(tokens: Sequence[Token]) -> tuple[Decimal, ...]:
    """Return the only number of a sentence; () if it numbers something else, as in "8h", "câu 3"."""
    places = [place for place, token in enumerate(tokens) if token.kind == "number"]
    if not places:
        return only_worded(tokens)
    if len(places) != 1 or not tokens[places[0]].text.isdecimal() or says_another(tokens):
        return ()
    behind = tokens[places[0] + 1 : places[0] + 2]
    named = places[0] and NUMBERED.at(tokens, places[0] - 1)
    return () if named or any(token.glued for token in behind) else (Decimal(tokens[places[0]].text),)


def only_worded(tokens: Sequence[Token]) -> tuple[Decimal, ...]:
    """Return the only number in words of a sentence.

    It must have two words at least, "điện thì được bốn chục nhà", or stand before what it counts, "một hộ bà Mẩy": a
    single word may mean something else.
    """
    said, place = list[Decimal](), 0
    while place < len(tokens):
        value, end = worded_at(tokens, place)
        said += [value] if value is not None and (end - place > 1 or COUNTED.at(tokens, end)) else []
        place = max(end, place + 1)
    return tuple(said) if len(said) == 1 else ()


def names_other(tokens: Sequence[Token], place: int, end: int) -> bool:
    """Whether a number is no amount: "câu 3", "8h"."""
    glued = any(token.glued and token.kind == "word" for token in tokens[end : end + 1])
    return glued or (place > 0 and NUMBERED.at(tokens, place - 1) is not None)


def whole_numbers(tokens: Sequence[Token]) -> Iterator[tuple[Decimal, int, int]]:
    """Yield each whole number of a sentence with the place after it and its length in words; figures count as two words.

    Numbers that are no amount ("câu 3", "8h") are left out. Two digits side by side are a ten and a unit: "sáu hai".
    """
    place = 0
    while place < len(tokens):
        value, end = numbered_at(tokens, place)
        if value is not None and not names_other(tokens, place, end):
            yield value, end, 2 if tokens[place].kind == "number" else end - place
        place = max(end, place + 1)


def numbered_at(tokens: Sequence[Token], place: int) -> tuple[Decimal | None, int]:
    """Return the whole number at `place`, in figures or words, and the place after it; None if there is none."""
    if tokens[place].kind == "number":
        return whole_at(tokens, place)
    value, end = worded_at(tokens, place)
    return (value, end) if value is not None else two_digits_at(tokens, place)


def two_digits_at(tokens: Sequence[Token], place: int) -> tuple[Decimal | None, int]:
    """Return the number said as two digits, "sáu hai" for 62, and the place after it; None if there are not just two."""
    if place and WORDS.at(tokens, place - 1):
        return None, place
    digits = [WORDS.at(tokens, at) for at in range(place, place + 3)]
    said = [entry[0][1] for entry in digits if entry and entry[0][0] in (NumeralPart.DIGIT, NumeralPart.ONE)]
    two = len(said) == 2 and digits[2] is None
    return (Decimal(10 * said[0] + said[1]), place + 2) if two else (None, place)


def worded_at(tokens: Sequence[Token], place: int) -> tuple[Decimal | None, int]:
    """Return the whole number in words that begins at `place`, and the place after it; None if there is none."""
    entry = WORDS.at(tokens, place)
    if entry is None or entry[0][0] not in COUNTING:
        return None, place
    return whole_at(tokens, place)


def counted(tokens: Sequence[Token]) -> Iterator[Decimal]:
    """Yield the numbers in words that stand before what they count: "một hộ bà Mẩy"."""
    for place in range(len(tokens)):
        value, end = worded_at(tokens, place)
        if value is not None and COUNTED.at(tokens, end):
            yield value


def says_another(tokens: Sequence[Token]) -> bool:
    """Whether a number is said in words too: "sáu hộ, trong đó 2 hộ nặng"."""
    return any(part in COUNTING for _, (part, _), _ in WORDS.starts(tokens))


def says_none(tokens: Sequence[Token]) -> bool:
    """Whether a sentence without a number says that there is none; "chưa hết" says the opposite."""
    numberless = all(token.kind != "number" for token in tokens) and not list(counted(tokens))
    # "hết" may mean none or all. A longer phrase for "all" decides that it means all.
    everywhere = any(end - place > 1 for place, _, end in ALL.starts(tokens))
    return numberless and NONE.stands_in(tokens) and not denied(NONE, tokens) and not everywhere


def denied(table: Table[bool], tokens: Sequence[Token]) -> bool:
    """Whether a word that denies stands right before a phrase of `table`."""
    return any(NOT.at(tokens[place - 1 : place], 0) for place, _, _ in table.starts(tokens) if place)
