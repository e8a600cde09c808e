"""Where a village stands: whose reports, against which plans, and who may look."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.channels.sms import Sms
from figures.programmes import programmes_on
from figures.progress import progress_of
from figures.view import View
from handlers.buttons import to_base36
from plans.covered import Covered
from plans.period import from_key
from reports.lines import Goal
from storage import people
from storage.session import Session
from storage.tables import Level, Place, PlaceEdge, PlaceSuccession, RoleName
from tests.handlers.chatting import (
    Phone,
    Town,
    add,
    bundled,
    labels,
    send_report,
    text_of,
)

WATER = {"nuoc_ho": "50", "nuoc_ho_dtts": "40", "nuoc_ho_hvs": "25", "nuoc_ho_dtts_hvs": "20"}
LAST_OLD_DAY = date(2025, 6, 30)


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def head(town: Town) -> Phone:
    return await town.head("a")


def water(**changes: str) -> dict[str, str]:
    paths = {question.name: question.path for question in bundled("nuoc-sach").questions}
    return {paths[name]: value for name, value in {**WATER, **changes}.items()}


async def plans_of(town: Town, place: str) -> set[str]:
    """The programmes that hold for a place, but for those of the whole country."""
    async with town.storage.reading() as session:
        view = view_in(town, session)
        found = await session.get(Place, town.places[place])
        assert found is not None
        way = [found, *await session.places.ancestors(found.id, view.today)]
        found_there = await programmes_on(view, way)
        return {programme.id for programme in found_there if programme.level != Level.NATION}


def view_in(town: Town, session: Session) -> View:
    return View(session, town.dispatch.library, (), town.now)


async def split_up(town: Town) -> None:
    """Before the reform Vĩnh Thông was a commune of huyện Bạch Thông in the old tỉnh Bắc Kạn."""

    async def work(session: Session) -> None:
        nation = town.places["Việt Nam"]
        province = await add(session, "Bắc Kạn", Level.PROVINCE, "tỉnh", nation)
        district = await add(session, "Bạch Thông", Level.DISTRICT, "huyện", province)
        commune = await add(session, "Sỹ Bình", Level.COMMUNE, "xã", district)
        for number in (province, district, commune):
            place = await session.get(Place, number)
            assert place is not None
            place.last_day = LAST_OLD_DAY
        town.places["Bắc Kạn"] = province
        town.places["Bạch Thông"] = district
        into = town.places["Vĩnh Thông"]
        session.add(PlaceSuccession(from_id=commune, to_id=into, day=date(2025, 7, 1)))
        session.add(PlaceSuccession(from_id=province, to_id=town.places["Thái Nguyên"], day=date(2025, 7, 1)))
        other = await add(session, "Tân Cương", Level.COMMUNE, "xã", town.places["Thái Nguyên"])
        town.places["Tân Cương"] = other
        town.places["Nhà Thờ"] = await add(session, "Nhà Thờ", Level.VILLAGE, "xóm", other)

    await town.storage.write(work)


async def test_a_plan_of_a_closed_unit_holds_where_it_went_and_nowhere_else(town: Town) -> None:
    await split_up(town)
    assert {"bac-kan-ctdt", "bach-thong-2023"} <= await plans_of(town, "Nà Hin")
    assert await plans_of(town, "Nhà Thờ") == set()
    assert await plans_of(town, "Xiềng Tắm") == {"nghe-an-352"}


async def test_a_village_moved_to_another_commune_keeps_its_former_plans(town: Town) -> None:
    async def work(session: Session) -> None:
        lang_son = await add(session, "Lạng Sơn", Level.PROVINCE, "tỉnh", town.places["Việt Nam"])
        old = await add(session, "Cũ", Level.COMMUNE, "xã", lang_son)
        edge = PlaceEdge(child_id=town.places["Nà Lốc"], parent_id=old, last_day=LAST_OLD_DAY)
        session.add(edge)

    await town.storage.write(work)
    assert "lang-son-23-ctr" in await plans_of(town, "Nà Lốc")
    assert await plans_of(town, "Nà Hin") == set()


@pytest.mark.parametrize(
    ("role", "at"), [(RoleName.DISTRICT_OFFICER, "Bạch Thông"), (RoleName.PROVINCE_OFFICER, "Thái Nguyên")]
)
async def test_a_former_district_has_a_page_and_figures(town: Town, role: RoleName, at: str) -> None:
    """Also where part of its total is from before, and it is asked whether what is new gives a small number away."""
    await split_up(town)
    officer = await town.enrolled("x", at, role, "Nông Văn Tài")
    for village in ("Nà Hin", "Nà Lốc", "Bản Pàu"):
        await send_report(town, "nuoc-sach", village, water(), back=1)
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho_hvs="30"))
    page = text_of(await officer.says("tình hình huyện Bạch Thông cũ"))
    told = text_of(await officer.says("nước hợp vệ sinh huyện Bạch Thông cũ"))
    assert "53,3 % (80/150)" in page
    assert "tăng 10 điểm %" in page
    assert "53,3 % (80/150)" in told


async def test_the_officer_of_a_former_district_sees_its_sums(town: Town) -> None:
    await split_up(town)
    officer = await town.enrolled("x", "Bạch Thông", RoleName.DISTRICT_OFFICER, "Nông Văn Tài")
    await send_report(town, "nuoc-sach", "Bản Pàu", water(), back=1)
    for village in ("Nà Hin", "Nà Lốc"):
        await send_report(town, "nuoc-sach", village, water(nuoc_ho_hvs="30"))
    await officer.says("tình hình")
    page = text_of(await officer.presses("Nước sinh hoạt"))
    assert "huyện Bạch Thông: Nước sinh hoạt, tháng 11/2026" in page
    assert "2/3 thôn" in page
    assert "60 % (60/100, 2 thôn)" in page


async def test_figures_and_their_change(town: Town, head: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho_hvs="20"), back=1)
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    said = text_of(await head.says("tình hình"))
    assert "50 % (25/50)" in said
    assert "40 %" in said
    assert "1/3 thôn" in said
    assert "Chưa có báo cáo: Nhà ở" in said


async def test_an_answer_not_asked_this_time_is_not_borrowed(town: Town, head: Phone) -> None:
    """Last week some used a piped scheme; this week's report says nothing of it."""
    await send_report(town, "nuoc-sach", "Nà Hin", water(nuoc_ho_tap_trung="10"), back=1)
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await head.says("tình hình")
    said = text_of(await head.presses("Nước sinh hoạt"))
    scheme = said[said.index("Hộ dùng nước tập trung") :].split("\n")[0]
    assert "chưa có" in scheme


