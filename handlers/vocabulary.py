"""What people type instead of pressing a button: words in files that anybody who speaks the language can correct.

They are in `handlers/words/`; a file that does not fit is a fault (see `phrases.WordsFault`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple

from questionnaires.answers.choices import without_courtesy
from questionnaires.answers.phrases import Words, other_languages
from questionnaires.answers.text import MESSAGES, clean, fold, one_spelling
from questionnaires.answers.text import bare as bare_word
from questionnaires.answers.tokens import Token, as_text, spells, tokens_of, without_marks
from questionnaires.answers.whole_phrases import WholePhrases

SHORT: Final = 12
"""In a longer message some words do not mean that somebody leaves: it may be a forwarded letter."""
OF_ONESELF: Final = frozenset(("leave", "moved", "name"))
LONGEST: Final = 200
"""The most letters of a message that may be a wish."""
OTHERS: Final = {key: other_languages().all_phrases(key) for key in ("same", "help")}
SAID: Final = Words.read(Path(__file__).parent / "words" / "goi-viec.toml").with_more("called", OTHERS)

OPENING: Final = SAID.table("opening", {"open": "open", "sent": "sent"}.__getitem__)
"""What people say before a questionnaire's name; alone, some of it means a report that was sent."""
BEFORE_A_NAME: Final = frozenset(map(fold, SAID.phrases("before_a_name")))
"""What people write before their name, folded."""

