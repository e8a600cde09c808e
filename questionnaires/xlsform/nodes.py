"""Compile questions and sections from the controls and binds of the XForm."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from questionnaires.answers import AnswerKind
from questionnaires.codes import asks_code
from questionnaires.expressions import Expression
from questionnaires.questionnaire import Node, Question, QuestionType, Section, Words, plain_words
from questionnaires.source import SurveySource
from questionnaires.survey import cell
from questionnaires.xlsform.choices import ChoiceLists
from questionnaires.xlsform.document import JR, XF, XForm, local
from questionnaires.xlsform.rewriting import COLUMNS, EXPRESSION_TYPES, Rewriter
from questionnaires.xlsform.texts import Texts

BIND_TYPES: Final[Mapping[str, QuestionType]] = {
    "string": QuestionType.TEXT,
    "int": QuestionType.INTEGER,
    "decimal": QuestionType.DECIMAL,
    "date": QuestionType.DATE,
    "time": QuestionType.TIME,
    "dateTime": QuestionType.DATETIME,
    "geopoint": QuestionType.GEOPOINT,
}
CONTROLS: Final[Mapping[str, QuestionType]] = {
    "select1": QuestionType.SELECT_ONE,
    "select": QuestionType.SELECT_MULTIPLE,
    "trigger": QuestionType.ACKNOWLEDGE,
    "range": QuestionType.RANGE,
}
"""Controls whose name alone gives the question's type."""
UPLOADS: Final[Mapping[str, QuestionType]] = {
    "image": QuestionType.IMAGE,
    "audio": QuestionType.AUDIO,
    "video": QuestionType.VIDEO,
}
"""Types of uploads, by the first part of the media type; any other is a file."""
KINDS: Final[Mapping[QuestionType, AnswerKind]] = {
    QuestionType.INTEGER: AnswerKind.COUNT,
    QuestionType.DECIMAL: AnswerKind.DECIMAL,
    QuestionType.RANGE: AnswerKind.DECIMAL,
    QuestionType.DATE: AnswerKind.DATE,
    QuestionType.SELECT_ONE: AnswerKind.ONE,
    QuestionType.SELECT_MULTIPLE: AnswerKind.MANY,
    QuestionType.ACKNOWLEDGE: AnswerKind.CONFIRM,
}
MAY_BE_CODES: Final = (QuestionType.INTEGER, QuestionType.DECIMAL)
DEFAULTS: Final = {
    QuestionType.INTEGER: re.compile(r"-?\d{1,15}"),
    QuestionType.DECIMAL: re.compile(r"-?\d{1,15}(\.\d+)?"),
    QuestionType.RANGE: re.compile(r"-?\d{1,15}(\.\d+)?"),
    QuestionType.DATE: re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    QuestionType.TIME: re.compile(r"([01]\d|2[0-3]):[0-5]\d(:.*)?"),
}
"""How a fixed default of each type must be written."""
CHOSEN: Final = (QuestionType.SELECT_ONE, QuestionType.SELECT_MULTIPLE)
STANDARD: Final = frozenset(
    {
        "nodeset",
        "type",
        "constraint",
        "calculate",
        "relevant",
        "required",
        "readonly",
        "saveIncomplete",
        "unit",
    }
)
"""Attributes of a bind that do not come from other columns `bind::…`."""
OTHER_QUESTION: Final[Words] = {"vi": ("Xin ghi rõ:",), "en": ("Please specify:",)}
"""The label of the question that or_other adds: pyxform writes it in English only."""
BEGINNINGS: Final = frozenset({"odk-instance-first-load", "odk-new-repeat"})
"""Events that compute a default: the form is opened, or a row is added."""
PRELOADS: Final = {"date": "today", "uid": "uid"}
Range = tuple[Decimal | None, Decimal | None, Decimal | None]
"""The least, the most and the step of a range."""
NO_RANGE: Final[Range] = (None, None, None)


