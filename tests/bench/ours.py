"""`thonbao serve` as it is, with the timetable of the measuring forms."""

import uvloop

import bot.main
from bot.serve import serve
from bot.settings import load_settings
from tests.bench.world import bench_plans


def run() -> None:
    bot.main.load_plans = bench_plans  # type: ignore[attr-defined]
    uvloop.run(serve(load_settings()))


if __name__ == "__main__":
    run()
