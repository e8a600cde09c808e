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
