"""Attributes by which plans pick units: in the minorities' area, specially poor, rural …

This file only defines the attributes. Which units have one changes with decisions, so that is data of the places, with
dates. If the type of a unit alone decides (a ward is not rural), `kinds` says so.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from pydantic import Field

from plans.table import table
from plans.words import Words, in_language


@table(kw_only=True)
class Attribute:
    """One attribute, with the decision that gives it to units."""

    id: str
    names: Annotated[Words, Field(alias="name")]
    source: str
    also: tuple[str, ...] = ()
    """Other names that lists use for it."""
    kinds: Mapping[str, bool] = field(default_factory=dict)
    """Whether communes of a type have it, by type word, unless their own data says otherwise."""

    def name(self, lang: str = "vi") -> str:
        """Its name as it follows a unit: "vùng đồng bào dân tộc thiểu số và miền núi"."""
        return in_language(self.names, lang)

    @property
    def called(self) -> tuple[str, ...]:
        """Every name that a list or a command may use for it."""
        return (self.id, *self.names.values(), *self.also)
