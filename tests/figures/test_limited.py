"""A target that speaks of some units alone is held against those, as a plain model adds them up from the reports."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from figures.limited import DatedTarget, limited
from figures.progress import progress_of
from figures.sources import FigureDays
from figures.view import View
from handlers.wording import wording
from plans.programme import Cover
from plans.reading import load_plans
from plans.rollup import NO_YEARS, YearEnds
from plans.target import Target
from reports.basis import Limited
from reports.progress import goal_text
from storage import place_events, place_marks
from storage.place_marks import Marking
from storage.place_rules import New, Ruling
from storage.session import Session
from storage.tables import Level, Place, Role, RoleName
from tests.handlers.chatting import Town, add, bundled, send_report, text_of

AREA = "vung-dtts"
SINCE = date(2021, 6, 4)
PARENT = {
    "Vĩnh Thông": "Thái Nguyên",
    "Phủ Thông": "Thái Nguyên",
    "Nà Hin": "Vĩnh Thông",
    "Nà Lốc": "Vĩnh Thông",
    "Bản Pàu": "Vĩnh Thông",
    "Pù Cà": "Phủ Thông",
    "Nà Phái": "Phủ Thông",
}
POOR = {"Nà Hin": 4, "Nà Lốc": 9, "Bản Pàu": 13, "Pù Cà": 21}
"""How many of 50 households are poor; Nà Phái has not reported."""
LAST_YEAR = 2
"""How many periods of the questionnaire ago the last one of the year before was."""
VILLAGES = ("Nà Hin", "Nà Lốc", "Bản Pàu", "Pù Cà", "Nà Phái")


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def region(town: Town) -> Town:
    """The town with a second commune, and what villages reported of the poor."""
    await town.head("a")

    async def work(session: Session) -> None:
        commune = await add(session, "Phủ Thông", Level.COMMUNE, "xã", town.places["Thái Nguyên"])
        town.places["Phủ Thông"] = commune
        for name in ("Pù Cà", "Nà Phái"):
            town.places[name] = await add(session, name, Level.VILLAGE, "thôn", commune)

    await town.storage.write(work)
    paths = {question.name: question.path for question in bundled("giam-ngheo").questions}
    for village, poor in POOR.items():
        counts = {"gn_ho": 50, "gn_ho_dtts": 40, "gn_ngheo": poor, "gn_ngheo_dtts": 3, "gn_can_ngheo": 5}
        values = {paths[name]: str(count) for name, count in counts.items() if name in paths}
        await send_report(town, "giam-ngheo", village, values, back=1)
    return town


def target_of(view: View, plan: str, number: str) -> Target:
    return next(target for target in view.plans.programmes[plan].targets if target.id == number)


async def looked(
    town: Town, session: Session, unit: str, roles: tuple[Role, ...] = (), ends: YearEnds = NO_YEARS
) -> Limited | None:
    """What is known of the poor in the villages of the area alone."""
    view = View(session, town.dispatch.library, roles, town.now)
    ground = await session.get_one(Place, town.places[unit])
    target = target_of(view, "bac-giang-55-ctr", "ngheo-2030")
    wanted = DatedTarget(view.plans.indicators["ngheo"], target, date(2030, 12, 31), (), ends)
    return await limited(view, ground, wanted)


Marks = Mapping[str, bool]


async def write_down(session: Session, town: Town, marks: Marks) -> None:
    """Take back what was written down before, and write these marks."""
    for event in await place_events.events(session):
        if event.undone_at is None:
            await place_events.undo(session, event, town.now)
    rows = [(await session.get_one(Place, town.places[name]), holds) for name, holds in marks.items()]
    by = Ruling(SINCE, "QĐ 1", town.now)
    await place_marks.mark(session, [Marking(place, AREA, holds, SINCE) for place, holds in rows], by)


def has(name: str, marks: Marks) -> bool | None:
    """The model: what is said of the village, else of what it lies in."""
    while name not in marks and name in PARENT:
        name = PARENT[name]
    return marks.get(name)


MARKS = st.lists(
    st.dictionaries(st.sampled_from([*PARENT, "Thái Nguyên"]), st.booleans(), max_size=5),
    min_size=40,
    max_size=40,
)


@given(several=MARKS)
@settings(max_examples=1, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_only_the_units_that_are_spoken_of_are_added_up(region: Town, several: list[Marks]) -> None:
    for marks in several:

        async def work(session: Session, marks: Marks = marks) -> Limited | None:
            await write_down(session, region, marks)
            return await looked(region, session, "Thái Nguyên")

        told = await region.storage.write(work)
        answers = {name: has(name, marks) for name in VILLAGES}
        having = [name for name in VILLAGES if answers[name]]
        if len(having) == len(VILLAGES):
            assert told is None
            continue
        unknown = [name for name in VILLAGES if answers[name] is None]
        assert told is not None
        assert (told.having, told.unknown) == (len(having), len(unknown))
        assert told.nowhere is (not having and not unknown)
        poor = [POOR[name] for name in having if name in POOR]
        whole = Decimal(50 * len(poor)) if poor else None
        figure = (told.figure.numerator, told.figure.denominator) if told.figure else (None, None)
        assert figure == ((Decimal(sum(poor)), whole) if poor else (None, None))


async def test_a_small_number_of_the_rest_keeps_the_figure_back_from_whoever_is_far(region: Town) -> None:
    """The whole less the villages of the area would tell of Nà Lốc's two households."""
    paths = {question.name: question.path for question in bundled("giam-ngheo").questions}
    counts = {"gn_ho": 50, "gn_ho_dtts": 40, "gn_ngheo": 2, "gn_ngheo_dtts": 2, "gn_can_ngheo": 5}
    values = {paths[name]: str(count) for name, count in counts.items() if name in paths}
    await send_report(region, "giam-ngheo", "Nà Lốc", values, back=1)
    marks = dict.fromkeys(("Nà Hin", "Bản Pàu", "Phủ Thông"), True) | {"Nà Lốc": False}

    async def work(session: Session) -> tuple[Limited | None, Limited | None]:
        await write_down(session, region, marks)
        far = await looked(region, session, "Vĩnh Thông")
        place = region.places["Vĩnh Thông"]
        near = Role(person_id=1, place_id=place, role=RoleName.COMMUNE_OFFICER, since=region.now)
        return far, await looked(region, session, "Vĩnh Thông", (near,))

    far, near = await region.storage.write(work)
    assert far is not None
    assert near is not None
    assert (far.kept_back, near.kept_back) == (True, False)
    assert near.figure is not None
    assert near.figure.numerator == 17


