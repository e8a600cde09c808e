"""Understand which capital a question is about: its kind, its project, whose it is, and whether the rest is asked for.

The plans have many figures of capital with similar names: "giải ngân vốn đầu tư, dự án 4", "… của huyện". People say the
parts of such a name in any order, with other words in between, and leave out what is obvious. So the parts are read one
by one, both from the question and from the figures' names, and the figures with the parts that were said are meant.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, Self

from queries.frames import Intent
from queries.measured import is_share
from queries.parts import Parts
from queries.spans import Sentence, Span, Tag
from queries.tasking import TASK_NAMED
from queries.vocabulary import CAPITAL_LEFT, HOW_MUCH, SHARE, SUM
from questionnaires.answers.text import bare

DOMAIN: Final = "von"
SPENT: Final = "giai ngan"
"""Words in the name of every figure that tells how much capital was spent."""
KINDS: Final = {"dt": "dau tu", "sn": "su nghiep"}
PROJECT: Final = re.compile("(?<!tieu )du an ([0-9]+)")
PART: Final = re.compile("tieu du an ([0-9]+)")
IN_SHORT: Final = re.compile("(?:tieu )?du an ([0-9]+)[.,]([0-9])")
"""A part after its project: "dự án 9.2" is sub-project 2 of project 9."""
MANAGED: Final = re.compile("(?:do )?(xa|huyen) (?:quan ly|lam chu dau tu)")
OWNER: Final = re.compile(
    f"{MANAGED.pattern}|(?:cua|do|dau tu|su nghiep|von) (?:cac |nhung |tung )?(xa|huyen)"
)
MONEY: Final = frozenset(("von", "tien", "kinh", "ty", "trieu"))
"""Words for capital in what asks how much was given."""
NAMING: Final = frozenset(
    (*("von", "tien", "giai", "ngan", "dau", "tu", "su", "nghiep"), *("phat", "trien", "tieu", "du", "an"))
)
"""Words that only belong to the parts of a name."""
OTHERWISE: Final = (*(Tag.TARGETS, Tag.REPORTED, Tag.UNCOLLECTED, Tag.PERSONAL, Tag.OUTSIDE, Tag.DONE),)
"""If one of these tags occurs, the question does not ask for a single figure of capital."""


@dataclass(frozen=True, slots=True)
class CapitalName:
    """The parts of a name: kinds of capital, the project with its part ("5 1"), and the owner's level ("": province)."""

    kinds: frozenset[str]
    project: str = ""
    owner: str = ""

    @classmethod
    def read(cls, text: str) -> Self:
        """Read the parts from a text without diacritics."""
        owner = OWNER.search(text)
        said = MANAGED.sub("", text)
        numbers = (*PROJECT.findall(said)[:1], *PART.findall(said)[:1])
        kinds = frozenset(kind for kind, words in KINDS.items() if words in said)
        return cls(kinds, " ".join(numbers), owner[1] or owner[2] if owner else "")

    def fits(self, said: "CapitalName") -> bool:
        """Whether a figure of this name is meant by what was said. A project without a part means each of its parts."""
        parts = self.project == said.project or self.project.startswith(f"{said.project} ")
        return parts and self.owner == said.owner


