"""The XForm that pyxform makes of the sheets, with lookups by path."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from lxml import etree
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from questionnaires.expression_terms import innermost
from questionnaires.faults import FormRefused, refused
from questionnaires.pyxform_words import fault_of
from questionnaires.source import Sheets, SurveySource
from questionnaires.survey import TYPE_HEADINGS, plain, usual_type
from questionnaires.xlsform.ranking import with_ranks

logging.getLogger("pyxform").setLevel(logging.CRITICAL)

XF: Final = "{http://www.w3.org/2002/xforms}"
XH: Final = "{http://www.w3.org/1999/xhtml}"
JR: Final = "{http://openrosa.org/javarosa}"
NOT_CONTROLS: Final = frozenset({"setvalue", "label", "hint", "value", "group"})
"""Elements of the body that refer to a node without asking for an answer."""


def to_xform(source: SurveySource) -> etree._Element:
    """Have pyxform make the XForm of the sheets. Raises FormRefused."""
    try:
        text = convert(with_ranks(with_usual_types(source.sheets)), validate=False, pretty_print=False).xform
    except PyXFormError as problem:
        raise FormRefused([fault_of(str(problem), "pyxform", source.sheets)]) from problem
    except Exception as problem:  # a TypeError and its like escape pyxform on odd sheets
        raise refused("unreadable", why=f"{type(problem).__name__}: {problem}"[:200]) from problem
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as problem:
        raise refused("unreadable", why=str(problem)[:200]) from problem


def with_usual_types(sheets: Sheets) -> dict[str, Any]:
    """Return a copy of the sheets, which pyxform will change, with types that pyxform knows."""
    copy: dict[str, Any] = json.loads(json.dumps(sheets))
    for row in copy["survey"]:
        row.update({name: usual_type(row[name]) for name in row if plain(name) in TYPE_HEADINGS})
    return copy


class XForm:
    """One XForm: the elements, binds and controls of its nodes by template path."""

    def __init__(self, document: etree._Element) -> None:
        self.model = only(document, f"{XH}head/{XF}model")
        self.body = only(document, f"{XH}body")
        self.title = document.findtext(f"{XH}head/{XH}title") or ""
        main, *lists = self.model.findall(f"{XF}instance")
        self.main = main[0]
        self.root = local(self.main)
        self.instances = by_attribute("id", lists)
        self.binds = by_attribute("nodeset", self.model.findall(f"{XF}bind"))
        self.controls = dict(self.find_controls())
        self.groups = by_attribute("ref", self.body.iter(f"{XF}group"))
        self.repeats = by_attribute("nodeset", self.body.iter(f"{XF}repeat"))
        self.elements = dict(self.walk(self.main, f"/{self.root}"))

    def find_controls(self) -> Iterator[tuple[str, etree._Element]]:
        """Yield each control that asks for an answer, with the path of its node."""
        for element in self.body.iter():
            if not isinstance(element.tag, str) or not element.get("ref"):
                continue
            if local(element) not in NOT_CONTROLS:
                yield str(element.get("ref")), element

    def walk(self, element: etree._Element, path: str) -> Iterator[tuple[str, etree._Element]]:
        """Yield each node once with its path, in document order; for a repeat its template, else its first row."""
        chosen: dict[str, etree._Element] = {}
        for child in element:
            name = local(child)
            if name not in chosen or child.get(f"{JR}template") is not None:
                chosen.setdefault(name, child)
        for name, child in chosen.items():
            yield f"{path}/{name}", child
            yield from self.walk(child, f"{path}/{name}")

    def facts(self, path: str) -> Mapping[str, str]:
        """Return the attributes of a node's bind; {} if it has none."""
        bind = self.binds.get(path)
        return {str(name): str(text) for name, text in bind.attrib.items()} if bind is not None else {}

    def is_section(self, path: str) -> bool:
        """Whether a node is a group or repeat, not a question."""
        return len(self.elements[path]) > 0 or path in self.repeats or path in self.groups

    def repeat_around(self, path: str) -> str:
        """Return the path of the innermost repeat around a node; "" if there is none."""
        return innermost(self.repeats, path)


def by_attribute(name: str, elements: Iterable[etree._Element]) -> dict[str, etree._Element]:
    """Return the elements with this attribute, by its value."""
    return {str(element.get(name)): element for element in elements if element.get(name)}


def only(element: etree._Element, path: str) -> etree._Element:
    child = element.find(path)
    if child is None:
        raise refused("unreadable", why=path)
    return child


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname
