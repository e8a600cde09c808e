"""An officer gives a village another head: the old one's rights end at once, the new one joins by invitation; undo."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.messages import MessageKind, Reply
from storage import forms
from storage.session import Session
from storage.tables import Contact, InterviewRow, Invitation, Outbox, Role, RoleName, RosterEntry
from tests.handlers.chatting import Phone, Town, begin_interview, bundled, labels, text_of, town_on

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]")


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path) as made:
        await made.storage.write(lambda session: forms.save_form(session, bundled("nuoc-sach")))
        yield made


@pytest.fixture
async def officer(town: Town) -> Phone:
    return await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


async def begins(town: Town, officer: Phone, village: str = "Nà Hin") -> str:
    """Look at the village and ask to replace its head; what is said."""
    seen = labels(await officer.presses_data(f"f:v:{town.places[village]}:0:0"))
    return text_of(await officer.presses(next(label for label in seen if label[:4] in ("Thay", "Mời "))))


async def confirms(town: Town, officer: Phone) -> dict[str, list[Reply]]:
    """Press the yes; what each chat is told."""
    data = officer.button("Thay người")
    await town.dispatch.handle(officer.incoming(MessageKind.PRESS, press=data), town.channel)
    told: dict[str, list[Reply]] = {}
    for address, reply in await town.heard():
        told.setdefault(address, []).append(reply)
    officer.shown += told.get("xa", [])
    return told


async def test_the_old_head_ends_as_the_new_invitation_is_made(town: Town, officer: Phone) -> None:
    other = await town.enrolled("xa2", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Hà Thị Vinh")
    head = await town.head("thon")
    shown = await head.says("/menu")
    assert "Lý A Sử" in await begins(town, officer)
    told = await confirms(town, officer)
    [code] = CODE.findall(text_of(told["xa"]))
    assert "cho người khác" in text_of(told["thon"])
    assert "Lý A Sử" not in text_of(told["thon"]) + text_of(told[other.address])
    assert "thay trưởng thôn" in text_of(told["xa2"])
    for label in labels(shown):
        answer = text_of(await head.presses_data(head.button(label)))
        assert "Nà Hin" not in answer, label
    place = town.places["Nà Hin"]
    for data in (
        "m:baocao",
        "m:khancap",
        "m:tinhhinh",
        f"z:k:{place}:sat-lo",
        "d:v:1",
        f"t:{place}",
        "q:1:0:r",
    ):
        assert "mã mời" in text_of(await head.presses_data(data)), data
    assert "Nà Hin" not in text_of(await head.says("báo cáo"))
    new = town.phone("moi")
    await new.says(code)
    assert "bác đã tham gia" in text_of(await new.presses("Đồng ý"))
    roles = await town.rows(Role, Role.place_id == town.places["Nà Hin"])
    assert [role.until is None for role in roles] == [False, True]
    assert "đã nhận việc" in text_of(await officer.presses("Hoàn tác"))


async def test_all_of_it_is_taken_back(town: Town, officer: Phone) -> None:
    old_code = await town.invite("Nà Hin", RoleName.VILLAGE_HEAD)
    head = await town.head("thon")
    draft = await begin_interview(town, head, "nuoc-sach", "Nà Hin")
    await begins(town, officer)
    [code] = CODE.findall(text_of((await confirms(town, officer))["xa"]))
    assert "đã được thu lại" in text_of(await town.phone("la").says(old_code))
    assert (await head.contact()).interview_id is None
    assert "mã mời" in text_of(await head.says("25"))
    assert "như trước" in text_of(await officer.presses("Hoàn tác"))
    assert "đã hoàn tác" in text_of(await officer.presses("Hoàn tác")).lower()
    assert "Đồng ý" not in labels(await town.phone("la").says(code))
    assert "Đồng ý" in labels(await town.phone("la").says(old_code))
    [row] = await town.rows(InterviewRow)
    assert (row.id, row.status) == (draft, "open")
    assert any("Nước" in label for label in labels(await head.says("báo cáo")))


async def test_a_press_that_came_twice_does_it_once(town: Town, officer: Phone) -> None:
    await town.head("thon")
    await begins(town, officer)
    data = officer.button("Thay người")
    await officer.presses_data(data)
    assert "vừa thay đổi" in text_of(await officer.presses_data(data))
    made = await town.rows(Invitation, Invitation.used_at == None)  # noqa: E711 - SQL
    assert len(made) == 1


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_old_head_cannot_come_back_by_a_number_on_the_roster(town: Town, officer: Phone) -> None:
    head = await town.head("thon")
    expected = RosterEntry(
        phone="84912345678", name="lý a sử", place_id=town.places["Nà Hin"], role=RoleName.VILLAGE_HEAD
    )

    async def work(session: Session) -> None:
        session.add(expected)

    await town.storage.write(work)
    await begins(town, officer)
    await confirms(town, officer)
    await head.shares("0912345678")
    assert await town.rows(RosterEntry) == []
    assert "Đồng ý" not in labels(head.shown[-1:])


async def test_letters_that_wait_for_the_old_head_are_not_sent(town: Town, officer: Phone) -> None:
    await town.head("thon")
    await officer.presses_data(f"f:n:{town.places['Nà Hin']}:0:*")
    [contact] = await town.rows(Contact, Contact.address == "thon")
    assert await town.rows(Outbox, Outbox.natural_key != None)  # noqa: E711 - SQL
    await begins(town, officer)
    await confirms(town, officer)
    assert not await town.rows(Outbox, Outbox.contact_id == contact.id, Outbox.natural_key != None)  # noqa: E711


async def test_who_lost_the_role_may_still_leave(town: Town, officer: Phone) -> None:
    head = await town.head("thon")
    await begins(town, officer)
    await confirms(town, officer)
    await head.says("/roi")
    assert "Đã xoá" in text_of(await head.presses("Rời và xoá"))
    assert "Người cũ đã rời" in text_of(await officer.presses("Hoàn tác"))


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize(
    ("place", "role"),
    [("Thái Nguyên", RoleName.PROVINCE_OFFICER), ("Mỹ Lý", RoleName.COMMUNE_OFFICER)],
)
async def test_nobody_else_replaces(town: Town, place: str, role: RoleName) -> None:
    await town.head("thon")
    other = await town.enrolled("khac", place, role, "Hà Thị Mai")
    seen = await other.presses_data(f"f:v:{town.places['Nà Hin']}:0:0")
    assert not [label for label in labels(seen) if "Thay" in label]
    for screen, last in ("h", 0), ("i", 1), ("u", 1):
        data = f"f:{screen}:{town.places['Nà Hin']}:0:{last}"
        assert "Không có nơi này" in text_of(await other.presses_data(data))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_village_without_a_head_gets_one(town: Town, officer: Phone) -> None:
    assert "chưa có trưởng thôn" in await begins(town, officer, "Nà Lốc")
    [code] = CODE.findall(text_of(await officer.presses("Làm mã mời")))
    new = town.phone("moi")
    await new.says(code)
    assert "bác đã tham gia" in text_of(await new.presses("Đồng ý"))


async def test_the_word_leads_there(town: Town, officer: Phone) -> None:
    assert "Chọn thôn" in text_of(await officer.says("thay người"))


@pytest.mark.parametrize(
    "words", ["thay người Nà Hin", "Thay người ở Nà Hin", "thay trưởng thôn thôn Nà Hin"]
)
async def test_a_village_may_be_named_and_what_was_done_undone_in_words(
    town: Town, officer: Phone, words: str
) -> None:
    await town.head("thon")
    assert "Lý A Sử" in text_of(await officer.says(words))
    await confirms(town, officer)
    undone = await officer.says("hoàn tác")
    assert "Hoàn tác" in labels(undone) or "head.restored" in await town.audit()


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_village_that_is_not_known_leads_to_the_list(town: Town, officer: Phone) -> None:
    assert "Thay trưởng thôn nào" in text_of(await officer.says("thay người Không Có"))
