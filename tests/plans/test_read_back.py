"""The five plans read back from their documents: every row is in its clause, and no change to either goes unseen."""

from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from plans.document import Passage, passages, unquoted
from plans.finding import Searched
from plans.programme import Programme
from plans.readback import Lack, lacking, statement_lacking, statements, unbacked
from plans.reading import load_plans
from plans.target import Comparator, Target

PLANS: Final = load_plans()
DOCUMENTS: Final = {path.stem: path for path in Path(__file__).with_name("documents").glob("*.txt")}
BG, BK, BT, LS, NA = "bac-giang-55-ctr", "bac-kan-ctdt", "bach-thong-2023", "lang-son-23-ctr", "nghe-an-352"


@cache
def text_of(plan: str) -> str:
    return DOCUMENTS[plan].read_text("utf-8")


@cache
def document(plan: str) -> tuple[Passage, ...]:
    return tuple(passages(text_of(plan)))


@cache
def searched(plan: str) -> Searched:
    return Searched(document(plan))


def row_of(plan: str, id: str) -> Target:
    return next(row for row in PLANS.programmes[plan].targets if row.id == id)


@pytest.mark.parametrize("plan", [BG, BK, BT, LS, NA])
def test_every_row_is_in_its_document(plan: str) -> None:
    """Its words, number, unit, comparator, year, agency and scope; its deadlines and norms, too."""
    assert unbacked(PLANS.programmes[plan], document(plan)) == []


@pytest.mark.parametrize(
    ("plan", "id", "changed", "lack"),
    [
        (BG, "ngo-xom-2025", {"value": Decimal(80)}, Lack.NUMBER),
        (BG, "ngheo-2025", {"value": Decimal(3)}, Lack.NUMBER),
        (BG, "thu-nhap-on-dinh-2030", {"value_high": Decimal(45)}, Lack.NUMBER),
        (BG, "thu-nhap-on-dinh-2030", {"value_high": None}, Lack.COMPARISON),
        (BG, "nuoc-hvs-dtts-2025", {"comparator": Comparator.AT_LEAST}, Lack.COMPARISON),
        (BG, "nhe-can-2025", {"comparator": Comparator.AT_LEAST}, Lack.COMPARISON),
        (BK, "thpt-2025", {"comparator": Comparator.AT_MOST}, Lack.COMPARISON),
        (BK, "nang-suat-2030", {"comparator": Comparator.AT_LEAST}, Lack.COMPARISON),
        (BK, "thpt-2025", {"comparator": Comparator.MAINTAIN}, Lack.COMPARISON),
        (BK, "che-phu-rung-2030", {"comparator": Comparator.QUOTA}, Lack.COMPARISON),
        (BK, "ngheo-2030", {"year_due": 2025}, Lack.YEAR),
        (BG, "thu-nhap-dtts-2045", {"year_due": 2030}, Lack.COMPARISON),
        (NA, "nuoc-phan-tan-2023", {"year_due": 2025}, Lack.YEAR),
        (NA, "nuoc-phan-tan-2023", {"unit": "người"}, Lack.UNIT),
        (NA, "von-sn-7-2023", {"unit": "tỷ đồng"}, Lack.UNIT),
        (BG, "tu-vong-tre-2025", {"unit": "%"}, Lack.UNIT),
        (NA, "nv-da-7-2023", {"agency": "Sở Giáo dục và Đào tạo"}, Lack.WORDS),
        (NA, "nv-tham-dinh-von-2023", {"agency": "Ban Dân tộc tỉnh"}, Lack.AGENCY),
        (NA, "von-dt-2023", {"inferred": ""}, Lack.AGENCY),
        (BT, "nv-kl-da-3-1-2023", {"agency": "Phòng Nội vụ huyện"}, Lack.AGENCY),
        (BG, "bieu-3", {"agency": "Các phòng chuyên môn thuộc Ban Dân tộc"}, Lack.AGENCY),
        (BT, "tin-dung-tu-quan-2023", {"inferred": "agency"}, Lack.SCOPE),
        (BG, "tuoi-tho-2030", {"scope": "người cao tuổi"}, Lack.SCOPE),
        (BG, "giao-duc-toan-dien-2025", {"inferred": "scope"}, Lack.YEAR),
    ],
)
def test_a_row_that_says_something_else_is_named(
    plan: str, id: str, changed: dict[str, Any], lack: Lack
) -> None:
    found = lacking(replace(row_of(plan, id), **changed), searched(plan))
    assert lack in {one.lack for one in found}


@pytest.mark.parametrize(
    ("plan", "id", "old", "new"),
    [
        (NA, "ct-tdc-xop-tu-2023", "Mỹ Lý", "Mường Lống"),
        (NA, "ct-tdc-khe-hoc-2023", "Tương Dương", "Con Cuông"),
        (BG, "ct-ngam-2025", "Lục Nam", "Lạng Giang"),
        (BG, "ct-ngam-2025", "68 thôn", "86 thôn"),
        (NA, "nv-da-9-2023", "Dự án 9", "Dự án 12"),
        (NA, "von-sn-10-2-2023", "Dự án 10", "Dự án 9"),
        (BK, "nv-qpan-nam-tinh-hinh", "không để hình thành", "để hình thành"),
        (BG, "nha-ho-tro-2025", "và không có khả năng", "và có khả năng"),
        (BK, "tieu-hoc-2025", "trong độ tuổi", "không trong độ tuổi"),
        (LS, "cho-o-noi-tru-2025", "học sinh", "giáo viên"),
        (BG, "kenh-muong-2025", "kênh mương", "hồ đập"),
    ],
)
def test_other_words_in_a_row_are_named(plan: str, id: str, old: str, new: str) -> None:
    row = row_of(plan, id)
    assert old in row.statement
    changed = replace(row, statement=row.statement.replace(old, new, 1))
    left_out = unquoted(with_row(plan, changed), document(plan))
    more = set(left_out) - set(unquoted(PLANS.programmes[plan], document(plan)))
    assert {Lack.WORDS, Lack.PASSAGE} & {one.lack for one in lacking(changed, searched(plan))} or more


