"""What stands before choices where they are typed: numbers or, where a number means something else, letters.

A number chooses the row that it stands before, and nothing else. So beside other numbered rows, and while a number is the
answer itself, choices have letters. One rule for all screens, applied as a reply is posted.
"""

import re
from dataclasses import replace
from html import unescape
from typing import Final

from handlers import emergency
from handlers.called import is_beside
from handlers.messages import Reply
from handlers.tables import DIALOGUES, LISTING, OF_ALARMS
from handlers.turn import Turn
from handlers.typed import wants_number
from storage.tables import InterviewRow

ROW: Final = re.compile(r"^(?:<\w+>)*(\d{1,3})[.)] (.*)$", re.M)
"""A row that has a number of its own: the number, and what follows."""
TAG: Final = re.compile("<[^>]*>")
A_NUMBER: Final = "1"
"""Stands for any number that may be typed next."""


async def marked(turn: Turn, reply: Reply) -> Reply:
    """Return a reply to the turn's own contact with letters before its choices, if numbers would mean something else."""
    if has_other_rows(reply) or await takes_number(turn):
        return replace(reply, lettered=True)
    return reply


def has_other_rows(reply: Reply) -> bool:
    """Whether a row of the text has a number that another choice than the one it names would have.

    A list of units may stand above the choices that lead to these very units.
    """
    labels = [choice.label for row in reply.choices for choice in row]
    rows = [(int(number), unescape(TAG.sub("", row))) for number, row in ROW.findall(reply.text)]
    return not all(0 < n <= len(labels) and row.startswith(labels[n - 1]) for n, row in rows)


async def takes_number(turn: Turn) -> bool:
    """Whether a bare number that comes next is an answer, and chooses nothing."""
    wanted = turn.screen.expects
    if isinstance(wanted, OF_ALARMS):
        return await emergency.wants_number(turn)
    if wanted is not None and type(wanted) in DIALOGUES and not is_beside(turn, A_NUMBER, wanted):
        return not isinstance(wanted, LISTING)
    number = turn.contact.interview_id
    return number is not None and await wants_number(turn, await turn.session.get(InterviewRow, number))
