"""An officer's words about what was returned to villages: "rút lại số vừa trả", "số nào đang trả lại".

Words alone take nothing back: the returned figures that wait are shown, each with the button for it.
"""

from collections.abc import Sequence
from typing import Final

from figures import access
from figures.awaiting import Awaiting, awaiting
from handlers.menu import named
from handlers.messages import Choice, column
from handlers.officers.check_named import of_place
from handlers.screens.checking import ShowAwaiting, open_button, withdraw
from handlers.turn import Turn
from handlers.vocabulary import RETURNED_ASKED, WITHDRAWING
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of, without_marks
from storage.tables import FigureReturn

LONGEST: Final = 100
"""The most letters of such a wish."""
MOST: Final = 6
"""How many figures, and how many reports, are listed."""


async def wanted(turn: Turn, text: str) -> bool:
    """Show the returned figures that nobody has answered, those returned last first; False for other words."""
    tokens = tokens_of(clean(text)) if len(text) <= LONGEST and access.is_officer(turn.view) else []
    asks = RETURNED_ASKED.whole(without_marks(tokens)) is not None
    if not asks and WITHDRAWING.at(tokens, 0) is None:
        return False
    rows = await returned_rows(turn, text)
    key = "check.returned_waiting" if asks else "check.withdraw_which"
    ways = reports_of(turn, rows) if asks else ways_back(turn, rows)
    back_to = named(turn.view, "check.button.list", ShowAwaiting())
    said = turn.say(key if rows else "check.withdraw_none", n=len(rows))
    turn.reply(said, choices=column(*ways, back_to))
    return True


async def returned_rows(turn: Turn, text: str) -> list[tuple[Awaiting, FigureReturn]]:
    """Return the returned figures of the place that `text` names, otherwise all, those returned last first."""
    items = [item for item in await awaiting(turn.view) if item.returned]
    rows = [(item, row) for item in of_place(items, f" {fold(text)} ") or items for row in item.returned]
    return sorted(rows, key=lambda one: one[1].asked_at, reverse=True)


def ways_back(turn: Turn, rows: Sequence[tuple[Awaiting, FigureReturn]]) -> list[Choice]:
    """Return the buttons that take back each of some figures; of several reports, those that open them."""
    reports = {item.report.id: item for item, _ in rows}
    if len(reports) == 1:  # its title is not on the button
        return [withdraw(turn.view, item, row) for item, row in rows[:MOST]]
    return reports_of(turn, rows)


def reports_of(turn: Turn, rows: Sequence[tuple[Awaiting, FigureReturn]]) -> list[Choice]:
    """Return the buttons that open the reports of some figures."""
    reports = {item.report.id: item for item, _ in rows}
    return [open_button(turn.view, item) for item in [*reports.values()][:MOST]]
