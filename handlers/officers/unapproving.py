"""An officer's words that want an approval undone: "bỏ duyệt", "duyệt nhầm rồi", "huỷ duyệt nước Khuổi Lặng".

Words alone undo nothing: what is approved and not locked is shown, with the buttons that undo.
"""

from collections.abc import Sequence
from datetime import UTC
from typing import Final

from figures import access
from figures.awaiting import Awaiting, approved
from handlers.buttons import choice
from handlers.menu import named
from handlers.messages import Choice, column
from handlers.named_period import without_period
from handlers.officers.check_named import LONGEST, of_form, of_period, of_place, says_more
from handlers.screens.checking import ShowAwaiting, UndoApproving, open_button
from handlers.turn import Turn
from handlers.vocabulary import UNAPPROVING
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import Token, tokens_of

MOST: Final = 8
"""How many reports are listed."""


async def wanted(turn: Turn, text: str) -> bool:
    """Show what `text` wants no longer approved: what it names, or what was approved last; False for other words."""
    tokens = tokens_of(clean(text[:LONGEST]))
    verb = UNAPPROVING.at(tokens, 0)
    if verb is None or not access.checks(turn.view):
        return False
    done = await approved(turn.view)
    shown = named_among(done, text)
    shown = of_period(shown, text, turn.today) or shown
    if done and not shown and names_unknown(text, tokens[verb[1] :], done):
        return False
    await show(turn, done, shown)
    return True


def names_unknown(text: str, behind: Sequence[Token], done: Sequence[Awaiting]) -> bool:
    """Whether the words `behind` the verb say more than what was approved last."""
    return bool(behind) and says_more(without_period(text), done[:1], UNAPPROVING)


def named_among(done: Sequence[Awaiting], text: str) -> Sequence[Awaiting]:
    """Return the approved reports whose place, or questionnaire, the words name."""
    said = f" {fold(text[:LONGEST])} "
    here = of_place(done, said)
    return of_form(here or done, said) or here


async def show(turn: Turn, done: Sequence[Awaiting], shown: Sequence[Awaiting]) -> None:
    """Show the reports that were named, else those approved last, and the way to undo the last approval at once."""
    listed = [open_button(turn.view, item) for item in (shown or done)[:MOST]]
    back = named(turn.view, "check.button.list", ShowAwaiting())
    key = "check.unapprove" if done else "check.unapprove_none"
    undo = [] if shown else last_of(turn, done)
    turn.reply(turn.say(key, n=len(shown or done)), choices=column(*undo, *listed, back))


def last_of(turn: Turn, done: Sequence[Awaiting]) -> list[Choice]:
    """Return the button that undoes what this officer approved last, all at once."""
    mine = [item.report for item in done if item.report.approved_by == turn.contact.person_id]
    at = mine[0].approved_at if mine else None
    if at is None:
        return []
    n = sum(report.approved_at == at for report in mine)
    label = turn.say("check.button.undo_last", n=n, at=at.astimezone(turn.zone))
    return [choice(label, UndoApproving(int(at.astimezone(UTC).timestamp())))]
