"""Which place that is none of somebody's own their words name."""

from figures.ground import ground_of
from figures.view import View
from queries.other_places import OtherPlaces


async def named(view: View, text: str) -> str:
    """Return the place in `text` that is none of this person's, with its type word; "" for none."""
    ground = await ground_of(view)
    if ground is None:
        return ""
    return OtherPlaces(ground.dictionary, ground.gazetteer, ground.asker).first_in(text)
