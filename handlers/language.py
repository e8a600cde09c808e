"""/ngonngu: the language of this chat. Each choice is written in its own language, so anyone finds theirs."""

from typing import Final

from handlers.messages import Choice
from handlers.turn import Turn, row

NAMES: Final = {"vi": "Tiếng Việt", "en": "English"}


async def ask(turn: Turn) -> None:
    """Offer the languages."""
    choices = (Choice(name, f"l:{code}") for code, name in NAMES.items())
    turn.reply(turn.say("language.ask"), choices=row(*choices))


async def on_press(turn: Turn) -> None:
    """Take the language that was pressed."""
    code = turn.incoming.press.partition(":")[2]
    if code not in NAMES:
        await ask(turn)
        return
    turn.contact.locale = code
    turn.reply(turn.say("language.set"), notice=NAMES[code])
