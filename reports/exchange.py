"""Reports in the formats of other systems: DHIS2 data value sets and OpenRosa submissions.

DHIS2: https://docs.dhis2.org, Web API, "Data values". Periods are written in its ISO form (202611, 2026W47, 2026Q4,
2026S1, 2026); nine months and the statutory calendar have none. OpenRosa: the submission's instance as ODK Collect
sends it (https://docs.getodk.org/openrosa-form-submission).
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from plans.period import Calendar, PeriodKind, WrongKeyError, from_key

NAMESPACE: Final = UUID("6f2d1c0e-5a0b-4b6e-9a55-2d6a1f0f7b1d")
"""The namespace of the ids that other systems see for receipts."""
STEP: Final = re.compile(r"(?P<name>[^/\[\]]+)(?:\[(?P<row>\d+)\])?")
NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def dhis2_period(key: str) -> str:
    """Return the period in DHIS2's form; "" if it has none."""
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
    """Return one data value; None if the mapping has no data element or unit for it, or DHIS2 no such period.

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
    """Return one report as the instance that OpenRosa clients submit, with the form's own nodes only.

    A receipt always gets the same id. When it was sent, and its receipt, are attributes, as Briefcase writes them: the
    form has no nodes for them.
    """
    root: list[Any] = []
    name = "data"
    for path, value in answers.items():
        (name, _), *steps = [(step["name"], step["row"] or "") for step in STEP.finditer(path)]
        put(root, steps, str(value))
    facts = {"id": form, "version": version, "submissionDate": sent_at.isoformat(), "receipt": receipt}
    head = "".join(f" {key}={quoteattr(value)}" for key, value in facts.items() if value)
    meta = f"<meta><instanceID>uuid:{uuid5(NAMESPACE, receipt)}</instanceID></meta>"
    return f"<{name}{head}>{written(root)}{meta}</{name}>"


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
    """Return the nodes as XML; the rows of a repeat in their order, whatever was answered in each."""
    parts = []
    firsts = {name: place for place, (name, *_) in reversed(list(enumerate(nodes)))}
    for name, _, content in sorted(nodes, key=lambda node: (firsts[node[0]], int(node[1] or 0))):
        inner = written(content) if isinstance(content, list) else escape(NOT_IN_XML.sub("", content))
        parts.append(f"<{name}>{inner}</{name}>")
    return "".join(parts)
