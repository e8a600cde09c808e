"""Give advice about a form that compiles, and find by a trial what only fails when the form is run."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import chain
from math import inf, isfinite
from typing import Final

from lxml import etree

from questionnaires.board import MOST_ROWS
from questionnaires.conversions import number_of
from questionnaires.draft import Draft
from questionnaires.expressions import Expression, absolute
from questionnaires.faults import Fault
from questionnaires.interview import Context, begin
from questionnaires.play import dead_ends
from questionnaires.questionnaire import (
    Node,
    Question,
    Questionnaire,
    QuestionType,
    Section,
    Words,
    plain_words,
    template,
)
from questionnaires.source import SurveySource
from questionnaires.steps import Step
from questionnaires.survey import plain

LONG_LABEL: Final = 300
"""The most letters of a label that fit on a small phone with the rest of its question."""
MANY_QUESTIONS: Final = 12
"""The form gets advice if it asks more: village heads answer on a phone, beside their work."""
CHOSEN: Final = re.compile(
    r"f:selected\(([\w./-]+), '([^']*)'\)$|([\w./-]+) = '([^']+)'$|'([^']+)' = ([\w./-]+)$"
)
CONDITIONS: Final = ("relevant", "relevance", "required", "constraint", "calculation", "bind")
REFERENCE: Final = r"\$\{\s*([^{}$]+?)\s*\}"
NOT_ZERO: Final = re.compile(rf"{REFERENCE}\s*!=\s*['\"]?0['\"]?(?![.\d])|(?<![.\d])0\s*!=\s*{REFERENCE}")
HAS_ANSWER: Final = r"\$\{\s*%s\s*\}\s*(?:!=\s*(?:\'\'|\"\")|>)"
WORDLESS: Final = (QuestionType.CALCULATE, QuestionType.HIDDEN)
"""Types that a person never sees."""
WORD_COLUMNS: Final = {
    "labels": "label",
    "hints": "hint",
    "constraint_message": "constraint_message",
    "required_message": "required_message",
}
"""The fields with a question's texts, and the heading of each."""
COUNTED: Final = re.compile(r"f:count-selected\([^()]*\)")
"""A rewritten calculation that only counts the choices of one answer."""
EXPRESSION_COLUMNS: Final = {
    "relevant": "relevant relevance",
    "count": "repeat_count",
    "required": "required",
    "constraint": "constraint",
    "calculation": "calculation",
    "dynamic_default": "default",
    "items": "choice_filter",
    "lower": "constraint",
    "upper": "constraint",
    **WORD_COLUMNS,
}
"""The fields of nodes that may hold expressions, and the possible headings of each."""
SOME_DAY: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
"""The moment of a trial: its result must not depend on when it is made."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault or advice about the node at `path`. `columns` are possible headings of its cell, the likeliest first."""

    path: str
    columns: str
    code: str
    data: Mapping[str, object]
    grave: bool = False


def lint(form: Questionnaire, source: SurveySource) -> list[Fault]:
    """Return advice about a form, and grave faults that only a trial finds."""
    faults = [led_back(finding, source) for finding in (*trial(form), *advice(form))]
    return [*faults, *about_blanks(form, source)]


def led_back(finding: Finding, source: SurveySource) -> Fault:
    """Return a finding as a fault in the row and column that made its node."""
    row, heading = source.where(finding.path, *finding.columns.split())
    return Fault("survey", row, heading, finding.code, finding.data, finding.grave)


def rehearse(form: Questionnaire, source: SurveySource) -> list[Fault]:
    """Play the form, and return advice about the questions at which an interview cannot go on."""
    faults = []
    for end in dead_ends(form):
        before = "; ".join(f"{path.rpartition('/')[2]} = {value or '–'}" for path, value in end.before)
        data = {"name": form.question(end.path).name, "before": before or "–"}
        stuck = Finding(template(end.path), "constraint choice_filter relevant", "dead_end", data)
        faults.append(led_back(stuck, source))
    return faults


