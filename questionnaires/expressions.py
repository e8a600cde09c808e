"""From an XForms expression to an XPath that libxml2 evaluates as ODK's engines would.

libxml2 alone gets a form wrong in quiet ways: it compares dates as NaN, prints 10^12 as 1e+12, cannot override
its core functions, and finds out about an unknown function only when it is called. So an expression is parsed
once, when its form is compiled, and written anew: dates become day numbers where they are compared or added,
functions become ours (`questionnaires.functions`), choice lists and the answers are found in one document. What
is surely a mistake is refused then and there. The parser knows XPath 1.0 as XLSForms use it: no axes, no `//`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

import re2

from questionnaires.expression_tokens import COMPARISONS, ExpressionError, tokenize
from questionnaires.functions import FUNCTIONS

Type = Literal["number", "text", "truth", "date", "nodes"]

DATE_LOOK: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(T.*)?$")
ROOT: Final = "/form"
"""The element that holds the answers and the choice lists in one document."""
MAX_DEPTH: Final = 60


@dataclass(frozen=True, slots=True)
class Expression:
    """A rewritten expression. `needs` are the variables to give it, `reads` the template paths it looks at."""

    xpath: str
    type: Type
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether it gives the same whatever was answered, by whom and when."""
        return not self.reads and not self.needs

    def to_json(self) -> list[object]:
        """Return lists of text, for a compiled form."""
        return [self.xpath, self.type, list(self.reads), list(self.needs), list(self.functions)]


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may refer to: the type of each node by its template path, and the choice lists."""

    types: Mapping[str, Type]
    lists: frozenset[str] = frozenset()
    repeats: frozenset[str] = frozenset()


@dataclass(slots=True)
class Term:
    """A part already written anew. `at` is the node of the answers that it names, if it is a plain path."""

    text: str
    type: Type
    at: str | None = None
    literal: str | None = None


@dataclass(slots=True)
class Reader:
    """Reads one expression from its tokens; lives for one call of `rewrite`."""

    tokens: list[str]
    scope: Scope
    context: str
    place: int = 0
    depth: int = 0
    reads: dict[str, None] = field(default_factory=dict)
    needs: dict[str, None] = field(default_factory=dict)
    functions: dict[str, None] = field(default_factory=dict)
    warnings: list[ExpressionError] = field(default_factory=list)

    # --- tokens ---------------------------------------------------------------------------------------

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self) -> str:
        token = self.next
        if not token:
            raise ExpressionError("syntax_end")
        self.place += 1
        return token

    def expect(self, token: str) -> None:
        if self.next != token:
            raise ExpressionError("syntax", found=self.next or "…", expected=token)
        self.place += 1

    def accept(self, *tokens: str) -> str:
        if self.next in tokens and self.next:
            return self.take()
        return ""

    # --- operators, loosest first ---------------------------------------------------------------------

    def expression(self, at: str | None) -> Term:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError("too_deep")
        term = self.logic(at, "or", lambda: self.logic(at, "and", lambda: self.comparison(at)))
        self.depth -= 1
        return term

    def logic(self, at: str | None, word: str, part: Callable[[], Term]) -> Term:
        term = part()
        while self.accept(f" {word}"):
            other = part()
            for one in (term, other):
                self.no_bare(one)
            term = Term(f"{term.text} {word} {other.text}", "truth")
        return term

    def comparison(self, at: str | None) -> Term:
        term = self.sum(at)
        while sign := self.accept(*COMPARISONS):
            term = self.compare(term, sign, self.sum(at))
        return term

    def compare(self, left: Term, sign: str, right: Term) -> Term:
        """A comparison; dates on either side become day numbers unless compared with blank."""
        blank = "" in (left.literal, right.literal)
        if "date" in (left.type, right.type) and not blank:
            for side in (left, right):
                if side.literal is not None and not re.fullmatch(r"-?\d+(\.\d+)?", side.literal):
                    raise ExpressionError("quoted_date", text=side.literal)
            left, right = self.days(left, True), self.days(right, True)
        elif sign not in ("=", "!="):
            for side in (left, right):
                if side.literal is not None and DATE_LOOK.match(side.literal):
                    raise ExpressionError("quoted_date", text=side.literal)
        elif "truth" in (left.type, right.type):
            left, right = self.truth(left), self.truth(right)
        return Term(f"{left.text} {sign} {right.text}", "truth")

    def sum(self, at: str | None) -> Term:
        term = self.product(at)
        while sign := self.accept("+", "-"):
            other = self.product(at)
            term = Term(f"{self.days(term).text} {sign} {self.days(other).text}", "number")
        return term

    def product(self, at: str | None) -> Term:
        term = self.negative(at)
        while sign := self.accept(" *", " div", " mod"):
            other = self.negative(at)
            term = Term(f"{self.days(term).text}{sign} {self.days(other).text}", "number")
        return term

    def negative(self, at: str | None) -> Term:
        if self.accept("-"):
            return Term(f"- {self.days(self.negative(at)).text}", "number")
        term = self.path(at)
        while self.accept("|"):
            term = Term(f"{term.text} | {self.path(at).text}", "nodes")
        return term

    # --- paths ----------------------------------------------------------------------------------------

    def path(self, at: str | None) -> Term:
        token = self.next
        if token == "//" or token == "@":
            raise ExpressionError("axis", text=token)
        if token == "/":
            self.take()
            return self.steps(f"{ROOT}/", "", self.take())
        if token in (".", ".."):
            return self.steps("", at, self.take())
        if token and (token[0].isalpha() or token[0] == "_"):
            self.take()
            if self.next == "(":
                return self.after_call(self.call(token, at))
            if self.next == "::":
                raise ExpressionError("axis", text=f"{token}::")
            return self.steps("", at, token)
        if token == "*":
            raise ExpressionError("axis", text="*")
        return self.after_call(self.primary(at))

    def primary(self, at: str | None) -> Term:
        token = self.take()
        if token == "(":
            inner = self.expression(at)
            self.expect(")")
            return Term(f"({inner.text})", inner.type, inner.at, inner.literal)
        if token[0] in "\"'":
            return Term(token, "text", literal=token[1:-1])
        if token[0].isdigit() or (token[0] == "." and len(token) > 1):
            return Term(token, "number")
        raise ExpressionError("syntax", found=token.strip(), expected="${…}")

    def after_call(self, term: Term) -> Term:
        """Predicates and steps behind a call or brackets, such as instance('x')/root/item[…]."""
        if self.next not in ("/", "["):
            return term
        text, at = self.predicates(term.text, term.at)
        if self.accept("/"):
            return self.steps(f"{text}/", at, self.take())
        return Term(text, "nodes", at)

    def steps(self, text: str, at: str | None, token: str) -> Term:
        """A location path from its first step `token`, following in `at` which node it names."""
        while True:
            if token not in (".", "..") and not (token[0].isalpha() or token[0] == "_"):
                raise ExpressionError("syntax", found=token.strip(), expected="${…}")
            at = self.moved(at, token)
            text, at = self.predicates(text + token, at)
            if not self.accept("/"):
                break
            text, token = f"{text}/", self.take()
        if at:
            self.reads[at] = None
            return Term(text, self.scope.types.get(at, "nodes"), at)
        return Term(text, "nodes")

    def moved(self, at: str | None, step: str) -> str | None:
        """The template path after one step from `at`. Raises ExpressionError when no such node exists."""
        if at is None or step == ".":
            return at
        if step == "..":
            return at.rpartition("/")[0]
        path = f"{at}/{step}"
        if path not in self.scope.types:
            raise ExpressionError("unknown_path", path=path)
        return path

    def predicates(self, text: str, at: str | None) -> tuple[str, str | None]:
        while self.accept("["):
            inner = self.expression(at)
            if at is None:
                self.no_bare(inner)
            self.expect("]")
            text = f"{text}[{inner.text}]"
        return text, at

    # --- functions ------------------------------------------------------------------------------------

    def call(self, name: str, at: str | None) -> Term:
        if name not in FUNCTIONS:
            raise ExpressionError("function", name=name)
        function = FUNCTIONS[name]
        self.expect("(")
        arguments: list[Term] = []
        while not self.accept(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.expression(at))
        if not function.fewest <= len(arguments) <= function.most:
            raise ExpressionError("arguments", name=name)
        for number in function.conditions:
            if number < len(arguments):
                self.no_bare(arguments[number])
        if name in ("date", "date-time") and not is_date(arguments[0].literal):
            self.warnings.append(ExpressionError("bad_date", text=arguments[0].literal or ""))
        self.warn_own_row(name, arguments)
        special = SPECIAL.get(name)
        if special:
            return special(self, arguments)
        return self.written(name, arguments)

    def written(self, name: str, arguments: list[Term]) -> Term:
        """A call of one of our functions, or of libxml2's where that does the same."""
        function = FUNCTIONS[name]
        texts = [argument.text for argument in arguments]
        for number in function.conditions:
            if number < len(texts):
                texts[number] = f"boolean({texts[number]})"
        result: Type = function.result
        if function.like:
            kinds = {arguments[number].type for number in function.like if number < len(arguments)}
            result = "date" if "date" in kinds else kinds.pop() if len(kinds) == 1 else "text"
            result = "text" if result == "nodes" else result
        for need in function.needs:
            self.needs[need] = None
            texts.append(f"${need}")
        if function.native:
            return Term(f"{name}({', '.join(texts)})", result)
        self.functions[name] = None
        return Term(f"f:{name.replace(':', '-')}({', '.join(texts)})", result)

    def warn_own_row(self, name: str, arguments: list[Term]) -> None:
        """sum(${x}) inside its own repeat sees one row only: surely not what was meant."""
        if name not in ("sum", "min", "max", "count", "join", "count-non-empty") or len(arguments) > 2:
            return
        last = arguments[-1] if arguments else None
        if not last or not last.at or not last.text.startswith("../"):
            return
        home = next((repeat for repeat in self.scope.repeats if self.context.startswith(f"{repeat}/")), None)
        if home and last.at.startswith(f"{home}/"):
            name_of = last.at.rpartition("/")[2]
            self.warnings.append(ExpressionError("own_row", function=name, name=name_of))

    # --- coercions ------------------------------------------------------------------------------------

    def no_bare(self, term: Term) -> None:
        """Refuse a plain ${x} as a condition: it would be true of every answer, even 0 and no."""
        if term.at is not None:
            raise ExpressionError("bare_reference", name=term.at.rpartition("/")[2])

    def days(self, term: Term, compared: bool = False) -> Term:
        """The number of `term`: of a date its day; also of any other answer, which a calculation may have
        made a date, and of anything that is `compared` with a date."""
        if term.type in ("number", "truth") or term.literal is not None:
            return term
        if compared or term.type == "date" or (term.type == "text" and term.at is not None):
            self.functions["decimal-date-time"] = None
            return Term(f"f:decimal-date-time({term.text})", "number")
        return term

    def truth(self, term: Term) -> Term:
        if term.type == "truth" or term.at is None:
            return term
        self.functions["boolean-from-string"] = None
        return Term(f"f:boolean-from-string({term.text})", "truth")


