"""What the plans say: targets, norms, tasks with agencies, deadlines; each with its clause.

If several plans are in force at a place, what they say stands side by side.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby, islice, pairwise
from operator import attrgetter
from typing import Final

from markupsafe import Markup

from figures.due import own_places
from figures.programmes import programmes_on
from handlers.asking import assigned, forms_due, one_place
from handlers.asking.asked import Asked, help_button
from handlers.asking.clauses import Clause, page_of
from handlers.asking.searching import (
    OFFICES,
    QUOTING,
    SETS_NUMBER,
    agency_named,
    clauses_of,
    domain_of,
    indicators_meant,
    is_numbered,
    names_theme,
    nearness,
    of_domain,
)
from handlers.asking.ways import AskIndicator, NextPage
from handlers.asking.whose import of_larger_unit
from handlers.messages import Choice, Reply, column
from handlers.screens import due, tasks
from handlers.viewer import Viewer
from plans.indicator import Indicator
from plans.programme import Programme
from queries.alike import folded, shared, words_of
from queries.frames import Measure, Plan, When, WhichTasks
from questionnaires.answers.text import bare
from storage.tables import Place

SHOWN: Final = 6
"""How many clauses one answer holds."""
FIGURES: Final = 4
CALLED_SO: Final = 0.85
"""The share of an indicator's name that a clause has which speaks of just that."""
NEARLY_ALL: Final = 0.8
"""The share of what was asked about that a clause without a number must have."""
SEVERAL: Final = 3
"""Fewer words do not tell what is asked about."""
HEADS: Final = frozenset(("nha", "dat", "giong", "gao", "rung", "nuoc"))
"""What supports are for, each in the one word that names it."""


async def show(asked: Asked, query: Plan, place: Place) -> Reply:
    """The clauses that answer a question about plans: of those in force at the place, otherwise of others."""
    viewer = asked.viewer
    if query.own and (own := await own_places(viewer)):
        return await due.page(viewer, viewer.roles[0].person_id, own)
    if is_of_all_tasks(query):
        return await assigned.of_place(asked, query.tasks, place)
    reply = await clauses_told(asked, query, place)
    beside = query.stands and not asked.first and await is_of_ground(asked, query, place)
    return await with_figure(asked, query, place, reply) if beside else reply


async def is_of_ground(asked: Asked, query: Plan, place: Place) -> bool:
    """Whether a plan that is asked about by name is in force at the place: else its figures are of other ground."""
    if not query.plans:
        return True
    way = [place, *await asked.viewer.session.places.ancestors(place.id, asked.viewer.today)]
    return any(plan.id in query.plans for plan in await programmes_on(asked.viewer, way))


def is_of_all_tasks(query: Plan) -> bool:
    """Whether all tasks of a place are asked for, of no agency: also those whose clause names nobody."""
    return query.about == "task" and not (query.topic or query.measure or query.plans[1:])


async def with_figure(asked: Asked, query: Plan, place: Place, reply: Reply) -> Reply:
    """What the plan sets, and behind it how far the figure is: at the end of the time named; if that is to come, now.

    Its next page is the plan's.
    """
    is_over = bool(query.periods) and query.periods[-1][1] < asked.viewer.today
    when = query.when if is_over else When()
    then = replace(asked, query=replace(await of_part_named(asked, query, place), when=when))
    if not (sources := await then.sources()):
        return reply
    next_page = asked.viewer.say("asking.button.more")
    rest = tuple(row for row in reply.choices if row[0].label == next_page)
    figure = await one_place.show(then, place, sources, rest=rest)
    return replace(figure, text=Markup("\n\n").join((reply.text, figure.text)))


async def of_part_named(asked: Asked, query: Plan, place: Place) -> Plan:
    """Return the question about the clause's figure, if a project's number tells that clause from the one about the
    whole.

    "dự án 4 vốn sự nghiệp".
    """
    if not is_numbered(query):
        return query
    clauses = clauses_of(asked.viewer, query, await programmes_asked(asked, query, place))
    id = next((clause.indicator for clause in clauses if clause.indicator), "")
    return query.measuring(id) if id else query


async def programmes_asked(asked: Asked, query: Plan, place: Place) -> Sequence[Programme]:
    """The plans that were named, otherwise those in force at the place."""
    way = [place, *await asked.viewer.session.places.ancestors(place.id, asked.viewer.today)]
    every = asked.viewer.plans.programmes
    return [every[id] for id in query.plans if id in every] or await programmes_on(asked.viewer, way)


