"""Who has reported: how far the villages of a unit are, and which of them have or have not sent a questionnaire.

From an officer's own unit the buttons lead down, page by page, to a village.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from markupsafe import Markup

from figures import overdue
from figures.access import may_remind, may_staff
from figures.coverage import (
    FURTHEST,
    Coverage,
    Need,
    Owed,
    below,
    cover,
    months_back,
    needs,
    owed_in,
    villages,
)
from figures.difficulties import on_ground
from handlers import sentences
from handlers.buttons import FormName, button, choice, short_name
from handlers.menu import named
from handlers.messages import Choice, Reply, column
from handlers.navigation import (
    Back,
    OfPlace,
    Remind,
    ShowProgress,
    ShowQuality,
    ShowStaff,
    ShowUnit,
    ShowVillage,
)
from handlers.screens import difficulties
from handlers.screens.paging import paged
from handlers.screens.places import title, way_up
from handlers.sentences import first_names
from handlers.viewer import Viewer
from storage import places
from storage.tables import Level, Place

PAGE: Final = 8
"""Buttons on one screen: what a phone shows without scrolling."""
FEW: Final = 5
"""The same where each letter costs money."""
LISTED: Final = 40
"""How many names fit into one message."""


@button("f:s:{place}:{back}:{form}", opens=True)
class ShowSums(OfPlace):
    """The sums of a questionnaire."""

    back: Back
    form: FormName


@button("f:m:{place}:{back}:{form}", opens=True)
class ShowMissing(OfPlace):
    """Which villages have not sent a questionnaire."""

    back: Back
    form: FormName


async def unit_page(
    viewer: Viewer,
    place: Place,
    back: int = 0,
    first: int = 0,
    note: Markup | str = "",
    asked: Sequence[Owed] = (),
    *,
    in_order: bool = False,
    brief: bool = False,
) -> Reply:
    """Return how far the villages of a unit are, with the units below it as buttons; `note` comes before it.

    It is about the questionnaires `asked`, if given, instead of a month's. `in_order`: the units stand in the text too,
    those that have sent least first. If `brief`, few of them stand on a page, and only as buttons.
    """
    under = await villages(viewer, place)
    ids = [village.id for village in under]
    coverages = await cover(viewer, ids, list(asked) or await owed_in(viewer, back))
    late = [] if back else await overdue.late(viewer, ids)
    known = await needs(viewer, await below(viewer, place), coverages, late)
    shown = with_villages(known)
    part = paged(shown, first, FEW if brief else PAGE)
    lines = [note, await title(viewer, place), *await villages_lines(viewer, coverages, back)]
    lines += overdue_lines(viewer, await overdue.counted(viewer, late))
    if not under:
        lines.append(viewer.say("officer.no_villages"))
    lines += part.told(viewer, "officer.page")
    if in_order and not brief:
        lines.append(viewer.say("officer.least_first", units=units_told(viewer, part.here)))
    lines += empty_units(viewer, len(known) - len(shown))
    rows: list[tuple[Choice, ...]] = [(unit_button(viewer, need, back),) for need in part.here]
    rows += part.turning(viewer, "officer.before", "officer.after", partial(ShowUnit, place.id, back))
    rows += screens(viewer, place, back, coverages)
    rows += await ways_today(viewer, place, back, has_villages=bool(under))
    rows += await way_up(viewer, place, back)
    return Reply(Markup("\n").join(filter(None, lines)), tuple(rows))


async def villages_lines(viewer: Viewer, coverages: Sequence[Coverage], back: int) -> list[Markup]:
    """Return how far the villages are with each questionnaire; now, also which are counted although they are gone."""
    lines = [sentences.of_coverage(viewer, coverage) for coverage in coverages]
    return lines if back else lines + await merged_line(viewer, coverages)


def with_villages(every: list[Need]) -> list[Need]:
    """Return the units that have villages; all if none has.

    Those without have nobody to remind; they are counted in one line instead of filling pages.
    """
    return [need for need in every if need.villages] or every


def empty_units(viewer: Viewer, count: int) -> list[Markup]:
    """Return the line that counts the units without villages, if there are any."""
    return [viewer.say("officer.empty_units", n=count)] if count else []


async def ways_today(
    viewer: Viewer, place: Place, back: int, *, has_villages: bool
) -> list[tuple[Choice, ...]]:
    """Return the buttons to how things stand today; below an earlier month they would be taken for that month's."""
    return [] if back else await unit_ways(viewer, place, has_villages=has_villages)


async def merged_line(viewer: Viewer, coverages: Sequence[Coverage]) -> list[Markup]:
    """Name the villages that are counted by themselves although they went into others."""
    ids = frozenset[int]().union(*(one.beside.closed for one in coverages))
    some = [village for id in sorted(ids) if (village := await viewer.session.places.get(id)) is not None]
    return [viewer.say("officer.merged", names=some_names(some))] if some else []


