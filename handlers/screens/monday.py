"""The commune's Monday view: how complete reporting is, who is late and how to reach them, what is doubtful, what its
officer has to do."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures import awaiting, completeness
from figures.awaiting import Awaiting
from figures.completeness import LateVillage, ReportingRate, together
from figures.coverage import villages
from handlers.buttons import choice
from handlers.menu import named
from handlers.messages import Choice, Reply, column
from handlers.navigation import Remind, ShowUnit, ShowVillage
from handlers.screens import checking, locking
from handlers.screens.checking import ShowAwaiting
from handlers.sentences import first_names
from handlers.viewer import Viewer
from storage import people, places
from storage.people import Seat
from storage.roster import shown_phone
from storage.tables import Place, RoleName

NAMED: Final = 8
"""How many late villages to name, each with how to reach it."""
DOUBTS: Final = 3
"""How many doubtful reports to tell."""
RETURNED: Final = 3
"""How many reports with returned figures to name."""


async def page(viewer: Viewer, commune: Place) -> Reply:
    """All of it on one screen."""
    say = viewer.say
    ids = {village.id for village in await villages(viewer, commune)}
    late = await completeness.late(viewer, commune)
    waiting = [item for item in await awaiting.awaiting(viewer) if item.place.id in ids]
    parts = [
        say("monday.head", place=places.own_name(commune)),
        await rates(viewer, ids),
        await late_lines(viewer, late),
        doubtful(viewer, waiting),
        awaits(viewer, waiting),
        await older_line(viewer, ids),
        await locking.asked_line(viewer, commune),
    ]
    return Reply(Markup("\n\n").join(filter(None, parts)), column(*buttons(viewer, commune, late, waiting)))


async def rates(viewer: Viewer, ids: set[int]) -> Markup:
    """How complete and timely the month's reports are, in all and by questionnaire."""
    listed = await completeness.of_month(viewer, ids)
    if not listed:
        return viewer.say("monday.nothing_asked")
    lines = [told(viewer, "monday.all", together(rate for _, rate in listed))]
    lines += [told(viewer, "monday.form", rate, form=owed.label(viewer.locale)) for owed, rate in listed]
    return Markup("\n").join(lines)


def told(viewer: Viewer, key: str, rate: ReportingRate, **facts: str) -> Markup:
    """Expected, received and on time, in a sentence."""
    share, in_time = rate.completeness or Decimal(0), rate.timeliness or Decimal(0)
    counts = {"expected": rate.expected, "received": rate.received, "on_time": rate.on_time}
    return viewer.say(key, **counts, share=share, in_time=in_time, **facts)


async def late_lines(viewer: Viewer, late: Sequence[LateVillage]) -> Markup:
    """Who is late with what, and how to reach them."""
    if not late:
        return viewer.say("monday.nobody_late")
    seats = await people.seats(viewer.session, [one.village.id for one in late[:NAMED]])
    lines = [viewer.say("monday.late", n=len(late))]
    for one in late[:NAMED]:
        heads = [s for s in seats if s.place.id == one.village.id and s.role.role == RoleName.VILLAGE_HEAD]
        forms = first_names([owed.form.title(viewer.locale) for owed in one.owed], 2)
        facts = {"place": places.own_name(one.village), "forms": forms}
        lines.append(viewer.say("monday.late_line", **facts, reach=await reach(viewer, heads)))
    if len(late) > NAMED:
        lines.append(viewer.say("monday.more", n=len(late) - NAMED))
    return Markup("\n").join(lines)


async def reach(viewer: Viewer, heads: Sequence[Seat]) -> str:
    """Return how to reach a village: its heads' names and numbers, or that nobody there takes messages."""
    if not heads:
        return str(viewer.say("monday.no_head"))
    known = [await reach_one(viewer, seat) for seat in heads]
    return "; ".join(known)


async def reach_one(viewer: Viewer, seat: Seat) -> str:
    """Return one head: the name and, if they gave one, the number; else whether messages reach them."""
    name = seat.person.name or str(viewer.say("monday.head_of_village"))
    if seat.person.phone:
        return f"{name}, {shown_phone(seat.person.phone)}"
    chats = await people.contacts_of(viewer.session, seat.person.id)
    key = "monday.by_message" if any(chat.reachable for chat in chats) else "monday.unreachable"
    return f"{name}, {viewer.say(key)}"


def doubtful(viewer: Viewer, waiting: Sequence[Awaiting]) -> Markup:
    """What is doubtful in what came in."""
    some = [item for item in waiting if item.doubtful]
    if not some:
        return Markup()
    lines = [viewer.say("monday.doubtful", n=len(some))]
    lines += [checking.line(viewer, item) for item in some[:DOUBTS]]
    return Markup("\n").join(lines)


def awaits(viewer: Viewer, waiting: Sequence[Awaiting]) -> Markup:
    """Return what this officer has to do, and whose answers they wait for, until when."""
    back = unanswered(waiting)
    returned = sum(len(item.returned) for item in back)
    key = "monday.awaits" if returned else "monday.awaits_only"
    lines = [viewer.say(key, n=len(waiting), returned=returned)]
    for item in back[:RETURNED]:
        until = checking.returned_until(viewer, item)
        line = "monday.returned" if viewer.today <= until else "monday.returned_in_vain"
        facts = {"n": len(item.returned), "until": until, "since": until + timedelta(days=1)}
        lines.append(viewer.say(line, title=checking.title(viewer, item), **facts))
    return Markup("\n").join(lines)


async def older_line(viewer: Viewer, ids: set[int]) -> Markup:
    """Return how many reports wait that are no longer in the list; nothing if none does."""
    count = sum(report.place_id in ids for report in await awaiting.older(viewer))
    return viewer.say("monday.older", n=count) if count else Markup()


def unanswered(waiting: Sequence[Awaiting]) -> list[Awaiting]:
    """Return the reports with returned figures that nobody has answered."""
    return [item for item in waiting if item.returned]


def buttons(
    viewer: Viewer, commune: Place, late: Sequence[LateVillage], waiting: Sequence[Awaiting]
) -> list[Choice]:
    """Return buttons to remind all that are late, to check, to what was returned, to the first that are late, and to the
    villages."""
    ways: list[Choice] = []
    if late:
        ways.append(named(viewer, "monday.button.remind", Remind(commune.id, 0, "*")))
    if waiting:
        ways.append(named(viewer, "menu.button.kiemtra", ShowAwaiting()))
    ways += [checking.open_button(viewer, item) for item in unanswered(waiting)[:RETURNED]]
    ways += [choice(places.own_name(one.village), ShowVillage(one.village.id)) for one in late[:3]]
    return [*ways, named(viewer, "menu.button.cacthon", ShowUnit(commune.id))]
