"""Understands an official's question with a hand-written, weighted grammar over the lattice of possible meanings.

Answering another question than the one asked is the worst outcome; asking back costs one message. So nothing is
guessed: unknown words, names that fit several things and future periods are all asked about, with a way on wherever
there is one.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Final

from queries.abbreviations import expand
from queries.asides import is_no_question, put_right, stories
from queries.asked_at_once import asked_at_once
from queries.context import QuestionContext
from queries.dictionary import Dictionary
from queries.english import in_vietnamese
from queries.frames import (
    Compare,
    Difficulties,
    Lookup,
    Measure,
    Missing,
    Open,
    Plan,
    Progress,
    Question,
    Ranking,
    When,
    slots_of,
)
from queries.going_on import replaced
from queries.lattice import Lexicon
from queries.quoted import in_words_of_a_plan
from queries.reading import interpret
from queries.spans import Sentence
from queries.stored import from_json
from queries.understanding import (
    NONE,
    OFFERED,
    Before,
    Doubt,
    Offer,
    Understanding,
    question_offer,
    question_offers,
    settled,
    still_open,
)
from queries.vocabulary import SUM, TURNING
from queries.where import Asker
from questionnaires.answers.places import Gazetteer
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import Token, tokens_of

__all__ = ["LONGEST", "Asker", "is_whole", "understand"]
LONGEST: Final = 300
"""The most letters of a question."""
READINGS: Final = 4
"""How many ways to read the words are compared."""
STORIES: Final = 12
"""How many ways to leave a story out are tried."""
MARGIN: Final = 0.1
"""A reading that explains less than the best by no more than this is as likely: a grammar word is 0.5, a named one 1."""


def understand(
    text: str,
    dictionary: Dictionary,
    gazetteer: Gazetteer,
    asker: Asker,
    today: date,
    before: Before | None = None,
) -> Understanding:
    """What `text` asks; `before` is the question before it, for "còn xã Mỹ Lý?"."""
    return understand_in(text, QuestionContext(dictionary, gazetteer, asker, today), before)


def understand_in(
    text: str, context: QuestionContext, before: Before | None, *, may_tell: bool = True
) -> Understanding:
    """The same, against what the context holds. `may_tell`: a story around the question may be left out."""
    dictionary = context.dictionary
    earlier = before.question if before else None
    if corrected := put_right_in(text, context, before):
        return corrected
    meaning = still_open(read(text, context, earlier), before)
    if quoted := in_words_of_a_plan(text, meaning, dictionary, context.asker.sees):
        return quoted
    if begun := beginning_with_goal(text, meaning, context):
        return begun
    if several := one_after_another(text, meaning, context, earlier):
        return several
    if may_tell and (plain := without_story(text, meaning, context, before)):
        return plain
    offers = tuple(
        offer for offer in meaning.offers if offer.slot != "drop" or leads_on(offer, meaning, context, before)
    )
    return replace(meaning, offers=offers or tuple(ways_on(meaning, context)))


def put_right_in(text: str, context: QuestionContext, before: Before | None) -> Understanding | None:
    """What is asked where a slip is put right in the same text, or in what was asked before; None if none is."""
    slip = put_right(typed_tokens(text)) if len(text) <= LONGEST else None
    if slip is None:
        return None
    first = before.question if before else None
    if slip.said:
        first = read(slip.said, context, first).query
    later = understand_in(slip.meant, context, Before(first) if first else None)
    if first is None or later.status != "answer":
        return later
    return replace(later, query=replaced(first, later.query), went_on=True)


def beginning_with_goal(text: str, meaning: Understanding, context: QuestionContext) -> Understanding | None:
    """How far a figure is, where the question begins with the number that a plan sets for it: "26 công trình nước tập
    trung", "2.865 hộ chuyển đổi nghề làm đến đâu rồi"; else None."""
    said = BEGINNING.fullmatch(text) if meaning.status == "clarify" and len(text) <= LONGEST else None
    rest = read(said["rest"], context, None) if said else meaning
    query = rest.query
    if said is None or rest.status != "answer" or not isinstance(query, Lookup | Progress):
        return None
    number = Decimal(said["number"].replace(".", ""))
    programmes = context.dictionary.plans.programmes.values()
    goals = {
        row.value for id in query.indicators for plan in programmes for row in plan.of_indicator.get(id, ())
    }
    if len(query.indicators) != 1 or number not in goals:
        return None
    return replace(rest, query=Progress(measure=query.measure, places=query.places, when=query.when))


