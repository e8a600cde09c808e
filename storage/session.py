"""A transaction on the database, with what it remembers until it ends."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar, cast

from sqlalchemy import Executable, Insert, Table, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.places import PlaceMemory, Places

T = TypeVar("T")
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
        self.execute_later(into(table), row)

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
            connection = await self.connection()
            for statement, rows in waiting.items():
                await connection.execute(statement, rows)


@cache
def into(table: Table) -> Insert:
    """Return the statement that inserts into `table`, built once: building it takes longer than running it."""
    return insert(table)
