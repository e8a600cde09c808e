"""What the invented villages report: plausible, always the same, and moving slowly from week to week."""

from collections.abc import Callable
from random import Random
from typing import Final

from bot.demo.invented import SEED, DemoVillage

Answers = dict[str, int]


def chance_of(village: DemoVillage, what: str) -> Random:
    """The village's own luck, the same in every run."""
    return Random(f"{SEED} {village.name} {what}")


def minority_of(village: DemoVillage) -> int:
    """How many of the village's households are of ethnic minorities."""
    return round(village.households * chance_of(village, "water").uniform(0.7, 0.98))


def counted_again(village: DemoVillage, luck: Random) -> int:
    """The same as another questionnaire has it: now and then a village leaves a few out."""
    return minority_of(village) - (2 if luck.random() > 0.9 else 0)


def water(village: DemoVillage, back: int) -> Answers:
    """The questionnaire nuoc-sach, `back` periods ago: more households with good water as time goes on."""
    lasting, now = chance_of(village, "water"), chance_of(village, f"water {back}")
    households = village.households
    minority = round(households * lasting.uniform(0.7, 0.98))  # as `minority_of` has it
    reached = lasting.uniform(0.74, 0.95) - 0.004 * back
    good = min(households, round(households * reached))
    good_minority = max(0, min(minority, good - round((households - minority) * 0.97)))
    piped = round(good * lasting.choice((0.0, 0.25, 0.4, 0.6)))
    broken = int(piped > 0 and now.random() < 0.12)
    short = min(households, now.choice((0, 0, 0, 1, 2, 3)) + 6 * broken)
    return {
        "nuoc_ho": households,
        "nuoc_ho_dtts": minority,
        "nuoc_ho_hvs": good,
        "nuoc_ho_dtts_hvs": good_minority,
        "nuoc_ho_tap_trung": piped,
        "nuoc_ho_thieu": short,
        "nuoc_ct_hong": broken,
    }


def housing(village: DemoVillage, back: int) -> Answers:
    """The questionnaire nha-o, `back` periods ago: one makeshift house after the other is replaced."""
    lasting = chance_of(village, "housing")
    makeshift = lasting.randrange(2, 6) + back
    return {
        "nha_thieu_kien_co": makeshift + lasting.randrange(1, 6),
        "nha_tam": makeshift,
        "nha_can_ho_tro": max(0, makeshift - 1),
        "nha_da_ho_tro": max(0, lasting.randrange(9, 16) - back),
        "nha_dang_lam": lasting.randrange(0, 3),
    }


def support(village: DemoVillage, back: int) -> Answers:
    """The questionnaire ho-tro: how many households got help in the period."""
    now = chance_of(village, f"support {back}")
    finished = now.choice((0, 0, 1))
    return {
        "nha_ho_tro_ky": finished,
        "nha_xong": finished,
        "nuoc_ho_tro_ky": now.choice((0, 0, 1, 2)),
        "dat_o_ho_tro_ky": now.choice((0, 0, 0, 1)),
        "dat_sx_ho_tro_ky": now.choice((0, 0, 1)),
        "dat_nghe_ho_tro_ky": now.choice((0, 0, 0, 2)),
    }


