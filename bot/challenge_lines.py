"""Which answers of a questionnaire are queried, and in which words, for those who check a form."""

import re
from collections.abc import Sequence
from typing import Final

from bot.teller import Teller
from figures.evidence import is_counted
from plans.challenge_rules import Bounds
from plans.challenges import applied
from plans.plans import Plans
from questionnaires.questionnaire import Questionnaire
from questionnaires.showing import number

NAME: Final = re.compile(r"\{\w+\}")
BLANK: Final = "…"
"""Stands for a number in a rule's sentence."""


def challenges_json(plans: Plans, form: Questionnaire, lang: str) -> list[dict[str, object]]:
    """Each rule that applies, with its questions and its words, as JSON values."""
    rules = plans.challenges
    names = applied(rules, [question.name for question in form.questions if is_counted(question)])
    return [
        {"rule": rule, "questions": list(those), "words": rules.words(rule, lang)}
        for rule, those in names.items()
    ]


def challenge_lines(plans: Plans, form: Questionnaire, lang: str) -> list[str]:
    """Return the same as lines to read; none if no answer is checked."""
    say, rules = Teller(lang), plans.challenges
    numbers = {question.name: at for at, question in enumerate((q for q in form.questions if q.asks), 1)}
    names = applied(rules, [question.name for question in form.questions if is_counted(question)])
    lines = []
    for rule, those in names.items():
        words = NAME.sub(BLANK, rules.words(rule, lang))
        lines.append(say("forms.check.asked_back_line", numbers=listed(numbers, those), words=words))
    if not lines:
        return []
    stock, flow = (bounds(say, lang, one) for one in (rules.history.stock, rules.history.flow))
    head = say("forms.check.asked_back", stock=stock, flow=flow, n=rules.history.enough)
    return ["", head, *lines]


def listed(numbers: dict[str, int], names: Sequence[str]) -> str:
    """The numbers of questions: "1, 2, 5"."""
    return ", ".join(str(numbers[name]) for name in names)


def bounds(say: Teller, lang: str, one: Bounds) -> str:
    """How far an answer may lie from the one before, in words."""
    return say("forms.check.bounds", ratio=number(one.ratio, lang), least=number(one.least, lang))
