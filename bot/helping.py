"""What `--help` says, in one language: of a command the half that is meant, of an option its translation.

A command's docstring holds both languages, "Việt / English", so that they change together. Options are named in
English and looked up in `locales/help/vi.po`, which is read only when Vietnamese help is shown.
"""

from functools import cache
from typing import Any, Final, TypeVar

from handlers.wording import FOLDER

BETWEEN: Final = " / "
Command = TypeVar("Command", bound=Any)


@cache
def translated() -> dict[str, str]:
    """The Vietnamese words of each option's English ones."""
    # Help in English needs no translation, nor a library to read one.
    from babel.messages.pofile import read_po

    with (FOLDER / "help" / "vi.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="vi") if message.id}


def in_language(command: Command, locale: str) -> Command:
    """`command` with everything below it, its help in this language."""
    command.help = half(command.help or "", locale)
    for param in command.params:
        words = getattr(param, "help", None)
        if words and locale == "vi":
            param.help = translated().get(words, words)
    for child in getattr(command, "commands", {}).values():
        in_language(child, locale)
    return command


def half(text: str, locale: str) -> str:
    """The Vietnamese or the English part of a help text."""
    vietnamese, _, english = text.partition(BETWEEN)
    return english if locale == "en" and english else vietnamese
