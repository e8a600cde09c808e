"""Rewrite an XForms expression as XPath that libxml2 evaluates as ODK's engines would.

libxml2 alone gives silently wrong results: it compares dates as NaN, prints 10^12 as 1e+12, cannot override its core
functions, and notices an unknown function only when it is called. So an expression is parsed once, when its form is
compiled, and rewritten. Dates become day numbers where they are compared or added, functions become ours
(`questionnaires.functions`), and choice lists and answers are found in one document. Certain mistakes are refused right
away. The parser knows XPath 1.0 as XLSForms use it: no axes, no `//`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import re2

from questionnaires.expression_terms import (
    Scope,
    Term,
    Type,
    is_date,
    is_name,
    picked,
    refuse_quoted,
    result_of,
)
from questionnaires.expression_tokens import COMPARISONS, ExpressionError, tokenize
from questionnaires.functions import FUNCTIONS

DATE_LOOK: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}(T.*)?$")
"""A quoted text that is meant as a day."""
NO_NUMBER: Final = re.compile(r"(?!-?\d+(\.\d+)?\Z)")
"""A quoted text that cannot be compared with a number of days."""
ROOT: Final = "/form"
"""The element that holds the answers and the choice lists in one document."""
MAX_DEPTH: Final = 60
"""How deep brackets may be nested: each level takes room on Python's stack."""
AXES: Final = ("//", "@", "*")
"""XPath steps that are refused, because XLSForms do not need them."""
ORDERS: Final = ("<", "<=", ">", ">=")
OVER_ROWS: Final = ("sum", "min", "max", "count", "join", "count-non-empty")
"""Functions that take the answers of all rows of a repeat."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A rewritten expression. `needs` are the variables to pass to it, `reads` the template paths that it reads."""

    xpath: str
    type: Type
    reads: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    functions: tuple[str, ...] = ()

    @property
    def is_constant(self) -> bool:
        """Whether its result depends on no answer, interview or time."""
        return not self.reads and not self.needs

    def to_json(self) -> list[object]:
        """Return it as JSON values, for a compiled form."""
        return [self.xpath, self.type, list(self.reads), list(self.needs), list(self.functions)]