SURNAMES: Final = SAID.flags("surnames")
"""How people's names begin."""
NO_NAME: Final = SAID.flags("no_name")
"""Words that are in no name, although it may begin like one."""
AFTER_NO_SURNAME: Final = SAID.flags("after_no_surname")
"""Words that follow a surname in no name, unless it is written like one."""
COMMANDS: Final = frozenset(map(fold, SAID.phrases("commands")))
"""Messages, folded, that are no answer even to a question that takes any words."""
OF_REASONS: Final = Words.read(Path(__file__).parent / "words" / "ly-do.toml")
WHY: Final = OF_REASONS.flags("why")
"""Words that say why a figure is unusual."""
PUTS_OFF: Final = OF_REASONS.flags("puts_off")
"""How a head says that something is counted or asked first."""
ASKING: Final = OF_REASONS.flags("asking")
"""Words that ask for something, or want to see it."""
WISHING: Final = OF_REASONS.flags("wishing")
"""How wishes to see somebody or something begin."""
STOPPING: Final = OF_REASONS.flags("stopping")
"""What somebody says, asked for a reason, who would rather not go on."""
HOLDING_OFF: Final = OF_REASONS.flags("holding_off")
"""What may mean, within a longer answer to why, that its writer would rather not, pressed by mistake, or puts it off."""
OBJECTING: Final = SAID.flags("objecting")
"""How somebody objects to what is done with their data."""
WRONG_ABOUT: Final = SAID.flags("wrong_about")
"""How somebody says that what is kept about them is wrong."""
CHECKING: Final = SAID.flags("checking")
"""What an officer says before a village's name to check what it sent."""
UNAPPROVING: Final = SAID.flags("unapproving")
"""What an officer says first who wants an approval undone."""
LOCKING: Final = SAID.flags("locking")
"""What an officer says first who wants a period locked."""
REOPENING: Final = SAID.flags("reopening")
"""What an officer says first who wants a locked period open again."""
OF_PERIODS: Final = SAID.flags("of_periods")
"""Words that say that a locked period is meant."""
WITHDRAWING: Final = SAID.flags("withdrawing")
"""What an officer says first who takes back what was returned to a village."""
RETURNED_ASKED: Final = SAID.flags("returned_asked")
"""How an officer asks for the returned figures that nobody has answered."""
CHECKING_OF: Final = SAID.flags("checking_of")
"""What may stand beside that and the names."""
FILLING_IN: Final = SAID.flags("filling_in")
"""How an officer begins who fills in a questionnaire."""
REMINDING: Final = SAID.flags("reminding")
"""What an officer says to have somebody reminded."""
ASKED_OF_BOT: Final = SAID.flags("asked_of_bot")
"""How a request to the bot begins."""
OF_BOT: Final = SAID.flags("of_bot")
"""What such a request is about, and hardly anything that is said to whoever is in danger."""
OF_WORK: Final = SAID.codes("of_work")
"""Everyday business of a village or commune, "on", of which hardly anybody speaks to whoever is in danger; "off": what only
sounds so."""
OF_ANNOUNCING: Final = Words.read(Path(__file__).parent / "words" / "gui-tin.toml")
TO_ANNOUNCE: Final = OF_ANNOUNCING.flags("begin")
"""How a message begins that asks to send an announcement; its words may follow."""
TO_WHOM: Final = OF_ANNOUNCING.flags("to_whom")
"""What stands between that and the words."""
TO_MANY: Final = SAID.flags("to_many")
"""How a notice to many begins that somebody forwards."""
ONESELF: Final = SAID.flags("oneself")
"""How somebody speaks of themselves; no notice to many does."""
NOTICE: Final = 7
"""The fewest words of such a notice."""
ON_REQUEST: Final = SAID.flags("on_request")
"""How an officer speaks of a questionnaire that was sent out, without its name."""
ANSWERS_WANTED: Final = SAID.flags("answers_wanted")
"""What an officer says with that to see what was answered."""
HISTORY: Final = SAID.flags("history_of")
"""What people say before the figure whose history they want."""
HISTORY_ASKED: Final = SAID.flags("history_asked")
"""What people say of the same behind it."""
TRACED: Final = SAID.flags("traced")
"""How people ask where the figure is from that they were just told."""
COUNTING: Final = SAID.flags("counting")
"""What may stand before a figure's name and only says that something is counted."""
OF_TIME: Final = SAID.flags("of_time")
"""What follows a number that tells when."""
COMPARED: Final = SAID.flags("compared")
"""Words beside which another period is only compared with."""
OF_THE_MATTER: Final = frozenset(map(fold, SAID.phrases("of_the_matter")))
"""Messages, folded, that are about the open question although they sound like a wish."""
LOOK_AGAIN: Final = frozenset(map(fold, SAID.phrases("look_again")))
"""Messages, folded, that ask at a review to see the review again."""
OF_ALL: Final = SAID.flags("of_all")
"""Words that say that "as last time" means everything left, not the open question alone."""
CHANNELS: Final = SAID.codes("channels")
"""What people call a channel; if a platform has several channels, the part of their names before the dash."""


def by_first_word(phrases: Iterable[str]) -> dict[str, list[list[str]]]:
    """Return the folded words of each phrase by their first word, the longest phrases first."""
    table: dict[str, list[list[str]]] = {}
    for words in sorted((fold(phrase).split() for phrase in phrases), key=len, reverse=True):
        table.setdefault(words[0], []).append(words)
    return table


AROUND: Final = by_first_word(SAID.phrases("around"))
"""Words that may surround a wish."""


def bare(words: Sequence[str]) -> str:
    """Return folded `words` without those that only surround the others."""
    if AROUND.keys().isdisjoint(words):
        return " ".join(words)
    kept, place = list[str](), 0
    while place < len(words):
        length = length_around(words, place)
        if not length:
            kept.append(words[place])
        place += length or 1
    return " ".join(kept)


def length_around(words: Sequence[str], place: int) -> int:
    """Return how many words at `place` are a phrase that only surrounds others; 0 for none."""
    phrases = AROUND.get(words[place], ())
    return next((len(phrase) for phrase in phrases if words[place : place + len(phrase)] == phrase), 0)


