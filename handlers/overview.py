"""An officer's look: who has reported, what the figures are together, what one village last sent.

From the officer's own unit the buttons lead down, page by page, to a village. A button says which screen,
which place and how many periods back: "f:p:12:0:8" is the screen "place" of place 12, this period, from the
ninth row. Every place in a button goes through `access`, so that a forbidden place answers like a missing one.
"""

from decimal import Decimal
from typing import Final

from markupsafe import Markup
from sqlmodel import col, select

from figures import access, small
from figures.coverage import Coverage, Owed, asked_lately, below, cover, owed, villages
from handlers import codes, difficulties, fill_in, menu, nudge, replacing, sentences
from handlers.buttons import to_base36
from handlers.interviewing.sent import late_note
from handlers.menu import named
from handlers.messages import Choice, column
from handlers.turn import Turn
from plans.indicator import Indicator
from plans.period import from_key
from questionnaires.answers import Kind as Asked
from questionnaires.questionnaire import Question, Questionnaire
from questionnaires.showing import unit_of
from storage import ledger, places
from storage.tables import Level, Person, Place, RoleName, Submission

PAGE: Final = 8
"""Buttons on one screen: what a phone shows without scrolling."""
FURTHEST: Final = 60
"""So many periods back may be looked at."""
HEADS: Final = ("h", "i", "u")
"""The screens of who is head of a village."""
LISTED: Final = 40
"""So many names stand in one message."""


async def show(turn: Turn, note: Markup | str = "") -> None:
    """The officer's own unit; where they look after several, first which one. `note` stands before it."""
    roles = access.holds(turn.view, *access.OFFICERS)
    grounds = {role.place_id: role for role in roles}
    if not grounds:
        await menu.show(turn, turn.say("officer.only"))
    elif len(grounds) == 1:
        await show_place(turn, next(iter(grounds)), 0, 0, note)
    else:
        choices = [
            Choice(await titled(turn, place_id), f"f:p:{place_id}:0:0") for place_id in sorted(grounds)
        ]
        text = Markup("\n").join(filter(None, (note, turn.say("officer.which"))))
        turn.reply(text, choices=column(*choices))


async def titled(turn: Turn, place_id: int) -> str:
    place = await turn.session.places.get(place_id)
    return places.own_name(place) if place else ""


async def on_press(turn: Turn) -> None:
    """A button of these screens: screen, place, periods back, and the row or the questionnaire."""
    _, screen, *rest = turn.incoming.press.split(":")
    numbers = [int(part) if part.isascii() and part.isdigit() else -1 for part in rest]
    if len(rest) != 3 or min(numbers[:2]) < 0 or numbers[0] >= 2**63 or numbers[1] > FURTHEST:
        await menu.old_button(turn)
        return
    if not access.is_officer(turn.view):
        await no_such_place(turn)
        return
    place_id, back, last = numbers[0], numbers[1], rest[2]
    if screen == "p":
        await show_place(turn, place_id, back, max(numbers[2], 0))
    elif screen == "m":
        await show_missing(turn, place_id, back, last)
    elif screen == "s":
        await show_sums(turn, place_id, back, last)
    elif screen == "v":
        await show_village(turn, place_id)
    elif screen == "n":
        await remind(turn, place_id, back, last)
    elif screen == "d":
        await difficulties.show(turn, place_id, max(numbers[2], 0))
    elif screen == "r":
        await report_for(turn, place_id)
    elif screen in HEADS:
        await on_head(turn, screen, place_id, max(numbers[2], 0))
    else:
        await menu.old_button(turn)


async def on_head(turn: Turn, screen: str, village_id: int, number: int) -> None:
    """Who is head of a village: asked (h), replaced or invited (i), taken back (u)."""
    village = await access.visible(turn.view, village_id)
    if village is None or village.level != Level.VILLAGE or not await replacing.may(turn, village):
        await no_such_place(turn)
    elif screen == "h":
        await replacing.ask(turn, village)
    elif screen == "i":
        await replacing.replace(turn, village, number)
    else:
        await replacing.undo(turn, village, number)


