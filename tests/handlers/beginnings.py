"""What every test of a file begins with, held once: the first messages of its chats.

To talk a town to where a test begins often takes longer than the test. So each test process lets these people speak once
for each kind of database; a test gets a copy of what the database held then, and their phones as they were.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from storage.database import open_engine
from storage.tables import RoleName
from tests.handlers.chatting import Phone, Town, lay_town, load_forms, town_on
from tests.postgresql import Ground

Load = Callable[[Town], Awaitable[None]]
Begin = Callable[[Town], Awaitable[Phone]]
"""Brings a person's phone to where a test begins. Those who spoke before are in `begun`."""


@dataclass(frozen=True)
class Held:
    """How a town stood when everybody had spoken, beside what its database holds."""

    now: datetime
    sent: int
    phones: Mapping[str, Phone]


@dataclass(frozen=True)
class Begun(Ground):
    """The ground of tests that begin where these people have spoken."""

    held: dict[str, Held] = field(default_factory=dict)
    """By the kind of database: numbers that one gives another need not."""

    async def resume(self, town: Town) -> None:
        """Take a town on a copy of the database to where they stopped."""
        held = self.held[town.storage.engine.dialect.name]
        town.now, town.sent = held.now, held.sent
        town.begun = {
            name: replace(phone, town=town, shown=list(phone.shown)) for name, phone in held.phones.items()
        }
        await town.heard()


class Beginnings:
    """How each person's phone gets where a test begins, by the name of its fixture, in the order in which they speak.

    `load` puts the questionnaires into the town.
    """

    def __init__(self, name: str, load: Load = load_forms, **people: Begin) -> None:
        self.name: Final = name
        self.load: Final = load
        self.people: Final = people
        self.grounds: Final[dict[tuple[str, ...], Begun]] = {}

    def ground(self, fixtures: Collection[str]) -> Begun:
        """The ground of a test with these fixtures: only whom it asks for has spoken."""
        names = tuple(name for name in self.people if name in fixtures)
        if names not in self.grounds:
            people = {name: self.people[name] for name in names}
            self.grounds[names] = begun("_".join((self.name, *names)), self.load, people)
        return self.grounds[names]


def begun(name: str, load: Load, people: Mapping[str, Begin]) -> Begun:
    """A ground where `people` have spoken, with the questionnaires that `load` puts there."""
    held: dict[str, Held] = {}

    async def lay(url: str) -> None:
        await lay_town(url)
        engine = open_engine(url)
        with TemporaryDirectory() as folder:
            async with town_on(engine, Path(folder)) as town:
                await load(town)
                for name, begin in people.items():
                    town.begun[name] = await begin(town)
                held[engine.dialect.name] = Held(town.now, town.sent, town.begun)
        await engine.dispose()

    return Begun(name, lay, held)


async def village_head(town: Town) -> Phone:
    return await town.head("thon")


async def commune_officer(town: Town) -> Phone:
    return await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


async def province_officer(town: Town) -> Phone:
    return await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")


HEAD_AND_COMMUNE: Final = Beginnings("alarms", head=village_head, commune=commune_officer)
