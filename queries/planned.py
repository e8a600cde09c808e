"""Questions about the plans themselves: targets, tasks, deadlines and norms."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from queries.frames import Aspect, Clause, Days, Intent, Measure, Plan, When
from queries.goals import (
    ALL_PLANS,
    ASKS_ITSELF,
    asks_what_is_set,
    compares_plans,
    tables_of_plan,
    years_said,
)
from queries.parties import parties_of
from queries.parts import Parts
from queries.plan_clauses import clause_of, heading_words, project_words
from queries.plan_names import (
    LEADS,
    YEAR,
    PlanName,
    is_called_plan,
    names_elsewhere,
    names_plan_behind,
    plans_named,
    unread,
)
from queries.spans import ASIDE, Span, Tag
from queries.tasking import task_words, which_tasks
from queries.timed import days_of, is_whole_year
from queries.times import UNITS_OF_TIME
from queries.vocabulary import (
    APPROVED,
    HOW_MUCH,
    HOW_OFTEN,
    NO_TOPIC,
    OF_DUTY,
    OWN_FORMS,
    PEOPLE,
    RHYTHMS,
    SENDING,
    TOPIC,
)
from queries.where import size
from questionnaires.answers.days import around
from questionnaires.answers.tokens import Table

BY_AGENCY: Final = ("task", "agency")
"""Clauses that may name an agency: in its name, "ủy ban" does not say for whom the question is."""
HOUSE: Final = Table({"nhà": True})
NAMING: Final = {
    **dict.fromkeys((*BY_AGENCY, "deadline"), PEOPLE),
    **dict.fromkeys(("norm", "target"), HOUSE),
}
"""Grammar words that may name a clause's subject: "dân" in an agency's name, the house for which there is a norm."""
SUPPORT: Final = Table(
    {"hỗ trợ": True, "sơ kết": True, "tổng kết": True, "chiến lược công tác dân tộc": True}
)
"""Words of two syllables, of which neither half means anything."""
WHICH_PLAN: Final = "ke hoach nao"
SOON: Final = timedelta(days=184)
NOT_OF_TOPIC: Final = (
    *(*ASIDE, Tag.PLAN, Tag.INTENT, Tag.PERIOD, Tag.POINT, Tag.FUTURE, Tag.BACK, Tag.UNTIL),
    *(Tag.OWN, Tag.NATION, Tag.REPORTED, Tag.TARGET, Tag.TARGETS, Tag.NEGATION, Tag.GOAL, Tag.MOVED),
)
"""Tags of words that the plans cannot be searched for."""


def plan_question(parts: Parts) -> Plan | None:
    """Return the question about plans that the words ask; None if they ask for something else."""
    if asks_own_forms(parts):
        return Plan(about="deadline", own=True)
    about = clause_of(parts)
    if about is None:
        return None
    named = plans_named(parts)
    topic = tuple(topic_of(parts, about, named))
    asked_of = plans_asked(parts, about, named)
    asked = Plan(
        about=about,
        topic=topic,
        unread=unread(parts, named, empty_words(parts) | part_words(parts)),
        year=year_of(parts),
        plans=asked_of,
        measure=Measure() if topic and is_of_all(parts) else measure_of(parts),
        places=places_of(parts, named),
        when=parts.time.when,
    )
    match about:
        case "deadline":
            return of_deadline(parts, asked, named)
        case "task":
            return replace(asked, tasks=which_tasks(parts.sentence.tokens))
        case "target":
            elsewhere = bool(asked_of[1:]) or names_elsewhere(parts, named)
            return replace(asked, stands=not elsewhere and bool(parts.what) and asks_standing(parts))
    return asked


def of_deadline(parts: Parts, asked: Plan, named: Sequence[PlanName]) -> Plan:
    """The question, with who hands in what to whom, how often and until when."""
    sender, to = parties_of(parts.sentence.tokens)
    return replace(
        asked,
        every="" if parts.sentence.says(HOW_OFTEN) else rhythm_of(parts),
        when=upcoming(parts),
        sender=sender,
        to=to,
        of_plan=bool(named) and (is_called_plan(parts) or not asked.places),
        senders="" if sender else level_of_senders(parts),
    )


def senders_named(parts: Parts) -> Iterator[Span]:
    """The units that have to hand something in, by level: "các thôn phải gửi gì", "xã nộp phiếu nào"."""
    tokens = parts.sentence.tokens
    for span in parts.sentence.of(Tag.EACH, Tag.LISTED, Tag.HOW_MANY, Tag.LEVEL):
        hands_in = any(table.at(tokens, span.end) for table in (OF_DUTY, SENDING))
        if span.value and hands_in:
            yield span


def receiver_named(parts: Parts) -> Iterator[Span]:
    """The level to which something is handed in: the "tỉnh" of "phải nộp gì cho tỉnh"."""
    said = parts.sentence.bare_words
    for span in parts.sentence.of(Tag.LEVEL, Tag.OWN):
        if span.start and said[span.start - 1] in ("cho", "len", "ve"):
            yield span


def level_of_senders(parts: Parts) -> str:
    """The level of the units that have to hand something in; "" if none is named."""
    return next((str(span.value) for span in senders_named(parts)), "")


def plans_asked(parts: Parts, about: Clause, named: Sequence[PlanName]) -> tuple[str, ...]:
    """The plans that are asked about: those named, or all if it asks what they set side by side; () for any."""
    if named:
        return tuple(plan.id for plan in named)
    every = compares_plans(parts, about) or asks_which_plan(parts) or parts.sentence.says(ALL_PLANS)
    return tuple(parts.context.dictionary.plans.programmes) if every else ()


def asks_which_plan(parts: Parts) -> bool:
    """Whether it asks which plan says something: "kế hoạch nào có chỉ tiêu bảo hiểm y tế"."""
    return WHICH_PLAN in " ".join(parts.sentence.bare_words)


def is_of_all(parts: Parts) -> bool:
    """Whether all that is named is how many there are of all, for which no plan sets anything: the "mấy hộ" of "nhà ở
    được giao mấy hộ"."""
    named = parts.what.measure.indicators
    return bool(named) and all(parts.plans[id].whole for id in named)


