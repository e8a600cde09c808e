"""What the columns of a list of people are called, and what its titles and sections say."""

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
)

OFFICE: Final = r"(?:(?:tổ )?trưởng )?(?:thôn|bản|xóm|khu phố|khu|buôn|làng|ấp|tổ dân phố|tdp)"
ROLE_TITLE: Final = re.compile(
    rf"(?:.*\s)?danh sách (?:các )?((?:tổ )?trưởng (?:thôn|bản|xóm|khu|buôn|tổ dân phố))(?:(?:, | và |/| - ){OFFICE})*"
    r"(?: (?:xã|phường|của|trên|thuộc|năm|tỉnh|\().*)?",
    re.IGNORECASE,
)
"""A title that says what everybody in a list is: "Danh sách trưởng thôn, bản xã Vĩnh Thông"."""
ROLE_HEADING: Final = re.compile(
    r"(?:.*\s)?((?:tổ )?trưởng (?:thôn|bản|xóm|khu phố|khu|buôn|làng|ấp|khóm|tổ dân phố|tdp)|tổ trưởng)\b.*",
    re.IGNORECASE,
)
"""A heading that says whose names stand below it: "Họ và tên trưởng thôn, bản"."""
HEADS: Final = (
    r"(?:cua )?(?:bi thu (?:chi bo )?(?:kiem )?)?"
    r"(?:(?:to )?truong (?:thon|ban|xom|khu|buon|lang|ap|khom|to|tdp)|to truong)\b.*"
)
NUMBERS: Final = r"(?:(?:so )?(?:dien thoai|dt|dtdd|di dong)|sdt)"
COLUMNS: Final = (
    Column(
        "name",
        "Họ tên",
        (
            *(
                "ho va ten",
                "ten",
                "ho ten can bo",
                "ho va ten can bo",
                "ho ten can bo dau moi",
                "ho va ten can bo dau moi",
            ),
            *(
                "can bo dau moi",
                "dau moi",
                "ho ten dau moi",
                "ho va ten dau moi",
                "nguoi phu trach",
                "can bo phu trach",
            ),
            *("ho va ten nguoi phu trach", "ho ten nguoi phu trach", "name"),
        ),
        described=re.compile(rf"(?!.* {NUMBERS}$)(?:(?:ho )?(?:va )?ten )?{HEADS}"),
    ),
    Column("family", "Họ đệm", ("ho", "ho va dem", "ho va ten dem", "ho lot", "ho va chu lot", "ho ten dem")),
    Column(
        "phone",
        "Điện thoại",
        (
            "so dien thoai",
            "so dien thoai lien he",
            "dien thoai lien he",
            "sdt",
            "so dt",
            "dt",
            "dtdd",
            "di dong",
            "dien thoai di dong",
            "so di dong",
            *(
                "sdt zalo",
                "so zalo",
                "so dien thoai zalo",
                "dien thoai zalo",
                "sdt di dong",
                "so dien thoai di dong",
            ),
            *(
                "sdt lien he",
                "so dt lien he",
                "so lien he",
                "sdt ca nhan",
                "so dien thoai ca nhan",
                "dien thoai ca nhan",
            ),
            "phone",
        ),
        "number",
        described=re.compile(rf"{NUMBERS} {HEADS}|{HEADS} {NUMBERS}"),
    ),
    Column("village", "Thôn", VILLAGE_COLUMN, described=VILLAGES_NAMED),
    Column(
        "commune",
        "Xã",
        COMMUNE_COLUMN,
        titled=COMMUNE_TITLE,
        section=VILLAGES_SECTION,
    ),
    Column(
        "province",
        "Tỉnh",
        PROVINCE_COLUMN,
        titled=PROVINCE_TITLE,
        section=PROVINCE_SECTION,
    ),
    Column(
        "place",
        "Địa bàn",
        ("don vi", "dia chi", "noi cong tac", "dia ban phu trach", "don vi cong tac", "place"),
    ),
    Column("code", "Mã", ("ma dia ban", "ma don vi", "code"), "number"),
    Column("role", "Vai trò", ("chuc vu", "chuc danh", "role"), titled=ROLE_TITLE, in_heading=ROLE_HEADING),
)
WANTED: Final = (
    ("name", "phone", "role", "place"),
    ("name", "phone", "role", "code"),
    ("name", "phone", "role", "village", "commune"),
    ("name", "phone", "role", "commune"),
)
PLACED: Final = ("village", "commune", "province")
"""The columns that name a place together, if no single column does."""
