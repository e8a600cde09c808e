"""Which tests need PostgreSQL besides SQLite: those that tell it what it has not been told yet.

A test of words or buttons says the same to the database as its neighbours do. It runs on SQLite first, where its
statements are noted; it runs on PostgreSQL where one of them is new among the tests of its file. So PostgreSQL meets
each statement of each file, which the same tests choose in each run. The rooms that test the database itself keep
every test (`conftest.py`).
"""

from typing import Any, Final

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine

Statements = set[str]


class Told:
    """What the tests of this process have told the two databases."""

    def __init__(self) -> None:
        self.on_sqlite: dict[str, Statements] = {}
        """By the name of the test on SQLite."""
        self.on_postgresql: dict[str, Statements] = {}
        """By file."""
        self.now: Statements = set()
        event.listen(Engine, "before_cursor_execute", self.hear)

    def hear(self, _: Connection, __: object, statement: str, ___: object, context: Any, ____: bool) -> None:
        # As it was compiled: a list of values is one mark there, however many they are.
        compiled = getattr(context, "compiled", None)
        self.now.add(statement if compiled is None else compiled.string)

    def listen(self, test: str) -> None:
        """Note for `test`, which begins on SQLite."""
        self.now = self.on_sqlite.setdefault(test, set())

    def says_more(self, file: str, test: str) -> bool:
        """Whether `test` tells PostgreSQL what no earlier test of `file` did; it counts as told from now on."""
        self.now = set()
        if test not in self.on_sqlite:
            return True  # it runs without its neighbour: somebody chose PostgreSQL alone
        said = self.on_sqlite[test]
        known = self.on_postgresql.setdefault(file, set())
        more = not said <= known
        known |= said
        return more


TOLD: Final = Told()
