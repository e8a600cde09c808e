"""The deadline of a questionnaire that an officer sends out, and who has answered by then."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from markupsafe import Markup

from figures.requested import asked_in
from handlers.broadcasts import on_request
from handlers.broadcasts.news import midnight_after
from handlers.buttons import Button, RowId, button, choice, one_of
from handlers.letters import MORNING, REMINDER, Letter, Recipient, fresh
from handlers.library import Library
from handlers.messages import Choice, Reply, column
from handlers.navigation import ShowAnnouncement
from handlers.screens import answers
from handlers.sentences import first_names
from handlers.turn import Turn
from handlers.viewer import Viewer
from plans.holidays import working_after
from plans.period import Period, from_key
from questionnaires.answers.coming import CLOSES
from questionnaires.answers.deadline import deadline_in, deadline_said, unread_in
from storage import announcements, places, submissions
from storage.session import Session
from storage.tables import Announcement, Place

LEAST: Final = timedelta(hours=1)
"""Nobody is given less time than this."""
DAYS: Final[dict[str, int]] = {"today": 0, "tomorrow": 1, "three": 3, "week": 7}
"""What is offered, in days from today."""
IN_EXAMPLES: Final = (timedelta(days=2), timedelta(days=4))
"""How far ahead the days of the examples are: always in the month that is asked about."""
TOLD: Final = timedelta(days=2)
"""How long after its deadline people are still told who has answered."""
NAMED: Final = 12


@button("n:u:{announcement}:{when}")
class SetUntil(Button):
    """Until when: one of `DAYS`, or the end of the period."""

    announcement: RowId
    when: Annotated[str, one_of((*DAYS, "period"))]


def moment(now: datetime, when: str) -> datetime | None:
    """Return the deadline that a button stands for; None for the end of the period, or if it is too near."""
    if when not in DAYS:
        return None
    until = datetime.combine(now.date() + timedelta(days=DAYS[when]), CLOSES, now.tzinfo)
    return until if until - now >= LEAST else None


def of_words(text: str, period: Period, now: datetime) -> datetime | None:
    """Return the deadline that an announcement's words set for a questionnaire: "trước 17 giờ hôm nay"."""
    said = deadline_in(text, now)
    return said if said is not None and may_be(said, period, now) else None


def not_taken(turn: Turn, row: Announcement) -> list[Markup]:
    """Return the sentence that the deadline named by a draft's words is impossible, cannot be read, or is another than the
    one chosen; empty otherwise."""
    now, period = turn.now.astimezone(turn.zone), on_request.period(turn.today)
    said = deadline_in(row.text, now)
    if row.until is not None:
        return other_than_said(turn, row.until, said)
    if said is None:
        return not_read(turn, unread_in(row.text, now), period, now)
    if may_be(said, period, now):
        return []
    return [turn.say("announce.until_in_words_not_taken", until=said, first=now + LEAST, last=period.end)]


def not_read(turn: Turn, words: str, period: Period, now: datetime) -> list[Markup]:
    """Return the sentence about words that may be a deadline, as "đến 18 giờ thứ sáu" may; empty without such words."""
    if not words:
        return []
    meant = deadline_said(words, now)
    if meant is not None and may_be(meant, period, now):
        return [turn.say("announce.until_in_words_perhaps", words=words, until=meant, last=period.end)]
    return [turn.say("announce.until_in_words_not_read", words=words, last=period.end)]


def other_than_said(turn: Turn, until: datetime, said: datetime | None) -> list[Markup]:
    """Return the sentence that a draft's words name another deadline than the one chosen; empty if they do not."""
    if said is None or said == until:
        return []
    chosen = until.astimezone(turn.zone)
    return [turn.say("announce.until_in_words_other", said=said, until=chosen)]


def is_impossible(turn: Turn, row: Announcement) -> bool:
    """Whether a draft's words name a deadline that cannot be set, and no other was chosen: its readers would be told that
    one and the period's end."""
    now = turn.now.astimezone(turn.zone)
    said = deadline_in(row.text, now) if row.form_name and row.until is None else None
    return said is not None and not may_be(said, on_request.period(turn.today), now)


def told_under(turn: Turn, row: Announcement) -> list[Markup]:
    """Return what is said about the deadline under a draft: what is wrong with that of its words, and how to type one."""
    return [*not_taken(turn, row), turn.say("announce.until_hint", **example(turn))]


def example(turn: Turn) -> dict[str, str]:
    """Return the weekday and the day of deadlines that are taken if they are typed today."""
    on, day = (turn.today + ahead for ahead in IN_EXAMPLES)
    return {"weekday": turn.say(f"weekday.{on.weekday()}"), "day": f"{day.day}/{day.month}"}


