"""Somebody reports in a head's stead for some weeks, and then no more; drafts pass on; two people share one draft."""

import re

import pytest
from sqlmodel import col, select

from bot.timetable import end_over
from handlers.interviewing.ways import ResumeHere
from handlers.membership import deputising
from storage.tables import InterviewRow, Invitation, JournalEntry, Outbox, Role, RoleName
from tests.handlers.chatting import ZONE, Phone, Town, labels, text_of

CODE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]")
WATER = ("120", "120", "109", "109", "20", "0", "0")


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture(autouse=True)
def early(town: Town) -> None:
    """Two days before the report of water is due: who begins later is not asked for it."""
    town.later(days=-8)


@pytest.fixture
async def head(town: Town) -> Phone:
    return await town.head("a")


@pytest.fixture
async def officer(town: Town) -> Phone:
    return await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


async def named(head: Phone, weeks: str = "Nhờ 2 tuần") -> str:
    """The code that the head gets for a deputy."""
    await head.says("/toi")
    await head.presses("Nhờ người báo thay")
    [code] = CODE.findall(text_of(await head.presses(weeks)))
    return str(code)


async def deputy_of(head: Phone, weeks: str = "Nhờ 2 tuần") -> Phone:
    """The phone of somebody who took the head's code."""
    phone = head.town.phone("d")
    await phone.says(await named(head, weeks))
    await phone.presses("Đồng ý")
    await phone.says("Hoàng Thị Mai")
    return phone


async def hear(town: Town, *phones: Phone) -> list[str]:
    """What each chat was told since last asked; its buttons can be pressed."""
    replies, said = await town.heard(), []
    for phone in phones:
        mine = [reply for address, reply in replies if address == phone.address]
        phone.shown += mine
        said.append(text_of(mine))
    return said


async def starts(phone: Phone, count: int) -> None:
    """Begin the water questionnaire and give so many answers."""
    await phone.says("báo cáo")
    await phone.presses("Làm: Nước")
    for answer in WATER[:count]:
        await phone.says(answer)


async def test_a_deputy_reports_until_the_last_day_and_not_on_the_day_after(town: Town, head: Phone) -> None:
    deputy = await deputy_of(head)
    await starts(deputy, 7)
    assert "Đã nhận báo cáo" in text_of(await deputy.presses("Gửi"))
    async with town.storage.reading() as session:
        assert list(await session.exec(select(JournalEntry.role))) == ["lam-thay"]
    town.later(days=14, hours=15)
    assert "Báo cáo" in "".join(labels(await deputy.says("/menu")))
    town.later(hours=2)
    assert [role.until for role in await town.rows(Role, col(Role.ends_at).is_not(None))] == [None]
    library = town.dispatch.library
    await town.storage.write(lambda session: end_over(session, library, town.now))
    [told] = await hear(town, deputy)
    assert "hết thời gian báo thay" in told
    # It is one in the night: they read it in the morning.
    letter = (await town.rows(Outbox, col(Outbox.natural_key).startswith("figure:deputy-over")))[-1]
    assert letter.not_before is not None
    assert letter.not_before.astimezone(ZONE).hour == 6
    assert await town.storage.write(lambda session: deputising.end_over(session, town.now)) == 0
    said = text_of(await deputy.says("/menu"))
    assert "Nà Hin" not in said
    assert "Báo cáo" not in "".join(labels(deputy.shown[-1:]))
    assert "Báo cáo" in "".join(labels(await head.says("/menu")))