class Nodes:
    """Compiles the nodes of one form; their faults go to `source`."""

    def __init__(
        self, xform: XForm, source: SurveySource, rewriter: Rewriter, texts: Texts, lists: ChoiceLists
    ) -> None:
        self.xform = xform
        self.source = source
        self.rewriter = rewriter
        self.texts = texts
        self.lists = lists

    def node(self, path: str) -> Node:
        """Return the question or section at `path`."""
        return self.section(path) if self.xform.is_section(path) else self.question(path)

    def condition(self, path: str, column: str) -> Expression | None:
        """Return a condition in a node's bind; None if it sets none."""
        return self.rewriter.expression(self.xform.facts(path).get(column), path, column, condition=True)

    def section(self, path: str) -> Section:
        """Return a group, or a repeat with its count and the number of rows written in the form."""
        element = self.xform.elements[path]
        repeats, group = self.xform.repeats.get(path), self.xform.groups.get(path)
        label = group.find(f"{XF}label") if group is not None else None
        return Section(
            path=path,
            name=local(element),
            labels=self.texts.words(label, path, "label"),
            relevant=self.condition(path, "relevant"),
            repeats=repeats is not None,
            count=None
            if repeats is None
            else self.rewriter.expression(repeats.get(f"{JR}count"), path, "count"),
            first_rows=0 if repeats is None else rows_written(element),
            repeat=self.xform.repeat_around(path),
        )

    def question(self, path: str) -> Question:
        """Return a question, note or calculation with everything in its row."""
        facts, control = self.xform.facts(path), self.xform.controls.get(path)
        type_ = self.question_type(path, facts, control)
        whole = facts.get("type") == "int"
        own_facts = own(facts)
        offer = self.lists.offer(path, control)
        lower, upper = self.rewriter.bounds(path, facts.get("constraint"), type_, whole)
        minimum, maximum, interval = self.range(path, control)
        labels = self.label(path, control)
        return Question(
            path=path,
            name=self.source.names.get(path) or local(self.xform.elements[path]),
            type=type_,
            kind=self.kind(path, type_, facts, labels),
            unit=units(facts),
            labels=labels,
            hints=self.texts.words(part(control, "hint"), path, "hint"),
            relevant=self.condition(path, "relevant"),
            required=self.condition(path, "required"),
            required_message=self.texts.message(facts.get(f"{JR}requiredMsg"), path, "required_message"),
            constraint=self.condition(path, "constraint"),
            constraint_message=self.texts.message(
                facts.get(f"{JR}constraintMsg"), path, "constraint_message"
            ),
            lower=lower,
            upper=upper,
            calculation=self.rewriter.expression(facts.get("calculate"), path, "calculate"),
            default=self.default(path, type_, "" if offer.items else offer.list),
            dynamic_default=self.dynamic_default(path),
            preload=preload(facts),
            list=offer.list,
            items=offer.items,
            shuffled=offer.shuffled,
            other=f"{path}_other" if path in self.source.others else "",
            minimum=minimum,
            maximum=maximum,
            interval=interval,
            whole=whole,
            repeat=self.xform.repeat_around(path),
            facts=own_facts,
        )

    def label(self, path: str, control: etree._Element | None) -> Words:
        """Return the label of a question; our own for the one that or_other adds."""
        if path.endswith("_other") and path.removesuffix("_other") in self.source.others:
            return OTHER_QUESTION
        return self.texts.words(part(control, "label"), path, "label")

    # --- types ----------------------------------------------------------------------------------------

    def question_type(
        self, path: str, facts: Mapping[str, str], control: etree._Element | None
    ) -> QuestionType:
        """Return the type of a question by its control and its bind."""
        calculated = bool(facts.get("calculate"))
        if control is None or is_head(control):
            return QuestionType.CALCULATE if calculated else QuestionType.HIDDEN
        if calculated:
            row, heading = self.source.where(path, *COLUMNS["calculate"])
            self.source.fault(row, heading, "calculated_question", grave=False, name=path.rpartition("/")[2])
            return QuestionType.CALCULATE
        return self.control_type(path, facts, control)

    def control_type(self, path: str, facts: Mapping[str, str], control: etree._Element) -> QuestionType:
        """Return the type of question that a control asks; an unknown control is reported."""
        name = local(control)
        if name in CONTROLS:
            return CONTROLS[name]
        if name == "upload":
            return UPLOADS.get(str(control.get("mediatype")).partition("/")[0], QuestionType.FILE)
        if name == "input":
            return self.input_type(path, facts)
        self.source.fault(*self.source.where(path, "type"), "unknown_type", type=name)
        return QuestionType.HIDDEN

    def input_type(self, path: str, facts: Mapping[str, str]) -> QuestionType:
        """Return the type of question that a plain input asks; a read-only one is a note."""
        readonly = facts.get("readonly", "").strip()
        if readonly == "true()":
            return QuestionType.NOTE
        if readonly not in ("", "false()"):
            row, heading = self.source.where(path, "read_only", "readonly", "bind::readonly")
            self.source.fault(row, heading, "read_only", name=path.rpartition("/")[2])
        bound = facts.get("type", "string")
        if bound not in BIND_TYPES:
            self.source.fault(*self.source.where(path, "type"), "unknown_type", type=bound)
        return BIND_TYPES.get(bound, QuestionType.TEXT)

    def kind(self, path: str, type_: QuestionType, facts: Mapping[str, str], labels: Words) -> AnswerKind:
        """Return how typed answers are read: as `bind::ask` says, otherwise by the type, but codes as text."""
        asked = facts.get("ask", "")
        if asked in set(AnswerKind):
            return AnswerKind(asked)
        if asked:
            row, heading = self.source.where(path, "bind::ask")
            self.source.fault(row, heading, "unknown_ask", ask=asked, known=", ".join(AnswerKind))
        if type_ is QuestionType.RANGE and facts.get("type") == "int":
            return AnswerKind.COUNT
        counts = type_ not in MAY_BE_CODES or units(facts)
        if not counts and asks_code(map(plain_words, labels.values()), facts.get("constraint", "")):
            return AnswerKind.TEXT
        return KINDS.get(type_, AnswerKind.TEXT)

    # --- defaults -------------------------------------------------------------------------------------

    def default(self, path: str, type_: QuestionType, list_name: str) -> str:
        """Return the fixed default. One that is no valid answer is a fault, because it would be stored as an answer."""
        text = (self.xform.elements[path].text or "").strip()
        if type_ is QuestionType.DATE:
            text = text.removesuffix(" 00:00:00")
        if text and not self.is_answer(text, type_, list_name):
            row, heading = self.source.where(path, "default")
            self.source.fault(row, heading, "bad_default", text=text, type=type_.value)
        return text

    def is_answer(self, text: str, type_: QuestionType, list_name: str) -> bool:
        """Whether a default is written like answers of its type, and is in its list if it has one."""
        if type_ in DEFAULTS:
            return DEFAULTS[type_].fullmatch(text) is not None
        if type_ not in CHOSEN or not list_name:
            return True
        chosen = {text} if type_ is QuestionType.SELECT_ONE else set(text.split())
        return chosen <= {choice.value for choice in self.lists.lists.get(list_name, ())}

    def dynamic_default(self, path: str) -> Expression | None:
        """Return the default that a setvalue computes when the form or a row begins; None without one."""
        element = next(self.beginnings(path), None)
        if element is None:
            return None
        computed = self.rewriter.expression(element.get("value") or element.text, path, "default")
        if computed:
            self.look_at_computed_day(path, computed)
        return computed

    def beginnings(self, path: str) -> Iterator[etree._Element]:
        """Yield the setvalue elements that set a node when the form or a row begins."""
        for element in (*self.xform.model.iterfind(f"{XF}setvalue"), *self.xform.body.iter(f"{XF}setvalue")):
            if element.get("ref") == path and BEGINNINGS & set(str(element.get("event")).split()):
                yield element

    def look_at_computed_day(self, path: str, computed: Expression) -> None:
        """Report a date without quotes as a default: 2026-11-20 would be computed and give 1995."""
        is_day = EXPRESSION_TYPES.get(self.xform.facts(path).get("type", "")) == "date"
        if is_day and computed.type == "number" and computed.is_constant:
            row, heading = self.source.where(path, "default")
            written = cell(self.source.rows[path][1], "default")[1] if path in self.source.rows else ""
            self.source.fault(row, heading, "bad_default", text=written, type="date")

    # --- ranges ---------------------------------------------------------------------------------------

    def range(self, path: str, control: etree._Element | None) -> Range:
        """Return the ends of a range, the smaller first, and its step."""
        if control is None or local(control) != "range":
            return NO_RANGE
        try:
            low, high, step = (number_in(control, name) for name in ("start", "end", "step"))
        except InvalidOperation:
            self.source.fault(*self.source.where(path, "parameters"), "range")
            return NO_RANGE
        return *in_order(low, high), None if step is None else abs(step)


