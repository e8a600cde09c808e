"""A village head's answer is on disk, and the process dies before the reply: the answer is there once, the reply follows."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select

from storage import people
from storage.database import writing
from storage.session import Session
from storage.tables import InterviewRow, Outbox, OutboxState, Place, RoleName, now
from tests.bot.loopback import PATIENCE, Fault, Loopback
from tests.bot.test_serve import environment, service, webhooks
from tests.free_ports import free_port
from tests.handlers.chatting import TOWN
from tests.postgresql import Ground

HEAD = 88


@pytest.fixture(scope="session")
def ground() -> Ground:
    return TOWN


async def enrol(database: AsyncEngine) -> None:
    """The head of a village, since long."""
    async with writing(database) as session:
        [village] = await session.exec(select(Place.id).where(Place.name == "Nà Hin"))
        contact = await people.create_contact(session, "telegram", str(HEAD))
        since = now() - timedelta(days=400)
        await people.enrol(session, contact, village, RoleName.VILLAGE_HEAD, "Lý A Sử", since)


async def answers(database: AsyncEngine) -> list[str]:
    """What was answered in the one interview there is."""
    async with Session(database) as session:
        [row] = await session.exec(select(InterviewRow))
        return [value for path, value in row.state["values"].items() if "/meta/" not in path]


async def waiting(database: AsyncEngine) -> int:
    """How many messages are still to be sent."""
    async with Session(database) as session:
        return len((await session.exec(select(Outbox.id).where(col(Outbox.state) == OutboxState.DUE))).all())


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("mode", ["webhook", "polling"])
async def test_killed_between_an_answer_and_its_reply_the_answer_is_there_once(
    kind: str, database: AsyncEngine, database_url: str, tmp_path: Path, mode: str
) -> None:
    await enrol(database)
    port, gate = free_port(), asyncio.Event()
    async with Loopback() as api:
        others = webhooks(port) if mode == "webhook" else {}
        variables = environment(api, database_url, tmp_path, port, **others)
        ready, chat = "setWebhook" if mode == "webhook" else "getUpdates", api.chat(HEAD)
        async with service(variables) as process:
            await api.until(lambda: api.count(ready), PATIENCE)
            await api.say(HEAD, "báo cáo")
            await api.until(lambda: chat.messages and chat.buttons(), PATIENCE)
            shown = len(chat.messages)
            await api.press_label(
                HEAD, next(label for [label, *_] in chat.buttons() if label.startswith("Làm: "))
            )
            await api.until(lambda: len(chat.messages) > shown and "Câu 1/" in chat.texts[-1], PATIENCE)
            while await waiting(database):
                await asyncio.sleep(0.01)
            shown = len(chat.messages)
            api.fail("sendMessage", Fault(gate=gate, drop=True))
            answer = await api.say(HEAD, "120")
            await api.until(lambda: not api.faults["sendMessage"], PATIENCE)
            process.kill()
            await process.communicate()
        gate.set()
        assert len(chat.messages) == shown
        assert await answers(database) == ["120"]
        polled = api.count(ready)
        async with service(variables):
            await api.until(lambda: api.count(ready) > polled, PATIENCE)
            await api.give(answer)
            await api.give(answer)
            await api.until(lambda: len(chat.messages) > shown, PATIENCE)
            await api.until(lambda: not api.updates, PATIENCE)
            while await waiting(database):
                await asyncio.sleep(0.01)
        assert await answers(database) == ["120"]
        assert ["Câu 2/" in text for text in chat.texts[shown:]] == [True]
