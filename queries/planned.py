"""Questions about the plans themselves: what they set, whom they task, by when, and how much a support is."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from plans.programme import Programme
from queries.frames import Clause, Intent, Plan
from queries.parts import Parts
from queries.spans import ASIDE, Span, Tag
from queries.vocabulary import GOALS, HOW_MUCH, NO_TOPIC, RHYTHMS
from questionnaires.answers.text import bare, clean
from questionnaires.answers.tokens import tokens_of

YEAR: Final = re.compile("20[0-9]{2}")
NOT_OF_TOPIC: Final = (
    *(*ASIDE, Tag.PLAN, Tag.INTENT, Tag.PERIOD, Tag.POINT, Tag.FUTURE, Tag.BACK, Tag.UNTIL),
    *(Tag.OWN, Tag.NATION, Tag.TARGET, Tag.TARGETS, Tag.NEGATION),
)
"""They say nothing of what the plans are searched for."""


def plan_question(parts: Parts) -> Plan | None:
    """The question about the plans that the words make; None where they ask for something else."""
    about = clause_of(parts)
    if about is None:
        return None
    sentence = parts.sentence
    topic = [word for span in sentence.spans if is_topic(span, about) for word in content_of(parts, span)]
    named = tuple(plans_named(parts))
    called = {word for id in named for word in title_words(parts.context.dictionary.plans.programmes[id])}
    years = [int(token.text) for token in sentence.tokens if YEAR.fullmatch(token.text)]
    return Plan(
        about=about,
        topic=tuple(word for word in topic if bare(word) not in called),
        year=years[0] if years else None,
        plans=named,
        every=rhythm_of(parts) if about == "deadline" else "",
        measure=parts.what.measure,
        places=tuple(
            units[0].id for units in parts.where.groups[:1] if parts.context.asker.sees(units[0].id)
        ),
        when=parts.time.when,
    )


def clause_of(parts: Parts) -> Clause | None:
    """What the plans are asked for; a number that they set where "chỉ tiêu" stands beside "bao nhiêu"."""
    if parts.what.asks_gap:
        return None
    said: list[Clause] = [span.value for span in parts.sentence.of(Tag.PLAN)]
    if said and Intent.COMPARE in parts.kinds:
        return None  # "giáo viên so với định mức" is a figure
    if said:
        return said[0]
    tokens = parts.sentence.tokens
    goal = any(span.is_in(GOALS, tokens) for span in parts.sentence.of(Tag.INTENT, Tag.UNKNOWN))
    much = any(HOW_MUCH.at(tokens, place) for place in range(len(tokens)))
    return "target" if goal and parts.what and (much or any(plans_named(parts))) else None


def is_topic(span: Span, about: Clause) -> bool:
    """Whether a span says of what a plan is asked. A name of a place says where; "ủy ban nhân dân" may be who has a task."""
    if about == "task" and span.tag is Tag.CONTEXT:
        return True
    return span.tag not in NOT_OF_TOPIC and span.tag is not Tag.PLACE


def content_of(parts: Parts, span: Span) -> Sequence[str]:
    """The words of a span by which a clause is looked for."""
    tokens, place, words = parts.sentence.tokens, span.start, list[str]()
    while place < span.end:
        empty = NO_TOPIC.at(tokens, place)
        if empty is None:
            words.append(tokens[place].text)
        place = empty[1] if empty else place + 1
    return words


def plans_named(parts: Parts) -> Iterator[str]:
    """The plans of which the name is said behind "kế hoạch": "kế hoạch Bạch Thông 2023", "kế hoạch 352"."""
    said = [bare(token.text) for token in parts.sentence.tokens]
    behind = next((at for at in range(1, len(said)) if said[at - 1 : at + 1] in LEADS), None)
    if behind is None:
        return
    named = set(said[behind + 1 :])
    years = set(filter(YEAR.fullmatch, named))
    for programme in parts.context.dictionary.plans.programmes.values():
        words = title_words(programme)
        own = set(filter(YEAR.fullmatch, words))
        names = {word for word in words - own if word.isalpha()}
        numbers = words - own - names
        if (numbers & named or (names and names <= named)) and (not own or not years or own & years):
            yield programme.id


def title_words(programme: Programme) -> set[str]:
    """The words of a plan's name that tell it from others."""
    return {bare(token.text) for token in tokens_of(clean(programme.title("vi")))} - COMMON


LEADS: Final = (["ke", "hoach"], ["chien", "luoc"])
"""Before a plan's name."""
COMMON: Final = frozenset(
    (
        "ke",
        "hoach",
        "chien",
        "luoc",
        "cong",
        "tac",
        "dan",
        "toc",
        "khung",
        "huyen",
        "tinh",
        "ctr",
        "-",
        "(",
        ")",
    )
)
"""Words of plans' names that tell none from another."""
LENGTHS: Final = {1: "month", 3: "quarter", 6: "half", 12: "year"}
"""A period's name by its months."""


def rhythm_of(parts: Parts) -> str:
    """Of which rhythm the reports are whose deadline is asked for; "" where none is said."""
    tokens = parts.sentence.tokens
    said = (RHYTHMS.at(tokens, place) for place in range(len(tokens)))
    for first, last in parts.time.days[:1]:
        months = 12 * (last.year - first.year) + last.month - first.month + 1
        return LENGTHS.get(months, "") if first.day == 1 else ""
    return next((rhythm[0] for rhythm in said if rhythm), "")
