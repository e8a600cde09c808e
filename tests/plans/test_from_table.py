"""A sheet of targets as offices write it becomes a plan that can be read; what is doubtful is never taken unasked."""

import io
import re
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.commands.plan_make import each_decided, id_from, is_taken, sure, unit_of, years_of
from bot.plan_goals import goal_of
from bot.plan_skeleton import KnownFacts, make_folder, programme_text, quoted
from bot.plan_table import TargetRow, csv_rows, read_targets_table, unit_doubts
from bot.problems import WrongCall
from bot.settings import load_settings
from bot.teller import Teller
from plans.own import joined
from plans.reading import load_plans
from plans.target import Comparator

SAY = Teller("vi")
HEADS = ["STT", "Chỉ tiêu", "Giá trị", "Đơn vị tính", "Năm", "Đối tượng", "Điều khoản"]
ROWS: list[list[object]] = [
    [1, "Hộ dùng nước hợp vệ sinh", "trên 98", "%", 2030, "hộ nông thôn", "II.1"],
    [2, "Tỷ lệ hộ nghèo", "giảm 2,5 %/năm", "%", 2030, "hộ dân cư", "II.2"],
    [3, "Tỷ lệ hộ nghèo trong đồng bào DTTS", 9.5, "%", 2030, "hộ DTTS", "II.3"],
    [4, "Lượt khách tham quan", "100", "%", 2030, "xã", "II.4"],
    [5, "Hộ được hỗ trợ nhà ở", "1.250", "triệu đồng", None, None, None],
]


def workbook(rows: list[list[object]], *merged: str) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cells in merged:
        sheet.merge_cells(cells)
    book.save(out)
    return out.getvalue()


def read(rows: list[list[object]] = ROWS) -> list[TargetRow]:
    titled = [["Biểu chỉ tiêu giai đoạn 2026-2030"], HEADS, *rows]
    table = read_targets_table(workbook(titled), "bang.xlsx", load_plans())
    assert table.faults == []
    return table.rows


def test_what_can_be_read_in_one_way_is_taken_and_the_rest_is_doubtful() -> None:
    water, poor, minority, road, houses = read()
    assert ([one.id for one in water.likely], water.doubts) == (["nuoc-hvs"], ())
    assert ([one.id for one in poor.likely], poor.doubts) == (["ngheo"], ())
    assert poor.goal is not None
    assert (poor.goal.comparator, poor.goal.value) == (Comparator.REDUCE_YEARLY, Decimal("2.5"))
    assert minority.doubts[0] == "figure_which"
    assert "ngheo-dtts" in [one.id for one in minority.likely]
    assert minority.goal is not None
    assert minority.goal.value == Decimal("9.5")
    assert road.doubts == ("figure_none",)
    assert set(houses.doubts) == {"year", "scope", "unit"}
    assert [sure(row).measure is not None for row in (water, poor, minority, road, houses)] == [
        *(True, True, False, False, False)
    ]


def test_what_is_to_be_done_is_not_what_remains() -> None:
    [row] = read([[1, "Xóa nhà tạm", 20, "hộ", 2026, "hộ dân cư", "II.1"]])
    meant = {indicator.id: unit_doubts(row.line, indicator, row.goal) for indicator in row.likely}
    assert row.likely[0].id != "nha-tam", "what was done comes first"
    assert "action" in meant["nha-tam"]
    [row] = read([[1, "Hộ nghèo ở nhà tạm", 20, "hộ", 2026, "hộ dân cư", "II.1"]])
    assert all("action" not in unit_doubts(row.line, one, row.goal) for one in row.likely)


def likely_of(row: TargetRow, name: str) -> TargetRow:
    """The row as the figure of this id."""
    return row.meaning(load_plans().indicators[name])


