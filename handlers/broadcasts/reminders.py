"""News about a place's own reports: due tomorrow, overdue, about to lock, locked without having been sent.

Each is told once, politely. Nobody is reminded while they are answering, after they have reported, or on a public
holiday; officers only on working days. A report that was overdue before somebody came is not mentioned to them.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from markupsafe import Markup

from figures import access, due
from handlers.broadcasts.news import CATCH_UP, DAY, TO_LOCKED, News, is_near, midnight_after
from handlers.buttons import choice
from handlers.letters import Recipient
from handlers.messages import Choice
from handlers.navigation import Command
from handlers.screens import due as due_screen
from handlers.screens.places import asked_name
from handlers.viewer import Viewer
from handlers.wording import first_upper
from plans.holidays import brought_forward, put_off, working_after, working_before
from storage import interviews
from storage.tables import Place

BEFORE: Final = 1
AFTER: Final = 1
"""Days before and after the last day in time."""
CHANCE: Final = 2
"""How many days before a report locks its place is told."""
BUSY: Final = timedelta(hours=2)
"""Somebody who touched an interview this recently is still answering."""


def told_before(viewer: Viewer, day: date) -> date:
    """Return `day`, or the day before it on which this person may be told something."""
    return working_before(day) if viewer.officer else brought_forward(day)


def told_after(viewer: Viewer, day: date) -> date:
    """Return `day`, or the day after it on which this person may be told something."""
    return working_after(day) if viewer.officer else put_off(day)


def mark(kind: str, form: str, period: str, place_id: int) -> str:
    """Return the mark that shows that something was told about a report."""
    return f"{kind}:{form}@{period}:{place_id}"


async def news(viewer: Viewer, recipient: Recipient, told: Collection[str]) -> list[News]:
    """Return the news about the places for which this person answers."""
    if await is_busy(viewer, recipient):
        return []
    pieces: list[News] = []
    for place in await due.own_places(viewer):
        if not access.is_gone(viewer, place):
            pieces += await of_place(viewer, place, told)
    return pieces


async def is_busy(viewer: Viewer, recipient: Recipient) -> bool:
    """Whether this person has answered something just now."""
    under_way = await interviews.list_open(viewer.session, recipient.person.id)
    return any(viewer.now - row.updated_at < BUSY for row in under_way)


def untold_by_kind(
    viewer: Viewer, missing: Iterable[due.Due], told: Collection[str]
) -> Mapping[str, list[due.Due]]:
    """Return what is missing and was not told yet, by how it is told today: for the last time, soon, late."""
    by_kind: dict[str, list[due.Due]] = {"last": [], "soon": [], "late": []}
    for one in missing:
        kind = kind_of(viewer, one)
        if kind and mark_of(kind, one) not in told:
            by_kind[kind].append(one)
    return by_kind


async def of_place(viewer: Viewer, place: Place, told: Collection[str]) -> list[News]:
    """What there is to tell of one place."""
    return await of_reports(viewer, place, await due.asked_of(viewer, place), told)


async def of_reports(
    viewer: Viewer, place: Place, reports: Sequence[due.Due], told: Collection[str]
) -> list[News]:
    """The same, of what was asked of the place."""
    missing = unsent(viewer, reports)
    by_kind = untold_by_kind(viewer, missing, told)
    late = sum(one.late(viewer.now) for one in missing)
    pieces = [piece(viewer, place, kind, some, late) for kind, some in by_kind.items() if some]
    return [*pieces, *await locked(viewer, place, told)]


def unsent(viewer: Viewer, reports: Iterable[due.Due]) -> list[due.Due]:
    """Return the reports that are missing, and were not overdue before this person came."""
    return [one for one in reports if one.sent is None and not due.is_inherited(viewer, one)]


def mark_of(kind: str, asked: due.Due) -> str:
    return mark(kind, asked.form.name, asked.period.key, asked.place.id)


def kind_of(viewer: Viewer, asked: due.Due) -> str:
    """Return what there is to tell about an unsent report today: "soon", "late", "last", or "" for nothing."""
    # A report that is not late yet cannot be called late; one that locks as soon as it is due is called due.
    kinds = ("last", "late") if asked.late(viewer.now) else ("soon",)
    return next((kind for kind in kinds if rings_today(viewer, asked, kind)), "")


def rings_today(viewer: Viewer, asked: due.Due, kind: str) -> bool:
    """Whether that is told today, or tomorrow."""
    rings, today = rings_of(viewer, asked, kind), viewer.today
    return rings <= today <= rings + CATCH_UP if kind == "late" else is_near(rings, today)


def rings_of(viewer: Viewer, asked: due.Due, kind: str) -> date:
    """Return the day from which that is told."""
    match kind:
        case "soon":
            return told_before(viewer, asked.due_day - timedelta(days=BEFORE))
        case "late":
            return told_after(viewer, asked.due_day + timedelta(days=AFTER))
        case _:
            return told_before(viewer, asked.until - timedelta(days=CHANCE))


def piece(viewer: Viewer, place: Place, kind: str, some: Sequence[due.Due], late: int = 0) -> News:
    """Return what is said about some unsent reports of one kind; of newly overdue ones, `late` are overdue in all."""
    return News(
        kind,
        text_of(viewer, place, kind, some, late),
        tuple(mark_of(kind, one) for one in some),
        min(rings_of(viewer, one, kind) for one in some),
        not_after(viewer, kind, some),
        pressing=kind == "last",
        buttons=(report_button(viewer),),
    )


def not_after(viewer: Viewer, kind: str, some: Sequence[due.Due]) -> datetime:
    """Return until when that is still true; if something is due at an hour, only until then."""
    if kind != "soon":
        return midnight_after(viewer, max(one.until for one in some))
    hours = [one.deadline for one in some if isinstance(one.deadline, datetime)]
    return min([*hours, midnight_after(viewer, max(one.due_day for one in some))])


def text_of(viewer: Viewer, place: Place, kind: str, some: Sequence[due.Due], late: int) -> Markup:
    """Return the sentence about some unsent reports of one kind; newly overdue ones come with how many are overdue in
    all."""
    forms = "; ".join(short(viewer, one, of_late=kind != "soon", alone=is_one_day(some)) for one in some)
    last = viewer.say.near(some[0].until, viewer.today)
    key = f"remind.{kind}" if kind == "soon" or is_one_day(some) else f"remind.{kind}_each"
    text = viewer.say(key, place=first_upper(asked_name(viewer, place)), n=len(some), forms=forms, until=last)
    if kind != "late" or late == len(some):
        return text
    return text + Markup(" ") + viewer.say("remind.late_in_all", n=late)


def is_one_day(some: Iterable[due.Due]) -> bool:
    """Whether all of them can be sent up to one day."""
    return len({one.until for one in some}) == 1


def short(viewer: Viewer, asked: due.Due, *, of_late: bool, alone: bool = False) -> str:
    """Return a report in a few words: "Nhà ở, quý IV/2026 (hạn 05/12)"; for a late one, until when it can be sent."""
    form = due_screen.titled(viewer, asked)
    if of_late and alone:
        return form
    day = viewer.say.near(asked.until if of_late else asked.deadline, viewer.today)
    return viewer.say("remind.until" if of_late else "due.short", form=form, until=day).unescape()


async def locked(viewer: Viewer, place: Place, told: Collection[str]) -> list[News]:
    """Return what locked lately without being sent or half done; `handlers.broadcasts.ended` tells of half-done ones."""
    since = await due.locked_since(viewer, place, viewer.today - TO_LOCKED - CATCH_UP)
    missed = [one for one in since if is_told_now(viewer, one.until) and not due.is_inherited(viewer, one)]
    untold = {mark("locked", one.form.name, one.period.key, place.id): one for one in missed}
    rung = {key: one for key, one in untold.items() if key not in told}
    if not rung:
        return []
    forms = "; ".join(due_screen.titled(viewer, one) for one in rung.values())
    text = viewer.say("remind.locked", place=first_upper(asked_name(viewer, place)), n=len(rung), forms=forms)
    marks = tuple(rung)
    until = midnight_after(viewer, viewer.today + CATCH_UP)
    return [News("locked", text, marks, viewer.today, until, buttons=(report_button(viewer),))]


def report_button(viewer: Viewer) -> Choice:
    """To what is asked of one's places."""
    return choice(viewer.say("menu.button.baocao"), Command("baocao"))


def is_told_now(viewer: Viewer, last: date) -> bool:
    """Whether it is now told that the time until the day `last` is over."""
    first = told_after(viewer, last + DAY)
    return first <= viewer.today <= first + TO_LOCKED
