"""Which merged places a figure still holds by themselves, or lacks, until their heirs report (`figures.expected`)."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from figures.counted import Counted
from figures.expected import Expected
from figures.programmes import was_closed
from figures.sources import Source
from handlers import sentences
from handlers.asking.asked import NAMED, Asked
from plans.period import Period
from storage import places
from storage.tables import Place


async def told(asked: Asked, place: Place, source: Source, counted: Counted) -> Markup:
    """For a stock: name the merged places whose last values it still contains, or that a single place lacks, until
    their heirs report."""
    return await told_of(asked, [place], source, [counted])


async def told_of(
    asked: Asked, named: Sequence[Place], source: Source, counted: Iterable[Counted], level: str = ""
) -> Markup:
    """The same of several places, or of the units of a `level` in them, as of the newest of what was `counted`."""
    last = newest_of(counted)
    some = [place for place in named if may_wait_for_heirs(asked, place, source)]
    if last is None or not some:
        return Markup()
    expected = Expected.by(asked.viewer, source)
    waiting = await all_waiting(expected, some, last)
    if not waiting:
        return Markup()
    names = sentences.first_names([*map(places.own_name, waiting.values())], NAMED, " …")
    return asked.viewer.say(f"asking.merged_{how_told(some, source, level)}", names=names)


def newest_of(counted: Iterable[Counted]) -> Period | None:
    """The period that ends last of those that something was counted in."""
    return max((one.period for one in counted if one.period), key=lambda period: period.end, default=None)


async def all_waiting(expected: Expected, some: Sequence[Place], last: Period) -> dict[int, Place]:
    """The closed places of some units whose values stand in at the end of a period."""
    return {one.id: one for place in some for one in await expected.waiting(place.id, last.end)}


def how_told(some: Sequence[Place], source: Source, level: str) -> str:
    """How values that wait stand to what is told: in its sums (within), or not, of single places (since) or in a list of
    such (apart)."""
    own = source.indicator.level
    if own in (place.level for place in some):
        return "since"
    return "apart" if level == own else "within"


def may_wait_for_heirs(asked: Asked, place: Place, source: Source) -> bool:
    """Whether a figure may hold merged places' last values, or lack them: a stock, except what such a place had itself."""
    of_itself = place.level == source.indicator.level and was_closed(asked.viewer, place)
    return source.indicator.stock and not of_itself
