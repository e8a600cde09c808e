"""Whether what an officer writes while an emergency is open is other business than a word to whoever raised it.

A village in danger must not read "mai họp 8 giờ" as its officer's answer. What is surely for the bot is answered by the bot.
Of the rest, only what surely speaks to the village goes on by itself: it asks about the event, promises or orders help, or
tells people what to do (`words/loi-cho-thon.toml`). All else goes to the village when its writer has chosen that, and with
no receipt: everyday business has more words than any list.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from handlers.danger import LONGEST, OTHER, SAID, asks_at_end, but_courtesy, heard, seems_over
from handlers.emergency_named import TO_RAISER, is_slip, takes_up_and_tells
from handlers.vocabulary import OF_WORK, is_about_bot, is_for_the_bot
from questionnaires.answers.phrases import Words
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import Table, Token, tokens_of, walk, without_marks

NOT_FOR_RAISER: Final = SAID.codes("not_for_raiser")
"""What whole messages do that tell whoever raised it nothing, as `purpose_of` gives it."""
FOR_VILLAGE: Final = Words.read(Path(__file__).parent / "words" / "loi-cho-thon.toml")
ALONE: Final = tuple(map(FOR_VILLAGE.flags, ("of_event", "of_help", "orders")))
"""Phrases of which one is enough."""
TOGETHER: Final = tuple(
    (FOR_VILLAGE.flags(first), FOR_VILLAGE.flags(then))
    for first, then in (("helpers", "on_the_way"), ("people", "to_safety"))
)
"""Phrases of which the one must follow the other."""
BETWEEN: Final = 3
"""How many words stand between such two at most."""
HELPS: Final = FOR_VILLAGE.flags("of_help")
"""Phrases that promise help."""
ORDERS: Final = FOR_VILLAGE.flags("orders")
"""Phrases that say what is to be done."""
ASKS: Final = FOR_VILLAGE.flags("asks")
"""Phrases that ask about what happens there."""
ASKS_FIRST: Final = FOR_VILLAGE.flags("asks_first")
"""The same, at the beginning only."""
BEGINNING: Final = range(3)
"""The places at the beginning."""


def purpose_of(text: str) -> str:
    """Return what a whole message does that tells whoever raised an emergency nothing: "drop" or "send" what
    waits to be sent on, "leave" a screen, ask the "bot", or perhaps one of these, "unsure"; "" for any other."""
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    return NOT_FOR_RAISER.whole(words) or NOT_FOR_RAISER.whole(but_courtesy(text)) or ""


def may_be_other(text: str) -> bool:
    """Whether `text` may be about something else than an emergency that is open: all that does not surely speak of it, and
    what sounds like other business besides."""
    return is_other(text) or not (speaks_to_village(text) or tells_end(text) or takes_up_and_tells(text))


def tells_end(text: str) -> bool:
    """Whether `text` says that it is over; "gửi nhầm" may be about something else that went by mistake."""
    return seems_over(text) and not is_slip(text)


def is_other(text: str) -> bool:
    """Whether `text` asks the bot for something, or speaks of everyday business, whatever else it says."""
    of_bot = is_for_the_bot(text) or (asks_at_end(text) and is_about_bot(text))
    return of_bot or bool(purpose_of(text)) or is_of_work(text)


def speaks_to_village(text: str) -> bool:
    """Whether `text` has words that are for people in danger, and hardly ever for anybody else."""
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    return any(table.stands_in(words) for table in ALONE) or any(follows(words, *both) for both in TOGETHER)


def cries_anew(text: str, kinds: Collection[str]) -> str:
    """Return the kind of danger that an officer's `text` tells of as of one that nobody has raised, while emergencies of
    these `kinds` are open; "" for none. What asks or promises help is about what is open; so are orders, unless they
    name a danger that none of these is."""
    kind = heard(text)
    if not kind or asks_at_end(text):
        return ""
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    other = kind != OTHER and kind not in kinds
    return "" if asks_there(words) or helps(words) or (orders(words) and not other) else kind


def asks_there(words: Sequence[Token]) -> bool:
    """Whether words ask about what happens in a village."""
    return ASKS.stands_in(words) or bool(ASKS_FIRST.first_in(words, BEGINNING))


def helps(words: Sequence[Token]) -> bool:
    """Whether words promise help, or say that it comes."""
    return HELPS.stands_in(words) or follows(words, *TOGETHER[0])


def orders(words: Sequence[Token]) -> bool:
    """Whether words answer people in danger, or tell them what to do."""
    return ORDERS.stands_in(words) or TO_RAISER.stands_in(words)


def follows(words: Sequence[Token], first: Table[bool], then: Table[bool]) -> bool:
    """Whether a phrase of one table is followed by one of the other, a few words later at most."""
    ends = (end for _, _, end in first.starts(words))
    return any(then.first_in(words, range(end, end + BETWEEN + 1)) for end in ends)


def is_of_work(text: str) -> bool:
    """Whether `text` speaks of everyday business of a village or commune: "mai họp lúc 8 giờ"."""
    found = (phrase for _, phrase in walk(but_courtesy(text), OF_WORK) if phrase)
    return any(meaning == "on" for meaning, _ in found)
