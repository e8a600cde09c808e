"""Nearly every test of this folder talks in the town of `tests/handlers/chatting.py`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.handlers.beginnings import Beginnings, Begun, commune_officer, village_head
from tests.handlers.chatting import TOWN, Phone, Town, load_forms, town_on
from tests.postgresql import Ground


@pytest.fixture
def ground(request: pytest.FixtureRequest) -> Ground:
    """The town; where a file has `BEGINNINGS`, those people whom a test asks for have spoken in it."""
    beginnings: Beginnings | None = getattr(request.module, "BEGINNINGS", None)
    return TOWN if beginnings is None else beginnings.ground(request.fixturenames)


@pytest.fixture
async def town(database: AsyncEngine, ground: Ground, tmp_path: Path) -> AsyncIterator[Town]:
    """The town with every questionnaire, where the people of its ground have spoken.

    A file whose tests need it otherwise has a fixture of its own.
    """
    async with town_on(database, tmp_path) as made:
        await load_forms(made)
        if isinstance(ground, Begun):
            await ground.resume(made)
        yield made


@pytest.fixture
async def head(town: Town) -> Phone:
    """The head of a file's `BEGINNINGS`; without one, the head of Nà Hin as they join."""
    return town.begun.get("head") or await village_head(town)


@pytest.fixture
async def commune(town: Town) -> Phone:
    """The commune's officer of a file's `BEGINNINGS`; without one, the officer of Nà Hin's commune as they join."""
    return town.begun.get("commune") or await commune_officer(town)


@pytest.fixture
def officer(town: Town) -> Phone:
    """The officer of a file's `BEGINNINGS`."""
    return town.begun["officer"]


@pytest.fixture
def province(town: Town) -> Phone:
    """The province's officer of a file's `BEGINNINGS`."""
    return town.begun["province"]
