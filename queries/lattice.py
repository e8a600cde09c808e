"""All meanings that the words of a question may have, as a lattice of spans, and the best paths through it.

At every word, all phrases that may begin there are looked up. Of all ways to lay spans side by side, those that
explain most win; a longer phrase explains more than its parts. A word that no table knows stays a span of its own, so
that nothing is ignored.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from queries import vocabulary as words
from queries.amounts import DENIED_WITHIN, Amounts, amount_at, amount_stated, gap_to, goal_said
from queries.dictionary import MINORITY_WORDS, Dictionary
from queries.frames import Intent
from queries.names import PlaceNames
from queries.spans import Span, Tag
from queries.tasking import of_tasks
from queries.times import Times
from questionnaires.answers.places import Gazetteer
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Table, Token

TABLES: Final[tuple[tuple[Tag, Table[Any]], ...]] = (
    (Tag.OUTSIDE, words.OUTSIDE),
    (Tag.PERSONAL, words.PERSONAL),
    (Tag.CHANGE, words.CHANGE),
    (Tag.PLAN, words.CLAUSES),
    (Tag.UNCOLLECTED, words.UNCOLLECTED),
    (Tag.MEAN, words.MEAN),
    (Tag.REPORTED, words.REPORTED),
    (Tag.INTENT, words.INTENTS),
    (Tag.PREVIOUS, words.PREVIOUS),
    (Tag.ORDER, words.ORDERS),
    (Tag.THAN, words.THAN),
    (Tag.TARGET, words.AGAINST_TARGET),
    (Tag.TARGETS, words.TARGETS),
    (Tag.GAP, words.GAP),
    (Tag.FORMAT, words.FORMATS),
    (Tag.NATION, words.NATION),
    (Tag.AGE, words.AGES),
    (Tag.NEGATION, words.NEGATION),
    (Tag.FOLLOW, words.FOLLOW),
    (Tag.EXCEPT, words.EXCEPT),
    (Tag.UNTIL, words.UNTIL),
    (Tag.BACK, words.BY_UNIT),
    (Tag.RUN, words.RUNNING),
    (Tag.LEVEL, words.LEVELS),
    (Tag.AND, words.AND),
    (Tag.LEAD, words.LEADS),
    (Tag.DONE, words.DONE),
    (Tag.ANY, words.TO_DO),
    (Tag.CONTEXT, words.CONTEXT),
    (Tag.FILLER, words.FILLER),
    (Tag.GROUP, words.GROUPS),
    (Tag.MOVED, words.MOVED),
    (Tag.STAYED, words.STAYED),
    (Tag.PART, words.PART),
)


BY_WORD: Final = {
    word: tuple(place for place, (_, table) in enumerate(TABLES) if word in table.entries)
    for word in {word for _, table in TABLES for word in table.entries}
}
"""By a word without diacritics, the tables with a phrase that begins with it: no others need a lookup."""
HAVING: Final = ("co", "con", "dang", "bi")
"""Words between units and what they have."""
LONGEST_THAN: Final = 6
"""The most words of a phrase before what others are compared with."""
BEFORE_LEVELS: Final = (
    (words.EACH, Tag.EACH),
    (words.LISTED, Tag.LISTED),
    (words.HOW_MANY, Tag.HOW_MANY),
    (words.WHOLE, Tag.OWN),
)
BEHIND_LEVELS: Final = ((words.WHICH, Tag.EACH), (words.OWN, Tag.OWN))
"""What words before or after a level make of it."""

Reading = tuple[float, list[Span]]
"""How much a path through the lattice explains, and its spans."""


Path = tuple[Span, Any]
"""A span and the path behind it; None at the end. Paths share their tails, so nothing is copied."""
Way = tuple[float, Path | None]


def spans_of(path: Path | None) -> list[Span]:
    """The spans of a path in their order."""
    spans = []
    while path is not None:
        spans.append(path[0])
        path = path[1]
    return spans


@dataclass(frozen=True)
class Lexicon:
    """Finds the spans of a question. `nameable` are the units that the asker may name."""

    dictionary: Dictionary
    gazetteer: Gazetteer
    today: date
    nameable: frozenset[int]

    @cached_property
    def names(self) -> PlaceNames:
        return PlaceNames(self.dictionary, self.gazetteer, self.nameable)

    @cached_property
    def rules(self) -> tuple[Callable[[Sequence[Token], int], Iterator[Span]], ...]:
        """The rules that find spans besides the tables."""
        times, amounts = Times(self.names, self.today), Amounts(self.dictionary)
        return (
            *(self.named, self.nearly_named, self.levels, self.names.places, times.periods, times.latest),
            *(
                amounts.bounds,
                amounts.closes,
                amounts.exact,
                amounts.apart,
                apart,
                more_apart,
                self.bare_denial,
                own_beside,
                both,
                out_of,
                reporting,
                sending,
                of_tasks,
                must_reach,
                gap_to,
                confirmed,
                compared_level,
                goal_said,
                amount_stated,
                of_so_many,
                done_when,
                at_an_edge,
                any_at_all,
                sent_already,
                what_difficulties,
                self.any_named,
                self.height,
                self.denied,
                self.asked_which,
                amounts.counts,
                self.norm_of,
            ),
        )

    def best(self, tokens: Sequence[Token], most: int = 1) -> list[Reading]:
        """The best ways to cover `tokens` with spans, at most `most` of them, best first."""
        behind: list[list[Way]] = [[(0.0, None)] for _ in range(len(tokens) + 1)]
        for place in range(len(tokens) - 1, -1, -1):
            unread = Span(place, place + 1, Tag.UNKNOWN, tokens[place].text)
            spans = dict.fromkeys((*self.beginning(tokens, place), unread))
            ways: list[tuple[float, Path]] = [
                (span.score + score, (span, rest)) for span in spans for score, rest in behind[span.end]
            ]
            ways.sort(key=lambda way: (-way[0], -way[1][0].end))
            behind[place] = list(ways[:most])
        return [(score, spans_of(path)) for score, path in behind[0]]

    def beginning(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """Every span that may begin at `place`."""
        yield from marks(tokens, place)
        token = tokens[place]
        having = {at for form in token.forms or (token.text,) for at in BY_WORD.get(bare(form), ())}
        for tag, table in (TABLES[at] for at in sorted(having)):
            phrase = table.at(tokens, place)
            if phrase is not None and not (tag is Tag.FOLLOW and is_child(tokens, place)):
                yield Span(place, phrase[1], tag, phrase[0])
        for rule in self.rules:
            yield from rule(tokens, place)

    def named(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """What the plans name: an indicator, a domain."""
        for tag, names in (
            (Tag.INDICATOR, self.dictionary.indicators),
            (Tag.DOMAIN, self.dictionary.domains),
        ):
            ends = dict.fromkeys((len(tokens), before_which(tokens, place)))
            for named in filter(None, (names.at(tokens[:end], place) for end in ends)):
                yield Span(place, named[1], tag, self.meant(named[0], tokens))

    def nearly_named(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """Something close to an indicator: "nước sạch"."""
        ends = dict.fromkeys((len(tokens), before_which(tokens, place)))
        for near in filter(None, (words.NEAR.at(tokens[:end], place) for end in ends)):
            if near[0] in self.dictionary.plans.indicators:
                yield Span(place, near[1], Tag.INDICATOR, (near[0],))

    def meant(self, ids: tuple[str, ...], tokens: Sequence[Token]) -> tuple[str, ...]:
        """Which indicators a name means.

        Of a share and its number, the share if units are ranked ("nghèo nhất"). Of everybody's and the ethnic
        minorities', everybody's unless the minorities are named.
        """
        if len(ids) > 1 and MINORITY_WORDS.isdisjoint(bare(token.text) for token in tokens):
            ids = self.dictionary.of_everybody(ids)
        ordered = len(ids) > 1 and any(table.first_in(tokens) for table in (words.MOST, words.MORE))
        return self.dictionary.without_numbers(ids) if ordered else ids

    def denied(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The name of one share with a "chưa" or "không" in it: its complement."""
        for at in range(place + 1, min(place + DENIED_WITHIN, len(tokens))):
            if words.PARTICLES.at(tokens, at) is None:
                continue
            named = self.dictionary.indicators.at([*tokens[:at], *tokens[at + 1 :]], place)
            if named is not None and named[1] > at and self.is_one_share(named[0]):
                yield Span(place, named[1] + 1, Tag.INDICATOR, named[0], denied=True)

    def asked_which(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """An indicator's name with a "nào" in it ("công trình nước nào đang hỏng"), unless it counts units or households."""
        if words.LEVELS.at(tokens, place) or words.PERSONAL.first_in(tokens) is not None:
            return
        for at in range(place + 1, min(place + DENIED_WITHIN, len(tokens))):
            named = None
            if words.WHICH.at(tokens, at) is not None:
                named = self.dictionary.indicators.at([*tokens[:at], *tokens[at + 1 :]], place)
            if named is not None and named[1] > at:
                yield Span(place, named[1] + 1, Tag.INDICATOR, self.meant(named[0], tokens))

    def any_named(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The "nào" after a name if the question ends in "không": "có cặp tảo hôn nào không" asks whether there are any."""
        asks = words.WHICH.at(tokens, place) and words.PARTICLES.at(tokens, len(tokens) - 1)
        starts = range(max(0, place - DENIED_WITHIN), place)
        names = (self.dictionary.indicators.at(tokens[:place], start) for start in starts) if asks else ()
        if any(named is not None and named[1] == place for named in names):
            yield Span(place, place + 1, Tag.ANY)

    def bare_denial(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The "chưa" of "chưa có kế hoạch" alone, if the name of what is denied begins with "có"."""
        names = (self.dictionary.indicators, words.NEAR)
        begins = place + 1 < len(tokens) and any(some.at(tokens, place + 1) for some in names)
        if begins and words.PARTICLES.at(tokens, place) is not None:
            yield Span(place, place + 1, Tag.NEGATION, True)

    def height(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The "mức" right before an indicator's name, but not that of "mức giảm"."""
        height = words.HEIGHT.at(tokens, place)
        names = (self.dictionary.indicators, words.NEAR)
        if height is not None and any(some.at(tokens, height[1]) for some in names):
            yield Span(place, height[1], Tag.FILLER)

    def norm_of(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The "mức" before the name of a support, and the "mấy triệu", "bao nhiêu một ha" behind one: the norm is asked
        for, not how many got it."""
        level = words.HEIGHT.at(tokens, place)
        if level is not None and words.SUPPORTS.at(tokens, level[1]):
            yield Span(place, level[1], Tag.PLAN, "norm")
        amount = words.AMOUNT_ASKED.at(tokens, place)
        if amount is not None and words.SUPPORTS.first_in(tokens, range(place)) and not spent(tokens):
            yield Span(place, amount[1], Tag.PLAN, "norm")

    def is_one_share(self, ids: Sequence[str]) -> bool:
        """Whether a name means a single indicator that is a share: only then is there a complement."""
        return len(ids) == 1 and bool(self.dictionary.plans.indicators[ids[0]].rate)

    def levels(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "các xã", "xã nào" list units of a level, "mấy xã" counts them; "toàn huyện", "xã tôi" mean the asker's own."""
        for before, tag in BEFORE_LEVELS:
            lead = before.at(tokens, place)
            if lead is not None:
                yield from self.level_behind(tokens, place, lead[1], tag)
        somewhere = words.SOMEWHERE.at(tokens, place)
        if somewhere is not None:
            yield Span(place, somewhere[1], Tag.EACH, "")
        level = words.LEVELS.at(tokens, place)
        if level is None:
            return
        for behind, tag in BEHIND_LEVELS:
            last = behind.at(tokens, level[1])
            if last is not None:
                yield Span(place, last[1], tag, level[0])
                which = words.WHICH.at(tokens, last[1]) if tag is Tag.OWN else None
                if which is not None:  # "thôn mình nào"
                    yield Span(place, which[1], Tag.EACH, level[0])

    def level_behind(self, tokens: Sequence[Token], place: int, start: int, tag: Tag) -> Iterator[Span]:
        """A level at `start`, after words at `place` that list its units, count them, or mean the asker's own."""
        level = words.LEVELS.at(tokens, start)
        if level is None or (tag is not Tag.EACH and self.names.typed(tokens, start)):
            return
        if tag is Tag.LISTED:
            yield Span(place, start, tag, level[0])
        yield Span(place, level[1], tag, level[0])
        own = words.OWN.at(tokens, level[1])
        if own is not None:
            yield Span(place, own[1], Tag.OWN, level[0])


def spent(tokens: Sequence[Token]) -> bool:
    """Whether capital is spoken of, of which millions are spent."""
    return bool({"von", "ngan"} & {bare(token.text) for token in tokens})


def before_which(tokens: Sequence[Token], place: int) -> int:
    """Where the next "thôn nào" after `place` begins, otherwise the end: no name runs into it."""
    for at in range(place + 1, len(tokens)):
        level = words.LEVELS.at(tokens, at)
        if level is not None and words.WHICH.at(tokens, level[1]) is not None:
            return at
    return len(tokens)


def what_difficulties(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "là gì" at the end of a question about difficulties, and the "gặp" after them."""
    met = words.MET.at(tokens, place)
    if met is not None and words.INTENTS.first_in(tokens, range(place)) is Intent.DIFFICULTIES:
        yield Span(place, met[1], Tag.FILLER)
    asked = words.ASKED_WHAT.at(tokens, place)
    last = asked is not None and asked[1] == len(tokens)
    if asked and last and words.INTENTS.first_in(tokens, range(place)) is Intent.DIFFICULTIES:
        yield Span(place, asked[1], Tag.FILLER)


def is_child(tokens: Sequence[Token], place: int) -> bool:
    """Whether a "con" means a child rather than "còn": only if the question has diacritics."""
    return tokens[place].text == "con" and not all(token.text.isascii() for token in tokens)


def marks(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """Punctuation, which says nothing."""
    if tokens[place].kind == "mark" and not tokens[place].text.isalnum():
        yield Span(place, place + 1, Tag.FILLER)


def apart(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "nhiều … nhất", around its subject; also the "nhiều" of "thôn nào nhiều …", "thôn nào … nhiều"."""
    first = words.APART.at(tokens, place)
    before = [bare(token.text) for token in tokens[:place]]
    more = words.MORE.first_in(tokens, range(place + 1, len(tokens)))
    asks_which = not more and "nao" in (before if place == len(tokens) - 1 else before[-2:])
    asks_which = asks_which or (not more and lists_units(tokens, place))
    if first is not None and (asks_which or words.MOST.first_in(tokens, range(place + 2, len(tokens)))):
        yield Span(place, place + 1, Tag.ORDER, first[0])
    if words.MOST.at(tokens, place) and words.APART.first_in(tokens, range(place - 1)):
        yield Span(place, place + 1, Tag.FILLER)


def lists_units(tokens: Sequence[Token], place: int) -> bool:
    """Whether units of a level are listed before `place`: "top 10 thôn có nhiều …", "các xã còn nhiều …"."""
    behind = place
    while behind and bare(tokens[behind - 1].text) in HAVING:
        behind -= 1
    levels = (words.LEVELS.at(tokens, start) for start in range(max(0, behind - 3), behind))
    listed = any(level is not None and level[1] == behind for level in levels)
    return listed and bool(words.EACH.first_in(tokens) or words.BEFORE_NUMBER.first_in(tokens))


def more_apart(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "nhiều … hơn" around what is compared; not with a number: "nhiều … hơn 2 em"."""
    first = words.THAN_APART.at(tokens, place)
    behind = (words.MORE.at(tokens, at) for at in range(place + 2, len(tokens)))
    if first is not None and any(more and not amount_at(tokens, more[1]) for more in behind):
        yield Span(place, first[1], Tag.THAN, first[0])
    more = words.MORE.at(tokens, place)
    if more is not None and words.THAN_APART.first_in(tokens, range(place - 1)):
        yield Span(place, more[1], Tag.FILLER)


def both(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Vừa … vừa": joins what follows each of them."""
    said = words.BOTH.at(tokens, place)
    others = (*range(place), *range(place + 1, len(tokens)))
    if said is not None and words.BOTH.first_in(tokens, others):
        yield Span(place, said[1], Tag.AND)


def out_of(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The "ra" of "ngoài xã Phong Quang ra", the "lại" of "cộng A, B lại": each ends what an earlier word began."""
    if (begun := words.ENDED.get(bare(tokens[place].text))) and begun.first_in(tokens, range(place)):
        yield Span(place, place + 1, Tag.FILLER)


def sending(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Khi nào … nộp" in either order, around or before a questionnaire's name: asks for its deadline."""
    for here, other in ((words.SENDING, words.ASKED_WHEN), (words.ASKED_WHEN, words.SENDING)):
        said = here.at(tokens, place)
        elsewhere = (*range(place), *range(said[1], len(tokens))) if said else ()
        if said is not None and other.first_in(tokens, elsewhere):
            yield Span(place, said[1], Tag.PLAN, "deadline")


def of_so_many(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Trong 8 thôn", "cả 5 xã", "5 xã cộng lại": the number of units is known and not asked for."""
    start = words.ALL_OF_THEM.past(tokens, place)
    counted = start < len(tokens) and tokens[start].text.isdigit()
    level = words.LEVELS.at(tokens, start + 1) if counted else None
    if level is not None and (start > place or words.KNOWN_UNITS.at(tokens, level[1])):
        yield Span(place, level[1], Tag.FILLER)


def compared_level(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Cao hơn trung bình của xã": the asker's own unit, with which others are compared."""
    level = words.LEVELS.at(tokens, place)
    leads = (words.THAN.at(tokens, start) for start in range(max(0, place - LONGEST_THAN), place))
    if level is not None and any(lead is not None and lead[1] == place for lead in leads):
        yield Span(place, level[1], Tag.OWN, level[0])


def own_beside(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "So với huyện", "xã Vĩnh Thông và tỉnh chênh nhau bao nhiêu": the asker's own unit in a comparison."""
    level = words.LEVELS.at(tokens, place)
    compares = words.INTENTS.first_in(tokens) is Intent.COMPARE
    leads = (
        table.at(tokens, at)
        for table in (words.AND, words.INTENTS)
        for at in (place - 1, place - 2)
        if at > 0
    )
    if level is not None and compares and any(lead is not None and lead[1] == place for lead in leads):
        yield Span(place, level[1], Tag.OWN, level[0])


def confirmed(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """The number of "là 88 đúng không": the figure shows whether it is right."""
    said = place > 0 and bare(tokens[place - 1].text) == "la" and amount_at(tokens, place)
    asks = [bare(token.text) for token in tokens[-2:]] in (["dung", "khong"], ["phai", "khong"])
    if said and asks:
        yield Span(place, said.named, Tag.FILLER)


def must_reach(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Phải giảm … bao nhiêu": the value that a plan sets; "còn phải" and "nữa" ask for what remains."""
    must = words.MUST.at(tokens, place)
    still = (place > 0 and bare(tokens[place - 1].text) == "con") or "nua" in (
        bare(one.text) for one in tokens
    )
    if must is not None and not still and words.HOW_MUCH.first_in(tokens, range(must[1], len(tokens))):
        yield Span(place, must[1], Tag.GOAL)
        if much := words.HOW_MUCH.at(tokens, must[1]):
            yield Span(place, much[1], Tag.GOAL)  # else "giảm bao nhiêu" would ask how it changed


EDGES: Final = {
    True: (words.CLOSING, words.OPENING),
    False: (words.MARKED_CLOSING, words.MARKED_OPENING),
}
"""Words without meaning at the end and at the beginning of a question, by whether it has diacritics."""


def done_when(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Bao giờ … hết": by when a plan means to finish."""
    when = words.ASKED_WHEN.at(tokens, place)
    if when is not None and words.FINISHED.first_in(tokens, range(when[1], len(tokens))):
        yield Span(place, when[1], Tag.GOAL)


def at_an_edge(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """Courtesy at an end of the question, where it may lack diacritics: "… vay", "alo …"."""
    plain = all(token.text.isascii() for token in tokens)
    last, first = EDGES[plain]
    closing = last.at(tokens, place)
    if closing is not None and is_run_of(last, tokens[closing[1] :]):
        yield Span(place, closing[1], Tag.FILLER)
    opening = first.at(tokens, place)
    if opening is not None and is_run_of(first, tokens[:place]):
        yield Span(place, opening[1], Tag.FILLER)


def is_run_of(table: Table[bool], tokens: Sequence[Token]) -> bool:
    """Whether there are only phrases of a table and punctuation."""
    place = 0
    while place < len(tokens):
        phrase = table.at(tokens, place)
        if phrase is None and tokens[place].kind != "mark":
            return False
        place = phrase[1] if phrase else place + 1
    return True


def reporting(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "báo cáo tháng 10 … đủ chưa": whether it was reported, with place and time in between."""
    said = words.REPORTING.at(tokens, place)
    if said is not None and is_yet_last(tokens, range(said[1], len(tokens))):
        yield Span(place, said[1], Tag.REPORTED, False)
    elif is_yet_last(tokens, (place,)) and words.REPORTING.first_in(tokens, range(place)):
        yield Span(place, len(tokens), Tag.REPORTED, False)


def sent_already(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Mấy thôn báo nước rồi": who has reported, with the subject before the "rồi" that ends the question."""
    said = words.SENT.at(tokens, place)
    ends = bare(tokens[-1].text) == "roi" and said is not None and said[1] < len(tokens)
    asks = words.WHICH.first_in(tokens) or words.HOW_MUCH.first_in(tokens, range(place))
    if said is not None and ends and asks:
        yield Span(place, said[1], Tag.REPORTED, True)


def any_at_all(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """ "Còn hộ nào ở nhà tạm không": whether there are any; nobody asks which."""
    said = words.ANY_AT_ALL.at(tokens, place)
    if said is not None and said[1] < len(tokens) and words.PARTICLES.at(tokens, len(tokens) - 1) is not None:
        yield Span(place, said[1], Tag.ANY)


def is_yet_last(tokens: Sequence[Token], places: Iterable[int]) -> bool:
    """Whether the question ends in a "chưa" that begins at one of these places."""
    yets = (words.YET.at(tokens, place) for place in places)
    return any(yet is not None and yet[1] == len(tokens) for yet in yets)
