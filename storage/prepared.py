"""Statements that are built once, as SQLite's own driver takes them.

A village head's report asks the database some forty times, and mostly finds nothing: no lock, no returned figure, no
earlier version. SQLite answers in 3 µs. Through a session it takes 80 to 150, for finding what the statement was compiled
to, for a context, a cursor of aiosqlite's and objects; as here, 5 to 17 (docs/performance.md).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from sqlalchemy import Dialect, Executable
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.sqltypes import TupleType
from sqlmodel import SQLModel
from sqlmodel.sql.expression import SelectOfScalar

WORD: Final = re.compile(r"\w+")
MOST: Final = 256
"""How many statements are kept, more than there are, and of each how many lengths of its lists."""
Converter = Callable[[Any], Any]
Expanded = tuple[str, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]]
"""A text, the names of its values in their order, and the names of each list's values."""


class Prepared:
    """A statement that is built once, for SQLite. `keys`: the names of the values that it is given each time."""

    def __init__(self, statement: Any, dialect: Dialect, keys: Sequence[str]) -> None:
        compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=keys)
        if compiled.insert_prefetch or compiled.update_prefetch or compiled.literal_execute_params:
            raise ValueError("a statement without a value that SQLAlchemy would make for it")
        self.compiled = compiled
        self.text = compiled.string
        self.places = compiled.positiontup or ()
        self.lists = lists_in(compiled)
        """The parameters that are lists, on whose lengths the text depends, each with what gives its single values."""
        self.by_lengths: dict[tuple[int, ...], Expanded] = {}
        self.tables = tables_read(statement, self.text)
        """The tables that a query names, or those that have the name of one of its columns."""
        self.makes_objects = gives_objects(statement)
        self.is_scalar = isinstance(statement, SelectOfScalar)
        """Whether a row stands for its only value."""
        self.written = to_database(compiled, dialect)
        self.read = from_database(statement, dialect)
        self.constants = constants_in(compiled, dict(self.written))

    def asked(self, values: Mapping[str, Any]) -> tuple[str, tuple[object, ...]]:
        """Return the statement's text, and its values in their order, as the driver takes them."""
        ready = {**self.constants, **values}
        for name, convert in self.written:
            if name in values:
                ready[name] = convert(values[name])
        if not self.lists:
            return self.text, tuple(map(ready.__getitem__, self.places))
        text, places, parts = self.expanded(ready)
        for name, names in parts:
            ready.update(zip(names, self.lists[name](ready[name]), strict=True))
        return text, tuple(map(ready.__getitem__, places))

    def expanded(self, ready: Mapping[str, Any]) -> Expanded:
        """Return the statement as it is with lists as long as these, worked out once for each length."""
        lengths = tuple([len(ready[name]) for name in self.lists])
        known = self.by_lengths.get(lengths)
        if known is None:
            state = self.compiled.construct_expanded_state(dict(ready))
            parts = tuple((name, tuple(names)) for name, names in state.parameter_expansion.items())
            known = state.statement, tuple(state.positiontup or ()), parts
            if len(self.by_lengths) < MOST:
                self.by_lengths[lengths] = known
        return known

    def given(self, rows: Sequence[Sequence[Any]]) -> Sequence[Any]:
        """Return what a statement that makes no objects gives for the driver's rows."""
        if self.read:
            rows = [self.told(row) for row in rows]
        return [row[0] for row in rows] if self.is_scalar else rows

    def told(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row of the driver with our values."""
        values = list(row)
        for place, convert in self.read:
            values[place] = convert(values[place])
        return tuple(values)


def lists_in(compiled: SQLCompiler) -> dict[str, Callable[[Any], Iterator[Any]]]:
    """Return the parameters that are lists, each with what gives its single values."""
    return {
        name: chain.from_iterable if isinstance(bind.type, TupleType) else iter
        for name, bind in compiled.binds.items()
        if bind.expanding
    }


def tables_read(statement: Any, text: str) -> frozenset[str]:
    """Return the tables that the text of a statement names; none of a mere insert, which reads nothing."""
    named = () if getattr(statement, "is_insert", False) else WORD.findall(text)
    return frozenset(named) & SQLModel.metadata.tables.keys()


def gives_objects(statement: Any) -> bool:
    """Whether a statement gives objects, rather than columns alone."""
    return any(
        column["entity"] is not None and column["expr"] is column["entity"]
        for column in getattr(statement, "column_descriptions", ())
    )


def constants_in(compiled: SQLCompiler, written: Mapping[str, Converter]) -> dict[str, Any]:
    """Return the values that stand in a statement, as the driver takes them."""
    own = {name: bind.effective_value for name, bind in compiled.binds.items() if not bind.required}
    return own | {name: convert(own[name]) for name, convert in written.items() if name in own}


def to_database(compiled: SQLCompiler, dialect: Dialect) -> list[tuple[str, Converter]]:
    """Return what makes the driver's values of some parameters, each with its name."""
    converters = []
    for name, bind in compiled.binds.items():
        convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            converters.append((name, of_each(convert) if bind.expanding else convert))
    return converters


def from_database(statement: Any, dialect: Dialect) -> list[tuple[int, Converter]]:
    """Return what makes our values of some columns, each with its place. A query in SQL may say its columns' types."""
    converters = []
    for place, column in enumerate(getattr(statement, "selected_columns", ())):
        convert = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if convert is not None:
            converters.append((place, convert))
    return converters


def of_each(convert: Converter) -> Converter:
    """Return what converts each of a list."""
    return lambda values: [convert(value) for value in values]


@lru_cache(MOST)
def prepared(statement: Executable, dialect: Dialect, keys: tuple[str, ...]) -> Prepared:
    """Return a statement as it is given to SQLite's driver. It must be one that is built once."""
    return Prepared(statement, dialect, keys)
