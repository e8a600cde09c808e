"""The tables that a database has, as it describes them itself.

SQLAlchemy asks SQLite about each table several times, and reads its SQL: that takes longer than the rest of a small
command. So SQLite is asked here, once for the columns of all tables, once for their indexes, once for their references.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, inspect

from storage.tables import metadata

Columns = tuple[Any, ...]
"""The names of columns; None for an expression."""
COLUMNS: Final = """
    SELECT held.name, of.name, of.type, NOT of."notnull", of.dflt_value IS NOT NULL, of.pk
    FROM sqlite_master AS held, pragma_table_info(held.name) AS of WHERE held.type = 'table'"""
INDEXES: Final = """
    SELECT held.name, of.name, of."unique", of.origin, part.name
    FROM sqlite_master AS held, pragma_index_list(held.name) AS of, pragma_index_info(of.name) AS part
    WHERE held.type = 'table' AND of.origin <> 'pk' ORDER BY held.name, of.name, part.seqno"""
REFERENCES: Final = """
    SELECT held.name, of.id, of."table", of."from"
    FROM sqlite_master AS held, pragma_foreign_key_list(held.name) AS of
    WHERE held.type = 'table' ORDER BY held.name, of.id, of.seq"""
FOR_A_CONSTRAINT: Final = "u"
"""The origin of an index that SQLite made for a unique constraint."""


@dataclass(frozen=True, slots=True)
class ActualColumn:
    """A column: its type as the database writes it, and whether it may be empty, or is filled where nothing is given."""

    type: str
    nullable: bool
    has_default: bool

    @property
    def must_be_given(self) -> bool:
        return not self.nullable and not self.has_default


@dataclass(slots=True)
class ActualTable:
    """A table. `references`: the columns of each, then the table to which it leads."""

    columns: dict[str, ActualColumn] = field(default_factory=dict)
    key: Columns = ()
    unique: set[Columns] = field(default_factory=set)
    indexes: set[Columns] = field(default_factory=set)
    references: set[Columns] = field(default_factory=set)


def described(connection: Connection) -> Mapping[str, ActualTable]:
    """The tables of a SQLite database."""
    tables: dict[str, ActualTable] = defaultdict(ActualTable)
    keys: dict[str, dict[int, str]] = defaultdict(dict)
    for table, name, kind, nullable, has_default, place in connection.exec_driver_sql(COLUMNS):
        tables[table].columns[name] = ActualColumn(kind, bool(nullable), bool(has_default))
        if place:
            keys[table][place] = name
    for table, places in keys.items():
        tables[table].key = tuple(places[place] for place in sorted(places))
    described_indexes(connection, tables)
    references: dict[tuple[str, int, str], list[str]] = defaultdict(list)
    for table, number, to, column in connection.exec_driver_sql(REFERENCES):
        references[table, number, to].append(column)
    for (table, _, to), columns in references.items():
        tables[table].references.add((*columns, to))
    return tables


def described_indexes(connection: Connection, tables: Mapping[str, ActualTable]) -> None:
    """Put the indexes into the tables of a SQLite database."""
    indexes: dict[tuple[str, str, bool, str], list[str | None]] = defaultdict(list)
    for table, name, unique, origin, column in connection.exec_driver_sql(INDEXES):
        indexes[table, name, bool(unique), origin].append(column)
    for (table, _, unique, origin), columns in indexes.items():
        if unique:
            tables[table].unique.add(tuple(columns))
        if origin != FOR_A_CONSTRAINT:
            tables[table].indexes.add(tuple(columns))


def reflected(connection: Connection) -> Mapping[str, ActualTable]:
    """Those of our tables that another database has, read in a few queries."""
    inspector, dialect = inspect(connection), connection.dialect
    ask: dict[str, Any] = {"filter_names": [table.name for table in metadata.sorted_tables]}
    tables: dict[str, ActualTable] = {}
    for (_, name), columns in inspector.get_multi_columns(**ask).items():
        tables[name] = ActualTable(
            {
                column["name"]: ActualColumn(
                    str(column["type"].compile(dialect=dialect)),
                    column["nullable"],
                    column["default"] is not None,
                )
                for column in columns
            }
        )
    for (_, name), key in inspector.get_multi_pk_constraint(**ask).items():
        tables[name].key = tuple(key["constrained_columns"] if key else ())
    for (_, name), indexes in inspector.get_multi_indexes(**ask).items():
        tables[name].indexes = columns_in(indexes)
        tables[name].unique = columns_in(row for row in indexes if row["unique"])
    for (_, name), constraints in inspector.get_multi_unique_constraints(**ask).items():
        tables[name].unique |= columns_in(constraints)
    for (_, name), references in inspector.get_multi_foreign_keys(**ask).items():
        tables[name].references = {(*row["constrained_columns"], row["referred_table"]) for row in references}
    return tables


def columns_in(rows: Iterable[Mapping[str, Any]]) -> set[Columns]:
    """The columns of each index or unique constraint."""
    return {tuple(row["column_names"]) for row in rows}
