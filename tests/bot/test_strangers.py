"""Whoever is not enrolled gets a few answers a minute; whoever is, or comes with a right code, notices nothing of it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.base import UNPACED, SendingPace
from bot.metrics import of_the_database
from bot.strangers import BURST, EACH, INTERVAL, LONGEST, MINUTE, Strangers, StrangerVerdict
from handlers.wording import wording
from storage.invitations import new_code
from storage.session import Session
from storage.tables import Outbox, RoleName, RosterEntry
from tests.handlers.chatting import Town, town_on

SAY = wording("vi")
WAIT = SAY("enrol.too_many")
START = datetime(2026, 11, 20, tzinfo=UTC)
CHAT = ("telegram", "1")


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as town:
        town.channel.pace = SendingPace(29.5, 1.0)
        yield town


async def test_a_stranger_gets_a_few_answers_then_a_word_then_none(town: Town) -> None:
    stranger = town.phone("1")
    answers = [await stranger.says("alo") for _ in range(3 * EACH)]
    assert [len(each) for each in answers] == [1] * (EACH + 1) + [0] * (2 * EACH - 1)
    assert [reply.text == WAIT for each in answers for reply in each] == [False] * EACH + [True]
    town.later(seconds=MINUTE.total_seconds())
    assert [reply.text == WAIT for reply in await stranger.says("alo")] == [False]


async def test_a_code_in_the_silence_is_not_lost_without_a_word(town: Town) -> None:
    """After so many wrong ones nothing is looked up, and that is said once."""
    stranger, code = town.phone("1"), await town.invite("Nà Hin", RoleName.VILLAGE_HEAD)
    for _ in range(EACH + 1):
        await stranger.says(new_code())
    answers = [await stranger.says(text) for text in ("alo", code, code)]
    assert [len(each) for each in answers] == [0, 1, 0]
    assert "máy tạm chưa nhận mã" in answers[1][0].text


async def test_somebody_enrolled_is_answered_whatever_strangers_do(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = await town.head("2")
    for number in range(BURST + 2 * EACH):
        await town.phone(str(100 + number // 2)).says("alo")
    for _ in range(3 * EACH):
        assert len(await head.says("menu")) == 1
    waits = [row.not_before for row in await town.rows(Outbox) if row.not_before]
    contact = (await town.rows(Outbox))[-1].contact_id
    assert waits
    monkeypatch.setattr("bot.metrics.now", lambda: town.now)
    told = {family.name: family for family in await of_the_database(town.storage)}
    assert told["thonbao_strangers_waiting"].samples[0].value == len(waits)
    assert not [row for row in await town.rows(Outbox, Outbox.contact_id == contact) if row.not_before]


async def test_who_mistypes_a_code_is_answered_each_time_and_let_in(town: Town) -> None:
    phone = town.phone("1")
    right = await town.invite("Nà Hin", RoleName.VILLAGE_HEAD)
    for typed in ("/start", "ABCD-EFGH-JKMN-P", right[:9], "mã của tôi", "ABCD-EFGH-JKMN-Q"):
        assert [reply.text != WAIT for reply in await phone.says(typed)] == [True]
    assert await phone.says(right)
    assert await phone.presses("Đồng ý")
    assert "enrolled" in await town.audit()


async def test_a_right_code_is_taken_also_after_the_last_answer(town: Town) -> None:
    phone = town.phone("1")
    for _ in range(2 * EACH):
        await phone.says("alo")
    assert SAY("enrol.too_many") == phone.shown[-1].text
    assert "Đồng ý" in str((await phone.says(await town.invite("Nà Hin", RoleName.VILLAGE_HEAD)))[0].choices)
    assert await phone.presses("Đồng ý")


async def test_who_was_let_in_is_answered_in_the_silence_too(town: Town) -> None:
    """The same code once more, a word under the offer, a number on the roster; a wrong code once."""
    code, phone = await town.invite("Nà Hin", RoleName.VILLAGE_HEAD), town.phone("1")
    await phone.says(code)
    for text in [*["alo"] * EACH, code, "là gì vậy"]:
        assert "Đồng ý" in str((await phone.says(text))[0].choices)
    listed = RosterEntry(
        phone="84912345678", name="", place_id=town.places["Nà Lốc"], role=RoleName.VILLAGE_HEAD
    )

    async def expect(session: Session) -> None:
        session.add(listed)

    await town.storage.write(expect)
    other = town.phone("2")
    for _ in range(2 * EACH):
        await other.says("alo")
    assert [len(await other.says("ABCD-EFGH-JKMN-P")) for _ in range(2)] == [1, 0]
    for _ in range(2):
        assert "Đồng ý" in str((await other.shares("+84912345678"))[0].choices)


async def test_where_nothing_is_paced_everybody_is_answered(town: Town) -> None:
    town.channel.pace = UNPACED
    stranger = town.phone("1")
    assert [len(await stranger.says("alo")) for _ in range(3 * EACH)] == [1] * 3 * EACH


def test_what_is_handled_again_is_judged_the_same() -> None:
    strangers = Strangers()
    keys = [str(number) for number in range(EACH + 2)]
    first = [strangers.judge(CHAT, key, START) for key in keys]
    assert first == [StrangerVerdict.ANSWER] * EACH + [StrangerVerdict.WAIT, StrangerVerdict.NOTHING]
    assert [strangers.judge(CHAT, key, START) for key in keys] == first


def test_answers_to_many_strangers_are_put_off_and_at_last_left_out() -> None:
    strangers = Strangers()
    waits = [strangers.book(START) for _ in range(BURST + 3)]
    assert waits == [START] * BURST + [START + INTERVAL * number for number in (1, 2, 3)]
    while (when := strangers.book(START)) is not None:
        assert when <= START + LONGEST
    assert strangers.book(START + LONGEST + BURST * INTERVAL) == START + LONGEST + BURST * INTERVAL


def test_processes_share_what_strangers_get() -> None:
    alone, shared = Strangers(), Strangers(lambda: 2)
    count = {id(each): 0 for each in (alone, shared)}
    for each in (alone, shared):
        while each.book(START) is not None:
            count[id(each)] += 1
    assert count[id(alone)] == pytest.approx(2 * count[id(shared)], abs=1)


def test_a_chat_that_stops_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.strangers.KEPT", 2)
    strangers = Strangers()
    for number in range(9):
        strangers.judge(("telegram", str(number)), "k", START + timedelta(seconds=number))
    assert list(strangers.chats) == [("telegram", "7"), ("telegram", "8")]
