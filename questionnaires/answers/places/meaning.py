"""Decide which place a name means if several have it, and what to offer if none has exactly this name.

The rules, in this order:
- "cũ" means a unit that no longer exists, "mới" one that does. For a given day, what existed then is meant.
- If a unit has a successor of the same name, the successor is meant ("xã Na Ngoi"), except beside the name of a former
  unit that only the old one lay in ("Cẩm Giàng, huyện Bạch Thông").
- A bare name that a province has means the province ("Lạng Sơn"). A former province is meant rather than its town.
- A full name wins over part of a name, and over a popular name ("Xuân Hương").
- Beside a name with diacritics, one without them means itself ("Thanh An, Hồ Chí Minh").
- If several places are left, there is a doubt. Places near the person who writes come first, but nearness never decides.
- A name with a slip, other diacritics or another type word of villages is offered, nearest first, never assumed.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal

from questionnaires.answers.places.gazetteer import Gazetteer, Unit, without
from questionnaires.answers.places.mentions import BETWEEN, Mention, Reader
from questionnaires.answers.places.nearness import Nearness
from questionnaires.answers.places.vocabulary import LEVELS, OFFICES
from questionnaires.answers.reading import Candidate, Reading
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import tokens_of

LONGEST: Final = 200
MOST_WORDS: Final = 40
MOST_OFFERED: Final = 12
SIZES: Final = {level: size for size, level in enumerate(LEVELS)}

AnswerDoubt = Literal["", "several", "spelling"]


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """What to read a name against: the day that is meant (None: today), and the ids of units near the person who writes.

    `allowed` tells which units can be meant; None for all.
    """

    on: date | None = None
    near: Collection[int] = ()
    allowed: Callable[[Unit], bool] | None = None

    def those_allowed(self, units: Iterable[Unit]) -> list[Unit]:
        """Return those of the units that can be meant."""
        return list(filter(self.allowed, units)) if self.allowed else list(units)


ANYWHERE: Final = Viewpoint()


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """One place ("match"), several or similar ones to choose from ("ambiguous"), or none.

    `doubt` says why there is a choice: "several" have the name, or none has it and these are similar in "spelling".
    """

    status: Literal["match", "ambiguous", "none"]
    units: tuple[Unit, ...] = ()
    doubt: AnswerDoubt = ""


def match_place(
    text: str, gazetteer: Gazetteer, near: Collection[int] = (), *, view: Viewpoint = ANYWHERE
) -> PlaceMatch:
    """Return the place that the whole of `text` names, by name or code. Of several, those in or near `near` are first."""
    view = replace(view, near=near) if near else view
    tokens = tokens_of(clean(text)) if len(text) <= LONGEST else []
    if not 0 < len(tokens) <= MOST_WORDS:
        return PlaceMatch("none")
    resolver = Resolver(Reader(tokens, gazetteer), view)
    meant = resolver.meant() or resolver.coded(text.strip())
    if meant:
        several = len(meant) > 1
        status: Literal["match", "ambiguous"] = "ambiguous" if several else "match"
        return PlaceMatch(status, meant[:MOST_OFFERED], "several" if several else "")
    offered = resolver.offered()[:MOST_OFFERED]
    return PlaceMatch("ambiguous", offered, "spelling") if offered else PlaceMatch("none")


def read_place(text: str, gazetteer: Gazetteer, near: Collection[int] = ()) -> Reading:
    """Read a place; the value is the unit's id as text."""
    match = match_place(text, gazetteer, near)
    if match.status == "match":
        unit = match.units[0]
        label = gazetteer.label(unit)
        return Reading("ok", str(unit.id), exact=text.strip() == label, read_back=label)
    offered = tuple(Candidate(str(unit.id), gazetteer.label(unit)) for unit in match.units)
    return Reading("ask", doubt="many_places" if offered else "no_place", candidates=offered)


def settled(mention: Mention, gazetteer: Gazetteer, view: Viewpoint = ANYWHERE) -> tuple[Unit, ...]:
    """Return the units that a mention means, those near the viewer first: one, or several if there is a doubt."""
    units = view.those_allowed(mention.units)
    units = begun(gazetteer.wholly(units, mention.name.words), view.on)
    if mention.has_marks:
        units = just_so(units, gazetteer, mention.name.words) or units
    if mention.name.era != "former":
        units = alive(units, gazetteer, view.on)
    if len(mention.names) == 1 and not mention.name.kinds:
        units = as_province(units, gazetteer, view.on)
    return in_order(units, gazetteer, view, mention.name.words)


