"""Where: the places that a question names, narrowed by the units above them and by "cũ", and the asker's own units."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import Final

from plans import levels
from queries.frames import Intent
from queries.spans import Sentence, Span, Tag
from queries.vocabulary import LEVELS, WITHIN
from questionnaires.answers.places import KINDS, Gazetteer, Unit, alive, as_province, marked
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import tokens_of

COMPARED: Final = 6
"""The most places in a comparison."""


@dataclass(frozen=True, slots=True)
class Asker:
    """The person who asks: their own unit, and the units that they may ask about.

    `own_levels` gives their own unit, or the one above it, at each level. `nameable` is what they may ask about and
    the units around it, so that a unit above can distinguish two places.
    """

    place: int
    own_levels: Mapping[str, int]
    visible: frozenset[int]
    nameable: frozenset[int]
    former: frozenset[int] = frozenset()
    """Closed units that became part of what the asker may see."""

    def sees(self, place: int) -> bool:
        """Whether a place may be asked about."""
        return place in self.visible or place in self.former

    def stands_at(self, level: str) -> bool:
        """Whether their own unit is of a level, or a village: no unit of that level lies below it."""
        return self.place in (self.own_levels.get(level), self.own_levels.get("thon"))


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """The units that a name in a question may be.

    `exact`: it comes with its type word or with a unit above; `aged`: with "cũ" or "mới".
    """

    units: list[Unit]
    exact: bool
    aged: bool = False

    def of_age(self, *, former: bool) -> "NamedPlace":
        """Those that are closed, or that exist; all if there are none like that."""
        return replace(
            self, units=[unit for unit in self.units if unit.closed is former] or self.units, aged=True
        )


@dataclass(frozen=True)
class Where:
    """The places of one question."""

    sentence: Sentence
    gazetteer: Gazetteer
    asker: Asker

    @cached_property
    def groups(self) -> list[list[Unit]]:
        """For each place named, the units it may be, narrowed by the units above that follow it."""
        groups: list[NamedPlace] = []
        end = -1
        for span in self.sentence.spans:
            behind = span.start == end
            if span.tag is Tag.PLACE:
                within = groups.pop() if behind else None
                groups += self.narrowed(within, span)
            elif span.tag is Tag.AGE and behind:
                groups[-1] = groups[-1].of_age(former=span.value)
            elif not (behind and self.joins(span)):
                continue
            end = span.end
        return as_provinces([self.preferred(self.meant(named)) for named in groups])

    def joins(self, span: Span) -> bool:
        """Whether a name continues after a span: "xã Vĩnh Thông thuộc huyện …", "Vĩnh Thông, Thái Nguyên"."""
        return span.tag is Tag.FILLER or self.sentence.said(span) == (",",)

    @property
    def sure(self) -> list[list[Unit]]:
        """Those groups that are a single unit."""
        return [units for units in self.groups if len(units) == 1]

    @property
    def doubtful(self) -> list[list[Unit]]:
        """Those groups that may be several units."""
        return [units for units in self.groups if len(units) > 1]

    def narrowed(self, before: NamedPlace | None, span: Span) -> Iterator[NamedPlace]:
        """The place before another, narrowed to what lies in it; or both side by side."""
        inside = self.gazetteer.lying_in(before.units, span.value) if before else []
        if before and inside and not self.may_be_next(before, span):
            yield NamedPlace(inside, exact=True, aged=before.aged)
            return
        if before:
            yield before
        yield NamedPlace(list(span.value), exact=self.has_type_word(span))

    def may_be_next(self, before: NamedPlace, span: Span) -> bool:
        """Whether a name behind a comma, or in a comparison, may be the next place of a list rather than what the one
        before lies in: a bare name, also of a unit of its level ("Cẩm Giàng, Phong Quang, Bạch Thông")."""
        compares = Intent.COMPARE in self.sentence.values(Tag.INTENT)
        if self.sentence.tokens[span.start - 1].text != "," and not compares:
            return False
        levels = set(map(level_of, before.units))
        seen = (unit for unit in span.value if self.asker.sees(unit.id))
        return not self.has_type_word(span) and not levels.isdisjoint(map(level_of, seen))

    def has_type_word(self, span: Span) -> bool:
        """Whether a place's words begin with its type word: those of "làng Sơn" may, those of "Lạng Sơn" do not."""
        said = self.sentence.said(span)
        wanted = {unit.id for unit in span.value}
        for length in range(1, len(said)):
            kinds = KINDS.get(" ".join(map(bare, said[:length])))
            named = self.gazetteer.named([*map(marked, said[length:])], kinds)[0] if kinds else ()
            if not wanted.isdisjoint(unit.id for unit in named):
                return True
        return False

    def meant(self, named: NamedPlace) -> list[Unit]:
        """Return what a name without "cũ" means today: a successor; for a bare name, the province."""
        if named.aged:
            return named.units if named.exact else as_province(named.units, self.gazetteer, None)
        units = alive(named.units, self.gazetteer, None)
        return units if named.exact else as_province(units, self.gazetteer, None)

    def preferred(self, units: list[Unit]) -> list[Unit]:
        """Return the units that the asker may ask about; all if there are none.

        A former unit stays beside its present namesake, and so does a former unit around these: "Bắc Kạn cũ" may be the
        province rather than its town. A former unit that became part of its namesake ("xã Cẩm Giàng") only counts beside
        it if it was named with "cũ".
        """
        seen = [unit for unit in units if unit.id in self.asker.visible]
        kin = frozenset[int]().union(*map(attrgetter("kin"), seen))
        former = [unit for unit in units if unit.id in self.asker.former - kin]
        own = [*seen, *former]
        return [*own, *self.former_around(own, units)] or units

    def former_around(self, own: Sequence[Unit], units: Iterable[Unit]) -> Iterator[Unit]:
        """Yield those of the units that are closed and contained one of the asker's (`own`)."""
        above = frozenset[int]().union(*map(self.gazetteer.above, own))
        yield from (unit for unit in units if unit.closed and unit.id in above and unit not in own)

    def nearest(self, units: Iterable[Unit]) -> list[Unit]:
        """Sort units: those that share most larger units with the asker first; among equals, existing ones first."""
        own = self.gazetteer.units.get(self.asker.place)
        above = {self.asker.place} | (self.gazetteer.above(own) if own else set())
        return sorted(units, key=lambda unit: (-len(above & self.gazetteer.above(unit)), unit.closed))

    def places(self, groups: Sequence[Sequence[Unit]]) -> tuple[int, ...]:
        """The ids of the places meant, each once."""
        own = [self.own_unit(span) for span in self.own(bool(groups))]
        meant = [*(units[0].id for units in groups), *(id for id in own if id)]
        return tuple(dict.fromkeys(meant))[:COMPARED]

    @cached_property
    def beside(self) -> int:
        """How many places are compared, including the asker's own."""
        return len(self.groups) + len(self.own(True)) if self.groups else 0

    @cached_property
    def owns(self) -> list[Span]:
        """All spans that mean one of the asker's own units."""
        return self.sentence.of(Tag.OWN, Tag.NATION)

    def own(self, named: bool) -> list[Span]:
        """The spans that mean one of the asker's own units; beside `named` places, without those that only say where."""
        spans = self.own_spans
        beside = [span for span in spans if self.sentence.said(span)[0] not in WITHIN]
        return beside if named or beside else spans

    @cached_property
    def own_spans(self) -> list[Span]:
        """The spans that mean one of the asker's own units; not before a place's name, of which it is the type word."""
        typed = {span.start for span in self.sentence.of(Tag.PLACE)}
        return [span for span in self.sentence.of(Tag.OWN, Tag.NATION) if span.end not in typed]

    def own_unit(self, span: Span) -> int | None:
        """The asker's own unit that a span means; None if there is none at that level."""
        return self.asker.own_levels.get("nuoc" if span.tag is Tag.NATION else span.value)

    # --- what cannot be asked about -------------------------------------------------------------------

    @property
    def unseen(self) -> tuple[str, ...]:
        """The words of a place that the asker may not ask about; () for none."""
        for units in self.groups:
            if not self.asker.sees(units[0].id):
                spans = [span for span in self.sentence.of(Tag.PLACE) if units[0] in span.value]
                return self.sentence.said(spans[0]) if spans else ()
        return ()

    @property
    def misplaced(self) -> tuple[str, ...]:
        """The words of a place and of a larger one after it that does not contain it; () for none."""
        said = (span for span in self.sentence.spans if span.tag is not Tag.FILLER)
        for one, other in pairwise(said):
            if one.tag is other.tag is Tag.PLACE and self.lies_elsewhere(one.value, other.value):
                return (*self.sentence.said(one), *self.sentence.said(other))
        return ()

    def lies_elsewhere(self, inner: Sequence[Unit], outer: Sequence[Unit]) -> bool:
        """Whether smaller units lie in none of the larger ones."""
        smaller = max(map(size, inner)) < min(map(size, outer))
        return smaller and not self.gazetteer.lying_in(inner, outer)

    @property
    def not_own(self) -> tuple[str, ...]:
        """The words for an own unit that the asker does not have ("toàn huyện" of a commune's officer); () for none."""
        spans = self.own_spans
        return next((self.sentence.said(span) for span in spans if self.own_unit(span) is None), ())

    @property
    def of_no_such_age(self) -> list[Span]:
        """A "cũ" or "mới" without a place, or after one of which there is none such."""
        odd: list[Span] = []
        units: Sequence[Unit] = ()
        for span in self.sentence.spans:
            if span.tag is Tag.PLACE:
                units = span.value
            elif span.tag is Tag.OWN:
                id = self.own_unit(span)
                units = () if id is None else (self.gazetteer.units[id],)
            elif span.tag is Tag.AGE and all(unit.closed is not span.value for unit in units):
                odd.append(span)
            elif span.tag not in (Tag.AGE, Tag.FILLER):
                units = ()
        return odd

    def levels(self, places: Sequence[int]) -> list[str]:
        """The levels of the units asked about; the asker's own if none is named."""
        units = self.gazetteer.units
        return [level_of(units[id]) for id in places or (self.asker.place,) if id in units]


