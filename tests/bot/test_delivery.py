"""Sending: in order, once, at the pace that is allowed, and through every failure of the platform."""

import asyncio
import io
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from PIL import Image
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from bot.channel_queue import ChatState
from bot.channels.base import LOST, Outgoing, SendingPace, SendProblem, Sent, Service
from bot.channels.telegram import TelegramChannel
from bot.delivery import BACKLOG, STALE, Delivery, Timing
from bot.message_sending import parts_of
from bot.refusals import CHATS
from handlers.messages import Capabilities, Choice, Document, Picture, Reply
from storage import leaving, outbox
from storage.database import open_engine
from storage.outbox import NO_ROOM
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState, now
from storage.unit_of_work import Storage
from tests.bot.loopback import PATIENCE, TOKEN, Fault, Loopback, RefusedError, bad, flood

HOUR = 3600
SERVER_ERROR = RefusedError(500, "Internal Server Error")


@dataclass
class Office:
    """A storage, a Bot API and a channel; `delivery` makes senders that share them."""

    storage: Storage
    api: Loopback
    telegram: TelegramChannel
    folder: Path

    def delivery(
        self, worker: str = "me", is_quiet: Callable[[], bool] = lambda: False, **times: Any
    ) -> Delivery:
        timing = replace(Timing(poll=0.05, first_wait=0.01), **times)
        return Delivery(self.storage, {"telegram": self.telegram}, worker, self.folder, timing, is_quiet)

    async def post(
        self, chat: int, *replies: Reply, worker: str | None = "me", priority: int = 0
    ) -> list[outbox.DueMessage]:
        """Write messages for a chat, as a turn does."""
        known = self.api.chat(chat)

        async def work(session: Session) -> list[outbox.DueMessage]:
            found = select(Contact).where(Contact.address == str(known.id))
            contact = (await session.exec(found)).first()
            if contact is None:
                contact = Contact(channel="telegram", address=str(known.id))
                session.add(contact)
                await session.flush()
            return [
                outbox.post(
                    session,
                    contact,
                    reply.to_json(),
                    at=outbox.now(),
                    worker=worker,
                    slot=reply.slot,
                    priority=priority,
                )
                for reply in replies
            ]

        return await self.storage.write(work)

    async def rows(self) -> list[Outbox]:
        async with self.storage.reading() as session:
            return list(await session.exec(select(Outbox).order_by(col(Outbox.id))))

    async def states(self) -> list[str]:
        return [row.state for row in await self.rows()]


@pytest.fixture
async def office(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Office]:
    async with (
        Loopback() as api,
        TelegramChannel(TOKEN, api.url) as telegram,
        Storage(database) as storage,
    ):
        yield Office(storage, api, telegram, tmp_path)


def texts(*words: str) -> list[Reply]:
    return [Reply(Markup(word)) for word in words]


async def test_a_farewell_is_the_last_thing_that_is_known_of_a_chat(office: Office) -> None:
    """Once it has gone, or cannot go, the chat's address is erased; not while it waits."""
    address = col(Contact.address)

    async def leave(session: Session) -> None:
        for contact in await session.exec(select(Contact).where(address.in_(["7", "8"]))):
            contact.created_at = leaving.UNKNOWN

    async def addresses() -> set[str]:
        async with office.storage.reading() as session:
            return set(await session.exec(select(Contact.address)))

    farewell = Reply(Markup("Tạm biệt"), farewell=True)
    dues = [
        *await office.post(7, farewell),
        *await office.post(8, farewell),
        *await office.post(9, *texts("a")),
    ]
    await office.storage.write(leave)
    assert await office.storage.write(leaving.forget_left) == 0
    office.api.chat(8).blocked = True
    async with office.delivery() as delivery:
        delivery.offer(dues)
        await delivery.drain()
    assert await addresses() == {"9", *(f"-{due.contact_id}" for due in dues[:2])}


async def test_a_chat_gets_its_messages_in_order_and_chats_do_not_wait_for_each_other(office: Office) -> None:
    answered = asyncio.Event()
    office.api.fail("sendMessage", Fault(gate=answered))
    slow = await office.post(1, *texts("a", "b", "c"))
    async with office.delivery() as delivery:
        delivery.offer(slow)
        await office.api.until(lambda: not office.api.faults["sendMessage"])
        delivery.offer(await office.post(2, *texts("x")))
        await office.api.until(lambda: office.api.chats[2].texts)
        assert office.api.chats[1].texts == []
        answered.set()
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["a", "b", "c"]
    assert await office.states() == [OutboxState.SENT] * 4
    assert all(row.body == {} and row.ref and row.sent_at for row in await office.rows())


