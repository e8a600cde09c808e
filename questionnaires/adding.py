"""Whether the answers to a question add up: households do, the weights of two children do not."""

from typing import Final

from questionnaires.answers import NUMERIC, AnswerKind
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of
from questionnaires.questionnaire import Question, Questionnaire, QuestionType, plain_words
from questionnaires.showing import unit_of

APART: Final = Words.read(FOLDER / "khong-cong.toml")
UNITS: Final = APART.flags("units")
HEADS: Final = APART.flags("heads")
SAID: Final = APART.flags("said")


def adds_up(form: Questionnaire, question: Question) -> bool:
    """Whether the sum of a number's answers says something; of others a mean and a range do.

    A percentage, a price for a kilogram, an income for a person, a height, a year and a rating do not add up.
    """
    if (
        question.kind not in NUMERIC
        or question.kind is AnswerKind.RATE
        or question.type is QuestionType.RANGE
    ):
        return False
    unit = unit_of(form, question, "vi")
    if "%" in unit or "/" in unit or UNITS.whole(tokens_of(clean(unit))):
        return False
    words = tokens_of(clean(plain_words(form.words(question.labels, form.default_language))))
    return HEADS.at(words, 0) is None and not SAID.stands_in(words)
