"""What a platform has handed out for good: held in its order until it is saved, and only so much of it."""

from datetime import UTC, datetime
from typing import Final

from bot.channels.held_messages import MOST, HeldMessages
from bot.metrics import DROPPED
from handlers.messages import Incoming, MessageKind

NOW: Final = datetime(2026, 11, 29, 8, tzinfo=UTC)
CHANNEL: Final = "held"


def message(number: int) -> Incoming:
    return Incoming(CHANNEL, str(number % 7), str(number), number, MessageKind.TEXT, NOW, text=str(number))


class Database:
    """Saves every message but those that it refuses, and keeps what it was shown."""

    def __init__(self, *refused: str) -> None:
        self.refused, self.shown = refused, list[str]()

    async def __call__(self, incoming: Incoming) -> None:
        self.shown.append(incoming.text)
        if incoming.text in self.refused:
            raise OSError


async def test_what_is_refused_is_held_in_its_order_and_tried_again() -> None:
    held, database = HeldMessages(), Database("1", "3")
    for number in range(5):
        held.add(message(number), database)
    assert not await held.take_all()
    assert not await held.take_all()
    database.refused = ()
    assert await held.take_all()
    assert database.shown == [*"01234", *"13", *"13"]
    assert await held.take_all(), "nothing is left"


async def test_only_so_many_are_held_and_what_is_left_at_the_end_counts_as_lost() -> None:
    held, database = HeldMessages(), Database("0")
    lost = DROPPED.labels(CHANNEL, MessageKind.TEXT)
    for number in range(MOST):
        assert not held.is_full
        held.add(message(number), database)
    assert held.is_full
    before = lost._value.get()
    assert not await held.take_all()
    assert not held.is_full
    held.drop()
    assert lost._value.get() == before + 1
