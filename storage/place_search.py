"""Finding places by what people type: a name, a name with what it lies in, a former name, a code.

What words mean is said by `questionnaires.answers.places`; here it is asked of the places of the database.
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
    """What `words` name on that day; `within`: of these only, `fits`: of those only to which it applies."""

    def allowed(unit: Unit) -> bool:
        return (within is None or unit.id in within) and (fits is None or fits(unit))

    return match_place(words, gazetteer, view=Viewpoint(on=on, allowed=allowed))


def among(some: Sequence[Place], words: str) -> list[Place]:
    """Those of some places that have this name, whatever else has it."""
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
    """The same of a place that may be gone: then ""."""
    return own_name(place) if place else ""


def is_named_in(place: Place, words: str) -> bool:
    """Whether the name of a place, without a remark in brackets, stands among `words`, which are folded."""
    name = fold(place.name.partition("(")[0])
    return bool(name) and f" {name} " in words
