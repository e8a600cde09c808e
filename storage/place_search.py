"""Finds places by what people type: a name, a name with what it lies in, a former name, a code.

`questionnaires.answers.places` says what words mean; here that is asked about the places in the database.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from questionnaires.answers.places import Gazetteer, PlaceMatch, Unit, Viewpoint, match_place
from questionnaires.answers.text import fold
from storage.tables import Place


def meant(
    gazetteer: Gazetteer,
    words: str,
    on: date,
    *,
    within: Collection[int] | None = None,
    fits: Callable[[Unit], bool] | None = None,
) -> PlaceMatch:
    """Return what `words` name on that day. `within`: only among these; `fits`: only units for which it is true."""

    def allowed(unit: Unit) -> bool:
        return (within is None or unit.id in within) and (fits is None or fits(unit))

    return match_place(words, gazetteer, view=Viewpoint(on=on, allowed=allowed))


def among(some: Sequence[Place], words: str) -> list[Place]:
    """Return those of some places that have this name, whatever other places have it."""
    units = (Unit(place.id, place.name, place.kind, level=place.level) for place in some)
    match = match_place(words, Gazetteer(units))
    numbers = {unit.id for unit in match.units} if match.doubt != "spelling" else set()
    return [place for place in some if place.id in numbers]


def stands(place: Place, on: date) -> bool:
    """Whether the place exists on that day."""
    return place.first_day <= on and (place.last_day is None or place.last_day >= on)


def own_name(place: Place) -> str:
    """ "xã Vĩnh Thông": the type word and the name."""
    return f"{place.kind} {place.name}".strip()


def name_of(place: Place | None) -> str:
    """Return the same for a place that may be gone: then ""."""
    return own_name(place) if place else ""


def is_named_in(place: Place, words: str) -> bool:
    """Whether a place's name, without a remark in brackets, is among `words`, which are folded."""
    name = fold(place.name.partition("(")[0])
    return bool(name) and f" {name} " in words
