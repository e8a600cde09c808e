"""What the plans say: targets, norms, tasks with agencies, deadlines; each with its clause.

If several plans are in force at a place, what they say stands side by side.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, groupby, islice, pairwise
from operator import attrgetter
from typing import Final

from markupsafe import Markup

from figures.due import own_places
from figures.programmes import programmes_on
from handlers.asking import assigned, forms_due, one_place
from handlers.asking.asked import Asked, help_button
from handlers.asking.clauses import BY_WORDS, CLAUSES, Clause, of_capital, of_targets, of_tasks, page_of
from handlers.asking.ways import AskIndicator, NextPage
from handlers.messages import Choice, Reply, column
from handlers.screens import due, tasks
from handlers.viewer import Viewer
from plans.indicator import Indicator
from plans.minority import general_of
from plans.programme import Programme
from plans.target import CommitmentKind, Target
from queries.alike import folded, likest, shared, words_of
from queries.frames import Measure, Plan, When, WhichTasks
from questionnaires.answers.text import bare
from storage.tables import Place

Pair = tuple[str, str]
"""Two words that follow each other, folded."""
SHOWN: Final = 6
"""How many clauses one answer holds."""
FIGURES: Final = 4
SETS_NUMBER: Final = ("target", "norm")
BY_AGENCY: Final = ("agency", "task")
AGENCIES: Final = ("named", "", "inferred", "none")
"""How clauses are told if the question is who has a task; deadlines name theirs with the day."""
LEVEL_WORDS: Final = frozenset(("xa", "thon", "huyen", "tinh"))
"""Whose task it is, if the words name no agency."""
WHOM: Final = frozenset(("ho", "ngheo", "can", "nguoi", "dan", "nong", "gia", "dinh")) | frozenset(
    ("dong", "bao", "ba", "con", "thieu", "so", "toc")
)
"""Words for those who get a support."""
HEADS: Final = frozenset(("nha", "dat", "giong", "gao", "rung", "nuoc"))
"""What supports are for, each in the one word that names it."""
PROJECTS: Final = ("an", "da", "dung")
"""The last word before a project's number: "dự án 4", "nội dung số 2"."""
QUOTING: Final = 5
"""The fewest words that may be a plan's own."""
QUOTED: Final = 0.9
"""The share of these words that a clause has which is quoted."""
OFFICES: Final = frozenset(("ban", "chi", "cong", "hat", "hoi", "phong", "so"))
"""The first words of agencies' names."""
CENTRES: Final = (["trung", "tam"], ["ngan", "hang"], ["van", "phong"], ["mat", "tran"])
"""The same, of two syllables that mean something else alone."""


async def show(asked: Asked, query: Plan, place: Place) -> Reply:
    """The clauses that answer a question about plans: of those in force at the place, otherwise of others."""
    viewer = asked.viewer
    if query.own and (own := await own_places(viewer)):
        return await due.page(viewer, viewer.roles[0].person_id, own)
    if is_of_all_tasks(query):
        return await assigned.of_place(asked, query.tasks, place)
    reply = await clauses_told(asked, query, place)
    return await with_figure(asked, query, place, reply) if query.stands and not asked.first else reply


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


def is_numbered(query: Plan) -> bool:
    """Whether a project's number is part of what is asked about: "dự án 4", but not "75 tuổi"."""
    words = [word for word in map(bare, query.topic) if word != "so"]
    return any(number.isdigit() and word in PROJECTS for word, number in pairwise(words))


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
    return nearly_told(asked, query, own, forms)


def nearly_told(asked: Asked, query: Plan, own: Sequence[Programme], forms: Sequence[Markup]) -> Reply:
    """What comes nearest, as no clause answers: other years, questionnaires, other plans; else that there is none."""
    viewer = asked.viewer
    # A year that a plan does not name has no clause; the other years' clauses answer, if that is said.
    if query.year and (other := clauses_of(viewer, replace(query, year=None), own)):
        return told(asked, query, other, viewer.say("planned.other_years", year=str(query.year)))
    if forms:
        return Reply(Markup("\n").join(forms), column(help_button(viewer)))
    for clauses, why in nearly(viewer, query, own):
        if clauses:
            return told(asked, query, clauses, why)
    text = Markup("\n").join(silent(viewer, query, ())) or viewer.say(
        "planned.none", topic=" ".join(query.topic)
    )
    return Reply(text, column(*ways_on(asked, query, []), help_button(viewer)))


