"""What a village head reads about the village: exact, short, and silent about nothing."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.wording import wording
from plans.covered import Change, Covered
from plans.period import from_key
from plans.reading import load_plans
from plans.rollup import Figure, Status, valued
from reports.basis import AddedUp, Basis
from reports.progress import (
    Heard,
    PlaceProgress,
    build,
    change_text,
    hear,
    progress_text,
    rounded_up,
    shown,
    text_bar,
)
from reports.progress_picture import picture_data

PLANS = load_plans()
FORMS = Path(__file__).parents[2] / "questionnaires" / "forms"
TODAY = date(2025, 11, 20)
BACH_THONG = {("huyen", "Bạch Thông"), ("tinh", "Bắc Kạn"), ("tinh", "Thái Nguyên")}
LANG_SON = {("tinh", "Lạng Sơn")}
BAC_GIANG = {("tinh", "Bắc Giang")}
VI, EN = wording("vi"), wording("en")

WATER = {
    "nuoc_ho": 52,
    "nuoc_ho_dtts": 45,
    "nuoc_ho_hvs": 43,
    "nuoc_ho_dtts_hvs": 37,
    "nuoc_ho_tap_trung": 20,
    "nuoc_ho_thieu": 4,
    "nuoc_ct_hong": 1,
}
WATER_BEFORE = {**WATER, "nuoc_ho_hvs": 42, "nuoc_ho_dtts_hvs": 36, "nuoc_ho_thieu": 7}
HOUSES = {
    "nha_thieu_kien_co": 6,
    "nha_tam": 3,
    "nha_can_ho_tro": 2,
    "nha_da_ho_tro": 9,
    "nha_dang_lam": 1,
    "nha_xong": 1,
    "nha_ho_tro_ky": 1,
    "nuoc_ho_tro_ky": 5,
}
SCHOOL = {
    "gd_5_tuoi": 6,
    "gd_5_tuoi_hoc": 6,
    "gd_tieu_hoc": 31,
    "gd_tieu_hoc_hoc": 31,
    "gd_thcs": 24,
    "gd_thcs_hoc": 23,
    "gd_thpt": 0,
}


def names(*forms: str) -> list[str]:
    text = "".join((FORMS / f"{form}.md").read_text(encoding="utf-8") for form in forms)
    return re.findall(r"^\| \| (?:integer|image) \| (\w+) \|", text, re.MULTILINE)


def numbers(answers: dict[str, int]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in answers.items()}


def water(now: dict[str, int] = WATER, before: dict[str, int] | None = WATER_BEFORE) -> Heard:
    return hear(
        PLANS,
        names("nuoc-sach"),
        from_key("2025-W47"),
        [numbers(now)],
        from_key("2025-W46") if before else None,
        [numbers(before)] if before else [],
        Covered(15, 12),
    )


def houses(answers: dict[str, int] = HOUSES) -> Heard:
    return hear(
        PLANS, names("nha-o", "ho-tro"), from_key("2025-10"), [numbers(answers)], None, [], Covered(15, 14)
    )


def school() -> Heard:
    period, before = from_key("2025-Q3"), from_key("2025-Q2")
    return hear(
        PLANS,
        names("giao-duc", "trung-hoc-xoa-mu-chu"),
        period,
        [numbers(SCHOOL)],
        before,
        [numbers(SCHOOL)],
        Covered(15, 15),
    )


def progress(
    *heard: Heard,
    units: set[tuple[str, str]] = BACH_THONG,
    lang: str = "vi",
    level: str = "thon",
    as_of: date = TODAY,
    bases: dict[str, Basis] | None = None,
) -> PlaceProgress:
    return build(PLANS, PLANS.covering(units), "thôn Nà Hin", level, heard, as_of, lang, bases or {})


def block(text: str, name: str) -> list[str]:
    """The lines of one indicator in a text."""
    lines = text.split("\n")
    start = next(at for at, line in enumerate(lines) if name in line)
    end = next((at for at in range(start + 1, len(lines)) if lines[at][:1] in ("•", "")), len(lines))
    return lines[start:end]


COUNTED_BESIDE = "Kế hoạch nói về người dân; ở đây đếm theo hộ."


def test_a_rate_with_its_change_and_the_province_s_target() -> None:
    text = str(progress_text(progress(water()), VI))
    assert block(text, "Hộ DTTS dùng nước hợp vệ sinh") == [
        "• Hộ DTTS dùng nước hợp vệ sinh: <b>82,2 % (37/45)</b>",
        "▓▓▓▓▓▓▓▓░░ tăng 2,2 điểm % (tuần 46: 80 %)",
        f"Chưa đạt chỉ tiêu của tỉnh đến 2025: ít nhất 90 % (mục II.2.a). {COUNTED_BESIDE}",
    ]
    assert "12/15 thôn của xã đã báo kỳ này" in text
    assert "tuần 47 (17-23/11/2025)" in text
    assert "đến 20/11/2025" in text
    assert "Chiến lược công tác dân tộc tỉnh Bắc Kạn" in text


def test_a_count_with_its_change_and_no_target() -> None:
    text = str(progress_text(progress(water()), VI))
    assert block(text, "Hộ thiếu nước sinh hoạt") == [
        "• Hộ thiếu nước sinh hoạt: <b>4 hộ</b>",
        "giảm 3 hộ (tuần 46: 7 hộ)",
    ]


def test_nothing_may_be_left_of_what_is_to_be_eliminated() -> None:
    late = str(progress_text(progress(houses(), units=LANG_SON), VI))
    assert "Chưa đạt chỉ tiêu của tỉnh đến 2025: không còn hộ nào (mục II.1)" in late
    none = str(progress_text(progress(houses({**HOUSES, "nha_tam": 0}), units=LANG_SON), VI))
    assert "Đạt chỉ tiêu của tỉnh đến 2025: không còn hộ nào (mục II.1)" in none
    running = str(progress_text(progress(houses(), units=BAC_GIANG), VI, "nha-o", detail=True))
    assert "Chưa đạt chỉ tiêu của tỉnh đến 2030: không còn hộ nào" in running
    assert "Không có mức ban đầu nên không tính được hôm nay cần bao nhiêu." in running


LATER = date(2026, 11, 20)
BAC_KAN = "bac-kan-ctdt"


def test_what_is_over_shows_its_last_state_and_nothing_new_is_held_against_it() -> None:
    line = "Hộ DTTS dùng nước hợp vệ sinh"
    unknown = str(progress_text(progress(water(), as_of=LATER), VI))
    assert block(unknown, line)[2] == (
        "Đã hết hạn 31/12/2025, không có số liệu khi kết thúc để so với chỉ tiêu của tỉnh: "
        f"ít nhất 90 % (mục II.2.a). {COUNTED_BESIDE}"
    )
    early = water({**WATER, "nuoc_ho_dtts_hvs": 41})
    old = progress(water(), as_of=LATER, bases={BAC_KAN: Basis(ended={date(2025, 12, 31): [early]})})
    assert block(str(progress_text(old, VI)), line)[2].startswith(
        "Đã hết hạn 31/12/2025; số cuối khi đó là của tuần 47 (17-23/11/2025): 91,1 %, chưa đủ để nói"
    )
    then = replace(early, period=from_key("2025-W52"))
    bases = {BAC_KAN: Basis(ended={date(2025, 12, 31): [then]})}
    known = progress(water(), as_of=LATER, bases=bases)
    assert block(str(progress_text(known, VI)), line)[2].startswith(
        "Đã hết hạn 31/12/2025, khi đó 91,1 %, đạt chỉ tiêu của tỉnh: ít nhất 90 %"
    )
    [goal] = [
        goal for one in known.of("nuoc") if one.name == line for goal in one.goals if goal.plan == BAC_KAN
    ]
    assert (goal.standing, goal.status, goal.held is not None) == ("over", "achieved", True)
    rows = picture_data(known, VI, "nuoc")["rows"]
    assert all(row["mark"] is None for row in rows if "mark" in row)


@pytest.mark.parametrize(
    ("as_of", "households", "verdict"),
    [
        (TODAY, 97, "Chưa thể nói là đạt chỉ tiêu đến 2025: 97 hộ"),
        (LATER, 97, "khi đó 97 hộ, không rõ có đạt chỉ tiêu của tỉnh hay không: 97 hộ"),
        (LATER, 96, "khi đó 96 hộ, không đạt chỉ tiêu của tỉnh: 97 hộ"),
    ],
)
def test_households_of_every_people_do_not_show_that_enough_of_the_minorities_were_helped(
    as_of: date, households: int, verdict: str
) -> None:
    quarter = dict.fromkeys(names("ho-tro"), 0)
    heard = hear(PLANS, names("ho-tro"), from_key("2025-Q3"), [numbers(quarter)], None, [], Covered(15, 14))
    helped = Figure("dat-o-ho-tro", Decimal(households), Decimal(households))
    bases = {BAC_KAN: Basis("tỉnh Bắc Kạn", [heard], owned=True, sums={"dat-o-2025": AddedUp(helped)})}
    text = str(progress_text(progress(heard, level="tinh", bases=bases, as_of=as_of), VI))
    told = block(text, "Hộ được giải quyết đất ở")[-1]
    assert verdict in told
    assert "Kế hoạch chỉ nói về hộ DTTS" in told


@pytest.mark.parametrize(
    ("works", "missing", "verdict"),
    [
        (22, 0, "khi đó 22 công trình, không đạt chỉ tiêu của tỉnh: 26 công trình"),
        (22, 1, "khi đó 22 công trình, không rõ có đạt chỉ tiêu của tỉnh hay không: 26 công trình"),
        (26, 1, "khi đó 26 công trình, đạt chỉ tiêu của tỉnh: 26 công trình"),
    ],
)
def test_a_sum_without_one_of_its_periods_is_not_called_missed_when_its_time_is_over(
    works: int, missing: int, verdict: str
) -> None:
    asked = [*names("cong-trinh-nuoc"), "nuoc_ct_dau_tu_ky"]
    half = numbers(dict.fromkeys(asked, 0))
    heard = hear(PLANS, asked, from_key("2023-H1"), [half], None, [], Covered())
    [target] = [one for one in PLANS.programmes["nghe-an-352"].targets if one.value == 26]
    sums = {target.id: AddedUp(Figure(target.indicator, Decimal(works), Decimal(works)), missing)}
    told = progress(
        heard,
        units={("tinh", "Nghệ An")},
        level="tinh",
        bases={"nghe-an-352": Basis(owned=True, sums=sums)},
        as_of=date(2024, 1, 20),
    )
    domain = PLANS.indicators[target.indicator].domain
    assert verdict in str(progress_text(told, VI, domain, detail=True))


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2023-H1", Status.ON_TRACK),
        ("2022-H2", Status.BEHIND),
        (None, Status.BEHIND),
    ],
)
def test_a_sum_is_held_against_the_last_day_that_was_reported_while_the_next_period_is_under_way(
    last: str | None, said: Status
) -> None:
    """14 of 26 works are 53,8 %; the end of June asks for 49,6 %, November for 84,9 %."""
    asked = [*names("cong-trinh-nuoc"), "nuoc_ct_dau_tu_ky"]
    heard = hear(PLANS, asked, from_key("2023-H1"), [numbers(dict.fromkeys(asked, 0))], None, [], Covered())
    [target] = [one for one in PLANS.programmes["nghe-an-352"].targets if one.value == 26]
    summed = AddedUp(
        Figure(target.indicator, Decimal(14), Decimal(14)), last=from_key(last) if last else None
    )
    told = progress(
        heard,
        units={("tinh", "Nghệ An")},
        level="tinh",
        bases={"nghe-an-352": Basis(owned=True, sums={target.id: summed})},
        as_of=date(2023, 11, 6),
    )
    [goal] = [goal for line in told.lines for goal in line.goals if goal.value == 26]
    assert goal.status == said
    assert goal.judged_on == (date(2023, 6, 30) if last == "2023-H1" else None)


def test_only_targets_that_a_table_would_list_are_counted_as_hidden_in_it() -> None:
    """A direction in words, and what a plan allots to a larger unit, stand in no village's table."""
    hidden = replace(water(), kept_back=frozenset(PLANS.indicators))
    for line in progress(hidden).lines:
        listed = [
            target
            for target in PLANS.programmes[BAC_KAN].of_indicator.get(line.indicator, ())
            if target.goal is not None and target.comparable
        ]
        assert line.hidden_of_table == (len(listed) if line.goals_kept_back else 0), line.indicator
        assert line.hidden_of_table <= len(line.goals_kept_back)