def advice(form: Questionnaire) -> Iterator[Finding]:
    """Yield all advice: findings that do not stop the form."""
    yield from about_length(form)
    yield from about_reach(form)
    yield from about_constraints(form)
    yield from about_rows(form)
    yield from about_codes(form)
    for question in form.questions:
        if question.type not in WORDLESS:
            yield from about_words(form, question)


def about_length(form: Questionnaire) -> Iterator[Finding]:
    """Report a form that asks too much, or nothing."""
    asked = form.asked
    if len(asked) > MANY_QUESTIONS:
        path = asked[MANY_QUESTIONS].path
        yield Finding(path, "type", "many_questions", {"n": len(asked), "most": MANY_QUESTIONS})
    if not asked:
        yield Finding(f"/{form.root}", "type", "no_questions", {})


def about_reach(form: Questionnaire) -> Iterator[Finding]:
    """Report nodes that are never relevant, and groups whose relevance depends on an answer within them."""
    for node in form.nodes:
        if not node.relevant:
            continue
        if never(form, node, node.relevant):
            yield Finding(node.path, "relevant relevance", "unreachable", {"name": node.name})
        elif any(path.startswith(f"{node.path}/") for path in node.relevant.reads):
            yield Finding(node.path, "relevant relevance", "own_child", {"name": node.name})


def about_constraints(form: Questionnaire) -> Iterator[Finding]:
    """Report constraints that no answer meets."""
    for question in filter(asks, form.questions):
        if question.constraint and never(form, question, question.constraint):
            yield Finding(question.path, "constraint", "never_right", {"name": question.name})
        elif impossible(form, question):
            yield Finding(question.path, "constraint", "impossible", {"name": question.name})


def asks(question: Question) -> bool:
    return question.asks


def about_rows(form: Questionnaire) -> Iterator[Finding]:
    """Report repeats that may need more rows than people are asked."""
    for section in form.sections.values():
        if section.repeats and most_rows(form, section) > MOST_ROWS:
            data = {"name": section.name, "most": MOST_ROWS}
            yield Finding(section.path, "repeat_count type", "rows_cut", data)


def about_codes(form: Questionnaire) -> Iterator[Finding]:
    """Report numbers that count nothing: other tools lose their first zeros, and cannot keep as many digits."""
    for question in form.asked:
        if question.is_code and "ask" not in question.facts:
            yield Finding(question.path, "type", "code_as_number", {"name": question.name})


# --- blanks -------------------------------------------------------------------------------------------


def about_blanks(form: Questionnaire, source: SurveySource) -> Iterator[Fault]:
    """Report conditions ${x} != 0 if x may have no answer: in XPath they are true for a blank too."""
    # If questions in several groups share a name, the first one counts.
    questions = {question.name: question for question in reversed(form.questions)}
    for node, number, heading, text in conditions(form, source):
        for asked in filter(None, map(questions.get, not_zero(text))):
            if may_be_blank(form, asked) and not answered_first(form, asked, node):
                data = {"name": asked.name, "instead": instead_of_not_zero(form, asked)}
                yield Fault("survey", number, heading, "blank_is_not_zero", data, grave=False)


def conditions(form: Questionnaire, source: SurveySource) -> Iterator[tuple[Node, int, str, str]]:
    """Yield every cell with a condition or calculation: its node, row number, heading and text."""
    for path, (number, row) in source.rows.items():
        node = form.by_path.get(path)
        if node is None:
            continue
        for heading, text in row.items():
            if plain(heading).partition(":")[0] in CONDITIONS:
                yield node, number, heading, str(text)


def not_zero(text: str) -> list[str]:
    """Return the names x of ${x} != 0 in a cell, except those that the cell also checks for an answer."""
    names = [first or second for first, second in NOT_ZERO.findall(text)]
    return [name for name in dict.fromkeys(names) if not re.search(HAS_ANSWER % re.escape(name), text)]


def may_be_blank(form: Questionnaire, question: Question) -> bool:
    """Whether an interview may go on without an answer to `question`."""
    if question.type in WORDLESS:
        return False
    return not is_always_required(question) or is_passed_over(form, question)


