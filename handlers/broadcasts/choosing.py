"""When and how somebody wants the weekly summary: day, hour, picture or none, or not at all. Presses "w:op:value"."""

from dataclasses import replace
from typing import Final

from handlers import menu
from handlers.broadcasts import own_line
from handlers.messages import Choice
from handlers.turn import Turn
from storage import choices

HOURS: Final = (6 * 60 + 30, 7 * 60 + 30, 12 * 60, 17 * 60 + 30, 20 * 60)
"""Minutes from midnight that are offered; none lies in the quiet hours."""
DAYS: Final = 7


async def show(turn: Turn) -> None:
    """What is chosen now, with a button for everything that may be changed."""
    contact_id = turn.contact.id
    chosen = (await choices.of_contacts(turn.session, [contact_id])).get(contact_id, choices.DEFAULT)
    say = turn.say
    key = "weekly.choice.stopped" if chosen.stopped else "weekly.choice.now"
    picture = say("weekly.choice.with_picture" if chosen.picture else "weekly.choice.in_words")
    text = say(key, day=day_name(turn, chosen.weekday), hour=hour(chosen.minute), picture=picture)
    days = tuple(Choice(day_name(turn, day), f"w:d:{day}") for day in range(DAYS))
    hours = tuple(Choice(hour(minute), f"w:h:{minute}") for minute in HOURS)
    other = menu.named(turn.view, f"weekly.button.picture_{'off' if chosen.picture else 'on'}", "w:p:")
    stop = menu.named(turn.view, "weekly.button.resume" if chosen.stopped else "weekly.button.stop", "w:s:")
    line = own_line.button(turn)
    turn.reply(text, choices=(days[:4], days[4:], hours, (other,), (stop,), *([line] if line else [])))


async def on_press(turn: Turn) -> None:
    """Change one thing and show what is chosen then."""
    _, op, value = (*turn.incoming.press.split(":", 2), "", "")[:3]
    contact_id = turn.contact.id
    chosen = (await choices.of_contacts(turn.session, [contact_id])).get(contact_id, choices.DEFAULT)
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 5 else -1
    if op == "d" and 0 <= number < DAYS:
        chosen = replace(chosen, weekday=number, stopped=False)
    elif op == "h" and number in HOURS:
        chosen = replace(chosen, minute=number, stopped=False)
    elif op == "p":
        chosen = replace(chosen, picture=not chosen.picture)
    elif op == "s":
        chosen = replace(chosen, stopped=not chosen.stopped)
    elif op:
        await menu.old_button(turn)
        return
    if op:
        await choices.choose(turn.session, contact_id, chosen)
        await turn.session.flush()
    await show(turn)


def day_name(turn: Turn, weekday: int) -> str:
    """ "Thứ hai" for 0."""
    return turn.say(f"weekly.day.{weekday}").unescape()


def hour(minute: int) -> str:
    """ "7:30" for 450."""
    return f"{minute // 60}:{minute % 60:02}"
