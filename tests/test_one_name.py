"""One name, one thing: no class of one room is called like a class of another."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.test_dependencies import ROOMS, ROOT


def classes(room: Path) -> set[str]:
    """The names of a room's classes."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in room.rglob("*.py"))
    return {node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}


def test_no_class_is_called_like_one_of_another_room() -> None:
    rooms = defaultdict(list)
    for room in ROOMS:
        for name in classes(ROOT / room):
            rooms[name].append(room)
    assert {name: where for name, where in rooms.items() if len(where) > 1} == {}
