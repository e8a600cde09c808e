"""Which numbers add up: what is counted does; what is measured of one person, thing or time does not."""

import pytest

from questionnaires.adding import adds_up
from tests.questionnaires.forming import form


@pytest.mark.parametrize(
    ("type_", "label", "adds"),
    [
        ("integer", "Có bao nhiêu hộ nghèo?", True),
        ("decimal", "Diện tích lúa bị ngập (ha)", True),
        ("decimal", "Chiều dài đường sạt lở (m)", True),
        ("decimal", "Kinh phí (triệu đồng)", True),
        ("integer", "Năm nay được giao bao nhiêu vốn?", True),
        ("integer", "Có bao nhiêu điểm du lịch?", True),
        ("decimal", "Cân nặng (kg)", False),
        ("decimal", "Chiều cao (cm)", False),
        ("decimal", "Nhiệt độ thấp nhất đêm qua", False),
        ("decimal", "Rét nhất bao nhiêu (°C)?", False),
        ("integer", "Năm xây dựng", False),
        ("integer", "Chủ hộ sinh năm nào?", False),
        ("integer", "Mẹ bao nhiêu tuổi?", False),
        ("decimal", "Giá thóc (đồng/kg)", False),
        ("decimal", "Hộ nghèo chiếm (%)", False),
        ("range", "Mức độ hỏng", False),
    ],
)
def test_what_is_measured_of_one_does_not_add_up(type_: str, label: str, adds: bool) -> None:
    made = form(f"type | name | label\n{type_} | so | {label}")
    assert adds_up(made, made.questions[0]) is adds