async def test_head_and_commune_hear_of_the_deputy_who_names_nobody(
    town: Town, head: Phone, officer: Phone
) -> None:
    await deputy_of(head)
    [deputy] = [town.phone("d")]
    assert "Nhờ người báo thay" not in "".join(labels(await deputy.says("/toi")))
    assert "không có" in text_of(await deputy.presses_data(f"h:n:{town.places['Nà Hin']}:2")).lower()
    await officer.presses_data(f"f:v:{town.places['Nà Hin']}:0:0")
    assert "Lý A Sử, Hoàng Thị Mai (báo thay)." in text_of(await officer.presses("Thay trưởng thôn"))
    await officer.presses_data(f"f:v:{town.places['Nà Hin']}:0:0")
    said = text_of(await officer.presses("Người báo thay"))
    assert "Hoàng Thị Mai, đến hết ngày 26/11/2026" in said
    assert "Trưởng thôn thôn Nà Hin bận" in said
    ended, told = await officer.act(deputy, press="Thôi nhờ")
    assert "Đã thôi nhờ" in ended
    assert "hết thời gian báo thay" in told
    assert "Báo cáo" not in "".join(labels(await deputy.says("/menu")))


async def test_the_commune_sees_a_code_that_nobody_has_used_yet(
    town: Town, head: Phone, officer: Phone
) -> None:
    await named(head)
    await officer.presses_data(f"f:v:{town.places['Nà Hin']}:0:0")
    assert "Mã báo thay chưa ai dùng" in text_of(await officer.presses("Người báo thay"))
    assert "Mã báo thay chưa ai dùng" not in text_of(await officer.presses("Rút lại mã này"))


async def test_a_deputy_stands_in_for_what_is_overdue_too(town: Town, head: Phone) -> None:
    town.later(days=10)
    deputy = await deputy_of(head)
    said = text_of(await deputy.says("báo cáo"))
    assert ("Nước sinh hoạt" in said, "bác không phải làm" in said) == (True, False)


async def test_a_code_that_nobody_used_is_taken_back(town: Town, head: Phone) -> None:
    code = await named(head)
    assert "Đã rút mã" in text_of(await head.presses("Rút lại mã này"))
    assert "đã được thu lại" in text_of(await town.phone("d").says(code))
    [row] = await town.rows(Invitation, col(Invitation.ends_at).is_not(None))
    assert row.used_at is None


async def test_others_name_no_deputies(town: Town, head: Phone) -> None:
    stranger = await town.head("z", "Xiềng Tắm", "Vi Văn Tám")
    forbidden = text_of(await stranger.presses_data(f"h:a:{town.places['Nà Hin']}"))
    assert forbidden == text_of(await stranger.presses_data("h:a:99999"))


async def test_two_people_of_a_village_share_one_draft(town: Town, head: Phone) -> None:
    deputy = await deputy_of(head)
    await starts(head, 3)
    assert "Người khác đang làm dở: Nước sinh hoạt" in text_of(await deputy.says("báo cáo"))
    assert "Người khác đang làm dở" not in text_of(await head.says("báo cáo"))
    said = text_of(await starts_beside(deputy))
    assert "Lý A Sử" in said
    went_on, told = await deputy.act(head, press="Làm tiếp phiếu ấy")
    assert "Câu 4/7" in went_on
    assert "Hoàng Thị Mai đang làm tiếp phiếu của bác" in told
    assert len(await town.rows(InterviewRow)) == 1
    # The principal answers at the same time: no answer of theirs is lost in the deputy's draft, nor counted twice.
    await head.says("109")
    await head.presses("Xem")
    assert "109 hộ" in text_of(head.shown[-1:])
    await head.act(deputy, press="Làm tiếp phiếu ấy")
    for answer in WATER[3:]:
        await head.says(answer)
    assert "Đã nhận báo cáo" in text_of(await head.presses("Gửi"))
    assert len(await town.rows(InterviewRow)) == 1


async def starts_beside(phone: Phone) -> list:  # type: ignore[type-arg]
    await phone.says("báo cáo")
    return await phone.presses("Làm: Nước")