async def choose_head(turn: Turn) -> None:
    """ "Thay người": first which village."""
    await show(turn, turn.say("replace.which") if access.is_officer(turn.view) else "")


async def no_such_place(turn: Turn) -> None:
    """What a forbidden and a missing place answer alike."""
    turn.reply(turn.say("menu.no_such_place"), choices=menu.buttons(turn.view))


# --- a unit and what lies below it ----------------------------------------------------------------------


async def show_place(turn: Turn, place_id: int, back: int, first: int, note: Markup | str = "") -> None:
    """How far the villages of a unit have reported, and the units below it as buttons; `note` stands before it."""
    place = await access.visible(turn.view, place_id)
    if place is None:
        await no_such_place(turn)
        return
    if place.level == Level.VILLAGE:
        await show_village(turn, place_id)
        return
    under = await villages(turn.view, place)
    found = await cover(turn.view, [village.id for village in under], await owed(turn.view, back))
    lines = [
        *([note] if note else []),
        await title(turn, place),
        *(sentences.of_coverage(turn.view, each) for each in found),
    ]
    if not under:
        lines.append(turn.say("officer.no_villages"))
    units = await below(turn.view, place)
    here = units[first : first + PAGE]
    if len(units) > PAGE:
        shown = turn.say("officer.page", first=first + 1, last=first + len(here), count=len(units))
        lines.append(shown)
    rows: list[tuple[Choice, ...]] = [(await unit_button(turn, unit, back, found),) for unit in here]
    rows += turning(turn, f"f:p:{place_id}:{back}", first, len(units))
    rows += screens(turn, place, back, found)
    rows.append((named(turn.view, "officer.button.progress", f"t:{to_base36(place_id)}"),))
    rows += difficulties.button(turn, place, await difficulties.on_ground(turn, place))
    rows += await way_up(turn, place, back)
    turn.reply(Markup("\n").join(lines), choices=tuple(rows))


async def title(turn: Turn, place: Place) -> Markup:
    name = await turn.session.places.full_name(place, turn.today)
    closed = Markup("\n") + turn.say("officer.closed", day=place.last_day) if place.last_day else Markup()
    invented = Markup("\n") + turn.say("officer.invented") if place.invented else Markup()
    return turn.say("officer.title", place=name) + closed + invented


async def unit_button(turn: Turn, unit: Place, back: int, found: list[Coverage]) -> Choice:
    """A unit with how many of its reports are in: "xã Vĩnh Thông 21/36", a village "Nà Hin 2/3"."""
    ids = {village.id for village in await villages(turn.view, unit)}
    expected = len(ids) * len(found)
    reported = expected - sum(len(each.missing & ids) for each in found)
    screen = "v" if unit.level == Level.VILLAGE else "p"
    return Choice(f"{places.own_name(unit)}: {reported}/{expected}"[:64], f"f:{screen}:{unit.id}:{back}:0")


def turning(turn: Turn, stem: str, first: int, count: int) -> list[tuple[Choice, ...]]:
    """The buttons to the page before and the page after, where there are such."""
    buttons = []
    if first > 0:
        buttons.append(named(turn.view, "officer.before", f"{stem}:{max(first - PAGE, 0)}"))
    if first + PAGE < count:
        buttons.append(named(turn.view, "officer.after", f"{stem}:{first + PAGE}"))
    return [tuple(buttons)] if buttons else []


def screens(turn: Turn, place: Place, back: int, found: list[Coverage]) -> list[tuple[Choice, ...]]:
    """For each questionnaire: its sums, and in a commune who has not sent it; then the period before."""
    rows: list[tuple[Choice, ...]] = []
    for each in found:
        form = each.owed.form
        label = str(turn.say("officer.button.sums", form=form.title(turn.locale)))
        line = [Choice(label[:64], f"f:s:{place.id}:{back}:{form.name}")]
        if each.missing and place.level == Level.COMMUNE:
            line.append(missing_button(turn, place, back, each.owed, len(each.missing)))
        rows.append(tuple(line))
    times = []
    if back < FURTHEST:
        times.append(named(turn.view, "officer.button.earlier", f"f:p:{place.id}:{back + 1}:0"))
    if back:
        times.append(named(turn.view, "officer.button.later", f"f:p:{place.id}:{back - 1}:0"))
    return [*rows, tuple(times)]


