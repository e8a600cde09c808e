"""The words around an answer, from `words/*.toml`: courtesy, hedges, doubts, and the units of things.

Together with numbers, dates and the question's own words, they are the reader's whole vocabulary. Any other word makes
an answer doubtful.
"""

from typing import Final

from questionnaires.answers.phrases import FOLDER, Words, other_languages

AROUND: Final = Words.read(FOLDER / "loi-le.toml").with_more(
    "none", {"no": other_languages().all_phrases("none")}
)
UNITS: Final = Words.read(FOLDER / "don-vi.toml")

POLITE: Final = AROUND.flags("polite")
"""Courtesy, which means nothing anywhere."""
PRONOUN: Final = AROUND.flags("pronouns")
"""Words for people, which are courtesy unless they may be what is counted."""
AFTER_NUMBER: Final = AROUND.flags("after_number")
"""Courtesy that may stand right after a number."""
BEFORE_NUMBER: Final = AROUND.flags("before_number")
"""Words that lead to a number and do not change it."""
HEDGE: Final = AROUND.flags("hedges")
"""Words that make the number after them an estimate."""
VILLAGE: Final = AROUND.flags("villages")
"""Words for a village; a number after them may be part of its name."""
DONT_KNOW: Final = AROUND.flags("dont_know")
"""Words that say not to know, which is no answer and never 0."""
DOUBTFUL: Final = AROUND.codes("doubtful")
"""Words that make an answer doubtful, each with the code of the doubt."""
NOT: Final = AROUND.codes("none")
"""Words for "none", each with the key `no` or `not_yet`."""
NOTHING_MORE: Final = AROUND.flags("nothing_more")
"""Words that follow what is counted in "không có hộ nào"."""
NEUTRAL_THINGS: Final = AROUND.phrases("things")
"""Words that may stand for anything counted in "không có … nào"."""

SAME: Final = UNITS.named("same")
"""Words for the same unit, the usual one first."""
CHILDREN: Final = SAME["children"]
OTHERS: Final = UNITS.phrases("others")
"""Units that people may mention beside the one asked for."""
ONLY_FOR: Final = UNITS.named("only_for")
"""Words that mean a unit only when it is asked for: "bà" counts mothers in "ba bà", and is no unit elsewhere."""
LOCAL: Final = UNITS.flags("local")
"""Measures of land that differ from region to region."""

ENGLISH_ONE: Final = {"children": "child", "people": "person"}
"""English units whose singular is not the word without its s."""


def english_one(unit: str) -> str:
    """Return the singular of an English unit: "household" for "households"."""
    return ENGLISH_ONE.get(unit) or unit.removesuffix("s")


def names_of(unit: str) -> tuple[str, ...]:
    """Return the words for `unit`: itself, its English singular, and those that count as the same unit."""
    own = dict.fromkeys((unit, english_one(unit))) if unit else {}
    names = next((group for group in SAME.values() if unit in group), tuple(own))
    return (*names, *ONLY_FOR.get(unit, ()))