async def test_what_another_process_left_is_sent_at_the_start(office: Office) -> None:
    await office.post(1, *texts("a", "b"), worker=None)
    async with office.delivery():
        await office.api.until(lambda: len(office.api.chats[1].texts) == 2)
    assert office.api.chats[1].texts == ["a", "b"]


async def test_a_large_outbox_is_sent_without_pauses(office: Office) -> None:
    words = [str(number) for number in range(25)]
    for chat in range(1, 25):
        await office.post(chat, *texts(*words), worker=None)
    async with office.delivery(poll=60):
        await office.api.until(lambda: office.api.count("sendMessage") == 600)
    assert all(office.api.chats[chat].texts == words for chat in range(1, 25))


async def test_a_message_offered_and_claimed_is_sent_once(office: Office) -> None:
    dues = await office.post(1, *texts("a"), worker=None)
    async with office.delivery() as delivery:
        delivery.offer(dues)
        delivery.offer(dues)
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["a"]


async def test_an_answer_edits_the_question_of_its_slot(office: Office) -> None:
    question = Reply(Markup("Bao nhiêu?"), choices=((Choice("45", "q:45"),),), slot="question")
    answered = Reply(Markup("Bao nhiêu? 45"), edits_slot="question")
    following = Reply(Markup("Còn gì?"), choices=((Choice("Không", "q:0"),),), slot="question")
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, question))
        delivery.offer(await office.post(1, answered, following))
        await delivery.drain(PATIENCE)
    async with office.delivery() as restarted:
        restarted.offer(await office.post(1, Reply(Markup("Còn gì? Không"), edits_slot="question")))
        await restarted.drain(PATIENCE)
    assert office.api.chats[1].texts == ["Bao nhiêu? 45", "Còn gì? Không"]
    assert office.api.chats[1].buttons() == []


async def test_a_question_can_be_edited_before_its_sending_is_written_down(office: Office) -> None:
    old = Reply(Markup("cũ"), slot="question")
    question = Reply(Markup("Bao nhiêu?"), slot="question")
    answered = Reply(Markup("Bao nhiêu? 45"), edits_slot="question")
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, old))
        await delivery.drain(PATIENCE)
        async with delivery.outcomes.recording:
            delivery.offer(await office.post(1, question, answered))
            await office.api.until(lambda: len(office.api.calls) == 3)
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["cũ", "Bao nhiêu? 45"]


async def test_an_edit_of_nothing_is_left_out(office: Office) -> None:
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, Reply(Markup("a"), edits_slot="question"), *texts("b")))
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["b"]


async def test_after_a_failure_the_order_stands(office: Office) -> None:
    office.api.fail("sendMessage", Fault(SERVER_ERROR), Fault(drop=True), Fault(SERVER_ERROR))
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, *texts("a", "b")))
        delivery.offer(await office.post(1, *texts("c")))
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["a", "b", "c"]


async def test_a_long_wait_goes_through_the_outbox_and_keeps_the_order(office: Office) -> None:
    office.api.fail("sendMessage", Fault(SERVER_ERROR))
    async with office.delivery(patience=0.1, first_wait=0.2) as delivery:
        delivery.offer(await office.post(1, *texts("a", "b")))
        await delivery.drain(PATIENCE)
        assert [(row.state, row.attempts > 0) for row in await office.rows()] == [("due", True)] * 2
        delivery.offer(await office.post(1, *texts("c")))
        await office.api.until(lambda: len(office.api.chats[1].texts) == 3)
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["a", "b", "c"]
    assert await office.states() == [OutboxState.SENT] * 3


