"""The gate: once, in order, together, and no fault harms another."""

import asyncio
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from storage import delivered, outbox, unit_of_work
from storage.database import open_engine, writing
from storage.envelopes import Envelope
from storage.people import create_contact, enrol
from storage.session import Session
from storage.tables import AuditEntry, Contact, Level, Outbox, RoleName, Seen, now
from storage.unit_of_work import GROUP, Identity, Job, Storage, TurnWork, in_order


async def heard(engine: AsyncEngine) -> list[str]:
    """What turns wrote down, in the order of writing."""
    async with Session(engine) as session:
        return list(await session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))))


def note(text: str) -> TurnWork[str]:
    async def work(session: Session, identity: Identity) -> str:
        session.add(AuditEntry(action=f"{text}{' late' if identity.late else ''}"))
        return text

    return work


def envelope(address: str, number: int) -> Envelope:
    return Envelope("test", address, f"{address}-{number}", number)


async def test_a_message_delivered_twice_has_one_effect(database: AsyncEngine) -> None:
    async with Storage(database) as storage:
        same_time = await asyncio.gather(*(storage.turn(envelope("a", 1), note("one")) for _ in range(5)))
        later = await storage.turn(envelope("a", 1), note("one"))
    assert sorted(same_time, key=str) == [None, None, None, None, "one"]
    assert later is None
    assert await heard(database) == ["one"]


async def test_two_workers_and_one_message(database_url: str) -> None:
    first, second = open_engine(database_url), open_engine(database_url)
    async with Storage(first) as one, Storage(second) as two:
        pairs = [
            storage.turn(envelope(str(person), number), note(f"{person}-{number}"))
            for number in range(6)
            for person in range(8)
            for storage in (one, two)
        ]
        random.Random(7).shuffle(pairs)
        done = [result for result in await asyncio.gather(*pairs) if result]
    effects = [entry.removesuffix(" late") for entry in await heard(first)]
    assert sorted(effects) == sorted(f"{person}-{number}" for person in range(8) for number in range(6))
    assert sorted(done) == sorted(effects)
    await first.dispose()
    await second.dispose()


async def test_messages_of_one_contact_keep_their_order_and_late_ones_are_known(
    database: AsyncEngine,
) -> None:
    async with Storage(database) as storage:
        await asyncio.gather(*(storage.turn(envelope("a", n), note(str(n))) for n in (3, 1, 2)))
        await storage.turn(envelope("a", 9), note("9"))
        await storage.turn(envelope("a", 8), note("8"))
    assert await heard(database) == ["1", "2", "3", "9", "8 late"]


async def test_no_contact_is_written_for_the_sake_of_the_next_one(database: AsyncEngine) -> None:
    """Whoever asks the database in a group would have it write what changed before; the orders are marked at its end."""
    said: list[str] = []

    async def asks(session: Session, identity: Identity) -> None:
        await session.exec(select(func.count()).select_from(Seen))

    async with Storage(database) as storage:
        people = [str(number) for number in range(5)]
        await asyncio.gather(*(storage.turn(envelope(one, 1), note("first")) for one in people))
        event.listen(database.sync_engine, "before_cursor_execute", lambda *told: said.append(told[2][:14]))
        await asyncio.gather(*(storage.turn(envelope(one, 2), asks) for one in people))
    assert said.count("UPDATE contact") == 1, "all of them together"


async def test_a_fault_undoes_its_own_turn_only(database: AsyncEngine) -> None:

    async def fails(session: Session, identity: Identity) -> None:
        session.add(AuditEntry(action="half"))
        await session.flush()
        outbox.post(session, identity.contact, {"text": "half"}, at=now(), worker="w")
        raise RuntimeError("a fault")

    async with Storage(database) as storage:
        turns = [storage.turn(envelope(str(n), 1), note(str(n))) for n in range(4)]
        results = await asyncio.gather(*turns, storage.turn(envelope("x", 1), fails), return_exceptions=True)
        again = await storage.turn(envelope("x", 1), note("x"))
    assert results[:4] == ["0", "1", "2", "3"]
    assert isinstance(results[4], RuntimeError)
    assert again == "x"
    assert sorted(await heard(database)) == ["0", "1", "2", "3", "x"]
    async with Session(database) as session:
        assert (await session.exec(select(func.count()).select_from(Outbox))).one() == 0
        assert (await session.exec(select(func.count()).select_from(Seen))).one() == 5


async def test_what_goes_along_begins_nothing_and_harms_nobody(database: AsyncEngine) -> None:
    begun: list[object] = []

    async def fails(session: Session) -> None:
        raise RuntimeError("a fault")

    async def counts(session: Session) -> None:
        session.add(AuditEntry(action="along"))

    async with Storage(database) as storage:
        await storage.turn(envelope("a", 1), note("one"))
        event.listen(database.sync_engine, "begin", begun.append)
        storage.write_along(counts)
        await asyncio.sleep(0)
        assert begun == [], "nothing begins for it"
        await storage.turn(envelope("a", 2), note("two"))
        assert len(begun) == 1, "it shares the transaction of what comes next"
        storage.write_along(fails)
        storage.write_along(counts)
        assert await storage.turn(envelope("a", 3), note("three")) == "three"
    assert await heard(database) == ["one", "along", "two", "along", "three"]