def test_a_number_is_put_in_the_figure_s_unit_or_is_none() -> None:
    houses, money, many, few = read(
        [
            [1, "Hộ được hỗ trợ nhà ở", "1,5", "nghìn hộ", 2027, "tỉnh", "I"],
            [2, "Vốn đầu tư đã giải ngân", "1.234,5", "tỷ đồng", 2027, "tỉnh", "I"],
            [3, "Hộ dùng nước hợp vệ sinh", "540", "hộ", 2027, "tỉnh", "I"],
            [4, "Số cặp tảo hôn", "<0,5", "%", 2027, "tỉnh", "I"],
        ]
    )
    invested = next(one for one in load_plans().indicators.values() if one.unit_name() == "triệu đồng")
    for row, name, value in (
        (houses, "nha-ho-tro", Decimal(1500)),
        (money, invested.id, Decimal(1_234_500)),
    ):
        measure = likely_of(row, name).measure
        assert measure is not None
        assert (measure[1].value, "unit" in unit_doubts(row.line, measure[0], row.goal)) == (value, False)
    for row, name in ((many, "nuoc-hvs"), (few, few.likely[0].id)):
        assert likely_of(row, name).measure is None, "a number of one unit is none of another"
        [written] = csv_rows([likely_of(row, name)], "tỉnh", 2027)
        assert (written["comparator"], written.get("value", "")) == ("trend", "")


def test_all_of_what_is_to_be_ended_leaves_none() -> None:
    [row] = read([[1, "Xóa nhà tạm", "100%", "nhà", 2027, "tỉnh", "I"]])
    assert row.goal is not None
    assert row.goal.comparator is Comparator.ELIMINATE
    [written] = csv_rows([likely_of(row, "nha-tam")], "tỉnh", 2027)
    assert (written["indicator"], written["comparator"], written["value"]) == ("nha-tam", "eliminate", "")


def test_a_change_without_its_time_is_told_as_such() -> None:
    [row] = read([[1, "Số hộ nghèo giảm trong năm", "30", "hộ", 2027, "tỉnh", "I"]])
    assert "change" in row.doubts
    assert "value" not in row.doubts


def test_the_first_row_of_a_sheet_is_no_second_row_of_headings() -> None:
    """ "Năm" above 2030 looks like a heading of a year's values."""
    rows: list[list[object]] = [
        ["STT", "Nội dung", "Chỉ tiêu", "Đơn vị", "Năm", "Cơ quan chủ trì"],
        [1, "Tỷ lệ hộ nghèo", "giảm 2,5 %/năm", "%", 2030, "Sở Nông nghiệp và Môi trường"],
        [2, "Xã đặc biệt khó khăn", "không còn", "xã", 2030, "Sở Dân tộc và Tôn giáo"],
    ]
    table = read_targets_table(workbook(rows), "a.xlsx", load_plans())
    assert [(row.likely[0].id, row.year) for row in table.rows] == [("ngheo", 2030), ("xa-dbkk", 2030)]


def test_targets_of_several_places_in_columns_are_refused_with_what_to_do() -> None:
    heads: list[object] = ["TT", "Xã, phường", "Tổng số hộ", "Chỉ tiêu giao năm 2027", None]
    rows: list[list[object]] = [heads, [None, None, None, "Giảm tỷ lệ hộ nghèo (%)", "Số hộ thoát nghèo"]]
    data = workbook([*rows, [1, "Xã Phủ Thông", 1800, 2.5, 45]], "D1:E1")
    table = read_targets_table(data, "a.xlsx", load_plans())
    assert [fault.code for fault in table.faults] == ["targets_by_place"]


def test_a_cell_in_a_format_of_percent_is_read_as_it_is_seen() -> None:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADS)
    for row, value in enumerate((0.97, 0.125, 1), 2):
        sheet.append([row, "Hộ dùng nước hợp vệ sinh", value, "%", 2030, "hộ", "I"])
        sheet.cell(row, 3).number_format = "0.0%"
    book.save(out)
    table = read_targets_table(out.getvalue(), "bang.xlsx", load_plans())
    assert [row.goal and row.goal.value for row in table.rows] == [97, Decimal("12.5"), 100]
    assert table.rows[0].words == "Hộ dùng nước hợp vệ sinh 97%"