async def way_up(turn: Turn, place: Place, back: int) -> list[tuple[Choice, ...]]:
    """The button to the unit above, as far up as this person may see."""
    above = await turn.session.places.ancestors(place.id, turn.today)
    if not above or await access.visible(turn.view, above[0].id) is None:
        return []
    up = above[0]
    return [(Choice(f"↑ {places.own_name(up)}"[:64], f"f:p:{up.id}:{back}:0"),)]


# --- one questionnaire ----------------------------------------------------------------------------------


async def chosen(turn: Turn, place_id: int, back: int, name: str) -> tuple[Place, Owed] | None:
    """The place and the questionnaire of a button; None, and the answer given, where either is gone."""
    place = await access.visible(turn.view, place_id)
    if place is None:
        await no_such_place(turn)
        return None
    for each in await owed(turn.view, back):
        if each.form.name == name:
            return place, each
    await menu.old_button(turn)
    return None


async def show_reported(turn: Turn, place_id: int, back: int, name: str, note: Markup | str = "") -> None:
    """Which villages of a unit have sent a questionnaire, with the button to those that have not."""
    found = await chosen(turn, place_id, back, name)
    if found is None:
        return
    place, each = found
    sent, missing = await parted(turn, place, each)
    key = "officer.reported" if sent else "officer.reported_none"
    counts = {"n": len(sent), "expected": len(sent) + len(missing)}
    text = turn.say(key, form=each.label(turn.locale), names=some_names(sent), **counts)
    rows = [missing_button(turn, place, back, each, len(missing))] if missing else []
    rows.append(named(turn.view, "officer.button.up", f"f:p:{place_id}:{back}:0"))
    turn.reply(Markup("\n").join(filter(None, (note, text))), choices=column(*rows))


async def show_missing(turn: Turn, place_id: int, back: int, name: str, note: Markup | str = "") -> None:
    """Which villages of a unit have not sent a questionnaire, with the button that reminds those of a commune."""
    found = await chosen(turn, place_id, back, name)
    if found is None:
        return
    place, each = found
    _, missing = await parted(turn, place, each)
    key = "officer.missing" if missing else "officer.complete"
    text = turn.say(key, form=each.label(turn.locale), names=some_names(missing), n=len(missing))
    rows: list[Choice] = []
    if missing and each.open(turn.today) and await may_remind(turn, place):
        label = turn.say("officer.button.remind", n=len(missing))
        rows.append(Choice(str(label), f"f:n:{place_id}:{back}:{name}"))
    rows += [
        Choice(places.own_name(village)[:64], f"f:v:{village.id}:{back}:0") for village in missing[:PAGE]
    ]
    rows.append(named(turn.view, "officer.button.up", f"f:p:{place_id}:{back}:0"))
    turn.reply(Markup("\n").join(filter(None, (note, text))), choices=column(*rows))


async def parted(turn: Turn, place: Place, each: Owed) -> tuple[list[Place], list[Place]]:
    """The villages of a unit that have sent a questionnaire, and those that have not."""
    under = await villages(turn.view, place)
    [coverage] = await cover(turn.view, [village.id for village in under], [each])
    sent = [village for village in under if village.id not in coverage.missing]
    return sent, [village for village in under if village.id in coverage.missing]


def some_names(units: list[Place]) -> str:
    """The names that one message holds."""
    return ", ".join(map(places.own_name, units[:LISTED])) + (" …" if len(units) > LISTED else "")


def missing_button(turn: Turn, place: Place, back: int, each: Owed, count: int) -> Choice:
    """The button to those who have not sent a questionnaire."""
    label = str(turn.say("officer.button.missing", n=count, form=each.form.title(turn.locale)))
    return Choice(label[:64], f"f:m:{place.id}:{back}:{each.form.name}")