def may_be(until: datetime, period: Period, now: datetime) -> bool:
    """Whether people have enough time, and the period is not over by then."""
    return until - now >= LEAST and until.date() <= period.end


def keep(turn: Turn, row: Announcement, until: datetime | None) -> None:
    """Set a draft's deadline, and with it the month that it asks about; without a deadline the month stays."""
    row.until = until
    if until is not None:
        row.period = on_request.period(turn.today, until).key


def offered(turn: Turn, row: Announcement) -> list[Choice]:
    """Return the deadlines that may be chosen for an announcement with a questionnaire, except the present one."""
    if not row.form_name:
        return []
    now, latest = turn.now.astimezone(turn.zone), on_request.period(turn.today)
    moments = {when: moment(now, when) for when in DAYS}
    chosen = [
        choice(turn.say("announce.button.until", until=until), SetUntil(row.id, when))
        for when, until in moments.items()
        if until not in (None, row.until) and may_be(until, latest, now)
    ]
    if row.until is not None:
        end = from_key(row.period).end
        chosen.append(choice(turn.say("announce.button.until", until=end), SetUntil(row.id, "period")))
    return chosen


async def answered(view: Viewer, row: Announcement, place: Place) -> Markup:
    """Return how many villages have answered, how many of them late, and the first of those that have not."""
    asked = await asked_in(view, place, row.form_name, from_key(row.period))
    coverage = await submissions.coverage(view.session, asked.ids, row.form_name, row.period, row.until)
    missing = [places.own_name(asked.villages[village]) for village in coverage.missing]
    names = first_names(missing, NAMED)
    key = "announce.answered" if missing else "announce.answered_all"
    text = view.say(key, n=len(asked.ids) - len(missing), total=len(asked.ids), names=names)
    return text + Markup(" ") + view.say("announce.answered_late", n=coverage.late) if coverage.late else text


def ways_to_answers(view: Viewer, row: Announcement) -> list[Choice]:
    """The button to what was answered, if a questionnaire was sent out."""
    if not row.form_name or row.sent_at is None:
        return []
    return [answers.way_to(view, row.form_name, from_key(row.period), row.place_id)]


# --- the letter at the deadline ---------------------------------------------------------------------------


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """Return the latest deadline up to `now` of what was sent out."""
    rows = await announcements.until_between(session, now - TOLD, now)
    return max((row.until.astimezone(now.tzinfo) for row in rows if row.until), default=None)


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """Return letters to those who sent out a questionnaire: who has answered at its deadline."""
    now = now.astimezone(library.zone)
    rows = await announcements.until_between(session, now - TOLD, now)
    letters: list[Letter] = []
    for recipient in some:
        viewer = recipient.viewer(session, library, now)
        for row in rows:
            if row.created_by == recipient.person.id:
                letters += await letter_of(viewer, recipient, row)
    return await fresh(session, letters, now)


async def letter_of(viewer: Viewer, recipient: Recipient, row: Announcement) -> list[Letter]:
    """Return what somebody is told at a questionnaire's deadline; nothing if its unit is gone."""
    place = await viewer.session.places.get(row.place_id)
    if place is None:
        return []
    active = await viewer.library.active_forms(viewer.session)
    form = active[row.form_name][1].title(viewer.locale) if row.form_name in active else row.text
    until = row.until.astimezone(viewer.zone) if row.until else viewer.now
    head = viewer.say("announce.until_over", form=form, until=until)
    text = Markup("\n").join((head, await answered(viewer, row, place)))
    look = choice(viewer.say("announce.button.look"), ShowAnnouncement(row.id))
    key = f"request:{row.id}:{recipient.person.id}:{place.id}"
    opens = opening_after(viewer)
    last = date_of(until) if opens is None else max(date_of(until), opens.date())
    contact = recipient.contact.id
    reply = Reply(text, column(*ways_to_answers(viewer, row), look))
    return [Letter(key, contact, place.id, reply, REMINDER, "request", opens, midnight_after(viewer, last))]


def opening_after(viewer: Viewer) -> datetime | None:
    """Return when offices open next, if it is night; in the daytime somebody waits for a deadline they set themselves."""
    over = viewer.quiet_until
    return None if over is None else datetime.combine(working_after(over.date()), MORNING, over.tzinfo)


def date_of(until: datetime) -> date:
    """Return the last day on which people are still told."""
    return until.date() + TOLD
