"""Words that were written before their chat showed the question which they would answer: they are asked about."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.channels.backlog import Backlog
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_reading import read_update
from bot.main import running
from bot.reading_pace import ReadingPaces
from bot.serve import Taker
from bot.settings import Settings
from handlers.messages import Incoming
from storage.database import writing
from storage.tables import Outbox, OutboxState
from tests.bot import loopback
from tests.bot.loopback import TOKEN, Fault, Loopback
from tests.bot.person import CHAT, Person, begun, data_of, settle, stored
from tests.bot.test_astray import settings
from tests.handlers.chatting import START

__all__ = ["settings"]
EARLY = "gửi lúc câu này chưa hiện ra"
TWO = {"nuoc_ho": "100", "nuoc_ho_dtts": "40"}


@pytest.fixture
async def api() -> AsyncIterator[Loopback]:
    async with Loopback() as api:
        api.chat(CHAT)
        yield api


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nothing is taken to be out that is not known to be: these tests do not wait."""
    monkeypatch.setattr("bot.early.OUT_AT_ONCE", timedelta(0))
    monkeypatch.setattr("bot.early.OUT_ELSEWHERE", timedelta(0))


@pytest.fixture
async def person(database: AsyncEngine, settings: Settings, api: Loopback) -> AsyncIterator[Person]:
    async with writing(database) as session:
        await settle(session)
    async with TelegramChannel(TOKEN, api.url) as telegram, running(settings, [telegram]) as app:
        yield Person(api, Taker(app, telegram))


async def twice(person: Person, text: str, fault: Fault) -> dict[str, Any]:
    """The bot's last message after `text` was typed, the reply met `fault`, and meanwhile it was typed again."""
    person.api.fail("sendMessage", fault)
    await typed(person, text)
    await person.api.until(lambda: not person.api.faults["sendMessage"])
    await typed(person, text)
    if fault.gate:
        fault.gate.set()
    await person.taker.app.delivery.drain(30)
    return person.api.chat(CHAT).last


def labelled(message: dict[str, Any], label: str) -> str:
    """What the button with this label sends."""
    rows = message["reply_markup"]["inline_keyboard"]
    return next(str(button["callback_data"]) for row in rows for button in row if button["text"] == label)


async def typed(person: Person, text: str, seconds_ago: int = 0) -> None:
    """Type something, and wait until it is saved, not until it is answered."""
    message = person.api.message_of(CHAT, text=text)
    message["date"] -= seconds_ago
    update = {"update_id": next(person.api.update_ids), "message": message}
    await person.taker.channel.receive(update, person.taker)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(drop=True),
        Fault(refused=loopback.flood(1)),
        Fault(gate=asyncio.Event()),
        # It went out, and nobody heard of it: it is on the phone, but that cannot be known.
        Fault(drop=True, after=True),
    ],
    ids=["dropped", "refused", "slow", "answer lost"],
)
async def test_what_is_typed_again_before_the_next_question_went_out_is_asked_about(
    person: Person, fault: Fault
) -> None:
    await begun(person)
    said = await twice(person, "30", fault)
    assert await stored(person) == TWO | {"nuoc_ho_hvs": "30"}
    assert EARLY in said["text"]
    assert "Câu 4/" in said["text"]
    # The button leads on, and so does what is typed from now on.
    assert "Câu 5/" in (await person.presses(labelled(said, "30 hộ"), dict(said)))["text"]
    assert "Ghi nhận: 20 hộ" in (await person.says("20"))["text"]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_next_question_waits_for_no_edit_of_the_last_one(person: Person) -> None:
    """A platform may be a quarter of a second away: one way there and back until the next question is enough."""
    third, edited = (await begun(person))[-1], asyncio.Event()
    person.api.fail("editMessageText", Fault(gate=edited))
    await typed(person, "30")
    await person.api.until(lambda: "Câu 4/" in person.api.chat(CHAT).last["text"])
    assert "reply_markup" in person.api.chat(CHAT).messages[third["message_id"]]
    edited.set()
    await person.taker.app.delivery.drain(30)
    assert "30 hộ" in person.api.chat(CHAT).messages[third["message_id"]]["text"]
    assert "Câu 4/" in person.api.chat(CHAT).last["text"]


async def test_a_copy_of_an_old_button_leaves_the_button_of_what_is_offered(person: Person) -> None:
    """A message that was sent twice is tapped twice; meanwhile the next question offers something."""
    await begun(person)
    third = dict(await person.says("30 ho nhung it thoi"))
    await person.presses(labelled(third, "30 hộ"), third)
    fourth = dict(await person.says("20 ho nhung it thoi"))
    copy = {**third, "message_id": next(person.api.ids)}
    await person.presses(labelled(third, "30 hộ"), copy)
    assert await stored(person) == TWO | {"nuoc_ho_hvs": "30"}
    assert "Câu 5/" in (await person.presses(labelled(fourth, "20 hộ"), fourth))["text"]


async def test_after_a_restart_the_outbox_tells_what_was_shown(person: Person) -> None:
    await begun(person)
    app = person.taker.app
    app.delivery.sender.slots.clear()
    assert "Ghi nhận: 30 hộ" in (await person.says("30"))["text"]
    app.delivery.sender.slots.clear()
    async with writing(
        app.storage.engine
    ) as session:  # it died before it wrote down that the question had gone
        fourth = (await session.exec(select(Outbox).where(Outbox.slot == "question"))).all()[-1]
        fourth.state, fourth.ref, fourth.sent_at = OutboxState.DUE, "", None
    assert EARLY in (await person.says("20"))["text"]


