"""The words of questions beside the names of indicators, places and periods."""

from typing import Final

from queries.query import Format, Intent, Order, Relation
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table

ABBREVIATIONS: Final = {
    "dtts": "dân tộc thiểu số",
    "đtts": "dân tộc thiểu số",
    "hvs": "hợp vệ sinh",
    "bhyt": "bảo hiểm y tế",
    "nsh": "nước sinh hoạt",
    "ntm": "nông thôn mới",
    "đbkk": "đặc biệt khó khăn",
    "dbkk": "đặc biệt khó khăn",
    "sdd": "suy dinh dưỡng",
    "nvh": "nhà văn hóa",
    "th": "tiểu học",
    "thcs": "trung học cơ sở",
    "thpt": "trung học phổ thông",
    "mn": "miền núi",
    "kh": "kế hoạch",
    "ct": "công trình",
    "sx": "sản xuất",
    "bc": "báo cáo",
    "gn": "giải ngân",
    "htx": "hợp tác xã",
    "tl": "tỷ lệ",
    "ko": "không",
    "hok": "không",
    "dc": "được",
    "đc": "được",
    "bn": "bao nhiêu",
    "bnhieu": "bao nhiêu",
    "ntn": "như thế nào",
    "tn": "thế nào",
    "sv": "so với",
    "hs": "học sinh",
    "tb": "trung bình",
    "gnbv": "giảm nghèo bền vững",
    "csht": "cơ sở hạ tầng",
}
"""Short forms that officials write, with what they stand for."""

FILLER: Final = Table(
    dict.fromkeys(
        (
            *("ai", "những ai", "ai còn"),
            *(
                "cho",
                "cho tôi",
                "cho em",
                "cho mình",
                "cho anh",
                "cho chị",
                "cho hỏi",
                "hỏi",
                "xin",
                "xem",
                "coi",
            ),
            *(
                "muốn",
                "cần",
                "muốn biết",
                "cần biết",
                "cho biết",
                "biết",
                "báo giúp",
                "giúp",
                "hộ cái",
                "với ạ",
            ),
            *(
                "tôi",
                "em",
                "mình",
                "anh",
                "chị",
                "bác",
                "cô",
                "chú",
                "bot",
                "ad",
                "sếp",
                "lãnh đạo",
                "chúng tôi",
            ),
            *(
                "dạ",
                "vâng",
                "ạ",
                "nhé",
                "nhỉ",
                "nha",
                "thế",
                "=vậy",
                "à",
                "ơi",
                "chào",
                "xin chào",
                "cảm ơn",
                "ok",
            ),
            *(
                "là",
                "là bao nhiêu",
                "bao nhiêu",
                "mấy",
                "được bao nhiêu",
                "có bao nhiêu",
                "còn bao nhiêu",
                "bằng",
            ),
            *(
                "của",
                "ở",
                "tại",
                "trong",
                "trên",
                "về",
                "vào",
                "thuộc",
                "do",
                "từ",
                "đến",
                "tới",
                "để",
                "theo",
                "thì",
                "giai đoạn",
                "trở đi",
                "trở lại đây",
            ),
            *(
                "thế nào",
                "như thế nào",
                "ra sao",
                "sao rồi",
                "đến đâu",
                "đến đâu rồi",
                "tới đâu",
                "thế nào rồi",
            ),
            *(
                "các",
                "những",
                "mọi",
                "tất cả",
                "từng",
                "mỗi",
                "cái",
                "việc",
                "con số",
                "số",
                "số liệu",
                "số lượng",
            ),
            *(
                "tỷ lệ",
                "tỉ lệ",
                "phần trăm",
                "%",
                "tổng",
                "tổng số",
                "tình hình",
                "chỉ số",
                "kết quả",
                "thống kê",
                "báo cáo",
            ),
            *(
                "được",
                "đã",
                "đang",
                "đã được",
                "có",
                "đạt",
                "rồi",
                "nữa",
                "thêm",
                "xem hết",
                "lấy hết",
                "gửi hết",
                "tất",
                "mà",
                "thôi",
                "ngay",
                "nhanh",
            ),
            *(
                "địa bàn",
                "trên địa bàn",
                "khu vực",
                "đơn vị",
                "địa phương",
                "vùng",
                "toàn bộ",
                "gồm",
                "như",
                "này",
                "đó",
                "toàn",
                "cả",
                "trên toàn",
                "trong toàn",
            ),
            *(
                "bây giờ",
                "giờ",
                "hiện nay",
                "hiện tại",
                "hiện",
                "hiện giờ",
                "mới nhất",
                "gần nhất",
                "hôm nay",
                "nay",
            ),
            *(
                "hộ",
                "người",
                "nhà",
                "gia đình",
                "hộ gia đình",
                "người dân",
                "bà con",
                "đồng bào",
                "dân",
                "hộ dân",
            ),
            *(
                "sử dụng",
                "dùng",
                "đạt được",
                "tính",
                "tính đến",
                "tính đến nay",
                "đến nay",
                "cập nhật",
                "cụ thể",
                "chi tiết",
            ),
            *(
                "có thể",
                "làm ơn",
                "vui lòng",
                "đề nghị",
                "yêu cầu",
                "gửi",
                "lấy",
                "bảng",
                "in",
                "nêu",
                "liệt kê",
                "danh sách",
            ),
        ),
        True,
    )
)
"""Courtesy and grammar: words that change nothing."""

