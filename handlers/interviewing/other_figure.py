"""A number that is said where a reason is asked for: another figure than the one that stands, or part of the reason.

Beside another figure stand only words that belong to a figure: "số này nay là 3 hộ ạ". A reason tells something more:
"3 hộ mới tách".
"""

import re
from collections.abc import Collection
from typing import Any, Final

from handlers.named_period import without_dates
from handlers.vocabulary import OF_REASONS, ends_as_question
from questionnaires.answers.text import clean, fold, one_spelling
from questionnaires.answers.tokens import Table, tokens_of, walk, without_marks
from questionnaires.answers.words import BEFORE_NUMBER, HEDGE, POLITE, PRONOUN
from questionnaires.numbers_said import NUMBER, number_in_words, numbers_in_figures, says_minus, says_number
from questionnaires.questionnaire import Questionnaire, plain_words
from questionnaires.showing import unit_of

SAID: Final = OF_REASONS.codes("of_figure")
"""What is said of a figure: that it is right, or wrong, or that another one is right instead."""
DISPUTED: Final = frozenset(("wrong", "instead"))
"""What is said of a figure that is not right."""
BESIDE: Final = OF_REASONS.flags("beside_figure")
"""Words around a figure that tell nothing more."""
COUNTS_ELSE: Final = OF_REASONS.flags("counts_else")
"""Words behind a number that is no figure: hours, days, so many questions."""
AROUND: Final[tuple[Table[Any], ...]] = (BESIDE, SAID, HEDGE, BEFORE_NUMBER, POLITE, PRONOUN)
"""All words that may stand beside a figure: of two that begin alike, "đúng ra" comes before "đúng"."""
COUNTED: Final = re.compile(r"\d\s+((?:[^\W\d_]+\s*){1,3})")
"""A figure, and the next words, among them what it counts."""
ALIKE: Final = frozenset(("ho", "nha", "gia dinh"))
"""Units, without their marks, that are said for each other."""
THOUSANDS: Final = re.compile(r"\.(?=\d{3}(?!\d))")
"""A point that sets thousands apart."""
FEW: Final = 6
"""In so few words a number is the right one; in more it may be part of a reason."""


def other_figure(text: str, answer: str, own: Collection[str]) -> str:
    """Return the only number in `text` that is said instead of `answer`, as it is stored; "" if there is none.

    `own` are the words of the question and its unit, folded.
    """
    text = in_figures(text, own)
    if counts_else(text, own):
        return ""
    others = numbers_of(text) - {answer}
    disputed = len(text.split()) <= FEW and bool(said_of_figure(text) & DISPUTED)
    if len(others) != 1 or not (disputed or tells_only_figure(text, own)):
        return ""
    return others.pop()


def counts_else(text: str, own: Collection[str]) -> bool:
    """Whether a number in `text` counts hours, days, questions and the like, which the question of the words `own` does
    not."""
    tokens = without_marks(tokens_of(clean(one_spelling(text))))
    after = (at + 1 for at, token in enumerate(tokens) if token.kind == "number")
    return any(
        at < len(tokens) and COUNTS_ELSE.at(tokens, at) is not None and fold(tokens[at].text) not in own
        for at in after
    )


def counts_other_unit(text: str, form: Questionnaire, path: str) -> bool:
    """Whether the figure in `text` is of what only other questions count than the one at `path`: "3 nhà đang làm dở", where
    houses are another question than households. "3 nhà" alone may well be households."""
    units = {fold(unit) for one in form.questions for unit in one.unit.values()}
    own = {fold(unit) for unit in form.question(path).unit.values()}
    if own & ALIKE and tells_only_figure(text, own_words(form, path) | ALIKE):
        units -= ALIKE
    counted = (fold(one[1]) + " " for one in COUNTED.finditer(numbers_in_figures(text)))
    return any(words.startswith(f"{unit} ") for words in counted for unit in units - own - {""})


def own_words(form: Questionnaire, path: str) -> frozenset[str]:
    """Return the words of a question and of its unit, folded."""
    question = form.question(path)
    label = plain_words(form.words(question.labels, "vi"))
    # "In the last 30 days" makes no days of a number that is said.
    named = (word for word in fold(label).split() if COUNTS_ELSE.at(tokens_of(word), 0) is None)
    return frozenset((*named, *fold(unit_of(form, question, "vi")).split()))


def tells_only_figure(text: str, own: Collection[str]) -> bool:
    """Whether nothing in `text` tells more than a number does."""
    tokens = without_marks(tokens_of(clean(one_spelling(text))))
    left = (tokens[place] for place, phrase in walk(tokens, *AROUND) if not phrase)
    return all(token.kind == "number" or fold(token.text) in own for token in left)


def repeats(text: str, own: Collection[str]) -> bool:
    """Whether a number in `text` is said alone or with its unit, and is neither asked about nor called wrong; True for
    words without a number."""
    if not says_number(tokens_of(clean(text))):
        return True
    said = said_of_figure(text)
    return (
        tells_only_figure(text, own)
        and not ends_as_question(text)
        and ("wrong" not in said or "instead" in said)
    )


def in_figures(text: str, own: Collection[str]) -> str:
    """Return `text` with number words in figures, also those without diacritics before a word of the question: "ba ho"."""
    tokens, said, place = tokens_of(clean(one_spelling(numbers_in_figures(text)))), list[str](), 0
    while place < len(tokens):
        number = number_in_words(tokens, place)
        counts = number is not None and number[1] < len(tokens) and fold(tokens[number[1]].text) in own
        said.append(str(number[0]) if number and counts else tokens[place].text)
        place = number[1] if number and counts else place + 1
    return " ".join(said)


def said_of_figure(text: str) -> set[str]:
    """What `text` says of a figure, each as it is named in the list of words."""
    tokens = tokens_of(clean(one_spelling(text)))
    return {phrase[0] for _, phrase in walk(tokens, SAID) if phrase}


def numbers_of(text: str) -> set[str]:
    """The numbers in `text` as they are stored, thousands without their points: "1.250" is 1250, but "3.5" is 3.5."""
    if says_minus(text):
        return set()
    said = NUMBER.findall(numbers_in_figures(clean(one_spelling(without_dates(text)))))
    return {THOUSANDS.sub("", number).replace(",", ".") for number in said}
