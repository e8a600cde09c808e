"""Questionnaires that no indicator counts, such as one that an officer sends around: found by what they ask."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from handlers import menu
from handlers.messages import Reply, column
from handlers.navigation import Command
from handlers.viewer import Viewer
from queries.vocabulary import words_around
from questionnaires.answers.text import fold
from questionnaires.questionnaire import Questionnaire, plain_words

COMMON: Final = frozenset(
    fold("bao nhiêu có không là của ở tại trong năm tháng quý tuần ngày này nào hộ người").split()
    + fold("số liệu phiếu thôn xã tỉnh huyện").split()
)
"""Words, folded, that stand in every question and every questionnaire."""
FEWEST: Final = 2
"""So many words that say something must be those of a question of the questionnaire."""
RUN: Final = 3
"""Words of courtesy alone ("đang cần gì") must follow each other as in the question, at least so many."""


async def form_asking(viewer: Viewer, words: str) -> Questionnaire | None:
    """The questionnaire outside the schedule that asks for what these words are about; None where there is none."""
    asked = set(pairs_of(words))
    for _, form in (await viewer.library.active_forms(viewer.session)).values():
        if is_uncounted(viewer, form) and asked & set(pairs_within(form, viewer.locale)):
            return form
    return None


def asks_for(viewer: Viewer, form: Questionnaire, words: str) -> bool:
    """Whether a questionnaire asks in one of its questions for all that these words are about."""
    said, title = fold(words).split(), fold(form.title(viewer.locale)).split()
    questions = (plain_words(form.words(one.labels, viewer.locale)) for one in form.asked)
    return any(is_said_in(said, fold(question).split(), title) for question in questions)


def is_said_in(said: list[str], question: list[str], title: list[str]) -> bool:
    """Whether what is said is all in a question, or its questionnaire's title, and says enough to know it by."""
    telling = {word for word in said if word not in COMMON and not word.isdigit()}
    theirs = telling.intersection(question)
    if len(theirs) < FEWEST or telling - words_around() - {*question, *title}:
        return False
    return bool(theirs - words_around()) or follow_each_other(said, question)


def follow_each_other(said: list[str], question: list[str]) -> bool:
    """Whether some words follow each other in both."""
    runs = {tuple(question[place : place + RUN]) for place in range(len(question) - RUN + 1)}
    return any(tuple(said[place : place + RUN]) in runs for place in range(len(said) - RUN + 1))


def not_sent(viewer: Viewer, form: Questionnaire) -> Reply:
    """That a questionnaire asks for it, but was sent to no village here, with the way to send it."""
    text = viewer.say("asking.uncounted", form=form.title(viewer.locale))
    return Reply(text, column(menu.named(viewer, "asking.button.sent_forms", Command("thongbao"))))


def is_uncounted(viewer: Viewer, form: Questionnaire) -> bool:
    """Whether a questionnaire is in nobody's schedule, and no indicator takes one of its questions."""
    plans = viewer.plans
    scheduled = any(entry.form == form.name for entry in plans.entries)
    return not scheduled and all(
        form.question_names.isdisjoint(one.questions) for one in plans.indicators.values()
    )


def pairs_within(form: Questionnaire, lang: str) -> Iterator[tuple[str, str]]:
    """The pairs of words in a questionnaire's title and questions."""
    yield from pairs_of(form.title(lang))
    for question in form.asked:
        yield from pairs_of(plain_words(form.words(question.labels, lang)))


def pairs_of(words: str) -> Iterable[tuple[str, str]]:
    """Words that follow each other, folded, where both say something and are not courtesy alone ("gì nhất")."""
    around = words_around()
    pairs = pairwise(fold(words).split())
    return (pair for pair in pairs if COMMON.isdisjoint(pair) and not around.issuperset(pair))