INTENTS: Final = WholePhrases(SAID, "called")
"""What each whole message, folded, wishes."""
SIGNS: Final = {sign: name for name, signs in SAID.lists("signs").items() for sign in signs}
"""What a message of only pictures wishes, by the first of them."""
FORWARDED: Final = "forwarded"
"""The name of the wish that a forwarded notice to many stands for."""
NAMES: Final = frozenset((*INTENTS.lists, FORWARDED))


class Hint(NamedTuple):
    """What some words in a message wish: its place in the table, its name, all its words without marks, and the parts that
    follow each other."""

    place: int
    name: str
    words: tuple[str, ...]
    parts: tuple[tuple[str, ...], ...]


@cache
def hints() -> dict[str, list[Hint]]:
    """Return the hints by the one of their words that the fewest share: a message is compared with few of six thousand."""
    said = [(name, phrase) for name, phrases in SAID.lists("holding").items() for phrase in phrases]
    made = [
        Hint(
            place,
            name,
            tuple(map(bare_word, phrase.replace("…", " ").split())),
            tuple(tuple(clean(part).split()) for part in phrase.split("…")),
        )
        for place, (name, phrase) in enumerate(said)
    ]
    shared = Counter(chain.from_iterable(hint.words for hint in made))
    by_word: dict[str, list[Hint]] = {}
    for hint in made:
        by_word.setdefault(min(hint.words, key=shared.__getitem__), []).append(hint)
    return by_word


@cache
def among_others() -> dict[str, str]:
    """Return the same for messages without surrounding words, where these belong to a phrase; what then says nothing, or
    two things, is left out."""
    shorter: dict[str, set[str]] = {}
    for phrase, name in INTENTS.phrases():
        words = phrase.split()
        if rest := "" if AROUND.keys().isdisjoint(words) else bare(words):
            shorter.setdefault(rest, set()).add(name)
    return {phrase: names.pop() for phrase, names in shorter.items() if len(names) == 1}


@lru_cache(maxsize=MESSAGES)
def intent_of(text: str) -> str:
    """Return what a whole message wishes, as `goi-viec.toml` calls it; "" for nothing known.

    Surrounding words may be left out as long as two words remain; if fewer do, only courtesy may.
    """
    text = one_spelling(text[:LONGEST])
    folded = fold(text)
    if not folded:
        return SIGNS.get(text.strip()[:1], "")
    if " " not in folded:
        return INTENTS.get(folded)  # around one word, which most answers are, stands nothing
    polite = as_text(without_courtesy(tokens_of(clean(text)), ()))
    exact = INTENTS.get(folded) or INTENTS.get(fold(polite))
    shorter = bare(folded.split())
    if exact or " " not in shorter:
        return exact or ""
    if is_forwarded(text):
        return FORWARDED
    return INTENTS.get(shorter) or among_others().get(shorter, "")


def calls_page(text: str) -> bool:
    """Return whether all of `text` is the name of a page: wherever free words are asked for, it is opened, and taken for
    none."""
    return fold(text) in COMMANDS


def ends_as_question(text: str) -> bool:
    """Return whether `text` ends with a question mark, also with that of a Chinese keyboard."""
    return text.rstrip().endswith(("?", "？"))


def may_be_request(text: str) -> bool:
    """Return whether `text` wishes or asks something that is known here: where a reason is asked for, it is none before
    its writer says so."""
    words = without_marks(tokens_of(clean(text)))
    if ends_as_question(text) or ASKING.stands_in(words) or WISHING.at(words, 0) is not None:
        return True
    if WHY.first_in(words) is not None:
        return False
    return begins_request(text) or CHECKING.at(words, 0) is not None or bool(intent_of(text))


def says_slip(text: str) -> bool:
    """Return whether `text` calls a figure a slip, which is a reason to correct it or to send it back: "nhập sai"."""
    return intent_of(text) == "fix" and " " in fold(text)


def says_stop(text: str) -> bool:
    """Return whether all of `text` is a wish not to go on with what a reason is asked for: "thôi không trả nữa"."""
    words = without_courtesy(without_marks(tokens_of(clean(text[:LONGEST]))), ())
    return STOPPING.whole(words) is not None or intent_of(text) == "give_up"


