"""What a unit may be besides its level: of the minorities' area, specially poor, rural … A plan may speak of those alone.

Which units have an attribute changes with decisions, so that is data of the places, with dates. Here stands only what the
attributes are. Where the type of a unit alone decides (a ward is not rural), the file says so.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from pydantic import Field

from plans.table import table
from plans.words import Words, in_language


@table(kw_only=True)
class Attribute:
    """One attribute, with the decision by which units have it."""

    id: str
    names: Annotated[Words, Field(alias="name")]
    source: str
    also: tuple[str, ...] = ()
    """What lists call it besides."""
    kinds: Mapping[str, bool] = field(default_factory=dict)
    """By the type word of a commune whether it has the attribute, as long as nothing else is written down."""

    def name(self, lang: str = "vi") -> str:
        """Its name as it follows a unit: "vùng đồng bào dân tộc thiểu số và miền núi"."""
        return in_language(self.names, lang)

    @property
    def called(self) -> tuple[str, ...]:
        """Everything that a list or a command may write for it."""
        return (self.id, *self.names.values(), *self.also)
