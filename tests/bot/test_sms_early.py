"""By SMS a question is out once the phone says so: it may sit on what it took for hours, and its reader writes again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from bot.channels.sms_outbound import SOME_TIME, SmsOutbound
from storage.carried import CarriedState
from storage.database import writing
from storage.tables import InterviewRow
from tests.bot.test_sms_danger import SmsPeople, environment, served

__all__ = ["environment"]
AT = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
LIMITS = {"per_minute": 500, "per_day": 500}


async def answers(database: AsyncEngine) -> list[str]:
    async with writing(database) as session:
        [interview] = await session.exec(select(InterviewRow))
    return [value for path, value in interview.state["values"].items() if "/meta/" not in path]


async def says_twice(sms: SmsPeople, text: str) -> None:
    """Have the phone keep the reply to `text`, which its sender then writes once more."""
    sms.phone.sends = False
    await sms.says(text)
    await sms.says(text)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_is_written_again_while_the_phone_sits_on_the_question_is_no_answer(
    kind: str, database: AsyncEngine
) -> None:
    async with served(database, **LIMITS) as sms:
        for text in ("bao cao", "1", "100"):
            said = await sms.says(text)
        assert "Cau 2/" in said[-1], said
        await says_twice(sms, "40")
        assert await answers(database) == ["100", "40"]
        for key in [key for key, one in sms.phone.messages.items() if one["state"] == "Pending"]:
            sms.phone.messages[key]["state"] = "Sent"
            await sms.phone_reports(key, "sms:sent")
        sms.phone.sends = True
        assert "Cau 4/" in (await sms.says("30"))[-1]
        assert await answers(database) == ["100", "40", "30"]


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_phone_that_never_says_what_went_out_is_taken_at_its_word(
    kind: str, database: AsyncEngine
) -> None:
    async with served(database, **LIMITS) as sms:
        sms.phone.sends = False
        for text in ("bao cao", "1", "100", "40"):
            await sms.says(text)
        assert await answers(database) == ["100", "40"]


def test_what_the_phone_said_tells_when_a_message_went_out() -> None:
    outbound, later = SmsOutbound(), AT + timedelta(minutes=3)
    assert outbound.out_at("unheard-of", AT) == AT
    outbound.given("849", "a")
    outbound.told("a", CarriedState.GIVEN, SOME_TIME)
    assert outbound.unknown("849") == "a"
    assert outbound.out_at("a", AT) == AT, "it never said that anything went out"
    outbound.told("a", CarriedState.SENT, later)
    assert outbound.unknown("849") == outbound.unknown("848") == ""
    outbound.told("a", CarriedState.DELIVERED, later + timedelta(minutes=1))
    outbound.told("a", CarriedState.GIVEN, later)  # of one part, after the phone was asked about the whole
    assert outbound.out_at("a", AT) == later
    outbound.given("849", "b")
    outbound.told("b", CarriedState.GIVEN, SOME_TIME)
    assert outbound.out_at("b", AT) is None
    outbound.told("b", CarriedState.SENT, SOME_TIME)
    assert outbound.out_at("b", AT) == AT
    outbound.told("c", CarriedState.FAILED, later)
    assert outbound.out_at("c", AT) is None
