"""Tình hình: where a place stands against the plans that hold for it, as text, in detail, and as a picture.

Figures are those of each village's newest report at the time, taken whole: an answer that this report did not
ask for is missing, not borrowed from an older one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from handlers import access
from handlers.covering import programmes_on
from handlers.interviewing.marks import from_base36, to_base36
from handlers.messages import Choice, Picture
from handlers.turn import Turn, column
from plans.period import Period, from_key
from reports.progress import Heard, Progress, build, compared_with, hear, picture_data, progress_text
from storage import figures, places, submissions
from storage.tables import Level, Place, RoleName

LARGEST: Final = 2**63


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
    caption = [turn.say("situation.picture", place=progress.place, day=progress.as_of)]
    caption.append(compared_with(progress, turn.say, domain))
    turn.reply(Markup("\n").join(filter(None, caption)), picture=Picture("progress", data))


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
    way = [place, *await places.ancestors(turn.session, place.id or 0, turn.today)]
    heard = await hear_all(turn, place, await villages_about(turn, way))
    programmes = await programmes_on(turn, way)
    name = f"{place.kind} {place.name}".strip()
    return build(plans, programmes, name, place.level, heard, turn.today, turn.locale)


async def hear_all(turn: Turn, place: Place, villages: set[int]) -> list[Heard]:
    """What the newest reports of each questionnaire say about `place`, and those before."""
    session, plans = turn.session, turn.library.plans
    active = await turn.library.active_forms(session)
    entries = [entry for entry in plans.asked_of(Level.VILLAGE) if entry.form in active]
    ids = {place.id or 0} if place.level == Level.VILLAGE else villages
    periods = {entry.form: entry.period(turn.today) for entry in entries}
    new = await submissions.newest(session, ids, {form: period.end for form, period in periods.items()})
    if place.level == Level.VILLAGE:
        periods.update({each.form_name: from_key(each.period) for each in new})
    told = {each.form_name for each in new}
    before = {form: period.start - timedelta(days=1) for form, period in periods.items() if form in told}
    old = await submissions.newest(session, ids, before)
    numbers = await figures.of_submissions(session, {each.submission_id for each in (*new, *old)})
    reported = await submissions.reported(session, villages, {form: periods[form].key for form in told})
    heard = []
    for entry in entries:
        names = [question.name for question in active[entry.form][1].questions]
        if entry.form not in told:
            heard.append(hear(plans, names, None, [], expected=len(villages)))
            continue
        earlier = [each for each in old if each.form_name == entry.form]
        heard.append(
            hear(
                plans,
                names,
                periods[entry.form],
                numbers_of(numbers, (each for each in new if each.form_name == entry.form)),
                previous_period(each.period for each in earlier) if earlier else None,
                numbers_of(numbers, earlier),
                len(reported[entry.form]),
                len(villages),
            )
        )
    return heard


def numbers_of(
    numbers: Mapping[int, dict[str, Decimal]], of: Iterable[submissions.Newest]
) -> list[dict[str, Decimal]]:
    """The numbers of each of these reports that holds any."""
    return [numbers[each.submission_id] for each in of if each.submission_id in numbers]


async def villages_about(turn: Turn, way: Sequence[Place]) -> set[int]:
    """The villages of the unit at the start of `way` up; for a village those of its commune, itself among them."""
    root = way[1] if way[0].level == Level.VILLAGE and len(way) > 1 else way[0]
    if root.level == Level.VILLAGE:
        return {root.id or 0}
    return {village.id or 0 for village in await places.villages_of(turn.session, root.id or 0, turn.today)}


def previous_period(keys: Iterable[str]) -> Period:
    """The newest of these periods."""
    return max((from_key(key) for key in keys), key=lambda period: period.end)