async def clauses_told(asked: Asked, query: Plan, place: Place) -> Reply:
    """What the plans say: the clauses in force at the place, otherwise those of other plans."""
    viewer = asked.viewer
    own = await programmes_asked(asked, query, place)
    forms = await forms_due.told(viewer, query, place)
    answering = clauses_of(viewer, query, own)
    if better := quoted_elsewhere(viewer, query, own, answering):
        return told(asked, query, better, viewer.say("planned.elsewhere"))
    if answering:
        if query.about == "task":
            return await tasks_told(asked, query, answering, place, forms)
        return answered(asked, query, answering, forms)
    later = () if forms else await due_at_other_times(viewer, query, place)
    return nearly_told(asked, query, own, forms, later)


async def due_at_other_times(viewer: Viewer, query: Plan, place: Place) -> list[Markup]:
    """That nothing is due in the days asked about, and what is due next; [] if more was said than those days."""
    if query.about != "deadline" or not query.periods or query.topic or query.sender or query.to:
        return []
    coming = await forms_due.told(viewer, replace(query, when=When()), place)
    return [viewer.say("planned.none_due_then"), *coming]


def nearly_told(
    asked: Asked, query: Plan, own: Sequence[Programme], forms: Sequence[Markup], later: Sequence[Markup]
) -> Reply:
    """What comes nearest, as no clause answers: other years, questionnaires, other plans, what is due `later`; else that
    there is none."""
    viewer = asked.viewer
    # A year that a plan does not name has no clause; the other years' clauses answer, if that is said.
    if query.year and (other := clauses_of(viewer, replace(query, year=None), own)):
        return told(asked, query, other, viewer.say("planned.other_years", year=str(query.year)))
    if forms:
        text = Markup("\n").join((*left_out(viewer, query, forms), *forms))
        return Reply(text, column(help_button(viewer)))
    for clauses, why in nearly(viewer, query, own):
        if clauses:
            return told(asked, query, clauses, why)
    text = Markup("\n").join(later or silent(viewer, query, ())) or says_none(viewer, query)
    return Reply(text, column(*ways_on(asked, query, []), help_button(viewer)))


def left_out(viewer: Viewer, query: Plan, forms: Sequence[Markup]) -> Iterator[Markup]:
    """Say which words no table knows and no questionnaire told has: a village that the asker may not see."""
    known = set(chain.from_iterable(folded(line.striptags()) for line in forms))
    if odd := [phrase for phrase in query.unread if not known.issuperset(folded(phrase))]:
        yield viewer.say("planned.unread_form", words="”, “".join(odd))


def says_none(viewer: Viewer, query: Plan) -> Markup:
    """Say that no plan speaks of what is asked."""
    if query.sender or query.to:
        anybody = viewer.say("planned.anybody").unescape()
        sender, to = (" ".join(words) or anybody for words in (query.sender, query.to))
        return viewer.say("planned.no_report_between", sender=sender, to=to)
    return viewer.say("planned.none", topic=" ".join(query.topic))


def quoted_elsewhere(
    viewer: Viewer, query: Plan, own: Sequence[Programme], answering: Sequence[Clause]
) -> list[Clause]:
    """Return other plans' clauses that are nearer to words quoted than those of a plan for the whole country; [] if
    none."""
    if len(query.topic) < QUOTING or query.plans or not all(plan.level == "nuoc" for plan in own):
        return []
    elsewhere = clauses_of(viewer, query, others_than(viewer, own))
    own_best = max(nearness(query, answering), nearness(query, in_words(viewer, query, own)))
    return elsewhere if nearness(query, elsewhere) > own_best else []


def others_than(viewer: Viewer, own: Sequence[Programme]) -> list[Programme]:
    """The plans that are not among `own`."""
    return [plan for plan in viewer.plans.programmes.values() if plan not in own]


async def tasks_told(
    asked: Asked, query: Plan, clauses: Sequence[Clause], place: Place, forms: Sequence[Markup]
) -> Reply:
    """The tasks that were asked for, with how they stand; that there are none of them, with a way to all."""
    stand = await assigned.with_standing(asked.viewer, query, clauses, place)
    if not stand.clauses:
        every = tasks.all_tasks(asked.viewer, place)
        return Reply(Markup("\n").join(stand.said), column(every, help_button(asked.viewer)))
    reply = answered(asked, query, stand.clauses, forms)
    return replace(reply, text=Markup("\n").join((*stand.said, reply.text)))


def answered(asked: Asked, query: Plan, answering: Sequence[Clause], forms: Sequence[Markup]) -> Reply:
    """The clauses that answer, and when the questionnaires `forms` are due."""
    for is_near in (near_figure, near_agency, near_theme, near_rest):
        if why := is_near(asked.viewer, query, answering):
            return told(asked, query, answering, why)
    if not (query.topic or query.every):
        return told(asked, query, answering, *forms)
    # For a subject named in words, a clause says more than a questionnaire's title; and of a rhythm, in which
    # questionnaires of all levels are due, a plan has few reports.
    reply = told(asked, query, answering)
    return replace(reply, text=Markup("\n").join((reply.text, *forms)))