def may_hold_off(text: str) -> bool:
    """Return whether an officer's `text`, asked for a reason, may be a wish not to go on, whatever else it says."""
    return HOLDING_OFF.stands_in(without_marks(tokens_of(clean(text[:LONGEST]))))


def asks_source(text: str) -> bool:
    """Return whether all of `text` asks where the figure is from that was just seen."""
    return TRACED.whole(without_marks(tokens_of(clean(text)))) is not None


def begins_request(text: str) -> bool:
    """Return whether `text` begins like a request that is no reason for anything: to see a history, to remind somebody, to
    undo an approval."""
    words = without_marks(tokens_of(clean(text)))
    begins = any(table.at(words, 0) is not None for table in (REMINDING, HISTORY, UNAPPROVING))
    return begins or TRACED.whole(words) is not None


def is_for_the_bot(text: str) -> bool:
    """Whether `text`, written while an emergency is open, reads like a request to the bot rather than words for whoever
    raised it."""
    words = without_courtesy(without_marks(tokens_of(clean(text[:LONGEST]))), ())
    return ASKED_OF_BOT.at(words, 0) is not None and OF_BOT.stands_in(words)


def is_about_bot(text: str) -> bool:
    """Whether `text` speaks of what the bot is asked for, and hardly anything that is said to whoever is in danger."""
    return OF_BOT.stands_in(without_marks(tokens_of(clean(text[:LONGEST]))))


def announcement_in(text: str) -> str:
    """Return the words of an announcement that `text` asks to send, and says at once; "" if it says none."""
    tokens = without_marks(tokens_of(clean(text[:LONGEST])))
    said = TO_ANNOUNCE.at(tokens, 0)
    end = said[1] if said else len(tokens)
    while (between := TO_WHOM.at(tokens, end)) is not None:
        end = between[1]
    words = text.split()[end:] if said else []
    return " ".join(words).lstrip(":,.;-– ") if len(words) > 1 else ""


def is_forwarded(text: str) -> bool:
    """Whether `text` is a forwarded notice to many: what it says is not said to the bot."""
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    return len(words) >= NOTICE and TO_MANY.at(words, 0) is not None


def hint_in(text: str) -> str:
    """Return what a message may wish by some of its words, if nothing else is understood; "" for nothing."""
    tokens = without_marks(tokens_of(clean(one_spelling(text[:LONGEST]))))
    known = forms_of(tokens)
    # Words that are not there cannot follow each other: most hints are done with before that is looked at.
    long = len(tokens) > SHORT and ONESELF.first_in(tokens) is None
    near = sorted(chain.from_iterable(hints().get(word, ()) for word in known))
    likely = (
        hint for hint in near if known.issuperset(hint.words) and not (long and hint.name in OF_ONESELF)
    )
    return next((hint.name for hint in likely if follow(tokens, hint.parts)), "")


def says_of_all(text: str) -> bool:
    """Whether a message is about everything that is left."""
    return OF_ALL.first_in(tokens_of(clean(text[:LONGEST]))) is not None


def channel_in(text: str) -> str:
    """Return which channel a message names, as `CHANNELS` calls it; "" for none."""
    return CHANNELS.first_in(tokens_of(clean(text[:LONGEST]))) or ""


def forms_of(tokens: Sequence[Token]) -> set[str]:
    """Return what the tokens may be, without marks."""
    return {bare_word(form) for token in tokens for form in token.forms or (token.text,)}


def follow(tokens: Sequence[Token], parts: Sequence[tuple[str, ...]]) -> bool:
    """Whether `parts` follow each other among `tokens`, with or without words between them."""
    place = 0
    for part in parts:
        starts = range(place, len(tokens) - len(part) + 1)
        at = next((start for start in starts if spells(tokens, start, part, exactly=False)), None)
        if at is None:
            return False
        place = at + len(part)
    return True
