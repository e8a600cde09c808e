"""Compile the choice lists of a form, and which of their choices each question offers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from questionnaires.expressions import Expression
from questionnaires.mistakes import may_stand_twice
from questionnaires.questionnaire import FormChoice, Words, plain_words
from questionnaires.source import SurveySource
from questionnaires.xlsform.document import XF, XForm, local
from questionnaires.xlsform.rewriting import Rewriter
from questionnaires.xlsform.texts import Texts

OTHER_CHOICE: Final[Words] = {"vi": ("Khác",), "en": ("Other",)}
"""The label of an added choice: pyxform writes it in English only."""
ITEMSET: Final = re.compile(r"instance\('([^']+)'\)/root/item(\[.*\])?$", re.DOTALL)
RANDOMIZE: Final = re.compile(r"randomize\((.*?)(?:,[^,\]]*)?\)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class OfferedList:
    """The list that a question offers ("" for none), the filter on it, and whether its order is shuffled."""

    list: str = ""
    items: Expression | None = None
    shuffled: bool = False


class ChoiceLists:
    """The lists of one form by name; choices written within a question, as in old forms, by the question's path."""

    def __init__(self, xform: XForm, source: SurveySource, rewriter: Rewriter, texts: Texts) -> None:
        self.xform = xform
        self.source = source
        self.rewriter = rewriter
        self.texts = texts
        self.about = f"/{xform.root}"
        self.may_repeat = may_stand_twice(source)
        self.has_other = any(path in source.others for path in xform.controls)
        self.lists = {name: tuple(self.choices(name, items)) for name, items in xform.instances.items()}

    def offer(self, path: str, control: etree._Element | None) -> OfferedList:
        """Return what a question offers; an empty `OfferedList` if it has no choices."""
        if control is None or local(control) not in ("select", "select1"):
            return OfferedList()
        itemset = control.find(f"{XF}itemset")
        if itemset is None:
            self.lists[path] = tuple(self.inline_choices(path, control))
            return OfferedList(path)
        return self.listed(path, " ".join(str(itemset.get("nodeset")).split()))

    def listed(self, path: str, nodeset: str) -> OfferedList:
        """Return the list, filter and order that a question's `nodeset` stands for."""
        shuffled = RANDOMIZE.match(nodeset)
        nodeset = shuffled[1].strip() if shuffled else nodeset
        match = ITEMSET.match(nodeset)
        if match is None or match[1] not in self.xform.instances:
            self.source.fault(*self.source.where(path, "type"), "choices_from_repeat")
            return OfferedList()
        items = self.rewriter.expression(nodeset, path, "items") if match[2] else None
        return OfferedList(match[1], items, bool(shuffled))

    def inline_choices(self, path: str, control: etree._Element) -> Iterator[FormChoice]:
        """Yield the choices that are written within a question."""
        for item in control.findall(f"{XF}item"):
            labels = self.texts.words(item.find(f"{XF}label"), path, "label")
            yield FormChoice((item.findtext(f"{XF}value") or "").strip(), labels)

    def choices(self, name: str, items: etree._Element) -> Iterator[FormChoice]:
        """Yield the choices of a list, and report duplicates and empty values."""
        seen: set[str] = set()
        for item in items.iter(f"{XF}item"):
            value = value_of(item)
            if not value or (value in seen and not self.may_repeat):
                self.source.fault(0, "name", "duplicate_choice", sheet="choices", list=name, value=value)
            seen.add(value)
            labels = self.labels(item)
            yield FormChoice(value, OTHER_CHOICE if self.is_added(value, labels) else labels)

    def is_added(self, value: str, labels: Words) -> bool:
        """Whether pyxform added this choice for a question with or_other."""
        said = set(map(plain_words, labels.values()))
        return self.has_other and value == "other" and said <= {"Other"}

    def labels(self, item: etree._Element) -> Words:
        """Return the label of a choice, with its translations if there are any."""
        text = item.findtext(f"{XF}itextId")
        translated = self.texts.referred(f"jr:itext('{text}')", self.about, "label") if text else {}
        return translated or self.texts.words(item.find(f"{XF}label"), self.about, "label")

    def as_xml(self) -> str:
        """Return the lists as XML for the document that expressions are evaluated in, for filters and instance()."""
        return "".join(list_xml(name, items) for name, items in self.xform.instances.items())


def list_xml(name: str, items: etree._Element) -> str:
    """Return one list as XML without namespaces."""
    copy = etree.Element("instance", {"id": name})
    root = etree.SubElement(copy, "root")
    for item in items.iter(f"{XF}item"):
        element = etree.SubElement(root, "item")
        for fact in item:
            etree.SubElement(element, local(fact)).text = fact.text
    return etree.tostring(copy, encoding="unicode")


def value_of(item: etree._Element) -> str:
    """Return the value that a choice is stored as; "" if it has none."""
    return (item.findtext(f"{XF}name") or "").strip()
