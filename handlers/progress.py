"""Tình hình: where a place stands against the plans that hold for it, as text, in detail, and as a picture.

Figures are those of each village's newest report at the time, taken whole: an answer that this report did not
ask for is missing, not borrowed from an older one. A plan made for a unit that has since been closed holds on
where that unit went.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from markupsafe import Markup
from sqlmodel import col, select

from handlers import access
from handlers.interviewing.marks import from_base36, to_base36
from handlers.messages import Choice, Picture
from handlers.turn import Turn, column
from plans.period import Period, from_key
from plans.plan import Entry, Programme
from reports.progress import Heard, Progress, build, hear, picture_data, progress_text
from storage import figures, places, submissions
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession, RoleName, Submission

LARGEST: Final = 2**63
LOW: Final = (Level.VILLAGE, Level.COMMUNE)


async def show(turn: Turn) -> None:
    """The village of a village head; of several, first which one; else the unit that somebody looks after."""
    held = access.holds(turn, RoleName.VILLAGE_HEAD) or turn.roles
    wanted = dict.fromkeys(role.place_id for role in held)
    found = [place for place_id in wanted if (place := await places.get(turn.session, place_id))]
    if not found:
        turn.reply(turn.say("situation.gone"))
    elif len(found) == 1:
        await show_place(turn, found[0])
    else:
        choices = (Choice(f"{place.kind} {place.name}", data_of(place)) for place in found)
        turn.reply(turn.say("situation.which"), choices=column(*choices))


async def on_press(turn: Turn) -> None:
    """A press with the prefix "t": a place, nothing or "p" (picture) or "d" (detail), then a domain."""
    _, number, op, domain = (*turn.incoming.press.split(":", 3), "", "", "")[:4]
    place_id = from_base36(number)
    place = await access.visible(turn, place_id) if place_id and place_id < LARGEST else None
    domain = domain if domain in turn.library.plans.domains else ""
    if place is None:
        turn.reply(turn.say("situation.gone"))
    elif op == "p":
        await show_picture(turn, place, domain)
    else:
        await show_place(turn, place, domain)


async def show_place(turn: Turn, place: Place, domain: str = "") -> None:
    """The summary of a place, or one domain in detail."""
    progress = await progress_of(turn, place)
    text = progress_text(progress, turn.say, domain, detail=bool(domain))
    picture = picture_button(turn, place, domain)
    others = [
        Choice(each.name, data_of(place, f"d:{each.id}")) for each in progress.domains if each.id != domain
    ]
    whole = [Choice(turn.say("situation.button.whole").unescape(), data_of(place))] if domain else []
    turn.reply(text, choices=((picture,), *((each,) for each in others), *((each,) for each in whole)))


async def show_picture(turn: Turn, place: Place, domain: str = "") -> None:
    """The same as a picture; in words where the channel shows none."""
    progress = await progress_of(turn, place)
    data = picture_data(progress, turn.say, domain)
    text = turn.say("situation.picture", place=progress.place, day=progress.as_of)
    turn.reply(text, picture=Picture("progress", data))


def data_of(place: Place, rest: str = "") -> str:
    """The data of a button about a place."""
    return f"t:{to_base36(place.id or 0)}" + (f":{rest}" if rest else "")


def picture_button(turn: Turn, place: Place, domain: str = "") -> Choice:
    """The button that draws a place's progress."""
    return Choice(turn.say("progress.button.picture").unescape(), data_of(place, f"p:{domain}".rstrip(":")))


async def summary(turn: Turn, place: Place) -> Markup:
    """The progress of a place as it is said after a report."""
    return progress_text(await progress_of(turn, place), turn.say)


# --- gathering ------------------------------------------------------------------------------------------


async def progress_of(turn: Turn, place: Place) -> Progress:
    """How `place` stands today: a village by its own reports, a larger unit by those of its villages."""
    plans = turn.library.plans
    heard = []
    for entry in plans.asked_of(Level.VILLAGE):
        active = await turn.library.active_form(turn.session, entry.form)
        if active is not None:
            names = [question.name for question in active[1].questions]
            heard.append(await heard_of(turn, place, entry, names))
    programmes = await programmes_of(turn, place)
    name = f"{place.kind} {place.name}".strip()
    return build(plans, programmes, name, place.level, heard, turn.today, turn.locale)