def quoted_elsewhere(
    viewer: Viewer, query: Plan, own: Sequence[Programme], answering: Sequence[Clause]
) -> list[Clause]:
    """Return other plans' clauses that are nearer to words quoted than those of a plan for the whole country; [] if
    none."""
    if len(query.topic) < QUOTING or query.plans or not all(plan.level == "nuoc" for plan in own):
        return []
    elsewhere = clauses_of(viewer, query, others_than(viewer, own))
    return elsewhere if nearness(query, elsewhere) > nearness(query, answering) else []


def others_than(viewer: Viewer, own: Sequence[Programme]) -> list[Programme]:
    """The plans that are not among `own`."""
    return [plan for plan in viewer.plans.programmes.values() if plan not in own]


def nearness(query: Plan, clauses: Iterable[Clause]) -> float:
    """How much of what was asked the nearest clause says, from 0 to 1."""
    said = folded(" ".join(query.topic))
    return max((shared(said, words_of(clause.searched)) for clause in clauses), default=0.0)


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
    if not query.topic:
        return told(asked, query, answering, *forms)
    # For a subject named in words, a clause says more than a questionnaire's title.
    reply = told(asked, query, answering)
    return replace(reply, text=Markup("\n").join((reply.text, *forms)))


def near_figure(viewer: Viewer, query: Plan, clauses: Sequence[Clause]) -> Markup | None:
    """Say that no clause sets a number for the figure named, only for others; None if one does."""
    named = [viewer.plans.indicators[id] for id in query.indicators if id in viewer.plans.indicators]
    meant = indicators_meant(viewer, query)
    # a part of it was asked for, and is told
    numbered = is_numbered(query) or agency_named(viewer, query)
    if query.about != "target" or not named or numbered or any(one.indicator in meant for one in clauses):
        return None
    return viewer.say("planned.near_figure", name=named[0].name(viewer.locale))


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
    known = set(chain.from_iterable(words_of(clause.searched) for clause in clauses))
    known.update(chain.from_iterable(word.split("-") for word in [*known]))  # "xã hội" is one word there
    odd = [phrase for phrase in query.unread if not known.issuperset(folded(phrase))]
    return viewer.say("planned.unread", words="”, “".join(odd)) if odd else None


def nearly(viewer: Viewer, query: Plan, own: Sequence[Programme]) -> Iterator[tuple[list[Clause], Markup]]:
    """The clauses that nearly answer a question, nearest first, each with how near they are."""
    every = viewer.plans.programmes.values()
    if query.about == "deadline":
        later = replace(query, when=When(), every="")
        yield clauses_of(viewer, later, own), viewer.say("planned.no_deadline")
    if len(query.plans) != 1:
        others = clauses_of(viewer, query, others_than(viewer, own))
        rest = near_rest(viewer, query, others)
        yield others, Markup("\n").join(filter(None, (rest, viewer.say("planned.elsewhere"))))
    for some in (own,) if query.plans else (own, every):
        if related := of_domain(viewer, query, some):
            yield related, about_domain(viewer, query)
    yield from by_head(viewer, query, every)


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


