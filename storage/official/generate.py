"""Makes units.csv.gz and successions.csv.gz from the MIT-licensed package `vietnamadminunits` 1.0.4.

It is run by hand, only when the source or a correction changes, and the project never installs the package:

    python3 -m venv /tmp/places
    /tmp/places/bin/pip install --no-deps vietnamadminunits==1.0.4
    .venv/bin/python -m storage.official.generate \\
        /tmp/places/lib/python3.11/site-packages/vietnamadminunits

The same input gives the same bytes. What is corrected and what stays doubtful stands in SOURCES.md.
"""

import csv
import gzip
import io
import json
import sqlite3
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
LAST_OLD_DAY: Final = "2025-06-30"
FIRST_NEW_DAY: Final = "2025-07-01"

HOMONYMS: Final = frozenset(
    {
        ("06079", "06184"),
        ("10798", "11911"),
        ("11890", "10804"),
        ("11890", "10843"),
        ("25462", "27694"),
        ("27691", "25459"),
        ("28252", "29869"),
        ("28270", "29869"),
        ("28437", "29869"),
        ("28439", "29869"),
        ("28924", "29734"),
        ("29623", "29182"),
        ("29734", "28921"),
        ("29902", "29869"),
        ("29908", "29869"),
        ("31246", "31726"),
        ("31268", "31666"),
        ("31378", "31654"),
        ("31379", "31582"),
        ("31438", "31741"),
        ("31474", "31741"),
        ("31480", "31639"),
        ("31483", "31591"),
        ("31582", "31378"),
        ("31606", "31495"),
        ("31657", "31378"),
        ("31666", "31288"),
        ("31669", "31480"),
        ("31714", "31246"),
        ("31741", "31408"),
        ("31744", "31473"),
    }
)
"""(old code, new code) that the source gives although the part came from another commune of the same name.

The source joined by name within the merged province: thus Hồng Phong of Bình Gia (06079) got the successor of
Hồng Phong of Cao Lộc. Each pair is checked below to be such a case.
"""

DOUBTFUL: Final = frozenset(
    {
        ("00553", "00562"),
        ("00556", "00562"),
        ("09013", "09817"),
        ("01615", "01648"),
        ("02485", "02494"),
        ("23053", "23041"),
        ("28036", "28087"),
    }
)
"""(old code, new code) that only one of two tables gives: kept, marked, for a person to decide."""


Pairs = set[tuple[str, tuple[str, str]]]
"""(key of the old commune, key of the new one)."""


@dataclass
class OfficialUnit:
    """One row of units.csv.gz; `before` and `after` are the parents until 30/6/2025 and from 1/7/2025."""

    level: str
    kind: str
    name: str
    code: str
    first_day: str = ""
    last_day: str = ""
    before: "OfficialUnit | None" = None
    after: "OfficialUnit | None" = None
    number: int = 0


@dataclass
class Country:
    """Everything read so far. Keys are the source's own name keys, unique within their table."""

    nation: OfficialUnit = field(default_factory=lambda: OfficialUnit("nuoc", "nước", "Việt Nam", ""))
    old_provinces: dict[str, OfficialUnit] = field(default_factory=dict)
    new_provinces: dict[str, OfficialUnit] = field(default_factory=dict)
    districts: dict[str, OfficialUnit] = field(default_factory=dict)
    old_communes: dict[str, OfficialUnit] = field(default_factory=dict)
    """By province_district_commune; a district without communes stands here itself, its last part empty."""
    new_communes: dict[tuple[str, str], OfficialUnit] = field(default_factory=dict)


KINDS: Final = ("thành phố", "thị trấn", "đặc khu", "thị xã", "phường", "huyện", "quận", "tỉnh", "xã")


def split_name(full: str) -> tuple[str, str]:
    """("xã", "Vũ Muộn") from "Xã Vũ Muộn"."""
    for kind in KINDS:
        if full.casefold().startswith(kind + " "):
            return kind, full[len(kind) + 1 :].strip()
    raise ValueError(f"no type word: {full}")


def read_units(database: Path) -> Country:
    """The units of both eras, each era by itself: nothing is known yet to have stayed the same."""
    country = Country()
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        connection.row_factory = sqlite3.Row
        old = connection.execute(
            "SELECT * FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode"
        )
        for row in old.fetchall():
            add_old(country, row)
        for row in connection.execute("SELECT * FROM admin_units ORDER BY provinceCode, wardCode").fetchall():
            add_new(country, row)
    return country


def add_old(country: Country, row: sqlite3.Row) -> None:
    province_key, district_key = row["provinceKey"], f"{row['provinceKey']}_{row['districtKey']}"
    if province_key not in country.old_provinces:
        unit = OfficialUnit(
            "tinh", *split_name(row["province"]), row["provinceCode"], "", LAST_OLD_DAY, country.nation
        )
        country.old_provinces[province_key] = unit
    province = country.old_provinces[province_key]
    if district_key not in country.districts:
        unit = OfficialUnit(
            "huyen", *split_name(row["district"]), row["districtCode"], "", LAST_OLD_DAY, province
        )
        country.districts[district_key] = unit
    district = country.districts[district_key]
    commune = district
    if row["ward"]:
        commune = OfficialUnit("xa", *split_name(row["ward"]), row["wardCode"], "", LAST_OLD_DAY, district)
    country.old_communes[f"{district_key}_{row['wardKey'] or ''}"] = commune


def add_new(country: Country, row: sqlite3.Row) -> None:
    key = row["provinceKey"]
    if key not in country.new_provinces:
        unit = OfficialUnit(
            "tinh", *split_name(row["province"]), row["provinceCode"], FIRST_NEW_DAY, "", None, country.nation
        )
        country.new_provinces[key] = unit
    unit = OfficialUnit(
        "xa", *split_name(row["ward"]), row["wardCode"], FIRST_NEW_DAY, "", None, country.new_provinces[key]
    )
    country.new_communes[key, row["wardKey"]] = unit


