"""A transaction on the database, with what it remembers until it ends."""

import sqlite3
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final, NamedTuple, TypeVar, TypeVarTuple, cast, overload

from sqlalchemy import Executable, Insert, Table, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import Select, SelectOfScalar

from storage.places import PlaceMemory, Places
from storage.prepared import Prepared, prepared
from storage.sqlite_connection import QuickConnection

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
NEXT_IDS: Final = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
"""Takes so many ids from the counter of a table of PostgreSQL."""


class ChainEnd(NamedTuple):
    """How a place's journal ends: the number of its last entry, 0 for none, and that entry's hash."""

    entry: int
    hash: str


class Session(AsyncSession):
    """A session of SQLAlchemy for one transaction; `memory` is what earlier ones learnt about the places."""

    def __init__(self, engine: AsyncEngine, memory: PlaceMemory | None = None) -> None:
        super().__init__(engine, expire_on_commit=False)
        self.dialect = engine.dialect
        self.places = Places(self, memory or PlaceMemory())
        self.active_forms: dict[str, int] | None = None
        """The id of the active version of each questionnaire, once asked (`storage.forms.active_ids`)."""
        self.journal_ends: dict[int, ChainEnd] = {}
        """The ends of the places' journals that nobody else writes to until this ends (`storage.journal.locked_end`)."""
        self.erases = False
        """Whether somebody's data is erased: the file is scrubbed once that is committed (`storage.database.scrub`)."""
        self.speaking: set[int] = set()
        """The ids of the contacts whose messages share this transaction, handled or still to be handled."""
        self.of_reports: dict[Hashable, Any] = {}
        """What was worked out from the reports as they stand in this transaction (`recall`)."""
        self.waiting: dict[Executable, list[dict[str, Any]]] = {}
        """Rows by the statement that is run with them when the transaction ends."""
        self.driver: tuple[object, QuickConnection | None] = (None, None)
        """A transaction, and the driver's connection that it uses, if that is SQLite's."""

    # --- statements that are built once ---

    @overload
    async def fetch(self, statement: SelectOfScalar[T], **values: object) -> Sequence[T]: ...

    @overload
    async def fetch(self, statement: Select[*Ts], **values: object) -> Sequence[tuple[*Ts]]: ...

    @overload
    async def fetch(self, statement: Executable, **values: object) -> Sequence[Any]: ...

    async def fetch(self, statement: Executable, **values: object) -> Sequence[Any]:
        """Return what `exec` gives, for a fraction of its cost on SQLite, of a statement that is built once.

        Objects that are not yet written are written first if they are of a table that it names. If it gives objects, they
        are asked for by `exec` once it is known that there are any.
        """
        driver = await self.quick()
        if driver is None:
            return await self.executed(statement, values)
        asking = prepared(statement, self.dialect, tuple(values))
        if asking.tables and self.waits_in(asking.tables):
            await self.flush()
        rows = self.driver_rows(driver, asking, values)
        if rows and asking.makes_objects:
            return await self.executed(statement, values)
        return asking.given(rows) if rows else rows

    def driver_rows(
        self, driver: QuickConnection, asking: Prepared, values: Mapping[str, object]
    ) -> Sequence[Sequence[Any]]:
        """Return the rows that SQLite's driver gives; of a query for objects at most one, which shows that there are any."""
        try:
            return driver.rows(*asking.asked(values), 1 if asking.makes_objects else -1)
        except sqlite3.Error as error:
            raise self.refusal(error) from error

    async def run(self, statement: Executable, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement that is built once with each of some rows, which have the same keys and lack no value.

        Only rows are written by this: what is not yet written of the session's objects still waits.
        """
        if not rows:
            return
        driver = await self.quick()
        if driver is None:
            await (await self.connection()).execute(statement, rows)
        else:
            changing = prepared(statement, self.dialect, tuple(rows[0]))
            try:
                driver.change(changing.text, [changing.asked(row)[1] for row in rows])
            except sqlite3.Error as error:
                raise self.refusal(error) from error

    async def executed(self, statement: Any, values: Mapping[str, object]) -> Sequence[Any]:
        """Do as `fetch` does, with SQLAlchemy's means."""
        return cast(Sequence[Any], (await self.exec(statement, params=values)).all())

    def refusal(self, error: sqlite3.Error) -> BaseException:
        """Return an error of SQLite's driver as SQLAlchemy raises it."""
        return DBAPIError.instance("", None, error, sqlite3.Error, True, dialect=self.dialect)

    async def quick(self) -> QuickConnection | None:
        """Return the driver's connection of this transaction; None on PostgreSQL."""
        transaction = self.sync_session.get_transaction()
        if transaction is None or self.driver[0] is not transaction:
            raw = (await (await self.connection()).get_raw_connection()).driver_connection
            driver = raw if isinstance(raw, QuickConnection) else None
            self.driver = (self.sync_session.get_transaction(), driver)
        return self.driver[1]

    def waits_in(self, tables: Collection[str]) -> bool:
        """Whether an object is not yet written to one of some tables."""
        session = self.sync_session
        return any(one.__table__.name in tables for one in chain(session.new, session.dirty, session.deleted))

    # --- what is kept until the end ---

    async def recall(self, key: Hashable, ask: Callable[[], Awaitable[T]]) -> T:
        """Return what `ask` gives, asked once until a report is posted or a place changes.

        It must depend on reports, places and `key` alone.
        """
        on_places = (self.places.changes, key)
        if on_places not in self.of_reports:
            self.of_reports[on_places] = await ask()
        return cast(T, self.of_reports[on_places])

    def insert_later(self, table: Table, row: dict[str, Any]) -> None:
        """Insert `row`, complete with its key, when the transaction ends: many rows of a table at once are cheap."""
        self.waiting.setdefault(into(table), []).append(row)

    def execute_later(self, statement: Executable, row: dict[str, Any]) -> None:
        """Run `statement` with `row` when the transaction ends, once for all rows that it was given."""
        self.waiting.setdefault(statement, []).append(row)

    async def insert_numbered(self, table: Table, rows: Sequence[Mapping[str, object]]) -> Sequence[int]:
        """Insert complete rows without their ids, and return the ids that they have then, in the order of the rows.

        The ids are taken beforehand: SQLite tells those of many rows only if each is inserted by itself, and of tens of
        thousands that takes most of the time.
        """
        connection = await self.connection()
        if connection.dialect.name == "postgresql":
            taken = await connection.execute(NEXT_IDS, {"name": table.name, "count": len(rows)})
            ids: Sequence[int] = list(taken.scalars())
        else:
            last = (await connection.execute(select(func.max(table.c.id)))).scalar() or 0
            ids = range(last + 1, last + 1 + len(rows))
        await connection.execute(
            into(table), [{"id": key, **row} for key, row in zip(ids, rows, strict=True)]
        )
        return ids

    async def insert_waiting(self) -> None:
        """Insert the waiting rows and run what else waits now; to be called before committing."""
        waiting, self.waiting = self.waiting, {}
        if waiting:
            await self.flush()
            for statement, rows in waiting.items():
                await self.run(statement, rows)


@cache
def into(table: Table) -> Insert:
    """Return the statement that inserts into `table`, built once: building it takes longer than running it."""
    return insert(table)
