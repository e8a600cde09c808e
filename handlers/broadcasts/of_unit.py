"""An officer's weekly summary: first what awaits them, then how far their villages are, then the figures that changed."""

from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures import access, difficulties, due
from figures.awaiting import awaiting as awaiting_checks
from figures.changes import Move, for_reader, moved
from figures.coverage import Coverage, cover, owed_in, villages
from figures.overdue import since_opened
from figures.progress import progress_of
from handlers import sentences
from handlers.broadcasts import morning, of_village, reminders
from handlers.broadcasts.news import News, marks_of, short
from handlers.broadcasts.summary import Summary, lines
from handlers.buttons import choice
from handlers.letters import Recipient
from handlers.messages import Choice, column
from handlers.navigation import ChooseWeekly, Command, ShowUnit
from handlers.screens import progress, reported
from handlers.screens.checking import ShowAwaiting
from handlers.sentences import first_names
from handlers.viewer import Viewer
from plans.period import Period
from plans.rollup import Status
from reports.covering import over_text
from reports.lines import ProgressLine
from reports.progress import rounded
from storage import emergencies, people, places
from storage.tables import Emergency, Level, Place, RoleName

MOVES: Final = 2
"""How many changes of shares, and how many of counts, are told for the better, and as many for the worse."""
KNOWN: Final = 20
TARGETS: Final = 3
ALARMS: Final = 5
"""How many emergencies of a sort are named, the longest waiting first."""
NAMED: Final = 8
"""How many villages are named; if there are more, the number and the first ones."""
WEEK: Final = timedelta(days=7)


async def summary(
    viewer: Viewer, recipient: Recipient, place: Place, told: Collection[str], *, first: bool = True
) -> Summary:
    """Return the summary of a unit for one of its officers; the `first` one also tells the person's other news."""
    under = await villages(viewer, place)
    coverages = await cover(viewer, [village.id for village in under], await owed_in(viewer))
    own = await own_unsent(viewer, place)
    pieces = await pieces_of(viewer, recipient, place, told) if first else []
    to_check = await doubtful(viewer) if first else None
    moves = foremost(await moved(viewer, place))
    fresh = await for_reader(viewer, chosen(not_told(moves, told)))
    parts = (
        viewer.say("weekly.head", place=places.own_name(place), day=viewer.today),
        await awaiting(viewer, place, under, own, pieces, to_check, told),
        *(short(viewer, piece.text) for piece in pieces),
        lines(
            [
                *on_ground(viewer, under, coverages),
                *await reported.merged_line(viewer, coverages),
                *await silent(viewer, place, under, coverages),
                *await stuck(viewer, place),
                *await behind(viewer, place),
            ]
        ),
        *movements(viewer, fresh),
    )
    marks = (
        *marks_of(pieces),
        *of_village.near_marks(reminders.untold_by_kind(viewer, own, told)),
        *marks_ahead(viewer, own),
        *(move.mark for move in moves),
    )
    shown = buttons(viewer, place, own, to_check, pieces)
    return Summary(place, parts, column(*shown), tuple(dict.fromkeys(marks)))


def not_told(moves: Sequence[Move], told: Collection[str]) -> list[Move]:
    """Return the movements that are shown and were not told yet."""
    return [move for move in moves if move.mark not in told and shown_by(move)]


def marks_ahead(viewer: Viewer, own: Sequence[due.Due]) -> list[str]:
    """Return the marks of what is announced ahead of its time."""
    return [of_village.mark_ahead(one) for one in own if of_village.is_ahead(viewer, one)]


def buttons(
    viewer: Viewer, place: Place, own: Sequence[due.Due], to_check: Markup | None, pieces: Sequence[News]
) -> list[Choice]:
    """Return buttons to one's own reports while some are due, to what is to be checked, to the news, the ground, a
    picture, and another hour."""
    check = choice(viewer.say("menu.button.kiemtra"), ShowAwaiting())
    report = choice(viewer.say("menu.button.baocao"), Command("baocao"))
    look = choice(viewer.say("weekly.button.look"), ShowUnit(place.id))
    choose = choice(viewer.say("weekly.button.choose"), ChooseWeekly())
    looking = [look] if access.is_officer(viewer) else []
    first = [*([report] if own else []), *([check] if to_check else [])]
    told = [button for piece in pieces for button in piece.buttons]
    ways = [*first, *told, *looking, progress.picture_button(viewer, place), choose]
    return list(dict.fromkeys(ways))


