"""A compiled questionnaire: an XLSForm's content, ready to be asked without pyxform.

It is immutable, so threads may share it. The database keeps it as JSON, and running an interview never imports pyxform.
Its expressions were rewritten when the form was compiled; libxml2 compiles them when they are first needed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from questionnaires.answers import AnswerKind
from questionnaires.expressions import Expression

if TYPE_CHECKING:
    from questionnaires.board import Layout

ROW: Final = re.compile(r"\[(\d+)\]")
"""The number of a row in an instance path."""
PLAIN_PATH: Final = re.compile(r"[\w./-]+")
"""An expression that only refers to another answer."""
SCHEMA: Final = 1
"""The version of compiled forms' JSON; to be raised when it changes its meaning."""


class QuestionType(StrEnum):
    """A question's type as XLSForm names it. `repeat` only occurs when a person is asked for another row."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    RANGE = "range"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    SELECT_ONE = "select_one"
    SELECT_MULTIPLE = "select_multiple"
    NOTE = "note"
    CALCULATE = "calculate"
    HIDDEN = "hidden"
    IMAGE = "image"
    AUDIO = "audio"
    VIDEO = "video"
    FILE = "file"
    GEOPOINT = "geopoint"
    ACKNOWLEDGE = "acknowledge"
    REPEAT = "repeat"


FILE_TYPES: Final = frozenset({QuestionType.IMAGE, QuestionType.AUDIO, QuestionType.VIDEO, QuestionType.FILE})
"""Types whose answers are files. They are never typed, shown as text, or taken over from an earlier report."""
SENT_TYPES: Final = FILE_TYPES | {QuestionType.GEOPOINT}
"""Types whose answers are sent as something other than words."""
NUMBER_TYPES: Final = frozenset({QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.RANGE})
SILENT: Final = frozenset({QuestionType.NOTE, QuestionType.CALCULATE, QuestionType.HIDDEN})
"""Types that ask nothing."""

Part = str | Expression
"""A piece of a text: words, or an expression to be filled in."""
Words = Mapping[str, tuple[Part, ...]]
"""A text's parts by language."""


class UnreadableFormError(ValueError):
    """A compiled form of another version of this program."""


@dataclass(frozen=True, slots=True)
class FormChoice:
    """One choice of a list."""

    value: str
    labels: Words


