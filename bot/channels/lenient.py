"""Fields of a platform's JSON, each read by itself: one that is not as documented is lost alone."""

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
    """Return `value` as read, or None if it cannot be read."""
    try:
        return read(value)
    except ValidationError:
        return None


def number_as_text(value: object) -> object:
    """Platforms write ids as texts; one written as a number is the same id."""
    return str(value) if type(value) is int else value


Lenient = Annotated[T | None, WrapValidator(or_none)]
"""A field without which the rest still means something."""
Name = Annotated[str, BeforeValidator(number_as_text), Field(min_length=1, max_length=200)]
"""A platform's id."""


class EventPart(BaseModel):
    """An object of a platform's JSON. Only the fields that we use are read."""

    model_config = ConfigDict(extra="ignore")
