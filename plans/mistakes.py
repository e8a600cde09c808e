"""Turn pydantic's errors about a table into faults that say what to write instead.

For a missing field, pydantic gives only the name. The JSON schema of the class tells what to write there.
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
"""How many characters of a wrong value a fault repeats."""
OR: Final = re.compile(" or (?=')")

NESTED: Final[Mapping[str, type]] = {"definitions": Definition, "covers": Cover}
"""The classes of tables within a table, by the field that holds them."""
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
"""An example of a value, by the first word of pydantic's error type ("int" of "int_parsing")."""
OF_SCHEMA: Final[Mapping[str, str]] = {
    "integer": "7",
    "boolean": "true",
    "string": QUOTED,
    "array": '["…", "…"]',
    "object": TEXTS,
    "date": "2026-01-31",
}
"""An example of a value, by its format or type in a JSON schema."""
MANUAL: Final = "docs/plans.md"


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    """Return the adapter that reads a `kind`, built when first needed."""
    return TypeAdapter(kind)


@cache
def fields_of(kind: Any) -> Mapping[str, str]:
    """Return the fields of `kind` by their names in files, each with an example of a value."""
    schema = adapter(kind).json_schema()
    shared = schema.get("$defs", {})
    return {name: example(field, shared) for name, field in schema.get("properties", {}).items()}


def example(field: Mapping[str, Any], shared: Mapping[str, Any]) -> str:
    """Return an example of a field's value from its JSON schema; all values if it is a choice."""
    field = field.get("anyOf", [field])[0]  # a field that may be left out is its type or null
    field = shared.get(field.get("$ref", "").rpartition("/")[2], field)
    if "enum" in field:
        return choices(field["enum"])
    return OF_SCHEMA.get(field.get("format") or field.get("type", ""), "…")


def choices(names: Collection[str]) -> str:
    return " | ".join(f'"{name}"' for name in names)


def fault_of(error: ErrorDetails, kind: Any, where: str, row: int) -> PlanFault:
    """Return an error in a table that should be a `kind`, as a fault under `where`."""
    told = error.get("ctx", {})
    path = [*map(str, error["loc"]), *([told["key"]] if "key" in told else [])]
    about, field = ".".join(path), path[-1] if path else ""
    if len(path) > 1:  # the wrong field belongs to a table within this one
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
    """Return what to write instead of a refused value: the choices if there are some, else an example."""
    expected = OR.sub(", ", str(error.get("ctx", {}).get("expected", ""))).replace("'", "")
    return expected or EXAMPLES.get(error["type"].split("_")[0], MANUAL)


def shown(given: object) -> str:
    """Return a value as it stands in the file, shortened if it is long."""
    text = f'"{given}"' if isinstance(given, str) else str(given)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def nearest(name: str, names: Collection[str]) -> str:
    """Return the one of `names` that was probably meant; all of them, separated by commas, if none is similar."""
    return next(iter(get_close_matches(name, names, n=1)), "") or ", ".join(names)