def is_always_required(question: Question) -> bool:
    """Whether an answer is required, whatever the other answers are."""
    return question.required is not None and not question.required.reads


def is_passed_over(form: Questionnaire, question: Question) -> bool:
    """Whether a question, or a group around it, may be irrelevant."""
    above = (section for path, section in form.sections.items() if question.path.startswith(f"{path}/"))
    return question.relevant is not None or any(section.relevant for section in above)


def answered_first(form: Questionnaire, asked: Question, node: Node) -> bool:
    """Whether `asked` always has an answer when `node` is reached: it is required, and both are in the same group."""
    group = asked.path.rpartition("/")[0]
    inside = group in form.sections and node.path.startswith(f"{group}/")
    return inside and asked.relevant is None and is_always_required(asked)


def instead_of_not_zero(form: Questionnaire, question: Question) -> str:
    """Return what to write instead of ${x} != 0 if the answer may be missing."""
    limits = least(form, question)
    if limits and max(limits) >= 0:
        return f"${{{question.name}}} > 0"
    return f"${{{question.name}}} != '' and ${{{question.name}}} != 0"


# --- words --------------------------------------------------------------------------------------------


def about_words(form: Questionnaire, question: Question) -> Iterator[Finding]:
    """Report labels and messages that are missing, untranslated or long."""
    if not question.labels and not question.path.endswith("_other"):
        yield Finding(question.path, "label", "no_label", {"name": question.name})
    yield from about_translations(form, question)
    longest = max((len(plain_words(parts)) for parts in question.labels.values()), default=0)
    if longest > LONG_LABEL:
        yield Finding(question.path, "label", "long_label", {"n": longest, "most": LONG_LABEL})
    yield from about_choices(form, question)


def about_translations(form: Questionnaire, question: Question) -> Iterator[Finding]:
    """Report texts that are missing in some of the form's languages."""
    for field, heading in WORD_COLUMNS.items():
        missing = ", ".join(untranslated(form, getattr(question, field)))
        if missing:
            data = {"name": question.name, "column": heading, "languages": missing}
            yield Finding(question.path, heading, "missing_translation", data)


def about_choices(form: Questionnaire, question: Question) -> Iterator[Finding]:
    """Report the first choice without a label in some language."""
    for choice in form.lists.get(question.list, ()):
        missing = ", ".join(untranslated(form, choice.labels))
        if missing:
            data = {"value": choice.value, "languages": missing}
            yield Finding(question.path, "type", "choice_untranslated", data)
            return


def untranslated(form: Questionnaire, words: Words) -> list[str]:
    """Return the form's languages that `words` lack; none if the texts are ours, which or_other adds."""
    if not words or not set(words) <= set(form.languages):
        return []
    return [lang for lang in form.languages if lang not in words]


# --- what can never be --------------------------------------------------------------------------------


def never(form: Questionnaire, node: Node, condition: Expression) -> bool:
    """Whether a condition is certainly false: a false constant, or one that needs a choice that does not exist."""
    if condition.is_constant:
        return not constant(form, condition)
    if " or " in condition.xpath or "not(" in condition.xpath:
        return False
    return any(not_in_list(form, node, part) for part in condition.xpath.split(" and "))


def constant(form: Questionnaire, expression: Expression) -> object:
    """Return the result of an expression that reads no answer."""
    return form.layout.xpath(expression)(etree.Element("none"))


def not_in_list(form: Questionnaire, node: Node, part: str) -> bool:
    """Whether a part of a condition needs a choice that its question's list does not have."""
    match = CHOSEN.match(part.strip())
    if match is None:
        return False
    # The pattern has three alternatives, each with one group for the path and one for the value.
    path, value = filter(None, match.group(1, 3, 6)), filter(None, match.group(2, 4, 5))
    question = form.by_path.get(meant(next(path), node.path))
    if not isinstance(question, Question) or not question.list:
        return False
    return next(value, "") not in form.layout.choices.get(question.list, {})


