"""What the province, the district and the communes of the second ground report of capital, works and tasks.

Plausible, always the same, and more from one quarter to the next. What is allocated is the plan's own.
"""

from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from bot.demo.invented import SEED
from plans.reading import load_plans

Words = dict[str, str]
CAPITAL_PLAN: Final = "nghe-an-352"
SPENT: Final = (0.62, 0.42, 0.2, 0.06)
"""The share of its year's capital that is paid out, now and one, two and three quarters ago."""
BUILDING: Final = ("1", "2", "4", "5_1", "6", "7", "9_1")
RUNNING: Final = ("1", "3_1", "3_2", "4", "5_1", "5_2", "5_3", "5_4")
RUNNING_6_10: Final = ("6", "7", "8", "9_1", "9_2", "10_1", "10_2", "10_3")


def allocated(kind: str, line: str) -> int:
    """What the plan allocates to a line of capital, in million đồng: ("dt", "5_1") is investment for sub-project 5.1."""
    return int(load_plans().programmes[CAPITAL_PLAN].amounts[f"von-{kind}-{line.replace('_', '-')}-2023"])


def paid_of(kind: str, line: str, back: int) -> int:
    """What is paid out of one line, in million đồng."""
    if (kind, line) == ("sn", "9_2"):
        return 0
    if (kind, line) == ("dt", "7") and back < 2:
        return allocated(kind, line)
    # One random number for each line, not for each month, so that what is paid out can only grow.
    luck = Random(f"{SEED} {kind} {line}")
    return round(allocated(kind, line) * SPENT[back] * luck.uniform(0.6, 1.25))


def paid_out(kind: str, lines: tuple[str, ...], ticked: str, back: int) -> Words:
    """What is paid out of some lines: of most a part that grows, of one all, of one nothing yet."""
    amounts: Words = {}
    for line in lines:
        if amount := paid_of(kind, line, back):
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
    first = {"nuoc_ct_chuyen_tiep_ky": "21", "nuoc_ct_khoi_cong_ky": "1", "nuoc_ct_xong_ky": "9"}
    none = {"nuoc_ct_chuyen_tiep_ky": "0", "nuoc_ct_khoi_cong_ky": "0", "nuoc_ct_xong_ky": "4"}
    return first if back == 1 else none


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


def of_district(unit: str, back: int) -> Words:
    """The questionnaire von-huyen of a district: paid out more and more."""
    lasting = Random(f"{SEED} {unit} capital of the district")
    given, running_costs = lasting.randrange(40_000, 90_000), lasting.randrange(30_000, 70_000)
    share = SPENT[min(back, len(SPENT) - 1)] * lasting.uniform(0.8, 1.2)
    return {
        "vh_dt_giao": str(given),
        "vh_dt_chi": str(round(given * share)),
        "vh_sn_giao": str(running_costs),
        "vh_sn_chi": str(round(running_costs * share * 0.7)),
        "vh_doi_ung": str(round(given * share * 0.05)),
    }


def tasks(prefix: str, done: str, under_way: str, stuck: Mapping[str, str], **more: str) -> Words:
    """A questionnaire on tasks: which are done, under way and stuck, and what holds up each that is."""
    said = {
        f"{prefix}_xong_viec": done,
        f"{prefix}_dang_viec": under_way,
        f"{prefix}_vuong_viec": " ".join(stuck),
    }
    why = {f"{prefix}_vuong[{row}]": words for row, words in enumerate(stuck.values(), 1)}
    numbers = {f"{prefix}_{name}": value for name, value in more.items()}
    return {name: value for name, value in {**said, **why, **numbers}.items() if value}


def of_programme(unit: str, back: int) -> Words:
    """The questionnaire nhiem-vu of the province: how the programme's projects went by the middle of the year."""
    going = "mt_1 mt_2 mt_3_1 mt_3_2 mt_4 mt_5_1 mt_5_3 mt_6 mt_7 mt_8 mt_9_1 mt_10_1 mt_10_3"
    why = {"mt_3_1": "Chưa có hướng dẫn khoán rừng (giả lập)", "mt_9_2": "Giao vốn chậm (giả lập)"}
    return tasks("nv", "mt_5_2", going, why, kiem_tra="6")


def of_the_plan(unit: str, back: int) -> Words:
    """The questionnaire nhiem-vu-nghe-an of the province: the tasks of the plan's own agencies."""
    why = {"na_3_2": "Ngân sách địa phương hụt thu (giả lập)", "nd_9_2_a": "Giao vốn chậm (giả lập)"}
    agencies = "na_2_2 na_3_1 na_3_2 na_4 na_5_2 na_6_1 na_7_1"
    projects = "nd_3_1 nd_3_2_a nd_3_2_b nd_3_2_yt nd_4 nd_5_1_a nd_5_3 nd_6 nd_7_a nd_8 nd_9_2_a nd_10_1_a nd_10_1_b"
    going = f"{agencies} {projects}"
    return tasks("nvna", "na_1 na_2_1 nd_5_2", going, why)


def of_districts(unit: str, back: int) -> Words:
    """The questionnaire nhiem-vu-huyen-nghe-an."""
    return tasks("nvhna", "hna_1 hna_3", "hna_2 hna_5", {"hna_4": "Huyện chưa cân đối được vốn (giả lập)"})


def resettlement(unit: str, back: int) -> Words:
    """The questionnaire bo-tri-dan-cu-nghe-an: how far each of the plan's four projects was by then."""
    far = {"xop_tu": 35, "nam_tien_2": 55, "khe_hoc": 60, "long_thang": 80}
    percent = {f"tdc_{name}": str(max(most - 20 * back, 5)) for name, most in far.items()}
    return {**percent, "tdc_vuong_viec": "khe_hoc", "tdc_vuong[1]": "Mặt bằng (giả lập)"}


CAPITAL_FORMS: Final[Mapping[str, Callable[[str, int], Words]]] = {
    "von-dau-tu": building,
    "von-su-nghiep": running,
    "von-su-nghiep-da-6-10": running_6_10,
    "cong-trinh-nuoc": water_works,
    "von-khac": other_funds,
    "cong-trinh": works,
    "von-huyen": of_district,
    "nhiem-vu": of_programme,
    "nhiem-vu-nghe-an": of_the_plan,
    "nhiem-vu-huyen-nghe-an": of_districts,
    "bo-tri-dan-cu-nghe-an": resettlement,
}
"""How a questionnaire on capital and works is answered for a unit of this name, by its name."""
