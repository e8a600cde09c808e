"""Asks which words are to be announced, where some are typed while others wait to be sent."""

from typing import Annotated, Final

from handlers import menu
from handlers.broadcasts import announcing
from handlers.buttons import Button, Presses, button, one_of
from handlers.messages import column
from handlers.turn import Turn

pressed: Final = Presses()


@button("n:k:{which}")
class KeepWords(Button):
    """Of two texts that wait: keep the "old", the "new" or "both"."""

    which: Annotated[str, one_of(("old", "new", "both"))]


def ask(turn: Turn, new: str) -> None:
    """Ask which words shall be announced, while others wait for that already."""
    turn.remember(announce_new=new)
    buttons = [
        menu.named(turn.view, f"announce.button.{which}", KeepWords(which))
        for which in ("new", "old", "both")
    ]
    asked = turn.say("announce.which_words", old=turn.screen.announce_words, new=new)
    turn.reply(asked, choices=column(*buttons))


@pressed.on(KeepWords)
async def keep_words(turn: Turn, button: KeepWords) -> None:
    """Keep the words that were chosen, and ask whom they are for."""
    old, new = turn.screen.announce_words, turn.screen.announce_new
    if not new:
        await menu.old_button(turn)
        return
    chosen = {"old": old, "new": new, "both": "\n".join(filter(None, (old, new)))[: announcing.LONGEST]}[
        button.which
    ]
    turn.remember(announce_words=chosen, announce_new="")
    await announcing.ask(turn)
