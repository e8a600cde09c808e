"""The weekly summary: to everybody, for their own place, once a week at the hour they like.

A village head reads how the village stands and what is still asked; an officer how far the reports are, what moved
most, what is behind or stuck, and who is silent. Each is at most one phone screen.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from markupsafe import Markup

from figures import access, difficulties, due
from figures.changes import Move, moved
from figures.coverage import Coverage, cover, owed_in, villages
from figures.progress import progress_of
from handlers import sentences
from handlers.buttons import choice
from handlers.letters import BROADCAST, FADES, Letter, Recipient, fades, rings, unwritten, week_of
from handlers.library import Library
from handlers.messages import Choice, Picture, Reply, column
from handlers.navigation import ChooseWeekly, Command, ShowUnit
from handlers.screens import due as due_screen
from handlers.screens import progress
from handlers.viewer import Viewer
from plans.rollup import Status
from reports.lines import ProgressLine
from reports.progress import picture_data
from storage import choices, emergencies, places, weekly_lines
from storage.session import Session
from storage.tables import Level, Place, RoleName

MOVES: Final = 3
"""So many changes for the better, and as many for the worse, are told."""
NAMED: Final = 8
"""So many silent villages by name; of more only how many, and the first."""
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
    some: Sequence[Recipient],
    only: Collection[int] | None = None,
) -> list[Letter]:
    """The summaries that are due and not yet written; with `only`, those for these places, due or not."""
    now = now.astimezone(library.zone)
    wanted = await choices.of_contacts(session, [recipient.contact.id for recipient in some])
    due_now = {summary_due.key: summary_due for summary_due in due_at(now, some, wanted, only)}
    letters = []
    for key in sorted(await unwritten(session, due_now, now)):
        recipient, place_id, at = due_now[key].recipient, due_now[key].place_id, due_now[key].at
        picture = wanted.get(recipient.contact.id, choices.DEFAULT).picture
        reply = await summary(recipient.viewer(session, library, now), place_id, picture=picture)
        if reply is not None:
            contact, until = recipient.contact.id, fades(at, now, only)
            quiet = library.quiet.over(now)
            letters.append(Letter(key, contact, place_id, reply, BROADCAST, "weekly", quiet, until))
    return letters


@dataclass(frozen=True, slots=True)
class SummaryDue:
    """A summary of one place for one recipient, due at a moment in the local zone."""

    recipient: Recipient
    place_id: int
    at: datetime

    @property
    def key(self) -> str:
        """One a week for each person and place, at whatever hour they want it."""
        return f"weekly:{week_of(self.at)}:{self.recipient.person.id}:{self.place_id}"


def due_at(
    now: datetime,
    some: Sequence[Recipient],
    wanted: Mapping[int, choices.WeeklyWish],
    only: Collection[int] | None,
) -> Iterator[SummaryDue]:
    """The summaries that the wishes of these recipients make due; with `only`, whenever they are."""
    for recipient in some:
        wish = wanted.get(recipient.contact.id, choices.DEFAULT)
        at = rings(wish, now)
        # What is older would be read as news of this week.
        if wish.stopped or (only is None and now - at > FADES):
            continue
        for place_id in recipient.place_ids:
            yield SummaryDue(recipient, place_id, at)


async def summary(viewer: Viewer, place_id: int, *, picture: bool = False) -> Reply | None:
    """The summary of a place for whoever the turn belongs to; None where the place is gone."""
    place = await viewer.session.places.get(place_id)
    if place is None:
        return None
    head = any(role.place_id == place_id and role.role == RoleName.VILLAGE_HEAD for role in viewer.roles)
    text = await of_village(viewer, place) if head else await of_unit(viewer, place)
    choose = choice(viewer.say("weekly.button.choose"), ChooseWeekly())
    rows = column(*way_on(viewer, place, head), progress.picture_button(viewer, place), choose)
    if not picture:
        return Reply(text, rows)
    data = picture_data(await progress_of(viewer, place), viewer.say)
    return Reply(text, rows, picture=Picture("progress", data))


def way_on(viewer: Viewer, place: Place, head: bool) -> list[Choice]:
    """The button to what its recipient does about a summary: the `head` reports, an officer looks at the ground."""
    if head:
        return [choice(viewer.say("menu.button.baocao"), Command("baocao"))]
    if access.is_officer(viewer):
        return [choice(viewer.say("weekly.button.look"), ShowUnit(place.id))]
    return []


async def of_village(viewer: Viewer, place: Place) -> Markup:
    """For a village head: a word of thanks or what is still asked, and how the village stands."""
    head = viewer.say("weekly.head", place=places.own_name(place), day=viewer.today)
    line, note = await own_line_of(viewer, place), await missing(viewer, place)
    return Markup("\n\n").join(filter(None, [head, line, note, await progress.summary(viewer, place)]))


async def missing(viewer: Viewer, place: Place) -> Markup:
    """What a village has not sent, also what is late and can still be sent; thanks where that is nothing."""
    unsent = await unsent_of(viewer, place)
    if not unsent:
        return viewer.say("weekly.thanks")
    soon = [due_screen.short(viewer, asked) for asked in unsent if not asked.late(viewer.today)]
    notes = []
    if soon:
        notes.append(viewer.say("weekly.still_asked", forms="; ".join(soon)))
    if len(soon) < len(unsent):
        notes.append(viewer.say("review.late_due", n=len(unsent) - len(soon)))
    return Markup("\n").join(notes)


async def unsent_of(viewer: Viewer, place: Place) -> list[due.Due]:
    """What a place is asked and has not sent."""
    return [asked for asked in await due.asked_of(viewer, place) if asked.sent is None]


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
        *silent(viewer, under, coverages),
    ]
    return Markup("\n").join(lines)


def silent(viewer: Viewer, under: Sequence[Place], coverages: Sequence[Coverage]) -> list[Markup]:
    """The villages that have sent nothing of what is asked now, the first of them by name."""
    ids = silent_in_all(coverages)
    names = [places.own_name(village) for village in under if village.id in ids]
    if not names:
        return []
    key = "weekly.silent" if len(names) <= NAMED else "weekly.silent_many"
    return [viewer.say(key, n=len(names), names=", ".join(names[:NAMED]))]


def silent_in_all(coverages: Sequence[Coverage]) -> frozenset[int]:
    """The villages that none of these questionnaires has come from; nobody is silent of nothing."""
    if not coverages:
        return frozenset()
    return frozenset.intersection(*(coverage.missing for coverage in coverages))


def movements(viewer: Viewer, moves: Sequence[Move]) -> list[Markup]:
    """The largest changes for the better and for the worse, of `moves` from the best to the worst."""
    best = [move for move in moves[:MOVES] if move.good]
    worst = [move for move in moves[: -MOVES - 1 : -1] if not move.good]
    return [*told_together(viewer, "weekly.better", best), *told_together(viewer, "weekly.worse", worst)]


def told_together(viewer: Viewer, key: str, moves: Sequence[Move]) -> list[Markup]:
    """Some movements under one heading; nothing where there are none."""
    if not moves:
        return []
    return [Markup("\n").join([viewer.say(key), *(told_of(viewer, move) for move in moves)])]


async def behind(viewer: Viewer, place: Place) -> list[Markup]:
    """The targets that are behind, the first of them by name."""
    known = await progress_of(viewer, place)
    late = [line for line in known.lines if is_behind(line)]
    if not late:
        return []
    # The main figures first, as only a few are named.
    first = sorted(late, key=lambda line: not line.main)[:MOVES]
    names = "; ".join(late_name(viewer, line) for line in first)
    return [viewer.say("weekly.behind", n=len(late), names=names + ("; …" if len(late) > MOVES else ""))]


def late_name(viewer: Viewer, line: ProgressLine) -> str:
    """The name of a line, with the part of the place that is behind, where the plan holds for no more."""
    parts = {goal.part for goal in line.goals if goal.standing is Status.BEHIND}
    if len(parts) != 1 or "" in parts:
        return line.name
    return viewer.say("weekly.behind_part", name=line.name, part=parts.pop()).unescape()


def is_behind(line: ProgressLine) -> bool:
    """Whether some target of an indicator is behind."""
    return any(goal.standing is Status.BEHIND for goal in line.goals)


async def stuck(viewer: Viewer, place: Place) -> list[Markup]:
    """Works that stand still, and this week's difficulties and emergencies."""
    told = await difficulties.on_ground(viewer, place)
    others = [difficulty.report for difficulty in told if difficulty.report.form_name != difficulties.WORKS]
    since = viewer.now - WEEK
    alarms = await emergencies.lately(
        viewer.session, await viewer.session.places.ground(place.id, viewer.today), since
    )
    fresh = sum(report.sent_at > since for report in others)
    counts = (("works", len(told) - len(others)), ("difficulties", fresh), ("emergencies", alarms))
    return [viewer.say(f"weekly.{what}", n=count) for what, count in counts if count]


def told_of(viewer: Viewer, move: Move) -> Markup:
    """One movement in a line."""
    indicator = move.source.indicator
    # A rate changes by points: "2 % more" of 50 % could mean 51 or 52.
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
