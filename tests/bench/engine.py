"""How fast the questionnaire engine is: `python -m tests.bench.engine` prints a table.

A step is an answer, everything recalculated, and the next question; with JSON, the interview is rebuilt from
its JSON text before and written after, as between two messages. Times are medians in milliseconds.
"""

import json
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from questionnaires.answers import AnswerKind, ExpectedAnswer, read
from questionnaires.interview import Answer, Context, Interview, Skip, begin, step
from questionnaires.questionnaire import Questionnaire
from questionnaires.xlsform import compile_form

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

HOUSEHOLDS = ExpectedAnswer(AnswerKind.COUNT, today=NOW.date(), unit="hộ")
TYPED = ("25 hộ", "dạ thưa bác, thôn có hai trăm linh năm hộ ạ", "khoảng 1.234 hộ", "25 hộ 120 khẩu")


def form_of(questions: int) -> bytes:
    """A form whose every question has a constraint and a message, every third a relevance, with totals."""
    rows = [
        "| survey |",
        "| | type | name | label | hint | required | relevant | constraint | constraint_message | calculation |",
    ]
    for number in range(1, questions + 1):
        before = f"${{q{number - 1}}}"
        relevant = f"{before} >= 0" if number % 3 == 0 else ""
        bound = f". >= 0 and . <= {before} + 1000" if number > 1 else ". >= 0 and . <= 1000"
        message = f"Không quá {before}" if number > 1 else "Không quá 1000"
        rows.append(
            f"| | integer | q{number} | Câu {number}? | Gợi ý {number} | yes | {relevant} | {bound} | {message} | |"
        )
        if number % 10 == 0:
            parts = " + ".join(f"${{q{one}}}" for one in range(number - 9, number + 1))
            rows.append(f"| | calculate | total{number} | | | | | | | {parts} |")
    rows += ["| settings |", "| | form_title | form_id |", f"| | Bench | bench{questions} |"]
    return "\n".join(rows).encode()


def measure(action: Callable[[], object], times: int = 200) -> float:
    """The median time of `action` in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def walk(form: Questionnaire, context: Context, stored: bool) -> list[float]:
    """The time of each step of a whole interview, in milliseconds; `stored` includes JSON both ways."""
    interview, _ = begin(form, context)
    taken = []
    text = json.dumps(interview.to_json())
    while interview.position is not None:
        start = time.perf_counter()
        if stored:
            interview = Interview.from_json(json.loads(text))
        interview, events = step(form, interview, Answer("12"), context)
        if stored:
            text = json.dumps(interview.to_json())
        taken.append((time.perf_counter() - start) * 1000)
        if len(events) < 2:
            interview, _ = step(form, interview, Skip(), context)
    return taken


def table() -> list[tuple[str, float, float]]:
    """Rows of name, 15 questions, 100 questions; milliseconds."""
    columns: list[list[tuple[str, float]]] = []
    for questions in (15, 100):
        data = form_of(questions)
        compiled = compile_form(data, "bench.md")
        body = json.loads(json.dumps(compiled.to_json()))
        form = Questionnaire.from_json(body)
        context = Context(NOW, "vi", seed="bench")
        walk(form, context, False)
        plain = [taken for _ in range(30) for taken in walk(form, context, False)]
        stored = [taken for _ in range(30) for taken in walk(form, context, True)]
        columns.append(
            [
                ("compile the form (pyxform)", measure(lambda data=data: compile_form(data, "bench.md"), 5)),
                (
                    "load the compiled form",
                    measure(lambda body=body: Questionnaire.from_json(body).layout, 20),
                ),
                ("begin an interview", measure(lambda form=form, context=context: begin(form, context))),
                ("one step", statistics.median(plain)),
                ("one step, 99 in 100 faster than", statistics.quantiles(plain, n=100)[98]),
                ("one step with JSON in and out", statistics.median(stored)),
                (
                    "read a typed number",
                    measure(lambda: [read(text, HOUSEHOLDS) for text in TYPED]) / len(TYPED),
                ),
            ]
        )
    return [(name, small, large) for (name, small), (_, large) in zip(*columns, strict=True)]


def main() -> None:
    print(f"{'ms':36}{'15 questions':>14}{'100 questions':>15}")
    for name, small, large in table():
        print(f"{name:36}{small:14.3f}{large:15.3f}")


if __name__ == "__main__":
    main()
