"""Two `thonbao serve` on one PostgreSQL: every update reaches both, early ones come again, and each has one effect.

A load balancer that retries, or Telegram after a slow answer, delivers an update to one process while the other
is at it. Whoever comes second must find it handled: no answer is stored twice, no reply is sent twice.
"""

import asyncio
import random
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.peers import EVERY
from storage.database import writing
from storage.session import Session
from storage.tables import InterviewRow, Observation, Submission
from tests.bot.loopback import PATIENCE, Loopback
from tests.crash.test_kill import QUESTIONS, SECRET, Bot, live, running, settle

HEADS = 30
MESSAGES = 10
"""What a head is sent: what is due, seven questions, the review, the receipt."""


class Both:
    """Delivers like a careless balancer: each update to both processes at once, and sometimes an old one again."""

    def __init__(self, api: Loopback, bots: list[Bot], chance: random.Random) -> None:
        self.api, self.chance = api, chance
        path = "/" + api.webhook["url"].split("/", 3)[3]
        self.urls = [bot.environment["THONBAO_PUBLIC_URL"] + path for bot in bots]
        self.seen: list[dict[str, Any]] = []
        self.statuses: Counter[int] = Counter()

    async def deliver(self, update: dict[str, Any]) -> None:
        """Give `update` to both, with an earlier one beside it."""
        posts = [self.post(url, update) for url in self.chance.sample(self.urls, 2)]
        if self.seen and self.chance.random() < 0.5:
            posts.insert(self.chance.randrange(3), self.post(self.urls[0], self.chance.choice(self.seen)))
        self.seen.append(update)
        await asyncio.gather(*posts)

    async def post(self, url: str, update: dict[str, Any]) -> None:
        async with aiohttp.ClientSession() as http:
            headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
            async with http.post(url, json=update, headers=headers) as response:
                self.statuses[response.status] += 1


@pytest.mark.parametrize("kind", ["postgresql"])
async def test_each_update_given_to_two_workers_has_one_effect(
    kind: str, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    async with writing(database) as session:
        heads = (await settle(session))[:HEADS]
    async with (
        Loopback() as api,
        running(api, database_url, tmp_path, EVERY) as one,
        running(api, database_url, tmp_path, EVERY) as two,
    ):
        both = Both(api, [one, two], random.Random(7))
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(live(head, both, api) for head in heads))
        for head in heads:
            chat = api.chat(head.chat)
            await api.until(lambda chat=chat: len(chat.messages) >= MESSAGES)
    sent = Counter((call["chat_id"], call["text"]) for name, call in api.calls if name == "sendMessage")
    assert set(both.statuses) == {200}
    assert [text for (_, text), times in sent.items() if times > 1] == []
    assert {len(api.chat(head.chat).messages) for head in heads} == {MESSAGES}
    async with Session(database) as session:
        reports = {row.place_id: row for row in await session.exec(select(Submission))}
        assert sorted(reports) == sorted(head.place for head in heads)
        for head in heads:
            assert list(reports[head.place].answers.values())[:QUESTIONS] == list(head.typed.values())
        assert len(list(await session.exec(select(Observation.id)))) == HEADS * QUESTIONS
        assert len(list(await session.exec(select(InterviewRow.id)))) == HEADS
