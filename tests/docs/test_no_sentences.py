"""What a person reads is a key in `locales/`, in both languages: no sentence stands in Python.

Looked at are the words that the code itself prints, or raises as something to be shown. Logs are for programmers, in
English, and the help of commands is translated as a whole (`tests/bot/test_both_languages.py`).
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[2]
ROOMS: Final = ("bot", "handlers", "figures", "storage", "reports", "queries", "questionnaires", "plans")
SHOWN: Final = {
    "print",
    "echo",
    "secho",
    "confirm",
    "write",
    "emit",
    "Text",
    "Reply",
    "reply",
    "answer_press",
}
"""Calls that put their words before a person."""
PROBLEM: Final = "Problem"
"""What this exception or one made from it says is shown to whoever called the command."""
TWO_WORDS: Final = re.compile(r"[^\W\d_]{2,}[,;:]? [^\W\d_]{2,}")


@cache
def trees() -> list[tuple[Path, ast.Module]]:
    """Each file of the rooms, read."""
    return [
        (path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8")))
        for room in ROOMS
        for path in sorted((ROOT / room).rglob("*.py"))
    ]


def named(call: ast.expr) -> str:
    """The last part of what is called: "print", "write"."""
    return call.attr if isinstance(call, ast.Attribute) else call.id if isinstance(call, ast.Name) else ""


@cache
def problems() -> set[str]:
    """The names of `Problem` and of all exceptions made from it."""
    bases = {
        node.name: {named(base) for base in node.bases}
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    names = {PROBLEM}
    while more := {name for name, above in bases.items() if above & names} - names:
        names |= more
    return names


def words_in(call: ast.Call) -> Iterator[str]:
    """The texts that a call is given as they stand; not those that other calls in it are given, such as keys."""
    waiting: list[ast.AST] = [*call.args, *(keyword.value for keyword in call.keywords)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif not isinstance(node, ast.Call):
            waiting += ast.iter_child_nodes(node)


def is_sentence(words: str) -> bool:
    """Whether a person would read this; a document's own marks are for programs."""
    return not words.startswith("<") and TWO_WORDS.search(words) is not None


def sentences(tree: ast.Module, shown: set[str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and named(node.func) in shown:
            yield from ((node.lineno, words) for words in words_in(node) if is_sentence(words))


def test_no_sentence_for_people_stands_in_python() -> None:
    shown = SHOWN | problems()
    told = [f"{path}:{line} {words!r}" for path, tree in trees() for line, words in sentences(tree, shown)]
    assert told == []


@pytest.mark.parametrize(
    "code",
    [
        'print("Không có thôn nào.")',
        'raise WrongCall(f"no button {label!r} under it")',
        'typer.echo("two words")',
        'emit(out, {"error": "not recorded: " + str(error)})',
    ],
)
def test_a_sentence_in_python_is_found(code: str) -> None:
    assert list(sentences(ast.parse(code), SHOWN | problems()))


@pytest.mark.parametrize(
    "code", ['print(say("admin.init.done", n=2))', 'print(f"  {line}")', 'log.info("all well")']
)
def test_keys_and_logs_are_no_sentences(code: str) -> None:
    assert not list(sentences(ast.parse(code), SHOWN | problems()))
