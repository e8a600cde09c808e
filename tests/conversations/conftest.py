"""Transcripts are about words: one kind of database is enough (the storage tests run on both)."""

import pytest


@pytest.fixture
def kind() -> str:
    return "sqlite"
