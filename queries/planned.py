"""Questions about the plans themselves: what they set, whom they task, by when, and how much a support is."""

import re
from typing import Final

from queries.frames import Clause, Intent, Plan
from queries.parts import Parts
from queries.spans import ASIDE, Role, Span
from queries.vocabulary import GOALS, HOW_MUCH

YEAR: Final = re.compile("20[0-9]{2}")
NO_TOPIC: Final = (
    *(*ASIDE, Role.PLAN, Role.INTENT, Role.PERIOD, Role.POINT, Role.FUTURE, Role.BACK, Role.UNTIL),
    *(Role.OWN, Role.NATION, Role.TARGET, Role.TARGETS, Role.NEGATION),
)
"""They say nothing of what the plans are searched for."""


def plan_question(parts: Parts) -> Plan | None:
    """The question about the plans that the words make; None where they ask for something else."""
    about = clause_of(parts)
    if about is None:
        return None
    sentence = parts.sentence
    topic = [word for span in sentence.spans for word in sentence.said(span) if is_topic(span)]
    years = [int(token.text) for token in sentence.tokens if YEAR.fullmatch(token.text)]
    return Plan(
        about=about,
        topic=tuple(topic),
        year=years[0] if years else None,
        measure=parts.what.measure,
        places=tuple(units[0].id for units in parts.where.groups[:1] if parts.ground.asker.sees(units[0].id)),
        when=parts.time.when,
    )


def clause_of(parts: Parts) -> Clause | None:
    """What the plans are asked for; a number that they set where "chỉ tiêu" stands beside "bao nhiêu"."""
    if parts.what.asks_gap:
        return None
    said: list[Clause] = [span.value for span in parts.sentence.of(Role.PLAN)]
    if said and Intent.COMPARE in parts.kinds:
        return None  # "giáo viên so với định mức" is a figure
    if said:
        return said[0]
    tokens = parts.sentence.tokens
    goal = any(span.is_in(GOALS, tokens) for span in parts.sentence.of(Role.INTENT, Role.UNKNOWN))
    much = any(HOW_MUCH.at(tokens, place) for place in range(len(tokens)))
    return "target" if goal and much and parts.what else None


def is_topic(span: Span) -> bool:
    """Whether a span says of what a plan is asked. A name of a place says where."""
    return span.role not in NO_TOPIC and span.role is not Role.PLACE
