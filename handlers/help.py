"""/trogiup: what can be done here, for the role that asks and where in the conversation they ask."""

from markupsafe import Markup

from figures import access, handing_up
from handlers import menu
from handlers.turn import Turn


async def show(turn: Turn) -> None:
    """Help that fits somebody who has joined: within an interview how to answer; else by role."""
    parts = []
    if turn.contact.interview_id is not None:
        parts.append(turn.say("help.interview"))
    else:
        if access.is_village_head(turn.view):
            parts.append(turn.say("help.head"))
        if access.is_officer(turn.view):
            above = [turn.say("help.above")] if handing_up.locks_periods(turn.view) else []
            parts.append(Markup("\n").join([turn.say("help.officer"), *above]))
    ask = "help.ask_commune" if access.is_village_head(turn.view) else "help.ask_administrator"
    parts.append(turn.say("help.everybody") + " " + turn.say(ask))
    turn.reply(Markup("\n\n").join(parts), choices=menu.buttons(turn.view))