async def show_sums(turn: Turn, place_id: int, back: int, name: str) -> None:
    """The sums and rates of one questionnaire in one period, from the villages that reported it."""
    found = await chosen(turn, place_id, back, name)
    if found is None:
        return
    place, each = found
    if place.level == Level.VILLAGE:
        await show_village(turn, place_id)
        return
    counted = [question for question in each.form.questions if question.kind in (Asked.COUNT, Asked.AREA)]
    shares = rates_of(turn, each.form)
    names = ["", *(f"?{question.name}" for question in counted), *(indicator.id for indicator in shares)]
    form, period = each.form.name, each.period
    totals = (await ledger.said(turn.session, [place_id], form, names, period, turn.today)).get(place_id, {})
    reports, expected = totals.get("", ledger.NOTHING).reports, len(await villages(turn.view, place))
    lines = [turn.say("officer.sums", place=await titled(turn, place_id), form=each.label(turn.locale))]
    lines.append(turn.say("officer.based", known=reports, expected=expected))
    if reports == 1 and not await small.is_near(turn.view, place):
        lines.append(turn.say("officer.one_village"))
        counted, shares = [], []
    for question in counted:
        if total := totals.get(f"?{question.name}"):
            unit = unit_of(each.form, question, turn.locale)
            shown = f"{turn.say.number(total.numerator)} {unit}".strip()
            lines.append(line(turn, worded(turn, each.form, question), shown))
    lines += [
        rated(turn, indicator, total)
        for indicator in shares
        if (total := totals.get(indicator.id)) and total.denominator
    ]
    if not reports:
        lines.append(turn.say("officer.no_figures"))
    up = named(turn.view, "officer.button.up", f"f:p:{place_id}:{back}:0")
    turn.reply(Markup("\n").join(lines), choices=column(up))


def worded(turn: Turn, form: Questionnaire, question: Question) -> str:
    """A question's label before a colon, with … where it repeats somebody's answer."""
    parts = form.words(question.labels, turn.locale)
    return "".join(part if isinstance(part, str) else "…" for part in parts).rstrip(" ?:")


def line(turn: Turn, label: object, value: object) -> Markup:
    return turn.say("officer.line", label=label, value=value)


def rates_of(turn: Turn, form: Questionnaire) -> list[Indicator]:
    """The rates that this questionnaire feeds and that places together have."""
    asked = {question.name for question in form.questions}
    known = turn.library.plans.indicators.values()
    return [
        each
        for each in known
        if each.rate and each.additive and each.numerator and set(each.questions) <= asked
    ]


def rated(turn: Turn, indicator: Indicator, total: ledger.Total) -> Markup:
    """Σ numerator / Σ denominator, never a mean of rates, from the villages that counted both."""
    shown = turn.say(
        "officer.rate",
        value=round(total.figure(indicator).value or Decimal(0), max(indicator.decimals, 1)),
        unit=indicator.unit_name(turn.locale),
        numerator=total.numerator,
        denominator=total.denominator,
        n=total.reports,
    )
    return line(turn, indicator.name(turn.locale), shown)


# --- one village ----------------------------------------------------------------------------------------


async def show_village(turn: Turn, village_id: int) -> None:
    """What a village last sent of what is asked this month, the rest as buttons; noted in the audit.

    The reports themselves are for the village and its commune; others see its figures (`figures.small`).
    """
    village = await access.visible(turn.view, village_id)
    if village is None:
        await no_such_place(turn)
        return
    await codes.note(turn, "figures.village", f"place:{village_id}")
    lines = [await title(turn, village)]
    rows: list[tuple[Choice, ...]] = []
    due, near = await owed(turn.view), await small.is_near(turn.view, village)
    for each in await asked_lately(turn.view):
        sent = await newest(turn, village_id, each)
        if each in due:
            lines.append(await told(turn, each, sent))
        if sent is not None and near:
            label = str(turn.say("officer.button.look", form=each.form.title(turn.locale)))
            rows.append((Choice(label[:64], f"d:v:{to_base36(sent.id)}"),))
    rows.append((named(turn.view, "officer.button.progress", f"t:{to_base36(village_id)}"),))
    if await may_remind(turn, village):
        still = [each for each in due if each.open(turn.today)]
        if any(coverage.missing for coverage in await cover(turn.view, [village_id], still)):
            rows.append((named(turn.view, "officer.button.remind_one", f"f:n:{village_id}:0:*"),))
        rows.append((named(turn.view, "officer.button.report_for", f"f:r:{village_id}:0:0"),))
    if heads := await replacing.button(turn, village):
        rows.append(heads)
    rows += await way_up(turn, village, 0)
    turn.reply(Markup("\n\n").join(lines), choices=tuple(rows))


