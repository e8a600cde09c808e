"""Village heads answer yes and no about roads, and the answers become shares of villages and of households."""

from storage.tables import RoleName
from tests.handlers.chatting import Town, text_of


async def test_a_village_s_roads_and_power_become_shares(town: Town) -> None:
    town.now = town.now.replace(month=11, day=23)
    head = await town.head("thon", "Xiềng Tắm", "Moong Văn May")
    await head.says("/baocao")
    await head.presses("Đường, điện, rác thải")
    for answer in ("50", "40", "10", "rồi", "có", "không"):
        await head.says(answer)
    assert "Đã nhận báo cáo" in text_of(await head.presses("Gửi"))
    officer = await town.enrolled("xa", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Văn Pán")
    assert "80 % (40/50)" in text_of(await officer.says("hộ có điện"))
    assert "100 % (1/1)" in text_of(await officer.says("đường đến thôn"))
    assert "0 % (0/1)" in text_of(await officer.says("giao thông mùa mưa lũ"))


async def test_growth_and_human_development_stay_what_the_province_said(town: Town) -> None:
    town.now = town.now.replace(month=12, day=5)
    officer = await town.enrolled("tinh", "Nghệ An", RoleName.PROVINCE_OFFICER, "Vi Thị Hoa")
    await officer.says("/baocao")
    await officer.presses("Kinh tế của tỉnh")
    for answer in ("150000 tỷ", "7,25", "491.000", "5,8", "0,69", "3", "4", "2"):
        await officer.says(answer)
    assert "Đã nhận báo cáo" in text_of(await officer.presses("Gửi"))
    assert "7,25 %" in text_of(await officer.says("tăng trưởng kinh tế"))
    assert "0,69 điểm" in text_of(await officer.says("HDI"))
    assert "5,8 %" in text_of(await officer.says("năng suất lao động"))
