"""An office's own plans, indicators and schedule, read from its folder and added to those that come with the program.

The folder looks like this room: `programmes/`, `indicators/`, `schedule.toml`, `domains.toml` and `attributes.toml`, with
`forms/` for its questionnaires. Each may be missing. Whatever cannot be read, or does not fit the rest, is left out and
listed in `own_faults`: a slip in one row must not keep a province from reporting.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from plans.attribute import Attribute
from plans.checks import check_deadline, check_indicator, check_norm, check_schedule, check_sum
from plans.faults import PlanFault, out_of
from plans.indicator import Indicator
from plans.plans import Plans
from plans.programme import Programme
from plans.reading import (
    FOLDER,
    TARGETS,
    Shelf,
    bundled_plans,
    read_attributes,
    read_domains,
    read_indicators,
    read_programmes,
    read_tables,
    use,
)
from plans.schedule import Entry
from plans.target_checks import YEARS, check_target

NAME: Final = re.compile(r"[0-9A-Za-z_-]{1,24}")
"""The ids that a plan, an indicator, a domain or an attribute may have. Short, because buttons carry them."""
T = TypeVar("T")


class Everything(Mapping[str, tuple[str, ...]]):
    """Contains every name. It stands for the known questions while plans are read, before the office's forms are
    compiled."""

    def __contains__(self, _: object) -> bool:
        return True

    def __getitem__(self, _: str) -> tuple[str, ...]:
        return ()

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


ANY: Final = Everything()


def use_own(folder: Path) -> None:
    """Add the plans in `folder` to what `load_plans` returns. Raises PlansRefused if the program's own files are wrong."""
    use(joined(folder.resolve()) if is_own(folder) else None)


def is_own(folder: Path) -> bool:
    """Whether `folder` exists and is not the program's own folder of plans."""
    return folder.is_dir() and folder.resolve() != FOLDER


@cache
def joined(folder: Path) -> Plans:
    """Return the program's plans with every sound part of `folder`. `own_faults` says what was left out."""
    return Joining(bundled_plans(), Shelf(folder, folder.name)).plans()


