"""Which units are wanted: those within the bounds named, and those that do or do not meet the plan's target."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from markupsafe import Markup

from figures.attributes import split_by
from figures.counted import Counted
from figures.programmes import Holding, holdings_on
from figures.sources import Source
from figures.years import values_at_ends, years_needed
from handlers.asking.asked import BELOW, Asked
from plans.indicator import Indicator
from plans.levels import LEVELS
from plans.rollup import Status, own_baseline, standing
from plans.target import Target
from queries.frames import Bound, Ranking, Relation
from storage.tables import Place

KnownUnit = tuple[Place, Counted]
"""A unit with its figure."""
UNDECIDED: Final = (Status.NO_DATA, Status.UNSURE, Status.NO_TARGET, Status.OVER)
"""Of a unit that stands so it cannot be said whether it meets the target."""


class PickedUnits(NamedTuple):
    """The units that were asked for, and those of which it cannot be said whether they meet the target."""

    units: Sequence[KnownUnit] = ()
    undecided: Sequence[Place] = ()


async def picked_of(asked: Asked, place: Place, source: Source, known: Sequence[KnownUnit]) -> PickedUnits:
    """Those of `known` within the bounds that do or do not meet the target, as asked."""
    bounds = asked.listing.bounds
    within = [pair for pair in known if all(meets(part_of(pair[1], bound.counts), bound) for bound in bounds)]
    if asked.listing.met is None:
        return PickedUnits(within)
    goals = await goals_of(asked, place, source)
    # Figures from after a target's time neither meet nor miss it.
    if not goals or is_over(asked, source, goals[0]):
        return PickedUnits()
    return await judged_by(asked, place, source, goals[0], within)


async def judged_by(
    asked: Asked, place: Place, source: Source, goal: tuple[Holding, Target], known: Sequence[KnownUnit]
) -> PickedUnits:
    """Those of `known` to which a plan's target applies and that do or do not meet it, as asked."""
    picked, undecided = list[KnownUnit](), list[Place]()
    for unit, counted in await spoken_of(asked, place, source, goal, known):
        status = await status_of(asked, unit, source, goal, counted)
        if status in UNDECIDED:
            undecided.append(unit)
        elif (status is Status.ACHIEVED) is asked.listing.met:
            picked.append((unit, counted))
    return PickedUnits(picked, undecided)


async def spoken_of(
    asked: Asked, place: Place, source: Source, goal: tuple[Holding, Target], known: Sequence[KnownUnit]
) -> list[KnownUnit]:
    """Those of `known` to which a plan's target applies: on its ground, and with the attribute that it is set for."""
    holding, target = goal
    held = await ground_of_goal(asked, holding, listed_level(asked, place, source))
    judged = [unit for unit, _ in known if not held or unit.id in held]
    applies = await having(asked, source, target, judged)
    return [(unit, counted) for unit, counted in known if unit.id in applies]


async def having(asked: Asked, source: Source, target: Target, units: Sequence[Place]) -> set[int]:
    """Those of some units whose whole ground has the attribute that a target is about; all if it is about none."""
    attribute = asked.viewer.plans.attributes.get(target.among)
    if attribute is None:
        return {unit.id for unit in units}
    view, level = asked.viewer, source.indicator.level
    splits = {unit.id: await split_by(view, attribute, unit.id, level, view.today) for unit in units}
    return {unit for unit, split in splits.items() if split.everywhere}


async def ground_of_goal(asked: Asked, holding: Holding, level: str) -> frozenset[int]:
    """The units of a level where a plan is in force, if that is only part of the place; empty if it is the whole."""
    if holding.part is None:
        return frozenset()
    return await asked.viewer.session.places.ids_below(holding.part.id, level, asked.viewer.today)


async def goals_of(asked: Asked, place: Place, source: Source) -> list[tuple[Holding, Target]]:
    """The targets of plans for `place` that a smaller unit's figure can be compared with; those that are over come last.

    A figure that counts more than the plan means shows of no unit whether it meets the target.
    """
    way = [place, *await asked.viewer.session.places.ancestors(place.id, asked.viewer.today)]
    goals = [
        (holding, target)
        for holding in await holdings_on(asked.viewer, way)
        for target in asked.viewer.library.plans.targets_of(source.indicator.id, [holding.programme])
        if target.comparable and not target.wider
    ]
    return sorted(goals, key=lambda goal: is_over(asked, source, goal))


def is_over(asked: Asked, source: Source, goal: tuple[Holding, Target]) -> bool:
    """Whether the figures asked for are from after the target's time."""
    return asked.span(source).start > goal[0].programme.last_day_of(goal[1])


async def status_of(
    asked: Asked, unit: Place, source: Source, goal: tuple[Holding, Target], counted: Counted
) -> Status:
    """Where a unit's figure stands against the target, which is set for the indicator as it is.

    A target of so much a year is held against the unit's own year ends; one that this reader may not see leaves it open.
    """
    (holding, target), today = goal, asked.viewer.today
    programme = holding.programme
    years = [*years_needed(programme, target, today)]
    ends, hidden = await values_at_ends(asked.discretion, unit, source.indicator, years)
    if hidden:
        return Status.NO_DATA
    began = own_baseline(target, programme.first_day, ends)
    straight = asked.turned(source, counted)
    return standing(target, straight.figure, today, began, ends, programme.first_day).status


