"""The decorator of classes that tables in the plans' files are read into: frozen, and strict about keys."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

from pydantic import with_config

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def table(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a class a frozen dataclass that is read from a table. Keys that are not its fields are refused."""

    def made(cls: type[T]) -> type[T]:
        return with_config(extra="forbid")(dataclass(frozen=True, slots=True, kw_only=kw_only)(cls))

    return made