@dataclass(frozen=True)
class Capital:
    """What one question says about capital."""

    parts: Parts

    @cached_property
    def text(self) -> str:
        """The question's words without diacritics and marks."""
        words = self.parts.sentence.bare_words
        said = (word for word in words if word.isalnum() or (word[0].isdigit() and word[-1].isdigit()))
        return IN_SHORT.sub(r"du an \1 tieu du an \2", " ".join(said))

    @cached_property
    def figures(self) -> dict[str, CapitalName]:
        """The parts of the name of each figure that tells what was spent, by id."""
        plans = self.parts.plans
        names = {id: bare(plans[id].name().lower()) for id in self.parts.context.dictionary.by_domain[DOMAIN]}
        return {id: CapitalName.read(without_marks(name)) for id, name in names.items() if SPENT in name}

    @cached_property
    def named(self) -> list[Span]:
        """The spans that name capital, or a figure of it."""
        spans = self.parts.sentence.of(Tag.INDICATOR, Tag.DOMAIN)
        figures = [span for span in spans if all(map(self.is_of_capital, span.value))]
        if figures or self.gives_capital:
            return [*figures, *self.given]
        return self.of_project if not spans else []

    @property
    def of_project(self) -> list[Span]:
        """The spans of a project's number in a question how far it has come: "dự án 6 làm tới đâu rồi"."""
        asked = self.parts.what.asks_how_far or Intent.PROGRESS in self.parts.kinds
        if not asked or not PROJECT.search(self.text) or self.parts.sentence.says(TASK_NAMED):
            return []
        return [span for span in self.parts.sentence.spans if self.only_names(span)]

    @property
    def gives_capital(self) -> bool:
        """Whether the words that ask what a plan gives name capital themselves: "kế hoạch vốn"."""
        words = self.parts.sentence.bare_words
        return any(not MONEY.isdisjoint(words[span.start : span.end]) for span in self.given)

    def is_of_capital(self, id: str) -> bool:
        """Whether an id is the domain's, or that of a figure that tells what was spent."""
        indicator = self.parts.plans.get(id)
        of_domain = indicator is not None and indicator.domain == DOMAIN
        return id == DOMAIN or (of_domain and id in self.figures)

    @cached_property
    def given(self) -> list[Span]:
        """The spans that ask what capital a plan gives: "kế hoạch vốn", "tổng vốn được giao"."""
        return [span for span in self.parts.sentence.of(Tag.PLAN) if span.value == "target"]

    @property
    def given_to_unit(self) -> list[Span]:
        """The spans that ask how much a district or commune was given, which its own figure tells: "được giao bao nhiêu"."""
        words = self.parts.sentence.bare_words
        goals = self.parts.sentence.of(Tag.GOAL) if self.said.owner else []
        return [span for span in goals if "giao" in words[span.start : span.end]]

    @property
    def is_asked(self) -> bool:
        """Whether the question asks for one figure of capital, or for the rest of it, and names nothing else."""
        sentence = self.parts.sentence
        others = set(sentence.of(Tag.INDICATOR, Tag.DOMAIN)) - set(self.named)
        clauses = set(sentence.values(Tag.PLAN)) - {"target"}
        odd = others or clauses or sentence.of(*OTHERWISE)
        return bool(self.named) and not odd and self.is_told_apart

    @property
    def is_told_apart(self) -> bool:
        """Whether the question says more than "vốn", or names units with figures of their own; and one project at most."""
        of_unit = bool(self.said.owner) and self.asks_of_unit
        return (self.says_parts or of_unit) and len(set(PROJECT.findall(self.text))) < 2

    @property
    def says_parts(self) -> bool:
        """Whether the question says a part of a figure's name, or what it wants to know about capital."""
        sentence = self.parts.sentence
        asked = self.left or self.given or sentence.says(SUM)
        spent = SPENT in self.text and (self.asks_share or self.asks_amount)
        return bool(self.said.kinds or self.said.project or asked or spent)

    @property
    def asks_of_unit(self) -> bool:
        """Whether the question asks how much one unit has, or how much each of several has."""
        places = len(self.parts.where.groups)
        lists = bool(self.parts.which.units) and not places
        return lists or places == 1 or self.asks_amount

    @property
    def asks_amount(self) -> bool:
        """Whether it asks how much, or how far: "xã giải ngân tới đâu rồi"."""
        return self.parts.sentence.says(HOW_MUCH) or self.parts.what.asks_how_far

    @cached_property
    def left(self) -> range:
        """The places of the words that ask for the rest: "chưa giải ngân", "còn lại"; empty if there are none."""
        tokens = self.parts.sentence.tokens
        phrases = ((place, CAPITAL_LEFT.at(tokens, place)) for place in range(len(tokens)))
        return next((range(place, phrase[1]) for place, phrase in phrases if phrase), range(0))

    @cached_property
    def said(self) -> CapitalName:
        """The parts that were said; the owner as said, otherwise the level of the units asked about."""
        said = CapitalName.read(self.text)
        return replace(said, owner="" if said.project else said.owner or self.owner)

    @property
    def owner(self) -> str:
        """The level of the units asked about, if it has figures of its own; otherwise "", the province's."""
        if self.own_level:
            return self.own_level
        if self.is_of_province:
            return ""
        where = self.parts.where
        levels = where.levels(where.places(where.groups)[:1])
        level = self.parts.which.slots["level"] or next(iter(levels), "")
        return level if level in self.owners else ""

    @property
    def own_level(self) -> str:
        """The level that the asker's own unit is called by: "xã được giao bao nhiêu vốn"; "" if it has no such figures."""
        if self.parts.where.groups or self.parts.which.units:
            return ""
        levels = map(str, self.parts.sentence.values(Tag.LEVEL))
        own = filter(self.parts.context.asker.stands_at, levels)
        return next((level for level in own if level in self.owners), "")

    @cached_property
    def owners(self) -> set[str]:
        """The levels that have figures of their own."""
        return {name.owner for name in self.figures.values()}

    @property
    def is_of_province(self) -> bool:
        """Whether the province's capital is meant.

        That is so if no unit is named and the question asks what a plan gives, or if it has a bound and lists no units.
        """
        where, sentence = self.parts.where, self.parts.sentence
        of_units = where.groups or where.owns or self.parts.which.units
        by_plan = (self.given or sentence.of(Tag.GOAL)) and not of_units
        return bool(by_plan or (sentence.of(Tag.BOUND) and not self.parts.which.units))

    @cached_property
    def meant(self) -> list[str]:
        """The figures meant, by id."""
        fitting = {id: name for id, name in self.figures.items() if name.fits(self.said)}
        return self.of_unit(self.of_kinds(fitting))

    def of_kinds(self, fitting: dict[str, CapitalName]) -> list[str]:
        """Return the figures of the one kind that was said.

        If no kind was said, or the sum of several, it is the figure of all kinds, if there is one; else one for each.
        """
        kinds = self.said.kinds
        if len(kinds) == 1:
            return [id for id, name in fitting.items() if name.kinds == kinds]
        whole = [id for id, name in fitting.items() if not name.kinds and self.is_told(id)]
        together = not kinds or self.parts.sentence.says(SUM)
        return (whole if together else []) or [id for id, name in fitting.items() if name.kinds]

    def is_told(self, id: str) -> bool:
        """Whether a figure of all kinds answers the question: it may be no share although a share is asked for."""
        return is_share(self.parts.plans[id]) or not self.asks_share

    def of_unit(self, ids: Sequence[str]) -> list[str]:
        """Return the shares if a share is asked for, otherwise the amounts; all of `ids` if there are none of these."""
        plans = self.parts.plans
        return [id for id in ids if is_share(plans[id]) is self.asks_share] or list(ids)

    @property
    def asks_share(self) -> bool:
        """Whether the share spent is asked for: by its name, or in an order: "xã nào giải ngân thấp nhất"."""
        sentence = self.parts.sentence
        return sentence.says(SHARE) or (SPENT in self.text and bool(sentence.of(Tag.ORDER, Tag.LEAD)))

    # --- as spans -------------------------------------------------------------------------------------

    @property
    def places(self) -> list[int]:
        """The places of the words that name the figure and ask for the rest, in order."""
        tokens = self.parts.sentence.tokens
        whole = (*self.named, *self.given_to_unit)
        spans = (span for span in self.parts.sentence.spans if span in whole or self.only_names(span))
        named = {place for span in spans for place in range(span.start, span.end)}
        said = {*named, *self.left, *self.managed_places} & set(range(len(tokens)))
        return sorted(said | self.courtesy(len(self.roles) - len(said)))

    def courtesy(self, count: int) -> set[int]:
        """Return the last `count` places of words without effect, which are used for figures that have no word."""
        fillers = self.parts.sentence.of(Tag.FILLER)
        places = [place for span in fillers for place in range(span.start, span.end)]
        return set(places[-count:]) if count > 0 else set()

    def only_names(self, span: Span) -> bool:
        """Whether a span that means nothing by itself is part of the name: a word of it, a project's number."""
        words = self.parts.sentence.bare_words[span.start : span.end]
        numbered = self.parts.sentence.bare_words[max(0, span.start - 1)] == "an" and words[0].isdigit()
        return (span.tag in (Tag.UNKNOWN, Tag.NUMBER) and NAMING.issuperset(words)) or numbered

    @property
    def managed_places(self) -> Iterator[int]:
        """Yield the places of "do xã quản lý", which names no place."""
        words = self.parts.sentence.bare_words
        for length in (5, 4, 3):
            for start in range(len(words) - length + 1):
                if MANAGED.fullmatch(" ".join(words[start : start + length])):
                    yield from range(start, start + length)

    @property
    def sentence(self) -> Sentence:
        """Return the question with the spans of its words for capital replaced by the figures meant."""
        places, sentence = self.places, self.parts.sentence
        others = [span for span in sentence.spans if not set(range(span.start, span.end)) & set(places)]
        covered = {place for span in others for place in range(span.start, span.end)}
        loose = [place for place in range(len(sentence.tokens)) if place not in covered]
        spans = sorted((*others, *self.spans(loose)), key=lambda span: span.start)
        return replace(sentence, spans=spans)

    def spans(self, places: Sequence[int]) -> Iterator[Span]:
        """A span for each of the words at `places`; those that have no role say nothing more.

        If there are fewer words than figures, one name may mean any of them.
        """
        denied = bool(self.left) and self.tells_shares
        any_of_them = [(Tag.INDICATOR, tuple(self.meant)), *self.by_plan]
        roles = self.roles if len(self.roles) <= len(places) else any_of_them
        for number, place in enumerate(places):
            tag, value = roles[number] if number < len(roles) else (Tag.FILLER, True)
            yield Span(place, place + 1, tag, value, denied=denied and tag is Tag.INDICATOR)

    @cached_property
    def roles(self) -> Sequence[tuple[Tag, object]]:
        """The figures meant, joined as in a list, then that what is left of their amounts is asked for.

        What is left of a share is its complement.
        """
        roles: list[tuple[Tag, object]] = []
        for id in self.meant:
            roles += [(Tag.AND, True), (Tag.INDICATOR, (id,))]
        left = [(Tag.GAP, True)] if self.left and not self.tells_shares else []
        return [*roles[1:], *self.by_plan, *left]

    @property
    def by_plan(self) -> Sequence[tuple[Tag, object]]:
        """What says that the plan's own amount is asked for."""
        return [(Tag.PLAN, "target")] if self.given and not self.said.owner else []

    @property
    def tells_shares(self) -> bool:
        """Whether the figures meant are shares of what was given."""
        return all(is_share(self.parts.plans[id]) for id in self.meant)


def without_marks(text: str) -> str:
    """A name's words, without punctuation."""
    return " ".join(re.findall(r"\w+", text))


def of_capital(parts: Parts) -> Parts:
    """Return the question with the figures of capital that it names by their parts; unchanged if it names none so."""
    capital = Capital(parts)
    if not (capital.named and capital.is_asked and capital.meant):
        return parts
    return replace(parts, sentence=capital.sentence)
