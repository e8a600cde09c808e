"""The number on which somebody may be called: given by themselves in /toi, and taken back there.

Village heads see those of their commune's officers, and officers that of whoever raises an emergency. Nobody has to
give one.
"""

from typing import Final

from handlers import codes, menu
from handlers.buttons import Button, For, Presses, button
from handlers.membership.account import NeverMind
from handlers.menu import named
from handlers.messages import column
from handlers.navigation import GiveNumber
from handlers.turn import Turn
from storage.kept import NumberWanted
from storage.roster import normalise_phone, shown_phone

pressed: Final = Presses()


@button("a:phone:0", by=For.PERSONS)
class DropNumber(Button):
    """Forget the number."""


@pressed.on(GiveNumber)
async def ask(turn: Turn, _: GiveNumber) -> None:
    """Ask for the number; show the present one, and how to take it back."""
    if turn.person is None:
        await menu.old_button(turn)
        return
    turn.expect(NumberWanted())
    buttons = [named(turn.view, "account.keep", NeverMind())]
    if turn.person.phone:
        buttons.insert(0, named(turn.view, "account.number.drop", DropNumber()))
    stands = shown_phone(turn.person.phone) or turn.say("account.number.none")
    turn.reply(turn.say("account.number.ask", number=stands), actions=column(*buttons))


@pressed.on(DropNumber)
async def drop(turn: Turn, _: DropNumber) -> None:
    """Forget the number."""
    if turn.person is not None:
        turn.person.phone, turn.person.letters_by_phone = "", False
        await codes.note(turn, "number.dropped")
    turn.reply(turn.say("account.number.dropped"))


async def on_words(turn: Turn) -> None:
    """Take the number that was typed, or that of the card that was sent."""
    card = turn.incoming.contact
    number = normalise_phone(card.phone if card else turn.incoming.text)
    if number is None or turn.person is None:
        turn.reply(turn.say("account.number.unclear"))
        return
    turn.expect(None)
    turn.person.phone = number
    await codes.note(turn, "number.given")
    turn.reply(turn.say("account.number.given", number=shown_phone(number)))