def near_figure(viewer: Viewer, query: Plan, clauses: Sequence[Clause]) -> Markup | None:
    """Say that no clause sets a number for the figure named, only for others; None if one does."""
    named = [viewer.plans.indicators[id] for id in query.indicators if id in viewer.plans.indicators]
    meant = indicators_meant(viewer, query)
    # a part of it was asked for, and is told
    numbered = is_numbered(query) or agency_named(viewer, query)
    answers_it = any(is_number_for(clause, meant) for clause in clauses)
    if query.about != "target" or not named or numbered or answers_it:
        return None
    # The same words may be counted by the year, too: "thôn ra khỏi diện đặc biệt khó khăn" is what a clause speaks of.
    called = folded(named[0].name())
    if any(clause.row and shared(called, words_of(clause.row.statement)) >= CALLED_SO for clause in clauses):
        return None
    return viewer.say("planned.near_figure", name=named[0].name(viewer.locale))


def is_number_for(clause: Clause, meant: Container[str]) -> bool:
    """Whether a clause sets a number for one of some figures, or says one in words that no figure has."""
    return clause.indicator in meant or (clause.row is not None and clause.row.said_in_words)


def near_agency(viewer: Viewer, query: Plan, clauses: Sequence[Clause]) -> Markup | None:
    """Say that the agency named has no task there, only one with a similar name: a district's office is not a
    province's board."""
    named = next(pairwise(folded(" ".join(query.topic))), ("", ""))
    if query.about != "task" or named[0] not in OFFICES:
        return None
    if any(named in set(pairwise(folded(clause.searched))) for clause in clauses):
        return None
    return viewer.say("planned.near_agency", topic=" ".join(query.topic))


def near_theme(viewer: Viewer, query: Plan, clauses: Sequence[Clause]) -> Markup | None:
    """Say that the targets told are only about the theme, if none is about the part of it that was named: "đất ở"."""
    said = set(folded(" ".join(query.topic)))
    if not names_theme(viewer, query) or any(said <= set(folded(clause.searched)) for clause in clauses):
        return None
    return about_domain(viewer, query)


def near_rest(viewer: Viewer, query: Plan, clauses: Sequence[Clause]) -> Markup | None:
    """Say which words of the question no clause has: a place without a plan here, some of the people."""
    texts = chain.from_iterable((clause.searched, clause.programme.title()) for clause in clauses)
    known = set(chain.from_iterable(map(words_of, texts)))
    known.update(chain.from_iterable(word.split("-") for word in [*known]))  # "xã hội" is one word there
    odd = [phrase for phrase in query.unread if not known.issuperset(folded(phrase))]
    return viewer.say("planned.unread", words="”, “".join(odd)) if odd else None


def nearly(viewer: Viewer, query: Plan, own: Sequence[Programme]) -> Iterator[tuple[list[Clause], Markup]]:
    """The clauses that nearly answer a question, nearest first, each with how near they are."""
    every = viewer.plans.programmes.values()
    if query.about == "deadline":
        if query.every:
            yield clauses_of(viewer, replace(query, every=""), own), viewer.say("planned.no_rhythm")
        later = replace(query, when=When(), every="")
        yield clauses_of(viewer, later, own), viewer.say("planned.no_deadline")
    others = clauses_of(viewer, query, others_than(viewer, own)) if len(query.plans) != 1 else []
    if worded := in_words(viewer, query, own, others):
        yield worded, viewer.say("planned.no_number")
    if len(query.plans) != 1:
        rest = near_rest(viewer, query, others)
        yield others, Markup("\n").join(filter(None, (rest, viewer.say("planned.elsewhere"))))
    for some in (own,) if query.plans else (own, every):
        if related := of_domain(viewer, query, some):
            yield related, about_domain(viewer, query)
    yield from by_head(viewer, query, every)


def in_words(
    viewer: Viewer, query: Plan, own: Sequence[Programme], others: Sequence[Clause] = ()
) -> list[Clause]:
    """What the plans say in nearly all words of a question for a target, though they set no number to be reached; []
    if `others`, clauses of other plans, do so for the figure named or are nearer."""
    if query.about != "target" or len(query.topic) < SEVERAL:
        return []
    if any(clause.indicator in query.indicators for clause in others):
        return []
    clauses = clauses_of(viewer, replace(query, about="content", year=None), own)
    least = max(NEARLY_ALL, nearness(query, others) if others else 0)
    return [clause for clause in clauses if nearness(query, [clause]) >= least]


