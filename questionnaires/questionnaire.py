"""A compiled questionnaire: what an XLSForm says, ready to be asked, without the library that read it.

It is immutable and may be shared by threads. Its JSON form is kept in the database, so that running an
interview never imports pyxform. Expressions were rewritten when the form was compiled; here they are only
turned into libxml2's own form when first needed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from questionnaires.answers import Kind
from questionnaires.expressions import Expression

if TYPE_CHECKING:
    from questionnaires.board import Layout

SCHEMA: Final = 1
"""Raised when the JSON of compiled forms changes its meaning."""


class QuestionType(StrEnum):
    """What XLSForm calls the type. `repeat` is only met where a person is asked for another row."""

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
    GEOPOINT = "geopoint"
    ACKNOWLEDGE = "acknowledge"
    REPEAT = "repeat"


SILENT: Final = frozenset({QuestionType.NOTE, QuestionType.CALCULATE, QuestionType.HIDDEN})
"""Types that ask nothing."""

Part = str | Expression
"""A piece of a text: words, or something to be filled in."""
Words = Mapping[str, tuple[Part, ...]]
"""A text by language."""


class UnreadableFormError(ValueError):
    """A compiled form of another version of this program."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a list."""

    value: str
    labels: Words


@dataclass(frozen=True)
class Question:
    """One answer of the form, whether a person or a calculation gives it. `path` is its template path."""

    path: str
    name: str
    type: QuestionType
    kind: Kind = Kind.TEXT
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
    """Which elements of the list are offered, where a filter chooses among them."""
    shuffled: bool = False
    other: str = ""
    """The path of the text question behind the choice "other"."""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    interval: Decimal | None = None
    whole: bool = False
    repeat: str = ""
    """The template path of the repeat around it."""
    facts: Mapping[str, str] = field(default_factory=dict)
    """What other columns `bind::…` say."""

    @property
    def asks(self) -> bool:
        """Whether a person answers it."""
        return self.type not in SILENT


@dataclass(frozen=True)
class Section:
    """A group, or a repeat whose rows are asked `count` times or as long as the person adds one."""

    path: str
    name: str
    labels: Words = field(default_factory=dict)
    relevant: Expression | None = None
    repeats: bool = False
    count: Expression | None = None
    first_rows: int = 0
    repeat: str = ""


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
    lists: Mapping[str, tuple[Choice, ...]]
    lists_xml: str
    """The choice lists as XML, for filters."""
    root: str = "data"
    stated_version: str = ""
    """What the author wrote under `version`."""
    settings: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Everything that holds a value, in document order, without what only names the document."""
        about = f"/{self.root}/meta/"
        found = (node for node in self.nodes if isinstance(node, Question))
        return tuple(node for node in found if not node.path.startswith(about))

    @cached_property
    def sections(self) -> Mapping[str, Section]:
        """Groups and repeats by their template path."""
        return {node.path: node for node in self.nodes if isinstance(node, Section)}

    @cached_property
    def by_path(self) -> Mapping[str, Node]:
        """Questions and sections by their template path."""
        return {node.path: node for node in self.nodes}

    @cached_property
    def layout(self) -> "Layout":
        """What running this form needs, made once."""
        from questionnaires.board import Layout

        return Layout(self)

    def question(self, path: str) -> Question:
        """The question at a template path, or at an instance path such as /data/rep[1]/name.

        Raises KeyError when there is none.
        """
        node = self.by_path.get(path) or self.by_path[template(path)]
        if not isinstance(node, Question):
            raise KeyError(path)
        return node

    def title(self, lang: str) -> str:
        """The title in `lang`, or in the form's own language."""
        return (
            self.titles.get(lang)
            or self.titles.get(self.default_language)
            or next(iter(self.titles.values()))
        )

    def words(self, words: Words, lang: str) -> tuple[Part, ...]:
        """A text in `lang`, else in the form's own language, else in any."""
        found = words.get(lang) or words.get(self.default_language)
        return found or next(iter(words.values()), ())

    def to_json(self) -> dict[str, Any]:
        """This form as JSON values."""
        return {"schema": SCHEMA, **content(self), "version": self.version}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Questionnaire":
        """The form that `to_json` wrote. Raises UnreadableFormError."""
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
                name: tuple(Choice(value, read_words(labels)) for value, labels in choices)
                for name, choices in body["lists"].items()
            },
            lists_xml=body["lists_xml"],
            root=body["root"],
            stated_version=body["stated_version"],
            settings=body["settings"],
        )


def template(path: str) -> str:
    """An instance path without its row: /data/rep[1]/name is /data/rep/name."""
    before, bracket, after = path.partition("[")
    return before + after.partition("]")[2] if bracket else path


def at_row(path: str, repeat: str, row: int) -> str:
    """The instance path of a node of `repeat` in one row: the other way round."""
    return f"{repeat}[{row}]{path[len(repeat) :]}"


# --- JSON ---------------------------------------------------------------------------------------------


def content(form: Questionnaire) -> dict[str, Any]:
    """Everything of a form but its version, as JSON values."""
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


WORDS: Final = frozenset({"labels", "hints", "required_message", "constraint_message"})
EXPRESSIONS: Final = frozenset(
    {"relevant", "required", "constraint", "calculation", "dynamic_default", "items", "count"}
)
LIMITS: Final = frozenset({"lower", "upper"})
NUMBERS: Final = frozenset({"minimum", "maximum", "interval"})


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


def write_node(node: Node) -> Iterator[tuple[str, object]]:
    """The fields of a node that say something."""
    for name, value in vars(node).items():
        if value is None or value == "" or value == () or value == {} or value is False:
            continue
        if name in WORDS:
            yield name, write_words(value)
        elif name in EXPRESSIONS:
            yield name, value.to_json()
        elif name in LIMITS:
            yield name, [expression.to_json() for expression in value]
        else:
            yield name, str(value) if name in NUMBERS else value
    yield "section", isinstance(node, Section)


def read_node(body: Mapping[str, Any]) -> Node:
    fields: dict[str, Any] = {}
    for name, value in body.items():
        if name in WORDS:
            fields[name] = read_words(value)
        elif name in EXPRESSIONS:
            fields[name] = read_expression(value)
        elif name in LIMITS:
            fields[name] = tuple(read_expression(expression) for expression in value)
        elif name in NUMBERS:
            fields[name] = Decimal(value)
        elif name != "section":
            fields[name] = value
    if body["section"]:
        return Section(**fields)
    fields["type"] = QuestionType(fields["type"])
    fields["kind"] = Kind(fields.get("kind", Kind.TEXT))
    return Question(**fields)
