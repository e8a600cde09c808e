"""Officers ask for units by several figures at once, without some units, and for figures while an emergency is open."""

import pytest

from storage.tables import RoleName
from tests.handlers.chatting import Phone, Town, bundled, labels, send_report, text_of

COUNTS = {"nuoc_ho": 50, "nuoc_ho_dtts": 40, "nuoc_ho_hvs": 25, "nuoc_ho_dtts_hvs": 20, "nuoc_ho_thieu": 3}


@pytest.fixture
async def officer(town: Town) -> Phone:
    """An officer of a commune: Bản Pàu is silent, Nà Hin has little good water, Nà Lốc has much and none short of it."""
    phone = await town.enrolled("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    paths = {question.name: question.path for question in bundled("nuoc-sach").questions}
    for village, more in (("Nà Hin", {}), ("Nà Lốc", {"nuoc_ho_hvs": 45, "nuoc_ho_thieu": 0})):
        counts = {**COUNTS, **more}
        await send_report(town, "nuoc-sach", village, {paths[name]: str(n) for name, n in counts.items()})
    return phone


ASKED = (
    ("thôn nào nước hvs dưới 80% và thiếu nước", ["Nà Hin"]),
    ("thôn nào thiếu nước mà nước hvs trên 80%", []),
    ("thôn nào không thiếu nước nhưng nước hvs trên 80%", ["Nà Lốc"]),
)


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_units_keep_to_every_condition(officer: Phone) -> None:
    """Only those are told that keep to all; who is silent on one is named, and each condition is a button by itself."""
    for words, expected in ASKED:
        replies = await officer.says(words)
        said = text_of(replies)
        told = [name for name in ("Nà Hin", "Nà Lốc") if f"thôn {name}:" in said]
        assert told == expected, words
        assert "Chưa biết được 1 thôn" in said, words
        alone = [label for label in labels(replies) if label.startswith("Hộ ")]
        assert len(alone) == 2, words


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_units_that_meet_a_condition_stand_in_the_order_of_another_figure(officer: Phone) -> None:
    """Nà Lốc, which is short of no water, is not told although both are ranked."""
    said = text_of(await officer.says("thôn nào vừa nhiều hộ dùng nước hvs vừa thiếu nước"))
    assert "Xếp theo Hộ dùng nước hợp vệ sinh" in said
    assert "thôn Nà Hin: 50 % (25/50); 3 hộ" in said
    assert "thôn Nà Lốc:" not in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_place_is_told_with_what_it_lies_in(officer: Phone) -> None:
    assert (
        text_of(await officer.says("thôn Nà Hin thuộc xã nào"))
        == "thôn Nà Hin, xã Vĩnh Thông, tỉnh Thái Nguyên."
    )


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_a_ranking_does_not_tell_is_named(officer: Phone) -> None:
    said = text_of(await officer.says("xếp hạng nước hvs và nhà tạm các thôn"))
    assert said.startswith("Dưới đây mới là chỉ số đầu. Bấm nút để xem: Hộ ở nhà tạm")


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_one_condition_is_asked_for_by_itself(officer: Phone) -> None:
    replies = await officer.says("thôn nào nước hvs dưới 80% và thiếu nước")
    short = next(label for label in labels(replies) if label.startswith("Hộ thiếu nước"))
    said = text_of(await officer.presses(short))
    assert "Hộ thiếu nước sinh hoạt" in said
    assert "1 thôn có (trên 0 hộ)" in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_units_are_left_out(officer: Phone) -> None:
    """What is left out is named and not told; the others are summed up."""
    said = text_of(await officer.says("tổng số hộ các thôn trừ thôn Nà Hin là bao nhiêu"))
    assert "Không tính: thôn Nà Hin" in said
    assert "thôn Nà Lốc" in said
    assert "Nà Hin: " not in said


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_question_is_answered_while_an_emergency_is_asked_about(officer: Phone) -> None:
    """It is no more of the cry; whether that is an emergency is asked again, and its words stay."""
    await officer.says("cứu với sạt lở đè nhà dân ở thôn Nà Hin rồi")
    said = text_of(await officer.says("nước hợp vệ sinh xã mình"))
    assert "70 % (70/100)" in said
    assert "sạt lở đè nhà dân" in said
    said = text_of(await officer.says("thôn Nà Hin"))
    assert "thôn Nà Hin rồi. thôn Nà Hin" in said


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("xã nào chưa gửi báo cáo vốn", "Chưa gửi Vốn xã làm chủ đầu tư, quý IV/2026 ("),
        ("xa nao chua gui bc von quy 3", "Chưa gửi Vốn xã làm chủ đầu tư, quý III/2026 ("),
        ("xã nào đã gửi báo cáo vốn", "Chưa xã nào gửi Vốn xã làm chủ đầu tư, quý IV/2026"),
        ("thôn nào chưa gửi phiếu nhà ở", "chưa có nút nhắc"),
    ],
)
async def test_who_has_sent_what_units_answer_themselves(town: Town, asked: str, told: str) -> None:
    province = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    assert told in text_of(await province.says(asked))


