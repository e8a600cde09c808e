"""What a wrong call of a command is told: what was wrong, how to call the command, and where its help is.

The command-line library builds its sentences from English words and takes no others. In English they are used as they
are; in Vietnamese each is found by its pattern in `locales/help/vi-typer.po`, which `bot.helping` reads.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from typer.exceptions import TyperException

from bot.helping import of_library
from bot.problems import WrongCall

PLACE: Final = re.compile(r"\\{(\w+)\\}")
OF_VALUE: Final = "Value error, "
"""What the library that checks values puts before Typer's own sentence about a value."""
UNKNOWN: Final = "Lệnh chưa đúng."


def wrong_call(error: TyperException, locale: str) -> WrongCall:
    """A call that the library refused, in the language of the commands."""
    context: Any = getattr(error, "ctx", None)
    lines = [sentence(" ".join(error.format_message().split()), locale)]
    if context is not None:
        lines += [context.get_usage(), f"{of_help(locale)}: {context.command_path} --help"]
    return WrongCall("\n".join(lines))


def of_help(locale: str) -> str:
    """Return what precedes the command that shows the help."""
    return "Xem thêm" if locale == "vi" else "Help"


def sentence(said: str, locale: str) -> str:
    """What the library said, in a language."""
    if locale != "vi":
        return said.replace(OF_VALUE, "")
    return next(translations(said), UNKNOWN)


def translations(said: str) -> Iterator[str]:
    """Yield the Vietnamese of each pattern that an English sentence fits; a reason inside it is translated too."""
    for pattern, vietnamese in patterns():
        if matched := pattern.fullmatch(said):
            values = matched.groupdict()
            if "reason" in values:
                values["reason"] = next(translations(values["reason"]), "")
            yield vietnamese.format(**values)


@cache
def patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the library's sentences as patterns, the more specific first, each with its Vietnamese."""
    said = sorted(of_library().items(), key=lambda both: -len(both[0]))
    return tuple((re.compile(PLACE.sub(r"(?P<\1>.+)", re.escape(words))), vi) for words, vi in said)