OF_NO_MEANING: Final = (
    "hộ số tỷ tỉ lệ được có đang đã sử dụng của người các những là cho trong ở tại đến gia đình đồng bào %"
)
MISSABLE: Final = frozenset(OF_NO_MEANING.split())
"""Words that may be missing from an indicator's name; "cho" is one, "chỗ" and "chợ" are not."""
INNER: Final = frozenset(map(bare, MISSABLE))
"""The same without marks, as they may stand inside a name that is typed."""

INTENTS: Final = Table(
    dict.fromkeys(
        (
            *("xếp hạng", "xếp thứ tự", "thứ hạng", "bảng xếp hạng", "đứng đầu", "đứng cuối", "đứng thứ mấy"),
            *("top", "tốp", "dẫn đầu", "đội sổ", "bét bảng"),
        ),
        Intent.RANKING,
    )
    | {
        f"{stands} {which}".strip(): Intent.RANKING
        for stands in ("", "đứng", "xếp", "xếp hạng", "đứng hàng")
        for which in ("thứ mấy", "thứ bao nhiêu", "hạng mấy", "hạng bao nhiêu")
    }
    | dict.fromkeys(
        (
            *(
                "xu hướng",
                "diễn biến",
                "biến động",
            ),
            *("theo thời gian",),
            *(
                "giảm bao nhiêu",
                "tăng bao nhiêu",
                "giảm được bao nhiêu",
                "tăng thêm bao nhiêu",
                "tăng hay giảm",
                "tăng giảm",
                "tăng giảm thế nào",
                "thay đổi",
                "thay đổi thế nào",
                "thay đổi ra sao",
            ),
            *(
                "mấy tháng nay",
                "mấy tuần nay",
                "mấy tháng qua",
            ),
            *("lịch sử", "các kỳ", "qua các kỳ", "gần đây"),
        ),
        Intent.TREND,
    )
    | dict.fromkeys(
        (
            *("so sánh", "so với", "đối chiếu", "hơn hay kém", "cao hơn hay thấp hơn", "bên nào", "hơn kém"),
            *("chênh nhau", "chênh lệch", "khác nhau"),
        ),
        Intent.COMPARE,
    )
    | dict.fromkeys(
        (
            *(
                "kế hoạch",
                "so với kế hoạch",
                "so kế hoạch",
                "chỉ tiêu",
                "so với chỉ tiêu",
                "mục tiêu",
                "tiến độ",
            ),
            *(
                "đạt chưa",
                "đạt kế hoạch chưa",
                "hoàn thành chưa",
                "đạt chỉ tiêu chưa",
                "đạt bao nhiêu phần trăm kế hoạch",
            ),
            *(
                "so với mục tiêu",
                "tiến độ thực hiện",
                "thực hiện kế hoạch",
                "kế hoạch giao",
            ),
            *(
                "chậm tiến độ",
                "đúng tiến độ",
                "quá hạn",
                "đến hạn",
                "còn thiếu bao nhiêu",
                "có đạt không",
                "đã đạt chưa",
            ),
        ),
        Intent.PROGRESS,
    )
    | dict.fromkeys(
        (
            *(
                "xuất",
                "xuất ra",
                "tải",
                "tải về",
                "tải xuống",
                "kết xuất",
                "trích xuất",
                "gửi file",
                "gửi tệp",
            ),
            *("xuất file", "xuất dữ liệu", "xuất số liệu"),
        ),
        Intent.EXPORT,
    )
    | dict.fromkeys(
        (
            *(
                "hỏi gì được",
                "hỏi được gì",
                "hỏi được những gì",
                "có thể hỏi gì",
                "hỏi thế nào",
                "hỏi như thế nào",
            ),
            *(
                "trợ giúp",
                "hướng dẫn",
                "giúp với",
                "giúp tôi với",
                "help",
                "cách hỏi",
                "biết làm gì",
                "làm được gì",
            ),
            *("có những số liệu gì", "có số liệu gì", "có những chỉ tiêu gì", "có những chỉ số nào"),
        ),
        Intent.HELP,
    )
)

