"""The weekly summary: to everybody, for their own place, once a week at the hour they like.

A village head reads how the village stands and what is still asked; an officer how far the reports are, what moved
most, what is behind or stuck, and who is silent. Each is at most one phone screen.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from figures import access, difficulties, due
from figures.changes import Move, moved
from figures.coverage import cover, owed_in, villages
from figures.progress import progress_of
from handlers import sentences
from handlers.buttons import choice
from handlers.letters import BROADCAST, FADES, Letter, Reader, fades, rings, unwritten, week_of
from handlers.library import Library
from handlers.messages import Picture, Reply, column
from handlers.navigation import ChooseWeekly, Command, ShowUnit
from handlers.screens import due as due_screen
from handlers.screens import progress
from handlers.viewer import Viewer
from plans.rollup import Status
from reports.progress import picture_data
from storage import choices, emergencies, places, weekly_lines
from storage.session import Session
from storage.tables import Level, Place, RoleName

MOVES: Final = 3
NAMED: Final = 8
WEEK: Final = timedelta(days=7)


async def latest(session: Session, library: Library, now: datetime) -> datetime | None:
    """The latest moment by `now` (in the local zone) at which anybody's summary was due; None: too long ago."""
    moments = [rings(choice, now) for choice in {choices.DEFAULT, *await choices.all_of_them(session)}]
    newest = max(moments)
    return newest if now - newest <= FADES else None


