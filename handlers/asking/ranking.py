"""Units ranked by a figure, or picked by a bound or a target: how many and which.

Equal values share a rank, both ends of a ranking are shown, and units without a figure are named.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from markupsafe import Markup

from figures import access, small
from figures.counted import Counted
from figures.counting import count
from figures.ground import below
from figures.sources import FigureDays, Source
from handlers.asking import merged, one_place, together
from handlers.asking.asked import BELOW, NAMED, Asked
from handlers.asking.listed import UnitsKnown
from handlers.asking.shares import by_share, is_share_of_all, share_text, shared, shares_of
from handlers.asking.ways import (
    AskEarlier,
    AskExcel,
    AskIndicator,
    AskPlace,
    AskUnits,
    NextPage,
    SaveQuestion,
)
from handlers.asking.which_units import (
    KnownUnit,
    bounds_text,
    in_brackets,
    is_picked,
    left_out,
    lies_in,
    listed_level,
    part_of,
    picked_by_target,
    picked_of,
    short_of,
)
from handlers.messages import Picture, Reply, Rows, column
from handlers.sentences import first_names
from plans.collation import name_key
from plans.indicator import Indicator
from plans.levels import LEVELS
from plans.period import Period
from queries.frames import Format, Intent, Order, Ranking, as_kind
from reports.progress import value_text
from storage import places
from storage.tables import Level, Place

SHOWN: Final = 8
"""Units on one screen of a ranking."""
OTHER_END: Final = 3
MOST_UNITS: Final = 5000
"""More units than this are not gone through: the asker has to narrow first."""


async def show(asked: Asked, named: Sequence[Place], source: Source, first: int = 0) -> Reply:
    """Reply with the units below the places named, from the one numbered `first`."""
    if below_what_counts(asked, source):
        return counted_above(asked, named[0], source)
    span = asked.span(source)
    own, named = named, await around(asked, named, source)
    if narrower := await ask_narrower(asked, named, source):
        return narrower
    listed = await in_order(asked, named, source, span)
    if not listed.any:
        return await none_to_list(asked, named, source)
    source = listed.source
    of_level = listed_level(asked, named[0], source)
    level = asked.level(of_level)
    wanted = asked.query.count if isinstance(asked.query, Ranking) else None  # "top 100": page by page
    after = first + min(wanted or SHOWN, 4 * SHOWN)
    if wanted is not None or asks_for_an_end(asked):
        listed = await among_first(asked, source, span, listed, wanted or len(listed.known))
    lines = [
        await heading(asked, named, source, span, listed),
        *left_out(asked),
        *how_measured(asked, listed),
        *stands(asked, own, listed, level),
        *await picked_by(asked, named[0], source, listed, level),
        *together.averaged(asked, source, listed, level),
        *together.summed_up(asked, source, listed, level),
        *await together.of_place(asked, named, source, listed, level),
        *not_reported_for(asked, listed),
        *ranked(asked, source, listed, first, after),
        *beyond_telling(asked, listed, wanted, level),
        *unranked(asked, source, listed, level),
        await merged.told_of(asked, named, source, listed.counted, of_level, span.period),
    ]
    drawing = isinstance(asked.query, Ranking) and asked.query.format is Format.PICTURE and bool(listed.known)
    picture = Picture("bars", drawn(asked, source, listed, lines[0], level)) if drawing else None
    text = Markup("\n").join(filter(None, lines))
    return Reply(text, picture=picture, choices=ways_on(asked, listed, first, after))


def below_what_counts(asked: Asked, source: Source) -> bool:
    """Whether units below the level that reports the figure are asked for."""
    level = asked.listing.level
    return bool(level) and LEVELS.index(level) < LEVELS.index(source.indicator.level)


def counted_above(asked: Asked, place: Place, source: Source) -> Reply:
    """Say that units as small as these have no such figure, with a button to larger units that have, or to the place."""
    say, level = asked.viewer.say, source.indicator.level
    text = say("asking.counted_above_each", level=asked.level(level), asked=asked.level(asked.listing.level))
    if LEVELS.index(level) < LEVELS.index(place.level):
        return Reply(
            text, column(asked.button(say("asking.button.down", level=asked.level(level)), AskUnits, level))
        )
    name = say("planned.button.figure", name=source.indicator.name(asked.viewer.locale))
    return Reply(text, column(asked.button(name, AskIndicator, source.indicator.id)))


def drawn(asked: Asked, source: Source, listed: UnitsKnown, head: Markup, level: Markup) -> dict[str, object]:
    """The ranking as JSON values for `reports.pictures`."""
    say, numbers = asked.viewer.say, asked.is_by_number(source.indicator)
    decimals = 0 if numbers else source.indicator.decimals
    rows = [
        {
            "name": places.own_name(unit),
            "value": str(round(value, 4)),
            "shown": say.number(round(value, decimals)) + short_of(counted),
        }
        for unit, counted in listed.known
        if (value := measured(asked, counted)) is not None
    ]
    return {
        "title": head.striptags(),
        "unit": asked.unit_measured(source.indicator),
        "full": str(source.indicator.factor) if source.indicator.unit["vi"] == "%" and not numbers else None,
        "rows": rows,
        "more": say("asking.picture_more").striptags(),
        "notes": [
            note.striptags()
            for note in (
                *how_measured(asked, listed),
                *in_brackets(asked, listed.known, source),
                *unranked(asked, source, listed, level),
            )
        ],
        "foot": say("asking.picture_foot", day=asked.viewer.today).striptags(),
    }


async def around(asked: Asked, named: Sequence[Place], source: Source) -> list[Place]:
    """The places whose units are listed: for units of a place's own level ("xã nào" of a commune), what it lies in."""
    units: dict[int, Place] = {}
    for place in named:
        level = LEVELS.index(listed_level(asked, place, source))
        way = [place, *await asked.viewer.session.places.ancestors(place.id, asked.viewer.today)]
        above = next((unit for unit in way if LEVELS.index(unit.level) > level), place)
        units[above.id] = above
    return list(units.values())


