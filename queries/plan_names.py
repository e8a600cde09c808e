"""Which plans a question names, and what it says about them that no table knows."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Self

from plans.programme import Programme
from queries.parts import Parts
from queries.spans import Tag
from queries.where import level_of
from questionnaires.answers.places import Reader
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import tokens_of

YEAR: Final = re.compile("20[0-9]{2}")
STRATEGY: Final = "chien luoc"
LEADS: Final = (["ke", "hoach"], ["chien", "luoc"])
"""Before a plan's name."""
ORDINARY: Final = "ke hoach chien luoc cong tac dan toc khung huyen tinh ctr - ( )"
COMMON: Final = frozenset(ORDINARY.split())
"""Words that do not distinguish plans' names."""
NOT_READ: Final = (Tag.UNKNOWN, Tag.UNCOLLECTED, Tag.GROUP)
"""What a question about plans may name that no figure of ours is."""


def plans_named(parts: Parts) -> list["PlanName"]:
    """The plans whose names are said; or the only strategy, where a strategy is meant."""
    words = naming_words(parts)
    plans = [*map(PlanName.of, parts.context.dictionary.plans.programmes.values())]
    if named := [name for name in plans if name.is_said(words)]:
        return named
    strategies = [name for name in plans if name.is_strategy]
    is_meant = STRATEGY in " ".join(parts.sentence.bare_words)
    return strategies if is_meant and len(strategies) == 1 else []


def names_elsewhere(parts: Parts, named: Sequence["PlanName"]) -> bool:
    """Whether one of the plans named is of a place of which the asker sees nothing."""
    unknown = frozenset(map(bare, parts.sentence.words(Tag.UNKNOWN)))
    return any(not unknown.isdisjoint(plan.words) for plan in named)


def is_called_plan(parts: Parts) -> bool:
    """Whether "kế hoạch" or "chiến lược" is said, so that a name behind it is a plan's and no place's."""
    said = parts.sentence.bare_words
    return any(said[at : at + 2] in LEADS for at in range(len(said)))


def names_plan_behind(parts: Parts) -> bool:
    """Whether a plan's name follows "kế hoạch" or "chiến lược" at once: "kế hoạch Lạng Sơn …"."""
    said, names = parts.sentence.bare_words, COMMON.union(*(plan.words for plan in plans_named(parts)))
    return any(said[at - 2 : at] in LEADS and said[at] in names for at in range(2, len(said)))


def naming_words(parts: Parts) -> frozenset[str]:
    """The words that may name a plan: those after "kế hoạch" ("kế hoạch Bạch Thông 2023", "kế hoạch 352").

    Otherwise those of a place and a year: "mục tiêu của Bắc Kạn". The asker may see nothing of that place, so that no
    table of theirs knows its name: "Bắc Giang đặt mục tiêu …".
    """
    said = parts.sentence.bare_words
    for at in range(2, len(said) + 1):
        if said[at - 2 : at] in LEADS:
            return frozenset(said[at:])
    named = (*parts.sentence.words(Tag.PLACE), *filter(str.isalpha, parts.sentence.words(Tag.UNKNOWN)))
    return frozenset((*map(bare, named), *filter(YEAR.fullmatch, said)))


@dataclass(frozen=True, slots=True)
class PlanName:
    """The words that distinguish a plan's name: places, document numbers and years."""

    id: str
    words: frozenset[str]
    is_strategy: bool
    """Whether it is called a strategy, as few are."""

    @classmethod
    def of(cls, programme: Programme) -> Self:
        title = [bare(token.text) for token in tokens_of(clean(programme.title("vi")))]
        return cls(programme.id, frozenset(title) - COMMON, " ".join(title).startswith(STRATEGY))

    def is_said(self, said: frozenset[str]) -> bool:
        """Whether words name this plan: its number or all its other words, and no year of another plan."""
        years, others = years_in(self.words), years_in(said)
        names = frozenset(filter(str.isalpha, self.words - years))
        numbers = self.words - years - names
        called = not numbers.isdisjoint(said) or (bool(names) and names <= said)
        return called and not (years and others and years.isdisjoint(others))


def years_in(words: frozenset[str]) -> frozenset[str]:
    return frozenset(filter(YEAR.fullmatch, words))


def unread(parts: Parts, named: Sequence[PlanName], empty: Container[int]) -> tuple[str, ...]:
    """The phrases about the subject that no table of the asker's knows, without the names of plans: a place that is not
    theirs, some of the people, what nobody reports. A clause may have them; else the answer says that none does.

    `empty` are the places of words that say nothing about the subject.
    """
    called = frozenset(chain.from_iterable(plan.words for plan in named))
    return tuple(
        phrase for phrase in phrases_unread(parts, empty) if not called.issuperset(map(bare, phrase.split()))
    )


def phrases_unread(parts: Parts, empty: Container[int]) -> Iterator[str]:
    """Yield what no table knows, phrase by phrase: words side by side, and whole names of provinces ("cao bằng")."""
    tokens, run, end = parts.sentence.tokens, list[str](), -1
    for span in parts.sentence.of(*NOT_READ):
        if span.start > end and run:
            yield " ".join(run)
            run = []
        start, end = max(span.start, end), max(span.end, end, province_ends(parts, span.start))
        skipped = empty if span.tag is Tag.UNKNOWN else ()
        run += [tokens[place].text for place in range(start, end) if place not in skipped]
    if run:
        yield " ".join(run)


def province_ends(parts: Parts, place: int) -> int:
    """The end of the name of a province that begins at `place`; 0 if none does."""
    names = Reader(parts.sentence.tokens, parts.context.gazetteer).names(place)
    return max((name.end for name in names if "tinh" in map(level_of, name.meant)), default=0)
