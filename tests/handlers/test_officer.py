"""An officer's look: coverage, sums, one village, reminding, reporting for a village without a phone."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import col

from handlers.messages import MessageKind
from handlers.screens.reported import PAGE
from storage.session import Session
from storage.tables import Contact, InterviewRow, Level, Outbox, RoleName
from tests.handlers.chatting import (
    Phone,
    Town,
    bundled,
    labels,
    load_forms,
    send_report,
    text_of,
    three_asked,
    town_on,
)

WATER = {
    "nuoc_ho": "50",
    "nuoc_ho_dtts": "40",
    "nuoc_ho_hvs": "25",
    "nuoc_ho_dtts_hvs": "20",
    "nuoc_ho_tap_trung": "10",
    "nuoc_ho_thieu": "3",
    "nuoc_ct_hong": "0",
}


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path, plans=three_asked()) as made:
        await load_forms(made)
        yield made


@pytest.fixture
async def officer(town: Town) -> Phone:
    return await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


def water(**changes: str) -> dict[str, str]:
    paths = {question.name: question.path for question in bundled("nuoc-sach").questions}
    return {paths[name]: value for name, value in {**WATER, **changes}.items()}


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_coverage_counts_the_villages_of_the_period(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await send_report(town, "nuoc-sach", "Nà Lốc", water(), back=1)
    said = await officer.says("/cacthon")
    text = text_of(said)
    assert "xã Vĩnh Thông, tỉnh Thái Nguyên" in text
    assert "Nước sinh hoạt, tháng 11/2026: 1/3 thôn" in text
    assert "thôn Nà Hin: 1/3, 1 quá hạn" in labels(said)
    assert "thôn Nà Lốc: 0/3, 2 quá hạn" in labels(said)
    earlier = await officer.presses("Kỳ trước")
    assert "tháng 10/2026: 1/3 thôn" in text_of(earlier)
    assert "thôn Nà Lốc: 1/1" in labels(earlier), "in October nothing but water was asked"
    assert "tháng 11/2026" in text_of(await officer.presses("Kỳ sau"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_who_has_not_reported(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await officer.says("/cacthon")
    said = await officer.presses("Thiếu 2 thôn: Nước sinh hoạt")
    assert "thôn Bản Pàu, thôn Nà Lốc" in text_of(said)
    assert "Nà Hin" not in text_of(said)
    for village in ("Nà Lốc", "Bản Pàu"):
        await send_report(town, "nuoc-sach", village, water())
    said = await officer.presses_data(f"f:m:{town.places['Vĩnh Thông']}:0:nuoc-sach")
    assert "Tất cả các thôn đã báo cáo" in text_of(said)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_sums_and_rates_are_of_those_who_reported(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await send_report(town, "nuoc-sach", "Nà Lốc", water(nuoc_ho="1150", nuoc_ho_hvs="275"))
    await send_report(town, "nuoc-sach", "Bản Pàu", water(nuoc_ho="500"), back=1)
    await officer.says("/cacthon")
    text = text_of(await officer.presses("Số liệu: Nước sinh hoạt"))
    assert "2/3 thôn" in text
    assert "bao nhiêu hộ: 1.200 hộ" in text
    assert "25" in text
    assert "300/1.200, 2 thôn" in text, (
        "a rate is the sum over the sum: 25 %, not the mean of 50 % and 23,9 %"
    )


async def test_without_reports_no_figure_is_invented(town: Town, officer: Phone) -> None:
    await officer.says("/cacthon")
    text = text_of(await officer.presses("Số liệu: Nước sinh hoạt"))
    assert "Chưa có số liệu" in text
    assert ": 0" not in text


async def test_one_village_and_who_sent(town: Town, officer: Phone) -> None:
    await town.head("p", "Nà Hin", "Lý A Sử")
    receipt = await send_report(town, "nuoc-sach", "Nà Hin", water(), back=1)
    text = text_of(await officer.presses_data(f"f:v:{town.places['Nà Hin']}:0:0"))
    assert "chưa báo cáo" in text
    assert "tháng 10/2026" in text
    assert receipt in text
    assert "50 hộ" in text_of(await officer.presses("Xem: Nước sinh hoạt"))
    assert "Nông Văn Tài gửi" in text
    assert "figures.village" in await town.audit()
    province = await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    text = text_of(await province.presses_data(f"f:v:{town.places['Nà Hin']}:0:0"))
    assert receipt in text
    assert "Nông Văn Tài" not in text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_province_drills_down_and_back_up(town: Town) -> None:
    phone = await town.enrolled("tinh", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    said = await phone.says("/cacthon")
    assert "xã Vĩnh Thông: 0/9, 6 quá hạn" in labels(said)
    said = await phone.presses("xã Vĩnh Thông")
    assert "thôn Nà Hin: 0/3, 2 quá hạn" in labels(said)
    said = await phone.presses("thôn Nà Hin")
    assert "↑ xã Vĩnh Thông" in labels(said)
    said = await phone.presses("↑ xã Vĩnh Thông")
    said = await phone.presses("↑ tỉnh Thái Nguyên")
    assert not [label for label in labels(said) if label.startswith("↑")]


async def test_many_units_are_paged_and_each_appears_once(town: Town) -> None:
    async def grow(session: Session) -> None:
        for number in range(20):
            await session.places.add(Level.VILLAGE, "thôn", f"Số {number:02}", town.places["Vĩnh Thông"])

    await town.storage.write(grow)
    officer = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    said = await officer.says("/cacthon")
    seen: list[str] = []
    for _ in range(5):
        seen += [label for label in labels(said) if label.startswith("thôn ")]
        assert len(said[0].choices) <= PAGE + 7
        if "Trang sau ›" not in labels(said):
            break
        said = await officer.presses("Trang sau")
    assert len(seen) == len(set(seen)) == 23
    assert "‹ Trang trước" in labels(said)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_reminding_once_a_day(town: Town, officer: Phone) -> None:
    head = await town.head("p", "Nà Hin", "Lý A Sử")
    await town.heard()
    await officer.says("/cacthon")
    await officer.presses("Thiếu 3 thôn: Nước sinh hoạt")
    said = text_of(await officer.presses("Nhắc 3 thôn"))
    assert "Đã gửi lời nhắc tới 1 thôn" in said
    assert "2 thôn không có ai nhận được tin" in said
    [row] = await town.rows(Outbox, col(Outbox.natural_key).is_not(None))
    assert row.contact_id == (await head.contact()).id
    assert "thôn Nà Hin chưa gửi Nước sinh hoạt (tháng 11/2026)" in row.body["text"]
    assert (row.priority, row.not_before) == (1, None)
    assert "đã được nhắc hôm nay" in text_of(await officer.presses("Nhắc 3 thôn"))
    assert "đã được nhắc hôm nay" in text_of(await officer.presses_data(f"f:n:{town.places['Nà Hin']}:0:*"))
    assert len(await town.rows(Outbox, col(Outbox.natural_key).is_not(None))) == 1
    town.later(days=1)
    assert "Đã gửi lời nhắc tới 1 thôn" in text_of(await officer.presses("Nhắc 3 thôn"))


async def test_no_reminder_at_night_nor_to_who_has_reported_or_blocked(town: Town, officer: Phone) -> None:
    head = await town.head("p", "Nà Hin", "Lý A Sử")
    town.later(hours=14)
    said = text_of(await officer.presses_data(f"f:n:{town.places['Vĩnh Thông']}:0:nuoc-sach"))
    assert "lúc 06:00 21/11/2026" in said
    [row] = await town.rows(Outbox, col(Outbox.natural_key).is_not(None))
    assert f"{row.not_before.astimezone(town.now.tzinfo):%d %H:%M}" == "21 06:00"
    town.later(days=1)
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await officer.presses_data(f"f:n:{town.places['Vĩnh Thông']}:0:nuoc-sach")
    await head.sends(MessageKind.BLOCKED)
    assert "3 thôn không có ai" in text_of(
        await officer.presses_data(f"f:n:{town.places['Vĩnh Thông']}:0:nha-o")
    )
    assert len(await town.rows(Outbox, col(Outbox.natural_key).is_not(None))) == 1


async def test_a_reminder_speaks_the_language_of_its_reader(town: Town, officer: Phone) -> None:
    head = await town.head("p", "Nà Hin", "Lý A Sử")
    await head.presses_data("l:en")
    await officer.presses_data(f"f:n:{town.places['Nà Hin']}:0:nuoc-sach")
    [row] = await town.rows(Outbox, col(Outbox.natural_key).is_not(None))
    assert "has not sent Water (November 2026)" in row.body["text"]


async def test_reporting_for_a_village_without_a_phone(town: Town, officer: Phone) -> None:
    await officer.presses_data(f"f:v:{town.places['Bản Pàu']}:0:0")
    said = await officer.presses("Báo hộ")
    assert "Bản Pàu" in text_of(said)
    await officer.presses("Nước sinh hoạt")
    [row] = await town.rows(InterviewRow)
    assert (row.place_id, row.form_name) == (town.places["Bản Pàu"], "nuoc-sach")
    assert (await town.rows(Contact, Contact.address == "xa"))[0].interview_id == row.id


async def test_an_officer_of_two_places_chooses(town: Town, officer: Phone) -> None:
    await officer.says(await town.invite("Mỹ Lý", RoleName.COMMUNE_OFFICER))
    await officer.presses("Là tôi")
    await officer.presses("Đồng ý")
    said = await officer.says("/cacthon")
    assert labels(said) == ["xã Vĩnh Thông", "xã Mỹ Lý"]
    assert "bản Xiềng Tắm: 0/3, 2 quá hạn" in labels(await officer.presses("xã Mỹ Lý"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_village_shows_the_month_that_it_was_opened_for(town: Town) -> None:
    """« Kỳ trước » of a commune leads to the village's report of that month, not to the newest."""
    officer = await town.enrolled("p", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await send_report(town, "nuoc-sach", "Nà Hin", {"/data/nuoc_ho": "50"}, back=1)
    await send_report(town, "nuoc-sach", "Nà Hin", {"/data/nuoc_ho": "52"})
    await officer.says("/cacthon")
    await officer.presses("« Kỳ trước")
    said = await officer.presses("Nà Hin")
    assert "tháng 10/2026" in text_of(said)
    assert "tháng 11/2026" not in text_of(said)
    opened = text_of(await officer.presses("Xem: Nước sinh hoạt, tháng 10/2026"))
    assert "tháng 10/2026" in opened
    await officer.presses_data(officer.button("Nà Hin"))
    assert "tháng 9/2026" in text_of(await officer.presses("« Kỳ trước"))


async def test_an_earlier_month_leads_to_nothing_of_today(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water(), back=1)
    assert "So với kế hoạch" in labels(await officer.says("/cacthon"))
    earlier = await officer.presses("« Kỳ trước")
    assert "So với kế hoạch" not in labels(earlier)
    of_village = await officer.presses("Nà Hin")
    assert "So với kế hoạch" not in labels(of_village)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_an_old_report_leads_back_to_its_month(town: Town, officer: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water(), back=4)
    page = await officer.says("/cacthon")
    for _ in range(4):
        page = await officer.presses("« Kỳ trước")
    month = text_of(page)
    await officer.presses("Nà Hin")
    report = await officer.presses("Xem: Nước sinh hoạt")
    assert "Kỳ này đã hết hạn sửa từ " in text_of(report)
    await officer.presses("↑ thôn Nà Hin")
    assert text_of(await officer.presses("↑ xã Vĩnh Thông")) == month


async def test_a_head_is_led_on_from_an_old_report(town: Town) -> None:
    head = await town.enrolled("h", "Nà Hin", RoleName.VILLAGE_HEAD, "Hoàng Văn Páo")
    await send_report(town, "nuoc-sach", "Nà Hin", water(), back=4)
    report = await head.presses_data("d:v:1")
    assert "Kỳ này đã hết hạn sửa từ " in text_of(report)
    assert labels(report)


async def test_who_needs_a_hand_comes_first_and_empty_units_are_folded(town: Town) -> None:
    officer = await town.enrolled("p", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Nông Văn Tài")

    async def work(session: Session) -> None:
        for name in ("An Bình", "Bình Yên"):
            await session.places.add(
                level=Level.COMMUNE, kind="xã", name=name, parent_id=town.places["Thái Nguyên"]
            )
        other = await session.places.add(
            level=Level.COMMUNE, kind="xã", name="Ba Bể", parent_id=town.places["Thái Nguyên"]
        )
        await session.places.add(level=Level.VILLAGE, kind="thôn", name="Pác Ngòi", parent_id=other.id)

    await town.storage.write(work)
    replies = await officer.says("/cacthon")
    units = [label for label in labels(replies) if label.startswith("xã ")]
    assert units == ["xã Vĩnh Thông: 0/9, 6 quá hạn", "xã Ba Bể: 0/3, 2 quá hạn"]
    assert "2 nơi khác chưa có thôn nào trong danh sách." in text_of(replies)
    assert "8 báo cáo đã quá hạn của 4 thôn, vẫn gửi được." in text_of(replies)


@pytest.mark.parametrize("text", ["nhắc thôn Nà Hin", "gửi lời nhắc cho thôn Nà Hin nộp phiếu nước"])
async def test_a_village_that_is_to_be_reminded_is_shown_with_the_button(
    town: Town, officer: Phone, text: str
) -> None:
    await town.head("a")
    await officer.says("/cacthon")
    said = await officer.says(text)
    assert text_of(said).startswith("thôn Nà Hin")
    assert any("Nhắc" in label for label in labels(said))
