"""Every command, word and button, tried by those who have no right to a village: none tells or changes anything.

The buttons carry the true numbers of the village, its report, its interview and its people, as somebody would
forge them who has seen such a button once.
"""

import re

import pytest
from sqlalchemy import update
from sqlmodel import col

from handlers.buttons import to_base36
from handlers.tables import COMMANDS, PRESSES
from handlers.vocabulary import SAID
from handlers.wording import wording
from storage.session import Session
from storage.tables import Contact, Form, InterviewRow, Person, Role, RoleName, Submission
from tests.handlers.chatting import (
    Phone,
    Town,
    begin_interview,
    send_report,
    text_of,
)
from tests.handlers.test_forged import APOLOGY, state

NUMBER = "7913"
CODE = re.compile(r"\bMAY-[0-9A-Z-]+")
"""A code for another phone is drawn at random: any letters may stand in it."""
SECRETS = ("Nà Hin", "Lý A Sử", NUMBER, "7.913", "BC-")
"""What belongs to the village: its name, its head's, an answer, its receipt."""
SHAPES = (
    "q:{interview}:0:r", "q:{interview}:-:S", "q:{interview}:0:b", "q:{interview}:0:X", "q:{interview}:0:h",
    "d:b:{place}:{form}:{period}", "d:n:{place}:{form}:{period}", "d:t:{place}:{form}:{period}", "d:v:{report}",
    "d:c:{report}", "d:o:{interview}", "t:{place}", "t:{place}:p", "t:{place}:d:nuoc", "f:p:{place_id}:0:0",
    "f:v:{place_id}:0:0", "f:r:{place_id}:0:0", "f:n:{place_id}:0:*", "f:n:{place_id}:0:nuoc-sach",
    "f:s:{place_id}:0:nuoc-sach", "f:m:{place_id}:0:nuoc-sach", "f:s:{commune_id}:0:nuoc-sach",
    "f:m:{commune_id}:0:nuoc-sach", "f:p:{commune_id}:0:0", "t:{commune}", "x:yes:{person}", "a:{person}",
    "a:p:{person}", "a:person:{person}", "e:yes", "e:no", "e:yes:{person}", "l:vi",
)  # fmt: skip


async def nobody(town: Town) -> Phone:
    return town.phone("9")


async def refused(town: Town) -> Phone:
    """Somebody who was invited to this very village and did not consent."""
    phone = town.phone("9")
    await phone.says(await town.invite("Nà Hin", RoleName.VILLAGE_HEAD, "Ai Đó"))
    await phone.presses("Không")
    return phone


async def neighbour(town: Town) -> Phone:
    return await town.head("9", "Nà Lốc", "Hoàng Văn Páo")


async def other_province(town: Town) -> Phone:
    return await town.enrolled("9", "Nghệ An", RoleName.PROVINCE_OFFICER, "Cán bộ")


async def other_commune(town: Town) -> Phone:
    return await town.enrolled("9", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Cán bộ")


async def ended(town: Town) -> Phone:
    """An officer of this very commune whose role has ended."""
    phone = await town.enrolled("9", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Cán bộ")
    person_id = (await phone.contact()).person_id

    async def end(session: Session) -> None:
        await session.exec(update(Role).where(col(Role.person_id) == person_id).values(until=town.now))

    await town.storage.write(end)
    return phone


async def left(town: Town) -> Phone:
    """A head of this very village who left."""
    phone = await town.head("9", "Nà Hin", "Vừ A Dế")
    await phone.says("/roi")
    await phone.presses(str(wording("vi")("leave.yes")))
    return phone


WHO = (nobody, refused, neighbour, other_province, other_commune, ended, left)


@pytest.mark.parametrize("who", WHO, ids=[who.__name__ for who in WHO])
async def test_nobody_else_sees_or_changes_a_village(town: Town, who: object) -> None:
    head = await town.head("1")
    await send_report(town, "nuoc-sach", "Nà Hin", {"/data/nuoc_ho": NUMBER})
    interview = await begin_interview(town, head, "nha-o", "Nà Hin")
    phone: Phone = await who(town)  # type: ignore[operator]
    [report] = await town.rows(Submission)
    row = (await town.rows(InterviewRow, InterviewRow.id == interview))[0]
    facts = {
        "interview": to_base36(interview),
        "report": to_base36(report.id),
        "place": to_base36(town.places["Nà Hin"]),
        "commune": to_base36(town.places["Vĩnh Thông"]),
        "place_id": town.places["Nà Hin"],
        "commune_id": town.places["Vĩnh Thông"],
        "person": (await head.contact()).person_id,
        "form": to_base36((await town.rows(Form, Form.name == row.form_name))[0].id),
        "period": row.period,
    }
    before = await state(town, phone)
    messages = [*COMMANDS, *(words[0] for words in SAID.lists("called").values()), "1", NUMBER]
    for data in [
        *(shape.format(**facts) for shape in SHAPES),
        *(f"{prefix}:" for prefix in PRESSES.patterns),
    ]:
        told(await phone.presses_data(data), data)
    for text in messages:
        told(await phone.says(text), text)
    after = await state(town, phone)
    assert after == before
    [mine] = await town.rows(Contact, Contact.address == "9")
    assert mine.person_id != facts["person"]
    assert len(await town.rows(Person, Person.name == "Lý A Sử")) == 1


def told(said: list[object], what: str) -> None:
    """An answer, that says nothing of the village."""
    text = text_of(said)  # type: ignore[arg-type]
    assert text, what
    plain = CODE.sub("", text)
    assert [secret for secret in (*SECRETS, APOLOGY) if secret in plain] == [], what
