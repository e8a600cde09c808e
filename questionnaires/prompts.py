"""Compose what a person is shown of an interview: the open question, a refusal with its example, the review, the end."""

import re
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
    ROW,
    Question,
    QuestionType,
    Section,
    Words,
    near,
    plain_words,
    repeat_of,
    row_around,
    template,
)
from questionnaires.showing import kind_to_read, shown, unit_of, unit_to_read
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
"""Example values of types, which a form may still refuse."""
CODES: Final = ("001085012345", "0912345678", "095123456", "1234567890", "12345678", "12345", "123")
"""Example values of codes: of an identity card, a phone, older cards, and shorter ones."""
SPAN: Final = re.compile(r"\b(?:qua|nay|last|past)\b", re.I)
"""Words of a question about a span of time: "trong 6 tháng qua", "từ năm 2021 đến nay"."""


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
        """Return the question or the repeat at `path` as it is to be shown."""
        section = self.form.section_at(path)
        return QuestionAsked(
            self.ask_for_row(section, path) if section else self.ask(self.form.question(path), path)
        )

    def ask(self, question: Question, path: str) -> Ask:
        """A question with all that a person must know to answer it."""
        evaluator = self.evaluator
        low, high = evaluator.limits(question, path) if question.is_number else (None, None)
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
        """Return the question's number and the total; the total is 0 while later answers may add questions."""
        asked, way = self.draft.asked(), self.draft.way
        before = bisect_left(asked, way.place(path), key=lambda stop: way.place(stop.path))
        total = max(len(asked), 1)
        return min(before + 1, total), 0 if Growing(self.draft, path).may_grow() else total

    def previous(self, question: Question, path: str, options: tuple[Option, ...]) -> str | None:
        """Return the value of the period before, if it could be given again; else None."""
        value = self.before.get(path)
        if not value or question.type in FILE_TYPES:
            return None
        taken = taking.canonical(question, value, options)
        return taken.value if isinstance(taken, taking.Taken) else None

    def cut(self, question: Question, path: str) -> int:
        """Return the most rows that are asked, at the first question of a repeat whose count is larger; else 0."""
        section = self.form.sections.get(question.repeat)
        if section is None or section.count is None:
            return 0
        repeat = repeat_of(row_around(path))
        if self.changes.wanted(section.count, repeat) <= MOST_ROWS:
            return 0
        return MOST_ROWS if path == self.draft.way.first_within(f"{repeat}[1]/") else 0

    def notes_before(self, path: str | None) -> tuple[str, ...]:
        """Return the notes between the question before and the stop at `path`; for None, those at the form's end."""
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
        """Return the labels of the groups and rows around a question, outermost first."""
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
        """Return a refusal of the first answer that the form no longer allows; with `among`, only at these paths."""
        stops = (stop for stop in self.draft.asked() if among is None or stop.path in among)
        wrong = (self.wrong_at(stop.question, stop.path) for stop in stops)
        return next(filter(None, wrong), None)

    def wrong_at(self, question: Question, path: str) -> Refused | None:
        """Return a refusal if the answer at `path` is not allowed, or missing though required; else None."""
        if not self.draft.values.get(path):
            return self.missing(question, path) if self.evaluator.is_required(question, path) else None
        if question.constraint and not self.evaluator.holds(question.constraint, path):
            return self.not_allowed(question, path)
        return None

    def missing(self, question: Question, path: str) -> Refused:
        """Return the refusal to skip a required question."""
        return self.refused(question, path, taking.Doubted("required"), question.required_message)

    def not_allowed(self, question: Question, path: str) -> Refused:
        """Return the refusal of an answer that the form's constraint does not allow."""
        return self.refused(question, path, taking.Doubted("constraint"), question.constraint_message)

    def doubted(self, question: Question, path: str, doubt: taking.Doubted) -> Refused:
        """Return the refusal of something that is not plainly an answer."""
        return self.refused(question, path, doubt, question.required_message if doubt.code == "empty" else {})

    def refused(self, question: Question, path: str, doubt: taking.Doubted, message: Words) -> Refused:
        """Return a refusal with the form's own sentence, the limits, and an answer that would be taken."""
        limits = self.evaluator.limits(question, path)
        said = self.evaluator.words(message, path)
        example = self.example(question, path, limits)
        return Refused(path, doubt.code, dict(doubt.data), said, limits, example, doubt.candidates)

    def example(self, question: Question, path: str, limits: Limits) -> str:
        """Return an answer that the form allows, as a person would type it; "" if none of `examples` is allowed."""
        for value in self.examples(question, path, limits):
            taken = taking.canonical(question, value, self.evaluator.options(question, path))
            if isinstance(taken, taking.Taken) and self.evaluator.allows(question, path, taken.value):
                return self.written(question, path, taken.value)
        return ""

    def examples(self, question: Question, path: str, limits: Limits) -> Sequence[str]:
        """Return values that the form may allow, the likeliest first."""
        if question.is_number:
            return self.numbers_near(question, path, limits)
        if question.is_code:
            return CODES
        if question.type in EXAMPLES:
            return [EXAMPLES[question.type].format(today=self.evaluator.today.isoformat())]
        return [option.value for option in self.evaluator.options(question, path)[:1]]

    def numbers_near(self, question: Question, path: str, limits: Limits) -> Sequence[str]:
        """Return the number of the period before, a usual one, and the limits."""
        usual = "25" if question.whole or question.kind is AnswerKind.COUNT else "12.5"
        ends = [taking.decimal_text(limit) for limit in reversed(limits) if limit is not None]
        return list(filter(None, (self.before.get(path), usual, *ends, "1")))

    def written(self, question: Question, path: str, value: str) -> str:
        """Return a value as a person may type it. Even in English it is 1.000.000: "1,000,000" would be asked back."""
        text = shown(self.form, question, value, self.lang)
        understood = isinstance(self.read(question, path, text), taking.Taken)
        return text if understood else shown(self.form, question, value, "vi")

    # --- typed answers --------------------------------------------------------------------------------

    def read(self, question: Question, path: str, text: str) -> taking.Taken | taking.Doubted:
        """Read a typed text as an answer to the question at `path`."""
        options = self.evaluator.options(question, path)
        asking = ExpectedAnswer(
            question.kind if question.unit else kind_to_read(self.form, question),
            self.evaluator.today,
            self.unit_said(question, text),
            options,
            bool(question.other),
            self.whole(question, path),
            self.evaluator.words(question.labels, path) if options else "",
            self.evaluator.context.numbered,
            self.count_before(question, path) if not text.isdecimal() else None,
        )
        taken = taking.typed(question, text, asking)
        if question.type is QuestionType.DATETIME and isinstance(taken, taking.Taken):
            return replace(taken, value=local_moment(taken.value, self.evaluator.context.now.tzinfo))
        return taken

    def count_before(self, question: Question, path: str) -> Decimal | None:
        """Return the count of the period before; None if there is none, or something else is asked.

        What came about in a span of time is counted anew: "thêm 2 hộ" is no change of it.
        """
        value = self.before.get(path, "")
        if question.kind is not AnswerKind.COUNT or not value.isdecimal():
            return None
        in_span = any(SPAN.search(plain_words(words)) for words in question.labels.values())
        return None if in_span else Decimal(value)

    def whole(self, question: Question, path: str) -> Decimal | None:
        """Return the most that a count can be, if other answers tell; else None."""
        told = question.kind is AnswerKind.COUNT and any(limit.reads for limit in question.upper)
        return self.evaluator.most(question, path) if told else None

    def unit_said(self, question: Question, text: str) -> str:
        """Return the unit to read `text` with: that of the person's language if it is said, else the Vietnamese one."""
        read = unit_of if question.unit else unit_to_read
        own, vietnamese = read(self.form, question, self.lang), read(self.form, question, "vi")
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
        """Whether the review shows this stop."""
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
        """Return the names of the rows around a node, outermost first: "Hộ 2 › Người 1"; "" if there are none."""
        inside = template(path)
        around = (repeat for repeat in self.form.repeats if inside.startswith(f"{repeat.path}/"))
        return " › ".join(self.heading(repeat, path) for repeat in around)

    # --- rows -----------------------------------------------------------------------------------------

    def rows(self) -> Iterator[RowsTold]:
        """Yield every repeat that is relevant now, with its rows. An inner repeat comes once for each outer row."""
        lines = list(self.lines(skipped=True))
        for section in self.form.repeats:
            for repeat in self.draft.board.places(section):
                if self.draft.is_relevant(repeat):
                    yield self.rows_of(section, repeat, lines)

    def rows_of(self, section: Section, repeat: str, lines: Sequence[Line]) -> RowsTold:
        """Return the repeat at instance path `repeat` with its rows. `lines` are the lines of the whole interview."""
        paths = [f"{repeat}[{number}]" for number in range(1, self.draft.board.rows[repeat] + 1)]
        rows = tuple(RowTold(row, self.heading(section, row), lines_in(row, lines)) for row in paths)
        label = self.evaluator.words(section.labels, repeat) or section.name
        fixed = section.count is not None and self.form.counting(section) is None
        return RowsTold(repeat, label, rows, fixed, self.draft.is_full(repeat))


def lines_in(row: str, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of the questions within a row."""
    return tuple(line for line in lines if line.path.startswith(f"{row}/"))
