"""What a place is asked now, what is under way, and what was sent.

A questionnaire is due from the day it is first asked until it can no longer be sent (`plans.schedule.Entry`). So
several periods of one questionnaire may be due at once: earlier ones only while they are missing or being corrected.

The screen, the receipt, reminders, letters and buttons all take from here what is asked, sent or late.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final

from figures import access, former, locking
from figures.expected import Expected
from figures.programmes import programmes_asking
from figures.view import View
from plans.period import Period, from_key
from plans.schedule import GRACE, Entry, OfNewPlace, Requested, Window
from questionnaires.questionnaire import Questionnaire
from storage import announcements, interviews, submissions
from storage.interview_notes import InterviewNotes
from storage.tables import InterviewRow, Level, Place, Role, RoleName, Submission

REPORTING: Final = (
    RoleName.VILLAGE_HEAD,
    RoleName.COMMUNE_OFFICER,
    RoleName.DISTRICT_OFFICER,
    RoleName.PROVINCE_OFFICER,
)
"""Who answers the questionnaires scheduled for their own place."""
LASTING: Final = timedelta(days=40 + GRACE)
"""A request beyond the schedule that is older than this is over: it counts for a month, plus some days to finish."""
SOON: Final = timedelta(days=7)
"""What will be asked within this time is announced beforehand."""


@dataclass(frozen=True)
class Due:
    """One questionnaire that one place is asked for one period, and how far it is."""

    place: Place
    form_id: int
    form: Questionnaire
    entry: Entry
    period: Period
    sent: Submission | None = None
    mine: InterviewRow | None = None
    """This person's own interview about it, if under way."""
    locked: bool = False
    """Whether its period is locked: then what is under way cannot be sent now."""

    @cached_property
    def due_day(self) -> date:
        """The last day on which it is in time, even if an officer set an hour on it."""
        return self.entry.due(self.period)

    @cached_property
    def until(self) -> date:
        """The last day to send it."""
        return self.entry.closes(self.period)

    @property
    def deadline(self) -> date | datetime:
        """Until when it is in time: a day, or the moment that an officer set."""
        return self.entry.deadline(self.period)

    @property
    def of_before(self) -> bool:
        """Whether it was due, or reported by others, before the place began: it is not late, and nobody has to hurry."""
        return isinstance(self.entry, OfNewPlace) and self.entry.is_of_before(self.period)

    def late(self, now: datetime) -> bool:
        """Whether at a moment it is missing and overdue."""
        return self.sent is None and self.entry.late_at(self.period, now)


def days_of(view: View, place: Place, form: str, period: Period) -> Entry:
    """The days on which a report of `place` for `period` becomes due, late and closed."""
    return for_place(view.plans.days_of(form, place.level, period), place, period)


def mended_until(days: Entry, period: Period, *, returned: bool) -> date:
    """The last day to correct a sent report; if a figure of it was sent back, as long as late reports are taken."""
    return days.finish(period) if returned else days.closes(period)


async def corrected_until(
    view: View, place: Place, form: str, period: Period, days: Entry, *, returned: bool
) -> date:
    """The last day to correct a sent report: by its days, or some days after its period was reopened."""
    until = mended_until(days, period, returned=returned)
    # Nobody looks for a reopening in time, when most reports are begun.
    again = await locking.open_until(view, place, form, period) if view.today > until else None
    return max(filter(None, (until, again)))


async def taken_of(view: View, place: Place, form: str, period: Period) -> date:
    """The last day on which a report of a place is taken: by its days, or some days after its period was reopened."""
    days = days_of(view, place, form, period)
    return await corrected_until(view, place, form, period, days, returned=True)


def for_place(days: Entry, place: Place, period: Period) -> Entry:
    """The days of a report for `period` as they hold for a place: it is late with nothing that was due before it began."""
    return days.since(place.first_day) if place.first_day > period.start else days


async def own_places(view: View) -> list[Place]:
    """The places for which this person answers, each once; last the former provinces that theirs absorbed."""
    own = await access.places_of(view, access.holds(view, *REPORTING))
    parts = [part for place in own for part in await access.parts_answered_for(view, place)]
    return list({place.id: place for place in (*own, *parts)}.values())