async def test_a_chat_that_is_too_fast_waits_as_told_and_others_do_not(office: Office) -> None:
    office.api.fail("sendMessage", *[Fault(flood(HOUR))] * 2)
    async with office.delivery(patience=2 * HOUR) as delivery:
        for chat in (1, 2):
            delivery.offer(await office.post(chat, *texts("a", "b")))
        await office.api.until(lambda: not office.api.faults["sendMessage"])
        delivery.offer(await office.post(3, *texts("x")))
        await office.api.until(lambda: office.api.chats[3].texts)
        await waiting(delivery, 2)
        assert office.api.count("sendMessage") == 1
        let_go(delivery)
        await delivery.drain(PATIENCE)
    assert [office.api.chats[chat].texts for chat in (1, 2, 3)] == [["a", "b"], ["a", "b"], ["x"]]


class Sparing(Service):
    """A channel that holds back the messages of `waits` once, each for so many seconds."""

    name = "telegram"

    def __init__(self, waits: dict[str, float], why: str = "not yet") -> None:
        self.waits, self.why = waits, why
        self.sent: list[str] = []
        self.enough = asyncio.Event()

    async def send(self, message: Outgoing) -> Sent:
        text = str(message.reply.text)
        if text in self.waits:
            raise SendProblem(self.why, postponed=self.waits.pop(text))
        self.sent.append(text)
        if len(self.sent) == 2:
            self.enough.set()
        return Sent(text)


class Counted(Sparing):
    """A channel that counts what it sends in a database, which at first is in no state to."""

    def __init__(self, errors: list[Exception]) -> None:
        super().__init__({})
        self.errors = errors

    async def send(self, message: Outgoing) -> Sent:
        if self.errors:
            raise self.errors.pop(0)
        return await super().send(message)


async def test_a_message_outlives_what_befalls_the_database_that_its_channel_counts_in(
    office: Office,
) -> None:
    gone = OperationalError("insert", {}, Exception("database or disk is full"))
    channel = Counted(
        [gone, NoConnection(), ConnectionRefusedError(), IntegrityError("insert", {}, Exception())]
    )
    dues = await office.post(1, *texts("a", "b"))
    timing = Timing(first_wait=0.01)
    async with Delivery(office.storage, {"telegram": channel}, "me", office.folder, timing) as delivery:
        delivery.offer(dues[:1])
        await delivery.drain(PATIENCE)
        assert (channel.sent, channel.errors) == ([], [])  # what is wrong with itself is not tried again
        channel.errors = [gone]
        delivery.offer(dues[1:])
        await delivery.drain(PATIENCE)
    assert await office.states() == [OutboxState.DEAD, OutboxState.SENT]


@pytest.mark.parametrize(("seconds", "order"), [(0.05, ["a", "b"]), (HOUR, ["b", "c"])])
async def test_what_a_channel_holds_back_keeps_its_place_or_lets_the_rest_of_its_chat_pass(
    office: Office, seconds: float, order: list[str]
) -> None:
    channel = Sparing({"a": seconds})
    dues = await office.post(1, *texts("a", "b", "c"))
    async with Delivery(office.storage, {"telegram": channel}, "me", office.folder) as delivery:
        delivery.offer(dues)
        async with asyncio.timeout(PATIENCE):
            await channel.enough.wait()
    assert channel.sent[:2] == order
    if seconds == HOUR:
        assert await office.states() == [OutboxState.DUE, OutboxState.SENT, OutboxState.SENT]


async def test_what_waited_for_an_allowance_is_tried_at_the_next_start(office: Office) -> None:
    """It may have been raised meanwhile; then an older answer goes before a new one."""
    channel = Sparing({"a": HOUR, "b": HOUR}, NO_ROOM)
    dues = await office.post(1, *texts("a", "b"))
    async with Delivery(office.storage, {"telegram": channel}, "me", office.folder) as delivery:
        delivery.offer(dues)
        await delivery.drain(PATIENCE)
    assert await office.states() == [OutboxState.DUE, OutboxState.DUE]
    async with Delivery(office.storage, {"telegram": channel}, "me", office.folder):
        async with asyncio.timeout(PATIENCE):
            await channel.enough.wait()
    assert channel.sent == ["a", "b"]


