"""A figure said of another period than the questionnaire's: "tháng 10 nước thiếu 5 hộ" in November's.

It is not noted: the bot says so, and a button shows the report of that period, where it may be corrected.
"""

from typing import Final

from handlers.interviewing import between
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.slipped import is_slip
from handlers.messages import Choice, clip, column
from handlers.named_period import named_period, without_period
from handlers.navigation import ShowReport
from handlers.vocabulary import COMPARED
from plans.period import Period
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import tokens_of
from questionnaires.numbers_said import NUMBER, numbers_in_figures
from questionnaires.questionnaire import NUMBER_TYPES
from storage import submissions

BACK: Final = 12
"""How many periods back one is looked for."""
CORRECTS: Final = frozenset(("sửa", "sua", "chữa"))
LEADS_OVER: Final = frozenset(("tu", "thanh", "sang"))
"""Between a wrong figure and the right one, without diacritics."""


def said_in(sitting: Sitting, text: str) -> Period | None:
    """The earlier period of which `text` tells a figure, where the questionnaire is of another one; None for none.

    What compares both periods tells a figure of this one, and other questions than for numbers may ask for a time.
    """
    said = named_period(text, sitting.turn.today)
    if said is None or said.may_be(sitting.period) or not takes_figures(sitting):
        return None
    figures = NUMBER.search(numbers_in_figures(without_period(text)))
    if figures is None or compares(text) or is_reason(sitting, text):
        return None
    period = sitting.period
    for _ in range(BACK):
        period = period.previous()
        if said.names(period):
            return period
    return None


def compares(text: str) -> bool:
    """Whether `text` holds one period against another. Between the wrong figure and the right one "từ … thành" compares
    nothing: "tháng 10 sửa lại 108 thành 105"."""
    tokens = tokens_of(clean(text))
    if any(token.text in CORRECTS for token in tokens):
        tokens = [token for token in tokens if bare(token.text) not in LEADS_OVER]
    return COMPARED.stands_in(tokens)


def is_reason(sitting: Sitting, text: str) -> bool:
    """Whether a figure is doubted here, and `text` calls that of the other period a slip: so this one may be right."""
    return sitting.notes.at == "d" and is_slip(text)


def takes_figures(sitting: Sitting) -> bool:
    """Whether a figure may be said here: at a question for a number, at what waits for a yes, at the review."""
    if sitting.notes.at:
        return sitting.notes.at in ("m", "u", "d")
    return sitting.position is None or sitting.asks(*NUMBER_TYPES)


async def tell(sitting: Sitting, text: str, period: Period) -> None:
    """Say that a figure of `period` is not noted, repeat what is asked here, and lead to the report of that period."""
    turn, row, lang = sitting.turn, sitting.row, sitting.context.lang
    facts = {
        "text": clip(text.strip(), between.SHOWN),
        "said": period.label(lang),
        "here": sitting.period.label(lang),
    }
    await between.look_again(sitting, turn.say("interview.other_period", **facts))
    report = await submissions.submission_of(turn.session, row.place_id, row.form_name, period.key)
    if report is not None and report.id is not None:
        label = turn.say("interview.button.other_period", said=period.label(lang)).unescape()
        turn.add_below(actions=column(Choice(label, str(ShowReport(report.id)))))


async def is_meant(sitting: Sitting, text: str) -> bool:
    """Whether `text` is of another period than the questionnaire; if so, tell it."""
    other = said_in(sitting, text)
    if other:
        await tell(sitting, text, other)
    return bool(other)