def test_a_period_has_one_key_in_every_language() -> None:
    """By it a letter knows what it told last week: whoever changes the language reads nothing twice."""
    told = [{line.period_key for line in progress(water(), lang=lang).of("nuoc")} for lang in ("vi", "en")]
    assert told == [{"", "2025-W47"}] * 2


def test_a_plan_of_a_dissolved_province_is_told_of_its_part_alone() -> None:
    there = water({**WATER, "nuoc_ho_dtts_hvs": 40})
    bases = {BAC_KAN: Basis("tỉnh Bắc Kạn", [there])}
    text = str(progress_text(progress(water(), level="tinh", bases=bases), VI))
    [told] = [line for line in text.split("\n") if "90 %" in line]
    assert told.startswith(
        "Riêng phần thuộc tỉnh Bắc Kạn cũ: 88,9 %. Chưa đạt chỉ tiêu đến 2025: ít nhất 90 %"
    )
    nothing = str(
        progress_text(progress(water(), level="tinh", bases={BAC_KAN: Basis("tỉnh Bắc Kạn", [])}), VI)
    )
    assert "Riêng phần thuộc tỉnh Bắc Kạn cũ: chưa có số liệu. Chưa có số liệu để so với chỉ tiêu" in nothing


def test_what_was_not_reported_is_said_not_to_be_there() -> None:
    text = str(progress_text(progress(water()), VI))
    [silent] = [line for line in text.split("\n") if line.startswith("Chưa có báo cáo")]
    assert silent.startswith("Chưa có báo cáo: Nhà ở; Giáo dục; ")
    assert silent.endswith(f" … (cả thảy {len(progress(water()).domains) - 1} lĩnh vực).")
    assert "Nước" not in silent
    partly = {name: value for name, value in WATER.items() if name != "nuoc_ho_thieu"}
    text = str(progress_text(progress(water(partly)), VI))
    assert block(text, "Hộ thiếu nước sinh hoạt") == ["• Hộ thiếu nước sinh hoạt: <b>chưa có số liệu</b>"]