def test_a_term_may_be_a_day() -> None:
    heads = ";".join(["Chỉ tiêu", "Mục tiêu", "Đơn vị", "Thời hạn"])
    text = f"{heads}\nHộ dùng nước hợp vệ sinh;98;%;31/12/2027\n"
    table = read_targets_table(text.encode(), "bang.csv", load_plans())
    assert (table.faults, [row.year for row in table.rows]) == ([], [2027])
    [row] = read([[1, "Hộ dùng nước hợp vệ sinh", 98, "%", date(2028, 6, 30), "hộ", "I"]])
    assert row.year == 2028


@pytest.mark.parametrize(
    ("heads", "term", "year"),
    [
        ("Thời gian", "2030", 2030),
        ("Thời gian hoàn thành", "Quý IV/2028", 2028),
        ("Năm hoàn thành", "2028", 2028),
        ("Giai đoạn", "2026-2030", 2030),
        ("Giai đoạn thực hiện", "2026 - 2030", 2030),
        ("Hằng năm", "x", None),
        ("Thời gian (năm)", "năm 2029", 2029),
        ("Giai đoạn;Năm", "2026-2030;2027", 2027),
        ("Thời gian thực hiện;Thời hạn", "2026-2030;31/12/2029", 2029),
        ("Thời gian;Giai đoạn", "2028;2026-2030", 2028),
    ],
)
def test_the_term_stands_under_whatever_an_office_calls_it(heads: str, term: str, year: int | None) -> None:
    text = f"Nội dung;Chỉ tiêu;{heads};Cơ quan chủ trì\nXã đặc biệt khó khăn;không còn;{term};Sở DTTG\n"
    table = read_targets_table(text.encode(), "bang.csv", load_plans())
    assert (table.faults, table.rows[0].line.texts["agency"]) == ([], "Sở DTTG")
    assert [(row.year, "year" in row.doubts) for row in table.rows] == [(year, year is None)]


@pytest.mark.parametrize(
    ("words", "value", "year", "goal"),
    [
        ("Hộ dùng nước hợp vệ sinh", "98% vào năm 2030", 2030, "98"),
        ("Hộ dùng nước hợp vệ sinh", "Đến năm 2030 đạt 98 %", 2030, "98"),
        ("Đến hết năm 2028, hộ dùng nước hợp vệ sinh", "98 %", 2028, "98"),
        ("Hộ dùng nước hợp vệ sinh giai đoạn 2026-2030", "98 %", 2030, "98"),
        ("Hộ dùng nước hợp vệ sinh", "98 % so với năm 2025", None, None),
        ("Hộ dùng nước hợp vệ sinh", "98 % từ năm 2026", None, None),
        ("Hộ dùng nước hợp vệ sinh so với năm 2025", "98 %", None, "98"),
    ],
)
def test_a_year_among_the_words_is_the_term_and_no_number(
    words: str, value: str, year: int | None, goal: str | None
) -> None:
    text = f"Nội dung;Chỉ tiêu;ĐVT\n{words};{value};%\n{words};97;%\n"
    row, _ = read_targets_table(text.encode(), "bang.csv", load_plans()).rows
    assert (row.year, row.goal and str(row.goal.value)) == (year, goal)


def test_a_change_is_yearly_where_its_term_says_so() -> None:
    text = "Nội dung;Chỉ tiêu;Thời gian\nTỷ lệ hộ nghèo;giảm 2,5 %;hằng năm\nTỷ lệ hộ nghèo;giảm 2,5 %;2030\n"
    yearly, once = read_targets_table(text.encode(), "bang.csv", load_plans()).rows
    assert yearly.goal is not None
    assert (yearly.goal.comparator, yearly.goal.value) == (Comparator.REDUCE_YEARLY, Decimal("2.5"))
    assert (once.goal, "change" in once.doubts) == (None, True)


@pytest.mark.parametrize(
    ("words", "comparator", "value"),
    [
        ("trên 90", Comparator.ABOVE, "90"),
        ("không dưới 90", Comparator.AT_LEAST, "90"),
        ("ít hơn 10", Comparator.BELOW, "10"),
        ("còn dưới 10 %", Comparator.BELOW, "10"),
        ("không quá 5", Comparator.AT_MOST, "5"),
        ("≥ 98,5", Comparator.AT_LEAST, "98.5"),
        (">5", Comparator.ABOVE, "5"),
        ("30 xã trở lên", Comparator.AT_LEAST, "30"),
        ("1.250", None, "1250"),
        ("12 500", None, "12500"),
        ("tăng 3 % mỗi năm", Comparator.INCREASE_YEARLY, "3"),
    ],
)
def test_values_are_read_as_people_write_them(words: str, comparator: Comparator | None, value: str) -> None:
    goal = goal_of(words)
    assert goal is not None
    assert (goal.comparator, goal.value) == (comparator, Decimal(value))


