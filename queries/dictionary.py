"""Finds the names of indicators and domains in a question.

The names come from the plans: an indicator's own name and its synonyms. Words without meaning of their own ("hộ",
"được", "sử dụng" …) may stand within a name or be missing from it. The longest name wins, so that "hộ cận nghèo" is
never taken for "hộ nghèo".
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, filterfalse, groupby
from operator import attrgetter
from typing import Final

from plans.indicator import Indicator
from plans.minority import general_of
from plans.plans import Plans
from queries import alike
from queries.abbreviations import expand
from queries.likeness import Likeness
from queries.vocabulary import FILLER, INNER, MISSABLE
from questionnaires.answers.text import bare, clean, stands_for
from questionnaires.answers.tokens import Table, Token, tokens_of

OFFERED: Final = 12
LONG: Final = 16
"""How many words of a name are looked at for another way to read them."""
PAIRS: Final = {"gia": "dinh", "dong": "bao"}
"""Words without diacritics of which one half alone is a different word."""
ENDS: Final = {second: first for first, second in PAIRS.items()}


def words_of(text: str) -> list[str]:
    """The words of a name, as they are compared."""
    return [token.text for token in tokens_of(expand(clean(text))) if token.kind != "mark"]


@dataclass(slots=True)
class Node:
    """The state of a reading after some words; `ends` are the ids of the names that end here."""

    next: dict[str, list[tuple[str, "Node"]]] = field(default_factory=dict)
    ends: dict[str, None] = field(default_factory=dict)

    def go(self, word: str) -> "Node":
        """The node after `word`, made if there is none."""
        for known, node in self.next.setdefault(bare(word), []):
            if known == word:
                return node
        node = Node()
        self.next[bare(word)].append((word, node))
        return node

    def after(self, token: Token, *, every: bool = False) -> list["Node"]:
        """The nodes after a typed word: the word with all its diacritics, otherwise all that it may stand for.

        With `every`, all that it may stand for in any case.
        """
        reached = (self.behind(form, every=every) for form in token.forms or (token.text,))
        return next(filter(None, reached), [])

    def behind(self, form: str, *, every: bool) -> list["Node"]:
        """The nodes after one way to read a word."""
        near = self.next.get(bare(form), ())
        exact = [] if every else [node for word, node in near if word == form]
        return exact or [node for word, node in near if stands_for(form, word)]


def is_grammar(token: Token) -> bool:
    """Whether a word may stand within a name: typed without diacritics or with those of such a word ("tại", not "tái")."""
    if bare(token.text) not in INNER:
        return False
    return any(stands_for(form, word) for form in token.forms or (token.text,) for word in MISSABLE)


def is_whole(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word of two syllables is complete ("gia đình"): a mere "gia" may be "già"."""
    word = bare(tokens[place].text)
    before = bare(tokens[place - 1].text) if place else ""
    behind = bare(tokens[place + 1].text) if place + 1 < len(tokens) else ""
    return PAIRS.get(word, behind) == behind and ENDS.get(word, before) == before


