"""A year of a district is played once, with all that may happen in it, and what holds of every letter is looked for.

Tết and the turn of the year, an outage, a merge, somebody new, a phone lost, another day and hour, a clock that jumps.
"""

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from bot.timetable import note
from handlers.quiet import QuietHours
from plans.holidays import holiday, is_working_day
from plans.period import from_key
from plans.schedule import Entry
from storage import orders
from storage.tables import Emergency, RoleName
from tests.conftest import sqlite_file
from tests.handlers.chatting import TOWN, ZONE, bundled
from tests.letters.district import DAY, FORMS, START, Alarm, Answered, District, Post, district_in

OFFICERS: Final = ("xa", "quan-tri")
HEADS: Final = {"na-hin": "Nà Hin", "na-loc": "Nà Lốc", "na-loc-moi": "Nà Lốc", "ban-pau": "Bản Pàu"}
"""The chats of the village heads, and their villages; "na-loc" is lost, and its owner connects another phone."""
VILLAGES: Final = ("Nà Hin", "Nà Lốc", "Bản Pàu")
MARK: Final = re.compile(r"(soon|late|last|locked):(.+)@(.+):(\d+)")


def at(day: str, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour, minute), ZONE)


OUTAGE: Final = (at("2026-12-13", 20), at("2026-12-17", 10))
NEW: Final = at("2027-01-11", 9)
"""When a head of Bản Pàu joins, in the middle of everything."""
LOST: Final = at("2027-02-22", 9)
HELPED: Final = at("2027-03-13", 14)
"""When an emergency is raised that an officer takes up; it stays open over a summary."""
LEFT: Final = at("2027-09-08", 15)
"""When one is raised that nobody takes up, nor closes for a month."""
MERGED: Final = date(2027, 6, 1)
"""From when on Bản Pàu belongs to Nà Lốc."""
AHEAD: Final = at("2027-08-11", 9)
JUMP: Final = 13 * DAY
"""From when the clock is ahead for a minute, and how far."""


@dataclass(frozen=True)
class Year:
    """What came of it."""

    posts: list[Post]
    sent: dict[tuple[str, str, int], datetime]
    places: dict[str, int]
    entry: Callable[[str], Entry]
    answered: list[Answered]
    alarms: list[Alarm]

    def to(self, *addresses: str) -> list[Post]:
        return [post for post in self.posts if post.to in addresses]

    @property
    def titles(self) -> dict[str, str]:
        """The questionnaires that are reported, by their titles."""
        return {bundled(form).title("vi"): form for form in FORMS}

    def sent_at(self, title: str, label: str, place: int) -> datetime | None:
        """When a village sent a questionnaire, named as a letter names it."""
        of_place = ((form, period) for form, period, number in self.sent if number == place)
        meant = (one for one in of_place if one[0] == self.titles.get(title))
        return next((self.sent[*one, place] for one in meant if from_key(one[1]).label("vi") == label), None)

    @property
    def unasked(self) -> list[Post]:
        return [post for post in self.posts if post.kind != "emergency"]

    @property
    def told(self) -> Iterator[tuple[Post, str, str, str, int]]:
        """Each mark of a report: the letter, in which sense it was told of, the questionnaire, the period, the place."""
        for post in self.posts:
            for mark in post.reply.told:
                if match := MARK.fullmatch(mark):
                    kind, form, period, place = match.groups()
                    yield post, kind, form, period, int(place)


