"""An officer's words that want a locked period open again: "nhờ mở lại nước tháng 9", "xin mở khoá kỳ nước".

Words alone open nothing: the locked periods that they name are shown, each with the button that asks why.
"""

from collections.abc import Sequence
from typing import Final

from figures import access, handing_up
from figures.due import period_of_key
from handlers.named_period import named_period
from handlers.screens import locking as screen
from handlers.turn import Turn
from handlers.vocabulary import OF_PERIODS, REOPENING
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from storage.tables import PeriodLock

LONGEST: Final = 120
"""The most letters of such a wish."""


async def wanted(turn: Turn, text: str) -> bool:
    """Show the locked periods that `text` names, to be opened or asked for; False for other words."""
    tokens = tokens_of(clean(text[:LONGEST]).rstrip(" .?"))
    verb = REOPENING.at(tokens, 0) if access.is_officer(turn.view) else None
    if verb is None or len(text) > LONGEST:
        return False
    held = await handing_up.locked_for(turn.view)
    named = await named_in(turn, text, held)
    if not (named or named_period(text, turn.today) or OF_PERIODS.first_in(tokens) or len(tokens) == verb[1]):
        return False
    key = "which_to_open" if named else "not_that" if named_period(text, turn.today) else "mine"
    turn.send(await screen.locked_page(turn.view, named or held, key))
    return True


async def named_in(turn: Turn, text: str, held: Sequence[PeriodLock]) -> list[PeriodLock]:
    """Return the locks whose questionnaire, by the first word of its title, and period the words name."""
    period, said = named_period(text, turn.today), f" {fold(text)} "
    active = await turn.library.active_forms(turn.session)
    words = {name: fold(form.title("vi")).split()[0] for name, (_, form) in active.items()}
    fit = [lock for lock in held if period is None or period.names(period_of_key(lock.period))]
    of_form = [lock for lock in fit if f" {words.get(lock.form_name, lock.form_name)} " in said]
    return of_form or (fit if period is not None else [])
