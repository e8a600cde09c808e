"""From what pydantic finds wrong with a table to a fault that says what to write instead.

About a missing field pydantic tells only its name. What to write there is found in the schema of its class.
"""

import re
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter
from pydantic_core import ErrorDetails

from plans.faults import PlanFault
from plans.indicator import Definition
from plans.programme import Cover

LONGEST: Final = 40
"""How many letters of a wrong value are repeated."""
OR: Final = re.compile(" or (?=')")

NESTED: Final[Mapping[str, type]] = {"definitions": Definition, "covers": Cover}
"""The tables within a table, by the field that holds them."""
QUOTED: Final = '"…"'
TEXTS: Final = '{ vi = "…", en = "…" }'
EXAMPLES: Final[Mapping[str, str]] = {
    "int": "7",
    "decimal": "98.7",
    "finite": "98.7",
    "bool": "true",
    "date": "2026-01-31",
    "string": QUOTED,
    "tuple": '["…", "…"]',
    "list": '["…", "…"]',
    "mapping": TEXTS,
    "dict": TEXTS,
    "dataclass": TEXTS,
}
"""How a value is written, by the first word of pydantic's name for the error: "int_parsing"."""
OF_SCHEMA: Final[Mapping[str, str]] = {
    "integer": "7",
    "boolean": "true",
    "string": QUOTED,
    "array": '["…", "…"]',
    "object": TEXTS,
    "date": "2026-01-31",
}
"""How a value is written, by its format or type in a JSON schema."""
MANUAL: Final = "docs/plans.md"


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """What reads a `kind`; made when it is first needed."""
    return TypeAdapter(kind)


@cache
def fields_of(kind: Any) -> Mapping[str, str]:
    """How the fields of `kind` are called in files, each with an example of a value."""
    schema = adapter(kind).json_schema()
    shared = schema.get("$defs", {})
    return {name: example(field, shared) for name, field in schema.get("properties", {}).items()}


def example(field: Mapping[str, Any], shared: Mapping[str, Any]) -> str:
    """What a field's value looks like, from its JSON schema; of a choice all there are."""
    field = field.get("anyOf", [field])[0]  # what may be left out is one of its type and nothing
    field = shared.get(field.get("$ref", "").rpartition("/")[2], field)
    if "enum" in field:
        return choices(field["enum"])
    return OF_SCHEMA.get(field.get("format") or field.get("type", ""), "…")


def choices(names: Collection[str]) -> str:
    return " | ".join(f'"{name}"' for name in names)


def fault_of(error: ErrorDetails, kind: Any, where: str, row: int) -> PlanFault:
    """An error in a table that should be a `kind`, as a fault under `where`."""
    told = error.get("ctx", {})
    path = [*map(str, error["loc"]), *([told["key"]] if "key" in told else [])]
    about, field = ".".join(path), path[-1] if path else ""
    if len(path) > 1:  # the field that is wrong is one of a table within this one
        kind = NESTED.get(path[0], kind)
    match error["type"]:
        case "missing" | "no_key":
            return PlanFault(
                where, "missing_field", about, f"{field} = {fields_of(kind).get(field, QUOTED)}", row
            )
        case "unexpected_keyword_argument":
            return PlanFault(where, "unknown_field", about, nearest(field, fields_of(kind)), row)
        case "extra_key":
            return PlanFault(where, "unknown_field", about, told["allowed"], row)
        case _:
            given = f"{about} = {shown(error['input'])}" if about else shown(error["input"])
            return PlanFault(where, "wrong_value", given, example_for(error), row)


def example_for(error: ErrorDetails) -> str:
    """What to write instead of a value that was refused: the choices where there are some, else one like it."""
    expected = OR.sub(", ", str(error.get("ctx", {}).get("expected", ""))).replace("'", "")
    return expected or EXAMPLES.get(error["type"].split("_")[0], MANUAL)


def shown(given: object) -> str:
    """A value as it stands in the file, cut where it is long."""
    text = f'"{given}"' if isinstance(given, str) else str(given)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def nearest(name: str, names: Collection[str]) -> str:
    """The one of `names` that was probably meant; all of them where none is like it."""
    return next(iter(get_close_matches(name, names, n=1)), "") or ", ".join(names)
