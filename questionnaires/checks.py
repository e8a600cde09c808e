"""What could be better about a form that compiles, and a trial that finds what only fails when it is run."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import inf, isfinite
from typing import Final

from lxml import etree

from questionnaires.board import MOST_ROWS
from questionnaires.conversions import number_of
from questionnaires.draft import Draft
from questionnaires.expressions import Expression
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
    template,
)
from questionnaires.source import Source, plain
from questionnaires.steps import Step

LONG_LABEL: Final = 300
"""Letters that fit on a small phone together with the rest of a question."""
MANY_QUESTIONS: Final = 12
CHOSEN: Final = re.compile(
    r"f:selected\(([\w./-]+), '([^']*)'\)$|([\w./-]+) = '([^']+)'$|'([^']+)' = ([\w./-]+)$"
)
CONDITIONS: Final = ("relevant", "relevance", "required", "constraint", "calculation", "bind")
REFERENCE: Final = r"\$\{\s*([^{}$]+?)\s*\}"
NOT_ZERO: Final = re.compile(rf"{REFERENCE}\s*!=\s*['\"]?0['\"]?(?![.\d])|(?<![.\d])0\s*!=\s*{REFERENCE}")
HAS_ANSWER: Final = r"\$\{\s*%s\s*\}\s*(?:!=\s*(?:\'\'|\"\")|>)"
SOME_DAY: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def lint(form: Questionnaire, source: Source) -> list[Fault]:
    """Advice about a form, and grave faults that only a trial finds."""
    found: list[Fault] = []
    for path, column, code, data, grave in [*trial(form), *advice(form)]:
        row, heading = source.where(path, *column.split())
        found.append(Fault("survey", row, heading, code, data, grave))
    found += about_blanks(form, source)
    return found


def rehearse(form: Questionnaire, source: Source) -> list[Fault]:
    """Advice that only playing the form gives: the questions before which an interview cannot go on."""
    found = []
    for end in dead_ends(form):
        number, heading = source.where(template(end.path), "constraint", "choice_filter", "relevant")
        before = "; ".join(f"{path.rpartition('/')[2]} = {value or '–'}" for path, value in end.before)
        data = {"name": form.question(end.path).name, "before": before or "–"}
        found.append(Fault("survey", number, heading, "dead_end", data, grave=False))
    return found


Finding = tuple[str, str, str, dict[str, object], bool]


def advice(form: Questionnaire) -> Iterator[Finding]:
    """Everything that does not stop the form."""
    asked = [question for question in form.questions if question.asks]
    yield from about_length(form, asked)
    for node in form.nodes:
        if node.relevant and never(form, node, node.relevant):
            yield node.path, "relevant relevance", "unreachable", {"name": node.name}, False
    for question in asked:
        yield from about_constraint(form, question)
    for section in form.sections.values():
        if section.repeats and most_rows(form, section) > MOST_ROWS:
            data: dict[str, object] = {"name": section.name, "most": MOST_ROWS}
            yield section.path, "repeat_count type", "rows_cut", data, False
    for question in form.questions:
        yield from about_words(form, question)


def about_length(form: Questionnaire, asked: Sequence[Question]) -> Iterator[Finding]:
    """A form that asks too much, or nothing."""
    if len(asked) > MANY_QUESTIONS:
        path = asked[MANY_QUESTIONS].path
        yield path, "type", "many_questions", {"n": len(asked), "most": MANY_QUESTIONS}, False
    if not asked:
        yield f"/{form.root}", "type", "no_questions", {}, False


def about_constraint(form: Questionnaire, question: Question) -> Iterator[Finding]:
    """A constraint that no answer meets."""
    if question.constraint and never(form, question, question.constraint):
        yield question.path, "constraint", "never_right", {"name": question.name}, False
    elif impossible(form, question):
        yield question.path, "constraint", "impossible", {"name": question.name}, False


def about_blanks(form: Questionnaire, source: Source) -> Iterator[Fault]:
    """Conditions ${x} != 0 where x may be without an answer: XPath holds them true of a blank too."""
    for path, (number, row) in source.rows.items():
        node = form.by_path.get(path)
        for heading, text in row.items():
            if node is None or plain(heading).partition(":")[0] not in CONDITIONS:
                continue
            for name in not_zero(str(text)):
                asked = next((each for each in form.questions if each.name == name), None)
                if asked is not None and may_be_blank(form, asked) and not answered_first(form, asked, node):
                    data = {"name": name, "instead": instead_of_not_zero(form, asked)}
                    yield Fault("survey", number, heading, "blank_is_not_zero", data, grave=False)


def not_zero(text: str) -> list[str]:
    """The names x of ${x} != 0 in a cell, but for those of which it also asks whether they have an answer."""
    names = [first or second for first, second in NOT_ZERO.findall(text)]
    return [name for name in dict.fromkeys(names) if not re.search(HAS_ANSWER % re.escape(name), text)]


def may_be_blank(form: Questionnaire, question: Question) -> bool:
    """Whether an interview may go on without an answer to `question`."""
    if question.type in (QuestionType.CALCULATE, QuestionType.HIDDEN):
        return False
    required = question.required is not None and not question.required.reads
    above = [section for path, section in form.sections.items() if question.path.startswith(f"{path}/")]
    return not required or question.relevant is not None or any(section.relevant for section in above)


def answered_first(form: Questionnaire, asked: Question, node: Node) -> bool:
    """Whether `node` lies in a group that `asked` lies in too and that alone may be passed over."""
    group = asked.path.rpartition("/")[0]
    required = asked.required is not None and not asked.required.reads
    return (
        required and asked.relevant is None and group in form.sections and node.path.startswith(f"{group}/")
    )


def instead_of_not_zero(form: Questionnaire, question: Question) -> str:
    """What to write for "not 0" of an answer that may be missing."""
    low = constants(form, question.lower)
    if (question.minimum is not None and question.minimum >= 0) or (low and max(low) >= 0):
        return f"${{{question.name}}} > 0"
    return f"${{{question.name}}} != '' and ${{{question.name}}} != 0"


def about_words(form: Questionnaire, question: Question) -> Iterator[Finding]:
    """Labels that are missing, untranslated or long."""
    if question.type in (QuestionType.CALCULATE, QuestionType.HIDDEN):
        return
    if not question.labels and not question.path.endswith("_other"):
        yield question.path, "label", "no_label", {"name": question.name}, False
    for column in ("labels", "hints", "constraint_message", "required_message"):
        words: Words = getattr(question, column)
        heading = column.removesuffix("s") if column in ("labels", "hints") else column
        missing = untranslated(form, words)
        if missing:
            data: dict[str, object] = {
                "name": question.name,
                "column": heading,
                "languages": ", ".join(missing),
            }
            yield question.path, heading, "missing_translation", data, False
    for parts in question.labels.values():
        length = sum(len(part) for part in parts if isinstance(part, str))
        if length > LONG_LABEL:
            yield question.path, "label", "long_label", {"n": length, "most": LONG_LABEL}, False
            break
    yield from about_choices(form, question)


def about_choices(form: Questionnaire, question: Question) -> Iterator[Finding]:
    """Choices without a label in some language."""
    for choice in form.lists.get(question.list, ()):
        missing = untranslated(form, choice.labels)
        if missing:
            data: dict[str, object] = {"value": choice.value, "languages": ", ".join(missing)}
            yield question.path, "type", "choice_untranslated", data, False
            return


def untranslated(form: Questionnaire, words: Words) -> list[str]:
    """The form's languages that `words` lack; nothing where they are ours, which or_other brings."""
    if not words or not set(words) <= set(form.languages):
        return []
    return [lang for lang in form.languages if lang not in words]


