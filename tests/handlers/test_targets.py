"""The table of targets: every target in one standing, the late ones first, and nobody else's."""

import re
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from handlers.asking.aspects import in_numbers, last_number, step_between
from handlers.buttons import to_base36
from queries.frames import Bound, Relation
from storage.tables import RoleName
from tests.handlers.chatting import Phone, Town, bundled, labels, load_forms, send_report, text_of, town_on
from tests.handlers.test_progress import WATER, split_up


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    """Nà Hin lies where the plans of the former district and province hold."""
    async with town_on(database, tmp_path) as made:
        await load_forms(made)
        await split_up(made)
        await made.head("a")
        await send_water(made, 0)
        yield made


@pytest.fixture
async def officer(town: Town) -> Phone:
    return await town.enrolled("b", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Hà Thị Vinh")


async def send_water(town: Town, back: int, **changes: str) -> None:
    """A report of Nà Hin about water, so many months ago."""
    paths = {question.name: question.path for question in bundled("nuoc-sach").questions}
    values = {paths[name]: value for name, value in {**WATER, **changes}.items()}
    await send_report(town, "nuoc-sach", "Nà Hin", values, back=back)


def counted(said: str) -> dict[str, int]:
    """The numbers of the standings, as the second line tells them."""
    return {what: int(n) for what, n in re.findall(r"([^:·\n]+): (\d+)", said.split("\n")[1])}


async def test_late_targets_come_first_and_every_standing_is_a_button_away(
    town: Town, officer: Phone
) -> None:
    town.now = town.now.replace(year=2025)
    counts = {"tt_ho": "50", "tt_ho_dtts": "40", "tt_ho_xem": "45", "tt_ho_dtts_xem": "38"}
    paths = {question.name: question.path for question in bundled("thong-tin").questions}
    await send_report(town, "thong-tin", "Nà Hin", {paths[name]: number for name, number in counts.items()})
    said = await officer.says("chỉ tiêu nào chậm")
    text = text_of(said)
    assert "Chậm so với chỉ tiêu của tỉnh đến 2025" in text
    assert "95 % (38/40)" in text
    numbers = counted(text)
    assert numbers["Chậm"] == 1
    without = next(label for label in labels(said) if label.startswith("Chưa có số liệu"))
    assert without == f"Chưa có số liệu ({numbers[' Chưa có số liệu']})"
    silent = await officer.presses(without)
    assert "Chưa có số liệu để so với chỉ tiêu" in text_of(silent)
    assert "Chỉ tiêu 1-6 trong" in text_of(silent)
    assert "Chỉ tiêu 7-12 trong" in text_of(await officer.presses("Trang sau ›"))


async def test_what_is_over_stands_apart_with_its_last_state(town: Town, officer: Phone) -> None:
    """Nà Hin stood at 60 % when 2025 ended; the 50 % of today are held against nothing that ended then."""
    await send_water(town, 11, nuoc_ho_dtts_hvs="24")
    text = text_of(await officer.says("bảng chỉ tiêu"))
    assert set(counted(text)) == {"Chưa có số liệu", " Đã hết hạn"}
    over = text_of(await officer.presses("Đã hết hạn ("))
    assert "Hộ DTTS dùng nước hợp vệ sinh: 50 % (20/40)" in over
    assert "Đã hết hạn 31/12/2025, khi đó 60 %, không đạt chỉ tiêu của tỉnh: ít nhất 90 %" in over
    assert "Không có chỉ tiêu nào như vậy" in text_of(await officer.says("chỉ tiêu nào chậm"))


async def test_the_targets_of_one_year_are_listed_apart(town: Town, officer: Phone) -> None:
    await send_water(town, 11, nuoc_ho_dtts_hvs="24")
    ended = text_of(await officer.says("chỉ tiêu nào hết hạn 2025 mà không đạt"))
    assert "Chỉ tiêu kế hoạch có hạn năm 2025, xã Vĩnh Thông" in ended
    assert set(counted(ended)) == {"Đã hết hạn"}
    further = text_of(await officer.presses("Trang sau ›"))
    assert "có hạn năm 2025" in further
    assert "Chỉ tiêu 7-12 trong" in further
    none = await officer.says("chỉ tiêu nào chưa đạt năm 2019")
    assert "Không có chỉ tiêu nào như vậy" in text_of(none)
    assert labels(none) == ["Bảng chỉ tiêu"]


async def test_a_standing_that_no_target_has_is_said_so(town: Town, officer: Phone) -> None:
    assert "Không có chỉ tiêu nào như vậy" in text_of(await officer.says("chỉ tiêu nào đã đạt"))


async def test_from_the_table_to_the_domains_and_back(town: Town, officer: Phone) -> None:
    await officer.says("bảng chỉ tiêu")
    assert "Tình hình xã Vĩnh Thông" in text_of(await officer.presses("Xem theo lĩnh vực"))
    assert "Chỉ tiêu kế hoạch, xã Vĩnh Thông" in text_of(await officer.presses("Bảng chỉ tiêu"))


async def test_where_no_plan_holds_the_figures_are_shown(town: Town) -> None:
    other = await town.enrolled("c", "Tân Cương", RoleName.COMMUNE_OFFICER, "Trần Văn Ba")
    assert "Chưa có kế hoạch nào cho địa bàn này" in text_of(await other.says("bảng chỉ tiêu"))


@pytest.mark.parametrize("rest", ["", ":behind", ":achieved:9999"])
async def test_a_forbidden_place_answers_like_a_missing_one(town: Town, officer: Phone, rest: str) -> None:
    forbidden = text_of(await officer.presses_data(f"v:{to_base36(town.places['Xiềng Tắm'])}{rest}"))
    assert forbidden == text_of(await officer.presses_data(f"v:zzzz{rest}"))
    own = text_of(await officer.presses_data(f"v:{to_base36(town.places['Vĩnh Thông'])}{rest}"))
    assert "Chỉ tiêu kế hoạch, xã Vĩnh Thông" in own


async def test_every_button_of_another_provinces_totals_leads_on(town: Town) -> None:
    """Its tasks are its own affair; what its table leads to tells the same totals."""
    other = await town.enrolled("d", "Nghệ An", RoleName.PROVINCE_OFFICER, "Nguyễn Văn Nam")
    shown = labels(await other.says("bảng chỉ tiêu tỉnh Thái Nguyên"))
    assert "Xem theo lĩnh vực" in shown
    assert "Nhiệm vụ của kế hoạch" not in shown
    for label in shown:
        await other.says("bảng chỉ tiêu tỉnh Thái Nguyên")
        assert "tỉnh Thái Nguyên" in text_of(await other.presses(label))
    assert "Tôi là ai" in labels(await other.presses_data(f"t:{to_base36(town.places['Nà Hin'])}"))


async def test_where_nothing_is_behind_what_is_not_met_yet_is_shown(town: Town, officer: Phone) -> None:
    town.now = town.now.replace(year=2025)
    await send_water(town, 0)
    table = counted(text_of(await officer.says("bảng chỉ tiêu")))
    assert ("Chưa đạt" in table, "Chậm" in table) == (True, False), table
    said = text_of(await officer.says("chỉ tiêu nào chưa đạt"))
    assert "Không có chỉ tiêu nào như vậy" not in said
    assert "Chưa đạt, còn hạn" in said


POVERTY = {"gn_ho": "50", "gn_ngheo": "10", "gn_can": "5", "gn_ho_dtts": "40", "gn_ngheo_dtts": "8"}


async def send_poverty(town: Town, back: int, poor: str) -> None:
    """A report of Nà Hin about poverty, so many half-years ago."""
    paths = {question.name: question.path for question in bundled("giam-ngheo").questions}
    said = {**POVERTY, "gn_ngheo_dtts": poor}
    values = {paths[name]: number for name, number in said.items() if name in paths}
    await send_report(town, "giam-ngheo", "Nà Hin", values, back=back)


@pytest.mark.parametrize(
    "words",
    ["thôn nào chưa đạt chỉ tiêu giảm nghèo dân tộc thiểu số", "thôn nào chưa đạt chỉ tiêu hộ nghèo dtts"],
)
async def test_a_target_of_so_much_a_year_is_held_against_the_end_of_the_year_before(
    town: Town, officer: Phone, words: str
) -> None:
    """20 % of the minorities are poor: 8 of 40. Without last year's end nobody can say whether that is enough."""
    town.now = town.now.replace(year=2025)
    await send_poverty(town, 0, "8")
    text = text_of(await officer.says(words))
    assert "Chỉ tiêu: mỗi năm giảm" in text
    assert "Chưa so được với chỉ tiêu vì thiếu số để so (1 thôn): thôn Nà Hin" in text
    await send_poverty(town, 2, "8")
    assert "1 thôn chưa đạt mỗi năm giảm" in text_of(await officer.says(words))
    await send_poverty(town, 2, "12")
    assert "0 thôn chưa đạt mỗi năm giảm" in text_of(await officer.says(words))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            "còn thiếu bao nhiêu hộ nữa thì đạt 98% nước hợp vệ sinh",
            "Để đạt từ 98 % trở lên: cần thêm 24 hộ nữa (đủ là 49, hiện có 25)",
        ),
        (
            "để nước hợp vệ sinh đạt trên 60% thì cần bao nhiêu hộ",
            "Để đạt trên 60 %: cần thêm 6 hộ nữa (đủ là 31, hiện có 25)",
        ),
        ("nước hợp vệ sinh đã đạt 50% chưa", "Đã đạt: từ 50 % trở lên"),
        (
            "còn thiếu bao nhiêu hộ để đủ 40 hộ dùng nước hợp vệ sinh",
            "cần thêm 15 hộ nữa (đủ là 40, hiện có 25)",
        ),
        (
            "phải giảm bao nhiêu hộ nghèo nữa để tỷ lệ hộ nghèo dưới 10%",
            "Để còn dưới 10 %: phải giảm thêm 6 hộ nữa (nhiều nhất là 4, hiện có 10)",
        ),
        (
            "hộ nghèo còn cách chỉ tiêu bao xa",
            "Để còn dưới 10 %: phải giảm thêm 6 hộ nữa (nhiều nhất là 4, hiện có 10)",
        ),
        ("còn thiếu bao nhiêu người để đạt 98% bảo hiểm y tế", "Chưa tính được"),
        ("phải giảm bao nhiêu hộ nghèo nữa để tỷ lệ hộ nghèo dưới 0%", "Chưa tính được"),
    ],
)
async def test_the_value_that_a_question_wants_reached_is_not_replaced_by_a_plans(
    town: Town, officer: Phone, words: str, told: str
) -> None:
    await send_poverty(town, 0, "8")
    text = text_of(await officer.says(words))
    assert told in text
    assert "90 %" not in text