def absolute(path: str, context: str) -> str:
    """Return the template path that the relative `path` means at the node `context`."""
    parts = context.split("/")
    for step in path.split("/"):
        if step == "..":
            parts.pop()
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def is_date(literal: str | None) -> bool:
    """Whether a quoted text is a day of the calendar; True for whatever is only known later."""
    if not literal:
        return True
    try:
        date.fromisoformat(literal[:10])
    except ValueError:
        return False
    return True


def instance(reader: Reader, arguments: list[Term]) -> Term:
    """instance('list'): the choices of a list, which stand in the same document."""
    name = (arguments[0].literal or "").strip()
    if name not in reader.scope.lists:
        raise ExpressionError("unknown_list", name=name or arguments[0].text)
    return Term(f"{ROOT}/instance[@id='{name}']", "nodes")


def current(reader: Reader, arguments: list[Term]) -> Term:
    """current(): the node whose expression this is, also inside a predicate."""
    reader.needs["current"] = None
    return Term("$current", "nodes", reader.context)


def today(reader: Reader, arguments: list[Term]) -> Term:
    """today(): a fact that every evaluation is given."""
    reader.needs["today"] = None
    return Term("$today", "date")


def now(reader: Reader, arguments: list[Term]) -> Term:
    """now(): likewise."""
    reader.needs["now"] = None
    return Term("$now", "date")


