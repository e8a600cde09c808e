"""What is imported is declared, what is declared is used, and running needs nothing that only working on it needs."""

import ast
import importlib.metadata
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
ROOMS: Final = tuple(PROJECT["tool"]["importlinter"]["root_packages"])
NAMED: Final = {"asyncpg": "postgresql+asyncpg", "tzdata": "ZoneInfo("}
"""What running needs though no line imports it, and the words by which it is meant."""
TOOLS: Final = {
    "import-linter": "lint-imports",
    "uv": "uv pip",
    "pytest-xdist": "-n 3",
    "pytest-asyncio": "asyncio_mode",
}
"""What only Makefile or pyproject.toml calls for, and by which words where not by its name."""


def normal(name: str) -> str:
    """A distribution's name as the locks write it, without extras and markers."""
    found = re.match(r"[\w.-]+", name)
    assert found, name
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def distributions() -> dict[str, set[str]]:
    """By each name that can be imported: the distributions that bring it."""
    by_name = importlib.metadata.packages_distributions()
    return {name: {normal(one) for one in found} for name, found in by_name.items()}


@cache
def imported(*rooms: str) -> frozenset[tuple[Path, str]]:
    """Each file below `rooms` with each library that it imports; read once."""
    return frozenset(imports(*rooms))


def imports(*rooms: str) -> Iterator[tuple[Path, str]]:
    ours = {*ROOMS, "tests", "locales", *(path.stem for path in (ROOT / "tests").rglob("*.py"))}
    for path in (path for room in rooms for path in (ROOT / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            for top in {name.partition(".")[0] for name in names} - ours - sys.stdlib_module_names:
                yield path.relative_to(ROOT), top


def locked(name: str) -> set[tuple[str, str]]:
    """(distribution, version) of each line of a lock."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return {
        (normal(one), version) for one, version in re.findall(r"^([\w.\[\]-]+)==([\w.]+)", text, re.MULTILINE)
    }


RUNTIME: Final = {normal(one) for one in PROJECT["project"]["dependencies"]}
DEVELOPMENT: Final = {normal(one) for one in PROJECT["dependency-groups"]["dev"]}
BROUGHT: Final = distributions()


@pytest.mark.parametrize(("rooms", "declared"), [(ROOMS, RUNTIME), (("tests",), RUNTIME | DEVELOPMENT)])
def test_what_is_imported_is_declared(rooms: tuple[str, ...], declared: set[str]) -> None:
    missing = {f"{path}: {top}" for path, top in imported(*rooms) if not BROUGHT.get(top, {top}) & declared}
    assert not missing


def test_only_channels_speak_to_other_machines() -> None:
    """No service is asked but the chat platforms: docs/privacy.md promises it."""
    callers = {path.parts[:2] for path, top in imported(*ROOMS) if top in {"httpx", "aiohttp", "requests"}}
    assert callers == {("bot", "channels")}


def test_what_running_is_declared_to_need_is_imported() -> None:
    used = {one for _, top in imported(*ROOMS) for one in BROUGHT.get(top, ())}
    code = "\n".join(
        path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py")
    )
    assert set(NAMED) == RUNTIME - used
    assert [name for name, words in NAMED.items() if words not in code] == []


def test_what_working_on_it_is_declared_to_need_is_used() -> None:
    used = {one for _, top in imported("tests") for one in BROUGHT.get(top, ())}
    called = "\n".join((ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", "pyproject.toml"))
    called = called.replace(
        called[called.index("[dependency-groups]") : called.index("[project.scripts]")], ""
    )
    stubs = {
        name for name in DEVELOPMENT if normal(name.removeprefix("types-").removesuffix("-stubs")) in RUNTIME
    }
    assert [name for name in DEVELOPMENT - used - stubs if TOOLS.get(name, name) not in called] == []


def test_running_installs_no_tool_of_the_workshop() -> None:
    running = {name for name, _ in locked("requirements.lock")}
    assert running >= RUNTIME
    assert not running & DEVELOPMENT
    assert not RUNTIME & DEVELOPMENT


def test_the_workshop_tests_what_is_run() -> None:
    assert locked("requirements-dev.lock") >= locked("requirements.lock")
    assert {name for name, _ in locked("requirements-dev.lock")} >= RUNTIME | DEVELOPMENT


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_names_what_was_checked_and_no_place_to_fetch_it_from(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "index" not in text
    blocks = re.split(r"^(?=[\w.\[\]-]+==)", text, flags=re.MULTILINE)[1:]
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
