"""Fields of a platform's JSON that are read each by itself: one that is not as documented costs only itself."""

from typing import Annotated, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

T = TypeVar("T")


def or_none(value: object, read: ValidatorFunctionWrapHandler) -> object:
    """`value` as it is read, or None where it cannot be."""
    try:
        return read(value)
    except ValidationError:
        return None


def number_as_text(value: object) -> object:
    """Platforms write ids as texts; one written as a number is the same id."""
    return str(value) if type(value) is int else value


Lenient = Annotated[T | None, WrapValidator(or_none)]
"""A field without which the rest still says something."""
Name = Annotated[str, BeforeValidator(number_as_text), Field(min_length=1, max_length=200)]
"""A platform's id."""


class EventPart(BaseModel):
    """An object of a platform's JSON, of which only the fields that are used are read."""

    model_config = ConfigDict(extra="ignore")
