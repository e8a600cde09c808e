"""Databases for tests: every test that asks for one runs on a SQLite file and on a real PostgreSQL.

What each of thousands of tests would pay for is paid once for each test process: see `tests/postgresql.py` and
`tests/quick.py`.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import outbox
from storage.database import migrate, open_engine, writing
from storage.session import Session
from storage.unit_of_work import Storage
from tests import quick
from tests.forking import reads_at_once
from tests.postgresql import Ground, PostgreSQL

DEMONSTRATED = datetime(2026, 11, 18, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
"""A Wednesday in week 47."""


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("THONBAO_")]:
        del os.environ[name]
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", 0):
        # Whoever only hands out the tests to others starts them sooner without the program.
        quick.hurry()
        reads_at_once()
    # On a busy machine an example takes as long as it takes.
    unbounded = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("drawn", unbounded)
    # The same code has the same examples, so that it fails everywhere or nowhere; `make explore` draws others.
    settings.register_profile("repeated", unbounded, derandomize=True, database=None)
    settings.load_profile("repeated")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that kill processes: they wait longest, and at the end one worker would wait alone.

    The others come in the order of their files, the many short ones of `tests/storage` last.
    """
    items[:] = on_postgresql_once(items)
    items.sort(key=lambda item: "crash" not in item.path.parts)


def pytest_collection_finish() -> None:
    quick.keep_for_good()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    quick.answer_interrupts()


def on_postgresql_once(items: list[pytest.Item]) -> list[pytest.Item]:
    """`items`, where a test of words or buttons meets PostgreSQL with its first case only.

    Its other cases change what is typed, not which statements run; SQLite sees them all. The rooms where the database
    itself is tested keep every case, and so does what is marked `each_on_postgresql`.
    """
    seen: set[str] = set()
    kept = []
    for item in items:
        case = getattr(item, "callspec", None)
        on_server = case is not None and case.params.get("kind") == "postgresql"
        everywhere = {"storage", "crash"} & set(item.path.parts) or item.get_closest_marker(
            "each_on_postgresql"
        )
        if on_server and not everywhere:
            name = f"{item.path}::{getattr(item, 'originalname', item.name)}"
            if name in seen:
                continue
            seen.add(name)
        kept.append(item)
    return kept


def run(work: Coroutine[Any, Any, None]) -> None:
    """Wait for `work` also while a test's own loop is running, in a thread with a loop of its own."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """The PostgreSQL server of this test process.

    It lies outside pytest's own folder: run as root the server belongs to another user, and each new pytest
    closes that folder to others.
    """
    with tempfile.TemporaryDirectory(prefix="thonbao-postgresql-") as folder:
        server = PostgreSQL(Path(folder) / "data")
        yield server
        server.stop()


@pytest.fixture(scope="session")
def sqlite_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the SQLite files that are copied, one for each ground."""
    return tmp_path_factory.mktemp("sqlite")


@pytest.fixture(scope="session")
def sqlite_template(sqlite_files: Path) -> Path:
    """A migrated SQLite file to copy."""
    return sqlite_file(sqlite_files, MIGRATED)


def sqlite_file(folder: Path, ground: Ground) -> Path:
    """A SQLite file that holds `ground`."""
    file = folder / f"{ground.name}.db"
    if not file.exists():
        run(ground.lay(f"sqlite+aiosqlite:///{file}"))
    return file


MIGRATED = Ground("migrated", migrate)


@pytest.fixture(scope="session")
def ground() -> Ground:
    """What a test's database holds when it begins. A folder or file whose tests need more has a fixture of its own."""
    return MIGRATED


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of `thonbao demo` as of `DEMONSTRATED`. Tests that write copy it."""
    from bot.demo.build import build  # half of the program, which most tests of a single room do not need
    from bot.demo.run import FILE, settings_in
    from plans.reading import load_plans

    folder = tmp_path_factory.mktemp("demonstration")
    run(build(settings_in(folder), DEMONSTRATED, load_plans()))
    return folder / FILE


@pytest.fixture(scope="module", autouse=True)
def ordinary_day(request: pytest.FixtureRequest) -> Iterator[None]:
    """A forenoon on which nothing comes unasked, for tests of the running program and those of its processes.

    On a Monday a summary comes, at the turn of a year questionnaires close, at night nobody is written: whoever counts
    messages by today's clock counts other ones then. `Forked` takes the day along. Files have the time of the disk:
    `by_the_disk` leaves the clock alone where that is looked at.
    """
    running = {"bot", "crash"} & set(request.path.parts)
    if not running or request.node.get_closest_marker("by_the_disk"):
        yield
        return
    with time_machine.travel(DEMONSTRATED, tick=True):
        # Ids tell when a message was written: those of tests on another day are no floor.
        outbox.last_tick = 0
        yield


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
    async with server.empty() as url:
        yield url


@pytest.fixture
async def database_url(
    kind: str, ground: Ground, request: pytest.FixtureRequest, tmp_path: Path
) -> AsyncIterator[str]:
    """The URL of a database that holds the ground, of this test alone."""
    if kind == "sqlite":
        template = sqlite_file(request.getfixturevalue("sqlite_files"), ground)
        shutil.copyfile(template, tmp_path / "thonbao.db")
        yield f"sqlite+aiosqlite:///{tmp_path / 'thonbao.db'}"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    async with server.lend(ground) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[AsyncEngine]:
    """An engine on a database of this test alone."""
    engine = open_engine(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def storage(database: AsyncEngine) -> AsyncIterator[Storage]:
    """The gate of a database of this test alone."""
    async with Storage(database) as storage:
        yield storage


@pytest.fixture
async def session(database: AsyncEngine) -> AsyncIterator[Session]:
    """A session in one transaction on a database of this test alone."""
    async with writing(database) as session:
        yield session
