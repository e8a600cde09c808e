"""A small questionnaire and places for the tests of this room."""

from collections.abc import Callable

import pytest

from questionnaires.answers import Kind
from questionnaires.questionnaire import Question, Questionnaire, QuestionType


@pytest.fixture(scope="session")
def small_form() -> Questionnaire:
    """Households (a count), a share, yes or no, a remark, and a repeated count."""
    ask: Callable[..., Question] = Question
    nodes = (
        ask("/data/ho", "ho", QuestionType.INTEGER, Kind.COUNT),
        ask("/data/ty_le", "ty_le", QuestionType.DECIMAL, Kind.RATE),
        ask("/data/co_dien", "co_dien", QuestionType.SELECT_ONE, Kind.HAS),
        ask("/data/ghi_chu", "ghi_chu", QuestionType.TEXT, Kind.TEXT),
        ask("/data/lop/so", "so", QuestionType.INTEGER, Kind.COUNT, repeat="/data/lop"),
        ask("/data/tong", "tong", QuestionType.CALCULATE, Kind.TEXT),
    )
    return Questionnaire("thu", "v1", {"vi": "Thử"}, ("vi",), "vi", nodes, {}, "")
