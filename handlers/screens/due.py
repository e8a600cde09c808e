"""The "Báo cáo" screen: what each of one's places is asked now, what is under way, what was sent.

What is in time comes first, then what is late, then what was sent. On a long screen, what is in time stays, with the
latest of the late reports; of the others, and of what was due before the place began, only their number is shown.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from itertools import chain
from typing import Final

from markupsafe import Markup

from figures import sent_back as returned
from figures.due import (
    Due,
    asked_of,
    closing_of,
    coming,
    is_inherited,
    is_locked,
    is_over,
    kept_open,
    mended_until,
    period_of_key,
    taken_until,
)
from handlers.buttons import Button, ShortId, button, choice
from handlers.messages import Choice, Reply, column
from handlers.navigation import BeginReport, GoOn, ShowDue, ShowReport
from handlers.screens import sent_back
from handlers.screens.places import asked_name
from handlers.sentences import of_counts
from handlers.viewer import Viewer
from storage import interviews
from storage.interview_notes import InterviewNotes
from storage.tables import InterviewRow, InterviewStatus, Place, Submission

LABEL: Final = 60
"""How many letters of a label fit on a small phone's button."""
LINES: Final = 6
"""With more lines than this, not all are on the screen."""
LATE: Final = 2
"""How many late reports then get a button."""
UNSENT: Final = {
    (False, False): "due.line.due",
    (False, True): "due.line.overdue",
    (True, False): "due.line.under_way",
    (True, True): "due.line.under_way_late",
}
"""The sentence about an unsent report, by whether it is under way and whether it is late."""
DueSection = tuple[Markup, list[Choice]]
"""A part of the screen: what it says, and its buttons."""


@button("d:e:{place}", opens=True, reporting=True)
class ShowAll(Button):
    """Show everything that a place is asked, with all that it has sent."""

    place: ShortId


async def page(
    viewer: Viewer, person_id: int | None, own: Sequence[Place], *before: Markup, everything: bool = False
) -> Reply:
    """Return what the places `own` are asked, grouped by place, with a button for each line; `everything`: however
    many lines.

    Interviews of the person `person_id` that are under way are included, also those about other places.
    """
    under_way = await interviews.list_open(viewer.session, person_id or 0)
    several = len(own) > 1
    back = await returned.waiting(viewer)
    marked = {one.report.id for one in back}
    lines: list[Due] = []
    sections: list[DueSection] = [sent_back.section(viewer, back)] if back else []
    for place in own:
        every = await asked_of(viewer, place, under_way, past=True)
        lines += every
        shown = await of_place(viewer, place, every, marked, several=several, everything=everything)
        sections.append(shown)
        sections += await begun_by_others(viewer, place, person_id)
    sections += await elsewhere(viewer, under_way, lines)
    text = Markup("\n\n").join([*before, viewer.say("due.head"), *(told for told, _ in sections)])
    return Reply(text, column(*chain.from_iterable(buttons for _, buttons in sections)))


async def of_place(
    viewer: Viewer,
    place: Place,
    every: Sequence[Due],
    marked: Collection[int],
    *,
    several: bool,
    everything: bool,
) -> DueSection:
    """Return what one place is asked, with a button for each line shown, and one for the others.

    What it sent for earlier periods, and can still correct, stands under that button. The reports `marked` have a
    returned figure.
    """
    asked = list(every) if everything else [due for due in every if not is_done(viewer, due)]
    own = [due for due in asked if not is_inherited(viewer, due)]
    shown = list(asked) if everything else foremost(viewer, own)
    buttons = [what_to_do(viewer, due, several) for due in shown]
    if len(shown) < len(every):
        buttons.append(every_button(viewer, place, len(every), several))
    return await block(viewer, place, asked, shown, marked), buttons


def is_done(viewer: Viewer, due: Due) -> bool:
    """Whether a report was sent for an earlier period, and nobody is correcting it."""
    return due.sent is not None and due.mine is None and due.period != due.entry.period(viewer.today)


async def begun_by_others(viewer: Viewer, place: Place, person_id: int | None) -> list[DueSection]:
    """Name the reports of a place that somebody else is answering: whoever begins one can go on with theirs."""
    titles = []
    for row in await interviews.open_about(viewer.session, place.id):
        others = row.person_id != person_id and row.corrects_id is None
        if others and not is_over(viewer, row, InterviewNotes.read(row.extra)):
            form = await viewer.library.form(viewer.session, row.form_id)
            titles.append(f"{form.title(viewer.locale)}, {period_of_key(row.period).name(viewer.locale)}")
    return [(viewer.say("due.by_others", forms="; ".join(titles)), [])] if titles else []


