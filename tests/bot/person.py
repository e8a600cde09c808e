"""A village head who reports over the loopback Bot API, one message after another, with the bot in this process."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import select

from bot.serve import Taker
from questionnaires.xlsform import compile_form
from storage import people
from storage.forms import save_form
from storage.session import Session
from storage.tables import InterviewRow, Level, RoleName, now
from tests.bot.loopback import Loopback

CHAT = 6001
FORM = Path(__file__).parents[2] / "questionnaires" / "forms" / "nuoc-sach.md"


async def settle(session: Session) -> None:
    """A village whose head is enrolled in the chat `CHAT`, for so long that this month's report was theirs to do."""
    await save_form(session, compile_form(FORM.read_bytes(), FORM.name))
    above = None
    for level, kind, name in (
        (Level.NATION, "", "Việt Nam"),
        (Level.PROVINCE, "tỉnh", "Thái Nguyên"),
        (Level.COMMUNE, "xã", "Vĩnh Thông"),
        (Level.VILLAGE, "thôn", "Nà Phiệt"),
    ):
        above = (await session.places.add(level, kind, name, above)).id
    contact = await people.create_contact(session, "telegram", str(CHAT))
    await people.enrol(session, contact, above or 0, RoleName.VILLAGE_HEAD, "", now() - timedelta(days=31))


class Person:
    """Somebody who talks with the bot over the loopback Bot API, one message after another."""

    def __init__(self, api: Loopback, taker: Taker) -> None:
        self.api, self.taker = api, taker

    async def sends(self, update: dict[str, Any]) -> dict[str, Any]:
        """The bot's last message after `update`."""
        await self.taker.channel.receive({"update_id": next(self.api.update_ids), **update}, self.taker)
        await self.taker.app.delivery.drain(30)
        return self.api.chat(CHAT).last

    async def says(self, text: str, **extra: Any) -> dict[str, Any]:
        return await self.sends({"message": self.api.message_of(CHAT, text=text, **extra)})

    async def presses(self, data: str, message: dict[str, Any]) -> dict[str, Any]:
        query = {"id": str(next(self.api.ids)), "from": self.api.person(CHAT), "chat_instance": "1"}
        self.api.queries.add(query["id"])
        return await self.sends({"callback_query": {**query, "data": data, "message": message}})


def data_of(message: dict[str, Any], end: str) -> str:
    rows = message["reply_markup"]["inline_keyboard"]
    return next(b["callback_data"] for row in rows for b in row if end in b["callback_data"])


async def stored(person: Person) -> dict[str, str]:
    async with person.taker.app.storage.reading() as session:
        row = (await session.exec(select(InterviewRow))).one()
    return {
        path.rpartition("/")[2]: value for path, value in row.state["values"].items() if "/meta/" not in path
    }


async def begun(person: Person) -> list[dict[str, Any]]:
    """The messages that ask the first three questions."""
    due = await person.says("/baocao")
    return [
        dict(await person.presses(data_of(due, "d:b:"), due)),
        dict(await person.says("100")),
        dict(await person.says("40")),
    ]