# --- what can never be --------------------------------------------------------------------------------


def never(form: Questionnaire, node: Node, condition: Expression) -> bool:
    """Whether a condition is surely false: a constant, or a choice that its list does not have."""
    if not condition.reads and not condition.needs:
        value = form.layout.xpath(condition)(etree.Element("none"))
        return not value
    if " or " in condition.xpath or "not(" in condition.xpath:
        return False
    return any(not_in_list(form, node, part) for part in condition.xpath.split(" and "))


def not_in_list(form: Questionnaire, node: Node, part: str) -> bool:
    match = CHOSEN.match(part.strip())
    if match is None:
        return False
    path, value = match[1] or match[3] or match[6], match[2] or match[4] or match[5]
    question = form.by_path.get(absolute(path, node.path))
    if not isinstance(question, Question) or not question.list:
        return False
    return value not in form.layout.choices.get(question.list, {})


def absolute(path: str, context: str) -> str:
    """The template path that a path written in `context` means."""
    if path.startswith("/form/"):
        return path.removeprefix("/form")
    parts = context.split("/")
    for step in path.split("/"):
        if step == "..":
            parts.pop()
        elif step != ".":
            parts.append(step)
    return "/".join(parts)


def impossible(form: Questionnaire, question: Question) -> bool:
    """Whether the constant limits of a constraint leave nothing between them."""
    low = constants(form, question.lower)
    high = constants(form, question.upper)
    low += [float(question.minimum)] if question.minimum is not None else []
    high += [float(question.maximum)] if question.maximum is not None else []
    return bool(low and high) and max(low) > min(high)


