"""Where a place stands against the plans that hold for it, gathered from what was reported of it.

What only officers count stands beside what the villages count: by the place's own report, or together from the units
below it. Figures are those of each unit's newest report at the time, taken whole: an answer that this report did not
ask for is missing, not borrowed from an older one.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from figures import small
from figures.programmes import programmes_on
from figures.view import View
from figures.years import year_ends
from plans.levels import LEVELS
from plans.period import Period, from_key
from plans.programme import Programme
from plans.schedule import Entry
from questionnaires.questionnaire import Questionnaire
from reports.progress import Heard, Progress, build, hear
from storage import figures, ledger, submissions
from storage.tables import Level, Place


async def progress_of(view: View, place: Place, form: Questionnaire | None = None) -> Progress:
    """How `place` stands today: by its own reports, and by those of the units below it taken together.

    With `form` only in what its own reports of that questionnaire say.
    """
    plans = view.library.plans
    way = [place, *await view.session.places.ancestors(place.id, view.today)]
    programmes = await programmes_on(view, way)
    if form is None:
        heard = await hear_all(view, way, programmes)
    else:
        expected = await villages_about(view, way) if place.level == Level.VILLAGE else frozenset[int]()
        heard = await hear_own(view, Level(place.level), {place.id}, expected, programmes, form.name)
    heard = await kept_back(view, place, heard)
    name = f"{place.kind} {place.name}".strip()
    told = [each for each in plans.ordered if any(each.id in (one.figures or {}) for one in heard)]
    ends = await year_ends(view, place, programmes, told)
    whole = form is None
    return build(
        plans, programmes, name, place.level, heard, view.today, view.locale, ends, all_of_villages=whole
    )


async def kept_back(view: View, place: Place, heard: Sequence[Heard]) -> list[Heard]:
    """What was heard, with the small numbers of a village marked for a reader from outside its commune."""
    indicators = view.library.plans.indicators
    if place.level == Level.VILLAGE and not await small.is_near(view, place):
        ids = {id for each in heard for id in each.figures or {}}
        hidden = await small.of_village(view, place, [indicators[id] for id in ids])
        hidden |= {id for id in ids for each in heard if await tells_of_few(view, each, id)}
        return [replace(each, kept_back=hidden) for each in heard]
    return list(heard)


async def tells_of_few(view: View, heard: Heard, id: str) -> bool:
    """Whether a figure, or the one before it, is of one or two households."""
    found = [(of or {}).get(id) for of in (heard.figures, heard.previous)]
    few = any(figure is not None and small.is_small(figure) for figure in found)
    return few and await small.tells_of_people(view, view.library.plans.indicators[id])


async def hear_all(view: View, way: Sequence[Place], programmes: Sequence[Programme]) -> list[Heard]:
    """What the newest reports of each questionnaire say about the place at the start of `way` up."""
    place = way[0]
    villages = await villages_about(view, way)
    own = {place.id}
    if place.level == Level.VILLAGE:
        return await hear_own(view, Level.VILLAGE, own, villages, programmes)
    heard = await hear_below(view, Level.VILLAGE, place, len(villages), programmes)
    for level in LEVELS[1 : LEVELS.index(place.level)]:
        units = await view.session.places.below(place.id, level, view.today)
        heard += await hear_below(view, Level(level), place, len(units), programmes)
    return heard + await hear_own(view, Level(place.level), own, set(), programmes)


async def hear_below(
    view: View, level: Level, place: Place, expected: int, programmes: Sequence[Programme]
) -> list[Heard]:
    """What the newest reports of the units of a level below `place` say together, as the ledger has it.

    What does not add up is a unit's own alone.
    """
    session, on, units = view.session, view.today, [place.id]
    heard = []
    for entry, names in await asked_of(view, level, programmes) if expected else []:
        fed = {each.id: each for each in view.library.plans.fed_by(names) if each.additive}
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
                await of_few(view, place, now, before),
            )
        )
    return heard


async def of_few(view: View, place: Place, *totals: Mapping[str, ledger.Total]) -> frozenset[str]:
    """Which totals are so small that they tell of the villages in them, and not for this reader."""
    indicators = view.library.plans.indicators
    alone = [
        id
        for some in totals
        for id, total in some.items()
        if id in indicators and total.reports and small.is_small(total.figure(indicators[id]))
    ]
    if not alone or await small.is_near(view, place):
        return frozenset()
    return frozenset([id for id in alone if await small.tells_of_people(view, indicators[id])])


async def asked_of(
    view: View, level: Level, programmes: Sequence[Programme]
) -> list[tuple[Entry, frozenset[str]]]:
    """The questionnaires of a level that some figure is made of, with the names of their questions."""
    active = await view.library.active_forms(view.session)
    return [
        (entry, frozenset(question.name for question in active[entry.form][1].questions))
        for entry in view.library.plans.asked_of(level, programmes)
        if feeds(view, active, entry)
    ]


async def hear_own(
    view: View,
    level: Level,
    ids: set[int],
    expected: Set[int],
    programmes: Sequence[Programme],
    only: str = "",
) -> list[Heard]:
    """What the place `ids` itself said, each questionnaire by itself (or `only` one), and how many of `expected` did."""
    session, plans = view.session, view.library.plans
    active = await view.library.active_forms(session)
    asked = await asked_of(view, level, programmes)
    entries = [entry for entry, _ in asked if only in ("", entry.form)]
    if not entries:
        return []
    periods = {entry.form: lately(entry, view.today) for entry in entries}
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


def feeds(view: View, active: Mapping[str, tuple[int, Questionnaire]], entry: Entry) -> bool:
    """Whether the questionnaire is in use and some figure is made of it."""
    if entry.form not in active:
        return False
    names = frozenset(question.name for question in active[entry.form][1].questions)
    return bool(view.library.plans.fed_by(names))


def lately(entry: Entry, day: date) -> Period:
    """The period for which a questionnaire was last asked by `day`."""
    period = entry.period(day)
    return period if entry.opens(period) <= day else period.previous()


def numbers_of(
    numbers: Mapping[int, dict[str, Decimal]], of: Iterable[submissions.Newest]
) -> list[dict[str, Decimal]]:
    """The numbers of each of these reports that holds any."""
    return [numbers[each.submission_id] for each in of if each.submission_id in numbers]


async def villages_about(view: View, way: Sequence[Place]) -> frozenset[int]:
    """The villages of the unit at the start of `way` up; for a village those of its commune, itself among them."""
    root = way[1] if way[0].level == Level.VILLAGE and len(way) > 1 else way[0]
    return await view.session.places.ids_below(root.id, Level.VILLAGE, view.today)


def previous_period(keys: Iterable[str]) -> Period:
    """The newest of these periods."""
    return max((from_key(key) for key in keys), key=lambda period: period.end)