async def test_what_failed_is_tried_as_soon_as_the_platform_is_back(office: Office) -> None:
    """However long it would have waited, and in its order."""
    channel = Sparing({})
    channel.failed_polls = LOST
    dues = await office.post(1, *texts("a", "b"))
    later = now() + timedelta(hours=1)
    await outbox.record(office.storage, [outbox.Retry(due.id, later, "NetworkError") for due in dues])
    timing = Timing(poll=0.01)
    async with Delivery(office.storage, {"telegram": channel}, "me", office.folder, timing) as delivery:
        async with asyncio.timeout(PATIENCE):
            while "telegram" not in delivery.away:
                await asyncio.sleep(0)
            channel.failed_polls = 0
            await channel.enough.wait()
    assert channel.sent == ["a", "b"]


async def test_an_emergency_passes_the_wait_of_its_own_chat(office: Office) -> None:
    """What had to wait goes on waiting."""
    office.api.fail("sendMessage", Fault(flood(HOUR)))
    async with office.delivery(patience=2 * HOUR) as delivery:
        delivery.offer(await office.post(1, *texts("a")))
        await waiting(delivery, 1)
        delivery.offer(await office.post(1, *texts("khẩn cấp"), priority=-1))
        await office.api.until(lambda: office.api.chats[1].texts)
        await waiting(delivery, 1)
        assert office.api.chats[1].texts == ["khẩn cấp"]
        let_go(delivery)
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["khẩn cấp", "a"]


async def test_an_emergency_passes_a_wait_that_is_too_long_to_be_held(office: Office) -> None:
    office.api.fail("sendMessage", Fault(flood(HOUR)))
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, *texts("a")))
        await delivery.drain(PATIENCE)
        delivery.offer(await office.post(1, *texts("khẩn cấp"), priority=-1))
        delivery.offer(await office.post(1, *texts("b")))
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["khẩn cấp"]
    assert await office.states() == [OutboxState.DUE, OutboxState.SENT, OutboxState.DUE]


async def test_a_bot_that_is_too_fast_pauses_everything_but_emergencies(office: Office) -> None:
    office.api.fail("sendMessage", *[Fault(flood(HOUR))] * CHATS)
    async with office.delivery(patience=2 * HOUR) as delivery:
        for chat in range(CHATS):
            delivery.offer(await office.post(chat + 1, *texts("a")))
        await waiting(delivery, CHATS)
        queue = delivery.queues["telegram"]
        assert queue.paused_until > queue.loop.time() + HOUR / 2
        delivery.offer(await office.post(98, *texts("c")))
        delivery.offer(await office.post(99, *texts("khẩn cấp"), priority=-1))
        await office.api.until(lambda: office.api.chats[99].texts)
        assert office.api.count("sendMessage") == 1
        queue.paused_until = 0.0
        let_go(delivery)
        await delivery.drain(PATIENCE)
    assert [office.api.chats[chat + 1].texts for chat in range(CHATS)] == [["a"]] * CHATS
    assert office.api.chats[98].texts == ["c"]


async def test_after_a_pause_a_few_try_whether_it_is_over(office: Office) -> None:
    """Of many that wait no more are refused than it takes to know; once one is taken all go."""
    office.api.fail("sendMessage", *[Fault(flood(HOUR))] * 2 * CHATS)
    async with office.delivery(patience=2 * HOUR) as delivery:
        queue = delivery.queues["telegram"]
        queue.doubted = True
        delivery.offer([due for chat in range(6 * CHATS) for due in await office.post(chat + 1, *texts("a"))])
        for number in (1, 2):
            await waiting(delivery, number * CHATS)
            assert len(office.api.faults["sendMessage"]) == (2 - number) * CHATS
            queue.paused_until = 0.0
            queue.pump()
        await office.api.until(lambda: office.api.count("sendMessage") == 4 * CHATS)
        let_go(delivery)
        await delivery.drain(PATIENCE)
    assert all(chat.texts == ["a"] for chat in office.api.chats.values())


async def test_emergencies_are_claimed_where_there_is_no_room(office: Office) -> None:
    """The account waits, and so many messages with it that no more are taken from the outbox."""
    async with office.delivery(poll=0.01) as delivery:
        queue = delivery.queues["telegram"]
        queue.paused_until = queue.loop.time() + HOUR
        delivery.held.update(range(-BACKLOG, 0))
        await office.post(1, *texts("trả lời"), worker=None)
        await office.post(2, *texts("khẩn cấp"), worker=None, priority=-1)
        await office.api.until(lambda: office.api.chats[2].texts)
        queue.paused_until = 0.0
        delivery.held.difference_update(range(-BACKLOG, 0))
        await office.api.until(lambda: office.api.chats[1].texts)
    calls = [params["text"] for method, params in office.api.calls if method == "sendMessage"]
    assert calls == ["khẩn cấp", "trả lời"]


