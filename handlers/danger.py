"""Hears a cry of danger in what somebody writes, whatever is open: flood, landslide, fire, death, epidemic …

The words are in `handlers/words/khan-cap.toml`. A danger that is named is told from one that is only mentioned:
nothing just before it denies it ("không sạt lở", "phòng cháy"), and nothing in the sentence makes it past, a
precaution or a question. A cry for help counts in any company.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Final

from handlers.spoken_forms import with_slips
from handlers.vocabulary import ONESELF, intent_of
from questionnaires.answers.choices import without_courtesy
from questionnaires.answers.phrases import Words
from questionnaires.answers.text import clean, fold, has_letters
from questionnaires.answers.tokens import Table, Token, as_text, tokens_of, without_marks
from questionnaires.answers.words import DONT_KNOW, POLITE, PRONOUN

SAID: Final = Words.read(Path(__file__).parent / "words" / "khan-cap.toml")
KINDS: Final = ("lu-quet", "sat-lo", "chia-cat", "chay", "dich-benh", "khac")
"""The kinds of emergencies, as buttons and sentences name them."""


def table_of_kinds(name: str) -> Table[str]:
    """Return the phrases of a table, each with the kind that it is listed under."""
    return SAID.table(name, dict(zip(KINDS, KINDS, strict=True)).__getitem__)


DANGER: Final = table_of_kinds("danger")
SUBJECTS, HAPPENINGS = SAID.cut("apart")
"""What a cry tells of, and what happens to it."""
BETWEEN: Final = SAID.codes("between")
"""Words that, between those two parts, make them no danger of a kind, by the kind: "nhà ông Sính nước chay"."""
ALONE: Final = table_of_kinds("alone")
"""What is a danger if nothing else is said."""
GAP: Final = 6
"""How many words may stand between the two parts of a cry."""
OF_SOMEBODY: Final = table_of_kinds("of_somebody")
"""What is a danger if it happens to somebody."""
OF_MANY: Final = table_of_kinds("of_many")
"""What is a danger if it happens to many at once."""
SOMEBODY: Final = SAID.flags("somebody")
MANY: Final = SAID.flags("many")
MANY_PEOPLE: Final = 3
"""From this number of people on, in figures, they are many."""
HINT: Final = table_of_kinds("hint")
URGENT: Final = SAID.flags("urgent")
"""Words that say that what is named is happening now."""
CRY: Final = SAID.flags("cry")
"""Words that call for help by themselves, whatever happened."""
OVER_ALONE: Final = SAID.flags("over_alone")
"""The same, if nothing else is said."""
SLIP: Final = SAID.flags("slip")
"""Words that take back whatever was just done."""
OVER: Final = SAID.flags("over")
"""Words that say that a danger has passed, or that its message may be closed."""
SETTLED: Final = SAID.flags("settled")
"""Words that say, in a closing sentence, that somebody saw to it."""
HOWEVER: Final = SAID.flags("however")
"""Words that turn a sentence: a danger named after them goes on, whatever is over."""
UNFINISHED: Final = SAID.codes("unfinished")
"""What words say in such a sentence; "on": that it goes on, that something is needed, or that somebody died."""
DIED: Final = SAID.flags("died")
"""A word that is an exclamation or, said of somebody, their death."""
MISTAKEN: Final = SAID.flags("mistaken")
"""Words that say, in a closing sentence, that nothing was the matter."""
ASKS_WHETHER: Final = SAID.flags("asks_whether")
"""Words that ask, at the end of a sentence, whether it is so."""
RECEIPT: Final = SAID.flags("receipt")
"""Words that say only that something was read."""
CLOSING: Final = SAID.flags("closing")
"""How a message begins that asks to close an emergency."""
UNLESS_BEFORE: Final = SAID.flags("unless_before")
"""Words that deny a danger named directly after them."""
HARMLESS: Final = SAID.flags("harmless")
"""What names no danger if nothing else is said, whatever it may be without its marks."""
CALM: Final = SAID.flags("calm")
"""Words that tell or ask of a danger as of any other matter: nobody is crying out."""
SO: Final = SAID.flags("so")
"""Words at the beginning that say that a cry is meant."""
VAGUE_NO: Final = SAID.flags("vague_no")
"""What may say that no cry is meant, and may be meant for anything else as well."""
VAGUE_YES: Final = SAID.flags("vague_yes")
"""What may say that words are more of a danger, and may be said about the open questionnaire."""
NOTHING_MORE: Final = SAID.flags("nothing_more")
"""What says nothing about a danger and answers nothing."""
ASKED_OF: Final = SAID.flags("asked_of")
"""Matters that a questionnaire asks about calmly, and that would be a danger if somebody cried them out."""
TELLING_ON: Final = SAID.flags("telling_on")
"""What is said about a danger that is known already."""
NOT_SO: Final = SAID.flags("not_so")
"""The words that an answer consists of if it says that a cry is none."""
FIGURATIVE: Final = SAID.flags("figurative")
"""Phrases in which a word of danger means no danger."""
ANYBODY: Final = tuple(map(fold, SAID.phrases("anybody")))
"""What an unknown person may cry, folded. It only tells them whom to call, so it is heard more easily."""
EPIDEMIC: Final = "dich-benh"
OTHER: Final = "khac"
"""The kind of a danger about which nothing more is said."""
LONGEST: Final = 1000
"""The most letters of a message that is searched for a cry."""
CLEAR: Final = 2
"""This many words make a no clear, whatever follows; "không" alone may deny what follows."""
CLOSE: Final = "close_emergency"
"""The wish to close an emergency, as `goi-viec.toml` names it."""
GIVE_UP: Final = "give_up"
"""The wish to give something up, whatever it is."""
LEAD: Final = 6
"""How far before a danger a word may stand that denies it."""


def heard(text: str, *, in_words: bool = False) -> str:
    """Return the kind of danger that `text` cries out, one of `KINDS`; "" for none. If any words are wanted just now
    (`in_words`), what is named must be urgent too."""
    if not has_letters(text):
        return ""
    tokens = list(map(with_slips, tokens_of(clean(text[:LONGEST]))))
    words = without_marks(tokens)
    if CRY.stands_in(words):
        kinds = kinds_named(words, urgent=True, in_words=in_words)
        return specific(kinds) or specific(hinted(words)) or OTHER
    if is_calm(tokens, words) or HARMLESS.whole(words):
        return ""
    if not in_words and (alone := ALONE.whole(words)):
        return alone
    urgent = URGENT.stands_in(words) or has_mark(tokens, "!")
    kinds = kinds_named(words, urgent=urgent, in_words=in_words)
    return specific(kinds) or (OTHER if kinds else "")


def kinds_told(text: str, *, hinted: bool) -> list[str]:
    """Return the kinds of danger that `text` names outright or, if `hinted`, only hints at, none of them denied, asked
    about or past."""
    if not has_letters(text):
        return []
    tokens = list(map(with_slips, tokens_of(clean(text[:LONGEST]))))
    words = without_marks(tokens)
    if is_calm(tokens, words):
        return []
    return kinds_named(words, urgent=hinted, in_words=False)


def is_calm(tokens: Sequence[Token], words: Sequence[Token]) -> bool:
    """Whether something is said calmly, or asked, so that a danger in it is none now; `words` are without marks."""
    return CALM.stands_in(words) or has_mark(tokens, "?")


def hinted(words: Sequence[Token]) -> list[str]:
    """Return the kinds that words hint at, whatever stands beside them."""
    return [kind for _, kind, _ in HINT.starts(words)]


def kinds_named(words: Sequence[Token], *, urgent: bool, in_words: bool) -> list[str]:
    """Return the kinds of danger that are named, then those hinted at, which only something urgent makes a danger."""
    if in_words and not urgent:
        return []
    kinds = [*named(DANGER, words), *told_apart(words), *befallen(words)]
    # "Lũ đã rút, không sao rồi" hints at a flood that is over.
    over = is_settled(words) and not goes_on(words)
    return kinds if over or not urgent else kinds + named(HINT, words)


def befallen(words: Sequence[Token]) -> list[str]:
    """Return the kinds of danger that happen to somebody, or to many at once, wherever in the sentence they are named."""
    of_one = named(OF_SOMEBODY, words) if SOMEBODY.stands_in(words) else []
    return of_one + (named(OF_MANY, words) if speaks_of_many(words) else [])


def tells_of_others(text: str) -> bool:
    """Whether `text` is about somebody other than the writer."""
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    return SOMEBODY.stands_in(words) and not ONESELF.stands_in(words)


def speaks_of_many(words: Sequence[Token]) -> bool:
    """Whether many people are named: in words, or by a number before them."""
    return MANY.stands_in(words) or any(counts_many(words, place) for place in range(len(words)))


def counts_many(words: Sequence[Token], place: int) -> bool:
    """Whether the number at `place` counts many people."""
    number = words[place].text
    many = words[place].kind == "number" and number.isdecimal() and int(number[:9]) >= MANY_PEOPLE
    return many and SOMEBODY.at(words, place + 1) is not None


def told_apart(words: Sequence[Token]) -> Iterator[str]:
    """Yield the kinds of danger that are told in two parts, with other words between them, neither part denied."""
    for place in range(len(words)):
        for subjects, behind in SUBJECTS.every(words, place):
            ends = range(behind, min(behind + GAP, len(words)))
            denied = is_denied(words[:place]) or is_aside(words, place, behind)
            told = ((kind, end) for end in ends if not denied for kind in told_at(words, end, subjects))
            yield from (kind for kind, end in told if not is_between(kind, words[behind:end]))


def is_aside(words: Sequence[Token], place: int, behind: int) -> bool:
    """Whether the words from `place` to `behind` are part of a phrase that means no danger: "tong ket nha tam"."""
    phrases = (FIGURATIVE.at(words, start) for start in range(max(0, place - GAP), place + 1))
    return any(phrase is not None and behind <= phrase[1] for phrase in phrases)


def is_between(kind: str, words: Sequence[Token]) -> bool:
    """Whether `words`, between the two parts of a danger of this kind, make them none."""
    return any(of == kind for _, of, _ in BETWEEN.starts(words))


def told_at(words: Sequence[Token], place: int, subjects: frozenset[str]) -> Iterator[str]:
    """Yield the kinds that the words at `place` complete, if they stand after one of these `subjects`."""
    told = [kind for happened, _ in HAPPENINGS.every(words, place) for kind, of in happened if of in subjects]
    mere = FIGURATIVE.at(words, place) and not DIED.at(words, place)
    if told and not (mere or is_denied(words[:place])):
        yield from told


def specific(kinds: Sequence[str]) -> str:
    """Return the first kind that says more than that there is some danger; "" for none."""
    return next((kind for kind in kinds if kind != OTHER), "")


def has_mark(tokens: Sequence[Token], mark: str) -> bool:
    return any(token.text == mark for token in tokens)


def cried_by_anybody(text: str) -> bool:
    """Whether `text`, from an unknown person, may be a cry for help."""
    words = f" {fold(text)} "
    return any(f" {cry} " in words for cry in ANYBODY) or bool(heard(text))


def is_cry(text: str) -> bool:
    """Whether `text` itself calls for help, which is no answer to anything."""
    return CRY.stands_in(tokens_of(clean(text[:LONGEST])))


def says_over(text: str) -> bool:
    """Whether `text` says that what was raised is over; this means something only while an emergency is open."""
    if not has_letters(text):
        return False
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    if OVER_ALONE.whole(words) or OVER_ALONE.whole(without_courtesy(words, ())):
        return True
    return is_said(OVER, words)


def is_said(table: Table[bool], words: Sequence[Token]) -> bool:
    """Whether a phrase of `table` is among `words`, not denied by the words just before it."""
    return any(not is_denied(words[:place]) for place, _, _ in table.starts(words))


def seems_over(text: str) -> bool:
    """Whether `text`, given as the sentence that closes an emergency, says that it is over or was a mistake.

    A cry, or words that say neither, close nothing by themselves: "không nhầm đâu, lũ đang lên".
    """
    tokens = tokens_of(clean(text[:LONGEST]))
    words = without_marks(tokens)
    if is_cry(text) or goes_on(words) or asks_whether(tokens):
        return False
    return is_settled(words) or (is_said(MISTAKEN, words) and not heard(text))


def is_settled(words: Sequence[Token]) -> bool:
    """Whether words say that something is over, or that all is well."""
    return OVER_ALONE.whole(words) is True or is_said(OVER, words) or is_said(SETTLED, words)


def asks_whether(tokens: Sequence[Token]) -> bool:
    """Whether a sentence asks: "mọi người an toàn cả rồi hả" tells nothing."""
    words = without_marks(tokens)
    return has_mark(tokens, "?") or any(end == len(words) for _, _, end in ASKS_WHETHER.starts(words))


def asks_at_end(text: str) -> bool:
    """Whether the words of `text` end by asking whether it is so, with or without a question mark."""
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    return any(end == len(words) for _, _, end in ASKS_WHETHER.starts(words))


def is_receipt(text: str) -> bool:
    """Whether `text` says only that its writer has read something: "rõ", "ok rõ rồi", "đã nhận"."""
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    return any(some and ends_of(RECEIPT, some) == len(some) for some in (words, without_courtesy(words, ())))


def goes_on(words: Sequence[Token]) -> bool:
    """Whether something goes on, is needed or was lost, or stands after a "but" and is not said to be over there: "dọn
    xong rồi nhưng lại sạt"."""
    if "on" in named(UNFINISHED, words) or (SOMEBODY.stands_in(words) and DIED.stands_in(words)):
        return True
    turns = [end for _, _, end in HOWEVER.starts(words)]
    rest = words[turns[-1] :] if turns else []
    return bool(rest) and not (is_settled(rest) or is_said(MISTAKEN, rest))


