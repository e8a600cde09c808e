"""What the offices that lists name are here: "Tr. thôn" is a head of a village, "PCT UBND xã" an officer of a commune."""

import re
from collections.abc import Mapping
from typing import Final

from questionnaires.answers.text import fold
from storage.list_places import KINDS
from storage.tables import RoleName

ROLE_WORDS: Final[Mapping[str, RoleName]] = {
    **{name.value: name for name in RoleName},
    **{
        f"{head} {fold(kind)}": RoleName.VILLAGE_HEAD
        for kind in KINDS
        for head in ("truong", "tr", "trg", "t")
    },
    "to truong": RoleName.VILLAGE_HEAD,
    "to truong to dan pho": RoleName.VILLAGE_HEAD,
    "to truong tdp": RoleName.VILLAGE_HEAD,
    "can bo xa": RoleName.COMMUNE_OFFICER,
    "can bo phuong": RoleName.COMMUNE_OFFICER,
    "can bo huyen": RoleName.DISTRICT_OFFICER,
    "can bo tinh": RoleName.PROVINCE_OFFICER,
    "can bo trung uong": RoleName.CENTRAL_OFFICER,
    "trung uong": RoleName.CENTRAL_OFFICER,
    "quan tri": RoleName.ADMINISTRATOR,
    "quan tri vien": RoleName.ADMINISTRATOR,
}
OFFICE_OF_COMMUNE: Final = re.compile(
    r"(?:(?:pho )?chu tich|p?ct|cong chuc|cc|can bo|cb)(?! (?:thon|ban|xom|to|khu|ap)\b)(?: .*)?"
    r"|(?:pho )?(?:truong )?phong .*\b(?:xa|phuong)|(?:chuyen vien|nhan vien) .*\b(?:xa|phuong)"
)
"""Offices of a commune's people's committee, folded. Where they are held is said by the place beside them."""
ELSEWHERE: Final = re.compile(
    r"\b(?:tinh|huyen|thanh pho|so|trung uong|(?<!xa )hoi|doan|mat tran|mttq|hdnd|hop tac xa)\b"
)
"""Words of an office elsewhere, or of a body that is none of the state's: "Sở", "Hội Nông dân xã"."""
BESIDE: Final = re.compile(r"\bkiêm\b|[,;/]|\s-\s", re.IGNORECASE)
"""What joins two offices of one person."""


def role_named(words: str) -> RoleName | None:
    """Return the role that is meant: "Trưởng thôn", "cán bộ xã", "Bí thư chi bộ kiêm trưởng thôn"; None if it is none,
    or two."""
    named = ROLE_WORDS.get(words.strip().casefold()) or ROLE_WORDS.get(fold(words))
    if named:
        return named
    if is_of_commune(words):
        return RoleName.COMMUNE_OFFICER
    held = set(map(ROLE_WORDS.get, map(fold, BESIDE.split(words)))) - {None}
    return held.pop() if len(held) == 1 else None


def is_of_commune(words: str) -> bool:
    """Whether an office is one of a commune's: "Công chức Văn hóa - Xã hội"; none of a village head's is beside it."""
    said = fold(words)
    held = any(fold(part) in ROLE_WORDS for part in BESIDE.split(words))
    return not held and OFFICE_OF_COMMUNE.fullmatch(said) is not None and not ELSEWHERE.search(said)
