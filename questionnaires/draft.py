"""An interview while a step changes it: its state, and the board that shows it to expressions.

`values` keeps answers that have become irrelevant, so that they are back if that changes; the board shows only what
counts. Both are written here and nowhere else, always together.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final, TypeVar

from questionnaires.board import MOST_ROWS, Board, Layout
from questionnaires.questionnaire import ROW, Section, in_row, repeat_of, template
from questionnaires.stops import QuestionStop, Way
from questionnaires.talk import Interview

Kept = TypeVar("Kept")
ANY_ROWS: Final = -1
"""The limit of a repeat without a count."""


class Draft:
    """The fields of an `Interview`, open to change, on `board`."""

    def __init__(self, layout: Layout, board: Board, interview: Interview) -> None:
        self.layout = layout
        self.form = layout.form
        self.board = board
        self.values = dict(interview.values)
        self.hidden = set(interview.hidden)
        self.rows = dict(interview.rows)
        self.visited = set(interview.visited)
        self.closed = set(interview.closed)
        self.estimates = set(interview.estimates)
        self.position = interview.position
        self.jumped = interview.jumped
        self.seed = interview.seed
        self.way_known: Way | None = None
        self.lay_out()

    def lay_out(self) -> None:
        """Make the board show this draft and nothing else."""
        self.board.lay_out(self.values, self.hidden, {path: self.rows_shown(path) for path in self.rows})

    def frozen(self) -> Interview:
        """Return the interview to keep."""
        return Interview(
            self.values,
            frozenset(self.hidden),
            self.rows,
            frozenset(self.visited),
            frozenset(self.closed),
            frozenset(self.estimates),
            self.position,
            self.jumped,
            self.seed,
        )

    @property
    def way(self) -> Way:
        """The way with the rows that there are now."""
        if self.way_known is None:
            self.way_known = self.layout.itinerary.way(self.board.rows)
        return self.way_known

    def asked(self) -> Sequence[QuestionStop]:
        """Return the questions that are relevant and asked now, in the order of the way."""
        if not self.hidden:
            return self.way.asked
        return [stop for stop in self.way.asked if self.board.is_relevant(stop.path, self.hidden)]

    # --- values ---------------------------------------------------------------------------------------

    def is_relevant(self, path: str) -> bool:
        """Whether nothing at or above `path` is irrelevant now."""
        return not self.hidden or self.board.is_relevant(path, self.hidden)

    def put(self, path: str, text: str) -> None:
        """Keep a value, and show it to expressions if it is relevant; a blank value is removed."""
        if text:
            self.values[path] = text
        else:
            self.values.pop(path, None)
        self.board.put(path, text if self.is_relevant(path) else "")

    def show(self, *prefixes: str) -> None:
        """Update on the board every value whose path starts with one of `prefixes`: blank it if it is irrelevant."""
        for path, text in self.values.items():
            if path.startswith(prefixes):
                self.board.put(path, text if self.is_relevant(path) else "")

    def hide(self, path: str, hidden: bool) -> None:
        """Make a node irrelevant, or relevant again, with everything in it."""
        (self.hidden.add if hidden else self.hidden.discard)(path)
        self.board.mark(path, hidden)
        if path in self.values:
            self.board.put(path, self.values[path] if self.is_relevant(path) else "")
        self.show(f"{path}/", f"{path}[")

    # --- rows -----------------------------------------------------------------------------------------

    def rows_shown(self, repeat: str) -> int:
        """Return how many rows of a repeat count: those added, at most as many as its count allows."""
        grown, limit = self.rows[repeat]
        return grown if limit == ANY_ROWS else min(grown, limit)

    def show_rows(self, repeat: str) -> bool:
        """Put the rows that count on the board, with their values. Return whether their number changed."""
        rows, before = self.rows_shown(repeat), self.board.rows[repeat]
        if rows == before:
            return False
        self.board.set_rows(repeat, rows)
        self.way_known = None
        for row in range(before + 1, rows + 1):
            self.show_row(f"{repeat}[{row}]")
        return True

    def show_row(self, row: str) -> None:
        """Fill a row that is new on the board with what is known: its inner rows, its irrelevant nodes, its values."""
        for section in self.form.repeats:
            for place in self.board.places(section):
                if place in self.rows and place.startswith(f"{row}/"):
                    self.board.set_rows(place, self.rows_shown(place))
        for path in self.hidden:
            if path.startswith(f"{row}/"):
                self.board.mark(path, True)
        self.show(f"{row}/")

    def begin_rows(self, section: Section, place: str) -> None:
        """Begin a repeat without rows. One with a count allows none until the count is computed."""
        self.rows[place] = (0, 0 if section.count else ANY_ROWS)

    def add_row(self, repeat: str) -> str:
        """Add a blank row with the repeats within it, and return its instance path."""
        grown, limit = self.rows[repeat]
        row, plain = f"{repeat}[{grown + 1}]", template(repeat)
        for section in self.form.repeats:
            if section.repeat == plain:
                self.begin_rows(section, in_row(section.path, plain, row))
        self.rows[repeat] = (grown + 1, limit)
        self.show_rows(repeat)
        return row

    def drop_row(self, row: str) -> None:
        """Remove a row with its values; the rows after it move up. If the open question was in it, none is open."""
        repeat, number = repeat_of(row), int(ROW.findall(row)[-1])
        grown, limit = self.rows[repeat]
        moved = partial(moved_up, repeat=repeat, number=number)
        self.rows[repeat] = (grown - 1, limit)
        self.rows = dict(renamed(self.rows, moved))
        self.values = dict(renamed(self.values, moved))
        self.hidden, self.visited, self.closed, self.estimates = (
            set(filter(None, map(moved, paths)))
            for paths in (self.hidden, self.visited, self.closed, self.estimates)
        )
        self.position = moved(self.position) if self.position is not None else None
        self.way_known = None
        self.lay_out()

    def is_full(self, repeat: str) -> bool:
        """Whether a person can add no further row."""
        return self.rows_shown(repeat) >= MOST_ROWS


def moved_up(path: str, repeat: str, number: int) -> str | None:
    """Return a node's path once row `number` of `repeat` is gone; None if the node was in that row."""
    behind = ROW.match(path, len(repeat)) if path.startswith(f"{repeat}[") else None
    if behind is None or int(behind[1]) < number:
        return path
    return None if int(behind[1]) == number else f"{repeat}[{int(behind[1]) - 1}]{path[behind.end() :]}"


def renamed(known: Mapping[str, Kept], moved: Callable[[str], str | None]) -> Iterator[tuple[str, Kept]]:
    """Yield the entries of `known` under their paths after a move; entries whose path is gone are left out."""
    for path, kept in known.items():
        stands = moved(path)
        if stands is not None:
            yield stands, kept