@dataclass
class Names:
    """Phrases with the ids that they name, as a tree of words to search at a place among tokens."""

    root: Node = field(default_factory=Node)
    forks: set[str] = field(default_factory=set)
    """Words without diacritics ("giao") that may go on as others with them do ("giáo")."""

    def add(self, phrase: str, id: str) -> None:
        """Add `phrase` as a name of `id`, as it is and without words that may be missing, but with its last ("đất ở")."""
        words = words_of(phrase)
        stripped = [word for word in words[:-1] if word not in MISSABLE] + words[-1:]
        for some in (words, stripped):
            if some:
                self.add_words(some, id)

    def add_words(self, words: Sequence[str], id: str) -> None:
        """Add some words as a name of `id`, and note which of them fork."""
        node = self.root
        for word in words:
            others = [known for known, _ in node.next.get(bare(word), ()) if known != word]
            node = node.go(word)
            self.forks.update(filter(str.isascii, (*others, word) if others else ()))
        node.ends[id] = None

    def at(self, tokens: Sequence[Token], place: int) -> tuple[tuple[str, ...], int] | None:
        """Return the ids that the longest phrase at `place` names, and the place after it; None if there is none.

        A word without diacritics may begin several names ("dien": điện, điển), so all are followed. A word that may be
        mere grammar ("cho") is no name alone. A word that has no diacritics itself is taken for it, but where that leads
        less far than another: "giao duc" is "giáo dục", although there is "giao thông".
        """
        sure = self.longest(tokens, place)
        if self.forks.isdisjoint(token.text for token in tokens[place : place + LONG]):
            return sure
        other = self.longest(tokens, place, every=True)
        return other if other and (sure is None or other[1] > sure[1]) else sure

    def longest(
        self, tokens: Sequence[Token], place: int, *, every: bool = False
    ) -> tuple[tuple[str, ...], int] | None:
        """Return the same for words as they are typed, or for `every` one that they may stand for."""
        nodes, here, named = [self.root], place, None
        while here < len(tokens) and nodes:
            passed = may_be_missing(tokens, here)
            child = is_child_word(tokens, here)
            reached, waiting = self.step(nodes, tokens[here], passed=passed, always=child, every=every)
            nodes = reached + waiting
            here += 1
            grammar = here == place + 1 and passed and tokens[place].text.isascii()
            if not grammar and (ends := tuple(dict.fromkeys(chain(*(node.ends for node in reached))))):
                named = ends, here
        return named

    def step(
        self, nodes: Sequence[Node], token: Token, *, passed: bool, always: bool = False, every: bool = False
    ) -> tuple[list[Node], list[Node]]:
        """Return the nodes that a word leads to, and those that stay where they are.

        If the word may stand within a name (`passed`), nodes that it does not lead on from stay; with `always`, all do.
        """
        steps = [(node, node.after(token, every=every)) for node in nodes]
        reached = list(chain.from_iterable(behind for _, behind in steps))
        stuck = (node for node, behind in steps if always or not behind)
        return reached, [node for node in stuck if node is not self.root] if passed else []


def may_be_missing(tokens: Sequence[Token], place: int) -> bool:
    """Whether what is at `place` may stand within a name that lacks it: punctuation, a grammar word."""
    token = tokens[place]
    return (
        token.kind == "mark"
        or is_child_word(tokens, place)
        or (is_grammar(token) and is_whole(tokens, place))
    )


def is_child_word(tokens: Sequence[Token], place: int) -> bool:
    """Whether an "em" follows "trẻ": "trẻ em 6-10 tuổi" are "trẻ 6-10 tuổi"."""
    return place > 0 and [bare(token.text) for token in tokens[place - 1 : place + 1]] == ["tre", "em"]


FEW: Final = 3
"""A name of at least this many words may be meant by fewer of them, if the others are said as words of grammar."""
UNSAID: Final = frozenset(("dan", "toc", "thieu", "so", "dtts", "lao", "dong"))
"""Whom an indicator counts may go unsaid: the answer says it."""


MINORITY_WORDS: Final = frozenset(("toc", "dtts"))
"""One of these shows that the ethnic minorities alone may be meant."""


