"""A sheet of targets as an office writes it, read as the rows of a plan: which figure, which number, by when, for whom.

What can be read in one way is taken; the rest is a doubt, with what is likely. Who brings the sheet decides: nothing that is
doubtful becomes a number that places are held against without somebody having said so.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from bot.form_table.columns import heads_of
from bot.plan_figures import OFFERED, FigureNames
from bot.plan_goals import (
    MEAN,
    OF_FACTOR,
    OF_GROWTH,
    RISES,
    ValueRead,
    goal_of,
    says_change,
    year_of,
    year_said,
)
from bot.plan_units import is_unit, of_times, per_head, times
from plans.indicator import Indicator
from plans.plans import Plans
from plans.target import AGAINST_BASELINE, SINCE_THE_PLAN, YEARLY, CommitmentKind, Comparator
from plans.target_checks import OWN_UNIT
from questionnaires.answers.text import fold
from storage.cells import Unreadable
from storage.columns import Column
from storage.headings import LOOKED_AT
from storage.list_files import sheets_of
from storage.sheets import ListFault, ListRow, SheetContent, read_table

ACTION: Final = re.compile(
    r"(?:so \w+ )?(?:duoc )?(?:xoa|giam|ho tro|xay|sua|lam moi|giai quyet|bo tri|cap)\b"
)
"""How a row begins, folded, that says what is to be done."""
RATE: Final = re.compile(r"\b(?:ty le|ti le|ty suat)\b")
OF_A_YEAR: Final = re.compile(
    r"(?:(?:ke hoach|kh|lo trinh thuc hien|lo trinh|muc tieu|chi tieu|gia tri|giao|phan dau|den het|den|5 nam|nam"
    r"|giai doan|vao|het)(?: |$))*"
    r"(?:20[0-9][0-9] )?(20[0-9][0-9])"
    r"(?: (?:ke hoach|kh|muc tieu|chi tieu|phan dau))?"
)
"""A folded heading of the values of one year: "Mục tiêu đến năm 2030", "KH 2027", the last of "Kế hoạch 5 năm 2026-2030";
not "Thực hiện 2025"."""
TERM: Final = re.compile(
    r"(?:(?:moc )?thoi (?:gian|han|diem)|giai doan|nam|han)(?: (?:hoan thanh|thuc hien|dat))?(?: nam)?"
    r"|hang nam|nam giai doan"
)
"""A folded heading of the years, where none is "Năm": "Thời gian", "Năm hoàn thành", "Giai đoạn thực hiện"."""
COLUMNS: Final = (
    Column(
        "indicator",
        "Chỉ tiêu",
        (
            "ten chi tieu",
            "noi dung chi tieu",
            "chi tieu nhiem vu",
            "noi dung muc tieu",
            "chi so",
            "indicator",
            "target",
        ),
        failing=("noi dung",),
    ),
    Column("value", "Giá trị", ("muc tieu", "ke hoach", "chi tieu giao", "value"), "amount", each=OF_A_YEAR),
    Column("unit", "Đơn vị", ("don vi tinh", "dvt", "unit")),
    Column(
        "year",
        "Năm",
        ("den nam", "nam dat", "thoi han", "han hoan thanh", "year"),
        "day",
        described=TERM,
    ),
    Column("scope", "Đối tượng", ("pham vi", "scope")),
    Column("clause", "Điều khoản", ("muc", "muc trong van ban", "can cu", "clause")),
    Column(
        "agency",
        "Cơ quan chủ trì",
        (
            *(
                "don vi chu tri",
                "chu tri",
                "co quan thuc hien",
                "don vi thuc hien",
                "co quan theo doi",
                "don vi theo doi",
            ),
            *(
                "don vi phu trach",
                "co quan phu trach",
                "don vi chiu trach nhiem",
                "co quan chiu trach nhiem",
                "agency",
            ),
        ),
    ),
    Column(
        "partners", "Cơ quan phối hợp", ("don vi phoi hop", "phoi hop", "co quan don vi phoi hop", "partners")
    ),
)
ABOUT: Final = Column(
    "indicator", "Nội dung", ("noi dung muc tieu", "muc tieu", "nhiem vu", "noi dung nhiem vu")
)
GOALS: Final = Column("value", "Chỉ tiêu", ("chi tieu giao", "chi tieu ke hoach"), "amount", each=OF_A_YEAR)
BESIDE: Final = (ABOUT, GOALS, *COLUMNS[2:])
"""The same where "Chỉ tiêu" is what is to be reached, and what it is about stands beside it."""
WANTED: Final = (("indicator", "value"),)
SHRINKING: Final[Mapping[Comparator | None, Comparator]] = {
    Comparator.REDUCE_YEARLY: Comparator.SHRINK_YEARLY,
    Comparator.REDUCE_AVERAGE: Comparator.SHRINK_AVERAGE,
    Comparator.REDUCE_SHARE: Comparator.REDUCE_SHARE,
}
"""What a fall by percent is of something that is counted: a percentage of itself, not points."""
CHANGES: Final = YEARLY | SINCE_THE_PLAN | AGAINST_BASELINE


@dataclass(frozen=True, slots=True)
class TargetRow:
    """One row of the sheet with what was read of it, and what is doubtful in it."""

    line: ListRow
    likely: tuple[Indicator, ...] = ()
    """The figures that it may mean, the likeliest first; one alone where there is no doubt."""
    goal: ValueRead | None = None
    """None where no number could be read."""
    year: int | None = None
    doubts: tuple[str, ...] = ()
    """Keys of sentences: what somebody should decide or look at."""
    near: Indicator | None = None
    """The likeliest figure of a row that somebody left as words: they are of its domain."""
    given: ValueRead | None = None
    """The number in the figure's own unit, from whoever brings the sheet."""

    @property
    def words(self) -> str:
        """The row in its own words."""
        name, value, unit = (self.line.texts.get(key, "") for key in ("indicator", "value", "unit"))
        year = f"({self.line.texts['of_year']})" if "of_year" in self.line.texts else ""
        return " ".join(filter(None, (name, value, "" if unit and unit in value else unit, year)))

    @property
    def indicator(self) -> Indicator | None:
        """The figure that is meant, or the likeliest."""
        return self.likely[0] if self.likely else None

    @property
    def measure(self) -> tuple[Indicator, ValueRead] | None:
        """The figure that can be held against it, and what it is held against; None where nothing can.

        A number of one unit is never taken for as many of another.
        """
        if self.indicator is None or self.goal is None:
            return None
        goal = self.given or in_unit_of(self.line, self.indicator, self.goal)
        return (self.indicator, goal) if goal else None

    def meaning(self, indicator: Indicator | None) -> "TargetRow":
        """This row, where somebody has said which figure it means; None: words alone."""
        doubts = tuple(doubt for doubt in self.doubts if not doubt.startswith("figure"))
        if indicator is None:
            return replace(self, likely=(), goal=None, near=self.indicator, doubts=doubts)
        return replace(
            self, likely=(indicator,), doubts=(*doubts, *unit_doubts(self.line, indicator, self.goal))
        )