async def compose(
    session: Session,
    library: Library,
    now: datetime,
    some: Sequence[Reader],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """The summaries that are due and not yet written; with `only`, those for these places, due or not."""
    now = now.astimezone(library.zone)
    wanted = await choices.of_contacts(session, [reader.contact.id for reader in some])
    open_keys: dict[str, tuple[Reader, int, datetime]] = {}
    for reader in some:
        choice = wanted.get(reader.contact.id, choices.DEFAULT)
        at = rings(choice, now)
        if choice.stopped or (only is None and now - at > FADES):
            continue
        for place_id in dict.fromkeys(role.place_id for role in reader.roles):
            open_keys[f"weekly:{week_of(at)}:{reader.person.id}:{place_id}"] = (reader, place_id, at)
    letters = []
    for key in sorted(await unwritten(session, open_keys, now)):
        reader, place_id, at = open_keys[key]
        picture = wanted.get(reader.contact.id, choices.DEFAULT).picture
        reply = await summary(reader.viewer(session, library, now), place_id, picture=picture)
        if reply is not None:
            contact, until = reader.contact.id, fades(at, now, only)
            quiet = library.quiet.over(now)
            letters.append(Letter(key, contact, place_id, reply, BROADCAST, "weekly", quiet, until))
    return letters


async def summary(viewer: Viewer, place_id: int, *, picture: bool = False) -> Reply | None:
    """The summary of a place for whoever the turn belongs to; None where the place is gone."""
    place = await viewer.session.places.get(place_id)
    if place is None:
        return None
    head = any(role.place_id == place_id and role.role == RoleName.VILLAGE_HEAD for role in viewer.roles)
    text = await of_village(viewer, place) if head else await of_unit(viewer, place)
    rows = [progress.picture_button(viewer, place)]
    if head:
        rows.insert(0, choice(viewer.say("menu.button.baocao"), Command("baocao")))
    elif access.is_officer(viewer):
        rows.insert(0, choice(viewer.say("weekly.button.look"), ShowUnit(place_id)))
    rows.append(choice(viewer.say("weekly.button.choose"), ChooseWeekly()))
    if not picture:
        return Reply(text, column(*rows))
    data = picture_data(await progress_of(viewer, place), viewer.say)
    return Reply(text, column(*rows), picture=Picture("progress", data))


async def of_village(viewer: Viewer, place: Place) -> Markup:
    """For a village head: a word of thanks or what is still asked, and how the village stands."""
    head = viewer.say("weekly.head", place=places.own_name(place), day=viewer.today)
    line, note = await own_line_of(viewer, place), await missing(viewer, place)
    return Markup("\n\n").join(filter(None, [head, line, note, await progress.summary(viewer, place)]))


async def missing(viewer: Viewer, place: Place) -> Markup:
    """What a village has not sent, also what is late and can still be sent; thanks where that is nothing."""
    unsent = [each for each in await due.asked_of(viewer, place) if each.sent is None]
    soon = [due_screen.short(viewer, each) for each in unsent if not each.late(viewer.today)]
    notes = [viewer.say("weekly.still_asked", forms="; ".join(soon))] if soon else []
    if late := len(unsent) - len(soon):
        notes.append(viewer.say("review.late_due", n=late))
    return Markup("\n").join(notes) if notes else viewer.say("weekly.thanks")


async def own_line_of(viewer: Viewer, village: Place) -> Markup | None:
    """What the commune has to say to its villages this week."""
    for unit in await viewer.session.places.ancestors(village.id, viewer.today):
        if unit.level == Level.COMMUNE:
            text = await weekly_lines.of_place(viewer.session, unit.id, week_of(viewer.today))
            return viewer.say("weekly.own_line", place=places.own_name(unit), text=text) if text else None
    return None


async def of_unit(viewer: Viewer, place: Place) -> Markup:
    """For an officer: how far the reports are, what moved most, and who is silent."""
    under = await villages(viewer, place)
    coverages = await cover(viewer, [village.id for village in under], await owed_in(viewer))
    lines = [
        viewer.say("weekly.head", place=places.own_name(place), day=viewer.today),
        *(sentences.of_coverage(viewer, coverage) for coverage in coverages),
        *movements(viewer, await moved(viewer, place)),
        *await behind(viewer, place),
        *await stuck(viewer, place),
    ]
    silent = frozenset.intersection(*(coverage.missing for coverage in coverages)) if coverages else ()
    if silent:
        names = [places.own_name(village) for village in under if village.id in silent]
        key = "weekly.silent" if len(names) <= NAMED else "weekly.silent_many"
        lines.append(viewer.say(key, n=len(names), names=", ".join(names[:NAMED])))
    return Markup("\n").join(lines)


def movements(viewer: Viewer, moves: Sequence[Move]) -> list[Markup]:
    """The largest changes for the better and for the worse, of `moves` from the best to the worst."""
    best = [move for move in moves[:MOVES] if move.good]
    worst = [move for move in moves[: -MOVES - 1 : -1] if not move.good]
    return [
        Markup("\n").join([viewer.say(key), *(told_of(viewer, move) for move in some)])
        for key, some in (("weekly.better", best), ("weekly.worse", worst))
        if some
    ]


async def behind(viewer: Viewer, place: Place) -> list[Markup]:
    """The targets that are behind, the first of them by name."""
    known = await progress_of(viewer, place)
    late = [line for line in known.lines if any(goal.status == Status.BEHIND for goal in line.goals)]
    if not late:
        return []
    names = "; ".join(line.name for line in sorted(late, key=lambda line: not line.main)[:MOVES])
    return [viewer.say("weekly.behind", n=len(late), names=names + ("; …" if len(late) > MOVES else ""))]


async def stuck(viewer: Viewer, place: Place) -> list[Markup]:
    """Works that stand still, and this week's difficulties and emergencies."""
    told = await difficulties.on_ground(viewer, place)
    works = sum(each.report.form_name == difficulties.WORKS for each in told)
    since = viewer.now - WEEK
    alarms = await emergencies.lately(
        viewer.session, await viewer.session.places.ground(place.id, viewer.today), since
    )
    fresh = sum(each.report.form_name != difficulties.WORKS and each.report.sent_at > since for each in told)
    counts = (("works", works), ("difficulties", fresh), ("emergencies", alarms))
    return [viewer.say(f"weekly.{what}", n=count) for what, count in counts if count]


def told_of(viewer: Viewer, move: Move) -> Markup:
    """One movement in a line."""
    indicator = move.source.indicator
    unit = (
        viewer.say("progress.points") if indicator.unit["vi"] == "%" else indicator.unit_name(viewer.locale)
    )
    key = "weekly.up" if move.by > 0 else "weekly.down"
    by = round(abs(move.by), indicator.decimals)
    told = viewer.say(
        key, place=places.own_name(move.place), name=indicator.name(viewer.locale), by=by, unit=unit
    )
    if move.place.level == indicator.level:
        return told
    units = viewer.say(f"progress.units.{indicator.level}")
    return told + viewer.say("weekly.among", n=move.change.places, units=units)
