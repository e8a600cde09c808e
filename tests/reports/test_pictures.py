"""Pictures that a phone shows: the right size, the same bytes for the same data, every word inside."""

import struct
from typing import Any

import pytest

from reports.pictures import DRAWINGS, HATCHES, INNER, NAME, broken, draw, width

ROWS: list[dict[str, Any]] = [
    {"heading": "Nước sinh hoạt", "note": "tuần 47 (16-22/11/2026) · 12/15 thôn đã báo"},
    {
        "name": "Hộ DTTS dùng nước hợp vệ sinh",
        "value": "82,2 %",
        "counted": True,
        "share": 0.822,
        "mark": 0.9,
        "change": "(37/45) tăng 2,2 điểm % (kỳ trước 80 %)",
        "standing": "Quá hạn, chưa đạt chỉ tiêu của tỉnh đến 2025: ít nhất 90 % (mục II.2.a)",
        "state": "behind",
    },
    {
        "name": "Hộ thiếu nước sinh hoạt",
        "value": "chưa có số liệu",
        "counted": False,
        "share": None,
        "mark": None,
        "change": "",
        "standing": "",
        "state": "none",
    },
]
DATA: dict[str, Any] = {
    "title": "Tình hình thôn Nà Hin, xã Vĩnh Thông",
    "rows": ROWS,
    "footer": "Đến 20/11/2026. Thôn Báo",
    "marker": "chỉ tiêu",
}


def size(picture: bytes) -> tuple[int, int]:
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    across, down = struct.unpack(">II", picture[16:24])
    return across, down


def test_three_pixels_for_each_of_a_small_phone() -> None:
    picture = draw("progress", DATA)
    across, down = size(picture)
    assert across == 1080
    assert 600 < down < 5 * across
    assert len(picture) < 1_000_000


def test_the_same_data_gives_the_same_bytes() -> None:
    assert draw("progress", DATA) == draw("progress", DATA)


def test_other_data_gives_another_picture() -> None:
    changed = {**DATA, "rows": [ROWS[0], {**ROWS[1], "mark": 0.5}, ROWS[2]]}
    assert draw("progress", changed) != draw("progress", DATA)


def test_more_rows_make_it_taller() -> None:
    longer = {**DATA, "rows": [*ROWS, ROWS[1]]}
    assert size(draw("progress", longer))[1] > size(draw("progress", DATA))[1]


def test_what_is_behind_is_told_without_colour() -> None:
    assert HATCHES["behind"]
    plain = {**DATA, "rows": [ROWS[0], {**ROWS[1], "state": "achieved"}, ROWS[2]]}
    assert draw("progress", plain) != draw("progress", DATA)


def test_no_drawing_of_that_name() -> None:
    with pytest.raises(KeyError):
        draw("none", DATA)
    assert "progress" in DRAWINGS


@pytest.mark.parametrize(
    "text",
    ["Người DTTS tuổi lao động đọc thông, viết thạo tiếng phổ thông của xã Vĩnh Thông", "a b", "", "x" * 99],
)
def test_lines_fit_and_lose_no_word(text: str) -> None:
    lines = broken(text, NAME)
    assert " ".join(lines) == text
    assert all(width(line, NAME) <= INNER or " " not in line for line in lines)


def test_a_place_s_dollars_and_braces_are_only_letters() -> None:
    odd = {**DATA, "title": "thôn $x_1$ {0} \\frac"}
    assert size(draw("progress", odd))[0] == 1080
