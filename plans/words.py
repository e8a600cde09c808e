"""Texts of the plans' files by language: `{ vi = "…", en = "…" }`. Vietnamese is always there."""

from collections.abc import Collection, Mapping
from itertools import filterfalse
from typing import Annotated, Any, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

MAIN: Final = "vi"


def only(*keys: str, needed: Collection[str] = (MAIN,)) -> AfterValidator:
    """Return a validator for tables: no keys but `keys`, and all of `needed` (for a text, Vietnamese).

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
"""A unit; `one` is its English singular: "household"."""
DomainWords = Annotated[Mapping[str, str], only("vi", "en", "also")]
"""A domain's name; `also` has its other names, separated by semicolons."""


def in_language(texts: Mapping[str, str], lang: str) -> str:
    """Return the wording in `lang`, or the Vietnamese one if that is missing or empty."""
    return texts.get(lang) or texts[MAIN]
