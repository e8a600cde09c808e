"""What is asked of the plans themselves, and what is not: a figure is still a figure."""

import pytest

from queries.frames import Plan, Progress
from queries.understand import understand
from tests.queries.test_corpus import ASKER, DICTIONARY, GAZETTEER, TODAY


@pytest.mark.parametrize(
    ("question", "about", "topic"),
    [
        ("định mức hỗ trợ nhà ở bao nhiêu", "norm", "hỗ trợ nhà ở"),
        ("dinh muc ho tro nha o", "norm", "nha o"),
        ("đơn vị nào chủ trì dự án 5", "agency", "dự án 5"),
        ("ai phụ trách giảm nghèo", "agency", "giảm nghèo"),
        ("Phòng Dân tộc phải làm gì trong tháng 12", "task", "phòng dân tộc"),
        ("hạn báo cáo 6 tháng", "deadline", "6 tháng"),
        ("tuần này ai phải nộp gì", "deadline", ""),
        ("chỉ tiêu nhà tạm đến 2025 là bao nhiêu", "target", "nhà tạm"),
        ("hạn nộp phiếu đường điện rác thải là hôm nào", "deadline", "đường điện rác thải"),
        ("khi nào phải nộp báo cáo đường điện", "deadline", "đường điện"),
        ("phiếu y tế đến ngày mấy là hết hạn", "deadline", "y tế"),
        ("bao h phải gửi bc năm cho Ủy ban dân tộc", "deadline", "dân tộc"),
        ("đến cuối 2025 tỷ lệ hộ nghèo DTTS phải giảm còn bao nhiêu", "target", "tỷ lệ hộ nghèo"),
        ("chỉ tiêu nước sạch đến 2025 tỉnh giao bao nhiêu", "target", "nước sạch"),
        ("năm nay phải đạt bao nhiêu % hộ có bhyt", "target", "bảo hiểm y tế"),
        ("what is the target for literacy by 2025", "target", "biết chữ"),
        ("muốn được hỗ trợ làm nhà thì mỗi hộ mấy triệu", "norm", "nhà"),
        ("ai là cơ quan thường trực chương trình", "agency", ""),
        ("tiểu dự án 2 dự án 4 giao ai", "agency", "tiểu dự án 2 dự án 4"),
        ("phong nong nghiep phai lam j", "task", "phong nong nghiep"),
    ],
)
def test_the_plans_are_asked(question: str, about: str, topic: str) -> None:
    meaning = understand(question, DICTIONARY, GAZETTEER, ASKER, TODAY)
    assert isinstance(meaning.query, Plan), meaning
    assert (meaning.status, meaning.query.about) == ("answer", about)
    assert set(topic.split()) <= set(meaning.query.topic) | {"hỗ", "trợ", "phòng", "dân"}


@pytest.mark.parametrize(
    "question", ["nhà tạm đạt chỉ tiêu chưa", "chỉ tiêu giáo dục", "các chỉ tiêu chậm tiến độ"]
)
def test_where_a_place_stands_is_no_question_about_the_plans(question: str) -> None:
    assert isinstance(understand(question, DICTIONARY, GAZETTEER, ASKER, TODAY).query, Progress)
