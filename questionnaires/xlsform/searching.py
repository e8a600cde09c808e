"""Translate `search('xa', 'matches', 'huyen', ${huyen})` in the column appearance, the old way to choose from a file.

The list of such a question has one row, whose name and label are headings of the file's columns. The question is rewritten
as `select_one_from_file xa.csv` with these columns and a choice filter, and is then like any other.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

from questionnaires.mistakes import LIST_HEADINGS
from questionnaires.source import Sheets
from questionnaires.survey import NAME_HEADINGS, SELECTS, TYPE_HEADINGS, Row, cell, changed

QUOTED: Final = r"['\"]([^'\"]+)['\"]"
EQUALS: Final = rf"\s*,\s*{QUOTED}\s*,\s*(\$\{{[^{{}}]+\}}|['\"][^'\"]*['\"])"
SEARCH: Final = re.compile(
    rf"\bsearch\(\s*{QUOTED}(?:\s*,\s*['\"](matches|contains|startswith|endswith)['\"]{EQUALS}(?:{EQUALS})?)?\s*\)"
)
FILTERS: Final[Mapping[str, str]] = {
    "matches": "{column} = {value}",
    "contains": "contains({column}, {value})",
    "startswith": "starts-with({column}, {value})",
    "endswith": "ends-with({column}, {value})",
}


def without_searches(sheets: Sheets) -> Sheets:
    """Return the sheets with each search() rewritten. One that is not understood stays, and is refused later."""
    written = sheets.get("survey") or ()
    survey = [chosen_from(row, sheets.get("choices") or ()) for row in written]
    if survey == written:
        return sheets
    headings: Row = dict.fromkeys(chain.from_iterable(survey), "")
    return {**sheets, "survey": survey, "survey_header": [headings]}


def chosen_from(row: Row, choices: Sequence[Row]) -> Row:
    """Return a row of the survey with its search() rewritten as a file and a filter, if it has one."""
    heading, appearance = cell(row, "appearance")
    search = SEARCH.search(appearance)
    type_heading, written = cell(row, *TYPE_HEADINGS)
    named = SELECTS.match(" ".join(written.split()).lower())
    if search is None or named is None:
        return row
    list_name = " ".join(written.split())[slice(*named.span("list"))]
    columns = next((one for one in choices if cell(one, *LIST_HEADINGS)[1] == list_name), {})
    value, label = cell(columns, *NAME_HEADINGS)[1], cell(columns, "label")[1].split(",")[0].strip()
    if not value or not label:
        return row
    file, how, *compared = search.groups()
    several = "select_multiple" if "multiple" in named[0] else "select_one"
    row = changed(row, type_heading, f"{several}_from_file {file.removesuffix('.csv')}.csv")
    row = changed(row, heading, SEARCH.sub("", appearance).strip())
    row = {**row, "parameters": f"value={value} label={label}"}
    return with_filter(row, filters(how, compared)) if how else row


def filters(how: str, compared: Sequence[str | None]) -> list[str]:
    """Return the comparisons of a search as conditions. The second pair is always compared for equality."""
    column, value, other, other_value = compared
    first = FILTERS[how].format(column=column, value=value)
    return [first, f"{other} = {other_value}"] if other else [first]


def with_filter(row: Row, conditions: Sequence[str]) -> Row:
    """Return the row with these conditions added to its choice filter."""
    heading, own = cell(row, "choice_filter")
    every = [f"({own})", *conditions] if own else conditions
    return {**row, heading or "choice_filter": " and ".join(every)}