async def test_a_small_number_of_an_earlier_year_is_not_told_by_what_changed_since(region: Town) -> None:
    """The drop since the end of last year would tell of Nà Lốc's two households of then."""
    paths = {question.name: question.path for question in bundled("giam-ngheo").questions}
    counts = {"gn_ho": 50, "gn_ho_dtts": 40, "gn_ngheo": 2, "gn_ngheo_dtts": 2, "gn_can_ngheo": 5}
    values = {paths[name]: str(count) for name, count in counts.items() if name in paths}
    back = {"Nà Lốc": values, "Bản Pàu": {**values, paths["gn_ngheo"]: "13"}}
    for village, said in back.items():
        await send_report(region, "giam-ngheo", village, said, back=LAST_YEAR)

    async def work(session: Session) -> list[Limited | None]:
        await write_down(session, region, {"Nà Lốc": True, "Bản Pàu": True, "Nà Hin": False})
        place, ends = region.places["Vĩnh Thông"], {region.now.year - 1: Decimal(1)}
        near = Role(person_id=1, place_id=place, role=RoleName.COMMUNE_OFFICER, since=region.now)
        return [await looked(region, session, "Vĩnh Thông", roles, ends) for roles in ((), (near,))]

    far, near = await region.storage.write(work)
    assert far is not None
    assert near is not None
    assert not far.kept_back
    assert (set(far.ends), set(near.ends)) == (set(), {region.now.year - 1})


async def send_helped(town: Town, village: str, *households: int) -> None:
    """How many households a village helped to water in the last quarters, the newest first."""
    paths = {question.name: question.path for question in bundled("ho-tro").questions}
    for back, helped in enumerate(households, start=1):
        values = dict.fromkeys(paths.values(), "0") | {paths["nuoc_ho_tro_ky"]: str(helped)}
        await send_report(town, "ho-tro", village, values, back=back)


