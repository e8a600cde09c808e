"""The reports that an officer has yet to approve: the doubtful ones first, then those that are the first
of their kind, with what is doubtful and what was returned."""

from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from figures import access, locking
from figures.due import period_of_key
from figures.view import View
from questionnaires.questionnaire import Questionnaire
from storage import challenges, locks, people, returns, submissions
from storage.portions import portions
from storage.session import Session
from storage.tables import ChallengeRow, FigureReturn, Level, Place, Role, Submission

DAY: Final = timedelta(days=1)
LATELY: Final = timedelta(days=100)
"""Reports of periods that ended longer ago than this are no longer listed, but can be looked up."""


@dataclass(frozen=True)
class Awaiting:
    """One report, with everything that matters for its approval."""

    report: Submission
    place: Place
    form: Questionnaire
    doubts: Mapping[str, ChallengeRow]
    """What is doubtful, by path; "" for the report as a whole."""
    returned: Sequence[FigureReturn]
    """What was returned and not yet answered."""
    contested: bool = False
    """Whether it was sent on somebody's behalf who objects to it."""
    first: bool = False
    """Whether the place sends this questionnaire for the first time: there is no earlier period to hold it against."""

    stead: frozenset[str] = frozenset()
    """Where what was said about a doubt was said by whoever reported in the place's stead, by path."""
    silent: bool = False
    """Whether a returned figure waits for an answer at a village where nobody reports here any more."""
    open_until: date | None = None
    """The last day on which it may be corrected because its period was reopened."""

    @property
    def doubtful(self) -> bool:
        """Whether something in it needs a look."""
        return bool(self.doubts) or self.contested

    @property
    def clear(self) -> bool:
        """Whether it was held against earlier reports, and nothing in it is doubtful or returned."""
        return not self.first and not self.doubtful and not self.returned

    @property
    def unheld(self) -> bool:
        """Whether nothing in it is doubtful or returned, but no earlier report was there to hold it against."""
        return self.first and not self.doubtful and not self.returned


async def awaiting(view: View) -> list[Awaiting]:
    """What this officer has to check: first the doubtful, then what was never reported before, then by the time of
    sending."""
    reports = await reports_checked(
        view,
        col(Submission.approved_at).is_(None),
        col(Submission.period_end) >= view.today - LATELY,
    )
    items = await with_facts(view, reports)
    return sorted(items, key=order)


async def older(view: View) -> list[Submission]:
    """Return the reports that wait although their periods ended so long ago that they are no longer listed, the newest
    first."""
    reports = await reports_checked(
        view,
        col(Submission.approved_at).is_(None),
        col(Submission.locked_at).is_(None),
        col(Submission.period_end) < view.today - LATELY,
    )
    return sorted(reports, key=lambda report: (report.period_end, report.id), reverse=True)


async def approved(view: View) -> list[Awaiting]:
    """Return what this officer may take an approval back of, the newest approval first: nothing that is locked."""
    reports = await reports_checked(
        view,
        col(Submission.approved_at).is_not(None),
        col(Submission.locked_at).is_(None),
        col(Submission.period_end) >= view.today - LATELY,
    )
    items = await with_facts(view, reports)
    return sorted(items, key=lambda item: (item.report.approved_at, item.report.id), reverse=True)


async def reports_checked(view: View, *when: ColumnElement[bool]) -> list[Submission]:
    """Return the current reports that this person checks of which all of `when` is true."""
    reports: list[Submission] = []
    for some in portions(sorted(await checked_places(view))):
        chosen = select(Submission).where(col(Submission.place_id).in_(some), col(Submission.current), *when)
        reports += await view.session.exec(chosen)
    return reports


def order(item: Awaiting) -> tuple[bool, bool, datetime, int]:
    """Where a report stands in the list."""
    return not item.doubtful, not item.first, item.report.sent_at, item.report.id


async def checked_places(view: View) -> set[int]:
    """The places whose reports this person checks."""
    return set[int]().union(*[await checked_by(view.session, role, view.today) for role in view.roles])


async def checked_by(session: Session, role: Role, today: date) -> set[int]:
    """The places whose reports a role checks, never its own; none for a role that is no officer's."""
    levels = [level for level, names in access.CHECKING.items() if role.role in names]
    below = [await session.places.ids_below(role.place_id, level, today) for level in levels]
    return set[int]().union(*below) - {role.place_id}


async def with_facts(view: View, reports: Sequence[Submission]) -> list[Awaiting]:
    """Reports with their places, questionnaires, doubts and returns."""
    facts = await facts_of(view, reports)
    items = []
    for report in reports:
        place = await view.session.places.get(report.place_id)
        if place is not None:
            items.append(await with_its_facts(view, report, place, facts))
    return items


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of some reports, looked up for all at once."""

    doubts: Mapping[int, Mapping[str, ChallengeRow]]
    returned: Mapping[int, Sequence[FigureReturn]]
    contested: Set[int]
    firsts: Set[int]
    headed: Collection[int]
    """The places of returned reports that have a head."""
    again: Collection[tuple[str, str]]
    """The locks that were opened lately."""


async def facts_of(view: View, reports: Sequence[Submission]) -> Facts:
    """Look up the doubts and returns of some reports."""
    ids = [report.id for report in reports]
    doubts, returned = await challenges.of(view.session, ids), await returns.open_for(view.session, ids)
    contested = await challenges.contested(view.session, ids)
    firsts = await submissions.firsts(view.session, reports)
    back = {report.place_id for report in reports if report.id in returned}
    headed = await people.heads_since(view.session, back) if back else {}
    again = await locks.reopened_since(view.session, view.now - locking.OPEN_AGAIN - DAY)
    return Facts(doubts, returned, contested, firsts, headed, again)


async def with_its_facts(view: View, report: Submission, place: Place, facts: Facts) -> Awaiting:
    """One report of a place with what is known of it."""
    form = await view.library.form(view.session, report.form_id)
    doubts = in_order(form, facts.doubts.get(report.id, {}))
    returned = facts.returned.get(report.id, ())
    return Awaiting(
        report,
        place,
        form,
        doubts,
        returned,
        report.id in facts.contested,
        report.id in facts.firsts,
        await challenges.in_stead(view.session, report, doubts),
        bool(returned) and place.level == Level.VILLAGE and place.id not in facts.headed,
        await open_until(view, place, report, facts.again),
    )


async def open_until(
    view: View, place: Place, report: Submission, again: Collection[tuple[str, str]]
) -> date | None:
    """Return until when a report may be corrected because its period is among those opened `again` lately."""
    if (report.form_name, report.period) not in again:
        return None
    return await locking.open_until(view, place, report.form_name, period_of_key(report.period))


def in_order(form: Questionnaire, doubts: Mapping[str, ChallengeRow]) -> dict[str, ChallengeRow]:
    """The doubts in the order of the questions, those about the whole report last."""
    order = {question.path: at for at, question in enumerate(form.questions)}
    return {path: doubts[path] for path in sorted(doubts, key=lambda path: order.get(path, len(order)))}


async def one(view: View, report_id: int) -> Awaiting | None:
    """The report with this id, if this person checks it; otherwise None, alike for another's and for none."""
    report = await view.session.get(Submission, report_id)
    place = await view.session.places.get(report.place_id) if report else None
    if report is None or place is None or not await access.may_check(view, place):
        return None
    return (await with_facts(view, [report]))[0]
