"""Villages and people of the demonstrations. All of them are made up; the communes are real.

Any likeness to a real village or person is chance. Villages are stored as invented and shown as such.

There are two grounds: the communes that followed a district, today, under a plan of targets for many years; and a district
in the year of a plan of capital, works and tasks, on a day shortly before that year's report is due.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from random import Random
from typing import Final

from plans.period import PeriodKind

SEED: Final = 2025
HEAD: Final = "demo:truong-thon"


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


@dataclass(frozen=True)
class DemoGround:
    """Where a demonstration plays, and when."""

    province: str
    district: str
    kind: str
    """What a village is called there."""
    communes: Mapping[str, tuple[str, ...]]
    """The invented villages by commune; the first is that of the village head whom one plays."""
    families: tuple[str, ...]
    given: tuple[str, ...]
    names: tuple[str, str, str, str, str]
    """The officers of the commune, the district, the province and the nation, and the administrator."""
    day: date | None = None
    """On which day it plays; None for today."""
    back: Mapping[PeriodKind, int] = field(default_factory=dict)
    """For how many periods before the present one officers have reported, if not for one."""
    capital: bool = False
    """Whether its officers have reported capital and works."""

    @property
    def commune(self) -> str:
        """The commune that has an officer."""
        return next(iter(self.communes))

    @property
    def officers(self) -> tuple[DemoOfficer, ...]:
        commune, district, province, nation, administrator = self.names
        return (
            DemoOfficer("demo:can-bo-xa", commune, "can-bo-xa", "xa", self.commune),
            DemoOfficer("demo:can-bo-huyen", district, "can-bo-huyen", "huyen", self.district),
            DemoOfficer("demo:can-bo-tinh", province, "can-bo-tinh", "tinh", self.province),
            DemoOfficer("demo:trung-uong", nation, "trung-uong", "nuoc", "Việt Nam"),
            DemoOfficer("demo:quan-tri", administrator, "quan-tri", "tinh", self.province),
        )

    @cached_property
    def villages(self) -> tuple[DemoVillage, ...]:
        """All invented villages, always the same; the first is the one of `HEAD`."""
        chance = Random(SEED)
        made: list[DemoVillage] = []
        for commune, names in self.communes.items():
            for name in names:
                number = len(made) + 1
                contact = HEAD if number == 1 else f"{HEAD}-{number}"
                head = f"{chance.choice(self.families)} {chance.choice(self.given)}"
                diligence = 1.0 if number == 1 else chance.choice((1.0, 0.95, 0.9, 0.8, 0.5))
                made.append(DemoVillage(name, commune, contact, head, chance.randrange(38, 125), diligence))
        return tuple(made)


BACH_THONG: Final = DemoGround(
    province="Thái Nguyên",
    district="Bạch Thông",
    kind="thôn",
    communes={
        "Vĩnh Thông": (
            *("Nà Hin", "Khuổi Lặng", "Bản Sáo", "Pác Liền", "Thôm Dẻ", "Cốc Nhội", "Phiêng Mạ"),
            "Lủng Cháng",
        ),
        "Phủ Thông": (
            *("Nà Phiệt", "Bản Mẫm", "Khuổi Sương", "Pò Đeng", "Cốc Thổ", "Nà Lìu", "Phiêng Kham"),
            "Đon Bây",
        ),
        "Phong Quang": (
            *("Bản Chẩu", "Nà Sẻn", "Khuổi Vải", "Pác Thon", "Nặm Lanh", "Thẳm Mò", "Lủng Phặc"),
            "Nà Đảy",
        ),
        "Cẩm Giàng": (
            *("Nà Tèo", "Bó Pình", "Khau Mạn", "Bản Đuổn", "Nà Xỏm", "Cốc Bây", "Pác Han"),
            "Phiêng Lầu",
        ),
        "Bạch Thông": (
            *("Bản Lẻng", "Nà Vạng", "Khuổi Chả", "Nà Ỏi", "Tổng Lẹng", "Pác Cuồi", "Thôm Phả"),
            "Lủng Dầy",
        ),
    },
    families=(*("Nông", "Hoàng", "Triệu", "Lý", "Bàn", "Hà", "Lường", "Ma", "Đặng", "Dương", "Đinh", "Lục"),),
    given=(
        *("Văn Tâm", "Thị Hương", "Văn Sinh", "Thị Thơm", "Đức Thành", "Thị Mai", "Văn Quý", "Thị Lan"),
        *("Văn Thắng", "Thị Nhung", "Minh Tuấn", "Thị Duyên", "Văn Phúc", "Thị Hoa", "Quốc Việt", "Thị Bích"),
    ),
    names=("Hà Thị Vinh", "Nguyễn Đình Hải", "Phạm Thu Hà", "Trần Quang Minh", "Vũ Ngọc Anh"),
)
"""Eight invented villages in each of the five communes that followed huyện Bạch Thông."""

NGHE_AN: Final = DemoGround(
    province="Nghệ An",
    district="Kỳ Sơn",
    kind="bản",
    communes={
        "Mỹ Lý": ("Huồi Nhạ", "Xốp Sáng", "Phà Lông", "Na Tổng", "Piêng Mòn"),
        "Bảo Nam": ("Huồi Hin", "Nam Sơn Thượng", "Lưu Hạ", "Khe Pỏm"),
        "Hữu Lập": ("Chà Lạn", "Xốp Thẳm", "Na Lạnh", "Noong Ói"),
    },
    families=("Lô", "Vi", "Moong", "Cụt", "Xồng", "Già", "Lầu", "Vừ", "Kha", "Lương", "Hoa", "Xeo"),
    given=(
        *("Văn Pháy", "Thị Nguyệt", "Bá Dềnh", "Thị May", "Văn Khăm", "Thị Liên", "Nhia Tu", "Thị Hà"),
        *("Văn Thoong", "Thị Ỏn", "Phò May", "Thị Xuân"),
    ),
    names=("Lô Thị Bình", "Vi Văn Sơn", "Nguyễn Thị Tâm", "Đỗ Quang Huy", "Trần Thị Nga"),
    day=date(2023, 11, 6),
    back={PeriodKind.QUARTER: 3},
    capital=True,
)
"""Thirteen invented villages in three communes of huyện Kỳ Sơn, a week before Kế hoạch 352's yearly report is due."""

GROUNDS: Final[Mapping[str, DemoGround]] = {"bach-thong": BACH_THONG, "nghe-an": NGHE_AN}
"""By the name that `thonbao demo --ground` takes."""