CHANGED: dict[tuple[str, str, str], tuple[str, ...]] = {
    ("Thu nhập bình quân đầu người DTTS", "", "Tăng trên 2 lần so với năm 2020"): (
        *("tn-dtts", "multiply_above", "2", "", "lần", "2020"),
    ),
    ("Thu nhập bình quân đầu người DTTS", "", "gấp 2,5 - 3 lần năm 2020"): (
        *("tn-dtts", "multiply", "2.5", "3", "lần", "2020"),
    ),
    ("Thu nhập bình quân đầu người DTTS", "lần", "gấp đôi so với 2020"): (
        *("tn-dtts", "multiply", "2", "", "lần", "2020"),
    ),
    ("Thu nhập bình quân đầu người DTTS", "", "60 triệu đồng/người/năm"): (
        *("tn-dtts", "at_least", "60", "", "triệu đồng", ""),
    ),
    ("Thu nhập bình quân đầu người DTTS", "", "tăng lên 60 triệu đồng/người/năm"): (
        *("tn-dtts", "at_least", "60", "", "triệu đồng", ""),
    ),
    ("Tỷ lệ hộ nghèo", "", "Bình quân giảm từ 3 - 4%/năm"): ("ngheo", "reduce_average", "3", "4", "%", ""),
    ("Tỷ lệ hộ nghèo", "%/năm", "giảm bình quân 2,5"): ("ngheo", "reduce_average", "2.5", "", "%", ""),
    ("Tỷ lệ hộ nghèo", "", "giảm trên 3 %/năm"): ("ngheo", "reduce_yearly_above", "3", "", "%", ""),
    ("Tỷ lệ hộ nghèo", "%/năm", "giảm 0,5"): ("ngheo", "reduce_yearly", "0.5", "", "%", ""),
    ("Tỷ lệ hộ nghèo", "%", "giảm còn 5"): ("ngheo", "at_most", "5", "", "%", ""),
    ("Tỷ lệ hộ nghèo", "", "giảm 2 điểm phần trăm mỗi năm"): ("ngheo", "reduce_yearly", "2", "", "%", ""),
    ("Số cặp tảo hôn", "", "giảm bình quân 2-3 %/năm"): (
        *("bd-tao-hon", "shrink_average", "2", "3", "%", ""),
    ),
    ("Thôn đặc biệt khó khăn", "", "giảm ít nhất 30 % so với năm 2020"): (
        *("thon-dbkk", "reduce_share", "30", "", "%", "2020"),
    ),
    ("Tăng trưởng kinh tế", "", "bình quân đạt 6-6,5 %/năm"): (
        *("kt-tang-truong", "average", "6", "6.5", "%", ""),
    ),
    ("Tốc độ tăng trưởng kinh tế", "%", "7"): ("kt-tang-truong", "at_least", "7", "", "%", ""),
    ("Năng suất lao động", "", "tăng bình quân trên 5,8 %/năm"): (
        *("kt-nang-suat", "average_above", "5.8", "", "%", ""),
    ),
    ("Hộ được hỗ trợ nhà ở", "", "1,5 nghìn hộ"): ("nha-ho-tro", "quota", "1500", "", "hộ", ""),
    ("Tỷ lệ hộ dùng nước hợp vệ sinh", "", "98 % số hộ trở lên (hiện nay 91,5 %)"): (
        *("nuoc-hvs", "at_least", "98", "", "%", ""),
    ),
}


