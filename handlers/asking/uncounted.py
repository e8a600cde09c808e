"""Questionnaires that no indicator counts, such as one that an officer sends around: found by what they ask."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final

from handlers import menu
from handlers.messages import Reply, column
from handlers.navigation import Command
from handlers.viewer import Viewer
from questionnaires.answers.text import fold
from questionnaires.questionnaire import Questionnaire, plain_words

COMMON: Final = frozenset(
    fold("bao nhiêu có không là của ở tại trong năm tháng quý tuần ngày này nào hộ người").split()
    + fold("số liệu phiếu thôn xã tỉnh huyện").split()
)
"""Words, folded, that stand in every question and every questionnaire."""


async def form_asking(viewer: Viewer, words: str) -> Questionnaire | None:
    """The questionnaire outside the schedule that asks for what these words are about; None where there is none."""
    asked = set(pairs_of(words))
    for _, form in (await viewer.library.active_forms(viewer.session)).values():
        if is_uncounted(viewer, form) and asked & set(pairs_within(form, viewer.locale)):
            return form
    return None


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
    """Words that follow each other, folded, where both say something."""
    return (pair for pair in pairwise(fold(words).split()) if COMMON.isdisjoint(pair))
