"""Somebody who is told something: their view of the figures, in words that fit them.

Code that only composes a message takes a viewer and returns a `Reply`. So a letter that nobody asked for, a command
and an answer in a chat are written by the same code, and none of them has to pretend that somebody spoke.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from figures.view import View
from handlers.library import Library
from handlers.wording import Wording, wording
from storage.tables import Role, RoleName


def is_officer(roles: Sequence[Role]) -> bool:
    """Whether somebody has roles, none of them a village head's: they are spoken to as an officer."""
    return bool(roles) and RoleName.VILLAGE_HEAD not in [role.role for role in roles]


@dataclass(frozen=True)
class Viewer(View):
    """A view, with the language and the form of address in which its holder is spoken to."""

    library: Library

    @cached_property
    def officer(self) -> bool:
        return is_officer(self.roles)

    @cached_property
    def say(self) -> Wording:
        return wording(self.locale, self.officer)

    @property
    def quiet_until(self) -> datetime | None:
        """Return when unasked messages may be sent, if not now."""
        return self.library.quiet.over(self.now)
