"""`thonbao serve` as it is, with the schedule of the measuring forms.

Unless asked for with `--letters`, nothing is written to anybody by the clock: on some days of the week all heads
would be reminded while answers are measured, on others nobody.
"""

import sys

import uvloop

import bot.main
from bot.serve import serve
from bot.settings import load_settings
from bot.timetable import ROUNDS
from tests.bench.world import bench_plans


def run() -> None:
    bot.main.load_plans = bench_plans  # type: ignore[attr-defined]
    if "--letters" not in sys.argv:
        ROUNDS.clear()
    uvloop.run(serve(load_settings()))


if __name__ == "__main__":
    run()
