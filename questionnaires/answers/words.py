"""The words around an answer: politeness, hedges, doubts, and the units of things, as `words/*.toml` has them.

The tables are the reader's whole vocabulary beside numbers, dates and the question's own words. A word that is in
none of them makes the answer doubtful.
"""

from typing import Final

from questionnaires.answers.phrases import FOLDER, Words, other_languages

AROUND: Final = Words.read(FOLDER / "loi-le.toml").with_more(
    "none", {"no": other_languages().all_phrases("none")}
)
UNITS: Final = Words.read(FOLDER / "don-vi.toml")

POLITE: Final = AROUND.flags("polite")
"""Courtesy that says nothing, wherever it stands."""
PRONOUN: Final = AROUND.flags("pronouns")
"""Whom one speaks to or of; courtesy only where it cannot be what is counted."""
AFTER_NUMBER: Final = AROUND.flags("after_number")
"""Courtesy that may stand right after a number."""
BEFORE_NUMBER: Final = AROUND.flags("before_number")
"""Words that lead to a number and do not change it."""
HEDGE: Final = AROUND.flags("hedges")
"""Words that make the number after them an estimate."""
VILLAGE: Final = AROUND.flags("villages")
"""What a village is called; a number may be part of its name."""
DONT_KNOW: Final = AROUND.flags("dont_know")
"""Not knowing is no answer, and never 0."""
DOUBTFUL: Final = AROUND.codes("doubtful")
"""Words that show why an answer cannot be taken as it stands, each with the code of that doubt."""
NOT: Final = AROUND.codes("none")
"""What says no, or not_yet."""
NOTHING_MORE: Final = AROUND.flags("nothing_more")
"""What follows the thing in "không có hộ nào"."""
NEUTRAL_THINGS: Final = AROUND.phrases("things")
"""May stand for whatever is counted in "không có … nào"."""

SAME: Final = UNITS.named("same")
"""Words for the same unit, the usual one first."""
CHILDREN: Final = SAME["children"]
OTHERS: Final = UNITS.phrases("others")
"""Units that may be told beside the one that is asked."""
ONLY_FOR: Final = UNITS.named("only_for")
"""What a unit is called besides where it is asked, and elsewhere is no unit: "ba bà" of mothers."""
LOCAL: Final = UNITS.flags("local")
"""Measures of land that differ from region to region."""

ENGLISH_ONE: Final = {"children": "child", "people": "person"}
"""English units whose one is not the word without its s."""


def english_one(unit: str) -> str:
    """One of what an English unit counts: households, household."""
    return ENGLISH_ONE.get(unit) or unit.removesuffix("s")


def names_of(unit: str) -> tuple[str, ...]:
    """The words for `unit`: its own, its English singular, and those that count as the same."""
    own = dict.fromkeys((unit, english_one(unit))) if unit else {}
    names = next((group for group in SAME.values() if unit in group), tuple(own))
    return (*names, *ONLY_FOR.get(unit, ()))
