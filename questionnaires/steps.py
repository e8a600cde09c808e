"""One step of an interview: what a person did, and the events that answer it."""

from questionnaires import taking
from questionnaires.answers import AnswerKind, ExpectedAnswer, read
from questionnaires.board import MOST_ROWS
from questionnaires.changes import Changes
from questionnaires.draft import Draft
from questionnaires.evaluator import Evaluator
from questionnaires.prompts import Prompts
from questionnaires.questionnaire import Question, Section
from questionnaires.route import Route
from questionnaires.showing import shown
from questionnaires.talk import (
    Answer,
    Back,
    Context,
    Event,
    GoTo,
    Message,
    Recorded,
    Refused,
    Repeat,
    Skip,
    Value,
)


class Step:
    """Handles one message on one draft."""

    def __init__(self, draft: Draft, context: Context) -> None:
        self.draft = draft
        self.context = context
        self.evaluator = Evaluator(draft, context)
        self.changes = Changes(draft, self.evaluator)
        self.route = Route(draft, self.changes)
        self.prompts = Prompts(draft, self.evaluator, self.changes)

    def begin(self) -> list[Event]:
        """The first question of an interview that nobody has answered."""
        self.changes.begin()
        return self.move(0)

    def handle(self, message: Message) -> list[Event]:
        """Do what `message` wants."""
        match message:
            case Back():
                self.route.back()
            case GoTo(path):
                self.route.jump(path)
            case Answer() | Value() | Skip() | Repeat() if self.draft.position is not None:
                return self.answered(message, self.draft.position)
        return self.stay()

    def answered(self, message: Answer | Value | Skip | Repeat, path: str) -> list[Event]:
        """Take what was said at the open question, or about the rows of the repeat at `path`."""
        section = self.draft.form.sections.get(path)
        if section:
            return self.about_rows(section, message)
        question = self.draft.form.question(path)
        match message:
            case Answer(text):
                return self.take(question, path, self.prompts.read(question, path, text))
            case Value(value):
                options = self.evaluator.options(question, path)
                return self.take(question, path, taking.canonical(question, value, options))
            case Skip():
                return self.skip(question, path)
            case Repeat(more=False):
                return self.no_row_here(question, path)
        return self.stay()

    # --- moving ---------------------------------------------------------------------------------------

    def stay(self) -> list[Event]:
        """The open question again, or the end."""
        if self.draft.position is not None:
            return [self.prompts.asked(self.draft.position)]
        self.changes.end()
        return [self.prompts.finished()]

    def move(self, start: int) -> list[Event]:
        """Open the next question from the stop number `start` on; what has become wrong comes last."""
        if self.route.go_on(start):
            return self.stay()
        wrong = self.prompts.wrong_now()
        if wrong is None:
            return self.stay()
        self.draft.position = wrong.path
        self.draft.jumped = True
        return [wrong, *self.stay()]

    # --- answers --------------------------------------------------------------------------------------

    def take(self, question: Question, path: str, taken: taking.Taken | taking.Doubted) -> list[Event]:
        """Keep an answer that the form allows and go on, or say why not."""
        if isinstance(taken, taking.Doubted):
            return [self.prompts.doubted(question, path, taken)]
        if not self.evaluator.allows(question, path, taken.value):
            return [self.prompts.not_allowed(question, path)]
        self.keep(path, taken.value, estimate=taken.estimate)
        last = self.take_other(question, path, taken.other) if taken.other and question.other else path
        said = taken.other or shown(self.draft.form, question, taken.value, self.context.lang)
        recorded = Recorded(path, taken.value, said, taken.estimate, taken.exact)
        return [recorded, *self.move(self.draft.way.place(last) + 1)]

    def take_other(self, question: Question, path: str, text: str) -> str:
        """What was said beside "other" answers the text question behind it, whose path is returned."""
        beside = path.rpartition("/")[0] + "/" + question.other.rpartition("/")[2]
        self.changes.answer(beside, text)
        self.draft.visited.add(beside)
        return beside

    def keep(self, path: str, value: str, *, estimate: bool) -> None:
        """Keep an answer, with all that follows."""
        self.changes.answer(path, value)
        self.draft.visited.add(path)
        (self.draft.estimates.add if estimate else self.draft.estimates.discard)(path)

    def skip(self, question: Question, path: str) -> list[Event]:
        """On without an answer, where the form allows it; a default that nobody has passed yet stays."""
        default = "" if path in self.draft.visited else self.draft.values.get(path, "")
        if default and not self.evaluator.allows(question, path, default):
            return [self.prompts.not_allowed(question, path)]
        if not default and self.evaluator.is_required(question, path):
            return [self.prompts.missing(question, path)]
        self.keep(path, default, estimate=False)
        return self.move(self.route.place() + 1)

    # --- rows -----------------------------------------------------------------------------------------

    def about_rows(self, section: Section, message: Answer | Value | Skip | Repeat) -> list[Event]:
        """Where another row is offered: more, or no more."""
        more = self.more_rows(section, message)
        if more is None:
            return self.stay()
        if isinstance(more, Refused):
            return [more]
        place = self.route.place()
        if not more:
            self.draft.closed.add(section.path)
            return self.move(place + 1)
        if self.draft.is_full(section):
            return [Refused(section.path, "rows_full", {"most": MOST_ROWS})]
        self.changes.grow(section)
        return self.move(place)

    def more_rows(self, section: Section, message: Answer | Value | Skip | Repeat) -> bool | Refused | None:
        """Whether the person wants another row; None where they said nothing about it."""
        match message:
            case Repeat(more):
                return more
            case Skip():
                return False
            case Value():
                return None
            case Answer(text):
                return self.more_rows_typed(section, text)

    def more_rows_typed(self, section: Section, text: str) -> bool | Refused:
        """Tell whether what was typed wants another row."""
        reading = read(text, ExpectedAnswer(AnswerKind.CONFIRM, self.evaluator.today))
        if reading.status == "ok" and isinstance(reading.value, bool):
            return reading.value
        return Refused(section.path, reading.doubt or "unknown_answer")

    def no_row_here(self, question: Question, path: str) -> list[Event]:
        """ "No more" at the first question of a fresh row takes that row back; elsewhere nothing changes."""
        section = self.draft.form.sections.get(question.repeat)
        if section is None or section.count is not None or not self.is_fresh(section, path):
            return self.stay()
        self.changes.take_back(section)
        return self.move(self.draft.way.place(section.path) + 1)

    def is_fresh(self, section: Section, path: str) -> bool:
        """Whether `path` lies in the last row of a repeat, of which nothing is answered yet."""
        row = f"{section.path}[{self.draft.rows[section.path][0]}]/"
        return path.startswith(row) and not any(passed.startswith(row) for passed in self.draft.visited)
