"""Officers above a unit invite its officers and end their roles: one asks, another agrees, nobody decides alone."""

import re

import pytest
from sqlalchemy import update
from sqlmodel import col

from handlers.officers import staffing
from storage import invitations
from storage.leaving import leave
from storage.tables import Invitation, Outbox, Person, Role, RoleName, RoleRequest
from tests.handlers.chatting import Phone, Town, labels, text_of

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]")


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def officer(town: Town) -> Phone:
    return await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


@pytest.fixture
async def asker(town: Town) -> Phone:
    return await town.enrolled("p", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hoa")


@pytest.fixture
async def second(town: Town) -> Phone:
    return await town.enrolled("q", "Thái Nguyên", RoleName.ADMINISTRATOR, "Trần Văn Bình")


async def staff(phone: Phone) -> str:
    await phone.presses_data(f"f:p:{phone.town.places['Vĩnh Thông']}:0:0")
    return text_of(await phone.presses("Cán bộ ở đây"))


async def propose(phone: Phone) -> str:
    await phone.presses("Mời thêm cán bộ")
    return text_of(await phone.says("Hà Thị Vinh"))


async def test_an_officer_is_invited_by_two(town: Town, officer: Phone, asker: Phone, second: Phone) -> None:
    assert "Nông Văn Tài" in await staff(asker)
    assert "mời ai làm cán bộ xã, xã Vĩnh Thông" in text_of(await asker.presses("Mời thêm cán bộ"))
    assert "cả họ và tên" in text_of(await asker.says("Vinh"))
    said, told = await asker.act(second, text="tên là Hà Thị Vinh")
    assert "Đã ghi đề nghị. Cán bộ thứ hai đã được báo" in said
    assert "Vũ Thị Hoa đề nghị mời Hà Thị Vinh làm cán bộ xã, xã Vĩnh Thông" in told
    assert "trả lại, duyệt phiếu của thôn" in told, "what the role may do"
    assert not CODE.search(said + told)
    said, told = await second.act(asker, press="Đồng ý")
    assert not CODE.search(said)
    assert "Mã mời Hà Thị Vinh" in told
    [code] = CODE.findall(told)
    assert [row.name for row in await town.rows(RoleRequest)] == [""], "decided: nobody needs it any more"
    assert "đề nghị, nên anh/chị không dùng được" in text_of(await asker.says(code))
    assert "Đồng ý" not in labels(asker.shown[-1:])
    new = town.phone("n")
    await new.says(code)
    _, told, also = await new.act(asker, second, press="Đồng ý")
    assert "Hà Thị Vinh đã dùng mã mời, nay là cán bộ xã, xã Vĩnh Thông" in told
    assert told == also
    assert len(await town.rows(Role, Role.role == "can-bo-xa")) == 2
    assert [one for one in await town.audit() if one.startswith("staff")] == [
        "staff.invite_asked",
        "staff.invite_agreed",
    ]


async def test_a_role_ends_only_when_another_agrees(
    town: Town, officer: Phone, asker: Phone, second: Phone
) -> None:
    await staff(asker)
    await asker.presses("Cho thôi: Nông Văn Tài")
    [request] = await town.rows(RoleRequest)
    assert "người khác" in text_of(await asker.presses_data(f"r:y:{request.id}"))
    assert "Kiểm tra" in "".join(labels(await officer.says("/menu")))
    await town.heard()
    await second.presses_data(f"r:y:{request.id}")
    assert await town.rows(Outbox, col(Outbox.natural_key).contains("vacant-")), "those above hear what waits"
    assert "Kiểm tra" not in "".join(labels(await officer.says("/menu")))
    assert "đã có người trả lời" in text_of(await second.presses_data(f"r:y:{request.id}"))


async def test_what_was_asked_is_taken_back_or_refused(
    town: Town, officer: Phone, asker: Phone, second: Phone
) -> None:
    await staff(asker)
    await propose(asker)
    assert "Đã rút đề nghị" in text_of(await asker.presses("Rút đề nghị"))
    await propose(asker)
    await staff(second)
    said, told = await second.act(asker, press="Không đồng ý")
    assert "không đồng ý" in said
    assert "không được đồng ý" in told
    assert [row.answer for row in await town.rows(RoleRequest)] == ["withdrawn", "refused"]


async def test_whoever_asked_and_went_has_nothing_done(
    town: Town, officer: Phone, asker: Phone, second: Phone
) -> None:
    await staff(asker)
    await asker.presses("Cho thôi: Nông Văn Tài")
    [person] = await town.rows(Person, Person.name == "Vũ Thị Hoa")
    ended = update(Role).where(col(Role.person_id) == person.id).values(until=town.now)
    await town.storage.write(lambda session: session.exec(ended))
    await staff(second)
    assert "không còn vai trò" in text_of(await second.presses("Đồng ý"))
    assert len(await town.rows(Role, Role.role == "can-bo-xa", col(Role.until).is_(None))) == 1


async def test_nobody_else_looks_or_decides(town: Town, officer: Phone, asker: Phone) -> None:
    await staff(asker)
    await propose(asker)
    [request] = await town.rows(RoleRequest)
    place = town.places["Vĩnh Thông"]
    stranger = await town.enrolled("z", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Văn Tám")
    for phone in (officer, stranger):
        missing = text_of(await phone.presses_data("r:s:99999"))
        for data in (
            f"r:s:{place}",
            f"r:i:{place}",
            f"r:e:{place}:1",
            f"r:y:{request.id}",
            f"r:n:{request.id}",
        ):
            assert text_of(await phone.presses_data(data)) == missing
    assert [row.answer for row in await town.rows(RoleRequest)] == [""]


async def test_whoever_asked_and_has_another_post_gets_no_code(
    town: Town, officer: Phone, asker: Phone, second: Phone
) -> None:
    await staff(asker)
    await propose(asker)
    [person] = await town.rows(Person, Person.name == "Vũ Thị Hoa")
    moved = update(Role).where(col(Role.person_id) == person.id).values(place_id=town.places["Nghệ An"])
    await town.storage.write(lambda session: session.exec(moved))
    await staff(second)
    said, told = await second.act(asker, press="Đồng ý")
    assert "không còn vai trò" in said
    assert not CODE.search(told)


async def test_two_on_one_phone_are_not_two_who_decide(town: Town, officer: Phone, asker: Phone) -> None:
    await staff(asker)
    await propose(asker)
    [request] = await town.rows(RoleRequest)
    await asker.says(await town.invite("Thái Nguyên", RoleName.ADMINISTRATOR, "Trần Văn Bình"))
    await asker.presses("Người khác dùng chung")
    await asker.presses("Đồng ý")
    assert "Phải là người khác" in text_of(await asker.presses_data(f"r:y:{request.id}"))
    assert [row.answer for row in await town.rows(RoleRequest)] == [""]


async def test_what_nobody_decides_lapses_and_who_asked_is_told(
    town: Town, officer: Phone, asker: Phone, second: Phone
) -> None:
    await staff(asker)
    assert "quá 14 ngày" in await propose(asker)
    [request] = await town.rows(RoleRequest)
    town.later(days=14, minutes=1)
    assert "Chờ đồng ý" not in await staff(asker)
    assert "hết hạn" in text_of(await second.presses_data(f"r:y:{request.id}"))
    for lapsed in (1, 0):
        await town.heard()
        count = await town.storage.write(lambda session: staffing.end_over(session, town.now, None))
        told = text_of([reply for address, reply in await town.heard() if address == "p"])
        assert (count, "xã Vĩnh Thông hết hạn: 14 ngày" in told) == (lapsed, bool(lapsed))
    assert [row.answer for row in await town.rows(RoleRequest)] == ["lapsed"]
    assert "hết hạn" in text_of(await second.presses_data(f"r:y:{request.id}"))
    assert [row.name for row in await town.rows(RoleRequest)] == [""]
    assert "mời ai" in text_of(await asker.presses_data(f"r:i:{request.place_id}"))


async def test_whom_a_code_was_meant_for_is_forgotten_when_it_runs_out_or_its_proposer_leaves(
    town: Town, officer: Phone, asker: Phone, second: Phone
) -> None:
    await staff(asker)
    await propose(asker)
    await staff(second)
    await second.presses("Đồng ý")
    for days, name in ((13, "Hà Thị Vinh"), (1, "")):
        town.later(days=days)
        await town.storage.write(lambda session: invitations.forget_names(session, town.now))
        assert [row.name for row in await town.rows(Invitation)] == [name]
    await staff(asker)
    await propose(asker)
    [person] = await town.rows(Person, Person.name == "Vũ Thị Hoa")
    await town.storage.write(lambda session: leave(session, person.id, town.now))
    assert [(row.answer, row.name) for row in await town.rows(RoleRequest)] == [
        ("agreed", ""),
        ("withdrawn", ""),
    ]


async def test_the_buttons_of_several_requests_say_whom_they_are_about(
    town: Town, officer: Phone, asker: Phone, second: Phone
) -> None:
    await staff(asker)
    await propose(asker)
    await staff(asker)
    await asker.presses("Cho thôi: Nông Văn Tài")
    await staff(asker)
    assert {"Rút đề nghị: Hà Thị Vinh", "Rút đề nghị: Nông Văn Tài"} <= set(labels(asker.shown[-1:]))
    await staff(second)
    shown = labels(second.shown[-1:])
    assert {"Đồng ý: Hà Thị Vinh", "Không đồng ý: Hà Thị Vinh", "Đồng ý: Nông Văn Tài"} <= set(shown)
