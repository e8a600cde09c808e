"""`thonbao serve` as it is, with the timetable of the measuring forms."""

import asyncio
import sys

import uvloop

import bot.main
from bot.serve import serve
from bot.settings import load_settings
from tests.bench.world import bench_plans


def run() -> None:
    bot.main.load_plans = bench_plans  # type: ignore[attr-defined]
    if "--profile" in sys.argv:
        import cProfile
        import pstats

        profile = cProfile.Profile()
        profile.enable()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve(load_settings()))
        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(60)
        return
    uvloop.run(serve(load_settings()))


if __name__ == "__main__":
    run()
