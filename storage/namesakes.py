"""One name twice at one place: perhaps one person who was both listed and invited, or who already takes part.

A name alone cannot prove it, so nothing is left out or joined: whoever looks after the lists is told.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from questionnaires.answers.text import fold
from storage import people
from storage.awaited import awaited
from storage.session import Session

As = Literal["roster", "invitation", "person"]
"""In what way somebody is known: expected by a phone number or by an invitation, or taking part."""
NameAt = tuple[str, int]
"""A name in the form for comparing, and the id of a place."""


def name_at(name: str, place_id: int) -> NameAt:
    """Return a name at a place in the form for comparing."""
    return fold(name), place_id


async def known(session: Session, now: datetime) -> Mapping[NameAt, Counter[As]]:
    """Return in what ways each name is known at each place, and how often; the same person counts once in each place."""
    names: defaultdict[NameAt, Counter[As]] = defaultdict(Counter)
    for one in await awaited(session, now):
        if one.name:
            names[name_at(one.name, one.place_id)][one.how] += 1
    members = {
        (seat.person.id, name_at(seat.person.name, seat.place.id)) for seat in await people.seats(session)
    }
    for _, key in members:
        if key[0]:
            names[key]["person"] += 1
    return names