@pytest.mark.parametrize("given", CHANGED, ids=" ".join)
def test_a_value_becomes_the_comparison_that_its_words_mean(given: tuple[str, str, str]) -> None:
    name, unit, value = given
    figure, *_ = CHANGED[given]
    [row] = read([[1, name, value, unit, 2030, "tỉnh", "I"]])
    assert unit_doubts(row.line, load_plans().indicators[figure], row.goal) == []
    [written] = csv_rows([likely_of(row, figure)], "tỉnh", 2030)
    columns = ("indicator", "comparator", "value", "value_high", "unit", "baseline_year")
    assert tuple(written[column] for column in columns) == CHANGED[given]


@pytest.mark.parametrize(
    ("figure", "value", "doubt"),
    [
        ("kt-dau-tu", "1.250,5 tỷ đồng", "unit"),
        ("nuoc-hvs", "540 hộ", "unit"),
        ("ngheo", "giảm 30 % so với năm 2025", "points"),
        ("nuoc-hvs", "tăng bình quân 3 %/năm", "change"),
        ("tn-dtts", "2 lần", "unit"),
    ],
)
def test_a_value_that_cannot_be_the_figure_s_is_doubted_and_stays_words(
    figure: str, value: str, doubt: str
) -> None:
    [row] = read([[1, load_plans().indicators[figure].name("vi"), value, "", 2030, "tỉnh", "I"]])
    assert doubt in unit_doubts(row.line, load_plans().indicators[figure], row.goal)
    assert likely_of(row, figure).measure is None
    [written] = csv_rows([sure(row)], "tỉnh", 2030)
    assert (written["comparator"], written["domain"]) == ("trend", row.likely[0].domain)


def test_a_number_of_percent_is_never_taken_for_one_of_something_else() -> None:
    rows: list[list[object]] = [
        [1, "Số cặp tảo hôn", "giảm 2-3 %/năm", "cặp", 2030, "tỉnh", "I"],
        [2, "Số cặp tảo hôn", "tăng 2 %/năm", "cặp", 2030, "tỉnh", "I"],
        [3, "Số lao động DTTS được đào tạo nghề", "3.500", "người", 2030, "tỉnh", "I"],
        [4, "Hộ dùng nước hợp vệ sinh", "giảm 20-30 %", "%", 2030, "tỉnh", "I"],
        [5, "Tỷ lệ trẻ 6 tuổi vào lớp 1", 100, "%", 2030, "tỉnh", "I"],
    ]
    shrinks, grows, trained, reduced, enrolled = read(rows)
    [row] = csv_rows([shrinks.meaning(shrinks.likely[0])], "tỉnh", 2030)
    said = (row["comparator"], row["value"], row["value_high"], row["unit"])
    assert said == ("shrink_yearly", "2", "3", "%")
    assert "unit" in unit_doubts(grows.line, shrinks.likely[0], grows.goal)
    shares = [one for one in trained.likely if one.unit_name() == "%"]
    assert all(unit_doubts(trained.line, one, trained.goal) for one in shares)
    assert reduced.goal is None
    assert enrolled.likely[0].unit_name() == "%"


def test_the_first_day_is_left_open_unless_each_year_has_its_goal() -> None:
    settings = load_settings()
    three: list[list[object]] = [
        [number, "Hộ dùng nước hợp vệ sinh", 98, "%", 2028 + number, "tỉnh", "I"] for number in range(3)
    ]
    assert years_of(read(three[2:]), settings) == (None, date(2030, 12, 31))
    assert years_of(read(three[::2]), settings)[0] is None
    assert years_of(read(three), settings) == (date(2028, 1, 1), date(2030, 12, 31))


@pytest.mark.parametrize(
    "words",
    ["", "theo kế hoạch", "giảm 30 %", "gấp 2 lần", "90, 95, 98", "98-90", "2,900", "1,250.5", "20/25 thôn"],
)
def test_what_is_no_single_number_is_none(words: str) -> None:
    assert goal_of(words) is None


