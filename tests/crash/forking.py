"""`thonbao serve` in a process of its own that starts at once: forked from one that has imported everything.

The tests that kill the bot start it dozens of times, and nearly all of a start is importing. What is forked has
done nothing but that; it then runs the command as a shell would, and dies of a signal as any process does.
"""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Mapping
from functools import partial
from typing import Final

FORKS: Final = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "bot.cli",
        "bot.commands.serve",
        "bot.serve",
        "uvloop",
        "asyncpg",
        "aiosqlite",
        "sqlalchemy.dialects.postgresql.asyncpg",
    ]
)


def thonbao_serve(environment: Mapping[str, str]) -> None:
    """The command, with this environment and nothing written to standard error."""
    from bot.cli import main

    os.environ.clear()
    os.environ.update(environment)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    sys.argv = ["thonbao", "serve"]
    main()


def quick_serve(environment: Mapping[str, str], beat: float) -> None:
    """The same at ten times the pace, showing every `beat` seconds that it lives: what a test waits for comes sooner."""
    import bot.channels.telegram
    import bot.main
    from bot.delivery import Delivery, Timing

    at_ease = bot.channels.telegram.TelegramChannel
    bot.channels.telegram.TelegramChannel = partial(at_ease, per_second=295.0)  # type: ignore[misc,assignment]
    bot.main.Delivery = partial(Delivery, timing=Timing(beat=beat))  # type: ignore[misc,assignment,attr-defined]
    thonbao_serve(environment)


class Forked:
    """A process that serves, with the methods of one that asyncio made. `beat`: it does so by `quick_serve`."""

    def __init__(self, environment: Mapping[str, str], beat: float | None = None) -> None:
        serve, options = (thonbao_serve, ()) if beat is None else (quick_serve, (beat,))
        self.process = FORKS.Process(target=serve, args=(dict(environment), *options), daemon=True)
        self.process.start()

    def kill(self) -> None:
        self.process.kill()

    def terminate(self) -> None:
        self.process.terminate()

    async def wait(self) -> int:
        """How it ended: its exit code, or less than 0 for a signal."""
        await asyncio.to_thread(self.process.join)
        return self.process.exitcode or 0