def meant(path: str, context: str) -> str:
    """Return the template path of a path in a compiled expression of the node `context`."""
    return path.removeprefix("/form") if path.startswith("/form/") else absolute(path, context)


def impossible(form: Questionnaire, question: Question) -> bool:
    """Whether the constant limits of a constraint leave nothing between them."""
    low, high = least(form, question), greatest(form, question)
    return bool(low and high) and max(low) > min(high)


def least(form: Questionnaire, question: Question) -> list[float]:
    """Return a question's lower limits that are constant."""
    return [*constants(form, question.lower), *numbers(question.minimum)]


def greatest(form: Questionnaire, question: Question) -> list[float]:
    """Return a question's upper limits that are constant."""
    return [*constants(form, question.upper), *numbers(question.maximum)]


def numbers(limit: Decimal | None) -> list[float]:
    return [] if limit is None else [float(limit)]


def constants(form: Questionnaire, limits: Iterable[Expression]) -> list[float]:
    """Return the limits that do not depend on any answer."""
    values = [constant(form, limit) for limit in limits if limit.is_constant]
    known = [number_of(value) for value in values if isinstance(value, str | float | bool)]
    return list(filter(isfinite, known))


def most_rows(form: Questionnaire, section: Section) -> float:
    """Return the most rows that a repeat may need; infinity if nothing limits them.

    The count is limited by its question's limits, by a constant, or by the choices that it counts.
    """
    counting = form.by_path.get(section.count.reads[0]) if section.count and section.count.reads else None
    if not isinstance(counting, Question):
        return inf
    calculated = [] if counting.calculation is None else [counting.calculation]
    return min(
        [*greatest(form, counting), *constants(form, calculated), *chosen(form, calculated)], default=inf
    )


def chosen(form: Questionnaire, calculated: Iterable[Expression]) -> Iterator[float]:
    """Yield the number of choices in x's list for each calculation that is just count-selected(${x})."""
    for calculation in calculated:
        node = (
            form.by_path.get(calculation.reads[0]) if calculation.functions == ("count-selected",) else None
        )
        if isinstance(node, Question) and node.list and COUNTED.fullmatch(calculation.xpath):
            yield len(form.lists[node.list])


# --- a trial ------------------------------------------------------------------------------------------


def trial(form: Questionnaire) -> Iterator[Finding]:
    """Begin an interview and evaluate every expression once, to find those that libxml2 cannot evaluate."""
    context = Context(SOME_DAY, form.default_language, seed="trial")
    try:
        interview, _ = begin(form, context)
    except etree.XPathError as problem:
        yield unevaluated(f"/{form.root}", "calculation", problem)
        return
    run = Step(Draft(form.layout, form.layout.take(), interview), context)
    for section in form.repeats:
        for repeat in run.draft.board.places(section)[:1]:
            if not run.draft.rows[repeat][0]:
                run.changes.grow(section, repeat)
    for node in form.nodes:
        yield from tried(run, node)


def tried(run: Step, node: Node) -> Iterator[Finding]:
    """Evaluate a node's expressions at its first place on the board, such as a repeat's first row."""
    for path in run.draft.board.places(node)[:1]:
        for column, expression in expressions(node):
            try:
                run.evaluator.value(expression, path)
            except etree.XPathError as problem:
                yield unevaluated(node.path, column, problem)


def unevaluated(path: str, column: str, problem: etree.XPathError) -> Finding:
    return Finding(path, column, "evaluation", {"why": str(problem)[:100]}, grave=True)


def expressions(node: Node) -> Iterator[tuple[str, Expression]]:
    """Yield every expression of a node with the columns it may come from."""
    for field, columns in EXPRESSION_COLUMNS.items():
        for expression in expressions_in(getattr(node, field, None)):
            yield columns, expression


def expressions_in(value: Expression | Words | tuple[Expression, ...] | None) -> Iterator[Expression]:
    """Yield the expressions in one field of a node."""
    match value:
        case Expression():
            yield value
        case Mapping():
            parts = chain.from_iterable(value.values())
            yield from (part for part in parts if isinstance(part, Expression))
        case tuple():
            yield from value
