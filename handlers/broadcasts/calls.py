"""Whom to phone: commune officers are told what reminders could not do.

A village that is overdue and still silent, one whose form is about to lock, and a head whom no message reaches any
more can only be reached by somebody who knows them. A village counts as reminded only by letters that arrived.
`figures.overdue` says whose a missing report is. A list counts every village. It also names those whose head is not
told, because the report was late before they came, and those without a head, where nobody can be phoned.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from typing import Final

from markupsafe import Markup

from figures.coverage import Owed, cover, villages
from figures.overdue import Heads, LateVillages, heads_of, since_opened, without_locked
from handlers.broadcasts.news import DAY, NEAR, TO_LOCKED, TO_SUMMARY, News, midnight_after
from handlers.broadcasts.reminders import AFTER, CHANCE, mark
from handlers.buttons import choice
from handlers.letters import Recipient, offices
from handlers.navigation import ShowUnit
from handlers.sentences import first_names
from handlers.viewer import Viewer
from plans.holidays import put_off, working_after, working_before
from storage import people, places
from storage.tables import Level, Place, RoleName
from storage.told import KEPT, arrived

NAMED: Final = 12
"""How many villages are named: callers go down the list, and a longer one is behind the button."""
TWICE: Final = 2
MANY: Final = 3
"""With more questionnaires than this, the villages are named once for all of them."""


@dataclass(frozen=True, slots=True)
class FormUnsent:
    """One questionnaire that some villages have not sent: the sentence that says so, and until when they can."""

    key: str
    owed: Owed
    ids: frozenset[int]
    until: date | None = None


@dataclass(frozen=True)
class CommuneHeads:
    """A commune's villages that have a head, and who these heads are."""

    viewer: Viewer
    commune: Place
    under: Mapping[int, Place]
    heads: Heads
    told: Collection[str]

    def names(self, ids: Collection[int]) -> str:
        """Return the names of some villages; of many, only the first. All of a commune need not be named."""
        if self.is_all(ids):
            return self.viewer.say("calls.all").unescape()
        named = [places.own_name(village) for number, village in self.under.items() if number in ids]
        return first_names(named, NAMED)

    def is_all(self, ids: Collection[int]) -> bool:
        """Whether these are all villages of a commune that has more than a few."""
        return len(self.under) > MANY and set(ids) >= self.under.keys()

    def line(self, key: str, ids: Collection[int], **values: object) -> Markup:
        """Return how many villages, and which."""
        return self.viewer.say(key, n=len(ids), names=self.names(ids), **values)

    def lines(self, rows: Iterable[FormUnsent]) -> Iterator[Markup]:
        """Yield what is missing: a line for each questionnaire or, for many of one sort, the villages and which
        questionnaires."""
        sorts: dict[tuple[str, date | None], list[FormUnsent]] = {}
        for row in rows:
            sorts.setdefault((row.key, row.until), []).append(row)
        for (key, until), some in sorts.items():
            near = {"until": self.viewer.say.near(until, self.viewer.today)} if until else {}
            yield from (self.of_many if len(some) > MANY else self.of_few)(key, some, near)

    def of_few(self, key: str, rows: Sequence[FormUnsent], near: Mapping[str, str]) -> Iterator[Markup]:
        """A line for each questionnaire."""
        for row in rows:
            yield self.line(key, row.ids, form=row.owed.label(self.viewer.locale), **near)

    def of_many(self, key: str, rows: Sequence[FormUnsent], near: Mapping[str, str]) -> Iterator[Markup]:
        """Yield the villages, and the questionnaires with how many are missing."""
        counts = Counter(number for row in rows for number in row.ids)
        yield self.viewer.say(
            f"{key}_many", n=len(counts), forms=len(rows), names=self.counted(counts), **near
        )
        # The list of what locks soon has just named them, and nobody can send them any more.
        if key != "calls.locked":
            yield self.viewer.say("calls.forms", names="; ".join(map(self.form_counted, rows)))

    def form_counted(self, row: FormUnsent) -> str:
        """A questionnaire with how many villages have not sent it."""
        label = row.owed.label(self.viewer.locale)
        return self.viewer.say("calls.form", form=label, n=len(row.ids)).unescape()

    def counted(self, counts: Mapping[int, int]) -> str:
        """Return the names of some villages, each with how many reports it owes; of many, only the first."""
        named = [
            self.viewer.say("calls.count", place=places.own_name(village), n=counts[number]).unescape()
            for number, village in self.under.items()
            if number in counts
        ]
        return first_names(named, NAMED)

    def counted_together(self, counts: Counter[int]) -> str:
        """Return the same, in one sum if these are all villages."""
        if self.is_all(counts):
            return self.viewer.say("calls.all_counted", n=counts.total()).unescape()
        return self.counted(counts)

    def untold(self, lists: Sequence["Owing"]) -> Iterator[Markup]:
        """Yield the villages whose head is not told, each with how many of these reports it owes."""
        for key, part in UNTOLD.items():
            counts = Counter(number for one in lists for number in part(one.of))
            if counts:
                yield self.viewer.say(key, n=len(counts), names=self.counted_together(counts))

    def news(self, kind: str, lines: list[Markup], marks: list[str], rings: date) -> list[News]:
        """Return what there is to say of one sort, if anything."""
        if not lines:
            return []
        head = self.viewer.say(f"calls.head_{kind}", place=places.own_name(self.commune))
        look = choice(self.viewer.say("weekly.button.look"), ShowUnit(self.commune.id))
        text = Markup("\n").join((head, *lines))
        until = midnight_after(self.viewer, self.viewer.today + TO_SUMMARY)
        return [News(f"calls_{kind}", text, tuple(marks), rings, until, kind == "last", (look,))]


