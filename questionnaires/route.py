"""Where an interview goes next, and where it came from: the open question among the stops of its way."""

from questionnaires.changes import Changes
from questionnaires.draft import Draft
from questionnaires.stops import RowsEnd, Stop


class Route:
    """Moves the position of one draft."""

    def __init__(self, draft: Draft, changes: Changes) -> None:
        self.draft = draft
        self.changes = changes

    def place(self) -> int:
        """Where the open question stands among the stops; the end if nothing is open."""
        return self.draft.way.place(self.draft.position)

    def go_on(self, start: int) -> bool:
        """Open the next question from the stop number `start` on; False where all is asked.

        After a jump only what nobody passed is asked, wherever it stands: the person goes back to where they were.
        """
        if not self.draft.jumped and self.open_from(start):
            return True
        if self.open_from(0, unanswered=True):
            self.draft.jumped = True
            return True
        return False

    def open_from(self, start: int, *, unanswered: bool = False) -> bool:
        """Stand at the first open stop from `start` on; with `unanswered`, at the first that nobody passed."""
        place = start
        while place < len(self.draft.way.stops):
            stop = self.draft.way.stops[place]
            if isinstance(stop, RowsEnd) and self.changes.grow_by_count(stop.section, stop.path):
                continue  # The way is made anew: the first question of that row stands here now.
            if self.is_open(stop, unanswered):
                self.draft.position = stop.path
                return True
            place += 1
        self.draft.position = None
        return False

    def is_open(self, stop: Stop, unanswered: bool) -> bool:
        """Whether a person is asked at this stop."""
        if not self.can_stand(stop):
            return False
        if isinstance(stop, RowsEnd):
            return stop.path not in self.draft.closed
        return not (unanswered and stop.path in self.draft.visited)

    def can_stand(self, stop: Stop) -> bool:
        """Whether something is asked at this stop as things are."""
        return stop.asks and self.draft.is_relevant(stop.path)

    def back(self) -> None:
        """To the stop before that asks something; where there is none, nothing changes."""
        for stop in reversed(self.draft.way.stops[: self.place()]):
            if self.can_stand(stop):
                self.stand(stop, jumped=False)
                return

    def jump(self, path: str) -> None:
        """To any question on the way; to one that is not, nothing changes."""
        place = self.draft.way.place(path)
        stops = self.draft.way.stops
        if place < len(stops) and path != self.draft.position and self.can_stand(stops[place]):
            self.stand(stops[place], jumped=True)

    def stand(self, stop: Stop, *, jumped: bool) -> None:
        """Open a stop again, also one where rows were said to be all."""
        self.draft.position = stop.path
        self.draft.jumped = jumped
        self.draft.closed.discard(stop.path)