def by_head(
    viewer: Viewer, query: Plan, programmes: Iterable[Programme]
) -> Iterator[tuple[list[Clause], Markup]]:
    """The norms of what a support is for, by the one word for it, with the words that no norm has: "nhà mới"."""
    head, rest = head_and_rest(query.topic)
    if query.about == "norm" and head and rest:
        about = replace(query, topic=(head,), unread=(), measure=Measure())
        yield clauses_of(viewer, about, list(programmes)), viewer.say("planned.unread", words=rest)


def head_and_rest(topic: Sequence[str]) -> tuple[str, str]:
    """Return the first word for a kind of support, and the words that are for none; "" for what is not said."""
    heads = [word for word in topic if bare(word) in HEADS]
    return "".join(heads[:1]), " ".join(word for word in topic if word not in heads)


def about_domain(viewer: Viewer, query: Plan) -> Markup:
    """Say that what follows is only about the same domain."""
    names = viewer.plans.domains[domain_of(viewer, query)]
    domain = names.get(viewer.locale) or names["vi"]
    return viewer.say("planned.related", topic=" ".join(query.topic), domain=domain)


def told(asked: Asked, query: Plan, clauses: Sequence[Clause], *before: Markup) -> Reply:
    """The clauses, plan by plan, with buttons to the figures they set; `before` says how they answer."""
    say = asked.viewer.say
    lines = [*standing_unknown(asked.viewer, query, clauses), *before, say(f"planned.head.{query.about}")]
    page = page_of(clauses, asked.first, SHOWN)
    lines += lacking(asked.viewer, query, page)
    for _, some in groupby(page, key=attrgetter("programme.id")):
        several = [*some]
        lines.append(title(asked.viewer, several[0].programme))
        lines += [clause.tell() for clause in several]
        lines += of_larger_unit(asked, query, several)
    after = asked.first + len(page)
    if len(page) < len(clauses):
        shown = f"{asked.first + 1}-{after}" if len(page) > 1 else str(after)
        lines.append(say("planned.page", shown=shown, n=len(clauses)))
    lines += silent(asked.viewer, query, clauses)
    further = [asked.button(say("asking.button.more"), NextPage, after)] if after < len(clauses) else []
    return Reply(Markup("\n").join(lines), column(*ways_on(asked, query, page), *further))


def standing_unknown(viewer: Viewer, query: Plan, clauses: Sequence[Clause]) -> Iterator[Markup]:
    """Say that it is not known how any of the tasks stands, if that was asked."""
    if query.tasks is not WhichTasks.ALL and not any(clause.task for clause in clauses):
        yield viewer.say("planned.standing_unknown")


def lacking(viewer: Viewer, query: Plan, clauses: Sequence[Clause]) -> Iterator[Markup]:
    """Say what was asked for and is in none of the clauses told: a task's month, the amount of a support."""
    if query.about == "task" and query.periods:
        yield viewer.say("planned.no_months")
    if query.about == "norm" and not any(clause.amount for clause in clauses):
        yield viewer.say("planned.no_amount")


def silent(viewer: Viewer, query: Plan, clauses: Iterable[Clause]) -> Iterator[Markup]:
    """Say which of the plans asked about by name say nothing of it."""
    known, saying = viewer.plans.programmes, set(map(attrgetter("programme.id"), clauses))
    others = [known[id].title(viewer.locale) for id in query.plans if id in known and id not in saying]
    if others:
        yield viewer.say("planned.silent", plans="; ".join(others))


def title(viewer: Viewer, programme: Programme) -> Markup:
    """The name of a plan, and that it is over, if so."""
    name = viewer.say("planned.plan", plan=programme.title(viewer.locale))
    if viewer.today <= programme.last_day:
        return name
    return name + Markup(" ") + viewer.say("planned.over", day=programme.last_day)


def ways_on(asked: Asked, query: Plan, clauses: Sequence[Clause]) -> Iterator[Choice]:
    """Buttons to the figures that the clauses set, those named first."""
    for indicator in islice(counted_by(asked.viewer, query, clauses), FIGURES):
        name, id = indicator.name(asked.viewer.locale), indicator.id
        yield asked.button(asked.viewer.say("planned.button.figure", name=name), AskIndicator, id)


def counted_by(viewer: Viewer, query: Plan, clauses: Sequence[Clause]) -> Iterator[Indicator]:
    """Yield the named indicators and those of the clauses, each once, if anybody reports them."""
    plans = viewer.plans.indicators
    named = query.indicators if query.about in SETS_NUMBER else ()
    ids = dict.fromkeys((*named, *(clause.indicator for clause in clauses)))
    return (plans[id] for id in ids if id in plans and plans[id].numerator)