@dataclass(slots=True)
class Parser:
    """Parses and rewrites one expression. Each call of `rewrite` makes its own."""

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
        """Read a comparison. Refuse `1 < . < 5`: only `1 < .` would count, since true and false are both below 5."""
        term, compared = self.sum(at), ""
        while sign := self.accept(*COMPARISONS):
            if compared in ORDERS and sign in ORDERS:
                raise ExpressionError("chained", sign=sign)
            term, compared = self.compare(term, sign, self.sum(at)), sign
        return term

    def compare(self, left: Term, sign: str, right: Term) -> Term:
        """Write a comparison. If one side is a date, both become day numbers, unless one is a blank text."""
        types, blank = (left.type, right.type), "" in (left.literal, right.literal)
        if "date" in types and not blank:
            left, right = self.day_compared(left), self.day_compared(right)
        elif sign not in ("=", "!="):
            # libxml2 would compare quoted days as numbers, so as NaN: the result would always be false.
            refuse_quoted(left, DATE_LOOK)
            refuse_quoted(right, DATE_LOOK)
        elif "truth" in types:
            left, right = self.truth(left), self.truth(right)
        return Term(f"{left.text} {sign} {right.text}", "truth")

    def day_compared(self, term: Term) -> Term:
        """Return one side of a comparison of days. Raises ExpressionError for a quoted text that is no number."""
        refuse_quoted(term, NO_NUMBER)
        return self.days(term, compared=True)

    def sum(self, at: str | None) -> Term:
        term = self.product(at)
        while sign := self.accept("+", "-"):
            other = self.product(at)
            self.warn_joined(term, sign, other)
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
        if token in AXES:
            raise ExpressionError("axis", text=token)
        if token == "/":
            self.take()
            return self.steps(f"{ROOT}/", "", self.take())
        if token in (".", ".."):
            return self.steps("", at, self.take())
        if is_name(token):
            return self.named(self.take(), at)
        return self.after_call(self.primary(at))

    def named(self, name: str, at: str | None) -> Term:
        """Read what follows a name: the arguments of a function, or further steps of a path."""
        if self.next == "(":
            return self.after_call(self.call(name, at))
        if name == "null" and self.next not in ("/", "[") and self.is_nowhere(name, at):
            return Term("''", "text", literal="")
        if self.next == "::":
            raise ExpressionError("axis", text=f"{name}::")
        return self.steps("", at, name)

    def is_nowhere(self, name: str, at: str | None) -> bool:
        """Whether there is no node of this name at `at`. Authors write `!= null` for "is filled in"."""
        return at is not None and f"{at}/{name}" not in self.scope.types

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
        """Read predicates and steps behind a call or brackets, such as instance('x')/root/item[…]."""
        if self.next not in ("/", "["):
            return term
        text, at = self.predicates(term.text, term.at)
        if self.accept("/"):
            return self.steps(f"{text}/", at, self.take())
        return Term(text, "nodes", at)

    def steps(self, text: str, at: str | None, token: str) -> Term:
        """Read a location path from its first step `token` on. `at` tracks which node it names; None if unknown."""
        while True:
            if token not in (".", "..") and not is_name(token):
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
        """Return the template path after one step from `at`. Raises ExpressionError if there is no such node."""
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
        function, arguments = FUNCTIONS[name], self.arguments(at)
        if not function.fewest <= len(arguments) <= function.most:
            raise ExpressionError("arguments", name=name)
        for argument in picked(arguments, function.conditions):
            self.no_bare(argument)
        self.warn(name, arguments)
        special = SPECIAL.get(name)
        return special(self, arguments) if special else self.written(name, arguments)

    def arguments(self, at: str | None) -> list[Term]:
        """Read the arguments of a call with their brackets."""
        self.expect("(")
        arguments: list[Term] = []
        while not self.accept(")"):
            if arguments:
                self.expect(",")
            arguments.append(self.expression(at))
        return arguments

    def written(self, name: str, arguments: list[Term]) -> Term:
        """Write a call of one of our functions, or of libxml2's if that does the same."""
        function = FUNCTIONS[name]
        texts = [
            f"boolean({argument.text})" if number in function.conditions else argument.text
            for number, argument in enumerate(arguments)
        ]
        for need in function.needs:
            self.needs[need] = None
            texts.append(f"${need}")
        result = result_of(function, arguments)
        if function.native:
            return Term(f"{name}({', '.join(texts)})", result)
        self.functions[name] = None
        return Term(f"f:{name.replace(':', '-')}({', '.join(texts)})", result)

    def warn(self, name: str, arguments: list[Term]) -> None:
        """Warn of calls that are certainly not meant but do not stop the form."""
        if name in ("date", "date-time") and not is_date(arguments[0].literal):
            self.warnings.append(ExpressionError("bad_date", text=arguments[0].literal or ""))
        if name in OVER_ROWS and len(arguments) <= 2:
            self.warn_own_row(name, arguments[-1])

    def warn_joined(self, term: Term, sign: str, other: Term) -> None:
        """Warn of + with words: it only adds numbers."""
        words = next((one for one in (term, other) if one.is_words), None)
        if sign == "+" and words is not None:
            self.warnings.append(ExpressionError("joined_words", text=words.literal or words.text))

    def warn_own_row(self, name: str, rows: Term) -> None:
        """Warn of sum(${x}) inside x's own repeat: it sees one row only."""
        home = self.scope.repeat_around(self.context)
        own = rows.text.startswith("../") and rows.at not in self.scope.repeats
        if home and own and self.scope.repeat_around(str(rows.at)) == home:
            name_of = str(rows.at).rpartition("/")[2]
            self.warnings.append(ExpressionError("own_row", function=name, name=name_of))

    # --- coercions ------------------------------------------------------------------------------------

    def no_bare(self, term: Term) -> None:
        """Refuse a bare ${x} as a condition: it would be true for every answer, even 0 and no."""
        if term.at is not None:
            raise ExpressionError("bare_reference", name=term.at.rpartition("/")[2])

    def days(self, term: Term, compared: bool = False) -> Term:
        """Return `term` as a number of days if it may be a date, or is `compared` with one.

        Any answer of type text may be a date, because a calculation may have made it one.
        """
        if term.type in ("number", "truth") or term.literal is not None:
            return term
        if compared or term.may_be_day:
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


def instance(parser: Parser, arguments: list[Term]) -> Term:
    """Write instance('list'): the choices of a list, which are in the same document."""
    name = (arguments[0].literal or "").strip()
    if name not in parser.scope.lists:
        raise ExpressionError("unknown_list", name=name or arguments[0].text)
    return Term(f"{ROOT}/instance[@id='{name}']", "nodes")