def once(reader: Reader, arguments: list[Term]) -> Term:
    """once(x): what stands there, or x while it is blank."""
    reader.functions["once"] = None
    return Term(f"f:once(., {arguments[0].text})", arguments[0].type)


def regex(reader: Reader, arguments: list[Term]) -> Term:
    """regex(x, 'pattern'): the pattern must compile, and one without anchors is worth a warning."""
    pattern = arguments[1].literal
    if pattern is not None:
        options = re2.Options()
        options.log_errors = False
        try:
            re2.compile(pattern, options)
        except re2.error as problem:
            why = problem.args[0] if problem.args else ""
            told = why.decode(errors="replace") if isinstance(why, bytes) else str(why)
            raise ExpressionError("pattern", pattern=pattern, why=told[:80]) from None
        if not (pattern.startswith("^") and pattern.endswith("$")):
            reader.warnings.append(ExpressionError("unanchored", pattern=pattern))
    return reader.written("regex", arguments)


def choice_name(reader: Reader, arguments: list[Term]) -> Term:
    """jr:choice-name(value, '${question}'): the label of a choice."""
    path = (arguments[1].literal or arguments[1].at or "").strip()
    if path.startswith("."):
        path = absolute(path, reader.context)
    if path not in reader.scope.types:
        raise ExpressionError("unknown_path", path=path)
    reader.functions["jr:choice-name"] = None
    reader.needs["lang"] = None
    return Term(f"f:jr-choice-name({arguments[0].text}, '{path}', $lang)", "text")