def only_closes(text: str) -> bool:
    """Whether `text` asks to close a message and tells nothing: it is not a sentence that officers could read.

    Naming the message, as in "khép tin cháy", does not make it one.
    """
    # Most answers are bare numbers: of these nothing more is looked up.
    if not has_letters(text):
        return False
    if intent_of(text) == CLOSE:
        return True
    rest = behind_closing(text)
    if rest is None or len(rest) > GAP or is_cry(text) or goes_on(rest):
        return False
    return not any(is_said(table, rest) for table in (OVER, SETTLED, MISTAKEN))


def calls_off(text: str) -> bool:
    """The same, where no questionnaire is open that could be given up instead: also "huỷ đi"."""
    return only_closes(text) or intent_of(text) == GIVE_UP


def behind_closing(text: str) -> Sequence[Token] | None:
    """Return what follows the words in `text` that ask to close a message; None if it does not begin with them."""
    words = but_courtesy(text)
    asked = CLOSING.at(words, 0)
    return words[asked[1] :] if asked else None


def but_courtesy(text: str) -> list[Token]:
    """Return the words of `text` without marks, and without courtesy around them."""
    return without_courtesy(without_marks(tokens_of(clean(text[:LONGEST]))), ())


def is_whole(table: Table[bool], text: str) -> bool:
    """Whether `text` is one phrase of `table`, with at most courtesy around it."""
    return table.whole(but_courtesy(text)) is True