@dataclass
class TargetTable:
    """The rows of a sheet, and what in it cannot be read at all."""

    rows: list[TargetRow] = field(default_factory=list)
    faults: list[ListFault] = field(default_factory=list)
    unused: Sequence[str] = ()
    left_out: Sequence[str] = ()
    warnings: Sequence[ListFault] = ()
    """Rows that are none of the sheet's: headings, totals, and those without any value."""


def read_targets_table(data: bytes, filename: str, plans: Plans) -> TargetTable:
    """The rows of an office's sheet of targets."""
    sheet = sheet_of_targets(data, filename)
    if not sheet.lines and (place := sheet_by_places(data, filename)):
        return TargetTable(faults=[place], left_out=sheet.left_out)
    named = FigureNames.of(plans)
    asked = [line for line in sheet.lines if "indicator" in line.texts]
    rows = [row_of(one, named) for line in asked for one in each_year(line)]
    without = [ListFault(line.sheet, line.row, "", "row_section") for line in asked if not each_year(line)]
    return TargetTable(rows, sheet.faults, sheet.unused, sheet.left_out, [*sheet.skipped, *without])


def sheet_of_targets(data: bytes, filename: str) -> SheetContent:
    """The sheet with what is to be reached under "Giá trị"; where no number stands there, under "Chỉ tiêu"."""
    sheet = read_table(data, filename, COLUMNS, WANTED)
    if any(goal_of(value) for line in sheet.lines for value in values_of(line)):
        return sheet
    beside = read_table(data, filename, BESIDE, WANTED)
    return beside if beside.lines and not beside.faults else sheet


def sheet_by_places(data: bytes, filename: str) -> ListFault | None:
    """The fault of a sheet with a row for each place and its targets as columns; None if there is no such sheet."""
    with suppress(Unreadable):
        for name, rows in sheets_of(data, filename):
            heads = heads_of(list(islice(rows, LOOKED_AT)))
            if any(head.names == "place" for head in heads):
                return ListFault(name, 0, "", "targets_by_place")
    return None


def values_of(line: ListRow) -> list[str]:
    """What stands in the columns of values of a line."""
    return [text for key, text in line.texts.items() if key.partition(" ")[0] == "value"]


