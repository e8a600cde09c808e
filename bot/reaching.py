"""Whether a platform takes messages now, by what became of the last ones that were sent there.

One failure proves nothing: the next try comes half a second later. A platform that has failed for some seconds, and just
failed again, takes none, and nobody may be told meanwhile that a message went out. Long after the last failure nothing is
known: the next message tries it.
"""

from dataclasses import dataclass, field
from typing import Final

MOMENT: Final = 5.0
"""Seconds for which a platform fails before it counts as away."""
LATELY: Final = 60.0
"""Seconds for which a failure says something about the next message."""


@dataclass(slots=True)
class Reaching:
    """What became of the last messages to one platform; all times are the loop's."""

    moment: float = MOMENT
    failing_since: float | None = field(default=None, init=False)
    failed_at: float = field(default=0.0, init=False)

    def failed(self, at: float) -> None:
        """Note that a message was not taken, for no fault of its own."""
        if self.failing_since is None or at - self.failed_at > LATELY:
            self.failing_since = at
        self.failed_at = at

    def took(self) -> None:
        """Note that a message was taken."""
        self.failing_since = None

    def fails(self, at: float) -> bool:
        """Whether the platform takes nothing now, as far as is known."""
        since = self.failing_since
        return since is not None and at - since >= self.moment and at - self.failed_at <= LATELY