async def elsewhere(
    viewer: Viewer, under_way: Sequence[InterviewRow], lines: Sequence[Due]
) -> list[DueSection]:
    """Return the interviews that are in none of the lines: those that go on, and those that ended."""
    listed = {due.mine.id for due in lines if due.mine}
    # Each row is looked at, also one in a line above: `expired` marks what it finds.
    ended = list(filter(partial(expired, viewer), under_way))
    going = [row for row in under_way if row not in ended and row.id not in listed]
    return [*await going_on(viewer, going), *await over(viewer, ended)]


async def going_on(viewer: Viewer, rows: Sequence[InterviewRow]) -> list[DueSection]:
    """Return the interviews about other places or periods; of a period that has closed or is locked, what that means
    for them."""
    if not rows:
        return []
    lines = [await unlisted_line(viewer, row) for row in rows]
    told = Markup("\n").join([viewer.say("due.elsewhere"), *filter(None, lines)])
    return [(told, [await row_button(viewer, row, "due.button.go_on") for row in rows])]


async def over(viewer: Viewer, rows: Sequence[InterviewRow]) -> list[DueSection]:
    """Return the interviews that can no longer be sent, to be looked at."""
    if not rows:
        return []
    buttons = [await row_button(viewer, row, "due.button.ended") for row in rows]
    return [(viewer.say("due.ended", n=len(rows)), buttons)]


async def block(
    viewer: Viewer, place: Place, asked: Sequence[Due], shown: Sequence[Due], marked: Collection[int]
) -> Markup:
    """Return what one place is asked: a line for each of `shown`, how many others there are, and what comes next."""
    lines = [viewer.say("due.place", place=asked_name(viewer, place))]
    hidden = [due for due in asked if due not in shown]
    if all(is_settled(viewer, due, hidden) for due in asked):
        lines.append(viewer.say("due.nothing"))
    lines += [line(viewer, due, marked) for due in shown]
    lines += not_shown(viewer, hidden)
    lines += await following(viewer, place)
    return Markup("\n").join(lines)


def is_settled(viewer: Viewer, due: Due, hidden: Sequence[Due]) -> bool:
    """Whether nobody waits for a report: it was sent, is of before the place began, or is a spare one that is hidden."""
    return due.sent is not None or is_inherited(viewer, due) or (is_spare(due) and due in hidden)


def not_shown(viewer: Viewer, hidden: Sequence[Due]) -> list[Markup]:
    """How many lines are not shown: those that are late, those due before the place began, and those that were sent."""
    before = sum(is_inherited(viewer, due) for due in hidden)
    spare = sum(map(is_spare, hidden))
    late = sum(due.sent is None for due in hidden) - before - spare
    sent = len(hidden) - late - before - spare
    counts = (
        ("due.hidden_late", late),
        ("due.hidden_before", before),
        ("due.hidden_spare", spare),
        ("due.hidden", sent),
    )
    return of_counts(viewer, counts)


async def in_brief(viewer: Viewer, person_id: int | None, place: Place) -> list[Markup]:
    """Return what a place has not sent, with its days, and what comes next: all that is told where each letter costs."""
    unsent = await not_sent(viewer, person_id, place)
    return [*(line(viewer, due, ()) for due in unsent), *await following(viewer, place)]


async def not_sent(viewer: Viewer, person_id: int | None, place: Place) -> list[Due]:
    """Return the foremost reports that a place itself is asked for and has not sent."""
    under_way = await interviews.list_open(viewer.session, person_id or 0)
    own = [due for due in await asked_of(viewer, place, under_way) if not is_inherited(viewer, due)]
    return [due for due in foremost(viewer, own) if due.sent is None]


async def following(viewer: Viewer, place: Place) -> list[Markup]:
    """What a place is asked next, and when."""
    next_asked = await coming(viewer, place)
    if next_asked is None:
        return []
    day, forms = next_asked
    titles = ", ".join(form.title(viewer.locale) for form in forms)
    return [viewer.say("due.coming", forms=titles, day=day)]


def foremost(viewer: Viewer, asked: Sequence[Due]) -> list[Due]:
    """Return what a long screen shows of `asked`: what is in time (sent or not), what is under way, and what became
    late lately."""
    if len(asked) <= LINES:
        return list(asked)
    # What is in time always stands there: out of sight it would become late. A new village would read nothing else.
    newest = newest_late(viewer, asked)
    return [due for due in asked if due in newest or not (is_past(due, viewer.now) or is_spare(due))]


def newest_late(viewer: Viewer, asked: Sequence[Due]) -> list[Due]:
    """Return the late reports that were due last."""
    late = [due for due in asked if due.sent is None and is_past(due, viewer.now)]
    return sorted(late, key=lambda due: due.due_day)[-LATE:]


def is_past(due: Due, now: datetime) -> bool:
    """Whether a report is late or was sent, and nobody is answering it."""
    return due.mine is None and due.entry.late_at(due.period, now)