def without_story(
    text: str, meaning: Understanding, context: QuestionContext, before: Before | None
) -> Understanding | None:
    """The question without the story around it, if it is understood only so; the answer names what was passed over.

    If no way gives an answer, the first that leads on to one.
    """
    if meaning.status != "clarify":
        return None
    asking: Understanding | None = None
    for rest in without_each_story(text, meaning, context, before):
        if rest.status == "answer":
            return rest
        asking = asking or rest
    return asking


def without_each_story(
    text: str, meaning: Understanding, context: QuestionContext, before: Before | None
) -> Iterator[Understanding]:
    """What is asked without a story, for each way to leave one out that leads on with the same question."""
    lexicon = lexicon_of(context)
    ways = stories(typed_tokens(text), lambda tokens: lexicon.best(tokens)[0][1], context.today)
    for story in islice(ways, STORIES):
        rest = understand_in(story.rest, context, before, may_tell=False)
        asks = rest.status == "answer" or (rest.offers and rest.doubt is not Doubt.UNKNOWN_WORDS)
        if asks and keeps(meaning.query, rest.query):
            yield replace(rest, passed_over=story.words)


def ways_on(meaning: Understanding, context: QuestionContext) -> Iterator[Offer]:
    """What to offer if nothing else leads on: the figures named, by full name; how the place named stands; otherwise
    the most frequent figures."""
    if meaning.status != "clarify":
        return
    query, dictionary = meaning.query, context.dictionary
    if isinstance(query, Missing):
        # Who has reported can be told for the month, or for the questionnaires that were named.
        yield question_offer(replace(query, when=When()))
        return
    named = query.indicators or (dictionary.of_domain(query.domain) if query.domain else ())
    if not named and meaning.doubt is Doubt.WHICH_INDICATOR:
        named = dictionary.main
    yield from (Offer("indicator", id) for id in named[:OFFERED])
    seen = list(filter(context.asker.sees, query.places[:1]))
    if seen and not named:
        yield question_offer(Progress(places=tuple(seen)))


def one_after_another(
    text: str, meaning: Understanding, context: QuestionContext, earlier: Question | None
) -> Understanding | None:
    """Several questions in one text: the first is answered, with a button for each other; None if it is one question.

    A later one inherits from the first what it leaves out: "thôn nào nhiều hộ nghèo nhất, thôn nào ít nhất".
    """
    if len(text) > LONGEST or meaning.status in ("refuse", "help"):
        return None
    if twice := asked_at_once(text, meaning, lambda part: read(part, context, earlier)):
        return twice
    cuts = ways_to_cut(text, meaning, context)
    several = next(filter(None, (in_turn(parts, context, earlier) for parts in cuts)), None)
    if several and is_completed(several, meaning):
        return None
    return which_condition(several) if several and not SENTENCES.search(text) else several


def is_completed(several: Understanding, meaning: Understanding) -> bool:
    """Whether what follows only completes the first question: "Cho số nhà tạm. Của xã Phủ Thông nhé"."""
    first, whole = slots_of(several.query), slots_of(meaning.query)
    kept = all(not said or whole.get(name) == said for name, said in first.items())
    return kept and meaning.status == "answer" and several.beside == (question_offer(meaning.query),)


def which_condition(several: Understanding) -> Understanding:
    """Ask about two conditions instead of answering the first: "xã nào nước sạch dưới 80% và hộ nghèo tăng" means both."""
    query = several.query
    others = [from_json(json.loads(offer.value)) for offer in several.beside if offer.slot == "reading"]
    own = len(others) == len(several.beside) and not any(isinstance(one, Ranking | Missing) for one in others)
    if not (isinstance(query, Ranking) and query.picked and own):
        return several
    return Understanding("clarify", query, Doubt.ONE_BOUND, (question_offer(query), *several.beside))


def ways_to_cut(text: str, meaning: Understanding, context: QuestionContext) -> Iterator[list[str]]:
    """The ways to cut a text into several questions, surest first; a greeting is none."""
    # "thôn nào còn nhà tạm, thôn nào hết rồi": both ends of one list, but not both of two bounds
    picks = isinstance(meaning.query, Ranking) and meaning.query.bounds
    twice = bool(picks) and bare(text.lower()).split().count("nao") > 1
    for mark in APART if meaning.doubt in LOOSE else APART[: 1 + twice]:
        parts = [part.strip() for part in mark.split(text) if part.strip()]
        while len(parts) > 2 and asks_nothing(parts[0], context):
            del parts[0]
        if len(parts) > 1:
            yield parts


