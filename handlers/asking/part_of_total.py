"""Which share one line of capital has of its total: "vốn đầu tư dự án 4 chiếm bao nhiêu phần trăm tổng vốn đầu tư".

A plan says which rows add up to which. The share is told of what the plan allots, and of what was spent.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import permutations
from typing import Final, NamedTuple

from markupsafe import Markup

from figures.programmes import holdings_on
from figures.sources import Source
from handlers.asking.asked import Asked
from plans.programme import Programme
from plans.target import Target
from storage.tables import Place

BOTH: Final = 2
"""A part and its total."""


class Share(NamedTuple):
    """Two rows of a plan, of which one is a part of the other, with the figures that follow them."""

    part: Target
    whole: Target
    of_part: Source
    of_whole: Source


async def share_of_total(
    asked: Asked, place: Place, sources: Sequence[Source], spent: Sequence[Decimal]
) -> list[Markup]:
    """Say which share one of two figures has of the other, by the plans made for the place, and of what was `spent` in
    one period, in the order of the figures; nothing if no plan adds them up."""
    if len(sources) != BOTH:
        return []
    way = [place, *await asked.viewer.session.places.ancestors(place.id, asked.viewer.today)]
    own = [one.programme for one in await holdings_on(asked.viewer, way) if one.is_owned(place)]
    share = next((share for programme in own for share in shares_in(programme, sources)), None)
    return (
        []
        if share is None
        else told(asked, share, dict(zip((one.indicator.id for one in sources), spent, strict=False)))
    )


def shares_in(programme: Programme, sources: Sequence[Source]) -> Iterator[Share]:
    """Yield where a plan adds the row that one figure follows up to that of the other."""
    rows = {row.id: row for row in programme.targets}
    for one in programme.sums:
        whole, parts = rows[one.total], [rows[id] for id in one.parts]
        for part, total in permutations(sources):
            found = next((row for row in parts if row.indicator == part.indicator.id), None)
            if found is not None and found.value and whole.value and follows(asked_of=total, row=whole):
                yield Share(found, whole, part, total)


def follows(asked_of: Source, row: Target) -> bool:
    """Whether a figure is the one by which a row is followed, or the share of it that was reached."""
    known = row.indicator == asked_of.indicator.id
    return known or f"{row.indicator}-ty-le" == asked_of.indicator.id


def told(asked: Asked, share: Share, spent: dict[str, Decimal]) -> list[Markup]:
    """The share by the plan, and that of what was spent."""
    say, lang = asked.viewer.say, asked.viewer.locale
    title = asked.viewer.plans.programmes[share.whole.plan].title(lang)
    planned = of_both(share.part.value, share.whole.value)
    lines = [say("asking.part_of_plan", plan=title, clause=share.part.clause, **planned)]
    reached = of_both(spent.get(share.of_part.indicator.id), spent.get(share.of_whole.indicator.id))
    if reached:
        lines.append(say("asking.part_of_spent", **reached))
    return [Markup("\n").join(lines)]


def of_both(some: Decimal | None, every: Decimal | None) -> dict[str, Decimal]:
    """The two numbers and the share that one is of the other; empty if there is none."""
    if some is None or not every:
        return {}
    return {"some": some, "all": every, "share": round(100 * some / every, 1)}