async def heard_of(turn: Turn, place: Place, entry: Entry, names: list[str]) -> Heard:
    """What the newest reports of one questionnaire say about `place`, and those before."""
    plans = turn.library.plans
    period = entry.period(turn.today)
    villages = await villages_about(turn, place)
    ids = {place.id or 0} if place.level == Level.VILLAGE else villages
    newest = await newest_periods(turn, ids, entry.form, period.end)
    if not newest:
        return hear(plans, names, None, [], expected=len(villages))
    if place.level == Level.VILLAGE:
        period = from_key(next(iter(newest.values())))
    earlier = await newest_periods(turn, ids, entry.form, period.start - timedelta(days=1))
    coverage = await submissions.coverage(turn.session, villages, entry.form, period.key)
    return hear(
        plans,
        names,
        period,
        await numbers(turn, newest, names),
        previous_period(earlier.values()) if earlier else None,
        await numbers(turn, earlier, names),
        coverage.reported,
        coverage.expected,
    )


async def villages_about(turn: Turn, place: Place) -> set[int]:
    """The villages of a unit; for a village those of its commune, itself among them."""
    root = place
    if place.level == Level.VILLAGE:
        above = await places.ancestors(turn.session, place.id or 0, turn.today)
        root = above[0] if above else place
    if root.level == Level.VILLAGE:
        return {root.id or 0}
    return {village.id or 0 for village in await places.villages_of(turn.session, root.id or 0, turn.today)}


async def newest_periods(turn: Turn, ids: set[int], form: str, until: date) -> dict[int, str]:
    """For each place the key of the newest period that it reported on and that ended by `until`."""
    found: dict[int, str] = {}
    for some in submissions.portions(sorted(ids)):
        chosen = (
            select(Submission.place_id, Submission.period)
            .where(Submission.form_name == form, col(Submission.current).is_(True))
            .where(col(Submission.place_id).in_(some), col(Submission.period_end) <= until)
            .order_by(col(Submission.period_end), col(Submission.id))
        )
        found.update(dict(list(await turn.session.exec(chosen))))
    return found


def previous_period(keys: Iterable[str]) -> Period:
    """The newest of these periods."""
    return max((from_key(key) for key in keys), key=lambda period: period.end)


async def numbers(turn: Turn, newest: dict[int, str], names: list[str]) -> list[dict[str, Decimal]]:
    """The numbers of each place's report, one mapping for each place."""
    groups: dict[str, list[int]] = {}
    for place_id, key in newest.items():
        groups.setdefault(key, []).append(place_id)
    found: list[dict[str, Decimal]] = []
    for key, ids in groups.items():
        values = await figures.values_of(turn.session, ids, names, key, exact=True)
        found += values.values()
    return found


async def programmes_of(turn: Turn, place: Place) -> tuple[Programme, ...]:
    """The plans for a place: of the units it lies in, and of those it lay in before boundaries changed."""
    units = [*await above(turn, place.id or 0), *await before(turn, place)]
    return turn.library.plans.covering({(unit.level, unit.name) for unit in units})


async def above(turn: Turn, place_id: int) -> list[Place]:
    """The place and what it lies in today, or lay in on its own last day."""
    unit = await places.get(turn.session, place_id)
    return [*([unit] if unit else []), *await places.ancestors(turn.session, place_id, turn.today)]


async def before(turn: Turn, place: Place) -> list[Place]:
    """The former units of the place and of its commune, with what those lay in.

    Not those of the province above: of its predecessors only one was this village's.
    """
    low = [unit for unit in await above(turn, place.id or 0) if unit.level in LOW or unit.id == place.id]
    ids = {unit.id for unit in low}
    parents = select(PlaceEdge.parent_id).where(
        col(PlaceEdge.child_id).in_(ids), col(PlaceEdge.last_day).is_not(None)
    )
    into = select(PlaceSuccession.from_id).where(col(PlaceSuccession.to_id).in_(ids))
    former = {*await turn.session.exec(parents), *await turn.session.exec(into)}
    return [unit for number in sorted(former) for unit in await above(turn, number)]
