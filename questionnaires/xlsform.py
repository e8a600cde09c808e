"""Compiles an XLSForm: the only file that knows pyxform.

pyxform turns the sheets into an XForm; that document is read here, each expression is rewritten once, and what
the engine does not support is refused with the row and column that its author sees. Whatever goes wrong inside
pyxform, openpyxl or xlrd comes out as `FormRefused`: a form is somebody else's file and may be anything.
"""

import codecs
import csv
import hashlib
import json
import logging
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from functools import partial
from io import BytesIO, StringIO
from itertools import islice
from pathlib import PurePath
from typing import Any, Final

from lxml import etree
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from pyxform import xls2json_backends
from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import csv_to_dict, md_to_dict, xls_to_dict, xlsx_to_dict
from pyxform.xls2xform import convert

from questionnaires.answers import Kind
from questionnaires.checks import lint, rehearse
from questionnaires.dependencies import CircularFormError, dependencies
from questionnaires.expressions import Expression, ExpressionError, Scope, Type, bounds, rewrite
from questionnaires.faults import Fault, FormRefused
from questionnaires.mistakes import find_mistakes
from questionnaires.pyxform_words import fault_of
from questionnaires.questionnaire import (
    Choice,
    Node,
    Part,
    Question,
    Questionnaire,
    QuestionType,
    Section,
    Words,
    content,
)
from questionnaires.source import MOST_ROWS, Source, cell, plain, usual_type

logging.getLogger("pyxform").setLevel(logging.CRITICAL)
# xlrd complains about damaged workbooks on standard output, where a script reads our JSON.
xls2json_backends.xlrd_open = partial(xls2json_backends.xlrd_open, logfile=StringIO())

XF: Final = "{http://www.w3.org/2002/xforms}"
XH: Final = "{http://www.w3.org/1999/xhtml}"
JR: Final = "{http://openrosa.org/javarosa}"
MOST_BYTES: Final = 5_000_000
MOST_UNPACKED: Final = 60_000_000
MOST_COLUMNS: Final = 200
READERS: Final[Mapping[str, Callable[[bytes], dict[str, Any]]]] = {
    ".xlsx": xlsx_to_dict,
    ".xlsm": xlsx_to_dict,
    ".xls": xls_to_dict,
    ".csv": csv_to_dict,
    ".md": md_to_dict,
}
BIND_TYPES: Final[Mapping[str, QuestionType]] = {
    "string": QuestionType.TEXT,
    "int": QuestionType.INTEGER,
    "decimal": QuestionType.DECIMAL,
    "date": QuestionType.DATE,
    "time": QuestionType.TIME,
    "dateTime": QuestionType.DATETIME,
    "geopoint": QuestionType.GEOPOINT,
}
EXPRESSION_TYPES: Final[Mapping[str, Type]] = {
    "int": "number",
    "decimal": "number",
    "date": "date",
    "time": "date",
    "dateTime": "date",
}
KINDS: Final[Mapping[QuestionType, Kind]] = {
    QuestionType.DECIMAL: Kind.DECIMAL,
    QuestionType.DATE: Kind.DATE,
    QuestionType.SELECT_ONE: Kind.ONE,
    QuestionType.SELECT_MULTIPLE: Kind.MANY,
    QuestionType.ACKNOWLEDGE: Kind.CONFIRM,
}
DEFAULTS: Final = {
    QuestionType.INTEGER: re.compile(r"-?\d{1,15}"),
    QuestionType.DECIMAL: re.compile(r"-?\d{1,15}(\.\d+)?"),
    QuestionType.RANGE: re.compile(r"-?\d{1,15}(\.\d+)?"),
    QuestionType.DATE: re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    QuestionType.TIME: re.compile(r"([01]\d|2[0-3]):[0-5]\d(:.*)?"),
}
"""How a default that is no expression must be written."""
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
OTHER_CHOICE: Final = {"vi": ("Khác",), "en": ("Other",)}
OTHER_QUESTION: Final = {"vi": ("Xin ghi rõ:",), "en": ("Please specify:",)}
"""pyxform writes "Other" and "Specify other." in English only."""
COLUMNS: Final = {
    "relevant": ("relevant", "relevance", "bind::relevant"),
    "required": ("required", "bind::required"),
    "constraint": ("constraint", "bind::constraint"),
    "calculate": ("calculation", "calculate", "bind::calculate"),
    "default": ("default",),
    "count": ("repeat_count", "count", "jr:count"),
    "items": ("choice_filter",),
    "label": ("label", "caption"),
    "hint": ("hint",),
    "constraint_message": ("constraint_message", "bind::jr:constraintmsg"),
    "required_message": ("required_message", "bind::jr:requiredmsg"),
    "circle": ("calculation", "calculate", "relevant", "relevance", "repeat_count", "required", "constraint"),
}
LANGUAGE: Final = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z]+)?)\)\s*$")
ITEMSET: Final = re.compile(r"instance\('([^']+)'\)/root/item(\[.*\])?$", re.DOTALL)
RANDOMIZE: Final = re.compile(r"randomize\((.*?)(?:,[^,\]]*)?\)$", re.DOTALL)


