"""Whether an interview may still get longer: whether a question that is not asked now may be, by an answer still to come.

Only then is it not said of how many questions one is. That it may become shorter is no reason: nobody minds that.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from questionnaires.draft import Draft
from questionnaires.expressions import Expression
from questionnaires.questionnaire import Question, Section, near
from questionnaires.stops import QuestionStop, RowsEnd, Stop


@dataclass(frozen=True)
class Growing:
    """Looks at what comes from the open question at `path` on."""

    draft: Draft
    path: str

    def may_grow(self) -> bool:
        """Whether questions may be added."""
        # Where all is asked and nothing is repeated, nothing can be added; most questionnaires are so.
        if not self.draft.hidden and not self.draft.rows:
            return False
        way = self.draft.way
        return any(self.adds(stop) for stop in way.stops[way.place(self.path) :])

    def adds(self, stop: Stop) -> bool:
        """Whether a stop may bring questions that are not asked now."""
        if isinstance(stop, RowsEnd):
            return self.adds_rows(stop.section, stop.path)
        return stop.asks and not self.draft.is_relevant(stop.path) and self.waits(stop)

    def adds_rows(self, section: Section, place: str) -> bool:
        """Whether rows may be added: by the person, or by a count, which adds them one after the other."""
        if section.count is None:
            return place not in self.draft.closed and self.draft.is_relevant(place)
        grown, limit = self.draft.rows[place]
        return grown < limit or self.reads_open(section.count, place)

    def waits(self, stop: QuestionStop) -> bool:
        """Whether it depends on an answer still to come that a question is not asked now."""
        return any(self.reads_open(relevant, stop.path) for relevant in self.conditions(stop.question))

    def conditions(self, question: Question) -> Iterator[Expression]:
        """Under which conditions a question is asked: its own and those of the sections around it."""
        if question.relevant is not None:
            yield question.relevant
        for path, section in self.draft.form.sections.items():
            if section.relevant is not None and question.path.startswith(f"{path}/"):
                yield section.relevant

    def reads_open(self, expression: Expression, at: str) -> bool:
        """Whether an expression of the node at `at` looks at an answer still to come, itself or by what is calculated."""
        return any(self.is_open(path, at) for path in expression.reads)

    def is_open(self, path: str, at: str) -> bool:
        """Whether the value at a template path is still to come; `at` says in which row."""
        node = self.draft.form.by_path.get(path)
        if not isinstance(node, Question):
            return False
        if node.calculation is not None:
            return self.reads_open(node.calculation, at)
        place = near(node.path, at)
        way = self.draft.way
        ahead = node.asks and way.place(place) >= way.place(self.path)
        return ahead and not self.draft.values.get(place)
