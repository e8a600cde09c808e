"""Compile labels, hints and messages in all languages, with the references to fill in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from lxml import etree

from questionnaires.questionnaire import Part, Words
from questionnaires.source import SurveySource
from questionnaires.xlsform.document import XF, XForm, local
from questionnaires.xlsform.rewriting import Rewriter

LANGUAGE: Final = re.compile(r"\(([A-Za-z]{2,3}(?:-[A-Za-z]+)?)\)\s*$")
"""The code after a language's name: "English (en)"."""
REFERENCE: Final = re.compile(r"jr:itext\('(.*)'\)", re.DOTALL)


class Texts:
    """The texts of one form. `languages` are those of its texts, those with translations first."""

    def __init__(self, xform: XForm, source: SurveySource, rewriter: Rewriter) -> None:
        self.rewriter = rewriter
        translations = xform.model.findall(f"{XF}itext/{XF}translation")
        self.by_id = texts_by_id(translations)
        # If two columns name the same language, it is listed twice.
        self.languages = [lang_of(translation) for translation in translations]
        named = (language_code(written) for written in source.languages())
        self.languages += [lang for lang in named if lang not in self.languages]
        self.default_language = self.first_language(translations)

    def first_language(self, translations: Iterable[etree._Element]) -> str:
        """Return the form's default language: as its author says, else Vietnamese if it has that, else any."""
        chosen = [lang_of(translation) for translation in translations if translation.get("default")]
        if chosen:
            return chosen[-1]
        return "vi" if "vi" in self.languages else next(iter(self.languages), "default")

    def words(self, element: etree._Element | None, path: str, column: str) -> Words:
        """Return the text of a label or hint in all languages."""
        if element is None:
            return {}
        return self.referred(element.get("ref") or "", path, column) or self.by_language(
            {self.default_language: element}, path, column
        )

    def message(self, text: str | None, path: str, column: str) -> Words:
        """Return the text of a message in a bind, in all languages."""
        if not text:
            return {}
        return self.referred(text, path, column) or {self.default_language: (text.strip(),)}

    def referred(self, reference: str, path: str, column: str) -> Words:
        """Return the translations of jr:itext('id'); {} for another reference."""
        match = REFERENCE.fullmatch(reference.strip())
        return self.by_language(self.by_id.get(match[1], {}), path, column) if match else {}

    def by_language(self, elements: Mapping[str, etree._Element], path: str, column: str) -> Words:
        """Return the parts of each language's element; languages with an empty text are left out."""
        words = {lang: self.parts(element, path, column) for lang, element in elements.items()}
        return {lang: parts for lang, parts in words.items() if parts}

    def parts(self, element: etree._Element, path: str, column: str) -> tuple[Part, ...]:
        """Return the words and references of one text, without blanks around it."""
        parts: list[Part] = [element.text or ""]
        for child in element:
            if local(child) == "output":
                expression = self.rewriter.expression(str(child.get("value")), path, column)
                parts += [expression] if expression else []
            parts.append(child.tail or "")
        return trimmed(parts)


def trimmed(parts: list[Part]) -> tuple[Part, ...]:
    """Strip blanks before the first and after the last part, and drop empty parts."""
    if isinstance(parts[0], str):
        parts[0] = parts[0].lstrip()
    if isinstance(parts[-1], str):
        parts[-1] = parts[-1].rstrip()
    return tuple(part for part in parts if part != "")


def texts_by_id(translations: Iterable[etree._Element]) -> dict[str, dict[str, etree._Element]]:
    """Return the texts by id, then by language."""
    texts: dict[str, dict[str, etree._Element]] = {}
    for translation in translations:
        for name, value in values_of(translation):
            texts.setdefault(name, {})[lang_of(translation)] = value
    return texts


def lang_of(translation: etree._Element) -> str:
    """Return the code of a translation's language."""
    return language_code(str(translation.get("lang")))


def language_code(written: str) -> str:
    """Return "vi" for "Tiếng Việt (vi)"; a language without a code keeps its name."""
    code = LANGUAGE.search(written)
    return code[1].lower() if code else written.strip().lower()


def values_of(translation: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield the texts of one language with their ids, without media and without pyxform's placeholder "-"."""
    for text in translation:
        for value in text.findall(f"{XF}value"):
            if value.get("form") is None and not is_dash(value):
                yield str(text.get("id")), value


def is_dash(value: etree._Element) -> bool:
    """Whether a text is the "-" that pyxform writes for a missing translation."""
    return len(value) == 0 and (value.text or "").strip() == "-"