async def test_a_plans_own_questionnaire_is_owed_where_the_plan_holds(town: Town) -> None:
    """And not once it is over: as the list of what is due has it."""
    nation = await town.enrolled("tw", "Việt Nam", RoleName.CENTRAL_OFFICER, "Ma Thị Lan")
    told = text_of(await nation.says("tỉnh nào chưa gửi báo cáo nhiệm vụ"))
    assert "Nhiệm vụ, kiểm tra, giám sát, 6 tháng cuối năm 2026 (2/2 tỉnh)" in told, "what all are asked"
    assert "Chiến lược công tác dân tộc Bắc Kạn" not in told, "it holds for neither"
    assert "Kế hoạch 352 Nghệ An" not in told, "it ended in 2023"
    told = text_of(await nation.says("tỉnh nào chưa gửi báo cáo nhiệm vụ năm 2023"))
    assert "Kế hoạch 352 Nghệ An, 6 tháng cuối năm 2023 (1/1 tỉnh): tỉnh Nghệ An" in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_is_due_is_told_for_each_time_with_the_days_left(officer: Phone) -> None:
    told = text_of(await officer.says("con may ngay nua la het han bc von quy 3 va quy 4"))
    assert "quý III/2026 (xã gửi): 02/08/2026 (đã qua)" in told
    assert "quý IV/2026 (xã gửi)" in told


async def test_what_only_one_plan_asks_has_its_questionnaire(town: Town) -> None:
    province = await town.enrolled("na", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    told = text_of(await province.says("Tiến độ dự án bố trí dân cư Xốp Tụ"))
    assert "chưa có báo cáo kỳ này" in told
    assert "chưa có phiếu nào hỏi" not in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_work_on_their_ground_is_told_to_those_below_who_reports_it(town: Town) -> None:
    commune = await town.enrolled("ml", "Mỹ Lý", RoleName.COMMUNE_OFFICER, "Lô Văn Phương")
    paths = {question.name: question.path for question in bundled("bo-tri-dan-cu-nghe-an").questions}
    done = {paths["tdc_xop_tu"]: "45", paths["tdc_khe_hoc"]: "20"}
    await send_report(town, "bo-tri-dan-cu-nghe-an", "Nghệ An", done, back=1)
    assert "tỉnh Nghệ An báo: 45 %" in text_of(await commune.says("tiến độ Xốp Tụ"))
    elsewhere = text_of(await commune.says("tiến độ dự án tái định cư Khe Hộc"))
    assert "20 %" not in elsewhere
    assert "không có riêng cho nơi này" in elsewhere


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_what_an_agency_is_allotted_is_told_by_itself(town: Town) -> None:
    province = await town.enrolled("na", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    women = text_of(await province.says("Hội Liên hiệp Phụ nữ tỉnh được giao bao nhiêu tiền"))
    assert "24.501 triệu đồng" in women
    assert women.count("\n- ") == 1
    assert "không tìm thấy" not in women
    health = text_of(await province.says("so y te duoc giao bao nhieu von"))
    assert all(amount in health for amount in ("13.325", "10.890", "74.252"))
    assert health.count("\n- ") == 3


async def test_an_agency_is_found_by_its_name_and_told_nothing_that_is_set_for_nobody(town: Town) -> None:
    province = await town.enrolled("na", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    for question in ("Mặt trận tổ quốc phải làm gì", "mttq tinh phai lam gi"):
        assert "(VI.7, gạch đầu dòng 1)" in text_of(await province.says(question)), question
    beside = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Ma Thị Lê")
    told = text_of(await beside.says("Ban Dân tộc tỉnh được giao chỉ tiêu gì"))
    assert "lao động" not in told, "no target there is that agency's"


async def test_as_many_as_a_name_says_are_all_told(town: Town) -> None:
    province = await town.enrolled("na", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    for question in ("4 dự án tái định cư đến đâu rồi", "bon du an bo tri dan cu tien do the nao"):
        told = text_of(await province.says(question))
        assert all(name in told for name in ("Xốp Tụ", "Nam Tiến 2", "Khe Hộc", "Long Thắng")), question
        assert "muốn hỏi chỉ số nào" not in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_an_officers_own_forms_are_told_where_they_ask_for_theirs(officer: Phone) -> None:
    told = text_of(await officer.says("tuần này tôi còn phải gửi phiếu gì, hạn ngày nào"))
    assert "xã Vĩnh Thông" in told
    assert "Vốn xã làm chủ đầu tư, quý IV/2026: quá hạn 02/11/2026" in told


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_two_numbers_of_one_period_are_added_up(town: Town, officer: Phone) -> None:
    counts = {"gn_ho": "60", "gn_ngheo": "12", "gn_can_ngheo": "7"}
    paths = {question.name: question.path for question in bundled("giam-ngheo").questions}
    await send_report(town, "giam-ngheo", "Nà Hin", {paths[name]: value for name, value in counts.items()})
    told = text_of(await officer.says("hn va cn cua xa tong cong bn ho"))
    assert "Cộng lại: 19 hộ" in told
    assert "Cộng lại" not in text_of(await officer.says("hộ nghèo và cận nghèo của xã"))


@pytest.mark.parametrize(
    "asked", ["ho tro nha o 179 ho da dat dc bn % ke hoach", "hỗ trợ nhà ở so với kế hoạch 179 hộ"]
)
async def test_what_a_plan_allots_is_told_where_it_is_asked_against(town: Town, asked: str) -> None:
    province = await town.enrolled("na", "Nghệ An", RoleName.PROVINCE_OFFICER, "Ma Thị Lan")
    assert "mức giao 179 hộ" in text_of(await province.says(asked))