async def none_to_list(asked: Asked, named: Sequence[Place], source: Source) -> Reply:
    """Say that there are no units to list: none for the asker, or none at all."""
    beside = named[0].id in asked.ground.asker.visible
    if beside and await access.visible(asked.viewer, named[0].id) is None:
        total = replace(asked, query=as_kind(asked.query, Intent.FIGURE, level=""))
        reply = await one_place.show(total, named[0], [source])
        note = asked.totals_only(named).text
        return replace(reply, text=Markup("\n\n").join((note, reply.text)))
    level = asked.level(listed_level(asked, named[0], source))
    where = ", ".join(map(places.own_name, named))
    told = asked.viewer.say("asking.no_units", place=where, level=level)
    below = BELOW.get(named[0].level, "")
    if not below or below == asked.listing.level:
        return Reply(told, column(asked.button(Markup.escape(where), AskPlace, named[0].id)))
    down = asked.viewer.say("asking.button.down", level=asked.level(below))
    return Reply(told, column(asked.button(down, AskUnits, below)))


async def heading(
    asked: Asked, named: Sequence[Place], source: Source, span: FigureDays, listed: UnitsKnown
) -> Markup:
    """What is ranked, where, and over which period."""
    viewer = asked.viewer
    return viewer.say(
        "asking.ranking",
        name=asked.name(source.indicator),
        level=asked.level(listed_level(asked, named[0], source)),
        place=await asked.full_names(named),
        period=asked.told_period(source, span, listed.counted),
        order=viewer.say("asking.downwards" if highest_first(asked, source.indicator) else "asking.upwards"),
    )


async def picked_by(
    asked: Asked, place: Place, source: Source, listed: UnitsKnown, level: Markup
) -> list[Markup]:
    """By which target or bounds the units were picked, and how many there are."""
    lines = []
    if asked.listing.met is not None and listed.judged:
        lines.append(await picked_by_target(asked, place, source, listed.decided, level))
    if asked.listing.bounds and listed.judged:
        seen = "picked" if listed.known else "picked_none"
        key = f"asking.{seen}_at_least" if listed.hidden else f"asking.{seen}"
        told = bounds_text(asked, source.indicator)
        some = {"n": len(listed.known), "hidden": len(listed.hidden), "judged": listed.judged}
        lines.append(asked.viewer.say(key, **some, level=level, bound=told))
    return lines


