"""`kill -9` at random moments while village heads report: nothing acknowledged is lost, nothing doubled, nobody stuck.

The bot is the real `thonbao serve` in a process of its own, behind webhooks, against the loopback Bot API. Like
Telegram, the test delivers an update until the bot answers 200. A head types the next answer only when the next
question has come, so each answer before it is an acknowledged one.
"""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from questionnaires.xlsform import compile_form
from storage import people
from storage.database import writing
from storage.forms import save_form
from storage.session import Session
from storage.tables import InterviewRow, Level, Observation, RoleName, Submission, now
from tests.bot.loopback import Loopback
from tests.forking import Forked, no_letters, quick_pace
from tests.free_ports import free_port

FORM = Path(__file__).parents[2] / "questionnaires" / "forms" / "nuoc-sach.md"
SECRET = "a-secret-of-the-test-00"
HEADS = 60
KILLS = 8
FIRST_CHAT = 7000
QUESTIONS = 7
EARLY = "gửi lúc câu này chưa hiện ra"
PATIENCE = 240.0
BEAT = 0.1
"""Of a killed process's letters PostgreSQL's next one waits until the killed one is taken for dead, ten beats."""


def quickly_answered(beat: float) -> None:
    """Serve at a quick pace, and write nobody unasked."""
    quick_pace(beat)
    no_letters()


@dataclass
class Head:
    """One village head, who answers each question once and remembers what was typed."""

    chat: int
    place: int
    household_count: int
    typed: dict[int, str] = field(default_factory=dict)
    begun: bool = False
    receipt: bool = False
    read_up_to: int = 0

    def answer(self, question: int) -> str:
        """Each number is one less than the one before it, so no part is larger than its whole."""
        return "0" if question == QUESTIONS - 1 else str(self.household_count - question)

    def react(self, message: dict[str, Any]) -> dict[str, Any] | None:
        """What this head sends after reading `message`: nothing when it was answered before."""
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [button["callback_data"] for row in rows for button in row]
        if "Biên nhận" in message.get("text", ""):
            self.receipt = True
            return None
        if EARLY in message.get("text", ""):  # a process that was killed had not written down that it asked
            return {"press": buttons[0], "message": message}
        begin = next((data for data in buttons if data.startswith("d:b:")), "")
        if begin and not self.begun:
            self.begun = True
            return {"press": begin, "message": message}
        send = next((data for data in buttons if data.endswith(":S")), "")
        if send:
            return {"press": send, "message": message}
        marks = [data.split(":")[2] for data in buttons if data.startswith("q:")]
        question = len(self.typed)
        if marks and int(marks[0], 36) == question:
            self.typed[question] = self.answer(question)
            return {"text": self.typed[question]}
        return None


class Bot:
    """The bot's process, which can be killed and started again."""

    def __init__(self, api: Loopback, url: str, folder: Path, beat: float | None = None) -> None:
        port = free_port()
        settings = {
            "DATABASE_URL": url,
            "QUIET_HOURS": "",
            "DATA_DIR": str(folder),
            "TELEGRAM_TOKEN": api.token,
            "TELEGRAM_BASE_URL": api.url,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "PORT": str(port),
            "WEBHOOK_SECRET": SECRET,
        }
        self.environment = {**os.environ, **{f"THONBAO_{name}": value for name, value in settings.items()}}
        self.api, self.beat = api, beat
        self.up = asyncio.Event()
        self.process: Forked | None = None

    async def start(self) -> None:
        started = self.api.count("setWebhook")
        before = no_letters if self.beat is None else partial(quickly_answered, self.beat)
        self.process = Forked("serve", environment=self.environment, before=before)
        await self.api.until(lambda: self.api.count("setWebhook") > started)
        self.up.set()

    async def kill(self) -> None:
        self.up.clear()
        assert self.process is not None
        self.process.kill()
        await self.process.wait()

    async def deliver(self, update: dict[str, Any]) -> None:
        """As Telegram does: again and again until the bot answers 200."""
        while True:
            await self.up.wait()
            try:
                if await self.api.post(update) == 200:
                    return
            except (aiohttp.ClientError, OSError):
                await asyncio.sleep(0)