def itext(reader: Reader, arguments: list[Term]) -> Term:
    """jr:itext(id): the label of a choice by the id that its list gives it."""
    reader.functions["jr:itext"] = None
    reader.needs["lang"] = None
    return Term(f"f:jr-itext({arguments[0].text}, $lang)", "text")


def indexed_repeat(reader: Reader, arguments: list[Term]) -> Term:
    """indexed-repeat(${x}, ${repeat}, n): x in the n-th row."""
    if len(arguments) != 3:
        raise ExpressionError("arguments", name="indexed-repeat")
    reader.functions["indexed-repeat"] = None
    texts = ", ".join(argument.text for argument in arguments)
    return Term(f"f:indexed-repeat({texts})", arguments[0].type, arguments[0].at)


def position(reader: Reader, arguments: list[Term]) -> Term:
    """position() inside a predicate is XPath's own; position(..) is the number of the row."""
    return reader.written("position", arguments) if arguments else Term("position()", "number")


SPECIAL: Final[dict[str, Callable[[Reader, list[Term]], Term]]] = {
    "instance": instance,
    "current": current,
    "once": once,
    "today": today,
    "now": now,
    "regex": regex,
    "jr:choice-name": choice_name,
    "choice-name": choice_name,
    "jr:itext": itext,
    "indexed-repeat": indexed_repeat,
    "position": position,
}


def rewrite(
    source: str,
    context: str,
    scope: Scope,
    *,
    condition: bool = False,
    warnings: list[ExpressionError] | None = None,
) -> Expression:
    """`source`, an expression of the node at the template path `context`, ready for libxml2.

    A `condition` may not be a bare reference. Mistakes that do not stop the form are added to `warnings`.
    Raises ExpressionError.
    """
    reader = Reader(tokenize(source), scope, context)
    term = reader.expression(context)
    if reader.next:
        raise ExpressionError("syntax", found=reader.next.strip(), expected="…")
    if condition:
        reader.no_bare(term)
    if warnings is not None:
        warnings += reader.warnings
    return Expression(term.text, term.type, tuple(reader.reads), tuple(reader.needs), tuple(reader.functions))
