"""Guess what unknown words may have been: a similar place, an impossible time, a word with one wrong letter."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain, takewhile
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from queries.dictionary import MINORITY_WORDS
from queries.frames import Missing, Open, Question
from queries.lattice import Lexicon
from queries.parts import Parts
from queries.spans import ASIDE, Sentence, Span, Tag, one_ends_at
from queries.understanding import (
    OFFERED,
    Doubt,
    Offer,
    Understanding,
    place_offers,
    which_indicator,
    without_rest,
)
from queries.vocabulary import CONTRAST, FILLER, INNER, LEVELS, PARTICLES, TURNING, grammar
from questionnaires.answers.places import TYPES, Gazetteer, marked
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import tokens_of

LONGEST_CONTRAST: Final = 3
"""The most words of "nhưng mà lại"."""
MOST_WORDS: Final = 6
"""The most words of a misspelt place name."""
MENDINGS: Final = 12
"""How many corrections of a mistyped word to try."""
FAR: Final = 2
"""From this many slips on, a name is another name."""
YEAR: Final = 3
"""The most digits of a number in a name; longer ones are years or amounts."""
SHORTEST: Final = 3
"""The fewest letters of a word to correct; shorter ones could be anything."""
HALF: Final = 0.5
"""If the names of indicators have less than this share of some words, these may name a place instead."""
TYPED: Final = (Tag.LEVEL, Tag.EACH, Tag.LISTED, Tag.HOW_MANY, Tag.OWN)
"""Spans that may end in a type word."""
PHRASED: Final = (
    *(Tag.PERIOD, Tag.POINT, Tag.BACK, Tag.PREVIOUS, Tag.INTENT, Tag.REPORTED, Tag.ORDER),
    *(Tag.EACH, Tag.TARGET, Tag.TARGETS, Tag.FORMAT, Tag.LEAD, Tag.PLAN),
)
"""Spans in which a grammar word may be a mistyped part."""
UNFINISHED: Final = frozenset(
    ("tại", "ở", "trong", "trên", "của", "về", "vào", "thuộc", "do", "để", "theo", "cho")
)
"""Words that no question ends in: as the last word, they belong to a name."""


@cache
def marked_grammar() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Grammar words with diacritics, and the same without. Words that have none are too short and too similar to
    correct."""
    marked = tuple(sorted(word for word in grammar() if not word.isascii()))
    return marked, tuple(map(bare, marked))


def unexplained(parts: Parts, question: Question) -> Understanding:
    """Offer what the words left over may have been, otherwise tell that they are unknown."""
    guesses = (of_a_place, of_a_time, of_a_near_place, of_a_slip, of_an_indicator, of_another_figure)
    guessed = next(filter(None, (guess(parts, question) for guess in guesses)), None)
    kept = guessed and not (parts.where.doubtful and any(one.slot == "indicator" for one in guessed.offers))
    # If a name fits several places, a button for a figure would silently choose one, so the words are asked about.
    return guessed if guessed and kept else unknown(parts, question)


def from_time_on(parts: Parts, time: Span) -> list[Span]:
    """The spans from a time on, with the mere words that lead to it."""
    spans = parts.sentence.spans
    joint = (span for span in spans if span.end == time.start and span.tag in ASIDE)
    return [*joint, *(span for span in spans if span.start >= time.start)]


def of_two_times(parts: Parts, question: Question) -> Understanding | None:
    """Answer that units are picked at one time only, where something else is said of another: "thôn nào tháng này thiếu
    nước mà tháng trước không thiếu". Offer the first time alone, and what changed; None if there are no two."""
    times = parts.sentence.of(Tag.PERIOD, Tag.POINT)
    if len(times) != 2 or not parts.which.asks_which or not is_said_of(parts, times[1]):
        return None
    last = from_time_on(parts, times[1])
    words = chain.from_iterable(map(parts.sentence.said, last))
    said = tuple(word for word in words if word.isalnum())
    return Understanding("clarify", question, Doubt.TOGETHER, parts.without(*last), said)