def pull_data(parser: Parser, arguments: list[Term]) -> Term:
    """Write pulldata('list', 'fact', 'key', value): a fact of the list's row whose key is `value`."""
    rows = Term(f"{instance(parser, arguments).text}/root/item", "nodes")
    return parser.written("pull-data", [rows, *arguments[1:]])


def current(parser: Parser, arguments: list[Term]) -> Term:
    """Write current(): the node whose expression this is, even inside a predicate."""
    parser.needs["current"] = None
    return Term("$current", "nodes", parser.context)


def today(parser: Parser, arguments: list[Term]) -> Term:
    """Write today() as a variable that evaluations pass in."""
    parser.needs["today"] = None
    return Term("$today", "date")


def now(parser: Parser, arguments: list[Term]) -> Term:
    """Write now() as a variable that evaluations pass in."""
    parser.needs["now"] = None
    return Term("$now", "date")


def once(parser: Parser, arguments: list[Term]) -> Term:
    """Write once(x): the node's own value, or x while that is blank."""
    parser.functions["once"] = None
    return Term(f"f:once(., {arguments[0].text})", arguments[0].type)


def regex(parser: Parser, arguments: list[Term]) -> Term:
    """Write regex(x, 'pattern'). Refuse a pattern that does not compile, and warn of one without anchors."""
    pattern = arguments[1].literal
    if pattern is not None:
        look_at_pattern(pattern)
        if not (pattern.startswith("^") and pattern.endswith("$")):
            parser.warnings.append(ExpressionError("unanchored", pattern=pattern))
    return parser.written("regex", arguments)


def look_at_pattern(pattern: str) -> None:
    """Raise ExpressionError for a pattern that RE2 does not accept, such as one with backreferences."""
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as problem:
        why = problem.args[0] if problem.args else ""
        told = why.decode(errors="replace") if isinstance(why, bytes) else str(why)
        raise ExpressionError("pattern", pattern=pattern, why=told[:80]) from None


def choice_name(parser: Parser, arguments: list[Term]) -> Term:
    """Write jr:choice-name(value, '${question}'): the label of a choice."""
    path = (arguments[1].literal or arguments[1].at or "").strip()
    if path.startswith("."):
        path = absolute(path, parser.context)
    if path not in parser.scope.types:
        raise ExpressionError("unknown_path", path=path)
    parser.functions["jr:choice-name"] = None
    parser.needs["lang"] = None
    return Term(f"f:jr-choice-name({arguments[0].text}, '{path}', $lang)", "text")


def itext(parser: Parser, arguments: list[Term]) -> Term:
    """Write jr:itext(id): the label of a choice by the id that its list gives it."""
    parser.functions["jr:itext"] = None
    parser.needs["lang"] = None
    return Term(f"f:jr-itext({arguments[0].text}, $lang)", "text")


def indexed_repeat(parser: Parser, arguments: list[Term]) -> Term:
    """Write indexed-repeat(${x}, ${repeat}, n): x in the n-th row. For nested repeats, the outer one comes first."""
    if len(arguments) not in (3, 5, 7):
        raise ExpressionError("arguments", name="indexed-repeat")
    parser.functions["indexed-repeat"] = None
    asked, *chosen = (argument.text for argument in arguments)
    while chosen:
        repeat, number, *rest = chosen
        # Rows of an inner repeat are counted within the row of the outer one.
        asked, *rest[::2] = (
            f"f:indexed-repeat({nodes}, {repeat}, {number})" for nodes in (asked, *rest[::2])
        )
        chosen = rest
    return Term(asked, arguments[0].type, arguments[0].at)


def position(parser: Parser, arguments: list[Term]) -> Term:
    """Write position(), which is XPath's own in a predicate, or position(..), the number of the row."""
    return parser.written("position", arguments) if arguments else Term("position()", "number")


SPECIAL: Final[dict[str, Callable[[Parser, list[Term]], Term]]] = {
    "instance": instance,
    "pull-data": pull_data,
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
    """Rewrite `source`, an expression of the node at the template path `context`, for libxml2.

    A `condition` may not be a bare reference. Mistakes that do not stop the form are added to `warnings`.
    Raises ExpressionError.
    """
    parser = Parser(tokenize(source), scope, context)
    term = parser.expression(context)
    if parser.next:
        raise ExpressionError("syntax", found=parser.next.strip(), expected="…")
    if condition:
        parser.no_bare(term)
    if warnings is not None:
        warnings += parser.warnings
    return Expression(term.text, term.type, tuple(parser.reads), tuple(parser.needs), tuple(parser.functions))
