"""Many people at once while the platform refuses some calls: on a clock that jumps to what is next, so no machine counts."""

import asyncio
import random
import selectors
from collections import Counter
from types import SimpleNamespace
from typing import Any, Final

from bot.channel_queue import UNHEARD, ChannelQueue, ChatQueue, HeldMessage
from bot.channels.base import SendingPace
from bot.delivery import IN_FLIGHT
from storage.outbox import DueMessage
from storage.priorities import ASKED_FOR

PEOPLE: Final = 200
THINKS: Final = 0.5
TRIP: Final = 0.05
SECONDS: Final = 60.0


class Jumping(selectors.SelectSelector):
    """Waits for nothing: its time is the time of what is next."""

    now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        self.now += timeout or 0.0
        return super().select(0)


class Clock(asyncio.SelectorEventLoop):
    """An event loop on that time."""

    def __init__(self) -> None:
        self.jumping = Jumping()
        super().__init__(self.jumping)

    def time(self) -> float:
        return self.jumping.now


async def talk(share: float, refused_chats: int = 0) -> Counter[int]:
    """How many answers each person got who wants the next one as soon as the last was read, in a minute."""
    chance, answers = random.Random(1), Counter[int]()
    loop = asyncio.get_running_loop()

    def ask(chat: ChatQueue) -> None:
        due = DueMessage(len(answers), chat.contact_id, "telegram", "", {})
        if chat.add(HeldMessage(due, loop.time())):
            queue.place(chat)
            queue.pump()

    async def send(chat: ChatQueue) -> float:
        await asyncio.sleep(TRIP)
        if chat.contact_id < refused_chats or chance.random() < share:
            queue.refused(chat, 1.0)
            return 1.0
        queue.taken()
        chat.messages.pop(0)
        answers[chat.contact_id] += 1
        loop.call_later(THINKS, ask, chat)
        return 0.0

    queue = ChannelQueue(SimpleNamespace(pace=SendingPace(29.5, 1.0)), send, IN_FLIGHT)  # type: ignore[arg-type]
    for number in range(PEOPLE):
        ask(ChatQueue(number, queue))
    await asyncio.sleep(SECONDS)
    for task in queue.close():
        task.cancel()
    return answers


def talked(share: float, refused_chats: int = 0) -> Counter[int]:
    with asyncio.Runner(loop_factory=Clock) as runner:
        return runner.run(talk(share, refused_chats))


def test_one_call_in_a_hundred_refused_costs_little() -> None:
    assert talked(0.01).total() > 0.95 * talked(0.0).total()


def test_four_chats_that_are_always_refused_cost_the_others_nothing() -> None:
    all_well, some_refused = talked(0.0), talked(0.0, 4)
    assert min(some_refused[chat] for chat in range(4, PEOPLE)) >= min(all_well.values())


async def under_way(priority: int) -> int:
    """How many of the messages for all people are on their way at once, while the platform answers none."""

    async def send(chat: ChatQueue) -> float:
        await asyncio.Event().wait()
        return 0.0

    queue = ChannelQueue(SimpleNamespace(pace=SendingPace(10_000.0, 0.0)), send, IN_FLIGHT)  # type: ignore[arg-type]
    for number in range(PEOPLE):
        chat = ChatQueue(number, queue)
        chat.add(HeldMessage(DueMessage(number, number, "telegram", "", {}, priority=priority), 0.0))
        queue.place(chat)
    queue.pump()
    await asyncio.sleep(1.0)  # of the clock that jumps
    sent = queue.close()
    for task in sent:
        task.cancel()
    await asyncio.gather(*sent, return_exceptions=True)
    return len(sent)


def test_a_distant_platform_holds_no_answers_up_but_of_letters_few_are_under_way() -> None:
    with asyncio.Runner(loop_factory=Clock) as runner:
        assert runner.run(under_way(ASKED_FOR)) == PEOPLE
        assert runner.run(under_way(ASKED_FOR + 1)) == UNHEARD
