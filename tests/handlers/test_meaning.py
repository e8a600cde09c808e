"""What officials read means what it says: coverage, changes of the same villages, directions, and no "none" without data."""

import re
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy.ext.asyncio import AsyncEngine

from figures.ground import ground_of
from handlers.asking import answer, units_over_time
from handlers.asking.asked import Asked
from handlers.viewer import Viewer
from plans.reading import load_plans
from queries.frames import Aspect, Lookup, Measure, Question
from reports.spreadsheet import workbook
from storage.tables import Role, RoleName
from tests.handlers.chatting import (
    Phone,
    Town,
    bundled,
    labels,
    load_forms,
    plain,
    send_report,
    text_of,
    three_asked,
    town_on,
)


@pytest.fixture
def kind() -> str:
    """These answers are composed from figures that `tests/figures` counts on both databases."""
    return "sqlite"


@pytest.fixture
async def town(database: AsyncEngine, tmp_path: Path) -> AsyncIterator[Town]:
    async with town_on(database, tmp_path, plans=three_asked()) as made:
        await load_forms(made)
        yield made


@pytest.fixture
async def officer(town: Town) -> Phone:
    return await town.enrolled("p", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")


def houses(count: int) -> dict[str, str]:
    return {"/data/nha_tam": str(count), "/data/nha_dang_lam": "0"}


async def told(town: Town, question: Question) -> str:
    """The answer to a question that was understood."""
    async with town.storage.reading() as session:
        place = town.places["Vĩnh Thông"]
        roles = (Role(id=1, person_id=1, place_id=place, role=RoleName.COMMUNE_OFFICER),)
        viewer = Viewer(session, town.dispatch.library, roles, town.now)
        ground = await ground_of(viewer)
        assert ground is not None
        return plain(await answer.answer(Asked(viewer, ground, question, 0)))


async def three_quarters(town: Town) -> None:
    """Two villages report of both quarters, the third is new in the second of them."""
    await send_report(town, "nha-o", "Nà Hin", houses(10), back=1)
    await send_report(town, "nha-o", "Nà Lốc", houses(9), back=1)
    await send_report(town, "nha-o", "Nà Hin", houses(6))
    await send_report(town, "nha-o", "Bản Pàu", houses(7))


async def test_a_change_is_of_the_same_villages(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    said = text_of(await officer.says("nhà tạm"))
    assert "22 hộ" in said
    assert "2/3 thôn báo kỳ này; 1 thôn lấy số kỳ gần nhất (cũ nhất quý III/2026)" in said
    assert "Giảm 4 hộ so với quý III/2026, ở 1 thôn có số cả hai kỳ; 1 thôn mới có số: 7 hộ" in said
    compared = text_of(await officer.says("so sánh nhà tạm quý 3 với quý 4"))
    assert "quý III/2026: 19 hộ (2/3 thôn báo kỳ này)" in compared
    assert "quý IV/2026: 22 hộ (2/3 thôn báo kỳ này, 1 thôn lấy số cũ)" in compared
    assert "Giảm 4 hộ" in compared
    assert "tăng 3" not in compared.casefold()


@pytest.mark.parametrize(
    ("asks", "told"),
    [
        ("trung bình mỗi thôn mấy nhà tạm", "Trung bình mỗi thôn: 7,3 hộ (22 trên 3 thôn có số được xem)."),
        ("trừ Nà Hin thì xã còn bao nhiêu nhà tạm", "Cộng 2 thôn có số được xem: 16 hộ."),
        ("thôn nào nhà tạm cao hơn bình quân chung", "Trung bình mỗi thôn: 7,3 hộ (22 trên 3 thôn"),
    ],
)
async def test_a_sum_of_units_holds_what_stands_of_those_yet_to_report(
    town: Town, officer: Phone, asks: str, told: str
) -> None:
    await three_quarters(town)
    said = text_of(await officer.says(asks))
    assert told in said
    assert "1 thôn lấy số kỳ gần nhất (cũ nhất quý III/2026)." in said
    assert "Chưa báo kỳ này nên chưa xếp (1 thôn): thôn Nà Lốc (9 hộ, quý III/2026)." in said


async def test_what_it_was_compared_with_is_drawn_too_and_does_not_outlive_its_time(
    town: Town, officer: Phone
) -> None:
    await three_quarters(town)
    assert "Giảm 4 hộ" in text_of(await officer.says("nhà tạm so với quý III"))
    drawn = await officer.presses("Biểu đồ")
    assert drawn[-1].picture
    assert "quý III/2026: 19 hộ" in text_of(drawn)
    await officer.says("nhà tạm so với quý III")
    assert "quý III/2026: 19 hộ" in text_of(await officer.says("còn kỳ trước?"))


async def test_what_is_held_against_a_time_said_is_what_was_reported_last(town: Town, officer: Phone) -> None:
    """An older value never stands under the period that runs."""
    for back, count in ((2, 12), (1, 10)):
        await send_report(town, "nha-o", "Nà Hin", houses(count), back=back)
    said = text_of(await officer.says("nhà tạm so với quý II"))
    assert "quý III/2026: 10 hộ" in said
    assert "quý IV" not in said
    assert "quý IV/2026: chưa có báo cáo" in text_of(await officer.says("nhà tạm so với quý III"))
    ranked = text_of(await officer.says("thôn nào nhà tạm giảm nhiều nhất so với quý II"))
    assert "1. thôn Nà Hin: giảm 2 hộ (quý II/2026: 12 hộ)" in ranked
    for never in ("quý III", "cùng kỳ năm ngoái", "đầu năm"):
        ranked = text_of(await officer.says(f"thôn nào nhà tạm giảm nhiều nhất so với {never}"))
        assert "Chưa thôn nào có số ở cả hai kỳ nên chưa so được." in ranked


async def test_what_moved_all_along_since_a_time_is_looked_at_period_by_period(
    town: Town, officer: Phone
) -> None:
    """From the second quarter to the fourth one village fell each time; the other rose in between."""
    for village, counts in (("Nà Hin", (12, 14, 10)), ("Nà Lốc", (12, 11, 10))):
        for back, count in zip((2, 1, 0), counts, strict=True):
            await send_report(town, "nha-o", village, houses(count), back=back)
    said = text_of(await officer.says("thôn nào nhà tạm giảm liên tục so với quý II"))
    assert "quý II/2026 → quý III/2026 → quý IV/2026" in said
    assert "1. thôn Nà Lốc" in said
    assert "thôn Nà Hin" not in said
    said = text_of(await officer.says("thôn nào nhà tạm giảm liên tục so với quý III"))
    assert "quý III/2026 → quý IV/2026" in said
    assert "thôn Nà Hin" in said


async def test_changes_that_are_all_kept_back_are_not_said_to_be_missing(town: Town) -> None:
    province = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")
    await three_quarters(town)
    await send_report(town, "nha-o", "Nà Hin", houses(2))
    said = text_of(await province.says("xã nào nhà tạm giảm nhiều nhất so với quý III"))
    assert "Không hiện thay đổi của 1 xã" in said
    assert "Chưa xã nào có số ở cả hai kỳ" not in said
    assert "có thể đổi nhiều hơn" not in said


async def test_too_many_villages_are_compared_with_the_period_before_alone(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Further back each report would be read: of a nation that took five seconds, and everybody waited."""
    for back, count in ((2, 12), (1, 10), (0, 6)):
        await send_report(town, "nha-o", "Nà Hin", houses(count), back=back)
    question = "nhà tạm 3 quý gần đây"
    assert "Giảm 6 hộ" in text_of(await officer.says(question))
    for module in ("figures.summed", "handlers.asking.series"):
        monkeypatch.setattr(f"{module}.COMPARED", 2)
    said = text_of(await officer.says(question))
    assert "Nơi này có hơn 2 thôn, nên chỉ so được hai kỳ liền nhau." in said
    assert "Giảm" not in said
    assert "Giảm 4 hộ" in text_of(await officer.says("nhà tạm quý 4 so với quý 3"))


async def test_that_villages_are_too_many_is_said_only_of_periods_apart(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two periods next to each other nobody may have reported for one: that is why nothing is compared."""
    await send_report(town, "nha-o", "Nà Hin", houses(6))
    for module in ("figures.summed", "handlers.asking.series", "handlers.asking.changing"):
        monkeypatch.setattr(f"{module}.COMPARED", 2)
    question = "thôn nào nhà tạm giảm nhiều nhất so với quý"
    assert "hơn 2 thôn" in text_of(await officer.says(f"{question} II"))
    said = text_of(await officer.says(f"{question} III"))
    assert "hơn 2 thôn" not in said
    assert "Chưa thôn nào có số ở cả hai kỳ" in said


async def test_a_period_that_nobody_reported_for_has_no_figure(town: Town, officer: Phone) -> None:
    await send_report(town, "nha-o", "Nà Hin", houses(10), back=1)
    assert "Kỳ: quý III/2026" in text_of(await officer.says("nhà tạm"))
    said = text_of(await officer.says("nhà tạm quý 4"))
    assert "chưa có báo cáo kỳ này" in said
    assert "Số gần nhất là của quý III/2026: 10 hộ" in said
    both = text_of(await officer.says("so sánh nhà tạm quý 3 với quý 4"))
    assert "quý IV/2026: chưa có báo cáo kỳ này" in both
    assert "Mới có một kỳ báo cáo nên chưa so được" in both
    ranked = text_of(await officer.says("thôn nào nhà tạm nhiều nhất quý 4"))
    assert "10 hộ" not in ranked
    assert "Chưa báo kỳ này nên chưa xếp (1 thôn): thôn Nà Hin." in ranked


async def test_the_period_before_is_that_before_the_one_told(town: Town, officer: Phone) -> None:
    await send_report(town, "nha-o", "Nà Hin", houses(12), back=2)
    await send_report(town, "nha-o", "Nà Hin", houses(10), back=1)
    await officer.says("nhà tạm")
    assert "Kỳ: quý II/2026" in text_of(await officer.presses("Kỳ trước"))


async def test_none_needs_data(town: Town, officer: Phone) -> None:
    said = text_of(await officer.says("thôn nào nhà tạm trên 5 hộ"))
    assert "Không có thôn nào" not in said
    assert "Chưa có số liệu nào" in said
    await send_report(town, "nha-o", "Nà Hin", houses(4))
    said = text_of(await officer.says("thôn nào nhà tạm trên 5 hộ"))
    assert "Không có thôn nào trên 5 hộ trong 1 thôn có số liệu." in said
    assert "Chưa xếp được vì chưa có số liệu: thôn Bản Pàu, thôn Nà Lốc" in said


async def test_an_order_says_its_direction(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    assert "từ cao xuống thấp" in text_of(await officer.says("thôn nào nhà tạm nhiều nhất"))
    assert "từ thấp lên cao" in text_of(await officer.says("thôn nào nhà tạm ít nhất"))


async def test_a_list_names_its_period_where_nothing_of_it_is_shown(town: Town) -> None:
    province = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")
    await send_report(town, "nha-o", "Nà Hin", houses(2), back=2)
    for question in ("thôn nào nhiều nhà tạm nhất", "thôn nào nhà tạm trên 100 hộ"):
        said = text_of(await province.says(question))
        assert "quý II/2026" in said
        assert "quý IV/2026" not in said
    [sent] = await province.says("xuất excel nhà tạm các thôn xã Vĩnh Thông")
    assert sent.document is not None
    sheet = load_workbook(BytesIO(workbook(sent.document.made))).worksheets[1]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert all("quý II/2026" in row for row in rows)


async def test_an_order_by_the_number_says_so_in_words_and_in_its_picture(town: Town, officer: Phone) -> None:
    """A share may run the other way than its numbers."""
    paths = {question.name: question.path for question in bundled("nuoc-sach").questions}
    for village, households, clean in (("Nà Hin", 200, 50), ("Nà Lốc", 50, 40)):
        counts = {"nuoc_ho": households, "nuoc_ho_dtts": 40, "nuoc_ho_hvs": clean}
        counts |= {"nuoc_ho_dtts_hvs": 20, "nuoc_ho_thieu": 9}
        await send_report(town, "nuoc-sach", village, {paths[name]: str(n) for name, n in counts.items()})
    said = text_of(await officer.says("trung bình mỗi thôn có bao nhiêu hộ dùng nước hợp vệ sinh"))
    assert "45 hộ (90 trên 2 thôn" in said
    assert "Xếp theo số đếm được, không theo tỷ lệ." in said
    [drawn] = await officer.says("vẽ biểu đồ thôn nào nhiều hộ dùng nước hợp vệ sinh nhất")
    assert drawn.picture is not None
    data = drawn.picture.data
    assert (data["unit"], data["full"]) == ("hộ", None)
    assert [row["shown"] for row in data["rows"]] == ["50", "40"]
    assert "Xếp theo số đếm được, không theo tỷ lệ." in data["notes"]


async def test_a_stock_over_a_span_is_a_series(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    said = text_of(await officer.says("nhà tạm từ tháng 7 đến tháng 11"))
    assert "quý III/2026: 19 hộ" in said
    assert "quý IV/2026: 22 hộ" in said
    assert "Giảm 4 hộ so với quý III/2026" in said


async def test_a_stock_over_a_span_has_both_ends_of_each_unit(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    reply = await officer.says("nhà tạm từ quý 3 đến quý 4 các thôn")
    head, *lines = text_of(reply).splitlines()
    assert "quý III/2026 → quý IV/2026" in head
    assert lines[0].startswith("• thôn Nà Hin: 10 hộ → 6 hộ; giảm 4 hộ")
    assert lines[1].startswith("• thôn Bản Pàu: chưa có báo cáo kỳ này → 7 hộ (chưa so được")
    assert lines[2].startswith("• thôn Nà Lốc: 9 hộ → chưa có báo cáo kỳ này (chưa so được")
    assert labels(reply).count("Lưu câu hỏi này") == 1


@pytest.mark.parametrize(
    ("steps", "told", "ends"),
    [
        (units_over_time.STEPS, "10 hộ → chưa có báo cáo kỳ này → 6 hộ", "→ 9 hộ → chưa có báo cáo kỳ này"),
        (0, "10 hộ → 6 hộ", "; quý III/2026: 9 hộ"),
    ],
)
async def test_a_unit_that_reported_only_within_a_span_has_the_figure_of_then(
    town: Town, officer: Phone, monkeypatch: pytest.MonkeyPatch, steps: int, told: str, ends: str
) -> None:
    """Neither end is its own; it was said to have no figure. Of a longer time only the newest in between is told."""
    monkeypatch.setattr(units_over_time, "STEPS", steps)
    await send_report(town, "nha-o", "Nà Hin", houses(10), back=2)
    await send_report(town, "nha-o", "Nà Lốc", houses(9), back=1)
    await send_report(town, "nha-o", "Nà Hin", houses(6))
    _, first, second = text_of(await officer.says("nhà tạm từ quý 2 đến quý 4 các thôn")).splitlines()[:3]
    assert first.startswith(f"• thôn Nà Hin: {told}")
    assert second.startswith("• thôn Nà Lốc: chưa có báo cáo kỳ này")
    assert ends in second


async def test_what_is_of_one_time_is_of_the_last_period_of_a_span(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    head, *lines = text_of(await officer.says("2 thôn nhiều nhà tạm nhất từ quý 3 đến quý 4")).splitlines()
    assert head.endswith("quý IV/2026, từ cao xuống thấp")
    assert "Số này không cộng qua các kỳ, nên trên đây chỉ là số của quý IV/2026." in lines


async def test_places_compared_over_a_span_have_each_period(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    said = text_of(await officer.says("so sánh nhà tạm từ quý 3 đến quý 4 thôn Nà Hin và thôn Nà Lốc"))
    assert re.search(r"Nà Hin.*quý III/2026: 10 hộ", said)
    assert re.search(r"Nà Hin.*quý IV/2026: 6 hộ", said)
    assert re.search(r"Nà Lốc.*quý IV/2026: chưa có báo cáo kỳ này", said)


@pytest.mark.parametrize(
    "asks",
    [
        "nhà tạm tuần này",
        "nhà tạm tuần trước",
        "nhà tạm tuần 45",
        "nhà tạm tuần trước các thôn",
        "nhà tạm hôm qua",
        "nhà tạm tháng 10",
        "nhà tạm từ 1/10 đến 15/11",
        "nhà tạm tháng 10 các thôn",
    ],
)
async def test_a_time_within_a_period_has_no_figure_of_its_own(town: Town, officer: Phone, asks: str) -> None:
    await three_quarters(town)
    said = text_of(await officer.says(asks))
    assert "không có số riêng: số này chỉ báo theo kỳ dài hơn, như quý IV/2026" in said
    assert "quý IV/2026" in said.partition("\n")[2]
    assert not re.search(r"tuần \d|0/3|chưa có báo cáo kỳ này", said)


async def test_a_mean_says_whom_it_leaves_out_because_they_are_not_shown(town: Town) -> None:
    province = await town.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Thị Mai")
    for village, number in (("Nà Hin", 5), ("Nà Lốc", 1), ("Bản Pàu", 9)):
        await send_report(town, "nha-o", village, houses(number))
    said = text_of(await province.says("trung bình mỗi thôn xã Vĩnh Thông có bao nhiêu nhà tạm"))
    assert "Chưa kể 2 thôn không hiện, thường là số nhỏ: tính cả thì thường thấp hơn." in said, said
    assert "Cả xã Vĩnh Thông, tính cả nơi không hiện số: 15 hộ, trung bình mỗi thôn 5 hộ." in said


async def test_a_time_within_a_period_is_told_by_the_one_around_it(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    said = text_of(await officer.says("nhà tạm tháng 8"))
    assert "số này chỉ báo theo kỳ dài hơn, như quý III/2026" in said
    assert "Kỳ: quý III/2026" in said


@pytest.mark.parametrize(
    "asks",
    [
        "nhà tạm so với tuần 33",
        "nhà tạm tuần này so với tuần trước",
        "so sánh nhà tạm tuần 45 với tuần 46",
        "nhà tạm so với tuần trước",
    ],
)
async def test_weeks_are_compared_by_the_periods_around_them(town: Town, officer: Phone, asks: str) -> None:
    await three_quarters(town)
    said = text_of(await officer.says(asks))
    assert "Tuần không có số riêng" in said
    assert "quý III/2026: 19 hộ" in said
    assert "quý IV/2026: 22 hộ" in said
    assert not re.search(r"tuần \d", said)


async def test_before_a_week_lies_the_period_before_that_around_it(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    await officer.says("nhà tạm tuần này")
    assert "19 hộ\nKỳ: quý III/2026" in text_of(await officer.presses("Kỳ trước"))


async def test_what_was_done_is_never_what_remains(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    said = await told(town, Lookup(measure=Measure(("nha-tam",), aspect=Aspect.DONE)))
    done, left, remains = said.partition("Hiện còn")
    assert left
    assert "22 hộ" not in done
    assert "22 hộ" in remains
    assert "Giảm 4 hộ so với quý III/2026" in said
    for indicator in load_plans().indicators.values():
        assert set(indicator.done) <= load_plans().indicators.keys()


async def test_a_share_is_given_where_there_is_one(town: Town) -> None:
    plans = load_plans().indicators
    async with town.storage.reading() as session:
        viewer = Viewer(session, town.dispatch.library, (), town.now)
        asked = Asked(viewer, None, Lookup(measure=Measure(("von-sn",), by="share")), 0)  # type: ignore[arg-type]
        assert asked.as_asked(plans["von-sn"]).id == "von-sn-ty-le"
        assert asked.as_asked(plans["nha-tam"]).id == "nha-tam"


async def test_a_spreadsheet_names_what_it_holds_and_why_a_cell_is_empty(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    province = await town.enrolled("q", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Hà Văn Ba")
    await send_report(town, "nha-o", "Bản Pàu", houses(1))
    [reply] = await province.says("xuất excel nhà tạm các thôn xã Vĩnh Thông")
    assert reply.document is not None
    assert "ho-o-nha-tam" in reply.document.name
    book = load_workbook(BytesIO(workbook(reply.document.made or {})))
    rows = {row[0]: row for row in book.worksheets[1].iter_rows(values_only=True)}
    assert all(
        "<" not in str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )
    empty = {place: row for place, row in rows.items() if row[1] is None}
    assert "không hiện (để không lộ số dưới 3, hay số riêng của một, hai thôn)" in empty["thôn Bản Pàu"]
    assert "chưa báo kỳ này; số gần nhất: 9 hộ, quý III/2026" in empty["thôn Nà Lốc"]
    # Under a comparison it holds both times, as the answer does.
    await officer.says("nhà tạm so với quý III")
    [compared] = await officer.presses("Excel")
    assert compared.document is not None
    sheet = load_workbook(BytesIO(workbook(compared.document.made or {}))).worksheets[1]
    of_commune = [row for row in sheet.iter_rows(values_only=True) if row[0] == "xã Vĩnh Thông"]
    assert [row[8] for row in of_commune] == ["quý III/2026", "quý IV/2026"]
    assert len({row[1] for row in of_commune}) == 2


async def test_units_are_ordered_by_what_changed_in_them(town: Town, officer: Phone) -> None:
    """Of those with a report of both quarters only; the others are named. What did not rise is not said to."""
    await three_quarters(town)
    said = text_of(await officer.says("thôn nào nhà tạm giảm nhiều nhất"))
    assert "thay đổi đến quý IV/2026" in said
    assert "1. thôn Nà Hin: giảm 4 hộ (quý III/2026: 10 hộ)" in said
    assert "Chưa so được 2 thôn vì chưa có số ở cả hai kỳ: thôn Bản Pàu, thôn Nà Lốc" in said
    rose = text_of(await officer.says("thôn nào nhà tạm tăng lên"))
    assert "Không có thôn nào tăng trong 1 thôn so được." in rose


async def test_a_part_of_a_larger_unit_is_told_with_both_numbers(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    said = text_of(await officer.says("Nà Hin chiếm bao nhiêu phần trăm nhà tạm của xã"))
    assert "thôn Nà Hin chiếm 27,3 % của xã Vĩnh Thông." in said
    assert "Hộ ở nhà tạm, nhà dột nát" in said
    said = text_of(await officer.says("Nà Lốc chiếm bao nhiêu phần trăm nhà tạm của xã"))
    assert "thôn Nà Lốc: 9 (số của quý III/2026)\nxã Vĩnh Thông: 22" in said
    assert "thôn Nà Lốc chiếm 40,9 % của xã Vĩnh Thông." in said


async def test_the_sum_of_places_holds_what_stands_of_one_that_has_not_reported(
    town: Town, officer: Phone
) -> None:
    await three_quarters(town)
    said = text_of(await officer.says("cả ba thôn Nà Hin, Bản Pàu và Nà Lốc có bao nhiêu nhà tạm"))
    assert "Hộ ở nhà tạm, nhà dột nát, quý IV/2026" in said
    assert "Tính theo số gần nhất của thôn Nà Lốc: 9 hộ, quý III/2026\nCộng: 22 hộ" in said


async def test_two_places_say_by_how_much_they_differ(town: Town, officer: Phone) -> None:
    await three_quarters(town)
    said = text_of(await officer.says("so sánh nhà tạm thôn Nà Hin với thôn Bản Pàu"))
    assert "thôn Bản Pàu hơn thôn Nà Hin 1 hộ." in said
