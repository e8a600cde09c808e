"""A village head's weekly summary on one screen: what is due, what changed, one thing that went well, one button."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Final

from markupsafe import Markup

from figures import due, sent_back
from figures.changes import mark_of_change
from figures.progress import progress_of
from figures.sent_back import SentBack
from handlers.broadcasts import ended, lapsing, reminders
from handlers.broadcasts.news import News, marks_of
from handlers.broadcasts.summary import Summary, carried, lines
from handlers.buttons import choice
from handlers.letters import Recipient, week_of
from handlers.messages import Choice, Rows, column
from handlers.navigation import Command, ShowProgress
from handlers.viewer import Viewer
from reports.lines import ProgressLine
from reports.progress import changed_line
from storage import places, submissions, weekly_lines
from storage.tables import Level, Place

CHANGED: Final = 2
"""How many changes are told, beside one for the better."""
NAMED: Final = 3
"""How many reports are named; if there are more, only their number."""
WEEK: Final = timedelta(days=7)
AHEAD: Final = timedelta(days=14)
"""With more time left than this, a report is not named every week."""


async def summary(
    viewer: Viewer, recipient: Recipient, place: Place, told: Collection[str], *, first: bool = True
) -> Summary:
    """Return the summary of a village for its head; the `first` one also tells the person's other news."""
    reports = await due.asked_of(viewer, place)
    unsent = reminders.unsent(viewer, reports)
    near = reminders.untold_by_kind(viewer, unsent, told)
    pieces = await last_and_locked(viewer, place, near["last"], told)
    for source in (ended.news, lapsing.news) if first else ():
        pieces += await source(viewer, recipient, told)
    back = [one for one in await sent_back.unanswered(viewer, [place.id]) if viewer.today <= one.until]
    changed = await changed_lines(viewer, place)
    good, others = good_and_others(viewer, [line for line in changed if mark_of(place, line) not in told])
    shown = [*others, *filter(None, [good])]
    head = viewer.say("weekly.head", place=places.own_name(place), day=viewer.today)
    parts = (
        lines([head, await own_line(viewer, place)]),
        *(piece.text for piece in pieces),
        lines([told_back(viewer, back), asked(viewer, reports, unsent, pieces, told)]),
        told_together(viewer, others),
        await went_well(viewer, place, good, is_due=bool(unsent)),
    )
    old = carried((mark_of(place, line) for line in changed), told)
    marks = (
        *marks_of(pieces),
        *near_marks(near),
        *ahead_marks(viewer, unsent),
        *(mark_of(place, line) for line in shown),
        *old,
    )
    return Summary(place, parts, button(viewer, place, pieces, unsent, back), tuple(dict.fromkeys(marks)))


def good_and_others(
    viewer: Viewer, news: Sequence[ProgressLine]
) -> tuple[ProgressLine | None, Sequence[ProgressLine]]:
    """Return the first change for the better, and the first few others."""
    good = next(filter(partial(is_better, viewer), news), None)
    return good, [line for line in news if line is not good][:CHANGED]


async def last_and_locked(
    viewer: Viewer, place: Place, last: Sequence[due.Due], told: Collection[str]
) -> list[News]:
    """Return the news about its reports, except what is due or overdue, which a summary tells anyway."""
    pieces = [reminders.piece(viewer, place, "last", last)] if last else []
    return [*pieces, *await reminders.locked(viewer, place, told)]


def told_back(viewer: Viewer, back: Sequence[SentBack]) -> Markup | None:
    """Return how many figures of a village's reports an officer has returned and nobody has answered."""
    count = sum(len(one.returned) for one in back)
    return viewer.say("weekly.sent_back", n=count) if count else None


def near_marks(near: Mapping[str, Sequence[due.Due]]) -> list[str]:
    """Return the marks of the reminders that this summary replaces."""
    return [reminders.mark_of(kind, one) for kind, some in near.items() for one in some]


def ahead_marks(viewer: Viewer, unsent: Sequence[due.Due]) -> list[str]:
    """Return the marks of what this summary names although much time is left for it."""
    return [mark_ahead(one) for one in unsent if is_ahead(viewer, one)]


def is_ahead(viewer: Viewer, asked: due.Due) -> bool:
    """Whether there is much time left for a report: it is named once, and again when its day is near or has changed."""
    return asked.due_day - viewer.today > AHEAD


def mark_ahead(asked: due.Due) -> str:
    """Return the mark that shows that a report was named with this day."""
    return reminders.mark(f"ahead-{asked.due_day:%m%d}", asked.form.name, asked.period.key, asked.place.id)


def asked(
    viewer: Viewer,
    reports: Sequence[due.Due],
    unsent: Sequence[due.Due],
    pieces: Sequence[News],
    told: Collection[str] = (),
) -> Markup:
    """Return which of the `reports` asked of a place are `unsent`, overdue ones first; if none is, thanks for those sent.

    What was `told` and has much time left is not mentioned again.
    """
    if not unsent:
        return none_missing(viewer, reports, pieces)
    said = set(marks_of(pieces))
    late = [one for one in unsent if one.late(viewer.now)]
    named = [one for one in late if reminders.mark_of("last", one) not in said]
    in_advance = [one for one in unsent if one not in late]
    soon = [one for one in in_advance if not (is_ahead(viewer, one) and mark_ahead(one) in told)]
    return lines([overdue(viewer, named, besides=len(named) < len(late)), in_time(viewer, soon)])