@dataclass(frozen=True)
class Joining:
    """Adds the contents of a shelf to plans that exist; faults go to the shelf."""

    there: Plans
    shelf: Shelf

    def plans(self) -> Plans:
        """Return the existing plans with the sound ones of the shelf."""
        shelf, there = self.shelf, self.there
        domains = self.new("domains.toml", read_domains(shelf), there.domains)
        attributes: Mapping[str, Attribute] = self.new(
            "attributes.toml", read_attributes(shelf), there.attributes
        )
        indicators: Mapping[str, Indicator] = self.new("indicators", read_indicators(shelf), there.indicators)
        own_entries = read_tables(shelf, shelf.folder / "schedule.toml", "asked", Entry)
        programmes: Mapping[str, Programme] = self.new(
            "programmes", dict(read_programmes(shelf)), there.programmes
        )
        both = replace(
            there,
            domains=MappingProxyType({**there.domains, **domains}),
            attributes=MappingProxyType({**there.attributes, **attributes}),
            own_schedule=tuple(self.asked(own_entries)),
        )
        both = replace(
            both,
            schedule=(*there.schedule, *both.own_schedule),
            indicators=MappingProxyType({**there.indicators, **self.counted(both, indicators)}),
        )
        sound = {id: self.programme(both, one) for id, one in programmes.items() if self.is_whole(one)}
        return replace(
            both,
            programmes=MappingProxyType({**there.programmes, **sound}),
            own=frozenset((*sound, *both.indicators.keys() - there.indicators.keys())),
            own_faults=tuple(shelf.faults),
        )

    def new(self, where: str, own: Mapping[str, T], there: Container[str]) -> Mapping[str, T]:
        """Return those of `own` whose name is well-formed and not taken; `where` is their file."""
        kept = {}
        for name, one in own.items():
            at = f"{self.shelf.called}/{where}"
            if not NAME.fullmatch(name):
                self.shelf.faults.append(PlanFault(at, "name", name, NAME.pattern))
            elif name in there:
                self.shelf.faults.append(PlanFault(at, "taken", name))
            else:
                kept[name] = one
        return kept

    def asked(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Yield the sound lines of the schedule that no schedule has already."""
        known = {(entry.form, entry.level) for entry in self.there.schedule}
        where = f"{self.shelf.called}/schedule.toml"
        for entry in entries:
            if (entry.form, entry.level) in known:
                self.shelf.faults.append(PlanFault(where, "twice", entry.form))
            elif self.is_sound(check_schedule([entry], where, ANY)):
                known.add((entry.form, entry.level))
                yield entry

    def faults_of(self, one: Indicator, names: Mapping[str, str], plans: Plans) -> Iterator[PlanFault]:
        """Yield the faults of an indicator. `names` gives the id that bears each name, so that none is used twice."""
        where = f"{self.shelf.called}/indicators: {one.id}"
        same = [names[name.casefold()] for name in one.names.values() if name.casefold() in names]
        yield from (PlanFault(where, "same_name", other) for other in same[:1])
        yield from (fault._replace(where=where) for fault in check_indicator(plans, one, ANY))

    def counted(self, plans: Plans, own: Mapping[str, Indicator]) -> dict[str, Indicator]:
        """Return the sound indicators whose names no other one bears."""
        names = {name.casefold(): one.id for one in plans.indicators.values() for name in one.names.values()}
        plans, sound = replace(plans, own=frozenset(own)), {}
        for id, one in own.items():
            if self.is_sound([*self.faults_of(one, names, plans)]):
                sound[id] = one
                names |= dict.fromkeys(map(str.casefold, one.names.values()), id)
        return sound

    def is_whole(self, programme: Programme) -> bool:
        """Whether a plan names the units it covers, and a valid first and last day."""
        where = f"{self.shelf.called}/programmes/{programme.id}/programme.toml"
        faults = [PlanFault(where, "missing_field", "covers", "[[covers]]")] if not programme.covers else []
        if programme.last_day < programme.first_day:
            faults.append(
                PlanFault(where, "days_reversed", str(programme.last_day), str(programme.first_day))
            )
        years = {"first_day": programme.first_day.year, "last_day": programme.last_day.year}
        faults += out_of(where, {name: (year, *YEARS) for name, year in years.items()})
        return self.is_sound(faults)

    def programme(self, plans: Plans, programme: Programme) -> Programme:
        """Return a plan without its faulty rows."""
        folder = f"{self.shelf.called}/programmes/{programme.id}"
        taken: set[str] = set()
        targets = []
        for target in programme.targets:
            where, row = f"{folder}/{TARGETS}: {target.id}", self.shelf.rows.get((programme.id, target.id), 0)
            faults = [fault._replace(row=row) for fault in check_target(plans, target, where)]
            if target.id in taken:
                faults.append(PlanFault(where, "twice", target.id, row=row))
            taken.add(target.id)
            if self.is_sound(faults):
                targets.append(target)
        own = replace(programme, targets=tuple(targets))
        return replace(
            own,
            deadlines=self.kept(
                own.deadlines, lambda one: check_deadline(one, f"{folder}/deadlines.toml: {one.clause}")
            ),
            norms=self.kept(
                own.norms, lambda one: check_norm(one, f"{folder}/norms.toml: {one.clause}", plans)
            ),
            sums=self.kept(own.sums, lambda one: check_sum(own, one)),
            schedule=self.kept(
                own.schedule, lambda one: check_schedule([one], f"{folder}/schedule.toml", ANY)
            ),
        )

    def kept(self, some: Iterable[T], faults: Callable[[T], Iterable[PlanFault]]) -> tuple[T, ...]:
        """Return the rows without faults, as `faults` finds them."""
        return tuple(one for one in some if self.is_sound(faults(one)))

    def is_sound(self, faults: Iterable[PlanFault]) -> bool:
        """Whether there are no `faults`; those there are go to the shelf."""
        some = list(faults)
        self.shelf.faults += some
        return not some
