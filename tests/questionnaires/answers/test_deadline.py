"""Until when, as officers write it: a day or an hour that is still to come."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from questionnaires.answers.deadline import begins_deadline, deadline_in, deadline_said

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=ZONE)
"""A Wednesday."""


def at(month: int, day: int, hour: int = 17, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("đến 18 giờ thứ sáu", at(11, 27, 18)),
        ("by 18:00 Friday", at(11, 27, 18)),
        ("before Friday", at(11, 27, 17)),
        ("hạn 5/12", at(12, 5)),
        ("hạn 5/1", at(1, 5, year=2027)),
        ("Hạn chót là ngày 5 tháng 12.", at(12, 5)),
        ("5/12/2026", at(12, 5)),
        ("trước 17h hôm nay", at(11, 25, 17)),
        ("trước 17 giờ", at(11, 25, 17)),
        ("11h30", at(11, 25, 11, 30)),
        ("thứ 6, 16h", at(11, 27, 16)),
        ("chậm nhất ngày mai", at(11, 26)),
        ("8 giờ sáng mai", at(11, 26, 8)),
        ("3 giờ chiều mai", at(11, 26, 15)),
        ("5 giờ chiều nay", at(11, 25, 17)),
        ("8 giờ sáng ngày mai", at(11, 26, 8)),
        ("thứ tư", at(11, 25)),
        ("thứ hai tuần sau", at(11, 30)),
        ("ngày 30", at(11, 30)),
        ("ngày 3", at(12, 3)),
        ("đến hết ngày 30/11", at(11, 30, 23, 59)),
        ("hạn 31/11", None),
        ("hạn sớm nhất có thể", None),
        ("Nà Hin có bao nhiêu hộ nghèo", None),
        ("12", None),
        ("hạn", None),
        ("", None),
    ],
)
def test_a_typed_deadline_is_read(text: str, moment: datetime | None) -> None:
    assert deadline_said(text, NOW) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("Huyện cần số liệu trước 17 giờ hôm nay", at(11, 25, 17)),
        ("Mưa lớn, xin báo thiệt hại, hạn 28/11. Cảm ơn các bác", at(11, 28)),
        ("Xin gửi chậm nhất 10 giờ thứ sáu nhé", at(11, 27, 10)),
        ("Mưa từ 26/11 đến 28/11, xin báo thiệt hại", None),
        ("Trước đây thôn đã báo, nay xin báo lại", None),
        ("Hạn hán kéo dài", None),
    ],
)
def test_a_deadline_is_found_among_the_words_of_an_announcement(text: str, moment: datetime | None) -> None:
    assert deadline_in(text, NOW) == moment


def test_only_what_is_surely_a_deadline_is_one_that_could_not_be_read() -> None:
    assert begins_deadline("hạn sang tháng")
    assert not begins_deadline("trước Tết có bao nhiêu hộ nghèo")
    assert not begins_deadline("đến nay bao nhiêu thôn đã báo")