REPORTED: Final = Table(
    {
        f"{denied} {verb} {what}".strip(): False
        for denied in ("chưa", "không", "chưa thấy")
        for verb in ("báo", "nộp", "gửi")
        for what in ("phiếu", "số liệu", "bc", "báo cáo", "đủ", "")
    }
    | dict.fromkeys(
        (
            *("báo chưa", "đã báo chưa", "báo đủ chưa", "gửi phiếu chưa", "nộp phiếu chưa", "gửi chưa"),
            *("nộp muộn", "gửi muộn", "báo muộn", "nộp trễ", "còn thiếu thôn nào", "còn thiếu xã nào"),
            *("thiếu báo cáo", "thiếu phiếu"),
        ),
        False,
    )
    | dict.fromkeys(
        ("báo rồi", "đã báo", "gửi rồi", "đã gửi phiếu", "đã nộp phiếu", "gửi phiếu", "nộp phiếu"), True
    )
    | dict.fromkeys(
        (
            *(
                "chưa báo cáo",
                "không báo cáo",
                "chưa nộp",
                "chưa gửi",
                "chưa nộp báo cáo",
                "chưa gửi báo cáo",
            ),
            *(
                "thiếu báo cáo",
                "còn thiếu báo cáo",
                "nợ báo cáo",
                "chưa có báo cáo",
                "báo cáo thiếu",
                "chậm báo cáo",
            ),
            *(
                "báo cáo chưa",
                "nộp chưa",
                "gửi chưa",
                "báo cáo đủ chưa",
                "nộp đủ chưa",
                "đủ báo cáo chưa",
                "đã báo cáo chưa",
            ),
            *(
                "nộp báo cáo chưa",
                "gửi báo cáo chưa",
                "đã nộp báo cáo chưa",
                "báo cáo hết chưa",
                "còn thiếu ai",
            ),
            *("chưa cập nhật", "chưa có số liệu", "trễ báo cáo", "báo cáo trễ", "báo cáo muộn", "chưa báo"),
            *(
                "báo cáo xong chưa",
                "báo cáo đầy đủ chưa",
                "đã gửi chưa",
                "đã nộp chưa",
                "thiếu ai",
                "im lặng",
            ),
            *(
                "tỷ lệ báo cáo",
                "tiến độ báo cáo",
                "tình hình báo cáo",
                "tình hình nộp báo cáo",
                "tiến độ nộp báo cáo",
            ),
        ),
        False,
    )
    | dict.fromkeys(
        (
            *("đã báo cáo", "đã nộp", "đã gửi", "báo cáo rồi", "đã nộp báo cáo", "đã gửi báo cáo", "nộp rồi"),
            *("nộp báo cáo", "gửi báo cáo", "báo cáo xong", "báo cáo đủ", "nộp đủ"),
        ),
        True,
    )
)
"""Who has reported: True when those are asked for who have."""

