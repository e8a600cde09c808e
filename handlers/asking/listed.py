"""The units of a ranking, by what is known of them: what every way of listing units shares."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from figures.counted import Counted
from figures.of_all import ShareOfAll
from figures.sources import Source
from handlers.asking.which_units import KnownUnit
from storage.tables import Place


class UnitsKnown(NamedTuple):
    """The units of a ranking, by what is known of them."""

    source: Source
    """What they are ranked by: what was asked about, or its share of all."""
    known: list[KnownUnit]
    """Those with a figure that the asker may see, in order."""
    waiting: list[Place]
    """Those that reported before, but not for the period."""
    without: list[Place]
    """Those without any figure."""
    hidden: list[Place]
    """Those whose figure is withheld."""
    carried: Sequence[KnownUnit] = ()
    """Of the waiting ones, those whose newest earlier figure stands in a sum of all, with it."""
    judged: int = 0
    """How many have a figure that the asker may see, picked or not."""
    kept: Mapping[int, Decimal] = MappingProxyType({})
    """The withheld figures, by unit id; never told."""
    of_all: Mapping[int, ShareOfAll] = MappingProxyType({})
    """The denominators, if the units' numbers are told as shares."""
    sure: int | None = None
    """How many of a "top" certainly come first; None if nothing withheld can come before any."""
    counted: Sequence[Counted] = ()
    """What was counted for all of them, even if none of it is shown: it says which period the list is about."""
    no_whole: Sequence[KnownUnit] = ()
    """If shares are told: those with a number that is no share yet, since the whole of the same places is not known."""
    undecided: Sequence[Place] = ()
    """Those of which it cannot be said whether they meet the target that was asked about."""

    @property
    def decided(self) -> int | None:
        """How many are picked by a target; None if it can be said of none."""
        return None if len(self.undecided) == self.judged else len(self.known)

    @property
    def any(self) -> bool:
        """Whether there is any unit at all."""
        return bool(self.judged or self.waiting or self.without or self.hidden)