def as_provinces(groups: list[list[Unit]]) -> list[list[Unit]]:
    """The places named side by side: where each may be a province, provinces are meant ("Bắc Kạn với Bắc Giang")."""
    provinces = [[unit for unit in units if level_of(unit) == "tinh"] for units in groups]
    return provinces if len(groups) > 1 and all(provinces) else of_one_level(groups)


def of_one_level(groups: list[list[Unit]]) -> list[list[Unit]]:
    """The places named side by side: a name of several units means that of the level of the others, where these are sure
    ("Cẩm Giàng và Bạch Thông" are two communes)."""
    sure = {level_of(units[0]) for units in groups if len(units) == 1}
    if len(sure) != 1:
        return groups
    return [[unit for unit in units if level_of(unit) in sure] or units for units in groups]


def level_of(unit: Unit) -> str:
    """The level of a place by its type word; for a "thành phố", by the unit above it."""
    level = LEVELS.at(tokens_of(clean(unit.kind)), 0)
    if level is not None:
        return level[0]
    return "xa" if unit.kind == "đặc khu" else "huyen" if unit.closed else "tinh"


def size(unit: Unit) -> int:
    """How large a place is, by its level."""
    return size_of(level_of(unit) if unit.parents else "nuoc")


def size_of(level: str) -> int:
    """How large the units of a level are, beside those of others."""
    return levels.LEVELS.index(level)