def test_nobody_of_an_age_is_not_nought_per_cent() -> None:
    text = str(progress_text(progress(school()), VI))
    assert "• Em 15-17 tuổi học phổ thông: <b>không có trường hợp nào để tính</b>" in text
    assert " 0 %" not in text
    assert "không đổi so với quý II/2025" in text


def test_the_first_period_has_nothing_to_compare_with() -> None:
    text = str(progress_text(progress(water(before=None)), VI))
    assert "kỳ đầu, chưa so được" in text
    assert "tăng" not in text


def test_a_quota_of_the_province_is_not_laid_on_a_village() -> None:
    text = str(progress_text(progress(houses()), VI, "nha-o", detail=True))
    assert "Chỉ tiêu chung của tỉnh Bắc Kạn (cũ) đến 2025: 423 hộ, không chia cho từng nơi" in text
    line = next(line for line in progress(houses()).lines if line.indicator == "nha-ho-tro")
    assert line.goal is not None
    assert not line.goal.compared
    assert (line.goal.status, line.goal.distance) == ("no_target", None)


def test_the_detail_names_plan_clause_and_what_is_missing() -> None:
    text = str(progress_text(progress(water(), houses()), VI, "nuoc", detail=True))
    assert "(<i>Chiến lược công tác dân tộc tỉnh Bắc Kạn, mục II.2.a, gạch đầu dòng 7</i>)" in text
    assert "Còn thiếu 7,8 điểm %." in text
    assert "Kế hoạch huyện Bạch Thông 2023, mục IV.1.4" in text
    assert "<b>Nước sinh hoạt</b>, tháng 10/2025" in text
    assert "Nhà ở" not in text


