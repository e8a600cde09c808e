"""Fields of a platform's JSON that are read each by itself: one that is not as documented costs only itself."""

from typing import Annotated, TypeVar

from pydantic import ValidationError, ValidatorFunctionWrapHandler, WrapValidator

T = TypeVar("T")


def or_none(value: object, read: ValidatorFunctionWrapHandler) -> object:
    """`value` as it is read, or None where it cannot be."""
    try:
        return read(value)
    except ValidationError:
        return None


Lenient = Annotated[T | None, WrapValidator(or_none)]
"""A field without which the rest still says something."""
