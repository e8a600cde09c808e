"""Move an interview to its next question, back, or to a chosen one, along the stops of its way."""

from questionnaires.changes import Changes
from questionnaires.draft import Draft
from questionnaires.stops import RowsEnd, Stop


class Route:
    """Moves the position of one draft."""

    def __init__(self, draft: Draft, changes: Changes) -> None:
        self.draft = draft
        self.changes = changes

    def place(self) -> int:
        """Return the number of the open question's stop; the end of the way if nothing is open."""
        return self.draft.way.place(self.draft.position)

    def go_on(self, start: int) -> bool:
        """Open the next question from stop number `start` on; return False if everything is asked.

        After a jump, the first question not passed yet is opened wherever it stands, so the person is back where they
        were.
        """
        if not self.draft.jumped and self.open_from(start):
            return True
        if self.open_from(0, unanswered=True):
            self.draft.jumped = True
            return True
        return False

    def open_from(self, start: int, *, unanswered: bool = False) -> bool:
        """Open the first stop from `start` on that asks, or with `unanswered` the first not passed yet.

        Rows that a count still lacks are added on the way. Return whether a stop was opened.
        """
        place = start
        while place < len(self.draft.way.stops):
            stop = self.draft.way.stops[place]
            if isinstance(stop, RowsEnd) and self.changes.grow_by_count(stop.section, stop.path):
                continue  # The way has changed: the new row's first question is at this place now.
            if self.is_open(stop, unanswered):
                self.draft.position = stop.path
                return True
            place += 1
        self.draft.position = None
        return False

    def is_open(self, stop: Stop, unanswered: bool) -> bool:
        """Whether this stop is to be asked: relevant, not closed and, with `unanswered`, not passed yet."""
        if not self.can_stand(stop):
            return False
        if isinstance(stop, RowsEnd):
            return stop.path not in self.draft.closed
        return not (unanswered and stop.path in self.draft.visited)

    def can_stand(self, stop: Stop) -> bool:
        """Whether this stop asks something that is relevant now."""
        return stop.asks and self.draft.is_relevant(stop.path)

    def back(self) -> None:
        """Open the nearest stop before that asks something; do nothing if there is none."""
        for stop in reversed(self.draft.way.stops[: self.place()]):
            if self.can_stand(stop):
                self.stand(stop, jumped=False)
                return

    def jump(self, path: str) -> None:
        """Open the question at `path`; do nothing if it is not on the way, not relevant, or open already."""
        place = self.draft.way.place(path)
        stops = self.draft.way.stops
        if place < len(stops) and path != self.draft.position and self.can_stand(stops[place]):
            self.stand(stops[place], jumped=True)

    def stand(self, stop: Stop, *, jumped: bool) -> None:
        """Open a stop again. A repeat that the person had closed offers rows again."""
        self.draft.position = stop.path
        self.draft.jumped = jumped
        self.draft.closed.discard(stop.path)