def test_without_a_plan_it_says_so() -> None:
    text = str(progress_text(progress(water(), units={("tinh", "Cà Mau")}), VI))
    assert text.endswith("Chưa có kế hoạch nào cho địa bàn này để đối chiếu.")


def test_both_languages_say_the_same_lines() -> None:
    heard = (water(), houses(), school())
    vi = str(progress_text(progress(*heard), VI))
    en = str(progress_text(progress(*heard, lang="en"), EN))
    assert len(vi.split("\n")) == len(en.split("\n"))
    assert "1 household" in str(progress_text(progress(*heard, lang="en"), EN, "nha-o", detail=True))
    assert "1 households" not in str(progress_text(progress(*heard, lang="en"), EN, "nha-o", detail=True))


def test_the_summary_of_one_questionnaire_is_one_screen() -> None:
    for heard in (water(), houses(), school()):
        for domain in ("nuoc", "nha-o", "giao-duc"):
            text = str(progress_text(progress(heard), VI, domain))
            assert len(text) <= 900, domain
            assert len(text.split("\n")) <= 20, domain


def test_what_only_officers_count_stands_where_it_was_asked() -> None:
    answers = {"vx_dt_giao": 1000, "vx_dt_chi": 250, "vx_sn_giao": 0}
    capital = hear(PLANS, names("von-xa"), from_key("2025-Q4"), [numbers(answers)], by="xa")
    commune = progress(water(), capital, level="xa")
    text = str(progress_text(commune, VI))
    assert "<b>Vốn và giải ngân</b>, quý IV/2025" in text
    assert "(250/1.000)" in text
    assert "vốn" not in str(progress_text(progress(water()), VI)).casefold()
    two_of_three = replace(capital, covered=Covered(3, 2))
    text = str(progress_text(progress(water(), two_of_three, level="tinh"), VI))
    assert "2/3 xã báo kỳ này" in text
    assert "12/15 thôn báo kỳ này" in text


