"""A norm of a plan: what a support is, for whom, how much of it at most, and for how long."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from plans.table import table
from plans.words import Words, in_language


@table(kw_only=True)
class Norm:
    """A table `[[norm]]` of a plan's `norms.toml`. It is no target: nothing is held against it."""

    clause: str
    domain: str
    indicator: str = ""
    """The figure that counts what is supported, where there is one."""
    most: Decimal | None = None
    """The most that is given; None where the plan names no amount."""
    unit: str = ""
    whom: str = ""
    long: str = ""
    """For how long, or how often."""
    statements: Annotated[Words, Field(alias="statement")]

    def statement(self, lang: str = "vi") -> str:
        """The document's words; in another language what they say."""
        return in_language(self.statements, lang)
