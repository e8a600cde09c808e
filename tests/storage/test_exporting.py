"""Reports as rows: every answer of the wanted reports once, beside its own report, in portions of any size."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from plans.reading import load_plans
from storage import exporting, submissions
from storage.exporting import ReportFilter, lateness
from tests.storage.conftest import Reports

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LATE = lateness(load_plans(), UTC, {})
ALL = ReportFilter(None, (), date.min, date.max, LATE, ZONE)


def values(answered: list[exporting.ReportAnswers]) -> list[tuple[str, str, str, str | None]]:
    """Period, question, value and exact number of every answer."""
    at = exporting.REPORT_NAMES.index("period")
    return [
        (report[at], answer[1], answer[2], answer[3]) for report, answers in answered for answer in answers
    ]


async def test_answers_stand_beside_their_own_report(
    reports: Reports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "REPORTS", 2)
    expected = []
    for week in range(40, 47):
        said = {"/data/ho": str(week), "/data/ty_le": "12.50", "/data/ghi_chu": f"tuần {week}"}
        await reports.report(said, period=f"2026-W{week}")
        expected += [
            (f"2026-W{week}", "ho", str(week), str(week)),
            (f"2026-W{week}", "ty_le", "12.50", "12.50"),
            (f"2026-W{week}", "ghi_chu", f"tuần {week}", None),
        ]
    assert values([each async for each in exporting.answered(reports.session, ALL)]) == expected


async def test_only_what_is_wanted_and_only_the_latest_revision(reports: Reports) -> None:
    await reports.report({"/data/ho": "1"})
    await reports.report({"/data/ho": "2"})
    await reports.report({"/data/ho": "3"}, which=1)
    await reports.report({"/data/ho": "4"}, period="2026-W45")
    wanted = ReportFilter([reports.places[0]], ["thu"], date(2026, 11, 9), date(2026, 11, 22), LATE, ZONE)
    [(report, answers)] = [each async for each in exporting.answered(reports.session, wanted)]
    known = dict(zip(exporting.REPORT_NAMES, report, strict=True))
    assert (known["place"], known["revision"], known["period_end"]) == ("Nà Hin", 2, "2026-11-22")
    assert known["sent_at"] == "2026-11-20T15:00:00+07:00"
    assert [dict(zip(exporting.ANSWER_NAMES, answer, strict=True)) for answer in answers] == [
        {"path": "/data/ho", "question": "ho", "value": "2", "number": "2", "estimate": False}
    ]
    whole = [each async for each in exporting.reports(reports.session, wanted)]
    assert [(each.place, each.revision, each.answers) for each in whole] == [("Nà Hin", 2, {"/data/ho": "2"})]


def test_a_place_is_late_only_with_what_was_due_since_it_began() -> None:
    """The water report of November is due on the 14th."""
    late = lateness(load_plans(), ZONE, {}, {1: date(2026, 11, 20), 2: date(2026, 11, 14)})
    sent = datetime(2026, 11, 20, 8, tzinfo=ZONE)
    assert [late("nuoc-sach", "thon", "2026-11", place, sent) for place in (1, 2, 3)] == [False, True, True]


async def test_a_report_that_first_came_after_it_was_due_is_marked_late(reports: Reports) -> None:
    """Week 46 ended on 15/11, week 47 does on 22/11; all is sent on 20/11, one of it twice."""
    for period in ("2026-W46", "2026-W46", "2026-W47"):
        await reports.report({"/data/ho": "1"}, period=period)
    expected = [("2026-W46", 2, True), ("2026-W47", 1, False)]
    place, at = exporting.REPORT_NAMES.index("period"), exporting.REPORT_NAMES.index("revision")
    rows = [report async for report, _ in exporting.answered(reports.session, ALL)]
    assert [(row[place], row[at], row[-2]) for row in rows] == expected
    whole = [each async for each in exporting.reports(reports.session, ALL)]
    assert [(each.period, each.revision, each.late) for each in whole] == expected


async def test_a_correction_after_the_due_day_makes_no_report_late(reports: Reports) -> None:
    await reports.report({"/data/ho": "1"})
    row = await reports.begin()
    await submissions.send(
        reports.session, row, reports.form, {"/data/ho": "2"}, datetime(2026, 12, 1, tzinfo=UTC)
    )
    [report] = [each async for each in exporting.reports(reports.session, ALL)]
    assert (report.revision, report.late) == (2, False)