ORDERS: Final = Table(
    dict.fromkeys(
        (
            "cao nhất",
            "nhiều nhất",
            "lớn nhất",
            "đông nhất",
            "từ cao xuống thấp",
            "giảm dần",
            "cao xuống thấp",
        ),
        Order.HIGHEST,
    )
    | dict.fromkeys(
        (
            "thấp nhất",
            "ít nhất",
            "nhỏ nhất",
            "từ thấp đến cao",
            "tăng dần",
            "từ thấp lên cao",
            "thấp đến cao",
        ),
        Order.LOWEST,
    )
    | {"nhất": Order.HIGHEST}
    | dict.fromkeys(("tốt nhất", "khá nhất", "giỏi nhất", "nhanh nhất", "hay nhất"), Order.BEST)
    | dict.fromkeys(
        ("kém nhất", "tệ nhất", "yếu nhất", "chậm nhất", "xấu nhất", "đáng lo nhất", "khó khăn nhất", "bét"),
        Order.WORST,
    )
)

APART: Final = Table(
    {
        "nhiều": Order.HIGHEST,
        "cao": Order.HIGHEST,
        "đông": Order.HIGHEST,
        "ít": Order.LOWEST,
        "thấp": Order.LOWEST,
    }
)
"""The same with the indicator within: "nhiều nhà tạm nhất"."""

MOST: Final = Table({"nhất": True})

AGAINST_TARGET: Final = Table(
    {
        f"{verb} {what}": met
        for met, verbs in (
            (
                False,
                (
                    "chưa đạt",
                    "không đạt",
                    "chưa hoàn thành",
                    "chưa xong",
                    "còn kém",
                    "thấp hơn",
                    "dưới",
                    "chậm",
                ),
            ),
            (
                True,
                (
                    *("đã đạt", "đạt", "hoàn thành", "đã hoàn thành", "vượt", "đạt và vượt"),
                    *("không dưới", "không thấp hơn", "không chậm"),
                ),
            ),
        )
        for verb in verbs
        for what in ("chỉ tiêu", "kế hoạch", "mục tiêu", "chỉ tiêu kế hoạch", "so với kế hoạch", "tiến độ")
    }
    | {"chưa đạt": False, "chậm tiến độ": False, "chậm so với kế hoạch": False}
)
"""Units are picked by whether they meet the target."""

TARGETS: Final = Table(
    dict.fromkeys(
        (
            *("các chỉ tiêu", "những chỉ tiêu", "bảng chỉ tiêu", "chỉ tiêu nào", "tiến độ các chỉ tiêu"),
            *("các mục tiêu", "những mục tiêu", "mục tiêu nào", "tiến độ kế hoạch", "tiến độ chỉ tiêu"),
            *("các chỉ tiêu kế hoạch", "bảng chỉ tiêu kế hoạch", "thực hiện các chỉ tiêu"),
        ),
        "",
    )
    | {
        f"{what} {state}": standing
        for standing, states in (
            ("achieved", ("đạt", "đã đạt", "đạt rồi", "hoàn thành", "đã hoàn thành", "đã xong", "vượt")),
            (
                "behind",
                ("chậm", "bị chậm", "đang chậm", "chậm tiến độ", "quá hạn", "đã quá hạn", "chậm nhất"),
            ),
            ("behind", ("chưa đạt", "không đạt", "chưa hoàn thành", "chưa xong", "còn kém", "kém")),
            ("on_track", ("đúng tiến độ", "đang đúng tiến độ", "đúng hạn")),
            ("no_data", ("chưa có số liệu", "chưa có số", "thiếu số liệu", "không có số liệu")),
        )
        for what in (
            *("chỉ tiêu", "các chỉ tiêu", "những chỉ tiêu", "chỉ tiêu nào", "những chỉ tiêu nào"),
            *("mục tiêu", "các mục tiêu", "những mục tiêu", "mục tiêu nào", "những mục tiêu nào"),
        )
        for state in states
    }
)
"""The table of targets is asked for, and which of them: the standing as the roll-up has it, "" for all."""