async def test_what_was_held_too_long_is_somebody_elses_by_now(office: Office) -> None:
    """Its claim may have run out: whoever claims it next sends it."""
    async with office.delivery(poll=HOUR) as delivery:
        queue = delivery.queues["telegram"]
        queue.paused_until = queue.loop.time() + HOUR
        delivery.offer(await office.post(1, *texts("a", "b")))
        for message in next(iter(delivery.chats.values())).messages:
            message.since -= STALE + 1
        delivery.peers.joined_at -= HOUR
        queue.paused_until = 0.0
        queue.pump()
        await delivery.drain(PATIENCE)
    assert office.api.count("sendMessage") == 0
    assert [(row.state, row.claimed_by) for row in await office.rows()] == [(OutboxState.DUE, None)] * 2


async def waiting(delivery: Delivery, count: int) -> None:
    """Until so many chats wait as they were told."""
    async with asyncio.timeout(PATIENCE):
        while sum(chat.state is ChatState.WAITING for chat in delivery.chats.values()) < count:
            await asyncio.sleep(0.01)


def let_go(delivery: Delivery) -> None:
    """The time that was told is over for all who wait."""
    for chat in list(delivery.chats.values()):
        if chat.state is ChatState.WAITING:
            chat.rests_until = 0.0
            chat.queue.place_again(chat, chat.ticket)


@pytest.mark.parametrize("unknown", [True, False])
async def test_a_person_who_blocked_the_bot_is_left_alone(office: Office, unknown: bool) -> None:
    dues = await office.post(1, *texts("a", "b"))
    if unknown:
        del office.api.chats[1]
    else:
        office.api.chats[1].blocked = True
    async with office.delivery() as delivery:
        delivery.offer(dues)
        await delivery.drain(PATIENCE)
    async with office.storage.reading() as session:
        assert [contact.reachable for contact in await session.exec(select(Contact))] == [False]
    assert await office.states() == [OutboxState.DEAD] * 2
    assert office.api.count("sendMessage") == 1


async def test_one_message_that_is_never_taken_does_not_stop_the_next(office: Office) -> None:
    office.api.fail("sendMessage", Fault(bad("something odd")))
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, *texts("a", "b")))
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["b"]
    assert await office.states() == [OutboxState.DEAD, OutboxState.SENT]


async def test_a_long_text_is_resumed_where_it_failed(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = Reply(Markup("\n".join(f"dòng {n}" for n in range(900))), choices=((Choice("Tiếp", "m:x"),),))
    office.api.fail("sendMessage", Fault(), Fault(SERVER_ERROR))
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, long))
        await delivery.drain(PATIENCE)
    chat = office.api.chats[1]
    assert "\n".join(chat.texts).split("\n") == [f"dòng {n}" for n in range(900)]
    assert [chat.buttons(number) for number in sorted(chat.messages)] == [[], [], [["Tiếp"]]][
        -len(chat.texts) :
    ]


async def test_a_picture_is_drawn_and_a_document_read_when_sent(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    png = io.BytesIO()
    Image.new("RGB", (2, 2)).save(png, "PNG")
    monkeypatch.setattr("bot.message_files.draw", lambda picture: png.getvalue())
    (office.folder / "mau.txt").write_bytes(b"noi dung")
    picture = Reply(Markup("Tiến độ"), picture=Picture("progress", {"bars": []}))
    document = Reply(Markup("Mẫu"), document=Document("mau.txt", "Mẫu.txt", "text/plain"))
    lost = Reply(Markup("Mất tệp"), document=Document("khong-co.txt", "x", "text/plain"))
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, picture, document, lost))
        await delivery.drain(PATIENCE)
    chat = office.api.chats[1]
    assert chat.texts[:2] == ["Tiến độ", "Mẫu"]
    assert chat.texts[2].startswith("Mất tệp\n\n(Ảnh hay tệp đi kèm tin này máy không mở được")
    kept = [message.get("photo") or message.get("document") for message in chat.messages.values()]
    assert office.api.files[kept[0][0]["file_id"]] == png.getvalue()
    assert office.api.files[kept[1]["file_id"]] == b"noi dung"
    assert kept[2] is None


