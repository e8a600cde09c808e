"""Turn a ranking of choices into one question for each place, because a chat has no list to drag.

`rank vung | uu_tien` over nuoc, duong, dien becomes "… (1/3)" with all three, "… (2/3)" with the two that are left, and a
calculation `uu_tien` with their names in order, separated by blanks as Collect stores it. The last place goes to the
choice that is left; only if the choices are filtered, it is asked too.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from questionnaires.survey import NAME_HEADINGS, RANK, TYPE_HEADINGS, Row, cell, choices_named, plain

Made = dict[str, str]


def with_ranks(sheets: dict[str, Any]) -> dict[str, Any]:
    """Return the sheets with each ranking replaced by its questions. Row numbers are lost, as pyxform needs none."""
    survey = [made for row in sheets["survey"] for made in (questions_of(row, sheets) or [row])]
    headings = sheets.get("survey_header") or [{}]
    known = {**headings[0], **dict.fromkeys(chain.from_iterable(survey))}
    return {**sheets, "survey": survey, "survey_header": [known]}


def questions_of(row: Row, sheets: Mapping[str, Any]) -> list[Made]:
    """Return the rows that replace a ranking; [] for another row."""
    type_heading, written = cell(row, *TYPE_HEADINGS)
    rank = RANK.fullmatch(" ".join(written.split()))
    if rank is None:
        return []
    name_heading, name = cell(row, *NAME_HEADINGS)
    choices = choices_named(sheets.get("choices") or (), rank["list"])
    filtered = cell(row, "choice_filter")[1]
    asked = len(choices) if filtered else len(choices) - 1
    rows = [
        {
            **place_of(row, number, len(choices)),
            type_heading: f"select_one {rank['list']}",
            name_heading: f"{name}_{number}",
        }
        for number in range(1, asked + 1)
    ]
    last = "" if filtered else left_over(name, choices)
    relevant = {heading: text for heading, text in row.items() if plain(heading) in ("relevant", "relevance")}
    whole = {
        type_heading: "calculate",
        name_heading: name,
        "calculation": in_order(name, asked, last),
        **relevant,
    }
    return [*rows, whole]


def place_of(row: Row, number: int, places: int) -> Made:
    """Return the question for one place: its label with the place's number, its choices without those taken."""
    name = cell(row, *NAME_HEADINGS)[1]
    dropped = ("constraint", "constraint_message", "default", "appearance", "calculation")
    made = {heading: str(text) for heading, text in row.items() if base(heading) not in dropped}
    for heading in made:
        if base(heading) in ("label", "caption"):
            made[heading] += f" ({number}/{places})"
    if number > 1:
        heading = cell(row, "relevant", "relevance")[0] or "relevant"
        made[heading] = f"${{{name}_{number - 1}}} != ''"
        heading, own = cell(row, "choice_filter")
        taken = [f"name != ${{{name}_{before}}}" for before in range(1, number)]
        made[heading or "choice_filter"] = " and ".join([f"({own})", *taken] if own else taken)
    return made


def base(heading: str) -> str:
    """Return a heading without its language."""
    return plain(heading).partition(":")[0]


def in_order(name: str, asked: int, last: str) -> str:
    """Return the calculation that joins the choices of all places."""
    first, *others = [f"${{{name}_{number}}}" for number in range(1, asked + 1)]
    parts = [first, *(f"if({one} != '', concat(' ', {one}), '')" for one in others)]
    if last:
        parts.append(f"if(${{{name}_{asked}}} != '', concat(' ', {last}), '')")
    return f"concat({', '.join(parts)})"


def left_over(name: str, choices: Sequence[str]) -> str:
    """Return the expression for the choice that is left once all others have a place."""
    places = " and ".join(f"${{{name}_{number}}} != '%s'" for number in range(1, len(choices)))
    formula = f"'{choices[-1]}'"
    for choice in reversed(choices[:-1]):
        formula = f"if({places.replace('%s', choice)}, '{choice}', {formula})"
    return formula
