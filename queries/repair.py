"""What words that nobody knows may have been: a place near by, a time that is none, a word one letter away."""

from collections.abc import Iterable, Iterator
from itertools import takewhile
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from queries.frames import Open, Question
from queries.lattice import Lexicon
from queries.parts import Parts
from queries.spans import Role, Sentence, Span
from queries.understanding import OFFERED, Doubt, Offer, Understanding, which_indicator
from queries.vocabulary import GRAMMAR, LEVELS
from questionnaires.answers.places import TYPES, marked
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import tokens_of

MOST_WORDS: Final = 6
"""A misspelt name of a place has no more."""
FAR: Final = 2
"""Names with so many slips are others."""
YEAR: Final = 3
"""A number with more digits may be a year or an amount: no part of a name."""
SHORTEST: Final = 3
"""A mistyped word with fewer letters may have been anything."""
HALF: Final = 0.5
"""Words of which an indicator's names have less are none of its own: they may be a place's name."""
TYPED: Final = (Role.LEVEL, Role.EACH, Role.LISTED, Role.HOW_MANY, Role.OWN)
"""What may end in a type word."""
UNFINISHED: Final = frozenset(
    ("tại", "ở", "trong", "trên", "của", "về", "vào", "thuộc", "do", "để", "theo", "cho")
)
"""No question ends so: such a last word belongs to a name."""


def unexplained(parts: Parts, question: Question) -> Understanding:
    """Words are left over: what they may have been is offered, else the person is told which they are."""
    if name := unknown_place(parts.sentence):
        near = near_places(parts, name) or (Offer("drop", without_words(parts, name)),)
        return Understanding("clarify", question, Doubt.NO_PLACE, near, name)
    if when := parts.time.impossible:
        offers = (Offer("drop", without_words(parts, when)),)
        return Understanding("clarify", question, Doubt.WHICH_PERIOD, offers, when)
    unknown = tuple(word for span in parts.unread for word in parts.sentence.said(span))
    if near := near_places(parts, unknown):
        return Understanding("clarify", question, Doubt.NO_PLACE, near, unknown)
    if mended := repaired(parts, unknown):
        return Understanding("clarify", question, Doubt.UNKNOWN_WORDS, (Offer("text", mended),), unknown)
    if alike := alike_indicators(parts, question, unknown):
        return which_indicator(question, alike, unknown)
    if isinstance(question, Open) or not (question.measure or question.places):
        return Understanding("refuse", question, Doubt.OUTSIDE, words=unknown)
    together = all(span in parts.what.strays for span in parts.unread)
    doubt = Doubt.TOGETHER if together else Doubt.UNKNOWN_WORDS
    places = [span for span in parts.sentence.of(Role.PLACE) if any(parts.left_out)]
    rest = parts.sentence.without([*parts.unread, *places])
    return Understanding("clarify", question, doubt, (Offer("drop", rest),), unknown)


def without_words(parts: Parts, words: Iterable[str]) -> str:
    """The question without some of its words."""
    gone = set(words)
    return " ".join(token.text for token in parts.sentence.tokens if token.text not in gone)


def near_places(parts: Parts, words: Iterable[str]) -> tuple[Offer, ...]:
    """The places whose name is a slip away from words that nobody knows, the nearest in spelling first."""
    typed = [marked(word) for word in words if word.isalpha()]
    kind = TYPES.get(bare(typed[0])) if typed else None
    name = typed[1:] if kind else typed
    if not MOST_WORDS >= len(name) > 1 or (not kind and not GRAMMAR.isdisjoint(name)):
        return ()
    gazetteer = parts.ground.gazetteer
    far = gazetteer.near(name, (kind,) if kind else ())
    seen = [gazetteer.units[id] for id in far if parts.ground.asker.sees(id) and far[id] < FAR]
    nearest = sorted(parts.where.nearest(seen), key=lambda unit: far[unit.id])
    return tuple(Offer("place", str(unit.id)) for unit in nearest[:OFFERED])