def test_a_flow_never_takes_the_older_values_of_a_stock() -> None:
    """Of one questionnaire, what was done in the period is from its reports alone; each heading says so."""
    known = progress(replace(houses(), covered=Covered(13, 10, 3)), level="xa")
    for line in known.lines:
        carried = 3 if PLANS.indicators[line.indicator].stock else 0
        assert line.covered in (Covered(13, 10, carried), Covered()), line.indicator
    text = str(progress_text(known, VI, "nha-o", detail=True))
    assert text.count("10/13 thôn báo kỳ này; 3 thôn lấy số kỳ gần nhất") == 1
    assert text.count("10/13 thôn báo kỳ này; 3 thôn chưa có số") == 1


def test_plans_that_set_different_levels_are_both_shown_and_it_is_said() -> None:
    sentence = "Các kế hoạch đặt mức khác nhau cho cùng một năm"
    both = progress(water())
    line = next(line for line in both.lines if line.indicator == "nuoc-hvs-dtts")
    one = line.goals[0]
    other = replace(one, plan="khac", plan_title="Kế hoạch khác", value=Decimal(95))
    alike = replace(other, value=one.value)
    for goals, said in (((one, other), True), ((one, alike), False), ((one,), False)):
        shown_line = replace(line, goals=goals)
        text = str(progress_text(replace(both, lines=(shown_line,)), VI, "nuoc", detail=True))
        assert (sentence in text) == said
        assert ("Kế hoạch khác" in text) == (len(goals) > 1)


def test_only_some_domains() -> None:
    some = progress(water(), houses()).only(["nuoc"])
    assert [domain.id for domain in some.heard] == ["nuoc"]
    assert {line.domain for line in some.lines} == {"nuoc"}


def test_a_person_s_words_stay_data() -> None:
    made = replace(progress(water()), place="<b>x</b>")
    assert "&lt;b&gt;x&lt;/b&gt;" in str(progress_text(made, VI))
    assert picture_data(made, VI)["title"] == "Tình hình <b>x</b>"