def read_pairs(country: Country, conversion: dict[str, dict[str, dict[str, list[object]]]]) -> Pairs:
    """(key of the old commune, key of the new one) for each succession the source gives, corrected."""
    pairs: Pairs = set()
    for province, whole in conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        pairs |= {(str(old), (province, new)) for new, olds in whole.items() for old in olds}
    for province, divided in conversion["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old, parts in divided.items():
            pairs |= {(old, (province, part["newWardKey"])) for part in parts if isinstance(part, dict)}
    return correct(country, pairs)


def correct(country: Country, pairs: Pairs) -> Pairs:
    """`pairs` without the homonyms', with the doubtful ones. Raises ValueError if one fits no longer."""
    codes = {pair: (country.old_communes[pair[0]].code, country.new_communes[pair[1]].code) for pair in pairs}
    wrong = {pair for pair, code in codes.items() if code in HOMONYMS}
    # The corrections name rows of one edition of the source: with another edition they have to be looked at again,
    # not applied.
    if len(wrong) != len(HOMONYMS):
        raise ValueError("a corrected row is no longer in the source")
    sources = Counter((country.old_communes[old].name, new) for old, new in pairs)
    for old, new in wrong:
        # A row is only dropped where its namesake stays: otherwise a commune would lose where it came from.
        if sources[country.old_communes[old].name, new] < 2:
            raise ValueError(f"not a homonym's row: {old} {new}")
    old_by_code = {unit.code: key for key, unit in country.old_communes.items()}
    new_by_code = {unit.code: key for key, unit in country.new_communes.items()}
    return (pairs - wrong) | {(old_by_code[old], new_by_code[new]) for old, new in DOUBTFUL}


def unite(country: Country, provinces: dict[str, list[str]], pairs: Pairs) -> None:
    """Let a unit that the reform did not touch (same name, type and ground) be one unit with one identity."""
    for province, old_keys in provinces.items():
        before, now = country.old_provinces[old_keys[0]], country.new_provinces[province]
        if len(old_keys) == 1 and (before.kind, before.name) == (now.kind, now.name):
            before.last_day, before.after = "", country.nation
            country.new_provinces[province] = before
    origins, successors = Counter(new for _, new in pairs), Counter(old for old, _ in pairs)
    for old_key, new_key in pairs:
        old, new = country.old_communes[old_key], country.new_communes[new_key]
        # Untouched means that nothing else went in and nothing else came out; the name alone may have moved to other
        # ground.
        alone = origins[new_key] == successors[old_key] == 1
        if alone and (old.kind, old.name, old.code) == (new.kind, new.name, new.code):
            old.last_day, old.after = "", country.new_provinces[new_key[0]]
            country.new_communes[new_key] = old
    for (province, _), unit in country.new_communes.items():
        unit.after = country.new_provinces[province]


def unit_rows(country: Country) -> list[OfficialUnit]:
    """Every unit once, numbered from 1, parents before children."""
    units: dict[int, OfficialUnit] = {}
    communes = [unit for unit in country.old_communes.values() if unit.level == "xa"]
    groups = (country.old_provinces, country.new_provinces, country.districts)
    ordered = [country.nation, *chain.from_iterable(group.values() for group in groups)]
    for unit in [*ordered, *communes, *country.new_communes.values()]:
        if id(unit) not in units:
            units[id(unit)] = unit
            unit.number = len(units)
    return list(units.values())


def succession_rows(
    country: Country, provinces: dict[str, list[str]], pairs: Pairs
) -> list[tuple[int, int, int, int]]:
    """(from, to, whole, doubtful), by the numbers of units.csv.gz; a unit that stayed has no row."""
    rows: set[tuple[int, int, int, int]] = set()
    for new_key, old_keys in provinces.items():
        for old_key in old_keys:
            rows.add((country.old_provinces[old_key].number, country.new_provinces[new_key].number, 1, 0))
    codes: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for old, new in pairs:
        codes[old].add(new)
    for old, news in codes.items():
        unit = country.old_communes[old]
        for new in news:
            target = country.new_communes[new]
            doubtful = (unit.code, target.code) in DOUBTFUL
            rows.add((unit.number, target.number, int(len(news) == 1), int(doubtful)))
    return sorted(row for row in rows if row[0] != row[1])


def write(path: Path, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """A gzipped CSV without the time of writing, so that the same rows give the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.getvalue().encode())


def generate(package: Path, folder: Path = FOLDER) -> tuple[int, int]:
    """Write both files into `folder` from the unpacked `package`; gives their numbers of rows."""
    conversion = json.loads((package / "data" / "converter_2025.json").read_text("utf-8"))
    provinces: dict[str, list[str]] = conversion["DICT_PROVINCE"]
    country = read_units(package / "data" / "dataset.db")
    pairs = read_pairs(country, conversion)
    unite(country, provinces, pairs)
    units = unit_rows(country)
    successions = succession_rows(country, provinces, pairs)
    header = ("number", "level", "kind", "name", "code", "first_day", "last_day", "before", "after")
    write(
        folder / "units.csv.gz",
        header,
        [
            (
                *(unit.number, unit.level, unit.kind, unit.name, unit.code, unit.first_day, unit.last_day),
                *(parent.number if parent else "" for parent in (unit.before, unit.after)),
            )
            for unit in units
        ],
    )
    write(folder / "successions.csv.gz", ("from", "to", "whole", "doubtful"), list(successions))
    return len(units), len(successions)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.write("{} units, {} successions\n".format(*generate(Path(sys.argv[1]))))