def poverty(village: DemoVillage, back: int) -> Answers:
    """The questionnaire giam-ngheo, `back` periods ago: poor households grow fewer."""
    lasting = chance_of(village, "poverty")
    households = village.households
    minority = counted_again(village, lasting)
    poor = min(households // 2, round(households * lasting.uniform(0.08, 0.25)) + back)
    answers: Answers = {
        "gn_ho": households,
        "gn_ho_dtts": minority,
        "gn_ngheo": poor,
        "gn_can_ngheo": round(households * lasting.uniform(0.05, 0.15)),
        "dat_o_thieu": lasting.randrange(0, 3),
        "dat_sx_thieu": lasting.randrange(0, 5),
    }
    return with_parts(answers, "gn_ngheo", gn_ngheo_dtts=min(minority, round(poor * 0.9)))


def resettlement(village: DemoVillage, back: int) -> Answers:
    """The questionnaire dan-cu, `back` periods ago: fewer households left in dangerous places."""
    lasting = chance_of(village, "resettlement")
    waiting = max(0, lasting.choice((0, 0, 2, 4)) + back - 1)
    moved = int(waiting > 0 and back == 0)
    answers: Answers = {
        "dc_can": waiting,
        "dc_xong_dtts": lasting.randrange(0, 4),
        "dc_bo_tri_ky": moved,
        "dc_tu_do_ky": 0,
    }
    answers = with_parts(answers, "dc_can", dc_nguy_co=waiting // 2, dc_can_dtts=waiting)
    return with_parts(answers, "dc_bo_tri_ky", dc_xen_ghep_ky=moved)


def health(village: DemoVillage, back: int) -> Answers:
    """The questionnaire y-te, `back` periods ago: more people insured, fewer children underweight."""
    lasting, now = chance_of(village, "health"), chance_of(village, f"health {back}")
    people = round(village.households * lasting.uniform(3.6, 4.4))
    births, small = now.randrange(0, 4), max(3, village.households // 4)
    answers: Answers = {"yt_dtts": people, "yt_sinh": births, "yt_tre5": small}
    answers = with_parts(
        answers, "yt_dtts", yt_dtts_bhyt=round(people * lasting.uniform(0.88, 0.99)) - 2 * back
    )
    answers = with_parts(
        answers, "yt_sinh", yt_sinh_kham=max(0, births - now.choice((0, 0, 1))), yt_sinh_an_toan=births
    )
    return with_parts(answers, "yt_tre5", yt_tre5_nhe=min(small, lasting.randrange(1, 4) + back // 2))


def schooling(village: DemoVillage, back: int) -> Answers:
    """The questionnaire giao-duc, `back` periods ago: nearly all children at school."""
    return attending(village, back, (("gd_5_tuoi", 0.07, 0.98), ("gd_tieu_hoc", 0.38, 0.99)))


def higher_schooling(village: DemoVillage, back: int) -> Answers:
    """The questionnaire trung-hoc-xoa-mu-chu, `back` periods ago: fewer of the oldest at school; some learn to read."""
    learning = chance_of(village, "reading").choice((0, 0, 3, 6))
    answers = attending(village, back, (("gd_thcs", 0.3, 0.96), ("gd_thpt", 0.2, 0.78)))
    answers["gd_xmc"] = learning
    return with_parts(answers, "gd_xmc", gd_xmc_nu=learning * 2 // 3)


def attending(village: DemoVillage, back: int, ages: tuple[tuple[str, float, float], ...]) -> Answers:
    """How many children of some ages there are, and how many of them go to school."""
    lasting = chance_of(village, "schooling")
    answers: Answers = {}
    for name, per_household, share in ages:
        children = max(1, round(village.households * per_household * lasting.uniform(0.8, 1.2)))
        answers[name] = children
        answers[f"{name}_hoc"] = max(0, min(children, round(children * share) - back % 2))
    return answers


def work(village: DemoVillage, back: int) -> Answers:
    """The questionnaire viec-lam, `back` periods ago: more and more have learnt a trade."""
    lasting = chance_of(village, "work")
    able = round(village.households * lasting.uniform(1.8, 2.4))
    trained = max(1, round(able * lasting.uniform(0.2, 0.45)) - 2 * back)
    finished = min(trained, lasting.randrange(1, 5))
    return {
        "vl_lao_dong": able,
        "vl_thong_tin": round(able * lasting.uniform(0.4, 0.8)),
        "vl_dao_tao": trained,
        "vl_hoc_xong": finished,
        "vl_co_viec": max(0, finished - 1),
    }


def women(village: DemoVillage, back: int) -> Answers:
    """The questionnaire phu-nu, `back` periods ago: early marriages are rare."""
    now = chance_of(village, f"women {back}")
    couples, women_and_girls = now.randrange(0, 3), round(village.households * 1.7)
    answers: Answers = {"bd_ket_hon": couples, "bd_phu_nu": women_and_girls}
    early = int(couples > 0 and now.random() < 0.1)
    answers = with_parts(answers, "bd_ket_hon", bd_tao_hon=early, bd_can_huyet=0)
    return with_parts(answers, "bd_phu_nu", bd_phu_nu_luat=round(women_and_girls * now.uniform(0.3, 0.7)))


def farming(village: DemoVillage, back: int) -> Answers:
    """The questionnaire kinh-te, `back` periods ago: more households grow for the market."""
    lasting = chance_of(village, "farming")
    farms = round(village.households * lasting.uniform(0.6, 0.85))
    return {
        "kt_nong_dtts": farms,
        "kt_hang_hoa": max(0, round(farms * lasting.uniform(0.15, 0.35)) - back),
        "kt_lien_ket": max(0, round(farms * lasting.uniform(0.05, 0.15)) - back),
        "kt_rung_ho": round(village.households * lasting.uniform(0.2, 0.5)),
        "kt_gao_ho": lasting.randrange(0, 4),
    }


def hearing(village: DemoVillage, back: int) -> Answers:
    """The questionnaire thong-tin, `back` periods ago: nearly all watch television and hear the radio."""
    lasting = chance_of(village, "hearing")
    households = village.households
    minority = counted_again(village, lasting)
    watching = min(minority, round(minority * lasting.uniform(0.85, 0.99)))
    return {
        "tt_ho": households,
        "tt_ho_dtts": minority,
        "tt_ho_xem": watching + (households - minority),
        "tt_ho_dtts_xem": watching,
        "tt_luat_buoi": lasting.randrange(1, 4) + back % 2,
    }


def with_parts(answers: Answers, whole: str, **parts: int) -> Answers:
    """`answers` with the parts of `whole`, which are asked only where there is something of it."""
    return {**answers, **parts} if answers[whole] else answers


QUESTIONNAIRES: Final[dict[str, Callable[[DemoVillage, int], Answers]]] = {
    "nuoc-sach": water,
    "nha-o": housing,
    "ho-tro": support,
    "giam-ngheo": poverty,
    "dan-cu": resettlement,
    "y-te": health,
    "giao-duc": schooling,
    "trung-hoc-xoa-mu-chu": higher_schooling,
    "viec-lam": work,
    "phu-nu": women,
    "kinh-te": farming,
    "thong-tin": hearing,
}
"""How a questionnaire of the villages is answered, by its name."""

Words = dict[str, str]
STUCK: Final = (
    ("von", "Vốn sự nghiệp giao chậm, chưa phân bổ được cho các thôn.", "Giao vốn ngay từ đầu năm."),
    ("ha_tang", "Đường vào hai thôn sạt lở sau mưa, xe không vào được.", "Bố trí vốn sửa chữa đột xuất."),
    ("nuoc", "Bể nước tập trung hỏng van, thiếu người quản lý.", ""),
    ("khong", "", ""),
)
"""What is stuck somewhere, and what is proposed."""


def capital(place: str, back: int) -> Words:
    """The questionnaire von-xa of a commune, `back` periods ago: paid out more and more."""
    lasting = Random(f"{SEED} {place} capital")
    building, running = lasting.randrange(1200, 6000), lasting.randrange(400, 2500)
    share = max(0.05, lasting.uniform(0.55, 0.9) - 0.25 * back)
    return {
        "vx_dt_giao": f"{building}",
        "vx_dt_chi": f"{round(building * share)}",
        "vx_sn_giao": f"{running}",
        "vx_sn_chi": f"{round(running * share * 0.8)}",
    }


def difficulties(place: str, back: int) -> Words:
    """The questionnaire vuong-mac of an officer's unit, `back` periods ago."""
    field, words, proposal = Random(f"{SEED} {place} stuck {back}").choice(STUCK)
    said = {"vm_linh_vuc": field, "vm_noi_dung": words, "vm_kien_nghi": proposal}
    said["vm_so_khac"] = "0" if words else ""
    return {name: value for name, value in said.items() if value}


OFFICERS_FORMS: Final[dict[str, Callable[[str, int], Words]]] = {
    "von-xa": capital,
    "vuong-mac": difficulties,
}
"""How a questionnaire of officers is answered for a unit of this name, by its name."""