def is_said_of(parts: Parts, second: Span) -> bool:
    """Whether words left over are about a second time, or a mere "không" denies it: "mà tháng trước không"."""
    if parts.unread:
        return parts.unread[0].start >= second.start
    tokens, start = parts.sentence.tokens, second.start
    contrasts = (CONTRAST.at(tokens, at) for at in range(max(0, start - LONGEST_CONTRAST), start))
    denies = PARTICLES.first_in(tokens, range(second.end, len(tokens))) is not None
    return denies and one_ends_at(contrasts, start)


def meant_by_all(parts: Parts) -> str:
    """The one indicator whose name has all words left over and all named: "tảo hôn … mấy cặp"; otherwise ""."""
    sentence, dictionary = parts.sentence, parts.context.dictionary
    denied = any(map(parts.what.denies, sentence.of(Tag.NEGATION)))
    if denied or says_again(parts) or not all_known(parts):
        return ""
    said = sentence.words(*NAMING)
    id = dictionary.only_with(said, sentence.words(Tag.FILLER, Tag.LEVEL, Tag.OWN))
    return id or of_own_unit(parts) or of_own_words(parts)


def says_again(parts: Parts) -> bool:
    """Whether the words left over only repeat words of what is named, and so mean something else there: "don gia ho o nha
    don so"."""
    named = {bare(word) for span in parts.what.certain for word in parts.sentence.said(span)}
    left = set(map(bare, left_over(parts))) - INNER
    return bool(left) and left <= named


def meant_beside(parts: Parts) -> str:
    """The indicator that differs from the one asked about before only in its project: "dự án 8 thì sao"; else ""."""
    before = parts.before.indicators if parts.before else ()
    left = frozenset(map(bare, left_over(parts)))
    if parts.what or not before or not left >= OF_PROJECT:
        return ""
    called = parts.context.dictionary.called
    wanted = {frozenset(filter(is_no_project, called[id])) | left for id in before}
    named = [id for id, words in called.items() if frozenset(filter(str.isalnum, words)) in wanted]
    return named[0] if len(named) == 1 else ""


OF_PROJECT: Final = frozenset(("du", "an"))
"""Words for a project of a programme; numbers and "tiểu" beside them say which one."""


def is_no_project(word: str) -> bool:
    """Whether a word of an indicator's name says anything but its project."""
    return word.isalnum() and not word.isdigit() and word not in (*OF_PROJECT, "tieu")


def of_own_words(parts: Parts) -> str:
    """The one indicator named whose names together have all words left over, in any order; otherwise ""."""
    named = parts.what.named
    if len(named) != 1:
        return ""
    return named[0] if parts.context.dictionary.has_words(named[0], left_over(parts)) else ""


def of_own_unit(parts: Parts) -> str:
    """The indicator named, if only its unit is left over: "mấy cặp cận huyết"; otherwise ""."""
    unit = " ".join(left_over(parts))
    named = (id for id in parts.what.named if parts.plans[id].unit_name("vi") == unit)
    return next(named, "") if len(parts.what.named) == 1 else ""


def all_known(parts: Parts) -> bool:
    """Whether all words left over occur in indicators' names, and none names a place after a type word: "tỉnh Nghệ An"."""
    naming = all(span.tag in NAMING for span in parts.unread) and not unknown_place(parts.sentence)
    return naming and all(map(parts.context.dictionary.knows, left_over(parts)))


NAMING: Final = (Tag.UNKNOWN, Tag.GROUP, Tag.DOMAIN, Tag.INDICATOR, Tag.CHANGE)
"""Spans by which an indicator may be meant."""


def left_over(parts: Parts) -> tuple[str, ...]:
    """The words without effect here."""
    return tuple(word for span in parts.unread for word in parts.sentence.said(span))


def of_a_place(parts: Parts, question: Question) -> Understanding | None:
    """Answer that the words left over are a name after a type word that no place has; None if they are not."""
    name = unknown_place(parts.sentence)
    others = (span for span in parts.unread if span.tag is not Tag.AGE)
    if not name or not set(chain.from_iterable(map(parts.sentence.said, others))) <= set(name):
        return None  # a place would be answered for without the other words
    near = near_places(parts, name)
    if not near and begins_with_grammar(name):
        return None
    near = near or place_offers((parts.context.asker.place,))
    return Understanding("clarify", question, Doubt.NO_PLACE, near, name)


