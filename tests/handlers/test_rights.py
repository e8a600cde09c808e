"""The rights over one's own data: each in the chat, entered in a register, with days that holidays move, and alarms."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from bot.timetable import write_round
from handlers.messages import MessageKind
from handlers.wording import catalogue
from storage import journal, request_journal, requests, retention, seats
from storage.database import writing
from storage.requests import RequestKind, working_days_after
from storage.retention import Terms
from storage.tables import (
    AuditEntry,
    ConsentText,
    InterviewRow,
    Person,
    PersonRequest,
    Role,
    RoleName,
)
from tests.handlers.chatting import ZONE, Phone, Town, begin_interview, labels, text_of


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def admin(town: Town) -> Phone:
    return await town.enrolled("q", "Thái Nguyên", RoleName.ADMINISTRATOR, "Trần Văn Bình")


@pytest.fixture
async def head(town: Town, admin: Phone) -> Phone:
    return await town.head("a")


async def rights(phone: Phone, which: str) -> str:
    await phone.says("/toi")
    await phone.presses("Quyền của tôi")
    return text_of(await phone.presses(which))


def test_working_days_pass_over_weekends_and_holidays() -> None:
    # A weekend, then the day of Vietnamese culture.
    assert working_days_after(date(2026, 11, 20), 2) == date(2026, 11, 25)
    # Reunification day and the first of May, then a weekend.
    assert working_days_after(date(2026, 4, 29), 2) == date(2026, 5, 5)


async def test_what_can_be_done_at_once_is_done_and_entered(town: Town, head: Phone) -> None:
    assert "Máy giữ về bác" in await rights(head, "Xem")
    [row] = await town.rows(PersonRequest)
    assert (row.kind, row.outcome) == ("see", "done")
    await rights(head, "Xem")
    assert len(await town.rows(PersonRequest)) == 1, "entered once a day"
    town.later(days=1)
    await rights(head, "Xem")
    assert len(await town.rows(PersonRequest)) == 2
    await rights(head, "Xoá")
    assert "Rời và xoá" in labels(head.shown[-1:])


async def test_an_objection_is_entered_told_to_the_administrator_and_answered(
    town: Town, head: Phone, admin: Phone
) -> None:
    assert "Bác ghi vài chữ" in await rights(head, "Phản đối")
    await town.heard()
    said = text_of(await head.says("Không muốn tên tôi hiện cho xã"))
    assert "Được trả lời chậm nhất 25/11/2026" in said
    assert "làm xong chậm nhất" in said
    [row] = await town.rows(PersonRequest)
    assert (row.answer_due, row.finish_due) == (date(2026, 11, 25), date(2026, 12, 4))
    assert row.words == "Không muốn tên tôi hiện cho xã"


@pytest.mark.parametrize(
    ("typed", "of"),
    [
        ("tôi phản đối việc hiện tên tôi cho huyện", "object"),
        ("toi phan doi viec hien ten toi cho huyen", "object"),
        ("tôi không muốn hiện tên tôi cho xã", "object"),
        ("máy ghi sai ngày tôi nhận việc, phải là 15/3", "correct"),
        ("may ghi sai nam sinh cua toi, phai la 1970", "correct"),
    ],
)
async def test_words_said_unasked_are_entered_by_one_tap(
    town: Town, head: Phone, typed: str, of: str
) -> None:
    said = await head.says(typed)
    assert f"«{typed}»" in text_of(said)
    assert await town.rows(PersonRequest) == []
    assert "Được trả lời chậm nhất" in text_of(await head.presses("Gửi lời này"))
    [row] = await town.rows(PersonRequest)
    assert (row.kind, row.words) == (of, typed)
    assert "Được trả lời chậm nhất" not in text_of(await head.presses("Phản đối"))


async def test_other_words_after_the_offer_are_not_entered(town: Town, head: Phone) -> None:
    await head.says("tôi phản đối việc hiện tên tôi cho huyện")
    await head.says("báo cáo")
    assert await town.rows(PersonRequest) == []
    await head.says("tôi phản đối việc hiện tên tôi cho huyện")
    await head.says("vâng")
    assert [row.kind for row in await town.rows(PersonRequest)] == ["object"]


async def test_administrators_hear_the_day_before_and_when_it_is_late(town: Town, head: Phone) -> None:
    await rights(head, "Phản đối")
    await head.says("Không muốn tên tôi hiện cho xã")
    # On 24 November, a holiday, offices are told nothing: they hear on the working day before.
    for days, words in ((2, ""), (3, "trả lời chậm nhất 25/11"), (6, "quá hạn trả lời 25/11")):
        await town.heard()
        at = datetime(2026, 11, 20 + days, 9, 0, tzinfo=ZONE)
        await write_round(town.storage, town.dispatch.library, at, "reminders")
        told = [reply for address, reply in await town.heard() if address == "q"]
        assert (words in text_of(told)) if words else not told
        assert await write_round(town.storage, town.dispatch.library, at, "reminders") == 0


async def test_words_of_4000_letters_are_asked_for_again(town: Town, head: Phone) -> None:
    await rights(head, "Phản đối")
    assert "trong 300 chữ" in text_of(await head.says("không đồng ý " * 300))
    assert await town.rows(PersonRequest) == []


async def test_withdrawn_consent_ends_every_role_at_once(town: Town, head: Phone) -> None:
    assert "mọi vai trò của bác hết ngay" in await rights(head, "Rút đồng ý")
    assert "Đã rút đồng ý" in text_of(await head.presses("Rút đồng ý ngay"))
    assert "Báo cáo" not in "".join(labels(await head.says("/menu")))
    [person] = await town.rows(Person, Person.name == "Lý A Sử")
    assert person.consented_at is None
    assert "Vai trò của bác trên máy đã hết từ ngày 20/11/2026" in text_of(await head.says("109"))
    await head.says("quyền của tôi")
    assert "Yêu cầu về dữ liệu của mình: 2" in text_of(await head.presses("Xem"))
    assert await town.rows(Role, Role.person_id == person.id, col(Role.until).is_(None)) == []


async def test_consent_is_kept_with_its_words_its_time_and_its_message(town: Town, admin: Phone) -> None:
    phone = town.phone("b")
    await phone.says(await town.invite("Nà Lốc", RoleName.VILLAGE_HEAD, "Hoàng Thị Mai"))
    await phone.sends(MessageKind.PRESS, press=phone.button("Đồng ý"), message_ref="m77")
    [person] = await town.rows(Person, Person.name == "Hoàng Thị Mai")
    assert person.consent_message == "m77"
    async with town.storage.reading() as session:
        kept = await session.get(ConsentText, person.consent_version)
    assert kept is not None
    assert kept.text == catalogue("vi")["enrol.consent"]
    await phone.says("/toi")
    about = text_of(await phone.presses("Máy giữ gì về tôi"))
    assert "Báo cáo đã gửi: 0" in about
    assert "Yêu cầu về dữ liệu" not in about
    agreed = text_of(await phone.presses("Lời tôi đã đồng ý"))
    assert "Lời bác đã đồng ý lúc" in agreed
    assert "thôn Nà Lốc" in agreed
    assert "nhật ký ai gửi, sửa, duyệt số nào" in agreed


async def test_others_see_nobodys_requests(town: Town, head: Phone) -> None:
    await rights(head, "Phản đối")
    await head.says("Không muốn tên tôi hiện cho xã")
    other = await town.head("b", "Nà Lốc", "Hoàng Thị Mai")
    await other.says("/toi")
    assert "phản đối" not in text_of(await other.presses("Quyền của tôi"))


async def test_what_is_old_goes_once_a_day_and_nothing_else(town: Town, head: Phone) -> None:
    number = await begin_interview(town, head, "nuoc-sach", "Nà Hin")
    old = update(InterviewRow).values(status="cancelled", updated_at=town.now.replace(month=7))
    await town.storage.write(lambda session: session.exec(old))
    before = len(await town.rows(AuditEntry))
    for gone in (1, 0):
        swept = await town.storage.write(
            lambda session: retention.once_a_day(session, Terms(), town.now, ZONE)
        )
        assert swept == gone
    assert await town.rows(InterviewRow, InterviewRow.id == number) == []
    assert len(await town.rows(AuditEntry)) == before
    assert "Nà Hin" in text_of(await head.says("báo cáo"))


def test_the_last_day_is_put_off_once() -> None:
    row = PersonRequest(kind=RequestKind.ERASE, answer_due=date(2026, 11, 24), finish_due=date(2026, 12, 10))
    now = datetime(2026, 11, 25, tzinfo=ZONE)
    assert requests.extend(row, now)
    assert row.finish_due == date(2026, 12, 25)
    assert not requests.extend(row, now)


async def test_who_erases_themselves_leaves_no_request_to_be_late_with(town: Town, head: Phone) -> None:
    await rights(head, "Phản đối")
    await head.says("Không muốn tên tôi hiện cho xã")
    await head.says("/roi")
    await head.presses("Rời và xoá")
    [row] = await town.rows(PersonRequest)
    assert (row.person_id, row.words, row.outcome) == (None, "", "done")
    await town.heard()
    at = datetime(2026, 12, 20, 9, 0, tzinfo=ZONE)
    assert await write_round(town.storage, town.dispatch.library, at, "reminders") == 0


async def test_a_role_is_not_given_back_to_who_withdrew_consent(town: Town, head: Phone) -> None:
    [role] = await town.rows(Role, Role.role == RoleName.VILLAGE_HEAD)
    await town.storage.write(lambda session: seats.end(session, [role], town.now))
    await rights(head, "Rút đồng ý")
    await head.presses("Rút đồng ý ngay")
    await town.storage.write(lambda session: seats.give_back(session, [role]))
    assert await town.rows(Role, Role.role == RoleName.VILLAGE_HEAD, col(Role.until).is_(None)) == []


async def register_faults(town: Town) -> int:
    """How many faults `thonbao verify` finds in the register and the journal."""
    async with town.storage.reading() as session:
        return len((await journal.checked(session)).breaks) + len(
            await request_journal.breaks(session, town.now)
        )


FORGED: dict[str, Any] = {
    "kind": "erase",
    "person_id": None,
    "asked_at": datetime(2026, 11, 1, tzinfo=ZONE),
    "words": "khác",
    "note": "khác",
    "answer_due": date(2027, 1, 1),
    "finish_due": date(2027, 1, 1),
    "extended_at": datetime(2026, 11, 21, tzinfo=ZONE),
    "answered_at": datetime(2026, 11, 21, tzinfo=ZONE),
    "done_at": datetime(2026, 11, 21, tzinfo=ZONE),
    "outcome": "refused",
}
"""Another value for each column of a request."""


async def test_whatever_is_changed_in_the_register_is_found(town: Town, head: Phone) -> None:
    await rights(head, "Xem")
    await rights(head, "Phản đối")
    await head.says("đừng cho tỉnh xem tên tôi")
    asked = (await town.rows(PersonRequest))[-1]
    assert set(FORGED) == set(PersonRequest.model_fields) - {"id"}
    assert await register_faults(town) == 0
    for column, value in FORGED.items():
        async with writing(town.storage.engine) as session:
            mine = col(PersonRequest.id) == asked.id
            await session.exec(update(PersonRequest).where(mine).values({column: value}))
        assert await register_faults(town) == 1, column
        async with writing(town.storage.engine) as session:
            await session.exec(update(PersonRequest).where(mine).values({column: getattr(asked, column)}))
    async with writing(town.storage.engine) as session:
        session.add(PersonRequest(**(FORGED | {"person_id": asked.person_id})))
    assert await register_faults(town) == 1
    async with writing(town.storage.engine) as session:
        await session.exec(delete(PersonRequest).where(col(PersonRequest.id) >= asked.id))
    assert await register_faults(town) == 1


async def test_the_register_of_who_left_still_stands(town: Town, head: Phone) -> None:
    await rights(head, "Phản đối")
    await head.says("đừng cho tỉnh xem tên tôi")
    await head.says("/roi")
    await head.presses("Rời và xoá")
    assert [row.words for row in await town.rows(PersonRequest)] == [""]
    assert await register_faults(town) == 0
