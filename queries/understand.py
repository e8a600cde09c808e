"""What an official asks, in half a sentence: a typed, weighted grammar over the lattice of what words may mean.

A figure that answers another question than the one asked is the worst outcome; to ask back costs one message. So
nothing is guessed: a word that nobody knows, a name that fits several, a period to come, are each asked about, with
a way on wherever there is one.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from queries.dictionary import Dictionary, expand
from queries.english import in_vietnamese
from queries.frames import Open, Question, to_json
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
"""So many ways to read the words are weighed against each other."""
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
    offers = tuple(
        offer for offer in meaning.offers if offer.slot != "drop" or leads_on(offer, context, earlier)
    )
    return replace(meaning, offers=offers or tuple(ways_on(meaning, context)))


def ways_on(meaning: Understanding, context: QuestionContext) -> Iterator[Offer]:
    """What is offered where nothing else leads on: the figures that were named, each by its full name."""
    if meaning.status == "clarify":
        query = meaning.query
        domain = context.dictionary.of_domain(query.domain) if query.domain else ()
        yield from (Offer("indicator", id) for id in (query.indicators or domain)[:OFFERED])


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