def alike_indicators(parts: Parts, question: Question, unknown: tuple[str, ...]) -> list[str]:
    """The indicators whose names share most with the words that are left over and with what was named."""
    dictionary = parts.ground.dictionary
    if any(word.isdigit() and len(word) > YEAR for word in unknown):
        return []
    known = [word for word in unknown if dictionary.knows(word)]
    near = [word for span in parts.what.certain for word in parts.sentence.said(span)]
    alike = dictionary.alike([*known, *near]) if known else []
    if all(dictionary.share(id, unknown) < HALF for id in question.indicators):
        alike = [id for id in alike if dictionary.share(id, unknown) > HALF or not question.indicators]
    return alike or (dictionary.of_domain(question.domain) if question.domain else [])


# --- places and words -------------------------------------------------------------------------------------


def unknown_place(sentence: Sentence) -> tuple[str, ...]:
    """The name after a type word that is no place's ("xã Abc"), with the type word; () where there is none."""
    for place, span in enumerate(sentence.spans):
        kind = type_word(sentence, span)
        whole = bare(sentence.said(span)[0]) in ("toan", "ca")
        if span.role not in TYPED or whole or not kind:
            continue
        rest = list(takewhile(lambda part: in_name(sentence, part), sentence.spans[place + 1 :]))
        while rest and rest[-1].role is not Role.UNKNOWN and sentence.said(rest[-1])[0] not in UNFINISHED:
            rest.pop()
        if any(part.role is Role.UNKNOWN for part in rest):
            return (*kind, *(word for part in rest for word in sentence.said(part)))
    return ()


def type_word(sentence: Sentence, span: Span) -> tuple[str, ...]:
    """The type word at the end of a span ("các xã", "tổ dân phố"); () where there is none."""
    for start in range(span.start, span.end):
        level = LEVELS.at(sentence.tokens, start)
        if level is not None and level[1] == span.end:
            return tuple(token.text for token in sentence.tokens[start : span.end])
    return ()


def in_name(sentence: Sentence, span: Span) -> bool:
    """Whether a span may be a part of a name that nobody knows."""
    grammar = span.role in (Role.FILLER, Role.NEGATION) and span.end == span.start + 1
    return span.role is Role.UNKNOWN or (grammar and sentence.tokens[span.start].kind == "word")


def repaired(parts: Parts, unknown: Iterable[str]) -> str:
    """The question with one unknown word one letter away from a known one, if it is then understood; else ""."""
    dictionary = parts.ground.dictionary
    strange = [word for word in dict.fromkeys(unknown) if not dictionary.knows(word)]
    if len(strange) != 1 or len(strange[0]) < SHORTEST:
        return ""
    return next(mendings(parts, strange[0]), "")


def mendings(parts: Parts, word: str) -> Iterator[str]:
    """The question with a word put right that is then a part of what is asked about."""
    dictionary, tokens = parts.ground.dictionary, parts.sentence.tokens
    near = process.extract(bare(word), dictionary.folded, scorer=OSA.distance, score_cutoff=1, limit=None)
    for _, _, place in near:
        other = dictionary.vocabulary[place]
        text = " ".join(other if token.text == word else token.text for token in tokens)
        if bare(other)[0] == bare(word)[0] and is_read(parts, text, other):
            yield text


def is_read(parts: Parts, text: str, word: str) -> bool:
    """Whether every word of `text` is known, `word` as a part of what is asked about."""
    ground = parts.ground
    tokens = tokens_of(text)
    lexicon = Lexicon(ground.dictionary, ground.gazetteer, ground.today, ground.asker.nameable)
    sentence = Sentence(tokens, lexicon.best(tokens)[0][1])
    return word in sentence.words(Role.INDICATOR, Role.DOMAIN) and not sentence.of(Role.UNKNOWN)