RELATIONS: Final = Table(
    dict.fromkeys(
        (
            *("dưới", "thấp hơn", "ít hơn", "nhỏ hơn", "chưa đến", "chưa đạt", "chưa tới", "kém"),
            *("không đạt", "không đến", "không tới", "chưa được"),
        ),
        Relation.BELOW,
    )
    | dict.fromkeys(
        (
            *(
                "tối đa",
                "không quá",
                "từ dưới",
                "không trên",
                "không hơn",
                "không cao hơn",
                "không nhiều hơn",
            ),
            *("không vượt", "không vượt quá", "không lớn hơn", "chưa quá", "chưa vượt", "chưa vượt quá"),
        ),
        Relation.AT_MOST,
    )
    | dict.fromkeys(("trên", "hơn", "cao hơn", "nhiều hơn", "quá", "vượt", "lớn hơn", ">"), Relation.ABOVE)
    | {"<": Relation.BELOW}
    | dict.fromkeys(("<=", "≤", "=<"), Relation.AT_MOST)
    | dict.fromkeys((">=", "≥", "=>"), Relation.AT_LEAST)
    | dict.fromkeys(("từ", "ít nhất", "tối thiểu", "đạt từ", "đạt", "đạt được", "đã đạt"), Relation.AT_LEAST)
    | dict.fromkeys(
        ("không dưới", "không thấp hơn", "không ít hơn", "không nhỏ hơn", "không kém"), Relation.AT_LEAST
    )
)
"""Before a number."""

BETWEEN: Final = Table(
    dict.fromkeys(("từ", "trong khoảng", "khoảng", "khoảng từ", "nằm trong khoảng", "ở mức", "đạt từ"), True)
)
"""Before two numbers: "từ 80 đến 90 %"."""

COUNTED_AS: Final = Table(
    dict.fromkeys(("hộ", "nhà", "nóc nhà", "gia đình"), "household")
    | dict.fromkeys(
        ("người", "em", "trẻ", "cháu", "học sinh", "khẩu", "lao động", "phụ nữ", "cán bộ"), "person"
    )
)
"""Behind a number, or in an indicator's name: what is counted."""

ONE_OF_TWO: Final = Table({"giữa": True, "trong khoảng giữa": True})
"""Before two numbers with an "và" between: "giữa 80 và 90 %"."""

MANY: Final = frozenset(("nhieu", "it", "dong"))
"""An order by how many there are, not by how large a part they are."""

SHARE: Final = Table(dict.fromkeys(("tỷ lệ", "tỉ lệ", "phần trăm", "%"), True))

UP_TO: Final = Table(dict.fromkeys(("đến", "tới", "-", "–"), True))
"""Between two numbers."""

AFTERWARDS: Final = Table(
    dict.fromkeys(("trở lên", "trở đi", "đổ lên"), Relation.AT_LEAST)
    | dict.fromkeys(("trở xuống", "đổ xuống"), Relation.AT_MOST)
)
"""Behind a number: "50 % trở lên"."""

FORMATS: Final = Table(
    dict.fromkeys(
        (
            *(
                "biểu đồ",
                "vẽ biểu đồ",
                "=vẽ",
                "hình",
                "=ảnh",
                "bằng hình",
                "=bằng ảnh",
                "đồ thị",
                "vẽ đồ thị",
            ),
            *("dạng biểu đồ", "bằng biểu đồ", "dạng hình", "sơ đồ", "hình ảnh"),
        ),
        Format.PICTURE,
    )
    | dict.fromkeys(
        (
            "excel",
            "exel",
            "bảng tính",
            "xlsx",
            "file excel",
            "tệp excel",
            "file",
            "tệp",
            "ra excel",
            "bảng excel",
        ),
        Format.EXCEL,
    )
    | dict.fromkeys(("csv", "file csv"), Format.CSV)
    | dict.fromkeys(("json", "file json"), Format.JSON)
)

LEVELS: Final = Table(
    dict.fromkeys(("thôn", "bản", "xóm", "tổ dân phố", "thôn bản", "thôn xóm", "khu dân cư"), "thon")
    | dict.fromkeys(("trưởng thôn", "trưởng bản", "trưởng xóm"), "thon")
    | dict.fromkeys(("xã", "phường", "thị trấn", "xã phường"), "xa")
    | dict.fromkeys(("huyện", "quận", "thị xã"), "huyen")
    | dict.fromkeys(("tỉnh", "tỉnh thành"), "tinh")
)
"""A type word without a name behind it."""

