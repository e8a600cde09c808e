"""An officer's look at their ground: the commands and the buttons of the screens of who has reported.

Every place in a button goes through `access`, so that a forbidden place answers like a missing one.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from figures import access
from figures.coverage import FURTHEST, Owed, cover, owed_in, villages
from handlers import codes, menu, nudge
from handlers.menu import named
from handlers.messages import Choice, column
from handlers.officers import replacing
from handlers.screens import difficulties, due, reported, sums
from handlers.screens import village as village_screen
from handlers.turn import Turn
from storage import places
from storage.tables import Level, Place

LARGEST: Final = 2**63


async def show(turn: Turn, note: Markup | str = "") -> None:
    """The officer's own unit; where they look after several, first which one. `note` stands before it."""
    ids = sorted({role.place_id for role in access.holds(turn.view, *access.OFFICERS)})
    units = {id: await turn.session.places.get(id) for id in ids}
    if not units:
        await menu.show(turn, turn.say("officer.only"))
    elif len(units) == 1:
        await show_place(turn, await access.visible(turn.view, ids[0]), note=note)
    else:
        buttons = (
            Choice(places.own_name(unit) if unit else "", f"f:p:{id}:0:0") for id, unit in units.items()
        )
        text = Markup("\n").join(filter(None, (note, turn.say("officer.which"))))
        turn.reply(text, choices=column(*buttons))


async def choose_head(turn: Turn) -> None:
    """ "Thay người": first which village."""
    await show(turn, turn.say("replace.which") if access.is_officer(turn.view) else "")


@dataclass(frozen=True)
class Pressed:
    """What a button of these screens names: a place that the officer sees, months back, and the rest."""

    place: Place
    back: int
    rest: str

    @property
    def row(self) -> int:
        """The number of a row; 0 where the rest is the name of a questionnaire."""
        return int(self.rest) if self.rest.isascii() and self.rest.isdigit() else 0


async def on_press(turn: Turn) -> None:
    """A button of these screens: screen, place, months back, and the row or the questionnaire."""
    _, screen, *rest = turn.incoming.press.split(":")
    numbers = [int(part) if part.isascii() and part.isdigit() else -1 for part in rest[:2]]
    if screen not in SCREENS or len(rest) != 3 or min(numbers) < 0 or numbers[0] >= LARGEST:
        await menu.old_button(turn)
        return
    if numbers[1] > FURTHEST:
        await menu.old_button(turn)
        return
    place = await access.visible(turn.view, numbers[0]) if access.is_officer(turn.view) else None
    if place is None:
        no_such_place(turn)
    else:
        await SCREENS[screen](turn, Pressed(place, numbers[1], rest[2]))


def no_such_place(turn: Turn) -> None:
    """What a forbidden and a missing place answer alike."""
    turn.reply(turn.say("menu.no_such_place"), choices=menu.buttons(turn.view))


async def show_place(
    turn: Turn, place: Place | None, back: int = 0, first: int = 0, note: Markup | str = ""
) -> None:
    """A unit's screen, or a village's; a look at a village is noted in the audit."""
    if place is None:
        no_such_place(turn)
    elif place.level == Level.VILLAGE:
        await codes.note(turn, "figures.village", f"place:{place.id}")
        turn.send(await village_screen.page(turn.view, place))
    else:
        turn.send(await reported.unit_page(turn.view, place, back, first, note))


# --- the screens, by the letter of their buttons ----------------------------------------------------------


async def on_unit(turn: Turn, pressed: Pressed) -> None:
    """A unit, from one row on."""
    await show_place(turn, pressed.place, pressed.back, pressed.row)


async def on_missing(turn: Turn, pressed: Pressed) -> None:
    """Which villages have not sent a questionnaire."""
    if owed := await owed_of(turn, pressed):
        turn.send(await reported.missing_page(turn.view, pressed.place, owed, pressed.back))


async def on_sums(turn: Turn, pressed: Pressed) -> None:
    """The sums of a questionnaire; a village has none."""
    owed = await owed_of(turn, pressed)
    if owed and pressed.place.level == Level.VILLAGE:
        await show_place(turn, pressed.place)
    elif owed:
        turn.send(await sums.page(turn.view, pressed.place, owed, pressed.back))


async def on_village(turn: Turn, pressed: Pressed) -> None:
    """One village."""
    await codes.note(turn, "figures.village", f"place:{pressed.place.id}")
    turn.send(await village_screen.page(turn.view, pressed.place))


async def on_difficulties(turn: Turn, pressed: Pressed) -> None:
    """What is stuck, from one row on."""
    turn.send(await difficulties.page(turn.view, pressed.place, pressed.row))


async def owed_of(turn: Turn, pressed: Pressed) -> Owed | None:
    """The questionnaire that a button names; None, and the answer given, where it is asked no more."""
    for owed in await owed_in(turn.view, pressed.back):
        if owed.form.name == pressed.rest:
            return owed
    await menu.old_button(turn)
    return None


async def on_remind(turn: Turn, pressed: Pressed) -> None:
    """Queue a polite reminder to the heads of the villages that have not sent a questionnaire ("*": any)."""
    place = pressed.place
    if not await access.may_remind(turn.view, place):
        no_such_place(turn)
        return
    asked = [owed for owed in await owed_in(turn.view, pressed.back) if pressed.rest in ("*", owed.form.name)]
    still = [owed for owed in asked if owed.open(turn.today)]
    count = await remind(turn, place, still)
    await codes.note(turn, "nudged", f"place:{place.id}", {"sent": count.sent})
    up = named(turn.view, "officer.button.up", f"f:p:{place.id}:{pressed.back}:0")
    text = nudge.told(turn, count) if still or not asked else turn.say("officer.reminded_closed")
    turn.reply(text, choices=column(up), notice=str(turn.say("officer.noted")))


async def remind(turn: Turn, place: Place, asked: list[Owed]) -> nudge.Count:
    """Remind each village of all that it has not sent of `asked`; how many got a reminder."""
    under = {village.id: village for village in await villages(turn.view, place)}
    missing: dict[int, list[Owed]] = {}
    for coverage in await cover(turn.view, list(under), asked):
        for village_id in coverage.missing:
            missing.setdefault(village_id, []).append(coverage.owed)
    count = nudge.Count()
    for village_id, forms in missing.items():
        await nudge.remind(turn, under[village_id], forms, count)
    return count


async def on_report_for(turn: Turn, pressed: Pressed) -> None:
    """Báo hộ: the commune officer answers for a village without a phone."""
    village = await access.may_report_for(turn.view, pressed.place.id)
    if village is None:
        no_such_place(turn)
        return
    await codes.note(turn, "report.for", f"place:{village.id}")
    turn.send(await due.page(turn.view, turn.contact.person_id, [village]))


def of_head(
    then: Callable[[Turn, Place, int], Awaitable[None]],
) -> Callable[[Turn, Pressed], Awaitable[None]]:
    """A screen of who is head of a village, for those who decide it."""

    async def on_head(turn: Turn, pressed: Pressed) -> None:
        village = pressed.place
        if village.level != Level.VILLAGE or not await access.may_replace_head(turn.view, village):
            no_such_place(turn)
        else:
            await then(turn, village, pressed.row)

    return on_head


SCREENS: Final[dict[str, Callable[[Turn, Pressed], Awaitable[None]]]] = {
    "p": on_unit,
    "m": on_missing,
    "s": on_sums,
    "v": on_village,
    "n": on_remind,
    "d": on_difficulties,
    "r": on_report_for,
    "h": of_head(replacing.ask),
    "i": of_head(replacing.replace),
    "u": of_head(replacing.undo),
}
