"""Which of several open emergencies some words name: by its kind, as people call it, by its place, or both."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from handlers.danger import (
    CLOSING,
    GAP,
    LONGEST,
    SAID,
    asks_at_end,
    beside_slip,
    but_courtesy,
    ends,
    is_bare_slip,
    table_of_kinds,
)
from questionnaires.answers.text import bare, clean, has_letters
from questionnaires.answers.tokens import Token, tokens_of, without_marks
from storage.tables import Emergency

NAMES: Final = table_of_kinds("names")
"""What people call each kind."""
OWN_NAMES: Final = table_of_kinds("own_names")
"""Those of the names that mean nothing else: water or a road may be mentioned in any danger."""
TAKING_UP: Final = SAID.flags("taking_up")
"""How a message begins that says that somebody has an emergency."""
APART: Final = re.compile(r"\s*[,;.:!\n]\s*(?=\S)|\s+[-–]\s+")
"""A mark behind which something else is told."""
TAKING_UP_AND: Final = SAID.flags("taking_up_and")
"""How a message begins that says so and then speaks to whoever raised it."""
TO_RAISER: Final = SAID.flags("to_raiser")
"""How officers speak to whoever raised an emergency; about figures nobody asks so."""
AROUND: Final = SAID.flags("around_names")
"""What stands around such a name and says nothing more."""


def named_among(text: str, labelled: Sequence[tuple[Emergency, str]]) -> list[Emergency]:
    """Return the emergencies, each given with its label, that all words of `text` name; none if the words say anything
    else."""
    return named_by(but_courtesy(text), labelled)


def named_in(text: str, rows: Sequence[Emergency]) -> Emergency | None:
    """Return the only one of some emergencies whose kind is named anywhere in `text`."""
    kinds = kinds_in(but_courtesy(text))
    of_kind = [row for row in rows if row.kind in kinds]
    return of_kind[0] if len(of_kind) == 1 else None


def names_none_of(text: str, rows: Sequence[Emergency]) -> bool:
    """Whether `text` names a kind in words that mean nothing else, and does not name the kind of any of these
    emergencies."""
    own, named = own_kinds(text), kinds_in(but_courtesy(text))
    return bool(own) and (own | named).isdisjoint({row.kind for row in rows})


def kinds_in(words: Sequence[Token]) -> set[str]:
    """Return the kinds that words name, however people call them."""
    return {named for _, named, _ in NAMES.starts(words)}


def own_kinds(text: str) -> set[str]:
    """Return the kinds that `text` names in words that mean nothing else."""
    return {named for _, named, _ in OWN_NAMES.starts(but_courtesy(text))}


def ends_it(text: str) -> bool:
    """Whether `text` says that an emergency is over, or was a mistake; it may name it: "dịch bệnh là tôi bấm nhầm"."""
    return ends(text) or names_slip(text)


def is_slip(text: str) -> bool:
    """Whether `text` says only that an emergency, which it may name, was a slip."""
    return is_bare_slip(text) or names_slip(text)


def names_slip(text: str) -> bool:
    """Whether `text` says only that an emergency that it names was a slip."""
    slip = beside_slip(text)
    return bool(slip) and only_names(slip)


def kind_missing(words: Sequence[Token], rows: Sequence[Emergency]) -> str:
    """Return the first kind that words name, if no emergency given is of any kind that they name; else ""."""
    kinds = [kind for _, kind, _ in NAMES.starts(words)]
    return kinds[0] if kinds and {row.kind for row in rows}.isdisjoint(kinds) else ""


def only_names(text: str) -> bool:
    """Whether `text` only names an emergency, of whatever kind."""
    words, place = but_courtesy(text), 0
    while place < len(words) and (entry := NAMES.at(words, place) or AROUND.at(words, place)):
        place = entry[1]
    return place == len(words)


def behind_asking(text: str) -> Sequence[Token]:
    """Return the words after those that ask to close one, or say that somebody has it; if these end the text, the name in
    them: "close the flood"."""
    words = but_courtesy(text)
    _, end = CLOSING.at(words, 0) or TAKING_UP.at(words, 0) or (True, len(words))
    named = next((place for place, _, _ in NAMES.starts(words[:end])), end)
    return words[end:] or words[named:]


def takes_up(text: str) -> bool:
    """Whether `text` says that somebody has an emergency, naming its kind: "đã nhận tin cháy ở Nà Hin", and no more."""
    if not has_letters(text) or tells_beside(text):
        return False
    words = but_courtesy(text)
    said = TAKING_UP.at(words, 0)
    rest = words[said[1] :] if said else ()
    return 0 < len(rest) <= GAP and NAMES.first_in(rest, range(2)) is not None


def takes_up_and_tells(text: str) -> bool:
    """Whether `text` says that somebody has an emergency, and more to whoever raised it: "đã nhận, đang cho xe lên"."""
    # Without marks "đã" is the courtesy "dạ", too.
    words = without_marks(tokens_of(clean(text)))
    said = TAKING_UP_AND.at(words, 0)
    rest = words[said[1] :] if said else []
    # "Đã nhận 5 tấn gạo" receives something else, and "đã nhận tin chưa" asks; behind a comma more may be asked.
    return bool(rest) and rest[0].kind == "word" and not asks_at_end(before_mark(text))


def tells_beside(text: str) -> bool:
    """Whether `text` speaks to whoever raised an emergency, or goes on behind a comma."""
    cut = before_mark(text) != text.strip()
    return cut or TO_RAISER.stands_in(without_marks(tokens_of(clean(text[:LONGEST]))))


def before_mark(text: str) -> str:
    """Return what stands before the first mark behind which more is told; all of `text` without one."""
    return APART.split(text.strip(), maxsplit=1)[0]


def named_by(words: Sequence[Token], labelled: Sequence[tuple[Emergency, str]]) -> list[Emergency]:
    """Return the same for the words of a text."""
    return [row for row, label in labelled if names(words, row.kind, words_of(label))]


def words_of(label: str) -> frozenset[str]:
    """The words of a label, without marks."""
    return frozenset(bare(token.text) for token in tokens_of(clean(label)))


def names(words: Sequence[Token], kind: str, label: frozenset[str]) -> bool:
    """Whether words name an emergency of this kind, or are in its `label`, and say nothing else."""
    place, told = 0, False
    while place < len(words):
        around = AROUND.at(words, place)
        named = end_of_name(words, place, kind, label)
        if not named and not around:
            return False
        told = told or (bool(named) and not around)
        place = max(named, around[1] if around else 0)
    return told


def end_of_name(words: Sequence[Token], place: int, kind: str, label: frozenset[str]) -> int:
    """Return where the name that begins at a place ends; 0 if none begins there."""
    of_kind = [end for named, end in NAMES.every(words, place) if named == kind]
    return max([*of_kind, *one_word(words[place], place, label)], default=0)


def one_word(word: Token, place: int, label: frozenset[str]) -> Iterable[int]:
    """Yield the end of the word at a place, if it is in the `label`."""
    return [place + 1] if {bare(form) for form in word.forms or (word.text,)} & label else []
