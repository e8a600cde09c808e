"""Which merged places a figure still holds by themselves, or lacks, until their heirs report (`figures.expected`); and
which a list of an earlier period lacks, since they are no more."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from figures.counted import Counted
from figures.expected import Ended, Expected
from figures.programmes import was_closed
from figures.sources import Source
from handlers import sentences
from handlers.asking.asked import NAMED, Asked
from plans.period import Period
from queries.frames import Ranking
from storage import places
from storage.tables import Level, Place


async def told(asked: Asked, place: Place, source: Source, counted: Counted) -> Markup:
    """Name the merged places whose last values a figure still contains, or a single place lacks, until their heirs
    report."""
    return await told_of(asked, [place], source, [counted])


async def told_of(
    asked: Asked,
    named: Sequence[Place],
    source: Source,
    counted: Iterable[Counted],
    level: str = "",
    period: Period | None = None,
) -> Markup:
    """The same of several places, or of the units of a `level` in them, as of the newest of what was `counted`, or of the
    `period` asked about."""
    last = newest_of(counted) or period
    some = [place for place in named if may_wait_for_heirs(asked, place, source)]
    if last is None or not some:
        return Markup()
    told = how_told(some, source, level)
    ended = await ended_in(asked, some, source, last)
    waiting = [one.place for one in ended if one.waits(last.end)]
    stood = [one.place for one in ended if not one.waits(last.end)]
    lines = [named_in(asked, f"asking.merged_{told}", waiting)]
    if then := told_then(some, source, level):
        lines.append(named_in(asked, f"asking.merged_{then}", stood))
    return Markup("\n").join(filter(None, lines))


def named_in(asked: Asked, key: str, some: Sequence[Place]) -> Markup:
    """A sentence that names some places; nothing without any."""
    if not some:
        return Markup()
    return asked.viewer.say(key, names=sentences.first_names([*map(places.own_name, some)], NAMED, " …"))


def newest_of(counted: Iterable[Counted]) -> Period | None:
    """The period that ends last of those that something was counted in."""
    return max((one.period for one in counted if one.period), key=lambda period: period.end, default=None)


async def ended_in(asked: Asked, some: Sequence[Place], source: Source, last: Period) -> list[Ended]:
    """The closed places of some units, as the asker knows them, whose own numbers count in a figure of a period.

    Without those of units that the question leaves out.
    """
    once = await by_themselves(asked, [place.id for place in some], source, last)
    without = asked.query.without if isinstance(asked.query, Ranking) else ()
    left_out = await by_themselves(asked, without, source, last)
    return [one for id, one in once.items() if id not in left_out and was_closed(asked.viewer, one.place)]


async def by_themselves(asked: Asked, units: Iterable[int], source: Source, last: Period) -> dict[int, Ended]:
    """By their ids, the closed places of some units whose own numbers count in a figure of a period."""
    expected = Expected.by(asked.viewer, source)
    ended = [await expected.by_themselves(unit, last, stock=source.indicator.stock) for unit in units]
    return {one.place.id: one for of_unit in ended for one in of_unit}


def how_told(some: Sequence[Place], source: Source, level: str) -> str:
    """How values that wait stand to what is told: in its sums (within), or not, of single villages (since) or in a list of
    such (apart)."""
    own = source.indicator.level
    if own != Level.VILLAGE:
        return "within"
    if own in (place.level for place in some):
        return "since"
    return "apart" if level == own else "within"


def told_then(some: Sequence[Place], source: Source, level: str) -> str:
    """How the numbers of places that stood then are to what is told, where it is of places like them: a list of today's
    villages lacks them (then), today's communes hold them (counted). Nothing is to be said of a larger total."""
    own = source.indicator.level
    if own == Level.VILLAGE:
        return "then" if how_told(some, source, level) == "apart" else ""
    return "counted" if level == own or own in (place.level for place in some) else ""


def may_wait_for_heirs(asked: Asked, place: Place, source: Source) -> bool:
    """Whether a figure may hold merged places' last values, or lack them: not what such a place had itself."""
    return place.level != source.indicator.level or not was_closed(asked.viewer, place)