async def played(district: District) -> Year:
    """The year with its events."""
    town = district.town
    await district.joins("na-hin", "Nà Hin", RoleName.VILLAGE_HEAD, "Lý A Sử")
    lost = await district.joins("na-loc", "Nà Lốc", RoleName.VILLAGE_HEAD, "Hoàng Thị Mỷ")
    await district.joins("xa", "Vĩnh Thông", RoleName.COMMUNE_OFFICER, "Nông Văn Tài")
    await district.joins("quan-tri", "Thái Nguyên", RoleName.ADMINISTRATOR, "Vũ Ngọc Anh")
    await stop_weekly(district, "quan-tri")
    district.off = OUTAGE
    await district.play(NEW)
    await district.joins("ban-pau", "Bản Pàu", RoleName.VILLAGE_HEAD, "Sùng A Páo")
    await district.play(LOST)
    district.closed.add("na-loc")
    district.each_day_until = LOST.date() + 10 * DAY
    await district.play(LOST + 10 * DAY)
    [said] = await lost.says("/themmay")
    code = re.search(r"MAY-\S+", said.text)
    assert code is not None
    await town.phone("na-loc-moi").says(code.group())
    await stop_weekly(district, "na-loc-moi")
    await district.play(HELPED)
    await emergency(district, "na-hin")
    await town.phone("xa").presses_data(f"z:a:{(await town.rows(Emergency))[-1].id}")
    await district.play(HELPED + 3 * DAY)
    await close(district, "na-hin")
    await district.play(at("2027-04-06", 9))
    district.alarmed = False
    await choose_day(district, "na-hin", "Thứ sáu")
    await district.play(datetime.combine(MERGED, time(5), ZONE))
    order = orders.PlaceOrder(
        "merge",
        MERGED,
        "Nghị quyết",
        ("thôn Bản Pàu", "thôn Nà Lốc"),
        (orders.OrderPart(into="thôn Nà Lốc"),),
    )
    await town.storage.write(lambda session: orders.carry_out(session, order, district.now))
    await district.play(AHEAD)
    district.moved_to(AHEAD + JUMP)
    await district.ring()
    district.moved_to(AHEAD + timedelta(minutes=5))
    await note(town.storage, town.dispatch.library, district.now)
    await district.play(LEFT)
    await emergency(district, "na-hin")
    await district.play(LEFT + 31 * DAY)
    await close(district, "na-hin")
    district.alarmed = False
    await district.play(at("2027-11-22", 7))
    entry = town.dispatch.library.plans.entry
    return Year(
        district.posts,
        district.sent,
        town.places,
        lambda form: entry(form) or pytest.fail(form),
        district.answered,
        district.alarms,
    )


async def emergency(district: District, address: str) -> None:
    """Raise one, which nobody takes up in its first hours."""
    phone, district.alarmed = district.town.phone(address), True
    await phone.says("/khancap")
    await phone.presses("Sạt lở đất")
    await district.watch(hours=3)


async def close(district: District, address: str) -> None:
    """Close what was raised last."""
    phone = district.town.phone(address)
    await phone.presses_data(f"z:e:{(await district.town.rows(Emergency))[-1].id}")
    await phone.says("Đã dọn xong đất đá, đường đi lại được")


async def stop_weekly(district: District, address: str) -> None:
    phone = district.town.phone(address)
    await phone.says("/tintuan")
    await phone.presses("Thôi nhận")


async def choose_day(district: District, address: str, day: str) -> None:
    phone = district.town.phone(address)
    await phone.says("/tintuan")
    await phone.presses(day)


@pytest.fixture(scope="module")
def year(sqlite_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Year:
    folder = tmp_path_factory.mktemp("year")
    file = folder / "year.db"
    file.write_bytes(sqlite_file(sqlite_files, TOWN).read_bytes())

    async def work() -> Year:
        async with district_in(file, folder) as district:
            return await played(district)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work()).result()


def is_ahead(post: Post) -> bool:
    """Whether a clock that ran ahead wrote it."""
    return post.at == AHEAD + JUMP


def test_nobody_is_reminded_of_what_was_sent(year: Year) -> None:
    for post, kind, form, period, place in year.told:
        sent = year.sent.get((form, period, place))
        assert sent is None or sent > post.at, (post.at, post.to, kind, form, period)


def test_nobody_is_told_of_what_is_not_theirs(year: Year) -> None:
    for post, _, form, period, place in year.told:
        if post.to in HEADS:
            assert place == year.places[HEADS[post.to]], (post.at, post.to, form, period)
    merged = [post.at for post, *_, place in year.told if place == year.places["Bản Pàu"]]
    assert all(moment.date() < MERGED for moment in merged)


def test_who_is_new_is_not_told_of_what_was_due_before(year: Year) -> None:
    for post, kind, form, period, _ in year.told:
        if post.to == "ban-pau" and kind != "soon":
            assert year.entry(form).due(from_key(period)) >= NEW.date(), (post.at, kind, form, period)
    assert "quá hạn" not in next(post.text for post in year.to("ban-pau"))


