"""Questions as JSON values, which are kept for what goes on from them: as they are written now, and as 0.2.0 wrote them."""

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import Field, TypeAdapter

from queries.frames import (
    Aspect,
    Bound,
    By,
    Days,
    Format,
    Intent,
    Measure,
    Order,
    Question,
    Relation,
    When,
    framed,
)

ADAPTER: Final[TypeAdapter[Question]] = TypeAdapter(Annotated[Question, Field(discriminator="frame")])


def to_json(question: Question) -> dict[str, Any]:
    """The question as JSON values, for follow-ups."""
    body: dict[str, Any] = ADAPTER.dump_python(question, mode="json")
    return body


def from_json(body: dict[str, Any]) -> Question:
    """The question that `to_json` wrote, here or in 0.2.0, which had all slots in one type."""
    return ADAPTER.validate_python(body) if "frame" in body else FLAT.validate_python(body).framed()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flat:
    """The slots of 0.2.0, which had them all in one type; slots that came later have defaults."""

    intent: Intent
    indicators: tuple[str, ...] = ()
    domain: str = ""
    complement: bool = False
    measure: By = ""
    narrowed: bool = False
    places: tuple[int, ...] = ()
    periods: tuple[Days, ...] = ()
    back: int = 0
    unit: str = ""
    against: str = ""
    ago: int = 0
    level: str = ""
    order: Order | None = None
    count: int | None = None
    bounds: tuple[tuple[Relation, Decimal] | tuple[Relation, Decimal, str], ...] = ()
    met: bool | None = None
    format: Format = Format.TEXT
    reported: bool = False
    counted: bool = False
    standing: str | None = None

    def framed(self) -> Question:
        """The question as one of its kind."""
        aspect = Aspect.REST if self.complement else Aspect.LEVEL
        slots = {slot.name: getattr(self, slot.name) for slot in fields(self)}
        slots["measure"] = Measure(self.indicators, self.domain, aspect, self.measure, self.narrowed)
        slots["when"] = When(self.periods, self.back, self.unit, self.against, self.ago)
        slots["bounds"] = tuple(Bound(*bound) for bound in self.bounds)
        return framed(self.intent, slots)


FLAT: Final[TypeAdapter[Flat]] = TypeAdapter(Flat)
