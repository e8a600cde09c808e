"""Compile an XLSForm into a questionnaire. No other folder uses pyxform.

pyxform turns the sheets into an XForm. That document is read here, and each expression is rewritten once. Whatever the
engine does not support is refused with the row and column that the form's author sees:

    files       reads the sheets of a file
    searching   turns search() into a choice from a file
    beside      turns .csv files beside the form into lists of choices
    collect     adapts features of ODK Collect to a chat
    ranking     turns a ranking into one question for each place
    document    the XForm that pyxform makes of the sheets
    rewriting   its expressions
    texts       labels, hints and messages in all languages
    choices     the choice lists
    nodes       questions and sections
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import PurePath
from typing import Final

from questionnaires.answers.text import bare
from questionnaires.checks import lint, rehearse
from questionnaires.dependencies import CircularFormError, dependencies
from questionnaires.faults import Fault, refuse
from questionnaires.mistakes import find_mistakes
from questionnaires.questionnaire import Questionnaire, content
from questionnaires.source import SurveySource
from questionnaires.survey import cell
from questionnaires.xlsform.beside import Beside, nothing, with_files
from questionnaires.xlsform.choices import ChoiceLists
from questionnaires.xlsform.collect import adapted
from questionnaires.xlsform.document import XForm, to_xform
from questionnaires.xlsform.files import read_sheets
from questionnaires.xlsform.nodes import Nodes
from questionnaires.xlsform.rewriting import Rewriter
from questionnaires.xlsform.searching import without_searches
from questionnaires.xlsform.texts import Texts

__all__ = ["compile_form", "compile_with_advice"]

TITLE_HEADINGS: Final = ("form_title", "title", "set_form_title")


def compile_form(data: bytes, filename: str, beside: Beside = nothing) -> Questionnaire:
    """Compile the form in the file `filename` with the content `data`. Raises FormRefused with every fault.

    `beside` returns the content of a file that the form names.
    """
    return compile_with_advice(data, filename, beside)[0]


def compile_with_advice(
    data: bytes, filename: str, beside: Beside = nothing, *, played: bool = False
) -> tuple[Questionnaire, list[Fault]]:
    """Compile a form like `compile_form`, and return advice about it too. `played`: also play it to find dead ends."""
    sheets, faults = with_files(without_searches(read_sheets(data, filename)), beside)
    refuse(faults)
    sheets, advice = adapted(sheets)
    source = SurveySource(sheets, advice, stem=identity(filename))
    source.look()
    if source.sheets.get("survey"):
        find_mistakes(source)
    refuse(source.faults)
    form = compiled(XForm(to_xform(source)), source)
    refuse(source.faults)
    source.faults += lint(form, source)
    refuse(source.faults)
    if played:
        source.faults += rehearse(form, source)
    return form, source.faults


def compiled(xform: XForm, source: SurveySource) -> Questionnaire:
    """Return the compiled form. Faults found on the way are added to `source`."""
    rewriter = Rewriter(xform, source)
    texts = Texts(xform, source, rewriter)
    lists = ChoiceLists(xform, source, rewriter, texts)
    nodes = Nodes(xform, source, rewriter, texts, lists)
    questions = tuple(nodes.node(path) for path in xform.elements)
    try:
        dependencies(questions)
    except CircularFormError as problem:
        rewriter.circle(problem.paths)
    look_at_files(xform, source)
    settings, name = settings_of(source), named_id(xform, source)
    form = Questionnaire(
        name=name,
        version="",
        titles=titles(xform, texts, settings, name),
        languages=tuple(dict.fromkeys(texts.languages)) or (texts.default_language,),
        default_language=texts.default_language,
        nodes=questions,
        lists=lists.lists,
        lists_xml=lists.as_xml(),
        root=xform.root,
        stated_version=str(xform.main.get("version") or ""),
        settings=settings,
    )
    digest = hashlib.sha256(json.dumps(content(form), sort_keys=True, ensure_ascii=False).encode())
    return replace(form, version=digest.hexdigest())


def identity(filename: str) -> str:
    """Return the id of a form that states none: its file's name, in letters that an id may have."""
    stem = bare(PurePath(filename).stem).lower()
    return re.sub(r"[^a-z0-9_.-]+", "-", stem).strip("-.") or "phieu"


def named_id(xform: XForm, source: SurveySource) -> str:
    """Return the form's id. Without a setting it is the file's name, because pyxform's id is the same for all forms."""
    stated = any(cell(row, "form_id", "id_string")[1].strip() for _, row in source.numbered("settings"))
    return str(xform.main.get("id") or xform.root) if stated else source.stem or xform.root


def look_at_files(xform: XForm, source: SurveySource) -> None:
    """Report lists that stand in another file, unless there are grave faults already."""
    for instance in xform.instances.values():
        if instance.get("src") and not any(fault.grave for fault in source.faults):
            source.fault(0, "", "external_file", file=str(instance.get("src")))


def settings_of(source: SurveySource) -> dict[str, str]:
    """Return the first row of the sheet settings, by heading."""
    _, row = next(iter(source.numbered("settings")), (0, {}))
    return {heading: str(text) for heading, text in row.items()}


def titles(xform: XForm, texts: Texts, settings: Mapping[str, str], name: str) -> dict[str, str]:
    """Return the title by language; `name` if the sheet settings gives none. A column title_LANG translates it."""
    translated = {
        heading.removeprefix("title_"): text
        for heading, text in settings.items()
        if heading.startswith("title_")
    }
    stated = any(settings.get(heading) for heading in TITLE_HEADINGS)
    return {texts.default_language: xform.title if stated else name} | translated
