"""Tries changes: a pytest plugin that runs every test once, and then with each change those that reach its line.

All happens in one process, which has imported the program and laid the databases of its tests. For each change it forks:
the child gives the changed functions their new code, runs the tests, the quickest first, and ends at the first that fails.
So a change costs what its tests cost, and no start of the program.

What was computed before the change, at import or kept by a cache of another room, is not computed anew: a change that is
seen there only counts as unnoticed, and needs a look.
"""

import gc
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, Final

import pytest
from _pytest.runner import runtestprotocol

from tests.mutation.changes import Change

CACHED: Final = type(cache(lambda: None))
"""What keeps a function's results."""
LONGEST: Final = 120
"""Seconds after which a run is ended."""
SPENT: Final = 40.0
"""How many seconds the tests of one change take together, as measured while their lines are followed."""


@dataclass(frozen=True)
class Made:
    """One change of one file."""

    file: str
    change: Change


class Verdict(StrEnum):
    NOTICED = "noticed"
    UNNOTICED = "UNNOTICED"
    UNREACHED = "UNREACHED"
    """No test runs the line."""
    HUNG = "hung"
    """It did not end: the change makes it run for ever, or a test waits for a thread that a child does not have."""
    UNTRIED = "untried"
    """The new code does not fit the functions that are there."""


@dataclass
class Reach:
    """By file and line the tests that reach it, and how many seconds each test takes."""

    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def tests_of(self, file: str, line: int, most: float) -> list[str]:
        """The tests that reach a line, the quickest first, as many as take `most` seconds together (at least one).

        An expression may begin on a line of its own that no statement begins on: then the nearest line before it counts.
        """
        reached = self.lines.get(file, {})
        nearest = max((number for number in reached if number <= line), default=0)
        chosen: list[str] = []
        spent = 0.0
        for test in sorted(reached.get(nearest, ()), key=lambda test: self.seconds[test]):
            if test in self.failed:
                continue
            spent += self.seconds[test]
            if chosen and spent > most:
                break
            chosen.append(test)
        return chosen


class Tracing:
    """Notes the lines of some files that run meanwhile."""

    def __init__(self, files: Sequence[str]) -> None:
        self.files = frozenset(files)
        self.reached: set[tuple[str, int]] = set()

    def on_call(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        """Follow the functions of the wanted files, and no others: following costs time at each line."""
        return self.on_line if frame.f_code.co_filename in self.files else None

    def on_line(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any]:
        self.reached.add((frame.f_code.co_filename, frame.f_lineno))
        return self.on_line

    def __enter__(self) -> "Tracing":
        threading.settrace(self.on_call)
        sys.settrace(self.on_call)
        return self

    def __exit__(self, *_: object) -> None:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]


class Trying:
    """The plugin. `verdicts` says afterwards what became of each change of the sample."""

    def __init__(self, root: Path, sample: Sequence[Made]) -> None:
        self.root, self.sample = root, sample
        self.files = {str(root / made.file): made.file for made in sample}
        self.reach = Reach({file: defaultdict(list) for file in self.files.values()})
        self.verdicts: dict[Made, Verdict] = {}
        self.out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        """Past what pytest captures of the tests."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn which tests reach what, then try one change after the other."""
        self.learn(session)
        for test in self.reach.failed:
            self.tell(f"{test} fails without any change, so it is left out")
        items = {item.nodeid: item for item in session.items}
        for number, made in enumerate(self.sample, 1):
            tests = self.reach.tests_of(made.file, made.change.line, SPENT)
            self.verdicts[made] = verdict = self.judge(made, [items[test] for test in tests])
            where = f"{made.file}:{made.change.line}"
            self.tell(f"{number:3} {verdict:9} {where}  {made.change.what}  ({len(tests)} tests)")
        return True

    def tell(self, line: str) -> None:
        print(line, file=self.out, flush=True)

    def learn(self, session: pytest.Session) -> None:
        """Run every test once."""
        for item, following in with_following(session.items, session):
            tracing, started = Tracing(list(self.files)), time.perf_counter()
            with tracing:
                reports = runtestprotocol(item, log=False, nextitem=following)
            self.reach.seconds[item.nodeid] = time.perf_counter() - started
            if any(report.failed for report in reports):
                self.reach.failed.append(item.nodeid)
            for name, line in tracing.reached:
                self.reach.lines[self.files[name]][line].append(item.nodeid)

    def judge(self, made: Made, items: Sequence[pytest.Item]) -> Verdict:
        """Whether one of `items` fails with a change, which only a child of this process knows."""
        if not items:
            return Verdict.UNREACHED
        child = os.fork()
        if child == 0:
            code = len(Verdict)  # none of them: this file itself is at fault
            try:
                code = self.outcome(made, items)
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            return Verdict.HUNG
        return (Verdict.UNNOTICED, Verdict.NOTICED, Verdict.UNTRIED)[os.WEXITSTATUS(status)]

    def outcome(self, made: Made, items: Sequence[pytest.Item]) -> int:
        """In the child: 0 if no test failed with the change, 1 if one did, 2 if it could not be made."""
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(LONGEST)
        try:
            put_in(str(self.root / made.file), made.change.text)
        except ValueError:
            return 2
        for item, following in with_following(items, items[0].session):
            reports = runtestprotocol(item, log=False, nextitem=following)
            if any(report.failed for report in reports):
                return 1
        return 0


def with_following(
    items: Sequence[pytest.Item], session: pytest.Session
) -> Iterator[tuple[pytest.Item, Any]]:
    """Each test and the one after it; after the last the session, so that what it has made stays for others."""
    yield from zip(items, [*items[1:], session], strict=True)


def put_in(file: str, text: str) -> None:
    """Give the functions of `file` the code that they have in `text`. Raises ValueError where it does not fit them."""
    new = by_name(codes_of(compile(text, file, "exec", dont_inherit=True)))
    gc.unfreeze()  # what was put aside for good once all tests were collected is looked through, too
    functions = [
        one for one in gc.get_objects() if isinstance(one, FunctionType) and one.__code__.co_filename == file
    ]
    old = by_name({function.__code__ for function in functions})
    for function in functions:
        name = function.__code__.co_qualname
        # Of several functions of one name, as of a property, the first is the first.
        function.__code__ = new[name][old[name].index(function.__code__)]
    room = str(Path(file).parent)
    for one in gc.get_objects():
        if isinstance(one, CACHED) and is_of(one.__wrapped__, room):
            one.cache_clear()


def is_of(function: Any, room: str) -> bool:
    """Whether a function is of a room."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_filename.startswith(room)


def codes_of(code: CodeType) -> Iterator[CodeType]:
    """The code of every function within `code`, however deep."""
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from codes_of(constant)


def by_name(codes: Iterator[CodeType] | set[CodeType]) -> dict[str, list[CodeType]]:
    """Codes by their full names, in the order of their lines."""
    named: defaultdict[str, list[CodeType]] = defaultdict(list)
    for code in sorted(codes, key=lambda code: code.co_firstlineno):
        named[code.co_qualname].append(code)
    return named