@pytest.mark.parametrize(
    "words",
    [
        "bao nhiêu lao động được học nghề 6 tháng cuối năm",
        "có thêm bao nhiêu lao động được học nghề",
        "lao động được đào tạo nghề năm nay",
    ],
)
async def test_what_there_is_by_now_is_not_taken_for_what_was_added(officer: Phone, words: str) -> None:
    assert "không riêng phần mới" in text_of(await officer.says(words))


@pytest.mark.parametrize(
    ("relation", "share", "now", "whole", "edge"),
    [
        (Relation.AT_LEAST, "95", "20", "50", "48"),
        (Relation.ABOVE, "60", "20", "50", "31"),
        (Relation.AT_MOST, "11", "20", "50", "5"),
        (Relation.BELOW, "10", "20", "50", "4"),
        (Relation.AT_LEAST, "95", "9.5", "12.5", "11.9"),
        (Relation.ABOVE, "50", "2", "12.5", "6.3"),
        (Relation.BELOW, "50", "9.5", "12.5", "6.2"),
    ],
)
def test_households_are_whole_but_kilometres_are_not(
    relation: Relation, share: str, now: str, whole: str, edge: str
) -> None:
    goal = in_numbers(Bound(relation, Decimal(share), "%"), Decimal(whole))
    assert goal is not None
    assert last_number(goal, step_between(Decimal(now), Decimal(whole), None)) == Decimal(edge)
