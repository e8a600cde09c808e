"""A norm of a plan: which support it gives, to whom, how much at most, and for how long."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from plans.table import table
from plans.words import Words, in_language


@table(kw_only=True)
class Norm:
    """A table `[[norm]]` of a plan's `norms.toml`. It is no target: no figure is compared with it."""

    clause: str
    domain: str
    indicator: str = ""
    """The indicator that counts what is supported; "" if there is none."""
    most: Decimal | None = None
    """The most that is given; None if the plan names no amount."""
    unit: str = ""
    whom: str = ""
    long: str = ""
    """For how long, or how often."""
    called: tuple[str, ...] = ()
    """What people call the support, where the document has other words for it."""
    statements: Annotated[Words, Field(alias="statement")]

    def statement(self, lang: str = "vi") -> str:
        """The document's own words, or their translation into `lang`."""
        return in_language(self.statements, lang)
