"""`thonbao serve` as it is, with the schedule of the measuring forms.

Nothing is written to anybody by the clock: on some days of the week all heads would be reminded while answers are
measured, on others nobody. With `--letters` the weekly summaries are, at any hour of the day and at ten times the pace.
"""

import sys
from functools import partial
from typing import Final

import uvloop

import bot.main
import bot.serve
import handlers.broadcasts.weekly
from bot.channels.telegram import TelegramChannel
from bot.serve import serve
from bot.settings import load_settings
from bot.timetable import ROUNDS
from tests.bench.world import bench_plans

PACE: Final = 295.0
"""That of `TelegramChannel`, ten times."""


def run() -> None:
    bot.main.load_plans = bench_plans  # type: ignore[attr-defined]
    letters = "--letters" in sys.argv
    for name in set(ROUNDS) - ({"weekly"} if letters else set()):
        del ROUNDS[name]
    if letters:
        bot.serve.TelegramChannel = partial(TelegramChannel, per_second=PACE)  # type: ignore[misc,assignment]
        handlers.broadcasts.weekly.not_at_night = lambda _: None  # type: ignore[attr-defined]
    uvloop.run(serve(load_settings()))


if __name__ == "__main__":
    run()
