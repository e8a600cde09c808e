"""Says on the terminal how far the rebuild of the ledger is: the first start after an upgrade may take minutes."""

import sys
from typing import Final

from bot.teller import Teller

WORTH_TELLING: Final = 200
"""With fewer reporting places than this it is over before anybody has read a line."""


class Rebuilding:
    """Prints each tenth once, on standard error."""

    def __init__(self, locale: str) -> None:
        self.say = Teller(locale)
        self.tenths = -1

    def __call__(self, done: int, places: int) -> None:
        """Tell that `done` of all reporting places are added up."""
        tenths = 10 * done // max(places, 1)
        if places >= WORTH_TELLING and tenths > self.tenths:
            self.tenths = tenths
            sys.stderr.write(f"{self.say('setup.rebuilding', percent=10 * tenths)}\n")
            sys.stderr.flush()