def test_the_plan_that_is_made_is_read_without_a_fault_once_it_is_filled(tmp_path: Path) -> None:
    rows = csv_rows(map(sure, read()), "Thái Nguyên", 2030)
    facts = KnownFacts(title='Kế hoạch "12"', level="tinh", place="Thái Nguyên")
    folder = tmp_path / "plans" / "programmes" / "tn-12"
    make_folder(folder, facts, rows, SAY)
    unfilled = joined(tmp_path / "plans")
    assert "tn-12" not in unfilled.programmes
    assert {"document", "issuer", "first_day"} <= {fault.about for fault in unfilled.own_faults}
    file = folder / "programme.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE), encoding="utf-8")
    joined.cache_clear()
    plans = joined(tmp_path / "plans")
    assert plans.own_faults == ()
    plan = plans.programmes["tn-12"]
    assert plan.titles["vi"] == 'Kế hoạch "12"'
    assert [(target.id, target.kind.value, target.scope) for target in plan.targets] == [
        ("nuoc-hvs-2030", "target", "hộ nông thôn"),
        ("ngheo-2030", "target", "hộ dân cư"),
        ("chu-2030", "trend", "hộ DTTS"),
        ("chu-2030-2", "trend", "xã"),
        ("chu", "trend", "Thái Nguyên"),
    ]
    assert plan.targets[-1].inferred == "year_due scope"


@pytest.mark.parametrize(
    ("words", "level", "place", "within"),
    [
        ("tỉnh Thái Nguyên", "tinh", "Thái Nguyên", ""),
        ("thành phố Cần Thơ", "tinh", "Cần Thơ", ""),
        ("xã Vĩnh Thông, Thái Nguyên", "xa", "Vĩnh Thông", "Thái Nguyên"),
        ("Việt Nam", "nuoc", "Việt Nam", ""),
    ],
)
def test_a_unit_is_named_with_its_type(words: str, level: str, place: str, within: str) -> None:
    facts = unit_of(words, SAY)
    assert (facts.level, facts.place, facts.province) == (level, place, within)


@pytest.mark.parametrize("words", ["Thái Nguyên", "tỉnh", "vùng cao"])
def test_a_unit_without_its_type_is_refused(words: str) -> None:
    with pytest.raises(WrongCall, match="Ví dụ đúng"):
        unit_of(words, SAY)


def test_an_id_is_made_of_a_file_s_name() -> None:
    assert id_from(Path("Kế hoạch số 12 (2026).xlsx")) == "ke-hoach-so-12-2026"
    assert id_from(Path("….xlsx")) == "ke-hoach"


def test_a_skeleton_speaks_both_languages() -> None:
    vi, en = (programme_text(KnownFacts(), Teller(lang)) for lang in ("vi", "en"))
    assert "Cơ quan ban hành" in vi
    assert "Who issued it" in en


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example('a\nb\t"\\\x7f')
def test_whatever_a_title_holds_its_plan_can_be_read(title: str) -> None:
    assert tomllib.loads(f"title = {quoted(title)}") == {"title": title}


def test_each_year_s_column_is_a_goal_of_that_year_and_what_was_reached_is_none() -> None:
    rows: list[list[object]] = [
        ["TT", "Nội dung chỉ tiêu", "ĐVT", "Thực hiện", "Kế hoạch", None],
        [None, None, None, "Năm 2025", "Năm 2026", "Năm 2030"],
        ["I", "Giảm nghèo", None, None, None, None],
        [1, "Tỷ lệ hộ nghèo", "%", 25, 20, 10],
        [None, "Tổng cộng", None, None, None, None],
    ]
    table = read_targets_table(workbook(rows, "E1:F1", "A1:A2", "B1:B2", "C1:C2"), "bang.xlsx", load_plans())
    read = [(row.line.texts["value"], row.year, row.words) for row in table.rows]
    assert read == [("20", 2026, "Tỷ lệ hộ nghèo 20 % (2026)"), ("10", 2030, "Tỷ lệ hộ nghèo 10 % (2030)")]
    assert {fault.code for fault in table.warnings} == {"row_section", "row_total"}
    one: list[list[object]] = [
        ["Nội dung chỉ tiêu", "Năm 2025 (thực hiện)", "Năm 2030 (mục tiêu)"],
        ["Tỷ lệ hộ nghèo", 25, "dưới 10 %"],
    ]
    [row] = read_targets_table(workbook(one), "bang.xlsx", load_plans()).rows
    assert (row.year, row.goal and row.goal.value) == (2030, 10)


