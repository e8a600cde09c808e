"""Emergencies by SMS: question, receipt and alarm go before everything, also when as much was sent as may be sent."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col, select, update

from bot import metrics
from bot.channels.sms import Sms
from bot.channels.sms_settings import SmsSettings
from bot.doctor import examine
from bot.main import running
from bot.serve import Taker
from bot.settings import load_settings
from bot.teller import Teller
from storage import people
from storage.database import writing
from storage.tables import Carried, Contact, Emergency, Level, Outbox, Place, RoleName, now
from tests.bot.person import settle
from tests.bot.sms_loopback import KEY, PASSWORD, SmsLoopback
from tests.bot.test_sms import AT_ONCE

HEAD, OFFICER = "84912345678", "84987654321"


class SmsPeople:
    """A village head and the commune's officer, each with a telephone, and the bot in this process."""

    def __init__(self, phone: SmsLoopback, sms: Sms, take: Taker) -> None:
        self.phone, self.sms, self.take = phone, sms, take

    async def says(self, text: str, number: str = HEAD) -> list[str]:
        """What the bot sends to `number` after this message."""
        before = len(self.got(number))
        await self.sms.posted(orjson.dumps(await self.phone.say(f"+{number}", text, posted=False)), self.take)
        await self.take.app.delivery.drain(30)
        return self.got(number)[before:]

    async def phone_reports(self, key: str, name: str) -> None:
        """The phone posts what became of one of our messages."""
        event = self.phone.event(name, {"messageId": key})
        await self.sms.posted(orjson.dumps(event), self.take)

    def got(self, number: str) -> list[str]:
        return self.phone.sent.get(f"+{number}", [])


@pytest.fixture
def environment(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("THONBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    monkeypatch.setenv("THONBAO_DATA_DIR", str(tmp_path))


@asynccontextmanager
async def served(database: AsyncEngine, **limits: int) -> AsyncIterator[SmsPeople]:
    async with writing(database) as session:
        await settle(session)
        await session.exec(update(Contact).values(channel="sms", address=HEAD))
        [commune] = (await session.exec(select(Place.id).where(Place.level == Level.COMMUNE))).all()
        officer = await people.create_contact(session, "sms", OFFICER)
        long_ago = now() - timedelta(days=31)
        await people.enrol(session, officer, commune, RoleName.COMMUNE_OFFICER, "Nông Văn Ba", long_ago)
    async with SmsLoopback() as phone:
        settings = SmsSettings.load(url=phone.url, password=PASSWORD, signing_key=KEY, **limits)
        async with Sms(settings, "vi", AT_ONCE) as sms, running(load_settings(), [sms]) as app:
            yield SmsPeople(phone, sms, Taker(app, sms))


async def used_up(database: AsyncEngine, parts: int) -> None:
    """So many parts were sent a moment ago."""
    async with writing(database) as session:
        session.add(Carried(channel="sms", key="before", at=now(), parts=parts, price=0, state="sent"))


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("limits", [{"per_minute": 500, "per_day": 10}, {"per_minute": 10, "per_day": 500}])
async def test_a_cry_is_asked_about_and_told_though_nothing_more_may_be_sent(
    database: AsyncEngine, limits: dict[str, int]
) -> None:
    async with served(database, **limits) as sms:
        await used_up(database, 10)
        [asked] = await sms.says("sat lo roi")
        assert "tin khan cap phai khong" in asked
        assert 'Nhan "Dung, bao ngay"' in asked, "there is nothing to press"
        [receipt] = await sms.says("dung bao ngay")
        assert "Da bao" in receipt
        await sms.take.app.delivery.claim()
        await sms.take.app.delivery.drain(30)
        assert any("sat lo" in text.lower() for text in sms.got(OFFICER))
        [passed_on] = await sms.says("3 nguoi bi vui")
        assert passed_on
    assert all(message["priority"] == 100 for message in sms.phone.messages.values())


@pytest.mark.usefixtures("environment")
async def test_an_emergency_by_the_menu_waits_for_no_allowance(database: AsyncEngine) -> None:
    async with served(database, per_minute=500, per_day=10) as sms:
        await used_up(database, 10)
        [kinds] = await sms.says("khan cap")
        assert "1." in kinds
        [receipt] = await sms.says("1")
        assert "Da bao" in receipt
    async with writing(database) as session:
        assert len((await session.exec(select(Emergency))).all()) == 1


@pytest.mark.usefixtures("environment")
async def test_what_waits_for_an_allowance_is_seen(database: AsyncEngine) -> None:
    """By the metrics, by `thonbao doctor`, and by an administrator, who is told once."""
    async with served(database, per_minute=500, per_day=10) as sms:
        async with writing(database) as session:
            [nation] = (await session.exec(select(Place.id).where(Place.level == Level.NATION))).all()
            chat = await people.create_contact(session, "telegram", "7")
            await people.enrol(session, chat, nation, RoleName.ADMINISTRATOR, "Vũ", now())
        await used_up(database, 10)
        assert await sms.says("menu") == await sms.says("menu") == []
        told = (await metrics.told(sms.take.app.storage, healthy)).decode()
        assert 'thonbao_outbox_held_back{channel="sms",reason="allowance used up"} 2.0' in told
        lines = [check.text for check in await examine(load_settings(), Teller("vi"))]
        assert any("SMS: 2 tin đang đợi vì đã gửi hết mức" in line for line in lines), lines
        letters = await administrators_letters(database)
    assert len(letters) == 1
    assert "SMS đã gửi hết mức của hôm nay" in letters[0]


async def healthy() -> str:
    return ""


async def administrators_letters(database: AsyncEngine) -> list[str]:
    async with writing(database) as session:
        chosen = select(Outbox.body).join(Contact, col(Contact.id) == col(Outbox.contact_id))
        return [str(body) for body in await session.exec(chosen.where(Contact.channel == "telegram"))]
