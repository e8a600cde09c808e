"""A person with several chats gets a letter in one: where they wish, where it is free, the newest; and may choose."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import select

from handlers.letters import recipients
from storage import people
from storage.session import Session
from storage.tables import ContactPerson, WeeklyChoice
from tests.handlers.chatting import Phone, Town, labels, text_of, town_on

COSTS = {"sms": timedelta(), "zalo-oa": timedelta(hours=48)}


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        yield made


async def chats_of(town: Town, *channels: str, phone: Phone | None = None) -> int:
    """Further chats of the head of Nà Hin, each connected after the one before; the person."""
    contact = await (phone or await town.head("A")).contact()

    async def work(session: Session) -> int:
        for channel in channels:
            town.later(hours=1)
            chat = await people.create_contact(session, channel, "84912345678")
            person = contact.person_id or 0
            session.add(ContactPerson(contact_id=chat.id, person_id=person, since=town.now))
        return contact.person_id or 0

    return await town.storage.write(work)


async def chosen(town: Town) -> list[str]:
    async with town.storage.reading() as session:
        some, _ = await recipients(session, 0, costs=COSTS, at=town.now)
        return [recipient.contact.channel for recipient in some]


@pytest.mark.parametrize(
    ("channels", "gone", "wish", "expected"),
    [
        ((), "", "", "test"),
        (("zalo-bot",), "", "", "zalo-bot"),
        (("zalo-bot", "sms"), "", "", "zalo-bot"),
        (("sms", "zalo-bot", "zalo-oa"), "zalo-bot", "", "test"),
        (("zalo-oa", "sms"), "test", "", "sms"),
        (("zalo-bot",), "", "test", "test"),
        (("zalo-bot", "sms"), "", "sms", "sms"),
        (("sms", "zalo-bot"), "sms", "sms", "zalo-bot"),
        (("zalo-oa",), "", "zalo-oa", "test"),
        (("zalo-oa", "sms"), "test", "zalo-oa", "zalo-oa"),
        (("zalo-bot",), "", "telegram", "zalo-bot"),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_it_goes_to_one_chat(
    town: Town, kind: str, channels: tuple[str, ...], gone: str, wish: str, expected: str
) -> None:
    person_id = await chats_of(town, *channels)

    async def unreachable(session: Session) -> None:
        for chat in await people.contacts_of(session, person_id):
            chat.reachable = chat.channel != gone
        person = await people.get(session, person_id)
        assert person is not None
        person.letters_on = wish

    await town.storage.write(unreachable)
    assert await chosen(town) == [expected]


@pytest.mark.parametrize(
    ("hours", "wish", "expected"), [(47, "zalo-oa", "zalo-oa"), (49, "zalo-oa", "test"), (47, "", "zalo-oa")]
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_channel_is_free_for_a_while_after_one_has_written(
    town: Town, kind: str, hours: int, wish: str, expected: str
) -> None:
    person_id = await chats_of(town, "zalo-oa")

    async def wrote(session: Session) -> None:
        *_, account = await people.contacts_of(session, person_id)
        account.last_sent_at = town.now - timedelta(hours=hours)
        person = await people.get(session, person_id)
        assert person is not None
        person.letters_on = wish

    await town.storage.write(wrote)
    assert await chosen(town) == [expected]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_one_chooses_by_button_by_command_and_in_words(town: Town, kind: str) -> None:
    library = town.dispatch.library
    library.costs, library.channels = COSTS, {"test": "Telegram", "zalo-bot": "Zalo", "sms": "SMS"}
    phone = await town.head("A")
    told = await phone.says("/kenh")
    assert "một kênh: Telegram" in text_of(told)
    assert labels(told) == ["Dùng thêm máy khác"]
    assert "chưa dùng Zalo" in text_of(await phone.says("nhắn tôi qua Zalo"))
    await chats_of(town, "zalo-bot", phone=phone)
    await phone.says("/tintuan")
    await phone.presses("Thứ sáu")
    told = await phone.says("/channel")
    assert "đến Zalo" in text_of(told)
    assert labels(told) == ["Gửi vào Telegram", "Gửi vào Zalo", "Dùng thêm máy khác"]
    assert "đến Telegram" in text_of(await phone.presses("Gửi vào Telegram"))
    assert await chosen(town) == ["test"]
    told = await phone.says("chuyen sang zalo")
    assert "Từ nay tin máy tự gửi đến Zalo" in text_of(told)
    assert labels(told) == ["Đổi lại: Telegram"]
    async with town.storage.reading() as session:
        weekdays = list(await session.exec(select(WeeklyChoice.weekday)))
    assert weekdays == [4, 4], "on the day that was chosen"
    await phone.presses("Đổi lại")
    assert await chosen(town) == ["test"]
    told = await phone.says("/kenh")
    assert "như bác đã chọn" in text_of(told)
    told = await phone.presses("Để máy chọn")
    assert "Từ nay máy tự chọn kênh" in text_of(told)
    assert "đến Zalo" in text_of(told)
    assert "Đang có: Telegram, Zalo, SMS" in text_of(await phone.says("gửi tin qua telegram")), (
        "none of that name"
    )
    assert "chưa dùng SMS" in text_of(await phone.says("/kenh sms"))
    assert "channel.chosen" in await town.audit()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_chat_of_a_demonstration_is_no_channel_of_somebody_with_a_phone(
    town: Town, kind: str
) -> None:
    phone = await town.head("A")
    await chats_of(town, "demo", phone=phone)
    town.dispatch.library.channels = {"test": "Telegram", "sms": "SMS"}
    told = await phone.says("/kenh")
    assert (labels(told), "demo" in text_of(told)) == (["Dùng thêm máy khác"], False), text_of(told)
