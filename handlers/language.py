"""/ngonngu: the language of this chat. Each choice is written in its own language, so anyone finds theirs."""

from typing import Annotated, Final

from handlers.buttons import Button, For, Presses, button, choice, one_of
from handlers.messages import row
from handlers.turn import Turn
from handlers.wording import LANGUAGES

pressed: Final = Presses()


@button("l:{code}", by=For.STRANGERS, lasting=True, opens=True)
class Speak(Button):
    """A language of this chat."""

    code: Annotated[str, one_of(LANGUAGES)]


async def ask(turn: Turn) -> None:
    """Offer the languages."""
    turn.reply(
        turn.say("language.ask"),
        choices=row(*(choice(name, Speak(code)) for code, name in LANGUAGES.items())),
    )


@pressed.on(Speak)
async def speak(turn: Turn, button: Speak) -> None:
    """Take the language that was pressed."""
    turn.contact.locale = button.code
    turn.reply(turn.say("language.set"), notice=LANGUAGES[button.code])
