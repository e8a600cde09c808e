"""When and how somebody wants the weekly summary: day, hour, picture or none, or not at all."""

from dataclasses import replace
from typing import Annotated, Any, Final

from markupsafe import Markup

from figures import access
from handlers import menu
from handlers.broadcasts import own_line
from handlers.buttons import Button, Leads, Position, Presses, button, choice, number
from handlers.messages import Rows
from handlers.navigation import ChooseWeekly
from handlers.turn import Turn
from storage import choices, places

HOURS: Final = (6 * 60 + 30, 7 * 60 + 30, 12 * 60, 17 * 60 + 30, 20 * 60)
"""The hours offered, in minutes from midnight; none lies in the quiet hours."""
DAYS: Final = 7
STOPPED: Final = {
    True: ("weekly.choice.stopped", "weekly.button.resume"),
    False: ("weekly.choice.now", "weekly.button.stop"),
}
PICTURE: Final = {
    True: ("weekly.choice.with_picture", "weekly.button.picture_off"),
    False: ("weekly.choice.in_words", "weekly.button.picture_on"),
}
"""The present choice in words, and the label of the button that changes it."""
pressed: Final = Presses()


@button("w:d:{weekday}")
class TakeDay(Button):
    """The day of the week, Monday 0."""

    weekday: Annotated[int, number(1, DAYS - 1)]


@button("w:h:{minute}")
class TakeHour(Button):
    """The time of day, in minutes from midnight."""

    minute: Position


@button("w:pic:{on}", leads_to=Leads.PICTURE)
class TakePicture(Button):
    """With a picture (1) or without one (0), however often it is pressed."""

    on: Annotated[int, number(1, 1)]


@button("w:get:{on}")
class TakeSummary(Button):
    """Have the summary again (1) or no longer (0), however often it is pressed."""

    on: Annotated[int, number(1, 1)]


@button("w:p:", leads_to=Leads.PICTURE)
class TurnPicture(Button):
    """With a picture, or no longer: on messages of earlier releases."""


@button("w:s:")
class TurnOff(Button):
    """Stop the summary, or start it again: on messages of earlier releases."""


async def show(turn: Turn) -> None:
    """Show what is chosen now, with a button for everything that may be changed."""
    chosen, say = await chosen_by(turn), turn.say
    now, turn_off_or_on = STOPPED[chosen.stopped]
    with_picture = chosen.picture and not turn.can.text_alone
    as_now, other_way = PICTURE[with_picture]
    text = say(now, day=day_name(turn, chosen.weekday), hour=hour(chosen.minute), picture=say(as_now))
    text += Markup("").join(Markup("\n") + line for line in await of_gone(turn))
    if access.is_officer(turn.view):
        text += Markup("\n") + say("weekly.choice.management")
    other = menu.named(turn.view, other_way, TakePicture(int(not with_picture)))
    stop = menu.named(turn.view, turn_off_or_on, TakeSummary(int(chosen.stopped)))
    line = own_line.way_here(turn)
    # Only that button starts a stopped summary again: a day may be pressed, or its number typed, by mistake.
    rows = ((stop,),) if chosen.stopped else (*times(turn), (other,), (stop,))
    turn.reply(text, choices=(*rows, *([line] if line else [])))


def times(turn: Turn) -> Rows:
    """Return the buttons for the days and the hours that the summary may come at."""
    days = tuple(choice(day_name(turn, day), TakeDay(day)) for day in range(DAYS))
    hours = tuple(choice(hour(minute), TakeHour(minute)) for minute in HOURS)
    return days[:4], days[4:], hours


async def of_gone(turn: Turn) -> list[Markup]:
    """Return which places of this person are gone, so that nothing is sent about them any more; nothing if none is."""
    own = await access.places_of(turn.view, turn.view.roles)
    names = ", ".join(places.own_name(place) for place in own if access.is_gone(turn.view, place))
    return [turn.say("why.gone", places=names)] if names else []


@pressed.on(ChooseWeekly)
async def on_choose(turn: Turn, _: ChooseWeekly) -> None:
    await show(turn)


@pressed.on(TakeDay)
async def take_day(turn: Turn, button: TakeDay) -> None:
    await change(turn, weekday=button.weekday, chosen_at=turn.now)


@pressed.on(TakeHour)
async def take_hour(turn: Turn, button: TakeHour) -> None:
    if button.minute in HOURS:
        await change(turn, minute=button.minute, chosen_at=turn.now)
    else:
        await menu.old_button(turn)


@pressed.on(TakePicture)
async def take_picture(turn: Turn, button: TakePicture) -> None:
    await change(turn, picture=bool(button.on))


@pressed.on(TakeSummary)
async def take_summary(turn: Turn, button: TakeSummary) -> None:
    await change(turn, stopped=not button.on)


@pressed.on(TurnPicture, TurnOff)
async def on_turning(turn: Turn, _: TurnPicture | TurnOff) -> None:
    """Change nothing: such a button does not tell which of the two its label said. Show the choice, with buttons that do."""
    await show(turn)


async def chosen_by(turn: Turn) -> choices.WeeklyWish:
    """Return what this chat has chosen."""
    return (await choices.of_contacts(turn.session, [turn.contact.id])).get(turn.contact.id, choices.DEFAULT)


async def change(turn: Turn, **facts: Any) -> None:
    """Change one thing, and show the new choice."""
    await choices.choose(turn.session, turn.contact.id, replace(await chosen_by(turn), **facts))
    await turn.session.flush()
    await show(turn)


def day_name(turn: Turn, weekday: int) -> str:
    """ "Thứ hai" for 0."""
    return turn.say(f"weekly.day.{weekday}").unescape()


def hour(minute: int) -> str:
    """ "7:30" for 450."""
    return f"{minute // 60}:{minute % 60:02}"
