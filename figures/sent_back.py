"""Figures that an officer returned and that nobody has answered: those that can still be mended, and those whose last day
for that is over."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from figures import access, due
from figures.view import View
from questionnaires.questionnaire import Questionnaire
from storage import returns
from storage.tables import FigureReturn, Place, Submission


@dataclass(frozen=True, slots=True)
class SentBack:
    """A report with its returned figures."""

    place: Place
    form: Questionnaire
    report: Submission
    returned: Sequence[FigureReturn]
    until: date
    """The last day on which these may be mended."""


async def waiting(view: View) -> list[SentBack]:
    """Return what was returned to the places that this person answers for, the longest waiting first; also what can no
    longer be mended, for it can still be said to be right."""
    return await unanswered(view, {role.place_id for role in access.holds(view, *due.REPORTING)})


async def unanswered(view: View, places: Collection[int]) -> list[SentBack]:
    """Return what was returned to some places and not answered, the longest waiting first; nothing that is locked."""
    by_report: dict[int, tuple[Submission, list[FigureReturn]]] = {}
    for report, row in await returns.waiting_at(view.session, places):
        by_report.setdefault(report.id, (report, []))[1].append(row)
    known = [await with_place(view, *one) for one in by_report.values()]
    return [one for one in known if one is not None]


async def with_place(view: View, report: Submission, rows: Sequence[FigureReturn]) -> SentBack | None:
    """Return a report with its place, questionnaire and last day; None if it is locked."""
    place = await view.session.places.get(report.place_id)
    period = due.period_of_key(report.period)
    if place is None or report.locked_at is not None:
        return None
    days = await due.days_held(view, place, report.form_name, period)
    # A returned figure may be mended some days longer than the others.
    until = await due.corrected_until(view, place, report.form_name, period, days, returned=True)
    return SentBack(place, await view.library.form(view.session, report.form_id), report, rows, until)
