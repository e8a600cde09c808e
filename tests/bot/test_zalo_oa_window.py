"""What waits for the window of an Official Account goes as one message; what is killed in between counts once."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import orjson
import pytest
from markupsafe import Markup
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select
from starlette.applications import Starlette
from starlette.routing import Route

from bot.channels.base import UNPACED, SendProblem
from bot.channels.zalo_oa import ZaloOa
from bot.delivery import Delivery, Timing
from bot.file_links import LIFETIME, PATH, FileLinks
from bot.serve import webhook_path
from handlers.messages import Choice, Document, Incoming, Reply
from storage import outbox, people
from storage.database import writing
from storage.outbox import OUTSIDE_WINDOW
from storage.session import Session
from storage.tables import Carried, Contact, Outbox, OutboxState, Person, now
from storage.unit_of_work import Storage
from tests.bot.loopback import PATIENCE
from tests.bot.test_serve import SECRET, service, webhooks
from tests.bot.test_zalo_oa import DAY, USER, Taken, account, letter, ready, silent_for
from tests.bot.zalo_oa_loopback import ZaloOaLoopback, refused
from tests.counting import asked
from tests.free_ports import free_port

LOOK = Choice("Xem tình hình thôn", "t:1")


@pytest.fixture
async def api() -> AsyncIterator[ZaloOaLoopback]:
    async with ZaloOaLoopback() as api:
        yield api


async def queue(database: AsyncEngine, user: str, replies: Sequence[Reply], silence: timedelta) -> None:
    """Letters to somebody who was silent for so long."""
    async with writing(database) as session:
        contact = await people.find_contact(session, "zalo-oa", user)
        contact = contact or await people.create_contact(session, "zalo-oa", user)
        contact.last_sent_at = now() - silence
        letters = [
            outbox.QueuedLetter(f"weekly:{user}:{number}", contact.id, reply.to_json(), 1, now())
            for number, reply in enumerate(replies)
        ]
        await outbox.insert_many(session, letters)


async def rows(database: AsyncEngine, table: type[Any]) -> list[Any]:
    async with Session(database) as session:
        key = table.key if table is Carried else table.id
        return list(await session.exec(select(table).order_by(key)))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_just_wrote_is_answered_without_a_look_at_the_database(
    api: ZaloOaLoopback, kind: str, database: AsyncEngine, storage: Storage
) -> None:
    statements: list[str] = []
    counted = asked(database.sync_engine, lambda statement, _: statements.append(statement))
    async with account(api, storage) as oa, AsyncExitStack() as counting:
        counting.enter_context(counted)
        for _ in range(2):
            await oa.tokens.access()  # renewed, then read; remembered from here on

        async def answer(incoming: Incoming) -> None:
            statements.clear()
            await oa.send(letter())
            assert statements == [], "the answer counts with what is written next"

        async def refuse(incoming: Incoming) -> None:
            raise OSError("not saved")

        for take in (answer, answer):
            await oa.posted(orjson.dumps(api.said(USER, "chào")), take)
        assert statements == [], "whoever wrote lately is not looked up"
        with pytest.raises(OSError, match="not saved"):
            await oa.posted(orjson.dumps(api.said(USER, "chào")), refuse)
        assert not oa.heard.is_free(USER), "it will come again, and with it what waits"
    await storage.write(nothing)
    assert len(await rows(database, Carried)) == 1, "a message counts once"


async def nothing(session: Session) -> None:
    """Begin a transaction."""


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_waited_goes_as_one_message_and_has_one_outcome(
    api: ZaloOaLoopback, kind: str, database: AsyncEngine, storage: Storage, tmp_path: Path
) -> None:
    """What takes a place in the chat goes alone, like what is too long; a call that fails is made again with all of them."""
    words = [
        Reply(Markup("Tin tuần"), ((LOOK,),)),
        Reply(Markup("Nhắc nộp"), ((LOOK,), (Choice("Báo cáo", "m:baocao"),))),
        Reply(Markup("Hỏi"), slot="question"),
        Reply(Markup("x" * 1990)),
    ]
    await queue(database, USER, words, 8 * DAY)
    soon = Timing(first_wait=0.01)
    async with account(api, storage) as oa:
        oa.pace = UNPACED
        delivery = Delivery(storage, {"zalo-oa": oa}, "w", tmp_path, soon)
        await through_the_window(api, database, storage, oa, delivery)
    assert api.texts(USER) == ["Tin tuần\n\n———\n\nNhắc nộp", "Hỏi", "x" * 1990]
    buttons = api.sent[USER][0]["attachment"]["payload"]["buttons"]
    assert [button["title"] for button in buttons] == ["Xem tình hình thôn", "Báo cáo"]
    [way_in] = api.sent[USER][2]["attachment"]["payload"]["buttons"]
    assert way_in["title"] == "Xem tình hình", "what people like to press opens the window again"
    sent = await rows(database, Outbox)
    assert {row.state for row in sent} == {OutboxState.SENT}
    assert sent[0].ref == sent[1].ref != sent[2].ref
    assert len(await rows(database, Carried)) == 3, "each is counted, and charged, as what went out"


async def through_the_window(
    api: ZaloOaLoopback, database: AsyncEngine, storage: Storage, oa: ZaloOa, sender: Delivery
) -> None:
    """All letters are found to be outside the window; then their reader writes."""
    async with sender as delivery:
        await delivery.claim()
        await delivery.drain(PATIENCE)
        assert [row.problem for row in await rows(database, Outbox)] == [OUTSIDE_WINDOW] * 4
        await silent_for(storage, timedelta())
        body, _ = api.signed(api.said(USER, "chào"))
        await oa.posted(body, Taken())
        api.fail("/v3.0/oa/message/cs", refused(-32))
        await delivery.claim()
        await delivery.drain(PATIENCE)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_spreadsheet_goes_as_a_link_that_ends(
    api: ZaloOaLoopback, kind: str, database: AsyncEngine, storage: Storage, tmp_path: Path
) -> None:
    made = {"front": [["Xã", "Vĩnh Thông"]], "front_title": "Nguồn", "tables": []}
    book = Document("", "nước sạch.xlsx", "x", made)
    await queue(database, USER, [Reply(Markup("Bảng"), document=book)], timedelta())
    links = FileLinks(tmp_path, "https://thon.example", SECRET)
    async with (
        account(api, storage) as oa,
        Delivery(storage, {"zalo-oa": oa}, "w", tmp_path, links=links) as delivery,
    ):
        await delivery.claim()
        await delivery.drain(PATIENCE)
    [text] = api.texts(USER)
    assert text.startswith("Bảng\n\nBảng tính: https://thon.example/tep/")
    path = text.split("https://thon.example")[1].split()[0]
    app = Starlette(routes=[Route(PATH + "/{token}/{name}", links.answer)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as http:
        got = await http.get(path)
        assert (got.status_code, got.content[:2]) == (200, b"PK")
        assert got.headers["cache-control"] == "private, no-store"
        _, _, token, name = path.split("/")
        moment, place, signature = token.split("-")
        ended = int(moment) - int(LIFETIME.total_seconds()) - 1
        forged = (
            f"{int(moment) + 1}-{place}-{signature}/{name}",
            f"{token}/khac.xlsx",
            f"{token[:-1]}/{name}",
            f"{ended}-{place}-{links.signature(ended, place, book.name)}/{name}",
            f"x-..-y/{name}",
            f"{moment}-{place}/{name}",
            f"{moment}-{place}-é/{name}",
        )
        for other in forged:
            answer = await http.get(f"{PATH}/{other}")
            assert (answer.status_code, "hết hạn" in answer.text) == (404, True), other
    assert links.sweep() == 0
    assert [file.stat().st_mode & 0o777 for file in links.folder.iterdir()] == [0o600]


AGREED = {"phone": "84912345678", "letters_by_phone": True}


@pytest.mark.parametrize(
    ("person", "settings", "code", "outcome"),
    [
        (AGREED, {}, 0, 300),
        (AGREED, {"template_id": "9"}, -114, 300),
        (AGREED, {"template_id": "9"}, 0, 200),
        (AGREED, {"budget": 0}, 0, "held"),
        (AGREED, {"budget": 250}, 0, "held"),
        (AGREED, {"budget": 250, "template_id": "9"}, -114, "held"),
        (AGREED, {"phone_template_id": ""}, 0, "held"),
        ({**AGREED, "letters_by_phone": False}, {}, 0, "held"),
        ({**AGREED, "phone": ""}, {}, 0, "held"),
        ({}, {"template_id": "9"}, -114, "gone"),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_number_is_used_only_where_its_owner_and_the_budget_allow_it(
    api: ZaloOaLoopback,
    kind: str,
    storage: Storage,
    person: dict[str, Any],
    settings: dict[str, Any],
    code: int,
    outcome: int | str,
) -> None:
    """The price that was counted, or that the message waits, or that the chat takes nothing any more."""
    await silent_for(storage, 8 * DAY)

    async def agreed(session: Session) -> None:
        contact = await people.find_contact(session, "zalo-oa", USER)
        assert contact is not None
        reader = Person(name="Sử", created_at=now(), **person)
        session.add(reader)
        await session.flush()
        contact.person_id = reader.id

    await storage.write(agreed)
    if code:
        api.fail("/v3.0/oa/message/template", refused(code))
    facts = {"budget": 1000, "phone_template_id": "77", "business_url": api.url, **settings}
    told: int | str
    async with account(api, storage, **facts) as oa:
        try:
            await oa.send(letter("Lũ về"))
        except SendProblem as problem:
            told = "gone" if problem.unreachable else "held"
        else:
            async with storage.reading() as session:
                told = sum(row.price for row in await session.exec(select(Carried)))
    assert told == outcome
    assert [(sent["phone"], sent["template_id"]) for sent in api.to_numbers] == (
        [("84912345678", "77")] if outcome == 300 else []
    )
    if told == "held":
        async with storage.reading() as session:
            assert list(await session.exec(select(Carried))) == []


async def test_killed_between_taking_and_writing_down_everything_counts_once(
    api: ZaloOaLoopback, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    """Zalo has taken messages and the process dies before it knows; what people did is posted by Zalo again."""
    writers, readers = ([f"58372632{kind}{number}" for number in range(3)] for kind in "12")
    for reader in readers:
        await queue(database, reader, [Reply(Markup("Thư"))], 3 * DAY)
    port = free_port()
    variables = {
        "THONBAO_DATABASE_URL": database_url,
        "THONBAO_DATA_DIR": str(tmp_path),
        "THONBAO_QUIET_HOURS": "",
        **api.settings(),
        "THONBAO_ZALO_OA_BUDGET": "100000",
        "THONBAO_PORT": str(port),
        **webhooks(port),
    }
    url = f"http://127.0.0.1:{port}{webhook_path('zalo-oa', SECRET)}"
    events = [api.event(writer, "follow") for writer in writers]
    api.answering.clear()
    async with aiohttp.ClientSession() as http:
        async with service(variables) as process:
            await ready(http, port)
            posted = await asyncio.gather(*(api.post(url, event) for event in events))
            assert set(posted) == {200}
            await until(lambda: len(api.sent) >= len(writers))
            process.kill()
            await process.communicate()
        taken_before = set(api.sent)
        api.answering.set()
        async with service(variables):
            await ready(http, port)
            for event in events:
                assert await api.post(url, event) == 200
            await until(lambda: len(api.sent) == len(writers) + len(readers))
            while [row for row in await rows(database, Outbox) if row.state == OutboxState.DUE]:
                await asyncio.sleep(0.05)
    for user in (*writers, *readers):
        assert len(set(api.texts(user))) == 1
        assert len(api.texts(user)) <= (2 if user in taken_before else 1)
    assert len(await rows(database, Outbox)) == len(writers) + len(readers), "each follow was answered once"
    counted = await rows(database, Carried)
    assert (len(counted), sum(row.price for row in counted)) == (6, len(readers) * 55)
    assert len(await rows(database, Contact)) == len(writers) + len(readers)


async def until(true: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.02)
