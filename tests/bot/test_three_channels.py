"""One interview on three channels over real HTTP: begun on Telegram, continued by SMS and on an Official Account."""

import os
import re
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.channels.sms import Sms
from bot.channels.sms_settings import SmsSettings
from bot.channels.telegram import TelegramChannel
from bot.channels.zalo_oa import ZaloOa
from bot.main import running
from bot.serve import Taker
from bot.settings import load_settings
from storage.database import writing
from storage.tables import Contact, InterviewRow
from tests.bot.loopback import TOKEN, Loopback
from tests.bot.person import CHAT, Person, begun, settle
from tests.bot.sms_loopback import KEY, PASSWORD, SmsLoopback
from tests.bot.test_sms import AT_ONCE
from tests.bot.test_sms_danger import SmsPeople
from tests.bot.test_zalo_oa import settings_of
from tests.bot.test_zalo_oa_taps import OaHead
from tests.bot.zalo_oa_loopback import ZaloOaLoopback

CODE = re.compile(r"MAY-\d+-\w{4}-\w{4}")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_an_interview_goes_on_at_the_same_question_on_each_channel(
    kind: str, database: AsyncEngine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("THONBAO_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    monkeypatch.setenv("THONBAO_DATA_DIR", str(tmp_path))
    async with writing(database) as session:
        await settle(session)
    async with Loopback() as bot_api, SmsLoopback() as gateway, ZaloOaLoopback() as zalo:
        sms_settings = SmsSettings.load(url=gateway.url, password=PASSWORD, signing_key=KEY)
        bot_api.chat(CHAT)
        async with (
            TelegramChannel(TOKEN, bot_api.url) as telegram,
            Sms(sms_settings, "vi", AT_ONCE) as sms,
            ZaloOa(settings_of(zalo), "vi") as oa,
            running(load_settings(), [telegram, sms, oa]) as app,
        ):
            by_telegram = Person(bot_api, Taker(app, telegram))
            by_sms, by_zalo = SmsPeople(gateway, sms, Taker(app, sms)), OaHead(zalo, oa, Taker(app, oa))
            await begun(by_telegram)  # two answers, at the third question
            said = await by_telegram.says("/themmay")
            told = await by_sms.says(code_in(said["text"]))
            assert "Cau 3/" in told[-1]
            assert "Cau 4/" in (await by_sms.says("39"))[-1]
            shown = "\n".join(await by_sms.says("/themmay"))
            assert "Câu 4/" in await by_zalo.says(code_in(shown))
            assert "Câu 3/" in await by_zalo.taps("Lùi")
            assert "Câu 4/" in await by_zalo.says("38")
            assert "Câu 4/" in (await by_telegram.says("làm tiếp"))["text"]
    async with writing(database) as session:
        assert len({row.person_id for row in await session.exec(select(Contact))}) == 1
        [interview] = await session.exec(select(InterviewRow))
    values = {path.rpartition("/")[2]: value for path, value in interview.state["values"].items()}
    assert [values[name] for name in ("nuoc_ho", "nuoc_ho_dtts")] == ["100", "40"]
    assert "38" in values.values()


def code_in(text: str) -> str:
    found = CODE.search(text)
    assert found is not None, text
    return found.group()
