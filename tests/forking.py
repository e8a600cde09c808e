"""`thonbao …` in a process of its own that starts at once: forked from one that has imported and read everything.

Nearly all of a start is importing, and reading plans and sentences (`tests/reading_ahead.py`); tests start two hundred
commands and services. What is forked has done nothing but that; it then runs the command as a shell would, and dies of a
signal as any process does. A few tests start the program from nothing, as people do.
"""

import asyncio
import multiprocessing
import os
import shutil
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from typing import Final

import time_machine

FORKS: Final = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "bot.cli",
        "bot.commands.admin",
        "bot.commands.demo",
        "bot.commands.people",
        "bot.commands.place",
        "bot.commands.serve",
        "bot.channels.sms",
        "bot.channels.telegram",
        "bot.channels.zalo_bot",
        "bot.channels.zalo_oa",
        "bot.serve",
        "uvloop",
        "asyncpg",
        "aiosqlite",
        "sqlalchemy.dialects.postgresql.asyncpg",
        "tests.forking",
        "tests.reading_ahead",
    ]
)
STREAMS: Final = ("stdin", "stdout", "stderr")
Before = Callable[[], object]
"""What a new process does before it runs the command: something that can be imported there."""


def reads_at_once() -> None:
    """Have the bot take whoever answers in a blink at their word: here programs do."""
    from bot import early
    from bot.channels.base import Service
    from bot.channels.sms import Sms

    Service.soonest = Sms.soonest = early.AFTER_START = timedelta()  # type: ignore[misc]


def quick_pace(beat: float) -> None:
    """Serve at ten times the pace, and show every `beat` seconds that one lives: what a test waits for comes sooner."""
    import bot.channels.telegram
    import bot.main
    from bot.delivery import Delivery, Timing

    at_ease = bot.channels.telegram.TelegramChannel
    bot.channels.telegram.TelegramChannel = partial(at_ease, per_second=295.0)  # type: ignore[misc,assignment]
    bot.main.Delivery = partial(Delivery, timing=Timing(beat=beat))  # type: ignore[misc,assignment,attr-defined]


def no_letters() -> None:
    """Write no letters: what comes unasked on some days, such as a Monday's summary, is not what a test counts."""
    import bot.timetable

    bot.timetable.ROUNDS.clear()


def become(
    words: tuple[str, ...],
    environment: Mapping[str, str],
    folder: Path,
    streams: Path,
    before: Before | None,
    ahead: float | None,
) -> None:
    """Run `thonbao` with these words, as a shell does: in this folder, environment, and with files as its streams.

    `ahead`: how many seconds the clock of the test is ahead of the one on the wall; None where it is that one.
    """
    from bot.cli import main

    if ahead is not None:
        time_machine.travel(time.time() + ahead, tick=True).start()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, name in enumerate(STREAMS):
        os.dup2(os.open(streams / name, os.O_RDWR | os.O_CREAT | os.O_APPEND), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)  # multiprocessing has put another file there
    sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))
    sys.argv = ["thonbao", *words]
    reads_at_once()
    if before is not None:
        before()
    main()


def seconds_ahead() -> float | None:
    """By how many seconds the clock of a test is ahead of the one on the wall; None where it is that one.

    A moment would not do: processes begin some time after they are asked for, and of two whose clocks differ one takes an
    answer for earlier than its question.
    """
    wall = time_machine.escape_hatch
    return time.time() - wall.time.time() if wall.is_travelling() else None


class Forked:
    """A process that runs `thonbao` with `words`; the methods of one that asyncio made. Its streams are files."""

    def __init__(
        self,
        *words: str,
        environment: Mapping[str, str],
        folder: Path | None = None,
        before: Before | None = None,
        given: str = "",
    ) -> None:
        self.streams = Path(tempfile.mkdtemp(prefix="thonbao-streams-"))
        weakref.finalize(self, shutil.rmtree, self.streams, ignore_errors=True)
        (self.streams / "stdin").write_text(given, encoding="utf-8")
        facts = (words, dict(environment), folder or Path.cwd(), self.streams, before, seconds_ahead())
        self.process = FORKS.Process(target=become, args=facts, daemon=True)
        self.process.start()

    @property
    def returncode(self) -> int | None:
        """How it ended: its exit code, or less than 0 for a signal; None while it runs."""
        return self.process.exitcode

    @property
    def pid(self) -> int | None:
        return self.process.pid

    def kill(self) -> None:
        self.process.kill()

    def terminate(self) -> None:
        self.process.terminate()

    async def wait(self) -> int:
        await asyncio.to_thread(self.process.join)
        return self.process.exitcode or 0

    async def communicate(self) -> tuple[bytes, bytes]:
        """All that it wrote, once it has ended."""
        await self.wait()
        return self.written("stdout"), self.written("stderr")

    def written(self, stream: str) -> bytes:
        """What it has written up to now."""
        file = self.streams / stream
        return file.read_bytes() if file.exists() else b""


def command(
    *words: str,
    environment: Mapping[str, str],
    folder: Path,
    given: str = "",
    before: Before | None = None,
) -> CompletedProcess[str]:
    """What became of a command that was given some lines."""
    forked = Forked(*words, environment=environment, folder=folder, given=given, before=before)
    forked.process.join()
    out, errors = (forked.written(stream).decode() for stream in ("stdout", "stderr"))
    return CompletedProcess(words, forked.returncode or 0, out, errors)


async def end_of(work: Callable[..., None], *words: str) -> int:
    """How a process ends that only does `work`: 0, 1 after an exception, or less than 0 for a signal.

    `work` can be imported there.
    """
    process = FORKS.Process(target=work, args=words, daemon=True)
    process.start()
    await asyncio.to_thread(process.join)
    return process.exitcode or 0
