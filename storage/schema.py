"""Whether a database has the tables that this version of the program works with; each difference by name.

A revision's number says which files were applied, not what they contained then, nor what somebody has changed by hand
since. So the tables themselves are compared. What is missing or of another kind makes a database unfit; what somebody
added (a view, an index, a column that may stay empty) does not. `fingerprint` condenses all of it into one number,
cheap enough for a service to ask for again and again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Table, UniqueConstraint
from sqlalchemy.schema import Column

from storage.schema_found import ActualColumn, ActualTable, described, reflected
from storage.tables import metadata

FINGERPRINTS: Final = {
    "sqlite": "PRAGMA schema_version",
    "postgresql": """
        SELECT hashtextextended(string_agg(line, ';' ORDER BY line), 0) FROM (
            SELECT concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) AS line
            FROM information_schema.columns WHERE table_schema = current_schema()
            UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema()
            UNION ALL SELECT concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid)) FROM pg_constraint
            WHERE connamespace = current_schema()::regnamespace
        ) AS lines
    """,
}
"""SQLite counts changes of the schema itself; PostgreSQL has to be asked for all of it."""


KINDS: Final = ("table", "column", "type", "nullable", "required", "key", "unique", "reference", "index")
"""What can differ, gravest first."""


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing that is not as it should be: its kind, one of KINDS, and the column or columns that it is about."""

    what: str
    table: str
    name: str = ""
    expected: str = ""
    found: str = ""


def fingerprint(connection: Connection) -> int:
    """A number that changes whenever the schema does."""
    mark = connection.exec_driver_sql(FINGERPRINTS[connection.dialect.name]).scalar()
    return int(mark or 0)


def deviations(connection: Connection) -> list[Deviation]:
    """Return what the database lacks or has differently, gravest first; none if it fits."""
    actual = described(connection) if connection.dialect.name == "sqlite" else reflected(connection)
    compared = SchemaDifference(connection.dialect)
    several = (
        compared.of(table, actual[table.name]) if table.name in actual else (Deviation("table", table.name),)
        for table in metadata.sorted_tables
    )
    return sorted(chain.from_iterable(several), key=lambda one: (KINDS.index(one.what), one.table, one.name))


class SchemaDifference:
    """Our tables, beside what a database of one kind has of them."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect

    def of(self, table: Table, there: ActualTable) -> Iterator[Deviation]:
        """Yield what differs in a table that exists."""
        for column in table.columns:
            if column.name in there.columns:
                yield from self.of_column(table.name, column, there.columns[column.name])
            else:
                yield Deviation("column", table.name, column.name)
        for name in sorted(there.columns.keys() - table.columns.keys()):
            if there.columns[name].must_be_given:
                yield Deviation("required", table.name, name)
        yield from of_constraints(table, there)

    def of_column(self, table: str, column: Column[Any], there: ActualColumn) -> Iterator[Deviation]:
        expected = str(column.type.compile(dialect=self.dialect))
        if expected != there.type:
            yield Deviation("type", table, column.name, expected, there.type)
        if bool(column.nullable) != there.nullable:
            words = ("NOT NULL", "NULL")
            yield Deviation(
                "nullable", table, column.name, words[bool(column.nullable)], words[there.nullable]
            )


def of_constraints(table: Table, there: ActualTable) -> Iterator[Deviation]:
    """Yield differences in keys, indexes and references, each known by its columns: their names do not matter."""
    key = columns_of(table.primary_key.columns)
    if there.key != key:
        yield Deviation("key", table.name, "", joined(key), joined(there.key))
    yield from lacking("unique", table.name, uniques_of(table), there.unique)
    yield from lacking("index", table.name, indexes_of(table), there.indexes)
    yield from lacking("reference", table.name, references_of(table), there.references)


def lacking(
    what: str, table: str, expected: set[tuple[str, ...]], actual: set[tuple[Any, ...]]
) -> Iterator[Deviation]:
    for columns in expected - actual:
        yield Deviation(what, table, joined(columns))


def uniques_of(table: Table) -> set[tuple[str, ...]]:
    """The columns of each unique constraint or index of a table of ours."""
    constraints = {
        columns_of(constraint.columns)
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint)
    }
    return constraints | {columns_of(index.columns) for index in table.indexes if index.unique}


def indexes_of(table: Table) -> set[tuple[str, ...]]:
    return {columns_of(index.columns) for index in table.indexes if not index.unique}


def references_of(table: Table) -> set[tuple[str, ...]]:
    """The columns of each foreign key, then the table to which it leads."""
    return {(*key.column_keys, key.referred_table.name) for key in table.foreign_key_constraints}


def columns_of(columns: Any) -> tuple[str, ...]:
    return tuple(column.name for column in columns)


def joined(columns: Sequence[str]) -> str:
    return ", ".join(columns)
