"""The first call to a platform: tried until it works, and logged in two lines however long that takes."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.patience import before, growing, pause

T = TypeVar("T")

log = structlog.get_logger(__name__)


def longer_each_time(failures: int, _: Exception) -> float:
    """Return the seconds to wait if the platform does not say how long."""
    return growing(failures)


async def connected(
    title: str,
    work: Callable[[], Awaitable[T]],
    stop: asyncio.Event,
    *,
    passing: type[Exception],
    why: Callable[[Exception], str],
    wait: Callable[[int, Exception], float] = longer_each_time,
) -> T | None:
    """Return what `work` gives in the end, or None if `stop` comes first. Raises any error that is not `passing`.

    After a failure all of `work` is done again: its calls may be repeated, and it makes no difference which one
    failed.
    """
    failures = 0
    while not stop.is_set():
        try:
            result = await before(stop, work())
        except passing as error:
            failures += 1
            if failures == 1:
                log.warning(f"no way to {title} yet, trying on", why=why(error))
            await pause(stop, wait(failures, error))
        else:
            if failures and not stop.is_set():
                log.warning(f"connected to {title}", failures=failures)
            return result
    return None