@asynccontextmanager
async def running(api: Loopback, url: str, folder: Path, beat: float | None = None) -> AsyncIterator[Bot]:
    bot = Bot(api, url, folder, beat)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.kill()


async def live(head: Head, bot: Bot, api: Loopback) -> None:
    """Ask what is due, then do what each message of the bot asks for, until the receipt has come."""
    await bot.deliver(numbered(api, {"message": api.message_of(head.chat, text="/baocao")}))
    while not head.receipt:
        await api.until(lambda: newest(api, head.chat) > head.read_up_to, PATIENCE)
        for number in sorted(api.chat(head.chat).messages):
            if number <= head.read_up_to:
                continue
            head.read_up_to = number
            message = api.chat(head.chat).messages[number]
            action = head.react(message)
            if action is not None:
                await bot.deliver(numbered(api, content(api, head, action)))


def newest(api: Loopback, chat: int) -> int:
    return max(api.chat(chat).messages, default=0)


def numbered(api: Loopback, update: dict[str, Any]) -> dict[str, Any]:
    return {"update_id": next(api.update_ids), **update}


def content(api: Loopback, head: Head, action: dict[str, Any]) -> dict[str, Any]:
    if "text" in action:
        return {"message": api.message_of(head.chat, text=action["text"])}
    query = str(next(api.ids) + 10**12)
    api.queries.add(query)
    pressed = {"id": query, "from": api.person(head.chat), "chat_instance": "1", "data": action["press"]}
    return {"callback_query": {**pressed, "message": action["message"]}}


async def kill_at_random(bot: Bot, api: Loopback, chance: random.Random) -> None:
    """Kill the bot after a random number of its calls, start it again, and so on, `KILLS` times."""
    for _ in range(KILLS):
        target = len(api.calls) + chance.randint(20, 120)
        await api.until(lambda target=target: len(api.calls) >= target, PATIENCE)
        await bot.kill()
        await bot.start()


async def settle(session: Session) -> list[Head]:
    """A commune of villages, each with a head who is enrolled."""
    await save_form(session, compile_form(FORM.read_bytes(), FORM.name))
    nation = await session.places.add(Level.NATION, "", "Việt Nam", None)
    province = await session.places.add(Level.PROVINCE, "tỉnh", "Thái Nguyên", nation.id)
    commune = await session.places.add(Level.COMMUNE, "xã", "Vĩnh Thông", province.id)
    heads = []
    since = now() - timedelta(days=31)  # whoever began later is spared what is overdue this month
    for number in range(HEADS):
        village = await session.places.add(Level.VILLAGE, "thôn", f"Số {number}", commune.id)
        chat = FIRST_CHAT + number
        contact = await people.create_contact(session, "telegram", str(chat))
        await people.enrol(session, contact, village.id, RoleName.VILLAGE_HEAD, "", since)
        heads.append(Head(chat, village.id, 40 + number))
    return heads


@pytest.mark.parametrize("seed", [1])
async def test_reports_survive_being_killed(
    seed: int, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    async with writing(database) as session:
        heads = await settle(session)
    async with Loopback() as api, running(api, database_url, tmp_path, BEAT) as bot:
        killer = asyncio.create_task(kill_at_random(bot, api, random.Random(seed)))
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(live(head, bot, api) for head in heads))
            await killer
    assert api.count("setWebhook") == KILLS + 1
    async with Session(database) as session:
        sent = list(await session.exec(select(Submission)))
        assert sorted(row.place_id for row in sent) == sorted(head.place for head in heads)
        assert {row.revision for row in sent} == {1}
        by_place = {row.place_id: row for row in sent}
        for head in heads:
            values = list(by_place[head.place].answers.values())
            assert values[:QUESTIONS] == list(head.typed.values())
        assert len(list(await session.exec(select(Observation.id)))) == HEADS * QUESTIONS
        assert {row.status for row in await session.exec(select(InterviewRow))} == {"sent"}