async def news(viewer: Viewer, recipient: Recipient, told: Collection[str]) -> list[News]:
    """The lists of the communes that this person looks after."""
    pieces: list[News] = []
    for commune in await offices(viewer, RoleName.COMMUNE_OFFICER):
        ground = await ground_of(viewer, commune, told)
        pieces += [*await about_to_lock(ground), *await silent(ground), *await locked(ground)]
    return pieces


async def ground_of(viewer: Viewer, commune: Place, told: Collection[str]) -> CommuneHeads:
    """A commune's villages with their heads."""
    under = {village.id: village for village in await villages(viewer, commune)}
    return CommuneHeads(viewer, commune, under, await heads_of(viewer, under.keys()), told)


@dataclass(frozen=True, slots=True)
class Owing:
    """A report that villages owe, and whose it is."""

    owed: Owed
    of: LateVillages


UNTOLD: Final[Mapping[str, Callable[[LateVillages], Collection[int]]]] = {
    "calls.before": attrgetter("before"),
    "calls.headless": attrgetter("headless"),
}
"""The villages whose head is not told, by the sentence that names them."""


def call_day(owed: Owed) -> date:
    """Return the first working day after the last reminder about a report."""
    return working_after(put_off(owed.entry.due(owed.period) + timedelta(days=AFTER)) + DAY)


def chance_day(owed: Owed) -> date:
    """Return the day on which officers hear that it locks soon."""
    return working_before(owed.entry.closes(owed.period) - timedelta(days=CHANCE))


def locked_day(owed: Owed) -> date:
    """Return the first working day on which it can no longer be sent."""
    return working_after(owed.entry.closes(owed.period) + DAY)


def is_now(kind: str, rings: date, today: date) -> bool:
    """Whether what is due to be told on a day is told today, even if late.

    What locks soon may also be told earlier, along with another letter.
    """
    first = rings - NEAR if kind == "last" else rings
    return first <= today <= rings + (TO_LOCKED if kind == "locked" else TO_SUMMARY)


async def owed_of(ground: CommuneHeads, kind: str) -> list[Owed]:
    """Return what villages owe that has to be told today and was not told yet."""
    viewer = ground.viewer
    active = await viewer.library.active_forms(viewer.session)
    owed = [
        Owed(active[entry.form][1], period, entry)
        for entry in viewer.library.plans.asked_of(Level.VILLAGE)
        if entry.form in active
        for period in entry.asked_between(viewer.today - 3 * TO_SUMMARY, viewer.today)
    ]
    new = [one for one in owed if mark_of(ground, kind, one) not in ground.told]
    return [one for one in new if is_for_today(kind, one, viewer.today)]


def is_for_today(kind: str, owed: Owed, today: date) -> bool:
    """Whether a kind is told today of what is owed."""
    ring = {"silent": call_day, "last": chance_day, "locked": locked_day}[kind]
    return is_now(kind, ring(owed), today) and is_fitting(kind, owed, today)


