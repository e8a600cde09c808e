"""Read the answer to a question with choices: one, several, or a plain yes or no if its two choices mean that.

A yes or no may be said in the question's own words: "thông suốt", "không phải thôn đặc biệt khó khăn".
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from questionnaires.answers import words
from questionnaires.answers.choices import (
    WORDS_TO_CHOOSE,
    offered,
    read_one,
    without_courtesy,
    words_of,
)
from questionnaires.answers.reading import AnswerDoubt, AnswerKind, ExpectedAnswer, Option, Reading
from questionnaires.answers.several_choices import read_many
from questionnaires.answers.text import bare, clean, fold
from questionnaires.answers.tokens import Token, tokens_of, walk, without_marks
from questionnaires.answers.yesno import leaning, read_yes_no

DENYING: Final = WORDS_TO_CHOOSE.flags("denying")
"""Words that deny what is named after them."""
BESIDE_MATTER: Final = WORDS_TO_CHOOSE.flags("beside_the_matter")
"""Words that add nothing to what is named."""
MATTER: Final = 3
"""How many of the question's words an answer must repeat, since fewer may mean something else; one less if denied."""
AFTERTHOUGHT: Final = "dau"
"""A word that only repeats a denial: "không có đâu"."""


@lru_cache(maxsize=256)
def yes_and_no(options: tuple[Option, ...]) -> tuple[Option, Option] | None:
    """Return the options for yes and no if there are just these two ("Có rồi", "Chưa"), in this order; else None."""
    said = {said_yes_or_no(tokens_of(clean(option.label)), AnswerKind.DONE): option for option in options}
    return (said[True], said[False]) if len(options) == 2 and said.keys() == {True, False} else None


def read_choice(text: str, tokens: Sequence[Token], question: ExpectedAnswer) -> Reading:
    """Read the answer to a question with choices; "ko" and "rồi" choose options for no and yes. Raises AnswerDoubt."""
    if question.kind is not AnswerKind.ONE:
        return read_many(text, tokens, question)
    try:
        return read_one(text, tokens, question)
    except AnswerDoubt as doubt:
        pair = yes_and_no(question.options)
        if doubt.code != "no_match" or pair is None:
            raise
        return yes_or_no_meant(tokens, question, pair)


def yes_or_no_meant(
    tokens: Sequence[Token], question: ExpectedAnswer, pair: tuple[Option, Option]
) -> Reading:
    """Return which of two options for yes and no an answer means. Raises AnswerDoubt with the one that it leans to."""
    # "chưa" and "xong" answer "đã … chưa?" only.
    of_done = any("chua" in fold(option.label).split() for option in pair)
    kind = AnswerKind.DONE if of_done else AnswerKind.HAS
    said = said_yes_or_no(tokens, kind)
    if said is None:
        said = said_of_matter(tokens, question.asked)
    if said is not None:
        option = pair[0 if said else 1]
        return Reading("ok", option.value, read_back=option.label)
    leans = leaning(without_marks(without_courtesy(tokens, ())), ExpectedAnswer(kind, date.min))
    if leans is None and names_the_matter(tokens, question.asked):
        leans = True
    # One wrong letter may turn "không" into another word ("thông"), so spelling alone never suggests "no".
    code = "dont_know" if words.DONT_KNOW.first_in(tokens) else "no_match"
    raise AnswerDoubt(code, () if leans is None else offered((pair[0 if leans else 1],)))


def said_of_matter(tokens: Sequence[Token], asked: str) -> bool | None:
    """Return whether an answer in the question's own words affirms or denies them; None for any other answer.

    "không phải thôn đặc biệt khó khăn" says no to "Thôn có trong danh sách thôn đặc biệt khó khăn không?".
    """
    label = " ".join(map(bare, words_of(asked)))
    said = without_marks(without_courtesy(tokens, ()))
    denials, matter = denials_and_matter(said, label)
    # "thông suốt không" asks; "không có đâu" denies once more what is denied already.
    denied = [word for word in denials if word != AFTERTHOUGHT]
    if len(denied) > 1 or (denied and bare(said[-1].text) == denied[0]):
        return None
    ends_so = len(matter) > 1 and re.search(rf"\b{' '.join(matter)} (?:khong|chua)$", label) is not None
    enough = ends_so or len(matter) >= MATTER - bool(denials)
    return not denials if enough and set(matter) <= set(label.split()) else None


def denials_and_matter(said: Sequence[Token], label: str) -> tuple[list[str], list[str]]:
    """Return the words that deny, except those that the question has too, and the words that name the matter."""
    denials, matter = list[str](), list[str]()
    for place, _ in walk(said, DENYING, BESIDE_MATTER):
        no, beside = DENYING.at(said, place), BESIDE_MATTER.at(said, place)
        pair, word = " ".join(bare(token.text) for token in said[place : place + 2]), bare(said[place].text)
        if no and not (" " in pair and f" {pair} " in f" {label} "):
            denials.append(word)
        elif not beside:
            matter.append(word)
    return denials, matter


def names_the_matter(tokens: Sequence[Token], asked: str) -> bool:
    """Whether an answer repeats words of the question: "thông suốt" for "… có thông suốt không?"."""
    said, label = words_of_tokens(without_courtesy(tokens, ())), tuple(map(bare, words_of(asked)))
    places = range(len(label) - len(said) + 1)
    return len(said) > 1 and any(label[place : place + len(said)] == said for place in places)


def words_of_tokens(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the words and numbers among the tokens, without diacritics."""
    return tuple(bare(token.text) for token in without_marks(tokens))


def said_yes_or_no(tokens: Sequence[Token], kind: AnswerKind) -> bool | None:
    """Return what an answer says to a question for yes or no; None if that is in doubt."""
    try:
        return bool(read_yes_no("", tokens, ExpectedAnswer(kind, date.min)).value)
    except AnswerDoubt:
        return None
