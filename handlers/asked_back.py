"""Why an answer is doubtful, in words: the sentence of the plans' rule, filled in for this question and this reader."""

import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures.due import period_of_key
from handlers.wording import first_upper
from plans.challenge_rules import Challenges
from plans.challenges import Challenge, Known
from questionnaires.answers.choices import without_courtesy
from questionnaires.answers.text import clean, visible
from questionnaires.answers.tokens import tokens_of
from questionnaires.answers.words import DONT_KNOW
from questionnaires.answers.yesno import agrees
from questionnaires.interview import show_value
from questionnaires.questionnaire import Questionnaire, plain_words
from storage.tables import ChallengeRow

RIGHT: Final = "right"
"""Kept as the reason if the answer was only said to be right."""
REASON: Final = 300
"""The most letters of a reason in words."""
LETTERS: Final = 2
"""The fewest letters of a reason: "ốm"."""


def in_own_words(text: str) -> str:
    """Return what somebody wrote, as they wrote it, on one line and without invisible characters."""
    printable = (letter if letter.isprintable() else " " for letter in visible(text))
    return unicodedata.normalize("NFC", " ".join("".join(printable).split()))


def sentence(
    rules: Challenges, lang: str, form: Questionnaire, path: str, value: str, challenge: Challenge
) -> Markup:
    """Return what the answer `value` at `path` was checked against: "Tháng 10/2026 là 109 hộ, nay 25 hộ."

    The `path` "" stands for the report as a whole.
    """
    of = path or path_of(form, challenge.question)
    shown: dict[str, object] = {name: number(lang, form, of, it) for name, it in challenge.numbers.items()}
    if path:
        shown["now"] = show_value(form, path, value, lang)
    if challenge.period:
        shown["period"] = period_of_key(challenge.period).label(lang)
    if challenge.known:
        shown |= facts_of(challenge.known, lang)
        shown["lines"] = "; ".join(line_of(form, name, known, lang) for name, known in challenge.lines)
    return first_upper(Markup(rules.words(challenge.rule, lang)).format(**shown))  # noqa: S704 - the rule's own words


def line_of(form: Questionnaire, name: str, known: Known, lang: str) -> str:
    """Return one of several questions of a report, with its number before: "«Dự án 7: …» 13.325 triệu đồng"."""
    part = in_language(known.labels, lang).rstrip(" ?:")
    return f"«{part}» {number(lang, form, path_of(form, name), known.number)}"


def path_of(form: Questionnaire, name: str) -> str:
    """Return where the question with this name stands; "" if there is none."""
    question = form.by_name.get(name)
    return question.path if question else ""


def number(lang: str, form: Questionnaire, path: str, value: Decimal) -> str:
    """A number with the unit of the question at `path`."""
    return show_value(form, path, format(value, "f"), lang) if path else format(value, "f")


def facts_of(known: Known, lang: str) -> dict[str, object]:
    """Return what a sentence says of another report."""
    return {
        "form": in_language(known.titles, lang),
        "period": period_of_key(known.period).label(lang),
        "part": in_language(known.labels, lang).rstrip(" ?:"),
    }


def in_language(texts: Mapping[str, str], lang: str) -> str:
    """Return a text in `lang`, else in Vietnamese, else in any language."""
    return texts.get(lang) or texts.get("vi") or next(iter(texts.values()), "")


def label(form: Questionnaire, path: str, lang: str) -> str:
    """Return the question at `path` without its question mark, after the row of a repeat that it is in."""
    words = plain_words(form.words(form.question(path).labels, lang)).rstrip(" ?:")
    return ": ".join(filter(None, [form.rows_named(path, lang), words]))


def reason_named(rules: Challenges, row: ChallengeRow, lang: str) -> str:
    """Return the reason that was given for an answer, in words; "" if none was."""
    if row.words:
        return row.words
    return next((one.named(lang) for one in rules.reason if one.id == row.reason), "")


def unfit(words: str) -> str:
    """Return the key of the sentence that says why a reason cannot be taken; "" if it can."""
    if len(words) > REASON:
        return "challenge.too_long"
    return "" if is_words(words) else "check.no_words"


def unfit_reason(words: str) -> str:
    """Return the same for a reason that an officer owes: "ok" is none."""
    return unfit(words) or ("check.no_words" if agrees(tokens_of(clean(words))) else "")


def is_words(text: str) -> bool:
    """Whether a text can be a reason; a number, a single letter, or that somebody does not know cannot."""
    return sum(map(str.isalpha, text)) >= LETTERS and not DONT_KNOW.whole(
        without_courtesy(tokens_of(clean(text)), ())
    )