def test_villages_together_are_sums_over_sums() -> None:
    other = {**WATER, "nuoc_ho_dtts": 5, "nuoc_ho_dtts_hvs": 5}
    silent: dict[str, Decimal] = {}
    together = hear(PLANS, names("nuoc-sach"), from_key("2025-W47"), [numbers(WATER), numbers(other), silent])
    line = next(line for line in progress(together, level="xa").lines if line.indicator == "nuoc-hvs-dtts")
    assert (line.value, line.numerator, line.denominator) == (Decimal(84), Decimal(42), Decimal(50))


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(899, 1000, "89,9 %"), (8999, 10000, "89,99 %"), (9, 10, "90 %"), (9001, 10000, "90,01 %")],
)
def test_a_value_just_short_of_its_target_never_looks_like_it(part: int, whole: int, text: str) -> None:
    answers = {**WATER, "nuoc_ho": whole, "nuoc_ho_dtts": whole, "nuoc_ho_dtts_hvs": part}
    assert f"<b>{text} (" in str(progress_text(progress(water(answers)), VI))


@pytest.mark.parametrize("known", [31, 40])
@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        # 18,747 and 17,479 %, written 18,7 and 17,5: these differ by 1,2, the change itself is 1,269
        ((458, 2443), (427, 2443), "giảm 1,3 điểm %"),
        # 93,642 and 94,255 %, written 93,6 and 94,3: these differ by 0,7
        ((2445, 2611), (2461, 2611), "tăng 0,6 điểm %"),
        ((107, 120), (109, 120), "tăng 1,7 điểm %"),
        # 95,044 and 95,051 %, written 95 and 95,1
        ((13002, 13680), (13003, 13680), "gần như không đổi so với tuần 46"),
        ((109, 120), (109, 120), "không đổi so với tuần 46"),
    ],
)
def test_a_change_is_of_the_exact_values_and_rounded_once(
    known: int, before: tuple[int, int], now: tuple[int, int], told: str
) -> None:
    indicator = PLANS.indicators["nuoc-hvs-dtts"]
    at_end, at_first = (valued(indicator, Decimal(part), Decimal(whole)) for part, whole in (now, before))
    line = next(line for line in progress(water()).lines if line.indicator == indicator.id)
    line = replace(line, change=Change(at_end, at_first, 31, from_key("2025-W46")), known=known)
    assert change_text(line, VI).startswith(told)


@given(st.integers(1, 2000), st.data())
def test_as_shown_a_value_stands_where_it_stands(whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    line = next(line for line in progress(water()).lines if line.indicator == "nuoc-hvs-dtts")
    value = Decimal(part * 100) / whole
    short = shown(line, value)
    assert abs(short - value) <= Decimal("0.05")
    assert (short >= 90) == (value >= 90)
    assert len(str(short)) <= 8


@given(st.decimals("0.0001", 100, places=4))
def test_what_is_missing_never_looks_like_nothing(missing: Decimal) -> None:
    assert rounded_up(missing, 1) >= missing
    assert rounded_up(missing, 1) < missing + Decimal("0.1")


@given(st.decimals(0, 1, places=4))
def test_only_the_whole_is_full_and_only_nothing_is_empty(share: Decimal) -> None:
    bar = str(text_bar(share))
    assert len(bar) == 10
    assert (bar == "▓" * 10) == (share == 1)
    assert (bar == "░" * 10) == (share == 0)
    assert re.fullmatch("▓*░*", bar)


def test_what_has_to_end_without_a_year_is_told_without_one() -> None:
    [target] = [target for target in PLANS.programmes[BAC_KAN].targets if target.id == "pha-rung"]
    felled = hear(PLANS, ["nl_pha_rung_ky"], from_key("2025-H1"), [{"nl_pha_rung_ky": Decimal(2)}], by="xa")
    text = str(progress_text(progress(felled, level="xa"), VI, target.domain, detail=True))
    assert "Chưa đạt chỉ tiêu của tỉnh: không còn vụ nào" in text
    assert "None" not in text


def test_a_change_that_is_withheld_is_said_to_be() -> None:
    """Neither nothing, which looks like no change, nor "the first period"."""
    line = next(line for line in progress(water()).lines if line.indicator == "nuoc-hvs")
    unknown, withheld = (replace(line, change=None, silent=silent) for silent in (False, True))
    assert change_text(unknown, VI) == "kỳ đầu, chưa so được"
    assert change_text(withheld, VI) == "không hiện mức thay đổi"
