"""Find the one figure for a question in a spoken sentence: "hỏi rồi, 198 người có thẻ".

Answers are read strictly: any unknown word makes them doubtful. But people talk. So a sentence is accepted if it has one
number, in the unit asked for or without a unit, and every other word is from the question or is mere talk
(`answers/words/ke-chuyen.toml`). Words that may change the figure ("thêm", "chưa", "còn lại") leave it doubtful.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

from questionnaires.answers import words
from questionnaires.answers.likely import ALL, NONE, NOT, NUMBERED, REST
from questionnaires.answers.numerals import WORDS, whole_at
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.spans import told_side_by_side
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import Table, Token, as_text, tokens_of, without_marks
from questionnaires.interview import Line
from questionnaires.label_numbers import hidden, without_times
from questionnaires.naming import content, counts_elsewhere, distinct, has, named_by, says_lack
from questionnaires.numbers_said import NUMBER, none_in, number_in_words, numbers_in_figures, says_minus
from questionnaires.put_right_at_once import as_meant
from questionnaires.several import LETTERED, PART, PERIOD

SPOKEN: Final = Words.read(FOLDER / "ke-chuyen.toml")
TALK: Final = SPOKEN.flags("talk")
"""Words around a figure that do not change it."""
AS_BEFORE: Final = SPOKEN.flags("as_before")
"""Words for "as in the period before"."""
HOW: Final = SPOKEN.flags("how_known")
"""Words that say where the figure comes from; any other words may stand beside them."""
PERCENT: Final = re.compile(r"\d\s*(?:%|phần trăm|phan tram)")
ONCE_MORE: Final = frozenset(("dau", "het", "ca"))
"""Words, folded, that may follow "không có hộ nào" and only repeat it."""
LONGEST: Final = 200
"""The most letters of such a sentence."""
BOUNDS: Final = frozenset(",;.!\n:")
"""Marks between the clauses of a sentence."""
BESIDE: Final = (TALK, AS_BEFORE, HOW, words.BEFORE_NUMBER, words.POLITE, words.AFTER_NUMBER, words.PRONOUN)
"""Words that may stand beside a figure."""
ANY_UNIT: Final = Table(dict.fromkeys((*chain.from_iterable(words.SAME.values()), *words.OTHERS), True))
CHANGING: Final = (words.DOUBTFUL, words.DONT_KNOW, NOT, REST, NUMBERED)
"""Words that change what a figure means, unless the question has them too."""


def says_no_figure(text: str) -> bool:
    """Whether a text asks, is long, or tells numerals that are no one number, a share, less than nothing, or digits within a
    word."""
    return bool(
        len(text) > LONGEST
        or told_side_by_side(tokens_of(clean(text)))
        or "?" in text
        or LETTERED.search(text)
        or says_share(text)
        or says_minus(text)
    )


def figure_told(
    text: str, asked: Sequence[Line], path: str, units: Mapping[str, str], *, by_name: bool = False
) -> str:
    """Return the figure that `text` tells for the question at `path`, as an answer to it; "" for none.

    `units` has what each question counts, by path. With `by_name`, words of that question must stand beside the figure.
    """
    if says_no_figure(text):
        return ""
    label, unit = label_of(asked, path), units.get(path, "")
    said = hidden(numbers_in_figures(text), [line.label for line in asked])
    told = one_figure(clauses_of(tokens_of(clean(as_meant(said)))), label, unit)
    if told is None or not label or counts_elsewhere(said, asked):
        return ""
    if told.of_unit:  # the unit is said, so no question with another unit is meant
        asked = [line for line in asked if units.get(line.path, "") == unit]
    return told.answer if is_of(told.rest, asked, path, by_name=by_name) else ""


class ToldFigure(NamedTuple):
    """The figure of a sentence as an answer, and the words beside it that are not talk.

    `of_unit`: the unit is said with it, or the figure is a "none".
    """

    answer: str
    rest: list[Token]
    of_unit: bool


def one_figure(clauses: Sequence[list[Token]], label: str, unit: str) -> ToldFigure | None:
    """Return the only figure of a sentence; None if there is none, or if other words may change it."""
    told = only_number(clauses, unit)
    if told is None:
        return None
    clause, (value, start, end) = told
    counted = units_of(unit).at(clause, end)
    rest = beside(clause[:start], clause[counted[1] if counted else end :], label, denied=not value)
    alone = all(other is clause or adds_nothing(other, label) for other in clauses)
    if rest is None or not alone or not (counted or is_bare(clause[end:])):
        return None
    answer = f"khoảng {value}" if words.HEDGE.first_in(clause[:start]) else str(value)
    return ToldFigure(answer, rest, of_unit=counted is not None or not value)


def only_number(clauses: Sequence[list[Token]], unit: str) -> tuple[list[Token], tuple[int, int, int]] | None:
    """Return the only number of a sentence, with its places, and the clause that has it first. It may be repeated.

    None if there is none, if there are different ones, or if one is not a whole number.
    """
    told = [
        (clause, number) for clause in clauses for number in (*numbers_in(clause, unit), *none_in(clause))
    ]
    values = {number[0] for _, number in told}
    return told[0] if len(values) == 1 and min(values) >= 0 else None


def beside(
    before: Sequence[Token], behind: Sequence[Token], label: str, *, denied: bool
) -> list[Token] | None:
    """Return the words before and behind a figure that are not talk; None if one of them may change it."""
    # "đâu" denies the number before it, and "hết" says that none is left. Behind "không có hộ nào" they only repeat it.
    after = [token for token in behind if not denied or fold(token.text) not in ONCE_MORE]
    first, then = left_over(before, label), left_over(after, label)
    return None if first is None or then is None else [*first, *then]


def says_all(text: str, asked: Sequence[Line], path: str) -> bool:
    """Whether `text` only says that the question at `path` is true of everybody: "cả thôn có điện rồi"."""
    tokens = without_marks(tokens_of(clean(text[:LONGEST])))
    label = label_of(asked, path)
    if "?" in text or not speaks_of_all(tokens):
        return False
    rest = left_over(tokens, label, ALL)
    if may_say_none_left(rest, tokens):
        return False
    # If the question asks who lacks water, "cả thôn có nước rồi" means nobody.
    if not says_lack(text, label):
        return False
    return rest is not None and is_of(rest, asked, path)


def may_say_none_left(rest: Sequence[Token] | None, tokens: Sequence[Token]) -> bool:
    """Whether nothing but a mere "hết" is said: of money, that all of it is spent, or that there was none."""
    return not rest and NONE.stands_in(tokens)


def speaks_of_all(tokens: Sequence[Token]) -> bool:
    """Whether everybody is spoken of, and nothing is denied or left as it was before."""
    unsure = NOT.first_in(tokens) or AS_BEFORE.first_in(tokens)
    return ALL.first_in(tokens) is not None and not unsure


def speaks_only_of(text: str, asked: Sequence[Line], path: str, unit: str) -> bool:
    """Whether `text` is only about the question at `path`, which counts `unit`.

    It must not ask, change its figure, tell a time only, count something else or for another questionnaire, or share more
    words with another question.
    """
    tokens = without_marks(tokens_of(clean(text[:LONGEST])))
    label = label_of(asked, path)
    if "?" in text or says_share(text) or without_times(text) != text:
        return False
    if left_over(tokens, label) is None or has(text, label):
        return False
    if counts_other(tokens, unit) or counts_elsewhere(text, asked):
        return False
    said_words = distinct(text)
    own = len(said_words & content(label))
    return all(len(said_words & content(line.label)) <= own for line in asked)


def tells_several(text: str, asked: Sequence[Line]) -> bool:
    """Whether `text` tells several figures, beside those that it corrects, its period and the numbers in labels.

    Whole and part of one sentence are several too. Nobody but the person knows which one is the answer.
    """
    said = hidden(numbers_in_figures(text), [line.label for line in asked])
    return len(NUMBER.findall(PERIOD.sub(" ", as_meant(said)))) > 1


def says_share(text: str) -> bool:
    """Whether `text` has a percentage: "90%" of the households are not 90 households."""
    return PERCENT.search(clean(text[:LONGEST])) is not None


def counts_other(tokens: Sequence[Token], unit: str) -> bool:
    """Whether a number stands right before another unit than the one asked for."""
    own = units_of(unit)
    behind = (
        place + 1 for place, token in enumerate(tokens) if token.kind == "number" or WORDS.at(tokens, place)
    )
    return any(ANY_UNIT.at(tokens, place) and not own.at(tokens, place) for place in behind)


def label_of(asked: Sequence[Line], path: str) -> str:
    """Return the label of the question at `path`; "" if it is not among those asked."""
    return next((line.label for line in asked if line.path == path), "")


def clauses_of(tokens: Sequence[Token]) -> list[list[Token]]:
    """Split a sentence at its marks, and return the tokens of each clause."""
    clauses: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in BOUNDS:
            clauses.append([])
        elif token.kind != "mark":
            clauses[-1].append(token)
    return [clause for clause in clauses if clause]


def numbers_in(clause: Sequence[Token], unit: str) -> list[tuple[int, int, int]]:
    """Return the numbers of a clause as (value, start, end). A single number word counts only before its unit."""
    numbers, place = list[tuple[int, int, int]](), 0
    while place < len(clause):
        value, end = number_at(clause, place, unit)
        if value is not None:
            numbers.append((value, place, end))
        place = max(end, place + 1)
    return numbers


def number_at(clause: Sequence[Token], place: int, unit: str) -> tuple[int | None, int]:
    """Return the whole number at `place` and where it ends; None for no number, -1 for one that is not whole."""
    if clause[place].kind == "number":
        value, end = whole_at(clause, place)
        return (-1 if value is None else int(value)), end
    worded = number_in_words(clause, place)
    if worded and (worded[1] - place > 1 or units_of(unit).at(clause, worded[1])):
        return worded
    return None, place


def units_of(unit: str) -> Table[bool]:
    """Return the words for a unit, with those that stand for any unit."""
    return Table(dict.fromkeys((*words.names_of(unit.strip().lower()), *words.NEUTRAL_THINGS), True))


def is_bare(behind: Sequence[Token]) -> bool:
    """Whether a number stands without a unit: what follows is neither a unit nor more of the number."""
    if not behind:
        return True
    return not (behind[0].glued or ANY_UNIT.at(behind, 0) or WORDS.at(behind, 0) or words.LOCAL.at(behind, 0))


def left_over(tokens: Sequence[Token], label: str, *more: Table[bool]) -> list[Token] | None:
    """Return the tokens that are not talk, nor a phrase of the tables `more`; None if one may change a figure."""
    rest, place, said = list[Token](), 0, fold(label)
    while place < len(tokens):
        entry = longest([*more, *BESIDE, words.HEDGE], tokens, place)
        changing = longest(CHANGING, tokens, place)
        if changing and changing > (entry or 0) and not is_asked_so(tokens, place, said):
            return None
        if entry is None:
            rest.append(tokens[place])
        place = entry or place + 1
    return rest


def longest(tables: Sequence[Table[bool] | Table[str]], tokens: Sequence[Token], place: int) -> int | None:
    """Return where the longest phrase at `place` of any table ends; None if there is none."""
    return max((entry[1] for table in tables if (entry := table.at(tokens, place))), default=None)


def is_asked_so(tokens: Sequence[Token], place: int, label: str) -> bool:
    """Whether the question's `label` has the word at `place` too.

    A word that denies or bounds something must stand there with the one behind it: "chưa có (đất làm nhà)".
    """
    length = 2 if longest((words.DOUBTFUL, NOT), tokens, place) else 1
    said = fold(as_text(tokens[place : place + length]))
    return len(tokens) >= place + length and f" {said} " in f" {label} "


def is_of(rest: Sequence[Token], asked: Sequence[Line], path: str, *, by_name: bool = False) -> bool:
    """Whether the words of `rest` are from the question at `path`, and name no other question better.

    With `by_name`, they must name this one.
    """
    said = as_text(rest)
    said_words = distinct(said)
    label = label_of(asked, path)
    if PART.search(said) and not PART.search(label):
        return False
    if said_words and not says_lack(said, label):
        return False
    named = named_by(said, asked)
    return said_words <= content(label) and (named == path or (named is None and not by_name))


def adds_nothing(clause: Sequence[Token], label: str) -> bool:
    """Whether a clause leaves the figure unchanged: it is talk, is from the question, or says how the figure is known."""
    rest = left_over([token for token in clause if token.kind != "number"], label)
    if rest is None:
        return False
    said_words = distinct(as_text(rest))
    return said_words <= content(label) or HOW.first_in(clause) is not None
