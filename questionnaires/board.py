"""The XML document in which expressions are evaluated: the answers of one interview beside the choice lists.

A board serves one step at a time and is then reused for the next, even of another interview: laying out an interview
changes only what differs from the one before. An irrelevant answer is blank here, and its element is marked.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from functools import cached_property
from typing import Final

from lxml import etree

from questionnaires.conversions import IRRELEVANT, text_of
from questionnaires.dependencies import dependencies
from questionnaires.expressions import Expression
from questionnaires.functions import FUNCTIONS, NAMESPACE
from questionnaires.questionnaire import (
    Node,
    Question,
    Questionnaire,
    Section,
    near,
    plain_words,
    template,
)
from questionnaires.stops import Itinerary
from questionnaires.talk import Limits

MOST_ROWS: Final = 100
"""The most rows of a repeat that a person is asked."""
ANCHOR: Final = "rows-end-here"
"""The element that follows the rows of a repeat, even while there are none; its attribute `of` names the repeat."""
NAMESPACES: Final = {"f": NAMESPACE}

Texts = dict[str, str]


class Layout:
    """Everything that the boards of a form share: the empty document, the dependencies, the compiled expressions."""

    def __init__(self, form: Questionnaire) -> None:
        self.form = form
        self.dependencies = dependencies(form.nodes)
        self.compiled: dict[int, etree.XPath] = {}
        self.fixed_limits: dict[str, Limits] = {}
        """The limits of questions that no answer changes, once they were asked for: they are at every question."""
        self.gates = {node.path: self.gates_of(node.path) for node in form.nodes}
        self.insides = {section.path: self.inside(section.path) for section in form.repeats}
        self.itinerary = Itinerary(form)
        self.choices = {
            name: {choice.value: choice for choice in choices} for name, choices in form.lists.items()
        }
        self.spare: list[Board] = []

    @cached_property
    def outside(self) -> tuple[Question, ...]:
        """The questions that stand in no repeat."""
        return tuple(node for node in self.form.nodes if isinstance(node, Question) and not node.repeat)

    def gates_of(self, path: str) -> tuple[str, ...]:
        """Return the template paths at and above `path` that have a relevance of their own."""
        gates = []
        while path.count("/") > 1:
            node = self.form.by_path.get(path)
            if node is not None and node.relevant:
                gates.append(path)
            path = path.rpartition("/")[0]
        return tuple(gates)

    def inside(self, repeat: str) -> tuple[Question, ...]:
        """Return the questions of a row of `repeat`, without those of repeats within it."""
        return tuple(node for node in self.form.nodes if isinstance(node, Question) and node.repeat == repeat)

    def xpath(self, expression: Expression) -> etree.XPath:
        """Return `expression` compiled by libxml2, which happens once."""
        xpath = self.compiled.get(id(expression))
        if xpath is None:
            own = {"jr:choice-name": self.choice_name, "jr:itext": self.translated}
            functions = {}
            for name in expression.functions:
                run = own.get(name) or FUNCTIONS[name].run
                functions[NAMESPACE, name.replace(":", "-")] = run
            xpath = etree.XPath(
                expression.xpath, namespaces=NAMESPACES, extensions=functions, smart_strings=False
            )
            self.compiled[id(expression)] = xpath
        return xpath

    def translated(self, context: object, reference: object, lang: str) -> str:
        """jr:itext(id): the label of the choice that has this id in its list."""
        name, _, place = text_of(reference).rpartition("-")  # type: ignore[arg-type]
        choices = self.form.lists.get(name, ())
        if not place.isdecimal() or int(place) >= len(choices):
            return ""
        return plain_words(self.form.words(choices[int(place)].labels, lang))

    def choice_name(self, context: object, value: object, path: str, lang: str) -> str:
        """The label of a choice of the question at `path`."""
        question = self.form.by_path.get(path)
        if not isinstance(question, Question):
            return ""
        named = []
        for one in text_of(value).split():  # type: ignore[arg-type]
            choice = self.choices.get(question.list, {}).get(one)
            named.append(plain_words(self.form.words(choice.labels, lang)) if choice else "")
        return ", ".join(named)

    def take(self) -> "Board":
        """Return a board that no step is using; a new one if there is none."""
        try:
            return self.spare.pop()
        except IndexError:
            return Board(self)

    def give_back(self, board: "Board") -> None:
        if len(self.spare) < 8:
            self.spare.append(board)


class Board:
    """The document of one form that holds the answers of one interview at a time.

    `elements` has the element of each node by instance path. `rows` has the number of rows of each repeat and `anchors`
    its anchor, by instance path: an inner repeat has one in each row of the outer one. `patterns` has the element that a
    new row is copied from, by template path.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        form = layout.form
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        self.root = etree.fromstring(f"<form>{form.lists_xml}</form>".encode(), parser)
        self.main = etree.SubElement(self.root, form.root)
        self.elements: dict[str, etree._Element] = {f"/{form.root}": self.main}
        self.anchors: dict[str, etree._Element] = {}
        self.rows: dict[str, int] = {}
        self.patterns: dict[str, etree._Element] = {}
        self.texts: Texts = {}
        self.marked: set[str] = set()
        for node in form.nodes:
            self.build(node)

    def build(self, node: Node) -> None:
        """Put the element of a node where it belongs; for a repeat, the anchor that follows its rows."""
        above, _, name = node.path.rpartition("/")
        parent = self.parent_in_row(node.repeat, above) if node.repeat else self.elements[above]
        if isinstance(node, Section) and node.repeats:
            self.patterns[node.path] = etree.Element(name)
            element = etree.SubElement(parent, ANCHOR, of=name)
        else:
            element = etree.SubElement(parent, name)
        if not node.repeat:
            self.name(element, above)

    def parent_in_row(self, repeat: str, above: str) -> etree._Element:
        """Return the element, in the pattern of a row of `repeat`, that is the parent of nodes at `above`/…"""
        row = self.patterns[repeat]
        return row if above == repeat else self.find(row, above[len(repeat) + 1 :])

    def name(self, element: etree._Element, above: str) -> None:
        """Register an element and those below it by instance path; an anchor by that of its repeat, with 0 rows."""
        if element.tag == ANCHOR:
            place = f"{above}/{element.get('of')}"
            self.anchors[place] = element
            self.rows[place] = 0
        else:
            self.elements[f"{above}/{element.tag}"] = element

    @staticmethod
    def find(row: etree._Element, path: str) -> etree._Element:
        for name in path.split("/"):
            row = next(child for child in row if child.tag == name)
        return row

    # --- laying out -----------------------------------------------------------------------------------

    def lay_out(
        self, values: Mapping[str, str], hidden: frozenset[str] | set[str], rows: Mapping[str, int]
    ) -> None:
        """Make this the board of an interview with these values, irrelevant nodes and rows."""
        for repeat in self.layout.form.repeats:
            for place in self.places(repeat):
                self.set_rows(place, rows.get(place, 0))
        self.mark_all(hidden)
        shown = {path: text for path, text in values.items() if not hidden or self.is_relevant(path, hidden)}
        self.put_all(shown)

    def places(self, node: Node) -> Sequence[str]:
        """Return the instance paths of a node: one, or one in each row of the repeats around it."""
        if not node.repeat:
            return [node.path]
        inside = node.path[len(node.repeat) :]
        around = self.places(self.layout.form.sections[node.repeat])
        return [f"{place}[{row}]{inside}" for place in around for row in range(1, self.rows[place] + 1)]

    def mark_all(self, hidden: frozenset[str] | set[str]) -> None:
        """Mark exactly these nodes as irrelevant."""
        for path in self.marked - hidden:
            self.mark(path, False)
        for path in hidden - self.marked:
            self.mark(path, True)

    def put_all(self, texts: Mapping[str, str]) -> None:
        """Write exactly these answers."""
        for path in self.texts.keys() - texts.keys():
            self.put(path, "")
        for path, text in texts.items():
            if self.texts.get(path) != text:
                self.put(path, text)

    def is_relevant(self, path: str, hidden: frozenset[str] | set[str]) -> bool:
        """Whether nothing at or above `path` is irrelevant."""
        gates: Sequence[str] | None = self.layout.gates.get(path)
        return hidden.isdisjoint(self.gates_in_row(path) if gates is None else gates)

    def gates_in_row(self, path: str) -> Sequence[str]:
        """Return the instance paths at and above a node of a repeat that have a relevance of their own."""
        return [near(gate, path) for gate in self.layout.gates.get(template(path), ())]

    def put(self, path: str, text: str) -> None:
        """Write `text` as the answer at `path`, if that is on the board."""
        element = self.elements.get(path)
        if element is None:
            self.texts.pop(path, None)
            return
        if text:
            element.text = text
            self.texts[path] = text
        else:
            element.text = None
            self.texts.pop(path, None)

    def mark(self, path: str, irrelevant: bool) -> None:
        """Mark a node as irrelevant or relevant; for a repeat, all its rows."""
        for element in self.elements_at(path):
            if irrelevant:
                element.set(IRRELEVANT, "1")
            else:
                element.attrib.pop(IRRELEVANT, "")
        # A repeat is marked even without rows, so that rows added later are irrelevant from the start.
        (self.marked.add if irrelevant and self.stands(path) else self.marked.discard)(path)

    def elements_at(self, path: str) -> Sequence[etree._Element]:
        """Return the element of a node, or those of a repeat's rows; none if it is not on the board now."""
        if path in self.rows:
            return [self.elements[f"{path}[{row}]"] for row in range(1, self.rows[path] + 1)]
        return [self.elements[path]] if path in self.elements else []

    def set_rows(self, repeat: str, rows: int) -> None:
        """Give the repeat at an instance path this many rows; new rows are empty."""
        for row in range(self.rows[repeat] + 1, rows + 1):
            self.add_row(repeat, row)
        for row in range(self.rows[repeat], rows, -1):
            self.drop_row(repeat, row)
        self.rows[repeat] = rows

    def add_row(self, repeat: str, row: int) -> None:
        element = deepcopy(self.patterns[template(repeat)])
        if repeat in self.marked:
            element.set(IRRELEVANT, "1")
        self.anchors[repeat].addprevious(element)
        self.name_row(repeat, row, element)

    def drop_row(self, repeat: str, row: int) -> None:
        prefix = f"{repeat}[{row}]"
        dropped = self.elements[prefix]
        for known in (self.elements, self.anchors, self.rows, self.texts):
            for path in beginning(known, prefix):
                del known[path]
        self.marked = self.marked.difference(beginning(self.marked, prefix))
        dropped.getparent().remove(dropped)  # type: ignore[union-attr]

    def name_row(self, repeat: str, row: int, element: etree._Element) -> None:
        prefix = f"{repeat}[{row}]"
        self.elements[prefix] = element
        for child in element.iter():
            if child is not element:
                self.name(child, self.path_above(child, element, prefix))

    @staticmethod
    def path_above(child: etree._Element, row: etree._Element, prefix: str) -> str:
        names: list[str] = []
        above = child.getparent()
        while above is not None and above is not row:
            names.append(str(above.tag))
            above = above.getparent()
        return "/".join([prefix, *reversed(names)])

    def stands(self, path: str) -> bool:
        """Whether a node, or the rows of a repeat, have a place on this board."""
        return path in self.elements or path in self.anchors

    def node(self, path: str) -> etree._Element:
        """Return the element of a node; for a repeat, its anchor."""
        element = self.elements.get(path)
        return element if element is not None else self.anchors[path]

    # --- the finished document ------------------------------------------------------------------------

    def instance(self, form_id: str, version: str) -> str:
        """The answers as an OpenRosa document, without what is irrelevant."""
        document = deepcopy(self.main)
        for element in list(document.iter()):
            parent = element.getparent()
            if parent is None:
                continue
            if element.tag == ANCHOR or element.get(IRRELEVANT):
                parent.remove(element)
        document.set("id", form_id)
        if version:
            document.set("version", version)
        return etree.tostring(document, encoding="unicode")


def beginning(paths: Iterable[str], prefix: str) -> list[str]:
    """The paths that begin with a prefix."""
    return [path for path in paths if path.startswith(prefix)]
