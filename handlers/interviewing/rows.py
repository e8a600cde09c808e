"""The rows of a repeat, whatever question is open: all of them, one with its answers, adding one, removing one.

A row is removed only by the button, or a yes, under the screen that asks once more: the rows after it move up, so an
older button may stand for another row by now.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Final

from markupsafe import Markup

from handlers import doubts
from handlers.interviewing import flow, marks, repeated, review
from handlers.interviewing.question import VALUE
from handlers.interviewing.sitting import Sitting
from handlers.interviewing.ways import (
    AskDrop,
    DropNow,
    GoOn,
    LookRow,
    LookRows,
    NewRowOf,
    OfInterview,
    OfRows,
)
from handlers.messages import Choice, Rows, clip, column
from handlers.vocabulary import SAID
from questionnaires.answers.text import clean, fold
from questionnaires.answers.tokens import tokens_of
from questionnaires.interview import DropRow, Line, NewRow, Refused, RowsTold, RowTold, first_of
from questionnaires.questionnaire import row_around

IN_A_ROW: Final = 4
"""How many numbers fit beside each other on a small phone."""
TEXT: Final = 3000
"""How many letters of rows fit into one message, with what stands around them."""
NUMBERED: Final = re.compile(r"(?P<what>.*?)(?: thu)?(?: so)? ?(?P<number>\d{1,3})", re.ASCII)
LISTING, TAKING, LOOKING, ADDING, CALLED = (
    frozenset(map(fold, SAID.phrases(key)))
    for key in ("rows_all", "row_drop", "row_look", "row_add", "row_called")
)
"""What is said, folded, to see all rows, to take one away, look at it, add one, and what any row may be called."""


def press(sitting: Sitting, way: OfRows, *before: Markup) -> None:
    """Do what a button about rows does; a button whose rows are gone leads back to the question."""
    path = marks.placed(sitting.form, way.mark)
    repeat = next((one for one in repeated.all_rows(sitting) if path in (one.path, *paths_of(one))), None)
    if repeat is None:
        flow.again(sitting, *before, sitting.say("interview.old_button_gone"))
        return
    row = next((row for row in repeat.rows if row.path == path), None)
    if row is None:
        (new if isinstance(way, NewRowOf) else show)(sitting, repeat, *before)
    else:
        OF_ROW[type(way)](sitting, repeat, row, *before)


def paths_of(repeat: RowsTold) -> list[str]:
    """The instance paths of the rows of a repeat."""
    return [row.path for row in repeat.rows]


# --- all rows -------------------------------------------------------------------------------------------


def show(sitting: Sitting, repeat: RowsTold, *before: Markup) -> None:
    """Show all rows, each on a line, with buttons to each one, to a new one, and back."""
    say = sitting.say
    stand(sitting, "R", repeat.path, str(say("rows.short", label=repeat.label)))
    head = say("rows.head", title=sitting.title, label=repeat.label, n=len(repeat.rows))
    ways = column(*adding(sitting, repeat), *upward(sitting, repeat.path), back(sitting))
    if sitting.turn.can.buttons:
        sitting.speak(*before, head, listed(repeat), choices=numbers(sitting, repeat), actions=ways)
    else:
        lines = (sitting.button(line, LookRow, row.path) for row, line in told(repeat, VALUE))
        sitting.speak(*before, head, choices=column(*lines), actions=ways)
    sitting.save()


def stand(sitting: Sitting, at: str, path: str, short: str) -> None:
    """Take away the question's buttons, and remember which screen the chat shows now."""
    sitting.settle()
    sitting.note(at=at, row=path, asked=short)


def told(repeat: RowsTold, length: int) -> list[tuple[RowTold, str]]:
    """Each row with what was answered in it, on a line."""
    return [
        (row, clip(", ".join(line.shown for line in own(row) if line.shown) or "…", length))
        for row in repeat.rows
    ]


def own(row: RowTold) -> Sequence[Line]:
    """Return the answers of a row, without those of inner repeats."""
    return [line for line in row.lines if row_around(line.path) == row.path]


