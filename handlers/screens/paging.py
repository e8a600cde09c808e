"""Lists longer than a screen: the items on it now, and the buttons to those before and after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from markupsafe import Markup

from handlers.buttons import Button
from handlers.menu import named
from handlers.messages import Choice
from handlers.viewer import Viewer

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Paged(Generic[Item]):
    """The items `here`, starting at number `first` (from 0) of `count`; `size` fit on one screen."""

    here: Sequence[Item]
    first: int
    count: int
    size: int

    @property
    def is_last(self) -> bool:
        """Whether nothing comes after these."""
        return self.first + self.size >= self.count

    def told(self, viewer: Viewer, key: str) -> list[Markup]:
        """Return the sentence `key`, which says which of how many these are; none if all are here."""
        if self.count <= self.size:
            return []
        return [viewer.say(key, first=self.first + 1, last=self.first + len(self.here), count=self.count)]

    def turning(
        self, viewer: Viewer, before: str, after: str, show: Callable[[int], Button]
    ) -> list[tuple[Choice, ...]]:
        """Return one row with the buttons to the items before and after, labelled by these keys; no row without either."""
        buttons = []
        if self.first:
            buttons.append(named(viewer, before, show(max(self.first - self.size, 0))))
        if not self.is_last:
            buttons.append(named(viewer, after, show(self.first + self.size)))
        return [tuple(buttons)] if buttons else []


def paged(items: Sequence[Item], first: int, size: int) -> Paged[Item]:
    """Return the items from number `first` on; from 0 if the list became shorter since its button was sent."""
    first = first if first < len(items) else 0
    return Paged(items[first : first + size], first, len(items), size)
