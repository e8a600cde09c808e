"""The values that pass between the reader of answers and its callers: what is asked, and what was understood."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal


class AnswerKind(StrEnum):
    """What a question asks for."""

    COUNT = "count"
    RATE = "rate"
    AREA = "area_ha"
    MONEY = "money_vnd"
    DECIMAL = "decimal"
    HAS = "has"
    DONE = "done"
    CONFIRM = "confirm"
    DATE = "date"
    PERIOD = "period"
    PLACE = "place"
    ONE = "one"
    MANY = "many"
    TEXT = "text"


NUMERIC: Final = frozenset(
    {AnswerKind.COUNT, AnswerKind.RATE, AnswerKind.AREA, AnswerKind.MONEY, AnswerKind.DECIMAL}
)
"""The kinds whose value is a number."""

YES_NO: Final = frozenset({AnswerKind.HAS, AnswerKind.DONE, AnswerKind.CONFIRM})
"""The kinds whose value is a bool."""

DOUBTS: Final = frozenset(
    (
        *("bound", "change", "condition", "dont_know", "eight_or_about", "empty", "five_or_year"),
        *("fraction", "future", "grouping", "impossible_date", "leading_zero", "letters"),
        *("local_unit", "lunar", "markup", "power"),
        *(
            "many_matches",
            "many_places",
            "negation",
            "negative",
            "no_match",
            "no_match_other",
            "no_month",
            "no_place",
        ),
        *("no_such_number", "no_unit", "no_unit_asked", "no_year", "none_and_some"),
        *("not_a_date", "not_a_day", "not_in_list"),
        *("not_a_number", "not_an_answer", "not_whole", "open_span", "other_answer", "other_unit"),
        *(
            "other_word",
            "part_of_list",
            "question",
            "range",
            "rate_below_one",
            "reversed",
            "short_form",
            "too_large",
            "too_long",
        ),
        *("too_many", "two_numbers", "unknown_words", "vague", "which_months", "which_week"),
    )
)
"""Every reason to ask again; each has a sentence `answers.doubt.<code>`."""

Value = Decimal | int | bool | str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: the value that is stored and the label that is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class ExpectedAnswer:
    """What the reader of typed answers must know about a question, whether a form's or one of ours.

    `unit` is the thing counted ("hộ") or the unit of a decimal. `other` says that a choice question also accepts
    "khác: …". `whole` is the most that a count can be, if other answers tell it, such as all the village's households.
    `asked` is the text of a question with choices. `numbered`: the person sees the choices as a numbered list. `before` is
    the count of the period before.
    """

    kind: AnswerKind
    today: date
    unit: str = ""
    options: tuple[Option, ...] = ()
    other: bool = False
    whole: Decimal | None = None
    asked: str = ""
    numbered: bool = False
    before: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value that the person may have meant, to be offered on a button."""

    value: Value
    label: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood, or why nothing was.

    With status "ok", `value` is an int (count), a Decimal (percent points, hectares, đồng, decimal), a bool, an option's
    value, a tuple of them, or text. A date is "2026-11-20"; a period is "2026-11-01/2026-11-30", with `start` and `end`,
    both included. With status "ask", `doubt` is the code of the reason; its sentence is `answers.doubt.<code>`.
    `exact`: the value reads letter for letter as typed; otherwise `read_back` must be shown. `other` is the text after
    "khác:".
    """

    status: Literal["ok", "ask"]
    value: Value | None = None
    start: date | None = None
    end: date | None = None
    estimate: bool = False
    exact: bool = False
    read_back: str = ""
    doubt: str = ""
    candidates: tuple[Candidate, ...] = ()
    other: str = ""


class AnswerDoubt(Exception):
    """Why an answer must be asked again. Only raised inside the reader; `read` turns it into a `Reading`.

    `values` are numbers that the person may have meant, not yet turned into candidates.
    """

    def __init__(
        self, code: str, candidates: tuple[Candidate, ...] = (), values: tuple[Decimal, ...] = ()
    ) -> None:
        super().__init__(code)
        self.code = code
        self.candidates = candidates
        self.values = values


EXAMPLES: Final[dict[AnswerKind, str]] = {
    AnswerKind.COUNT: "25",
    AnswerKind.RATE: "12,5 %",
    AnswerKind.AREA: "1,5 ha",
    AnswerKind.MONEY: "15 triệu đồng",
    AnswerKind.DECIMAL: "12,5",
    AnswerKind.HAS: "có",
    AnswerKind.DONE: "rồi",
    AnswerKind.CONFIRM: "đúng",
    AnswerKind.DATE: "20/11/2026",
    AnswerKind.PERIOD: "tháng 10/2026",
    AnswerKind.PLACE: "xã Vĩnh Thông, tỉnh Thái Nguyên",
    AnswerKind.ONE: "1",
    AnswerKind.MANY: "1, 3",
    AnswerKind.TEXT: "…",
}
"""An answer that is understood, for each kind of question; used if none is known that fits the question itself."""
