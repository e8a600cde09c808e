"""Villages and people of the demonstration. All of them are made up; the communes are real.

Any likeness to a real village or person is chance. Villages are stored as invented and shown as such.
"""

from dataclasses import dataclass
from random import Random
from typing import Final

SEED: Final = 2025

VILLAGES: Final[dict[str, tuple[str, ...]]] = {
    "Vĩnh Thông": (
        *("Nà Hin", "Khuổi Lặng", "Bản Sáo", "Pác Liền", "Thôm Dẻ", "Cốc Nhội", "Phiêng Mạ", "Lủng Cháng"),
    ),
    "Phủ Thông": (
        *("Nà Phiệt", "Bản Mẫm", "Khuổi Sương", "Pò Đeng", "Cốc Thổ", "Nà Lìu", "Phiêng Kham", "Đon Bây"),
    ),
    "Phong Quang": (
        *("Bản Chẩu", "Nà Sẻn", "Khuổi Vải", "Pác Thon", "Nặm Lanh", "Thẳm Mò", "Lủng Phặc", "Nà Đảy"),
    ),
    "Cẩm Giàng": (
        *("Nà Tèo", "Bó Pình", "Khau Mạn", "Bản Đuổn", "Nà Xỏm", "Cốc Bây", "Pác Han", "Phiêng Lầu"),
    ),
    "Bạch Thông": (
        *("Bản Lẻng", "Nà Vạng", "Khuổi Chả", "Nà Ỏi", "Tổng Lẹng", "Pác Cuồi", "Thôm Phả", "Lủng Dầy"),
    ),
}
"""Eight invented villages in each of the five communes that followed huyện Bạch Thông, by commune."""

DISTRICT: Final = "Bạch Thông"
PROVINCE: Final = "Thái Nguyên"
HOME: Final = "Nà Hin"
"""The village of the contact demo:truong-thon."""

FAMILY: Final = ("Nông", "Hoàng", "Triệu", "Lý", "Bàn", "Hà", "Lường", "Ma", "Đặng", "Dương", "Đinh", "Lục")
MIDDLE_AND_GIVEN: Final = (
    *("Văn Tâm", "Thị Hương", "Văn Sinh", "Thị Thơm", "Đức Thành", "Thị Mai", "Văn Quý", "Thị Lan"),
    *("Văn Thắng", "Thị Nhung", "Minh Tuấn", "Thị Duyên", "Văn Phúc", "Thị Hoa", "Quốc Việt", "Thị Bích"),
)


@dataclass(frozen=True, slots=True)
class DemoVillage:
    """One invented village, the contact and the name of its head, and how large it is."""

    name: str
    commune: str
    contact: str
    head: str
    households: int
    diligence: float
    """The chance that its head sends a report that is due."""


@dataclass(frozen=True, slots=True)
class DemoOfficer:
    """Somebody above the villages, with the level and name of the place they answer for."""

    contact: str
    name: str
    role: str
    level: str
    place: str


OFFICERS: Final = (
    DemoOfficer("demo:can-bo-xa", "Hà Thị Vinh", "can-bo-xa", "xa", "Vĩnh Thông"),
    DemoOfficer("demo:can-bo-huyen", "Nguyễn Đình Hải", "can-bo-huyen", "huyen", DISTRICT),
    DemoOfficer("demo:can-bo-tinh", "Phạm Thu Hà", "can-bo-tinh", "tinh", PROVINCE),
    DemoOfficer("demo:trung-uong", "Trần Quang Minh", "trung-uong", "nuoc", "Việt Nam"),
    DemoOfficer("demo:quan-tri", "Vũ Ngọc Anh", "quan-tri", "tinh", PROVINCE),
)


def villages() -> tuple[DemoVillage, ...]:
    """All invented villages, always the same; the first is the one of demo:truong-thon."""
    chance = Random(SEED)
    made: list[DemoVillage] = []
    for commune, names in VILLAGES.items():
        for name in names:
            number = len(made) + 1
            contact = "demo:truong-thon" if number == 1 else f"demo:truong-thon-{number}"
            head = f"{chance.choice(FAMILY)} {chance.choice(MIDDLE_AND_GIVEN)}"
            diligence = 1.0 if number == 1 else chance.choice((1.0, 0.95, 0.9, 0.8, 0.5))
            made.append(DemoVillage(name, commune, contact, head, chance.randrange(38, 125), diligence))
    return tuple(made)