def test_a_caption_that_is_too_long_follows_its_picture() -> None:
    reply = Reply(
        Markup("x" * 1025), choices=((Choice("a", "b"),),), picture=Picture("progress", {}), slot="s"
    )
    first, second = parts_of(reply, Capabilities(), b"png")
    assert (first[0].text, first[0].choices, first[1]) == ("", (), b"png")
    assert (second[0].text, second[0].choices, second[0].slot) == ("x" * 1025, reply.choices, "s")
    assert (second[0].picture, second[1]) == (None, None)


async def test_a_change_is_a_message_of_its_own_where_nothing_can_be_changed(office: Office) -> None:
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, *texts("a")))
        await delivery.drain(PATIENCE)
        ref = (await office.rows())[0].ref
        office.telegram.can = replace(office.telegram.can, edits=False)
        delivery.offer(
            await office.post(1, Reply(Markup("b"), edits=ref), Reply(Markup("c"), edits=ref, anew=True))
        )
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["a", "c"]


async def test_a_kept_photo_is_sent_as_one(office: Office) -> None:
    (office.folder / "a.png").write_bytes(b"png")
    photo = Reply(Markup("ảnh"), document=Document("a.png", "a.png", "image/png"))
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, photo))
        await delivery.drain(PATIENCE)
    assert [method for method, _ in office.api.calls if method.startswith("send")] == ["sendPhoto"]


async def test_broadcasts_keep_the_pace_and_let_answers_pass(office: Office) -> None:
    office.telegram.pace = SendingPace(50, 1.0)
    office.api.per_second = 51
    async with office.delivery() as delivery:
        queue = delivery.queues["telegram"]
        queue.paused_until = queue.loop.time() + HOUR
        for chat in range(100, 160):
            delivery.offer(await office.post(chat, *texts("tin chung"), priority=2))
        delivery.offer(await office.post(1, *texts("trả lời")))
        queue.paused_until = 0.0
        queue.pump()
        await delivery.drain(PATIENCE)
    assert office.api.refused_for_rate == 0
    assert next(params["text"] for method, params in office.api.calls if method == "sendMessage") == "trả lời"
    assert all(office.api.chats[chat].texts == ["tin chung"] for chat in range(100, 160))


async def test_one_chat_gets_one_broadcast_a_second(office: Office) -> None:
    office.api.chat_per_second = 1
    async with office.delivery() as delivery:
        began = time.monotonic()
        delivery.offer(await office.post(1, *texts("a", "b"), priority=2))
        await delivery.drain(PATIENCE)
        assert time.monotonic() - began >= 1
    assert office.api.chats[1].texts == ["a", "b"]
    assert office.api.refused_for_rate == 0


async def test_an_answer_passes_the_broadcasts_of_its_own_chat(office: Office) -> None:
    office.telegram.pace = SendingPace(50, HOUR)
    async with office.delivery() as delivery:
        delivery.offer(await office.post(1, *texts("tin 1", "tin 2"), priority=2))
        await office.api.until(lambda: office.api.chats[1].texts)
        delivery.offer(await office.post(1, *texts("trả lời")))
        await office.api.until(lambda: len(office.api.chats[1].texts) == 2)
        assert office.api.chats[1].texts == ["tin 1", "trả lời"]
        office.telegram.pace = SendingPace(50, 0.0)
        chat = next(iter(delivery.chats.values()))
        while chat.state is ChatState.SENDING:
            await asyncio.sleep(0.01)
        chat.queue.place_again(chat, chat.ticket)
        await delivery.drain(PATIENCE)
    assert office.api.chats[1].texts == ["tin 1", "trả lời", "tin 2"]


async def test_in_quiet_hours_a_broadcast_waits_and_an_answer_does_not(office: Office) -> None:
    night = True
    await office.post(1, *texts("tin tuần"), worker=None, priority=2)
    await office.post(2, *texts("nhắc"), worker=None, priority=1)
    await office.post(1, *texts("trả lời"), worker=None)
    async with office.delivery(is_quiet=lambda: night) as delivery:
        await office.api.until(lambda: office.api.chats[1].texts)
        await delivery.drain(PATIENCE)
        assert (office.api.chats[1].texts, office.api.chats[2].texts) == (["trả lời"], [])
        night = False
        await office.api.until(lambda: len(office.api.chats[1].texts) == 2 and office.api.chats[2].texts)
        await delivery.drain(PATIENCE)
    assert await office.states() == ["sent"] * 3


