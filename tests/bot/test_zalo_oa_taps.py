"""Taps on the buttons of an Official Account, as real events bring them: each works, whatever it was told beside it."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select, update

from bot.channels.zalo_oa import ZaloOa
from bot.main import running
from bot.serve import Taker
from bot.settings import load_settings
from storage import invitations
from storage.database import writing
from storage.session import Session
from storage.tables import Contact, Level, Person, Place, RoleName, now
from tests.bot.person import settle
from tests.bot.test_zalo_oa import settings_of
from tests.bot.zalo_oa_loopback import ZaloOaLoopback

USER = "3100"


class OaHead:
    """A village head with the account in their phone, and the bot in this process."""

    def __init__(self, api: ZaloOaLoopback, oa: ZaloOa, take: Taker, user: str = USER) -> None:
        self.api, self.oa, self.take, self.user = api, oa, take, user

    async def sends(self, event: dict[str, Any]) -> str:
        """What the bot says to an event that Zalo posts."""
        before = len(self.api.texts(self.user))
        body, _ = self.api.signed(event)
        await self.oa.posted(body, self.take)
        await self.take.app.delivery.drain(30)
        return "\n".join(self.api.texts(self.user)[before:])

    async def says(self, text: str) -> str:
        return await self.sends(self.api.said(self.user, text))

    async def taps(self, label: str, **beside: object) -> str:
        """Tap the newest button with this label; `beside`: what else the event's message holds."""
        event = self.api.taps(self.user, label)
        return await self.sends({**event, "message": {**event["message"], **beside}})

    async def at_second_question(self) -> str:
        """Begin the questionnaire on water and answer its first question; the payload of the way back."""
        assert "Câu 1/" in await self.says("báo cáo nước")
        assert "Câu 2/" in await self.says("100")
        return str(self.api.taps(self.user, "Lùi")["message"]["text"])


@pytest.fixture
async def head(
    database: AsyncEngine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[OaHead]:
    for name in [name for name in os.environ if name.startswith("THONBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    monkeypatch.setenv("THONBAO_DATA_DIR", str(tmp_path))
    async with writing(database) as session:
        await settle(session)
        await session.exec(update(Contact).values(channel="zalo-oa", address=USER))
    async with (
        ZaloOaLoopback() as api,
        ZaloOa(settings_of(api), "vi") as oa,
        running(load_settings(), [oa]) as app,
    ):
        yield OaHead(api, oa, Taker(app, oa))


async def test_every_tap_works_where_nothing_was_ever_sent_again(head: OaHead) -> None:
    """No event names the message under a button, and each send went out at its first try."""
    await head.at_second_question()
    assert "Câu 1/" in await head.taps("Lùi")
    assert "Câu 2/" in await head.says("98")
    assert "Đã cất phiếu này" in await head.taps("Để sau")
    assert "Câu 2/" in await head.taps("Tiếp tục")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_tap_works_whatever_else_its_event_says(kind: str, head: OaHead) -> None:
    payload = await head.at_second_question()
    besides: list[dict[str, object]] = [
        {"quote_msg_id": "o1"},
        {"quote_msg_id": "of nobody"},
        {"msg_id": 7_000_000_000_001},
        {"msg_id": None},
        {"text": f" {payload}\n"},
    ]
    for beside in besides:
        assert "Câu 1/" in await head.taps("Lùi", **beside), beside
        assert "Câu 2/" in await head.says("100")


async def test_consent_by_a_tap_keeps_which_message_said_so(head: OaHead) -> None:
    storage = head.take.app.storage
    async with storage.reading() as session:
        [place] = (await session.exec(select(Place.id).where(Place.level == Level.VILLAGE))).all()

    async def invite(session: Session) -> str:
        code, _ = await invitations.create(session, place, RoleName.VILLAGE_HEAD, "Lò Thị Mai", 14, now())
        return code

    newcomer = OaHead(head.api, head.oa, head.take, "3200")
    await newcomer.says(await storage.write(invite))
    assert "Báo cáo" in await newcomer.taps("Đồng ý", msg_id="m77")
    async with storage.reading() as session:
        [person] = (await session.exec(select(Person).where(Person.name == "Lò Thị Mai"))).all()
    assert person.consent_message == "m77"
