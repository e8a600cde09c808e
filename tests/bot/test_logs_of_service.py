"""The whole service at its most talkative: whatever goes well or wrong, nobody's words and no secret are logged.

People enrol, report, send photos, leave and are refused, while handlers, the database and the Bot API fail with
errors that quote what was said. Everything the process writes is then searched.
"""

import asyncio
import json
import logging
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

import bot.serve
from handlers import tables
from handlers.turn import Turn
from handlers.wording import wording
from questionnaires.xlsform import compile_form
from storage import forms, invitations, roster
from storage.database import writing
from storage.tables import Level, RoleName
from tests.bot.loopback import PATIENCE, TOKEN, Fault, Loopback, RefusedError, bad
from tests.bot.test_serve import SECRET, environment, service, webhooks
from tests.free_ports import free_port

HEAD, EXPECTED, STRANGER, THIEF = 4242424201, 4242424202, 4242424203, 4242424204
NAME, EXPECTED_NAME, TYPED_NAME = "Lý A Sử", "Vàng Thị Mỷ", "Giàng Seo Páo"
PHONE = "0912345678"
LEAVE = str(wording("vi")("leave.yes"))
NUMBER, WORDS = "98613", "nhà ông Sùng sập mái"
PERSONAL = (
    TOKEN, TOKEN.partition(":")[2], SECRET, NAME, EXPECTED_NAME, TYPED_NAME, "Mỷ", "Páo", PHONE, "912345678",
    "912 345 678", NUMBER, "Sùng", "sập mái", "22.1488", "105.8301", "dap-an.jpg", str(HEAD), str(EXPECTED), str(STRANGER),
)  # fmt: skip
FORM = """| survey |
| | type | name | label |
| | integer | so | Bao nhiêu? |
| | text | loi | Nói thêm |
| | image | anh | Ảnh |
| | geopoint | cho | Ở đâu |
| settings |
| | form_id | form_title |
| | nuoc-sach | Phiếu thử |
"""


async def fails(turn: Turn) -> None:
    raise ValueError(f"{turn.incoming.text} {turn.person} {turn.contact} {turn.incoming}")


async def fails_in_the_database(turn: Turn) -> None:
    said = {"said": f"{turn.incoming.text} {turn.person}"}
    await turn.session.exec(text("select * from nothing where said = :said"), params=said)  # type: ignore[call-overload]


def talkative() -> None:
    """Serve with all that can be logged, and with two commands that fail."""
    bot.serve.set_up_logs = partial(bot.serve.set_up_logs, level=logging.DEBUG)  # type: ignore[assignment]
    tables.COMMANDS["/hong"] = fails  # type: ignore[index,assignment]
    tables.COMMANDS["/hongdb"] = fails_in_the_database  # type: ignore[index,assignment]


async def settle(database: AsyncEngine) -> str:
    """A village, its form, somebody on the roster; the code of an invitation."""
    async with writing(database) as session:
        await forms.save_form(session, compile_form(FORM.encode(), "thu.md"))
        nation = await session.places.add(Level.NATION, "", "Việt Nam", None)
        province = await session.places.add(Level.PROVINCE, "tỉnh", "Thái Nguyên", nation.id)
        commune = await session.places.add(Level.COMMUNE, "xã", "Vĩnh Thông", province.id)
        village = await session.places.add(Level.VILLAGE, "thôn", "Nà Hin", commune.id)
        moment = datetime.now(UTC)
        code, _ = await invitations.create(session, village.id, RoleName.VILLAGE_HEAD, NAME, 14, moment)
        rows = f"họ tên,điện thoại,địa bàn,vai trò\n{EXPECTED_NAME},{PHONE},Nà Hin,trưởng thôn\n"
        loaded = await roster.load(session, rows.encode(), "a.csv", moment.date(), moment)
        assert not loaded.faults
    return code


class People:
    """Talks to the bot and waits for each answer."""

    def __init__(self, api: Loopback) -> None:
        self.api = api

    async def says(self, who: int, text: str) -> None:
        await self.waits(who, self.api.message_of(who, text=text))

    async def waits(self, who: int, message: dict[str, object]) -> None:
        said = self.said_to(who)
        await self.api.give({"message": message})
        await self.api.until(lambda: self.said_to(who) > said)

    async def presses(self, who: int, label: str) -> None:
        said = self.said_to(who)
        await self.api.press_label(who, label)
        await self.api.until(lambda: self.said_to(who) > said)

    def said_to(self, who: int) -> int:
        """How much is in this chat; what is sent to others meanwhile is no answer."""
        return len(self.api.chat(who).messages)

    def label(self, who: int, part: str) -> str:
        """The whole label of the newest button that holds `part`."""
        for message in reversed(self.api.chat(who).messages.values()):
            for row in message.get("reply_markup", {}).get("inline_keyboard", []):
                for button in row:
                    if part in button["text"]:
                        return str(button["text"])
        raise LookupError(part)