BESIDE: dict[str, tuple[list[list[object]], list[tuple[str, str]]]] = {
    "goals under Chỉ tiêu": (
        [["TT", "Nội dung", "Chỉ tiêu", "ĐVT"], [1, "Tỷ lệ hộ nghèo", "dưới 5", "%"]],
        [("Tỷ lệ hộ nghèo", "5")],
    ),
    "themes under Nội dung": (
        [["TT", "Nội dung", "Chỉ tiêu", "ĐVT", "KH 2026"], [1, "Giảm nghèo", "Tỷ lệ hộ nghèo", "%", 4.125]],
        [("Tỷ lệ hộ nghèo", "4.1250")],
    ),
    "words under Mục tiêu": (
        [["Mục", "Mục tiêu", "Chỉ tiêu"], ["II.1", "Tỷ lệ hộ nghèo", "dưới 5%"]],
        [("Tỷ lệ hộ nghèo", "5")],
    ),
    "no goal in one year": (
        [["Chỉ tiêu", "KH 2026", "Kế hoạch 5 năm 2026-2030"], ["Tỷ lệ hộ nghèo", "-", "5"]],
        [("Tỷ lệ hộ nghèo", "5")],
    ),
}


@pytest.mark.parametrize(("rows", "meant"), BESIDE.values(), ids=BESIDE)
def test_what_is_to_be_reached_may_stand_beside_what_it_is_about(
    rows: list[list[object]], meant: list[tuple[str, str]]
) -> None:
    table = read_targets_table(workbook(rows), "bang.xlsx", load_plans())
    goals = [(row.line.texts["indicator"], row.goal and str(row.goal.value)) for row in table.rows]
    assert goals == meant


@pytest.mark.parametrize(
    ("words", "unit", "names", "taken"),
    [
        ("Tỷ lệ hộ DTTS được sử dụng nước hợp vệ sinh", "%", ["nuoc-hvs-dtts"], True),
        ("Thôn có đường ô tô đến trung tâm được cứng hóa", "%", ["ht-duong-thon"], True),
        ("Tỷ lệ đồng bào DTTS tham gia BHYT", "%", ["yt-bhyt-dtts"], True),
        ("Thu nhập bình quân đầu người DTTS", "triệu đồng/người/năm", ["tn-dtts"], True),
        ("Giải ngân vốn đầu tư", "%", ["von-dt-ty-le"], True),
        ("Giải ngân vốn đầu tư", "triệu đồng", ["von-dt"], True),
        ("Tỷ lệ hộ DTTS trong hộ nghèo", "%", ["ngheo-dtts", "ngheo"], False),
        ("Trẻ em đi học", "%", ["gd-5-tuoi", "gd-tieu-hoc"], False),
    ],
)
def test_words_that_say_the_same_mean_one_figure_if_only_one_has_them(
    words: str, unit: str, names: list[str], taken: bool
) -> None:
    [row] = read([[1, words, "98", unit, 2030, None, "I"]])
    assert ([one.id for one in row.likely][: len(names)], is_taken(row)) == (names, taken)
    assert ("figure_which" in row.doubts) is not taken


def test_a_line_with_several_years_is_asked_about_once_and_names_its_agencies(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = (
        "Nội dung;ĐVT;Mục tiêu đến 2030;Lộ trình thực hiện 2026;Cơ quan chủ trì;Cơ quan phối hợp\n"
        "Tỷ lệ hộ nghèo vùng DTTS;%;5;11;Sở NN&MT;UBND các xã\n"
    )
    rows = read_targets_table(text.encode(), "bang.csv", load_plans()).rows
    monkeypatch.setattr("sys.stdin", io.StringIO("2\n"))
    decided = list(each_decided(rows, Teller("vi")))
    chosen = rows[0].likely[1].id
    assert [(row["indicator"], row["value"], row["year_due"]) for row in csv_rows(decided, "tỉnh", 2030)] == [
        (chosen, "5", "2030"),
        (chosen, "11", "2026"),
    ]
    assert {(row["agency"], row["partners"]) for row in csv_rows(decided, "tỉnh", 2030)} == {
        ("Sở NN&MT", "UBND các xã")
    }