@dataclass(frozen=True)
class Question:
    """A node that holds one answer, given by a person or by a calculation. `path` is its template path."""

    path: str
    name: str
    type: QuestionType
    kind: AnswerKind = AnswerKind.TEXT
    unit: Mapping[str, str] = field(default_factory=dict)
    labels: Words = field(default_factory=dict)
    hints: Words = field(default_factory=dict)
    relevant: Expression | None = None
    required: Expression | None = None
    required_message: Words = field(default_factory=dict)
    constraint: Expression | None = None
    constraint_message: Words = field(default_factory=dict)
    lower: tuple[Expression, ...] = ()
    upper: tuple[Expression, ...] = ()
    calculation: Expression | None = None
    default: str = ""
    dynamic_default: Expression | None = None
    preload: str = ""
    list: str = ""
    items: Expression | None = None
    """The expression that selects the choices offered, if the form filters the list."""
    shuffled: bool = False
    other: str = ""
    """The path of the text question that goes with the choice "other"; "" if there is none."""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    interval: Decimal | None = None
    whole: bool = False
    repeat: str = ""
    """The template path of the innermost repeat around it."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """The cells of other columns `bind::…`."""

    @property
    def may_be_required(self) -> bool:
        """Whether an answer may be required. Some tools write the condition "false()" for questions that are optional."""
        return self.required is not None and self.required.xpath.strip() != "false()"

    @property
    def asks(self) -> bool:
        """Whether a person answers it."""
        return self.type not in SILENT

    @property
    def is_number(self) -> bool:
        """Whether its answer counts or measures something."""
        return self.type in NUMBER_TYPES and self.kind is not AnswerKind.TEXT

    @property
    def is_code(self) -> bool:
        """Whether its answer is a number that counts nothing, such as of a phone, to be kept digit by digit."""
        return self.type in NUMBER_TYPES and self.kind is AnswerKind.TEXT


@dataclass(frozen=True)
class Section:
    """A group, or a repeat with `count` rows, or with as many as the person adds."""

    path: str
    name: str
    labels: Words = field(default_factory=dict)
    relevant: Expression | None = None
    repeats: bool = False
    count: Expression | None = None
    first_rows: int = 0
    repeat: str = ""
    """The template path of the innermost repeat around it."""

    @property
    def rows_to_begin(self) -> int:
        """How many rows a repeat has before any answer; 0 if a count decides, which is computed later."""
        return 0 if self.count else self.first_rows


Node = Question | Section


@dataclass(frozen=True, eq=False)
class Questionnaire:
    """A form: `nodes` are its questions and sections in document order, `version` the hash of its content."""

    name: str
    version: str
    titles: Mapping[str, str]
    languages: tuple[str, ...]
    default_language: str
    nodes: tuple[Node, ...]
    lists: Mapping[str, tuple[FormChoice, ...]]
    lists_xml: str
    """The choice lists as XML, for filters."""
    root: str = "data"
    stated_version: str = ""
    """The version that the author wrote in the settings."""
    settings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Every node that holds a value, in document order, without the form's `meta` nodes."""
        about = f"/{self.root}/meta/"
        questions = (node for node in self.nodes if isinstance(node, Question))
        return tuple(question for question in questions if not question.path.startswith(about))

    @cached_property
    def question_names(self) -> frozenset[str]:
        """The names of all questions, calculated ones too."""
        return frozenset(self.by_name)

    @cached_property
    def by_name(self) -> Mapping[str, Question]:
        """The questions by name; the first of those that share one in different groups."""
        return {question.name: question for question in reversed(self.questions)}

    @cached_property
    def asked(self) -> tuple[Question, ...]:
        """The questions that a person is asked, in document order."""
        return tuple(question for question in self.questions if question.asks)

    @cached_property
    def sections(self) -> Mapping[str, Section]:
        """Groups and repeats by their template path."""
        return {node.path: node for node in self.nodes if isinstance(node, Section)}

    @cached_property
    def repeats(self) -> tuple[Section, ...]:
        """The repeats in document order: an outer one comes before those within it."""
        return tuple(section for section in self.sections.values() if section.repeats)

    @cached_property
    def by_path(self) -> Mapping[str, Node]:
        """Questions and sections by their template path."""
        return {node.path: node for node in self.nodes}

    @cached_property
    def layout(self) -> "Layout":
        """What every board of this form shares, built once."""
        # `board` imports this file, so it can only be imported here.
        from questionnaires.board import Layout

        return Layout(self)

    def question(self, path: str) -> Question:
        """Return the question at a template path, or at an instance path such as /data/rep[1]/name.

        Raises KeyError if there is none.
        """
        node = self.by_path.get(path) or self.by_path[template(path)]
        if not isinstance(node, Question):
            raise KeyError(path)
        return node

    def section_at(self, path: str) -> Section | None:
        """Return the group or repeat at an instance path; None if it is a question's."""
        return self.sections.get(template(path))

    @cached_property
    def order(self) -> Mapping[str, int]:
        """The position of each node in the document, by its template path."""
        return {node.path: place for place, node in enumerate(self.nodes)}

    def place_of(self, path: str) -> tuple[tuple[int, int], ...]:
        """Return a sort key that puts a report's answers in the order they were asked, row by row."""
        rows = [(path[: row.start()], int(row[1])) for row in ROW.finditer(path)]
        around = [(self.order[template(repeat)], number) for repeat, number in rows]
        return (*around, (self.order[template(path)], 0))

    def rows_named(self, path: str, lang: str) -> str:
        """Return the names of the rows around an answer: "Hộ 2 › Người 1"; "" outside all. Labels are not filled in."""
        named = []
        for row in ROW.finditer(path):
            section = self.sections[template(path[: row.start()])]
            named.append(f"{plain_words(self.words(section.labels, lang)).strip() or section.name} {row[1]}")
        return " › ".join(named)

    def counting(self, section: Section) -> Question | None:
        """Return the question whose answer is a repeat's number of rows; None if that is computed, or not given."""
        count = section.count
        if count is None or len(count.reads) != 1 or not PLAIN_PATH.fullmatch(count.xpath.strip()):
            return None
        node = self.by_path.get(count.reads[0])
        if not isinstance(node, Question) or not node.asks or node.type not in NUMBER_TYPES:
            return None
        # A question in a repeat that is not around this one has an answer per row, so no single one is the count.
        return node if section.path.startswith(f"{node.repeat}/") else None

    def title(self, lang: str) -> str:
        """Return the title in `lang`, else in the form's own language, else in any."""
        return (
            self.titles.get(lang)
            or self.titles.get(self.default_language)
            or next(iter(self.titles.values()))
        )

    def words(self, words: Words, lang: str) -> tuple[Part, ...]:
        """Return the parts of a text in `lang`, else in the form's own language, else in any."""
        parts = words.get(lang) or words.get(self.default_language)
        return parts or next(iter(words.values()), ())

    def to_json(self) -> dict[str, Any]:
        """Return this form as JSON values."""
        return {"schema": SCHEMA, **content(self), "version": self.version}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Questionnaire":
        """Return the form that `to_json` wrote. Raises UnreadableFormError for another schema."""
        if body.get("schema") != SCHEMA:
            raise UnreadableFormError(str(body.get("schema")))
        return cls(
            name=body["name"],
            version=body["version"],
            titles=body["titles"],
            languages=tuple(body["languages"]),
            default_language=body["default_language"],
            nodes=tuple(read_node(node) for node in body["nodes"]),
            lists={
                name: tuple(FormChoice(value, read_words(labels)) for value, labels in choices)
                for name, choices in body["lists"].items()
            },
            lists_xml=body["lists_xml"],
            root=body["root"],
            stated_version=body["stated_version"],
            settings=body["settings"],
        )


