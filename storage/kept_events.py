"""Keeps events of places: what took part, under the names of the time, and what each changed, so that it can be
undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from storage import audit, places
from storage.place_rules import Ruling
from storage.session import Session
from storage.tables import Place, PlaceEvent

NAMED: Final = 12
"""The most places that an event names."""


@dataclass(slots=True)
class EventChanges:
    """The rows that an event changed, and what they were before."""

    opened: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    cut: list[list[Any]] = field(default_factory=list)
    """Child, parent, first day and id of each edge that ended; before, it had no last day."""
    edges: list[int] = field(default_factory=list)
    successions: list[int] = field(default_factory=list)
    aliases: list[int] = field(default_factory=list)
    renamed: list[list[Any]] = field(default_factory=list)
    """Place, type word and name before."""
    unmarked: list[list[Any]] = field(default_factory=list)
    """The values of each row of marks that was replaced (`mark_values`)."""

    def to_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


async def record(
    session: Session,
    kind: str,
    ruling: Ruling,
    sources: Sequence[Place],
    into: Sequence[Place],
    touched: Sequence[int],
    changes: EventChanges,
) -> PlaceEvent:
    """Record the event, with the names of the time for what took part; of very many only the first by name."""
    before = {number: f"{word} {name}".strip() for number, word, name in changes.renamed}
    names = {
        "from": [before.get(place.id, places.own_name(place)) for place in sources],
        "into": first_named(list(map(places.own_name, into))),
    }
    parts = [place.id for place in sources], [place.id for place in into]
    return await keep(session, kind, ruling, parts, names, touched, changes)


def first_named(names: Sequence[str]) -> list[str]:
    """The first of some names, with a sign that there are more."""
    return [*names[:NAMED], *(["…"] if len(names) > NAMED else [])]


async def keep(
    session: Session,
    kind: str,
    ruling: Ruling,
    parts: tuple[Sequence[int], Sequence[int]],
    names: Mapping[str, Sequence[str]],
    touched: Sequence[int],
    changes: EventChanges,
) -> PlaceEvent:
    """Keep an event: from which places into which, with their names of the time."""
    event = PlaceEvent(
        kind=kind,
        day=ruling.day,
        legal_basis=ruling.legal_basis,
        created_at=ruling.now,
        detail={
            "from": list(parts[0]),
            "into": list(parts[1]),
            "names": dict(names),
            "touched": sorted({*touched, *changes.opened}),
            "changes": changes.to_json(),
        },
    )
    session.add(event)
    await session.flush()
    session.places.changed()
    detail = {"day": ruling.day.isoformat(), "places": event.detail["touched"]}
    await audit.record(session, f"place.{kind}", None, None, f"event:{event.id}", detail)
    return event