def overdue_lines(viewer: Viewer, owed: overdue.Overdue) -> list[Markup]:
    """Return how many reports are overdue and can still be sent, from how many villages; and of how many no head is told."""
    if not owed.reports:
        return []
    counts = (("officer.overdue_before", owed.before), ("officer.overdue_headless", owed.headless))
    head = viewer.say("officer.overdue", n=owed.reports, villages=owed.villages)
    return [head, *sentences.of_counts(viewer, counts)]


async def unit_ways(viewer: Viewer, place: Place, *, has_villages: bool) -> list[tuple[Choice, ...]]:
    """Return the buttons to what else there is to see of a unit today."""
    rows: list[tuple[Choice, ...]] = [(named(viewer, "officer.button.progress", ShowProgress(place.id)),)]
    rows += difficulties.difficulties_button(viewer, place, await on_ground(viewer, place))
    if has_villages and place.level not in (Level.VILLAGE, Level.NATION):
        rows.append((named(viewer, "quality.button", ShowQuality(place.id)),))
    if await may_staff(viewer, place):
        rows.append((named(viewer, "staff.button.show", ShowStaff(place.id)),))
    return rows


def units_told(viewer: Viewer, needs: Sequence[Need]) -> str:
    """Some units in a row, each with what it has not sent yet."""
    return "; ".join(unit_told(viewer, need).unescape() for need in needs)


def unit_told(viewer: Viewer, need: Need) -> Markup:
    """A unit with how many of its reports are missing: "xã Vĩnh Thông chưa gửi 15, quá hạn 3"."""
    key = "officer.unit_missing_overdue" if need.overdue else "officer.unit_missing"
    missing = need.expected - need.reported
    return viewer.say(key, place=places.own_name(need.unit), missing=missing, n=need.overdue)


def unit_button(viewer: Viewer, need: Need, back: int) -> Choice:
    """A unit with how many of its reports are in: "xã Vĩnh Thông: 21/36, 3 quá hạn"; a village "Nà Hin: 2/3"."""
    show = ShowVillage if need.unit.level == Level.VILLAGE else ShowUnit
    key = "officer.unit_overdue" if need.overdue else "officer.unit"
    counts = {"reported": need.reported, "expected": need.expected, "n": need.overdue}
    label = viewer.say(key, place=places.own_name(need.unit), **counts)
    return choice(label, show(need.unit.id, back))


def screens(viewer: Viewer, place: Place, back: int, coverages: list[Coverage]) -> list[tuple[Choice, ...]]:
    """Return, for each questionnaire, buttons to its sums and, in a commune, to who has not sent it; then to the
    period before."""
    rows: list[tuple[Choice, ...]] = []
    for coverage in coverages:
        form, of_month = coverage.owed.form, months_back(viewer, coverage.owed)
        named_so = sum(other.owed.form.name == form.name for other in coverages)
        title = coverage.owed.label(viewer.locale) if named_so > 1 else form.title(viewer.locale)
        label = viewer.say("officer.button.sums", form=title)
        line = [choice(label, ShowSums(place.id, of_month, short_name(form.name)))]
        if coverage.unsent and place.level == Level.COMMUNE:
            line.append(missing_button(viewer, place, of_month, coverage.owed, coverage.unsent))
        rows.append(tuple(line))
    return [*rows, tuple(other_months(viewer, place, back))]


def other_months(viewer: Viewer, place: Place, back: int) -> Iterator[Choice]:
    """The ways to the month before the one shown, and to that after it."""
    if back < FURTHEST:
        yield named(viewer, "officer.button.earlier", ShowUnit(place.id, back + 1))
    if back:
        yield named(viewer, "officer.button.later", ShowUnit(place.id, back - 1))


async def reported_page(
    viewer: Viewer, place: Place, owed: Owed, back: int, note: Markup | str = ""
) -> Reply:
    """Which villages of a unit have sent a questionnaire, with the button to those that have not."""
    sent, missing, coverage = await parted(viewer, place, owed)
    if place.level == Level.VILLAGE:
        return await missing_page(viewer, place, owed, back, note)
    key = "officer.reported" if sent else "officer.reported_none"
    counts = {"n": coverage.reported, "expected": coverage.expected}
    text = viewer.say(key, form=owed.label(viewer.locale), names=some_names(sent), **counts)
    buttons = [missing_button(viewer, place, back, owed, len(missing))] if missing else []
    buttons.append(named(viewer, "officer.button.up", ShowUnit(place.id, back)))
    return Reply(Markup("\n").join(filter(None, (note, text))), column(*buttons))