async def picked_by_target(
    asked: Asked, place: Place, source: Source, count: int | None, level: Markup
) -> Markup:
    """By which target the units were picked, and how many there are; None if that can be said of none."""
    goals = await goals_of(asked, place, source)
    if not goals:
        return asked.viewer.say("asking.no_target")
    holding, target = goals[0]
    say = asked.viewer.say
    facts = {
        "wanted": say(f"progress.wanted.{target.comparator}", value=target.goal or 0, unit=target.unit),
        "plan": holding.programme.title(asked.viewer.locale),
        "clause": target.clause,
    }
    if is_over(asked, source, goals[0]):
        return say("asking.target_over", **facts, day=holding.programme.last_day_of(target))
    if count is None:
        return say("asking.target_named", **facts)
    told = say("asking.met" if asked.listing.met else "asking.unmet", **facts, n=count, level=level)
    return among_which(asked, target, level) + told


def among_which(asked: Asked, target: Target, level: Markup) -> Markup:
    """Among which units a target is judged, before what is told of it; "" if among all."""
    attribute = asked.viewer.plans.attributes.get(target.among)
    if attribute is None:
        return Markup("")
    return asked.viewer.say("asking.among", level=level, name=attribute.name(asked.viewer.locale)) + Markup(
        " "
    )


def bounds_text(asked: Asked, indicator: Indicator) -> Markup:
    """The bounds on the units' values."""
    say, unit = asked.viewer.say, indicator.unit_name(asked.viewer.locale)
    if counted := next((bound.unit for bound in asked.listing.bounds if bound.counts), ""):
        unit = say(f"asking.unit.{counted}").unescape()
    match asked.listing.bounds:
        case (Bound(Relation.ABOVE, value),) if not value:
            return say("asking.bound.some", unit=unit)
        case (Bound(Relation.AT_MOST, value),) if not value:
            return say("asking.bound.none", unit=unit)
        case (Bound(Relation.AT_LEAST, low), Bound(Relation.AT_MOST, high)) if low == high:
            return say("asking.bound.exactly", value=low, unit=unit)
        case (Bound(Relation.AT_LEAST, low), Bound(Relation.AT_MOST, high)):
            return say("asking.bound.between", low=low, high=high, unit=unit)
    told = [
        say(f"asking.bound.{bound.relation}", value=bound.in_words, unit=unit)
        for bound in asked.listing.bounds
    ]
    return Markup(", ").join(told)


def meets(value: Decimal | None, bound: Bound) -> bool:
    """Whether a value is on the side of a bound that was asked for."""
    if value is None:
        return False
    return {
        Relation.BELOW: value < bound.value,
        Relation.AT_MOST: value <= bound.value,
        Relation.ABOVE: value > bound.value,
        Relation.AT_LEAST: value >= bound.value,
    }[bound.relation]


def part_of(counted: Counted, number: bool) -> Decimal | None:
    """A share's numerator, if a `number` is asked for; otherwise the value."""
    figure = counted.figure
    return figure.numerator if number and figure.denominator is not None else figure.value


def listed_level(asked: Asked, place: Place, source: Source) -> str:
    """The level of the units listed: the one named, or the next below the place."""
    level = asked.listing.level or BELOW.get(place.level, place.level)
    lowest = source.indicator.level
    return level if LEVELS.index(level) >= LEVELS.index(lowest) else lowest


def left_out(asked: Asked) -> list[Markup]:
    """Which places a listing leaves out."""
    without = asked.query.without if isinstance(asked.query, Ranking) else ()
    units = asked.ground.gazetteer.units
    names = ", ".join(asked.ground.gazetteer.label(units[id]) for id in without if id in units)
    return [asked.viewer.say("asking.left_out", names=names)] if names else []


def is_picked(asked: Asked) -> bool:
    """Whether only some units were asked for, other than those at one end."""
    return bool(asked.listing.bounds) or asked.listing.met is not None


def lies_in(asked: Asked, unit: Place, some: frozenset[int]) -> bool:
    """Whether a unit is one of some places or lies in one."""
    known = asked.ground.gazetteer.units.get(unit.id) if some else None
    return known is not None and not some.isdisjoint((unit.id, *asked.ground.gazetteer.above(known)))


def short_of(counted: Counted) -> str:
    """How many have reported, if not all have: " (5/8)"."""
    fresh, expected = counted.covered.full, counted.covered.expected
    return f" ({fresh}/{expected})" if fresh < expected else ""


def in_brackets(asked: Asked, known: Iterable[KnownUnit], source: Source) -> list[Markup]:
    """What the numbers in brackets beside the bars of a picture are; empty without any."""
    if not any(short_of(counted) for _, counted in known):
        return []
    return [asked.viewer.say("asking.picture_brackets", level=asked.level(source.indicator.level))]
