"""Waiting for what may be otherwise in a moment, with growing pauses, and no longer than until the end is asked for."""

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

T = TypeVar("T")
LONGEST_PAUSE: Final = 10.0
"""Seconds: whoever is in danger while a platform is away is heard no later than this after it is back."""


async def before(stop: asyncio.Event, work: Awaitable[T]) -> T | None:
    """The result of `work`, which is given up if `stop` comes first: then None."""
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
    """Seconds to wait after that many failures in a row."""
    return min(LONGEST_PAUSE, 0.25 * 2.0 ** min(failures, 10))