async def newest(turn: Turn, village_id: int, each: Owed) -> Submission | None:
    """The village's newest report of a questionnaire, of the present period or an earlier one."""
    chosen = (
        select(Submission)
        .where(Submission.place_id == village_id, Submission.form_name == each.form.name)
        .where(col(Submission.current), col(Submission.period_end) <= each.period.end)
        .order_by(col(Submission.period_end).desc(), col(Submission.id).desc())
        .limit(1)
    )
    return (await turn.session.exec(chosen)).first()


async def told(turn: Turn, each: Owed, sent: Submission | None) -> Markup:
    """In words: of which period the newest report is, when it was sent, and by whom."""
    if sent is None:
        return turn.say("officer.never", form=each.label(turn.locale))
    heading = "officer.report" if sent.period == each.period.key else "officer.report_before"
    text = turn.say(
        heading,
        form=each.label(turn.locale),
        period=from_key(sent.period).label(turn.locale),
        receipt=sent.receipt,
        at=sent.sent_at.astimezone(turn.zone),
        who=await sender(turn, sent),
    )
    note = await late_note(turn, sent, each.entry)
    return Markup("\n").join((text, note)) if note else text


async def sender(turn: Turn, sent: Submission) -> Markup | str:
    """Who sent it, for officers of the commune; nobody for others, nor for somebody who left."""
    if not access.holds(turn.view, RoleName.COMMUNE_OFFICER) or sent.person_id is None:
        return ""
    person = await turn.session.get(Person, sent.person_id)
    return turn.say("officer.sender", name=person.name) if person and person.name else ""


async def may_remind(turn: Turn, place: Place) -> bool:
    """Reminding and reporting for a village are the commune officer's, on their own ground."""
    return await access.within(turn.view, place.id, access.holds(turn.view, RoleName.COMMUNE_OFFICER))


async def remind(turn: Turn, place_id: int, back: int, name: str) -> None:
    """Queue a polite reminder to the heads of the villages that have not sent a questionnaire ("*": any)."""
    place = await access.visible(turn.view, place_id)
    if place is None or not await may_remind(turn, place):
        await no_such_place(turn)
        return
    asked = [each for each in await owed(turn.view, back) if name in ("*", each.form.name)]
    due = [each for each in asked if each.open(turn.today)]
    under = {village.id: village for village in await villages(turn.view, place)}
    wanted: dict[int, list[Owed]] = {}
    for coverage in await cover(turn.view, list(under), due):
        for village_id in coverage.missing:
            wanted.setdefault(village_id, []).append(coverage.owed)
    count = nudge.Count()
    for village_id, forms in wanted.items():
        await nudge.remind(turn, under[village_id], forms, count)
    await codes.note(turn, "nudged", f"place:{place_id}", {"sent": count.sent})
    up = named(turn.view, "officer.button.up", f"f:p:{place_id}:{back}:0")
    text = nudge.told(turn, count) if due or not asked else turn.say("officer.reminded_closed")
    turn.reply(text, choices=column(up), notice=str(turn.say("officer.noted")))


async def report_for(turn: Turn, village_id: int) -> None:
    """Báo hộ: the commune officer answers for a village without a phone."""
    village = await access.may_report_for(turn.view, village_id)
    if village is None:
        await no_such_place(turn)
        return
    await codes.note(turn, "report.for", f"place:{village_id}")
    await fill_in.show_due_at(turn, [village])
