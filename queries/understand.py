"""What an official asks, in half a sentence: a typed, weighted grammar over the lattice of what words may mean.

A figure that answers another question than the one asked is the worst outcome; to ask back costs one message. So
nothing is guessed: a word that nobody knows, a name that fits several, a period to come, are each asked about, with
a way on wherever there is one.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from queries.dictionary import Dictionary, expand
from queries.english import in_vietnamese
from queries.frames import Missing, Open, Plan, Progress, Question, to_json
from queries.lattice import Lexicon
from queries.measured import MINORITY
from queries.parts import QuestionContext
from queries.reading import interpret
from queries.spans import Sentence
from queries.understanding import OFFERED, Before, Doubt, Offer, Understanding, settled, still_open
from queries.where import Asker
from questionnaires.answers.places import Gazetteer
from questionnaires.answers.text import clean
from questionnaires.answers.tokens import tokens_of

__all__ = ["LONGEST", "MINORITY", "Asker", "understand"]
LONGEST: Final = 300
"""No question is longer."""
READINGS: Final = 4
"""How many ways to read the words are weighed against each other."""
MARGIN: Final = 0.1
"""A reading that explains so little less than the best is as likely: a word of grammar is 0.5, a named one 1."""


def understand(
    text: str,
    dictionary: Dictionary,
    gazetteer: Gazetteer,
    asker: Asker,
    today: date,
    before: Before | None = None,
) -> Understanding:
    """What `text` asks; `before` is the question before it, for "còn xã Mỹ Lý?"."""
    context = QuestionContext(dictionary, gazetteer, asker, today)
    earlier = before.question if before else None
    meaning = still_open(read(text, context, earlier), before)
    if several := one_at_a_time(text, meaning, context):
        return several
    offers = tuple(
        offer for offer in meaning.offers if offer.slot != "drop" or leads_on(offer, context, earlier)
    )
    return replace(meaning, offers=offers or tuple(ways_on(meaning, context)))


def ways_on(meaning: Understanding, context: QuestionContext) -> Iterator[Offer]:
    """What is offered where nothing else leads on: the figures that were named, each by its full name; how the place
    stands that was named; where it was not said of what at all, the figures that are asked about most."""
    if meaning.status != "clarify":
        return
    query, dictionary = meaning.query, context.dictionary
    named = query.indicators or (dictionary.of_domain(query.domain) if query.domain else ())
    if not named and meaning.doubt is Doubt.WHICH_INDICATOR:
        named = dictionary.main
    yield from (Offer("indicator", id) for id in named[:OFFERED])
    seen = list(filter(context.asker.sees, query.places[:1]))
    if seen and not named:
        yield Offer("reading", json.dumps(to_json(Progress(places=tuple(seen)))))


def one_at_a_time(text: str, meaning: Understanding, context: QuestionContext) -> Understanding | None:
    """Several questions in one text, each answered by itself: they are offered one by one; None where it is one."""
    if len(text) > LONGEST or meaning.status == "refuse":
        return None
    loosely = meaning.doubt in (Doubt.TOGETHER, Doubt.UNKNOWN_WORDS)
    for mark in APART if loosely else APART[:1]:
        parts = [part.strip() for part in mark.split(text) if part.strip()]
        if len(parts) > 1 and all(is_whole(read(part, context, None)) for part in parts):
            offers = tuple(Offer("text", part) for part in parts[:OFFERED])
            return Understanding("clarify", Open(), Doubt.TWO_QUESTIONS, offers)
    return None


def is_whole(meaning: Understanding) -> bool:
    """Whether something is a question by itself: answered, and not by the mere name of a place."""
    told = meaning.query.measure or isinstance(meaning.query, Missing | Plan)
    return meaning.status == "answer" and bool(told)


SENTENCES: Final = re.compile(r"[?!;]+\s+|\.\s+(?!\d)")
APART: Final = (SENTENCES, re.compile(r",\s+|\s+rồi\s+"), re.compile(r"\s+(?:và|va|and|with)\s+"))
"""Between what questions in one text stand, the surest first; a mere comma counts only where the whole is not answered."""


def leads_on(offer: Offer, context: QuestionContext, before: Question | None) -> bool:
    """Whether a question without some of its words is answered."""
    return read(offer.value, context, before).status == "answer"


def read(text: str, context: QuestionContext, before: Question | None) -> Understanding:
    """What `text` asks, with ways on that need not lead to an answer."""
    if len(text) > LONGEST:
        return Understanding("refuse", Open(), Doubt.TOO_LONG)
    lexicon = Lexicon(context.dictionary, context.gazetteer, context.today, context.asker.nameable)
    typed = tokens_of(expand(clean(" ".join(text.split()))))
    tokens = in_vietnamese(typed, context.dictionary, lexicon.names)
    if not any(token.kind in ("word", "number") for token in tokens):
        return Understanding("refuse", Open(), Doubt.EMPTY)
    best, *others = lexicon.best(tokens, READINGS)
    meaning = interpret(Sentence(tokens, best[1]), context, before)
    if meaning.status != "answer":
        return meaning
    near = (Sentence(tokens, spans) for score, spans in others if score > best[0] - MARGIN)
    rival = between_readings(meaning, (interpret(sentence, context, before) for sentence in near))
    return rival or replace(settled(meaning.query, context.dictionary.plans), went_on=meaning.went_on)


def between_readings(meaning: Understanding, others: Iterable[Understanding]) -> Understanding | None:
    """Which question is meant, where other readings of the words would answer another one; None where none does."""
    questions = dict.fromkeys((meaning.query, *(other.query for other in others if other.status == "answer")))
    if len(questions) == 1:
        return None
    offers = tuple(Offer("reading", json.dumps(to_json(question))) for question in questions)
    return Understanding("clarify", meaning.query, Doubt.WHICH_READING, offers)