def is_bare_slip(text: str) -> bool:
    """Whether `text` says only that something, whatever it was, was a slip: "nhầm ạ"."""
    return is_whole(SLIP, text)


def beside_slip(text: str) -> str:
    """Return what `text` says, without a number, besides that something was a slip; "" if nothing, or if it says no
    such thing."""
    words = but_courtesy(text)
    slip = next(SLIP.starts(words), None)
    if slip is None or any(word.kind == "number" for word in words):
        return ""
    return as_text([*words[: slip[0]], *words[slip[2] :]])


def is_bare_end(text: str) -> bool:
    """Whether `text` says only that something, whatever it was, is over or was a slip: "xong rồi"."""
    return is_whole(OVER_ALONE, text) or is_whole(NOTHING_MORE, text) or is_bare_slip(text)


def knows_nothing(text: str) -> bool:
    """Whether `text` says only that somebody does not know."""
    return is_whole(DONT_KNOW, text)


def ends(text: str) -> bool:
    """Whether `text` says that an open emergency is over, or never was one: "nhầm rồi, không có cháy đâu"."""
    return says_over(text) or seems_over(text)


def is_meant(text: str) -> bool | None:
    """Whether `text` says that a cry is meant: False for an outright no, True for a yes with more of it; None for
    neither."""
    tokens = without_marks(tokens_of(clean(text[:LONGEST])))
    if says_none(text):
        return False
    rest = behind_yes(text)
    # "đúng, tìm thấy rồi" is no alarm any more: it is asked about again. "dung bao ngay di", which is a yes and nothing
    # else, may hold a no only because no marks were typed.
    doubtful = rest is None or (bool(rest) and (NOT_SO.stands_in(tokens) or says_over(text)))
    return None if doubtful or not tells_more(rest or ()) else True


