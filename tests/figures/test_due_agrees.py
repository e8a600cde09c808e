"""What is owed, sent, late and open is one: whatever the schedule and the day, every list and letter says the same.

Beside the database stands a plain model: the days of a report worked out by hand, and the set of what was sent.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from random import Random

import pytest

from bot.timetable import write_round
from figures import coverage, due
from handlers.broadcasts import of_village, reminders
from handlers.letters import recipients
from handlers.viewer import Viewer
from plans.holidays import brought_forward, put_off
from plans.period import MONTHS, Calendar, Period, PeriodKind, day_in, period_of
from plans.reading import load_plans
from plans.schedule import Entry
from storage.tables import Place, Submission
from tests.handlers.chatting import ZONE, Phone, Town, labels, send_report, text_of

FORMS = ("nuoc-sach", "nha-o", "giao-duc")
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 30, 9, 11, tzinfo=ZONE)
Report = tuple[str, str]
"""A questionnaire's name and a period's key."""


@dataclass
class Model:
    """What should stand where on `day`, by the lines of a schedule and what was sent."""

    entries: Sequence[Entry]
    day: date
    sent: set[Report] = field(default_factory=set)

    @cached_property
    def reports(self) -> list[tuple[Entry, Period, date, date, date]]:
        """Every report of the last months, each with its first, its due and its last day."""
        found = []
        for entry in self.entries:
            period = period_of(entry.kind, self.day - 250 * DAY, entry.calendar)
            while period.start <= self.day + 40 * DAY:
                opens = day_in(period, entry.month, entry.day)
                planned = (
                    opens + (entry.within - 1) * DAY if entry.within else period.end + entry.due_days * DAY
                )
                last = put_off(planned)
                closes = max(last, period.end + entry.grace * DAY)
                if entry.locked_after is not None:
                    closes = last + entry.locked_after * DAY
                found.append((entry, period, opens, last, closes))
                period = period.next()
        return found

    def open(self) -> set[Report]:
        return {(e.form, p.key) for e, p, opens, _, closes in self.reports if opens <= self.day <= closes}

    def unsent(self) -> set[Report]:
        return self.open() - self.sent

    def late(self) -> set[Report]:
        return {(e.form, p.key) for e, p, _, last, _ in self.reports if self.day > last} & self.unsent()

    def rung(self) -> set[Report]:
        """What may be told of today: due tomorrow, overdue since yesterday, about to lock; a day before or some after."""
        return {
            (e.form, p.key)
            for e, p, _, last, closes in self.reports
            if (self.is_near(brought_forward(last - DAY), 1) and self.day <= last)
            or self.is_near(put_off(last + DAY), 0)
            or (self.is_near(brought_forward(closes - 2 * DAY), 1) and self.day > last)
        } & self.unsent()

    def is_near(self, rings: date, before: int) -> bool:
        return rings - before * DAY <= self.day <= rings + 4 * DAY


def schedule(random: Random) -> tuple[Entry, ...]:
    """A line for each questionnaire: a slot in the period or its whole length, closed early or late."""
    found = []
    for form in FORMS:
        kind = random.choice((PeriodKind.WEEK, PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF))
        week = kind is PeriodKind.WEEK
        found.append(
            Entry(
                form,
                "thon",
                kind,
                calendar=Calendar.GREGORIAN if week else random.choice(list(Calendar)),
                due_days=random.choice((-2, 0, 5, 14)),
                questions=5,
                month=1 if week else random.randint(1, MONTHS[kind]),
                day=random.randint(1, 7 if week else 28),
                within=random.choice((0, 7)),
                locked_after=random.choice((None, None, 0, 10, 21)),
                grace=random.choice((0, 7, 7, 25)),
            )
        )
    return tuple(found)


def ask(town: Town, *entries: Entry) -> None:
    town.dispatch.library.plans = replace(load_plans(), schedule=entries, programmes={})


@pytest.mark.parametrize("seed", range(4))
async def test_every_list_and_letter_agrees_with_what_was_sent(town: Town, seed: int) -> None:
    random = Random(seed)
    head = await town.head("a")
    for _ in range(5):
        model = Model(schedule(random), date(2026, 11, 1) + random.randrange(150) * DAY)
        town.now = datetime.combine(model.day, time(8), ZONE)
        ask(town, *model.entries)
        model.sent = {(each.form_name, each.period) for each in await town.rows(Submission)}
        await compare(town, head, model)
        for form, key in random.sample(sorted(model.unsent()), k=min(2, len(model.unsent()))):
            await send(town, model, form, key)
            await compare(town, head, model)


async def send(town: Town, model: Model, form: str, key: str) -> None:
    [entry] = [each for each in model.entries if each.form == form]
    period, back = entry.period(model.day), 0
    while period.key != key:
        period, back = period.previous(), back + 1
    await send_report(town, form, "Nà Hin", {}, back)
    model.sent.add((form, key))


async def compare(town: Town, head: Phone, model: Model) -> None:
    """Every place that says what is owed, beside the model."""
    async with town.storage.reading() as session:
        [recipient] = [
            each for each in (await recipients(session, 0))[0] if each.contact.address == head.address
        ]
        view = recipient.viewer(session, town.dispatch.library, town.now)
        village = await session.places.get(town.places["Nà Hin"])
        assert village is not None
        asked = await due.asked_of(view, village)
        assert {named(each) for each in asked if each.sent is None} == model.unsent()
        assert {named(each) for each in asked if each.late(view.now)} == model.late()
        assert {named(each) for each in asked if each.sent is not None} <= model.sent & model.open()
        await compare_letters(view, village, model)
        for entry, period, *_ in model.reports[:: 1 + len(model.reports) // 12]:
            can = await due.can_be_sent(view, village, entry.form, period)
            assert can == ((entry.form, period.key) in model.open())
        for each in await coverage.cover(view, [village.id], await coverage.owed_in(view)):
            report = each.owed.form.name, each.owed.period.key
            assert bool(each.missing) == (report not in model.sent)
            assert each.owed.open(model.day) == (report in model.open())


async def compare_letters(view: Viewer, village: Place, model: Model) -> None:
    """What reminders and the weekly summary name."""
    reminded = {
        mark.split(":")[1]
        for piece in await reminders.of_place(view, village, ())
        if piece.kind != "locked"
        for mark in piece.marks
    }
    assert reminded == {f"{form}@{key}" for form, key in model.rung()}
    asked = await due.asked_of(view, village)
    unsent = reminders.unsent(view, asked)
    none = {of_village.asked(view, some, missing, ()) for some, missing in ((asked, unsent), ((), ()))}
    assert none <= {view.say("weekly.none_due"), view.say("weekly.thanks")} or model.unsent()
    assert (of_village.asked(view, asked, unsent, ()) == view.say("weekly.thanks")) == (
        bool(asked) and not model.unsent()
    )


def named(asked: due.Due) -> Report:
    return asked.entry.form, asked.period.key


async def test_a_report_just_sent_is_not_asked_again_where_three_weeks_are_open(town: Town) -> None:
    """The receipt and the list speak of the other weeks, and never of the one that was sent."""
    ask(town, Entry("nha-o", "thon", PeriodKind.WEEK, due_days=14, questions=5))
    head = await town.head("a")
    weeks = ["tuần 45", "tuần 46", "tuần 47"]
    assert [
        label.rpartition(", ")[2] for label in labels(await head.says("báo cáo")) if "tuần" in label
    ] == weeks[:2]
    await head.presses("Làm: Nhà ở, tuần 45")
    while "Gửi" not in labels(head.shown[-1:]):
        await head.says("0")
    receipt = await head.presses("Gửi")
    assert "Đã nhận báo cáo" in text_of(receipt)
    assert not [label for label in labels(receipt) if "tuần 45" in label]
    assert "tuần 45" not in text_of(await head.says("báo cáo"))
    assert "Làm: Nhà ở, tuần 46" in labels(head.shown[-1:])


@pytest.mark.parametrize("kind", ["sqlite"])
async def test_a_newcomer_is_not_thanked_for_what_others_left_undone(town: Town) -> None:
    """Nor is the letter of the morning called late to them; a report that they sent themselves is."""
    ask(town, Entry("nha-o", "thon", PeriodKind.MONTH, due_days=-10, questions=5))
    town.now = MONDAY - timedelta(minutes=25)
    await town.joins("a")
    first = await summary(town, MONDAY)
    assert "Từ khi bác nhận việc chưa có phiếu nào phải gửi" in first
    assert "lẽ ra" not in first
    town.now += 7 * DAY
    await send_report(town, "nha-o", "Nà Hin", {})
    second = await summary(town, MONDAY + 7 * DAY)
    assert "gửi đủ các phiếu đến hạn từ khi bác nhận việc" in second
    assert "lẽ ra" in second


async def summary(town: Town, at: datetime) -> str:
    """The weekly summary that the only chat gets."""
    await town.heard()
    await write_round(town.storage, town.dispatch.library, at, "weekly")
    [(_, letter)] = await town.heard()
    return letter.text
