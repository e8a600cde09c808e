"""A word with a meaning that is added to a question changes what is understood, or is asked back: it is never dropped."""

from hypothesis import given
from hypothesis import strategies as st

from queries.frames import Question
from queries.understand import understand
from tests.queries.test_corpus import ASKER, DICTIONARY, GAZETTEER, TODAY

WHOLE = (
    *(
        "nhà tạm toàn huyện",
        "nước hvs xã Vĩnh Thông tháng 9",
        "xã nào nhà tạm nhiều nhất",
        "thôn nào thiếu nước",
    ),
    *("thôn nào chưa báo cáo", "xu hướng nước hvs", "nước hvs 3 tháng gần đây", "xuất excel nhà tạm tháng 9"),
    *(
        "so sánh nhà tạm xã Vĩnh Thông với xã Phong Quang",
        "tiến độ kế hoạch nhà ở",
        "xã nào chưa đạt chỉ tiêu nước hvs",
    ),
)
MEANT = (
    *("các thôn", "từng xã", "mấy thôn", "top 3", "ít nhất", "thấp nhất", "dưới 40%", "chưa đạt chỉ tiêu"),
    *("quý 2", "tháng 8", "năm 2025", "2 tháng gần đây", "so với cùng kỳ năm trước", "chưa báo cáo"),
    *("xã Cẩm Giàng", "trừ xã Cẩm Giàng", "vẽ biểu đồ", "xuất excel", "xu hướng", "phường nào"),
)


def asked(text: str) -> Question | None:
    """The question that is answered; None where it is asked back."""
    found = understand(text, DICTIONARY, GAZETTEER, ASKER, TODAY)
    return found.query if found.status == "answer" else None


SAID_ALREADY = {
    *(("xã nào nhà tạm nhiều nhất", "từng xã"), ("thôn nào thiếu nước", "các thôn")),
    *(("thôn nào chưa báo cáo", more) for more in ("các thôn", "mấy thôn", "chưa báo cáo")),
    *(("xu hướng nước hvs", "xu hướng"), ("nước hvs 3 tháng gần đây", "xu hướng")),
    *(("xuất excel nhà tạm tháng 9", "xuất excel"), ("tiến độ kế hoạch nhà ở", "chưa đạt chỉ tiêu")),
    *(("xã nào chưa đạt chỉ tiêu nước hvs", more) for more in ("từng xã", "chưa đạt chỉ tiêu")),
}


@given(st.sampled_from(WHOLE), st.sampled_from(MEANT))
def test_a_meaning_is_never_dropped(question: str, more: str) -> None:
    """With the word another question is answered, or it is asked back, unless the question says the same already."""
    without, both = asked(question), asked(f"{question} {more}")
    assert without is not None
    assert both != without or (question, more) in SAID_ALREADY


@given(st.sampled_from(WHOLE), st.sampled_from(MEANT))
def test_a_count_is_only_taken_where_units_are_listed(question: str, more: str) -> None:
    """No "top 3" stands in a question whose answer lists no units."""
    both = asked(f"{question} {more}")
    assert both is None or not getattr(both, "count", None) or both.intent == "ranking"
