"""Units that a question's own words give, as forms from elsewhere write them."""

import pytest

from questionnaires.interview import Recorded, Refused, first_of
from questionnaires.label_units import counted_in, measure_in
from tests.questionnaires.forming import Walk, form


@pytest.mark.parametrize(
    ("label", "measure", "counted"),
    [
        ("Thiệt hại nhà (triệu đồng)", "triệu đồng", ""),
        ("Cần bao nhiêu tiền (trđ)?", "triệu đồng", "tiền"),
        ("Kinh phí (tr.đ)", "triệu đồng", ""),
        ("Kinh phí (1.000 đ)", "nghìn đồng", ""),
        ("Vốn (triệu)", "triệu đồng", ""),
        ("Giá trị (ĐVT: tỷ đồng)", "tỷ đồng", ""),
        ("Đơn vị tính: ha", "ha", ""),
        ("Bao nhiêu triệu?", "triệu đồng", "triệu"),
        ("Số tiền bao nhiêu triệu đồng?", "triệu đồng", "triệu"),
        ("Thu nhập (triệu đồng/người/năm)", "triệu đồng/người/năm", ""),
        ("Đơn giá (đồng/ha)", "đồng/ha", ""),
        ("Đàn gà (nghìn con)", "nghìn con", ""),
        ("Có mấy nghìn con gà?", "nghìn con", "nghìn"),
        ("Được mấy tấn?", "tấn", "tấn"),
        ("Diện tích rừng (ha)", "ha", ""),
        ("Chiều cao (cm)", "cm", ""),
        ("Chiều dài đường sạt lở (m)", "m", ""),
        ("Nhiệt độ thấp nhất (°C)", "độ C", ""),
        ("Công suất (kW)", "kW", ""),
        ("Xi măng (bao)", "bao", ""),
        ("Tháng tuổi của cháu (tháng tuổi)", "tháng tuổi", "tháng tuổi"),
        ("Có bao nhiêu đồng bào Mông?", "người", "đồng"),
        ("Có mấy hộ bị thiệt hại?", "", "hộ"),
        ("Hộ có bao nhiêu nhân khẩu?", "", "nhân khẩu"),
        ("Số con", "", "con"),
        ("Số giường bệnh", "", "giường"),
        (" bao nhiêu tuổi?", "", "tuổi"),
        ("Tuổi chủ hộ", "", "tuổi"),
        ("Số hộ (năm 2026)", "", "hộ"),
        ("Mức hài lòng (1-10)", "", ""),
        ("How many households?", "", "households"),
    ],
)
def test_the_unit_in_the_words_of_a_question(label: str, measure: str, counted: str) -> None:
    assert (measure_in(label), counted_in(label)) == (measure, counted)


@pytest.mark.parametrize(
    ("type_", "label", "hint", "said", "value", "shown"),
    [
        ("decimal", "Cần bao nhiêu tiền (triệu đồng)?", "", "1,2 ty", "1200", "1.200 triệu đồng"),
        ("integer", "Thiệt hại nhà (triệu đồng)", "", "5 trieu", "5", "5 triệu đồng"),
        ("integer", "Thiệt hại nhà", "triệu đồng", "5tr", "5", "5 triệu đồng"),
        ("integer", "Đơn giá (đồng/ha)", "", "400 nghìn", "400000", "400.000 đồng/ha"),
        ("integer", "Đàn gà (nghìn con)", "", "5 nghìn con", "5", "5 nghìn con"),
        ("integer", "Số tiền thiệt hại", "", "5 triệu", "5000000", "5.000.000"),
        ("integer", "Có mấy hộ bị hại?", "", "2 ho", "2", "2"),
        ("integer", "Hộ có bao nhiêu nhân khẩu?", "", "2 người", None, ""),
        ("integer", "Ông bao nhiêu tuổi?", "", "45 tuổi", "45", "45"),
        ("decimal", "Diện tích rừng (ha)", "", "1.234,5 ha", "1234.5", "1.234,5 ha"),
        ("integer", "Thiệt hại nhà (triệu đồng)", "", "500 nghìn", None, ""),
        ("decimal", "Diện tích rừng (ha)", "", "8500 m2", "0.85", "0,85 ha"),
        ("decimal", "Chiều cao (cm)", "", "85 cm", "85", "85 cm"),
        ("decimal", "Cân nặng (kg)", "", "9 ký rưỡi", "9.5", "9,5 kg"),
        ("decimal", "Nhiệt độ (oC)", "", "12 do", "12", "12 độ C"),
        ("decimal", "Diện tích ao (m2)", "", "1,2 triệu m2", "1200000", "1.200.000 m2"),
        ("decimal", "Vốn (triệu đồng)", "", "25000 tỷ", "25000000", "25.000.000 triệu đồng"),
        ("integer", "Sản lượng", "", "5 tấn", None, ""),
    ],
)
def test_a_unit_in_the_words_is_read_with_the_number(
    type_: str, label: str, hint: str, said: str, value: str | None, shown: str
) -> None:
    walk = Walk(form(f"type | name | label | hint\n{type_} | so | {label} | {hint}"))
    recorded = first_of(walk.do(said).events, Recorded)
    assert (recorded and recorded.value, recorded.shown if recorded else "") == (value, shown)


@pytest.mark.parametrize(
    ("type_", "label", "said", "offered"),
    [
        ("decimal", "Diện tích ao (m2)", "2,5 tỷ", ["2500000000"]),
        ("decimal", "Diện tích ao (m2)", "250000000 m2", ["250000000"]),
        ("integer", "Tổng diện tích (m2)", "250000000", ["250000000"]),
        ("decimal", "Diện tích rừng (ha)", "8500", ["0.85", "8500"]),
        ("decimal", "Vốn (triệu đồng)", "25000000", ["25", "25000000"]),
        ("integer", "Vốn (triệu đồng)", "25500000", ["25500000"]),
        ("decimal", "Vốn (triệu đồng)", "một nghìn hai trăm", ["1200", "0.0012"]),
        ("integer", "Vốn (triệu đồng)", "một nghìn hai trăm", ["1200"]),
        ("integer", "Giấy tờ", "1912345678", ["1912345678"]),
    ],
)
def test_an_amount_that_is_rather_a_slip_is_confirmed(
    type_: str, label: str, said: str, offered: list[str]
) -> None:
    walk = Walk(form(f"type | name | label\n{type_} | so | {label}")).do(said)
    refused = first_of(walk.events, Refused)
    assert refused is not None
    assert [one.value for one in refused.candidates] == offered


def test_a_group_says_the_unit_of_its_questions() -> None:
    walk = Walk(
        form(
            """type | name | label
            begin_group | von | Vốn đã giải ngân (triệu đồng)
            decimal | tw | Trung ương
            end_group | |"""
        )
    )
    recorded = first_of(walk.do("2 tỷ").events, Recorded)
    assert recorded is not None
    assert recorded.shown == "2.000 triệu đồng"
