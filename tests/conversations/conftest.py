"""Transcripts are about words: one kind of database is enough (the storage tests run on both)."""

import pytest

from tests.handlers.chatting import TOWN
from tests.postgresql import Ground


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture(scope="session")
def ground() -> Ground:
    return TOWN
