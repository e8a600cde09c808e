"""What must hold of every interview, over random forms' worth of messages."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.draft import Draft
from questionnaires.interview import (
    Ask,
    Back,
    DropRow,
    Finished,
    GoTo,
    Interview,
    Message,
    NewRow,
    QuestionAsked,
    Recorded,
    Refused,
    Repeat,
    Resume,
    Skip,
    Value,
    begin,
    review,
    step,
)
from questionnaires.questionnaire import QuestionType
from questionnaires.steps import Step
from tests.questionnaires.forming import CONTEXT, Walk, form

FORM = form(
    """type | name | label | relevant | required | constraint | constraint_message | choice_filter | \
repeat_count | calculation | default
    note | chao | Chào | | | | | | | |
    integer | n | N | | yes | . >= 0 and . <= 4 | Sai | | | |
    select_one tinh | t | T | ${n} > 0 | | | | | | |
    select_one huyen | h | H | ${t} != '' | yes | | | tinh=${t} | | |
    select_multiple tinh | m | M | | | count-selected(.) <= 2 | | | | |
    calculate | nm | | | | | | | | ${n} * 10 + count-selected(${m}) |
    begin group | g | G | selected(${m}, 'a') or ${n} = 3 | | | | | | |
    text | x | X ${nm} | | | | | | | |
    calculate | gx | | | | | | | | concat(${x}, '/', ${nm}) |
    date | d | D | ${x} != '' | | . <= today() | | | | | today()
    end group | | | | | | | | | |
    begin repeat | r | R | | | | | | ${n} | |
    integer | ra | RA ${n} | | | . < 10 | | | | |
    integer | rb | RB | ${ra} > 2 | yes | | | | | |
    calculate | rc | | | | | | | | ${ra} + position(..) |
    end repeat | | | | | | | | | |
    calculate | tong | | | | | | | | sum(${rc}) + sum(${rb}) |
    begin repeat | p | P | ${tong} < 20 | | | | | | |
    text | ten | TEN | | | | | | | |
    select_one tinh | pt | PT | ${ten} != 'x' | | | | | | |
    begin repeat | q | Q | ${pt} != 'c' | | | | | | |
    integer | qa | QA ${ten} ${tong} | | | . < 10 | | | | |
    calculate | qb | | | | | | | | ${qa} + position(..) + 10 * position(../..) |
    end repeat | | | | | | | | | |
    calculate | qs | | | | | | | | sum(${qb}) |
    end repeat | | | | | | | | | |
    calculate | cac | | | | | | | | concat(join(',', ${ten}), count(${p}), '/', sum(${qs}), '/', count(${q})) |
    text | het | HET ${cac} | | | | | | | |""",
    """list_name | name | label | tinh
    tinh | a | A |
    tinh | b | B |
    tinh | c | C |
    huyen | a1 | A1 | a
    huyen | a2 | A2 | a
    huyen | b1 | B1 | b""",
)
VALUES = st.sampled_from(
    [
        "0",
        "1",
        "2",
        "3",
        "4",
        "5",
        "12",
        "a",
        "b",
        "c",
        "a b",
        "a b c",
        "a1",
        "b1",
        "x",
        "2026-11-20",
        "2027-01-01",
    ]
)
PATHS = [
    f"/data/{name}"
    for name in ("n", "t", "h", "m", "g/x", "g/d", "r[1]/ra", "r[2]/rb", "p", "p[1]/ten", "p[1]/q", "het")
]
ROWS = [f"/data/{row}" for row in ("r[1]", "r[2]", "p[1]", "p[2]", "p[1]/q[1]", "p[2]/q[2]")]
MESSAGES = st.one_of(
    VALUES.map(Value),
    VALUES.map(Value),
    VALUES.map(Value),
    st.just(Skip()),
    st.just(Back()),
    st.just(Resume()),
    st.booleans().map(Repeat),
    st.sampled_from(PATHS).map(GoTo),
    st.sampled_from(ROWS).map(DropRow),
    st.sampled_from(["/data/r", "/data/p", "/data/p[1]/q"]).map(NewRow),
)
HISTORIES = st.lists(MESSAGES, max_size=30)


def after(messages: list[Message]) -> Walk:
    return Walk(FORM).do(*messages)


@settings(max_examples=150)
@given(HISTORIES)
def test_what_was_computed_step_by_step_is_what_computing_everything_gives(messages: list[Message]) -> None:
    walk = after(messages)
    run = Step(Draft(FORM.layout, FORM.layout.take(), walk.interview), CONTEXT)
    run.changes.follow(range(len(FORM.layout.dependencies.rules)))
    assert run.draft.frozen() == walk.interview


@settings(max_examples=150)
@given(HISTORIES)
def test_a_board_used_before_gives_what_a_fresh_one_gives(messages: list[Message]) -> None:
    walk = after(messages)
    FORM.layout.spare.clear()
    fresh = step(FORM, walk.interview, Resume(), CONTEXT)
    after([Value("4"), Value("b"), Value("b1"), Value("a"), Value("x")])
    assert step(FORM, walk.interview, Resume(), CONTEXT) == fresh


@settings(max_examples=150)
@given(HISTORIES)
def test_back_and_the_same_answer_again_changes_nothing(messages: list[Message]) -> None:
    walk = Walk(FORM).do(*[message for message in messages if not isinstance(message, GoTo | Back)])
    before, question = walk.interview, walk.events
    if before.position is None or isinstance(question[-1], Refused) or before.jumped:
        return
    walk.do(Back())
    if walk.interview == before:
        return
    same: Message = Value(walk.ask.current) if walk.ask.current else Skip()
    if walk.ask.repeat:
        same = Repeat(False)
    walk.do(same)
    assert replace(walk.interview, jumped=False) == replace(before, jumped=False)


@settings(max_examples=150)
@given(HISTORIES)
def test_an_interview_survives_json_and_a_step_depends_on_nothing_else(messages: list[Message]) -> None:
    kept, _ = begin(FORM, CONTEXT)
    for message in messages:
        kept, _ = step(FORM, kept, message, CONTEXT)
    assert after(messages).interview == kept
    assert Interview.from_json(kept.to_json()) == kept


@settings(max_examples=150)
@given(HISTORIES)
def test_a_finished_interview_breaks_no_rule_of_the_form(messages: list[Message]) -> None:
    walk = after(messages)
    for _ in range(400):
        if walk.interview.position is None:
            break
        walk.do(plain_answer(walk))
    values = walk.do(Resume()).done.values
    run = Step(Draft(FORM.layout, FORM.layout.take(), walk.interview), CONTEXT)
    assert run.prompts.wrong_now() is None
    assert all(run.draft.is_relevant(path) and value for path, value in values.items())
    shown = {line.path for line in review(FORM, walk.interview, CONTEXT)}
    assert shown == {path for path in values if FORM.question(path).type is not QuestionType.CALCULATE}


def plain_answer(walk: Walk) -> Message:
    """Something that answers the open question."""
    ask: Ask = walk.do(Resume()).ask
    if ask.repeat:
        return Repeat(False)
    if ask.type is QuestionType.SELECT_ONE and not ask.choices:
        return Skip()
    if ask.choices:
        return Value(ask.choices[0].value)
    texts: dict[QuestionType, Callable[[], str]] = {
        QuestionType.INTEGER: lambda: "1",
        QuestionType.DATE: lambda: "2026-11-01",
    }
    return Value(texts.get(ask.type, lambda: "x")())


@settings(max_examples=150)
@given(HISTORIES)
def test_what_is_kept_is_never_lost_by_turning_irrelevant(messages: list[Message]) -> None:
    walk = Walk(FORM)
    for message in messages:
        before = walk.interview
        walk.do(message)
        if isinstance(message, DropRow | NewRow):
            continue  # What is dropped is gone, and the answer that counts the rows is another.
        recorded = [event.path for event in walk.events if isinstance(event, Recorded)]
        asked = {question.path for question in FORM.questions if question.asks}
        for path, value in before.values.items():
            plain = FORM.question(path).path
            if plain not in asked or path in recorded or path == before.position:
                continue
            filtered = plain == "/data/h" and walk.interview.values.get("/data/t") != before.values.get(
                "/data/t"
            )
            taken_back = isinstance(message, Repeat) and path.startswith("/data/p[")
            assert filtered or taken_back or walk.interview.values.get(path) == value


@settings(max_examples=150)
@given(HISTORIES)
def test_every_message_gets_an_answer(messages: list[Message]) -> None:
    walk = Walk(FORM)
    for message in messages:
        walk.do(message)
        assert isinstance(walk.events[-1], QuestionAsked | Refused | Finished)
        if isinstance(walk.events[-1], QuestionAsked):
            assert walk.events[-1].ask.path == walk.interview.position
            ask = walk.events[-1].ask
            assert 1 <= ask.number <= (ask.total or ask.number)


@pytest.mark.parametrize(
    "text", ["", "  ", "x" * 5000, "\x00", "𝟚𝟝", "‮25", "1" * 400, "9" * 30 + ",5", "<script>"]
)
def test_odd_texts_are_answers_or_refused(text: str) -> None:
    for path in ("n", "m", "g/x", "het"):
        walk = Walk(FORM).do(Value("3"), GoTo(f"/data/{path}"), text)
        assert isinstance(walk.events[0], Recorded | Refused)
