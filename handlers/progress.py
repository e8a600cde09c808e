"""Tình hình: where a place stands against the plans that hold for it, as text, in detail, and as a picture.

A screen shows a few domains; buttons lead to the others, and into one. What only officers count stands beside
what the villages count: by the place's own report, or together from the units below it. Figures are those of
each unit's newest report at the time, taken whole: an answer that this report did not ask for is missing, not
borrowed from an older one.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from handlers import access, small
from handlers.buttons import from_base36, to_base36
from handlers.messages import Choice, Picture
from handlers.programmes import programmes_on
from handlers.turn import Turn, column
from handlers.years import year_ends
from plans.levels import LEVELS
from plans.period import Period, from_key
from plans.programme import Programme
from plans.schedule import Entry
from questionnaires.questionnaire import Questionnaire
from reports.progress import Heard, Progress, build, compared_with, hear, picture_data, progress_text
from storage import figures, ledger, places, remembered, submissions
from storage.tables import Level, Place, RoleName

LARGEST: Final = 2**63
DOMAINS: Final = 4
"""So many domains stand on one screen."""


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
    """A press with the prefix "t": a place, nothing or "p" (picture), "d" (detail) or "g" (which domains), then a
    domain, or from which one on."""
    _, number, op, domain = (*turn.incoming.press.split(":", 3), "", "", "")[:4]
    place_id = from_base36(number)
    place = await access.visible(turn, place_id) if place_id and place_id < LARGEST else None
    first = int(domain) if op == "g" and domain.isascii() and domain.isdigit() and len(domain) < 4 else 0
    domain = domain if domain in turn.library.plans.domains else ""
    if place is None:
        turn.reply(turn.say("situation.gone"))
    elif op == "p":
        await show_picture(turn, place, domain)
    else:
        await show_place(turn, place, domain, first)


async def show_place(turn: Turn, place: Place, domain: str = "", first: int = 0) -> None:
    """The summary of a place, a few of the domains heard of from the one numbered `first` on; or one `domain`."""
    if domain:
        await show_domain(turn, place, domain)
        return
    progress = await progress_of(turn, place)
    domains = [each.id for each in progress.heard]
    count, first = len(domains), first if first < len(domains) else 0
    here = domains[first : first + DOMAINS]
    silent = [each.id for each in progress.domains if not each.period] if first + DOMAINS >= count else []
    text = progress_text(progress.only([*here, *silent]), turn.say)
    if count > DOMAINS:
        page = turn.say("situation.page", first=first + 1, last=first + len(here), count=count)
        text += Markup("\n\n") + page
    rows = [(picture_button(turn, place),)]
    if place.level != Level.VILLAGE:
        rows.append((Choice(turn.say("targets.button.table").unescape(), f"v:{to_base36(place.id)}"),))
    rows += [
        (Choice(each.name, data_of(place, f"d:{each.id}")),) for each in progress.domains if each.id in here
    ]
    turning = []
    if first:
        turning.append(page_button(turn, place, "situation.button.before", max(first - DOMAINS, 0)))
    if first + DOMAINS < count:
        turning.append(page_button(turn, place, "situation.button.after", first + DOMAINS))
    turn.reply(text, choices=(*rows, *([tuple(turning)] if turning else [])))


def page_button(turn: Turn, place: Place, key: str, first: int) -> Choice:
    return Choice(turn.say(key).unescape(), data_of(place, f"g:{first}"))


async def show_domain(turn: Turn, place: Place, domain: str) -> None:
    """One domain in detail, with every plan's target beside the figures."""
    progress = await progress_of(turn, place)
    text = progress_text(progress, turn.say, domain, detail=True)
    whole = Choice(turn.say("situation.button.whole").unescape(), data_of(place))
    turn.reply(text, choices=column(picture_button(turn, place, domain), whole))


async def show_picture(turn: Turn, place: Place, domain: str = "") -> None:
    """The same as a picture; in words where the channel shows none."""
    progress = await progress_of(turn, place)
    data = picture_data(progress, turn.say, domain)
    caption = [turn.say("situation.picture", place=progress.place, day=progress.as_of)]
    caption.append(compared_with(progress, turn.say, domain))
    turn.reply(Markup("\n").join(filter(None, caption)), picture=Picture("progress", data))


def data_of(place: Place, rest: str = "") -> str:
    """The data of a button about a place."""
    return f"t:{to_base36(place.id)}" + (f":{rest}" if rest else "")


