"""Leave out the numbers that a sentence denies: of "có ba hộ, ko phải hai", only the three is told.

A denied number answers no question. The words stand in `words/sua-mot-cau.toml` and `words/nhieu-cau.toml`.
"""

from collections.abc import Sequence
from typing import Final

from questionnaires.answers.likely import COUNTED, numbered_at
from questionnaires.answers.phrases import FOLDER, Words
from questionnaires.answers.tokens import Table, Token

CALLED_WRONG: Final = Words.read(FOLDER / "sua-mot-cau.toml").flags("called_wrong")
AFTER: Final = Words.read(FOLDER / "nhieu-cau.toml").flags("after_denied")
"""Words behind a denied number that belong to its denial."""
RANGE: Final = frozenset(("-", "–", "/", "đến", "den", "tới", "toi", "hay", "hoặc", "hoac"))
"""What joins a denied number and a second one: "không phải 2-3 hộ"."""


def denied_at(tokens: Sequence[Token], place: int) -> int | None:
    """Return where a denied number ends whose denial begins at `place`, with what it counts; None if there is none."""
    denial = CALLED_WRONG.at(tokens, place)
    return end_of_number(tokens, denial[1]) if denial else None


def end_of_number(tokens: Sequence[Token], place: int) -> int | None:
    """Return where the number at `place` ends, with what it counts and the words of a denial behind it."""
    value, end = numbered_at(tokens, place) if place < len(tokens) else (None, place)
    if value is None:
        return None
    last = past(AFTER, tokens, COUNTED.past(tokens, end))
    # One word may be no number: "không phải năm ngoái".
    if tokens[place].kind != "number" and end - place == 1 and last == end and goes_on(tokens, end):
        return None
    joined = end_of_number(tokens, end + 1) if end < len(tokens) and tokens[end].text in RANGE else None
    return joined or last


def goes_on(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word, and no mark, stands at `place`."""
    return place < len(tokens) and tokens[place].kind != "mark"


def past(table: Table[bool], tokens: Sequence[Token], place: int) -> int:
    """Return the place after all phrases of `table` that follow each other from `place` on."""
    while (end := table.past(tokens, place)) != place:
        place = end
    return place


def without_denied(tokens: Sequence[Token]) -> list[Token]:
    """Return `tokens` without the numbers that are denied, and without the words that deny them.

    >>> as_text(without_denied(tokens_of("có ba hộ, ko phải hai"))), as_text(without_denied(tokens_of("ko phải 2 mà là 3")))
    ('có ba hộ ,', 'là 3')
    """
    kept, place = list[Token](), 0
    while place < len(tokens):
        end = denied_at(tokens, place)
        if end is None:
            kept.append(tokens[place])
        place = end or place + 1
    return kept
