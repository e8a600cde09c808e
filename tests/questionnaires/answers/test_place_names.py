"""What names of places mean in the official list, however they are written; a doubt is kept, a slip never assumed."""

from datetime import date

import pytest

from bot.commands.read import official_places
from questionnaires.answers.places import Reader, Viewpoint, match_place, settled
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of

PLACES = official_places()
ANYWHERE = Viewpoint()
UNITS = list(PLACES.units.values())[::40]

ONE = {
    "phường Xuân Hương - Đà Lạt": "phường Xuân Hương - Đà Lạt, tỉnh Lâm Đồng",
    "xuan huong da lat": "phường Xuân Hương - Đà Lạt, tỉnh Lâm Đồng",
    "Xuân Hương, Lâm Đồng": "phường Xuân Hương - Đà Lạt, tỉnh Lâm Đồng",
    "Thừa Thiên Huế": "thành phố Huế",
    "TT Huế": "thành phố Huế",
    "TP.HCM": "thành phố Hồ Chí Minh",
    "TP HCM": "thành phố Hồ Chí Minh",
    "tphcm": "thành phố Hồ Chí Minh",
    "TP. Hồ Chí Minh": "thành phố Hồ Chí Minh",
    "P. Sài Gòn, TP.HCM": "phường Sài Gòn, thành phố Hồ Chí Minh",
    "Phường 4, Quận 4, TP.HCM": "phường 4, quận 4, thành phố Hồ Chí Minh (cũ)",
    "P.04 Q4 TPHCM": "phường 4, quận 4, thành phố Hồ Chí Minh (cũ)",
    "huyện Bạch Thông, Bắc Cạn": "huyện Bạch Thông, tỉnh Bắc Kạn (cũ)",
    "xã Vĩnh Thông tỉnh Thái Nguyên": "xã Vĩnh Thông, tỉnh Thái Nguyên",
    "Tỉnh Thái Nguyên - xã Vĩnh Thông": "xã Vĩnh Thông, tỉnh Thái Nguyên",
    "UBND xã Vĩnh Thông thuộc Thái Nguyên": "xã Vĩnh Thông, tỉnh Thái Nguyên",
    "Vixnh Thoong, Thasi Nguyeen": "xã Vĩnh Thông, tỉnh Thái Nguyên",
    "Vi4nh Tho6ng, Tha1i Nguye6n": "xã Vĩnh Thông, tỉnh Thái Nguyên",
    "my ly ky son nghe an": "xã Mỹ Lý, tỉnh Nghệ An",
    "Mĩ Lí": "xã Mỹ Lý, tỉnh Nghệ An",
    "huyện Ia H’Drai": "huyện Ia H'Drai, tỉnh Kon Tum (cũ)",
    "ia hdrai": "huyện Ia H'Drai, tỉnh Kon Tum (cũ)",
    "Đăk Lăk": "tỉnh Đắk Lắk",
    "Đắc Lắc": "tỉnh Đắk Lắk",
    "BR-VT": "tỉnh Bà Rịa - Vũng Tàu (cũ)",
    "Na Ngoi": "xã Na Ngoi, tỉnh Nghệ An",
    "xã Cẩm Giàng, Thái Nguyên": "xã Cẩm Giàng, tỉnh Thái Nguyên",
    "Cẩm Giàng, huyện Bạch Thông": "xã Cẩm Giàng, huyện Bạch Thông, tỉnh Bắc Kạn (cũ)",
    "Phủ Thông": "xã Phủ Thông, tỉnh Thái Nguyên",
    "Phủ Thông cũ": "thị trấn Phủ Thông, huyện Bạch Thông, tỉnh Bắc Kạn (cũ)",
    "Lạng Sơn": "tỉnh Lạng Sơn",
    "lang son": "tỉnh Lạng Sơn",
    "Bắc Ninh": "tỉnh Bắc Ninh",
    "TP Lạng Sơn": "thành phố Lạng Sơn, tỉnh Lạng Sơn (cũ)",
}
SEVERAL = {
    "Bắc Cạn": ["tỉnh Bắc Kạn (cũ)", "phường Bắc Kạn, tỉnh Thái Nguyên"],
    "Bạch Thông": ["huyện Bạch Thông, tỉnh Bắc Kạn (cũ)", "xã Bạch Thông, tỉnh Thái Nguyên"],
    "Vĩnh Thông": ["xã Vĩnh Thông, tỉnh Thái Nguyên", "phường Vĩnh Thông, tỉnh An Giang"],
}
NEAR = {
    "phong quagn": "xã Phong Quang, tỉnh Thái Nguyên",
    "Thủ Thông": "xã Phủ Thông, tỉnh Thái Nguyên",
    "xã Vĩnh Thôg tỉnh Thái Nguyên": "xã Vĩnh Thông, tỉnh Thái Nguyên",
    "Phu Thôngg Thái Nguyên": "xã Phủ Thông, tỉnh Thái Nguyên",
}