def measure_of(parts: Parts) -> Measure:
    """What is measured. What is to be gone is no complement of it: "bao giờ hết nhà tạm"; that of a share may be asked."""
    rates = all(parts.plans[id].rate for id in parts.what.measure.indicators)
    measure = parts.what.measure
    return measure if rates or measure.aspect is not Aspect.REST else replace(measure, aspect=Aspect.LEVEL)


def places_of(parts: Parts, named: Sequence[PlanName]) -> tuple[int, ...]:
    """The places whose plans are asked about; of namesakes the largest if it has a plan. One, unless several have."""
    groups = parts.where.groups[: max(1, len(named))]
    first = (max(units, key=size).id if named else units[0].id for units in groups)
    return tuple(filter(parts.context.asker.sees, first))


def asks_own_forms(parts: Parts) -> bool:
    """Whether the askers want to know what they have to send themselves, and name no figure, other place or level."""
    if not parts.sentence.says(OWN_FORMS) or parts.sentence.says(APPROVED):
        return False
    return not names_plan_behind(parts) and not names_others(parts)


def names_others(parts: Parts) -> bool:
    """Whether a figure, a place or units are named, or a level that is not the asker's own."""
    levels = parts.sentence.values(Tag.OWN, Tag.LEVEL)
    named = parts.what or parts.where.groups or parts.sentence.of(Tag.EACH)
    return bool(named) or not all(map(parts.context.asker.stands_at, levels))


def asks_standing(parts: Parts) -> bool:
    """Whether it also asks how far the figure is from the plan's target: "đạt chưa", "đã … bao nhiêu", "cần … để đạt"."""
    reached = (
        parts.sentence.of(Tag.TARGET, Tag.GAP)
        or tables_of_plan(parts)
        or not parts.kinds.isdisjoint((Intent.PROGRESS, Intent.TREND))
    )
    done = "da" in parts.sentence.bare_words or (asks_what_is_set(parts) and parts.sentence.of(Tag.DONE))
    return bool(reached or (done and parts.sentence.says(HOW_MUCH)))