# --- what awaits the officer ------------------------------------------------------------------------------


async def own_unsent(viewer: Viewer, place: Place) -> list[due.Due]:
    """Return what this person's own unit, and the former provinces that it absorbed, have not sent, if they answer for
    them."""
    parts = [place, *await access.parts_answered_for(viewer, place)]
    answered = {own.id for own in await due.own_places(viewer)}
    asked = await due.asked_of_all(viewer, [part for part in parts if part.id in answered])
    return reminders.unsent(viewer, asked)


async def awaiting(
    viewer: Viewer,
    place: Place,
    under: Sequence[Place],
    own: Sequence[due.Due],
    pieces: Sequence[News],
    to_check: Markup | None,
    told: Collection[str],
) -> Markup:
    """Return what awaits this officer: emergencies, doubtful figures, their own reports, villages without a head."""
    rows = [await alarms(viewer, place), to_check]
    if own:
        rows.append(of_village.asked(viewer, own, own, pieces, told))
    if looks_after_heads(viewer, place):
        rows.append(await headless(viewer, under))
    shown = [row for row in rows if row]
    return lines([viewer.say("weekly.awaiting"), *shown]) if shown else Markup()


def looks_after_heads(viewer: Viewer, place: Place) -> bool:
    """Whether the officer invites and phones the heads of this unit's villages: a commune's officer does."""
    return place.level == Level.COMMUNE and bool(access.holds(viewer, RoleName.COMMUNE_OFFICER))


async def doubtful(viewer: Viewer) -> Markup | None:
    """Return how many reports hold something doubtful, and how many returned figures are unanswered."""
    items = await awaiting_checks(viewer)
    doubts, back = sum(item.doubtful for item in items), sum(len(item.returned) for item in items)
    counts = (("weekly.doubtful", doubts), ("weekly.returned", back))
    rows = sentences.of_counts(viewer, counts)
    return lines(rows) if rows else None


async def alarms(viewer: Viewer, place: Place) -> Markup | None:
    """Return how many emergencies were raised this week or are still open, and which of them nobody has."""
    told = await alarms_told(viewer, place)
    if not told:
        return None
    going_on = [row for row in told if row.closed_at is None]
    unanswered = [row for row in going_on if row.acknowledged_at is None]
    others = [row for row in told if row not in unanswered]
    return lines(
        [
            viewer.say("weekly.emergencies", n=len(told), open=len(going_on)),
            *await alarm_names(viewer, "weekly.unanswered", unanswered),
            *await alarm_names(viewer, "weekly.alarms", others),
        ]
    )


async def alarms_told(viewer: Viewer, place: Place) -> list[Emergency]:
    """The emergencies within a unit that were raised this week or are open still."""
    ground = await viewer.session.places.ground(place.id, viewer.today)
    rows = await emergencies.within(viewer.session, ground, viewer.today, viewer.now - emergencies.LISTED)
    return [row for row in rows if row.closed_at is None or row.raised_at >= viewer.now - WEEK]


async def alarm_names(viewer: Viewer, key: str, rows: Sequence[Emergency]) -> list[Markup]:
    """Return the sentence `key` about some emergencies, naming the first of them; nothing if there are none."""
    if not rows:
        return []
    names = [await alarm_name(viewer, row) for row in rows[:ALARMS]]
    more = "; …" if len(rows) > ALARMS else ""
    return [viewer.say(key, n=len(rows), names="; ".join(names) + more)]