async def test_the_picture_of_one_domain(town: Town, head: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await head.says("tình hình")
    await head.presses("Nước sinh hoạt")
    [reply] = await head.presses("Xem hình")
    assert reply.picture is not None
    assert reply.picture.drawing == "progress"
    assert [row["heading"] for row in reply.picture.data["rows"] if "heading" in row] == ["Nước sinh hoạt"]


async def test_where_only_text_is_shown_no_button_leads_to_a_picture(town: Town, head: Phone) -> None:
    """The numbers count what is shown."""
    town.channel.can = replace(town.channel.can, buttons=False, text_alone=True)
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    said = await head.says("tình hình")
    assert labels(said)[0] == "Nước sinh hoạt"
    assert "Hộ dùng nước" in text_of(await head.says("1"))
    said = await head.says("/tintuan")
    assert "hình" not in " ".join(labels(said))
    assert "chỉ bằng chữ" in text_of(said)


async def test_where_each_letter_costs_one_domain_is_told_and_the_others_are_chosen(
    town: Town, head: Phone
) -> None:
    town.channel.can = Sms.can
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    houses = {question.path: "1" for question in bundled("nha-o").questions if question.asks}
    await send_report(town, "nha-o", "Nà Hin", houses)
    said = await head.says("tình hình")
    assert "Hộ dùng nước" in text_of(said)
    assert "Hộ ở nhà tạm" not in text_of(said)
    assert labels(said) == ["Nhà ở"]
    said = await head.says("1")
    assert "Hộ ở nhà tạm" in text_of(said)
    assert labels(said) == ["Nước sinh hoạt"]


async def test_a_head_of_two_villages_chooses_first(town: Town, head: Phone) -> None:
    person_id = (await head.contact()).person_id or 0
    await town.storage.write(
        lambda session: people.add_role(
            session, person_id, town.places["Nà Lốc"], RoleName.VILLAGE_HEAD, town.now
        )
    )
    said = await head.says("tình hình")
    assert labels(said)[:2] == ["thôn Nà Hin", "thôn Nà Lốc"]
    assert "Tình hình thôn Nà Lốc" in text_of(await head.presses("thôn Nà Lốc"))


async def test_a_forbidden_place_answers_like_a_missing_one(town: Town, head: Phone) -> None:
    forbidden = text_of(await head.presses_data(f"t:{to_base36(town.places['Xiềng Tắm'])}"))
    assert forbidden == text_of(await head.presses_data("t:zzzz"))
    assert "không còn dùng được" in text_of(await head.presses_data("t:::"))


async def test_a_mean_is_shown_where_it_was_counted_only(town: Town, head: Phone) -> None:
    income = {"tn_dtts": "28500000", "tn_chung": "50000000", "tn_ca_nuoc": "57000000", "tn_usd": "2950"}
    paths = {question.name: question.path for question in bundled("thu-nhap").questions}
    values = {paths[name]: value for name, value in {**income, "ntm_xa": "9", "ntm_xa_dat": "3"}.items()}
    await send_report(town, "thu-nhap", "Thái Nguyên", values, back=1)
    found = {}
    async with town.storage.reading() as session:
        for name in ("Thái Nguyên", "Việt Nam"):
            place = await session.get(Place, town.places[name])
            assert place is not None
            lines = (await progress_of(view_in(town, session), place)).lines
            found[name] = {line.indicator: line.value for line in lines}
    assert found["Thái Nguyên"]["tn-usd"] == 2950
    assert found["Thái Nguyên"]["tn-so-tinh"] == 57
    assert found["Việt Nam"]["tn-usd"] is None
    assert found["Việt Nam"]["tn-so-tinh"] is None
    assert found["Việt Nam"]["ntm"] == found["Thái Nguyên"]["ntm"] == Decimal(100) / 3


async def test_a_commune_is_the_sum_of_its_villages(town: Town, head: Phone) -> None:
    await send_report(town, "nuoc-sach", "Nà Hin", water())
    await send_report(town, "nuoc-sach", "Nà Lốc", water(nuoc_ho="150", nuoc_ho_hvs="125"), back=1)
    async with town.storage.reading() as session:
        place = await session.get(Place, town.places["Vĩnh Thông"])
        assert place is not None
        found = await progress_of(view_in(town, session), place)
    [line] = [line for line in found.lines if line.indicator == "nuoc-hvs"]
    assert (line.numerator, line.denominator, line.value) == (Decimal(150), Decimal(200), Decimal(75))
    water_domain = next(each for each in found.domains if each.id == "nuoc")
    assert water_domain.covered == Covered(3, 1, 1, from_key("2026-10"))


async def send_poverty(town: Town, village: str, poor: int) -> None:
    counts = {"gn_ho": 50, "gn_ho_dtts": 40, "gn_ngheo": poor, "gn_ngheo_dtts": poor, "gn_can_ngheo": 2}
    paths = {question.name: question.path for question in bundled("giam-ngheo").questions}
    values = {paths[name]: str(count) for name, count in counts.items() if name in paths}
    await send_report(town, "giam-ngheo", village, values, back=1)


async def goals_in(town: Town, place: str, indicator: str) -> tuple[Decimal | None, list[Goal]]:
    """An indicator's value at a place, and the goals that the plan of Bắc Kạn sets for 2030."""
    async with town.storage.reading() as session:
        unit = await session.get_one(Place, town.places[place])
        known = await progress_of(view_in(town, session), unit)
    line = next(line for line in known.lines if line.indicator == indicator)
    mine = [goal for goal in line.goals if (goal.plan, goal.year) == ("bac-kan-ctdt", 2030) and goal.value]
    return line.value, mine


async def test_a_dissolved_province_s_targets_are_held_against_its_own_ground(
    town: Town, head: Phone
) -> None:
    """Nà Hin lay in Bắc Kạn, Nhà Thờ did not: the target is Nà Hin's, though the province is both."""
    await split_up(town)
    await send_poverty(town, "Nà Hin", 4)
    await send_poverty(town, "Nhà Thờ", 30)
    value, [goal] = await goals_in(town, "Thái Nguyên", "ngheo")
    assert (value, goal.part, goal.held, goal.status) == (Decimal(34), "tỉnh Bắc Kạn", Decimal(8), "achieved")
    officer = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vi Văn Lợi")
    said = text_of(await officer.says("tỷ lệ hộ nghèo"))
    assert "Riêng phần thuộc tỉnh Bắc Kạn cũ: 8 %. Đạt chỉ tiêu đến 2030: dưới 10 %" in said
    # Under another period the part's figure, which is the newest, says of which it is.
    said = text_of(await officer.says("tỷ lệ hộ nghèo quý 3"))
    assert "chưa có báo cáo kỳ này" in said
    assert "Riêng phần thuộc tỉnh Bắc Kạn cũ, 6 tháng đầu năm 2026: 8 %. Đạt chỉ tiêu đến 2030" in said
    whole, [own] = await goals_in(town, "Vĩnh Thông", "ngheo")
    assert (whole, own.part, own.status) == (Decimal(8), "", "achieved")


async def test_the_new_province_s_officer_is_asked_for_the_former_one_s_ground(
    town: Town, head: Phone
) -> None:
    """Of what only a province counts: that, and nothing else, and as long as nobody holds a role of its own there."""
    await split_up(town)
    officer = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vi Văn Lợi")
    town.later(days=-10)
    asked = text_of(await officer.says("báo cáo"))
    own, part = asked.split("phần thuộc tỉnh Bắc Kạn cũ")
    assert "tỉnh Thái Nguyên" in own
    assert "Giải ngân" in own
    # What its plan asks of itself, and what only a province counts for it.
    assert [line[2:12] for line in part.strip().splitlines()] == ["Nhiệm vụ t", "Phát triển", "Tuổi thọ, "]
    assert "Chiến lược" not in own
    page = await officer.presses(labels(officer.shown[-1:])[-1])
    assert "phần thuộc tỉnh Bắc Kạn cũ" in text_of(page)
    await town.enrolled("b", "Bắc Kạn", RoleName.PROVINCE_OFFICER, "Ma Thị Hà")
    assert "Bắc Kạn cũ" not in text_of(await officer.says("báo cáo"))


async def send_forests(town: Town, province: str, covered: str, timber: str) -> None:
    """A province's report of last year on its 1,000 hectares."""
    paths = {question.name: question.path for question in bundled("rung-tinh").questions}
    hectares = {"kt_dat_tn": "1000", "kt_rung_che_phu": covered, "kt_go_lon": timber}
    values = {path: hectares.get(name, "0") for name, path in paths.items()}
    await send_report(town, "rung-tinh", province, values, back=1)


async def test_what_only_the_new_province_reports_is_not_held_against_the_old_one_s_target(
    town: Town, head: Phone
) -> None:
    await split_up(town)
    await send_forests(town, "Thái Nguyên", "400", "30")
    value, [goal] = await goals_in(town, "Thái Nguyên", "kt-rung")
    assert (value, goal.part, goal.held, goal.status) == (Decimal(40), "tỉnh Bắc Kạn", None, "no_data")
    await send_forests(town, "Bắc Kạn", "720", "10")
    value, [goal] = await goals_in(town, "Thái Nguyên", "kt-rung")
    assert (value, goal.held, goal.status) == (Decimal(40), Decimal(72), "achieved")
    officer = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vi Văn Lợi")
    # By its own name, and never counted twice in what is larger.
    assert "72 % (720/1.000)" in text_of(await officer.says("độ che phủ rừng tỉnh Bắc Kạn năm 2025"))
    assert "gỗ lớn: 10 ha" in text_of(await officer.says("rừng gỗ lớn tỉnh Bắc Kạn năm 2025"))
    assert "kế hoạch: tỉnh Bắc Kạn" in text_of(await officer.says("bảng nhiệm vụ tỉnh Bắc Kạn"))
    nation = await town.enrolled("v", "Việt Nam", RoleName.CENTRAL_OFFICER, "Vi Thị Hà")
    assert "gỗ lớn: 30 ha" in text_of(await nation.says("rừng gỗ lớn năm 2025"))


async def test_the_part_is_told_before_the_whole_has_a_figure(town: Town, head: Phone) -> None:
    await split_up(town)
    await send_forests(town, "Bắc Kạn", "720", "10")
    officer = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vi Văn Lợi")
    said = text_of(await officer.says("độ che phủ rừng năm 2025"))
    assert "chưa có báo cáo kỳ này" in said
    assert "Riêng phần thuộc tỉnh Bắc Kạn cũ: 72 %. Đạt chỉ tiêu đến 2030" in said
    paths = {question.name: question.path for question in bundled("nhiem-vu-bac-kan").questions}
    said = {
        paths["nvbk_xong_viec"]: "bk_1a",
        paths["nvbk_vuong_viec"]: "bk_5_5b",
        paths["nvbk_viec"].replace("_o/", "_o[1]/"): "bk_5_5b",
        paths["nvbk_vuong"].replace("_o/", "_o[1]/"): "Chưa bàn giao xong",
    }
    await send_report(town, "nhiem-vu-bac-kan", "Bắc Kạn", said, back=1)
    tasks = text_of(await officer.says("bảng nhiệm vụ"))
    # What was given to districts that are no more is told by the province too.
    assert "1 đang vướng · 29 chưa triển khai · 1 đã xong · 20 chưa có báo cáo" in tasks
    assert "tỉnh Bắc Kạn: Đang vướng (6 tháng đầu năm 2026): Chưa bàn giao xong" in tasks
    allotted = text_of(await officer.says("bảng vốn"))
    assert "Riêng phần thuộc tỉnh Bắc Kạn cũ.\n" in allotted
    assert "mức giao 200 hộ. Kế hoạch ghi “trên 200 hộ”: đúng bằng thì chưa đạt\n" in allotted
