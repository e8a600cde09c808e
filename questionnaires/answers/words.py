"""The words around an answer: politeness, hedges, doubts, and the units of things.

The tables are the reader's whole vocabulary beside numbers, dates and the question's own words. A word that is in
none of them makes the answer doubtful.
"""

from typing import Final

from questionnaires.answers.tokens import Table

POLITE: Final = Table(
    dict.fromkeys(
        (
            *(
                "dạ",
                "vâng",
                "ạ",
                "thưa",
                "kính thưa",
                "kính",
                "xin thưa",
                "xin",
                "nhé",
                "nhá",
                "nha",
                "ơi",
                "chào",
            ),
            *("xin chào", "cảm ơn", "cám ơn", "xin cảm ơn", "cảm ơn nhiều", "đấy ạ", "đó ạ", "thôi ạ"),
            *("🙏", "👍", "👌", "😊", "🙂", "😀", "😁", "😄", "🌹", "🌸", "❤", "🏻", "🏼", "🏽"),
        ),
        True,
    )
)
"""Courtesy that says nothing, wherever it stands."""

PRONOUN: Final = Table(
    dict.fromkeys(
        (
            "em",
            "cháu",
            "con",
            "tôi",
            "mình",
            "bác",
            "anh",
            "chị",
            "cô",
            "chú",
            "ông",
            "bà",
            "cán bộ",
            "e",
            "a",
        ),
        True,
    )
)
"""Whom one speaks to or of; courtesy only where it cannot be what is counted."""

AFTER_NUMBER: Final = Table(
    dict.fromkeys(("anh", "chị", "bác", "chú", "cán bộ", "rồi", "đấy", "đó", "thôi", "a"), True)
)
"""Courtesy that may stand right after a number."""

BEFORE_NUMBER: Final = Table(
    dict.fromkeys(
        (
            *(
                "có",
                "là",
                "được",
                "đc",
                "dc",
                "chỉ",
                "chỉ có",
                "hiện",
                "hiện có",
                "hiện tại",
                "hiện nay",
                "báo cáo",
            ),
            *(
                "xin báo cáo",
                "thôn có",
                "bản có",
                "xóm có",
                "thôn em",
                "thôn tôi",
                "thôn mình",
                "thôn cháu",
                "bản em",
            ),
            *(
                "bản tôi",
                "bản mình",
                "xóm em",
                "xóm tôi",
                "xóm mình",
                "tổ em",
                "tổ tôi",
                "trong thôn",
                "trong bản",
            ),
            *("có được", "gồm", "gồm có"),
        ),
        True,
    )
)
"""Words that lead to a number and do not change it."""

HEDGE: Final = Table(
    dict.fromkeys(
        (
            *("khoảng", "tầm", "độ", "chừng", "=cỡ", "áng chừng", "ước chừng", "ước khoảng", "vào khoảng"),
            *("khoảng chừng", "tầm khoảng", "khoảng độ", "khoảng tầm", "độ chừng", "độ khoảng", "~", "≈"),
            *("about", "around", "roughly", "approximately"),
        ),
        True,
    )
)
"""Words that make the number after them an estimate."""

VILLAGE: Final = Table(
    dict.fromkeys(
        ("xóm", "thôn", "bản", "làng", "ấp", "buôn", "khu", "tổ", "tổ dân phố", "khu phố", "đội", "khối"),
        True,
    )
)
"""What a village is called; a number may be part of its name."""

DONT_KNOW: Final = Table(
    dict.fromkeys(
        (
            *(
                "không biết",
                "ko biết",
                "k biết",
                "hông biết",
                "chưa biết",
                "chưa rõ",
                "không rõ",
                "ko rõ",
                "k rõ",
            ),
            *(
                "chưa có số liệu",
                "không có số liệu",
                "ko có số liệu",
                "k có số liệu",
                "chưa có số",
                "chưa thống kê",
            ),
            *(
                "chưa đếm",
                "không nhớ",
                "ko nhớ",
                "k nhớ",
                "chưa nhớ",
                "chưa nắm",
                "chưa nắm được",
                "không nắm được",
            ),
            *("don't know", "don’t know", "dont know", "do not know", "no idea", "not sure"),
            *("chịu", "chưa chắc", "không chắc", "ko chắc", "k chắc", "chưa xác định", "không xác định"),
        ),
        True,
    )
)
"""Not knowing is no answer, and never 0."""