@dataclass
class Dictionary:
    """Everything in the plans that a question may name."""

    plans: Plans

    @cached_property
    def headings(self) -> Table[bool]:
        """What the plans' headings are called; projects are known by their number."""
        sections = chain.from_iterable(plan.sections for plan in self.plans.programmes.values())
        return Table({one.called.lower(): True for one in sections if not one.called[-1].isdigit()})

    @cached_property
    def clauses(self) -> tuple[list[str], ...]:
        """The words of everything that plans say, as `queries.alike.folded` gives them."""
        rows = chain.from_iterable(programme.targets for programme in self.plans.programmes.values())
        return tuple(alike.folded(row.statement) for row in rows)

    @cached_property
    def numbers_in_words(self) -> tuple[frozenset[str], ...]:
        """The same of each row of an office's own plan that says a number which no figure has."""
        plans = (self.plans.programmes[id] for id in sorted(self.plans.own & self.plans.programmes.keys()))
        rows = chain.from_iterable(programme.targets for programme in plans)
        return tuple(frozenset(alike.folded(row.statement)) for row in rows if row.said_in_words)

    @cached_property
    def indicators(self) -> Names:
        """By name and synonym."""
        names = Names()
        for indicator in self.plans.indicators.values():
            for phrase in (*indicator.names.values(), *indicator.synonyms):
                names.add(phrase, indicator.id)
        return names

    @cached_property
    def english(self) -> Names:
        """The indicators by their English names."""
        names = Names()
        for indicator in self.plans.indicators.values():
            if "en" in indicator.names:
                names.add(indicator.names["en"], indicator.id)
        return names

    @cached_property
    def domains(self) -> Names:
        """By name, and by each part of a name, except mere grammar: "nhà"."""
        names = Names()
        for part, id in self.themes:
            if FILLER.whole(tokens_of(clean(part))) is None:
                names.add(part, id)
        return names

    @cached_property
    def themes_of_forms(self) -> dict[str, str]:
        """The domains by those names that are mere grammar, without diacritics: they count behind "phiếu"."""
        return {
            bare(part): id for part, id in self.themes if FILLER.whole(tokens_of(clean(part))) is not None
        }

    @property
    def themes(self) -> Iterator[tuple[str, str]]:
        """Every name of a domain, and each part of one, with its id."""
        for id, titles in self.plans.domains.items():
            for title in titles.values():
                parts = {title, *re.split(r"[,;]| và | and ", title)}
                yield from ((part.strip(), id) for part in parts)

    @cached_property
    def phrases(self) -> tuple[tuple[str, str], ...]:
        """Every Vietnamese name of an indicator, without diacritics and words without meaning, with its id."""
        return tuple((folded(meaningful(phrase)), id) for phrase, id in self.vietnamese)

    @property
    def vietnamese(self) -> Iterator[tuple[str, str]]:
        """Every Vietnamese name of an indicator, with its id."""
        for indicator in self.plans.indicators.values():
            yield from ((phrase, indicator.id) for phrase in (indicator.names["vi"], *indicator.synonyms))

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """Every word of indicators' names, to correct mistyped words by."""
        names = [*(i.names["vi"] for i in self.plans.indicators.values())]
        names += [synonym for i in self.plans.indicators.values() for synonym in i.synonyms]
        return tuple(sorted({word for name in names for word in words_of(name)}))

    @cached_property
    def folded(self) -> tuple[str, ...]:
        """The vocabulary without diacritics, in the same order."""
        return tuple(map(bare, self.vocabulary))

    def without_numbers(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those that one name means, without the number that is the numerator of a share among them: "nghèo nhất"."""
        plans = self.plans.indicators
        shares = {(plans[id].numerator, plans[id].minus) for id in ids if id in plans and plans[id].rate}
        return tuple(
            id
            for id in ids
            if id not in plans or plans[id].rate or (plans[id].numerator, plans[id].minus) not in shares
        )

    def knows(self, word: str) -> bool:
        """Whether some indicator's name has this word, typed with or without diacritics."""
        return word in self.vocabulary if not word.isascii() else word in self.folded

    def of_domain(self, domain: str) -> list[str]:
        """The main indicators of a domain; all if it has no main ones."""
        ids = self.by_domain.get(domain, [])
        return [id for id in ids if self.plans.indicators[id].main] or ids

    @cached_property
    def by_domain(self) -> dict[str, list[str]]:
        """The indicators of each domain, by id."""
        indicators = sorted(self.plans.indicators.values(), key=attrgetter("domain"))
        return {
            domain: [one.id for one in group] for domain, group in groupby(indicators, attrgetter("domain"))
        }

    @cached_property
    def main(self) -> tuple[str, ...]:
        """The first main indicator of each domain, in the domains' order: what is asked about most."""
        first = (self.of_domain(domain)[:1] for domain in self.plans.domains)
        return tuple(id for ids in first for id in ids)

    def narrows(self, named: Iterable[str], word: str) -> bool:
        """Whether some indicator's name has a word beside what was named, and at most one more."""
        said = {bare(name) for name in named} - INNER | {bare(word)}
        phrases = (frozenset(phrase.split(" ")) for phrase, _ in self.phrases)
        return len(said) > 1 and any(said <= phrase and len(phrase - said) <= 1 for phrase in phrases)

    def has_words(self, id: str, words: Iterable[str]) -> bool:
        """Whether the names of an indicator together have all of some words, each with or without diacritics."""
        called = frozenset[str]().union(*(phrase for phrase, named in self.marked_phrases if named == id))
        return has_all(called, filterfalse(is_missable, words))

    def share(self, id: str, words: Sequence[str]) -> float:
        """How much of `words` the names of an indicator have, from 0 to 1; 1 if no word has a meaning."""
        said = set(map(bare, words)) - INNER
        if not said:
            return 1.0
        phrases = (phrase.split(" ") for phrase, named in self.phrases if named == id)
        return max((len(said.intersection(phrase)) / len(said) for phrase in phrases), default=0.0)

    def only_with(self, words: Sequence[str], beside: Iterable[str] = ()) -> str:
        """The one indicator with a name that has all of `words` and no others but `beside`; "" if there is none, or
        several."""
        said = set(filterfalse(is_missable, words))
        having = self.having_all(said) if said else []
        if MINORITY_WORDS.isdisjoint(map(bare, words)):
            every = self.of_everybody(id for _, id in having)
            having = [(phrase, id) for phrase, id in having if id in every]
        several = len({id for _, id in having}) > 1
        grammar = frozenset(map(bare, beside))
        unsaid = grammar if several else UNSAID | grammar
        sure = {id for phrase, id in having if more_than(said, phrase) <= unsaid}
        return min(sure) if len(sure) == 1 else ""

    def having_all(self, said: set[str]) -> list[tuple[frozenset[str], str]]:
        """The names, as words with an id, that have all words said; few words count only in a longer name."""
        longer = max(FEW, len(said))
        return [(name, id) for name, id in self.marked_phrases if len(name) >= longer and has_all(name, said)]

    @cached_property
    def called(self) -> dict[str, frozenset[str]]:
        """By id, the words of each indicator's Vietnamese name without diacritics."""
        indicators = self.plans.indicators.values()
        return {one.id: frozenset(map(bare, words_of(one.names["vi"]))) for one in indicators}

    @cached_property
    def marked_phrases(self) -> tuple[tuple[frozenset[str], str], ...]:
        """The words of every Vietnamese name of an indicator, without those without meaning, with its id."""
        return tuple((frozenset(meaningful(phrase)), id) for phrase, id in self.vietnamese)

    @cached_property
    def general(self) -> dict[str, str]:
        """By id of each figure of the ethnic minorities, the corresponding figure of everybody."""
        return general_of(self.plans.indicators)

    def of_everybody(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of some indicators that are not the ethnic minorities' version of another of them."""
        several = tuple(dict.fromkeys(ids))
        return tuple(id for id in several if self.general.get(id) not in several)

    @cached_property
    def likeness(self) -> Likeness:
        """Every Vietnamese name of an indicator, to compare with words that have diacritics."""
        return Likeness([(" ".join(meaningful(phrase)), id) for phrase, id in self.vietnamese])

    @cached_property
    def plain_likeness(self) -> Likeness:
        """The same without diacritics."""
        return Likeness(self.phrases)

    def alike(self, words: Sequence[str], *, marked: bool) -> list[str]:
        """The indicators whose names share most of what `words` mean, nearest first; [] if none shares enough.

        If the question has diacritics (`marked`), the words are compared as they are.
        """
        said = " ".join(filterfalse(is_missable, words))
        return (self.likeness if marked else self.plain_likeness).nearest(said)[:OFFERED]


def meaningful(phrase: str) -> list[str]:
    """The words of a name, without those without meaning."""
    return [word for word in words_of(phrase) if word not in MISSABLE]


def has_all(phrase: frozenset[str], said: Iterable[str]) -> bool:
    """Whether a name has all words that were said, with or without diacritics."""
    return phrase.union(map(bare, phrase)).issuperset(said)


def more_than(said: set[str], phrase: frozenset[str]) -> set[str]:
    """The words of a name without diacritics, without those that were said."""
    return {bare(word) for word in phrase if said.isdisjoint((word, bare(word)))}


def is_missable(word: str) -> bool:
    """Whether a typed word may be one without meaning."""
    return word in MISSABLE or (word.isascii() and word in INNER)


def folded(words: Iterable[str]) -> str:
    """The words without diacritics."""
    return " ".join(map(bare, words))


def words_in(indicator: Indicator) -> Iterator[str]:
    """The words of an indicator's Vietnamese name and synonyms."""
    for phrase in (indicator.names["vi"], *indicator.synonyms):
        yield from words_of(phrase)
