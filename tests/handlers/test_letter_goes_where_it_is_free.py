"""A person with several chats gets a letter in one: the newest that takes messages, a paid one where there is no other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.letters import recipients
from storage import people
from storage.session import Session
from storage.tables import ContactPerson
from tests.handlers.chatting import Town, town_on

PAID = frozenset({"sms", "zalo-oa"})


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        yield made


async def chats_of(town: Town, *channels: str) -> int:
    """Further chats of the head of Nà Hin, each connected after the one before; the person."""
    contact = await (await town.head("A")).contact()

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
        some, _ = await recipients(session, 0, paid=PAID)
        return [recipient.contact.channel for recipient in some]


@pytest.mark.parametrize(
    ("channels", "gone", "expected"),
    [
        ((), "", "test"),
        (("zalo-bot",), "", "zalo-bot"),
        (("zalo-bot", "sms"), "", "zalo-bot"),
        (("sms", "zalo-bot", "zalo-oa"), "zalo-bot", "test"),
        (("zalo-oa", "sms"), "test", "sms"),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"])
async def test_it_goes_to_one_chat(
    town: Town, kind: str, channels: tuple[str, ...], gone: str, expected: str
) -> None:
    person = await chats_of(town, *channels)

    async def unreachable(session: Session) -> None:
        for chat in await people.contacts_of(session, person):
            chat.reachable = chat.channel != gone

    await town.storage.write(unreachable)
    assert await chosen(town) == [expected]