def each_year(line: ListRow) -> list[ListRow]:
    """Return a row for each value of a line, with its year if its column is for one; none if the line has no value."""
    plain = {key: text for key, text in line.texts.items() if not key.startswith("value ")}
    of_years = [(key.partition(" ")[2], text) for key, text in line.texts.items() if key.startswith("value ")]
    lines = [
        replace(line, texts={**plain, "value": text, "year": year, "of_year": year})
        for year, text in of_years
    ]
    return [line] * ("value" in line.texts) + lines


def row_of(line: ListRow, named: FigureNames) -> TargetRow:
    """What one row says."""
    words = line.texts["indicator"]
    term = line.texts.get("year", "")
    goal = goal_of(line.texts.get("value", ""), f"{words} {term}", line.texts.get("unit", ""))
    likely, doubts = named.meant(words, lambda indicator: not unit_doubts(line, indicator, goal))
    if is_action(line) and not ends(goal):
        likely = with_done(likely, named.known)
    year = year_of(term) or year_said(line.texts.get("value", "")) or year_said(words)
    if goal is None:
        doubts.append("change" if says_change(line.texts.get("value", ""), words) else "value")
    if year is None:
        doubts.append("year")
    if "scope" not in line.texts:
        doubts.append("scope")
    likely.sort(key=lambda indicator: bool(unit_doubts(line, indicator, goal)))
    if len(likely) == 1:
        doubts += unit_doubts(line, likely[0], goal)
    return TargetRow(line, tuple(likely), goal, year, tuple(doubts))


def is_action(line: ListRow) -> bool:
    """Whether a row says what is to be done, not what there is: "Xóa nhà tạm: 20 nhà" are no 20 that remain."""
    return ACTION.match(fold(line.texts["indicator"])) is not None


def with_done(likely: Sequence[Indicator], known: Mapping[str, Indicator]) -> list[Indicator]:
    """The figures that words may mean, after those that count what was done about them."""
    done = [known[id] for indicator in likely for id in indicator.done if id in known]
    return list({indicator.id: indicator for indicator in (*done, *likely)}.values())[:OFFERED]


def written_unit(line: ListRow, indicator: Indicator, goal: ValueRead | None) -> str:
    """The unit of a row's number, written behind it or in its column; of a mean for each person without that it is one."""
    behind = goal.unit if goal else ""
    words = behind.split()
    firsts = (" ".join(words[:length]) for length in range(len(words), 0, -1))
    known = (one for one in firsts if times(one, indicator.unit_name()) is not None)
    written = next(known, behind) or line.texts.get("unit", "")
    return per_head(written) if MEAN.strip() in fold(indicator.name("vi")) else written


def unit_doubts(line: ListRow, indicator: Indicator, goal: ValueRead | None) -> list[str]:
    """Whether the row counts in another unit than the figure, or its number cannot be of that unit."""
    misfit = misfit_of(line, indicator, goal)
    doubts = [misfit] if misfit else []
    if indicator.unit_name() == "%" and goal is not None and not is_share(goal):
        doubts.append("share")
    if indicator.done and is_action(line) and not ends(goal):
        doubts.append("action")
    return doubts


def misfit_of(line: ListRow, indicator: Indicator, goal: ValueRead | None) -> str:
    """Why a row cannot be held against a figure, as the key of a doubt: its unit, or its change; "" where it can."""
    written, unit = written_unit(line, indicator, goal), indicator.unit_name()
    comparator = goal.comparator if goal else None
    if ends(goal):
        return ""  # none is none in every unit
    if comparator in OF_GROWTH.values() and not is_growth(indicator):
        return "change"
    if comparator is Comparator.REDUCE_SHARE and (unit == "%" or is_rate(line)):
        return "points"
    return "" if fits_unit(written, unit, goal) else "unit"


def fits_unit(written: str, unit: str, goal: ValueRead | None) -> bool:
    """Whether a value in the unit that a row writes, "" for none, says something of a figure in `unit`."""
    comparator = goal.comparator if goal else None
    if comparator in OF_FACTOR.values():
        return not written or fold(written).startswith("lan")
    if goal is not None and goal.percent and unit != "%":
        return comparator in SHRINKING and (written in ("", "%") or is_unit(written, unit))
    return not written or times(written, unit) is not None


def is_rate(line: ListRow) -> bool:
    """Whether a row calls itself a share: a fall of it by percent may be one by points."""
    return RATE.search(fold(line.texts["indicator"])) is not None


def is_growth(indicator: Indicator) -> bool:
    """Whether a figure is itself by how much something grows in a year."""
    return fold(indicator.name("vi")).startswith(f"{RISES} ")