def just_so(units: Iterable[Unit], gazetteer: Gazetteer, words: tuple[str, ...]) -> list[Unit]:
    """Return the units with a name that is written exactly so."""
    spelt = gazetteer.spelt.get(" ".join(map(bare, words)), ())
    exact = {spelling.unit.id for spelling in spelt if spelling.words == words}
    return [unit for unit in units if unit.id in exact]


def begun(units: Sequence[Unit], on: date | None) -> list[Unit]:
    """Return the units that had begun by a day; all if none had."""
    return [unit for unit in units if on is None or unit.since <= on] or list(units)


def alive(units: Sequence[Unit], gazetteer: Gazetteer, on: date | None) -> list[Unit]:
    """Return the units without those that no longer exist and have a successor among them."""
    numbers = {unit.id for unit in units}
    return [unit for unit in units if unit.stands(on) or numbers.isdisjoint(gazetteer.heirs(unit))]


def as_province(units: Sequence[Unit], gazetteer: Gazetteer, on: date | None) -> list[Unit]:
    """Return the existing province among the units; without one, drop units within a former province among them."""
    provinces = [unit for unit in units if gazetteer.level(unit) == "tinh"]
    standing = [unit for unit in provinces if unit.stands(on)]
    if standing:
        return standing
    # "Bắc Kạn" was a province and its town: the province is meant, but a town of that name elsewhere remains possible.
    numbers = {unit.id for unit in provinces}
    return [unit for unit in units if unit.stands(on) or numbers.isdisjoint(gazetteer.line(unit))]


def in_order(
    units: Iterable[Unit],
    gazetteer: Gazetteer,
    view: Viewpoint,
    words: tuple[str, ...] = (),
    far: Mapping[int, float] | None = None,
) -> tuple[Unit, ...]:
    """Sort units, each once: by distance in spelling (`far`), then by how much they share with the viewer's own area.

    Then come those written exactly so, larger ones, and existing ones first.
    """
    units, own = list(units), set(view.near)
    exact = {unit.id for unit in just_so(units, gazetteer, words)}

    def key(unit: Unit) -> tuple[object, ...]:
        slips = far.get(unit.id, 0.0) if far else 0.0
        shared = len(own & (gazetteer.above(unit) | {unit.id})) if own else 0
        size = SIZES.get(gazetteer.level(unit), len(SIZES))
        return round(slips), -shared, slips, unit.id not in exact, size, unit.closed, unit.name, unit.id

    return tuple(sorted(without(units, ()), key=key))


@dataclass(frozen=True, slots=True)
class Resolver:
    """Reads one text as the name of one place."""

    reader: Reader
    view: Viewpoint

    @property
    def gazetteer(self) -> Gazetteer:
        """The places that may be named."""
        return self.reader.gazetteer

    def start(self) -> int:
        """Return the place of the first token after "UBND" and marks."""
        place, tokens = 0, self.reader.tokens
        while place < len(tokens):
            said = OFFICES.at(tokens, place)
            if said is not None and said[1] < len(tokens):
                place = said[1]
            elif tokens[place].text in BETWEEN:
                place += 1
            else:
                break
        return place

    def meant(self) -> tuple[Unit, ...]:
        """Return the units that the whole text means, read as as few names as possible."""
        whole: dict[int, list[Mention]] = {}
        for start in dict.fromkeys((0, self.start())):
            for mention in self.reader.mentions(start):
                if self.reader.past(mention.end) == len(self.reader.tokens):
                    whole.setdefault(len(mention.names), []).append(mention)
        for _, mentions in sorted(whole.items()):
            units = [unit for mention in mentions for unit in settled(mention, self.gazetteer, self.view)]
            if units:
                units = alive(units, self.gazetteer, self.view.on)
                return in_order(units, self.gazetteer, self.view, mentions[0].name.words)
        return ()

    def coded(self, text: str) -> tuple[Unit, ...]:
        """Return the units with this code, existing ones first."""
        units = self.view.those_allowed(self.gazetteer.coded(text))
        return tuple(sorted(units, key=lambda unit: (not unit.stands(self.view.on), unit.id)))

    def offered(self) -> tuple[Unit, ...]:
        """Return the units with names near the text, within the units that it also names, the nearest first."""
        far = Nearness(self.reader).far(self.start())
        units = self.view.those_allowed(self.gazetteer.units[number] for number in far)
        nearest = min((round(far[unit.id]) for unit in units), default=0)
        units = alive(
            [unit for unit in units if round(far[unit.id]) == nearest], self.gazetteer, self.view.on
        )
        return in_order(units, self.gazetteer, self.view, far=far)
