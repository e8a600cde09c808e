"""Whether a sentence may close an emergency by itself: it says that it is over, and nothing in it is left unread.

Words for what may still be wrong have no end ("còn âm ỉ", "hết nước dập", "nước lên hoài"); what people say when all is
well has. So a sentence closes only if each of its words belongs to one that says so, or to one that tells nothing. With
any other word it goes to the officers, and a button beside it closes.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from handlers.danger import (
    CRY,
    DANGER,
    LONGEST,
    OF_SOMEBODY,
    OTHER,
    OVER_ALONE,
    SAID,
    TELLING_ON,
    asks_whether,
    but_courtesy,
    goes_on,
    is_cry,
    is_said,
    seems_over,
)
from handlers.emergency_named import OWN_NAMES
from questionnaires.answers.phrases import Words
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import Table, Token, as_text, tokens_of, without_marks
from storage.tables import Emergency

CLOSING_WORDS: Final = Words.read(Path(__file__).parent / "words" / "khep-tin.toml")


def harmless() -> dict[str, bool]:
    """The phrases of `HARMLESS`."""
    lists = (
        *map(SAID.phrases, ("over", "over_alone", "settled", "mistaken")),
        SAID.named("unfinished")["off"],
        *map(CLOSING_WORDS.phrases, ("beside", "order", "order_if_over", "order_clear")),
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
ORDER_IF_OVER: Final = CLOSING_WORDS.flags("order_if_over")
"""What asks so only beside words that say that all is well."""
ORDER_CLEAR: Final = CLOSING_WORDS.flags("order_clear")
"""What says that all is well, beside an order to close."""
LEFT_OPEN: Final = CLOSING_WORDS.flags("left_open")
"""What may say, beside an order to close, that all is not well for everybody."""
NOT_YET: Final = CLOSING_WORDS.flags("not_yet")
"""What says that closing waits for something."""
ALARMING: Final = (LEFT_OPEN, CRY, OF_SOMEBODY, TELLING_ON)
"""What nobody may leave unread in a sentence that closes an emergency."""
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


class ClosingOrder(NamedTuple):
    """An order to close, within a message."""

    before: list[Token]
    """The words before it, without marks."""
    behind: list[Token]
    """The words after it."""
    plain: bool
    """Whether it can mean nothing else, so that the words beside it need not all be understood."""


def around_order(text: str) -> ClosingOrder | None:
    """Return the order to close a message in `text`; None without one: also if it is denied, put off, or asked about."""
    tokens = tokens_of(clean(text[:LONGEST]))
    words = without_marks(tokens)
    if asks_whether(tokens) or NOT_YET.stands_in(words):
        return None
    return order_in(words, ORDER) or (order_in(words, ORDER_IF_OVER) if is_all_clear(words) else None)


def order_in(words: Sequence[Token], table: Table[bool]) -> ClosingOrder | None:
    """Return the first order of this `table` in some words, unless it is denied or put off."""
    found = ((place, end) for place, _, end in table.starts(words) if not is_put_off(words[:place]))
    plain = table is ORDER
    return next((ClosingOrder(list(words[:place]), list(words[end:]), plain) for place, end in found), None)


def is_all_clear(words: Sequence[Token]) -> bool:
    """Whether words beside an order to close say that all is well: "xong rồi" does, which alone might mean anything."""
    text = as_text(words)
    if seems_over(text):
        return True
    clear = is_said(OVER_ALONE, words) or is_said(ORDER_CLEAR, words)
    return clear and not (is_cry(text) or goes_on(words))


def ends_by_order(row: Emergency, told: Sequence[Token], *, plain: bool) -> bool:
    """Whether an order closes this emergency, given what is `told` beside it: that all is well, and nothing alarming in
    words that are not understood. Beside an order that is not `plain`, all are to be understood."""
    text = as_text(told)
    if not is_all_clear(told) or end_of_other(row, text) or WRONG_ONE.stands_in(told):
        return False
    unread = list(unread_in(told))
    return not unread or (plain and is_harmless(row, unread))


def is_harmless(row: Emergency, unread: Sequence[Sequence[Token]]) -> bool:
    """Whether none of the words that are not understood is alarming."""
    return not any(is_alarming(row, words) for words in unread)


def ends_if_ordered(row: Emergency, text: str) -> bool:
    """Whether `text` closes this emergency for an officer who has chosen to close it."""
    tokens = tokens_of(clean(text[:LONGEST]))
    words = without_marks(tokens)
    return not asks_whether(tokens) and not NOT_YET.stands_in(words) and ends_by_order(row, words, plain=True)


def is_closing_order(row: Emergency, text: str) -> bool:
    """Whether `text` orders to close this emergency and says, in words that are all understood, that all is well."""
    order = around_order(text)
    if order is None:
        return False
    return ends_by_order(row, told_beside(order, row.kind, ()), plain=False)


def told_beside(order: ClosingOrder, kind: str, place: Sequence[str]) -> list[Token]:
    """Return the words beside an order without the name of what is to be closed, unless they tell its end: "lũ rút cạn
    rồi"."""
    told = [word for words in (order.before, order.behind) for word in but_name(words, kind, place)]
    all_of_them = [*order.before, *order.behind]
    return all_of_them if is_all_clear(all_of_them) and not is_all_clear(told) else told


def but_name(words: Sequence[Token], kind: str, place: Sequence[str]) -> Sequence[Token]:
    """Return the words beside an order without those at their beginning that name what is to be closed, by its kind or
    place, or are courtesy."""
    at = 0
    while at < len(words) and (end := end_of_name(words, at, kind, place)) > at:
        at = end
    return words[at:]


def end_of_name(words: Sequence[Token], at: int, kind: str, place: Sequence[str]) -> int:
    """Return where the part of a name, or the courtesy, that begins at a place ends; the place itself for none."""
    of_kind = [end for named, end in OWN_NAMES.every(words, at) if named == kind]
    own = at + 1 if bare(words[at].text) in place else at
    return max([*of_kind, ASKING.past(words, at), own])


def is_alarming(row: Emergency, words: Sequence[Token]) -> bool:
    """Whether words speak of what is not over, or of another danger than that of the emergency."""
    others = any(kind not in kinds_of(row) for _, kind, _ in DANGER.starts(words))
    return others or any(table.stands_in(words) for table in ALARMING)


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
    return next(unread_in(words), None) is None


def unread_in(words: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield each run of words that neither says that all is well nor tells nothing."""
    start = place = 0
    while place < len(words):
        end = end_of_harmless(words, place)
        if end == place:
            place += 1
            continue
        if place > start:
            yield words[start:place]
        start = place = end
    if place > start:
        yield words[start:]


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
