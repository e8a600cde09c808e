"""Texts of the plans' files by language: `{ vi = "…", en = "…" }`. Vietnamese is always there."""

from collections.abc import Collection, Mapping
from itertools import filterfalse
from typing import Annotated, Any, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

MAIN: Final = "vi"


def only(*keys: str, needed: Collection[str] = (MAIN,)) -> AfterValidator:
    """Checks that a table has no keys but these, and those that are `needed`: of a text, a Vietnamese wording.

    `Mapping[Literal[…], …]` would say the same, but every caller would have to type its key as such a literal.
    """

    def checked(texts: Mapping[str, Any]) -> Mapping[str, Any]:
        wrong = next(filterfalse(keys.__contains__, texts), None)
        if wrong is not None:
            raise PydanticCustomError("extra_key", "{key}?", {"key": wrong, "allowed": ", ".join(keys)})
        missing = next(filterfalse(texts.__contains__, needed), None)
        if missing is not None:
            raise PydanticCustomError("no_key", "no {key}", {"key": missing})
        return texts

    return AfterValidator(checked)


Words = Annotated[Mapping[str, str], only("vi", "en")]
UnitWords = Annotated[Mapping[str, str], only("vi", "en", "one")]
"""`one` is the English unit of 1: "household"."""
DomainWords = Annotated[Mapping[str, str], only("vi", "en", "also")]
"""`also` are other names of the domain, between semicolons."""


def in_language(texts: Mapping[str, str], lang: str) -> str:
    """The wording in `lang`; in Vietnamese where that is missing or empty."""
    return texts.get(lang) or texts[MAIN]
