"""A commune officer enters a report from paper: the photo stays with it, and everybody sees that it came so."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from handlers.messages import FileRef, MessageKind
from storage.tables import Attachment, AttachmentState, RoleName, Submission
from tests.handlers.chatting import Phone, Town, labels, text_of

WATER = ("120", "120", "109", "109", "20", "0", "0")


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def officer(town: Town) -> Phone:
    """The commune's officer, who has just entered the water report of Nà Hin."""
    phone = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await phone.presses_data(f"f:r:{town.places['Nà Hin']}:0:0")
    await phone.presses("Làm: Nước")
    for answer in WATER:
        await phone.says(answer)
    await phone.presses("Gửi")
    await phone.presses("Theo phiếu giấy")
    return phone


async def photo(phone: Phone) -> str:
    return text_of(await phone.sends(MessageKind.PHOTO, photo=FileRef("p1", 1000)))


async def test_the_paper_is_kept_with_the_report_and_seen_by_the_head(town: Town, officer: Phone) -> None:
    await officer.presses("Gửi kèm ảnh phiếu giấy")
    assert "chỉ nhận ảnh" in text_of(await officer.says("đây"))
    assert "Đã nhận ảnh phiếu giấy" in await photo(officer)
    head = await town.head("a")
    [report] = await town.rows(Submission)
    assert "Báo thay" in text_of(await head.presses_data(f"d:v:{report.id}"))
    await head.presses("Xem ảnh phiếu giấy")
    assert "đang được tải về" in text_of(head.shown[-1:])
    stored = update(Attachment).values(
        state=AttachmentState.STORED, name="ab/cd.jpg", media_type="image/jpeg"
    )
    await town.storage.write(lambda session: session.exec(stored))
    [shown] = await head.presses("Xem ảnh phiếu giấy")
    assert shown.document is not None
    assert shown.document.path == "photos/ab/cd.jpg"
    assert "gửi kèm ảnh phiếu giấy" in text_of(
        await officer.says("lịch sử hộ đang dùng nước hợp vệ sinh Nà Hin")
    )


async def test_others_neither_add_nor_see_it(town: Town, officer: Phone) -> None:
    add = officer.button("Gửi kèm ảnh phiếu giấy")
    await officer.presses("Gửi kèm ảnh phiếu giấy")
    await photo(officer)
    see = add.replace("d:p:", "d:q:")
    stranger = await town.head("z", "Xiềng Tắm", "Vi Văn Tám")
    province = await town.enrolled("p", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vũ Thị Hoa")
    for phone in (stranger, province):
        missing = text_of(await phone.presses_data("d:q:zzz"))
        assert text_of(await phone.presses_data(see)) == missing
        assert text_of(await phone.presses_data(add)) == missing
    head = await town.head("a")
    await head.presses_data(add)
    await photo(head)
    assert len(await town.rows(Attachment, col(Attachment.path) == "@paper")) == 1


async def test_a_head_who_reports_for_themselves_is_not_asked_for_paper(town: Town) -> None:
    head = await town.head("a")
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    for answer in WATER:
        await head.says(answer)
    assert "phiếu giấy" not in "".join(labels(await head.presses("Gửi")))


async def test_the_head_is_told_of_a_first_report_in_their_place(town: Town) -> None:
    head = await town.head("a")
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await officer.presses_data(f"f:r:{town.places['Nà Hin']}:0:0")
    await officer.presses("Làm: Nước")
    for answer in WATER:
        await officer.says(answer)
    assert "Vì sao?" in text_of(await officer.presses("Gửi"))
    assert "Thôn chưa dùng được máy" in labels(officer.shown[-1:])
    assert "Sửa lỗi gõ rõ ràng" not in labels(officer.shown[-1:]), "nothing is corrected"
    assert "Vì sao?" in text_of(await officer.says("109")), "a number is no reason"
    assert "câu 5: 19 hộ" in text_of(await officer.says("câu 5 là 19")), "a correction is none, either"
    assert await town.rows(Submission) == []
    assert "Vì sao?" in text_of(await officer.presses("Gửi"))
    _, told = await officer.act(head, text="bác Sử đi viện, vợ bác đọc số cho xã")
    assert "Vừa có người báo thay bác: cán bộ xã, Nông Văn Tài" in told
    assert "Lý do: bác Sử đi viện, vợ bác đọc số cho xã." in told
    assert "Không đúng" in labels(head.shown[-1:])
    for phone in (officer, head):
        history = text_of(await phone.says("lịch sử hộ đang dùng nước hợp vệ sinh Nà Hin"))
        assert "Báo thay, lý do: bác Sử đi viện" in history


async def test_a_reason_given_for_a_report_that_came_meanwhile_replaces_nothing(town: Town) -> None:
    head = await town.head("a")
    officer = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await officer.presses_data(f"f:r:{town.places['Nà Hin']}:0:0")
    await officer.presses("Làm: Nước")
    for answer in WATER:
        await officer.says(answer)
    await officer.presses("Gửi")
    await head.says("báo cáo")
    await head.presses("Làm: Nước")
    await head.presses("Tôi vẫn làm")
    for answer in WATER:
        await head.says(answer)
    await head.presses("Gửi")
    said = text_of(await officer.presses("Thôn chưa dùng được máy"))
    assert ("đã có bản gửi rồi" in said, "Hai bản giống hệt nhau" in said) == (True, True)
    said = text_of(await officer.says("máy của thôn hỏng"))
    assert ("chọn một trong các cách" in said, "đã có bản gửi rồi" in said) == (True, True)
    assert len(await town.rows(Submission)) == 1
