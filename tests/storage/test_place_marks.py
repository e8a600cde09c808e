"""Attributes of places: what holds on which day, held against a calendar that a child could keep; undone, and listed."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plans.reading import load_plans
from storage import mark_lists, place_events, place_marks
from storage.place_marks import Marking
from storage.place_rules import EventRefused, Ruling
from storage.session import Session
from storage.tables import Place, PlaceEvent
from tests.storage.test_place_events import BY, NOW, Region

START, DAYS = date(2026, 1, 1), 12
AREA = "vung-dtts"
Calendar = list[bool | None]
"""For each day whether the place has the attribute; None where nobody knows."""


@pytest.fixture
def kind() -> str:
    return "sqlite"


@pytest.fixture
async def region(session: Session) -> Region:
    made = Region(session)
    await made.settle()
    return made


def day(number: int) -> date:
    return START + timedelta(days=number)


async def calendar_of(session: Session, place: Place) -> Calendar:
    standing = [await place_marks.standing(session, AREA, day(number)) for number in range(DAYS)]
    return [by_place.get(place.id) for by_place in standing]


Writing = tuple[bool, int, int | None]
"""Whether it holds, from which day until which; None: without end."""
writings = st.lists(
    st.one_of(
        st.just("undo"),
        st.tuples(st.booleans(), st.integers(0, DAYS - 1), st.none() | st.integers(0, 4)),
    ),
    max_size=8,
)


@given(histories=st.lists(writings, min_size=6, max_size=6))
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_each_day_says_what_was_written_last_about_it(
    region: Region, histories: list[list[Writing | str]]
) -> None:
    session = region.session
    for history, key in zip(histories, ("tn", "vt", "pt", "na", "kh", "ch"), strict=True):
        place, event = region[key], None
        while (event := await last_of(session, place)) is not None:
            await place_events.undo(session, event, NOW)
        calendars: list[Calendar] = [[None] * DAYS]
        for writing in history:
            if isinstance(writing, str):
                event = await last_of(session, place)
                if event is not None:
                    await place_events.undo(session, event, NOW)
                    calendars.pop()
            else:
                holds, first, length = writing
                last = None if length is None else day(first + length)
                wanted = Marking(place, AREA, holds, day(first), last)
                event = await place_marks.mark(session, [wanted], BY)
                end = DAYS if length is None else first + length + 1
                drawn = [holds if first <= number < end else was for number, was in enumerate(calendars[-1])]
                # What says nothing new is no event; days that the calendar does not show may still be new.
                if event is not None:
                    calendars.append(drawn)
                assert event is not None or drawn == calendars[-1]
            assert await calendar_of(session, place) == calendars[-1]


async def last_of(session: Session, place: Place) -> PlaceEvent | None:
    """The newest event about a place that was not undone."""
    standing = (event for event in await place_events.events(session, [place.id]) if event.undone_at is None)
    return next(standing, None)


async def test_a_mark_that_another_stands_on_is_undone_after_it(region: Region) -> None:
    session = region.session
    first = await place_marks.mark(session, [Marking(region["vt"], AREA, True, day(0))], BY)
    later = await place_marks.mark(session, [Marking(region["vt"], AREA, False, day(5))], BY)
    beside = await place_marks.mark(session, [Marking(region["vt"], "nong-thon", True, day(0))], BY)
    assert first is not None
    assert later is not None
    assert beside is not None
    with pytest.raises(EventRefused, match="later_event"):
        await place_events.undo(session, first, NOW)
    await place_events.undo(session, later, NOW)
    await place_events.undo(session, first, NOW)
    assert [mark.attribute for mark in await place_marks.of_place(session, region.id("vt"))] == ["nong-thon"]


async def test_a_place_that_was_opened_stays_while_something_is_written_down_of_it(region: Region) -> None:
    session = region.session
    merged = await place_events.merge(
        session, [region["na"], region["kh"]], mark_new("Hợp Nhất"), Ruling(date(2026, 7, 1), "NQ 12", NOW)
    )
    [new] = merged.detail["into"]
    place = await session.get_one(Place, new)
    mark = await place_marks.mark(session, [Marking(place, AREA, True, date(2026, 7, 1))], BY)
    assert mark is not None
    with pytest.raises(EventRefused, match="later_event"):
        await place_events.undo(session, merged, NOW)
    await place_events.undo(session, mark, NOW)
    await place_events.undo(session, merged, NOW)


def mark_new(name: str) -> place_events.Destination:
    return place_events.New("thôn", name)


async def read(session: Session, rows: Sequence[str], *, dry: bool = False) -> mark_lists.MarkList:
    data = "\n".join(rows).encode()
    return await mark_lists.load(session, data, "dien.csv", load_plans().attributes, BY, dry=dry)


async def test_a_list_is_written_down_once_and_undone_as_one(region: Region) -> None:
    rows = [
        "Thôn,Xã,Tỉnh,Diện,Từ ngày,Đến ngày,Có",
        ",Vĩnh Thông,Thái Nguyên,vùng DTTS&MN,04/06/2021,,x",
        "Pù Cà,Phủ Thông,Thái Nguyên,thôn ĐBKK,2021-09-16,31/12/2025,",
        ",Phủ Thông,Thái Nguyên,vung-dtts,04/06/2021,,không",
    ]
    tried = await read(region.session, rows, dry=True)
    assert (len(tried.fresh), tried.event, tried.faults) == (3, None, [])
    done = await read(region.session, rows)
    assert done.event is not None
    assert tried.lines == done.lines
    on = await place_marks.standing(region.session, AREA, date(2022, 1, 1))
    assert on == {region.id("vt"): True, region.id("pt"): False}
    again = await read(region.session, rows)
    assert (again.fresh, again.known, again.event) == ([], 3, None)
    await place_events.undo(region.session, done.event, NOW)
    assert await place_marks.standing(region.session, AREA, date(2022, 1, 1)) == {}


async def test_each_fault_of_a_list_is_told_with_its_cell_and_nothing_is_written(region: Region) -> None:
    rows = [
        "Địa bàn,Diện,Từ ngày,Đến ngày,Có",
        '"Vĩnh Thông, Thái Nguyên",vung-dtts,,,',
        '"Vĩnh Thông, Thái Nguyên",vùng sâu,,,',
        '"Không Đâu, Thái Nguyên",vung-dtts,,,',
        '"Phủ Thông, Thái Nguyên",vung-dtts,32/01/2026,,có lẽ',
        '"Phủ Thông, Thái Nguyên",thon-dbkk,01/02/2026,01/01/2026,',
        '"Vĩnh Thông, Thái Nguyên",Vùng DTTS&MN,,,',
        ",vung-dtts,,,",
        '"Phủ Thông, Thái Nguyên",,,,',
    ]
    told = await read(region.session, rows)
    assert [(fault.row, fault.column, fault.code) for fault in told.faults] == [
        (3, "B", "mark_attribute"),
        (4, "A", "place_unknown"),
        (5, "E", "mark_holds"),
        (5, "C", "event_day"),
        (6, "D", "event_days"),
        (7, "B", "twice"),
        (8, "A", "empty"),
        (9, "B", "empty"),
    ]
    assert await place_marks.standing(region.session, AREA, NOW.date()) == {}


async def test_days_that_end_before_they_begin_are_refused(region: Region) -> None:
    with pytest.raises(EventRefused, match="days"):
        await place_marks.mark(region.session, [Marking(region["vt"], AREA, True, day(3), day(2))], BY)