def says_none(text: str) -> bool:
    """Whether `text` says that a cry is none: outright, or first of all, if it then names no danger that goes on.

    If it begins so and names a danger, it is a no only if it ends so too: "nhầm, cháu nó đốt nương, không sao".
    """
    said = but_courtesy(text)
    start = ends_of(NOT_SO, said)
    if said and start == len(said):
        return True
    if behind_yes(text) is not None or is_cry(text):
        return False
    if seems_over(text) and not heard(text):
        return True
    rest = said[start:]
    vague = start < CLEAR or ends_of(VAGUE_NO, said) >= start
    if vague or URGENT.stands_in(rest):
        return False
    return ends_so(rest) or not speaks_on(as_text(rest))


def says_no(text: str) -> bool:
    """Whether `text` begins with what may be a mere no: "không có gì đâu", "báo nhầm rồi"."""
    return ends_of(NOT_SO, but_courtesy(text)) > 0


def ends_so(words: Sequence[Token]) -> bool:
    """Whether the last words say that a cry is none."""
    return any(ends_of(NOT_SO, words[at:]) == len(words) - at for at in range(len(words)))


def behind_yes(text: str) -> Sequence[Token] | None:
    """Return the words after the yes with which `text` begins; None if it begins with none."""
    tokens = without_marks(tokens_of(clean(text[:LONGEST])))
    yes = max(ends_of(SO, without_courtesy(tokens, ())), ends_of(SO, tokens))
    return tokens[yes:] if yes else None