def with_row(plan: str, changed: Target) -> Programme:
    programme = PLANS.programmes[plan]
    rows = tuple(changed if row.id == changed.id else row for row in programme.targets)
    return replace(programme, targets=rows)


@pytest.mark.parametrize(
    ("plan", "id", "old", "new"),
    [
        (LS, "dien-2025", "99,6% hộ dân", "98,6% hộ dân"),
        (LS, "duong-thon-2025", "cứng hóa đạt 80%", "cứng hóa đạt 80 hộ"),
        (LS, "kham-thai-2025", "Trên 80% phụ nữ", "Dưới 80% phụ nữ"),
        (LS, "ngheo-2025", "bình quân 3%/năm", "3%/năm"),
        (LS, "tieu-hoc-2025", "tiểu học đến trường đạt trên 99,9%", "tiểu học đến trường đạt 99,9%"),
        (LS, "thcs-2025", "cơ sở đến trường đạt trên 99,9%", "cơ sở đến trường đạt trên 99,5%"),
        (LS, "cho-o-noi-tru-2025", "đảm bảo 100% chỗ ở", "đảm bảo 80% chỗ ở"),
        (LS, "nhe-can-2025", "xuống dưới 15%", "xuống 15%"),
        (LS, "dao-tao-nghe-2025", "đến năm 2025:", "đến năm 2026:"),
        (LS, "tc-kiem-tra", "các phòng chuyên môn thuộc Ban căn cứ", "các trung tâm thuộc Sở căn cứ"),
        (LS, "bhyt-2025", "98% đồng bào DTTS tham gia", "98% đồng bào DTTS không tham gia"),
        (NA, "nha-o-2023", "Hỗ trợ nhà ở: 179 hộ", "Hỗ trợ nhà ở: 197 hộ"),
        (NA, "nha-o-2023", "Hỗ trợ nhà ở: 179 hộ", "Hỗ trợ nhà ở: 179 người"),
        (NA, "nv-tham-dinh-von-2023", "2. Sở Kế hoạch và Đầu tư", "2. Sở Công Thương"),
        (NA, "ct-tdc-nam-tien-2-2023", "xã Bảo Nam", "xã Mường Lống"),
        (
            BG,
            "rung-go-lon-2025",
            "mở rộng diện tích rừng thâm canh",
            "không mở rộng diện tích rừng thâm canh",
        ),
        (BG, "nha-ho-tro-2025", "không có khả năng tự cải thiện", "có khả năng tự cải thiện"),
        (BG, "ct-ngam-2025", "Sơn Động, Lục Ngạn", "Hiệp Hòa, Lục Ngạn"),
        (BK, "dan-cu-2025", "cho trên 200 hộ", "cho 200 hộ"),
        (BK, "biet-nghe-2030", "Đến năm 2030 có 40%", "Đến năm 2035 có 40%"),
    ],
)
def test_a_document_that_says_something_else_is_named(plan: str, id: str, old: str, new: str) -> None:
    assert old in text_of(plan)
    changed = passages(text_of(plan).replace(old, new, 1))
    programme, row = PLANS.programmes[plan], row_of(plan, id)
    more = set(unquoted(programme, changed)) - set(unquoted(programme, document(plan)))
    assert lacking(row, Searched(changed)) or more


@pytest.mark.parametrize(
    ("plan", "old", "new"),
    [
        (
            BG,
            "15/12 hằng năm, báo cáo kết quả thực hiện về Ban",
            "15/11 hằng năm, báo cáo kết quả thực hiện về Ban",
        ),
        (BG, "hằng năm trước ngày 20/12", "hằng năm trước ngày 25/12"),
        (NA, "trước ngày 15 tháng 6 năm 2023", "trước ngày 20 tháng 6 năm 2023"),
        (BK, "định kỳ 6 tháng, hằng năm gửi báo cáo", "định kỳ 3 tháng, hằng năm gửi báo cáo"),
        (BT, "01 lần tối đa 80% chi phí", "01 lần tối đa 70% chi phí"),
    ],
)
def test_another_day_or_norm_is_named(plan: str, old: str, new: str) -> None:
    assert old in text_of(plan)
    changed = Searched(passages(text_of(plan).replace(old, new, 1)))
    programme = PLANS.programmes[plan]
    lacks = [lack for statement in statements(programme) for lack in statement_lacking(statement, changed)]
    assert lacks


def test_a_deadline_s_day_is_that_of_its_words() -> None:
    programme = PLANS.programmes[BG]
    for moved in ({"day": 15}, {"month": 11}, {"period": "half"}):
        deadlines = tuple(replace(one, **moved) if one.day else one for one in programme.deadlines)
        lacks = [
            lack
            for statement in statements(replace(programme, deadlines=deadlines))
            for lack in statement_lacking(statement, searched(BG))
        ]
        assert {lack.lack for lack in lacks} == {Lack.DAY}
