"""An officer's words that ask to check or send back what one village sent: "kiểm tra Nà Hin", "trả lại số nước Nà Hin".

Words alone approve and return nothing: its reports that wait are shown.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from figures import access
from figures.awaiting import Awaiting, awaiting
from figures.due import period_of_key
from handlers.messages import column
from handlers.named_form import first_word
from handlers.named_period import named_period, without_period
from handlers.officers import checking
from handlers.screens.checking import open_button
from handlers.turn import Turn
from handlers.vocabulary import CHECKING, CHECKING_OF
from handlers.wording import first_upper
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import Table, Token, tokens_of, walk
from storage import places

MOST: Final = 20
"""How many of its reports are listed; a village has about as many questionnaires."""
LONGEST: Final = 100
"""The most letters of such words."""
WHY: Final = re.compile(
    r"[\s,]+(?:(?:vì|vi|do)\b|(?:câu|cau)\s+\d|(?:sai|nhầm|nham|chưa đúng|chua dung|không đúng|khong dung)\b).*$",
    re.IGNORECASE,
)
"""What is wrong, behind what is to be sent back: "trả lại phiếu nước Nà Hin, câu 2 sai"."""


async def wanted(turn: Turn, text: str) -> bool:
    """Show the reports of the village that `text` wants checked, or the one that it names; False for other words."""
    tokens = tokens_of(clean(text[:LONGEST]))
    verb = CHECKING.at(tokens, 0) if access.checks(turn.view) else None
    if verb is None:
        return False
    said = f" {fold(text[:LONGEST])} "
    here = of_place(await awaiting(turn.view), said)
    of_forms = of_form(here, said) or here
    named = of_period(of_forms, text, turn.today) or of_forms
    if not named or says_more(without_period(WHY.sub("", text)), named, CHECKING):
        return False
    if len(named) == 1:
        await checking.show_report(turn, named[0])
    else:
        place = first_upper(places.own_name(named[0].place))
        buttons = [open_button(turn.view, item) for item in named[:MOST]]
        turn.reply(turn.say("check.of_place", place=place, n=len(named)), choices=column(*buttons))
    return True


def longest_named(items: Sequence[Awaiting]) -> list[Awaiting]:
    """Those of the villages with the longest name: "Nà Lốc Trên" names no Nà Lốc."""
    most = max((len(item.place.name) for item in items), default=0)
    return [item for item in items if len(item.place.name) == most]


def of_place(items: Sequence[Awaiting], said: str) -> list[Awaiting]:
    """Return the reports whose place the folded words name."""
    return longest_named([item for item in items if places.is_named_in(item.place, said)])


def of_form(items: Sequence[Awaiting], said: str) -> list[Awaiting]:
    """Return the reports whose questionnaire the folded words name."""
    return [item for item in items if f" {first_word(item.form)} " in said]


def of_period(items: Sequence[Awaiting], text: str, today: date) -> list[Awaiting]:
    """Return the reports of the period that `text` names; none if it names none."""
    period = named_period(text, today)
    return [item for item in items if period and period.names(period_of_key(item.report.period))]


def says_more(text: str, named: Sequence[Awaiting], wish: Table[Any]) -> bool:
    """Whether other words stand beside the wish, the village and the questionnaire: then a figure may be asked for."""
    known = {word for item in named[:1] for word in fold(places.own_name(item.place)).split()}
    known.update(*(fold(item.form.title("vi")).split() for item in named))
    return any(word and word not in known for word in beside_wish(tokens_of(clean(text[:LONGEST])), wish))


def beside_wish(tokens: Sequence[Token], wish: Table[Any]) -> list[str]:
    """Return the words, folded, that stand beside those that wish to check, or to undo that."""
    pieces = walk(tokens, wish, CHECKING_OF)
    return [fold(tokens[place].text) for place, phrase in pieces if phrase is None]