def asks_nothing(text: str, context: QuestionContext) -> bool:
    """Whether there is only courtesy in a text: "Chào em."."""
    tokens = typed_tokens(text)
    return not Sentence(tokens, lexicon_of(context).best(tokens)[0][1]).meaningful


def in_turn(parts: Sequence[str], context: QuestionContext, earlier: Question | None) -> Understanding | None:
    """The answer to the first of several questions, with ways to the others; None if one of them leads nowhere."""
    first = read(parts[0], context, earlier)
    if not is_whole(first) or first.went_on:
        return None
    readings = [read(part, context, first.query) for part in parts[1 : OFFERED + 1]]
    if together := of_same_place(parts, first, readings):
        return together
    others = tuple(filter(None, map(way_to, parts[1:], readings)))
    leads_on = len(others) == len(readings) and not (
        are_joint(first, *readings) or loses_sum(parts, first, others)
    )
    return replace(first, beside=others) if leads_on else None


def of_same_place(
    parts: Sequence[str], first: Understanding, others: Sequence[Understanding]
) -> Understanding | None:
    """Several figures of one place and time as one question: "vốn sự nghiệp dự án 6 và dự án 8"; None if they differ."""
    query = first.query
    if not isinstance(query, Lookup) or query.complement or not query.indicators:
        return None
    if not all(names_figures_at(other, query.places) for other in others):
        return None
    ids = dict.fromkeys(id for one in (first, *others) for id in one.query.indicators)
    summed = len(ids) > 1 and any(SUM.stands_in(typed_tokens(part)) for part in parts)
    return replace(first, query=replace(query.measuring(*ids), summed=summed))


def loses_sum(parts: Sequence[str], first: Understanding, others: Sequence[Offer]) -> bool:
    """Whether the sum of figures is asked for, of which only the first would be told: "tổng vốn dự án 5 và dự án 9"."""
    asked = any(SUM.stands_in(typed_tokens(part)) for part in parts)
    return asked and isinstance(first.query, Lookup) and any(offer.slot == "text" for offer in others)


def names_figures_at(meaning: Understanding, places: Collection[int]) -> bool:
    """Whether it names only figures: no time of its own, and no place outside `places`."""
    query = meaning.query
    figures = isinstance(query, Lookup | Compare) and query.indicators and not query.complement
    return (
        meaning.status == "answer" and bool(figures) and not query.when and set(query.places) <= set(places)
    )


def are_joint(*meanings: Understanding) -> bool:
    """Whether several bounds apply together: "xã có hộ nghèo dưới 20% và nhà tạm trên 10" means units that meet both.

    Bounds on one figure are two questions: "thôn nào còn nhà tạm, thôn nào hết rồi".
    """
    several = len({meaning.query.indicators for meaning in meanings}) > 1
    return several and all(isinstance(one.query, Ranking) and one.query.bounds for one in meanings)


def way_to(text: str, meaning: Understanding) -> Offer | None:
    """The button to a further question in a text; None if it would lead nowhere."""
    if is_whole(meaning):
        return question_offer(meaning.query)
    asked = meaning.doubt in (Doubt.NOT_COLLECTED, Doubt.WHICH_INDICATOR) and meaning.offers
    return Offer("text", text) if asked else None


def is_whole(meaning: Understanding) -> bool:
    """Whether it is a question by itself: answerable, and not just the name of a place."""
    query = meaning.query
    units = isinstance(query, Ranking) and query.counts_units
    table = isinstance(query, Progress) and query.standing is not None
    told = query.measure or units or table or isinstance(query, Missing | Plan | Difficulties)
    return meaning.status == "answer" and bool(told)


BEGINNING: Final = re.compile(r"\s*(?P<number>\d{1,3}(?:\.\d{3})+|\d{1,9})\s+(?P<rest>[^\W\d].*)", re.DOTALL)
"""A text that begins with a whole number."""
SENTENCES: Final = re.compile(r"[?!;]+\s+|\.\s+(?!\d)")
APART: Final = (
    SENTENCES,
    re.compile(r",\s+(?:và\s+|còn\s+)?|\s+rồi\s+"),
    re.compile(r"\s+(?:và|va|với|voi|còn|đồng thời|and|with)\s+"),
)
"""Separators of several questions in one text, surest first; a mere comma counts only if the whole cannot be answered."""
LOOSE: Final = (Doubt.TOGETHER, Doubt.UNKNOWN_WORDS, Doubt.NOT_COLLECTED, Doubt.WHICH_INDICATOR)
"""A text that cannot be answered for one of these may be several questions."""


