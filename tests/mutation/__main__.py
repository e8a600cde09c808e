"""Changes the code in one small way at a time and sees whether a test notices: `python -m tests.mutation`.

For the rooms that count and admit, where a change that no test notices is a wrong figure, or one shown to whom it
is not for. Each file names the tests that are about it, on SQLite; `tests/mutation/trying.py` runs of these what reaches
the changed line. What is printed last is the score: the changes noticed, of those made.
"""

import argparse
import random
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from tests.mutation.changes import changes_in
from tests.mutation.trying import Made, Trying, Verdict

ROOT: Final = Path(__file__).parents[2]
PYTEST: Final = ["-n0", "-q", "-p", "no:cacheprovider", "-k", "not postgresql"]
OF_LEDGER: Final = (
    "tests/storage/ledger",
    "tests/storage/test_ledger.py",
    "tests/storage/test_place_events.py",
)
OF_FIGURES: Final = (
    "tests/figures/test_attacker.py",
    "tests/figures/test_changes.py",
    "tests/figures/test_recount.py",
    "tests/figures/test_shown.py",
    "tests/figures/test_small.py",
    "tests/figures/test_withheld.py",
    "tests/handlers/test_asking.py",
    "tests/handlers/test_meaning.py",
)
OF_DUE: Final = (
    "tests/figures/test_due_agrees.py",
    "tests/figures/test_ended.py",
    "tests/handlers/test_due.py",
    "tests/handlers/test_locking.py",
    "tests/handlers/test_on_request.py",
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
    "storage/ledger/heirs.py": OF_LEDGER,
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
    "storage/envelopes.py": ("tests/storage/test_order.py", "tests/storage/test_unit_of_work.py"),
    "storage/unit_of_work.py": ("tests/storage/test_order.py", "tests/storage/test_unit_of_work.py"),
    "storage/invitations.py": OF_JOINING,
    "storage/roster.py": ("tests/storage/test_lists.py", *OF_JOINING),
    "figures/access.py": ("tests/figures/test_access.py", *OF_MESSAGES),
    "figures/apart.py": ("tests/figures/test_apart.py",),
    "figures/changes.py": OF_FIGURES,
    "figures/counting.py": OF_FIGURES,
    "figures/coverage.py": OF_FIGURES,
    "figures/discretion.py": (
        "tests/figures/test_apart.py",
        "tests/figures/test_closed.py",
        "tests/figures/test_discretion.py",
        "tests/figures/test_over_longer.py",
        *OF_FIGURES,
    ),
    "figures/due.py": OF_DUE,
    "figures/expected.py": ("tests/figures/test_closed.py", "tests/figures/test_recount.py"),
    "figures/single.py": OF_FIGURES,
    "figures/small.py": OF_FIGURES,
    "figures/summed.py": OF_FIGURES,
    "figures/withheld.py": (
        "tests/figures/test_apart.py",
        "tests/figures/test_listing.py",
        "tests/figures/test_over_longer.py",
        "tests/figures/test_silent.py",
        *OF_FIGURES,
    ),
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
    trying = Trying(ROOT, sample)
    tests = sorted({test for made in sample for test in ROOMS[made.file]})
    pytest.main([*PYTEST, *(str(ROOT / test) for test in tests)], plugins=[trying])
    tell_by_file(trying.verdicts)
    return 1 if trying.reach.failed else 0


def tell_by_file(verdicts: Mapping[Made, Verdict]) -> None:
    """Print the score, of each file and of all; what proves nothing is left out."""
    unproved = (Verdict.UNTRIED, Verdict.HUNG)
    tried = {made: verdict for made, verdict in verdicts.items() if verdict not in unproved}
    noticed = Counter(made.file for made, verdict in tried.items() if verdict is Verdict.NOTICED)
    for file, count in Counter(made.file for made in tried).items():
        print(f"{noticed[file]:4} of {count:3}  {file}")
    share = 100 * noticed.total() // max(1, len(tried))
    print(f"score: {noticed.total()} of {len(tried)} noticed ({share} %)")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutation", description="Do tests notice small changes?"
    )
    parser.add_argument("--count", type=int, default=40, help="how many changes are drawn; 0: all of them")
    parser.add_argument("--seed", type=int, default=1, help="which ones are drawn")
    parser.add_argument("--only", default="", help="a part of a file's name, such as figures/small")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