EACH: Final = Table(
    dict.fromkeys(
        ("các", "những", "từng", "mỗi", "mọi", "theo", "theo từng", "chia theo", "tất cả các", "giữa các"),
        True,
    )
)
"""Before a level: its units are listed."""

LISTED: Final = Table(
    {
        f"{what} {each}".strip(): True
        for what in ("danh sách", "liệt kê", "tên", "kể tên", "nêu tên", "lọc", "tìm")
        for each in ("", "các", "những", "tất cả các")
    }
)
"""Before a level: those of its units are listed to which it applies."""

HOW_MANY: Final = Table(
    {
        f"{before} {what}".strip(): True
        for before in ("", "có", "còn", "được", "gồm")
        for what in ("bao nhiêu", "mấy")
    }
    | dict.fromkeys(("số", "tổng số", "số lượng"), True)
)
"""Before a level: its units are counted."""

WHOLE: Final = Table(
    dict.fromkeys(("toàn", "cả", "trong", "trên toàn", "trong toàn", "toàn bộ", "của", "ở", "địa bàn"), True)
)
"""Before a level: the asker's own unit of that level."""

OWN: Final = Table(
    dict.fromkeys(
        (
            "tôi",
            "ta",
            "mình",
            "em",
            "chúng tôi",
            "chúng ta",
            "nhà mình",
            "nhà",
            "này",
            "đây",
            "tôi phụ trách",
        ),
        True,
    )
)
"""Behind a level: the asker's own unit of that level."""

WHICH: Final = Table(dict.fromkeys(("nào", "nào nữa"), True))
"""Behind a level: its units are picked or ordered."""

WITHIN: Final = frozenset(("trong", "của", "ở", "địa"))
"""An own unit after one of these only says where: "xã Vĩnh Thông trong huyện"."""

AGES: Final = Table(
    dict.fromkeys(("cũ", "trước đây", "trước sáp nhập", "trước khi sáp nhập"), True)
    | dict.fromkeys(("mới", "sau sáp nhập", "sau khi sáp nhập"), False)
)
"""Behind a place: the one that is no more (True), or the one that stands."""

QUANTITY: Final = Table(
    {
        f"{before} {what}".strip(): True
        for before in ("", "có", "còn", "được", "là")
        for what in ("bao nhiêu", "mấy")
    }
    | dict.fromkeys(("số", "số lượng", "tổng", "tổng số", "tỷ lệ", "tỉ lệ", "phần trăm", "%"), True)
    | dict.fromkeys(("hộ", "người", "dân", "hộ dân", "gia đình", "người dân", "bà con"), True)
)
"""Asks for one number: which of them must be said ("Vĩnh Thông có bao nhiêu hộ")."""

GROUPS: Final = Table(
    dict.fromkeys(
        (
            *(
                "dân tộc thiểu số",
                "người dân tộc thiểu số",
                "đồng bào dân tộc thiểu số",
                "hộ dân tộc thiểu số",
            ),
            *("tăng", "giảm", "tăng thêm", "giảm được", "giảm đi", "tăng lên", "giảm bớt"),
            *("phụ nữ", "trẻ em", "trẻ em gái", "bé gái", "nam giới", "nữ giới", "chủ hộ", "chủ hộ là nữ"),
            *("người già", "người cao tuổi", "người khuyết tật", "khuyết tật", "thanh niên", "người có công"),
        ),
        True,
    )
)
"""Some of the people, or a change: what is counted for all at a time is not that."""

PEOPLE: Final = Table(
    dict.fromkeys(
        (
            *("hộ", "người", "nhà", "gia đình", "hộ gia đình", "người dân", "bà con", "đồng bào"),
            *("dân", "hộ dân"),
        ),
        True,
    )
)
"""Of whom something is counted."""

REQUESTS: Final = Table(dict.fromkeys(("cần", "muốn", "xin", "đề nghị", "yêu cầu", "có thể"), True))
"""Courtesy of who asks; behind others it says what these want."""

TELLING: Final = Table(
    dict.fromkeys(("xem", "biết", "hỏi", "lấy", "gửi", "in", "nêu", "số liệu", "cho", "cho biết"), True)
)
"""Behind a request: it is for figures."""

