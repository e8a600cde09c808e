"""What officers say is stuck, on the screens of those above them: the newest word of each, and nobody else's."""

from datetime import date

import pytest

from figures import difficulties
from handlers.screens.difficulties import PAGE
from handlers.viewer import Viewer
from storage import locks
from storage.session import Session
from storage.tables import Level, PeriodLock, Place, PlaceSuccession, RoleName
from tests.handlers.chatting import (
    Phone,
    Town,
    add,
    bundled,
    labels,
    send_report,
    text_of,
)


@pytest.fixture
async def province(town: Town) -> Phone:
    return await town.enrolled("t", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")


def stuck(words: str, field: str = "von") -> dict[str, str]:
    paths = {question.name: question.path for question in bundled("vuong-mac").questions}
    said = {"vm_linh_vuc": field, "vm_noi_dung": words, "vm_kien_nghi": "Giao vốn <sớm>."}
    return {paths[name]: value for name, value in said.items()}


async def listed(phone: Phone) -> str:
    await phone.says("/cacthon")
    return text_of(await phone.presses("Khó khăn, vướng mắc"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_several_difficulties_of_a_quarter_are_each_told(town: Town, province: Phone) -> None:
    officer = await town.enrolled("x", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Văn Pán")
    await officer.says("báo cáo")
    await officer.presses("Làm: Khó khăn")
    for answer in ("vốn", "Vốn giao chậm", "bỏ qua", "2", "nước sinh hoạt", "Bể hỏng van", "Cấp van mới"):
        await officer.says(answer)
    for answer in ("nhà ở", "Thiếu đất dựng nhà", "bỏ qua"):
        await officer.says(answer)
    receipt = text_of(await officer.presses("Gửi"))
    rows = (
        "Vốn và giải ngân: Vốn giao chậm",
        "Nước sinh hoạt: Bể hỏng van, Cấp van mới",
        "Nhà ở: Thiếu đất dựng nhà",
    )
    assert "\n".join(f"• {row}" for row in rows) in receipt, "all of them, the main one first"
    assert "Khó khăn, vướng mắc (3)" in labels(await province.says("/cacthon"))
    text = await listed(province)
    assert "Vốn giao chậm" in text
    assert "Nước sinh hoạt\nBể hỏng van\nKiến nghị: Cấp van mới" in text
    assert "Nhà ở\nThiếu đất dựng nhà" in text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_command_that_a_choice_contains_opens_its_screen_and_is_no_answer(town: Town) -> None:
    officer = await town.enrolled("x", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Văn Pán")
    await officer.says("báo cáo")
    await officer.presses("Làm: Khó khăn")
    for word in ("báo cáo", "bao cao"):
        assert "Khó khăn, vướng mắc, kiến nghị, quý IV/2026: đang làm dở" in text_of(await officer.says(word))
    await officer.presses("Làm tiếp: Khó khăn")
    assert "Ghi nhận: Điều hành, báo cáo" in text_of(await officer.says("dieu hanh bao cao"))
    assert "đang làm dở" in text_of(await officer.says("báo cáo")), "at the question for words"


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_other_units_say_and_lock_is_not_read_for_one(town: Town, province: Phone) -> None:
    """Each commune's letter asks; among a country's communes each would read what all of them reported."""
    for unit in ("Mỹ Lý", "Vĩnh Thông"):
        await send_report(town, "vuong-mac", unit, stuck("Vốn giao chậm"))
    mine, other = town.places["Mỹ Lý"], town.places["Vĩnh Thông"]

    async def read(session: Session) -> None:
        viewer = Viewer(session, town.dispatch.library, (), town.now)
        told = await difficulties.reports_since(viewer, date(2026, 1, 1), {mine})
        assert [unit.id for _, unit in told] == [mine]
        assert len(await difficulties.reports_since(viewer, date(2026, 1, 1), {mine, other})) == 2
        lock = {
            "form_name": "nha-o",
            "period": "2026-Q3",
            "role": RoleName.COMMUNE_OFFICER,
            "locked_at": town.now,
        }
        session.add_all(PeriodLock(place_id=unit, **lock) for unit in (mine, other))
        marks = {("nha-o", "2026-Q3")}
        assert [one.place_id for one in await locks.of_reports(session, marks, {mine})] == [mine]
        assert len(await locks.of_reports(session, marks)) == 2

    await town.storage.write(read)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_the_newest_word_of_each_unit_on_the_ground(town: Town, province: Phone) -> None:
    await send_report(town, "vuong-mac", "Mỹ Lý", stuck("Chuyện cũ"), back=1)
    await send_report(town, "vuong-mac", "Mỹ Lý", stuck("Vốn giao chậm"))
    await send_report(town, "vuong-mac", "Vĩnh Thông", stuck("Tỉnh khác"))
    said = await province.says("/cacthon")
    assert "Khó khăn, vướng mắc (1)" in labels(said)
    text = await listed(province)
    assert "xã Mỹ Lý, quý IV/2026: Vốn và giải ngân\nVốn giao chậm\nKiến nghị: Giao vốn <sớm>." in text
    assert "Chuyện cũ" not in text
    assert "Tỉnh khác" not in text
    await send_report(town, "vuong-mac", "Mỹ Lý", stuck("", "khong"))
    assert not [label for label in labels(await province.says("/cacthon")) if "Khó khăn" in label]


async def test_none_is_said_with_who_has_answered(town: Town, province: Phone) -> None:
    """Nobody is stuck as far as is known: the one commune has answered, the province itself has not."""
    await send_report(town, "vuong-mac", "Mỹ Lý", stuck("", "khong"))
    for words in ("khó khăn vướng mắc quý này", "khó khăn vướng mắc"):
        text = text_of(await province.says(words))
        assert "Không có vướng mắc nào được báo" in text
        assert ": 1/1 xã." in text
        assert ": 0/1 tỉnh. Chưa: tỉnh Nghệ An." in text


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_works_that_stand_still_are_listed_too(town: Town, province: Phone) -> None:
    works = {
        "/data/ct_so": "2",
        "/data/cong_trinh[1]/ct_ten": "Cầu Suối Lạnh",
        "/data/cong_trinh[1]/ct_trang_thai": "vuong_mac",
        "/data/cong_trinh[1]/ct_vuong": "Chưa có mặt bằng",
        "/data/cong_trinh[2]/ct_ten": "Đường Nà Hin",
        "/data/cong_trinh[2]/ct_trang_thai": "dang_lam",
    }
    await send_report(town, "cong-trinh", "Mỹ Lý", works)
    text = await listed(province)
    assert "xã Mỹ Lý, 6 tháng cuối năm 2026: Cầu Suối Lạnh\nChưa có mặt bằng" in text
    assert "Đường Nà Hin" not in text


async def test_each_of_the_works_is_told_with_how_far_it_is(town: Town, province: Phone) -> None:
    """What is stuck comes first; of works without a share none is made up, and none is called late."""
    works = {
        "/data/ct_so": "2",
        "/data/cong_trinh[1]/ct_ten": "Đường Nà Hin",
        "/data/cong_trinh[1]/ct_trang_thai": "dang_lam",
        "/data/cong_trinh[1]/ct_phan_tram": "35",
        "/data/cong_trinh[1]/ct_dang_vuong": "0",
        "/data/cong_trinh[2]/ct_ten": "Cầu Suối Lạnh",
        "/data/cong_trinh[2]/ct_trang_thai": "vuong_mac",
        "/data/cong_trinh[2]/ct_vuong": "Chưa có mặt bằng",
    }
    assert "chưa có báo cáo nào kể từng công trình" in text_of(await province.says("tiến độ từng công trình"))
    await send_report(town, "cong-trinh", "Mỹ Lý", works)
    for words in ("công trình đang làm được bao nhiêu phần trăm", "công trình nào chậm tiến độ"):
        _, first, second, last = text_of(await province.says(words)).splitlines()
        assert first.startswith("• Cầu Suối Lạnh: Vướng mắc")
        assert first.endswith("xã Mỹ Lý. Vướng: Chưa có mặt bằng")
        assert "Đường Nà Hin: Đang làm, đã làm 35 %" in second
        assert "Vướng" not in second
        assert "không nói công trình nào chậm" in last


async def test_a_work_in_two_questionnaires_is_told_once_with_where_they_differ(
    town: Town, province: Phone
) -> None:
    """The commune says 55 %, the plan's province 35 %; what only the province reports as stuck is named, too."""
    works = {
        "/data/ct_so": "1",
        "/data/cong_trinh[1]/ct_ten": "Khu bố trí dân cư bản Xốp Tụ",
        "/data/cong_trinh[1]/ct_trang_thai": "dang_lam",
        "/data/cong_trinh[1]/ct_phan_tram": "55",
        "/data/cong_trinh[1]/ct_dang_vuong": "0",
    }
    await send_report(town, "cong-trinh", "Mỹ Lý", works)
    said = {f"/data/tdc_{name}": "35" for name in ("xop_tu", "nam_tien_2", "khe_hoc", "long_thang")}
    why = {"/data/tdc_vuong_o[1]/tdc_viec": "khe_hoc", "/data/tdc_vuong_o[1]/tdc_vuong": "Chưa có mặt bằng"}
    stuck = {"/data/tdc_vuong_viec": "khe_hoc"}
    await send_report(town, "bo-tri-dan-cu-nghe-an", "Nghệ An", said | stuck | why, key="2023-H2")
    _, first, *rest, _ = text_of(await province.says("tiến độ từng công trình")).splitlines()
    assert first.startswith("• Khe Hộc, xã Hữu Khuông: Đang vướng, đã làm 35 % (6 tháng cuối năm 2023)")
    assert first.endswith("Vướng: Chưa có mặt bằng")
    [both] = [line for line in rest if "Xốp Tụ" in line]
    assert "Đang làm, đã làm 55 %" in both
    assert both.endswith(
        "Theo tỉnh Nghệ An: Đang làm, đã làm 35 % (6 tháng cuối năm 2023). Hai nơi báo khác nhau."
    )
    number = text_of(await province.says("công trình nào đang vướng"))
    assert "Công trình đang vướng mắc: 0 công trình" in number
    assert "đang vướng 1 công trình:\n• Khe Hộc, xã Hữu Khuông" in number
    commune = await town.enrolled("x", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Thị Hoa")
    own = text_of(await commune.says("tiến độ từng công trình"))
    assert "Theo tỉnh Nghệ An: Đang làm, đã làm 35 %" in own
    assert "Khe Hộc" not in own


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_closed_district_is_heard_where_all_its_ground_lies(town: Town, province: Phone) -> None:
    async def close(session: Session) -> None:
        number = await add(session, "Kỳ Sơn", Level.DISTRICT, "huyện", town.places["Nghệ An"])
        place = await session.get(Place, number)
        assert place is not None
        place.last_day = date(2025, 6, 30)
        session.add(PlaceSuccession(from_id=number, to_id=town.places["Mỹ Lý"], day=date(2025, 7, 1)))
        town.places["Kỳ Sơn"] = number

    await town.storage.write(close)
    await send_report(town, "vuong-mac", "Kỳ Sơn", stuck("Thiếu người"))
    assert "huyện Kỳ Sơn" in await listed(province)
    other = await town.enrolled("o", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Vinh")
    assert not [label for label in labels(await other.says("/cacthon")) if "Khó khăn" in label]
    forged = text_of(await other.presses_data(f"f:d:{town.places['Nghệ An']}:0:0"))
    assert forged == text_of(await other.presses_data("f:d:999999:0:0"))


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_many_are_paged(town: Town, province: Phone) -> None:
    async def grow(session: Session) -> None:
        for number in range(PAGE + 2):
            name = f"Xã {number}"
            town.places[name] = await add(session, name, Level.COMMUNE, "xã", town.places["Nghệ An"])

    await town.storage.write(grow)
    for number in range(PAGE + 2):
        await send_report(town, "vuong-mac", f"Xã {number}", stuck(f"Việc số {number}."))
    first = await listed(province)
    second = text_of(await province.presses("Trang sau"))
    seen = [number for number in range(PAGE + 2) for text in (first, second) if f"Việc số {number}." in text]
    assert seen == list(range(PAGE + 2))
    assert "Việc số 0." in second, "the latest told stand first"


async def test_those_of_a_time_are_told_by_every_report_of_it(town: Town, province: Phone) -> None:
    await send_report(town, "vuong-mac", "Mỹ Lý", stuck("Chuyện cũ"), back=1)
    await send_report(town, "vuong-mac", "Mỹ Lý", stuck("Vốn giao chậm"))
    told = text_of(await province.says("những khó khăn vướng mắc các xã nêu trong quý 3"))
    assert "quý III/2026</b> (1)" in told or "quý III/2026 (1)" in told
    assert "Chuyện cũ" in told
    assert "Vốn giao chậm" not in told
    told = text_of(await province.says("khó khăn vướng mắc xã mỹ lý năm nay"))
    assert "Chuyện cũ" in told
    assert "Vốn giao chậm" in told
    assert "Không có vướng mắc" in text_of(await province.says("khó khăn vướng mắc quý 1"))
