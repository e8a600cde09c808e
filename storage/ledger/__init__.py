"""The ledger of figures: what every place's reports add up to, kept up to date as they arrive.

A report is added to the figures of its place and of each unit above in the transaction that makes it current, and
subtracted again when it no longer is. So a figure of the nation is read from as few rows as one of a commune, and
posting a report costs the same however many villages there are. `verify` recomputes it all.

- **What is counted**: the report itself, each number in it, and each indicator that its numbers give (with numerator
  and denominator, so that a rate is over the places that counted both).
- **As said**: each of these on the last day of the report's period. A flow over some time, or what was reported for
  just one period, is the sum of the days within.
- **As it stands**: an indicator counts from the last day of its period until the next report of that questionnaire by
  the same place; once the place is closed, until its heir has reported on its ground too. It is added on the one day
  and subtracted on the other. So a stock on a day is the sum of everything up to it, and a late report changes two
  days, not all that follow.
- **What changed**: beside what a report says of an indicator, what the same place said in its report before. So a
  change is about the same places at both ends; what a place says for the first time is kept apart.
- **Where**: "as then" is where the place lay on the last day of the period. Whatever differs under the boundaries of
  some day is kept beside it, from the day on which that began; nearly always there is nothing. A closed place counts
  where it went, if it went there whole. One that was split stays where it was, for nobody can say how its figures
  divide.

A village's own reports are not repeated here under the village: `storage.figures` reads them.
"""

from storage.ledger.heirs import came_into, replaced
from storage.ledger.measures import numbers
from storage.ledger.posting import post, take_off, while_moving
from storage.ledger.reading import Turned, latest, parts_of, said, standing, tops, turned
from storage.ledger.recomputing import Progress, keep_fit, rebuild, tell_nobody, verify
from storage.ledger.rows import reporters, reporters_below, values_of, way_of, ways_of
from storage.ledger.sums import NOTHING, Total, Totals
from storage.ledger.ways import LedgerWay

__all__ = [
    "NOTHING", "LedgerWay", "Progress", "Total", "Totals", "Turned", "came_into", "keep_fit", "latest", "numbers",
    "parts_of", "post", "rebuild", "replaced", "reporters", "reporters_below", "said", "standing", "take_off",
    "tell_nobody", "tops", "turned", "values_of", "verify", "way_of", "ways_of", "while_moving",
]  # fmt: skip