def listed(repeat: RowsTold) -> Markup:
    """All rows as numbered lines, each short enough that all fit into one message."""
    length = min(VALUE, max(20, TEXT // max(1, len(repeat.rows)) - 6))
    lines = enumerate(told(repeat, length), 1)
    return Markup("\n").join(Markup.escape(f"{number}. {line}") for number, (_, line) in lines)


def numbers(sitting: Sitting, repeat: RowsTold) -> Rows:
    """A small button for each row."""
    buttons = [sitting.button(row.label, LookRow, row.path) for row in repeat.rows]
    beside = 1 if max(map(len, (button.label for button in buttons)), default=0) > 12 else IN_A_ROW
    return tuple(tuple(buttons[start : start + beside]) for start in range(0, len(buttons), beside))


def adding(sitting: Sitting, repeat: RowsTold) -> list[Choice]:
    """Return the button for another row, if there may be one."""
    return [] if repeat.fixed or repeat.full else [repeated.add(sitting, repeat)]


def upward(sitting: Sitting, path: str) -> list[Choice]:
    """The button to the row around a repeat."""
    row = row_around(path)
    if not row:
        return []
    label = sitting.form.rows_named(row, sitting.turn.locale)
    return [sitting.button(sitting.say("rows.button.up", row=label), LookRow, row)]


def back(sitting: Sitting) -> Choice:
    """The button back to the open question or the review."""
    return sitting.named("rows.button.back", GoOn)


# --- one row --------------------------------------------------------------------------------------------


def show_one(sitting: Sitting, repeat: RowsTold, row: RowTold, *before: Markup) -> None:
    """Show a row with its answers, each of which can be corrected, the repeats within it, and the button to remove it."""
    say, answers = sitting.say, own(row)
    stand(sitting, "Q", row.path, row.label)
    head = say("rows.row", title=sitting.title, row=sitting.form.rows_named(row.path, sitting.turn.locale))
    inner = [repeated.look(sitting, one.path) for one in within(sitting, row)]
    ways: list[Choice] = [] if repeat.fixed else [sitting.named("rows.button.drop", AskDrop, row.path)]
    ways = [*inner, *ways, repeated.look(sitting, repeat.path), back(sitting)]
    if sitting.turn.can.buttons:
        body, choices = review.listed(sitting.turn, bare(answers)), review.to_correct(sitting, answers)
        sitting.speak(*before, head, body, choices=choices, actions=column(*ways))
    else:
        choices = column(*review.as_choices(sitting, bare(answers)))
        sitting.speak(*before, head, choices=choices, actions=column(*ways))
    sitting.save()


def bare(answers: Sequence[Line]) -> list[Line]:
    """Return the answers without their row's name, which is above them."""
    return [replace(line, section="") for line in answers]


def within(sitting: Sitting, row: RowTold) -> list[RowsTold]:
    """Return the repeats directly in a row."""
    return [one for one in repeated.all_rows(sitting) if row_around(one.path) == row.path]


def ask_drop(sitting: Sitting, repeat: RowsTold, row: RowTold, *before: Markup) -> None:
    """Ask once before the answers of a row are lost."""
    say = sitting.say
    if repeat.fixed:
        show_one(sitting, repeat, row, *before, say("forms.refused.rows_counted"))
        return
    stand(sitting, "D", row.path, str(say("rows.drop.short", row=row.label)))
    [line] = [line for one, line in told(repeat, VALUE) if one.path == row.path]
    yes = sitting.named("rows.drop.yes", DropNow, row.path)
    no = sitting.named("rows.drop.no", LookRow, row.path)
    row_named = sitting.form.rows_named(row.path, sitting.turn.locale)
    sitting.speak(*before, say("rows.drop.ask", row=row_named, line=line), actions=column(yes, no))
    sitting.save()


def drop(sitting: Sitting, repeat: RowsTold, row: RowTold, *before: Markup) -> None:
    """Remove a row, if that was just asked about this very row; then show all that are left."""
    if sitting.notes.at != "D" or sitting.notes.row != row.path:
        ask_drop(sitting, repeat, row, *before)
        return
    refused = first_of(sitting.step(DropRow(row.path)), Refused)
    if refused is not None and refused.path != sitting.position:
        show_one(sitting, repeat, row, *before, why_not(sitting, refused))
        return
    # The rows after it have new paths, so what was remembered about their answers no longer applies.
    kept = [answered for answered in sitting.notes.answers if not answered.path.startswith(f"{repeat.path}[")]
    sitting.leave()
    sitting.note(answers=tuple(kept))
    done = sitting.say("rows.drop.done", row=row.label)
    left = next((one for one in repeated.all_rows(sitting) if one.path == repeat.path), None)
    if left is None or not left.rows:
        flow.again(sitting, *before, done)
    else:
        show(sitting, left, *before, done)


def new(sitting: Sitting, repeat: RowsTold, *before: Markup) -> None:
    """Begin another row with its first question."""
    kept = sitting.interview
    events = sitting.step(NewRow(repeat.path))
    refused = first_of(events, Refused)
    if refused is not None and sitting.interview == kept:
        show(sitting, repeat, *before, why_not(sitting, refused))
        return
    flow.left(sitting)
    flow.show(sitting, events, *before)


def why_not(sitting: Sitting, refused: Refused) -> Markup:
    """Return why no row can be added or removed: the form's own sentence, else ours."""
    if refused.message:
        return sitting.say("rows.counted_by", reason=refused.message)
    key = doubts.sentence(sitting.say.sentences, refused.code, of_text=False)
    return sitting.say(key or "interview.not_understood", **{**doubts.LIMITS, **refused.data})


OF_ROW: Final[dict[type[OfInterview], Callable[..., Any]]] = {
    LookRow: show_one,
    LookRows: show_one,
    NewRowOf: show_one,
    AskDrop: ask_drop,
    DropNow: drop,
}
"""What a button does whose mark names a single row."""


# --- in words -------------------------------------------------------------------------------------------


def called(sitting: Sitting, text: str) -> OfRows | None:
    """Return what `text` wants of rows: "xem các mục đã ghi", "bỏ mục 2", "sửa công trình 2", "thêm công trình"; None
    for nothing."""
    if not sitting.form.repeats or len(text) > VALUE:
        return None
    said = fold(" ".join(token.text for token in tokens_of(clean(text))))
    told_of = repeated.all_rows(sitting)
    if said in LISTING:
        return in_list(sitting, told_of)
    if sitting.notes.at == "R" and said.isdecimal():
        shown = [one for one in told_of if one.path == sitting.notes.row]
        return of_row(sitting, LookRow, numbered_in(shown, int(said)))
    verb, _, rest = said.partition(" ")
    return added(sitting, told_of, rest) if verb in ADDING else of_numbered(sitting, told_of, verb, rest)


def of_numbered(sitting: Sitting, told_of: Sequence[RowsTold], verb: str, rest: str) -> OfRows | None:
    """Return what is wanted of the row that `rest` names by number, "mục 2": to look at it, or to remove it."""
    numbered = NUMBERED.fullmatch(rest)
    if numbered is None or verb not in TAKING | LOOKING:
        return None
    row = row_called(sitting, told_of, numbered["what"], int(numbered["number"]))
    return of_row(sitting, AskDrop if verb in TAKING else LookRow, row)


def of_row(sitting: Sitting, way: type[OfRows], row: str) -> OfRows | None:
    """A way of the row at this path; None without one."""
    return sitting.way(way, row) if row else None


def row_shown(sitting: Sitting) -> RowTold | None:
    """Return the row whose screen the chat shows; None if it is gone."""
    rows = chain.from_iterable(repeat.rows for repeat in repeated.all_rows(sitting))
    return next((row for row in rows if row.path == sitting.notes.row), None)


def answer_called(sitting: Sitting, text: str) -> str:
    """Return the path of the answer that "3", "câu 3" or "sửa câu 3" names by its number in the row shown; "" for none."""
    number = review.NUMBERED.fullmatch(fold(text))
    row = row_shown(sitting)
    answers = own(row) if row else []
    return answers[int(number[1]) - 1].path if number and 1 <= int(number[1]) <= len(answers) else ""


def in_list(sitting: Sitting, told_of: Sequence[RowsTold]) -> OfRows | None:
    """Return the button to all rows of the repeat that the person is in, else of the first one that has any."""
    here = where_they_are(sitting)
    with_rows = [one.path for one in told_of if one.rows]
    return of_row(sitting, LookRows, here if here in with_rows else next(iter(with_rows), ""))


def where_they_are(sitting: Sitting) -> str:
    """The path of the repeat in which the person is; "" outside any."""
    return repeated.home_of(sitting, sitting.notes.row or sitting.position or "")


def added(sitting: Sitting, told_of: Sequence[RowsTold], what: str) -> OfRows | None:
    """Return the button for another row of the single repeat that is called `what`."""
    labels = {one.path: fold(one.label) for one in told_of}
    # "thêm hộ" where they are called "Hộ bị thiệt hại", and "thêm" where there is only one kind of them.
    meant = [path for path, label in labels.items() if label == what] or [
        path for path, label in labels.items() if f"{label} ".startswith(f"{what} ".lstrip())
    ]
    return sitting.way(NewRowOf, meant[0]) if len(meant) == 1 else None


def row_called(sitting: Sitting, told_of: Sequence[RowsTold], what: str, number: int) -> str:
    """Return the row with this number of the repeats called so, nearest to where the person is; "" for none."""
    here = where_they_are(sitting)
    meant = [one for one in told_of if is_called(one, what)]
    return numbered_in([one for one in meant if one.path == here] or meant, number)


def numbered_in(told_of: Sequence[RowsTold], number: int) -> str:
    """The row with this number of the first of some repeats; "" for none."""
    rows = told_of[0].rows if told_of else ()
    return rows[number - 1].path if 0 < number <= len(rows) else ""


def is_called(one: RowsTold, what: str) -> bool:
    """Whether a repeat has this label or, if `what` may name the rows of any repeat, has rows."""
    return fold(one.label) == what or (what in CALLED and bool(one.rows))