def is_vague_no(text: str) -> bool:
    """Whether a no about a cry may be meant for something else: "thôi"."""
    return is_whole(VAGUE_NO, text)


def is_vague_yes(text: str) -> bool:
    """Whether a yes to "is it more of a danger?" may be meant for a questionnaire: "gửi"."""
    return is_whole(VAGUE_YES, text)


def says_nothing(text: str) -> bool:
    """Whether `text` neither tells more of a danger nor answers whether there is one: "xong"."""
    return is_whole(NOTHING_MORE, text)


def speaks_on(text: str) -> bool:
    """Whether `text` may be about a danger that is known already; it means that only while one is open."""
    if not has_letters(text):
        return False
    words = without_marks(list(map(with_slips, tokens_of(clean(text[:LONGEST])))))
    kinds = kinds_named(words, urgent=True, in_words=False)
    return bool(kinds) or any(table.stands_in(words) for table in (CRY, OVER, TELLING_ON))


def tells_more(words: Sequence[Token]) -> bool:
    """Whether what follows a yes is nothing, or more of the danger."""
    return not words or any(table.stands_in(words) for table in (CRY, URGENT, DANGER, HINT))


def ends_of(table: Table[bool], words: Sequence[Token]) -> int:
    """Return how many of `words`, from the first on, are phrases of `table`, with courtesy after the first of them."""
    place = 0
    while entry := table.at(words, place) or (place and courtesy_at(words, place)):
        place = entry[1]
    return place


def courtesy_at(words: Sequence[Token], place: int) -> tuple[bool, int] | None:
    """Return the courtesy at a place, and where it ends."""
    return POLITE.at(words, place) or PRONOUN.at(words, place)


def mentions(text: str) -> bool:
    """Whether `text`, a question, is about some danger, so that its answers are too."""
    words = tokens_of(clean(text))
    return any(table.stands_in(words) for table in (DANGER, HINT, ASKED_OF))


def is_of_question(text: str, asked: str) -> bool:
    """Whether the question `asked` is about the danger that `text` names, if it names any.

    For a question about villages short of water, "sạt lở rồi, sập 2 nhà" tells nothing, whatever its number.
    """
    words = without_marks(tokens_of(clean(text[:LONGEST])))
    starts = (table.starts(words) for table in (DANGER, HINT, OF_SOMEBODY, OF_MANY, HAPPENINGS))
    dangers = {
        fold(token.text) for place, _, end in chain.from_iterable(starts) for token in words[place:end]
    }
    return not dangers or not dangers.isdisjoint(fold(asked).split())


def named(table: Table[str], words: Sequence[Token]) -> list[str]:
    """Return the kinds of the phrases of `table` among `words`, except those denied by the words just before them."""
    kinds, place, denied = list[str](), 0, -1
    while place < len(words):
        entry, aside = table.at(words, place), FIGURATIVE.at(words, place)
        if aside and (entry is None or aside[1] >= entry[1]):
            place = aside[1]
        elif entry is None:
            place += 1
        else:
            kind, end = entry
            if place == denied or is_denied(words[:place]):
                denied = end
            else:
                kinds.append(kind)
            place = end
    return kinds


def is_denied(before: Sequence[Token]) -> bool:
    """Whether the words `before` end with a phrase that says that what follows is not so now."""
    starts = range(max(0, len(before) - LEAD), len(before))
    return any(entry[1] == len(before) for start in starts if (entry := UNLESS_BEFORE.at(before, start)))