async def entries_of(view: View, place: Place) -> list[Entry]:
    """What the schedule, and the plans for `place`, ask of it with the questionnaires in use."""
    active = await view.library.active_forms(view.session)
    programmes = await programmes_asking(view, place)
    entries = [entry for entry in view.plans.asked_of(place.level, programmes) if entry.form in active]
    return await former.asked_of_part(view, place, entries) if former.is_former(view, place) else entries


async def open_today(view: View, place: Place) -> list[tuple[Entry, Period]]:
    """Every scheduled report of `place` that can be begun today, sent or not."""
    return [
        (for_place(entry, place, period), period)
        for entry in await entries_of(view, place)
        for period in entry.asked_on(view.today)
        if stood_at_end(place, period)
    ]


async def asked_of(
    view: View, place: Place, under_way: Sequence[InterviewRow] = (), *, past: bool = False
) -> list[Due]:
    """What `place` can report today, with the state of each report: first in time, then late, then sent.

    Reports sent for earlier periods are left out, unless one of `under_way` corrects them; with `past`, those that can
    still be corrected are there, too.
    """
    mine = {(row.place_id, row.form_name, row.period): row for row in reversed(under_way)}
    due = await scheduled(view, place, mine, past=past) + await on_request(view, place, mine)
    return sorted(due, key=lambda one: (one.sent is not None, one.late(view.now)))


async def asked_of_all(view: View, places: Iterable[Place]) -> list[Due]:
    """What each of `places` can report today, place by place."""
    return [due for place in places for due in await asked_of(view, place)]


def is_inherited(view: View, due: Due) -> bool:
    """Whether a report was overdue before this person began to answer for the place."""
    if due.mine is not None or not due.late(view.now):
        return False
    since = came(view, due.place)
    return since is not None and due.entry.late_at(due.period, since)


def is_of_tenure(view: View, due: Due) -> bool:
    """Whether a report was sent since this person began to answer for the place."""
    since = came(view, due.place)
    return due.sent is not None and (since is None or due.sent.sent_at >= since)


def came(view: View, place: Place) -> datetime | None:
    """Return when this person began to answer for a place; None for a deputy, who stands in for the head in what is
    overdue too."""
    since = [role.since for role in reporting_roles(view, place) if role.ends_at is None]
    return min(since).astimezone(view.zone) if since else None


def reporting_roles(view: View, place: Place) -> list[Role]:
    """The roles by which somebody reports for a place."""
    roles = access.holds(view, *REPORTING)
    # The officer of the province that absorbed a former one has no role at the former one.
    if former.is_former(view, place):
        return roles
    return [role for role in roles if role.place_id == place.id]


Mine = Mapping[tuple[int, str, str], InterviewRow]
"""A person's interviews under way, by place, questionnaire and period."""


async def scheduled(view: View, place: Place, mine: Mine, *, past: bool = False) -> list[Due]:
    """What the schedule asks of a place, in its order; with `past`, also what was sent for earlier periods that are still
    open."""
    asked = await without_heard(view, place, await open_today(view, place))
    if not asked:
        return []
    active = await view.library.active_forms(view.session)
    current = await sent_of(view, place, asked)
    locked = await locking.locked_at(view, place, *(period for _, period in asked))
    due = []
    for entry, period in asked:
        sent = current.get((entry.form, period.key))
        own = mine.get((place.id, entry.form, period.key))
        is_locked = (entry.form, period.key) in locked
        is_past = period != entry.period(view.today)
        if is_listed(sent, own, locked=is_locked, is_past=is_past, past=past):
            due.append(Due(place, *active[entry.form], entry, period, sent, own, is_locked))
    return due


def is_listed(
    sent: Submission | None, own: InterviewRow | None, *, locked: bool, is_past: bool, past: bool
) -> bool:
    """Whether a report is among what is asked of a place, given what was `sent` of it and who is filling it in."""
    if sent is None:
        return own is not None or not locked
    # Reports sent for an earlier period are done, unless somebody is correcting one just now.
    return own is not None or not is_past or (past and not locked)


async def without_heard(
    view: View, place: Place, asked: Sequence[tuple[Entry, Period]]
) -> list[tuple[Entry, Period]]:
    """The same; a new village is late with nothing that all of those it was made of have reported."""
    return [
        (entry.since(date.max) if await is_heard(view, place, entry, period) else entry, period)
        for entry, period in asked
    ]


