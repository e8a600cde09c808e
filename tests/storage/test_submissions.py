"""A report is sent once; a correction is a further revision; what is derived follows, whatever happens."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from plans.period import from_key
from questionnaires.questionnaire import Questionnaire
from storage import asking, backup, figures, interviews, submissions
from storage.codes import ALPHABET
from storage.database import open_engine, writing
from storage.session import Session
from storage.tables import InterviewStatus, Observation, Submission
from tests.storage.conftest import NOW, Reports

WEEKS = ("2026-W45", "2026-W46", "2026-W47")


async def observed(session: Session) -> list[tuple[str, str, Decimal | None, bool]]:
    rows = await session.exec(select(Observation).order_by(col(Observation.id)))
    return [(row.path, row.value, row.number, row.current) for row in rows]


async def test_sending_makes_a_report_and_its_observations(reports: Reports) -> None:
    row = await reports.begin()
    values = {
        "/data/ho": "45",
        "/data/ty_le": "12.50",
        "/data/co_dien": "co",
        "/data/ghi_chu": "đường hỏng",
        "/data/lop[1]/so": "20",
        "/data/lop[2]/so": "",
        "/data/tong": "65",
    }
    sent = await submissions.send(reports.session, row, reports.form, values, NOW, ["/data/ho"])
    assert (sent.revision, sent.current, sent.person_id) == (1, True, reports.people[0])
    assert (sent.period_end, row.status) == (date(2026, 11, 22), InterviewStatus.SENT)
    assert sent.answers == values
    assert await observed(reports.session) == [
        ("/data/ho", "45", Decimal(45), True),
        ("/data/ty_le", "12.50", Decimal("12.5"), True),
        ("/data/co_dien", "co", Decimal(1), True),
        ("/data/ghi_chu", "đường hỏng", None, True),
        ("/data/lop[1]/so", "20", Decimal(20), True),
        ("/data/tong", "65", Decimal(65), True),
    ]
    estimates = select(Observation.path).where(col(Observation.estimate))
    assert (await reports.session.exec(estimates)).all() == ["/data/ho"]


async def test_sending_twice_is_sending_once(reports: Reports) -> None:
    row = await reports.begin()
    first = await submissions.send(reports.session, row, reports.form, {"/data/ho": "45"}, NOW)
    again = await submissions.send(reports.session, row, reports.form, {"/data/ho": "46"}, NOW)
    assert again is first
    assert len(await observed(reports.session)) == 1


async def test_practice_is_never_sent(reports: Reports) -> None:
    row = await reports.begin(practice=True)
    with pytest.raises(submissions.NotCounted):
        await submissions.send(reports.session, row, reports.form, {"/data/ho": "45"}, NOW)


async def test_a_correction_keeps_the_older_report(reports: Reports) -> None:
    first = await reports.report({"/data/ho": "45"})
    second = await reports.report({"/data/ho": "46"})
    assert (first.revision, first.current) == (1, False)
    assert (second.revision, second.current) == (2, True)
    assert await submissions.submission_of(reports.session, reports.places[0], "thu", "2026-W47") is second
    assert await observed(reports.session) == [
        ("/data/ho", "45", Decimal(45), False),
        ("/data/ho", "46", Decimal(46), True),
    ]


async def test_the_database_itself_allows_one_current_report(reports: Reports) -> None:
    await reports.report({"/data/ho": "45"})
    await reports.report({"/data/ho": "46"})
    with pytest.raises(IntegrityError):
        await reports.session.exec(update(Submission).values(current=True))


async def test_the_database_itself_allows_one_unfinished_interview(reports: Reports) -> None:
    await reports.begin()
    await reports.begin(practice=True)
    await reports.begin(practice=True)
    with pytest.raises(IntegrityError):
        await reports.begin()


async def test_receipts_are_short_and_have_no_letters_that_look_alike(reports: Reports) -> None:
    receipts = {await submissions.new_receipt(reports.session) for _ in range(20)}
    assert len(receipts) == 20
    for receipt in receipts:
        head, four, two = receipt.split("-")
        assert (head, len(four), len(two)) == ("BC", 4, 2)
        assert set(four + two) <= set(ALPHABET)


async def test_last_times_values_are_those_of_the_latest_earlier_period_of_its_kind(reports: Reports) -> None:
    session, place = reports.session, reports.places[0]
    await reports.report({"/data/ho": "1"}, period="2026-W45")
    await reports.report({"/data/ho": "2"}, period="2026-W46")
    await reports.report({"/data/ho": "3"}, period="2026-W46")
    await reports.report({"/data/ho": "9"}, period="2026-10")
    await reports.report({"/data/ho": "8"}, which=1, period="2026-W46")
    latest = submissions.latest_values
    assert await latest(session, place, "thu", "2026-W47") == {"/data/ho": "3"}
    assert await latest(session, place, "thu", "2026-W46") == {"/data/ho": "1"}
    assert await latest(session, place, "thu", "2026-W45") == {}
    assert await latest(session, place, "thu", "2026-11") == {"/data/ho": "9"}
    assert await latest(session, place, "khác", "2026-W47") == {}
    await reports.report({"/data/ho": "7"}, period="2026-10S")
    assert await latest(session, place, "thu", "2026-11") == {"/data/ho": "9"}
    assert await latest(session, place, "thu", "2026-11S") == {"/data/ho": "7"}
    assert await latest(session, place, "thu", "2026-12S") == {"/data/ho": "7"}


async def test_coverage_counts_places_once_and_names_the_missing(reports: Reports) -> None:
    first, second = reports.places
    await reports.report({"/data/ho": "1"})
    await reports.report({"/data/ho": "2"})
    found = await submissions.coverage(reports.session, [second, first, first], "thu", "2026-W47")
    assert (found.reported, found.expected, found.missing) == (1, 2, (second,))
    none = await submissions.coverage(reports.session, [], "thu", "2026-W47")
    assert (none.reported, none.expected, none.missing) == (0, 0, ())


async def test_what_was_given_back_is_not_late(reports: Reports) -> None:
    """It counts no more, so neither does the day on which it came."""
    first, second = reports.places
    for which in (0, 1):
        await reports.report({"/data/ho": "1"}, which)
    await submissions.retire(reports.session, second, "thu", "2026-W47")
    for late_from, late in ((NOW, 1), (NOW + timedelta(microseconds=1), 0)):
        found = await submissions.coverage(reports.session, [first, second], "thu", "2026-W47", late_from)
        assert (found.reported, found.missing, found.late) == (1, (second,), late)


# --- figures --------------------------------------------------------------------------------------------


async def latest(
    session: Session, place_ids: list[int], questions: list[str], period: str
) -> dict[int, dict[str, Decimal]]:
    """The latest numbers at the end of a period."""
    found = await figures.latest(session, place_ids, questions, from_key(period).end)
    return {place: {name: value.number for name, value in row.items()} for place, row in found.items()}


async def test_the_latest_value_is_that_of_the_newest_report_that_holds_one(reports: Reports) -> None:
    session, (first, second) = reports.session, reports.places
    await reports.report({"/data/ho": "40", "/data/ty_le": "1.5"}, period="2026-W45")
    await reports.report({"/data/ho": "41"}, period="2026-W46")
    await reports.report({"/data/ho": "50"}, which=1, period="2026-W47")
    ask = ["ho", "ty_le", "không có"]
    stock = await latest(session, [first, second], ask, "2026-W47")
    assert stock == {first: {"ho": 41, "ty_le": Decimal("1.5")}, second: {"ho": 50}}
    before = await latest(session, [first, second], ask, "2026-W45")
    assert before == {first: {"ho": 40, "ty_le": Decimal("1.5")}}
    assert await latest(session, [], ask, "2026-W47") == {}
    assert await latest(session, [first], [], "2026-W47") == {}


async def test_a_value_comes_with_where_it_is_from(reports: Reports) -> None:
    session, place = reports.session, reports.places[0]
    row = await reports.begin(period="2026-W46")
    values = {"/data/lop[1]/so": "20", "/data/lop[2]/so": "22", "/data/ho": "45"}
    sent = await submissions.send(session, row, reports.form, values, NOW, ["/data/lop[2]/so"])
    found = await figures.latest(session, [place], ["so", "ho"], from_key("2026-W47").end)
    assert found[place]["so"] == figures.ReportedValue(Decimal(42), "2026-W46", sent.id, True)
    assert found[place]["ho"] == figures.ReportedValue(Decimal(45), "2026-W46", sent.id, False)


async def test_a_correction_without_an_answer_takes_its_number_away(reports: Reports) -> None:
    await reports.report({"/data/ho": "40", "/data/ty_le": "1"}, period="2026-W46")
    await reports.report({"/data/ho": "41"}, period="2026-W46")
    found = await latest(reports.session, reports.places, ["ho", "ty_le"], "2026-W47")
    assert found == {reports.places[0]: {"ho": 41}}


# --- whatever happens -----------------------------------------------------------------------------------

ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "/data/ho": st.integers(0, 999).map(str),
        "/data/ty_le": st.decimals(0, 100, places=2).map(str),
        "/data/ghi_chu": st.text("abc", max_size=3),
        "/data/lop[1]/so": st.integers(0, 99).map(str),
        "/data/lop[2]/so": st.integers(0, 99).map(str),
    },
)
HISTORIES = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(WEEKS), ANSWERS, st.booleans()), max_size=12
)


@given(HISTORIES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_keeps_one_current_revision_and_what_is_derived_from_it(
    small_form: Questionnaire,
    sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
    history: list[tuple[int, str, dict[str, str], bool]],
) -> None:
    file = tmp_path_factory.mktemp("history") / "h.db"
    file.write_bytes(sqlite_template.read_bytes())
    asyncio.run(play(f"sqlite+aiosqlite:///{file}", small_form, history))


async def play(url: str, form: Questionnaire, history: list[tuple[int, str, dict[str, str], bool]]) -> None:
    """Send a history and compare with a model of it: the last answers sent for each place and week."""
    engine = open_engine(url)
    model: dict[tuple[int, str], list[dict[str, str]]] = {}
    async with writing(engine) as session:
        reports = Reports(session, form)
        await reports.settle()
        for which, week, values, given_up in history:
            row = await reports.begin(which, week)
            if given_up:
                await interviews.cancel(session, row, NOW)
                await session.flush()
                continue
            await submissions.send(session, row, form, values, NOW)
            await submissions.send(session, row, form, {}, NOW)
            model.setdefault((which, week), []).append(values)
        await compare(reports, model)
    await engine.dispose()


async def compare(reports: Reports, model: dict[tuple[int, str], list[dict[str, str]]]) -> None:
    session = reports.session
    for (which, week), sent in model.items():
        chosen = select(Submission).where(
            Submission.place_id == reports.places[which], Submission.period == week
        )
        rows = (await session.exec(chosen.order_by(col(Submission.revision)))).all()
        assert [row.answers for row in rows] == sent
        assert [row.revision for row in rows] == list(range(1, len(sent) + 1))
        assert [row.current for row in rows] == [False] * (len(sent) - 1) + [True]
    for which, place in enumerate(reports.places):
        known = [
            sent[-1]["/data/ho"]
            for key in WEEKS
            if (sent := model.get((which, key))) and "/data/ho" in sent[-1]
        ]
        found = await latest(session, [place], ["ho"], WEEKS[-1])
        assert found == ({place: {"ho": Decimal(known[-1])}} if known else {})
    verified = await backup.verify(session)
    assert verified.differences == ()
    assert verified.submissions == sum(map(len, model.values()))


# --- verify ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("UPDATE observation SET value = '54' WHERE path = '/data/ho'", "differs"),
        ("UPDATE observation SET number = '54' WHERE path = '/data/ho'", "differs"),
        ("UPDATE observation SET current = (1 = 0)", "differs"),
        ("DELETE FROM observation", "missing"),
        ("UPDATE observation SET path = '/data/khac'", "extra"),
        ("UPDATE submission SET current = (1 = 0)", "current"),
    ],
)
async def test_verify_finds_what_disagrees(reports: Reports, damage: str, code: str) -> None:
    sent = await reports.report({"/data/ho": "45"})
    assert (await backup.verify(reports.session)).differences == ()
    number = (await reports.session.exec(select(Submission.id))).one()
    assert number is not None
    await (await reports.session.connection()).execute(text(damage))
    reports.session.expunge_all()
    found = (await backup.verify(reports.session)).differences
    assert code in {difference.code for difference in found}
    assert {difference.submission_id for difference in found} == {number}
    assert sent.id == number


# --- interviews -----------------------------------------------------------------------------------------


async def test_an_unfinished_interview_is_found_again(reports: Reports) -> None:
    session, (person, _) = reports.session, reports.people
    older = await reports.begin(period="2026-W46")
    row = await reports.begin()
    await interviews.save(session, row, {"values": {"/data/ho": "45"}}, NOW + timedelta(hours=3))
    await session.flush()
    await reports.begin(practice=True)
    practice = await reports.begin(period="2026-W48", practice=True)
    assert await interviews.list_open(session, person, practice=True) != []
    assert practice.period == "2026-W48"
    assert await interviews.open_for(session, person, reports.places[0], "thu", "2026-W47") is row
    assert await interviews.open_for(session, person, reports.places[0], "thu", "2026-W48") is None
    assert await interviews.list_open(session, person) == [row, older]
    await interviews.cancel(session, row, NOW)
    assert (row.state, row.status) == ({}, InterviewStatus.CANCELLED)
    await session.flush()
    assert await interviews.list_open(session, person) == [older]


async def test_what_came_lately_is_told_from_its_first_moment_on(reports: Reports) -> None:
    corrected = await reports.report({"/data/ho": "45"})
    newest = await reports.report({"/data/ho": "46"})
    other = await reports.report({"/data/ho": "47"}, period="2026-W46")
    await reports.report({"/data/ho": "48"}, which=1)
    assert not corrected.current
    since = [NOW, NOW + timedelta(microseconds=1)]
    lately = [await submissions.forms_since(reports.session, reports.places[0], moment) for moment in since]
    assert lately == [[newest.form_id, other.form_id], []]


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_how_far_a_period_is_approved_is_read_from_an_index_alone(reports: Reports) -> None:
    """Of a nation's reports, to look each up in the table took most of the time of a figure."""
    await reports.report({"/data/ho": "45"})
    connection = await reports.session.connection()
    asked: list[tuple[str, object]] = []

    def stated(_: object, __: object, statement: str, values: object, *___: object) -> None:
        asked.append((statement, values))

    event.listen(connection.sync_connection, "before_cursor_execute", stated)
    at, approvals = await asking.looked_at_in(reports.session, "thu", "2026-W47", range(asking.SOME + 1))
    event.remove(connection.sync_connection, "before_cursor_execute", stated)
    assert (at, approvals.reports) == (NOW, 1)
    [(statement, values)] = asked
    plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)).all()
    assert [step.detail for step in plan if "COVERING INDEX ix_submission_form_period" in step.detail], plan
