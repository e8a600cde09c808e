"""Whether an interview may still get longer: whether a later answer may add a question that is not asked now.

If so, people are not told how many questions there are. If it may only become shorter, they are: nobody minds that.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaires.draft import Draft
from questionnaires.expressions import Expression
from questionnaires.questionnaire import Question, Section, near
from questionnaires.stops import QuestionStop, RowsEnd, Stop


@dataclass(frozen=True)
class Growing:
    """Looks at the stops from the open question at `path` on."""

    draft: Draft
    path: str

    def may_grow(self) -> bool:
        """Whether questions may be added."""
        # Without hidden questions and repeats nothing can be added; most questionnaires have neither.
        if not self.draft.hidden and not self.draft.rows:
            return False
        way = self.draft.way
        return any(self.adds(stop) for stop in way.stops[way.place(self.path) :])

    def adds(self, stop: Stop) -> bool:
        """Whether a stop may add questions that are not asked now."""
        if isinstance(stop, RowsEnd):
            return self.adds_rows(stop.section, stop.path)
        return stop.asks and not self.draft.is_relevant(stop.path) and self.waits(stop)

    def adds_rows(self, section: Section, place: str) -> bool:
        """Whether a repeat may get rows: from the person, or from a count, which adds them one after the other."""
        if section.count is None:
            return place not in self.draft.closed and self.draft.is_relevant(place)
        grown, limit = self.draft.rows[place]
        return grown < limit or self.reads_open(section.count, place)

    def waits(self, stop: QuestionStop) -> bool:
        """Whether a later answer may make a question relevant that is not asked now."""
        return any(self.reads_open(relevant, stop.path) for relevant in self.conditions(stop.question))

    def conditions(self, question: Question) -> Iterator[Expression]:
        """Yield the conditions for asking a question: its own, and those of the sections around it."""
        if question.relevant is not None:
            yield question.relevant
        for path, section in self.draft.form.sections.items():
            if section.relevant is not None and question.path.startswith(f"{path}/"):
                yield section.relevant

    def reads_open(self, expression: Expression, at: str) -> bool:
        """Whether an expression of the node at `at` depends on a later answer, directly or through calculations."""
        return any(self.is_open(path, at) for path in expression.reads)

    def is_open(self, path: str, at: str) -> bool:
        """Whether the answer at template path `path`, in the rows around `at`, is still to come."""
        node = self.draft.form.by_path.get(path)
        if not isinstance(node, Question):
            return False
        if node.calculation is not None:
            return self.reads_open(node.calculation, at)
        place = near(node.path, at)
        way = self.draft.way
        ahead = node.asks and way.place(place) >= way.place(self.path)
        return ahead and not self.draft.values.get(place)
