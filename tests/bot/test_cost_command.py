"""What a month costs is foretold from who takes part, what is asked of them, and the prices of a file."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.commands.cost import Foretold, first_of, foretell, mondays, prices_in, warnings
from bot.problems import WrongCall
from bot.settings import load_settings
from bot.teller import Teller
from storage.session import Session
from storage.tables import Contact
from tests.handlers.chatting import load_forms, town_on

SAY = Teller("vi")
DECEMBER = date(2026, 12, 1)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_month_by_sms(
    kind: str, database: AsyncEngine, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THONBAO_DATABASE_URL", database_url)
    async with town_on(database, tmp_path) as town:
        await load_forms(town)
        for address in ("A", "B"):
            await town.head(address)

        async def by_sms(session: Session) -> None:
            [contact] = [chat for chat in await session.exec(select(Contact)) if chat.address == "B"]
            contact.channel = "sms"

        await town.storage.write(by_sms)
    monkeypatch.setenv("THONBAO_SMS_PER_DAY", "1")
    settings = load_settings()
    told = {one.channel: one for one in await foretell(settings, SAY, DECEMBER, "", {"sms": {"part": 350}})}
    free, paid = told["test"], told["sms"]
    assert (free.people, paid.people) == (1, 1)
    assert (free.answers, free.letters) == (paid.answers, paid.letters)
    assert paid.answers > paid.letters > mondays(DECEMBER)
    assert (free.price, paid.price) == (0, paid.parts * 350)
    assert ["SMS" in sentence for sentence in warnings(told.values(), settings, SAY)] == [True]
    by_sms = await foretell(load_settings(), SAY, DECEMBER, "", {}, "sms")
    assert [(one.channel, one.people, one.price) for one in by_sms] == [("sms", 2, None)]
    assert "chưa biết giá" in next(iter(warnings(by_sms, settings, SAY)))
    nowhere = await foretell(settings, SAY, DECEMBER, "Mỹ Lý", {})
    assert all(replace(one, channel="") == Foretold("") for one in nowhere)


def test_a_month_and_prices_are_read(tmp_path: Path) -> None:
    settings, file = load_settings(), tmp_path / "gia.toml"
    assert first_of("2026-12", settings, SAY) == DECEMBER
    assert first_of("", settings, SAY).day == 1
    assert prices_in(Path("docs/vi-du/gia.toml"), SAY)["sms"] == {"part": 350}
    for text, named in (
        ("sms = 3", "sms"),
        ("[sms]\npart = -1", r"\[sms\] part = -1"),
        ("[sms]\npart = '350'", "nguyên"),
        ("[zalo]\nmessage = 55", r"\[zalo\] không phải kênh"),
        ("x", "end of document"),
    ):
        file.write_text(text)
        with pytest.raises(WrongCall, match=rf"(?s)gia\.toml.*{named}"):
            prices_in(file, SAY)
    with pytest.raises(WrongCall, match="không phải là một tệp"):
        prices_in(tmp_path, SAY)
    with pytest.raises(WrongCall, match="tháng mười"):
        first_of("tháng mười", settings, SAY)