async def missing_page(viewer: Viewer, place: Place, owed: Owed, back: int, note: Markup | str = "") -> Reply:
    """Which villages of a unit have not sent a questionnaire, with the button that reminds those of a commune."""
    _, missing, _ = await parted(viewer, place, owed)
    text = missing_text(viewer, place, owed, missing)
    buttons: list[Choice] = []
    if missing and owed.open(viewer.today):
        if await may_remind(viewer, place):
            remind = viewer.say("officer.button.remind", n=len(missing))
            buttons.append(choice(remind, Remind(place.id, back, short_name(owed.form.name))))
        else:
            text += Markup("\n") + viewer.say("officer.who_reminds") + await by_commune(viewer, missing)
    buttons += [choice(places.own_name(village), ShowVillage(village.id, back)) for village in missing[:PAGE]]
    buttons.append(named(viewer, "officer.button.up", ShowUnit(place.id, back)))
    return Reply(Markup("\n").join(filter(None, (note, text))), column(*buttons))


async def units_complete(viewer: Viewer, place: Place, owed: Owed) -> Markup:
    """Return how many units right below a place have sent all of a questionnaire, and which have not, by how many."""
    every = await asked_below(viewer, place, owed)
    if not every:
        return Markup()
    lacking = [need for need in every if need.reported < need.expected]
    names = [f"{places.own_name(one.unit)} ({one.expected - one.reported})" for one in lacking]
    facts = {
        "form": owed.label(viewer.locale),
        "n": len(every) - len(lacking),
        "total": len(every),
        "level": viewer.say(f"progress.level.{every[0].unit.level}"),
        "names": first_names(names, LISTED, " …"),
    }
    return viewer.say("officer.units_lacking" if lacking else "officer.units_complete", **facts)


async def asked_below(viewer: Viewer, place: Place, owed: Owed) -> list[Need]:
    """Return what the units right below a place have sent of a questionnaire, of those that are asked for it."""
    ids = [village.id for village in await villages(viewer, place, owed.period.end)]
    known = await needs(viewer, await below(viewer, place), await cover(viewer, ids, [owed]), [])
    return [need for need in known if need.expected]


def missing_text(viewer: Viewer, place: Place, owed: Owed, missing: Sequence[Place]) -> Markup:
    """Return which villages have not sent a questionnaire; for a single village, whether it has."""
    facts = {"form": owed.label(viewer.locale), "n": len(missing)}
    if place.level == Level.VILLAGE:
        key = "officer.missing_one" if missing else "officer.complete_one"
        return viewer.say(key, place=places.own_name(place), **facts)
    return viewer.say(
        "officer.missing" if missing else "officer.complete", names=some_names(missing), **facts
    )


async def by_commune(viewer: Viewer, missing: Sequence[Place]) -> Markup:
    """Return in how many villages of each commune something is missing: its officer can remind them."""
    counts = Counter[str]()
    for village in missing:
        above = await viewer.session.places.ancestors(village.id, viewer.today)
        counts.update(places.own_name(unit) for unit in above if unit.level == Level.COMMUNE)
    names = (f"{name} ({n})" for name, n in sorted(counts.items(), key=lambda one: (-one[1], one[0])))
    told = first_names([*names], LISTED, " …")
    return Markup(" ") + viewer.say("officer.whose_they_are", names=told) if counts else Markup()


async def parted(viewer: Viewer, place: Place, owed: Owed) -> tuple[list[Place], list[Place], Coverage]:
    """Return the villages of a unit that have sent a questionnaire, and those that have not: those of the period's end.

    Villages that became one have sent it by themselves; what they have not is for the new one to send.
    """
    under = await villages(viewer, place, owed.period.end)
    [coverage] = await cover(viewer, [village.id for village in under], [owed])
    missing = [village for village in under if village.id in coverage.missing]
    own = [village for village in under if coverage.has_sent(village.id)]
    return [*own, *await closed_that_sent(viewer, coverage)], missing, coverage


async def closed_that_sent(viewer: Viewer, coverage: Coverage) -> list[Place]:
    """Return the villages that became one and had sent the questionnaire by themselves."""
    ids = sorted(coverage.beside.closed - coverage.unheard)
    closed = [await viewer.session.places.get(id) for id in ids]
    return [village for village in closed if village is not None]


def some_names(units: Sequence[Place]) -> str:
    """Return as many names as fit into one message."""
    return first_names([*map(places.own_name, units)], LISTED, " …")


def missing_button(viewer: Viewer, place: Place, back: int, owed: Owed, count: int) -> Choice:
    """The button to those who have not sent a questionnaire."""
    label = viewer.say("officer.button.missing", n=count, form=owed.form.title(viewer.locale))
    return choice(label, ShowMissing(place.id, back, short_name(owed.form.name)))
