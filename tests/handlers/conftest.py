"""Nearly every test of this folder talks in the town of `tests/handlers/chatting.py`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.tables import RoleName
from tests.handlers.chatting import TOWN, Phone, Town, load_forms, town_on
from tests.postgresql import Ground


@pytest.fixture(scope="session")
def ground() -> Ground:
    return TOWN


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    """The town with every questionnaire. A file whose tests need it otherwise has a fixture of its own."""
    async with town_on(database, tmp_path) as made:
        await load_forms(made)
        yield made


@pytest.fixture
async def head(town: Town) -> Phone:
    """The head of Nà Hin, who raises emergencies."""
    return await town.head("thon")


@pytest.fixture
async def commune(town: Town) -> Phone:
    """The officer of the commune in which that lies."""
    return await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