COUNTING: Final = frozenset(("so", "nhieu", "may", "luong"))
"""The last word before what is counted: "số người", "bao nhiêu người"."""

MONEY: Final = frozenset(("tiền", "vốn"))

LATE: Final = Table(dict.fromkeys(("chậm tiến độ", "đúng tiến độ", "quá hạn", "đến hạn"), True))
"""How single works or tasks stand, which no figure says of a whole domain."""

EXACTLY: Final = Table(
    dict.fromkeys(
        ("có", "đúng", "có đúng", "bằng", "bằng đúng", "vừa đúng", "chỉ có", "chỉ còn", "còn đúng"), True
    )
)
"""Before a number that is the value itself: "thôn nào có đúng 5 nhà tạm"."""

PARTICLES: Final = Table(dict.fromkeys(("chưa", "không"), True))
"""A question ends so; there they deny nothing."""

NATION: Final = Table(dict.fromkeys(("cả nước", "toàn quốc", "nước ta", "việt nam", "trung ương"), True))

NEGATION: Final = Table(
    dict.fromkeys(
        (
            *("chưa có", "không có", "chưa được", "không được", "chưa dùng", "không dùng", "chưa được dùng"),
            *(
                "chưa sử dụng",
                "không sử dụng",
                "chưa đạt",
                "không đạt",
                "chưa tham gia",
                "không tham gia",
                "còn thiếu",
            ),
            *("chưa được sử dụng", "chưa", "không", "thiếu", "chưa biết", "không biết"),
            *(
                "hết",
                "đã hết",
                "không còn",
                "chẳng còn",
                "không xảy ra",
                "không để xảy ra",
                "không phát sinh",
            ),
        ),
        True,
    )
    | dict.fromkeys(("chưa hết", "vẫn chưa hết", "không hết"), False)
)
"""Turns the indicator behind it round; False where it is denied twice ("chưa hết nhà tạm")."""

FOLLOW: Final = Table(
    dict.fromkeys(
        (
            *(
                "còn",
                "thế còn",
                "vậy còn",
                "còn của",
                "còn ở",
                "thì sao",
                "thế thì sao",
                "thì thế nào",
                "thế",
                "cũng",
            ),
            *("cũng thế", "tương tự", "như trên", "cũng vậy", "giống vậy", "tiếp", "vẫn thế"),
        ),
        True,
    )
)
"""Goes on from the question before."""

EXCEPT: Final = Table(
    dict.fromkeys(
        (
            *(
                "trừ",
                "trừ ra",
                "ngoại trừ",
                "loại trừ",
                "ngoài",
                "không tính",
                "chưa tính",
                "không kể",
                "chưa kể",
            ),
            *(
                "không gồm",
                "không bao gồm",
                "chưa gồm",
                "bỏ",
                "bỏ ra",
                "loại",
                "loại ra",
                "không lấy",
                "không phải",
            ),
        ),
        True,
    )
)
"""Before what is left out of a sum: sums are not told so, and the place must not be taken for the one asked about."""

RANK: Final = Table(
    {
        f"{stands} {which}".strip(): True
        for stands in ("", "đứng", "xếp", "xếp hạng", "đứng hàng")
        for which in ("thứ mấy", "thứ bao nhiêu", "hạng mấy", "hạng bao nhiêu")
    }
)
"""Which place in the order a unit has."""

UNTIL: Final = Table(
    {
        f"{lead}{until}": False
        for lead in ("", "tính ")
        for until in ("đến", "tới", "đến hết", "tới hết", "đến thời điểm")
    }
    | {
        f"{summed} {until}".strip(): True
        for summed in ("lũy kế", "luỹ kế", "cộng dồn")
        for until in (
            "",
            "đến",
            "tới",
            "đến hết",
            "tính đến",
            "tính đến hết",
            "đến nay",
            "tính đến nay",
        )
    }
    | dict.fromkeys(("đến nay", "tới nay", "tính đến nay", "đến giờ", "đến thời điểm này"), True)
)
"""Everything up to a time, of what is counted over a time from the year's beginning; True by itself too."""