def constants(form: Questionnaire, limits: tuple[Expression, ...]) -> list[float]:
    """The limits that do not depend on any answer."""
    nothing = etree.Element("none")
    found = [form.layout.xpath(limit)(nothing) for limit in limits if not limit.reads and not limit.needs]
    numbers = [number_of(value) for value in found if isinstance(value, str | float | bool)]
    return [number for number in numbers if isfinite(number)]


def most_rows(form: Questionnaire, section: Section) -> float:
    """As many rows as a repeat may want: by the limits of the question that counts them, or by a plain number."""
    counting = form.by_path.get(section.count.reads[0]) if section.count and section.count.reads else None
    if not isinstance(counting, Question):
        return inf
    high = [] if counting.maximum is None else [float(counting.maximum)]
    limits = (*counting.upper, *([counting.calculation] if counting.calculation else []))
    return min([*high, *constants(form, limits)], default=inf)


# --- a trial ------------------------------------------------------------------------------------------


def trial(form: Questionnaire) -> Iterator[Finding]:
    """Begin an interview and evaluate every expression once: what XPath cannot do is found here."""
    context = Context(SOME_DAY, form.default_language, seed="trial")
    try:
        interview, _ = begin(form, context)
    except etree.XPathError as problem:
        yield f"/{form.root}", "calculation", "evaluation", {"why": str(problem)[:100]}, True
        return
    run = Step(Draft(form.layout, form.layout.take(), interview), context)
    for section in form.sections.values():
        if section.repeats and not interview.rows[section.path][0]:
            run.changes.grow(section)
    for node in form.nodes:
        for column, expression in expressions(node):
            path = node.path.replace(node.repeat, f"{node.repeat}[1]", 1) if node.repeat else node.path
            if path not in run.draft.board.elements and path not in run.draft.board.anchors:
                continue
            try:
                run.evaluator.value(expression, path)
            except etree.XPathError as problem:
                yield node.path, column, "evaluation", {"why": str(problem)[:100]}, True


def expressions(node: Node) -> Iterator[tuple[str, Expression]]:
    """Every expression of a node with the column it comes from."""
    columns: list[tuple[str, Expression | None]] = [("relevant relevance", node.relevant)]
    words: list[tuple[str, Words]] = [("label", node.labels)]
    if isinstance(node, Section):
        columns.append(("repeat_count", node.count))
    else:
        columns += [
            ("required", node.required),
            ("constraint", node.constraint),
            ("calculation", node.calculation),
            ("default", node.dynamic_default),
            ("choice_filter", node.items),
            *(("constraint", limit) for limit in (*node.lower, *node.upper)),
        ]
        words += [
            ("hint", node.hints),
            ("constraint_message", node.constraint_message),
            ("required_message", node.required_message),
        ]
    yield from ((column, expression) for column, expression in columns if expression)
    for column, texts in words:
        for parts in texts.values():
            yield from ((column, part) for part in parts if isinstance(part, Expression))