def none_missing(viewer: Viewer, reports: Sequence[due.Due], pieces: Sequence[News]) -> Markup:
    """Return thanks for what was sent, or that nothing is to be sent; "all" only where nothing at all is missing."""
    if any(piece.kind == "locked" for piece in pieces):
        return Markup()  # something was not sent in time: the news says so
    if any(one.sent is None for one in reports):
        theirs = any(due.is_of_tenure(viewer, one) for one in reports)
        return viewer.say("weekly.thanks_since" if theirs else "weekly.none_since")
    return viewer.say("weekly.thanks" if reports else "weekly.none_due")


def in_time(viewer: Viewer, soon: Sequence[due.Due]) -> Markup | None:
    """Return what can still be sent in time, what is due first coming first."""
    first = sorted(soon, key=lambda one: one.due_day)
    if not first:
        return None
    named = [reminders.short(viewer, one, of_late=False) for one in first[:NAMED]]
    return viewer.say("weekly.still_asked", forms=together(viewer, named, len(first)))


def together(viewer: Viewer, named: Sequence[str], count: int) -> str:
    """Return some names of `count`, with how many more there are."""
    more = [viewer.say("weekly.more_forms", n=count - len(named)).unescape()] if count > len(named) else []
    return "; ".join([*named, *more])


def overdue(viewer: Viewer, late: Sequence[due.Due], *, besides: bool = False) -> Markup:
    """Return "Còn 2 phiếu quá hạn: Nước, tháng 11/2026; Nhà ở, quý IV/2026. Gửi được đến hết 30/11."

    `besides`: others were named already.
    """
    if not late:
        return Markup()
    # What locks first stands first; of many only some by name.
    first = sorted(late, key=lambda one: one.until)
    alone = reminders.is_one_day(first)
    named = [reminders.short(viewer, one, of_late=True, alone=alone) for one in first[:NAMED]]
    names = together(viewer, named, len(first))
    until = viewer.say.near(first[0].until, viewer.today)
    key = "weekly.overdue" if alone else "weekly.overdue_each"
    return viewer.say(f"{key}_besides" if besides else key, n=len(first), forms=names, until=until)


async def own_line(viewer: Viewer, village: Place) -> Markup | None:
    """What the commune has to say to its villages this week."""
    for unit in await viewer.session.places.ancestors(village.id, viewer.today):
        if unit.level == Level.COMMUNE:
            text = await weekly_lines.of_place(viewer.session, unit.id, week_of(viewer.today))
            return viewer.say("weekly.own_line", place=places.own_name(unit), text=text) if text else None
    return None


async def changed_lines(viewer: Viewer, place: Place) -> list[ProgressLine]:
    """Return a village's main figures that changed with its newest report."""
    return list((await progress_of(viewer, place, changed_only=True)).lines)


def change_of(line: ProgressLine) -> Decimal:
    """By how much a figure changed."""
    return (line.change.by if line.change else None) or Decimal(0)


def mark_of(place: Place, line: ProgressLine) -> str:
    """Return the mark that shows that a change was told."""
    return mark_of_change(place.id, line.indicator, line.period_key, change_of(line))


def is_better(viewer: Viewer, line: ProgressLine) -> bool:
    """Whether a figure changed for the better."""
    return (change_of(line) > 0) is (viewer.plans.indicators[line.indicator].better == "up")


def told_together(viewer: Viewer, some: Sequence[ProgressLine]) -> Markup:
    """Some changes under a heading, each with its period."""
    if not some:
        return Markup()
    return lines(
        [viewer.say("weekly.changed"), *(changed_line(line, viewer.say, viewer.locale) for line in some)]
    )


async def went_well(viewer: Viewer, place: Place, good: ProgressLine | None, *, is_due: bool) -> Markup:
    """Return one thing that went well: a figure, or what was sent this week."""
    if good is not None:
        return lines([viewer.say("weekly.good"), changed_line(good, viewer.say, viewer.locale)])
    if not is_due:
        return Markup()
    sent = await submissions.forms_since(viewer.session, place.id, viewer.now - WEEK)
    forms = [(await viewer.library.form(viewer.session, id)).title(viewer.locale) for id in sent]
    return viewer.say("weekly.sent", forms="; ".join(dict.fromkeys(forms))) if forms else Markup()


def button(
    viewer: Viewer, place: Place, pieces: Sequence[News], unsent: Sequence[due.Due], back: Sequence[SentBack]
) -> Rows:
    """Return the one button: to report while something is due or was returned, else to see how the village stands; before
    it, the way to what is left of a returned figure."""
    returned, unfinished = buttons_of(pieces, "returned"), buttons_of(pieces, "ended")
    if unfinished:
        return column(*returned, unfinished[0])
    if unsent or back:
        return column(*returned, choice(viewer.say("menu.button.baocao"), Command("baocao")))
    return column(*returned, choice(viewer.say("menu.button.tinhhinh"), ShowProgress(place.id)))


def buttons_of(pieces: Sequence[News], kind: str) -> list[Choice]:
    """Return the buttons of the news of one kind."""
    return [one for piece in pieces if piece.kind == kind for one in piece.buttons]
