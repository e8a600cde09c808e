"""Former units: which lie across today's, and the provinces for which a province's officer also answers.

A plan applies to the ground of each former province alone.

What villages and communes count adds up for that ground by itself. What only a province counts (forests, income,
growth) is asked again about the part that was the former province, as far as it measures that province's plan. What
the plan itself asks, such as its tasks, is asked of that part alone.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from sqlmodel import col, select

from figures.view import View
from plans.programme import Programme
from plans.schedule import Entry
from storage.places import stands
from storage.tables import Level, Place, Role, RoleName

PROVINCE: Final = Level.PROVINCE


def is_former(view: View, place: Place) -> bool:
    """Whether a place is a dissolved province."""
    return place.level == PROVINCE and place.last_day is not None and place.last_day < view.today


def is_former_or_district(view: View, place: Place) -> bool:
    """Whether a place is a district or a dissolved province."""
    return place.level == Level.DISTRICT or is_former(view, place)


def lies_across(view: View, place: Place) -> bool:
    """Whether a place is a district, a dissolved province or a closed commune.

    Such a unit may lie across today's, or be some of them under another name: its total is made of theirs.
    """
    closed_commune = place.level == Level.COMMUNE and not stands(place, view.today)
    return closed_commune or is_former_or_district(view, place)


async def as_today(view: View, place: Place) -> Place:
    """Return the commune that a closed one is today, if it is the ground of just one; otherwise the place itself."""
    if place.level != Level.COMMUNE or stands(place, view.today):
        return place
    places, today = view.session.places, view.today
    communes = await places.ids_below(place.id, Level.COMMUNE, today)
    if len(communes) != 1 or await strays_of(view, place):
        return place
    return await places.get(*communes) or place


async def strays_of(view: View, former: Place) -> frozenset[int]:
    """Return the villages of a former unit that lie today in a commune which is no part of it."""
    places, today = view.session.places, view.today

    async def ask() -> frozenset[int]:
        communes = await places.ids_below(former.id, Level.COMMUNE, today)
        inside = [await places.ids_below(commune, Level.VILLAGE, today) for commune in communes]
        return (await places.ids_below(former.id, Level.VILLAGE, today)).difference(*inside)

    return await places.remember(("strays", former.id, today), ask)


async def have_strays(view: View, units: Iterable[int]) -> bool:
    """Whether a village of one of some units, which was closed, lies elsewhere today than what the unit went into."""
    standing = (await view.session.places.tree(view.today)).level
    closed = [await view.session.places.get(unit) for unit in units if unit not in standing]
    return any([await strays_of(view, unit) for unit in closed if unit and unit.level != Level.VILLAGE])


async def parts_of(view: View, place: Place) -> list[Place]:
    """The former provinces for which the officer of `place` answers: nobody else does, and a plan is still in force."""
    if place.level != PROVINCE or is_former(view, place):
        return []

    async def ask() -> list[int]:
        steps = await view.session.places.successions(place.id)
        return [old.id for _, old, new in steps if new.id == place.id and is_former(view, old)]

    ids = await view.session.places.remember(("former", place.id, view.today), ask)
    former = [unit for number in ids if (unit := await view.session.places.get(number)) is not None]
    held = [unit for unit in former if plans_of(view, unit)]
    answered = await answered_for(view, [unit.id for unit in held])
    return [unit for unit in held if unit.id not in answered]


async def answered_for(view: View, ids: Collection[int]) -> set[int]:
    """Those of some former provinces for which somebody holds a role of their own."""
    if not ids:
        return set()
    holding = select(Role.place_id).where(
        col(Role.place_id).in_(ids), Role.role == RoleName.PROVINCE_OFFICER, col(Role.until).is_(None)
    )
    return set(await view.session.exec(holding))


def plans_of(view: View, former: Place) -> list[Programme]:
    """The plans made for a former province that are not over."""
    return [
        programme
        for programme in view.plans.programmes.values()
        if programme.is_for(former.level, former.name) and view.today <= programme.last_day
    ]


async def asked_of_part(view: View, former: Place, entries: Sequence[Entry]) -> list[Entry]:
    """Return what a former province is asked, out of what a province is asked.

    That is what its own plans ask themselves, and what measures them and nobody below counts.
    """
    active, wanted = await view.library.active_forms(view.session), set(measured_by(view, former))
    own = set(chain.from_iterable(programme.schedule for programme in plans_of(view, former)))
    return [entry for entry in entries if entry in own or wanted & active[entry.form][1].question_names]


def measured_by(view: View, former: Place) -> Iterator[str]:
    """The questions asked of provinces that measure the plans of a former one."""
    targets = chain.from_iterable(programme.targets for programme in plans_of(view, former))
    for target in targets:
        indicator = view.plans.indicators.get(target.indicator)
        if target.numbered and indicator is not None and indicator.level == PROVINCE:
            yield from indicator.questions
