"""Changes the code in one small way at a time and sees whether a test notices: `python -m tests.mutation`.

For the rooms that count and admit, where a change that no test notices is a wrong figure, or one shown to whom it
is not for. It works on a copy of the tree, on SQLite. Each file names the tests that are about it; they run once
without any change, to learn which of them reach which line, and then only those that reach the changed one, the quickest
first, until one fails. What it prints last is the score: the changes noticed, of those made.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.mutation.changes import Change, changes_in
from tests.mutation.reach import FILES, INTO, Reach

ROOT: Final = Path(__file__).parents[2]
PYTEST: Final = [
    sys.executable,
    "-m",
    "pytest",
    "-n0",
    "-q",
    "-p",
    "no:cacheprovider",
    "-k",
    "not postgresql",
]
OF_LEDGER: Final = (
    "tests/storage/ledger",
    "tests/storage/test_ledger.py",
    "tests/storage/test_place_events.py",
)
OF_FIGURES: Final = (
    "tests/figures/test_recount.py",
    "tests/figures/test_shown.py",
    "tests/figures/test_small.py",
    "tests/handlers/test_asking.py",
    "tests/handlers/test_meaning.py",
)
OF_DUE: Final = (
    "tests/figures/test_due_agrees.py",
    "tests/figures/test_ended.py",
    "tests/handlers/test_due.py",
)
OF_JOINING: Final = (
    "tests/bot/test_strangers.py",
    "tests/handlers/test_enrol.py",
    "tests/storage/test_invitations.py",
)
OF_MESSAGES: Final = (
    "tests/bot/test_astray.py",
    "tests/handlers/test_buttons.py",
    "tests/handlers/test_nobody_else.py",
    "tests/handlers/test_pressed_twice.py",
    "tests/handlers/test_routing.py",
)
OF_PLANS: Final = ("tests/plans/test_plan.py", "tests/plans/test_rollup.py", "tests/handlers/test_targets.py")
ROOMS: Final[dict[str, tuple[str, ...]]] = {
    "storage/ledger/ways.py": OF_LEDGER,
    "storage/ledger/sums.py": OF_LEDGER,
    "storage/ledger/measures.py": OF_LEDGER,
    "storage/ledger/posting.py": OF_LEDGER,
    "storage/ledger/reading.py": OF_LEDGER,
    "storage/ledger/recomputing.py": OF_LEDGER,
    "storage/ledger/rows.py": OF_LEDGER,
    "storage/submissions.py": ("tests/storage/test_submissions.py", *OF_LEDGER),
    "storage/totals.py": ("tests/storage/test_totals.py", "tests/storage/test_outbox.py"),
    "storage/figures.py": OF_FIGURES,
    "storage/outbox.py": (
        "tests/bot/test_delivery.py",
        "tests/storage/test_outbox.py",
        "tests/storage/test_unit_of_work.py",
    ),
    "storage/unit_of_work.py": ("tests/storage/test_order.py", "tests/storage/test_unit_of_work.py"),
    "storage/invitations.py": OF_JOINING,
    "storage/roster.py": ("tests/storage/test_lists.py", *OF_JOINING),
    "figures/access.py": ("tests/figures/test_access.py", *OF_MESSAGES),
    "figures/changes.py": OF_FIGURES,
    "figures/counting.py": OF_FIGURES,
    "figures/coverage.py": OF_FIGURES,
    "figures/due.py": OF_DUE,
    "figures/single.py": OF_FIGURES,
    "figures/small.py": OF_FIGURES,
    "figures/summed.py": OF_FIGURES,
    "figures/withheld.py": ("tests/figures/test_attacker.py", *OF_FIGURES),
    "bot/strangers.py": OF_JOINING,
    "handlers/astray.py": OF_MESSAGES,
    "handlers/buttons.py": OF_MESSAGES,
    "handlers/codes.py": OF_JOINING,
    "handlers/membership/connect.py": OF_JOINING,
    "handlers/membership/enrol.py": OF_JOINING,
    "handlers/routing.py": OF_MESSAGES,
    "plans/covered.py": ("tests/plans/test_covered.py",),
    "plans/period.py": ("tests/plans/test_period.py", "tests/plans/test_schedule.py"),
    "plans/rollup.py": OF_PLANS,
    "plans/schedule.py": ("tests/plans/test_schedule.py", *OF_DUE),
    "plans/target.py": OF_PLANS,
}
"""Each file that is changed, with the tests among which those are that should notice."""
LONGEST: Final = 300
"""Seconds after which a run is ended; a change that makes it run for ever was noticed."""
SPENT: Final = 40.0
"""How many seconds the tests of one change take together, as measured while their lines are followed."""


@dataclass(frozen=True)
class Made:
    """One change of one file."""

    file: str
    change: Change


def main() -> int:
    """Make a sample of changes and print what nobody noticed.

    Tests that fail without any change prove nothing: they are named and left out, and the exit code is 1.
    """
    asked = arguments()
    files = [file for file in ROOMS if asked.only in file]
    every = [
        Made(file, change)
        for file in files
        for change in changes_in((ROOT / file).read_text(encoding="utf-8"))
    ]
    sample = random.Random(asked.seed).sample(every, min(asked.count or len(every), len(every)))
    sample.sort(key=lambda made: files.index(made.file))
    print(f"{len(sample)} of {len(every)} changes in {len(files)} files", flush=True)
    with tempfile.TemporaryDirectory(prefix="thonbao-mutation-") as folder:
        tree = copy_of_the_tree(Path(folder) / "tree")
        reach = reach_in(tree, sorted({made.file for made in sample}), Path(folder) / "reach.json")
        for test in reach.failed:
            print(f"{test} fails without any change, so it is left out", flush=True)
        unnoticed = list(survivors(tree, sample, reach))
    tell_by_file(sample, unnoticed)
    return 1 if reach.failed else 0


def tell_by_file(sample: list[Made], unnoticed: list[Made]) -> None:
    """Print the score, of each file and of all."""
    tried, missed = (Counter(made.file for made in some) for some in (sample, unnoticed))
    for file in tried:
        print(f"{tried[file] - missed[file]:4} of {tried[file]:3}  {file}")
    killed = len(sample) - len(unnoticed)
    print(f"score: {killed} of {len(sample)} noticed ({100 * killed // max(1, len(sample))} %)")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description="Do tests notice small changes?"
    )
    parser.add_argument("--count", type=int, default=40, help="how many changes are drawn; 0: all of them")
    parser.add_argument("--seed", type=int, default=1, help="which ones are drawn")
    parser.add_argument("--only", default="", help="a part of a file's name, such as figures/small")
    return parser.parse_args()


def copy_of_the_tree(target: Path) -> Path:
    """The files that git knows, elsewhere."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in listed.splitlines():
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target / name)
    return target


