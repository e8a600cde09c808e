"""What the invented villages report: plausible, always the same, and moving slowly from week to week."""

from collections.abc import Callable
from random import Random
from typing import Final

from bot.demo.invented import SEED, Village

Answers = dict[str, int]


def chance_of(village: Village, what: str) -> Random:
    """The village's own luck, the same in every run."""
    return Random(f"{SEED} {village.name} {what}")


def water(village: Village, back: int) -> Answers:
    """The questionnaire nuoc-sach, `back` periods ago: more households with good water as time goes on."""
    lasting, now = chance_of(village, "water"), chance_of(village, f"water {back}")
    households = village.households
    minority = round(households * lasting.uniform(0.7, 0.98))
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


def housing(village: Village, back: int) -> Answers:
    """The questionnaire nha-o, `back` periods ago: one makeshift house after the other is replaced."""
    lasting = chance_of(village, "housing")
    finished = chance_of(village, f"housing {back}").choice((0, 0, 1))
    makeshift = lasting.randrange(2, 6) + back
    return {
        "nha_thieu_kien_co": makeshift + lasting.randrange(1, 6),
        "nha_tam": makeshift,
        "nha_can_ho_tro": max(0, makeshift - 1),
        "nha_da_ho_tro": max(0, lasting.randrange(9, 16) - back),
        "nha_dang_lam": lasting.randrange(0, 3),
        "nha_xong": finished,
        "nha_ho_tro_ky": finished,
        "nuoc_ho_tro_ky": lasting.choice((0, 0, 1, 2)),
    }


def schooling(village: Village, back: int) -> Answers:
    """The two questionnaires on schooling, `back` periods ago: nearly all children at school, fewer of the oldest."""
    lasting = chance_of(village, "schooling")
    answers: Answers = {}
    ages = (
        ("gd_5_tuoi", 0.07, 0.98),
        ("gd_tieu_hoc", 0.38, 0.99),
        ("gd_thcs", 0.3, 0.96),
        ("gd_thpt", 0.2, 0.78),
    )
    for name, per_household, attending in ages:
        children = max(1, round(village.households * per_household * lasting.uniform(0.8, 1.2)))
        answers[name] = children
        answers[f"{name}_hoc"] = max(0, min(children, round(children * attending) - back % 2))
    learners = lasting.choice((0, 0, 0, 3, 5))
    return answers | {"gd_xmc": learners, "gd_xmc_nu": round(learners * 0.6)}


def health(village: Village, back: int) -> Answers:
    """The questionnaire y-te, `back` periods ago: most people insured, few births, some children underweight."""
    lasting, now = chance_of(village, "health"), chance_of(village, f"health {back}")
    people = round(village.households * lasting.uniform(3.2, 3.9))
    children = round(village.households * lasting.uniform(0.3, 0.4))
    births = now.choice((0, 0, 1, 1, 2, 3))
    return {
        "yt_dtts": people,
        "yt_dtts_bhyt": round(people * (lasting.uniform(0.94, 1.0) - 0.004 * back)),
        "yt_sinh": births,
        "yt_sinh_kham": max(0, births - int(now.random() < 0.15)),
        "yt_sinh_an_toan": max(0, births - int(now.random() < 0.1)),
        "yt_tre5": children,
        "yt_tre5_nhe": round(children * (lasting.uniform(0.1, 0.18) + 0.004 * back)),
    }


def work(village: Village, back: int) -> Answers:
    """The questionnaire viec-lam, `back` periods ago: every half-year a few more have learned a trade."""
    lasting, now = chance_of(village, "work"), chance_of(village, f"work {back}")
    workers = round(village.households * lasting.uniform(1.9, 2.3))
    trained = round(workers * max(0.2, lasting.uniform(0.45, 0.7) - 0.02 * back))
    finished = min(trained, now.randrange(0, 6))
    return {
        "vl_lao_dong": workers,
        "vl_thong_tin": round(workers * lasting.uniform(0.6, 0.95)),
        "vl_dao_tao": trained,
        "vl_hoc_xong": finished,
        "vl_co_viec": round(finished * 0.75),
    }


def marriage(village: Village, back: int) -> Answers:
    """The questionnaire phu-nu, `back` periods ago: an early marriage now and then, most women told about the law."""
    lasting, now = chance_of(village, "marriage"), chance_of(village, f"marriage {back}")
    couples = now.choice((0, 1, 1, 2, 3))
    women = round(village.households * lasting.uniform(1.5, 1.9))
    return {
        "bd_ket_hon": couples,
        "bd_tao_hon": int(couples > 0 and now.random() < 0.12 + 0.02 * back),
        "bd_can_huyet": int(couples > 0 and now.random() < 0.02),
        "bd_phu_nu": women,
        "bd_phu_nu_luat": round(women * max(0.5, lasting.uniform(0.8, 0.97) - 0.02 * back)),
    }


QUESTIONNAIRES: Final[dict[str, Callable[[Village, int], Answers]]] = {
    "nuoc-sach": water,
    "nha-o": housing,
    "giao-duc": schooling,
    "giao-duc-2": schooling,
    "y-te": health,
    "viec-lam": work,
    "phu-nu": marriage,
}
"""How a questionnaire of the villages is answered, by its name."""
