"""An officer's words that want a locked period open again: "nhờ mở lại nước tháng 9", "xin mở khoá kỳ nước".

Words alone open nothing: the locked periods that they name are shown, each with the button that asks why.
"""

from collections.abc import Sequence
from typing import Final

from figures import access, handing_up
from figures.due import period_of_key
from handlers.named_form import first_word
from handlers.named_period import NamedPeriod, named_period
from handlers.screens import locking as screen
from handlers.turn import Turn
from handlers.vocabulary import OF_PERIODS, REOPENING
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import Token, tokens_of
from storage.tables import PeriodLock

LONGEST: Final = 120
"""The most letters of such a wish."""


async def wanted(turn: Turn, text: str) -> bool:
    """Show the locked periods that `text` names, to be opened or asked for; False for other words."""
    tokens = tokens_of(clean(text[:LONGEST]).rstrip(" .?"))
    verb = REOPENING.at(tokens, 0)
    if verb is None or len(text) > LONGEST or not access.is_officer(turn.view):
        return False
    held = await handing_up.locked_for(turn.view)
    named = await named_in(turn, text, held)
    key = key_above(turn, text, named, tokens, verb[1])
    if not key:
        return False
    turn.send(await screen.locked_page(turn.view, named or held, key))
    return True


def key_above(
    turn: Turn, text: str, named: Sequence[PeriodLock], tokens: Sequence[Token], verb_end: int
) -> str:
    """Return the last part of the key that stands above the locked periods: those `named`, or all if another period is
    named, or nothing behind the verb, or a period without saying which; "" for other words."""
    if named:
        return "which_to_open"
    if named_period(text, turn.today):
        return "not_that"
    return "mine" if OF_PERIODS.first_in(tokens) or len(tokens) == verb_end else ""


async def named_in(turn: Turn, text: str, held: Sequence[PeriodLock]) -> list[PeriodLock]:
    """Return the locks whose questionnaire, by the first word of its title, and period the words name."""
    period, said = named_period(text, turn.today), f" {fold(text)} "
    words = await first_words(turn)
    fit = list(held) if period is None else of_period(held, period)
    of_form = [lock for lock in fit if f" {words.get(lock.form_name, lock.form_name)} " in said]
    return of_form if of_form or period is None else fit


def of_period(held: Sequence[PeriodLock], period: NamedPeriod) -> list[PeriodLock]:
    """Return the locks of the period that was named."""
    return [lock for lock in held if period.names(period_of_key(lock.period))]


async def first_words(turn: Turn) -> dict[str, str]:
    """Return the folded first word of the title of each questionnaire in use."""
    active = await turn.library.active_forms(turn.session)
    return {name: first_word(form) for name, (_, form) in active.items()}
