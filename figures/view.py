"""Who looks, and when: everything a figure depends on besides what is stored.

Messages, letters, commands and tests all make a view. Functions of this room take a view, and never what was said or
where the answer goes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from figures.knowledge import Knowledge
from plans.plans import Plans
from storage.session import Session
from storage.tables import Role


@dataclass(frozen=True)
class View:
    """Lives for one transaction. `now` is aware, in the places' time zone; `locale` is the language of names."""

    session: Session
    library: Knowledge
    roles: tuple[Role, ...]
    """Those held today, the earliest first; they decide what may be seen."""
    now: datetime
    locale: str = "vi"

    @cached_property
    def today(self) -> date:
        return self.now.date()

    @property
    def zone(self) -> ZoneInfo:
        return self.library.zone

    @property
    def plans(self) -> Plans:
        return self.library.plans
