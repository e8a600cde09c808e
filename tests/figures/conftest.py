"""Nearly every test of this folder talks in the town of `tests/handlers/chatting.py`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from tests.handlers.chatting import TOWN, Town, load_forms, town_on
from tests.postgresql import Ground


@pytest.fixture(scope="session")
def ground() -> Ground:
    return TOWN


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    """The town with every questionnaire."""
    async with town_on(database, tmp_path) as made:
        await load_forms(made)
        yield made