def in_unit_of(line: ListRow, indicator: Indicator, goal: ValueRead) -> ValueRead | None:
    """What a row asks for in the unit of a figure; None where its own unit cannot be that.

    Of 1.234,5 tỷ đồng it is 1.234.500 triệu đồng.
    """
    written = written_unit(line, indicator, goal)
    if misfit_of(line, indicator, goal):
        return None
    alone = goal.percent or not written or goal.comparator in OF_FACTOR.values()
    by = None if alone else times(written, indicator.unit_name())
    return goal if by is None else replace(goal, value=of_times(goal.value, by), high=of_times(goal.high, by))


def ends(goal: ValueRead | None) -> bool:
    """Whether nothing of what is counted is to remain."""
    return goal is not None and goal.comparator is Comparator.ELIMINATE


def is_share(goal: ValueRead) -> bool:
    """Whether what was read may be a share in percent: a fraction such as 0,9 is rather one of 1."""
    least = 0 if goal.comparator in CHANGES else 1
    return goal.value is None or goal.comparator in OF_FACTOR.values() or least < goal.value <= 100


# --- rows of targets.csv --------------------------------------------------------------------------------


def csv_rows(rows: Iterable[TargetRow], ground: str, last_year: int) -> list[dict[str, str]]:
    """The rows as a `targets.csv` holds them; `ground` is whom they speak of where a row does not say."""
    taken: set[str] = set()
    return [csv_row(row, free_id(row, taken), ground, last_year) for row in rows]


def free_id(row: TargetRow, taken: set[str]) -> str:
    """A name for a row that no other row has."""
    stem = row.measure[0].id if row.measure else "chu"
    wanted = f"{stem}-{row.year}" if row.year else stem
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken.add(name)
    return name


def csv_row(row: TargetRow, name: str, ground: str, last_year: int) -> dict[str, str]:
    """One row as a commitment: measured, or in words alone."""
    texts, inferred = row.line.texts, []
    if row.year is None:
        inferred.append("year_due")
    if "scope" not in texts:
        inferred.append("scope")
    shared = {
        "id": name,
        "clause": texts.get("clause", f"bảng {row.line.sheet}, dòng {row.line.row}".replace(" ,", ",")),
        "statement": row.words,
        "year_due": str(row.year or last_year),
        "scope": texts.get("scope", ground),
        "agency": texts.get("agency", ""),
        "partners": texts.get("partners", ""),
        "inferred": " ".join(inferred),
        "note": f"Từ bảng, dòng {row.line.row}.",
    }
    return {**shared, **(measured(*row.measure) if row.measure else in_words(row.near))}


def in_words(near: Indicator | None) -> dict[str, str]:
    """The columns of a row that nothing is held against; `near`: the likeliest figure, of whose domain it is."""
    domain = near.domain if near else "dieu-hanh"
    return {"kind": "trend", "domain": domain, "comparator": "trend", "level": "xa"}


def measured(indicator: Indicator, goal: ValueRead) -> dict[str, str]:
    """The columns of a row that a figure is held against."""
    comparator = comparator_of(indicator, goal)
    counted_up = comparator is Comparator.QUOTA
    return {
        "kind": str(CommitmentKind.QUOTA if counted_up else CommitmentKind.TARGET),
        "domain": indicator.domain,
        "indicator": indicator.id,
        "comparator": str(comparator),
        "value": "" if goal.value is None else f"{goal.value:f}",
        "value_high": "" if goal.high is None else f"{goal.high:f}",
        "unit": OWN_UNIT.get(comparator, indicator.unit_name()),
        "level": indicator.level,
        "baseline_year": str(goal.base) if comparator in AGAINST_BASELINE else "",
    }


def comparator_of(indicator: Indicator, goal: ValueRead) -> Comparator:
    """How a row is compared with a figure: a count shrinks by percent of itself, and growth is judged by its mean."""
    comparator = goal.comparator or plain_comparator(indicator, goal)
    if goal.percent and indicator.unit_name() != "%":
        comparator = SHRINKING.get(comparator, comparator)
    return (
        Comparator.AVERAGE
        if comparator is Comparator.INCREASE_YEARLY and is_growth(indicator)
        else comparator
    )


def adds_up_over_time(indicator: Indicator) -> bool:
    """Whether each report counts what is new, so that a year's sum can be set."""
    return not indicator.rate and not indicator.stock


def plain_comparator(indicator: Indicator, goal: ValueRead) -> Comparator:
    """How a bare number is meant: an amount to be counted up, else in the direction that is better."""
    if adds_up_over_time(indicator) and indicator.better == "up":
        return Comparator.QUOTA
    if indicator.unit_name() == "%" and goal.value == 100:
        return Comparator.COMPLETE
    return Comparator.AT_LEAST if indicator.better == "up" else Comparator.AT_MOST
