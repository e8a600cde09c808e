"""Rewrite every expression of a form, and report its faults in the cell that it came from."""

from collections.abc import Iterator, Mapping
from typing import Final

from questionnaires.bounds import bounds
from questionnaires.expression_terms import Scope, Type
from questionnaires.expression_tokens import ExpressionError
from questionnaires.expressions import Expression, rewrite
from questionnaires.questionnaire import NUMBER_TYPES, QuestionType
from questionnaires.source import SurveySource
from questionnaires.xlsform.document import XForm

EXPRESSION_TYPES: Final[Mapping[str, Type]] = {
    "int": "number",
    "decimal": "number",
    "date": "date",
    "time": "date",
    "dateTime": "date",
}
COLUMNS: Final = {
    "relevant": ("relevant", "relevance", "bind::relevant"),
    "required": ("required", "bind::required"),
    "constraint": ("constraint", "bind::constraint"),
    "calculate": ("calculation", "calculate", "bind::calculate"),
    "default": ("default",),
    "count": ("repeat_count", "count", "jr:count"),
    "items": ("choice_filter",),
    "label": ("label", "caption"),
    "hint": ("hint",),
    "constraint_message": ("constraint_message", "bind::jr:constraintmsg"),
    "required_message": ("required_message", "bind::jr:requiredmsg"),
    "circle": ("calculation", "calculate", "relevant", "relevance", "repeat_count", "required", "constraint"),
}
"""The headings under which an author may have written each part of a row."""

Bounds = tuple[tuple[Expression, ...], tuple[Expression, ...]]


class Rewriter:
    """Rewrites the expressions of one form; their faults go to `source`."""

    def __init__(self, xform: XForm, source: SurveySource) -> None:
        self.xform = xform
        self.source = source
        self.told: set[tuple[str, str]] = set()
        self.scope = self.scope_of(self.types())

    def scope_of(self, types: Mapping[str, Type]) -> Scope:
        return Scope(types, frozenset(self.xform.instances), frozenset(self.xform.repeats))

    # --- what nodes hold ------------------------------------------------------------------------------

    def types(self) -> dict[str, Type]:
        """Return the type of each node, as comparisons need it; for a calculation, the type of its result."""
        types: dict[str, Type] = {f"/{self.xform.root}": "nodes"}
        types |= {path: self.bound_type(path) for path in self.xform.elements}
        calculated = {path: text for path, text in self.calculations() if types.get(path) == "text"}
        # A calculation may read a later one, so each round may settle more types. No more rounds are needed than there
        # are calculations.
        for _ in calculated:
            known = dict(types)
            types |= self.calculated_types(calculated, known)
            if types == known:
                break
        return types

    def calculations(self) -> Iterator[tuple[str, str]]:
        """Yield the path of each calculated node with its calculation."""
        for path, bind in self.xform.binds.items():
            if bind.get("calculate"):
                yield path, str(bind.get("calculate"))

    def bound_type(self, path: str) -> Type:
        """Return a node's type according to its bind."""
        if self.xform.is_section(path):
            return "nodes"
        return EXPRESSION_TYPES.get(self.xform.facts(path).get("type", ""), "text")

    def calculated_types(self, sources: Mapping[str, str], known: Mapping[str, Type]) -> dict[str, Type]:
        """Return the types of calculations, given the `known` types of nodes; those with faults are left out."""
        types: dict[str, Type] = {}
        scope = self.scope_of(known)
        for path, source in sources.items():
            try:
                given = rewrite(source, path, scope).type
            except (ExpressionError, RecursionError):
                continue
            types[path] = given if given in ("date", "number") else "text"
        return types

    # --- expressions ----------------------------------------------------------------------------------

    def expression(
        self, source: str | None, path: str, column: str, condition: bool = False
    ) -> Expression | None:
        """Rewrite an expression of the node at `path`; None if there is none, or if it has a fault, which is reported."""
        if not source or not source.strip():
            return None
        warnings: list[ExpressionError] = []
        try:
            rewritten = rewrite(source, path, self.scope, condition=condition, warnings=warnings)
        except ExpressionError as problem:
            self.fault(path, column, problem)
            return None
        except RecursionError:
            self.fault(path, column, ExpressionError("too_deep"))
            return None
        for warning in warnings:
            self.fault(path, column, warning, grave=False)
        return rewritten

    def bounds(self, path: str, constraint: str | None, kind: QuestionType, whole: bool) -> Bounds:
        """Return the lower and upper limits of a constraint on numbers; () for those that it does not state plainly."""
        if not constraint or kind not in NUMBER_TYPES:
            return (), ()
        try:
            lower, upper = bounds(constraint, path, self.scope, whole)
        except (ExpressionError, RecursionError):
            return (), ()
        return tuple(lower), tuple(upper)

    # --- faults ---------------------------------------------------------------------------------------

    def fault(self, path: str, column: str, problem: ExpressionError, grave: bool = True) -> None:
        """Report the fault of an expression in its cell, once."""
        if path not in self.source.rows and path.removesuffix("_count") in self.xform.repeats:
            path, column = path.removesuffix("_count"), "count"
        row, heading = self.source.where(path, *COLUMNS.get(column, (column,)))
        data = {name: self.readable(text) for name, text in problem.data.items()}
        # pyxform repeats a label or a filter in several places of its document.
        told = (f"{row}{heading}{problem.code}", str(data))
        if told not in self.told:
            self.told.add(told)
            self.source.fault(row, heading, problem.code, grave=grave, **data)

    def circle(self, paths: tuple[str, ...]) -> None:
        """Report that the nodes at `paths` depend on each other in a circle."""
        names = ", ".join(self.readable(path) for path in paths)
        for path in paths[:5]:
            self.fault(path, "circle", ExpressionError("circle", names=names))

    def readable(self, text: str) -> str:
        """Return the path of a node as its author wrote it, ${name}; any other text unchanged."""
        return f"${{{text.rpartition('/')[2]}}}" if text in self.xform.elements else text