def begins_with_grammar(name: Sequence[str]) -> bool:
    """Whether a grammar word follows a type word, so that there is no name: "tỉnh là gì", "xã cao thấp"."""
    tokens = tokens_of(" ".join(name))
    kind = LEVELS.at(tokens, 0)
    if kind is None or kind[1] == len(tokens):
        return False
    behind = (bare(token.text) for token in tokens[kind[1] :])
    return FILLER.at(tokens, kind[1]) is not None or TURNING.issuperset(behind)


def of_a_time(parts: Parts, question: Question) -> Understanding | None:
    """Answer that the words left over are an impossible time; None if they are not."""
    when = parts.time.impossible
    offers = (Offer("drop", without_words(parts, when)),)
    return Understanding("clarify", question, Doubt.WHICH_PERIOD, offers, when) if when else None


def of_a_near_place(parts: Parts, question: Question) -> Understanding | None:
    """Offer the places whose name is one slip away from the words left over; None if there are none."""
    words = left_over(parts)
    near = near_places(parts, words)
    return Understanding("clarify", question, Doubt.NO_PLACE, near, words) if near else None


def of_a_slip(parts: Parts, question: Question) -> Understanding | None:
    """Offer the question with one word corrected by a letter; None if that does not help."""
    words = left_over(parts)
    mended = repaired(parts, words)
    offers = (Offer("text", mended),)
    return Understanding("clarify", question, Doubt.UNKNOWN_WORDS, offers, words) if mended else None


def of_an_indicator(parts: Parts, question: Question) -> Understanding | None:
    """Offer the indicators whose names have the words left over; None if there are none."""
    words = left_over(parts)
    if all(span.tag is Tag.AGE for span in parts.unread):
        return None  # the "mới" of "thôn nào mới thiếu nước" names nothing
    alike = alike_indicators(parts, question, words)
    if all(span.tag is Tag.GROUP for span in parts.unread):
        # "hộ dân tộc thiểu số thiếu đất": of some people alone there may be nothing, but for what was named there is
        alike = list(dict.fromkeys((*question.indicators, *alike)))
    if alike and denies(parts) and not question.complement:
        return denied_in_part(parts, question, alike, words)
    return which_indicator(question, alike, words) if alike else None


def any_denies_itself(parts: Parts, ids: Sequence[str], words: tuple[str, ...]) -> bool:
    """Whether one of some indicators has the denials among these words in its own name."""
    denials = [word for word in words if PARTICLES.whole(tokens_of(word))]
    return any(parts.context.dictionary.share(id, denials) == 1 for id in ids)


def denied_in_part(
    parts: Parts, question: Question, alike: Sequence[str], words: tuple[str, ...]
) -> Understanding:
    """A "chưa có" is left over: offer complements of shares, since the full name alone would say the opposite."""
    named = question.indicators if all(span.tag is Tag.NEGATION for span in parts.unread) else ()
    ids = named or alike
    if any_denies_itself(parts, ids, words):
        return which_indicator(question, alike, words)  # the name itself denies: "trẻ không đi học"
    return without_rest(question, ids, words, parts.context.dictionary.plans)


def of_another_figure(parts: Parts, question: Question) -> Understanding | None:
    """Offer figures by full name if the answer without the words left over would be about another figure; else None."""
    words = left_over(parts)
    if not question.indicators or not is_of_something(question):
        return None
    if denies(parts):
        # Without its "không" the question would be answered with the opposite: that is said.
        return without_rest(question, question.indicators, words, parts.context.dictionary.plans)
    if is_together(parts) or not narrows(parts, words):
        return None
    offers = tuple(Offer("indicator", id) for id in question.indicators[:OFFERED])
    return Understanding("clarify", question, Doubt.NO_REST, offers, words)


def is_together(parts: Parts) -> bool:
    """Whether each word left over is known, and only does not fit what else was named."""
    return all(span in parts.what.strays for span in parts.unread)


def unknown(parts: Parts, question: Question) -> Understanding:
    """Tell that the words left over are unknown, and offer to go on without them if something else was understood."""
    if not is_of_something(question):
        return Understanding("refuse", question, Doubt.OUTSIDE, words=left_over(parts))
    doubt = Doubt.TOGETHER if is_together(parts) else Doubt.UNKNOWN_WORDS
    places = parts.excepted if any(parts.left_out) else []
    dropped = sorted({*parts.unread, *places}, key=lambda span: span.start)
    words = tuple(word for span in dropped for word in parts.sentence.said(span))
    return Understanding("clarify", question, doubt, (Offer("drop", parts.sentence.without(dropped)),), words)


