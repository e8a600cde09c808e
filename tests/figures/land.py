"""A small land whose villages report numbers of every kind, for tests of what may be told of them.

Two provinces, communes of one to three villages, former units that lie across today's, an area that a target is about,
and villages that go into others.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from plans.period import PeriodKind
from plans.reading import load_plans
from plans.schedule import Entry
from questionnaires.answers import AnswerKind
from questionnaires.questionnaire import Question, Questionnaire, QuestionType
from storage import place_marks
from storage.place_marks import Marking
from storage.place_rules import Ruling
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession
from tests.figures.test_recount import NOW, PERIODS
from tests.quick import dictionary_of
from tests.storage.test_ledger import Country

LONGER: Final = int(os.environ.get("ATTACKS", "0"))
"""So many random countries instead of a few, over all periods: `ATTACKS=500 pytest -n0 tests/figures/test_attacker.py`."""
ALL: Final = PERIODS[-6:] if LONGER else PERIODS[-4:]
LATER: Final = ALL[-1]
FIRST_DAY: Final = ALL[0].start
TREE: Final = ((3, 2, 2), (2, 1))
"""For each province how many villages each of its communes has."""
TOGETHER_ONCE: Final = 2
"""So many communes of the first province were one district until the reform."""
LAST_OLD_DAY: Final = date(2025, 6, 30)
NAMES: Final = ("nuoc_ho_thieu", "nha_xong", "nuoc_ho", "nuoc_ho_hvs")
ENTRY: Final = Entry("so-cai", Level.VILLAGE, PeriodKind.WEEK, questions=4)
TARGET: Final = next(
    target for target in load_plans().programmes["nghe-an-352"].targets if target.among == "vung-dtts"
)
PLANS = replace(load_plans(), schedule=(ENTRY,), programmes={})
DICTIONARY = dictionary_of(PLANS)


def form_of_test() -> Questionnaire:
    ask: Callable[..., Question] = Question
    nodes = tuple(ask(f"/data/{name}", name, QuestionType.INTEGER, AnswerKind.COUNT) for name in NAMES)
    return Questionnaire("so-cai", "v1", {"vi": "Sổ cái"}, ("vi",), "vi", nodes, {}, "")


class Said(NamedTuple):
    """What one village reports: how many are short of water, were built, have good water and have not."""

    short: int
    built: int
    good: int
    bad: int

    @property
    def answers(self) -> dict[str, Decimal]:
        counts = (self.short, self.built, self.good + self.bad, self.good)
        return {name: Decimal(number) for name, number in zip(NAMES, counts, strict=True)}


@dataclass
class Land(Country):
    """Provinces with communes of several villages, and what these say of some periods."""

    form: Questionnaire = field(default_factory=form_of_test)
    home: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Of each village its commune, province and nation, and the former units on whose ground it lies."""
    district: int = 0
    moved: int = 0
    """The village that has left what its former commune became; it merges into no other."""
    marked: set[int] = field(default_factory=set)
    """The communes and villages in the area that a target is about."""
    tree: Sequence[Sequence[int]] = TREE

    async def settle(self) -> None:
        await super().settle()
        self.villages, self.communes, self.provinces = [], [], []
        for communes in self.tree:
            province = await self.place(Level.PROVINCE, self.nation)
            self.provinces.append(province)
            for villages in communes:
                commune = await self.place(Level.COMMUNE, province)
                self.communes.append(commune)
                for _ in range(villages):
                    village = await self.place(Level.VILLAGE, commune)
                    self.villages.append(village)
                    self.home[village] = (commune, province, self.nation)
        self.district = await self.former(Level.DISTRICT, self.provinces[0], self.communes[:TOGETHER_ONCE])
        absorbed = await self.former(Level.PROVINCE, self.nation, self.communes[1:3])
        await self.goes_into(absorbed, self.provinces[0])
        await self.divided(self.provinces[0], self.communes[:2])
        self.moved = self.villages[0]
        await self.divided(self.provinces[0], self.communes[1:2], [self.moved])

    async def former(self, level: Level, above: int, communes: Sequence[int]) -> int:
        """A former unit whose communes each went into one of today's."""
        former = await self.place(level, above)
        for commune in communes:
            await self.divided(former, [commune])
        await self.is_over(former)
        self.lies_in(former, communes)
        return former

    async def divided(self, above: int, into: Sequence[int], villages: Sequence[int] = ()) -> None:
        """A former commune that went into some of today's; of its `villages` some have moved on since."""
        old = await self.place(Level.COMMUNE, above)
        for village in villages:
            lay = PlaceEdge(
                child_id=village, parent_id=old, first_day=date(2000, 1, 1), last_day=LAST_OLD_DAY
            )
            self.session.add(lay)
        for commune in into:
            await self.goes_into(old, commune)
        await self.is_over(old)
        self.lies_in(old, [*into, *villages])

    async def goes_into(self, old: int, new: int) -> None:
        """The reform makes a new unit of an old one, or of a part of it."""
        self.session.add(PlaceSuccession(from_id=old, to_id=new, day=LAST_OLD_DAY + timedelta(days=1)))

    async def is_over(self, old: int) -> None:
        """A unit ends with the reform."""
        (await self.session.get_one(Place, old)).last_day = LAST_OLD_DAY
        await self.session.flush()
        self.session.places.changed()

    def lies_in(self, former: int, units: Sequence[int]) -> None:
        """The villages of some communes, or these villages themselves, are ground of a former unit."""
        for village, home in self.home.items():
            if home[0] in units or village in units:
                self.home[village] = (*home, former)

    async def mark(self, area: set[int]) -> None:
        """Let the units with these numbers, first the communes, be in the area that a target is about."""
        units = [*self.communes, *self.villages]
        self.marked = {units[number] for number in area}
        by = Ruling(FIRST_DAY, "QĐ 1", NOW)
        rows = [await self.session.get_one(Place, one) for one in sorted(self.marked)]
        await place_marks.mark(
            self.session, [Marking(one, TARGET.among, True, FIRST_DAY) for one in rows], by
        )
        self.session.places.changed()

    async def merge(self, village: int, into: int, last: date) -> None:
        """Let a village go into another one, and with it those that went into it: they count where that lies."""
        if village == self.moved:
            return
        await self.close(village, (into,), last)
        self.session.places.changed()
        for closed in reversed(self.closed):
            self.home[closed] = self.home[self.into[closed][0]]

    def within(self, unit: int) -> list[int]:
        """The villages of a unit, or the village itself."""
        return [village for village in self.villages if unit == village or unit in self.home[village]]
