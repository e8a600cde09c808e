"""SMS through a phone of our own, over real HTTP: once each, counted, and told where the phone fails."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markupsafe import Markup
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select
from structlog.testing import capture_logs

from bot.channels.base import Callback, CallRefused, Outgoing, SendProblem
from bot.channels.gsm import parts_in, unmarked
from bot.channels.sms import EVENTS, Sms, SmsTiming
from bot.channels.sms_inbox import SINCE
from bot.channels.sms_settings import SmsSettings
from bot.channels.text import plain
from bot.doctor import channels, examine
from bot.problems import Problem
from bot.settings import load_settings
from bot.teller import Teller
from handlers.membership.enrol import seat_in_short
from handlers.messages import CUT_SHORT, Incoming, MessageKind, Reply
from handlers.wording import catalogue
from storage import carried, facts, leaving, outbox, people
from storage.carried import Allowance, CarriedState, Used
from storage.database import writing
from storage.envelopes import Envelope
from storage.session import Session
from storage.tables import (
    Carried,
    ConsentText,
    Contact,
    Emergency,
    Level,
    Outbox,
    Role,
    RoleName,
    RosterEntry,
    now,
)
from storage.unit_of_work import Identity, Storage
from tests.bot.loopback import PATIENCE
from tests.bot.sms_loopback import KEY, PASSWORD, SmsLoopback
from tests.bot.test_serve import SECRET, service, webhooks
from tests.free_ports import free_port
from tests.handlers.chatting import Town, labels, load_forms, send_report, text_of, three_asked, town_on

HEAD = "84912345678"
WEBHOOK = Callback("http://127.0.0.1:9/sms/x", SECRET)
AT_ONCE = SmsTiming(0.01, 0.01, timedelta(), 900.0, timedelta(), timedelta())


@pytest.fixture
async def phone() -> AsyncIterator[SmsLoopback]:
    async with SmsLoopback() as phone:
        yield phone


@asynccontextmanager
async def sms_of(
    phone: SmsLoopback, storage: Storage, timing: SmsTiming = AT_ONCE, **settings: object
) -> AsyncIterator[Sms]:
    given: dict[str, object] = {"url": phone.url, "password": PASSWORD, "signing_key": KEY, **settings}
    async with Sms(SmsSettings.load(**given), "vi", timing) as sms:
        sms.attach(storage)
        yield sms


def letter(text: str = "chào", key: str = "1-0", priority: int = 0) -> Outgoing:
    return Outgoing(HEAD, Reply(Markup(text)), key=key, priority=priority)


async def carried_rows(storage: Storage) -> dict[str, Carried]:
    async with storage.reading() as session:
        return {row.key: row for row in await session.exec(select(Carried))}


async def no_seen(session: Session) -> None:
    """Take the table away in which messages are looked up."""
    await session.exec(text("ALTER TABLE seen RENAME TO away"))


class Refused:
    """Refuses every message, and keeps whether it was unchecked."""

    def __init__(self) -> None:
        self.unchecked: dict[str, bool] = {}

    async def __call__(self, incoming: Incoming) -> None:
        self.unchecked[incoming.text] = incoming.unchecked
        raise OSError("refused")


class Taken:
    """Keeps what was taken, and stops the looking once it has enough."""

    def __init__(self, enough: int = 1) -> None:
        self.enough, self.stop = enough, asyncio.Event()
        self.messages: list[Incoming] = []

    async def __call__(self, incoming: Incoming) -> None:
        self.messages.append(incoming)
        if len(self.messages) >= self.enough:
            self.stop.set()


# --- the whole service


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_who_is_on_the_roster_is_offered_to_join_once(
    phone: SmsLoopback, kind: str, database: AsyncEngine, database_url: str, tmp_path: Path, mode: str
) -> None:
    async with writing(database) as session:
        place = await session.places.add(level=Level.VILLAGE, kind="thôn", name="Nà Hin", parent_id=None)
        session.add(RosterEntry(phone=HEAD, name="Sử", place_id=place.id, role=RoleName.VILLAGE_HEAD))
    port = free_port()
    variables = {
        "THONBAO_DATABASE_URL": database_url,
        "THONBAO_DATA_DIR": str(tmp_path),
        "THONBAO_SMS_URL": phone.url,
        "THONBAO_SMS_PASSWORD": PASSWORD,
        "THONBAO_SMS_SIGNING_KEY": KEY,
        "THONBAO_PORT": str(port),
        **(webhooks(port) if mode == "webhook" else {}),
    }
    number = f"+{HEAD}"
    async with service(variables) as process:
        ready = f"{'POST' if mode == 'webhook' else 'GET'} /{'webhooks' if mode == 'webhook' else 'inbox'}"
        await phone.until(lambda: phone.count(ready) >= (len(EVENTS) if mode == "webhook" else 1))
        event = await phone.say(number, "alo", posted=mode == "webhook")
        await phone.until(lambda: phone.sent.get(number))
        if mode == "webhook":
            assert await phone.post(event) == 200
            assert await phone.post(event, key="another-key") == 403
            assert await phone.post(event, ago=301) == 403
            await phone.say(number, "DONG Y")
            await phone.until(lambda: len(phone.sent[number]) == 2)
        process.terminate()
        _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, errors.decode()
    assert "DONG Y" in phone.sent[number][0]
    assert len(phone.sent[number][0]) <= 160
    assert not any(secret in errors.decode() for secret in (PASSWORD, KEY, HEAD, "alo"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_killed_between_taking_and_writing_down_it_sends_once(
    phone: SmsLoopback, kind: str, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    """The phone took letters, and the process died before it knew: they are given again by the same names."""
    numbers = [f"8491234567{digit}" for digit in range(6)]
    await write_letters(database, numbers)
    variables = {
        "THONBAO_DATABASE_URL": database_url,
        "THONBAO_DATA_DIR": str(tmp_path),
        "THONBAO_QUIET_HOURS": "",
        "THONBAO_SMS_URL": phone.url,
        "THONBAO_SMS_PASSWORD": PASSWORD,
        "THONBAO_SMS_PER_MINUTE": "0",
    }
    phone.answering.clear()
    async with service({**variables, "THONBAO_PORT": str(free_port())}) as process:
        await phone.until(lambda: len(phone.messages) >= 2)
        process.kill()
        await process.communicate()
    phone.answering.set()
    async with service({**variables, "THONBAO_PORT": str(free_port())}):
        await phone.until(lambda: phone.count("POST /messages") >= len(numbers) + 2)
        await phone.until(lambda: len(phone.sent) == len(numbers))
    assert phone.sent == {f"+{number}": ["Thu"] for number in numbers}
    async with Session(database) as session:
        assert len((await session.exec(select(Carried))).all()) == len(numbers)


async def write_letters(database: AsyncEngine, numbers: Sequence[str]) -> None:
    """A letter to each number."""
    async with writing(database) as session:
        queued = []
        for number in numbers:
            contact = await people.create_contact(session, "sms", number)
            body = Reply(Markup("Thư")).to_json()
            queued.append(outbox.QueuedLetter(f"weekly:{number}", contact.id, body, 1, now()))
        await outbox.insert_many(session, queued)


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_who_counts_meanwhile_waits_for_the_sum(kind: str, database: AsyncEngine) -> None:
    """What another process has counted and not yet committed is not overlooked."""

    async def counted(session: Session, key: str) -> datetime | None:
        bounds = (Allowance("day", "parts", 10),)
        return await carried.note(session, "sms", key, Used(1, 5, 0), 1, bounds, now())

    async def second() -> datetime | None:
        async with writing(database) as session:
            return await counted(session, "two")

    waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    async with Session(database) as session, session.begin(), Session(database) as watching:
        assert await counted(session, "one") is None
        task = asyncio.create_task(second())
        while not (task.done() or (await (await watching.connection()).execute(waits)).scalar_one()):
            await asyncio.sleep(0.01)
    assert await task is not None, "ten less a tenth has room for one of them"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_killed_while_people_write_everybody_is_answered_once(
    phone: SmsLoopback, kind: str, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    """Each message is posted until it is acknowledged, as the phone does, and stands in its list besides."""
    numbers = [f"8491234567{digit}" for digit in range(6)]
    async with writing(database) as session:
        place = await session.places.add(level=Level.VILLAGE, kind="thôn", name="Nà Hin", parent_id=None)
        for number in numbers:
            session.add(RosterEntry(phone=number, name="", place_id=place.id, role=RoleName.VILLAGE_HEAD))
    port = free_port()
    variables = {
        "THONBAO_DATABASE_URL": database_url,
        "THONBAO_DATA_DIR": str(tmp_path),
        "THONBAO_SMS_URL": phone.url,
        "THONBAO_SMS_PASSWORD": PASSWORD,
        "THONBAO_SMS_SIGNING_KEY": KEY,
        "THONBAO_SMS_PER_MINUTE": "0",
        "THONBAO_PORT": str(port),
        **webhooks(port),
    }
    events = []
    async with service(variables) as process:
        await phone.until(lambda: phone.count("POST /webhooks") >= len(EVENTS))
        events = [await phone.say(number, "alo", posted=False) for number in numbers]
        posting = [asyncio.create_task(phone.post_until_taken(event)) for event in events]
        await phone.until(lambda: len(phone.sent) >= 2)
        process.kill()
        await process.communicate()
    async with service(variables):
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*posting, *(phone.post_until_taken(event) for event in events))
        await phone.until(lambda: len(phone.sent) == len(numbers))
    assert [len(texts) for texts in phone.sent.values()] == [1] * len(numbers)
    async with Session(database) as session:
        assert len((await session.exec(select(Carried))).all()) == len(numbers)


# --- sending


@pytest.mark.parametrize("conflict", [False, True])
async def test_a_message_is_sent_once_and_counted_in_parts(
    phone: SmsLoopback, storage: Storage, conflict: bool
) -> None:
    phone.conflict = conflict
    async with sms_of(phone, storage, price=350) as sms:
        for _ in range(2):
            assert (await sms.send(letter("<b>Đường</b> " + "ơ" * 160))).ref == "tb1-0"
    assert phone.sent == {f"+{HEAD}": ["Duong " + "o" * 160]}
    row = (await carried_rows(storage))["tb1-0"]
    assert (row.parts, row.price, row.state) == (2, 700, CarriedState.GIVEN)


@pytest.mark.parametrize(
    ("status", "permanent", "counted"),
    [
        (400, True, 0),
        (404, False, 1),
        (302, False, 1),
        (401, False, 1),
        (429, False, 1),
        (500, False, 1),
        (503, False, 1),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_a_refusal_means(
    phone: SmsLoopback, kind: str, storage: Storage, status: int, permanent: bool, counted: int
) -> None:
    phone.fail("POST /messages", status)
    async with sms_of(phone, storage) as sms:
        with pytest.raises(SendProblem) as met:
            await sms.send(letter())
    assert (met.value.permanent, met.value.unreachable) == (permanent, False)
    assert len(await carried_rows(storage)) == counted


async def test_where_nothing_can_be_counted_only_that_is_said(phone: SmsLoopback, storage: Storage) -> None:
    async def work(session: Session) -> None:
        await session.exec(text("ALTER TABLE carried RENAME TO away"))

    await storage.write(work)
    async with sms_of(phone, storage) as sms:
        await sms.send(letter(key=""))
        with pytest.raises(DBAPIError):
            await sms.send(letter(key="1-0"))
    assert len(phone.sent[f"+{HEAD}"]) == 1


async def test_all_who_write_are_told_also_by_the_list(phone: SmsLoopback, storage: Storage) -> None:
    """Who is refused keeps nobody behind from being told; what was there before is not taken for new."""
    refused = Refused()
    async with sms_of(phone, storage) as sms:
        await storage.write(partial(facts.put, key=SINCE, value=(now() - timedelta(hours=1)).isoformat()))
        await phone.say(f"+{HEAD}", "cũ", posted=False, ago=300)
        await phone.say(f"+{HEAD}", "120", posted=False, ago=30)
        await phone.say(f"+{HEAD}", "cháy nhà", posted=False)
        sms.inbox.checked_at = now() - timedelta(minutes=1)
        with pytest.raises(OSError, match="refused"):
            await sms.inbox.fetch(refused, timedelta())
        assert refused.unchecked == {"cũ": False, "120": False, "cháy nhà": False}
        await storage.write(no_seen)
        for grace, error in ((timedelta(minutes=2), DBAPIError), (timedelta(), OSError)):
            refused.unchecked.clear()
            with pytest.raises(error):
                await sms.inbox.fetch(refused, grace)
            assert refused.unchecked == ({} if grace else {"120": True, "cháy nhà": True})


async def test_where_nothing_can_be_looked_up_the_sender_is_told(
    phone: SmsLoopback, storage: Storage
) -> None:
    await storage.write(no_seen)
    taken = Taken()
    async with sms_of(phone, storage) as sms:
        called = await phone.say(f"+{HEAD}", "cháy nhà", posted=False)
        with pytest.raises(DBAPIError):
            await sms.posted(orjson.dumps(called), taken)
    assert [(one.text, one.unchecked) for one in taken.messages] == [("cháy nhà", True)]


async def test_the_last_of_a_day_is_for_answers_and_emergencies(phone: SmsLoopback, storage: Storage) -> None:
    async with sms_of(phone, storage, per_minute=0, per_day=10) as sms:
        for number in range(9):
            await sms.send(letter(key=f"{number}-0", priority=1))
        with pytest.raises(SendProblem) as met:
            await sms.send(letter(key="9-0", priority=1))
        assert met.value.postponed is not None
        assert 1 <= met.value.postponed <= 86_400
        await sms.send(letter(key="10-0"))
        with pytest.raises(SendProblem):
            await sms.send(letter(key="11-0"))
        await sms.send(letter(key="12-0", priority=-1))
        await sms.send(letter(key="0-0", priority=1))  # it counts already
    assert {phone.messages[key]["priority"] for key in ("tb10-0", "tb12-0")} == {0, 100}


def test_an_allowance_has_room_up_to_its_last_part() -> None:
    allowance = Allowance("day", "parts", 10)
    assert [allowance.has_room(Used(0, used, 0), Used(1, 2, 0), 0) for used in (7, 8, 9)] == [
        True,
        True,
        False,
    ]
    assert [allowance.has_room(Used(0, used, 0), Used(1, 2, 0), 1) for used in (7, 8)] == [True, False]
    for used, has_room in ((0, True), (1, False)):  # more than a minute's worth
        assert Allowance("minute", "parts", 5).has_room(Used(0, used, 0), Used(1, 8, 0), 1) is has_room
    assert Allowance("day", "parts", 0).has_room(Used(0, 99, 0), Used(1, 2, 0), 2)


# --- what becomes of it


async def test_states_of_parts_are_folded(phone: SmsLoopback, storage: Storage) -> None:
    async with sms_of(phone, storage) as sms:
        await sms.send(letter("o" * 320))

        async def told(name: str, number: int) -> CarriedState:
            event = phone.event(name, {"messageId": "tb1-0"}) | {"id": f"e{number}"}
            await sms.posted(orjson.dumps(event), Taken())
            return CarriedState((await carried_rows(storage))["tb1-0"].state)

        seen = [await told("sms:sent", number) for number in (1, 2, 2, 3, 4)]
        assert seen == [CarriedState.GIVEN] * 3 + [CarriedState.SENT] * 2
        assert [await told("sms:delivered", number) for number in (5, 6, 7)][-1] == CarriedState.DELIVERED
        assert await told("sms:failed", 8) == CarriedState.FAILED
        assert await told("sms:delivered", 9) == CarriedState.FAILED


async def test_a_message_that_stays_with_the_phone_is_told_once(phone: SmsLoopback, storage: Storage) -> None:
    await administrator(storage)
    phone.sends = False
    async with sms_of(phone, storage) as sms:
        await sms.send(letter())
        with capture_logs() as logs:
            await sms.follow_up()
            await sms.follow_up()
        phone.messages["tb1-0"]["state"] = "Delivered"
    assert [line["stuck"] for line in logs if line["log_level"] == "error"] == [1]
    assert ["1 tin còn nằm ở điện thoại" in str(body["text"]) for body in await letters(storage)] == [True]


async def test_what_no_webhook_told_is_asked_after(phone: SmsLoopback, storage: Storage) -> None:
    async with sms_of(phone, storage) as sms:
        await sms.send(letter(key="1-0"))
        await sms.send(letter(key="2-0"))
        del phone.messages["tb2-0"]  # the app was installed anew
        with capture_logs() as logs:
            await sms.follow_up()
        states = {key: row.state for key, row in (await carried_rows(storage)).items()}
        await sms.send(letter(key="2-0"))
        assert (await carried_rows(storage))["tb2-0"].state == CarriedState.GIVEN
    assert states == {"tb1-0": CarriedState.SENT, "tb2-0": CarriedState.FAILED}
    assert [line["failed"] for line in logs if line["log_level"] == "error"] == [1]


async def test_a_silent_phone_is_told_to_the_administrators_elsewhere(
    phone: SmsLoopback, storage: Storage
) -> None:
    await administrator(storage)
    phone.fail("GET /inbox", *[503] * 40)
    silent = SmsTiming(0.01, 0.01, timedelta(), 0.0, timedelta(), timedelta())
    stop = asyncio.Event()
    async with sms_of(phone, storage, silent) as sms:
        looking = asyncio.create_task(sms.look_after(Taken(), stop, 0.01, timedelta()))
        await phone.until(lambda: phone.count("GET /inbox") >= 3)
        stop.set()
        await looking
        assert sms.failed_polls >= 3
    assert len(await letters(storage)) == 1


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_the_phone_does_not_know_yet_is_not_lost(
    phone: SmsLoopback, kind: str, storage: Storage
) -> None:
    soon = replace(AT_ONCE, stuck=timedelta(minutes=30))
    phone.fail("POST /messages", 503)
    async with sms_of(phone, storage, soon) as sms:
        with pytest.raises(SendProblem):
            await sms.send(letter())
        await sms.follow_up()
    assert (await carried_rows(storage))["tb1-0"].state == CarriedState.GIVEN


# --- the two ways in


async def test_the_list_brings_what_the_webhook_did_not(phone: SmsLoopback, storage: Storage) -> None:
    taken = Taken(2)
    async with sms_of(phone, storage) as sms:
        await sms.inbox.fetch(taken, timedelta())
        await phone.say("0912 345 678", "120", posted=False)
        await phone.say(f"+{HEAD}", "75", posted=False)
        await phone.say("Viettel", "Khuyen mai", posted=False)
        await sms.inbox.fetch(taken, timedelta())
    assert [(one.address, one.text, one.kind) for one in taken.messages] == [
        (HEAD, "120", MessageKind.TEXT),
        (HEAD, "75", MessageKind.TEXT),
    ]


async def test_what_came_by_both_ways_has_one_name(phone: SmsLoopback, storage: Storage) -> None:
    """By whichever it comes first: once it counts, the other way finds it under the same name."""
    seen = Gate(storage)
    await ours_since_yesterday(storage)
    async with sms_of(phone, storage) as sms:
        event = await phone.say(HEAD, "120 109", posted=False)
        await sms.inbox.fetch(seen, timedelta())
        await sms.posted(orjson.dumps(event), seen)
        other = await phone.say(HEAD, "75", posted=False)
        listed_at = datetime.fromisoformat(phone.listed[-1]["createdAt"]) - timedelta(seconds=1)
        phone.listed[-1]["createdAt"] = listed_at.isoformat()
        await sms.posted(orjson.dumps(other), seen)
        await sms.inbox.fetch(seen, timedelta())
    assert [one.text for one in seen.fresh] == ["120 109", "75"]


async def test_two_long_texts_that_begin_alike_are_two(phone: SmsLoopback, storage: Storage) -> None:
    """Sent within a second; the list shows no more than how they begin, and brings neither a second time."""
    seen, phone.preview = Gate(storage), 30
    alike = "Bao cao nuoc sinh hoat thon Na Hin: "
    await ours_since_yesterday(storage)
    async with sms_of(phone, storage, preview=30) as sms:
        for text in (f"{alike}120 ho", f"{alike}75 ho", f"{alike}75 ho"):
            await sms.posted(orjson.dumps(await phone.say(HEAD, text, posted=False)), seen)
        await sms.inbox.fetch(seen, timedelta())
    assert [one.text for one in seen.fresh] == [f"{alike}120 ho", f"{alike}75 ho", f"{alike}75 ho"]
    assert phone.count("POST /inbox/refresh") == 0


async def test_the_same_words_in_one_second_are_two_messages(phone: SmsLoopback, storage: Storage) -> None:
    """As when a phone comes back into coverage; posted at once, posted again, and listed, they stay two."""
    seen = Gate(storage)
    await ours_since_yesterday(storage)
    async with sms_of(phone, storage) as sms:
        events = [await phone.say(HEAD, "0", posted=False) for _ in range(2)]
        await asyncio.gather(*(sms.posted(orjson.dumps(event), seen) for event in (*events, *events)))
        assert len(seen.fresh) == 2
        await sms.inbox.fetch(seen, timedelta())
        assert len(seen.fresh) == 2
        await phone.say(HEAD, "0", posted=False)  # which nobody posts
        await sms.inbox.fetch(seen, timedelta())
        await sms.inbox.fetch(seen, timedelta())
    assert [one.text for one in seen.fresh] == ["0", "0", "0"]


async def test_a_call_that_is_repeated_with_another_moment_counts_once(
    phone: SmsLoopback, storage: Storage
) -> None:
    seen = Gate(storage)
    async with sms_of(phone, storage) as sms:
        event = await phone.say(HEAD, "80", posted=False)
        later = {**event["payload"], "receivedAt": (now() + timedelta(seconds=3)).isoformat()}
        for body in (event, {**event, "payload": later}, event):
            await sms.posted(orjson.dumps(body), seen)
    assert [one.text for one in seen.fresh] == ["80"]


async def test_what_somebody_has_the_phone_post_once_more_counts_once(
    phone: SmsLoopback, storage: Storage
) -> None:
    """Nobody told us of it, and each call has an id of its own. Of two alike in one second the list shows the other."""
    seen = Gate(storage)
    await ours_since_yesterday(storage)
    async with sms_of(phone, storage) as sms:
        event = await phone.say(HEAD, "1", posted=False)
        calls = [event, *(phone.event("sms:received", event["payload"]) for _ in range(2))]
        await asyncio.gather(*(sms.posted(orjson.dumps(call), seen) for call in calls))
        await sms.inbox.fetch(seen, timedelta())
        assert [one.text for one in seen.fresh] == ["1"]
        phone.listed.append(phone.listed[-1] | {"id": "another"})
        await sms.inbox.fetch(seen, timedelta())
    assert [one.text for one in seen.fresh] == ["1", "1"]


async def test_what_was_asked_for_once_more_counts_once_under_its_new_name(
    phone: SmsLoopback, storage: Storage
) -> None:
    """The phone posts all of the time for which it is asked, also what it had posted before."""
    phone.preview, seen = 10, Gate(storage)
    await ours_since_yesterday(storage)
    async with sms_of(phone, storage, preview=10) as sms:
        missed, short = "120 109 98 27 6 0 1", "75"
        events = [await phone.say(HEAD, text, posted=False, ago=60) for text in (missed, short)]
        await sms.posted(orjson.dumps(events[1]), seen)
        await sms.inbox.fetch(seen, timedelta(seconds=30))
        assert phone.count("POST /inbox/refresh") == 1
        for event in events:
            anew = phone.event("sms:received", event["payload"])
            await sms.posted(orjson.dumps(anew), seen)
            await sms.posted(orjson.dumps(anew), seen)
        await sms.inbox.fetch(seen, timedelta(seconds=30))
    assert [(one.kind, one.text) for one in seen.fresh] == [
        (MessageKind.TEXT, short),
        (MessageKind.TEXT, missed),
    ]


SENT_AT = st.tuples(st.sampled_from(["0", "75"]), st.integers(0, 8).map(lambda half: half / 2))
numbers = itertools.count(900_000_000)


@pytest.mark.parametrize("kind", ["sqlite"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), sent=st.lists(SENT_AT, min_size=1, max_size=5))
async def test_however_calls_and_lists_follow_each_message_counts_once(
    phone: SmsLoopback, storage: Storage, kind: str, data: st.DataObject, sent: list[tuple[str, float]]
) -> None:
    """Against the plain model: as many of the same words count as were sent."""
    seen, number = Gate(storage), f"84{next(numbers)}"
    await ours_since_yesterday(storage)
    phone.listed.clear()
    async with sms_of(phone, storage) as sms:
        events = [await phone.say(number, text, posted=False, ago=600 - late) for text, late in sent]
        steps = data.draw(st.lists(st.integers(-1, len(sent) - 1), max_size=12))
        for step in (*steps, -1):
            if step < 0:
                await sms.inbox.fetch(seen, timedelta())
            else:
                await sms.posted(orjson.dumps(events[step]), seen)
    assert sorted(one.text for one in seen.fresh) == sorted(text for text, _ in sent)


async def ours_since_yesterday(storage: Storage) -> None:
    """The phone is ours since then: what it lists is for us."""
    moment = (now() - timedelta(days=1)).isoformat()
    await storage.write(lambda session: facts.put(session, SINCE, moment))


async def test_what_the_list_cuts_short_is_no_answer(phone: SmsLoopback, storage: Storage) -> None:
    phone.preview = 10
    taken = Taken()
    await ours_since_yesterday(storage)
    async with sms_of(phone, storage, preview=10) as sms:
        await phone.say(HEAD, "120 109 98 27 6 0 1", posted=False, ago=60)
        await sms.inbox.fetch(taken, timedelta(seconds=30))
        assert taken.messages == []
        assert phone.count("POST /inbox/refresh") == 1
        phone.listed[0]["createdAt"] = (now() - timedelta(minutes=11)).isoformat()
        sms.inbox.since = now() - timedelta(hours=1)
        await sms.inbox.fetch(taken, timedelta(seconds=30))
    assert [(one.kind, one.what) for one in taken.messages] == [(MessageKind.OTHER, CUT_SHORT)]


async def test_without_a_webhook_what_is_cut_short_is_answered_at_once(
    phone: SmsLoopback, storage: Storage
) -> None:
    phone.preview, taken = 10, Taken()
    await ours_since_yesterday(storage)
    async with sms_of(phone, storage, preview=10) as sms:
        await phone.say(HEAD, "nuoc lu dang len rat nhanh", posted=False)
        await sms.inbox.fetch(taken, timedelta())
        await sms.inbox.fetch(taken, timedelta())
    assert [(one.what, one.text) for one in taken.messages][:1] == [(CUT_SHORT, "nuoc lu da…")]
    assert phone.count("POST /inbox/refresh") == 0


async def test_what_the_phone_received_before_it_was_ours_is_left_alone(
    phone: SmsLoopback, storage: Storage
) -> None:
    taken = Taken()
    await phone.say(HEAD, "me oi", posted=False, ago=60)
    async with sms_of(phone, storage) as sms:
        await sms.inbox.fetch(taken, timedelta())
        await sms.inbox.fetch(taken, timedelta())
    assert taken.messages == []


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_is_no_event_is_refused_or_dropped(
    phone: SmsLoopback, kind: str, storage: Storage
) -> None:
    taken = Taken()
    async with sms_of(phone, storage) as sms:
        with pytest.raises(CallRefused):
            await sms.posted(b"{", taken)
        for body in (
            b"[]",
            b'{"id": "1", "event": "sms:received", "payload": {}}',
            b'{"id": 7, "event": "x"}',
            b'{"id": "2", "event": "sms:received", "payload": {"message": "1", "sender": "+84912345678",'
            b' "receivedAt": "0001-01-01T00:00:00+07:00"}}',
        ):
            await sms.posted(body, taken)
    assert taken.messages == []


@pytest.mark.parametrize("moment", [b"", b"soon", b"-1", b"9" * 400, b"9" * 5000])
def test_a_call_of_another_time_is_not_admitted(moment: bytes) -> None:
    sms = Sms(SmsSettings.load(url="http://127.0.0.1:1", password="p", signing_key="12345678"), "vi")
    assert not sms.admits([(b"x-timestamp", moment)], "")


# --- the phone


async def test_webhooks_are_set_by_names_of_ours_and_taken_back(phone: SmsLoopback, storage: Storage) -> None:
    phone.hooks["another"] = {"id": "another", "event": "sms:received", "url": "http://elsewhere"}
    async with sms_of(phone, storage) as sms:
        for _ in range(2):
            await sms.begin({}, WEBHOOK, asyncio.Event())
        assert {hook["event"] for name, hook in phone.hooks.items() if name != "another"} == set(EVENTS)
        assert len(phone.hooks) == len(EVENTS) + 1
        await sms.begin({}, None, asyncio.Event())
    assert list(phone.hooks) == ["another"]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_keeps_it_from_beginning_is_said(phone: SmsLoopback, kind: str, storage: Storage) -> None:
    async with sms_of(phone, storage, password="wrong") as sms:
        with pytest.raises(Problem, match="THONBAO_SMS_PASSWORD"):
            await sms.begin({}, None, asyncio.Event())
    async with sms_of(phone, storage, signing_key="") as sms:
        with pytest.raises(Problem, match="THONBAO_SMS_SIGNING_KEY"):
            await sms.begin({}, WEBHOOK, asyncio.Event())


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_its_settings_are_examined(
    kind: str, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    monkeypatch.setenv("THONBAO_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("THONBAO_SMS_URL", "http://192.168.1.20:8080")
    say = Teller("vi")
    assert [check.state for check in channels(load_settings(), say)] == ["bad"]
    monkeypatch.setenv("THONBAO_SMS_PASSWORD", PASSWORD)
    told = [check.text for check in await examine(load_settings(), say) if check.name == "sms"]
    assert "SMS: đã dùng 0/500 phần SMS hôm nay." in told
    assert not any(PASSWORD in line for line in told)


async def test_the_number_of_a_stranger_is_not_kept(storage: Storage) -> None:
    old, new = now() - timedelta(days=31), now()

    async def work(session: Session) -> None:
        place = await session.places.add(level=Level.NATION, kind="nước", name="Việt Nam", parent_id=None)
        for address, moment in (("84900000001", old), ("84900000002", new), ("84900000003", old)):
            contact = await people.create_contact(session, "sms", address)
            contact.created_at, contact.last_sent_at = old, moment
        await people.enrol(session, contact, place.id, RoleName.VILLAGE_HEAD, "", old)
        other = await people.create_contact(session, "telegram", "84900000001")
        other.created_at, other.last_sent_at = old, old

    await storage.write(work)
    forget = partial(leaving.forget_callers, channels=["sms"], before=now() - timedelta(days=30))
    assert [await storage.write(forget), await storage.write(forget)] == [1, 0]
    async with storage.reading() as session:
        addresses = set(await session.exec(select(Contact.address).where(Contact.channel == "sms")))
        assert {"84900000002", "84900000003"} < addresses
        assert "84900000001" not in addresses


async def test_who_writes_while_strangers_are_forgotten_is_answered(storage: Storage) -> None:
    """One is new, one comes back after a long silence: both messages share their transaction with the forgetting."""
    old = now() - timedelta(days=31)

    async def long_ago(session: Session) -> None:
        contact = await people.create_contact(session, "sms", "84900000001")
        contact.created_at, contact.last_sent_at = old, old

    async def answer(session: Session, identity: Identity) -> None:
        outbox.post(session, identity.contact, {}, at=now(), worker=None)

    await storage.write(long_ago)
    forget = partial(leaving.forget_callers, channels=["sms"], before=now() - timedelta(days=30))
    called = [Envelope("sms", number, number, 1, now()) for number in ("84900000001", "84900000002")]
    await asyncio.gather(storage.write(forget), *(storage.turn(envelope, answer) for envelope in called))
    async with storage.reading() as session:
        letters = select(Contact.address).join(Outbox, col(Outbox.contact_id) == col(Contact.id))
        assert set(await session.exec(letters)) == {"84900000001", "84900000002"}


# --- the conversation


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_report_by_sms(kind: str, database: AsyncEngine, tmp_path: Path) -> None:
    """All answers in one message, read back once, and sent with an OK."""
    async with town_on(database, tmp_path, Sms.can) as town:
        await load_forms(town)
        await expect(town, HEAD)
        chat = town.phone(HEAD)
        assert "DONG Y" in text_of(await chat.says("alo"))
        await chat.says("DONG Y")
        long_ago = update(Role).values(since=town.now - timedelta(days=400))
        await town.storage.write(lambda session: session.exec(long_ago))
        await chat.says("báo cáo")
        await chat.presses("Nước")
        read_back = labels(await chat.says("120 80 75 70 20 0 0"))
        assert read_back[:3] == [
            "Thôn có tất cả 120 hộ",
            "Trong đó có 80 hộ dân tộc thiểu số",
            "75 hộ đang dùng nước hợp vệ sinh",
        ]
        receipt = text_of(await chat.says("OK"))
    assert "BC-" in receipt


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_may_be_asked_fits_into_a_few_parts(
    kind: str, database: AsyncEngine, tmp_path: Path
) -> None:
    async with town_on(database, tmp_path, Sms.can) as town:
        officer = await town.enrolled("8", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
        told = text_of(await officer.says("hỏi gì được"))
        missing = text_of(await officer.says("thôn nào chưa báo cáo"))
        await load_forms(town)
        await send_report(town, "nuoc-sach", "Nà Hin", {"/data/nuoc_ho": "120", "/data/nuoc_ho_dtts": "109"})
        check = text_of(await officer.says("kiểm tra số liệu"))
    assert ("mở từng phiếu mà xem số" in check, "120 hộ" in check) == (True, False)
    assert "Cần đôn đốc nhất" not in missing  # the choices say so, in the same order
    assert "Nước sinh hoạt (" in told
    assert parts_in(unmarked(told)) <= 6


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_cry_before_the_consent_is_kept_and_asked_about_with_it(
    kind: str, database: AsyncEngine, tmp_path: Path
) -> None:
    async with town_on(database, tmp_path, Sms.can) as town:
        await expect(town, HEAD)
        chat = town.phone(HEAD)
        said = text_of(await chat.says("sat lo chet nguoi roi cuu voi"))
        assert [words for words in ("112", "chưa tới ai", "DONG Y") if words not in said] == []
        assert "mã mời" not in said
        await chat.says("1")
        said = text_of(await chat.says("dong y"))
        assert "khẩn cấp phải không" in said
        assert "sat lo chet nguoi roi cuu voi" in said
        await chat.says("dung bao ngay")
        [row] = await town.rows(Emergency)
    assert (row.kind, row.details[0]["text"]) == ("sat-lo", "sat lo chet nguoi roi cuu voi")


async def test_a_cry_is_forgotten_where_nobody_agrees(database: AsyncEngine, tmp_path: Path) -> None:
    async with town_on(database, tmp_path, Sms.can) as town:
        await expect(town, HEAD)
        chat = town.phone(HEAD)
        await chat.says("sat lo chet nguoi roi cuu voi")
        for silent, forgotten in ((-1, 0), (1, 1), (1, 0)):
            before = town.now + timedelta(hours=silent)
            assert await town.storage.write(partial(leaving.forget_cries, before=before)) == forgotten
        said = text_of(await chat.says("dong y"))
        assert "sat lo" not in said
        assert await town.rows(Role)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_has_just_joined_reads_why_nothing_is_asked(
    kind: str, database: AsyncEngine, tmp_path: Path
) -> None:
    """Though where each letter costs a list says no more than its choices."""
    async with town_on(database, tmp_path, Sms.can, three_asked()) as town:
        await load_forms(town)
        town.later(days=5)
        await expect(town, HEAD)
        chat = town.phone(HEAD)
        for words in ("alo", "DONG Y"):
            await chat.says(words)
        shown = text_of(await chat.says("báo cáo"))
        assert "trước khi bác nhận việc" in shown


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_nought_leads_to_the_menu_and_nine_to_help_where_no_number_is_asked_for(
    kind: str, database: AsyncEngine, tmp_path: Path
) -> None:
    async with town_on(database, tmp_path, Sms.can) as town:
        await load_forms(town)
        chat = await town.head(HEAD)
        assert "Bác muốn làm gì" in text_of(await chat.says("0"))
        assert "Báo cáo" in text_of(await chat.says("9"))
        await chat.says("báo cáo")
        await chat.presses("Nước")
        assert "120" in text_of(await chat.says("120"))
        assert "Ghi nhận: 0" in text_of(await chat.says("0"))


@pytest.mark.parametrize("locale", ["vi", "en"])
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_consent_fits_into_one_sms(
    kind: str, locale: str, database: AsyncEngine, tmp_path: Path
) -> None:
    async with town_on(database, tmp_path, Sms.can) as town:
        for place in ("Nà Hin", "Nà Lốc"):
            await expect(town, HEAD, place)
        phone = town.phone(HEAD)
        for text in ("alo", "DONG Y"):
            said = replace(phone.incoming(MessageKind.TEXT, text=text), locale=locale)
            await town.dispatch.handle(said, town.channel)
        (_, offered), *_ = await town.heard()
        async with town.storage.reading() as session:
            [agreed] = await session.exec(select(ConsentText.text))
    text = unmarked(plain(offered.text))
    assert "(+1)" in text
    assert parts_in(text) == 1
    assert agreed == catalogue(locale)["enrol.consent_brief"], "what is kept are the words that were read"


def test_the_seat_in_the_consent_keeps_the_name_of_the_commune() -> None:
    for name in (
        "thôn Nà Hin, xã Vĩnh Thông",
        "thôn Khuổi Lặng Thượng, xã Thượng Minh",
        "bản Xiềng Tắm, xã Mỹ Lý",
    ):
        commune = name.partition(", ")[2]
        for more in ("", " (+1)"):
            words = seat_in_short(f"{name}, tỉnh Thái Nguyên", more)
            assert words.endswith(f", {commune}{more}"), words
            asked = unmarked(catalogue("vi")["enrol.consent_brief"].replace("{seat}", words))
            assert parts_in(asked) == 1, asked


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_that_nobody_expects_is_told_how_to_join(
    kind: str, database: AsyncEngine, tmp_path: Path
) -> None:
    async with town_on(database, tmp_path, Sms.can) as town:
        await expect(town, "84912000000")
        assert "chưa có trong danh sách" in text_of(await town.phone(HEAD).says("alo"))


# --- helpers


async def expect(town: Town, phone: str, place: str = "Nà Hin") -> None:
    entry = RosterEntry(phone=phone, name="Lý A Sử", place_id=town.places[place], role=RoleName.VILLAGE_HEAD)

    async def work(session: Session) -> None:
        session.add(entry)

    await town.storage.write(work)


async def administrator(storage: Storage) -> None:
    """Somebody who looks after the bot, with a chat on another channel and one by SMS."""

    async def work(session: Session) -> None:
        place = await session.places.add(level=Level.NATION, kind="nước", name="Việt Nam", parent_id=None)
        contact = await people.create_contact(session, "telegram", "7")
        person = await people.enrol(session, contact, place.id, RoleName.ADMINISTRATOR, "Vũ", now())
        other = await people.create_contact(session, "sms", "84900000000")
        other.person_id = person.id

    await storage.write(work)


async def letters(storage: Storage) -> list[dict[str, object]]:
    """What is to be sent to people."""
    async with storage.reading() as session:
        return list(await session.exec(select(Outbox.body)))


class Gate:
    """Takes messages through the gate: `fresh` are those that did not count yet."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.fresh: list[Incoming] = []

    async def __call__(self, one: Incoming) -> None:
        async def work(session: Session, identity: Identity) -> bool:
            return True

        envelope = Envelope(one.channel, one.address, one.key, one.order, one.at, also=one.also)
        if await self.storage.turn(envelope, work):
            self.fresh.append(one)


async def test_what_is_free_counts_once_and_is_given_again_where_it_was_taken_for_lost(
    storage: Storage,
) -> None:
    async def noted() -> Carried:
        await storage.write(partial(carried.note_free, **FREE))
        return (await carried_rows(storage))["k"]

    assert (await noted()).state == CarriedState.GIVEN
    await storage.write(partial(carried.set_state, channel="sms", key="k", state=CarriedState.FAILED))
    again = await noted()
    assert (again.state, again.parts, again.price) == (CarriedState.GIVEN, 2, 0)
    async with storage.reading() as session:
        assert await carried.used(session, "sms", FREE["at"]) == Used(1, 2, 0)


FREE: dict[str, Any] = {"channel": "sms", "key": "k", "parts": 2, "at": now()}