def picture_button(turn: Turn, place: Place, domain: str = "") -> Choice:
    """The button that draws a place's progress."""
    return Choice(turn.say("progress.button.picture").unescape(), data_of(place, f"p:{domain}".rstrip(":")))


async def summary(turn: Turn, place: Place, form: Questionnaire | None = None) -> Markup:
    """The first domains of a place that were reported of, as said after a report: only what `form` asks about.

    "" where there is nothing to be said.
    """
    progress = await progress_of(turn, place, form)
    wanted = [each.id for each in progress.heard]
    return progress_text(progress.only(wanted[:DOMAINS]), turn.say) if wanted else Markup()


# --- gathering ------------------------------------------------------------------------------------------


async def progress_of(turn: Turn, place: Place, form: Questionnaire | None = None) -> Progress:
    """How `place` stands today: by its own reports, and by those of the units below it taken together.

    With `form` only in what its own reports of that questionnaire say.
    """
    plans = turn.library.plans
    way = [place, *await remembered.ancestors(turn.session, place.id, turn.today)]
    programmes = await programmes_on(turn, way)
    if form is None:
        heard = await hear_all(turn, way, programmes)
    else:
        expected = await villages_about(turn, way) if place.level == Level.VILLAGE else frozenset[int]()
        heard = await hear_own(turn, Level(place.level), {place.id}, expected, programmes, form.name)
    heard = await kept_back(turn, place, heard)
    name = f"{place.kind} {place.name}".strip()
    told = [each for each in plans.ordered if any(each.id in (one.figures or {}) for one in heard)]
    ends = await year_ends(turn, place, programmes, told)
    whole = form is None
    return build(
        plans, programmes, name, place.level, heard, turn.today, turn.locale, ends, all_of_villages=whole
    )


async def kept_back(turn: Turn, place: Place, heard: Sequence[Heard]) -> list[Heard]:
    """What was heard, with the small numbers of a village marked for a reader from outside its commune."""
    indicators = turn.library.plans.indicators
    if place.level == Level.VILLAGE and not await small.is_near(turn, place):
        ids = {id for each in heard for id in each.figures or {}}
        hidden = await small.of_village(turn, place, [indicators[id] for id in ids])
        hidden |= {id for id in ids for each in heard if await tells_of_few(turn, each, id)}
        return [replace(each, kept_back=hidden) for each in heard]
    return list(heard)


async def tells_of_few(turn: Turn, heard: Heard, id: str) -> bool:
    """Whether a figure, or the one before it, is of one or two households."""
    found = [(of or {}).get(id) for of in (heard.figures, heard.previous)]
    few = any(figure is not None and small.is_small(figure) for figure in found)
    return few and await small.tells_of_people(turn, turn.library.plans.indicators[id])


async def hear_all(turn: Turn, way: Sequence[Place], programmes: Sequence[Programme]) -> list[Heard]:
    """What the newest reports of each questionnaire say about the place at the start of `way` up."""
    place = way[0]
    villages = await villages_about(turn, way)
    own = {place.id}
    if place.level == Level.VILLAGE:
        return await hear_own(turn, Level.VILLAGE, own, villages, programmes)
    heard = await hear_below(turn, Level.VILLAGE, place, len(villages), programmes)
    for level in LEVELS[1 : LEVELS.index(place.level)]:
        units = await places.below(turn.session, place.id, turn.today, level)
        heard += await hear_below(turn, Level(level), place, len(units), programmes)
    return heard + await hear_own(turn, Level(place.level), own, set(), programmes)


async def hear_below(
    turn: Turn, level: Level, place: Place, expected: int, programmes: Sequence[Programme]
) -> list[Heard]:
    """What the newest reports of the units of a level below `place` say together, as the ledger has it.

    What does not add up is a unit's own alone.
    """
    session, on, units = turn.session, turn.today, [place.id]
    heard = []
    for entry, names in await asked_of(turn, level, programmes) if expected else []:
        fed = {each.id: each for each in turn.library.plans.fed_by(names) if each.additive}
        wanted, period = ["", *fed], lately(entry, on)
        now = (await ledger.standing(session, units, entry.form, wanted, period.end, on)).get(units[0], {})
        if not now:
            heard.append(Heard(names, expected=expected, by=level))
            continue
        eve = period.start - timedelta(days=1)
        before = (await ledger.standing(session, units, entry.form, wanted, eve, on)).get(units[0], {})
        last = await ledger.latest_day(session, units, entry.form, period, eve, on)
        told = (await ledger.said(session, units, entry.form, [""], period, on)).get(units[0], {})
        heard.append(
            Heard(
                names,
                period,
                {id: now.get(id, ledger.NOTHING).figure(indicator) for id, indicator in fed.items()},
                entry.period(last) if before and last else None,
                {id: before.get(id, ledger.NOTHING).figure(indicator) for id, indicator in fed.items()},
                told.get("", ledger.NOTHING).reports,
                expected,
                level,
                await of_few(turn, place, now, before),
            )
        )
    return heard


