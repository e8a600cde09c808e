"""Work that is counted, not timed: calls of our own functions, and statements. A clock would tell of the machine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from sqlalchemy import event


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

    def stated(_: object, __: object, statement: str, *___: object) -> None:
        cost.statements.append(statement.split(maxsplit=1)[0])

    event.listen(engine, "before_cursor_execute", stated)
    sys.setprofile(called)
    try:
        yield cost
    finally:
        sys.setprofile(None)
        event.remove(engine, "before_cursor_execute", stated)