def stands(asked: Asked, own: Sequence[Place], listed: UnitsKnown, level: Markup) -> list[Markup]:
    """The ranks of the units that were asked about, if they are ranked."""
    if is_picked(asked):
        return []
    wanted, say = {unit.id for unit in own}, asked.viewer.say
    order = ranks([measured(asked, counted) for _, counted in listed.known])
    return [
        say("asking.stands", place=places.own_name(unit), rank=rank, n=len(listed.known), level=level)
        for rank, (unit, _) in zip(order, listed.known, strict=True)
        if unit.id in wanted
    ]


def missing_in_all(known: Sequence[KnownUnit]) -> frozenset[Period]:
    """The periods of a sum over several that none of some units has reported for."""
    each = [frozenset(counted.missing) for _, counted in known]
    return frozenset.intersection(*each) if each else frozenset()


def not_reported_for(asked: Asked, listed: UnitsKnown) -> list[Markup]:
    """Name the periods of a sum over several that no unit has reported for."""
    missing = missing_in_all(listed.known)
    if not missing:
        return []
    counted = listed.known[0][1]
    return [asked.missing(replace(counted, missing=tuple(one for one in counted.missing if one in missing)))]


def ranked(asked: Asked, source: Source, listed: UnitsKnown, first: int, after: int) -> list[Markup]:
    """The lines from the one numbered `first` up to `after`; on the first page also those at the other end."""
    known, say = listed.known, asked.viewer.say
    if not listed.judged:
        return [] if listed.hidden or listed.no_whole else [say("asking.no_figures")]
    if not known:
        return []
    numbered = list(zip(ranks([measured(asked, counted) for _, counted in known]), known, strict=True))
    rest = numbered[after:]
    # People who ask for the best also want to see who is behind, and would ask next.
    end = rest[-OTHER_END:] if len(rest) > OTHER_END and not first and is_whole(asked) else []
    missing = missing_in_all(known)
    lines = [
        line_of_unit(asked, source, rank, *pair, missing) for rank, pair in (*numbered[first:after], *end)
    ]
    if end:
        lines.insert(-OTHER_END, say("asking.between", n=len(rest) - OTHER_END))
    return lines


def is_whole(asked: Asked) -> bool:
    """Whether all units are asked for."""
    return not (is_picked(asked) or (isinstance(asked.query, Ranking) and asked.query.count))


async def among_first(
    asked: Asked, source: Source, span: FigureDays, listed: UnitsKnown, wanted: int
) -> UnitsKnown:
    """The same with how many ranks of a "top" are certain: a withheld number may come before a smaller one.

    None comes before a value larger than any withheld number can be, nor before a 0 when the least comes first.
    """
    if not listed.hidden or source.indicator.rate or is_picked(asked):
        return listed
    down = highest_first(asked, source.indicator)
    highest = await asked.discretion.most_of(source, listed.kept, span)
    values = [measured(asked, counted) or Decimal(0) for _, counted in listed.known]
    sure = sum(is_clear_of_hidden(value, highest, down=down) for value in values)
    return listed._replace(sure=sure if sure < wanted else None)


def asks_for_an_end(asked: Asked) -> bool:
    """Whether an order is asked for: what stands at its end may be withheld, and what is shown must not pass for it."""
    return isinstance(asked.query, Ranking) and asked.query.order is not None


def is_clear_of_hidden(value: Decimal, highest: Decimal, *, down: bool) -> bool:
    """Whether no withheld number, which is at most the `highest`, can come before a value."""
    return value >= max(highest, Decimal(small.SMALL)) if down else value <= 0


def beyond_telling(asked: Asked, listed: UnitsKnown, wanted: int | None, level: Markup) -> list[Markup]:
    """Say that some ranks of a "top" are not certain, because figures are withheld."""
    first = (len(listed.known) if listed.sure is None else listed.sure) + 1
    if wanted is None and listed.sure is not None:
        return [asked.viewer.say("asking.order_unsure", first=first, level=level)]
    if wanted is None or not listed.hidden or first > wanted:
        return []
    key = "asking.top_unsure_one" if first == wanted else "asking.top_unsure"
    return [asked.viewer.say(key, first=first, last=wanted, level=level)]