def narrows(parts: Parts, words: Iterable[str]) -> bool:
    """Whether one of some words distinguishes another indicator from the one named."""
    named = [word for span in parts.what.certain for word in parts.sentence.said(span)]
    return any(parts.context.dictionary.narrows(named, word) for word in words)


def is_of_something(question: Question) -> bool:
    """Whether anything was understood that could be answered."""
    named = question.measure or question.places or isinstance(question, Missing)
    return bool(named) and not isinstance(question, Open)


def denies(parts: Parts) -> bool:
    """Whether a "không" is left over: the words without it mean the opposite."""
    tokens = parts.sentence.tokens
    return any(PARTICLES.at(tokens, span.start) for span in parts.unread if span.tag is not Tag.EXCEPT)


def without_words(parts: Parts, words: Iterable[str]) -> str:
    """The question without some of its words."""
    gone = set(words)
    return " ".join(token.text for token in parts.sentence.tokens if token.text not in gone)


def near_places(parts: Parts, words: Iterable[str]) -> tuple[Offer, ...]:
    """The places whose name is one slip away from unknown words, nearest spelling first."""
    gazetteer, asker = parts.context.gazetteer, parts.context.asker
    slips = slips_from(gazetteer, [marked(word) for word in words if word.isalpha()])
    seen = [gazetteer.units[id] for id in filter(asker.sees, slips) if slips[id] < FAR]
    nearest = sorted(parts.where.nearest(seen), key=lambda unit: slips[unit.id])
    return place_offers(unit.id for unit in nearest[:OFFERED])


def slips_from(gazetteer: Gazetteer, typed: Sequence[str]) -> Mapping[int, float]:
    """How many slips a name, with or without its type word, is away from those of places; not for grammar words alone."""
    kind = TYPES.get(bare(typed[0])) if typed else None
    name = typed[1:] if kind else typed
    is_grammar = kind is None and grammar().issuperset(name)
    if is_grammar or not 1 < len(name) <= MOST_WORDS:
        return {}
    return gazetteer.near(name, (kind,) if kind else ())


def alike_indicators(parts: Parts, question: Question, unknown: tuple[str, ...]) -> list[str]:
    """The indicators whose names share most with the words left over and with what was named."""
    if any(word.isdigit() and len(word) > YEAR for word in unknown):
        return []
    return named_in_part(parts, question, unknown) or parts.context.dictionary.of_domain(question.domain)


def named_in_part(parts: Parts, question: Question, unknown: tuple[str, ...]) -> list[str]:
    """The indicators whose names contain the words left over; most of them, if the one named has few."""
    dictionary, named = parts.context.dictionary, question.indicators
    if not any(map(dictionary.knows, unknown)):
        return []
    near = list(chain.from_iterable(map(parts.sentence.said, parts.what.certain)))
    alike = alike_to(parts, [*unknown, *near])
    share = partial(dictionary.share, words=unknown)
    if not named or max(map(share, named)) >= HALF:
        return alike
    # "công trình nước hợp vệ sinh": else the works that have something of what was named in their names too
    both = [id for id in alike_to(parts, unknown) if share(id) == 1 and dictionary.share(id, near)]
    return [id for id in alike if share(id) > HALF] or both


def alike_to(parts: Parts, words: Sequence[str]) -> list[str]:
    """The indicators whose names share most with some words; everybody's unless ethnic minorities were named."""
    dictionary = parts.context.dictionary
    alike = dictionary.alike(words, marked=parts.sentence.is_marked)
    general = MINORITY_WORDS.isdisjoint(parts.sentence.bare_words)
    return list(dictionary.of_everybody(alike)) if general else alike


# --- places and words -------------------------------------------------------------------------------------


def unknown_place(sentence: Sentence) -> tuple[str, ...]:
    """The name after a type word that no place has ("xã Abc"), with the type word; () for none."""
    for place, span in enumerate(sentence.spans):
        kind = type_word(sentence, span)
        name = unknown_name(sentence, place + 1) if kind else ()
        if name:
            return (*kind, *name)
    return ()


