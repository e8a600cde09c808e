"""Acknowledges pressed buttons without holding anything up. A spinner that nobody stops ends by itself."""

import asyncio
from collections.abc import Callable

import structlog

from bot.channels.base import Channel, SendProblem

log = structlog.get_logger(__name__)


class PressAnswers:
    """The acknowledgements under way. `done` is called when one has ended."""

    def __init__(self, done: Callable[[], None]) -> None:
        self.done = done
        self.tasks: set[asyncio.Task[None]] = set()

    def answer(self, channel: Channel, answers: str, notice: str) -> None:
        """Stop the spinner of a button, showing a few words."""
        task = asyncio.get_running_loop().create_task(acknowledge(channel, answers, notice))
        self.tasks.add(task)
        task.add_done_callback(self.ended)

    def ended(self, task: asyncio.Task[None]) -> None:
        self.tasks.discard(task)
        self.done()


async def acknowledge(channel: Channel, answers: str, notice: str) -> None:
    try:
        await channel.answer_press(answers, notice)
    except SendProblem as problem:
        log.info("press not answered", problem=str(problem))