DOUBTFUL: Final = Table(
    dict.fromkeys(
        ("chưa", "không", "ko", "k", "hông", "chẳng", "đâu", "không phải", "nhầm", "=à"), "negation"
    )
    | dict.fromkeys(
        (
            *(
                "hơn",
                "gần",
                "chưa đến",
                "chưa tới",
                "không đến",
                "không quá",
                "không tới",
                "dưới",
                "trên",
                "ít nhất",
            ),
            *(
                "nhiều nhất",
                "tối đa",
                "tối thiểu",
                "ngót",
                "ngoài",
                "quá",
                "trở lên",
                "trở xuống",
                "đổ lại",
                "đổ lên",
            ),
            *("chưa được", "non", "suýt", "suýt soát", "hơn kém", "<", ">", "≤", "≥"),
        ),
        "bound",
    )
    | dict.fromkeys(
        (
            *(
                "vài",
                "mấy",
                "dăm",
                "nhiều",
                "ít",
                "một ít",
                "một số",
                "mươi",
                "đôi",
                "lác đác",
                "hầu hết",
                "đa số",
            ),
            *("chắc", "hình như", "có lẽ", "có thể", "có khi", "nghe nói", "đâu như", "gì đó", "tá", "cặp"),
        ),
        "vague",
    )
    | dict.fromkeys(("từ", "đến", "tới", "hoặc", "hay"), "range")
    | dict.fromkeys(
        (
            *("tổng", "tổng cộng", "tổng số", "cộng", "thêm", "bớt", "tăng", "giảm", "trừ", "mất", "so với"),
            *("như cũ", "như kỳ trước", "như trước", "vẫn thế", "vẫn vậy", "không đổi", "+", "±"),
        ),
        "change",
    )
    | dict.fromkeys(("nửa", "một nửa", "phần", "rưỡi", "½", "¼", "¾", "⅓", "⅔"), "fraction")
    | dict.fromkeys(("âm", "trừ đi"), "negative")
    | dict.fromkeys(("bao nhiêu", "hả", "nhỉ", "?"), "question")
)
"""Words that show why an answer cannot be taken as it stands."""

HOUSEHOLDS: Final = (
    *(
        "hộ",
        "hộ gia đình",
        "hộ dân",
        "gia đình",
        "nhà",
        "nóc nhà",
        "nóc",
        "gđ",
        "ngôi nhà",
        "căn nhà",
        "cái nhà",
        "nếp nhà",
    ),
)
CHILDREN: Final = (
    "em",
    "cháu",
    "học sinh",
    "hs",
    "trẻ",
    "trẻ em",
    "em học sinh",
    "cháu học sinh",
    "bé",
    "đứa",
    "đứa trẻ",
)
SCHEMES: Final = ("công trình", "ct")
SAME: Final = (
    HOUSEHOLDS,
    CHILDREN,
    SCHEMES,
    ("khẩu", "nhân khẩu"),
    ("%", "phần trăm"),
    ("ha", "hecta", "hécta", "héc ta", "hec-ta", "héc-ta"),
    ("m2", "mét vuông", "m vuông"),
    ("đồng", "đ", "vnd", "vnđ", "đồng chẵn", "việt nam đồng"),
    ("km", "ki lô mét", "cây số"),
)
"""Words for the same unit stand together."""

OTHERS: Final = (
    *(
        "người",
        "m",
        "mét",
        "kg",
        "cân",
        "tấn",
        "tạ",
        "yến",
        "lít",
        "m3",
        "con",
        "cái",
        "chiếc",
        "tuổi",
        "ngày",
        "tháng",
    ),
    *(
        "tuần",
        "giờ",
        "phút",
        "lần",
        "lớp",
        "trường",
        "phòng",
        "bể",
        "giếng",
        "thôn",
        "xóm",
        "bản",
        "xã",
        "tổ",
        "suất",
    ),
    *("điểm", "đợt", "km2", "cây", "cuộc", "vụ", "bộ", "giáo viên", "cán bộ", "phụ nữ", "usd", "đô", "‰"),
)
LOCAL: Final = Table(dict.fromkeys(("sào", "mẫu", "công", "thước"), True))
"""Measures of land that differ from region to region."""

NOT: Final = Table(
    dict.fromkeys(("không", "ko", "k", "=hông", "=hổng", "hok", "kh", "kô", "chẳng", "none"), "no")
    | {"chưa": "not yet"}
)
"""What says no; "hong" without its mark may be hỏng (broken)."""

NEUTRAL_THINGS: Final = ("trường hợp", "cái")
"""May stand for whatever is counted in "không có … nào"."""


ENGLISH_ONE: Final = {"children": "child", "people": "person"}
"""English units whose one is not the word without its s."""


def english_one(unit: str) -> str:
    """One of what an English unit counts: households, household."""
    return ENGLISH_ONE.get(unit) or unit.removesuffix("s")


def names_of(unit: str) -> tuple[str, ...]:
    """The words for `unit`: its own, its English singular, and those that count as the same."""
    own = dict.fromkeys((unit, english_one(unit))) if unit else {}
    return next((group for group in SAME if unit in group), tuple(own))