def is_spare(due: Due) -> bool:
    """Whether a report was due before its place began, and nobody has begun or sent it."""
    return due.of_before and due.sent is None and due.mine is None


def line(viewer: Viewer, due: Due, marked: Collection[int]) -> Markup:
    """Return one questionnaire of one period in words; the reports `marked` have a returned figure."""
    title = {"form": due.form.title(viewer.locale), "period": due.period.label(viewer.locale)}
    if due.locked and due.mine is not None:
        return viewer.say("due.line.locked", **title)
    if due.sent is not None:
        return line_sent(viewer, due, due.sent, title, returned=due.sent.id in marked)
    key = UNSENT[due.mine is not None, due.late(viewer.now)]
    return viewer.say(key, **title, until=deadline(viewer, due))


def line_sent(
    viewer: Viewer, due: Due, sent: Submission, title: Mapping[str, str], *, returned: bool
) -> Markup:
    """Return the same of a report that was sent: until when its correction is open, else when it was received."""
    if due.mine is not None:
        # A returned figure may be mended some days longer than the others.
        until = kept_open(viewer, due.mine) or mended_until(due.entry, due.period, returned=returned)
        return viewer.say("due.line.correcting", **title, until=until)
    told = viewer.say("due.line.sent", **title, receipt=sent.receipt, at=sent.sent_at.astimezone(viewer.zone))
    back = [viewer.say("due.line.sent_back")] if returned else []
    return Markup("; ").join([told, *back])


def deadline(viewer: Viewer, due: Due) -> date | str:
    """Return until when a report is in time: a day, or a nearby hour: "17:00 hôm nay"."""
    until = due.deadline
    return viewer.say.near(until, viewer.today) if isinstance(until, datetime) else until


def titled(viewer: Viewer, due: Due) -> str:
    """Questionnaire and period: "Nhà ở, quý IV/2026"."""
    return f"{due.form.title(viewer.locale)}, {due.period.name(viewer.locale)}"


def short(viewer: Viewer, due: Due) -> str:
    """Return the same with the last day in time: "Nhà ở, quý IV/2026 (hạn 05/12/2026)"."""
    return viewer.say("due.short", form=titled(viewer, due), until=deadline(viewer, due)).unescape()


def what_to_do(viewer: Viewer, due: Due, several: bool) -> Choice:
    """What to do about one line."""
    form = due.form.title(viewer.locale)
    if due.period != due.entry.period(viewer.today):
        form = f"{form}, {due.period.name(viewer.locale)}"
    if several:
        form = f"{form} – {due.place.name}"
    if due.mine is not None:
        return choice(viewer.say("due.button.go_on", form=form), GoOn(due.mine.id, "0"), LABEL)
    if due.sent is not None:
        return choice(viewer.say("due.button.look", form=form), ShowReport(due.sent.id), LABEL)
    return choice(
        viewer.say("due.button.begin", form=form), BeginReport(due.place.id, due.form_id, due.period), LABEL
    )


def expired(viewer: Viewer, row: InterviewRow) -> bool:
    """Whether `row` can no longer be sent; if so, mark it as kept to be looked at."""
    if row.practice or not is_over(viewer, row, InterviewNotes.read(row.extra)):
        return False
    row.status = InterviewStatus.EXPIRED
    return True


async def unlisted_line(viewer: Viewer, row: InterviewRow) -> Markup | None:
    """Say that an interview cannot be sent since its period is locked or, if that has closed, until when it may still be
    finished; None if neither holds."""
    form, period = await viewer.library.form(viewer.session, row.form_id), period_of_key(row.period)
    title = {"form": form.title(viewer.locale), "period": period.label(viewer.locale)}
    if await is_locked(viewer, row):
        return viewer.say("due.line.locked", **title)
    if viewer.today > closing_of(viewer, row):
        return viewer.say("due.line.finish", **title, until=taken_until(viewer, row))
    return None


async def row_button(viewer: Viewer, row: InterviewRow, key: str) -> Choice:
    """Return the button of an interview that is none of the lines: about another place, or ended."""
    form = await viewer.library.form(viewer.session, row.form_id)
    place, period = InterviewNotes.read(row.extra).place, period_of_key(row.period).name(viewer.locale)
    title = ", ".join(part for part in (form.title(viewer.locale), place, period) if part)
    return choice(viewer.say(key, form=title), GoOn(row.id, "0"), LABEL)


def every_button(viewer: Viewer, place: Place, count: int, several: bool) -> Choice:
    """The button that shows all that `place` is asked and has sent: `count` lines."""
    text = viewer.say("due.button.every", n=count).unescape()
    words = f"{text} – {place.name}" if several else text
    return choice(words, ShowAll(place.id), LABEL)


def list_button(viewer: Viewer) -> Choice:
    """The button that leads to this screen."""
    return choice(viewer.say("due.button.list"), ShowDue())