async def alarm_name(viewer: Viewer, row: Emergency) -> str:
    """An emergency in a few words: what, where, since when."""
    place = await viewer.session.places.get(row.place_id)
    name = places.name_of(place)
    at = row.raised_at.astimezone(viewer.zone)
    kind = viewer.say(f"emergency.kind.{row.kind}")
    return viewer.say("weekly.alarm", kind=kind, place=name, at=at).unescape()


async def headless(viewer: Viewer, under: Sequence[Place]) -> Markup | None:
    """Return the villages that have no head, where somebody has to be invited."""
    held = await with_head(viewer, under)
    empty = [places.own_name(village) for village in under if village.id not in held]
    if not empty or not held:
        return None
    return viewer.say("weekly.headless", n=len(empty), names=named(empty))


async def with_head(viewer: Viewer, under: Sequence[Place]) -> set[int]:
    """The ids of the villages in which somebody is head."""
    return set(await people.heads_since(viewer.session, [village.id for village in under]))


async def pieces_of(viewer: Viewer, recipient: Recipient, place: Place, told: Collection[str]) -> list[News]:
    """Return today's news, except what is due or overdue, which a summary tells anyway."""
    of_reports = await reminders.news(viewer, recipient, told)
    others = [one for source in morning.BESIDES for one in await source(viewer, recipient, told)]
    return [*(piece for piece in of_reports if piece.kind in ("last", "locked")), *others]


# --- the villages -----------------------------------------------------------------------------------------


def on_ground(viewer: Viewer, under: Sequence[Place], coverages: Sequence[Coverage]) -> list[Markup]:
    """How far the villages' reports are."""
    if not under:
        return [viewer.say("weekly.nobody_takes_part")]
    return [viewer.say("weekly.ground"), *(sentences.of_coverage(viewer, coverage) for coverage in coverages)]


async def silent(
    viewer: Viewer, place: Place, under: Sequence[Place], coverages: Sequence[Coverage]
) -> list[Markup]:
    """Return the villages that are late and have sent nothing of what is asked now, naming the first of them.

    A commune is asked to phone; units above read that the commune reminds. Without a head there is nobody to phone.
    """
    late = silent_in_all(viewer, coverages)
    ids = late & await with_head(viewer, under) if late else late
    names = [places.own_name(village) for village in under if village.id in ids]
    if not names:
        return []
    key = "weekly.silent" if looks_after_heads(viewer, place) else "weekly.silent_below"
    told = all_or_named(viewer, place, names, len(under))
    return [viewer.say(key, n=len(names), names=told, forms=len(coverages))]


def all_or_named(viewer: Viewer, place: Place, names: Sequence[str], every: int) -> str:
    """Return the names of the first villages, or that it is all of a place's, of which there are `every`."""
    if len(names) == every > NAMED // 2:
        return viewer.say("weekly.all_of", place=places.own_name(place)).unescape()
    return named(names)


def named(names: Sequence[str]) -> str:
    """Some names; of many the first."""
    return first_names(names, NAMED)


def silent_in_all(viewer: Viewer, coverages: Sequence[Coverage]) -> frozenset[int]:
    """Return the villages that have sent none of these questionnaires, if one of them is overdue."""
    late = since_opened([one for one in coverages if one.owed.entry.late_at(one.owed.period, viewer.now)])
    overdue = frozenset[int]().union(*(one.missing for one in late))
    return overdue.intersection(*(coverage.missing for coverage in coverages))


async def behind(viewer: Viewer, place: Place) -> list[Markup]:
    """Return the targets that are behind, naming the first of them."""
    known = await progress_of(viewer, place)
    late = [line for line in known.lines if is_behind(line)]
    if not late:
        return []
    # The main figures first, as only a few are named.
    first = sorted(late, key=lambda line: not line.main)[:TARGETS]
    names = "; ".join(late_name(viewer, line) for line in first)
    return [viewer.say("weekly.behind", n=len(late), names=names + ("; …" if len(late) > TARGETS else ""))]


def late_name(viewer: Viewer, line: ProgressLine) -> str:
    """Return a line's name, with the part of the place that is behind if the plan applies only to that."""
    parts = {goal.part for goal in line.goals if goal.standing is Status.BEHIND}
    if len(parts) != 1 or "" in parts:
        return line.name
    return viewer.say("weekly.behind_part", name=line.name, part=parts.pop()).unescape()