async def test_messages_wait_for_each_other_until_they_fill_a_transaction(database: AsyncEngine) -> None:
    begun: list[object] = []
    async with Storage(database, apart=3600) as storage:
        assert await storage.turn(envelope("a", 1), note("one")) == "one", "nobody waits after a pause"
        event.listen(database.sync_engine, "begin", begun.append)
        some = [
            asyncio.create_task(storage.turn(envelope(f"{n}", 1), note(f"{n}"))) for n in range(GROUP - 1)
        ]
        for _ in range(3):
            await asyncio.sleep(0)
        assert begun == []
        await storage.turn(envelope("b", 1), note("last"))
        await asyncio.gather(*some)
        assert len(begun) == 1
        await storage.write(lambda session: session.connection())
        assert len(begun) == 2, "other work begins at once"
        together = [storage.turn(envelope(f"c{n}", 1), note(f"c{n}")) for n in range(GROUP)]
        await asyncio.gather(*together)
        assert len(begun) == 3, "as much as one holds came at once"


async def test_what_is_posted_is_there_after_the_commit_and_claimed_once(database: AsyncEngine) -> None:

    async def speak(session: Session, identity: Identity) -> outbox.DueMessage:
        return outbox.post(
            session, identity.contact, {"text": "chào"}, at=now(), worker=None, slot="question"
        )

    async with Storage(database) as storage:
        due = await storage.turn(envelope("a", 1), speak)
        assert due is not None
        one, two = await asyncio.gather(
            outbox.claim(storage, "one", ["test"]), outbox.claim(storage, "two", ["test"])
        )
        assert [claimed.id for claimed in one + two] == [due.id]
        await outbox.record(storage, [outbox.Delivered(due.id, "77")])
        assert await outbox.slot_ref(storage, due.contact_id, "question", due.id + 1) == "77"
        async with storage.reading() as session:
            row = await session.get(Outbox, due.id)
            assert row is not None
            assert (row.state, row.body, row.ref) == ("sent", {}, "77")


async def test_what_a_dead_process_left_may_stand_in_the_chat_twice(database: AsyncEngine) -> None:

    async def speak(session: Session, identity: Identity) -> outbox.DueMessage:
        return outbox.post(
            session, identity.contact, {"text": "chào", "about": "1:0"}, at=now(), worker="dead"
        )

    async with Storage(database) as storage:
        await storage.turn(envelope("a", 1), speak)
        await outbox.release(storage, ["test"])
        [due] = await outbox.claim(storage, "new", ["test"])
        await outbox.record(storage, [outbox.Delivered(due.id, "77", delivered.kept_of(due))])
        async with storage.reading() as session:
            shown = await delivered.shown(session, due.contact_id, "77")
            assert shown == delivered.DeliveredMessage("1:0", newest=True)
            assert await delivered.shown(session, due.contact_id, "76") is None
            assert await delivered.may_have_shown(session, due.contact_id, now())


async def test_an_unreachable_contact_is_marked(database: AsyncEngine) -> None:

    async def speak(session: Session, identity: Identity) -> outbox.DueMessage:
        return outbox.post(session, identity.contact, {"text": "chào"}, at=now(), worker="w")

    async with Storage(database) as storage:
        due = await storage.turn(envelope("a", 1), speak)
        assert due is not None
        await outbox.record(storage, [outbox.Dead(due.id, due.contact_id, "Forbidden", unreachable=True)])
        async with storage.reading() as session:
            contact = await session.get(Contact, due.contact_id)
            assert contact is not None
            assert contact.reachable is False


async def test_heads_do_not_wait_behind_officers_whose_questions_take_long(
    database: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "OFFICERS_SECONDS", 0.0)
    async with writing(database) as session:
        ground = await session.places.add(Level.COMMUNE, "xã", "Mỹ Lý", None)
        for name, role in (("head", RoleName.VILLAGE_HEAD), ("officer", RoleName.COMMUNE_OFFICER)):
            contact = await create_contact(session, "test", name)
            await enrol(session, contact, ground.id, role, "", now())
    ends: list[str] = []

    async def told(address: str, number: int, text: str) -> str | None:
        result = await storage.turn(envelope(address, number), note(text))
        ends.append(result or "again")
        return result

    async with Storage(database) as storage:
        questions = [told("officer", number, f"q{number}") for number in (1, 2, 2, 3)]
        await asyncio.gather(*questions, told("head", 1, "answer"))
    effects = [entry for entry in await heard(database) if not entry.startswith("enrol")]
    assert effects == ["answer", "q1", "q2", "q3"]
    assert [end for end in ends if end != "again"] == ["answer", "q1", "q2", "q3"]
    assert ends.index("again") > ends.index("q2")


async def test_others_go_on_during_a_long_transaction(
    database: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "BREATH", 0.0)
    done: list[str] = []

    async def works(session: Session) -> None:
        done.append("message")
        if len(done) == 1:
            asyncio.get_running_loop().call_soon(done.append, "something else")

    async with Storage(database) as storage:
        await asyncio.gather(*(storage.write(works) for _ in range(3)))
    assert done == ["message", "something else", "message", "message"]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 50)), max_size=30, unique=True))
def test_a_group_is_sorted_within_each_contact_and_keeps_every_job(arrivals: list[tuple[str, int]]) -> None:
    async def sort() -> None:
        jobs = [Job(note("x"), envelope(address, number)) for address, number in arrivals]
        ordered = in_order(jobs)
        assert set(ordered) == set(jobs)
        for address in "abc":
            numbers = [
                job.envelope.order for job in ordered if job.envelope and job.envelope.address == address
            ]
            assert numbers == sorted(numbers)

    asyncio.run(sort())


@pytest.mark.parametrize("count", [1, 500])
def test_outbox_keys_grow_and_never_repeat(count: int) -> None:
    numbers = [outbox.next_id() for _ in range(count)]
    assert numbers == sorted(set(numbers))
    assert max(numbers) < 2**63
