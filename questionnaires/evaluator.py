"""What the expressions of a form give as an interview stands: values, conditions, limits, choices, texts."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from hashlib import sha256
from math import isfinite
from typing import Final

from questionnaires import showing, taking
from questionnaires.answers import Option
from questionnaires.conversions import number_of, stored
from questionnaires.draft import Draft
from questionnaires.expressions import Expression
from questionnaires.questionnaire import Question, Words
from questionnaires.talk import Context, Limits

GROUPED: Final = 10_000
"""From here on a whole number in a text has marks between its thousands."""


class Evaluator:
    """Evaluates expressions on the board of one draft."""

    def __init__(self, draft: Draft, context: Context) -> None:
        self.draft = draft
        self.layout = draft.layout
        self.board = draft.board
        self.context = context
        self.today = context.now.date()

    # --- expressions ----------------------------------------------------------------------------------

    def value(self, expression: Expression, path: str) -> object:
        """What an expression of the node at `path` gives: a number, text, truth, or list of elements."""
        element = self.board.node(path)
        xpath = self.layout.xpath(expression)
        if not expression.needs:
            return xpath(element)
        return xpath(element, **{need: self.variable(need, path) for need in expression.needs})  # type: ignore[arg-type]

    def variable(self, need: str, path: str) -> object:
        """A variable of expressions."""
        match need:
            case "today":
                return self.today.isoformat()
            case "now":
                return self.now()
            case "lang":
                return self.context.lang
            case "key":
                return f"{self.draft.seed} {path}"
            case _:
                return self.board.node(path)

    def now(self) -> str:
        """The moment of this step as an answer holds it."""
        return self.context.now.isoformat(timespec="milliseconds")

    def number(self, expression: Expression, path: str) -> float:
        """What an expression gives as a number, NaN where it is none."""
        return number_of(self.value(expression, path))  # type: ignore[arg-type]

    def text(self, expression: Expression, path: str, whole: bool = False) -> str:
        """What an expression gives as an answer holds it; `whole` cuts a number's fraction off."""
        return taking.clean(stored(self.value(expression, path), whole))

    def holds(self, expression: Expression | None, path: str) -> bool:
        """Whether a condition is true; one that the form does not set is not, nor is NaN."""
        if expression is None:
            return False
        value = self.value(expression, path)
        return bool(value) and value == value

    # --- questions ------------------------------------------------------------------------------------

    def is_required(self, question: Question, path: str) -> bool:
        """Whether an answer is needed; where a filter leaves nothing to choose from, none can be."""
        if not self.holds(question.required, path):
            return False
        return question.items is None or bool(self.offered(question, path))

    def allows(self, question: Question, path: str, value: str) -> bool:
        """Whether the constraint holds of `value`, tried on the board and taken off again."""
        if question.constraint is None:
            return True
        before = self.board.texts.get(path, "")
        self.board.put(path, value)
        try:
            return self.holds(question.constraint, path)
        finally:
            self.board.put(path, before)

    def limits(self, question: Question, path: str) -> Limits:
        """The least and the most that an answer may be, as far as the form says."""
        return (
            self.limit(max, question.lower, question.minimum, path),
            self.limit(min, question.upper, question.maximum, path),
        )

    def limit(
        self,
        tightest: Callable[[Iterable[Decimal]], Decimal],
        expressions: tuple[Expression, ...],
        fixed: Decimal | None,
        path: str,
    ) -> Decimal | None:
        """The tightest of the limits that constraints compute and the one that a range has."""
        computed = (self.number(expression, path) for expression in expressions)
        known = [Decimal(str(number)) for number in computed if isfinite(number)]
        if fixed is not None:
            known.append(fixed)
        return Decimal(taking.decimal_text(tightest(known))) if known else None

    # --- choices --------------------------------------------------------------------------------------

    def offered(self, question: Question, path: str) -> list[str]:
        """The values of the choices that are offered now, in the order of the list."""
        known = self.layout.choices[question.list]
        if question.items is None:
            return list(known)
        items = self.value(question.items, path)
        names = [item.findtext("name") for item in items] if isinstance(items, list) else []
        return [name for name in names if name in known]

    def options(self, question: Question, path: str) -> tuple[Option, ...]:
        """The choices that are offered now, with their labels, in the order of this interview."""
        if not question.list:
            return ()
        offered = self.offered(question, path)
        if question.shuffled:
            # By a hash of who is asked, so that going back shows the same order again.
            offered.sort(key=lambda value: sha256(f"{self.draft.seed} {path} {value}".encode()).digest())
        known = self.layout.choices[question.list]
        return tuple(Option(value, self.words(known[value].labels, path)) for value in offered)

    # --- texts ----------------------------------------------------------------------------------------

    def words(self, words: Words, path: str) -> str:
        """A text in the person's language, its references filled in."""
        parts = self.layout.form.words(words, self.context.lang)
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        filled = (part if isinstance(part, str) else self.written(part, path) for part in parts)
        return "".join(filled).strip()

    def written(self, part: Expression, path: str) -> str:
        """What an expression in a text gives, a number as people write it in the person's language."""
        value = stored(self.value(part, path))
        if part.type != "number" or not taking.NUMBER.fullmatch(value):
            return value
        amount = Decimal(value)
        # Four digits may be a year, which is written without marks.
        if amount == amount.to_integral_value() and abs(amount) < GROUPED:
            return f"{amount:f}"
        return showing.number(amount, self.context.lang)