def unranked(asked: Asked, source: Source, listed: UnitsKnown, level: Markup) -> list[Markup]:
    """The units without a figure, and those whose figure is withheld."""
    say, lines = asked.viewer.say, []
    for key, units in (
        ("asking.undecided", own_names(listed.undecided)),
        ("asking.waiting", together.names_waiting(asked, source, listed)),
        ("asking.no_whole", numbers_of(asked, source, listed.no_whole)),
        ("asking.not_ranked", own_names(listed.without)),
    ):
        if units:
            more = "" if len(units) <= NAMED else "_many"
            lines.append(say(key + more, n=len(units), names=first_names(units, NAMED, " …"), level=level))
    if listed.hidden:
        some = {"n": len(listed.hidden), "names": some_names(listed.hidden), "level": level}
        unit = asked.counted_in(source)
        key = "asking.kept_back" if listed.hidden[0].level == Level.VILLAGE else "asking.kept_back_units"
        lines.append(say(key, smallest=small.SMALL, unit=unit, fewest=small.FEWEST, **some))
    return lines


def numbers_of(asked: Asked, source: Source, units: Sequence[KnownUnit]) -> list[str]:
    """The names of units, each with its number."""
    counted_in = asked.number_unit(source.indicator)
    told = ((places.own_name(unit), counted.figure.numerator) for unit, counted in units)
    return [
        asked.viewer.say("asking.with_number", place=name, n=n, unit=counted_in).unescape()
        for name, n in told
    ]


def some_names(units: Sequence[Place]) -> str:
    return first_names(own_names(units), NAMED, " …")


def own_names(units: Sequence[Place]) -> list[str]:
    return [*map(places.own_name, units)]


def ways_on(asked: Asked, listed: UnitsKnown, first: int, after: int) -> Rows:
    """Buttons to the units shown, to the rest, back in time and to the spreadsheet."""
    say = asked.viewer.say
    shown = [unit for unit, _ in listed.known[first:after][:SHOWN]]
    rows = [(asked.button(Markup.escape(places.own_name(unit)), AskPlace, unit.id),) for unit in shown]
    if after < len(listed.known):
        rows.append((asked.button(say("asking.button.more"), NextPage, after),))
    earlier, excel = (
        asked.button(say("asking.button.earlier"), AskEarlier),
        asked.button(say("asking.button.excel"), AskExcel),
    )
    return (*rows, (earlier, excel), (asked.button(say("asking.button.save"), SaveQuestion),))


async def ask_narrower(asked: Asked, named: Sequence[Place], source: Source) -> Reply | None:
    """If there are too many units to go through: ask for larger ones; otherwise None."""
    viewer, level = asked.viewer, listed_level(asked, named[0], source)
    ids: set[int] = set()
    for place in named:
        ids |= set(await viewer.session.places.ids_below(place.id, level, viewer.today))
    if len(ids) <= MOST_UNITS:
        return None
    between = range(LEVELS.index(level) + 1, LEVELS.index(named[0].level))
    buttons = [
        asked.button(viewer.say("asking.button.down", level=asked.level(above)), AskUnits, above)
        for above in ("tinh", "xa")
        if LEVELS.index(above) in between
    ]
    text = viewer.say("asking.too_many", n=len(ids), level=asked.level(level))
    return Reply(text, column(*buttons))


async def in_order(asked: Asked, named: Sequence[Place], source: Source, span: FigureDays) -> UnitsKnown:
    """The units below the places named, in the order asked for."""
    units = await units_to_list(asked, named, source)
    groups = await below(asked.viewer.session, tuple(units), source.indicator.level, asked.viewer.today)
    straight = await count(asked.viewer, source, groups, span)
    hidden = await asked.discretion.among(source, units, straight, span)
    states = ("known", "waiting", "without", "hidden", "carried", "no_whole")
    grouped: dict[str, list[KnownUnit]] = {state: [] for state in states}
    for id, unit in straight.items():
        counted = asked.turned(source, unit)
        grouped[state_of(counted, hidden=id in hidden)].append((units[id], counted))
    if period := merged.newest_of(straight.values()):
        grouped["carried"] = await together.carried_of(asked, source, period, grouped["waiting"], hidden)
    of_all = await shares_of(asked, source, span, grouped["known"])
    if of_all:
        source = shared(source, of_all)
    # No number is held against bounds in percent.
    if of_all or (asked.listing.bounds and is_share_of_all(asked, source)):
        grouped |= by_share(grouped, of_all)
    picked, undecided = await picked_of(
        asked, named[0], source, ordered(asked, source.indicator, grouped["known"])
    )
    grouped["hidden"].sort(key=lambda pair: pair[0].id)  # in an order that tells nothing of the figures
    others = {state: [unit for unit, _ in grouped[state]] for state in ("waiting", "without", "hidden")}
    kept = {unit.id: measured(asked, counted) or Decimal(0) for unit, counted in grouped["hidden"]}
    return UnitsKnown(
        source,
        list(picked),
        others["waiting"],
        others["without"],
        others["hidden"],
        grouped["carried"],
        judged=len(grouped["known"]),
        kept=kept,
        of_all=of_all,
        counted=tuple(straight.values()),
        no_whole=grouped["no_whole"],
        undecided=undecided,
    )


