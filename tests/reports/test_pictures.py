"""Pictures that a phone shows: the right size, the same bytes for the same data, every word inside."""

import struct
from collections.abc import Sequence
from itertools import combinations
from typing import Any, cast

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from reports.drawing import BLUE, DPI, EDGE, HATCHES, INNER, NAME, broken, width
from reports.pictures import DRAWINGS, draw

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
    "more": "… còn nữa: xem bằng chữ, hoặc xem hình từng lĩnh vực.",
}
TREND: dict[str, Any] = {
    "title": "Hộ dùng nước hợp vệ sinh, huyện Bạch Thông, tỉnh Bắc Kạn",
    "unit": "%. Dưới kỳ: số thôn đã báo/phải báo",
    "zero": "0",
    "foot": "Số liệu đến ngày 20/11/2026",
    "gaps": "○ không hiện   × chưa có báo cáo",
    "points": [
        {"label": label, "value": value, "shown": shown, "under": under, "gap": "" if value else "×"}
        for label, value, shown, under in (
            ("6 tháng đầu năm 2025", "85.2", "85,2", "33/40"),
            ("6 tháng cuối năm 2025", None, "", ""),
            ("6 tháng đầu năm 2026", "86.6", "86,6", "37/40"),
            ("6 tháng cuối năm 2026", "0", "0", "1/40"),
        )
    ],
}
BARS: dict[str, Any] = {
    "title": "Hộ ở nhà tạm, nhà dột nát, các xã của huyện Bạch Thông, tỉnh Bắc Kạn, quý IV/2026, từ cao xuống thấp",
    "unit": "hộ",
    "rows": [{"name": f"xã Phong Quang {n}", "value": str(40 - n), "shown": f"{40 - n}"} for n in range(30)],
    "more": "… còn nữa: xem bằng chữ hoặc Excel.",
    "notes": ["Chưa báo kỳ này nên chưa xếp (1 thôn): thôn Nà Hin."],
    "foot": "Số liệu đến ngày 20/11/2026",
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


MANY = [{**point, "label": f"tháng {n % 12 + 1}/2026"} for n, point in enumerate(TREND["points"] * 6)]


@pytest.mark.parametrize(
    ("drawing", "data"),
    [
        ("progress", DATA),
        ("progress", {**DATA, "rows": ROWS * 20}),
        (
            "progress",
            {
                **DATA,
                "rows": [{**ROWS[0], "heading": "Hôn nhân, phụ nữ và trẻ em gái vùng đồng bào"}, ROWS[1]],
            },
        ),
        ("trend", TREND),
        ("trend", {**TREND, "points": TREND["points"][:1]}),
        ("trend", {**TREND, "points": TREND["points"][-2:]}),
        ("trend", {**TREND, "points": MANY}),
        ("bars", BARS),
        ("bars", {**BARS, "rows": BARS["rows"][:2], "notes": []}),
    ],
)
def test_every_word_lies_on_one_screen_and_on_no_other(drawing: str, data: dict[str, Any]) -> None:
    sheet = DRAWINGS[drawing](data)
    across, down = (sheet.get_size_inches() * sheet.dpi).round()
    assert across == 1080
    assert down <= 1920
    renderer = cast(FigureCanvasAgg, sheet.canvas).get_renderer()
    boxes = [
        (text.get_text(), text.get_window_extent(renderer))
        for text in sheet.axes[0].texts
        if text.get_text().strip()
    ]
    for words, box in boxes:
        # Two pixels short of the margin: letters lean out of the width that the font gives them.
        assert EDGE * DPI - 2 <= box.x0 < box.x1 <= across - EDGE * DPI + 2, words
        assert 0 <= box.y0 < box.y1 <= down, words
    for (one, first), (other, second) in combinations(boxes, 2):
        beside = first.x1 <= second.x0 + 1 or second.x1 <= first.x0 + 1
        above = first.y1 <= second.y0 + 2 or second.y1 <= first.y0 + 2
        assert beside or above, (one, other)


def test_half_years_keep_their_year_and_points_their_coverage() -> None:
    words = [text.get_text() for text in DRAWINGS["trend"](TREND).axes[0].texts]
    assert sum("2026" in word for word in words) >= 2
    assert {"33/40", "37/40", "1/40"} <= set(words)


SLOPES = {
    "rising": ("30909", "103032", "224626", None),
    "falling": ("224626", "103032", "30909"),
    "valley": ("90", "55", "90"),
    "even valley": ("900", "550", "550", "900"),
    "low valley": ("90", "1", "80"),
    "peak": ("10", "95", "12"),
    "flat": ("85.2", "85.3", "85.2", "85.4"),
}


@pytest.mark.parametrize("values", SLOPES.values(), ids=SLOPES)
def test_no_value_hides_the_line(values: Sequence[str | None]) -> None:
    points = [{**TREND["points"][0], "value": value, "shown": value or "", "gap": "×"} for value in values]
    sheet = DRAWINGS["trend"]({**TREND, "points": points})
    axes, renderer = sheet.axes[0], cast(FigureCanvasAgg, sheet.canvas).get_renderer()
    lines = [
        line.get_path().transformed(line.get_transform()) for line in axes.lines if len(line.get_xdata()) == 2
    ]
    shown = [text for text in axes.texts if text.get_text() in values]
    assert len(shown) == sum(value is not None for value in values)
    for text in shown:
        box = text.get_window_extent(renderer)
        assert not any(line.intersects_bbox(box, filled=False) for line in lines), text.get_text()


def test_a_gap_bears_its_sign_also_where_there_is_no_room_for_its_name() -> None:
    texts = [text.get_text() for text in DRAWINGS["trend"]({**TREND, "points": MANY}).axes[0].texts]
    assert texts.count("×") == sum(point["value"] is None for point in MANY)
    assert TREND["gaps"] in texts


@pytest.mark.parametrize(
    ("full", "values", "lengths"),
    [
        ("100", ("85.9", "43"), (0.859, 0.43)),
        ("100", ("125", "50"), (1.0, 0.4)),
        (None, ("40", "10"), (1.0, 0.25)),
    ],
)
def test_a_bar_is_full_only_where_all_is_reached(
    full: str | None, values: tuple[str, ...], lengths: tuple[float, ...]
) -> None:
    rows = [{"name": "xã Phong Quang", "value": value, "shown": value} for value in values]
    axes = DRAWINGS["bars"]({**BARS, "rows": rows, "full": full}).axes[0]
    bars = [patch for patch in axes.patches if to_hex(patch.get_facecolor()) == BLUE.lower()]
    told = [cast(Rectangle, bar).get_width() / INNER for bar in bars]
    assert told == pytest.approx(lengths)


def test_graphs_begin_at_zero() -> None:
    """85,2 and 86,6 lie close together, and zero far below them."""
    axes = DRAWINGS["trend"](TREND).axes[0]
    heights = {line.get_ydata()[0] for line in axes.lines if line.get_marker() == "o"}
    first, second, nothing = sorted(heights)
    assert (second - first) * 20 < nothing - first