async def test_two_who_correct_one_report_hear_of_each_other_and_the_first_to_send_ends_the_others_draft(
    town: Town, head: Phone
) -> None:
    deputy = await deputy_of(head)
    await starts(head, 7)
    await head.presses("Gửi")
    await head.presses("Xem, sửa báo cáo này")
    await head.presses("Sửa báo cáo này")
    await head.says("5: 21")
    town.later(minutes=10)
    await deputy.says("sửa báo cáo nước")
    said = text_of(await deputy.presses("Sửa báo cáo này"))
    assert "Lý A Sử cũng đang sửa báo cáo này, lần cuối lúc" in said
    await deputy.says("5: 22")
    _, heard = await deputy.act(head, press="Gửi bản sửa")
    assert "Hoàng Thị Mai vừa sửa và gửi báo cáo Nước sinh hoạt, tháng 11/2026, thôn Nà Hin:\n" in heard
    assert "20 hộ → 22 hộ" in heard
    assert heard.endswith("20 hộ → 21 hộ")
    await head.says("báo cáo")
    assert "dở" not in text_of(head.shown[-1:])
    assert "22 hộ" in text_of(await head.says("xem báo cáo nước"))


async def test_drafts_pass_to_the_new_head(town: Town, head: Phone, officer: Phone) -> None:
    await starts(head, 3)
    await officer.presses_data(f"f:v:{town.places['Nà Hin']}:0:0")
    await officer.presses("Thay trưởng thôn")
    [code] = CODE.findall(text_of(await officer.presses("Thay người")))
    successor = town.phone("n")
    await successor.says(code)
    said, told = await successor.act(officer, press="Đồng ý")
    assert "còn 1 phiếu đang làm dở, nay chuyển cho bác" in said
    assert "đã nhận việc trưởng thôn thôn Nà Hin trên máy" in told
    await successor.says("Triệu Văn Ba")
    await successor.says("báo cáo")
    assert "Câu 4/7" in text_of(await successor.presses("Làm tiếp"))
    said = text_of(await head.says("109"))
    assert "đã hết từ ngày" in said
    assert "Nà Hin" not in said


async def test_a_deputys_draft_goes_to_the_head_when_the_time_is_over(town: Town, head: Phone) -> None:
    deputy = await deputy_of(head, "Nhờ 1 tuần")
    await starts(deputy, 3)
    town.later(days=8)
    await town.storage.write(lambda session: deputising.end_over(session, town.now))
    await head.says("báo cáo")
    assert "Câu 4/7" in text_of(await head.presses("Làm tiếp"))


@pytest.mark.parametrize("said", ["109", "báo cáo", "làm tiếp"])
async def test_a_deputy_whose_time_is_over_goes_on_with_nothing_before_the_timetable_ends_it(
    town: Town, head: Phone, said: str
) -> None:
    deputy = await deputy_of(head, "Nhờ 1 tuần")
    await starts(deputy, 3)
    [role] = [role for role in await town.rows(Role) if role.ends_at]
    assert role.ends_at is not None
    town.later(days=12)
    answered, told = await deputy.act(head, text=said)
    assert f"đã hết từ ngày {role.ends_at.astimezone(town.now.tzinfo):%d/%m/%Y}" in answered
    assert not any(words in answered for words in ("Câu", "Nà Hin", "Cảm ơn"))
    assert "1 phiếu người ấy làm dở nay là của bác" in told
    await head.says("báo cáo")
    assert "Câu 4/7" in text_of(await head.presses("Làm tiếp"))


async def test_a_button_to_go_on_leads_to_what_is_due_when_a_deputy_has_taken_the_draft(
    town: Town, head: Phone
) -> None:
    deputy = await deputy_of(head)
    await starts(head, 3)
    go_on = str(ResumeHere())
    await starts_beside(deputy)
    await deputy.presses("Làm tiếp phiếu ấy")
    replies = await head.presses_data(go_on)
    assert "không có phiếu nào đang mở" in text_of(replies)
    assert "Làm: Nước" in "".join(labels(replies))


async def test_no_more_codes_can_be_used_than_there_may_be_deputies(town: Town, head: Phone) -> None:
    codes = [await named(head) for _ in range(3)]
    assert "đã được thu lại" in text_of(await town.phone("d").says(codes[0]))
    for code in codes[1:]:
        assert "báo thay, đến hết ngày" in text_of(await town.phone(code).says(code))


