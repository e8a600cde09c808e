"""An interview while a step changes it: its state beside the board that shows it to expressions.

`values` keeps what was given even where it is irrelevant now, so that it is there again when that changes; the
board shows only what counts. The two are written together here and nowhere else.
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
        self.lay_out()

    def lay_out(self) -> None:
        """Make the board show this draft and nothing else."""
        self.board.lay_out(self.values, self.hidden, {path: self.rows_shown(path) for path in self.rows})

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
            self.show_row(f"{repeat}[{row}]")
        return True

    def show_row(self, row: str) -> None:
        """Put what is known of a row that has just come onto the board there: its rows of other repeats, its answers."""
        for section in self.form.repeats:
            for place in self.board.places(section):
                if place in self.rows and place.startswith(f"{row}/"):
                    self.board.set_rows(place, self.rows_shown(place))
        for path in self.hidden:
            if path.startswith(f"{row}/"):
                self.board.mark(path, True)
        self.show(f"{row}/")

    def begin_rows(self, section: Section, place: str) -> None:
        """Begin a repeat: it has no row yet; a count lets it have some once it is computed."""
        self.rows[place] = (0, 0 if section.count else ANY_ROWS)

    def add_row(self, repeat: str) -> str:
        """One more row, still blank, with the repeats within it; its instance path."""
        grown, limit = self.rows[repeat]
        row, plain = f"{repeat}[{grown + 1}]", template(repeat)
        for section in self.form.repeats:
            if section.repeat == plain:
                self.begin_rows(section, in_row(section.path, plain, row))
        self.rows[repeat] = (grown + 1, limit)
        self.show_rows(repeat)
        return row

    def drop_row(self, row: str) -> None:
        """Take a row away with all that it holds; the rows behind it move up. The open question may lie in it: None then."""
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
    """Where a node stands once the row of `repeat` with this number is gone; None for what lay in that row."""
    behind = ROW.match(path, len(repeat)) if path.startswith(f"{repeat}[") else None
    if behind is None or int(behind[1]) < number:
        return path
    return None if int(behind[1]) == number else f"{repeat}[{int(behind[1]) - 1}]{path[behind.end() :]}"


def renamed(known: Mapping[str, Kept], moved: Callable[[str], str | None]) -> Iterator[tuple[str, Kept]]:
    """Give what is kept by paths by where they stand now; what is gone is left out."""
    for path, kept in known.items():
        stands = moved(path)
        if stands is not None:
            yield stands, kept
