"""What is left of capital is what was given less what was spent, never what was spent."""

import pytest

from storage.tables import RoleName
from tests.handlers.chatting import Town, bundled, send_report, text_of

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])
QUARTERS = 12
"""How many quarters ago the last one of the plan's year was."""


async def test_what_is_left_of_capital(town: Town) -> None:
    province = await town.enrolled("t", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    spent = dict.fromkeys(("1", "2", "5_1", "6", "7", "9_1"), "0") | {"4": "224626"}
    values = {f"/data/von_dt_{name}": amount for name, amount in spent.items()}
    await send_report(town, "von-dau-tu", "Nghệ An", {**values, "/data/von_dt_giao": "632118"}, back=QUARTERS)
    left = text_of(await province.says("vốn đầu tư quý 4 năm 2023 còn lại chưa giải ngân bao nhiêu"))
    assert "Còn lại chưa giải ngân: 407.492 triệu đồng (được giao 632.118, đã giải ngân 224.626)." in left, (
        left
    )
    share = text_of(await province.says("tỷ lệ vốn đầu tư chưa giải ngân quý 4 năm 2023"))
    assert "Phần chưa giải ngân (Tỷ lệ giải ngân vốn đầu tư): 64,5 % (407.492/632.118)" in share
    # nothing is subtracted from what was given for another year
    now = text_of(await province.says("vốn đầu tư quý 3 năm 2026 còn lại bao nhiêu"))
    assert "407" not in now


async def test_a_commune_is_told_its_own_capital(town: Town) -> None:
    commune = await town.enrolled("x", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    paths = [question.path for question in bundled("von-xa").questions]
    await send_report(town, "von-xa", "Vĩnh Thông", dict(zip(paths, ("2730", "1088", "0", "0"), strict=True)))
    for question in (
        "vốn đầu tư xã mình được giao bao nhiêu",
        "von dau tu xa minh con lai bao nhieu",
        "xã được giao bao nhiêu vốn năm ni",
    ):
        said = text_of(await commune.says(question))
        assert "Được giao 2.730 triệu đồng, đã giải ngân 1.088, còn lại 1.642." in said, said


async def test_an_earlier_quarter_is_judged_as_of_its_own_end(town: Town) -> None:
    """By today's share of the year each quarter that is over would be late."""
    town.now = town.now.replace(year=2023, month=11, day=6)
    province = await town.enrolled("t", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    spent = dict.fromkeys(("1", "2", "5_1", "6", "7", "9_1"), "0") | {"4": "320000"}
    values = {f"/data/von_dt_{name}": amount for name, amount in spent.items()}
    await send_report(town, "von-dau-tu", "Nghệ An", {**values, "/data/von_dt_giao": "632118"}, back=2)
    earlier = text_of(await province.says("vốn đầu tư giải ngân quý 2"))
    assert "Đúng tiến độ, chỉ tiêu đến 2023: 632.118 triệu đồng" in earlier, earlier
    assert "Chia đều theo ngày thì đến 30/06/2023 cần 49,6 %." in earlier
    # The third quarter is over, and nobody has reported it.
    newest = text_of(await province.says("vốn đầu tư giải ngân"))
    assert "Chậm so với chỉ tiêu" in newest
    assert "hôm nay cần 84,9 %" in newest
    reached = text_of(await province.says("đến hết quý 2 giải ngân vốn đầu tư đạt kế hoạch chưa"))
    assert "Kỳ: quý II/2023" in reached, reached
    added = text_of(await province.says("cộng vốn đầu tư dự án 4 với vốn đầu tư dự án 6 quý 2"))
    assert "Cộng lại: 320.000 triệu đồng." in added, added
    mixed = text_of(await province.says("cộng vốn đầu tư dự án 4 với vốn sự nghiệp dự án 6 quý 2"))
    assert "Không cộng được" in mixed, mixed
    short = text_of(await province.says("vốn đầu tư giải ngân quý 2 còn thiếu bao nhiêu để đạt"))
    assert "thì đến 30/06/2023 cần 313.461 triệu đồng" in short
    # What the third quarter says is no verdict on November, in no table either: the fourth is under way.
    values["/data/von_dt_4"] = "480000"
    await send_report(town, "von-dau-tu", "Nghệ An", {**values, "/data/von_dt_giao": "632118"}, back=1)
    await province.says("bảng chỉ tiêu")
    on_pace = text_of(await province.presses("Đúng tiến độ"))
    for told in (on_pace, text_of(await province.says("vốn đầu tư giải ngân"))):
        assert "Bằng 75,9 % mức giao. Chia đều theo ngày thì đến 30/09/2023 cần 74,8 %." in told, told


async def test_what_is_missing_to_an_amount_is_told_before_the_newest_period_has_a_report(town: Town) -> None:
    """What was reached counts from the plan's first day on."""
    town.now = town.now.replace(year=2023, month=11, day=6)
    province = await town.enrolled("t", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    paths = {question.name: question.path for question in bundled("cong-trinh-nuoc").questions}
    counts = dict.fromkeys(paths.values(), "0") | {paths["nuoc_ct_dau_tu_ky"]: "22"}
    await send_report(town, "cong-trinh-nuoc", "Nghệ An", counts, back=1)
    said = text_of(await province.says("công trình nước tập trung còn thiếu bao nhiêu để đạt kế hoạch"))
    assert "chưa có báo cáo kỳ này" in said, said
    assert "Từ đầu kế hoạch đến nay: 22 công trình" in said
    assert "Còn thiếu 4 công trình." in said


async def test_what_communes_reported_is_told_where_the_unit_above_did_not(town: Town) -> None:
    """Of the same kind of capital, with who reported; nothing where no commune has."""
    province = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    said = text_of(await province.says("vốn sự nghiệp giải ngân bao nhiêu phần trăm"))
    assert "chưa tỉnh nào báo kỳ này (0/1)" in said
    assert "Cấp dưới đã báo" not in said
    paths = [question.path for question in bundled("von-xa").questions]
    await send_report(
        town, "von-xa", "Vĩnh Thông", dict(zip(paths, ("2730", "1088", "400", "100"), strict=True))
    )
    said = text_of(await province.says("vốn sự nghiệp giải ngân bao nhiêu phần trăm"))
    assert "Cấp dưới đã báo: Tỷ lệ giải ngân vốn sự nghiệp do xã quản lý: 25 % (100/400)" in said
    said = text_of(await province.says("vốn đầu tư giải ngân bao nhiêu phần trăm"))
    assert "Cấp dưới đã báo: Tỷ lệ giải ngân vốn đầu tư do xã quản lý: 39,9 % (1.088/2.730)" in said


async def test_a_total_is_told_beside_the_part_that_is_asked_of_it(town: Town) -> None:
    town.now = town.now.replace(year=2023, month=11, day=6)
    province = await town.enrolled("t", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    part = text_of(await province.says("vốn đầu tư dự án 4 chiếm bao nhiêu phần trăm tổng vốn đầu tư"))
    assert "Giải ngân vốn đầu tư, Dự án 4" in part, part
    assert "Tỷ lệ giải ngân vốn đầu tư" in part, part
    assert "chiếm 64,8 % của" in part, part


async def test_a_figure_without_data_names_its_target(town: Town) -> None:
    """Also one that is over, while it is asked of today or of the year in which it was due."""
    province = await town.enrolled("t", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    for question in ("tỷ lệ hộ nghèo dân tộc thiểu số", "tỷ lệ hộ nghèo dân tộc thiểu số năm 2023"):
        said = text_of(await province.says(question))
        assert "Đã hết hạn 31/12/2023, không có số liệu khi kết thúc" in said, said
    # the page of progress knows no targets of a theme without a report
    reached = text_of(await province.says("tỷ lệ hộ nghèo dân tộc thiểu số đạt chỉ tiêu chưa"))
    assert "Kế hoạch 352 tỉnh Nghệ An 2023" in reached, reached
    other = text_of(await province.says("tỷ lệ hộ nghèo dân tộc thiểu số năm 2024"))
    assert "Đã hết hạn" not in other, other