def is_behind(line: ProgressLine) -> bool:
    """Whether some target of an indicator is behind."""
    return any(goal.standing is Status.BEHIND for goal in line.goals)


async def stuck(viewer: Viewer, place: Place) -> list[Markup]:
    """Return works at a standstill, and this week's difficulties."""
    told = await difficulties.on_ground(viewer, place)
    others = [difficulty.report for difficulty in told if difficulty.report.form_name != difficulties.WORKS]
    fresh = sum(report.sent_at > viewer.now - WEEK for report in others)
    counts = (("works", len(told) - len(others)), ("difficulties", fresh))
    return [viewer.say(f"weekly.{what}", n=count) for what, count in counts if count]


# --- the figures that changed -----------------------------------------------------------------------------


def foremost(moves: Sequence[Move]) -> list[Move]:
    """Return, of `moves` from best to worst, those at either end, for shares and for counts.

    All of them count as known to whoever reads a summary: the next one tells what is new among them.
    """
    kept: list[Move] = []
    for share in (True, False):
        alike = [move for move in moves if move.share is share]
        kept += alike if len(alike) <= 2 * KNOWN else [*alike[:KNOWN], *alike[-KNOWN:]]
    return kept


def chosen(moves: Sequence[Move]) -> list[Move]:
    """Return the largest changes of `moves`, which go from best to worst: shares and counts apart."""
    shares = [move for move in moves if move.share]
    counts = [move for move in moves if not move.share]
    return [*ends_of(shares), *ends_of(counts)]


def ends_of(moves: Sequence[Move]) -> Iterator[Move]:
    """Yield the best of the good changes, and the worst of the others."""
    yield from (move for move in moves[:MOVES] if move.good)
    yield from (move for move in moves[: -MOVES - 1 : -1] if not move.good)


def movements(viewer: Viewer, moves: Sequence[Move]) -> list[Markup]:
    """Return the changes under their headings: better and worse, shares and counts apart."""
    return [
        told_together(viewer, f"weekly.{way}_{sort}", some)
        for way, good in (("better", True), ("worse", False))
        for sort, share in (("shares", True), ("counts", False))
        if (some := [move for move in moves if (move.good, move.share) == (good, share)])
    ]


def told_together(viewer: Viewer, key: str, moves: Sequence[Move]) -> Markup:
    """Some movements under one heading."""
    return lines([viewer.say(key), *(told_of(viewer, move) for move in moves)])


def name_of(period: Period | None, locale: str) -> str:
    """A period's name; "" for none."""
    return period.name(locale) if period else ""


def told_of(viewer: Viewer, move: Move) -> Markup:
    """One movement in a line, with its two periods."""
    indicator = move.source.indicator
    since = move.change.since or (move.period.previous() if move.period else None)
    told = viewer.say(
        "weekly.up" if move.by > 0 else "weekly.down",
        place=places.own_name(move.place),
        name=indicator.name(viewer.locale),
        by=shown_by(move),
        unit=unit_of(viewer, move),
        period=name_of(move.period, viewer.locale),
        since=name_of(since, viewer.locale),
    )
    if move.place.level == indicator.level:
        return told
    return told + viewer.say("weekly.among", over=over_text(move.change, indicator.level, viewer.say))


def shown_by(move: Move) -> Decimal:
    """Return the change as an answer tells it (`by_as_told`)."""
    return rounded(abs(move.by), move.source.indicator.decimals)


def unit_of(viewer: Viewer, move: Move) -> str | Markup:
    """Return what a change is counted in. A rate changes by points: "2 % more" than 50 % could mean 51 or 52."""
    indicator = move.source.indicator
    if indicator.unit["vi"] == "%":
        return viewer.say("progress.points")
    return indicator.unit_of_one(viewer.locale) if shown_by(move) == 1 else indicator.unit_name(viewer.locale)
