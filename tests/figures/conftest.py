"""Nearly every test of this folder talks in the town of `tests/handlers/chatting.py`."""

import pytest

from tests.handlers.chatting import TOWN
from tests.postgresql import Ground


@pytest.fixture(scope="session")
def ground() -> Ground:
    return TOWN