def state_of(counted: Counted, *, hidden: bool) -> str:
    """What is known of a unit: its figure, a withheld one, only an earlier one, or nothing."""
    if counted.figure.value is not None:
        return "hidden" if hidden else "known"
    return "waiting" if counted.period is None and counted.covered.known else "without"


async def units_to_list(asked: Asked, named: Sequence[Place], source: Source) -> dict[int, Place]:
    """The units below the places named that the asker may see, by their ids."""
    viewer, level = asked.viewer, listed_level(asked, named[0], source)
    without = frozenset(asked.query.without if isinstance(asked.query, Ranking) else ())
    units: dict[int, Place] = {}
    for place in named:
        for unit in await viewer.session.places.below(place.id, level, viewer.today):
            if unit.id in asked.ground.asker.visible and not lies_in(asked, unit, without):
                units[unit.id] = unit
    return units


def ordered(asked: Asked, indicator: Indicator, known: Sequence[KnownUnit]) -> list[KnownUnit]:
    """Units by figure; equal ones by name, whichever end comes first."""
    by_name = sorted(known, key=lambda pair: (name_key(pair[0].name), pair[0].id))
    return sorted(
        by_name,
        key=lambda pair: measured(asked, pair[1]) or Decimal(0),
        reverse=highest_first(asked, indicator),
    )


def highest_first(asked: Asked, indicator: Indicator) -> bool:
    """Whether the highest value stands first."""
    up = (indicator.better == "up") is not asked.query.complement
    match asked.listing.order:
        case Order.HIGHEST:
            return True
        case Order.LOWEST:
            return False
        case Order.WORST:
            return not up
        case _:
            return up


def line_of_unit(
    asked: Asked, source: Source, rank: int, unit: Place, counted: Counted, missing: frozenset[Period]
) -> Markup:
    """One line of a ranking; of a sum over several periods with those that this unit lacks beside those `missing` in all."""
    fresh, expected = counted.covered.full, counted.covered.expected
    key = "asking.ranked_incomplete" if fresh < expected else "asking.ranked"
    line = asked.viewer.say(
        key,
        rank=rank,
        place=places.own_name(unit),
        value=value_text(asked.line(source, counted), asked.viewer.say),
        known=fresh,
        expected=expected,
    )
    names = ", ".join(one.name(asked.viewer.locale) for one in counted.missing if one not in missing)
    return line + asked.viewer.say("asking.ranked_missing", names=names) if names else line


def measured(asked: Asked, counted: Counted) -> Decimal | None:
    """The value that units are ranked by: the figure, or the number if that was asked for."""
    return part_of(counted, asked.query.measure.by == "count")


def how_measured(asked: Asked, listed: UnitsKnown) -> list[Markup]:
    """What the shares are of; that shares are ranked by number, or that there is no share."""
    if listed.of_all:
        return [share_text(asked, listed.of_all)]
    indicator = listed.source.indicator
    if asked.is_by_number(indicator) and len(listed.known) > 1:
        return [asked.viewer.say("asking.by_number")]
    return [*filter(None, [asked.no_share(indicator)])]


def ranks(values: Sequence[Decimal | None]) -> list[int]:
    """The rank of each value in order: equal values share one, and the next is counted on."""
    order: list[int] = []
    for place, value in enumerate(values):
        order.append(order[-1] if place and value == values[place - 1] else place + 1)
    return order
