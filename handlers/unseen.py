"""Leaves out the buttons that lead to nothing where only text is shown: to a picture, or to a file without a link."""

from collections.abc import Collection
from dataclasses import replace

from handlers.buttons import Leads
from handlers.messages import Reply, Rows
from handlers.tables import PRESSES


def without(reply: Reply, unseen: Collection[Leads]) -> Reply:
    """Return `reply` without the buttons that lead to what cannot be seen."""
    return replace(reply, choices=kept(reply.choices, unseen), actions=kept(reply.actions, unseen))


def kept(rows: Rows, unseen: Collection[Leads]) -> Rows:
    """Return the rows of buttons that lead to something, without those that are empty then."""
    left = (tuple(choice for choice in row if leads_to(choice.data) not in unseen) for row in rows)
    return tuple(filter(None, left))


def leads_to(data: str) -> Leads:
    """Return what the button with this text leads to."""
    pressed = PRESSES.read(data)
    return pressed.leads_to if pressed else Leads.WORDS
