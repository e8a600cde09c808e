"""Change an interview, and recompute what depends on it: calculations, relevance, choices and rows.

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
    """Changes one draft and recomputes what depends on it."""

    def __init__(self, draft: Draft, evaluator: Evaluator) -> None:
        self.draft = draft
        self.evaluator = evaluator
        self.dependencies = draft.layout.dependencies

    def answer(self, path: str, text: str) -> None:
        """Keep a value, and recompute everything that depends on it."""
        if self.draft.values.get(path, "") == text:
            return
        self.draft.put(path, text)
        self.follow(self.dependencies.after.get(template(path), ()))

    # --- rules ----------------------------------------------------------------------------------------

    def follow(self, places: Iterable[int]) -> None:
        """Run the rules at these places in their order, then every rule that their results concern."""
        queue = list(places)
        heapify(queue)
        done = -1
        while queue:
            place = heappop(queue)
            if place == done:
                continue
            done = place
            for later in self.run(self.dependencies.rules[place]):
                # A rule that concerns itself or an earlier one waits for the next change, so the loop ends.
                if later > place:
                    heappush(queue, later)

    def run(self, rule: Rule) -> tuple[int, ...]:
        """Compute a rule for every instance of its node. Return the places of the rules to run next, if it changed one."""
        compute = COMPUTE[rule.what]
        changed = [compute(self, rule, path) for path in self.standing(rule)]
        if not any(changed):
            return ()
        concerns_inside = rule.what in (What.RELEVANCE, What.ROWS)
        following = self.dependencies.within if concerns_inside else self.dependencies.after
        return following.get(rule.node.path, ())

    def standing(self, rule: Rule) -> Sequence[str]:
        """Return the instance paths of a rule's node."""
        return self.draft.board.places(rule.node)

    def relevance(self, rule: Rule, path: str) -> bool:
        """Hide or show the node. Return whether that changed it."""
        hidden = not self.evaluator.holds(rule.expression, path)
        if hidden == (path in self.draft.hidden):
            return False
        self.draft.hide(path, hidden)
        return True

    def calculation(self, rule: Rule, path: str) -> bool:
        """Keep the result of the node's calculation. Return whether it changed."""
        whole = isinstance(rule.node, Question) and rule.node.whole
        result = self.evaluator.text(rule.expression, path, whole)
        if self.draft.values.get(path, "") == result:
            return False
        self.draft.put(path, result)
        return True

    def choices(self, rule: Rule, path: str) -> bool:
        """Remove an answer that is no longer offered, so that it is asked again. Return whether there was one."""
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
        """Adjust a repeat to its count. Rows beyond it are put aside with their answers, and come back if it grows."""
        grown, _ = self.draft.rows.get(path, (0, 0))
        self.draft.rows[path] = (grown, self.count(rule.expression, path))
        return self.draft.show_rows(path)

    # --- rows -----------------------------------------------------------------------------------------

    def wanted(self, expression: Expression, path: str) -> float:
        """Return how many rows a count asks for; 0 if it is no number."""
        number = self.evaluator.number(expression, path)
        return 0 if isnan(number) else number

    def count(self, expression: Expression, path: str) -> int:
        """Return how many rows a repeat gets by its count, at most `MOST_ROWS`."""
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
        """Add the next row of a repeat with a count, if one is due. Return whether one was."""
        draft = self.draft
        if section.count is None or not draft.is_relevant(repeat):
            return False
        grown, limit = draft.rows[repeat]
        if section.path in self.dependencies.self_fed:
            # The count depends on the repeat's own rows, so no rule computes it: it is computed here, at their end.
            limit = self.count(section.count, repeat)
            draft.rows[repeat] = (grown, max(limit, grown))
        if grown >= min(limit, MOST_ROWS):
            return False
        self.grow(section, repeat)
        return True

    def drop_row(self, row: str) -> None:
        """Remove a row, and recompute everything that depended on it."""
        self.draft.drop_row(row)
        self.follow(self.dependencies.within.get(template(repeat_of(row)), ()))

    # --- beginning ------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Bring the draft to its initial state: defaults, preloads, and everything computed."""
        outermost = [section for section in self.draft.form.repeats if not section.repeat]
        for section in outermost:
            self.draft.begin_rows(section, section.path)
        self.put_defaults((question, question.path) for question in self.draft.layout.outside)
        self.follow(range(len(self.dependencies.rules)))
        for section in outermost:
            self.grow_first(section, section.path)

    def put_defaults(self, questions: Iterable[tuple[Question, str]]) -> None:
        """Put the fixed defaults of questions, then the computed ones, which may read the fixed ones."""
        placed = list(questions)
        for question, path in placed:
            default = question.default or self.preload(question)
            if default:
                self.draft.put(path, default)
        for question, path in placed:
            if question.dynamic_default:
                self.draft.put(path, self.evaluator.text(question.dynamic_default, path, question.whole))

    def preload(self, question: Question) -> str:
        """Return the value of a form's metadata, such as its start; "" within repeats."""
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
        """Store when the last question was answered, if the form wants to know."""
        for question in self.draft.form.questions:
            if question.preload == "end" and self.draft.is_relevant(question.path):
                self.draft.put(question.path, self.evaluator.now())


COMPUTE: Final[Mapping[What, Callable[[Changes, Rule, str], bool]]] = {
    What.RELEVANCE: Changes.relevance,
    What.CALCULATION: Changes.calculation,
    What.CHOICES: Changes.choices,
    What.ROWS: Changes.row_count,
}
"""How each kind of rule is computed for one instance of its node; each function returns whether anything changed."""
