"""`thonbao serve` in a process of its own that starts at once: forked from one that has imported everything.

The tests that kill the bot start it dozens of times, and nearly all of a start is importing. What is forked has
done nothing but that; it then runs the command as a shell would, and dies of a signal as any process does.
"""

import asyncio
import multiprocessing
import os
import sys
from collections.abc import Mapping
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


class Forked:
    """A process that serves, with the methods of one that asyncio made."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.process = FORKS.Process(target=thonbao_serve, args=(dict(environment),), daemon=True)
        self.process.start()

    def kill(self) -> None:
        self.process.kill()

    def terminate(self) -> None:
        self.process.terminate()

    async def wait(self) -> int:
        """How it ended: its exit code, or less than 0 for a signal."""
        await asyncio.to_thread(self.process.join)
        return self.process.exitcode or 0
