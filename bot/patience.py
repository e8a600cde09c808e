"""Waiting for what may work in a moment: with growing pauses, and only until we are told to stop."""

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

T = TypeVar("T")
LONGEST_PAUSE: Final = 10.0
"""Seconds. Somebody in danger while a platform is away is heard at most this long after it is back."""


async def before(stop: asyncio.Event, work: Awaitable[T]) -> T | None:
    """Return the result of `work`; if `stop` comes first, cancel it and return None."""
    working, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        return await working if working.done() else None
    finally:
        working.cancel()
        stopping.cancel()


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait `seconds`, or until `stop`."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return


def growing(failures: int) -> float:
    """Return the seconds to wait after so many failures in a row."""
    return min(LONGEST_PAUSE, 0.25 * 2.0 ** min(failures, 10))
