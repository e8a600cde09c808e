"""One name, one thing: no two classes share a name."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.test_dependencies import ROOMS, ROOT


def classes(path: Path) -> set[str]:
    """The names of a file's classes."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.ClassDef)}


def test_no_two_classes_share_a_name() -> None:
    files = defaultdict(list)
    for path in (path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        for name in classes(path):
            files[name].append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in files.items() if len(where) > 1} == {}