async def helped_in(session: Session, town: Town, unit: str, role: RoleName | None) -> Limited | None:
    """What is known of a year's households helped to water, in the villages of the area alone."""
    place = town.places[unit]
    roles = (Role(person_id=1, place_id=place, role=role, since=town.now),) if role else ()
    view = View(session, town.dispatch.library, roles, town.now)
    indicator = view.plans.indicators["nuoc-ho-tro"]
    target = target_of(view, "nghe-an-352", "nuoc-phan-tan-2023")
    year = FigureDays(date(2026, 1, 1), date(2026, 12, 31))
    wanted = DatedTarget(indicator, target, date(2026, 12, 31), (year,), NO_YEARS)
    return await limited(view, await session.get_one(Place, place), wanted)


@pytest.mark.parametrize(("one", "kept_back"), [(1, True), (3, False)])
async def test_a_sum_over_a_year_is_kept_back_with_one_of_its_periods(
    region: Town, one: int, kept_back: bool
) -> None:
    """Phủ Thông alone is in the area. Its total of a quarter is withheld where Pù Cà's one household is all of it."""
    for village, helped in {"Pù Cà": (one, 9), "Nà Phái": (0, 9), "Nà Hin": (8, 9), "Nà Lốc": (7, 9)}.items():
        await send_helped(region, village, *helped)

    async def work(session: Session) -> Limited | None:
        await write_down(session, region, {"Phủ Thông": True, "Vĩnh Thông": False})
        return await helped_in(session, region, "Thái Nguyên", RoleName.PROVINCE_OFFICER)

    told = await region.storage.write(work)
    assert told is not None
    assert told.figure is not None
    assert (told.figure.value, told.kept_back) == (Decimal(18 + one), kept_back)


@pytest.mark.parametrize(("one", "kept_back"), [(1, True), (3, False)])
async def test_a_commune_is_not_told_apart_in_a_unit_whose_own_total_is_kept_back(
    region: Town, one: int, kept_back: bool
) -> None:
    """Cẩm Giàng covers for Phủ Thông, where one household was helped. The other commune of its district is told."""
    helped = {"Cẩm Giàng": (3, 4), "Vi Hương": (10, 20)}

    async def beside(session: Session) -> None:
        district = await add(session, "Bạch Thông", Level.DISTRICT, "huyện", region.places["Thái Nguyên"])
        region.places["Bạch Thông"] = district
        for name in helped:
            region.places[name] = await add(session, name, Level.COMMUNE, "xã", district)
            for village in ("Trên", "Dưới"):
                place = await add(session, f"{village} {name}", Level.VILLAGE, "thôn", region.places[name])
                region.places[f"{village} {name}"] = place

    await region.storage.write(beside)
    for name, (upper, lower) in helped.items():
        await send_helped(region, f"Trên {name}", upper)
        await send_helped(region, f"Dưới {name}", lower)
    for village, number in {"Pù Cà": one, "Nà Phái": 0, "Nà Hin": 8, "Nà Lốc": 7}.items():
        await send_helped(region, village, number)

    async def work(session: Session) -> Limited | None:
        await write_down(session, region, {"Cẩm Giàng": True, "Vi Hương": False})
        return await helped_in(session, region, "Bạch Thông", None)

    told = await region.storage.write(work)
    assert told is not None
    assert told.figure is not None
    assert (told.figure.value, told.kept_back) == (Decimal(7), kept_back)


async def test_the_result_of_a_target_that_is_over_stays_as_it_was_when_places_merge(region: Town) -> None:
    """At the end of October Phủ Thông was in the area. It goes up in a commune of which nothing is written, and two of
    the villages in a new one."""

    async def look(session: Session) -> Limited | None:
        view = View(session, region.dispatch.library, (), region.now)
        ground = await session.get_one(Place, region.places["Thái Nguyên"])
        target = target_of(view, "bac-giang-55-ctr", "ngheo-2030")
        wanted = DatedTarget(view.plans.indicators["ngheo"], target, date(2026, 10, 31), (), NO_YEARS)
        return await limited(view, ground, wanted)

    async def merge(session: Session) -> None:
        day = Ruling(date(2026, 11, 10), "NQ 9", region.now)
        for names, new in (
            (("Vĩnh Thông", "Phủ Thông"), New("xã", "Bạch Thông")),
            (("Pù Cà", "Nà Phái"), New("thôn", "Cà Phái")),
            (("Nà Hin", "Nà Lốc"), New("thôn", "Sáo Liền")),
        ):
            places = [await session.get_one(Place, region.places[name]) for name in names]
            await place_events.merge(session, places, new, day)

    await region.storage.write(
        lambda session: write_down(session, region, {"Phủ Thông": True, "Nà Hin": True, "Nà Lốc": False})
    )
    before = await region.storage.write(look)
    await region.storage.write(merge)
    after = await region.storage.write(look)
    assert before is not None
    assert after is not None
    assert (before.having, before.unknown) == (3, 1)
    assert before.figure is not None
    assert before.figure.numerator == POOR["Pù Cà"] + POOR["Nà Hin"]
    assert after == before


