"""Asking whoever sits at the terminal, one question at a time, in the language of the commands."""

import sys

from bot.problems import WrongCall
from bot.teller import Teller


def is_terminal() -> bool:
    """Whether somebody can answer."""
    return sys.stdin.isatty()


def ask(question: str, say: Teller, default: str = "") -> str:
    """What was typed; `default` for an empty line. Raises WrongCall where nobody can answer any more."""
    prompt = say("admin.ask.default", question=question, default=default) if default else f"{question}: "
    try:
        return input(prompt).strip() or default
    except EOFError:
        print()  # noqa: T201 - the question stands alone on its line
        raise WrongCall(say("admin.ask.nobody")) from None


def ask_number(question: str, most: int, say: Teller, default: int) -> int:
    """A number from 0 to `most`, asked until there is one."""
    while True:
        typed = ask(question, say, str(default))
        if typed.isdecimal() and int(typed) <= most:
            return int(typed)
        print(say("admin.ask.number", most=most))  # noqa: T201 - an answer
