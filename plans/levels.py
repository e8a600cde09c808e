"""The levels of the administrative tree. A tree may leave some out: since 1 July 2025 there is no huyện."""

from typing import Annotated, Final

from pydantic import AfterValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

LEVELS: Final = ("thon", "xa", "huyen", "tinh", "nuoc")
"""All levels, from the village up."""


def known_level(level: str) -> str:
    """Return `level`. Raises the error that pydantic reports as a wrong choice if there is no such level."""
    if level not in LEVELS:
        raise PydanticCustomError("level", "no level {level}", {"expected": ", ".join(LEVELS)})
    return level


LevelName = Annotated[str, AfterValidator(known_level), WithJsonSchema({"enum": LEVELS})]
"""A level as the files of plans write it."""
