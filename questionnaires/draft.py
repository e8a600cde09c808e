"""An interview while a step changes it: its state beside the board that shows it to expressions.

`values` keeps what was given even where it is irrelevant now, so that it is there again when that changes; the
board shows only what counts. The two are written together here and nowhere else.
"""

from collections.abc import Sequence
from typing import Final

from questionnaires.board import MOST_ROWS, Board, Layout
from questionnaires.questionnaire import Section
from questionnaires.stops import QuestionStop, Way
from questionnaires.talk import Interview

ANY_ROWS: Final = -1
"""What is kept as the limit of a repeat that no count limits."""


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
        board.lay_out(self.values, self.hidden, {path: self.rows_shown(path) for path in self.rows})

    def frozen(self) -> Interview:
        """What is to be kept."""
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
        """Every stop as the rows are now."""
        if self.way_known is None:
            self.way_known = self.layout.itinerary.way(self.board.rows)
        return self.way_known

    def asked(self) -> Sequence[QuestionStop]:
        """The questions that a person answers as things are, in the order of the way."""
        if not self.hidden:
            return self.way.asked
        return [stop for stop in self.way.asked if self.board.is_relevant(stop.path, self.hidden)]

    # --- values ---------------------------------------------------------------------------------------

    def is_relevant(self, path: str) -> bool:
        """Whether nothing at or above `path` is irrelevant now."""
        return not self.hidden or self.board.is_relevant(path, self.hidden)

    def put(self, path: str, text: str) -> None:
        """Keep a value and show it to expressions if it is relevant; a blank one is taken out."""
        if text:
            self.values[path] = text
        else:
            self.values.pop(path, None)
        self.board.put(path, text if self.is_relevant(path) else "")

    def show(self, *prefixes: str) -> None:
        """Blank or bring back on the board every value whose path starts with one of `prefixes`."""
        for path, text in self.values.items():
            if path.startswith(prefixes):
                self.board.put(path, text if self.is_relevant(path) else "")

    def hide(self, path: str, hidden: bool) -> None:
        """Make a node irrelevant or relevant again, with all that lies in it."""
        (self.hidden.add if hidden else self.hidden.discard)(path)
        self.board.mark(path, hidden)
        if path in self.values:
            self.board.put(path, self.values[path] if self.is_relevant(path) else "")
        self.show(f"{path}/", f"{path}[")

    # --- rows -----------------------------------------------------------------------------------------

    def rows_shown(self, repeat: str) -> int:
        """How many rows count: those that were added, up to what the count of the repeat allows."""
        grown, limit = self.rows[repeat]
        return grown if limit == ANY_ROWS else min(grown, limit)

    def show_rows(self, repeat: str) -> bool:
        """Put the rows that count on the board with what they hold; whether their number changed."""
        rows, before = self.rows_shown(repeat), self.board.rows[repeat]
        if rows == before:
            return False
        self.board.set_rows(repeat, rows)
        self.way_known = None
        for row in range(before + 1, rows + 1):
            prefix = f"{repeat}[{row}]"
            for path in self.hidden:
                if path.startswith(prefix):
                    self.board.mark(path, True)
            self.show(prefix)
        return True

    def add_row(self, section: Section) -> int:
        """One more row, still blank; its number."""
        grown, limit = self.rows[section.path]
        self.rows[section.path] = (grown + 1, limit)
        self.show_rows(section.path)
        return grown + 1

    def drop_row(self, section: Section) -> None:
        """Take the last row away with all that it holds."""
        grown, limit = self.rows[section.path]
        prefix = f"{section.path}[{grown}]/"
        self.rows[section.path] = (grown - 1, limit)
        self.values = {path: text for path, text in self.values.items() if not path.startswith(prefix)}
        self.hidden = {path for path in self.hidden if not path.startswith(prefix)}
        self.show_rows(section.path)

    def is_full(self, section: Section) -> bool:
        """Whether a person can add no further row."""
        return self.rows[section.path][0] >= MOST_ROWS
