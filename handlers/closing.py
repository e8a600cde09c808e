"""Whether a sentence may close an emergency by itself: it says that it is over, and nothing in it is left unread.

Words for what may still be wrong have no end ("còn âm ỉ", "hết nước dập", "nước lên hoài"); what people say when all is
well has. So a sentence closes only if each of its words belongs to one that says so, or to one that tells nothing. With
any other word it goes to the officers, and a button beside it closes.
"""

import re
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from handlers.danger import LONGEST, OTHER, SAID, asks_whether, but_courtesy, seems_over
from questionnaires.answers.phrases import Words
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Table, Token, tokens_of, without_marks
from storage.tables import Emergency

CLOSING_WORDS: Final = Words.read(Path(__file__).parent / "words" / "khep-tin.toml")


def harmless() -> dict[str, bool]:
    """The phrases of `HARMLESS`."""
    lists = (
        *map(SAID.phrases, ("over", "over_alone", "settled", "mistaken")),
        SAID.named("unfinished")["off"],
        CLOSING_WORDS.phrases("beside"),
        CLOSING_WORDS.phrases("order"),
    )
    return dict.fromkeys(chain.from_iterable(lists), True)


HARMLESS: Final = Table(harmless)
"""All that a sentence that closes an emergency may consist of."""
TOLD_OF: Final = CLOSING_WORDS.codes("told_of")
"""What an end is the end of, with the kinds of emergencies that may be meant, the likeliest first."""
WRONG_ONE: Final = CLOSING_WORDS.flags("wrong_one")
"""Words that say that it was a mistake about the place or the kind only: something happens there."""
HOURS: Final = CLOSING_WORDS.flags("hours")
"""What follows the number of an hour."""
TITLES: Final = frozenset(CLOSING_WORDS.phrases("titles"))
"""Words before a person's or a village's name."""
ORDER: Final = CLOSING_WORDS.flags("order")
"""How an officer asks, anywhere in a sentence, to close a message."""
ASKING: Final = CLOSING_WORDS.flags("asking")
"""What stands behind such words and says nothing more."""
NO_ORDER: Final = CLOSING_WORDS.flags("no_order")
"""What makes these words no order, right before them."""
LEAD: Final = 4
"""How far before an order such words may begin."""
CLAUSE: Final = re.compile("[.,;:!?()\n]")
"""Ends a clause, and with it a name."""


def may_close(text: str) -> bool:
    """Whether `text`, given as the sentence that closes an emergency, says clearly that it is over or was a mistake."""
    return (
        seems_over(text) and is_understood(text) and not WRONG_ONE.stands_in(tokens_of(clean(text[:LONGEST])))
    )


def closes(row: Emergency, text: str, *, chosen: bool = False) -> bool:
    """Whether `text` closes this emergency by itself: it says that all is well, and speaks of no other danger.

    `chosen`: its writer was asked which one it is for, and chose this one, whatever danger it names.
    """
    return may_close(text) and (chosen or not end_of_other(row, text))


def is_its_end(row: Emergency, text: str) -> bool:
    """Whether `text` says that this emergency is over, whatever else it says: an officer may close it with these words."""
    return seems_over(text) and not end_of_other(row, text)


def around_order(text: str) -> tuple[list[Token], list[Token]] | None:
    """Return the words of `text` before and after those that ask to close a message; None if none ask so: also if they
    deny that, put it off, or ask about it."""
    tokens = tokens_of(clean(text[:LONGEST]))
    if asks_whether(tokens):
        return None
    words = without_marks(tokens)
    orders = ((place, end) for place, _, end in ORDER.starts(words) if not is_put_off(words[:place]))
    return next(((words[:place], words[end:]) for place, end in orders), None)


def is_put_off(before: Sequence[Token]) -> bool:
    """Whether the words before an order end with some that make it none."""
    starts = range(max(0, len(before) - LEAD), len(before))
    return any(end == len(before) for start in starts for _, end in NO_ORDER.every(before, start))


def end_of_other(row: Emergency, text: str) -> str:
    """Return the kind of danger that `text` says is over, if it cannot be that of the emergency; else "".

    "Lửa tắt rồi" says nothing about a flood.
    """
    told = kinds_told_of(text) if seems_over(text) else []
    own = kinds_of(row)
    if not told or not all(own.isdisjoint(kinds) for kinds in told):
        return ""
    return told[0][0]


def kinds_of(row: Emergency) -> set[str]:
    """Return the kinds that an emergency may be of: if it was raised as something else, those that its first words name."""
    first = kinds_told_of(str(row.details[0]["text"])) if row.kind == OTHER and row.details else []
    return {row.kind, *chain.from_iterable(first)}


def goes_on_besides(row: Emergency, text: str) -> str:
    """Return the kind of danger of which `text` tells something else than its end, if only that kind can be meant: "lửa
    lại bùng lên" during a flood. "" if it is that of the emergency, or there is none."""
    told = [] if seems_over(text) else kinds_told_of(text)
    return next((kinds[0] for kinds in told if len(kinds) == 1 and row.kind not in kinds), "")


def kinds_told_of(text: str) -> list[list[str]]:
    """Return, for each danger that words name, the kinds that it may be."""
    return [kinds.split() for _, kinds, _ in TOLD_OF.starts(but_courtesy(text[:LONGEST]))]


def is_understood(text: str) -> bool:
    """Whether every word of `text`, but for names, says that all is well or tells nothing."""
    words = without_marks(tokens_of(clean(without_names(text[:LONGEST]))))
    place = 0
    while place < len(words) and (end := end_of_harmless(words, place)) > place:
        place = end
    return place == len(words)


def end_of_harmless(words: Sequence[Token], place: int) -> int:
    """Return where the harmless phrase or the hour at a place ends; the place itself if there is neither."""
    if words[place].kind != "number":
        return HARMLESS.past(words, place)
    end = HOURS.past(words, place + 1)
    return end if end > place + 1 or is_minute(words, place) else place


def is_minute(words: Sequence[Token], place: int) -> bool:
    """Whether the number at a place follows an hour: "15h30"."""
    return place > 1 and words[place - 2].kind == "number" and HOURS.at(words, place - 1) is not None


def without_names(text: str) -> str:
    """Return `text` without the capitalised words after a title: "ông Tư".

    Capitals say nothing where most words have one: "Nhà Ông Hai Sập" is no name.
    """
    words = text.split()
    if 2 * sum(word[0].isupper() for word in words) > len(words):
        return text
    return " ".join(chain.from_iterable(map(but_names, CLAUSE.split(text))))


def but_names(clause: str) -> list[str]:
    """Return the words of a clause but for names, which end with it: "bác Tư. Ngập nhà"."""
    kept: list[str] = []
    after_title = False
    for word in clause.split():
        after_title = after_title and word[0].isupper()
        if not after_title:
            kept.append(word)
        after_title = after_title or word.lower() in TITLES
    return kept
