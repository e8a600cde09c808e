"""How the tasks of a plan stand, one by one: as its province says, and what districts say of theirs."""

import pytest

from handlers.screens.tasks import PAGE
from storage.session import Session
from storage.tables import Level, RoleName
from tests.handlers.chatting import Phone, Town, add, bundled, labels, send_report, text_of

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])
IN_2023 = 6
"""How many half-years ago the plan's last one was."""


@pytest.fixture
async def province(town: Town) -> Phone:
    return await town.enrolled("t", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")


def told(form: str, prefix: str, done: str, under_way: str, **stuck: str) -> dict[str, str]:
    """What a report on tasks holds, by path: why each task that is stuck is."""
    paths = {question.name: question.path for question in bundled(form).questions}
    said = {
        paths[f"{prefix}_xong_viec"]: done,
        paths[f"{prefix}_dang_viec"]: under_way,
        paths[f"{prefix}_vuong_viec"]: " ".join(stuck),
    }
    for row, (task, why) in enumerate(stuck.items(), 1):
        for name, value in ((f"{prefix}_viec", task), (f"{prefix}_vuong", why)):
            said[paths[name].replace("_vuong_o/", f"_vuong_o[{row}]/")] = value
    return said


async def all_of(phone: Phone, first: str) -> str:
    """The pages of the tasks, one after the other."""
    shown = await phone.says(first)
    texts = [text_of(shown)]
    while any("Trang sau" in label for label in labels(shown)):
        shown = await phone.presses("Trang sau")
        texts.append(text_of(shown))
    return "\n\n".join(texts)


async def test_what_holds_tasks_up_is_not_for_the_province_beside(town: Town, province: Phone) -> None:
    """In words as by the button: only totals of it are."""
    said = told("nhiem-vu-nghe-an", "nvna", "na_2_1", "na_1", na_3_2="Ngân sách hụt thu")
    await send_report(town, "nhiem-vu-nghe-an", "Nghệ An", said, back=IN_2023)
    assert "Ngân sách hụt thu" in await all_of(province, "bảng nhiệm vụ")
    beside = await town.enrolled("k", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Ma Thị Lê")
    assert (
        text_of(await beside.says("bảng nhiệm vụ tỉnh Nghệ An")) == "Của tỉnh Nghệ An chỉ xem được số tổng ạ."
    )
    named = "nhiệm vụ nào của Sở Tài chính tỉnh Nghệ An đang vướng"
    assert "Ngân sách hụt thu" in text_of(await province.says(named))
    told_beside = text_of(await beside.says(named))
    assert "Sở Tài chính" in told_beside
    assert "vướng" not in told_beside


async def test_each_task_is_told_with_who_has_it_and_what_holds_it_up(town: Town, province: Phone) -> None:
    said = told("nhiem-vu-nghe-an", "nvna", "na_2_1", "na_1 na_3_2", na_3_2="Ngân sách hụt thu <lớn>")
    await send_report(town, "nhiem-vu-nghe-an", "Nghệ An", said, back=IN_2023)
    projects = told("nhiem-vu", "nv", "mt_7", "mt_9_1", mt_9_2="Thiếu vốn")
    await send_report(town, "nhiem-vu", "Nghệ An", projects, back=IN_2023)
    first = text_of(await province.says("bảng nhiệm vụ"))
    assert "Nhiệm vụ theo kế hoạch: tỉnh Nghệ An" in first
    assert "5 chưa có báo cáo" in first, "what districts answer for"
    agency = text_of(await province.says("nhiệm vụ của Sở Tài chính đến đâu"))
    assert "Đang vướng (6 tháng cuối năm 2023): Ngân sách hụt thu <lớn>" in agency
    assert "nhiệm vụ đã quá hạn mà chưa báo xong" in text_of(await province.says("nhiệm vụ nào quá hạn"))
    assert "Chưa đến hạn, chưa báo xong: 0 nhiệm vụ." in text_of(await province.says("nhiệm vụ chưa đến hạn"))
    text = await all_of(province, "nhiệm vụ nào đang vướng")
    assert (
        "Chủ trì, phối hợp tham mưu nguồn vốn đối ứng hằng năm đối với nguồn vốn sự nghiệp (mục VI.3, gạch đầu dòng 2)\n"
        "Chủ trì: Sở Tài chính. Phối hợp: các Sở, Ban, ngành liên quan. Hạn: năm 2023.\n"
        "Đang vướng (6 tháng cuối năm 2023): Ngân sách hụt thu <lớn>"
    ) in text
    # Two projects in one task: what holds up one of them holds it up.
    assert "thực hiện Dự án 9 (mục VI.1, gạch đầu dòng 2)" in text.split("Chưa triển khai")[0]
    assert text.count("Thiếu vốn") == 1, "of the task that leads the project, and not of what it is for"
    assert text.count("•") == 2, "what is not stuck was not asked for"


async def test_only_the_tasks_that_stand_as_asked_are_told(town: Town, province: Phone) -> None:
    """Of all agencies or of one that is named, in whatever order; and which they are is said."""
    said = told("nhiem-vu-nghe-an", "nvna", "na_2_1", "na_1", na_3_2="Ngân sách hụt thu")
    await send_report(town, "nhiem-vu-nghe-an", "Nghệ An", said, back=IN_2023)
    for question in ("nhiệm vụ nào đã xong", "các nhiệm vụ đã xong", "có bao nhiêu nhiệm vụ đã xong"):
        done = await all_of(province, question)
        assert "Đã xong: 1 nhiệm vụ." in done, question
        assert done.count("•") == 1
        assert "hụt thu" not in done
    stuck = text_of(await province.says("Sở Tài chính còn nhiệm vụ nào đang vướng"))
    assert "Đang vướng: 1 nhiệm vụ." in stuck
    assert stuck.count("\n- ") == 1
    late = text_of(await province.says("nhiem vu qua han cua so tai chinh"))
    assert "Quá hạn mà chưa báo xong: 2 nhiệm vụ." in late
    each = text_of(await province.says("Sở Tài chính có nhiệm vụ nào đã hoàn thành chưa"))
    assert "1 đang vướng" in each, "whether they are done is told of each"
    none = await province.says("nhiệm vụ đã xong của Sở Tài chính")
    assert "Đã xong: 0 nhiệm vụ." in text_of(none)
    assert f"Nhiệm vụ 1-{PAGE} trong 56" in text_of(await province.presses("Nhiệm vụ của kế hoạch"))
    of_place = await province.says("nhiệm vụ nào chưa xong của tỉnh Nghệ An")
    assert f"Nhiệm vụ 1-{PAGE} trong 55" in text_of(of_place), "also those whose clause names no agency"
    open_ones = await province.says("nhiệm vụ nào chưa xong")
    assert f"Nhiệm vụ 1-{PAGE} trong 55" in text_of(open_ones)
    assert f"Nhiệm vụ {PAGE + 1}-{2 * PAGE} trong 55" in text_of(await province.presses("Trang sau"))


async def test_tasks_of_one_project_stand_each_by_itself(town: Town, province: Phone) -> None:
    said = told("nhiem-vu-nghe-an", "nvna", "nd_7_a", "nd_7_b", nd_7_b="Thiếu cân đo")
    await send_report(town, "nhiem-vu-nghe-an", "Nghệ An", said, back=IN_2023)
    each = (await all_of(province, "bảng nhiệm vụ")).split("•")
    (health,) = (one for one in each if "Chăm sóc sức khỏe Nhân dân" in one)
    (nutrition,) = (one for one in each if "Phòng chống suy dinh dưỡng" in one)
    (leading,) = (one for one in each if "thực hiện Dự án 7 (" in one)
    assert "Đã xong (6 tháng cuối năm 2023)" in health
    assert "Đang vướng (6 tháng cuối năm 2023): Thiếu cân đo" in nutrition
    assert "không có báo cáo nào" in leading, "whoever leads the project says so in another questionnaire"


async def test_what_districts_say_of_their_tasks_is_counted(town: Town, province: Phone) -> None:
    async def grow(session: Session) -> None:
        for name in ("Kỳ Sơn", "Tương Dương"):
            town.places[name] = await add(session, name, Level.DISTRICT, "huyện", town.places["Nghệ An"])

    await town.storage.write(grow)
    form, prefix = "nhiem-vu-huyen-nghe-an", "nvhna"
    await send_report(
        town, form, "Kỳ Sơn", told(form, prefix, "hna_1", "", hna_4="Chưa cân đối được"), back=IN_2023
    )
    await send_report(town, form, "Tương Dương", told(form, prefix, "hna_1 hna_4", "hna_2"), back=IN_2023)
    text = await all_of(province, "các nhiệm vụ đến đâu rồi")
    assert "2 đơn vị báo: 1 đang vướng, 1 đã xong.\nhuyện Kỳ Sơn: Đang vướng" in text
    assert "2 đơn vị báo: 2 đã xong." in text
    await send_report(town, form, "Kỳ Sơn", told(form, prefix, "hna_1", "", hna_4="Chưa cân đối được"))
    assert await all_of(province, "bảng nhiệm vụ") == text, (
        "the plan is over: what is said now is not its state"
    )
    stuck = text_of(await province.says("khó khăn vướng mắc"))
    assert "Bố trí vốn đối ứng, lồng ghép, huy động vốn\nChưa cân đối được" in stuck


async def test_the_table_of_targets_leads_to_the_tasks(town: Town, province: Phone) -> None:
    said = await province.says("bảng chỉ tiêu")
    assert "Nhiệm vụ của kế hoạch" in labels(said)
    assert f"Nhiệm vụ 1-{PAGE} trong 56" in text_of(await province.presses("Nhiệm vụ của kế hoạch"))
    commune = await town.enrolled("x", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Văn Pán")
    assert "Nhiệm vụ của kế hoạch" not in labels(await commune.says("bảng chỉ tiêu"))


async def test_choosing_none_is_an_answer_where_none_may_hold(town: Town, province: Phone) -> None:
    """What was chosen before is not dropped so."""
    town.now = town.now.replace(year=2023, month=11)
    if any("Xem cả" in label for label in labels(await province.says("/baocao"))):
        await province.presses("Xem cả")
    await province.presses("Làm: Nhiệm vụ theo Kế hoạch 352")
    assert "Câu 2. Những nhiệm vụ nào đang triển khai" in text_of(await province.presses("Chọn xong"))
    await province.says("2")
    await province.presses("Lùi")
    again = text_of(await province.presses("Chọn xong"))
    assert "Chưa chọn câu nào" in again
    assert "Câu 2" in again
