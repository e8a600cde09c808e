"""What comes late is known, and only that: whatever is reordered within seconds, and wherever numbers begin anew."""

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.envelopes import Envelope, is_late, mark_order
from storage.session import Session
from storage.tables import Contact
from storage.unit_of_work import Identity, Storage, TurnWork

Draw = Callable[[int, int], int]
"""A whole number from the first to the second."""
BEGAN = datetime(2026, 2, 10, 8, tzinfo=UTC)
QUIET_WEEK = 8 * 24 * 3600
A_DAY = 25 * 3600
HIGHEST = 2**31


@dataclass(frozen=True)
class Sent:
    """A message as the platform knows it. `place` is its true place in the order of sending."""

    place: int
    number: int
    at: float
    is_press: bool
    arrives: float
    skew: int
    """By how many seconds our clock is ahead."""
    numbered: bool = False
    """Whether the platform numbers the messages of a chat by themselves."""

    def envelope(self, address: str) -> Envelope:
        sent_at = None if self.is_press else BEGAN + timedelta(seconds=int(self.at))
        came_at = BEGAN + timedelta(seconds=self.arrives + self.skew)
        own = 0 if self.is_press or not self.numbered else self.place + 1
        return Envelope("test", address, f"{address}-{self.place}", self.number, sent_at, came_at, number=own)


def history(draw: Draw) -> list[Sent]:
    """Messages of one chat in the order of arriving; each up to twenty seconds after it was sent.

    Now and then a quiet week goes by, after which the platform's numbers go on anywhere. Where messages have numbers of
    their own, those of two updates may be swapped.
    """
    sent: list[Sent] = []
    numbered = draw(0, 1) == 1
    at, number, skew = 0.0, draw(1, HIGHEST), draw(-240, 240)
    for place in range(draw(1, 14)):
        if draw(0, 3) == 0:
            at += QUIET_WEEK
            number = draw(1, HIGHEST)
        at += draw(0, 80) / 10
        number += draw(1, 5)
        sent.append(Sent(place, number, at, draw(0, 3) == 0, at + draw(0, 200) / 10, skew, numbered))
        if numbered and draw(0, 2) == 0:
            swap_last(sent)
    return sorted(sent, key=lambda message: message.arrives)


def swap_last(sent: list[Sent]) -> None:
    """Let the updates of the last two messages have each other's numbers, if they are two messages soon after each other."""
    if len(sent) < 2 or any(one.is_press for one in sent[-2:]) or sent[-1].at - sent[-2].at > 60:
        return
    first, second = sent[-2:]
    sent[-2:] = replace(first, number=second.number), replace(second, number=first.number)


def is_truly_late(arrived: list[Sent]) -> Iterator[bool]:
    """For each message whether one that was sent later had arrived before."""
    newest = -1
    for message in arrived:
        yield message.place < newest
        newest = max(newest, message.place)


@settings(max_examples=150)
@given(st.data())
def test_what_is_late_is_known_and_only_that(data: st.DataObject) -> None:
    arrived = history(lambda low, high: data.draw(st.integers(low, high)))
    contact = Contact(channel="test", address="a", last_order=0)
    for message, truly in zip(arrived, is_truly_late(arrived), strict=True):
        envelope = message.envelope("a")
        late = is_late(contact, envelope)
        assert message.is_press or late == truly
        mark_order(contact, envelope, late=late)


async def test_the_gate_knows_it_on_a_real_database(database: AsyncEngine) -> None:
    dice = random.Random(11)
    told: dict[str, list[bool]] = {}

    def note(address: str) -> TurnWork[None]:
        async def work(session: Session, identity: Identity) -> None:
            told.setdefault(address, []).append(identity.late)

        return work

    async def play(storage: Storage, address: str, arrived: list[Sent]) -> None:
        for message in arrived:
            await storage.turn(message.envelope(address), note(address))

    histories = {str(number): history(dice.randint) for number in range(25)}
    async with Storage(database) as storage:
        await asyncio.gather(*(play(storage, *chat) for chat in histories.items()))
    for address, arrived in histories.items():
        pairs = zip(arrived, told[address], is_truly_late(arrived), strict=True)
        assert all(message.is_press or late == truly for message, late, truly in pairs)
    assert any(any(lates) for lates in told.values())


async def test_swapped_and_repeated_updates_of_one_batch_and_of_the_next(database: AsyncEngine) -> None:
    handled: list[tuple[int, bool]] = []

    def note(envelope: Envelope) -> TurnWork[bool]:
        async def work(session: Session, identity: Identity) -> bool:
            handled.append((envelope.number, identity.late))
            return True

        return work

    async def take(*updates: tuple[int, int]) -> list[bool | None]:
        """Have messages handled that came together, each as the number of its update and its own."""
        envelopes = [
            Envelope("test", "a", str(order), order, BEGAN + timedelta(seconds=number // 2), number=number)
            for order, number in updates
        ]
        async with Storage(database) as storage:
            return list(await asyncio.gather(*(storage.turn(one, note(one)) for one in envelopes)))

    assert await take((20, 4), (21, 2), (22, 4), (23, 3)) == [True, True, None, True]
    assert await take((24, 7), (25, 3)) == [True, None]
    assert await take((26, 6), (27, 7), (3, 8)) == [True, None, True]
    assert handled == [(2, False), (3, False), (4, False), (7, False), (6, True), (8, False)]


def text(number: int, after: float) -> Envelope:
    return Envelope("test", "a", str(number), number, BEGAN + timedelta(seconds=after))


def test_after_numbers_began_anew_answers_are_taken_and_late_ones_known() -> None:
    """Another account, or a relay that was restored: no quiet week goes before."""
    contact = Contact(channel="test", address="a", last_order=0)
    lates = []
    for envelope in (text(900, 0), text(3, 60), text(5, 62), text(4, 61), text(6, 63)):
        lates.append(is_late(contact, envelope))
        mark_order(contact, envelope, late=lates[-1])
    assert lates == [False, False, False, True, False]


def test_after_a_press_too() -> None:
    """Nobody tells when something was pressed: what is typed within minutes of it is known by how far the numbers fell."""
    lates = []
    for fallen, number in ((1, 9), (20_000, 9), (20_000, 3)):
        contact = Contact(channel="test", address="a", last_order=0)
        first = replace(text(500_000, 0), number=7)
        press = Envelope("test", "a", "p", 500_002, came_at=BEGAN + timedelta(seconds=9))
        next_one = replace(text(500_002 - fallen, 6), number=number)
        for envelope in (first, press, next_one):
            lates.append(is_late(contact, envelope))
            mark_order(contact, envelope, late=lates[-1])
    assert lates == [False, False, True, *[False] * 6]