def photo() -> bytes:
    file = BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "JPEG")
    return file.getvalue()


async def enrol(people: People, code: str) -> None:
    await people.says(STRANGER, f"xin chào, tôi là {TYPED_NAME}, {PHONE}")
    for wrong in ("ABCD-EFGH-JKMN-P", code[:-1] + ("2" if code[-1] != "2" else "3")):
        await people.says(THIEF, wrong)
    await people.says(HEAD, code)
    await people.presses(HEAD, people.label(HEAD, "Đồng ý"))
    contact = {"phone_number": "+84912345678", "first_name": EXPECTED_NAME, "user_id": EXPECTED}
    await people.waits(EXPECTED, people.api.message_of(EXPECTED, contact=contact))
    await people.presses(EXPECTED, people.label(EXPECTED, "Đồng ý"))


async def report(people: People, api: Loopback) -> None:
    await people.says(HEAD, "/baocao")
    await people.says(HEAD, "phiếu thử")  # late in a month it has no button for somebody who has just begun
    await people.says(HEAD, f"khoảng {NUMBER} hay {NUMBER}?")
    await people.says(HEAD, NUMBER)
    await people.says(HEAD, WORDS)
    message = api.message_of(HEAD, caption=WORDS)
    name = api.keep_file(photo())
    sizes = [{"file_id": name, "file_unique_id": name, "width": 40, "height": 30, "file_size": 700}]
    await people.waits(HEAD, {**message, "photo": sizes})
    await people.waits(HEAD, api.message_of(HEAD, location={"latitude": 22.1488, "longitude": 105.8301}))
    await people.presses(HEAD, people.label(HEAD, "Gửi"))


async def fail(people: People, api: Loopback) -> None:
    """Errors that quote people, from every side."""
    await people.says(HEAD, f"/hong {WORDS} {PHONE}")
    broken = {"message": api.message_of(HEAD, text=f"/hongdb {WORDS} {NUMBER}"), "update_id": 900_001}
    assert await api.post(broken) == 500
    assert await api.post(broken, secret="wrong " + WORDS.encode("ascii", "replace").decode()) == 403
    odd = {"update_id": 900_002, "message": {"text": WORDS, "from": {"first_name": NAME}, "chat": 3}}
    assert await api.post(odd) == 200
    quoting = bad(f"can't parse entities: {WORDS} {NAME}")
    refusing = RefusedError(403, f"Forbidden: bot was blocked by {NAME} {PHONE}")
    api.fail("sendMessage", Fault(quoting), Fault(bad(f"chat not found {HEAD} {WORDS}")))
    await api.say(STRANGER, f"{WORDS} 1")
    await api.until(lambda: not api.faults["sendMessage"])
    api.fail("sendMessage", Fault(drop=True), Fault(RefusedError(500, f"Internal {WORDS}")), Fault(refusing))
    await api.say(THIEF, f"{WORDS} 2")
    await api.until(lambda: not api.faults["sendMessage"])
    api.fail("answerCallbackQuery", Fault(bad(f"query is too old {WORDS}")))
    await people.says(HEAD, "/toi")


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_nothing_personal_is_written_anywhere(
    kind: str, database: AsyncEngine, database_url: str, tmp_path: Path
) -> None:
    code = await settle(database)
    port = free_port()
    async with Loopback() as api:
        variables = environment(api, database_url, tmp_path, port, **webhooks(port))
        async with service(variables, talkative) as process:
            await api.until(lambda: api.webhook)
            people = People(api)
            await enrol(people, code)
            await report(people, api)
            await fail(people, api)
            await people.says(EXPECTED, "/roi")
            await people.presses(EXPECTED, LEAVE)
            process.terminate()
            streams = await asyncio.wait_for(process.communicate(), PATIENCE)
    written = b"\n".join(streams).decode()
    events = {json.loads(line)["event"] for line in written.splitlines() if line.startswith("{")}
    assert {"handler failed", "update not saved", "webhook call refused", "update dropped"} <= events
    assert {"message given up", "message delayed"} <= events
    assert [word for word in (*PERSONAL, code, code.replace("-", "")) if word in written] == []
    assert "Traceback" not in written