def asked_again(parts: Parts) -> Plan | None:
    """Return the question about plans before this one, now about what "thế còn …" names; None if it continues none."""
    before = parts.before
    if not isinstance(before, Plan) or not goes_on(parts):
        return None
    every = rhythm_of(parts) if before.about == "deadline" else ""
    return replace(
        of_what_is_named(parts, before),
        places=places_of(parts, ()) or before.places,
        year=year_of(parts) or before.year,
        every=every or before.every,
        when=When() if every else upcoming(parts) or before.when,
    )


def goes_on(parts: Parts) -> bool:
    """Whether the question only names another thing, place or time, as "thế còn …" does, and asks nothing by itself."""
    return parts.sentence.goes_on and not parts.sentence.of(*ASKS_ITSELF)


def of_what_is_named(parts: Parts, before: Plan) -> Plan:
    """Return the question about plans with what is named now, if anything is."""
    topic = tuple(topic_of(parts, before.about, ()))
    return replace(before, topic=topic, measure=parts.what.measure) if topic or parts.what else before


def year_of(parts: Parts) -> int | None:
    """The year named: by number, or as "năm nay"; None for none."""
    whole = [days[0].year for days in parts.time.days if is_whole_year(days)]
    return next(iter((*years_said(parts), *whole)), None)


def upcoming(parts: Parts) -> When:
    """Return the days asked about. Without a year, a part of a year that is over means the next one if that is near.

    "tháng 12", asked in November, is not last December.
    """
    when, today = parts.time.when, parts.context.today
    if ahead := next_period(parts):
        return replace(when, periods=(ahead,))
    if until := day_before(parts):
        return replace(when, periods=((min(today, until), until),))
    if len(when.periods) != 1 or dates_year(parts) or when.periods[0][1] >= today:
        return when
    first, last = (a_year_later(day) for day in when.periods[0])
    return replace(when, periods=((first, last),)) if first - today < SOON else when


def next_period(parts: Parts) -> Days | None:
    """The days of "tuần sau", "tháng tới", "10 ngày tới"; None if no such time is named."""
    named = (days_ahead(parts, span) for span in parts.sentence.of(Tag.FUTURE))
    return next(filter(None, named), None)


def days_ahead(parts: Parts, span: Span) -> Days | None:
    """The days of one time to come; None if it says no more than that it is to come."""
    today = parts.context.today
    if isinstance(span.value, timedelta):
        return today, today + span.value
    unit = UNITS_OF_TIME.at(parts.sentence.tokens, span.start)
    if unit is None or unit[0] == "period":
        return None
    behind = parts.sentence.bare_words[unit[1] : span.end]
    return around(unit[0], today, 1) if behind in (["sau"], ["toi"]) else None


def day_before(parts: Parts) -> date | None:
    """The day of "trước 15/11", "trước ngày 30/11": what is due from now until then; None if no such day is named."""
    said = parts.sentence.bare_words
    for span in parts.sentence.of(Tag.PERIOD):
        first, last = days_of(span.value)[0]
        if first == last and span.start and said[span.start - 1] == "truoc":
            meant = first >= parts.context.today or dates_year(parts)
            return first if meant else a_year_later(first)
    return None


def dates_year(parts: Parts) -> bool:
    """Whether a year is named, by itself or in a date: then a day that is over stays one."""
    return YEAR.search(" ".join(parts.sentence.bare_words)) is not None


def a_year_later(day: date) -> date:
    """The same day of the next year; of 29 February the day before."""
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def topic_of(parts: Parts, about: Clause, named: Sequence[PlanName]) -> Iterator[str]:
    """The words that say what a plan is asked about, without those of plans' names."""
    tokens, projects = parts.sentence.tokens, part_words(parts)
    telling = subject_words(parts, about) - called_words(parts, named)
    empty = empty_words(parts) | task_words(tokens, about)
    for span in parts.sentence.spans:
        for place in range(span.start, span.end):
            if place in projects or (place in telling and place not in empty):
                yield tokens[place].text


