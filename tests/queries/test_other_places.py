"""Which words of a head's message name a place that is none of theirs."""

import pytest

from queries.other_places import OtherPlaces
from queries.understand import Asker
from questionnaires.answers.places import Gazetteer, Unit
from tests.queries.test_corpus import DICTIONARY

PLACES = Gazetteer(
    [
        Unit(1, "Việt Nam", "nước"),
        Unit(2, "Thái Nguyên", "tỉnh", (1,)),
        Unit(3, "Nghệ An", "tỉnh", (1,)),
        Unit(4, "Vĩnh Thông", "xã", (2,), kin=(8,)),
        Unit(7, "Bạch Thông", "huyện", (2,), closed=True),
        Unit(8, "Sỹ Bình", "xã", (7,), kin=(4,), closed=True),
        Unit(5, "Phong Quang", "xã", (2,)),
        Unit(6, "Mỹ Lý", "xã", (3,)),
        Unit(10, "Nà Hin", "thôn", (4,)),
        Unit(11, "Nà Lốc", "thôn", (4,)),
        Unit(12, "Hộ Nghèo", "thôn", (4,)),
        Unit(13, "5", "thôn", (4,)),
        Unit(14, "Đồng Tâm", "thôn", (4,)),
        Unit(15, "Nà Hin", "thôn", (5,)),
        Unit(16, "Bản Vén", "thôn", (5,)),
        Unit(17, "Xiềng Tắm", "bản", (6,)),
    ]
)
HEAD = Asker(10, {"thon": 10, "xa": 4}, frozenset({10}), frozenset({10, 4, 2, 1}))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Nà Lốc nước: tổng 120; HVS 109", "thôn Nà Lốc"),
        ("na loc 120", "thôn Nà Lốc"),
        ("nước ở Nà Lốc 120 hộ", "thôn Nà Lốc"),
        ("lịch sử nước sạch nà lốc", "thôn Nà Lốc"),
        ("bản Nà Lốc còn mấy hộ", "thôn Nà Lốc"),
        ("xã Phong Quang có 120 hộ", "xã Phong Quang"),
        ("thôn Bản Vén 120", "thôn Bản Vén"),
        ("Nà Hin 120, Nà Lốc 98", "thôn Nà Lốc"),
        ("Nà Hin nước: tổng 120", ""),
        ("thôn na hin, xã vĩnh thông: 120", ""),
        ("Thái Nguyên 120", ""),
        ("xã Sỹ Bình, huyện Bạch Thông 120", ""),
        ("Bản Vén 120", ""),
        ("bản Xiềng Tắm 120", ""),
        ("hộ nghèo 12", ""),
        ("trong thôn 5 hộ thiếu nước", ""),
        ("bà con đồng tâm làm 3 km", ""),
        ("120 hộ", ""),
    ],
)
def test_a_place_is_none_of_theirs(text: str, place: str) -> None:
    assert OtherPlaces(DICTIONARY, PLACES, HEAD).first_in(text) == place
