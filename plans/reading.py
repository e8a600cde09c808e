"""Read the plans from their folder, and report every fault at once.

A plan is a folder in `programmes/` with a `programme.toml` (what the document is, which units it covers) and a
`targets.csv` (one commitment a row, each with its clause); it may have a `deadlines.toml` (who hands in what to whom by
when), a `sums.toml` (what adds up to what) and a `schedule.toml` of its own. The folder's own `schedule.toml` says which
questionnaire every place of a level is asked in which period.

pydantic validates each table against the class that it becomes. That makes reading take 64 ms of processor time instead
of 46 with plain dicts (parsing TOML alone takes 40), so validators are built when plans are first read, not at import.
`checks` tests whether the tables are consistent with each other.
"""

import csv
import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from plans.attribute import Attribute
from plans.challenge_rules import Challenges
from plans.faults import PlanFault, PlansRefused
from plans.indicator import Indicator
from plans.mistakes import adapter, fault_of, nearest
from plans.norm import Norm
from plans.plans import Plans
from plans.programme import Deadline, Programme, Sum
from plans.schedule import Entry
from plans.target import Target
from plans.words import DomainWords

FOLDER: Final = Path(__file__).resolve().parent
TARGETS: Final = "targets.csv"
NOT_IN_ROWS: Final = ("plan", "set_at")
"""Fields of a target that its plan gives, not its row."""
COLUMNS: Final = tuple(field.name for field in fields(Target) if field.name not in NOT_IN_ROWS)
OPTIONAL: Final = frozenset({"inferred", "wider", "among", "counted", "partners", "item", "always"})
"""Columns that a spreadsheet may leave out."""
AT_LINE: Final = re.compile(r" \(at line (\d+), column \d+\)")
DOMAIN: Final[Any] = DomainWords
PARTS: Final[Any] = dict[str, str]

T = TypeVar("T")


class InUse:
    """The plans that this process uses; None for those that come with the program."""

    plans: Plans | None = None


def use(plans: Plans | None) -> None:
    """Make `load_plans` return these plans; None for those that come with the program. Called once settings are read."""
    InUse.plans = plans


def load_plans() -> Plans:
    """Return the plans in use: the program's, with the office's own if there are any. Raises PlansRefused."""
    return InUse.plans or bundled_plans()


def bundled_plans() -> Plans:
    """Return the plans that come with the program, read once. Raises PlansRefused."""
    return read_plans(FOLDER)


@cache
def read_plans(folder: Path) -> Plans:
    """Return the plans in `folder`, read once. Raises PlansRefused with every fault."""
    shelf = Shelf(folder)
    programmes = MappingProxyType(dict(read_programmes(shelf)))
    indicators = MappingProxyType(read_indicators(shelf))
    schedule = read_tables(shelf, folder / "schedule.toml", "asked", Entry)
    domains = MappingProxyType(read_domains(shelf))
    challenges, attributes = read_challenges(shelf), read_attributes(shelf)
    if shelf.faults:
        raise PlansRefused(shelf.faults)
    asked_back = challenges or bundled_plans().challenges.unlinked
    return Plans(programmes, indicators, schedule, domains, asked_back, MappingProxyType(attributes))


# --- what the folder holds ------------------------------------------------------------------------------


