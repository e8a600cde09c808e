"""Queries by name from the `.sql` files of this room, each with a line that says what it is for."""

import re
from functools import cache
from pathlib import Path
from typing import Final

from sqlalchemy import text
from sqlalchemy.sql import TextClause

FOLDER: Final = Path(__file__).parent
HEAD: Final = re.compile(r"^-- name: (\w+)$", re.MULTILINE)
COMMENT: Final = re.compile(r"^--.*$", re.MULTILINE)


@cache
def named(name: str) -> TextClause:
    """The query of that name. Raises KeyError when there is none."""
    return text(queries()[name])


@cache
def queries() -> dict[str, str]:
    """Every query of the room by its name. Raises ValueError when a name stands twice."""
    bodies: dict[str, str] = {}
    for path in sorted(FOLDER.rglob("*.sql")):
        _, *parts = HEAD.split(path.read_text(encoding="utf-8"))
        for name, body in zip(parts[::2], parts[1::2], strict=True):
            if name in bodies:
                raise ValueError(f"the query {name} stands twice")
            bodies[name] = COMMENT.sub("", body).strip().rstrip(";")
    return bodies