def is_fitting(kind: str, owed: Owed, today: date) -> bool:
    """Whether what is to be said is still so: nobody phones about what has locked."""
    is_open = today <= owed.entry.closes(owed.period)
    if kind == "last":
        return is_open and owed.entry.late(owed.period, today)
    return is_open == (kind == "silent")


def mark_of(ground: CommuneHeads, kind: str, owed: Owed) -> str:
    return mark(f"calls-{kind}", *owed.mark, ground.commune.id)


async def owing(ground: CommuneHeads, kind: str) -> list[Owing]:
    """Return each questionnaire to be told about today, with the villages that owe it."""
    coverages = await cover(ground.viewer, list(ground.under), await owed_of(ground, kind))
    if kind == "silent":
        coverages = since_opened(coverages)
    return [
        Owing(coverage.owed, ground.heads.parted(coverage))
        for coverage in await without_locked(ground.viewer, coverages)
        if coverage.missing
    ]


async def silent(ground: CommuneHeads) -> list[News]:
    """Return the overdue villages that have not reported, by questionnaire, and the heads whom nothing reaches."""
    lists, viewer = await owing(ground, "silent"), ground.viewer
    # A village without a head has nobody to phone: it is mentioned beside others, or when the report locks.
    lists = [one for one in lists if one.of.told or one.of.before]
    everybody = frozenset[int]().union(*(one.of.told for one in lists))
    heard = await arrived(viewer.session, everybody, viewer.now - KEPT) if everybody else {}
    lines = [*ground.lines(row for one in lists for row in of_overdue(one, heard)), *ground.untold(lists)]
    marks = [mark_of(ground, "silent", one.owed) for one in lists]
    closed = await unreached(ground)
    if closed:
        lines.append(ground.line("calls.closed", closed))
        marks += [mark_of_closed(number, since) for number, since in closed.items()]
    rings = [call_day(one.owed) for one in lists]
    return ground.news("silent", lines, marks, min(rings, default=viewer.today))


def of_overdue(owing: Owing, heard: Mapping[int, Collection[str]]) -> Iterator[FormUnsent]:
    """Yield the villages with a head that owe one report: those reminded twice, then the others.

    Those reminded twice and still silent are phoned first; the rest may be about to send.
    """
    twice = frozenset(
        number
        for number in owing.of.told
        if times_reminded(heard.get(number, ()), owing.owed, number) >= TWICE
    )
    others = (owing.of.told | owing.of.before) - twice
    for key, some in (("calls.silent", twice), ("calls.overdue", others)):
        if some:
            yield FormUnsent(key, owing.owed, some)


def times_reminded(marks: Collection[str], owed: Owed, number: int) -> int:
    """Return how many letters that arrived told a village of a report that is due or overdue."""
    return sum(list(marks).count(mark(kind, *owed.mark, number)) for kind in ("soon", "late"))


async def unreached(ground: CommuneHeads) -> dict[int, str]:
    """Return the villages with no head whose chat takes messages, if that was not told, and since which day."""
    ids = ground.heads.since.keys()
    closed = await people.unreached(ground.viewer.session, ids, ground.viewer.now - TO_SUMMARY)
    since = {number: str(at.astimezone(ground.viewer.zone).date()) for number, at in closed.items()}
    return {number: day for number, day in since.items() if mark_of_closed(number, day) not in ground.told}


def mark_of_closed(number: int, since: str) -> str:
    return f"closed:{since}:{number}"


async def about_to_lock(ground: CommuneHeads) -> list[News]:
    """Return what locks soon, with the villages that have not sent it."""
    lists, viewer = await owing(ground, "last"), ground.viewer
    rows = [
        FormUnsent("calls.last", one.owed, one.of.all_of_them, one.owed.entry.closes(one.owed.period))
        for one in lists
    ]
    lines = [*ground.lines(rows), *ground.untold(lists)]
    rings = min((chance_day(one.owed) for one in lists), default=viewer.today)
    return ground.news("last", lines, [mark_of(ground, "last", one.owed) for one in lists], rings)


async def locked(ground: CommuneHeads) -> list[News]:
    """Return what locked lately, with the villages that never sent it."""
    lists = await owing(ground, "locked")
    rows = [FormUnsent("calls.locked", one.owed, one.of.all_of_them) for one in lists]
    lines = [*ground.lines(rows), *ground.untold(lists)]
    rings = min((locked_day(one.owed) for one in lists), default=ground.viewer.today)
    return ground.news("locked", lines, [mark_of(ground, "locked", one.owed) for one in lists], rings)
