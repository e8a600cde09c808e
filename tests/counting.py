"""Work that is counted, not timed: calls of our own functions, and statements. A clock would tell of the machine."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import event

from storage.sqlite_connection import QuickConnection


@dataclass
class Cost:
    """What a piece of work took: calls of functions of the counted rooms, and the first word of each statement."""

    calls: int = 0
    statements: list[str] = field(default_factory=list)


@contextmanager
def counted(engine: Any, *rooms: str) -> Iterator[Cost]:
    """Count what this thread does meanwhile in some rooms (without any: everywhere), and what a (sync) engine is asked."""
    root, cost = Path(__file__).resolve().parents[1], Cost()
    folders = tuple(f"{root / room}/" for room in rooms) or ("",)

    def called(frame: FrameType, what: str, _: object) -> None:
        cost.calls += what == "call" and frame.f_code.co_filename.startswith(folders)

    with asked(engine, lambda statement, values: cost.statements.append(statement.split(maxsplit=1)[0])):
        sys.setprofile(called)
        try:
            yield cost
        finally:
            sys.setprofile(None)


@contextmanager
def asked(engine: Any, note: Callable[[str, Any], object]) -> Iterator[None]:
    """Tell `note` each statement that a (sync) engine is asked meanwhile, with its values, the first of many: both what
    goes through SQLAlchemy and what is handed to SQLite's driver (`Session.fetch`, `Session.run`)."""

    def stated(_: object, __: object, statement: str, values: Any, ___: object, many: bool) -> None:
        note(statement, values[0] if many else values)

    rows, change = QuickConnection.rows, QuickConnection.change

    def noted_rows(self: QuickConnection, statement: str, values: Any, most: int = -1) -> Sequence[Any]:
        note(statement, values)
        return rows(self, statement, values, most)

    def noted_change(self: QuickConnection, statement: str, values: Any) -> None:
        note(statement, values[0])
        change(self, statement, values)

    event.listen(engine, "before_cursor_execute", stated)
    QuickConnection.rows, QuickConnection.change = noted_rows, noted_change  # type: ignore[method-assign]
    try:
        yield
    finally:
        QuickConnection.rows, QuickConnection.change = rows, change  # type: ignore[method-assign]
        event.remove(engine, "before_cursor_execute", stated)