def labels(text: str, view: Viewpoint = ANYWHERE) -> list[str]:
    """What a text may name."""
    return [PLACES.label(unit) for unit in match_place(text, PLACES, view=view).units]


@pytest.mark.parametrize(("text", "label"), ONE.items())
def test_a_name_means_one_place(text: str, label: str) -> None:
    assert match_place(text, PLACES).status == "match"
    assert labels(text) == [label]


@pytest.mark.parametrize(("text", "some"), SEVERAL.items())
def test_a_name_of_several_places_stays_in_doubt(text: str, some: list[str]) -> None:
    assert match_place(text, PLACES).doubt == "several"
    assert labels(text) == some


@pytest.mark.parametrize(("text", "nearest"), NEAR.items())
def test_a_misspelt_name_is_offered_nearest_first(text: str, nearest: str) -> None:
    assert (match_place(text, PLACES).doubt, labels(text)[0]) == ("spelling", nearest)


@pytest.mark.parametrize("text", ["Vĩnh Thông, Nghệ An", "xyz", "", "-, ,", "tỉnh", "x" * 300])
def test_what_names_nothing_offers_nothing(text: str) -> None:
    assert match_place(text, PLACES).status == "none"


def test_of_a_day_before_a_change_the_old_unit_is_meant() -> None:
    """A successor of the same name did not stand then."""
    assert labels("Na Ngoi", Viewpoint(on=date(2025, 6, 30))) == [
        "xã Na Ngoi, huyện Kỳ Sơn, tỉnh Nghệ An (cũ)"
    ]
    assert labels("Na Ngoi", Viewpoint(on=date(2025, 7, 1))) == ["xã Na Ngoi, tỉnh Nghệ An"]


def test_the_own_area_comes_first_and_settles_nothing() -> None:
    home = match_place("xã Kỳ Sơn, Hà Tĩnh", PLACES).units[0]
    seen = labels("Kỳ Sơn", Viewpoint(near={home.id, *PLACES.above(home)}))
    assert seen[0].endswith("tỉnh Hà Tĩnh (cũ)")
    assert len(seen) > 1


def test_each_official_name_finds_its_unit() -> None:
    """By its name in full, as the program itself writes it."""
    missed = [label for unit in UNITS if (label := PLACES.label(unit)) not in labels(label)]
    assert missed == []


def test_a_code_finds_all_that_bore_it() -> None:
    """Codes were used again; the unit that stands comes first. A spreadsheet takes the zeros before it away."""
    assert labels("01981") == labels("1981")
    assert labels("01981")[0] == "xã Vĩnh Thông, tỉnh Thái Nguyên"


def test_mentions_stand_among_other_words() -> None:
    """A question names places between its other words, each beginning of a longer mention too."""
    tokens = tokens_of(clean("nhà tạm thôn xã Vĩnh Thông Thái Nguyên tháng 10"))
    found = [mention for start in range(len(tokens)) for mention in Reader(tokens, PLACES).mentions(start)]
    told = {
        (mention.start, mention.end): [PLACES.label(unit) for unit in settled(mention, PLACES)]
        for mention in found
    }
    assert told[3, 8] == ["xã Vĩnh Thông, tỉnh Thái Nguyên"]
    assert told[3, 6] == ["xã Vĩnh Thông, tỉnh Thái Nguyên"]
    assert told[6, 8] == ["tỉnh Thái Nguyên"]
    assert (8, 10) not in told
