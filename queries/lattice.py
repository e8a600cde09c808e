"""All meanings that the words of a question may have, as a lattice of spans, and the best paths through it.

At every word, all phrases that may begin there are looked up. Of all ways to lay spans side by side, those that
explain most win; a longer phrase explains more than its parts. A word that no table knows stays a span of its own, so
that nothing is ignored.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any, Final

from queries import vocabulary as words
from queries.amounts import DENIED_WITHIN, Amounts
from queries.dictionary import MINORITY_WORDS, Dictionary, Names, is_grammar
from queries.names import PlaceNames
from queries.spans import Rule, Span, Tag, one_ends_at
from queries.tasking import of_tasks
from queries.times import Times
from queries.word_rules import WORD_RULES
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
    (Tag.REPORTED, words.APPROVED),
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


LISTING: Final = frozenset((",", ";", "+", "&"))
"""Marks between two things in a list."""
BEFORE_LEVELS: Final = (
    (words.EACH, Tag.EACH),
    (words.LISTED, Tag.LISTED),
    (words.HOW_MANY, Tag.HOW_MANY),
    (words.WHOLE, Tag.OWN),
)
BEHIND_LEVELS: Final = ((words.WHICH, Tag.EACH), (words.OWN, Tag.OWN))
"""What words before or after a level make of it."""

GOAL_WORDS: Final = 2
"""How many words "chỉ tiêu", "mục tiêu" have."""
Named = tuple[tuple[str, ...], int]
"""The indicators that a name means, and the place after it."""
Find = Callable[[Sequence[Token], int], Named | None]
Reading = tuple[float, list[Span]]
"""How much a path through the lattice explains, and its spans."""


OF_FORMS: Final = ("phieu", "cao")
"""The last word, without diacritics, of "phiếu" and "báo cáo"."""
Path = tuple[Span, Any]
"""A span and the path behind it; None at the end. Paths share their tails, so nothing is copied."""
Way = tuple[float, Path | None]


@cache
def by_word() -> dict[str, tuple[int, ...]]:
    """By a word without diacritics, the tables with a phrase that begins with it: no others need a lookup."""
    return {
        word: tuple(place for place, (_, table) in enumerate(TABLES) if word in table.entries)
        for word in {word for _, table in TABLES for word in table.entries}
    }


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
    def rules(self) -> tuple[Rule, ...]:
        """The rules that find spans besides the tables."""
        times, amounts = Times(self.names, self.today), Amounts(self.dictionary)
        return (
            self.named,
            self.form_named,
            self.nearly_named,
            self.left_over,
            self.levels,
            self.names.places,
            times.periods,
            times.latest,
            *amounts.rules,
            *WORD_RULES,
            of_tasks,
            self.bare_denial,
            self.any_named,
            self.height,
            self.denied,
            self.asked_which,
            self.norm_of,
            self.targets_of_domain,
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
        having = {at for form in token.forms or (token.text,) for at in by_word().get(bare(form), ())}
        for tag, table in (TABLES[at] for at in sorted(having)):
            phrase = table.at(tokens, place)
            if phrase is not None and not (tag in BUT and BUT[tag](tokens, place)):
                yield Span(place, phrase[1], tag, phrase[0])
        for rule in self.rules:
            yield from rule(tokens, place)

    def named(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """What the plans name: an indicator, a domain."""
        for tag, names in (
            (Tag.INDICATOR, self.dictionary.indicators),
            (Tag.DOMAIN, self.dictionary.domains),
        ):
            for named in to_each_end(names.at, tokens, place):
                mark = next(listing_marks(names, tokens, place, named[1]), None)
                kept = named if mark is None else names.at(tokens[:mark], place)
                moves = kept is not None and tag is Tag.DOMAIN and is_a_move(tokens, place, kept[1])
                if kept is not None and not moves and not halves_word(tokens, kept[1]):
                    yield Span(place, kept[1], tag, self.meant(kept[0], tokens))

    def form_named(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """A theme in a word that is mere grammar elsewhere, right behind "phiếu" or "báo cáo": "phiếu nhà"."""
        if place and bare(tokens[place - 1].text) in OF_FORMS:
            id = self.dictionary.themes_of_forms.get(bare(tokens[place].text))
            yield from (Span(place, place + 1, Tag.DOMAIN, (id,)),) if id else ()

    def nearly_named(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """Something close to an indicator: "nước sạch"."""
        for near in to_each_end(self.near, tokens, place):
            yield Span(place, near[1], Tag.INDICATOR, near[0])

    def near(self, tokens: Sequence[Token], place: int) -> Named | None:
        """Return the indicator that something at `place` is close to, and the place after it."""
        near = words.NEAR.at(tokens, place)
        known = near is not None and near[0] in self.dictionary.plans.indicators
        return ((near[0],), near[1]) if near is not None and known else None

    def left_over(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """What a share leaves over, by a name of its own: "người mù chữ"."""
        rest = words.OPPOSITE.at(tokens, place)
        if rest is not None and rest[0] in self.dictionary.plans.indicators:
            yield Span(place, rest[1], Tag.INDICATOR, (rest[0],), denied=True)

    def meant(self, ids: tuple[str, ...], tokens: Sequence[Token]) -> tuple[str, ...]:
        """Which indicators a name means.

        Of a share and its number, the share if units are ranked ("nghèo nhất") or a change is asked for. Of everybody's
        and the ethnic minorities', everybody's unless the minorities are named.
        """
        if len(ids) > 1 and MINORITY_WORDS.isdisjoint(bare(token.text) for token in tokens):
            ids = self.dictionary.of_everybody(ids)
        told = len(ids) > 1 and any(table.first_in(tokens) for table in (words.MOST, words.MORE, words.MOVED))
        return self.dictionary.without_numbers(ids) if told else ids

    def denied(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The name of one share with a "chưa" or "không" in it: its complement."""
        for at in range(place + 1, min(place + DENIED_WITHIN, len(tokens))):
            if words.PARTICLES.at(tokens, at) is None:
                continue
            names = (self.dictionary.indicators.at, self.near)
            named = next(filter(None, (around(find, tokens, place, at) for find in names)), None)
            if named is not None and self.is_one_share(named[0]):
                yield Span(place, named[1] + 1, Tag.INDICATOR, named[0], denied=True)

    def asked_which(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """An indicator's name with a "nào" in it ("công trình nước nào đang hỏng"), unless it counts units or households."""
        if words.LEVELS.at(tokens, place):
            return
        for at in range(place + 1, min(place + DENIED_WITHIN, len(tokens))):
            is_which = words.WHICH.at(tokens, at) is not None
            named = around(self.dictionary.indicators.at, tokens, place, at) if is_which else None
            if named is not None and words.PERSONAL.first_in(tokens) is None:
                yield Span(place, named[1] + 1, Tag.INDICATOR, self.meant(named[0], tokens))

    def any_named(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The "nào" after a name if the question ends in "không": "có cặp tảo hôn nào không" asks whether there are any."""
        asks = words.WHICH.at(tokens, place) and words.PARTICLES.at(tokens, len(tokens) - 1)
        starts = range(max(0, place - DENIED_WITHIN), place)
        names = (self.dictionary.indicators.at(tokens[:place], start) for start in starts) if asks else ()
        if one_ends_at(names, place):
            yield Span(place, place + 1, Tag.ANY)

    def bare_denial(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """The "chưa" of "chưa có kế hoạch" alone, if the name of what is denied begins with "có"."""
        names = (self.dictionary.indicators, words.NEAR)
        denies = place + 1 < len(tokens) and words.PARTICLES.at(tokens, place) is not None
        if denies and any(some.at(tokens, place + 1) for some in names):
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
        share = words.SHARE_ASKED.at(tokens, place)
        if share is not None and share[1] == len(tokens) and words.SUPPORTS.at(tokens, 0):
            yield Span(place, share[1], Tag.PLAN, "norm")

    def targets_of_domain(self, tokens: Sequence[Token], place: int) -> Iterator[Span]:
        """ "Chỉ tiêu y tế nào chưa đạt": the table of targets with a domain in the middle of what asks for it."""
        for start in range(max(0, place - DENIED_WITHIN), place + 1):
            goal = words.GOALS.at(tokens[: start + GOAL_WORDS], start)
            domain = self.domain_behind(tokens, goal[1]) if goal else None
            which = words.WHICH.at(tokens, domain) if domain else None
            if goal is None or which is None:
                continue
            state = words.TARGET_STATES.at(tokens, which[1])
            if start == place:
                yield Span(place, goal[1], Tag.ANY)
            elif domain == place:
                yield Span(place, (state or which)[1], Tag.TARGETS, state[0] if state else "")

    def domain_behind(self, tokens: Sequence[Token], place: int) -> int | None:
        """The place after a domain that begins at `place`, or behind a "về" there; None if there is none."""
        if place == len(tokens):
            return None
        named = self.dictionary.domains.at(tokens, place + (bare(tokens[place].text) == "ve"))
        return named[1] if named else None

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


def to_each_end(find: Find, tokens: Sequence[Token], place: int) -> Iterator[Named]:
    """Yield what is named at `place`, and what is named there before the next "thôn nào"."""
    named = find(tokens, place)
    if named is not None:
        yield named
        end = before_which(tokens, place)
        before = find(tokens[:end], place) if end < len(tokens) else None
        if before is not None:
            yield before


def around(find: Find, tokens: Sequence[Token], place: int, at: int) -> Named | None:
    """Return what a name means that begins at `place` and goes on after the word `at`, which is not part of it.

    The end does not count that word.
    """
    named = find([*tokens[:at], *tokens[at + 1 :]], place)
    return named if named is not None and named[1] > at else None


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


def listing_marks(names: Names, tokens: Sequence[Token], place: int, end: int) -> Iterator[int]:
    """The marks in a name from `place` to `end` that part two things in a list: "tổng số hộ, số hộ nghèo". Before such a
    mark stand a name of something else than behind it, or only words that may be missing."""
    for at in range(place + 1, end - 1):
        if tokens[at].text in LISTING:
            before, behind = names.at(tokens[:at], place), names.at(tokens, at + 1)
            both = before and behind and before[1] == at and set(before[0]).isdisjoint(behind[0])
            if both or all(is_grammar(token) for token in tokens[place:at]):
                yield at


def is_a_move(tokens: Sequence[Token], place: int, end: int) -> bool:
    """Whether a theme's name that begins with "giảm" tells how a figure moved: "giảm hộ nghèo nhanh nhất"."""
    order = words.ORDERS.at(tokens, end) if end < len(tokens) else None
    return order is not None and end > place + 1 and words.MOVED.at(tokens, place) is not None


def halves_word(tokens: Sequence[Token], place: int) -> bool:
    """Whether a name that ends at `place` would cut "dân tộc" in two: "tổng số hộ dân | tộc"."""
    return [bare(token.text) for token in tokens[place - 1 : place + 1]] == ["dan", "toc"]


def is_child(tokens: Sequence[Token], place: int) -> bool:
    """Whether a "con" means a child rather than "còn": only if the question has diacritics."""
    return tokens[place].text == "con" and not all(token.text.isascii() for token in tokens)


def picks_units(tokens: Sequence[Token], place: int) -> bool:
    """Whether what stands at `place` says which units are meant: the "mới hết" of "thôn nào mới hết thiếu nước"."""
    gap = words.GAP.at(tokens, place)
    return place > 0 and words.WHICH.at(tokens, place - 1) is not None and gap is not None and not gap[0]


def is_held_against(tokens: Sequence[Token], place: int) -> bool:
    """Whether units are held against the average at `place`: the "trung bình" of "trên trung bình"."""
    than = words.THAN.at(tokens, place - 1) if place else None
    return than is not None and than[1] > place


BUT: Final = {Tag.FOLLOW: is_child, Tag.GAP: picks_units, Tag.MEAN: is_held_against}
"""Where a phrase of a table does not have its meaning, by its tag."""


def marks(tokens: Sequence[Token], place: int) -> Iterator[Span]:
    """Punctuation, which says nothing."""
    if tokens[place].kind == "mark" and not tokens[place].text.isalnum():
        yield Span(place, place + 1, Tag.FILLER)
