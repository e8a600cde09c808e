"""`thonbao plan check --against`: compares a plan's rows with the document that they were taken from."""

from collections.abc import Collection, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot.administration import content_of
from bot.printing import print_json, print_rows
from bot.problems import Problem, WrongCall
from bot.teller import Teller
from plans.document import Passage, Unquoted, most_quoted, passages, unquoted
from plans.programme import Programme
from plans.readback import Unbacked, unbacked


def hold_against(
    path: Path, told: Programme | None, programmes: Collection[Programme], lang: str, *, json: bool
) -> None:
    """Print what no row of the plan quotes. Raises Problem if a row's words are not in the document.

    The plan is the one `told`, or the one of `programmes` whose words the document has.
    """
    say = Teller(lang)
    document = passages(text_in(path, say))
    programme = told or quoted_by(path, programmes, document, say)
    left_out, lacks = unquoted(programme, document), unbacked(programme, document)
    if json:
        print_json(facts(programme, left_out, lacks))
        return
    rows = len(programme.targets) + len(programme.deadlines) + len(programme.norms)
    counts = {"n": len(left_out), "rows": rows}
    print(say("plan.against.title", plan=programme.title(lang), **counts))  # noqa: T201 - what was asked for
    print_rows([(say("plan.against.line", line=str(one.line)), one.words) for one in left_out])
    if lacks:
        raise Problem("\n".join(map(partial(lack_line, say), lacks)))


def quoted_by(
    path: Path, programmes: Collection[Programme], document: Sequence[Passage], say: Teller
) -> Programme:
    """Return the plan whose words a document has. Raises WrongCall if it has those of none."""
    programme = most_quoted(programmes, document)
    if programme is None:
        known = ", ".join(one.id for one in programmes)
        raise WrongCall(say("plan.against.whose", file=path.name, plans=known))
    return programme


def text_in(path: Path, say: Teller) -> str:
    """The text of a document. Raises WrongCall for a file that cannot be read, or is no text."""
    try:
        return content_of(path, say).decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise WrongCall(say("plan.against.no_text", file=path.name)) from fault


def lack_line(say: Teller, lack: Unbacked) -> str:
    """Return which part of a row is not in the document, and where the document comes nearest."""
    return say(
        f"plan.against.{lack.lack}",
        id=lack.row,
        clause=lack.clause,
        line=str(lack.line),
        goal=lack.goal,
        words=lack.words,
    )


def facts(programme: Programme, left_out: Iterable[Unquoted], lacks: Iterable[Unbacked]) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "plan": programme.id,
        "unquoted": [{"line": one.line, "words": one.words} for one in left_out],
        "unbacked": [
            {"id": one.row, "lack": one.lack, "line": one.line or None, "words": one.words or None}
            for one in lacks
        ],
    }
