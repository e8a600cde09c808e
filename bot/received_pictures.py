"""Opens each picture that somebody sent in a process of its own (`bot/shrink_picture.py`), which may die of it."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path
from typing import Final

from bot.channels.channel_settings import PREFIX

PROGRAM: Final = Path(__file__).with_name("shrink_picture.py")
NOT_PICTURE: Final = 3
"""That program's exit code for what is no whole picture; importing it from there would load Pillow."""
PATIENCE: Final = 60.0
"""Seconds, on a machine that is busy with other work; the process itself limits its processor time."""


class PictureRefused(Exception):
    """A picture that is not kept; `key` is the sentence that says so."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


async def small_jpeg(content: bytes) -> bytes:
    """Return a picture as a JPEG of at most 2048 pixels a side, upright and without its metadata.

    Raises PictureRefused for what is not a whole JPEG, PNG or WebP or takes too much to open; OSError if no process
    could be started.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(PROGRAM), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment()
    )
    try:
        async with asyncio.timeout(PATIENCE):
            small, _ = await process.communicate(content)
    except TimeoutError:
        small = b""
    finally:
        await ended(process)
    if process.returncode == 0 and small:
        return small
    not_picture = process.returncode == NOT_PICTURE
    raise PictureRefused("channel.photo_not_picture" if not_picture else "channel.photo_too_many_pixels")


def environment() -> dict[str, str]:
    """Return an environment in which nothing secret is in a decoder's reach."""
    return {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}


async def ended(process: Process) -> None:
    """End the process and wait until nothing of it is left, even while we are being stopped."""
    if process.returncode is None:
        process.kill()
        await process.wait()