def reach_in(tree: Path, files: list[str], into: Path) -> Reach:
    """Run the tests of `files` once, without any change, to know which of them reach which line."""
    tests = sorted({test for file in files for test in ROOMS[file]})
    words = [*PYTEST, "-p", "tests.mutation.reach", *tests]
    paths = {FILES: ":".join(files), INTO: str(into)}
    subprocess.run(words, cwd=tree, env={**os.environ, **paths}, capture_output=True, check=False)
    return Reach.read(into)


def survivors(tree: Path, sample: list[Made], reach: Reach) -> Iterator[Made]:
    """Make each change in `tree`, undo it, and give those that no test noticed."""
    for number, made in enumerate(sample, 1):
        tests = reach.tests_of(made.file, made.change.line, SPENT)
        file = tree / made.file
        before = file.read_text(encoding="utf-8")
        try:
            file.write_text(made.change.text, encoding="utf-8")
            seen = bool(tests) and noticed(tree, tests)
        finally:
            file.write_text(before, encoding="utf-8")
        told = "noticed  " if seen else "UNNOTICED" if tests else "UNREACHED"
        where = f"{made.file}:{made.change.line}"
        print(f"{number:3} {told} {where}  {made.change.what}  ({len(tests)} tests)", flush=True)
        if not seen:
            yield made


def noticed(tree: Path, tests: list[str]) -> bool:
    """Does one of `tests` fail in `tree`?"""
    try:
        ran = subprocess.run(
            [*PYTEST, "-x", *tests], cwd=tree, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    return ran.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