def plain_words(parts: Iterable[Part]) -> str:
    """Return a text without the references that are to be filled in."""
    return "".join(part for part in parts if isinstance(part, str))


def template(path: str) -> str:
    """Return an instance path without its rows: /data/rep/name for /data/rep[1]/name."""
    return ROW.sub("", path) if "[" in path else path


def at_row(path: str, repeat: str, row: int) -> str:
    """Return the instance path of the node at template path `path` in row number `row` of `repeat`."""
    return in_row(path, repeat, f"{repeat}[{row}]")


def in_row(path: str, repeat: str, row: str) -> str:
    """Return the instance path of a node of `repeat` in the row at instance path `row`, such as /data/house[2]."""
    return row + path[len(repeat) :]


def row_around(path: str) -> str:
    """Return the instance path of the innermost row around the node at `path`; "" if it is in none."""
    return path[: path.rfind("]") + 1]


def repeat_of(row: str) -> str:
    """Return the instance path of the repeat that the row at `row` belongs to."""
    return row[: row.rfind("[")]


def near(path: str, at: str) -> str:
    """Return the instance path of the node at template path `path`, in the rows that it shares with the node `at`.

    If `path` is a repeat, its own last step has no row number.
    """
    names, placed = path.split("/"), at.split("/")
    for place, (name, known) in enumerate(zip(names, placed, strict=False)):
        if template(known) != name:
            break
        names[place] = known
    names[-1] = template(names[-1])
    return "/".join(names)


# --- JSON ---------------------------------------------------------------------------------------------


def content(form: Questionnaire) -> dict[str, Any]:
    """Return everything of a form except its version, as JSON values."""
    return {
        "name": form.name,
        "titles": dict(form.titles),
        "languages": list(form.languages),
        "default_language": form.default_language,
        "nodes": [dict(write_node(node)) for node in form.nodes],
        "lists": {
            name: [[choice.value, write_words(choice.labels)] for choice in choices]
            for name, choices in form.lists.items()
        },
        "lists_xml": form.lists_xml,
        "root": form.root,
        "stated_version": form.stated_version,
        "settings": dict(form.settings),
    }


def write_words(words: Words) -> dict[str, list[object]]:
    return {
        lang: [part.to_json() if isinstance(part, Expression) else part for part in parts]
        for lang, parts in words.items()
    }


def read_words(body: Mapping[str, Any]) -> Words:
    return {
        lang: tuple(part if isinstance(part, str) else read_expression(part) for part in parts)
        for lang, parts in body.items()
    }


def read_expression(body: Any) -> Expression:
    xpath, kind, reads, needs, functions = body
    return Expression(xpath, kind, tuple(reads), tuple(needs), tuple(functions))


def as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Codec:
    """How a node's field is written as JSON and read back."""

    write: Callable[[Any], object] = as_it_is
    read: Callable[[Any], object] = as_it_is


AS_IT_IS: Final = Codec()
AS_WORDS: Final = Codec(write_words, read_words)
AS_EXPRESSION: Final = Codec(Expression.to_json, read_expression)
AS_LIMITS: Final = Codec(
    lambda limits: [limit.to_json() for limit in limits], lambda body: tuple(map(read_expression, body))
)
AS_NUMBER: Final = Codec(str, Decimal)
CODECS: Final[Mapping[str, Codec]] = {
    "type": Codec(read=QuestionType),
    "kind": Codec(read=AnswerKind),
    "labels": AS_WORDS,
    "hints": AS_WORDS,
    "required_message": AS_WORDS,
    "constraint_message": AS_WORDS,
    "relevant": AS_EXPRESSION,
    "required": AS_EXPRESSION,
    "constraint": AS_EXPRESSION,
    "calculation": AS_EXPRESSION,
    "dynamic_default": AS_EXPRESSION,
    "items": AS_EXPRESSION,
    "count": AS_EXPRESSION,
    "lower": AS_LIMITS,
    "upper": AS_LIMITS,
    "minimum": AS_NUMBER,
    "maximum": AS_NUMBER,
    "interval": AS_NUMBER,
}
"""Codecs for the fields of nodes whose values are not JSON already."""
BLANK: Final[tuple[object, ...]] = (None, "", (), {})
"""Values that are left out of the JSON. 0 must stay in it, because a form's version is the hash of its JSON."""


def write_node(node: Node) -> Iterator[tuple[str, object]]:
    """Yield the fields of a node that are not blank, as JSON values."""
    for name, value in vars(node).items():
        if value is not False and value not in BLANK:
            yield name, CODECS.get(name, AS_IT_IS).write(value)
    yield "section", isinstance(node, Section)


def read_node(body: Mapping[str, Any]) -> Node:
    """Return the node that `write_node` wrote."""
    written = {name: value for name, value in body.items() if name != "section"}
    fields: dict[str, Any] = {name: CODECS.get(name, AS_IT_IS).read(value) for name, value in written.items()}
    return Section(**fields) if body["section"] else Question(**fields)
