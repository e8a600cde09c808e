"""What a question asks of the plans: a target, a task, a deadline, a norm, or what one of their parts says."""

from collections.abc import Sequence
from itertools import chain
from typing import Final

from queries.frames import Clause, Intent, WhichTasks
from queries.goals import PLAN_LEADS, asks_goal, compares_plans
from queries.parts import Parts
from queries.plan_names import names_plan_behind, plans_named
from queries.spans import Tag
from queries.tasking import TASK_NAMED, which_tasks
from queries.timed import is_whole_year
from queries.vocabulary import GOALS, HOW_MUCH, HOW_OFTEN, SUPPORTS
from queries.word_rules import asks_meaning
from questionnaires.answers.text import bare
from questionnaires.answers.tokens import Token

OF_NO_NORM: Final = (Tag.UNCOLLECTED, Tag.PERSONAL, Tag.DOMAIN, Tag.HOW_MANY, Tag.EACH, Tag.OUTSIDE, Tag.BACK)
"""With one of these, "hỗ trợ … bao nhiêu" asks for no norm."""
OF_AMOUNTS: Final = frozenset(("phan", "%", "tien", "trieu", "dong", "vu", "lan", "a", "vay", "nhi", "the"))
"""Behind a "bao nhiêu" that asks how much a support is."""


def clause_of(parts: Parts) -> Clause | None:
    """What the plans are asked for; a target if "chỉ tiêu" stands beside "bao nhiêu"."""
    if parts.what.asks_gap or parts.aim is not None:
        return None
    said: list[Clause] = parts.sentence.values(Tag.PLAN)
    if asks_for_tasks(parts, said):
        return "task"
    if asks_for_norm(parts, said):
        return "norm"
    return clause_said(parts, said[0]) if said else clause_meant(parts)


def asks_for_norm(parts: Parts, said: Sequence[Clause]) -> bool:
    """Whether it asks how much a support is, also where the words are those for what a plan allots."""
    return ("target" in said and asks_support_in_money(parts)) or asks_how_much_support(parts, said)


def clause_said(parts: Parts, said: Clause) -> Clause | None:
    """What a word for it asks of the plans; None if a figure stands beside it, which is asked then."""
    return None if is_figure_beside(parts, said) else said


def clause_meant(parts: Parts) -> Clause | None:
    """What a question asks of the plans that has no word for it: how often one has reports sent, what a part of one says, or
    what the targets are."""
    if names_plan_behind(parts) and parts.sentence.says(HOW_OFTEN):
        return "deadline"
    if asks_what_project(parts) or (heading_words(parts) and names_plan_behind(parts)):
        return "content"
    return "target" if any(asks(parts) for asks in (asks_overview, asks_goal, only_plans_tell)) else None


def asks_support_in_money(parts: Parts) -> bool:
    """Whether it asks for the money of a support, not for what a plan allots: "hỗ trợ nhà ở … được bao nhiêu tiền"."""
    said = parts.sentence.bare_words
    return "tien" in said and "von" not in said and SUPPORTS.at(parts.sentence.tokens, 0) is not None


def asks_how_much_support(parts: Parts, said: Sequence[Clause]) -> bool:
    """Whether it asks how much of a support there is of which nothing is counted: "giống lúa hỗ trợ bao nhiêu".

    In a quarter or a month something was done: "hỗ trợ nhà quý 3 bao nhiêu" asks for no norm.
    """
    tokens = parts.sentence.tokens
    if said or not SUPPORTS.stands_in(tokens) or names_counted(parts):
        return False
    return any(is_amount_asked(tokens, place) for place in range(len(tokens)))


def names_counted(parts: Parts) -> bool:
    """Whether something is named that is counted, by unit or figure or within a part of a year: that has no norm."""
    figures = parts.what or parts.what.doubtful or parts.sentence.of(*OF_NO_NORM)
    return bool(figures) or not all(map(is_whole_year, parts.time.days))


def is_amount_asked(tokens: Sequence[Token], place: int) -> bool:
    """Whether a "bao nhiêu" stands at a place that asks for money, a share, or nothing further: not "bao nhiêu hộ"."""
    much = HOW_MUCH.at(tokens, place)
    behind = bare(tokens[much[1]].text) if much and much[1] < len(tokens) else ""
    return much is not None and (not behind or behind in OF_AMOUNTS)


def is_figure_beside(parts: Parts, said: Clause) -> bool:
    """Whether a figure is compared with what a plan sets, not plans with each other: "giáo viên so với định mức"."""
    compared = Intent.COMPARE in parts.kinds
    return compared and not (holds_plans_beside(parts) or compares_plans(parts, said))


def asks_overview(parts: Parts) -> bool:
    """Whether it asks in general which targets there are: "kế hoạch có những mục tiêu gì"."""
    said = parts.sentence
    return Intent.HELP in parts.kinds and said.says(GOALS) and said.says(PLAN_LEADS)


def asks_for_tasks(parts: Parts, said: Sequence[Clause]) -> bool:
    """Whether tasks are asked for of an agency or a project that is named: "nhiệm vụ dự án 5 xong chưa".

    "Việc nào quá hạn của phòng Tài chính" is about tasks, not about what is to be handed in.
    """
    stand = which_tasks(parts.sentence.tokens) is not WhichTasks.ALL
    if not set(said) <= {"task", *(["deadline"] if stand else [])}:
        return False
    return parts.sentence.says(TASK_NAMED) and bool(parts.sentence.of(Tag.OFFICE) or project_words(parts))


def asks_what_project(parts: Parts) -> bool:
    """Whether it asks what a project is that is named by number: "dự án 10 là gì"."""
    return bool(project_words(parts)) and asks_meaning(parts.sentence.tokens)


def holds_plans_beside(parts: Parts) -> bool:
    """Whether it compares what the plans of several places set: "so sánh định mức … của Bắc Kạn với Nghệ An"."""
    return Intent.COMPARE in parts.kinds and len(plans_named(parts)) > 1


def only_plans_tell(parts: Parts) -> bool:
    """Whether places with plans are compared by what only their plans tell: the asker sees no figures of a place, or
    capital is named that nobody asks to be spent."""
    sees, said = parts.context.asker.sees, parts.sentence.bare_words
    unseen = not all(any(sees(unit.id) for unit in units) for units in parts.where.groups)
    allotted = "von" in said and "giai" not in said
    return (unseen or allotted) and holds_plans_beside(parts)


def project_words(parts: Parts) -> set[int]:
    """Where the words stand that name a project by its number, whatever else they are taken for: "dự án 5"."""
    said = parts.sentence.bare_words
    names = set[int]()
    for at in range(2, len(said)):
        if said[at].isdigit() and said[at - 2 : at] == ["du", "an"]:
            is_part = said[max(0, at - 3)] == "tieu"  # "tiểu dự án 1"
            names.update(range(at - 3 if is_part else at - 2, at + 1))
    return names


def heading_words(parts: Parts) -> set[int]:
    """Where a heading of a plan is said: "nhiệm vụ đột phá"."""
    starts = parts.context.dictionary.headings.starts(parts.sentence.tokens)
    return set(chain.from_iterable(range(start, end) for start, _, end in starts))
