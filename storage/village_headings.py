"""What the columns of a list of villages are called, and what its titles and sections say."""

import re
from typing import Final

from storage.columns import Column
from storage.list_places import (
    COMMUNE_COLUMN,
    COMMUNE_TITLE,
    PROVINCE_COLUMN,
    PROVINCE_SECTION,
    PROVINCE_TITLE,
    VILLAGE_COLUMN,
    VILLAGES_NAMED,
    VILLAGES_SECTION,
    WITH_COMMUNES,
)

COLUMNS: Final = (
    Column("commune_code", "Mã xã", ("ma don vi", "ma phuong", "ma xa phuong", "ma dvhc"), "number"),
    Column(
        "commune",
        "Xã",
        COMMUNE_COLUMN,
        titled=COMMUNE_TITLE,
        section=VILLAGES_SECTION,
        coded="commune_code",
    ),
    Column(
        "province",
        "Tỉnh",
        PROVINCE_COLUMN,
        titled=PROVINCE_TITLE,
        section=PROVINCE_SECTION,
    ),
    Column("kind", "Loại", ("loai hinh", "loai thon", "loai don vi", "cap", "loai dia ban", "kind")),
    Column("code", "Mã thôn", ("ma thon ban", "ma to", "village code"), "number", failing=("ma",)),
    Column(
        "name",
        "Tên thôn",
        (
            "thon",
            "ten",
            *VILLAGE_COLUMN,
        ),
        failing=(
            "xa thon",
            "thon xa",
            "ten xa thon",
            "ten thon xa",
            "xa thon ban",
            "ten xa thon ban",
            "ten don vi",
            "don vi",
            "dia ban",
            "don vi hanh chinh",
            "ten don vi hanh chinh",
        ),
        described=re.compile(f"{VILLAGES_NAMED.pattern}|{WITH_COMMUNES}"),
    ),
    Column(
        "households",
        "Số hộ",
        (
            "so ho dan",
            "tong so ho",
            "so ho gia dinh",
            "ho dan",
            "sl ho",
            "so luong ho",
            "tong ho",
            "households",
        ),
        "number",
    ),
)
WANTED: Final = (
    ("commune_code", "kind", "name"),
    ("commune", "province", "kind", "name"),
    ("commune_code", "name"),
    ("commune", "name"),
)
"""The first two sets are what we ask for. A name that begins with its type word needs no column for that, and a
commune needs no province if no other commune has its name."""