def leads_on(offer: Offer, meaning: Understanding, context: QuestionContext, before: Before | None) -> bool:
    """Whether a question without some of its words is answerable, and still the same question."""
    if meaning.doubt is Doubt.UNKNOWN_WORDS and not TURNING.isdisjoint(map(bare, meaning.words)):
        return False
    rest = dropped(offer.value, context, before)
    told = rest.status == "answer" or rest.doubt is Doubt.WHICH_PLACE
    return told and (meaning.doubt is not Doubt.UNKNOWN_WORDS or keeps(meaning.query, rest.query))


def keeps(whole: Question, rest: Question) -> bool:
    """Whether a question without some words is still about what was named, in the same way."""
    named = not whole.indicators or set(whole.indicators) <= set(rest.indicators)
    one, other = slots_of(whole), slots_of(rest)
    same = all(not one.get(slot) or one[slot] == other.get(slot) for slot in ("order", "bounds"))
    none = whole.complement and other.get("bounds") == (
        NONE,
    )  # "hết thiếu nước": none of a number, the rest of a share
    return named and same and (none or whole.complement is rest.complement)


def dropped(text: str, context: QuestionContext, before: Before | None) -> Understanding:
    """The question without unknown words: it continues the one before only if it must."""
    alone = read(text, context, None)
    return alone if alone.status == "answer" or before is None else read(text, context, before.question)


def read(text: str, context: QuestionContext, before: Question | None) -> Understanding:
    """What `text` asks, with offers that may not lead to an answer."""
    if len(text) > LONGEST:
        return Understanding("refuse", Open(), Doubt.TOO_LONG)
    lexicon = lexicon_of(context)
    tokens = in_vietnamese(typed_tokens(text), context.dictionary, lexicon.names)
    if not any(token.kind in ("word", "number") for token in tokens):
        return Understanding("refuse", Open(), Doubt.EMPTY)
    best, *others = lexicon.best(tokens, READINGS)
    likeliest = Sentence(tokens, best[1])
    if is_no_question(likeliest):
        return Understanding("refuse", Open(), Doubt.OUTSIDE)
    meaning = interpret(likeliest, context, before)
    if meaning.status != "answer":
        return meaning
    near = (Sentence(tokens, spans) for score, spans in others if score > best[0] - MARGIN)
    rival = between_readings(meaning, (interpret(sentence, context, before) for sentence in near))
    told = settled(meaning.query, context.dictionary.plans)
    return rival or replace(told, went_on=meaning.went_on, beside=meaning.beside)


def lexicon_of(context: QuestionContext) -> Lexicon:
    """The lexicon of an asker's words."""
    return Lexicon(context.dictionary, context.gazetteer, context.today, context.asker.nameable)


def typed_tokens(text: str) -> list[Token]:
    """The words as they were typed, with abbreviations spelt out."""
    said = clean(" ".join(text.split()))
    return tokens_of(expand(said, marked=not said.isascii()))


def searched_for(question: Question) -> Question:
    """What distinguishes a question: for one about plans its words, whatever they are taken to measure."""
    if isinstance(question, Plan) and question.topic:
        return replace(question, measure=Measure(), unread=())
    if isinstance(question, Missing) and not question.domain:
        return replace(question, level="")  # the units stand below all the same
    # the rest of a share is told with its number, however it was asked
    return replace(question, measure=replace(question.measure, by="")) if question.complement else question


def are_searched_alike(one: Question, other: Question) -> bool:
    """Whether two questions about plans differ only by words that one has besides: the same clauses answer them."""
    if not (isinstance(one, Plan) and isinstance(other, Plan) and one.topic and other.topic):
        return False
    words = set(one.topic), set(other.topic)
    same = searched_for(replace(one, topic=other.topic)) == searched_for(other)
    return same and (words[0] <= words[1] or words[1] <= words[0])


def between_readings(meaning: Understanding, others: Iterable[Understanding]) -> Understanding | None:
    """Ask which question is meant if other readings of the words would be answered differently; else None."""
    differing = [
        other
        for other in others
        if other.status == "answer" and not are_searched_alike(meaning.query, other.query)
    ]
    questions = {searched_for(one.query): one.query for one in reversed((meaning, *differing))}
    if len(questions) == 1:
        return None
    offers = question_offers(reversed(questions.values()))
    return Understanding("clarify", meaning.query, Doubt.WHICH_READING, offers)
