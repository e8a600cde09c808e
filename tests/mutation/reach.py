"""Which tests reach which lines, found by running them once: a change is then tried with these tests only.

A pytest plugin (`-p tests.mutation.reach`). The files are named by REACH_FILES, with `:` between them; what was found is
written to REACH_INTO. Tools that measure coverage would tell the same; this is all of it that is needed here.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest

FILES: Final = "REACH_FILES"
INTO: Final = "REACH_INTO"


@dataclass
class Reach:
    """By file and line the tests that reach it, and how many seconds each test takes."""

    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, file: Path) -> "Reach":
        kept = json.loads(file.read_text(encoding="utf-8"))
        lines = {name: {int(line): tests for line, tests in by.items()} for name, by in kept["lines"].items()}
        return cls(lines, kept["seconds"], kept["failed"])

    def tests_of(self, file: str, line: int, most: float) -> list[str]:
        """The tests that reach a line, the quickest first, as many as take `most` seconds together (at least one).

        An expression may begin on a line of its own that no statement begins on: then the nearest line before it counts.
        """
        reached = self.lines.get(file, {})
        nearest = max((number for number in reached if number <= line), default=0)
        chosen: list[str] = []
        spent = 0.0
        for test in sorted(reached.get(nearest, ()), key=lambda test: self.seconds[test]):
            spent += self.seconds[test]
            if chosen and spent > most:
                break
            if test not in self.failed:
                chosen.append(test)
        return chosen


class Tracer:
    """The plugin: notes for each test the lines of the wanted files that run while it does."""

    def __init__(self, root: Path, files: list[str]) -> None:
        self.files = {str(root / file): file for file in files}
        self.reach = Reach({file: {} for file in files})
        self.reached: set[tuple[str, int]] = set()

    def on_call(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        """Follow the functions of the wanted files, and no others: following costs time at each line."""
        return self.on_line if frame.f_code.co_filename in self.files else None

    def on_line(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
        self.reached.add((frame.f_code.co_filename, frame.f_lineno))
        return self.on_line

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.reached.clear()
        started = time.perf_counter()
        threading.settrace(self.on_call)
        sys.settrace(self.on_call)
        try:
            return (yield)
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
            self.reach.seconds[item.nodeid] = time.perf_counter() - started
            for name, line in self.reached:
                self.reach.lines[self.files[name]].setdefault(line, []).append(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.reach.failed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        Path(os.environ[INTO]).write_text(json.dumps(vars(self.reach)), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Tracer(config.rootpath, os.environ[FILES].split(":")))
