"""One step of an interview: handles what a person did, and returns the events that answer it."""

from decimal import Decimal

from questionnaires import taking
from questionnaires.answers import AnswerKind, ExpectedAnswer, read
from questionnaires.answers.yesno import wants_more
from questionnaires.board import MOST_ROWS
from questionnaires.changes import Changes
from questionnaires.draft import Draft
from questionnaires.evaluator import Evaluator
from questionnaires.prompts import Prompts
from questionnaires.questionnaire import Question, Section, near, repeat_of, row_around, template
from questionnaires.route import Route
from questionnaires.showing import shown
from questionnaires.talk import (
    Answer,
    Back,
    Context,
    DropRow,
    Event,
    GoTo,
    Message,
    NewRow,
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
        """Begin an interview: compute its defaults and ask its first question."""
        self.changes.begin()
        return self.move(0)

    def handle(self, message: Message) -> list[Event]:
        """Do what `message` wants."""
        match message:
            case Back():
                self.route.back()
            case GoTo(path):
                self.route.jump(path)
            case NewRow(repeat) if repeat in self.draft.board.rows:
                return self.new_row(self.draft.form.sections[template(repeat)], repeat)
            case DropRow(row) if row.endswith("]") and row in self.draft.board.elements:
                return self.drop_row(row)
            case Answer() | Value() | Skip() | Repeat() if self.draft.position is not None:
                return self.answered(message, self.draft.position)
        return self.stay()

    def answered(self, message: Answer | Value | Skip | Repeat, path: str) -> list[Event]:
        """Handle an answer to the open question at `path`, or about adding rows to the repeat there."""
        section = self.draft.form.section_at(path)
        if section:
            return self.about_rows(section, path, message)
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
        """Ask the open question again, or finish."""
        if self.draft.position is not None:
            return [self.prompts.asked(self.draft.position)]
        self.changes.end()
        return [self.prompts.finished()]

    def move(self, start: int) -> list[Event]:
        """Open the next question from stop number `start` on; answers that have become invalid are asked again last.

        After a jump they come first: the next question may depend on them, and then nobody could answer it.
        """
        wrong = self.prompts.wrong_now(self.draft.visited) if self.draft.jumped else None
        if wrong is None and self.route.go_on(start):
            return self.stay()
        wrong = wrong or self.prompts.wrong_now()
        if wrong is None:
            return self.stay()
        self.draft.position = wrong.path
        self.draft.jumped = True
        return [wrong, *self.stay()]

    # --- answers --------------------------------------------------------------------------------------

    def take(self, question: Question, path: str, taken: taking.Taken | taking.Doubted) -> list[Event]:
        """Keep an answer and go on if the form allows it; otherwise return the refusal."""
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
        """Store the text said with the choice "other" in the text question for it, and return that question's path."""
        beside = path.rpartition("/")[0] + "/" + question.other.rpartition("/")[2]
        self.changes.answer(beside, text)
        self.draft.visited.add(beside)
        return beside

    def keep(self, path: str, value: str, *, estimate: bool) -> None:
        """Keep an answer and recompute what depends on it."""
        self.changes.answer(path, value)
        self.draft.visited.add(path)
        (self.draft.estimates.add if estimate else self.draft.estimates.discard)(path)

    def skip(self, question: Question, path: str) -> list[Event]:
        """Go on without an answer if the form allows it. A default stays the first time the question is passed."""
        default = "" if path in self.draft.visited else self.draft.values.get(path, "")
        if default and not self.evaluator.allows(question, path, default):
            return [self.prompts.not_allowed(question, path)]
        if not default and self.evaluator.is_required(question, path):
            return [self.prompts.missing(question, path)]
        self.keep(path, default, estimate=False)
        return self.move(self.route.place() + 1)

    # --- rows -----------------------------------------------------------------------------------------

    def about_rows(
        self, section: Section, repeat: str, message: Answer | Value | Skip | Repeat
    ) -> list[Event]:
        """Handle an answer to whether there is another row: add it, or go on."""
        more = self.more_rows(repeat, message)
        if more is None:
            return self.stay()
        if isinstance(more, Refused):
            return [more]
        place = self.route.place()
        if not more:
            self.draft.closed.add(repeat)
            return self.move(place + 1)
        if self.draft.is_full(repeat):
            return [Refused(repeat, "rows_full", {"most": MOST_ROWS})]
        self.changes.grow(section, repeat)
        return self.move(place)

    def more_rows(self, repeat: str, message: Answer | Value | Skip | Repeat) -> bool | Refused | None:
        """Return whether the person wants another row; None if they said nothing about it."""
        match message:
            case Repeat(more):
                return more
            case Skip():
                return False
            case Value():
                return None
            case Answer(text):
                return self.more_rows_typed(repeat, text)

    def more_rows_typed(self, repeat: str, text: str) -> bool | Refused:
        """Return whether a typed text asks for another row, or a refusal if it is unclear."""
        more = wants_more(text)
        if more is not None:
            return more
        reading = read(text, ExpectedAnswer(AnswerKind.CONFIRM, self.evaluator.today))
        if reading.status == "ok" and isinstance(reading.value, bool):
            return reading.value
        return Refused(repeat, reading.doubt or "unknown_answer")

    def no_row_here(self, question: Question, path: str) -> list[Event]:
        """ "No more" at the first question of a fresh row takes that row back; elsewhere nothing changes."""
        section, row = self.draft.form.sections.get(question.repeat), row_around(path)
        if section is None or section.count is not None or not self.is_fresh(row):
            return self.stay()
        repeat = repeat_of(row)
        self.changes.drop_row(row)
        self.draft.closed.add(repeat)
        return self.move(self.draft.way.place(repeat) + 1)

    def new_row(self, section: Section, repeat: str) -> list[Event]:
        """Add a row wherever the person is. After answering it they return there."""
        if self.draft.is_full(repeat):
            return [Refused(repeat, "rows_full", {"most": MOST_ROWS})]
        place, rows = self.route.place(), self.draft.rows_shown(repeat)
        if section.count is not None:
            refused = self.count_on(section, repeat, 1)
            if refused is not None:
                return [refused]
            # Rows put aside when the count was smaller would come back with their answers instead of a blank row.
            for aside in range(self.draft.rows[repeat][0], rows, -1):
                self.changes.drop_row(f"{repeat}[{aside}]")
        else:
            self.changes.grow(section, repeat)
            self.draft.closed.discard(repeat)
        # A person at the end of these rows simply goes on; everybody else has jumped and must return.
        self.draft.jumped = self.draft.jumped or self.draft.position != repeat
        return self.move(place)

    def drop_row(self, row: str) -> list[Event]:
        """Remove a row. The person goes on after it, or stays where they were."""
        repeat, position = repeat_of(row), self.draft.position
        section = self.draft.form.sections[template(repeat)]
        place = self.draft.way.place(self.draft.way.first_within(f"{row}/"))
        if section.count is not None:
            refused = self.count_on(section, repeat, -1)
            if refused is not None:
                return [refused]
        self.changes.drop_row(row)
        if position is None:
            return self.move(self.route.place())
        if self.draft.position is not None:
            return self.stay()
        if self.draft.jumped:
            # The person jumped here to add or correct this row, after saying that there are no more.
            self.draft.closed.add(repeat)
        return self.move(place)

    def count_on(self, section: Section, repeat: str, by: int) -> Refused | None:
        """Add `by` to the answer that sets the number of rows.

        Return a refusal if no single answer sets it, or if the form does not allow the new number.
        """
        question = self.draft.form.counting(section)
        path = near(question.path, repeat) if question else ""
        if question is None or not self.draft.is_relevant(path):
            return Refused(repeat, "rows_counted")
        rows = taking.decimal_text(Decimal(self.draft.values.get(path, "0")) + by)
        if not self.evaluator.allows(question, path, rows):
            return self.prompts.not_allowed(question, path)
        self.changes.answer(path, rows)
        return None

    def is_fresh(self, row: str) -> bool:
        """Whether a row is the last of its repeat and nothing in it is answered yet."""
        repeat = repeat_of(row)
        is_last = row == f"{repeat}[{self.draft.rows[repeat][0]}]"
        return is_last and not any(passed.startswith(f"{row}/") for passed in self.draft.visited)
