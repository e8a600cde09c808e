"""What the province, the district and the communes of the second ground report of capital, works and tasks.

Plausible, always the same, and more from one quarter to the next. What is allocated is the plan's own.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from bot.demo.invented import SEED
from plans.reading import load_plans

Words = dict[str, str]
PLAN: Final = "nghe-an-352"
SPENT: Final = (0.62, 0.42, 0.2, 0.06)
"""The share of its year's capital that is paid out, now and one, two and three quarters ago."""
BUILDING: Final = ("1", "2", "4", "5_1", "6", "7", "9_1")
RUNNING: Final = ("1", "3_1", "3_2", "4", "5_1", "5_2", "5_3", "5_4")
RUNNING_6_10: Final = ("6", "7", "8", "9_1", "9_2", "10_1", "10_2", "10_3")


def allocated(kind: str, line: str) -> int:
    """What the plan allocates to a line of capital, in million đồng: ("dt", "5_1") is investment for sub-project 5.1."""
    return int(load_plans().programmes[PLAN].amounts[f"von-{kind}-{line.replace('_', '-')}-2023"])


def paid_out(kind: str, lines: tuple[str, ...], ticked: str, back: int) -> Words:
    """What is paid out of some lines: of most a part that grows, of one all, of one nothing yet."""
    amounts: Words = {}
    for line in lines:
        # One chance for each line, not for each month: what is paid out can then only grow.
        luck = Random(f"{SEED} {kind} {line}")
        share = 1.0 if line == "7" and kind == "dt" and back < 2 else SPENT[back] * luck.uniform(0.6, 1.25)
        amount = 0 if (kind, line) == ("sn", "9_2") else round(allocated(kind, line) * share)
        if amount:
            amounts[f"von_{kind}_{line}_tien"] = str(amount)
    chosen = " ".join(f"da_{line}" for line in lines if f"von_{kind}_{line}_tien" in amounts)
    return {ticked: chosen, **amounts}


def building(unit: str, back: int) -> Words:
    """The questionnaire von-dau-tu, `back` quarters ago."""
    total = sum(allocated("dt", line) for line in BUILDING)
    return {"von_dt_giao": str(total), **paid_out("dt", BUILDING, "von_dt_dong", back)}


def running(unit: str, back: int) -> Words:
    """The questionnaire von-su-nghiep."""
    total = sum(allocated("sn", line) for line in (*RUNNING, *RUNNING_6_10))
    return {"von_sn_giao": str(total), **paid_out("sn", RUNNING, "von_sn_dong", back)}


def running_6_10(unit: str, back: int) -> Words:
    """The questionnaire von-su-nghiep-da-6-10."""
    return paid_out("sn", RUNNING_6_10, "von_sn_dong_2", back)


def water_works(unit: str, back: int) -> Words:
    """The questionnaire cong-trinh-nuoc: 22 of the year's 26 schemes had their capital by the middle of the year."""
    first = {"nuoc_ct_dau_tu_ky": "22", "nuoc_ct_khoi_cong_ky": "1", "nuoc_ct_xong_ky": "9"}
    return first if back == 1 else {"nuoc_ct_dau_tu_ky": "0", "nuoc_ct_xong_ky": "4"}


def other_funds(unit: str, back: int) -> Words:
    """The questionnaire von-khac."""
    return {"vk_doi_ung": "95000", "vk_tin_dung": "61000", "vk_vien_tro": "0", "vk_dong_gop": "8400"}


WORKS: Final[Mapping[str, tuple[tuple[str, str, int], ...]]] = {
    "Mỹ Lý": (
        ("Khu bố trí dân cư bản Xốp Tụ (số liệu giả lập)", "tai_dinh_cu", 35),
        ("Đường vào bản Huồi Nhạ (giả lập)", "duong", 60),
    ),
    "Bảo Nam": (("Khu bố trí dân cư bản Nam Tiến 2 (số liệu giả lập)", "tai_dinh_cu", 55),),
    "Hữu Lập": (("Ngầm tràn Chà Lạn (giả lập)", "ngam_cau", 80),),
}
"""The works of each commune: name, kind and how far each is now, in percent."""


def works(unit: str, back: int) -> Words:
    """The questionnaire cong-trinh of a commune: works under way, further with every half-year."""
    some = WORKS.get(unit, ())
    said: Words = {"ct_so": str(len(some))}
    for row, (name, kind, percent) in enumerate(some, 1):
        far = {"ct_trang_thai": "dang_lam", "ct_phan_tram": str(max(percent - 25 * back, 5))}
        work = {"ct_ten": name, "ct_loai": kind, **far}
        said |= {f"{question}[{row}]": value for question, value in work.items()}
    return {**said, "ct_thon_thong": "0"} if some else said


CAPITAL_FORMS: Final[Mapping[str, Callable[[str, int], Words]]] = {
    "von-dau-tu": building,
    "von-su-nghiep": running,
    "von-su-nghiep-da-6-10": running_6_10,
    "cong-trinh-nuoc": water_works,
    "von-khac": other_funds,
    "cong-trinh": works,
}
"""How a questionnaire on capital and works is answered for a unit of this name, by its name."""
