"""A SQLite file that is removed or replaced while the bot runs: nothing more is confirmed, and what it held is saved."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.administration import code_of
from bot.health import Health
from storage import facts
from storage.database import sqlite_file
from storage.session import Session
from storage.unit_of_work import Storage


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def keep(session: Session) -> None:
    await facts.put(session, "kept", "before")


def kept_in(file: Path) -> str:
    with closing(sqlite3.connect(file)) as connection:
        [(value,)] = connection.execute("SELECT value FROM setting WHERE key = 'kept'").fetchall()
    return str(value)


@pytest.mark.parametrize("replaced", [False, True])
async def test_nothing_is_written_to_a_file_that_is_gone(database: AsyncEngine, replaced: bool) -> None:
    file = sqlite_file(database.url)
    assert file is not None
    async with Storage(database) as storage:
        health = Health(storage)
        await storage.write(keep)
        aside = file.with_name("aside")
        file.rename(aside)
        if replaced:
            shutil.copy(aside, file)
        for _ in range(2):
            with pytest.raises(OperationalError) as refused:
                await storage.write(keep)
            assert code_of(refused.value) == "file_gone"
        assert await health.trouble() == "cannot save: file_gone"
        [saved] = file.parent.glob(f"{file.name}.saved-*")
        assert kept_in(saved) == "before"
        assert saved.stat().st_mode & 0o777 == 0o600
        aside.rename(file)
        await storage.write(keep)


async def test_a_file_that_came_back_and_goes_again_is_saved_again(database: AsyncEngine) -> None:
    file = sqlite_file(database.url)
    assert file is not None
    aside = file.with_name("aside")
    async with Storage(database) as storage:
        for value in ("before", "later"):
            await storage.write(lambda session, value=value: facts.put(session, "kept", value))  # type: ignore[misc]
            file.rename(aside)
            with pytest.raises(OperationalError):
                await storage.write(keep)
            [saved] = file.parent.glob(f"{file.name}.saved-*")
            assert kept_in(saved) == value
            saved.unlink()
            aside.rename(file)


async def test_it_is_saved_as_soon_as_that_can_be_done(
    database: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = sqlite_file(database.url)
    assert file is not None

    def refused(_: Path) -> None:
        raise PermissionError

    async with Storage(database) as storage:
        await storage.write(keep)
        file.unlink()
        with monkeypatch.context() as patched:
            patched.setattr("storage.private.make_file", refused)
            with pytest.raises(OperationalError):
                await storage.write(keep)
        assert not list(file.parent.glob(f"{file.name}.saved-*"))
        with pytest.raises(OperationalError):
            await storage.write(keep)
        [saved] = file.parent.glob(f"{file.name}.saved-*")
        assert kept_in(saved) == "before"