async def test_an_emergency_passes_everything(office: Office) -> None:
    """With one message under way at a time, it is the next, whoever has waited longer."""
    answered = asyncio.Event()
    office.api.fail("sendMessage", Fault(gate=answered))
    async with office.delivery(in_flight=1) as delivery:
        delivery.offer(await office.post(1, *texts("trả lời 1")))
        await office.api.until(lambda: not office.api.faults["sendMessage"])
        delivery.offer(await office.post(2, *texts("tin chung"), priority=2))
        for chat in (3, 4):
            delivery.offer(await office.post(chat, *texts("trả lời")))
        delivery.offer(await office.post(4, *texts("khẩn cấp"), priority=-1))
        delivery.offer(await office.post(2, *texts("khẩn cấp"), priority=-1))
        answered.set()
        await delivery.drain(PATIENCE)
    order = [params["text"] for method, params in office.api.calls if method == "sendMessage"]
    assert order == ["trả lời 1", "khẩn cấp", "khẩn cấp", "trả lời", "trả lời", "tin chung"]


async def test_what_cannot_be_sent_before_the_end_is_left_for_the_next(office: Office) -> None:
    office.api.fail("sendMessage", *(Fault(flood(9)) for _ in range(2)))
    delivery = office.delivery()
    async with delivery:
        delivery.offer(await office.post(1, *texts("a", "b")))
        await office.api.until(lambda: office.api.faults["sendMessage"])
        await delivery.drain(0.1)
        delivery.drain = lambda: asyncio.sleep(0)  # type: ignore[method-assign]
    assert await office.states() == [OutboxState.DUE] * 2
    assert all(row.claimed_by is None for row in await office.rows())
    office.api.faults.clear()
    async with office.delivery(worker="next"):
        await office.api.until(lambda: len(office.api.chats[1].texts) == 2)
    assert office.api.chats[1].texts == ["a", "b"]


async def test_two_senders_send_each_message_once(office: Office) -> None:
    for chat in range(1, 21):
        await office.post(chat, *texts("a", "b"), worker=None)
    async with office.delivery("one"), office.delivery("two"):
        await office.api.until(lambda: office.api.count("sendMessage") >= 40)
    assert [office.api.chats[chat].texts for chat in range(1, 21)] == [["a", "b"]] * 20


FAULTS = st.lists(
    st.sampled_from(
        [
            Fault(),
            Fault(),
            Fault(SERVER_ERROR),
            Fault(drop=True),
            Fault(delay=0.01),
            Fault(flood(1), delay=0.01),
        ]
    ),
    max_size=6,
)


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faults=FAULTS, chats=st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_whatever_fails_every_message_comes_once_and_in_order(
    faults: list[Fault], chats: list[int], kind: str, sqlite_template: Path, tmp_path: Path
) -> None:
    file = tmp_path / f"{time.monotonic_ns()}.db"
    file.write_bytes(sqlite_template.read_bytes())
    asyncio.run(send_through(faults, chats, f"sqlite+aiosqlite:///{file}", tmp_path))


async def send_through(faults: list[Fault], chats: list[int], url: str, folder: Path) -> None:
    engine = open_engine(url)
    async with Loopback() as api, TelegramChannel(TOKEN, api.url) as telegram, Storage(engine) as storage:
        office = Office(storage, api, telegram, folder)
        api.fail("sendMessage", *faults)
        expected: dict[int, list[str]] = {}
        async with office.delivery(patience=0.05) as delivery:
            for number, chat in enumerate(chats):
                expected.setdefault(chat, []).append(str(number))
                delivery.offer(await office.post(chat, *texts(str(number))))
            await api.until(lambda: {n: c.texts for n, c in api.chats.items()} == expected)
            await delivery.drain(PATIENCE)
        assert {number: chat.texts for number, chat in api.chats.items()} == expected
        assert set(await office.states()) == {OutboxState.SENT}
    await engine.dispose()