async def of_few(turn: Turn, place: Place, *totals: Mapping[str, ledger.Total]) -> frozenset[str]:
    """Which totals are so small that they tell of the villages in them, and not for this reader."""
    indicators = turn.library.plans.indicators
    alone = [
        id
        for some in totals
        for id, total in some.items()
        if id in indicators and total.reports and small.is_small(total.figure(indicators[id]))
    ]
    if not alone or await small.is_near(turn, place):
        return frozenset()
    return frozenset([id for id in alone if await small.tells_of_people(turn, indicators[id])])


async def asked_of(
    turn: Turn, level: Level, programmes: Sequence[Programme]
) -> list[tuple[Entry, frozenset[str]]]:
    """The questionnaires of a level that some figure is made of, with the names of their questions."""
    active = await turn.library.active_forms(turn.session)
    return [
        (entry, frozenset(question.name for question in active[entry.form][1].questions))
        for entry in turn.library.plans.asked_of(level, programmes)
        if feeds(turn, active, entry)
    ]


async def hear_own(
    turn: Turn,
    level: Level,
    ids: set[int],
    expected: Set[int],
    programmes: Sequence[Programme],
    only: str = "",
) -> list[Heard]:
    """What the place `ids` itself said, each questionnaire by itself (or `only` one), and how many of `expected` did."""
    session, plans = turn.session, turn.library.plans
    active = await turn.library.active_forms(session)
    asked = await asked_of(turn, level, programmes)
    entries = [entry for entry, _ in asked if only in ("", entry.form)]
    if not entries:
        return []
    periods = {entry.form: lately(entry, turn.today) for entry in entries}
    new = await submissions.newest(session, ids, {form: period.end for form, period in periods.items()})
    periods.update({each.form_name: from_key(each.period) for each in new})
    told = {each.form_name for each in new}
    before = {form: period.start - timedelta(days=1) for form, period in periods.items() if form in told}
    old = await submissions.newest(session, ids, before)
    numbers = await figures.of_submissions(session, {each.submission_id for each in (*new, *old)})
    reported = await submissions.reported(session, expected, {form: periods[form].key for form in told})
    heard = []
    for entry in entries:
        names = [question.name for question in active[entry.form][1].questions]
        if entry.form not in told:
            heard.append(hear(plans, names, None, [], expected=len(expected), by=level))
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
                len(expected),
                level,
            )
        )
    return heard


def feeds(turn: Turn, active: Mapping[str, tuple[int, Questionnaire]], entry: Entry) -> bool:
    """Whether the questionnaire is in use and some figure is made of it."""
    if entry.form not in active:
        return False
    names = frozenset(question.name for question in active[entry.form][1].questions)
    return bool(turn.library.plans.fed_by(names))


def lately(entry: Entry, day: date) -> Period:
    """The period for which a questionnaire was last asked by `day`."""
    period = entry.period(day)
    return period if entry.opens(period) <= day else period.previous()


def numbers_of(
    numbers: Mapping[int, dict[str, Decimal]], of: Iterable[submissions.Newest]
) -> list[dict[str, Decimal]]:
    """The numbers of each of these reports that holds any."""
    return [numbers[each.submission_id] for each in of if each.submission_id in numbers]


async def villages_about(turn: Turn, way: Sequence[Place]) -> frozenset[int]:
    """The villages of the unit at the start of `way` up; for a village those of its commune, itself among them."""
    root = way[1] if way[0].level == Level.VILLAGE and len(way) > 1 else way[0]
    return await remembered.ids_below(turn.session, root.id, Level.VILLAGE, turn.today)


def previous_period(keys: Iterable[str]) -> Period:
    """The newest of these periods."""
    return max((from_key(key) for key in keys), key=lambda period: period.end)
