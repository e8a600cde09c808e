"""Phiếu đột xuất: a questionnaire that no schedule asks, sent out by an officer; `due` lists it with the others.

It counts for a month: the one in which it is asked, or the next if little of that is left and its own deadline is not
within it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from figures.coverage import villages
from handlers.buttons import choice
from handlers.messages import Choice
from handlers.navigation import BeginReport
from handlers.turn import Turn
from handlers.wording import Wording
from plans.period import Period, PeriodKind, from_key, period_of
from questionnaires.questionnaire import Questionnaire
from storage import announcements
from storage.tables import Announcement, Place

LEAST: Final = timedelta(days=7)
"""With less of the month left than this, a questionnaire is asked for the next one."""
NAMED: Final = 8
"""The most villages that are named, and the most buttons under one message."""


@dataclass(frozen=True)
class Begin:
    """The button with which a village head begins; `place`: its name where the chat has several villages."""

    place: str
    begin: BeginReport

    def button(self, say: Wording) -> Choice:
        text = say("announce.button.begin").unescape()
        return choice(f"{text} – {self.place}" if self.place else text, self.begin)


async def forms(turn: Turn) -> Mapping[str, Questionnaire]:
    """The questionnaires in use that no schedule asks, by name."""
    active = await turn.library.active_forms(turn.session)
    scheduled = {entry.form for entry in turn.library.plans.entries}
    return {name: form for name, (_, form) in active.items() if name not in scheduled}


def period(today: date, until: datetime | None = None) -> Period:
    """Return the month for which a questionnaire is asked on a day; `until`: its own deadline, in local time."""
    own = period_of(PeriodKind.MONTH, today)
    within = until is not None and until.date() <= own.end
    return own if within else period_of(PeriodKind.MONTH, today + LEAST)


async def buttons(turn: Turn, row: Announcement, place: Place) -> dict[int, tuple[Begin, ...]]:
    """Return the buttons of each chat, if the announcement asks a questionnaire."""
    if not row.form_name:
        return {}
    form_id, _ = (await turn.library.active_forms(turn.session))[row.form_name]
    under = {village.id: village for village in await villages(turn.view, place)}
    by_chat = await announcements.villages_by_chat(turn.session, under)
    asked = from_key(row.period)
    return {
        contact: tuple(
            Begin(under[number].name if len(ids) > 1 else "", BeginReport(number, form_id, asked))
            for number in ids[:NAMED]
        )
        for contact, ids in by_chat.items()
    }
