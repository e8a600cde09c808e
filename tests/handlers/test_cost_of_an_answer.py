"""What one typed answer costs, in calls of our own functions and in statements.

A clock would tell of the machine. Counted, it is the same everywhere, and a change that makes every answer dearer is seen
at once: spread thin over many changes, the calls of an answer once tripled before anybody looked.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from handlers.broadcasts import weekly
from handlers.letters import recipients
from handlers.messages import Incoming, MessageKind
from tests.counting import Cost, counted
from tests.handlers.chatting import Phone, Town

ROOMS: Final = ("bot", "figures", "handlers", "plans", "questionnaires", "storage")
MOST_CALLS: Final = 878
"""741 to 776 when this was written, 1,183 shortly before; up to 868 now, some of them for functions that were split, and
five more where the machine is slow enough for the writer to look twice. Raise it only for what every answer needs."""
STATEMENTS: Final = ["BEGIN"] + ["SELECT"] * 4 + ["UPDATE"] * 2 + ["INSERT"] * 2
"""Who writes, whether it was seen before, the person with their roles, the interview; how chat and interview are now; the
replies, and that it was seen."""

MOST_OF_A_REPORT: Final = 36
"""Statements for a village's first report. Each costs a tenth of a millisecond, and more if it first writes objects."""

MOST_OF_A_LETTER: Final = 2_400
STATEMENTS_OF_A_LETTER: Final = 20
"""Of a village's weekly letter, of which a round composes 30,000: 5,121 calls before it asked for each thing once."""


@pytest.fixture
def kind() -> str:
    return "sqlite"


async def answered(town: Town, phone: Phone, text: str) -> Cost:
    """The cost of one answer, from what arrived to its commit; what is sent later is not counted."""
    return await taken(town, phone.incoming(MessageKind.TEXT, text=text))


async def taken(town: Town, incoming: Incoming) -> Cost:
    """The same of any message."""
    with counted(town.storage.engine.sync_engine, *ROOMS) as cost:
        await town.dispatch.handle(incoming, town.channel)
    await town.heard()
    return cost


async def test_an_answer_stays_cheap(town: Town) -> None:
    phone = await town.head("a")
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    # What is made once for a form, a sentence or a number is no cost of an answer.
    for text in ("120", "80"):
        await phone.says(text)
    costs = [await answered(town, phone, text) for text in ("75", "70", "20")]
    assert [cost.calls for cost in costs if cost.calls > MOST_CALLS] == []
    assert [cost.statements for cost in costs] == [STATEMENTS] * len(costs)


async def sent(town: Town, phone: Phone) -> tuple[Cost, int]:
    """The cost of sending the first report of a village, answered before, and how often objects were written for it."""
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for text in ("120", "80", "75", "70", "20", "0", "0"):
        await phone.says(text)
    with flushes() as written:
        cost = await taken(town, phone.incoming(MessageKind.PRESS, press=phone.button("Gửi")))
    return cost, len(written)


@contextmanager
def flushes() -> Iterator[list[Session]]:
    """The sessions whose objects were written meanwhile, once for each time."""
    written: list[Session] = []

    def flushed(session: Session, *_: object) -> None:
        written.append(session)

    event.listen(Session, "after_flush", flushed)
    try:
        yield written
    finally:
        event.remove(Session, "after_flush", flushed)


async def test_sending_a_report_stays_cheap(town: Town) -> None:
    first, second = await town.head("a"), await town.head("b", "Nà Lốc", "Hoàng Thị Mỷ")
    await sent(town, first)  # what is made once for a form or a sentence is no cost of a report
    cost, written = await sent(town, second)
    assert len(cost.statements) <= MOST_OF_A_REPORT
    assert written == 2  # the report with its interview; the chat, as that ends


async def test_a_weekly_letter_stays_cheap(town: Town) -> None:
    first, second = await town.head("a"), await town.head("b", "Nà Lốc", "Hoàng Thị Mỷ")
    for phone in (first, second):
        await sent(town, phone)
    town.later(days=3, hours=2)
    library, costs = town.dispatch.library, []
    async with town.storage.reading() as session:
        some, _ = await recipients(session, 0)
        for recipient in some:  # what is made once for a form, a day or a commune is no cost of a letter
            with counted(town.storage.engine.sync_engine, *ROOMS, "reports") as cost:
                assert await weekly.compose(session, library, town.now, [recipient])
            costs.append(cost)
    assert costs[-1].calls <= MOST_OF_A_LETTER
    assert len(costs[-1].statements) <= STATEMENTS_OF_A_LETTER


REPEATED: Final = (
    "ai chưa báo ",
    "báo việc làm ",
    "1 hộ, ",
    "câu 3 ",
    "đang ",
    "cháy ",
    "thay người ở ",
    "tuần 46 ",
    "« ",
)
MOST_OF_LONG: Final = 1_000_000
"""Of a message of 4,000 letters: work that grew with the square of its length once held up everybody for seconds."""


async def test_the_longest_message_holds_nobody_up(town: Town) -> None:
    phone = await town.head("a")
    cost = {}
    for unit in (REPEATED[0], *REPEATED):  # what is made once, the first time
        await phone.says("menu")
        cost[unit] = (await answered(town, phone, (unit * 4000)[:4000])).calls
        await phone.says("Không phải")
    assert {unit: calls for unit, calls in cost.items() if calls > MOST_OF_LONG} == {}
