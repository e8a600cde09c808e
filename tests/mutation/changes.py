"""Every small change of a module that a test should notice: a bound moved, a condition turned, a step left out."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

COMPARED: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
REACHED: Final[dict[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
NAMED: Final = {"min": "max", "max": "min", "any": "all", "all": "any"}


@dataclass(frozen=True, eq=False)
class Change:
    """One change of a module: `other` in the place of `node`."""

    module: ast.Module
    node: ast.AST
    other: ast.AST

    @property
    def text(self) -> str:
        """The whole module with the change."""
        return ast.unparse(with_other(self.module, self.node, self.other))

    @property
    def line(self) -> int:
        """Where it is."""
        return getattr(self.node, "lineno", 0)

    @property
    def what(self) -> str:
        """What it was and became."""
        return f"{short(ast.unparse(self.node))}  ->  {short(ast.unparse(self.other))}"


def changes_in(source: str) -> Iterator[Change]:
    """Each change of `source` by itself."""
    tree = ast.parse(source)
    nodes = [node for function in functions(tree) for node in body_of(function)]
    idle = {part for node in nodes if is_for_the_type(node) for part in (node, *ast.iter_child_nodes(node))}
    for node in dict.fromkeys(nodes):
        if node in idle:
            continue
        yield from (Change(tree, node, other) for other in others(node))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def body_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.AST]:
    """What a function does, without its annotations and its documentation."""
    for statement in function.body:
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            yield from ast.walk(statement)


def is_for_the_type(node: ast.AST) -> bool:
    """Is it `row.id`, which no row without an id ever reaches?"""
    match node:
        case ast.BoolOp(ast.Or(), [ast.Attribute(), ast.Constant(0)]):
            return True
    return False


def others(node: ast.AST) -> Iterator[ast.AST]:
    """What could stand in the place of `node`."""
    match node:
        case ast.Compare(left, [operator], [right]) if type(operator) in COMPARED:
            yield ast.Compare(left, [COMPARED[type(operator)]()], [right])
        case ast.BoolOp(operator, values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
            yield from (ast.BoolOp(operator, values[:at] + values[at + 1 :]) for at in range(len(values)))
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.BinOp(left, operator, right) if type(operator) in REACHED:
            yield ast.BinOp(left, REACHED[type(operator)](), right)
            yield left
        case ast.Call(ast.Name(name), arguments, keywords) if name in NAMED:
            yield ast.Call(ast.Name(NAMED[name]), arguments, keywords)
        case ast.Constant(bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(int() as value):
            yield ast.Constant(value + 1)
        case ast.IfExp(_, body, orelse):
            yield from (body, orelse)
        case ast.Expr(ast.Await(ast.Call()) | ast.Call() as call) if "log." not in ast.unparse(call):
            yield ast.Pass()
        case ast.Call(ast.Attribute(value, "where" | "order_by"), _, _):
            yield value


def with_other(tree: ast.Module, node: ast.AST, other: ast.AST) -> ast.Module:
    """A copy of `tree` with `other` in the place of `node`."""
    memo = {id(node): other}
    return ast.fix_missing_locations(copy.deepcopy(tree, memo))


def short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:57]}..."
