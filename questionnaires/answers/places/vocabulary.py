"""Words about places, from `words/dia-danh.toml`: kinds of units, popular names, and words between names."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.text import bare, clean

SAID: Final = Words.read(FOLDER / "dia-danh.toml")


def folded(words: str) -> str:
    """Words of this file without their marks."""
    return bare(clean(words))


def kinds() -> dict[str, tuple[str, ...]]:
    """What each written type word may mean, both folded, the likelier kind first."""
    meant: dict[str, list[str]] = defaultdict(list)
    for kind, forms in SAID.lists("kinds").items():
        for form in forms:
            meant[folded(form)].append(folded(kind))
    return {form: tuple(sorted(some, key=lambda kind: kind != form)) for form, some in meant.items()}


def by_kind(table: str) -> dict[str, str]:
    """The key under which each kind, folded, stands in a table."""
    return {folded(kind): key for key, some in SAID.lists(table).items() for kind in some}


KINDS: Final[Mapping[str, tuple[str, ...]]] = kinds()
"""Written type words and their abbreviations, folded, with the kinds that they may mean."""
TYPES: Final[Mapping[str, str]] = {form: meant[0] for form, meant in KINDS.items()}
"""The same with the likeliest kind alone."""
LONGEST_KIND: Final = max(len(form.split()) for form in KINDS)
WRITTEN_KINDS: Final[Mapping[str, str]] = {folded(kind): kind for kind in SAID.lists("kinds")}
"""Each kind as it is written before a name, by its folded form."""
LEVEL_OF_KIND: Final[Mapping[str, str]] = by_kind("levels")
"""nuoc, tinh, huyen, xa or thon, by the folded kind; a "thành phố" may be a tinh too."""
LEVELS: Final = tuple(SAID.lists("levels"))
"""The levels, the largest first."""
OTHER_NAMES: Final[Mapping[str, tuple[str, ...]]] = SAID.named("other_names")
"""What else people write for a unit, by its kind and official name as written."""
NUMBERED: Final = SAID.phrases("numbered")
FORMER: Final = SAID.flags("former")
PRESENT: Final = SAID.flags("present")
WITHIN: Final = SAID.flags("within")
OFFICES: Final = SAID.flags("offices")
