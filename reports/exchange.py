"""Reports in the formats of other systems: DHIS2 data value sets and OpenRosa submissions.

DHIS2: https://docs.dhis2.org, Web API, "Data values". Periods are written in its ISO form (202611, 2026W47, 2026Q4,
2026S1, 2026); nine months and the statutory calendar have none. OpenRosa: the submission's instance as ODK Collect
sends it (https://docs.getodk.org/openrosa-form-submission).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from plans.period import Calendar, PeriodKind, WrongKeyError, from_key

STEP: Final = re.compile(r"(?P<name>[^/\[\]]+)(?:\[(?P<row>\d+)\])?")
NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def dhis2_period(key: str) -> str:
    """The period in DHIS2's form; "" where it has none."""
    try:
        period = from_key(key)
    except WrongKeyError:
        return ""
    if period.calendar is not Calendar.GREGORIAN:
        return ""
    year, number = period.year, period.number
    return {
        PeriodKind.WEEK: f"{year}W{number}",
        PeriodKind.MONTH: f"{year}{number:02}",
        PeriodKind.QUARTER: f"{year}Q{number}",
        PeriodKind.HALF: f"{year}S{number}",
        PeriodKind.YEAR: f"{year}",
    }.get(period.kind, "")


def dhis2_value(
    mapping: Mapping[str, Any], place_id: int, code: str, period: str, question: str, value: str
) -> dict[str, str] | None:
    """One data value; None where the mapping knows no data element or unit for it, or DHIS2 no such period.

    `mapping` has `dataElement` (by question) and `orgUnit` (by the place's code, or by "#" and its number).
    """
    element = mapping.get("dataElement", {}).get(question)
    units = mapping.get("orgUnit", {})
    unit = units.get(f"#{place_id}") or (units.get(code) if code else None)
    when = dhis2_period(period)
    if not element or not unit or not when:
        return None
    return {"dataElement": str(element), "period": when, "orgUnit": str(unit), "value": value}


def openrosa(form: str, version: str, receipt: str, sent_at: datetime, answers: Mapping[str, Any]) -> str:
    """One report as the instance that OpenRosa clients submit."""
    root: list[Any] = []
    for path, value in answers.items():
        steps = [(step["name"], step["row"] or "") for step in STEP.finditer(path.removeprefix("/data/"))]
        put(root, steps, str(value))
    head = f'<data xmlns:orx="http://openrosa.org/xforms" id={quoteattr(form)} version={quoteattr(version)}>'
    meta = (
        f"<orx:meta><orx:instanceID>uuid:{escape(receipt)}</orx:instanceID>"
        f"<orx:timeEnd>{sent_at.isoformat()}</orx:timeEnd></orx:meta>"
    )
    return f"{head}{written(root)}{meta}</data>"


def put(nodes: list[Any], steps: list[tuple[str, str]], value: str) -> None:
    """Put a value where its steps lead; each node is [name, row, children or text]."""
    (name, row), *rest = steps
    # A row is found by its number: two rows of a repeat have the same name.
    node = next((one for one in nodes if one[:2] == [name, row]), None)
    if node is None:
        node = [name, row, [] if rest else value]
        nodes.append(node)
    if rest:
        put(node[2], rest, value)


def written(nodes: list[Any]) -> str:
    """The nodes as XML."""
    parts = []
    for name, _, content in nodes:
        inner = written(content) if isinstance(content, list) else escape(NOT_IN_XML.sub("", content))
        parts.append(f"<{name}>{inner}</{name}>")
    return "".join(parts)