def compile_form(data: bytes, filename: str) -> Questionnaire:
    """The questionnaire in the file `filename` with the content `data`. Raises FormRefused with every fault."""
    return compile_with_advice(data, filename)[0]


def compile_with_advice(
    data: bytes, filename: str, *, played: bool = False
) -> tuple[Questionnaire, list[Fault]]:
    """Like `compile_form`, and what could be better about the form; `played`: also what playing it shows."""
    source = Source(read_sheets(data, filename))
    source.look()
    if source.sheets.get("survey"):
        find_mistakes(source)
    refuse(source.faults)
    document = to_xform(source)
    compiler = Compiler(document, source)
    form = compiler.form()
    refuse(source.faults)
    source.faults += lint(form, source)
    refuse(source.faults)
    if played:
        source.faults += rehearse(form, source)
    return form, source.faults


def refuse(faults: list[Fault]) -> None:
    if any(fault.grave for fault in faults):
        raise FormRefused([fault for fault in faults if fault.grave])


def refused(code: str, **data: object) -> FormRefused:
    """A refusal of the whole file."""
    return FormRefused([Fault("", 0, "", code, data)])


# --- reading ------------------------------------------------------------------------------------------


def read_sheets(data: bytes, filename: str) -> dict[str, Any]:
    """The sheets as pyxform reads them: a list of rows for each. Raises FormRefused."""
    ending = PurePath(filename).suffix.lower()
    if ending not in READERS:
        raise refused("file_type", ending=ending or "?", known=", ".join(READERS))
    if not data.strip():
        raise refused("empty_file")
    if len(data) > MOST_BYTES:
        raise refused("too_big", megabytes=MOST_BYTES // 1_000_000)
    if ending in (".xlsx", ".xlsm"):
        look_into_zip(data)
    elif ending in (".csv", ".md"):
        data = as_utf8(data, ending)
    try:
        sheets = READERS[ending](data)
        refuse(formulas(data) if ending in (".xlsx", ".xlsm") else [])
    except PyXFormError as problem:
        raise FormRefused([fault_of(str(problem), "unreadable", {})]) from problem
    except FormRefused:
        raise
    except Exception as problem:  # a broken workbook can raise anything
        raise refused("unreadable", why=f"{type(problem).__name__}: {problem}"[:200]) from problem
    return {name: with_headings(rows) for name, rows in sheets.items() if isinstance(name, str)}


def with_headings(rows: Any) -> Any:
    """The rows of a sheet; the cells of a column without a heading stand under ""."""
    if not isinstance(rows, list):
        return rows
    return [
        {heading or "": cell for heading, cell in row.items()} if isinstance(row, Mapping) else row
        for row in rows
    ]


def as_utf8(data: bytes, ending: str) -> bytes:
    """A text as pyxform reads it: UTF-8 without a mark, the cells of a .csv parted by commas."""
    try:
        text = data.decode(
            "utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig"
        )
    except UnicodeDecodeError as problem:
        raise refused("not_utf8") from problem
    if "\0" in text:
        raise refused("not_utf8")
    first = text.lstrip().partition("\n")[0]
    separator = max(",;\t", key=first.count)
    if ending == ".csv" and separator != ",":
        written = StringIO()
        csv.writer(written).writerows(csv.reader(StringIO(text), delimiter=separator))
        text = written.getvalue()
    return text.encode()


def formulas(data: bytes) -> list[Fault]:
    """The cells of a workbook that hold a formula without its result: they would be read as empty."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        pages = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        if not any(b"<f" in archive.read(name) for name in pages):
            return []
    found = []
    written = load_workbook(BytesIO(data), read_only=True)
    worked_out = load_workbook(BytesIO(data), read_only=True, data_only=True)
    for sheet in written.worksheets:
        results = worked_out[sheet.title].iter_rows(max_col=MOST_COLUMNS, values_only=True)
        rows = zip(sheet.iter_rows(max_col=MOST_COLUMNS), results, strict=False)
        for number, (cells, values) in enumerate(islice(rows, MOST_ROWS), 1):
            for column, (one, value) in enumerate(zip(cells, values, strict=False), 1):
                if one.data_type == "f" and value is None:
                    letter = get_column_letter(column)
                    where = {"cell": f"{letter}{number}"}
                    found.append(Fault(sheet.title, number, letter, "formula", where))
    return found


def look_into_zip(data: bytes) -> None:
    """Refuse what is no workbook, unpacks to far too much, or defines XML entities."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise refused("too_big", megabytes=MOST_UNPACKED // 1_000_000)
            for member in archive.infolist():
                if member.filename.lower().endswith((".xml", ".rels")):
                    with archive.open(member) as file:
                        head = file.read(4096).replace(b"\0", b"").lower()
                    if b"<!doctype" in head or b"<!entity" in head:
                        raise refused("entities")
    except FormRefused:
        raise
    except Exception as problem:  # zipfile lets errors of every compressor through
        raise refused("not_a_workbook") from problem


def to_xform(source: Source) -> etree._Element:
    """The XForm that pyxform makes of the sheets. Raises FormRefused."""
    sheets: dict[str, Any] = json.loads(json.dumps(source.sheets))
    for row in sheets["survey"]:
        row.update({name: usual_type(row[name]) for name in row if plain(name) in ("type", "command")})
    try:
        text = convert(sheets, validate=False, pretty_print=False).xform
    except PyXFormError as problem:
        raise FormRefused([fault_of(str(problem), "pyxform", source.sheets)]) from problem
    except Exception as problem:  # a TypeError and its like escape pyxform on odd sheets
        raise refused("unreadable", why=f"{type(problem).__name__}: {problem}"[:200]) from problem
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as problem:
        raise refused("unreadable", why=str(problem)[:200]) from problem


# --- compiling ----------------------------------------------------------------------------------------


class Compiler:
    """Reads one XForm; its faults go to `source`."""

    def __init__(self, document: etree._Element, source: Source) -> None:
        self.source = source
        self.model = only(document, f"{XH}head/{XF}model")
        self.body = only(document, f"{XH}body")
        self.title = document.findtext(f"{XH}head/{XH}title") or ""
        instances = self.model.findall(f"{XF}instance")
        self.main = instances[0][0]
        self.root = local(self.main)
        self.instances = {str(one.get("id")): one for one in instances[1:]}
        self.binds = {str(bind.get("nodeset")): bind for bind in self.model.findall(f"{XF}bind")}
        self.controls = {
            str(element.get("ref")): element
            for element in self.body.iter()
            if isinstance(element.tag, str)
            and element.get("ref")
            and local(element) not in ("setvalue", "label", "hint", "value", "group")
        }
        self.groups = {
            str(group.get("ref")): group for group in self.body.iter(f"{XF}group") if group.get("ref")
        }
        self.repeats = {str(repeat.get("nodeset")): repeat for repeat in self.body.iter(f"{XF}repeat")}
        self.elements = dict(self.walk(self.main, f"/{self.root}"))
        self.texts = self.read_texts()
        self.lists: dict[str, tuple[Choice, ...]] = {}
        self.scope = Scope({}, frozenset(self.instances), frozenset(self.repeats))
        self.warned: set[tuple[str, str]] = set()

    def walk(self, element: etree._Element, path: str) -> Iterator[tuple[str, etree._Element]]:
        """Each node once, in document order: of a repeat its template, else its first row."""
        chosen: dict[str, etree._Element] = {}
        for child in element:
            name = local(child)
            if name not in chosen or child.get(f"{JR}template") is not None:
                chosen.setdefault(name, child)
        for name, child in chosen.items():
            yield f"{path}/{name}", child
            yield from self.walk(child, f"{path}/{name}")

    # --- texts ----------------------------------------------------------------------------------------

    def read_texts(self) -> dict[str, dict[str, etree._Element]]:
        """The translated texts: by id, then by language as written, without pyxform's stand-in "-"."""
        found: dict[str, dict[str, etree._Element]] = {}
        self.languages: list[str] = []
        self.default_language = ""
        for translation in self.model.iterfind(f"{XF}itext/{XF}translation"):
            written = str(translation.get("lang"))
            lang = language_code(written)
            self.languages.append(lang)
            if translation.get("default"):
                self.default_language = lang
            for text in translation:
                for value in text.findall(f"{XF}value"):
                    stands_in = len(value) == 0 and (value.text or "").strip() == "-"
                    if value.get("form") is None and not stands_in:
                        found.setdefault(str(text.get("id")), {})[lang] = value
        self.languages += [
            lang for lang in map(language_code, self.source.languages()) if lang not in self.languages
        ]
        if not self.default_language:
            self.default_language = "vi" if "vi" in self.languages else next(iter(self.languages), "default")
        return found

    def words(self, element: etree._Element | None, path: str, column: str) -> Words:
        """The text of a label or hint in all its languages."""
        if element is None:
            return {}
        return self.referred(element.get("ref") or "", path, column) or self.parts_by_language(
            {self.default_language: element}, path, column
        )

    def message(self, text: str | None, path: str, column: str) -> Words:
        """The text of a message that a bind carries."""
        if not text:
            return {}
        return self.referred(text, path, column) or {self.default_language: (text.strip(),)}

    def referred(self, reference: str, path: str, column: str) -> Words:
        """The translated text that jr:itext('id') means."""
        found = re.fullmatch(r"jr:itext\('(.*)'\)", reference.strip(), re.DOTALL)
        return self.parts_by_language(self.texts.get(found[1], {}), path, column) if found else {}

    def parts_by_language(self, found: Mapping[str, etree._Element], path: str, column: str) -> Words:
        words = {lang: self.parts(element, path, column) for lang, element in found.items()}
        return {lang: parts for lang, parts in words.items() if parts}

    def parts(self, element: etree._Element, path: str, column: str) -> tuple[Part, ...]:
        """Words and references of one text, without the blanks around it."""
        parts: list[Part] = [element.text or ""]
        for child in element:
            if local(child) == "output":
                expression = self.expression(str(child.get("value")), path, column)
                parts += [expression] if expression else []
            parts.append(child.tail or "")
        merged = [part for part in parts if part != ""]
        if merged and isinstance(merged[0], str):
            merged[0] = merged[0].lstrip()
        if merged and isinstance(merged[-1], str):
            merged[-1] = merged[-1].rstrip()
        return tuple(part for part in merged if part != "")

    # --- expressions ----------------------------------------------------------------------------------

    def expression(
        self, source: str | None, path: str, column: str, condition: bool = False
    ) -> Expression | None:
        """An expression of the node at `path`, rewritten; None if there is none or it has a fault."""
        if not source or not source.strip():
            return None
        warnings: list[ExpressionError] = []
        try:
            found = rewrite(source, path, self.scope, condition=condition, warnings=warnings)
        except ExpressionError as problem:
            self.fault(path, column, problem)
            return None
        except RecursionError:
            self.fault(path, column, ExpressionError("too_deep"))
            return None
        for warning in warnings:
            self.fault(path, column, warning, grave=False)
        return found

    def fault(self, path: str, column: str, problem: ExpressionError, grave: bool = True) -> None:
        if path not in self.source.rows and path.removesuffix("_count") in self.repeats:
            path, column = path.removesuffix("_count"), "count"
        row, heading = self.source.where(path, *COLUMNS.get(column, (column,)))
        data = {name: self.readable(text) for name, text in problem.data.items()}
        if (f"{row}{heading}{problem.code}", str(data)) not in self.warned:
            self.warned.add((f"{row}{heading}{problem.code}", str(data)))
            self.source.fault(row, heading, problem.code, grave=grave, **data)

    def readable(self, text: str) -> str:
        """A path as its author wrote it."""
        return f"${{{text.rpartition('/')[2]}}}" if text in self.elements else text

    def types(self) -> dict[str, Type]:
        """What each node holds, as far as comparisons must know; of calculations, what they give."""
        types: dict[str, Type] = {f"/{self.root}": "nodes"}
        for path, element in self.elements.items():
            bind = self.binds.get(path)
            kind = str(bind.get("type")) if bind is not None else ""
            inside = len(element) > 0 or path in self.repeats or path in self.groups
            types[path] = "nodes" if inside else EXPRESSION_TYPES.get(kind, "text")
        calculated = {
            path: str(bind.get("calculate"))
            for path, bind in self.binds.items()
            if bind.get("calculate") and types.get(path) == "text"
        }
        for _ in calculated:
            before = dict(types)
            scope = Scope(types, self.scope.lists, self.scope.repeats)
            for path, source in calculated.items():
                try:
                    found = rewrite(source, path, scope).type
                except (ExpressionError, RecursionError):
                    continue
                types[path] = found if found in ("date", "number") else "text"
            if types == before:
                break
        return types

    # --- nodes ----------------------------------------------------------------------------------------

    def form(self) -> Questionnaire:
        """The whole form. Faults found on the way are in `source`."""
        self.scope = Scope(self.types(), frozenset(self.instances), frozenset(self.repeats))
        for name, instance in self.instances.items():
            self.lists[name] = tuple(self.choices_of(name, instance))
        nodes = tuple(self.node(path, element) for path, element in self.elements.items())
        try:
            dependencies(nodes)
        except CircularFormError as problem:
            for path in problem.paths[:5]:
                names = ", ".join(self.readable(one) for one in problem.paths)
                self.fault(path, "circle", ExpressionError("circle", names=names))
        for instance in self.instances.values():
            if instance.get("src") and not any(fault.grave for fault in self.source.faults):
                self.source.fault(0, "", "external_file", file=str(instance.get("src")))
        settings = self.settings()
        form = Questionnaire(
            name=str(self.main.get("id") or self.root),
            version="",
            titles=self.titles(settings),
            languages=tuple(dict.fromkeys(self.languages)) or (self.default_language,),
            default_language=self.default_language,
            nodes=nodes,
            lists=self.lists,
            lists_xml=self.lists_xml(),
            root=self.root,
            stated_version=str(self.main.get("version") or ""),
            settings=settings,
        )
        digest = hashlib.sha256(json.dumps(content(form), sort_keys=True, ensure_ascii=False).encode())
        return replace(form, version=digest.hexdigest())

    def settings(self) -> dict[str, str]:
        """The first row of the settings sheet by heading."""
        for _, row in self.source.numbered("settings"):
            return {heading: str(text) for heading, text in row.items()}
        return {}

    def titles(self, settings: Mapping[str, str]) -> dict[str, str]:
        titles = {self.default_language: self.title}
        titles |= {
            heading.removeprefix("title_"): text
            for heading, text in settings.items()
            if heading.startswith("title_")
        }
        return titles

    def node(self, path: str, element: etree._Element) -> Node:
        """The question or section at `path`."""
        bind = self.binds.get(path)
        facts = {str(name): str(text) for name, text in bind.attrib.items()} if bind is not None else {}
        relevant = self.expression(facts.get("relevant"), path, "relevant", condition=True)
        repeat = next((one for one in self.repeats if path.startswith(f"{one}/")), "")
        if len(element) > 0 or path in self.repeats or path in self.groups:
            return self.section(path, element, relevant, repeat)
        return self.question(path, element, facts, relevant, repeat)

    def section(
        self, path: str, element: etree._Element, relevant: Expression | None, repeat: str
    ) -> Section:
        repeats = self.repeats.get(path)
        group = self.groups.get(path)
        label = group.find(f"{XF}label") if group is not None else None
        count = repeats.get(f"{JR}count") if repeats is not None else None
        parent = element.getparent()
        rows = [] if parent is None else parent.findall(element.tag)
        return Section(
            path=path,
            name=local(element),
            labels=self.words(label, path, "label"),
            relevant=relevant,
            repeats=repeats is not None,
            count=self.expression(count, path, "count"),
            first_rows=sum(row.get(f"{JR}template") is None for row in rows) if repeats is not None else 0,
            repeat=repeat,
        )

    def question(
        self,
        path: str,
        element: etree._Element,
        facts: Mapping[str, str],
        relevant: Expression | None,
        repeat: str,
    ) -> Question:
        control = self.controls.get(path)
        kind = self.question_type(path, facts, control)
        whole = facts.get("type") == "int"
        own_facts = {
            name: text for name, text in facts.items() if name not in STANDARD and not name.startswith("{")
        }
        label = control.find(f"{XF}label") if control is not None else None
        hint = control.find(f"{XF}hint") if control is not None else None
        list_name, items, shuffled = self.itemset(path, control) if control is not None else ("", None, False)
        lower, upper = self.bounds(path, facts.get("constraint"), kind, whole)
        default = (element.text or "").strip()
        if kind is QuestionType.DATE:
            default = default.removesuffix(" 00:00:00")
        self.look_at_default(path, kind, default, "" if items else list_name)
        units = {"": facts["unit"]} if facts.get("unit") else {}
        units |= {
            name.removeprefix("unit_"): text for name, text in own_facts.items() if name.startswith("unit_")
        }
        specifies = path.removesuffix("_other") in self.source.others and path.endswith("_other")
        return Question(
            path=path,
            name=local(element),
            type=kind,
            kind=self.kind(path, kind, whole, own_facts),
            unit=units,
            labels=OTHER_QUESTION if specifies else self.words(label, path, "label"),
            hints=self.words(hint, path, "hint"),
            relevant=relevant,
            required=self.expression(facts.get("required"), path, "required", condition=True),
            required_message=self.message(facts.get(f"{JR}requiredMsg"), path, "required_message"),
            constraint=self.expression(facts.get("constraint"), path, "constraint", condition=True),
            constraint_message=self.message(facts.get(f"{JR}constraintMsg"), path, "constraint_message"),
            lower=lower,
            upper=upper,
            calculation=self.expression(facts.get("calculate"), path, "calculate"),
            default=default,
            dynamic_default=self.dynamic_default(path),
            preload=preload(facts),
            list=list_name,
            items=items,
            shuffled=shuffled,
            other=f"{path}_other" if path in self.source.others else "",
            **self.range(control, path),
            whole=whole,
            repeat=repeat,
            facts=own_facts,
        )

    def question_type(
        self, path: str, facts: Mapping[str, str], control: etree._Element | None
    ) -> QuestionType:
        """What a node is, by its control and its bind."""
        calculated = bool(facts.get("calculate"))
        if control is None:
            return QuestionType.CALCULATE if calculated else QuestionType.HIDDEN
        if calculated:
            row, heading = self.source.where(path, *COLUMNS["calculate"])
            self.source.fault(row, heading, "calculated_question", grave=False, name=path.rpartition("/")[2])
            return QuestionType.CALCULATE
        match local(control):
            case "select1":
                return QuestionType.SELECT_ONE
            case "select":
                return QuestionType.SELECT_MULTIPLE
            case "trigger":
                return QuestionType.ACKNOWLEDGE
            case "range":
                return QuestionType.RANGE
            case "upload" if str(control.get("mediatype")).startswith("image"):
                return QuestionType.IMAGE
            case "input":
                return self.input_type(path, facts)
        self.source.fault(*self.source.where(path, "type"), "unknown_type", type=local(control))
        return QuestionType.HIDDEN

    def input_type(self, path: str, facts: Mapping[str, str]) -> QuestionType:
        readonly = facts.get("readonly", "")
        if readonly.strip() == "true()":
            return QuestionType.NOTE
        if readonly and readonly.strip() != "false()":
            row, heading = self.source.where(path, "read_only", "readonly", "bind::readonly")
            self.source.fault(row, heading, "read_only", name=path.rpartition("/")[2])
        kind = BIND_TYPES.get(facts.get("type", "string"))
        if kind is None:
            self.source.fault(*self.source.where(path, "type"), "unknown_type", type=facts.get("type", ""))
        return kind or QuestionType.TEXT

    def kind(self, path: str, kind: QuestionType, whole: bool, facts: Mapping[str, str]) -> Kind:
        """How typed answers are read: as `bind::ask` says, else by the type."""
        asked = facts.get("ask")
        if asked:
            if asked in set(Kind):
                return Kind(asked)
            row, heading = self.source.where(path, "bind::ask")
            self.source.fault(row, heading, "unknown_ask", ask=asked, known=", ".join(Kind))
        if kind is QuestionType.INTEGER or (kind is QuestionType.RANGE and whole):
            return Kind.COUNT
        return KINDS.get(kind, Kind.DECIMAL if kind is QuestionType.RANGE else Kind.TEXT)

    def dynamic_default(self, path: str) -> Expression | None:
        """What a setvalue computes when the form, or a row, begins."""
        for element in (*self.model.iterfind(f"{XF}setvalue"), *self.body.iter(f"{XF}setvalue")):
            events = str(element.get("event") or "").split()
            if element.get("ref") == path and {"odk-instance-first-load", "odk-new-repeat"} & set(events):
                found = self.expression(element.get("value") or element.text, path, "default")
                whole_days = EXPRESSION_TYPES.get(str(self.binds[path].get("type"))) == "date"
                if found and whole_days and found.type == "number" and not found.reads and not found.needs:
                    row, heading = self.source.where(path, "default")
                    self.source.fault(
                        row, heading, "bad_default", text=self.cell(path, "default"), type="date"
                    )
                return found
        return None

    def cell(self, path: str, heading: str) -> str:
        """What the author wrote in a cell of the row that made `path`."""
        return cell(self.source.rows[path][1], heading)[1] if path in self.source.rows else ""

    def look_at_default(self, path: str, kind: QuestionType, text: str, list_name: str) -> None:
        """A default that is no answer to its question would be stored as one."""
        if not text:
            return
        known = {choice.value for choice in self.lists.get(list_name, ())}
        pattern = DEFAULTS.get(kind)
        chosen = {text} if kind is QuestionType.SELECT_ONE else set(text.split())
        strange = bool(list_name) and kind in CHOSEN and not chosen <= known
        if strange or (pattern and not pattern.fullmatch(text)):
            row, heading = self.source.where(path, "default")
            self.source.fault(row, heading, "bad_default", text=text, type=kind.value)

    def bounds(
        self, path: str, constraint: str | None, kind: QuestionType, whole: bool
    ) -> tuple[tuple[Expression, ...], tuple[Expression, ...]]:
        if not constraint or kind not in (QuestionType.INTEGER, QuestionType.DECIMAL, QuestionType.RANGE):
            return (), ()
        try:
            lower, upper = bounds(constraint, path, self.scope, whole)
        except (ExpressionError, RecursionError):
            return (), ()
        return tuple(lower), tuple(upper)

    def range(self, control: etree._Element | None, path: str) -> dict[str, Decimal | None]:
        """The ends and the step of a range."""
        if control is None or local(control) != "range":
            return {}
        try:
            found = {
                name: Decimal(str(control.get(attribute)))
                for name, attribute in (("minimum", "start"), ("maximum", "end"), ("interval", "step"))
                if control.get(attribute)
            }
        except InvalidOperation:
            self.source.fault(*self.source.where(path, "parameters"), "range")
            return {}
        if any(not number.is_finite() for number in found.values()):
            self.source.fault(*self.source.where(path, "parameters"), "range")
            return {}
        low, high = found.get("minimum"), found.get("maximum")
        if low is not None and high is not None and low > high:
            found["minimum"], found["maximum"] = high, low
        return {**found, "interval": abs(found["interval"]) if "interval" in found else None}

    # --- choices --------------------------------------------------------------------------------------

    def itemset(self, path: str, control: etree._Element) -> tuple[str, Expression | None, bool]:
        """The list of a choice question, the filter on it, and whether its order is shuffled."""
        if local(control) not in ("select", "select1"):
            return "", None, False
        found = control.find(f"{XF}itemset")
        if found is None:
            self.lists[path] = tuple(self.inline_choices(path, control))
            return path, None, False
        nodeset = " ".join(str(found.get("nodeset")).split())
        shuffled = RANDOMIZE.match(nodeset)
        if shuffled:
            nodeset = shuffled[1].strip()
        match = ITEMSET.match(nodeset)
        if match is None or match[1] not in self.instances:
            self.source.fault(*self.source.where(path, "type"), "choices_from_repeat")
            return "", None, False
        items = self.expression(nodeset, path, "items") if match[2] else None
        return match[1], items, bool(shuffled)

    def inline_choices(self, path: str, control: etree._Element) -> Iterator[Choice]:
        for item in control.findall(f"{XF}item"):
            labels = self.words(item.find(f"{XF}label"), path, "label")
            yield Choice((item.findtext(f"{XF}value") or "").strip(), labels)

    def choices_of(self, name: str, instance: etree._Element) -> Iterator[Choice]:
        """The choices of a list with their labels."""
        seen: set[str] = set()
        others = {
            control.get("ref")
            for control in self.controls.values()
            if control.get("ref") in self.source.others
        }
        for item in instance.iter(f"{XF}item"):
            value = (item.findtext(f"{XF}name") or "").strip()
            if value in seen or not value:
                self.source.fault(0, "name", "duplicate_choice", sheet="choices", list=name, value=value)
            seen.add(value)
            text = item.findtext(f"{XF}itextId")
            plain = item.find(f"{XF}label")
            labels = self.referred(f"jr:itext('{text}')", f"/{self.root}", "label") if text else {}
            labels = labels or self.words(plain, f"/{self.root}", "label")
            if value == "other" and others and set(words_of(labels)) <= {"Other"}:
                labels = OTHER_CHOICE
            yield Choice(value, labels)

    def lists_xml(self) -> str:
        """The lists as they stand in the document that expressions see, for filters and instance()."""
        parts = []
        for name, instance in self.instances.items():
            copy = etree.Element("instance", {"id": name})
            root = etree.SubElement(copy, "root")
            for item in instance.iter(f"{XF}item"):
                element = etree.SubElement(root, "item")
                for fact in item:
                    etree.SubElement(element, local(fact)).text = fact.text
            parts.append(etree.tostring(copy, encoding="unicode"))
        return "".join(parts)


def only(element: etree._Element, path: str) -> etree._Element:
    found = element.find(path)
    if found is None:
        raise refused("unreadable", why=path)
    return found


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname


def language_code(written: str) -> str:
    """ "Tiếng Việt (vi)" is vi; a language without a code keeps its name."""
    found = LANGUAGE.search(written)
    return found[1].lower() if found else written.strip().lower()


def preload(facts: Mapping[str, str]) -> str:
    """What a form wants to know about its filling in: start, end, today, uid; anything else stays blank."""
    kind, parameter = facts.get(f"{JR}preload", ""), facts.get(f"{JR}preloadParams", "")
    return {"timestamp": parameter, "date": "today", "uid": "uid"}.get(kind, "")


def words_of(words: Words) -> Iterator[str]:
    """The plain words of a text in every language."""
    for parts in words.values():
        yield "".join(part for part in parts if isinstance(part, str))
