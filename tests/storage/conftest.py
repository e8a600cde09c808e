"""A small questionnaire, and villages that report it, for the tests of this room."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from questionnaires.answers import AnswerKind
from questionnaires.questionnaire import Question, Questionnaire, QuestionType
from storage import interviews, people, submissions
from storage.session import Session
from storage.tables import Form, InterviewRow, Level, RoleName, Submission

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)


@dataclass
class Reports:
    """Two villages whose heads report."""

    session: Session
    form: Questionnaire
    form_id: int = 0
    places: list[int] = field(default_factory=list)
    people: list[int] = field(default_factory=list)

    async def settle(self) -> None:
        stored = Form(name="thu", version="v1", compiled=self.form.to_json())
        self.session.add(stored)
        await self.session.flush()
        self.form_id = stored.id
        for name in ("Nà Hin", "Khuổi Luông"):
            place = await self.session.places.add(Level.VILLAGE, "thôn", name, None)
            contact = await people.create_contact(self.session, "console", name)
            head = await people.enrol(self.session, contact, place.id, RoleName.VILLAGE_HEAD, "Lý A Sử", NOW)
            self.places.append(place.id)
            self.people.append(head.id)

    async def begin(self, which: int = 0, period: str = "2026-W47", practice: bool = False) -> InterviewRow:
        return await interviews.start(
            self.session,
            person_id=self.people[which],
            place_id=self.places[which],
            form_id=self.form_id,
            form_name="thu",
            period=period,
            state={},
            now=NOW,
            practice=practice,
        )

    async def report(self, values: dict[str, str], which: int = 0, period: str = "2026-W47") -> Submission:
        row = await self.begin(which, period)
        return await submissions.send(self.session, row, self.form, values, NOW)


@pytest.fixture(scope="session")
def small_form() -> Questionnaire:
    """Households (a count), a share, yes or no, a remark, and a repeated count."""
    ask: Callable[..., Question] = Question
    nodes = (
        ask("/data/ho", "ho", QuestionType.INTEGER, AnswerKind.COUNT),
        ask("/data/ty_le", "ty_le", QuestionType.DECIMAL, AnswerKind.RATE),
        ask("/data/co_dien", "co_dien", QuestionType.SELECT_ONE, AnswerKind.HAS),
        ask("/data/ghi_chu", "ghi_chu", QuestionType.TEXT, AnswerKind.TEXT),
        ask("/data/lop/so", "so", QuestionType.INTEGER, AnswerKind.COUNT, repeat="/data/lop"),
        ask("/data/tong", "tong", QuestionType.CALCULATE, AnswerKind.TEXT),
    )
    return Questionnaire("thu", "v1", {"vi": "Thử"}, ("vi",), "vi", nodes, {}, "")


@pytest.fixture
async def reports(session: Session, small_form: Questionnaire) -> Reports:
    made = Reports(session, small_form)
    await made.settle()
    return made
