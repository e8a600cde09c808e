"""Place names against a small invented part of the tree, before and after the reform."""

import pytest

from questionnaires.answers.places import Gazetteer, Unit, fold_place, match_place, read_place

PLACES = Gazetteer(
    [
        Unit(1, "Thái Nguyên", "tỉnh"),
        Unit(2, "Bắc Kạn", "tỉnh", closed=True, kin=(1,)),
        Unit(3, "Bạch Thông", "huyện", (2,), closed=True),
        Unit(4, "Bạch Thông", "xã", (1,)),
        Unit(5, "Vũ Muộn", "xã", (3,), kin=(6,), closed=True),
        Unit(6, "Vĩnh Thông", "xã", (1,), kin=(5,)),
        Unit(7, "Nghệ An", "tỉnh"),
        Unit(8, "Mỹ Lý", "xã", (7,)),
        Unit(9, "Nậm Cắn", "xã", (7,)),
        Unit(10, "Nậm Càn", "xã", (7,)),
        Unit(11, "Hòa Bình", "xã", (7,)),
        Unit(12, "Hòa Bình", "xã", (1,)),
        Unit(13, "Nà Hin", "thôn", (6,)),
        Unit(14, "Nà Hin", "bản", (9,)),
        Unit(15, "Bản Mế", "xã", (7,)),
        Unit(16, "Chũ", "thị xã", (1,)),
        Unit(17, "Chu", "xã", (1,)),
        Unit(18, "Quý Sơn", "xã", (1,)),
        Unit(19, "Khuổi Lặng (khu A)", "thôn", (6,)),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        *(("Vĩnh Thông", [6]), ("vinh thong", [6]), ("XÃ VĨNH THÔNG", [6]), ("x. Vĩnh Thông", [6])),
        *(
            ("Mĩ Lí", [8]),
            ("My Ly", [8]),
            ("mi li", [8]),
            ("Quí Sơn", [18]),
            ("Nậm Cắn", [9]),
            ("nam can", [10, 9]),
        ),
        *(
            ("Hoà Bình", [11, 12]),
            ("Hòa Bình, Nghệ An", [11]),
            ("Hòa Bình, Bắc Kạn", []),
            ("Bạch Thông", [3, 4]),
        ),
        *(("huyện Bạch Thông", [3]), ("h bach thong", [3]), ("Vũ Muộn", [5]), ("Vũ Muộn, Bạch Thông", [5])),
        *(("Vũ Muộn, Thái Nguyên", [5]), ("Vĩnh Thông, Bắc Kạn", [6]), ("Vĩnh Thông, Nghệ An", [])),
        *(("Nà Hin", [13, 14]), ("thôn Nà Hin", [13]), ("Nà Hin, Vĩnh Thông", [13]), ("bản Nà Hin", [14])),
        *(
            ("Nà Hin Vĩnh Thông", [13]),
            ("xã vinh thong tinh thai nguyen", [6]),
            ("Bản Mế", [15]),
            ("TX. Chũ", [16]),
        ),
        *(("thôn Khuổi Lặng", [19]), ("khuoi lang (khu a)", [19]), ("Khuổi Lặng (khu A), Vĩnh Thông", [19])),
        *(("Chũ", [16]), ("chu", [17, 16]), ("xyz", []), ("", []), ("huyện Vĩnh Thông", []), ("(", [])),
        *(("thị xã Bạch Thông", [3]), ("tx bạch thông cũ", [3]), ("huyện Chũ", [16]), ("thị trấn Chũ", [])),
    ],
)
def test_names(text: str, found: list[int]) -> None:
    match = match_place(text, PLACES)
    assert [unit.id for unit in match.units] == found
    assert match.status == ("none" if not found else "match" if len(found) == 1 else "ambiguous")


@pytest.mark.parametrize("text", ["Vĩnh Thôngg", "vinh thon", "Vĩnh Thộng"])
def test_a_name_one_edit_away_is_offered_and_not_assumed(text: str) -> None:
    match = match_place(text, PLACES)
    assert (match.status, [unit.id for unit in match.units]) == ("ambiguous", [6])


def test_the_own_area_comes_first() -> None:
    assert [unit.id for unit in match_place("Hòa Bình", PLACES, near={1}).units] == [12, 11]


def test_what_is_read_back_names_the_same_place() -> None:
    for text in ("Vĩnh Thông", "huyện Bạch Thông", "Vũ Muộn", "thôn Nà Hin", "Nậm Càn"):
        reading = read_place(text, PLACES)
        assert read_place(reading.read_back, PLACES).value == reading.value


def test_folded_names() -> None:
    assert fold_place("  Hoà–BÌNH (cũ)") == "hoa binh cu"
    assert fold_place("Ỷ La") == fold_place("ỉ la") == "i la"
    assert fold_place("Thúy") == "thuy"


OFFICES_LIST = Gazetteer(
    [
        Unit(1, "Hồ Chí Minh", "thành phố", level="tinh"),
        Unit(2, "Thanh An", "xã", (1,), level="xa"),
        Unit(3, "Thạnh An", "xã", (1,), level="xa"),
        Unit(4, "Bản Cháo 3", "thôn", (2,), level="thon"),
        Unit(5, "Sáo 2", "bản", (2,), level="thon"),
        Unit(6, "Cháo 4", "bản", (3,), level="thon"),
        Unit(7, "Nà Hin", "thôn", (3,), level="thon"),
    ]
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("xã Thanh An, Hồ Chí Minh", [2]),
        ("xã Thạnh An, Hồ Chí Minh", [3]),
        ("Thanh An, TP HCM", [2, 3]),  # typed without any marks
        ("bản Bản Sáo 2", [5]),
        ("bản Bản Cháo 4", [6]),
        ("thôn Thôn Nà Hin", [7]),
        ("Bản Cháo 3", [4]),
    ],
)
def test_marks_win_and_a_type_word_may_be_written_twice(text: str, found: list[int]) -> None:
    match = match_place(text, OFFICES_LIST)
    assert ([unit.id for unit in match.units], match.doubt) == (found, "several" if len(found) > 1 else "")


@pytest.mark.parametrize(
    ("text", "offered"),
    [("Cháo 3", [4]), ("thôn Cháo 3", [4]), ("bản Bản Cháo 3", [4]), ("Cháo 5", []), ("bản Cháoo 4", [6])],
)
def test_a_village_is_offered_without_its_own_type_word_and_never_by_another_number(
    text: str, offered: list[int]
) -> None:
    match = match_place(text, OFFICES_LIST)
    assert ([unit.id for unit in match.units], match.doubt) == (offered, "spelling" if offered else "")