def test_nothing_comes_outside_its_hours(year: Year) -> None:
    quiet = QuietHours()
    for post in year.unasked:
        assert quiet.over(post.at) is None
        assert not holiday(post.at.date()), (post.at, post.to, post.key)
        if post.to in OFFICERS and post.kind == "remind":
            assert is_working_day(post.at.date()), (post.at, post.to)
            assert 7 <= post.at.hour < 17


def test_nothing_is_told_twice(year: Year) -> None:
    keys = Counter(post.key for post in year.posts if not is_ahead(post))
    assert max(keys.values()) == 1
    once = ("soon:", "late:", "last:", "locked:", "calls-", "deadline:", "ended:", "closed:", "change:")
    for addresses in (("na-hin",), ("na-loc", "na-loc-moi"), ("ban-pau",), ("xa",)):
        posts = [post for post in year.to(*addresses) if not is_ahead(post)]
        marks = Counter(
            mark
            for post in posts
            for mark in post.reply.told
            if mark.startswith(once) and not mark.startswith("change:")
        )
        assert not [mark for mark, count in marks.items() if count > 1], addresses


def test_a_change_is_told_once(year: Year) -> None:
    for address in ("na-hin", "xa"):
        lines = Counter(
            line
            for post in year.to(address)
            if not is_ahead(post)
            for line in post.text.splitlines()
            if " so với " in line or "; tăng " in line or "; giảm " in line
        )
        assert lines, address
        assert not [line for line, count in lines.items() if count > 1], address


def test_there_are_at_most_three_in_seven_days_and_never_two_within_a_day(year: Year) -> None:
    """Of whatever kind, but for emergencies: the summary, reminders, the look back, what administrators are told."""
    by_person: defaultdict[str, list[datetime]] = defaultdict(list)
    for post in year.unasked:
        if not is_ahead(post):
            by_person[HEADS.get(post.to, post.to)].append(post.at)
    for who, moments in by_person.items():
        moments.sort()
        for earlier, later in pairwise(moments):
            assert later - earlier >= DAY, (who, earlier, later)
        for first in moments:
            week = [one for one in moments if first.date() <= one.date() < first.date() + 7 * DAY]
            assert len(week) <= 3, (who, week)
    told = {mark.partition(":")[0] for post in year.unasked for mark in post.reply.told}
    assert {"quality", "missed", "last", "locked", "calls-last"} <= told


def test_every_week_has_its_summary(year: Year) -> None:
    """But for the one whose hour fell into the outage for too long: that is named to the administrator."""
    mondays = {f"{day.isocalendar()[0]}-W{day.isocalendar()[1]:02}" for day in weeks_of_year()}
    for address in ("na-hin", "xa"):
        weeks = [
            post.key.split(":")[1]
            for post in year.to(address)
            if post.kind == "weekly" and not is_ahead(post)
        ]
        assert len(weeks) == len(set(weeks))
        assert mondays - set(weeks) == {"2026-W51"}, address
    [pause] = [post for post in year.to("quan-tri") if "Máy đã nghỉ từ 07:59 13/12/2026" in post.text]
    assert "tin tuần: 3" in pause.text


def weeks_of_year() -> Iterator[date]:
    """The Mondays on which the year has a summary."""
    day = START.date() + DAY
    while day < date(2027, 11, 22):
        yield day
        day += 7 * DAY


def test_a_village_heads_letter_is_one_screen_with_one_button(year: Year) -> None:
    for post in year.to(*HEADS):
        if post.kind == "weekly":
            assert len(post.text.splitlines()) <= 16, post.text
            assert len(post.labels) == 1, post.text


def test_last_chance_and_locked_are_told(year: Year) -> None:
    """Whatever a village never sent: before it locked, or that it was late, and then that it has locked."""
    kinds: defaultdict[tuple[str, str, int], set[str]] = defaultdict(set)
    for post, kind, form, period, place in year.told:
        if post.to in HEADS:
            kinds[form, period, place].add(kind)
    locked = [report for report, told in kinds.items() if "locked" in told]
    assert len(locked) > 10
    for report in locked:
        assert report not in year.sent
        assert kinds[report] & {"last", "late"}, report


