"""Whether a button may be pressed by its sender, and what goes on being waited for after the press."""

from handlers import asked_reason, cries, emergency, exchange, laid_aside, remarks, which_emergency
from handlers.buttons import Button, For
from handlers.membership import naming, rights
from handlers.navigation import Command
from handlers.tables import COMMANDS, OF_INTERVIEWS
from handlers.turn import Turn


def may_press(turn: Turn, pressed: Button | None) -> bool:
    """Whether a button is for somebody in the sender's position: enrolled, formerly enrolled, or unknown."""
    known = For.MEMBERS if turn.roles else For.PERSONS if turn.person else For.STRANGERS
    return known >= (pressed.by if pressed else For.MEMBERS)


def keeps_waiting(turn: Turn, pressed: Button | None) -> bool:
    """Whether, after a press, words are still wanted for the same thing: an emergency, or whether it is one."""
    kept = emergency.keeps_telling(pressed) or cries.keeps_asking(turn, pressed) or laid_aside.keeps(pressed)
    kept = kept or asked_reason.keeps(pressed)
    return (
        kept
        or which_emergency.keeps_asking(pressed)
        or isinstance(pressed, naming.IsName | rights.EnterWords | exchange.SayThis | remarks.AskInstead)
    )


def is_of_danger(press: str, pressed: Button | None) -> bool:
    """Whether a button belongs to an emergency, and does not ask for figures beside one."""
    return press.startswith("z:") and not isinstance(pressed, which_emergency.AskFigures)


async def doubts_no(turn: Turn, pressed: Button | None) -> bool:
    """Ask once more after a number that says that a cry is none, if the cry is grave. Return whether it asked."""
    return isinstance(pressed, cries.IsNone) and await cries.doubt_no(turn)


def names_interview(pressed: Button | None) -> bool:
    """Whether the answer to a button itself says which interview is under way."""
    if isinstance(pressed, Command):
        return COMMANDS.get(f"/{pressed.command}") in OF_INTERVIEWS
    return pressed is not None and pressed.reporting