@pytest.mark.parametrize(
    "ways", [("/roi", "Rời và xoá"), ("quyền của tôi", "Rút đồng ý", "Rút đồng ý ngay"), ()]
)
async def test_what_a_deputy_left_half_done_goes_back_to_the_head_who_is_told(
    town: Town, head: Phone, officer: Phone, ways: tuple[str, ...]
) -> None:
    deputy = await deputy_of(head)
    await starts(head, 3)
    await starts_beside(deputy)
    await deputy.presses("Làm tiếp phiếu ấy")
    await deputy.says("109")
    if ways:
        said, *between, press = ways
        asked = text_of(await deputy.says(said))
        assert "sẽ mất" not in asked
        assert ("1 phiếu đang dở sẽ chuyển" in asked) == (said == "/roi")
        for step in between:
            await deputy.presses(step)
        _, told, told_officer = await deputy.act(head, officer, press=press)
        assert "người báo thay trưởng thôn đã thôi" in told_officer
    else:
        await head.says("/toi")
        await head.presses("Nhờ người báo thay")
        [told] = await head.act(press="Thôi nhờ")
    assert "1 phiếu người ấy làm dở nay là của bác" in told
    assert ("Hoàng Thị Mai" in told) == (not ways), "who did not leave may be asked again"
    [draft] = await town.rows(InterviewRow)
    assert "Hoàng Thị Mai" not in f"{draft.state}{draft.extra}"
    await head.says("báo cáo")
    assert "Câu 5/7" in text_of(await head.presses("Làm tiếp"))


async def test_a_deputy_goes_on_with_what_the_head_left_and_nothing_is_kept_where_nobody_remains(
    town: Town, head: Phone
) -> None:
    deputy = await deputy_of(head)
    await starts(head, 3)
    await head.says("/roi")
    _, told = await head.act(deputy, press="Rời và xoá")
    assert "1 phiếu người ấy làm dở nay là của bác" in told
    await deputy.says("báo cáo")
    assert "Câu 4/7" in text_of(await deputy.presses("Làm tiếp"))
    assert "1 phiếu đang dở, sẽ mất" in text_of(await deputy.says("/roi"))
    await deputy.presses("Rời và xoá")
    assert not await town.rows(InterviewRow)


@pytest.mark.parametrize(
    ("sooner", "why"), [(False, "hết báo thay từ ngày 27/11/2026, đúng hạn"), (True, "trước hạn")]
)
async def test_whose_time_is_over_is_named_with_its_day_and_asked_again_with_one_press(
    town: Town, head: Phone, officer: Phone, *, sooner: bool, why: str
) -> None:
    deputy = await deputy_of(head)
    await head.says("nhờ người báo thay")
    if sooner:
        await head.presses("Thôi nhờ Hoàng Thị Mai")
    town.later(days=15)
    assert "Vai trò của bác trên máy đã hết" in text_of(await deputy.says("báo cáo"))
    assert "Hoàng Thị Mai: " in (shown := text_of(await head.says("nhờ người báo thay")))
    assert why in shown
    again = head.button("Nhờ lại Hoàng Thị Mai 1 tuần")
    await hear(town)
    said, told, also = await head.act(deputy, officer, press="Nhờ lại Hoàng Thị Mai 1 tuần")
    assert "Báo thay: Hoàng Thị Mai, đến hết ngày 04/12/2026" in said
    assert "Bác lại được nhờ báo thay" in told
    assert "Hoàng Thị Mai từ hôm nay báo thay" in also
    assert "Làm: Nước" in "".join(labels(await deputy.says("báo cáo")))
    await head.presses_data(again)
    assert len(await town.rows(Role, col(Role.ends_at).is_not(None))) == 2


async def test_who_left_is_not_asked_again(town: Town, head: Phone) -> None:
    deputy = await deputy_of(head)
    await deputy.says("/roi")
    await deputy.presses("Rời và xoá")
    await head.says("nhờ người báo thay")
    assert "Nhờ lại" not in "".join(labels(head.shown[-1:]))