def test_who_is_to_be_phoned_was_reminded_twice_and_can_be_phoned(year: Year) -> None:
    line = re.compile(r"• (.+), ([^:]+): \d+ thôn đã được nhắc hai lần mà chưa gửi: (.+)")
    phoned = [(post.at, *named) for post in year.to("xa") for named in line.findall(post.text)]
    assert len(phoned) > 5
    for moment, title, label, names in phoned:
        for name in names.split(", "):
            sent = year.sent_at(title, label, year.places[name.removeprefix("thôn ")])
            assert sent is None or sent > moment, (moment, title, name)
            assert name != "thôn Bản Pàu" or moment > NEW, "there was nobody to be phoned"
    closed = [post for post in year.to("xa") if "không có máy nào nhận được tin" in post.text]
    assert [post.at < LOST + 10 * DAY for post in closed] == [True]
    assert "thôn Nà Lốc" in closed[0].text


def test_numbers_are_those_of_that_moment(year: Year) -> None:
    """How many villages have sent a questionnaire, recounted from what was sent by then."""
    line = re.compile(r"• (.+), ([^:]+): (\d+)/(\d+) thôn đã báo cáo(?: \((\d+) nộp muộn\))?")
    counted = awaited = 0
    for post in year.to("xa"):
        for title, label, reported, expected, _ in line.findall(post.text):
            if title in year.titles:
                counted_here = {year.places[name] for name in VILLAGES}
                if post.at.date() >= MERGED and not is_awaited(year, year.titles[title], post.at):
                    counted_here.remove(year.places["Bản Pàu"])
                known = {
                    place
                    for (form, period, place), sent in year.sent.items()
                    if (form, from_key(period).label("vi")) == (year.titles[title], label) and sent <= post.at
                }
                assert len(known & counted_here) == int(reported), (post.at, title, label)
                assert int(expected) == len(counted_here), (post.at, title, label)
                counted += 1
                if post.at.date() >= MERGED and len(counted_here) == len(VILLAGES):
                    assert "còn đếm riêng: thôn Bản Pàu" in post.text, (post.at, title, label)
                    awaited += 1
    assert counted > 60
    assert awaited > 0


def is_awaited(year: Year, form: str, at: datetime) -> bool:
    """Whether Bản Pàu, which went into Nà Lốc, had reported, and Nà Lốc has not done so for the ground of both since."""
    told = {
        (place, from_key(period).end >= MERGED and sent.date() >= MERGED)
        for (name, period, place), sent in year.sent.items()
        if name == form and sent <= at
    }
    return (year.places["Bản Pàu"], False) in told and (year.places["Nà Lốc"], True) not in told


def test_every_figure_of_a_summary_is_the_answer_to_its_question(year: Year) -> None:
    assert len(year.answered) > 20
    for asked in year.answered:
        for number in asked.numbers:
            assert number.lower() in asked.answer.lower(), (asked.post.at, asked.line, asked.answer)


def test_an_open_emergency_has_somebody_or_is_told_again(year: Year) -> None:
    waiting = [one for one in year.alarms if not (one.closed or one.taken_up)]
    assert {one.raised.date() for one in waiting} == {HELPED.date(), LEFT.date()}
    for one in waiting:
        if one.at - one.raised >= DAY:
            assert one.told_at.date() == one.at.date() or one.at.hour < 8, one
        else:
            # It goes up; at the top it is told again, each time after as long as it has waited.
            assert one.at - one.told_at < max(timedelta(hours=1), one.told_at - one.raised), one


def test_a_summary_counts_every_emergency(year: Year) -> None:
    line = re.compile(r"Tin khẩn cấp: (\d+) trong tuần hoặc chưa khép, đang mở (\d+)")
    counted = 0
    for post in year.to("xa"):
        if post.kind != "weekly" or is_ahead(post):
            continue
        known = [one for one in year.alarms if one.at == post.at]
        known = [one for one in known if not one.taken_up or post.at - one.raised < 30 * DAY]
        going_on = sum(not one.closed for one in known)
        said = [(int(count), int(still)) for count, still in line.findall(post.text)]
        assert said == ([(len(known), going_on)] if known else []), post.at
        if any(not (one.closed or one.taken_up) for one in known):
            assert "Chưa ai nhận: 1" in post.text
            assert "Sạt lở đất, thôn Nà Hin" in post.text
        counted += bool(known)
    assert counted >= 5