async def is_heard(view: View, place: Place, entry: Entry, period: Period) -> bool:
    """Whether all that a village was made of reported for a period."""
    if place.level != Level.VILLAGE or place.id not in await view.session.places.entered(Level.VILLAGE):
        return False
    return await Expected(view, entry.level, (entry.form,)).is_heard(place.id, period)


async def on_request(view: View, place: Place, mine: Mine) -> list[Due]:
    """What officers have asked of a village beyond the schedule and it has not sent."""
    if place.level != Level.VILLAGE:
        return []
    above = await view.session.places.holders(place.id, view.today)
    rows = await announcements.asked_by(view.session, above, view.now - LASTING)
    active = await view.library.active_forms(view.session)
    # A repeated announcement asks for the same report, which is due once, by the newest deadline.
    reports = {(row.form_name, from_key(row.period)): row.until for row in reversed(rows)}
    return [
        Due(
            place,
            *active[form],
            wanted_by(view, place, days_of(view, place, form, period), until),
            period,
            mine=mine.get((place.id, form, period.key)),
        )
        for (form, period), until in reports.items()
        if form in active and await is_wanted(view, place, form, period)
    ]


def by_then(view: View, days: Entry, until: datetime | None) -> Entry:
    """The days of a report that officers want by a moment, if they set one."""
    if until is None:
        return days
    by = until.astimezone(view.zone)
    return Requested(days.form, days.level, days.kind, days.questions, days.calendar, grace=days.grace, by=by)


async def days_held(view: View, place: Place, form: str, period: Period) -> Entry:
    """The days on which a report of `place` is due and taken; for one asked beyond the schedule, by the newest
    request's deadline."""
    days = days_of(view, place, form, period)
    if view.plans.entry(form) is not None:
        return days
    above = await view.session.places.holders(place.id, view.today)
    newest = await announcements.newest_asking(view.session, above, form, period.key)
    return wanted_by(view, place, days, newest.until if newest else None)


def wanted_by(view: View, place: Place, days: Entry, until: datetime | None) -> Entry:
    """The days of a report that officers want of a place by a moment, unless it began later than that."""
    began_later = until is not None and until.astimezone(view.zone).date() < place.first_day
    return days if began_later else by_then(view, days, until)


async def is_wanted(view: View, place: Place, form: str, period: Period) -> bool:
    """Whether a report requested beyond the schedule can still be sent: neither the place nor all that it was made of
    has sent it."""
    if view.today > days_of(view, place, form, period).closes(period):
        return False
    sent = await submissions.submission_of(view.session, place.id, form, period.key)
    if sent is not None or await locking.is_locked(view, place, form, period):
        return False
    return not await Expected(view, Level.VILLAGE, (form,)).is_answered_for(place, period)


async def locked_since(view: View, place: Place, since: date) -> list[Due]:
    """What `place` could send up to a day since then and neither sent nor began: it is no longer accepted."""
    over = await closed_since(view, place, since)
    if not over:
        return []
    active = await view.library.active_forms(view.session)
    taken_up = await sent_or_begun(view, place, over)
    return [
        Due(place, *active[entry.form], entry, period)
        for entry, period in over
        if (entry.form, period.key) not in taken_up
    ]


async def closed_since(view: View, place: Place, since: date) -> list[tuple[Entry, Period]]:
    """What `place` was asked for itself and could send up to a day since then, but no longer."""
    return [
        (for_place(entry, place, period), period)
        for entry in await entries_of(view, place)
        for period in entry.asked_between(since, view.today)
        if since <= entry.closes(period) < view.today and stood_at_end(place, period)
        if not await is_heard(view, place, entry, period)
    ]


async def sent_or_begun(
    view: View, place: Place, asked: Sequence[tuple[Entry, Period]]
) -> Set[tuple[str, str]]:
    """The questionnaires, with their periods, that a place has sent or begun since the first of those `asked`."""
    begun = {(row.form_name, row.period) for row in await interviews.open_about(view.session, place.id)}
    return begun | await submissions.known_of(view.session, place.id, *forms_and_first_day(asked))


