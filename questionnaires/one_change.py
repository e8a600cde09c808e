"""Read the correction of one answer in words: "sửa câu 2 thành 117", "bao nham, ho ngheo 21 thoi", "4. 95".

It also reads "như cũ, chỉ khác hộ thiếu nước 4": everything as in the period before, except one answer. A question is
named by its number in the review or by words of its label. If only a new figure is said, the question answered last is
meant. The words stand in `answers/words/sua-mot-cau.toml`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from questionnaires.answers.denied import CALLED_WRONG, without_denied
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.reading import AnswerKind, ExpectedAnswer
from questionnaires.answers.text import clean, fold, has_letters, one_spelling
from questionnaires.answers.tokens import Table, Token, as_text, tokens_of, walk, without_marks
from questionnaires.answers.yesno import leaning
from questionnaires.interview import Line
from questionnaires.label_numbers import hidden, shown
from questionnaires.naming import named
from questionnaires.numbers_said import is_number, says_minus
from questionnaires.put_right_at_once import of_two
from questionnaires.several import LETTERED
from questionnaires.told_figure import TALK, clauses_of

SAID: Final = Words.read(FOLDER / "sua-mot-cau.toml")
FIXING: Final = SAID.flags("fixing")
BECOMING: Final = SAID.flags("becoming")
INSTEAD_OF: Final = SAID.flags("instead_of")
QUESTION: Final = SAID.flags("question")
AND: Final = SAID.flags("and")
LIKE: Final = SAID.flags("like")
BESIDE: Final = SAID.flags("beside")
AS_BEFORE: Final = SAID.flags("as_before")
EXCEPT: Final = SAID.flags("except")
WRONG: Final = frozenset(("sai", "nham", "lon", "wrong"))
"""The last words, folded, of clauses that call their figure wrong."""
LONGEST: Final = 120
"""How many letters of a message are read."""
COLONS: Final = frozenset(":.)=")
DASHES: Final = frozenset("-–=")


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """The question at `path`, and its new answer as said; "" if only the question is named."""

    path: str
    answer: str
    as_before: bool = False
    """Whether all other answers are as in the period before."""


@dataclass(frozen=True, slots=True)
class SaidParts:
    """The parts of a message: the number of a question, whether it says that something was wrong, and its words."""

    number: int | None
    fixes: bool
    answer: tuple[Token, ...]
    """The words of what is right."""
    other: tuple[Token, ...]
    """The words before it."""


def read_change(text: str, asked: Sequence[Line], last: str | None, *, listed: bool) -> AnswerChange | None:
    """Read which answer to the questions `asked` a text corrects; None if it corrects none.

    `last` is the path of the question answered last. `listed`: the screen shows the answers with their numbers, so "6 4"
    and "6 - 5" name one of them.
    """
    if LETTERED.search(text) or says_minus(text):
        return None
    said = hidden(one_spelling(of_two(text[:LONGEST])), [line.label for line in asked])
    tokens, as_before = without_as_before(tokens_of(clean(said)))
    parts = parts_of(tokens, listed=listed)
    if is_of_several(tokens, parts):
        return None
    if parts.number is not None:
        return by_number(parts, parts.number, asked, as_before=as_before)
    holding = holding_one_of(figures_in(tokens) - figures_in(parts.answer), asked)
    return by_words(parts, asked, holding or last, as_before=as_before, listed=listed)


def is_of_several(tokens: Sequence[Token], parts: SaidParts) -> bool:
    """Whether several questions are named, or several answers told: all but one would be lost."""
    return names_two(tokens) or tells_two(tokens) or len(of_kind(parts.answer, "number")) > 1


def figures_in(tokens: Sequence[Token]) -> set[str]:
    """The numbers among words, as they are written."""
    return {token.text for token in of_kind(tokens, "number")}


def holding_one_of(figures: Collection[str], asked: Sequence[Line]) -> str | None:
    """Return the path of the only answer that is one of some figures: "số 27 phải là 29" is about the 27 that stands."""
    paths = [line.path for line in asked if line.value and line.value in figures]
    return paths[0] if len(paths) == 1 else None


def says_wrong(text: str) -> bool:
    """Whether `text` says that something was wrong, or should be something else."""
    tokens = tokens_of(clean(one_spelling(text[:LONGEST])))
    return any(first(table, tokens) for table in (FIXING, INSTEAD_OF))


def called_wrong(text: str) -> str:
    """Return the figure that `text` calls wrong: 45 in "có 44 hộ thôi, ko phải 45"; "" for none."""
    tokens = tokens_of(clean(text[:LONGEST]))
    behind = (tokens[end] for _, _, end in CALLED_WRONG.starts(tokens) if end < len(tokens))
    return next((token.text for token in behind if token.kind == "number"), "")


def question_named(text: str) -> int | None:
    """Return the number of the question that `text` names, if it has a word such as "câu"; else None."""
    if not has_letters(text):
        return None  # as most answers
    tokens = tokens_of(clean(text[:LONGEST]))
    return numbered(tokens, listed=False)[0] if first(QUESTION, tokens) else None


def by_number(
    parts: SaidParts, number: int, asked: Sequence[Line], *, as_before: bool
) -> AnswerChange | None:
    """Return the change of the question with this number; None if there is no such question."""
    known = 1 <= number <= len(asked)
    return AnswerChange(asked[number - 1].path, written(parts.answer), as_before) if known else None


def names_two(tokens: Sequence[Token]) -> bool:
    """Whether several questions are named, or one only to compare with: "câu 6 và 7 sai", "như câu 1"."""
    start = first(QUESTION, tokens)
    if start is None:
        return False
    if start[0] and LIKE.at(tokens, start[0] - 1):
        return True
    behind = tokens[start[1] + 1 :]
    joined = AND.at(behind, 0)
    comma = bool(behind) and behind[0].text == "," and is_digits(behind[1:2]) and FIXING.at(behind, 2)
    # "Câu 5, 28 mới phải" tells its figure.
    tells_it = comma and BECOMING.at(behind, 2)
    return bool(joined or (comma and not tells_it) or first(QUESTION, behind))


def tells_two(tokens: Sequence[Token]) -> bool:
    """Whether two numbers each have words of their own, before them or in their clause: the first would be lost."""
    numbers = [place for place, token in enumerate(tokens) if token.kind == "number"]
    if len(numbers) < 2:
        return False
    before, between = tokens[: numbers[0]], tokens[numbers[0] + 1 : numbers[1]]
    clauses = clauses_of(tokens)
    told = sum(
        1 for clause in clauses if of_kind(clause, "number") and tells(clause) and not ends_wrong(clause)
    )
    return told > 1 or (tells(before) and tells(between))


def ends_wrong(clause: Sequence[Token]) -> bool:
    """Whether a clause calls its figure wrong: "bác báo 0 là sai"."""
    return bool(clause) and fold(clause[-1].text) in WRONG and clause[-1].kind == "word"


def tells(tokens: Sequence[Token]) -> bool:
    """Whether some words among `tokens` may name a question."""
    return any(token.kind == "word" for token in telling(tokens))


def telling(tokens: Sequence[Token]) -> list[Token]:
    """Return the tokens without the phrases of corrections, which name no question."""
    rest = list(tokens)
    for table in (FIXING, BECOMING, INSTEAD_OF, QUESTION, BESIDE):
        rest = outside(table, rest)
    return rest


def by_words(
    parts: SaidParts, asked: Sequence[Line], last: str | None, *, as_before: bool, listed: bool
) -> AnswerChange | None:
    """Return the change of the question that the words name, or of the one answered last if something was wrong."""
    numbers = of_kind(parts.answer, "number")
    said = [token.text for token in telling_words(parts)]
    if not numbers:
        return without_number(parts, said, asked) if listed else None
    # A bare number may answer any question, so it is matched with the words beside it only.
    path, answer = named(" ".join([*said, numbers[0].text]), asked) if said else (None, "")
    if path is not None:
        return AnswerChange(path, shown(answer), as_before)
    # Other words beside the figure may concern another report: "cân trẻ là 22 cháu, lúc nãy ghi nhầm 1".
    meant = parts.fixes and not said
    return AnswerChange(last, written(outside(BESIDE, parts.answer))) if meant and last else None


def telling_words(parts: SaidParts) -> list[Token]:
    """Return the words of a message, without talk, that may name a question."""
    said = outside(TALK, of_kind((*parts.other, *parts.answer), "word"))
    return outside(QUESTION, outside(BESIDE, said))


def without_number(parts: SaidParts, said: Sequence[str], asked: Sequence[Line]) -> AnswerChange | None:
    """Return the change of a question answered by yes or no, or of one that is only said to be wrong."""
    path, answer = named(as_text((*parts.other, *parts.answer)), asked)
    if path is not None:
        return AnswerChange(path, shown(answer))
    return question_wrong(said, asked) if parts.fixes else None


def question_wrong(said: Sequence[str], asked: Sequence[Line]) -> AnswerChange | None:
    """Return the change of a question that is only said to be wrong; its answer is "" and must be asked."""
    path, _ = named(" ".join([*said, "0"]), asked) if said else (None, "")
    return AnswerChange(path, "") if path is not None else None


def without_as_before(tokens: Sequence[Token]) -> tuple[Sequence[Token], bool]:
    """Return what follows an "as before, except", and whether that was said."""
    start = first(AS_BEFORE, tokens)
    if start is None:
        return tokens, False
    rest = tokens[start[1] :]
    but = first(EXCEPT, rest)
    return (rest[but[1] :], True) if but else (tokens, False)


def says_as_before(text: str) -> bool:
    """Whether `text` says that everything is as in the period before, except something."""
    return without_as_before(tokens_of(clean(one_spelling(text[:LONGEST]))))[1]


def parts_of(tokens: Sequence[Token], *, listed: bool) -> SaidParts:
    """Split `tokens` into the parts of a correction. What is right stands after the last marker that introduces it."""
    number, rest = numbered(tokens, listed=listed)
    kept, fixes = without_wrong(rest)
    becomes = False
    other: list[Token] = []
    answer: list[Token] = []
    place = 0
    while place < len(kept):
        fixing, becoming = FIXING.at(kept, place), BECOMING.at(kept, place)
        marker = fixing or becoming
        if marker is None:
            answer.append(kept[place])
            place += 1
            continue
        fixes |= fixing is not None
        becomes |= becoming is not None
        place = marker[1]
        if introduces(kept[place:], answer):
            other, answer = [*other, *answer], []
    if fixes:
        answer = latest(answer)
    said = what_is_right(answer, sure=becomes or not fixes) if number is not None else answer
    return SaidParts(number, fixes, tuple(said), tuple(of_kind(other, "word")))


def without_wrong(tokens: Sequence[Token]) -> tuple[Sequence[Token], bool]:
    """Return `tokens` without a "chứ không phải 4" at the end, nor another denied number, and whether there was one."""
    instead = first(INSTEAD_OF, tokens[1:])
    kept = tokens[: instead[0] + 1] if instead else tokens
    told = without_denied(kept)
    # Without any other number "không phải 4" is left as it is, to be asked about.
    if of_kind(told, "number"):
        return told, len(told) < len(tokens)
    return kept, instead is not None


def introduces(behind: Sequence[Token], answer: Sequence[Token]) -> bool:
    """Whether the words `behind` a marker are what is right, rather than the `answer` before it.

    A marker at the end ("hộ nghèo 6 nhầm", "89 hộ cháu sửa hộ") only says that something was wrong.
    """
    return bool(of_kind(behind, "number") or (of_kind(behind, "word") and not of_kind(answer, "number")))


def what_is_right(answer: Sequence[Token], *, sure: bool) -> Sequence[Token]:
    """Return `answer` without words that only accompany it. A yes or no may be such a word, so it is kept if it is all.

    `sure`: the message says what the answer becomes, not only that something was wrong.
    """
    rest, words = outside(BESIDE, answer), without_marks(answer)
    leans = leaning(words, ExpectedAnswer(AnswerKind.DONE, date.min)) is not None
    keeps = leans and (bool(rest) or sure) and not of_kind(rest, "number")
    return words if keeps else rest


def latest(tokens: Sequence[Token]) -> list[Token]:
    """Return what follows the last comma if both sides of it have numbers: "6, 4" now means 4."""
    commas = [place for place, token in enumerate(tokens) if token.text == ","]
    sides = (tokens[: commas[-1]], tokens[commas[-1] + 1 :]) if commas else ((), ())
    both = all(of_kind(side, "number") for side in sides)
    return list(sides[1] if both else tokens)


def numbered(tokens: Sequence[Token], *, listed: bool) -> tuple[int | None, Sequence[Token]]:
    """Return the number of the question that is named, None for none, and the other tokens."""
    for place, _, end in QUESTION.starts(tokens):
        if is_digits(tokens[end : end + 1]):
            return int(tokens[end].text), [*tokens[:place], *tokens[end + 1 :]]
    if len(tokens) > 1 and is_digits(tokens[:1]) and leads(tokens, listed=listed):
        return int(tokens[0].text), tokens[1:]
    return None, tokens


def leads(tokens: Sequence[Token], *, listed: bool) -> bool:
    """Whether `tokens` begin with the number of a question: "4. 95", "5: 30"; for `listed` answers also "6 4"."""
    second, rest = tokens[1], tokens[2:]
    if INSTEAD_OF.at(tokens, 1):
        return False  # "3 chứ không phải 4"
    if FIXING.at(tokens, 1) and is_digits(rest[-1:]):
        return not of_kind(rest[:-1], "number")  # "3 sửa 47"
    if second.kind == "mark":
        return bool(rest) and (second.text in COLONS or (listed and second.text in DASHES))
    return listed and second.kind == "number" and not rest


def is_digits(tokens: Sequence[Token]) -> bool:
    """Whether `tokens` begin with a number that may be a question's: one or two digits."""
    return (
        bool(tokens) and tokens[0].kind == "number" and tokens[0].text.isdecimal() and len(tokens[0].text) < 3
    )


def first(table: Table[bool], tokens: Sequence[Token]) -> tuple[int, int] | None:
    """Return where the first phrase of `table` among `tokens` begins and ends; None if there is none."""
    return next(((place, end) for place, _, end in table.starts(tokens)), None)


def outside(table: Table[bool], tokens: Sequence[Token]) -> list[Token]:
    """Return `tokens` without the phrases of `table` and without marks."""
    return without_marks(tokens[place] for place, phrase in walk(tokens, table) if phrase is None)


def written(tokens: Sequence[Token]) -> str:
    """Return `tokens` as a text. If they end in their only number, return that number alone."""
    numbers = of_kind(tokens, "number")
    if len(numbers) == 1 and is_number(numbers[0].text) and tokens[-1] is numbers[0]:
        return numbers[0].text
    return shown(as_text(without_marks(tokens)))


def of_kind(tokens: Iterable[Token], kind: str) -> list[Token]:
    """Return the tokens of one kind, such as "word" or "number"."""
    return [token for token in tokens if token.kind == kind]
