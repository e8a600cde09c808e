"""`thonbao serve` as it is, with the schedule of the measuring forms.

Nothing is written to anybody by the clock: on some days of the week all heads would be reminded while answers are
measured, on others nobody. With `--letters` the weekly summaries are, at any hour of the day and at ten times the pace.
"""

import sys
from functools import partial
from typing import Final
from unittest.mock import patch

import uvloop

from bot.channels.telegram import TelegramChannel
from bot.serve import serve
from bot.settings import load_settings
from bot.timetable import ROUNDS
from plans.reading import use
from tests.bench.world import bench_plans
from tests.forking import reads_at_once

PACE: Final = 295.0
"""That of `TelegramChannel`, ten times."""


def run() -> None:
    settings = load_settings()
    reads_at_once()
    use(bench_plans())  # in place of those that the settings name
    letters = "--letters" in sys.argv
    for name in set(ROUNDS) - ({"weekly"} if letters else set()):
        del ROUNDS[name]
    if letters:
        # A patch of something that is there no longer fails: what is measured would be something else.
        patch("bot.channels.telegram.TelegramChannel", partial(TelegramChannel, per_second=PACE)).start()
    uvloop.run(serve(settings))


if __name__ == "__main__":
    run()