def subject_words(parts: Parts, about: Clause) -> set[int]:
    """Where the words stand that may name the subject, and not whose plan is meant or who hands in what to whom."""
    sides = (*senders_named(parts), *receiver_named(parts)) if about == "deadline" else ()
    subjects = set[int]()
    for span in parts.sentence.spans:
        if span not in sides and names_topic(parts, span, about) and not is_of_plan(parts, span):
            subjects.update(range(span.start, span.end))
    return subjects


def called_words(parts: Parts, named: Sequence[PlanName]) -> set[int]:
    """Where the words stand of the names of plans, or that only say that a plan is meant."""
    called = PLAN_WORDS.union(*(plan.words for plan in named))
    return {place for place, word in enumerate(parts.sentence.bare_words) if word in called}


def part_words(parts: Parts) -> set[int]:
    """Where the words stand that name a part of a plan, whatever else they are taken for: "dự án 5", "giải pháp"."""
    return project_words(parts) | heading_words(parts)


def names_topic(parts: Parts, span: Span, about: Clause) -> bool:
    """Whether a span may name the subject: it is no grammar, no asker and no number of what is counted."""
    table = NAMING.get(about) if span.tag is Tag.FILLER else None
    of_name = table is not None and span.is_in(table, parts.sentence.tokens)
    may = of_name or is_topic(span, about)
    return may and not is_asker(parts, span, about) and not is_how_many(parts, span)


def empty_words(parts: Parts) -> set[int]:
    """Where the words stand that say nothing about the subject."""
    tokens = parts.sentence.tokens
    empty = {place for start, _, end in HOW_OFTEN.starts(tokens) for place in range(start, end)}
    for span in parts.sentence.spans:
        for place in range(span.start, span.end):
            phrase = None if place in empty or TOPIC.at(tokens, place) else NO_TOPIC.at(tokens, place)
            if phrase is not None:
                last = phrase[1] if SUPPORT.at(tokens, place) else min(phrase[1], span.end)
                empty.update(range(place, last))
    return empty


def is_asker(parts: Parts, span: Span, about: Clause) -> bool:
    """Whether a bare "huyện" begins the question and says for whom it is: "huyện được giao bao nhiêu vốn"."""
    first = parts.sentence.meaningful[:1] == [span]
    own = span.tag is Tag.LEVEL and parts.context.asker.stands_at(span.value)
    return first and own and about not in BY_AGENCY


def is_of_plan(parts: Parts, span: Span) -> bool:
    """Whether a level only says whose plan is meant: "theo kế hoạch huyện"."""
    before = parts.sentence.bare_words[max(0, span.start - 2) : span.start]
    return span.tag is Tag.LEVEL and before in LEADS


def is_how_many(parts: Parts, span: Span) -> bool:
    """Whether a number counts what follows it: "1 hộ"; not a project's number."""
    tokens = parts.sentence.tokens
    return tokens[span.start].kind == "number" and PEOPLE.at(tokens, span.end) is not None


def is_topic(span: Span, about: Clause) -> bool:
    """Whether a span names the subject. A place's name says where; "ủy ban nhân dân" may be who has a task."""
    if about in BY_AGENCY and span.tag is Tag.CONTEXT:
        return True
    return span.tag not in NOT_OF_TOPIC and span.tag is not Tag.PLACE


PLAN_WORDS: Final = frozenset(("chien", "luoc"))
"""They only say that a plan is meant: "báo cáo năm của chiến lược"."""
LENGTHS: Final = {1: "month", 3: "quarter", 6: "half", 9: "nine", 12: "year"}
"""A period's name by its months."""


def rhythm_of(parts: Parts) -> str:
    """The rhythm of the reports whose deadline is asked for; "" for none."""
    for first, last in parts.time.days[:1] if names_reports(parts) else ():
        months = 12 * (last.year - first.year) + last.month - first.month + 1
        return LENGTHS.get(months, "") if first.day == 1 else ""
    return RHYTHMS.first_in(parts.sentence.tokens) or ""


def names_reports(parts: Parts) -> bool:
    """Whether a time says which reports are meant ("báo cáo quý 3") rather than when they are due ("đến hạn trong
    tháng 12")."""
    said = parts.sentence.bare_words
    periods = parts.sentence.of(Tag.PERIOD)
    return any(span.start and said[span.start - 1] in ("cao", "phieu") for span in periods)
