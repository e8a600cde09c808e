"""What a person is shown of an interview: the open question, a refusal with its example, the review, the end."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from questionnaires import taking
from questionnaires.answers import AnswerKind, ExpectedAnswer, Option
from questionnaires.answers.text import fold
from questionnaires.answers.words import english_one
from questionnaires.board import MOST_ROWS
from questionnaires.changes import Changes
from questionnaires.conversions import local_moment
from questionnaires.draft import Draft
from questionnaires.evaluator import Evaluator
from questionnaires.growing import Growing
from questionnaires.questionnaire import (
    FILE_TYPES,
    NUMBER_TYPES,
    ROW,
    Question,
    QuestionType,
    Section,
    Words,
    near,
    repeat_of,
    row_around,
    template,
)
from questionnaires.showing import shown, unit_of
from questionnaires.stops import QuestionStop, RowsEnd, Stop
from questionnaires.talk import (
    Ask,
    Finished,
    Limits,
    Line,
    QuestionAsked,
    Refused,
    RepeatAsk,
    RowsTold,
    RowTold,
)

EXAMPLES: Final = {
    QuestionType.DATE: "{today}",
    QuestionType.TIME: "07:30:00.000",
    QuestionType.DATETIME: "{today}T07:30:00.000",
    QuestionType.GEOPOINT: "22.14000 105.83000 0 0",
}
"""Values that questions of these types allow, unless their form says otherwise."""


class Prompts:
    """Puts one draft into words."""

    def __init__(self, draft: Draft, evaluator: Evaluator, changes: Changes) -> None:
        self.draft = draft
        self.form = draft.form
        self.evaluator = evaluator
        self.changes = changes
        self.lang = evaluator.context.lang
        self.before = evaluator.context.previous

    # --- the open question ----------------------------------------------------------------------------

    def asked(self, path: str) -> QuestionAsked:
        """The question at `path` as it is to be shown."""
        section = self.form.section_at(path)
        return QuestionAsked(
            self.ask_for_row(section, path) if section else self.ask(self.form.question(path), path)
        )

    def ask(self, question: Question, path: str) -> Ask:
        """A question with all that a person must know to answer it."""
        evaluator = self.evaluator
        low, high = evaluator.limits(question, path) if question.type in NUMBER_TYPES else (None, None)
        options = evaluator.options(question, path)
        previous = self.previous(question, path, options)
        current = self.draft.values.get(path)
        number, total = self.numbers(path)
        return Ask(
            path=path,
            number=number,
            total=total,
            type=question.type,
            kind=question.kind,
            unit=unit_of(self.form, question, self.lang),
            label=evaluator.words(question.labels, path),
            hint=evaluator.words(question.hints, path),
            notes=self.notes_before(path),
            section=self.headings(path),
            choices=options,
            multiple=question.type is QuestionType.SELECT_MULTIPLE,
            other=bool(question.other),
            required=evaluator.is_required(question, path),
            minimum=low,
            maximum=high,
            previous=previous,
            previous_shown=shown(self.form, question, previous or "", self.lang),
            current=current,
            current_shown=shown(self.form, question, current or "", self.lang),
            cut=self.cut(question, path),
        )

    def ask_for_row(self, section: Section, path: str) -> Ask:
        """Whether to add another row to the repeat at `path`."""
        label = self.evaluator.words(section.labels, path) or section.name
        number, total = self.numbers(path)
        rows = self.draft.board.rows[path]
        return Ask(
            path=path,
            number=number,
            total=total,
            type=QuestionType.REPEAT,
            kind=AnswerKind.CONFIRM,
            unit="",
            label=label,
            notes=self.notes_before(path),
            section=self.headings(path),
            repeat=RepeatAsk(label, rows, self.draft.is_full(path)),
        )

    def numbers(self, path: str) -> tuple[int, int]:
        """Which question this is, of how many; of 0 while an answer still to come may add some to those relevant now."""
        asked, way = self.draft.asked(), self.draft.way
        before = bisect_left(asked, way.place(path), key=lambda stop: way.place(stop.path))
        total = max(len(asked), 1)
        return min(before + 1, total), 0 if Growing(self.draft, path).may_grow() else total

    def previous(self, question: Question, path: str, options: tuple[Option, ...]) -> str | None:
        """The value of the period before, if it could be given again."""
        value = self.before.get(path)
        if not value or question.type in FILE_TYPES:
            return None
        taken = taking.canonical(question, value, options)
        return taken.value if isinstance(taken, taking.Taken) else None

    def cut(self, question: Question, path: str) -> int:
        """How many rows a repeat is asked for, at the first question of one whose count wants more; else 0."""
        section = self.form.sections.get(question.repeat)
        if section is None or section.count is None:
            return 0
        repeat = repeat_of(row_around(path))
        if self.changes.wanted(section.count, repeat) <= MOST_ROWS:
            return 0
        return MOST_ROWS if path == self.draft.way.first_within(f"{repeat}[1]/") else 0

    def notes_before(self, path: str | None) -> tuple[str, ...]:
        """The notes between the question before and this stop; of None those at the end of the form."""
        notes: list[str] = []
        way = self.draft.way
        for stop in reversed(way.stops[: way.place(path)]):
            if not self.draft.is_relevant(stop.path):
                continue
            if stop.asks:
                break
            if isinstance(stop, RowsEnd):
                continue
            notes.append(self.evaluator.words(stop.question.labels, stop.path))
        return tuple(filter(None, reversed(notes)))

    def headings(self, path: str) -> str:
        """The labels of the groups around a question, outermost first; of a repeat with its row."""
        inside = template(path)
        around = [one for one in self.form.sections.values() if inside.startswith(f"{one.path}/")]
        return " › ".join(filter(None, (self.heading(section, path) for section in around)))

    def heading(self, section: Section, path: str) -> str:
        """The label of a group or repeat around the question at `path`."""
        at = near(section.path, path)
        label = self.evaluator.words(section.labels, at)
        if not section.repeats:
            return label
        row = ROW.match(path, len(at))
        return f"{label or section.name} {row[1]}" if row else label or section.name

    # --- refusals -------------------------------------------------------------------------------------

    def wrong_now(self, among: Collection[str] | None = None) -> Refused | None:
        """Why the first answer that the form does not allow as things stand now is wrong; only at the paths `among`."""
        stops = (stop for stop in self.draft.asked() if among is None or stop.path in among)
        wrong = (self.wrong_at(stop.question, stop.path) for stop in stops)
        return next(filter(None, wrong), None)

    def wrong_at(self, question: Question, path: str) -> Refused | None:
        """Why the answer at `path` is wrong, or why there must be one."""
        if not self.draft.values.get(path):
            return self.missing(question, path) if self.evaluator.is_required(question, path) else None
        if question.constraint and not self.evaluator.holds(question.constraint, path):
            return self.not_allowed(question, path)
        return None

    def missing(self, question: Question, path: str) -> Refused:
        """An answer is required."""
        return self.refused(question, path, taking.Doubted("required"), question.required_message)

    def not_allowed(self, question: Question, path: str) -> Refused:
        """The constraint of the form does not hold."""
        return self.refused(question, path, taking.Doubted("constraint"), question.constraint_message)

    def doubted(self, question: Question, path: str, doubt: taking.Doubted) -> Refused:
        """What was sent is not plainly an answer."""
        return self.refused(question, path, doubt, question.required_message if doubt.code == "empty" else {})

    def refused(self, question: Question, path: str, doubt: taking.Doubted, message: Words) -> Refused:
        """A refusal with the form's own sentence, the limits, and an answer that would do."""
        limits = self.evaluator.limits(question, path)
        said = self.evaluator.words(message, path)
        example = self.example(question, path, limits)
        return Refused(path, doubt.code, dict(doubt.data), said, limits, example, doubt.candidates)

    def example(self, question: Question, path: str, limits: Limits) -> str:
        """An answer that the form allows, as a person would write it; "" if none comes to mind."""
        for value in self.examples(question, path, limits):
            taken = taking.canonical(question, value, self.evaluator.options(question, path))
            if isinstance(taken, taking.Taken) and self.evaluator.allows(question, path, taken.value):
                return self.written(question, path, taken.value)
        return ""

    def examples(self, question: Question, path: str, limits: Limits) -> Sequence[str]:
        """Values that may do, the likeliest first."""
        if question.type in NUMBER_TYPES:
            return self.numbers_near(question, path, limits)
        if question.type in EXAMPLES:
            return [EXAMPLES[question.type].format(today=self.evaluator.today.isoformat())]
        return [option.value for option in self.evaluator.options(question, path)[:1]]

    def numbers_near(self, question: Question, path: str, limits: Limits) -> Sequence[str]:
        """What was said in the period before, a usual number, and the ends of what is allowed."""
        usual = "25" if question.whole or question.kind is AnswerKind.COUNT else "12.5"
        ends = [taking.decimal_text(limit) for limit in reversed(limits) if limit is not None]
        return list(filter(None, (self.before.get(path), usual, *ends, "1")))

    def written(self, question: Question, path: str, value: str) -> str:
        """The value as a person may type it: in English "1,000,000" would be asked about, so it is 1.000.000."""
        text = shown(self.form, question, value, self.lang)
        understood = isinstance(self.read(question, path, text), taking.Taken)
        return text if understood else shown(self.form, question, value, "vi")

    # --- typed answers --------------------------------------------------------------------------------

    def read(self, question: Question, path: str, text: str) -> taking.Taken | taking.Doubted:
        """What was typed as an answer to the question at `path`."""
        options = self.evaluator.options(question, path)
        asking = ExpectedAnswer(
            question.kind,
            self.evaluator.today,
            self.unit_said(question, text),
            options,
            bool(question.other),
            self.whole(question, path),
            self.evaluator.words(question.labels, path) if options else "",
        )
        taken = taking.typed(question, text, asking)
        if question.type is QuestionType.DATETIME and isinstance(taken, taking.Taken):
            return replace(taken, value=local_moment(taken.value, self.evaluator.context.now.tzinfo))
        return taken

    def whole(self, question: Question, path: str) -> Decimal | None:
        """The most that a count can be, where other answers tell it."""
        told = question.kind is AnswerKind.COUNT and any(limit.reads for limit in question.upper)
        return self.evaluator.limits(question, path)[1] if told else None

    def unit_said(self, question: Question, text: str) -> str:
        """The unit by which `text` is read: that of the person's language if it is said, else the Vietnamese."""
        own, vietnamese = unit_of(self.form, question, self.lang), unit_of(self.form, question, "vi")
        said = own and own != vietnamese and fold(english_one(own)) in fold(text)
        return own if said else vietnamese

    # --- all answers ----------------------------------------------------------------------------------

    def finished(self) -> Finished:
        """All answers, once nothing is left to ask."""
        document = self.draft.board.instance(self.form.name, self.form.stated_version)
        return Finished(dict(self.relevant_values()), document, self.notes_before(None))

    def relevant_values(self) -> Iterator[tuple[str, str]]:
        """Every relevant value in document order, without what only names the document."""
        texts = self.draft.board.texts
        for question in self.form.questions:
            for path in self.draft.board.places(question):
                if path in texts:
                    yield path, texts[path]

    def lines(self, *, skipped: bool) -> Iterator[Line]:
        """The answered questions for the review; with `skipped` also those asked and left without an answer."""
        for stop in self.draft.asked():
            if self.is_told(stop, skipped):
                yield self.line(stop)

    def is_told(self, stop: Stop, skipped: bool) -> bool:
        """Whether the review has a line for this question."""
        return bool(self.draft.values.get(stop.path)) or (skipped and stop.path in self.draft.visited)

    def line(self, stop: QuestionStop) -> Line:
        """A question and its answer in the review."""
        value = self.draft.values.get(stop.path, "")
        return Line(
            stop.path,
            self.evaluator.words(stop.question.labels, stop.path),
            shown(self.form, stop.question, value, self.lang),
            stop.path in self.draft.estimates,
            value,
            self.row_headings(stop.path),
        )

    def row_headings(self, path: str) -> str:
        """The rows in which a node lies, outermost first: "Hộ 2 › Người 1"; "" outside of all."""
        inside = template(path)
        around = (repeat for repeat in self.form.repeats if inside.startswith(f"{repeat.path}/"))
        return " › ".join(self.heading(repeat, path) for repeat in around)

    # --- rows -----------------------------------------------------------------------------------------

    def rows(self) -> Iterator[RowsTold]:
        """Every repeat that is relevant now with its rows; one within another in each row of that."""
        lines = list(self.lines(skipped=True))
        for section in self.form.repeats:
            for repeat in self.draft.board.places(section):
                if self.draft.is_relevant(repeat):
                    yield self.rows_of(section, repeat, lines)

    def rows_of(self, section: Section, repeat: str, lines: Sequence[Line]) -> RowsTold:
        """One repeat with its rows; `lines` are all answers."""
        paths = [f"{repeat}[{number}]" for number in range(1, self.draft.board.rows[repeat] + 1)]
        rows = tuple(RowTold(row, self.heading(section, row), lines_in(row, lines)) for row in paths)
        label = self.evaluator.words(section.labels, repeat) or section.name
        fixed = section.count is not None and self.form.counting(section) is None
        return RowsTold(repeat, label, rows, fixed, self.draft.is_full(repeat))


def lines_in(row: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines whose questions stand in a row."""
    return tuple(line for line in lines if line.path.startswith(f"{row}/"))
