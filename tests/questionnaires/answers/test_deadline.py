"""Until when, as officers write it: a day or an hour that is still to come."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from questionnaires.answers.deadline import begins_deadline, deadline_in, deadline_said, unread_in

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
        ("đến hết tuần", at(11, 29, 23, 59)),
        ("hết tuần sau", at(12, 6, 23, 59)),
        ("cuối tháng", at(11, 30)),
        ("hết ngày", at(11, 25, 23, 59)),
        ("trong ngày mai", at(11, 26)),
        ("2 tiếng nữa", at(11, 25, 11, 30)),
        ("nửa tiếng nữa", at(11, 25, 10)),
        ("trong vòng 48 giờ", at(11, 27, 9, 30)),
        ("3 ngày nữa", at(11, 28)),
        ("một tuần nữa", at(12, 2)),
        ("24h hôm nay", at(11, 25, 23, 59)),
        ("chậm nhất mùng 5", at(12, 5)),
        ("mồng 1 tháng 12", at(12, 1)),
        ("hạn mùng 3 tết", None),
        ("hạn rằm tháng chạp", None),
        ("sáng mai", at(11, 26, 11, 30)),
        ("trước trưa thứ sáu", at(11, 27, 12)),
        ("tối nay", at(11, 25, 21)),
        ("hết giờ hành chính ngày mai", at(11, 26)),
        ("thứ sáu này", at(11, 27)),
        ("truoc thu sau", at(11, 27)),
        ("thứ bảy, trước 10h", at(11, 28, 10)),
        ("17 giờ, ngày 28/11", at(11, 28)),
        ("28-11", at(11, 28)),
        ("before 5pm today", at(11, 25)),
        ("end of the week", at(11, 29, 23, 59)),
        ("by the 28th", at(11, 28)),
        ("28 November", at(11, 28)),
        ("Nov 28th", at(11, 28)),
        ("in 2 hours", at(11, 25, 11, 30)),
        ("tomorrow noon", at(11, 26, 12)),
        ("12 giờ đêm nay", at(11, 25, 23, 59)),
        ("0h đêm mai", at(11, 26, 23, 59)),
        ("nửa đêm nay", at(11, 25, 23, 59)),
        ("0 giờ ngày 28/11", at(11, 28, 0)),
        ("2 hôm nữa là hết hạn", at(11, 27)),
        ("nội nhật hôm nay", at(11, 25)),
        ("từ nay đến thứ năm", at(11, 26)),
        ("from now until Thursday", at(11, 26)),
        ("hạn ngày 31", at(12, 31)),
        ("17h ngày 30/2", None),
        ("2 tiếng", None),
        ("999999999 tuần nữa", None),
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
        ("Bà con báo đến hết thứ sáu", at(11, 27, 23, 59)),
        ("Báo xong trước 28/11", at(11, 28)),
        ("Xin các bác nộp trước 17h chiều nay", at(11, 25, 17)),
        ("Đề nghị các thôn trả lời, chậm nhất mùng 5", at(12, 5)),
        ("Xin báo trước 17 giờ, ngày 28/11", at(11, 28)),
        ("Gửi về xã trong ngày mai", at(11, 26)),
        ("Báo giúp xã trong 2 ngày", at(11, 27)),
        ("Huyện cần gấp, nộp trong sáng mai nhé", at(11, 26, 11, 30)),
        ("Mưa đến hết thứ sáu, bà con đề phòng", None),
        ("Xin báo thiệt hại của mưa từ 26/11 đến hết 28/11", None),
        ("Xin báo thiệt hại đến hết tháng 10", None),
        ("Xin báo thiệt hại trong tháng 10", None),
        ("Xin báo trong 24 giờ qua có ai bị ngập", None),
        ("Báo số ca ốm trong 3 ngày vừa qua", None),
        ("Xin báo số liệu, hạn trong hôm nay", at(11, 25)),
        ("Bà con khẩn trương, hạn đến hết 28/11", at(11, 28, 23, 59)),
        ("Các thôn đã báo trước 5/11, nay xin báo lại", None),
        ("Báo thiệt hại: bao trong 24 gio", at(11, 26, 9, 30)),
        ("Báo thiệt hại: trước 12 giờ đêm nay", at(11, 25, 23, 59)),
        ("Báo thiệt hại: trước 17h ngày 30/2", None),
        ("Báo thiệt hại, nộp trước 17h thứ 9", None),
        ("trước 17h ngày 31 tháng 11 nhé", None),
        ("Xin báo trước 17h. 3 thôn vùng cao báo trước 15h", at(11, 25)),
        ("Báo thiệt hại trong 3 ngày qua", None),
        ("Hạn ngày 31 nhé", at(12, 31)),
        ("Báo thiệt hại, 2 hôm nữa là hết hạn", at(11, 27)),
        ("Báo thiệt hại, hai hôm nữa hết hạn nghen", at(11, 27)),
        ("Báo thiệt hại nội nhật hôm nay", at(11, 25)),
        ("Báo thiệt hại, nội nhật ngày mai", at(11, 26)),
        ("Báo thiệt hại, nội trong 3 ngày", at(11, 28)),
        ("Báo thiệt hại, ngày mai hết hạn", at(11, 26)),
        ("Báo thiệt hại, bữa mai là hạn chót", at(11, 26)),
        ("Báo thiệt hại, còn 3 ngày nữa là khoá", at(11, 28)),
        ("Báo thiệt hại, ngày 4 chốt số", at(12, 4)),
        ("Báo thiệt hại, 17h xã chốt", at(11, 25, 17)),
        ("Báo thiệt hại, 9h tối nay khoá", at(11, 25, 21)),
        ("Báo thiệt hại, thứ 6 xã khoá số liệu", at(11, 27)),
        ("Báo thiệt hại không quá 17h", at(11, 25)),
        ("Báo thiệt hại, không muộn hơn 17h", at(11, 25)),
        ("Báo thiệt hại, đừng để quá thứ năm", at(11, 26)),
        ("Báo thiệt hại, quá thứ năm là khoá", at(11, 26, 23, 59)),
        ("Báo thiệt hại, hết ngày mai là khoá", at(11, 26, 23, 59)),
        ("Báo thiệt hại, sau 17h không nhận nữa", at(11, 25)),
        ("Báo thiệt hại, thời hạn: thứ năm", at(11, 26)),
        ("Báo thiệt hại, hạn: 04.12.2026", at(12, 4)),
        ("Báo thiệt hại, ngày cuối là 4/12", at(12, 4)),
        ("Báo thiệt hại, chậm nhứt bữa mai", at(11, 26)),
        ("Báo thiệt hại, trước 17h30 chiều thứ 6 ngày 4/12", at(12, 4, 17, 30)),
        ("Damage report, due in 2 days", at(11, 27)),
        ("Damage report, closes Thursday", at(11, 26)),
        ("Báo thiệt hại, thứ năm ngày 4/12 là hạn chót", None),
        ("Báo thiệt hại, sang thứ sáu là khoá", None),
        ("Báo thiệt hại, đến mai là hết gạo", None),
        ("Báo thiệt hại, thứ sáu đóng đập", None),
    ],
)
def test_a_deadline_is_found_among_the_words_of_an_announcement(text: str, moment: datetime | None) -> None:
    assert deadline_in(text, NOW) == moment


def test_only_what_is_surely_a_deadline_is_one_that_could_not_be_read() -> None:
    assert begins_deadline("hạn sang tháng")
    assert not begins_deadline("trước Tết có bao nhiêu hộ nghèo")
    assert not begins_deadline("đến nay bao nhiêu thôn đã báo")
    assert begins_deadline("tuần sau nữa")
    assert not begins_deadline("tuần này thôn nào chưa báo")


@pytest.mark.parametrize(
    ("text", "unread"),
    [
        ("Xin nộp trước Tết, cảm ơn các bác", "trước tết"),
        ("Hạn mùng 3 tết", "hạn mùng 3 tết"),
        ("Bà con báo đến hết đợt mưa tháng này", "đến hết đợt mưa tháng này"),
        ("Hạn 31/11", "hạn 31/11"),
        ("Báo thiệt hại: trước 17h ngày 30/2", "trước 17h ngày 30/2"),
        ("Thiệt hại mưa đá, trước 17h ngày 31/11 nhé", "trước 17h ngày 31/11 nhé"),
        ("Báo thiệt hại: báo cho xã đến 8 giờ tối", "đến 8 giờ tối"),
        ("Báo thiệt hại: đến 10/1", "đến 10/1"),
        ("Báo thiệt hại: ngày kia phải có", "ngày kia phải có"),
        ("Sáng mai phải nộp nhé", "sáng mai phải nộp"),
        ("Mưa từ 26/11 đến 28/11, xin báo thiệt hại", ""),
        ("Xin báo thiệt hại từ 20/11 đến 28/11", ""),
        ("Báo thiệt hại trong 3 ngày qua", ""),
        ("Xin báo thiệt hại đến nay", ""),
        ("Bà con khẩn trương, hạn đến hết đợt mưa tháng này", "hạn đến hết đợt mưa tháng này"),
        ("Báo thiệt hại, từ nay đến thứ năm", "từ nay đến thứ năm"),
        ("Báo thiệt hại từ nay đến thứ năm", "từ nay đến thứ năm"),
        ("tu nay den 4/12 cac bac bao", "tu nay den 4/12"),
        ("Xong trong sáng mai giúp xã", "trong sáng mai"),
        ("Trong vòng 48 tiếng phải xong", "trong vòng 48 tiếng"),
        ("Trong vòng một tuần các bác gửi cho xã", "trong vòng một tuần"),
        ("Cần gấp trong hôm nay", "trong hôm nay"),
        ("Hẹn thứ năm nộp đủ", "thứ năm nộp đủ"),
        ("Thời gian báo cáo: từ 26/11 đến 28/11", "thời gian báo cáo: từ 26/11 đến 28/11"),
        ("Mưa từ hôm qua đến nay làm sập 3 nhà, các bác báo", ""),
        ("Trong 3 ngày qua mưa to, các bác báo giúp xã", ""),
        ("Trong tuần này mưa to, bà con đề phòng", ""),
        ("Báo thiệt hại, đến nửa đêm", "đến nửa đêm"),
        ("Báo thiệt hại, 3 ngày tới nhé", "3 ngày tới"),
        ("Báo thiệt hại, còn 2 ngày", "còn 2 ngày"),
        ("Báo thiệt hại, trong hôm nay", "trong hôm nay"),
        ("Báo thiệt hại, gửi thứ năm", "thứ năm"),
        ("Báo thiệt hại, cần số lúc 16h chiều nay", "lúc 16h chiều nay"),
        ("Báo thiệt hại, 16h chiều nay xã cần số", "16h chiều nay xã cần số"),
        ("Báo thiệt hại, sang thứ sáu là khoá", "sang thứ sáu"),
        ("Báo thiệt hại, đầu tuần sau là khoá", "đầu tuần sau"),
        ("Báo thiệt hại, thứ năm ngày 4/12 là hạn chót", "thứ năm ngày 4/12"),
        ("Báo thiệt hại, hôm nay phải xong", "hôm nay phải xong"),
        ("Damage report, until Thursday", "until thursday"),
        ("Báo thiệt hại, trong 3 ngày qua", ""),
        ("Báo thiệt hại, ngày mai có mưa to", ""),
        ("Báo thiệt hại, sáng mai họp thôn lúc 8h", ""),
        ("Báo thiệt hại hôm nay", ""),
        ("Xin nộp trước 28/11", ""),
        ("Trước đây thôn đã báo, nay xin báo lại", ""),
        ("Hạn hán kéo dài", ""),
        ("Mưa lớn, xin báo thiệt hại", ""),
    ],
)
def test_what_begins_like_a_deadline_and_cannot_be_read_is_found(text: str, unread: str) -> None:
    assert unread_in(text, NOW) == unread
