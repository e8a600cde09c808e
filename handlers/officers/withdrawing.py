"""An officer's words that take back what was returned to a village: "rút lại số vừa trả".

Words alone take nothing back: the returned figures that wait are shown, each with the button for it.
"""

from typing import Final

from figures import access
from figures.awaiting import awaiting
from handlers.menu import named
from handlers.messages import column
from handlers.screens.checking import ShowAwaiting, open_button, withdraw
from handlers.turn import Turn
from handlers.vocabulary import WITHDRAWING
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from storage import places

LONGEST: Final = 100
"""The most letters of such a wish."""
MOST: Final = 6
"""How many figures, and how many reports, are listed."""


async def wanted(turn: Turn, text: str) -> bool:
    """Show the returned figures that nobody has answered, those returned last first; False for other words."""
    tokens = tokens_of(clean(text[:LONGEST]))
    if len(text) > LONGEST or not access.is_officer(turn.view) or WITHDRAWING.at(tokens, 0) is None:
        return False
    back = [item for item in await awaiting(turn.view) if item.returned]
    said = f" {fold(text)} "
    back = [item for item in back if places.is_named_in(item.place, said)] or back
    rows = [(item, row) for item in back for row in item.returned]
    rows.sort(key=lambda one: one[1].asked_at, reverse=True)
    reports = list({item.report.id: item for item, _ in rows}.values())
    if len(reports) == 1:  # its title is not on the button
        ways = [withdraw(turn.view, item, row) for item, row in rows[:MOST]]
    else:
        ways = [open_button(turn.view, item) for item in reports[:MOST]]
    key = "check.withdraw_which" if rows else "check.withdraw_none"
    back_to = named(turn.view, "check.button.list", ShowAwaiting())
    turn.reply(turn.say(key, n=len(rows)), choices=column(*ways, back_to))
    return True
