"""What thousands of small tests would each pay for, and what each test process pays once instead.

Nothing here changes what a test sees. `tests/crash`, whose bots are processes of their own, pays in full.
"""

import gc
import signal
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, lru_cache, reduce
from types import FrameType
from typing import Any, Final

from sqlalchemy import Connection, ScalarSelect, Text, cast, event, func, inspect, select
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.util import LRUCache
from sqlmodel import SQLModel

from figures import ground
from plans.plans import Plans
from queries.dictionary import Dictionary
from questionnaires import xlsform
from questionnaires.answers.places import Gazetteer, gazetteer
from storage import places
from storage.gazetteer import gazetteer_of
from storage.tables import Place, PlaceAlias, PlaceEdge, PlaceSuccession

STATEMENTS: Final[LRUCache[Any, Any]] = LRUCache(4000)
"""SQL as it was compiled, of both databases."""
Spelt = tuple[tuple[str, ...], bool]
RARELY: Final = (50_000, 20, 20)
"""Objects that are made between two looks for garbage. pytest keeps every test, so a look takes long."""


def hurry() -> None:
    """Once for each test process, before the first test."""
    event.listen(Engine, "engine_connect", share_statements)
    event.listen(Engine, "begin", leave_to_the_system)
    for dialect in (PGDialect_asyncpg, SQLiteDialect_aiosqlite):
        dialect.__eq__ = is_same_dialect  # type: ignore[method-assign,assignment]
        dialect.__hash__ = hash_of_dialect  # type: ignore[method-assign,assignment]
    xlsform.compile_with_advice = lru_cache(100)(xlsform.compile_with_advice)
    gazetteer.spellings = cache(whole(gazetteer.spellings))  # type: ignore[attr-defined]
    ground.Dictionary = dictionary_of  # type: ignore[attr-defined]
    places.gazetteer_of = ground.gazetteer_of = kept_gazetteer_of  # type: ignore[attr-defined]
    gc.set_threshold(*RARELY)


def keep_for_good() -> None:
    """Once all tests are collected: they stay to the end, so no look for garbage need pass them."""
    gc.freeze()


def whole(spellings: Callable[[str, str], Iterable[Spelt]]) -> Callable[[str, str], tuple[Spelt, ...]]:
    """The ways to write a name, kept: each command that a test runs reads the country's 14,000 names anew."""
    return lambda kind, name: tuple(spellings(kind, name))


def dictionary_of(plans: Plans) -> Dictionary:
    """The dictionary of these very plans, made once: each command that a test runs makes one of four thousand names."""
    if id(plans) not in DICTIONARIES:
        DICTIONARIES[id(plans)] = Dictionary(plans)
    return DICTIONARIES[id(plans)]


async def kept_gazetteer_of(session: AsyncSession, on: date | None = None) -> Gazetteer:
    """What `storage.gazetteer.gazetteer_of` gives, made once of the same rows: the country's take a third of a second."""
    key = (on, *(await (await session.connection()).execute(OF_PLACES)).one())
    if key not in GAZETTEERS:
        GAZETTEERS[key] = await gazetteer_of(session, on)
    return GAZETTEERS[key]


def all_of(table: type[SQLModel]) -> ScalarSelect[str]:
    """Everything that a table holds, as one text."""
    cells = [func.coalesce(cast(column, Text), "") for column in inspect(table).columns]
    row = reduce(lambda row, cell: row + "\t" + cell, cells)
    return select(func.aggregate_strings(row, "\n")).scalar_subquery()


OF_PLACES: Final = select(*map(all_of, (Place, PlaceEdge, PlaceSuccession, PlaceAlias)))
DICTIONARIES: Final[LRUCache[int, Dictionary]] = LRUCache(4)
"""By the number of their plans, which they hold, so that no others get it."""
GAZETTEERS: Final[LRUCache[Any, Gazetteer]] = LRUCache(8)


def answer_interrupts() -> None:
    """Before each test: one before may have put Python's own handler back, as a service does when it is stopped."""
    signal.signal(signal.SIGINT, interrupted)


def interrupted(_: int, __: FrameType | None) -> None:
    """Ctrl-C, with another handler than Python's own.

    Over Python's own asyncio sets one for each run of a loop, and finding that it is none of the signal module's makes
    its `repr`, with that of the run's result: a fixture's whole town, its library, plans and questionnaires.
    """
    raise KeyboardInterrupt


def share_statements(connection: Connection) -> None:
    """SQLAlchemy compiles a statement once for each engine, and each test has an engine of its own."""
    connection.engine._compiled_cache = STATEMENTS


def is_same_dialect(self: object, other: object) -> bool:
    """A compiled statement is found by its dialect: one engine's is as good as another's."""
    return type(self) is type(other)


def hash_of_dialect(self: object) -> int:
    return hash(type(self))


def leave_to_the_system(connection: Connection) -> None:
    """A commit need not wait for the disk: a test outlives no loss of power. PostgreSQL has `fsync` off, too."""
    if connection.dialect.name == "sqlite" and "quick" not in connection.info:
        connection.info["quick"] = True
        connection.exec_driver_sql("PRAGMA synchronous=OFF")
