"""Changes the code in one small way at a time and sees whether a test notices: `python -m tests.mutation`.

For the rooms that count and admit, where a change that no test notices is a wrong figure, or one shown to whom it
is not for. It works on a copy of the tree, with the tests that are about the changed file, on SQLite. The known
tools (mutmut, cosmic-ray) run the whole suite or one list of tests for every change; here each file names its own,
and a sample tells enough. What it prints last is the score: the changes noticed, of those made.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.mutation.changes import Change, changes_in

ROOT: Final = Path(__file__).parents[2]
ROOMS: Final[dict[str, tuple[str, ...]]] = {
    "storage/ledger/ways.py": ("tests/storage/ledger", "tests/storage/test_ledger.py"),
    "storage/ledger/sums.py": ("tests/storage/ledger", "tests/storage/test_ledger.py"),
    "storage/ledger/measures.py": ("tests/storage/ledger", "tests/storage/test_ledger.py"),
    "storage/ledger/posting.py": ("tests/storage/test_ledger.py", "tests/storage/test_place_events.py"),
    "storage/ledger/reading.py": ("tests/storage/test_ledger.py", "tests/storage/test_place_events.py"),
    "storage/submissions.py": ("tests/storage/test_submissions.py", "tests/storage/test_ledger.py"),
    "storage/totals.py": ("tests/storage/test_totals.py", "tests/storage/test_ledger.py"),
    "storage/figures.py": ("tests/storage/test_ledger.py", "tests/handlers/test_asking.py"),
    "storage/outbox.py": ("tests/bot/test_delivery.py", "tests/storage/test_unit_of_work.py"),
    "storage/unit_of_work.py": ("tests/storage/test_unit_of_work.py", "tests/handlers/test_routing.py"),
    "figures/small.py": ("tests/figures/test_small.py",),
    "figures/due.py": ("tests/figures/test_ended.py", "tests/handlers/test_due.py", "tests/figures/test_due_agrees.py"),
    "figures/access.py": ("tests/figures/test_access.py", "tests/handlers/test_nobody_else.py"),
    "handlers/codes.py": ("tests/handlers/test_enrol.py", "tests/storage/test_invitations.py"),
    "plans/rollup.py": ("tests/plans/test_rollup.py",),
    "plans/schedule.py": ("tests/plans/test_schedule.py", "tests/figures/test_due_agrees.py"),
    "plans/covered.py": ("tests/plans/test_covered.py",),
}  # fmt: skip
"""Each file that is changed, with the tests that should notice, the quickest first: the first that fails ends the run."""
LONGEST: Final = 600
"""Seconds after which a run is ended; a change that makes it run for ever was noticed."""


@dataclass(frozen=True)
class Made:
    """One change of one file."""

    file: str
    change: Change


def main() -> int:
    """Make a sample of changes and print what nobody noticed.

    Exit code 1 if some file's tests fail without any change: its changes are left out, since nothing would be proved.
    """
    asked = arguments()
    files = [file for file in ROOMS if asked.only in file]
    every = [
        Made(file, change)
        for file in files
        for change in changes_in((ROOT / file).read_text(encoding="utf-8"))
    ]
    sample = random.Random(asked.seed).sample(every, min(asked.count or len(every), len(every)))
    print(f"{len(sample)} of {len(every)} changes in {len(files)} files")
    with tempfile.TemporaryDirectory(prefix="thonbao-mutation-") as folder:
        tree = copy_of_the_tree(Path(folder) / "tree")
        failing = [file for file in dict.fromkeys(made.file for made in sample) if noticed(tree, file)]
        for file in failing:
            print(f"{file}: its tests fail without any change, so it is left out", flush=True)
        tried = [made for made in sample if made.file not in failing]
        unnoticed = list(survivors(tree, tried))
    killed = len(tried) - len(unnoticed)
    print(f"score: {killed} of {len(tried)} noticed ({100 * killed // max(1, len(tried))} %)")
    return 1 if failing else 0


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


def survivors(tree: Path, sample: list[Made]) -> Iterator[Made]:
    """Make each change in `tree`, undo it, and give those that no test noticed."""
    for number, made in enumerate(sample, 1):
        file = tree / made.file
        before = file.read_text(encoding="utf-8")
        try:
            file.write_text(made.change.text, encoding="utf-8")
            seen = noticed(tree, made.file)
        finally:
            file.write_text(before, encoding="utf-8")
        told = "noticed  " if seen else "UNNOTICED"
        print(f"{number:3} {told} {made.file}:{made.change.line}  {made.change.what}", flush=True)
        if not seen:
            yield made


def noticed(tree: Path, file: str) -> bool:
    """Do the tests about `file` fail in `tree`?"""
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-n0",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-k",
        "not postgresql",
    ]
    try:
        ran = subprocess.run(
            [*words, *ROOMS[file]], cwd=tree, capture_output=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    return ran.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
