"""An officer's look at their ground: the commands and buttons of the screens that show who has reported.

Every place in a button goes through `access`, so a forbidden place is answered like a missing one.
"""

from collections.abc import Awaitable, Callable
from operator import attrgetter
from typing import Final, TypeVar

from markupsafe import Markup

from figures import access, quality
from figures.coverage import Owed, cover, officers_villages, overdue, owed_in, villages
from handlers import codes, menu, nudge
from handlers.buttons import Presses, choice, short_name
from handlers.menu import named
from handlers.messages import column
from handlers.navigation import OfPlace, Remind, ShowQuality, ShowUnit, ShowVillage
from handlers.officers import replacing
from handlers.screens import difficulties, due, reported, sums
from handlers.screens import quality as quality_screen
from handlers.screens import village as village_screen
from handlers.screens.difficulties import ShowDifficulties
from handlers.screens.reported import ShowMissing, ShowSums
from handlers.screens.village import AskNewHead, ReportFor
from handlers.turn import Turn
from questionnaires.answers.text import fold
from storage import places
from storage.tables import Level, Place, RoleName

pressed: Final = Presses()
CAN_LOOK_BACK: Final = (RoleName.COMMUNE_OFFICER, RoleName.DISTRICT_OFFICER, RoleName.PROVINCE_OFFICER)
"""A nation has too many communes for a look back at each."""


async def show(turn: Turn, note: Markup | str = "") -> None:
    """Show the officer's own unit; if they look after several, ask which. `note` comes before it."""
    units = await access.places_of(turn.view, access.holds(turn.view, *access.OFFICERS))
    if not units:
        await menu.show(turn, turn.say("officer.only"))
    elif len(units) == 1:
        await show_place(turn, await access.visible(turn.view, units[0].id), note=note)
    else:
        in_order = sorted(units, key=attrgetter("id"))
        buttons = (choice(places.own_name(unit), ShowUnit(unit.id)) for unit in in_order)
        text = Markup("\n").join(filter(None, (note, turn.say("officer.which"))))
        turn.reply(text, choices=column(*buttons))


async def choose_head(turn: Turn) -> None:
    """Handle "Thay người": ask which village."""
    await show(turn, turn.say("replace.which") if access.is_officer(turn.view) else "")


LEADS: Final = {
    fold(words) for words in ("thay người", "thay trưởng thôn", "đổi trưởng thôn", "replace the head")
}
LONGEST_LEAD: Final = max(len(words.split()) for words in LEADS)
OF: Final = {fold(word) for word in ("ở", "cho", "của", "tại", "of", "in", "at")}


async def choose_head_of(turn: Turn, text: str) -> bool:
    """Handle "Thay người ở Nà Hin": show that village's head; if none or several may be meant, ask which. False for
    other words."""
    words = behind_lead(text)
    if not words or not access.is_officer(turn.view):
        return False
    meant = await own_villages(turn, words)
    if len(meant) == 1:
        await replacing.ask(turn, meant[0])
    elif meant:
        buttons = (choice(places.own_name(village), AskNewHead(village.id)) for village in meant)
        turn.reply(turn.say("replace.which"), choices=column(*buttons))
    else:
        await choose_head(turn)
    return True


def behind_lead(text: str) -> list[str]:
    """Return the words after those that ask for another head; none for any other text."""
    words = text.split()
    longest = min(len(words) - 1, LONGEST_LEAD)
    return next((words[n:] for n in range(longest, 1, -1) if fold(" ".join(words[:n])) in LEADS), [])


async def own_villages(turn: Turn, words: list[str]) -> list[Place]:
    """Return the villages whose name has these words, with or without a preposition, and whose head this person replaces."""
    # As they stand first: a village's own name may begin like a preposition.
    for named_by in (words, words[1:] if fold(words[0]) in OF else []):
        wanted = f" {fold(' '.join(named_by))} "
        meant = await named_so(turn, wanted) if wanted.strip() else []
        if meant:
            return meant
    return []


async def named_so(turn: Turn, wanted: str) -> list[Place]:
    """Return the villages of this person's communes whose folded name contains `wanted`."""
    under = await officers_villages(turn.view)
    meant = [village for village in under if wanted in f" {fold(places.own_name(village))} "]
    return [village for village in meant if await access.may_replace_head(turn.view, village)]


Named = TypeVar("Named", bound=OfPlace)


def seen(
    then: Callable[[Turn, Place, Named], Awaitable[None]],
) -> Callable[[Turn, Named], Awaitable[None]]:
    """Wrap a handler: give it the place that a button names, if this officer may see it."""

    async def answer(turn: Turn, button: Named) -> None:
        place = await access.visible(turn.view, button.place) if access.is_officer(turn.view) else None
        if place is None:
            no_such_place(turn)
        else:
            await then(turn, place, button)

    return answer


def no_such_place(turn: Turn) -> None:
    """Answer alike for a forbidden and a missing place."""
    turn.reply(turn.say("menu.no_such_place"), choices=menu.buttons(turn.view))


async def show_place(
    turn: Turn, place: Place | None, back: int = 0, first: int = 0, note: Markup | str = ""
) -> None:
    """Show a unit's screen, or a village's; a look at a village is noted in the audit."""
    if place is None:
        no_such_place(turn)
    elif place.level == Level.VILLAGE:
        await codes.note(turn, "figures.village", f"place:{place.id}")
        turn.send(await village_screen.page(turn.view, place, brief=turn.can.brief))
    else:
        turn.send(await reported.unit_page(turn.view, place, back, first, note, brief=turn.can.brief))


# --- the buttons ----------------------------------------------------------------------------------------


@pressed.on(ShowUnit)
@seen
async def on_unit(turn: Turn, place: Place, button: ShowUnit) -> None:
    await show_place(turn, place, button.back, button.first)