def in_order(low: Decimal | None, high: Decimal | None) -> tuple[Decimal | None, Decimal | None]:
    """Return the ends of a range, the smaller first, even for a range that counts down."""
    if low is not None and high is not None and low > high:
        return high, low
    return low, high


def number_in(control: etree._Element, attribute: str) -> Decimal | None:
    """Return a number in an attribute of a control; None without one. Raises InvalidOperation if it is no number."""
    written = control.get(attribute)
    if not written:
        return None
    number = Decimal(str(written))
    if not number.is_finite():
        raise InvalidOperation
    return number


def part(control: etree._Element | None, name: str) -> etree._Element | None:
    """Return the label or hint of a control; None if it has none."""
    return None if control is None else control.find(f"{XF}{name}")


def is_head(control: etree._Element) -> bool:
    """Whether a control only shows the choices above a table of questions, as pyxform makes for `table-list`."""
    return control.get("appearance") == "label"


def rows_written(element: etree._Element) -> int:
    """Return how many rows of a repeat are written in the form itself, without the template of further rows."""
    parent = element.getparent()
    rows = [] if parent is None else parent.findall(element.tag)
    return sum(row.get(f"{JR}template") is None for row in rows)


def own(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the cells of other columns `bind::…`."""
    return {name: text for name, text in facts.items() if name not in STANDARD and not name.startswith("{")}


def units(facts: Mapping[str, str]) -> dict[str, str]:
    """Return the unit of answers by language; "" is the key of one for all languages."""
    by_language = {
        name.removeprefix("unit_"): text for name, text in own(facts).items() if name.startswith("unit_")
    }
    return ({"": facts["unit"]} if facts.get("unit") else {}) | by_language


def preload(facts: Mapping[str, str]) -> str:
    """Return the metadata that a node records: start, end, today or uid; "" for others, which stay blank."""
    kind = facts.get(f"{JR}preload", "")
    return facts.get(f"{JR}preloadParams", "") if kind == "timestamp" else PRELOADS.get(kind, "")
