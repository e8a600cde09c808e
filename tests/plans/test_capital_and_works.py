"""Capital, works and tasks: the data says what the documents say, and officers' answers count for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from itertools import chain
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plans.reading import load_plans
from plans.rollup import figure
from plans.target import CommitmentKind
from questionnaires.answers import AnswerKind, read
from questionnaires.answers.reading import ExpectedAnswer, Option
from questionnaires.interview import (
    Answer,
    Context,
    Finished,
    Message,
    QuestionAsked,
    Skip,
    Value,
    begin,
    step,
)
from questionnaires.questionnaire import plain_words
from questionnaires.xlsform import compile_form

PLANS = load_plans()
FORMS = Path(__file__).parents[2] / "questionnaires" / "forms"
NAMES = {
    path.stem: {
        row.split("|")[3].strip()
        for row in path.read_text(encoding="utf-8").splitlines()[2:]
        if row.count("|") > 9
    }
    for path in FORMS.glob("*.md")
}
"""The names in the questionnaires' tables: the questions, and a few headings that no figure is made of."""
CONTEXT = Context(now=datetime(2026, 11, 20, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")), lang="vi")

CAPITAL = [
    ("II", 1_473_139),
    ("II", 632_118),
    ("II", 841_021),
    ("III.1.a, gạch đầu dòng 1", 30_891),
    ("III.1.a, gạch đầu dòng 2", 49_710),
    ("III.2.a", 42_341),
    ("III.3.1.a", 454_257),
    ("III.3.2.a", 74_252),
    ("III.4.a, gạch đầu dòng 1", 409_608),
    ("III.4.a, gạch đầu dòng 2", 25_207),
    ("III.5.1.a, gạch đầu dòng 1", 91_090),
    ("III.5.1.a, gạch đầu dòng 2", 24_472),
    ("III.5.2.a", 14_974),
    ("III.5.3.a", 79_109),
    ("III.5.4.a", 16_575),
    ("III.6.a, gạch đầu dòng 1", 20_970),
    ("III.6.a, gạch đầu dòng 2", 8_522),
    ("III.7.a, gạch đầu dòng 1", 13_325),
    ("III.7.a, gạch đầu dòng 2", 10_890),
    ("III.8.a", 24_501),
    ("III.9.1.a, gạch đầu dòng 1", 23_893),
    ("III.9.1.a, gạch đầu dòng 2", 33_125),
    ("III.9.2.a", 5_605),
    ("III.10.1.a", 13_352),
    ("III.10.2.a", 2_390),
    ("III.10.3.a", 4_080),
]
"""Nghệ An's plan 352, million dong, in the document's order."""


def answered(form_name: str, answers: Sequence[str | Message]) -> dict[str, Decimal]:
    """The numbers of a finished interview by question; those of a repeated question are added up."""
    form = compile_form((FORMS / f"{form_name}.md").read_bytes(), f"{form_name}.md")
    interview, events = begin(form, CONTEXT)
    for answer in answers:
        message = Answer(answer) if isinstance(answer, str) else answer
        interview, events = step(form, interview, message, CONTEXT)
    finished = events[-1]
    assert isinstance(finished, Finished)
    numbers: dict[str, Decimal] = {}
    for path, value in finished.values.items():
        if value.replace(".", "", 1).isdigit():
            name = form.question(path).name
            numbers[name] = numbers.get(name, Decimal(0)) + Decimal(value)
    return numbers


def value(indicator: str, numbers: dict[str, Decimal]) -> Decimal | None:
    return figure(PLANS.indicators[indicator], numbers).value


@pytest.mark.parametrize(
    ("form", "typed", "projects"),
    [
        ("von-dau-tu", "1, 2, 4", ["1", "2", "4"]),
        ("von-dau-tu", "Dự án 1, Dự án 2", ["1", "2"]),
        ("von-dau-tu", "1 và 5.1", ["1", "5.1"]),
        ("von-dau-tu", "5, 9", ["5.1", "9.1"]),
        ("von-su-nghiep", "dự án 4", ["4"]),
        ("von-dau-tu", "1, 3", []),
        ("von-su-nghiep", "5", []),
        ("nhiem-vu", "1, 2, 4", ["1", "2", "4"]),
        ("nhiem-vu", "dự án 1, 2, 4", ["1", "2", "4"]),
        ("nhiem-vu", "1, 3, 5", []),
        ("nhiem-vu-huyen", "Dự án 1, Dự án 2", ["1", "2"]),
        ("nhiem-vu-huyen", "1 và 5.1", ["1", "5.1"]),
    ],
)
def test_a_number_typed_for_a_list_of_projects_is_the_project_s(
    form: str, typed: str, projects: list[str]
) -> None:
    """Wherever it stands in the list; what no project, or several, have is asked about."""
    [choices] = compile_form((FORMS / f"{form}.md").read_bytes(), f"{form}.md").lists.values()
    options = tuple(Option(choice.value, plain_words(choice.labels["vi"])) for choice in choices)
    reading = read(typed, ExpectedAnswer(AnswerKind.MANY, date(2026, 11, 20), options=options))
    assert reading.status == ("ok" if projects else "ask")
    chosen = reading.value if isinstance(reading.value, tuple) else ()
    assert [value.partition("_")[2] for value in chosen] == [number.replace(".", "_") for number in projects]


def test_the_capital_lines_stand_as_in_the_document() -> None:
    (all_four,) = (row for row in PLANS.programmes["nghe-an-352"].targets if row.indicator == "ct-tdc")
    assert "04 dự án" in all_four.statement
    assert all_four.goal is None, "to go on with four is no number to reach"
    rows = [row for row in PLANS.programmes["nghe-an-352"].targets if row.kind is CommitmentKind.CAPITAL]
    assert sorted((row.clause, int(row.value or 0)) for row in rows) == sorted(CAPITAL)
    assert {row.unit for row in rows} == {"triệu đồng"}


def test_every_capital_line_belongs_to_one_sum() -> None:
    plan = PLANS.programmes["nghe-an-352"]
    values = {row.id: row.value or Decimal(0) for row in plan.targets}
    for each in plan.sums:
        assert sum(values[part] for part in each.parts) == values[each.total]
    parts = [part for each in plan.sums for part in each.parts]
    assert len(parts) == len(set(parts)) == len(CAPITAL) - 1


def test_each_capital_line_is_counted_by_its_own_question() -> None:
    rows = [row for row in PLANS.programmes["nghe-an-352"].targets if row.kind is CommitmentKind.CAPITAL]
    lines = [PLANS.indicators[row.indicator].numerator for row in rows if row.clause != "II"]
    assert all(len(line) == 1 for line in lines)
    whole = PLANS.indicators["von-tong"].numerator
    assert sorted(line[0] for line in lines) == sorted(whole)


def test_what_was_not_chosen_counts_as_nothing_paid_out() -> None:
    investment = answered("von-dau-tu", ["632.118", Value("da_1 da_9_1"), "20.000", "893"])
    assert value("von-dt", investment) == 20_893
    assert value("von-dt-1", investment) == 20_000
    assert value("von-dt-2", investment) == 0
    assert value("von-dt-ty-le", investment) == Decimal(2_089_300) / 632_118
    assert value("von-tong", investment) is None
    operating = answered("von-su-nghiep", ["841.021", Value("da_3_1"), "400.000"])
    rest = answered("von-su-nghiep-da-6-10", [Skip()])
    assert value("von-tong", investment | operating | rest) == 420_893


def test_a_project_without_capital_makes_no_share() -> None:
    none = answered("von-dau-tu", ["0"])
    assert value("von-dt", none) == 0
    assert value("von-dt-ty-le", none) is None


def test_no_more_can_be_paid_out_than_was_given() -> None:
    form = compile_form((FORMS / "von-xa.md").read_bytes(), "von-xa.md")
    interview, _ = begin(form, CONTEXT)
    interview, _ = step(form, interview, Answer("1.200"), CONTEXT)
    _, events = step(form, interview, Answer("1.201"), CONTEXT)
    assert [getattr(event, "message", "") for event in events] == [
        "Không thể nhiều hơn 1.200 triệu đồng được giao."
    ]


@pytest.mark.parametrize(
    ("plan", "indicator", "amount", "words"),
    [
        ("bac-giang-55-ctr", "ct-ngam-xong", 73, "Sơn Động, Lục Ngạn, Lục Nam và Yên Thế"),
        ("bac-giang-55-ctr", "ct-thon-thong", 68, "thoát khỏi tình trạng cô lập"),
        ("nghe-an-352", "nuoc-ct-dau-tu", 26, "nước sinh hoạt tập trung"),
        ("nghe-an-352", "nuoc-ct-khoi-cong", 1, "khởi công mới"),
    ],
)
def test_the_works_stand_as_in_the_documents(plan: str, indicator: str, amount: int, words: str) -> None:
    (row,) = (row for row in PLANS.programmes[plan].targets if row.indicator == indicator)
    assert (row.kind, row.value) == (CommitmentKind.WORKS, Decimal(amount))
    assert words in row.statement


def test_the_resettlement_projects_stand_by_name() -> None:
    rows = [row for row in PLANS.programmes["nghe-an-352"].targets if row.indicator.startswith("ct-tdc-")]
    named_sites = ["bản Xốp Tụ, xã Mỹ Lý", "bản Nam Tiến 2, xã Bảo Nam"]
    named_sites += ["Khe Hộc, bản Huồi Púng, xã Hữu Khuông", "bản Long Thắng, xã Hạnh Dịch"]
    assert len(rows) == len(named_sites)
    for row, site in zip(rows, named_sites, strict=True):
        assert row.statement.endswith(site)


def test_works_are_counted_by_kind_and_state() -> None:
    one: list[str | Message] = ["Cầu Suối Lạnh", Value("ngam_cau"), Value("hoan_thanh"), Skip(), Skip()]
    two: list[str | Message] = [
        "Cầu Khe Cát",
        Value("ngam_cau"),
        Value("vuong_mac"),
        "60",
        "thiếu vốn",
        Skip(),
        Skip(),
    ]
    three: list[str | Message] = ["Khu Xốp Tụ", Value("tai_dinh_cu"), Value("dang_lam"), "45", Skip(), Skip()]
    four: list[str | Message] = ["Khu Khe Hộc", Value("tai_dinh_cu"), Value("hoan_thanh"), Skip(), Skip()]
    numbers = answered("cong-trinh", ["4", *one, *two, *three, *four, "2"])
    counted = {
        "ct-ngam-xong": 1,
        "ct-ngam-lam": 1,
        "ct-xong": 2,
        "ct-dang-lam": 1,
        "ct-chua-lam": 0,
        "ct-vuong": 1,
        "ct-tdc": 2,
        "ct-tdc-tien-do": Decimal("72.5"),
        "ct-thon-thong": 2,
    }
    assert {name: value(name, numbers) for name in counted} == counted


def test_a_commune_without_works_counts_none() -> None:
    numbers = answered("cong-trinh", ["0"])
    assert value("ct-ngam-xong", numbers) == value("ct-thon-thong", numbers) == 0
    assert value("ct-tdc-tien-do", numbers) is None


TASKS = {
    "nhiem-vu": ("nv", ("mt_1", "mt_2", "mt_4"), 17, "nv-trien-khai"),
    "nhiem-vu-huyen": ("nvh", ("mt_1", "mt_2", "mt_4"), 17, "nvh-trien-khai"),
    "nhiem-vu-bac-giang": ("nvbg", ("bg_1_1", "bg_h_1", "bg_7_4"), 21, "nv-bac-giang"),
    "nhiem-vu-bac-kan": ("nvbk", ("bk_1a", "bk_5_5a", "bk_5_2"), 34, "nv-bac-kan"),
    "nhiem-vu-kinh-te-bac-kan": ("nvktbk", ("bk_2b_a", "bk_2b_h", "bk_2b_t"), 20, "nv-kinh-te-bac-kan"),
    "nhiem-vu-lang-son": ("nvls", ("ls_1", "ls_2", "ls_tc_3"), 16, "nv-lang-son"),
    "nhiem-vu-nghe-an": ("nvna", ("na_1", "na_3_2", "na_6_1"), 35, "nv-nghe-an"),
    "nhiem-vu-huyen-nghe-an": ("nvhna", ("hna_1", "hna_2", "hna_4"), 5, "nvh-nghe-an"),
    "nhiem-vu-huyen-bach-thong": ("nvhbt", ("bt_1_1", "bt_3_2", "bt_15_2"), 16, "nvh-bach-thong"),
    "nhiem-vu-dat-nha-bach-thong": (
        "nvdnbt",
        ("bt_dat_o_giao", "bt_rung_gao", "bt_duoc_lieu"),
        20,
        "nvh-dat-nha-bach-thong",
    ),
    "nhiem-vu-ha-tang-bach-thong": (
        "nvhtbt",
        ("bt_dien_thon", "bt_xoa_mu_chu", "bt_di_nuoc_ngoai"),
        31,
        "nvh-ha-tang-bach-thong",
    ),
    "nhiem-vu-van-hoa-y-te-bach-thong": (
        "nvvhbt",
        ("bt_le_hoi", "bt_di_tich", "bt_co_do"),
        24,
        "nvh-van-hoa-y-te-bach-thong",
    ),
    "nhiem-vu-binh-dang-bach-thong": (
        "nvbdbt",
        ("bt_phap_luat", "bt_cot_can", "bt_diem_cntt"),
        35,
        "nvh-binh-dang-bach-thong",
    ),
}
"""How a questionnaire on tasks names its questions, three of its tasks, how many there are, and the figure made of them."""


@pytest.mark.parametrize("name", list(TASKS))
def test_tasks_are_told_as_done_under_way_or_stuck(name: str) -> None:
    first, (done, under_way, stuck), count, indicator = TASKS[name]
    said = [Value(done), Value(under_way), Value(f"{under_way} {stuck}")]
    inspections = ["3"] if name in ("nhiem-vu", "nhiem-vu-huyen") else []
    numbers = answered(name, [*said, "Thiếu đất", "Chờ tỉnh giao vốn", Skip(), *inspections])
    assert numbers[f"{first}_giao"] == count
    assert (numbers[f"{first}_xong"], numbers[f"{first}_dang"], numbers[f"{first}_vuong_so"]) == (1, 1, 2)
    assert value(indicator, numbers) == Decimal(200) / count


@pytest.mark.parametrize("plan", list(PLANS.programmes))
def test_each_task_of_a_plan_is_reported_by_itself(plan: str) -> None:
    tasks = [row.items for row in PLANS.programmes[plan].targets if row.kind is CommitmentKind.TASK]
    assert len(set(tasks)) == len(tasks), "no two tasks share what an officer chooses"


def test_tasks_are_chosen_by_their_places_in_a_long_list() -> None:
    """No label begins with a project's number, which would have to be meant instead."""
    form = compile_form((FORMS / "nhiem-vu-nghe-an.md").read_bytes(), "nhiem-vu-nghe-an.md")
    interview, _ = begin(form, CONTEXT)
    interview, _ = step(form, interview, Answer("1, 13, 14"), CONTEXT)
    assert interview.values["/data/nvna_xong_viec"] == "na_1 nd_3_1 nd_3_2_a"


def test_each_stuck_task_is_asked_about_by_its_name() -> None:
    form = compile_form((FORMS / "nhiem-vu-nghe-an.md").read_bytes(), "nhiem-vu-nghe-an.md")
    interview, _ = begin(form, CONTEXT)
    asked = []
    for answer in (Skip(), Skip(), Value("na_3_2 na_6_1"), Answer("Hụt thu")):
        interview, events = step(form, interview, answer, CONTEXT)
        asked.append(next(event.ask.label for event in events if isinstance(event, QuestionAsked)))
    assert asked[2:] == [
        "«Sở Tài chính: vốn đối ứng» đang vướng gì?",
        "«Ngân hàng CSXH: cho vay tín dụng ưu đãi» đang vướng gì?",
    ]


@pytest.mark.parametrize(("year", "count"), [(2025, 28), (2026, 21), (2031, 13)])
def test_a_task_whose_year_is_over_is_asked_no_more(year: int, count: int) -> None:
    form = compile_form((FORMS / "nhiem-vu-bac-giang.md").read_bytes(), "nhiem-vu-bac-giang.md")
    context = replace(CONTEXT, now=CONTEXT.now.replace(year=year))
    _, events = begin(form, context)
    [ask] = (event.ask for event in events if isinstance(event, QuestionAsked))
    assert len(ask.choices) == count


def test_every_task_of_a_plan_is_answered_by_a_choice() -> None:
    """Also what communes and dissolved districts have to do: somebody says how it stands."""
    tasks = {
        id: [row for row in programme.targets if row.kind is CommitmentKind.TASK]
        for id, programme in PLANS.programmes.items()
    }
    assert [len(tasks[id]) for id in ("bac-giang-55-ctr", "nghe-an-352")] == [32, 56]
    assert [row.id for row in chain.from_iterable(tasks.values()) if not row.items] == []


def test_the_choices_that_rows_name_exist() -> None:
    listed: dict[str, set[str]] = {}
    for row in (row for programme in PLANS.programmes.values() for row in programme.targets):
        for name, choice in row.items:
            if name not in listed:
                form = compile_form((FORMS / f"{name}.md").read_bytes(), f"{name}.md")
                listed[name] = {one.value for choices in form.lists.values() for one in choices}
            assert choice in listed[name], (row.plan, row.id, choice)


@pytest.mark.parametrize(
    ("plan", "id", "agency", "partners", "year", "inferred"),
    [
        (
            "bac-giang-55-ctr",
            "nv-co-che",
            "Các phòng chuyên môn",
            "các sở, ngành, UBND huyện",
            2025,
            "agency",
        ),
        ("bac-giang-55-ctr", "von-476", "Các phòng chuyên môn", "", 2025, "agency"),
        ("bac-giang-55-ctr", "bieu-3", "Phòng Kế hoạch - Tuyên truyền", "", None, ""),
        (
            "bac-giang-55-ctr",
            "nv-cm-kiem-tra",
            "Các phòng chuyên môn",
            "các sở, ngành, địa phương",
            2030,
            "year_due",
        ),
        ("nghe-an-352", "nv-da-7-2023", "Sở Y tế", "UBND các huyện, thị xã", 2023, ""),
        ("nghe-an-352", "nv-doi-ung-2023", "Sở Tài chính", "các Sở, Ban, ngành liên quan", 2023, ""),
        ("nghe-an-352", "nv-huyen-ke-hoach-2023", "UBND các huyện, thị xã", "", 2023, ""),
    ],
)
def test_who_has_a_task_with_whom_and_until_when(
    plan: str, id: str, agency: str, partners: str, year: int | None, inferred: str
) -> None:
    [row] = (row for row in PLANS.programmes[plan].targets if row.id == id)
    assert row.agency.startswith(agency)
    assert (row.partners, row.year_due, row.inferred) == (partners, year, inferred)


def test_the_water_schemes_carried_over_are_asked_apart() -> None:
    numbers = answered("cong-trinh-nuoc", ["21", "1", "9"])
    counted = {"nuoc-ct-dau-tu": 22, "nuoc-ct-chuyen-tiep": 21, "nuoc-ct-khoi-cong": 1, "ct-nuoc-xong": 9}
    assert {name: value(name, numbers) for name in counted} == counted


def test_each_resettlement_project_has_a_figure_of_its_own() -> None:
    numbers = answered("bo-tri-dan-cu-nghe-an", ["20", "35", "50,5", "100", Value("khe_hoc"), "Mặt bằng"])
    counted = {
        "ct-tdc-xop-tu": 20,
        "ct-tdc-nam-tien-2": 35,
        "ct-tdc-khe-hoc": Decimal("50.5"),
        "ct-tdc-long-thang": 100,
    }
    assert {name: value(name, numbers) for name in counted} == counted


def test_a_district_reports_what_it_spends() -> None:
    numbers = answered("von-huyen", ["60.000", "30.000", "40.000", "10.000", "1.500"])
    assert value("von-huyen-ty-le", numbers) == 40
    assert (value("von-huyen-dt", numbers), value("von-huyen-sn", numbers)) == (50, 25)
    assert value("von-huyen-doi-ung", numbers) == 1500
    none = answered("von-huyen", ["0", "0", "0"])
    assert value("von-huyen-ty-le", none) is None


@pytest.mark.parametrize(
    ("plan", "own"),
    [
        ("bac-giang-55-ctr", ["nhiem-vu-bac-giang"]),
        ("bac-kan-ctdt", ["nhiem-vu-bac-kan", "nhiem-vu-kinh-te-bac-kan"]),
        ("nghe-an-352", ["nhiem-vu-nghe-an"]),
    ],
)
def test_a_province_is_asked_the_tasks_of_its_own_plan_and_no_other(plan: str, own: list[str]) -> None:
    asked = [entry.form for entry in PLANS.asked_of("tinh", [PLANS.programmes[plan]])]
    assert [form for form in asked if form.startswith("nhiem-vu")] == ["nhiem-vu", *own]


@pytest.mark.parametrize(
    ("plan", "clause", "project", "agency"),
    [
        ("nghe-an-352", "VI.1, gạch đầu dòng 2", "Dự án 2", "Ban Dân tộc tỉnh"),
        (
            "nghe-an-352",
            "VI.4, gạch đầu dòng 1",
            "Tiểu dự án 1 - Dự án 3",
            "Sở Nông nghiệp và Phát triển nông thôn",
        ),
        ("nghe-an-352", "VI.4, gạch đầu dòng 2", "Dự án 7", "Sở Y tế"),
        ("nghe-an-352", "VI.4, gạch đầu dòng 3", "Tiểu dự án 1 - Dự án 5", "Sở Giáo dục và Đào tạo"),
        ("nghe-an-352", "VI.4, gạch đầu dòng 5", "Dự án 6", "Sở Văn hóa và Thể thao"),
        ("nghe-an-352", "VI.4, gạch đầu dòng 6", "Dự án 8", "Hội Liên hiệp Phụ nữ tỉnh"),
        ("bach-thong-2023", "VII.1, gạch đầu dòng 2", "dự án 1", "Văn phòng HĐND&UBND huyện"),
        ("bach-thong-2023", "VII.6", "tiểu dự án 3 thuộc dự án 5", "Phòng Lao động - Thương binh và Xã hội"),
        ("bach-thong-2023", "VII.8", "Dự án 7", "Trung tâm Y tế huyện"),
        ("bach-thong-2023", "VII.10", "dự án 8", "Hội Liên hiệp Phụ nữ huyện"),
        ("bach-thong-2023", "VII.11", "tiểu dự án 1 của Dự án 3", "Hạt Kiểm lâm Bạch Thông"),
    ],
)
def test_projects_are_given_to_agencies(plan: str, clause: str, project: str, agency: str) -> None:
    found = [
        row for row in PLANS.programmes[plan].targets if row.clause == clause and project in row.statement
    ]
    assert found
    assert {(row.kind, row.agency) for row in found} == {(CommitmentKind.TASK, agency)}


def test_the_annex_of_bac_giang_has_five_tasks() -> None:
    rows = [row for row in PLANS.programmes["bac-giang-55-ctr"].targets if row.clause.startswith("Biểu")]
    planning = [row.clause for row in rows if row.agency.startswith("Phòng Kế hoạch")]
    assert len(rows) == 5
    assert planning == ["Biểu phân công nhiệm vụ, dòng 3"]


def test_the_frame_to_2030_says_that_it_is_one() -> None:
    frame = PLANS.programmes["khung-2026-2030"]
    assert "chưa đủ" in frame.titles["vi"]
    assert "chưa đủ" in frame.title()
    assert {row.kind for row in frame.targets} == {CommitmentKind.TREND}
    assert all("Khung" in row.note for row in frame.targets)
    values = {row.id: row.value for row in frame.targets}
    assert values["thon-2030"] == 30_591
    assert values["xa-2030"] == 1_333