@pressed.on(ShowMissing)
@seen
async def on_missing(turn: Turn, place: Place, button: ShowMissing) -> None:
    if owed := await owed_of(turn, button):
        turn.send(await reported.missing_page(turn.view, place, owed, button.back))


@pressed.on(ShowSums)
@seen
async def on_sums(turn: Turn, place: Place, button: ShowSums) -> None:
    """The sums of a questionnaire; a village has none."""
    owed = await owed_of(turn, button)
    if owed and place.level == Level.VILLAGE:
        await show_place(turn, place)
    elif owed:
        turn.send(await sums.page(turn.view, place, owed, button.back))


@pressed.on(ShowVillage)
@seen
async def on_village(turn: Turn, place: Place, button: ShowVillage) -> None:
    await codes.note(turn, "figures.village", f"place:{place.id}")
    turn.send(await village_screen.page(turn.view, place, button.back, brief=turn.can.brief))


async def look_back(turn: Turn) -> None:
    """The look back at last month, said in words; of several units first which one."""
    units = await access.places_of(turn.view, access.holds(turn.view, *CAN_LOOK_BACK))
    if not units:
        turn.reply(turn.say("officer.only"), choices=menu.buttons(turn.view))
    elif len(units) == 1:
        await show_look_back(turn, units[0])
    else:
        buttons = (choice(places.own_name(unit), ShowQuality(unit.id)) for unit in units)
        turn.reply(turn.say("officer.which"), choices=column(*buttons))


async def show_look_back(turn: Turn, place: Place) -> None:
    reply = quality_screen.page(turn.view, await quality.of_unit(turn.view, place))
    up = named(turn.view, "officer.button.up", ShowUnit(place.id))
    turn.reply(reply.text, choices=column(up))


@pressed.on(ShowQuality)
@seen
async def on_quality(turn: Turn, place: Place, _: ShowQuality) -> None:
    """Show the look back at last month, to officers of the unit or above it."""
    if place.level == Level.VILLAGE or not access.holds(turn.view, *CAN_LOOK_BACK):
        no_such_place(turn)
    else:
        await show_look_back(turn, place)


@pressed.on(ShowDifficulties)
@seen
async def on_difficulties(turn: Turn, place: Place, button: ShowDifficulties) -> None:
    turn.send(await difficulties.page(turn.view, place, button.first))


async def owed_of(turn: Turn, button: ShowMissing | ShowSums) -> Owed | None:
    """Return the questionnaire that a button names; reply and return None if it is no longer asked."""
    for owed in await owed_in(turn.view, button.back):
        if short_name(owed.form.name) == button.form:
            return owed
    await menu.old_button(turn)
    return None


@pressed.on(Remind)
@seen
async def on_remind(turn: Turn, place: Place, button: Remind) -> None:
    """Queue a polite reminder to the heads of the villages that have not sent a questionnaire."""
    if not await access.may_remind(turn.view, place):
        no_such_place(turn)
        return
    asked = await named_in(turn, button)
    still = [owed for owed in asked if owed.open(turn.today)]
    count = await remind(turn, place, still)
    await codes.note(turn, "nudged", f"place:{place.id}", {"sent": count.sent})
    up = named(turn.view, "officer.button.up", ShowUnit(place.id, button.back))
    # Where all are past their last day nobody is reminded, and that is said.
    all_closed = asked and not still
    text = turn.say("officer.reminded_closed") if all_closed else nudge.told_of(turn, count)
    turn.reply(text, choices=column(up), notice=str(turn.say("officer.noted")))


async def named_in(turn: Turn, button: Remind) -> list[Owed]:
    """Return the questionnaires that a button reminds of; "*" means all."""
    owed_then = await owed_in(turn.view, button.back)
    if button.form != "*":
        return [owed for owed in owed_then if short_name(owed.form.name) == button.form]
    # Of all that is missing today what is overdue from earlier months is the most urgent.
    late = [] if button.back else await overdue(turn.view)
    return [*late, *(owed for owed in owed_then if owed not in late)]


async def remind(turn: Turn, place: Place, asked: list[Owed]) -> nudge.Count:
    """Remind each village of everything in `asked` that it has not sent; return how many got a reminder."""
    under = {village.id: village for village in await villages(turn.view, place)}
    missing: dict[int, list[Owed]] = {}
    for coverage in await cover(turn.view, list(under), asked):
        for village_id in coverage.missing:
            missing.setdefault(village_id, []).append(coverage.owed)
    count = nudge.Count()
    for village_id, forms in missing.items():
        await nudge.remind(turn, under[village_id], forms, count)
    return count


@pressed.on(ReportFor)
@seen
async def on_report_for(turn: Turn, place: Place, _: ReportFor) -> None:
    """Báo hộ: let the commune's officer answer for a village without a phone."""
    village = await access.may_report_for(turn.view, place.id)
    if village is None:
        no_such_place(turn)
        return
    await codes.note(turn, "report.for", f"place:{village.id}")
    turn.send(await due.page(turn.view, turn.contact.person_id, [village]))


@pressed.on(AskNewHead, replacing.ReplaceHead, replacing.UndoReplacing)
@seen
async def on_head(
    turn: Turn, place: Place, button: AskNewHead | replacing.ReplaceHead | replacing.UndoReplacing
) -> None:
    """Show who is head of a village, to those who decide it."""
    if place.level != Level.VILLAGE or not await access.may_replace_head(turn.view, place):
        no_such_place(turn)
        return
    match button:
        case AskNewHead():
            await replacing.ask(turn, place)
        case replacing.ReplaceHead():
            await replacing.replace(turn, place, button.newest)
        case replacing.UndoReplacing():
            await replacing.undo(turn, place, button.invitation)