class Shelf:
    """The files of a folder of plans. It collects faults, so that whoever mends the files sees all of them at once."""

    def __init__(self, folder: Path, called: str = "") -> None:
        self.folder = folder
        self.called = called
        """The folder's name in faults; "" for the program's own folder, which needs none."""
        self.faults: list[PlanFault] = []
        self.rows: dict[tuple[str, str], int] = {}
        """The row of each commitment in its file, by plan and id."""

    def name(self, path: Path) -> str:
        """Return the name of a file in faults."""
        return (Path(self.called) / path.relative_to(self.folder)).as_posix()

    def note(self, path: Path, code: str, about: str = "", write: str = "", row: int = 0) -> None:
        """Note a fault of a whole file, or of one row of it."""
        self.faults.append(PlanFault(self.name(path), code, about, write, row))

    def text(self, path: Path) -> str:
        """Return the text of a file, without the byte order mark of spreadsheet programs; "" and a fault if unreadable."""
        try:
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.note(path, "no_file")
        except UnicodeDecodeError:
            self.note(path, "encoding")
        except OSError:
            self.note(path, "unreadable")
        return ""

    def toml(self, path: Path, *tables: str) -> dict[str, Any]:
        """Return the tables of a TOML file; {} and a fault if it is none. Tables other than `tables`, if given, are
        faults."""
        try:
            body = tomllib.loads(self.text(path))
        except (
            ValueError,
            RecursionError,
        ) as error:  # also brackets without end, a number of thousands of digits
            at = AT_LINE.search(str(error))
            self.note(path, "toml", AT_LINE.sub("", str(error)), row=int(at[1]) if at else 0)
            return {}
        for name in body.keys() - {*tables} if tables else ():
            self.note(path, "unknown_table", name, nearest(name, tables))
        return body

    def tables(self, path: Path, body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """Return the tables `[name.…]` of a file by the part after the dot; {} and a fault if `name` is no table."""
        tables = body.get(name, {})
        if isinstance(tables, Mapping):
            return tables
        self.note(path, "table", name, f"[{name}.…]")
        return {}

    def take(self, kind: type[T], row: object, where: str, number: int = 0, **own: object) -> T | None:
        """Return `row` as a `kind`; None if it is not valid, with its faults noted under `where`.

        `own` are fields that come from elsewhere, such as the folder's name or other files; the row may not have them.
        """
        wanted: Any = kind  # a type can be a key of a cache, which mypy does not know of a type[T]
        given, written = ({**row, **own}, row.keys()) if isinstance(row, Mapping) else (row, set())
        try:
            read: T = adapter(wanted).validate_python(given)
        except ValidationError as refused:
            self.faults += [fault_of(error, wanted, where, number) for error in refused.errors()]
            return None
        for name in sorted(own.keys() & written):
            self.faults.append(PlanFault(where, "not_here", name, row=number))
        return read


def read_domains(shelf: Shelf) -> dict[str, Mapping[str, str]]:
    """Return the names of each domain by its id, in the order of the file."""
    path = shelf.folder / "domains.toml"
    body = shelf.toml(path, "domain") if path.exists() or not shelf.called else {}
    return {
        domain: names
        for domain, row in shelf.tables(path, body, "domain").items()
        if (names := shelf.take(DOMAIN, row, f"{shelf.name(path)}: {domain}"))
    }


def read_challenges(shelf: Shelf) -> Challenges | None:
    """Return the rules for asking back; None if the folder has none, or if they are wrong."""
    path = shelf.folder / "challenges.toml"
    if not path.exists():
        return None
    body = shelf.toml(path, *(field.name for field in fields(Challenges)))
    return shelf.take(Challenges, body, shelf.name(path)) if body else None


def read_attributes(shelf: Shelf) -> dict[str, Attribute]:
    """Return the attributes of units by id; {} if the folder has none."""
    path = shelf.folder / "attributes.toml"
    body = shelf.toml(path, "attribute") if path.exists() else {}
    where = shelf.name(path)
    taken_up = (
        shelf.take(Attribute, row, f"{where}: {name}", id=name)
        for name, row in shelf.tables(path, body, "attribute").items()
    )
    return {attribute.id: attribute for attribute in taken_up if attribute is not None}


def read_indicators(shelf: Shelf) -> dict[str, Indicator]:
    """Return the indicators of all domains by id."""
    indicators: dict[str, Indicator] = {}
    for path in sorted(shelf.folder.glob("indicators/*.toml")):
        body, file = shelf.toml(path, "indicator", "parts"), shelf.name(path)
        parts = shelf.take(PARTS, body.get("parts", {}), f"{file}: [parts]") or {}
        for name, row in shelf.tables(path, body, "indicator").items():
            if name in indicators:
                shelf.note(path, "two_files", name)
            indicator = read_indicator(shelf, row, f"{file}: {name}", name, parts)
            if indicator is not None:
                indicators[name] = indicator
    return indicators


def read_indicator(
    shelf: Shelf, row: object, where: str, name: str, parts: Mapping[str, str]
) -> Indicator | None:
    """Return one indicator with those of the `parts` that it needs; None if its table is wrong."""
    if not isinstance(row, dict):
        return shelf.take(Indicator, row, where)
    rest, definitions = apart(row)
    indicator = shelf.take(Indicator, rest, where, id=name, definitions=definitions, parts={})
    if indicator is None:
        return None
    used = with_wholes(indicator.counted, parts)
    return replace(indicator, parts={part: whole for part, whole in parts.items() if part in used})


def apart(row: dict[str, Any]) -> tuple[dict[str, Any], object]:
    """Split an indicator's table into the table without definitions, and the definitions.

    A file writes either one table `definition`, or several `definitions`, each with its first day. A definition without a
    source of its own gets the indicator's.
    """
    rest = dict(row)
    several = [rest.pop("definition")] if "definition" in rest else []
    several = rest.pop("definitions", several)
    source = {"source": rest.pop("source")} if "source" in rest else {}
    if not isinstance(several, list):
        return rest, several
    return rest, [{**source, **one} if isinstance(one, dict) else one for one in several]


def with_wholes(names: Collection[str], parts: Mapping[str, str]) -> set[str]:
    """Return `names` with the wholes that they are parts of, and the wholes of these."""
    needed = set(names)
    while more := {parts[name] for name in needed if name in parts} - needed:
        needed |= more
    return needed


def read_programmes(shelf: Shelf) -> Iterator[tuple[str, Programme]]:
    """Yield every readable plan with its id, the name of its folder."""
    for path in sorted(shelf.folder.glob("programmes/*/programme.toml")):
        programme = read_programme(shelf, path)
        if programme is not None:
            yield programme.id, programme


def read_programme(shelf: Shelf, path: Path) -> Programme | None:
    """Return the plan in the folder of `path`, its `programme.toml`, with the other files there; None if it is wrong."""
    before, plan = len(shelf.faults), path.parent.name
    body = shelf.toml(path)
    if len(shelf.faults) > before:
        return None  # every field would be missing
    return shelf.take(
        Programme,
        body,
        shelf.name(path),
        id=plan,
        targets=read_targets(shelf, path.with_name(TARGETS), plan, body.get("level")),
        schedule=read_tables(shelf, path.with_name("schedule.toml"), "asked", Entry),
        deadlines=read_tables(shelf, path.with_name("deadlines.toml"), "deadline", Deadline),
        sums=read_tables(shelf, path.with_name("sums.toml"), "sum", Sum),
        norms=read_tables(shelf, path.with_name("norms.toml"), "norm", Norm),
    )


def read_tables(shelf: Shelf, path: Path, table: str, kind: type[T]) -> tuple[T, ...]:
    """Return the valid tables `[[table]]` of a file; () if there is no file."""
    if not path.exists():
        return ()
    rows = shelf.toml(path, table).get(table, [])
    if not isinstance(rows, list):
        shelf.note(path, "table", f"[{table}]", f"[[{table}]]")
        return ()
    file = shelf.name(path)
    return taken(
        shelf.take(kind, row, f"{file}: [[{table}]] {number}{named(row)}")
        for number, row in enumerate(rows, start=1)
    )


def named(row: object) -> str:
    """Return what identifies a table in a long file, for faults: ", " and its form, clause or total; "" for none."""
    keys = ("form", "clause", "total")
    return next((f", {row[key]}" for key in keys if isinstance(row, dict) and key in row), "")


def read_targets(shelf: Shelf, path: Path, plan: str, set_at: object) -> tuple[Target, ...]:
    """Return the valid rows of a `targets.csv`; numbers have a decimal point.

    Cells may be separated by commas, semicolons (as Excel in Việt Nam does) or tabs.
    """
    text = shelf.text(path)
    separator = max(",;\t", key=text.partition("\n")[0].count)
    lines = csv.DictReader(text.splitlines(keepends=True), delimiter=separator)
    try:
        columns = COLUMNS if lines.fieldnames is None else lines.fieldnames  # an empty first line has none
        # With wrong columns, every row would be a fault again.
        rows = list(enumerate(lines, start=2)) if has_columns(shelf, path, columns) else []
    except csv.Error as error:
        shelf.note(path, "no_table", str(error), row=lines.line_num)
        return ()
    file, targets = shelf.name(path), []
    for number, row in rows:
        if None in row or None in row.values():  # how DictReader tells of too many cells, and of too few
            shelf.note(path, "cells", row["id"] or "", str(len(columns)), number)
            continue
        shelf.rows.setdefault((plan, row["id"]), number)
        targets.append(shelf.take(Target, row, f"{file}: {row['id']}", number, plan=plan, set_at=set_at))
    return taken(targets)


def has_columns(shelf: Shelf, path: Path, columns: Collection[str]) -> bool:
    """Whether a spreadsheet has exactly the columns of a target; unknown and missing ones are noted as faults."""
    before = len(shelf.faults)
    for column in columns:
        if column not in COLUMNS:
            shelf.note(path, "unknown_column", column, nearest(column, COLUMNS), row=1)
    for column in COLUMNS:
        if column not in columns and column not in OPTIONAL:
            shelf.note(path, "missing_column", column, row=1)
    return len(shelf.faults) == before


def taken(rows: Iterable[T | None]) -> tuple[T, ...]:
    """Return the rows that could be read."""
    return tuple(row for row in rows if row is not None)