def unknown_name(sentence: Sentence, place: int) -> tuple[str, ...]:
    """The words from the span at `place` on that may be a name and contain an unknown word; () for none."""
    spans = list(takewhile(partial(in_name, sentence), sentence.spans[place:]))
    while spans and spans[-1].tag is not Tag.UNKNOWN and sentence.said(spans[-1])[0] not in UNFINISHED:
        spans.pop()
    strange = any(span.tag is Tag.UNKNOWN for span in spans)
    return tuple(chain.from_iterable(map(sentence.said, spans))) if strange else ()


def type_word(sentence: Sentence, span: Span) -> tuple[str, ...]:
    """The type word at the end of a span ("các xã", "tổ dân phố"); () for none, or if it is the whole span ("toàn xã")."""
    if span.tag not in TYPED or bare(sentence.said(span)[0]) in ("toan", "ca"):
        return ()
    # "xa trung tâm" is no "xã": a question that is typed with marks means them
    if sentence.is_marked and all(map(str.isascii, sentence.said(span))):
        return ()
    for start in range(span.start, span.end):
        level = LEVELS.at(sentence.tokens, start)
        if level is not None and level[1] == span.end:
            return tuple(token.text for token in sentence.tokens[start : span.end])
    return ()


def in_name(sentence: Sentence, span: Span) -> bool:
    """Whether a span may be part of an unknown name."""
    grammar = span.tag in (Tag.FILLER, Tag.NEGATION) and span.end == span.start + 1
    return span.tag is Tag.UNKNOWN or (grammar and sentence.tokens[span.start].kind == "word")


def repaired(parts: Parts, unknown: Iterable[str]) -> str:
    """The question with one unknown word replaced by a known one a letter away, if it is then understood; otherwise ""."""
    dictionary = parts.context.dictionary
    strange = [word for word in dict.fromkeys(unknown) if not (dictionary.knows(word) or word in grammar())]
    if len(strange) != 1 or len(strange[0]) < SHORTEST:
        return ""
    return next(mendings(parts, strange[0]), "")


def mendings(parts: Parts, word: str) -> Iterator[str]:
    """The question with one word corrected, which is then part of what is asked about."""
    dictionary, tokens = parts.context.dictionary, parts.sentence.tokens
    near = [*near_words(word, dictionary.vocabulary, dictionary.folded), *near_words(word, *marked_grammar())]
    if not word.isascii():
        near.sort(key=partial(OSA.distance, word))  # one that is typed with marks means them
    texts = dict[str, int]()
    for other in list(dict.fromkeys(near))[:MENDINGS]:
        text = " ".join(other if token.text == word else token.text for token in tokens)
        if length := length_read(parts, text, other):
            texts[text] = length
    # A word that makes a longer name with those beside it is meant before one that is a name alone: "hộ nghèo", not "nghề".
    yield from sorted(texts, key=texts.__getitem__, reverse=True)


def near_words(word: str, known: Sequence[str], plain: Sequence[str]) -> Iterator[str]:
    """The known words one slip away, compared without diacritics (`plain`), with the same beginning."""
    for _, _, place in process.extract(bare(word), plain, scorer=OSA.distance, score_cutoff=1, limit=None):
        if plain[place][0] == bare(word)[0]:
            yield known[place]


def length_read(parts: Parts, text: str, word: str) -> int:
    """How many words the name or phrase around `word` has, if every word of `text` is known; otherwise 0."""
    context = parts.context
    tokens = tokens_of(text)
    lexicon = Lexicon(context.dictionary, context.gazetteer, context.today, context.asker.nameable)
    sentence = Sentence(tokens, lexicon.best(tokens)[0][1])
    named = [span for span in sentence.of(Tag.INDICATOR, Tag.DOMAIN) if word in sentence.said(span)]
    phrased = [span for span in sentence.of(*PHRASED) if word in sentence.said(span)]
    lengths = [span.end - span.start for span in named]
    lengths += [span.end - span.start for span in phrased if span.end > span.start + 1]
    return 0 if sentence.of(Tag.UNKNOWN) else max(lengths, default=0)
