"""The outbox's own promises: which message an edit meets, whose claims a start frees, what is forgotten when."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from storage import outbox, people, told
from storage.outbox import KEEP_DEAD, KEEP_SEEN, KEEP_SENT, QueuedLetter
from storage.session import Session
from storage.tables import Contact, Outbox, OutboxState, Seen, now
from storage.unit_of_work import Storage

SLOT = "question"


async def contact(storage: Storage, channel: str = "telegram", address: str = "1") -> Contact:
    return await storage.write(lambda session: people.create_contact(session, channel, address))


async def post(storage: Storage, whose: Contact, slot: str = SLOT, worker: str | None = "gone") -> int:
    """The number of a new message."""

    async def work(session: Session) -> int:
        return outbox.post(session, whose, {}, at=now(), worker=worker, slot=slot).id

    return await storage.write(work)


async def sent(storage: Storage, whose: Contact, slot: str = SLOT) -> str:
    """The platform's number of a message that was sent."""
    number = await post(storage, whose, slot)
    await outbox.record(storage, [outbox.Delivered(number, f"ref-{number}")])
    return f"ref-{number}"


async def test_an_edit_meets_the_newest_message_sent_before_it(storage: Storage) -> None:
    mine, other = await contact(storage), await contact(storage, address="2")
    assert await outbox.slot_ref(storage, mine.id, SLOT, outbox.next_id()) == ""
    await sent(storage, mine)
    newest = await sent(storage, mine)
    await sent(storage, mine, "another slot")
    await sent(storage, other)
    await post(storage, mine)
    edit = await post(storage, mine)
    await sent(storage, mine)
    assert await outbox.slot_ref(storage, mine.id, SLOT, edit) == newest


async def test_a_start_frees_what_waits_on_its_channels_and_nothing_else(storage: Storage) -> None:
    mine, other = await contact(storage), await contact(storage, "zalo")
    waiting, done, theirs = await post(storage, mine), await post(storage, mine), await post(storage, other)
    await outbox.record(storage, [outbox.Delivered(done)])
    assert await outbox.claim(storage, "next", ["telegram", "zalo"]) == []
    await outbox.release(storage, ["telegram"])
    async with storage.reading() as session:
        claims = {row.id: row.claimed_by for row in await session.exec(select(Outbox))}
    assert claims == {waiting: None, done: "gone", theirs: "gone"}
    assert [due.id for due in await outbox.claim(storage, "next", ["telegram", "zalo"])] == [waiting]


async def test_what_is_done_with_is_kept_as_long_as_it_is_of_use(storage: Storage) -> None:
    """An hour too young and an hour old enough: messages sent, letters sent, messages given up, marks of updates."""
    at, hour = now(), timedelta(hours=1)
    whose = await contact(storage)
    ages = {OutboxState.SENT: KEEP_SENT, OutboxState.DEAD: KEEP_DEAD, "weekly": told.KEPT}

    async def fill(session: Session) -> None:
        for what, kept in ages.items():
            for age in (kept + hour, kept - hour):
                state = OutboxState.SENT if what == "weekly" else what
                key = f"{what}:{age}" if what == "weekly" else None
                days = {"created_at": at - age, "sent_at": at - age if state == OutboxState.SENT else None}
                session.add(Outbox(contact_id=whose.id, natural_key=key, state=state, body={}, **days))
        for key, age in (("old", KEEP_SEEN), ("young", KEEP_SEEN - hour)):
            session.add(Seen(channel="telegram", key=key, at=at - age))

    await storage.write(fill)
    await outbox.purge(storage)
    async with storage.reading() as session:
        assert list(await session.exec(select(Seen.key))) == ["young"]
        left = sorted(at - row.created_at for row in await session.exec(select(Outbox)))
    assert left == sorted(kept - hour for kept in ages.values())


@pytest.mark.parametrize("noticed", [False, True])
async def test_what_ran_out_of_time_gives_its_key_free(storage: Storage, noticed: bool) -> None:
    mine, at = await contact(storage), now()

    def letter(when: datetime, text: str) -> QueuedLetter:
        until = when + timedelta(hours=1)
        return QueuedLetter("weekly:1", mine.id, {"text": text}, 2, when, not_after=until)

    assert await outbox.announce(storage, [letter(at - timedelta(hours=2), "cũ")]) == 1
    assert await outbox.announce(storage, [letter(at - timedelta(hours=1.5), "còn hạn")]) == 0
    if noticed:
        await outbox.purge(storage)
    assert await outbox.announce(storage, [letter(at, "mới")]) == 1
    assert await outbox.announce(storage, [letter(at, "lần nữa")]) == 0
    async with storage.reading() as session:
        rows = list(await session.exec(select(Outbox).where(col(Outbox.natural_key) == "weekly:1")))
    assert [(row.body, row.state, row.problem) for row in rows] == [({"text": "mới"}, OutboxState.DUE, "")]


async def test_what_waits_for_one_chat_and_one_reason_can_go_at_once(storage: Storage) -> None:
    mine, other = await contact(storage), await contact(storage, address="2")
    numbers = [await post(storage, whose, worker=None) for whose in (mine, mine, other)]
    later = now() + timedelta(hours=1)
    problems = ("window", "flood", "window")
    await outbox.record(
        storage,
        [outbox.Retry(number, later, why) for number, why in zip(numbers, problems, strict=True)],
    )
    assert await outbox.claim(storage, "next", ["telegram"]) == []
    outbox.hasten(storage, "telegram", "1", "window")
    assert [due.id for due in await outbox.claim(storage, "next", ["telegram"])] == numbers[:1]