BY_UNIT: Final = Table(
    {
        f"{each} {unit}": (0, length)
        for unit, length in (("tuần", "week"), ("tháng", "month"), ("quý", "quarter"), ("năm", "year"))
        for each in (
            *("theo", "theo từng", "từng", "qua các", "qua từng", "hằng", "hàng", "các", "mỗi", "qua mỗi"),
            *("trong các", "chi tiết từng", "chi tiết theo"),
        )
    }
)
"""Over time, in steps of that length."""

AND: Final = Table(dict.fromkeys(("và", "với", "cùng", "hay", "hoặc", "&", "+", ","), True))

LAST_YEAR: Final = ("năm trước", "năm ngoái")
PREVIOUS: Final = Table(
    dict.fromkeys(
        (
            *(
                "so với tuần trước",
                "so với tháng trước",
                "so với quý trước",
                "so với kỳ trước",
            ),
        ),
        "",
    )
    | {
        f"{compared} {when}".strip(): "year_ago"
        for compared in ("", "so", "so với")
        for same in ("cùng kỳ", "cùng kì")
        for when in (
            same,
            *(f"{same} {year}" for year in LAST_YEAR),
            *(f"{year} {same}" for year in LAST_YEAR),
        )
    }
    | {f"{compared} {when}": "year_ago" for compared in ("so", "so với") for when in LAST_YEAR}
    | {"so với đầu năm": "year_start", "so đầu năm": "year_start"}
)
"""A period before is wanted beside: the one before, the same a year before, or the year's first."""

PERSONAL: Final = Table(
    dict.fromkeys(
        (
            *(
                "số điện thoại",
                "sđt",
                "sdt",
                "điện thoại",
                "số đt",
                "tên chủ hộ",
                "họ tên",
                "tên tuổi",
                "chủ hộ là ai",
            ),
            *(
                "nhà ông",
                "nhà bà",
                "hộ ông",
                "hộ bà",
                "nhà anh",
                "nhà chị",
                "hộ anh",
                "hộ chị",
                "ông nào",
                "bà nào",
            ),
            *(
                "tên trưởng thôn",
                "trưởng thôn là ai",
                "trưởng bản là ai",
                "là ai",
                "tên là gì",
                "địa chỉ nhà",
                "cccd",
                "căn cước",
                "chứng minh thư",
            ),
            *(
                "danh sách hộ nghèo",
                "danh sách các hộ nghèo",
                "tên các hộ",
                "những ai nghèo",
                "tên những hộ",
                "danh tính",
            ),
            *(
                "hộ nào nghèo",
                "nhà nào nghèo",
                "gia đình nào",
                "nhà nào",
                "hộ nào",
                "người nào",
                "tên người",
                "ngày sinh",
            ),
            *(
                "tên hộ",
                "tên bà con",
                "tên cán bộ",
                "số zalo",
                "zalo của",
                "facebook",
                "mật khẩu",
                "password",
                "token",
            ),
        ),
        True,
    )
)
"""Asks about a person or one household: refused to everybody."""

OUTSIDE: Final = Table(
    dict.fromkeys(("sóng điện thoại", "mạng điện thoại", "thuê bao điện thoại", "dân số", "số dân"), True)
)
"""No figure here, though a part of it sounds like a person's data or like a domain."""

CHANGE: Final = Table(
    dict.fromkeys(
        (
            *(
                "sửa",
                "sửa lại",
                "sửa số",
                "xóa số",
                "xóa số liệu",
                "xóa báo cáo",
                "xóa dữ liệu",
                "xóa đi",
                "đổi thành",
                "đổi số",
                "thay bằng",
                "chỉnh lại",
            ),
            *(
                "cập nhật thành",
                "cập nhật lại",
                "ghi thành",
                "nhập lại",
                "tăng lên thành",
                "giảm xuống thành",
                "hủy báo cáo",
            ),
            *(
                "drop table",
                "delete from",
                "update",
                "insert into",
                "làm đẹp số liệu",
                "nâng số",
                "bớt số",
                "khai thành",
            ),
        ),
        True,
    )
)
"""Asks to change what was reported: refused to everybody."""

BEFORE_NUMBER: Final = Table(dict.fromkeys(("top", "tốp", "lấy"), True))