async def test_what_waited_in_a_trouble_is_asked_about_beside_the_answer_that_waited_before_it(
    person: Person,
) -> None:
    """Two answers to one question, while nothing could be saved: the first one answers it."""
    await begun(person)
    telegram, trouble = person.taker.channel, person.taker.app.dispatch.trouble
    written = [
        {"update_id": next(person.api.update_ids), "message": person.api.message_of(CHAT, text=text)}
        for text in ("39", "38")
    ]
    for update in written:
        incoming = read_update(update)
        assert isinstance(incoming, Incoming)
        trouble.not_saved(incoming, telegram)
    for update in written:
        await telegram.receive(update, person.taker)
    await person.taker.app.delivery.drain(30)
    assert "Câu 4/" in person.api.chat(CHAT).last["text"]
    assert "«38» gửi lúc câu này chưa hiện ra" in person.api.chat(CHAT).last["text"]
    assert (await stored(person))["nuoc_ho_hvs"] == "39"


async def test_what_waited_at_the_platform_is_known_by_its_own_moment(person: Person) -> None:
    """Its clock is not ours: moments are compared with those of what was typed before, also if a button came between."""
    await begun(person)
    for late in (5, 4000):
        await typed(person, "30", seconds_ago=late)
        await person.taker.app.delivery.drain(30)
        assert EARLY in person.api.chat(CHAT).last["text"]
    said = person.api.chat(CHAT).last
    second = await person.presses(data_of(said, ":b"), dict(said))
    assert "Câu 2/" in second["text"]
    await typed(person, "35", seconds_ago=60)
    await person.taker.app.delivery.drain(30)
    assert await stored(person) == TWO
    assert "Ghi nhận: 35 hộ" in (await person.says("35"))["text"]


def test_a_poll_tells_since_when_its_messages_may_have_waited() -> None:
    moments = iter([0.0, 5.0, 5.1, 5.2, 30.0, 30.1, 30.2, 40.0, 40.1, 40.2, 41.0])
    """In seconds: the start, then when each request begins and when it is answered or fails."""
    backlog = Backlog(lambda: START + timedelta(seconds=next(moments)))

    def asked(*, fails: bool = False) -> float | None:
        with suppress(ConnectionError), backlog.asking():
            if fails:
                raise ConnectionError
        return (backlog.since - START).total_seconds() if backlog.since else None

    assert asked() == 0.0  # the first answer brings what waited since the start, or before
    assert asked() is None  # held open for long: what came was written just now
    assert asked() is None  # and so where the next request follows at once
    assert asked(fails=True) is None
    assert asked() == 30.2


async def test_what_waited_is_received_as_soon_as_it_may_have_been_written(person: Person) -> None:
    """The question went out while nobody polled: what comes then may be from before it."""
    await begun(person)
    channel = person.taker.channel
    stop = asyncio.Event()
    await person.api.say(CHAT, "30")
    polling = asyncio.create_task(channel.poll(person.taker, stop))
    await person.api.until(lambda: EARLY in person.api.chat(CHAT).last["text"])
    await person.taker.app.delivery.drain(30)
    await person.api.until(lambda: person.api.polling)
    await person.api.say(CHAT, "20")
    await person.api.until(lambda: "Ghi nhận: 20 hộ" in person.api.chat(CHAT).last["text"])
    stop.set()
    await polling


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_answers_before_the_platform_has_confirmed_the_question_is_heard(
    kind: str, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.early.OUT_AT_ONCE", timedelta(hours=1))
    await begun(person)
    await twice(person, "30", Fault(drop=True))
    assert await stored(person) == TWO | {"nuoc_ho_hvs": "30", "nuoc_ho_dtts_hvs": "30"}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_comes_in_a_blink_after_its_question_is_asked_about(
    kind: str, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words sent twice, though the question had gone out in between. Who is always so fast is a program."""
    await begun(person)
    await person.says("30")
    monkeypatch.setattr(TelegramChannel, "soonest", timedelta(hours=1))
    said = await person.says("30")
    assert EARLY in said["text"]
    assert await stored(person) == TWO | {"nuoc_ho_hvs": "30"}
    assert "Câu 5/" in (await person.presses(labelled(said, "30 hộ"), dict(said)))["text"]
    assert EARLY in (await person.says("20"))["text"]
    assert "Ghi nhận: 20 hộ" in (await person.says("20"))["text"]


def test_a_chat_is_doubted_a_few_times_after_it_took_its_time() -> None:
    paces = ReadingPaces()

    def doubted(*seconds: float) -> list[bool]:
        fastest = timedelta(seconds=1)
        return [
            paces.is_too_soon(1, f"{number}", timedelta(seconds=took), fastest)
            for number, took in enumerate(seconds)
        ]

    assert doubted(0.1, 0.1, 0.1) == [False, False, False]
    assert doubted(3, 0.1, 0.1, 0.1, 0.1) == [False, True, True, True, False]
    assert doubted(3, 1, 0.1) == [False, False, False]
    paces.is_too_soon(1, "slow", timedelta(seconds=3), timedelta(seconds=1))
    again = [paces.is_too_soon(1, "same", timedelta(), timedelta(seconds=1)) for _ in range(5)]
    assert again == [True] * 5, "a turn that is repeated is judged as before"


async def test_what_waited_from_before_a_restart_is_not_read_in_a_blink(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot was killed before the question went out; the new process sends it, and the same words come once more."""
    monkeypatch.setattr("bot.early.AFTER_START", timedelta(hours=1))
    await begun(person)
    early = person.taker.app.dispatch.early
    assert "Ghi nhận: 30 hộ" in (await person.says("30"))["text"]
    early.began = datetime.now(UTC)
    assert EARLY in (await person.says("30"))["text"]
    assert await stored(person) == TWO | {"nuoc_ho_hvs": "30"}
    early.began -= timedelta(hours=1)
    assert "Ghi nhận: 30 hộ" in (await person.says("30"))["text"]