async def test_where_nobody_knows_the_answer_says_so_and_where_none_is_spoken_of_there_is_no_target(
    region: Town,
) -> None:
    """Nghệ An's plan of 2023 gives a quota for its area; its time is over, and its last state is shown."""

    async def say(marks: Marks) -> list[str]:
        async def work(session: Session) -> list[str]:
            await write_down(session, region, marks)
            view = View(session, region.dispatch.library, (), region.now)
            place = await session.get_one(Place, region.places["Nghệ An"])
            known = await progress_of(view, place)
            told = wording("vi")
            return [
                goal_text(line, goal, known.level, told, told("progress.clause", clause="1")).striptags()
                for line in known.lines
                for goal in line.goals
                if goal.plan == "nghe-an-352" and line.indicator == "nha-ho-tro"
            ]

        return await region.storage.write(work)

    await send_houses(region)
    [unknown] = await say({})
    assert "chưa ghi nơi nào ở đây thuộc diện này, nên chưa so được" in unknown
    assert await say({"Nghệ An": False}) == []
    [known] = await say({"Nghệ An": True})
    assert "thuộc diện" not in known


async def send_houses(town: Town) -> None:
    paths = {question.name: question.path for question in bundled("ho-tro").questions}
    values = dict.fromkeys(paths.values(), "9")
    await send_report(town, "ho-tro", "Xiềng Tắm", values, back=1)


def only_plan(town: Town, *, wider: Literal["", "yes"] = "") -> None:
    """Let one plan be in force in Thái Nguyên; `wider`: its figures count more than it means."""
    plans = load_plans()
    plan = plans.programmes["bac-giang-55-ctr"]
    targets = tuple(replace(target, wider=wider) for target in plan.targets)
    theirs = replace(plan, covers=(Cover("tinh", "Thái Nguyên"),), targets=targets)
    town.dispatch.library.plans = replace(plans, programmes={theirs.id: theirs})
    town.dispatch.library.dictionary = None


async def test_only_units_that_are_spoken_of_are_listed_as_short_of_a_target(region: Town) -> None:
    """Vĩnh Thông (26 of 150) and Phủ Thông (21 of 50) are both above 10 %; the target speaks of Phủ Thông alone."""
    only_plan(region)
    officer = await region.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vi Văn Lợi")
    await region.storage.write(
        lambda session: write_down(session, region, {"Phủ Thông": True, "Vĩnh Thông": False})
    )
    said = text_of(await officer.says("xã nào chưa đạt chỉ tiêu tỷ lệ hộ nghèo"))
    assert "Chỉ xét xã đã ghi là thuộc diện vùng đồng bào dân tộc thiểu số và miền núi." in said
    assert "Phủ Thông" in said
    assert "Vĩnh Thông" not in said
    told = text_of(await officer.says("tỷ lệ hộ nghèo so với chỉ tiêu"))
    assert "Riêng 2 thôn thuộc diện vùng đồng bào dân tộc thiểu số và miền núi: 42 %." in told


@pytest.mark.parametrize("asked", ["chưa đạt", "đạt"])
async def test_no_unit_is_listed_by_a_figure_that_counts_more_than_the_target_means(
    region: Town, asked: str
) -> None:
    only_plan(region, wider="yes")
    officer = await region.enrolled("t", "Thái Nguyên", RoleName.PROVINCE_OFFICER, "Vi Văn Lợi")
    await region.storage.write(
        lambda session: write_down(session, region, {"Phủ Thông": True, "Vĩnh Thông": True})
    )
    said = text_of(await officer.says(f"xã nào {asked} chỉ tiêu tỷ lệ hộ nghèo"))
    assert "Không kế hoạch nào đặt mức cho chỉ số này để so." in said
    assert "Phủ Thông" not in said