async def sent_of(
    view: View, place: Place, asked: Sequence[tuple[Entry, Period]]
) -> Mapping[tuple[str, str], Submission]:
    """What a place has sent of some questionnaires, by these and their periods, since the first of the periods.

    One query for all of them: a village owes up to a dozen questionnaires, and a round of letters asks for every village.
    """
    return await submissions.current_of(view.session, place.id, *forms_and_first_day(asked))


def forms_and_first_day(asked: Sequence[tuple[Entry, Period]]) -> tuple[set[str], date]:
    """Some questionnaires by name, and the day on which the first of the periods asked ended."""
    return {entry.form for entry, _ in asked}, min(period.end for _, period in asked)


def stood_at_end(place: Place, period: Period) -> bool:
    """Whether a place is asked about a period by its own days: a village opened later could not know anything of it."""
    began_later = place.level == Level.VILLAGE and place.first_day > period.end
    return not began_later and not ended(place, period)


def ended(place: Place, period: Period) -> bool:
    """Whether a village or commune was closed before the period ended: then its successor is asked.

    A period that ended before the closing stays its own: nobody else knows it. A former district or province is still
    asked about its ground, for which a plan may still be in force.
    """
    closed = place.last_day if place.level in (Level.VILLAGE, Level.COMMUNE) else None
    return closed is not None and closed < period.end


async def coming(view: View, place: Place) -> tuple[date, list[Questionnaire]] | None:
    """What will be asked next and from which day, if that is soon."""
    opening = [
        (entry.opens(period), entry.form)
        for entry in await entries_of(view, place)
        if stood_at_end(place, period := next_period(entry, view.today))
    ]
    first = min(opening, default=(date.max, ""))[0]
    if first > view.today + SOON:
        return None
    active = await view.library.active_forms(view.session)
    return first, [active[form][1] for day, form in opening if day == first]


def next_period(entry: Entry, day: date) -> Period:
    """The period for which a questionnaire will be asked next, not yet on `day`."""
    period = entry.period(day)
    return period if entry.window(period, day) is Window.AHEAD else period.next()


async def can_be_sent(view: View, place: Place, form: str, period: Period) -> bool:
    """Whether a report of `place` for `period` can be begun today; beyond the schedule, until it closes."""
    if not stood_at_end(place, period) or await locking.is_locked(view, place, form, period):
        return False
    if view.plans.entry(form) is None:
        return view.today <= days_of(view, place, form, period).closes(period)
    if await is_asked_today(view, place, form, period):
        return True
    again = await locking.open_until(view, place, form, period)
    return again is not None and view.today <= again


async def is_asked_today(view: View, place: Place, form: str, period: Period) -> bool:
    """Whether the schedule asks a place for this report today."""
    return any((entry.form, asked) == (form, period) for entry, asked in await open_today(view, place))


# --- an interview under way -----------------------------------------------------------------------------

period_of_key = from_key


def days_of_interview(view: View, row: InterviewRow) -> Entry:
    """The days on which the report that `row` becomes is due, late and closed."""
    notes = InterviewNotes.read(row.extra)
    return view.plans.days_of(row.form_name, notes.level, period_of_key(row.period))


def closing_of(view: View, row: InterviewRow) -> date:
    """The last day to begin a report like `row`; after it, it can only be finished."""
    return kept_open(view, row) or days_of_interview(view, row).closes(period_of_key(row.period))


def kept_open(view: View, row: InterviewRow) -> date | None:
    """The last day to send `row` if that is later than its own days say: its period was reopened."""
    until, period = InterviewNotes.read(row.extra).until, period_of_key(row.period)
    own = days_of_interview(view, row).finish(period)
    return until if until is not None and until > own else None


def taken_until(view: View, row: InterviewRow) -> date:
    """The last day to send `row`."""
    return kept_open(view, row) or days_of_interview(view, row).finish(period_of_key(row.period))


async def is_locked(view: View, row: InterviewRow) -> bool:
    """Whether `row` cannot be sent now since its period is locked for its place; practice never is."""
    place = None if row.practice else await view.session.places.get(row.place_id)
    return place is not None and await locking.is_locked(
        view, place, row.form_name, period_of_key(row.period)
    )


def is_over(view: View, row: InterviewRow, notes: InterviewNotes) -> bool:
    """Whether an interview can no longer be sent, neither by its own days nor by today's schedule."""
    noted = notes.until is not None and view.today <= notes.until
    return not noted and view.today > taken_until(view, row)