def clauses_of(viewer: Viewer, query: Plan, programmes: Sequence[Programme]) -> list[Clause]:
    """The clauses of some plans that answer the question; tasks by agency, otherwise by subject."""
    if agency := agency_named(viewer, query):
        return of_agency(viewer, query, programmes, agency)
    if targets := of_theme(viewer, query, programmes):
        return targets
    clauses = list(chain.from_iterable(CLAUSES[query.about](viewer, query, plan) for plan in programmes))
    meant = indicators_meant(viewer, query)
    answering = of_capital(
        viewer, query, answers_for_whom(clauses, query, meant) or answers(clauses, query, meant)
    )
    if answering or query.about != "task":
        return answering
    if names_office(query):
        # Clauses that merely contain a word of its name are no answer about an agency without a task here.
        about = replace(query, topic=query.topic[1:])
        return answers(clauses, about, meant) if about.topic else []
    return tasks_by_subject(viewer, query, programmes, meant)


def agency_named(viewer: Viewer, query: Plan) -> Pair | None:
    """Return how an agency's name begins for which targets are asked for: "Hội Phụ nữ tỉnh được giao bao nhiêu tiền"."""
    if query.about != "target" or not names_office(query):
        return None
    begins: Pair = next(pairwise(folded(" ".join(query.topic))), ("", ""))
    rows = chain.from_iterable(plan.targets for plan in viewer.plans.programmes.values())
    return begins if any(is_of_agency(row, begins) for row in rows) else None


def is_of_agency(row: Target, begins: Pair) -> bool:
    """Whether a row's agency has a name that begins so."""
    return begins in pairwise(words_of(row.agency))


def of_agency(viewer: Viewer, query: Plan, programmes: Iterable[Programme], begins: Pair) -> list[Clause]:
    """Return what plans set for the agency that is named."""
    targets = chain.from_iterable(of_targets(viewer, query, plan) for plan in programmes)
    own = [(clause, clause.row) for clause in targets if clause.row and is_of_agency(clause.row, begins)]
    named = [replace(clause, searched=f"{row.agency} {clause.searched}") for clause, row in own]
    return likest(query.topic, named, attrgetter("searched"))


def names_office(query: Plan) -> bool:
    """Whether what is asked about begins with an agency's name."""
    first = [bare(word) for word in query.topic[:2]]
    return first in CENTRES or not OFFICES.isdisjoint(first[:1])


def of_theme(viewer: Viewer, query: Plan, programmes: Iterable[Programme]) -> list[Clause]:
    """Return the targets of the theme that is asked for by name; none without such a theme."""
    if not names_theme(viewer, query):
        return []
    targets = chain.from_iterable(of_targets(viewer, query, plan) for plan in programmes)
    return [clause for clause in targets if clause.domain == query.domain]


def tasks_by_subject(
    viewer: Viewer, query: Plan, programmes: Iterable[Programme], meant: frozenset[str]
) -> list[Clause]:
    """Return the tasks by what they are about, whoever has them."""
    # Tasks are found by their agency first: "nhiệm vụ của UBND xã" names whom, not what.
    about = replace(query, topic=topic_but(query, LEVEL_WORDS))
    if query.topic and not (about.topic or meant):
        return []  # every task would do
    every = list(chain.from_iterable(of_tasks(viewer, about, plan, by_agency=False) for plan in programmes))
    tasks = [clause for clause in every if clause.row and clause.row.kind is CommitmentKind.TASK]
    # who answers for a goal is told where no task is about it
    return answers(tasks, about, meant) or answers(every, about, meant)


def topic_but(query: Plan, words: Container[str]) -> tuple[str, ...]:
    """What a question is about, without some words."""
    return tuple(word for word in query.topic if bare(word) not in words)


def answers_for_whom(clauses: Sequence[Clause], query: Plan, meant: Container[str]) -> list[Clause]:
    """The norms of a support, whoever is named beside it: "tiền làm nhà cho hộ nghèo" is about houses."""
    support = topic_but(query, WHOM)
    if query.about != "norm" or query.domain or support in ((), query.topic):
        return []
    about = replace(query, topic=support, measure=Measure())
    return answers(clauses, about, frozenset())


def names_theme(viewer: Viewer, query: Plan) -> bool:
    """Whether the targets of a theme are asked for, in no other words than its name: "chỉ tiêu giảm nghèo"."""
    if query.about != "target" or query.indicators or not query.domain:
        return False
    called = " ".join(viewer.plans.domains[query.domain].values())
    return frozenset(folded(" ".join(query.topic))) <= frozenset(folded(called))


