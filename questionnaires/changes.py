"""What changes in an interview, and all that follows: calculations, relevance, choices taken back, rows.

Rules run in the order that `questionnaires.dependencies` found, each at most once after a change.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from heapq import heapify, heappop, heappush
from math import isnan
from typing import Final

from questionnaires.board import MOST_ROWS
from questionnaires.dependencies import Rule, What
from questionnaires.draft import Draft
from questionnaires.evaluator import Evaluator
from questionnaires.expressions import Expression
from questionnaires.questionnaire import Question, Section, in_row, repeat_of, template


class Changes:
    """Changes one draft and computes what follows."""

    def __init__(self, draft: Draft, evaluator: Evaluator) -> None:
        self.draft = draft
        self.evaluator = evaluator
        self.dependencies = draft.layout.dependencies

    def answer(self, path: str, text: str) -> None:
        """Keep a value and compute all that follows."""
        if self.draft.values.get(path, "") == text:
            return
        self.draft.put(path, text)
        self.follow(self.dependencies.after.get(template(path), ()))

    # --- rules ----------------------------------------------------------------------------------------

    def follow(self, places: Iterable[int]) -> None:
        """Run rules in their order, and those that their results concern."""
        queue = list(places)
        heapify(queue)
        done = -1
        while queue:
            place = heappop(queue)
            if place == done:
                continue
            done = place
            for later in self.run(self.dependencies.rules[place]):
                # A rule that feeds itself or an earlier one waits for the next change: this ends always.
                if later > place:
                    heappush(queue, later)

    def run(self, rule: Rule) -> tuple[int, ...]:
        """Compute one rule wherever its node stands; the places of the rules that follow if anything changed."""
        compute = COMPUTE[rule.what]
        changed = [compute(self, rule, path) for path in self.standing(rule)]
        if not any(changed):
            return ()
        concerns_inside = rule.what in (What.RELEVANCE, What.ROWS)
        following = self.dependencies.within if concerns_inside else self.dependencies.after
        return following.get(rule.node.path, ())

    def standing(self, rule: Rule) -> Sequence[str]:
        """The instance paths of a rule's node."""
        return self.draft.board.places(rule.node)

    def relevance(self, rule: Rule, path: str) -> bool:
        """Hide or show the node; whether it changed."""
        hidden = not self.evaluator.holds(rule.expression, path)
        if hidden == (path in self.draft.hidden):
            return False
        self.draft.hide(path, hidden)
        return True

    def calculation(self, rule: Rule, path: str) -> bool:
        """Keep what the node's calculation gives; whether it changed."""
        whole = isinstance(rule.node, Question) and rule.node.whole
        result = self.evaluator.text(rule.expression, path, whole)
        if self.draft.values.get(path, "") == result:
            return False
        self.draft.put(path, result)
        return True

    def choices(self, rule: Rule, path: str) -> bool:
        """Take out an answer that is no longer offered, so that it is asked again; whether there was one."""
        value = self.draft.values.get(path)
        if not value or not isinstance(rule.node, Question) or not self.draft.is_relevant(path):
            return False
        offered = set(self.evaluator.offered(rule.node, path))
        kept = " ".join(filter(offered.__contains__, value.split()))
        if kept == value:
            return False
        self.draft.put(path, kept)
        self.draft.visited.discard(path)
        self.draft.estimates.discard(path)
        return True

    def row_count(self, rule: Rule, path: str) -> bool:
        """Follow the count of a repeat: fewer rows are put aside with their answers, known ones come back."""
        grown, _ = self.draft.rows.get(path, (0, 0))
        self.draft.rows[path] = (grown, self.count(rule.expression, path))
        return self.draft.show_rows(path)

    # --- rows -----------------------------------------------------------------------------------------

    def wanted(self, expression: Expression, path: str) -> float:
        """How many rows a count wants; 0 where it is no number."""
        number = self.evaluator.number(expression, path)
        return 0 if isnan(number) else number

    def count(self, expression: Expression, path: str) -> int:
        """How many rows a repeat is asked for by its count."""
        return int(max(0, min(self.wanted(expression, path), MOST_ROWS)))

    def grow(self, section: Section, repeat: str) -> None:
        """Add a row to the repeat at an instance path, with its defaults and the first rows of repeats within it."""
        row = self.draft.add_row(repeat)
        inside = self.draft.layout.insides[section.path]
        self.put_defaults((question, in_row(question.path, section.path, row)) for question in inside)
        self.follow(self.dependencies.within.get(section.path, ()))
        for inner in self.draft.form.repeats:
            if inner.repeat == section.path:
                self.grow_first(inner, in_row(inner.path, section.path, row))

    def grow_first(self, section: Section, repeat: str) -> None:
        """Add the rows that a repeat begins with."""
        for _ in range(section.rows_to_begin):
            self.grow(section, repeat)

    def grow_by_count(self, section: Section, repeat: str) -> bool:
        """Add the next row of a repeat with a count, if one is due."""
        draft = self.draft
        if section.count is None or not draft.is_relevant(repeat):
            return False
        grown, limit = draft.rows[repeat]
        if section.path in self.dependencies.self_fed:
            # Its own rows decide how many there are: no rule counts them, so they are counted here, at their end.
            limit = self.count(section.count, repeat)
            draft.rows[repeat] = (grown, max(limit, grown))
        if grown >= min(limit, MOST_ROWS):
            return False
        self.grow(section, repeat)
        return True

    def drop_row(self, row: str) -> None:
        """Remove a row, and compute all that looked at it."""
        self.draft.drop_row(row)
        self.follow(self.dependencies.within.get(template(repeat_of(row)), ()))

    # --- beginning ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """The state of an interview nobody has answered: defaults, preloads, everything computed."""
        outermost = [section for section in self.draft.form.repeats if not section.repeat]
        for section in outermost:
            self.draft.begin_rows(section, section.path)
        self.put_defaults((question, question.path) for question in self.draft.layout.outside)
        self.follow(range(len(self.dependencies.rules)))
        for section in outermost:
            self.grow_first(section, section.path)

    def put_defaults(self, questions: Iterable[tuple[Question, str]]) -> None:
        """Put the fixed defaults of questions, then the computed ones, which may read the fixed."""
        placed = list(questions)
        for question, path in placed:
            default = question.default or self.preload(question)
            if default:
                self.draft.put(path, default)
        for question, path in placed:
            if question.dynamic_default:
                self.draft.put(path, self.evaluator.text(question.dynamic_default, path, question.whole))

    def preload(self, question: Question) -> str:
        """What a form wants to know about the filling in itself; rows of repeats have no such thing."""
        if question.repeat:
            return ""
        match question.preload:
            case "start":
                return self.evaluator.now()
            case "today":
                return self.evaluator.today.isoformat()
            case "uid":
                digest = sha256(f"instance {self.draft.seed}".encode()).hexdigest()
                return f"uuid:{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
        return ""

    def end(self) -> None:
        """Note when the last question was answered, where the form wants to know."""
        for question in self.draft.form.questions:
            if question.preload == "end" and self.draft.is_relevant(question.path):
                self.draft.put(question.path, self.evaluator.now())


COMPUTE: Final[Mapping[What, Callable[[Changes, Rule, str], bool]]] = {
    What.RELEVANCE: Changes.relevance,
    What.CALCULATION: Changes.calculation,
    What.CHOICES: Changes.choices,
    What.ROWS: Changes.row_count,
}
"""How each kind of rule is computed at one place; each tells whether anything changed."""
