"""Finds the clauses of plans that answer a question: by agency, by theme, by what they set, by their words."""

from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain, pairwise
from operator import attrgetter
from typing import Final

from handlers.asking.clauses import BY_WORDS, CLAUSES, Clause, of_capital, of_targets, of_tasks
from handlers.viewer import Viewer
from plans.minority import general_of
from plans.programme import Programme
from plans.target import CommitmentKind, Target
from queries.alike import folded, likest, shared, words_of
from queries.frames import Measure, Plan
from questionnaires.answers.text import bare

Pair = tuple[str, str]
"""Two words that follow each other, folded."""
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
PROJECTS: Final = ("an", "da", "dung")
"""The last word before a project's number: "dự án 4", "nội dung số 2"."""
QUOTING: Final = 5
"""The fewest words that may be a plan's own."""
QUOTED: Final = 0.9
"""The share of these words that a clause has which is quoted."""
EVERYWHERE: Final = WHOM | frozenset(
    ("ty", "le", "muc", "tren", "duoi", "dat", "duoc", "den", "va", "phan", "tram", "%")
)
"""Words of a question that tell no clause from another."""
OFFICES: Final = frozenset(("ban", "chi", "cong", "hat", "hoi", "phong", "so"))
"""The first words of agencies' names."""
CENTRES: Final = (["trung", "tam"], ["ngan", "hang"], ["van", "phong"], ["mat", "tran"])
"""The same, of two syllables that mean something else alone."""


def is_numbered(query: Plan) -> bool:
    """Whether a project's number is part of what is asked about: "dự án 4", but not "75 tuổi"."""
    words = [word for word in map(bare, query.topic) if word != "so"]
    return any(number.isdigit() and word in PROJECTS for word, number in pairwise(words))


def nearness(query: Plan, clauses: Iterable[Clause]) -> float:
    """How much of what was asked the nearest clause says, from 0 to 1."""
    said = folded(" ".join(query.topic))
    return max((shared(said, words_of(clause.searched)) for clause in clauses), default=0.0)


def clauses_of(viewer: Viewer, query: Plan, programmes: Sequence[Programme]) -> list[Clause]:
    """The clauses of some plans that answer the question; tasks by agency, otherwise by subject.

    Of several plans that are asked side by side each is searched by itself: one counts the figure that is named,
    another has only the words.
    """
    if len(query.plans) < 2:
        return clauses_in(viewer, query, programmes)
    return [*chain.from_iterable(clauses_in(viewer, query, [plan]) for plan in programmes)]


def clauses_in(viewer: Viewer, query: Plan, programmes: Sequence[Programme]) -> list[Clause]:
    """The same, of plans searched together."""
    if agency := agency_named(viewer, query):
        return of_agency(viewer, query, programmes, agency)
    if targets := of_theme(viewer, query, programmes):
        return targets
    clauses = list(chain.from_iterable(CLAUSES[query.about](viewer, query, plan) for plan in programmes))
    return answering(viewer, query, programmes, clauses)


def answering(
    viewer: Viewer, query: Plan, programmes: Sequence[Programme], clauses: Sequence[Clause]
) -> list[Clause]:
    """Those of some clauses that answer a question; of a question for tasks, else what is nearest beside them."""
    meant = indicators_meant(viewer, query)
    if not any(clause.indicator in meant for clause in clauses):
        meant = of_everybody(viewer, query) or meant  # nearest to a figure of the minorities
    found = answers_for_whom(clauses, query, meant) or answers(clauses, query, meant)
    told = of_capital(viewer, query, found)
    if told or query.about != "task":
        return told
    return tasks_besides(viewer, query, programmes, clauses, meant)


def tasks_besides(
    viewer: Viewer,
    query: Plan,
    programmes: Sequence[Programme],
    clauses: Sequence[Clause],
    meant: frozenset[str],
) -> list[Clause]:
    """Where no task is its agency's: the tasks about what is asked."""
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
    """The indicators named, and the same for ethnic minorities, for whom plans set most of their targets, or for some
    of the units: "tỷ lệ hộ nghèo ở xã đặc biệt khó khăn"."""
    pairs = general_of(viewer.plans.indicators).items()
    minorities = (id for id, general in pairs if general in query.indicators)
    return frozenset((*query.indicators, *minorities, *narrower_than(viewer, query.indicators)))


def narrower_than(viewer: Viewer, named: Collection[str]) -> set[str]:
    """The indicators whose name begins with that of one named."""
    known = viewer.plans.indicators
    names = tuple(f"{known[id].name()} " for id in named if id in known)
    return {id for id, indicator in known.items() if indicator.name().startswith(names)} if names else set()


def of_everybody(viewer: Viewer, query: Plan) -> frozenset[str]:
    """The same figures of everybody, for those of ethnic minorities that are named."""
    pairs = general_of(viewer.plans.indicators)
    return frozenset(pairs[id] for id in query.indicators if id in pairs)


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
    if query.about == "target":
        named = [*named, *with_the_rest(clauses, query, named), *in_words_too(clauses, query, named)]
    # of several norms of a theme, the one with the words said: "đất ở", not "đất sản xuất"
    norms = likest(query.topic, named, attrgetter("searched")) if query.about == "norm" else []
    return norms or named


def with_the_rest(clauses: Sequence[Clause], query: Plan, named: Sequence[Clause]) -> list[Clause]:
    """The clauses that set a number for what else the question names: of "trường học, trạm y tế kiên cố" the one about
    schools, where only health stations are a figure's name."""
    said = folded(" ".join(query.topic))
    told = set(chain.from_iterable(words_of(clause.searched) for clause in named))
    rest = frozenset(said) - told - EVERYWHERE
    if not rest:
        return []
    holding = [clause for clause in clauses if rest <= frozenset(words_of(clause.searched))]
    return with_most_of(said, holding, more_than=len(rest))


def in_words_too(clauses: Sequence[Clause], query: Plan, named: Sequence[Clause]) -> list[Clause]:
    """The clauses that say a number in all the words of the question, though no figure is held against it."""
    said = frozenset(folded(" ".join(query.topic))) - EVERYWHERE
    worded = [clause for clause in clauses if clause.row and clause.row.said_in_words and clause not in named]
    return [clause for clause in worded if said and said <= frozenset(words_of(clause.searched))]


def with_most_of(said: Sequence[str], clauses: Sequence[Clause], *, more_than: int) -> list[Clause]:
    """Those of some clauses that have the most of the words said, if these are more than so many."""
    near = [(sum(word in words_of(clause.searched) for word in said), clause) for clause in clauses]
    best = max((number for number, _ in near), default=0)
    return [clause for number, clause in near if number == best > more_than]


def are_quoted_better(clauses: Sequence[Clause], query: Plan, named: Sequence[Clause]) -> bool:
    """Whether other clauses have nearly all words of a long question, and those that set the number named do not.

    "Thu nhập bình quân … bằng 1/2 bình quân chung của cả nước" is another goal than "… tăng trên 2 lần".
    """
    if len(query.topic) < QUOTING:
        return False
    # A number in words is told beside the one that is named, not instead of it.
    best = nearness(query, [clause for clause in clauses if not (clause.row and clause.row.said_in_words)])
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