def indicators_meant(viewer: Viewer, query: Plan) -> frozenset[str]:
    """The indicators named, and the same for ethnic minorities, for whom plans set most of their targets."""
    pairs = general_of(viewer.plans.indicators).items()
    return frozenset((*query.indicators, *(id for id, general in pairs if general in query.indicators)))


def of_domain(viewer: Viewer, query: Plan, programmes: Iterable[Programme]) -> list[Clause]:
    """What plans say in the domain asked about, if no clause has the question's own words."""
    if query.about not in BY_WORDS or not (domain := domain_of(viewer, query)):
        return []
    by_words = replace(query, topic=(), year=None)
    clauses = chain.from_iterable(BY_WORDS[query.about](viewer, by_words, plan) for plan in programmes)
    return [clause for clause in clauses if clause.domain == domain]


def domain_of(viewer: Viewer, query: Plan) -> str:
    """The domain named, or that of what was named; "" for neither."""
    indicators = viewer.plans.indicators
    named = (indicators[id].domain for id in query.indicators if id in indicators)
    return query.domain or next(named, "")


def about_domain(viewer: Viewer, query: Plan) -> Markup:
    """Say that what follows is only about the same domain."""
    names = viewer.plans.domains[domain_of(viewer, query)]
    domain = names.get(viewer.locale) or names["vi"]
    return viewer.say("planned.related", topic=" ".join(query.topic), domain=domain)


def answers(clauses: Sequence[Clause], query: Plan, meant: Container[str]) -> list[Clause]:
    """The clauses about what was asked, likeliest first; deadlines by day. `meant` are indicators by id."""
    if (named := setting_number(clauses, query, meant)) and not are_quoted_better(clauses, query, named):
        return with_likest(clauses, query, named)
    near = likest(query.topic, clauses, attrgetter("searched")) or likest(query.topic, clauses, with_domain)
    if query.about == "deadline":
        return sorted(near, key=lambda clause: clause.day or date.max)
    if query.about in BY_AGENCY:
        return sorted(near, key=lambda clause: AGENCIES.index(clause.agency))
    return near


def with_likest(clauses: Sequence[Clause], query: Plan, named: list[Clause]) -> list[Clause]:
    """The clauses that set the number `named`, and what the words of the question choose of them or add to them."""
    if query.measure.narrowed and query.topic:
        # "sắp xếp dân cư" is counted of the minorities alone; what a plan sets of all is told as well
        others = likest(query.topic, clauses, attrgetter("searched"))
        named = [*(clause for clause in others if clause not in named), *named]
    # of several norms of a theme, the one with the words said: "đất ở", not "đất sản xuất"
    norms = likest(query.topic, named, attrgetter("searched")) if query.about == "norm" else []
    return norms or named


def are_quoted_better(clauses: Sequence[Clause], query: Plan, named: Sequence[Clause]) -> bool:
    """Whether other clauses have nearly all words of a long question, and those that set the number named do not.

    "Thu nhập bình quân … bằng 1/2 bình quân chung của cả nước" is another goal than "… tăng trên 2 lần".
    """
    if len(query.topic) < QUOTING:
        return False
    best = nearness(query, clauses)
    return best >= QUOTED and best > nearness(query, named)


def setting_number(clauses: Iterable[Clause], query: Plan, meant: Container[str]) -> list[Clause]:
    """Return the clauses that set the number asked for, by what they measure.

    The number of a project tells its clause from that of the whole by words alone: "vốn sự nghiệp dự án 3 tiểu dự án 2".
    """
    if query.about not in SETS_NUMBER or is_numbered(query):
        return []
    return [clause for clause in clauses if clause.indicator in meant]


def with_domain(clause: Clause) -> str:
    """What to search a clause for if none matches by its own words: also its domain."""
    return f"{clause.searched} {clause.of}"


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
