"""How quickly typed names find places: `python -m tests.bench.places` prints a table.

The names are those of the official list, in the ways people type them: as written, without marks, with the type word,
with what they lie in, and with one letter wrong, 2,000 of each.
"""

import random
import time

from bot.commands.read import official_places
from questionnaires.answers.places import Gazetteer, Unit, match_place
from questionnaires.answers.text import bare

EACH = 2_000
SEED = 20250701


def typed(gazetteer: Gazetteer, unit: Unit, way: str, chance: random.Random) -> str:
    """The name of a unit as somebody may type it."""
    if way == "without marks":
        return " ".join(map(bare, unit.name.casefold().split()))
    if way == "with type":
        return f"{unit.kind} {unit.name}"
    if way == "with parent" and unit.parents:
        return f"{unit.name}, {gazetteer.units[unit.parents[0]].name}"
    if way == "one letter wrong":
        place = chance.randrange(len(unit.name))
        return f"{unit.name[:place]}z{unit.name[place + 1 :]}"
    return unit.name


def table() -> list[str]:
    """Seconds for each way of typing, and for all of them."""
    chance = random.Random(SEED)
    gazetteer = official_places()
    units = list(gazetteer.units.values())
    rows = ["| look-ups | seconds |", "|---|---|"]
    total = 0.0
    ways = ("as written", "without marks", "with type", "with parent", "one letter wrong")
    for way in ways:
        names = [typed(gazetteer, chance.choice(units), way, chance) for _ in range(EACH)]
        start = time.perf_counter()
        for name in names:
            match_place(name, gazetteer)
        took = time.perf_counter() - start
        total += took
        rows.append(f"| {EACH:,} {way} | {took:.2f} |")
    return [*rows, f"| {EACH * len(ways):,} in all | {total:.2f} |"]


if __name__ == "__main__":
    print("\n".join(table()))
