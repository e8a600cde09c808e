"""Which place a question means, by the rules that lists and commands follow too; a doubt is asked about."""

from datetime import date

import pytest

from queries.understand import Asker, understand
from questionnaires.answers.places import Gazetteer, Unit
from tests.queries.test_corpus import DICTIONARY

PLACES = Gazetteer(
    [
        Unit(1, "Việt Nam", "nước"),
        Unit(2, "Thái Nguyên", "tỉnh", (1,), kin=(3,)),
        Unit(3, "Bắc Kạn", "tỉnh", (1,), kin=(2,), closed=True),
        Unit(4, "Bạch Thông", "huyện", (3,), closed=True),
        Unit(5, "Cẩm Giàng", "xã", (4,), kin=(6,), closed=True),
        Unit(6, "Cẩm Giàng", "xã", (2,), kin=(5,)),
        Unit(7, "Phủ Thông", "thị trấn", (4,), kin=(8,), closed=True),
        Unit(8, "Phủ Thông", "xã", (2,), kin=(7,)),
        Unit(9, "Lạng Sơn", "tỉnh", (1,)),
        Unit(10, "Lạng Sơn", "thành phố", (9,), closed=True),
        Unit(11, "Bạch Thông", "xã", (2,)),
        Unit(12, "Xuân Hương - Đà Lạt", "phường", (9,)),
        Unit(13, "Hồ Chí Minh", "thành phố", (1,)),
    ]
)
EVERYWHERE = frozenset(PLACES.units)
NATION = Asker(1, {"nuoc": 1}, EVERYWHERE, EVERYWHERE)


@pytest.mark.parametrize(
    ("where", "places"),
    [
        ("Lạng Sơn", (9,)),
        ("lang son", (9,)),
        ("tp Lạng Sơn", (10,)),
        ("Lạng Sơn cũ", (10,)),
        ("xã Cẩm Giàng", (6,)),
        ("Cẩm Giàng cũ", (5,)),
        ("Cẩm Giàng, huyện Bạch Thông", (5,)),
        ("cam giang thai nguyen", (6,)),
        ("Phủ Thông", (8,)),
        ("TT. Phủ Thông", (7,)),
        ("phur thoong", (8,)),
        ("huyện Bạch Thông tỉnh Bắc Cạn", (4,)),
        ("phường Xuân Hương - Đà Lạt", (12,)),
        ("TP.HCM", (13,)),
    ],
)
def test_a_name_means_one_place(where: str, places: tuple[int, ...]) -> None:
    found = understand(f"số hộ ở nhà tạm {where}", DICTIONARY, PLACES, NATION, date(2026, 11, 21))
    assert (found.status, found.query and found.query.places) == ("answer", places)


def test_an_old_unit_and_another_new_one_of_its_name_are_asked_about() -> None:
    found = understand("số hộ ở nhà tạm Bạch Thông", DICTIONARY, PLACES, NATION, date(2026, 11, 21))
    assert found.status == "clarify"
    assert {offer.value for offer in found.offers} >= {"4", "11"}


@pytest.mark.parametrize(
    ("where", "places"),
    [
        ("Cẩm Giàng, Bạch Thông, Phủ Thông", (6, 11, 8)),
        ("Phủ Thông, Cẩm Giàng, Bạch Thông", (8, 6, 11)),
        ("Phủ Thông Cẩm Giàng Bạch Thông", (8, 6, 11)),
        ("Phủ Thông, Cẩm Giàng huyện Bạch Thông", (8, 5)),
    ],
)
def test_each_place_of_a_list_is_kept(where: str, places: tuple[int, ...]) -> None:
    """A bare name at the end of a list is one more of its level, not what the one before lies in."""
    found = understand(f"so sánh nhà tạm {where}", DICTIONARY, PLACES, NATION, date(2026, 11, 21))
    assert (found.status, found.query.places) == ("answer", places)


@pytest.mark.parametrize(
    ("typed", "usual"), [("quí 3", "quý 3"), ("quí III năm 2026", "quý III năm 2026"), ("kì này", "kỳ này")]
)
def test_i_is_y_in_periods_too(typed: str, usual: str) -> None:
    today = date(2026, 11, 21)
    found, wanted = (
        understand(f"tỷ lệ hộ nghèo {when}", DICTIONARY, PLACES, NATION, today) for when in (typed, usual)
    )
    assert (found.status, found.query) == (wanted.status, wanted.query)
    assert found.status == "answer"
