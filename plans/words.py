"""Texts of the plans' files by language: `{ vi = "…", en = "…" }`. Vietnamese is always there."""

from collections.abc import Mapping
from typing import Annotated, Final

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

MAIN: Final = "vi"


def only(*keys: str) -> AfterValidator:
    """Checks that a text has no keys but these, and a Vietnamese wording.

    `Mapping[Literal[…], str]` would say the same, but every caller would have to type its language as such a literal.
    """

    def checked(texts: Mapping[str, str]) -> Mapping[str, str]:
        wrong = next((key for key in texts if key not in keys), None)
        if wrong is not None:
            raise PydanticCustomError("extra_key", "{key}?", {"key": wrong, "allowed": ", ".join(keys)})
        if MAIN not in texts:
            raise PydanticCustomError("no_key", "no {key}", {"key": MAIN})
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
