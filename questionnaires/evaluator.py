"""Evaluate a form's expressions for the present state of an interview: values, conditions, limits, choices, texts."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from hashlib import sha256
from math import isfinite

from questionnaires import showing, taking
from questionnaires.answers import Option
from questionnaires.conversions import number_of, stored
from questionnaires.draft import Draft
from questionnaires.expressions import Expression
from questionnaires.questionnaire import Question, Words, plain_words
from questionnaires.talk import Context, Limits


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
        """Evaluate an expression of the node at `path`. The result is a number, text, truth or list of elements."""
        element = self.board.node(path)
        xpath = self.layout.xpath(expression)
        if not expression.needs:
            return xpath(element)
        return xpath(element, **{need: self.variable(need, path) for need in expression.needs})  # type: ignore[arg-type]

    def variable(self, need: str, path: str) -> object:
        """Return the value of a variable that expressions may need."""
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
        """The moment of this step, written as in an answer."""
        return self.context.now.isoformat(timespec="milliseconds")

    def number(self, expression: Expression, path: str) -> float:
        """Return the result of an expression as a number; NaN if it is none."""
        return number_of(self.value(expression, path))  # type: ignore[arg-type]

    def text(self, expression: Expression, path: str, whole: bool = False) -> str:
        """Return the result of an expression as it is stored in an answer. `whole` cuts off a number's fraction."""
        return taking.clean(stored(self.value(expression, path), whole))

    def holds(self, expression: Expression | None, path: str) -> bool:
        """Whether a condition is true. None and NaN are not."""
        if expression is None:
            return False
        value = self.value(expression, path)
        return bool(value) and value == value

    # --- questions ------------------------------------------------------------------------------------

    def is_required(self, question: Question, path: str) -> bool:
        """Whether an answer is required. None is if a filter leaves nothing to choose from."""
        if not self.holds(question.required, path):
            return False
        return question.items is None or bool(self.offered(question, path))

    def allows(self, question: Question, path: str, value: str) -> bool:
        """Whether the constraint holds for `value`, which is put on the board to try and taken off again."""
        if question.constraint is None:
            return True
        before = self.board.texts.get(path, "")
        self.board.put(path, value)
        try:
            return self.holds(question.constraint, path)
        finally:
            self.board.put(path, before)

    def limits(self, question: Question, path: str) -> Limits:
        """Return the least and the most that an answer may be; None where the form sets no limit."""
        known = self.layout.fixed_limits.get(question.path)
        if known is None:
            known = self.limit(max, question.lower, question.minimum, path), self.most(question, path)
            if all(limit.is_constant for limit in (*question.lower, *question.upper)):
                self.layout.fixed_limits[question.path] = known
        return known

    def most(self, question: Question, path: str) -> Decimal | None:
        """Return the most that an answer may be; None where the form sets no limit."""
        known = self.layout.fixed_limits.get(question.path)
        return known[1] if known else self.limit(min, question.upper, question.maximum, path)

    def limit(
        self,
        tightest: Callable[[Iterable[Decimal]], Decimal],
        expressions: tuple[Expression, ...],
        fixed: Decimal | None,
        path: str,
    ) -> Decimal | None:
        """Return the tightest of a question's limits: those that `expressions` compute, and `fixed` of a range."""
        computed = (self.number(expression, path) for expression in expressions)
        known = [Decimal(str(number)) for number in computed if isfinite(number)]
        if fixed is not None:
            known.append(fixed)
        return Decimal(taking.decimal_text(tightest(known))) if known else None

    # --- choices --------------------------------------------------------------------------------------

    def offered(self, question: Question, path: str) -> list[str]:
        """Return the values of the choices offered now, in the order of the list."""
        known = self.layout.choices[question.list]
        if question.items is None:
            return list(known)
        items = self.value(question.items, path)
        names = [item.findtext("name") for item in items] if isinstance(items, list) else []
        return [name for name in names if name in known]

    def options(self, question: Question, path: str) -> tuple[Option, ...]:
        """Return the choices offered now, with their labels, shuffled for this interview if the form says so."""
        if not question.list:
            return ()
        offered = self.offered(question, path)
        if question.shuffled:
            # Sorted by a hash with the interview's seed, so that going back shows the same order.
            offered.sort(key=lambda value: sha256(f"{self.draft.seed} {path} {value}".encode()).digest())
        known = self.layout.choices[question.list]
        return tuple(Option(value, self.words(known[value].labels, path)) for value in offered)

    # --- texts ----------------------------------------------------------------------------------------

    def words(self, words: Words, path: str) -> str:
        """Return a text in the person's language with its references filled in."""
        parts = self.layout.form.words(words, self.context.lang)
        if len(parts) == 1 and isinstance(parts[0], str):
            return parts[0]
        filled = ""
        for part in parts:
            filled += part if isinstance(part, str) else self.written(part, path, filled)
        return filled.strip()

    def written(self, part: Expression, path: str, before: str) -> str:
        """Return the result of an expression in a text, behind the words `before`; numbers as in the person's language."""
        value = stored(self.value(part, path))
        if part.type != "number" or not taking.NUMBER.fullmatch(value):
            return value
        form, lang = self.layout.form, self.context.lang
        asked = [node for path in part.reads if isinstance(node := form.by_path.get(path), Question)]
        if any(question.is_code for question in asked):
            return value
        named = " ".join(plain_words(form.words(question.labels, lang)) for question in asked)
        return showing.in_words(Decimal(value), before, named, lang)
